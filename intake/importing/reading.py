"""From the bytes of a file to numbered rows of cells, whatever somebody called a CSV file.

A file that is no such thing is refused as a whole; a line that cannot be read is a row with its reason. Lines
are read one by one and never run on: an open quotation mark spoils its own line, not the rest of the file.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _

from intake.importing.cells import Wrong, shown, text_in
from shelter.errors import Incomplete

LONGEST_LINE = 20_000  # characters; a longer one is named, not kept
LOOKED_AT = 8192
OTHER_NAMES = {"label": "bed", "guest": "ref", "night": "date"}
COLUMNS = frozenset(
    {
        "kind", "bed", "dormitory", "zone", "level", "step_free", "ref", "guest_number", "name",
        "family_name", "sleeps", "birth_year", "nationality", "date", "left_on", "arrived", "left",
    }
)  # fmt: skip
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # XLSX and ODS, XLS
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_NOT_UTF8 = re.compile(r"[\ud800-\udfff]")


class Row(NamedTuple):
    """One line's cells by column, empty ones left out; or, where `wrong` is said, none."""

    line: int
    cells: dict[str, str]
    wrong: tuple[str, ...] = ()


@dataclass
class Table:
    """The rows of a file below its header, to be gone through once."""

    columns: list[str]  # one for each column of the file; "" for one that is not read
    ignored: list[str]
    separator: str
    lines: Iterator[tuple[int, str | None]] = field(repr=False)

    def __iter__(self) -> Iterator[Row]:
        for number, line in self.lines:
            try:
                cells = _split(line, self.separator)
            except Wrong as wrong:
                yield Row(number, {}, (str(wrong),))
                continue
            if any(cell.strip() for cell in cells):
                yield self._row(number, cells)

    def _row(self, number: int, cells: list[str]) -> Row:
        values: dict[str, str] = {}
        wrong = []
        if any(cell.strip() for cell in cells[len(self.columns) :]):
            wrong.append(_("more cells than the first line has columns"))
        for column, cell in zip(self.columns, cells, strict=False):
            if not column or not cell:
                continue
            try:
                text = text_in(cell)
            except Wrong as reason:
                wrong.append(f"{column}: {reason}")
                continue
            if text and values.setdefault(column, text) != text:
                wrong.append(_("%(column)s: given twice, and not the same") % {"column": column})
        return Row(number, values, tuple(wrong))


def read(file: io.BufferedReader) -> Table:
    """The table in a file opened for bytes. Raises Incomplete when the file as a whole cannot be one."""
    head = file.peek(LOOKED_AT)[:LOOKED_AT]
    _is_no_other_kind(head)
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline=None)
    lines = _lines(text)
    header = next((line for _number, line in lines if line is None or line.strip()), "")
    if header == "":
        raise Incomplete(what=_("The file is empty."))
    try:
        return _table(header, lines)
    except Wrong as wrong:
        if b"\0" in head:
            raise Incomplete(what=_("This is not a text file.")) from None
        raise Incomplete(what=_("The first line cannot be read: %(why)s.") % {"why": wrong}) from None


def _is_no_other_kind(head: bytes) -> None:
    if head.startswith(_WORKBOOKS):
        raise Incomplete(what=_("This is a workbook. Save the sheet as “CSV UTF-8” and bring in that file."))
    if head.startswith(_WIDE):
        raise Incomplete(what=_("This text is UTF-16. Save the sheet as “CSV UTF-8” and bring in that file."))


def _lines(text: io.TextIOWrapper) -> Iterator[tuple[int, str | None]]:
    """Each line with its number, from 1; None for one too long to be kept."""
    number = 0
    while line := text.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) <= LONGEST_LINE:
            yield number, line
            continue
        while line and not line.endswith("\n"):
            line = text.readline(LONGEST_LINE)
        yield number, None


def _table(header: str | None, lines: Iterator[tuple[int, str | None]]) -> Table:
    """The separator is the one that makes most of the header's names known."""
    names, separator = max(_splits(header), key=lambda split: sum(_column(name) != "" for name in split[0]))
    columns = [_column(name) for name in names]
    written = [_plain(name) for name in names]
    twice = next((name for name in written if _column(name) and written.count(name) > 1), None)
    if twice:
        raise Incomplete(what=_("The first line names the column “%(name)s” twice.") % {"name": twice})
    if "kind" not in columns and not (
        {"date", "bed"} <= {*columns} and {"ref", "guest_number", "name"} & {*columns}
    ):
        raise Incomplete(
            what=_("The first line must name the columns, at least: date, bed, ref. It reads: “%(line)s”.")
            % {"line": shown((header or "").strip())}
        )
    ignored = [
        name.strip() for name, column in zip(names, columns, strict=True) if name.strip() and not column
    ]
    return Table(columns, ignored, separator, lines)


def _splits(header: str | None) -> list[tuple[list[str], str]]:
    """The header by each separator that it can be split by. Raises Wrong when there is none."""
    found = []
    why = Wrong()
    for separator in ";,\t":
        try:
            found.append((_split(header, separator), separator))
        except Wrong as wrong:
            why = wrong
    if not found:
        raise why
    return found


def _split(line: str | None, separator: str) -> list[str]:
    if line is None:
        raise Wrong(_("longer than %(longest)d characters") % {"longest": LONGEST_LINE})
    if _NOT_UTF8.search(line):
        raise Wrong(_("not UTF-8 text (save the sheet as “CSV UTF-8”)"))
    if _NOT_TEXT.search(line):
        raise Wrong(_("a character that is not text"))
    try:
        return next(csv.reader([line], delimiter=separator, strict=True, skipinitialspace=True), [])
    except csv.Error:
        raise Wrong(_("a quotation mark is not closed, or stands in the middle of a cell")) from None


def _column(name: str) -> str:
    """The column a name of the header means; empty for one that is not read."""
    plain = _plain(name)
    plain = OTHER_NAMES.get(plain, plain)
    return plain if plain in COLUMNS else ""


def _plain(name: str) -> str:
    return "_".join(name.casefold().replace("-", " ").replace("_", " ").split())
