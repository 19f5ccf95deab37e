"""Twenty tablets at one door: no bed and no person twice, and what was acknowledged is there."""

import json
import sqlite3
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier
from uuid import uuid4

import psycopg
import pytest

from tests.harness import NOTHING_LEFT_OUT
from tests.races import evening, judging, server
from tests.races.calling import Client

BEDS, GUESTS, CLIENTS, TAPS = 40, 60, 20, 10
CALLS = 20_000 if NOTHING_LEFT_OUT else 2_000
EVENINGS_UNGUARDED, CALLS_UNGUARDED = 16, 500
CHECKED_IN_BY = "SELECT bed_night_id FROM shelter_logentry WHERE verb = 'checked_in' AND by_id = {}"
PROMISES = ("one_occupant_per_bed_and_night", "one_bed_per_occupant_and_night")


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
    acknowledged = Counter(call.act for call in calls if call.is_acknowledged)
    assert {act: n for act in evening.ACTS if (n := acknowledged[act]) < CALLS / 400} == {}


def test_the_same_evening_without_constraints_and_locks_gives_beds_twice(url, house, tmp_path):
    _drop_the_promises(url)
    application = "tests.races.unguarded_wsgi:application"
    with server.web_server(url, tmp_path, night=house["night"], application=application) as (port, _master):
        for seed in range(EVENINGS_UNGUARDED):
            evening.live(port, house, calls=CALLS_UNGUARDED, seed=seed)
            if judging.doubles(url):
                break

    assert judging.doubles(url) != []


def test_the_same_tap_sent_twenty_times_at_once_is_one_act_with_one_answer(url, house, tmp_path):
    with server.web_server(url, tmp_path, night=house["night"]) as (port, _master):
        person, token = house["tokens"][0]
        clients = [Client(port, person, token) for _tablet in range(CLIENTS)]
        calls = [tap_together(clients, house, guest) for guest in house["guests"][:TAPS]]

    answers = [
        {(call.status, json.dumps(call.body, sort_keys=True)) for call in together} for together in calls
    ]
    assert [len(different) for different in answers] == [1] * TAPS
    assert {status for different in answers for status, _body in different} == {201}
    told = sorted((together[0].body["id"],) for together in calls)
    assert sorted(judging.rows(url, CHECKED_IN_BY.format(person))) == told


def tap_together(clients, house, guest):
    """All at the same moment, as near as threads come to it, with one key."""
    key, barrier = uuid4().hex, Barrier(len(clients))

    def tap(client):
        barrier.wait()
        return client.act(
            "check-in", "POST", f"nights/{house['night']}/check-ins/", {"guest": guest}, key=key
        )

    with ThreadPoolExecutor(len(clients)) as threads:
        return list(threads.map(tap, clients))


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
