"""The house log: a closed vocabulary and the one way to write a line.

A line is written in the transaction of the act it tells of. It holds codes and numbers, no names.
Upper storeys add words of their own by subclassing `Vocabulary`.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shelter import clock
from shelter.models import LogEntry


class Vocabulary(models.TextChoices):
    """Base of every storey's verbs; `record` takes nothing else."""


class Verb(Vocabulary):
    NIGHT_STEPPED = "night_stepped", _("night moved on")
    NIGHT_STEPPED_BACK = "night_stepped_back", _("night moved back")
    SEED_FIXED = "seed_fixed", _("seed of the draw fixed")
    LINE_DRAWN = "line_drawn", _("line drawn")
    PLAN_MADE = "plan_made", _("beds planned for everybody")
    PLAN_APPLIED = "plan_applied", _("planned beds kept")
    BED_PINNED = "bed_pinned", _("bed fixed in the plan")
    BED_UNPINNED = "bed_unpinned", _("bed no longer fixed in the plan")
    NIGHT_PLANNED = "night_planned", _("night planned")
    REGISTERED = "registered", _("registered for tonight")
    REGISTRATION_WITHDRAWN = "registration_withdrawn", _("registration withdrawn")
    BED_HELD = "bed_held", _("bed kept")
    CHECKED_IN = "checked_in", _("checked in")
    MOVED = "moved", _("moved")
    LEFT = "left", pgettext_lazy("act in the log", "left")
    RETURNED = "returned", _("came back")
    RELEASED = "released", _("bed released")
    REFUSED = "refused", _("refused")
    UNDONE = "undone", _("undone")
    OUTCOME_NOTED = "outcome_noted", _("outcome noted")
    ROUND_STARTED = "round_started", _("round begun")
    ROUND_CLOSED = "round_closed", _("round closed")
    WENT_OUT = "went_out", _("went out for a while")
    CAME_IN = "came_in", _("came in again")
    ROLL_CALL_STARTED = "roll_call_started", _("roll call begun")
    ROLL_CALL_ENDED = "roll_call_ended", _("roll call ended")
    COLD_DECLARED = "cold_declared", _("cold spell declared")
    COLD_ENDED = "cold_ended", _("cold spell ended")
    PROOF_SEEN = "proof_seen", _("proof of presence seen")
    EXCLUDED = "excluded", _("excluded")
    EXCLUSION_TOLD = "exclusion_told", _("told about the exclusion")
    EXCLUSION_LIFTED = "exclusion_lifted", _("exclusion lifted")
    COLD_DECIDED = "cold_decided", _("decided about the cold")
    KEPT_APART = "kept_apart", _("kept apart")
    NO_LONGER_APART = "no_longer_apart", _("no longer kept apart")
    MERGED = "merged", _("files joined")
    UNMERGED = "unmerged", _("files taken apart")
    BED_CLOSED = "bed_closed", _("put out of service")
    BED_REOPENED = "bed_reopened", _("back in service")
    PLACES_ACTIVATED = "places_activated", _("places opened")
    PERIOD_ADDED = "period_added", _("opening period added")
    SETTING_CHANGED = "setting_changed", _("setting changed")
    ZONE_CHANGED = "zone_changed", _("zone changed")
    DORMITORY_ADDED = "dormitory_added", _("dormitory added")
    BEDS_ADDED = "beds_added", _("beds added")
    BED_REPOSITIONED = "bed_repositioned", _("bed stands elsewhere")
    PERSON_ADDED = "person_added", _("account added")
    PERSON_CHANGED = "person_changed", _("account changed")
    ROLE_GIVEN = "role_given", _("role given")
    ROLE_ENDED = "role_ended", _("role ended")
    TOKEN_ISSUED = "token_issued", _("token issued")
    TOKEN_REVOKED = "token_revoked", _("token revoked")
    SEASON_IMPORTED = "season_imported", _("earlier nights brought in")


# Why a bed was kept, left or given up, where no person gave a reason.
CAUSES = {
    "same_bed": _("same bed as last time"),
    "no_show": _("did not come"),
    "withdrawn": _("registration withdrawn"),
    "refused": _("refused"),
    "bed_closed": _("bed out of service"),
    "by_hand": _("by hand"),
    "plan": _("as planned"),
    "swapped": _("swapped by hand"),
    "not_brought": _("nobody was brought"),
    "taken_up": _("taken up"),
    "first_call": _("for Premier Appel"),
    "police": _("for the police"),
    "hospital": _("for the hospital"),
    "streetwork": _("for streetwork"),
    "left_earlier": _("left earlier"),
    "morning": _("in the morning"),
}


def record(verb: Vocabulary, *, by, reason="", undoes=None, **told):
    """Add one line to the log: about which night, occupant, bed and bed-night, if any, and further facts.

    Facts are JSON values: codes, numbers, dates as text; never a name.
    """
    line = _line(verb, by, told | {"reason": reason, "undoes": undoes})
    line.save(force_insert=True)
    return line


def record_all(verb: Vocabulary, each, *, by, **told):
    """Add a line for each of many subjects (occupant, bed, bed-night), with the same facts, in one statement."""
    LogEntry.objects.bulk_create(_line(verb, by, told | subject) for subject in each)


_SUBJECTS = ("night", "occupant", "bed", "bed_night", "reason", "undoes")


def _line(verb, by, told):
    if not isinstance(verb, Vocabulary):
        raise TypeError(f"{verb!r} is not a word of the house log.")
    subjects = {name: told.pop(name) for name in _SUBJECTS if name in told}
    return LogEntry(
        at=clock.now(),
        verb=verb.value,
        by=by.person,
        on_behalf_of=by.on_behalf_of,
        source=by.source,
        facts=told,
        **subjects,
    )


def words():
    """Every verb with its label, from this storey and those above that have been loaded."""
    return {word.value: word.label for vocabulary in Vocabulary.__subclasses__() for word in vocabulary}
