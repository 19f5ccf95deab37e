"""Three hundred people in ninety minutes at two lanes: the evening of the bus, on the real actions.

What hands and eyes take is the budget of the interaction model (for cold hands); what the house takes is
measured while it really does it. The queue is reckoned, not waited for.
"""

from datetime import time as clock_time
from datetime import timedelta
from heapq import heapify, heappop, heappush
from random import Random
from time import perf_counter

import pytest

import shelter.demo
from intake.actions import door, guests
from intake.demo import BIRDS, MEN
from intake.models import Guest
from shelter import clock, nights
from shelter import queries as house
from shelter.actions import housekeeping, stepping
from shelter.models import BedNight, Night
from tests.conftest import TONIGHT

GUESTS, LANES, WINDOW = 300, 2, timedelta(minutes=90)
ON_THE_BUS = 0.7  # share that stands there within the first hour
LIST_ROW, FIVE_LETTERS, NEW_PERSON = 5.7, 10.6, 36.0  # seconds of a colleague with cold hands, by job
TALK_AND_LINEN = 20.0  # handing over linen, a word or two
SLOWEST_WAIT = timedelta(minutes=30)


@pytest.fixture
def evening(db):
    """The demo's house with its doors open, 290 people expected, and ten who will come unannounced."""
    shelter.demo.build(TONIGHT, TONIGHT + timedelta(days=1), winter=TONIGHT)
    night = Night.objects.get(date=TONIGHT)
    field, lead = shelter.demo.actor("field"), shelter.demo.actor("coordinator")
    chance = Random(300)
    with clock.at(nights.instant_of(TONIGHT, clock_time(12))):
        housekeeping.activate_places(
            layer="overflow", number=30, first_night=TONIGHT, by=lead, reason="cold", approval="test"
        )
        stepping.step(night=night, to=Night.State.OPEN, by=lead)
        expected = [
            guests.add_guest(by=field, name=chance.choice(MEN["fr"]), family_name=chance.choice(BIRDS["fr"]),
                             sleeps="men" if number % 18 else "women", early_leaver=number % 10 == 5)
            for number in range(GUESTS - 10)
        ]  # fmt: skip
        for guest in expected:
            door.register_for_tonight(guest=guest, night=night, by=field)
    with clock.at(nights.instant_of(TONIGHT, clock_time(19, 15))):
        stepping.tick()
    return Night.objects.get(date=TONIGHT), expected, chance


def arrivals(chance):
    """When each person reaches the door, in seconds after it opened: most with the bus, the rest in drops."""
    early = [chance.uniform(0, 3600) for _person in range(round(GUESTS * ON_THE_BUS))]
    late = [chance.uniform(3600, WINDOW.total_seconds()) for _person in range(GUESTS - len(early))]
    return sorted(early + late)


def test_three_hundred_people_are_in_bed_ninety_minutes_after_the_bus(evening):
    night, expected, chance = evening
    people: list[Guest | None] = [*expected, *[None] * 10]
    chance.shuffle(people)
    by, opened = shelter.demo.actor("night"), nights.instant_of(TONIGHT, clock_time(19, 15))
    lanes = [0.0] * LANES
    heapify(lanes)
    waits, house_took = [], []

    for came, guest in zip(arrivals(chance), people, strict=True):
        begins = max(came, heappop(lanes))
        with clock.at(opened + timedelta(seconds=begins)):
            before = perf_counter()
            if guest is None:
                guest = door.add_and_register(night=night, by=by, name="Neu", sleeps="men")
                hands = NEW_PERSON
            else:
                hands = chance.choice([LIST_ROW, FIVE_LETTERS])
            row = door.check_in(guest=guest, night=night, by=by)
            house_took.append(perf_counter() - before)
        assert row.state == BedNight.State.IN
        waits.append(begins - came)
        heappush(lanes, begins + hands + TALK_AND_LINEN + house_took[-1])

    assert house.counts_of(night).arrived == GUESTS
    assert max(lanes) < (WINDOW + SLOWEST_WAIT).total_seconds()
    assert timedelta(seconds=max(waits)) < SLOWEST_WAIT
    assert BedNight.objects.filter(night=night, state="in").values("bed").distinct().count() == GUESTS
