"""A report as PDF: an account laid out on A4, readable in black and white, tagged, with its data inside."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _
from django.utils.translation import override
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, PageBreak, Spacer, Table, TableStyle

from reporting.paper.painting import LEVELS, WHITE_FROM, Painted
from reporting.paper.sheet import report_csv
from reporting.telling import account, account_of, picture
from shelter.paper import Attached, Sheet, Tag, Words, artifact, bound, lettering
from shelter.paper.sheet import BOTTOM, TEXT_WIDTH, TOP
from shelter.paper.structure import Layout, TableTags

HAIR, FIRM, RIGHT_PADDING = 0.4, 1.1, 2
INDENT = 3 * mm  # of words beside a column of numbers
PALE = colors.Color(0.55, 0.55, 0.55)
LONGEST_ALT = 2000  # letters
GUTTER = 8 * mm
HALF = (TEXT_WIDTH - GUTTER) / 2
TEXT_HEIGHT = A4[1] - TOP - BOTTOM
ROOM_FOR_A_BEGINNING = 45 * mm
BAR = 27 * mm


def report_pdf(data, sha256, language) -> bytes:
    """The report of a data set with its digest, in a language; the data set as CSV travels inside."""
    with override(language):
        told = account_of(data)
        sheet = Sheet(
            title=f"{told.title} · {data['season']}",
            subtitle=told.subtitle,
            notice=told.lead,
            printed_at=datetime.fromisoformat(data["cut_off"]).astimezone(UTC),
            language=language,
            is_heading=False,
            foot=f"{told.provenance} · {sha256[:4]}…{sha256[-4:]}",
        )
        file = Attached(
            f"{file_name(data['kind'], data['key'], data['revision'])}.csv",
            report_csv(data).encode(),
            "text/csv",
            str(_("The figures of this report")),
        )
        return bound(sheet, story(told), [file])


def file_name(kind, key, revision):
    """What the files of a report are called."""
    return f"{kind}-{key.replace('/', '-')}-r{revision}"


def story(told):
    flowables = [
        Words(told.subject, 17, bold=True, tag="H1", gap=2 * mm),
        *(Tag(mark, 8) for mark in told.marks),
        Spacer(0, 2 * mm),
        Words(told.lead, 12, bold=True, most=6, gap=3 * mm),
        _tiles(told.tiles),
    ]
    for section in told.sections:
        if section.title:
            room = PageBreak() if section.begins_page else CondPageBreak(ROOM_FOR_A_BEGINNING)
            flowables += [room, Heading(section.title)]
        flowables += _side_by_side(section.blocks)
    return flowables


class Heading(Words):
    """The title of a section, which is a bookmark too."""

    def __init__(self, text):
        super().__init__(text, 13, bold=True, tag="H2", gap=2 * mm)
        self.spaceBefore, self.keepWithNext = 5 * mm, 1

    def draw(self):
        name = f"section-{self.canv.getPageNumber()}-{self.text}"
        self.canv.bookmarkPage(name)
        self.canv.addOutlineEntry(self.text, name, 0)
        super().draw()


class Pair(Flowable):
    """Two columns of blocks beside each other, read one after the other."""

    def __init__(self, left, right):
        super().__init__()
        self.columns = (left, right)

    def wrap(self, width, height):
        heights = [sum(_height(each, HALF, height) for each in column) for column in self.columns]
        self.width, self.height = width, max(heights)
        return self.width, self.height

    def split(self, _width, _height):
        """More than a page holds goes one below the other; else both move on to the next page together."""
        return [] if self.height <= TEXT_HEIGHT else [*self.columns[0], *self.columns[1]]

    def draw(self):
        for column, left in zip(self.columns, (0, HALF + GUTTER), strict=True):
            top = self.height
            for each in column:
                top -= _height(each, HALF, top)
                each.drawOn(self.canv, left, top + each.getSpaceAfter())


def _height(flowable, width, height):
    return flowable.wrap(width, height)[1] + flowable.getSpaceAfter()


def _side_by_side(blocks):
    """Blocks in their order; narrow ones in twos."""
    waiting = []
    for block in blocks:
        if _is_narrow(block):
            waiting.append(block)
            continue
        yield from _pairs(waiting)
        waiting = []
        yield from _WIDE[type(block)](block)
    yield from _pairs(waiting)


def _is_narrow(block):
    return isinstance(block, account.Bars | account.Text) or (
        isinstance(block, account.Table) and block.is_narrow
    )


def _pairs(blocks):
    for place in range(0, len(blocks), 2):
        columns = [_NARROW[type(block)](block) for block in blocks[place : place + 2]]
        yield Pair(columns[0], columns[1] if len(columns) > 1 else [])
        yield Spacer(0, 3 * mm)


def _title(text):
    return Words(text, 9.5, bold=True, tag="H3", gap=1 * mm)


def _note(text):
    return Words(text, 7, most=4, gap=1 * mm, grey=0.25)


def _grid(rows, widths, *, heads=1, size=8.5, style=(), repeat=None):
    """A table with thin rules; numbers keep to the right, the first column names its row."""
    cells = [
        [
            cell if isinstance(cell, Flowable) else _cell(cell, place, number < heads, size)
            for place, cell in enumerate(row)
        ]
        for number, row in enumerate(rows)
    ]
    return Table(
        cells,
        colWidths=widths,
        repeatRows=heads if repeat is None else repeat,
        hAlign="LEFT",
        renderCB=TableTags(heads, row_heads=True),
        style=TableStyle(
            [
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), RIGHT_PADDING),
                ("TOPPADDING", (0, 0), (-1, -1), 0.8),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.2),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("LINEBELOW", (0, 0), (-1, -1), HAIR, PALE),
                *([("LINEBELOW", (0, heads - 1), (-1, heads - 1), FIRM, colors.black)] if heads else []),
                *style,
            ]
        ),
    )


def _cell(text, place, is_head, size):
    if not text:
        return ""
    return Words(
        text, size - 1 if is_head else size, bold=is_head, align="right" if place else "left", most=3
    )


def _tiles(tiles):
    width = TEXT_WIDTH / len(tiles)
    columns = [
        [
            Words(tile.label, 8, most=2),
            Words(tile.value, 21, bold=True, most=1),
            *([Painted(picture.spark(tile.spark), tile.label)] if len(tile.spark) > 1 else []),
            *(Words(line, 8, most=2) for line in tile.below if line),
        ]
        for tile in tiles
    ]
    return Table(
        [columns],
        colWidths=[width] * len(tiles),
        spaceAfter=4 * mm,
        hAlign="LEFT",
        renderCB=Layout(),
        style=TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 2 * mm),
                ("RIGHTPADDING", (0, 0), (-1, -1), 1 * mm),
                ("LINEABOVE", (0, 0), (-1, 0), FIRM, colors.black),
                ("LINEBELOW", (0, 0), (-1, 0), HAIR, PALE),
                ("LINEAFTER", (0, 0), (-2, 0), HAIR, PALE),
            ]
        ),
    )


def _table_narrow(block):
    heads = [block.heads] if any(block.heads) else []
    number = (
        22 * mm
        if len(block.rows[0]) > 2
        else 36 * mm
        if any(len(row[1]) > 14 for row in block.rows)
        else 26 * mm
    )
    number = max(number, _widest_word(block.heads[1:], 8.5))
    columns = len(block.rows[0]) - 1
    widths = [HALF - number * columns, *[number] * columns]
    return [_title(block.title), _grid([*heads, *block.rows], widths, heads=len(heads)), *_notes(block)]


def _widest_word(heads, size):
    """The width of columns in which no word of these heads is broken, above cells of that size."""
    words = [word for head in heads for word in lettering.clean(head).split()]
    return (
        1 * mm + RIGHT_PADDING + max((lettering.width_of(word, size - 1, True) for word in words), default=0)
    )


def _notes(block):
    return [_note(block.note)] if block.note else []


def _bars(block):
    longest = max((length for _label, _number, length in block.rows if length), default=0)
    number = 14 * mm
    rows = [
        (label, said, _Bar(BAR * (length or 0) / longest if longest else 0))
        for label, said, length in block.rows
    ]
    table = _grid(rows, [HALF - BAR - number - 2 * mm, number, BAR + 2 * mm], heads=0)
    return [_title(block.title), table, *_notes(block)]


class _Bar(Flowable):
    """A bar beside its number; for the eye only."""

    def __init__(self, width):
        super().__init__()
        self.width, self.height = width, 6

    def wrap(self, _width, _height):
        return self.width, self.height

    def draw(self):
        with artifact(self.canv):
            self.canv.setFillColor(LEVELS[4])
            self.canv.rect(4, 0, self.width, self.height, stroke=0, fill=1)


def _text(block):
    lines = [Words(line, 9.5, most=12) for line in block.lines]
    return [_title(block.title), *lines, *([_note(block.by)] if block.by else [])]


def _table_wide(block):
    """Words begin at the left of their columns."""
    words = block.of_words
    heads = [
        Words(head, 7, bold=True, most=3) if place in words else head
        for place, head in enumerate(block.heads)
    ]
    rows = [
        [Words(cell, 8, most=8) if place in words else cell for place, cell in enumerate(row)]
        for row in block.rows
    ]
    style = [("LEFTPADDING", (place, 0), (place, -1), INDENT) for place in words]
    yield _title(block.title)
    yield _grid([heads, *rows], _widths(block), size=8, style=style)
    yield from _notes(block)
    yield Spacer(0, 4 * mm)


def _widths(block):
    """Columns of numbers are alike; those of words share by length the room that is left."""
    others = range(1, len(block.heads))
    numbers = [block.heads[place] for place in others if place not in block.of_words]
    if not block.of_words:
        wished = max(min(34 * mm, (TEXT_WIDTH - 34 * mm) / len(others)), _widest_word(numbers, 8))
        each = min(wished, (TEXT_WIDTH - 22 * mm) / len(others))
        return [TEXT_WIDTH - each * len(others), *[each] * len(others)]
    first, each = 48 * mm if len(others) == 1 else 22 * mm, max(20 * mm, _widest_word(numbers, 8))
    longest = {place: min(max(len(row[place]) for row in block.rows), 40) for place in block.of_words}
    least = {place: INDENT + _widest_word([block.heads[place]], 8) for place in block.of_words}
    of_words = _shared(TEXT_WIDTH - first - each * len(numbers), longest, least)
    return [first, *(of_words.get(place, each) for place in others)]


def _shared(room, parts, least):
    """Room by parts, to none less than its least."""
    total = sum(parts.values())
    short = {place: least[place] for place, part in parts.items() if room * part / total < least[place]}
    others = {place: part for place, part in parts.items() if place not in short}
    left, total = room - sum(short.values()), sum(others.values())
    return short | {place: left * part / total for place, part in others.items()}


def _calendar(block):
    name, total = 14 * mm, max(19 * mm, _widest_word(block.sums, 8.5))
    width = (TEXT_WIDTH - name - total * 3) / 7
    rows, style = [["", *block.days, *block.sums]], list[tuple[object, ...]]()
    for number, (week, cells, sums) in enumerate(block.weeks, 1):
        rows.append([week, *(_night(cell) for cell in cells), *sums])
        style += [
            ("BACKGROUND", (place, number), (place, number), LEVELS[cell.level])
            for place, cell in enumerate(cells, 1)
            if cell.is_ours
        ]
        style += [
            ("BOX", (place, number), (place, number), 1.6, colors.black)
            for place, cell in enumerate(cells, 1)
            if cell.is_peak
        ]
    style += [("ALIGN", (1, 1), (7, -1), "CENTER"), ("LINEBEFORE", (1, 1), (8, -1), HAIR, colors.white)]
    table = _grid(rows, [name, *[width] * 7, *[total] * 3], style=style)
    yield KeepTogether([_title(block.title), _legend(block.legend)])
    yield table
    yield _note(block.note)
    yield Spacer(0, 3 * mm)


def _night(cell):
    if not cell.is_ours:
        return ""
    text = f"{cell.text} max" if cell.is_peak else cell.text
    return Words(
        text, 8.5, bold=cell.is_peak, align="right", most=1, grey=1.0 if cell.level >= WHITE_FROM else 0.0
    )


def _legend(names):
    cells = [
        Words(name, 7, most=1, align="centre", grey=1.0 if place >= WHITE_FROM else 0.0)
        for place, name in enumerate(names)
    ]
    style = [("BACKGROUND", (place, 0), (place, 0), LEVELS[place]) for place in range(len(names))]
    return Table(
        [cells],
        colWidths=[17 * mm] * len(names),
        hAlign="LEFT",
        spaceAfter=2 * mm,
        renderCB=Layout(),
        style=TableStyle(
            [("TOPPADDING", (0, 0), (-1, -1), 0), ("BOTTOMPADDING", (0, 0), (-1, -1), 1), *style]
        ),
    )


def _chart(draw):
    def flowables(block):
        parts = [_title(block.title), Painted(draw(block, TEXT_WIDTH), block.alt[:LONGEST_ALT], gap=1 * mm)]
        note = getattr(block, "note", "")
        yield KeepTogether([*parts, *([_note(note)] if note else []), Spacer(0, 3 * mm)])

    return flowables


_NARROW = {account.Table: _table_narrow, account.Bars: _bars, account.Text: _text}
_WIDE = {
    account.Table: _table_wide,
    account.Calendar: _calendar,
    account.Trend: _chart(picture.trend),
    account.Scatter: _chart(picture.scatter),
    account.Multiples: _chart(picture.multiples),
}
