from django import forms
from django.utils.translation import gettext_lazy as _

from shelter.web.forms import Day

LONGEST = 400  # nights


class RangeForm(forms.Form):
    """Which nights the figures are about."""

    first = Day(label=_("From the night of"))
    last = Day(label=_("Until the night of"))

    def clean(self):
        known = super().clean() or {}
        first, last = known.get("first"), known.get("last")
        if first and last and not 0 <= (last - first).days <= LONGEST:
            raise forms.ValidationError(
                _("The last night comes after the first, at most %(most)s later.") % {"most": LONGEST}
            )
        return known
