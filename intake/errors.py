"""What intake refuses, beside the refusals of the ground floor."""

from django.utils.translation import gettext_lazy as _

from shelter.errors import Refused


class CardUnknown(Refused):
    code = "card_unknown"
    sentence = _("This is not a card of this house: number and check code do not belong together.")


class CardRevoked(Refused):
    code = "card_revoked"
    sentence = _("This card was revoked (%(why)s). Look the person up by name.")


class NumberTaken(Refused):
    code = "number_taken"
    sentence = _("Number %(number)s is in use already.")
