"""The pages of an evening: for whom they open, how they grow, and that they work without a script."""

from datetime import timedelta

import pytest
from django.urls import reverse

from intake.actions import door
from intake.actions import night as verbs
from intake.actions import paper as sheets
from intake.actions.guests import add_guest
from intake.models import Guest
from shelter import clock
from shelter.actions import admission, closing, housekeeping, placing, stepping, watching
from shelter.gate import declared
from shelter.models import BedNight, Closure, LogEntry, Night, Refusal, Registration, Role
from tests.config.test_access import ROUTES
from tests.conftest import BUILDER, TONIGHT, instant
from tests.harness import count_queries, same_queries_for
from tests.night_things import addresses_of_the_night, things_of_the_night
from tests.plain_browser import PlainBrowser
from tests.report_things import addresses_of_the_reports, things_of_the_reports
from tests.rota_things import addresses_of_the_rota, things_of_the_rota
from tests.transactions import house_is_outermost

YESTERDAY, TOMORROW = TONIGHT - timedelta(days=1), TONIGHT + timedelta(days=1)


@pytest.fixture(autouse=True)
def outermost():
    with house_is_outermost():
        yield


@pytest.fixture
def expected(night, guest):
    """Somebody registered for tonight: `expected("Awa", sleeps="women")`."""

    def registered(*name, **answers):
        known = guest(*name, **answers)
        door.register_for_tonight(guest=known, night=night, by=BUILDER)
        return known

    return registered


@pytest.fixture
def here(expected, night, house):
    """Somebody inside, as their bed-night: `here("Hibou", "MA1")`."""

    def inside(name="Hibou", bed="MA1", **answers):
        known = expected(name, **answers)
        return door.check_in(guest=known, night=night, by=BUILDER, bed=house.beds[bed])

    return inside


@pytest.fixture
def tablet(night, people):
    """The night worker's tablet without scripts; `tablet("night_lead")` is the lead's."""

    def of(role="night_worker"):
        return PlainBrowser(people[Role(role)])

    return of


def state_of(row):
    return BedNight.objects.get(pk=row.pk).state


def words_of_log(*verbs):
    return list(LogEntry.objects.filter(verb__in=verbs).order_by("id").values_list("verb", flat=True))


# For whom the pages open, in both languages; the harness looks for variables that are not there.


@pytest.fixture
def lived_in(here, expected, house, night, people):
    """An evening with somebody in every state and all that a night leaves behind; what paths ask for."""
    row, gone = here("Hibou", "MA1"), here("Chouette", "MA2")
    placing.leave(bed_night=gone, by=BUILDER)
    kept = expected("Grue", family_name="Cendrée", known_as="Grü", birth_year=1980, languages=["fr"])
    placing.hold(occupant=kept.occupant, bed=house.beds["MB1"], night=night, by=BUILDER)
    door.turn_away(night=night, by=BUILDER, reason="minor_redirected", description="homme, environ 16 ans")
    door.turn_away(night=night, by=BUILDER, reason="offer_declined", guest=row.occupant.guest)
    housekeeping.close_bed(bed=house.beds["MA3"], reason="pests", by=BUILDER, first_night=TONIGHT)
    left_behind = things_of_the_night(night=night, bed_night=here("Pic", "MA4"), bed=house.beds["MB2"])
    barred = left_behind["barred"].pk
    paths = addresses_of_the_night(left_behind, here=row, bed=house.beds["MA1"])
    paths |= addresses_of_the_rota(things_of_the_rota(people))
    paths |= addresses_of_the_reports(things_of_the_reports())
    return paths | {
        "guest": {"pk": barred},
        "guest-change": {"pk": kept.pk},
        "door-guest": {"pk": barred},
        "board-bed": {"pk": house.beds["MA3"].pk},
        "team-person": {"pk": people[Role.WORKER].pk},
    }


PAPERS = {name for name in ROUTES if str(ROUTES[name].pattern).endswith(".pdf")}
SHEETS = {"rota-sheet"}  # for other programs
OWN = {"my-swap": Role.WORKER}  # pages of somebody's own things


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_opens_for_every_role_that_may_read_it(lived_in, people, language):
    told = {}
    for role in Role:
        browser = PlainBrowser(people[role], language)
        for name, line in declared().items():
            if name.startswith("api:") or role not in line.get("GET", ()) or name in PAPERS | SHEETS:
                continue
            if OWN.get(name, role) != role:
                continue
            asked = ROUTES[name].pattern.converters
            arguments = lived_in.get(name, {}) | ({"night": TONIGHT} if "night" in asked else {})
            told[role.value, name] = browser.open(reverse(name, kwargs=arguments)).status

    assert len(told) > 150
    assert {where: status for where, status in told.items() if status != 200} == {}


@pytest.mark.parametrize(
    "state", ["open", "list_frozen", "doors_open", "doors_closed", "closed", "definitive"]
)
def test_the_pages_open_at_every_step_of_the_night(season, people, by, clock_at, guest, state):
    clock_at(f"{TONIGHT} 14:00")
    tonight = Night.objects.get(date=TONIGHT)
    stepping.step(night=tonight, to="open", by=BUILDER)
    known = guest("Hibou")
    door.register_for_tonight(guest=known, night=tonight, by=BUILDER)
    stepping.step(night=tonight, to=state, by=by("coordinator"))
    browser = PlainBrowser(people[Role.COORDINATOR])
    pages = [reverse(name) for name in ("desk", "door", "board", "presence", "season", "house")]
    cards = [reverse(name, args=[known.pk]) for name in ("door-guest", "guest")]

    assert [browser.open(path).status for path in pages + cards] == [200] * 8


@pytest.mark.parametrize("state", ["here", "left", "held", "registered", "unknown", "ask", "nowhere"])
def test_the_panel_at_the_door_opens_for_a_guest_in_any_state(
    here, expected, guest, house, night, tablet, state
):
    row = here("Hibou", "MA1")
    if state == "left":
        placing.leave(bed_night=row, by=BUILDER)
    if state == "nowhere":
        room = house.dormitories["WO"]
        housekeeping.close_dormitory(dormitory=room, reason="other", by=BUILDER, first_night=TONIGHT)
    known = {
        "here": lambda: row.occupant.guest,
        "left": lambda: row.occupant.guest,
        "held": lambda: expected("Grue"),
        "registered": lambda: expected("Grue"),
        "unknown": lambda: guest("Grue"),
        "ask": lambda: expected("Grue", sleeps="ask"),
        "nowhere": lambda: expected("Grue", sleeps="women"),
    }[state]()
    if state == "held":
        placing.hold(occupant=known.occupant, bed=house.beds["MA2"], night=night, by=BUILDER)
    said = {
        "here": "Here since 20:14",
        "left": "Left bed MA1 at 20:14",
        "held": "Check in to MA2",
        "registered": "Check in to",
        "unknown": "not registered",
        "ask": "Talk over with the person where to sleep",
        "nowhere": "No suitable bed is free for this person",
    }

    browser = tablet().open(reverse("door-guest", args=[known.pk]))

    assert (browser.status, browser.sees(said[state])) == (200, True)


def test_before_any_night_is_planned_the_door_is_not_there(house, people, clock_at):
    clock_at("2026-11-21 20:14")
    browser = PlainBrowser(people[Role.COORDINATOR])

    told = {name: browser.open(reverse(name)).status for name in ("door", "desk", "board", "season", "house")}

    assert told == {"door": 404, "desk": 404, "board": 404, "season": 200, "house": 200}


def test_papers_are_pdf_and_kept_by_no_browser(lived_in, client_as):
    others = dict.fromkeys(["rota-wall", "report-pdf"], client_as("coordinator"))
    client = client_as("night_worker")

    papers = {
        name: others.get(name, client).get(reverse(name, kwargs=lived_in.get(name, {})))
        for name in sorted(PAPERS)
    }

    about_people = {name: paper for name, paper in papers.items() if name != "phrases-pdf"}
    assert {name: paper.content[:5] for name, paper in papers.items()} == dict.fromkeys(PAPERS, b"%PDF-")
    assert {paper.headers["Content-Type"] for paper in papers.values()} == {"application/pdf"}
    assert {name: paper.headers["Cache-Control"] for name, paper in about_people.items()} == dict.fromkeys(
        about_people, "no-store"
    )


# More rows do not mean more queries.


@pytest.fixture
def a_few_more(here, expected, guest, house, night, by):
    """One more of everything an evening holds; told which, so that names and beds differ."""

    def add(number):
        beds = ("MA1", "MA2", "MA3", "MA4", "MA5", "MA6", "MB1", "MB2")
        inside = here(f"Hibou {number}", beds[2 * number])
        gone = here(f"Merle {number}", beds[2 * number + 1])
        placing.leave(bed_night=gone, by=BUILDER)
        expected(f"Grue {number}", languages=["fr", "ar"])
        guest(f"Pic {number}")
        door.turn_away(night=night, by=BUILDER, reason="other", description=str(number))
        bed = house.beds[("WO1", "WO2", "WO3", "FA1")[number]]
        housekeeping.close_bed(bed=bed, reason="repair", by=BUILDER, first_night=TONIGHT)
        _left_behind(night, inside, number)

    return add


def _left_behind(night, row, number):
    """Of each kind of thing a night leaves behind one more, about the same person."""
    whose = {"occupant": row.occupant, "by": BUILDER}
    watching.go_out(bed_night=row, kind="work", by=BUILDER)
    verbs.keep_thing(kind="seized", number=str(number), **whose)
    verbs.refer(target="halte", day=TONIGHT, **whose)
    verbs.add_task(what=f"Lamp {number}", by=BUILDER)
    verbs.write_incident(
        night=night, by=BUILDER, people=[(row.occupant, "harmed")], happened_at=row.arrived_at, kind="theft",
        place="bus", severity=2, follow_up="Ask the driver",
    )  # fmt: skip
    known = add_guest(by=BUILDER, name=f"Buse {number}", sleeps="men")
    night_of = {"first_night": TONIGHT, "last_night": TONIGHT}
    admission.exclude(occupant=known.occupant, category="theft", by=BUILDER, **night_of)
    admission.keep_apart(one=row.occupant, other=known.occupant, by=BUILDER)
    verbs.hand_over(night=night, words="", by=BUILDER)
    sheets.print_sheet(night=night, by=BUILDER)


@pytest.mark.parametrize(
    "address",
    [
        "/door/",
        "/door/?q=grue",
        "/desk/",
        "/desk/?q=grue",
        "/board/",
        "/search/?q=grue",
        "/guests/look-alikes/?name=grue",
        "/morning/",
        "/presence/",
        f"/nights/{TONIGHT}/log/",
        "/house/",
        "/season/",
        "/night/",
        "/night/rounds/",
        "/night/out/",
        "/night/incidents/",
        "/night/incidents/new/",
        "/night/handover/",
        "/night/belongings/",
        "/night/paper/",
        "/tallies/",
        "/cold/",
        "/door/turned-away/",
        "/api/v1/incidents/",
        "/api/v1/handovers/",
        "/api/v1/belongings/",
        "/api/v1/nights/tonight/round/",
    ],
)
def test_more_people_do_not_mean_more_queries(a_few_more, client_as, address):
    client = client_as("coordinator")
    a_few_more(0)
    client.get(address)

    with count_queries() as few:
        assert client.get(address).status_code == 200
    for number in (1, 2, 3):
        a_few_more(number)
    with count_queries() as many:
        assert client.get(address).status_code == 200

    same_queries_for(few, many)


def test_more_nights_of_a_guest_do_not_mean_more_queries_at_desk_and_card(
    season, guest, house, by, clock_at, client_as
):
    known = [guest(name) for name in ("Hibou", "Grue", "Merle")]
    client, card = client_as("coordinator"), reverse("guest", args=[known[0].pk])
    lead = by("night_lead")

    def sleep(day, people):
        clock_at(f"{day} 20:00")
        tonight = Night.objects.get(date=day)
        stepping.step(night=tonight, to="doors_open", by=BUILDER)
        rows = []
        for somebody in people:
            door.register_for_tonight(guest=somebody, night=tonight, by=BUILDER)
            rows.append(door.check_in(guest=somebody, night=tonight, by=BUILDER).pk)
        closing.close_night(night=tonight, bed_nights=rows, by=lead)

    def queries():
        with count_queries() as asked:
            assert [client.get(path).status_code for path in (reverse("desk"), card)] == [200, 200]
        return asked

    sleep(TONIGHT - timedelta(days=3), known[:1])
    clock_at(f"{TONIGHT} 14:00")
    stepping.step(night=Night.objects.get(date=TONIGHT), to="open", by=BUILDER)
    queries()
    few = queries()
    for day in (2, 1):
        sleep(TONIGHT - timedelta(days=day), known)
    clock_at(f"{TONIGHT} 14:00")

    same_queries_for(few, queries())


# The door without a script.


def test_a_guest_is_checked_in_and_taken_back(expected, tablet):
    known = expected("Hibou", family_name="Grand-Duc")
    browser = tablet().open(reverse("door"))

    browser.follow("GRAND-DUC Hibou").press("Check in to")
    row = BedNight.objects.get()
    arrived = (browser.at, browser.sees("1 of 1 arrived"), row.state, row.occupant_id)
    browser.press("Undo (")

    assert arrived == ("/door/", True, "in", known.occupant_id)
    assert (browser.at, browser.sees("0 of 1 arrived"), state_of(row)) == ("/door/", True, "undone")


def test_a_second_tap_checks_nobody_in_twice(expected, tablet):
    browser = tablet().open(reverse("door-guest", args=[expected().pk]))

    browser.press("Check in to").send_again()

    assert (browser.status, words_of_log("checked_in")) == (200, ["checked_in"])


def test_another_bed_is_chosen_from_the_list(expected, house, tablet):
    browser = tablet().open(reverse("door-guest", args=[expected().pk]))

    browser.press("MB1")

    assert BedNight.objects.get().bed_id == house.beds["MB1"].pk


def test_a_guest_leaves_and_comes_back(here, tablet):
    row = here()
    browser = tablet()
    panel = reverse("door-guest", args=[row.occupant.guest.pk])

    states = []
    for button in ("Leaves", "Is back"):
        browser.open(panel).press(button)
        states.append((browser.at, state_of(row)))

    assert states == [("/door/", "left"), ("/door/", "in")]


def test_a_starred_refusal_asks_the_lead_for_a_reason_and_nobody_else(guest, tablet):
    known = guest("Hibou")
    worker, lead = tablet(), tablet("night_lead")

    worker.open(reverse("door-guest", args=[known.pk])).press("Check in to")
    refused = (
        worker.status,
        worker.sees("not registered for tonight"),
        worker.may_press("Let in with this reason"),
    )
    lead.open(reverse("door-guest", args=[known.pk])).press("Check in to")
    asked = (lead.status, lead.may_press("Let in with this reason"), BedNight.objects.count())
    lead.press("Let in with this reason", override_reason="Brought by the police")

    assert refused == (409, True, False)
    assert asked == (409, True, 0)
    assert (lead.at, LogEntry.objects.get(verb="checked_in").reason) == ("/door/", "Brought by the police")


def test_a_bed_taken_meanwhile_is_told_and_another_proposed(here, expected, house, tablet):
    browser = tablet().open(reverse("door-guest", args=[expected("Grue").pk]))
    wanted = browser.answers("Check in to")["bed"]
    label = next(label for label, bed in house.beds.items() if str(bed.pk) == wanted[0])
    here("Hibou", label)

    browser.press("Check in to")

    assert (browser.status, browser.sees(f"Bed {label} is already taken")) == (409, True)
    assert browser.answers("Check in to")["bed"] != wanted


def test_a_refusal_is_written_once_however_often_save_is_tapped(night, tablet):
    browser = tablet().open(reverse("door")).follow("Refuse or redirect")

    browser.press("Save", reason="minor_redirected", referral="minors", description="homme, environ 16 ans")
    browser.send_again()

    row = Refusal.objects.get()
    assert (browser.at, browser.status, row.reason, row.referral) == (
        "/door/",
        200,
        "minor_redirected",
        "minors",
    )


def test_a_refusal_without_a_reason_is_sent_back_with_what_was_typed(night, tablet):
    browser = tablet().open(reverse("door-refuse"))

    browser.press("Save", description="femme, environ 40 ans", referral="halte")

    held = browser.answers("Save")
    assert (browser.status, browser.sees("Please look at this again"), Refusal.objects.count()) == (
        422,
        True,
        0,
    )
    assert (held["description"], held["referral"]) == (["femme, environ 40 ans"], ["halte"])


def test_a_known_guest_is_refused_from_their_panel(expected, house, night, tablet):
    known = expected("Hibou")
    kept = placing.hold(occupant=known.occupant, bed=house.beds["MA1"], night=night, by=BUILDER)
    browser = tablet().open(reverse("door-guest", args=[known.pk]))

    browser.follow("Refuse or redirect").press("Save", reason="offer_declined")

    assert (Refusal.objects.get().occupant_id, state_of(kept)) == (known.occupant_id, "released")


# The board without a script.


def test_a_guest_moves_to_the_bed_tapped_and_back(here, house, tablet):
    row = here("Hibou", "MA1")
    browser = tablet().open(reverse("board-bed", args=[house.beds["MA1"].pk]))

    browser.follow("Move").press("MB1")
    moved = (browser.at, BedNight.objects.get().bed_id)
    browser.press("Undo (")

    assert moved == ("/board/", house.beds["MB1"].pk)
    assert (browser.at, BedNight.objects.get(pk=row.pk).bed_id) == ("/board/", house.beds["MA1"].pk)


def test_a_move_into_another_zone_asks_the_lead_for_a_reason(here, house, tablet):
    row = here("Hibou", "MA1")
    browser = tablet("night_lead").open(f"{reverse('board')}?move={row.pk}")

    browser.press("WO1")
    refused = (browser.status, browser.sees("where this person should not sleep"))
    browser.press("Move with this reason", override_reason="quarrel")

    assert refused == (409, True)
    assert (browser.at, BedNight.objects.get().bed_id) == ("/board/", house.beds["WO1"].pk)


def test_a_guest_is_placed_from_the_board(expected, house, tablet):
    known = expected(sleeps="ask")
    browser = tablet().open(reverse("door-guest", args=[known.pk]))

    browser.follow("Choose on the bed board").press("FA2")

    assert (browser.at, BedNight.objects.get().bed_id) == ("/door/", house.beds["FA2"].pk)


def test_a_bed_is_put_out_of_service_and_back(night, house, tablet):
    browser = tablet("night_lead").open(reverse("board-bed", args=[house.beds["MA1"].pk]))

    browser.press("Put out of service", reason="pests", note="Wardrobe too")
    closure = Closure.objects.get()
    closed = (browser.status, browser.sees("pests until 22.11."), closure.first_night, closure.last_night)
    browser.press("Back in service")

    assert closed == (200, True, TONIGHT, TOMORROW)
    assert (browser.at, Closure.objects.on(TONIGHT).count()) == ("/board/", 0)


def test_a_bed_is_not_closed_without_a_reason(night, house, tablet):
    browser = tablet("night_lead").open(reverse("board-bed", args=[house.beds["MA1"].pk]))

    browser.press("Put out of service", note="Wardrobe too")

    assert (browser.status, browser.answers("Put out of service")["note"]) == (422, ["Wardrobe too"])
    assert Closure.objects.count() == 0


def test_the_night_worker_sees_no_button_that_is_not_theirs(here, house, tablet):
    here("Hibou", "MA1")
    browser = tablet()

    browser.open(reverse("board-bed", args=[house.beds["MA2"].pk]))
    board = browser.may_press("Put out of service")
    browser.open(reverse("morning"))

    assert (board, browser.may_press("close the night"), browser.sees("The night lead closes the night")) == (
        False,
        False,
        True,
    )


@pytest.mark.parametrize(
    ("show", "seen"), [("free", False), ("expected", True), ("closed", False), ("x", True)]
)
def test_the_board_shows_a_part_of_the_beds(expected, house, night, tablet, show, seen):
    placing.hold(occupant=expected().occupant, bed=house.beds["MA1"], night=night, by=BUILDER)

    browser = tablet().open(f"{reverse('board')}?show={show}")

    assert any("/board/beds/" in href and "MA1" in words for href, words in browser.page.links) == seen


# The morning without a script.


def test_the_morning_closes_the_night_with_its_exceptions(here, night, tablet, clock_at):
    rows = [here(name, bed) for name, bed in (("Hibou", "MA1"), ("Grue", "MA2"), ("Merle", "MA3"))]
    clock_at(f"{TOMORROW} 08:30")
    browser = tablet("night_lead").open(reverse("morning"))
    left, never = (f"exception-{row.pk}" for row in rows[1:])

    browser.press("close the night", **{left: "left_earlier", never: "never_here"})

    assert (browser.at, browser.sees("closed (provisional)")) == (reverse("night-log", args=[TONIGHT]), True)
    assert [state_of(row) for row in rows] == ["left", "left", "undone"]
    assert Night.objects.get(pk=night.pk).state == "closed"


def test_somebody_left_unticked_keeps_the_night_open_and_nothing_is_written(here, night, tablet, clock_at):
    rows = [here(name, bed) for name, bed in (("Hibou", "MA1"), ("Grue", "MA2"))]
    clock_at(f"{TOMORROW} 08:30")
    lines = LogEntry.objects.count()
    browser = tablet("night_lead").open(reverse("morning"))
    forgotten, never = f"goes-{rows[0].pk}", f"exception-{rows[1].pk}"

    browser.press("close the night", **{forgotten: None, never: "never_here"})

    held = browser.answers("close the night")
    assert (browser.status, browser.sees("nothing was written")) == (409, True)
    assert (held.get(forgotten), held[never]) == (None, ["never_here"])
    assert ([state_of(row) for row in rows], LogEntry.objects.count()) == (["in", "in"], lines)


# The desk without a script.


def test_yesterdays_guest_is_renewed_with_one_tap_and_taken_off(season, guest, house, by, clock_at, people):
    known = guest("Hibou")
    clock_at(f"{YESTERDAY} 20:00")
    last_night = Night.objects.get(date=YESTERDAY)
    stepping.step(night=last_night, to="doors_open", by=BUILDER)
    door.register_for_tonight(guest=known, night=last_night, by=BUILDER)
    row = door.check_in(guest=known, night=last_night, by=BUILDER, bed=house.beds["MA4"])
    closing.close_night(night=last_night, bed_nights=[row.pk], by=by("night_lead"))
    clock_at(f"{TONIGHT} 14:00")
    stepping.step(night=Night.objects.get(date=TONIGHT), to="open", by=BUILDER)
    browser = PlainBrowser(people[Role.FIELD_WORKER]).open(reverse("desk"))

    browser.press("Tonight")
    renewed = (browser.status, browser.sees("Registered for tonight: Hibou"), browser.sees("MA4"))
    browser.send_again()
    times = Registration.objects.filter(night__date=TONIGHT).count()
    browser.press("Take off")

    assert (renewed, times) == ((200, True, True), 1)
    assert Registration.objects.filter(night__date=TONIGHT, withdrawn_at__isnull=True).count() == 0
    assert BedNight.objects.get(night__date=TONIGHT).state == "released"


# Somebody new.


def test_somebody_new_is_written_down_and_registered_in_one_save(night, tablet):
    browser = tablet("field_worker").open(reverse("desk")).follow("New person")

    browser.press(
        "Save and register",
        name="Hibou",
        sleeps="men",
        birth_year="1988",
        languages=["fr", "ar"],
        nationality="MA",
        lower_bed="on",
        told="on",
    )

    known = Guest.objects.get()
    assert (browser.status, browser.sees("Registered for tonight: Hibou")) == (200, True)
    assert (known.languages, known.nationality, known.lower_bed, known.told_in) == (
        ["fr", "ar"],
        "MA",
        True,
        "fr",
    )
    assert (known.birth_answer, Registration.objects.get().occupant_id) == ("given", known.occupant_id)


def test_a_like_name_is_asked_about_before_a_second_file_is_begun(guest, night, tablet):
    guest("Mohamed", family_name="Bulbul")
    browser = tablet("field_worker").open(f"{reverse('guest-new')}?from=desk")
    answers = {"name": "Mohammed", "family_name": "Boulboul", "sleeps": "men", "languages": ["ar", "fr"]}

    browser.press("Save and register", **answers)
    asked = (browser.status, browser.sees("Is this the same person?"), Guest.objects.count())
    browser.press("No, somebody new")

    assert asked == (409, True, 1)
    assert (browser.status, Guest.objects.count()) == (200, 2)
    assert Guest.objects.latest("pk").languages == ["ar", "fr"]


def test_a_like_name_that_is_the_same_person_is_registered_without_a_second_file(guest, night, tablet):
    known = guest("Mohamed", family_name="Bulbul")
    browser = tablet("field_worker").open(f"{reverse('guest-new')}?from=desk")
    browser.press("Save and register", name="Mohamed", family_name="Bulbul", sleeps="men")

    browser.press("Yes: register for tonight")

    assert (Guest.objects.count(), Registration.objects.get().occupant_id) == (1, known.occupant_id)


def test_from_the_door_a_like_name_leads_to_the_panel(guest, night, tablet):
    known = guest("Mohamed", family_name="Bulbul")
    browser = tablet().open(reverse("door")).follow("New person")
    browser.press("Save and register", name="Mohamed", family_name="Bulbul", sleeps="men")

    browser.follow("Yes, this one")

    assert browser.at == reverse("door-guest", args=[known.pk])


def test_a_new_person_without_an_answer_is_sent_back_with_what_was_typed(night, tablet):
    browser = tablet().open(reverse("guest-new"))

    browser.press("Save and register", name="Hibou", birth_year="1850", known_as="le Grand", dog="on")

    held = browser.answers("Save and register")
    assert (browser.status, browser.sees("Please look at this again"), Guest.objects.count()) == (
        422,
        True,
        0,
    )
    assert (held["name"], held["known_as"], held["dog"]) == (["Hibou"], ["le Grand"], ["on"])
    assert browser.sees("Where should you sleep?: This field is required.")


def test_a_file_is_changed_and_what_was_not_touched_stays(guest, night, tablet):
    known = guest(
        "Hibou",
        birth_year=1988,
        birth_answer="given",
        languages=["fr"],
        nationality="PE",
        dog=True,
        told_in="fr",
    )
    before = Guest.objects.filter(pk=known.pk).values().get()
    browser = tablet("field_worker").open(reverse("guest-change", args=[known.pk]))

    browser.press("Save", family_name="Grand-Duc")

    after = Guest.objects.filter(pk=known.pk).values().get()
    changed = {name for name in after if after[name] != before[name]}
    assert (browser.at, changed - {"changed_at"}) == (reverse("guest", args=[known.pk]), {"family_name"})


def test_the_card_tells_how_many_colleagues_opened_it(guest, night, tablet):
    known = guest("Hibou")
    card = reverse("guest", args=[known.pk])
    for role in ("night_worker", "night_worker", "nurse"):
        tablet(role).open(card)

    browser = tablet("night_lead").open(card)

    assert browser.sees("3 colleagues opened this file in the last seven days")


# With htmx a part of the page is enough.

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("/door/?q=hibou", "list"),
        ("/desk/?q=hibou", "hits"),
        ("/search/?q=hibou", "found"),
        ("door-guest", "panel"),
    ],
)
def test_htmx_gets_the_part_alone(expected, client_as, address, target):
    known = expected("Hibou")
    path = reverse(address, args=[known.pk]) if address == "door-guest" else address

    part = client_as("night_worker").get(path, headers=HTMX | {"HX-Target": target}).content.decode()

    assert ("<html" in part, "Hibou" in part) == (False, True)


def test_htmx_gets_the_undo_bar_the_counter_and_the_row_after_a_check_in(expected, client_as):
    known = expected("Hibou")
    expected("Grue")

    answer = client_as("night_worker").post(reverse("door-check-in", args=[known.pk]), headers=HTMX)

    part = answer.content.decode()
    ids = ('id="undo-place"', f'id="guest-{known.pk}"', 'id="counter"')
    assert (answer.status_code, [name in part for name in ids]) == (200, [True] * 3)


def test_htmx_gets_the_panel_with_the_refusal_and_its_status(night, guest, client_as):
    answer = client_as("night_worker").post(
        reverse("door-check-in", args=[guest("Hibou").pk]), headers=HTMX | {"Accept-Language": "en"}
    )

    part = answer.content.decode()
    assert (answer.status_code, "<html" in part, "not registered for tonight" in part) == (409, False, True)


def test_the_undo_bar_is_gone_after_ten_seconds_but_the_act_can_still_be_taken_back(here, tablet, clock_at):
    here()
    browser = tablet().open(reverse("door"))
    at_once = browser.may_press("Undo (")
    clock_at(clock.now() + timedelta(seconds=10))

    browser.open(reverse("door"))

    assert (at_once, browser.may_press("Undo ("), browser.may_press("Undo")) == (True, False, True)


def test_a_form_of_another_site_changes_nothing(expected, people):
    browser = PlainBrowser(people[Role.NIGHT_WORKER])

    browser.send(reverse("door-check-in", args=[expected().pk]), "post", {})

    assert (browser.status, browser.sees("nothing was changed"), BedNight.objects.count()) == (403, True, 0)


def test_registration_is_open_for_the_evening_to_come_before_noon(season, guest, people, clock_at):
    clock_at(instant(f"{TONIGHT} 11:30"))
    stepping.tick()
    browser = PlainBrowser(people[Role.FIELD_WORKER])

    browser.open(f"{reverse('desk')}?q={guest('Hibou').name}").press("Tonight")

    assert Registration.objects.get().night.date == TONIGHT
