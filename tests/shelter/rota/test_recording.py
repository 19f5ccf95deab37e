"""The register of time worked: as planned or otherwise, corrected without losing what was there before."""

from datetime import timedelta

import pytest

from shelter import clock
from shelter.errors import Incomplete
from shelter.rota import errors
from shelter.rota.actions import recording
from shelter.rota.models import Assignment, Worked
from tests.conftest import instant
from tests.shelter.rota.conftest import MONDAY, SUNDAY, day, lines, refused


@pytest.fixture
def row(rota, clock_at):
    """Ana's night of the 16th; it is the morning after."""
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16), "night"), ("ben", day(16)), ("cleo", day(16)))
    clock_at("2026-11-17 08:00")
    return rota.row("ana", day(16), "night")


def register():
    return [
        (worked.person.name, worked.start, worked.end, worked.break_minutes, worked.replaced_by is None)
        for worked in Worked.objects.select_related("person", "replaced_by").order_by("id")
    ]


def test_a_shift_was_worked_as_planned(rota, row):
    worked = recording.record_worked(assignment=row, by=rota.himself("ana"))

    assert (worked.start, worked.end, worked.break_minutes) == (row.start, row.end, 30)
    assert (worked.person, worked.organisation) == (rota.people["ana"], rota.organisations["HUT"])
    assert (worked.recorded_at, worked.recorded_by) == (clock.now(), rota.people["ana"])
    assert (worked.assignment, worked.replaced_by) == (row, None)
    assert lines("work_recorded") == [{"person": rota.people["ana"].pk, "minutes": 510}]


def test_or_from_when_to_when_it_was_and_with_another_break(rota, row):
    start, end = instant("2026-11-16 22:15"), instant("2026-11-17 07:20")

    recording.record_worked(
        assignment=row,
        start=start,
        end=end,
        break_minutes=0,
        note=" relief came late ",
        by=rota.himself("ana"),
    )

    assert register() == [("Ana", start, end, 0, True)]
    assert Worked.objects.get().note == "relief came late"


def test_only_one_end_of_it_may_have_been_otherwise(rota, row):
    end = instant("2026-11-17 07:20")

    recording.record_worked(assignment=row, end=end, by=rota.himself("ana"))

    assert register() == [("Ana", row.start, end, 30, True)]


@pytest.mark.parametrize("minutes", [0, -1])
def test_work_ends_after_it_begins(rota, row, minutes):
    refused(
        Incomplete,
        lambda: recording.record_worked(
            assignment=row, end=row.start + timedelta(minutes=minutes), by=rota.himself("ana")
        ),
    )


def test_a_second_record_corrects_the_first_which_is_kept(rota, row):
    later = row.end + timedelta(minutes=20)
    first = recording.record_worked(assignment=row, by=rota.himself("ana"))

    second = recording.record_worked(assignment=row, end=later, by=rota.planners["HUT"])

    first.refresh_from_db()
    assert (first.replaced_by, first.assignment) == (second, row)
    assert register() == [("Ana", row.start, row.end, 30, False), ("Ana", row.start, later, 30, True)]
    assert Worked.objects.get(assignment=row, replaced_by=None) == second


def test_a_correction_may_be_corrected(rota, row):
    for minutes in (10, 20, 30):
        recording.record_worked(
            assignment=row, end=row.end + timedelta(minutes=minutes), by=rota.himself("ana")
        )

    assert [line[4] for line in register()] == [False, False, True]
    chain = Worked.objects.order_by("id").values_list("pk", "replaced_by")
    assert [replaced for _pk, replaced in chain] == [*[pk for pk, _replaced in chain][1:], None]


@pytest.mark.parametrize("code", ["CRL", "IA"])
def test_the_planner_of_another_employer_records_nothing(rota, row, code):
    refused(errors.NotYourPeople, lambda: recording.record_worked(assignment=row, by=rota.planners[code]))


def test_nobody_records_the_work_of_a_colleague(rota, row):
    refused(errors.NotYourPeople, lambda: recording.record_worked(assignment=row, by=rota.himself("ben")))


@pytest.mark.parametrize("who", ["planner", "coordinator", "herself"])
def test_work_is_recorded_by_the_person_their_planner_or_the_coordinator(rota, row, who):
    by = {"planner": rota.planners["HUT"], "coordinator": rota.coordinator, "herself": rota.himself("ana")}[
        who
    ]

    assert recording.record_worked(assignment=row, by=by).recorded_by == by.person


def test_a_night_is_recorded_in_one_step_and_who_has_a_record_keeps_it(rota, row):
    end = instant("2026-11-17 07:20")
    recording.record_worked(assignment=row, end=end, by=rota.himself("ana"))
    everybody = list(Assignment.objects.standing().filter(shift__night__date=day(16)))

    recorded = recording.record_night(assignments=everybody, by=rota.planners["HUT"])
    again = recording.record_night(assignments=everybody, by=rota.planners["HUT"])

    assert (sorted(worked.person.name for worked in recorded), again) == (["Ben", "Cleo"], [])
    assert [line[2] for line in register() if line[0] == "Ana"] == [end]


def test_a_corrected_record_is_kept_too_when_the_night_is_recorded(rota, row):
    for minutes in (10, 20):
        recording.record_worked(
            assignment=row, end=row.end + timedelta(minutes=minutes), by=rota.himself("ana")
        )

    assert recording.record_night(assignments=[row], by=rota.planners["HUT"]) == []


def test_a_night_is_recorded_as_a_whole_or_not_at_all(rota, row):
    rota.published("CRL", MONDAY, SUNDAY, ("dana", day(16)))
    everybody = list(Assignment.objects.standing().filter(shift__night__date=day(16)))

    refused(
        errors.NotYourPeople,
        lambda: recording.record_night(assignments=everybody, by=rota.planners["HUT"]),
    )
