"""The night of a date in an address: `2026-11-21`, or `tonight` for the one the house is working on."""

from datetime import date

from shelter import clock, queries


class NightConverter:
    regex = r"\d{4}-\d{2}-\d{2}|tonight"

    def to_python(self, value):
        if value != "tonight":
            return date.fromisoformat(value)
        night = queries.evening()
        return night.date if night else clock.tonight()

    def to_url(self, value):
        return value if isinstance(value, str) else value.isoformat()
