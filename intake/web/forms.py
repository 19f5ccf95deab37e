"""Forms at the desk and the door."""

from itertools import pairwise

from django import forms
from django.utils.translation import gettext_lazy as _

from intake import countries, languages
from intake.models import Guest
from intake.rules import birth_is_possible
from shelter import clock, queries
from shelter.models import Closure, Refusal
from shelter.web.forms import Day, Line


class GuestForm(forms.Form):
    """One screen for somebody new: the first four questions give a bed, the rest may wait."""

    name = Line(label=_("Name as said"), max_length=80)
    family_name = Line(label=_("Family name, if known"), max_length=80, required=False)
    known_as = Line(label=_("Also known as"), max_length=120, required=False)
    birth_year = forms.IntegerField(label=_("Year of birth"), required=False, min_value=1900, max_value=2100)
    birth_month = forms.IntegerField(label=_("Month"), required=False, min_value=1, max_value=12)
    birth_day = forms.IntegerField(label=_("Day"), required=False, min_value=1, max_value=31)
    birth_answer = forms.ChoiceField(
        label=_("Birth"), choices=[("", "–"), *Guest.Answer.choices[1:]], required=False
    )
    age_band = forms.ChoiceField(label=_("Or about this age"), required=False)
    sleeps = forms.ChoiceField(
        label=_("Where should you sleep?"), choices=Guest.Sleeps.choices, widget=forms.RadioSelect
    )
    nationality = forms.ChoiceField(label=_("Nationality"), required=False, widget=forms.RadioSelect)
    other_nationality = forms.ChoiceField(label=_("Another country"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=list(languages.ENDONYMS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    lower_bed = forms.BooleanField(label=_("Lower bed"), required=False)
    step_free = forms.BooleanField(label=_("Step-free"), required=False)
    dog = forms.BooleanField(label=_("Dog"), required=False)
    works_nights = forms.BooleanField(label=_("Works at night"), required=False)
    early_leaver = forms.BooleanField(label=_("Leaves early for work"), required=False)
    wakes_at = forms.TimeField(
        label=_("To be woken at"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    situation = forms.ChoiceField(
        label=_("Slept before"), choices=[("", "–"), *Guest.Situation.choices], required=False
    )
    told = forms.BooleanField(label=_("Told what is written down and why (card shown)"), required=False)

    def __init__(self, *args, guest=None, **kwargs):
        super().__init__(*args, **kwargs)
        named = dict(countries.countries())
        kept = guest.nationality if guest else ""
        frequent = [(code, named[code]) for code in countries.FREQUENT]
        self._choose_from("nationality", [*frequent, *countries.ANSWERS])
        self._choose_from("other_nationality", [("", "–"), *countries.countries()])
        self._choose_from("age_band", [("", "–"), *((band, band) for band in age_bands())])
        if guest is None:
            self.fields["name"].widget.attrs["data-focus"] = True
        else:
            self.initial = initial_of(guest, kept in countries.FREQUENT or kept in dict(countries.ANSWERS))

    def _choose_from(self, name, choices):
        """Choices that depend on the language of the page or on tonight's settings."""
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def often_spoken(self):
        return [choice for choice in self["languages"] if choice.data["value"] in languages.FREQUENT]

    def seldom_spoken(self):
        return [choice for choice in self["languages"] if choice.data["value"] not in languages.FREQUENT]

    def speaks_another(self):
        return any(choice.data["selected"] for choice in self.seldom_spoken())

    def clean(self):
        data = super().clean() or {}
        if not birth_is_possible(data.get("birth_year"), data.get("birth_month"), data.get("birth_day")):
            self.add_error("birth_year", _("This date of birth does not exist."))
        return data

    def answers(self):
        """The answers as the guest's file keeps them."""
        data = dict(self.cleaned_data)
        told, other = data.pop("told"), data.pop("other_nationality")
        data["nationality"] = other or data["nationality"]
        data["birth_answer"] = Guest.Answer.GIVEN if data["birth_year"] else data["birth_answer"]
        data["told_in"] = (data["languages"] or ["fr"])[0] if told else ""
        return data


def age_bands():
    """Bands from the settings' edges: `<18`, `18–25`, … `66+`."""
    edges = queries.settings_for(clock.tonight()).age_bands
    middle = [f"{low}–{high - 1}" for low, high in pairwise(edges)]
    return [f"<{edges[0]}", *middle, f"{edges[-1]}+"]


def initial_of(guest, is_frequent):
    values = {name: getattr(guest, name) for name in GuestForm.base_fields if hasattr(guest, name)}
    return values | {
        "nationality": guest.nationality if is_frequent else "",
        "other_nationality": "" if is_frequent else guest.nationality,
        "told": bool(guest.told_in),
    }


class RefusalForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("One main reason"), choices=Refusal.Reason.choices, widget=forms.RadioSelect
    )
    referral = forms.ChoiceField(
        label=_("Sent to"), choices=Refusal.Referral.choices, required=False, widget=forms.RadioSelect
    )
    seen_sex = forms.ChoiceField(
        label=_("As seen"), choices=Refusal.Sex.choices, required=False, widget=forms.RadioSelect
    )
    seen_age = forms.ChoiceField(
        label=_("Age as seen"), choices=Refusal.Age.choices, required=False, widget=forms.RadioSelect
    )
    asked_before = forms.BooleanField(label=_("asked already tonight, do not count again"), required=False)
    description = Line(
        label=_("In a few words"),
        max_length=80,
        required=False,
        help_text=_("No name, no health, no opinion."),
    )
    guest = forms.ModelChoiceField(
        queryset=Guest.objects.select_related("occupant").order_by("pk"),
        required=False,
        widget=forms.HiddenInput,
    )
    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)


class CloseBedForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=Closure.Cause.choices, widget=forms.RadioSelect)
    last_night = Day(label=_("Until the night of"), required=False)
    note = Line(label=_("Note"), max_length=200, required=False)


class PlaceForm(forms.Form):
    """Which bed, and why a starred refusal gives way."""

    bed = forms.IntegerField(required=False, min_value=1, max_value=2**31)
    override_reason = Line(max_length=300, required=False)
