"""One function per rule, each raising one refusal; lists of rules that both enforce and explain.

A rule is named as the sentence that should be true. It reads a frozen `Placing` and nothing else, so that
the same list that guards a check-in can tell, without writing anything, what stands in its way.
"""

from dataclasses import dataclass, field
from datetime import datetime

from shelter import errors, offering
from shelter.actor import Actor
from shelter.models import BedNight, Night, Occupant
from shelter.queries.admission import Admission
from shelter.standing import BedOnBoard


@dataclass(frozen=True)
class Placing:
    """One person, one bed, one night: what is about to be agreed. `mine` is the row the person has already."""

    night: Night
    occupant: Occupant
    bed: BedOnBoard
    needs: offering.Needs
    by: Actor
    mine: BedNight | None = None
    admission: Admission = field(default_factory=Admission)
    places_left: int | None = None
    at: datetime | None = None  # when they came, where it is written down afterwards


def doors_have_opened(placing):
    night_is_at_the_door(placing.night)


def doors_are_open(placing):
    came_before = placing.at is not None and placing.at < (placing.night.doors_closed_at or placing.at)
    if placing.night.state == Night.State.DOORS_CLOSED and not came_before:
        raise errors.DoorsClosed(night=placing.night.date.isoformat())


def person_is_registered(placing):
    if not placing.admission.is_registered:
        raise errors.NotRegistered()


def person_is_not_excluded(placing):
    excluded_until = placing.admission.excluded_until
    if excluded_until is not None:
        raise errors.Excluded(until=f"{excluded_until:%d.%m.%Y}")


def a_night_without_proof_is_left(placing):
    admission = placing.admission
    if admission.nights_are_used_up:
        raise errors.NightsUsedUp(used=admission.nights_used, limit=admission.nights_limit)


def people_are_kept_apart(placing):
    if placing.bed.dormitory_id in placing.admission.rooms_to_avoid:
        raise errors.KeptApart(dormitory=placing.bed.dormitory)


def person_has_no_bed_yet(placing):
    if placing.mine is not None and placing.mine.state != BedNight.State.HELD:
        raise errors.AlreadyPlaced(bed=placing.mine.bed.label)


def bed_is_in_service(placing):
    if not placing.bed.is_in_service:
        raise errors.BedOutOfService(bed=placing.bed.label)


def bed_is_free(placing):
    taken = placing.bed.bed_night
    if taken is not None and (placing.mine is None or taken != placing.mine.pk):
        raise errors.BedTaken(bed=placing.bed.label)


def bed_lies_in_the_right_zone(placing):
    kept_for_them = placing.mine is not None and placing.mine.bed_id == placing.bed.id
    if placing.bed.zone not in placing.needs.zones and not kept_for_them:
        raise errors.WrongZone(bed=placing.bed.label, zone=placing.bed.zone)


def a_place_is_left(placing):
    if placing.places_left is not None and placing.places_left <= 0:
        raise errors.HouseFull()


CHECK_IN = (
    doors_have_opened,
    person_has_no_bed_yet,
    person_is_not_excluded,
    a_night_without_proof_is_left,
    person_is_registered,
    doors_are_open,
    bed_is_in_service,
    bed_is_free,
    bed_lies_in_the_right_zone,
    people_are_kept_apart,
    a_place_is_left,
)
HOLD = (
    person_has_no_bed_yet,
    bed_is_in_service,
    bed_is_free,
    bed_lies_in_the_right_zone,
    people_are_kept_apart,
)
MOVE = (bed_is_in_service, bed_is_free, bed_lies_in_the_right_zone, people_are_kept_apart)
RETURN = (*MOVE, a_place_is_left)


def enforce(rules, placing, *, override_reason=""):
    """Apply each rule; return the codes that were overridden.

    A starred refusal gives way to a written reason from a role that may override it, and to a cold spell
    where the settings say so; any other stands.
    """
    overridden = []
    for rule in rules:
        try:
            rule(placing)
        except errors.Refused as refusal:
            if refusal.code in placing.admission.suspended:
                continue
            if not override_reason.strip() or not placing.by.has_any(refusal.overridable_by):
                raise
            overridden.append(refusal.code)
    return overridden


def objections(rules, placing):
    """The refusals these rules would raise, in order, without writing anything."""
    found = []
    for rule in rules:
        try:
            rule(placing)
        except errors.Refused as refusal:
            found.append(refusal)
    return found


def night_takes_changes(night):
    if night.state == Night.State.DEFINITIVE:
        raise errors.NightSealed()
    if night.state in (Night.State.PLANNED, Night.State.CLOSED):
        raise _not_open(night)


def night_is_at_the_door(night):
    if night.state == Night.State.DEFINITIVE:
        raise errors.NightSealed()
    if night.state not in Night.AT_THE_DOOR:
        raise _not_open(night)


def night_takes_registrations(night):
    if night.state == Night.State.DEFINITIVE:
        raise errors.NightSealed()
    if night.state not in Night.TAKES_REGISTRATIONS:
        raise _not_open(night)


def role_allows(by, roles):
    if not by.is_clock and not by.has_any(roles):
        raise errors.NotAllowed()


def reason_is_written(reason):
    if not reason.strip():
        raise errors.ReasonNeeded()


def _not_open(night):
    return errors.NightNotOpen(night=f"{night.date:%d.%m.%Y}", state=night.get_state_display())
