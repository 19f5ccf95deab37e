"""Who wants which bed, and who comes first: people, the house of a night, and the rules with their weights. Pure.

Each wish is one record: its code (whose sentence is in `offering`), its weight, and when it is met. What a bed is
worth to somebody and why they are given it both come from these records, so that neither can tell of the other.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from shelter.offering import BOTTOM, DOGS, WORKERS, Needs, Place, Reason


@dataclass(frozen=True)
class Weights:
    """What each wish is worth; whole numbers, the same for everybody."""

    stay: int = 10_000  # a bed somebody has been told: moved only where there is no way without
    as_before: int = 1  # the bed of the plan before: between plans that are worth nearly the same
    same_bed: int = 100
    same_dormitory: int = 40
    lower_bed: int = 200
    step_free: int = 400
    older_lower: int = 20
    quiet: int = 50
    lower_spared: int = 5
    step_free_spared: int = 10
    closed_dormitory: int = 150
    spare_place: int = 8


@dataclass(frozen=True)
class Person:
    """One person to be placed. `needs.holds_bed` is the bed kept for them by now; who is `pinned` stays in it."""

    number: int
    needs: Needs
    is_older: bool = False
    is_pinned: bool = False
    is_here: bool = False  # let in already, and without a bed
    also: frozenset[str] = frozenset()  # zones beside their own, for asking what would help
    planned: int | None = (
        None  # the bed of the plan before, which is theirs again if nothing speaks for another
    )
    is_on_time: bool = True  # registered before the list was frozen
    was_turned_away: bool = False
    drawn: str = ""  # where the draw of the night puts them: lower comes first


@dataclass(frozen=True)
class House:
    """A night as it stands. `apart` are pairs of numbers; `places_left` how many may still be let in, if limited;
    `line` names the rules by which people are put in line, the first one first; `to_open` are the beds not
    opened tonight, in the order in which they would be.
    """

    places: tuple[Place, ...]
    to_open: tuple[int, ...] = ()
    apart: frozenset[frozenset[int]] = frozenset()
    places_left: int | None = None
    line: tuple[str, ...] = field(default_factory=lambda: tuple(LINE))
    weights: Weights = field(default_factory=Weights)


# Who comes first when places are short.

LINE: dict[str, Callable[[Person], bool]] = {
    "registered": lambda person: person.is_on_time,
    "turned_away": lambda person: person.was_turned_away,
    "needs": lambda person: person.needs.lower_bed or person.needs.step_free,
}


def in_line(people: Iterable[Person], rules: Iterable[str]) -> list[Person]:
    """People in the order in which places are given: who is pinned, here, or was told a bed; then by each rule in
    turn; then as drawn.
    """
    asked = [LINE[rule] for rule in rules]
    return sorted(
        people,
        key=lambda person: (
            not person.is_pinned,
            not person.is_here,
            person.needs.holds_bed is None,
            *(not rule(person) for rule in asked),
            person.drawn,
            person.number,
        ),
    )


# What is wished.


class Wish(NamedTuple):
    """One wish: its code, the name of its weight, whether a person in a place has it met, and whether that is a
    reason of their own; what only spares a place for others is none.
    """

    code: str
    weight: str
    is_met: Callable[[Person, Place], bool]
    is_said: bool = True


WISHES = (
    Wish("held_for_you", "stay", lambda person, place: place.bed == person.needs.holds_bed),
    Wish("as_before", "as_before", lambda person, place: place.bed == person.planned, is_said=False),
    Wish("same_bed", "same_bed", lambda person, place: place.bed == person.needs.last_bed),
    Wish(
        "same_dormitory", "same_dormitory",
        lambda person, place: place.dormitory == person.needs.last_dormitory,
    ),
    Wish("lower_met", "lower_bed", lambda person, place: person.needs.lower_bed and place.level == BOTTOM),
    Wish("step_free_met", "step_free", lambda person, place: person.needs.step_free and place.step_free),
    Wish(
        "older_lower", "older_lower",
        lambda person, place: person.is_older and not person.needs.lower_bed and place.level == BOTTOM,
    ),
    Wish("quiet_met", "quiet", lambda person, place: person.needs.quiet and place.zone == WORKERS),
    Wish(
        "lower_spared", "lower_spared",
        lambda person, place: not (person.needs.lower_bed or person.is_older) and place.level != BOTTOM,
        is_said=False,
    ),
    Wish(
        "step_free_spared", "step_free_spared",
        lambda person, place: not person.needs.step_free and not place.step_free,
        is_said=False,
    ),
)  # fmt: skip
# What is told beside the wishes and weighs nothing: needs that could not be met, and the zone of their own.
TOLD: dict[str, Callable[[Person, Place], bool]] = {
    "lower_unmet": lambda person, place: person.needs.lower_bed and place.level != BOTTOM,
    "step_free_unmet": lambda person, place: person.needs.step_free and not place.step_free,
    "dog_met": lambda person, place: person.needs.dog and place.zone == DOGS,
}


def value(person: Person, place: Place, weights: Weights) -> int:
    """What it is worth that this person gets this place."""
    return sum(getattr(weights, wish.weight) for wish in WISHES if wish.is_met(person, place))


def reasons(person: Person, place: Place) -> tuple[Reason, ...]:
    """Why this bed: every wish of their own that it meets, and every need that it does not."""
    codes = [wish.code for wish in WISHES if wish.is_said and wish.is_met(person, place)]
    codes += [code for code, is_so in TOLD.items() if is_so(person, place)]
    if "same_bed" in codes:
        codes = [code for code in codes if code != "same_dormitory"]
    return tuple(Reason(code) for code in codes or ["right_zone"])


def may_lie(person: Person, place: Place) -> bool:
    """Whether nothing about this place forbids it to this person; a bed that was kept for them stays theirs."""
    if person.is_pinned:
        return place.bed == person.needs.holds_bed
    if place.dormitory in person.needs.keep_out:
        return False
    if person.needs.sleeps == "ask" and not person.needs.dog:
        return place.bed == person.needs.holds_bed
    return place.zone in person.needs.zones | person.also or place.bed == person.needs.holds_bed


def where_to_sleep_is_known(person: Person) -> bool:
    """Whether a bed can be given without talking it over; a bed that was kept for them has been."""
    return person.needs.sleeps != "ask" or person.needs.dog or person.needs.holds_bed is not None
