"""The night of a date in an address: `2026-11-21`, or `tonight`."""

from datetime import date

from shelter import clock


class NightConverter:
    regex = r"\d{4}-\d{2}-\d{2}|tonight"

    def to_python(self, value):
        return clock.tonight() if value == "tonight" else date.fromisoformat(value)

    def to_url(self, value):
        return value if isinstance(value, str) else value.isoformat()
