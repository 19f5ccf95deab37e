"""Runs the tests on PostgreSQL (`-p tests.on_postgresql`): it speaks before the settings are read."""

import atexit
import os
from contextlib import ExitStack

from tests.servers import postgresql

_running = ExitStack()
atexit.register(_running.close)
os.environ["DATABASE_URL"] = _running.enter_context(postgresql())


def pytest_report_header():
    return "database: PostgreSQL, started for this run"


def pytest_unconfigure():
    _running.close()
