"""Fair shares: of nights, weekends and holidays so much for each person as contract and presence give. Pure.

Shares are counted within each qualification, as the sector's agreement asks: whoever can do a duty shares its places
with the others who can, by their hours.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from shelter import nights
from shelter.rota.staffing import Place, Staff, is_night, is_weekend, touches_holiday
from shelter.rota.timeline import midnight

Counts = Callable[[Place], bool]


Owed = Mapping[
    str, Mapping[str, float]
]  # by kind and name: what somebody had too few of before, or (below 0) too many


def with_shares(
    staff: Sequence[Staff], places: Iterable[Place], owed: Owed | None = None
) -> tuple[Staff, ...]:
    """The same people, with what is due to each of nights, weekends and holidays, and what is owed from before."""
    places = tuple(places)
    due = {kind: shares(staff, places, counts) for kind, counts in KINDS.items()}
    for kind, by_name in (owed or {}).items():
        for name, more in by_name.items():
            if name in due[kind]:
                due[kind][name] = max(0.0, due[kind][name] + more)
    return tuple(
        replace(
            each,
            nights_due=due["nights"][each.name],
            weekends_due=due["weekends"][each.name],
            holidays_due=due["holidays"][each.name],
        )
        for each in staff
    )


KINDS: dict[str, Counts] = {"nights": is_night, "weekends": is_weekend, "holidays": touches_holiday}


def shares(staff: Sequence[Staff], places: Iterable[Place], counts: Counts) -> dict[str, float]:
    """By name how many of the counted places are due; they add up to all places that anybody can do."""
    due: dict[str, float] = defaultdict(float)
    places = tuple(places)
    duties = {place.skill for place in places}
    by_name = {each.name: each for each in staff}

    @cache
    def presence(name: str, day: date) -> float:
        return _weight(by_name[name], day, duties)

    for place in places:
        if not counts(place):
            continue
        able = {
            each.name: presence(each.name, place.day) for each in staff if each.may(place.skill, place.day)
        }
        total = sum(able.values())
        for name, weight in able.items():
            due[name] += place.minimum * weight / total if total else 0.0
    return {each.name: due[each.name] for each in staff}


def _weight(staff: Staff, day: date, duties: Iterable[str]) -> float:
    """The hours of the contract, or nothing on a day of absence; split among the duties somebody can do that day."""
    span = midnight(day), midnight(day + nights.ONE_DAY)
    if any(absence.start < span[1] and span[0] < absence.end for absence in staff.absences):
        return 0.0
    return (staff.terms.weekly_minutes or 0) / max(1, sum(staff.may(skill, day) for skill in duties))
