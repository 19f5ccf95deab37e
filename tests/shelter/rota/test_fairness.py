"""The ledger of fairness, counted again minute by minute and place by place; what it owes; and who reads what of it."""

import hashlib
from collections import Counter
from datetime import date, time, timedelta
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from shelter import clock
from shelter.actions import planning as seasons
from shelter.actions import team
from shelter.models import Night, Occupant, OpeningPeriod, Person, Registration, Role, Season
from shelter.rota.actions import changing, people, planning, proposing, shifts
from shelter.rota.models import (
    Absence,
    Assignment,
    Change,
    Demand,
    Employment,
    Proposal,
    Qualification,
    Shift,
    ShiftTemplate,
    Skill,
    Wish,
)
from shelter.rota.queries.cases import case_of
from shelter.rota.queries.fairness import ledger, owed_before
from shelter.rota.timeline import midnight
from tests.conftest import BUILDER, FIRST_NIGHT
from tests.harness import count_queries, same_queries_for
from tests.plain_browser import SIGNED_IN_BY, PlainBrowser
from tests.shelter.rota.conftest import LONG_AGO, MONDAY, SUNDAY, colleague, day, employed

SEEDS = (6, 7)
KINDS = ("nights", "weekends", "holidays")
DUE = {"nights": "nights_due", "weekends": "weekends_due", "holidays": "holidays_due"}
LUXEMBOURG, MINUTE, A_DAY = ZoneInfo("Europe/Luxembourg"), timedelta(minutes=1), timedelta(days=1)
HOLIDAYS = {day(25, 12), day(26, 12), day(1, 1)}
AFTER_HOLIDAYS = day(3, 1)
HOMES = {"ana": "HUT", "ben": "HUT", "cleo": "HUT", "dana": "CRL", "emil": "IA", "vera": "CRL", "gus": "HUT"}
EMPLOYEES = ["ana", "ben", "cleo", "dana", "emil"]


@pytest.fixture
def plain(rota, clock_at):
    """Everybody has one employer, and only duties for qualifications; shifts are laid out until the holidays are over.

    From 21 December on mornings begin at six.
    """
    Employment.objects.filter(person=rota.people["cleo"], organisation__code="CRL").delete()
    Qualification.objects.filter(skill__code="first_aid").delete()
    ShiftTemplate.objects.filter(code="morning").update(starts=time(6))
    shifts.lay_out(first_night=day(21, 12), last_night=AFTER_HOLIDAYS, by=BUILDER)
    return rota


@pytest.fixture
def scene(plain):
    """By chance: who stands where (lawful or not), who is away or gone, crowds, wishes, changes."""

    def invented(seed):
        chance = Random(seed)
        plans = {code: plain.published(code, FIRST_NIGHT, AFTER_HOLIDAYS) for code in ("HUT", "CRL", "IA")}
        everything = list(Shift.objects.select_related("template", "night"))
        for name, code in HOMES.items():
            stand(plans[code], plain.people[name], chance.sample(everything, chance.randint(0, 30)), chance)
        for name in chance.sample(EMPLOYEES, 3):
            _away(plain.people[name], chance)
        _comings_and_goings(plain, chance)
        for number in (17, 26):
            guests(day(number), chance.choice([60, 120, 170]))
        _wishes(plain, chance)
        _changes(plain, chance, everything, plans["HUT"])
        return chance

    return invented


def stand(plan, person, chosen, chance):
    """Somebody is in some of these shifts, no two at once, each time in a duty that is asked for."""
    taken = []
    for shift in chosen:
        if any(shift.start < end and start < shift.end for start, end in taken):
            continue
        taken.append((shift.start, shift.end))
        skill = chance.choice([demand.skill for demand in shift.demands.order_by("pk")])
        give(plan, person, shift, skill)


def give(plan, person, shift, skill, *, stands=True):
    return Assignment.objects.create(
        plan=plan, shift=shift, skill=skill, person=person, start=shift.start, end=shift.end, stands=stands
    )


def _away(person, chance):
    for _time in range(chance.randint(1, 3)):
        begin = midnight(FIRST_NIGHT + timedelta(days=chance.randint(0, 48)))
        begin += timedelta(hours=chance.choice([0, 0, 9, 20]))
        people.block(
            person=person, kind=chance.choice(Absence.Kind.values), start=begin,
            end=begin + timedelta(hours=chance.choice([4, 24, 24 * 9])), by=BUILDER,
        )  # fmt: skip


def _comings_and_goings(rota, chance):
    """One qualification ends, one employment ends, somebody new begins in December."""
    Qualification.objects.filter(person=rota.people["ben"]).update(last_day=day(chance.randint(18, 30)))
    Employment.objects.filter(person=rota.people["dana"]).update(last_day=day(chance.randint(2, 30), 12))
    nils = colleague("Nils", skills=("host", "lead"))
    employed(nils, rota.organisations["IA"], minutes=1500, first_day=day(chance.randint(1, 20), 12))


def guests(night, number):
    crowd = Occupant.objects.bulk_create(Occupant() for _somebody in range(number))
    row = Night.objects.get(date=night)
    Registration.objects.bulk_create(
        Registration(occupant=somebody, night=row, registered_at=clock.now()) for somebody in crowd
    )


def _wishes(rota, chance):
    """On nights until the end of November, mornings left out."""
    wanted = [None, *(template for code, template in sorted(rota.templates.items()) if code != "morning")]
    for _time in range(40):
        people.wish(
            person=rota.people[chance.choice(list(HOMES))], night=day(chance.randint(16, 30)),
            template=chance.choice(wanted), is_on=chance.random() < 0.5, weight=chance.randint(1, 3), by=BUILDER,
        )  # fmt: skip


def _changes(rota, chance, everything, plan):
    somebody = [None, *(rota.people[name] for name in HOMES)]
    for shift in chance.sample(everything, 40):
        before, after = chance.choice(somebody), chance.choice(somebody)
        if before or after:
            Change.objects.create(
                plan=plan, shift=shift, skill=rota.skills["host"], before=before, after=after, kind="correction",
                at=clock.now(), notice_days=1, is_short=chance.random() < 0.6,
            )  # fmt: skip


# Counted again.


def on_the_wall(instant):
    return instant.astimezone(LUXEMBOURG)


@cache
def minutes_of(start, end, break_minutes):
    """Each minute of work as the clock on the wall shows it, without the break in the middle."""
    length = (end - start) // MINUTE
    pause = range((length - break_minutes) // 2, (length + break_minutes) // 2)
    return [on_the_wall(start + n * MINUTE) for n in range(length) if n not in pause]


@cache
def kinds_of(start, end, break_minutes):
    minutes, begins = minutes_of(start, end, break_minutes), on_the_wall(start)
    found = set()
    if sum(minute.hour >= 22 or minute.hour < 6 for minute in minutes) >= 180:
        found.add("nights")
    if begins.strftime("%a") in ("Sat", "Sun"):
        found.add("weekends")
    if {minute.date() for minute in minutes} & HOLIDAYS:
        found.add("holidays")
    return found


def hours_of(shift):
    return shift.start, shift.end, shift.break_minutes


class Recount:
    """What each employee had and was due from a day until another, from rows read one by one."""

    def __init__(self, first, last):
        self.first, self.last = first, last
        self.shifts = {
            shift.pk: shift
            for shift in Shift.objects.select_related("template", "night")
            if first <= on_the_wall(shift.start).date() <= last
        }
        self.kinds = {pk: kinds_of(*hours_of(shift)) for pk, shift in self.shifts.items()}
        self.employees = {
            row.person_id: row
            for row in Employment.objects.filter(kind="employee").select_related("person", "organisation")
            if row.first_day <= last and (row.last_day is None or first <= row.last_day)
        }
        self.held = list(Qualification.objects.select_related("skill").order_by("id"))
        self.away = list(Absence.objects.exclude(kind="elsewhere").order_by("id"))
        self.standing = [
            row
            for row in Assignment.objects.filter(stands=True).select_related("shift__night").order_by("id")
            if row.shift_id in self.shifts
        ]

    def had(self, person, kind):
        return sum(row.person_id == person and kind in self.kinds[row.shift_id] for row in self.standing)

    def due(self):
        """By person and kind; and by kind all places that anybody can do."""
        due = {person: dict.fromkeys(KINDS, 0.0) for person in self.employees}
        places = Counter()
        for demand in Demand.objects.filter(shift__in=self.shifts).select_related("skill", "shift__night"):
            number = self._places(demand)
            able = self._able(demand.skill_id, on_the_wall(self.shifts[demand.shift_id].start).date())
            for kind in self.kinds[demand.shift_id]:
                places[kind] += number if able else 0
                for person, weight in able.items():
                    due[person][kind] += number * weight / sum(able.values())
        return due, places

    def _places(self, demand):
        """As many as are needed, without those that volunteers, guards and the like are in."""
        here = Registration.objects.filter(night=demand.shift.night, withdrawn_at=None).count()
        needed = demand.minimum
        while demand.per_guests and needed * demand.per_guests < here:
            needed += 1
        others = sum(
            (row.shift_id, row.skill_id) == (demand.shift_id, demand.skill_id)
            and row.person_id not in self.employees
            for row in self.standing
        )
        return max(0, needed - others)

    def _able(self, skill, on):
        """By person the hours of the contract, of whoever is there on a day, in parts for each duty they can do."""
        found = {}
        for person, employment in self.employees.items():
            mine = {row.skill_id for row in self.held if row.person_id == person and holds(row, on)}
            if skill in mine and holds(employment, on) and not self.is_away(person, on):
                found[person] = employment.weekly_minutes / len(mine)
        return found

    def is_away(self, person, on, kinds=("leave", "sick", "training", "unavailable")):
        begins, ends = midnight(on), midnight(on + A_DAY)
        return any(
            row.person_id == person and row.kind in kinds and row.start < ends and begins < row.end
            for row in self.away
        )

    def minutes(self, person):
        return sum(len(minutes_of(*hours_of(row.shift))) for row in self.standing if row.person_id == person)

    def minutes_due(self, person):
        employment, on, days = self.employees[person], self.first, 0
        while on <= self.last:
            days += holds(employment, on) and not self.is_away(person, on, ("leave", "sick", "training"))
            on += A_DAY
        return round(employment.weekly_minutes * days / 7)

    def refused(self, person):
        number = 0
        for wish in Wish.objects.filter(person=person).order_by("id"):
            if not self.first <= wish.night <= self.last:
                continue
            begins = midnight(wish.night), midnight(wish.night + timedelta(days=1))
            rows = Assignment.objects.filter(
                stands=True, person=person, start__gte=begins[0], start__lt=begins[1]
            )
            if wish.template_id:
                rows = rows.filter(shift__template=wish.template_id)
            number += not rows.exists() if wish.is_on else rows.exists()
        return number

    def short(self, person):
        return sum(
            change.is_short
            and self.first <= change.shift.night.date <= self.last
            and person in (change.before_id, change.after_id)
            for change in Change.objects.select_related("shift__night").order_by("id")
        )


def holds(row, on):
    return row.first_day <= on and (row.last_day is None or on <= row.last_day)


def shares_in(found):
    """By person and kind how many somebody had and was due, to be compared."""
    return {
        entry.person.pk: {
            kind: (share.had, pytest.approx(share.due), pytest.approx(share.balance))
            for kind, share in entry.shares.items()
        }
        for entry in found.entries
    }


def shares_again(recount, carried=None):
    due, _places = recount.due()
    return {
        person: {
            kind: (
                recount.had(person, kind),
                due[person][kind],
                recount.had(person, kind)
                - due[person][kind]
                + (carried or {}).get(person, dict.fromkeys(KINDS, 0))[kind],
            )
            for kind in KINDS
        }
        for person in recount.employees
    }


@pytest.mark.parametrize("seed", range(1, 5))
def test_the_ledger_is_that_of_employees_counted_again(scene, seed):
    until = FIRST_NIGHT + timedelta(days=scene(seed).choice([3, 10, 16, 40, 45, 49]))
    again = Recount(FIRST_NIGHT, until - A_DAY)

    found = ledger(until)

    assert (found.first, found.last) == (FIRST_NIGHT, until - A_DAY)
    assert shares_again(again) == shares_in(found)
    assert {
        each.person.pk: (each.minutes, each.minutes_due, each.refused, each.short) for each in found.entries
    } == {
        person: (again.minutes(person), again.minutes_due(person), again.refused(person), again.short(person))
        for person in again.employees
    }
    assert [(each.employment.organisation.code, each.person.name) for each in found.entries] == sorted(
        (row.organisation.code, row.person.name) for row in again.employees.values()
    )
    assert {"Vera", "Gus"} & {each.person.name for each in found.entries} == set()


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_due_adds_up_to_the_places_somebody_can_do(scene, seed):
    scene(seed)
    _due, places = Recount(FIRST_NIGHT, AFTER_HOLIDAYS - A_DAY).due()

    found = ledger(AFTER_HOLIDAYS)

    assert {kind: sum(entry.shares[kind].due for entry in found.entries) for kind in KINDS} == pytest.approx(
        places
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_the_spread_of_a_group_is_its_least_and_its_greatest_balance(scene, seed):
    scene(seed)
    again = Recount(FIRST_NIGHT, day(13, 12))
    shares = shares_again(again)
    expected = {}
    for skill in Skill.objects.filter(is_duty=True):
        able = [
            person
            for person in again.employees
            if any(held.person_id == person and held.skill_id == skill.pk for held in again.held)
        ]
        balances = {kind: sorted(shares[person][kind][2] for person in able) for kind in KINDS}
        expected[skill.code] = (
            len(able),
            {kind: pytest.approx((each[0], each[-1])) for kind, each in balances.items()},
        )

    found = ledger(day(14, 12))

    assert {spread.skill.code: (spread.people, spread.balances) for spread in found.spreads} == expected


# By hand.


def of(rota, found, name):
    return found.of(rota.people[name])


def test_there_is_no_ledger_before_the_season_has_a_night_behind_it(rota):
    Employment.objects.filter(kind="employee").exclude(person=rota.people["ana"]).delete()

    assert [ledger(FIRST_NIGHT), owed_before(FIRST_NIGHT)] == [None, {}]
    assert (ledger(day(16)).first, ledger(day(16)).last) == (FIRST_NIGHT, FIRST_NIGHT)
    assert ledger(date(2027, 8, 1)).last == date(2027, 4, 15)


def test_places_that_volunteers_and_guards_fill_are_due_to_nobody(plain):
    before = ledger(day(17))
    hut = plain.published("HUT", MONDAY, SUNDAY)
    crl = plain.published("CRL", MONDAY, SUNDAY)
    for plan, name in ((hut, "gus"), (crl, "vera")):
        give(plan, plain.people[name], plain.shift(MONDAY, "night"), plain.skills["host"])

    after = ledger(day(17))

    due = [sum(entry.shares["nights"].due for entry in found.entries) for found in (before, after)]
    assert due == pytest.approx([4, 3])  # one host is needed, though two are there


def test_twice_the_hours_are_twice_the_share_and_a_day_away_gives_none(plain):
    """Of those who are only hosts: Ben works thirty hours a week, Cleo twenty, Dana forty."""
    people.block(
        person=plain.people["ben"], kind=Absence.Kind.LEAVE, start=midnight(FIRST_NIGHT),
        end=midnight(FIRST_NIGHT + A_DAY), by=BUILDER,
    )  # fmt: skip

    first, both = (
        {name: of(plain, ledger(until), name).shares["nights"].due for name in ("ben", "cleo", "dana")}
        for until in (day(16), day(17))
    )

    assert (first["ben"], both["dana"]) == (0, pytest.approx(2 * both["cleo"]))
    assert both["ben"] == pytest.approx(1.5 * (both["cleo"] - first["cleo"]))


def test_whom_a_shift_was_taken_from_no_longer_had_it(plain, clock_at):
    plain.published("HUT", MONDAY, SUNDAY, ("ana", day(21), "night"))
    clock_at("2026-11-20 09:00")
    changing.correct(
        shift=plain.shift(day(21), "night"), skill=plain.skills["host"], before=plain.people["ana"],
        after=plain.people["ben"], by=plain.planners["HUT"], reason="ill",
    )  # fmt: skip

    found = ledger(day(30))

    for name, had in (("ana", 0), ("ben", 1)):
        entry = of(plain, found, name)
        assert [entry.shares[kind].had for kind in KINDS] == [had, had, 0]
        assert (entry.minutes, entry.short) == (480 * had, 1)


# The kind of shift wished for (None: any), whether to work it, what was worked, whether that was a refusal.
WISHES = [
    (None, False, "night", 1), (None, False, None, 0), (None, True, "night", 0), (None, True, None, 1),
    ("night", False, "night", 1), ("night", False, "evening", 0), ("night", True, "night", 0),
    ("night", True, "evening", 1), ("night", True, None, 1),
]  # fmt: skip


def test_a_wish_is_refused_when_it_was_not_kept_either_way(plain):
    plan = plain.published("HUT", MONDAY, SUNDAY)
    for number, (template, is_on, worked, _refused) in enumerate(WISHES, start=16):
        kind = plain.templates.get(template)
        people.wish(person=plain.people["ana"], night=day(number), template=kind, is_on=is_on, by=BUILDER)
        if worked:
            give(plan, plain.people["ana"], plain.shift(day(number), worked), plain.skills["host"])

    counted = [of(plain, ledger(day(number)), "ana").refused for number in range(16, 26)]

    assert [after - before for before, after in pairwise(counted)] == [refused for *_wish, refused in WISHES]


def test_a_draft_gives_nobody_a_night(plain):
    plain.draft("HUT", MONDAY, SUNDAY, ("ana", day(21), "night"))

    entry = of(plain, ledger(day(30)), "ana")

    assert ([share.had for share in entry.shares.values()], entry.minutes) == ([0, 0, 0], 0)


def test_an_account_that_was_closed_is_not_in_it_and_its_places_are_due_to_nobody(plain):
    plan = plain.published("HUT", MONDAY, SUNDAY)
    give(plan, plain.people["ben"], plain.shift(MONDAY, "night"), plain.skills["host"])
    Person.objects.filter(pk=plain.people["ben"].pk).update(is_active=False)

    found = ledger(day(17))

    assert of(plain, found, "ben") is None
    assert sum(entry.shares["nights"].due for entry in found.entries) == pytest.approx(3)


# What earlier seasons left.


@pytest.fixture
def three_seasons(plain):
    """Two weeks in March 2026, the winter 2026/27, two weeks in November 2027; by chance who stood where."""
    chance = Random(7)
    ShiftTemplate.objects.update(first_night=LONG_AGO)
    spans = {
        "2025/26": (date(2026, 3, 2), date(2026, 3, 15)),
        "2027/28": (date(2027, 11, 15), date(2027, 11, 28)),
    }
    for name, (first, last) in spans.items():
        period = seasons.add_period(
            service=OpeningPeriod.Service.NIGHT, first_date=first, last_date=last, by=BUILDER
        )
        assert period.season.name == name
        shifts.lay_out(first_night=first, last_night=last, by=BUILDER)
    spans["2026/27"] = (FIRST_NIGHT, date(2027, 4, 15))
    for first, last in spans.values():
        for code in ("HUT", "CRL", "IA"):
            plan = plain.published(code, first, last)
            rows = list(
                Shift.objects.filter(night__date__range=(first, last)).select_related("template", "night")
            )
            for name in EMPLOYEES:
                if HOMES[name] == code:
                    stand(plan, plain.people[name], chance.sample(rows, chance.randint(2, 16)), chance)
    assert Season.objects.count() == 3
    return spans


def test_what_each_season_left_is_carried_into_the_next(plain, three_seasons):
    carried = {plain.people[name].pk: dict.fromkeys(KINDS, 0.0) for name in EMPLOYEES}
    for name in ("2025/26", "2026/27"):
        for person, shares in shares_again(Recount(*three_seasons[name])).items():
            for kind in KINDS:
                carried[person][kind] += shares[kind][0] - shares[kind][1]
    first = three_seasons["2027/28"][0]
    again = shares_again(Recount(first, first + timedelta(days=9)), carried)

    found = ledger(first + timedelta(days=10))

    assert again == shares_in(found)
    assert {
        entry.person.pk: {kind: pytest.approx(share.carried) for kind, share in entry.shares.items()}
        for entry in found.entries
    } == carried
    assert found.owed() == {
        kind: {f"{person}": pytest.approx(-shares[kind][2]) for person, shares in again.items()}
        for kind in KINDS
    }


def test_who_was_not_there_before_brings_nothing_along(plain, three_seasons):
    first = three_seasons["2027/28"][0]
    employed(colleague("Nils", skills=("host",)), plain.organisations["IA"], minutes=1500, first_day=first)

    entries = {entry.person.name: entry for entry in ledger(first + A_DAY).entries}

    assert {share.carried for share in entries["Nils"].shares.values()} == {0}
    assert {share.carried for share in entries["Ana"].shares.values()} != {0}


def test_between_two_seasons_the_ledger_is_that_of_the_one_that_is_over(rota):
    first, last = date(2026, 3, 2), date(2026, 3, 15)
    seasons.add_period(service=OpeningPeriod.Service.NIGHT, first_date=first, last_date=last, by=BUILDER)

    found = [ledger(on) for on in (date(2026, 3, 10), date(2026, 9, 1), FIRST_NIGHT, day(16))]

    assert [(each.first, each.last) for each in found] == [
        (first, date(2026, 3, 9)), (first, last), (first, last), (FIRST_NIGHT, FIRST_NIGHT),
    ]  # fmt: skip


# What is owed makes the next proposals.


def due_in(case):
    return {kind: {each.name: getattr(each, DUE[kind]) for each in case.staff} for kind in KINDS}


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_owed_is_added_to_what_is_due_and_never_less_than_nothing(scene, seed):
    scene(seed)
    known = ledger(day(30))
    span = day(30), day(13, 12)

    without, owing = due_in(case_of(*span)), due_in(case_of(*span, owed=known.owed()))

    balances = {
        kind: {f"{entry.person.pk}": entry.shares[kind].balance for entry in known.entries} for kind in KINDS
    }
    assert owing == {
        kind: {
            name: pytest.approx(max(0, due - balances[kind].get(name, 0)))
            for name, due in without[kind].items()
        }
        for kind in KINDS
    }


def test_who_had_too_few_is_due_more_and_who_had_many_too_many_is_due_none(plain):
    plan = plain.published("IA", FIRST_NIGHT, SUNDAY)
    for number in range(15, 30):
        give(plan, plain.people["emil"], plain.shift(day(number), "night"), plain.skills["lead"])
    span = day(30), day(6, 12)

    without, owing = due_in(case_of(*span)), due_in(case_of(*span, owed=ledger(day(30)).owed()))

    ana, emil = (f"{plain.people[name].pk}" for name in ("ana", "emil"))
    assert owing["nights"][ana] > without["nights"][ana] > 0
    assert (owing["nights"][emil], without["nights"][emil] > 0) == (0, True)


def test_what_is_owed_to_somebody_of_another_house_changes_nothing_here(plain):
    owed = {kind: {f"{plain.people['emil'].pk}": 9.0, "0": 9.0} for kind in KINDS}
    hut = [plain.organisations["HUT"]]

    assert case_of(day(30), day(6, 12), hut, owed) == case_of(day(30), day(6, 12), hut)


@pytest.fixture
def until(monkeypatch):
    """Up to which days ledgers were asked for."""
    days = []

    def asked(on):
        days.append(on)
        return ledger(on)

    monkeypatch.setattr("shelter.rota.queries.fairness.ledger", asked)
    return days


@pytest.mark.parametrize(
    ("now", "before", "reaches"),
    [
        ("2026-11-02 09:00", day(30), day(23)),  # the least that everybody has published
        ("2026-11-02 09:00", day(21), day(21)),
        ("2026-11-18 09:00", day(30), day(23)),
        ("2026-11-26 09:00", day(30), day(26)),  # what is over is known
        ("2026-12-04 09:00", day(30), day(30)),
    ],
)
def test_what_is_owed_reaches_as_far_as_all_plans_are_published(plain, until, clock_at, now, before, reaches):
    plain.published("HUT", FIRST_NIGHT, SUNDAY, ("ana", day(20), "night"), ("ana", day(28), "night"))
    plain.published("CRL", FIRST_NIGHT, day(22))
    plain.published("IA", FIRST_NIGHT, day(6, 12))
    clock_at(now)

    found = owed_before(before)

    assert until == [reaches]
    assert found == ledger(reaches).owed()


def test_drafts_and_plans_given_up_do_not_make_it_reach_further(plain, until):
    for code in ("HUT", "CRL", "IA"):
        plain.published(code, FIRST_NIGHT, day(22))
    planning.drop(plan=plain.draft("HUT", day(23), SUNDAY), by=plain.planners["HUT"])
    plain.draft("CRL", day(23), SUNDAY)
    plain.published("IA", day(23), SUNDAY)

    owed_before(day(30))

    assert until == [day(23)]


def test_without_any_plan_it_reaches_until_yesterday(plain, until, clock_at):
    clock_at("2026-11-20 09:00")

    found = owed_before(day(30))

    assert until == [day(20)]
    assert found == ledger(day(20)).owed()


def worked_out(rota, first, last, code="HUT"):
    proposal = proposing.ask(
        first_day=first,
        last_day=last,
        seconds=1,
        organisation=rota.organisations[code],
        by=rota.planners[code],
    )
    assert proposing.claim(proposal.pk)
    proposing.work_out(proposal.pk)
    return Proposal.objects.get(pk=proposal.pk)


def test_a_proposal_is_made_from_what_is_owed(plain):
    for code in ("HUT", "CRL", "IA"):
        plan = plain.published(code, FIRST_NIGHT, day(22))
    give(plan, plain.people["emil"], plain.shift(day(16), "night"), plain.skills["lead"])
    hut, span = plain.organisations["HUT"], (day(23), day(29))

    found = worked_out(plain, *span)

    hashes = [
        hashlib.sha256(repr(case_of(*span, [hut], owed)).encode()).hexdigest()
        for owed in (ledger(day(23)).owed(), None)
    ]
    assert [found.input_hash == each for each in hashes] == [True, False]
    assert found.bound <= found.total


# The pages.


class Rows(HTMLParser):
    """The cells of each row of a page, and all its words."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.words, self._cell = [], "", None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self._cell = ""

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.rows[-1].append(" ".join(self._cell.split()))
            self._cell = None

    def handle_data(self, data):
        self.words += data
        if self._cell is not None:
            self._cell += data


def with_role(rota, person, role, code="HUT"):
    team.give_role(
        person=person, organisation=rota.organisations[code], role=role, first_day=LONG_AGO, by=BUILDER
    )
    return person


def seen_by(person, route, **headers):
    client = Client(headers={"Accept-Language": "en"} | headers)
    client.force_login(person, backend=SIGNED_IN_BY)
    answer = client.get(reverse(route))
    return answer.status_code, Rows(answer.content.decode())


def signed(number):
    """A balance as it is written for people: at most one digit, a real minus."""
    rounded = round(number, 1)
    if not rounded:
        return "0"
    return f"{'+' if rounded > 0 else '−'}{abs(rounded)}"


@pytest.fixture
def behind(plain, clock_at):
    """Two weeks lie behind: Ana had three nights, one at the weekend, Dana and Emil one."""
    plain.published("HUT", MONDAY, SUNDAY, *(("ana", day(number), "night") for number in (17, 21, 26)))
    plain.published("CRL", MONDAY, SUNDAY, ("dana", day(18), "night"))
    plain.published("IA", MONDAY, SUNDAY, ("emil", day(19), "night", "lead"))
    people.wish(person=plain.people["ana"], night=day(17), by=BUILDER)
    clock_at("2026-11-30 09:00")
    return plain


def as_shown(entry):
    shares = [text for share in entry.shares.values() for text in (f"{share.had}", signed(share.balance))]
    return [
        f"{entry.employment.organisation.code} {entry.person.name}", hours(entry.minutes), hours(entry.minutes_due),
        *shares, f"{entry.refused}", f"{entry.short}",
    ]  # fmt: skip


def hours(minutes):
    whole, rest = divmod(minutes, 60)
    return f"{whole} h {rest:02d}" if rest else f"{whole} h"


def groups_shown(found):
    return [
        [
            spread.skill.name, f"{spread.people}",
            *(f"{signed(least)} … {signed(most)}" for least, most in spread.balances.values()),
        ]
        for spread in found.spreads
    ]  # fmt: skip


def test_a_planner_reads_their_own_people_and_the_spread_of_all(behind):
    found = ledger(day(30))

    for code in ("HUT", "CRL", "IA"):
        status, page = seen_by(behind.planners[code].person, "rota-fairness")

        own = [as_shown(entry) for entry in found.entries if entry.employment.organisation.code == code]
        assert status == 200
        assert [row for row in page.rows if len(row) == 11][1:] == own
        assert [row for row in page.rows if len(row) == 5][1:] == groups_shown(found)
        others = {behind.people[name].name for name, home in HOMES.items() if home != code}
        assert [name for name in sorted(others) if name in page.words] == []


def test_the_coordinator_reads_everybody(behind):
    chief = with_role(behind, behind.coordinator.person, Role.COORDINATOR)

    status, page = seen_by(chief, "rota-fairness")

    assert (status, [row for row in page.rows if len(row) == 11][1:]) == (
        200, [as_shown(entry) for entry in ledger(day(30)).entries],
    )  # fmt: skip


def test_nobody_else_reads_the_ledger(behind):
    roles = [Role.NIGHT_LEAD, Role.WORKER, Role.VOLUNTEER, Role.ADMIN, Role.MINISTRY]
    people_by_role = zip(roles, ("ana", "ben", "vera", "emil", "dana"), strict=True)

    answers = [
        seen_by(with_role(behind, behind.people[name], role), "rota-fairness")[0]
        for role, name in people_by_role
    ]

    assert answers == [403] * len(roles)


def test_before_the_season_the_page_says_so(rota):
    browser = PlainBrowser(rota.planners["HUT"].person).open(reverse("rota-fairness"))

    assert (browser.status, browser.sees("The season has no night behind it yet.")) == (200, True)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "part"])
def test_ones_own_share_is_ones_own_line_and_names_nobody(behind, headers):
    ana = with_role(behind, behind.people["ana"], Role.WORKER)

    status, page = seen_by(ana, "my-share", **headers)

    found = ledger(day(30))
    entry = found.of(ana)
    assert (status, page.rows[0]) == (200, ["Of", "Had", "Fair share", "±"])
    assert page.rows[1:4] == [
        [kind.title(), f"{share.had}", f"{share.due:.1f}", signed(share.balance)]
        for kind, share in entry.shares.items()
    ]
    assert page.rows[5:] == groups_shown(found)
    assert "1 wish refused" in page.words
    others = Person.objects.exclude(pk=ana.pk).values_list("name", flat=True).order_by("pk")
    assert [name for name in others if name in page.words] == []


def test_ones_own_share_shows_only_groups_one_belongs_to(behind):
    ben = with_role(behind, behind.people["ben"], Role.WORKER)

    _status, page = seen_by(ben, "my-share")

    assert [row[0] for row in page.rows if len(row) == 5] == ["Who can do", "Host"]


def test_for_volunteers_and_guards_nothing_is_counted(behind):
    for name in ("vera", "gus"):
        status, page = seen_by(with_role(behind, behind.people[name], Role.WORKER), "my-share")

        assert (status, page.rows, "Nothing is counted yet." in page.words) == (200, [], True)


def test_both_pages_are_there_in_each_language(behind):
    chief = with_role(behind, behind.coordinator.person, Role.COORDINATOR)

    for language in ("fr", "de", "lb", "en"):
        for route in ("rota-fairness", "my-share"):
            assert PlainBrowser(chief, language=language).open(reverse(route)).status == 200


def test_more_people_do_not_mean_more_queries(plain):
    plan = plain.published("HUT", FIRST_NIGHT, SUNDAY)

    def crowd(first):
        for number in range(first, first + 10):
            somebody = colleague(f"Colleague {number}", skills=("host", "lead"))
            employed(somebody, plain.organisations["HUT"], minutes=1200)
            give(plan, somebody, plain.shift(day(16 + number % 10), "night"), plain.skills["host"])
            people.wish(person=somebody, night=day(20), by=BUILDER)
            people.block(
                person=somebody,
                kind=Absence.Kind.LEAVE,
                start=midnight(day(28)),
                end=midnight(day(29)),
                by=BUILDER,
            )

    def ask():
        found = ledger(day(30))
        return [as_shown(entry) for entry in found.entries], groups_shown(found)

    crowd(1)
    ask()
    with count_queries() as few:
        ask()
    crowd(100)
    with count_queries() as many:
        ask()

    same_queries_for(few, many)


# What is not so yet.


def test_a_proof_that_is_no_duty_does_not_make_a_share_smaller(rota):
    """Dana works forty hours a week as a host and knows first aid; Ben works thirty hours as a host."""
    found = ledger(day(30))

    dana, ben = (of(rota, found, name).shares["nights"].due for name in ("dana", "ben"))
    assert dana == pytest.approx(ben * 40 / 30)


def test_a_duty_somebody_could_do_long_ago_does_not_make_a_share_smaller(plain):
    """Dana could lead until a year ago; Ben never could."""
    people.qualify(
        person=plain.people["dana"], skill=plain.skills["lead"], first_day=date(2025, 1, 1),
        last_day=date(2025, 11, 1), by=BUILDER,
    )  # fmt: skip

    found = ledger(day(30))

    dana, ben = (of(plain, found, name).shares["nights"].due for name in ("dana", "ben"))
    assert dana == pytest.approx(ben * 40 / 30)


def test_a_new_contract_takes_nothing_away_of_the_time_before(plain):
    """Ana's contract is written anew with the same hours, in the middle of the time."""
    before = of(plain, ledger(day(30)), "ana")
    people.end_employment(
        employment=Employment.objects.get(person=plain.people["ana"]), last_day=day(22), by=BUILDER
    )
    employed(plain.people["ana"], plain.organisations["HUT"], minutes=2400, first_day=day(23))

    after = of(plain, ledger(day(30)), "ana")

    assert after.minutes_due == before.minutes_due
    assert [share.due for share in after.shares.values()] == pytest.approx(
        [share.due for share in before.shares.values()]
    )


def test_who_has_two_employers_is_due_the_hours_of_both(rota):
    """Cleo works sixteen hours a week for CRL and twenty for HUT, and what she works for both is counted."""
    rota.published("CRL", MONDAY, SUNDAY, ("cleo", day(18)))
    rota.published("HUT", MONDAY, SUNDAY, ("cleo", day(20)))

    entry = of(rota, ledger(day(30)), "cleo")

    assert entry.minutes == 2 * 360
    assert entry.minutes_due == round((960 + 1200) * 15 / 7)


@pytest.mark.parametrize("code", ["CRL", "HUT"])
def test_who_has_two_employers_is_read_by_both_planners(rota, clock_at, code):
    clock_at("2026-11-30 09:00")

    _status, page = seen_by(rota.planners[code].person, "rota-fairness")

    assert "Cleo" in page.words


def test_a_morning_before_a_holiday_is_no_holiday(plain):
    """It begins at a quarter to six on Christmas Eve and is over at ten."""
    morning = plain.shift(day(23, 12), "morning")
    Shift.objects.filter(pk=morning.pk).update(start=morning.start - timedelta(minutes=15))
    plan = plain.published("HUT", FIRST_NIGHT, AFTER_HOLIDAYS)
    give(plan, plain.people["ana"], plain.shift(day(23, 12), "morning"), plain.skills["host"])

    entry = of(plain, ledger(AFTER_HOLIDAYS), "ana")

    assert (entry.minutes, entry.shares["holidays"].had) == (255, 0)


def test_a_draft_changes_nothing_of_what_was_due(plain):
    """Gus stands at night; a draft that nobody has published takes him out."""
    plain.published("HUT", MONDAY, SUNDAY, ("gus", day(18), "night"))
    before = shares_in(ledger(day(30)))

    plain.take_out(plain.draft("HUT"), "gus", day(18), "night")

    assert shares_in(ledger(day(30))) == before


def test_a_weekend_counts_also_in_a_duty_nobody_had_asked_for(plain):
    """A lead, where only hosts are asked for."""
    plain.published("HUT", MONDAY, SUNDAY, ("ana", day(20), "morning", "lead"))

    entry = of(plain, ledger(day(30)), "ana")

    assert (entry.minutes, entry.shares["weekends"].had) == (255, 1)


def test_an_organisation_without_a_plan_makes_it_reach_until_yesterday_only(plain, until):
    """IA employs Emil, and nothing of his time is published."""
    for code in ("HUT", "CRL"):
        plain.published(code, FIRST_NIGHT, SUNDAY)

    assert (owed_before(day(30)), until) == ({}, [day(2)])


def test_a_wish_for_a_day_means_the_same_to_a_proposal_and_to_the_ledger(plain):
    """Ana would like to be free on the 18th. The morning of the 18th belongs to the night of the 17th."""
    people.wish(person=plain.people["ana"], night=day(18), by=BUILDER)
    plain.published("HUT", MONDAY, SUNDAY, ("ana", day(17), "morning"))
    case = case_of(MONDAY, SUNDAY)
    (wanted,) = [wish for each in case.staff for wish in each.wishes]

    worked = [place.day for place in case.places if place.shift == plain.shift(day(17), "morning").pk]

    assert (worked == [wanted.day], of(plain, ledger(day(30)), "ana").refused) in ((True, 1), (False, 0))


def test_a_period_without_a_weekend_is_proposed_though_weekends_are_owed(plain):
    for code in ("HUT", "CRL", "IA"):
        plain.published(code, FIRST_NIGHT, day(22))

    found = worked_out(plain, day(23), day(24))

    parts = {name: found.price[name] for name in ("under", "over", "requests", "balances", "mixes")}
    assert (found.state, sum(parts.values())) == ("done", found.history[-1][1])


def test_who_can_do_no_duty_yet_hinders_no_proposal(plain):
    employed(colleague("Nils"), plain.organisations["HUT"], minutes=1500)

    found = worked_out(plain, MONDAY, day(22))

    parts = {name: found.price[name] for name in ("under", "over", "requests", "balances", "mixes")}
    assert (found.state, sum(parts.values())) == ("done", found.history[-1][1])
