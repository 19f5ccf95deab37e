"""Tables of people as they are counted, and as readers see them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

BELOW, SECRET, WITHHELD = (
    "below",  # a number from 1 to below the threshold
    "secret",  # a number from the threshold on, hidden so that another cannot be worked out
    "withheld",  # any number, also none: of the table only the total is told
)
Shown = int | str  # a number, or one of these marks


@dataclass(frozen=True)
class Counted:
    """One table of some nights: a number for each category, those with none left out.

    `indicator` says what is counted, `kind` for which kind of period; `total` is told beside the table, None where the
    table has none of its own.
    """

    indicator: str
    kind: str
    nights: frozenset[date]
    cells: Mapping[str, int]
    total: int | None = None


@dataclass(frozen=True)
class Published:
    """The same table as its readers see it. A withheld table has no cells."""

    indicator: str
    kind: str
    nights: frozenset[date]
    cells: Mapping[str, Shown] = field(default_factory=dict)
    total: int | None = None
    threshold: int = 5
    is_withheld: bool = False

    @property
    def hidden(self) -> frozenset[str]:
        return frozenset(category for category, shown in self.cells.items() if isinstance(shown, str))
