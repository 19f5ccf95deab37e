"""The frozen data set of a report: what was measured, with small numbers hidden, as canonical JSON. Pure.

Everything a report shows comes from here, whatever its form or language, so that all of them agree. Numbers are JSON
numbers, hidden ones texts (see `secrecy`), dates and instants texts in ISO 8601, instants in UTC.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from reporting.indicators.need import REDIRECTED
from reporting.measuring import Measured
from reporting.secrecy import BELOW, SECRET, WITHHELD, Counted, Published
from reporting.secrecy.tables import TOTALS, TRAITS

FORMAT = 1
ITSELF = "all"  # the one category of a figure that has none
# From these the number of different people could be worked out where it is hidden.
TELL_OF_PERSONS = ("nights_a_person", "median_nights")
# Compared with the period before and the season before.
HEADLINES = (
    "bed_nights",
    "rate_in_service",
    "rate_nominal",
    "mean_a_night",
    "persons",
    "without_bed",
    "refusals",
    "requests",
)

Data = dict[str, Any]


def canonical(data: Mapping[str, Any]) -> str:
    """The one way to write a data set: keys sorted, no spaces, no escapes but those JSON demands."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def protected(kind: str, measured: Measured, nights: Iterable[date]) -> list[Counted]:
    """The tables of a measurement that count people, as `secrecy` judges them."""
    figures, own = measured["figures"], frozenset(nights)
    found = [_counted(code, kind, own, figures) for code in figures if code in TRAITS]
    for week in measured.get("by_week", ()):
        found.append(
            Counted(
                "bed_nights_by_dormitory",
                f"{kind} week",
                frozenset(map(date.fromisoformat, week["nights"])),
                week["bed_nights_by_dormitory"],
                week["figures"]["bed_nights"],
            )
        )
    return found


def _counted(code: str, kind: str, nights: frozenset[date], figures: Mapping[str, Any]) -> Counted:
    value = figures[code]
    cells = value if isinstance(value, Mapping) else {ITSELF: value} if value else {}
    return Counted(code, kind, nights, cells, figures.get(TOTALS.get(code, "")))


def with_hidden(measured: Measured, published: Sequence[Published], threshold: int) -> Measured:
    """The measurement as its readers may see it; `published` are its protected tables, in their order.

    Of people nobody is told of fewer than the threshold, also where no table tells who they are.
    """
    figures = dict(measured["figures"])
    found = iter(published)
    for code in [code for code in figures if code in TRAITS]:
        table = next(found)
        shown = _shown(table)
        figures[code] = shown if isinstance(figures[code], Mapping) else _single(figures[code], shown)
        if table.total is None and figures.get(TOTALS.get(code, "")):
            figures[TOTALS[code]] = BELOW if measured["figures"][TOTALS[code]] < table.threshold else SECRET
            figures.update(dict.fromkeys(figures.keys() & TELL_OF_PERSONS))
    persons = figures.get("persons")
    if isinstance(persons, int) and 0 < persons < threshold:
        figures |= {"persons": BELOW} | dict.fromkeys(figures.keys() & TELL_OF_PERSONS)
    weeks = [week | {"bed_nights_by_dormitory": _shown(next(found))} for week in measured.get("by_week", ())]
    refused = figures.get("refused")
    if isinstance(refused, Mapping):
        parts = [refused.get(reason, 0) for reason in REDIRECTED]
        figures["redirected"] = None if any(isinstance(part, str) for part in parts) else sum(parts)
    return {**measured, "figures": figures} | ({"by_week": weeks} if weeks else {})


def _shown(table: Published) -> Any:
    return WITHHELD if table.is_withheld else dict(table.cells)


def _single(value: Any, shown: Any) -> Any:
    return shown if isinstance(shown, str) else shown.get(ITSELF, value)


def published_in(data: Data) -> Iterator[Published]:
    """The tables of people that a data set has told of, as its readers know them."""
    figures, threshold = data["figures"], data["threshold"]
    nights = frozenset(map(date.fromisoformat, data["nights"]))
    for code in figures:
        if code in TRAITS:
            yield _published(
                code, data["kind"], nights, figures[code], figures.get(TOTALS.get(code, "")), threshold
            )
    for week in data.get("by_week", ()):
        yield _published(
            "bed_nights_by_dormitory", f"{data['kind']} week", frozenset(map(date.fromisoformat, week["nights"])),
            week["bed_nights_by_dormitory"], week["figures"]["bed_nights"], threshold,
        )  # fmt: skip


def _published(
    code: str, kind: str, nights: frozenset[date], shown: Any, total: Any, threshold: int
) -> Published:
    total = total if isinstance(total, int) else None
    if shown == WITHHELD:
        return Published(code, kind, nights, {}, total, threshold, is_withheld=True)
    cells = shown if isinstance(shown, Mapping) else {ITSELF: shown} if shown else {}
    return Published(code, kind, nights, cells, total, threshold)


def slept_by_night(*told: Mapping[str, Any]) -> dict[date, int]:
    """How many slept on each night that data sets or measurements tell of, the later ones before the earlier."""
    rows = (row for each in told for row in each["by_night"])
    return {date.fromisoformat(row["night"]): row["slept"] for row in rows}


def headlines(data: Data) -> Data:
    """What later reports compare themselves with."""
    return {
        "key": data["key"],
        "nights": len(data["nights"]),
        "figures": {code: data["figures"][code] for code in HEADLINES if code in data["figures"]},
    }


def changes(old: Data, new: Data) -> list[list[Any]]:
    """What differs between two revisions: path, old value and new value, in the order of the paths."""
    before, after = dict(_flat(_compared(old))), dict(_flat(_compared(new)))
    return [
        [path, before.get(path), after.get(path)]
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    ]


def _compared(data: Data) -> Data:
    nights = {row["night"]: {k: v for k, v in row.items() if k != "night"} for row in data["by_night"]}
    return {"figures": data["figures"], "by_night": nights}


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Leaves by path; both sides of a quotient and a peak with its night are one leaf."""
    if isinstance(value, Mapping) and set(value) not in ({"above", "below"}, {"number", "night"}):
        for key, inner in value.items():
            yield from _flat(inner, f"{path}/{key}" if path else key)
    else:
        yield path, value
