"""How hours and marks of the rota are written."""

from functools import lru_cache

from django import template
from django.utils.dateformat import format as date_format
from django.utils.formats import localize
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from shelter.gate import may
from shelter.rota import law
from shelter.rota.models import Absence
from shelter.rota.pricing import RULES

register = template.Library()

ROOMS = (
    ("rota", gettext_lazy("Rota")),
    ("rota-outlook", gettext_lazy("Nights ahead")),
    ("rota-propose", gettext_lazy("Proposals")),
    ("rota-fairness", gettext_lazy("Fair shares")),
    ("rota-register", gettext_lazy("Hours worked")),
    ("rota-people", gettext_lazy("People")),
    ("rota-volunteers", gettext_lazy("Volunteers")),
    ("rota-kinds", gettext_lazy("Kinds of shift")),
    ("rota-terms", gettext_lazy("Terms")),
    ("rota-prices", gettext_lazy("Prices")),
)

MARKS = {
    Absence.Kind.LEAVE: lambda: pgettext("mark in the grid", "L"),
    Absence.Kind.SICK: lambda: pgettext("mark in the grid", "X"),
    Absence.Kind.TRAINING: lambda: pgettext("mark in the grid", "T"),
    Absence.Kind.ELSEWHERE: lambda: pgettext("mark in the grid", "E"),
    Absence.Kind.UNAVAILABLE: lambda: "–",
}


@register.filter
def hours(minutes):
    """Minutes as hours: `38 h`, `38 h 30`."""
    whole, rest = divmod(abs(minutes), 60)
    return f"{whole}\u00a0h\u00a0{rest:02d}" if rest else f"{whole}\u00a0h"


@register.filter
def signed_hours(minutes):
    return f"{'−' if minutes < 0 else '+'}{hours(minutes)}" if minutes else "0"


@register.filter
def is_weekend(day):
    return day.weekday() >= law.SATURDAY


@register.filter
def spoken(day):
    """A day as it is read out; each cell of the grid says it."""
    return _spoken(day, get_language())


@lru_cache(maxsize=1000)
def _spoken(day, _language):
    return date_format(day, "D j F")


@register.filter
def any_law(findings):
    return any(law.BY_CODE[finding.rule].is_law for finding in findings)


@register.filter
def absence_mark(kind):
    return MARKS[kind]()


@register.filter
def absence_word(kind):
    return Absence.Kind(kind).label


@register.filter
def percent(share):
    return f"{share:.0%}".replace("%", " %")


@register.filter
def rule_word(code):
    """What a rule is called where it is counted."""
    return law.BY_CODE[code].name()


@register.filter
def price_word(rule):
    """What letting a rule be broken means for people, as the list of prices calls it."""
    return RULES[rule].label


@register.filter
def signed(number):
    """A balance: `+1.5`, `−2`, `0`, in the reader's way of writing numbers."""
    rounded = round(number, 1)
    if not rounded:
        return "0"
    return f"{'−' if rounded < 0 else '+'}{localize(abs(rounded))}"


@register.filter
def share_word(kind):
    return {"nights": _("Nights"), "weekends": _("Weekends"), "holidays": _("Holidays")}[kind]


@register.simple_tag(takes_context=True)
def rooms_of_the_rota(context):
    """Where a planner may go from here: (route, label)."""
    return [(name, label) for name, label in ROOMS if may(context["request"].actor, name, "GET")]
