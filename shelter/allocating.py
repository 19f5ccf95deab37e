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


def plan(house: House, people: Iterable[Person], *, tells_changes: bool = True) -> Plan:
    """The best plan for these people. The order in which people and places are given makes no difference.

    What would help people without a bed is looked for only where it is to be told; those who go without because of a
    pair are left aside then, as if they went without in any case.
    """
    everybody = in_line(people, house.line)
    house = emptied(house, everybody)
    places = {place.bed: place for place in house.places}
    chosen, passed_over = _placed(house, everybody)
    found = _best_of_all(house, chosen)
    beds, others = set(found.beds.values()), [person for person in everybody if person not in passed_over]
    ask = WhyNot(house, others, beds, _numbers_placed, changes=tells_changes)
    ask_of_pairs = WhyNot(house, everybody, beds, _numbers_placed, changes=False)
    return Plan(
        given=tuple(
            Given(
                person.number, found.beds[person.number], reasons(person, places[found.beds[person.number]])
            )
            for person in chosen
        ),
        without=tuple(
            (ask_of_pairs if person in passed_over else ask)(person)
            for person in everybody
            if person.number not in found.beds
        ),
        objective=found.objective,
        bound=found.bound,
    )


# Who gets a place.


def numbers_placed(house: House, people: Iterable[Person]) -> set[int]:
    """Those who get a place: the first in line, and each next one with whom all can still be placed."""
    everybody = in_line(people, house.line)
    return _numbers_placed(emptied(house, everybody), everybody)


def _numbers_placed(house: House, everybody: list[Person]) -> set[int]:
    return {person.number for person in _placed(house, everybody)[0]}


def _placed(house: House, everybody: list[Person]) -> tuple[list[Person], list[Person]]:
    """Who gets a place, and who is passed over because of a pair.

    Without pairs that must lie apart, whoever can be added to those before them is: the sets that can be placed form a
    matroid, so nobody has to be weighed. With pairs that is tried first, and holds nearly always; where it does not,
    the first with whom those in front cannot all be placed is passed over, and it is tried again.
    """
    line = [person for person in everybody if where_to_sleep_is_known(person)]
    passed_over: list[Person] = []
    fits = 0
    while True:
        lying = _fitting(house, line)
        numbers = {person.number for here in lying.values() for person in here}
        chosen = [person for person in line if person.number in numbers]
        conflicts = _conflicts(house, lying)
        if not conflicts or _best(house, chosen) is not None:
            return chosen, passed_over
        fits = _most_in_front(house, chosen, fits, conflicts)
        passed_over.append(chosen[fits])
        line.remove(chosen[fits])


def _best_of_all(house: House, chosen: list[Person]) -> solving.Found:
    """At first nobody who was told a bed is moved, whatever the wishes are worth; only where there is no way so, they
    may be.
    """
    found = _best(house, chosen, told_beds_stay=True) or _best(house, chosen)
    if found is None:
        raise RuntimeError("People were placed whom no bed can be given.")
    return found


def _most_in_front(house: House, line: list[Person], low: int, conflicts: list[frozenset[int]]) -> int:
    """How many in front can all be placed, where not all of the line can: one pair that stands in the way tells
    where to look first.
    """
    high = len(line)
    later = max(place for place, person in enumerate(line) if person.number in conflicts[0])
    for guess in (later, later + 1):
        if low < guess < high:
            low, high = (guess, high) if _can_be_placed(house, line[:guess]) else (low, guess)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _can_be_placed(house, line[:middle]) else (low, middle)
    return low


def _can_be_placed(house: House, people: list[Person]) -> bool:
    lying = _fitting(house, people)
    if sum(map(len, lying.values())) < len(people):
        return False
    return not _conflicts(house, lying) or _best(house, people) is not None


def _conflicts(house: House, lying: Mapping[int, list[Person]]) -> list[frozenset[int]]:
    """Pairs in one dormitory that must lie apart."""
    rooms = [{person.number for person in here} for here in lying.values()]
    return [pair for pair in sorted(house.apart, key=sorted) if any(pair <= numbers for numbers in rooms)]


def _fitting(house: House, line: list[Person]) -> dict[int, list[Person]]:
    """The first in line who fit into the dormitories, by dormitory, pairs left aside."""
    places = [place for place in house.places if place.state == FREE]
    sizes: dict[int, int] = {}
    for place in places:
        sizes[place.dormitory] = sizes.get(place.dormitory, 0) + 1
    doors = _Doors(places)
    lying: dict[int, list[Person]] = {dormitory: [] for dormitory in sizes}
    shut: set[int] = set()  # where a search ended once without a place, none will ever find one
    apart = _partners(house)

    def let_in(person: Person, tried: set[int]) -> bool:
        open_to = doors.open_to(person)
        if person.number in apart:  # where there is a choice, not to whom they are kept apart from
            others = apart[person.number]
            open_to = sorted(open_to, key=lambda room: any(one.number in others for one in lying[room]))
        for dormitory in open_to:
            if dormitory in tried or dormitory in shut:
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

    number = 0
    for person in line:
        if house.places_left is not None and number >= house.places_left:
            break
        tried: set[int] = set()
        if let_in(person, tried):
            number += 1
        else:
            shut |= tried
    return lying


def _partners(house: House) -> dict[int, set[int]]:
    """For each number in a pair, from whom it is kept apart."""
    found: dict[int, set[int]] = {}
    for pair in house.apart:
        for number in pair:
            found.setdefault(number, set()).update(pair - {number})
    return found


class _Doors:
    """Which dormitories somebody may be placed in; people who are alike are asked once."""

    def __init__(self, places: list[Place]) -> None:
        self.kinds = {_kind(place) for place in places}
        self.beds = {place.bed: place for place in places}
        self.known: dict[Person, list[int]] = {}

    def open_to(self, person: Person) -> list[int]:
        theirs = self.beds.get(person.needs.holds_bed or 0)
        mine = [theirs.dormitory] if theirs and may_lie(person, theirs) else []
        if person.is_pinned:
            return mine
        profile = _profile(person)
        if profile not in self.known:
            self.known[profile] = sorted({kind.dormitory for kind in self.kinds if may_lie(profile, kind)})
        return list(dict.fromkeys([*self.known[profile], *mine]))


def _profile(person: Person) -> Person:
    """What is the same in two people who differ only in who they are and where they lay."""
    needs = replace(person.needs, last_bed=None, last_dormitory=None, holds_bed=None)
    return Person(number=0, needs=needs, is_older=person.is_older, also=person.also)


def _best(house: House, people: list[Person], *, told_beds_stay: bool = False) -> solving.Found | None:
    """The best way to give these people a bed, if there is one."""
    weights = house.weights
    places = {place.bed: place for place in house.places if place.state == FREE}
    return solving.best(
        solving.Problem(
            askers=[
                _asker(person, places, weights, told_beds_stay)
                for person in sorted(people, key=lambda one: one.number)
            ],
            rooms=rooms_of(house),
            apart=sorted((min(pair), max(pair)) for pair in house.apart),
            worth=lambda profile, kind: value(profile, kind, weights) if may_lie(profile, kind) else None,
            near=weights.same_dormitory,
            closed=weights.closed_dormitory,
            spare=weights.spare_place,
            spare_places=SPARE_PLACES,
        )
    )


def _asker(
    person: Person, places: Mapping[int, Place], weights: Weights, told_beds_stay: bool
) -> solving.Asker:
    theirs = {person.needs.holds_bed, person.needs.last_bed, person.planned}
    claimed = [places[bed] for bed in theirs if bed is not None and bed in places]
    may_have = sorted((place for place in claimed if may_lie(person, place)), key=lambda place: place.order)
    told = [place for place in may_have if place.bed == person.needs.holds_bed]
    stays = bool(told) and (told_beds_stay or person.is_pinned or person.needs.sleeps == "ask")
    return solving.Asker(
        number=person.number,
        profile=_profile(person),
        claims={place.bed: value(person, place, weights) for place in (told if stays else may_have)},
        near=person.needs.last_dormitory,
        is_fixed=stays or person.is_pinned,
    )
