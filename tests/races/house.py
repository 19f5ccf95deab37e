"""Builds a small house whose doors are open tonight; prints what its clients need to know, as JSON.

A program of its own (`python -m tests.races.house BEDS GUESTS CLIENTS`): its database is not that of the tests.
"""

import json
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402 (the models are there only now)
from django.db import transaction  # noqa: E402

from intake.actions import door, guests  # noqa: E402
from shelter import clock, nights  # noqa: E402
from shelter.actions import closing, housekeeping, planning, stepping, team  # noqa: E402
from shelter.actor import Actor  # noqa: E402
from shelter.models import Bed, BedNight, Night, OpeningPeriod, Person, Role, Site  # noqa: E402

TONIGHT = date(2026, 11, 21)
YESTERDAY = TONIGHT - timedelta(days=1)
BY = Actor(source="tests", roles=frozenset(Role.values))
LEVELS = ("bottom", "middle", "top")


def main(number_of_beds, number_of_guests, number_of_clients):
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        with at(YESTERDAY, 9):
            beds = furnish(number_of_beds)
            people = [
                guests.add_guest(name=f"Guest {number}", sleeps="men", by=BY)
                for number in range(number_of_guests)
            ]
        live_through_yesterday(people[:number_of_beds])
        open_doors(people)
        tokens = [employ(number) for number in range(number_of_clients)]
    found = {
        "night": f"{TONIGHT}",
        "beds": [bed.pk for bed in beds],
        "guests": [guest.pk for guest in people],
    }
    print(json.dumps(found | {"tokens": tokens}))


def at(day, hour, minute=0):
    return clock.at(datetime(day.year, day.month, day.day, hour, minute, tzinfo=nights.LUXEMBOURG))


def furnish(number_of_beds):
    """One dormitory, so that everybody wants the same beds, and a season of two nights."""
    site = Site.objects.create(name="Findel")
    dormitory = housekeeping.add_dormitory(
        site=site, code="M", name="Men", zone="men", first_night=YESTERDAY, by=BY
    )
    beds = [Bed(label=f"M-{number:03d}", level=LEVELS[number % 3]) for number in range(number_of_beds)]
    planning.add_period(service=OpeningPeriod.Service.NIGHT, first_date=YESTERDAY, last_date=TONIGHT, by=BY)
    return housekeeping.add_beds(dormitory=dormitory, beds=beds, first_night=YESTERDAY, by=BY)


def live_through_yesterday(people):
    """Those who slept here yesterday have a bed kept for them tonight."""
    night = Night.objects.get(date=YESTERDAY)
    with at(YESTERDAY, 13):
        stepping.step(night=night, to=Night.State.OPEN, by=BY)
        for guest in people:
            door.register_for_tonight(guest=guest, night=night, by=BY)
    with at(YESTERDAY, 20):
        stepping.step(night=night, to=Night.State.DOORS_OPEN, by=BY)
        inside = [door.check_in(guest=guest, night=night, by=BY).pk for guest in people]
    lead = Person.objects.create_user("lead", name="Lead")
    with at(TONIGHT, 8, 45):
        closing.close_night(night=night, bed_nights=inside, by=replace(BY, person=lead))


def open_doors(people):
    """Every second guest is registered by day; the clients register the others at the door."""
    night = Night.objects.get(date=TONIGHT)
    with at(TONIGHT, 13):
        stepping.step(night=night, to=Night.State.OPEN, by=BY)
        for guest in people[::2]:
            door.register_for_tonight(guest=guest, night=night, by=BY)
    with at(TONIGHT, 19, 15):
        stepping.step(night=night, to=Night.State.DOORS_OPEN, by=BY)
        for guest in people[1::2]:
            door.register_for_tonight(guest=guest, night=night, by=BY)
    if not BedNight.objects.filter(night=night, state=BedNight.State.HELD).exists():
        raise AssertionError("No bed is kept for anybody.")


def employ(number):
    """An account for each client: the log then tells whose act each line is."""
    with at(YESTERDAY, 9):
        person = Person.objects.create_user(f"client-{number}", name=f"Client {number}")
        house = team.add_organisation(code="HUT", name="HUT", first_day=date(2020, 1, 1), by=BY)
        team.give_role(person=person, organisation=house, role=Role.NIGHT_WORKER, first_day=YESTERDAY, by=BY)
        return person.pk, team.issue_token(person=person, by=BY)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
