"""Forms of the rota's pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shelter.web.forms import Day, Line


class WishForm(forms.Form):
    night = Day(label=_("Day"))
    is_on = forms.ChoiceField(
        label=_("I would like"), choices=[("no", _("to be free")), ("yes", _("to work"))]
    )
    weight = forms.ChoiceField(
        label=_("How much it matters"),
        choices=[(1, _("nice to have")), (2, _("important")), (3, _("very important"))],
    )


class LeaveForm(forms.Form):
    first_day = Day(label=_("First day"))
    last_day = Day(label=_("Last day"))


class ProposeForm(forms.Form):
    first_day = Day(label=_("First day"))
    last_day = Day(label=_("Last day"))
    seconds = forms.ChoiceField(
        label=_("How long to look"),
        choices=[(20, _("20 seconds")), (60, _("1 minute")), (300, _("5 minutes"))],
    )


class ReasonForm(forms.Form):
    reason = Line(label=_("Reason"), max_length=300, required=False)


class SetAsideForm(forms.Form):
    rule = forms.CharField(max_length=30)
    day = Day()
    reason = Line(label=_("Reason"), max_length=300)
