"""From a proven bound to a roster near it: dive down the linear program, then change a few workers again and again.

A dive fixes the roster the linear program uses most, asks anew, and goes on until everybody has one. A neighbourhood
frees some workers of the best roster so far: where even the linear program of those finds nothing better, nothing
better is there, and the next one is tried at once. Where each worker has balances, two to four workers are taken out
and put in again one by one instead, which needs no linear program. All choices are drawn from one seed.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import cycle
from random import Random

import numpy as np

from shelter.rota.rostering.columns import NEAR, Column, Floats, Generation, Part, Shifts
from shelter.rota.rostering.picking import Picking
from shelter.rota.rostering.standing import Standing

FIRST_ROUNDS = 20  # of new columns before the first step of a dive with everybody
DIVE_ROUNDS = 3  # of new columns after each further step
HASTY_ROUNDS = 2  # the same where rebuilding follows
HASTE = 0.08  # of the workers left are fixed at each step where rebuilding follows; elsewhere one
SURE = 0.95  # a share from which on a column is fixed beside the first ones
JITTER = 0.15  # how far apart two shares must be for the larger one always to come first
FRESH = 0.6  # of the workers left: then the linear program is made anew without the others
ROUNDS = 30  # of new columns before a neighbourhood is judged
NEIGHBOURHOOD = 0.33, 0.67  # of the workers
TURNS = 3  # a dive with everybody, then neighbourhoods
STEPS = 300  # of rebuilding in a row
FEW = 2, 4  # workers that are taken out together
HEAT = 0.0025  # of the price: so much worse is still followed now and then, less and less
WRONG = 0.4  # how often rebuilding begins at a place with too few or too many
SMALL = 1000  # rosters known in all, up to which the best choice among them is searched for
EFFORT = 3.0  # of such a search, about seconds, but the same on each machine

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
        self.standing = Standing(self.generation.prices, self.generation.own)
        # Balances of one worker leave room for exchanges among a few; rules alone leave little.
        self.can_rebuild = not self.generation.own.is_empty
        self.picked = 0  # how many rosters were known at the last search for the best choice
        self.costs = np.zeros_like(self.generation.prices.requests)

    @property
    def is_proven(self) -> bool:
        """Prices are whole numbers: a bound less than one below is the price itself."""
        return self.price - self.generation.bound < 1 - NEAR

    def run(self, *, is_bounded: bool = True) -> None:
        self._begin()
        turn = 1
        if is_bounded:
            self.generation.prove(self.go_on)
            self.tell()
            turn = 0
        while self.go_on() and not self.is_proven:
            if self.can_rebuild and turn > 0:
                self._rebuild()
            elif turn % TURNS == 0:
                self._dive(self.workers, daring=turn > 0)
            else:
                some = self.random.uniform(*NEIGHBOURHOOD) * len(self.workers)
                self._neighbourhood(self.random.sample(self.workers, max(2, round(some))))
            if turn % TURNS == 0:
                self._pick()
            turn += 1

    def _begin(self) -> None:
        """One worker after the other takes what is cheapest beside those before; then each again, until it stays."""
        chosen: Chosen = {}
        for worker in self.workers:
            chosen[worker] = self._best_beside(worker)
            self.standing.put(worker, chosen[worker].shifts)
        self._keep(self._settled(chosen))

    def _best_beside(self, worker: int, more: Floats | float = 0.0) -> Column:
        """The cheapest roster of a worker beside the others as they stand, if some cells cost more."""
        self.costs[worker] = self.standing.next_one(worker) + more
        return Column(worker, self.generation.best(self.costs, [worker], self.generation.own)[worker].shifts)

    def _settled(self, chosen: Chosen) -> Chosen:
        self.standing = self._standing(chosen)
        return self._settle(self.workers, chosen)[1]

    def _settle(self, some: list[int], chosen: Chosen) -> tuple[float, Chosen]:
        """Each of these workers in turn takes what is cheaper beside the others, until nobody changes to the better."""
        standing, chosen = self.standing, dict(chosen)
        price, unchanged = standing.price(), 0
        for worker in cycle(some):
            if unchanged >= len(some) or not self.go_on():
                break
            standing.put(worker, chosen[worker].shifts, -1)
            other = self._best_beside(worker)
            standing.put(worker, other.shifts)
            new = standing.price()
            unchanged += 1
            if new < price - NEAR:
                price, chosen[worker], unchanged = new, other, 1
            else:
                standing.put(worker, other.shifts, -1)
                standing.put(worker, chosen[worker].shifts)
        return price, chosen

    def _standing(self, chosen: Chosen) -> Standing:
        standing = Standing(self.generation.prices, self.generation.own)
        for worker, column in chosen.items():
            standing.put(worker, column.shifts)
        return standing

    def _price_of(self, chosen: Chosen) -> float:
        return self._standing(chosen).price()

    def _keep(self, chosen: Chosen) -> None:
        for column in chosen.values():
            self.generation.add(column)
        price = self._price_of(chosen)
        if price < self.price - NEAR:
            self.chosen, self.price = dict(chosen), price
            self.tell()

    def _pick(self) -> None:
        """The best choice among all rosters known, as long as these are few: a dive may pass it by for ever."""
        pool = self.generation.pool
        known = sum(map(len, pool.values()))
        if self.chosen and self.picked < known <= SMALL and self.go_on():
            self.picked = known
            picking = Picking(self.generation.prices, self.generation.own, pool, {})
            self._keep(picking.best(self.chosen, EFFORT, self.seed))

    def _rebuild(self) -> None:
        """Take a few workers out and put them in anew, again and again; what is hardly worse is followed too."""
        chosen, price = dict(self.chosen), self.price
        standing = self.standing = self._standing(chosen)
        for step in range(STEPS):
            if not self.go_on():
                break
            some = self._around_a_cell(chosen, self.random.randint(*FEW))
            tried = chosen | self._put_in_anew(some, chosen)
            new, tried = self._settle(some, tried)
            heat = HEAT * self.price * (1 - step / STEPS)
            if new <= price - heat * math.log(1 - self.random.random()):
                chosen, price = tried, new
                if price < self.price - NEAR:
                    self._keep(chosen)
            else:
                for worker in some:
                    standing.put(worker, tried[worker].shifts, -1)
                    standing.put(worker, chosen[worker].shifts)

    def _around_a_cell(self, chosen: Chosen, many: int) -> list[int]:
        """Some who work a cell or beside it, and some who have worked it in a known roster."""
        wanted = self.generation.prices.wanted
        wrong = np.argwhere((self.standing.there != wanted) & self.generation.prices.matters)
        cells = wrong if len(wrong) and self.random.random() < WRONG else np.argwhere(wanted > 0)
        day, shift = cells[self.random.randrange(len(cells))]
        near = slice(max(0, day - 1), day + 2)
        there = [worker for worker in self.workers if shift in chosen[worker].shifts[near]]
        others = [
            worker for worker in self.workers if worker not in there and self._could(worker, day, shift)
        ]
        some = self.random.sample(there, min(len(there), many // 2))
        some += self.random.sample(others, min(len(others), many - len(some)))
        rest = [worker for worker in self.workers if worker not in some]
        return some + self.random.sample(rest, min(len(rest), many - len(some)))

    def _could(self, worker: int, day: int, shift: int) -> bool:
        return any(column.shifts[day] == shift for column in self.generation.pool[worker])

    def _put_in_anew(self, some: list[int], chosen: Chosen) -> Chosen:
        """One after the other; each place missing is left to one of them, drawn by lot, or those after."""
        standing, prices = self.standing, self.generation.prices
        for worker in some:
            standing.put(worker, chosen[worker].shifts, -1)
        left_to = np.array([self.random.randrange(len(some)) for _cell in range(prices.wanted.size)])
        left_to = left_to.reshape(prices.wanted.shape)
        new: Chosen = {}
        for place, worker in enumerate(some):
            is_left = (left_to > place) & (standing.there < prices.wanted)
            new[worker] = self._best_beside(worker, np.where(is_left, prices.under, 0.0))
            standing.put(worker, new[worker].shifts)
        return new

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
        rounds = HASTY_ROUNDS if self.can_rebuild else DIVE_ROUNDS
        while left and self.go_on():
            if part is None or len(left) < FRESH * size:
                shifts = {worker: column.shifts for worker, column in fixed.items()}
                part, size = Part(self.generation, left, shifts), len(left)
            value = part.generate(self.go_on, rounds if fixed else FIRST_ROUNDS)
            if value > self.price - 1 + NEAR and len(free) < len(self.workers):
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
        many = max(1, round(HASTE * len(order))) if self.can_rebuild else 1
        return [
            (worker, column)
            for place, (worker, (share, column)) in enumerate(order)
            if place < many or share > SURE
        ]
