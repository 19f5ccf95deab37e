"""A bed for everybody of a night at once, and why: pure calculation on people and places as they stand.

A place comes first, the bed second. Where places are short, who gets one follows the line (`in_line`): as many
as can be placed, and nobody further back instead of somebody in front of them. Among all ways to give those
people a bed the plan takes one that is worth the most: every wish that is met counts its weight, and so does
every dormitory that can stay closed. `worth` says what a way is worth; `solving` finds the best and proves it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from shelter import solving
from shelter.binding import WhyNot, Without
from shelter.offering import FREE, HELD, OCCUPIED, Place, Reason
from shelter.wishing import House, Person, Weights, in_line, may_lie, reasons, value, where_to_sleep_is_known

SPARE_PLACES = 2  # places in an opened dormitory that a late arrival should still find


class Given(NamedTuple):
    number: int
    bed: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Plan:
    """Everybody's bed or why there is none, in line. `objective` is what it is worth, `bound` the most that any
    plan for these people could be worth: where both are equal it is proven to be the best.
    """

    given: tuple[Given, ...]
    without: tuple[Without, ...]
    objective: int
    bound: int

    @property
    def beds(self) -> dict[int, int]:
        return {number: bed for number, bed, _reasons in self.given}


def worth(house: House, people: Iterable[Person], beds: Mapping[int, int]) -> int:
    """What a whole way of giving beds (number: bed) is worth, wish by wish and dormitory by dormitory."""
    people = list(people)
    places = {place.bed: place for place in house.places}
    total = sum(
        value(person, places[beds[person.number]], house.weights)
        for person in people
        if person.number in beds
    )
    taken = set(beds.values())
    for room in rooms_of(emptied(house, people)):
        used = sum(bed in taken for kind in room.kinds.values() for bed in kind)
        if used or room.is_open:
            total += house.weights.spare_place * min(SPARE_PLACES, room.size - used)
        else:
            total += house.weights.closed_dormitory
    return total


def emptied(house: House, people: Iterable[Person]) -> House:
    """The house with the beds free that are kept for these people: their own may be given anew."""
    theirs = {person.needs.holds_bed for person in people}
    return replace(
        house,
        places=tuple(
            place._replace(state=FREE) if place.state == HELD and place.bed in theirs else place
            for place in house.places
        ),
    )


def rooms_of(house: House) -> list[solving.Room]:
    """Dormitories with a place to give, and whether somebody lies or is expected in them already."""
    rooms: dict[int, dict[Any, list[int]]] = {}
    taken = set()
    for place in sorted(house.places, key=lambda place: place.order):
        if place.state == FREE:
            rooms.setdefault(place.dormitory, {}).setdefault(_kind(place), []).append(place.bed)
        elif place.state in (OCCUPIED, HELD):
            taken.add(place.dormitory)
    return [solving.Room(room, kinds, room in taken) for room, kinds in sorted(rooms.items())]


def _kind(place: Place) -> Place:
    """What is the same in two places that only differ in whose they were."""
    return place._replace(bed=0, label="", state=FREE, order=0, crowding=0.0)


# The plan.


def plan(house: House, people: Iterable[Person]) -> Plan:
    """The best plan for these people. The order in which people and places are given makes no difference."""
    everybody = in_line(people, house.line)
    house = emptied(house, everybody)
    places = {place.bed: place for place in house.places}
    chosen, found = _chosen(house, everybody)
    why_not = WhyNot(house, everybody, len(chosen), _chosen_numbers)
    return Plan(
        given=tuple(
            Given(
                person.number, found.beds[person.number], reasons(person, places[found.beds[person.number]])
            )
            for person in chosen
        ),
        without=tuple(why_not(person) for person in everybody if person.number not in found.beds),
        objective=found.objective,
        bound=found.bound,
    )


# Who gets a place.


def placed(house: House, people: Iterable[Person]) -> list[Person]:
    """Those who get a place: the first in line, and each next one with whom all can still be placed."""
    everybody = in_line(people, house.line)
    return _chosen(emptied(house, everybody), everybody)[0]


def _chosen(house: House, everybody: list[Person]) -> tuple[list[Person], solving.Found]:
    """Without pairs that must lie apart, whoever can be added to those before them is: the sets that can be
    placed form a matroid, so nobody has to be weighed. With pairs that is tried first, and holds nearly always.
    """
    known = [person for person in everybody if person.is_pinned or where_to_sleep_is_known(person)]
    chosen = _fitting(house, known)
    found = _best(house, chosen)
    if found is None:
        chosen, found = _one_after_the_other(house, known)
    return chosen, found


def _chosen_numbers(house: House, everybody: list[Person]) -> set[int]:
    return {person.number for person in _chosen(house, everybody)[0]}


def _fitting(house: House, line: list[Person]) -> list[Person]:
    """The first in line who fit into the dormitories, pairs left aside."""
    places = [place for place in house.places if place.state == FREE]
    sizes: dict[int, int] = {}
    for place in places:
        sizes[place.dormitory] = sizes.get(place.dormitory, 0) + 1
    doors = _Doors(places)
    lying: dict[int, list[Person]] = {dormitory: [] for dormitory in sizes}

    def let_in(person: Person, tried: set[int]) -> bool:
        for dormitory in doors.open_to(person):
            if dormitory in tried:
                continue
            tried.add(dormitory)
            here = lying[dormitory]
            if len(here) < sizes[dormitory]:
                here.append(person)
                return True
            for index, other in enumerate(here):
                if let_in(other, tried):
                    here[index] = person
                    return True
        return False

    chosen: list[Person] = []
    for person in line:
        is_left = house.places_left is None or len(chosen) < house.places_left
        if is_left and let_in(person, set()):
            chosen.append(person)
    return chosen


class _Doors:
    """Which dormitories somebody may be placed in; people who are alike are asked once."""

    def __init__(self, places: list[Place]) -> None:
        self.kinds = {_kind(place) for place in places}
        self.beds = {place.bed: place for place in places}
        self.known: dict[Person, list[int]] = {}

    def open_to(self, person: Person) -> list[int]:
        if person.is_pinned:
            return (
                [self.beds[person.needs.holds_bed].dormitory] if person.needs.holds_bed in self.beds else []
            )
        profile = _profile(person)
        if profile not in self.known:
            self.known[profile] = sorted({kind.dormitory for kind in self.kinds if may_lie(profile, kind)})
        theirs = self.beds.get(person.needs.holds_bed or 0)
        extra = [theirs.dormitory] if theirs and theirs.dormitory not in self.known[profile] else []
        return [*self.known[profile], *extra]


def _one_after_the_other(house: House, line: list[Person]) -> tuple[list[Person], solving.Found]:
    """The same with pairs: the longest beginning of the line that can be placed, then past whom it stopped at."""
    chosen: list[Person] = []
    found = _best(house, []) or solving.Found({}, 0, 0)
    rest = list(line)
    while rest:
        if house.places_left is not None and len(chosen) >= house.places_left:
            break
        low, high = 0, len(rest)
        while low < high:
            middle = (low + high + 1) // 2
            tried = [*chosen, *rest[:middle]]
            fits = len(_fitting(house, tried)) == len(tried)
            attempt = _best(house, tried) if fits else None
            if attempt is None:
                high = middle - 1
            else:
                low, found = middle, attempt
        chosen += rest[:low]
        rest = rest[low + 1 :]
    return chosen, found


def _profile(person: Person) -> Person:
    """What is the same in two people who differ only in who they are and where they lay."""
    needs = replace(person.needs, last_bed=None, last_dormitory=None, holds_bed=None)
    return Person(number=0, needs=needs, is_older=person.is_older, may_lie_anywhere=person.may_lie_anywhere)


def _best(house: House, people: list[Person]) -> solving.Found | None:
    weights = house.weights
    places = {place.bed: place for place in house.places if place.state == FREE}
    return solving.best(
        solving.Problem(
            askers=[_asker(person, places, weights) for person in sorted(people, key=lambda one: one.number)],
            rooms=rooms_of(house),
            apart=sorted((min(pair), max(pair)) for pair in house.apart),
            worth=lambda profile, kind: value(profile, kind, weights) if may_lie(profile, kind) else None,
            near=weights.same_dormitory,
            closed=weights.closed_dormitory,
            spare=weights.spare_place,
            spare_places=SPARE_PLACES,
        )
    )


def _asker(person: Person, places: Mapping[int, Place], weights: Weights) -> solving.Asker:
    theirs = [person.needs.holds_bed, *([] if person.is_pinned else [person.needs.last_bed])]
    claimed = [places[bed] for bed in theirs if bed is not None and bed in places]
    claims = {
        place.bed: value(person, place, weights)
        for place in sorted(claimed, key=lambda place: place.order)
        if may_lie(person, place)
    }
    return solving.Asker(
        number=person.number,
        profile=_profile(person),
        claims=claims,
        near=person.needs.last_dormitory,
        is_fixed=person.is_pinned,
    )
