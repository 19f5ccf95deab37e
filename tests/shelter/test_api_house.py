"""The house by API: dormitories, beds, closures, extra places, opening periods."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from shelter.actions import placing
from shelter.models import Activation, Bed, Closure, Dormitory, LogEntry, Night
from shelter.standing import bed_on
from tests.conftest import BUILDER, TONIGHT

TOMORROW = TONIGHT + timedelta(days=1)


@pytest.fixture
def ask(night, api_as):
    """The coordinator's program: `ask("post", "beds", label="MA9")`, `ask("patch", "bed", 4, zone="men")`."""
    client = api_as("coordinator")

    def asking(verb, address, *ids, **body):
        path = reverse(f"api:{address}", args=ids)
        return client.get(path, body) if verb == "get" else getattr(client, verb)(path, body, format="json")

    return asking


def test_a_dormitory_is_added_with_its_zone(ask, night):
    answer = ask("post", "dormitories", code="WB", name="Women B", zone="women", first_night=TONIGHT)

    added = Dormitory.objects.get(code="WB")
    assert answer.status_code == 201
    assert answer.json() == {"id": added.pk, "code": "WB", "name": "Women B", "position": 0}
    assert list(added.zonings.values_list("zone", "first_night")) == [("women", TONIGHT)]


def test_dormitories_come_in_walking_order(ask):
    told = ask("get", "dormitories").json()

    assert [row["code"] for row in told["results"]] == ["MA", "MB", "WO", "FA", "WK", "DG", "IS", "EX"]


def test_a_zone_changes_from_a_night_on(ask, house):
    room = house.dormitories["MB"]

    answer = ask("patch", "dormitory", room.pk, zone="women", first_night=TOMORROW)

    bed = house.beds["MB1"].pk
    assert answer.status_code == 200
    assert (bed_on(TONIGHT, bed).zone, bed_on(TOMORROW, bed).zone) == ("men", "women")


def test_one_dormitory_is_read(ask, house):
    assert ask("get", "dormitory", house.dormitories["WO"].pk).json()["name"] == "Women"


def test_a_bed_tells_where_it_stands(ask, house):
    told = ask("get", "bed", house.beds["IS1"].pk).json()

    assert told == {
        "id": house.beds["IS1"].pk,
        "label": "IS1",
        "level": "bottom",
        "step_free": True,
        "layer": "nominal",
        "dormitory": house.dormitories["IS"].pk,
        "dormitory_name": "Isolation",
        "zone": "isolation",
        "closed_for": None,
    }


def test_beds_come_in_pages(ask):
    told = ask("get", "beds", page_size=5, page=2).json()

    assert told["count"] == 24
    assert [row["label"] for row in told["results"]] == ["MA6", "MB1", "MB2", "MB3", "MB4"]


def test_a_bed_is_added_to_a_dormitory(ask, house):
    room = house.dormitories["MA"].pk

    answer = ask("post", "beds", label="MA7", dormitory=room, level="top", first_night=TONIGHT)

    assert answer.status_code == 201
    assert (answer.json()["label"], answer.json()["level"], answer.json()["dormitory"]) == (
        "MA7",
        "top",
        room,
    )


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"label": "MA1"}, "label"),
        ({"label": "X1", "layer": "extension"}, "opening_order"),
        ({"label": "X1", "opening_order": 9}, "opening_order"),
        ({"label": "X1", "layer": "extension", "opening_order": 1}, "opening_order"),
        ({"label": "X1", "dormitory": 0}, "dormitory"),
        ({"label": "\u202e\u200f"}, "label"),
        ({"label": "X1", "first_night": "9999-12-31"}, "first_night"),
    ],
)
def test_a_bed_that_cannot_be_is_refused_by_its_field(ask, house, asked, field):
    beds = Bed.objects.count()
    usual = {"dormitory": house.dormitories["MA"].pk, "first_night": TONIGHT}

    answer = ask("post", "beds", **(usual | asked))

    assert (answer.status_code, list(answer.json()["facts"])) == (400, [field])
    assert Bed.objects.count() == beds


def test_a_bed_goes_to_another_dormitory_or_out_of_the_house(ask, house):
    bed = house.beds["MA6"].pk

    elsewhere = ask("patch", "bed", bed, dormitory=house.dormitories["MB"].pk, first_night=TONIGHT)
    away = ask("patch", "bed", bed, dormitory=None, first_night=TOMORROW)

    assert (elsewhere.status_code, elsewhere.json()["dormitory_name"]) == (200, "Men B")
    assert (away.status_code, bed_on(TOMORROW, bed)) == (200, None)


def test_a_bed_somebody_sleeps_in_stays_where_it_is(ask, house, night, occupant):
    placing.hold(occupant=occupant(), bed=house.beds["MA1"], night=night, by=BUILDER)

    answer = ask("patch", "bed", house.beds["MA1"].pk, dormitory=None, first_night=TONIGHT)

    assert (answer.status_code, answer.json()["code"]) == (409, "bed_taken")


def test_past_nights_of_the_house_stay_as_they_were(ask, house):
    yesterday = TONIGHT - timedelta(days=1)

    answer = ask("patch", "dormitory", house.dormitories["MA"].pk, zone="women", first_night=yesterday)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_a_bed_is_closed_from_tonight_and_opened_again(ask, house):
    bed = house.beds["MA2"].pk

    closed = ask("post", "closures", bed, reason="pests", note="room 2")
    meanwhile = ask("get", "bed", bed).json()["closed_for"]
    opened = ask("patch", "closure", closed.json()["id"])

    assert closed.status_code == 201
    assert (closed.json()["first_night"], closed.json()["last_night"]) == ("2026-11-21", None)
    assert (meanwhile, ask("get", "bed", bed).json()["closed_for"]) == ("pests", None)
    assert opened.json()["withdrawn_at"] == "2026-11-21T20:14:00+01:00"


def test_the_closures_of_a_bed_are_listed_and_read(ask, house):
    bed = house.beds["MA2"].pk
    closed = ask("post", "closures", bed, reason="repair", last_night=TOMORROW).json()

    assert ask("get", "closures", bed).json()["results"] == [closed]
    assert ask("get", "closure", closed["id"]).json() == closed


def test_a_bed_somebody_lies_in_is_not_closed(ask, house, night, occupant):
    placing.check_in(
        occupant=occupant(), bed=house.beds["MA1"], night=night, by=BUILDER, override_reason="police"
    )

    answer = ask("post", "closures", house.beds["MA1"].pk, reason="repair")

    assert (answer.status_code, answer.json()["code"], answer.json()["facts"]) == (
        409,
        "bed_taken",
        {"bed": "MA1"},
    )
    assert Closure.objects.count() == 0


def test_a_closure_that_ends_before_it_begins_is_refused(ask, house):
    answer = ask("post", "closures", house.beds["MA2"].pk, reason="repair", last_night="2026-11-20")

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_extra_places_open_one_by_one_with_their_approval(ask, house):
    answer = ask(
        "post",
        "activations",
        layer="extension",
        number=2,
        first_night=TONIGHT,
        reason="Minus eight degrees",
        approval="MIN-2026-17",
    )

    told = ask("get", "night", "tonight").json()["capacity"]
    assert answer.status_code == 201
    assert (told["nominal"], told["installed"], told["free"]) == (20, 22, 22)
    assert LogEntry.objects.get(verb="places_activated").reason == "Minus eight degrees"
    assert ask("get", "activations").json()["results"] == [answer.json()]


@pytest.mark.parametrize("empty", ["reason", "approval"])
def test_extra_places_need_a_reason_and_an_approval(ask, empty):
    asked = {"layer": "overflow", "number": 5, "first_night": TONIGHT, "reason": "cold", "approval": "M-1"}

    answer = ask("post", "activations", **(asked | {empty: "\u200f"}))

    assert (answer.status_code, list(answer.json()["facts"])) == (400, [empty])
    assert Activation.objects.count() == 0


def test_an_opening_period_plans_its_nights(ask):
    answer = ask(
        "post", "periods", service="night", kind="reopening", first_date="2027-04-20", last_date="2027-04-22"
    )

    planned = Night.objects.filter(date__gte=date(2027, 4, 16)).order_by("date")
    assert (answer.status_code, answer.json()["season"]) == (201, "2026/27")
    assert [night.date.day for night in planned] == [20, 21, 22]


@pytest.mark.parametrize(
    ("first", "last", "status"),
    [
        ("2026-12-01", "2026-12-02", 422),  # overlaps
        ("2027-05-02", "2027-05-01", 422),
        ("2027-06-01", "2029-06-01", 422),  # longer than a year
        ("9999-12-30", "9999-12-31", 400),
        ("0001-01-01", "0001-01-02", 400),
        ("2027-02-29", "2027-03-01", 400),
    ],
)
def test_an_opening_period_that_cannot_be_is_refused_and_plans_nothing(ask, first, last, status):
    nights = Night.objects.count()

    answer = ask("post", "periods", service="night", first_date=first, last_date=last)

    assert (answer.status_code, answer.json()["code"]) == (status, "invalid")
    assert Night.objects.count() == nights
