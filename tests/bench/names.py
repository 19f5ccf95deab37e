"""Names: is somebody found however their name was written, and is anybody taken for somebody else?

The baseline beside it is what a trigram index does by itself (similarity of at least 0.3 without accents, the
ten most similar), over the same names.
"""

import tempfile
from collections import defaultdict
from pathlib import Path

from tests.bench.figures import Row
from tests.races import server

FOUND, WRONGLY_OFFERED, SUGGESTIONS = 97, 25, 10


def measure():
    print("Names: typing them among thousands …", flush=True)
    with tempfile.TemporaryDirectory(prefix="foyer-bench-") as name:
        folder = Path(name)
        with server.database("sqlite", folder) as url:
            told = server.built("tests.bench.crowd", url=url, folder=folder)
    yield from rows(told)


def rows(told):
    same, different = told["same"], told["different"]
    by_kind = defaultdict(list)
    for pair in same:
        by_kind[pair["kind"]].append(pair)
    for kind, pairs in by_kind.items():
        yield Row(f"  {kind.lower()}", *shares(pairs, "found"))
    yield Row(
        f"names found, {len(same)} among {told['crowd']:,}", *shares(same, "found"),
        aim=FOUND, name="names.found", more_is_better=True,
    )  # fmt: skip
    most = max(pair["suggested"] for pair in same)
    yield Row("suggestions a search, at most", most, "", SUGGESTIONS, aim=SUGGESTIONS)
    yield Row("names found in the first place", *shares(same, "first"))
    yield Row("asked if it is them, the same person", *shares(same, "recognised"))
    yield Row(
        f"asked if it is them, {len(different)} other people", *shares(different, "offered"),
        aim=WRONGLY_OFFERED, name="names.wrongly_offered",
    )  # fmt: skip


def shares(pairs, what):
    """Of a hundred pairs, how many it holds for, and for how many it would with trigrams alone."""
    value, bare = (100 * sum(pair[key] for pair in pairs) / len(pairs) for key in (what, f"{what}_barely"))
    return value, "%", bare
