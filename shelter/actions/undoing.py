"""Taking back one of the last acts at the door: the ledger returns to what it was, the log keeps both."""

from datetime import datetime

from django.db import transaction

from shelter import clock, errors, offering, queries, rules
from shelter.actions.locking import lock_bed_night, lock_night
from shelter.actions.placing import places_left
from shelter.actor import CLOCK
from shelter.log import Verb, record
from shelter.models import Bed, BedNight, LogEntry, Move, Refusal
from shelter.refusing import constraints_speak


@transaction.atomic(savepoint=False)
def undo(*, entry, by):
    """Take back what a log line tells of, if nothing else has happened to that bed-night since."""
    if entry.verb not in queries.UNDOABLE:
        raise errors.NotAllowed()
    return _undo_refusal(entry, by) if entry.verb == Verb.REFUSED else _undo_bed_night(entry, by)


def undo_last(*, bed_night, by):
    """Take back the last act on one bed-night."""
    entry = (
        LogEntry.objects.filter(bed_night=bed_night, undone_by__isnull=True)
        .exclude(verb=Verb.UNDONE)
        .order_by("-id")
        .first()
    )
    if entry is None:
        raise errors.StaleVersion()
    return undo(entry=entry, by=by)


def _undo_bed_night(entry, by):
    row = lock_bed_night(entry.bed_night)
    rules.night_takes_changes(row.night)
    _nothing_came_after(entry, row)
    before = (row.bed_id, row.state)
    _BACK[entry.verb](row, entry)
    _may_lie_there_again(row, *before)
    with constraints_speak(bed=row.bed.label):
        row.save()
    if entry.verb == Verb.MOVED:
        Move.objects.create(bed_night=row, from_bed_id=before[0], to_bed=row.bed, moved_at=clock.now())
    record(
        Verb.UNDONE, by=by, night=row.night, occupant=row.occupant, bed=row.bed, bed_night=row, undoes=entry,
        verb_undone=entry.verb,
    )  # fmt: skip
    return row


def _nothing_came_after(entry, row):
    """No later act on the same bed-night stands, and this one was not taken back before."""
    later = LogEntry.objects.filter(bed_night=row, id__gt=entry.pk, undone_by__isnull=True)
    standing = later.exclude(verb=Verb.UNDONE, undoes__isnull=False)
    if standing.exists() or LogEntry.objects.filter(undoes=entry).exists():
        raise errors.StaleVersion()


def _may_lie_there_again(row, bed_before, state_before):
    """The bed gone back to must still stand, be in service and be free; and a place must be left."""
    if row.state not in BedNight.BLOCKS_THE_BED:
        return
    if row.bed_id == bed_before and state_before in BedNight.BLOCKS_THE_BED:
        return
    place = queries.bed_on_board(row.night, row.bed_id)
    if place is None:
        raise errors.BedOutOfService(bed=row.bed.label)
    left = places_left(row.night) if state_before == BedNight.State.LEFT else None
    placing = rules.Placing(
        night=row.night, occupant=row.occupant, bed=place, needs=offering.Needs(), by=CLOCK, mine=row,
        places_left=left, admission=queries.admission_of(row.occupant, row.night),
    )  # fmt: skip
    may = (rules.bed_is_in_service, rules.bed_is_free, rules.people_are_kept_apart, rules.a_place_is_left)
    rules.enforce(may, placing)


def _back_from_check_in(row, entry):
    row.arrived_at = None
    if entry.facts.get("was") == BedNight.State.HELD:
        row.state, row.bed = BedNight.State.HELD, Bed.objects.get(pk=entry.facts["from_bed"])
    else:
        row.state, row.ended_at = BedNight.State.UNDONE, clock.now()


def _back_from_move(row, entry):
    row.bed = Bed.objects.get(pk=entry.facts["from_bed"])


def _back_from_leaving(row, entry):
    row.state, row.left_at = BedNight.State.IN, None


def _back_from_coming_back(row, entry):
    row.state, row.bed = BedNight.State.LEFT, Bed.objects.get(pk=entry.facts["from_bed"])
    row.left_at = datetime.fromisoformat(entry.facts["left_at"])


def _back_from_release(row, entry):
    """Kept anew from now on, so that the clock, which releases what was kept before the hour, leaves it."""
    row.state, row.ended_at, row.held_at = BedNight.State.HELD, None, clock.now()


_BACK = {
    Verb.CHECKED_IN: _back_from_check_in,
    Verb.MOVED: _back_from_move,
    Verb.LEFT: _back_from_leaving,
    Verb.RETURNED: _back_from_coming_back,
    Verb.RELEASED: _back_from_release,
}


def _undo_refusal(entry, by):
    night = lock_night(entry.night)
    rules.night_takes_changes(night)
    refusal = Refusal.objects.get(pk=entry.facts["refusal"])
    if refusal.withdrawn_at is not None:
        raise errors.StaleVersion()
    refusal.withdrawn_at = clock.now()
    refusal.save(update_fields=["withdrawn_at"])
    record(Verb.UNDONE, by=by, night=night, occupant=refusal.occupant, undoes=entry, verb_undone=entry.verb)
    _keep_their_bed_again(entry, by)
    return refusal


def _keep_their_bed_again(refused, by):
    """The bed the refusal released is kept again, unless something has come in between."""
    released = LogEntry.objects.filter(
        night=refused.night, occupant=refused.occupant, verb=Verb.RELEASED, facts__cause="refused",
        id__gt=refused.pk, undone_by__isnull=True, bed_night__state=BedNight.State.RELEASED,
    ).first()  # fmt: skip
    if refused.occupant is None or released is None:
        return
    place = queries.bed_on_board(refused.night, released.bed_id)
    has_another = queries.nights_of_occupant(refused.occupant).filter(night=refused.night).exists()
    if place is not None and place.state == offering.FREE and not has_another:
        _undo_bed_night(released, by)
