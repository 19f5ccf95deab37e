"""What a reader could work out who has kept every report of a season, reasoning in whole numbers. Pure.

The reader cuts the nights into the pieces that the periods share, gives every piece an unknown number under every
category, and writes down all that must hold: what the tables tell, what is told night by night, that events add up
over time, that people of a part are among those of the whole, that whoever slept has slept a night at least and one
bed a night at most. A number is worked out when everything that fits has the same one there. OR-Tools' CP-SAT answers
that exactly.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain

from ortools.sat.python import cp_model

from reporting.secrecy.tables import (
    BELOW,
    EVENTS,
    PEOPLE,
    SECRET,
    TOTALS,
    TRAITS,
    Beside,
    Nights,
    Number,
    Published,
    adds_up,
)

# Categories, one by one or together, whose people are still among those when more nights are looked at.
GROWING: dict[str, Sequence[Collection[str]]] = {
    "past": [{"earlier_season"}, {"new", "this_season"}],
    "length": [{"2-7", "8-30", "31-90", "91-"}, {"8-30", "31-90", "91-"}, {"31-90", "91-"}, {"91-"}],
}
EACH_GROWS = ("sex", "origin", "reentering")  # every category by itself
STAYS_THE_SAME = ("sex", "origin")  # of a person, whatever the night
NIGHTS_OF_LENGTH = {"1": (1, 1), "2-7": (2, 7), "8-30": (8, 30), "31-90": (31, 90), "91-": (91, 366)}
MOST = 1_000_000  # more than is ever counted in a season
PATIENCE = 4.0  # of the solver, in its own steps, which are the same on every machine

Expression = cp_model.LinearExprT


def fits(tables: Sequence[Published], beside: Beside) -> bool:
    """Whether tables of one trait can be true together."""
    return _Knowledge(tables, beside).solution() is not None


def worked_out(tables: Sequence[Published], beside: Beside) -> set[Number]:
    """Numbers from 1 to below the threshold that can be nothing else, in these tables of one trait or between them.

    Where the solver's patience ends before it is sure, a number counts as worked out.
    """
    return _Knowledge(tables, beside).worked_out(min(table.threshold for table in tables))


class _Knowledge:
    """Unknown whole numbers, and all that must hold between them."""

    def __init__(self, tables: Sequence[Published], beside: Beside) -> None:
        self.model = cp_model.CpModel()
        self.trait = TRAITS[tables[0].indicator]
        self.categories = sorted({category for table in tables for category in table.cells})
        self.unknown: dict[Number, cp_model.IntVar] = {}
        # What a reader would like to know, of the nights of a table or between tables.
        self.numbers: dict[Number, Expression] = {}
        kinds = {table.nights: table.kind for table in tables}
        self.pieces = {nights: sorted(pieces, key=min) for nights, pieces in _pieces(kinds).items()}
        for table in tables:
            self._read(table)
        for indicator in sorted({table.indicator for table in tables}):
            told = {table.nights: table.kind for table in tables if table.indicator == indicator}
            if indicator in PEOPLE:
                self._people(indicator, told, beside.slept)
            for category in self.categories:
                if adds_up(indicator, category):
                    self._between(indicator, category, told)
        for indicator in (code for code, trait in EVENTS.items() if trait == self.trait and self.categories):
            self._night_by_night(indicator, beside.nightly.get(TOTALS.get(indicator, ""), {}))

    # Asking

    def solution(self, *, hopes: Sequence[cp_model.IntVar] = ()) -> cp_model.CpSolver | None:
        """Something that fits, with as many hopes true as can be found, one at least; None where nothing does.

        UNKNOWN counts as nothing.
        """
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_deterministic_time = PATIENCE
        if hopes:
            self.model.maximize(_sum(hopes))
        status = solver.solve(self.model)
        return solver if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None

    def worked_out(self, threshold: int) -> set[Number]:
        first = self.solution()
        if first is None:
            return set()
        differs: dict[Number, cp_model.IntVar] = {}
        for number, expression in self.numbers.items():
            if 0 < (value := first.value(expression)) < threshold:
                differs[number] = self.model.new_bool_var("")
                others = cp_model.Domain.from_values([value]).complement()
                self.model.add_linear_expression_in_domain(expression, others).only_enforce_if(
                    differs[number]
                )
        while differs:
            found = self.solution(hopes=list(differs.values()))
            safe = [
                number for number, wish in differs.items() if found is not None and found.boolean_value(wish)
            ]
            if not safe:
                break
            for number in safe:
                del differs[number]
        return set(differs)

    # Knowing

    def _number(self, indicator: str, nights: Nights, category: str) -> Expression:
        number = (indicator, nights, category)
        if number not in self.numbers:
            self.numbers[number] = (
                _sum(self._variable(indicator, piece, category) for piece in self.pieces[nights])
                if adds_up(indicator, category)
                else self._variable(*number)
            )
        return self.numbers[number]

    def _variable(self, *number: *Number) -> cp_model.IntVar:
        if number not in self.unknown:
            self.unknown[number] = self.model.new_int_var(0, MOST, "")
        return self.unknown[number]

    def _read(self, table: Published) -> None:
        for category in self.categories:
            number = self._number(table.indicator, table.nights, category)
            if not table.is_withheld:
                shown = table.cells.get(category, 0)
                ends = {BELOW: (1, table.threshold - 1), SECRET: (table.threshold, MOST)}
                least, most = ends[shown] if isinstance(shown, str) else (shown, shown)
                self.model.add_linear_constraint(number, least, most)
        if table.total is not None and self.categories:
            self.model.add(self._all(table.indicator, table.nights, self.categories) == table.total)

    def _between(self, indicator: str, category: str, told: Mapping[Nights, str]) -> None:
        """What happened in a piece, and in what a time has beyond those of another kind within it."""
        for piece in chain.from_iterable(self.pieces[nights] for nights in told):
            self.numbers[indicator, piece, category] = self._variable(indicator, piece, category)
        for whole in told:
            for parts in _of_other_kinds(whole, told):
                inside: Nights = frozenset().union(*(part for part in parts if part < whole))
                if inside and inside < whole:
                    left = [piece for piece in self.pieces[whole] if not piece & inside]
                    self.numbers[indicator, whole - inside, category] = _sum(
                        self._variable(indicator, piece, category) for piece in left
                    )

    def _night_by_night(self, indicator: str, totals: Mapping[date, int]) -> None:
        """The categories of a piece come to the total of its nights, where every one of them was told."""
        for piece in sorted(set(chain.from_iterable(self.pieces.values())), key=min):
            if piece <= totals.keys():
                here = [self._variable(indicator, piece, category) for category in self.categories]
                self.model.add(_sum(here) == sum(totals[night] for night in piece))

    def _people(self, indicator: str, told: Mapping[Nights, str], slept: Mapping[Nights, int]) -> None:
        for whole in told:
            for part in told:
                if part < whole:
                    for group in self._growing():
                        self.model.add(
                            self._all(indicator, part, group) <= self._all(indicator, whole, group)
                        )
            for parts in _of_other_kinds(whole, told):
                if whole <= frozenset().union(*parts):
                    for group in self._growing() if self.trait != "length" else ():
                        there = _sum(self._all(indicator, part, group) for part in parts)
                        self.model.add(self._all(indicator, whole, group) <= there)
            if self.trait == "length":
                self._lengths(whole, slept)
            beds = f"bed_nights_by_{self.trait}"
            if beds in EVENTS:
                self._sleeping(indicator, beds, whole)

    def _growing(self) -> Iterator[Collection[str]]:
        groups = GROWING.get(self.trait, [{category} for category in self.categories])
        for group in groups if self.trait in (*GROWING, *EACH_GROWS) else ():
            if among := sorted(set(self.categories).intersection(group)):
                yield among

    def _all(self, indicator: str, nights: Nights, categories: Iterable[str]) -> Expression:
        return _sum(self._number(indicator, nights, category) for category in categories)

    def _lengths(self, nights: Nights, slept: Mapping[Nights, int]) -> None:
        """The nights slept lie between those of the shortest and of the longest stays."""
        least, most = [], []
        for length in self.categories:
            people = self._variable("persons_by_length", nights, length)
            fewest, greatest = NIGHTS_OF_LENGTH[length]
            if fewest > len(nights):
                self.model.add(people == 0)
            least.append(fewest * people)
            most.append(min(greatest, len(nights)) * people)
        if nights in slept and self.categories:
            self.model.add(_sum(least) <= slept[nights])
            self.model.add(_sum(most) >= slept[nights])

    def _sleeping(self, indicator: str, beds: str, nights: Nights) -> None:
        """Whoever slept has slept a night at least, and in one bed a night at most."""
        for category in self.categories:
            people = self._variable(indicator, nights, category)
            self.model.add(people <= self._number(beds, nights, category))
            for piece in self.pieces[nights] if self.trait in STAYS_THE_SAME else ():
                self.model.add(self._variable(beds, piece, category) <= len(piece) * people)


def _sum(parts: Iterable[Expression]) -> Expression:
    return cp_model.LinearExpr.sum(list(parts))  # many times faster than adding one by one


def _pieces(times: Collection[Nights]) -> dict[Nights, list[Nights]]:
    """Each time as the pieces into which all of them cut it: the nights of a piece are in the same times."""
    cut = defaultdict(set)
    for night in frozenset().union(*times):
        cut[frozenset(nights for nights in times if night in nights)].add(night)
    return {nights: [frozenset(piece) for among, piece in cut.items() if nights in among] for nights in times}


def _of_other_kinds(whole: Nights, told: Mapping[Nights, str]) -> Iterator[list[Nights]]:
    """The times that touch it, kind by kind; those of a kind do not overlap."""
    by_kind: dict[str, list[Nights]] = defaultdict(list)
    for nights, kind in told.items():
        if kind != told[whole] and nights != whole and nights & whole:
            by_kind[kind].append(nights)
    yield from by_kind.values()
