"""What a check-in costs the database: at most twelve statements, however large house and history have grown."""

from datetime import timedelta

import pytest

from intake.actions import door
from shelter import clock, nights
from shelter.actions import admission, housekeeping, placing, planning
from shelter.models import Bed, BedNight, Night
from tests.conftest import BUILDER, TONIGHT
from tests.harness import count_queries, same_queries_for

# The outermost transaction of a test is its own: BEGIN and COMMIT are counted as SAVEPOINT and RELEASE.
AT_MOST = 12
PATH = f"/api/v1/nights/{TONIGHT}/check-ins/"


@pytest.fixture
def expected(guest, night, by):
    """Somebody with a file who is registered for tonight: `expected(sleeps="women")`."""

    def registered(**answers):
        known = guest(**answers)
        door.register_for_tonight(guest=known, night=night, by=by("field_worker"))
        return known

    return registered


@pytest.fixture
def let_in(program):
    """Lets a guest in by API and returns the statements that it took."""
    write = program("night_worker")

    def counted(guest, **asked):
        with count_queries() as statements:
            answer = write(PATH, guest=guest.pk, **asked)
        assert answer.status_code == 201, answer.json()
        return statements

    return counted


@pytest.fixture
def keep(night, by):
    """Keeps a bed for a guest."""

    def kept(guest, bed):
        return placing.hold(occupant=guest.occupant, bed=bed, night=night, by=by("night_worker"))

    return kept


def test_a_bed_proposed_takes_at_most_twelve_statements(expected, let_in):
    assert len(let_in(expected())) <= AT_MOST


def test_a_bed_named_takes_at_most_twelve_statements(expected, let_in, house):
    assert len(let_in(expected(), bed=house.beds["MA2"].pk)) <= AT_MOST


def test_a_bed_kept_takes_at_most_twelve_statements(expected, let_in, keep, house):
    person = expected()
    keep(person, house.beds["MA2"])

    assert len(let_in(person)) <= AT_MOST


def test_a_bed_kept_for_somebody_who_talked_it_over_takes_at_most_twelve_statements(
    expected, let_in, keep, house
):
    person = expected(sleeps="ask")
    keep(person, house.beds["MA2"])

    assert len(let_in(person)) <= AT_MOST


def test_a_limit_of_open_places_takes_at_most_twelve_statements(expected, let_in, by):
    planning.change_setting(
        key="open_places",
        value="10",
        first_night=TONIGHT,
        by=by("coordinator"),
        reason="Half the team is ill.",
    )

    assert len(let_in(expected())) <= AT_MOST


def test_more_guests_beds_and_nights_mean_no_more_statements(expected, let_in, night, house):
    let_in(expected())
    few = let_in(expected())

    regular = expected()
    admission.note_proof(occupant=regular.occupant, night=night, kind="work", accepted=True, by=BUILDER)
    _let_the_house_grow(house)
    _let_the_season_pass(regular, house)
    for _somebody in range(20):
        let_in(expected())
    many = let_in(regular)

    same_queries_for(few, many)


def _let_the_house_grow(house):
    beds = [Bed(label=f"MN{number}") for number in range(40)]
    housekeeping.add_beds(
        dormitory=house.dormitories["MA"], beds=beds, first_night=clock.tonight(), by=BUILDER
    )


def _let_the_season_pass(guest, house):
    """The guest slept here every night since the season began."""
    for night in Night.objects.filter(date__lt=TONIGHT).order_by("date"):
        evening = nights.bounds(night.date)[0] + timedelta(hours=8)
        BedNight.objects.create(
            occupant=guest.occupant, bed=house.beds["MA1"], night=night, state=BedNight.State.LEFT,
            arrived_at=evening, left_at=evening + timedelta(hours=12),
        )  # fmt: skip
