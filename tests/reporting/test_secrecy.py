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
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from reporting.periods import FLASH, MONTHLY, WEEKLY, periods_of
from reporting.secrecy import BELOW, SECRET, Counted, Published, hide

pytestmark = pytest.mark.pure

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
IN_WEEKS = ("persons_by_sex", "persons_by_past")  # and refusals or referrals: it takes long to hide them
IN_LONGER = (
    "persons_by_sex", "persons_by_age", "persons_by_origin", "persons_by_length", "persons_by_past",
    "bed_nights_by_sex", "bed_nights_by_age", "bed_nights_by_origin", "refused", "referrals",
)  # fmt: skip
MORE_REASONS = (8, 15)  # seasons with three categories of refusals and referrals, the others have two

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
                found.update(self.events.get(indicator, {}).get(night, {}))
            return dict(found)
        if nights not in self.slept:
            both = [(person, len(person.nights & nights)) for person in self.people]
            self.slept[nights] = [(person, number) for person, number in both if number]
        for person, number in self.slept[nights]:
            found[_trait(person, trait, nights, number)] += number if what == "bed_nights" else 1
        return dict(found)

    def nightly(self, nights: Iterable[date]) -> dict[str, dict[date, int]]:
        """What the flash of each morning tells of its night: how many slept, how many were refused."""
        alone = {night: frozenset({night}) for night in nights}
        return {
            "bed_nights": {
                night: sum(self.count("bed_nights_by_sex", it).values()) for night, it in alone.items()
            },
            "refusals": {night: sum(self.count("refused", it).values()) for night, it in alone.items()},
        }

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
        nightly = report.happened.nightly(
            frozenset(report.nights).union(*(table.nights for table in published))
        )
        published += hiding(tables, tuple(published), threshold=THRESHOLD, nightly=nightly)
        counted += tables
    return Told(counted, published)


def only_small_ones(tables, earlier, *, threshold, nightly):
    """Hides what is small, and nothing else."""
    return [
        Published(
            table.indicator, table.kind, table.nights,
            {category: number if number >= threshold else BELOW for category, number in table.cells.items()},
            table.total, threshold,
        )
        for table in tables
    ]  # fmt: skip


def each_by_itself(tables, earlier, *, threshold, nightly):
    """Forgets what was told before."""
    return hide(tables, threshold=threshold)


def without_the_mornings(tables, earlier, *, threshold, nightly):
    """Forgets what is told of every night."""
    return hide(tables, earlier, threshold=threshold)


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
    """Believes what the tables of one trait say, what is told of every night, and what holds whatever happened."""

    def __init__(self, tables: Sequence[Published], trait: str, nightly: Mapping | None = None) -> None:
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
        totals = {"refused": ("refused", "refusals"), "referrals": None}.get(trait, (beds, "bed_nights"))
        if totals and nightly and (trait == "refused" or trait in ("sex", "origin", "age")):
            for piece in self.pieces:
                whole = sum(nightly[totals[1]][night] for night in piece)
                self.knowledge.sum({(totals[0], piece, each): 1 for each in self.categories}, whole, whole)
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
                ends = {BELOW: (1, table.threshold - 1), SECRET: (table.threshold, MANY)}.get(
                    shown, (shown, shown)
                )
            self.knowledge.number((table.indicator, table.nights, category), *ends)
        everything = {(table.indicator, table.nights, category): 1 for category in self.categories}
        if table.total is not None:
            self.knowledge.sum(everything, table.total, table.total)

    def _adds_up(self, indicator: str, categories: Sequence[str]) -> None:
        for category in categories:
            for nights in self.kinds:
                within = {(indicator, piece, category): -1 for piece in self.pieces if piece < nights}
                if within:
                    self.knowledge.sum({(indicator, nights, category): 1} | within, 0, 0)

    def _grows(self, people: str, groups: Sequence[Sequence[str]], is_sum_too: bool = True) -> None:
        """Whoever is in a part is in the whole, and whoever is in the whole in one of the parts that cover it."""
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
            reader = Reader(tables, trait, state.nightly(set().union(*(table.nights for table in tables))))
            assert reader.knowledge.is_true(truth), f"the reader is wrong about {trait}"
            told_of = {(table.indicator, table.nights) for table in reader.tables}
            suspected = {number for number in reader.knowledge.bounds if 0 < truth(number) < THRESHOLD}
            for number in reader.knowledge.worked_out(suspected, truth):
                where = "in tables" if number[:2] in told_of else "between tables"
                indicator, nights, category = number
                found[where].add((indicator, str(min(nights)), str(max(nights)), category, truth(number)))
    return {where: sorted(numbers) for where, numbers in found.items() if numbers}


def assert_true(told, threshold=THRESHOLD):
    """Tables tell of every category that is not empty, and only what is true; no small number is seen."""
    for counted, published in zip(told.counted, told.published, strict=True):
        assert (published.indicator, published.kind, published.nights) == (
            counted.indicator, counted.kind, counted.nights,
        )  # fmt: skip
        assert published.total in (counted.total, None)
        assert published.cells.keys() == (set() if published.is_withheld else counted.cells.keys())
        for category, shown in published.cells.items():
            number = counted.cells[category]
            assert shown == BELOW if number < threshold else shown in (number, SECRET)


# Whole seasons.


class WorkedOutError(AssertionError):
    """A small number of people could be told from the reports."""


def assert_secret(told, states):
    if found := worked_out(told, states):
        raise WorkedOutError(found)


@pytest.mark.parametrize("seed", range(20))
def test_nobody_can_be_told_from_all_reports_of_a_season(seed):
    reports, states = reports_of_season(seed)

    told = tell(reports)

    assert_true(told)
    assert any(table.hidden for table in told.published)
    assert_secret(told, states)


@pytest.mark.parametrize("hiding", [only_small_ones, each_by_itself])
@pytest.mark.parametrize("seed", range(3))
def test_with_less_care_the_same_reader_works_out_small_numbers(seed, hiding):
    reports, states = reports_of_season(seed)

    found = worked_out(tell(reports, hiding), states)

    assert found["in tables"]
    assert found["between tables"]


# By hand, each with nights enough for one thought.


def refusals(counts):
    """Refusals by the number of the night in the season, and by reason."""
    return Happened(events={"refused": {NIGHTS[number]: reasons for number, reasons in counts.items()}})


def nights_of(first, after):
    return frozenset(NIGHTS[first:after])


def weekly(first, after, happened, *indicators):
    return Report(WEEKLY, nights_of(first, after), happened, indicators or ["refused"])


def monthly(first, after, happened, *indicators):
    return Report(MONTHLY, nights_of(first, after), happened, indicators or ["refused"])


def assert_keeps_secret(*reports):
    told = tell(reports)
    assert_true(told)
    assert_secret(told, [report.happened for report in reports])


def test_a_hidden_number_is_not_the_rest_of_the_total():
    assert_keeps_secret(weekly(0, 7, refusals({0: {"full": 20, "excluded": 10, "no_show": 2}})))


def test_the_last_night_of_a_month_that_no_week_tells_of_cannot_be_worked_out():
    happened = refusals(
        {0: {"full": 20, "excluded": 10, "no_show": 2}, 6: {"full": 2, "excluded": 5, "no_show": 6}}
    )
    reports = [weekly(0, 6, happened), monthly(0, 7, happened)]

    plain = worked_out(tell(reports, only_small_ones), [happened])

    assert ("refused", "2026-11-21", "2026-11-21", "full", 2) in plain["between tables"]
    assert_keeps_secret(*reports)


def test_the_last_night_of_a_month_cannot_be_worked_out_where_nothing_else_is_hidden():
    """20 and 22 refusals because the house was full: 2 in the last night."""
    happened = refusals({0: {"full": 20, "excluded": 10}, 6: {"full": 2, "excluded": 5}})

    assert_keeps_secret(weekly(0, 6, happened), monthly(0, 7, happened))


def test_how_many_were_new_on_the_last_night_of_a_month_cannot_be_worked_out():
    new = [Person(nights_of(0, 7)) for _each in range(20)] + [Person(nights_of(6, 7)) for _each in range(2)]
    known = [Person(nights_of(0, 7), is_known=True) for _each in range(10)]
    happened = Happened(new + known)

    assert_keeps_secret(weekly(0, 6, happened, "persons_by_past"), monthly(0, 7, happened, "persons_by_past"))


def test_the_last_month_cannot_be_worked_out_from_a_season_that_is_told_before_it():
    """The season is due on the first of May, April on its third working day."""
    happened = refusals({0: {"full": 30, "excluded": 20}, 7: {"full": 10, "excluded": 4}})

    assert_keeps_secret(
        monthly(0, 7, happened),
        Report("season", nights_of(0, 14), happened, ["refused"]),
        monthly(7, 14, happened),
    )


def test_a_week_in_two_months_tells_no_more_of_the_second():
    """Nobody was excluded in the first month, thus the one in the week that both share belongs to the second.

    There the excluded and those who did not come are four together, at least two of each: one in every week.
    """
    happened = refusals(
        {
            0: {"full": 18},
            6: {"full": 6},
            7: {"full": 8, "excluded": 1, "no_show": 1},
            13: {"full": 10, "excluded": 1, "no_show": 1},
        }
    )
    reports = [
        weekly(6, 13, happened), monthly(0, 7, happened), weekly(13, 20, happened), monthly(7, 20, happened)
    ]  # fmt: skip

    plain = worked_out(tell(reports, only_small_ones), [happened])

    assert ("refused", "2026-11-28", "2026-12-04", "excluded", 1) in plain["in tables"]
    assert_keeps_secret(*reports)


def test_the_end_of_a_month_cannot_be_worked_out_by_way_of_its_beginning():
    """28 less the 20 of the week within leave 8 at both ends, and 16 less (30 less 20) are the 6 of the first."""
    full = {0: 20, 6: 10, 7: 6, 13: 20, 20: 2, 23: 20}
    happened = refusals(
        {
            night: {"full": number, "excluded": 10} | ({} if night else {"no_show": 2})
            for night, number in full.items()
        }
    )

    assert_keeps_secret(
        weekly(0, 6, happened), weekly(6, 13, happened), monthly(0, 7, happened), weekly(13, 20, happened),
        weekly(20, 27, happened), monthly(7, 23, happened),
    )  # fmt: skip


def test_the_people_of_the_weeks_do_not_betray_the_nights_of_the_month():
    """At least one night in each of four weeks, and below five in the month: four, and one person every week."""
    month = nights_of(0, 28)
    others = [("other", (0, 7, 14, 21)), ("unknown", (0, 1, 7, 8)), ("unknown", (14, 15, 21, 22))]
    happened = Happened(
        [Person(month) for _each in range(100)]
        + [Person(month, sex="woman") for _each in range(20)]
        + [Person(frozenset(NIGHTS[number] for number in numbers), sex=sex) for sex, numbers in others]
    )

    assert_keeps_secret(
        *(weekly(first, first + 7, happened, "persons_by_sex") for first in (0, 7, 14, 21)),
        monthly(0, 28, happened, "persons_by_sex", "bed_nights_by_sex"),
    )


def test_what_is_told_every_morning_does_not_betray_the_end_of_a_month():
    """Nobody was refused in the nights that the week shares with the first month, say the mornings.

    Then all 20 of the week belong to the second, and of its 22 two are left for the end.
    """
    happened = refusals(
        {0: {"full": 30, "excluded": 10}, 8: {"full": 20, "excluded": 10}, 12: {"full": 2, "excluded": 5}}
    )
    reports = [monthly(0, 7, happened), weekly(4, 11, happened), monthly(7, 14, happened)]

    found = worked_out(tell(reports, without_the_mornings), [happened])

    assert ("refused", "2026-11-26", "2026-11-28", "full", 2) in found["between tables"]
    assert_keeps_secret(*reports)


def test_what_totals_alone_betray_costs_no_more_than_that():
    """Only because the house was full was anybody refused in the first month; two of them in the night that is shared.

    That follows from totals, whatever the second month hides; so it hides its small numbers and no table.
    """
    happened = refusals(
        {0: {"full": 18}, 6: {"full": 2}, 7: {"full": 30, "excluded": 10}, 13: {"full": 30, "excluded": 10}}
    )

    told = tell([monthly(0, 7, happened), weekly(6, 13, happened), monthly(7, 14, happened)])

    assert worked_out(told, [happened]) == {
        "between tables": [("refused", "2026-11-21", "2026-11-21", "full", 2)]
    }
    assert not any(table.is_withheld for table in told.published)


@pytest.mark.parametrize("wrong", [-3, 7])
def test_totals_of_a_morning_that_were_corrected_do_not_blind_the_house(wrong):
    """The flash still tells of what was corrected: nothing fits it, and what the tables betray is hidden as ever."""
    happened = refusals({0: {"full": 20, "excluded": 10}, 6: {"full": 2, "excluded": 5}})
    week = tell([weekly(0, 6, happened)])
    nightly = happened.nightly(nights_of(0, 7))
    nightly["refusals"][NIGHTS[6]] += wrong
    small = replace(happened.counted("refused", WEEKLY, nights_of(6, 7)), total=7)
    (alone,) = hide([small], threshold=THRESHOLD, nightly=nightly)
    assert not worked_out_of(small, alone)
    counted = happened.counted("refused", MONTHLY, nights_of(0, 7))

    told = hide([counted], week.published, threshold=THRESHOLD, nightly=nightly)

    assert_secret(Told([*week.counted, counted], [*week.published, *told]), [happened])


FULL_MONTHS = {
    0: {"full": 20, "excluded": 10, "no_show": 2}, 6: {"full": 10, "excluded": 10, "no_show": 1},
    7: {"full": 20, "excluded": 10, "no_show": 2}, 13: {"full": 2, "excluded": 10, "no_show": 1},
}  # fmt: skip


@pytest.mark.parametrize("is_corrected", [False, True])
def test_a_month_that_was_corrected_does_not_lay_open_the_next(is_corrected):
    """Twelve refusals were written down twice: the month has 18 after a week that told of 20."""
    happened = refusals(FULL_MONTHS)
    corrected = (
        refusals(FULL_MONTHS | {0: {"full": 8, "excluded": 10, "no_show": 2}}) if is_corrected else happened
    )

    assert_keeps_secret(
        weekly(0, 6, happened), monthly(0, 7, happened), monthly(0, 7, corrected), weekly(7, 13, corrected),
        monthly(7, 14, corrected),
    )  # fmt: skip


@pytest.mark.parametrize("is_corrected", [False, True])
def test_people_whose_sex_was_corrected_do_not_lay_open_the_next_week(is_corrected):
    """Three women slept 4 nights; then they are five with 6, and nothing fits: 121 people, 100 men, 20 women."""
    later = [
        *(Person(nights_of(0, 35)) for _each in range(100)),
        *(Person(nights_of(28, 35), sex="woman") for _each in range(20)),
        *(Person(nights_of(0, 5), sex="other") for _each in range(9)),
        Person(nights_of(28, 29), sex="other"),
    ]
    women = [Person(nights_of(*nights), sex="woman") for nights in ((0, 1), (1, 2), (2, 4))]
    two = [Person(nights_of(*nights)) for nights in ((5, 6), (6, 7))]
    happened = Happened([*later, *women, *two])
    corrected = (
        Happened([*later, *women, *(replace(one, sex="woman") for one in two)]) if is_corrected else happened
    )

    assert_keeps_secret(
        monthly(0, 28, happened, "persons_by_sex", "bed_nights_by_sex"),
        monthly(0, 28, corrected, "persons_by_sex", "bed_nights_by_sex"),
        weekly(28, 35, corrected, "persons_by_sex"),
    )


def test_a_month_is_not_withheld_where_one_number_more_is_enough():
    """One woman in each of four weeks and in the month: with the nine others hidden too, nobody knows how many."""
    month = nights_of(0, 28)
    woman = frozenset(NIGHTS[number] for number in (0, 1, 7, 8, 14, 15, 21, 22))
    happened = Happened(
        [Person(month) for _each in range(100)]
        + [Person(month, sex="other") for _each in range(9)]
        + [Person(woman, sex="woman")]
    )
    weeks = tell([weekly(first, first + 7, happened, "persons_by_sex") for first in (0, 7, 14, 21)])
    counted = happened.counted("persons_by_sex", MONTHLY, month)
    enough = Published(
        "persons_by_sex", MONTHLY, month, {"man": 100, "woman": BELOW, "other": SECRET}, 110, THRESHOLD
    )
    assert_secret(Told([*weeks.counted, counted], [*weeks.published, enough]), [happened])

    (told,) = hide([counted], weeks.published, threshold=THRESHOLD)

    assert not told.is_withheld


# One table.

one_of = st.sampled_from(["persons_by_age", "persons_by_sex", "bed_nights_by_origin", "refused", "referrals"])
thresholds = st.integers(min_value=2, max_value=8)


@st.composite
def tables(draw, indicator=None):
    """A table of a week; numbers around the threshold are the most likely."""
    indicator = indicator or draw(one_of)
    categories = CATEGORIES[indicator.rpartition("_by_")[2]]
    cells = draw(st.dictionaries(st.sampled_from(categories), st.integers(1, 12) | st.integers(1, 300)))
    total = None if indicator == "referrals" else sum(cells.values())
    return Counted(indicator, WEEKLY, nights_of(0, 7), cells, total)


@st.composite
def corrected_tables(draw):
    first = draw(tables())
    return first, draw(tables(first.indicator))


def worked_out_of(counted, published):
    """What a reader works out of one table alone."""
    knowledge = Reader([published], _trait_of(published)).knowledge

    def truth(number):
        return counted.cells.get(number[2], 0)

    assert knowledge.is_true(truth)
    small = {number for number in knowledge.bounds if 0 < truth(number) < published.threshold}
    return knowledge.worked_out(small, truth)


@settings(max_examples=150, deadline=None)
@given(tables(), thresholds)
def test_of_any_table_no_small_number_is_seen_or_worked_out_and_all_that_is_seen_is_true(counted, threshold):
    (published,) = hide([counted], threshold=threshold)

    assert_true(Told([counted], [published]), threshold)
    assert published.threshold == threshold
    assert not worked_out_of(counted, published)


@settings(max_examples=100, deadline=None)
@given(tables(), thresholds)
def test_no_more_is_hidden_than_is_needed(counted, threshold):
    """Neither is a number hidden that could be seen, nor a table withheld whose marks betray nothing."""
    (published,) = hide([counted], threshold=threshold)

    for category, shown in published.cells.items():
        if shown == SECRET:
            with_one_more = replace(published, cells={**published.cells, category: counted.cells[category]})
            assert worked_out_of(counted, with_one_more)
    if published.is_withheld and published.total is not None:
        marks = {
            category: BELOW if number < threshold else SECRET for category, number in counted.cells.items()
        }
        assert worked_out_of(counted, replace(published, cells=marks, is_withheld=False))


@settings(max_examples=60, deadline=None)
@given(tables(), thresholds)
def test_a_table_of_large_numbers_is_told_as_it_is(counted, threshold):
    large = {category: number + threshold - 1 for category, number in counted.cells.items()}
    counted = replace(counted, cells=large, total=counted.total and sum(large.values()))

    (published,) = hide([counted], threshold=threshold)

    assert (published.cells, published.total, published.is_withheld) == (large, counted.total, False)


@settings(max_examples=100, deadline=None)
@given(corrected_tables(), thresholds, st.booleans())
def test_what_was_hidden_before_or_from_those_who_may_see_more_stays_hidden(pair, threshold, is_corrected):
    first, second = pair
    before = hide([first], threshold=threshold)

    (published,) = (
        hide([second], before, threshold=threshold)
        if is_corrected
        else hide([second], threshold=threshold, beside=before)
    )

    assert_true(Told([second], [published]), threshold)
    assert published.is_withheld or not before[0].is_withheld
    assert published.total is None or before[0].total is not None
    assert all(isinstance(published.cells.get(category, ""), str) for category in before[0].hidden)
    assert not worked_out_of(second, published)


@settings(max_examples=60, deadline=None)
@given(st.lists(tables(), max_size=3), thresholds)
def test_the_same_tables_are_hidden_in_the_same_way_in_whatever_order_their_categories_come(
    several, threshold
):
    turned = [replace(each, cells=dict(reversed(each.cells.items()))) for each in several]

    once = hide(several, threshold=threshold)

    assert hide(several, threshold=threshold) == once
    assert hide(turned, threshold=threshold) == once
