"""What must be true before the house opens."""

import pytest
from django.core.checks import registry
from django.db.utils import ConnectionHandler

from shelter import checks

GOOD = {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON;"}


@pytest.fixture
def embedded(db, monkeypatch, tmp_path):
    """Asks the check about a SQLite database with these options: the ids of what it finds."""
    handlers = []

    def found(**options):
        handler = ConnectionHandler(
            {
                "default": {
                    "ENGINE": "django.db.backends.sqlite3",
                    "NAME": str(tmp_path / f"{len(handlers)}.sqlite3"),
                    "OPTIONS": options,
                }
            }
        )
        handlers.append(handler)
        monkeypatch.setattr(checks, "connections", handler)
        return [error.id for error in checks.embedded_database_keeps_its_promises(databases=["default"])]

    yield found
    for handler in handlers:
        handler["default"].close()


def test_a_database_that_keeps_its_promises_is_accepted(embedded):
    assert embedded(**GOOD) == []


@pytest.mark.parametrize(
    ("option", "value", "missing"),
    [
        ("transaction_mode", "DEFERRED", "shelter.E001"),
        ("transaction_mode", None, "shelter.E001"),
        ("init_command", "PRAGMA journal_mode=DELETE; PRAGMA foreign_keys=ON;", "shelter.E002"),
        ("init_command", "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=OFF;", "shelter.E003"),
    ],
)
def test_a_promise_that_is_missing_is_named(embedded, option, value, missing):
    assert embedded(**GOOD | {option: value}) == [missing]


def test_every_missing_promise_is_named_at_once(embedded):
    found = embedded(init_command="PRAGMA journal_mode=DELETE; PRAGMA foreign_keys=OFF;")

    assert found == ["shelter.E001", "shelter.E002", "shelter.E003"]


def test_no_database_is_asked_unless_the_caller_may_reach_it(embedded):
    embedded()

    assert checks.embedded_database_keeps_its_promises() == []
    assert checks.embedded_database_keeps_its_promises(databases=[]) == []


def test_the_check_is_registered_for_start_up():
    registered = registry.registry.get_checks()

    assert checks.embedded_database_keeps_its_promises in registered


def test_the_database_of_this_house_keeps_its_promises(db):
    assert checks.embedded_database_keeps_its_promises(databases=["default"]) == []
