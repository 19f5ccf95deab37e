"""Plans as people read them, reviewed by eye: small evenings with a story each, told whole.

What stands in `golden_plans.txt` was read line by line. When a plan changes on purpose, the new text is written with
`python -m tests.shelter.test_golden_plans` and read again before it is kept.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import translation

from shelter.allocating import plan
from shelter.offering import BOTTOM, CLOSED, FREE, HELD, MIDDLE, NOT_OPEN, OCCUPIED, TOP, Needs, Place
from shelter.wishing import House, Person

pytestmark = pytest.mark.pure

GOLDEN = Path(__file__).with_name("golden_plans.txt")
LEVELS = (BOTTOM, MIDDLE, TOP)


def room(dormitory, name, zone, beds, *, state=FREE, step_free=0, first=None):
    """A dormitory of so many beds, bottom, middle and top in turn; its first ones may be step-free."""
    first = first or dormitory * 100
    return [
        Place(
            first + at, f"{name}{at + 1}", dormitory, zone, LEVELS[at % 3], at < step_free, state, first + at
        )
        for at in range(beds)
    ]


def person(number, sleeps="men", *, last=None, **known):
    """Somebody whose number says how they were drawn; `last` is the place they slept in."""
    needs = {name: known.pop(name) for name in list(known) if name in Needs.__dataclass_fields__}
    if last is not None:
        needs |= {"last_bed": last.bed, "last_dormitory": last.dormitory}
    return Person(number, Needs(sleeps=sleeps, **needs), drawn=f"{number:04d}", **known)


def a_calm_evening():
    """Everybody can have last night's bed; a whole dormitory stays closed."""
    a, b = room(1, "A", "men", 6), room(2, "B", "men", 6)
    people = [person(at + 1, last=a[at]) for at in range(4)]
    return House((*a, *b)), people


def needs_come_before_habits():
    """Who slept in the only lower bunk leaves it to somebody who needs one, and stays in the room."""
    a = room(1, "A", "men", 3)
    return House(tuple(a)), [
        person(1, last=a[0]),
        person(2, last=a[1], lower_bed=True),
        person(3, is_older=True),
    ]


def who_was_told_a_bed_keeps_it():
    """A bed told is worth more than every wish of somebody else."""
    a = [place._replace(state=HELD) if place.label == "A1" else place for place in room(1, "A", "men", 3)]
    return House(tuple(a)), [person(1, holds_bed=a[0].bed), person(2, lower_bed=True, last=a[0])]


def two_people_are_kept_apart():
    """Both slept in A; one of them goes to B although B could have stayed closed."""
    a, b = room(1, "A", "men", 4), room(2, "B", "men", 3)
    people = [person(1, last=a[0]), person(2, last=a[1]), person(3, last=a[2])]
    return House((*a, *b), apart=frozenset({frozenset({1, 2})})), people


def zones_and_dogs():
    """Women, workers, a family and a dog: each in their own part of the house; one man waits for a bed in his."""
    house = [
        *room(1, "M", "men", 2), *room(2, "W", "women", 2), *room(3, "F", "families", 2),
        *room(4, "D", "dogs", 1), *room(5, "Q", "workers", 1),
    ]  # fmt: skip
    people = [
        person(1, "women"), person(2, "family"), person(3, dog=True), person(4, quiet=True), person(5), person(6),
        person(7), person(8, "ask"),
    ]  # fmt: skip
    return House(tuple(house)), people


def places_are_short():
    """Four beds, six people: in time before late, turned away last night first, then as drawn. Opening two helps."""
    beds = [*room(1, "A", "men", 4), *room(2, "T", "men", 3, state=NOT_OPEN)]
    people = [
        person(1, is_on_time=False), person(2), person(3), person(4, was_turned_away=True), person(5), person(6),
    ]  # fmt: skip
    return House(tuple(beds), to_open=(200, 201, 202)), people


def a_limit_is_reached():
    """There are beds, but no more people may be let in."""
    a = room(1, "A", "men", 6, state=FREE)
    inside = [place._replace(state=OCCUPIED) for place in a[:2]]
    return House((*inside, *a[2:]), places_left=2), [person(at) for at in range(1, 5)]


def a_pipe_has_burst():
    """B is out of service: its people go where their needs are met, and nobody else moves."""
    a, b = room(1, "A", "men", 5, step_free=1), room(2, "B", "men", 3, state=CLOSED)
    people = [
        person(1, last=b[0]),
        person(2, last=b[1], step_free=True),
        person(3, last=a[1]),
        person(4, last=b[2]),
    ]
    return House((*a, *b)), people


def somebody_is_fixed():
    """Who is fixed stays, in a zone that is not theirs and in front of everybody."""
    w = [place._replace(state=HELD) for place in room(2, "W", "women", 1)]
    a = room(1, "A", "men", 1)
    people = [person(1, was_turned_away=True), replace(person(9, holds_bed=w[0].bed), is_pinned=True)]
    return House((*a, *w)), people


EVENINGS = (
    a_calm_evening, needs_come_before_habits, who_was_told_a_bed_keeps_it, two_people_are_kept_apart, zones_and_dogs,
    places_are_short, a_limit_is_reached, a_pipe_has_burst, somebody_is_fixed,
)  # fmt: skip


def told(evening):
    """The whole plan of an evening in words."""
    house, people = evening()
    made, labels = plan(house, people), {place.bed: place.label for place in house.places}
    yield f"{evening.__name__.replace('_', ' ').capitalize()}: {' '.join(evening.__doc__.split())}"
    for number, bed, reasons in made.given:
        yield f"  {number:04d}  {labels[bed]:4}{' '.join(map(str, reasons))}"
    for number, bound_by, change in made.without:
        yield f"  {number:04d}  –   {bound_by}{f' {change}' if change else ''}"
    yield f"  worth {made.objective} of at most {made.bound}"


def whole():
    with translation.override("en"):
        return "\n\n".join("\n".join(told(evening)) for evening in EVENINGS) + "\n"


def test_plans_read_as_they_were_read():
    assert whole() == GOLDEN.read_text()


if __name__ == "__main__":
    import django

    django.setup()
    GOLDEN.write_text(whole())
