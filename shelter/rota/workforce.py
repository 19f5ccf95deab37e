"""The cheapest roster of each person under the law of working time, week by week: exact, and quick. Pure.

Each week a person could work is listed once: the kinds of shift over Monday to Sunday that keep the rules of a week.
What may follow what (rest, a day's hours, strain) is asked of the law itself, for each two shifts of neighbouring days;
hours and the long rest of a week are counted for all patterns at once, with what a Sunday night leaves for Monday.
At given costs the cheapest pattern for each way in and out of a week is found for many people together, and the weeks
are strung together by what may follow what. What a year asks (free weekends) and means over any seven days are left to
the check of the whole: without them the cheapest roster costs no more, so that a bound from it still is one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from shelter.rota import judging, law
from shelter.rota.rostering.personal import Path
from shelter.rota.terms import Terms
from shelter.rota.timeline import Span, Stint, Timeline

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
DAYS = 7
MIDWEEK = 4  # days in the first part of a week
OFF = 0  # of the kinds in a pattern; the first kind of shift is 1
IMPOSSIBLE = np.inf
LONG = 99  # a run nobody limits
BETWEEN_NEIGHBOURS = tuple(
    law.BY_CODE[code] for code in ("overlap", "day_limit", "daily_rest", "night_under_strain")
)

Week = tuple[tuple[Stint | None, ...], ...]  # [kind][day of the week]; None where there is no such shift


@dataclass(frozen=True)
class Calendar:
    """The shifts of a period of whole weeks from a Monday: for each week and kind of shift those of its seven days."""

    weeks: tuple[Week, ...]
    spans: tuple[Span, ...]

    @property
    def kinds(self) -> int:
        return len(self.weeks[0])


@dataclass(frozen=True)
class Before:
    """How somebody comes into the first week: the shift of the day before it, and the runs that end with it."""

    shift: Stint | None = None
    days: int = 0
    nights: int = 0


@dataclass(frozen=True)
class Way:
    """How a pattern comes in or goes out: the kind at that end, and how long the runs of days and nights there are.

    `after` are the kinds (and `OFF`) that the Sunday before may have had, as far as rest and hours go.
    """

    kind: int
    days: int
    nights: int
    after: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Patterns:
    """All patterns of a week, sorted by their ways in and out; `cells` [pattern, day] are kinds."""

    cells: Ints
    first: Ints  # where each pair of ways begins
    pairs: Ints  # [pair, 2]: numbers of the way in and the way out
    by_out: Ints  # pairs in the order of their ways out
    first_out: Ints  # where each way out begins in that order
    ways_in: tuple[Way, ...]
    ways_out: tuple[Way, ...]

    @cached_property
    def parts(self) -> tuple[tuple[slice, Ints, Ints], ...]:
        """The days of each part of the week, every way to fill them, and which of these each pattern has.

        There are a few hundred ways to fill a part, and thousands of patterns: what a way costs is added up once.
        """
        found = []
        for days in (slice(0, MIDWEEK), slice(MIDWEEK, DAYS)):
            ways, which = np.unique(self.cells[:, days], axis=0, return_inverse=True)
            found.append((days, ways, which.ravel()))
        return tuple(found)

    def cheapest(self, costs: Floats) -> tuple[Floats, Floats]:
        """For costs [person, day, kind] the cost of each pattern, and the least of each pair of ways."""
        (first, which), (second, other) = (
            (costs[:, days][:, np.arange(ways.shape[1]), ways].sum(axis=2), which)
            for days, ways, which in self.parts
        )
        each = first[:, which] + second[:, other]
        return each, np.minimum.reduceat(each, self.first, axis=1)


def patterns_of(week: Week, span: Span, last_sunday: Sequence[Stint | None], terms: Terms) -> Patterns:
    """Every pattern of a week that keeps the law within it. `last_sunday` has the shift of each kind the day before."""
    counting = _Counting(week, span, terms)
    cells = np.zeros((1, 0), dtype=np.int64)
    for day in range(DAYS):
        open_kinds = [
            OFF,
            *(kind for kind, shifts in enumerate(week, 1) if _may_be_alone(shifts[day], terms)),
        ]
        cells = np.concatenate([np.column_stack([cells, np.full(len(cells), kind)]) for kind in open_kinds])
        if day:
            earlier = [shifts[day - 1] for shifts in week]
            cells = cells[
                _neighbours(earlier, [shifts[day] for shifts in week], terms)[cells[:, -2], cells[:, -1]]
            ]
        cells = cells[counting.is_within(cells)]
    cells = cells[counting.longest_rest(cells, span[0]) >= counting.least_rest]
    after = np.column_stack(
        [np.ones(len(cells), dtype=bool)]
        + [counting.may_follow(cells, shift, [shifts[0] for shifts in week]) for shift in last_sunday]
    )
    return _sorted(cells, after, counting)


def _neighbours(earlier: Sequence[Stint | None], later: Sequence[Stint | None], terms: Terms) -> Bools:
    """[kind, kind] whether the law lets the one be followed by the other on the next day; a day off always."""
    allowed = np.ones((len(earlier) + 1, len(later) + 1), dtype=bool)
    for one, before in enumerate(earlier, 1):
        for other, after in enumerate(later, 1):
            allowed[one, other] = before is None or after is None or _may_be_neighbours(before, after, terms)
    return allowed


def _may_be_alone(shift: Stint | None, terms: Terms) -> bool:
    return shift is not None and not judging.findings(
        Timeline(shift.day, shift.day, terms, (shift,)), BETWEEN_NEIGHBOURS
    )


def _may_be_neighbours(before: Stint, after: Stint, terms: Terms) -> bool:
    line = Timeline(before.day, after.day, terms, (before, after))
    return not judging.findings(line, BETWEEN_NEIGHBOURS)


class _Counting:
    """What is counted of patterns of one week, for all of them at once. Times are minutes from its Monday 00:00."""

    def __init__(self, week: Week, span: Span, terms: Terms) -> None:
        self.span, self.terms = span, terms
        self.length = self._at(span[1])
        self.starts = self._table(week, lambda shift: self._at(shift.start))
        self.ends = self._table(week, lambda shift: self._at(shift.end))
        self.minutes = self._table(week, lambda shift: shift.minutes_in(span))
        self.is_night = np.array([False, *(any(s and s.is_night for s in shifts) for shifts in week)])
        self.most_days = terms.days_in_a_row or LONG
        self.week_most = self.length if terms.week_most is None else terms.week_most
        self.least_rest = terms.weekly_rest or 0
        self.most_nights = terms.nights_in_a_row or LONG

    def _at(self, instant: Any) -> int:
        return int((instant - self.span[0]).total_seconds() // 60)

    def _table(self, week: Week, measure: Any) -> Ints:
        rows = [[0] * DAYS, *([measure(shift) if shift else 0 for shift in shifts] for shifts in week)]
        return np.array(rows, dtype=np.int64)

    def is_within(self, cells: Ints) -> Bools:
        worked = self.worked(cells)
        return (
            (worked <= self.week_most)
            & (run_at_the_end(cells != OFF) <= self.most_days)
            & (run_at_the_end(self.is_night[cells]) <= self.most_nights)
        )

    def worked(self, cells: Ints) -> Ints:
        total: Ints = self.minutes[cells, np.arange(cells.shape[1])].sum(axis=1)
        return total

    def longest_rest(self, cells: Ints, free_from: Any) -> Ints:
        """The longest time off duty in the week, if nothing is on before an instant."""
        free = np.full(len(cells), max(0, self._at(free_from)), dtype=np.int64)
        longest = np.zeros(len(cells), dtype=np.int64)
        for day in range(DAYS):
            here = cells[:, day]
            longest = np.where(here == OFF, longest, np.maximum(longest, self.starts[here, day] - free))
            free = np.where(here == OFF, free, np.maximum(free, self.ends[here, day]))
        rest: Ints = np.maximum(longest, self.length - free)
        return rest

    def may_follow(self, cells: Ints, before: Stint | None, monday: Sequence[Stint | None]) -> Bools:
        """Which patterns keep the law after a shift on the Sunday before."""
        if before is None:
            return np.zeros(len(cells), dtype=bool)
        allowed = np.array([True, *(s is None or _may_be_neighbours(before, s, self.terms) for s in monday)])
        return (
            allowed[cells[:, 0]]
            & (self.worked(cells) + before.minutes_in(self.span) <= self.week_most)
            & (self.longest_rest(cells, before.end) >= self.least_rest)
        )


def run_at_the_end(rows: Bools) -> Ints:
    """How long the run of true values at the end of each row is."""
    backwards = rows[:, ::-1]
    run: Ints = np.where(backwards.all(axis=1), rows.shape[1], (~backwards).argmax(axis=1))
    return run


def _sorted(cells: Ints, after: Bools, counting: _Counting) -> Patterns:
    backwards = cells[:, ::-1]
    come = np.column_stack(
        [cells[:, 0], run_at_the_end(backwards != OFF), run_at_the_end(counting.is_night[backwards]), after]
    )
    go = np.column_stack(
        [cells[:, -1], run_at_the_end(cells != OFF), run_at_the_end(counting.is_night[cells])]
    )
    ways_in, number_in = np.unique(come, axis=0, return_inverse=True)
    ways_out, number_out = np.unique(go, axis=0, return_inverse=True)
    both = number_in.ravel() * len(ways_out) + number_out.ravel()
    order = np.argsort(both, kind="stable")
    found, first = np.unique(both[order], return_index=True)
    pairs = np.column_stack([found // len(ways_out), found % len(ways_out)])
    by_out = np.argsort(pairs[:, 1], kind="stable")
    return Patterns(
        cells=cells[order],
        first=first,
        pairs=pairs,
        by_out=by_out,
        first_out=np.unique(pairs[by_out, 1], return_index=True)[1],
        ways_in=tuple(
            Way(int(way[0]), int(way[1]), int(way[2]), frozenset(map(int, np.flatnonzero(way[3:]))))
            for way in ways_in
        ),
        ways_out=tuple(Way(int(way[0]), int(way[1]), int(way[2])) for way in ways_out),
    )


def _link(out: Sequence[Way], into: Sequence[Way], terms: Terms) -> Floats:
    """[way out, way in]: nothing where the second week may follow the first so, infinite where not."""
    most_days, most_nights = terms.days_in_a_row or LONG, terms.nights_in_a_row or LONG
    return np.array(
        [
            [
                0.0
                if way.kind in after.after
                and way.days + after.days <= most_days
                and way.nights + after.nights <= most_nights
                else IMPOSSIBLE
                for after in into
            ]
            for way in out
        ]
    )


@dataclass(frozen=True)
class Member:
    """Somebody of the workforce: the terms they are under, how they come in, and which cells are theirs at all.

    `open` [day, cell] says where they may be put; what is fixed for them leaves nothing else open on its day, and
    `must` names it.
    """

    name: str
    terms: Terms
    open: Bools = field(compare=False)
    before: Before = Before()
    must: frozenset[tuple[int, int]] = frozenset()  # (day, kind) that are fixed

    @cached_property
    def limits(self) -> Terms:
        """Only what patterns depend on, so that people under the same limits share them."""
        known = self.terms
        return Terms(
            is_under_strain=known.is_under_strain, day_most=known.day_most, week_most=known.week_most,
            daily_rest=known.daily_rest, weekly_rest=known.weekly_rest, strain_most=known.strain_most,
            days_in_a_row=known.days_in_a_row, nights_in_a_row=known.nights_in_a_row,
        )  # fmt: skip


class Workforce:
    """Answers what is cheapest for each member; cells are kinds of shift with a duty, `kind_of` says which kind."""

    def __init__(self, calendar: Calendar, members: Sequence[Member], kind_of: Sequence[int]) -> None:
        self.calendar, self.members = calendar, members
        self.cells_of = [
            [cell for cell, kind in enumerate(kind_of) if kind == each] for each in range(calendar.kinds)
        ]
        self.closed = np.where(np.array([member.open for member in members]), 0.0, IMPOSSIBLE)
        self.known: dict[tuple[Terms, Before], list[tuple[Patterns, Floats]]] = {}

    def best(self, costs: Floats, only: Collection[int] | None = None) -> dict[int, Path | None]:
        """For each member (by number) the cheapest roster at these costs of cells [member, day, cell]."""
        asked = range(len(self.members)) if only is None else only
        alike: dict[tuple[Terms, Before], list[int]] = {}
        for number in asked:
            member = self.members[number]
            alike.setdefault((member.limits, member.before), []).append(number)
        found: dict[int, Path | None] = {}
        for (limits, before), numbers in alike.items():
            by_kind, cells = self._by_kind(costs[numbers] + self.closed[numbers])
            for number, place in zip(numbers, range(len(numbers)), strict=True):
                for day, kind in self.members[number].must:
                    others = [each for each in range(self.calendar.kinds + 1) if each != kind]
                    by_kind[place, day, others] = IMPOSSIBLE
            kinds = self._strung(by_kind, self._chain(limits, before))
            for place, number in enumerate(numbers):
                found[number] = _path(kinds[place], by_kind[place], cells[place])
        return found

    def _by_kind(self, costs: Floats) -> tuple[Floats, Ints]:
        """The cheapest cell of each kind, with its cost; a day off costs nothing."""
        many, days, _cells = costs.shape
        least = np.zeros((many, days, self.calendar.kinds + 1))
        which = np.full((many, days, self.calendar.kinds + 1), -1, dtype=np.int64)
        for kind, cells in enumerate(self.cells_of, 1):
            part = costs[:, :, cells]
            least[:, :, kind] = part.min(axis=2) if cells else IMPOSSIBLE
            if cells:
                which[:, :, kind] = np.array(cells)[part.argmin(axis=2)]
        return least, which

    def _chain(self, limits: Terms, before: Before) -> list[tuple[Patterns, Floats]]:
        """The patterns of each week with the link from the week before."""
        key = limits, before
        if key not in self.known:
            chain: list[tuple[Patterns, Floats]] = []
            for number, (week, span) in enumerate(zip(self.calendar.weeks, self.calendar.spans, strict=True)):
                if number == 0:
                    patterns = patterns_of(week, span, [before.shift], limits)
                    out: Sequence[Way] = [Way(1 if before.shift else OFF, before.days, before.nights)]
                else:
                    sunday = [shifts[-1] for shifts in self.calendar.weeks[number - 1]]
                    patterns = self._patterns(number, limits, sunday)
                    out = chain[-1][0].ways_out
                chain.append((patterns, _link(out, patterns.ways_in, limits)))
            self.known[key] = chain
        return self.known[key]

    def _patterns(self, number: int, limits: Terms, sunday: Sequence[Stint | None]) -> Patterns:
        for (known_limits, _before), chain in self.known.items():
            if known_limits == limits:
                return chain[number][0]
        return patterns_of(self.calendar.weeks[number], self.calendar.spans[number], sunday, limits)

    def _strung(self, costs: Floats, chain: Sequence[tuple[Patterns, Floats]]) -> list[list[int] | None]:
        """For costs [person, day, kind] the kinds of the cheapest roster of each person."""
        many = len(costs)
        reached = np.zeros((many, 1))
        steps = []
        for number, (patterns, link) in enumerate(chain):
            each, pairs = patterns.cheapest(costs[:, number * DAYS : (number + 1) * DAYS])
            into = (reached[:, :, None] + link).min(axis=1)
            total = into[:, patterns.pairs[:, 0]] + pairs
            steps.append((reached, each, total))
            reached = np.minimum.reduceat(total[:, patterns.by_out], patterns.first_out, axis=1)
        return [self._back(person, steps, chain) for person in range(many)]

    def _back(
        self, person: int, steps: Sequence[Any], chain: Sequence[tuple[Patterns, Floats]]
    ) -> list[int] | None:
        """From the last week to the first, the pattern each was reached by."""
        kinds: list[int] = []
        wanted = None
        for (reached, each, total), (patterns, link) in zip(reversed(steps), reversed(chain), strict=True):
            costs = (
                total[person]
                if wanted is None
                else np.where(patterns.pairs[:, 1] == wanted, total[person], IMPOSSIBLE)
            )
            pair = int(costs.argmin())
            if np.isinf(costs[pair]):
                return None
            first = patterns.first[pair]
            last = patterns.first[pair + 1] if pair + 1 < len(patterns.first) else len(patterns.cells)
            pattern = first + int(each[person, first:last].argmin())
            kinds = [*map(int, patterns.cells[pattern]), *kinds]
            wanted = int((reached[person] + link[:, patterns.pairs[pair, 0]]).argmin())
        return kinds


def _path(kinds: list[int] | None, costs: Floats, cells: Ints) -> Path | None:
    if kinds is None:
        return None
    return Path(
        tuple(int(cells[day, kind]) for day, kind in enumerate(kinds)),
        float(sum(costs[day, kind] for day, kind in enumerate(kinds))),
    )
