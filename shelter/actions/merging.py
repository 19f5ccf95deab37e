"""Two numbers, one person: joined without moving a single night, so that it can be taken back."""

from django.db import transaction

from shelter import clock, errors
from shelter.actions.locking import lock_night
from shelter.log import Verb, record
from shelter.models import Merge, Night, Occupant
from shelter.refusing import constraints_speak


@transaction.atomic(savepoint=False)
def merge(*, kept, gone, by):
    """`gone` turned out to be `kept`: from now on the kept number counts with the nights of both.

    A night that stands in both histories is a conflict for people to resolve; nothing is rewritten here.
    """
    people = _lock_people(kept.pk, gone.pk)
    _lock_running_nights()
    kept, gone = people[kept.pk], people[gone.pk]
    if gone.same_as_id == kept.pk:
        return Merge.objects.get(gone=gone, undone_at__isnull=True)
    if kept == gone or kept.same_as_id or gone.same_as_id:
        raise errors.StaleVersion()
    with constraints_speak():
        row = Merge.objects.create(kept=kept, gone=gone, merged_at=clock.now(), by=by.person)
    _point(_group(gone.pk), kept.pk)
    record(Verb.MERGED, by=by, occupant=kept, gone=gone.pk)
    record(Verb.MERGED, by=by, occupant=gone, kept=kept.pk)
    return row


@transaction.atomic(savepoint=False)
def unmerge(*, merge, by):
    """They were two people after all: each number has its own history again."""
    people = _lock_people(merge.kept_id, merge.gone_id)
    _lock_running_nights()
    row = Merge.objects.get(pk=merge.pk)
    if row.undone_at is not None:
        return row
    row.undone_at, row.undone_by = clock.now(), by.person
    row.save(update_fields=["undone_at", "undone_by"])
    group = _group(row.gone_id)
    _point(group, row.gone_id)
    Occupant.objects.filter(pk=row.gone_id).update(same_as=None)
    record(Verb.UNMERGED, by=by, occupant=people[row.kept_id], gone=row.gone_id)
    record(Verb.UNMERGED, by=by, occupant=people[row.gone_id], kept=row.kept_id)
    return row


def _lock_people(*numbers):
    rows = Occupant.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=numbers).order_by("pk")
    return {row.pk: row for row in rows}


def _lock_running_nights():
    """Whoever checks in reads under its night's lock whether a number was joined with another."""
    for night in Night.objects.filter(state__in=Night.TAKES_REGISTRATIONS).order_by("id"):
        lock_night(night)


def _group(number):
    """This number and all that were merged into it, by whatever way."""
    group, fresh = {number}, {number}
    while fresh:
        merged = Merge.objects.filter(kept__in=fresh, undone_at__isnull=True).order_by("id")
        fresh = set(merged.values_list("gone", flat=True)) - group
        group |= fresh
    return group


def _point(group, number):
    Occupant.objects.filter(pk__in=group - {number}).update(same_as=number)
