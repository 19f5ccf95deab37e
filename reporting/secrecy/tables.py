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
Nights = frozenset[date]
Number = tuple[str, Nights, str]  # what is counted, in which nights, under which category

# Counts of people by the trait they share; people of a longer time are not the sum of those of its parts.
PEOPLE = {
    "persons_by_sex": "sex", "persons_by_age": "age", "persons_by_origin": "origin",
    "persons_by_length": "length", "persons_by_past": "past", "reentering_persons": "reentering",
}  # fmt: skip
# Counts of what happened on single nights; these add up over time.
EVENTS = {
    "bed_nights_by_sex": "sex", "bed_nights_by_age": "age", "bed_nights_by_origin": "origin",
    "bed_nights_by_dormitory": "dormitory", "refused": "refused", "referrals": "referrals",
    "asylum_applicants": "asylum",
}  # fmt: skip
TRAITS = PEOPLE | EVENTS
NEW = ("persons_by_past", "new")  # somebody is new only once
# The figure beside a table that is the sum of its categories.
TOTALS = {
    "persons_by_sex": "persons", "persons_by_age": "persons", "persons_by_origin": "persons",
    "persons_by_length": "persons", "persons_by_past": "persons", "bed_nights_by_sex": "bed_nights",
    "bed_nights_by_age": "bed_nights", "bed_nights_by_origin": "bed_nights",
    "bed_nights_by_dormitory": "bed_nights", "refused": "refusals",
}  # fmt: skip


@dataclass(frozen=True)
class Beside:
    """What readers know beside the tables: the nights slept in all in some nights, and totals night by night.

    `nightly` is by the code of the total (`bed_nights`, `refusals`), as the flash of each morning tells it.
    """

    slept: Mapping[Nights, int] = field(default_factory=dict)
    nightly: Mapping[str, Mapping[date, int]] = field(default_factory=dict)


def adds_up(indicator: str, category: str) -> bool:
    """Whether the number of a longer time is the sum of those of its parts."""
    return indicator in EVENTS or (indicator, category) == NEW


@dataclass(frozen=True)
class Counted:
    """One table of some nights: a number for each category, those with none left out.

    `indicator` says what is counted, `kind` for which kind of period; `total` is told beside the table, None where the
    table has none of its own.
    """

    indicator: str
    kind: str
    nights: Nights
    cells: Mapping[str, int]
    total: int | None = None


@dataclass(frozen=True)
class Published:
    """The same table as its readers see it. A withheld table has no cells."""

    indicator: str
    kind: str
    nights: Nights
    cells: Mapping[str, Shown] = field(default_factory=dict)
    total: int | None = None
    threshold: int = 5
    is_withheld: bool = False

    @property
    def hidden(self) -> frozenset[str]:
        return frozenset(category for category, shown in self.cells.items() if isinstance(shown, str))
