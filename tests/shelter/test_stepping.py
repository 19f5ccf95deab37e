"""A night moves from step to step: by hand, by the clock on its hours, and back only with a reason."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import transaction

from shelter import clock, errors, nights, offering, queries
from shelter.actions import placing, planning, registering, stepping
from shelter.models import BedNight, LogEntry, Night
from tests.conftest import BUILDER, TONIGHT, instant

MAN = offering.Needs(sleeps="men")
STEPS = ["planned", "open", "list_frozen", "doors_open", "doors_closed", "closed", "definitive"]
BY_THE_CLOCK = list(pairwise(STEPS[:5]))
TIMES = ["opened_at", "list_frozen_at", "doors_opened_at", "doors_closed_at", "closed_at", "sealed_at"]
HOURS = {"open": "11:30", "list_frozen": "18:00", "doors_open": "19:15", "doors_closed": "23:00"}


@pytest.fixture
def tonight(season, clock_at):
    """The night of 21 November, planned, the first of its season; it is nine in the morning."""
    clock_at(f"{TONIGHT} 09:00")
    Night.objects.filter(date__lt=TONIGHT).delete()
    return Night.objects.get(date=TONIGHT)


@pytest.fixture
def step(tonight, by):
    """`step("doors_open")`, by the night lead."""

    def to(state, reason=""):
        return stepping.step(night=tonight, to=Night.State(state), by=by("night_lead"), reason=reason)

    return to


def state_of(night):
    return Night.objects.get(pk=night.pk).state


def times_of(night):
    """Which times of the steps are set, in the order of the steps."""
    fresh = Night.objects.get(pk=night.pk)
    return [getattr(fresh, name) for name in TIMES]


def steps_told(night):
    rows = LogEntry.objects.filter(night=night, verb__startswith="night_stepped").order_by("id")
    return [(row.facts["was"], row.facts["to"]) for row in rows]


# By hand.


def test_each_step_has_its_time_and_its_line_with_the_colleague(tonight, step, people, clock_at):
    made = []
    for hour, state in enumerate(STEPS[1:], start=12):
        clock_at(f"{TONIGHT} {hour}:05")
        step(state)
        made.append(clock.now())

    lines = LogEntry.objects.filter(night=tonight, verb="night_stepped").order_by("id")
    assert times_of(tonight) == made
    assert [(line.facts, line.by, line.at) for line in lines] == [
        ({"was": was, "to": to}, people["night_lead"], at)
        for was, to, at in zip(STEPS, STEPS[1:], made, strict=False)
    ]


def test_a_step_ahead_goes_through_those_between(tonight, step):
    step("doors_open")

    assert times_of(tonight) == [clock.now()] * 3 + [None] * 3
    assert steps_told(tonight) == [
        ("planned", "open"), ("open", "list_frozen"), ("list_frozen", "doors_open"),
    ]  # fmt: skip


def test_a_step_made_twice_is_made_once(tonight, step, clock_at):
    step("open")
    clock_at(f"{TONIGHT} 12:00")

    step("open")

    assert times_of(tonight)[0] == instant(f"{TONIGHT} 09:00")
    assert steps_told(tonight) == [("planned", "open")]


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_no_step_back_without_a_written_reason(tonight, step, reason):
    step("doors_open")
    before = times_of(tonight)

    with pytest.raises(errors.ReasonNeeded), transaction.atomic():
        step("open", reason=reason)

    assert (state_of(tonight), times_of(tonight)) == ("doors_open", before)


@pytest.mark.parametrize("to", STEPS[:-2])
def test_a_step_back_clears_the_later_times_and_tells_why(tonight, step, people, clock_at, to):
    step("closed")
    before = times_of(tonight)
    clock_at(f"{TONIGHT} 23:30")

    step(to, reason="the wrong night")

    kept = STEPS.index(to)
    line = LogEntry.objects.get(night=tonight, verb="night_stepped_back")
    assert times_of(tonight) == before[:kept] + [None] * (6 - kept)
    assert (line.facts, line.reason, line.by) == (
        {"was": "closed", "to": to}, "the wrong night", people["night_lead"],
    )  # fmt: skip


def test_a_night_does_not_close_over_people_inside_or_expected(tonight, step, house, occupant, by, clock_at):
    step("doors_open")
    clock_at(f"{TONIGHT} 20:00")
    inside, expected = occupant(), occupant()
    placing.check_in(
        occupant=inside,
        bed=house.beds["MA1"],
        night=tonight,
        by=by("night_lead"),
        needs=MAN,
        is_registered=True,
    )
    placing.hold(occupant=expected, bed=house.beds["MA2"], night=tonight, by=by("night_lead"), needs=MAN)

    for to in ("closed", "definitive"):
        with pytest.raises(errors.Unresolved) as refusal, transaction.atomic():
            step(to)
        assert refusal.value.facts == {"present": 1, "expected": 1}

    assert state_of(tonight) == "doors_open"


# By the clock.


def test_time_does_what_is_due_at_its_minute_and_not_before(tonight, clock_at):
    seen = []
    for hour in HOURS.values():
        at = instant(f"{TONIGHT} {hour}")
        for moment in (at - timedelta(seconds=1), at, at + timedelta(minutes=1)):
            clock_at(moment)
            stepping.tick()
            seen.append(state_of(tonight))

    assert seen == [
        "planned", "open", "open",
        "open", "list_frozen", "list_frozen",
        "list_frozen", "doors_open", "doors_open",
        "doors_open", "doors_closed", "doors_closed",
    ]  # fmt: skip
    assert times_of(tonight) == [instant(f"{TONIGHT} {hour}") for hour in HOURS.values()] + [None, None]


def test_what_time_did_is_written_down_without_a_person(tonight, clock_at):
    clock_at(f"{TONIGHT} 11:30")
    stepping.tick()

    line, seed = LogEntry.objects.filter(night=tonight).order_by("id")
    assert (line.verb, line.by, line.source, line.facts) == (
        "night_stepped", None, "tick", {"was": "planned", "to": "open"},
    )  # fmt: skip
    assert (seed.verb, seed.by, seed.source) == ("seed_fixed", None, "tick")


def test_a_tick_says_how_much_it_did(tonight, clock_at):
    clock_at(f"{TONIGHT} 19:15")

    assert [stepping.tick(), stepping.tick()] == [3, 0]


def test_doubled_ticks_do_everything_once(tonight, clock_at):
    for hour in HOURS.values():
        clock_at(f"{TONIGHT} {hour}")
        for _time in range(3):
            stepping.tick()

    assert steps_told(tonight) == BY_THE_CLOCK


@pytest.mark.parametrize("lost", [("11:30",), ("18:00", "19:15"), ("11:30", "18:00", "19:15")])
def test_lost_ticks_are_made_good_by_the_next(tonight, clock_at, lost):
    for hour in (*HOURS.values(), "23:01"):
        clock_at(f"{TONIGHT} {hour}")
        if hour not in lost:
            stepping.tick()

    assert steps_told(tonight) == BY_THE_CLOCK


def test_a_late_tick_does_what_was_due_and_releases_only_what_was_kept_before_the_hour(
    tonight, step, house, occupant, by, clock_at
):
    step("doors_open")
    for hour, label in (("21:59", "MA1"), ("22:05", "MA2")):
        clock_at(f"{TONIGHT} {hour}")
        placing.hold(
            occupant=occupant(), bed=house.beds[label], night=tonight, by=by("night_lead"), needs=MAN
        )
    clock_at(f"{TONIGHT} 23:40")

    stepping.tick()

    rows = BedNight.objects.order_by("bed__label").values_list("bed__label", "state")
    assert (state_of(tonight), list(rows)) == ("doors_closed", [("MA1", "released"), ("MA2", "held")])


def test_the_clock_never_closes_and_never_seals(tonight, clock_at):
    for day in range(4):
        clock_at(instant(f"{TONIGHT} 11:30") + timedelta(days=day, hours=23))
        stepping.tick()

    assert state_of(tonight) == "doors_closed"


def test_the_clock_is_not_allowed_to_close_a_night(tonight, step):
    step("doors_closed")

    for to in ("closed", "definitive"):
        with pytest.raises(errors.NotAllowed), transaction.atomic():
            stepping.step(night=tonight, to=Night.State(to), by=stepping.CLOCK)

    assert state_of(tonight) == "doors_closed"


@pytest.mark.parametrize("state", ["closed", "definitive"])
def test_a_night_that_is_over_is_left_alone_by_the_clock(tonight, step, clock_at, state):
    step(state)
    before = times_of(tonight)
    clock_at(f"{TONIGHT} 23:30")

    assert (stepping.tick(), times_of(tonight)) == (0, before)


def test_a_night_that_nobody_ran_is_not_begun_by_a_tick_after_it_is_over(tonight, clock_at):
    clock_at("2026-11-22 12:00")

    stepping.tick()

    assert (state_of(tonight), queries.nights_run(tonight.season).count()) == ("planned", 0)


def test_coming_nights_are_left_alone_until_their_day(tonight, clock_at):
    clock_at(f"{TONIGHT} 23:59")
    stepping.tick()

    later = Night.objects.filter(date__gt=TONIGHT).values_list("state", flat=True)
    assert set(later) == {"planned"}


def test_steps_made_by_hand_before_their_hour_are_not_made_again(tonight, step, clock_at):
    clock_at(f"{TONIGHT} 18:40")
    step("doors_open", reason="heavy snow")
    clock_at(f"{TONIGHT} 19:15")

    assert (stepping.tick(), state_of(tonight)) == (0, "doors_open")
    assert times_of(tonight)[2] == instant(f"{TONIGHT} 18:40")


def test_after_a_step_back_the_clock_leaves_the_night_to_people(tonight, step, clock_at):
    clock_at(f"{TONIGHT} 23:00")
    stepping.tick()
    clock_at(f"{TONIGHT} 23:10")
    step("doors_open", reason="the coach comes late")
    for minute in (11, 20, 59):
        clock_at(f"{TONIGHT} 23:{minute}")
        stepping.tick()

    assert state_of(tonight) == "doors_open"


def test_when_people_have_moved_the_night_on_the_clock_takes_over_again(tonight, step, clock_at):
    clock_at(f"{TONIGHT} 18:00")
    stepping.tick()
    step("open", reason="two people were forgotten")
    clock_at(f"{TONIGHT} 18:20")
    step("list_frozen")
    clock_at(f"{TONIGHT} 19:15")

    stepping.tick()

    assert state_of(tonight) == "doors_open"


# Beds of people who have not come.


@pytest.fixture
def kept(tonight, step, house, occupant, by, clock_at):
    """Keeps a bed at an hour of tonight, for somebody registered: `kept("19:30", "MA1")`."""

    def keep(hour, label):
        clock_at(f"{TONIGHT} {hour}")
        if state_of(tonight) == "planned":
            step("doors_open")
        person = occupant()
        registering.register(occupant=person, night=tonight, by=by("night_worker"), needs=MAN)
        return placing.hold(
            occupant=person, bed=house.beds[label], night=tonight, by=by("night_worker"), needs=MAN
        )

    return keep


def test_beds_are_released_at_the_hour_and_not_a_second_before(kept, clock_at):
    row = kept("19:30", "MA1")
    seen = []
    at = instant(f"{TONIGHT} 22:00")
    for moment in (at - timedelta(seconds=1), at):
        clock_at(moment)
        stepping.tick()
        seen.append(BedNight.objects.get(pk=row.pk).state)

    assert seen == ["held", "released"]


def test_each_released_bed_has_a_line_with_its_cause(kept, house, clock_at):
    rows = [kept("19:30", "MA1"), kept("20:30", "MA2")]
    clock_at(f"{TONIGHT} 22:00")

    stepping.tick()

    lines = LogEntry.objects.filter(verb="released").order_by("bed__label")
    assert [(line.bed_night_id, line.occupant_id, line.facts, line.by) for line in lines] == [
        (row.pk, row.occupant_id, {"cause": "no_show"}, None) for row in rows
    ]


def test_beds_kept_after_the_hour_stay_kept(kept, clock_at):
    kept("22:00", "MA1")
    kept("22:30", "MA2")
    for hour in ("22:31", "23:00", "23:59"):
        clock_at(f"{TONIGHT} {hour}")
        stepping.tick()

    assert list(BedNight.objects.values_list("state", flat=True)) == ["held", "held"]


def test_people_who_are_here_or_gone_again_keep_their_night(kept, by, clock_at):
    here, gone = kept("19:30", "MA1"), kept("19:30", "MA2")
    for row in (here, gone):
        placing.check_in(occupant=row.occupant, night=row.night, by=by("night_worker"), needs=MAN)
    placing.leave(bed_night=gone, by=by("night_worker"))
    clock_at(f"{TONIGHT} 22:00")

    stepping.tick()

    rows = BedNight.objects.order_by("bed__label").values_list("bed__label", "state")
    assert list(rows) == [("MA1", "in"), ("MA2", "left")]


def test_no_bed_is_released_while_the_doors_are_still_shut(kept, step, clock_at):
    kept("19:30", "MA1")
    step("list_frozen", reason="fire alarm")
    clock_at(f"{TONIGHT} 22:10")

    stepping.tick()

    assert BedNight.objects.get().state == "held"


# Hours that change, nights in which the clocks change.


def schedule_on(day):
    return queries.schedule_of(day, queries.settings_for(day))


def test_a_changed_hour_counts_from_its_night_on_only(tonight):
    from_night = date(2026, 12, 1)
    before = [schedule_on(day) for day in nights.between(TONIGHT, from_night - nights.ONE_DAY)]

    planning.change_setting(
        key="doors_open", value="18:30", first_night=from_night, by=BUILDER, reason="early frost"
    )

    after = [schedule_on(day) for day in nights.between(TONIGHT, from_night - nights.ONE_DAY)]
    assert after == before
    assert [nights.local(schedule_on(day).doors_opened).strftime("%H:%M") for day in (
        from_night - nights.ONE_DAY, from_night, date(2027, 3, 1),
    )] == ["19:15", "18:30", "18:30"]  # fmt: skip


def test_the_clock_follows_a_changed_hour_in_its_night(tonight, clock_at):
    tomorrow = Night.objects.get(date=TONIGHT + nights.ONE_DAY)
    planning.change_setting(
        key="doors_open", value="18:30", first_night=tomorrow.date, by=BUILDER, reason="early frost"
    )
    seen = []
    for night in (tonight, tomorrow):
        clock_at(f"{night.date} 18:30")
        stepping.tick()
        seen.append(state_of(night))

    assert seen == ["list_frozen", "doors_open"]


# By hand: 28 March 2026 and 27 March 2027 lose the hour from two to three, 24 October 2026 has it twice.
CHANGES = [
    (date(2026, 3, 28), {"doors_opened": (28, 18, 15), "doors_closed": (28, 22, 0), "everybody_out": (29, 6, 45)}),
    (date(2027, 3, 27), {"doors_opened": (27, 18, 15), "doors_closed": (27, 22, 0), "everybody_out": (28, 6, 45)}),
    (date(2026, 10, 24), {"doors_opened": (24, 17, 15), "doors_closed": (24, 21, 0), "everybody_out": (25, 7, 45)}),
    (date(2026, 3, 29), {"opened": (29, 9, 30), "doors_opened": (29, 17, 15), "everybody_out": (30, 6, 45)}),
]  # fmt: skip


@pytest.mark.parametrize(("day", "by_hand"), CHANGES)
def test_the_hours_of_a_night_in_which_the_clocks_change_are_those_on_the_wall(db, day, by_hand):
    schedule = schedule_on(day)

    assert {name: getattr(schedule, name) for name in by_hand} == {
        name: datetime(day.year, day.month, number, hour, minute, tzinfo=UTC)
        for name, (number, hour, minute) in by_hand.items()
    }


@pytest.mark.parametrize(("day", "_by_hand"), CHANGES)
def test_an_evening_before_a_clock_change_runs_by_the_wall_clock(db, clock_at, day, _by_hand):
    clock_at(f"{day} 09:00")
    planning.add_period(service="night", first_date=day, last_date=day, by=BUILDER)
    seen = []
    for hour in HOURS.values():
        for moment in (instant(f"{day} {hour}") - timedelta(minutes=1), instant(f"{day} {hour}")):
            clock_at(moment)
            stepping.tick()
            seen.append(Night.objects.get(date=day).state)

    assert seen == [
        "planned", "open", "open", "list_frozen", "list_frozen", "doors_open", "doors_open", "doors_closed",
    ]  # fmt: skip


def test_a_last_arrival_in_the_hour_that_is_skipped_comes_an_hour_later(db, clock_at):
    day = date(2027, 3, 27)
    clock_at(f"{day} 09:00")
    planning.add_period(service="night", first_date=day, last_date=day, by=BUILDER)
    planning.change_setting(key="last_arrival", value="02:30", first_night=day, by=BUILDER, reason="station")
    seen = []
    for moment in (datetime(2027, 3, 28, 1, 29, tzinfo=UTC), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)):
        clock_at(moment)
        stepping.tick()
        seen.append(Night.objects.get(date=day).state)

    assert seen == ["doors_open", "doors_closed"]


# A whole evening, with a tick each minute, some lost and some doubled.


@pytest.mark.parametrize("rhythm", [(1,), (1, 1, 0), (0, 0, 2), (0, 0, 0, 0, 3)])
def test_whatever_the_rhythm_of_the_ticks_the_evening_is_the_same_within_it(tonight, kept, clock_at, rhythm):
    minutes = range(11 * 60, 24 * 60, 5)
    holds = {"20:00": "MA1", "22:10": "MA2"}
    for number, minute in enumerate(minutes):
        hour = f"{minute // 60:02d}:{minute % 60:02d}"
        clock_at(f"{TONIGHT} {hour}")
        for _tick in range(rhythm[number % len(rhythm)]):
            stepping.tick()
        if hour in holds:
            kept(hour, holds[hour])

    late = [
        (at - instant(f"{TONIGHT} {hour}")) // timedelta(minutes=1)
        for at, hour in zip(times_of(tonight)[:4], HOURS.values(), strict=True)
    ]
    rows = BedNight.objects.order_by("bed__label").values_list("bed__label", "state")
    assert steps_told(tonight) == BY_THE_CLOCK
    assert [0 <= minutes_late < 5 * len(rhythm) for minutes_late in late] == [True] * 4
    assert list(rows) == [("MA1", "released"), ("MA2", "held")]
