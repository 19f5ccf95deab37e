"""A live house: gunicorn as `make run` starts it, on a database of its own that nobody else uses."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from config import start
from shelter import nights
from tests import servers

DATABASES = ("sqlite", "postgresql")
GUARDED = "config.wsgi:application"
SECONDS_TO_OPEN = 60


@contextmanager
def database(kind, folder):
    """The DATABASE_URL of an empty database of a kind."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'house.sqlite3'}"
    else:
        with servers.postgresql() as url:
            yield url


def built(program, *arguments, url, folder):
    """What a program (a module) that builds a house says about it."""
    command = [sys.executable, "-m", program, *map(str, arguments)]
    said = subprocess.run(
        command, env=surroundings(url, folder), cwd=start.ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(said.stdout)


@contextmanager
def web_server(url, folder, *, night, application=GUARDED):
    """The house opens at 20:14 of a night, with its own clock; yields its port and the master's process id."""
    port = servers._free_port()
    log = folder / "web.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            _command(port, application),
            cwd=start.ROOT,
            env=surroundings(url, folder) | {"CLOCK_SHIFT": str(_shift_to_evening(night))},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_it_answers(port, server, log)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(timeout=start.SECONDS_TO_CLOSE)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)


def surroundings(url, folder):
    """The environment of a demo house with this database and its files in this folder."""
    inherited = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    own = {"DEMO": "1", "DATA_DIR": str(folder), "DATABASE_URL": url}
    return inherited | own | {"DJANGO_SETTINGS_MODULE": "config.settings"}


def workers_of(master):
    """Process ids of the web workers that live now."""
    try:
        return [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]
    except FileNotFoundError:
        found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(master)], capture_output=True, text=True)
        return [int(pid) for pid in found.stdout.split()]


def _command(port, application):
    """The command of `make run`, with this Python and, for some tests, another application."""
    _python, *rest = start.web(port)
    return [sys.executable, *(application if part == GUARDED else part for part in rest)]


def _shift_to_evening(night):
    evening = datetime.fromisoformat(f"{night} 20:14").replace(tzinfo=nights.LUXEMBOURG)
    return evening.timestamp() - time.time()


def _wait_until_it_answers(port, server, log):
    give_up = time.monotonic() + SECONDS_TO_OPEN
    while server.poll() is None and time.monotonic() < give_up:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.suppress(OSError), contextlib.closing(connection):
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"The web server did not open:\n{log.read_text()}")
