"""Why somebody gets no bed: the rule that bound, and the smallest change that would give them one. Pure.

Both are found by trying: a rule binds when without it they are placed, a change helps when with it they are.
"""

from collections.abc import Callable, Set
from dataclasses import replace
from typing import Any, NamedTuple

from shelter.offering import CLOSED, FAMILIES, FREE, MEN, NOT_OPEN, WOMEN, WORKERS, Reason
from shelter.wishing import House, Person, where_to_sleep_is_known

# Zones that somebody may be asked about, by where they belong: nobody is sent where they would not be at home.
MAY_BE_AGREED = {MEN: (WORKERS,), WOMEN: (FAMILIES,), FAMILIES: (WOMEN,)}


class Without(NamedTuple):
    """Somebody without a bed: the rule that bound, and the smallest change that would give them one, if any."""

    number: int
    bound_by: Reason
    change: Reason | None


Verdict = tuple[Reason, Callable[[], Reason | None]]
Choose = Callable[[House, list[Person]], set[int]]


class WhyNot:
    """Asks `choose` again and again: the numbers that get a place in a house, of everybody in line.

    `given` are the beds that were given. Without `changes` only the rule that bound is told.
    """

    def __init__(
        self, house: House, everybody: list[Person], given: Set[int], choose: Choose, *, changes: bool = True
    ) -> None:
        self.house, self.everybody, self.choose, self.changes = house, everybody, choose, changes
        self.is_limit_reached = house.places_left is not None and len(given) >= house.places_left
        self.zones_left = {
            place.zone for place in house.places if place.state == FREE and place.bed not in given
        }
        self.tried: dict[tuple[str, int, frozenset[str]], set[int]] = {}

    def __call__(self, person: Person) -> Without:
        bound_by, change = self._verdict(person)
        return Without(person.number, bound_by, change() if self.changes else None)

    def _verdict(self, person: Person) -> Verdict:
        if not where_to_sleep_is_known(person):
            return Reason("to_agree"), _nothing
        if self.is_limit_reached and self._helps("unlimited", 0, person):
            return Reason("limit_reached"), lambda: self._smallest("raise_limit", len(self.everybody), person)
        if self._is_kept_apart(person):
            return Reason("kept_apart"), _nothing
        if self.is_limit_reached:
            return Reason("limit_reached"), _nothing
        if self.zones_left:
            full = Reason("no_place_in_zone", (("zone", person.needs.main_zone),))
            return full, lambda: self._more_places(person) or self._other_zone(person)
        return Reason("house_full"), lambda: self._more_places(person)

    def _is_kept_apart(self, person: Person) -> bool:
        """Whether they would have a bed if there were nobody they are kept apart from."""
        free = replace(person, needs=replace(person.needs, keep_out=frozenset()))
        pairs = frozenset(pair for pair in self.house.apart if person.number not in pair)
        return not (pairs == self.house.apart and free == person) and self._is_placed_as(free, apart=pairs)

    def _is_placed_as(self, person: Person, **house: Any) -> bool:
        """Whether they get a place when this is true of them, or of the house, instead."""
        people = [person if one.number == person.number else one for one in self.everybody]
        return person.number in self.choose(replace(self.house, **house), people)

    def _other_zone(self, person: Person) -> Reason | None:
        """A zone that may be agreed on, where a place is left."""
        for zone in MAY_BE_AGREED.get(person.needs.main_zone, ()):
            if zone in self.zones_left and self._is_placed_as(replace(person, also=frozenset({zone}))):
                return Reason("other_zone", (("zone", zone),))
        return None

    def _more_places(self, person: Person) -> Reason | None:
        ways = (
            self._smallest("reopen", len(self.everybody), person),
            self._smallest("open_places", len(self.house.to_open), person),
        )
        return min((way for way in ways if way), key=lambda way: dict(way.facts)["number"], default=None)

    def _smallest(self, change: str, most: int, person: Person) -> Reason | None:
        """The change by the smallest number with which this person is placed.

        More of it never helps less, as long as nobody is kept apart: with pairs it is a number that helps, and
        nearly always the smallest.
        """
        if not most or not self._helps(change, most, person):
            return None
        low, high = 1, most
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self._helps(change, middle, person) else (middle + 1, high)
        return Reason(change, (("number", low),))

    def _helps(self, change: str, number: int, person: Person) -> bool:
        asked = change, number, person.needs.zones if change == "reopen" else frozenset()
        if asked not in self.tried:
            self.tried[asked] = self.choose(changed(self.house, *asked), self.everybody)
        return person.number in self.tried[asked]


def _nothing() -> None:
    """What would help is for people to find."""


def changed(house: House, change: str, number: int = 0, zones: frozenset[str] = frozenset()) -> House:
    """The house after one of the changes that may be proposed. Beds come back into service in these zones only."""
    if change == "unlimited":
        return replace(house, places_left=None)
    if change == "raise_limit":
        return replace(house, places_left=(house.places_left or 0) + number)
    if change == "reopen":
        closed = sorted(
            (place for place in house.places if place.state == CLOSED and place.zone in zones),
            key=lambda place: place.order,
        )
        return with_free(house, {place.bed for place in closed[:number]})
    if change == "open_places":
        opened = with_free(house, set(house.to_open[:number]))
        return replace(opened, to_open=house.to_open[number:])
    raise ValueError(change)


def with_free(house: House, beds: Set[int]) -> House:
    """The house with these beds free, if they were closed or not opened."""
    return replace(
        house,
        places=tuple(
            place._replace(state=FREE) if place.bed in beds and place.state in (CLOSED, NOT_OPEN) else place
            for place in house.places
        ),
    )
