"""What `check_house` finds in a rota when somebody has gone behind the back of the actions."""

from datetime import timedelta

import pytest

from shelter.rota import consistency
from shelter.rota.models import Assignment, Employment, Plan, Shift
from tests.rota_things import things_of_the_rota


@pytest.fixture
def rota(night, people):
    return things_of_the_rota(people)


def found():
    return {check.__name__: len(list(check())) for check in consistency.CHECKS}


NOTHING = {
    "only_published_plans_stand": 0,
    "assignments_have_the_hours_of_their_shift": 0,
    "people_work_for_whom_they_are_planned": 0,
    "what_stands_keeps_the_law": 0,
}


def test_a_rota_made_by_the_actions_is_in_order(rota):
    assert found() == NOTHING


def test_a_plan_that_was_turned_back_is_found(rota):
    Plan.objects.filter(state="published").update(state="replaced")

    assert found() == NOTHING | {"only_published_plans_stand": 6}


def test_a_shift_moved_under_its_people_is_found(rota):
    """The draft has copied the five that stand, and has one more at another time."""
    for shift in Shift.objects.filter(template__code="evening"):
        Shift.objects.filter(pk=shift.pk).update(end=shift.end + timedelta(hours=1))

    assert found() == NOTHING | {"assignments_have_the_hours_of_their_shift": 10}


def test_somebody_planned_by_a_stranger_is_found(rota):
    Employment.objects.filter(person=rota["rota_worker"]).update(last_day="2026-11-25")

    assert found() == NOTHING | {"people_work_for_whom_they_are_planned": 2, "what_stands_keeps_the_law": 0}


def test_what_breaks_the_law_is_found_though_nobody_published_it(rota):
    """Five more nights for the same person, put straight into the table."""
    given = Assignment.objects.standing().earliest("start")
    for shift in Shift.objects.filter(
        template__code="night", night__date__range=("2026-11-17", "2026-11-20")
    ):
        Assignment.objects.create(
            plan=given.plan, shift=shift, skill=given.skill, person=given.person, start=shift.start,
            end=shift.end, stands=True,
        )  # fmt: skip
    for shift in Shift.objects.filter(
        template__code="evening", night__date__range=("2026-11-21", "2026-11-22")
    ):
        Assignment.objects.create(
            plan=given.plan, shift=shift, skill=given.skill, person=given.person, start=shift.start,
            end=shift.end, stands=True,
        )  # fmt: skip

    assert found()["what_stands_keeps_the_law"] > 0
