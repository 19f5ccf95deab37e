"""The morning: those ticked leave, unclaimed beds are released, exceptions are fixed, the night closes."""

import pytest
from django.db import transaction

from shelter import clock, errors, nights, offering, queries
from shelter.actions import closing, placing, registering, stepping
from shelter.models import BedNight, LogEntry, Night
from tests.conftest import BUILDER, TONIGHT
from tests.harness import count_queries, same_queries_for

MAN = offering.Needs(sleeps="men")
MORNING = "2026-11-22 08:40"


@pytest.fixture
def lead(by, night):
    return by("night_lead")


@pytest.fixture
def guest_in(night, house, occupant, lead):
    """Somebody checked in: `guest_in("MA1")`."""

    def arrived(label):
        person = occupant()
        registering.register(occupant=person, night=night, by=lead, needs=MAN)
        return placing.check_in(occupant=person, bed=house.beds[label], night=night, by=lead, needs=MAN)

    return arrived


@pytest.fixture
def kept(night, house, occupant, lead):
    """A bed kept for somebody who has not come: `kept("MA6")`."""

    def held(label):
        return placing.hold(occupant=occupant(), bed=house.beds[label], night=night, by=lead, needs=MAN)

    return held


def ledger():
    return list(BedNight.objects.order_by("id").values_list("pk", "state", "left_at", "ended_at"))


def test_everybody_ticked_leaves_at_once_each_with_a_line(night, guest_in, lead, people, clock_at):
    rows = [guest_in(label) for label in ("MA1", "MA2", "MB1")]
    clock_at(MORNING)

    gone = closing.everybody_leaves(night=night, bed_nights=[row.pk for row in rows[:2]], by=lead)

    now = clock.now()
    assert gone == 2
    assert ledger() == [
        (rows[0].pk, "left", now, None), (rows[1].pk, "left", now, None), (rows[2].pk, "in", None, None),
    ]  # fmt: skip
    lines = LogEntry.objects.filter(verb="left").order_by("bed_night")
    assert [(line.bed_night_id, line.occupant_id, line.bed_id, line.by, line.at) for line in lines] == [
        (row.pk, row.occupant_id, row.bed_id, people["night_lead"], now) for row in rows[:2]
    ]


def test_who_left_before_is_passed_over(night, guest_in, kept, lead, clock_at):
    early, expected = guest_in("MA1"), kept("MA2")
    placing.leave(bed_night=early, by=lead)
    before = ledger()
    clock_at(MORNING)

    gone = closing.everybody_leaves(night=night, bed_nights=[early.pk, expected.pk, 0], by=lead)

    assert (gone, ledger()) == (0, before)


def test_many_leave_with_as_many_queries_as_few(night, guest_in, lead):
    rows = [guest_in(f"MA{number}") for number in range(1, 7)]

    with count_queries() as few:
        closing.everybody_leaves(night=night, bed_nights=[rows[0].pk], by=lead)
    with count_queries() as many:
        closing.everybody_leaves(night=night, bed_nights=[row.pk for row in rows[1:]], by=lead)

    same_queries_for(few, many)


def test_the_night_closes_when_everybody_ticked_has_left(night, guest_in, kept, lead, clock_at):
    row, expected = guest_in("MA1"), kept("MA2")
    clock_at(MORNING)

    closed = closing.close_night(night=night, bed_nights=[row.pk], by=lead)

    assert (closed.state, closed.closed_at) == ("closed", clock.now())
    assert ledger() == [(row.pk, "left", clock.now(), None), (expected.pk, "released", None, clock.now())]
    released = LogEntry.objects.get(verb="released")
    assert (released.bed_night_id, released.facts, released.by) == (
        expected.pk, {"cause": "no_show"}, lead.person,
    )  # fmt: skip


def test_the_night_does_not_close_over_somebody_inside_and_nothing_is_written(
    night, guest_in, kept, lead, clock_at
):
    first, _second, _expected = guest_in("MA1"), guest_in("MA2"), kept("MA3")
    clock_at(MORNING)
    before, lines = ledger(), LogEntry.objects.count()

    with pytest.raises(errors.Unresolved) as refusal, transaction.atomic():
        closing.close_night(night=night, bed_nights=[first.pk], by=lead)

    assert refusal.value.facts["present"] == 1
    assert (ledger(), LogEntry.objects.count()) == (before, lines)
    assert Night.objects.get(pk=night.pk).state == "doors_open"


def test_an_empty_night_closes_too(night, lead, clock_at):
    clock_at(MORNING)

    assert closing.close_night(night=night, bed_nights=[], by=lead).state == "closed"


def test_people_of_another_night_are_not_sent_away(night, guest_in, lead, clock_at):
    row = guest_in("MA1")
    other = Night.objects.get(date="2026-11-20")
    stepping.step(night=other, to=Night.State.DOORS_OPEN, by=BUILDER)

    closing.close_night(night=other, bed_nights=[row.pk], by=lead)

    assert ledger() == [(row.pk, "in", None, None)]


@pytest.mark.parametrize("state", ["planned", "open", "list_frozen"])
def test_a_night_that_was_never_at_the_door_is_not_closed_from_the_morning_list(night, lead, state):
    stepping.step(night=night, to=Night.State(state), by=lead, reason="by mistake")

    with pytest.raises(errors.NightNotOpen), transaction.atomic():
        closing.close_night(night=night, bed_nights=[], by=lead)

    assert Night.objects.get(pk=night.pk).state == state


def test_a_definitive_night_says_so(night, lead):
    stepping.step(night=night, to=Night.State.DEFINITIVE, by=lead)

    with pytest.raises(errors.NightSealed), transaction.atomic():
        closing.close_night(night=night, bed_nights=[], by=lead)

    assert Night.objects.get(pk=night.pk).state == "definitive"


def test_a_closed_night_is_opened_again_with_a_reason_and_its_people_may_be_put_right(
    night, guest_in, lead, clock_at
):
    row = guest_in("MA1")
    clock_at(MORNING)
    closing.close_night(night=night, bed_nights=[row.pk], by=lead)

    stepping.step(night=night, to=Night.State.DOORS_CLOSED, by=lead, reason="one person was overlooked")
    closing.was_not_here(bed_night=row, by=lead, reason="the neighbour says so")
    again = closing.close_night(night=night, bed_nights=[], by=lead)

    assert (again.state, queries.counts_of(night).arrived) == ("closed", 0)
    told = LogEntry.objects.get(verb="night_stepped_back")
    assert (told.reason, told.facts) == (
        "one person was overlooked", {"was": "closed", "to": "doors_closed"},
    )  # fmt: skip


# Somebody written down as here never slept here.


@pytest.mark.parametrize("gone_before", [False, True])
def test_who_was_not_here_counts_no_more(night, guest_in, lead, clock_at, gone_before):
    row = guest_in("MA1")
    if gone_before:
        placing.leave(bed_night=row, by=lead)
    clock_at(MORNING)

    struck = closing.was_not_here(bed_night=row, by=lead, reason="never slept here")

    assert (struck.state, struck.ended_at) == ("undone", clock.now())
    assert (queries.counts_of(night).arrived, queries.counts_of(night).present) == (0, 0)
    line = LogEntry.objects.order_by("id").last()
    assert (line.verb, line.reason, line.bed_night_id) == ("undone", "never slept here", row.pk)


def test_who_was_not_here_needs_a_written_reason(guest_in, lead):
    row = guest_in("MA1")
    before = ledger()

    with pytest.raises(errors.ReasonNeeded), transaction.atomic():
        closing.was_not_here(bed_night=row, by=lead, reason="  ")

    assert ledger() == before


def test_striking_out_twice_is_striking_out_once(guest_in, lead):
    row = guest_in("MA1")

    for _time in range(2):
        closing.was_not_here(bed_night=row, by=lead, reason="never slept here")

    assert LogEntry.objects.filter(verb="undone").count() == 1


def test_who_is_only_expected_is_released_and_not_struck_out(kept, lead):
    row = kept("MA1")

    with pytest.raises(errors.StaleVersion), transaction.atomic():
        closing.was_not_here(bed_night=row, by=lead, reason="never slept here")

    assert ledger() == [(row.pk, "held", None, None)]


def test_nobody_is_struck_out_of_a_closed_night(night, guest_in, lead, clock_at):
    row = guest_in("MA1")
    clock_at(MORNING)
    closing.close_night(night=night, bed_nights=[row.pk], by=lead)
    before = ledger()

    with pytest.raises(errors.NightNotOpen), transaction.atomic():
        closing.was_not_here(bed_night=row, by=lead, reason="never slept here")

    assert ledger() == before


def test_what_was_struck_out_is_not_offered_to_be_taken_back(night, guest_in, lead):
    row = guest_in("MA1")

    closing.was_not_here(bed_night=row, by=lead, reason="never slept here")

    assert list(queries.undoable(night)) == []


def test_a_night_closed_a_day_late_keeps_its_times_within_it(night, guest_in, lead, clock_at):
    row = guest_in("MA1")
    clock_at("2026-11-22 19:00")

    closing.close_night(night=night, bed_nights=[row.pk], by=lead)

    left_at = BedNight.objects.get(pk=row.pk).left_at
    assert nights.night_of(left_at) == TONIGHT
