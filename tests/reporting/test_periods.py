"""Periods are sets of nights, due by the clock on the wall."""

from datetime import UTC, date, datetime, timedelta

import pytest

from reporting.periods import periods_of, working_day
from shelter import nights

pytestmark = pytest.mark.pure

FIRST, LAST = date(2026, 11, 15), date(2027, 4, 15)
SEASON = tuple(nights.between(FIRST, LAST))


def kinds(found):
    return {
        kind: [period for period in found if period.kind == kind]
        for kind in ("flash", "weekly", "monthly", "season")
    }


def due(found, key):
    return next(period.due_at for period in found if period.key == key)


def test_a_season_of_152_nights_has_152_flash_23_weekly_6_monthly_and_one_season_report():
    found = kinds(periods_of("2026/27", SEASON))

    assert {kind: len(each) for kind, each in found.items()} == {
        "flash": 152, "weekly": 23, "monthly": 6, "season": 1,
    }  # fmt: skip
    for each in found.values():
        assert [night for period in each for night in period.nights] == list(SEASON)


def test_each_period_has_a_name_of_its_own_and_they_come_in_the_order_in_which_they_are_due():
    found = periods_of("2026/27", SEASON)

    assert len({(period.kind, period.key) for period in found}) == len(found)
    assert [period.due_at for period in found] == sorted(period.due_at for period in found)


@pytest.mark.parametrize(
    ("key", "local"),
    [
        ("2026-11-15", "2026-11-16 09:30"),
        ("2027-03-27", "2027-03-28 09:30"),  # the night in which the clocks go forward
        ("2026-W46", "2026-11-16 10:00"),  # of this week there is only the Sunday
        ("2026-W53", "2027-01-04 10:00"),
        ("2027-W15", "2027-04-19 10:00"),
        ("2026-11", "2026-12-03 10:00"),
        ("2026-12", "2027-01-06 10:00"),  # the first is a holiday, then comes a weekend
        ("2027-04", "2027-05-05 10:00"),  # the first is a Saturday
        ("2026/27", "2027-05-01 10:00"),  # the night of the 15th closes on the 16th
    ],
)
def test_a_report_is_due_by_the_clock_on_the_wall(key, local):
    expected = datetime.fromisoformat(local).replace(tzinfo=nights.LUXEMBOURG).astimezone(UTC)

    assert due(periods_of("2026/27", SEASON), key) == expected


def test_half_past_nine_is_another_instant_after_the_clocks_went_forward():
    found = periods_of("2026/27", SEASON)

    assert due(found, "2027-03-26") == datetime(2027, 3, 27, 8, 30, tzinfo=UTC)
    assert due(found, "2027-03-27") == datetime(2027, 3, 28, 7, 30, tzinfo=UTC)


def test_nights_that_are_not_open_are_in_no_period():
    gap = set(nights.between(date(2026, 12, 21), date(2026, 12, 27)))
    found = periods_of("2026/27", [night for night in SEASON if night not in gap])

    assert not any(gap & set(period.nights) for period in found)
    assert "2026-W52" not in {period.key for period in found}


def test_a_season_that_is_made_longer_has_its_season_report_later():
    longer = (*SEASON, *nights.between(date(2027, 4, 23), date(2027, 4, 27)))

    assert due(periods_of("2026/27", longer), "2026/27") - due(
        periods_of("2026/27", SEASON), "2026/27"
    ) == timedelta(12)


def test_without_nights_there_is_no_period():
    assert periods_of("2026/27", []) == []


@pytest.mark.parametrize(
    ("first", "number", "day"),
    [
        (date(2026, 12, 1), 1, date(2026, 12, 1)),
        (date(2026, 12, 5), 1, date(2026, 12, 7)),
        (date(2027, 5, 1), 3, date(2027, 5, 5)),
        (date(2026, 4, 4), 1, date(2026, 4, 7)),  # a Saturday, then Easter and its Monday
        (date(2026, 12, 24), 2, date(2026, 12, 28)),  # two days of Christmas, the second on a Saturday
    ],
)
def test_weekends_and_public_holidays_are_no_working_days(first, number, day):
    assert working_day(first, number) == day
