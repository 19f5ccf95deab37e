"""The presence list: who is inside at this moment, for counting people outside after an alarm."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak

from intake import queries
from intake.paper.furniture import headline, obstacles_of, sheet, year_of
from shelter.models import Occupant
from shelter.paper import Box, Column, Tag, Words, bound, listing

ROOM_FOR_A_BEGINNING = 45 * mm  # a title stands at the foot of a page only with some of its rows


@dataclass(frozen=True)
class Sleeper:
    """Somebody inside; `obstacles` says in words what the way out would be to them, or is empty."""

    bed: str
    number: str
    name: str
    year: str
    obstacles: str


@dataclass(frozen=True)
class Room:
    name: str
    sleepers: tuple[Sleeper, ...]

    @property
    def helped(self):
        return sum(bool(sleeper.obstacles) for sleeper in self.sleepers)


def presence_list(night) -> bytes:
    """Who is inside now, by dormitory in the order of a walk through the house."""
    return bound(sheet(_("Presence list"), night), story(rooms_of(night)))


def rooms_of(night) -> list[Room]:
    return [
        Room(name, tuple(_sleeper(*taken) for taken in beds))
        for name, beds in queries.present_by_dormitory(night)
    ]


def _sleeper(bed, guest):
    number = Occupant(pk=bed.occupant).number
    if guest is None:  # the file is forgotten, the person is not
        return Sleeper(bed.label, number, _("(name not kept)"), "", "")
    return Sleeper(bed.label, number, guest.full_name, year_of(guest), ", ".join(obstacles_of(guest)))


def story(rooms):
    total = sum(len(room.sleepers) for room in rooms)
    if not total:
        return [headline(0, _("Nobody is inside."))]
    flowables = [_total(total, sum(room.helped for room in rooms)), _rooms_to_count(rooms)]
    for room in rooms:
        flowables += [CondPageBreak(ROOM_FOR_A_BEGINNING), _sleepers_of(room)]
    return flowables


def _total(total, helped):
    return headline(
        total,
        ngettext("person inside", "people inside", total),
        ngettext("%d needs help to leave", "%d need help to leave", helped) % helped,
    )


def _rooms_to_count(rooms):
    columns = [
        Column(_("Dormitory"), 82),
        Column(_("Inside"), 22, "right"),
        Column(_("Need help"), 26, "right"),
        Column(_("Counted"), 26, "right"),
        Column(_("Missing"), 26, "right"),
    ]
    rows = [
        (
            Words(room.name, 11, bold=True, most=1),
            Words(len(room.sleepers), 11, bold=True, align="right"),
            Words(room.helped, 11, align="right"),
            Box(6.5 * mm, width=18 * mm),
            Box(6.5 * mm, width=18 * mm),
        )
        for room in rooms
    ]
    return listing(columns, rows, row_height=9)


def _sleepers_of(room):
    columns = [
        Column("", 9),
        Column(_("Bed"), 22),
        Column(_("No."), 16),
        Column(_("Name"), 79),
        Column(_("Born"), 16),
        Column("", 14),
        Column(_("Help to leave"), 26),
    ]
    rows = [
        (
            Box(),
            Words(sleeper.bed, 12, bold=True, most=1),
            sleeper.number,
            Words(sleeper.name, 11),
            sleeper.year,
            Tag(pgettext("mark on the presence list", "HELP"), filled=True) if sleeper.obstacles else "",
            Words(sleeper.obstacles, 8),
        )
        for sleeper in room.sleepers
    ]
    return listing(columns, rows, title=f"{room.name} · {len(room.sleepers)}")
