"""The statement of hours of an organisation for a month: sums by person, then each stretch of work."""

from collections.abc import Sequence
from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Spacer

from shelter import clock, nights
from shelter.paper import Column, Sheet, Words, bound, listing

ROOM_FOR_A_BEGINNING = 40 * mm  # a name stands at the foot of a page only with some of its rows


def statement(organisation, first, register) -> bytes:
    """`first` is the first day of the month, `register` its rows."""
    sheet = Sheet(
        title=_("Statement of hours"),
        subtitle=f"{organisation.name} · {date_format(first, 'F Y')}",
        notice=_("Confidential: hours of work of employees."),
        printed_at=clock.now(),
        language=get_language() or "fr",
    )
    return bound(sheet, story(register))


def story(register):
    if not register.lines:
        return [Words(_("Nothing is recorded yet."), 12)]
    flowables = [_sums(register), Spacer(0, 4 * mm)]
    ordered = sorted(register.lines, key=lambda line: (line.worked.person.name, line.worked.person_id))
    for person, lines in groupby(ordered, key=lambda line: line.worked.person):
        flowables += [CondPageBreak(ROOM_FOR_A_BEGINNING), _lines_of(person, list(lines))]
    if register.unrecorded:
        number = len(register.unrecorded)
        flowables.append(Words(_("Planned and not recorded yet: %(number)s") % {"number": number}, 9))
    return [*flowables, *_signatures()]


def _sums(register):
    columns = [Column(_("Person"), 62), *(Column(name, 24, "right") for name in _names())]
    rows: list[Sequence] = [
        (person.name, *map(hours_as_text, (sums.worked, overtime, sums.sunday, sums.holiday, sums.night)))
        for person, sums, overtime in register.totals
    ]
    total = [sum(each) for each in zip(*_figures(register), strict=True)]
    rows.append(
        [
            Words(pgettext("row of sums", "Total"), 9, bold=True),
            *(Words(hours_as_text(each), 9, bold=True, align="right") for each in total),
        ]
    )
    return listing(columns, rows, row_height=6)


def _figures(register):
    for _person, sums, overtime in register.totals:
        yield sums.worked, overtime, sums.sunday, sums.holiday, sums.night


def _names():
    return [_("Worked"), _("Overtime"), _("Sundays"), _("Public holiday"), _("Night")]


def _lines_of(person, lines):
    columns = [
        Column(_("Day"), 30), Column(_("Starts"), 16, "right"), Column(_("Ends"), 16, "right"),
        Column(_("Break"), 14, "right"), *(Column(name, 21, "right") for name in _names()),
    ]  # fmt: skip
    rows = []
    for line in lines:
        start, end = nights.local(line.worked.start), nights.local(line.worked.end)
        rows.append(
            (
                date_format(start, "D d.m."), f"{start:%H:%M}", f"{end:%H:%M}", f"{line.worked.break_minutes}′",
                *map(
                    hours_as_text,
                    (line.hours.worked, line.overtime, line.hours.sunday, line.hours.holiday, line.hours.night),
                ),
            )
        )  # fmt: skip
    return listing(columns, rows, title=person.name, row_height=5.5, size=8.5)


def _signatures():
    words = f"{_('For the employer')} ____________________      {_('Date')} ______________"
    return [CondPageBreak(25 * mm), Spacer(0, 12 * mm), Words(words, 10)]


def hours_as_text(minutes):
    """Minutes as `7:30`; nothing for none."""
    return f"{minutes // 60}:{minutes % 60:02d}" if minutes else "–"
