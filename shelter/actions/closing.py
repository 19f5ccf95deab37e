"""The morning: everybody leaves, what is unresolved is named, the night is closed."""

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest

from shelter import clock, errors, nights, queries, rules
from shelter.actions.locking import lock_night
from shelter.actions.placing import let_go_unclaimed
from shelter.actions.stepping import step
from shelter.log import Verb, record
from shelter.models import BedNight, LogEntry, Night, Outing


@transaction.atomic
def everybody_leaves(*, night, bed_nights, by):
    """Check out many people at once, one log line each; ids not inside any more are passed over."""
    night = lock_night(night)
    rules.night_is_at_the_door(night)
    now, leaving = clock.now(), _leaving_time(night)
    going = list(
        BedNight.objects.filter(night=night, pk__in=bed_nights, state=BedNight.State.IN)
        .select_related("bed", "occupant")
        .order_by("id")
    )
    for row in going:
        row.state, row.left_at = BedNight.State.LEFT, max(leaving, row.arrived_at or leaving)
    BedNight.objects.bulk_update(going, ["state", "left_at"])
    still_out = Outing.objects.filter(bed_night__in=going, back_at__isnull=True)
    still_out.update(back_at=Greatest("out_at", Value(leaving)))
    LogEntry.objects.bulk_create(
        LogEntry(
            at=now, verb=Verb.LEFT, by=by.person, on_behalf_of=by.on_behalf_of, source=by.source, night=night,
            occupant=row.occupant, bed=row.bed, bed_night=row, facts={"cause": "morning"},
        )
        for row in going
    )  # fmt: skip
    return len(going)


def _leaving_time(night):
    """Now; for a night closed after its end, the hour at which everybody leaves."""
    now, end = clock.now(), nights.bounds(night.date)[1]
    return now if now < end else nights.instant_of(night.date, queries.settings_for(night.date).everybody_out)


@transaction.atomic
def close_night(*, night, bed_nights, by):
    """Check out those ticked, release beds nobody came for, and close the night.

    Refuses with what is unresolved when somebody inside was not ticked; then nothing is written.
    """
    everybody_leaves(night=night, bed_nights=bed_nights, by=by)
    night = lock_night(night)
    _release_what_is_left(night, by)
    still_inside = BedNight.objects.filter(night=night, state=BedNight.State.IN).count()
    if still_inside:
        raise errors.Unresolved(present=still_inside, expected=0)
    return step(night=night, to=Night.State.CLOSED, by=by)


@transaction.atomic
def was_not_here(*, bed_night, by, reason):
    """In the morning it turns out that somebody written down as here never slept here."""
    rules.reason_is_written(reason)
    night = lock_night(bed_night.night)
    rules.night_is_at_the_door(night)
    row = BedNight.objects.select_related("bed", "occupant").get(pk=bed_night.pk)
    if row.state == BedNight.State.UNDONE:
        return row
    if row.state not in BedNight.SLEPT:
        raise errors.StaleVersion()
    row.state, row.left_at, row.ended_at = BedNight.State.UNDONE, None, clock.now()
    row.save(update_fields=["state", "left_at", "ended_at"])
    record(
        Verb.UNDONE, by=by, night=night, occupant=row.occupant, bed=row.bed, bed_night=row, reason=reason,
        verb_undone=Verb.CHECKED_IN,
    )  # fmt: skip
    return row


def _release_what_is_left(night, by):
    for row in (
        BedNight.objects.filter(night=night, state=BedNight.State.HELD)
        .select_related("bed", "occupant", "night")
        .order_by("id")
    ):
        let_go_unclaimed(row, by=by)
