"""How values of indicators and their categories are said on pages."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from intake.models import Incident, Referral, Tally
from reporting import emptiness
from reporting.indicators import registry
from reporting.values import Peak, Ratio
from shelter.models import Closure, Dormitory, Occupant, Refusal
from shelter.rota.models import Employment

UNITS = {
    registry.BED_NIGHTS: gettext_lazy("bed-nights"),
    registry.BEDS: gettext_lazy("beds × nights"),
    registry.PEOPLE: gettext_lazy("people"),
    registry.NIGHTS: gettext_lazy("nights"),
    registry.PERCENT: "%",
    registry.NUMBER: "",
    registry.HOURS: gettext_lazy("hours"),
    registry.MEALS: gettext_lazy("meals"),
    registry.DEGREES: "°C",
}
NOT_KNOWN = gettext_lazy("not known")
CAUSES = {
    emptiness.HELD: gettext_lazy("kept until 04:00"),
    emptiness.NO_SHOW: gettext_lazy("kept, nobody came"),
    emptiness.OPENED_LATE: gettext_lazy("opened after the doors had closed"),
    emptiness.STAFF_SHORTAGE: gettext_lazy("more than the team could take"),
    emptiness.ZONE_MISMATCH: gettext_lazy("not suitable for those refused"),
    emptiness.NO_DEMAND: gettext_lazy("nobody asked"),
}
LENGTHS = {
    "1": gettext_lazy("one night"),
    "2-7": gettext_lazy("2 to 7 nights"),
    "8-30": gettext_lazy("8 to 30 nights"),
    "31-90": gettext_lazy("31 to 90 nights"),
    "91-": gettext_lazy("more than 90 nights"),
}
CALLS = {"police": gettext_lazy("police"), "ambulance": pgettext_lazy("somebody called", "ambulance")}
PASTS = {
    "new": gettext_lazy("never here before"),
    "earlier_season": gettext_lazy("here in an earlier season"),
    "this_season": gettext_lazy("here earlier in this season"),
}
TRAITS = {
    "sex": gettext_lazy("sex"), "age": gettext_lazy("age"), "origin": gettext_lazy("nationality"),
}  # fmt: skip


def categories(over):
    """What the categories of a table are called, in the order in which they are listed."""
    fixed = {
        "closure": dict(Closure.Cause.choices),
        "refusal": dict(Refusal.Reason.choices),
        "referral": dict(Referral.Target.choices),
        "service": dict(Tally.Service.choices),
        "sex": dict(Occupant.Sex.choices),
        "origin": dict(Occupant.Origin.choices),
        "severity": {str(grade): label for grade, label in Incident.SEVERITIES},
        "employment": dict(Employment.Kind.choices),
        "cause": CAUSES, "length": LENGTHS, "past": PASTS, "call": CALLS, "trait": TRAITS,
    }  # fmt: skip
    if over == "dormitory":
        return dict(Dormitory.objects.order_by("position", "code").values_list("code", "name"))
    return fixed.get(over, {})


def lines_of(indicator, value):
    """The categories of a table with their numbers: those known in their order, others after them."""
    known = categories(indicator.over)
    return [(label, number(value[code])) for label, code in ordered(indicator, value, known)]


def ordered(indicator, table, known):
    """The categories of a table that are in it, each as its label and its code; `known` are labels in their order."""
    if indicator.over == "age":
        known = _ages(table)
    order = [*known, *(code for code in table if code not in known)]
    return [(known.get(code, code), code) for code in order if code in table]


def _ages(value):
    """Bands of age in order, the one that is not known at the end."""
    bands = sorted((band for band in value if band), key=lambda band: int(band.split("-")[0]))
    return {band: _age(*band.split("-")) for band in bands} | {"": NOT_KNOWN}


def _age(first, last):
    if not last:
        return _("from %(first)s") % {"first": first}
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def number(value, places=None):
    """A number in the reader's way of writing: groups of three, at most one decimal or exactly `places`."""
    if places is not None:
        return number_format(value, decimal_pos=places, force_grouping=True)
    whole = isinstance(value, int) or float(value).is_integer()
    return number_format(int(value) if whole else round(value, 1), force_grouping=True)


def degrees(tenths):
    """Tenths of a degree with one decimal and a real minus sign."""
    return number_format(tenths / 10, decimal_pos=1).replace("-", "\N{MINUS SIGN}")


def said(indicator, value):
    """A value in one line, with both sides of a quotient; a dash where there is none."""
    if value is None:
        return "–"
    if isinstance(value, Peak):
        told = degrees(value.number) if indicator.unit == registry.DEGREES else number(value.number)
        return f"{told} ({value.night:%d.%m.%Y})"
    if isinstance(value, Ratio):
        return _quotient(indicator, value)
    return number(value)


def _quotient(indicator, value):
    if value.share is None:
        return "–"
    is_percent = indicator.unit == registry.PERCENT
    told = number(value.percent) + "\u00a0%" if is_percent else number(value.share)
    return f"{told} ({number(value.above)} / {number(value.below)})"
