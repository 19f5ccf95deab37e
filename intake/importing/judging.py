"""Holds the lines of a file against each other and against what the house knows; plans what to write."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from intake.importing.beds import Room, Standing, judge_beds
from intake.importing.known import House
from intake.importing.lines import BadLine, Book, GuestLine, NightLine
from intake.importing.people import People, people_of


@dataclass
class Plan:
    """What a file asks for; good to write when `bad` is empty.

    `guest_of` turns a stay's way to name somebody into a guest; `doubles` are lines of new guests with the
    name and year of birth of somebody the house knows.
    """

    bad: list[BadLine]
    rooms: dict[str, Room]
    beds: list[Standing]
    guests: list[GuestLine]
    guest_of: list[int | None]
    stays: list[NightLine]
    doubles: list[int]

    @property
    def dates(self) -> list[date]:
        return sorted({stay.night for stay in self.stays})

    @property
    def counts(self) -> dict[str, int]:
        """What would be new in the house; nights are all those that bed-nights are written into."""
        return {
            "guests": sum(guest.number is None for guest in self.guests),
            "dormitories": sum(room.known is None for room in self.rooms.values()),
            "beds": sum(bed.known is None for bed in self.beds),
            "nights": len(self.dates),
            "bed_nights": len(self.stays),
        }


def judge(book: Book, house: House) -> Plan:
    """The plan of a file, with every line that cannot be, by line number."""
    bad = list(book.bad)
    people = people_of(book, bad)
    beds, rooms = judge_beds(book, house, bad)
    for guest in people.guests:
        if guest.number is not None and guest.number not in house.numbers:
            bad.append(
                BadLine(guest.line, _("no guest file has the number %(number)04d") % {"number": guest.number})
            )
    _judge_stays(book, people, house, bad)
    return Plan(
        bad=sorted(set(bad)),
        rooms=rooms,
        beds=beds,
        guests=people.guests,
        guest_of=people.meant,
        stays=book.stays,
        doubles=[
            guest.line for guest in people.guests if guest.number is None and guest.person in house.people
        ],
    )


def _judge_stays(book: Book, people: People, house: House, bad: list[BadLine]) -> None:
    beds_slept_in: dict[tuple[date, str], NightLine] = {}
    people_asleep: dict[tuple[date, int], NightLine] = {}
    for stay in book.stays:
        reasons = [*_against_bed(stay, book, house), *_against_night(stay, house)]
        person = people.meant[stay.guest]
        in_bed = beds_slept_in.setdefault((stay.night, stay.bed), stay)
        if person is None:
            reasons.append(people.puzzles[stay.guest])
            asleep = stay
        else:
            reasons += _against_person(stay, people.guests[person], house)
            asleep = people_asleep.setdefault((stay.night, person), stay)
        reasons += _twice(stay, book.labels[stay.bed], in_bed, asleep)
        bad += [BadLine(stay.line, reason) for reason in reasons]


def _against_bed(stay: NightLine, book: Book, house: House) -> Iterator[str]:
    line, known = book.beds.get(stay.bed), house.beds.get(stay.bed)
    if known is not None and (line is None or stay.night >= known.first_night):
        if stay.night < known.first_night:
            yield _("the house knows bed %(bed)s only from %(night)s; a line for the bed would say more") % {
                "bed": book.labels[stay.bed], "night": f"{known.first_night:%d.%m.%Y}",
            }  # fmt: skip
        elif known.id not in house.in_service.get(stay.night, ()):
            yield _("bed %(bed)s was not in service on this night") % {"bed": book.labels[stay.bed]}
        if (stay.night, known.id) in house.taken_beds:
            yield _("bed %(bed)s is taken on this night already") % {"bed": book.labels[stay.bed]}
    elif line is None:
        yield _("unknown bed “%(bed)s”") % {"bed": book.labels[stay.bed]}
    if line is not None and line.first_night and stay.night < line.first_night:
        yield _("a night before the bed came (line %(line)d)") % {"line": line.line}
    if line is not None and line.left_on and stay.night >= line.left_on:
        yield _("a night on or after the bed was gone (line %(line)d)") % {"line": line.line}


def _against_night(stay: NightLine, house: House) -> Iterator[str]:
    place = bisect_left(house.definitive, stay.night)
    if house.definitive[place : place + 1] == [stay.night]:
        yield _("the night of %(night)s is definitive") % {"night": f"{stay.night:%d.%m.%Y}"}
    if stay.night in house.unfinished:
        yield _("the night of %(night)s is not closed yet: somebody is still inside or expected") % {
            "night": f"{stay.night:%d.%m.%Y}"
        }


def _against_person(stay: NightLine, guest: GuestLine, house: House) -> Iterator[str]:
    if guest.left_on and stay.night >= guest.left_on:
        yield _("a night on or after leaving (%(date)s, line %(line)d)") % {
            "date": f"{guest.left_on:%d.%m.%Y}", "line": guest.line,
        }  # fmt: skip
    if guest.number is not None and (stay.night, guest.number) in house.placed_people:
        yield _("this guest has a bed on this night already")


def _twice(stay: NightLine, label: str, in_bed: NightLine, asleep: NightLine) -> Iterator[str]:
    """Two guests in one bed, one guest in two, or simply the same again."""
    if in_bed is not stay and in_bed is asleep:
        yield _("the same as line %(line)d") % {"line": in_bed.line}
        return
    if in_bed is not stay:
        yield _("bed %(bed)s has a guest on this night already (line %(line)d)") % {
            "bed": label, "line": in_bed.line,
        }  # fmt: skip
    if asleep is not stay:
        yield _("this guest has another bed on this night already (line %(line)d)") % {"line": asleep.line}
