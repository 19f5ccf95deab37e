"""After publication: corrections, illness, places that are offered and taken, shifts that people swap."""

from datetime import date, timedelta

import pytest

from shelter import clock
from shelter.models import Letter
from shelter.rota import errors, tasks
from shelter.rota.actions import changing, covering, people, planning, swapping
from shelter.rota.models import Absence, Assignment, Call, Change, OpenShift, Swap
from shelter.rota.queries.plans import findings_for
from shelter.rota.timeline import midnight
from tests.conftest import instant
from tests.shelter.rota.conftest import (
    MONDAY,
    SUNDAY,
    colleague,
    day,
    employed,
    letters_to,
    lines,
    refused,
    said,
    standing,
)

Kind = Change.Kind
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def stands(rota):
    """Plans of all three organisations that stand: Ana and Ben on the evening of the 16th, Ben on that of the 18th."""
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(16)), ("ben", day(18)))
    rota.published("CRL", MONDAY, SUNDAY, ("dana", day(20)))
    rota.published("IA", MONDAY, SUNDAY)
    Letter.objects.all().delete()


@pytest.fixture
def correct(rota):
    """Changes a shift by hand: `correct("ben", "ana", day(18))`; None is nobody."""

    def corrected(before, after, night, template="evening", *, skill="host", by=None, reason=""):
        return changing.correct(
            shift=rota.shift(night, template), skill=rota.skills[skill], before=rota.people.get(before),
            after=rota.people.get(after), by=by or rota.planners["HUT"], reason=reason,
        )  # fmt: skip

    return corrected


def away(rota, name, first, last=None, kind=Absence.Kind.LEAVE):
    """Somebody is away on whole days."""
    span = midnight(first), midnight((last or first) + timedelta(days=1))
    people.block(person=rota.people[name], kind=kind, start=span[0], end=span[1], by=rota.planners["HUT"])
    return span


def about(change):
    named = [person and person.name for person in (change.before, change.after)]
    return (*named, change.kind, change.notice_days)


# Corrections.


def test_somebody_else_stands_in_a_shift_from_now_on(rota, stands, correct):
    written = correct("ben", "ana", day(18), reason=" asked by phone ")

    assert standing() == [
        ("ana", day(16), "evening"), ("ben", day(16), "evening"), ("ana", day(18), "evening"),
        ("dana", day(20), "evening"),
    ]  # fmt: skip
    assert about(written) == ("Ben", "Ana", "correction", 16)
    assert (written.reason, written.by) == ("asked by phone", rota.planners["HUT"].person)


def test_a_change_keeps_the_row_that_went_and_the_row_that_came(rota, stands, correct):
    written = correct("ben", "ana", day(18))

    rows = Assignment.objects.filter(shift=rota.shift(day(18))).order_by("id").select_related("person")
    assert [(row.person.name, row.stands, row.came_with, row.gone_with) for row in rows] == [
        ("Ben", False, None, written), ("Ana", True, written, None),
    ]  # fmt: skip


def test_a_shift_is_taken_from_somebody_and_nobody_comes(rota, stands, correct):
    assert about(correct("ben", None, day(18))) == ("Ben", None, "correction", 16)
    assert ("ben", day(18), "evening") not in standing()


def test_somebody_more_comes_into_a_shift(rota, stands, correct):
    assert about(correct(None, "gus", day(18), "night")) == (None, "Gus", "correction", 16)
    assert ("gus", day(18), "night") in standing()


def test_somebody_takes_another_duty_of_the_same_shift(rota, stands, correct):
    correct("ana", "ana", day(16), skill="lead")

    assert rota.row("ana", day(16)).skill == rota.skills["lead"]


def test_both_are_told_what_changed_for_them_and_nothing_else(rota, stands, correct):
    correct("ben", "ana", day(18))

    assert letters_to(rota.people["ana"]) == [["+ mer 18 novembre 18:30–00:30 Evening"]]
    assert letters_to(rota.people["ben"]) == [["− Mi 18 November 18:30–00:30 Evening"]]
    assert Letter.objects.count() == 2


def test_who_has_no_address_is_not_written_to(rota, stands, correct):
    correct("dana", None, day(20), by=rota.planners["CRL"])

    assert Letter.objects.count() == 0


def test_each_change_is_told_again(rota, stands, correct):
    correct("ben", "ana", day(18))
    correct("ana", "ben", day(18))

    assert letters_to(rota.people["ben"]) == [
        ["− Mi 18 November 18:30–00:30 Evening"], ["+ Mi 18 November 18:30–00:30 Evening"],
    ]  # fmt: skip


def test_a_correction_goes_into_the_log_without_names(rota, stands, correct):
    correct("ben", "ana", day(18))

    assert lines("rota_changed") == [
        {
            "kind": "correction", "shift": rota.shift(day(18)).pk, "before": rota.people["ben"].pk,
            "after": rota.people["ana"].pk, "notice": 16,
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("now", "is_short"), [("2026-11-15 18:30", False), ("2026-11-15 18:31", True), ("2026-11-18 19:00", True)]
)
def test_with_less_than_three_days_notice_a_correction_needs_a_reason(
    rota, stands, correct, clock_at, now, is_short
):
    clock_at(now)

    if is_short:
        refused(errors.ReasonIsMissing, lambda: correct("ben", "ana", day(18), reason=" "))

    assert correct("ben", "ana", day(18), reason="illness" if is_short else "").is_short == is_short


def test_a_shift_is_not_taken_from_who_does_not_have_it(rota, stands, correct):
    refusal = refused(errors.NotTheirs, lambda: correct("ana", "gus", day(18)))

    assert refusal.facts == {"person": "Ana"}


def test_nobody_is_put_into_a_shift_twice(rota, stands, correct):
    refused(errors.BreaksRules, lambda: correct("ben", "ana", day(16)))


@pytest.mark.parametrize(
    ("name", "night", "template", "skill", "sentence"),
    [
        ("ana", day(16), "night", "host", "Two stretches of work at the same time."),
        ("ana", day(16), "morning", "host", "8 h 30 of rest within 24 hours; at least 11 h 00."),
        ("cleo", day(18), "evening", "lead", "No valid qualification for this."),
        ("dana", day(20), "night", "host", "Two stretches of work at the same time."),
    ],
)
def test_a_correction_that_breaks_the_law_is_refused(
    rota, stands, correct, name, night, template, skill, sentence
):
    refusal = refused(
        errors.BreaksRules, lambda: correct(None, name, night, template, skill=skill, by=rota.coordinator)
    )

    assert sentence in said(refusal)


def test_who_is_away_is_put_nowhere(rota, stands, correct):
    away(rota, "gus", day(18))

    refused(errors.BreaksRules, lambda: correct("ben", "gus", day(18)))


def test_the_law_looks_across_the_end_of_a_plan(rota, stands, correct):
    rota.published("HUT", day(30), day(6, 12), ("ana", day(30), "morning"))
    rota.published("CRL", day(30), day(6, 12))

    refused(errors.BreaksRules, lambda: correct(None, "ana", day(30)))


def test_volunteers_and_guards_may_be_put_where_the_law_forbids_employees(rota, stands, correct):
    for template in ("evening", "morning"):
        correct(None, "gus", day(18), template)

    refused(errors.BreaksRules, lambda: correct(None, "gus", day(18), "night"))
    assert [cell for cell in standing() if cell[0] == "gus"] == [
        ("gus", day(18), "evening"), ("gus", day(18), "morning"),
    ]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), [("ben", "ana"), ("ben", None), (None, "cleo")])
def test_the_planner_of_another_organisation_corrects_nothing(rota, stands, correct, before, after):
    before_that = {"first_day": date(2025, 1, 1), "last_day": date(2025, 12, 31)}
    employed(rota.people["cleo"], rota.organisations["HUT"], minutes=60, **before_that)

    refused(errors.NotYourPeople, lambda: correct(before, after, day(18), by=rota.planners["IA"]))


def test_between_two_organisations_only_the_coordinator_corrects(rota, stands, correct):
    for code in ("HUT", "CRL"):
        refused(
            errors.NotYourPeople, lambda code=code: correct("ben", "dana", day(18), by=rota.planners[code])
        )

    correct("ben", "dana", day(18), by=rota.coordinator)
    assert rota.row("dana", day(18)).plan.organisation.code == "CRL"


def test_nobody_comes_in_for_whom_no_plan_stands_yet(rota, correct):
    rota.published("HUT", MONDAY, SUNDAY, ("ben", day(18)))

    refusal = refused(errors.NotEmployed, lambda: correct("ben", "dana", day(18), by=rota.coordinator))

    assert refusal.facts == {"person": "Dana", "organisation": "Croix-Rouge"}


def test_a_change_stands_in_the_next_version_too(rota, stands, correct):
    correct("ben", "ana", day(18))

    changes = rota.publish(rota.draft())

    assert (changes, ("ana", day(18), "evening") in standing()) == ([], True)


# Illness.


@pytest.fixture
def ben_is_ill(rota, stands):
    """Ben is ill from the 16th to the 17th: he loses one of his two evenings."""

    def fell(by=None, **told):
        return covering.fall_out(
            person=rota.people["ben"], start=midnight(day(16)), end=midnight(day(18)),
            by=by or rota.planners["HUT"], **told,
        )  # fmt: skip

    return fell


def test_who_falls_ill_is_away_and_gives_up_the_shifts_of_that_time(rota, ben_is_ill):
    ben_is_ill()

    assert [cell for cell in standing() if cell[0] == "ben"] == [("ben", day(18), "evening")]
    absence = Absence.objects.get()
    assert (absence.person, absence.kind, absence.start, absence.end) == (
        rota.people["ben"], "sick", midnight(day(16)), midnight(day(18)),
    )  # fmt: skip
    assert [about(change) for change in Change.objects.all()] == [("Ben", None, "absence", 14)]
    assert letters_to(rota.people["ben"]) == [["− Mo 16 November 18:30–00:30 Evening"]]


@pytest.mark.parametrize(
    ("start", "end", "lost"),
    [
        ("2026-11-17 00:29", "2026-11-17 12:00", True),
        ("2026-11-17 00:30", "2026-11-17 12:00", False),
        ("2026-11-16 08:00", "2026-11-16 18:31", True),
        ("2026-11-16 08:00", "2026-11-16 18:30", False),
    ],
)
def test_a_shift_is_given_up_when_a_minute_of_it_is_touched(rota, stands, start, end, lost):
    covering.fall_out(
        person=rota.people["ben"], start=instant(start), end=instant(end), by=rota.planners["HUT"]
    )

    assert (("ben", day(16), "evening") not in standing()) == lost


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        (
            "2026-11-17 15:00",
            "2026-11-17 00:30",
        ),  # after the evening that was worked until half past midnight
        ("2026-11-16 15:00", "2026-11-17 00:00"),  # the evening is still to come: it is lost
    ],
)
def test_nobody_was_away_while_they_were_at_work(rota, stands, clock_at, now, begins):
    clock_at(now)

    covering.fall_out(
        person=rota.people["ben"], start=midnight(day(17)), end=midnight(day(18)), by=rota.planners["HUT"]
    )

    assert Absence.objects.get().start == instant(begins)
    assert (("ben", day(16), "evening") in standing()) == (begins == "2026-11-17 00:30")
    ben = rota.people["ben"].pk
    assert "absent" not in {finding.rule for finding in findings_for([ben], day(16), day(18))[ben]}


def test_the_place_of_who_fell_ill_is_offered(rota, ben_is_ill):
    (place,) = ben_is_ill()

    assert (place.shift, place.skill, place.organisation) == (
        rota.shift(day(16)), rota.skills["host"], rota.organisations["HUT"],
    )  # fmt: skip
    assert (place.wave, place.next_wave_at, place.closed_at) == (1, clock.now() + HALF_AN_HOUR, None)
    assert (place.opened_at, place.opened_by) == (clock.now(), rota.planners["HUT"].person)


def test_illness_an_hour_before_needs_no_further_reason(rota, ben_is_ill, clock_at):
    clock_at("2026-11-16 17:30")

    ben_is_ill()

    change = Change.objects.get()
    assert (change.notice_days, change.is_short, change.reason) == (0, True, "ill")


def test_another_reason_may_be_given(rota, ben_is_ill):
    ben_is_ill(kind=Absence.Kind.TRAINING, reason="first aid course")

    assert (Absence.objects.get().kind, Change.objects.get().reason) == ("training", "first aid course")


def test_who_has_no_shifts_in_that_time_is_only_away(rota, stands):
    offered = covering.fall_out(
        person=rota.people["cleo"], start=midnight(day(16)), end=midnight(day(18)), by=rota.planners["HUT"]
    )

    assert (offered, Change.objects.count(), Absence.objects.count()) == ([], 0, 1)


# Offering, wave by wave.


def asked(place):
    """Who has been asked for a place, in order."""
    return list(place.calls.order_by("id").values_list("person__name", flat=True))


@pytest.fixture
def crowd(rota, stands):
    """Thirty volunteers more; with Ana away there are 35 who could take a place."""
    for number in range(30):
        somebody = colleague(f"Volunteer {number:02d}", email=f"v{number}@crl.example", skills=("host",))
        employed(somebody, rota.organisations["CRL"], kind="volunteer")


def test_first_four_are_asked_who_may_take_it(rota, ben_is_ill):
    away(rota, "cleo", day(16))

    (place,) = ben_is_ill()

    assert asked(place) == [
        "Emil",
        "Vera",
        "Gus",
        "Dana",
    ]  # Ana is there already, Dana has work that fortnight
    assert {(call.answer, call.by, call.at) for call in place.calls.all()} == {
        ("asked", rota.planners["HUT"].person, clock.now())
    }


def test_who_is_asked_gets_a_letter_in_their_language(rota, ben_is_ill):
    ben_is_ill()

    said = Letter.objects.get(to=rota.people["emil"]).text.splitlines()[1]
    assert said == "Mei 16 November 18:30–00:30 Evening"


def test_an_offered_place_is_offered_once(rota, ben_is_ill):
    (place,) = ben_is_ill()
    calls = place.calls.count()

    again = covering.offer(
        shift=place.shift, skill=place.skill, organisation=place.organisation, by=rota.planners["HUT"]
    )

    assert (again.pk, OpenShift.objects.count(), place.calls.count()) == (place.pk, 1, calls)


def test_after_half_an_hour_more_are_asked_and_then_more(rota, crowd, ben_is_ill, clock_at):
    away(rota, "ana", day(16))
    (place,) = ben_is_ill()
    numbers = [len(asked(place))]

    for moment in ("09:29", "09:30", "09:59", "10:00", "10:30", "11:30"):
        clock_at(f"2026-11-02 {moment}")
        tasks.tick()
        numbers.append(len(asked(place)))

    assert numbers == [4, 4, 4 + 8, 4 + 8, 4 + 8 + 16, 28, 28]
    assert len(set(asked(place))) == 28
    place.refresh_from_db()
    assert (place.wave, place.next_wave_at) == (3, None)


def test_nobody_is_asked_twice_for_one_place(rota, ben_is_ill, clock_at):
    (place,) = ben_is_ill()

    for moment in ("09:30", "10:00"):
        clock_at(f"2026-11-02 {moment}")
        tasks.tick()

    assert sorted(asked(place)) == ["Cleo", "Dana", "Emil", "Gus", "Vera"]


def test_a_late_tick_makes_up_for_one_wave_only(rota, crowd, ben_is_ill, clock_at):
    (place,) = ben_is_ill()

    clock_at("2026-11-02 15:00")
    tasks.tick()
    tasks.tick()

    place.refresh_from_db()
    assert (len(asked(place)), place.wave, place.next_wave_at) == (12, 2, clock.now() + HALF_AN_HOUR)


def test_nobody_more_is_asked_for_a_place_that_is_taken_or_closed_or_begun(rota, crowd, ben_is_ill, clock_at):
    (place,) = ben_is_ill()
    evening, morning = (
        covering.offer(
            shift=rota.shift(day(17), template), skill=rota.skills["host"],
            organisation=rota.organisations["HUT"], by=rota.planners["HUT"],
        )
        for template in ("evening", "morning")
    )  # fmt: skip
    covering.take(place=place, person=rota.people["emil"], by=rota.himself("emil"))
    covering.close(place=evening, by=rota.planners["HUT"])

    clock_at("2026-11-18 05:45")
    tasks.tick()

    assert [len(asked(each)) for each in (place, evening, morning)] == [4, 4, 4]


def test_where_no_waves_are_set_the_first_is_the_last(rota, crowd, ben_is_ill, clock_at):
    people.set_term(
        key="wave_minutes", value=None, first_day=day(1), by=rota.planners["HUT"],
        organisation=rota.organisations["HUT"],
    )  # fmt: skip

    (place,) = ben_is_ill()
    clock_at("2026-11-16 12:00")
    tasks.tick()

    assert (place.next_wave_at, len(asked(place))) == (None, 4)


def test_each_answer_to_a_call_is_written_down(rota, ben_is_ill):
    (place,) = ben_is_ill()
    Call.objects.all().delete()

    for name, answer in (("emil", "nobody"), ("vera", "no"), ("emil", "yes")):
        covering.log_call(place=place, person=rota.people[name], answer=answer, by=rota.planners["HUT"])

    written = Call.objects.order_by("id").values_list("person__name", "answer", "by")
    planner = rota.planners["HUT"].person.pk
    assert list(written) == [("Emil", "nobody", planner), ("Vera", "no", planner), ("Emil", "yes", planner)]


# Taking.


def test_who_takes_a_place_stands_there_and_the_place_is_closed(rota, ben_is_ill):
    (place,) = ben_is_ill()

    written = covering.take(place=place, person=rota.people["cleo"], by=rota.himself("cleo"))

    place.refresh_from_db()
    assert ("cleo", day(16), "evening") in standing()
    assert (place.taken_by, place.closed_at) == (rota.people["cleo"], clock.now())
    assert about(written) == (None, "Cleo", "claim", 14)
    assert written.consented_at == clock.now()


def test_a_planner_enters_who_takes_it(rota, ben_is_ill):
    (place,) = ben_is_ill()

    written = covering.take(place=place, person=rota.people["cleo"], by=rota.planners["HUT"], reason="phone")

    assert (about(written), written.reason) == ((None, "Cleo", "cover", 14), "phone")


def test_the_planner_of_another_organisation_enters_nobody(rota, ben_is_ill):
    (place,) = ben_is_ill()

    refused(
        errors.NotYourPeople,
        lambda: covering.take(place=place, person=rota.people["cleo"], by=rota.planners["IA"]),
    )


def test_nobody_enters_a_colleague_in_their_place(rota, ben_is_ill):
    (place,) = ben_is_ill()

    refused(
        errors.NotYourPeople,
        lambda: covering.take(place=place, person=rota.people["cleo"], by=rota.himself("emil")),
    )


def test_a_place_is_taken_once(rota, ben_is_ill):
    (place,) = ben_is_ill()
    covering.take(place=place, person=rota.people["cleo"], by=rota.himself("cleo"))

    refused(
        errors.PlaceIsTaken,
        lambda: covering.take(place=place, person=rota.people["emil"], by=rota.himself("emil")),
    )


@pytest.mark.parametrize("name", ["ana", "ben"])
def test_a_place_is_not_taken_by_who_is_there_already_or_away(rota, ben_is_ill, name):
    (place,) = ben_is_ill()

    refused(
        errors.BreaksRules,
        lambda: covering.take(place=place, person=rota.people[name], by=rota.himself(name)),
    )


def test_what_breaks_the_law_leaves_the_place_open(rota, ben_is_ill):
    (place,) = ben_is_ill()
    changing.correct(
        shift=rota.shift(day(16), "morning"), skill=rota.skills["host"], after=rota.people["cleo"],
        by=rota.coordinator, reason="",
    )  # fmt: skip

    refused(
        errors.BreaksRules,
        lambda: covering.take(place=place, person=rota.people["cleo"], by=rota.himself("cleo")),
    )

    place.refresh_from_db()
    assert place.closed_at is None


def test_the_last_minute_needs_no_further_reason(rota, ben_is_ill, clock_at):
    (place,) = ben_is_ill()
    clock_at("2026-11-16 18:00")

    written = covering.take(place=place, person=rota.people["cleo"], by=rota.himself("cleo"))

    assert (written.notice_days, written.reason) == (0, "replacement")


def test_a_closed_place_is_taken_by_nobody(rota, ben_is_ill):
    (place,) = ben_is_ill()
    covering.close(place=place, by=rota.planners["HUT"])

    refused(
        errors.PlaceIsTaken,
        lambda: covering.take(place=place, person=rota.people["cleo"], by=rota.himself("cleo")),
    )
    place.refresh_from_db()
    assert (place.taken_by, place.closed_at) == (None, clock.now())


def test_only_its_planner_closes_a_place(rota, ben_is_ill):
    (place,) = ben_is_ill()

    refused(errors.NotYourPeople, lambda: covering.close(place=place, by=rota.planners["CRL"]))


def test_a_place_that_was_closed_may_be_offered_again(rota, ben_is_ill):
    (place,) = ben_is_ill()
    covering.close(place=place, by=rota.planners["HUT"])

    again = covering.offer(
        shift=place.shift, skill=place.skill, organisation=place.organisation, by=rota.planners["HUT"]
    )

    assert again.pk != place.pk


def test_who_says_yes_when_called_has_the_shift(rota, ben_is_ill):
    (place,) = ben_is_ill()
    Call.objects.all().delete()
    answer = {"place": place, "by": rota.coordinator}  # Emil is not the planner's

    for name, said_so in (("cleo", "nobody"), ("gus", "no"), ("emil", "yes")):
        covering.answer_call(person=rota.people[name], answer=said_so, **answer)

    place.refresh_from_db()
    assert (place.taken_by, ("emil", day(16), "evening") in standing()) == (rota.people["emil"], True)
    assert list(place.calls.order_by("id").values_list("person__name", "answer")) == [
        ("Cleo", "nobody"), ("Gus", "no"), ("Emil", "yes"),
    ]  # fmt: skip


@pytest.mark.parametrize("answer", ["nobody", "no", "yes"])
def test_only_its_planner_writes_down_who_was_called(rota, ben_is_ill, answer):
    (place,) = ben_is_ill()

    refused(
        errors.NotYourPeople,
        lambda: covering.answer_call(
            place=place, person=rota.people["emil"], answer=answer, by=rota.planners["CRL"]
        ),
    )


def test_a_yes_that_the_law_forbids_is_not_written_down(rota, ben_is_ill):
    (place,) = ben_is_ill()

    refused(
        errors.BreaksRules,
        lambda: covering.answer_call(
            place=place, person=rota.people["ana"], answer="yes", by=rota.planners["HUT"]
        ),
    )


# Swaps.


@pytest.fixture
def swap(rota):
    """Ana has the evening of the 16th, Ben that night: only by giving each other their own may they swap."""
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(16), "night"), ("ben", day(20)))
    rota.published("CRL", MONDAY, SUNDAY, ("dana", day(25)))
    Letter.objects.all().delete()
    return swapping.ask(
        given=rota.row("ana", day(16)), taken=rota.row("ben", day(16), "night"), taker=rota.people["ben"],
        by=rota.himself("ana"),
    )  # fmt: skip


@pytest.fixture
def agreed(rota, swap):
    return swapping.agree(swap=swap, by=rota.himself("ben"))


BEFORE = [("ana", day(16), "evening"), ("ben", day(16), "night"), ("ben", day(20), "evening")]
AFTER = [("ben", day(16), "evening"), ("ana", day(16), "night"), ("ben", day(20), "evening")]


def at_hut():
    return [cell for cell in standing() if cell[0] != "dana"]


def test_until_it_is_approved_a_shift_stays_whose_it_is(rota, swap, clock_at):
    assert (swap.state, swap.giver, swap.taker) == ("asked", rota.people["ana"], rota.people["ben"])
    assert at_hut() == BEFORE
    clock_at("2026-11-03 09:00")

    swap = swapping.agree(swap=swap, by=rota.himself("ben"))

    assert (swap.state, swap.agreed_at, swap.decided_at) == ("agreed", clock.now(), None)
    assert (at_hut(), Change.objects.count(), Letter.objects.count()) == (BEFORE, 0, 0)


def test_once_approved_each_stands_where_the_other_stood(rota, agreed, clock_at):
    clock_at("2026-11-04 09:00")

    swap = swapping.approve(swap=agreed, by=rota.planners["HUT"])

    assert (swap.state, swap.decided_at, swap.decided_by) == (
        "approved", clock.now(), rota.planners["HUT"].person,
    )  # fmt: skip
    assert at_hut() == AFTER
    changes = Change.objects.order_by("id")
    assert [about(change) for change in changes] == [
        ("Ana", "Ben", "swap", 12), ("Ben", "Ana", "swap", 12),
    ]  # fmt: skip
    assert {change.consented_at for change in changes} == {agreed.agreed_at}


def test_both_are_told_of_an_approved_swap(rota, agreed):
    swapping.approve(swap=agreed, by=rota.planners["HUT"])

    assert letters_to(rota.people["ana"]) == [
        ["− lun 16 novembre 18:30–00:30 Evening", "+ lun 16 novembre 22:30–07:00 Night"]
    ]
    assert letters_to(rota.people["ben"]) == [
        ["+ Mo 16 November 18:30–00:30 Evening", "− Mo 16 November 22:30–07:00 Night"]
    ]


def test_an_approved_swap_keeps_the_rows_that_went_and_came(rota, agreed):
    swapping.approve(swap=agreed, by=rota.planners["HUT"])

    first, second = Change.objects.order_by("id")
    rows = Assignment.objects.filter(shift__night__date=day(16)).order_by("id")
    assert [(row.stands, row.came_with, row.gone_with) for row in rows] == [
        (False, None, first), (False, None, second), (True, first, None), (True, second, None),
    ]  # fmt: skip


def test_a_shift_may_be_given_for_nothing(rota, swap):
    handed = swapping.ask(given=rota.row("ben", day(20)), taker=rota.people["ana"], by=rota.himself("ben"))
    swapping.agree(swap=handed, by=rota.himself("ana"))

    swapping.approve(swap=handed, by=rota.planners["HUT"])

    assert at_hut() == [*BEFORE[:2], ("ana", day(20), "evening")]
    assert about(Change.objects.get()) == ("Ben", "Ana", "handover", 18)


def test_to_give_it_for_nothing_would_not_have_been_lawful(rota, swap):
    swapping.withdraw(swap=swap, by=rota.himself("ana"))

    refused(
        errors.BreaksRules,
        lambda: swapping.ask(
            given=rota.row("ana", day(16)), taker=rota.people["ben"], by=rota.himself("ana")
        ),
    )


@pytest.mark.parametrize("giver", ["ana", "ben"])
def test_what_would_break_the_law_for_either_side_is_not_asked(rota, giver):
    """Ana would have the evening before her morning; Ben would have nothing against it."""
    rota.published(
        "HUT", day(30), day(6, 12), ("ana", day(30), "morning"), ("ana", day(3, 12)), ("ben", day(30))
    )
    taker = "ben" if giver == "ana" else "ana"
    shifts = {"ana": rota.row("ana", day(3, 12)), "ben": rota.row("ben", day(30))}

    refusal = refused(
        errors.BreaksRules,
        lambda: swapping.ask(
            given=shifts[giver], taken=shifts[taker], taker=rota.people[taker], by=rota.himself(giver)
        ),
    )

    assert "8 h 30 of rest within 24 hours; at least 11 h 00." in said(refusal)
    assert refusal.facts["number"] == 2


def test_nobody_gets_a_duty_they_may_not_do(rota, swap):
    rota.published("HUT", day(30), day(6, 12), ("ana", day(30), "evening", "lead"))

    refused(
        errors.BreaksRules,
        lambda: swapping.ask(
            given=rota.row("ana", day(30)), taker=rota.people["ben"], by=rota.himself("ana")
        ),
    )


# When only the shift that each of them would get lies in an absence, not the one they have.
IN_THE_WAY = {
    "ana": ("2026-11-17 01:00", "2026-11-17 06:00"),
    "ben": ("2026-11-16 18:00", "2026-11-16 20:00"),
}


def cannot_come(rota, name, span):
    start, end = map(instant, span)
    people.block(
        person=rota.people[name], kind=Absence.Kind.UNAVAILABLE, start=start, end=end,
        by=rota.planners["HUT"],
    )  # fmt: skip


@pytest.mark.parametrize("name", ["ana", "ben"])
def test_the_law_is_looked_at_again_for_both_when_it_is_approved(rota, agreed, name):
    cannot_come(rota, name, IN_THE_WAY[name])

    refusal = refused(errors.BreaksRules, lambda: swapping.approve(swap=agreed, by=rota.planners["HUT"]))

    assert said(refusal) == "This would break a rule: Planned while away."


def test_only_what_stands_is_given_or_taken(rota, swap):
    gone, there = rota.row("ben", day(20)), rota.row("ana", day(16))
    changing.correct(
        shift=gone.shift, skill=gone.skill, before=rota.people["ben"], by=rota.planners["HUT"], reason=""
    )

    refused(
        errors.NotTheirs,
        lambda: swapping.ask(given=gone, taker=rota.people["ana"], by=rota.himself("ben")),
    )
    refused(
        errors.NotTheirs,
        lambda: swapping.ask(given=there, taken=gone, taker=rota.people["ben"], by=rota.himself("ana")),
    )


@pytest.mark.parametrize("name", ["ana", "ben"])
def test_what_no_longer_stands_is_not_approved(rota, agreed, name):
    row = agreed.given if name == "ana" else agreed.taken
    changing.correct(
        shift=row.shift, skill=row.skill, before=rota.people[name], by=rota.planners["HUT"], reason=""
    )

    refused(errors.NotTheirs, lambda: swapping.approve(swap=agreed, by=rota.planners["HUT"]))


def test_a_shift_is_offered_in_one_swap_at_a_time(rota, swap):
    again = {"given": rota.row("ana", day(16)), "taker": rota.people["cleo"], "by": rota.himself("ana")}
    refused(errors.AlreadyAnswered, lambda: swapping.ask(**again))

    swapping.refuse(swap=swap, by=rota.himself("ben"))

    assert swapping.ask(**again).state == "asked"


STEPS = {
    "agree": swapping.agree, "refuse": swapping.refuse, "withdraw": swapping.withdraw,
    "approve": swapping.approve, "undo": swapping.undo,
}  # fmt: skip
# From each state the steps that may be taken, and where they lead.
LEADS_TO = {
    "asked": {"agree": "agreed", "refuse": "refused", "withdraw": "withdrawn"},
    "agreed": {"approve": "approved", "refuse": "refused", "withdraw": "withdrawn"},
    "approved": {"undo": "undone"},
    "refused": {},
    "withdrawn": {},
    "undone": {},
}
WAY_TO = {
    "asked": [], "agreed": ["agree"], "approved": ["agree", "approve"], "refused": ["refuse"],
    "withdrawn": ["agree", "withdraw"], "undone": ["agree", "approve", "undo"],
}  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", LEADS_TO)
def test_from_each_state_a_swap_goes_where_it_may_and_nowhere_else(rota, swap, state, step):
    for earlier in WAY_TO[state]:
        STEPS[earlier](swap=swap, by=rota.coordinator)
        swap.refresh_from_db()
    assert swap.state == state

    if step in LEADS_TO[state]:
        STEPS[step](swap=swap, by=rota.coordinator)
        assert Swap.objects.get().state == LEADS_TO[state][step]
    else:
        refused(errors.AlreadyAnswered, lambda: STEPS[step](swap=swap, by=rota.coordinator))


@pytest.mark.parametrize("step", ["refuse", "withdraw"])
def test_who_refused_or_withdrew_a_swap_is_kept(rota, agreed, step):
    STEPS[step](swap=agreed, by=rota.himself("ben"))

    swap = Swap.objects.get()
    assert (swap.decided_by, swap.decided_at, at_hut()) == (rota.people["ben"], clock.now(), BEFORE)


def test_an_approved_swap_is_taken_back(rota, agreed):
    swapping.approve(swap=agreed, by=rota.planners["HUT"])
    Letter.objects.all().delete()

    swapping.undo(swap=agreed, by=rota.planners["HUT"])

    assert at_hut() == BEFORE
    assert [about(change) for change in Change.objects.order_by("id")][2:] == [
        ("Ben", "Ana", "undone", 14), ("Ana", "Ben", "undone", 14),
    ]  # fmt: skip
    assert letters_to(rota.people["ana"]) == [
        ["+ lun 16 novembre 18:30–00:30 Evening", "− lun 16 novembre 22:30–07:00 Night"]
    ]


def test_a_hand_over_is_taken_back_too(rota, swap):
    handed = swapping.ask(given=rota.row("ben", day(20)), taker=rota.people["ana"], by=rota.himself("ben"))
    swapping.agree(swap=handed, by=rota.himself("ana"))
    swapping.approve(swap=handed, by=rota.planners["HUT"])

    swapping.undo(swap=handed, by=rota.planners["HUT"])

    assert (at_hut(), Swap.objects.get(pk=handed.pk).state) == (BEFORE, "undone")


def test_a_swap_is_not_taken_back_when_one_of_the_shifts_has_gone_on(rota, agreed):
    swapping.approve(swap=agreed, by=rota.planners["HUT"])
    row = rota.row("ben", day(16))
    changing.correct(
        shift=row.shift, skill=row.skill, before=rota.people["ben"], after=rota.people["gus"],
        by=rota.planners["HUT"], reason="",
    )  # fmt: skip

    refused(errors.NotTheirs, lambda: swapping.undo(swap=agreed, by=rota.planners["HUT"]))


@pytest.mark.parametrize(("name", "shift_of"), [("ana", "ben"), ("ben", "ana")])
def test_a_swap_is_not_taken_back_against_the_law(rota, agreed, name, shift_of):
    swapping.approve(swap=agreed, by=rota.planners["HUT"])
    cannot_come(rota, name, IN_THE_WAY[shift_of])

    refused(errors.BreaksRules, lambda: swapping.undo(swap=agreed, by=rota.planners["HUT"]))


@pytest.mark.parametrize("step", ["approve", "undo"])
def test_the_planner_of_another_organisation_decides_no_swap(rota, agreed, step):
    if step == "undo":
        swapping.approve(swap=agreed, by=rota.planners["HUT"])

    refused(errors.NotYourPeople, lambda: STEPS[step](swap=agreed, by=rota.planners["CRL"]))


def test_a_swap_between_two_organisations_is_for_the_coordinator(rota, swap):
    across = swapping.ask(
        given=rota.row("ben", day(20)), taken=rota.row("dana", day(25)), taker=rota.people["dana"],
        by=rota.himself("ben"),
    )  # fmt: skip
    swapping.agree(swap=across, by=rota.himself("dana"))
    for code in ("HUT", "CRL", "IA"):
        refused(
            errors.NotYourPeople,
            lambda code=code: swapping.approve(swap=across, by=rota.planners[code]),
        )

    swapping.approve(swap=across, by=rota.coordinator)

    rows = [rota.row("dana", day(20)), rota.row("ben", day(25))]
    assert [row.plan.organisation.code for row in rows] == ["CRL", "HUT"]
    for code in ("HUT", "CRL"):
        refused(errors.NotYourPeople, lambda code=code: swapping.undo(swap=across, by=rota.planners[code]))
    swapping.undo(swap=across, by=rota.coordinator)
    assert [row.plan.organisation.code for row in (rota.row("ben", day(20)), rota.row("dana", day(25)))] == [
        "HUT", "CRL",
    ]  # fmt: skip


def test_what_was_published_stays_as_it_was_through_all_of_it(rota, agreed):
    plan = agreed.given.plan
    before = list(plan.assignments.filter(came_with=None).order_by("id").values_list("person", "shift"))

    swapping.approve(swap=agreed, by=rota.planners["HUT"])
    covering.fall_out(
        person=rota.people["ben"], start=midnight(day(16)), end=midnight(day(30)), by=rota.planners["HUT"]
    )
    rota.publish(planning.open_draft(
        organisation=plan.organisation, first_day=MONDAY, last_day=SUNDAY, by=rota.planners["HUT"]
    ))  # fmt: skip

    after = list(plan.assignments.filter(came_with=None).order_by("id").values_list("person", "shift"))
    assert after == before
