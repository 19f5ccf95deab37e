"""The only place that turns instants into nights and local opening hours into instants.

A night is the date of its evening. It runs from noon to noon, local wall time, so that every instant
belongs to exactly one night, also when the clocks change (at 02:00 or 03:00, never at noon).
Instants are aware datetimes; those returned are in UTC. Nights are `datetime.date`. Durations are
computed between UTC instants: subtracting two local times of one zone would ignore the clock change.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LUXEMBOURG = ZoneInfo("Europe/Luxembourg")
NOON = time(12)
ONE_DAY = timedelta(days=1)
SEASON_TURNS_IN = 7  # a season is named after the two years it touches; July starts the next one


def night_of(instant: datetime) -> date:
    """The night an instant belongs to: its local date twelve wall-clock hours earlier.

    Raises ValueError for a naive datetime.
    """
    _must_be_aware(instant)
    wall = instant.astimezone(LUXEMBOURG).replace(tzinfo=None)
    return (wall - timedelta(hours=12)).date()


def instant_of(night: date, at: time) -> datetime:
    """The instant of a local time within a night: noon and later on the evening's date, earlier ones
    on the next morning.

    A time skipped in March is read with the hour before the change (02:30 is 03:30 summer time);
    a time that comes twice in October is its first coming.
    """
    day = night if at >= NOON else night + ONE_DAY
    return datetime.combine(day, at, tzinfo=LUXEMBOURG).astimezone(UTC)


def bounds(night: date) -> tuple[datetime, datetime]:
    """First instant of the night and first instant of the next one."""
    return instant_of(night, NOON), instant_of(night + ONE_DAY, NOON)


def hours(night: date, opens: time, closes: time) -> tuple[datetime, datetime]:
    """Opening and closing instant of a night whose hours are local times (19:15 to 08:45)."""
    return instant_of(night, opens), instant_of(night, closes)


def elapsed(start: datetime, end: datetime) -> timedelta:
    """Real time between two aware instants, whatever zones they are written in."""
    _must_be_aware(start)
    _must_be_aware(end)
    return end.astimezone(UTC) - start.astimezone(UTC)


def local(instant: datetime) -> datetime:
    """The instant on Luxembourg's wall clock."""
    _must_be_aware(instant)
    return instant.astimezone(LUXEMBOURG)


def between(first: date, last: date) -> Iterator[date]:
    """The dates from first to last, both included; nothing when last comes before first."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def week_of(night: date) -> tuple[int, int]:
    """ISO year and week (Monday first) of the evening's date."""
    iso = night.isocalendar()
    return iso.year, iso.week


def month_of(night: date) -> tuple[int, int]:
    """Year and month of the evening's date."""
    return night.year, night.month


def season_name(night: date) -> str:
    """The season a night falls in by name, `2026/27`."""
    year = night.year if night.month >= SEASON_TURNS_IN else night.year - 1
    return f"{year}/{(year + 1) % 100:02d}"


def _must_be_aware(instant: datetime) -> None:
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError("A time without a zone belongs to no night.")
