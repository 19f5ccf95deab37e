"""The watch: rounds from bed to bed, people out for a while, roll calls."""

from django.db import transaction

from shelter import clock, errors, queries, rules
from shelter.actions.locking import lock_bed_night, lock_night
from shelter.actions.placing import moment
from shelter.log import Verb, record
from shelter.models import BedNight, Outing, RollCall, RollCallMark, Round, RoundMark
from shelter.refusing import constraints_speak


@transaction.atomic(savepoint=False)
def start_round(*, night, kind, by):
    """Begin a round; begun on a second phone, it is the same one."""
    night = lock_night(night)
    rules.night_is_at_the_door(night)
    standing = Round.objects.filter(night=night, kind=kind).first()
    if standing is not None:
        return standing
    row = Round.objects.create(night=night, kind=kind, started_at=clock.now(), started_by=by.person)
    record(Verb.ROUND_STARTED, by=by, night=night, kind=kind)
    return row


@transaction.atomic(savepoint=False)
def mark_bed(*, round, bed, seen, by):
    """What was seen in one bed, beside what the ledger says at this moment; a later look replaces it."""
    night = lock_night(round.night)
    rules.night_is_at_the_door(night)
    row = Round.objects.get(pk=round.pk)
    _round_is_open(row)
    taken = BedNight.objects.filter(night=night, bed=bed, state=BedNight.State.IN).first()
    looked = {"seen": seen, "expected": taken, "seen_at": clock.now(), "seen_by": by.person}
    mark, _is_new = RoundMark.objects.update_or_create(round=row, bed=bed, defaults=looked)
    return mark


@transaction.atomic(savepoint=False)
def close_round(*, round, by):
    """End a round: beds nobody marked count as the ledger has them. Closed on two phones, it closed once."""
    night = lock_night(round.night)
    row = Round.objects.get(pk=round.pk)
    if row.closed_at is not None:
        return row
    rules.night_is_at_the_door(night)
    _mark_the_rest_as_expected(row, night, by)
    row.closed_at, row.closed_by = clock.now(), by.person
    row.counted = row.marks.exclude(seen=RoundMark.Seen.EMPTY).count()
    row.save(update_fields=["closed_at", "closed_by", "counted"])
    record(
        Verb.ROUND_CLOSED, by=by, night=night, kind=row.kind, counted=row.counted,
        differences=len(queries.differences_of(row)),
    )  # fmt: skip
    return row


def _round_is_open(row):
    if row.closed_at is not None:
        raise errors.StaleVersion()


def _mark_the_rest_as_expected(row, night, by):
    seen_at, marked = clock.now(), row.marks.values("bed")
    met = row.marks.filter(seen=RoundMark.Seen.THERE, expected__isnull=False).values("expected")
    inside = (
        BedNight.objects.filter(night=night, state=BedNight.State.IN)
        .exclude(bed__in=marked)
        .exclude(pk__in=met)
        .order_by("id")
    )
    RoundMark.objects.bulk_create(
        RoundMark(
            round=row, bed_id=taken.bed_id, seen=RoundMark.Seen.THERE, expected=taken, seen_at=seen_at,
            seen_by=by.person,
        )
        for taken in inside
    )  # fmt: skip


@transaction.atomic(savepoint=False)
def go_out(*, bed_night, kind, by, expected_at=None):
    """Somebody goes out for a while and keeps their bed."""
    row = lock_bed_night(bed_night)
    rules.night_takes_changes(row.night)
    if row.state != BedNight.State.IN:
        raise errors.HoldLapsed()
    standing = Outing.objects.filter(bed_night=row, back_at__isnull=True).first()
    if standing is not None:
        return standing
    with constraints_speak():
        outing = Outing.objects.create(
            bed_night=row, kind=kind, out_at=moment(None, row.night), expected_at=expected_at
        )
    record(Verb.WENT_OUT, by=by, night=row.night, occupant=row.occupant, bed=row.bed, bed_night=row, why=kind)
    return outing


@transaction.atomic(savepoint=False)
def come_in(*, outing, by):
    """Back from outside."""
    row = lock_bed_night(outing.bed_night)
    outing = Outing.objects.get(pk=outing.pk)
    if outing.back_at is not None:
        return outing
    rules.night_takes_changes(row.night)
    outing.back_at = max(moment(None, row.night), outing.out_at)
    outing.save(update_fields=["back_at"])
    record(Verb.CAME_IN, by=by, night=row.night, occupant=row.occupant, bed=row.bed, bed_night=row)
    return outing


@transaction.atomic(savepoint=False)
def start_roll_call(*, night, by):
    """Everybody outside: count them. Started on a second phone, it is the same roll call."""
    night = lock_night(night)
    standing = RollCall.objects.filter(night=night, ended_at__isnull=True).first()
    if standing is not None:
        return standing
    row = RollCall.objects.create(night=night, started_at=clock.now(), started_by=by.person)
    record(Verb.ROLL_CALL_STARTED, by=by, night=night)
    return row


@transaction.atomic(savepoint=False)
def see_safe(*, roll_call, bed_nights, by):
    """These people were seen safe. Phones send what they have; seen once is seen, whoever else sends it too."""
    night = lock_night(roll_call.night)
    if RollCall.objects.get(pk=roll_call.pk).ended_at is not None:
        raise errors.StaleVersion()
    inside = BedNight.objects.filter(night=night, pk__in=bed_nights, state=BedNight.State.IN).order_by("id")
    RollCallMark.objects.bulk_create(
        (
            RollCallMark(roll_call=roll_call, bed_night=row, seen_at=clock.now(), seen_by=by.person)
            for row in inside
        ),
        ignore_conflicts=True,
    )
    return roll_call.marks.count()


@transaction.atomic(savepoint=False)
def end_roll_call(*, roll_call, by):
    night = lock_night(roll_call.night)
    row = RollCall.objects.get(pk=roll_call.pk)
    if row.ended_at is None:
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
        record(Verb.ROLL_CALL_ENDED, by=by, night=night, seen=row.marks.count())
    return row
