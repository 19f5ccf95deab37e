"""The night's plan on screen and by API: propose, read why, keep all its beds or some."""

import pytest

from intake import queries
from intake.actions import door
from shelter.actions import stepping
from shelter.models import BedNight, BedPlan, Night
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
