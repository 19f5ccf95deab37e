"""Finds rosters for any house: who works which shift on which day, at the least price, with a proven bound.

`solve` takes a `Problem` (people, days, shifts, cover, requests) and answers a `Proposed` roster with its price and a
lower bound: no roster costs less. Nothing here knows of this house, its database or its law.
"""

from shelter.rota.rostering.problem import (
    Balance,
    Cover,
    Mix,
    Price,
    Problem,
    Proposed,
    Request,
    Roster,
    ShiftType,
    Worker,
    breaches,
    price,
)
from shelter.rota.rostering.solving import Progress, Unsolvable, solve

__all__ = [
    "Balance",
    "Cover",
    "Mix",
    "Price",
    "Problem",
    "Progress",
    "Proposed",
    "Request",
    "Roster",
    "ShiftType",
    "Unsolvable",
    "Worker",
    "breaches",
    "price",
    "solve",
]
