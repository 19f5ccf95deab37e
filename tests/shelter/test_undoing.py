"""Taking back: the ledger returns to what it was, the log keeps both lines."""

import pytest
from django.db import transaction

from shelter import clock, errors, offering, queries
from shelter.actions import closing, housekeeping, placing, planning, registering, stepping, undoing
from shelter.models import BedNight, LogEntry, Night, Refusal
from tests.conftest import BUILDER, TONIGHT

MAN = offering.Needs(sleeps="men")


@pytest.fixture
def worker(by, night):
    return by("night_worker")


@pytest.fixture
def man(occupant, night, worker):
    """Somebody who sleeps with the men and is registered for tonight; called again, somebody else."""

    def registered():
        person = occupant()
        registering.register(occupant=person, night=night, by=worker, needs=MAN)
        return person

    return registered


@pytest.fixture
def beds(house):
    return house.beds


@pytest.fixture
def guest(man, night, beds, worker):
    """Somebody who lies in MA1 since 20:14."""
    return placing.check_in(occupant=man(), bed=beds["MA1"], night=night, by=worker, needs=MAN)


@pytest.fixture
def expected(man, night, beds, worker):
    """Somebody for whom MA2 is kept."""
    return placing.hold(occupant=man(), bed=beds["MA2"], night=night, by=worker, needs=MAN)


def standing(night):
    """The rows that stand, with all their times; what was undone stands no more."""
    rows = BedNight.objects.filter(night=night).exclude(state="undone").order_by("id")
    return list(rows.values_list("pk", "occupant", "bed", "state", "arrived_at", "left_at", "ended_at"))


def last_line():
    return LogEntry.objects.order_by("id").last()


def test_each_act_at_the_door_is_taken_back_exactly(night, man, beds, worker, guest, expected, clock_at):
    gone = placing.check_in(occupant=man(), bed=beds["MB1"], night=night, by=worker, needs=MAN)
    placing.leave(bed_night=gone, by=worker)
    newcomer = man()
    acts = {
        "checked_in": lambda: placing.check_in(
            occupant=newcomer, bed=beds["MA4"], night=night, by=worker, needs=MAN
        ),
        "checked_in where kept": lambda: placing.check_in(
            occupant=expected.occupant, night=night, by=worker, needs=MAN
        ),
        "checked_in elsewhere than kept": lambda: placing.check_in(
            occupant=expected.occupant, bed=beds["MA5"], night=night, by=worker, needs=MAN
        ),
        "moved": lambda: placing.move(bed_night=guest, bed=beds["MB2"], by=worker, needs=MAN),
        "moved while expected": lambda: placing.move(
            bed_night=expected, bed=beds["MB2"], by=worker, needs=MAN
        ),
        "left": lambda: placing.leave(bed_night=guest, by=worker),
        "returned": lambda: placing.come_back(bed_night=gone, by=worker, needs=MAN),
        "returned elsewhere": lambda: placing.come_back(
            bed_night=gone, by=worker, bed=beds["MB3"], needs=MAN
        ),
        "released": lambda: placing.release(bed_night=expected, by=worker, cause="called off"),
    }

    for minute, (name, act) in enumerate(acts.items(), start=20):
        clock_at(f"{TONIGHT} 20:{minute}")
        before = standing(night)
        act()
        assert (name, standing(night) == before) == (name, False)
        clock_at(f"{TONIGHT} 21:{minute}")
        undoing.undo(entry=last_line(), by=worker)
        assert (name, standing(night)) == (name, before)


def test_the_log_keeps_the_act_and_its_undoing(night, guest, worker, people):
    act = last_line()

    undoing.undo(entry=act, by=worker)

    line = last_line()
    assert (line.verb, line.undoes, line.by, line.facts) == (
        "undone", act, people["night_worker"], {"verb_undone": "checked_in"},
    )  # fmt: skip
    assert (line.occupant_id, line.bed_id, line.bed_night_id) == (guest.occupant_id, guest.bed_id, guest.pk)
    assert LogEntry.objects.get(pk=act.pk).verb == "checked_in"


def test_an_arrival_taken_back_leaves_nobody_inside_and_the_bed_free(night, guest, beds, worker):
    undoing.undo(entry=last_line(), by=worker)

    row = BedNight.objects.get(pk=guest.pk)
    assert (row.state, row.ended_at) == ("undone", clock.now())
    assert queries.bed_on_board(night, beds["MA1"].pk).state == offering.FREE
    assert (queries.counts_of(night).present, queries.counts_of(night).expected) == (0, 1)


def test_a_kept_bed_is_kept_again_since_when_it_was(night, expected, worker, clock_at):
    held_at = expected.held_at
    clock_at(f"{TONIGHT} 20:30")
    placing.check_in(occupant=expected.occupant, night=night, by=worker, needs=MAN)

    undoing.undo(entry=last_line(), by=worker)

    row = BedNight.objects.get(pk=expected.pk)
    assert (row.state, row.held_at) == ("held", held_at)


def test_who_was_taken_back_may_be_let_in_again(night, guest, beds, worker):
    undoing.undo(entry=last_line(), by=worker)

    again = placing.check_in(occupant=guest.occupant, bed=beds["MA3"], night=night, by=worker, needs=MAN)

    assert [row[:4] for row in standing(night)] == [(again.pk, guest.occupant_id, beds["MA3"].pk, "in")]


def test_an_act_is_taken_back_only_once(guest, worker):
    act = last_line()
    undoing.undo(entry=act, by=worker)
    lines = LogEntry.objects.count()

    with pytest.raises(errors.StaleVersion), transaction.atomic():
        undoing.undo(entry=act, by=worker)

    assert LogEntry.objects.count() == lines


def test_an_act_is_not_taken_back_while_a_later_one_on_the_same_person_stands(night, guest, beds, worker):
    arrival = last_line()
    placing.move(bed_night=guest, bed=beds["MA3"], by=worker, needs=MAN)
    before = standing(night)

    with pytest.raises(errors.StaleVersion), transaction.atomic():
        undoing.undo(entry=arrival, by=worker)

    assert standing(night) == before


def test_acts_on_one_person_are_taken_back_from_the_last_to_the_first(night, expected, beds, worker):
    before = standing(night)
    placing.check_in(occupant=expected.occupant, night=night, by=worker, needs=MAN)
    placing.move(bed_night=expected, bed=beds["MA3"], by=worker, needs=MAN)
    placing.leave(bed_night=expected, by=worker)

    for _act in range(3):
        undoing.undo_last(bed_night=expected, by=worker)

    assert standing(night) == before
    undone = LogEntry.objects.filter(verb="undone").order_by("id").values_list("undoes__verb", flat=True)
    assert list(undone) == ["left", "moved", "checked_in"]


def test_an_older_act_is_taken_back_though_others_have_acted_since(night, guest, man, beds, worker):
    arrival = last_line()
    other = placing.check_in(occupant=man(), bed=beds["MA3"], night=night, by=worker, needs=MAN)

    undoing.undo(entry=arrival, by=worker)

    assert [row[0] for row in standing(night)] == [other.pk]


def test_the_bed_to_go_back_to_may_have_been_taken(night, guest, man, beds, worker):
    placing.move(bed_night=guest, bed=beds["MA3"], by=worker, needs=MAN)
    moved = last_line()
    placing.check_in(occupant=man(), bed=beds["MA1"], night=night, by=worker, needs=MAN)
    before = standing(night)

    with pytest.raises(errors.BedTaken) as refusal, transaction.atomic():
        undoing.undo(entry=moved, by=worker)

    assert (refusal.value.facts, standing(night)) == ({"bed": "MA1"}, before)


def test_a_released_bed_that_was_given_away_is_not_kept_again(night, expected, man, beds, worker):
    placing.release(bed_night=expected, by=worker, cause="called off")
    released = last_line()
    placing.check_in(occupant=man(), bed=beds["MA2"], night=night, by=worker, needs=MAN)

    with pytest.raises(errors.BedTaken), transaction.atomic():
        undoing.undo(entry=released, by=worker)

    assert queries.bed_on_board(night, beds["MA2"].pk).state == offering.OCCUPIED


def test_a_released_bed_is_not_kept_again_for_somebody_who_got_another(night, expected, beds, worker):
    placing.release(bed_night=expected, by=worker, cause="called off")
    released = last_line()
    placing.check_in(occupant=expected.occupant, bed=beds["MA3"], night=night, by=worker, needs=MAN)

    with pytest.raises(errors.AlreadyPlaced), transaction.atomic():
        undoing.undo(entry=released, by=worker)

    assert [(row[2], row[3]) for row in standing(night)] == [
        (beds["MA2"].pk, "released"), (beds["MA3"].pk, "in"),
    ]  # fmt: skip


# Nobody goes back into a bed that is out of service by now.


def close(bed, by):
    housekeeping.close_bed(bed=bed, reason="pests", by=by, first_night=TONIGHT)


def test_a_leaving_is_not_taken_back_into_a_bed_out_of_service(night, guest, beds, worker):
    placing.leave(bed_night=guest, by=worker)
    left = last_line()
    close(beds["MA1"], worker)

    with pytest.raises(errors.BedOutOfService) as refusal, transaction.atomic():
        undoing.undo(entry=left, by=worker)

    assert refusal.value.facts == {"bed": "MA1"}
    assert queries.bed_on_board(night, beds["MA1"].pk).state == offering.CLOSED


def test_a_move_is_not_taken_back_into_a_bed_out_of_service(night, guest, beds, worker):
    placing.move(bed_night=guest, bed=beds["MA3"], by=worker, needs=MAN)
    moved = last_line()
    close(beds["MA1"], worker)

    with pytest.raises(errors.BedOutOfService), transaction.atomic():
        undoing.undo(entry=moved, by=worker)

    assert queries.bed_on_board(night, beds["MA1"].pk).state == offering.CLOSED


def test_an_arrival_is_not_taken_back_to_a_kept_bed_out_of_service(night, expected, beds, worker):
    placing.check_in(occupant=expected.occupant, bed=beds["MA3"], night=night, by=worker, needs=MAN)
    arrived = last_line()
    close(beds["MA2"], worker)

    with pytest.raises(errors.BedOutOfService), transaction.atomic():
        undoing.undo(entry=arrived, by=worker)

    assert queries.bed_on_board(night, beds["MA2"].pk).state == offering.CLOSED


def test_a_bed_released_because_it_closed_is_not_kept_again(night, expected, beds, worker):
    close(beds["MA2"], worker)
    released = LogEntry.objects.get(verb="released")

    with pytest.raises(errors.BedOutOfService), transaction.atomic():
        undoing.undo(entry=released, by=worker)

    assert queries.bed_on_board(night, beds["MA2"].pk).state == offering.CLOSED


def test_a_leaving_is_not_taken_back_into_a_bed_that_has_left_the_house(night, guest, beds, worker):
    placing.leave(bed_night=guest, by=worker)
    left = last_line()
    housekeeping.reposition_beds(beds=[beds["MA1"]], dormitory=None, first_night=TONIGHT, by=worker)

    with pytest.raises(errors.BedOutOfService), transaction.atomic():
        undoing.undo(entry=left, by=worker)

    assert queries.bed_on_board(night, beds["MA1"].pk) is None


def test_a_leaving_is_not_taken_back_when_the_places_are_taken(night, guest, man, beds, worker):
    planning.change_setting(
        key="open_places", value="1", first_night=TONIGHT, by=BUILDER, reason="short of staff"
    )
    placing.leave(bed_night=guest, by=worker)
    left = last_line()
    placing.check_in(occupant=man(), bed=beds["MA2"], night=night, by=worker, needs=MAN)

    with pytest.raises(errors.HouseFull), transaction.atomic():
        undoing.undo(entry=left, by=worker)

    assert queries.counts_of(night).present == 1


# Releases by the clock, refusals, arrivals struck out in the morning.


def test_a_release_taken_back_after_the_hour_is_left_alone_by_the_clock(night, expected, worker, clock_at):
    clock_at(f"{TONIGHT} 22:00")
    stepping.tick()
    undoing.undo(entry=last_line(), by=worker)  # somebody telephoned: they are on their way
    clock_at(f"{TONIGHT} 22:01")

    stepping.tick()

    assert [row[3] for row in standing(night)] == ["held"]


def test_a_refusal_taken_back_counts_no_more(night, worker):
    refusal = registering.turn_away(night=night, reason="behaviour_tonight", by=worker)
    before = queries.counts_of(night).refused

    undoing.undo(entry=last_line(), by=worker)

    assert (before, queries.counts_of(night).refused) == (1, 0)
    assert Refusal.objects.get(pk=refusal.pk).withdrawn_at == clock.now()


def test_a_refusal_taken_back_gives_the_kept_bed_back(night, expected, worker):
    before = standing(night)
    registering.turn_away(night=night, reason="behaviour_tonight", by=worker, occupant=expected.occupant)
    refused = LogEntry.objects.get(verb="refused")

    undoing.undo(entry=refused, by=worker)

    assert standing(night) == before


def test_a_refusal_is_taken_back_only_once(night, worker):
    registering.turn_away(night=night, reason="other", by=worker)
    refused = last_line()
    undoing.undo(entry=refused, by=worker)

    with pytest.raises(errors.StaleVersion), transaction.atomic():
        undoing.undo(entry=refused, by=worker)

    assert LogEntry.objects.filter(verb="undone").count() == 1


@pytest.mark.parametrize("last_act", ["checked_in", "left"])
def test_an_arrival_struck_out_in_the_morning_is_not_taken_back_again(night, expected, worker, by, last_act):
    placing.check_in(occupant=expected.occupant, night=night, by=worker, needs=MAN)
    if last_act == "left":
        placing.leave(bed_night=expected, by=worker)
    closing.was_not_here(bed_night=expected, by=by("night_lead"), reason="never slept here")
    before, lines = standing(night), LogEntry.objects.count()

    with pytest.raises(errors.StaleVersion), transaction.atomic():
        undoing.undo(entry=LogEntry.objects.get(verb=last_act), by=worker)

    assert (standing(night), LogEntry.objects.count()) == (before, lines)


# What may be taken back, and when.


def test_only_acts_at_the_door_are_taken_back(night, expected, worker):
    lines = {verb: LogEntry.objects.filter(verb=verb).first() for verb in ("registered", "bed_held")}

    for line in lines.values():
        with pytest.raises(errors.NotAllowed), transaction.atomic():
            undoing.undo(entry=line, by=worker)

    assert LogEntry.objects.filter(verb="undone").count() == 0


@pytest.mark.parametrize(
    ("to", "refusal"), [("closed", errors.NightNotOpen), ("definitive", errors.NightSealed)]
)
def test_nothing_is_taken_back_in_a_night_that_is_over(night, guest, worker, by, to, refusal):
    placing.leave(bed_night=guest, by=worker)
    left = last_line()
    registering.turn_away(night=night, reason="other", by=worker)
    refused = last_line()
    stepping.step(night=night, to=Night.State(to), by=by("night_lead"))
    before = standing(night)

    for entry in (left, refused):
        with pytest.raises(refusal), transaction.atomic():
            undoing.undo(entry=entry, by=worker)

    assert (standing(night), queries.counts_of(night).refused) == (before, 1)


def test_the_last_five_acts_are_offered_the_latest_first(night, man, beds, worker):
    rows = [
        placing.check_in(occupant=man(), bed=beds[f"MA{number}"], night=night, by=worker, needs=MAN)
        for number in range(1, 7)
    ]

    offered = [entry.bed_night_id for entry in queries.undoable(night)]

    assert offered == [row.pk for row in reversed(rows[1:])]


def test_what_was_taken_back_and_its_undoing_are_not_offered_again(night, guest, man, beds, worker):
    other = placing.check_in(occupant=man(), bed=beds["MA3"], night=night, by=worker, needs=MAN)

    undoing.undo(entry=last_line(), by=worker)

    assert [entry.bed_night_id for entry in queries.undoable(night)] == [guest.pk]
    assert BedNight.objects.get(pk=other.pk).state == "undone"


def test_acts_of_another_night_are_not_offered(night, guest):
    before = Night.objects.get(date="2026-11-20")

    assert [entry.pk for entry in queries.undoable(before)] == []
