"""The evening on paper: printed as a sheet that knows its lines, entered afterwards with the hours written on it."""

import io

import pypdf
import pytest
from django.urls import reverse

from intake.actions import door
from intake.actions import paper as verbs
from intake.models import Guest, PaperSheet
from shelter import nights
from shelter.actions import stepping
from shelter.models import BedNight, LogEntry, Registration, Role
from tests.conftest import BUILDER, TONIGHT
from tests.plain_browser import PlainBrowser
from tests.transactions import house_is_outermost

ENTER = "Enter these lines"


@pytest.fixture(autouse=True)
def outermost():
    with house_is_outermost():
        yield


@pytest.fixture
def expected(night, guest):
    def registered(name, **answers):
        known = guest(name, **answers)
        door.register_for_tonight(guest=known, night=night, by=BUILDER)
        return known

    return registered


@pytest.fixture
def sheet(expected, night, clock_at):
    """Hibou, Merle and Pic on lines 1 to 3 of a sheet printed at 20:14; it is 22:30 when it is entered."""
    for name in ("Merle", "Pic", "Hibou"):
        expected(name)
    printed = verbs.print_sheet(night=night, by=BUILDER)
    clock_at(f"{TONIGHT} 22:30")
    return printed


@pytest.fixture
def screen(sheet, people):
    """The sheet on the screen of a role."""

    def opened(role="night_worker"):
        return PlainBrowser(people[Role(role)]).open(reverse("sheet", args=[sheet.pk]))

    return opened


def inside():
    """Who is in which bed since when, local time."""
    rows = BedNight.objects.filter(state="in").select_related("bed", "occupant__guest").order_by("id")
    return {
        row.occupant.guest.name: (row.bed.label, f"{nights.local(row.arrived_at):%d.%m. %H:%M}")
        for row in rows
    }


# Printed.


def test_one_tap_prints_the_evening_and_keeps_its_lines(expected, night, house, client_as):
    held = expected("Merle")
    door.check_in(guest=held, night=night, by=BUILDER, bed=house.beds["MA1"])
    other = expected("Hibou", family_name="Grand-Duc")

    answer = client_as("night_worker").post(reverse("sheets"), follow=True)

    kept = PaperSheet.objects.get()
    assert [line["occupant"] for line in kept.lines] == [other.occupant_id, held.occupant_id]
    assert [line["bed"] for line in kept.lines] == [None, house.beds["MA1"].pk]
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")


def test_names_beds_blank_lines_and_phrases_stand_on_paper(sheet, client_as):
    paper = client_as("night_worker").get(
        reverse("sheet-pdf", args=[sheet.pk]), headers={"Accept-Language": "en"}
    )

    pages = pypdf.PdfReader(io.BytesIO(paper.content)).pages
    text = "\n".join(page.extract_text() for page in pages)
    parts = ("Hibou", "Merle", "Pic", "By name", "By bed", "Not on the list", str(3 + verbs.BLANK_LINES))
    assert {part: part in text for part in parts} == dict.fromkeys(parts, True)


def test_the_lines_stay_as_printed_whoever_registers_later(sheet, expected, screen):
    expected("Avocette")

    browser = screen()

    words = " ".join(browser.page.words)
    assert (words.index("Hibou") < words.index("Merle") < words.index("Pic"), "Avocette" in words) == (
        True,
        False,
    )


# Entered.


def test_lines_are_entered_with_their_hour_and_bed_and_marked_as_from_paper(sheet, screen, people):
    browser = screen()

    browser.press(ENTER, **{"came-1": "on", "at-1": "19:40", "bed-1": "MA4", "came-3": "on", "at-3": "21:05"})

    (first, second) = LogEntry.objects.filter(verb="checked_in").order_by("id")
    assert inside()["Hibou"] == ("MA4", "21.11. 19:40")
    assert (inside()["Pic"][1], sorted(inside())) == ("21.11. 21:05", ["Hibou", "Pic"])
    assert {(line.source, line.by) for line in (first, second)} == {("paper", people[Role.NIGHT_WORKER])}
    assert browser.sees("Every line that was filled in is entered")


def test_an_hour_after_midnight_belongs_to_the_same_night(sheet, screen, clock_at):
    clock_at("2026-11-22 02:00")

    screen().press(ENTER, **{"came-1": "on", "at-1": "01:15"})

    assert inside()["Hibou"][1] == "22.11. 01:15"


@pytest.mark.parametrize(("written", "read"), [("19h40", "19:40"), ("19.40", "19:40"), ("19:40:00", "19:40")])
def test_hours_are_read_as_people_write_them(sheet, screen, written, read):
    screen().press(ENTER, **{"came-1": "on", "at-1": written})

    assert inside()["Hibou"][1] == f"21.11. {read}"


def test_without_an_hour_the_hour_of_printing_stands(sheet, screen):
    screen().press(ENTER, **{"came-1": "on"})

    assert inside()["Hibou"][1] == "21.11. 20:14"


def test_a_refused_line_does_not_lose_the_others_and_stays_to_be_mended(sheet, screen):
    browser = screen()

    browser.press(
        ENTER,
        **dict.fromkeys(("came-1", "came-2", "came-3"), "on"),
        **{"bed-1": "MA4", "bed-2": "MA4", "at-2": "20:50", "bed-3": "MB1"},
    )

    refused = (browser.status, browser.sees("1 line could not be entered; the others are"))
    beds = {name: bed for name, (bed, _at) in inside().items()}
    held = browser.answers(ENTER)
    assert refused == (409, True)
    assert beds == {"Hibou": "MA4", "Pic": "MB1"}
    assert (browser.sees("Bed MA4 is already taken"), held["bed-2"], held["at-2"]) == (
        True,
        ["MA4"],
        ["20:50"],
    )
    assert ("came-1" in held, "came-2" in held) == (False, True)

    browser.press(ENTER, **{"bed-2": "MA5"})

    assert (browser.status, inside()["Merle"]) == (200, ("MA5", "21.11. 20:50"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"at-1": "25:00"}, "The time on this line cannot be read"),
        ({"at-1": "soon"}, "The time on this line cannot be read"),
        ({"at-1": "23:50"}, "still to come"),
        ({"bed-1": "XX9"}, "There is no bed XX9"),
        ({"bed-1": "WO1"}, "where this person should not sleep"),
    ],
)
def test_a_line_that_cannot_be_so_says_why_and_enters_nobody(sheet, screen, wrong, said):
    browser = screen()

    browser.press(ENTER, **({"came-1": "on", "at-1": "20:00"} | wrong))

    assert (browser.status, browser.sees(said), inside()) == (409, True, {})


def test_a_sheet_sent_twice_is_entered_once(sheet, screen):
    browser = screen()

    browser.press(
        ENTER, **{"came-1": "on", "at-1": "19:40", "name-4": "Grue", "sleeps-4": "men", "at-4": "19:50"}
    )
    once = (inside(), Guest.objects.count(), LogEntry.objects.count())
    browser.open(browser.at).press(ENTER)

    assert (inside(), Guest.objects.count(), LogEntry.objects.count()) == once


def test_a_line_nobody_ticked_enters_nobody(sheet, screen):
    browser = screen()

    browser.press(ENTER, **{"at-1": "19:40", "bed-1": "MA4"})

    assert (browser.status, inside()) == (200, {})


def test_somebody_entered_at_the_door_meanwhile_is_shown_as_entered(sheet, screen, house, night):
    first = Guest.objects.get(name="Hibou")
    door.check_in(guest=first, night=night, by=BUILDER, bed=house.beds["MA1"])

    browser = screen()

    held = browser.answers(ENTER)
    assert ("bed-1" in held, "bed-2" in held, browser.sees("is entered")) == (False, True, True)


# Blank lines.


def test_a_blank_line_makes_a_guest_registered_and_inside(sheet, screen):
    screen().press(ENTER, **{"name-5": "Grue", "sleeps-5": "women", "at-5": "20:05", "bed-5": "WO2"})

    known = Guest.objects.get(name="Grue")
    assert (known.sleeps, inside()["Grue"]) == ("women", ("WO2", "21.11. 20:05"))
    assert Registration.objects.filter(occupant=known.occupant, night=sheet.night).count() == 1
    lines = LogEntry.objects.filter(occupant=known.occupant).order_by("id").values_list("verb", "source")
    assert list(lines) == [("guest_added", "paper"), ("registered", "paper"), ("checked_in", "paper")]


def test_a_blank_line_that_is_refused_leaves_no_guest_behind(sheet, screen):
    browser = screen()

    browser.press(ENTER, **{"name-5": "Grue", "sleeps-5": "men", "bed-5": "WO2"})

    held = browser.answers(ENTER)
    assert (browser.status, Guest.objects.filter(name="Grue").count()) == (409, 0)
    assert (held["name-5"], held["sleeps-5"], held["bed-5"]) == (["Grue"], ["men"], ["WO2"])


@pytest.mark.parametrize("name", ["", "   ", "\u200e"])
def test_a_blank_line_without_a_name_is_asked_about(sheet, screen, name):
    browser = screen()

    browser.press(ENTER, **{"came-5": "on", "name-5": name, "at-5": "20:05"})

    assert (browser.status, browser.sees("This line has no name"), Guest.objects.count()) == (409, True, 3)


# The numbers.


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        ("2", "The number counted on paper agrees"),
        ("3", "Counted on paper: 3, by the ledger: 2"),
        ("two", "Counted on paper: two, by the ledger: 2"),
    ],
)
def test_the_number_counted_on_paper_is_compared_with_the_ledger(sheet, screen, counted, said):
    browser = screen()

    browser.press(ENTER, **{"came-1": "on", "came-2": "on", "counted": counted})

    assert (browser.status, browser.sees(said)) == (200, True)


# After the evening.


def test_who_came_while_the_doors_were_open_is_entered_after_they_closed(sheet, screen, night, clock_at):
    clock_at("2026-11-22 00:30")
    stepping.step(night=night, to="doors_closed", by=BUILDER)
    browser = screen()

    browser.press(ENTER, **{"came-1": "on", "at-1": "20:30"})

    assert (browser.status, inside()) == (200, {"Hibou": (inside().get("Hibou", ("",))[0], "21.11. 20:30")})
