"""Giving beds: hold, check in, move, leave, come back, release."""

from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from shelter import clock, errors, nights, offering, queries, rules
from shelter.actions.locking import lock_bed_night, lock_night
from shelter.log import Verb, record
from shelter.models import Bed, BedNight, Move, Occupant, Outing
from shelter.refusing import constraints_speak


@transaction.atomic(savepoint=False)
def hold(*, occupant, bed, night, by, needs=offering.Needs(), cause=""):  # noqa: B008 (frozen)
    """Keep a bed for somebody expected tonight who has none yet."""
    night = lock_night(night)
    rules.night_takes_registrations(night)
    admission = admission_of(occupant, night)
    mine = queries.nights_of_occupant(occupant).filter(night=night).first()
    place = queries.bed_on_board(night, bed.pk)
    placing = _placing(
        night=night,
        occupant=occupant,
        place=place,
        bed=bed,
        needs=needs,
        by=by,
        mine=mine,
        admission=admission,
    )
    rules.enforce(rules.HOLD, placing)
    if mine is not None and mine.bed_id != bed.pk:
        raise errors.AlreadyPlaced(bed=mine.bed.label)
    if mine is not None:
        return mine
    return keep(occupant=occupant, place=placing.bed, night=night, by=by, cause=cause)


def keep(*, occupant, place, night, by, cause, kept_for=""):
    """Write the hold down; the caller has locked the night and seen that nothing speaks against it."""
    bed = Bed(pk=place.id, label=place.label)
    with constraints_speak(bed=bed.label):
        row = BedNight.objects.create(
            occupant=occupant,
            bed=bed,
            night=night,
            state=BedNight.State.HELD,
            kept_for=kept_for,
            held_at=clock.now(),
        )
    record(Verb.BED_HELD, by=by, night=night, occupant=occupant, bed=bed, bed_night=row, cause=cause)
    return row


@transaction.atomic(savepoint=False)
def keep_for_service(*, service, bed, night, by):
    """Keep a bed for whomever a service (Premier Appel, police …) brings, until kept beds are released.

    Its occupant is a new number: whoever comes may stay behind it, or be let in under their own.
    """
    night = lock_night(night)
    rules.night_takes_registrations(night)
    place = queries.bed_on_board(night, bed.pk)
    placing = _placing(night=night, occupant=Occupant(), place=place, bed=bed, needs=offering.Needs(), by=by)
    rules.enforce((rules.bed_is_in_service, rules.bed_is_free), placing)
    return keep(
        occupant=Occupant.objects.create(),
        place=placing.bed,
        night=night,
        by=by,
        cause=service,
        kept_for=service,
    )


@transaction.atomic(savepoint=False)
def check_in(
    *,
    occupant,
    night,
    by,
    bed=None,
    needs=offering.Needs(),  # noqa: B008 (frozen)
    override_reason="",
    occurred_at=None,
    is_registered=None,
):
    """Let somebody in and give them a bed: the one asked for, the one kept for them, or the best free one.

    `bed` is a `Bed` or None. `occurred_at` is when it happened, for entries made afterwards. Returns the
    bed-night; a second check-in into the same bed returns the first one.
    """
    night = lock_night(night)
    arrived_at = moment(occurred_at, night)
    admission = admission_of(occupant, night)
    if is_registered is not None:
        admission = replace(admission, is_registered=is_registered)
    history = queries.latest_of_occupant(occupant, night)
    mine = next((row for row in history if row.night_id == night.pk), None)
    if mine is not None and mine.state == BedNight.State.IN and (bed is None or bed.pk == mine.bed_id):
        return mine
    needs = replace(needs, keep_out=admission.rooms_to_avoid)
    place = _place_for(night, bed, mine, history, needs, by)
    placing = _placing(
        night=night,
        occupant=occupant,
        place=place,
        bed=bed,
        needs=needs,
        by=by,
        mine=mine,
        admission=admission,
        places_left=places_left(night, admission.inside),
        at=arrived_at,
    )
    overridden = rules.enforce(rules.CHECK_IN, placing, override_reason=override_reason)
    facts = {"was": mine.state, "from_bed": mine.bed_id} if mine else {"was": ""}
    row = mine or BedNight(occupant=occupant, night=night)
    row.bed = Bed(pk=placing.bed.id, label=placing.bed.label)
    row.state, row.arrived_at = BedNight.State.IN, arrived_at
    with constraints_speak(bed=placing.bed.label):
        row.save()
    if overridden:
        facts["overridden"] = overridden
    if placing.bed.zone not in needs.zones:
        facts["zone"] = placing.bed.zone
    record(
        Verb.CHECKED_IN,
        by=by,
        night=night,
        occupant=Occupant(pk=row.occupant_id),
        bed=row.bed,
        bed_night=row,
        reason=override_reason if overridden else "",
        **facts,
    )
    return row


@transaction.atomic(savepoint=False)
def move(*, bed_night, bed, by, needs=offering.Needs(), override_reason=""):  # noqa: B008 (frozen)
    """Give another bed tonight to somebody who is here or expected."""
    row = lock_bed_night(bed_night)
    rules.night_takes_changes(row.night)
    if row.state not in BedNight.BLOCKS_THE_BED:
        raise errors.HoldLapsed()
    if row.bed_id == bed.pk:
        return row
    place = queries.bed_on_board(row.night, bed.pk)
    placing = _placing(
        night=row.night, occupant=row.occupant, place=place, bed=bed, needs=needs, by=by, mine=row,
        admission=queries.admission_of(row.occupant, row.night),
    )  # fmt: skip
    overridden = rules.enforce(rules.MOVE, placing, override_reason=override_reason)
    from_bed = row.bed
    row.bed = bed
    with constraints_speak(bed=bed.label):
        row.save(update_fields=["bed"])
    reason = override_reason if overridden else ""
    Move.objects.create(bed_night=row, from_bed=from_bed, to_bed=bed, moved_at=clock.now(), reason=reason)
    record(
        Verb.MOVED, by=by, night=row.night, occupant=row.occupant, bed=bed, bed_night=row, reason=reason,
        from_bed=from_bed.pk, overridden=overridden,
    )  # fmt: skip
    return row


@transaction.atomic(savepoint=False)
def leave(*, bed_night, by, occurred_at=None, cause=""):
    """Somebody goes, for good or until they come back tonight; their bed is free from then on."""
    row = lock_bed_night(bed_night)
    if row.state == BedNight.State.LEFT:
        return row
    rules.night_takes_changes(row.night)
    if row.state != BedNight.State.IN:
        raise errors.HoldLapsed()
    row.state, row.left_at = BedNight.State.LEFT, max(moment(occurred_at, row.night), row.arrived_at)
    row.save(update_fields=["state", "left_at"])
    Outing.objects.filter(bed_night=row, back_at__isnull=True).update(back_at=Greatest("out_at", row.left_at))
    record(Verb.LEFT, by=by, night=row.night, occupant=row.occupant, bed=row.bed, bed_night=row, cause=cause)
    return row


@transaction.atomic(savepoint=False)
def come_back(*, bed_night, by, bed=None, needs=offering.Needs(), override_reason=""):  # noqa: B008 (frozen)
    """Somebody who left comes back within the night: into the same bed if it is free, else into another."""
    row = lock_bed_night(bed_night)
    if row.state == BedNight.State.IN:
        return row
    rules.night_takes_changes(row.night)
    if row.state != BedNight.State.LEFT:
        raise errors.HoldLapsed()
    admission = queries.admission_of(row.occupant, row.night)
    place = queries.bed_on_board(row.night, (bed or row.bed).pk)
    if bed is None and (place is None or place.state != offering.FREE):
        needs = replace(needs, keep_out=admission.rooms_to_avoid)
        place = _proposed(row.night, replace(needs, last_bed=row.bed_id))
    placing = _placing(
        night=row.night,
        occupant=row.occupant,
        place=place,
        bed=bed or row.bed,
        needs=needs,
        by=by,
        mine=row,
        admission=admission,
        places_left=places_left(row.night, admission.inside),
    )
    overridden = rules.enforce(rules.RETURN, placing, override_reason=override_reason)
    facts = {"from_bed": row.bed_id, "left_at": row.left_at.isoformat(), "overridden": overridden}
    row.bed_id, row.state, row.left_at = placing.bed.id, BedNight.State.IN, None
    with constraints_speak(bed=placing.bed.label):
        row.save(update_fields=["bed", "state", "left_at"])
    record(
        Verb.RETURNED, by=by, night=row.night, occupant=row.occupant, bed=Bed(pk=placing.bed.id),
        bed_night=row, reason=override_reason if overridden else "", **facts,
    )  # fmt: skip
    return BedNight.objects.select_related("bed", "occupant", "night").get(pk=row.pk)


@transaction.atomic(savepoint=False)
def release(*, bed_night, by, cause):
    """Stop keeping a bed for somebody who has not come."""
    row = lock_bed_night(bed_night)
    if row.state == BedNight.State.RELEASED:
        return row
    rules.night_takes_changes(row.night)
    if row.state != BedNight.State.HELD:
        raise errors.HoldLapsed()
    return let_go(row, by=by, cause=cause)


def let_go(row, *, by, cause):
    """Write the release of a held bed down; the caller has locked the night."""
    row.state, row.ended_at = BedNight.State.RELEASED, clock.now()
    row.save(update_fields=["state", "ended_at"])
    record(
        Verb.RELEASED, by=by, night=row.night, occupant=row.occupant, bed=row.bed, bed_night=row, cause=cause
    )
    return row


def let_go_unclaimed(row, *, by):
    """Write down that nobody came for a held bed, or that the service it was kept for brought nobody."""
    return let_go(row, by=by, cause="not_brought" if row.kept_for else "no_show")


def _placing(*, place, bed, **known):
    if place is None:
        raise errors.BedOutOfService(bed=bed.label or bed.pk)
    return rules.Placing(bed=place, **known)


def admission_of(occupant, night):
    """How the person stands before tonight's rules; a file joined with another one is no way in."""
    admission = queries.admission_of(occupant, night)
    if admission.same_as is not None:
        raise errors.MergedAway(number=f"{admission.same_as:04d}")
    return admission


def _place_for(night, bed, mine, history, needs, by):
    """The bed as it stands: the one asked for, the one kept, or the one proposed."""
    if bed is not None:
        place = queries.bed_on_board(night, bed.pk)
        is_anothers = place is not None and place.kept_for and (mine is None or place.bed_night != mine.pk)
        return _taken_up(place, night, by) if is_anothers else place
    if mine is not None and mine.state == BedNight.State.HELD:
        return queries.bed_on_board(night, mine.bed_id)
    rules.night_is_at_the_door(night)
    if mine is not None:
        raise errors.AlreadyPlaced(bed=mine.bed.label)
    return _proposed(night, needs, last=last_slept(history, night))


def _taken_up(place, night, by):
    """A bed kept for a service goes to the person it brings: asking for that bed by name takes it up."""
    row = BedNight.objects.select_related("bed", "occupant").get(pk=place.bed_night)
    row.night = night
    let_go(row, by=by, cause="taken_up")
    return queries.bed_on_board(night, place.id)


def _proposed(night, needs, last=None):
    if needs.sleeps == "ask" and not needs.dog:
        raise errors.WhereToSleepIsOpen()
    board = queries.board_of(night)
    if last is not None:
        dormitory = next((bed.dormitory_id for bed in board if bed.id == last.bed_id), None)
        needs = replace(needs, last_bed=last.bed_id, last_dormitory=dormitory)
    offer = offering.best(needs, queries.places_of(board))
    if offer is None:
        raise errors.ZoneFull() if any(bed.state == offering.FREE for bed in board) else errors.HouseFull()
    return next(bed for bed in board if bed.id == offer.place.bed)


def last_slept(history, night):
    """The bed-night of the last stay; a bed that was only kept is none."""
    return next((row for row in history if row.night_id != night.pk and row.state in BedNight.SLEPT), None)


def places_left(night, inside=None):
    """How many more people the limit in force allows; None without a limit. The night must be locked."""
    if not night.open_places:
        return None
    if inside is None:
        inside = BedNight.objects.filter(night=night, state=BedNight.State.IN).count()
    return int(night.open_places) - inside


def moment(occurred_at, night):
    """Now, or the earlier moment something happened; it must lie within the night.

    What is done about a night after its end, and says no time, is put at its end.
    """
    now, (start, end) = clock.now(), nights.bounds(night.date)
    if occurred_at is None:
        return min(now, end - timedelta(seconds=1))
    if not start <= occurred_at < end or occurred_at > now:
        raise errors.Incomplete(what=_("The time given does not lie within this night, or is still to come."))
    return occurred_at
