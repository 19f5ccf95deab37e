"""Forms of the coordinator's pages; what they accept is checked here, what it means in the actions."""

from datetime import date

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shelter.errors import Incomplete
from shelter.models import Closure, Dormitory, OpeningPeriod, Organisation, Role
from shelter.models.house import Bed, Layer, Zone
from shelter.parameters import PARAMETERS
from shelter.text import one_line


class Line(forms.CharField):
    """Text from people on one line, without control or direction marks."""

    def to_python(self, value):
        return one_line(super().to_python(value) or "")


class Day(forms.DateField):
    """A date within living memory of the house: its neighbours exist too, whatever is reckoned from it."""

    default_validators = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 12, 31))]
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SignInForm(AuthenticationForm):
    username = UsernameField(max_length=60)


class PeriodForm(forms.Form):
    service = forms.ChoiceField(label=_("Service"), choices=OpeningPeriod.Service.choices)
    kind = forms.ChoiceField(label=_("Kind"), choices=OpeningPeriod.Kind.choices)
    first_date = Day(label=_("First date"))
    last_date = Day(label=_("Last date"))
    reason = Line(label=_("Reason"), max_length=300, required=False)


class SettingForm(forms.Form):
    key = forms.ChoiceField(
        label=_("Setting"), choices=[(key, parameter.label) for key, parameter in PARAMETERS.items()]
    )
    value = Line(label=_("New value"), max_length=120, required=False)
    first_night = Day(label=_("From the night of"))
    reason = Line(label=_("Why"), max_length=300)


class StepForm(forms.Form):
    to = forms.CharField(max_length=14)
    reason = Line(label=_("Reason"), max_length=300, required=False)


EXTRA_LAYERS = [choice for choice in Layer.choices if choice[0] != Layer.NOMINAL]


class ActivationForm(forms.Form):
    layer = forms.ChoiceField(label=_("Layer"), choices=EXTRA_LAYERS)
    number = forms.IntegerField(label=_("Places"), min_value=1, max_value=2000)
    first_night = Day(label=_("From the night of"))
    last_night = Day(label=_("Until the night of"), required=False)
    reason = Line(label=_("Reason"), max_length=300)
    approval = Line(label=_("Approval reference"), max_length=80)


class DormitoryChangeForm(forms.Form):
    """Change a dormitory from a night on: its zone, close it whole, or split beds off into another."""

    dormitory = forms.ModelChoiceField(
        label=_("Dormitory"), queryset=Dormitory.objects.order_by("position", "code")
    )
    change = forms.ChoiceField(
        label=_("What changes"),
        choices=[
            ("zone", _("serves another zone")),
            ("close", _("is closed")),
            ("split", _("beds go to another dormitory")),
        ],
    )
    first_night = Day(label=_("From the night of"))
    last_night = Day(label=_("Until the night of (closing only)"), required=False)
    zone = forms.ChoiceField(label=_("Zone"), choices=[("", "–"), *Zone.choices], required=False)
    closed_for = forms.ChoiceField(
        label=_("Closed for"), choices=[("", "–"), *Closure.Cause.choices], required=False
    )
    beds = Line(label=_("Beds (labels, separated by spaces)"), max_length=2000, required=False)
    target = forms.ModelChoiceField(
        label=_("Other dormitory"), queryset=Dormitory.objects.order_by("position", "code"), required=False
    )

    NEEDED = {"zone": ("zone",), "close": ("closed_for",), "split": ("beds", "target")}

    def clean(self):
        data = super().clean() or {}
        for name in self.NEEDED.get(data.get("change", ""), ()):
            if not data.get(name):
                self.add_error(name, _("This is needed for the change you chose."))
        return data


class AddBedsForm(forms.Form):
    """A new dormitory, or more beds in one that stands."""

    code = Line(label=_("Dormitory code"), max_length=8)
    name = Line(label=_("Dormitory name"), max_length=80, required=False)
    zone = forms.ChoiceField(label=_("Zone"), choices=Zone.choices)
    number = forms.IntegerField(label=_("How many beds"), min_value=1, max_value=200)
    levels = forms.ChoiceField(
        label=_("Bunks"),
        choices=[("1", _("single beds")), ("2", _("two levels")), ("3", _("three levels"))],
    )
    layer = forms.ChoiceField(label=_("Layer"), choices=Layer.choices)
    step_free = forms.BooleanField(label=_("Step-free access"), required=False)
    first_night = Day(label=_("From the night of"))

    LEVELS = {"1": ("bottom",), "2": ("bottom", "top"), "3": ("bottom", "middle", "top")}

    def beds(self, *, labels_from, opening_from):
        """The unsaved beds asked for, labelled on from a number."""
        data = self.cleaned_data
        levels = self.LEVELS[data["levels"]]
        extra = data["layer"] != Layer.NOMINAL
        labels = [f"{data['code']}-{labels_from + index:02d}" for index in range(data["number"])]
        if len(labels[-1]) > (Bed._meta.get_field("label").max_length or 0):
            raise Incomplete(what=gettext("The label %(bed)s would be too long.") % {"bed": labels[-1]})
        return [
            Bed(
                label=label,
                level=levels[index % len(levels)],
                step_free=data["step_free"] and levels[index % len(levels)] == "bottom",
                layer=data["layer"],
                opening_order=opening_from + index if extra else None,
            )
            for index, label in enumerate(labels)
        ]


class PersonForm(forms.Form):
    username = Line(label=_("User name"), max_length=60)
    name = Line(label=_("Name"), max_length=120)
    password = forms.CharField(
        label=_("First password"), max_length=200, strip=False, widget=forms.PasswordInput
    )
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    organisation = Line(label=_("Organisation (code)"), max_length=12)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class RoleForm(forms.Form):
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.order_by("code")
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    last_day = Day(label=_("Last day"), required=False)
