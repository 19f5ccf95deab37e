"""The beds of a file: which are new, from when they stood, and in which rooms."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from intake.importing.known import House, KnownBed, KnownRoom
from intake.importing.lines import BadLine, BedLine, Book, key_of
from shelter import offering


@dataclass
class Room:
    """A dormitory to make, or one to give a zone for earlier nights (`known`); no zone: nothing to write."""

    name: str
    line: int
    first_night: date
    zone: str = ""
    known: KnownRoom | None = None


@dataclass(frozen=True)
class Standing:
    """A bed to make, or one to have stood for earlier nights (`known`), until it was gone."""

    key: str
    label: str
    level: str
    step_free: bool
    room: str
    first_night: date
    gone_from: date | None
    known: KnownBed | None


def judge_beds(book: Book, house: House, bad: list[BadLine]) -> tuple[list[Standing], dict[str, Room]]:
    """Beds and rooms to write. A bed that the house knows for all its nights needs nothing."""
    first_nights = _first_nights(book, house)
    beds: list[Standing] = []
    rooms: dict[str, Room] = {}
    for key, bed in book.beds.items():
        standing = _standing(key, bed, first_nights[key], house)
        known = standing.known
        reasons = [*_contradictions(bed, standing.first_night, known)] if known else []
        if known is None or standing.first_night < known.first_night:
            reasons += _against_standing(bed, standing, rooms, house)
            beds.append(standing)
            _add_to_room(rooms, standing.room, bed, standing.first_night)
        bad += [BadLine(bed.line, reason) for reason in reasons]
    bad += [BadLine(room.line, reason) for key, room in rooms.items() for reason in _settle(key, room, house)]
    return beds, rooms


def _first_nights(book: Book, house: House) -> dict[str, date]:
    """From when each bed stands: as its line says; else a known one from its first night in the file, a new
    one from the first night on which its room is used, because a room is set up whole.
    """
    used: dict[str, date] = {}
    for stay in book.stays:
        used[stay.bed] = min(stay.night, used.get(stay.bed, stay.night))
    rooms: dict[str, date] = {}
    for key, bed in book.beds.items():
        first = bed.first_night or used.get(key)
        if first is not None and key not in house.beds:
            room = _room_of(bed, house)
            rooms[room] = min(first, rooms.get(room, first))
    unused = min(used.values(), default=house.tonight)
    return {
        key: bed.first_night
        or (
            used.get(key, house.beds[key].first_night)
            if key in house.beds
            else rooms.get(_room_of(bed, house), unused)
        )
        for key, bed in book.beds.items()
    }


def _room_of(bed: BedLine, house: House) -> str:
    """The key of the bed's room, also where one line gives its code and another its name."""
    key = key_of(bed.dormitory)
    return house.rooms[key].key if key in house.rooms else key


def _standing(key: str, bed: BedLine, first: date, house: House) -> Standing:
    known = house.beds.get(key)
    ends = [day for day in (bed.left_on, known.first_night if known else None) if day is not None]
    return Standing(
        key=key,
        label=bed.label,
        level=bed.level or offering.BOTTOM,
        step_free=bool(bed.step_free),
        room=_room_of(bed, house),
        first_night=first,
        gone_from=min(ends, default=None),
        known=known,
    )


def _contradictions(bed: BedLine, first: date, known: KnownBed) -> Iterator[str]:
    other_level = bed.level and bed.level != known.level
    other_access = bed.step_free is not None and bed.step_free != known.step_free
    if other_level or other_access:
        yield _("the house knows bed %(bed)s otherwise (level, step-free access)") % {"bed": bed.label}
    if first >= known.first_night and bed.dormitory and key_of(bed.dormitory) not in known.rooms:
        yield _("the house knows bed %(bed)s in another dormitory") % {"bed": bed.label}


def _against_standing(
    bed: BedLine, standing: Standing, rooms: dict[str, Room], house: House
) -> Iterator[str]:
    if not bed.dormitory:
        yield _("%(column)s: missing") % {"column": "dormitory"}
    if bed.left_on and bed.left_on <= standing.first_night:
        yield _("the bed was gone before it came")
    room = rooms.get(standing.room)
    if room and room.zone and bed.zone and room.zone != bed.zone:
        yield _("another zone than on line %(line)d, for the same dormitory") % {"line": room.line}
    touched = bisect_left(house.definitive, standing.first_night)
    if touched < len(house.definitive) and (
        standing.gone_from is None or house.definitive[touched] < standing.gone_from
    ):
        yield _(
            "the bed would also stand in the definitive night of %(night)s; say in left_on when it was gone"
        ) % {"night": f"{house.definitive[touched]:%d.%m.%Y}"}


def _add_to_room(rooms: dict[str, Room], key: str, bed: BedLine, first: date) -> None:
    room = rooms.setdefault(key, Room(bed.dormitory, bed.line, first))
    room.zone = room.zone or bed.zone
    room.first_night = min(room.first_night, first)


def _settle(key: str, room: Room, house: House) -> Iterator[str]:
    """Find out whether the room is new, and whether a zone is to be written for it."""
    room.known = house.rooms.get(key)
    if room.known is None or room.first_night < room.known.first_night:
        room.zone = room.zone or (room.known.first_zone if room.known else "")
        if not room.zone and room.name:
            yield _("zone: missing, for the first bed of a dormitory that the house does not know")
        return
    if room.zone and room.zone not in room.known.zones:
        yield _("the house knows this dormitory with another zone")
    room.zone = ""
