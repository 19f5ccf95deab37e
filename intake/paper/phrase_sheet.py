"""The phrase sheet: all phrases with their pictograms, languages side by side, to point at."""

from collections.abc import Collection, Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib.units import mm
from reportlab.platypus import PageBreak, Table

from intake.paper.pictogram import Pictogram
from intake.paper.sentence import Sentence
from intake.phrases import LANGUAGES, PHRASES, SLIP, say
from shelter import clock
from shelter.paper import Sheet, Words, bound
from shelter.paper.sheet import TEXT_WIDTH
from shelter.paper.structure import TableTags

SIDE_BY_SIDE = 4
ICON, CAPTION = 11 * mm, 23 * mm
TO_FILL_IN = "________"


def phrase_sheet(languages: Collection[str], *, reviewed: Collection[str] = ()) -> bytes:
    """A page for each four languages; at the left each phrase as the one who prints it would read it."""
    reader = get_language() or "fr"
    sheet = Sheet(
        title=_("Phrase sheet"),
        subtitle=" · ".join(languages),
        notice=_("No names: may hang on the wall."),
        printed_at=clock.now(),
        language=reader,
    )
    return bound(sheet, list(story(list(languages), reader, reviewed)))


def story(languages, reader, reviewed) -> Iterator:
    for first in range(0, len(languages), SIDE_BY_SIDE):
        if first:
            yield PageBreak()
        yield _page(languages[first : first + SIDE_BY_SIDE], reader, reviewed)


def _page(languages, reader, reviewed):
    heads = ["", "", *([_head(code), *_warning(code, reviewed)] for code in languages)]
    rows = [_row(phrase, languages, reader) for phrase in PHRASES]
    width = (TEXT_WIDTH - ICON - CAPTION) / SIDE_BY_SIDE
    return Table(
        [heads, *rows],
        colWidths=[ICON, CAPTION, *[width] * len(languages)],
        repeatRows=1,
        renderCB=TableTags(),
        hAlign="LEFT",
        style=[
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3 * mm),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
            ("VALIGN", (0, 1), (-1, -1), "MIDDLE"),
            ("LINEBELOW", (0, 0), (-1, 0), 1.1, "black"),
            ("LINEBELOW", (0, 1), (-1, -1), 0.4, "grey"),
        ],
    )


def _head(code):
    return Sentence(LANGUAGES[code].endonym, code, 12, bold=True, most=1)


def _warning(code, reviewed):
    if code not in reviewed:
        yield Sentence(SLIP[code].unreviewed, code, 6, most=3, grey=0.35)


def _row(phrase, languages, reader):
    blanks = dict.fromkeys(("bed", "place", "time"), TO_FILL_IN)
    caption = say(phrase.code, reader if reader in LANGUAGES else "fr")
    sentences = [Sentence(say(phrase.code, code, **blanks), code, 9.5, most=4) for code in languages]
    return [Pictogram(phrase.pictogram, 8 * mm), Words(caption, 6.5, most=5, grey=0.35), *sentences]
