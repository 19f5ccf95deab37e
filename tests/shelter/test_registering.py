"""Who is expected tonight, renewed every day; who was not let in, for one reason."""

from datetime import timedelta

import pytest
from django.db import transaction

from shelter import clock, errors, offering, queries
from shelter.actions import housekeeping, placing, planning, registering, stepping
from shelter.models import BedNight, LogEntry, Night, Refusal, Registration
from tests.conftest import BUILDER, TONIGHT, instant

MAN = offering.Needs(sleeps="men")


@pytest.fixture
def desk(by, night):
    return by("field_worker")


def register(person, night, by, needs=MAN):
    return registering.register(occupant=person, night=night, by=by, needs=needs)


@pytest.fixture
def slept(season, house, occupant, clock_at):
    """Somebody who slept in a bed so many nights before tonight: `slept("MB2", nights_ago=1)`."""

    def guest(label, *, nights_ago, person=None):
        day = TONIGHT - timedelta(days=nights_ago)
        past, person = Night.objects.get(date=day), person or occupant()
        with clock.at(instant(f"{day} 21:00")):
            if past.state == "planned":
                stepping.step(night=past, to=Night.State.DOORS_OPEN, by=BUILDER)
            row = placing.check_in(
                occupant=person, bed=house.beds[label], night=past, by=BUILDER, needs=MAN, is_registered=True
            )
            placing.leave(bed_night=row, by=BUILDER)
        return person

    return guest


def kept_tonight(night):
    rows = BedNight.objects.filter(night=night, state="held").order_by("id")
    return list(rows.values_list("occupant", "bed__label"))


def test_a_registration_is_written_down_with_its_time_and_its_line(night, occupant, desk, people):
    person = occupant()

    registration = register(person, night, desk)

    line = LogEntry.objects.get(verb="registered")
    assert (registration.registered_at, registration.night_id) == (clock.now(), night.pk)
    assert [row.pk for row in queries.registered(night)] == [registration.pk]
    assert (line.occupant_id, line.night_id, line.by) == (person.pk, night.pk, people["field_worker"])


def test_registering_twice_is_one_registration(night, occupant, desk):
    person = occupant()

    first, again = register(person, night, desk), register(person, night, desk)

    assert (again.pk, Registration.objects.count()) == (first.pk, 1)
    assert LogEntry.objects.filter(verb="registered").count() == 1


def test_registration_is_for_one_night_only(night, occupant, desk):
    person, tomorrow = occupant(), Night.objects.get(date="2026-11-22")
    stepping.step(night=tomorrow, to=Night.State.OPEN, by=BUILDER)

    rows = [register(person, each, desk).night_id for each in (night, tomorrow)]

    assert rows == [night.pk, tomorrow.pk]
    assert queries.counts_of(tomorrow).registered == 1


@pytest.mark.parametrize(
    ("state", "late"), [("open", False), ("list_frozen", True), ("doors_open", True), ("doors_closed", True)]
)
def test_registrations_after_the_list_was_frozen_are_marked_late(night, occupant, desk, by, state, late):
    stepping.step(night=night, to=Night.State(state), by=by("night_lead"), reason="for the test")

    assert register(occupant(), night, desk).late is late


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        ("planned", errors.NightNotOpen),
        ("closed", errors.NightNotOpen),
        ("definitive", errors.NightSealed),
    ],
)
def test_nobody_is_registered_before_or_after_the_night(night, occupant, desk, by, state, refusal):
    stepping.step(night=night, to=Night.State(state), by=by("night_lead"), reason="for the test")

    with pytest.raises(refusal), transaction.atomic():
        register(occupant(), night, desk)

    assert Registration.objects.count() == 0


def test_the_bed_of_last_night_is_kept_when_it_is_free(slept, night, desk):
    person = slept("MB2", nights_ago=1)

    register(person, night, desk)

    assert kept_tonight(night) == [(person.pk, "MB2")]
    assert LogEntry.objects.get(verb="bed_held", night=night).facts == {"cause": "same_bed"}


@pytest.mark.parametrize(("nights_ago", "kept"), [(1, True), (2, True), (4, True), (5, False)])
def test_the_bed_is_kept_until_the_stay_has_ended(slept, night, desk, nights_ago, kept):
    person = slept("MB2", nights_ago=nights_ago)

    register(person, night, desk)

    assert kept_tonight(night) == ([(person.pk, "MB2")] if kept else [])


def test_how_long_a_stay_runs_on_is_a_setting(slept, night, desk):
    person = slept("MB2", nights_ago=2)
    planning.change_setting(
        key="nights_until_stay_ends", value="0", first_night=TONIGHT, by=BUILDER, reason="full house"
    )

    register(person, night, desk)

    assert kept_tonight(night) == []


def test_a_bed_taken_closed_or_of_another_zone_is_not_kept(slept, night, desk, house, occupant):
    taken, closed, rezoned = (slept(label, nights_ago=1) for label in ("MA1", "MA2", "MB1"))
    placing.hold(occupant=occupant(), bed=house.beds["MA1"], night=night, by=desk, needs=MAN)
    housekeeping.close_bed(bed=house.beds["MA2"], reason="repair", by=BUILDER, first_night=TONIGHT)
    housekeeping.change_zone(dormitory=house.dormitories["MB"], zone="women", first_night=TONIGHT, by=BUILDER)
    before = kept_tonight(night)

    for person in (taken, closed, rezoned):
        register(person, night, desk)

    assert (kept_tonight(night), queries.counts_of(night).registered) == (before, 3)


def test_no_bed_is_kept_in_a_closed_dormitory(slept, night, desk, house):
    person = slept("MB2", nights_ago=1)
    housekeeping.close_dormitory(
        dormitory=house.dormitories["MB"], reason="pests", by=BUILDER, first_night=TONIGHT
    )

    register(person, night, desk)

    assert kept_tonight(night) == []


def test_a_bed_that_was_only_kept_is_not_the_bed_of_the_last_stay(slept, night, desk, house):
    person = slept("MB2", nights_ago=2)
    with clock.at(instant("2026-11-20 20:00")):
        before = Night.objects.get(date="2026-11-20")
        stepping.step(night=before, to=Night.State.DOORS_OPEN, by=BUILDER)
        placing.hold(occupant=person, bed=house.beds["MA1"], night=before, by=BUILDER, needs=MAN)

    register(person, night, desk)

    assert kept_tonight(night) == [(person.pk, "MB2")]


def test_somebody_let_in_unregistered_is_registered_without_a_second_bed(night, house, occupant, by, desk):
    person = occupant()
    row = placing.check_in(
        occupant=person, bed=house.beds["MA1"], night=night, by=by("night_lead"), needs=MAN,
        override_reason="police",
    )  # fmt: skip

    register(person, night, desk)

    assert list(BedNight.objects.values_list("pk", "state")) == [(row.pk, "in")]


# Calling off.


def test_who_calls_off_is_expected_no_more_and_the_bed_is_free(slept, night, desk):
    person = slept("MB2", nights_ago=1)
    registration = register(person, night, desk)

    registering.withdraw_registration(registration=registration, by=desk)

    assert (queries.counts_of(night).registered, queries.counts_of(night).expected) == (0, 0)
    assert kept_tonight(night) == []
    assert LogEntry.objects.get(verb="released").facts == {"cause": "withdrawn"}


def test_calling_off_twice_is_calling_off_once(night, occupant, desk, clock_at):
    registration = register(occupant(), night, desk)
    first = registering.withdraw_registration(registration=registration, by=desk)
    clock_at(f"{TONIGHT} 21:00")

    again = registering.withdraw_registration(registration=registration, by=desk)

    assert again.withdrawn_at == first.withdrawn_at
    assert LogEntry.objects.filter(verb="registration_withdrawn").count() == 1


def test_who_called_off_may_register_again(night, occupant, desk):
    person = occupant()
    registering.withdraw_registration(registration=register(person, night, desk), by=desk)

    again = register(person, night, desk)

    assert [row.pk for row in queries.registered(night)] == [again.pk]


def test_calling_off_does_not_send_away_who_is_here(night, house, occupant, desk):
    person = occupant()
    registration = register(person, night, desk)
    placing.check_in(occupant=person, bed=house.beds["MA1"], night=night, by=desk, needs=MAN)

    registering.withdraw_registration(registration=registration, by=desk)

    assert queries.counts_of(night).present == 1


def test_a_registration_of_a_closed_night_stays(night, occupant, desk, by):
    registration = register(occupant(), night, desk)
    stepping.step(night=night, to=Night.State.CLOSED, by=by("night_lead"))

    with pytest.raises(errors.NightNotOpen), transaction.atomic():
        registering.withdraw_registration(registration=registration, by=desk)

    assert queries.counts_of(night).registered == 1


# Turning away.


def test_a_refusal_keeps_its_reason_and_where_the_person_was_sent(night, occupant, by):
    person = occupant()

    refusal = registering.turn_away(
        night=night, reason="minor_redirected", by=by("night_worker"), occupant=person, referral="minors"
    )

    line = LogEntry.objects.get(verb="refused")
    assert (refusal.reason, refusal.referral, refusal.refused_at) == (
        "minor_redirected", "minors", clock.now(),
    )  # fmt: skip
    assert (line.occupant_id, line.facts) == (
        person.pk, {"why": "minor_redirected", "referral": "minors", "refusal": refusal.pk},
    )  # fmt: skip


def test_somebody_without_a_file_may_be_turned_away_too(night, by):
    refusal = registering.turn_away(
        night=night, reason="no_place", by=by("night_worker"), description="man with a red hat"
    )

    assert (refusal.occupant_id, refusal.description) == (None, "man with a red hat")


def test_a_declined_offer_is_counted_apart_from_refusals(night, by):
    for reason in ("no_place", "offer_declined", "offer_declined"):
        registering.turn_away(night=night, reason=reason, by=by("night_worker"))

    counts = queries.counts_of(night)
    assert (counts.refused, counts.declined) == (1, 2)


def test_a_bed_kept_for_who_is_turned_away_is_released(slept, night, desk, by):
    person = slept("MB2", nights_ago=1)
    register(person, night, desk)

    registering.turn_away(night=night, reason="behaviour_tonight", by=by("night_worker"), occupant=person)

    assert kept_tonight(night) == []
    assert LogEntry.objects.get(verb="released").facts == {"cause": "refused"}


@pytest.mark.parametrize("when", ["2026-11-20 20:00", "2026-11-21 20:15", "2026-11-23 20:00"])
def test_a_refusal_has_a_time_within_its_night_and_not_to_come(night, by, when):
    with pytest.raises(errors.Incomplete), transaction.atomic():
        registering.turn_away(
            night=night, reason="no_place", by=by("night_worker"), occurred_at=instant(when)
        )

    assert Refusal.objects.count() == 0


def test_a_refusal_may_be_written_down_later_with_its_own_time(night, by):
    refusal = registering.turn_away(
        night=night, reason="no_place", by=by("night_worker"), occurred_at=instant("2026-11-21 19:30")
    )

    assert refusal.refused_at == instant("2026-11-21 19:30")


# What the evening adds up to.


def test_the_counts_of_an_evening_are_people(night, house, occupant, desk, by):
    expected, here, gone, walk_in = (occupant() for _person in range(4))
    for person in (expected, here, gone):
        register(person, night, desk)
    placing.check_in(occupant=here, bed=house.beds["MA1"], night=night, by=desk, needs=MAN)
    left = placing.check_in(occupant=gone, bed=house.beds["MA2"], night=night, by=desk, needs=MAN)
    placing.leave(bed_night=left, by=desk)
    placing.check_in(
        occupant=walk_in, bed=house.beds["MA3"], night=night, by=by("night_lead"), needs=MAN,
        override_reason="police",
    )  # fmt: skip

    assert queries.counts_of(night) == queries.NightCounts(
        registered=3, arrived=3, expected=1, present=2, refused=0, declined=0
    )
