"""At the desk and the door: the ledger's verbs for somebody with a name."""

from django.db import transaction

from intake import queries
from intake.actions.guests import add_guest
from shelter.actions import placing, registering


def register_for_tonight(*, guest, night, by):
    """Write a guest down for tonight; the bed of their running stay is kept if it may be had."""
    guest = guest.kept
    return registering.register(occupant=guest.occupant, night=night, by=by, needs=queries.bare_needs(guest))


@transaction.atomic(savepoint=False)
def add_and_register(*, night, by, **answers):
    """Somebody new, at the desk or at the door: their file and tonight's registration in one act."""
    guest = add_guest(by=by, **answers)
    register_for_tonight(guest=guest, night=night, by=by)
    return guest


def check_in(*, guest, night, by, bed=None, override_reason="", occurred_at=None):
    """Let a guest in, into the bed asked for, kept or proposed."""
    guest = guest.kept
    return placing.check_in(
        occupant=guest.occupant,
        night=night,
        by=by,
        bed=bed,
        needs=queries.bare_needs(guest),
        override_reason=override_reason,
        occurred_at=occurred_at,
    )


def move(*, bed_night, bed, by, override_reason=""):
    return placing.move(
        bed_night=bed_night, bed=bed, by=by, needs=_needs_behind(bed_night), override_reason=override_reason
    )


def come_back(*, bed_night, by, bed=None, override_reason=""):
    needs = _needs_behind(bed_night)
    return placing.come_back(
        bed_night=bed_night, by=by, bed=bed, needs=needs, override_reason=override_reason
    )


def turn_away(*, night, reason, by, guest=None, **seen):
    """Somebody was not let in, for one main reason; `seen` as in the ledger's `turn_away`."""
    occupant = guest.kept.occupant if guest else None
    return registering.turn_away(night=night, reason=reason, by=by, occupant=occupant, **seen)


def _needs_behind(bed_night):
    guest = queries.guests_by_occupant([bed_night.occupant_id]).get(bed_night.occupant_id)
    return queries.bare_needs(guest) if guest else placing.offering.Needs()
