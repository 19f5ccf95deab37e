"""Nights by API: how they stand, and moving them on."""

from datetime import date

import pytest
from django.urls import reverse

from shelter.actions import placing, stepping
from shelter.models import LogEntry, Night
from tests.conftest import BUILDER, TONIGHT
from tests.harness import count_queries, same_queries_for

CAPACITY = {
    "nominal": 20,
    "installed": 20,
    "out_of_service": 0,
    "in_service": 20,
    "held": 0,
    "occupied": 0,
    "free": 20,
}


def night_at(day="tonight"):
    return reverse("api:night", args=[day])


def move_on(client, to, day=TONIGHT, **body):
    return client.post(reverse("api:transitions", args=[day]), {"to": to} | body, format="json")


def test_a_night_tells_its_state_hours_capacity_and_counts(night, api_as):
    told = api_as("night_worker").get(night_at(TONIGHT)).json()

    assert (told["night"], told["season"], told["state"]) == ("2026-11-21", "2026/27", "doors_open")
    assert told["hours"] == {
        "opened": "2026-11-21T11:30:00+01:00",
        "list_frozen": "2026-11-21T18:00:00+01:00",
        "doors_opened": "2026-11-21T19:15:00+01:00",
        "holds_released": "2026-11-21T22:00:00+01:00",
        "doors_closed": "2026-11-21T23:00:00+01:00",
        "everybody_out": "2026-11-22T08:45:00+01:00",
    }
    assert told["capacity"] == CAPACITY
    assert {zone: capacity["free"] for zone, capacity in told["zones"].items()} == {
        "men": 10,
        "women": 3,
        "families": 2,
        "workers": 2,
        "dogs": 2,
        "isolation": 1,
    }
    assert told["counts"] == dict.fromkeys(
        ("registered", "arrived", "expected", "present", "refused", "declined"), 0
    )


def test_a_bed_slept_in_and_a_bed_kept_are_counted(night, house, occupant, api_as):
    placing.check_in(
        occupant=occupant(), night=night, by=BUILDER, bed=house.beds["MA1"], override_reason="police"
    )
    placing.hold(occupant=occupant(), night=night, by=BUILDER, bed=house.beds["MA2"])

    told = api_as("ministry").get(night_at()).json()

    assert told["capacity"] == CAPACITY | {"held": 1, "occupied": 1, "free": 18}
    assert (told["counts"]["present"], told["counts"]["arrived"]) == (1, 1)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-21 12:00", "2026-11-21"),
        ("2026-11-22 11:59", "2026-11-21"),
        ("2026-11-22 12:00", "2026-11-22"),
    ],
)
def test_tonight_lasts_from_noon_to_noon(night, clock_at, api_as, moment, day):
    clock_at(moment)

    assert api_as("planner").get(night_at()).json()["night"] == day


def test_once_registration_opens_tonight_is_the_evening_to_come(night, clock_at, api_as):
    clock_at("2026-11-22 11:30")
    before = api_as("planner").get(night_at()).json()["night"]

    stepping.tick()

    assert (before, api_as("planner").get(night_at()).json()["night"]) == ("2026-11-21", "2026-11-22")


def test_tonight_is_404_when_no_night_is_planned(season, clock_at, api_as):
    clock_at("2026-07-14 20:00")

    assert api_as("planner").get(night_at()).status_code == 404


def test_nights_come_latest_first_in_pages(season, api_as):
    client = api_as("planner")

    first = client.get(reverse("api:nights"), {"page_size": 2}).json()
    second = client.get(first["next"]).json()
    too_many = client.get(reverse("api:nights"), {"page_size": 100_000}).json()

    assert first["count"] == len(too_many["results"]) == 152
    assert [row["night"] for row in first["results"]] == ["2027-04-15", "2027-04-14"]
    assert [row["night"] for row in second["results"]] == ["2027-04-13", "2027-04-12"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"state": "doors_open"}, ["2026-11-21"]),
        ({"date": "2026-12-24"}, ["2026-12-24"]),
        ({"date__gte": "2027-04-14"}, ["2027-04-15", "2027-04-14"]),
        ({"date__lte": "2026-11-16"}, ["2026-11-16", "2026-11-15"]),
        ({"season__name": "2025/26"}, []),
    ],
)
def test_nights_are_filtered(night, api_as, asked, found):
    told = api_as("planner").get(reverse("api:nights"), asked).json()

    assert [row["night"] for row in told["results"]] == found


@pytest.mark.parametrize("asked", [{"state": "stormy"}, {"date": "tomorrow"}, {"date__gte": "2026-02-31"}])
def test_a_filter_that_means_nothing_is_refused(night, api_as, asked):
    answer = api_as("planner").get(reverse("api:nights"), asked)

    assert (answer.status_code, answer.json()["code"], list(answer.json()["facts"])) == (
        400,
        "invalid",
        [*asked],
    )


@pytest.mark.parametrize("number", [0, -1, 9999, "first", "1" * 30])
def test_a_page_that_is_not_there_is_404(night, api_as, number):
    answer = api_as("planner").get(reverse("api:nights"), {"page": number})

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_the_night_lead_moves_the_night_on_and_the_log_tells(night, api_as, people):
    answer = move_on(api_as("night_lead"), "doors_closed")

    line = LogEntry.objects.filter(verb="night_stepped").latest("id")
    assert (answer.status_code, answer.json()["state"]) == (200, "doors_closed")
    assert (line.by, line.source, line.facts["was"]) == (people["night_lead"], "api", "doors_open")


def test_a_step_asked_for_twice_is_made_once(night, api_as):
    client = api_as("night_lead")
    first = move_on(client, "doors_closed").json()
    lines = LogEntry.objects.count()

    second = move_on(client, "doors_closed").json()

    assert (second, LogEntry.objects.count()) == (first, lines)


def test_back_only_with_a_written_reason(night, api_as):
    client = api_as("night_lead")

    without = move_on(client, "open", reason=" \u202e ")
    with_reason = move_on(client, "open", reason="Bus came back")

    assert (without.status_code, without.json()["code"]) == (422, "reason_needed")
    assert (with_reason.status_code, with_reason.json()["state"]) == (200, "open")
    assert with_reason.json()["doors_opened_at"] is None


def test_a_night_with_somebody_inside_is_not_closed(night, house, occupant, api_as):
    placing.check_in(
        occupant=occupant(), night=night, by=BUILDER, bed=house.beds["MA1"], override_reason="police"
    )

    answer = move_on(api_as("night_lead"), "closed")

    assert (answer.status_code, answer.json()["code"]) == (409, "unresolved")
    assert answer.json()["facts"] == {"present": "1", "expected": "0"}
    assert Night.objects.get(pk=night.pk).state == "doors_open"


def test_a_night_nobody_planned_cannot_be_moved(night, api_as):
    assert move_on(api_as("night_lead"), "open", day=date(2026, 7, 14)).status_code == 404


def test_a_step_that_does_not_exist_is_refused(night, api_as):
    answer = move_on(api_as("night_lead"), "party")

    assert (answer.status_code, list(answer.json()["facts"])) == (400, ["to"])


def test_more_nights_do_not_mean_more_queries(season, api_as):

    client = api_as("planner")
    client.get(reverse("api:nights"), {"page_size": 2})

    with count_queries() as few:
        client.get(reverse("api:nights"), {"page_size": 2})
    stepping.step(night=Night.objects.get(date=TONIGHT), to="open", by=BUILDER)
    with count_queries() as many:
        client.get(reverse("api:nights"), {"page_size": 100})

    same_queries_for(few, many)
