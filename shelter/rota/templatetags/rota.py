"""How hours and marks of the rota are written."""

from django import template
from django.utils.translation import pgettext

from shelter.rota import law
from shelter.rota.models import Absence

register = template.Library()

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
    return f"{whole} h {rest:02d}" if rest else f"{whole} h"


@register.filter
def signed_hours(minutes):
    return f"{'−' if minutes < 0 else '+'}{hours(minutes)}" if minutes else "0"


@register.filter
def is_weekend(day):
    return day.weekday() >= law.SATURDAY


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
