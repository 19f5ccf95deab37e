"""The periods reports are about: sets of nights, and when the report of each is due. Pure.

A period is the nights of it that are in the calendar, never what lies between two dates: a week that the season begins
in has the nights it has. Local times of Luxembourg become instants in UTC here, so that a report is due at half past
nine by the clock on the wall whatever the clocks did in the night.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from shelter import nights
from shelter.rota.hours import is_holiday

FLASH, WEEKLY, MONTHLY, SEASON = KINDS = ("flash", "weekly", "monthly", "season")
FLASH_AT, OTHERS_AT = time(9, 30), time(10, 0)
WORKING_DAY = 3  # of the next month, on which the monthly report is due
AFTER_SEASON = timedelta(days=16)  # from its last evening: fifteen days after the morning on which it closed
SATURDAY = 5  # of the days of a week, Monday being 0


@dataclass(frozen=True)
class Period:
    """What a report is about. `key` is its name for ever: `2026-11-21`, `2026-W47`, `2026-11`, `2026/27`."""

    kind: str
    key: str
    nights: tuple[date, ...]  # dates of evenings, in order
    due_at: datetime  # in UTC


def periods_of(season: str, open_nights: Iterable[date]) -> list[Period]:
    """Every period of a season, in the order in which the reports are due. `season` is its name, like `2026/27`."""
    dates = sorted(set(open_nights))
    found = [_flash(night) for night in dates]
    found += _grouped(dates, nights.week_of, _week)
    found += _grouped(dates, nights.month_of, _month)
    if dates:
        found.append(Period(SEASON, season, tuple(dates), _local(dates[-1] + AFTER_SEASON, OTHERS_AT)))
    return sorted(found, key=lambda period: (period.due_at, KINDS.index(period.kind), period.key))


def _flash(night: date) -> Period:
    return Period(FLASH, night.isoformat(), (night,), _local(night + nights.ONE_DAY, FLASH_AT))


def _week(dates: Sequence[date]) -> Period:
    """Due on the Monday on which the week's Sunday night ends."""
    year, week = nights.week_of(dates[0])
    monday = date.fromisocalendar(year, week, 1) + timedelta(days=7)
    return Period(WEEKLY, f"{year}-W{week:02d}", tuple(dates), _local(monday, OTHERS_AT))


def _month(dates: Sequence[date]) -> Period:
    """Due on the third working day of the month after."""
    first = dates[0].replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    return Period(MONTHLY, f"{first:%Y-%m}", tuple(dates), _local(working_day(after, WORKING_DAY), OTHERS_AT))


def working_day(first: date, number: int) -> date:
    """The so many-th day from a date on, itself included, that is neither at a weekend nor a public holiday."""
    day = first
    while True:
        number -= day.weekday() < SATURDAY and not is_holiday(day)
        if number == 0:
            return day
        day += nights.ONE_DAY


def _grouped(
    dates: Sequence[date], key: Callable, period: Callable[[Sequence[date]], Period]
) -> list[Period]:
    return [period(list(group)) for _key, group in groupby(dates, key)]


def _local(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=nights.LUXEMBOURG).astimezone(UTC)
