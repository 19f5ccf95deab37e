"""What the rota prints, read back from the paper: the statement of hours and the plan for the wall."""

import csv
import re
from io import BytesIO, StringIO
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader
from pypdf.generic import ContentStream
from reportlab.lib.units import mm

from shelter.actions import team
from shelter.models import Organisation, Person, Role
from shelter.rota import paper, sheets
from shelter.rota.actions import changing, people, recording
from shelter.rota.models import Absence, Assignment, Demand, Employment, Plan, ShiftTemplate, Skill
from shelter.rota.queries.grid import grid
from shelter.rota.queries.plans import published_between
from shelter.rota.queries.register import register_of
from shelter.rota.timeline import midnight
from tests.conftest import BUILDER, instant
from tests.plain_browser import SIGNED_IN_BY
from tests.shelter.rota.conftest import LONG_AGO, MONDAY, SUNDAY, colleague, day, employed
from tests.shelter.test_paper import NAMES, fonts_of, text_of

FIRST, LAST = day(1), day(30)
LUXEMBOURG = ZoneInfo("Europe/Luxembourg")
ADDRESS = "http://testserver/rota/?week=2026-11-01"
A3_LANDSCAPE = (420, 297)
A4 = (210, 297)
LEFT, RIGHT, NAME, SUM = 16 * mm, 12 * mm, 52 * mm, 15 * mm
HOMES = {"ana": "HUT", "ben": "HUT", "gus": "HUT", "dana": "CRL", "vera": "CRL", "emil": "IA"}
HOSTILE = [
    '<b>&amp;</b> & "<para>" <img src="x"/>',
    "]]>--><!--{{ 7 }}{% x %}",
    "M" * 120,
    "wordy " * 20,
    "محمد عبد الله",
    "\u202eAmsel\u202c Jos\u200e",
    "😀 李 𝕊",
    "a\tb\nc",
    "ዮናስ ሰሎሞን ڼ Ọ̀ṣun",
]


# Read back.


def pages_of(pdf):
    return PdfReader(BytesIO(pdf)).pages


def words_on(page):
    """Each piece of text with where it begins, in points from the lower left."""
    found = []

    def seen(text, matrix, of_text, _font, _size):
        if text.strip():
            found.append((matrix[4] + of_text[4], matrix[5] + of_text[5], text.strip()))

    page.extract_text(visitor_text=seen)
    return found


def lines_of(pdf):
    """The lines of all pages, in their columns."""
    texts = (page.extract_text(extraction_mode="layout") for page in pages_of(pdf))
    return [re.split(r"\s{2,}", line.strip()) for text in texts for line in text.splitlines() if line.strip()]


def size_of(page):
    return tuple(round(float(each) / mm) for each in (page.mediabox.width, page.mediabox.height))


def wall_of(pdf, days=30):
    """What the plan says: by the name of a row the cells by day of the month, and what stands in the last column."""
    rows = {}
    for page in pages_of(pdf):
        width = float(page.mediabox.width)
        column = (width - LEFT - RIGHT - NAME - SUM) / days
        for row in _rows(words_on(page)):
            name = " ".join(text for x, text in row if x < LEFT + NAME)
            cells = {}
            for x, text in row:
                if LEFT + NAME <= x < width - RIGHT - SUM:
                    number = int((x - LEFT - NAME) // column) + 1
                    cells[number] = f"{cells.get(number, '')}{text}"
            rows.setdefault(name, []).append((cells, " ".join(t for x, t in row if x >= width - RIGHT - SUM)))
    return rows


def _rows(words):
    """Pieces of text by row, from above; the letters of one row stand within four points of one another."""
    below, row = None, []
    for x, y, text in sorted(words, key=lambda word: (-word[1], word[0])):
        if below is not None and below - y > 4:
            yield sorted(row)
            row = []
        if not row:
            below = y
        row.append((x, text))
    yield sorted(row)


def of_people(rows):
    """The rows of people, without the head, the foot and what is wanted."""
    return {name: row for name, row in rows.items() if re.match(r"(HUT|CRL|IA) · ", name)}


# The statement of hours.


def stand(plan, person, shift, skill):
    return Assignment.objects.create(
        plan=plan, shift=shift, skill=skill, person=person, start=shift.start, end=shift.end, stands=True
    )


@pytest.fixture
def worked(rota, clock_at):
    """By chance: Ana, Ben and Gus worked in November, mostly as planned; of some shifts nothing is recorded."""

    def recorded(seed):
        chance = Random(seed)
        plan = rota.published("HUT", day(15), LAST)
        for name in ("ana", "ben", "gus"):
            for number in range(15, 30, 2):
                shift = rota.shift(day(number), chance.choice(["evening", "night", "morning"]))
                row = stand(plan, rota.people[name], shift, rota.skills["host"])
                if chance.random() < 0.8:
                    _record(rota, row, chance)
        clock_at("2026-12-01 09:00")
        return register(rota)

    return recorded


def _record(rota, row, chance):
    longer = chance.choice([0, 0, 0, -15, 25, 60])
    recording.record_worked(
        assignment=row, by=rota.planners["HUT"], end=row.end + longer * instant_minutes(1),
        break_minutes=chance.choice([None, 0, 45]),
    )  # fmt: skip


def instant_minutes(number):
    return (instant("2026-11-01 12:01") - instant("2026-11-01 12:00")) * number


def register(rota, code="HUT"):
    return register_of(rota.organisations[code], FIRST, LAST)


def statement(rota, known=None, code="HUT"):
    return paper.statement(rota.organisations[code], FIRST, register(rota, code) if known is None else known)


def rows_of_csv(known):
    return list(csv.reader(StringIO(sheets.as_csv(known).removeprefix("\ufeff")), delimiter=";"))[1:]


def on_paper(minutes_as_text):
    return "–" if minutes_as_text == "0:00" else minutes_as_text


def minutes(text):
    hour, minute = text.split(":")
    return 60 * int(hour) + int(minute)


def as_text(number):
    return f"{number // 60}:{number % 60:02d}" if number else "–"


def printed_hours(lines):
    """By name the rows of hours under it, and the sums at the head."""
    found, name = {}, None
    for before, line in pairwise(lines):
        if line[0] == "Day":
            name = before[0]
            found.setdefault(name, [])
        elif name and len(line) == 9:
            found[name].append(line)
    head = next(number for number, line in enumerate(lines) if line[0] == "Person")
    sums = {}
    for line in lines[head + 1 :]:
        sums[line[0]] = line[1:]
        if line[0] == "Total":
            break
    return found, sums


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_statement_says_what_the_register_says(rota, worked, seed):
    known = worked(seed)
    rows = rows_of_csv(known)

    found, sums = printed_hours(lines_of(statement(rota)))

    expected, added = {}, {}
    for name, date, start, end, pause, *columns in rows:
        day_of_month = int(date[-2:])
        weekday = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day(day_of_month).weekday()]
        line = [f"{weekday} {day_of_month}.11.", start, end, f"{pause}′", *map(on_paper, columns)]
        expected.setdefault(name, []).append(line)
        for each in (name, "Total"):
            before = added.get(each, [0] * 5)
            added[each] = [one + minutes(text) for one, text in zip(before, columns, strict=True)]
    assert found == expected
    assert sums == {name: list(map(as_text, each)) for name, each in added.items()}


def test_a_statement_says_how_much_is_not_recorded_yet(rota, worked):
    known = worked(4)

    lines = [" ".join(line) for line in lines_of(statement(rota))]

    assert known.unrecorded
    assert f"Planned and not recorded yet: {len(known.unrecorded)}" in lines
    assert any(line.startswith("For the employer ____") for line in lines)


def test_a_statement_is_on_a4_for_its_organisation_and_month_and_confidential(rota, worked):
    worked(1)

    pdf = statement(rota)

    (page,) = pages_of(pdf)
    text = text_of(pdf)[0]
    assert size_of(page) == A4
    for words in ("Hëllef um Terrain · November 2026", "Confidential", "Printed on 01.12.2026 at 09:00"):
        assert words in text


def test_a_long_statement_names_the_person_again_on_each_page_and_loses_no_line(rota, clock_at):
    plan = rota.published("HUT", day(15), LAST)
    crowd = [colleague(f"Colleague {number:02d}") for number in range(9)]
    for person in crowd:
        employed(person, rota.organisations["HUT"], minutes=2400)
        for when in range(15, 30):
            stand(plan, person, rota.shift(day(when), "evening"), rota.skills["host"])
    clock_at("2026-12-01 09:00")
    recording.record_night(assignments=register(rota).unrecorded, by=rota.planners["HUT"])

    pdf = statement(rota)

    found, sums = printed_hours(lines_of(pdf))
    assert {name: len(rows) for name, rows in found.items()} == {person.name: 15 for person in crowd}
    assert sums["Total"][0] == f"{9 * 15 * 6}:00"
    for text in text_of(pdf):
        lines = [line.strip() for line in text.splitlines()]
        rows = sum(line.endswith(".11.") for line in lines)
        assert not rows or "Day" in lines


def test_two_people_of_one_name_keep_their_own_hours(rota, clock_at):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(17)), ("ben", day(18)), ("ana", day(20)))
    Person.objects.filter(name="Ben").update(name="Ana")
    clock_at("2026-12-01 09:00")
    recording.record_night(assignments=register(rota).unrecorded, by=rota.planners["HUT"])

    lines = lines_of(statement(rota))

    days = [line[0] for line in lines if len(line) == 9]
    assert days == ["Day", "Tue 17.11.", "Fri 20.11.", "Day", "Wed 18.11."]
    assert [line[1] for line in lines if line[0] == "Ana" and len(line) == 6] == ["12:00", "6:00"]


def test_where_nothing_is_recorded_the_statement_says_so(rota):
    (text,) = text_of(statement(rota))

    assert "Nothing is recorded yet." in text


def test_another_organisations_hours_are_not_on_it(rota, worked):
    worked(1)
    rota.published("CRL", MONDAY, day(28), ("dana", day(18)))
    recording.record_worked(assignment=rota.row("dana", day(18)), by=rota.planners["CRL"])

    texts = ["".join(text_of(statement(rota, code=code))) for code in ("HUT", "CRL")]

    assert [[name in text for name in ("Ana", "Ben", "Dana")] for text in texts] == [
        [True, True, False], [False, False, True],
    ]  # fmt: skip


# The plan for the wall.


@pytest.fixture
def scene(rota):
    """By chance: who stands where in November, lawful or not, and drafts that say otherwise."""

    def invented(seed):
        chance = Random(seed)
        plans = {code: rota.published(code, day(15), LAST) for code in ("HUT", "CRL")}
        everything = list(
            Demand.objects.filter(shift__night__date__lt=LAST)
            .select_related("shift__night", "shift__template", "skill")
            .order_by("pk")
        )
        for name, code in HOMES.items():
            taken = []
            for demand in chance.sample(everything, chance.randint(3, 25)) if code in plans else ():
                shift = demand.shift
                if not any(shift.start < end and start < shift.end for start, end in taken):
                    taken.append((shift.start, shift.end))
                    stand(plans[code], rota.people[name], shift, demand.skill)
        rota.draft("HUT", day(15), LAST).assignments.all().delete()
        rota.draft("IA", day(15), LAST, ("emil", day(18)), ("emil", day(19)))
        return chance

    return invented


def wall(*, sees=lambda organisation: True, first=FIRST, last=LAST):
    return paper.wall_plan(
        grid(first, last, sees=sees, with_drafts=False),
        first,
        last,
        plans=published_between(first, last),
        address=ADDRESS,
    )


def of(code):
    return lambda organisation: organisation.code == code


def begins_on(shift):
    return shift.start.astimezone(LUXEMBOURG).date()


def everybodys_rows(own=None):
    """Row by row from the database: of each organisation with a published plan all people, what stands, its minutes."""
    standing = list(
        Assignment.objects.filter(stands=True)
        .select_related("shift__template", "plan")
        .order_by("shift__start", "pk")
    )
    mine = {
        row.shift_id
        for row in standing
        if Employment.objects.filter(person=row.person_id, organisation__code=own).exists()
    }
    found = {}
    planned = Plan.objects.filter(state="published").values("organisation")
    for employment in Employment.objects.filter(organisation__in=planned).select_related(
        "organisation", "person"
    ):
        code = employment.organisation.code
        rows = [
            row
            for row in standing
            if row.person_id == employment.person_id
            and row.plan.organisation_id == employment.organisation_id
        ]
        beside = any(row.person_id == employment.person_id and row.shift_id in mine for row in standing)
        owner = Employment.objects.filter(person=employment.person_id, organisation__code=own).exists()
        is_named = own is None or owner or beside
        cells = {}
        for row in rows:
            number = begins_on(row.shift).day
            cells[number] = cells.get(number, "") + row.shift.template.letter
        worked = sum((row.end - row.start).seconds // 60 - row.shift.break_minutes for row in rows)
        name = employment.person.name if is_named else employment.get_kind_display()
        found.setdefault(f"{code} · {name}", []).append((cells, f"{worked // 60}:{worked % 60:02d}"))
    return found


def in_any_order(rows):
    return {name: sorted(each, key=str) for name, each in rows.items()}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_wall_says_who_works_when_as_it_is_published(scene, seed):
    scene(seed)

    assert in_any_order(of_people(wall_of(wall()))) == in_any_order(everybodys_rows())


@pytest.mark.parametrize("code", ["HUT", "CRL", "IA"])
def test_of_others_only_those_are_named_who_share_a_shift_with_ones_own(scene, code):
    scene(4)

    pdf = wall(sees=of(code))

    expected = everybodys_rows(own=code)
    assert in_any_order(of_people(wall_of(pdf))) == in_any_order(expected)
    text = "".join(text_of(pdf))
    printed = {name.split(" · ")[1] for name in expected}
    hidden = {person.name for person in Person.objects.order_by("pk")} - printed
    assert [name for name in sorted(hidden) if re.search(rf"\b{name}\b", text)] == []


def test_whom_one_shares_no_shift_with_is_printed_as_what_they_are(rota):
    """Dana stands beside Ana on the 18th; Vera has a shift of her own; Cleo works for both."""
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18)), ("gus", day(20)))
    rota.published("CRL", MONDAY, SUNDAY, ("dana", day(18)), ("vera", day(19)))

    rows = [sorted(of_people(wall_of(wall(sees=of(code))))) for code in ("HUT", "CRL")]

    assert rows == [
        ["CRL · Cleo", "CRL · Dana", "CRL · volunteer", "HUT · Ana", "HUT · Ben", "HUT · Cleo", "HUT · Gus"],
        [
            "CRL · Cleo",
            "CRL · Dana",
            "CRL · Vera",
            "HUT · Ana",
            "HUT · Cleo",
            "HUT · employee",
            "HUT · guard",
        ],
    ]


@pytest.mark.parametrize("seed", [1, 2])
def test_below_stands_how_many_are_there_of_those_needed_with_a_mark_where_some_are_missing(scene, seed):
    scene(seed)
    expected = {}
    for demand in Demand.objects.select_related("shift__template", "skill").order_by("pk"):
        if not FIRST <= begins_on(demand.shift) <= LAST:
            continue
        there = Assignment.objects.filter(stands=True, shift=demand.shift, skill=demand.skill).count()
        mark = "! " if there < demand.minimum else ""
        cells = expected.setdefault(f"{demand.shift.template.name} · {demand.skill.name}", {})
        cells[begins_on(demand.shift).day] = f"{mark}{there}/{demand.minimum}"

    rows = wall_of(wall())

    assert {name: rows[name] for name in expected} == {
        name: [(cells, "")] for name, cells in expected.items()
    }


def test_the_wall_is_a3_landscape_on_one_page_with_each_day_and_what_the_letters_mean(scene):
    scene(1)

    pdf = wall()

    (page,) = pages_of(pdf)
    (text,) = text_of(pdf)
    assert size_of(page) == A3_LANDSCAPE
    assert "E = Evening 18:30–00:30 · N = Night 22:30–07:00 · M = Morning 05:45–10:00" in text
    head = [cells for cells, _sum in wall_of(pdf)[""]]
    assert {number: f"{number}" for number in range(1, 31)} in head
    assert {number: f"{day(number):%a}" for number in range(1, 31)} in head
    assert "Take it down when a newer one hangs." in text


def test_the_wall_says_which_version_hangs_there_and_since_when(rota, clock_at):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18)))
    rota.published("CRL", MONDAY, SUNDAY)
    clock_at("2026-11-05 16:20")
    rota.publish(rota.draft("HUT"))
    rota.draft("HUT")  # the third is not published
    rota.draft("IA")

    (text,) = text_of(wall())

    assert "Hëllef um Terrain: version 2 of 05.11.2026 16:20" in text
    assert "Croix-Rouge: version 1 of 02.11.2026 09:00" in text
    assert "Inter-Actions" not in text


def test_the_versions_are_read_also_beside_long_names(rota):
    for code in ("HUT", "CRL", "IA"):
        rota.published(code, MONDAY, SUNDAY)
        Organisation.objects.filter(code=code).update(name=f"{code} " + "Solidarité internationale " * 4)

    text = " ".join("".join(text_of(wall())).split())

    assert text.count("version 1 of 02.11.2026 09:00") == 3


def test_what_changed_after_publication_hangs_there_too(rota):
    plan = rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18)))
    for when, code in ((day(20), "morning"), (day(21), "evening")):
        stand(plan, rota.people["ana"], rota.shift(when, code), rota.skills["host"])
    changing.correct(
        shift=rota.shift(day(18)), skill=rota.skills["host"], before=rota.people["ana"], after=rota.people["ben"],
        by=rota.planners["HUT"], reason="ill",
    )  # fmt: skip

    rows = wall_of(wall())

    assert rows["HUT · Ana"] == [({21: "ME"}, "10:15")]
    assert rows["HUT · Ben"] == [({18: "E"}, "6:00")]


def test_why_somebody_is_away_is_not_on_the_wall(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18)))
    people.block(
        person=rota.people["ben"],
        kind=Absence.Kind.SICK,
        start=midnight(day(18)),
        end=midnight(day(20)),
        by=BUILDER,
    )

    assert wall_of(wall())["HUT · Ben"] == [({}, "0:00")]


def test_where_nothing_is_published_the_wall_says_so(rota):
    rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(18)))

    (text,) = text_of(wall())

    assert "Nothing is published for these days." in text
    assert "Ana" not in text


def test_a_large_team_hangs_on_two_sheets_each_with_its_days_and_its_code(rota):
    rota.published("HUT", MONDAY, SUNDAY)
    for number in range(70):
        employed(colleague(f"Colleague {number:02d}"), rota.organisations["HUT"], minutes=1200)

    pdf = wall()

    assert len(pages_of(pdf)) == 2
    assert len(wall_of(pdf)["Team"]) == 2
    assert sum(map(len, of_people(wall_of(pdf)).values())) == 74
    assert [decoded(modules_on(page)) for page in pages_of(pdf)] == [ADDRESS] * 2


# The code for phones.


def drawn_on(page):
    """Each filled rectangle of a page: left, foot, width, height, whether it is black."""
    reader = page.pdf
    matrix, kept, found, pending, grey = (1, 0, 0, 1, 0, 0), [], [], [], None
    for arguments, operator in ContentStream(page.get_contents(), reader).operations:
        values = [float(each) for each in arguments] if operator in (b"cm", b"re", b"g", b"rg") else []
        if operator == b"q":
            kept.append((matrix, grey))
        elif operator == b"Q":
            matrix, grey = kept.pop()
        elif operator == b"cm":
            assert values[:4] == [1, 0, 0, 1]
            matrix = (1, 0, 0, 1, matrix[4] + values[4], matrix[5] + values[5])
        elif operator in (b"g", b"rg"):
            grey = max(values)
        elif operator == b"re":
            pending.append((matrix[4] + values[0], matrix[5] + values[1], *values[2:]))
        elif operator in (b"f", b"f*"):
            found += [(*each, grey == 0) for each in pending]
            pending = []
        elif operator == b"n":
            pending = []
    return found


def modules_on(page):
    """The dark and light fields of the code in the upper right corner, row by row from above."""
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    corner = [each for each in drawn_on(page) if each[0] > width - 32 * mm and each[1] > height - 22 * mm]
    assert corner
    assert all(is_black for *_place, is_black in corner)
    unit = min(each[3] for each in corner)
    left = min(each[0] for each in corner)
    top = max(each[1] + each[3] for each in corner)
    dark = {
        (round((top - foot - each_height) / unit) + down, round((from_left - left) / unit) + right)
        for from_left, foot, each_width, each_height, _black in corner
        for down in range(round(each_height / unit))
        for right in range(round(each_width / unit))
    }
    size = max(column for _row, column in dark) + 1
    return [[(row, column) in dark for column in range(size)] for row in range(size)]


MASKS = (
    lambda i, j: (i + j) % 2 == 0,
    lambda i, j: i % 2 == 0,
    lambda i, j: j % 3 == 0,
    lambda i, j: (i + j) % 3 == 0,
    lambda i, j: (i // 2 + j // 3) % 2 == 0,
    lambda i, j: i * j % 2 + i * j % 3 == 0,
    lambda i, j: (i * j % 2 + i * j % 3) % 2 == 0,
    lambda i, j: ((i + j) % 2 + i * j % 3) % 2 == 0,
)


def decoded(modules):
    """The text of an undamaged QR code (ISO/IEC 18004) of version 2 to 5 with one block of bytes."""
    size = len(modules)
    version = (size - 17) // 4
    assert (size - 17) % 4 == 0
    assert 2 <= version <= 5
    _has_its_corners(modules, size)
    where = [(8, j) for j in (0, 1, 2, 3, 4, 5, 7, 8)] + [(i, 8) for i in (7, 5, 4, 3, 2, 1, 0)]
    told = int("".join("1" if modules[i][j] else "0" for i, j in where), 2) ^ 0x5412
    assert told >> 13 == 1  # level L: one block up to version 5
    mask = MASKS[told >> 10 & 7]
    bits = "".join("1" if modules[i][j] != mask(i, j) else "0" for i, j in _path(size))
    assert bits[:4] == "0100"  # bytes
    length = int(bits[4:12], 2)
    return bytes(int(bits[12 + 8 * n : 20 + 8 * n], 2) for n in range(length)).decode()


def _has_its_corners(modules, size):
    finder = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]
    for top, left in ((0, 0), (0, size - 7), (size - 7, 0)):
        rows = ["".join("01"[each] for each in row[left : left + 7]) for row in modules[top : top + 7]]
        assert rows == finder


def _path(size):
    """The fields of data: two columns at a time from the right, upwards and downwards in turn."""

    def is_data(i, j):
        in_corner = (i < 9 and (j < 9 or j >= size - 8)) or (i >= size - 8 and j < 9)
        is_aligning = abs(i - (size - 7)) <= 2 and abs(j - (size - 7)) <= 2
        return not (in_corner or is_aligning or 6 in (i, j))

    upwards, right = True, size - 1
    while right > 0:
        if right == 6:
            right -= 1
        for i in range(size - 1, -1, -1) if upwards else range(size):
            for j in (right, right - 1):
                if is_data(i, j):
                    yield i, j
        upwards, right = not upwards, right - 2


def test_a_phone_reads_the_address_of_the_month_from_the_code(scene):
    scene(1)

    (page,) = pages_of(wall())

    assert decoded(modules_on(page)) == ADDRESS


def test_around_the_code_the_paper_stays_white(scene):
    """Four fields on each side, as the standard asks."""
    scene(1)
    (page,) = pages_of(wall())
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    fields = [each for each in drawn_on(page) if each[0] > width - 32 * mm and each[1] > height - 22 * mm]
    unit = min(each[3] for each in fields)
    left, foot = min(each[0] for each in fields), min(each[1] for each in fields)
    right, top = max(each[0] + each[2] for each in fields), max(each[1] + each[3] for each in fields)

    others = [each for each in drawn_on(page) if each not in fields]
    rules = [
        (float(arguments[0]), float(arguments[1]))
        for arguments, operator in ContentStream(page.get_contents(), page.pdf).operations
        if operator in (b"m", b"l")
    ]

    near = [
        (x, y)
        for x, y in [(x, y) for x, y, _text in words_on(page)] + rules
        if left - 4 * unit < x < right + 4 * unit and foot - 4 * unit < y < top + 4 * unit
    ]
    assert near == []
    assert max(each[1] + each[3] for each in others) < foot - 4 * unit
    assert min(width - right, height - top) >= 4 * unit


def test_a_statement_has_no_code(rota, worked):
    worked(1)

    (page,) = pages_of(statement(rota))

    assert drawn_on(page) == []


# Whatever people are called.


@pytest.fixture
def hostile(rota, clock_at):
    """People, an organisation, a kind of shift and duties with names that nobody expects."""
    plan = rota.published("HUT", MONDAY, SUNDAY)
    for number, name in enumerate(HOSTILE):
        person = colleague(f"P{number}", skills=("host",))
        Person.objects.filter(pk=person.pk).update(name=name)
        employed(person, rota.organisations["HUT"], minutes=1200)
        stand(plan, person, rota.shift(day(16 + number), "night"), rota.skills["host"])
    Organisation.objects.filter(code="HUT").update(name='<i>& "Hut" محمد 😀')
    ShiftTemplate.objects.filter(code="night").update(name="<b>Night & 😀", letter="😀")
    ShiftTemplate.objects.filter(code="evening").update(name="E" * 60)
    Skill.objects.filter(code="host").update(name="</para><font color=red>host")
    clock_at("2026-12-01 09:00")
    organisation = Organisation.objects.get(code="HUT")
    recording.record_night(
        assignments=register_of(organisation, FIRST, LAST).unrecorded, by=rota.planners["HUT"]
    )
    return organisation


def test_names_of_every_kind_are_printed_as_they_are_written(hostile):
    statement_, plan = (
        "".join(text_of(pdf))
        for pdf in (paper.statement(hostile, FIRST, register_of(hostile, FIRST, LAST)), wall())
    )

    assert '<b>&amp;</b> & "<para>" <img src="x"/>' in statement_
    for start, text in (("", statement_), ("HUT · ", plan)):
        assert f'{start}<b>&amp;</b> & "' in text
        assert f"{start}]]>--><!--{{{{ 7 }}}}" in text
        assert "محمد عبد الله" in text
        assert f"{start}Amsel Jos" in text
        assert f"{start}a b c" in text
        assert "..." in text  # the mark of what was cut
    assert "M" * 10 in statement_
    assert "\N{REPLACEMENT CHARACTER} = <b>Night & \N{REPLACEMENT CHARACTER} 22:30–07:00" in plan
    assert "<b>Night & \N{REPLACEMENT CHARACTER} · </para>" in plan


def test_all_fonts_are_in_the_files(hostile):
    for name, person in zip(NAMES, Person.objects.order_by("pk"), strict=False):
        Person.objects.filter(pk=person.pk).update(name=name)
    for pdf in (paper.statement(hostile, FIRST, register_of(hostile, FIRST, LAST)), wall()):
        fonts = fonts_of(pdf)

        assert len(fonts) >= 3
        assert set(fonts.values()) == {True}


def test_no_name_by_itself_breaks_a_page(rota, clock_at):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18)))
    clock_at("2026-12-01 09:00")
    recording.record_night(assignments=register(rota).unrecorded, by=rota.planners["HUT"])
    for name in HOSTILE:
        Person.objects.filter(pk=rota.people["ana"].pk).update(name=name)
        Organisation.objects.filter(code="HUT").update(name=name)
        hut = Organisation.objects.get(code="HUT")

        papers = [paper.statement(hut, FIRST, register_of(hut, FIRST, LAST)), wall()]

        assert [len(pages_of(pdf)) for pdf in papers] == [1, 1]


# The file.


def test_the_same_rows_give_the_same_bytes_whatever_was_printed_before(rota, worked):
    worked(2)
    first = statement(rota), wall()
    Person.objects.filter(name="Ben").update(name="ښځه محمد Łukasz")
    other = statement(rota), wall()
    Person.objects.filter(name__startswith="ښ").update(name="Ben")

    assert (statement(rota), wall()) == first
    assert other != first


def test_the_files_tell_their_title_language_and_when_they_were_printed(rota, worked):
    worked(1)
    readers = [PdfReader(BytesIO(pdf)) for pdf in (statement(rota), wall())]

    assert [reader.metadata.title for reader in readers] == [
        "Foyer · Statement of hours · Hëllef um Terrain · November 2026",
        "Foyer · Rota · 01.11.2026 – 30.11.2026",
    ]
    for reader in readers:
        assert reader.trailer["/Root"]["/Lang"] == "en"
        assert reader.metadata.creation_date == instant("2026-12-01 09:00")


def test_both_are_printed_in_each_language(rota, worked):
    worked(1)
    mine = wall_of(wall())["HUT · Ana"]

    for language in ("fr", "de", "lb"):
        with translation.override(language):
            papers = statement(rota), wall()

        assert ["Ana" in "".join(text_of(pdf)) for pdf in papers] == [True, True]
        assert {PdfReader(BytesIO(pdf)).trailer["/Root"]["/Lang"] for pdf in papers} == {language}
        assert wall_of(papers[1])["HUT · Ana"] == mine


# By the web.


def with_role(rota, name, role, code):
    person = rota.people[name]
    team.give_role(
        person=person, organisation=rota.organisations[code], role=role, first_day=LONG_AGO, by=BUILDER
    )
    return person


def asked_by(person, route, **path):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person, backend=SIGNED_IN_BY)
    return client.get(reverse(route, kwargs=path))


def test_a_lead_prints_the_wall_of_a_day_s_month_with_the_names_they_may_read(rota, scene):
    scene(4)
    lead = with_role(rota, "emil", Role.NIGHT_LEAD, "IA")

    answer = asked_by(lead, "rota-wall", day=day(21))

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == 'inline; filename="rota-2026-11.pdf"'
    assert in_any_order(of_people(wall_of(answer.content))) == in_any_order(everybodys_rows(own="IA"))
    assert decoded(modules_on(pages_of(answer.content)[0])) == ADDRESS


def test_the_address_in_the_code_shows_the_rota_of_the_month(rota, scene):
    scene(1)
    planner = rota.planners["HUT"].person
    code = decoded(modules_on(pages_of(asked_by(planner, "rota-wall", day=day(21)).content)[0]))
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(planner, backend=SIGNED_IN_BY)

    answer = client.get(code.removeprefix("http://testserver"))

    assert answer.status_code == 200


def test_who_has_only_shifts_prints_neither(rota):
    ana = with_role(rota, "ana", Role.WORKER, "HUT")

    answers = [
        asked_by(ana, "rota-wall", day=day(21)),
        asked_by(ana, "rota-sheet", organisation="HUT", month=FIRST, kind="pdf"),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]


def test_a_planner_takes_the_statement_of_their_own_organisation_along(rota, worked):
    worked(1)
    path = {"organisation": "HUT", "month": day(17), "kind": "pdf"}

    own, other = (asked_by(rota.planners[code].person, "rota-sheet", **path) for code in ("HUT", "CRL"))

    assert (own.status_code, own.content) == (200, statement(rota))
    assert own.headers["Content-Disposition"] == 'attachment; filename="register-HUT-2026-11.pdf"'
    assert (other.status_code, other.content[:4] == b"%PDF") == (403, False)


# What is not so yet.


def test_each_plan_of_the_month_has_its_version_on_the_wall(rota, clock_at):
    """HUT plans two weeks at a time; the second two weeks begin on the last day of November."""
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18)))
    clock_at("2026-11-05 16:20")
    rota.publish(rota.draft("HUT"))
    rota.published("HUT", day(30), day(13, 12))

    (text,) = text_of(wall())

    assert "version 1 of 05.11.2026 16:20" in text
    assert "version 2 of 05.11.2026 16:20" in text


def test_who_has_a_new_contract_hangs_there_once(rota):
    """Ben's contract is written anew on 23 November; he works one evening before and one after."""
    people.end_employment(
        employment=Employment.objects.get(person=rota.people["ben"]), last_day=day(22), by=BUILDER
    )
    employed(rota.people["ben"], rota.organisations["HUT"], minutes=1200, first_day=day(23))
    rota.published("HUT", MONDAY, SUNDAY, ("ben", day(18)), ("ben", day(25)))

    rows = wall_of(wall())["HUT · Ben"]

    shown = [number for cells, _sum in rows for number in cells]
    assert sorted(shown) == [18, 25]


def test_the_beginning_of_a_long_name_in_one_word_is_on_the_wall(rota):
    Person.objects.filter(pk=rota.people["ben"].pk).update(name="Papadopoulos-Konstantinopoulou")
    rota.published("HUT", MONDAY, SUNDAY, ("ben", day(18)))

    assert "HUT · Papadopoulos" in "".join(text_of(wall()))
