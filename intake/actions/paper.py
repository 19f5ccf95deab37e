"""The evening on paper: printed as a sheet that knows its lines, and entered again line by line."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from intake import matching, queries
from intake.actions import door
from intake.log import Verb
from intake.models import Guest, PaperSheet
from shelter import clock
from shelter import queries as house
from shelter.errors import Incomplete, Refused
from shelter.log import record

BLANK_LINES = 20
SOURCE = "paper"


@dataclass(frozen=True)
class Line:
    """One line of a sheet as it was filled in by hand. `guest` is None on a blank line, where `name` stands."""

    number: int
    guest: Guest | None
    came: bool
    at: datetime
    bed: str = ""
    name: str = ""
    sleeps: str = ""


@transaction.atomic(savepoint=False)
def print_sheet(*, night, by):
    """Keep what is printed: the lines in their order, so that they can be entered one by one."""
    beds = {row.occupant_id: row.bed_id for row in house.placed(night)}
    guests = [hit.guest for hit in queries.expected(night)]
    guests.sort(key=lambda guest: matching.fold(guest.full_name))
    lines = [{"occupant": guest.occupant_id, "bed": beds.get(guest.occupant_id)} for guest in guests]
    sheet = PaperSheet.objects.create(
        night=night, printed_at=clock.now(), printed_by=by.person, lines=lines, blank_lines=BLANK_LINES
    )
    record(Verb.SHEET_PRINTED, by=by, night=night, sheet=sheet.pk, lines=len(lines))
    return sheet


def enter_lines(*, sheet, lines, by):
    """Do what each line says, at the hour it says, marked as from paper.

    Returns the refusal of each line that could not be entered, by its number; the others are entered.
    """
    by, refused = replace(by, source=SOURCE), {}
    for line in lines:
        try:
            if line.came:
                _enter(sheet, line, by)
        except Refused as refusal:
            refused[line.number] = refusal
    return refused


@transaction.atomic
def _enter(sheet, line, by):
    bed = house.bed_labelled(line.bed) if line.bed else None
    if line.bed and bed is None:
        raise Incomplete(what=_("There is no bed %(bed)s.") % {"bed": line.bed})
    guest = line.guest or door.add_and_register(
        night=sheet.night, by=by, name=line.name, sleeps=line.sleeps or Guest.Sleeps.ASK
    )
    door.check_in(
        guest=guest, night=sheet.night, by=by, bed=bed, occurred_at=line.at, override_reason=_("from paper")
    )
