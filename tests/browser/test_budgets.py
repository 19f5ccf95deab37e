"""What a job may cost the hands: taps and keys, counted on a tablet, with the ledger asked what came of it.

After each act at the door the field is ready for the next person, and the bar takes the act back.
"""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from intake.models import Guest, HandoverItem, Incident
from shelter.actions import stepping
from shelter.models import Bed, BedNight, Closure, LogEntry, Night, Person, Refusal, Round
from shelter.rota.models import Assignment, Call
from tests.browser.conftest import PHONE
from tests.browser.finding import button, chip, exception, link, row, tile


def is_ready_for_the_next_person(page):
    field = page.locator("[data-finds='people']")
    expect(field).to_be_focused()
    expect(field).to_have_value("")


def take_back(page):
    """The bar stays for ten seconds; a second of them may have gone by."""
    bar = page.locator(".undo[role='status']")
    expect(bar).to_be_visible()
    assert int(bar.locator("[data-left]").inner_text()) in range(1, 11)
    button(bar, "Undo").tap()
    expect(bar).to_have_count(0)


# Job 1: check in somebody who comes back.


def test_check_in_from_the_list_is_two_taps(counted, evening):
    hands = counted("night_worker", "/door/")

    hands.tap(row(hands.page, "LINOTTE"))
    hands.tap(button(hands.page, "Check in to A-115"))

    expect(hands.page.locator(".undo")).to_contain_text("LINOTTE René")
    is_ready_for_the_next_person(hands.page)
    assert (hands.taps, hands.keys, hands.swipes) == (2, 0, 0)
    assert evening.state_of("Linotte") == ("in", "A-115")

    take_back(hands.page)

    is_ready_for_the_next_person(hands.page)
    assert evening.state_of("Linotte") == ("held", "A-115")


def test_check_in_by_five_letters_is_two_taps_and_five_keys(counted, evening):
    hands = counted("night_worker", "/door/")

    hands.type("moine")
    expect(row(hands.page, "LINOTTE")).to_have_count(0)
    hands.tap(row(hands.page, "MOINEAU"))
    hands.tap(button(hands.page, "Check in to B-211"))

    expect(hands.page.locator(".undo")).to_contain_text("MOINEAU Pierre")
    is_ready_for_the_next_person(hands.page)
    expect(row(hands.page, "LINOTTE")).to_be_visible()
    assert (hands.taps, hands.keys, hands.swipes) == (2, 5, 0)
    assert evening.state_of("Moineau") == ("in", "B-211")

    take_back(hands.page)

    assert evening.state_of("Moineau") == ("held", "B-211")


@pytest.mark.parametrize("before", ["nothing", "somebody else's panel"])
def test_check_in_by_card_is_one_tap(counted, evening, before):
    hands = counted("night_worker", "/door/")
    if before == "somebody else's panel":
        row(hands.page, "LINOTTE").tap()
        expect(button(hands.page, "Check in to A-115")).to_be_visible()

    hands.type(evening.guest("Melro").number)  # as a scanner types
    hands.press("Enter")
    hands.tap(button(hands.page, "Check in to A-117"))

    expect(hands.page.locator(".undo")).to_contain_text("MELRO Nuno")
    is_ready_for_the_next_person(hands.page)
    assert (hands.taps, hands.keys, hands.swipes) == (1, 5, 0)
    assert evening.state_of("Melro") == ("in", "A-117")

    take_back(hands.page)

    assert evening.state_of("Melro") == ("held", "A-117")


def test_scan_begun_while_a_panel_is_on_its_way_is_read_whole(opened, evening):
    page = opened("night_worker", "/door/")
    first, *rest = evening.guest("Melro").number
    on_their_way = []
    page.route("**/door/guests/*/", lambda route: on_their_way.append(route))

    row(page, "LINOTTE").tap()
    page.keyboard.type(first)
    on_their_way[0].continue_()
    expect(button(page, "Check in to A-115")).to_be_visible()
    page.wait_for_timeout(100)  # htmx settles the panel
    page.keyboard.type("".join(rest))

    expect(page.locator("[data-finds='people']")).to_have_value(first + "".join(rest))


def test_number_that_may_be_a_year_of_birth_stays_a_search(opened, evening):
    page = opened("night_worker", "/door/")

    page.keyboard.type("1966")
    page.keyboard.press("Enter")

    page.wait_for_url("**/door/?q=1966")
    expect(row(page, "LINOTTE")).to_be_visible()


# Job 2: somebody new.


def test_new_guest_with_a_bed_is_seven_taps_and_some_twenty_keys(counted, evening):
    hands = counted("night_worker", "/door/")
    page = hands.page

    hands.tap(link(page, "New person"))
    expect(page.get_by_label("Name as said")).to_be_focused()
    hands.type("Doina")
    hands.press("Tab")
    hands.type("Lebada")
    hands.press("Tab")
    hands.type("1985")
    hands.tap(chip(page, "with the women"))
    hands.tap(chip(page, "Romania"))
    hands.tap(chip(page, "română"))
    hands.tap(chip(page, "Told what is written down and why (card shown)"))
    hands.tap(button(page, "Save and register for tonight"))
    hands.tap(button(page, "Check in to"))

    expect(page.locator(".undo")).to_contain_text("LEBADA Doina")
    is_ready_for_the_next_person(page)
    assert hands.taps <= 7
    assert hands.keys <= 25
    assert hands.swipes <= 2
    guest = evening.guest("Lebada")
    assert (guest.name, guest.birth_year, guest.sleeps, guest.nationality, guest.languages, guest.told_in) == (
        "Doina", 1985, "women", "RO", ["ro"], "ro",
    )  # fmt: skip
    state, bed = evening.state_of("Lebada")
    assert (state, bed[:2]) == ("in", "F-")

    take_back(page)

    assert evening.state_of("Lebada")[0] == "undone"
    assert Guest.objects.filter(family_name="Lebada").count() == 1


# Job 3: refuse.


def test_refusal_with_its_reason_is_four_taps(counted, evening):
    hands = counted("night_worker", "/door/")
    page = hands.page

    hands.tap(link(page, "Refuse or redirect"))
    hands.tap(chip(page, "behaviour tonight"))
    hands.tap(chip(page, "night stop (halte de nuit)"))
    hands.tap(button(page, "Save"))

    expect(page.locator(".undo")).to_contain_text("behaviour tonight")
    is_ready_for_the_next_person(page)
    assert (hands.taps, hands.keys, hands.swipes) == (4, 0, 0)
    refusal = Refusal.objects.order_by("id").last()
    assert (refusal.reason, refusal.referral, refusal.occupant) == ("behaviour_tonight", "halte", None)

    take_back(page)

    is_ready_for_the_next_person(page)
    refusal.refresh_from_db()
    assert refusal.withdrawn_at is not None


# Job 4: move.


def test_move_to_another_bed_is_three_taps(counted, evening):
    hands = counted("night_worker", "/board/")
    page = hands.page
    was = evening.state_of("Asfour")

    hands.tap(tile(page, was[1]))
    hands.tap(link(page, "Move"))
    hands.tap(tile(page, "A-113"))

    expect(page.locator(".undo")).to_contain_text("ASFOUR Mohamed")
    assert (hands.taps, hands.keys, hands.swipes) == (3, 0, 0)
    assert evening.state_of("Asfour") == ("in", "A-113")

    take_back(page)

    page.wait_for_url("**/board/")
    assert evening.state_of("Asfour") == was


# Job 5: the morning.


def test_morning_with_six_exceptions_is_two_taps_and_at_most_two_for_each(counted, evening, set_clock):
    set_clock("2026-11-22 02:00")
    stepping.tick()
    set_clock("2026-11-22 07:40")
    hands = counted("night_lead", "/door/")
    page = hands.page
    early, never = ["Amsel", "Asfour", "Geai"], ["Bulbul", "Drossel", "Jaxaay"]

    hands.tap(link(page, "Morning"))
    for said, names in (("left earlier", early), ("never slept here", never)):
        for name in names:
            hands.tap(exception(page, name, said))
    hands.tap(button(page, "close the night"))

    page.wait_for_url("**/nights/2026-11-21/log/")
    assert (hands.taps, hands.keys) == (8, 0)  # the budget is 2 + 2 for each exception: 14
    assert evening.tonight().state == Night.State.CLOSED
    went = dict.fromkeys(early, "left") | dict.fromkeys(never, "undone")
    assert {name: evening.state_of(name)[0] for name in went} == went
    rows = BedNight.objects.filter(night=evening.tonight()).order_by()
    assert {state: rows.filter(state=state).count() for state in BedNight.State.values} == {
        "held": 0, "in": 0, "left": evening.ARRIVED - 3, "released": 7, "undone": 3,
    }  # fmt: skip
    causes = LogEntry.objects.filter(night=evening.tonight(), verb="left").order_by("id")
    assert sorted({entry.facts["cause"] for entry in causes}) == ["left_earlier", "morning"]


# Job 6: a bed out of service.


def test_bed_out_of_service_until_tomorrow_is_four_taps(counted, evening):
    hands = counted("night_lead", "/board/")
    page = hands.page

    hands.tap(tile(page, "A-110"))
    hands.tap(page.locator("summary", has_text="Out of service"))
    hands.tap(chip(page, "hygiene"))
    hands.tap(button(page, "Put out of service"))

    expect(tile(page, "A-110")).to_have_class("tile closed")
    assert (hands.taps, hands.keys, hands.swipes) == (4, 0, 0)
    closure = Closure.objects.on(evening.TONIGHT).get(bed=Bed.objects.get(label="A-110"))
    assert (closure.reason, closure.first_night, closure.last_night) == (
        "hygiene", evening.TONIGHT, evening.TONIGHT + timedelta(days=1),
    )  # fmt: skip

    button(page, "Back in service").tap()

    expect(tile(page, "A-110")).to_have_class("tile free")
    closure.refresh_from_db()
    assert closure.withdrawn_at is not None


# Job 7: an incident.


def test_incident_is_seven_taps_and_some_sixty_keys(counted, evening):
    hands = counted("night_worker", "/night/")
    page = hands.page
    number = evening.guest("Asfour").number

    hands.tap(link(page, "Incident"))
    hands.tap(chip(page, "quarrel"))
    hands.tap(chip(page, "2 noticeable"))
    hands.tap(page.get_by_label("Involved (numbers)"))
    hands.type(number)
    hands.tap(chip(page, "police called"))
    hands.tap(page.get_by_label("In a few words"))
    hands.type("two beds apart, loud about a window, both calm by half past")
    hands.tap(button(page, "Save"))

    page.wait_for_url("**/night/")
    assert (hands.taps, hands.keys) == (7, 63)
    assert hands.swipes <= 3
    incident = Incident.objects.get()
    assert (incident.kind, incident.severity, incident.place, incident.police) == (
        "quarrel",
        2,
        "dormitory",
        True,
    )
    assert [person.occupant.number for person in incident.people.all()] == [number]


# Job 8: handing over.


def test_handover_is_three_taps_and_two_lines_and_taking_over_is_one_tap(counted, evening):
    words = "Shower three drips, plumber called. Amsel wants the lower bed again, agreed."
    hands = counted("night_lead", "/night/")
    page = hands.page

    hands.tap(link(page, "Handover"))
    hands.tap(page.get_by_label("For those who come"))
    hands.type(words)
    hands.tap(button(page, "Hand over"))

    expect(page.get_by_text("Shower three drips")).to_be_visible()
    assert (hands.taps, hands.keys) == (3, len(words))
    assert len(words) <= 80
    assert HandoverItem.objects.filter(acknowledged_at__isnull=True).count() > 0

    incoming = counted("coordinator", "/night/handover/")
    incoming.tap(button(incoming.page, "Read: I take over"))

    expect(button(incoming.page, "Read: I take over")).to_have_count(0)
    assert (incoming.taps, incoming.keys) == (1, 0)
    assert HandoverItem.objects.filter(acknowledged_at__isnull=True).count() == 0


# The round: what a phone asks of a thumb.


def test_round_takes_one_tap_for_each_difference_and_two_around_it(counted, evening):
    hands = counted("night_worker", "/night/rounds/", size=PHONE)
    page = hands.page
    bed = Bed.objects.get(label=evening.state_of("Asfour")[1])

    hands.tap(button(page, "Begin the round").last)
    hands.tap(button(page.locator(f"#bed-{bed.pk}"), "empty"))
    expect(page.locator(f"#bed-{bed.pk}.differs")).to_be_visible()
    hands.tap(button(page, "Close the round"))

    expect(page.get_by_role("heading", name="1 difference to the ledger")).to_be_visible()
    assert (hands.taps, hands.keys) == (3, 0)
    closed = Round.objects.get(kind="census")
    assert closed.counted == evening.ARRIVED - 1


# Job 9: who is in 214?


@pytest.mark.parametrize("place", ["/door/", "/board/"])
def test_who_is_in_a_bed_is_three_keys(counted, evening, place):
    hands = counted("night_worker", place)

    hands.type("214")

    answer = hands.page.locator("a.person", has_text="بلبل محمد")
    expect(answer).to_be_in_viewport()
    expect(answer).to_contain_text("B-214")
    assert (hands.taps, hands.keys, hands.swipes) == (0, 3, 0)


def test_bed_typed_on_the_board_is_marked_and_brought_into_view(counted):
    hands = counted("night_worker", "/board/")

    hands.type("701")

    expect(tile(hands.page, "I-701")).to_have_class("tile free found")
    expect(tile(hands.page, "I-701")).to_be_in_viewport()


# The bar goes by itself.


def test_undo_bar_goes_after_ten_seconds(opened, evening):
    page = opened("night_worker")
    page.clock.install()
    page.goto("/door/")
    row(page, "LINOTTE").tap()
    button(page, "Check in to A-115").tap()
    bar = page.locator(".undo")
    expect(bar).to_be_visible()

    page.clock.run_for(8_000)
    expect(bar).to_be_visible()
    page.clock.run_for(2_000)

    expect(bar).to_have_count(0)
    assert evening.state_of("Linotte") == ("in", "A-115")


# Job 10: a week of the rota. Job 11: somebody cannot come.


def cell_of(page, name, day):
    return page.locator(f"td[data-day='{day}'] > a[aria-label^='{name}']")


def test_week_of_the_rota_is_three_taps_and_two_keys_for_each_edit(counted, evening):
    hands = counted("planner", "/rota/?week=2026-11-23")
    page, edits = hands.page, "SS"
    worker = Person.objects.get(username="night_lead").name

    cell_of(page, worker, "2026-11-25").focus()
    for letter in edits:
        hands.type(letter)
        hands.press("ArrowRight")
    expect(page.locator("td.waiting")).to_have_count(0)
    hands.tap(page.locator("a[href*='/publish/']").first)
    page.get_by_label("Reason").fill("the week begins tomorrow")
    hands.tap(button(page, "Publish"))

    expect(page.locator("#grid")).to_be_visible()
    drafted = Assignment.objects.standing().filter(person__username="night_lead")
    assert list(drafted.order_by("start").values_list("shift__template__letter", flat=True)) == [*"NSS"]
    assert hands.taps <= 3  # the budget is 8 for the whole week
    assert hands.keys == 2 * len(edits)  # about 100 for twenty edits and the reasons


def test_letter_is_seen_before_the_house_has_answered(opened, evening):
    page = opened("planner", "/rota/?week=2026-11-23", touch=False)
    held, let_go = [], []
    page.route("**/rota/people/**", lambda route: route.continue_() if let_go else held.append(route))
    cell = cell_of(page, Person.objects.get(username="night_lead").name, "2026-11-26")

    cell.focus()
    page.keyboard.press("S")
    expect(cell).to_have_text("S")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("N")
    expect(cell_of(page, Person.objects.get(username="night_lead").name, "2026-11-27")).to_have_text("N")
    assert len(held) == 1  # one after the other

    let_go.append(True)
    held[0].continue_()
    expect(page.locator("td.waiting")).to_have_count(0)
    given = Assignment.objects.filter(person__username="night_lead", plan__state="draft")
    assert given.filter(shift__template__letter__in="SN").count() == 3


def test_letter_changes_its_row_the_cover_and_what_is_to_be_solved(opened, evening):
    page = opened("planner", "/rota/?week=2026-11-23", touch=False)
    name = Person.objects.get(username="night_lead").name
    cell, row = cell_of(page, name, "2026-11-26"), page.locator("tr", has=cell_of(page, name, "2026-11-26"))
    others = page.locator("#grid tr").nth(1).element_handle()
    cover, planned = page.locator("#coverage").inner_text(), row.locator(".sum").first.inner_text()
    to_solve = int(page.locator("#to-solve .number").inner_text())

    cell.focus()
    page.keyboard.press("S")
    expect(page.locator("td.waiting")).to_have_count(0)
    expect(row.locator(".sum").first).not_to_have_text(planned)
    expect(cell).to_be_focused()
    assert page.locator("#coverage").inner_text() != cover
    others_days = [day for day in range(23, 30) if day != 26]
    for day in others_days:  # a week without a day off
        cell_of(page, name, f"2026-11-{day}").focus()
        page.keyboard.press("S")
    expect(page.locator("td.waiting")).to_have_count(0)

    solve = page.locator("#to-solve").locator("..").locator("[data-to-solve]")
    expect(solve.filter(has_text=name)).not_to_have_count(0)
    assert int(page.locator("#to-solve .number").inner_text()) == solve.count() > to_solve
    assert others.evaluate("element => element.isConnected")  # nothing else was drawn anew
    for _given in (26, *others_days):
        page.keyboard.press("Control+z")
    expect(page.locator("td.waiting")).to_have_count(0)
    expect(page.locator("#to-solve .number")).to_have_text(f"{to_solve}")
    assert page.locator("#coverage").inner_text() == cover


def test_sudden_absence_is_filled_with_one_key_and_one_tap(counted, evening):
    hands = counted("coordinator", "/rota/?week=2026-11-23")
    page = hands.page

    cell_of(page, Person.objects.get(username="worker").name, "2026-11-25").focus()
    hands.press("X")
    page.wait_for_url("**/rota/shifts/**")
    lead = page.locator(".person", has_text=Person.objects.get(username="night_lead").name)
    hands.tap(button(lead, "Takes it"))

    page.wait_for_load_state("networkidle")
    there = Assignment.objects.standing().filter(
        shift__night__date="2026-11-25", shift__template__code="evening"
    )
    assert list(there.values_list("person__username", flat=True)) == ["night_lead"]
    assert Call.objects.filter(answer="yes").count() == 1
    assert (hands.taps, hands.keys) == (1, 1)  # the budget is a key and three taps
