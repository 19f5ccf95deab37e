"""Every empty bed has exactly one cause."""

from random import Random

import pytest

from reporting.emptiness import CAUSES, EmptyBed, causes

pytestmark = pytest.mark.pure

FREE, HELD, RELEASED, LATE = (
    EmptyBed(),
    EmptyBed(is_held=True),
    EmptyBed(was_released=True),
    EmptyBed(opened_late=True),
)


def of(*beds, slept=10, open_places=None, unsuited=0):
    return causes(beds, slept=slept, open_places=open_places, unsuited=unsuited)


def test_each_bed_is_counted_under_what_is_known_of_it():
    assert of(FREE, FREE, HELD, RELEASED, RELEASED, LATE) == {
        "held": 1, "no_show": 2, "opened_late": 1, "no_demand": 2,
    }  # fmt: skip


def test_of_several_causes_the_first_counts():
    assert of(EmptyBed(is_held=True, was_released=True, opened_late=True)) == {"held": 1}
    assert of(EmptyBed(was_released=True, opened_late=True)) == {"no_show": 1}


@pytest.mark.parametrize(
    ("open_places", "expected"),
    [
        (None, {"no_demand": 4}),
        (14, {"no_demand": 4}),
        (13, {"staff_shortage": 1, "no_demand": 3}),
        (10, {"staff_shortage": 4}),
        (5, {"staff_shortage": 4}),
    ],
)
def test_beds_beyond_the_number_of_people_the_house_takes_lack_staff(open_places, expected):
    assert of(FREE, FREE, FREE, FREE, slept=10, open_places=open_places) == expected


def test_a_free_bed_that_suited_nobody_who_was_refused_is_no_lack_of_demand():
    assert of(FREE, FREE, FREE, unsuited=2) == {"zone_mismatch": 2, "no_demand": 1}
    assert of(FREE, unsuited=5) == {"zone_mismatch": 1}


@pytest.mark.parametrize("seed", range(20))
def test_causes_add_up_to_all_empty_beds(seed):
    chance = Random(seed)
    beds = [chance.choice([FREE, FREE, HELD, RELEASED, LATE]) for _each in range(chance.randrange(40))]

    found = of(
        *beds,
        slept=chance.randrange(30),
        open_places=chance.choice([None, 0, 20, 60]),
        unsuited=chance.randrange(9),
    )

    assert sum(found.values()) == len(beds)
    assert set(found) <= set(CAUSES)
    assert all(number > 0 for number in found.values())
