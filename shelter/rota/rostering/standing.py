"""What a roster costs as it stands; one worker after the other is taken out and put in again, quickly. Pure."""

import numpy as np
import numpy.typing as npt

from shelter.rota.rostering.columns import Floats, Prices, Shifts
from shelter.rota.rostering.own import Own


class Standing:
    """The people in each shift, and the sums of each balance that several workers share and of each group of a mix."""

    def __init__(self, prices: Prices, own: Own) -> None:
        self.prices, self.own = prices, own
        pairs = zip(prices.problem.balances, prices.weights, strict=True)
        shared = [(balance, weights) for balance, weights in pairs if len(weights) > 1]
        bounds = [(balance.least, balance.most, balance.under, balance.over) for balance, _weights in shared]
        self.least, self.most, self.under, self.over = np.array(bounds, dtype=float).reshape(len(bounds), 4).T
        mixes = prices.problem.mixes
        self.mix_of = np.array(
            [number for number, groups in enumerate(prices.groups) for _each in groups], dtype=int
        )
        self.mix_least = np.array([mix.least for mix in mixes], dtype=float)
        self.mix_price = np.array([mix.price for mix in mixes], dtype=float)
        rows = [
            *(weights for _balance, weights in shared),
            *(group for groups in prices.groups for group in groups),
        ]
        self.rows: list[npt.NDArray[np.int64]] = []  # of each worker, with what each cell counts in them
        self.weights: list[Floats] = []
        for worker in range(len(prices.names)):
            mine = [(number, row[worker]) for number, row in enumerate(rows) if worker in row]
            self.rows.append(np.array([number for number, _cells in mine], dtype=int))
            self.weights.append(
                np.array([cells for _n, cells in mine]).reshape(len(mine), *prices.wanted.shape)
            )
        self.there = np.zeros_like(prices.wanted)
        self.sums = np.zeros(len(rows))
        self.personal = prices.fixed  # what requests and own balances cost

    def put(self, worker: int, shifts: Shifts, sign: int = 1) -> None:
        """Put a worker's roster in, or (-1) take it out."""
        cells = np.array(shifts)
        days = np.flatnonzero(cells >= 0)
        cells = cells[days]
        self.there[days, cells] += sign
        self.sums[self.rows[worker]] += sign * self.weights[worker][:, days, cells].sum(axis=1)
        requests = float(self.prices.requests[worker, days, cells].sum())
        self.personal += sign * (requests + self.own.of(worker, shifts))

    def price(self) -> float:
        sums = self.sums[: len(self.least)]
        balances = self.under * np.maximum(self.least - sums, 0) + self.over * np.maximum(sums - self.most, 0)
        mixes = self.mix_price * np.maximum(self.mix_least - self._filled(), 0)
        return self.personal + self.prices.of_cover(self.there) + float(balances.sum() + mixes.sum())

    def _filled(self) -> Floats:
        """How many groups of each mix have somebody in them."""
        has_some = self.sums[len(self.least) :] > 0
        filled: Floats = np.bincount(self.mix_of, weights=has_some, minlength=len(self.mix_least)).astype(
            float
        )
        return filled

    def next_one(self, worker: int) -> Floats:
        """What each cell costs a worker beside the others: cover, requests, and one unit more in each row."""
        sums, groups = self.sums[: len(self.least)], self.sums[len(self.least) :]
        balances = np.where(sums < self.least, -self.under, np.where(sums < self.most, 0.0, self.over))
        is_short = (self._filled() < self.mix_least)[self.mix_of] & (groups <= 0)
        mixes = np.where(is_short, -self.mix_price[self.mix_of], 0.0)
        rows = np.concatenate([balances, mixes])[self.rows[worker]]
        costs: Floats = (
            self.prices.requests[worker]
            + self.prices.next_one(self.there)
            + np.tensordot(rows, self.weights[worker], 1)
        )
        return costs
