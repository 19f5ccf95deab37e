"""Taking back one of the last acts at the door: the ledger returns to what it was, the log keeps both."""

from datetime import datetime

from django.db import transaction

from shelter import clock, errors, queries, rules
from shelter.actions.locking import lock_bed_night, lock_night
from shelter.log import Verb, record
from shelter.models import BedNight, LogEntry, Move, Refusal
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
    with constraints_speak(bed=row.bed.label):
        _BACK[entry.verb](row, entry)
        row.save()
    record(
        Verb.UNDONE, by=by, night=row.night, occupant=row.occupant, bed=row.bed, bed_night=row, undoes=entry,
        verb_undone=entry.verb,
    )  # fmt: skip
    return row


def _nothing_came_after(entry, row):
    later = LogEntry.objects.filter(bed_night=row, id__gt=entry.pk, undone_by__isnull=True)
    if later.exclude(verb=Verb.UNDONE).exists() or LogEntry.objects.filter(undoes=entry).exists():
        raise errors.StaleVersion()


def _back_from_check_in(row, entry):
    row.arrived_at = None
    if entry.facts.get("was") == BedNight.State.HELD:
        row.state, row.bed_id = BedNight.State.HELD, entry.facts["from_bed"]
    else:
        row.state, row.ended_at = BedNight.State.UNDONE, clock.now()


def _back_from_move(row, entry):
    now_in = row.bed_id
    row.bed_id = entry.facts["from_bed"]
    Move.objects.create(bed_night=row, from_bed_id=now_in, to_bed_id=row.bed_id, moved_at=clock.now())


def _back_from_leaving(row, entry):
    row.state, row.left_at = BedNight.State.IN, None


def _back_from_coming_back(row, entry):
    row.state, row.bed_id = BedNight.State.LEFT, entry.facts["from_bed"]
    row.left_at = datetime.fromisoformat(entry.facts["left_at"])


def _back_from_release(row, entry):
    row.state, row.ended_at = BedNight.State.HELD, None


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
    return refusal
