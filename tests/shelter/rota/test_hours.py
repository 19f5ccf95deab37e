"""Public holidays, and how work divides into nights, Sundays and holidays: by example, and counted minute by minute."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelter import nights
from shelter.rota.hours import Hours, hours_of, is_holiday, name_of
from shelter.rota.timeline import Stint

pytestmark = pytest.mark.pure

CALMLY = settings(deadline=None, derandomize=True, max_examples=150)
MINUTE, ONE_DAY = timedelta(minutes=1), timedelta(days=1)
LANGUAGES = ("fr", "de", "lb", "en")


def at(moment):
    return datetime.fromisoformat(moment).replace(tzinfo=nights.LUXEMBOURG).astimezone(UTC)


def hours(start, end, **known):
    return hours_of(Stint(at(start), at(end), **known))


def columns(found):
    return (found.worked, found.night, found.sunday, found.holiday)


# Holidays.


def easter(year):
    """Easter Sunday by the rule of Gauss as it is usually printed."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


def holidays_of(year):
    """The eleven of L.232-2, reckoned by hand."""
    fixed = ((1, 1), (5, 1), (5, 9), (6, 23), (8, 15), (11, 1), (12, 25), (12, 26))
    moving = (easter(year) + timedelta(days=after) for after in (1, 39, 50))
    return {*(date(year, *when) for when in fixed), *moving}


@pytest.mark.parametrize("year", range(2019, 2041))
def test_the_holidays_of_a_year_are_the_eleven_of_the_law(year):
    found = {day for day in nights.between(date(year, 1, 1), date(year, 12, 31)) if is_holiday(day)}

    assert found == holidays_of(year)


@pytest.mark.parametrize(
    ("day", "names"),
    [
        ("2027-01-01", ["Jour de l'An", "Neujahr", "Neijoerschdag", "New Year's Day"]),
        ("2027-03-29", ["Lundi de Pâques", "Ostermontag", "Ouschterméindeg", "Easter Monday"]),
        ("2027-05-09", ["Jour de l'Europe", "Europatag", "Europadag", "Europe Day"]),
        ("2026-12-25", ["Noël", "Weihnachten", "Chrëschtdag", "Christmas Day"]),
        ("2026-12-26", ["Saint-Étienne", "Zweiter Weihnachtsfeiertag", "Stiefesdag", "Saint Stephen's Day"]),
    ],
)
def test_a_holiday_has_its_name_in_each_language_of_the_house(day, names):
    assert [name_of(date.fromisoformat(day), language) for language in LANGUAGES] == names


@pytest.mark.parametrize("day", ["2027-03-28", "2027-03-26", "2026-12-24", "2026-12-31", "2027-04-05"])
def test_other_days_have_no_name(day):
    assert [name_of(date.fromisoformat(day), language) for language in LANGUAGES] == [""] * 4
    assert not is_holiday(date.fromisoformat(day))


def test_names_are_french_if_no_language_is_asked_for():
    assert name_of(date(2027, 3, 29)) == "Lundi de Pâques"


@pytest.mark.parametrize(
    ("year", "month", "day"), [(2026, 4, 6), (2027, 3, 29), (2028, 4, 17), (2029, 4, 2), (2030, 4, 22)]
)
def test_easter_monday_moves(year, month, day):
    assert is_holiday(date(year, month, day)) and easter(year) + ONE_DAY == date(year, month, day)


# By example.


def test_an_evening_of_a_week_day_has_its_hours_after_ten():
    assert columns(hours("2026-11-18 18:30", "2026-11-19 00:30")) == (360, 150, 0, 0)


def test_a_break_lies_in_the_middle_and_is_no_work():
    night = hours("2026-11-18 22:30", "2026-11-19 07:00", break_minutes=30)

    assert columns(night) == (480, 420, 0, 0)


def test_a_night_into_sunday_is_divided_at_midnight():
    assert columns(hours("2026-11-21 22:30", "2026-11-22 07:00")) == (510, 450, 420, 0)


def test_a_night_out_of_sunday_is_divided_at_midnight():
    assert columns(hours("2026-11-22 22:30", "2026-11-23 07:00")) == (510, 450, 90, 0)


def test_a_holiday_on_a_sunday_counts_in_both_columns():
    assert columns(hours("2027-08-15 08:00", "2027-08-15 12:00")) == (240, 0, 240, 240)


@pytest.mark.parametrize(
    ("start", "end", "holiday"),
    [
        ("2026-12-24 22:30", "2026-12-25 07:00", 420),  # into Christmas
        ("2026-12-25 22:30", "2026-12-26 07:00", 510),  # one holiday after the other
        ("2026-12-26 22:30", "2026-12-27 07:00", 90),  # out of them
        ("2026-12-31 22:30", "2027-01-01 07:00", 420),
        ("2027-03-28 22:30", "2027-03-29 07:00", 420),  # into Easter Monday
    ],
)
def test_a_night_before_or_after_a_holiday_is_divided_at_midnight(start, end, holiday):
    assert hours(start, end).holiday == holiday


@pytest.mark.parametrize(
    ("start", "end", "night"),
    [
        ("2026-11-18 06:00", "2026-11-18 22:00", 0),
        ("2026-11-18 05:59", "2026-11-18 22:01", 2),
        ("2026-11-18 12:00", "2026-11-20 12:00", 960),
    ],
)
def test_the_night_lasts_from_ten_to_six(start, end, night):
    assert hours(start, end).night == night


# Nights in which the clocks change, in real minutes.


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-03-28 22:30", "2026-03-29 07:00", (450, 390, 360, 0)),  # an hour less
        ("2027-03-27 22:30", "2027-03-28 07:00", (450, 390, 360, 0)),
        ("2026-10-24 22:30", "2026-10-25 07:00", (570, 510, 480, 0)),  # an hour more
        ("2026-03-29 00:00", "2026-03-30 00:00", (1380, 420, 1380, 0)),  # a day of 23 hours
        ("2026-10-25 00:00", "2026-10-26 00:00", (1500, 540, 1500, 0)),  # a day of 25 hours
    ],
)
def test_when_the_clocks_change_real_minutes_count(start, end, expected):
    assert columns(hours(start, end)) == expected


def test_hours_are_added_column_by_column():
    assert Hours(1, 2, 3, 4) + Hours(10, 20, 30, 40) == Hours(11, 22, 33, 44)
    assert Hours() == Hours(0, 0, 0, 0)


# By a second calculation that shares nothing with the first but the stints.

DAYS = ["2026-03-28", "2026-10-24", "2026-12-24", "2026-12-31", "2027-03-27", "2027-05-08", "2027-08-14"]


def invented(chance):
    """A stint near a change of the clocks or a holiday, of up to a day and a half."""
    start = at(f"{chance.choice(DAYS)} 00:00") + chance.randint(0, 4 * 24 * 60) * MINUTE
    length, rest = chance.randint(60, 18 * 60) * 2, chance.choice([0, 0, 30, 46])
    return Stint(start, start + length * MINUTE, break_minutes=rest)


def counted(stint):
    """The columns, minute by minute on the wall clock."""
    minutes = round((stint.end - stint.start) / MINUTE)
    rest = range((minutes - stint.break_minutes) // 2, (minutes + stint.break_minutes) // 2)
    found = [0, 0, 0, 0]
    for number in range(minutes):
        if number in rest:
            continue
        wall = (stint.start + number * MINUTE).astimezone(nights.LUXEMBOURG)
        is_so = (
            True,
            wall.hour >= 22 or wall.hour < 6,
            wall.isoweekday() == 7,
            wall.date() in holidays_of(wall.year),
        )
        found = [sum(pair) for pair in zip(found, is_so, strict=True)]
    return tuple(found)


@CALMLY
@given(st.integers(0, 10**9).map(lambda seed: invented(Random(seed))))
def test_the_columns_agree_with_minutes_counted_one_by_one(stint):
    assert columns(hours_of(stint)) == counted(stint)
