"""What if: the evening as it would be, beside the evening as it is; nothing is changed by asking. Pure."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.offering import CLOSED, HELD, NOT_OPEN, OCCUPIED, Reason
from shelter.supposing import Evening, Supposed, compare
from shelter.wishing import House
from tests.shelter.test_allocating import CALMLY, houses, man, place

pytestmark = pytest.mark.pure


def house_of(*places, **known):
    return House(tuple(places), **known)


@pytest.fixture
def three_of_four():
    """Two dormitories with two beds each; three men to come."""
    house = house_of(place(1), place(2), place(3, 2), place(4, 2))
    return Evening(house, [man(1), man(2), man(3)])


def test_nothing_supposed_nothing_differs(three_of_four):
    told = compare(three_of_four, Supposed())

    assert told.now == told.then
    assert (told.moved, told.gained, told.lost, told.displaced) == ((), (), (), 0)
    assert (told.now.expected, told.now.placed, told.now.free) == (3, 3, 1)


def test_a_dormitory_closed_leaves_the_last_in_line_without_a_bed(three_of_four):
    told = compare(three_of_four, Supposed(closed=frozenset({2})))

    assert (told.then.placed, told.then.free) == (2, 0)
    assert told.then.without == {Reason("house_full"): 1}
    assert told.then.rooms == {1: (2, 2)}
    assert told.helps == ()
    assert told.lost == (3,)


def test_who_is_here_in_a_closed_dormitory_is_placed_first():
    house = house_of(place(1, state=OCCUPIED), place(2, state=OCCUPIED), place(3, 2), place(4, 2))
    evening = Evening(house, [man(1), man(2)], inside=[man(8, holds_bed=1), man(9, holds_bed=2)])

    told = compare(evening, Supposed(closed=frozenset({1})))

    assert told.displaced == 2
    assert {number for number, _bed, _other in told.moved} == {8, 9}
    assert {bed for _number, bed, _other in told.moved} == {1, 2}
    assert told.lost == (1, 2)
    assert (told.now.placed, told.then.placed) == (4, 2)


def test_who_is_here_stays_although_no_more_people_may_be_let_in():
    house = house_of(place(1, state=OCCUPIED), place(2, 2), place(3, 2), places_left=0)
    evening = Evening(house, [man(1)], inside=[man(9, holds_bed=1)])

    told = compare(evening, Supposed(closed=frozenset({1})))

    assert told.then.beds.keys() == {9}
    assert told.then.without == {Reason("limit_reached"): 1}


def test_a_bed_kept_in_a_closed_dormitory_is_another_one():
    evening = Evening(house_of(place(1, state=HELD), place(2, 2)), [man(1, holds_bed=1)])

    told = compare(evening, Supposed(closed=frozenset({1})))

    assert told.moved == ((1, 1, 2),)


def test_more_places_are_opened_in_their_order():
    house = house_of(place(1), place(2, state=NOT_OPEN), place(3, 2, state=NOT_OPEN), to_open=(3, 2))

    told = compare(Evening(house, [man(1), man(2)]), Supposed(opened=1))

    assert told.now.without == {Reason("house_full"): 1}
    assert told.helps == ()
    assert told.gained == (2,)
    assert told.then.rooms == {1: (1, 1), 2: (1, 1)}


def test_a_lifted_exclusion_brings_somebody_into_line():
    evening = Evening(
        house_of(place(1), place(2)),
        [man(1)],
        barred=[(man(2), Reason("excluded")), (man(3), Reason("excluded"))],
    )

    told = compare(evening, Supposed(lifted=frozenset({2})))

    assert (told.now.expected, told.then.expected) == (3, 3)
    assert (told.now.without, told.then.without) == ({Reason("excluded"): 2}, {Reason("excluded"): 1})
    assert told.gained == (2,)


def test_more_people_come_after_everybody_registered():
    evening = Evening(house_of(place(1), place(2), place(3, 4)), [man(1)])

    told = compare(evening, Supposed(more=(("men", 2), ("women", 1))))

    assert (told.then.expected, told.then.placed, told.then.free) == (4, 3, 0)
    assert sum(told.then.without.values()) == 1
    assert told.gained == ()
    assert told.lost == ()


@pytest.mark.parametrize(("at_most", "placed"), [(None, 1), (0, 0), (2, 2), (9, 3)])
def test_the_limit_may_be_another(three_of_four, at_most, placed):
    limited = replace(three_of_four, house=replace(three_of_four.house, places_left=1))

    assert compare(limited, Supposed(at_most=at_most)).then.placed == placed


@CALMLY
@given(houses, st.integers(0, 5), st.integers(0, 4))
def test_people_are_never_lost_from_the_count(house_and_people, closed, more):
    house, people = house_and_people
    evening = Evening(house, people)

    told = compare(evening, Supposed(closed=frozenset({closed}), opened=more, more=(("men", more),)))

    for outcome in (told.now, told.then):
        assert outcome.expected == outcome.placed + sum(outcome.without.values())
        assert sum(lying for _places, lying in outcome.rooms.values()) == outcome.placed
        assert outcome.free >= 0
    lying = sum(each.state == OCCUPIED and each.dormitory == closed for each in house.places)
    assert told.then.expected == told.now.expected + more - lying
    changes = len(told.gained) - len(told.lost)
    guessed = len(told.then.beds) - len(told.now.beds) - changes
    assert 0 <= guessed <= more


def test_what_would_help_is_told_with_how_many_it_helps():
    house = house_of(place(1), place(2, state=CLOSED), *(place(bed, 2, state=NOT_OPEN) for bed in range(3, 9)),
                     to_open=tuple(range(3, 9)))  # fmt: skip

    told = compare(Evening(house, [man(1)]), Supposed(more=(("men", 3),)))

    assert told.then.without == {Reason("house_full"): 3}
    assert told.helps == (
        (Reason("reopen", (("number", 1),)), 1),
        (Reason("open_places", (("number", 3),)), 3),
    )


def test_a_limit_that_binds_helps_by_being_raised_just_enough(three_of_four):
    limited = replace(three_of_four, house=replace(three_of_four.house, places_left=1))

    assert compare(limited, Supposed()).helps == ((Reason("raise_limit", (("number", 2),)), 2),)


def test_supposing_something_moves_nobody_without_need():
    """One man more and a lifted exclusion: those who are planned keep their beds, all of which are worth the same."""
    house = house_of(*(place(bed) for bed in range(1, 13)))
    evening = Evening(house, [man(number) for number in range(2, 10)], barred=[(man(1), Reason("excluded"))])

    told = compare(evening, Supposed(lifted=frozenset({1}), more=(("men", 1),)))

    assert (told.moved, told.gained) == ((), (1,))


def test_who_is_here_and_gets_no_other_bed_is_lost_and_not_moved():
    house = house_of(place(1, state=OCCUPIED), place(2, 4))
    evening = Evening(house, [], inside=[man(9, holds_bed=1)])

    told = compare(evening, Supposed(closed=frozenset({1})))

    assert (told.moved, told.lost, told.displaced) == ((), (9,), 0)


def test_people_kept_apart_are_so_after_a_move_as_well():
    house = house_of(
        place(1, state=OCCUPIED), place(2, 2), place(3, 2), place(4, 1), apart=frozenset({frozenset({1, 9})})
    )
    evening = Evening(house, [man(1, keep_out=frozenset({1}))], inside=[man(9, holds_bed=1)])

    told = compare(evening, Supposed(closed=frozenset({1})))

    assert told.then.beds.keys() == {9}
    assert told.then.without == {Reason("kept_apart"): 1}


def test_places_supposed_open_are_not_opened_twice():
    house = house_of(
        place(1), *(place(bed, 2, state=NOT_OPEN) for bed in range(2, 8)), to_open=tuple(range(2, 8))
    )

    told = compare(Evening(house, [man(number) for number in range(1, 6)]), Supposed(opened=2))

    assert told.then.placed == 3
    assert told.helps == ((Reason("open_places", (("number", 2),)), 2),)
