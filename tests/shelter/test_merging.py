"""Two numbers, one person: nothing is rewritten, everything counts together, and all of it can be taken back."""

from datetime import timedelta

import pytest
from django.db import transaction

from shelter import clock, errors, nights, offering, queries
from shelter.actions import admission, closing, merging, placing, registering, stepping, undoing
from shelter.consistency import CHECKS
from shelter.models import (
    BedNight,
    Exclusion,
    KeepApart,
    LogEntry,
    Merge,
    Night,
    Occupant,
    Proof,
    Refusal,
    Registration,
)
from tests.conftest import TONIGHT

MAN = offering.Needs(sleeps="men")
DAY = timedelta(days=1)
HISTORY = (BedNight, Registration, Refusal, Proof, Exclusion, KeepApart)


@pytest.fixture
def beds(house):
    return house.beds


@pytest.fixture
def slept(beds):
    """The person slept here on the nights of these dates."""

    def wrote(somebody, *dates, bed="MA1"):
        for day in dates:
            evening = nights.instant_of(day, nights.NOON) + timedelta(hours=8)
            BedNight.objects.create(
                occupant=somebody, bed=beds[bed], night=Night.objects.get(date=day), state="left",
                arrived_at=evening, left_at=evening + timedelta(hours=11),
            )  # fmt: skip

    return wrote


@pytest.fixture
def join(by):
    def joined(kept, gone):
        return merging.merge(kept=kept, gone=gone, by=by("coordinator"))

    return joined


@pytest.fixture
def take_apart(by):
    def apart(merge):
        return merging.unmerge(merge=merge, by=by("coordinator"))

    return apart


@pytest.fixture
def register(night, by):
    def registered(somebody):
        return registering.register(occupant=somebody, night=night, by=by("field_worker"), needs=MAN)

    return registered


@pytest.fixture
def let_in(night, by):
    def let(somebody, **asked):
        return placing.check_in(occupant=somebody, night=night, by=by("night_worker"), needs=MAN, **asked)

    return let


def history():
    return [list(model.objects.order_by("id").values()) for model in HISTORY]


def pointing():
    """Which number is said to be which, as it stands."""
    return dict(Occupant.objects.exclude(same_as=None).values_list("pk", "same_as"))


def findings():
    return [finding for check in CHECKS for finding in check()]


def two_histories(night, occupant, slept, by, register):
    one, other = occupant(), occupant(sex="man")
    slept(one, TONIGHT - DAY, TONIGHT - DAY * 2)
    slept(other, TONIGHT - DAY * 2, TONIGHT - DAY * 3, bed="MA2")
    register(other)
    admission.note_proof(occupant=other, night=night, kind="work", accepted=True, by=by("field_worker"))
    admission.exclude(
        occupant=other,
        category="theft",
        first_night=TONIGHT + DAY,
        last_night=TONIGHT + DAY,
        by=by("night_lead"),
    )
    registering.turn_away(night=night, reason="other", by=by("night_lead"), occupant=one)
    return one, other


# Joining.


def test_a_merge_rewrites_no_history(night, occupant, slept, by, register, join):
    one, other = two_histories(night, occupant, slept, by, register)
    before = history()

    row = join(one, other)

    assert history() == before
    assert (row.kept, row.gone, row.merged_at, row.by) == (one, other, clock.now(), by("coordinator").person)
    assert pointing() == {other.pk: one.pk}


def test_a_merge_is_told_in_the_log_of_both(night, occupant, join):
    one, other = occupant(), occupant()

    join(one, other)

    told = LogEntry.objects.filter(verb="merged").order_by("id").values_list("occupant", "facts")
    assert list(told) == [(one.pk, {"gone": other.pk}), (other.pk, {"kept": one.pk})]


def test_joined_they_have_one_history(night, occupant, slept, join):
    one, other = occupant(), occupant()
    slept(one, TONIGHT - DAY)
    slept(other, TONIGHT - DAY * 2)

    join(one, other)

    told = [row.night.date for row in queries.nights_of_occupant(one)]
    assert told == [TONIGHT - DAY, TONIGHT - DAY * 2]
    assert sorted(queries.numbers_of(one).values_list("pk", flat=True)) == [one.pk, other.pk]


def test_merged_twice_is_merged_once(night, occupant, join):
    one, other = occupant(), occupant()

    assert join(one, other).pk == join(one, other).pk
    assert LogEntry.objects.filter(verb="merged").count() == 2


def test_a_number_is_not_merged_into_itself(night, occupant, join):
    somebody = occupant()

    with pytest.raises(errors.StaleVersion), transaction.atomic():
        join(somebody, somebody)

    assert (Merge.objects.count(), pointing()) == (0, {})


def test_a_number_that_is_gone_neither_takes_nor_goes_elsewhere(night, occupant, join):
    one, other, third = occupant(), occupant(), occupant()
    join(one, other)

    for kept, gone in ((other, third), (third, other), (other, one)):
        with pytest.raises(errors.StaleVersion), transaction.atomic():
            join(kept, gone)

    assert (Merge.objects.count(), pointing()) == (1, {other.pk: one.pk})


# At the door.


def test_the_number_that_is_gone_is_sent_on_to_the_one_that_stands(night, occupant, let_in, join, register):
    one, other = occupant(), occupant()
    register(one)
    join(one, other)

    for act in (lambda: let_in(other), lambda: register(other)):
        with pytest.raises(errors.MergedAway) as refusal, transaction.atomic():
            act()
        assert (refusal.value.code, refusal.value.facts) == ("merged", {"number": one.number})

    assert BedNight.objects.count() == 0


def test_no_bed_is_kept_for_the_number_that_is_gone(night, occupant, beds, join, by):
    one, other = occupant(), occupant()
    join(one, other)

    with pytest.raises(errors.MergedAway), transaction.atomic():
        placing.hold(occupant=other, bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)

    assert BedNight.objects.count() == 0


def test_the_number_that_stands_is_let_in_on_the_registration_of_the_other(
    night, occupant, let_in, register, join
):
    one, other = occupant(), occupant()
    register(other)
    join(one, other)

    row = let_in(one)

    assert (row.state, row.occupant, "overridden" in LogEntry.objects.last().facts) == ("in", one, False)


def test_registered_under_either_number_is_registered_once(night, occupant, register, join):
    one, other = occupant(), occupant()
    first = register(other)
    join(one, other)

    assert (register(one).pk, Registration.objects.count()) == (first.pk, 1)


def test_a_bed_kept_for_the_number_that_is_gone_is_given_to_the_one_that_stands(
    night, occupant, beds, let_in, register, join, by
):
    one, other = occupant(), occupant()
    register(other)
    kept = placing.hold(occupant=other, bed=beds["MA3"], night=night, by=by("night_worker"), needs=MAN)
    join(one, other)

    row = let_in(one)

    assert (row.pk, row.state, row.bed.label) == (kept.pk, "in", "MA3")


def test_who_lies_here_already_under_the_other_number_gets_no_second_bed(
    night, occupant, beds, let_in, register, join
):
    one, other = occupant(), occupant()
    register(other)
    here = let_in(other, bed=beds["MA2"])
    join(one, other)

    assert let_in(one).pk == here.pk
    with pytest.raises(errors.AlreadyPlaced), transaction.atomic():
        let_in(one, bed=beds["MA3"])
    assert BedNight.objects.count() == 1


@pytest.mark.parametrize("inside", ["kept", "gone"])
def test_of_two_beds_tonight_the_one_they_are_in_counts(
    night, occupant, beds, let_in, register, join, slept, inside
):
    kept, gone = occupant(), occupant()
    here, expected = (kept, gone) if inside == "kept" else (gone, kept)
    slept(expected, TONIGHT - DAY)
    register(expected)
    register(here)
    row = let_in(here, bed=beds["MA2"])
    join(kept, gone)

    assert queries.nights_of_occupant(kept).first() == row
    assert queries.people_tonight([kept.pk], night)[kept.pk].bed_night == row.pk


def test_the_last_bed_of_either_number_is_offered_and_kept(night, occupant, slept, register, join):
    one, other = occupant(), occupant()
    slept(one, TONIGHT - DAY * 2, bed="MA1")
    slept(other, TONIGHT - DAY, bed="MB3")
    join(one, other)

    register(one)

    assert {pk: row.bed.label for pk, row in queries.last_bed_of([one.pk], TONIGHT).items()} == {
        one.pk: "MB3"
    }
    assert [(row.occupant, row.bed.label) for row in BedNight.objects.filter(state="held")] == [(one, "MB3")]


def test_a_joined_person_counts_as_one_on_the_evening(night, occupant, let_in, register, join):
    one, other = occupant(), occupant()
    register(other)
    join(one, other)

    let_in(one)

    counts = queries.counts_of(night)
    assert (counts.registered, counts.arrived, counts.expected, counts.present) == (1, 1, 0, 1)


def test_both_registered_before_they_were_joined_is_one_person_expected(night, occupant, register, join):
    one, other = occupant(), occupant()
    register(one)
    register(other)

    join(one, other)

    counts = queries.counts_of(night)
    assert (counts.registered, counts.expected) == (1, 1)


def test_turned_away_under_one_number_the_bed_kept_under_the_other_is_released(
    night, occupant, beds, join, by
):
    one, other = occupant(), occupant()
    kept = placing.hold(occupant=other, bed=beds["MA3"], night=night, by=by("night_worker"), needs=MAN)
    join(one, other)

    registering.turn_away(night=night, reason="behaviour_tonight", by=by("night_lead"), occupant=one)

    kept.refresh_from_db()
    assert kept.state == "released"


def test_a_check_in_into_the_bed_of_the_other_number_taken_back_leaves_a_sound_house(
    night, occupant, beds, let_in, register, join, by
):
    one, other = occupant(), occupant()
    register(other)
    placing.hold(occupant=other, bed=beds["MA3"], night=night, by=by("night_worker"), needs=MAN)
    join(one, other)
    row = let_in(one)

    undone = undoing.undo_last(bed_night=row, by=by("night_worker"))

    assert (undone.state, undone.bed.label, findings()) == ("held", "MA3", [])


# The same night in both histories.


def test_a_night_in_both_files_is_shown_as_a_conflict_with_both_rows(night, occupant, slept, join):
    one, other = occupant(), occupant()
    slept(one, TONIGHT - DAY, TONIGHT - DAY * 2)
    slept(other, TONIGHT - DAY * 2, TONIGHT - DAY * 3, bed="MA2")
    assert queries.conflicts_of(one) == []

    join(one, other)

    shown = [sorted((row.occupant_id, row.bed.label) for row in rows) for rows in queries.conflicts_of(one)]
    assert shown == [[(one.pk, "MA1"), (other.pk, "MA2")]]
    assert [rows[0].night.date for rows in queries.conflicts_of(one)] == [TONIGHT - DAY * 2]


def test_a_person_here_twice_tonight_is_a_conflict_until_one_of_them_was_not(
    night, occupant, beds, let_in, register, join, by
):
    one, other = occupant(), occupant()
    for somebody, label in ((one, "MA1"), (other, "MA2")):
        register(somebody)
        let_in(somebody, bed=beds[label])
    join(one, other)
    rows = queries.conflicts_of(one)[0]

    placing.leave(bed_night=BedNight.objects.get(occupant=other), by=by("night_worker"))
    closing.was_not_here(
        bed_night=BedNight.objects.get(occupant=other), by=by("night_lead"), reason="One person."
    )

    assert (len(rows), queries.conflicts_of(one), BedNight.objects.count()) == (2, [], 2)


def test_two_people_who_only_have_like_nights_are_no_conflict(night, occupant, slept):
    one, other = occupant(), occupant()
    slept(one, TONIGHT - DAY)
    slept(other, TONIGHT - DAY, bed="MA2")

    assert (queries.conflicts_of(one), queries.conflicts_of(other)) == ([], [])


# Taking apart.


def test_taken_apart_everything_is_as_it_was(night, occupant, slept, by, register, join, take_apart):
    one, other = two_histories(night, occupant, slept, by, register)
    people = list(Occupant.objects.order_by("id").values())
    before, stood = history(), [queries.admission_of(who, night) for who in (one, other)]
    row = join(one, other)
    assert [queries.admission_of(one, night).nights_used, pointing()] == [3, {other.pk: one.pk}]

    undone = take_apart(row)

    assert (history(), list(Occupant.objects.order_by("id").values())) == (before, people)
    assert [queries.admission_of(who, night) for who in (one, other)] == stood
    assert (undone.undone_at, undone.undone_by) == (clock.now(), by("coordinator").person)


def test_what_was_written_while_they_were_joined_stays_where_it_was_written(
    night, occupant, let_in, register, join, take_apart
):
    one, other = occupant(), occupant()
    register(one)
    row = join(one, other)
    here = let_in(one)

    take_apart(row)

    assert [list(queries.nights_of_occupant(who)) for who in (one, other)] == [[here], []]
    register(other)
    assert let_in(other).occupant == other


def test_taking_apart_is_told_in_the_log_of_both_and_once(night, occupant, join, take_apart):
    one, other = occupant(), occupant()
    row = join(one, other)

    for _time in range(2):
        take_apart(row)

    told = LogEntry.objects.filter(verb="unmerged").order_by("id").values_list("occupant", "facts")
    assert list(told) == [(one.pk, {"gone": other.pk}), (other.pk, {"kept": one.pk})]


def test_joined_again_it_is_a_new_merge_and_the_old_one_stays_on_paper(night, occupant, join, take_apart):
    one, other = occupant(), occupant()
    first = join(one, other)
    take_apart(first)

    second = join(other, one)

    assert (pointing(), second.pk != first.pk) == ({one.pk: other.pk}, True)
    assert [row.undone_at for row in Merge.objects.order_by("id")] == [clock.now(), None]


# Chains.


def test_a_chain_points_to_its_end_and_counts_together(night, occupant, slept, join):
    one, other, third = occupant(), occupant(), occupant()
    for number, somebody in enumerate((one, other, third), start=1):
        slept(somebody, TONIGHT - DAY * number)

    join(other, third)
    join(one, other)

    assert pointing() == {other.pk: one.pk, third.pk: one.pk}
    assert queries.admission_of(one, night).nights_used == 3
    assert len(queries.nights_of_occupant(one)) == 3


@pytest.mark.parametrize(
    ("first_undone", "left"), [("inner", {1: 0}), ("outer", {2: 1})], ids=["inner", "outer"]
)
def test_a_chain_is_taken_apart_link_by_link(night, occupant, join, take_apart, first_undone, left):
    people = [occupant(), occupant(), occupant()]
    links = {"inner": join(people[1], people[2]), "outer": join(people[0], people[1])}

    take_apart(links.pop(first_undone))
    assert pointing() == {people[gone].pk: people[kept].pk for gone, kept in left.items()}
    take_apart(links.popitem()[1])

    assert pointing() == {}


def test_several_joined_into_one_are_taken_apart_one_by_one(night, occupant, join, take_apart):
    one, other, third = occupant(), occupant(), occupant()
    row = join(one, other)
    join(one, third)

    take_apart(row)

    assert pointing() == {third.pk: one.pk}


def test_a_chain_of_four_survives_any_order(night, occupant, join, take_apart):
    people = [occupant() for _time in range(4)]
    low, high = join(people[2], people[3]), join(people[0], people[1])
    bridge = join(people[0], people[2])
    assert pointing() == {people[number].pk: people[0].pk for number in (1, 2, 3)}

    take_apart(bridge)
    assert pointing() == {people[1].pk: people[0].pk, people[3].pk: people[2].pk}
    take_apart(low)
    take_apart(high)

    assert pointing() == {}


def test_a_number_in_a_chain_merged_into_its_end_already_is_merged_once(night, occupant, join):
    one, other, third = occupant(), occupant(), occupant()
    inner = join(other, third)
    join(one, other)

    assert (join(one, third).pk, Merge.objects.count()) == (inner.pk, 2)


# Where the merge meets the rest of the night.


def test_nights_slept_in_an_earlier_night_that_is_sealed_are_joined_all_the_same(
    night, occupant, slept, join, take_apart, by
):
    one, other = occupant(), occupant()
    slept(other, TONIGHT - DAY)
    before = Night.objects.get(date=TONIGHT - DAY)
    stepping.step(night=before, to=Night.State.DEFINITIVE, by=by("coordinator"))

    row = join(one, other)
    assert queries.admission_of(one, night).nights_used == 1
    take_apart(row)

    assert [queries.admission_of(who, night).nights_used for who in (one, other)] == [0, 1]


def test_after_merging_and_taking_apart_the_house_is_sound(
    night, occupant, slept, by, register, join, take_apart
):
    one, other = occupant(), occupant()
    register(one)
    register(other)
    row = join(one, other)
    take_apart(row)
    join(one, other)

    assert findings() == []
