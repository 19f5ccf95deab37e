"""Refusals: what the house says when something may not be. Each has a stable code and one sentence.

A refusal is a state of affairs (`BedTaken`), not a fault of the program. Pages and the API translate it
once each. Those with `overridable_by` may be overridden by these roles with a written reason.
"""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """Something the house does not allow now. `facts` are plain values, never a guest's name."""

    code: ClassVar[str] = "not_allowed"
    sentence: ClassVar[str | Promise] = _("This is not allowed.")
    overridable_by: ClassVar[frozenset[str]] = frozenset()
    status: ClassVar[int] = 409

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.sentence) % self.facts


LEADS = frozenset({"night_lead", "coordinator"})


class BedTaken(Refused):
    code = "bed_taken"
    sentence = _("Bed %(bed)s is already taken for this night.")


class AlreadyPlaced(Refused):
    code = "already_placed"
    sentence = _("This person already has bed %(bed)s for this night.")


class HouseFull(Refused):
    code = "house_full"
    sentence = _("The house is full: all open places are taken.")


class ZoneFull(Refused):
    code = "zone_full"
    sentence = _("No suitable bed is free for this person.")


class BedOutOfService(Refused):
    code = "bed_out_of_service"
    sentence = _("Bed %(bed)s is not in service tonight.")


class WrongZone(Refused):
    code = "wrong_zone"
    sentence = _("Bed %(bed)s lies in a zone where this person should not sleep.")
    overridable_by = LEADS


class WhereToSleepIsOpen(Refused):
    """The person wants to talk over where to sleep: no bed is proposed until somebody has."""

    code = "where_to_sleep_open"
    sentence = _("Talk over with the person where to sleep, then choose a bed.")


class KeptApart(Refused):
    """Two people who should not lie in one dormitory; the sentence does not say who the other one is."""

    code = "keep_apart"
    sentence = _("Choose a bed in another dormitory than %(dormitory)s for this person tonight.")
    overridable_by = LEADS


class Excluded(Refused):
    code = "excluded"
    sentence = _("This person is excluded until the night of %(until)s.")
    overridable_by = LEADS


class NotToBeLetIn(Refused):
    """No bed is kept for somebody the door would not let in tonight; `why` is a sentence."""

    code = "not_to_be_let_in"
    sentence = "%(why)s"


class NightsUsedUp(Refused):
    code = "nights_used_up"
    sentence = _("The nights without proof of presence are used up (%(used)d of %(limit)d).")
    overridable_by = LEADS


class SecondPersonNeeded(Refused):
    code = "second_person_needed"
    sentence = _("An exclusion of more than %(nights)d nights is decided by two people.")
    status = 422


class MergedAway(Refused):
    """This number turned out to be another one: what is done goes to that one."""

    code = "merged"
    sentence = _("This file was joined with number %(number)s; go on there.")


class NightNotOpen(Refused):
    code = "night_not_open"
    sentence = _("This cannot be done now: the night of %(night)s is at the step “%(state)s”.")


class DoorsClosed(Refused):
    code = "doors_closed"
    sentence = _("The doors are closed. A late arrival needs a written reason (police, agreed work).")
    overridable_by = LEADS


class NightSealed(Refused):
    code = "night_sealed"
    sentence = _("This night is definitive; nothing in it can change any more.")


class HoldLapsed(Refused):
    code = "hold_lapsed"
    sentence = _("This bed is no longer kept for this person.")


class NotRegistered(Refused):
    code = "not_registered"
    sentence = _("This person is not registered for tonight. Letting them in needs a written reason.")
    overridable_by = LEADS


class StaleVersion(Refused):
    code = "stale_version"
    sentence = _("Somebody changed this a moment ago. Please look again.")


class KeyReused(Refused):
    code = "key_reused"
    sentence = _("This Idempotency-Key was used before with other content.")
    status = 422


class KeyInFlight(Refused):
    code = "key_in_flight"
    sentence = _("The first request with this Idempotency-Key is still running.")


class NotAllowed(Refused):
    code = "not_allowed"
    sentence = _("Your role does not allow this.")
    status = 403


class Unresolved(Refused):
    code = "unresolved"
    sentence = _(
        "The night cannot be closed yet: %(present)d people are still inside, %(expected)d beds are still kept."
    )


class ReasonNeeded(Refused):
    code = "reason_needed"
    sentence = _("This step needs a written reason.")
    status = 422


class Incomplete(Refused):
    """Something asked for contradicts itself or the house (`what` says it in words)."""

    code = "invalid"
    sentence = _("%(what)s")
    status = 422
