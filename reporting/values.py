"""The kinds of value an indicator may have, and how each is kept in a data set. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Ratio:
    """A quotient that keeps its two sides: a rate of sums, never a mean of rates. None over nothing."""

    above: int
    below: int

    @property
    def share(self) -> float | None:
        return self.above / self.below if self.below else None

    @property
    def percent(self) -> float | None:
        return None if self.share is None else round(100 * self.share, 1)


@dataclass(frozen=True)
class Peak:
    """The greatest number and the first night on which it was reached; None where no night ran."""

    number: int
    night: date


Table = Mapping[str, int]  # a number for each category; those with none are left out
Value = int | float | Ratio | Peak | Table | None


def added(tables: Iterable[Table]) -> Table:
    """Tables summed category by category; categories with none are left out."""
    total: Counter[str] = Counter()
    for table in tables:
        total.update(table)
    return {key: number for key, number in sorted(total.items()) if number}


def from_json(kept: Any) -> Any:
    """The value that a data set keeps; marks of hidden numbers stay texts."""
    if isinstance(kept, Mapping) and set(kept) == {"above", "below"}:
        return Ratio(kept["above"], kept["below"])
    if isinstance(kept, Mapping) and set(kept) == {"number", "night"}:
        return Peak(kept["number"], date.fromisoformat(kept["night"]))
    return kept


def as_json(value: Value) -> Any:
    """The value as a data set keeps it: numbers, and texts for dates."""
    if isinstance(value, Ratio):
        return {"above": value.above, "below": value.below}
    if isinstance(value, Peak):
        return {"number": value.number, "night": value.night.isoformat()}
    if isinstance(value, Mapping):
        return dict(sorted(value.items()))
    return value
