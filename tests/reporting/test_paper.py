"""Reports on paper and what goes with them: whole, the same for everybody, and silent about what is hidden.

The data sets are made without a database: nights and stays are invented, measured and hidden as for a real report, and
what stands beside them is put there by hand. All papers are read back from the finished file.
"""

import csv
import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from io import BytesIO, StringIO
from itertools import count
from random import Random
from time import process_time

import pikepdf
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.text import capfirst
from pypdf import PdfReader

from reporting import dataset, secrecy, words
from reporting.facts import Asked, Before, Happened, NightFacts, Stay, Window
from reporting.indicators import INDICATORS
from reporting.measuring import CODES, measured
from reporting.paper import file_name, report_csv, report_pdf
from reporting.secrecy.tables import TRAITS
from reporting.telling import account, account_of, blocks, letter, picture
from reporting.values import Peak, Ratio, from_json
from shelter.paper import lettering
from shelter.paper.sheet import TEXT_WIDTH
from tests.shelter.test_paper_structure import (
    HOSTILE,
    headings,
    headless,
    leaps,
    reading,
    rows_of,
    unfit,
    unlike_speech,
    words_in,
)

pytestmark = pytest.mark.pure

FIRST = date(2026, 11, 15)
BEDS = {"MA": 12, "MB": 10, "WO": 8, "FA": 4, "DG": 3}
NAMES = {"MA": "Dortoir A", "MB": "Dortoir B", "WO": "Femmes", "FA": "Familles", "DG": "Chiens"}
# Nights, nights shown before them, and the name of the period.
KINDS = {
    "flash": (1, 13, "2026-11-28"),
    "alert": (1, 13, "2026-11-28-tense"),
    "weekly": (7, 21, "2026-W50"),
    "monthly": (30, 0, "2026-11"),
    "season": (150, 0, "2026/27"),
    "note": (150, 0, "2026-11-15--2027-04-13"),
}
BEFORE = {"flash": "2026-11-27", "weekly": "2026-W49", "monthly": "2026-10", "season": "2025/26"}
EDITIONS, LANGUAGES = ("fr", "de"), ("fr", "de", "lb", "en")
SHA256 = sha256(b"a data set").hexdigest()
MARKS_OF_HIDDEN = (secrecy.BELOW, secrecy.SECRET, secrecy.WITHHELD)
# Measured for a kind, and to be found in the file that travels inside alone.
ONLY_IN_THE_FILE = {
    "flash": {"nights_open", "uncovered_places", "emergency_calls"},
    "alert": {"nights_open", "uncovered_places", "emergency_calls"},
    "weekly": {"installed_beds", "reentering_persons"},
    "monthly": {"installed_beds"},
    "season": {"installed_beds"},
    "note": {
        "installed_beds", "closed_beds", "empty_beds", "incidents", "emergency_calls", "uncovered_places", "coldest",
        "cold_nights", "wet_nights", "cold_spell_nights", "nights_without_weather", "nights_not_closed",
        "nights_not_definitive",
    },
}  # fmt: skip

every_kind = pytest.mark.parametrize("kind", KINDS)
some_kinds = pytest.mark.parametrize(
    "kind", ["flash", "weekly", "season", "note"]
)  # the others are laid out like these
every_edition = pytest.mark.parametrize("language", EDITIONS)


# Nights.


def invented(number, seed=1, crowd=60):
    """Nights by chance, one after the other, in a house of 37 beds where so many people come and go."""
    chance = Random(seed)
    people = {
        person: (
            chance.choice(["man"] * 5 + ["woman"] * 2 + ["unknown"]),
            chance.choice(["18-25", "26-45", "46-65", "66-", ""]),
            chance.choice(["lu", "eu", "third", "unknown"]),
        )
        for person in range(crowd)
    }
    nights = tuple(_night(FIRST + timedelta(place), people, chance) for place in range(number))
    return Window(nights, {person: Before(earlier_season=person % 3 == 0) for person in people})


def _night(night, people, chance):
    beds = [dormitory for dormitory, number in BEDS.items() for _bed in range(number)]
    here = chance.sample(sorted(people), chance.randint(20, 37))
    reasons = ("no_place", "excluded", "offer_declined", "minor_redirected", "family_redirected")
    return NightFacts(
        night, is_definitive=chance.random() < 0.9, nominal=40, extra=chance.randint(0, 4), beds=dict(BEDS),
        closed={"repair": 2, "pests": chance.randint(1, 3)}, empty={"no_demand": 37 - len(here)},
        stays=tuple(
            Stay(night, person, bed, beds[bed], *people[person]) for bed, person in enumerate(here)
        ),
        let_in=frozenset(here), visits=chance.randint(0, 3), registered=frozenset(here),
        asked=tuple(Asked(None, chance.choice(reasons)) for _one in range(chance.randint(0, 4))),
        without_bed=chance.choice([0, 0, 1, 2]), referrals={"halte": chance.randint(0, 3)},
        incidents=(Happened("quarrel", chance.randint(1, 4), chance.random() < 0.3, False),),
        services={"suppers": 30, "breakfasts": chance.randint(10, 30), "asylum": 2},
        work={"employee": 4_000, "volunteer": 480}, uncovered=chance.randint(0, 1),
        minimum=chance.randint(-120, -5), is_wet=chance.choice([True, False, None]),
    )  # fmt: skip


def bare(number, **facts):
    """Nights on which nothing happened but what is told."""
    return Window(tuple(NightFacts(FIRST + timedelta(place), **facts) for place in range(number)))


# Data sets.


def data_of(kind, window, trail=(), *, threshold=5, **surroundings):
    """What is frozen for the ministry; `surroundings` replace what stands beside the measurement."""
    nights = [night.night for night in window.nights]
    numbers = measured(kind, window, trail)
    hidden = secrecy.hide(dataset.protected(kind, numbers, nights), threshold=threshold)
    _number, _trail, key = KINDS[kind]
    data = {
        "format": dataset.FORMAT, "audience": "ministry", "revision": 1, "threshold": threshold,
        "cut_off": "2026-12-01T09:00:00+00:00", "definitions": {"number": 17, "digest": "0123456789abcdef"},
        "is_provisional": False, "is_late": False, "changed": None, "kind": kind, "key": key,
        "season": "2026/27", "first": min(nights, default=FIRST).isoformat(),
        "last": max(nights, default=FIRST).isoformat(), "nights": [night.isoformat() for night in nights],
        "due_at": "2026-12-01T08:30:00+00:00", "why": "tense" if kind == "alert" else "",
        "names": {"dormitory": NAMES}, "compared": {"previous": None, "last_season": None}, "published": [],
        "remark": None, **dataset.with_hidden(numbers, hidden, threshold),
    }  # fmt: skip
    return kept(data | surroundings)


def kept(data):
    """A data set as it comes back from where it is kept."""
    return json.loads(dataset.canonical(data))


def published(season, **told):
    """What was published about an earlier season, as it is kept."""
    row = {
        "season": season,
        "nights_open": 151,
        "persons": None,
        "bed_nights": 24_310,
        "mean": "161.0",
        "peak": 212,
    }
    notes = {f"{name}_note": "" for name in ("nights_open", "persons", "bed_nights", "mean", "peak")}
    return row | notes | {"source": "Rapport d’activité 2025, p. 41"} | told


@cache
def _data(kind):
    number, before, _key = KINDS[kind]
    nights = invented(number + before)
    around = {}
    if kind in BEFORE:
        earlier = data_of(kind, invented(min(number, 7), seed=2, crowd=50), key=BEFORE[kind])
        around["compared"] = {"previous": dataset.headlines(earlier), "last_season": None}
    if kind in ("season", "note"):
        around["published"] = [
            published("2024/25", peak_note="estimated"),
            published("2025/26", persons=1_204),
        ]
    if kind in ("weekly", "monthly", "season"):
        around["remark"] = {"text": "Storm.", "by": "Ana Weber", "at": "2026-11-30T10:00:00+00:00"}
    own = Window(nights.nights[before:], nights.before)
    return dataset.canonical(data_of(kind, own, nights.nights[:before], **around))


def ordinary(kind, **more):
    """A data set with something in all of its parts; the season is a whole one."""
    return json.loads(_data(kind)) | more


@cache
def _brief(kind):
    return dataset.canonical(data_of(kind, invented(12)))


@cache
def _printed(text, language):
    return report_pdf(json.loads(text), SHA256, language)


def printed(data, language="de"):
    return _printed(dataset.canonical(data), language)


def read(data, language="de"):
    return reading(printed(data, language))


def everything_told(data, language="de"):
    """All that a paper tells in words: what is drawn, what stands for figures, and what the file says of itself."""
    found = read(data, language)
    with pikepdf.open(BytesIO(printed(data, language))) as document:
        about = [*map(str, document.docinfo.values()), document.Root.Metadata.read_bytes().decode()]
    asides = [found.aside(page) for page in range(len(found.pages))]
    return "\n".join([found.tree.text, *(node.alt for node in found.tree.all()), *asides, *about])


def squeezed(text):
    """Without blanks: lines are broken anywhere."""
    return re.sub(r"\s", "", text)


def number_in(text, number):
    """Whether a number as it is said stands in a text, by itself."""
    pattern = r"\s?".join(map(re.escape, number.split()))
    return re.search(rf"(?<![\d.,]){pattern}(?!\d|[.,]\d)", text) is not None


# The file.


@every_edition
@every_kind
def test_every_report_is_fit_for_an_archive(kind, language):
    assert unfit(printed(ordinary(kind), language), language) == []


@every_edition
@every_kind
def test_everything_on_a_report_has_a_name_or_means_nothing(kind, language):
    found = read(ordinary(kind), language)

    assert found.faults == ()
    assert unlike_speech(found.tree) == []


@every_kind
def test_a_report_has_one_title(kind):
    levels = headings(read(ordinary(kind)).tree)

    assert (levels[0], levels.count(1)) == (1, 1)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "flash"])
def test_headings_do_not_leap(kind):
    assert leaps(read(ordinary(kind)).tree) == []


@every_kind
def test_every_table_says_what_its_cells_are(kind):
    assert headless(read(ordinary(kind)).tree) == []


@every_edition
@every_kind
def test_figures_have_words_and_a_place_on_their_page(kind, language):
    figures = list(read(ordinary(kind), language).tree.all("Figure"))

    assert figures
    assert [figure.alt for figure in figures if not figure.alt.strip()] == []
    for figure in figures:
        left, foot, right, head = figure.box
        assert 0 <= left < right <= 596 and 0 <= foot < head <= 842


def test_a_list_of_nights_over_pages_is_one_table_with_its_head_once():
    data = ordinary("season")
    tables = list(read(data).tree.all("Table"))

    (nights,) = [table for table in tables if len(rows_of(table)) == 151]
    assert len(nights.pages) == 4
    heads = [[cell.scope for cell in row] for row in rows_of(nights)]
    assert heads == [["Column"] * 8, *[["Row", *[""] * 7]] * 150]
    assert [row[1] for row in words_in(nights)[1:]] == [str(row["slept"]) for row in data["by_night"]]


@every_kind
def test_head_and_foot_of_the_pages_are_not_read_with_the_text(kind):
    found = read(ordinary(kind))

    for page in range(len(found.pages)):
        assert f"{page + 1} / " in found.aside(page)
        assert "2026/27" in found.aside(page)
    assert f"{SHA256[:4]}…" not in found.tree.text


@every_edition
@every_kind
def test_the_figures_travel_inside_as_a_table(kind, language):
    data = ordinary(kind)

    with pikepdf.open(BytesIO(printed(data, language))) as document:
        ((name, spec),) = document.attachments.items()
        file = spec.get_file()
        assert name == spec.filename == f"{file_name(data['kind'], data['key'], data['revision'])}.csv"
        assert (file.mime_type, str(spec.relationship)) == ("text/csv", "/Data")
        assert file.read_bytes().decode() == report_csv(data)
        assert [str(each.UF) for each in document.Root.AF] == [name]
        assert spec.description


def test_files_of_reports_are_told_apart_by_their_names():
    names = {file_name(kind, ordinary(kind)["key"], revision) for kind in KINDS for revision in (1, 2)}

    assert len(names) == 2 * len(KINDS)
    assert [name for name in names if not re.fullmatch(r"[\w-]+", name)] == []


# The same bytes.


def test_a_report_is_the_same_bytes_also_after_others():
    wanted = [("monthly", "fr"), ("flash", "de")]
    first = [report_pdf(ordinary(kind), SHA256, language) for kind, language in wanted]
    remark = {"text": "ښځه پښتو ڼوم Ọ̀ṣun", "by": "ዮናስ", "at": "2026-11-30T10:00:00+00:00"}
    for kind in KINDS:
        report_pdf(ordinary(kind, remark=remark), SHA256, "lb")

    assert [report_pdf(ordinary(kind), SHA256, language) for kind, language in wanted] == first


def test_another_process_makes_the_same_bytes():
    wanted = [(kind, EDITIONS[place % 2]) for place, kind in enumerate(KINDS)]
    program = (
        "import json, sys, django; django.setup()\n"
        "from hashlib import sha256\n"
        "from reporting.paper import report_pdf\n"
        "for data, digest, language in json.load(sys.stdin):\n"
        "    print(sha256(report_pdf(data, digest, language)).hexdigest())\n"
    )
    environment = os.environ | {
        "PYTHONHASHSEED": "4711", "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE, "TZ": "Asia/Tokyo", "LC_ALL": "C",
    }  # fmt: skip

    ran = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps([(ordinary(kind), SHA256, language) for kind, language in reversed(wanted)]),
        env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True,
    )  # fmt: skip

    expected = [sha256(printed(ordinary(kind), language)).hexdigest() for kind, language in reversed(wanted)]
    assert ran.stdout.split() == expected


# What is told.


def distinct(data):
    """The data set with a number of its own in each place of its figures, so that none is found by accident."""
    numbers = count(2_003, 37)

    def told(value):
        if isinstance(value, dict):
            return {key: inner if key == "night" else told(inner) for key, inner in value.items()}
        if isinstance(value, float):
            return next(numbers) + 0.5
        return next(numbers) if isinstance(value, int) else value

    return data | {"figures": {code: told(value) for code, value in data["figures"].items()}}


def as_said(code, value):
    """The numbers of a figure as its readers find them."""
    value = from_json(value)
    if isinstance(value, Ratio) and INDICATORS[code].unit == "percent":
        return [words.number(each) for each in (value.percent, value.above, value.below)]
    if isinstance(value, Ratio):
        return [words.number(round(value.share, 1))]
    if isinstance(value, Peak):
        return [words.degrees(value.number) if code == "coldest" else words.number(value.number)]
    if isinstance(value, dict):
        return [words.number(each) for each in value.values() if each not in MARKS_OF_HIDDEN]
    return [words.number(value)] if value is not None and value not in MARKS_OF_HIDDEN else []


@every_edition
@every_kind
def test_every_number_stands_on_the_paper(kind, language):
    data = distinct(data_of(kind, invented(KINDS[kind][0]), threshold=1))
    text = read(data, language).tree.text

    with translation.override(language):
        missing = {
            code
            for code, value in data["figures"].items()
            for number in as_said(code, value)
            if not number_in(text, number)
        }

    assert missing - ONLY_IN_THE_FILE[kind] == set()


def lines_of(block):
    """The rows of a block as they stand on paper."""
    if isinstance(block, account.Calendar):
        cells = [
            [week, *(cell.text + " max" * cell.is_peak for cell in days), *sums]
            for week, days, sums in block.weeks
        ]
        return [["", *block.days, *block.sums], *cells]
    if isinstance(block, account.Bars):
        return [[label, number, ""] for label, number, _length in block.rows]
    return [*([block.heads] if any(block.heads) else []), *block.rows]


@every_edition
@every_kind
def test_tables_on_paper_say_what_the_account_says(kind, language):
    data = ordinary(kind)
    tree = read(data, language).tree
    with translation.override(language):
        sections = account_of(data).sections

    expected = [
        [[squeezed(cell) for cell in row] for row in lines_of(block)]
        for section in sections
        for block in section.blocks
        if isinstance(block, account.Table | account.Bars | account.Calendar)
    ]
    tables = [
        [[squeezed(cell) for cell in row] for row in words_in(table)]
        for table in tree.all("Table")
        if any(table.all("TH"))
    ]
    assert [list(map(len, table)) for table in tables] == [list(map(len, table)) for table in expected]
    pairs = zip(_flat(tables), _flat(expected), strict=True)
    assert [pair for pair in pairs if not is_same_or_cut(*pair)] == []
    titles = [
        squeezed(title)
        for section in sections
        for title in (section.title, *(block.title for block in section.blocks))
        if title
    ]
    assert [squeezed(node.text) for node in tree.all("H2", "H3")] == titles


@pytest.mark.parametrize("language", LANGUAGES)
@every_kind
def test_no_word_that_heads_a_column_is_broken(kind, language):
    data = ordinary(kind)
    with translation.override(language):
        blocks_of = [block for section in account_of(data).sections for block in section.blocks]
    expected = {
        head
        for block in blocks_of
        if isinstance(block, account.Table | account.Calendar)
        for head in (*getattr(block, "heads", ()), *getattr(block, "sums", ()))
    }
    columns = {cell.text for cell in read(data, language).tree.all("TH") if cell.scope == "Column"}

    assert expected - columns <= {""}


def _flat(tables):
    return [cell for table in tables for row in table for cell in row]


def is_same_or_cut(printed, told):
    return printed == told or (printed.endswith("…") and told.startswith(printed[:-1]))


@pytest.mark.parametrize(
    ("kind", "language"),
    [
        *((kind, language) for kind in ("flash", "weekly", "monthly", "note") for language in EDITIONS),
        ("season", "fr"),
        ("season", "de"),
    ],
)
def test_nothing_is_cut_that_people_did_not_write(kind, language):
    tree = read(ordinary(kind), language).tree

    assert [text for text in tree.words if text.endswith("…")] == []


def tiles_of(data, language):
    with translation.override(language):
        return [(tile.label, tile.value, *filter(None, tile.below)) for tile in account_of(data).tiles]


@every_edition
@every_kind
def test_tiles_on_paper_say_what_the_account_says(kind, language):
    text = squeezed(read(ordinary(kind), language).tree.text)

    tiles = [squeezed("".join(tile)) for tile in tiles_of(ordinary(kind), language)]

    assert len(tiles) == 4
    assert [tile for tile in tiles if tile not in text] == []


@every_kind
def test_both_editions_show_the_same_numbers(kind):
    data = ordinary(kind)
    shown = []
    for language in EDITIONS:
        tables = [table for table in read(data, language).tree.all("Table") if any(table.all("TH"))]
        texts = [" ".join(tile[1:]) for tile in tiles_of(data, language)]
        texts += [cell.text for table in tables for cell in table.all("TD") if not _is_sentence(table)]
        shown.append(list(map(_numbers, texts)))

    assert shown[0] == shown[1]
    assert sum(map(len, shown[0])) > 20


def _is_sentence(table):
    return any(len(cell.text) > 80 for cell in table.all("TD"))


def _numbers(text):
    """The numbers of a text, written in one way."""
    return re.findall(r"\d[\d.,]*", re.sub(r"(?<=\d)[\s.](?=\d{3}(?!\d))", "", text))


@pytest.mark.parametrize("language", LANGUAGES)
@some_kinds
def test_every_letter_of_a_report_is_in_its_fonts(kind, language):
    told = everything_told(ordinary(kind), language)

    assert [
        told[max(0, place - 40) : place + 1] for place in _places("\N{REPLACEMENT CHARACTER}", told)
    ] == []


def _places(char, text):
    return [place for place, each in enumerate(text) if each == char]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["flash", "weekly", "monthly"])
def test_less_than_nothing_has_a_real_minus(kind, language):
    data = ordinary(kind)
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(printed(data, language))).pages)
    coldest = words.degrees(data["figures"]["coldest"]["number"])

    assert "\N{MINUS SIGN}" in coldest
    with translation.override(language):
        assert words.degrees(data["figures"]["coldest"]["number"]) in text
    assert re.findall(r"(?<![\w.])[-\N{EN DASH}]\d", text) == []


@some_kinds
def test_the_table_of_figures_is_in_the_units_it_names(kind):
    data = ordinary(kind)
    rows = list(csv.DictReader(StringIO(report_csv(data))))
    told = {(row["scope"], row["code"]): row["value"] for row in rows if not row["category"]}
    rate, nights = data["figures"]["rate_in_service"], data["by_night"]

    assert float(told[data["key"], "rate_in_service"]) == pytest.approx(100 * rate["above"] / rate["below"])
    if "coldest" in data["figures"]:
        assert float(told[data["key"], "coldest"]) == data["figures"]["coldest"]["number"] / 10 < 0
    minima = [told[f"night {row['night']}", "minimum"] for row in nights]
    assert minima == [str(row["minimum"] / 10) if row["minimum"] is not None else "" for row in nights]


def test_a_file_says_itself_which_revision_it_is_and_by_which_definitions():
    data = ordinary("weekly") | {"revision": 3}
    _heads, *rows = csv.reader(StringIO(report_csv(data)))

    assert [row[:4] for row in rows[:2]] == [
        [data["key"], "revision", "", "3"],
        [data["key"], "definitions", "", str(data["definitions"]["number"])],
    ]
    earlier = report_csv(data | {"revision": 2})
    assert earlier != report_csv(data)


def test_differences_to_the_report_before_have_their_sign():
    data = data_of("weekly", invented(7, crowd=40))
    more = data_of("weekly", invented(7, crowd=60), key="2026-W49")
    data["compared"]["previous"] = dataset.headlines(more)
    fewer = data["figures"]["persons"] - more["figures"]["persons"]

    assert fewer < 0
    assert f"\N{MINUS SIGN}{-fewer}" in read(data).tree.text


@pytest.mark.parametrize(
    ("nights", "told"), [(7, "+600\N{NO-BREAK SPACE}% / week 49"), (1, "10 in 1 night / week 49")]
)
def test_sums_of_other_numbers_of_nights_are_told_as_they_were(nights, told):
    """A week with one night is no seventh of the next one's demand."""
    data = data_of("weekly", invented(7))
    data["figures"]["bed_nights"] = 70
    more = data_of("weekly", invented(nights), key="2026-W49")
    more["figures"]["bed_nights"] = 10
    data["compared"]["previous"] = dataset.headlines(more)

    with translation.override("en"):
        (tile,) = [each for each in account_of(data).tiles if each.label == "Nights slept"]
    assert told in tile.below
    assert any("pts" in line for each in account_of(data).tiles for line in each.below)


def test_names_over_small_charts_do_not_run_into_their_numbers():
    """Names may have eighty letters."""
    names = {"dormitory": dict.fromkeys(NAMES, "Dortoir des hommes, bâtiment du fond, premier étage")}
    with translation.override("fr"):
        (block,) = [
            each for each in _blocks(ordinary("monthly", names=names)) if isinstance(each, account.Multiples)
        ]
    labels = [
        shape for shape in picture.multiples(block, TEXT_WIDTH).shapes if isinstance(shape, picture.Label)
    ]

    ends = {
        (label.y, label.x): label.x + lettering.width_of(lettering.clean(label.text), label.size)
        for label in labels
        if label.align == "left"
    }
    begins = [
        (label.y, label.x - lettering.width_of(lettering.clean(label.text), label.size, label.is_bold))
        for label in labels
        if label.align == "right"
    ]
    assert len(ends) == len(begins) == len(NAMES)
    for (y, left), end in ends.items():
        assert end < min(begin for height, begin in begins if height == y and begin > left)


@every_edition
def test_the_scale_of_a_chart_is_written_in_the_language_of_the_reader(language):
    window = bare(7, nominal=22, beds={"MA": 22})

    words_of_pictures = [
        text
        for page in read(data_of("weekly", window), language).pages
        for one in page
        if one.tag == "Figure"
        for text in one.shown
    ]

    assert [text for text in words_of_pictures if re.search(r"\d\.\d+$", text)] == []


# What is hidden.


def with_few_women(**more):
    """A month of 1,813 nights of 73 men and 437 of 15 women, who sleep in a room of their own."""
    nights = []
    for place in range(30):
        night = FIRST + timedelta(place)
        people = [(number, "man", "MA") for number in (*range(60), *([200 + place] if place < 13 else []))]
        people += [(100 + number, "woman", "WO") for number in range(15 if place < 17 else 14)]
        stays = tuple(
            Stay(night, person, person, room, sex, "26-45", "eu") for person, sex, room in people
        )  # fmt: skip
        nights.append(NightFacts(night, nominal=80, beds={"MA": 62, "WO": 16}, stays=stays, minimum=-42))
    return data_of("monthly", Window(tuple(nights)), **more)


def everything_sent(data):
    """All that leaves the house: the papers, the file, and the mail."""
    with translation.override("de"):
        mail = letter(data, "https://foyer.example/reports/1", [])
    cells = [cell for row in csv.reader(StringIO(report_csv(data))) for cell in row]
    return "\n".join([everything_told(data, "fr"), everything_told(data), *cells, *mail])


def test_a_hidden_number_is_nowhere_and_its_mark_in_its_place():
    hidden, shown = with_few_women(threshold=500), with_few_women(threshold=1)

    numbers = ("437", "1.813", "1 813", "1813", "19,4", "80,6")
    assert [number for number in numbers if number_in(everything_sent(hidden), number)] == []
    assert [number for number in numbers if not number_in(everything_sent(shown), number)] == []
    rows = [row for table in read(hidden).tree.all("Table") for row in words_in(table)]
    with translation.override("de"):
        sexes = [capfirst(str(words.categories("sex")[sex])) for sex in ("woman", "man")]
    assert [list(map(squeezed, row[1:3])) for row in rows if row[0] in sexes] == [["‹500", "–"], ["s", "–"]]
    rooms = [squeezed(row[1]) for row in rows if row[0] in ("Dortoir A", "Femmes")]
    assert rooms == ["s", "‹500"]


def test_where_there_are_too_few_people_their_number_is_hidden_everywhere():
    """Of 88 people each table of people goes, and whatever else would tell how many they are."""
    data = with_few_women(threshold=500)

    assert squeezed(tiles_of(data, "de")[2][1]) == "‹500"
    assert not number_in(everything_sent(data), "88")
    assert number_in(everything_sent(with_few_women(threshold=1)), "88")


def test_the_marks_of_hidden_numbers_are_explained():
    text = read(with_few_women(threshold=500)).tree.text

    assert re.search(r"‹\s500:\D+1\D+499\b", text)


@some_kinds
def test_reports_in_which_every_table_is_withheld_are_made(kind):
    data = ordinary(kind)
    figures = data["figures"]
    figures |= dict.fromkeys([code for code in figures if code in TRAITS], secrecy.WITHHELD)

    assert (unfit(printed(data), "de"), read(data).faults) == ([], ())


@pytest.mark.parametrize("kind", ["weekly", "monthly", "season"])
def test_a_withheld_table_is_named_and_said_to_be_withheld(kind):
    data = ordinary(kind)
    tables = [code for code, value in data["figures"].items() if code in TRAITS and isinstance(value, dict)]
    data["figures"] |= dict.fromkeys(tables, secrecy.WITHHELD)

    titles = [squeezed(node.text) for node in read(data).tree.all("H2", "H3")]

    with translation.override("de"):
        assert [code for code in tables if squeezed(str(INDICATORS[code].name)) not in titles] == []


# Nothing, or hardly anything.


@pytest.mark.parametrize("kind", KINDS)
def test_a_period_in_which_no_night_ran_has_a_report(kind):
    assert made(data_of(kind, Window(()))) == []


EMPTY = {
    "no beds in service": bare(12),
    "nobody slept": bare(12, nominal=10, beds={"MA": 10}, minimum=-42),
    "a single night": invented(1),
    "a single night of nothing": bare(1),
    "no weather": bare(12, nominal=10, beds={"MA": 10}, stays=()),
    "as cold every night": bare(12, nominal=10, beds={"MA": 10}, minimum=0, is_wet=True),
    "one night in each of two months": Window(
        (NightFacts(date(2026, 11, 30)), NightFacts(date(2026, 12, 1)))
    ),
}


def made(data, language="de"):
    """What is wrong with the paper of a data set; the mail and the file are made too."""
    with translation.override(language):
        letter(data, "https://foyer.example/reports/1", [("pdf", language, SHA256)])
    report_csv(data)
    return [*unfit(printed(data, language), language), *read(data, language).faults]


@some_kinds
@pytest.mark.parametrize("window", [pytest.param(window, id=name) for name, window in EMPTY.items()])
def test_a_report_is_made_also_of_hardly_anything(kind, window):
    assert made(data_of(kind, window)) == []


@some_kinds
@pytest.mark.parametrize("threshold", [5, 10_000])
def test_a_report_is_made_of_three_people(kind, threshold):
    window = Window(
        tuple(
            replace(night, stays=night.stays[:3], beds={"MA": 3}, minimum=None)
            for night in invented(12, crowd=40).nights
        )
    )

    assert made(data_of(kind, window, threshold=threshold)) == []


@pytest.mark.parametrize("kind", ["flash", "weekly"])
def test_a_report_is_made_before_definitions_have_a_number(kind):
    assert made(ordinary(kind, definitions=None, why="")) == []


def test_charts_begin_where_there_is_something_to_compare():
    for number in (1, 2, 9, 10, 11):
        data = data_of("monthly", invented(number))
        figures = [squeezed(node.alt) for node in read(data).tree.all("Figure")]
        with translation.override("de"):
            told = _blocks(data)
        charts = [squeezed(block.alt) for block in told if hasattr(block, "alt")]
        assert set(charts) <= set(figures)
        is_drawn = any(isinstance(block, account.Scatter) for block in told)
        assert is_drawn == (number >= blocks.FEWEST_NIGHTS)


def _blocks(data):
    return [block for section in account_of(data).sections for block in section.blocks]


@pytest.mark.parametrize(
    ("across", "up"),
    [
        ([-14.9] * 77, [float(30 + place % 60) for place in range(77)]),
        ([float(place) for place in range(10)], [100 * 5 / 37] * 10),
    ],
)
def test_where_one_of_both_does_not_vary_there_is_no_coefficient(across, up):
    assert blocks.correlation(across, up) is None


# Whatever people write.


def ascii_begin(text):
    return ascii(text[:12])


def with_texts(text, kind="season"):
    """A data set with a text in every field that somebody fills in."""
    notes = {f"{name}_note": text for name in ("nights_open", "persons", "bed_nights", "mean", "peak")}
    return json.loads(_brief(kind)) | dict(
        names={"dormitory": dict.fromkeys(NAMES, text)},
        remark={"text": text, "by": text, "at": "2026-11-30T10:00:00+00:00"},
        published=[published(text, source=text, **notes), published("2025/26", source=text)],
    )


@pytest.mark.parametrize(
    "text",
    HOSTILE,
    ids=ascii_begin,
)
def test_whatever_people_write_leaves_a_report_that_can_be_kept(text):
    data = with_texts(text)

    assert read(data).faults == ()
    assert unlike_speech(read(data).tree) == []
    assert headings(read(data).tree) == headings(read(with_texts("plain")).tree)
    assert made(data) == []


def test_markup_is_printed_as_it_is_written():
    text = "<b>&amp;</b> <img src=x> {{ 7 }} %(x)s"

    assert squeezed(text) in squeezed(read(with_texts(text, "weekly")).tree.text)


def test_no_text_makes_a_report_slow():
    plain, hostile = with_texts("plain text"), [with_texts(text) for text in HOSTILE]
    report_pdf(plain, SHA256, "fr")

    begun = process_time()
    for _time in range(4):
        report_pdf(plain, SHA256, "fr")
    middle = process_time()
    for data in hostile:
        report_pdf(data, SHA256, "fr")

    each = (middle - begun) / 4
    assert process_time() - middle < 3 * each * len(hostile)


def test_a_word_without_end_is_no_slower_than_others():
    seconds = []
    for text in ("plain text", "م" * 3_000):
        begun = process_time()
        report_pdf(with_texts(text), SHA256, "fr")
        seconds.append(process_time() - begun)

    assert seconds[1] < 12 * seconds[0]


@pytest.mark.parametrize("kind", ["weekly", "monthly"])
def test_a_large_house_with_long_names_has_a_report(kind):
    """Two dozen rooms, with names as long as may be entered."""
    rooms = [f"D{number:02d}" for number in range(24)]
    nights = [FIRST + timedelta(place) for place in range(7)]
    window = Window(
        tuple(
            NightFacts(
                night, nominal=24, beds=dict.fromkeys(rooms, 1),
                stays=tuple(Stay(night, n, n, room, "man", "26-45", "eu") for n, room in enumerate(rooms)),
            )
            for night in nights
        )
    )  # fmt: skip
    names = {"dormitory": {room: f"{room} {'Schlafsaal ' * 7}"[:80] for room in rooms}}

    assert made(data_of(kind, window, names=names, threshold=1)) == []


@pytest.mark.parametrize("code", ["=1+1", "+1+1", "-1+1", "@SUM(A)", "\t=1+1", "\r=1+1", '="x",1', "a\n=1"])
def test_no_cell_of_the_file_is_a_formula(code):
    window = invented(7)
    nights = tuple(
        replace(
            night, beds={code: 37}, closed={code: 1},
            stays=tuple(replace(stay, dormitory=code, sex=code, age="1-2") for stay in night.stays),
        )
        for night in window.nights
    )  # fmt: skip
    data = data_of("season", Window(nights), key=code, threshold=1)

    rows = list(csv.reader(StringIO(report_csv(data), newline="")))

    assert {len(row) for row in rows} == {8}
    assert f"'{code}" in {row[2] for row in rows} or code == "a\n=1"
    cells = [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    assert [cell for cell in cells if not re.fullmatch(r"-\d+(\.\d+)?", cell)] == []


@pytest.mark.parametrize(
    "kind",
    [
        *KINDS,
    ],
)
def test_no_number_stands_twice_in_the_file(kind):
    _heads, *rows = csv.reader(StringIO(report_csv(ordinary(kind)), newline=""))

    assert [key for key, times in Counter(tuple(row[:3]) for row in rows).items() if times > 1] == []


@every_kind
def test_the_file_has_every_figure_and_every_night(kind):
    data = ordinary(kind)
    heads, *rows = csv.reader(StringIO(report_csv(data), newline=""))

    assert heads == ["scope", "code", "category", "value", "numerator", "denominator", "night", "note"]
    codes = {row[1] for row in rows if row[0] == data["key"]}
    empty = {code for code, value in data["figures"].items() if value == {}}
    assert set(CODES[kind]) - empty <= codes
    slept = {row[0]: row[3] for row in rows if row[1] == "slept"}
    assert slept == {f"night {row['night']}": str(row["slept"]) for row in data["by_night"]}
    marks = Counter(row[7] for row in rows if row[7])
    assert set(marks) <= set(MARKS_OF_HIDDEN)


# Where it comes from, and how far it holds.


@every_edition
@every_kind
def test_each_page_says_as_of_when_which_revision_and_of_which_data_it_is(kind, language):
    found = read(ordinary(kind), language)

    provenance = provenance_of(ordinary(kind), language)
    for page in range(len(found.pages)):
        assert squeezed(provenance) in squeezed(found.aside(page))
        assert f"{SHA256[:4]}…{SHA256[-4:]}" in found.aside(page)


@every_edition
def test_provenance_is_the_cut_off_with_its_zone_the_revision_and_the_definitions(language):
    provenance = provenance_of(ordinary("flash", revision=23), language)

    assert [number_in(provenance, each) for each in ("23", "17")] == [True, True]
    assert "01.12.2026 10:00 CET" in provenance


def provenance_of(data, language):
    with translation.override(language):
        return account_of(data).provenance


@every_edition
@pytest.mark.parametrize("kind", ["flash", "note"])
def test_marks_say_how_far_a_report_holds(kind, language):
    marked = {"is_provisional": True, "is_late": True, "changed": []}
    plain = [node.text for node in read(ordinary(kind), language).tree.kids]

    for field, value in marked.items():
        data = ordinary(kind, **{field: value})
        with translation.override(language):
            (mark,) = account_of(data).marks
        texts = [node.text for node in read(data, language).tree.kids]
        assert texts[:2] == [plain[0], mark]
        assert mark not in plain
    data = ordinary(kind, **marked)
    with translation.override(language):
        marks = list(account_of(data).marks)
    assert len(set(marks)) == 3
    assert [node.text for node in read(data, language).tree.kids][1:4] == marks


@every_edition
def test_a_corrected_report_lists_what_was_and_what_is(language):
    was = data_of("weekly", invented(7), key="2026-W48")
    now = kept(was)
    now["figures"] |= {"bed_nights": 4_188, "requests": 305, "without_bed": "below"}
    now["figures"]["refused"] = {"excluded": 23, "no_place": "secret"}
    now["by_night"][2]["slept"] = 36
    changes = dataset.changes(was, now)
    data = kept(now | {"changed": changes, "revision": 2})

    _heads, *rows = _table_of_changes(data, language)

    with translation.override(language):
        said = [[_plainly(old), _plainly(new)] for _path, old, new in changes]
    assert [list(map(squeezed, row[1:])) for row in rows] == said
    assert len({row[0] for row in rows}) == len(rows) == len(changes) >= 5
    assert unlike_speech(read(data, language).tree) == []


def _plainly(value):
    marks = {"below": "‹5", "secret": "s", None: "0"}
    return marks[value] if value in marks else squeezed(words.number(value))


@pytest.mark.parametrize("code", ["peak", "coldest"])
def test_a_corrected_peak_is_told(code):
    old, new = {"number": 31, "night": "2026-11-15"}, {"number": 36, "night": "2026-11-17"}
    data = ordinary("weekly", changed=[[f"figures/{code}", old, new]])

    assert made(data) == []


def test_a_report_corrected_by_one_stay_more_is_made():
    was, window = ordinary("weekly"), invented(28)
    most = max(window.nights[21:], key=lambda night: night.slept)
    more = replace(most, stays=(*most.stays, replace(most.stays[0], person=999, bed=999)))
    nights = tuple(more if night is most else night for night in window.nights)
    now = data_of("weekly", Window(nights[21:], window.before), nights[:21], revision=2)

    assert made(now | {"changed": dataset.changes(was, now)}) == []


WRONGLY_TOLD = {
    "rate": (
        "a rate is told as a share with one decimal, 0.8 for both 84.4 % and 84.6 %",
        [["figures/rate_in_service", {"above": 844, "below": 1000}, {"above": 846, "below": 1000}]],
        ("84,4", "84,6"),
    ),
    "temperature": (
        "the temperature of a night is told in tenths of a degree, with a hyphen",
        [["by_night/2026-12-07/minimum", -42, -57]],
        ("\N{MINUS SIGN}4,2", "\N{MINUS SIGN}5,7"),
    ),
    "not known": (
        "what was not known is told as 0",
        [["by_night/2026-12-07/is_wet", None, True]],
        ("(?!0$)", "(?!0$)"),
    ),
    "withheld": (
        "of a table that is withheld now each number is told to be 0",
        [["figures/refused/no_place", 7, None], ["figures/refused", None, secrecy.WITHHELD]],
        ("7", "(?!0$)"),
    ),
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [pytest.param(*told, id=name) for name, (_why, *told) in WRONGLY_TOLD.items()],
)
def test_a_corrected_value_is_told_as_elsewhere_in_the_report(changes, expected):
    data = ordinary("weekly", changed=changes)
    if changes[-1][-1] == secrecy.WITHHELD:
        data["figures"]["refused"] = secrecy.WITHHELD

    _name, *told = _table_of_changes(data)[1]

    assert [each for each, how in zip(told, expected, strict=True) if not re.match(how, each)] == []


def _table_of_changes(data, language="de"):
    tables = read(data, language).tree.all("Table")
    return words_in(next(table for table in tables if any(table.all("TH"))))


@pytest.mark.parametrize("kind", ["monthly", "season"])
def test_of_each_corrected_value_it_is_told_which_one_it_is(kind):
    tables = {code: value for code, value in ordinary(kind)["figures"].items() if INDICATORS[code].over}
    changes = [[f"figures/{code}/{key}", 7, 8] for code, table in tables.items() for key in table]

    _heads, *rows = _table_of_changes(ordinary(kind, changed=changes))

    assert [name for name, times in Counter(row[0] for row in rows).items() if times > 1] == []
    assert [row[0] for row in rows if row[0].endswith("…")] == []


# The mail.


@every_edition
@every_kind
def test_the_mail_says_what_the_paper_says(kind, language):
    data = ordinary(kind)
    address, digest = "https://foyer.example/reports/1", "f" * 64
    with translation.override(language):
        _subject, text = letter(data, address, [("pdf", language, digest), ("csv", "", digest)])
    tree = read(data, language).tree
    lines = [squeezed(line) for line in text.splitlines()]

    for tile in tiles_of(data, language):
        label, value, *below = map(squeezed, tile)
        assert "".join((label, value, *below)) in squeezed(tree.text)
        (line,) = [line for line in lines if line.startswith(f"{label}:{value}")]
        assert [part for part in below if part not in line] == []
    lead = next(node for node in tree.kids if node.kind == "P")
    assert squeezed(lead.text) in lines
    for part in (address, digest, provenance_of(data, language)):
        assert part in text
    assert data["remark"] is None or data["remark"]["text"] in text


@every_edition
def test_subject_and_text_of_a_mail_say_how_far_the_report_holds(language):
    data = ordinary("weekly", is_late=True, is_provisional=True, changed=[])
    with translation.override(language):
        subject, text = letter(data, "https://foyer.example/reports/1", [])
        marks = account_of(data).marks

    assert len(marks) == 3
    assert [mark for mark in marks if mark not in subject or mark not in text] == []


def test_hostile_text_stays_out_of_the_subject_of_a_mail():
    for text in HOSTILE:
        subject, _text = letter(with_texts(text), "https://foyer.example/", [])
        assert (len(subject.splitlines()), "amp" in subject) == (1, False)
