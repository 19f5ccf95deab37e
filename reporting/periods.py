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
NOTE, ALERT = "note", "alert"  # asked for by a person, or by what happened
FLASH_AT, OTHERS_AT = time(9, 30), time(10, 0)
LONGEST = 400  # nights that somebody may ask about
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
        found.append(Period(SEASON, season, tuple(dates), local(dates[-1] + AFTER_SEASON, OTHERS_AT)))
    return sorted(found, key=lambda period: (period.due_at, KINDS.index(period.kind), period.key))


def _flash(night: date) -> Period:
    return Period(FLASH, night.isoformat(), (night,), local(night + nights.ONE_DAY, FLASH_AT))


def _week(dates: Sequence[date]) -> Period:
    """Due on the Monday on which the week's Sunday night ends."""
    year, week = nights.week_of(dates[0])
    monday = date.fromisocalendar(year, week, 1) + timedelta(days=7)
    return Period(WEEKLY, week_key(dates[0]), tuple(dates), local(monday, OTHERS_AT))


def _month(dates: Sequence[date]) -> Period:
    """Due on the third working day of the month after."""
    first = dates[0].replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    return Period(MONTHLY, month_key(first), tuple(dates), local(working_day(after, WORKING_DAY), OTHERS_AT))


def week_key(night: date) -> str:
    year, week = nights.week_of(night)
    return f"{year}-W{week:02d}"


def month_key(night: date) -> str:
    return f"{night:%Y-%m}"


def before(kind: str, key: str, first: date) -> str:
    """The name of the period before one of these, whose first night is given."""
    if kind == FLASH:
        return (first - nights.ONE_DAY).isoformat()
    if kind == WEEKLY:
        return week_key(first - timedelta(days=first.weekday() + 1))
    if kind == MONTHLY:
        return month_key(first.replace(day=1) - nights.ONE_DAY)
    return nights.season_name(first.replace(year=first.year - 1, day=1)) if kind == SEASON else ""


def a_year_before(kind: str, key: str, first: date) -> str:
    """The name of the same period of the season before; for a flash the same day of the week."""
    if kind == FLASH:
        return (first - timedelta(weeks=52)).isoformat()
    if kind == WEEKLY:
        year, week = nights.week_of(first)
        return f"{year - 1}-W{week:02d}"
    return f"{first.year - 1}-{first:%m}" if kind == MONTHLY else ""


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


def local(day: date, at: time) -> datetime:
    """A local time of a day as an instant."""
    return datetime.combine(day, at, tzinfo=nights.LUXEMBOURG).astimezone(UTC)
