"""The clock can be held by those who build, shifted by the demo, and by nobody else."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
import time_machine
from django.conf import settings as django_settings

from shelter import clock

HELD = datetime(2026, 11, 21, 19, 14, tzinfo=UTC)
REAL = datetime(2027, 1, 5, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def real_time():
    with time_machine.travel(REAL, tick=False):
        yield


def test_the_clock_shows_the_present_time_in_utc():
    assert (clock.now(), clock.now().tzinfo) == (REAL, UTC)


def test_a_held_clock_stands_still_and_runs_again_afterwards():
    with clock.at(HELD):
        held = clock.now()

    assert (held, clock.now()) == (HELD, REAL)


def test_a_clock_held_twice_goes_back_to_where_it_was_held_before():
    with clock.at(HELD):
        with clock.at(HELD + timedelta(hours=1)):
            inner = clock.now()
        outer = clock.now()

    assert (inner, outer) == (HELD + timedelta(hours=1), HELD)


def test_a_held_clock_runs_again_after_a_failure():
    with pytest.raises(ZeroDivisionError), clock.at(HELD):
        raise ZeroDivisionError

    assert clock.now() == REAL


def test_a_clock_held_in_one_thread_runs_in_another():
    seen = []
    with clock.at(HELD):
        other = Thread(target=lambda: seen.append(clock.now()))
        other.start()
        other.join()

    assert seen == [REAL]


def test_tonight_is_the_night_of_the_held_clock():
    with clock.at(datetime(2026, 11, 22, 7, 44, tzinfo=UTC)):
        assert clock.tonight() == date(2026, 11, 21)


def test_the_demo_shifts_a_running_clock_but_not_a_held_one(settings):
    settings.CLOCK_SHIFT = timedelta(days=-45)

    assert clock.now() == REAL - timedelta(days=45)
    with clock.at(HELD):
        assert clock.now() == HELD


def load_settings(folder, **environment):
    """Read the settings in a process of its own, under nothing but this environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", "from config import settings; print(settings.CLOCK_SHIFT)"],
        cwd=django_settings.BASE_DIR,
        env=kept | {"DATA_DIR": str(folder)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_outside_the_demo_a_shifted_clock_stops_the_start_with_one_line_that_names_it(tmp_path):
    refused = load_settings(tmp_path, SECRET_KEY="known to the house alone", CLOCK_SHIFT="3600")

    assert refused.returncode == 1
    assert refused.stderr.splitlines() == ["Foyer cannot start: CLOCK_SHIFT is for the demo only (DEMO=1)."]


def test_in_the_demo_a_shifted_clock_is_accepted(tmp_path):
    accepted = load_settings(tmp_path, DEMO="1", CLOCK_SHIFT="-3600")

    assert accepted.stdout.strip() == "-1 day, 23:00:00"


def test_the_minute_tick_leaves_a_mark_that_is_read_again(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    before = clock.last_mark()

    clock.leave_mark()

    assert (before, clock.last_mark()) == (None, REAL)


def test_a_mark_that_cannot_be_read_counts_as_none(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    (tmp_path / "tick").write_text("half a da")

    assert clock.last_mark() is None
