"""Which bed is proposed, and why. Pure: no database."""

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from shelter import offering
from shelter.offering import CLOSED, FREE, HELD, NOT_OPEN, OCCUPIED, Needs, Place

pytestmark = pytest.mark.pure

CALMLY = settings(deadline=None, derandomize=True)  # the same examples each time, however slow

ZONES = ["men", "women", "families", "workers", "dogs", "isolation"]
STATES = [FREE, HELD, OCCUPIED, CLOSED, NOT_OPEN]
# Where somebody may sleep without anybody's override, by hand.
WELCOME = {
    "men": {"men"},
    "women": {"women"},
    "family": {"families"},
    "ask": {"men", "women", "families"},
}


def place(bed, zone="men", **known):
    usual = {
        "label": f"B{bed}", "dormitory": 1, "level": "middle", "step_free": False, "state": FREE, "order": bed,
    }  # fmt: skip
    return Place(bed=bed, zone=zone, **usual | known)


@st.composite
def houses(draw):
    """Up to twelve beds in any state, in the order of a walk."""
    size = draw(st.integers(0, 12))
    return [
        place(
            number,
            zone=draw(st.sampled_from(ZONES)),
            dormitory=draw(st.integers(1, 3)),
            level=draw(st.sampled_from(["bottom", "middle", "top"])),
            step_free=draw(st.booleans()),
            state=draw(st.sampled_from(STATES)),
            crowding=draw(st.sampled_from([0.0, 0.25, 0.5, 1.0])),
        )
        for number in range(size)
    ]


beds_or_none = st.none() | st.integers(0, 11)
needs = st.builds(
    Needs,
    sleeps=st.sampled_from(sorted(WELCOME)),
    lower_bed=st.booleans(),
    step_free=st.booleans(),
    dog=st.booleans(),
    quiet=st.booleans(),
    last_bed=beds_or_none,
    last_dormitory=st.none() | st.integers(1, 3),
    holds_bed=beds_or_none,
)


def welcome(asked):
    if asked.dog:
        return {"dogs"}
    return WELCOME[asked.sleeps] | ({"workers"} if asked.quiet and asked.sleeps == "men" else set())


def codes(offer):
    return [reason.code for reason in offer.reasons]


def ranked(asked, places):
    return [offer.place.label for offer in offering.offers(asked, places) if offer.usable]


# Whatever the house and whoever asks.


@CALMLY
@given(needs, houses())
def test_every_bed_is_judged_once_with_a_reason_and_the_usable_ones_come_first(asked, places):
    found = offering.offers(asked, places)

    assert sorted(offer.place.bed for offer in found) == [each.bed for each in places]
    assert [offer.usable for offer in found] == sorted((offer.usable for offer in found), reverse=True)
    assert [len(offer.reasons) > 0 for offer in found] == [True] * len(places)


@CALMLY
@given(needs, houses(), st.randoms(use_true_random=False))
def test_the_ranking_depends_on_the_house_and_not_on_the_order_of_asking(asked, places, dice):
    shuffled = places.copy()
    dice.shuffle(shuffled)

    assert offering.offers(asked, shuffled) == offering.offers(asked, places)


@CALMLY
@given(needs, houses())
def test_nobody_is_offered_a_bed_that_is_taken_closed_or_in_another_zone(asked, places):
    for offer in offering.offers(asked, places):
        held_for_them = offer.place.bed == asked.holds_bed
        may_be_had = offer.place.state == FREE or (held_for_them and offer.place.state == HELD)
        in_zone = offer.place.zone in welcome(asked) or held_for_them
        assert offer.usable == (may_be_had and in_zone)


@CALMLY
@given(needs, houses())
def test_the_best_bed_is_the_first_usable_one(asked, places):
    found = offering.best(asked, places)

    usable = [offer for offer in offering.offers(asked, places) if offer.usable]
    to_talk_over = asked.sleeps == "ask" and not asked.dog and asked.holds_bed is None
    assert found == (None if to_talk_over or not usable else usable[0])


@CALMLY
@given(needs, houses())
def test_asked_twice_it_proposes_the_same(asked, places):
    assert offering.offers(asked, places) == offering.offers(asked, list(places))


@CALMLY
@given(needs, houses())
def test_each_reason_can_be_said(asked, places):
    said = [str(reason) for offer in offering.offers(asked, places) for reason in offer.reasons]

    assert [len(sentence) > 3 and "%" not in sentence for sentence in said] == [True] * len(said)


@CALMLY
@given(needs, houses())
def test_a_bed_kept_for_them_is_proposed_before_all_others(asked, places):
    kept = next((each for each in places if each.bed == asked.holds_bed and each.state == HELD), None)

    found = offering.best(asked, places)

    if kept is not None:
        assert (found.place, codes(found)[0]) == (kept, "held_for_you")


# One wish after the other.


@pytest.mark.parametrize(
    ("state", "code"), [(HELD, "held"), (OCCUPIED, "occupied"), (CLOSED, "closed"), (NOT_OPEN, "not_open")]
)
def test_a_bed_that_cannot_be_had_says_why(state, code):
    [offer] = offering.offers(Needs(sleeps="men"), [place(1, state=state)])

    assert (offer.usable, codes(offer)) == (False, [code])


def test_a_bed_of_another_zone_says_which():
    [offer] = offering.offers(Needs(sleeps="women"), [place(1, zone="men")])

    with translation.override("en"):
        assert (offer.usable, str(offer.reasons[0])) == (False, "Another zone (men).")


def test_the_bed_of_last_time_comes_before_its_dormitory_and_that_before_any_other():
    places = [place(1, dormitory=1), place(2, dormitory=2), place(3, dormitory=2)]
    asked = Needs(sleeps="men", last_bed=3, last_dormitory=2)

    found = offering.offers(asked, places)

    assert [(offer.place.bed, codes(offer)) for offer in found] == [
        (3, ["same_bed"]), (2, ["same_dormitory"]), (1, ["right_zone"]),
    ]  # fmt: skip


def test_a_lower_bunk_for_who_needs_one_comes_before_the_bed_of_last_time():
    places = [place(1, level="bottom"), place(2, level="top")]

    found = offering.offers(Needs(sleeps="men", lower_bed=True, last_bed=2), places)

    assert [(offer.place.bed, codes(offer)) for offer in found] == [
        (1, ["lower_met"]), (2, ["same_bed", "lower_unmet"]),
    ]  # fmt: skip


def test_step_free_for_who_needs_it_comes_before_a_lower_bunk():
    places = [place(1, level="bottom"), place(2, level="top", step_free=True)]

    found = offering.offers(Needs(sleeps="men", lower_bed=True, step_free=True), places)

    assert [offer.place.bed for offer in found] == [2, 1]


def test_a_need_that_cannot_be_met_is_said_and_does_not_shut_anybody_out():
    [offer] = offering.offers(Needs(sleeps="men", lower_bed=True), [place(1, level="top")])

    assert (offer.usable, codes(offer)) == (True, ["lower_unmet"])


def test_beds_that_others_need_are_spared():
    places = [
        place(1, level="bottom", step_free=True), place(2, level="bottom"), place(3, level="top"),
    ]  # fmt: skip

    assert ranked(Needs(sleeps="men"), places) == ["B3", "B2", "B1"]


def test_the_emptier_dormitory_is_left_alone():
    places = [place(1, dormitory=1, crowding=0.1), place(2, dormitory=2, crowding=0.7)]

    assert ranked(Needs(sleeps="men"), places) == ["B2", "B1"]


def test_all_else_being_equal_the_walk_through_the_house_decides():
    places = [place(3), place(1), place(2)]

    assert ranked(Needs(sleeps="men"), places) == ["B1", "B2", "B3"]


def test_who_works_is_offered_the_quiet_dormitory_first():
    places = [place(1, zone="men"), place(2, zone="workers")]

    assert ranked(Needs(sleeps="men", quiet=True), places) == ["B2", "B1"]
    assert ranked(Needs(sleeps="men"), places) == ["B1"]


def test_who_comes_with_a_dog_sleeps_where_dogs_are_welcome():
    places = [place(1, zone="men"), place(2, zone="dogs")]

    found = offering.best(Needs(sleeps="men", dog=True), places)

    assert (found.place.bed, codes(found)) == (2, ["dog_met"])
    assert ranked(Needs(sleeps="men"), places) == ["B1"]


def test_nobody_is_proposed_a_bed_before_where_to_sleep_is_talked_over():
    places = [place(1, zone="men"), place(2, zone="women"), place(3, zone="isolation")]
    asked = Needs(sleeps="ask")

    found = offering.offers(asked, places)

    assert offering.best(asked, places) is None
    assert [(offer.place.bed, offer.usable, codes(offer)) for offer in found] == [
        (1, True, ["to_agree"]), (2, True, ["to_agree"]), (3, False, ["wrong_zone"]),
    ]  # fmt: skip


def test_once_a_bed_is_kept_it_is_proposed_also_to_who_wanted_to_talk_it_over():
    kept = place(2, zone="women", state=HELD)

    found = offering.best(Needs(sleeps="ask", holds_bed=2), [place(1), kept])

    assert found.place == kept


def test_a_bed_kept_for_them_in_another_zone_stays_theirs():
    kept = place(2, zone="isolation", state=HELD)

    assert offering.best(Needs(sleeps="men", holds_bed=2), [place(1), kept]).place == kept
    assert offering.offers(Needs(sleeps="men"), [kept])[0].usable is False


def test_a_bed_kept_for_them_and_out_of_service_is_not_proposed():
    kept = place(2, state=CLOSED)

    assert offering.best(Needs(sleeps="men", holds_bed=2), [place(1), kept]).place.bed == 1


def test_in_a_house_without_a_bed_nothing_is_proposed():
    assert offering.best(Needs(sleeps="men"), []) is None
    assert offering.best(Needs(sleeps="men"), [place(1, state=OCCUPIED)]) is None
