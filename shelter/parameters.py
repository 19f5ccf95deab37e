"""What may be set for a house and how each value reads: the typed list of settings with their defaults.

Values are stored as dated rows (`models.Setting`); here are only names, kinds, defaults and the frozen
`HouseSettings` that one night lives under. Times are local, numbers without unit are counts.
Defaults are assumptions from published practice at Findel; the house sets its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import time
from typing import Any, NoReturn

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shelter.wishing import LINE, Weights

# Reports that may wait for somebody to read them before they are sent.
REPORTS = ("flash", "weekly", "monthly", "season", "note", "alert")
# Refusals that a cold spell may suspend; the others keep people safe, or two people out of one bed.
MAY_BE_SUSPENDED = ("nights_used_up", "not_registered", "doors_closed")
_WORTH = Weights()


@dataclass(frozen=True)
class HouseSettings:
    """The settings in force for one night."""

    registration_from: time = time(11, 30)
    registration_until: time = time(16, 0)
    list_cutoff: time = time(18, 0)
    doors_open: time = time(19, 15)
    supper: time = time(19, 30)
    hold_release: time = time(22, 0)
    quiet_from: time = time(22, 0)
    last_arrival: time = time(23, 0)
    wake_up: time = time(7, 0)
    everybody_out: time = time(8, 45)
    bus: time = time(9, 0)
    open_places: int | None = None
    occupancy_alert: int = 80
    occupancy_critical: int = 90
    nights_without_proof: int | None = 3
    cold_nights_count: bool = False
    cold_suspends: tuple[str, ...] = ("nights_used_up", "not_registered")
    exclusion_alone_nights: int = 7
    round_evening: time = time(23, 30)
    round_census: time = time(4, 0)
    unclaimed_days: int = 30
    age_bands: tuple[int, ...] = (18, 26, 46, 66)
    nights_until_stay_ends: int = 3
    retention_months: int = 24
    reports_to_approve: tuple[str, ...] = ("season", "note")
    small_numbers_ministry: int = 5
    small_numbers_public: int = 10
    open_data: bool = False
    places_feed: bool = False
    places_feed_delay: int = 30
    places_feed_from: int = 5
    line: tuple[str, ...] = tuple(LINE)
    line_in_the_cold: tuple[str, ...] = ("turned_away", "needs", "registered")
    older_from: int = 60
    wish_same_bed: int = _WORTH.same_bed
    wish_same_dormitory: int = _WORTH.same_dormitory
    wish_lower_bed: int = _WORTH.lower_bed
    wish_step_free: int = _WORTH.step_free
    wish_older_lower: int = _WORTH.older_lower
    wish_quiet: int = _WORTH.quiet
    wish_lower_spared: int = _WORTH.lower_spared
    wish_step_free_spared: int = _WORTH.step_free_spared
    wish_closed_dormitory: int = _WORTH.closed_dormitory
    wish_spare_place: int = _WORTH.spare_place

    @property
    def wishes(self) -> Weights:
        """What each wish of a night's plan is worth; to stay in a bed that was told is worth more than all."""
        told = {name.removeprefix("wish_"): value for name, value in vars(self).items()}
        return Weights(**{field.name: told[field.name] for field in fields(Weights) if field.name in told})


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text!r} is none of the choices")


@dataclass(frozen=True)
class Parameter:
    """One setting: its kind (`time`, `count`, `optional_count`, `percent`, `counts`, `flag`, `codes`), its name."""

    key: str
    kind: str
    label: str | Promise
    default: Any

    @property
    def choices(self) -> tuple[str, ...]:
        """What a list of codes may name."""
        if self.key == "reports_to_approve":
            return REPORTS
        return tuple(LINE) if self.key.startswith("line") else MAY_BE_SUSPENDED

    def read(self, text: str) -> Any:
        """The value behind what a person typed; raises ValueError when it does not fit the kind."""
        text = text.strip()
        if self.kind == "time":
            return time.fromisoformat(text)
        if self.kind == "optional_count" and not text:
            return None
        if self.kind == "flag":
            return (
                {"yes": True, "no": False}[text.lower()] if text.lower() in {"yes", "no"} else _refuse(text)
            )
        if self.kind == "codes":
            codes = tuple(part for part in text.replace(",", " ").split())
            is_known = set(codes) <= set(self.choices) and len(set(codes)) == len(codes)
            return codes if is_known else _refuse(text)
        if self.kind == "counts":
            edges = tuple(int(part) for part in text.replace(";", ",").split(","))
            if list(edges) != sorted(set(edges)) or not all(0 < edge < 130 for edge in edges):
                raise ValueError("edges must rise")
            return edges
        number = int(text)
        if number < 0 or number > (100 if self.kind == "percent" else 10_000):
            raise ValueError("out of range")
        return number

    def write(self, value: Any) -> str:
        """The value as a person would type it; `read(write(x)) == x`."""
        if value is None:
            return ""
        if self.kind == "time":
            return str(value.strftime("%H:%M"))
        if self.kind == "flag":
            return "yes" if value else "no"
        if self.kind == "codes":
            return ", ".join(value)
        if self.kind == "counts":
            return ", ".join(str(edge) for edge in value)
        return str(value)


_NAMES: dict[str, tuple[str, str | Promise]] = {
    "registration_from": ("time", _("Registration opens")),
    "registration_until": ("time", _("Registration closes")),
    "list_cutoff": ("time", _("Tonight's list is frozen")),
    "doors_open": ("time", _("Doors open")),
    "supper": ("time", _("Supper")),
    "quiet_from": ("time", _("Quiet in the dormitories")),
    "wake_up": ("time", _("Wake-up")),
    "bus": ("time", _("Bus back to town")),
    "hold_release": ("time", _("Beds of people who have not come are released")),
    "last_arrival": ("time", _("Doors close (last arrival)")),
    "everybody_out": ("time", _("Everybody leaves")),
    "open_places": ("optional_count", _("At most this many people (empty: as many as beds)")),
    "occupancy_alert": ("percent", _("Occupancy: alert from (%)")),
    "occupancy_critical": ("percent", _("Occupancy: critical from (%)")),
    "nights_without_proof": (
        "optional_count",
        _("Nights a season without proof of presence (empty: no limit)"),
    ),
    "cold_nights_count": ("flag", _("Nights of a cold spell count against it (yes, no)")),
    "cold_suspends": (
        "codes",
        _("Rules a cold spell suspends (nights_used_up, not_registered, doors_closed)"),
    ),
    "exclusion_alone_nights": ("count", _("Exclusions longer than this (nights) need a second person")),
    "round_evening": ("time", _("Round in the evening")),
    "round_census": ("time", _("Round at night: the count for reports")),
    "unclaimed_days": ("count", _("Belongings count as unclaimed after (days)")),
    "age_bands": ("counts", _("Age bands begin at")),
    "nights_until_stay_ends": ("count", _("A stay ends after this many nights away")),
    "retention_months": ("count", _("Guest files are forgotten after (months)")),
    "reports_to_approve": (
        "codes",
        _("Reports that wait for approval (flash, weekly, monthly, season, note, alert)"),
    ),
    "small_numbers_ministry": ("count", _("Reports to the ministry hide numbers of people below")),
    "small_numbers_public": ("count", _("Public reports hide numbers of people below")),
    "open_data": ("flag", _("Public editions may be read by everybody (yes, no)")),
    "places_feed": ("flag", _("Free places may be read by other services (yes, no)")),
    "places_feed_delay": ("count", _("Free places are told so many minutes later")),
    "places_feed_from": ("count", _("Free places are told as a number only from")),
    "line": ("codes", _("Places are short: who comes first (registered, turned_away, needs)")),
    "line_in_the_cold": ("codes", _("The same in a cold spell (registered, turned_away, needs)")),
    "older_from": ("count", _("Older people, who rather get a lower bunk, from this age")),
    "wish_same_bed": ("count", _("Worth in the plan: same bed as last time")),
    "wish_same_dormitory": ("count", _("Worth in the plan: same dormitory as last time")),
    "wish_lower_bed": ("count", _("Worth in the plan: lower bunk for those who need it")),
    "wish_step_free": ("count", _("Worth in the plan: step-free bed for those who need it")),
    "wish_older_lower": ("count", _("Worth in the plan: lower bunk for older people")),
    "wish_quiet": ("count", _("Worth in the plan: quiet dormitory for workers and early leavers")),
    "wish_lower_spared": ("count", _("Worth in the plan: a lower bunk left for others")),
    "wish_step_free_spared": ("count", _("Worth in the plan: a step-free bed left for others")),
    "wish_closed_dormitory": ("count", _("Worth in the plan: a dormitory that stays closed")),
    "wish_spare_place": ("count", _("Worth in the plan: a free place in each open dormitory")),
}

PARAMETERS: dict[str, Parameter] = {
    field.name: Parameter(field.name, *_NAMES[field.name], default=field.default)
    for field in fields(HouseSettings)
}


def in_force(rows: Iterable[tuple[str, str]]) -> HouseSettings:
    """The settings after applying `(key, typed value)` rows in order; keys no longer known are passed over."""
    values = {key: PARAMETERS[key].read(text) for key, text in rows if key in PARAMETERS}
    return HouseSettings(**values)
