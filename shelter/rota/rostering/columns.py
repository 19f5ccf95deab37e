"""A proven lower bound, and good personal rosters, by column generation.

The linear program chooses among personal rosters (columns), one each, so that cover is met at the least price; its
duals say what one more person in a shift is worth; the cheapest roster of each worker at those prices either improves
the program or proves that nothing can. Each round gives a bound by itself (Lagrange): the prices, times what is wanted,
and the cheapest each worker can do. What is dearer than the best of these bounds cannot be said to be far from the
best; what lies below it does not exist.

Duals jump from round to round, so that rosters are asked for between the best prices so far and the newest ones
(Wentges, 1997).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from ortools.math_opt.python import mathopt

from shelter.rota.rostering.own import Cheapest, Offer, Own
from shelter.rota.rostering.personal import Personal
from shelter.rota.rostering.problem import Balance, Mix, Problem

Floats = npt.NDArray[np.float64]
Shifts = tuple[int, ...]
NEAR = 1e-6
# Only without presolving and scaling does a solution begin where the one before has ended.
WARM = mathopt.SolveParameters(presolve=mathopt.Emphasis.OFF, scaling=mathopt.Emphasis.OFF)
# A bound that fixes a column leaves the duals feasible: the dual simplex goes on from there.
WARM.glop.allow_simplex_algorithm_change = True
SMOOTH = 0.5  # how much of the best duals so far is in those that are asked


class Prices:
    """The prices of a problem as arrays: wanted, under and over by [day, shift]; requests by [worker, day, shift]."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.codes = list(problem.shifts)
        self.names = list(problem.workers)
        self.place = {code: index for index, code in enumerate(self.codes)}
        self.number = {name: index for index, name in enumerate(problem.workers)}
        self.wanted = np.zeros((problem.days, len(self.codes)))
        self.under, self.over = np.zeros_like(self.wanted), np.zeros_like(self.wanted)
        for each in problem.cover:
            at = each.day, self.place[each.shift]
            self.wanted[at], self.under[at], self.over[at] = each.wanted, each.under, each.over
        self.requests = np.zeros((len(self.number), *self.wanted.shape))
        self.fixed = 0.0  # on-requests are paid for unless granted
        self.matters = (self.wanted > 0) | (self.under > 0) | (self.over > 0)
        for request in problem.requests:
            sign = -1 if request.is_on else 1
            self.requests[self.at(request.worker, request.day, request.shift)] += sign * request.weight
            self.fixed += request.weight if request.is_on else 0
        self.weights = [self._weights(balance.weights) for balance in problem.balances]
        self.groups = [
            [self._weights(dict.fromkeys(group, 1)) for group in mix.groups] for mix in problem.mixes
        ]

    def at(self, worker: str, day: int, shift: str) -> tuple[int, int, int]:
        return self.number[worker], day, self.place[shift]

    def _weights(self, cells: Mapping[tuple[str, int, str], int]) -> dict[int, Floats]:
        """By worker what each cell counts."""
        weights: dict[int, Floats] = {}
        for (worker, day, shift), weight in cells.items():
            mine = weights.setdefault(self.number[worker], np.zeros_like(self.wanted))
            mine[day, self.place[shift]] = weight
        return weights

    def of_path(self, worker: int, shifts: Shifts) -> float:
        """What a roster costs in requests; on-requests that are granted are negative (see `fixed`)."""
        return total_of(self.requests[worker], shifts)

    def of_cover(self, there: Floats) -> float:
        missing = self.wanted - there
        return float((self.under * np.maximum(missing, 0) + self.over * np.maximum(-missing, 0)).sum())

    def next_one(self, there: Floats) -> Floats:
        """What one more person costs in each shift."""
        return np.where(there < self.wanted, -self.under, self.over)


def total_of(weights: Floats, shifts: Shifts) -> float:
    return float(sum(weights[day, shift] for day, shift in enumerate(shifts) if shift >= 0))


def there_of(shifts: Shifts, like: Floats) -> Floats:
    """One where a roster has a shift."""
    there = np.zeros_like(like)
    for day, shift in enumerate(shifts):
        if shift >= 0:
            there[day, shift] = 1.0
    return there


class Unsolvable(ArithmeticError):
    """Somebody cannot have any roster at all; says who."""


@dataclass(frozen=True)
class Column:
    worker: int
    shifts: Shifts


@dataclass(frozen=True)
class Duals:
    """What the rows of the linear program are worth: cover by [day, shift], each worker, each further row."""

    cover: Floats
    workers: Mapping[int, float]
    rows: Floats

    def between(self, other: "Duals", share: float) -> "Duals":
        """So much of the other one, the rest of this one; the workers are this one's."""
        return Duals(
            cover=share * other.cover + (1 - share) * self.cover,
            workers=self.workers,
            rows=share * other.rows + (1 - share) * self.rows,
        )


@dataclass(frozen=True)
class _Row:
    """A further row, for a balance or a group of a mix: what each cell of each free worker counts in it, its bounds,
    and between which its dual lies by the prices of its slack.
    """

    row: Any
    weights: Mapping[int, Floats]
    lowest: float
    highest: float
    least: float
    most: float


class Master:
    """The linear program over the rosters of some workers, `free`, beside the `fixed` ones of the others.

    Without `own` every balance is a row, which proves a bound; with it, those of one worker are in the columns' prices.
    """

    def __init__(
        self, prices: Prices, own: Own | None, free: Sequence[int], fixed: Mapping[int, Shifts]
    ) -> None:
        self.prices, self.own, self.fixed = prices, own, fixed
        self.model = mathopt.Model()
        self.columns: dict[Column, mathopt.Variable] = {}
        self.one = {worker: self._constraint(1, 1) for worker in free}
        there = sum(
            (there_of(shifts, prices.wanted) for shifts in fixed.values()), np.zeros_like(prices.wanted)
        )
        self.missing = prices.wanted - there
        self.cover = {
            (int(day), int(shift)): self._cover_row(day, shift) for day, shift in np.argwhere(prices.matters)
        }
        self.constant = prices.fixed + sum(
            prices.of_path(worker, shifts) + self._of_own(worker, shifts) for worker, shifts in fixed.items()
        )
        self.rows: list[_Row] = []
        for balance, weights in zip(prices.problem.balances, prices.weights, strict=True):
            if own is None or len(weights) > 1:  # those of one worker alone are in the price of each column
                self._balance_row(balance, weights)
        self.mixes: list[tuple[int, int, slice]] = []  # how many groups more, at what price, and their rows
        for mix, groups in zip(prices.problem.mixes, prices.groups, strict=True):
            self._mix_rows(mix, groups)
        self.mine: dict[int, list[tuple[int, Floats]]] = {worker: [] for worker in free}
        for number, row in enumerate(self.rows):
            for worker, cells in row.weights.items():
                self.mine[worker].append((number, cells))
        self.solver = mathopt.IncrementalSolver(self.model, mathopt.SolverType.GLOP)
        self.result: Any = None

    def _constraint(self, least: float, most: float) -> mathopt.LinearConstraint:
        return self.model.add_linear_constraint(lb=least, ub=most)

    def _cover_row(self, day: int, shift: int) -> Any:
        row = self._constraint(self.missing[day, shift], self.missing[day, shift])
        self._variable(float(self.prices.under[day, shift]), (row, 1))
        self._variable(float(self.prices.over[day, shift]), (row, -1))
        return row

    def _balance_row(self, balance: Balance, weights: Mapping[int, Floats]) -> None:
        own = {worker: cells for worker, cells in weights.items() if worker in self.one}
        there = sum(
            total_of(cells, self.fixed[worker]) for worker, cells in weights.items() if worker in self.fixed
        )
        least, most = balance.least - there, balance.most - there
        if not own:
            self.constant += balance.under * max(0.0, least) + balance.over * max(0.0, -most)
            return
        row = self._constraint(least, most)
        self._variable(balance.under, (row, 1))
        self._variable(balance.over, (row, -1))
        self.rows.append(_Row(row, own, -balance.over, balance.under, least, most))

    def _mix_rows(self, mix: Mix, groups: Sequence[Mapping[int, Floats]]) -> None:
        """A group counts once, and only with somebody in it; so many groups, or each one missing is paid for."""
        empty = [
            group
            for group in groups
            if not any(
                total_of(cells, self.fixed[worker]) for worker, cells in group.items() if worker in self.fixed
            )
        ]
        least = mix.least - (len(groups) - len(empty))
        if least <= 0:
            return
        enough = self._constraint(least, np.inf)
        self._variable(mix.price, (enough, 1))
        first = len(self.rows)
        for group in empty:
            row = self._constraint(0, np.inf)
            self._variable(0.0, (row, -1), (enough, 1)).upper_bound = 1.0
            own = {worker: cells for worker, cells in group.items() if worker in self.one}
            self.rows.append(_Row(row, own, 0.0, mix.price, 0.0, 0.0))
        self.mixes.append((least, mix.price, slice(first, len(self.rows))))

    def _variable(self, cost: float, *parts: tuple[Any, float]) -> mathopt.Variable:
        variable = self.model.add_variable(lb=0.0)
        self.model.objective.set_linear_coefficient(variable, cost)
        for row, coefficient in parts:
            row.set_coefficient(variable, coefficient)
        return variable

    def add(self, column: Column) -> None:
        cover = [(self.cover[cell], 1.0) for cell in enumerate(column.shifts) if cell in self.cover]
        rows = [
            (self.rows[number].row, total)
            for number, cells in self.mine[column.worker]
            if (total := total_of(cells, column.shifts))
        ]
        price = self.prices.of_path(column.worker, column.shifts) + self._of_own(column.worker, column.shifts)
        self.columns[column] = self._variable(price, (self.one[column.worker], 1.0), *cover, *rows)

    def _of_own(self, worker: int, shifts: Shifts) -> float:
        return self.own.of(worker, shifts) if self.own else 0.0

    def solve(self) -> float:
        """The least price of all rosters together, some of them in parts."""
        self.result = self.solver.solve(params=WARM)
        if self.result.termination.reason != mathopt.TerminationReason.OPTIMAL:
            self.result = mathopt.solve(self.model, mathopt.SolverType.GLOP)
        if self.result.termination.reason != mathopt.TerminationReason.OPTIMAL:
            raise ArithmeticError("the linear program of the rosters was not solved")
        return float(self.result.objective_value()) + self.constant

    def duals(self) -> Duals:
        """As the prices of slack bound them, whatever the program rounds."""
        values = self.result.dual_values()
        cover = np.zeros_like(self.missing)
        for cell, row in self.cover.items():
            cover[cell] = values[row]
        rows = np.array([min(max(values[row.row], row.lowest), row.highest) for row in self.rows])
        return Duals(
            cover=np.clip(cover, -self.prices.over, self.prices.under),
            workers={worker: values[row] for worker, row in self.one.items()},
            rows=rows,
        )

    def costs(self, duals: Duals) -> Floats:
        """What each cell costs each worker at these duals."""
        costs: Floats = self.prices.requests - duals.cover
        for worker, mine in self.mine.items():
            for number, cells in mine:
                costs[worker] -= duals.rows[number] * cells
        return costs

    def worth(self, duals: Duals) -> float:
        """What the duals bring to the bound, beside the cheapest roster of each worker."""
        rows = sum(
            dual * (row.least if dual > 0 else row.most)
            for row, dual in zip(self.rows, duals.rows, strict=True)
        )
        mixes = sum(_worth_of_mix(least, price, duals.rows[numbers]) for least, price, numbers in self.mixes)
        return self.constant + float((duals.cover * self.missing).sum()) + rows + mixes

    def shares(self) -> dict[Column, float]:
        """The columns in use, each with its share."""
        values = self.result.variable_values()
        return {
            column: value
            for column, variable in self.columns.items()
            if (value := values.get(variable, 0.0)) > NEAR
        }


def _worth_of_mix(least: int, price: float, duals: Floats) -> float:
    """What the duals of a mix's groups bring: a group is counted where it is worth more than its dual."""
    worths = [0.0, float(price), *map(float, duals)]
    return max(worth * least - float(np.maximum(worth - duals, 0).sum()) for worth in worths)


class Generation:
    """Column generation on a problem: all rosters found so far, and the best bound."""

    def __init__(self, problem: Problem, personal: Cheapest | None = None) -> None:
        self.personal = personal or Personal(problem)
        self.prices = Prices(problem)
        self.own = Own(problem, self.prices.weights, self.personal)
        self.without = Own(problem, [], self.personal)  # for the bound: there all balances are rows
        self.workers = range(len(problem.workers))
        self.pool: dict[int, dict[Column, None]] = {worker: {} for worker in self.workers}
        self.bound = -np.inf
        self.whole: Part | None = None

    def add(self, column: Column) -> bool:
        """Whether it is new."""
        new = column not in self.pool[column.worker]
        self.pool[column.worker][column] = None
        return new

    def best(self, costs: Floats, only: Collection[int], own: Own | None = None) -> dict[int, Offer]:
        """The cheapest roster of each of these workers; raises `Unsolvable` where there is none."""
        found = {}
        for worker, offer in (own or self.without).best(costs, only).items():
            if offer is None:
                raise Unsolvable(f"No roster at all is possible for {self.prices.names[worker]}.")
            found[worker] = offer
        return found

    def prove(self, go_on: Callable[[], bool]) -> float:
        """Generate for all workers until the bound meets the linear program, or time is up; the program's value."""
        self.whole = self.whole or Part(self, list(self.workers), {}, is_exact=True)
        value = self.whole.generate(go_on)
        self.bound = max(self.bound, self.whole.bound)
        return value


class Part:
    """Column generation for some workers while the others keep their rosters."""

    def __init__(
        self,
        generation: Generation,
        free: Sequence[int],
        fixed: Mapping[int, Shifts],
        *,
        is_exact: bool = False,
    ) -> None:
        self.generation, self.free = generation, free
        self.own = None if is_exact or generation.own.is_empty else generation.own
        self.master = Master(generation.prices, self.own, free, fixed)
        self.bound = -np.inf
        self.centre: Duals | None = None
        without = [worker for worker in free if not generation.pool[worker]]
        for worker, path in generation.best(generation.prices.requests, without).items():
            generation.add(Column(worker, path.shifts))
        for worker in free:
            for column in generation.pool[worker]:
                self.master.add(column)

    def generate(self, go_on: Callable[[], bool], rounds: int = 10_000) -> float:
        """Add rosters until none would improve the linear program; its value."""
        value = self.master.solve()
        while rounds and go_on() and value - self.bound > NEAR:
            rounds -= 1
            duals = self.master.duals()
            for asked in [duals.between(self.centre, SMOOTH), duals] if self.centre else [duals]:
                new = self._ask(asked, duals)
                if new:
                    break
            else:
                break
            value = self.master.solve()
        return value

    def fix(self, chosen: Mapping[int, Column]) -> None:
        """From now on these workers keep one roster each."""
        self.free = [worker for worker in self.free if worker not in chosen]
        for column, variable in self.master.columns.items():
            if column.worker in chosen and column != chosen[column.worker]:
                variable.upper_bound = 0.0
        self.bound, self.centre = -np.inf, None

    def _ask(self, asked: Duals, duals: Duals) -> int:
        """Ask each worker at some duals; how many rosters were new and good at the program's own."""
        found = self.generation.best(self.master.costs(asked), self.free, self.own)
        own = self.master.costs(duals) if asked is not duals else None
        bound, new = self.master.worth(asked), 0
        for worker, path in found.items():
            bound += path.cost
            cost = path.cost if own is None else total_of(own[worker], path.shifts)
            column = Column(worker, path.shifts)
            if cost < duals.workers[worker] - NEAR and column not in self.master.columns:
                self.generation.add(column)
                self.master.add(column)
                new += 1
        if self.own is None and bound > self.bound:
            self.bound, self.centre = bound, asked
        return new
