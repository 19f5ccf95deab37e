"""The cheapest way to fill empty places: by examples counted by hand, and by trying every set of changes there is."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from random import Random

import pytest

from shelter import nights
from shelter.rota import law
from shelter.rota.repairing import SMALLEST, Colleague, Duty, Prices, name_of, ways
from shelter.rota.terms import Terms
from shelter.rota.timeline import Absence, Qualification, Stint, Timeline

pytestmark = pytest.mark.pure

MONDAY = date(2026, 11, 16)
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
KINDS = {
    "morning": ("06:00", "10:00"),
    "day": ("08:00", "18:00"),
    "evening": ("18:30", "00:30"),
    "night": ("21:00", "07:00"),
}
TERMS = Terms(break_least=None)
DEAR = Prices(gap=5_000, critical_gap=9_000, give=1_000, take=1_000, rules={"absent.leave": 1_700})
CHEAP = Prices(
    gap=500,
    critical_gap=2_000,
    give=10,
    take=30,
    rules={"absent.leave": 200, "weekly_rest": 450, "week_limit": 300, "days_in_a_row": 50},
)


def at(day, text):
    moment = datetime.combine(MONDAY + timedelta(days=day), time.fromisoformat(text))
    return moment.replace(tzinfo=nights.LUXEMBOURG).astimezone(UTC)


def duty(day, kind, skill="host", *, is_critical=False):
    starts, ends = KINDS[kind]
    stint = Stint(at(day, starts), at(day if ends > starts else day + 1, ends), role=skill)
    return Duty(stint, 10 * day + list(KINDS).index(kind), is_critical)


def colleague(number, *held, fixed=(), terms=TERMS, absences=(), skills=("host",), **known):
    """Somebody with what may be taken from them (`held`), and with what may not (`fixed`, stints)."""
    line = Timeline(
        first=MONDAY - timedelta(days=7),
        last=MONDAY + timedelta(days=13),
        terms=terms,
        stints=(*(each.stint for each in held), *fixed),
        absences=tuple(absences),
        qualifications=tuple(Qualification(skill, date(2020, 1, 1)) for skill in skills),
    )
    return Colleague(number, line, held, **known)


def away(day, kind="leave"):
    return Absence(at(day, "00:00"), at(day + 2, "00:00"), kind)


def cheapest(empty, colleagues, **known):
    found = ways(empty, colleagues, **known)
    assert found.is_proven
    return found.ways[0]


# By example.


def test_somebody_who_is_free_takes_it_and_nothing_else_changes():
    place = duty(WED, "night")

    way = cheapest([place], [colleague(1, duty(MON, "day"))])

    assert way.given == ((1, place),)
    assert (way.taken, way.empty, way.broken, way.price) == ((), (), (), 1_000)
    assert way.people == {1}


def test_nothing_is_done_where_nothing_is_empty():
    way = cheapest([], [colleague(1, duty(MON, "day"))])

    assert (way.given, way.taken, way.empty, way.price) == ((), (), (), 0)


def test_where_nobody_can_take_it_outright_one_takes_it_and_another_takes_theirs():
    place, other = duty(WED, "night", "lead"), duty(WED, "evening")
    staff = [colleague(1, other, skills=["host", "lead"]), colleague(2)]

    way = cheapest([place], staff)

    assert way.given == ((2, other), (1, place))
    assert way.taken == ((1, other),)
    assert (way.empty, way.price) == ((), 3_000)


def test_a_place_that_is_to_spare_may_be_taken_and_needs_nobody():
    place, other = duty(WED, "night"), duty(WED, "evening")
    staff = [colleague(1, other)]

    way = cheapest([place], staff, spare={(other.shift, "host"): 1})

    assert (way.given, way.taken, way.empty, way.price) == (((1, place),), ((1, other),), (), 2_000)
    assert cheapest([place], staff).empty == (place,)
    assert cheapest([place], staff, spare={(other.shift, "lead"): 1}).empty == (place,)


def test_of_two_in_one_shift_only_as_many_are_to_spare_as_there_are():
    """Both would have to leave the evening for the night; one of them may."""
    place, other = duty(WED, "night"), duty(WED, "evening")
    staff = [colleague(1, other), colleague(2, other)]

    way = cheapest([place, place], staff, spare={(other.shift, "host"): 1})

    assert (way.given, way.taken, way.empty) == (((1, place),), ((1, other),), (place,))
    assert way.price == 102_000


def test_a_place_that_nobody_may_take_is_left_empty_for_its_price():
    place = duty(WED, "night")
    staff = [
        colleague(1, skills=["lead"]),
        colleague(2, absences=[away(WED)]),
        colleague(3, fixed=[duty(WED, "evening").stint]),
        colleague(4, fixed=[Stint(at(WED, "23:00"), at(THU, "01:00"), elsewhere=True)]),
    ]

    way = cheapest([place], staff)

    assert (way.given, way.taken, way.empty, way.price) == ((), (), (place,), 100_000)
    assert cheapest([place], []) == way


def test_a_qualification_holds_on_the_days_it_is_valid():
    place, person = duty(WED, "night"), colleague(1)

    def qualified_until(day):
        held = Qualification("host", MONDAY, MONDAY + timedelta(days=day))
        return replace(person, line=replace(person.line, qualifications=(held,)))

    assert cheapest([place], [qualified_until(TUE)]).empty == (place,)
    assert cheapest([place], [qualified_until(WED)]).given == ((1, place),)


def test_of_two_places_for_one_person_the_critical_one_is_filled():
    plain, critical = duty(WED, "evening"), duty(WED, "night", is_critical=True)

    way = cheapest([plain, critical], [colleague(1)], prices=DEAR)

    assert (way.given, way.empty, way.price) == (((1, critical),), (plain,), 6_000)


def test_a_place_that_is_not_critical_is_given_up_for_one_that_is():
    plain, critical = duty(WED, "evening"), duty(WED, "night", is_critical=True)

    way = cheapest([critical], [colleague(1, plain)], prices=DEAR)

    assert (way.given, way.taken, way.empty) == (((1, critical),), ((1, plain),), (plain,))
    assert way.price == 7_000  # and 9,000 to leave the critical one
    assert cheapest([plain], [colleague(1, critical)], prices=DEAR).price == 5_000


def test_two_places_at_one_time_are_not_given_to_one_person():
    place = duty(WED, "night")

    way = cheapest([place, place], [colleague(1)])

    assert (way.given, way.empty, way.price) == (((1, place),), (place,), 101_000)


@pytest.mark.parametrize(("most", "given_up"), [(840, 2), (720, None)])
def test_two_shifts_are_given_up_for_one_but_not_three(most, given_up):
    """Of three mornings of four hours, one may stay beside ten hours in a week of fourteen, none in one of twelve."""
    mornings, place = [duty(day, "morning") for day in (MON, TUE, THU)], duty(SAT, "day", "lead")
    terms = replace(TERMS, week_most=most)
    staff = [colleague(1, *mornings, terms=terms, skills=["host", "lead"]), colleague(2)]

    way = cheapest([place], staff)

    if given_up:
        assert len(way.taken) == given_up
        assert {number for number, each in way.given if each != place} == {2}
        assert (way.empty, way.price) == ((), 5_000)
    else:
        assert (way.given, way.empty, way.price) == ((), (place,), 100_000)


def without_long_rest():
    """Somebody whose longest rest of the week falls to 38 hours if they work on Thursday as well."""
    return colleague(1, duty(TUE, "day"), fixed=[duty(SAT, "day").stint])


def test_a_rule_with_a_price_is_broken_where_that_is_cheaper_than_a_gap_and_is_named():
    place = duty(THU, "day")

    broken = cheapest([place], [without_long_rest()], prices=CHEAP)
    unbroken = cheapest([place], [without_long_rest()], prices=replace(CHEAP, gap=400))

    assert (broken.given, broken.taken, broken.empty, broken.price) == (((1, place),), (), (), 460)
    assert [(number, name_of(finding), finding.day) for number, finding in broken.broken] == [
        (1, "weekly_rest", MONDAY)
    ]
    assert broken.broken[0][1].facts == {"minutes": 38 * 60, "least": 44 * 60}
    assert (unbroken.given, unbroken.empty, unbroken.broken, unbroken.price) == ((), (place,), (), 400)


def test_a_rule_with_a_price_is_kept_where_changing_more_is_cheaper():
    place, other = duty(THU, "day"), duty(TUE, "day")

    way = cheapest(
        [place], [without_long_rest(), colleague(2, fixed=[duty(THU, "morning").stint])], prices=CHEAP
    )

    assert (way.given, way.taken) == (((2, other), (1, place)), ((1, other),))
    assert (way.empty, way.broken, way.price) == ((), (), 50)


def test_a_rule_without_a_price_is_never_broken():
    place = duty(THU, "day")
    prices = replace(SMALLEST, gap=10**9, critical_gap=10**9, rules={"absent.leave": 1})

    way = cheapest([place], [replace(without_long_rest(), held=())], prices=prices)

    assert (way.given, way.empty, way.price) == ((), (place,), 10**9)


def test_leave_may_have_a_price_while_nobody_who_is_ill_is_asked():
    place = duty(WED, "night")
    ill, on_leave = colleague(1, absences=[away(WED, "sick")]), colleague(2, absences=[away(WED)], load=9.0)

    way = cheapest([place], [ill, on_leave], prices=DEAR)

    assert (way.given, way.price) == (((2, place),), 2_700)
    assert [(number, name_of(finding)) for number, finding in way.broken] == [(2, "absent.leave")]
    assert cheapest([place], [ill], prices=DEAR).empty == (place,)
    both = colleague(3, absences=[away(WED), away(THU, "sick")])
    assert cheapest([place], [both], prices=DEAR).empty == (place,)


def test_the_three_cheapest_ways_come_in_the_order_of_their_prices():
    """Two would have to move their leave; one would give up an evening, which a fourth can take."""
    place, other, both = duty(WED, "night", "lead"), duty(WED, "evening"), ["host", "lead"]
    staff = [
        colleague(1, absences=[away(WED)], skills=both),
        colleague(2, other, skills=both),
        colleague(3, absences=[away(TUE)], skills=both),
        colleague(4),
    ]

    found = ways([place], staff, prices=DEAR, most=3)
    every = ways([place], staff, prices=DEAR, most=99)

    assert [way.price for way in found.ways] == [2_700, 2_700, 3_000]
    assert [way.given for way in found.ways] == [((1, place),), ((3, place),), ((4, other), (2, place))]
    assert found.is_proven
    assert every.ways[:3] == found.ways
    assert [way.price for way in every.ways] == [2_700, 2_700, 3_000, 4_700, 4_700, 5_000, 7_000]
    assert len({(way.given, way.taken, way.empty) for way in every.ways}) == 7
    assert every.is_proven


def test_what_is_stopped_is_not_proven():
    place, answers = duty(WED, "night"), iter([True, True, False])
    staff = [colleague(1), colleague(2)]

    at_once = ways([place], staff, go_on=lambda: False)
    soon = ways([place], staff, most=3, go_on=lambda: next(answers))

    assert (at_once.ways, at_once.is_proven, at_once.tried) == ((), False, 0)
    assert [way.price for way in soon.ways] == [1_000]
    assert (soon.is_proven, soon.tried) == (False, 2)


def test_of_equals_the_one_with_less_to_do_is_chosen():
    place = duty(WED, "night")
    staff = [colleague(1, load=0.5), colleague(3, load=0.2), colleague(2, load=0.2)]

    found = ways([place], staff, most=3)

    assert [way.given for way in found.ways] == [((2, place),), ((3, place),), ((1, place),)]


@pytest.mark.parametrize(
    "known",
    [
        {"fixed": [duty(TUE, "night").stint]},
        {"fixed": [duty(day, "day").stint for day in (MON, TUE, THU, FRI)]},
        {"terms": replace(TERMS, day_most=480)},
        {"terms": Terms()},
    ],
    ids=["rest", "week", "day", "break"],
)
def test_who_is_not_protected_is_not_held_to_limits_of_time(known):
    place = duty(WED, "day")

    assert cheapest([place], [colleague(1, **known)]).empty == (place,)
    assert cheapest([place], [colleague(1, is_protected=False, **known)]).given == ((1, place),)


@pytest.mark.parametrize(
    "known",
    [
        {"fixed": [duty(WED, "morning").stint]},
        {"fixed": [Stint(at(WED, "17:00"), at(WED, "20:00"), elsewhere=True)]},
        {"absences": [away(TUE)]},
        {"skills": ["lead"]},
    ],
    ids=["overlap", "elsewhere", "absence", "qualification"],
)
def test_who_is_not_protected_is_still_in_one_place_there_and_qualified(known):
    place = duty(WED, "day")

    assert cheapest([place], [colleague(1, is_protected=False, **known)]).empty == (place,)


# By trying everything.


def price_of_rules(person, taken, given, prices):
    """What the rules cost that somebody breaks in the end; None where one of them has no price."""
    gone = {each.stint for each in taken}
    stints = [stint for stint in person.line.stints if stint not in gone]
    line = replace(person.line, stints=(*stints, *(each.stint for each in given)))
    rules = law.STRICT if person.is_protected else law.FOR_EVERYBODY
    broken = [
        prices.rules.get(f"absent.{finding.facts['kind']}" if rule.code == "absent" else rule.code)
        for rule in rules
        for finding in rule.check(line)
    ]
    return None if None in broken else sum(broken)


def choices(person, places, prices, most):
    """All that one person could be given and could give up, two for each at most: (given, taken, price)."""
    skills = {held.role for held in person.line.qualifications}
    open_to = [each for each in places if each.skill in skills and each not in person.held]
    yield (), (), 0
    for number in range(1, len(open_to) + 1):
        for given in combinations(open_to, number):
            for many in range(min(2 * number, len(person.held)) + 1):
                price = number * prices.give + many * prices.take
                if price > most:
                    break
                for taken in combinations(person.held, many):
                    broken = price_of_rules(person, taken, given, prices)
                    if broken is not None:
                        yield given, taken, price + broken


def least_price(empty, staff, prices, spare, most):
    """The least that filling these places can cost, among all that costs `most` or less; None if nothing does."""
    places = Counter([*empty, *(held for each in staff for held in each.held)])
    together = {((), ()): 0}
    for person in staff:
        own, before, together = list(choices(person, sorted(places), prices, most)), together, {}
        for (given, taken), price in before.items():
            for more, fewer, added in own:
                all_given = tuple(sorted((*given, *more)))
                if price + added <= most and all(all_given.count(each) <= places[each] for each in more):
                    key = all_given, tuple(sorted((*taken, *fewer)))
                    together[key] = min(price + added, together.get(key, most))
    critical = {each for each in places if each.is_critical}
    totals = []
    for (given, taken), price in together.items():
        left = Counter(empty)
        for each, number in Counter(taken).items():
            left[each] += max(0, number - spare.get((each.shift, each.skill), 0))
        left.subtract(given)
        if min(left.values()) >= 0:
            gaps = ((prices.critical_gap if each in critical else prices.gap) for each in left.elements())
            totals.append(price + sum(gaps))
    return min(totals, default=None)


def invented(chance, most_empty):
    """A week of places by chance, one skill to a shift: some empty, the others held as the law allows, some twice."""
    places = [
        duty(day, kind, chance.choice(["host", "host", "host", "lead"]), is_critical=chance.random() < 0.3)
        for day in range(7)
        for kind in KINDS
        if chance.random() < 0.3
    ]
    places += chance.sample(places, 2)
    chance.shuffle(places)
    number = chance.randint(1, most_empty)
    empty, rest = places[:number], places[number:]
    staff = [_somebody(chance, number, rest) for number in range(chance.choice([3, 4]))]
    there = Counter(held for each in staff for held in each.held)
    spare = {
        (each.shift, each.skill): 1
        for each, number in there.items()
        if each not in empty and chance.random() < (0.8 if number > 1 else 0.05)
    }
    return empty, staff, spare


def _somebody(chance, number, rest):
    """Takes what they hold from the rest; a fourth place is theirs for good."""
    person = colleague(
        number,
        terms=replace(
            TERMS,
            week_most=chance.choice([2880, 1500]),
            weekly_rest=chance.choice([2640, 4500]),
            is_night_worker=chance.random() < 0.3,
            night_mean=chance.choice([480, 240]),
        ),
        absences=[away(chance.randrange(7), chance.choice(["leave", "sick"]))] * chance.randint(0, 1),
        skills=chance.choice([["host"], ["host"], ["lead"], ["host", "lead"]]),
        load=chance.random(),
        is_protected=chance.random() < 0.8,
    )
    held, most = [], chance.choice([1, 2, 2, 3, 4])
    for place in list(rest):
        if len(held) < most and price_of_rules(person, [], [*held, place], SMALLEST) is not None:
            held.append(place)
            rest.remove(place)
    line = replace(person.line, stints=tuple(place.stint for place in held))
    return replace(person, held=tuple(held[:3]), line=line)


@pytest.mark.parametrize("seed", range(28))
@pytest.mark.parametrize(
    ("prices", "most_empty"), [(SMALLEST, 3), (DEAR, 3), (CHEAP, 1)], ids=["smallest", "dear", "cheap"]
)
def test_no_set_of_changes_is_cheaper_than_the_cheapest_way(prices, most_empty, seed):
    """Where limits of a week have a price one place is empty: they are paid for with each place that is given."""
    empty, staff, spare = invented(Random(seed), most_empty)

    way = cheapest(empty, staff, prices=prices, spare=spare)

    assert way.price == least_price(empty, staff, prices, spare, most=way.price)


@pytest.mark.parametrize("prices", [SMALLEST, DEAR, CHEAP], ids=["smallest", "dear", "cheap"])
def test_each_way_fills_what_it_opens_keeps_the_law_and_costs_what_it_says(prices):
    for seed in range(40):
        empty, staff, spare = invented(Random(seed), 2)
        places = [*empty, *(held for each in staff for held in each.held)]
        critical = {each for each in places if each.is_critical}
        found = ways(empty, staff, prices=prices, spare=spare, most=4)

        assert [way.price for way in found.ways] == sorted(way.price for way in found.ways)
        for way in found.ways:
            missed = Counter(each for _number, each in way.taken)
            missed.subtract({each: spare.get((each.shift, each.skill), 0) for each in missed})
            filled = Counter(each for _number, each in way.given)
            assert filled + Counter(way.empty) == Counter(empty) + +missed, seed
            for person in staff:
                taken = [each for number, each in way.taken if number == person.number]
                given = [each for number, each in way.given if number == person.number]
                assert set(taken) <= set(person.held) - set(given), seed
                assert price_of_rules(person, taken, given, prices) is not None, seed
            gaps = (prices.critical_gap if each in critical else prices.gap for each in way.empty)
            rules = (prices.rules[name_of(finding)] for _number, finding in way.broken)
            changes = prices.give * len(way.given) + prices.take * len(way.taken)
            assert way.price == changes + sum(gaps) + sum(rules), seed


@pytest.mark.parametrize("seed", range(10))
def test_the_same_question_has_the_same_answer_however_it_is_put(seed):
    empty, staff, spare = invented(Random(seed), 3)
    known = {"prices": CHEAP, "spare": spare, "most": 4}

    found = ways(empty, staff, **known)

    assert ways(empty, staff, **known) == found
    assert ways(empty[::-1], staff[::-1], **known) == found
