"""Forms of the rota's pages."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from shelter import nights
from shelter.models import Organisation, Person
from shelter.rota.models import Absence, Demand, Employment, Skill
from shelter.rota.pricing import PRICES
from shelter.rota.terms import LABELS
from shelter.rota.timeline import midnight, moment
from shelter.web.forms import Day, Line


def _among(form, name, rows):
    """Let a field of a form choose among rows that only this request knows."""
    if rows is not None:
        cast(forms.ModelChoiceField, form.fields[name]).queryset = rows


def _choices(form, name, choices):
    cast(forms.ChoiceField, form.fields[name]).choices = list(choices)


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
    starts = forms.TimeField(label=_("Starts"))
    ends = forms.TimeField(label=_("Ends"))
    break_minutes = forms.IntegerField(label=_("Unpaid break (minutes)"), min_value=0, max_value=600)
    note = Line(label=_("Note"), max_length=200, required=False)

    def instants(self, night):
        """What was typed, as instants of a night; what ends at an earlier hour than it begins ends the next day."""
        given = self.cleaned_data
        start, end = nights.instant_of(night, given["starts"]), nights.instant_of(night, given["ends"])
        if end <= start:
            end = nights.instant_of(night + nights.ONE_DAY, given["ends"])
        return {"start": start, "end": end, "break_minutes": given["break_minutes"], "note": given["note"]}


# One number for each price; empty where a rule may not be broken at any price.
PricesForm = type(
    "PricesForm",
    (forms.Form,),
    {"__module__": __name__}
    | {
        key: forms.IntegerField(
            label=price.label, min_value=0, max_value=1_000_000, required=not price.may_be_none
        )
        for key, price in PRICES.items()
    },
)


class ReasonForm(forms.Form):
    reason = Line(label=_("Reason"), max_length=300, required=False)


class SetAsideForm(forms.Form):
    rule = forms.CharField(max_length=30)
    day = Day()
    reason = Line(label=_("Reason"), max_length=300)


class EmployForm(forms.Form):
    """Somebody with an account works for an organisation; volunteers and guards have no hours of a contract."""

    person = forms.ModelChoiceField(label=_("Person"), queryset=Person.objects.none())
    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    kind = forms.ChoiceField(label=_("Kind"), choices=Employment.Kind.choices)
    hours = forms.DecimalField(
        label=_("Hours a week"), min_value=0, max_value=48, decimal_places=2, required=False
    )
    reference = forms.ChoiceField(label=_("Reference period"), choices=Employment.Reference.choices)
    is_night_worker = forms.BooleanField(label=_("Works at night"), required=False)
    is_under_strain = forms.BooleanField(label=_("Special risks or heavy strain"), required=False)
    first_day = Day(label=_("First day"))
    last_day = Day(label=_("Last day"), required=False)

    def __init__(self, *args, organisations=None, people=None, **kwargs):
        super().__init__(*args, **kwargs)
        _among(self, "person", people)
        _among(self, "organisation", organisations)

    def given(self):
        """What the action takes: minutes in place of hours."""
        known = dict(self.cleaned_data)
        hours = known.pop("hours")
        return known | {"weekly_minutes": round(hours * 60) if hours else None}


class LastDayForm(forms.Form):
    last_day = Day(label=_("Last day"))


class QualifyForm(forms.Form):
    skill = forms.ModelChoiceField(
        label=_("Qualification"), queryset=Skill.objects.order_by("position", "code")
    )
    first_day = Day(label=_("Valid from"))
    last_day = Day(label=_("Valid until"), required=False)
    proof = Line(label=_("Proof seen"), max_length=120, required=False)


class AbsenceForm(forms.Form):
    """Whole days, or hours of a day: work elsewhere has its hours."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Absence.Kind.choices)
    first_day = Day(label=_("First day"))
    last_day = Day(label=_("Last day"))
    starts = forms.TimeField(label=_("From (empty: the whole day)"), required=False)
    ends = forms.TimeField(label=_("Until (empty: the whole day)"), required=False)

    def instants(self):
        """Begin and end of what was typed."""
        given = self.cleaned_data
        start = (
            moment(given["first_day"], given["starts"]) if given["starts"] else midnight(given["first_day"])
        )
        if given["ends"]:
            return {"start": start, "end": moment(given["last_day"], given["ends"])}
        return {"start": start, "end": midnight(given["last_day"] + nights.ONE_DAY)}


class TermForm(forms.Form):
    key = forms.ChoiceField(label=_("Term"), choices=list(LABELS.items()))
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), required=False, empty_label=_("all")
    )
    value = forms.IntegerField(
        label=_("Value (empty: not known)"), min_value=0, max_value=100_000, required=False
    )
    first_day = Day(label=_("First day"))
    source = Line(label=_("Source"), max_length=200, required=False)
    confirmed_by = Line(label=_("Confirmed by"), max_length=120, required=False)

    def __init__(self, *args, organisations=None, **kwargs):
        super().__init__(*args, **kwargs)
        _among(self, "organisation", organisations)


class KindForm(forms.Form):
    """A kind of shift, with a line of demand for each duty."""

    name = Line(label=_("Name"), max_length=60)
    letter = Line(label=_("Letter"), max_length=1)
    starts = forms.TimeField(label=_("Starts"))
    ends = forms.TimeField(label=_("Ends"))
    break_minutes = forms.IntegerField(label=_("Unpaid break (minutes)"), min_value=0, max_value=600)
    first_night = Day(label=_("From the night of"))
    last_night = Day(label=_("Until the night of"), required=False)

    def __init__(self, *args, skills=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.skills = list(skills)
        for skill in self.skills:
            for part, label in (
                ("minimum", _("at least")),
                ("wished", _("better")),
                ("per_guests", _("one per guests")),
            ):
                self.fields[f"{part}-{skill.code}"] = forms.IntegerField(
                    label=f"{skill.name}: {label}",
                    min_value=1 if part == "per_guests" else 0,
                    max_value=300,
                    required=False,
                )
            self.fields[f"critical-{skill.code}"] = forms.BooleanField(
                label=f"{skill.name}: {_('the house cannot open without')}", required=False
            )

    def kind(self):
        return {name: self.cleaned_data[name] for name in KindForm.base_fields}

    def demands(self):
        """What is asked of each duty; duties without a number are not asked for."""
        given = self.cleaned_data
        for skill in self.skills:
            least, better = given[f"minimum-{skill.code}"], given[f"wished-{skill.code}"]
            per_guests = given[f"per_guests-{skill.code}"]
            if least is None and better is None and per_guests is None:
                continue
            is_critical = given[f"critical-{skill.code}"]
            yield {
                "skill": skill,
                "minimum": least or 0,
                "wished": max(least or 0, better or 0),
                "per_guests": per_guests,
                "priority": Demand.Priority.CRITICAL if is_critical else Demand.Priority.USUAL,
            }

    def rows(self):
        """For the page: each duty with its fields."""
        for skill in self.skills:
            yield (
                skill,
                [self[f"{part}-{skill.code}"] for part in ("minimum", "wished", "per_guests", "critical")],
            )


class SkillForm(forms.Form):
    code = forms.SlugField(label=_("Code"), max_length=20)
    name = Line(label=_("Name"), max_length=60)
    is_duty = forms.BooleanField(label=_("A duty in shifts"), required=False, initial=True)
    for_volunteers = forms.BooleanField(label=_("Open to new volunteers"), required=False)


class MixForm(forms.Form):
    skill = forms.ModelChoiceField(
        label=_("Of whom"), queryset=Skill.objects.order_by("position", "code"), required=False,
        empty_label=_("different organisations"),
    )  # fmt: skip
    least = forms.IntegerField(label=_("At least"), min_value=1, max_value=20)
    first_night = Day(label=_("From the night of"))
    last_night = Day(label=_("Until the night of"), required=False)


class LayOutForm(forms.Form):
    first_night = Day(label=_("From the night of"))
    last_night = Day(label=_("Until the night of"))


class DemandForm(forms.Form):
    minimum = forms.IntegerField(label=_("Needed"), min_value=0, max_value=300)


class InviteForm(forms.Form):
    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    last_day = Day(label=_("Valid until"))

    def __init__(self, *args, organisations=None, **kwargs):
        super().__init__(*args, **kwargs)
        _among(self, "organisation", organisations)


class SignUpForm(forms.Form):
    """An offer to help: who, how to be reached, and the places chosen (`shift:skill`)."""

    name = Line(label=_("Your name"), max_length=60)
    email = forms.EmailField(label=_("Your e-mail"), max_length=120)
    speaks = Line(label=_("Languages you speak"), max_length=120, required=False)
    brings = forms.MultipleChoiceField(label=_("What you bring"), required=False)
    places = forms.MultipleChoiceField(label=_("Where you would like to help"))

    def __init__(self, *args, places=(), brings=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.brought = {skill.code: skill for skill in brings}
        _choices(self, "brings", [(skill.code, skill.name) for skill in brings])
        self.by_name = {f"{place.shift.pk}:{place.skill.code}": place for place in places}
        _choices(self, "places", zip(self.by_name, self.by_name, strict=True))

    def given(self):
        """What the action takes."""
        known = dict(self.cleaned_data)
        chosen = [self.by_name[name] for name in known.pop("places")]
        known["brings"] = [self.brought[code] for code in known["brings"]]
        return known | {"chosen": [(place.shift, place.skill) for place in chosen]}
