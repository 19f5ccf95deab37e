"""The house itself: dormitories, beds, closures, extra places."""

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from shelter import clock, errors, nights, queries, rules
from shelter.actions.locking import lock_nights
from shelter.actions.placing import let_go
from shelter.log import Verb, record
from shelter.models import Activation, Bed, BedNight, BedPosition, Closure, Dormitory, Night, Zoning
from shelter.standing import beds_on


@transaction.atomic
def add_dormitory(*, site, code, name, zone, first_night, by, position=0):
    _night_lies_ahead(first_night)
    dormitory = Dormitory.objects.create(site=site, code=code, name=name, position=position)
    Zoning.objects.create(dormitory=dormitory, zone=zone, first_night=first_night)
    record(
        Verb.DORMITORY_ADDED, by=by, dormitory=dormitory.pk, zone=zone, first_night=first_night.isoformat()
    )
    return dormitory


@transaction.atomic
def add_beds(*, dormitory, beds, first_night, by):
    """Put new beds into a dormitory from a night on; `beds` are unsaved `Bed` objects."""
    _night_lies_ahead(first_night)
    created = Bed.objects.bulk_create(beds)
    BedPosition.objects.bulk_create(
        BedPosition(bed=bed, dormitory=dormitory, first_night=first_night) for bed in created
    )
    record(Verb.BEDS_ADDED, by=by, dormitory=dormitory.pk, number=len(created))
    return created


@transaction.atomic
def change_zone(*, dormitory, zone, first_night, by):
    """The dormitory serves another zone from a night on; nights before it keep theirs."""
    _night_lies_ahead(first_night)
    zoning, _created = Zoning.objects.update_or_create(
        dormitory=dormitory, first_night=first_night, defaults={"zone": zone}
    )
    record(Verb.ZONE_CHANGED, by=by, dormitory=dormitory.pk, zone=zone, first_night=first_night.isoformat())
    return zoning


@transaction.atomic
def reposition_beds(*, beds, dormitory, first_night, by):
    """Beds stand in another dormitory from a night on, or (without one) leave the house.

    With a new dormitory this is how a room is split; no past night changes.
    """
    _night_lies_ahead(first_night)
    lock_nights(first_night)
    for bed in beds:
        _nobody_is_in(bed, first_night)
        BedPosition.objects.update_or_create(
            bed=bed, first_night=first_night, defaults={"dormitory": dormitory}
        )
        record(
            Verb.BED_REPOSITIONED, by=by, bed=bed, first_night=first_night.isoformat(),
            dormitory=dormitory.pk if dormitory else None,
        )  # fmt: skip


@transaction.atomic
def close_bed(*, bed, reason, by, first_night, last_night=None, note=""):
    """Put a bed out of service for one reason; a bed kept for somebody is released, one slept in refuses."""
    _ends_after_it_begins(first_night, last_night)
    _night_lies_ahead(first_night)
    _empty(BedNight.objects.filter(bed=bed), first_night, last_night, by)
    closure = Closure.objects.create(
        bed=bed, reason=reason, note=note, first_night=first_night, last_night=last_night,
        closed_by=by.person, closed_at=clock.now(),
    )  # fmt: skip
    record(
        Verb.BED_CLOSED, by=by, bed=bed, night=queries.night_of(first_night), why=reason, closure=closure.pk
    )
    return closure


@transaction.atomic
def close_dormitory(*, dormitory, reason, by, first_night, last_night=None, note=""):
    """Put a whole dormitory out of service from a night on."""
    _ends_after_it_begins(first_night, last_night)
    _night_lies_ahead(first_night)
    standing = [bed.id for bed in beds_on(first_night) if bed.dormitory_id == dormitory.pk]
    _empty(BedNight.objects.filter(bed__in=standing), first_night, last_night, by)
    closure = Closure.objects.create(
        dormitory=dormitory, reason=reason, note=note, first_night=first_night, last_night=last_night,
        closed_by=by.person, closed_at=clock.now(),
    )  # fmt: skip
    record(
        Verb.BED_CLOSED, by=by, night=queries.night_of(first_night), dormitory=dormitory.pk, why=reason,
        closure=closure.pk,
    )  # fmt: skip
    return closure


@transaction.atomic
def reopen(*, closure, by, from_night):
    """Back in service from a night on; a closure that has not begun by then is withdrawn."""
    _night_lies_ahead(from_night)
    closure = Closure.objects.select_for_update(of=("self",)).get(pk=closure.pk)
    if closure.withdrawn_at is not None:
        return closure
    if closure.first_night >= from_night:
        closure.withdrawn_at = clock.now()
    elif closure.last_night is None or closure.last_night >= from_night:
        closure.last_night = from_night - nights.ONE_DAY
    closure.save()
    record(Verb.BED_REOPENED, by=by, bed=closure.bed, night=queries.night_of(from_night), closure=closure.pk)
    return closure


@transaction.atomic
def activate_places(*, layer, number, first_night, by, reason, approval, last_night=None):
    """Open so many extension or overflow places, with the approval they rest on."""
    rules.reason_is_written(reason)
    rules.reason_is_written(approval)
    _ends_after_it_begins(first_night, last_night)
    _night_lies_ahead(first_night)
    _there_are_so_many_beds(layer, number, first_night, last_night)
    activation = Activation.objects.create(
        layer=layer, number=number, first_night=first_night, last_night=last_night, reason=reason,
        approval=approval, activated_by=by.person, activated_at=clock.now(),
    )  # fmt: skip
    record(
        Verb.PLACES_ACTIVATED, by=by, night=queries.night_of(first_night), layer=layer, number=number,
        activation=activation.pk, reason=reason,
    )  # fmt: skip
    return activation


def _empty(rows, first_night, last_night, by):
    """Release what is kept in these beds; refuse if somebody sleeps in one of them."""
    lock_nights(first_night, last_night)
    rows = rows.filter(night__date__gte=first_night, state__in=BedNight.BLOCKS_THE_BED)
    if last_night is not None:
        rows = rows.filter(night__date__lte=last_night)
    for row in rows.select_related("bed", "occupant", "night").order_by("night", "id"):
        if row.state == BedNight.State.IN:
            raise errors.BedTaken(bed=row.bed.label)
        if row.state == BedNight.State.HELD:
            let_go(row, by=by, cause="bed_closed")


def _nobody_is_in(bed, first_night):
    row = BedNight.objects.filter(
        bed=bed, night__date__gte=first_night, state__in=BedNight.BLOCKS_THE_BED
    ).first()
    if row is not None:
        raise errors.BedTaken(bed=bed.label)


def _there_are_so_many_beds(layer, number, first_night, last_night):
    """No more places are opened than beds of the layer stand in the house, other activations included."""
    standing = sum(bed.layer == layer for bed in beds_on(first_night))
    running = Activation.objects.filter(layer=layer).exclude(last_night__lt=first_night)
    if last_night is not None:
        running = running.filter(first_night__lte=last_night)
    opened = running.aggregate(total=Sum("number"))["total"] or 0
    if number + opened > standing:
        raise errors.Incomplete(
            what=_("%(standing)d such beds stand in the house, %(opened)d are opened already.")
            % {"standing": standing, "opened": opened}
        )


def _night_lies_ahead(first_night):
    """Changes of the house begin tonight or later; nights that are over stay as they were."""
    if first_night < clock.tonight():
        raise errors.Incomplete(what=_("The first night must not lie in the past."))
    night = queries.night_of(first_night)
    if night is not None and night.state in (Night.State.CLOSED, Night.State.DEFINITIVE):
        rules.night_takes_changes(night)


def _ends_after_it_begins(first_night, last_night):
    if last_night is not None and last_night < first_night:
        raise errors.Incomplete(what=_("The last night must not come before the first."))
