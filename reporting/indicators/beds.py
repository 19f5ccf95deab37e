"""Beds: what was there, what was closed, what stood empty and why."""

from django.utils.translation import gettext_lazy as _

from reporting.facts import Window
from reporting.indicators.registry import BEDS, NIGHTS, Register
from reporting.values import Table, added

indicator = Register()
INDICATORS = indicator.found


@indicator(
    "nights_open", NIGHTS, _("Nights open"),
    _(
        "Nights on which the doors were opened. They are counted as rows of the calendar, never as a difference of two "
        "dates."
    ),
    "night",
)  # fmt: skip
def nights_open(window: Window) -> int:
    return len(window.nights)


@indicator(
    "nominal_beds", BEDS, _("Beds, nominal"),
    _("Standard places standing in the house, summed over the nights: what the agreement with the ministry pays for."),
    "bed", "position",
)  # fmt: skip
def nominal_beds(window: Window) -> int:
    return sum(night.nominal for night in window.nights)


@indicator(
    "extra_beds", BEDS, _("Extension and overflow places"),
    _("Places beyond the nominal beds that were opened for the night, summed over the nights."),
    "bed", "activation",
)  # fmt: skip
def extra_beds(window: Window) -> int:
    return sum(night.extra for night in window.nights)


@indicator(
    "installed_beds", BEDS, _("Beds, installed"),
    _("Nominal beds and opened extension and overflow places together, summed over the nights."),
    "bed", "position", "activation",
)  # fmt: skip
def installed_beds(window: Window) -> int:
    return nominal_beds(window) + extra_beds(window)


@indicator(
    "closed_beds", BEDS, _("Beds out of service"),
    _("Installed beds in which nobody could sleep at 04:00, each for exactly one reason, summed over the nights."),
    "closure", over="closure",
)  # fmt: skip
def closed_beds(window: Window) -> Table:
    return added(night.closed for night in window.nights)


@indicator(
    "beds_in_service", BEDS, _("Beds in service"),
    _("Installed beds less those out of service, summed over the nights."),
    "bed", "position", "activation", "closure",
)  # fmt: skip
def beds_in_service(window: Window) -> int:
    return sum(night.in_service for night in window.nights)


@indicator(
    "empty_beds", BEDS, _("Beds in service that stood empty"),
    _(
        "Beds in service in which nobody slept, each for exactly one cause: kept for somebody until 04:00; kept and "
        "released because nobody came; opened after the doors had closed; beyond the number of people the team could "
        "take; not suitable for those who were refused; otherwise nobody asked."
    ),
    "bed_night", "activation", "refusal", over="cause",
)  # fmt: skip
def empty_beds(window: Window) -> Table:
    return added(night.empty for night in window.nights)
