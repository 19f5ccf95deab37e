"""Web workers are killed while people come in; clients that are cut off ask again with the same key."""

import os
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from random import Random
from threading import Event

from tests.races import judging, server
from tests.races.calling import Client

BEDS = GUESTS = 300
CLIENTS = 20
BETWEEN_KILLS = (0.1, 0.5)  # seconds
INSIDE = """
    SELECT guest.id, row.id, row.bed_id FROM shelter_bednight row
    JOIN intake_guest guest ON guest.occupant_id = row.occupant_id WHERE row.state = 'in'"""
CHECKED_IN = """
    SELECT guest.id, line.bed_night_id, line.bed_id FROM shelter_logentry line
    JOIN intake_guest guest ON guest.occupant_id = line.occupant_id
    WHERE line.verb = 'checked_in' AND line.night_id = (SELECT MAX(night_id) FROM shelter_bednight)"""


def test_every_acknowledged_check_in_is_there_once_though_workers_are_killed(url, tmp_path):
    house = server.built("tests.races.house", BEDS, GUESTS, CLIENTS, url=url, folder=tmp_path)

    with server.web_server(url, tmp_path, night=house["night"]) as (port, master), killing(master) as killed:
        calls = let_everybody_in(port, house)
    told = sorted((call.asked["guest"], call.body["id"], call.body["bed"]["id"]) for call in calls)

    assert Counter(call.status for call in calls) == {201: GUESTS}
    assert sorted(judging.rows(url, INSIDE)) == told
    assert sorted(judging.rows(url, CHECKED_IN)) == told
    assert judging.doubles(url) == []
    assert judging.without_kept_answer(url, calls) == []
    assert len(killed) >= 5
    assert max(call.tries for call in calls) > 1


def let_everybody_in(port, house):
    """Each client lets its share of the guests in, one after the other."""
    with ThreadPoolExecutor(CLIENTS) as threads:
        running = [
            threads.submit(let_in, Client(port, *token), house["night"], house["guests"][number::CLIENTS])
            for number, token in enumerate(house["tokens"])
        ]
        return [call for part in running for call in part.result()]


def let_in(client, night, guests):
    return [
        client.act("check-in", "POST", f"nights/{night}/check-ins/", {"guest": guest}) for guest in guests
    ]


@contextmanager
def killing(master):
    """Kills one web worker after the other, at moments of no special kind; yields the list of those killed."""
    killed, over, chance = [], Event(), Random(2026)

    def hunt():
        while not over.wait(chance.uniform(*BETWEEN_KILLS)):
            workers = server.workers_of(master)
            if workers:
                killed.append(chance.choice(workers))
                with suppress(ProcessLookupError):
                    os.kill(killed[-1], signal.SIGKILL)

    with ThreadPoolExecutor(1) as hunter:
        hunting = hunter.submit(hunt)
        try:
            yield killed
        finally:
            over.set()
            hunting.result()
            time.sleep(0.2)  # the master notices its dead before it is told to stop
