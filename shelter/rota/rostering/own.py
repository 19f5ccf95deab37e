"""What only one worker's roster decides: balances over cells of that worker alone, hours or nights for example. Pure.

They are no rows of the linear program but part of the price of each roster: else it would mix a roster of too many
nights with one of too few, and nothing of that is left when one of the two has to be chosen. The price bends where a
sum meets its bounds, so that the cheapest roster is asked for at several slopes between both prices.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from shelter.rota.rostering.personal import Path
from shelter.rota.rostering.problem import Problem

Floats = npt.NDArray[np.float64]
Shifts = tuple[int, ...]
TRIES = 4  # slopes asked for at most
CLOSE = 0.075  # of the way from price to price: nearer to the end than that, a slope is taken to the end


@dataclass(frozen=True)
class Offer:
    """A roster with what it costs, own balances included."""

    shifts: Shifts
    cost: float


class Cheapest(Protocol):
    """What column generation asks of a workforce: the cheapest roster of each worker at given costs of each cell."""

    def best(self, costs: Floats, only: Collection[int] | None = None) -> dict[int, Path | None]: ...


class _Sums:
    """The own balances of one worker: weights [balance, day, shift], bounds, prices, and the slopes asked for last."""

    def __init__(
        self, weights: Sequence[Floats], bounds: Sequence[tuple[int, int, int, int]], like: Floats
    ) -> None:
        self.weights = np.array(weights).reshape(len(bounds), *like.shape)
        self.least, self.most, self.under, self.over = np.array(bounds, dtype=float).reshape(len(bounds), 4).T
        self.slopes: Floats = np.where(self.least > 0, -self.under, 0.0)

    def of(self, shifts: Shifts) -> Floats:
        cells = np.array(shifts)
        days = np.flatnonzero(cells >= 0)
        total: Floats = self.weights[:, days, cells[days]].sum(axis=1)
        return total

    def price(self, sums: Floats) -> float:
        return float(
            (
                self.under * np.maximum(self.least - sums, 0) + self.over * np.maximum(sums - self.most, 0)
            ).sum()
        )


class _Bend:
    """The slopes asked for one worker, between those known to be too low and too high."""

    def __init__(self, sums: _Sums) -> None:
        self.sums, self.slopes = sums, sums.slopes
        self.low, self.high = -sums.under, sums.over
        self.offer: Offer | None = None

    def take(self, path: Path) -> bool:
        """Note what was found at these slopes; whether others are worth asking for."""
        sums = self.sums.of(path.shifts)
        cost = path.cost - float((self.slopes * sums).sum()) + self.sums.price(sums)
        if self.offer is None or cost < self.offer.cost:
            self.sums.slopes = self.slopes
            self.offer = Offer(path.shifts, cost)
        return self._turn(sums)

    def _turn(self, sums: Floats) -> bool:
        """Halfway to the price that the sums ask for, as far as it was not tried."""
        up = (sums > self.sums.most) & (self.slopes < self.sums.over)
        down = (sums < self.sums.least) & (self.slopes > -self.sums.under)
        self.low, self.high = np.where(up, self.slopes, self.low), np.where(down, self.slopes, self.high)
        end = np.where(up, self.high, self.low)
        is_close = abs(end - self.slopes) < CLOSE * (self.sums.under + self.sums.over)
        self.slopes = np.where(up | down, np.where(is_close, end, (self.slopes + end) / 2), self.slopes)
        return bool((up | down).any())


class Own:
    """Answers what is cheapest for each worker with the own balances."""

    def __init__(self, problem: Problem, weights: Sequence[Mapping[int, Floats]], cheapest: Cheapest) -> None:
        self.cheapest = cheapest
        like = np.zeros((problem.days, len(problem.shifts)))
        mine: list[list[tuple[Floats, tuple[int, int, int, int]]]] = [[] for _worker in problem.workers]
        for balance, by_worker in zip(problem.balances, weights, strict=False):
            if len(by_worker) == 1:
                [(worker, cells)] = by_worker.items()
                mine[worker].append((cells, (balance.least, balance.most, balance.under, balance.over)))
        self.sums = [
            _Sums([cells for cells, _b in each], [bounds for _c, bounds in each], like) for each in mine
        ]

        self.is_empty = not any(mine)

    def of(self, worker: int, shifts: Shifts) -> float:
        """What a roster costs in own balances."""
        sums = self.sums[worker]
        return sums.price(sums.of(shifts))

    def best(self, costs: Floats, only: Collection[int]) -> dict[int, Offer | None]:
        """The cheapest roster found for each of these workers; None where there is none at all."""
        bends = {worker: _Bend(self.sums[worker]) for worker in only}
        found: dict[int, Offer | None] = dict.fromkeys(only)
        asked = list(only)
        sloped = np.array(costs)
        for _try in range(TRIES):
            for worker in asked:
                sloped[worker] = costs[worker] + np.tensordot(
                    bends[worker].slopes, self.sums[worker].weights, 1
                )
            paths = self.cheapest.best(sloped, asked)
            asked = [
                worker for worker, path in paths.items() if path is not None and bends[worker].take(path)
            ]
            if not asked:
                break
        return {worker: bends[worker].offer for worker in found}
