"""A season travelled through: real workers and two real beats on a real broker, and a clock that is moved by hand."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from fcntl import LOCK_EX, flock
from pathlib import Path

import redis

from config import start
from tests import servers
from tests.races import post_office, server

WORKERS, BEATS = 2, 2
SECONDS_FOR_A_MOMENT = 120
PAUSE = 0.02


@dataclass(frozen=True)
class Tick:
    """One tick that came to its end."""

    moment: int
    sender: str
    worker: int
    is_given_out_again: bool
    state: str


@dataclass
class Journey:
    """What runs, and what was seen of it on the way."""

    folder: Path
    surroundings: dict
    module: str
    broker: redis.Redis
    office: post_office.PostOffice
    beats: list = field(default_factory=list)
    workers: list = field(default_factory=list)
    killed: int = 0
    ticks: list = field(default_factory=list)
    moments: int = 0
    emptied: int = 0  # how often the broker forgot everything
    _read: int = 0

    def start_workers(self):
        while len(self.workers) < WORKERS:
            self.workers.append(self._start("worker", *_options_of_the_worker()))

    def stop_workers(self):
        """The workers end what they have in hand, and nobody comes after them."""
        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            worker.wait(timeout=start.SECONDS_TO_CLOSE)
        self.workers.clear()

    def wait_for_ticks_that_nobody_takes(self):
        give_up = time.monotonic() + SECONDS_FOR_A_MOMENT
        while self.broker.llen("celery") < BEATS:
            if time.monotonic() > give_up:
                raise AssertionError(f"No ticks come:\n{self.log()[-5000:]}")
            time.sleep(PAUSE)

    def start_beats(self):
        for number in range(BEATS):
            diary = f"{self.folder / f'diary-{number}'}"
            self.beats.append(self._start("beat", "--schedule", diary, "--loglevel", "ERROR"))

    def end(self):
        for process in (*self.beats, *self.workers):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def arm(self, point):
        (self.folder / f"armed-{point}").touch()

    def died(self):
        """By point what was told there by the worker that died."""
        found = self.folder.glob("killed-*")
        return {path.name.removeprefix("killed-"): path.read_text() for path in found}

    def log(self):
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def errors(self):
        """What workers and beats have logged as an ERROR, a line each."""
        return [line for line in self.log().splitlines() if "ERROR/" in line]

    def move_to(self, moment):
        """It is this moment, and time goes on from there. No tick begins before, and none is in the middle of it."""
        self.moments += 1
        with (self.folder / "doorway").open("a") as doorway, (self.folder / "room").open("a") as room:
            flock(doorway, LOCK_EX)
            flock(room, LOCK_EX)
            hand = {"moment": self.moments, "shift": moment.timestamp() - time.time()}
            (self.folder / "hand").write_text(json.dumps(hand))

    def travel_to(self, moment):
        """Until a tick of each beat and one by each worker have come to their end there."""
        self.move_to(moment)
        self.stay(moment)

    def stay(self, moment):
        give_up = time.monotonic() + SECONDS_FOR_A_MOMENT
        while not self._is_over():
            self._replace_the_dead()
            if time.monotonic() > give_up:
                raise AssertionError(f"{moment} is not over:\n{self.log()[-5000:]}")
            time.sleep(PAUSE)

    def _is_over(self):
        self._read_ticks()
        here = [tick for tick in self.ticks[-500:] if tick.moment == self.moments]
        by_workers = {tick.worker for tick in here} >= {worker.pid for worker in self.workers}
        return by_workers and len({tick.sender for tick in here}) >= BEATS

    def _read_ticks(self):
        path = self.folder / "ticks"
        if path.exists():
            with path.open() as file:
                file.seek(self._read)
                while (line := file.readline()).endswith("\n"):
                    moment, sender, worker, again, state = line.split()
                    self.ticks.append(Tick(int(moment), sender, int(worker), again == "1", state))
                    self._read = file.tell()

    def _replace_the_dead(self):
        for worker in [worker for worker in self.workers if worker.poll() is not None]:
            if worker.returncode != -signal.SIGKILL:
                raise AssertionError(f"A worker ended:\n{self.log()[-5000:]}")
            self.killed += 1
            self.workers.remove(worker)
        self.start_workers()

    def _start(self, what, *options):
        number = len(list(self.folder.glob(f"{what}-*.log"))) + 1
        command = [
            sys.executable,
            "-W",
            start.QUIET_ABOUT_ROOT,
            "-m",
            "celery",
            "--app",
            self.module,
            "--quiet",
        ]
        with (self.folder / f"{what}-{number}.log").open("wb") as log:
            return subprocess.Popen(
                [*command, what, *options], cwd=start.ROOT, env=self.surroundings, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True,
                preexec_fn=start.end_with_the_launcher,
            )  # fmt: skip


@contextmanager
def journey(url, folder, *, begin, module="tests.races.season_worker"):
    """Two workers and two beats at work in the house of this database; yields what is known of them."""
    with ExitStack() as running:
        broker_url = running.enter_context(servers.redis_server())
        broker = running.enter_context(redis.Redis.from_url(broker_url))
        office = running.enter_context(post_office.opened())
        mail = {"REDIS_URL": broker_url, "EMAIL_URL": f"smtp://127.0.0.1:{office.port}"}
        found = Journey(folder, server.surroundings(url, folder) | mail, module, broker, office)
        found.move_to(begin)
        running.callback(found.end)
        found.start_beats()
        found.start_workers()
        found.stay(begin)
        yield found
        if any(beat.poll() is not None for beat in found.beats):
            raise AssertionError(f"A beat ended:\n{found.log()[-5000:]}")


def _options_of_the_worker():
    """Those of `make run`, without the beat beside it."""
    _python, *rest = start.worker()
    return [part for part in rest[rest.index("worker") + 1 :] if part != "--beat"]
