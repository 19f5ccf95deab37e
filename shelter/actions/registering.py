"""Who is expected tonight, and who was refused."""

from django.db import transaction

from shelter import clock, offering, queries, rules
from shelter.actions.locking import lock_night
from shelter.actions.placing import admission_of, keep, last_slept, moment, release
from shelter.log import Verb, record
from shelter.models import BedNight, Night, Refusal, Registration
from shelter.refusing import constraints_speak


@transaction.atomic(savepoint=False)
def register(*, occupant, night, by, needs=offering.Needs()):  # noqa: B008 (frozen)
    """Write somebody down for tonight; the bed they slept in lately is kept for them if it is free.

    Asked twice, it answers with the first registration.
    """
    night = lock_night(night)
    rules.night_takes_registrations(night)
    admission = admission_of(occupant, night)
    standing = queries.registered(night).filter(occupant__in=queries.numbers_of(occupant)).first()
    if standing is not None:
        return standing
    with constraints_speak():
        registration = Registration.objects.create(
            occupant=occupant,
            night=night,
            registered_at=clock.now(),
            late=night.state != Night.State.OPEN,
        )
    record(Verb.REGISTERED, by=by, night=night, occupant=occupant, late=registration.late)
    _hold_last_bed(occupant, night, by, needs, admission.rooms_to_avoid)
    return registration


@transaction.atomic(savepoint=False)
def withdraw_registration(*, registration, by):
    """Somebody will not come after all: the registration ends, and the bed kept for them is released."""
    night = lock_night(registration.night)
    rules.night_takes_registrations(night)
    registration = Registration.objects.get(pk=registration.pk)
    if registration.withdrawn_at is not None:
        return registration
    registration.withdrawn_at = clock.now()
    registration.save(update_fields=["withdrawn_at"])
    record(Verb.REGISTRATION_WITHDRAWN, by=by, night=night, occupant=registration.occupant)
    for row in BedNight.objects.filter(
        night=night, occupant__in=_numbers(registration.occupant), state=BedNight.State.HELD
    ).order_by("id"):
        release(bed_night=row, by=by, cause="withdrawn")
    return registration


@transaction.atomic(savepoint=False)
def turn_away(*, night, reason, by, occupant=None, occurred_at=None, **seen):
    """Write down that somebody was not let in, for one main reason, and where they were sent.

    `seen` are the other answers of a `Refusal`: where to, what came of it, and of somebody without a file the
    band they seem to be in. A bed kept for them is released. An offer declined by the guest is written the
    same way and counted apart.
    """
    night = lock_night(night)
    rules.night_takes_registrations(night)
    refusal = Refusal.objects.create(
        night=night,
        occupant=occupant,
        reason=reason,
        refused_at=moment(occurred_at, night),
        **seen,
    )
    record(
        Verb.REFUSED, by=by, night=night, occupant=occupant, why=reason, referral=refusal.referral,
        refusal=refusal.pk,
    )  # fmt: skip
    if occupant is not None:
        for row in BedNight.objects.filter(
            night=night, occupant__in=_numbers(occupant), state=BedNight.State.HELD
        ).order_by("id"):
            release(bed_night=row, by=by, cause="refused")
    return refusal


@transaction.atomic(savepoint=False)
def note_outcome(*, refusal, outcome, by):
    """What became of somebody sent elsewhere, once it is known."""
    night = lock_night(refusal.night)
    rules.night_takes_changes(night)
    refusal = Refusal.objects.get(pk=refusal.pk)
    if refusal.outcome != outcome:
        refusal.outcome = outcome
        refusal.save(update_fields=["outcome"])
        record(
            Verb.OUTCOME_NOTED,
            by=by,
            night=night,
            occupant=refusal.occupant,
            refusal=refusal.pk,
            outcome=outcome,
        )
    return refusal


def _numbers(occupant):
    return queries.numbers_of(occupant.same_as_id or occupant.pk)


def _hold_last_bed(occupant, night, by, needs, rooms_to_avoid):
    """Keep the bed of the last stay, where that stay is still running and the bed may be had."""
    history = queries.latest_of_occupant(occupant, night)
    last = last_slept(history, night)
    if last is None or any(row.night_id == night.pk for row in history):
        return
    nights_away = (night.date - last.night.date).days - 1
    if nights_away > queries.settings_for(night.date).nights_until_stay_ends:
        return
    place = queries.bed_on_board(night, last.bed_id)
    if place is None or place.state != offering.FREE or place.dormitory_id in rooms_to_avoid:
        return
    if place.zone in needs.zones:
        keep(occupant=occupant, place=place, night=night, by=by, cause="same_bed")
