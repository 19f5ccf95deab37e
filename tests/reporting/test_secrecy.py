"""Small numbers stay hidden from a reader who keeps every report of a season and reasons in whole numbers.

The reader here is not the one that reporting/ reckons with: it solves whole numbers exactly, takes the nights apart
into the pieces that the periods cut them into, and knows of every piece what must hold. Seasons are left to chance, and
their true numbers are checked against all that the reader believes. A number that could be no other is worked out.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

import pytest
from ortools.sat.python import cp_model

from reporting.periods import FLASH, MONTHLY, WEEKLY, periods_of
from reporting.secrecy import BELOW, SECRET, Counted, Published, hide

THRESHOLD = 5
MANY = 1_000_000  # more than anything counted here
NIGHTS = tuple(date(2026, 11, 15) + timedelta(number) for number in range(152))
LENGTHS = {"1": (1, 1), "2-7": (2, 7), "8-30": (8, 30), "31-90": (31, 90), "91-": (91, 366)}
CATEGORIES = {  # readers know them from the page of definitions
    "sex": ("man", "woman", "other", "unknown"),
    "age": ("0-17", "18-25", "26-45", "46-65", "66-", ""),
    "origin": ("third_country", "eu", "luxembourg", "unknown"),
    "length": tuple(LENGTHS),
    "past": ("new", "earlier_season", "this_season"),
    "refused": ("full", "excluded", "no_show"),
    "referrals": ("hospital", "day_centre", "youth"),
}
CHANCES = {
    "sex": (925, 60, 6, 9), "age": (0, 15, 50, 30, 4, 1), "origin": (60, 30, 8, 2), "refused": (30, 12, 4),
    "referrals": (10, 5, 3),
}  # fmt: skip
IN_WEEKS = ("persons_by_sex", "persons_by_past")  # and refusals or referrals, not both: it takes long to hide them
IN_LONGER = (
    "persons_by_sex", "persons_by_age", "persons_by_origin", "persons_by_length", "persons_by_past",
    "bed_nights_by_sex", "bed_nights_by_age", "bed_nights_by_origin", "refused", "referrals",
)  # fmt: skip
MORE_REASONS = (8, 15)  # seasons with more categories of refusals and referrals: it takes long to hide them

Nights = frozenset[date]
Number = tuple[str, Nights, str]  # of an indicator, in these nights, under this category


# What happened, and what is told of it.


@dataclass(frozen=True)
class Person:
    nights: Nights
    sex: str = "man"
    age: str = "26-45"
    origin: str = "eu"
    is_known: bool = False  # from an earlier season


@dataclass
class Happened:
    """What is in the register: people with their nights, and by night the refusals and the referrals."""

    people: Sequence[Person] = ()
    events: Mapping[str, Mapping[date, Mapping[str, int]]] = field(default_factory=dict)
    slept: dict = field(default_factory=dict, repr=False)

    def count(self, indicator: str, nights: Nights) -> dict[str, int]:
        what, _by, trait = indicator.partition("_by_")
        found: Counter[str] = Counter()
        if not trait:
            for night in nights:
                found.update(self.events[indicator].get(night, {}))
            return dict(found)
        if nights not in self.slept:
            both = [(person, len(person.nights & nights)) for person in self.people]
            self.slept[nights] = [(person, number) for person, number in both if number]
        for person, number in self.slept[nights]:
            found[_trait(person, trait, nights, number)] += number if what == "bed_nights" else 1
        return dict(found)

    def counted(self, indicator: str, kind: str, nights: Nights) -> Counted:
        cells = self.count(indicator, nights)
        return Counted(
            indicator, kind, nights, cells, None if indicator == "referrals" else sum(cells.values())
        )


def _trait(person: Person, trait: str, nights: Nights, number: int) -> str:
    if trait == "length":
        return next(length for length, (_least, most) in LENGTHS.items() if number <= most)
    if trait == "past":
        if person.is_known:
            return "earlier_season"
        return "new" if min(person.nights) in nights else "this_season"
    return getattr(person, trait)


@dataclass(frozen=True)
class Report:
    """Due: tables of these nights, as the register had them at that time."""

    kind: str
    nights: Nights
    happened: Happened
    indicators: Sequence[str]


@dataclass(frozen=True)
class Told:
    counted: Sequence[Counted]
    published: Sequence[Published]


def tell(reports: Iterable[Report], hiding: Callable = hide) -> Told:
    """One report after the other, each hidden beside everything told before."""
    counted: list[Counted] = []
    published: list[Published] = []
    for report in reports:
        tables = [
            report.happened.counted(indicator, report.kind, report.nights) for indicator in report.indicators
        ]
        published += hiding(tables, tuple(published), threshold=THRESHOLD)
        counted += tables
    return Told(counted, published)


def only_small_ones(tables, earlier, *, threshold):
    """Hides what is small, and nothing else."""
    return [
        Published(
            table.indicator, table.kind, table.nights,
            {category: number if number >= threshold else BELOW for category, number in table.cells.items()},
            table.total, threshold,
        )
        for table in tables
    ]  # fmt: skip


def each_by_itself(tables, earlier, *, threshold):
    """Forgets what was told before."""
    return hide(tables, threshold=threshold)


# A season left to chance.


def happened_in_season(seed: int) -> Happened:
    """Many come for a night and few for the winter; 6 of 100 are women; three are minors."""
    chance = Random(seed)
    people = []
    for number in range(chance.randrange(1000, 1500)):
        first = max(0, chance.randrange(-20, len(NIGHTS)))
        possible = NIGHTS[first : first + chance.choice((1, 1, 1, 3, 7, 7, 20, 40, 60, 152))]
        habit = chance.choice((0.3, 0.6, 0.9))
        traits = {
            trait: chance.choices(CATEGORIES[trait], CHANCES[trait])[0] for trait in ("sex", "age", "origin")
        }
        if number < 3:
            traits["age"] = "0-17"
        nights = frozenset(night for night in possible if night == possible[0] or chance.random() < habit)
        people.append(Person(nights, is_known=chance.random() < 0.3, **traits))
    return Happened(
        people,
        {
            "refused": _events(chance, "refused", (0, 1, 3, 6), 2 + (seed in MORE_REASONS)),
            "referrals": _events(chance, "referrals", (0, 1, 2, 3), 2 + (seed in MORE_REASONS)),
        },
    )


def _events(chance: Random, what: str, numbers: Sequence[int], categories: int) -> dict[date, Counter]:
    among, weights = CATEGORIES[what][:categories], CHANCES[what][:categories]
    return {night: Counter(chance.choices(among, weights, k=chance.choice(numbers))) for night in NIGHTS}


def with_two_files_joined(happened: Happened, nights: Nights, chance: Random) -> Happened:
    """Two of those who slept in these nights, never in the same one, turn out to be one person."""
    here = [person for person in happened.people if person.nights & nights]
    while True:
        kept, other = chance.sample(here, 2)
        if not kept.nights & other.nights:
            break
    one = replace(kept, nights=kept.nights | other.nights, is_known=kept.is_known or other.is_known)
    return Happened(
        [one if person is kept else person for person in happened.people if person is not other],
        happened.events,
    )


def reports_of_season(seed: int) -> tuple[list[Report], list[Happened]]:
    """All reports as they are due, a month a second time after files were joined; and the states of the register."""
    chance = Random(seed + 1000)
    happened = happened_in_season(seed)
    due = [period for period in periods_of("2026/27", NIGHTS) if period.kind != FLASH]
    month = [place for place, period in enumerate(due) if period.kind == MONTHLY][seed % 6]
    joined_at = chance.randrange(month + 1, len(due) + 1)
    corrected = with_two_files_joined(happened, frozenset(due[month].nights), chance)
    reports = [
        Report(
            period.kind,
            frozenset(period.nights),
            happened if place < joined_at else corrected,
            (*IN_WEEKS, ("refused", "referrals")[seed % 2]) if period.kind == WEEKLY else IN_LONGER,
        )
        for place, period in enumerate(due)
    ]
    reports.insert(joined_at, replace(reports[month], happened=corrected))
    return reports, [happened, corrected]


# The reader.


class Knowledge:
    """Whole numbers that lie between bounds, and weighted sums of them that do."""

    def __init__(self) -> None:
        self.bounds: dict[Number, tuple[int, int]] = {}
        self.sums: list[tuple[dict[Number, int], int, int]] = []

    def number(self, number: Number, least: int = 0, most: int = MANY) -> None:
        before = self.bounds.get(number, (0, MANY))
        self.bounds[number] = (max(before[0], least), min(before[1], most))

    def sum(self, weights: dict[Number, int], least: int = 0, most: int = 400 * MANY) -> None:
        self.sums.append((weights, least, most))
        for number in weights:
            self.number(number)

    def is_true(self, truth: Callable[[Number], int]) -> bool:
        return all(least <= truth(number) <= most for number, (least, most) in self.bounds.items()) and all(
            least <= sum(weight * truth(number) for number, weight in weights.items()) <= most
            for weights, least, most in self.sums
        )

    def worked_out(self, suspected: Iterable[Number], truth: Callable[[Number], int]) -> set[Number]:
        """Those that can be nothing but what they are.

        What is known fits the truth, so that a number is safe as soon as something else fits in which it differs: as
        many of them as can are made to differ at once, until no more can.
        """
        model = cp_model.CpModel()
        variables = {number: model.new_int_var(*ends, "") for number, ends in self.bounds.items()}
        for weights, least, most in self.sums:
            whole = sum(weight * variables[number] for number, weight in weights.items())
            model.add_linear_constraint(whole, least, most)
        differs = {}
        for number in suspected:
            differs[number] = model.new_bool_var("")
            others = cp_model.Domain.from_values([truth(number)]).complement()
            model.add_linear_expression_in_domain(variables[number], others).only_enforce_if(differs[number])
        while differs:
            model.maximize(sum(differs.values()))
            solver = cp_model.CpSolver()
            solver.parameters.num_workers = 1
            status = solver.solve(model)
            assert status == cp_model.OPTIMAL, solver.status_name(status)
            safe = [number for number in differs if solver.value(variables[number]) != truth(number)]
            if not safe:
                break
            for number in safe:
                del differs[number]
        return set(differs)


class Reader:
    """Believes what the tables of one trait say, and what holds of any nights whatever happened in them."""

    def __init__(self, tables: Sequence[Published], trait: str) -> None:
        self.knowledge = Knowledge()
        self.tables = [table for table in tables if _trait_of(table) == trait]
        self.trait, self.categories = trait, CATEGORIES[trait]
        self.kinds = {table.nights: table.kind for table in self.tables}
        self.pieces = self._pieces()
        for table in self.tables:
            self._read(table)
        people, beds = f"persons_by_{trait}", f"bed_nights_by_{trait}"
        if trait in ("refused", "referrals"):
            self._adds_up(trait, self.categories)
        if trait == "past":  # somebody is new once
            self._adds_up(people, ["new"])
            self._grows(people, [["earlier_season"], ["new", "this_season"]])
        if trait in ("sex", "origin"):  # nobody's changes
            self._grows(people, [[category] for category in self.categories])
        if trait in ("sex", "origin", "age"):
            self._adds_up(beds, self.categories)  # also in the weeks that tell nothing of beds
            self._slept_at_least_once(people, beds)
        if trait == "length":
            self._grows(people, [self.categories[place:] for place in range(1, 5)], is_sum_too=False)
            self._lengths(people, tables)

    def _pieces(self) -> list[Nights]:
        """The nights as the tables cut them: those of a piece are in the same tables."""
        found = defaultdict(set)
        for night in set().union(*self.kinds):
            found[frozenset(nights for nights in self.kinds if night in nights)].add(night)
        return [frozenset(piece) for piece in found.values()]

    def _read(self, table: Published) -> None:
        for category in self.categories:
            shown = table.cells.get(category, 0)
            if table.is_withheld:
                ends = (0, MANY)
            else:
                ends = {BELOW: (1, THRESHOLD - 1), SECRET: (THRESHOLD, MANY)}.get(shown, (shown, shown))
            self.knowledge.number((table.indicator, table.nights, category), *ends)
        everything = {(table.indicator, table.nights, category): 1 for category in self.categories}
        if table.total is not None:
            self.knowledge.sum(everything, table.total, table.total)
        elif table.indicator.startswith("persons"):
            self.knowledge.sum(everything, 1, THRESHOLD - 1)

    def _adds_up(self, indicator: str, categories: Sequence[str]) -> None:
        for category in categories:
            for nights in self.kinds:
                within = {(indicator, piece, category): -1 for piece in self.pieces if piece < nights}
                if within:
                    self.knowledge.sum({(indicator, nights, category): 1} | within, 0, 0)

    def _grows(self, people: str, groups: Sequence[Sequence[str]], is_sum_too: bool = True) -> None:
        """Whoever is counted in a part is in the whole, and whoever is in the whole in one of the parts that cover it."""
        told = {table.nights for table in self.tables if table.indicator == people}
        for whole in told:
            for group in groups:
                here = {(people, whole, category): 1 for category in group}
                for part in told:
                    if part < whole:
                        self.knowledge.sum(here | {(people, part, category): -1 for category in group})
                for kind in (WEEKLY, MONTHLY) if is_sum_too else ():
                    parts = [
                        part for part in told if self.kinds[part] == kind and part & whole and part != whole
                    ]
                    if whole <= frozenset().union(*parts):
                        there = {(people, part, category): 1 for part in parts for category in group}
                        self.knowledge.sum(there | {number: -1 for number in here})

    def _slept_at_least_once(self, people: str, beds: str) -> None:
        for nights in {table.nights for table in self.tables if table.indicator == people}:
            for category in self.categories:
                slept, different = (beds, nights, category), (people, nights, category)
                self.knowledge.sum({slept: 1, different: -1})
                if self.trait != "age":  # somebody's birthday may lie between two nights
                    self.knowledge.sum({different: len(nights), slept: -1})

    def _lengths(self, people: str, tables: Sequence[Published]) -> None:
        for table in self.tables:
            beds = {
                each.total
                for each in tables
                if each.nights == table.nights and each.indicator.startswith("bed_nights")
            }
            least, most = {}, {}
            for length, (fewest, greatest) in LENGTHS.items():
                number = (people, table.nights, length)
                least[number], most[number] = fewest, min(greatest, len(table.nights))
                if fewest > len(table.nights):
                    self.knowledge.number(number, 0, 0)
            for slept in beds - {None}:
                self.knowledge.sum(least, 0, slept)
                self.knowledge.sum(most, slept)


def _trait_of(table: Published | Counted) -> str:
    return table.indicator.rpartition("_by_")[2]


class WorkedOutError(AssertionError):
    """Somebody could be told from the reports."""


def worked_out(told: Told, states: Sequence[Happened]) -> dict[str, list[tuple]]:
    """The numbers from 1 to below the threshold that a reader works out: hidden in tables, or between two of them.

    The reader trusts those tables together that go with one state of the register; they may have been told earlier or
    later, as what was not corrected still holds. What it then believes is true.
    """
    found: dict[str, set] = {"in tables": set(), "between tables": set()}
    looked_at = set()
    for state in states:
        kept: dict[tuple[str, Nights], dict] = {}

        def truth(number: Number, kept=kept, state=state) -> int:
            indicator, nights, category = number
            if (indicator, nights) not in kept:
                kept[indicator, nights] = state.count(indicator, nights)
            return kept[indicator, nights].get(category, 0)

        fitting = [
            place
            for place, table in enumerate(told.counted)
            if state.count(table.indicator, table.nights) == table.cells
        ]
        tables = [told.published[place] for place in fitting]
        for trait in sorted({_trait_of(table) for table in tables}):
            of_trait = (trait, tuple(place for place in fitting if _trait_of(told.counted[place]) == trait))
            if of_trait in looked_at:
                continue
            looked_at.add(of_trait)
            reader = Reader(tables, trait)
            assert reader.knowledge.is_true(truth), f"the reader is wrong about {trait}"
            told_of = {(table.indicator, table.nights) for table in reader.tables}
            suspected = {number for number in reader.knowledge.bounds if 0 < truth(number) < THRESHOLD}
            for number in reader.knowledge.worked_out(suspected, truth):
                where = "in tables" if number[:2] in told_of else "between tables"
                indicator, nights, category = number
                found[where].add((indicator, str(min(nights)), str(max(nights)), category, truth(number)))
    return {where: sorted(numbers) for where, numbers in found.items() if numbers}


# Whole seasons.


@pytest.mark.parametrize("seed", range(20))
def test_nobody_can_be_told_from_all_reports_of_a_season(seed):
    reports, states = reports_of_season(seed)

    told = tell(reports)

    assert_true(told)
    assert any(table.hidden for table in told.published)
    if found := worked_out(told, states):
        raise WorkedOutError(found)


@pytest.mark.parametrize("hiding", [only_small_ones, each_by_itself])
@pytest.mark.parametrize("seed", range(3))
def test_the_reader_finds_what_is_hidden_with_less_care(seed, hiding):
    reports, states = reports_of_season(seed)

    found = worked_out(tell(reports, hiding), states)

    assert len(found["in tables"]) > 5


def assert_true(told):
    """Tables tell of every category that is not empty, and only true numbers; marks are what they mean."""
    for counted, published in zip(told.counted, told.published, strict=True):
        assert (published.indicator, published.kind, published.nights) == (
            counted.indicator, counted.kind, counted.nights,
        )  # fmt: skip
        assert published.total in (counted.total, None)
        if published.is_withheld:
            assert published.cells == {}
            continue
        assert published.cells.keys() == counted.cells.keys()
        for category, shown in published.cells.items():
            number = counted.cells[category]
            assert shown == (BELOW if number < THRESHOLD else SECRET if shown == SECRET else number)


# By hand.


def nights_of(first, last):
    return frozenset(NIGHTS[first:last])


def refusals(*counts):
    """Refusals of the first of some nights each: its number in the season, and how many for each reason."""
    return Happened(events={"refused": {NIGHTS[number]: reasons for number, reasons in counts}})


def weekly(first, last, happened, *indicators):
    return Report(WEEKLY, nights_of(first, last), happened, indicators or ["refused"])


def monthly(first, last, happened, *indicators):
    return Report(MONTHLY, nights_of(first, last), happened, indicators or ["refused"])


def found_in(reports, hiding=hide):
    told = tell(reports, hiding)
    assert_true(told)
    return worked_out(told, [report.happened for report in reports])


A_FEW_ON_THE_LAST_NIGHT = refusals(
    (0, {"full": 20, "excluded": 10, "no_show": 2}), (6, {"full": 2, "excluded": 5, "no_show": 6})
)
