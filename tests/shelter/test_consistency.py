"""What `check_house` finds when somebody has gone behind the back of the actions."""

from datetime import timedelta

import pytest

from shelter import consistency
from shelter.actions import admission, closing, merging, placing, watching
from shelter.models import Exclusion, Night, Occupant, Outing
from tests.conftest import BUILDER, TONIGHT


@pytest.fixture
def found():
    """What one check says now, as a list."""

    def said(check):
        return list(check())

    return said


def test_a_number_that_points_past_its_merge_is_found(found, occupant):
    kept, gone, other = occupant(), occupant(), occupant()
    merging.merge(kept=kept, gone=gone, by=BUILDER)
    before = found(consistency.joined_numbers_follow_their_merges)

    Occupant.objects.filter(pk=gone.pk).update(same_as=other)

    assert before == []
    assert found(consistency.joined_numbers_follow_their_merges) == [
        f"occupant {gone.pk}: joined with {other.pk}, but by the merges that stand with {kept.pk}"
    ]


def test_somebody_out_after_their_night_is_found(found, occupant, night, house, by):
    person = occupant()
    row = placing.check_in(
        occupant=person, bed=house.beds["MA1"], night=night, by=BUILDER, override_reason="expected elsewhere"
    )
    outing = watching.go_out(bed_night=row, kind="smoke", by=BUILDER)
    closing.close_night(night=night, bed_nights=[row.pk], by=by("night_lead"))
    before = found(consistency.nobody_is_out_when_the_night_is_over)

    Outing.objects.filter(pk=outing.pk).update(back_at=None)

    assert Night.objects.get(date=TONIGHT).state == Night.State.CLOSED
    assert before == []
    assert found(consistency.nobody_is_out_when_the_night_is_over) == [
        f"outing {outing.pk}: not ended though its night is closed"
    ]


def test_a_long_exclusion_decided_by_one_person_is_found(found, occupant):
    row = admission.exclude(
        occupant=occupant(), category="theft", first_night=TONIGHT, last_night=TONIGHT, by=BUILDER
    )
    before = found(consistency.exclusions_of_a_length_have_a_second_person)

    Exclusion.objects.filter(pk=row.pk).update(last_night=TONIGHT + timedelta(days=30))

    assert before == []
    assert found(consistency.exclusions_of_a_length_have_a_second_person) == [
        f"exclusion {row.pk}: longer than 7 nights, and decided by one person"
    ]
