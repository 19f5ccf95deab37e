"""The lists on paper name everybody they should, and nobody else."""

import unicodedata
from collections import Counter
from io import BytesIO

import pytest
from django.utils import translation
from pypdf import PdfReader

from intake import paper
from intake.actions import door
from intake.models import Guest
from intake.paper import evening, presence
from intake.paper.furniture import sheet
from shelter import queries as house_queries
from shelter.actions import placing, registering, stepping
from shelter.models import Night
from shelter.paper import bound
from tests.harness import count_queries, same_queries_for

NAMES = [
    "Łukasz Świątek",
    "Ștefan Țurcanu",
    "Đặng Thị Ánh",
    "Ольга Щербакова",
    "محمد عبد الله",
    "ዮናስ ሰሎሞን",
    "<b>Jos</b> & <para>",
]
LONGEST = "Wolfeschlegelsteinhausen " * 3 + "Berge"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def text_of(pdf):
    """All words of a list; joined Arabic letters as plain ones."""
    pages = PdfReader(BytesIO(pdf)).pages
    return unicodedata.normalize("NFKC", "\n".join(page.extract_text() for page in pages))


def rows_between(text, first, last):
    lines = text.splitlines()
    return lines[lines.index(first) : lines.index(last)]


@pytest.fixture
def guest(night, by):
    """Somebody registered tonight: `guest("Jos", sleeps="women")`."""

    def registered(name, on=night, sleeps="men", **answers):
        return door.add_and_register(night=on, by=by("night_worker"), name=name, sleeps=sleeps, **answers)

    return registered


@pytest.fixture
def inside(night, by, guest):
    """Somebody who has come in: `inside("Jos", bed=house.beds["MA1"])`."""

    def came(name, bed=None, **answers):
        somebody = guest(name, **answers)
        return door.check_in(guest=somebody, night=night, by=by("night_worker"), bed=bed)

    return came


@pytest.fixture
def tomorrow(season, by, clock_at):
    """`tomorrow()` is the night of 22 November, at one o'clock when registration is open."""

    def opened():
        clock_at("2026-11-22 13:00")
        night = Night.objects.get(date="2026-11-22")
        return stepping.step(night=night, to=Night.State.OPEN, by=by("coordinator"))

    return opened


# Who is inside.


@pytest.mark.parametrize("name", NAMES)
def test_everybody_inside_stands_on_the_presence_list(night, inside, name):
    row = inside(name, birth_year=1961)

    lines = text_of(paper.presence_list(night)).splitlines()

    place = lines.index(row.bed.label)
    assert lines[place : place + 4] == [row.bed.label, row.occupant.number, name, "1961"]


def test_name_too_long_for_its_row_still_begins_there_beside_its_number(night, inside):
    row = inside(LONGEST, family_name=LONGEST)

    text = text_of(paper.presence_list(night))

    assert (row.occupant.number in text, "WOLFESCHLEGELSTEINHAUSEN" in text) == (True, True)


def test_only_people_inside_stand_on_the_presence_list(night, by, inside, guest):
    inside("Amsel")
    guest("Drossel")
    placing.leave(bed_night=inside("Meise"), by=by("night_worker"))

    text = text_of(paper.presence_list(night))

    assert {name: name in text for name in ("Amsel", "Drossel", "Meise")} == {
        "Amsel": True,
        "Drossel": False,
        "Meise": False,
    }


def test_presence_list_counts_people_in_the_house_and_in_each_dormitory(house, night, inside):
    for number in (1, 2):
        inside(f"Amsel {number}", bed=house.beds[f"MA{number}"])
    inside("Meise", sleeps="women", bed=house.beds["WO1"])

    lines = text_of(paper.presence_list(night)).splitlines()

    assert lines[lines.index("people inside") - 1] == "3"
    assert [line for line in lines if " · " in line and "Foyer" not in line] == ["Men A · 2", "Women · 1"]


def test_those_who_need_help_to_leave_are_marked_and_counted(night, inside):
    inside("Amsel", lower_bed=True)
    inside("Drossel", step_free=True, lower_bed=True)
    inside("Meise", dog=True)

    text = text_of(paper.presence_list(night))

    assert text.splitlines().count("HELP") == 2
    assert "2 need help to leave" in text


def test_empty_house_gives_a_list_that_says_nobody_is_inside(night, guest):
    guest("Drossel")

    text = text_of(paper.presence_list(night))

    assert ("Nobody is inside." in text, "Dormitory" in text, "Drossel" in text) == (True, False, False)


def test_somebody_whose_file_is_gone_still_counts_as_inside(night, inside):
    row = inside("Amsel")
    Guest.objects.filter(occupant=row.occupant).delete()

    lines = text_of(paper.presence_list(night)).splitlines()

    place = lines.index(row.bed.label)
    assert lines[place : place + 3] == [row.bed.label, row.occupant.number, "(name not kept)"]


def test_presence_list_asks_no_more_questions_for_more_people(night, inside):
    inside("Amsel")
    paper.presence_list(night)
    with count_queries() as few:
        paper.presence_list(night)
    for number in range(5):
        inside(f"Drossel {number}")
    with count_queries() as many:
        paper.presence_list(night)

    same_queries_for(few, many)


# The evening.


@pytest.mark.parametrize("name", NAMES)
def test_everybody_on_tonights_list_stands_there_by_zone_and_by_name(night, guest, name):
    guest(name)

    lines = text_of(paper.evening_list(night)).splitlines()

    assert lines.count(name) == 2


def test_evening_list_is_in_the_order_of_names(night, guest):
    for name, family_name in (("Jos", "Zeisig"), ("Đặng", ""), ("Ștefan", "Țurcanu"), ("Ali", "Amsel")):
        guest(name, family_name=family_name)

    by_name = rows_between(text_of(paper.evening_list(night)), "By name", "Free beds")

    names = ("AMSEL Ali", "Đặng", "ȚURCANU Ștefan", "ZEISIG Jos")
    assert [line for line in by_name if line in names] == list(names)


def test_by_zone_people_stand_where_they_sleep(house, night, inside, guest):
    guest("Amsel")
    guest("Meise", sleeps="women")
    guest("Star", sleeps="ask")
    guest("Specht", dog=True)
    inside("Kuckuck", works_nights=True, bed=house.beds["WK1"])

    by_zone = rows_between(text_of(paper.evening_list(night)), "By zone", "By name")

    names = ("Amsel", "Meise", "Star", "Specht", "Kuckuck")
    assert [line for line in by_zone if line in names or (" · " in line and "Foyer" not in line)] == [
        "Men · 1", "Amsel", "Women · 1", "Meise", "Workers · 1", "Kuckuck", "People with dogs · 1", "Specht",
        "To talk over with staff · 1", "Star",
    ]  # fmt: skip


def test_late_additions_are_marked(tomorrow, guest, by):
    night = tomorrow()
    guest("Amsel", on=night)
    frozen = stepping.step(night=night, to=Night.State.LIST_FROZEN, by=by("coordinator"))
    guest("Drossel", on=frozen)

    by_name = rows_between(text_of(paper.evening_list(frozen)), "By name", "Free beds")

    assert [line for line in by_name if line in ("Amsel", "Drossel", "ADDED")] == [
        "Amsel",
        "Drossel",
        "ADDED",
    ]


def test_bed_kept_and_last_bed_stand_on_the_list(house, inside, by, tomorrow):
    kept = inside("Amsel", bed=house.beds["MB1"])
    given_up = inside("Drossel", bed=house.beds["MB2"])
    night = tomorrow()
    for row in (kept, given_up):
        registering.register(occupant=row.occupant, night=night, by=by("field_worker"))
    placing.release(bed_night=night.bed_nights.get(bed=given_up.bed), by=by("night_worker"), cause="late")

    listed = evening.evening_of(night)

    assert [(caller.name, caller.bed, caller.last_bed) for caller in listed.callers] == [
        ("Amsel", "MB1", ""),
        ("Drossel", "", "MB2"),
    ]
    assert {"MB1", "MB2"} <= set(text_of(paper.evening_list(night)).splitlines())


def test_state_is_told_in_words_and_time(night, guest, inside, by, clock_at):
    guest("Amsel")
    inside("Drossel")
    row = inside("Meise")
    clock_at("2026-11-21 20:31")
    placing.leave(bed_night=row, by=by("night_worker"))

    by_name = rows_between(text_of(paper.evening_list(night)), "By name", "Free beds")

    words = ("expected", "arrived 20:14", "left 20:31")
    assert [line for line in by_name if line in words] == list(words)


def test_somebody_let_in_without_registration_stands_on_the_list(night, by, guest):
    somebody = guest("Amsel")
    registration = house_queries.registered(night).get()
    registering.withdraw_registration(registration=registration, by=by("night_worker"))
    door.check_in(guest=somebody, night=night, by=by("coordinator"), override_reason="Brought by the police.")

    assert text_of(paper.evening_list(night)).splitlines().count("Amsel") == 2


def test_evening_list_ends_with_free_beds_and_twenty_lines(house, night, inside):
    inside("Meise", sleeps="women", bed=house.beds["WO2"])

    text = text_of(paper.evening_list(night))

    lines = text.splitlines()
    assert lines[lines.index("Women", lines.index("Free beds")) :][:3] == ["Women", "2", "WO1 · WO3"]
    walk_ins = lines[lines.index("Not on the list") :]
    assert [line for line in walk_ins if line.isdigit()] == [str(number) for number in range(1, 21)]


def test_three_hundred_people_and_their_numbers_all_stand_on_paper(night):
    sleepers = [presence.Sleeper(f"A-{n}", f"{n:04d}", f"Amsel {n}", "", "") for n in range(300)]
    callers = [
        evening.Caller(f"{n:04d}", f"Amsel {n}", "", "men", "", "", "", False, "expected", "")
        for n in range(300)
    ]
    stories = (
        presence.story([presence.Room("Men A", tuple(sleepers))]),
        evening.story(evening.Evening(tuple(callers), ())),
    )

    pages = [text_of(bound(sheet("List", night), story)).splitlines() for story in stories]

    seen = [Counter(line for line in lines if line.startswith("Amsel ")) for lines in pages]
    assert seen == [{f"Amsel {n}": times for n in range(300)} for times in (1, 2)]


def test_evening_list_asks_no_more_questions_for_more_people(night, guest):
    guest("Amsel")
    paper.evening_list(night)
    with count_queries() as few:
        paper.evening_list(night)
    for number in range(5):
        guest(f"Drossel {number}")
    with count_queries() as many:
        paper.evening_list(night)

    same_queries_for(few, many)


# Both.


@pytest.mark.parametrize("make", [paper.presence_list, paper.evening_list])
def test_same_evening_gives_the_same_bytes(night, inside, make):
    for name in NAMES:
        inside(name)

    assert make(night) == make(night)


@pytest.mark.parametrize("make", [paper.presence_list, paper.evening_list])
def test_lists_are_in_the_readers_language(night, make):
    with translation.override("fr"):
        pdf = make(night)

    assert PdfReader(BytesIO(pdf)).trailer["/Root"]["/Lang"] == "fr"
    assert "samedi 21 novembre 2026" in text_of(pdf)


@pytest.mark.parametrize("make", [paper.presence_list, paper.evening_list])
def test_all_fonts_of_a_list_are_in_the_file(night, inside, make):
    for name in NAMES:
        inside(name)

    reader = PdfReader(BytesIO(make(night)))
    things = [reader.get_object(number) for number in range(1, reader.trailer["/Size"])]
    fonts = [thing for thing in things if isinstance(thing, dict) and thing.get("/Type") == "/Font"]

    assert [font["/BaseFont"] for font in fonts if "/FontFile2" not in font.get("/FontDescriptor", {})] == []
    assert len(fonts) == 4
