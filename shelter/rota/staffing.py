"""A period of the house as a rostering problem: who could work what, what is wanted, what everything costs. Pure.

`Case` holds what a proposal is made from; `compiled` turns it into the generic problem and the workforce under the law,
and `places_of` turns a roster back into who works in which shift.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from shelter import nights
from shelter.rota import judging, law
from shelter.rota.hours import is_holiday
from shelter.rota.rostering import Balance, Cover, Mix, Problem, Request, Roster, ShiftType, Worker
from shelter.rota.terms import Terms
from shelter.rota.timeline import Absence, Qualification, Stint, Timeline, day_from, week_from
from shelter.rota.workforce import BETWEEN_NEIGHBOURS, DAYS, OFF, Before, Calendar, Member, Workforce

SLICE = 20  # minutes: hours out of balance are paid for by the third of an hour
WEEKEND = (5, 6)


@dataclass(frozen=True)
class Prices:
    """What is worth how much, in points; a coordinator may set them."""

    gap: int = 500
    critical_gap: int = 2000
    wished: int = 20  # each person below the wished number
    too_many: int = 30
    slice_of_hours: int = 1  # each twenty minutes more or less than is due
    slice_beyond: int = 10  # each of them beyond the tolerance of the reference period, on top
    night: int = 12  # each night beyond one more or less than the fair share; so the next two
    weekend: int = 12
    holiday: int = 20
    wish: int = 10  # times the weight of the wish
    mix: int = 60  # each organisation or skill missing in a night's team


@dataclass(frozen=True)
class Place:
    """A duty in a dated shift: how many at least and better, and how many are there already from elsewhere."""

    shift: int
    kind: str
    skill: str
    day: date
    stint: Stint
    minimum: int
    wished: int
    is_critical: bool = False

    @property
    def cell(self) -> str:
        return f"{self.kind}:{self.skill}"


@dataclass(frozen=True)
class Wanted:
    """Somebody's wish: to work a kind of shift (none: any) on a day, or not to."""

    day: date
    kind: str
    is_on: bool
    weight: int


@dataclass(frozen=True)
class Staff:
    """Somebody who may be planned. `fixed` are shifts that stay as they are, with the duty (kind, skill) by day;
    `history` is what was worked in the days before the first Monday.
    """

    name: str
    organisation: str
    terms: Terms
    skills: Mapping[str, tuple[tuple[date, date | None], ...]]
    absences: tuple[Absence, ...] = ()
    elsewhere: tuple[Stint, ...] = ()
    history: tuple[Stint, ...] = ()
    fixed: Mapping[date, tuple[str, str]] = field(default_factory=dict)
    wishes: tuple[Wanted, ...] = ()
    minutes_due: int | None = None
    nights_due: float | None = None
    weekends_due: float | None = None
    holidays_due: float | None = None

    def may(self, skill: str, day: date) -> bool:
        spans = self.skills.get(skill, ())
        return any(first <= day and (last is None or day <= last) for first, last in spans)


@dataclass(frozen=True)
class Team:
    """Each night's team should have so many organisations (`skill` empty), or so many people with a skill."""

    least: int
    skill: str = ""


@dataclass(frozen=True)
class Case:
    """What is to be planned, from a day until a day: everything outside, and what is fixed, stays as it is."""

    first: date
    last: date
    places: tuple[Place, ...]
    staff: tuple[Staff, ...]
    teams: tuple[Team, ...] = ()
    prices: Prices = Prices()

    @cached_property
    def monday(self) -> date:
        return self.first - timedelta(days=self.first.weekday())

    @cached_property
    def weeks(self) -> int:
        return -(-((self.last - self.monday).days + 1) // DAYS)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(place.kind for place in self.places))

    @cached_property
    def cells(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(place.cell for place in self.places))

    def index(self, day: date) -> int:
        return (day - self.monday).days

    @cached_property
    def by_day(self) -> Mapping[tuple[int, str], Place]:
        """Each place by its day (counted from the first Monday) and cell."""
        return {(self.index(place.day), place.cell): place for place in self.places}


@dataclass(frozen=True)
class Compiled:
    case: Case
    problem: Problem
    workforce: Workforce


def compiled(case: Case) -> Compiled:
    """The generic problem of a case and the workforce that answers for its people."""
    workers = {staff.name: _anybody(staff.name) for staff in case.staff}
    problem = Problem(
        days=case.weeks * DAYS,
        shifts={cell: ShiftType(cell, 60) for cell in case.cells},
        workers=workers,
        cover=tuple(_cover(case)),
        requests=tuple(_requests(case)),
        balances=(*_wished(case), *(balance for staff in case.staff for balance in _balances(case, staff))),
        mixes=tuple(_mixes(case)),
    )
    members = [_member(case, staff) for staff in case.staff]
    kind_of = [case.kinds.index(cell.split(":")[0]) for cell in case.cells]
    return Compiled(case, problem, Workforce(_calendar(case), members, kind_of))


def places_of(case: Case, roster: Roster) -> list[tuple[str, Place]]:
    """Who works where, from a roster of the compiled problem; what lies outside the period is left out."""
    return [
        (name, case.by_day[day, cell])
        for (name, day), cell in sorted(roster.items())
        if (day, cell) in case.by_day and case.first <= case.by_day[day, cell].day <= case.last
    ]


def _anybody(name: str) -> Worker:
    """A worker without rules of the generic kind: the workforce keeps those of the law."""
    return Worker(name, {}, 0, 0, 1, 1, 1, 0)


def _cover(case: Case) -> Iterable[Cover]:
    prices = case.prices
    for (day, cell), place in case.by_day.items():
        if case.first <= place.day <= case.last:
            yield Cover(
                day, cell, place.minimum,
                under=prices.critical_gap if place.is_critical else prices.gap,
                over=prices.too_many if place.wished <= place.minimum else 0,
            )  # fmt: skip


def _wished(case: Case) -> Iterable[Balance]:
    for (day, cell), place in case.by_day.items():
        if place.wished > place.minimum and case.first <= place.day <= case.last:
            everybody = {(staff.name, day, cell): 1 for staff in case.staff}
            yield Balance(
                "wished", everybody, place.wished, place.wished, case.prices.wished, case.prices.too_many
            )


def _requests(case: Case) -> Iterable[Request]:
    for staff in case.staff:
        for wish in staff.wishes:
            if not case.first <= wish.day <= case.last:
                continue
            for cell in case.cells:
                if wish.kind in ("", cell.split(":")[0]) and not wish.is_on:
                    yield Request(
                        staff.name, case.index(wish.day), cell, wish.weight * case.prices.wish, is_on=False
                    )


def _balances(case: Case, staff: Staff) -> Iterable[Balance]:
    prices, mine = case.prices, {}
    for (day, cell), place in case.by_day.items():
        if staff.may(place.skill, place.day):
            mine[staff.name, day, cell] = place
    within = {cell: place for cell, place in mine.items() if case.first <= place.day <= case.last}
    if staff.minutes_due is not None:
        due = round(staff.minutes_due / SLICE)
        weights = {cell: round(place.stint.minutes / SLICE) for cell, place in within.items()}
        if weights:
            yield Balance("hours", weights, due, due, prices.slice_of_hours, prices.slice_of_hours)
            margin = due * (staff.terms.tolerance_percent or 0) // 100
            if margin:
                beyond = prices.slice_beyond
                yield Balance("hours", weights, due - margin, due + margin, beyond, beyond)
    for kind, due_, price, counts in (
        ("nights", staff.nights_due, prices.night, is_night),
        ("weekends", staff.weekends_due, prices.weekend, is_weekend),
        ("holidays", staff.holidays_due, prices.holiday, touches_holiday),
    ):
        if due_ is not None:
            weights = {cell: 1 for cell, place in within.items() if counts(place)}
            if not weights:
                continue  # nobody can do anything about it in this period
            yield Balance(kind, weights, max(0, int(due_) - 1), -int(-due_ // 1) + 1, price, price)
    for wish in staff.wishes:
        if wish.is_on:
            asked = {
                cell: 1
                for cell, place in within.items()
                if place.day == wish.day and wish.kind in ("", place.kind)
            }
            if asked:
                yield Balance("wishes", asked, 1, 1, prices.wish * wish.weight, 0)


def is_night(place: Place) -> bool:
    return place.stint.is_night


def is_weekend(place: Place) -> bool:
    return place.day.weekday() in WEEKEND


def touches_holiday(place: Place) -> bool:
    """Whether any of it is worked on a public holiday."""
    days = (place.day, place.day + nights.ONE_DAY)
    return any(is_holiday(day) and place.stint.minutes_in(day_from(day)) > 0 for day in days)


def _mixes(case: Case) -> Iterable[Mix]:
    by_night: dict[date, list[tuple[int, str, Place]]] = {}
    for (day, cell), place in case.by_day.items():
        if is_night(place) and case.first <= place.day <= case.last:
            by_night.setdefault(place.day, []).append((day, cell, place))
    for team in case.teams:
        for here in by_night.values():
            groups: dict[str, set[tuple[str, int, str]]] = {}
            for staff in case.staff:
                for day, cell, place in here:
                    if not staff.may(place.skill, place.day):
                        continue
                    if not team.skill:
                        groups.setdefault(staff.organisation, set()).add((staff.name, day, cell))
                    elif staff.may(team.skill, place.day):
                        groups.setdefault(staff.name, set()).add((staff.name, day, cell))
            yield Mix(
                tuple(frozenset(group) for _name, group in sorted(groups.items())),
                team.least,
                case.prices.mix,
            )


def _calendar(case: Case) -> Calendar:
    by_kind = {(case.index(place.day), place.kind): place.stint for place in case.places}
    mondays = [case.monday + timedelta(days=DAYS * week) for week in range(case.weeks)]
    return Calendar(
        weeks=tuple(
            tuple(tuple(by_kind.get((week * DAYS + day, kind)) for day in range(DAYS)) for kind in case.kinds)
            for week in range(case.weeks)
        ),
        spans=tuple(week_from(monday) for monday in mondays),
    )


def _member(case: Case, staff: Staff) -> Member:
    """What of the period is open to somebody; what is fixed leaves nothing else open."""
    is_open = np.zeros((case.weeks * DAYS, len(case.cells)), dtype=bool)
    must = set()
    for day in range(case.weeks * DAYS):
        here = case.monday + timedelta(days=day)
        fixed = staff.fixed.get(here)
        is_outside = not case.first <= here <= case.last
        if fixed is not None and ":".join(fixed) in case.cells:
            is_open[day, case.cells.index(":".join(fixed))] = True
            must.add((day, case.kinds.index(fixed[0]) + 1))
        elif is_outside or fixed is not None:
            must.add((day, OFF))
        else:
            for number, cell in enumerate(case.cells):
                place = case.by_day.get((day, cell))
                is_open[day, number] = place is not None and _is_open(staff, place)
    return Member(staff.name, staff.terms, is_open, _before(case, staff), frozenset(must))


def _is_open(staff: Staff, place: Place) -> bool:
    stint = place.stint
    if not staff.may(place.skill, place.day):
        return False
    if any(stint.touches((absence.start, absence.end)) for absence in staff.absences):
        return False
    return all(_beside(other, stint, staff.terms) for other in staff.elsewhere)


def _beside(one: Stint, other: Stint, terms: Terms) -> bool:
    if abs((one.day - other.day).days) > 1:
        return True
    first, last = sorted((one, other))
    return not judging.findings(Timeline(first.day, last.day, terms, (first, last)), BETWEEN_NEIGHBOURS)


def _before(case: Case, staff: Staff) -> Before:
    """How somebody comes into the first Monday: the shift of the day before it, and the runs that end there."""
    by_day = {stint.day: stint for stint in sorted((*staff.history, *staff.elsewhere))}
    sunday = case.monday - nights.ONE_DAY
    return Before(
        shift=by_day.get(sunday),
        days=_run(lambda day: day in by_day, sunday),
        nights=_run(lambda day: day in by_day and by_day[day].is_night, sunday),
    )


def _run(is_so: Callable[[date], bool], last: date) -> int:
    """How many days up to the last one, that included, something is so without a break."""
    days = 0
    while is_so(last - timedelta(days=days)):
        days += 1
    return days


def lawful(case: Case, there: Iterable[tuple[str, Place]]) -> tuple[list[tuple[str, Place]], int]:
    """What remains of a proposal when the law itself has looked at each person's whole time; how much was taken out.

    The search keeps the rules of weeks and neighbours; a mean over seven days, or work elsewhere, may still be hurt.
    """
    kept, out = [], 0
    by_name: dict[str, list[Place]] = {}
    for name, place in there:
        by_name.setdefault(name, []).append(place)
    for staff in case.staff:
        mine = sorted(by_name.get(staff.name, []), key=lambda place: place.stint)
        while mine and (found := judging.findings(line_of(case, staff, mine), law.STRICT)):
            hurt = [place for place in mine if place.day <= found[-1].day + timedelta(days=DAYS)]
            mine.remove((hurt or mine)[-1])
            out += 1
        kept += [(staff.name, place) for place in mine]
    return kept, out


def line_of(case: Case, staff: Staff, mine: Iterable[Place]) -> Timeline:
    """Somebody's whole time with these places."""
    stints = [replace(place.stint, role=place.skill) for place in mine]
    return Timeline(
        first=case.monday,
        last=case.monday + timedelta(days=DAYS * case.weeks - 1),
        terms=replace(staff.terms, tolerance_percent=None, free_weekends=None),
        stints=tuple({*stints, *staff.elsewhere, *staff.history}),
        absences=staff.absences,
        qualifications=tuple(
            Qualification(skill, first, last)
            for skill, spans in staff.skills.items()
            for first, last in spans
        ),
    )


def gaps(case: Case, there: Iterable[tuple[str, Place]]) -> list[tuple[Place, int]]:
    """Places with fewer people than needed, and how many are missing."""
    found = Counter((place.shift, place.skill) for _name, place in there)
    return [
        (place, place.minimum - found[place.shift, place.skill])
        for place in case.places
        if case.first <= place.day <= case.last and found[place.shift, place.skill] < place.minimum
    ]
