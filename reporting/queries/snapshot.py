"""Reading many tables as they were at one moment, without anybody having to wait for it."""

from contextlib import contextmanager

from django.db import connection

# SQLite begins transactions of the house as writing ones: a long reading would keep the door waiting.
_BEGIN = {"sqlite": "BEGIN DEFERRED"}
_BEGIN_ELSEWHERE = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


@contextmanager
def snapshot():
    """Within it all statements see the same state of the database; nothing may be written."""
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN.get(connection.vendor, _BEGIN_ELSEWHERE))
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
