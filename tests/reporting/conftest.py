"""A short winter, and what happens in its nights."""

from datetime import date, timedelta

import pytest

from reporting import tasks
from reporting.actions import scheduling
from shelter import clock
from shelter.actions import planning
from shelter.models import BedNight, Night, Occupant, Refusal
from tests.conftest import BUILDER, instant

DAY = timedelta(days=1)
NIGHT, LAST = date(2026, 11, 16), date(2026, 11, 23)
WEEK = [NIGHT + number * DAY for number in range(7)]
SATURDAY, SUNDAY = WEEKEND = WEEK[5:]
STEPS = {  # the time of each step: days after the evening's date, and the local time
    "opened_at": (0, "11:30"), "list_frozen_at": (0, "18:00"), "doors_opened_at": (0, "19:15"),
    "doors_closed_at": (0, "23:00"), "closed_at": (1, "08:50"), "sealed_at": (1, "09:10"),
}  # fmt: skip


def at(day, local):
    return instant(f"{day} {local}")


def step(*days_and_state):
    *days, state = days_and_state
    for day in days:
        taken = list(STEPS)[: Night.STEPS.index(state)]
        times = {name: at(day + STEPS[name][0] * DAY, STEPS[name][1]) for name in taken}
        Night.objects.filter(date=day).update(state=state, **times)


@pytest.fixture
def winter(house):
    """Eight nights, planned two weeks before the first."""
    with clock.at(instant("2026-11-01 09:00")):
        season = planning.add_period(service="night", first_date=NIGHT, last_date=LAST, by=BUILDER).season
        scheduling.settle()
    return season


@pytest.fixture
def weekend(house):
    """A winter of two nights: two flashes, and a report of a week, a month and a season."""
    with clock.at(instant("2026-11-01 09:00")):
        season = planning.add_period(
            service="night", first_date=SATURDAY, last_date=SUNDAY, by=BUILDER
        ).season
        scheduling.settle()
    return season


@pytest.fixture
def crowd(db):
    """Twenty men and twelve women, the same on each night."""
    return {
        sex: Occupant.objects.bulk_create(Occupant(sex=sex) for _number in range(number))
        for sex, number in (("man", 20), ("woman", 12))
    }


@pytest.fixture
def lived(house, crowd):
    """A night as it was: `lived(NIGHT, men=12, women=3, unlodged=1, state="closed")`."""

    def live(*days, men=12, women=0, unlodged=0, state="closed"):
        for day in days:
            night = Night.objects.get(date=day)
            sleepers = [*crowd["man"][:men], *crowd["woman"][:women]]
            BedNight.objects.bulk_create(
                BedNight(
                    occupant=person, bed=bed, night=night, state="left",
                    arrived_at=at(day, "20:00"), left_at=at(day + DAY, "07:30"),
                )
                for person, bed in zip(sleepers, house.beds.values(), strict=False)
            )  # fmt: skip
            Refusal.objects.bulk_create(
                Refusal(night=night, reason="no_place", refused_at=at(day, "21:00"))
                for _number in range(unlodged)
            )
            step(day, state)

    return live


@pytest.fixture
def tick_at(clock_at):
    """Moves the clock and lets the tick run, at each of some moments."""

    def ticks(*moments):
        for moment in moments:
            clock_at(moment)
            tasks.tick()

    return ticks
