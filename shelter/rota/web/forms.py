"""Forms of the rota's pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shelter import nights
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


class WorkedForm(forms.Form):
    starts = forms.TimeField(label=_("Start"))
    ends = forms.TimeField(label=_("End"))
    break_minutes = forms.IntegerField(label=_("Unpaid break (minutes)"), min_value=0, max_value=600)
    note = Line(label=_("Note"), max_length=200, required=False)

    def instants(self, night):
        """What was typed, as instants of a night; what ends at an earlier hour than it begins ends the next day."""
        given = self.cleaned_data
        start, end = nights.instant_of(night, given["starts"]), nights.instant_of(night, given["ends"])
        if end <= start:
            end = nights.instant_of(night + nights.ONE_DAY, given["ends"])
        return {"start": start, "end": end, "break_minutes": given["break_minutes"], "note": given["note"]}


class ReasonForm(forms.Form):
    reason = Line(label=_("Reason"), max_length=300, required=False)


class SetAsideForm(forms.Form):
    rule = forms.CharField(max_length=30)
    day = Day()
    reason = Line(label=_("Reason"), max_length=300)
