"""The watch: rounds that show only differences, who is out, who is safe; and who had no bed in the end."""

from datetime import UTC, timedelta

import pytest
from django.db import transaction

from shelter import clock, errors, nights, offering, queries
from shelter.actions import (
    closing,
    housekeeping,
    merging,
    placing,
    planning,
    registering,
    stepping,
    undoing,
    watching,
)
from shelter.models import BedNight, LogEntry, Night, Occupant, Outing, Refusal, RollCall, Round, RoundMark
from tests.conftest import TONIGHT, instant

MAN = offering.Needs(sleeps="men")
DAY = timedelta(days=1)


@pytest.fixture
def beds(house):
    return house.beds


@pytest.fixture
def here(night, occupant, beds, by):
    """Somebody let in into a bed: `here("MA1")`."""

    def let_in(label, somebody=None):
        somebody = somebody or occupant()
        registering.register(occupant=somebody, night=night, by=by("field_worker"), needs=MAN)
        return placing.check_in(
            occupant=somebody, bed=beds[label], night=night, by=by("night_worker"), needs=MAN
        )

    return let_in


@pytest.fixture
def walk(night, by):
    """A round tonight: `walk()` at night, `walk("evening")`."""

    def begun(kind="census", role="night_worker"):
        return watching.start_round(night=night, kind=kind, by=by(role))

    return begun


@pytest.fixture
def saw(beds, by):
    def marked(walk, label, seen, role="night_worker"):
        return watching.mark_bed(round=walk, bed=beds[label], seen=seen, by=by(role))

    return marked


@pytest.fixture
def close(by):
    def closed(walk, role="night_worker"):
        return watching.close_round(round=walk, by=by(role))

    return closed


@pytest.fixture
def asks(night, by, clock_at):
    """Somebody is refused for lack of a place, at a time: `asks(person, "21:00")`."""

    def refused(somebody=None, at="20:30", reason="no_place", **answers):
        clock_at(f"{TONIGHT} {at}")
        return registering.turn_away(
            night=night, occupant=somebody, reason=reason, by=by("night_worker"), **answers
        )

    return refused


def last_line():
    return LogEntry.objects.order_by("id").last()


# Rounds.


def test_a_round_begun_on_two_phones_is_one(night, walk, by):
    first, again = walk(), walk(role="night_lead")

    assert (again.pk, again.started_by, again.started_at) == (
        first.pk, by("night_worker").person, clock.now(),
    )  # fmt: skip
    assert LogEntry.objects.filter(verb="round_started").count() == 1


def test_evening_and_night_are_two_rounds(night, walk):
    assert (walk("evening").pk != walk("census").pk, Round.objects.count()) == (True, 2)


def test_the_walk_leads_past_every_bed_that_may_be_slept_in_room_by_room(night, here, walk, house, by):
    here("MA2")
    housekeeping.close_bed(bed=house.beds["MB1"], reason="repair", by=by("night_lead"), first_night=TONIGHT)

    rooms = [(room, [look.bed.label for look in looks]) for room, looks in queries.walk_of(walk())]

    assert rooms == [
        ("Men A", ["MA1", "MA2", "MA3", "MA4", "MA5", "MA6"]),
        ("Men B", ["MB2", "MB3", "MB4"]),
        ("Women", ["WO1", "WO2", "WO3"]),
        ("Families", ["FA1", "FA2"]),
        ("Workers", ["WK1", "WK2"]),
        ("Dogs", ["DG1", "DG2"]),
        ("Isolation", ["IS1"]),
    ]


def test_a_closed_bed_somebody_was_seen_in_stays_on_the_walk(night, walk, saw, house, by):
    housekeeping.close_bed(bed=house.beds["MB1"], reason="repair", by=by("night_lead"), first_night=TONIGHT)
    current = walk()

    saw(current, "MB1", "other")

    looks = {look.bed.label: look.mark for _room, room in queries.walk_of(current) for look in room}
    assert looks["MB1"].seen == "other"


@pytest.mark.parametrize(
    ("label", "seen", "differs"),
    [
        ("MA1", "there", False),
        ("MA1", "empty", True),
        ("MA1", "other", True),
        ("MA2", "empty", False),
        ("MA2", "there", True),
        ("MA2", "other", True),
        ("MA3", "empty", False),  # kept, nobody came yet
        ("MA3", "there", True),
    ],
)
def test_only_what_is_not_as_the_ledger_says_comes_back(
    night, here, walk, saw, occupant, beds, by, label, seen, differs
):
    lies = here("MA1")
    placing.hold(occupant=occupant(), bed=beds["MA3"], night=night, by=by("night_worker"), needs=MAN)
    current = walk()

    mark = saw(current, label, seen)

    assert (mark.expected, mark.differs) == (lies if label == "MA1" else None, differs)
    assert [found.pk for found in queries.differences_of(current)] == ([mark.pk] if differs else [])


def test_a_bed_looked_at_again_counts_as_seen_last(night, here, walk, saw, by, clock_at):
    here("MA1")
    current = walk()
    first = saw(current, "MA1", "empty")
    clock_at(f"{TONIGHT} 23:40")

    again = saw(current, "MA1", "there", role="night_lead")

    assert (again.pk, again.seen, again.seen_at, again.seen_by) == (
        first.pk, "there", clock.now(), by("night_lead").person,
    )  # fmt: skip
    assert (RoundMark.objects.count(), queries.differences_of(current)) == (1, [])


def test_closed_the_round_has_counted_who_was_seen_and_who_nobody_missed(night, here, walk, saw, close, by):
    for label in ("MA1", "MA2", "MA3"):
        here(label)
    current = walk()
    saw(current, "MA1", "there")
    saw(current, "MA2", "empty")
    saw(current, "MA4", "other")
    saw(current, "MA5", "empty")

    closed = close(current)

    assert (closed.counted, closed.closed_at, closed.closed_by) == (3, clock.now(), by("night_worker").person)
    assert [mark.bed.label for mark in queries.differences_of(closed)] == ["MA2", "MA4"]
    assert (last_line().verb, last_line().facts) == (
        "round_closed", {"kind": "census", "counted": 3, "differences": 2},
    )  # fmt: skip


def test_closed_twice_it_closed_once(night, here, walk, close, by, clock_at):
    here("MA1")
    current = walk()
    first = close(current)
    here("MA2")
    clock_at("2026-11-22 04:20")

    again = close(current, "night_lead")

    assert (again.counted, again.closed_at, again.closed_by) == (1, first.closed_at, first.closed_by)
    assert LogEntry.objects.filter(verb="round_closed").count() == 1


def test_a_closed_round_takes_no_mark_and_is_not_begun_again(night, walk, saw, close):
    current = walk()
    close(current)

    with pytest.raises(errors.StaleVersion), transaction.atomic():
        saw(current, "MA1", "there")

    assert (RoundMark.objects.count(), walk().pk, Round.objects.get().counted) == (0, current.pk, 0)


def test_who_changed_beds_on_the_way_is_counted_once(night, here, walk, saw, close, beds, by):
    row = here("MA1")
    current = walk()
    saw(current, "MA1", "there")
    placing.move(bed_night=row, bed=beds["MA2"], by=by("night_worker"), needs=MAN)

    assert close(current).counted == 1


def test_who_is_out_for_a_smoke_may_be_marked_empty_and_is_a_difference(night, here, walk, saw, close, by):
    row = here("MA1")
    watching.go_out(bed_night=row, kind="smoke", by=by("night_worker"))
    current = walk()
    saw(current, "MA1", "empty")

    assert (close(current).counted, len(queries.differences_of(current))) == (0, 1)


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        ("list_frozen", errors.NightNotOpen),
        ("closed", errors.NightNotOpen),
        ("definitive", errors.NightSealed),
    ],
)
def test_rounds_are_walked_while_the_house_is_at_the_door_only(night, walk, saw, close, by, state, refusal):
    begun = walk("evening")
    stepping.step(night=night, to=Night.State(state), by=by("coordinator"), reason="for the test")

    for act in (walk, lambda: saw(begun, "MA1", "there"), lambda: close(begun)):
        with pytest.raises(refusal), transaction.atomic():
            act()

    assert (Round.objects.count(), RoundMark.objects.count()) == (1, 0)


# Out for a while.


def test_who_goes_out_keeps_the_bed_and_is_on_the_list_until_back(night, here, beds, by, clock_at):
    row = here("MA1")

    outing = watching.go_out(
        bed_night=row, kind="smoke", by=by("night_worker"), expected_at=instant(f"{TONIGHT} 20:30")
    )

    assert (outing.out_at, outing.expected_at, last_line().verb) == (
        clock.now(), instant(f"{TONIGHT} 20:30"), "went_out",
    )  # fmt: skip
    assert (list(queries.out_now(night)), queries.counts_of(night).present) == ([outing], 1)
    assert queries.bed_on_board(night, beds["MA1"].pk).state == offering.OCCUPIED
    clock_at(f"{TONIGHT} 20:40")
    back = watching.come_in(outing=outing, by=by("night_worker"))
    assert (back.back_at, list(queries.out_now(night)), last_line().verb) == (clock.now(), [], "came_in")


def test_going_out_and_coming_in_twice_is_once(night, here, by):
    row = here("MA1")

    out = [watching.go_out(bed_night=row, kind="smoke", by=by("night_worker")).pk for _time in range(2)]
    for _time in range(2):
        watching.come_in(outing=Outing.objects.get(), by=by("night_worker"))

    assert (out[0] == out[1], Outing.objects.count()) == (True, 1)
    assert list(LogEntry.objects.order_by("id").values_list("verb", flat=True))[-2:] == [
        "went_out",
        "came_in",
    ]


def test_one_may_go_out_again_after_coming_in(night, here, by, clock_at):
    row = here("MA1")
    watching.come_in(outing=watching.go_out(bed_night=row, kind="smoke", by=by("nurse")), by=by("nurse"))
    clock_at(f"{TONIGHT} 21:00")

    again = watching.go_out(bed_night=row, kind="hospital", by=by("nurse"))

    assert (list(queries.out_now(night)), Outing.objects.count()) == ([again], 2)


def test_the_longest_overdue_is_told_first(night, here, by):
    outings = {
        label: watching.go_out(
            bed_night=here(label), kind="work", by=by("night_worker"), expected_at=instant(f"{day} {at}")
        )
        for label, day, at in (
            ("MA1", TONIGHT + DAY, "05:30"),
            ("MA2", TONIGHT, "20:30"),
            ("MA3", TONIGHT, "23:59"),
        )
    }

    assert list(queries.out_now(night)) == [outings[label] for label in ("MA2", "MA3", "MA1")]


def test_only_who_is_here_goes_out(night, here, occupant, beds, by):
    expected = placing.hold(
        occupant=occupant(), bed=beds["MA2"], night=night, by=by("night_worker"), needs=MAN
    )
    gone = placing.leave(bed_night=here("MA1"), by=by("night_worker"))

    for row in (expected, gone):
        with pytest.raises(errors.HoldLapsed), transaction.atomic():
            watching.go_out(bed_night=row, kind="smoke", by=by("night_worker"))

    assert Outing.objects.count() == 0


def test_who_went_out_and_left_for_good_is_not_awaited(night, here, by):
    row = here("MA1")
    watching.go_out(bed_night=row, kind="smoke", by=by("night_worker"))

    placing.leave(bed_night=row, by=by("night_worker"))

    assert list(queries.out_now(night)) == []


def test_who_comes_back_after_leaving_is_inside_and_not_out(night, here, by):
    row = here("MA1")
    watching.go_out(bed_night=row, kind="smoke", by=by("night_worker"))
    placing.leave(bed_night=row, by=by("night_worker"))

    placing.come_back(bed_night=row, by=by("night_worker"), needs=MAN)

    assert list(queries.out_now(night)) == []


# Roll calls.


def test_what_two_phones_have_seen_is_merged(night, here, by):
    rows = [here(label) for label in ("MA1", "MA2", "MA3")]
    call = watching.start_roll_call(night=night, by=by("night_lead"))
    assert watching.start_roll_call(night=night, by=by("nurse")).pk == call.pk

    first = watching.see_safe(roll_call=call, bed_nights=[rows[0].pk, rows[1].pk], by=by("night_lead"))
    second = watching.see_safe(roll_call=call, bed_nights=[rows[1].pk, rows[2].pk], by=by("nurse"))

    assert (first, second) == (2, 3)
    assert list(call.marks.values_list("bed_night", "seen_by__username")) == [
        (rows[0].pk, "night_lead"), (rows[1].pk, "night_lead"), (rows[2].pk, "nurse"),
    ]  # fmt: skip


def test_a_page_sent_again_and_rows_of_other_nights_or_none_count_nothing(night, here, beds, occupant, by):
    row = here("MA1")
    before = Night.objects.get(date=TONIGHT - DAY)
    long_ago = BedNight.objects.create(
        occupant=occupant(), bed=beds["MA1"], night=before, state="in", arrived_at=clock.now()
    )
    call = watching.start_roll_call(night=night, by=by("night_lead"))

    seen = [
        watching.see_safe(roll_call=call, bed_nights=sent, by=by("nurse"))
        for sent in ([row.pk], [row.pk, row.pk], [long_ago.pk, 987654], [])
    ]

    assert seen == [1, 1, 1, 1]


def test_an_ended_roll_call_is_over_once_and_the_next_is_another(night, here, by, clock_at):
    row = here("MA1")
    call = watching.start_roll_call(night=night, by=by("night_lead"))
    watching.see_safe(roll_call=call, bed_nights=[row.pk], by=by("nurse"))
    ended = watching.end_roll_call(roll_call=call, by=by("night_lead"))
    clock_at(f"{TONIGHT} 22:00")

    again = watching.end_roll_call(roll_call=call, by=by("night_lead"))

    assert (again.ended_at, last_line().facts) == (ended.ended_at, {"seen": 1})
    assert LogEntry.objects.filter(verb="roll_call_ended").count() == 1
    other = watching.start_roll_call(night=night, by=by("night_lead"))
    assert (other.pk != call.pk, RollCall.objects.count()) == (True, 2)


# Nuitées: who was in the house at 04:00.


@pytest.mark.parametrize(
    ("arrived", "left", "counts"),
    [
        ("2026-11-21 20:00", None, True),
        ("2026-11-21 20:00", "2026-11-22 08:00", True),
        ("2026-11-21 20:00", "2026-11-22 04:01", True),
        ("2026-11-21 20:00", "2026-11-22 04:00", False),
        ("2026-11-21 23:00", "2026-11-22 02:00", False),  # a visit
        ("2026-11-22 04:00", None, True),
        ("2026-11-22 04:01", None, False),
    ],
)
def test_a_night_counts_for_who_is_here_at_four(night, occupant, beds, arrived, left, counts):
    row = BedNight.objects.create(
        occupant=occupant(), bed=beds["MA1"], night=night, state="left" if left else "in",
        arrived_at=instant(arrived), left_at=left and instant(left),
    )  # fmt: skip

    assert list(queries.slept_at_the_census(night)) == ([row] if counts else [])


def test_beds_only_kept_or_taken_back_are_no_nights(night, here, occupant, beds, by):
    placing.hold(occupant=occupant(), bed=beds["MA2"], night=night, by=by("night_worker"), needs=MAN)
    undoing.undo_last(bed_night=here("MA1"), by=by("night_worker"))

    assert list(queries.slept_at_the_census(night)) == []


@pytest.mark.parametrize(
    ("evening", "utc"), [("2026-11-21", "03:00"), ("2027-03-26", "03:00"), ("2027-03-27", "02:00")]
)
def test_four_is_four_on_the_wall_also_when_the_clocks_change(season, evening, utc):
    at = queries.census_moment(Night.objects.get(date=evening).date)

    assert (f"{nights.local(at):%H:%M}", f"{at.astimezone(UTC):%H:%M}") == ("04:00", utc)


# Persons without a bed.


def test_each_person_counts_once_and_strangers_who_asked_again_do_not(night, occupant, asks):
    one, other = occupant(), occupant()
    for somebody in (one, one, other):
        asks(somebody)
    asks(seen_sex="man", seen_age="middle")
    asks(seen_sex="man", seen_age="middle")
    asks(seen_sex="man", seen_age="middle", asked_before=True)

    found = queries.without_bed(night)

    assert (found.known, found.unknown, found.people) == ({one.pk, other.pk}, 2, 4)


def test_who_got_a_bed_after_all_had_one(night, occupant, asks, here):
    somebody = occupant()
    asks(somebody)
    here("MA1", somebody)

    assert queries.without_bed(night).people == 0


def test_who_got_a_bed_and_left_before_four_had_none(night, occupant, asks, here, by, clock_at):
    somebody = occupant()
    asks(somebody)
    row = here("MA1", somebody)
    clock_at("2026-11-22 01:00")
    placing.leave(bed_night=row, by=by("night_worker"))

    assert queries.without_bed(night).known == {somebody.pk}


def test_who_declined_an_offer_is_left_out(night, occupant, asks):
    somebody = occupant()
    asks(somebody)
    asks(somebody, reason="offer_declined")
    asks(reason="offer_declined", seen_sex="woman")

    assert queries.without_bed(night).people == 0


@pytest.mark.parametrize(("outcome", "without"), [("arrived", 0), ("not_arrived", 2), ("unknown", 2)])
def test_who_arrived_elsewhere_is_left_out(night, occupant, asks, by, outcome, without):
    rows = [asks(occupant(), referral="halte"), asks(referral="halte", seen_sex="man")]

    for row in rows:
        registering.note_outcome(refusal=row, outcome=outcome, by=by("night_worker"))

    assert queries.without_bed(night).people == without


def test_an_outcome_is_told_once(night, asks, by):
    row = asks(referral="halte")

    for _time in range(2):
        noted = registering.note_outcome(refusal=row, outcome="arrived", by=by("night_worker"))

    assert noted.outcome == "arrived"
    told = LogEntry.objects.filter(verb="outcome_noted").values_list("facts", flat=True)
    assert list(told) == [{"refusal": row.pk, "outcome": "arrived"}]


def test_a_refusal_taken_back_counts_nobody(night, occupant, asks, by):
    asks(occupant())

    undoing.undo(entry=LogEntry.objects.get(verb="refused"), by=by("night_worker"))

    assert queries.without_bed(night).people == 0


def test_whatever_the_reason_somebody_without_a_bed_is_without_a_bed(night, occupant, asks):
    reasons = [reason for reason in Refusal.Reason.values if reason != "offer_declined"]

    for reason in reasons:
        asks(occupant(), reason=reason)

    assert queries.without_bed(night).people == 10


def test_two_numbers_of_one_person_are_one_without_a_bed(night, occupant, asks, by, here):
    one, other, third = occupant(), occupant(), occupant()
    for somebody in (one, other, third):
        asks(somebody)
    merging.merge(kept=one, gone=other, by=by("coordinator"))
    assert queries.without_bed(night).known == {one.pk, third.pk}

    here("MA1", one)

    assert queries.without_bed(night).known == {third.pk}


def test_the_band_of_a_stranger_is_kept_without_a_name(night, asks):
    asks(seen_sex="woman", seen_age="old", referral="women")

    row = Refusal.objects.get()
    assert (row.occupant, row.seen_sex, row.seen_age, row.asked_before) == (None, "woman", "old", False)


# Who waits, and who was turned away last night.


@pytest.fixture
def turned_away_before(occupant):
    """Somebody refused for lack of a place on the night before, unless told otherwise."""

    def refused(somebody=None, reason="no_place", days=1):
        somebody = somebody or occupant()
        before = Night.objects.get(date=TONIGHT - DAY * days)
        at = nights.instant_of(before.date, nights.NOON) + timedelta(hours=9)
        Refusal.objects.create(night=before, occupant=somebody, reason=reason, refused_at=at)
        return somebody

    return refused


def test_those_turned_away_last_night_for_lack_of_place_are_marked(night, turned_away_before):
    one = turned_away_before()
    other = turned_away_before(reason="no_suitable_place")
    for reason in set(Refusal.Reason.values) - {"no_place", "no_suitable_place"}:
        turned_away_before(reason=reason)
    turned_away_before(days=2)
    turned_away_before(one)

    assert list(queries.turned_away_last_night(night)) == [one.pk, other.pk]
    assert list(queries.turned_away_last_night(night, [other.pk])) == [other.pk]
    shown = queries.people_tonight([one.pk, other.pk], night)
    assert [shown[who.pk].was_turned_away for who in (one, other)] == [True, True]


def test_who_slept_here_after_all_was_not_turned_away(night, beds, turned_away_before):
    somebody = turned_away_before()
    before = Night.objects.get(date=TONIGHT - DAY)
    at = nights.instant_of(before.date, nights.NOON) + timedelta(hours=10)
    BedNight.objects.create(occupant=somebody, bed=beds["MA1"], night=before, state="in", arrived_at=at)

    assert list(queries.turned_away_last_night(night)) == []
    assert queries.people_tonight([somebody.pk], night)[somebody.pk].was_turned_away is False


def test_turned_away_under_either_number_is_marked_on_the_one_that_stands(
    night, occupant, turned_away_before, by
):
    one, other = occupant(), turned_away_before()

    merging.merge(kept=one, gone=other, by=by("coordinator"))

    assert list(queries.turned_away_last_night(night)) == [one.pk]
    assert queries.people_tonight([one.pk], night)[one.pk].was_turned_away is True


def test_refused_under_one_number_and_in_bed_under_the_other_was_not_turned_away(
    night, occupant, beds, turned_away_before, by
):
    one, other = occupant(), turned_away_before()
    before = Night.objects.get(date=TONIGHT - DAY)
    at = nights.instant_of(before.date, nights.NOON) + timedelta(hours=10)
    BedNight.objects.create(occupant=one, bed=beds["MA1"], night=before, state="in", arrived_at=at)

    merging.merge(kept=one, gone=other, by=by("coordinator"))

    assert list(queries.turned_away_last_night(night)) == []
    assert queries.people_tonight([one.pk], night)[one.pk].was_turned_away is False


def test_the_line_is_last_nights_refused_then_the_registered_then_by_time(
    night, occupant, asks, turned_away_before, by
):
    early, late, registered, again = occupant(), occupant(), occupant(), turned_away_before()
    registering.register(occupant=registered, night=night, by=by("field_worker"), needs=MAN)

    asks(early, "20:20")
    asks(late, "20:30")
    asks(registered, "20:40")
    asks(again, "20:50")
    asks(early, "20:55")

    assert queries.waiting_line(night) == [again.pk, registered.pk, early.pk, late.pk]


def test_who_has_a_bed_or_was_refused_for_another_reason_does_not_wait(night, occupant, asks, here, beds, by):
    placed, held, barred, waiting = occupant(), occupant(), occupant(), occupant()
    for somebody in (placed, held, waiting):
        asks(somebody)
    asks(barred, reason="excluded")
    asks(seen_sex="man")
    here("MA1", placed)
    placing.hold(occupant=held, bed=beds["MA2"], night=night, by=by("night_worker"), needs=MAN)

    assert queries.waiting_line(night) == [waiting.pk]


def test_a_joined_person_waits_once_and_with_the_registration_of_either_number(night, occupant, asks, by):
    first, one, other = occupant(), occupant(), occupant()
    registering.register(occupant=other, night=night, by=by("field_worker"), needs=MAN)
    asks(first, "20:20")
    asks(one, "20:30")
    asks(other, "20:40")

    merging.merge(kept=one, gone=other, by=by("coordinator"))

    assert queries.waiting_line(night) == [one.pk, first.pk]


# Beds kept for whom a service brings.


@pytest.fixture
def keep_for(night, beds, by):
    def kept(service, label):
        return placing.keep_for_service(service=service, bed=beds[label], night=night, by=by("night_lead"))

    return kept


def test_a_bed_kept_for_a_service_is_held_for_a_number_nobody_stands_behind(night, keep_for, beds):
    row = keep_for("police", "MA1")

    place = queries.bed_on_board(night, beds["MA1"].pk)
    assert (row.state, row.kept_for, row.held_at) == ("held", "police", clock.now())
    assert (place.state, place.kept_for, Occupant.objects.get()) == ("held", "police", row.occupant)
    assert (last_line().verb, last_line().facts) == ("bed_held", {"cause": "police"})


def test_a_taken_or_closed_bed_is_kept_for_nobody(night, keep_for, here, beds, by):
    here("MA1")
    housekeeping.close_bed(bed=beds["MA2"], reason="repair", by=by("night_lead"), first_night=TONIGHT)

    for label, refusal in (("MA1", errors.BedTaken), ("MA2", errors.BedOutOfService)):
        with pytest.raises(refusal), transaction.atomic():
            keep_for("police", label)

    assert (BedNight.objects.filter(state="held").count(), Occupant.objects.count()) == (0, 1)


def test_it_is_not_proposed_to_others_and_nobody_elses_to_keep(night, keep_for, beds, occupant, here, by):
    for label in ("MA1", "MA2", "MA3", "MA4", "MA5", "MA6", "MB1", "MB2", "MB3"):
        keep_for("first_call", label)
    somebody = occupant()
    registering.register(occupant=somebody, night=night, by=by("field_worker"), needs=MAN)

    with pytest.raises(errors.BedTaken), transaction.atomic():
        placing.hold(occupant=somebody, bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)
    row = placing.check_in(occupant=somebody, night=night, by=by("night_worker"), needs=MAN)

    assert row.bed.label == "MB4"


def test_asked_for_by_name_it_is_taken_up_by_whom_the_service_brings(night, keep_for, here, beds):
    kept = keep_for("hospital", "MA1")

    row = here("MA1")

    kept.refresh_from_db()
    assert (row.state, row.kept_for, kept.state) == ("in", "", "released")
    assert LogEntry.objects.get(verb="released").facts == {"cause": "taken_up"}
    assert queries.bed_on_board(night, beds["MA1"].pk).occupant == row.occupant_id


def test_refused_at_the_door_the_bed_stays_kept(night, keep_for, occupant, beds, by):
    kept = keep_for("hospital", "MA1")

    with pytest.raises(errors.NotRegistered), transaction.atomic():
        placing.check_in(occupant=occupant(), bed=beds["MA1"], night=night, by=by("night_worker"), needs=MAN)

    kept.refresh_from_db()
    assert (kept.state, queries.bed_on_board(night, beds["MA1"].pk).kept_for) == ("held", "hospital")


@pytest.mark.parametrize("by_name", [True, False])
def test_who_is_brought_without_a_file_stays_behind_its_number(night, keep_for, beds, by, by_name):
    kept = keep_for("streetwork", "MA1")

    row = placing.check_in(
        occupant=kept.occupant, bed=beds["MA1"] if by_name else None, night=night, by=by("night_lead"), needs=MAN,
        override_reason="Brought by streetwork.",
    )  # fmt: skip

    assert (row.pk, row.state, row.bed.label) == (kept.pk, "in", "MA1")
    assert queries.bed_on_board(night, beds["MA1"].pk).kept_for == ""
    assert BedNight.objects.count() == 1


def test_a_check_in_behind_its_number_leaves_no_release_that_never_was(night, keep_for, beds, by):
    kept = keep_for("streetwork", "MA1")

    placing.check_in(
        occupant=kept.occupant, bed=beds["MA1"], night=night, by=by("night_lead"), needs=MAN,
        override_reason="Brought by streetwork.",
    )  # fmt: skip

    assert list(LogEntry.objects.filter(bed_night=kept).order_by("id").values_list("verb", flat=True)) == [
        "bed_held", "checked_in",
    ]  # fmt: skip


def test_at_the_set_hour_what_nobody_was_brought_for_is_released_with_its_cause(
    night, keep_for, occupant, beds, by, clock_at
):
    keep_for("police", "MA1")
    placing.hold(occupant=occupant(), bed=beds["MA2"], night=night, by=by("night_worker"), needs=MAN)

    stepping.tick(instant(f"{TONIGHT} 21:59"))
    assert BedNight.objects.filter(state="held").count() == 2
    clock_at(f"{TONIGHT} 22:00")
    stepping.tick()

    told = LogEntry.objects.filter(verb="released").order_by("id").values_list("bed__label", "facts")
    assert list(told) == [("MA1", {"cause": "not_brought"}), ("MA2", {"cause": "no_show"})]
    assert queries.bed_on_board(night, beds["MA1"].pk).state == offering.FREE


def test_the_hour_is_a_setting(night, keep_for, by, clock_at):
    planning.change_setting(
        key="hold_release", value="22:30", first_night=TONIGHT, by=by("coordinator"), reason="Late bus."
    )
    row = keep_for("police", "MA1")

    clock_at(f"{TONIGHT} 22:29")
    stepping.tick()
    row.refresh_from_db()
    assert row.state == "held"
    clock_at(f"{TONIGHT} 22:30")
    stepping.tick()

    row.refresh_from_db()
    assert row.state == "released"


def test_kept_after_the_hour_it_stays_kept_until_the_night_closes(night, keep_for, by, clock_at):
    clock_at(f"{TONIGHT} 22:10")
    row = keep_for("police", "MA1")
    clock_at("2026-11-22 08:45")
    stepping.tick()
    row.refresh_from_db()
    assert row.state == "held"

    closing.close_night(night=night, bed_nights=[], by=by("night_lead"))

    row.refresh_from_db()
    assert (row.state, Night.objects.get(date=TONIGHT).state) == ("released", "closed")
    assert LogEntry.objects.get(verb="released").facts == {"cause": "not_brought"}


def test_nobody_expected_or_arrived_is_counted_for_a_bed_kept_for_a_service(night, keep_for):
    keep_for("police", "MA1")

    counts = queries.counts_of(night)

    assert (counts.registered, counts.arrived, counts.present, queries.waiting_line(night)) == (0, 0, 0, [])
