"""The night's plan on screen and by API: propose, read why, keep all its beds or some."""

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from intake import queries
from intake.actions import door
from intake.phrases import BED_REASONS
from shelter.actions import housekeeping, placing, stepping
from shelter.actions.admission import exclude
from shelter.models import Bed, BedNight, BedPlan, LogEntry, Night
from shelter.offering import Needs
from tests.conftest import TONIGHT
from tests.harness import count_queries, same_queries_for

PLAN, APPLY = "/plan/", "/plan/apply/"
API = f"/api/v1/nights/{TONIGHT}/plan/"


@pytest.fixture
def expected(night, guest, by):
    """People registered tonight: two men, one who needs a lower bunk, a woman, and one to be talked over."""
    people = {
        "Ali": guest("Ali", family_name="Aas", birth_answer="given", birth_year=1950),
        "Bakary": guest("Bakary", family_name="Bourne", lower_bed=True),
        "Carla": guest("Carla", family_name="Cygne", sleeps="women"),
        "Dodo": guest("Dodo", family_name="Duck", sleeps="ask"),
    }
    for somebody in people.values():
        door.register_for_tonight(guest=somebody, night=night, by=by("field_worker"))
    return people


def exclude_tonight(guest, by):
    exclude(
        occupant=guest.occupant,
        category="threat",
        first_night=TONIGHT,
        last_night=TONIGHT,
        by=by("night_lead"),
    )


def held():
    return dict(BedNight.objects.filter(state="held").order_by("id").values_list("occupant", "bed"))


def test_needs_are_those_of_everybody_registered(expected, night):
    needs = queries.needs_of_tonight(night)

    told = {name: needs[guest.occupant_id] for name, guest in expected.items()}
    assert {name: is_older for name, (_asked, is_older) in told.items()} == {
        "Ali": True, "Bakary": False, "Carla": False, "Dodo": False,
    }  # fmt: skip
    assert told["Bakary"][0].lower_bed
    assert told["Carla"][0].zones == {"women"}


@pytest.mark.parametrize(
    ("band", "is_older"), [("66+", True), ("66", True), ("46-65", False), ("", False), ("?", False)]
)
def test_a_band_tells_the_age_as_far_as_it_goes(guest, night, by, band, is_older):
    somebody = guest("Eno", birth_answer="band" if band else "", age_band=band)
    door.register_for_tonight(guest=somebody, night=night, by=by("field_worker"))

    assert queries.needs_of_tonight(night)[somebody.occupant_id][1] is is_older


def test_the_page_before_a_plan_says_that_nothing_depends_on_it(expected, client_as):
    text = client_as("night_worker").get(PLAN).text

    assert "Rien ne change" in text
    assert "Planifier la nuit" not in text


def test_a_lead_plans_the_night_and_reads_why(expected, client_as):
    browser = client_as("night_lead")

    answer = browser.post(PLAN, follow=True)

    assert answer.redirect_chain == [(PLAN, 302)]
    text = answer.text
    assert "Lit du bas, selon le besoin." in text or "Lit du bas" in text
    assert "Sans lit" in text
    assert "À convenir avec la personne." in text
    assert "prouvé" in text
    assert held() == {}


def test_all_beds_are_kept_with_one_tap(expected, client_as):
    browser = client_as("night_lead")
    browser.post(PLAN)

    answer = browser.post(APPLY, {"all": "yes"}, follow=True)

    assert answer.redirect_chain == [(PLAN, 302)]
    assert set(held()) == {expected[name].occupant_id for name in ("Ali", "Bakary", "Carla")}
    assert "Réserver" not in answer.text


def test_some_beds_are_kept_by_ticking_them(expected, client_as):
    browser = client_as("night_lead")
    browser.post(PLAN)

    browser.post(APPLY, {"number": [f"{expected['Carla'].occupant_id}"]})

    assert set(held()) == {expected["Carla"].occupant_id}


def test_nothing_ticked_keeps_nothing(expected, client_as):
    browser = client_as("night_lead")
    browser.post(PLAN)

    assert browser.post(APPLY, {}).status_code == 302
    assert held() == {}


def test_without_a_plan_there_is_nothing_to_keep(expected, client_as):
    assert client_as("night_lead").post(APPLY, {"all": "yes"}).status_code == 404


def test_what_happened_since_is_counted_on_the_page(expected, client_as, guest, night, by):
    browser = client_as("night_lead")
    browser.post(PLAN)
    assert "changement" not in browser.get(PLAN).text

    door.register_for_tonight(guest=guest("Fa"), night=night, by=by("field_worker"))

    assert "1 changement depuis" in browser.get(PLAN).text


def test_who_may_only_read_is_offered_nothing_to_press(expected, client_as):
    client_as("night_lead").post(PLAN)

    text = client_as("night_worker").get(PLAN).text

    assert "Refaire le plan" not in text
    assert "Réserver" not in text


def test_the_draw_stands_on_the_page(season, by, client_as, clock_at):
    clock_at(f"{TONIGHT} 13:00")
    night = stepping.step(night=Night.objects.get(date=TONIGHT), to="open", by=by("coordinator"))
    browser = client_as("night_lead")
    assert night.draw.digest in browser.get(PLAN).text
    assert night.draw.seed not in browser.get(PLAN).text

    stepping.step(night=night, to="list_frozen", by=by("coordinator"))

    assert night.draw.seed in browser.get(PLAN).text


def test_more_people_make_no_more_queries(night, guest, by, client_as):
    browser = client_as("night_lead")

    def asked(names):
        for name in names:
            door.register_for_tonight(guest=guest(name), night=night, by=by("field_worker"))
        browser.post(PLAN)
        browser.get(PLAN)
        with count_queries() as queries_made:
            browser.get(PLAN)
        return queries_made

    same_queries_for(asked(["Ali"]), asked(["Bo", "Cem", "Dan", "Eli"]))


def test_by_api_a_plan_is_made_read_and_kept(expected, api_as):
    client = api_as("night_lead")
    assert client.get(API).status_code == 404

    made = client.post(API)

    assert made.status_code == 201
    plan = made.json()
    assert (plan["objective"], plan["changes"]) == (plan["bound"], 0)
    people = {row["guest"]: row for row in plan["people"]}
    assert people[expected["Bakary"].pk]["codes"] == ["lower_met"]
    assert people[expected["Dodo"].pk]["bed"] is None
    assert people[expected["Dodo"].pk]["codes"] == ["to_agree"]
    assert client.get(API).json() == plan

    kept = client.post(f"{API}apply/", {"numbers": [expected["Ali"].occupant_id]}, format="json")
    assert kept.json() == {"held": [expected["Ali"].occupant_id], "refused": {}}
    assert len(client.post(f"{API}apply/", {}, format="json").json()["held"]) == 2
    assert {row["state"] for row in client.get(API).json()["people"]} == {"kept", "open"}


def test_by_api_asked_twice_with_one_key_it_is_planned_once(expected, program):
    write = program("night_lead")

    first, again = write(API, key="k"), write(API, key="k")

    assert first.json() == again.json()
    assert BedPlan.objects.count() == 1


@pytest.mark.parametrize("numbers", ["all", [0], ["x"], [-1], [2**63], {"a": 1}, [[1]], None])
def test_by_api_numbers_that_are_none_are_refused(expected, api_as, numbers):
    client = api_as("night_lead")
    client.post(API)

    answer = client.post(f"{API}apply/", {"numbers": numbers}, format="json")

    assert answer.status_code == 400
    assert held() == {}


# Fixed, swapped, and what could not be kept.


@pytest.fixture
def planned(expected, client_as):
    """A lead's browser with a plan made."""
    browser = client_as("night_lead")
    browser.post(PLAN)
    return browser


def beds():
    return dict(BedPlan.objects.first().lines.values_list("occupant", "bed"))


def test_a_bed_is_fixed_and_let_go_again(expected, planned):
    carla = expected["Carla"].occupant_id

    answer = planned.post("/plan/pin/", {"number": f"{carla}"})
    text = planned.get(PLAN).text

    assert answer["Location"] == f"{PLAN}#n{carla}"
    assert set(held()) == {carla}
    assert text.count("Ne plus fixer") == 1
    planned.post("/plan/pin/", {"number": f"{carla}", "off": "yes"})
    assert "Ne plus fixer" not in planned.get(PLAN).text


def test_two_swap_beds_by_two_taps(expected, planned):
    one, other = expected["Ali"].occupant_id, expected["Bakary"].occupant_id
    before = beds()

    choosing = planned.get(f"{PLAN}?swap={one}").text
    planned.post("/plan/swap/", {"one": f"{one}", "other": f"{other}"})

    assert "échange son lit avec" in choosing
    assert f'name="other" value="{other}"' in choosing
    assert f'name="other" value="{one}"' not in choosing
    assert held() == {one: before[other], other: before[one]}
    text = planned.get(PLAN).text
    assert text.count("Choisi à la main.") == 2
    assert "Le plan propose" in text


@pytest.mark.django_db(transaction=True)
def test_a_swap_that_may_not_be_is_refused_in_words(expected, planned):
    one, other = expected["Ali"].occupant_id, expected["Carla"].occupant_id

    answer = planned.post("/plan/swap/", {"one": f"{one}", "other": f"{other}"})

    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert held() == {}


@pytest.mark.django_db(transaction=True)
def test_who_is_not_in_the_plan_cannot_be_fixed_or_swapped(expected, planned):
    for address, asked in (("/plan/pin/", {"number": "9999"}), ("/plan/swap/", {"one": "x", "other": ""})):
        answer = planned.post(address, asked)
        assert answer.status_code == 400 or answer.status_code == 409 or answer.status_code == 422
        assert "Aucun lit n’est prévu" in answer.text


@pytest.mark.django_db(transaction=True)
def test_nobody_is_fixed_in_a_bed_that_does_not_stand_in_the_house(expected, planned):
    answer = planned.post("/plan/pin/", {"number": f"{expected['Ali'].occupant_id}", "bed": "987654"})

    assert answer.status_code == 409
    assert held() == {}


def test_a_bed_that_was_not_to_be_had_is_named(expected, planned, night, house, by):
    ali = expected["Ali"]
    housekeeping.close_bed(
        bed=Bed.objects.get(pk=beds()[ali.occupant_id]),
        reason="repair",
        first_night=TONIGHT,
        by=by("night_lead"),
    )

    answer = planned.post(APPLY, {"all": "yes"})

    assert "1 lit n’a pas pu être réservé" in answer.text
    assert "AAS Ali" in answer.text
    assert set(held()) == {expected["Bakary"].occupant_id, expected["Carla"].occupant_id}


def test_what_a_plan_says_otherwise_than_the_one_before_is_shown(expected, planned, by):
    planned.post(APPLY, {"all": "yes"})
    first = beds()
    carla = expected["Carla"].occupant_id
    housekeeping.close_bed(
        bed=Bed.objects.get(pk=first[carla]), reason="repair", first_night=TONIGHT, by=by("night_lead")
    )

    planned.post(PLAN)
    text = planned.get(PLAN).text

    changed = text[text.index("Autrement qu’avant") :]
    was, now = (Bed.objects.get(pk=pk).label for pk in (first[carla], beds()[carla]))
    assert was != now
    assert f"{was} → <strong>{now}</strong>" in changed
    assert {number for number, bed in beds().items() if first[number] != bed} == {carla}


def test_who_gets_none_is_on_top_though_a_bed_is_kept_for_them(expected, planned, by):
    planned.post(APPLY, {"all": "yes"})
    carla = expected["Carla"]
    exclude_tonight(carla, by)

    planned.post(PLAN)
    text = planned.get(PLAN).text

    top = text[text.index("Sans lit") : text.index('id="room-')]
    assert "CYGNE Carla" in top
    assert "Exclu" in top
    assert "Choisi à la main." not in text


def test_who_would_not_be_let_in_is_told_why_though_a_bed_was_kept_before_any_plan(
    expected, client_as, night, house, by
):
    ali, browser = expected["Ali"], client_as("night_lead")
    placing.hold(
        occupant=ali.occupant,
        night=night,
        bed=house.beds["MA1"],
        by=by("night_worker"),
        needs=Needs(sleeps="men"),
    )
    exclude_tonight(ali, by)

    text = browser.post(PLAN, follow=True).text

    assert "Choisi à la main." not in text
    assert "MA1 réservé" in text or "MA1 attendu" in text
    assert "Exclu" in text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", [APPLY, "/plan/pin/", "/plan/swap/"])
def test_a_page_with_a_plan_that_was_replaced_is_refused_in_words(expected, planned, address):
    old = BedPlan.objects.first().pk
    planned.post(PLAN)
    ali, bakary = (f"{expected[name].occupant_id}" for name in ("Ali", "Bakary"))

    answer = planned.post(
        address, {"plan": f"{old}", "all": "yes", "number": ali, "one": ali, "other": bakary}
    )

    assert answer.status_code == 409
    assert held() == {}


@pytest.mark.django_db(transaction=True)
def test_by_api_a_plan_that_was_replaced_is_refused(expected, api_as):
    client = api_as("night_lead")
    old = client.post(API).json()["id"]
    client.post(API)

    answer = client.post(f"{API}apply/", {"plan": old}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (409, "stale_version")


# On the board and at the door.


def test_the_board_shows_whom_the_plan_proposes_a_free_bed_to(expected, planned, client_as):
    bed = beds()[expected["Carla"].occupant_id]

    board, panel = planned.get("/board/").text, planned.get(f"/board/beds/{bed}/").text

    assert "→ CYG.C" in board
    assert "3 lits sont proposés" in board
    assert "Le plan de la nuit le propose à" in panel
    assert "CYGNE Carla" in panel
    worker = client_as("night_worker").get("/board/").text
    assert "3 lits sont proposés" in worker
    assert "plan/apply" not in worker


def test_a_proposed_bed_is_kept_from_the_board(expected, planned):
    carla = expected["Carla"].occupant_id
    bed = beds()[carla]

    answer = planned.post(APPLY, {"number": f"{carla}", "next": "board"})

    assert answer["Location"] == "/board/"
    assert held() == {carla: bed}
    panel = planned.get(f"/board/beds/{bed}/").text
    assert "Libre dans la bonne zone." in panel
    assert "Réserver pour cette personne" not in panel


def test_the_door_says_that_the_plan_is_older_than_the_house(expected, planned, client_as, guest, night, by):
    door_page = client_as("night_worker")
    assert "Le plan de la nuit ignore" not in door_page.get("/door/").text

    door.register_for_tonight(guest=guest("Fa"), night=night, by=by("field_worker"))

    assert "Le plan de la nuit ignore 1 chose" in door_page.get("/door/").text


def test_the_slip_says_why_this_bed(expected, planned):
    bakary = expected["Bakary"]
    planned.post(APPLY, {"all": "yes"})

    slip = planned.get(f"/guests/{bakary.pk}/slip.pdf")

    (page,) = PdfReader(BytesIO(slip.content)).pages
    assert BED_REASONS["fr"]["lower_met"] in " ".join(page.extract_text().split())


def test_by_api_one_is_fixed_and_two_are_swapped(expected, api_as):
    client = api_as("night_lead")
    client.post(API)
    one, other = expected["Ali"].occupant_id, expected["Bakary"].occupant_id
    before = {row["number"]: row["bed"] for row in client.get(API).json()["people"]}

    fixed = client.post(f"{API}pin/", {"number": one}, format="json").json()
    assert [row["number"] for row in fixed["people"] if row["pinned"]] == [f"{one:04d}"]
    loose = client.post(f"{API}pin/", {"number": one, "pinned": False}, format="json").json()
    assert not any(row["pinned"] for row in loose["people"])
    swapped = client.post(f"{API}swap/", {"one": one, "other": other}, format="json").json()

    after = {row["number"]: row["bed"] for row in swapped["people"]}
    keys = f"{one:04d}", f"{other:04d}"
    assert [after[key] for key in keys] == [before[key] for key in reversed(keys)]


# What if.

WHAT_IF = "/plan/what-if/"


def rows_before():
    return {model._meta.label: model.objects.count() for model in (BedNight, BedPlan, LogEntry)}


def test_what_if_asks_and_answers_without_touching_the_night(expected, client_as, house):
    browser, before = client_as("coordinator"), rows_before()
    room = house.dormitories["WO"]

    answer = browser.get(WHAT_IF, {"night": f"{TONIGHT}", "closed": f"{room.pk}", "men": "40", "opened": "2"})

    assert answer.status_code == 200
    told = answer.context["told"]
    assert (told.now.expected, told.then.expected) == (4, 44)
    assert told.lost == (expected["Carla"].occupant_id,)
    assert f"{room.name} est fermé." in answer.text
    assert "40 hommes de plus viennent." in answer.text
    assert "2 places de plus sont ouvertes." in answer.text
    assert rows_before() == before


def test_what_if_somebodys_exclusion_were_lifted(expected, client_as, by):
    carla = expected["Carla"]
    exclude_tonight(carla, by)
    browser = client_as("night_lead")

    form = browser.get(WHAT_IF).text
    answer = browser.get(WHAT_IF, {"night": f"{TONIGHT}", "lifted": f"{carla.occupant_id}"})

    assert "CYGNE Carla" in form
    assert answer.context["told"].gained == (carla.occupant_id,)
    assert "1 exclusion est levée." in answer.text


def test_for_a_night_without_registrations_tonights_people_are_expected_again(expected, client_as):
    answer = client_as("night_lead").get(WHAT_IF, {"night": f"{TONIGHT + timedelta(days=9)}", "women": "1"})

    assert answer.context["told"].now.expected == 4
    assert answer.context["told"].then.expected == 5
    assert "on attend de nouveau les personnes de ce soir" in answer.text


def test_what_if_knows_who_is_here_registered_or_not(expected, night, house, guest, by, client_as):
    stepping.step(night=night, to=Night.State.DOORS_OPEN, by=by("coordinator"))
    passing = guest("Egon", sleeps="men")
    door.check_in(
        guest=passing,
        night=night,
        bed=house.beds["MA1"],
        by=by("night_lead"),
        override_reason="brought by the police",
    )

    answer = client_as("night_lead").get(
        WHAT_IF, {"night": f"{TONIGHT}", "closed": f"{house.dormitories['MA'].pk}"}
    )

    told = answer.context["told"]
    assert told.displaced == 1
    assert told.then.expected == told.now.expected
    assert passing.occupant_id in {number for number, _bed, _other in told.moved}
    assert "1 d’entre elles est déjà là." in answer.text


def test_a_night_that_is_not_planned_is_refused_in_words(expected, client_as):
    answer = client_as("night_lead").get(WHAT_IF, {"night": "2026-07-14", "men": "1"})

    assert answer.status_code == 422
    assert "Aucune nuit n’est prévue à cette date." in answer.text
    assert "told" not in answer.context
