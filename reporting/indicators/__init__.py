"""Every figure that Foyer prints, each with one definition that runs.

An indicator is a function of a `Window` of nights, with its code, unit, name, definition in words and sources. Reports,
pages and files show nothing else; the page of definitions is made from here.
"""

from reporting.indicators import beds, house, need, people, quality, use
from reporting.indicators.registry import Indicator, digest

SUBJECTS = (beds, use, people, need, house, quality)
INDICATORS: dict[str, Indicator] = {
    indicator.code: indicator for subject in SUBJECTS for indicator in subject.INDICATORS
}
LIMITS = {"tense": use.TENSE, "saturated": use.SATURATED, "away": people.AWAY.days, "lengths": people.LENGTHS}


def definitions() -> str:
    """The digest of all definitions in force."""
    return digest(INDICATORS.values(), LIMITS)


__all__ = ["INDICATORS", "SUBJECTS", "Indicator", "definitions", "digest"]
