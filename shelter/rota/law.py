"""The rules of working time, one class each: what it demands of a timeline, what is found against it, and in words.

One rule, two faces: `check` looks at a timeline as it is, `encode` makes a constraint program keep the rule; both
read the same demands. Figures come from `terms`, with their sources; a figure that is None demands nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from shelter import nights
from shelter.rota.demands import Demand, Groups, NotAll, Rest, Taken, Together
from shelter.rota.terms import SOURCES
from shelter.rota.timeline import Span, Stint, Timeline, midnight, week_from

ONE_DAY = timedelta(hours=24)
WEEK = timedelta(days=7)
SATURDAY = 5  # of the days of a week, Monday being 0


@dataclass(frozen=True)
class Finding:
    """Something that breaks a rule: its code, the day it is found on, and figures for the sentence."""

    rule: str
    day: date
    facts: Mapping[str, Any]


class Rule:
    """`code` is stable; `is_law` findings block a publication, the others are told; `can_be_overridden` those that the
    law compensates rather than forbids.
    """

    code: ClassVar[str]
    parameter: ClassVar[str] = ""
    is_law: ClassVar[bool] = True
    can_be_overridden: ClassVar[bool] = False

    @property
    def source(self) -> str:
        return SOURCES.get(self.parameter, "")

    def demands(self, timeline: Timeline) -> Iterator[tuple[date, Demand]]:
        """What this rule asks, each with the day it is about."""
        raise NotImplementedError

    def check(self, timeline: Timeline) -> list[Finding]:
        """What is found against this rule in a timeline as it is."""
        present = frozenset(timeline.stints)
        return [
            Finding(self.code, day, {**demand.facts, **demand.told(present)})
            for day, demand in self.demands(timeline)
            if not demand.is_met(present)
        ]

    def encode(self, model: Any, timeline: Timeline, taken: Taken) -> None:
        """Make a program keep this rule: `timeline` holds every stint that is or could be, `taken` says which are."""
        for _day, demand in self.demands(timeline):
            demand.encode(model, taken)

    def explain(self, finding: Finding) -> str:
        """The finding as a sentence in the reader's language."""
        return self.sentence() % finding.facts

    def name(self) -> str:
        """What the rule is called where it is counted."""
        raise NotImplementedError

    def sentence(self) -> str:
        raise NotImplementedError


class _Hours(Rule):
    """A rule about minutes, whose sentence names them as hours."""

    def explain(self, finding: Finding) -> str:
        facts = {name: "" if minutes is None else _hours(minutes) for name, minutes in finding.facts.items()}
        return self.sentence() % facts


def _hours(minutes: int) -> str:
    return f"{minutes // 60}\u00a0h\u00a0{minutes % 60:02d}"


class DayLimit(_Hours):
    """No more than ten hours of work in any 24 hours from a beginning of work."""

    code, parameter = "day_limit", "day_most"

    def demands(self, timeline: Timeline) -> Iterator[tuple[date, Demand]]:
        for stint in timeline.ordered:
            span = (stint.start, stint.start + ONE_DAY)
            near = [other for other in timeline.ordered if other.touches(span)]
            yield (
                stint.day,
                Together(
                    {other: other.minutes_in(span) for other in near},
                    most=timeline.terms.day_most,
                    anchors=(stint,),
                ),
            )

    def name(self) -> str:
        return _("Hours of a day")

    def sentence(self) -> str:
        return _("%(minutes)s of work within 24 hours; at most %(most)s.")


class WeekLimit(_Hours):
    """No more than 48 hours of work from Monday to Sunday."""

    code, parameter = "week_limit", "week_most"

    def demands(self, timeline: Timeline) -> Iterator[tuple[date, Demand]]:
        for monday in timeline.weeks():
            span = week_from(monday)
            yield monday, Together(_minutes_in(timeline.ordered, span), most=timeline.terms.week_most)

    def name(self) -> str:
        return _("Hours of a week")

    def sentence(self) -> str:
        return _("%(minutes)s of work this week; at most %(most)s.")


class DailyRest(_Hours):
    """Eleven hours without interruption in each 24 hours from a beginning of work."""

    code, parameter = "daily_rest", "daily_rest"

    def demands(self, timeline: Timeline) -> Iterator[tuple[date, Demand]]:
        for stint in timeline.ordered:
            span = (stint.start, stint.start + ONE_DAY)
            near = [other for other in timeline.ordered if other.touches(span)]
            if timeline.terms.daily_rest is not None:
                yield stint.day, Rest(span, timeline.terms.daily_rest, near, anchors=(stint,))

    def name(self) -> str:
        return _("Daily rest")

    def sentence(self) -> str:
        return _("%(minutes)s of rest within 24 hours; at least %(least)s.")


class WeeklyRest(_Hours):
    """Forty-four hours without interruption from Monday to Sunday; where they are missing, extra leave is owed."""

    code, parameter, can_be_overridden = "weekly_rest", "weekly_rest", True

    def demands(self, timeline: Timeline) -> Iterator[tuple[date, Demand]]:
        for monday in timeline.weeks():
            span = week_from(monday)
            near = [stint for stint in timeline.ordered if stint.touches(span)]
            if timeline.terms.weekly_rest is not None:
                yield monday, Rest(span, timeline.terms.weekly_rest, near)

    def name(self) -> str:
        return _("Weekly rest")

    def sentence(self) -> str:
        return _("%(minutes)s of rest this week; at least %(least)s.")


class Break(_Hours):
    """A break in every stint of more than six hours."""

    code, parameter = "break", "break_after"

    def demands(self, timeline: Timeline) -> Iterator[tuple[date, Demand]]:
        least, after = timeline.terms.break_least, timeline.terms.break_after
        if least is None or after is None:
            return
        for stint in timeline.ordered:
            is_long = stint.minutes + stint.break_minutes > after
            if is_long and stint.break_minutes < least and not stint.elsewhere:
                yield stint.day, NotAll((stint,), {"minutes": stint.break_minutes, "least": least})

    def name(self) -> str:
        return _("Break")

    def sentence(self) -> str:
        return _("%(minutes)s of break in more than six hours of work; at least %(least)s.")


class NightMean(_Hours):
    """For night workers at most eight hours on average per 24 hours, over any seven days."""

    code, parameter = "night_mean", "night_mean"

    def demands(self, timeline: Timeline) -> Iterator[tuple[date, Demand]]:
        if not timeline.terms.is_night_worker or timeline.terms.night_mean is None:
            return
        for stint in timeline.ordered:
            span = (stint.start, stint.start + WEEK)
            near = _minutes_in(timeline.ordered, span)
            yield stint.day, Together(near, most=7 * timeline.terms.night_mean, anchors=(stint,))

    def name(self) -> str:
        return _("Mean of nights")

    def sentence(self) -> str:
        return _("%(minutes)s of work within seven days; for night workers at most %(most)s.")


class NightUnderStrain(_Hours):
    """Under special risks or heavy strain at most eight hours in any 24 hours with night work."""

    code, parameter = "night_under_strain", "strain_most"

    def demands(self, timeline: Timeline) -> Iterator[tuple[date, Demand]]:
        if not timeline.terms.is_under_strain:
            return
        for first in timeline.ordered:
            span = (first.start, first.start + ONE_DAY)
            minutes = _minutes_in(timeline.ordered, span)
            for stint in minutes:
                if stint.night_minutes:
                    yield (
                        first.day,
                        Together(minutes, most=timeline.terms.strain_most, anchors=(first, stint)),
                    )

    def name(self) -> str:
        return _("Night under strain")

    def sentence(self) -> str:
        return _("%(minutes)s of work around a night under strain; at most %(most)s.")


class MonthlyReference(_Hours):
    """The hours of a reference period (a month, or four weeks) within the tolerance around those of the contract.

    Days of leave, illness and training ask for no hours.
    """

    code, parameter, is_law = "monthly_reference", "tolerance_percent", False

    def demands(self, timeline: Timeline) -> Iterator[tuple[date, Demand]]:
        weekly, tolerance = timeline.terms.weekly_minutes, timeline.terms.tolerance_percent
        if weekly is None or tolerance is None:
            return
        for first, span in timeline.periods():
            last = nights.local(span[1]).date() - nights.ONE_DAY
            away = sum(timeline.is_paid_away(day) for day in nights.between(first, last))
            due = weekly * ((nights.elapsed(*span) - away * ONE_DAY) / WEEK)
            yield (
                first,
                Together(
                    _minutes_in(timeline.ordered, span),
                    most=int(due * (100 + tolerance) / 100),
                    least=int(due * (100 - tolerance) / 100),
                ),
            )

    def name(self) -> str:
        return _("Hours of the reference period")

    def sentence(self) -> str:
        return _("%(minutes)s of work in this reference period; between %(least)s and %(most)s.")


class FreeWeekends(Rule):
    """So many weekends of a year without any work."""

    code, parameter = "free_weekends", "free_weekends"

    def demands(self, timeline: Timeline) -> Iterator[tuple[date, Demand]]:
        free = timeline.terms.free_weekends
        if free is None:
            return
        weekends: dict[int, list[list[Stint]]] = {}
        for monday in timeline.weeks():
            saturday = monday + SATURDAY * nights.ONE_DAY
            span = (midnight(saturday), week_from(monday)[1])
            group = [stint for stint in timeline.ordered if stint.touches(span)]
            weekends.setdefault(saturday.year, []).append(group)
        for year, groups in weekends.items():
            before = timeline.weekends_before if year == timeline.first.year else 0
            most = _saturdays_of(year) - free - before
            yield date(year, 1, 1), Groups(groups, most, {"free": free})

    def name(self) -> str:
        return _("Free weekends")

    def sentence(self) -> str:
        return _("%(number)s weekends worked; with %(free)s free ones a year at most %(most)s.")


class DaysInARow(Rule):
    """At most so many days of work one after the other."""

    code, parameter, is_law = "days_in_a_row", "days_in_a_row", False

    def demands(self, timeline: Timeline) -> Iterator[tuple[date, Demand]]:
        yield from _runs(timeline, timeline.terms.days_in_a_row, lambda stint: stint.day)

    def name(self) -> str:
        return _("Days in a row")

    def sentence(self) -> str:
        return _("%(number)s days of work in a row; at most %(most)s.")


class NightsInARow(Rule):
    """At most so many nights of work one after the other; a night is one with three hours of work in the dark."""

    code, parameter, is_law = "nights_in_a_row", "nights_in_a_row", False

    def demands(self, timeline: Timeline) -> Iterator[tuple[date, Demand]]:
        yield from _runs(
            timeline,
            timeline.terms.nights_in_a_row,
            lambda stint: nights.night_of(stint.start) if stint.is_night else None,
        )

    def name(self) -> str:
        return _("Nights in a row")

    def sentence(self) -> str:
        return _("%(number)s nights of work in a row; at most %(most)s.")


class Overlap(Rule):
    """Nobody is at work twice at the same time, here or elsewhere."""

    code = "overlap"

    def demands(self, timeline: Timeline) -> Iterator[tuple[date, Demand]]:
        for one, other in combinations(timeline.ordered, 2):
            if one.touches((other.start, other.end)):
                yield other.day, NotAll((one, other), {"elsewhere": one.elsewhere or other.elsewhere})

    def name(self) -> str:
        return _("At work at this time already")

    def sentence(self) -> str:
        return _("Two stretches of work at the same time.")


class Absent(Rule):
    """Nobody is planned who is on leave, ill, in training or otherwise away."""

    code = "absent"

    def demands(self, timeline: Timeline) -> Iterator[tuple[date, Demand]]:
        for stint in timeline.ordered:
            for absence in timeline.absences:
                if stint.touches((absence.start, absence.end)) and not stint.elsewhere:
                    yield stint.day, NotAll((stint,), {"kind": absence.kind})

    def name(self) -> str:
        return _("Away")

    def sentence(self) -> str:
        return _("Planned while away.")


class Qualified(Rule):
    """Who is planned may do what they are planned for on that day."""

    code = "qualified"

    def demands(self, timeline: Timeline) -> Iterator[tuple[date, Demand]]:
        for stint in timeline.ordered:
            may = any(
                held.role == stint.role and held.holds_on(stint.day) for held in timeline.qualifications
            )
            if stint.role and not stint.elsewhere and not may:
                yield stint.day, NotAll((stint,), {"role": stint.role})

    def name(self) -> str:
        return _("Not qualified")

    def sentence(self) -> str:
        return _("No valid qualification for this.")


LAW: Sequence[Rule] = (
    Overlap(), Absent(), Qualified(), DayLimit(), WeekLimit(), DailyRest(), WeeklyRest(), Break(), NightMean(),
    NightUnderStrain(), MonthlyReference(), FreeWeekends(), DaysInARow(), NightsInARow(),
)  # fmt: skip
# What holds for volunteers and guards as well: nobody can be in two places, or do what they may not.
FOR_EVERYBODY: Sequence[Rule] = LAW[:3]
STRICT: Sequence[Rule] = tuple(rule for rule in LAW if rule.is_law)  # what forbids, and is not only told
BY_CODE: Mapping[str, Rule] = {rule.code: rule for rule in LAW}


def explain(finding: Finding) -> str:
    return BY_CODE[finding.rule].explain(finding)


def _minutes_in(stints: Iterable[Stint], span: Span) -> dict[Stint, int]:
    return {stint: stint.minutes_in(span) for stint in stints if stint.touches(span)}


def _saturdays_of(year: int) -> int:
    return sum(day.weekday() == SATURDAY for day in nights.between(date(year, 1, 1), date(year, 12, 31)))


def _runs(
    timeline: Timeline, most: int | None, day_of: Callable[[Stint], date | None]
) -> Iterator[tuple[date, Demand]]:
    """Of any `most` + 1 days one after the other, one at least is free."""
    if most is None:
        return
    by_day: dict[date, list[Stint]] = {}
    for stint in timeline.ordered:
        day = day_of(stint)
        if day is not None:
            by_day.setdefault(day, []).append(stint)
    first = min(by_day, default=timeline.first)
    last = max(by_day, default=timeline.first)
    for day in nights.between(first, last):
        groups = [by_day.get(day + timedelta(days=after), []) for after in range(most + 1)]
        if all(groups):
            yield day + timedelta(days=most), Groups(groups, most)
