"""What a reader could work out who has kept every report of a season, by linear programming. Pure.

The reader knows the totals, that a hidden number lies below the threshold or not below it, that nobody sleeps more
nights than there were, that a longer time holds what lies in it, and that sums over whole weeks or months add up.
Whatever then has only one whole number left is worked out. So is what lies between two tables, like the last night of a
month that no week has told of.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from math import ceil, floor

import ortools.linear_solver.pywraplp as pywraplp

from reporting.secrecy.tables import BELOW, Published

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
STAYS_THE_SAME = ("sex", "origin")  # of a person, whatever the night
GROWS_WITH_TIME = (
    "sex",
    "origin",
    "reentering",
)  # people of a part are among those of the whole, with that trait
NIGHTS_OF_LENGTH = {"1": (1, 1), "2-7": (2, 7), "8-30": (8, 30), "31-90": (31, 90), "91-": (91, 366)}
SLACK = 1e-6

ITSELF = ""
Cell = tuple[
    int, str, str
]  # which table, which category of it, and ITSELF or what is left of it beside another kind
Sum = Mapping[Cell, float]


def pinned(tables: Sequence[Published]) -> frozenset[Cell]:
    """Cells with a number from 1 to below the threshold that is the only one their readers could think of."""
    by_trait: dict[str, list[int]] = defaultdict(list)
    for place, table in enumerate(tables):
        by_trait[TRAITS[table.indicator]].append(place)
    found: set[Cell] = set()
    for places in by_trait.values():
        if any(tables[place].hidden or tables[place].is_withheld for place in places):
            reader = _Reader(tables, places)
            if not reader.is_possible():  # a trait was corrected between two reports: they no longer fit
                reader = _Reader(tables, places, over_time=False)
            found |= reader.worked_out()
    return frozenset(found)


class _Reader:
    """Knows the tables of one trait, and what must hold between them."""

    def __init__(self, tables: Sequence[Published], places: Sequence[int], *, over_time: bool = True) -> None:
        self.tables, self.places = tables, places
        self.categories = sorted({category for place in places for category in tables[place].cells})
        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        self.infinity = self.solver.infinity()
        self.unknown: dict[Cell, pywraplp.Variable] = {}
        for place in places:
            self._look_at(place)
        for place in places:
            self._total(place)
            if tables[place].indicator == "persons_by_length":
                self._lengths(place)
        for first, second in combinations(places, 2):
            self._same_nights(first, second)
        for indicator in sorted({tables[place].indicator for place in places} if over_time else ()):
            self._over_time([place for place in places if tables[place].indicator == indicator])

    def is_possible(self) -> bool:
        """Whether anything at all fits what is known."""
        self.solver.Objective().Clear()
        return bool(self.solver.Solve() == pywraplp.Solver.OPTIMAL)

    def worked_out(self) -> set[Cell]:
        found = set()
        for cell, variable in self.unknown.items():
            least, most = self._end(variable, least=True), self._end(variable, least=False)
            if least is None or most is None or ceil(least - SLACK) < floor(most + SLACK):
                continue
            if 0 < ceil(least - SLACK) < self.tables[cell[0]].threshold:
                found.add(cell)
        return found

    def _end(self, variable: "pywraplp.Variable", least: bool) -> float | None:
        """The least or the greatest value that fits everything known; None where there is no end."""
        objective = self.solver.Objective()
        objective.Clear()
        objective.SetCoefficient(variable, 1)
        objective.SetOptimizationDirection(not least)
        if self.solver.Solve() != pywraplp.Solver.OPTIMAL:
            return None
        return float(objective.Value())

    def _look_at(self, place: int) -> None:
        table = self.tables[place]
        if table.is_withheld:
            most = self.infinity if table.total is None else table.total
            for category in self.categories:
                self.unknown[place, category, ITSELF] = self.solver.NumVar(0, most, "")
        for category in table.hidden:
            low, high = (
                (1, table.threshold - 1)
                if table.cells[category] == BELOW
                else (table.threshold, self.infinity)
            )
            self.unknown[place, category, ITSELF] = self.solver.NumVar(low, high, "")

    def _known(self, cell: Cell) -> int:
        shown = self.tables[cell[0]].cells.get(cell[1], 0)
        return shown if isinstance(shown, int) else 0

    def _holds(self, total: Sum, least: float | None = None, most: float | None = None) -> None:
        """A weighted sum of cells lies between two numbers."""
        known = sum(weight * self._known(cell) for cell, weight in total.items() if cell not in self.unknown)
        unknown = {cell: weight for cell, weight in total.items() if cell in self.unknown}
        if not unknown:
            return
        row = self.solver.Constraint(
            -self.infinity if least is None else least - known,
            self.infinity if most is None else most - known,
        )
        for cell, weight in unknown.items():
            row.SetCoefficient(self.unknown[cell], weight)

    def _total(self, place: int) -> None:
        total = self.tables[place].total
        if total is not None and len(self.tables[place].cells) + self.tables[place].is_withheld > 0:
            self._holds({(place, category, ITSELF): 1 for category in self._of(place)}, total, total)

    def _of(self, place: int) -> Iterable[str]:
        return self.categories if self.tables[place].is_withheld else self.tables[place].cells

    def _lengths(self, place: int) -> None:
        """The nights slept lie between those of the shortest and of the longest stays."""
        table = self.tables[place]
        slept = self._slept(table)
        if slept is None:
            return
        least = {(place, length, ITSELF): float(NIGHTS_OF_LENGTH[length][0]) for length in self._of(place)}
        most = {
            (place, length, ITSELF): float(min(NIGHTS_OF_LENGTH[length][1], len(table.nights)))
            for length in self._of(place)
        }
        self._holds(least, most=slept)
        self._holds(most, least=slept)

    def _slept(self, table: Published) -> int | None:
        return next(
            (
                other.total
                for other in self.tables
                if other.nights == table.nights and other.indicator.startswith("bed_nights_by_")
            ),
            None,
        )

    def _same_nights(self, first: int, second: int) -> None:
        """Who slept has slept a night at least, and one bed a night at most."""
        one, other = self.tables[first], self.tables[second]
        if one.nights != other.nights or (one.indicator in PEOPLE) == (other.indicator in PEOPLE):
            return
        people, slept = (first, second) if one.indicator in PEOPLE else (second, first)
        for category in self.categories:
            self._holds({(slept, category, ITSELF): 1, (people, category, ITSELF): -1}, least=0)
            if TRAITS[one.indicator] in STAYS_THE_SAME:
                self._holds(
                    {(people, category, ITSELF): len(one.nights), (slept, category, ITSELF): -1}, least=0
                )

    def _over_time(self, places: Sequence[int]) -> None:
        """What lies within a longer time, and what makes it up."""
        indicator = self.tables[places[0]].indicator
        for whole in places:
            nights = self.tables[whole].nights
            for kind, parts in self._kinds_beside(whole, places):
                inside = [part for part in parts if self.tables[part].nights < nights]
                touching = [part for part in parts if self.tables[part].nights & nights]
                is_covered = self._covers(touching, nights)
                for category in self.categories:
                    if _adds_up(indicator, category):
                        if inside:
                            self._left_over(whole, inside, category, f"within, beside {kind}", 1)
                        if is_covered:
                            self._left_over(whole, touching, category, f"beyond, beside {kind}", -1)
                    elif TRAITS[indicator] in GROWS_WITH_TIME:
                        for part in inside:
                            self._holds(_less(whole, [part], category), least=0)
                        if is_covered:
                            self._holds(_less(whole, touching, category), most=0)

    def _left_over(self, whole: int, parts: Sequence[int], category: str, name: str, sign: int) -> None:
        """What the whole has beyond its parts, or they beyond it: a number of its own, none or more."""
        rest: Cell = (whole, category, name)
        self.unknown[rest] = self.solver.NumVar(0, self.infinity, "")
        self._holds({**_less(whole, parts, category), rest: -sign}, 0, 0)

    def _kinds_beside(self, whole: int, places: Sequence[int]) -> Iterator[tuple[str, list[int]]]:
        """The other tables, kind by kind; those of a kind do not overlap."""
        by_kind: dict[str, dict[frozenset[date], int]] = defaultdict(dict)
        for place in places:
            if place != whole and self.tables[place].nights != self.tables[whole].nights:
                by_kind[self.tables[place].kind][self.tables[place].nights] = place  # of revisions the last
        for kind, parts in sorted(by_kind.items()):
            if kind != self.tables[whole].kind:
                yield kind, list(parts.values())

    def _covers(self, parts: Sequence[int], nights: frozenset[date]) -> bool:
        covered: set[date] = set()
        for part in parts:
            covered |= self.tables[part].nights
        return nights <= covered


def _adds_up(indicator: str, category: str) -> bool:
    return indicator in EVENTS or (indicator, category) == NEW


def _less(whole: int, parts: Iterable[int], category: str) -> Sum:
    """The whole less its parts."""
    return {(whole, category, ITSELF): 1.0} | {(part, category, ITSELF): -1.0 for part in parts}
