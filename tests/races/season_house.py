"""Builds a house with one season that lies ahead, who will sleep there, and who receives its reports.

A program of its own (`python -m tests.races.season_house FIRST LAST`): its database is not that of the tests. The
bed-nights are written beforehand; a night counts from the morning on which it is closed.
"""

import json
import sys
from datetime import date, time, timedelta
from random import Random

import django

django.setup()

from django.core.management import call_command  # noqa: E402 (the models are there only now)
from django.db import transaction  # noqa: E402

from reporting.actions import sending  # noqa: E402
from reporting.models import Period  # noqa: E402
from shelter import clock, nights  # noqa: E402
from shelter.actions import housekeeping, planning  # noqa: E402
from shelter.actor import Actor  # noqa: E402
from shelter.models import Bed, BedNight, Night, Occupant, OpeningPeriod, Person, Role, Site  # noqa: E402

BY = Actor(source="tests", roles=frozenset(Role.values))
BEDS, PEOPLE, FEWEST, MOST = 12, 16, 4, 9  # never so full that an alert goes out
COMES, LEAVES = time(20), time(7, 30)
LANGUAGES = ("fr", "de")
AHEAD = timedelta(days=14)  # between planning the season and its first night


def main(first, last):
    call_command("migrate", verbosity=0)
    with transaction.atomic(), clock.at(nights.instant_of(first, nights.NOON) - AHEAD):
        beds = furnish(clock.tonight())
        planning.add_period(service=OpeningPeriod.Service.NIGHT, first_date=first, last_date=last, by=BY)
        fill(beds)
        Person.objects.create_user("coordinator", name="Coordinator")
        for kind in Period.ON_TIME:
            for language in LANGUAGES:
                sending.add_recipient(
                    kind=kind, name=f"Reader {language}", email=f"{kind}-{language}@ministry.example",
                    language=language, by=BY,
                )  # fmt: skip
    print(json.dumps({"nights": Night.objects.count()}))


def furnish(first_night):
    dormitory = housekeeping.add_dormitory(
        site=Site.objects.create(name="Findel"), code="M", name="Men", zone="men", first_night=first_night,
        by=BY,
    )  # fmt: skip
    beds = [Bed(label=f"M-{number:02d}", level="bottom") for number in range(BEDS)]
    return housekeeping.add_beds(dormitory=dormitory, beds=beds, first_night=first_night, by=BY)


def fill(beds):
    """A handful of the same people on each night."""
    chance = Random(2026)
    people = Occupant.objects.bulk_create(
        Occupant(sex=chance.choice(("man", "man", "man", "woman")), birth_year=chance.randint(1950, 2004))
        for _number in range(PEOPLE)
    )
    BedNight.objects.bulk_create(
        BedNight(
            night=night, bed=bed, occupant=person, state=BedNight.State.LEFT,
            arrived_at=nights.instant_of(night.date, COMES), left_at=nights.instant_of(night.date, LEAVES),
        )
        for night in Night.objects.order_by("date")
        for bed, person in zip(beds, chance.sample(people, chance.randint(FEWEST, MOST)), strict=False)
    )  # fmt: skip


if __name__ == "__main__":
    main(*map(date.fromisoformat, sys.argv[1:]))
