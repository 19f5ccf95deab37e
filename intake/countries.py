"""Nationality as far as the house needs it: a country for the form, one of three groups for the figures."""

from functools import cache

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shelter.models import Occupant

EU = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
FREQUENT = ("LU", "RO", "PT", "FR", "MA", "BG", "SN", "IT")
ANSWERS = (
    ("stateless", _("stateless")),
    ("refused", _("does not wish to say")),
    ("unknown", _("not known")),
)
_NOT_COUNTRIES = frozenset("EU EZ UN QO XA XB ZZ AQ BV HM TF UM GS IO CP AC DG EA IC TA CQ".split())


def origin_of(nationality):
    """Luxembourg, other EU country, third country, or not known."""
    if nationality == "LU":
        return Occupant.Origin.LUXEMBOURG
    if nationality in EU:
        return Occupant.Origin.EU
    if nationality in {"", "unknown", "refused"}:
        return Occupant.Origin.UNKNOWN
    return Occupant.Origin.THIRD


def countries():
    """`(code, name)` of every country in the language of the page, by name."""
    return _countries(get_language() or "fr")


def name_of(nationality):
    return dict(countries()).get(nationality) or str(dict(ANSWERS).get(nationality, ""))


def is_known(nationality):
    return nationality in dict(ANSWERS) or nationality in dict(_countries("en"))


@cache
def _countries(language):
    try:
        territories = Locale.parse(language, sep="-").territories
    except UnknownLocaleError:
        territories = Locale("en").territories
    named = [
        (code, name)
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
    ]
    return tuple(sorted(named, key=lambda pair: pair[1]))
