"""What only the database can promise of the rota: each constraint and each trigger is demanded, and speaks."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from shelter import clock
from shelter.refusing import REFUSALS, broken_constraint, constraints_speak
from shelter.rota import errors
from shelter.rota.actions import changing
from shelter.rota.models import (
    Absence,
    Assignment,
    CalendarAddress,
    Change,
    ChosenShift,
    Demand,
    Employment,
    LeaveRequest,
    MixRule,
    OpenShift,
    Override,
    Plan,
    Price,
    Proposal,
    Qualification,
    Shift,
    ShiftTemplate,
    SignUp,
    Swap,
    TemplateDemand,
    Term,
    Wish,
    Worked,
)
from tests.shelter.rota.conftest import MONDAY, SUNDAY, day
from tests.shelter.test_triggers import guarded, run

ONE_DAY = timedelta(days=1)
BEFORE = MONDAY - ONE_DAY
TWICE = range(2)


def employment(rota, **changed):
    usual = {"kind": "employee", "weekly_minutes": 60, "first_day": MONDAY}
    Employment.objects.create(
        person=rota.people["ana"], organisation=rota.organisations["IA"], **usual | changed
    )


def leave(rota, **changed):
    usual = {"first_day": MONDAY, "last_day": MONDAY, "asked_at": clock.now(), "answer_due_at": clock.now()}
    LeaveRequest.objects.create(person=rota.people["ana"], **usual | changed)


def wish(rota, **changed):
    Wish.objects.create(person=rota.people["ana"], night=MONDAY, made_at=clock.now(), **changed)


def plan(rota, **changed):
    usual = {"first_day": MONDAY, "last_day": SUNDAY, "number": 1, "made_at": clock.now()}
    return Plan.objects.create(organisation=rota.organisations["HUT"], **usual | changed)


def published(rota, **changed):
    return plan(rota, state="published", published_at=clock.now(), **changed)


def cell(rota, night=MONDAY, template="evening", **changed):
    shift = rota.shift(night, template)
    usual = {
        "plan": changed.get("plan") or plan(rota), "shift": shift, "skill": rota.skills["host"],
        "person": rota.people["ana"], "start": shift.start, "end": shift.end,
    }  # fmt: skip
    return Assignment.objects.create(**usual | changed)


def demand(rota, **changed):
    usual = {"shift": rota.shift(MONDAY), "skill": rota.skills["first_aid"], "minimum": 1, "wished": 1}
    Demand.objects.create(**usual | changed)


def usual_demand(rota, **changed):
    usual = {
        "template": rota.templates["evening"], "skill": rota.skills["first_aid"], "minimum": 1, "wished": 1,
    }  # fmt: skip
    TemplateDemand.objects.create(**usual | changed)


def override(rota, of, reason="nobody else"):
    Override.objects.create(
        plan=of, person=rota.people["ana"], rule="weekly_rest", day=MONDAY, reason=reason, at=clock.now(),
        by=rota.coordinator.person,
    )  # fmt: skip


def swap(rota, given, taker="ben"):
    Swap.objects.create(given=given, giver=given.person, taker=rota.people[taker], asked_at=clock.now())


def proposal(rota, **changed):
    usual = {"first_day": MONDAY, "last_day": SUNDAY, "seconds": 1, "seed": 1, "asked_at": clock.now()}
    Proposal.objects.create(asked_by=rota.coordinator.person, **usual | changed)


def sign_up(rota, **changed):
    return SignUp.objects.create(
        organisation=rota.organisations["CRL"], name="Lou", email="lou@example.org", language="fr",
        asked_at=clock.now(), **changed,
    )  # fmt: skip


def choose_twice(offer, rota):
    for skill in ("host", "lead"):
        ChosenShift.objects.create(sign_up=offer, shift=rota.shift(MONDAY), skill=rota.skills[skill])


def worked(rota, of=None, minutes=60):
    start = clock.now()
    Worked.objects.create(
        person=rota.people["ana"], organisation=rota.organisations["HUT"], assignment=of, start=start,
        end=start + timedelta(minutes=minutes), recorded_at=start,
    )  # fmt: skip


def calendar(rota, **whose):
    CalendarAddress.objects.create(digest="d", created_at=clock.now(), **whose)


def change(rota, of, **who):
    return Change.objects.create(
        plan=of, shift=rota.shift(MONDAY), skill=rota.skills["host"], kind="correction", at=clock.now(),
        notice_days=1, **who,
    )  # fmt: skip


def twice(act):
    """The same again, the second time too often."""

    def done(rota):
        for _time in TWICE:
            act(rota)

    return done


def template_backwards(rota):
    ShiftTemplate.objects.filter(code="night").update(last_night=BEFORE, first_night=MONDAY)


def shift_again(rota):
    shift = rota.shift(MONDAY)
    shift.pk, shift._state.adding = None, True
    shift.save()


def two_cells_of_one_shift(rota):
    ours = published(rota)
    for _time in TWICE:
        cell(rota, plan=ours, stands=True)


def two_swaps_of_one_cell(rota):
    given = cell(rota)
    for _time in TWICE:
        swap(rota, given)


def overridden_twice(rota):
    ours = plan(rota)
    for _time in TWICE:
        override(rota, ours)


def recorded_twice(rota):
    row = cell(rota)
    for _time in TWICE:
        worked(rota, row)


BREAKERS = {
    "shift_template_ends_after_it_begins": template_backwards,
    "one_demand_per_template_and_skill": twice(usual_demand),
    "template_demand_wishes_no_less_than_it_needs": lambda rota: usual_demand(rota, minimum=2),
    "one_shift_per_template_and_night": shift_again,
    "shift_ends_after_it_begins": lambda rota: Shift.objects.update(end=models.F("start")),
    "one_demand_per_shift_and_skill": twice(demand),
    "demand_wishes_no_less_than_it_needs": lambda rota: demand(rota, minimum=2),
    "mix_rule_ends_after_it_begins": lambda rota: MixRule.objects.create(
        least=2, first_night=MONDAY, last_night=BEFORE
    ),
    "employment_ends_after_it_begins": lambda rota: employment(rota, last_day=BEFORE),
    "employee_has_weekly_hours": lambda rota: employment(rota, weekly_minutes=0),
    "qualification_ends_after_it_begins": lambda rota: Qualification.objects.update(
        first_day=MONDAY, last_day=BEFORE
    ),
    "leave_ends_after_it_begins": lambda rota: leave(rota, last_day=BEFORE),
    "an_answered_request_has_its_time": lambda rota: leave(rota, state="granted"),
    "absence_ends_after_it_begins": lambda rota: Absence.objects.create(
        person=rota.people["ana"], kind="sick", start=clock.now(), end=clock.now(), entered_at=clock.now()
    ),
    "one_wish_per_shift": twice(lambda rota: wish(rota, template=rota.templates["night"])),
    "one_wish_per_whole_day": twice(wish),
    "a_wish_weighs_one_to_three": lambda rota: wish(rota, weight=4),
    "plan_ends_after_it_begins": lambda rota: plan(rota, last_day=BEFORE),
    "one_plan_per_period_and_number": twice(lambda rota: plan(rota, state="dropped")),
    "one_open_plan_per_period": lambda rota: [plan(rota, number=1), plan(rota, number=2, state="proposed")],
    "one_published_plan_per_period": lambda rota: [published(rota), published(rota, number=2)],
    "a_published_plan_has_its_date": lambda rota: plan(rota, state="published"),
    "assignment_ends_after_it_begins": lambda rota: cell(rota, end=rota.shift(MONDAY).start),
    "nobody_stands_twice_in_one_shift": two_cells_of_one_shift,
    "a_change_is_about_somebody": lambda rota: change(rota, plan(rota)),
    "one_override_per_rule_and_day": overridden_twice,
    "an_override_has_a_reason": lambda rota: override(rota, plan(rota), reason=""),
    "one_proposal_is_worked_out_at_a_time": twice(lambda rota: proposal(rota, state="running")),
    "no_proposal_is_better_than_its_bound": lambda rota: proposal(rota, total=6, bound=7),
    "one_open_swap_per_assignment": two_swaps_of_one_cell,
    "a_swap_has_two_people": lambda rota: swap(rota, cell(rota), taker="ana"),
    "a_taken_place_is_closed": lambda rota: OpenShift.objects.create(
        shift=rota.shift(MONDAY), skill=rota.skills["host"], organisation=rota.organisations["HUT"],
        opened_at=clock.now(), taken_by=rota.people["ana"],
    ),
    "a_calendar_is_a_persons_or_a_teams": lambda rota: calendar(
        rota, person=rota.people["ana"], organisation=rota.organisations["HUT"]
    ),
    "term_has_a_known_key": lambda rota: Term.objects.create(
        key="favourite_soup", first_day=MONDAY, set_at=clock.now()
    ),
    "price_has_a_known_key": lambda rota: Price.objects.create(key="soup", points=1, set_at=clock.now()),
    "a_confirmed_volunteer_is_a_person": lambda rota: sign_up(rota, state="confirmed"),
    "one_choice_per_sign_up_and_shift": lambda rota: choose_twice(sign_up(rota), rota),
    "work_ends_after_it_begins": lambda rota: worked(rota, minutes=0),
    "one_record_per_assignment": recorded_twice,
}  # fmt: skip


def declared():
    """All constraints of the rota's models, by name."""
    return {
        constraint.name: constraint
        for model in apps.get_app_config("rota").get_models()
        for constraint in model._meta.constraints
    }


def told_apart(name):
    """The names a broken constraint may go by: SQLite tells of a unique one only its columns."""
    broken = declared()[name]
    if connection.vendor == "postgresql" or not isinstance(broken, models.UniqueConstraint):
        return {name}
    if name == "nobody_stands_twice_in_one_shift":
        return {"nobody_has_two_shifts_at_once"}  # whose trigger comes first there
    return {
        other.name
        for model in apps.get_app_config("rota").get_models()
        if broken in model._meta.constraints
        for other in model._meta.constraints
        if isinstance(other, models.UniqueConstraint) and other.fields == broken.fields
    }


def test_each_constraint_of_the_rota_is_demanded_below():
    assert sorted(BREAKERS) == sorted(declared())


@pytest.mark.parametrize("name", BREAKERS)
def test_the_database_refuses_what_breaks_a_constraint_and_its_name_is_known(rota, name):
    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        BREAKERS[name](rota)

    assert broken_constraint(broken.value) in told_apart(name)


def test_a_wish_may_be_for_two_kinds_of_shift_of_a_day_and_a_calendar_for_nobody_else(rota):
    for code in ("evening", "night"):
        wish(rota, template=rota.templates[code])
    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        calendar(rota)

    assert broken_constraint(broken.value) == "a_calendar_is_a_persons_or_a_teams"
    assert Wish.objects.count() == 2


def test_a_number_of_states_is_no_hindrance_to_one_another(rota):
    """A dropped, a replaced, a published and an open version of one period lie side by side."""
    plan(rota, number=1, state="dropped")
    plan(rota, number=2, state="replaced", published_at=clock.now())
    published(rota, number=3)
    plan(rota, number=4)

    assert Plan.objects.count() == 4


# Nobody has two shifts at once.


@pytest.fixture
def ours(rota):
    """A published plan of HUT in which Ana stands on the evening of the 16th, and a plan of another employer."""
    row = cell(rota, plan=published(rota), stands=True)
    other = Plan.objects.create(
        organisation=rota.organisations["CRL"], first_day=MONDAY, last_day=SUNDAY, number=1,
        made_at=clock.now(), published_at=clock.now(), state="published",
    )  # fmt: skip
    return row, other


def breaks(name, act):
    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        act()
    return broken_constraint(broken.value) == name


def test_nobody_stands_in_two_shifts_at_once_whatever_writes(rota, ours):
    _row, other = ours
    drafted = cell(rota, template="night", plan=other)

    assert breaks(
        "nobody_has_two_shifts_at_once", lambda: cell(rota, template="night", plan=other, stands=True)
    )
    assert breaks(
        "nobody_has_two_shifts_at_once", lambda: Assignment.objects.filter(pk=drafted.pk).update(stands=True)
    )
    assert breaks(
        "nobody_has_two_shifts_at_once",
        lambda: run("UPDATE rota_assignment SET stands = %s WHERE id = %s", True, drafted.pk),
    )


@pytest.mark.parametrize(
    ("begin", "end", "meets"),
    [(-60, 0, False), (-60, 1, True), (10, 20, True), (-5, 400, True), (359, 500, True), (360, 500, False)],
)
def test_shifts_may_touch_and_not_overlap(rota, ours, begin, end, meets):
    """The evening lasts 360 minutes; the other shift begins and ends so many minutes after it has begun."""
    row, other = ours
    hours = {"start": row.start + timedelta(minutes=begin), "end": row.start + timedelta(minutes=end)}

    def put():
        return cell(rota, template="morning", plan=other, stands=True, **hours)

    if meets:
        assert breaks("nobody_has_two_shifts_at_once", put)
    else:
        assert put().pk


def test_drafts_and_others_and_what_no_longer_stands_are_in_nobodys_way(rota, ours):
    row, other = ours
    cell(rota, template="night", plan=other)
    cell(rota, template="night", plan=other, stands=True, person=rota.people["ben"])
    Assignment.objects.filter(pk=row.pk).update(stands=False)

    assert cell(rota, template="night", plan=other, stands=True).pk


def test_a_row_may_be_written_again_as_it_is(rota, ours):
    row, _other = ours

    row.save()
    Assignment.objects.filter(pk=row.pk).update(stands=True, is_pinned=True)

    assert Assignment.objects.get(pk=row.pk).stands


@pytest.mark.parametrize(
    ("name", "template"),
    [("nobody_has_two_shifts_at_once", "night"), ("nobody_stands_twice_in_one_shift", "evening")],
)
def test_a_broken_promise_leaves_as_its_refusal(rota, ours, name, template):
    """Two shifts at once, and one shift twice: on SQLite the first speaks for both."""
    _row, other = ours

    with pytest.raises(errors.HasAnotherShift) as refusal, transaction.atomic():
        with constraints_speak(person="Ana"):
            cell(rota, template=template, plan=other, stands=True)

    assert (f"{refusal.value}", REFUSALS[name]) == ("Ana works at this time already.", errors.HasAnotherShift)


# What was published stays as it was.

MOVES = {
    "plan": lambda rota, other: {"plan": other},
    "shift": lambda rota, other: {"shift": rota.shift(day(18))},
    "skill": lambda rota, other: {"skill": rota.skills["lead"]},
    "person": lambda rota, other: {"person": rota.people["ben"]},
    "start": lambda rota, other: {"start": models.F("start") - timedelta(minutes=1)},
    "end": lambda rota, other: {"end": models.F("end") + timedelta(minutes=1)},
}


@pytest.mark.parametrize("state", ["published", "replaced"])
@pytest.mark.parametrize("moved", MOVES)
def test_an_assignment_of_a_published_plan_stays_as_it_was(rota, ours, moved, state):
    row, other = ours
    Plan.objects.filter(pk=row.plan_id).update(state=state)
    before = Assignment.objects.filter(pk=row.pk).values().get()

    assert breaks(
        "published_plan_is_fixed",
        lambda: Assignment.objects.filter(pk=row.pk).update(**MOVES[moved](rota, other)),
    )
    assert Assignment.objects.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize("state", ["published", "replaced"])
def test_an_assignment_of_a_published_plan_is_not_deleted(rota, ours, state):
    row, _other = ours
    Plan.objects.filter(pk=row.plan_id).update(state=state)

    assert breaks("published_plan_is_fixed", row.delete)
    assert breaks("published_plan_is_fixed", lambda: run("DELETE FROM rota_assignment WHERE id = %s", row.pk))
    assert Assignment.objects.filter(pk=row.pk).exists()


def test_many_rows_at_once_are_refused_when_one_of_them_is_published(rota, ours):
    other_draft = rota.draft("IA", MONDAY, SUNDAY, ("emil", day(20)))

    assert breaks("published_plan_is_fixed", lambda: Assignment.objects.update(skill=rota.skills["lead"]))
    assert breaks(
        "published_plan_is_fixed",
        lambda: Assignment.objects.order_by()._raw_delete(Assignment.objects.db),
    )
    assert other_draft.assignments.get().skill == rota.skills["host"]


def test_whether_it_stands_and_what_ended_it_may_change(rota, ours):
    row, _other = ours
    written = change(rota, row.plan, before=row.person)

    Assignment.objects.filter(pk=row.pk).update(stands=False, gone_with=written, is_pinned=True)

    row.refresh_from_db()
    assert (row.stands, row.gone_with) == (False, written)


@pytest.mark.parametrize("state", ["draft", "proposed", "dropped"])
def test_drafts_may_be_written_and_emptied(rota, state):
    row = cell(rota)
    Plan.objects.filter(pk=row.plan_id).update(state=state)

    Assignment.objects.filter(pk=row.pk).update(skill=rota.skills["lead"], person=rota.people["ben"])
    row.delete()

    assert Assignment.objects.count() == 0


# What changed is kept.


@pytest.mark.parametrize("verb", ["UPDATE rota_change SET reason = 'better'", "DELETE FROM rota_change"])
def test_a_change_is_never_rewritten_whatever_writes(rota, verb):
    rota.published("HUT", MONDAY, SUNDAY, ("ben", day(18)))
    written = changing.correct(
        shift=rota.shift(day(18)), skill=rota.skills["host"], before=rota.people["ben"],
        by=rota.planners["HUT"], reason="moved",
    )  # fmt: skip
    before = list(Change.objects.values())

    assert breaks("change_is_kept", lambda: run(f"{verb} WHERE id = %s", written.pk))
    assert list(Change.objects.values()) == before


def test_models_may_not_rewrite_a_change_either(rota):
    written = change(rota, plan(rota), before=rota.people["ana"])
    written.reason = "better"

    writes = [
        written.save, written.delete, lambda: Change.objects.update(reason="better"),
        lambda: Change.objects.order_by()._raw_delete(Change.objects.db),
    ]  # fmt: skip
    assert [breaks("change_is_kept", write) for write in writes] == [True] * 4


# Migrations that rebuild a table on SQLite would drop its triggers without a word.


def test_after_all_migrations_the_tables_of_the_rota_are_guarded(db):
    by_trigger = {("rota_assignment", "INSERT")} if connection.vendor == "sqlite" else set()

    assert guarded("rota_") == by_trigger | {
        ("rota_assignment", "UPDATE"), ("rota_assignment", "DELETE"),
        ("rota_change", "UPDATE"), ("rota_change", "DELETE"),
    }  # fmt: skip
