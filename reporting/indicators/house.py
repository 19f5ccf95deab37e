"""Life in the house: meals, services, incidents, and the people on duty."""

from collections import Counter

from django.utils.translation import gettext_lazy as _

from reporting.facts import Window
from reporting.indicators.registry import HOURS, MEALS, NUMBER, PEOPLE, Register
from reporting.indicators.use import bed_nights
from reporting.values import Table, added

SERVED = ("suppers", "breakfasts")

indicator = Register()
INDICATORS = indicator.found


@indicator(
    "asylum_applicants", PEOPLE, _("Asylum applicants"),
    _("Asylum applicants in the house, as they were tallied each night, summed over the nights; nobody is marked."),
    "tally",
)  # fmt: skip
def asylum_applicants(window: Window) -> int:
    return sum(night.services.get("asylum", 0) for night in window.nights)


@indicator(
    "meals_derived", MEALS, _("Suppers and breakfasts, derived"),
    _("Two for each night slept: how the ministry has counted so far."), "bed_night",
)  # fmt: skip
def meals_derived(window: Window) -> int:
    return 2 * bed_nights(window)


@indicator(
    "meals_served", MEALS, _("Suppers and breakfasts, served"),
    _("Suppers and breakfasts as they were tallied."), "tally",
)  # fmt: skip
def meals_served(window: Window) -> int:
    return sum(night.services.get(service, 0) for night in window.nights for service in SERVED)


@indicator(
    "services", NUMBER, _("Services"),
    _("How often each service was rendered, as it was tallied."), "tally", over="service",
)  # fmt: skip
def services(window: Window) -> Table:
    return added(night.services for night in window.nights)


@indicator(
    "incidents", NUMBER, _("Incidents by severity"),
    _("Incidents that were written down, by severity from 1 (slight) to 4 (grave)."), "incident", over="severity",
)  # fmt: skip
def incidents(window: Window) -> Table:
    found = Counter(str(each.severity) for night in window.nights for each in night.incidents)
    return dict(sorted(found.items()))


@indicator(
    "emergency_calls", NUMBER, _("Calls to police and ambulance"),
    _("Incidents for which the police or an ambulance was called."), "incident", over="call",
)  # fmt: skip
def emergency_calls(window: Window) -> Table:
    found: Counter[str] = Counter()
    for night in window.nights:
        for each in night.incidents:
            found.update({"police": each.police, "ambulance": each.ambulance})
    return {call: number for call, number in sorted(found.items()) if number}


@indicator(
    "hours_on_duty", HOURS, _("Hours on duty"),
    _(
        "Hours in the shifts of these nights by kind of employment: as worked where that was recorded, else as planned."
    ),
    "assignment", "worked", over="employment",
)  # fmt: skip
def hours_on_duty(window: Window) -> Table:
    return {
        kind: round(minutes / 60) for kind, minutes in added(night.work for night in window.nights).items()
    }


@indicator(
    "uncovered_places", NUMBER, _("Places in shifts left empty"),
    _("Places of the shifts of these nights below the minimum, summed."), "assignment", "demand",
)  # fmt: skip
def uncovered_places(window: Window) -> int:
    return sum(night.uncovered for night in window.nights)
