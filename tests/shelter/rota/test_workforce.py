"""The cheapest roster under the law: by trying every week, and held against the law itself, rule by rule."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import product
from random import Random

import numpy as np
import pytest

from shelter import nights
from shelter.rota import judging, law
from shelter.rota.terms import Terms
from shelter.rota.timeline import Stint, Timeline, midnight, week_from
from shelter.rota.workforce import DAYS, Before, Calendar, Member, Workforce, patterns_of

pytestmark = pytest.mark.pure

MONDAY = date(2026, 11, 16)
SPRING = date(2027, 3, 22)  # its Sunday has 23 hours
KINDS = {
    "evening": ("18:30", "00:30"),
    "night": ("21:00", "07:00"),
    "late": ("23:00", "09:00"),
    "morning": ("06:00", "10:00"),
}
TERMS = Terms(
    break_least=None, tolerance_percent=None, free_weekends=None, days_in_a_row=5, nights_in_a_row=3,
)  # fmt: skip
STRICT = [rule for rule in law.LAW if rule.code not in {"night_mean", "monthly_reference", "free_weekends"}]


def at(day, text):
    moment = datetime.combine(day, time.fromisoformat(text))
    return moment.replace(tzinfo=nights.LUXEMBOURG).astimezone(midnight(day).tzinfo)


def stint(day, kind):
    starts, ends = KINDS[kind]
    return Stint(at(day, starts), at(day if ends > starts else day + nights.ONE_DAY, ends))


def week_of(monday, kinds):
    return tuple(tuple(stint(monday + timedelta(days=day), kind) for day in range(DAYS)) for kind in kinds)


def is_lawful(stints, monday, weeks, terms, rules=STRICT):
    line = Timeline(monday, monday + timedelta(days=DAYS * weeks - 1), terms, tuple(stints))
    return judging.findings(line, rules) == []


def stints_of(pattern, monday, kinds):
    return [stint(monday + timedelta(days=day), kinds[kind - 1]) for day, kind in enumerate(pattern) if kind]


@pytest.mark.parametrize("monday", [MONDAY, SPRING])
@pytest.mark.parametrize(
    "changes", [{}, {"is_under_strain": True}, {"week_most": 1800}, {"weekly_rest": 3600}]
)
def test_the_patterns_of_a_week_are_those_that_the_law_allows_and_no_others(monday, changes):
    kinds, terms = ("evening", "night"), replace(TERMS, **changes)
    every = product(range(len(kinds) + 1), repeat=DAYS)
    lawful = {pattern for pattern in every if is_lawful(stints_of(pattern, monday, kinds), monday, 1, terms)}

    listed = patterns_of(week_of(monday, kinds), week_from(monday), [None] * 2, terms)

    assert {tuple(map(int, cells)) for cells in listed.cells} == lawful


@pytest.mark.parametrize("before", ["evening", "night", "late"])
def test_a_week_after_a_sunday_at_work_keeps_the_law_across_the_night(before):
    """Which patterns may follow is what the law says of both together: rest over Sunday night, hours that spill.

    Runs of days and nights are counted where weeks are strung together.
    """
    rules = [rule for rule in STRICT if not rule.code.endswith("_in_a_row")]
    kinds, sunday = ("evening", "late"), stint(MONDAY - nights.ONE_DAY, before)
    listed = patterns_of(week_of(MONDAY, kinds), week_from(MONDAY), [sunday], TERMS)
    counts = np.diff([*listed.first, len(listed.cells)])
    may_follow = np.repeat([1 in listed.ways_in[way].after for way, _out in listed.pairs], counts)

    told = {tuple(map(int, cells)): bool(may) for cells, may in zip(listed.cells, may_follow, strict=True)}

    assert told == {
        pattern: is_lawful([sunday, *stints_of(pattern, MONDAY, kinds)], MONDAY, 1, TERMS, rules)
        for pattern in told
    }


def workforce(weeks, kinds, terms, is_open, before=None):
    mondays = [MONDAY + timedelta(days=DAYS * week) for week in range(weeks)]
    calendar = Calendar(tuple(week_of(monday, kinds) for monday in mondays), tuple(map(week_from, mondays)))
    member = Member("somebody", terms, is_open, before or Before())
    return Workforce(calendar, [member], range(len(kinds)))


def lawful_stints(path, kinds):
    return [
        stint(MONDAY + timedelta(days=day), kinds[cell]) for day, cell in enumerate(path.shifts) if cell >= 0
    ]


@pytest.mark.parametrize("seed", range(12))
def test_no_lawful_week_is_cheaper_than_the_cheapest(seed):
    chance, kinds = Random(seed), ("evening", "night", "morning")
    costs = np.array([[[chance.uniform(-20, 8) for _kind in kinds] for _day in range(DAYS)]])
    is_open = np.array([[chance.random() < 0.8 for _kind in kinds] for _day in range(DAYS)])
    every = product(range(len(kinds) + 1), repeat=DAYS)
    prices = {
        pattern: sum(costs[0, day, kind - 1] for day, kind in enumerate(pattern) if kind)
        for pattern in every
        if all(kind == 0 or is_open[day, kind - 1] for day, kind in enumerate(pattern))
    }
    cheapest = next(
        price
        for price, pattern in sorted((price, pattern) for pattern, price in prices.items())
        if is_lawful(stints_of(pattern, MONDAY, kinds), MONDAY, 1, TERMS)
    )

    path = workforce(1, kinds, TERMS, is_open).best(costs)[0]

    assert path.cost == pytest.approx(cheapest)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_cheapest_over_five_weeks_keeps_the_law(seed):
    chance, kinds = Random(100 + seed), tuple(KINDS)
    costs = np.array([[[chance.uniform(-20, 4) for _kind in kinds] for _day in range(5 * DAYS)]])
    is_open = np.array([[chance.random() < 0.9 for _kind in kinds] for _day in range(5 * DAYS)])
    sunday = stint(MONDAY - nights.ONE_DAY, "night")
    members = workforce(5, kinds, TERMS, is_open, Before(sunday, days=2, nights=2))

    path = members.best(costs)[0]

    stints = [stint(MONDAY - 2 * nights.ONE_DAY, "night"), sunday, *lawful_stints(path, kinds)]
    assert is_lawful(stints, MONDAY, 5, TERMS)
    assert path.cost == pytest.approx(
        sum(costs[0, day, cell] for day, cell in enumerate(path.shifts) if cell >= 0)
    )
    assert all(is_open[day, cell] for day, cell in enumerate(path.shifts) if cell >= 0)


def test_somebody_for_whom_nothing_is_open_stays_at_home_and_what_is_fixed_stays():
    kinds, closed = ("evening", "night"), np.zeros((DAYS, 2), dtype=bool)
    costs = np.full((1, DAYS, 2), -5.0)
    fixed = closed.copy()
    fixed[3, 1] = True
    calendar = Calendar((week_of(MONDAY, kinds),), (week_from(MONDAY),))
    members = [Member("free", TERMS, closed), Member("fixed", TERMS, fixed, must=frozenset({(3, 2), (4, 0)}))]

    found = Workforce(calendar, members, range(2)).best(np.concatenate([costs, costs + 9]))

    assert found[0].shifts == (-1,) * DAYS
    assert found[1].shifts == (-1, -1, -1, 1, -1, -1, -1)


def test_what_is_fixed_against_the_law_leaves_no_roster():
    kinds, is_open = ("evening", "night"), np.ones((DAYS, 2), dtype=bool)
    calendar = Calendar((week_of(MONDAY, kinds),), (week_from(MONDAY),))
    six = frozenset((day, 1) for day in range(6))

    found = Workforce(calendar, [Member("six days", TERMS, is_open, must=six)], range(2)).best(
        np.zeros((1, DAYS, 2))
    )

    assert found == {0: None}
