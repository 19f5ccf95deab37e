"""Drafts and their publication: who may, what a draft begins with, what the law forbids, who is told of what."""

from datetime import timedelta

import pytest
from django.utils import translation

from shelter.errors import Incomplete
from shelter.models import Letter, LogEntry, Person
from shelter.rota import errors, letters
from shelter.rota.actions import covering, people, planning
from shelter.rota.models import Absence, Assignment, Change, Plan
from shelter.rota.timeline import midnight
from tests.shelter.rota.conftest import MONDAY, SUNDAY, cells, day, employed, lines, refused, said, standing

NEXT_MONDAY = MONDAY + timedelta(days=7)
CUT = day(2, 12)  # a Wednesday: the week from 30 November lies in two plans
BEFORE_THE_CUT = [("ana", day(number, month)) for number, month in ((30, 11), (1, 12), (2, 12))]
AFTER_THE_CUT = [("ana", day(number, 12)) for number in (4, 5, 6)]
LATER = (CUT + timedelta(days=1), day(20, 12))


# Drafts.


def test_the_first_draft_of_a_period_is_empty_and_counts_one(rota):
    plan = rota.draft()

    assert (plan.state, plan.number, plan.assignments.count(), plan.published_at) == ("draft", 1, 0, None)
    assert plan.made_by == rota.planners["HUT"].person
    assert lines("rota_opened") == [{"plan": plan.pk, "organisation": "HUT"}]


def test_the_draft_that_is_open_is_opened_again(rota):
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)))

    again = rota.draft()

    assert (again.pk, Plan.objects.count(), len(lines("rota_opened"))) == (plan.pk, 1, 1)
    assert cells(again.assignments) == [("ana", day(16), "evening")]


def test_each_organisation_has_a_draft_of_its_own(rota):
    drafts = [rota.draft(code) for code in ("HUT", "CRL", "IA")]

    assert [(plan.organisation.code, plan.number) for plan in drafts] == [("HUT", 1), ("CRL", 1), ("IA", 1)]


def test_a_new_version_begins_as_what_stands(rota):
    first = rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(17)))

    second = rota.draft()

    assert (second.number, second.state, first.state) == (2, "draft", "published")
    assert cells(second.assignments) == [("ana", day(16), "evening"), ("ben", day(17), "evening")]
    assert set(second.assignments.values_list("stands", flat=True)) == {False}
    assert standing() == cells(second.assignments)


def test_a_new_version_begins_as_things_are_after_a_change(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(17)))
    covering.fall_out(
        person=rota.people["ben"], start=midnight(day(17)), end=midnight(day(18)), by=rota.planners["HUT"]
    )

    assert cells(rota.draft().assignments) == [("ana", day(16), "evening")]


def test_pinned_cells_stay_pinned_in_the_next_version(rota):
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)))
    planning.assign(
        plan=plan, shift=rota.shift(day(17)), skill=rota.skills["host"], person=rota.people["ben"],
        by=rota.planners["HUT"], is_pinned=True,
    )  # fmt: skip
    rota.publish(plan)

    pinned = rota.draft().assignments.order_by("start").values_list("is_pinned", flat=True)

    assert list(pinned) == [False, True]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (day(16), day(22)),  # within
        (day(9), day(16)),  # its first day
        (day(29), day(30)),  # its last day
        (day(1), day(30)),  # around
        (day(16), day(30)),  # from the same day
    ],
)
def test_a_plan_that_overlaps_another_is_refused(rota, first, last):
    rota.draft()

    refused(Incomplete, lambda: rota.draft("HUT", first, last))


def test_plans_may_meet(rota):
    rota.draft("HUT", day(16), day(22))

    assert rota.draft("HUT", day(23), day(29)).number == 1


def test_a_dropped_plan_is_in_nobodys_way(rota):
    planning.drop(plan=rota.draft(), by=rota.planners["HUT"])

    other = rota.draft("HUT", day(16), day(22))
    again = rota.published("HUT", day(23), day(29), ("ana", day(23)))

    assert (other.state, again.state) == ("draft", "published")
    assert standing() == [("ana", day(23), "evening")]


def test_the_number_of_a_dropped_version_is_not_given_again(rota):
    planning.drop(plan=rota.draft(), by=rota.planners["HUT"])

    assert rota.draft().number == 2


# Who may.


def everything_a_planner_does(rota, plan, row, by):
    shift, host, ben = rota.shift(day(18)), rota.skills["host"], rota.people["ben"]
    hut = {"organisation": plan.organisation, "by": by}
    return {
        "open": lambda: planning.open_draft(first_day=MONDAY, last_day=SUNDAY, **hut),
        "find": lambda: planning.draft_of(day=MONDAY, **hut),
        "give": lambda: planning.give(person=ben, day=day(18), template=rota.templates["evening"], **hut),
        "copy": lambda: planning.copy_week(source=MONDAY, target=day(23), **hut),
        "copy all": lambda: planning.copy_week_of_all(
            organisations=[plan.organisation], source=MONDAY, target=day(23), by=by
        ),
        "set aside": lambda: planning.set_aside_rule(
            person=ben, rule="weekly_rest", day=MONDAY, reason="nobody else", **hut
        ),
        "assign": lambda: planning.assign(plan=plan, shift=shift, skill=host, person=ben, by=by),
        "unassign": lambda: planning.unassign(assignment=row, by=by),
        "drop": lambda: planning.drop(plan=plan, by=by),
        "publish": lambda: planning.publish(plan=plan, by=by),
    }


OF_ONE_DRAFT = ["assign", "unassign", "drop", "publish"]
VERBS = ["open", "find", "give", "copy", "copy all", "set aside", *OF_ONE_DRAFT]


@pytest.mark.parametrize("verb", VERBS)
def test_the_planner_of_another_organisation_may_do_nothing_to_a_plan(rota, verb):
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)))
    act = everything_a_planner_does(rota, plan, plan.assignments.get(), rota.planners["CRL"])[verb]

    refusal = refused(errors.NotYourPeople, act)

    assert (refusal.status, refusal.facts) == (403, {"organisation": "Hëllef um Terrain"})


@pytest.mark.parametrize("verb", VERBS)
def test_the_coordinator_may_do_for_any_organisation_what_its_planner_may(rota, verb):
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)))

    everything_a_planner_does(rota, plan, plan.assignments.get(), rota.coordinator)[verb]()

    assert LogEntry.objects.order_by("id").last().by in (
        rota.coordinator.person, rota.planners["HUT"].person,
    )  # fmt: skip


# Cells.


def test_somebody_is_put_into_a_shift_and_out_of_it(rota):
    plan = rota.draft()

    row = rota.put(plan, "ana", day(16), "night", "lead")
    shift = rota.shift(day(16), "night")
    assert (row.start, row.end, row.skill, row.stands) == (shift.start, shift.end, rota.skills["lead"], False)

    planning.unassign(assignment=row, by=rota.planners["HUT"])
    assert plan.assignments.count() == 0


def test_put_there_twice_somebody_stands_there_once_with_the_later_duty(rota):
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)))

    rota.put(plan, "ana", day(16), "evening", "lead")

    assert [row.skill.code for row in plan.assignments.select_related("skill")] == ["lead"]


def test_only_people_of_the_organisation_are_planned_by_it(rota):
    plan = rota.draft()

    refused(errors.NotYourPeople, lambda: rota.put(plan, "emil", day(16)))


@pytest.mark.parametrize(("number", "works"), [(17, False), (18, True), (20, True), (21, False)])
def test_people_are_planned_from_the_first_day_of_their_work_to_the_last(rota, number, works):
    employed(rota.people["emil"], rota.organisations["HUT"], minutes=600, first_day=day(18), last_day=day(20))
    plan = rota.draft()

    if works:
        assert rota.put(plan, "emil", day(number)).pk
    else:
        refused(errors.NotEmployed, lambda: rota.put(plan, "emil", day(number)))


def test_a_draft_may_break_the_law_until_it_is_published(rota):
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ana", day(16), "night"))

    assert plan.assignments.count() == 2


@pytest.fixture
def give(rota):
    """What a key in the grid does: `give("ana", day(16), "night")`; without a kind of shift it clears the day."""

    def given(name, on, template=None):
        return planning.give(
            organisation=rota.organisations["HUT"], person=rota.people[name], day=on,
            template=template and rota.templates[template], by=rota.planners["HUT"],
        )  # fmt: skip

    return given


def test_one_key_gives_a_shift_in_place_of_what_was_there_that_day(rota, give):
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ana", day(17)))

    give("ana", day(16), "night")

    assert cells(plan.assignments) == [("ana", day(16), "night"), ("ana", day(17), "evening")]


def test_another_key_clears_the_day(rota, give):
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(16)), ("ana", day(17)))

    assert give("ana", day(16)) is None
    assert cells(plan.assignments) == [("ben", day(16), "evening"), ("ana", day(17), "evening")]


def test_a_key_gives_the_shift_that_begins_on_that_day_whichever_night_it_serves(rota, give):
    row = give("ben", day(17), "morning")

    assert (row.shift.night.date, row.shift.day) == (day(16), day(17))


def test_a_key_gives_the_duty_that_misses_most_of_those_somebody_may_do(rota, give):
    duties = [give(name, day(16), "evening").skill.code for name in ("ben", "cleo", "ana")]

    assert duties == ["host", "host", "lead"]  # two hosts are needed and one lead


def test_on_a_day_without_shifts_there_is_nothing_to_give(rota, give):
    refused(errors.NightsAreMissing, lambda: give("ana", day(4, 1), "evening"))


def test_only_people_of_the_organisation_are_given_a_shift_by_its_keys(rota, give):
    refused(errors.NotYourPeople, lambda: give("dana", day(16), "evening"))


def test_the_first_key_of_a_month_opens_its_draft(rota, give):
    plan = give("ana", day(16), "evening").plan
    same = give("ben", day(20), "evening").plan
    other = give("ben", day(1, 12), "evening").plan

    assert (plan.first_day, plan.last_day, plan.state) == (day(1), day(30), "draft")
    assert (same, other.first_day, other.last_day) == (plan, day(1, 12), day(31, 12))


def test_a_key_on_what_is_published_opens_a_new_version_and_leaves_what_stands(rota, give):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)))

    plan = give("ben", day(17), "evening").plan

    assert (plan.number, plan.state, plan.first_day, plan.last_day) == (2, "draft", MONDAY, SUNDAY)
    assert standing() == [("ana", day(16), "evening")]
    assert cells(plan.assignments) == [("ana", day(16), "evening"), ("ben", day(17), "evening")]


# Copying a week.


@pytest.fixture
def copy(rota):
    """Repeats HUT's week in another: `copy()` the first of the period in the second."""

    def copied(source=MONDAY, target=NEXT_MONDAY):
        return planning.copy_week(
            organisation=rota.organisations["HUT"], source=source, target=target, by=rota.planners["HUT"]
        )

    return copied


def test_a_week_is_repeated_in_another(rota, copy):
    plan = rota.draft(
        "HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(18), "night"), ("cleo", day(20), "morning")
    )

    assert copy() == (3, 0)
    assert cells(plan.assignments)[3:] == [
        ("ana", day(23), "evening"), ("ben", day(25), "night"), ("cleo", day(27), "morning"),
    ]  # fmt: skip


def test_a_copied_cell_has_the_instants_of_its_own_shift(rota, copy):
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)))

    copy()

    row, shift = plan.assignments.last(), rota.shift(day(23))
    assert (row.shift, row.start, row.end, row.stands) == (shift, shift.start, shift.end, False)


def test_a_week_of_an_earlier_plan_that_stands_is_repeated_too(rota, copy):
    rota.published("HUT", day(16), day(22), ("ana", day(16)), ("ben", day(17)))
    rota.published("CRL", day(16), day(22), ("dana", day(16)))
    plan = rota.draft("HUT", day(23), day(29))

    assert copy() == (2, 0)
    assert cells(plan.assignments) == [("ana", day(23), "evening"), ("ben", day(24), "evening")]


def test_who_is_away_or_busy_is_left_out_of_a_copied_week(rota, copy):
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(16)), ("cleo", day(16)))
    people.block(
        person=rota.people["ana"], kind=Absence.Kind.LEAVE, start=midnight(day(23)), end=midnight(day(24)),
        by=rota.planners["HUT"],
    )  # fmt: skip
    rota.put(plan, "ben", day(23), "night")

    assert copy() == (1, 2)
    assert cells(plan.assignments)[3:] == [("cleo", day(23), "evening"), ("ben", day(23), "night")]


def test_copied_again_a_week_stays_as_it_is(rota, copy):
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ana", day(17), "morning"))
    copy()
    before = cells(plan.assignments)

    assert (copy(), cells(plan.assignments)) == ((0, 2), before)


def test_a_copied_week_ends_where_the_plan_ends(rota, copy):
    plan = rota.draft("HUT", MONDAY, day(25), ("ana", day(18)), ("ana", day(19)))

    assert (copy(), cells(plan.assignments)[2:]) == ((1, 1), [("ana", day(25), "evening")])


def test_a_week_of_several_organisations_is_repeated_for_all_of_them_or_for_none(rota):
    rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(16)))
    rota.draft("CRL", MONDAY, SUNDAY, ("dana", day(16)))
    both = {
        "organisations": [rota.organisations["HUT"], rota.organisations["CRL"]], "source": MONDAY,
        "target": NEXT_MONDAY,
    }  # fmt: skip

    refused(errors.NotYourPeople, lambda: planning.copy_week_of_all(**both, by=rota.planners["HUT"]))

    assert planning.copy_week_of_all(**both, by=rota.coordinator) == (3, 0)
    assert planning.copy_week_of_all(**both | {"organisations": []}, by=rota.coordinator) == (0, 0)


# Setting a rule aside.


@pytest.fixture
def set_aside(rota):
    """Sets Ana's weekly rest aside: `set_aside(MONDAY)`, with a reason."""

    def done(on, *, name="ana", rule="weekly_rest", reason="illness of three"):
        return planning.set_aside_rule(
            organisation=rota.organisations["HUT"], person=rota.people[name], rule=rule, day=on,
            reason=reason, by=rota.planners["HUT"],
        )  # fmt: skip

    return done


@pytest.mark.parametrize(
    "rule", ["daily_rest", "day_limit", "week_limit", "overlap", "absent", "qualified", "no_such_rule"]
)
def test_only_what_the_law_compensates_is_set_aside(rota, set_aside, rule):
    refused(errors.CannotBeOverridden, lambda: set_aside(MONDAY, rule=rule))


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_rule_is_set_aside_with_a_reason_only(rota, set_aside, reason):
    refused(errors.ReasonIsMissing, lambda: set_aside(MONDAY, reason=reason))


def test_the_reason_for_which_a_rule_was_set_aside_stays(rota, set_aside):
    plan = rota.draft()

    first = set_aside(MONDAY, reason=" nobody else ")
    again = set_aside(MONDAY, reason="another one")

    assert (again.pk, again.plan, again.reason) == (first.pk, plan, "nobody else")
    assert again.by == rota.planners["HUT"].person
    assert lines("rule_overridden") == [
        {"person": rota.people["ana"].pk, "rule": "weekly_rest", "day": "2026-11-16", "plan": plan.pk}
    ]


# Dropping.


def test_a_draft_is_given_up_and_what_stands_goes_on_standing(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)))
    draft = rota.draft()
    rota.put(draft, "ben", day(17))

    planning.drop(plan=draft, by=rota.planners["HUT"])

    draft.refresh_from_db()
    assert (draft.state, draft.assignments.count()) == ("dropped", 0)
    assert standing() == [("ana", day(16), "evening")]
    assert lines("rota_dropped") == [{"plan": draft.pk}]


@pytest.mark.parametrize("verb", OF_ONE_DRAFT)
@pytest.mark.parametrize("state", ["published", "dropped"])
def test_a_plan_that_is_no_draft_any_longer_is_not_edited(rota, state, verb):
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)))
    row = plan.assignments.get()
    if state == "published":
        rota.publish(plan)
    else:
        planning.drop(plan=plan, by=rota.planners["HUT"])

    refused(errors.PlanIsFixed, everything_a_planner_does(rota, plan, row, rota.planners["HUT"])[verb])


# Publishing.


def test_what_a_published_plan_says_stands(rota):
    draft = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(17), "night"))
    assert standing() == []

    changes = rota.publish(draft)

    draft.refresh_from_db()
    assert standing() == [("ana", day(16), "evening"), ("ben", day(17), "night")]
    assert (draft.state, draft.published_by) == ("published", rota.planners["HUT"].person)
    assert f"{draft.published_at:%Y-%m-%d %H:%M}" == "2026-11-02 08:00"
    assert (changes, Change.objects.count()) == ([], 0)
    assert lines("rota_published") == [{"plan": draft.pk, "organisation": "HUT", "changes": 0}]


# What breaks the law, and how the finding begins.
BREACHES = {
    "two places at once": (
        [("ana", day(16)), ("ana", day(16), "night")],
        "Two stretches of work at the same time.",
    ),
    "too little rest": (
        [("ana", day(16)), ("ana", day(16), "morning")],
        "8 h 30 of rest within 24 hours; at least 11 h 00.",
    ),
    "too many hours of a day": (
        [("ana", day(16)), ("ana", day(16), "morning")],
        "10 h 15 of work within 24 hours; at most 10 h 00.",
    ),
    "no rest in the week": (
        [("ana", day(number), "night") for number in range(16, 21)],
        "41 h 00 of rest this week; at least 44 h 00.",
    ),
    "no qualification": ([("ben", day(16), "evening", "lead")], "No valid qualification for this."),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_plan_that_breaks_the_law_is_not_published(rota, breach):
    broken, sentence = BREACHES[breach]
    draft = rota.draft("HUT", MONDAY, SUNDAY, ("ben", day(25)), *broken)

    refusal = refused(errors.BreaksRules, lambda: rota.publish(draft))

    assert sentence in said(refusal)
    assert standing() == []


def test_who_is_planned_while_away_is_found_at_publication(rota):
    draft = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)))
    people.block(
        person=rota.people["ana"], kind=Absence.Kind.LEAVE, start=midnight(day(16)), end=midnight(day(17)),
        by=rota.planners["HUT"],
    )  # fmt: skip

    refusal = refused(errors.BreaksRules, lambda: rota.publish(draft))

    assert (said(refusal), refusal.facts["number"]) == ("This would break a rule: Planned while away.", 1)


def test_work_elsewhere_counts_in_the_law_of_a_plan(rota):
    draft = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)))
    people.block(
        person=rota.people["ana"], kind=Absence.Kind.ELSEWHERE, start=midnight(day(17)) + timedelta(hours=8),
        end=midnight(day(17)) + timedelta(hours=12), by=rota.planners["HUT"],
    )  # fmt: skip

    refusal = refused(errors.BreaksRules, lambda: rota.publish(draft))

    assert "7 h 30 of rest within 24 hours; at least 11 h 00." in said(refusal)


def test_a_breach_that_lies_across_the_end_of_a_period_is_found(rota):
    """Each of the two plans has rest enough in its part of the week; together they have not."""
    rota.published("HUT", MONDAY, CUT, *BEFORE_THE_CUT)
    second = rota.draft("HUT", *LATER, *AFTER_THE_CUT)

    refusal = refused(errors.BreaksRules, lambda: rota.publish(second))

    assert said(refusal) == "This would break a rule: 42 h 00 of rest this week; at least 44 h 00."


@pytest.mark.parametrize(
    ("code", "first", "last", "found"),
    [("HUT", MONDAY, CUT, BEFORE_THE_CUT), ("HUT", *LATER, AFTER_THE_CUT)],
)
def test_either_part_of_that_week_is_lawful_by_itself(rota, code, first, last, found):
    rota.published(code, first, last, *found)

    assert standing() == [(*cell, "evening") for cell in found]


def test_the_earlier_part_of_a_week_is_judged_with_the_later_one_too(rota):
    rota.published("HUT", *LATER, *AFTER_THE_CUT)
    first = rota.draft("HUT", MONDAY, CUT, *BEFORE_THE_CUT)

    refused(errors.BreaksRules, lambda: rota.publish(first))


def test_the_shifts_for_another_employer_count_in_the_law(rota):
    rota.published("CRL", MONDAY, SUNDAY, ("cleo", day(16)))
    draft = rota.draft("HUT", MONDAY, SUNDAY, ("cleo", day(16), "morning"))

    refusal = refused(errors.BreaksRules, lambda: rota.publish(draft))

    assert refusal.facts["number"] == 2  # too many hours of a day, too little rest


def test_the_open_draft_of_another_employer_is_not_yet_there(rota):
    rota.draft("CRL", MONDAY, SUNDAY, ("cleo", day(16)))

    rota.published("HUT", MONDAY, SUNDAY, ("cleo", day(16), "morning"))

    assert standing() == [("cleo", day(16), "morning")]


def test_a_rule_set_aside_with_a_reason_no_longer_blocks(rota, set_aside):
    rota.published("HUT", MONDAY, CUT, *BEFORE_THE_CUT)
    second = rota.draft("HUT", *LATER, *AFTER_THE_CUT)
    set_aside(day(30))

    rota.publish(second)

    assert len(standing()) == 6


@pytest.mark.parametrize(("name", "monday"), [("ana", day(23)), ("ben", day(30))])
def test_set_aside_is_one_persons_rule_in_one_week(rota, set_aside, name, monday):
    rota.published("HUT", MONDAY, CUT, *BEFORE_THE_CUT)
    second = rota.draft("HUT", *LATER, *AFTER_THE_CUT)
    set_aside(monday, name=name)

    refused(errors.BreaksRules, lambda: rota.publish(second))


# Volunteers and guards.

EXHAUSTING = [
    ("16", "evening"), ("16", "morning"), ("17", "evening"), ("17", "morning"), ("18", "night"),
    ("19", "night"), ("20", "night"), ("21", "night"), ("22", "night"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "name"), [("CRL", "vera"), ("HUT", "gus")])
def test_volunteers_and_guards_are_outside_the_law_of_working_time(rota, code, name):
    many = [(name, day(int(number)), template) for number, template in EXHAUSTING]

    rota.published(code, MONDAY, SUNDAY, *many)

    assert standing() == many


@pytest.mark.parametrize(("code", "name"), [("CRL", "vera"), ("HUT", "gus")])
def test_volunteers_and_guards_cannot_be_in_two_places_either(rota, code, name):
    draft = rota.draft(code, MONDAY, SUNDAY, (name, day(16)), (name, day(16), "night"))

    refusal = refused(errors.BreaksRules, lambda: rota.publish(draft))

    assert said(refusal) == "This would break a rule: Two stretches of work at the same time."


def test_a_volunteer_does_only_what_they_may(rota):
    draft = rota.draft("CRL", MONDAY, SUNDAY, ("vera", day(16), "evening", "lead"))

    refused(errors.BreaksRules, lambda: rota.publish(draft))


def test_who_is_a_volunteer_here_and_employed_there_is_protected(rota):
    employed(rota.people["vera"], rota.organisations["IA"], minutes=600)
    draft = rota.draft("CRL", MONDAY, SUNDAY, ("vera", day(16)), ("vera", day(16), "morning"))

    refused(errors.BreaksRules, lambda: rota.publish(draft))


# The second version.


@pytest.fixture
def second(rota):
    """A draft of a second version: Ben's evening of the 17th is Ana's, Cleo has one more, the 16th stays."""
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(17)))
    Letter.objects.all().delete()
    draft = rota.draft()
    rota.take_out(draft, "ben", day(17))
    rota.put(draft, "ana", day(17))
    rota.put(draft, "cleo", day(25), "night")
    return draft


def told(change):
    return (
        change.before.name if change.before else None,
        change.after.name if change.after else None,
        change.shift.night.date,
        change.notice_days,
    )


def test_what_a_second_version_changes_is_written_down_with_its_notice(rota, second):
    changes = rota.publish(second, reason=" Ben has moved ")

    assert sorted(map(told, changes), key=str) == sorted(
        [("Ben", None, day(17), 15), (None, "Ana", day(17), 15), (None, "Cleo", day(25), 23)], key=str
    )
    assert {(change.kind, change.reason, change.is_short) for change in Change.objects.all()} == {
        ("publication", "Ben has moved", False)
    }
    assert {change.by for change in Change.objects.all()} == {rota.planners["HUT"].person}


def test_a_second_version_replaces_the_first_which_stays_as_it_was(rota, second):
    rota.publish(second)

    first = Plan.objects.get(number=1)
    assert (first.state, Plan.objects.get(number=2).state) == ("replaced", "published")
    assert cells(first.assignments) == [("ana", day(16), "evening"), ("ben", day(17), "evening")]
    assert standing() == [
        ("ana", day(16), "evening"), ("ana", day(17), "evening"), ("cleo", day(25), "night"),
    ]  # fmt: skip
    assert set(Assignment.objects.standing().values_list("plan__number", flat=True)) == {2}


def test_a_version_that_changes_nothing_writes_nothing_down(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)))
    Letter.objects.all().delete()

    changes = rota.publish(rota.draft())

    assert (changes, Change.objects.count(), Letter.objects.count()) == ([], 0, 0)
    assert standing() == [("ana", day(16), "evening")]


@pytest.mark.parametrize(
    ("now", "notice"),
    [("2026-11-14 18:30", 3), ("2026-11-14 18:31", 2), ("2026-11-17 18:29", 0), ("2026-11-17 18:31", -1)],
)
def test_notice_is_counted_in_whole_days_before_the_shift(rota, second, clock_at, now, notice):
    clock_at(now)

    rota.publish(second, reason="Ben has moved")

    change = Change.objects.get(before=rota.people["ben"])
    assert (change.notice_days, change.is_short) == (notice, notice < 3)


@pytest.mark.parametrize("reason", ["", " "])
def test_with_less_than_three_days_notice_a_version_needs_a_reason(rota, second, clock_at, reason):
    clock_at("2026-11-14 18:31")

    refused(errors.ReasonIsMissing, lambda: rota.publish(second, reason=reason))

    clock_at("2026-11-14 18:30")
    rota.publish(second, reason=reason)
    assert Change.objects.count() == 3


def test_a_first_version_needs_no_reason_however_late_it_comes(rota, clock_at):
    clock_at("2026-11-16 18:00")

    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)))

    assert Change.objects.count() == 0


# Letters.


def test_with_the_first_version_everybody_in_it_is_told_once(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ana", day(17)), ("ben", day(17)))

    assert sorted(Letter.objects.values_list("to__name", flat=True)) == ["Ana", "Ben"]


def test_who_has_no_address_gets_no_letter(rota):
    rota.published("CRL", MONDAY, SUNDAY, ("dana", day(16)), ("vera", day(16)))

    assert list(Letter.objects.values_list("to__name", flat=True)) == ["Vera"]


@pytest.mark.parametrize("language", ["fr", "de", "lb", "en"])
def test_a_letter_is_in_the_language_of_who_gets_it(rota, language):
    ana = rota.people["ana"]
    Person.objects.filter(pk=ana.pk).update(language=language)
    plan = rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)))

    with translation.override(language):
        expected = (letters.published_subject(plan), letters.published([]))
    letter = Letter.objects.get(to=ana)
    assert (letter.subject, letter.text) == expected
    dates = {"fr": "16/11/2026", "de": "16.11.2026", "lb": "16.11.2026", "en": "11/16/2026"}
    assert dates[language] in letter.subject


def test_with_a_second_version_those_concerned_are_told_what_changed_for_them(rota, second):
    rota.publish(second)

    said = {letter.to.name: letter.text.splitlines()[1:] for letter in Letter.objects.select_related("to")}
    assert said == {
        "Ana": ["+ mar 17 novembre 18:30–00:30 Evening"],
        "Ben": ["− Di 17 November 18:30–00:30 Evening"],
        "Cleo": ["+ Wed 25 November 22:30–07:00 Night"],
    }


def test_a_letter_of_changes_holds_hours_and_no_colleague(rota, second):
    rota.publish(second, reason="Ben has moved")

    texts = " ".join(Letter.objects.values_list("text", flat=True))
    assert [name for name in ("Ana", "Ben", "Cleo", "moved") if name in texts] == []
