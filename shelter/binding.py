"""Why somebody gets no bed: the rule that bound, and the smallest change that would give them one. Pure.

Both are found by trying: a rule binds when without it they are placed, a change helps when with it they are.
"""

from collections.abc import Callable, Set
from dataclasses import replace
from typing import Any, NamedTuple

from shelter.offering import CLOSED, FREE, NOT_OPEN, Reason
from shelter.wishing import House, Person, where_to_sleep_is_known


class Without(NamedTuple):
    """Somebody without a bed: the rule that bound, and the smallest change that would give them one, if any."""

    number: int
    bound_by: Reason
    change: Reason | None


Verdict = tuple[Reason, Reason | None]
Choose = Callable[[House, list[Person]], set[int]]


class WhyNot:
    """Asks `choose` again and again: the numbers that get a place in a house, of everybody in line."""

    def __init__(self, house: House, everybody: list[Person], chosen: int, choose: Choose) -> None:
        self.house, self.everybody, self.choose = house, everybody, choose
        self.is_limit_reached = house.places_left is not None and chosen >= house.places_left
        self.tried: dict[tuple[str, int, frozenset[str]], set[int]] = {}

    def __call__(self, person: Person) -> Without:
        if not where_to_sleep_is_known(person):
            return Without(person.number, Reason("to_agree"), None)
        for binds in (self._limit, self._apart, self._zone):
            found = binds(person)
            if found is not None:
                return Without(person.number, *found)
        if self.is_limit_reached:
            return Without(person.number, Reason("limit_reached"), None)
        return Without(person.number, Reason("house_full"), self._more_places(person))

    def _limit(self, person: Person) -> Verdict | None:
        if not self.is_limit_reached or not self._helps("unlimited", 0, person):
            return None
        return Reason("limit_reached"), self._smallest("raise_limit", len(self.everybody), person)

    def _apart(self, person: Person) -> Verdict | None:
        free = replace(person, needs=replace(person.needs, keep_out=frozenset()))
        pairs = frozenset(pair for pair in self.house.apart if person.number not in pair)
        if (pairs == self.house.apart and free == person) or not self._is_placed_as(free, apart=pairs):
            return None
        return Reason("kept_apart"), Reason("lift_apart")

    def _zone(self, person: Person) -> Verdict | None:
        if not self._is_placed_as(replace(person, may_lie_anywhere=True)):
            return None
        full = Reason("no_place_in_zone", (("zone", person.needs.main_zone),))
        return full, self._more_places(person) or Reason("other_zone")

    def _is_placed_as(self, person: Person, **house: Any) -> bool:
        """Whether they get a place when this is true of them, or of the house, instead."""
        people = [person if one.number == person.number else one for one in self.everybody]
        return person.number in self.choose(replace(self.house, **house), people)

    def _more_places(self, person: Person) -> Reason | None:
        ways = (
            self._smallest("reopen", len(self.everybody), person),
            self._smallest("open_places", len(self.house.to_open), person),
        )
        return min((way for way in ways if way), key=lambda way: dict(way.facts)["number"], default=None)

    def _smallest(self, change: str, most: int, person: Person) -> Reason | None:
        """The change by the smallest number with which this person is placed; more of it never helps less."""
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
        return with_free(house, set(house.to_open[:number]))
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
