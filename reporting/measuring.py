"""What a report of each kind measures: the numbers of its nights before anything is hidden. Pure.

A measurement is made of plain JSON values: `figures` by code, and the same nights one by one, week by week and month by
month as far as the kind shows them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from reporting.facts import NightFacts, Window
from reporting.indicators import INDICATORS
from reporting.periods import ALERT, FLASH, MONTHLY, NOTE, SEASON, WEEKLY, month_key, week_key
from reporting.values import as_json

Measured = dict[str, Any]

_BEDS = (
    "nights_open",
    "nominal_beds",
    "extra_beds",
    "installed_beds",
    "closed_beds",
    "beds_in_service",
    "empty_beds",
)
_USE = ("bed_nights", "visits", "rate_in_service", "rate_nominal")
_NEED = ("requests", "declined", "refusals", "without_bed")
_NIGHT = (
    "incidents",
    "emergency_calls",
    "uncovered_places",
    "coldest",
    "nights_not_closed",
    "nights_not_definitive",
)
_SEVERAL = (
    "mean_a_night", "peak", "tense_nights", "saturated_nights", "nights_without_bed", "cold_nights", "wet_nights",
    "cold_spell_nights", "nights_without_weather",
)  # fmt: skip
_PEOPLE = ("persons", "persons_by_past")
_WEEK = (
    *_PEOPLE, "reentering_persons", "persons_by_sex", "bed_nights_by_dormitory", "refused", "referrals",
    "asylum_applicants", "services", "meals_derived", "meals_served", "hours_on_duty",
)  # fmt: skip
_MONTH = (
    "nights_a_person", "median_nights", "persons_by_length", "longest_run", "persons_by_age", "persons_by_origin",
    "bed_nights_by_sex", "bed_nights_by_age", "bed_nights_by_origin",
)  # fmt: skip
CODES: dict[str, tuple[str, ...]] = {
    ALERT: (*_BEDS, *_USE, *_NEED, *_NIGHT),
    FLASH: (*_BEDS, *_USE, *_NEED, *_NIGHT),
    WEEKLY: (*_BEDS, *_USE, *_NEED, *_NIGHT, *_SEVERAL, *_WEEK),
    MONTHLY: (*_BEDS, *_USE, *_NEED, *_NIGHT, *_SEVERAL, *_WEEK, *_MONTH),
    SEASON: (*_BEDS, *_USE, *_NEED, *_NIGHT, *_SEVERAL, *_WEEK, *_MONTH),
    # No table of people: a note is asked for on any day, and two of them differ by what happened in between.
    NOTE: (*_BEDS, *_USE, *_NEED, *_NIGHT, *_SEVERAL, "persons"),
}  # fmt: skip
TRAIL = {FLASH: 14, WEEKLY: 28, ALERT: 14}  # nights before the last one that are shown beside it
BY_WEEK, BY_MONTH = (MONTHLY, SEASON), (SEASON, NOTE)
ASYLUM = "asylum"  # has a figure of its own
PART = ("bed_nights", "beds_in_service", "nominal_beds", "rate_in_service", "without_bed", "nights_open")


def measured(kind: str, window: Window, trail: Sequence[NightFacts] = ()) -> Measured:
    """`trail` are nights before those of the window that are shown for comparison."""
    found: Measured = {
        "figures": {code: as_json(_value(code, window)) for code in CODES[kind]},
        "by_night": [_night(night) for night in (*trail, *window.nights)],
    }
    if kind in BY_WEEK:
        found["by_week"] = [
            _part(key, nights)
            | {"bed_nights_by_dormitory": _slept(nights), "beds_by_dormitory": _beds(nights)}
            for key, nights in _grouped(window, week_key)
        ]
    if kind in BY_MONTH:
        found["by_month"] = [_part(key, nights) for key, nights in _grouped(window, month_key)]
    return found


def _value(code: str, window: Window) -> Any:
    value = INDICATORS[code].of(window)
    if code == "services" and isinstance(value, dict):
        return {service: number for service, number in value.items() if service != ASYLUM}
    return value


def _night(night: NightFacts) -> Measured:
    return {
        "night": night.night.isoformat(),
        "slept": night.slept,
        "in_service": night.in_service,
        "nominal": night.nominal,
        "extra": night.extra,
        "closed": sum(night.closed.values()),
        "without_bed": night.without_bed,
        "minimum": night.minimum,
        "is_wet": night.is_wet,
        "is_closed": night.is_closed,
    }


def _grouped(window: Window, key: Any) -> Iterable[tuple[str, tuple[NightFacts, ...]]]:
    for name, nights in groupby(window.nights, lambda night: key(night.night)):
        yield name, tuple(nights)


def _part(key: str, nights: tuple[NightFacts, ...]) -> Measured:
    part = Window(nights)
    return {
        "key": key,
        "nights": [night.night.isoformat() for night in nights],
        "figures": {code: as_json(INDICATORS[code].of(part)) for code in PART},
    }


def _slept(nights: Sequence[NightFacts]) -> dict[str, int]:
    return dict(sorted(Counter(stay.dormitory for night in nights for stay in night.stays).items()))


def _beds(nights: Sequence[NightFacts]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for night in nights:
        found.update(night.beds)
    return dict(sorted(found.items()))
