"""An evening gone mad: tablets that give, move and free beds at random, all at once, in two processes."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import chain
from random import Random

from tests.races.calling import Client

PROCESSES = 2
LOOKS_AT_THE_BOARD_EVERY = 25
TAPS_TWICE = 0.03
REMEMBERED = 120
# How often each act is tried, in a hundred.
ACTS = {
    "check-in": 24, "check-in here": 22, "move": 16, "release": 10, "check-out": 6, "return": 6, "undo": 10,
    "register": 3, "withdraw": 3,
}  # fmt: skip
# Which bed-nights an act makes sense for; now and then it is tried on any.
FITTING = {
    "move": ("held", "in"), "release": ("held",), "check-out": ("in",), "return": ("left",),
    "undo": ("in", "left", "held", "released"),
}  # fmt: skip


def live(port, house, *, calls, seed=2026):
    """Let every client of the house make its share of so many calls; returns them in no special order."""
    share = calls // len(house["tokens"])
    parts = [house["tokens"][part::PROCESSES] for part in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn")) as processes:
        running = [processes.submit(_tablets, port, house, tokens, share, seed) for tokens in parts]
        return list(chain.from_iterable(part.result() for part in running))


def _tablets(port, house, tokens, share, seed):
    with ThreadPoolExecutor(len(tokens)) as threads:
        tablets = [Tablet(port, house, person, token, seed) for person, token in tokens]
        running = [threads.submit(tablet.work, share) for tablet in tablets]
        return list(chain.from_iterable(part.result() for part in running))


class Tablet:
    """One client that acts at random on what the board said a moment ago."""

    def __init__(self, port, house, person, token, seed):
        self.client = Client(port, person, token)
        self.house, self.chance = house, Random(f"{seed} {person}")
        self.seen = {}  # state by bed-night, the latest seen last

    def work(self, share):
        made = []
        while len(made) < share:
            if len(made) % LOOKS_AT_THE_BOARD_EVERY == 0:
                self._look_at_the_board()
            call = self._act(self.chance.choices(list(ACTS), list(ACTS.values()))[0])
            made.append(call)
            self._remember(call.body)
        return made

    def _act(self, act):
        method, path, body, asked = self._request(act)
        call = self.client.act(act, method, path, body, **asked)
        if call.is_acknowledged and self.chance.random() < TAPS_TWICE:
            again = self.client.act(act, method, path, body, key=call.key, **asked)
            if (again.status, again.body) != (call.status, call.body):
                raise AssertionError(f"Two answers under one key: {call} and {again}")
        return call

    def _request(self, act):
        night, guest = f"nights/{self.house['night']}", self.chance.choice(self.house["guests"])
        bed = self.chance.choice(self.house["beds"])
        if act == "check-in":
            return "POST", f"{night}/check-ins/", {"guest": guest}, {}
        if act == "check-in here":
            return "POST", f"{night}/check-ins/", {"guest": guest, "bed": bed}, {}
        if act == "register":
            return "POST", f"{night}/registrations/", {"guest": guest}, {}
        if act == "withdraw":
            return "DELETE", f"{night}/registrations/?guest={guest}", None, {"guest": guest}
        row = self._bed_night(act)
        body = {"bed": bed} if act == "move" else {}
        return "POST", f"bed-nights/{row}/{act}/", body, {"bed_night": row}

    def _bed_night(self, act):
        fitting = [row for row, state in self.seen.items() if state in FITTING[act]]
        if not fitting or self.chance.random() < 0.1:
            fitting = list(self.seen)
        return self.chance.choice(fitting)

    def _look_at_the_board(self):
        for bed in self.client.ask(f"nights/{self.house['night']}/board/")["results"]:
            if bed["bed_night"]:
                self._note(bed["bed_night"], "held" if bed["state"] == "held" else "in")

    def _remember(self, body):
        if isinstance(body, dict) and body.get("bed"):
            self._note(body["id"], body["state"])

    def _note(self, row, state):
        self.seen.pop(row, None)
        self.seen[row] = state
        while len(self.seen) > REMEMBERED:
            del self.seen[next(iter(self.seen))]
