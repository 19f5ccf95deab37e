"""The best choice among rosters already known, one for each of some workers, by a complete search (CP-SAT)."""

from collections.abc import Iterable, Mapping

import numpy as np
from ortools.sat.python import cp_model

from shelter.rota.rostering.columns import Column, Floats, Prices, Shifts, there_of, total_of
from shelter.rota.rostering.own import Own


class Picking:
    """A model of the choice: each known roster is taken or not, beside the fixed ones of the other workers."""

    def __init__(
        self, prices: Prices, own: Own, pool: Mapping[int, Iterable[Column]], fixed: Mapping[int, Shifts]
    ) -> None:
        self.prices, self.fixed = prices, fixed
        self.model = cp_model.CpModel()
        self.cost: list[cp_model.LinearExprT] = []
        self.taken: dict[Column, cp_model.IntVar] = {}
        self.on: dict[tuple[int, int], list[cp_model.IntVar]] = {}
        for columns in pool.values():
            self.model.add_exactly_one([self._take(column, own) for column in columns])
        there = sum((there_of(shifts, prices.wanted) for shifts in fixed.values()), 0 * prices.wanted)
        for day, shift in np.argwhere(prices.matters):
            taken, missing = (
                self.on.get((day, shift), []),
                round(prices.wanted[day, shift] - there[day, shift]),
            )
            prices_of = prices.under[day, shift], prices.over[day, shift]
            self._outside(sum(taken), missing, missing, *prices_of, len(taken))
        for balance, weights in zip(prices.problem.balances, prices.weights, strict=True):
            if len(weights) > 1:
                total = self._total(weights)
                most = sum(abs(float(cells.sum())) for cells in weights.values())
                self._outside(total, balance.least, balance.most, balance.under, balance.over, round(most))
        for mix, groups in zip(prices.problem.mixes, prices.groups, strict=True):
            filled = [self._filled(group) for group in groups]
            self._outside(sum(filled), mix.least, len(filled), mix.price, 0, mix.least)
        self.model.minimize(sum(self.cost))

    def _take(self, column: Column, own: Own) -> cp_model.IntVar:
        taken = self.taken[column] = self.model.new_bool_var("")
        price = self.prices.of_path(column.worker, column.shifts) + own.of(column.worker, column.shifts)
        self.cost.append(round(price) * taken)
        for day, shift in enumerate(column.shifts):
            if shift >= 0:
                self.on.setdefault((day, shift), []).append(taken)
        return taken

    def _total(self, weights: Mapping[int, Floats]) -> cp_model.LinearExprT:
        """What a row counts in all: of the fixed rosters, and of those taken."""
        there = sum(
            total_of(cells, self.fixed[worker]) for worker, cells in weights.items() if worker in self.fixed
        )
        return round(there) + sum(
            round(total) * taken
            for column, taken in self.taken.items()
            if column.worker in weights and (total := total_of(weights[column.worker], column.shifts))
        )

    def _filled(self, group: Mapping[int, Floats]) -> cp_model.LinearExprT:
        filled = self.model.new_bool_var("")
        self.model.add(filled <= self._total(group))
        return filled

    def _outside(
        self, total: cp_model.LinearExprT, least: int, most: int, under: float, over: float, size: int
    ) -> None:
        """Pay for what a sum lies below or above its bounds."""
        for price, beyond in ((under, least - total), (over, total - most)):
            if price:
                slack = self.model.new_int_var(0, abs(least) + abs(most) + size, "")
                self.model.add(slack >= beyond)
                self.cost.append(round(price) * slack)

    def best(self, hint: Mapping[int, Column], effort: float, seed: int) -> dict[int, Column]:
        """The best choice found with so much effort, beginning at a choice that is known."""
        for column, taken in self.taken.items():
            self.model.add_hint(taken, hint.get(column.worker) == column)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = seed
        solver.parameters.max_deterministic_time = effort
        status = solver.solve(self.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return dict(hint)
        return {column.worker: column for column, taken in self.taken.items() if solver.boolean_value(taken)}
