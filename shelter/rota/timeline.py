"""One person's time: work here, work elsewhere, absences, and what the rules measure of it. Pure calculation.

Instants are aware datetimes; minutes are real minutes, also in the night when the clocks change. A day is a local
date, a week runs from Monday 00:00 to Monday 00:00 on Luxembourg's wall clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from shelter import nights
from shelter.rota.terms import Terms

Span = tuple[datetime, datetime]

MIDNIGHT = time(0)
NIGHT_FROM, NIGHT_UNTIL = time(22), time(6)  # Code du travail, L.211-14
NIGHT_LEAST = 180  # minutes in the dark; L.211-14
ONE_MINUTE = timedelta(minutes=1)
FOUR_WEEKS_FROM = date(2024, 1, 1)  # a Monday from which periods of four weeks are counted


@dataclass(frozen=True, order=True)
class Stint:
    """A stretch of work from one instant to another. `break_minutes` are unpaid and lie in its middle; what is
    `elsewhere` is work for the same employer in another house, or for another employer.
    """

    start: datetime
    end: datetime
    role: str = ""
    break_minutes: int = 0
    elsewhere: bool = False

    def __post_init__(self) -> None:
        if nights.elapsed(self.start, self.end) <= timedelta(0):
            raise ValueError("a stint ends after it begins")

    @cached_property
    def worked(self) -> tuple[Span, ...]:
        """The time that counts as work: before and after the break."""
        if not self.break_minutes:
            return ((self.start, self.end),)
        middle = self.start + nights.elapsed(self.start, self.end) / 2
        half = timedelta(minutes=self.break_minutes) / 2
        return (self.start, middle - half), (middle + half, self.end)

    @cached_property
    def minutes(self) -> int:
        return self.minutes_in((self.start, self.end))

    @cached_property
    def day(self) -> date:
        """The local date on which it begins: the day it counts as a day of work."""
        return nights.local(self.start).date()

    @cached_property
    def night_minutes(self) -> int:
        """Minutes of work between 22:00 and 06:00."""
        return sum(self.minutes_in(dark) for dark in _dark_hours(self.start, self.end))

    @property
    def is_night(self) -> bool:
        """Whether it counts as a night of work: three hours of it lie in the dark."""
        return self.night_minutes >= NIGHT_LEAST

    def minutes_in(self, span: Span) -> int:
        """Minutes of work within a span of time."""
        return sum((_overlap(piece, span) for piece in self.worked), timedelta(0)) // ONE_MINUTE

    def touches(self, span: Span) -> bool:
        """Whether the person is on duty at any moment of a span; breaks are no rest."""
        return self.start < span[1] and span[0] < self.end


PAID = ("leave", "sick", "training")


@dataclass(frozen=True)
class Absence:
    """Time in which somebody cannot be planned: leave, illness, training, or whatever was agreed. `kind` is a code."""

    start: datetime
    end: datetime
    kind: str


@dataclass(frozen=True)
class Qualification:
    """What somebody may do, from a date until another (None: without end)."""

    role: str
    first: date
    last: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Timeline:
    """Everything the rules know of one person between two dates, both included.

    `stints` are all there are or could be; `first` and `last` bound what is judged, and weeks and months are judged
    whole: whoever builds a timeline puts in what lies around it. `weekends_before` were worked earlier this year.
    """

    first: date
    last: date
    terms: Terms
    stints: tuple[Stint, ...] = ()
    absences: tuple[Absence, ...] = ()
    qualifications: tuple[Qualification, ...] = ()
    weekends_before: int = 0

    @cached_property
    def ordered(self) -> tuple[Stint, ...]:
        return tuple(sorted(self.stints))

    def beside(self, stint: Stint) -> "Timeline":
        """The same time with one more stint."""
        return replace(self, stints=(*self.stints, stint))

    def without(self, start: datetime) -> "Timeline":
        """The same time without the stint that begins at an instant."""
        return replace(self, stints=tuple(stint for stint in self.stints if stint.start != start))

    @property
    def span(self) -> Span:
        return midnight(self.first), midnight(self.last + nights.ONE_DAY)

    def days(self) -> Iterator[date]:
        return nights.between(self.first, self.last)

    def weeks(self) -> Iterator[date]:
        """The Monday of each week that is touched."""
        monday = self.first - timedelta(days=self.first.weekday())
        while monday <= self.last:
            yield monday
            monday += timedelta(days=7)

    def is_paid_away(self, day: date) -> bool:
        """Whether the day counts as worked as the contract says: leave, illness and training do."""
        begins, ends = day_from(day)
        return any(each.kind in PAID and each.start < ends and begins < each.end for each in self.absences)

    def periods(self) -> Iterator[tuple[date, Span]]:
        """First day and span of each reference period that lies wholly within: months, or four weeks from a Monday."""
        for day in self.days():
            if self.terms.reference == "four_weeks":
                begins, after = (day - FOUR_WEEKS_FROM).days % 28 == 0, day + timedelta(days=28)
            else:
                begins, after = day.day == 1, (day + timedelta(days=31)).replace(day=1)
            if begins and after - nights.ONE_DAY <= self.last:
                yield day, (midnight(day), midnight(after))


def midnight(day: date) -> datetime:
    """The instant at which a local date begins."""
    return moment(day, MIDNIGHT)


def moment(day: date, at: time) -> datetime:
    """The instant of a time on the wall clock of a local date."""
    return datetime.combine(day, at, tzinfo=nights.LUXEMBOURG).astimezone(UTC)


def day_from(day: date) -> Span:
    """A local day, from midnight to midnight."""
    return midnight(day), midnight(day + nights.ONE_DAY)


def month_around(day: date) -> tuple[date, date]:
    """First and last day of the calendar month of a day."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - nights.ONE_DAY


def week_from(monday: date) -> Span:
    return midnight(monday), midnight(monday + timedelta(days=7))


def _dark_hours(start: datetime, end: datetime) -> Iterator[Span]:
    day = nights.local(start).date() - nights.ONE_DAY
    while midnight(day) < end:
        yield nights.hours(day, NIGHT_FROM, NIGHT_UNTIL)
        day += nights.ONE_DAY


def _overlap(one: Span, other: Span) -> timedelta:
    return max(timedelta(0), min(one[1], other[1]) - max(one[0], other[0]))
