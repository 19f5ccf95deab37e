"""Proposals: asked for, worked out by one process at a time, lawful, as priced, taken over into drafts."""

from datetime import timedelta

import pytest

from shelter import errors
from shelter.actor import Actor
from shelter.rota import errors as refusals
from shelter.rota import rostering, staffing
from shelter.rota.actions import people as staff
from shelter.rota.actions import planning, proposing
from shelter.rota.models import Absence, Assignment, Plan, Proposal
from shelter.rota.queries.cases import case_of
from shelter.rota.queries.plans import blocking, findings_for
from shelter.rota.timeline import midnight
from tests.conftest import BUILDER
from tests.shelter.rota.conftest import MONDAY, SUNDAY, day


@pytest.fixture
def early(clock_at):
    """Long before the period: everything of it may still be planned."""
    clock_at("2026-11-02 09:00")


@pytest.fixture
def coordinator(rota, people):
    return Actor(person=people["coordinator"], roles=frozenset({"coordinator"}), source="tests")


@pytest.fixture
def worked_out(rota, coordinator, early):
    """A proposal for everybody over two weeks, looked for a second."""
    proposal = proposing.ask(first_day=MONDAY, last_day=SUNDAY, seconds=1, by=coordinator)
    assert proposing.claim(proposal.pk)
    proposing.work_out(proposal.pk)
    return Proposal.objects.get(pk=proposal.pk)


def test_a_proposal_says_what_it_costs_and_what_is_proven(worked_out):
    parts = {name: worked_out.price[name] for name in ("under", "over", "requests", "balances", "mixes")}

    assert worked_out.state == Proposal.State.DONE
    assert sum(parts.values()) == worked_out.total
    assert worked_out.bound is None or worked_out.bound <= worked_out.total
    assert len(worked_out.input_hash) == 64
    assert sorted(worked_out.versions) == ["numpy", "ortools", "python"]
    totals = [total for _seconds, total, _bound in worked_out.history]
    assert totals == sorted(totals, reverse=True)


def test_taken_over_it_breaks_nothing_and_stands_in_the_drafts_of_each_organisation(worked_out, coordinator):
    plans = proposing.take_over(proposal=worked_out, by=coordinator)

    rows = Assignment.objects.filter(plan__in=plans)
    here = sorted(rows.values_list("person", "shift", "skill__code"))
    assert here == sorted(map(tuple, worked_out.cells))
    assert {plan.state for plan in plans} == {Plan.State.PROPOSED}
    planned = {row.person_id for row in rows}
    assert blocking(findings_for(planned, MONDAY, SUNDAY, plans=plans), set()) == {}
    for plan in plans:
        planning.publish(plan=Plan.objects.get(pk=plan.pk), by=BUILDER)


def test_whoever_is_away_or_not_qualified_is_not_proposed(rota, coordinator, early):
    ana = rota.people["ana"]
    staff.block(
        person=ana,
        kind=Absence.Kind.LEAVE,
        start=midnight(MONDAY),
        end=midnight(SUNDAY + timedelta(days=1)),
        by=BUILDER,
    )

    there = first_found(case_of(MONDAY, SUNDAY))

    assert str(ana.pk) not in {name for name, _place in there}
    assert {name for name, place in there if place.skill == "lead"} == {str(rota.people["emil"].pk)}


def test_what_is_pinned_stays_and_what_lies_outside_too(rota, coordinator, early):
    """Ben's pinned evening stays; his night before the period keeps him from the morning after it."""
    earlier = rota.published("HUT", MONDAY - timedelta(days=7), MONDAY - timedelta(days=1))
    plan = rota.draft("HUT")
    planning.assign(
        plan=plan, shift=rota.shift(day(18)), skill=rota.skills["host"], person=rota.people["ben"],
        by=rota.planners["HUT"], is_pinned=True,
    )  # fmt: skip

    there = first_found(case_of(MONDAY, SUNDAY))

    ben = [(place.day, place.kind) for name, place in there if name == str(rota.people["ben"].pk)]
    assert earlier.state == "published"
    assert (day(18), "evening") in ben
    assert len({when for when, _kind in ben}) == len(ben)


def test_a_wish_to_be_free_is_kept_where_somebody_else_can(rota, coordinator, early):
    before = first_found(case_of(MONDAY, SUNDAY))
    name, place = next((name, place) for name, place in before if place.skill == "host")
    somebody = next(person for person in rota.people.values() if str(person.pk) == name)
    staff.wish(person=somebody, night=place.day, weight=3, by=BUILDER)

    case = case_of(MONDAY, SUNDAY)
    compiled = staffing.compiled(case)
    found = rostering.solve(compiled.problem, seconds=2, personal=compiled.workforce)

    assert found.price.requests in {0, 30}
    assert [wish.day for each in case.staff for wish in each.wishes] == [place.day]


def first_found(case):
    """The places of the first plan that is found."""
    compiled = staffing.compiled(case)
    found = rostering.solve(compiled.problem, seconds=60, stop=lambda: True, personal=compiled.workforce)
    kept, _out = staffing.lawful(case, staffing.places_of(case, found.roster))
    return kept


def test_one_proposal_is_worked_out_at_a_time(rota, coordinator, early):
    one, other = (
        proposing.ask(first_day=MONDAY, last_day=SUNDAY, seconds=1, by=coordinator) for _time in range(2)
    )

    claimed = [proposing.claim(each.pk) for each in (one, one, other)]

    assert claimed == [True, False, False]


def test_a_proposal_whose_process_died_makes_room_for_the_next(rota, coordinator, clock_at):
    clock_at("2026-11-02 09:00")
    lost, waiting = (
        proposing.ask(first_day=MONDAY, last_day=SUNDAY, seconds=20, by=coordinator) for _time in range(2)
    )
    proposing.claim(lost.pk)

    clock_at("2026-11-02 09:01")
    proposing.give_up_lost()
    too_soon = proposing.claim(waiting.pk)
    clock_at("2026-11-02 09:02")
    proposing.give_up_lost()

    assert (too_soon, proposing.claim(waiting.pk)) == (False, True)
    assert Proposal.objects.get(pk=lost.pk).state == Proposal.State.FAILED


def test_a_planner_asks_for_their_own_people_only(rota, coordinator, people, early):
    planner = rota.planners["HUT"]
    asked = proposing.ask(
        first_day=MONDAY, last_day=SUNDAY, seconds=1, by=planner, organisation=rota.organisations["HUT"]
    )

    with pytest.raises(refusals.NotYourPeople):
        proposing.ask(
            first_day=MONDAY, last_day=SUNDAY, seconds=1, by=planner, organisation=rota.organisations["IA"]
        )
    case = case_of(MONDAY, SUNDAY, [rota.organisations["HUT"]])
    assert {each.organisation for each in case.staff} == {"HUT"}
    assert asked.state == Proposal.State.WANTED


@pytest.mark.parametrize(("first", "last"), [(SUNDAY, MONDAY), (MONDAY, MONDAY + timedelta(days=80))])
def test_a_period_the_wrong_way_round_or_too_long_is_refused(rota, coordinator, first, last):
    with pytest.raises(errors.Incomplete):
        proposing.ask(first_day=first, last_day=last, seconds=1, by=coordinator)


def test_what_is_not_ready_is_not_taken_over(rota, coordinator, early):
    waiting = proposing.ask(first_day=MONDAY, last_day=SUNDAY, seconds=1, by=coordinator)

    with pytest.raises(refusals.AlreadyAnswered):
        proposing.take_over(proposal=waiting, by=coordinator)
