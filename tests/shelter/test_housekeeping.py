"""The house changes from a night on; every night before it stays as it was."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from shelter import clock, errors, nights, offering, queries
from shelter.actions import housekeeping, placing, stepping
from shelter.models import Bed, BedNight, LogEntry, Night
from shelter.standing import beds_on
from tests.conftest import BUILDER, TONIGHT, instant

MAN = offering.Needs(sleeps="men")
TOMORROW = TONIGHT + nights.ONE_DAY
LATER = date(2026, 12, 1)
PAST = [TONIGHT - timedelta(days=number) for number in range(1, 7)]


@pytest.fixture
def coordinator(by, night):
    return by("coordinator")


def boards(days):
    return [beds_on(day) for day in days]


def bed_on(day, label):
    return next((bed for bed in beds_on(day) if bed.label == label), None)


def room_of(day, label):
    return bed_on(day, label).dormitory


def open_extras(day):
    return [bed.label for bed in beds_on(day) if bed.layer == "extension" and bed.counts_as_installed]


# Zones, splits, beds that come and go.


def test_a_dormitory_changes_zone_from_a_night_on(house, coordinator):
    before = boards([*PAST, TONIGHT, LATER - nights.ONE_DAY])

    housekeeping.change_zone(
        dormitory=house.dormitories["MB"], zone="women", first_night=LATER, by=coordinator
    )

    assert boards([*PAST, TONIGHT, LATER - nights.ONE_DAY]) == before
    assert [bed_on(day, "MB1").zone for day in (TONIGHT, LATER, date(2027, 4, 15))] == [
        "men", "women", "women",
    ]  # fmt: skip


def test_a_zone_changed_twice_for_the_same_night_is_the_later_one(house, coordinator):
    for zone in ("women", "workers"):
        housekeeping.change_zone(
            dormitory=house.dormitories["MB"], zone=zone, first_night=LATER, by=coordinator
        )

    assert bed_on(LATER, "MB1").zone == "workers"


def test_a_dormitory_is_split_from_a_night_on(house, coordinator):
    before = boards([*PAST, TONIGHT, LATER - nights.ONE_DAY])
    half = housekeeping.add_dormitory(
        site=house.site, code="MC", name="Men C", zone="workers", first_night=LATER, by=coordinator
    )

    housekeeping.reposition_beds(
        beds=[house.beds["MA4"], house.beds["MA5"]], dormitory=half, first_night=LATER, by=coordinator
    )

    assert boards([*PAST, TONIGHT, LATER - nights.ONE_DAY]) == before
    assert [room_of(LATER, f"MA{number}") for number in range(1, 7)] == [
        "Men A", "Men A", "Men A", "Men C", "Men C", "Men A",
    ]  # fmt: skip
    assert bed_on(LATER, "MA4").zone == "workers"


def test_a_bed_leaves_the_house_from_a_night_on_and_may_come_back(house, coordinator):
    gone, back = LATER, LATER + timedelta(days=7)

    housekeeping.reposition_beds(beds=[house.beds["MA1"]], dormitory=None, first_night=gone, by=coordinator)
    housekeeping.reposition_beds(
        beds=[house.beds["MA1"]], dormitory=house.dormitories["MB"], first_night=back, by=coordinator
    )

    stands = [bed_on(day, "MA1") for day in (TONIGHT, gone, back - nights.ONE_DAY, back)]
    assert [bed and bed.dormitory for bed in stands] == ["Men A", None, None, "Men B"]


def test_new_beds_stand_from_their_first_night(house, coordinator):
    before = boards([*PAST, TONIGHT])

    housekeeping.add_beds(
        dormitory=house.dormitories["WO"], beds=[Bed(label="WO9", level="top")], first_night=TOMORROW,
        by=coordinator,
    )  # fmt: skip

    assert boards([*PAST, TONIGHT]) == before
    assert [bed_on(day, "WO9") is not None for day in (TONIGHT, TOMORROW)] == [False, True]


def test_a_bed_that_is_kept_or_slept_in_is_not_carried_away(night, house, occupant, coordinator):
    placing.check_in(
        occupant=occupant(), bed=house.beds["MA1"], night=night, by=coordinator, needs=MAN, is_registered=True
    )
    placing.hold(occupant=occupant(), bed=house.beds["MA2"], night=night, by=coordinator, needs=MAN)
    before = beds_on(TONIGHT)

    for label in ("MA1", "MA2"):
        with pytest.raises(errors.BedTaken) as refusal, transaction.atomic():
            housekeeping.reposition_beds(
                beds=[house.beds[label]],
                dormitory=house.dormitories["MB"],
                first_night=TONIGHT,
                by=coordinator,
            )
        assert refusal.value.facts == {"bed": label}

    assert beds_on(TONIGHT) == before


def test_a_bed_slept_in_tonight_may_stand_elsewhere_from_tomorrow_on(night, house, occupant, coordinator):
    placing.check_in(
        occupant=occupant(), bed=house.beds["MA1"], night=night, by=coordinator, needs=MAN, is_registered=True
    )

    housekeeping.reposition_beds(
        beds=[house.beds["MA1"]], dormitory=house.dormitories["MB"], first_night=TOMORROW, by=coordinator
    )

    assert [room_of(day, "MA1") for day in (TONIGHT, TOMORROW)] == ["Men A", "Men B"]


# Out of service and back.


def test_a_closed_bed_is_out_of_service_for_its_nights_only(house, coordinator):
    before = boards(PAST)

    housekeeping.close_bed(
        bed=house.beds["MA1"], reason="repair", by=coordinator, first_night=TONIGHT, last_night=TOMORROW
    )

    states = [bed_on(day, "MA1").state for day in (TONIGHT, TOMORROW, TOMORROW + nights.ONE_DAY)]
    assert (states, boards(PAST)) == ([offering.CLOSED, offering.CLOSED, offering.FREE], before)
    assert (bed_on(TONIGHT, "MA1").closed_for, bed_on(TONIGHT, "MA1").closed_until) == ("repair", TOMORROW)


def test_a_closed_dormitory_takes_all_its_beds_out_of_service(house, coordinator):
    housekeeping.close_dormitory(
        dormitory=house.dormitories["MB"], reason="pests", by=coordinator, first_night=TONIGHT
    )

    closed = [bed.label for bed in beds_on(TONIGHT) if bed.state == offering.CLOSED]
    assert closed == ["MB1", "MB2", "MB3", "MB4"]


def test_a_bed_kept_for_somebody_is_released_when_it_closes(night, house, occupant, coordinator, people):
    row = placing.hold(occupant=occupant(), bed=house.beds["MA1"], night=night, by=coordinator, needs=MAN)

    housekeeping.close_bed(bed=house.beds["MA1"], reason="hygiene", by=coordinator, first_night=TONIGHT)

    released = LogEntry.objects.get(verb="released")
    assert (BedNight.objects.get(pk=row.pk).state, bed_on(TONIGHT, "MA1").state) == (
        "released", offering.CLOSED,
    )  # fmt: skip
    assert (released.bed_night_id, released.facts, released.by) == (
        row.pk, {"cause": "bed_closed"}, people["coordinator"],
    )  # fmt: skip


def test_beds_kept_in_a_dormitory_are_released_when_it_closes(night, house, occupant, coordinator):
    for label in ("MB1", "MB2", "MA1"):
        placing.hold(occupant=occupant(), bed=house.beds[label], night=night, by=coordinator, needs=MAN)

    housekeeping.close_dormitory(
        dormitory=house.dormitories["MB"], reason="pests", by=coordinator, first_night=TONIGHT
    )

    rows = BedNight.objects.order_by("bed__label").values_list("bed__label", "state")
    assert list(rows) == [("MA1", "held"), ("MB1", "released"), ("MB2", "released")]


def test_a_bed_somebody_lies_in_is_not_closed_over_them(night, house, occupant, coordinator):
    placing.check_in(
        occupant=occupant(), bed=house.beds["MB1"], night=night, by=coordinator, needs=MAN, is_registered=True
    )
    before = beds_on(TONIGHT)

    with pytest.raises(errors.BedTaken), transaction.atomic():
        housekeeping.close_bed(bed=house.beds["MB1"], reason="repair", by=coordinator, first_night=TONIGHT)
    with pytest.raises(errors.BedTaken) as refusal, transaction.atomic():
        housekeeping.close_dormitory(
            dormitory=house.dormitories["MB"], reason="pests", by=coordinator, first_night=TONIGHT
        )

    assert (refusal.value.facts, beds_on(TONIGHT)) == ({"bed": "MB1"}, before)


def test_a_bed_somebody_lies_in_may_close_from_tomorrow_on(night, house, occupant, coordinator):
    placing.check_in(
        occupant=occupant(), bed=house.beds["MB1"], night=night, by=coordinator, needs=MAN, is_registered=True
    )

    housekeeping.close_bed(bed=house.beds["MB1"], reason="repair", by=coordinator, first_night=TOMORROW)

    assert [bed_on(day, "MB1").state for day in (TONIGHT, TOMORROW)] == [
        offering.OCCUPIED, offering.CLOSED,
    ]  # fmt: skip


def test_a_closed_bed_comes_back_into_service_from_a_night_on(house, coordinator):
    closure = housekeeping.close_bed(
        bed=house.beds["MA1"], reason="repair", by=coordinator, first_night=TONIGHT
    )

    housekeeping.reopen(closure=closure, by=coordinator, from_night=LATER)

    days = (TONIGHT, LATER - nights.ONE_DAY, LATER)
    assert [bed_on(day, "MA1").state for day in days] == [
        offering.CLOSED, offering.CLOSED, offering.FREE,
    ]  # fmt: skip


def test_a_closure_taken_back_in_its_first_night_never_was(house, coordinator):
    before = boards([TONIGHT, TOMORROW])
    closure = housekeeping.close_bed(
        bed=house.beds["MA1"], reason="repair", by=coordinator, first_night=TONIGHT
    )

    housekeeping.reopen(closure=closure, by=coordinator, from_night=TONIGHT)
    housekeeping.reopen(closure=closure, by=coordinator, from_night=TONIGHT)

    assert boards([TONIGHT, TOMORROW]) == before
    assert LogEntry.objects.filter(verb="bed_reopened").count() == 1


def test_a_bed_closed_twice_is_in_service_only_when_both_have_ended(house, coordinator):
    own = housekeeping.close_bed(bed=house.beds["MB1"], reason="repair", by=coordinator, first_night=TONIGHT)
    room = housekeeping.close_dormitory(
        dormitory=house.dormitories["MB"], reason="pests", by=coordinator, first_night=TONIGHT
    )
    seen = []
    for closure in (own, room):
        housekeeping.reopen(closure=closure, by=coordinator, from_night=TONIGHT)
        seen.append(bed_on(TONIGHT, "MB1").state)

    assert seen == [offering.CLOSED, offering.FREE]


def test_reopening_leaves_the_nights_that_are_over_as_they_were(house, coordinator, clock_at):
    clock_at("2026-11-16 20:00")
    closure = housekeeping.close_bed(
        bed=house.beds["MA1"], reason="repair", by=coordinator, first_night=date(2026, 11, 16)
    )
    clock_at(f"{TONIGHT} 20:14")
    before = boards(PAST)

    for from_night in (date(2026, 11, 10), date(2026, 11, 16), date(2026, 11, 20)):
        with pytest.raises(errors.Incomplete), transaction.atomic():
            housekeeping.reopen(closure=closure, by=coordinator, from_night=from_night)

    assert boards(PAST) == before


# Extra places.


@pytest.mark.parametrize("number", [1, 3, 4])
def test_an_activation_opens_exactly_so_many_places(house, coordinator, number):
    before = boards([*PAST, TONIGHT])

    housekeeping.activate_places(
        layer="extension",
        number=number,
        first_night=TOMORROW,
        by=coordinator,
        reason="cold",
        approval="ITM 7",
    )

    assert boards([*PAST, TONIGHT]) == before
    assert (open_extras(TONIGHT), len(open_extras(TOMORROW))) == ([], number)


def test_activations_add_up_while_they_run(house, coordinator):
    for number, last in ((1, LATER), (2, None)):
        housekeeping.activate_places(
            layer="extension", number=number, first_night=TONIGHT, last_night=last, by=coordinator,
            reason="cold", approval="ITM 7",
        )  # fmt: skip

    days = (TONIGHT, LATER, LATER + nights.ONE_DAY)
    assert [len(open_extras(day)) for day in days] == [3, 3, 2]


def test_an_activation_of_one_layer_opens_none_of_another(house, coordinator):
    tents = [Bed(label=f"T{number}", layer="overflow", opening_order=number) for number in (1, 2)]
    housekeeping.add_beds(dormitory=house.dormitories["EX"], beds=tents, first_night=TONIGHT, by=coordinator)

    housekeeping.activate_places(
        layer="overflow", number=1, first_night=TONIGHT, by=coordinator, reason="cold", approval="army"
    )

    opened = [bed.label for bed in beds_on(TONIGHT) if bed.layer != "nominal" and bed.counts_as_installed]
    assert opened == ["T1"]


def test_an_activation_keeps_who_approved_it_and_why(house, coordinator, people):
    activation = housekeeping.activate_places(
        layer="extension", number=2, first_night=TONIGHT, by=coordinator, reason="cold", approval="ITM 7"
    )

    line = LogEntry.objects.get(verb="places_activated")
    assert (activation.activated_by, activation.activated_at, activation.approval) == (
        people["coordinator"], clock.now(), "ITM 7",
    )  # fmt: skip
    assert (line.reason, line.facts["number"], line.facts["layer"]) == ("cold", 2, "extension")


@pytest.mark.parametrize(("reason", "approval"), [("", "ITM 7"), ("cold", ""), (" ", " ")])
def test_no_places_are_opened_without_a_reason_and_an_approval(house, coordinator, reason, approval):
    with pytest.raises(errors.ReasonNeeded), transaction.atomic():
        housekeeping.activate_places(
            layer="extension", number=2, first_night=TONIGHT, by=coordinator, reason=reason, approval=approval
        )

    assert open_extras(TONIGHT) == []


def test_no_more_places_are_opened_than_there_are(house, coordinator):
    with pytest.raises(errors.Incomplete), transaction.atomic():
        housekeeping.activate_places(
            layer="extension", number=5, first_night=TONIGHT, by=coordinator, reason="cold", approval="ITM 7"
        )

    assert open_extras(TONIGHT) == []


# What lies behind does not change.


def changes(house, by, first_night):
    """Every change of the house, each from a night on."""
    room, bed = house.dormitories["MB"], house.beds["MB1"]
    dated = {"first_night": first_night, "by": by}
    return [
        lambda: housekeeping.change_zone(dormitory=room, zone="women", **dated),
        lambda: housekeeping.reposition_beds(beds=[bed], dormitory=None, **dated),
        lambda: housekeeping.add_beds(dormitory=room, beds=[Bed(label="MB9")], **dated),
        lambda: housekeeping.close_bed(bed=bed, reason="repair", **dated),
        lambda: housekeeping.close_dormitory(dormitory=room, reason="repair", **dated),
        lambda: housekeeping.activate_places(
            layer="extension", number=1, reason="cold", approval="ITM 7", **dated
        ),
    ]


def test_no_change_of_the_house_begins_in_the_past(night, house, coordinator):
    before = boards([*PAST, TONIGHT])

    for change in changes(house, coordinator, PAST[0]):
        with pytest.raises(errors.Incomplete), transaction.atomic():
            change()

    assert boards([*PAST, TONIGHT]) == before


def test_in_the_small_hours_the_running_night_is_still_tonight(night, house, coordinator, clock_at):
    clock_at("2026-11-22 03:00")

    housekeeping.close_bed(bed=house.beds["MA1"], reason="hygiene", by=coordinator, first_night=TONIGHT)

    assert bed_on(TONIGHT, "MA1").state == offering.CLOSED


@pytest.mark.parametrize("state", ["closed", "definitive"])
def test_the_house_of_a_night_that_is_over_does_not_change_any_more(
    night, house, coordinator, clock_at, state
):
    clock_at("2026-11-22 08:50")  # the night is closed, but until noon it is still tonight
    stepping.step(night=night, to=Night.State(state), by=coordinator)
    before = beds_on(TONIGHT)

    for change in changes(house, coordinator, TONIGHT):
        with pytest.raises(errors.Refused), transaction.atomic():
            change()

    assert beds_on(TONIGHT) == before


@pytest.mark.parametrize("close", ["bed", "dormitory", "places"])
def test_nothing_ends_before_it_begins(house, coordinator, close):
    dated = {"first_night": LATER, "last_night": TOMORROW, "by": coordinator}
    acts = {
        "bed": lambda: housekeeping.close_bed(bed=house.beds["MA1"], reason="repair", **dated),
        "dormitory": lambda: housekeeping.close_dormitory(
            dormitory=house.dormitories["MA"], reason="repair", **dated
        ),
        "places": lambda: housekeeping.activate_places(
            layer="extension", number=1, reason="cold", approval="ITM 7", **dated
        ),
    }

    with pytest.raises(errors.Incomplete), transaction.atomic():
        acts[close]()

    assert [bed.state for bed in beds_on(LATER) if bed.label in ("MA1", "EX1")] == [
        offering.FREE, offering.NOT_OPEN,
    ]  # fmt: skip


def test_a_night_that_was_slept_keeps_its_beds_whatever_becomes_of_the_house(
    season, house, occupant, clock_at
):
    yesterday = Night.objects.get(date=TONIGHT - nights.ONE_DAY)
    clock_at(instant("2026-11-20 20:00"))
    stepping.step(night=yesterday, to=Night.State.DOORS_OPEN, by=BUILDER)
    row = placing.check_in(
        occupant=occupant(), bed=house.beds["MB1"], night=yesterday, by=BUILDER, needs=MAN, is_registered=True
    )
    before = beds_on(yesterday.date)
    clock_at(f"{TONIGHT} 20:14")

    for change in changes(house, BUILDER, TONIGHT):
        change()

    assert beds_on(yesterday.date) == before
    assert queries.capacity_of(queries.board_of(yesterday)).occupied == 1
    assert BedNight.objects.get(pk=row.pk).state == "in"
