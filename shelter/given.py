"""What a database gives for a day, a truth or an instant that a statement of ours asked for.

PostgreSQL gives what it is. SQLite knows only numbers and text: days are written out, instants have no zone.
"""

from datetime import UTC, date
from typing import Any


def day(value: Any) -> Any:
    """A date, or None."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def instant(value: Any) -> Any:
    """An instant in UTC, or None."""
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value
