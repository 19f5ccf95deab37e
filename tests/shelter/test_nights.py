"""Every quarter of an hour of three seasons, against an oracle that knows no time zone data.

The oracle is the rule itself: Luxembourg is one hour ahead of UTC, two between the last Sunday of March and
the last Sunday of October, changing at 01:00 UTC (Directive 2000/84/EC).
"""

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from shelter import nights

QUARTER = timedelta(minutes=15)
NOON = time(12)
SUMMER_TIME = [
    (datetime(2025, 3, 30, 1), datetime(2025, 10, 26, 1)),
    (datetime(2026, 3, 29, 1), datetime(2026, 10, 25, 1)),
    (datetime(2027, 3, 28, 1), datetime(2027, 10, 31, 1)),
    (datetime(2028, 3, 26, 1), datetime(2028, 10, 29, 1)),
]
EVENING, MORNING = time(19, 15), time(8, 45)

# The night, and how long it lasts from 19:15 to 08:45 and from noon to noon.
CLOCK_CHANGES = [
    (date(2025, 10, 25), timedelta(hours=14, minutes=30), timedelta(hours=25)),
    (date(2026, 3, 28), timedelta(hours=12, minutes=30), timedelta(hours=23)),
    (date(2026, 10, 24), timedelta(hours=14, minutes=30), timedelta(hours=25)),
    (date(2027, 3, 27), timedelta(hours=12, minutes=30), timedelta(hours=23)),
    (date(2027, 10, 30), timedelta(hours=14, minutes=30), timedelta(hours=25)),
    (date(2028, 3, 25), timedelta(hours=12, minutes=30), timedelta(hours=23)),
]

seasons = pytest.mark.parametrize("year", [2025, 2026, 2027])


def wall(moment):
    """What Luxembourg's clocks show at a UTC time; both without a zone."""
    summer = any(begins <= moment < ends for begins, ends in SUMMER_TIME)
    return moment + timedelta(hours=2 if summer else 1)


def quarters(year):
    """UTC times, without a zone, from before 15 October to after 30 April."""
    moment, end = datetime(year, 10, 14, 22), datetime(year + 1, 5, 1, 2)
    while moment < end:
        yield moment
        moment += QUARTER


def aware(moment):
    return moment.replace(tzinfo=UTC)


def night_by_hand(moment):
    shown = wall(moment)
    return shown.date() if shown.hour >= 12 else date.fromordinal(shown.toordinal() - 1)


@seasons
def test_each_quarter_of_an_hour_belongs_to_the_night_counted_by_hand(year):
    moments = list(quarters(year))

    assert len(moments) > 19_000
    assert [nights.night_of(aware(moment)) for moment in moments] == [
        night_by_hand(moment) for moment in moments
    ]


@seasons
def test_each_quarter_of_an_hour_lies_within_exactly_one_night(year):
    for moment in quarters(year):
        night = nights.night_of(aware(moment))
        around = [night - nights.ONE_DAY, night, night + nights.ONE_DAY]

        within = [day for day in around if nights.bounds(day)[0] <= aware(moment) < nights.bounds(day)[1]]

        assert within == [night]


@seasons
def test_one_night_ends_where_the_next_begins(year):
    bounds = [nights.bounds(day) for day in nights.between(date(year, 10, 15), date(year + 1, 4, 30))]

    assert [end for _start, end in bounds[:-1]] == [start for start, _end in bounds[1:]]


@seasons
def test_nights_change_at_noon_on_the_wall_and_at_no_other_time(year):
    changes = [
        (wall(after).time(), nights.night_of(aware(after)) - nights.night_of(aware(before)))
        for before, after in pairwise(quarters(year))
        if nights.night_of(aware(before)) != nights.night_of(aware(after))
    ]

    assert changes == [(NOON, nights.ONE_DAY)] * len(changes)
    assert len(changes) == (date(year + 1, 4, 30) - date(year, 10, 15)).days + 1


@seasons
def test_a_moment_is_found_again_from_its_night_and_its_local_time(year):
    second_coming = {end + QUARTER * number for _begin, end in SUMMER_TIME for number in range(4)}
    moments = [moment for moment in quarters(year) if moment not in second_coming]

    found = [nights.instant_of(nights.night_of(aware(moment)), wall(moment).time()) for moment in moments]

    assert found == [aware(moment) for moment in moments]


@seasons
def test_local_time_is_what_the_clocks_show(year):
    shown = [nights.local(aware(moment)).replace(tzinfo=None, fold=0) for moment in quarters(year)]

    assert shown == [wall(moment) for moment in quarters(year)]


def test_the_zone_a_moment_is_written_in_does_not_matter():
    moment = datetime(2026, 11, 21, 11, 30, tzinfo=UTC)
    zones = [UTC, ZoneInfo("Asia/Tehran"), timezone(timedelta(hours=-7))]

    assert [nights.night_of(moment.astimezone(zone)) for zone in zones] == [date(2026, 11, 21)] * 3


def test_the_bounds_of_a_night_are_given_in_utc():
    start, end = nights.bounds(date(2026, 11, 21))

    assert (start, end) == (aware(datetime(2026, 11, 21, 11)), aware(datetime(2026, 11, 22, 11)))
    assert (start.tzinfo, end.tzinfo) == (UTC, UTC)


def test_opening_hours_are_local_times_of_the_evening_and_the_morning_after():
    assert nights.hours(date(2026, 11, 21), EVENING, MORNING) == (
        aware(datetime(2026, 11, 21, 18, 15)),
        aware(datetime(2026, 11, 22, 7, 45)),
    )


@pytest.mark.parametrize(("night", "open_for", "noon_to_noon"), CLOCK_CHANGES)
def test_a_night_in_which_the_clocks_change_is_an_hour_shorter_or_longer(night, open_for, noon_to_noon):
    assert nights.elapsed(*nights.hours(night, EVENING, MORNING)) == open_for
    assert nights.elapsed(*nights.bounds(night)) == noon_to_noon


@pytest.mark.parametrize(("night", "open_for", "noon_to_noon"), CLOCK_CHANGES)
def test_the_nights_beside_a_clock_change_last_as_usual(night, open_for, noon_to_noon):
    beside = [night - nights.ONE_DAY, night + nights.ONE_DAY]

    usual = timedelta(hours=13, minutes=30)
    assert [nights.elapsed(*nights.hours(day, EVENING, MORNING)) for day in beside] == [usual, usual]


@pytest.mark.parametrize(("night", "open_for", "noon_to_noon"), CLOCK_CHANGES)
def test_real_time_is_measured_also_between_two_local_times(night, open_for, noon_to_noon):
    start, end = (nights.local(instant) for instant in nights.hours(night, EVENING, MORNING))

    assert nights.elapsed(start, end) == open_for
    assert end - start == timedelta(hours=13, minutes=30)  # what Python says, and why `elapsed` is there


def test_a_time_skipped_in_march_is_read_an_hour_later_on_the_wall():
    instant = nights.instant_of(date(2026, 3, 28), time(2, 30))

    assert instant == aware(datetime(2026, 3, 29, 1, 30))
    assert nights.local(instant).time() == time(3, 30)
    assert nights.night_of(instant) == date(2026, 3, 28)


def test_a_time_that_comes_twice_in_october_is_its_first_coming():
    first = nights.instant_of(date(2026, 10, 24), time(2, 30))
    second = first + timedelta(hours=1)

    assert first == aware(datetime(2026, 10, 25, 0, 30))
    assert [nights.local(instant).time() for instant in (first, second)] == [time(2, 30)] * 2
    assert [nights.night_of(instant) for instant in (first, second)] == [date(2026, 10, 24)] * 2


def test_noon_belongs_to_the_evening_and_the_minute_before_to_the_night_before():
    night = date(2026, 11, 21)

    assert nights.instant_of(night, NOON) == aware(datetime(2026, 11, 21, 11))
    assert nights.instant_of(night, time(11, 59)) == aware(datetime(2026, 11, 22, 10, 59))
    assert nights.night_of(aware(datetime(2026, 11, 21, 11))) == night
    assert nights.night_of(aware(datetime(2026, 11, 21, 10, 59, 59, 999_999))) == date(2026, 11, 20)


class Nowhere(tzinfo):
    """A zone that does not know its offset: such a time is as naive as one without a zone."""

    def utcoffset(self, _moment):
        return None


@pytest.mark.parametrize("zone", [None, Nowhere()])
def test_a_time_without_a_zone_is_refused(zone):
    naive = datetime(2026, 11, 21, 20, 14, tzinfo=zone)
    known = aware(datetime(2026, 11, 21, 20, 14))

    for ask in (
        lambda: nights.night_of(naive),
        lambda: nights.local(naive),
        lambda: nights.elapsed(naive, known),
        lambda: nights.elapsed(known, naive),
    ):
        with pytest.raises(ValueError, match="without a zone"):
            ask()


def test_the_leap_day_is_a_night_of_its_own():
    assert list(nights.between(date(2028, 2, 28), date(2028, 3, 1))) == [
        date(2028, 2, 28),
        date(2028, 2, 29),
        date(2028, 3, 1),
    ]
    assert nights.night_of(aware(datetime(2028, 3, 1, 2))) == date(2028, 2, 29)
    assert nights.bounds(date(2028, 2, 29)) == (
        aware(datetime(2028, 2, 29, 11)),
        aware(datetime(2028, 3, 1, 11)),
    )


def test_dates_between_include_both_ends_and_none_when_reversed():
    day = date(2026, 11, 21)

    assert list(nights.between(day, day)) == [day]
    assert list(nights.between(day, day - nights.ONE_DAY)) == []
    assert len(list(nights.between(date(2026, 11, 15), date(2027, 4, 15)))) == 152


def test_the_last_days_of_2026_lie_in_week_53():
    days = [date(2026, 12, 27), date(2026, 12, 28), date(2027, 1, 3), date(2027, 1, 4)]

    assert [nights.week_of(day) for day in days] == [(2026, 52), (2026, 53), (2026, 53), (2027, 1)]


def test_a_night_counts_for_the_month_of_its_evening():
    new_year = nights.night_of(aware(datetime(2027, 1, 1, 2)))

    assert nights.month_of(new_year) == (2026, 12)


@pytest.mark.parametrize(
    ("night", "name"),
    [
        (date(2026, 6, 30), "2025/26"),
        (date(2026, 7, 1), "2026/27"),
        (date(2026, 12, 31), "2026/27"),
        (date(2027, 1, 1), "2026/27"),
        (date(2099, 11, 15), "2099/00"),
    ],
)
def test_a_season_is_named_after_the_two_years_it_touches(night, name):
    assert nights.season_name(night) == name
