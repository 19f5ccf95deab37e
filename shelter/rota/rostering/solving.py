"""Solves a rostering problem within a time, from a seed; tells on the way how far it is."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from shelter.rota.rostering.columns import NEAR, Generation, Unsolvable
from shelter.rota.rostering.improving import Search
from shelter.rota.rostering.own import Cheapest
from shelter.rota.rostering.problem import Problem, Proposed, Roster, price

__all__ = ["Progress", "Unsolvable", "solve"]


@dataclass(frozen=True)
class Progress:
    """The best so far: its price and roster, the bound proven so far (None: none yet), and the seconds spent."""

    price: int
    bound: int | None
    seconds: float
    roster: Roster


def solve(
    problem: Problem,
    *,
    seconds: float,
    seed: int = 1,
    tell: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] = lambda: False,
    personal: Cheapest | None = None,
    is_bounded: bool = True,
) -> Proposed:
    """The best roster found in so many seconds, or until it is proven best, or `stop` says so.

    `personal` answers for the workers where their rules are others than the problem's own. `tell` hears of each better
    roster and of a better bound. Where none is wanted (`is_bounded` false) all time goes into the search. Raises
    `Unsolvable` if somebody cannot have any roster.
    """
    began = monotonic()
    generation = Generation(problem, personal)
    search = Search(
        generation,
        seed,
        go_on=lambda: monotonic() - began < seconds and not stop(),
        tell=lambda: tell and tell(_so_far(search, monotonic() - began)),
    )
    search.run(is_bounded=is_bounded)
    roster = _roster(search)
    return Proposed(roster, price(problem, roster), _whole(generation.bound), monotonic() - began)


def _so_far(search: Search, seconds: float) -> Progress:
    return Progress(round(search.price), _whole(search.generation.bound), seconds, _roster(search))


def _whole(bound: float) -> int | None:
    """Prices are whole numbers and never below nothing, so that a bound may be rounded up."""
    return None if math.isinf(bound) else max(0, math.ceil(bound - NEAR * max(1.0, abs(bound))))


def _roster(search: Search) -> Roster:
    prices = search.generation.prices
    return {
        (prices.names[worker], day): prices.codes[shift]
        for worker, column in search.chosen.items()
        for day, shift in enumerate(column.shifts)
        if shift >= 0
    }
