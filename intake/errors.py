"""Refusals of intake."""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shelter.errors import Refused


class WhereToSleepIsOpen(Refused):
    """The guest wants to talk over where to sleep: no bed is proposed until somebody has."""

    code: ClassVar[str] = "where_to_sleep_open"
    sentence: ClassVar[str | Promise] = _("Talk over with the person where to sleep, then choose a bed.")
