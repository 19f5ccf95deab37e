"""Who may sleep here tonight, and next to whom: the rules inform, a person decides, the cold softens."""

from datetime import timedelta

import pytest
from django.db import transaction

from shelter import clock, errors, nights, offering, queries
from shelter.actions import admission, housekeeping, merging, placing, planning, registering, stepping, team
from shelter.models import (
    BedNight,
    ColdDecision,
    ColdSpell,
    Exclusion,
    KeepApart,
    LogEntry,
    Night,
    Occupant,
    Proof,
    Registration,
)
from tests.conftest import BUILDER, FIRST_NIGHT, TONIGHT

MAN = offering.Needs(sleeps="men")
WOMAN = offering.Needs(sleeps="women")
DAY = timedelta(days=1)


@pytest.fixture
def beds(house):
    return house.beds


@pytest.fixture
def person(night, occupant, by):
    """Somebody who sleeps with the men and is registered for tonight; called again, somebody else."""

    def registered():
        somebody = occupant()
        registering.register(occupant=somebody, night=night, by=by("field_worker"), needs=MAN)
        return somebody

    return registered


@pytest.fixture
def let_in(night, by):
    """Lets somebody in: `let_in(person)`, `let_in(person, "night_lead", override_reason="snow")`."""

    def let(somebody, role="night_worker", *, needs=MAN, **asked):
        return placing.check_in(occupant=somebody, night=night, by=by(role), needs=needs, **asked)

    return let


@pytest.fixture
def slept(beds):
    """The person slept here on the nights of these dates, in one bed after the other if not told which."""

    def wrote(somebody, *dates, state="left", bed="MB1"):
        for day in dates:
            evening = nights.instant_of(day, nights.NOON) + timedelta(hours=8)
            times = {
                "left": {"arrived_at": evening, "left_at": evening + timedelta(hours=11)},
                "in": {"arrived_at": evening},
                "released": {"held_at": evening, "ended_at": evening},
                "undone": {"arrived_at": evening, "ended_at": evening},
            }[state]
            BedNight.objects.create(
                occupant=somebody, bed=beds[bed], night=Night.objects.get(date=day), state=state, **times
            )

    return wrote


@pytest.fixture
def set_to(by):
    def changed(key, value, first_night=TONIGHT):
        planning.change_setting(
            key=key, value=value, first_night=first_night, by=by("coordinator"), reason="for the test"
        )

    return changed


@pytest.fixture
def cold(by):
    """Tonight and the nights before it back to a date are declared cold: `cold()`, `cold(since=…)`."""

    def declared(since=TONIGHT, until=TONIGHT):
        return admission.declare_cold_spell(
            first_night=since,
            last_night=until,
            forecast=-9,
            reason="Wind from the east",
            by=by("coordinator"),
        )

    return declared


@pytest.fixture
def excluded(by):
    """Shuts somebody out: `excluded(person)` tonight only, or up to a date."""

    def shut_out(somebody, last_night=TONIGHT, first_night=TONIGHT, **answers):
        return admission.exclude(
            occupant=somebody, category="threat", first_night=first_night, last_night=last_night,
            by=by("night_lead"), **answers,
        )  # fmt: skip

    return shut_out


def back(*days):
    """Dates so many days before tonight."""
    return [TONIGHT - DAY * number for number in days]


def counter(somebody, night):
    found = queries.admission_of(somebody, night)
    return (found.nights_used, found.nights_limit, found.has_proof)


def last_line():
    return LogEntry.objects.order_by("id").last()


def refused(act):
    """The code with which an act is refused; it must leave the ledger as it was."""
    before = list(BedNight.objects.order_by("id").values())
    with pytest.raises(errors.Refused) as refusal, transaction.atomic():
        act()
    assert list(BedNight.objects.order_by("id").values()) == before
    return refusal.value.code


# Nights without proof of presence.


def test_the_counter_knows_the_nights_slept_this_season(night, person, slept):
    somebody = person()

    slept(somebody, *back(1, 4))

    assert counter(somebody, night) == (2, 3, False)


def test_a_bed_not_slept_in_is_no_night(night, person, slept):
    somebody = person()
    slept(somebody, *back(1), state="released")
    slept(somebody, *back(2), state="undone")

    assert counter(somebody, night) == (0, 3, False)


def test_tonight_is_not_counted_against_itself(night, person, let_in):
    somebody = person()

    let_in(somebody)

    assert counter(somebody, night) == (0, 3, False)


def test_nights_of_another_season_are_not_counted(night, person, slept):
    planning.add_period(
        service="night", first_date=FIRST_NIGHT.replace(year=2025), last_date=TONIGHT.replace(year=2025),
        by=BUILDER,
    )  # fmt: skip
    somebody = person()
    slept(somebody, TONIGHT.replace(year=2025))

    assert counter(somebody, night) == (0, 3, False)


def test_after_the_last_night_without_proof_the_door_advises_against(night, person, slept, let_in):
    somebody = person()
    slept(somebody, *back(1, 2))
    assert queries.admission_of(somebody, night).nights_are_used_up is False

    slept(somebody, *back(3))

    assert queries.admission_of(somebody, night).nights_are_used_up is True
    with pytest.raises(errors.NightsUsedUp) as refusal, transaction.atomic():
        let_in(somebody)
    assert refusal.value.facts == {"used": 3, "limit": 3}


def test_the_night_before_the_last_one_lets_in_without_a_word(person, slept, let_in):
    somebody = person()
    slept(somebody, *back(1, 2))

    assert (let_in(somebody).state, "overridden" in last_line().facts) == ("in", False)


@pytest.mark.parametrize("role", ["night_lead", "coordinator"])
def test_the_leads_let_in_all_the_same_with_a_reason(person, slept, let_in, role):
    somebody = person()
    slept(somebody, *back(1, 2, 3))

    row = let_in(somebody, role, override_reason="He is ill.")

    assert (row.state, last_line().reason, last_line().facts["overridden"]) == (
        "in", "He is ill.", ["nights_used_up"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("role", "reason"),
    [
        ("night_worker", "He is ill."),
        ("field_worker", "He is ill."),
        ("night_lead", ""),
        ("night_lead", "  "),
    ],
)
def test_nobody_else_does_and_nobody_without_a_reason(person, slept, let_in, role, reason):
    somebody = person()
    slept(somebody, *back(1, 2, 3))

    assert refused(lambda: let_in(somebody, role, override_reason=reason)) == "nights_used_up"


def test_a_proof_opens_the_season(night, person, slept, let_in, by):
    somebody = person()
    slept(somebody, *back(1, 2, 3))

    proof = admission.note_proof(
        occupant=somebody, night=night, kind="work", accepted=True, by=by("field_worker")
    )

    assert (proof.season, proof.seen_by, proof.seen_at) == (
        night.season,
        by("field_worker").person,
        clock.now(),
    )
    assert (last_line().verb, last_line().facts) == ("proof_seen", {"kind": "work", "accepted": True})
    assert counter(somebody, night) == (3, 3, True)
    assert let_in(somebody).state == "in"


def test_a_proof_that_will_not_do_is_kept_and_opens_nothing(night, person, slept, let_in, by):
    somebody = person()
    slept(somebody, *back(1, 2, 3))
    admission.note_proof(occupant=somebody, night=night, kind="other", accepted=False, by=by("field_worker"))

    assert refused(lambda: let_in(somebody)) == "nights_used_up"
    assert list(Proof.objects.values_list("kind", "accepted")) == [("other", False)]


def test_a_proof_of_another_season_opens_nothing(night, person, slept, by):
    planning.add_period(
        service="night", first_date=FIRST_NIGHT.replace(year=2025), last_date=TONIGHT.replace(year=2025),
        by=BUILDER,
    )  # fmt: skip
    somebody = person()
    slept(somebody, *back(1, 2, 3))

    admission.note_proof(
        occupant=somebody, night=Night.objects.get(date=TONIGHT.replace(year=2025)), kind="work",
        accepted=True, by=by("field_worker"),
    )  # fmt: skip

    assert counter(somebody, night) == (3, 3, False)


def test_the_limit_is_dated(night, person, slept, set_to):
    somebody = person()
    slept(somebody, *back(1, 2, 3, 4))

    set_to("nights_without_proof", "5")
    set_to("nights_without_proof", "2", TONIGHT + DAY)
    tomorrow = Night.objects.get(date=TONIGHT + DAY)

    assert (counter(somebody, night), counter(somebody, tomorrow)) == ((4, 5, False), (4, 2, False))
    assert [queries.admission_of(somebody, when).nights_are_used_up for when in (night, tomorrow)] == [
        False, True,
    ]  # fmt: skip


def test_without_a_limit_nobody_is_counted_out(night, person, slept, set_to, let_in):
    somebody = person()
    slept(somebody, *back(1, 2, 3, 4, 5))

    set_to("nights_without_proof", "")

    assert counter(somebody, night) == (5, None, False)
    assert let_in(somebody).state == "in"


def test_a_limit_of_no_night_at_all_is_a_limit(person, set_to, let_in):
    set_to("nights_without_proof", "0")

    assert refused(lambda: let_in(person())) == "nights_used_up"


def test_merged_numbers_count_together_and_a_night_in_both_counts_once(night, person, occupant, slept, by):
    somebody, other = person(), occupant()
    slept(somebody, *back(1, 2))
    slept(other, *back(2, 3), bed="MB2")
    admission.note_proof(occupant=other, night=night, kind="work", accepted=True, by=by("field_worker"))
    assert counter(somebody, night) == (2, 3, False)

    merging.merge(kept=somebody, gone=other, by=by("coordinator"))

    assert counter(somebody, night) == (3, 3, True)


def test_the_screens_count_as_the_door_does(night, person, occupant, slept, cold, by):
    somebody, other = person(), occupant()
    slept(somebody, *back(1, 2, 5))
    slept(other, *back(2, 3), bed="MB2")
    merging.merge(kept=somebody, gone=other, by=by("coordinator"))
    cold(since=TONIGHT - DAY, until=TONIGHT - DAY)

    shown = queries.people_tonight([somebody.pk], night)[somebody.pk]

    assert counter(somebody, night) == (3, 3, False)
    assert (shown.nights_used, shown.nights_limit, shown.has_proof) == (3, 3, False)


# The cold.


def test_a_cold_spell_suspends_the_limit_and_the_list(night, occupant, slept, cold, let_in):
    stranger = occupant()
    slept(stranger, *back(1, 2, 3))
    assert refused(lambda: let_in(stranger)) == "nights_used_up"

    cold()

    row = let_in(stranger)
    assert (row.state, last_line().reason, "overridden" in last_line().facts) == ("in", "", False)


def test_a_declared_spell_tells_who_said_so_and_what_was_forecast(night, cold, by):
    spell = cold(until=TONIGHT + DAY)

    assert (spell.declared_by, spell.declared_at, spell.forecast) == (
        by("coordinator").person,
        clock.now(),
        -9,
    )
    assert (last_line().verb, last_line().reason, last_line().facts) == (
        "cold_declared",
        "Wind from the east",
        {"first_night": "2026-11-21", "last_night": "2026-11-22", "forecast": -9},
    )


@pytest.mark.parametrize(("since", "until"), [(-2, -1), (1, 2)])
def test_a_spell_softens_its_own_nights_only(person, slept, cold, let_in, since, until):
    somebody = person()
    slept(somebody, *back(3, 4, 5))

    cold(since=TONIGHT + DAY * since, until=TONIGHT + DAY * until)

    assert refused(lambda: let_in(somebody)) == "nights_used_up"


def test_which_rules_give_way_is_a_setting(occupant, slept, cold, let_in, set_to):
    stranger = occupant()
    slept(stranger, *back(1, 2, 3))
    cold()

    set_to("cold_suspends", "nights_used_up")
    assert refused(lambda: let_in(stranger)) == "not_registered"
    set_to("cold_suspends", "not_registered")
    assert refused(lambda: let_in(stranger)) == "nights_used_up"
    set_to("cold_suspends", "")
    assert refused(lambda: let_in(stranger)) == "nights_used_up"


def test_closed_doors_give_way_to_the_cold_where_the_house_says_so(
    night, person, cold, let_in, set_to, by, clock_at
):
    somebody = person()
    cold()
    clock_at("2026-11-21 23:10")
    stepping.step(night=night, to=Night.State.DOORS_CLOSED, by=by("night_lead"))
    assert refused(lambda: let_in(somebody)) == "doors_closed"

    set_to("cold_suspends", "doors_closed")

    assert let_in(somebody).state == "in"


def test_a_rule_that_keeps_people_safe_never_gives_way_to_the_cold(
    night, person, beds, cold, excluded, let_in, by
):
    cold()
    one, other = person(), person()
    let_in(one, bed=beds["MA1"])
    admission.keep_apart(one=one, other=other, by=by("coordinator"))

    assert refused(lambda: let_in(other, bed=beds["MA2"])) == "keep_apart"
    assert refused(lambda: let_in(other, bed=beds["WO1"])) == "wrong_zone"
    excluded(other)
    assert refused(lambda: let_in(other)) == "excluded"


@pytest.mark.parametrize(("said", "used"), [("no", 2), ("yes", 4)])
def test_nights_in_the_cold_count_or_not_as_the_house_says(night, person, slept, cold, set_to, said, used):
    somebody = person()
    slept(somebody, *back(1, 2, 3, 4))
    cold(since=TONIGHT - DAY * 3, until=TONIGHT - DAY * 2)

    set_to("cold_nights_count", said)

    assert counter(somebody, night) == (used, 3, False)
    assert queries.people_tonight([somebody.pk], night)[somebody.pk].nights_used == used


def test_nights_in_the_cold_are_marked(night, cold):
    cold(since=TONIGHT - DAY, until=TONIGHT)
    tomorrow = Night.objects.get(date=TONIGHT + DAY)

    marked = [queries.cold_spells_of(day).exists() for day in (*back(2, 1, 0), tomorrow.date)]

    assert marked == [False, True, True, False]


def test_a_spell_ends_sooner_and_what_was_cold_stays_cold(night, person, slept, cold, let_in, by):
    somebody = person()
    slept(somebody, *back(1, 2, 3, 4))
    spell = cold(since=TONIGHT - DAY, until=TONIGHT + DAY)

    ended = admission.end_cold_spell(cold_spell=spell, last_night=TONIGHT - DAY, by=by("coordinator"))

    assert (ended.last_night, ended.withdrawn_at) == (TONIGHT - DAY, None)
    assert counter(somebody, night) == (3, 3, False)
    assert refused(lambda: let_in(somebody)) == "nights_used_up"
    assert last_line().verb == "cold_ended"


def test_a_spell_that_had_not_begun_falls_away(night, cold, by):
    spell = cold(since=TONIGHT + DAY, until=TONIGHT + DAY * 2)

    ended = admission.end_cold_spell(cold_spell=spell, last_night=TONIGHT, by=by("coordinator"))

    assert ended.withdrawn_at == clock.now()
    assert queries.cold_spells_of(TONIGHT + DAY).exists() is False
    assert (
        cold(since=TONIGHT + DAY, until=TONIGHT + DAY).pk != spell.pk
    )  # another may be declared in its place


def test_ending_a_spell_twice_is_ending_it_once(night, cold, by):
    spell = cold(since=TONIGHT - DAY, until=TONIGHT + DAY)

    for _time in range(2):
        admission.end_cold_spell(cold_spell=spell, last_night=TONIGHT, by=by("coordinator"))

    assert LogEntry.objects.filter(verb="cold_ended").count() == 1


@pytest.mark.parametrize(("since", "until"), [(0, -1), (-1, 0), (0, 0), (2, 5)])
def test_spells_run_forwards_and_do_not_overlap(night, cold, since, until):
    cold(since=TONIGHT, until=TONIGHT + DAY * 2)

    with pytest.raises(errors.Incomplete), transaction.atomic():
        cold(since=TONIGHT + DAY * since, until=TONIGHT + DAY * until)

    assert ColdSpell.objects.count() == 1


# Exclusions.


def test_the_excluded_are_not_let_in_and_the_door_knows_until_when(person, excluded, let_in):
    somebody = person()
    excluded(somebody, TONIGHT + DAY)

    with pytest.raises(errors.Excluded) as refusal, transaction.atomic():
        let_in(somebody)

    assert refusal.value.facts == {"until": "22.11.2026"}


def test_an_exclusion_is_written_down_with_who_decided(night, person, excluded, by):
    somebody = person()

    row = excluded(
        somebody, TONIGHT + DAY, review_on=TONIGHT + DAY, advice="Call the police.", notice_in="ro"
    )

    assert (row.decided_by, row.decided_at, row.category) == (by("night_lead").person, clock.now(), "threat")
    assert (row.review_on, row.advice, row.notice_in) == (TONIGHT + DAY, "Call the police.", "ro")
    assert (last_line().verb, last_line().occupant, last_line().facts) == (
        "excluded",
        somebody,
        {
            "exclusion": row.pk, "category": "threat", "first_night": "2026-11-21",
            "last_night": "2026-11-22", "seconded_by": None,
        },
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "runs"), [(-2, -1, False), (-2, 0, True), (0, 0, True), (0, 2, True), (1, 2, False)]
)
def test_an_exclusion_begins_and_ends_by_itself(night, person, excluded, first, last, runs):
    somebody = person()

    row = excluded(somebody, TONIGHT + DAY * last, TONIGHT + DAY * first)

    assert (queries.admission_of(somebody, night).excluded_until is not None) == runs
    assert (queries.running_exclusion(somebody, TONIGHT) == row) == runs
    assert list(Exclusion.objects.all()) == [row]


def test_of_several_exclusions_the_longest_holds(night, person, excluded):
    somebody = person()
    excluded(somebody)
    longest = excluded(somebody, TONIGHT + DAY * 3)
    excluded(somebody, TONIGHT + DAY)

    assert queries.admission_of(somebody, night).excluded_until == TONIGHT + DAY * 3
    assert queries.running_exclusion(somebody, TONIGHT) == longest


def test_an_exclusion_of_either_merged_number_holds(night, person, occupant, excluded, by):
    somebody, other = person(), occupant()
    row = excluded(other)
    assert queries.admission_of(somebody, night).excluded_until is None

    merging.merge(kept=somebody, gone=other, by=by("coordinator"))

    assert queries.admission_of(somebody, night).excluded_until == TONIGHT
    assert queries.running_exclusion(somebody, TONIGHT) == row


def test_only_a_lead_lets_in_somebody_excluded_and_with_a_reason(person, excluded, let_in):
    somebody = person()
    excluded(somebody)

    assert refused(lambda: let_in(somebody, "night_worker", override_reason="He is sorry.")) == "excluded"
    assert refused(lambda: let_in(somebody, "night_lead")) == "excluded"
    row = let_in(somebody, "night_lead", override_reason="He is sorry.")

    assert (row.state, last_line().facts["overridden"]) == ("in", ["excluded"])


def test_an_exclusion_does_not_end_before_it_begins(night, person, excluded):
    with pytest.raises(errors.Incomplete), transaction.atomic():
        excluded(person(), TONIGHT - DAY)

    assert Exclusion.objects.count() == 0


def test_a_week_is_decided_alone(night, person, excluded):
    assert excluded(person(), TONIGHT + DAY * 6).seconded_by is None


@pytest.mark.parametrize("second", [None, "night_lead", "night_worker", "nurse"])
def test_longer_takes_a_second_lead_who_is_somebody_else(night, person, people, excluded, second):
    somebody = person()

    with pytest.raises(errors.SecondPersonNeeded) as refusal, transaction.atomic():
        excluded(somebody, TONIGHT + DAY * 7, seconded_by=second and people[second])

    assert (refusal.value.facts, Exclusion.objects.count()) == ({"nights": 7}, 0)


def test_two_leads_exclude_for_longer(night, person, people, excluded):
    row = excluded(person(), TONIGHT + DAY * 30, seconded_by=people["coordinator"])

    assert (row.seconded_by, last_line().facts["seconded_by"]) == (
        people["coordinator"], people["coordinator"].pk,
    )  # fmt: skip


def test_a_lead_who_is_none_any_more_seconds_nothing(night, person, people, excluded):
    membership = people["coordinator"].memberships.get()
    team.end_role(membership=membership, last_day=TONIGHT - DAY, by=BUILDER)

    with pytest.raises(errors.SecondPersonNeeded), transaction.atomic():
        excluded(person(), TONIGHT + DAY * 7, seconded_by=people["coordinator"])

    assert Exclusion.objects.count() == 0


def test_how_long_one_decides_alone_is_a_setting(night, person, excluded, set_to):
    set_to("exclusion_alone_nights", "2")

    row = excluded(person(), TONIGHT + DAY)
    with pytest.raises(errors.SecondPersonNeeded), transaction.atomic():
        excluded(person(), TONIGHT + DAY * 2)

    assert list(Exclusion.objects.all()) == [row]


def test_who_was_told_is_written_down_once(night, person, excluded, by):
    row = excluded(person())

    for _time in range(2):
        told = admission.tell(exclusion=row, notice_in="ar", by=by("night_worker"))

    assert told.notice_in == "ar"
    assert [line.facts["notice_in"] for line in LogEntry.objects.filter(verb="exclusion_told")] == ["ar"]


def test_lifted_with_a_reason_it_lets_in_again_and_stays_in_the_history(
    night, person, excluded, let_in, by, clock_at
):
    somebody = person()
    row = excluded(somebody, TONIGHT + DAY * 3)
    clock_at("2026-11-21 20:40")

    lifted = admission.lift_exclusion(exclusion=row, reason=" They made peace. ", by=by("coordinator"))

    assert (lifted.lifted_at, lifted.lifted_by, lifted.lifted_because) == (
        clock.now(), by("coordinator").person, "They made peace.",
    )  # fmt: skip
    assert (last_line().verb, last_line().reason) == ("exclusion_lifted", "They made peace.")
    assert let_in(somebody).state == "in"
    assert [(kept.first_night, kept.last_night) for kept in somebody.exclusions.all()] == [
        (TONIGHT, TONIGHT + DAY * 3)
    ]


@pytest.mark.parametrize("reason", ["", "  "])
def test_nothing_is_lifted_without_a_reason(night, person, excluded, let_in, by, reason):
    somebody = person()
    row = excluded(somebody)

    with pytest.raises(errors.ReasonNeeded), transaction.atomic():
        admission.lift_exclusion(exclusion=row, reason=reason, by=by("coordinator"))

    assert refused(lambda: let_in(somebody)) == "excluded"


def test_lifted_twice_the_first_reason_stands(night, person, excluded, by):
    row = excluded(person())
    admission.lift_exclusion(exclusion=row, reason="They made peace.", by=by("coordinator"))

    again = admission.lift_exclusion(exclusion=row, reason="He is gone.", by=by("night_lead"))

    assert (again.lifted_because, again.lifted_by) == ("They made peace.", by("coordinator").person)
    assert LogEntry.objects.filter(verb="exclusion_lifted").count() == 1


# Exclusions in the cold: one person at a time, with the risk weighed.


@pytest.fixture
def decide(by):
    def decided(exclusion, spell, admitted=True, risk_note="Sleeps beside the guard."):
        return admission.decide_in_the_cold(
            exclusion=exclusion, cold_spell=spell, admitted=admitted, risk_note=risk_note, by=by("night_lead")
        )

    return decided


def test_the_cold_lets_in_the_one_decided_about_and_nobody_else(person, excluded, cold, decide, let_in):
    one, other = person(), person()
    shut_out = [excluded(one), excluded(other)]
    spell = cold()
    assert [refused(lambda who=who: let_in(who)) for who in (one, other)] == ["excluded", "excluded"]

    decision = decide(shut_out[0], spell)

    assert (let_in(one).state, refused(lambda: let_in(other))) == ("in", "excluded")
    assert list(ColdDecision.objects.all()) == [decision]


def test_a_decision_in_the_cold_is_told_with_its_risk(night, person, excluded, cold, decide):
    somebody = person()
    row = excluded(somebody)

    decide(row, cold(), risk_note=" Sleeps beside the guard. ")

    assert (last_line().verb, last_line().occupant, last_line().reason, last_line().facts) == (
        "cold_decided", somebody, "Sleeps beside the guard.", {"exclusion": row.pk, "admitted": True},
    )  # fmt: skip


@pytest.mark.parametrize("risk_note", ["", "  "])
def test_nobody_is_let_in_from_the_cold_without_a_word_about_the_risk(
    person, excluded, cold, decide, let_in, risk_note
):
    somebody = person()
    row, spell = excluded(somebody), cold()

    with pytest.raises(errors.ReasonNeeded), transaction.atomic():
        decide(row, spell, risk_note=risk_note)

    assert (refused(lambda: let_in(somebody)), ColdDecision.objects.count()) == ("excluded", 0)


def test_decided_again_the_latest_word_counts_and_both_are_kept(person, excluded, cold, decide, let_in):
    somebody = person()
    row, spell = excluded(somebody), cold()
    decide(row, spell)

    decide(row, spell, admitted=False, risk_note="He had a knife.")

    assert refused(lambda: let_in(somebody)) == "excluded"
    assert list(ColdDecision.objects.values_list("admitted", flat=True)) == [False, True]


def test_a_decision_holds_for_its_cold_spell_only(night, person, excluded, cold, decide, by):
    somebody = person()
    row = excluded(somebody, TONIGHT + DAY * 3)
    spell = cold()
    decide(row, spell)
    cold(since=TONIGHT + DAY * 2, until=TONIGHT + DAY * 2)

    stands = [
        queries.admission_of(somebody, Night.objects.get(date=TONIGHT + DAY * number)).excluded_until
        for number in range(3)
    ]

    assert stands == [None, TONIGHT + DAY * 3, TONIGHT + DAY * 3]


def test_a_decision_falls_with_its_cold_spell(night, person, excluded, cold, decide, by):
    somebody = person()
    row, spell = excluded(somebody), cold()
    decide(row, spell)

    admission.end_cold_spell(cold_spell=spell, last_night=TONIGHT - DAY, by=by("coordinator"))

    assert queries.admission_of(somebody, night).excluded_until == TONIGHT


def test_a_decision_about_one_exclusion_says_nothing_about_another(night, person, excluded, cold, decide):
    somebody = person()
    decided, other = excluded(somebody, TONIGHT + DAY * 2), excluded(somebody)

    decide(decided, cold())

    assert queries.admission_of(somebody, night).excluded_until == other.last_night


def test_the_screens_show_who_is_excluded_as_the_door_does(
    night, person, occupant, excluded, cold, decide, by
):
    let_in_tonight, still_out, joined, free = person(), person(), person(), person()
    merging.merge(kept=joined, gone=(gone := occupant()), by=by("coordinator"))
    row = excluded(let_in_tonight, TONIGHT + DAY)
    excluded(still_out, TONIGHT + DAY * 2)
    excluded(gone, TONIGHT + DAY * 3)
    decide(row, cold())
    people = [let_in_tonight, still_out, joined, free]

    shown = queries.people_tonight([who.pk for who in people], night)

    until = [None, TONIGHT + DAY * 2, TONIGHT + DAY * 3, None]
    assert [queries.admission_of(who, night).excluded_until for who in people] == until
    assert [shown[who.pk].excluded_until for who in people] == until


# Kept apart.


@pytest.fixture
def pair(night, person, beds, let_in, by):
    """Two people kept apart; the first lies in MA1. The women's room aside, MB is what is left for the second."""
    one, other = person(), person()
    let_in(one, bed=beds["MA1"])
    admission.keep_apart(one=other, other=one, by=by("coordinator"))
    return one, other


def test_a_pair_is_written_once_whoever_is_named_first(night, occupant, by):
    one, other = occupant(), occupant()

    first = admission.keep_apart(one=other, other=one, by=by("coordinator"))
    again = admission.keep_apart(one=one, other=other, by=by("night_lead"))

    assert (first.first, first.second, first.since) == (one, other, clock.now())
    assert (again.pk, again.by) == (first.pk, by("coordinator").person)
    told = LogEntry.objects.filter(verb="kept_apart").order_by("id").values_list("occupant", "facts")
    assert list(told) == [(one.pk, {"pair": first.pk}), (other.pk, {"pair": first.pk})]
    assert [list(queries.kept_apart_from(who)) for who in (one, other)] == [[first], [first]]


def test_nobody_is_kept_apart_from_themselves(night, occupant, by):
    somebody = occupant()

    with pytest.raises(errors.Incomplete), transaction.atomic():
        admission.keep_apart(one=somebody, other=somebody, by=by("coordinator"))

    assert KeepApart.objects.count() == 0


def test_the_house_tells_which_room_to_avoid_and_not_whom(night, pair, beds, house, let_in):
    one, other = pair

    assert queries.admission_of(other, night).rooms_to_avoid == {house.dormitories["MA"].pk}
    assert queries.admission_of(one, night).rooms_to_avoid == frozenset()
    with pytest.raises(errors.KeptApart) as refusal, transaction.atomic():
        let_in(other, bed=beds["MA2"])
    assert refusal.value.facts == {"dormitory": "Men A"}


def test_the_bed_proposed_lies_in_another_room(pair, let_in):
    assert let_in(pair[1]).bed.label[:2] == "MB"


def test_an_offer_in_the_same_room_says_so_and_comes_after_those_that_may_be_used(night, pair):
    rooms = queries.admission_of(pair[1], night).rooms_to_avoid
    needs = offering.Needs(sleeps="men", keep_out=rooms)

    ranked = offering.offers(needs, queries.places_of(queries.board_of(night)))

    usable = [offer.place.label for offer in ranked if offer.usable]
    apart = [offer.place.label for offer in ranked if [why.code for why in offer.reasons] == ["keep_apart"]]
    assert (sorted(usable), sorted(apart)) == (
        ["MB1", "MB2", "MB3", "MB4"], ["MA2", "MA3", "MA4", "MA5", "MA6"],
    )  # fmt: skip


def test_with_no_other_room_left_nothing_is_proposed(night, pair, house, let_in, by):
    housekeeping.close_dormitory(
        dormitory=house.dormitories["MB"], reason="pests", by=by("night_lead"), first_night=TONIGHT
    )

    assert refused(lambda: let_in(pair[1])) == "zone_full"


def test_a_lead_may_put_them_in_one_room_with_a_reason(pair, beds, let_in):
    assert refused(lambda: let_in(pair[1], override_reason="No other bed.", bed=beds["MA2"])) == "keep_apart"

    row = let_in(pair[1], "night_lead", override_reason="No other bed.", bed=beds["MA2"])

    assert (row.bed.label, last_line().facts["overridden"]) == ("MA2", ["keep_apart"])


def test_nobody_is_moved_into_the_room(pair, beds, let_in, by):
    row = let_in(pair[1])

    assert (
        refused(lambda: placing.move(bed_night=row, bed=beds["MA2"], by=by("night_worker"), needs=MAN))
        == "keep_apart"
    )


def test_nobody_comes_back_into_the_room(pair, night, beds, let_in, by):
    row = let_in(pair[1])
    placing.leave(bed_night=row, by=by("night_worker"))

    code = refused(
        lambda: placing.come_back(bed_night=row, bed=beds["MA3"], by=by("night_worker"), needs=MAN)
    )

    assert code == "keep_apart"


def test_who_comes_back_to_a_taken_bed_is_proposed_one_in_another_room(pair, night, person, beds, let_in, by):
    row = let_in(pair[1], bed=beds["MB1"])
    placing.leave(bed_night=row, by=by("night_worker"))
    let_in(person(), bed=beds["MB1"])

    again = placing.come_back(bed_night=row, by=by("night_worker"), needs=MAN)

    assert (again.bed.label[:2], again.bed.label != "MB1") == ("MB", True)


def test_no_bed_is_kept_for_somebody_in_the_room(pair, night, beds, by):
    code = refused(
        lambda: placing.hold(occupant=pair[1], bed=beds["MA2"], night=night, by=by("night_worker"), needs=MAN)
    )

    assert code == "keep_apart"


def test_a_bed_kept_for_the_other_one_is_reason_enough(night, person, beds, by):
    one, other = person(), person()
    placing.hold(occupant=one, bed=beds["MB2"], night=night, by=by("night_worker"), needs=MAN)
    admission.keep_apart(one=one, other=other, by=by("coordinator"))

    assert queries.admission_of(other, night).rooms_to_avoid == {
        queries.bed_on_board(night, beds["MB2"].pk).dormitory_id
    }


def test_the_bed_of_the_last_stay_is_not_kept_where_the_other_one_lies(
    night, person, occupant, beds, slept, let_in, by
):
    one, other, third = person(), occupant(), occupant()
    slept(other, *back(1), bed="MA2")
    slept(third, *back(1), bed="MA3")
    let_in(one, bed=beds["MA1"])
    admission.keep_apart(one=one, other=other, by=by("coordinator"))

    for somebody in (other, third):
        registering.register(occupant=somebody, night=night, by=by("field_worker"), needs=MAN)

    kept = BedNight.objects.filter(state="held").values_list("occupant", "bed__label")
    assert list(kept) == [(third.pk, "MA3")]
    assert Registration.objects.filter(occupant=other).count() == 1


def test_who_has_left_for_good_keeps_nobody_out(night, pair, beds, let_in, by):
    placing.leave(bed_night=BedNight.objects.get(occupant=pair[0]), by=by("night_worker"))

    assert let_in(pair[1], bed=beds["MA2"]).bed.label == "MA2"


def test_a_pair_that_ended_keeps_nobody_out_and_may_be_named_again(night, pair, beds, let_in, by):
    standing = KeepApart.objects.get()

    for _time in range(2):
        ended = admission.end_keep_apart(pair=standing, by=by("coordinator"))

    assert (ended.ended_at, ended.ended_by) == (clock.now(), by("coordinator").person)
    assert LogEntry.objects.filter(verb="no_longer_apart").count() == 2
    assert let_in(pair[1], bed=beds["MA2"]).bed.label == "MA2"
    again = admission.keep_apart(one=pair[0], other=pair[1], by=by("coordinator"))
    assert again.pk != standing.pk


def test_a_pair_follows_both_through_a_merge(night, pair, occupant, beds, by):
    one, other = pair
    first_again, second_again = occupant(), occupant()
    merging.merge(kept=first_again, gone=one, by=by("coordinator"))
    merging.merge(kept=second_again, gone=other, by=by("coordinator"))

    room = queries.bed_on_board(night, beds["MA1"].pk).dormitory_id

    assert queries.admission_of(second_again, night).rooms_to_avoid == {room}
    assert [pair.pk for pair in queries.kept_apart_from(second_again)] == [KeepApart.objects.get().pk]


def test_who_turned_out_to_be_both_of_a_pair_is_not_kept_out_of_their_own_room(night, pair, beds, let_in, by):
    one, other = pair
    merging.merge(kept=one, gone=other, by=by("coordinator"))
    row = BedNight.objects.get(occupant=one)

    moved = placing.move(bed_night=row, bed=beds["MA2"], by=by("night_worker"), needs=MAN)

    assert (queries.admission_of(one, night).rooms_to_avoid, moved.bed.label) == (frozenset(), "MA2")


def test_the_room_follows_the_bed_when_it_is_put_elsewhere(night, pair, beds, house, by):
    tomorrow = Night.objects.get(date=TONIGHT + DAY)
    housekeeping.reposition_beds(
        beds=[beds["MA1"]], dormitory=house.dormitories["MB"], first_night=TONIGHT + DAY, by=by("coordinator")
    )

    assert queries.admission_of(pair[1], night).rooms_to_avoid == {house.dormitories["MA"].pk}
    assert queries.admission_of(pair[1], tomorrow).rooms_to_avoid == frozenset()


def test_how_people_stand_is_asked_in_one_statement(night, pair, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = queries.admission_of(pair[1], night)

    assert (found.inside, found.is_registered, found.is_cold, found.same_as) == (1, True, False, None)
    assert Occupant.objects.filter(same_as__isnull=False).count() == 0
