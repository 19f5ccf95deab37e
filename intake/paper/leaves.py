"""Leaves: small or plain pages without the sheet's header and footer, named and kept like every other paper."""

from datetime import UTC
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from shelter import clock
from shelter.paper import lettering
from shelter.paper.sheet import HOUSE, Sheet
from shelter.paper.structure import Structure, finished


def leaves(draw_pages, *, size, title, language) -> bytes:
    """What the functions draw, one page each, on paper of a size in points; the same bytes each time."""
    paper, printed_at = BytesIO(), clock.now().astimezone(UTC)
    sheet = Sheet(title=title, subtitle="", notice="", printed_at=printed_at, language=language, size=size)
    canvas = Canvas(paper, pagesize=size, lang=language, initialFontName=lettering.REGULAR, invariant=1)
    canvas.structure = Structure(canvas)
    canvas.setDateFormatter(lambda *_moment: f"D:{printed_at:%Y%m%d%H%M%S}Z")
    canvas.setTitle(f"{HOUSE} · {title}")
    canvas.setAuthor(HOUSE)
    canvas.setCreator(HOUSE)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    for draw in draw_pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return finished(paper.getvalue(), canvas.structure, sheet)
