"""The whole night's plan: how long it takes, how far from the best it is, and what it is worth to people.

The baseline is what a door without a plan does: everybody takes the first free bed of their zone, in the order in
which they come. Both meet the same evening, with the same wishes.
"""

import time
from dataclasses import replace
from random import Random

from shelter import allocating
from shelter.allocating import worth
from shelter.offering import BOTTOM, CLOSED, FREE, MIDDLE, TOP, Needs, Place
from shelter.wishing import WISHES, House, Person
from tests.bench.figures import Row

# zone, beds and step-free beds of the dormitories of one house: 330 beds
DORMITORIES = (
    ("men", 56, 4), ("men", 48, 2), ("men", 40, 2), ("men", 40, 0), ("men", 50, 0), ("men", 26, 0),
    ("workers", 30, 0), ("women", 18, 2), ("families", 12, 4), ("dogs", 10, 2),
)  # fmt: skip
PEOPLE, WOMEN, WORKERS, LOWER, DOGS, PAIRS = 300, 18, 30, 25, 10, 20
AIMS = {300: 1.0, 600: None, 1_200: None, 2_400: 30.0}


def measure():
    print("The night's plan: 300 people and more …", flush=True)
    allocating.plan(*evening(1))  # what is only loaded once is no part of it
    for people, aim in AIMS.items():
        yield from rows(people, aim)
    yield from short()


def rows(people, aim):
    house, guests = evening(people // PEOPLE)
    begun = time.process_time()
    made = allocating.plan(house, guests)
    seconds = time.process_time() - begun
    begun = time.process_time()
    taken = first_come(house, guests)
    barely = time.process_time() - begun
    gap = 100 * (made.bound - made.objective) / made.bound
    name = f"plan.{people}" if aim else ""
    yield Row(f"plan for {people:,} people", seconds, "s", barely, aim, f"{name}.seconds" if aim else "")
    yield Row(
        "  gap to the proven bound",
        gap,
        "%",
        0,
        0 if aim else None,
        f"{name}.gap" if people == PEOPLE else "",
    )
    if people == PEOPLE:
        yield Row("  people placed", len(made.beds), "", len(taken))
        yield Row("  pairs kept apart", apart(house, made.beds), "", apart(house, taken))
        yield Row("  worth", worth(house, guests, made.beds), "", worth(house, guests, taken))
        for wish in WISHES:
            told = [met(house, guests, beds, wish) for beds in (made.beds, taken)]
            if any(told):
                yield Row(f"  {wish.code.replace('_', ' ')}", told[0], "", told[1])


def short():
    """The same evening with a hundred beds out of service: who goes without, why, and what would help each of them."""
    house, guests = evening(1)
    closed = {place.bed for place in house.places if place.zone == "men"}
    beds = sorted(closed)[:100]
    house = replace(
        house,
        places=tuple(place._replace(state=CLOSED) if place.bed in beds else place for place in house.places),
    )
    begun = time.process_time()
    made = allocating.plan(house, guests)
    yield Row(f"plan with {len(made.without)} people without a bed", time.process_time() - begun, "s", 0)


def evening(houses, seed=7):
    """As many houses as one, with 300 people to each: the mix of an evening at Findel."""
    chance = Random(seed)
    places, guests = [], []
    for number in range(houses):
        here = [*_places(number * len(DORMITORIES), len(places))]
        guests += _guests(chance, here, len(guests))
        places += here
    numbers = [guest.number for guest in guests if guest.needs.sleeps == "men" and not guest.needs.dog]
    pairs = {frozenset(chance.sample(numbers, 2)) for _pair in range(PAIRS * houses)}
    return House(tuple(places), apart=frozenset(pairs)), guests


def _places(first_dormitory, first_bed):
    bed = first_bed
    for dormitory, (zone, size, step_free) in enumerate(DORMITORIES, first_dormitory + 1):
        for index in range(size):
            bed += 1
            level = (BOTTOM, MIDDLE, TOP)[index % 3]
            is_step_free = level == BOTTOM and index // 3 < step_free
            yield Place(bed, f"B{bed}", dormitory, zone, level, is_step_free, FREE, bed)


def _guests(chance, places, before):
    """A woman, a worker, a dog, a need in every so many; most slept here last night, each in a bed of their own."""
    kinds = ["women"] * WOMEN + ["workers"] * WORKERS + ["dogs"] * DOGS
    kinds += ["men"] * (PEOPLE - len(kinds))
    chance.shuffle(kinds)
    lower = set(chance.sample(range(PEOPLE), LOWER))
    beds = {zone: chance.sample(list(here), len(here)) for zone, here in _by_zone(places).items()}
    for index, kind in enumerate(kinds):
        last = beds[kind].pop() if beds[kind] and chance.random() < 0.85 else None
        needs = Needs(
            sleeps="women" if kind == "women" else "men",
            lower_bed=index in lower,
            step_free=chance.random() < 0.02,
            dog=kind == "dogs",
            quiet=kind == "workers",
            last_bed=last.bed if last else None,
            last_dormitory=last.dormitory if last else None,
        )
        yield Person(before + index + 1, needs, is_older=chance.random() < 0.15, drawn=f"{index:04d}")


def _by_zone(places):
    zones = {}
    for place in places:
        zones.setdefault(place.zone, []).append(place)
    return zones


def first_come(house, guests):
    """Everybody takes the first free bed of their zone; nobody looks at pairs, wishes or what others need."""
    free, beds = sorted(house.places, key=lambda place: place.order), {}
    for guest in guests:
        place = next((place for place in free if place.zone in guest.needs.zones), None)
        if place is not None:
            free.remove(place)
            beds[guest.number] = place.bed
    return beds


def apart(house, beds):
    rooms = {place.bed: place.dormitory for place in house.places}
    return sum(len({rooms[beds[number]] for number in pair if number in beds}) == 2 for pair in house.apart)


def met(house, guests, beds, wish):
    places = {place.bed: place for place in house.places}
    return sum(wish.is_met(guest, places[beds[guest.number]]) for guest in guests if guest.number in beds)
