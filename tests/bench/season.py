"""Builds a house with 5,000 guests and a season behind it; prints what the load needs to know, as JSON.

A program of its own (`python -m tests.bench.season`). House, team and nights come from the demo's builder; the
guests and their 36,000 nights are written row by row, as living through them would take an hour.
"""

import json
from datetime import date, time, timedelta
from random import Random
from uuid import uuid4

from tests.bench import wsgi  # sets the applications up

import shelter.demo  # isort: skip
from django.core.management import call_command  # isort: skip
from django.db import connection, transaction  # isort: skip
from django.test.utils import CaptureQueriesContext  # isort: skip
from rest_framework.test import APIClient  # isort: skip

from intake.actions.guests import keys, traits  # isort: skip
from intake.demo import BIRDS, MEN, ORIGINS, WOMEN  # isort: skip
from intake.models import Guest, NameKey  # isort: skip
from shelter import clock, nights  # isort: skip
from shelter.actions import housekeeping, team  # isort: skip
from shelter.models import BedNight, LogEntry, Night, Occupant, Proof, Registration  # isort: skip
from shelter.standing import beds_on  # isort: skip

FIRST, TONIGHT, LAST = date(2026, 11, 15), date(2027, 4, 13), date(2027, 4, 15)
GUESTS, NEW_A_NIGHT = 5_000, 31
COMING, FIRST_TO_COME = 1_200, 3_600  # those who are let in during the measurement
FEW = 20
SEED = 2026
SLEEPS = {"women": "women", "families": "family"}
BATCH = 5_000


def main():
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(wsgi.TABLE)
    shelter.demo.build(FIRST, LAST, winter=FIRST)
    with at(FIRST, time(9)):
        housekeeping.activate_places(
            layer="overflow",
            number=30,
            first_night=FIRST,
            by=shelter.demo.BY,
            reason="Bench",
            approval="Bench",
        )
    with at(TONIGHT, time(20)):
        token = team.issue_token(person=shelter.demo.person("night"), by=shelter.demo.BY)
    beds = [bed for bed in beds_on(TONIGHT) if bed.layer == "nominal" and bed.zone != "isolation"]
    chance = Random(SEED)
    few = welcome(range(FEW), beds, chance)
    open_doors(few)
    statements = [statements_of(token, few[0]), statements_of(token, few[1])]
    guests = few + welcome(range(FEW, GUESTS), beds, chance)
    live_through_the_season(guests, beds)
    coming = guests[FIRST_TO_COME : FIRST_TO_COME + COMING]
    expect(coming)
    statements.append(statements_of(token, coming.pop()))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # what the server would do by itself within minutes
    found = {
        "night": f"{TONIGHT}",
        "token": token,
        "guests": [guest.pk for guest in coming],
        "searches": [searched(chance.choice(guests), chance) for _search in range(400)],
        "statements": statements[1:],  # the first check-in of a process also fills its memories
        "bare_statements": bare_statements(),
        "rows": {"guests": Guest.objects.count(), "bed-nights": BedNight.objects.count()},
    }
    print(json.dumps(found))


def at(day, clock_time):
    return clock.at(nights.instant_of(day, clock_time))


@transaction.atomic
def welcome(numbers, beds, chance):
    """Guests with files and search keys; where each sleeps follows from the bed that will be theirs."""
    now = clock.now()
    people = [
        Guest(created_at=now, changed_at=now, **answers(beds[number % len(beds)], chance))
        for number in numbers
    ]
    occupants = Occupant.objects.bulk_create((Occupant(**traits(guest)) for guest in people), BATCH)
    for guest, occupant in zip(people, occupants, strict=True):
        guest.occupant = occupant
    people = Guest.objects.bulk_create(people, BATCH)
    NameKey.objects.bulk_create(
        (NameKey(guest=guest, key=key) for guest in people for key in keys(guest)), BATCH
    )
    return people


def answers(bed, chance):
    script, nationality, spoken, _weight = chance.choices(ORIGINS, [row[3] for row in ORIGINS])[0]
    return {
        "name": chance.choice((WOMEN if bed.zone == "women" else MEN)[script]),
        "family_name": chance.choice(BIRDS[script]),
        "sleeps": SLEEPS.get(bed.zone, "men"),
        "dog": bed.zone == "dogs",
        "early_leaver": bed.zone == "workers",
        "birth_year": 2026 - round(chance.triangular(19, 71, 36)),
        "nationality": nationality,
        "languages": spoken,
    }


def open_doors(expected):
    """Tonight's doors are open, and some are expected."""
    night = Night.objects.get(date=TONIGHT)
    night.state = Night.State.DOORS_OPEN
    opens = {"opened_at": time(12), "list_frozen_at": time(18), "doors_opened_at": time(19, 15)}
    for name, hour in opens.items():
        setattr(night, name, nights.instant_of(TONIGHT, hour))
    night.save()
    expect(expected)


def expect(guests):
    night, said = Night.objects.get(date=TONIGHT), nights.instant_of(TONIGHT, time(15))
    Registration.objects.bulk_create(
        (Registration(occupant=guest.occupant, night=night, registered_at=said) for guest in guests), BATCH
    )


@transaction.atomic
def live_through_the_season(guests, beds):
    """Each night as many guests as beds; some leave for good each day, as many new ones come."""
    by = shelter.demo.person("night")
    season = Night.objects.get(date=TONIGHT).season
    Proof.objects.bulk_create(
        Proof(occupant=guest.occupant, season=season, kind="housing", accepted=True, seen_at=clock.now())
        for guest in guests
    )
    past = list(Night.objects.filter(date__lt=TONIGHT).order_by("date"))
    for number, night in enumerate(past):
        first = number * NEW_A_NIGHT
        present = [(guests[index], beds[index % len(beds)]) for index in range(first, first + len(beds))]
        live_through(night, present, by)
    for night in past:
        close(night)
    Night.objects.bulk_update(past, ["state", *Night.TIMES.values()])


def live_through(night, present, by):
    said, evening = nights.instant_of(night.date, time(15)), nights.instant_of(night.date, time(19, 30))
    morning = nights.instant_of(night.date, time(8, 45))
    Registration.objects.bulk_create(
        Registration(occupant=guest.occupant, night=night, registered_at=said) for guest, _bed in present
    )
    rows = BedNight.objects.bulk_create(
        BedNight(
            occupant=guest.occupant, bed_id=bed.id, night=night, state=BedNight.State.LEFT,
            arrived_at=evening + number * timedelta(seconds=30), left_at=morning,
        )
        for number, (guest, bed) in enumerate(present)
    )  # fmt: skip
    LogEntry.objects.bulk_create(
        LogEntry(
            at=moment or row.arrived_at, verb=verb, by=by, source="api", night=night, occupant_id=row.occupant_id,
            bed_id=row.bed_id, bed_night=row, facts=facts,
        )
        for verb, moment, facts in (("checked_in", None, {"was": ""}), ("left", morning, {"cause": "morning"}))
        for row in rows
    )  # fmt: skip


def close(night):
    """Over, and sealed but for the last three nights."""
    sealed = night.date < TONIGHT - timedelta(days=3)
    night.state = Night.State.DEFINITIVE if sealed else Night.State.CLOSED
    for state, name in Night.TIMES.items():
        if sealed or state != Night.State.DEFINITIVE:
            setattr(night, name, nights.instant_of(night.date, time(9)))


def statements_of(token, guest):
    """How many statements one check-in takes; the bed is the one the house proposes."""
    client = APIClient(HTTP_HOST="localhost", HTTP_AUTHORIZATION=f"Bearer {token}")
    with at(TONIGHT, time(20, 14)), CaptureQueriesContext(connection) as statements:
        answer = client.post(
            f"/api/v1/nights/{TONIGHT}/check-ins/", {"guest": guest.pk}, format="json",
            headers={"Idempotency-Key": uuid4().hex},
        )  # fmt: skip
    if answer.status_code != 201:
        raise AssertionError(answer.json())
    return len(statements)


def bare_statements():
    client = APIClient(HTTP_HOST="localhost")
    with CaptureQueriesContext(connection) as statements:
        client.post("/api/v1/bare/", {"night": f"{TONIGHT}", "guest": 1}, format="json")
    return len(statements)


def searched(guest, chance):
    """What somebody types to find a guest: half a name, a whole one, one misheard, a year, a number."""
    name, family = guest.name, guest.family_name
    misheard = name.replace("ou", "u").replace("k", "c").replace("ss", "s")
    return chance.choice(
        [
            name,
            family,
            family[:4],
            f"{family} {name[:2]}",
            misheard,
            f"{name} {guest.birth_year}",
            f"{guest.pk:04d}",
        ]
    )


if __name__ == "__main__":
    main()
