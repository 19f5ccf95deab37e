"""Places are counted, never stored, and always add up."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelter import nights, offering, queries
from shelter.actions import housekeeping, placing
from shelter.standing import BedOnBoard
from tests.conftest import BUILDER, TONIGHT

CALMLY = settings(deadline=None, derandomize=True)  # the same examples each time, however slow

MAN = offering.Needs(sleeps="men")
STATES = [offering.FREE, offering.HELD, offering.OCCUPIED, offering.CLOSED, offering.NOT_OPEN]
ZONES = ["men", "women", "families", "workers", "dogs", "isolation"]


@st.composite
def boards(draw):
    """Any board: beds in any state, zone and layer; only extra places can be not opened."""
    beds = []
    for number in range(draw(st.integers(0, 30))):
        layer = draw(st.sampled_from(["nominal", "extension", "overflow"]))
        state = draw(st.sampled_from(STATES[:-1] if layer == "nominal" else STATES))
        taken = number if state in (offering.HELD, offering.OCCUPIED) else None
        beds.append(
            BedOnBoard(
                id=number, label=f"B{number}", level="bottom", step_free=False, layer=layer, dormitory_id=1,
                dormitory="One", zone=draw(st.sampled_from(ZONES)), state=state, closed_for=None,
                closed_until=None, bed_night=taken, occupant=taken,
            )
        )  # fmt: skip
    return beds


FIGURES = ("nominal", "installed", "out_of_service", "in_service", "held", "occupied", "free")


@CALMLY
@given(boards())
def test_capacity_adds_up_on_any_board(board):
    capacity = queries.capacity_of(board)

    assert capacity.installed == capacity.in_service + capacity.out_of_service
    assert capacity.in_service == capacity.held + capacity.occupied + capacity.free
    assert capacity.installed == len(board) - sum(bed.state == offering.NOT_OPEN for bed in board)
    assert capacity.nominal == sum(bed.layer == "nominal" for bed in board)


@CALMLY
@given(boards())
def test_the_zones_together_are_the_house(board):
    zones, house = queries.capacity_by_zone(board), queries.capacity_of(board)

    assert {name: sum(getattr(zone, name) for zone in zones.values()) for name in FIGURES} == {
        name: getattr(house, name) for name in FIGURES
    }
    assert set(zones) == {bed.zone for bed in board}


@CALMLY
@given(boards())
def test_the_percentage_is_of_places_in_service(board):
    capacity = queries.capacity_of(board)

    if capacity.in_service:
        assert capacity.percent == round(capacity.occupied * 100 / capacity.in_service, 1)
        assert 0 <= capacity.percent <= 100
    else:
        assert capacity.percent is None


def test_an_empty_house_has_no_percentage():
    assert queries.capacity_of([]) == queries.Capacity(0, 0, 0, 0, 0, 0, 0)
    assert queries.capacity_of([]).percent is None


@pytest.fixture
def capacity(night):
    def now():
        return queries.capacity_of(queries.board_of(night))

    return now


def test_an_evening_counted_by_hand(night, house, occupant, by, capacity):
    worker = by("night_worker")
    empty = capacity()
    for label in ("MA1", "MA2", "MB1"):
        placing.check_in(
            occupant=occupant(), bed=house.beds[label], night=night, by=worker, needs=MAN, is_registered=True
        )
    placing.hold(occupant=occupant(), bed=house.beds["MB2"], night=night, by=worker, needs=MAN)
    housekeeping.close_bed(bed=house.beds["MA3"], reason="repair", by=BUILDER, first_night=TONIGHT)
    housekeeping.close_dormitory(
        dormitory=house.dormitories["IS"], reason="isolation", by=BUILDER, first_night=TONIGHT
    )
    housekeeping.activate_places(
        layer="extension", number=3, first_night=TONIGHT, by=BUILDER, reason="cold", approval="ITM 7"
    )

    assert empty == queries.Capacity(
        nominal=20, installed=20, out_of_service=0, in_service=20, held=0, occupied=0, free=20
    )
    assert capacity() == queries.Capacity(
        nominal=20, installed=23, out_of_service=2, in_service=21, held=1, occupied=3, free=17
    )
    assert capacity().percent == 14.3


def test_a_zone_counted_by_hand(night, house, occupant, by):
    placing.check_in(
        occupant=occupant(), bed=house.beds["WO1"], night=night, by=by("night_worker"),
        needs=offering.Needs(sleeps="women"), is_registered=True,
    )  # fmt: skip

    zones = queries.capacity_by_zone(queries.board_of(night))

    assert {zone: (figures.installed, figures.occupied, figures.free) for zone, figures in zones.items()} == {
        "men": (10, 0, 10), "women": (3, 1, 2), "families": (2, 0, 2), "workers": (2, 0, 2),
        "dogs": (2, 0, 2), "isolation": (1, 0, 1),
    }  # fmt: skip


def test_who_leaves_gives_the_place_back(night, house, occupant, by, capacity):
    before = capacity()
    row = placing.check_in(
        occupant=occupant(), bed=house.beds["MA1"], night=night, by=by("night_worker"), needs=MAN,
        is_registered=True,
    )  # fmt: skip

    placing.leave(bed_night=row, by=by("night_worker"))

    assert capacity() == before


def test_one_night_does_not_count_in_another(night, house, occupant, by):
    placing.check_in(
        occupant=occupant(), bed=house.beds["MA1"], night=night, by=by("night_worker"), needs=MAN,
        is_registered=True,
    )  # fmt: skip

    tomorrow = queries.night_of(TONIGHT + nights.ONE_DAY)

    assert queries.capacity_of(queries.board_of(tomorrow)).occupied == 0


def test_crowding_is_the_share_of_beds_taken_in_a_dormitory(night, house, occupant, by):
    placing.check_in(
        occupant=occupant(), bed=house.beds["MB1"], night=night, by=by("night_worker"), needs=MAN,
        is_registered=True,
    )  # fmt: skip
    placing.hold(occupant=occupant(), bed=house.beds["MA1"], night=night, by=by("night_worker"), needs=MAN)

    places = {place.label: place for place in queries.places_of(queries.board_of(night))}

    assert {label: places[label].crowding for label in ("MA1", "MA6", "MB4", "WO1")} == {
        "MA1": 1 / 6, "MA6": 1 / 6, "MB4": 1 / 4, "WO1": 0.0,
    }  # fmt: skip
    assert [place.order for place in queries.places_of(queries.board_of(night))] == list(range(24))
