"""A listing: rows under a title, with the title and the column names again on each page it runs on to."""

from dataclasses import dataclass

from reportlab.lib import colors
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Table, TableStyle

from shelter.paper.structure import TableTags
from shelter.paper.words import Words

HAIR, FIRM = 0.4, 1.1  # line widths in points
PALE = colors.Color(0.45, 0.45, 0.45)
HEAD_SIZE, TITLE_SIZE = 7.5, 13


@dataclass(frozen=True)
class Column:
    """A column's name (may be empty), its width in millimetres, and the side its words keep to."""

    name: str
    width: float
    align: str = "left"


def listing(columns, rows, *, title=None, row_height=8, size=9, gap=5):
    """A table for paper. A cell is a flowable, or text; `row_height` is the least, in millimetres like `gap`.

    Rules are thin and nothing is shaded: what people write between them with a pencil must stay readable.
    """
    heads = _heads(columns, title)
    body = [[_cell(cell, column, size) for cell, column in zip(row, columns, strict=True)] for row in rows]
    return Table(
        [*heads, *body],
        colWidths=[column.width * mm for column in columns],
        minRowHeights=[0] * len(heads) + [row_height * mm] * len(body),
        repeatRows=len(heads),
        hAlign="LEFT",
        spaceAfter=gap * mm,
        renderCB=TableTags(len(heads)),
        style=_style(columns, heads),
    )


def _heads(columns, title):
    names = [Words(column.name, HEAD_SIZE, bold=True, align=column.align) for column in columns]
    if title is None:
        return [names]
    return [[Words(title, TITLE_SIZE, bold=True, most=1), *[""] * (len(columns) - 1)], names]


def _cell(cell, column, size):
    return cell if isinstance(cell, Flowable) else Words(cell, size, align=column.align)


def _style(columns, heads):
    first = len(heads)
    commands = [
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 1.5 * mm),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
        ("VALIGN", (0, 0), (-1, first - 1), "BOTTOM"),
        ("VALIGN", (0, first), (-1, -1), "MIDDLE"),
        ("LINEBELOW", (0, first - 1), (-1, first - 1), FIRM, colors.black),
        ("LINEBELOW", (0, first), (-1, -1), HAIR, PALE),
    ]
    commands += [
        ("ALIGN", (place, first), (place, -1), column.align.upper()) for place, column in enumerate(columns)
    ]
    if first > 1:
        commands.append(("SPAN", (0, 0), (-1, 0)))
    return TableStyle(commands)
