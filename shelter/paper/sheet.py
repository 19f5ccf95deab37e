"""The sheet: paper size, margins, header, footer, and the facts a file tells about itself."""

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

from shelter import nights
from shelter.paper import lettering
from shelter.paper.structure import Structure, artifact, finished, tagged
from shelter.paper.words import draw_line

HOUSE = "Foyer"
WIDTH = A4[0]
LEFT, RIGHT, TOP, BOTTOM = 16 * mm, 12 * mm, 23 * mm, 17 * mm
TEXT_WIDTH = WIDTH - LEFT - RIGHT
LAST_PAGE = "last-page"
SQUARE = 17 * mm  # the code for phones


@dataclass(frozen=True)
class Sheet:
    """What stands around a story on every page; `notice` says who may read it, `language` is a code.

    `size` is that of the page in points, `code` a text for a square that phones read at the head of each page.
    """

    title: str
    subtitle: str
    notice: str
    printed_at: datetime
    language: str
    size: tuple[float, float] = A4
    code: str = ""
    foot: str = ""  # instead of when it was printed
    is_heading: bool = True  # the title heads the story; False: the story begins with a heading of its own

    @property
    def width(self):
        return self.size[0]

    @property
    def height(self):
        return self.size[1]

    @property
    def text_width(self):
        return self.width - LEFT - RIGHT


def bound(sheet, story, attachments=()) -> bytes:
    """The story on numbered pages: the same bytes for the same story, whatever was printed before.

    A story serves once; reportlab changes its flowables while it lays them out. `attachments` are files that travel
    inside (`structure.Attached`).
    """
    paper, canvases = BytesIO(), []

    def canvas_for(*told, **more):
        canvases.append(_NumberedPages(*told, **more))
        return canvases[-1]

    document = BaseDocTemplate(
        paper,
        pagesize=sheet.size,
        title=f"{HOUSE} · {sheet.title} · {sheet.subtitle}",
        author=HOUSE,
        creator=HOUSE,
        subject=sheet.notice,
        lang=sheet.language,
        initialFontName=lettering.REGULAR,
        invariant=1,
    )
    frame = Frame(
        LEFT, BOTTOM, sheet.text_width, sheet.height - TOP - BOTTOM,
        leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip
    document.addPageTemplates(PageTemplate("page", [frame], onPage=lambda canvas, _: _furnish(canvas, sheet)))
    document.build(story, canvasmaker=canvas_for)
    return finished(paper.getvalue(), canvases[-1].structure, sheet, attachments)


class _NumberedPages(Canvas):
    """Pages refer to a drawing of the last page's number, which is made when that number is known."""

    def __init__(self, *told, **more):
        super().__init__(*told, **more)
        self.structure = Structure(self)

    def save(self):
        self.beginForm(LAST_PAGE)
        draw_line(self, str(self.getPageNumber() - 1), 0, 0, 8)
        self.endForm()
        super().save()


def _furnish(canvas, sheet):
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.setDateFormatter(lambda *_moment: f"D:{sheet.printed_at.astimezone(UTC):%Y%m%d%H%M%S}Z")
    _title(canvas, sheet)
    with artifact(canvas):
        _header(canvas, sheet)
        _footer(canvas, sheet)


def _title(canvas, sheet):
    """Read aloud once, as the heading of what follows; on every further page it means nothing."""
    is_heading = sheet.is_heading and canvas.getPageNumber() == 1
    with tagged(canvas, "H1") if is_heading else artifact(canvas):
        text = lettering.clean(f"{HOUSE} · {sheet.title}")
        draw_line(canvas, text, LEFT, sheet.height - 14 * mm, 11, bold=True)


def _header(canvas, sheet):
    line, right = sheet.height - 16 * mm, sheet.width - RIGHT
    if sheet.code:
        right -= SQUARE + 2 * mm
        _square(canvas, sheet.code, sheet.width - RIGHT - SQUARE, sheet.height - SQUARE - 3 * mm)
    draw_line(canvas, lettering.clean(sheet.subtitle), right, line + 2 * mm, 11, align="right")
    _rule(canvas, line, right, 1.1)


def _square(canvas, text, left, foot):
    """A square code that phones read, with its lower left corner at a point."""
    code = QrCodeWidget(text, barWidth=SQUARE, barHeight=SQUARE, barBorder=1)
    renderPDF.draw(Drawing(SQUARE, SQUARE, code), canvas, left, foot)


def _footer(canvas, sheet):
    line, foot = 13 * mm, 9 * mm
    _rule(canvas, line, sheet.width - RIGHT, 0.4)
    draw_line(canvas, lettering.clean(sheet.foot or _when(sheet)), LEFT, foot, 8)
    if not sheet.foot:
        draw_line(canvas, lettering.clean(sheet.notice), sheet.width / 2, foot, 8, align="centre")
    _page_number(canvas, sheet.width - RIGHT - 6 * mm, foot)


def _when(sheet):
    printed = nights.local(sheet.printed_at)
    return _("Printed on %(day)s at %(time)s") % {
        "day": date_format(printed, "d.m.Y"),
        "time": date_format(printed, "H:i"),
    }


def _page_number(canvas, place, foot):
    draw_line(canvas, f"{canvas.getPageNumber()} / ", place, foot, 8, align="right")
    canvas.saveState()
    canvas.translate(place, foot)
    canvas.doForm(LAST_PAGE)
    canvas.restoreState()


def _rule(canvas, height, right, thickness):
    canvas.setLineWidth(thickness)
    canvas.line(LEFT, height, right, height)
