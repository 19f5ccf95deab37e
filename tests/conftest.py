"""A house, a team, a season and tonight, built through the actions, for tests on every storey."""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime

import pytest
from django.test import Client
from rest_framework.test import APIClient

from shelter import clock, nights, offering
from shelter.actions import housekeeping, planning, stepping, team
from shelter.actor import Actor, actor_for
from shelter.models import Bed, Night, Occupant, OpeningPeriod, Role, Site
from shelter.models.house import Layer, Zone
from tests.at_once import at_once, guarded  # noqa: F401 (fixtures for every storey)

TONIGHT = date(2026, 11, 21)
FIRST_NIGHT, LAST_NIGHT = date(2026, 11, 15), date(2027, 4, 15)
HOUSE_STANDS_FROM = "2026-10-01 09:00"
PASSWORD = "a lantern over the door"
BUILDER = Actor(source="tests", roles=frozenset(Role.values))

# Code, name, zone, and the levels of its beds.
ROOMS = (
    ("MA", "Men A", Zone.MEN, (offering.BOTTOM, offering.MIDDLE, offering.TOP) * 2),
    ("MB", "Men B", Zone.MEN, (offering.BOTTOM, offering.TOP) * 2),
    ("WO", "Women", Zone.WOMEN, (offering.BOTTOM,) * 3),
    ("FA", "Families", Zone.FAMILIES, (offering.BOTTOM,) * 2),
    ("WK", "Workers", Zone.WORKERS, (offering.BOTTOM,) * 2),
    ("DG", "Dogs", Zone.DOGS, (offering.BOTTOM,) * 2),
    ("IS", "Isolation", Zone.ISOLATION, (offering.BOTTOM,)),
)
EXTENSION = ("EX", "Extension", Zone.MEN, (offering.BOTTOM,) * 4)
ORGANISATIONS = {"HUT": "Hëllef um Terrain", "CRL": "Croix-Rouge", "IA": "Inter-Actions"}
EMPLOYERS = {Role.FIELD_WORKER: "IA", Role.NURSE: "CRL", Role.VOLUNTEER: "CRL"}


def instant(moment):
    """An aware datetime as it is; a text like `2026-11-21 20:14` as a time on Luxembourg's wall clock."""
    return (
        datetime.fromisoformat(moment).replace(tzinfo=nights.LUXEMBOURG)
        if isinstance(moment, str)
        else moment
    )


@pytest.fixture
def clock_at():
    """Holds the clock until the end of the test: `clock_at("2026-11-21 20:14")`; a second call moves it.

    Only in the thread of the test: a server that runs beside it asks the real clock.
    """
    with ExitStack() as hands:

        def hold(moment):
            hands.close()
            return hands.enter_context(clock.at(instant(moment)))

        yield hold


@dataclass(frozen=True)
class House:
    site: Site
    organisations: dict
    dormitories: dict  # by code
    beds: dict  # by label, MA1, MA2, …


@pytest.fixture
def organisations(db):
    """HUT, CRL and IA, by code."""
    return {
        code: team.add_organisation(code=code, name=name, first_day=date(2020, 1, 1), by=BUILDER)
        for code, name in ORGANISATIONS.items()
    }


@pytest.fixture
def house(organisations):
    """Seven dormitories with 20 beds, and a room of four places that are opened one by one."""
    site = Site.objects.create(name="Findel")
    dormitories, beds = {}, {}
    with clock.at(instant(HOUSE_STANDS_FROM)):
        for code, name, zone, levels in (*ROOMS, EXTENSION):
            room = housekeeping.add_dormitory(
                site=site,
                code=code,
                name=name,
                zone=zone,
                first_night=clock.tonight(),
                by=BUILDER,
                position=len(dormitories),
            )
            extra = code == EXTENSION[0]
            new = [_bed(code, number, level, extra=extra) for number, level in enumerate(levels, start=1)]
            housekeeping.add_beds(dormitory=room, beds=new, first_night=clock.tonight(), by=BUILDER)
            dormitories[code] = room
            beds |= {bed.label: bed for bed in new}
    return House(site, organisations, dormitories, beds)


def _bed(code, number, level, *, extra):
    if extra:
        return Bed(label=f"{code}{number}", level=level, layer=Layer.EXTENSION, opening_order=number)
    return Bed(label=f"{code}{number}", level=level, step_free=code == "IS")


@pytest.fixture
def people(organisations):
    """One colleague for each role, by role."""
    found = {}
    for role in Role:
        person = team.add_person(username=role.value, name=role.name.title(), password=PASSWORD, by=BUILDER)
        employer = organisations[EMPLOYERS.get(role, "HUT")]
        team.give_role(
            person=person, organisation=employer, role=role, first_day=date(2020, 1, 1), by=BUILDER
        )
        found[role] = person
    return found


@pytest.fixture
def by(people):
    """Who acts: `by("night_worker")`."""

    def acting(role):
        return actor_for(people[Role(role)], day=clock.tonight(), source="tests")

    return acting


@pytest.fixture
def client_as(people):
    """A browser signed in as the colleague of a role: `client_as("coordinator")`."""

    def signed_in(role):
        client = Client()
        client.force_login(people[Role(role)], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def api_as(people):
    """A program with the token of the colleague of a role: `api_as("night_worker")`."""

    def with_token(role):
        client = APIClient()
        token = team.issue_token(person=people[Role(role)], by=BUILDER)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return client

    return with_token


@pytest.fixture
def season(house):
    """The season 2026/27, its nights planned from 15 November to 15 April."""
    with clock.at(instant(HOUSE_STANDS_FROM)):
        return planning.add_period(
            service=OpeningPeriod.Service.NIGHT, first_date=FIRST_NIGHT, last_date=LAST_NIGHT, by=BUILDER
        ).season


@pytest.fixture
def night(season, by, clock_at):
    """Tonight, 21 November 2026: doors open since 19:15, and it is 20:14."""
    clock_at(f"{TONIGHT} 19:15")
    tonight = Night.objects.get(date=TONIGHT)
    tonight = stepping.step(night=tonight, to=Night.State.DOORS_OPEN, by=by("coordinator"))
    clock_at(f"{TONIGHT} 20:14")
    return tonight


@pytest.fixture
def occupant(db):
    """A person as the house counts them: `occupant()`, `occupant(sex="woman")`."""

    def counted(**traits):
        return Occupant.objects.create(**traits)

    return counted
