"""The plan for the wall: a month on A3, people by days, readable in black and white from two steps away."""

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import A3, landscape
from reportlab.lib.units import mm
from reportlab.platypus import Spacer, Table, TableStyle

from shelter import clock, nights
from shelter.paper import Sheet, Words, bound
from shelter.paper.structure import TableTags

NAME, SUM = 56 * mm, 15 * mm
HAIR, FIRM = 0.3, 1.1
LONGEST_WORD = 22  # letters
WEEKEND = colors.Color(0.86, 0.86, 0.86)


def wall_plan(grid, first, last, *, plans, address) -> bytes:
    """What is published from first to last in these plans; `address` is where a phone finds what is newer."""
    sheet = Sheet(
        title=_("Rota"),
        subtitle=f"{date_format(first, 'd.m.Y')} – {date_format(last, 'd.m.Y')}",
        notice=_("For the staff room. Take it down when a newer one hangs."),
        printed_at=clock.now(),
        language=get_language() or "fr",
        size=landscape(A3),
        code=address,
    )
    return bound(sheet, story(grid, plans, sheet.text_width))


def story(grid, plans, width):
    groups = [group for group in grid.groups if group.plan is not None]
    if not groups:
        return [Words(_("Nothing is published for these days."), 14)]
    return [
        Words(_legend(grid), 9),
        Words(_versions(plans), 9),
        Spacer(0, 2 * mm),
        _table(grid, groups, width),
    ]


def _table(grid, groups, width):
    day = (width - NAME - SUM) / len(grid.columns)
    rows, commands = [_head(grid)], _frame(grid)
    for group in groups:
        commands.append(("LINEABOVE", (0, len(rows)), (-1, len(rows)), FIRM, colors.black))
        rows += [_row(group, row) for row in group.rows]
    commands.append(("LINEABOVE", (0, len(rows)), (-1, len(rows)), FIRM, colors.black))
    rows += [_coverage(line) for line in grid.lines]
    table = Table(
        rows,
        colWidths=[NAME, *[day] * len(grid.columns), SUM],
        repeatRows=1,
        hAlign="LEFT",
        renderCB=TableTags(1, row_heads=True),
    )
    table.setStyle(TableStyle(commands))
    return table


def _frame(grid):
    weekends = [
        number for number, column in enumerate(grid.columns, 1) if column.day.weekday() >= 5 or column.holiday
    ]
    return [
        ("LEFTPADDING", (0, 0), (-1, -1), 1),
        ("RIGHTPADDING", (0, 0), (-1, -1), 1),
        ("TOPPADDING", (0, 0), (-1, -1), 0.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0.5),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LINEBELOW", (0, 0), (-1, 0), FIRM, colors.black),
        ("LINEBELOW", (0, 1), (-1, -1), HAIR, colors.Color(0.4, 0.4, 0.4)),
        ("LINEAFTER", (0, 0), (-2, -1), HAIR, colors.Color(0.6, 0.6, 0.6)),
        *(("BACKGROUND", (number, 0), (number, -1), WEEKEND) for number in weekends),
    ]


def _head(grid):
    days = [
        [
            Words(date_format(column.day, "D"), 7.5, align="centre"),
            Words(column.day.day, 11, bold=True, align="centre"),
        ]
        for column in grid.columns
    ]
    return [Words(_("Team"), 9, bold=True), *days, Words(_("Planned"), 8, align="right")]


def _row(group, row):
    name = row.person.name if row.is_named else row.employment.get_kind_display()
    cells = [
        Words(cell.letters, 10.5, bold=True, align="centre") if cell.shifts else "" for cell in row.cells
    ]
    hours = f"{row.planned // 60}:{row.planned % 60:02d}"
    who = f"{group.organisation.code} · {_shortened(name)}"
    return [Words(who, 9.5, most=1), *cells, Words(hours, 9, align="right")]


def _shortened(name):
    """A name whose single words fit the column: a line has room for words, not for parts of them."""
    return " ".join(word if len(word) <= LONGEST_WORD else f"{word[:LONGEST_WORD]}…" for word in name.split())


def _coverage(line):
    """How many of those needed are there; a mark that needs no colour where some are missing."""
    cells = []
    for place in line.places:
        if place is None:
            cells.append("")
            continue
        text = f"{place.there}/{place.needed}"
        mark = f"! {text}" if place.missing else text
        cells.append(Words(mark, 7.5, bold=bool(place.missing), align="centre"))
    return [Words(f"{line.template.name} · {line.skill.name}", 8, most=1), *cells, ""]


def _legend(grid):
    return " · ".join(
        f"{template.letter} = {template.name} {template.starts:%H:%M}–{template.ends:%H:%M}"
        for template in grid.templates
    )


def _versions(plans):
    """Which versions hang here: number and date of publication of each plan."""
    return " · ".join(
        _("%(organisation)s: version %(number)s of %(date)s")
        % {
            "organisation": plan.organisation.name,
            "number": plan.number,
            "date": date_format(nights.local(plan.published_at), "d.m.Y H:i"),
        }
        for plan in plans
    )
