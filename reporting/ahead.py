"""How many may sleep here in the nights ahead, judged by how far the number has moved in this season. Pure.

No model of the weather or of people: the last night told, and what the number changed by over as many nights as lie
between. In eight of ten cases of the season so far the change lay in the range that is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import quantiles

NIGHTS = 7
FEWEST = 10  # changes that a range is judged by
LOW, MIDDLE, HIGH = (
    0,
    4,
    8,
)  # of the nine tenths: a tenth of the changes lies below, half of them, a tenth above


@dataclass(frozen=True)
class Expected:
    """People in one night to come: as many as `likely`, in eight of ten cases from `low` to `high`; never above
    `places`, the beds in service.
    """

    night: date
    low: int
    likely: int
    high: int
    places: int

    @property
    def may_be_full(self) -> bool:
        return self.high >= self.places


def expected(slept: Mapping[date, int], places: Mapping[date, int]) -> list[Expected]:
    """What may come in the nights of `places`, as far as the nights told of, `slept`, are enough to judge by."""
    if not slept:
        return []
    last = max(slept)
    found = []
    for night in sorted(night for night in places if night > last):
        changes = _changes(slept, night - last)
        if len(changes) < FEWEST:
            continue
        tenths = quantiles(changes, n=10, method="inclusive")
        low, likely, high = (
            max(0, min(places[night], round(slept[last] + tenths[place]))) for place in (LOW, MIDDLE, HIGH)
        )
        found.append(Expected(night, low, likely, high, places[night]))
    return found


def _changes(slept: Mapping[date, int], apart: timedelta) -> list[int]:
    """By how much the number differed between any two nights so far apart."""
    return [slept[night + apart] - number for night, number in slept.items() if night + apart in slept]
