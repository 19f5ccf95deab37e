"""Guest cards, ten to a sheet to cut out: number, check code and QR code; nobody's name."""

from collections.abc import Iterable
from functools import partial

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm

from intake.paper.leaves import leaves
from intake.paper.pictogram import draw_pictogram
from intake.pictograms import PICTOGRAMS
from shelter.paper import lettering
from shelter.paper.sheet import HOUSE
from shelter.paper.structure import artifact, tagged
from shelter.paper.words import draw_line

CARD_WIDTH, CARD_HEIGHT = 85.6 * mm, 54 * mm  # ID-1, the size of a bank card
ACROSS, DOWN = 2, 5
PER_SHEET = ACROSS * DOWN
LEFT = (A4[0] - ACROSS * CARD_WIDTH) / 2
BOTTOM = (A4[1] - DOWN * CARD_HEIGHT) / 2
MARGIN = 6 * mm
CODE_SIZE = 38 * mm  # with the quiet zone
NAME_SIZE = 10
QUIET_ZONE = 4  # modules; with less, a scanner may not find the code
MARK_LENGTH, MARK_GAP = 5 * mm, 2 * mm


def card_sheet(cards: Iterable, *, house: str = HOUSE) -> bytes:
    """A4 pages of cards; asks for nothing if the cards were loaded with their guest's occupant.

    An empty sheet with its cutting marks where there are no cards.
    """
    cards = list(cards)
    sheets = [cards[first : first + PER_SHEET] for first in range(0, max(1, len(cards)), PER_SHEET)]
    pages = [partial(_draw_sheet, cards=some, house=lettering.clean(house)) for some in sheets]
    return leaves(pages, size=A4, title=_("Guest cards"), language=get_language() or "fr")


def code_of(card) -> QrCodeWidget:
    """The QR code that a scanner reads back as `card.text`."""
    return QrCodeWidget(
        card.text, barLevel="M", barBorder=QUIET_ZONE, barWidth=CODE_SIZE, barHeight=CODE_SIZE
    )


def _draw_sheet(canvas, cards, house):
    """In the margin that is cut away stands what the sheet is; it is read aloud once."""
    with tagged(canvas, "H1") if canvas.getPageNumber() == 1 else artifact(canvas):
        title = lettering.clean(f"{HOUSE} · {_('Guest cards')}")
        draw_line(canvas, title, LEFT + MARGIN, A4[1] - BOTTOM + MARK_GAP + 1 * mm, 8)
    with artifact(canvas):
        _draw_marks(canvas)
    for place, card in enumerate(cards):
        row, column = divmod(place, ACROSS)
        canvas.saveState()
        canvas.translate(LEFT + column * CARD_WIDTH, BOTTOM + (DOWN - 1 - row) * CARD_HEIGHT)
        _draw_card(canvas, card, house)
        canvas.restoreState()


def _draw_card(canvas, card, house):
    top = CARD_HEIGHT - MARGIN
    room = CARD_WIDTH - CODE_SIZE - MARGIN
    with artifact(canvas):
        draw_pictogram(canvas, PICTOGRAMS["house"], MARGIN, top - 8 * mm, 8 * mm)
    name = lettering.lines(house, room - 10 * mm, NAME_SIZE, True)
    middle = top - 4 * mm + (len(name) - 1) * 0.6 * NAME_SIZE
    with tagged(canvas, "P"):
        for place, line in enumerate(name, 1):
            foot = middle - (place * 1.2 - 0.85) * NAME_SIZE
            draw_line(canvas, line, MARGIN + 10 * mm, foot, NAME_SIZE, bold=True, goes_on=place < len(name))
    number = card.guest.number
    size = min(38, room / lettering.width_of(number, 1, True))
    with tagged(canvas, "H2"):
        draw_line(canvas, number, MARGIN, top - 24 * mm, size, bold=True)
    with tagged(canvas, "P"):
        draw_line(canvas, lettering.clean(_("Check code")), MARGIN, MARGIN + 7 * mm, 7, goes_on=True)
        draw_line(canvas, card.code, MARGIN, MARGIN, 15, bold=True)
    drawing = Drawing(CODE_SIZE, CODE_SIZE)
    drawing.add(code_of(card))
    with artifact(canvas):  # it says to a scanner what stands beside it
        renderPDF.draw(drawing, canvas, CARD_WIDTH - CODE_SIZE - 2 * mm, (CARD_HEIGHT - CODE_SIZE) / 2)


def _draw_marks(canvas):
    """Short lines outside the cards where to cut, and small crosses where four cards meet."""
    canvas.setLineWidth(0.4)
    right, top = LEFT + ACROSS * CARD_WIDTH, BOTTOM + DOWN * CARD_HEIGHT
    columns = [LEFT + number * CARD_WIDTH for number in range(ACROSS + 1)]
    rows = [BOTTOM + number * CARD_HEIGHT for number in range(DOWN + 1)]
    for x in columns:
        canvas.line(x, BOTTOM - MARK_GAP, x, BOTTOM - MARK_GAP - MARK_LENGTH)
        canvas.line(x, top + MARK_GAP, x, top + MARK_GAP + MARK_LENGTH)
    for y in rows:
        canvas.line(LEFT - MARK_GAP, y, LEFT - MARK_GAP - MARK_LENGTH, y)
        canvas.line(right + MARK_GAP, y, right + MARK_GAP + MARK_LENGTH, y)
    for x in columns[1:-1]:
        for y in rows[1:-1]:
            canvas.line(x - 1.5 * mm, y, x + 1.5 * mm, y)
            canvas.line(x, y - 1.5 * mm, x, y + 1.5 * mm)
