"""One cell: text from a spreadsheet into a date, a time, a word of ours; or why it cannot be."""

import re
from collections.abc import Collection
from datetime import date, time

from django.utils.translation import gettext as _

from shelter.text import one_line

EARLIEST = date(2000, 1, 1)
OLDEST_BIRTH_YEAR = 1900
YES = frozenset({"yes", "y", "true", "1", "x", "oui", "ja", "jo"})
NO = frozenset({"no", "n", "false", "0", "non", "nein", "neen"})
_NOTHING = frozenset({"-", "–", "—"})
_FORMULA = ("=", "+", "-", "@")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})")
_TIME = re.compile(r"([0-9]{1,2})(?:[:.hH]([0-9]{2})(?::[0-9]{2})?|[hH])")
_LONGEST_SHOWN = 40


class Wrong(ValueError):
    """A cell or a line that cannot be read; its text says why in the reader's language."""


def text_in(cell: str) -> str:
    """The cell on one line; empty where it only holds a dash. Raises Wrong for a formula."""
    text = one_line(cell)
    if text in _NOTHING:
        return ""
    if text.startswith(_FORMULA):
        raise Wrong(_("“%(text)s” begins like a formula") % {"text": shown(text)})
    return text


def short(text: str, longest: int) -> str:
    if len(text) > longest:
        raise Wrong(_("longer than %(longest)d characters") % {"longest": longest})
    return text


def date_in(text: str) -> date:
    """A date, the day before the month where the year comes last. Raises Wrong."""
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day = found.groups()
    elif found := _DAY_FIRST.fullmatch(text):
        day, _between, month, year = found.groups()
    else:
        raise Wrong(_("“%(text)s” is not a date (write 2026-01-31 or 31.01.2026)") % {"text": shown(text)})
    try:
        value = date(int(year), int(month), int(day))
    except ValueError:
        raise Wrong(_("%(text)s is a date that does not exist") % {"text": text}) from None
    if value < EARLIEST:
        raise Wrong(_("%(text)s lies too far back to be believed") % {"text": text})
    return value


def time_in(text: str) -> time:
    """A local time to the minute. Raises Wrong."""
    found = _TIME.fullmatch(text)
    try:
        return time(int(found[1]), int(found[2] or 0))  # type: ignore[index]
    except (TypeError, ValueError):
        raise Wrong(_("“%(text)s” is not a time (write 19:30)") % {"text": shown(text)}) from None


def birth_year_in(text: str, this_year: int) -> int:
    if not re.fullmatch("[0-9]{4}", text) or not OLDEST_BIRTH_YEAR <= int(text) <= this_year:
        raise Wrong(_("“%(text)s” is not a year of birth (write 1987)") % {"text": shown(text)})
    return int(text)


def number_in(text: str) -> int:
    """A guest's number, with or without zeros before it. Raises Wrong."""
    if not re.fullmatch("[0-9]{1,9}", text):
        raise Wrong(_("“%(text)s” is not a guest's number") % {"text": shown(text)})
    return int(text)


def yes_or_no(text: str) -> bool:
    if text.casefold() in YES:
        return True
    if text.casefold() in NO:
        return False
    raise Wrong(_("“%(text)s” is neither yes nor no") % {"text": shown(text)})


def word_of(text: str, words: Collection[str]) -> str:
    """The word of a closed list, however it is capitalised. Raises Wrong."""
    if text.casefold() not in words:
        raise Wrong(
            _("“%(text)s” is not one of: %(words)s") % {"text": shown(text), "words": ", ".join(words)}
        )
    return text.casefold()


def shown(text: str) -> str:
    """As much of a text as a message can bear."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
