"""From a proven bound to a roster near it: dive down the linear program, then free a few workers again and again.

A dive fixes the roster the linear program uses most, asks anew, and goes on until everybody has one. A neighbourhood
frees some workers of the best roster so far: where even the linear program of those finds nothing better, nothing
better is there, and the next one is tried at once. All choices are drawn from one seed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import cycle
from random import Random

import numpy as np

from shelter.rota.rostering.columns import NEAR, Column, Duals, Floats, Generation, Part, Shifts, there_of

DIVE_ROUNDS = 4  # of new columns after each step of a dive
SURE = 0.95  # a share from which on a column is fixed beside the first one
JITTER = 0.15  # how far apart two shares must be for the larger one always to come first
FRESH = 0.6  # of the workers left: then the linear program is made anew without the others
ROUNDS = 30  # of new columns before a neighbourhood is judged
NEIGHBOURHOOD = 0.33, 0.67  # of the workers
TURNS = 3  # a dive with everybody, then neighbourhoods

Chosen = dict[int, Column]


@dataclass
class Search:
    """The best roster so far, `chosen` by worker, with its `price`; goes on while `go_on` says so."""

    generation: Generation
    seed: int
    go_on: Callable[[], bool]
    tell: Callable[[], None] = lambda: None  # called whenever the best roster or the bound has moved
    chosen: Chosen = field(default_factory=dict)
    price: float = np.inf

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.workers = list(self.generation.workers)
        self.extra: dict[int, Floats] = {}  # what the balances make of each cell, as last valued

    @property
    def is_proven(self) -> bool:
        """Prices are whole numbers: a bound less than one below is the price itself."""
        return self.price - self.generation.bound < 1 - NEAR

    def run(self) -> None:
        self._begin()
        self.generation.prove(self.go_on)
        self._value(self.generation.whole)
        self.tell()
        turn = 0
        while self.go_on() and not self.is_proven:
            if turn % TURNS == 0:
                self._dive(self.workers, daring=turn > 0)
            else:
                some = self.random.uniform(*NEIGHBOURHOOD) * len(self.workers)
                self._neighbourhood(self.random.sample(self.workers, max(2, round(some))))
            turn += 1

    def _begin(self) -> None:
        """One worker after the other takes what is cheapest beside those before; then each again, until it stays."""
        there = np.zeros_like(self.generation.prices.wanted)
        chosen: Chosen = {}
        for worker in self.workers:
            chosen[worker] = self._best_beside(there, worker)
            there += there_of(chosen[worker].shifts, there)
        self._keep(self._settled(chosen))

    def _value(self, part: Part | None) -> None:
        """Remember what the linear program makes of each cell beside cover."""
        if part is not None and part.master.result is not None:
            duals = part.master.duals()
            blank = Duals(np.zeros_like(duals.cover), duals.workers, duals.rows)
            costs = part.master.costs(blank) - self.generation.prices.requests
            self.extra = {worker: costs[worker] for worker in part.free}

    def _best_beside(self, there: Floats, worker: int) -> Column:
        """The cheapest roster of a worker beside the others; balances count as the linear program last valued them."""
        prices = self.generation.prices
        costs = prices.requests + prices.next_one(there)
        if worker in self.extra:
            costs[worker] += self.extra[worker]
        return Column(worker, self.generation.best(costs, [worker])[worker].shifts)

    def _settled(self, chosen: Chosen) -> Chosen:
        """Each worker in turn takes what is cheaper beside the others, until nobody changes to the better."""
        like = self.generation.prices.wanted
        there = sum((there_of(column.shifts, like) for column in chosen.values()), np.zeros_like(like))
        price, unchanged = self._price_of(chosen), 0
        for worker in cycle(self.workers):
            if unchanged >= len(self.workers) or not self.go_on():
                break
            there -= there_of(chosen[worker].shifts, like)
            tried = chosen | {worker: self._best_beside(there, worker)}
            new = self._price_of(tried)
            unchanged += 1
            if new < price - NEAR:
                price, chosen, unchanged = new, tried, 0
            there += there_of(chosen[worker].shifts, like)
        return chosen

    def _price_of(self, chosen: Chosen) -> float:
        return self.generation.prices.of_all({worker: column.shifts for worker, column in chosen.items()})

    def _keep(self, chosen: Chosen) -> None:
        for column in chosen.values():
            self.generation.add(column)
        price = self._price_of(chosen)
        if price < self.price - NEAR:
            self.chosen, self.price = dict(chosen), price
            self.tell()

    def _neighbourhood(self, free: list[int]) -> None:
        """Look whether these workers could do better beside the others as they are; if so, dive."""
        part = Part(self.generation, free, self._shifts_of(set(self.workers) - set(free)))
        if part.generate(self.go_on, ROUNDS) < self.price - 1 + NEAR:
            self._dive(free, daring=True, part=part)

    def _shifts_of(self, workers: Iterable[int]) -> dict[int, Shifts]:
        return {worker: self.chosen[worker].shifts for worker in workers}

    def _dive(self, free: list[int], *, daring: bool, part: Part | None = None) -> None:
        """Fix one worker after the other to the roster the linear program uses most; keep what is better."""
        left = list(free)
        fixed = {worker: column for worker, column in self.chosen.items() if worker not in set(free)}
        size = len(left)
        while left and self.go_on():
            if part is None or len(left) < FRESH * size:
                part, size = (
                    Part(self.generation, left, {worker: column.shifts for worker, column in fixed.items()}),
                    len(left),
                )
            value = part.generate(self.go_on, DIVE_ROUNDS)
            if value > self.price - 1 + NEAR and len(left) < len(self.workers) // 2:
                return
            most = dict(self._most_used(part, daring=daring))
            part.fix(most)
            fixed |= most
            left = [worker for worker in left if worker not in most]
        if not left:
            self._keep(self._settled(fixed))

    def _most_used(self, part: Part, *, daring: bool) -> list[tuple[int, Column]]:
        """The column used most of all, and those that are as good as sure."""
        most: dict[int, tuple[float, Column]] = {}
        free = set(part.free)
        for column, share in part.master.shares().items():
            if column.worker in free and share > most.get(column.worker, (0.0, column))[0]:
                most[column.worker] = share, column
        jitter = JITTER if daring else 0.0
        order = sorted(most.items(), key=lambda item: -item[1][0] - jitter * self.random.random())
        return [
            (worker, column)
            for place, (worker, (share, column)) in enumerate(order)
            if place == 0 or share > SURE
        ]
