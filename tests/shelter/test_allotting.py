"""Plans kept and applied: what they know, what they change, and what they leave alone."""

from collections import Counter
from datetime import timedelta

import pytest

from shelter import clock, errors, offering, queries
from shelter.actions import (
    admission,
    allotting,
    housekeeping,
    merging,
    placing,
    planning,
    registering,
    stepping,
)
from shelter.models import (
    BedNight,
    BedPlan,
    Dormitory,
    Draw,
    LogEntry,
    Night,
    Occupant,
    PlannedBed,
    Registration,
    Setting,
)
from shelter.parameters import PARAMETERS
from shelter.wishing import WISHES
from tests.conftest import BUILDER, TONIGHT
from tests.harness import count_queries, same_queries_for

MAN, WOMAN = offering.Needs(sleeps="men"), offering.Needs(sleeps="women")
LOW = offering.Needs(sleeps="men", lower_bed=True)
DAY = timedelta(days=1)


@pytest.fixture
def needs_of_all():
    """What everybody who was registered needs, by number."""
    return {}


@pytest.fixture
def register(night, by, occupant, needs_of_all):
    """Registers as many people as there are needs; returns their numbers with what they need."""

    def registered(*needs):
        people = {}
        for asked in needs:
            somebody = occupant()
            registering.register(occupant=somebody, night=night, by=by("field_worker"), needs=asked)
            people[somebody.pk] = (asked, False)
        needs_of_all.update(people)
        return people

    return registered


@pytest.fixture
def propose(night, by):
    def proposed(needs):
        return propose_plan(night, needs, by("night_lead"))

    return proposed


@pytest.fixture
def apply(by, needs_of_all):
    def applied(plan, **asked):
        return allotting.apply(plan=plan, needs=needs_of_all, by=by("night_lead"), **asked)

    return applied


def propose_plan(night, needs, by):
    return allotting.keep_plan(allotting.work_out(night=night, needs=needs), by=by)


def planned(plan):
    return {line.occupant_id: line.bed_id for line in plan.lines.all()}


def held():
    return dict(BedNight.objects.filter(state="held").order_by("id").values_list("occupant", "bed"))


def codes(given):
    return {number: refusal.code for number, refusal in given.refused.items()}


def said(plan):
    return {line.occupant_id: [code for code, _facts in line.reasons] for line in plan.lines.all()}


def test_a_plan_changes_nothing(night, register, propose):
    needs = register(MAN, MAN, WOMAN, LOW)

    plan = propose(needs)

    assert BedNight.objects.count() == 0
    assert set(planned(plan)) == set(needs)
    assert None not in planned(plan).values()
    assert plan.is_proven
    assert LogEntry.objects.get(verb="plan_made").facts == {"people": 4, "without": 0}


def test_kept_everybody_has_the_planned_bed_and_is_let_into_it(night, register, propose, apply, by):
    needs = register(MAN, LOW, WOMAN)
    plan = propose(needs)

    done = apply(plan)

    assert (set(done.held), done.refused) == (set(needs), {})
    assert held() == planned(plan)
    assert not plan.lines.filter(accepted_at__isnull=True).exists()
    stepping.step(night=night, to=Night.State.DOORS_OPEN, by=BUILDER)
    for line in plan.lines.all():
        row = placing.check_in(
            occupant=line.occupant, night=night, by=by("night_worker"), needs=needs[line.occupant_id][0]
        )
        assert row.bed_id == line.bed_id


def test_only_those_accepted_are_kept(register, propose, apply):
    needs = register(MAN, MAN, MAN)
    plan = propose(needs)
    one = min(needs)

    apply(plan, numbers=[one])

    assert held() == {one: planned(plan)[one]}
    assert [line.occupant_id for line in plan.lines.filter(accepted_at__isnull=False)] == [one]


def test_kept_twice_it_is_kept_once(register, propose, apply):
    plan = propose(register(MAN, MAN))
    apply(plan)
    before = list(BedNight.objects.order_by("id").values())

    again = apply(plan)

    assert (again.held, again.refused) == ({}, {})
    assert list(BedNight.objects.order_by("id").values()) == before


def test_who_is_here_is_left_alone_and_not_planned_anew(night, register, propose, apply, by, house):
    needs = register(MAN, MAN)
    plan = propose(needs)
    first = min(needs)
    stepping.step(night=night, to=Night.State.DOORS_OPEN, by=BUILDER)
    other = next(
        bed
        for label, bed in house.beds.items()
        if label.startswith("M") and bed.pk not in planned(plan).values()
    )
    here = placing.check_in(
        occupant=plan.lines.get(occupant=first).occupant,
        night=night,
        by=by("night_worker"),
        needs=MAN,
        bed=other,
    )

    apply(plan)

    here.refresh_from_db()
    assert (here.state, here.bed_id) == ("in", other.pk)
    assert first not in planned(propose(needs))


def test_two_people_swap_the_beds_kept_for_them(night, register, propose, apply, by, house):
    needs = register(MAN, MAN)
    one, other = sorted(needs)
    plan = propose(needs)
    apply(plan)
    beds = held()
    plan.lines.update(bed=None)
    PlannedBed.objects.filter(plan=plan, occupant=one).update(bed=beds[other], before=beds[one])
    PlannedBed.objects.filter(plan=plan, occupant=other).update(bed=beds[one], before=beds[other])

    done = apply(plan)

    assert set(done.held) == {one, other}
    assert held() == {one: beds[other], other: beds[one]}


def test_a_bed_taken_since_is_refused_by_itself(night, register, propose, apply, by, occupant):
    needs = register(MAN, MAN)
    plan = propose(needs)
    first, second = sorted(needs)
    somebody = occupant()
    registering.register(occupant=somebody, night=night, by=by("field_worker"), needs=MAN)
    placing.hold(
        occupant=somebody,
        bed=plan.lines.get(occupant=first).bed,
        night=night,
        by=by("night_worker"),
        needs=MAN,
    )

    done = apply(plan)

    assert codes(done) == {first: "bed_taken"}
    assert done.held == {second: planned(plan)[second]}
    assert held()[second] == planned(plan)[second]


def test_a_bed_closed_since_is_refused_and_the_old_one_stays_kept(night, register, propose, apply, by, house):
    needs = register(MAN)
    [one] = needs
    placing.hold(
        occupant=Occupant.objects.get(pk=one),
        bed=house.beds["MB1"],
        night=night,
        by=by("night_worker"),
        needs=MAN,
    )
    plan = propose(needs)
    plan.lines.update(bed=house.beds["MA2"])
    housekeeping.close_bed(
        bed=house.beds["MA2"], reason="repair", first_night=TONIGHT, last_night=TONIGHT, by=by("night_lead")
    )

    done = apply(plan)

    assert codes(done) == {one: "bed_out_of_service"}
    assert held() == {one: house.beds["MB1"].pk}


def test_planned_again_who_was_told_a_bed_keeps_it(register, propose, apply):
    needs = register(MAN, MAN, MAN)
    apply(propose(needs))
    before = held()

    again = propose(needs | register(LOW, MAN))

    assert {number: planned(again)[number] for number in before} == before
    assert all("held_for_you" in said(again)[number] for number in before)


def test_a_plan_older_than_the_house_says_so(night, register, propose, apply, by, house):
    needs = register(MAN, MAN)
    plan = propose(needs)
    assert queries.changes_since(plan) == 0
    apply(plan)
    assert queries.changes_since(plan) == 0

    housekeeping.close_bed(
        bed=house.beds["WO1"], reason="repair", first_night=TONIGHT, last_night=TONIGHT, by=by("night_lead")
    )
    register(MAN)

    assert queries.changes_since(plan) == 2
    assert queries.changes_since(propose(needs)) == 0


def test_people_kept_apart_lie_apart(night, register, propose, by):
    needs = register(MAN, MAN)
    one, other = sorted(needs)
    admission.keep_apart(
        one=Occupant.objects.get(pk=one), other=Occupant.objects.get(pk=other), by=by("night_lead")
    )

    rooms = {bed.id: bed.dormitory_id for bed in queries.board_of(night)}
    beds = planned(propose(needs))

    assert rooms[beds[one]] != rooms[beds[other]]


def test_who_is_excluded_is_named_and_gets_no_bed(night, register, propose, by):
    needs = register(MAN, MAN)
    one = min(needs)
    admission.exclude(
        occupant=Occupant.objects.get(pk=one),
        category="threat",
        first_night=TONIGHT,
        last_night=TONIGHT + DAY,
        by=by("night_lead"),
    )

    plan = propose(needs)

    assert planned(plan)[one] is None
    assert said(plan)[one] == ["excluded"]


def test_when_places_are_short_the_draw_decides_and_the_change_is_told(season, occupant, by, clock_at):
    clock_at(f"{TONIGHT} 13:00")
    night = stepping.step(night=Night.objects.get(date=TONIGHT), to=Night.State.OPEN, by=BUILDER)
    Setting.objects.create(key="open_places", value="2", first_night=TONIGHT, set_at=night.opened_at)
    people = [occupant() for _number in range(4)]
    for somebody in people:
        registering.register(occupant=somebody, night=night, by=by("field_worker"), needs=MAN)
    stepping.step(night=night, to=Night.State.LIST_FROZEN, by=BUILDER)

    needs = {somebody.pk: (MAN, False) for somebody in people}
    plan = propose_plan(night, needs, by("night_lead"))

    line = Draw.objects.get().line
    assert [number for number, bed in planned(plan).items() if bed] == line[:2]
    assert {number: said(plan)[number] for number in line[2:]} == {
        number: ["limit_reached"] for number in line[2:]
    }
    assert [plan.lines.get(occupant=number).change for number in line[2:]] == [
        ["raise_limit", {"number": 1}], ["raise_limit", {"number": 2}],
    ]  # fmt: skip


@pytest.mark.parametrize("to", [Night.State.CLOSED, Night.State.PLANNED])
def test_a_night_that_takes_nobody_is_not_planned(season, by, to, clock_at):
    row = Night.objects.get(date=TONIGHT + DAY if to == Night.State.PLANNED else TONIGHT)
    if to == Night.State.CLOSED:
        clock_at(f"{TONIGHT + DAY} 08:45")
        stepping.step(night=row, to=to, by=by("coordinator"))
    with pytest.raises(errors.Refused):
        allotting.work_out(night=row, needs={})

    assert not BedPlan.objects.exists()


def test_each_wish_has_a_setting():
    assert {key for key in PARAMETERS if key.startswith("wish_")} == {
        f"wish_{wish.weight}" for wish in WISHES if wish.weight not in {"stay", "as_before"}
    } | {"wish_closed_dormitory", "wish_spare_place"}


# What speaks against a bed by the time it is to be kept.


def test_who_is_excluded_since_is_refused(register, propose, apply, by):
    needs = register(MAN, MAN)
    plan = propose(needs)
    one, other = sorted(needs)
    admission.exclude(
        occupant=Occupant.objects.get(pk=one),
        category="threat",
        first_night=TONIGHT,
        last_night=TONIGHT,
        by=by("night_lead"),
    )

    done = apply(plan)

    assert codes(done) == {one: "not_to_be_let_in"}
    assert "Exclu" in str(done.refused[one])
    assert set(held()) == {other}


def test_whose_registration_is_withdrawn_since_is_refused(night, register, propose, apply, by):
    needs = register(MAN, MAN)
    plan = propose(needs)
    one, other = sorted(needs)
    registration = queries.registered(night).get(occupant=one)
    registering.withdraw_registration(registration=registration, by=by("field_worker"))

    assert codes(apply(plan)) == {one: "not_registered"}
    assert set(held()) == {other}


def test_who_is_kept_apart_since_is_refused_into_the_others_dormitory(night, register, propose, apply, by):
    needs = register(MAN, MAN)
    one, other = sorted(needs)
    plan = propose(needs)
    rooms = {bed.id: bed.dormitory_id for bed in queries.board_of(night)}
    assert len({rooms[bed] for bed in planned(plan).values()}) == 1
    admission.keep_apart(
        one=Occupant.objects.get(pk=one), other=Occupant.objects.get(pk=other), by=by("night_lead")
    )

    done = apply(plan)

    assert list(codes(done).values()) == ["keep_apart"]
    assert len(held()) == 1


def test_whose_needs_are_others_since_is_refused(register, propose, apply, needs_of_all):
    needs = register(MAN, MAN)
    plan = propose(needs)
    one, other = sorted(needs)
    needs_of_all[one] = (WOMAN, False)

    assert codes(apply(plan)) == {one: "wrong_zone"}
    assert set(held()) == {other}


def test_a_bed_somebody_goes_back_to_is_nobody_elses(register, propose, apply, by, house):
    """One is refused a bed that is gone; the other was to have the one that the first keeps then."""
    needs = register(MAN, MAN)
    one, other = sorted(needs)
    plan = propose(needs)
    apply(plan)
    beds = held()
    plan.lines.update(bed=None)
    PlannedBed.objects.filter(plan=plan, occupant=other).update(bed=beds[one], before=beds[other])
    PlannedBed.objects.filter(plan=plan, occupant=one).update(bed=house.beds["WO1"], before=beds[one])

    done = apply(plan)

    assert codes(done) == {one: "wrong_zone", other: "bed_taken"}
    assert held() == beds


def test_the_plan_is_not_old_when_people_come_into_the_beds_it_proposed(night, register, propose, apply, by):
    needs = register(MAN, MAN, LOW)
    plan = propose(needs)
    apply(plan, numbers=[min(needs)])
    stepping.step(night=night, to=Night.State.DOORS_OPEN, by=BUILDER)

    for line in plan.lines.select_related("bed", "occupant"):
        placing.check_in(occupant=line.occupant, night=night, by=by("night_worker"), needs=MAN, bed=line.bed)

    assert queries.changes_since(plan) == 0


def test_more_people_take_no_more_statements(register, propose, apply):
    def asked(*needs):
        plan = propose(register(*needs))
        with count_queries() as queries_made:
            apply(plan)
        return queries_made

    same_queries_for(asked(MAN, MAN), asked(*[MAN] * 6))


# Fixed and swapped.


@pytest.fixture
def pin(by, needs_of_all):
    def pinned(plan, number):
        allotting.pin(plan=plan, number=number, needs=needs_of_all, by=by("night_lead"))

    return pinned


@pytest.fixture
def swap(by, needs_of_all):
    def swapped(plan, one, other):
        allotting.swap(plan=plan, one=one, other=other, needs=needs_of_all, by=by("night_lead"))

    return swapped


def fixed(plan):
    return set(plan.lines.filter(is_pinned=True).values_list("occupant", flat=True))


def test_who_is_fixed_has_the_bed_kept_and_stays_in_it_whatever_comes(register, propose, pin, needs_of_all):
    needs = register(MAN)
    plan = propose(needs)
    [one] = needs

    pin(plan, one)
    needs_of_all[one] = (WOMAN, False)
    again = propose(dict(needs_of_all))

    assert held() == planned(plan)
    assert planned(again)[one] == planned(plan)[one]
    assert fixed(again) == {one}
    assert queries.changes_since(plan) == 0


def test_fixed_twice_it_is_told_once(register, propose, pin):
    plan = propose(register(MAN))
    [one] = planned(plan)

    pin(plan, one)
    pin(plan, one)

    assert LogEntry.objects.filter(verb="bed_pinned").count() == 1
    assert BedNight.objects.count() == 1


def test_no_longer_fixed_the_next_plan_decides_again(register, propose, pin, by):
    plan = propose(register(MAN))
    [one] = planned(plan)
    pin(plan, one)

    for _again in range(2):
        allotting.unpin(plan=plan, number=one, by=by("night_lead"))

    assert fixed(plan) == set()
    assert fixed(propose({one: (MAN, False)})) == set()
    assert held() == planned(plan)
    assert LogEntry.objects.filter(verb="bed_unpinned").count() == 1


def test_who_is_here_cannot_be_fixed_in_a_plan(night, register, propose, pin, by):
    plan = propose(register(MAN))
    [line] = plan.lines.select_related("occupant", "bed")
    stepping.step(night=night, to=Night.State.DOORS_OPEN, by=BUILDER)
    placing.check_in(occupant=line.occupant, night=night, by=by("night_worker"), needs=MAN, bed=line.bed)

    with pytest.raises(errors.AlreadyPlaced):
        pin(plan, line.occupant_id)


def test_who_has_no_bed_in_the_plan_cannot_be_fixed(register, propose, pin):
    plan = propose(register(offering.Needs(sleeps="ask")))
    [one] = planned(plan)

    with pytest.raises(errors.Incomplete):
        pin(plan, one)


@pytest.mark.parametrize("told", ["nobody", "one", "both"])
def test_two_swap_planned_or_kept_beds_and_stay_there(register, propose, apply, swap, told):
    needs = register(MAN, MAN)
    one, other = sorted(needs)
    plan = propose(needs)
    beds = planned(plan)
    apply(plan, numbers={"nobody": [], "one": [one], "both": [one, other]}[told])

    swap(plan, one, other)

    assert held() == {one: beds[other], other: beds[one]}
    assert queries.changes_since(plan) == 0
    again = propose(needs)
    assert planned(again) == {one: beds[other], other: beds[one]}
    assert fixed(again) == {one, other}


@pytest.mark.django_db(transaction=True)
def test_a_swap_into_a_bed_one_may_not_have_changes_nothing(register, propose, apply, swap):
    needs = register(MAN, WOMAN)
    one, other = sorted(needs)
    plan = propose(needs)
    apply(plan)
    before = held()

    with pytest.raises(errors.WrongZone):
        swap(plan, one, other)

    assert held() == before
    assert fixed(plan) == set()
    assert not LogEntry.objects.filter(facts__cause="swapped").exists()


# Planned again.


def test_after_a_pipe_has_burst_only_its_people_are_told_another_bed(
    night, register, propose, apply, by, house
):
    needs = register(*[MAN] * 4)
    for number, label in zip(sorted(needs), ("MA1", "MB1"), strict=False):
        somebody = Occupant.objects.get(pk=number)
        placing.hold(occupant=somebody, bed=house.beds[label], night=night, by=by("night_worker"), needs=MAN)
    first = propose(needs)
    apply(first)
    rooms = {bed.id: bed.dormitory for bed in queries.board_of(night)}
    burst = Counter(rooms[bed] for bed in held().values()).most_common()[-1][0]
    theirs = {number for number, bed in held().items() if rooms[bed] == burst}
    housekeeping.close_dormitory(
        dormitory=Dormitory.objects.get(name=burst), reason="repair", first_night=TONIGHT, by=by("night_lead")
    )

    again = propose(needs)

    changed = {line.occupant_id for line in again.lines.all() if line.before_id != line.bed_id}
    assert changed == theirs
    assert {line.occupant_id: line.before_id for line in again.lines.all()} == planned(first)
    assert {rooms[bed] for bed in planned(again).values()} == {"Men A", "Men B"} - {burst}


def test_the_first_plan_changes_nothing_anybody_was_told(register, propose):
    assert not propose(register(MAN, MAN)).lines.exclude(before=None).exists()


def test_who_has_the_bed_of_the_plan_before_keeps_it_though_nobody_was_told(register, propose):
    """Somebody comes whose number is lower; of plans that are worth the same, the one is made that changes least."""
    early = register(MAN)
    later = register(*[MAN] * 4)
    first = propose(later)

    again = propose(early | later)

    assert {number: planned(again)[number] for number in later} == planned(first)


def test_who_was_told_a_bed_is_not_sent_away_for_somebody_turned_away(
    night, register, propose, apply, by, house
):
    """Three beds are left; those they are kept for stay in them, whoever the rules would put in front."""
    told = register(MAN, MAN, MAN)
    apply(propose(told))
    beds = held()
    for label, bed in house.beds.items():
        if label[:2] in {"MA", "MB", "EX"} and bed.pk not in beds.values():
            housekeeping.close_bed(bed=bed, reason="repair", first_night=TONIGHT, by=by("night_lead"))
    Registration.objects.filter(occupant__in=told).update(late=True)

    plan = propose(told | register(LOW))

    assert {number: planned(plan)[number] for number in told} == beds
    assert codes(apply(plan)) == {}


def test_who_wants_to_talk_it_over_keeps_the_bed_they_were_told(night, register, propose, apply, by, house):
    ask = offering.Needs(sleeps="ask")
    needs = register(ask)
    [one] = needs
    placing.keep(
        occupant=Occupant.objects.get(pk=one),
        place=queries.bed_on_board(night, house.beds["MA1"].pk),
        night=night,
        by=by("night_worker"),
        cause="by_hand",
    )

    plan = propose(needs | register(MAN, MAN))

    assert planned(plan)[one] == house.beds["MA1"].pk
    assert codes(apply(plan)) == {}


@pytest.mark.parametrize("how", ["refused", "used up"])
def test_who_would_not_be_let_in_gets_no_bed_and_is_told_why(night, register, propose, apply, by, how):
    needs = register(MAN, MAN)
    one, other = sorted(needs)
    if how == "refused":
        registering.turn_away(
            night=night,
            occupant=Occupant.objects.get(pk=one),
            reason="behaviour_tonight",
            by=by("night_worker"),
        )
    else:
        Setting.objects.create(
            key="nights_without_proof", value="0", first_night=TONIGHT, set_at=night.opened_at or clock.now()
        )
        admission.note_proof(
            occupant=Occupant.objects.get(pk=other),
            night=night,
            kind="work",
            accepted=True,
            by=by("field_worker"),
        )

    plan = propose(needs)

    assert planned(plan)[one] is None
    assert said(plan)[one] == [{"refused": "refused_tonight", "used up": "nights_used_up"}[how]]
    assert planned(plan)[other] is not None
    assert set(apply(plan).held) == {other}


def test_in_the_cold_nobody_is_left_out_for_nights_used_up(night, register, propose, by):
    needs = register(MAN)
    Setting.objects.create(key="nights_without_proof", value="0", first_night=TONIGHT, set_at=clock.now())
    admission.declare_cold_spell(
        first_night=TONIGHT, last_night=TONIGHT, forecast=-9, reason="frost", by=by("coordinator")
    )

    assert None not in planned(propose(needs)).values()


def test_all_beds_kept_leaves_alone_what_was_decided_by_hand(
    night, register, propose, apply, swap, pin, by, house
):
    needs = register(*[MAN] * 5)
    plan = propose(needs)
    one, other, third, fourth, fifth = sorted(needs)
    beds = planned(plan)
    swap(plan, one, other)
    pin(plan, third)
    free = next(
        bed for label, bed in house.beds.items() if label[:2] in {"MA", "MB"} and bed.pk not in beds.values()
    )
    placing.hold(
        occupant=Occupant.objects.get(pk=fourth), bed=free, night=night, by=by("night_worker"), needs=MAN
    )

    apply(plan)

    assert held() == {
        one: beds[other],
        other: beds[one],
        third: beds[third],
        fourth: free.pk,
        fifth: beds[fifth],
    }
    assert codes(apply(plan, numbers=[fourth])) == {}
    assert held()[fourth] == beds[fourth]


def test_somebody_is_fixed_in_the_bed_that_was_meant(register, propose, by, house, needs_of_all):
    needs = register(MAN)
    plan = propose(needs)
    [one] = needs

    allotting.pin(plan=plan, number=one, bed=house.beds["MB2"].pk, needs=needs_of_all, by=by("night_lead"))

    assert held() == {one: house.beds["MB2"].pk}


def test_a_joined_person_with_two_beds_kept_has_one_afterwards(night, register, propose, apply, by, house):
    needs = register(MAN, MAN, MAN)
    one, other, third = sorted(needs)
    for number, label in ((one, "MA1"), (other, "MA2")):
        somebody = Occupant.objects.get(pk=number)
        placing.hold(occupant=somebody, bed=house.beds[label], night=night, by=by("night_worker"), needs=MAN)
    merging.merge(
        kept=Occupant.objects.get(pk=one), gone=Occupant.objects.get(pk=other), by=by("coordinator")
    )
    plan = propose({one: needs[one], third: needs[third]})
    plan.lines.filter(occupant=one).update(bed=house.beds["MB1"])
    PlannedBed.objects.filter(plan=plan, occupant=third).update(bed=house.beds["MB2"])

    done = apply(plan, numbers=[one, third])

    assert codes(done) == {}
    assert sorted(held().values()) == sorted(house.beds[label].pk for label in ("MB1", "MB2"))


# Which plan is meant.


@pytest.mark.parametrize("act", ["apply", "pin", "swap"])
def test_a_plan_that_was_replaced_is_not_acted_upon(register, propose, apply, pin, swap, act):
    needs = register(MAN, MAN)
    old = propose(needs)
    propose(needs)
    acts = {
        "apply": lambda: apply(old),
        "pin": lambda: pin(old, min(needs)),
        "swap": lambda: swap(old, *needs),
    }

    with pytest.raises(errors.StaleVersion):
        acts[act]()


def test_of_two_plans_worked_out_at_once_the_second_is_not_kept(night, register, by):
    needs = register(MAN)
    first, second = (allotting.work_out(night=night, needs=needs) for _lead in range(2))
    allotting.keep_plan(first, by=by("night_lead"))

    with pytest.raises(errors.StaleVersion):
        allotting.keep_plan(second, by=by("coordinator"))


def test_a_bed_fixed_while_a_plan_is_worked_out_is_not_forgotten(night, register, propose, pin, by):
    needs = register(MAN)
    plan = propose(needs)
    proposal = allotting.work_out(night=night, needs=needs)
    pin(plan, min(needs))

    with pytest.raises(errors.StaleVersion):
        allotting.keep_plan(proposal, by=by("coordinator"))


# What a plan knows.


@pytest.mark.parametrize(
    ("what", "changes"),
    [("frozen", 1), ("cold", 1), ("excluded", 1), ("stranger", 0), ("refused", 1), ("supper", 0), ("weight", 1),
     ("later weight", 0), ("returning", 1)],
)  # fmt: skip
def test_only_what_matters_to_a_plan_makes_it_old(night, register, propose, by, occupant, what, changes):
    needs = register(MAN, MAN)
    one = Occupant.objects.get(pk=min(needs))
    plan = propose(needs)
    stranger, lead, coordinator = occupant(), by("night_lead"), by("coordinator")
    nights = {"first_night": TONIGHT, "last_night": TONIGHT}
    acts = {
        "frozen": lambda: LogEntry.objects.create(
            verb="line_drawn", night=night, at=clock.now(), source="tests"
        ),
        "cold": lambda: admission.declare_cold_spell(**nights, forecast=-9, reason="frost", by=coordinator),
        "excluded": lambda: admission.exclude(occupant=one, category="threat", **nights, by=lead),
        "stranger": lambda: admission.exclude(occupant=stranger, category="threat", **nights, by=lead),
        "refused": lambda: registering.turn_away(night=night, occupant=one, reason="no_place", by=lead),
        "supper": lambda: planning.change_setting(
            key="supper", value="19:45", first_night=TONIGHT, reason="late", by=coordinator
        ),
        "weight": lambda: planning.change_setting(
            key="wish_quiet", value="60", first_night=TONIGHT, reason="calm", by=coordinator
        ),
        "later weight": lambda: planning.change_setting(
            key="wish_quiet", value="60", first_night=TONIGHT + 30 * DAY, reason="calm", by=coordinator
        ),
        "returning": lambda: register(MAN),
    }
    acts[what]()

    assert queries.changes_since(plan) == changes


def test_who_registers_while_a_plan_is_read_is_told_of(night, register, by):
    needs = register(MAN)
    as_of = queries.last_line(night)
    register(MAN)

    plan = allotting.keep_plan(allotting.work_out(night=night, needs=needs, as_of=as_of), by=by("night_lead"))

    assert queries.changes_since(plan) == 1
