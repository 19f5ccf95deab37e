"""Forms of the night: who may sleep here, what happened, what is kept, how many."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from intake import queries
from intake.models import Belonging, Card, Incident, IncidentPerson, Referral, Tally
from shelter.models import BedNight, Dormitory, Exclusion, Outing, Person, Proof, Refusal
from shelter.web.forms import Day, Line

NUMBERS = re.compile(r"(?<![\w-])[0-9]{1,9}(?!\d)")  # a card's check code comes after a hyphen
YES_NO = [("yes", _("yes")), ("no", _("no"))]


def of_people():
    """A field that offers those inside by name while it is typed into."""
    return forms.TextInput(attrs={"list": "people-inside", "autocomplete": "off"})


class Number(Line):
    """A guest's number, as cards and lists show it; the name beside it in a list is passed over."""

    default_error_messages = {"unknown": _("Nobody has this number.")}

    def __init__(self, **kwargs):
        super().__init__(max_length=120, **kwargs)

    def clean(self, value):
        text = super().clean(value)
        numbers = NUMBERS.findall(text)
        guest = queries.guests_by_occupant(map(int, numbers[:1])).get(int(numbers[0])) if numbers else None
        if guest is None:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        return guest


class NoAnswers(forms.Form):
    """A button that asks nothing."""


class ProofForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind of proof"), choices=Proof.Kind.choices, widget=forms.RadioSelect)
    accepted = forms.ChoiceField(label=_("It will do"), choices=YES_NO, widget=forms.RadioSelect)


class ExclusionForm(forms.Form):
    category = forms.ChoiceField(
        label=_("Category"), choices=Exclusion.Category.choices, widget=forms.RadioSelect
    )
    first_night = Day(label=_("From the night of"))
    last_night = Day(label=_("Until the night of"))
    review_on = Day(label=_("To be reviewed on"), required=False)
    notice_in = forms.ChoiceField(
        label=_("The person was told in"), choices=Exclusion.Notice.choices, required=False
    )
    seconded_by = forms.ModelChoiceField(
        label=_("Second person"), queryset=Person.objects.none(), required=False
    )
    incident = forms.ModelChoiceField(
        label=_("After this incident"),
        queryset=Incident.objects.order_by("-happened_at", "-id"),
        required=False,
    )
    advice = Line(label=_("What to do at the door (no names)"), max_length=200, required=False)

    def __init__(self, *args, incidents=None, **kwargs):
        super().__init__(*args, **kwargs)
        if incidents is not None:
            self.fields["incident"].queryset = incidents  # type: ignore[attr-defined]
        leads = Person.objects.filter(memberships__role__in=["night_lead", "coordinator"], is_active=True)
        self.fields["seconded_by"].queryset = leads.distinct().order_by("name")  # type: ignore[attr-defined]


class LiftForm(forms.Form):
    reason = Line(label=_("Why it is lifted"), max_length=300)


class TellForm(forms.Form):
    notice_in = forms.ChoiceField(label=_("The person was told in"), choices=Exclusion.Notice.choices[1:])


class ColdDecisionForm(forms.Form):
    admitted = forms.ChoiceField(
        label=_("Let in for this cold spell"), choices=YES_NO, widget=forms.RadioSelect
    )
    risk_note = Line(label=_("The risk, and what is done about it (no names)"), max_length=300)


class ColdSpellForm(forms.Form):
    first_night = Day(label=_("From the night of"))
    last_night = Day(label=_("Until the night of"))
    forecast = forms.IntegerField(
        label=_("Lowest temperature forecast (°C)"), min_value=-40, max_value=20, required=False
    )
    reason = Line(label=_("Reason"), max_length=300, required=False)


class ColdEndForm(forms.Form):
    last_night = Day(label=_("Last night of the cold"))


class OtherGuestForm(forms.Form):
    other = Number(label=_("Number of the other person"))


class RevokeForm(forms.Form):
    why = forms.ChoiceField(label=_("Why"), choices=Card.Why.choices, widget=forms.RadioSelect)


class ReferralForm(forms.Form):
    target = forms.ChoiceField(label=_("Where to"), choices=Referral.Target.choices, widget=forms.RadioSelect)
    same_day = forms.BooleanField(label=_("on the same day"), required=False, initial=True)


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(choices=Referral.Outcome.choices)


class RefusalOutcomeForm(forms.Form):
    outcome = forms.ChoiceField(choices=Refusal.Outcome.choices)


class BelongingForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Belonging.Kind.choices, widget=forms.RadioSelect)
    number = Line(label=_("Locker, tag or receipt number"), max_length=12)
    guest = Number(label=_("Guest number"), widget=of_people())
    what = Line(label=_("What it is"), max_length=80, required=False)
    until = Day(label=_("Until"), required=False)


class OutingForm(forms.Form):
    kind = forms.ChoiceField(choices=Outing.Kind.choices)
    back_at = forms.TimeField(
        label=_("Back by"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )


class KeepForServiceForm(forms.Form):
    service = forms.ChoiceField(
        label=_("Kept for"), choices=BedNight.KeptFor.choices, widget=forms.RadioSelect
    )


class IncidentForm(forms.Form):
    kind = forms.ChoiceField(label=_("What"), choices=Incident.Kind.choices, widget=forms.RadioSelect)
    severity = forms.TypedChoiceField(
        label=_("How bad"), choices=Incident.SEVERITIES, coerce=int, widget=forms.RadioSelect
    )
    place = forms.ChoiceField(
        label=_("Where"),
        choices=Incident.Place.choices,
        initial=Incident.Place.DORMITORY,
        widget=forms.RadioSelect,
    )
    dormitory = forms.ModelChoiceField(
        label=_("Dormitory"), queryset=Dormitory.objects.order_by("position", "code"), required=False
    )
    at = forms.TimeField(label=_("At"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    involved = Line(label=_("Involved (numbers)"), max_length=120, required=False, widget=of_people())
    harmed = Line(label=_("Harmed (numbers)"), max_length=120, required=False, widget=of_people())
    witnesses = Line(label=_("Witnesses (numbers)"), max_length=120, required=False, widget=of_people())
    account = Line(
        label=_("In a few words (no names, no diagnosis)"), max_length=600, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    measures = forms.MultipleChoiceField(
        label=_("What was done"),
        choices=Incident.Measure.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    police = forms.BooleanField(label=_("police called"), required=False)
    ambulance = forms.BooleanField(label=_("ambulance called"), required=False)
    follow_up = Line(label=_("To be followed up"), max_length=300, required=False)

    PARTS = {
        "involved": IncidentPerson.Part.INVOLVED,
        "harmed": IncidentPerson.Part.HARMED,
        "witnesses": IncidentPerson.Part.WITNESS,
    }

    def clean(self):
        data = super().clean() or {}
        people: dict[int, tuple] = {}
        for name, part in self.PARTS.items():
            for number in self._numbers(name, data.get(name) or ""):
                occupant = self._occupant(name, number)
                if occupant is not None:
                    people.setdefault(occupant.pk, (occupant, part))
        data["people"] = list(people.values())
        return data

    def _numbers(self, name, text):
        """The numbers in what was typed, chosen from the list or read from a card, without the words beside them."""
        numbers = NUMBERS.findall(text)
        if text and not numbers:
            self.add_error(name, _("Give the person's number."))
        return numbers

    def _occupant(self, name, number):
        guests = queries.guests_by_occupant([int(number)])
        if not guests:
            self.add_error(name, _("Nobody has the number %(number)s.") % {"number": number})
            return None
        return next(iter(guests.values())).occupant


class HandoverForm(forms.Form):
    words = forms.CharField(
        label=_("For those who come"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class TaskForm(forms.Form):
    what = Line(label=_("To do"), max_length=200)


def tally_form(services, data=None, initial=None):
    """One number for each service that somebody renders."""
    fields = {
        name: forms.IntegerField(
            label=Tally.Service(name).label,
            min_value=0,
            max_value=5000,
            required=False,
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        )
        for name in services
    }
    form = type("TallyForm", (forms.Form,), fields)
    return form(data, initial=initial)
