"""Who is meant: the guests of a file, found by reference, by file number or by name."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from intake.importing.cells import shown
from intake.importing.lines import BadLine, Book, GuestLine

Handle = tuple[object, ...]


@dataclass
class People:
    """The guests of a file; `meant[place]` is the guest that the book's `called[place]` means.

    Where nobody is meant, `meant` holds None and `puzzles` says why.
    """

    guests: list[GuestLine] = field(default_factory=list)
    meant: list[int | None] = field(default_factory=list)
    puzzles: dict[int, str] = field(default_factory=dict)


def people_of(book: Book, bad: list[BadLine]) -> People:
    """Adds to the bad lines the guests that are there twice."""
    known = _Known()
    for guest in book.guests:
        known.add(guest, bad)
    people = People(guests=known.guests, meant=[None] * len(book.called))
    nights_may_name_new_guests = not book.guests
    # A bare reference may come before the night that says the name behind it.
    for place in sorted(range(len(book.called)), key=lambda place: not book.called[place].name):
        call = book.called[place]
        found = known.find(call)
        if not found and nights_may_name_new_guests and (call.name or call.number is not None):
            found = [known.add(call, bad)]
        puzzle = _puzzle(call, [known.guests[index] for index in found])
        if puzzle:
            people.puzzles[place] = puzzle
        else:
            people.meant[place] = found[0]
            _note_leaving(known.guests[found[0]], call)
    return people


class _Known:
    def __init__(self) -> None:
        self.guests: list[GuestLine] = []
        self.index: dict[Handle, list[int]] = {}

    def add(self, guest: GuestLine, bad: list[BadLine]) -> int:
        """Take a guest in under all their handles; a second one under the same ref is a bad line."""
        place = len(self.guests)
        self.guests.append(guest)
        for handle in _handles(guest):
            others = self.index.setdefault(handle, [])
            if others and _must_be_single(handle, guest):
                bad.append(_said_twice(guest, self.guests[others[0]]))
            else:
                others.append(place)
        return place

    def find(self, call: GuestLine) -> list[int]:
        """Those whom a night may mean: what is said strongest decides alone."""
        if call.ref or call.number is not None:
            return self.index.get(next(_handles(call)), [])
        found = self.index.get(("person", *call.person), [])
        if not found and call.birth_year is None:
            found = self.index.get(("name", *call.person[:2]), [])
        return found


def _handles(guest: GuestLine) -> Iterator[Handle]:
    if guest.ref:
        yield "ref", guest.ref.casefold()
    if guest.number is not None:
        yield "number", guest.number
    if guest.name:
        yield "person", *guest.person
        yield "name", *guest.person[:2]


def _must_be_single(handle: Handle, guest: GuestLine) -> bool:
    return handle[0] in ("ref", "number") or (
        handle[0] == "person" and not guest.ref and guest.number is None
    )


def _said_twice(guest: GuestLine, first: GuestLine) -> BadLine:
    return BadLine(
        guest.line,
        _("this guest stands on line %(line)d already (two people of one name need a ref each)")
        % {"line": first.line},
    )


def _puzzle(call: GuestLine, found: list[GuestLine]) -> str:
    """Why it cannot be told who is meant; empty when it can."""
    if not found:
        said = call.ref or (f"{call.number:04d}" if call.number is not None else call.name)
        return _("unknown guest “%(ref)s”") % {"ref": shown(said)}
    if len(found) > 1:
        return _("more than one guest is called so; give the ref")
    theirs = found[0].person[:2]
    if call.name and found[0].name and call.person[0] != theirs[0]:
        return _("line %(line)d gives this guest another name") % {"line": found[0].line}
    return ""


def _note_leaving(guest: GuestLine, call: GuestLine) -> None:
    if call.left_on and (guest.left_on is None or call.left_on < guest.left_on):
        guest.left_on = call.left_on
