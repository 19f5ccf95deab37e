"""Twenty tablets at one door: no bed and no person twice, and what was acknowledged is there."""

import sqlite3
from collections import Counter
from contextlib import closing

import psycopg
import pytest

from tests.races import evening, judging, server

BEDS, GUESTS, CLIENTS = 40, 60, 20
CALLS, CALLS_UNGUARDED = 2_000, 1_000
PROMISES = ("one_occupant_per_bed_and_night", "one_bed_per_occupant_and_night")


@pytest.fixture(params=server.DATABASES)
def url(request, tmp_path):
    with server.database(request.param, tmp_path) as found:
        yield found


@pytest.fixture
def house(url, tmp_path):
    return server.built("tests.races.house", BEDS, GUESTS, CLIENTS, url=url, folder=tmp_path)


def test_no_bed_and_no_person_twice_and_no_acknowledgement_lost(url, house, tmp_path):
    with server.web_server(url, tmp_path, night=house["night"]) as (port, _master):
        calls = evening.live(port, house, calls=CALLS)
    played = judging.replay(url)

    assert judging.doubles(url) == []
    assert played.beds_twice == []
    assert judging.differs_from_ledger(url, played) == []
    assert judging.lost_and_unasked(url, played, calls) == ([], [])
    assert judging.without_kept_answer(url, calls) == []
    assert judging.unheard_of(calls) == {}
    assert len(calls) == CALLS
    assert min(Counter(call.act for call in calls if call.is_acknowledged)[act] for act in evening.ACTS) > 5


def test_the_same_evening_without_constraints_and_locks_gives_beds_twice(url, house, tmp_path):
    _drop_the_promises(url)
    application = "tests.races.unguarded_wsgi:application"
    with server.web_server(url, tmp_path, night=house["night"], application=application) as (port, _master):
        evening.live(port, house, calls=CALLS_UNGUARDED)

    assert len(judging.doubles(url)) > 0


def _drop_the_promises(url):
    for name in PROMISES:
        _run(url, f"DROP INDEX {name}")


def _run(url, sql):
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.execute(sql)
    else:
        with psycopg.connect(url) as connection:
            connection.execute(sql)
