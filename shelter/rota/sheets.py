"""The register as a table for other programs: CSV and XLSX, from the same rows; minutes as hours and minutes."""

import csv
from io import BytesIO, StringIO

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from shelter import nights

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for a formula


def columns():
    return [
        _("Person"), _("Day"), _("Starts"), _("Ends"), _("Unpaid break (minutes)"), _("Worked"), _("Overtime"),
        _("Sundays"), _("Public holiday"), _("Night"),
    ]  # fmt: skip


def rows(register):
    """One row for each stretch of work."""
    for line in register.lines:
        start, end = nights.local(line.worked.start), nights.local(line.worked.end)
        minutes = (line.hours.worked, line.overtime, line.hours.sunday, line.hours.holiday, line.hours.night)
        yield [
            _harmless(line.worked.person.name), f"{start:%Y-%m-%d}", f"{start:%H:%M}", f"{end:%H:%M}",
            line.worked.break_minutes, *(f"{each // 60}:{each % 60:02d}" for each in minutes),
        ]  # fmt: skip


def as_csv(register):
    text = StringIO()
    csv.writer(text, delimiter=";").writerows([columns(), *rows(register)])
    return "\ufeff" + text.getvalue()


def as_xlsx(register, title):
    content = BytesIO()
    with Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet(title[:31])
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, columns(), bold)
        for number, row in enumerate(rows(register), 1):
            sheet.write_row(number, 0, row)
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 9, 12)
        sheet.freeze_panes(1, 1)
    return content.getvalue()


def _harmless(text):
    return f"'{text}" if text.startswith(FORMULA) else text
