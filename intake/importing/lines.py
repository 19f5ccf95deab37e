"""From rows to what they say: beds, guests and nights, compact enough for a hundred thousand of them."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache, partial
from sys import intern
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from intake.importing.cells import (
    Wrong,
    birth_year_in,
    date_in,
    number_in,
    short,
    shown,
    time_in,
    word_of,
    yes_or_no,
)
from intake.importing.reading import Row
from shelter import nights, offering
from shelter.errors import Incomplete

KINDS = ("bed", "guest", "night")
ZONES = (
    offering.MEN, offering.WOMEN, offering.FAMILIES, offering.WORKERS, offering.DOGS, offering.ISOLATION,
)  # fmt: skip
LEVELS = (offering.BOTTOM, offering.MIDDLE, offering.TOP)
SLEEPS = ("men", "women", "family", "ask")
ARRIVED, LEFT = time(19, 30), time(8)
LONGEST_LABEL, LONGEST_ROOM, LONGEST_REF, LONGEST_NAME = 12, 80, 40, 80


class BadLine(NamedTuple):
    line: int
    reason: str


@dataclass(slots=True)
class BedLine:
    line: int
    label: str
    dormitory: str
    zone: str
    level: str
    step_free: bool | None
    first_night: date | None
    left_on: date | None


@dataclass(slots=True)
class GuestLine:
    """A person, from a line of their own or from the first night that names them (`is_inline`)."""

    line: int
    ref: str
    number: int | None
    name: str
    family_name: str
    sleeps: str
    birth_year: int | None
    nationality: str
    left_on: date | None
    is_inline: bool = False

    @property
    def person(self) -> tuple[str, str, int | None]:
        """What makes two lines speak of one person where no reference does."""
        return self.name.casefold(), self.family_name.casefold(), self.birth_year


class NightLine(NamedTuple):
    """Who slept where; `bed` is the key of a label, `guest` stands in the book's `called`."""

    line: int
    night: date
    bed: str
    guest: int
    arrived: time | None
    left: time | None

    @property
    def times(self) -> tuple[datetime, datetime]:
        """Instants of arriving and leaving; a time left out never contradicts the one given."""
        arrived = nights.instant_of(self.night, self.arrived or ARRIVED)
        left = nights.instant_of(self.night, self.left or LEFT)
        if self.arrived is None:
            return min(arrived, left), left
        return arrived, left if self.left else max(arrived, left)


@dataclass
class Book:
    """What a file says, and which of its lines say it badly."""

    beds: dict[str, BedLine] = field(default_factory=dict)  # by key
    guests: list[GuestLine] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)  # of beds as first written, by key
    called: list[GuestLine] = field(default_factory=list)  # the ways in which nights name their guests
    stays: list[NightLine] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)
    lines: int = 0


def key_of(label: str) -> str:
    """Labels and rooms are the same in large and small letters."""
    return label.casefold()


def read_book(
    rows: Iterable[Row], *, columns: Collection[str], tonight: date, is_nationality: Callable[[str], bool]
) -> Book:
    """Everything the rows say. Nights must lie before `tonight`; `is_nationality` knows the country codes.

    Raises Incomplete when there is not a single row.
    """
    reader = _Reader(tonight, is_nationality, has_kinds="kind" in columns)
    for row in rows:
        reader.take(row)
    if not reader.book.lines:
        raise Incomplete(what=_("There is no line below the first one."))
    return reader.book


class _Reader:
    """Turns row after row into lines of the book; `row` is the one it reads just now."""

    def __init__(self, tonight: date, is_nationality: Callable[[str], bool], *, has_kinds: bool) -> None:
        self.book = Book()
        self.tonight = tonight
        self.is_nationality = is_nationality
        self.has_kinds = has_kinds
        self.calls: dict[tuple[Any, ...], int] = {}
        self.date_in = lru_cache(4096)(date_in)

    def take(self, row: Row) -> None:
        self.row = row
        self.book.lines += 1
        for reason in row.wrong:
            self.complain(reason)
        if row.wrong and not row.cells:
            return
        kind = (
            (self.cell("kind", partial(word_of, words=KINDS), needed=True) or "")
            if self.has_kinds
            else "night"
        )
        if kind:
            getattr(self, f"take_{kind}")()

    def take_bed(self) -> None:
        label = self.label()
        bed = BedLine(
            line=self.row.line,
            label=label or "",
            dormitory=self.cell("dormitory", partial(short, longest=LONGEST_ROOM)) or "",
            zone=self.cell("zone", partial(word_of, words=ZONES)) or "",
            level=self.cell("level", partial(word_of, words=LEVELS)) or "",
            step_free=self.cell("step_free", yes_or_no),
            first_night=self.cell("date", self.past_night),
            left_on=self.cell("left_on", self.date_in),
        )
        if not label:
            return
        first = self.book.beds.setdefault(key_of(label), bed)
        if first is not bed:
            self.complain(
                _("bed %(bed)s stands on line %(line)d already") % {"bed": label, "line": first.line}
            )

    def take_guest(self) -> None:
        guest = self.guest(is_inline=False)
        if guest.number is None:
            self.cell("name", str, needed=True)
        self.book.guests.append(guest)

    def take_night(self) -> None:
        night = self.cell("date", self.past_night, needed=True)
        bed = self.label()
        arrived, left = self.cell("arrived", time_in), self.cell("left", time_in)
        guest = self.guest(is_inline=True)
        is_named = guest.ref or guest.number is not None or guest.name
        if not is_named and not self.row.wrong and not {"ref", "guest_number", "name"} & {*self.row.cells}:
            self.complain(_("%(column)s: missing") % {"column": "ref"})
        if night is None or not bed or not is_named:
            return
        stay = NightLine(self.row.line, night, intern(key_of(bed)), self.call(guest), arrived, left)
        if stay.times[1] < stay.times[0]:
            self.complain(_("left before arriving"))
        self.book.stays.append(stay)

    def guest(self, *, is_inline: bool) -> GuestLine:
        name = partial(short, longest=LONGEST_NAME)
        return GuestLine(
            line=self.row.line,
            ref=self.cell("ref", partial(short, longest=LONGEST_REF)) or "",
            number=self.cell("guest_number", number_in),
            name=self.cell("name", name) or "",
            family_name=self.cell("family_name", name) or "",
            sleeps=self.cell("sleeps", partial(word_of, words=SLEEPS)) or "ask",
            birth_year=self.cell("birth_year", partial(birth_year_in, this_year=self.tonight.year)),
            nationality=self.cell("nationality", self.nationality_in) or "",
            left_on=self.cell("left_on", self.date_in),
            is_inline=is_inline,
        )

    def call(self, guest: GuestLine) -> int:
        """The place in `called` of this way to name somebody; the first line that does so is kept."""
        way = (guest.ref.casefold(), guest.number, *guest.person)
        place = self.calls.setdefault(way, len(self.calls))
        if place == len(self.book.called):
            self.book.called.append(guest)
        elif guest.left_on:
            kept = self.book.called[place]
            kept.left_on = min(kept.left_on or guest.left_on, guest.left_on)
        return place

    def label(self) -> str | None:
        label = self.cell("bed", partial(short, longest=LONGEST_LABEL), needed=True)
        if label:
            self.book.labels.setdefault(key_of(label), label)
        return label

    def past_night(self, text: str) -> date:
        night = self.date_in(text)
        if night >= self.tonight:
            raise Wrong(_("%(text)s is tonight or later; only past nights are brought in") % {"text": text})
        return night

    def nationality_in(self, text: str) -> str:
        code = text.upper() if len(text) == 2 else text.casefold()
        if not self.is_nationality(code):
            raise Wrong(_("“%(text)s” is not a country code (write RO)") % {"text": shown(text)})
        return code

    def cell(self, column: str, read: Callable[[str], Any], *, needed: bool = False) -> Any:
        """The value of a cell; None where it is empty or, after a complaint, unreadable."""
        text = self.row.cells.get(column)
        if text is None:
            if needed and not any(reason.startswith(f"{column}: ") for reason in self.row.wrong):
                self.complain(_("%(column)s: missing") % {"column": column})
            return None
        try:
            return read(text)
        except Wrong as wrong:
            self.complain(f"{column}: {wrong}")
            return None

    def complain(self, reason: str) -> None:
        self.book.bad.append(BadLine(self.row.line, reason))
