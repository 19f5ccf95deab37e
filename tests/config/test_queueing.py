"""Writers of the embedded database wait in line, and nobody keeps the turn who has ended."""

import fcntl
import threading

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.transaction import Atomic
from django.db.utils import ConnectionHandler

from config import env

TABLE = """
CREATE TABLE line (id integer PRIMARY KEY, above integer REFERENCES line DEFERRABLE INITIALLY DEFERRED)
"""


@pytest.fixture
def house(tmp_path, monkeypatch, django_db_blocker):
    """A SQLite database of its own with one table; `atomic()` of it, and whose turn it is."""
    handler = ConnectionHandler({"default": env.database(f"sqlite:///{tmp_path / 'house.sqlite3'}")})
    monkeypatch.setattr(transaction, "connections", handler)
    opened = House(handler, tmp_path / "house.sqlite3-turn")
    with django_db_blocker.unblock():
        opened.run(TABLE)
        yield opened
        handler["default"].close()


class House:
    def __init__(self, handler, turn):
        self.handler, self.turn = handler, turn

    @property
    def connection(self):
        return self.handler["default"]

    def run(self, sql):
        with self.connection.cursor() as cursor:
            cursor.execute(sql)

    def lines(self):
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM line")
            return cursor.fetchone()[0]

    def is_taken(self):
        with self.turn.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False


def atomic():
    return Atomic("default", savepoint=True, durable=False)


def test_a_transaction_has_the_turn_from_its_begin_to_its_commit(house):
    assert not house.is_taken()
    with atomic():
        assert house.is_taken()
        with atomic():
            house.run("INSERT INTO line (id) VALUES (1)")
        assert house.is_taken()
    assert not house.is_taken()
    assert house.lines() == 1


def test_what_is_taken_back_passes_the_turn_on(house):
    with pytest.raises(ZeroDivisionError), atomic():
        house.run("INSERT INTO line (id) VALUES (1)")
        raise ZeroDivisionError

    assert not house.is_taken()
    assert house.lines() == 0


def test_a_commit_that_fails_passes_the_turn_on(house):
    with pytest.raises(IntegrityError), atomic():
        house.run("INSERT INTO line (id, above) VALUES (1, 99)")

    assert not house.is_taken()
    assert house.lines() == 0


def test_a_transaction_that_cannot_begin_passes_the_turn_on(house, monkeypatch):
    house.run("PRAGMA busy_timeout = 1")
    other = ConnectionHandler({"default": house.handler.settings["default"]})["default"]
    other.connect()
    other.connection.execute("BEGIN IMMEDIATE")

    with pytest.raises(DatabaseError), atomic():
        pass

    assert not house.is_taken()
    other.connection.execute("ROLLBACK")
    other.close()


def test_a_connection_that_is_closed_passes_the_turn_on(house):
    house.connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    assert house.is_taken()

    house.connection.close()

    assert not house.is_taken()


def test_the_next_in_line_begins_when_the_one_before_has_ended(house):
    told = []

    def next_in_line():
        try:
            with atomic():
                told.append("begun")
        finally:
            house.connection.close()

    with atomic():
        waiting = threading.Thread(target=next_in_line)
        waiting.start()
        waiting.join(0.2)
        assert told == []
        told.append("ended")
    waiting.join(10)

    assert told == ["ended", "begun"]


def test_reading_waits_for_nobody(house):
    with atomic():
        house.run("INSERT INTO line (id) VALUES (1)")
        seen = []

        def read():
            seen.append(house.lines())
            house.connection.close()

        reader = threading.Thread(target=read)
        reader.start()
        reader.join(10)

    assert seen == [0]
