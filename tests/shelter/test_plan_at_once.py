"""A plan is kept while the door goes on: every bed once, everybody once, and nobody is answered with an error.

Each race is run twice. Without the locks the plan looks before the other act and writes after it, and harm is done:
the race is real. With them it is not done.
"""

import threading
from datetime import timedelta

import pytest

from shelter import offering, queries
from shelter.actions import allotting, giving, housekeeping, placing, registering, stepping
from shelter.models import BedNight, Night
from tests.at_once import GUARDS, SECONDS, kinds, may_do_harm
from tests.conftest import BUILDER, TONIGHT

pytestmark = pytest.mark.django_db(transaction=True)

MAN = offering.Needs(sleeps="men")
LONG = 20.0  # seconds nobody waits unless something is wrong


@pytest.fixture
def planned(night, occupant, by):
    """A plan for two men, with what they need; the doors are open."""
    people = [occupant(), occupant()]
    for somebody in people:
        registering.register(occupant=somebody, night=night, by=by("field_worker"), needs=MAN)
    needs = {somebody.pk: (MAN, False) for somebody in people}
    plan = allotting.keep_plan(allotting.work_out(night=night, needs=needs), by=by("night_lead"))
    stepping.step(night=night, to=Night.State.DOORS_OPEN, by=BUILDER)
    return plan, needs, people


@pytest.fixture
def after_the_look(monkeypatch, guard):
    """Wraps an act so that it comes when the plan's beds have been looked at and none is written down yet.

    Behind a lock it cannot come then: the plan waits a moment for it and goes on.
    """
    looked, done, write_down = threading.Event(), threading.Event(), giving._write_down
    patience = LONG if may_do_harm(guard) else SECONDS

    def later(*asked):
        if not looked.is_set():
            looked.set()
            done.wait(timeout=patience)
        write_down(*asked)

    monkeypatch.setattr(giving, "_write_down", later)

    def coming(act):
        def come():
            looked.wait(timeout=LONG)
            try:
                return act()
            finally:
                done.set()

        return come

    return coming


@pytest.fixture
def keep_the_plan(planned, by):
    plan, needs, _people = planned
    lead = by("night_lead")
    return lambda: allotting.apply(plan=plan, needs=needs, by=lead)


def bed_of(plan, somebody):
    return plan.lines.get(occupant=somebody).bed


def taken():
    return list(
        BedNight.objects.filter(state__in=["held", "in"])
        .order_by("occupant")
        .values_list("occupant", "state")
    )


@pytest.mark.parametrize("guard", GUARDS)
def test_somebody_planned_is_let_in_into_another_bed(
    night, by, house, planned, keep_the_plan, guard, guarded, at_once, after_the_look
):
    plan, _needs, (one, other) = planned
    elsewhere = next(
        bed for label, bed in house.beds.items()
        if label.startswith("M") and not plan.lines.filter(bed=bed).exists()
    )  # fmt: skip
    worker = by("night_worker")
    guarded(guard)

    answers = at_once(
        keep_the_plan,
        after_the_look(
            lambda: placing.check_in(occupant=one, night=night, by=worker, needs=MAN, bed=elsewhere)
        ),
    )

    if may_do_harm(guard):  # two beds for one person: the constraint refuses the whole plan
        assert kinds(answers) == ["AlreadyPlaced", "BedNight"]
        assert taken() == [(one.pk, "in")]
    else:
        assert kinds(answers) == ["BedNight", "Given"]
        assert taken() == [(one.pk, "in"), (other.pk, "held")]
        assert BedNight.objects.get(occupant=one, state="in").bed == elsewhere


@pytest.mark.parametrize("guard", GUARDS)
def test_a_planned_bed_is_given_to_somebody_else(
    night, by, occupant, planned, keep_the_plan, guard, guarded, at_once, after_the_look
):
    plan, _needs, (one, _other) = planned
    stranger, worker = occupant(), by("night_worker")
    wanted = bed_of(plan, one)
    guarded(guard)

    answers = at_once(
        keep_the_plan,
        after_the_look(
            lambda: placing.check_in(
                occupant=stranger, night=night, by=worker, needs=MAN, bed=wanted, is_registered=True
            )
        ),
    )

    if may_do_harm(guard):  # one bed for two people: the constraint refuses the whole plan
        assert kinds(answers) == ["BedNight", "BedTaken"]
        assert taken() == [(stranger.pk, "in")]
    else:
        assert kinds(answers) == ["BedTaken", "Given"]
        assert taken() == sorted((number, "held") for number in planned[1])


@pytest.mark.parametrize("guard", GUARDS)
def test_a_planned_bed_is_put_out_of_service(
    night, by, planned, keep_the_plan, guard, guarded, at_once, after_the_look
):
    plan, _needs, (one, other) = planned
    broken, lead = bed_of(plan, one), by("night_lead")
    guarded(guard)

    at_once(
        keep_the_plan,
        after_the_look(
            lambda: housekeeping.close_bed(
                bed=broken,
                reason="repair",
                first_night=TONIGHT,
                last_night=TONIGHT + timedelta(days=1),
                by=lead,
            )
        ),
    )

    harm = [(one.pk, "held")] if may_do_harm(guard) else []  # a bed kept that nobody can sleep in
    assert taken() == [*harm, (other.pk, "held")]


@pytest.mark.parametrize("guard", GUARDS)
def test_two_leads_keep_one_plan(by, planned, keep_the_plan, guard, guarded, at_once, after_the_look):
    plan, needs, people = planned
    coordinator = by("coordinator")
    guarded(guard)

    answers = at_once(
        keep_the_plan,
        after_the_look(lambda: allotting.apply(plan=plan, needs=needs, by=coordinator)),
    )

    assert kinds(answers) == (["BedTaken", "Given"] if may_do_harm(guard) else ["Given", "Given"])
    assert taken() == sorted((somebody.pk, "held") for somebody in people)


def test_the_door_lets_people_in_while_a_plan_is_worked_out(night, by, planned, at_once, monkeypatch):
    """Nothing is locked meanwhile: the door is answered before the plan is made, which then tells of it."""
    plan, needs, (one, _other) = planned
    worker, lead = by("night_worker"), by("night_lead")
    thinking, let_in, think = threading.Event(), threading.Event(), allotting.allocating.plan

    def slowly(*asked):
        thinking.set()
        assert let_in.wait(timeout=LONG), "The door waited for the plan."
        return think(*asked)

    monkeypatch.setattr(allotting.allocating, "plan", slowly)

    def come():
        thinking.wait(timeout=LONG)
        row = placing.check_in(occupant=one, night=night, by=worker, needs=MAN, bed=bed_of(plan, one))
        let_in.set()
        return row

    answers = at_once(
        lambda: allotting.keep_plan(allotting.work_out(night=night, needs=needs), by=lead), come
    )

    assert kinds(answers) == ["BedNight", "BedPlan"]
    assert taken() == [(one.pk, "in")]
    made = queries.latest_plan(night)
    assert made != plan
    assert queries.changes_since(made) == (0 if bed_of(made, one) == bed_of(plan, one) else 1)
