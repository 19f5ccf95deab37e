"""A bed for everybody of a night at once, and why: pure calculation on people and places as they stand.

A place comes first, the bed second. Where places are short, who gets one follows the line (`in_line`): as many
as can be placed, and nobody further back instead of somebody in front of them. Among all ways to give those
people a bed the plan takes one that is worth the most: every wish that is met counts its weight, and so does
every dormitory that can stay closed. `worth` says what a way is worth; `solving` finds the best and proves it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from shelter import solving
from shelter.offering import (
    BOTTOM,
    CLOSED,
    DOGS,
    FREE,
    HELD,
    NOT_OPEN,
    OCCUPIED,
    WORKERS,
    Needs,
    Place,
    Reason,
)

SPARE_PLACES = 2  # places in an opened dormitory that a late arrival should still find


@dataclass(frozen=True)
class Weights:
    """What each wish is worth; whole numbers, the same for everybody."""

    stay: int = 10_000  # a bed somebody has been told: no sum of wishes moves them
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
    line: tuple[str, ...] = ("registered", "turned_away", "needs")
    weights: Weights = field(default_factory=Weights)


class Given(NamedTuple):
    number: int
    bed: int
    reasons: tuple[Reason, ...]


class Without(NamedTuple):
    """Somebody without a bed: the rule that bound, and the smallest change that would give them one, if any."""

    number: int
    bound_by: Reason
    change: Reason | None


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


# Who comes first when places are short.

LINE: dict[str, Callable[[Person], bool]] = {
    "registered": lambda person: person.is_on_time,
    "turned_away": lambda person: person.was_turned_away,
    "needs": lambda person: person.needs.lower_bed or person.needs.step_free,
}


def in_line(people: Iterable[Person], rules: Iterable[str]) -> list[Person]:
    """People in the order in which places are given: pinned ones, then by each rule in turn, then as drawn."""
    asked = [LINE[rule] for rule in rules]
    return sorted(
        people,
        key=lambda person: (
            not person.is_pinned,
            *(not rule(person) for rule in asked),
            person.drawn,
            person.number,
        ),
    )


# What is wished.


class Wish(NamedTuple):
    """One wish: its code, the name of its weight, and whether a person in a place has it met."""

    code: str
    weight: str
    is_met: Callable[[Person, Place], bool]


WISHES = (
    Wish("held_for_you", "stay", lambda person, place: place.bed == person.needs.holds_bed),
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
    ),
    Wish(
        "step_free_spared", "step_free_spared",
        lambda person, place: not person.needs.step_free and not place.step_free,
    ),
)  # fmt: skip
# Needs that could not be met are told; what only spares a place for others is no reason of one's own.
_UNMET = (
    Wish("lower_unmet", "", lambda person, place: person.needs.lower_bed and place.level != BOTTOM),
    Wish("step_free_unmet", "", lambda person, place: person.needs.step_free and not place.step_free),
)
_UNSAID = {"lower_spared", "step_free_spared"}


def value(person: Person, place: Place, weights: Weights) -> int:
    """What it is worth that this person gets this place."""
    return sum(getattr(weights, wish.weight) for wish in WISHES if wish.is_met(person, place))


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


def may_lie(person: Person, place: Place) -> bool:
    """Whether nothing about this place forbids it to this person; a bed that was kept for them stays theirs."""
    if person.is_pinned:
        return place.bed == person.needs.holds_bed
    if place.dormitory in person.needs.keep_out:
        return False
    return place.zone in person.needs.zones or place.bed == person.needs.holds_bed


# The plan.


def plan(house: House, people: Iterable[Person]) -> Plan:
    """The best plan for these people. The order in which people and places are given makes no difference."""
    everybody = in_line(people, house.line)
    house = emptied(house, everybody)
    places = {place.bed: place for place in house.places}
    chosen, found = _chosen(house, everybody)
    why_not = WhyNot(house, everybody, {person.number for person in chosen})
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


def reasons(person: Person, place: Place) -> tuple[Reason, ...]:
    """Why this bed: every wish of their own that it meets, and every need that it does not."""
    codes = [
        wish.code for wish in (*WISHES, *_UNMET) if wish.is_met(person, place) and wish.code not in _UNSAID
    ]
    if "same_bed" in codes:
        codes.remove("same_dormitory")
    if person.needs.dog and place.zone == DOGS:
        codes.append("dog_met")
    return tuple(Reason(code) for code in codes or ["right_zone"])


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


def where_to_sleep_is_known(person: Person) -> bool:
    return person.needs.sleeps != "ask" or person.needs.dog


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
    return Person(number=0, needs=needs, is_older=person.is_older)


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
        for place in sorted(claimed, key=_order)
        if may_lie(person, place)
    }
    return solving.Asker(
        number=person.number,
        profile=_profile(person),
        claims=claims,
        near=person.needs.last_dormitory,
        is_fixed=person.is_pinned,
    )


# Why somebody gets none.

Verdict = tuple[Reason, Reason | None]


class WhyNot:
    """Says of each person without a bed which rule bound, and the smallest change that would give them one.

    Both are found by trying: a rule binds when without it they are placed, a change helps when with it they are.
    """

    def __init__(self, house: House, everybody: list[Person], chosen: set[int]) -> None:
        self.house, self.everybody = house, everybody
        self.is_room_left = sum(place.state == FREE for place in house.places) > len(chosen)
        self.tried: dict[tuple[str, int], set[int]] = {}

    def __call__(self, person: Person) -> Without:
        if not where_to_sleep_is_known(person):
            return Without(person.number, Reason("to_agree"), None)
        for binds in (self._limit, self._apart, self._zone):
            found = binds(person)
            if found is not None:
                return Without(person.number, *found)
        return Without(person.number, Reason("house_full"), self._more_places(person))

    def _limit(self, person: Person) -> Verdict | None:
        if self.house.places_left is None or not self._helps("unlimited", 0, person):
            return None
        most = len(self.everybody)
        return Reason("limit_reached"), self._smallest("raise_limit", most, person)

    def _apart(self, person: Person) -> Verdict | None:
        number = person.number
        free = replace(person, needs=replace(person.needs, keep_out=frozenset()))
        house = replace(self.house, apart=frozenset(pair for pair in self.house.apart if number not in pair))
        if house.apart == self.house.apart and free == person:
            return None
        people = [free if one.number == number else one for one in self.everybody]
        if number not in _numbers(_chosen(house, people)[0]):
            return None
        return Reason("kept_apart"), Reason("lift_apart")

    def _zone(self, person: Person) -> Verdict | None:
        full = Reason("no_place_in_zone", (("zone", person.needs.main_zone),))
        if self.is_room_left:
            return full, self._more_places(person) or Reason("other_zone")
        return None

    def _more_places(self, person: Person) -> Reason | None:
        ways = (
            self._smallest("reopen", sum(place.state == CLOSED for place in self.house.places), person),
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
        if (change, number) not in self.tried:
            house = changed(self.house, change, number)
            self.tried[change, number] = _numbers(_chosen(house, self.everybody)[0])
        return person.number in self.tried[change, number]


def _numbers(people: Iterable[Person]) -> set[int]:
    return {person.number for person in people}


def changed(house: House, change: str, number: int = 0) -> House:
    """The house after one of the changes that may be proposed."""
    if change == "unlimited":
        return replace(house, places_left=None)
    if change == "raise_limit":
        return replace(house, places_left=(house.places_left or 0) + number)
    if change == "reopen":
        closed = [place.bed for place in sorted(house.places, key=_order) if place.state == CLOSED]
        return _with_free(house, set(closed[:number]))
    if change == "open_places":
        return _with_free(house, set(house.to_open[:number]))
    raise ValueError(change)


def _order(place: Place) -> int:
    return place.order


def _with_free(house: House, beds: set[int]) -> House:
    return replace(
        house,
        places=tuple(
            place._replace(state=FREE) if place.bed in beds and place.state in (CLOSED, NOT_OPEN) else place
            for place in house.places
        ),
    )
