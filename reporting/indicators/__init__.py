"""Every figure that Foyer prints, each with one definition that runs.

An indicator is a function of a `Window` of nights, with its code, unit, name, definition in words and sources. Reports,
pages and files show nothing else; the page of definitions is made from here.
"""

from django.utils.translation import override

from reporting.indicators import beds, cold, house, need, people, quality, use
from reporting.indicators.example import EXAMPLE
from reporting.indicators.registry import Indicator, digest

SUBJECTS = (beds, use, people, need, house, cold, quality)
INDICATORS: dict[str, Indicator] = {
    indicator.code: indicator for subject in SUBJECTS for indicator in subject.INDICATORS
}
LIMITS = {"tense": use.TENSE, "saturated": use.SATURATED, "away": people.AWAY.days, "lengths": people.LENGTHS}


def definitions() -> str:
    """The digest of all definitions in force."""
    return digest(INDICATORS.values(), LIMITS, EXAMPLE)


def in_words(language: str) -> dict[str, dict[str, str]]:
    """Name and definition of every indicator in one language, by code."""
    with override(language):
        return {
            code: {"name": str(each.name), "definition": str(each.definition)}
            for code, each in INDICATORS.items()
        }


__all__ = ["EXAMPLE", "INDICATORS", "SUBJECTS", "Indicator", "definitions", "digest", "in_words"]
