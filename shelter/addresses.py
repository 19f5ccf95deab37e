"""Addresses: the night of a date in one (`2026-11-21`, or `tonight`), and the whole address that a letter gives."""

from datetime import date

from django.conf import settings

from shelter import clock, queries


def whole(path):
    """A path of the house as it is written into letters: with the first host that it answers to."""
    scheme = "http" if settings.DEMO else "https"
    return f"{scheme}://{settings.ALLOWED_HOSTS[0].lstrip('.')}{path}"


class NightConverter:
    regex = r"\d{4}-\d{2}-\d{2}|tonight"

    def to_python(self, value):
        if value != "tonight":
            return date.fromisoformat(value)
        night = queries.evening()
        return night.date if night else clock.tonight()

    def to_url(self, value):
        return value if isinstance(value, str) else value.isoformat()
