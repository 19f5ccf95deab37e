"""The evening to go on with by hand: numbered lines by name and by bed, blank ones, and the phrases.

The numbers are those of the sheet as it was kept, so that it can be entered again line by line.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, PageBreak

from intake import queries
from intake.paper import phrase_sheet
from intake.paper.furniture import headline, obstacles_of, sheet, wishes_of, year_of
from intake.phrases import LANGUAGES
from shelter import queries as house
from shelter.paper import Box, Column, Words, bound, listing


@dataclass(frozen=True)
class Line:
    number: int
    name: str
    year: str
    bed: str
    needs: str


def paper_evening(printed, *, language) -> bytes:
    """`printed` is a `PaperSheet`; the phrases stand in all languages, read by somebody of this one."""
    title = _("Evening by hand, sheet %(number)d") % {"number": printed.pk}
    return bound(sheet(title, printed.night), story(lines_of(printed), printed.blank_lines, language))


def lines_of(printed) -> list[Line]:
    guests = queries.guests_by_occupant([line["occupant"] for line in printed.lines])
    beds = house.labels_of([line["bed"] for line in printed.lines if line["bed"]])
    return [
        _line(number, guests.get(line["occupant"]), beds.get(line["bed"], ""))
        for number, line in enumerate(printed.lines, 1)
    ]


def _line(number, guest, bed):
    if guest is None:
        return Line(number, _("(name not kept)"), "", bed, "")
    needs = ", ".join([*obstacles_of(guest), *wishes_of(guest)])
    return Line(number, guest.full_name, year_of(guest), bed, needs)


def story(lines, blank_lines, language):
    with_bed = sorted((line for line in lines if line.bed), key=lambda line: line.bed)
    return [
        headline(len(lines), _("on tonight's list"), _("Tick who comes, write the hour and the bed.")),
        _heading(_("By name")),
        _by_name(lines),
        CondPageBreak(60 * mm),
        _heading(_("Not on the list")),
        _blanks(len(lines), blank_lines),
        PageBreak(),
        _heading(_("By bed")),
        _by_bed(with_bed),
        PageBreak(),
        *phrase_sheet.story(list(LANGUAGES), language, queries.reviewed_languages()),
    ]


def _heading(text):
    return Words(text, 18, bold=True, most=1, gap=6)


def _by_name(lines):
    columns = [
        Column(_("Line"), 12),
        Column("", 9),
        Column(_("Name"), 70),
        Column(_("Born"), 14),
        Column(_("Bed"), 20),
        Column(_("Needs"), 31),
        Column(_("Came at"), 26),
    ]
    rows = [
        (line.number, Box(), Words(line.name, 11), line.year, Words(line.bed, 11, bold=True, most=1),
         Words(line.needs, 7.5, most=3), Box(width=22 * mm, size=6 * mm))
        for line in lines
    ]  # fmt: skip
    return listing(columns, rows, row_height=8.6)


def _blanks(after, number):
    columns = [
        Column(_("Line"), 12),
        Column(_("Name as said"), 74),
        Column(_("Where to sleep"), 36),
        Column(_("Bed"), 28),
        Column(_("Came at"), 32),
    ]
    return listing(columns, [(after + line, "", "", "", "") for line in range(1, number + 1)], row_height=11)


def _by_bed(lines):
    columns = [
        Column(_("Bed"), 24),
        Column(_("Line"), 14),
        Column(_("Name"), 104),
        Column(_("Changed to"), 40),
    ]
    rows = [(Words(line.bed, 11, bold=True, most=1), line.number, Words(line.name, 11), "") for line in lines]
    return listing(columns, rows, row_height=8)
