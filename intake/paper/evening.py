"""The evening on paper: tonight's list by zone and by name, the free beds, and lines for those not on it."""

from collections import Counter
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, PageBreak

from intake import matching, queries
from intake.models import Guest
from intake.paper.furniture import headline, obstacles_of, sheet, time_of, wishes_of, year_of
from shelter import offering
from shelter import queries as house
from shelter.models.house import Zone
from shelter.paper import Box, Column, Tag, Words, bound, listing

LINES_FOR_WALK_INS = 20
ROOM_FOR_A_BEGINNING = 45 * mm
TO_TALK_OVER = Guest.Sleeps.ASK.value
ZONE_ASKED_FOR = {"men": Zone.MEN.value, "women": Zone.WOMEN.value, "family": Zone.FAMILIES.value}


@dataclass(frozen=True)
class Caller:
    """Somebody on tonight's list; `state` is expected, here or left, `at` the time of that."""

    number: str
    name: str
    year: str
    zone: str
    bed: str
    last_bed: str
    needs: str
    added: bool
    state: str
    at: str


@dataclass(frozen=True)
class Evening:
    """Tonight's callers in the order of names, and the labels of free beds for each zone that has some."""

    callers: tuple[Caller, ...]
    free: tuple[tuple[str, tuple[str, ...]], ...]


def evening_list(night) -> bytes:
    """All that the door needs to go on with a pencil."""
    return bound(sheet(_("Tonight's list"), night), story(evening_of(night)))


def evening_of(night) -> Evening:
    board = house.board_of(night)
    zones = {bed.label: bed.zone for bed in board}
    callers = tuple(_caller(hit, zones) for hit in _everybody(night))
    return Evening(callers, free=tuple(_free_by_zone(board)))


def _everybody(night):
    """Those registered, and those who have a bed without it, by name."""
    hits = queries.expected(night)
    registered = {hit.guest.occupant_id for hit in hits}
    others = {row.occupant_id for row in house.placed(night)} - registered
    hits += queries.hits_of(list(queries.guests_by_occupant(others).values()), night)
    return sorted(hits, key=lambda hit: matching.fold(hit.guest.full_name))


def _caller(hit, zones):
    guest, tonight = hit.guest, hit.tonight
    at = {"here": tonight.arrived_at, "left": tonight.left_at}.get(hit.state)
    return Caller(
        number=guest.number,
        name=guest.full_name,
        year=year_of(guest),
        zone=zones.get(tonight.bed) or _zone_asked_for(guest),
        bed=tonight.bed,
        last_bed="" if tonight.bed else tonight.last_bed,
        needs=", ".join([*obstacles_of(guest), *wishes_of(guest)]),
        added=tonight.registration is None or tonight.is_late,
        state=hit.state if at else "expected",
        at=time_of(at) if at else "",
    )


def _zone_asked_for(guest):
    return Zone.DOGS.value if guest.dog else ZONE_ASKED_FOR.get(guest.sleeps, TO_TALK_OVER)


def _free_by_zone(board):
    for zone in Zone.values:
        labels = tuple(bed.label for bed in board if bed.zone == zone and bed.state == offering.FREE)
        if labels:
            yield zone, labels


def story(evening):
    callers = evening.callers
    return [
        *_how_it_stands(callers),
        *_by_zone(callers),
        PageBreak(),
        _heading(_("By name")),
        _listing_of(callers),
        CondPageBreak(ROOM_FOR_A_BEGINNING),
        _heading(_("Free beds")),
        _free_beds(evening.free),
        PageBreak(),
        _heading(_("Not on the list")),
        _lines_for_walk_ins(),
    ]


def _how_it_stands(callers):
    states = Counter(caller.state for caller in callers)
    counts = _("%(here)d here, %(left)d left again, %(expected)d still to come") % {
        "here": states["here"], "left": states["left"], "expected": states["expected"],
    }  # fmt: skip
    yield headline(len(callers), _("on tonight's list"), counts)
    yield Words(
        _("Bed: kept for this person, or taken. Last bed: where they slept last. %(mark)s: not on the list "
          "when it was frozen.") % {"mark": _mark_of_added()},
        9, most=3, gap=10,
    )  # fmt: skip


def _by_zone(callers):
    names = {**dict(Zone.choices), TO_TALK_OVER: Guest.Sleeps.ASK.label}
    yield _heading(_("By zone"))
    for zone, name in names.items():
        there = [caller for caller in callers if caller.zone == zone]
        if there:
            yield CondPageBreak(ROOM_FOR_A_BEGINNING)
            yield _listing_of(there, title=f"{capfirst(name)} · {len(there)}")


def _heading(text):
    return Words(text, 18, bold=True, most=1, gap=6)


def _listing_of(callers, title=None):
    columns = [
        Column("", 8),
        Column(_("No."), 14),
        Column(_("Name"), 57),
        Column(_("Born"), 13),
        Column(_("Bed"), 17),
        Column(_("Last bed"), 17),
        Column(_("Needs"), 22),
        Column("", 13),
        Column(_("Arrival"), 21),
    ]
    return listing(columns, map(_row_of, callers), title=title, row_height=8.6)


def _row_of(caller):
    return (
        Box(ticked=caller.state != "expected"),
        caller.number,
        Words(caller.name, 11),
        caller.year,
        Words(caller.bed, 11, bold=True, most=1),
        caller.last_bed,
        Words(caller.needs, 7.5, most=5),
        Tag(_mark_of_added(), 6.5) if caller.added else "",
        Words(_state_in_words(caller), 7.5),
    )


def _mark_of_added():
    return pgettext("mark on tonight's list", "ADDED")


def _state_in_words(caller):
    words = {
        "here": pgettext("state on tonight's list", "arrived %s"),
        "left": pgettext("state on tonight's list", "left %s"),
        "expected": pgettext("state on tonight's list", "expected"),
    }
    word = words[caller.state]
    return word % caller.at if caller.at else word


def _free_beds(free):
    if not free:
        return Words(_("There was no free bed when this was printed."), 10)
    columns = [Column(_("Zone"), 50), Column(_("Free"), 14), Column(_("Beds"), 118)]
    rows = [
        (
            Words(capfirst(Zone(zone).label), 10),
            Words(len(labels), 10),
            Words(" · ".join(labels), 10, most=99),
        )
        for zone, labels in free
    ]
    return listing(columns, rows, row_height=7)


def _lines_for_walk_ins():
    columns = [
        Column("", 8),
        Column("", 9),
        Column(_("Name as said"), 64),
        Column(_("Born"), 17),
        Column(_("Where to sleep"), 28),
        Column(_("Bed"), 20),
        Column(_("Arrival"), 18),
        Column(_("Remark"), 18),
    ]
    rows = [(Box(), number, *[""] * 6) for number in range(1, LINES_FOR_WALK_INS + 1)]
    return listing(columns, rows, row_height=11)
