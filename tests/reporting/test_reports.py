"""x"""

from datetime import date, datetime, timedelta, UTC
from time import monotonic
import pytest
from reporting import tasks
from reporting.models import *
from reporting.actions import scheduling, noting
from shelter import clock, nights
from shelter.actions import planning, stepping, merging
from shelter.models import *
from tests.conftest import BUILDER, instant

DAY = timedelta(days=1)


@pytest.fixture
def winter(house):
    with clock.at(instant("2026-11-01 09:00")):
        s = planning.add_period(
            service="night", first_date=date(2026, 11, 16), last_date=date(2026, 12, 6), by=BUILDER
        ).season
        scheduling.settle()
    return s


STEPS = {
    "opened_at": (0, "11:30"),
    "list_frozen_at": (0, "18:00"),
    "doors_opened_at": (0, "19:15"),
    "doors_closed_at": (0, "23:00"),
    "closed_at": (1, "09:00"),
    "sealed_at": (4, "12:00"),
}


def at(day, local, days=0):
    return instant(f"{day + days * DAY} {local}")


def step(day, state):
    taken = list(STEPS)[: Night.STEPS.index(state)]
    Night.objects.filter(date=day).update(
        state=state, **{n: at(day, STEPS[n][1], STEPS[n][0]) for n in taken}
    )


def test_speed(winter, house, occupant, clock_at):
    t = monotonic()
    ppl = [occupant(sex="man") for _ in range(12)]
    day = date(2026, 11, 16)
    for n in range(7):
        d = day + n * DAY
        night = Night.objects.get(date=d)
        for bed, p in zip(list(house.beds.values()), ppl):
            BedNight.objects.create(
                occupant=p,
                bed=bed,
                night=night,
                state="left",
                arrived_at=at(d, "20:00"),
                left_at=at(d, "07:30", 1),
            )
        step(d, "closed")
    print("lived", monotonic() - t)
    for n in range(1, 8):
        clock_at(at(day, "09:30", n))
        t = monotonic()
        tasks.tick()
        print("tick", monotonic() - t)
    print(Report.objects.values_list("period__key", "state", "revision"))
    clock_at(at(day, "10:00", 7))
    t = monotonic()
    tasks.tick()
    print("weekly", monotonic() - t)
    t = monotonic()
    tasks.tick()
    print("idle", monotonic() - t)
    for n in range(7):
        step(day + n * DAY, "definitive")
    clock_at(at(day, "09:30", 11))
    t = monotonic()
    tasks.tick()
    print("after sealing", monotonic() - t)
    for r in Report.objects.all():
        print(r, r.state, r.confirmed_at, r.look_again_at, r.is_provisional, r.is_late)
        from reporting.queries.reports import data_of

        d = data_of(r)
        print(d["changed"] if d else None)
    print(data_of(Report.objects.filter(period__kind="weekly").first()))
