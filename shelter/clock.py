"""What time is it. The only module that asks; the demo and the simulator may move its hands.

The demo shifts the clock from the environment (`CLOCK_SHIFT`, refused outside the demo); builders of
demo seasons set it with `at()` while they work.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from shelter import nights

_held_at: ContextVar[datetime | None] = ContextVar("held_at", default=None)


def now() -> datetime:
    """The present instant, in UTC."""
    held = _held_at.get()
    if held is not None:
        return held
    return timezone.now() + settings.CLOCK_SHIFT


def tonight() -> date:
    """The night the present instant belongs to."""
    return nights.night_of(now())


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Hold the clock still at an instant, for builders of demo data and importers of past nights."""
    token = _held_at.set(instant)
    try:
        yield
    finally:
        _held_at.reset(token)


def leave_mark() -> None:
    """Note that the minute tick has run, for `/readyz`."""
    _mark().write_text(timezone.now().isoformat())


def last_mark() -> datetime | None:
    """When the minute tick last ran on this machine's data folder; None if never."""
    try:
        return datetime.fromisoformat(_mark().read_text())
    except (FileNotFoundError, ValueError):
        return None


def _mark() -> Path:
    return settings.DATA_DIR / "tick"
