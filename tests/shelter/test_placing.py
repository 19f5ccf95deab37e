"""Giving beds: one person, one bed, one night; what stands in the way is refused with its own word."""

import pytest
from django.db import transaction

from shelter import clock, errors, offering, queries, rules
from shelter.actions import housekeeping, placing, planning, registering, stepping
from shelter.models import Bed, BedNight, LogEntry, Move, Night
from tests.conftest import BUILDER, TONIGHT, instant
from tests.harness import count_queries, same_queries_for

MAN = offering.Needs(sleeps="men")
WOMAN = offering.Needs(sleeps="women")


@pytest.fixture
def man(occupant, night, by):
    """Somebody who sleeps with the men and is registered for tonight; called again, somebody else."""

    def registered():
        person = occupant()
        registering.register(occupant=person, night=night, by=by("field_worker"), needs=MAN)
        return person

    return registered


@pytest.fixture
def beds(house):
    return house.beds


def bed_state(night, bed):
    return queries.bed_on_board(night, bed.pk).state


def ledger():
    rows = BedNight.objects.order_by("id")
    return list(rows.values_list("occupant", "bed", "state", "held_at", "arrived_at", "left_at", "ended_at"))


def last_line():
    return LogEntry.objects.order_by("id").last()


def close_all_rooms(house, by, *, but=()):
    for code, room in house.dormitories.items():
        if code not in but:
            housekeeping.close_dormitory(dormitory=room, reason="pests", by=by, first_night=TONIGHT)


# Holding a bed.


def test_a_bed_kept_for_somebody_is_held_on_the_board(night, man, beds, by):
    person = man()

    row = placing.hold(occupant=person, bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)

    shown = queries.bed_on_board(night, beds["MA1"].pk)
    assert (shown.state, shown.occupant, shown.bed_night) == (offering.HELD, person.pk, row.pk)
    assert (row.state, row.held_at) == ("held", clock.now())


def test_holding_the_same_bed_twice_is_one_hold_and_one_line(night, man, beds, by):
    person, asked = man(), {"bed": beds["MA1"], "night": night, "by": by("night_worker"), "needs": MAN}

    rows = {placing.hold(occupant=person, **asked).pk for _time in range(2)}

    assert len(rows) == 1
    assert LogEntry.objects.filter(verb="bed_held").count() == 1


def test_a_second_bed_is_not_kept_for_somebody_who_has_one(night, man, beds, by):
    person = man()
    placing.hold(occupant=person, bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)

    with pytest.raises(errors.AlreadyPlaced) as refusal, transaction.atomic():
        placing.hold(occupant=person, bed=beds["MA2"], night=night, by=by("night_worker"), needs=MAN)

    assert refusal.value.facts == {"bed": "MA1"}


def test_a_bed_kept_for_one_person_is_not_kept_for_another(night, man, beds, by):
    first, second = man(), man()
    placing.hold(occupant=first, bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)
    before = ledger()

    with pytest.raises(errors.BedTaken) as refusal, transaction.atomic():
        placing.hold(occupant=second, bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)

    assert (refusal.value.facts, ledger()) == ({"bed": "MA1"}, before)


@pytest.mark.parametrize(
    ("to", "refusal"), [("closed", errors.NightNotOpen), ("definitive", errors.NightSealed)]
)
def test_no_bed_is_kept_in_a_night_that_is_over(night, occupant, beds, by, to, refusal):
    stepping.step(night=night, to=Night.State(to), by=by("night_lead"))

    with pytest.raises(refusal), transaction.atomic():
        placing.hold(occupant=occupant(), bed=beds["MA1"], night=night, by=by("night_lead"), needs=MAN)

    assert ledger() == []


# Letting somebody in.


def test_check_in_puts_the_person_into_the_bed_asked_for(night, man, beds, by):
    person = man()

    row = placing.check_in(occupant=person, bed=beds["MA3"], night=night, by=by("night_worker"), needs=MAN)

    assert ledger() == [(person.pk, beds["MA3"].pk, "in", None, clock.now(), None, None)]
    assert bed_state(night, beds["MA3"]) == offering.OCCUPIED
    assert [present.pk for present in queries.present(night)] == [row.pk]


def test_check_in_leaves_a_line_with_person_bed_and_colleague(night, man, beds, by, people):
    person = man()

    row = placing.check_in(occupant=person, bed=beds["MA3"], night=night, by=by("night_worker"), needs=MAN)

    line = last_line()
    assert (line.verb, line.occupant_id, line.bed_id, line.bed_night_id, line.night_id) == (
        "checked_in", person.pk, beds["MA3"].pk, row.pk, night.pk,
    )  # fmt: skip
    assert (line.by, line.source, line.at, line.reason) == (
        people["night_worker"], "tests", clock.now(), "",
    )  # fmt: skip


def test_check_in_without_a_wish_takes_the_bed_that_was_kept(night, man, beds, by):
    person = man()
    held = placing.hold(occupant=person, bed=beds["MB3"], night=night, by=by("night_worker"), needs=MAN)

    row = placing.check_in(occupant=person, night=night, by=by("night_worker"), needs=MAN)

    assert (row.pk, row.bed_id, row.state, row.held_at) == (held.pk, beds["MB3"].pk, "in", held.held_at)


def test_check_in_without_a_wish_takes_the_best_free_bed(night, man, beds, by):
    row = placing.check_in(occupant=man(), night=night, by=by("night_worker"), needs=MAN)

    assert row.bed.label == "MA2"  # the first on the walk that is not a lower bunk


def test_check_in_without_a_wish_takes_the_bed_of_the_last_night(night, occupant, beds, by, clock_at):
    person, yesterday = occupant(), Night.objects.get(date="2026-11-20")
    clock_at("2026-11-20 20:00")
    stepping.step(night=yesterday, to=Night.State.DOORS_OPEN, by=BUILDER)
    slept = placing.check_in(
        occupant=person, bed=beds["MB4"], night=yesterday, by=BUILDER, needs=MAN, is_registered=True
    )
    clock_at("2026-11-21 08:00")
    placing.leave(bed_night=slept, by=BUILDER)
    clock_at("2026-11-21 20:14")

    row = placing.check_in(occupant=person, night=night, by=by("night_worker"), needs=MAN, is_registered=True)

    assert row.bed.label == "MB4"


def test_checking_in_twice_is_one_arrival_and_one_line(night, man, beds, by, clock_at):
    person = man()
    first = placing.check_in(occupant=person, bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)
    clock_at("2026-11-21 20:16")

    again = [
        placing.check_in(occupant=person, bed=bed, night=night, by=by("night_worker"), needs=MAN)
        for bed in (beds["MA1"], None)
    ]

    assert [(row.pk, row.arrived_at) for row in again] == [(first.pk, instant("2026-11-21 20:14"))] * 2
    assert LogEntry.objects.filter(verb="checked_in").count() == 1


def test_second_guest_for_the_same_bed_is_refused(night, man, beds, by):
    first, second = man(), man()
    placing.check_in(occupant=first, bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)
    before = ledger()

    with pytest.raises(errors.BedTaken) as refusal, transaction.atomic():
        placing.check_in(occupant=second, bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)

    assert (refusal.value.facts, ledger()) == ({"bed": "MA1"}, before)


def test_a_bed_kept_for_somebody_is_refused_to_another(night, man, beds, by):
    first, second = man(), man()
    placing.hold(occupant=first, bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)

    with pytest.raises(errors.BedTaken), transaction.atomic():
        placing.check_in(occupant=second, bed=beds["MA1"], night=night, by=by("night_lead"), needs=MAN)

    assert bed_state(night, beds["MA1"]) == offering.HELD


def test_somebody_who_lies_in_a_bed_is_not_checked_into_another(night, man, beds, by):
    person = man()
    placing.check_in(occupant=person, bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)

    with pytest.raises(errors.AlreadyPlaced) as refusal, transaction.atomic():
        placing.check_in(occupant=person, bed=beds["MA2"], night=night, by=by("night_lead"), needs=MAN)

    assert refusal.value.facts == {"bed": "MA1"}


@pytest.mark.parametrize("label", [None, "MA1", "MA2"])
def test_somebody_who_left_comes_back_instead_of_arriving_anew(night, man, beds, by, label):
    row = placing.check_in(occupant=man(), bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)
    placing.leave(bed_night=row, by=by("night_worker"))

    with pytest.raises(errors.AlreadyPlaced), transaction.atomic():
        placing.check_in(
            occupant=row.occupant, bed=beds.get(label), night=night, by=by("night_worker"), needs=MAN
        )

    assert [state for _who, _bed, state, *_times in ledger()] == ["left"]


def test_another_bed_than_the_one_kept_frees_the_one_kept(night, man, beds, by):
    person = man()
    placing.hold(occupant=person, bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)

    placing.check_in(occupant=person, bed=beds["MA2"], night=night, by=by("night_worker"), needs=MAN)

    assert (bed_state(night, beds["MA1"]), bed_state(night, beds["MA2"])) == (
        offering.FREE, offering.OCCUPIED,
    )  # fmt: skip
    assert [row[:3] for row in ledger()] == [(person.pk, beds["MA2"].pk, "in")]


def test_nobody_is_let_in_before_the_doors_open(night, man, beds, by):
    person = man()
    stepping.step(night=night, to=Night.State.LIST_FROZEN, by=by("night_lead"), reason="coach is late")

    with pytest.raises(errors.NightNotOpen) as refusal, transaction.atomic():
        placing.check_in(occupant=person, bed=beds["MA1"], night=night, by=by("night_lead"), needs=MAN)

    assert refusal.value.facts["night"] == "21.11.2026"
    assert ledger() == []


@pytest.mark.parametrize(
    ("to", "refusal"), [("closed", errors.NightNotOpen), ("definitive", errors.NightSealed)]
)
def test_nobody_is_let_into_a_night_that_is_over(night, man, beds, by, to, refusal):
    person = man()
    stepping.step(night=night, to=Night.State(to), by=by("night_lead"))

    with pytest.raises(refusal), transaction.atomic():
        placing.check_in(
            occupant=person, bed=beds["MA1"], night=night, by=by("night_lead"), needs=MAN,
            override_reason="brought by the police",
        )  # fmt: skip

    assert ledger() == []


def test_an_arrival_may_be_written_down_later_with_its_own_time(night, man, beds, by):
    row = placing.check_in(
        occupant=man(), bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN,
        occurred_at=instant("2026-11-21 19:40"),
    )  # fmt: skip

    assert row.arrived_at == instant("2026-11-21 19:40")
    assert last_line().at == clock.now()


@pytest.mark.parametrize(
    "when", ["2026-11-21 11:59", "2026-11-20 20:00", "2026-11-21 20:15", "2026-11-22 12:00"]
)
def test_a_time_outside_the_night_or_still_to_come_is_refused(night, man, beds, by, when):
    person = man()

    with pytest.raises(errors.Incomplete), transaction.atomic():
        placing.check_in(
            occupant=person, bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN,
            occurred_at=instant(when),
        )  # fmt: skip

    assert ledger() == []


# Refusals that a lead may override with a written reason.


def test_somebody_who_is_not_registered_is_refused(night, occupant, beds, by):
    with pytest.raises(errors.NotRegistered), transaction.atomic():
        placing.check_in(occupant=occupant(), bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)

    assert ledger() == []


def test_a_lead_may_let_in_somebody_unregistered_with_a_written_reason(night, occupant, beds, by):
    placing.check_in(
        occupant=occupant(), bed=beds["MA1"], night=night, by=by("night_lead"), needs=MAN,
        override_reason="sent by Premier Appel",
    )  # fmt: skip

    line = last_line()
    assert (line.reason, line.facts["overridden"]) == ("sent by Premier Appel", ["not_registered"])


@pytest.mark.parametrize(
    ("role", "reason"),
    [("night_worker", "sent by Premier Appel"), ("night_lead", ""), ("night_lead", "   ")],
)
def test_without_the_role_or_without_a_reason_nothing_is_overridden(night, occupant, beds, by, role, reason):
    with pytest.raises(errors.NotRegistered), transaction.atomic():
        placing.check_in(
            occupant=occupant(), bed=beds["MA1"], night=night, by=by(role), needs=MAN, override_reason=reason
        )

    assert ledger() == []


def test_after_the_doors_have_closed_an_arrival_needs_a_reason(night, man, beds, by, clock_at):
    person = man()
    clock_at("2026-11-21 23:05")
    stepping.step(night=night, to=Night.State.DOORS_CLOSED, by=by("night_lead"))
    late = {"occupant": person, "bed": beds["MA1"], "night": night, "by": by("night_lead"), "needs": MAN}

    with pytest.raises(errors.DoorsClosed), transaction.atomic():
        placing.check_in(**late)
    placing.check_in(**late, override_reason="brought by the police")

    assert last_line().facts["overridden"] == ["doors_closed"]


def test_nobody_is_laid_into_another_zone_without_a_lead_and_a_reason(night, man, beds, by):
    astray = {"occupant": man(), "bed": beds["WO1"], "night": night, "needs": MAN}

    with pytest.raises(errors.WrongZone) as refusal, transaction.atomic():
        placing.check_in(**astray, by=by("night_worker"), override_reason="no room left")
    placing.check_in(**astray, by=by("night_lead"), override_reason="no room left")

    assert refusal.value.facts == {"bed": "WO1", "zone": "women"}
    assert (last_line().facts["overridden"], last_line().facts["zone"]) == (["wrong_zone"], "women")


def test_several_refusals_are_overridden_by_one_reason_and_each_is_recorded(night, occupant, beds, by):
    stepping.step(night=night, to=Night.State.DOORS_CLOSED, by=by("night_lead"))

    placing.check_in(
        occupant=occupant(), bed=beds["WO1"], night=night, by=by("night_lead"), needs=MAN,
        override_reason="brought by the police",
    )  # fmt: skip

    assert last_line().facts["overridden"] == ["not_registered", "doors_closed", "wrong_zone"]


# Refusals that nobody may override.


def test_a_bed_out_of_service_is_given_to_nobody(night, man, beds, by):
    person = man()
    housekeeping.close_bed(bed=beds["MA1"], reason="repair", by=by("night_lead"), first_night=TONIGHT)

    with pytest.raises(errors.BedOutOfService) as refusal, transaction.atomic():
        placing.check_in(
            occupant=person, bed=beds["MA1"], night=night, by=by("night_lead"), needs=MAN,
            override_reason="it will do",
        )  # fmt: skip

    assert (refusal.value.facts, ledger()) == ({"bed": "MA1"}, [])


def test_an_extra_place_is_given_only_once_it_is_opened(night, man, beds, by):
    person = man()
    asked = {"occupant": person, "bed": beds["EX1"], "night": night, "by": by("night_worker"), "needs": MAN}

    with pytest.raises(errors.BedOutOfService), transaction.atomic():
        placing.check_in(**asked)
    housekeeping.activate_places(
        layer="extension", number=1, first_night=TONIGHT, by=by("coordinator"), reason="cold", approval="ITM"
    )

    assert placing.check_in(**asked).state == "in"


def test_a_bed_that_has_left_the_house_is_given_to_nobody(night, man, beds, by):
    person = man()
    housekeeping.reposition_beds(
        beds=[beds["MA1"]], dormitory=None, first_night=TONIGHT, by=by("coordinator")
    )

    with pytest.raises(errors.BedOutOfService), transaction.atomic():
        placing.check_in(occupant=person, bed=beds["MA1"], night=night, by=by("night_lead"), needs=MAN)

    assert ledger() == []


@pytest.fixture
def one_place(season, clock_at):
    """At most one person may be in the house from tonight on."""
    clock_at(f"{TONIGHT} 09:00")
    planning.change_setting(
        key="open_places", value="1", first_night=TONIGHT, by=BUILDER, reason="short of staff"
    )


def test_no_more_people_are_let_in_than_places_are_open(one_place, night, man, beds, by):
    first, second = man(), man()
    placing.check_in(occupant=first, bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)

    with pytest.raises(errors.HouseFull), transaction.atomic():
        placing.check_in(
            occupant=second, bed=beds["MA2"], night=night, by=by("night_lead"), needs=MAN,
            override_reason="it is cold",
        )  # fmt: skip

    assert queries.counts_of(night).present == 1


def test_a_place_is_open_again_when_somebody_has_left(one_place, night, man, beds, by):
    first, second = man(), man()
    row = placing.check_in(occupant=first, bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)
    placing.leave(bed_night=row, by=by("night_worker"))

    placing.check_in(occupant=second, bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)

    assert [present.occupant_id for present in queries.present(night)] == [second.pk]


def test_no_more_people_come_back_than_places_are_open(one_place, night, man, beds, by):
    gone = placing.check_in(occupant=man(), bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)
    placing.leave(bed_night=gone, by=by("night_worker"))
    placing.check_in(occupant=man(), bed=beds["MA2"], night=night, by=by("night_worker"), needs=MAN)

    with pytest.raises(errors.HouseFull), transaction.atomic():
        placing.come_back(bed_night=gone, by=by("night_worker"), needs=MAN)

    assert queries.counts_of(night).present == 1


def test_a_full_zone_is_told_apart_from_a_full_house(night, man, house, by):
    person = man()

    close_all_rooms(house, by("night_lead"), but=("WO",))
    with pytest.raises(errors.ZoneFull), transaction.atomic():
        placing.check_in(occupant=person, night=night, by=by("night_worker"), needs=MAN)
    close_all_rooms(house, by("night_lead"))
    with pytest.raises(errors.HouseFull), transaction.atomic():
        placing.check_in(occupant=person, night=night, by=by("night_worker"), needs=MAN)

    assert ledger() == []


def test_what_stands_in_the_way_is_told_whole_without_writing(night, man, occupant, beds, by):
    placing.check_in(occupant=man(), bed=beds["WO1"], night=night, by=by("night_worker"), needs=WOMAN)
    before = ledger()
    wish = rules.Placing(
        night=night, occupant=occupant(), bed=queries.bed_on_board(night, beds["WO1"].pk), needs=MAN,
        by=by("night_worker"), places_left=0, admission=queries.Admission(is_registered=False),
    )  # fmt: skip

    codes = [refusal.code for refusal in rules.objections(rules.CHECK_IN, wish)]

    assert codes == ["not_registered", "bed_taken", "wrong_zone", "house_full"]
    assert ledger() == before


# Moving.


@pytest.fixture
def guest_in_ma1(night, man, beds, by):
    return placing.check_in(occupant=man(), bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)


def test_a_move_frees_the_old_bed_takes_the_new_one_and_is_written_down(guest_in_ma1, night, beds, by):
    row = placing.move(bed_night=guest_in_ma1, bed=beds["MB1"], by=by("night_worker"), needs=MAN)

    assert (row.pk, row.state, row.arrived_at) == (guest_in_ma1.pk, "in", guest_in_ma1.arrived_at)
    assert (bed_state(night, beds["MA1"]), bed_state(night, beds["MB1"])) == (
        offering.FREE, offering.OCCUPIED,
    )  # fmt: skip
    assert [(move.from_bed.label, move.to_bed.label) for move in Move.objects.all()] == [("MA1", "MB1")]
    assert (last_line().verb, last_line().bed_id, last_line().facts["from_bed"]) == (
        "moved", beds["MB1"].pk, beds["MA1"].pk,
    )  # fmt: skip


def test_a_move_into_the_bed_somebody_lies_in_already_changes_nothing(guest_in_ma1, beds, by):
    before, line = ledger(), last_line()

    placing.move(bed_night=guest_in_ma1, bed=beds["MA1"], by=by("night_worker"), needs=MAN)

    assert (ledger(), last_line(), Move.objects.count()) == (before, line, 0)


def test_somebody_expected_may_be_given_another_bed(night, man, beds, by):
    row = placing.hold(occupant=man(), bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)

    moved = placing.move(bed_night=row, bed=beds["MA2"], by=by("night_worker"), needs=MAN)

    assert (moved.pk, moved.state, moved.bed.label) == (row.pk, "held", "MA2")


def test_nobody_is_moved_into_a_taken_closed_or_other_zones_bed(guest_in_ma1, night, man, beds, by):
    placing.check_in(occupant=man(), bed=beds["MA2"], night=night, by=by("night_worker"), needs=MAN)
    housekeeping.close_bed(bed=beds["MA3"], reason="repair", by=by("night_lead"), first_night=TONIGHT)
    before = ledger()

    for label, refusal in (
        ("MA2", errors.BedTaken),
        ("MA3", errors.BedOutOfService),
        ("EX1", errors.BedOutOfService),
        ("WO1", errors.WrongZone),
    ):
        with pytest.raises(refusal), transaction.atomic():
            placing.move(bed_night=guest_in_ma1, bed=beds[label], by=by("night_worker"), needs=MAN)

    assert ledger() == before


def test_a_lead_may_move_somebody_into_another_zone_with_a_reason(guest_in_ma1, beds, by):
    placing.move(
        bed_night=guest_in_ma1, bed=beds["IS1"], by=by("night_lead"), needs=MAN, override_reason="fever"
    )

    assert (last_line().reason, last_line().facts["overridden"]) == ("fever", ["wrong_zone"])
    assert Move.objects.get().reason == "fever"


def test_somebody_who_left_is_not_moved(guest_in_ma1, beds, by):
    placing.leave(bed_night=guest_in_ma1, by=by("night_worker"))

    with pytest.raises(errors.HoldLapsed), transaction.atomic():
        placing.move(bed_night=guest_in_ma1, bed=beds["MA2"], by=by("night_worker"), needs=MAN)

    assert Move.objects.count() == 0


# Leaving and coming back.


def test_who_leaves_frees_the_bed_and_keeps_the_night(guest_in_ma1, night, beds, by, clock_at):
    clock_at("2026-11-21 21:30")

    row = placing.leave(bed_night=guest_in_ma1, by=by("night_worker"), cause="cigarettes")

    assert (row.state, row.left_at) == ("left", instant("2026-11-21 21:30"))
    assert bed_state(night, beds["MA1"]) == offering.FREE
    assert (queries.counts_of(night).present, queries.counts_of(night).arrived) == (0, 1)


def test_leaving_twice_is_leaving_once(guest_in_ma1, by, clock_at):
    first = placing.leave(bed_night=guest_in_ma1, by=by("night_worker"))
    clock_at("2026-11-21 22:00")

    again = placing.leave(bed_night=guest_in_ma1, by=by("night_worker"))

    assert (again.pk, again.left_at) == (first.pk, first.left_at)
    assert LogEntry.objects.filter(verb="left").count() == 1


def test_nobody_leaves_before_they_came(guest_in_ma1, by):
    row = placing.leave(
        bed_night=guest_in_ma1, by=by("night_worker"), occurred_at=instant("2026-11-21 19:30")
    )

    assert row.left_at == guest_in_ma1.arrived_at


def test_who_never_came_cannot_leave(night, man, beds, by):
    row = placing.hold(occupant=man(), bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)

    with pytest.raises(errors.HoldLapsed), transaction.atomic():
        placing.leave(bed_night=row, by=by("night_worker"))

    assert bed_state(night, beds["MA1"]) == offering.HELD


def test_who_comes_back_finds_the_same_bed(guest_in_ma1, night, beds, by):
    placing.leave(bed_night=guest_in_ma1, by=by("night_worker"))

    row = placing.come_back(bed_night=guest_in_ma1, by=by("night_worker"), needs=MAN)

    assert (row.pk, row.state, row.bed.label, row.left_at) == (guest_in_ma1.pk, "in", "MA1", None)
    assert (last_line().verb, last_line().bed_id) == ("returned", beds["MA1"].pk)


def test_who_comes_back_to_a_bed_given_away_gets_another(guest_in_ma1, night, man, beds, by):
    placing.leave(bed_night=guest_in_ma1, by=by("night_worker"))
    placing.check_in(occupant=man(), bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)

    row = placing.come_back(bed_night=guest_in_ma1, by=by("night_worker"), needs=MAN)

    assert (row.state, row.bed.label) == ("in", "MA2")


def test_who_comes_back_to_a_bed_put_out_of_service_gets_another(guest_in_ma1, beds, by):
    placing.leave(bed_night=guest_in_ma1, by=by("night_worker"))
    housekeeping.close_bed(bed=beds["MA1"], reason="hygiene", by=by("night_lead"), first_night=TONIGHT)

    row = placing.come_back(bed_night=guest_in_ma1, by=by("night_worker"), needs=MAN)

    assert (row.state, row.bed.label) == ("in", "MA2")


def test_who_comes_back_may_ask_for_a_bed_but_not_a_taken_one(guest_in_ma1, night, man, beds, by):
    placing.check_in(occupant=man(), bed=beds["MA2"], night=night, by=by("night_worker"), needs=MAN)
    placing.leave(bed_night=guest_in_ma1, by=by("night_worker"))

    with pytest.raises(errors.BedTaken), transaction.atomic():
        placing.come_back(bed_night=guest_in_ma1, by=by("night_worker"), bed=beds["MA2"], needs=MAN)
    row = placing.come_back(bed_night=guest_in_ma1, by=by("night_worker"), bed=beds["MB1"], needs=MAN)

    assert row.bed.label == "MB1"


def test_coming_back_twice_is_coming_back_once(guest_in_ma1, by):
    placing.leave(bed_night=guest_in_ma1, by=by("night_worker"))

    for _time in range(2):
        placing.come_back(bed_night=guest_in_ma1, by=by("night_worker"), needs=MAN)

    assert LogEntry.objects.filter(verb="returned").count() == 1


# Releasing.


def test_a_released_bed_is_free_and_says_why(night, man, beds, by):
    row = placing.hold(occupant=man(), bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)

    released = placing.release(bed_night=row, by=by("night_worker"), cause="called off")

    assert (released.state, released.ended_at) == ("released", clock.now())
    assert bed_state(night, beds["MA1"]) == offering.FREE
    assert (last_line().verb, last_line().facts) == ("released", {"cause": "called off"})


def test_releasing_twice_is_releasing_once(night, man, beds, by):
    row = placing.hold(occupant=man(), bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)

    for _time in range(2):
        placing.release(bed_night=row, by=by("night_worker"), cause="called off")

    assert LogEntry.objects.filter(verb="released").count() == 1


def test_the_bed_somebody_lies_in_is_not_released(guest_in_ma1, night, beds, by):
    with pytest.raises(errors.HoldLapsed), transaction.atomic():
        placing.release(bed_night=guest_in_ma1, by=by("night_lead"), cause="mistake")

    assert bed_state(night, beds["MA1"]) == offering.OCCUPIED


def test_somebody_whose_bed_was_released_may_still_be_given_one(night, man, beds, by):
    row = placing.hold(occupant=man(), bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)
    placing.release(bed_night=row, by=by("night_worker"), cause="no_show")

    late = placing.check_in(
        occupant=row.occupant, bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN
    )

    assert (late.pk != row.pk, late.state) == (True, "in")


@pytest.mark.parametrize(
    ("to", "refusal"), [("closed", errors.NightNotOpen), ("definitive", errors.NightSealed)]
)
def test_a_night_that_is_over_takes_no_change(guest_in_ma1, night, beds, by, to, refusal):
    placing.leave(bed_night=guest_in_ma1, by=by("night_worker"))
    stepping.step(night=night, to=Night.State(to), by=by("night_lead"))
    before, lines = ledger(), LogEntry.objects.count()

    for act in (
        lambda: placing.come_back(bed_night=guest_in_ma1, by=by("night_lead"), needs=MAN),
        lambda: placing.move(bed_night=guest_in_ma1, bed=beds["MA2"], by=by("night_lead"), needs=MAN),
        lambda: placing.release(bed_night=guest_in_ma1, by=by("night_lead"), cause="late"),
        lambda: registering.turn_away(night=night, reason="other", by=by("night_lead")),
        lambda: registering.register(occupant=guest_in_ma1.occupant, night=night, by=by("night_lead")),
    ):
        with pytest.raises(refusal), transaction.atomic():
            act()

    assert (ledger(), LogEntry.objects.count()) == (before, lines)


def test_a_check_in_asks_the_database_no_more_in_a_full_house_than_in_an_empty_one(night, man, beds, by):
    acting, arrivals = by("night_worker"), [man() for _time in range(4)]

    def arrive(person, label):
        placing.check_in(
            occupant=person, bed=Bed(pk=beds[label].pk, label=label), night=night, by=acting, needs=MAN
        )

    arrive(arrivals[0], "MA1")
    with count_queries() as few:
        arrive(arrivals[1], "MA2")
    arrive(arrivals[2], "MA3")
    with count_queries() as many:
        arrive(arrivals[3], "MA4")

    same_queries_for(few, many)
