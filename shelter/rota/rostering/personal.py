"""The cheapest personal roster of each worker, exactly: a shortest path over the days, for given prices of each shift.

States are the shift and the length of the run of work, or the length of the run of days off; with each go the minutes
and weekends so far, and how often those shifts were worked whose number is limited. All that is one array, the same
for all workers of whom the same is counted, so that many workers take little longer than one.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import gcd
from typing import Any

import numpy as np
import numpy.typing as npt

from shelter.rota.rostering.problem import SATURDAY, SUNDAY, Problem, Worker

Costs = npt.NDArray[np.float64]  # [worker, day, shift]: what it costs that a worker works a shift
IMPOSSIBLE = np.inf
ROOM = 30_000_000  # states kept in memory at a time
FEW = 6  # limits up to this are counted from the start, higher ones when a roster goes beyond them


@dataclass(frozen=True)
class Path:
    """The shift of each day by its place in the list of shifts, -1 for a day off; and what it costs."""

    shifts: tuple[int, ...]
    cost: float


class Personal:
    """All workers of a problem; `best` answers what is cheapest for each."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.workers = tuple(problem.workers.values())
        self.codes = list(problem.shifts)
        self.unit = gcd(*(shift.minutes for shift in problem.shifts.values())) or 1
        self.units = [shift.minutes // self.unit for shift in problem.shifts.values()]
        self.after = [
            [before for before, code in enumerate(self.codes) if this not in problem.shifts[code].not_before]
            for this in self.codes
        ]
        self.limits = [[worker.most_of.get(code, 0) for code in self.codes] for worker in self.workers]
        self.closed = np.array([self._closed(worker) for worker in self.workers])
        self.counted = [
            frozenset(shift for shift, limit in enumerate(limits) if 0 < limit <= min(FEW, problem.days - 1))
            for limits in self.limits
        ]

    def _closed(self, worker: Worker) -> Costs:
        """Infinite where a worker may not work, nothing elsewhere."""
        closed = np.zeros((self.problem.days, len(self.codes)))
        closed[sorted(worker.days_off)] = IMPOSSIBLE
        closed[:, [worker.most_of.get(code, 0) == 0 for code in self.codes]] = IMPOSSIBLE
        return closed

    def best(self, costs: Costs, only: Iterable[int] | None = None) -> dict[int, Path | None]:
        """For each worker (by number, `only` these) the cheapest roster within the rules; None where there is none."""
        found: dict[int, Path | None] = {}
        asked = {
            worker: self.counted[worker] for worker in (range(len(self.workers)) if only is None else only)
        }
        while asked:
            alike: dict[frozenset[int], list[int]] = {}
            for worker, counted in asked.items():
                alike.setdefault(counted, []).append(worker)
            again = {}
            for counted, members in alike.items():
                for worker, path in zip(members, self._search(counted, members, costs), strict=True):
                    beyond = self._beyond(worker, path)
                    if beyond:
                        again[worker] = counted | beyond
                    else:
                        found[worker] = path
            asked = again
        return found

    def _beyond(self, worker: int, path: Path | None) -> frozenset[int]:
        """Shifts a roster holds more often than the worker may."""
        if path is None:
            return frozenset()
        worked = set(path.shifts) - {-1}
        return frozenset(shift for shift in worked if path.shifts.count(shift) > self.limits[worker][shift])

    def _search(self, counted: frozenset[int], members: Sequence[int], costs: Costs) -> Iterator[Path | None]:
        """The paths of workers of whom the same shifts are counted, so many at a time as memory has room for."""
        search = _Search(self, members, sorted(counted))
        many = max(1, ROOM // (search.cells * self.problem.days))
        for first in range(0, len(members), many):
            part = members[first : first + many]
            yield from _Search(self, part, sorted(counted)).paths(costs[part] + self.closed[part])


class _Search:
    """Passes over the days for some workers, of whom the same shifts are counted."""

    def __init__(self, personal: Personal, members: Sequence[int], counted: Sequence[int]) -> None:
        self.personal, self.counted = personal, counted
        self.days, self.shifts = personal.problem.days, range(len(personal.codes))
        self.workers = [personal.workers[worker] for worker in members]
        # No state lies beyond the largest limits of all; whose own limits are smaller is asked at the end.
        self.caps = [
            (
                worker.most_minutes // personal.unit,
                worker.most_weekends,
                *(personal.limits[number][shift] for shift in counted),
            )
            for number, worker in zip(members, self.workers, strict=True)
        ]
        self.shape = tuple(max(caps) + 1 for caps in zip(*self.caps, strict=True))
        self.runs = max(max(1, worker.longest_run) for worker in self.workers)
        self.rests = max(max(1, worker.shortest_rest) for worker in self.workers)
        self.too_long = self._mask(self.runs, lambda worker, run: run > worker.longest_run)
        self.too_short = self._mask(self.runs, lambda worker, run: run < worker.shortest_run)
        self.too_brief = self._mask(self.rests, lambda worker, run: run < worker.shortest_rest)
        self.steps: list[tuple[Costs, Costs]] = []

    @property
    def cells(self) -> int:
        """How many states a day has, of one worker."""
        return (len(self.shifts) * self.runs + self.rests) * int(np.prod(self.shape))

    def _mask(self, runs: int, is_so: Callable[[Worker, int], bool]) -> Costs:
        """Infinite for each worker and length of a run where something is so."""
        mask = [
            [IMPOSSIBLE if is_so(worker, run) else 0.0 for run in range(1, runs + 1)]
            for worker in self.workers
        ]
        return np.array(mask).reshape(len(self.workers), runs, *(1 for _size in self.shape))

    def paths(self, costs: Costs) -> list[Path | None]:
        """The cheapest roster of each worker."""
        for day in range(self.days):
            self.steps.append(self._step(day, costs[:, day]))
        work, rest = self.steps[-1]
        ends = np.minimum(work.min(axis=(1, 2)), rest.min(axis=1))
        return [self._path(each, ends[each]) for each in range(len(self.workers))]

    def _step(self, day: int, costs: Costs) -> tuple[Costs, Costs]:
        """The cheapest ways into each state: work [worker, shift, run - 1, …] and rest [worker, run - 1, …]."""
        many = len(self.workers)
        work = np.full((many, len(self.shifts), self.runs, *self.shape), IMPOSSIBLE)
        rest = np.full((many, self.rests, *self.shape), IMPOSSIBLE)
        if day == 0:
            may_begin = np.full((many, *self.shape), IMPOSSIBLE)
            may_begin[_cell(slice(None), *(0 for _size in self.shape))] = 0.0
            rest[:, 0] = may_begin
        else:
            before_work, before_rest = self.steps[-1]
            may_begin = self._rested(before_rest, day)
            rest[:, 0] = self._ended(before_work, day)
            rest[:, 1:] = before_rest[:, :-1]
            np.minimum(rest[:, -1], before_rest[:, -1], out=rest[:, -1])
        for shift in self.shifts:
            if np.isinf(costs[:, shift]).all():
                continue
            self._move(may_begin, work[:, shift, 0], day, shift, is_first=True)
            before = self.personal.after[shift]
            if day and self.runs > 1 and before:
                ways = before_work[:, before, :-1].min(axis=1)
                self._move(ways, work[:, shift, 1:], day, shift, is_first=False)
        work += costs.reshape(many, len(self.shifts), 1, *(1 for _size in self.shape))
        work += self.too_long[:, None]
        return work, rest

    def _rested(self, rest: Costs, day: int) -> Costs:
        """The ways after which work may begin: days off enough, or all days so far."""
        enough: Costs = (rest + self.too_brief).min(axis=1)
        return np.minimum(enough, rest[:, day - 1]) if day < self.rests else enough

    def _ended(self, work: Costs, day: int) -> Costs:
        """The ways after which a run of work may end: long enough, or since the first day."""
        by_run = work.min(axis=1)
        ended: Costs = (by_run + self.too_short).min(axis=1)
        return np.minimum(ended, by_run[:, day - 1]) if day <= self.runs else ended

    def _more(self, day: int, shift: int, *, is_first: bool) -> tuple[int, ...]:
        """What one more shift adds to each count: units of minutes, perhaps a weekend, the shift itself."""
        weekday = day % 7
        weekend = weekday == SATURDAY or (weekday == SUNDAY and (is_first or day == 0))
        return (
            self.personal.units[shift],
            int(weekend),
            *(int(counted == shift) for counted in self.counted),
        )

    def _move(self, ways: Costs, into: Costs, day: int, shift: int, *, is_first: bool) -> None:
        more = self._more(day, shift, is_first=is_first)
        if any(step >= size for step, size in zip(more, self.shape, strict=True)):
            return
        into[_cell(..., *(slice(step, None) for step in more))] = ways[
            _cell(..., *(slice(None, size - step) for step, size in zip(more, self.shape, strict=True)))
        ]

    def _path(self, each: int, ends: Costs) -> Path | None:
        worker, caps = self.workers[each], self.caps[each]
        least = -(-worker.least_minutes // self.personal.unit)
        allowed = ends[(slice(least, caps[0] + 1), *(slice(0, cap + 1) for cap in caps[1:]))]
        if allowed.size == 0 or np.isinf(allowed.min()):
            return None
        first, *others = (int(index) for index in np.unravel_index(allowed.argmin(), allowed.shape))
        at = (first + least, *others)
        work, rest = self.steps[-1]
        shift, run = _last_state(work[each], rest[each], at)
        shifts = [shift]
        for day in reversed(range(1, self.days)):
            before_work, before_rest = (part[each] for part in self.steps[day - 1])
            if shift < 0:
                value = self.steps[day][1][(each, run, *at)]
                shift, run = self._before_rest(before_work, before_rest, value, at, run, day, worker)
            else:
                more = self._more(day, shift, is_first=run == 0)
                at = tuple(here - step for here, step in zip(at, more, strict=True))
                if run == 0:
                    shift, run = -1, _rest_before(before_rest, at, day, worker)
                else:
                    before = self.personal.after[shift]
                    values = [before_work[(other, run - 1, *at)] for other in before]
                    shift, run = before[int(np.argmin(values))], run - 1
            shifts.append(shift)
        return Path(tuple(reversed(shifts)), float(allowed.min()))

    def _before_rest(
        self, work: Costs, rest: Costs, value: float, at: tuple[int, ...], run: int, day: int, worker: Worker
    ) -> tuple[int, int]:
        """Where a day off came from: the day off before it, or the end of a run of work."""
        if run == len(rest) - 1 and rest[(run, *at)] == value:
            return -1, run
        if run > 0:
            return -1, run - 1
        here = work[_cell(slice(None), slice(None), *at)].copy()
        for length in range(1, min(worker.shortest_run, self.runs + 1)):
            if length != day:
                here[:, length - 1] = IMPOSSIBLE
        shift, length = np.unravel_index(here.argmin(), here.shape)
        return int(shift), int(length)


def _cell(*index: Any) -> Any:
    """An index of as many parts as there are counts; how many that are is known only while it runs."""
    return index


def _last_state(work: Costs, rest: Costs, at: tuple[int, ...]) -> tuple[int, int]:
    here, off = work[_cell(slice(None), slice(None), *at)], rest[_cell(slice(None), *at)]
    if off.min() <= here.min():
        return -1, int(off.argmin())
    best, length = np.unravel_index(here.argmin(), here.shape)
    return int(best), int(length)


def _rest_before(rest: Costs, at: tuple[int, ...], day: int, worker: Worker) -> int:
    """How long the days off before a run of work were, as far as it matters."""
    brief = max(1, worker.shortest_rest) - 1
    lengths = [*range(brief, len(rest)), *([day - 1] if day - 1 < brief else [])]
    return min(lengths, key=lambda length: rest[(length, *at)])
