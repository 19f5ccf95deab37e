"""Web workers are killed while people come in; clients that are cut off ask again with the same key."""

import os
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from random import Random
from threading import Semaphore
from time import sleep

from tests.races import judging, server
from tests.races.calling import Client

BEDS = GUESTS = 300
CLIENTS = 20
ANSWERS_BETWEEN_KILLS = 15
PATIENCE = 60  # seconds
INSIDE = """
    SELECT guest.id, row.id, row.bed_id FROM shelter_bednight row
    JOIN intake_guest guest ON guest.occupant_id = row.occupant_id WHERE row.state = 'in'"""
CHECKED_IN = """
    SELECT guest.id, line.bed_night_id, line.bed_id FROM shelter_logentry line
    JOIN intake_guest guest ON guest.occupant_id = line.occupant_id
    WHERE line.verb = 'checked_in' AND line.night_id = (SELECT MAX(night_id) FROM shelter_bednight)"""


def test_every_acknowledged_check_in_is_there_once_though_workers_are_killed(url, tmp_path):
    house = server.built("tests.races.house", BEDS, GUESTS, CLIENTS, url=url, folder=tmp_path)
    answers = Semaphore(0)

    with server.web_server(url, tmp_path, night=house["night"]) as (port, master):
        with killing(master, answers) as killed:
            calls = let_everybody_in(port, house, answers)
    told = sorted((call.asked["guest"], call.body["id"], call.body["bed"]["id"]) for call in calls)

    assert Counter(call.status for call in calls) == {201: GUESTS}
    assert sorted(judging.rows(url, INSIDE)) == told
    assert sorted(judging.rows(url, CHECKED_IN)) == told
    assert judging.doubles(url) == []
    assert judging.without_kept_answer(url, calls) == []
    assert len(killed) == GUESTS // ANSWERS_BETWEEN_KILLS
    assert max(call.tries for call in calls) > 1


def let_everybody_in(port, house, answers):
    """Each client lets its share of the guests in, one after the other."""

    def let_in(token, guests):
        client = Client(port, *token)
        for guest in guests:
            yield client.act("check-in", "POST", f"nights/{house['night']}/check-ins/", {"guest": guest})
            answers.release()

    shares = [(token, house["guests"][number::CLIENTS]) for number, token in enumerate(house["tokens"])]
    with ThreadPoolExecutor(CLIENTS) as threads:
        return [call for made in threads.map(lambda share: list(let_in(*share)), shares) for call in made]


@contextmanager
def killing(master, answers):
    """Kills a web worker, any of them, after every so many answers; yields the list of those killed."""
    killed, chance = [], Random(2026)

    def hunt():
        for _victim in range(GUESTS // ANSWERS_BETWEEN_KILLS):
            if not all(answers.acquire(timeout=PATIENCE) for _answer in range(ANSWERS_BETWEEN_KILLS)):
                return
            while not (alive := server.workers_of(master)):
                sleep(0.01)
            killed.append(chance.choice(alive))
            os.kill(killed[-1], signal.SIGKILL)

    with ThreadPoolExecutor(1) as hunter:
        hunting = hunter.submit(hunt)
        yield killed
        hunting.result()
