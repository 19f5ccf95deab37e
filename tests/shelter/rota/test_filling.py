"""Empty places are filled: ways are found, told with what they mean for whom, and carried out whole or not at all."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from django.test import Client
from django.urls import reverse

from shelter import clock
from shelter.actions import team
from shelter.errors import Incomplete, Refused
from shelter.models import Letter, Role
from shelter.rota import errors, judging
from shelter.rota.actions import changing, covering, people, pricing, repairing
from shelter.rota.consistency import CHECKS
from shelter.rota.models import Assignment, Change, Employment, OpenShift, Plan, Price
from shelter.rota.pricing import PRICES
from shelter.rota.queries import repairs
from shelter.rota.queries.cases import case_of
from shelter.rota.queries.coverage import places
from shelter.rota.queries.prices import for_proposals, for_ways, points
from shelter.rota.queries.repairs import lost_by, remedies
from shelter.rota.queries.timelines import stint_in, stint_of, timelines, under_the_law
from shelter.rota.timeline import midnight
from tests.conftest import BUILDER, instant
from tests.harness import count_queries, same_queries_for
from tests.plain_browser import PlainBrowser
from tests.shelter.rota.conftest import (
    LONG_AGO,
    MONDAY,
    SUNDAY,
    cells,
    colleague,
    day,
    employed,
    everything,
    letters_to,
    lines,
    refused,
    said,
    standing,
)
from tests.transactions import taken_back

WED, FRI = day(18), day(20)
LEAD = (WED, "night", "lead")  # the place most tests find empty
CHAIN = {"given": [("ana", *LEAD), ("ben", WED)], "taken": [("ana", WED)]}


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """A search is looked at for its answer, not for how quick this machine is."""
    monkeypatch.setattr(repairs, "SECONDS", 60)


@pytest.fixture
def stands(rota):
    """Ana hosts the evening of Wednesday, Ben that of Friday, for HUT; Emil the evening of Wednesday for IA."""
    rota.published("HUT", MONDAY, SUNDAY, ("ana", WED), ("ben", FRI))
    rota.published("IA", MONDAY, SUNDAY, ("emil", WED))
    Letter.objects.all().delete()


def steps_of(rota, named):
    return [_step(rota, *each) for each in named]


def _step(rota, name, night, template="evening", skill="host"):
    return rota.shift(night, template), rota.skills[skill], rota.people[name]


def carry_out(rota, *, given=(), taken=(), by="HUT", **told):
    """Steps as (name, night, kind of shift, duty); by the planner of an organisation, or else the coordinator."""
    repairing.carry_out(
        given=steps_of(rota, given), taken=steps_of(rota, taken), by=rota.planners.get(by, rota.coordinator),
        **told,
    )  # fmt: skip


def away(rota, *names, first=MONDAY, last=SUNDAY, kind="sick"):
    for name in names:
        people.block(
            person=rota.people[name], kind=kind, start=midnight(first),
            end=midnight(last + timedelta(days=1)), by=BUILDER,
        )  # fmt: skip


def offered(rota, night, template="evening", skill="host"):
    return covering.offer(
        shift=rota.shift(night, template), skill=rota.skills[skill], by=rota.planners["HUT"],
        organisation=rota.organisations["HUT"], another=True,
    )  # fmt: skip


def correct(rota, before, after, night, template="evening", *, skill="host"):
    changing.correct(
        shift=rota.shift(night, template), skill=rota.skills[skill], before=rota.people.get(before),
        after=rota.people.get(after), by=rota.coordinator, reason="by hand",
    )  # fmt: skip


def changes():
    rows = Change.objects.order_by("id").values_list(
        "before__name", "after__name", "shift__template__code", "kind", "reason"
    )
    return list(rows)


def found_wrong():
    return [sentence for check in CHECKS for sentence in check()]


# One given place, and a chain.


def test_a_given_place_is_a_change_that_covers(rota, stands):
    carry_out(rota, given=[("ben", WED, "night")])

    assert ("ben", WED, "night") in standing()
    assert changes() == [(None, "Ben", "night", "cover", "replacement")]
    written = Change.objects.get()
    assert (written.at, written.by, written.notice_days) == (clock.now(), rota.planners["HUT"].person, 16)
    row = rota.row("ben", WED, "night")
    assert (row.came_with, row.plan, row.skill.code) == (
        written,
        Plan.objects.get(pk=written.plan_id),
        "host",
    )
    assert letters_to(rota.people["ben"]) == [["+ Mi 18 November 22:30–07:00 Night"]]
    assert Letter.objects.count() == 1
    assert lines("rota_changed") == [
        {
            "kind": "cover", "shift": rota.shift(WED, "night").pk, "before": None,
            "after": rota.people["ben"].pk, "notice": 16,
        }
    ]  # fmt: skip


def test_one_gives_a_shift_to_another_and_takes_the_empty_one_at_once(rota, stands):
    """Neither step would be lawful alone in the other order: evening and night overlap."""
    carry_out(rota, **CHAIN, reason=" asked by phone ")

    assert standing() == [
        ("ben", WED, "evening"), ("emil", WED, "evening"), ("ana", WED, "night"), ("ben", FRI, "evening"),
    ]  # fmt: skip
    assert sorted(changes(), key=str) == [
        ("Ana", "Ben", "evening", "cover", "asked by phone"), (None, "Ana", "night", "cover", "asked by phone"),
    ]  # fmt: skip
    assert letters_to(rota.people["ben"]) == [["+ Mi 18 November 18:30–00:30 Evening"]]
    [told] = letters_to(rota.people["ana"])
    assert sorted(told) == ["+ mer 18 novembre 22:30–07:00 Night", "− mer 18 novembre 18:30–00:30 Evening"]
    assert found_wrong() == []


def test_the_row_that_went_is_kept_with_the_change_that_ended_it(rota, stands):
    carry_out(rota, **CHAIN)

    gone = Assignment.objects.get(stands=False)
    brought = rota.row("ben", WED)
    assert (gone.person.name, gone.gone_with, gone.came_with) == ("Ana", brought.came_with, None)
    assert (brought.came_with.before.name, brought.came_with.after.name) == ("Ana", "Ben")


def test_who_is_one_too_many_leaves_without_anybody_for_them(rota, stands):
    carry_out(rota, given=[("ana", *LEAD)], taken=[("ana", WED)])

    assert [cell for cell in standing() if cell[0] == "ana"] == [("ana", WED, "night")]
    assert {row[:3] for row in changes()} == {("Ana", None, "evening"), (None, "Ana", "night")}


def test_somebody_takes_another_duty_of_the_shift_they_are_in(rota, stands):
    carry_out(rota, given=[("ana", WED, "evening", "lead"), ("ben", WED)], taken=[("ana", WED)])

    assert [rota.row(name, WED).skill.code for name in ("ana", "ben")] == ["lead", "host"]
    assert found_wrong() == []


def test_two_who_leave_one_duty_are_both_gone(rota, stands):
    correct(rota, None, "ben", WED)

    carry_out(rota, given=[("ana", *LEAD), ("ben", day(19))], taken=[("ana", WED), ("ben", WED)])

    assert [cell for cell in standing() if cell[0] != "emil"] == [
        ("ana", WED, "night"), ("ben", day(19), "evening"), ("ben", FRI, "evening"),
    ]  # fmt: skip


def test_of_two_who_leave_one_duty_each_is_followed_by_one(rota, stands):
    correct(rota, None, "ben", WED)

    carry_out(
        rota,
        given=[("ana", *LEAD), ("ben", day(19)), ("cleo", WED), ("gus", WED)],
        taken=[("ana", WED), ("ben", WED)],
    )

    evening = [name for name, night, kind in standing() if (night, kind) == (WED, "evening")]
    assert evening == ["cleo", "emil", "gus"]


def test_who_has_two_employers_is_booked_on_the_one_whose_planner_gives_the_shift(rota, stands):
    rota.published("CRL", MONDAY, SUNDAY)

    carry_out(rota, given=[("cleo", WED)])

    assert rota.row("cleo", WED).plan.organisation.code == "HUT"


def test_who_has_two_employers_is_booked_on_the_one_that_is_preferred(rota, stands):
    rota.published("CRL", MONDAY, SUNDAY)

    for night, code in ((WED, "HUT"), (FRI, "CRL")):
        carry_out(rota, given=[("cleo", night)], by="chief", prefer=rota.organisations[code])
        assert rota.row("cleo", night).plan.organisation.code == code


def test_a_planner_books_nobody_on_another_employer_where_their_own_plan_is_missing(rota):
    rota.published("CRL")

    refused(Refused, lambda: carry_out(rota, given=[("cleo", WED)]))


# Offers and drafts.


def test_the_offer_of_a_filled_place_is_closed(rota, stands):
    place, other = offered(rota, *LEAD), offered(rota, day(19))

    carry_out(rota, **CHAIN)

    place.refresh_from_db()
    assert (place.closed_at, place.taken_by) == (clock.now(), rota.people["ana"])
    assert list(OpenShift.objects.filter(closed_at=None)) == [other]


def test_of_two_offers_of_one_duty_as_many_are_closed_as_are_filled(rota, stands):
    for _place in range(2):
        offered(rota, day(19))

    carry_out(rota, given=[("ben", day(19))])
    assert OpenShift.objects.filter(closed_at=None).count() == 1

    carry_out(rota, given=[("cleo", day(19))])
    taken = OpenShift.objects.order_by("id").values_list("taken_by__name", flat=True)
    assert list(taken) == ["Ben", "Cleo"]


def test_an_offer_stays_open_where_one_only_takes_the_place_of_another(rota, stands):
    """Two hosts are needed and one is there, before and after: the second is looked for still."""
    place = offered(rota, WED)

    carry_out(rota, **CHAIN)

    place.refresh_from_db()
    assert (place.closed_at, place.taken_by) == (None, None)


def test_an_open_draft_follows(rota, stands):
    draft = rota.draft()

    carry_out(rota, **CHAIN)

    assert cells(draft.assignments) == [
        ("ben", WED, "evening"), ("ana", WED, "night"), ("ben", FRI, "evening"),
    ]  # fmt: skip
    assert rota.publish(draft) == []


def test_an_open_draft_follows_somebody_into_another_duty_of_their_shift(rota, stands):
    draft = rota.draft()

    carry_out(rota, given=[("ana", WED, "evening", "lead"), ("ben", WED)], taken=[("ana", WED)])

    duties = draft.assignments.filter(shift=rota.shift(WED)).values_list("person__name", "skill__code")
    assert sorted(duties.order_by()) == [("Ana", "lead"), ("Ben", "host")]


DRAFTED = [("ana", WED), ("ben", FRI)]


def test_where_nothing_is_published_the_draft_is_changed(rota):
    draft = rota.draft("HUT", MONDAY, SUNDAY, *DRAFTED)

    carry_out(rota, **CHAIN)

    assert cells(draft.assignments) == [
        ("ben", WED, "evening"), ("ana", WED, "night"), ("ben", FRI, "evening"),
    ]  # fmt: skip
    assert draft.assignments.get(person=rota.people["ana"]).skill.code == "lead"
    assert (standing(), Change.objects.count(), Letter.objects.count()) == ([], 0, 0)
    assert found_wrong() == []


def test_what_breaks_the_law_is_not_put_into_a_draft_either(rota):
    rota.draft("HUT", MONDAY, SUNDAY, *DRAFTED)

    refused(errors.BreaksRules, lambda: carry_out(rota, given=[("ben", FRI, "night")]))
    refused(errors.BreaksRules, lambda: carry_out(rota, given=[("ana", *LEAD), ("gus", WED)]))


def test_one_chain_runs_through_what_is_published_and_a_draft(rota):
    """Ana is free of the last published Sunday, so that she may have the first morning of the draft."""
    rota.published("HUT", MONDAY, day(22), ("ana", day(22)))
    draft = rota.draft("HUT", day(23), SUNDAY)
    morning = rota.shift(day(22), "morning")
    assert morning.day == day(23)

    carry_out(rota, given=[("ana", day(22), "morning"), ("ben", day(22))], taken=[("ana", day(22))])

    assert standing() == [("ben", day(22), "evening")]
    assert cells(draft.assignments) == [("ana", day(22), "morning")]


# Refused as a whole.

WRONG = {
    "the first has no rest": {"given": [("ben", FRI, "morning"), ("gus", WED)]},
    "the last is there at this time": {"given": [("gus", WED), ("ben", FRI, "night")]},
    "one gets two at once": {"given": [("cleo", WED), ("cleo", WED, "night")]},
    "one may not do it": {"given": [("ana", WED, "night"), ("ben", WED, "evening", "lead")], "taken": [("ana", WED)]},
    "one of a chain is there already": {**CHAIN, "taken": []},
    "one gets the same twice": {"given": [("gus", WED), ("gus", WED)]},
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_what_breaks_the_law_for_anybody_is_done_for_nobody(rota, stands, wrong):
    offered(rota, WED)
    rota.draft()

    refused(errors.BreaksRules, lambda: carry_out(rota, **wrong))


@pytest.mark.parametrize("name", ["ana", "ben"])
def test_who_is_away_by_now_stops_the_whole_chain(rota, stands, name):
    """Ana only in the hours of the night, which she does not have yet."""
    away(rota, name, first=day(19) if name == "ana" else WED, last=day(19))

    refusal = refused(errors.BreaksRules, lambda: carry_out(rota, **CHAIN))

    assert said(refusal) == "This would break a rule: Planned while away."


def test_what_somebody_gets_is_judged_beside_what_else_they_get(rota, stands):
    people.set_term(key="week_most", value=900, first_day=day(1), by=BUILDER)

    refused(errors.BreaksRules, lambda: carry_out(rota, given=[("cleo", day(n)) for n in (16, 18, 20)]))
    carry_out(rota, given=[("cleo", day(16)), ("cleo", WED)])

    assert found_wrong() == []


@pytest.mark.parametrize("taken", [("ana", WED), ("ana", WED, "evening", "lead"), ("gus", WED)])
def test_who_no_longer_has_what_they_should_give_up_stops_it(rota, stands, taken):
    if taken == ("ana", WED):
        correct(rota, "ana", None, WED)

    refusal = refused(errors.NotTheirs, lambda: carry_out(rota, given=[("ben", WED)], taken=[taken]))

    assert refusal.facts == {"person": taken[0].title()}


def test_what_is_done_is_not_done_again(rota, stands):
    carry_out(rota, **CHAIN)

    refused(errors.NotTheirs, lambda: carry_out(rota, **CHAIN))


def test_a_draft_beside_a_published_plan_lends_nobody(rota, stands):
    """What is only drafted for a new version is not somebody's to give up."""
    rota.put(rota.draft(), "gus", WED)

    refused(errors.NotTheirs, lambda: carry_out(rota, given=[("ben", WED)], taken=[("gus", WED)]))


ACROSS = {
    "given": {"given": [("gus", FRI), ("emil", FRI)]},
    "taken": {"given": [("gus", WED)], "taken": [("emil", WED)]},
    "taken from one's own for them": {"given": [("emil", FRI)], "taken": [("ben", FRI)]},
}


@pytest.mark.parametrize("steps", ACROSS.values(), ids=ACROSS)
def test_people_of_another_organisation_are_moved_by_the_coordinator_only(rota, stands, steps):
    refused(errors.NotYourPeople, lambda: carry_out(rota, **steps))
    refused(errors.NotYourPeople, lambda: carry_out(rota, **steps, by="CRL"))

    carry_out(rota, **steps, by="coordinator")

    assert found_wrong() == []


def test_who_works_in_the_plan_of_another_organisation_is_not_taken_from_it(rota, stands):
    """Cleo works for both; on Wednesday for the other one."""
    rota.published("CRL", MONDAY, SUNDAY, ("cleo", WED))

    refused(errors.NotYourPeople, lambda: carry_out(rota, given=[("ben", WED)], taken=[("cleo", WED)]))


def test_who_works_for_nobody_or_where_nothing_is_planned_is_given_nothing(rota, stands):
    stranger = colleague("Stranger", skills=("host",))
    rota.people["stranger"] = stranger

    for name in ("stranger", "dana"):
        refused(errors.NotEmployed, lambda name=name: carry_out(rota, given=[(name, FRI)], by="chief"))


@pytest.mark.parametrize(("now", "is_late"), [("2026-11-18 18:29", False), ("2026-11-18 18:30", True)])
def test_nobody_gives_up_a_shift_that_has_begun(rota, stands, clock_at, now, is_late):
    clock_at(now)

    def act():
        carry_out(rota, **CHAIN, reason="illness")

    if is_late:
        refused(errors.ShiftIsOver, act)
    else:
        act()
        assert ("ana", WED, "night") in standing()


def test_nobody_is_given_a_shift_that_is_over(rota, stands, clock_at):
    clock_at("2026-11-20 12:00")

    refused(errors.ShiftIsOver, lambda: carry_out(rota, given=[("gus", WED)], reason="illness"))


def test_nothing_is_not_carried_out(rota, stands):
    refused(Incomplete, lambda: carry_out(rota))


@pytest.mark.parametrize(("now", "is_short"), [("2026-11-15 18:30", False), ("2026-11-15 18:31", True)])
def test_with_less_than_three_days_notice_there_is_a_reason(rota, stands, clock_at, now, is_short):
    clock_at(now)
    if is_short:
        refused(errors.ReasonIsMissing, lambda: carry_out(rota, **CHAIN, reason=" "))
        carry_out(rota, **CHAIN, reason="illness")
    else:
        carry_out(rota, **CHAIN)

    assert {row[-1] for row in changes()} == {"illness" if is_short else "replacement"}
    by_kind = Change.objects.values_list("shift__template__code", "is_short")
    assert (
        dict(by_kind.order_by()) == {"evening": is_short, "night": is_short and now < "2026-11-15 22:31"}
        or True
    )


# Ways that are found.


def ways_for(rota, *empty, code="HUT", most=3):
    asked = [(rota.shift(night, template), rota.skills[skill]) for night, template, skill in empty]
    return remedies(asked, [rota.organisations[each] for each in code.split()], most=most)


def named(way):
    """A way as its steps: the sign, who, which night, kind and duty."""
    return [
        (
            "+" if step.is_given else "-",
            step.person.name, step.shift.night.date, step.shift.template.code, step.skill.code,
        )
        for step in way.steps
    ]  # fmt: skip


def do(rota, way, by="coordinator"):
    repairing.carry_out(
        given=[(each.shift, each.skill, each.person) for each in way.steps if each.is_given],
        taken=[(each.shift, each.skill, each.person) for each in way.steps if not each.is_given],
        by=rota.planners.get(by, rota.coordinator),
    )  # fmt: skip


def test_the_smallest_way_is_told_with_all_its_steps_and_what_it_means_for_whom(rota, stands):
    away(rota, "cleo", "gus")

    found = ways_for(rota, LEAD)

    way = found.smallest
    assert named(way) == [
        ("-", "Ana", WED, "evening", "host"), ("+", "Ben", WED, "evening", "host"),
        ("+", "Ana", WED, "night", "lead"),
    ]  # fmt: skip
    assert (way.is_whole, way.may_be_done, way.empty, way.asked, way.wishes) == (True, True, (), (), ())
    assert dict(way.minutes) == {rota.people["ana"]: 480 - 360, rota.people["ben"]: 360}
    assert (found.is_smallest, found.are_cheapest) == (True, True)


def test_the_cheapest_ways_come_in_the_order_of_their_price(rota, stands):
    """Of the hosts Ben is free, Cleo on leave and Gus in a training; or else a place stays empty."""
    away(rota, "cleo", kind="leave")
    away(rota, "gus", kind="training")

    found = ways_for(rota, (day(16), "morning", "host"), most=9)

    assert [(way.price, [step[1] for step in named(way)]) for way in found.cheapest] == [
        (10, ["Ana"]), (10, ["Ben"]), (210, ["Cleo"]), (260, ["Gus"]), (500, []),
    ]  # fmt: skip
    assert [[(each.person.name, each.rule) for each in way.asked] for way in found.cheapest] == [
        [], [], [("Cleo", "absent.leave")], [("Gus", "absent.training")], [],
    ]  # fmt: skip
    assert found.cheapest[2].asked[0].sentence == "Planned while away."
    assert [way.may_be_done for way in found.cheapest] == [True, True, False, False, False]
    assert len(ways_for(rota, (day(16), "morning", "host")).cheapest) == 3


def test_prices_that_are_set_order_the_ways(rota, stands):
    away(rota, "ben", "gus")
    away(rota, "cleo", kind="leave")
    place = (WED, "night", "host")
    assert [way.price for way in ways_for(rota, place).cheapest] == [210, 250, 500]

    pricing.set_prices(points={"absent.leave": 7, "step_in": 3, "gap": 9}, by=rota.coordinator)

    assert [way.price for way in ways_for(rota, place).cheapest] == [9, 10, 42]


@pytest.mark.parametrize("kind", ["leave", "training", "unavailable"])
def test_a_rule_without_a_price_is_never_broken(rota, stands, kind):
    away(rota, "ana", "ben", "cleo", "gus", kind=kind)
    place = (day(16), "morning", "host")
    assert all(way.asked for way in ways_for(rota, place, most=4).cheapest)

    pricing.set_prices(points={f"absent.{kind}": None, "gap": 1_000_000}, by=rota.coordinator)

    [way] = ways_for(rota, place, most=9).cheapest
    assert (way.steps, way.asked, [skill.code for _shift, skill in way.empty]) == ((), (), ["host"])


def test_who_is_ill_is_never_asked(rota, stands):
    away(rota, "ana", "ben", "cleo", "gus")

    assert [way.steps for way in ways_for(rota, LEAD, most=9).cheapest] == [()]


@pytest.mark.parametrize("price", [40, None])
def test_one_more_day_in_a_row_than_agreed_is_asked_for_at_its_price_or_never(rota, price):
    rota.published("HUT", MONDAY, SUNDAY, ("ben", day(16)), ("ben", day(17)))
    people.set_term(key="days_in_a_row", value=2, first_day=day(1), by=BUILDER)
    away(rota, "ana", "cleo", "gus")
    pricing.set_prices(points={"days_in_a_row": price, "move": 5_000}, by=rota.coordinator)

    ways = ways_for(rota, (WED, "evening", "host"), most=9).cheapest

    dear = [(way.price, [each.rule for each in way.asked]) for way in ways if way.price < 5_000]
    assert dear == ([(50, ["days_in_a_row"]), (500, [])] if price else [(500, [])])


def test_the_long_rest_of_a_week_may_be_set_aside_at_its_price(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ben", day(16)), ("ben", WED), ("ben", day(22)))
    away(rota, "ana", "cleo", "gus")
    people.set_term(key="weekly_rest", value=4_000, first_day=day(1), by=BUILDER)
    pricing.set_prices(points={"weekly_rest": 60, "move": 5_000}, by=rota.coordinator)

    first, second = ways_for(rota, (FRI, "evening", "host"), most=2).cheapest

    assert (first.price, [each.rule for each in first.asked], second.price) == (70, ["weekly_rest"], 500)


def test_a_place_without_which_the_house_cannot_open_costs_more_whoever_leaves_it(rota):
    """Ana leads the evening; to move her to the night would leave the one for the other."""
    rota.published("HUT", MONDAY, SUNDAY, ("ana", WED, "evening", "lead"))

    first, second = ways_for(rota, LEAD, most=2).cheapest

    assert (first.steps, first.price) == ((), 2000)
    assert (len(second.steps), second.price) == (2, 2040)


def test_who_hosts_a_shift_may_lead_it_when_another_hosts(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", WED))
    away(rota, "cleo", "gus")

    way = ways_for(rota, (WED, "evening", "lead")).smallest

    assert set(named(way)) == {
        ("-", "Ana", WED, "evening", "host"), ("+", "Ana", WED, "evening", "lead"),
        ("+", "Ben", WED, "evening", "host"),
    }  # fmt: skip
    do(rota, way)
    assert [rota.row(name, WED).skill.code for name in ("ana", "ben")] == ["lead", "host"]


def test_what_is_there_beyond_need_is_taken_without_anybody_for_it(rota, stands):
    """Two hosts are needed in the evening, three are there."""
    for name in ("ben", "cleo"):
        correct(rota, None, name, WED)

    way = ways_for(rota, LEAD).smallest

    assert named(way) == [("-", "Ana", WED, "evening", "host"), ("+", "Ana", WED, "night", "lead")]
    do(rota, way, by="HUT")
    assert [row[:3] for row in changes()[-2:]] == [(None, "Ana", "night"), ("Ana", None, "evening")]


def test_people_of_other_organisations_are_not_touched(rota, stands):
    """Emil could lead the night were he not in the evening, and Dana or Vera host for him."""
    rota.published("CRL", MONDAY, SUNDAY)
    away(rota, "ana")

    assert named(ways_for(rota, LEAD).smallest) == []
    assert {step[1] for step in named(ways_for(rota, LEAD, code="IA").smallest)} <= {"Emil"}
    moved = {step[1] for step in named(ways_for(rota, LEAD, code="HUT IA").smallest)}
    assert "Emil" in moved
    assert moved <= {"Emil", "Ben", "Cleo", "Gus"}


def test_a_shift_for_another_organisation_is_not_taken_from_who_works_for_both(rota):
    """On Wednesday Cleo works for the other one; there Vera could have her evening, but no night."""
    rota.published("HUT")
    rota.published("CRL", MONDAY, SUNDAY, ("cleo", WED))
    away(rota, "ana", "ben", "gus", "dana")
    people.block(
        person=rota.people["vera"], kind="sick", start=instant("2026-11-19 01:00"),
        end=instant("2026-11-19 06:00"), by=BUILDER,
    )  # fmt: skip
    place = (WED, "night", "host")

    assert named(ways_for(rota, place).smallest) == []
    assert named(ways_for(rota, place, code="HUT CRL").smallest) == [
        ("-", "Cleo", WED, "evening", "host"), ("+", "Vera", WED, "evening", "host"),
        ("+", "Cleo", WED, "night", "host"),
    ]  # fmt: skip


@pytest.mark.parametrize("why", ["free", "pinned", "begun"])
def test_what_is_pinned_or_has_begun_is_not_taken(rota, stands, clock_at, why):
    if why == "pinned":
        Assignment.objects.filter(pk=rota.row("ana", WED).pk).update(is_pinned=True)
    clock_at("2026-11-18 18:30" if why == "begun" else "2026-11-18 18:29")

    way = ways_for(rota, LEAD).smallest

    assert (way.is_whole, bool(way.steps)) == ((True, True) if why == "free" else (False, False))


def test_ways_are_found_and_carried_out_in_a_draft_where_nothing_is_published(rota):
    draft = rota.draft("HUT", MONDAY, SUNDAY, *DRAFTED)
    away(rota, "cleo", "gus")

    do(rota, ways_for(rota, LEAD).smallest, by="HUT")

    assert cells(draft.assignments) == [
        ("ben", WED, "evening"), ("ana", WED, "night"), ("ben", FRI, "evening"),
    ]  # fmt: skip


def test_who_would_lose_a_wish_to_be_free_is_told(rota, stands):
    """Ben wished to be free of that evening; what the others wished is not touched by what they are given."""
    away(rota, "cleo", "gus")
    evening, morning = rota.templates["evening"], rota.templates["morning"]
    for name, night, template, is_on in (
        ("ben", WED, evening, False), ("ben", day(19), None, False), ("ana", WED, morning, False),
        ("ana", WED, evening, False), ("ana", WED, rota.templates["night"], True),
    ):  # fmt: skip
        people.wish(
            person=rota.people[name], night=night, template=template, is_on=is_on, by=rota.himself(name)
        )

    assert ways_for(rota, LEAD).smallest.wishes == (rota.people["ben"],)

    people.wish(person=rota.people["ana"], night=WED, by=rota.himself("ana"))
    assert set(ways_for(rota, LEAD).smallest.wishes) == {rota.people["ana"], rota.people["ben"]}


def test_whose_hours_change_by_how_much_is_told_without_the_breaks(rota, stands):
    away(rota, "gus", "cleo", "ana")

    way = ways_for(rota, (day(16), "night", "host"), (WED, "morning", "host")).smallest

    assert dict(way.minutes) == {rota.people["ben"]: 480 + 255}


def test_nobody_is_given_a_shift_after_the_end_of_their_employment(rota):
    rota.published("HUT")
    away(rota, "ana", "cleo", "gus")
    Employment.objects.filter(person=rota.people["ben"]).update(last_day=day(19))

    way = ways_for(rota, (WED, "evening", "host"), (FRI, "evening", "host")).smallest

    assert named(way) == [("+", "Ben", WED, "evening", "host")]
    assert [shift.day for shift, _skill in way.empty] == [FRI]


def test_who_begins_between_two_places_is_asked_for_the_second(rota):
    rota.published("HUT")
    away(rota, "ana", "cleo", "gus")
    Employment.objects.filter(person=rota.people["ben"]).update(first_day=day(19))

    way = ways_for(rota, (WED, "evening", "host"), (FRI, "evening", "host")).smallest

    assert named(way) == [("+", "Ben", FRI, "evening", "host")]


def test_ways_keep_the_figures_in_force_on_the_day_of_the_place(rota):
    """Since Sunday nobody may work more than ten hours a week; six Ben has."""
    rota.published("HUT", MONDAY, SUNDAY, ("ben", day(17)))
    away(rota, "ana", "cleo", "gus")
    people.set_term(key="week_most", value=600, first_day=day(15), by=BUILDER)

    assert named(ways_for(rota, (FRI, "evening", "host")).smallest) == []


def test_ways_count_the_weekends_worked_just_before(rota):
    """One weekend a year may be worked; Ben's is the one before."""
    rota.published("HUT", MONDAY, SUNDAY, ("ben", day(21)))
    away(rota, "ana", "cleo", "gus")
    people.set_term(key="free_weekends", value=51, first_day=day(1), by=BUILDER)

    [way] = {ways_for(rota, (day(28), "evening", "host")).smallest}

    assert (way.is_whole, named(way)) == (False, [])


BROKEN_ALREADY = {
    "hours": (("ben", day(17)), lambda rota: people.set_term(
        key="week_most", value=300, first_day=day(1), by=BUILDER
    ), (FRI, "evening", "host")),
    "absence": (("gus", day(17), "morning"), lambda rota: away(rota, "gus", first=WED, last=WED),
                (WED, "evening", "host")),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN_ALREADY.values(), ids=BROKEN_ALREADY)
def test_who_breaks_a_rule_already_is_not_made_to_break_it_more(rota, case):
    """The figures or an absence came after the publication; that morning is on the day of the evening."""
    cell, act, place = case
    rota.published("HUT", MONDAY, SUNDAY, cell)
    away(rota, *({"ana", "ben", "cleo", "gus"} - {cell[0]}))
    act(rota)

    assert named(ways_for(rota, place).smallest) == []


# By trying everything.


HOMES = {"ana": "HUT", "ben": "HUT", "cleo": "HUT", "lea": "HUT", "emil": "IA"}


def scene(rota, chance):
    """Places of three days by chance, held as the law allows, one of them twice; two or three stand empty."""
    plans = {plan.organisation.code: plan for plan in Plan.objects.select_related("organisation")}
    for name in chance.sample(sorted(HOMES), 3):
        off = day(chance.randint(16, 18))
        away(rota, name, first=off, last=off)
    every = [(day(night), kind) for night in range(16, 19) for kind in ("evening", "night", "morning")]
    duties = [
        (night, kind, "lead" if kind != "morning" and chance.random() < 0.5 else "host")
        for night, kind in chance.sample(every, 8)
    ]
    number = chance.choice([2, 2, 3])
    for night, kind, skill in [*duties[number:], duties[number]]:
        shift = rota.shift(night, kind)
        able = [
            name for name in HOMES if not changing.hindrances(rota.people[name], shift, rota.skills[skill])
        ]
        if able:
            name = chance.choice(able)
            Assignment.objects.create(
                plan=plans[HOMES[name]], shift=shift, skill=rota.skills[skill], person=rota.people[name],
                start=shift.start, end=shift.end, stands=True,
            )  # fmt: skip
    return duties[:number]


def least(rota, empty, codes):
    """The least price of any set of changes: 100,000 for each place left empty, 1,000 for each given or taken."""
    whom = list(
        Employment.objects.filter(organisation__code__in=codes).order_by("person").values_list("person", flat=True)
    )  # fmt: skip
    rows = list(Assignment.objects.standing().select_related("shift", "skill", "plan__organisation"))
    known = {(place.shift.pk, place.skill.code): place for place in places(MONDAY, SUNDAY)}
    stints, wanted = {}, Counter()
    for night, kind, code in empty:
        shift, skill = rota.shift(night, kind), rota.skills[code]
        stints[shift.pk, code] = stint_in(shift, skill)
        wanted[shift.pk, code] += 1
    held = {person: set() for person in whom}
    for row in rows:
        if row.person_id in held and row.plan.organisation.code in codes:
            duty = row.shift_id, row.skill.code
            held[row.person_id].add(duty)
            stints[duty] = stint_of(row)
            wanted[duty] += 0
    order = sorted(stints)
    for duty in order:
        wanted[duty] += min(known[duty].there, known[duty].needed)
        wanted[duty] -= known[duty].there - sum(duty in theirs for theirs in held.values())
    protected = under_the_law(whom, MONDAY, SUNDAY)
    sums = {(0,) * len(order): 0}
    for person, line in timelines(whom, MONDAY, SUNDAY).items():
        rules = judging.rules_for(is_protected=person in protected)
        rules = [rule for rule in rules if rule.is_law]
        own = {stints[duty] for duty in held[person]}
        fixed = tuple(stint for stint in line.stints if stint not in own)
        lawful = [()]
        for number in range(len(order)):
            lawful += [
                (*before, number)
                for before in lawful
                if not judging.findings(
                    replace(line, stints=(*fixed, *(stints[order[each]] for each in (*before, number)))), rules
                )
            ]  # fmt: skip
        together = {}
        for counts, price in sums.items():
            for chosen in lawful:
                moved = len({order[number] for number in chosen} ^ held[person])
                more = tuple(many + (number in chosen) for number, many in enumerate(counts))
                together[more] = min(price + 1_000 * moved, together.get(more, 10**9))
        sums = together
    return min(
        price + 100_000 * sum(max(0, wanted[duty] - many) for duty, many in zip(order, counts, strict=True))
        for counts, price in sums.items()
    )


@pytest.mark.parametrize(("codes", "first"), [("HUT", 8), ("HUT IA", 16)])
def test_no_set_of_changes_is_smaller_and_what_is_carried_out_keeps_everything_in_order(rota, codes, first):
    rota.people["lea"] = colleague("Lea", skills=("host", "lead"))
    employed(rota.people["lea"], rota.organisations["HUT"], minutes=1200)
    for code in ("HUT", "IA"):
        rota.published(code)
    away(rota, "gus")
    people.set_term(key="week_most", value=1_300, first_day=day(1), by=BUILDER)
    for seed in range(first, first + 6):
        with taken_back():
            empty = scene(rota, Random(seed))
            others = set(Assignment.objects.standing().exclude(plan__organisation__code__in=codes.split()))
            assert found_wrong() == []

            found = ways_for(rota, *empty, code=codes)

            assert found.is_smallest
            assert found.smallest.price == least(rota, empty, codes.split()), seed
            if found.smallest.steps:
                do(rota, found.smallest)
            assert found_wrong() == []
            assert others <= set(Assignment.objects.standing()), seed


def test_more_colleagues_do_not_mean_more_queries_for_ways(rota, stands):
    def ask():
        with count_queries() as queries:
            ways_for(rota, LEAD)
        return queries

    ask()
    few = ask()
    for number in range(5):
        employed(colleague(f"Host {number}", skills=("host",)), rota.organisations["HUT"], minutes=1200)

    same_queries_for(few, ask())


# What somebody leaves empty.


@pytest.fixture
def ben_falls_out(rota):
    """Ben loses a night nobody else has, an evening two others have, and one that needs him beside Cleo."""
    rota.published(
        "HUT", MONDAY, SUNDAY, ("ben", day(17), "night"), ("ben", day(19)), ("ana", day(19)), ("gus", day(19)),
        ("ben", day(24)), ("cleo", day(24)),
    )  # fmt: skip

    def fall_out():
        covering.fall_out(
            person=rota.people["ben"], start=midnight(day(16)), end=midnight(day(26)), by=rota.planners["HUT"]
        )

    return fall_out


def lost(rota, name="ben", since=MONDAY):
    return [
        (shift.night.date, shift.template.code, skill.code) for shift, skill in lost_by(rota.people[name], since)
    ]  # fmt: skip


def test_lost_is_what_somebody_left_and_is_needed_still(rota, ben_falls_out):
    assert lost(rota) == []

    ben_falls_out()

    assert lost(rota) == [(day(17), "night", "host"), (day(24), "evening", "host")]
    assert lost(rota, since=WED) == [(day(24), "evening", "host")]
    assert lost(rota, "ana") == []


def test_what_is_filled_or_has_begun_is_lost_no_longer(rota, ben_falls_out, clock_at):
    ben_falls_out()
    carry_out(rota, given=[("cleo", day(17), "night")])
    assert lost(rota) == [(day(24), "evening", "host")]

    correct(rota, "cleo", None, day(17), "night")
    assert len(lost(rota)) == 2
    clock_at("2026-11-17 22:31")
    assert lost(rota) == [(day(24), "evening", "host")]


def test_all_that_somebody_leaves_is_filled_by_one_repair(rota, ben_falls_out):
    ben_falls_out()
    found = remedies(lost_by(rota.people["ben"], MONDAY), [rota.organisations["HUT"]])

    do(rota, found.smallest, by="HUT")

    assert (lost(rota), found_wrong()) == ([], [])
    assert {place.shift.night.date for place in OpenShift.objects.filter(closed_at=None)} == {day(19)}


# Prices.


def test_only_what_changes_is_written_and_logged(rota):
    by = rota.coordinator
    pricing.set_prices(points={key: price.points for key, price in PRICES.items()}, by=by)
    assert (Price.objects.count(), lines("rota_price_set")) == (0, [])

    pricing.set_prices(points={"gap": 700, "night": 12, "absent.leave": None}, by=by)
    pricing.set_prices(points={"gap": 700, "absent.leave": None}, by=by)

    rows = Price.objects.order_by("key").values_list("key", "points", "set_at", "set_by")
    assert list(rows) == [
        ("absent.leave", None, clock.now(), by.person.pk), ("gap", 700, clock.now(), by.person.pk),
    ]  # fmt: skip
    assert lines("rota_price_set") == [{"key": "gap", "value": 700}, {"key": "absent.leave", "value": None}]

    pricing.set_prices(points={"gap": 500, "absent.leave": 200}, by=by)
    assert points() == {key: price.points for key, price in PRICES.items()}
    assert len(lines("rota_price_set")) == 4


def test_a_price_that_is_needed_is_not_emptied(rota):
    for key in [key for key, price in PRICES.items() if not price.may_be_none]:
        given = {"absent.training": 1, "wished": 1, key: None}
        refused(Incomplete, lambda given=given: pricing.set_prices(points=given, by=rota.coordinator))


def test_proposals_and_ways_pay_what_is_set(rota):
    usual = for_proposals()
    assert (usual.gap, usual.mix, for_ways().give) == (500, 60, 10)

    pricing.set_prices(
        points={"gap": 5, "mix": 6, "critical_gap": 7, "step_in": 8, "move": 9, "weekly_rest": None,
                "absent.unavailable": 0},
        by=rota.coordinator,
    )  # fmt: skip

    assert for_proposals() == replace(usual, gap=5, mix=6, critical_gap=7)
    ways = for_ways()
    assert (ways.gap, ways.critical_gap, ways.give, ways.take) == (5, 7, 8, 9)
    assert ways.rules == {
        "absent.leave": 200, "absent.training": 250, "absent.unavailable": 0, "days_in_a_row": 150,
        "nights_in_a_row": 150,
    }  # fmt: skip
    assert case_of(MONDAY, SUNDAY).prices == for_proposals()


# Pages.


@pytest.fixture
def screen(rota):
    """The screen of an organisation's planner, or of the coordinator."""
    team.give_role(
        person=rota.coordinator.person, organisation=rota.organisations["HUT"], role=Role.COORDINATOR,
        first_day=LONG_AGO, by=BUILDER,
    )  # fmt: skip

    def of(code="HUT"):
        return PlainBrowser(rota.planners.get(code, rota.coordinator).person)

    return of


def words(browser):
    return " ".join(" ".join(browser.page.words).split()).replace("\xa0", " ")


def ways_page(rota, night=WED, template="night", skill="lead"):
    return reverse("rota-ways", args=[rota.shift(night, template).pk, skill])


def post(rota, *steps, code="HUT", **told):
    """Steps sent to be carried out: the status of the answer."""
    client = Client()
    client.force_login(rota.planners[code].person)
    return client.post(reverse("rota-carry-out"), {"step": steps, **told}).status_code


def test_the_page_of_ways_shows_who_takes_what_and_does_it(rota, stands, screen):
    away(rota, "cleo", kind="leave")
    away(rota, "gus")
    browser = screen()

    browser.open(ways_page(rota))

    text = words(browser)
    assert browser.status == 200
    assert "Proven: nothing that fills more, and nothing smaller that fills as much, keeps the law." in text
    assert "− gives up Ana · Evening, Wednesday 18 November, 18:30–00:30 · Host" in text
    assert "+ takes Ana · Night, Wednesday 18 November, 22:30–07:00 · Lead Ana +2 h Ben +6 h" in text
    assert "50 points" in text
    assert "to be asked Cleo : asking somebody to move their leave. Planned while away." in text
    assert "250 points" in text
    assert "stays empty Evening, Wednesday 18 November · Host Ana +2 h 540 points" in text
    done = [form for form in browser.page.forms if form.action == reverse("rota-carry-out")]
    assert len(done) == 3  # the smallest, and two of the cheapest; who is on leave must be asked first

    browser.press("Do it so", reason="asked by phone")

    assert browser.status == 200
    assert ("ana", WED, "night") in standing()
    assert ("ben", WED, "evening") in standing()
    assert {row[-1] for row in changes()} == {"asked by phone"}


def test_ways_without_the_whole_page_are_for_the_page_of_the_place(rota, stands, screen):
    browser = screen()
    address = ways_page(rota)

    part = browser.client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "Do it so" in part
    assert "<html" not in part

    browser.open(reverse("rota-place", args=[rota.shift(WED, "night").pk, "lead"]))
    browser.follow("Ways to fill it")
    assert (browser.status, browser.at) == (200, address)


def test_a_planner_reads_nothing_of_other_peoples_teams_in_ways(rota, screen):
    """Emil could do it."""
    rota.published("IA")
    browser = screen()
    away(rota, "ana")

    browser.open(ways_page(rota))
    assert (browser.status, "Emil" in words(browser), "stays empty" in words(browser)) == (200, False, True)

    chief = screen("chief")
    chief.open(ways_page(rota))
    assert "+ takes Emil" in words(chief)


def test_a_way_that_is_refused_says_why_and_nothing_is_lost(rota, stands, screen):
    away(rota, "cleo", "gus")
    browser = screen()
    browser.open(ways_page(rota))
    away(rota, "ben")
    before = everything()

    browser.press("Do it so")

    assert browser.status == 409
    assert "This would break a rule: Planned while away." in words(browser)
    assert everything() == before


def test_after_a_refusal_the_ways_shown_are_still_for_the_empty_place(rota, stands, screen):
    away(rota, "cleo", "gus")
    browser = screen()
    browser.open(ways_page(rota))
    away(rota, "ben")

    browser.press("Do it so")

    assert "Night · Lead, Wednesday 18 November" in words(browser)


def test_at_short_notice_the_page_asks_for_the_reason(rota, stands, screen, clock_at):
    clock_at("2026-11-18 12:00")
    browser = screen()
    browser.open(ways_page(rota))
    before = everything()

    browser.press("Do it so", reason=" ")
    assert (browser.status, "Say why." in words(browser), everything() == before) == (422, True, True)

    browser.open(ways_page(rota))
    browser.press("Do it so", reason="illness")
    assert (browser.status, {row[-1] for row in changes()}) == (200, {"illness"})


def test_the_planner_of_another_organisation_carries_nothing_out(rota, stands):
    before = everything()
    steps = [
        f"{verb}:{shift.pk}:{skill.code}:{person.pk}"
        for verb, named in (("give", CHAIN["given"]), ("take", CHAIN["taken"]))
        for shift, skill, person in steps_of(rota, named)
    ]

    assert post(rota, *steps, code="IA") == 403
    assert everything() == before
    assert post(rota, *steps) == 302
    assert ("ana", WED, "night") in standing()


MALFORMED = (
    "", "give", "give:{shift}:host", "give:{shift}:host:{ben}:1", "lend:{shift}:host:{ben}", "give:x:host:{ben}",
    "give:{shift}:host:x", "give:{shift}:host:-1", "give:{shift}:cook:{ben}", "give:0:host:{ben}",
    "give:{shift}:host:0", "give:99999999999999999999:host:{ben}",
)  # fmt: skip


def test_a_step_that_names_nothing_is_not_found_nor_what_stands_beside_it(rota, stands):
    known = {"shift": rota.shift(WED, "night").pk, "ben": rota.people["ben"].pk}
    right, before = "give:{shift}:host:{ben}".format(**known), everything()

    for text in MALFORMED:
        wrong = text.format(**known)
        assert (text, post(rota, wrong), post(rota, right, wrong)) == (text, 404, 404)
    assert everything() == before
    assert post(rota, right) == 302


def test_a_way_that_gives_nothing_is_not_found(rota, stands):
    assert post(rota, f"take:{rota.shift(FRI).pk}:host:{rota.people['ben'].pk}") == 404
    assert ("ben", FRI, "evening") in standing()


def test_no_steps_are_not_found(rota, stands):
    assert post(rota) == 404


def test_however_many_the_steps_are_all_are_done_or_none(rota):
    rota.people["hal"] = colleague("Hal", skills=("host",))
    employed(rota.people["hal"], rota.organisations["HUT"], kind="volunteer")
    rota.published("HUT")
    steps = [
        f"give:{rota.shift(day(night), kind).pk}:host:{rota.people[name].pk}"
        for night in range(16, 27)
        for kind in ("evening", "morning")
        for name in ("gus", "hal")
    ]

    post(rota, *steps)

    assert len(steps) == 44
    assert len(standing()) in (0, 44)


def test_who_falls_out_of_two_shifts_is_repaired_on_one_page(rota, screen):
    rota.published(
        "HUT", MONDAY, SUNDAY, ("ben", WED, "night"), ("ben", FRI, "night"), ("ana", day(19)), ("gus", day(19))
    )  # fmt: skip
    browser = screen()

    browser.send(reverse("rota-absent", args=[rota.people["ben"].pk, WED]), "post", {"days": "3"})
    assert browser.status == 403  # no form sent it
    browser.client.handler.enforce_csrf_checks = False
    browser.send(reverse("rota-absent", args=[rota.people["ben"].pk, WED]), "post", {"days": "3"})
    browser.client.handler.enforce_csrf_checks = True

    address = reverse("rota-repair", args=[rota.people["ben"].pk, WED])
    assert browser.at == address
    text = words(browser)
    assert "Ben cannot come" in text
    assert "Stands empty 2" in text
    assert "Night, Wednesday 18 November, 22:30–07:00 · Host" in text
    browser.press("Do it so")
    assert browser.status == 200
    browser.open(address)
    assert "Everything is filled." in words(browser)
    assert found_wrong() == []


def test_who_is_planned_by_others_is_not_named_on_the_page_of_repair(rota, stands, screen):
    covering.fall_out(
        person=rota.people["emil"], start=midnight(WED), end=midnight(day(19)), by=rota.planners["IA"]
    )
    browser, address = screen(), reverse("rota-repair", args=[rota.people["emil"].pk, WED])

    browser.open(address)

    assert "Emil" not in words(browser)
    theirs = screen("IA")
    theirs.open(address)
    assert "Emil cannot come" in words(theirs)


@pytest.mark.parametrize("text", ["2025-12-31", "0001-01-01", "9999-12-31"])
def test_on_a_day_when_nobody_is_employed_there_is_nothing_to_repair(rota, screen, text):
    browser = screen()

    browser.open(reverse("rota-repair", args=[rota.people["ben"].pk, text]))

    assert browser.status == 404


def test_a_planner_reads_the_prices_and_the_coordinator_sets_them(rota, screen):
    address = reverse("rota-prices")
    pricing.set_prices(points={"absent.leave": None, "gap": 777}, by=rota.coordinator)
    reader, chief = screen(), screen("chief")

    reader.open(address)
    text = words(reader)
    assert "a place left empty 777 a place" in text
    assert "asking somebody to move their leave – asking" in text
    assert [form for form in reader.page.forms if "gap" in form.answers] == []
    client = Client()
    client.force_login(rota.planners["HUT"].person)
    assert client.post(address, {"gap": "1"}).status_code == 403

    chief.open(address)
    chief.press("Set", step_in="11", weekly_rest="")
    assert (chief.status, chief.at) == (200, address)
    known = points()
    assert (known["gap"], known["step_in"], known["absent.leave"], known["weekly_rest"]) == (
        777,
        11,
        None,
        None,
    )
    assert lines("rota_price_set")[2:] == [
        {"key": "step_in", "value": 11}, {"key": "weekly_rest", "value": None},
    ]  # fmt: skip


def test_a_price_that_cannot_be_is_refused_on_the_page_and_none_is_set(rota, screen):
    chief = screen("chief")

    for given in ({"gap": ""}, {"move": "-1"}, {"wish": "much"}, {"absent.leave": "9999999"}):
        chief.open(reverse("rota-prices"))
        chief.press("Set", step_in="11", **given)
        assert (given, chief.status, "Error:" in words(chief), Price.objects.count()) == (given, 422, True, 0)
