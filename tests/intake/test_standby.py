"""The presence list on the server's disk: there and fresh while people may be inside, gone in the morning."""

import io
import stat
from datetime import timedelta

import pypdf
import pytest

from config.celery import app
from intake import standby, tasks
from intake.actions import door
from shelter import clock
from shelter.actions import closing, placing, stepping
from shelter.models import Night
from tests.conftest import BUILDER, TONIGHT

TOMORROW = TONIGHT + timedelta(days=1)
A_QUARTER = timedelta(minutes=15)


@pytest.fixture(autouse=True)
def disk(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "paper"


@pytest.fixture
def here(night, house, guest):
    """Somebody inside, as their bed-night: `here("Hibou", "MA1")`."""

    def inside(name, bed):
        known = guest(name)
        door.register_for_tonight(guest=known, night=night, by=BUILDER)
        return door.check_in(guest=known, night=night, by=BUILDER, bed=house.beds[bed])

    return inside


def written():
    pages = pypdf.PdfReader(io.BytesIO(standby.path().read_bytes())).pages
    return "\n".join(page.extract_text() for page in pages)


def test_the_list_on_disk_names_who_is_inside(here, disk):
    here("Hibou", "MA1")

    tasks.tick()

    assert standby.path() == disk / "presence.pdf"
    assert ("Hibou" in written(), "MA1" in written()) == (True, True)


def test_nobody_but_the_house_may_read_it(here, disk):
    here("Hibou", "MA1")

    for _twice in range(2):
        tasks.tick()

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in disk.iterdir()}
    assert modes == {"presence.pdf": 0o600}


def test_who_came_or_left_since_stands_there_or_not_after_the_next_tick(here, clock_at):
    gone = here("Hibou", "MA1")
    tasks.tick()
    placing.leave(bed_night=gone, by=BUILDER)
    here("Grue", "MA2")
    clock_at(f"{TONIGHT} 20:19")

    tasks.tick()

    assert ("Hibou" in written(), "Grue" in written()) == (False, True)


def test_the_tick_comes_often_enough_even_if_one_is_lost():
    (beat,) = [line for line in app.conf.beat_schedule.values() if line["task"] == tasks.tick.name]

    assert timedelta(seconds=2 * beat["schedule"]) < standby.NO_OLDER_THAN <= A_QUARTER


def test_from_opening_to_morning_it_is_never_older_than_a_quarter_of_an_hour(here, clock_at, monkeypatch):
    monkeypatch.setattr("intake.paper.presence_list", lambda night: b"%PDF-")
    here("Hibou", "MA1")
    (beat,) = [line for line in app.conf.beat_schedule.values() if line["task"] == tasks.tick.name]
    step, moment = timedelta(seconds=beat["schedule"]), clock.now()
    morning = moment + timedelta(hours=12, minutes=30)

    fresh = []
    while moment < morning:
        clock_at(moment)
        tasks.tick()
        clock_at(moment + step - timedelta(seconds=1))
        fresh.append(standby.is_fresh())
        moment += step

    assert (len(fresh), set(fresh)) == (150, {True})


@pytest.mark.parametrize(("minutes", "fresh"), [(0, True), (15, True), (16, False)])
def test_without_a_tick_it_grows_old(here, clock_at, minutes, fresh):
    here("Hibou", "MA1")
    tasks.tick()

    clock_at(clock.now() + timedelta(minutes=minutes))

    assert standby.is_fresh() == fresh


def test_before_the_doors_open_there_is_no_list(season, clock_at):
    clock_at(f"{TONIGHT} 18:30")
    stepping.step(night=Night.objects.get(date=TONIGHT), to="list_frozen", by=BUILDER)

    tasks.tick()

    assert (standby.path().exists(), standby.is_fresh()) == (False, False)


def test_it_stays_while_doors_are_closed_and_people_sleep(here, night, clock_at):
    here("Hibou", "MA1")
    clock_at(f"{TOMORROW} 03:00")
    stepping.step(night=night, to="doors_closed", by=BUILDER)

    tasks.tick()

    assert "Hibou" in written()


def test_in_the_morning_it_is_taken_away_with_the_night(here, night, clock_at, by):
    row = here("Hibou", "MA1")
    tasks.tick()
    clock_at(f"{TOMORROW} 08:50")
    closing.close_night(night=night, bed_nights=[row.pk], by=by("night_lead"))

    for _twice in range(2):
        tasks.tick()

    assert standby.path().exists() is False


def test_a_night_nobody_closed_leaves_no_list_for_the_day(here, clock_at):
    here("Hibou", "MA1")
    tasks.tick()
    clock_at(f"{TOMORROW} 12:30")

    tasks.tick()

    assert standby.path().exists() is False


def test_where_no_night_is_planned_the_tick_finds_nothing_to_do(house, clock_at):
    clock_at("2026-07-14 21:00")

    tasks.tick()

    assert standby.path().exists() is False
