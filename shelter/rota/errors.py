"""Refusals of the rota."""

from django.utils.translation import gettext_lazy as _

from shelter.errors import Refused


class NotYourPeople(Refused):
    code = "not_your_people"
    sentence = _("Each organisation plans its own people: this belongs to %(organisation)s.")
    status = 403


class PlanIsFixed(Refused):
    """A published plan is not edited; what changes after it is written down as a change."""

    code = "plan_is_fixed"
    sentence = _("This plan is published: open a new version, or change single shifts with a reason.")


class HasAnotherShift(Refused):
    code = "has_another_shift"
    sentence = _("%(person)s works at this time already.")


class BreaksRules(Refused):
    """`findings` are sentences; nothing is lost, the plan is as it was."""

    code = "breaks_rules"
    sentence = _("This would break a rule: %(findings)s")


class PlaceIsTaken(Refused):
    code = "place_is_taken"
    sentence = _("Somebody has taken this shift in the meantime.")


class ShiftIsOver(Refused):
    code = "shift_is_over"
    sentence = _("This shift is over.")


class NotTheirs(Refused):
    code = "not_theirs"
    sentence = _("This shift is no longer %(person)s's.")


class OnlyColleagues(Refused):
    code = "only_colleagues"
    sentence = _("Only a colleague of the same organisation can be asked.")


class NotForAll(Refused):
    code = "not_for_all"
    sentence = _("Choose your organisation: what holds for all is set by the coordinator.")
    status = 403


class NotYourOwn(Refused):
    code = "not_your_own"
    sentence = _("This is not yours.")


class NotEmployed(Refused):
    code = "not_employed"
    sentence = _("%(person)s does not work for %(organisation)s on that day.")


class PlanIsMissing(NotEmployed):
    code = "plan_is_missing"
    sentence = _("%(organisation)s has published no plan for that day.")


class NightsAreMissing(Refused):
    code = "nights_are_missing"
    sentence = _("No night is planned in this period; plan the season first.")


class ReasonIsMissing(Refused):
    code = "reason_is_missing"
    sentence = _("Say why.")
    status = 422


class AlreadyAnswered(Refused):
    code = "already_answered"
    sentence = _("This has been answered already.")


class CannotBeOverridden(Refused):
    """The law forbids it; only what the law compensates may be overridden."""

    code = "cannot_be_overridden"
    sentence = _("This rule cannot be set aside.")


class TooManyOffers(Refused):
    """A link is being misused, or nobody answers."""

    code = "too_many_offers"
    sentence = _("Too many people wait for an answer; please try again in some days.")
    status = 429
