"""What stands in the columns and under the codes of the files that everybody may read, in every language."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from reporting import words
from reporting.indicators import INDICATORS
from reporting.secrecy import BELOW, SECRET, WITHHELD

COLUMNS = {
    "scope": ("string", _("What the number is about: the period, a week, a month, or a night (“night 2026-11-21”).")),
    "code": ("string", _("Which figure; see the dictionary.")),
    "category": ("string", _("Under which category; empty where the figure has none.")),
    "value": ("number", _("The number; empty where it is hidden or not known.")),
    "numerator": ("number", _("Of a quotient what was divided.")),
    "denominator": ("number", _("Of a quotient by what it was divided.")),
    "night": ("date", _("Of a peak its night.")),
    "note": ("string", _("Why a number is hidden.")),
}  # fmt: skip
MARKS = {
    BELOW: _("from 1 to below the threshold"),
    SECRET: _("hidden, so that a small number cannot be worked out"),
    WITHHELD: _("the whole table but its total is hidden"),
}
# Of a single night, under codes of their own: which figure they are.
NIGHTLY = {
    "slept": "bed_nights", "in_service": "beds_in_service", "nominal": "nominal_beds", "extra": "extra_beds",
    "closed": "closed_beds", "minimum": "coldest", "beds_by_dormitory": "beds_in_service",
}  # fmt: skip
# No figures, but what must be known to read them.
NO_FIGURES = {
    "revision": (
        _("Revision"),
        _("Which version of the report it is. The highest one holds; the earlier ones stay readable."),
    ),
    "definitions": (_("Definitions"), _("By which version of the definitions the figures were counted.")),
    "is_wet": (_("Rain or snow"), _("1: rain or snow in that night; 0: none; empty: not known.")),
    "is_closed": (_("Night closed"), _("1: the night is closed, its figures are whole; 0: they may change.")),
}


def entries():
    """Every code with its unit, and its name, definition and categories by language."""
    found = {code: _entry(code, each) for code, each in INDICATORS.items()}
    found |= {code: _entry(code, INDICATORS[like]) for code, like in NIGHTLY.items()}
    for code, (name, definition) in NO_FIGURES.items():
        found[code] = {
            "code": code, "unit": "", "name": _said(name), "definition": _said(definition), "categories": {},
        }  # fmt: skip
    return list(found.values())


def _entry(code, indicator):
    over = "dormitory" if code == "beds_by_dormitory" else indicator.over
    labels = words.categories(over) if code not in NIGHTLY or over == "dormitory" else {}
    return {
        "code": code,
        "unit": str(indicator.unit),
        "name": _said(indicator.name),
        "definition": _said(indicator.definition),
        "categories": {category: _said(label) for category, label in labels.items()},
    }


def _said(text):
    """A lazy text in every language of the house."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found[language] = str(text)
    return found


def columns(language):
    """The columns of a file of figures, as Frictionless Table Schema names them."""
    with override(language):
        return {
            "fields": [
                {"name": name, "type": kind, "description": str(said)}
                for name, (kind, said) in COLUMNS.items()
            ],
            "missingValues": [""],
            "marks": {mark: str(said) for mark, said in MARKS.items()},
        }
