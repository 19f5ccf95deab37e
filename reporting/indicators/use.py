"""How much the house was used."""

from collections import Counter

from django.utils.translation import gettext_lazy as _

from reporting.facts import NightFacts, Window
from reporting.indicators.beds import beds_in_service, nominal_beds
from reporting.indicators.registry import BED_NIGHTS, NIGHTS, NUMBER, PEOPLE, PERCENT, Register
from reporting.values import Peak, Ratio, Table

TENSE, SATURATED = 90, 97  # per hundred beds in service

indicator = Register()
INDICATORS = indicator.found


@indicator(
    "bed_nights", BED_NIGHTS, _("Nights slept"),
    _(
        "One person in one bed of the house at 04:00, local time. Whoever came and left before is counted as a visit. "
        "A night belongs to the date of its evening."
    ),
    "bed_night",
)  # fmt: skip
def bed_nights(window: Window) -> int:
    return len(window.stays)


@indicator(
    "visits", PEOPLE, _("Visits"),
    _("People who were let in and had left before 04:00, counted each night."),
    "bed_night",
)  # fmt: skip
def visits(window: Window) -> int:
    return sum(night.visits for night in window.nights)


@indicator(
    "rate_in_service", PERCENT, _("Rate A: of beds in service"),
    _("Nights slept divided by beds in service, both summed over the nights; never a mean of nightly rates."),
    "bed_night", "bed", "closure", "activation",
)  # fmt: skip
def rate_in_service(window: Window) -> Ratio:
    return Ratio(bed_nights(window), beds_in_service(window))


@indicator(
    "rate_nominal", PERCENT, _("Rate B: of nominal beds"),
    _("Nights slept divided by nominal beds, both summed over the nights. It may exceed 100 %."),
    "bed_night", "bed",
)  # fmt: skip
def rate_nominal(window: Window) -> Ratio:
    return Ratio(bed_nights(window), nominal_beds(window))


@indicator(
    "mean_a_night", NUMBER, _("Mean a night"),
    _("Nights slept divided by nights open."),
    "bed_night", "night",
)  # fmt: skip
def mean_a_night(window: Window) -> Ratio:
    return Ratio(bed_nights(window), len(window.nights))


@indicator(
    "peak", PEOPLE, _("Peak"),
    _("The most people who slept in the house in one night, and the first night on which it was so."),
    "bed_night",
)  # fmt: skip
def peak(window: Window) -> Peak | None:
    if not window.nights:
        return None
    most = max(window.nights, key=lambda night: night.slept)  # of equals the first
    return Peak(most.slept, most.night)


@indicator(
    "tense_nights", NIGHTS, _("Tense nights"),
    _("Nights on which at least 90 of 100 beds in service were slept in."),
    "bed_night", "bed",
)  # fmt: skip
def tense_nights(window: Window) -> int:
    return sum(_is_filled(night, TENSE) for night in window.nights)


@indicator(
    "saturated_nights", NIGHTS, _("Saturated nights"),
    _(
        "Nights on which at least 97 of 100 beds in service were slept in, or somebody was without a bed at 04:00 for "
        "lack of a place."
    ),
    "bed_night", "bed", "refusal",
)  # fmt: skip
def saturated_nights(window: Window) -> int:
    return sum(_is_filled(night, SATURATED) or night.lacked_place > 0 for night in window.nights)


@indicator(
    "bed_nights_by_dormitory", BED_NIGHTS, _("Nights slept by dormitory"),
    _("Nights slept, by the dormitory of the bed."),
    "bed_night", "position", over="dormitory",
)  # fmt: skip
def bed_nights_by_dormitory(window: Window) -> Table:
    return dict(sorted(Counter(stay.dormitory for stay in window.stays).items()))


def _is_filled(night: NightFacts, percent: int) -> bool:
    return night.in_service > 0 and 100 * night.slept >= percent * night.in_service
