"""Acts in threads of their own, at the same moment, with and without the locks that keep them polite.

SQLite lets one transaction in at a time whatever the house asks, so that there a race without locks ends as well
as the one with them.
"""

import threading
from contextlib import suppress
from contextvars import copy_context

import pytest
from django.db import connection
from django.db.models import QuerySet

from shelter.actions import locking

SECONDS = 1.0  # that the first waits for a second who cannot come; the other way round both come at once
GUARDS = ["locked", "unlocked"]


def may_do_harm(guard):
    return guard == "unlocked" and connection.vendor == "postgresql"


def kinds(answers):
    return sorted(type(answer).__name__ for answer in answers)


@pytest.fixture
def guarded(monkeypatch):
    """Takes the locks away where a test asks for it."""

    def by(guard):
        if guard == "unlocked":
            monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_asked: rows.all())
            monkeypatch.setattr(locking, "LOCKED", "")

    return by


@pytest.fixture
def at_once():
    """Runs acts in threads of their own; returns what each answered, or the error it was refused with."""

    def run(act, answers, number):
        try:
            answers[number] = act()
        except Exception as error:
            answers[number] = error
        finally:
            connection.close()

    def together(*acts):
        answers = [None] * len(acts)
        threads = [
            threading.Thread(target=copy_context().run, args=(run, act, answers, number))
            for number, act in enumerate(acts)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        assert [thread.is_alive() for thread in threads] == [False] * len(acts)
        return answers

    return together


def wait_at(barrier):
    """For the other one, who does not come while a lock keeps them waiting."""
    with suppress(threading.BrokenBarrierError):
        barrier.wait(timeout=SECONDS)
