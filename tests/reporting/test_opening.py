"""What everybody may read: the public editions with their dictionary, and free places; both only where allowed."""

import csv
import json
from datetime import timedelta
from hashlib import sha256
from io import StringIO

import pytest
from django.urls import reverse

from reporting import paper, places, tasks
from reporting.actions.noting import write_remark
from reporting.actions.places import keep_places
from reporting.models import Audience, DataSet, Paper, Period, PlacesSeen, Report
from shelter import clock
from shelter.models import BedNight, Night, Setting
from tests.conftest import TONIGHT
from tests.reporting.conftest import NIGHT, WEEKEND, step

MONDAY = "2026-11-23 10:00"
OPEN = ("open", "open-package", "open-dictionary")
FEED = ("places", "places-services")
LANGUAGES = ["fr", "de", "lb", "en"]


@pytest.fixture(autouse=True)
def short_papers(monkeypatch):
    monkeypatch.setattr(paper, "report_pdf", lambda _data, digest, language: f"%PDF {language}".encode())


@pytest.fixture
def allow(by):
    """Settings in force from the first night on: `allow(open_data="yes")`."""

    def set_to(**values):
        for key, value in values.items():
            Setting.objects.create(
                key=key, value=value, first_night=NIGHT, set_at=clock.now(), set_by=by("coordinator").person
            )

    return set_to


@pytest.fixture
def told(weekend, lived, tick_at, allow):
    """A week with seven women and a month, whose reports are out."""
    lived(*WEEKEND, men=12, women=7)
    tick_at(MONDAY, "2026-12-03 10:00")
    allow(open_data="yes")


def rows_of(response):
    return list(csv.DictReader(StringIO(response.content.decode())))


# Open data.


@pytest.mark.parametrize("route", [*OPEN, *FEED])
def test_a_house_publishes_nothing_unless_it_decides_to(season, client, route):
    assert client.get(reverse(route)).status_code == 404


def test_files_of_reports_are_not_there_where_nothing_is_published(weekend, lived, tick_at, client):
    lived(*WEEKEND)
    tick_at(MONDAY)
    report = Report.objects.get(period__kind="weekly")

    assert client.get(reverse("open-csv", args=[report.pk])).status_code == 404
    assert client.get(reverse("open-json", args=[report.pk])).status_code == 404


def test_everybody_reads_the_public_edition_and_no_other(told, client):
    report = Report.objects.get(period__kind="weekly")

    response = client.get(reverse("open-json", args=[report.pk]))

    data = json.loads(response.content)
    known = DataSet.objects.get(report=report, audience=Audience.PUBLIC)
    assert (data["audience"], data["threshold"]) == ("public", 10)
    assert data["figures"]["persons_by_sex"]["woman"] == "below"
    assert sha256(response.content).hexdigest() == known.sha256
    assert response["Access-Control-Allow-Origin"] == "*"


def test_a_report_without_a_public_edition_or_not_out_is_not_there(told, client, by):
    flash = Report.objects.filter(period__kind="flash").first()
    waiting = Report.objects.get(period__kind="monthly")
    Report.objects.filter(pk=waiting.pk).update(state=Report.State.RENDERED, approved_at=None)

    for report in (flash, waiting):
        for route in ("open-csv", "open-json"):
            assert client.get(reverse(route, args=[report.pk])).status_code == 404
    listed = client.get(reverse("open")).content.decode()
    assert reverse("open-csv", args=[waiting.pk]) not in listed


def test_who_wrote_what_stands_out_is_told_to_the_ministry_alone(weekend, lived, by, tick_at, clock_at):
    lived(*WEEKEND)
    clock_at("2026-11-23 09:00")
    period = Period.objects.get(kind="weekly")
    write_remark(period=period, text="The heating failed.", by=by("coordinator"))
    tick_at(MONDAY)

    texts = dict(DataSet.objects.filter(report__period=period).values_list("audience", "text"))
    assert "The heating failed." in texts["ministry"]
    assert "The heating failed." not in texts["public"]


def test_the_package_names_every_file_with_its_fingerprint_and_its_columns(told, client):
    package = json.loads(client.get(reverse("open-package")).content)

    found = {each["path"].split("/open/")[1]: each for each in package["resources"]}
    papers = Paper.objects.filter(data_set__audience=Audience.PUBLIC, form="csv")
    expected = {f"{each.data_set.report_id}.csv": each for each in papers}
    assert found.keys() == expected.keys() | {"dictionary.csv"}
    for name, each in expected.items():
        response = client.get(f"/open/{name}")
        assert (
            found[name]["hash"] == f"sha256:{sha256(response.content).hexdigest()}" == f"sha256:{each.sha256}"
        )
        fields = [field["name"] for field in found[name]["schema"]["fields"]]
        assert fields == response.content.decode().splitlines()[0].split(",")
    names = [each["name"] for each in package["resources"]]
    assert len(set(names)) == len(names)


def test_every_code_and_every_category_in_the_files_stands_in_the_dictionary(told, client):
    words = rows_of(client.get(reverse("open-dictionary")))
    codes = {row["code"] for row in words if not row["category"]}
    categories = {(row["code"], row["category"]) for row in words if row["category"]}
    free = {"persons_by_age", "bed_nights_by_age", "refused_by_age"}  # bands say themselves what they are

    for report in Report.objects.filter(period__kind__in=["weekly", "monthly"]):
        for row in rows_of(client.get(reverse("open-csv", args=[report.pk]))):
            assert row["code"] in codes
            if row["category"] and row["code"] not in free:
                assert (row["code"], row["category"]) in categories


def test_the_dictionary_says_everything_in_every_language(season, allow, client):
    allow(open_data="yes")

    for row in rows_of(client.get(reverse("open-dictionary"))):
        for language in LANGUAGES:
            assert row[f"name_{language}"]
            assert row["category"] or row[f"definition_{language}"]


# Free places.


@pytest.fixture
def evening(season, allow, house):
    """Tonight's doors are open, and the feed is on with its delay of thirty minutes and its threshold of five."""
    allow(places_feed="yes")
    step(TONIGHT, "doors_open")
    return Night.objects.get(date=TONIGHT)


@pytest.fixture
def seen(clock_at):
    def at(*moments):
        for moment in moments:
            clock_at(f"{TONIGHT} {moment}")
            keep_places()

    return at


def services(client):
    response = client.get(reverse("places-services"))
    assert response.status_code == 200
    return response.json()["contents"]


def available(client):
    """Free places by the name of the service; None where nothing is told."""
    return {
        each["name"]: each["capacities"][0]["available"] if "capacities" in each else None
        for each in services(client)
    }


def free_in(zone):
    return PlacesSeen.objects.filter(zone=zone).order_by("-at").values_list("free", flat=True).first()


def test_places_are_told_half_an_hour_later_and_not_before(evening, seen, house, client, clock_at, occupant):
    seen("20:00")
    zone_free = {row.zone: row.free for row in PlacesSeen.objects.all()}
    clock_at(f"{TONIGHT} 20:29")
    assert set(available(client).values()) == {None}

    bed = next(iter(house.beds.values()))
    BedNight.objects.create(occupant=occupant(), bed=bed, night=evening, state="in", arrived_at=clock.now())
    seen("20:30")

    told = [each["capacities"][0] for each in services(client)]
    assert sorted(each["available"] for each in told) == sorted(
        free if free >= 5 else 0 for free in zone_free.values()
    )
    seen("20:55")
    clock_at(f"{TONIGHT} 21:00")
    later = sum(each["capacities"][0]["available"] for each in services(client))
    assert later == sum(each["available"] for each in told) - 1


def test_few_places_are_told_as_none(evening, seen, clock_at, client, allow):
    seen("20:00")
    PlacesSeen.objects.update(free=4)
    clock_at(f"{TONIGHT} 20:31")
    told = services(client)[0]["capacities"][0]
    assert (told["available"], told["description"]) == (0, "moins de 5")

    PlacesSeen.objects.update(free=0)
    assert services(client)[0]["capacities"][0] == told
    PlacesSeen.objects.update(free=5)
    assert services(client)[0]["capacities"][0]["available"] == 5


def test_nothing_is_told_when_the_doors_are_closed_or_nobody_has_looked(evening, seen, clock_at, client):
    seen("20:00")
    clock_at(f"{TONIGHT} 20:31")
    assert set(available(client).values()) != {None}

    clock_at(f"{TONIGHT} 20:55")
    assert set(available(client).values()) == {None}
    seen("20:56")
    step(TONIGHT, "doors_closed")
    clock_at(f"{TONIGHT} 21:27")
    assert {each["status"] for each in services(client)} == {"temporarily closed"}


def test_places_are_looked_at_every_five_minutes_by_the_tick_and_kept_for_a_day(evening, clock_at):
    for moment in ("20:00", "20:01", "20:04", "20:05", "20:06"):
        clock_at(f"{TONIGHT} {moment}")
        tasks.tick()
    assert PlacesSeen.objects.values("at").distinct().count() == 2

    clock_at(f"{TONIGHT + timedelta(days=1)} 20:05")
    keep_places()
    assert PlacesSeen.objects.values("at").distinct().count() == 1


def test_a_house_that_tells_nobody_keeps_nothing(season, clock_at):
    step(TONIGHT, "doors_open")
    clock_at(f"{TONIGHT} 20:00")
    keep_places()

    assert not PlacesSeen.objects.exists()


def test_services_have_what_hsds_demands_and_keep_their_identifiers(evening, seen, clock_at, client):
    seen("20:00")
    clock_at(f"{TONIGHT} 20:31")
    page = client.get(reverse("places-services")).json()

    assert page["total_items"] == len(page["contents"]) > 0
    assert (page["page_number"], page["first_page"], page["last_page"], page["empty"]) == (
        1,
        True,
        True,
        False,
    )
    for each in page["contents"]:
        assert {"id", "name", "status", "organization"} <= each.keys()
        assert {"id", "name", "description"} <= each["organization"].keys()
        (capacity,) = each["capacities"]
        assert {"id", "unit", "available", "updated"} <= capacity.keys()
        assert {"id", "name"} <= capacity["unit"].keys()
        alone = client.get(reverse("places-service", args=[each["id"]])).json()
        assert alone == each
    clock_at(f"{TONIGHT} 20:55")
    assert [each["id"] for each in services(client)] == [each["id"] for each in page["contents"]]
    unknown = reverse("places-service", args=[places.identifier("nobody")])
    assert client.get(unknown).status_code == 404
    assert client.get(reverse("places")).json()["version"] == "3.1"


@pytest.mark.parametrize("number", ["0", "x", "-1", "99"])
def test_a_page_that_is_not_there_is_empty_or_the_first(evening, client, number):
    told = client.get(reverse("places-services"), {"page": number}).json()

    assert told["empty"] == (number == "99")
