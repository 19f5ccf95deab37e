"""What if: the plan of a night as it would be if something were otherwise, beside the plan as it is. Pure.

Nothing of it touches the night, so that it can be asked as often as one likes, and by two people at once.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from shelter.allocating import Plan, numbers_placed, plan
from shelter.binding import changed
from shelter.offering import CLOSED, FREE, HELD, OCCUPIED, Needs, Place, Reason
from shelter.wishing import House, Person

GUESSED = "~~"  # where the draw puts people nobody has registered yet: behind everybody else


@dataclass(frozen=True)
class Supposed:
    """What is otherwise: dormitories closed, places opened beyond tonight's, at most so many people let in (None: as
    it is), numbers whose exclusion is lifted, and more people by where they sleep (men, women, family).
    """

    closed: frozenset[int] = frozenset()
    opened: int = 0
    at_most: int | None = None
    lifted: frozenset[int] = frozenset()
    more: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Evening:
    """An evening as it is: the house, who is to come, who would not be let in and why, and who is
    here with a bed."""

    house: House
    people: Sequence[Person]
    barred: Sequence[tuple[Person, Reason]] = ()
    inside: Sequence[Person] = ()


@dataclass(frozen=True)
class Outcome:
    """One way an evening ends, in people and in places. `without` counts those without a bed by the rule that binds;
    `rooms` has the places in service and the people of each dormitory; `beds` the bed of each number to be placed.
    """

    expected: int
    placed: int
    free: int
    without: Mapping[Reason, int]
    rooms: Mapping[int, tuple[int, int]]
    beds: Mapping[int, int]
    is_proven: bool


@dataclass(frozen=True)
class Difference:
    """The evening as it is beside the evening as supposed.

    `moved` are people who would get another bed than the one planned or slept in (number, bed, bed), `displaced` of
    them are here already; `gained` would get a bed, `lost` none any more. `helps` are changes with which people without
    a bed as supposed would get one, and how many.
    """

    now: Outcome
    then: Outcome
    moved: tuple[tuple[int, int, int], ...]
    gained: tuple[int, ...]
    lost: tuple[int, ...]
    displaced: int
    helps: tuple[tuple[Reason, int], ...]


def compare(evening: Evening, supposed: Supposed) -> Difference:
    """Plan the evening twice. Who is here moves only if their dormitory is supposed to be closed."""
    now = _outcome(evening)
    other, to_move = suppose(evening, supposed)
    was = dict(now.beds) | to_move
    then = _outcome(
        replace(other, people=[replace(person, planned=was.get(person.number)) for person in other.people])
    )
    registered = {person.number for person in _registered(evening)}
    return Difference(
        now=now,
        then=then,
        moved=tuple(
            (number, was[number], bed)
            for number, bed in sorted(then.beds.items())
            if was.get(number, bed) != bed
        ),
        gained=tuple(sorted((then.beds.keys() & registered) - was.keys())),
        lost=tuple(sorted(was.keys() - then.beds.keys())),
        displaced=len(to_move.keys() & then.beds.keys()),
        helps=tuple(_helps(other, len(other.people) - len(then.beds)))
        if len(then.beds) < len(other.people)
        else (),
    )


def suppose(evening: Evening, supposed: Supposed) -> tuple[Evening, dict[int, int]]:
    """The evening as it would be, and the beds of those who are here and would have to lie elsewhere."""
    house = changed(evening.house, "open_places", supposed.opened)
    gone = {place.bed for place in house.places if place.dormitory in supposed.closed}
    house = replace(house, places=tuple(place for place in house.places if place.bed not in gone))
    to_move = {
        person.number: person.needs.holds_bed
        for person in evening.inside
        if person.needs.holds_bed is not None and person.needs.holds_bed in gone
    }
    left = house.places_left
    if supposed.at_most is not None:
        left = max(0, supposed.at_most - _inside(evening.house))
    house = replace(house, places_left=None if left is None else left + len(to_move))
    people = [
        *(_rid_of(person, gone) for person in evening.people),
        *(person for person, _why in evening.barred if person.number in supposed.lifted),
        *(
            replace(_rid_of(person, gone), is_here=True)
            for person in evening.inside
            if person.number in to_move
        ),
    ]
    return (
        Evening(
            house,
            [*people, *_guessed(evening, supposed)],
            [(person, why) for person, why in evening.barred if person.number not in supposed.lifted],
            [person for person in evening.inside if person.number not in to_move],
        ),
        to_move,
    )


def _outcome(evening: Evening) -> Outcome:
    house, made = evening.house, plan(evening.house, evening.people, tells_changes=False)
    here = _inside(house)
    theirs = {person.needs.holds_bed for person in evening.people}
    to_give = [place for place in house.places if place.state == FREE or _is_kept(place, theirs)]
    without = Counter(bound_by for _number, bound_by, _change in made.without)
    without.update(why for _person, why in evening.barred)
    return Outcome(
        expected=here + len(evening.people) + len(evening.barred),
        placed=here + len(made.given),
        free=len(to_give) - len(made.given),
        without=without,
        rooms=_rooms(house, made),
        beds=made.beds,
        is_proven=made.objective == made.bound,
    )


def _rid_of(person: Person, gone: set[int]) -> Person:
    """The person without the bed kept for them, if it is gone."""
    if person.needs.holds_bed not in gone:
        return person
    return replace(person, is_pinned=False, needs=replace(person.needs, holds_bed=None))


def _registered(evening: Evening) -> list[Person]:
    return [*evening.people, *(person for person, _why in evening.barred), *evening.inside]


def _guessed(evening: Evening, supposed: Supposed) -> list[Person]:
    """People nobody has registered yet, last in line, without particular needs."""
    number = max((person.number for person in _registered(evening)), default=0)
    kinds = [sleeps for sleeps, count in supposed.more for _person in range(count)]
    return [
        Person(at, Needs(sleeps=sleeps), is_on_time=False, drawn=f"{GUESSED}{at:09d}")
        for at, sleeps in enumerate(kinds, number + 1)
    ]


def _is_kept(place: Place, beds: set[int | None]) -> bool:
    return place.state == HELD and place.bed in beds


def _inside(house: House) -> int:
    return sum(place.state == OCCUPIED for place in house.places)


def _helps(evening: Evening, without: int) -> Iterable[tuple[Reason, int]]:
    """Of each kind of change as much as helps anybody, with how many people it would give a bed."""
    house = evening.house
    zones = frozenset().union(*(person.needs.zones for person in evening.people))
    most = {
        "raise_limit": without if house.places_left is not None else 0,
        "reopen": sum(place.state == CLOSED and place.zone in zones for place in house.places),
        "open_places": len(house.to_open),
    }
    placed_now = len(numbers_placed(house, evening.people))
    for change, number in most.items():
        in_all = _placed_with(evening, change, number, zones)
        if in_all > placed_now:
            enough = bisect_left(
                range(number), in_all, key=lambda few: _placed_with(evening, change, few, zones)
            )
            yield Reason(change, (("number", enough),)), in_all - placed_now


def _placed_with(evening: Evening, change: str, number: int, zones: frozenset[str]) -> int:
    return len(numbers_placed(changed(evening.house, change, number, zones), evening.people))


def _rooms(house: House, made: Plan) -> dict[int, tuple[int, int]]:
    taken = set(made.beds.values())
    in_service: Counter[int] = Counter()
    lying: Counter[int] = Counter()
    for place in sorted(house.places, key=lambda place: place.order):
        in_service[place.dormitory] += place.state in (FREE, HELD, OCCUPIED)
        lying[place.dormitory] += place.state == OCCUPIED or place.bed in taken
    return {dormitory: (places, lying[dormitory]) for dormitory, places in in_service.items()}
