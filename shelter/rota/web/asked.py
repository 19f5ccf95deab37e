"""What an address asks for."""

from datetime import date

EARLIEST, LATEST = date(2000, 1, 10), date(2100, 12, 20)


def day_asked(text):
    """The day a text names; None where it names none within living memory of the house."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None
