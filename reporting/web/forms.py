"""Forms of the reports' pages."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from reporting import weather
from reporting.models import Period, Remark
from reporting.periods import LONGEST
from shelter.web.forms import Day, Line

LARGEST_LIST = 100_000  # bytes of a list of weather
WETNESS = (("", _("not known")), ("yes", _("rain or snow")), ("no", _("dry")))


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


class WeatherForm(forms.Form):
    """The weather of one night, or of many from a file."""

    night = Day(label=_("Night of"), required=False)
    minimum = forms.DecimalField(
        label=_("Lowest temperature, 18:00 to 08:00 (°C)"), min_value=-40, max_value=40, decimal_places=1,
        required=False,
    )  # fmt: skip
    wet = forms.ChoiceField(label=_("Rain or snow"), choices=WETNESS, required=False)
    source = Line(label=_("Source"), max_length=80)
    file = forms.FileField(
        label=_("or a list as CSV"), required=False,
        help_text=_("One night a line: date; lowest temperature; yes or no"),
    )  # fmt: skip

    def clean(self):
        known = super().clean() or {}
        if known.get("file"):
            known["rows"] = self._rows_of(known["file"])
        elif known.get("night") and known.get("minimum") is not None:
            wet = {"yes": True, "no": False}.get(known.get("wet", ""))
            known["rows"] = [(known["night"], known["minimum"], wet)]
        elif not self.errors:
            raise forms.ValidationError(_("Enter a night with its temperature, or choose a list."))
        return known

    def _rows_of(self, file):
        if file.size > LARGEST_LIST:
            raise forms.ValidationError(_("This list is too long."))
        found = weather.read(file.read().decode("utf-8-sig", errors="replace"))
        if found.wrong:
            lines = ", ".join(map(str, found.wrong[:10]))
            raise forms.ValidationError(
                _("Nothing was taken over. Not understood: lines %(lines)s") % {"lines": lines}
            )
        if not found.rows:
            raise forms.ValidationError(_("There is no night in this list."))
        return [(row.night, row.minimum, row.is_wet) for row in found.rows]


class RemarkForm(forms.Form):
    """Up to three sentences by somebody with a name."""

    text = Line(
        label=_("What stands out"), max_length=Remark.LONGEST, required=False,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Up to three sentences, printed with your name."),
    )  # fmt: skip


class RecipientForm(forms.Form):
    kind = forms.ChoiceField(label=_("Report"), choices=Period.Kind.choices)
    name = Line(label=_("Name"), max_length=80)
    duty = Line(label=_("Office or role"), max_length=80, required=False)
    email = forms.EmailField(label=_("E-mail"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    by_link = forms.BooleanField(label=_("A link that needs sign-in instead of files"), required=False)


class SubscribeForm(forms.Form):
    kinds = forms.MultipleChoiceField(
        label=_("By e-mail to me"), choices=Period.Kind.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


class VerifyForm(forms.Form):
    file = forms.FileField(label=_("File"))
