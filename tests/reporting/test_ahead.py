"""What may come in the nights ahead, judged by the nights that were."""

from datetime import date, timedelta
from random import Random

import pytest

from reporting.ahead import FEWEST, expected

pytestmark = pytest.mark.pure

FIRST = date(2026, 11, 15)


def nights(numbers):
    return {FIRST + timedelta(place): number for place, number in enumerate(numbers)}


def after(slept, how_many=7, places=300):
    return {max(slept) + timedelta(place): places for place in range(1, how_many + 1)}


def test_a_house_that_never_changes_is_expected_to_stay_as_it_is():
    slept = nights([120] * 20)

    told = expected(slept, after(slept))

    assert [(each.low, each.likely, each.high) for each in told] == [(120, 120, 120)] * 7


def test_a_house_that_grows_by_three_a_night_is_expected_to_go_on():
    slept = nights(range(100, 160, 3))

    told = expected(slept, after(slept))

    assert [each.likely for each in told] == [157 + 3 * place for place in range(1, 8)]


def test_a_gap_in_the_calendar_is_no_change():
    slept = nights([100] * 12) | {FIRST + timedelta(20 + place): 180 for place in range(12)}

    told = expected(slept, after(slept, how_many=1))

    assert (told[0].low, told[0].high) == (180, 180)


def test_too_few_nights_say_nothing():
    slept = nights([100] * FEWEST)

    assert expected(slept, after(slept)) == []
    assert expected({}, {FIRST: 300}) == []
    assert [
        each.night for each in expected(nights([100] * (FEWEST + 1)), after(nights([100] * (FEWEST + 1))))
    ] == [FIRST + timedelta(FEWEST + 1)]


def test_never_more_than_there_are_places_and_never_fewer_than_nobody():
    falling, rising = nights(range(100, 0, -6)), nights(range(20, 300, 14))

    assert min(each.low for each in expected(falling, after(falling))) == 0
    full = expected(rising, after(rising, places=290))[-1]
    assert (full.high, full.may_be_full) == (290, True)


@pytest.mark.parametrize("apart", range(1, 8))
def test_eight_of_ten_later_nights_lie_in_the_range(apart):
    """Twelve hundred seasons left to chance: what came after sixty nights lay within in 70 to 90 of 100."""
    chance, within = Random(apart), 0
    for _season in range(1200):
        numbers = [200]
        while len(numbers) < 60 + apart:
            numbers.append(max(0, numbers[-1] + chance.randrange(-9, 10)))
        slept = nights(numbers[:60])
        told = expected(slept, after(slept, how_many=apart, places=10_000))[-1]
        within += told.low <= numbers[-1] <= told.high

    assert 0.70 < within / 1200 < 0.90
