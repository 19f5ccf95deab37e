"""The roster solver against a checker, an enumeration and an exact program that know nothing of it."""

import json
import os
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from ortools.sat.python import cp_model

from shelter.rota import benchmark, rostering
from shelter.rota.rostering import personal, text
from shelter.rota.rostering.personal import Personal
from shelter.rota.rostering.problem import Balance, Mix
from tests.shelter.rota import scheduling_checker as checker
from tests.shelter.rota import scheduling_instances as instances

pytestmark = pytest.mark.pure

PUBLIC = Path(os.environ.get("ROSTER_INSTANCES", "no such folder"))
SMALL = """\
# A shop.
SECTION_HORIZON
14
SECTION_SHIFTS
# The late shift may not be followed by the early one.
E,480,
L,600,E
SECTION_STAFF
Ana,E=14|L=2,4320,960,5,2,2,1
Ben,E=14|L=14,4800,960,5,2,2,1
SECTION_DAYS_OFF
Ana,0,1
SECTION_SHIFT_ON_REQUESTS
Ben,3,L,7
SECTION_SHIFT_OFF_REQUESTS
Ana,2,E,3
SECTION_COVER
2,E,1,100,1
3,E,2,100,1
3,L,0,100,4
"""


@pytest.fixture
def written(tmp_path):
    """Puts an instance into a file."""

    def write(instance):
        path = tmp_path / "made-up.txt"
        path.write_text(instance, encoding="utf-8")
        return path

    return write


@pytest.fixture
def both(written):
    """An instance as the solver reads it, and as the checker does."""

    def read(instance):
        path = written(instance)
        return text.read(path), checker.read(path)

    return read


def rows_of(roster):
    return [(person, day, shift) for (person, day), shift in roster.items()]


def roster_of(rows):
    return {(person, day): shift for person, day, shift in rows}


# The checker by example: who judges is judged first.


def days(person, pattern, first=0):
    return [(person, day, shift) for day, shift in enumerate(pattern, start=first) if shift != "."]


BEN = days("Ben", "EE..EE")


@pytest.mark.parametrize(
    ("pattern", "wrong"),
    [
        (".....EE..EE...", []),
        ("..EELL..EE", []),
        ("..LE..EE", ["Ana works E after L on day 3"]),
        ("..EE..EE.....E", ["Ana works 2 weekends"]),
        ("..EE...E..EE", ["Ana works 1 days in a row from day 7, too few"]),
        ("..EE.EE", ["Ana is off 1 days in a row from day 4, too few"]),
        (".......EEEEEE", ["Ana works 6 days in a row from day 7, too many"]),
        ("..LLL.........", ["Ana works L 3 times"]),
        (".............E", ["Ana works 480 minutes, too few"]),
        (".EE...........", ["Ana works on day 1, a day off"]),
        ("..EEEEE..EEEEE", ["Ana works 4800 minutes, too many", "Ana works 2 weekends"]),
    ],
)
def test_the_checker_names_what_is_wrong(both, pattern, wrong):
    instance = both(SMALL)[1]

    assert checker.check(instance, [*days("Ana", pattern), *BEN])[1] == wrong


def test_the_checker_counts_missing_people_people_too_many_and_requests(both):
    instance = both(SMALL)[1]

    assert checker.objective(instance, []) == 100 + 200 + 7
    assert checker.objective(instance, days("Ana", "..EE")) == 100 + 7 + 3
    assert checker.objective(instance, [*days("Ana", "..EL"), *days("Ben", "..EL")]) == 1 + 200 + 2 * 4 + 3


def test_the_checker_finds_shifts_twice_a_day_and_shifts_of_nobody(both):
    instance = both(SMALL)[1]
    rows = [*days("Ana", "..EE"), ("Ana", 3, "L"), *BEN, ("Cleo", 3, "E"), ("Ben", 14, "E")]

    assert checker.check(instance, rows)[1] == [
        "Ana works two shifts on day 3",
        "Cleo has a shift E on day 3 that is not in the instance",
        "Ben has a shift E on day 14 that is not in the instance",
    ]


# The benchmark.


def made_up_and_public():
    """Ten instances of a second each; with ROSTER_INSTANCES also those in its folder, three seconds each."""
    yield from ((f"made up {seed}", instances.solvable(seed).text, "1") for seed in range(10))
    yield from (
        (path.stem, path.read_text(encoding="utf-8"), "3") for path in sorted(PUBLIC.glob("Instance*.txt"))
    )


@pytest.mark.parametrize(
    ("instance", "seconds"), [pytest.param(*case, id=name) for name, *case in made_up_and_public()]
)
def test_what_the_benchmark_writes_agrees_with_the_checker(written, tmp_path, capsys, instance, seconds):
    path, out = written(instance), tmp_path / "roster.csv"

    assert benchmark.main([str(path), "--seconds", seconds, "--seed", "5", "--out", str(out)]) == 0

    line = json.loads(capsys.readouterr().out)
    assert set(line) == {"instance", "objective", "bound", "seconds", "seed", "versions"}
    assert (line["instance"], line["seed"]) == ("made-up", 5)
    assert checker.check(checker.read(path), checker.read_roster(out)) == (line["objective"], [])
    assert line["bound"] is None or line["bound"] <= line["objective"]


@pytest.mark.parametrize(
    ("old", "new", "section"),
    [
        ("SECTION_HORIZON\n14\n", "", "SECTION_HORIZON"),
        ("\n14\n", "\nfourteen\n", "SECTION_HORIZON"),
        ("\n14\n", "\n14\n15\n", "SECTION_HORIZON"),
        ("L,600,E", "L,600", "SECTION_SHIFTS"),
        ("L,600,E", "L,ten hours,E", "SECTION_SHIFTS"),
        ("E=14|L=14,4800", "E=14|L,4800", "SECTION_STAFF"),
        ("4800,960,5,2,2,1\nSECTION", "4800,960,5,2,2\nSECTION", "SECTION_STAFF"),
        ("Ana,0,1", "Ana,0,tomorrow", "SECTION_DAYS_OFF"),
        ("Ana,0,1", "Ana,14", "SECTION_DAYS_OFF"),
        ("Ben,3,L,7", "Ben,3,L", "SECTION_SHIFT_ON_REQUESTS"),
        ("Ben,3,L,7", "Cleo,3,L,7", "SECTION_SHIFT_ON_REQUESTS"),
        ("Ben,3,L,7", "Ben,14,L,7", "SECTION_SHIFT_ON_REQUESTS"),
        ("Ana,2,E,3", "Ana,2,E,much", "SECTION_SHIFT_OFF_REQUESTS"),
        ("Ana,2,E,3", "Ana,2,N,3", "SECTION_SHIFT_OFF_REQUESTS"),
        ("2,E,1,100,1", "2,E,1,100", "SECTION_COVER"),
        ("2,E,1,100,1", "2,N,1,100,1", "SECTION_COVER"),
        ("2,E,1,100,1", "14,E,1,100,1", "SECTION_COVER"),
        (SMALL[SMALL.index("SECTION_COVER") :], "", "SECTION_COVER"),
    ],
)
def test_an_unreadable_file_is_refused_with_its_section(written, capsys, old, new, section):
    assert SMALL.count(old) == 1

    assert benchmark.main([str(written(SMALL.replace(old, new))), "--seconds", "1"]) == 1

    said = capsys.readouterr()
    assert (said.out, said.err.count("\n"), section in said.err) == ("", 1, True)


def test_a_file_in_another_encoding_is_refused(written, capsys):
    path = written("")
    path.write_bytes(SMALL.replace("Ana", "Zoé").encode("latin-1"))

    assert benchmark.main([str(path), "--seconds", "1"]) == 1

    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)


def test_a_missing_file_is_refused(tmp_path, capsys):
    assert benchmark.main([str(tmp_path / "nowhere.txt"), "--seconds", "1"]) == 1

    said = capsys.readouterr()
    assert (said.out, said.err.count("\n"), "nowhere.txt" in said.err) == ("", 1, True)


def test_an_instance_without_any_roster_is_refused_with_who_it_is_about(written, capsys):
    path = written(SMALL.replace("E=14|L=2,4320,960", "E=1|L=1,4320,1440"))

    assert benchmark.main([str(path), "--seconds", "1"]) == 1

    said = capsys.readouterr()
    assert (said.out, said.err.count("\n"), "Ana" in said.err) == ("", 1, True)


# Price and rules.


def disturbed(random, instance, rows, changes):
    """A roster with so many of its days drawn anew."""
    roster = roster_of(rows)
    for _change in range(changes):
        at = random.choice(list(instance.staff)), random.randrange(instance.days)
        shift = random.choice([None, *instance.minutes])
        roster.pop(at, None)
        if shift is not None:
            roster[at] = shift
    return roster


def test_price_and_rules_agree_with_the_checker_on_any_roster(both):
    judged = {True: 0, False: 0}
    for seed in range(40):
        made_up = instances.solvable(seed)
        problem, instance = both(made_up.text)
        random = Random(seed)
        for changes in (0, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 6, 10, 20, 40, 80, 150, 300, 600):
            roster = disturbed(random, instance, made_up.rows, changes)
            objective, breakers = rostering.price(problem, roster).total, rostering.breaches(problem, roster)

            wrong = checker.violations(instance, rows_of(roster))
            assert (seed, objective) == (seed, checker.objective(instance, rows_of(roster)))
            assert (seed, {who for who, _code in breakers}) == (seed, {who for who, _what in wrong})
            judged[wrong == []] += 1

    assert min(judged.values()) > 100


def test_the_parts_of_a_price_are_what_they_say(both):
    problem, instance = both(SMALL)
    roster = roster_of([*days("Ana", "..EL"), *days("Ben", "..EL")])

    price = rostering.price(problem, roster)

    assert (price.under, price.over, price.requests) == (200, 1 + 2 * 4, 3)
    assert price.total == checker.objective(instance, rows_of(roster))


# The cheapest roster of one person, against all there are.


def drawn_costs(random, problem):
    """Of each worker, day and shift; quarters, so that sums are exact."""
    return np.array(
        [
            [[random.randint(-40, 20) / 4 for _shift in problem.shifts] for _day in range(problem.days)]
            for _worker in problem.workers
        ]
    )


def cost_of(costs, codes, roster):
    return sum(costs[day, codes.index(shift)] for day, shift in enumerate(roster) if shift is not None)


def least_costs(problem, instance, costs):
    """By worker's number the least cost of any roster, None where there is none."""
    codes = list(problem.shifts)
    return {
        number: min(
            (cost_of(costs[number], codes, roster) for roster in checker.every_roster(instance, rules)),
            default=None,
        )
        for number, rules in enumerate(instance.staff.values())
    }


def judged(problem, instance, costs, found):
    """What each roster that was found truly costs, None where there is none; rosters within the rules only."""
    codes = list(problem.shifts)
    costly = {}
    for number, rules in enumerate(instance.staff.values()):
        path = found[number]
        roster = path and [codes[shift] if shift >= 0 else None for shift in path.shifts]
        assert roster is None or checker.wrongs(instance, rules, roster) == []
        assert roster is None or path.cost == cost_of(costs[number], codes, roster)
        costly[number] = path and path.cost
    return costly


@pytest.mark.parametrize("few", [personal.FEW, 0])
def test_the_cheapest_roster_is_the_cheapest_of_all_there_are(both, monkeypatch, few):
    """Three people at a time, each with rules of their own, share one search; limits are counted early or late."""
    monkeypatch.setattr(personal, "FEW", few)
    impossible = 0
    for seed in range(100):
        problem, instance = both(instances.puzzle(f"{few} {seed}").text)
        costs = drawn_costs(Random(seed), problem)
        least = least_costs(problem, instance, costs)

        assert (seed, judged(problem, instance, costs, Personal(problem).best(costs))) == (seed, least)
        impossible += list(least.values()).count(None)

    assert 20 < impossible < 150


def test_the_cheapest_roster_of_somebody_costs_the_same_whoever_else_is_asked_about(both, monkeypatch):
    def cost_by_worker(found):
        return {number: path and path.cost for number, path in found.items()}

    for seed in range(40):
        problem, _instance = both(instances.puzzle(seed, people=6).text)
        costs = drawn_costs(Random(seed), problem)
        people = Personal(problem)

        together = cost_by_worker(people.best(costs))
        alone = [cost_by_worker(people.best(costs, [number])) for number in together]
        with monkeypatch.context() as little_memory:
            little_memory.setattr(personal, "ROOM", 1)
            one_by_one = cost_by_worker(people.best(costs))

        assert alone == [{number: cost} for number, cost in together.items()]
        assert one_by_one == together


ODD = """\
SECTION_HORIZON
7
SECTION_SHIFTS
E,{minutes},
SECTION_STAFF
Ana,E=7,4800,0,{runs},{rest},2
SECTION_COVER
"""


@pytest.mark.parametrize(
    ("minutes", "runs", "rest"),
    [
        pytest.param(480, "2,4", 1, id="no run can be long enough, but at the ends"),
        pytest.param(480, "1,2", 1, id="single days, but not between days off"),
        pytest.param(480, "0,1", 1, id="no work at all"),
        pytest.param(480, "9,9", 9, id="runs longer than all days"),
        pytest.param(480, "7,0", 0, id="no least runs"),
        pytest.param(0, "3,1", 1, id="shifts of no minutes"),
    ],
)
def test_rules_may_be_odd(both, minutes, runs, rest):
    for seed in range(5):
        problem, instance = both(ODD.format(minutes=minutes, runs=runs, rest=rest))
        costs = drawn_costs(Random(seed), problem)

        assert judged(problem, instance, costs, Personal(problem).best(costs)) == least_costs(
            problem, instance, costs
        )


# Whole problems, against an exact program over all rosters of everybody.


class Exactly:
    """One of all rosters for each person, each a variable; what a problem adds is put on top."""

    def __init__(self, instance):
        self.model, self.cost, self.cells = cp_model.CpModel(), 0, {}
        for person, rules in instance.staff.items():
            self.model.add_exactly_one(
                self._roster(instance, person, roster) for roster in checker.every_roster(instance, rules)
            )
        for day, shift, wanted, under, over in instance.cover:
            there = sum(self.worked(person, day, shift) for person in instance.staff)
            self.between(there, wanted, wanted, under, over)

    def _roster(self, instance, person, roster):
        rows = [(person, day, shift) for day, shift in enumerate(roster) if shift is not None]
        chosen = self.model.new_bool_var("")
        for row in rows:
            self.cells.setdefault(row, []).append(chosen)
        mine = [request for request in instance.wished if request[0] == person and request[:3] not in rows]
        mine += [request for request in instance.unwished if request[:3] in rows]
        self.cost += sum(weight for *_cell, weight in mine) * chosen
        return chosen

    def worked(self, *cell):
        return sum(self.cells.get(cell, []))

    def between(self, total, least, most, under, over):
        missing, beyond = (self.model.new_int_var(0, 10_000, "") for _side in range(2))
        self.model.add(missing >= least - total)
        self.model.add(beyond >= total - most)
        self.cost += under * missing + over * beyond

    def filled(self, group):
        """A variable that is at most 1, and 0 with nobody in the group."""
        filled = self.model.new_bool_var("")
        self.model.add(filled <= sum(self.worked(*cell) for cell in group))
        return filled

    def least(self):
        self.model.minimize(self.cost)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        assert solver.solve(self.model) == cp_model.OPTIMAL
        return round(solver.objective_value)


def tiny(seed):
    return instances.solvable(seed, people=(3, 3), days=(7, 9), kinds=(1, 2)).text


def solved_until(problem, least):
    """Solves until the least price is reached, or for three seconds; what was heard on the way, and what was found."""
    heard = []

    def is_reached():
        return heard != [] and heard[-1].bound is not None and heard[-1].price == least

    return heard, rostering.solve(problem, seconds=3, seed=3, tell=heard.append, stop=is_reached)


def test_the_bound_holds_and_the_price_is_the_least(both):
    """The bound always; the price of all but one in forty, as what finds rosters proves nothing."""
    dearer = []
    for seed in range(40):
        problem, instance = both(tiny(seed))
        least = Exactly(instance).least()

        heard, found = solved_until(problem, least)

        assert (seed, [told.bound for told in heard if (told.bound or 0) > least]) == (seed, [])
        assert found.bound is not None and found.bound <= least <= found.price.total
        assert checker.check(instance, rows_of(found.roster)) == (found.price.total, [])
        dearer += [seed] if found.price.total > least else []

    assert len(dearer) <= 1


def with_more(random, problem):
    """The same problem with sums to balance and teams to mix."""
    cells = [
        (who, day, shift)
        for who in problem.workers
        for day in range(problem.days)
        for shift in problem.shifts
    ]
    balances, mixes = [], []
    for _balance in range(random.randint(1, 3)):
        weights = {cell: random.choice((1, 1, 2, 8)) for cell in random.sample(cells, len(cells) // 2)}
        least = random.randint(0, 12)
        prices = random.randint(0, 20), random.randint(0, 20)
        balances.append(Balance("made up", weights, least, least + random.randint(0, 3), *prices))
    for _mix in range(random.randint(1, 2)):
        groups = tuple(frozenset(random.sample(cells, random.randint(1, 3))) for _group in range(3))
        mixes.append(Mix(groups, random.randint(1, 3), random.randint(1, 60)))
    return replace(problem, balances=tuple(balances), mixes=tuple(mixes))


def more_of_the_price(problem, roster):
    cells = set(rows_of(roster))
    cost = 0
    for balance in problem.balances:
        total = sum(weight for cell, weight in balance.weights.items() if cell in cells)
        cost += balance.under * max(balance.least - total, 0) + balance.over * max(total - balance.most, 0)
    for mix in problem.mixes:
        cost += mix.price * max(mix.least - sum(1 for group in mix.groups if group & cells), 0)
    return cost


def test_with_balances_and_mixes_too_no_roster_costs_less_than_the_bound(both):
    for seed in range(20):
        problem, instance = both(tiny(seed))
        problem = with_more(Random(seed), problem)
        exactly = Exactly(instance)
        for balance in problem.balances:
            total = sum(weight * exactly.worked(*cell) for cell, weight in balance.weights.items())
            exactly.between(total, balance.least, balance.most, balance.under, balance.over)
        for mix in problem.mixes:
            filled = sum(exactly.filled(group) for group in mix.groups)
            exactly.between(filled, mix.least, len(mix.groups), mix.price, 0)

        found = rostering.solve(problem, seconds=0.3, seed=3)

        objective, wrong = checker.check(instance, rows_of(found.roster))
        assert (seed, found.price.total, wrong) == (
            seed,
            objective + more_of_the_price(problem, found.roster),
            [],
        )
        least = exactly.least()
        assert least <= found.price.total
        assert (seed, found.bound is None or found.bound <= least) == (seed, True)


# The run.


@pytest.mark.parametrize("seed", [0, 1, 12, 14])
def test_the_same_seed_finds_the_same_roster_again(both, seed):
    problem, _instance = both(instances.solvable(seed).text)

    found, again = (rostering.solve(problem, seconds=60, seed=7) for _time in range(2))

    assert found.bound == found.price.total
    assert found == again
    assert found.gap == 0.0


def test_the_same_seed_goes_the_same_way_as_long_as_nobody_looks_at_the_clock(both):
    """Stopped not by time, but whenever the solver has asked so often whether to go on."""
    problem, instance = both(instances.solvable(8).text)

    def run():
        questions, heard = iter(range(200)), []
        found = rostering.solve(
            problem, seconds=600, seed=2, tell=heard.append, stop=lambda: next(questions, None) is None
        )
        return found, [(told.price, told.bound, told.roster) for told in heard]

    found, heard = run()

    assert (found, heard) == run()
    assert checker.check(instance, rows_of(found.roster)) == (found.price.total, [])


def test_stopped_before_it_began_it_has_a_roster_and_no_bound(both):
    problem, instance = both(instances.solvable(3).text)

    found = rostering.solve(problem, seconds=60, stop=lambda: True)

    assert checker.check(instance, rows_of(found.roster)) == (found.price.total, [])
    assert (found.bound, found.gap) == (None, None)


def test_stopped_on_the_way_it_answers_the_best_so_far(both):
    problem, instance = both(instances.solvable(8).text)
    heard = []

    found = rostering.solve(problem, seconds=60, tell=heard.append, stop=lambda: len(heard) >= 2)

    assert found.seconds < 30
    assert (found.price.total, found.roster) == (heard[-1].price, heard[-1].roster)
    assert checker.check(instance, rows_of(found.roster)) == (found.price.total, [])


@pytest.mark.parametrize("seed", [2, 8, 28])
def test_who_listens_hears_of_prices_that_never_rise_and_bounds_that_never_fall(both, seed):
    problem, instance = both(instances.solvable(seed).text)
    heard = []

    found = rostering.solve(problem, seconds=1, tell=heard.append)

    prices = [told.price for told in heard]
    bounds = [told.bound for told in heard if told.bound is not None]
    assert prices == sorted(prices, reverse=True)
    assert bounds == sorted(bounds)
    assert [told.seconds for told in heard] == sorted(told.seconds for told in heard)
    assert [checker.check(instance, rows_of(told.roster)) for told in heard] == [
        (price, []) for price in prices
    ]
    assert (prices[-1], heard[-1].roster) == (found.price.total, found.roster)
