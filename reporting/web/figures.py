"""The figures of any nights, each beside its definition; and all definitions."""

from dataclasses import dataclass

from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reporting import indicators, words
from reporting.indicators import (
    EXAMPLE,
    SUBJECTS,
    Indicator,
    beds,
    cold,
    house,
    need,
    people,
    quality,
    use,
)
from reporting.models import DefinitionsVersion
from reporting.queries.facts import closed_so_far, window
from reporting.values import Table
from reporting.web.forms import RangeForm

HEADINGS = {
    beds: _("Beds"),
    use: _("Use of the house"),
    people: _("People"),
    need: _("Requests and refusals"),
    house: _("Life in the house"),
    cold: _("Cold"),
    quality: _("How far the figures can be trusted"),
}


@dataclass(frozen=True)
class Figure:
    """An indicator with its value, said for a reader: in one line, or as the lines of a table."""

    indicator: Indicator
    said: str
    lines: tuple[tuple[str, str], ...]

    @property
    def unit(self):
        return "" if self.indicator.unit == "percent" else words.UNITS[self.indicator.unit]


def figures(request):
    """For coordination only: small numbers stand here as they are."""
    first, last = closed_so_far()
    form = RangeForm(request.GET or None, initial={"first": first, "last": last})
    page = {"form": form, "definitions": indicators.definitions()}
    is_wrong = bool(request.GET) and not form.is_valid()
    if not is_wrong:
        asked = form.cleaned_data if request.GET else form.initial
        known = window(asked["first"], asked["last"])
        page |= {
            "first": asked["first"],
            "last": asked["last"],
            "is_provisional": any(not night.is_closed for night in known.nights),
            "subjects": [
                (HEADINGS[subject], [_figure(each, known) for each in subject.INDICATORS])
                for subject in SUBJECTS
            ],
        }
    return render(request, "reporting/figures.html", page, status=422 if is_wrong else 200)


def _figure(indicator, known):
    value = indicator.of(known)
    if indicator.over:
        table: Table = value
        return Figure(indicator, "–", tuple(words.lines_of(indicator, table)))
    return Figure(indicator, words.said(indicator, value), ())


def definitions(request):
    """What every figure means, made from the indicators themselves; or as an earlier version had it."""
    page = {
        "subjects": [
            (HEADINGS[subject], [(each, _example(each)) for each in subject.INDICATORS])
            for subject in SUBJECTS
        ],
        "definitions": indicators.definitions(),
        "versions": DefinitionsVersion.objects.order_by("-number"),
        "example_nights": EXAMPLE.nights,
    }
    number = request.GET.get("version", "")
    if number:
        old = get_object_or_404(DefinitionsVersion, number=number if number.isdecimal() else 0)
        text = old.text.get(get_language(), old.text["fr"])
        return render(request, "reporting/definitions.html", page | {"old": old, "old_words": text.values()})
    return render(request, "reporting/definitions.html", page)


def _example(indicator):
    figure = _figure(indicator, EXAMPLE)
    return "; ".join(f"{label} {number}" for label, number in figure.lines) or figure.said
