"""Each constraint is demanded once, and a broken one is turned back into its refusal by its name."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import translation

from shelter import clock, errors, offering, rules
from shelter.actions import placing
from shelter.models import (
    Activation,
    Bed,
    BedNight,
    BedPlan,
    BedPosition,
    Closure,
    ColdDecision,
    ColdSpell,
    Draw,
    Exclusion,
    KeepApart,
    Letter,
    Membership,
    Merge,
    Move,
    Night,
    Occupant,
    OpeningPeriod,
    Organisation,
    Outing,
    PlannedBed,
    Refusal,
    Registration,
    RollCall,
    RollCallMark,
    Round,
    RoundMark,
    Setting,
    StoredAnswer,
    Zoning,
)
from shelter.refusing import REFUSALS, broken_constraint, constraints_speak
from tests.conftest import TONIGHT

MAN = offering.Needs(sleeps="men")
DAY = timedelta(days=1)


@pytest.fixture
def scene(night, house, occupant, people):
    """What the breakers below need: a night with open doors, a house, two people who are numbers."""
    return {
        "night": night, "house": house, "now": clock.now(), "one": occupant(), "two": occupant(),
        "colleague": people["nurse"],
    }  # fmt: skip


def held(*, night, house, now, one, label="MA1", **_scene):
    return BedNight.objects.create(
        occupant=one, bed=house.beds[label], night=night, state="held", held_at=now
    )


def letter_to_nobody(**_scene):
    Letter.objects.create(key="lost", subject="x", text="x", send_after=clock.now())


def two_in_a_bed(*, two, **scene):
    held(**scene)
    held(**scene | {"one": two})


def one_in_two_beds(**scene):
    held(**scene)
    held(**scene, label="MA2")


def registered_twice(*, night, one, now, **_scene):
    for _time in range(2):
        Registration.objects.create(occupant=one, night=night, registered_at=now)


def in_without_arrival(*, night, house, one, **_scene):
    BedNight.objects.create(occupant=one, bed=house.beds["MA1"], night=night, state="in")


def move_to_the_same_bed(**scene):
    row = held(**scene)
    Move.objects.create(bed_night=row, from_bed=row.bed, to_bed=row.bed, moved_at=scene["now"])


def refusal_without_a_reason(*, night, now, **_scene):
    Refusal.objects.create(night=night, reason="bad mood", refused_at=now)


def open_without_its_time(*, night, **_scene):
    Night.objects.filter(pk=night.pk).update(doors_opened_at=None)


def period_backwards(*, night, **_scene):
    OpeningPeriod.objects.create(
        season=night.season, service="night", first_date=date(2027, 5, 2), last_date=date(2027, 5, 1)
    )


def two_periods_from_one_date(*, night, **_scene):
    for last in (date(2027, 5, 2), date(2027, 5, 3)):
        OpeningPeriod.objects.create(
            season=night.season, service="night", first_date=date(2027, 5, 1), last_date=last
        )


def zoned_twice(*, house, **_scene):
    for zone in ("men", "women"):
        Zoning.objects.create(dormitory=house.dormitories["MA"], zone=zone, first_night=TONIGHT)


def unknown_zone(*, house, **_scene):
    Zoning.objects.create(dormitory=house.dormitories["MA"], zone="attic", first_night=TONIGHT)


def positioned_twice(*, house, **_scene):
    for room in ("MA", "MB"):
        BedPosition.objects.create(
            bed=house.beds["MA1"], dormitory=house.dormitories[room], first_night=TONIGHT
        )


def closure(*, house, now, **changed):
    usual = {"bed": house.beds["MA1"], "reason": "repair", "first_night": TONIGHT, "closed_at": now}
    Closure.objects.create(**usual | changed)


def activation(*, now, **changed):
    usual = {
        "layer": "extension", "number": 1, "first_night": TONIGHT, "reason": "cold", "approval": "ITM",
        "activated_at": now,
    }  # fmt: skip
    Activation.objects.create(**usual | changed)


def membership(*, house, colleague, **changed):
    usual = {"organisation": house.organisations["HUT"], "role": "nurse", "first_day": TONIGHT}
    Membership.objects.create(person=colleague, **usual | changed)


def answered_twice(*, colleague, now, **_scene):
    for _time in range(2):
        StoredAnswer.objects.create(person=colleague, key="k", request="r", stored_at=now)


def cold_spell(*, now, last_night=TONIGHT, **_scene):
    return ColdSpell.objects.create(first_night=TONIGHT, last_night=last_night, declared_at=now)


def exclusion(*, one, now, changed=(), **_scene):
    usual = {
        "category": "threat", "first_night": TONIGHT, "last_night": TONIGHT, "decided_at": now,
    }  # fmt: skip
    return Exclusion.objects.create(occupant=one, **usual | dict(changed))


def cold_decision_without_a_word(*, now, **scene):
    ColdDecision.objects.create(
        exclusion=exclusion(now=now, **scene), cold_spell=cold_spell(now=now), admitted=True, risk_note="",
        decided_at=now,
    )  # fmt: skip


def kept_apart(first, second, now):
    KeepApart.objects.create(first=first, second=second, since=now)


def kept_apart_twice(*, one, two, now, **_scene):
    for _time in range(2):
        kept_apart(one, two, now)


def merged_into_two(*, one, two, now, **_scene):
    for kept in (two, Occupant.objects.create()):
        Merge.objects.create(kept=kept, gone=one, merged_at=now)


def rounds(*, night, now, changed=(), times=1, **_scene):
    for _time in range(times):
        Round.objects.create(night=night, kind="census", started_at=now, **dict(changed))


def marked_twice(*, night, house, now, **_scene):
    walk = Round.objects.create(night=night, kind="census", started_at=now)
    for seen in ("empty", "there"):
        RoundMark.objects.create(round=walk, bed=house.beds["MA1"], seen=seen, seen_at=now)


def out_twice(**scene):
    row = held(**scene)
    for _time in range(2):
        Outing.objects.create(bed_night=row, kind="smoke", out_at=scene["now"])


def back_before_going_out(**scene):
    before = scene["now"] - timedelta(seconds=1)
    Outing.objects.create(bed_night=held(**scene), kind="smoke", out_at=scene["now"], back_at=before)


def two_roll_calls(*, night, now, **_scene):
    for _time in range(2):
        RollCall.objects.create(night=night, started_at=now)


def seen_safe_twice(**scene):
    call = RollCall.objects.create(night=scene["night"], started_at=scene["now"])
    row = held(**scene)
    for _time in range(2):
        RollCallMark.objects.create(roll_call=call, bed_night=row, seen_at=scene["now"])


def drawn_without_a_line(*, night, now, **_scene):
    other = Night.objects.exclude(pk=night.pk).first()
    Draw.objects.create(night=other, seed="a", digest="b", fixed_at=now, drawn_at=now)


def plan(*, night, now, bound=7, **_scene):
    return BedPlan.objects.create(night=night, made_at=now, as_of=0, objective=7, bound=bound)


def planned_twice(*, one, **scene):
    row = plan(**scene)
    for position in (1, 2):
        PlannedBed.objects.create(plan=row, occupant=one, position=position)


def two_planned_for_a_bed(*, one, two, house, **scene):
    row = plan(**scene)
    for position, somebody in enumerate((one, two), 1):
        PlannedBed.objects.create(plan=row, occupant=somebody, bed=house.beds["MA1"], position=position)


def extra_bed(label, **changed):
    Bed.objects.create(label=label, **{"layer": "extension", "opening_order": 1} | changed)


BREAKERS = {
    "a_letter_goes_somewhere": letter_to_nobody,
    "one_occupant_per_bed_and_night": two_in_a_bed,
    "one_bed_per_occupant_and_night": one_in_two_beds,
    "bed_night_state_and_times_agree": in_without_arrival,
    "a_move_changes_the_bed": move_to_the_same_bed,
    "one_registration_per_occupant_and_night": registered_twice,
    "refusal_has_one_known_reason": refusal_without_a_reason,
    "night_state_and_times_agree": open_without_its_time,
    "period_ends_after_it_begins": period_backwards,
    "one_period_begins_on_a_date": two_periods_from_one_date,
    "one_zone_per_dormitory_and_night": zoned_twice,
    "zoning_has_a_known_zone": unknown_zone,
    "one_position_per_bed_and_night": positioned_twice,
    "bed_has_a_known_level": lambda **_scene: Bed.objects.create(label="X1", level="attic"),
    "only_extra_beds_have_an_opening_order": lambda **_scene: extra_bed("X1", layer="nominal"),
    "extra_beds_open_one_by_one": lambda **_scene: extra_bed("X1"),  # EX1 is number one already
    "closure_is_of_a_bed_or_a_dormitory": lambda house, now, **_scene: closure(
        house=house, now=now, dormitory=house.dormitories["MA"]
    ),
    "closure_ends_after_it_begins": lambda house, now, **_scene: closure(
        house=house, now=now, last_night=TONIGHT - DAY
    ),
    "closure_has_one_known_reason": lambda house, now, **_scene: closure(
        house=house, now=now, reason="ghosts"
    ),
    "activation_ends_after_it_begins": lambda now, **_scene: activation(now=now, last_night=TONIGHT - DAY),
    "activation_opens_a_place": lambda now, **_scene: activation(now=now, number=0),
    "activation_is_of_an_extra_layer": lambda now, **_scene: activation(now=now, layer="nominal"),
    "setting_has_a_known_key": lambda now, **_scene: Setting.objects.create(
        key="favourite_soup", value="leek", first_night=TONIGHT, set_at=now, reason="taste"
    ),
    "organisation_ends_after_it_begins": lambda **_scene: Organisation.objects.create(
        code="X", name="X", first_day=TONIGHT, last_day=TONIGHT - DAY
    ),
    "membership_has_a_known_role": lambda house, colleague, **_scene: membership(
        house=house, colleague=colleague, role="king"
    ),
    "membership_ends_after_it_begins": lambda house, colleague, **_scene: membership(
        house=house, colleague=colleague, last_day=TONIGHT - DAY
    ),
    "one_answer_per_person_and_key": answered_twice,
    "cold_spell_ends_after_it_begins": lambda now, **_scene: cold_spell(now=now, last_night=TONIGHT - DAY),
    "exclusion_ends_after_it_begins": lambda **scene: exclusion(
        **scene, changed={"last_night": TONIGHT - DAY}
    ),
    "exclusion_is_seconded_by_somebody_else": lambda colleague, **scene: exclusion(
        **scene, changed={"decided_by": colleague, "seconded_by": colleague}
    ),
    "exclusion_is_lifted_with_a_reason": lambda now, **scene: exclusion(
        now=now, **scene, changed={"lifted_at": now}
    ),
    "cold_decision_weighs_the_risk": cold_decision_without_a_word,
    "a_pair_is_written_lower_number_first": lambda one, two, now, **_scene: kept_apart(two, one, now),
    "a_pair_is_kept_apart_once": kept_apart_twice,
    "a_merge_joins_two_numbers": lambda one, now, **_scene: Merge.objects.create(
        kept=one, gone=one, merged_at=now
    ),
    "a_number_is_merged_once": merged_into_two,
    "one_round_of_a_kind_a_night": lambda **scene: rounds(**scene, times=2),
    "a_closed_round_has_counted": lambda now, **scene: rounds(now=now, **scene, changed={"closed_at": now}),
    "one_mark_per_round_and_bed": marked_twice,
    "one_outing_at_a_time": out_twice,
    "an_outing_ends_after_it_begins": back_before_going_out,
    "one_roll_call_at_a_time": two_roll_calls,
    "one_mark_per_roll_call_and_person": seen_safe_twice,
    "a_draw_has_a_line": drawn_without_a_line,
    "no_plan_is_better_than_its_bound": lambda **scene: plan(**scene, bound=6),
    "one_line_per_person_and_plan": planned_twice,
    "one_person_per_bed_and_plan": two_planned_for_a_bed,
}


def declared(storey="shelter"):
    """The names of all constraints of a storey, of the ground floor if not told which."""
    models = apps.get_app_config(storey).get_models()
    return sorted(constraint.name for model in models for constraint in model._meta.constraints)


def test_each_constraint_of_the_ground_floor_is_demanded_below():
    assert sorted(BREAKERS) == declared()


@pytest.mark.parametrize("name", BREAKERS)
def test_the_database_refuses_what_breaks_a_constraint_and_its_name_is_known(scene, name):
    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        BREAKERS[name](**scene)

    assert broken_constraint(broken.value) == name


# What each state of a bed-night asks of its times, tried one by one.

TIMES = ("held_at", "arrived_at", "left_at", "ended_at")
MAY_BE = {  # by hand: held, arrived, left, ended; None where either will do
    "held": [(True, False, False, False)],
    "in": [(None, True, False, False)],
    "left": [(None, True, True, False)],
    "released": [(None, False, False, True)],
    "undone": [(None, None, None, True)],
}
COMBINATIONS = [
    (state, tuple(bool(number >> bit & 1) for bit in range(4))) for state in MAY_BE for number in range(16)
]


def allowed(state, times):
    return any(
        all(asked is None or asked == given for asked, given in zip(pattern, times, strict=True))
        for pattern in MAY_BE[state]
    )


@pytest.mark.parametrize(("state", "times"), COMBINATIONS)
def test_the_state_of_a_bed_night_and_its_times_agree(scene, state, times):
    now = scene["now"]
    given = {name: now for name, is_set in zip(TIMES, times, strict=True) if is_set}
    row = BedNight(
        occupant=scene["one"], bed=scene["house"].beds["MA1"], night=scene["night"], state=state, **given
    )

    try:
        with transaction.atomic():
            row.save()
        accepted = True
    except IntegrityError as error:
        accepted = False
        assert broken_constraint(error) == "bed_night_state_and_times_agree"

    assert accepted == allowed(state, times)


def test_nobody_leaves_before_they_arrive(scene):
    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        BedNight.objects.create(
            occupant=scene["one"], bed=scene["house"].beds["MA1"], night=scene["night"], state="left",
            arrived_at=scene["now"], left_at=scene["now"] - timedelta(seconds=1),
        )  # fmt: skip

    assert broken_constraint(broken.value) == "bed_night_state_and_times_agree"


def test_what_is_over_blocks_neither_the_bed_nor_the_person(scene):
    past = {"occupant": scene["one"], "bed": scene["house"].beds["MA1"], "night": scene["night"]}
    now = scene["now"]
    BedNight.objects.create(**past, state="released", ended_at=now)
    BedNight.objects.create(**past, state="undone", ended_at=now)

    row = held(**scene)

    assert row.pk is not None


def test_who_has_left_blocks_the_night_but_not_the_bed(scene):
    bed, night, now = scene["house"].beds["MA1"], scene["night"], scene["now"]
    BedNight.objects.create(
        occupant=scene["one"], bed=bed, night=night, state="left", arrived_at=now, left_at=now
    )

    held(**scene | {"one": scene["two"]})
    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        held(**scene, label="MA2")

    assert broken_constraint(broken.value) == "one_bed_per_occupant_and_night"


# Constraints that speak.


def test_each_refusal_belongs_to_a_constraint_or_to_a_promise_of_the_database_alone():
    storeys = {*declared(), *declared("rota")}

    assert set(REFUSALS) - storeys == {"night_is_sealed", "nobody_has_two_shifts_at_once"}


@pytest.mark.parametrize("name", sorted(set(REFUSALS) & set(BREAKERS)))
def test_a_broken_constraint_leaves_as_its_refusal(scene, name):
    with pytest.raises(REFUSALS[name]) as refusal, transaction.atomic(), constraints_speak(bed="MA1"):
        BREAKERS[name](**scene)

    assert (refusal.value.facts, type(refusal.value.__cause__)) == ({"bed": "MA1"}, IntegrityError)


def test_a_constraint_without_a_refusal_stays_an_error(scene):
    with pytest.raises(IntegrityError), transaction.atomic(), constraints_speak(bed="MA1"):
        in_without_arrival(**scene)


def test_without_a_broken_constraint_nothing_is_said(db):
    with constraints_speak():
        done = True

    assert done


def test_an_error_of_another_kind_is_no_constraint(db):
    with pytest.raises(ZeroDivisionError), constraints_speak():
        raise ZeroDivisionError

    assert broken_constraint(IntegrityError("FOREIGN KEY constraint failed")) not in REFUSALS


def test_where_the_rules_did_not_see_it_the_constraint_refuses(scene, by, monkeypatch):
    for rule_list in ("CHECK_IN", "HOLD", "MOVE"):
        monkeypatch.setattr(rules, rule_list, ())
    night, beds, worker = scene["night"], scene["house"].beds, by("night_worker")
    placing.check_in(occupant=scene["one"], bed=beds["MA1"], night=night, by=worker, needs=MAN)
    other = placing.check_in(occupant=scene["two"], bed=beds["MA2"], night=night, by=worker, needs=MAN)

    with pytest.raises(errors.BedTaken), transaction.atomic():
        placing.move(bed_night=other, bed=beds["MA1"], by=worker, needs=MAN)

    assert sorted(BedNight.objects.values_list("bed__label", flat=True)) == ["MA1", "MA2"]


# The words of a refusal.


def refusals():
    """Every refusal of every storey."""
    found, todo = [], [errors.Refused]
    while todo:
        kind = todo.pop()
        todo.extend(kind.__subclasses__())
        found.append(kind)
    return sorted(found, key=lambda kind: kind.__name__)


def test_each_refusal_has_a_code_of_its_own():
    own = [kind.code for kind in refusals() if kind is not errors.Refused]

    assert sorted(own) == sorted(set(own))


def test_the_refusals_of_the_contract_have_their_codes():
    promised = {
        "bed_taken", "already_placed", "house_full", "zone_full", "bed_out_of_service", "wrong_zone",
        "night_not_open", "doors_closed", "night_sealed", "hold_lapsed", "not_registered", "stale_version",
        "key_reused", "key_in_flight", "not_allowed", "excluded", "nights_used_up", "keep_apart",
    }  # fmt: skip

    assert promised - {kind.code for kind in refusals()} == set()


def test_leads_may_override_what_the_contract_marks_with_a_star():
    starred = {kind.code for kind in refusals() if kind.overridable_by}

    assert starred == {
        "wrong_zone", "doors_closed", "not_registered", "keep_apart", "excluded", "nights_used_up",
    }  # fmt: skip


def test_a_refusal_says_its_facts_in_the_language_of_the_reader():
    refusal = errors.BedTaken(bed="B-214")

    with translation.override("en"):
        english = str(refusal)
    with translation.override("fr"):
        french = str(refusal)

    assert english == "Bed B-214 is already taken for this night."
    assert ("B-214" in french, refusal.facts) == (True, {"bed": "B-214"})
