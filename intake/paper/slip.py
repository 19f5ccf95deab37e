"""The guest slip: bed, times, rules and what is kept, on an A5 page for each language asked for."""

from collections.abc import Collection, Iterable
from functools import partial

from reportlab.lib.pagesizes import A5
from reportlab.lib.units import mm
from reportlab.platypus import Table

from intake.paper.leaves import leaves
from intake.paper.pictogram import Pictogram
from intake.paper.sentence import Line, Sentence
from intake.phrases import BED_REASONS, LANGUAGES, SLIP, fill
from shelter.paper.sheet import HOUSE
from shelter.paper.structure import Layout

WIDTH, HEIGHT = A5
MARGIN = 11 * mm
TEXT_WIDTH = WIDTH - 2 * MARGIN
ICON = 12 * mm  # the column of pictograms
TIMES = (
    ("supper", "meal"),
    ("quiet_from", "quiet"),
    ("wake_up", "alarm"),
    ("everybody_out", "door_out"),
    ("bus", "bus"),
)
REASONS_SAID = 2  # the first ones; more would leave no room for the rest
RULES = ("no_alcohol", "no_smoking", "no_weapon", "padlock")


def guest_slip(
    guest_name: str | None,
    bed_label: str,
    night,
    settings,
    languages: Iterable[str],
    *,
    why: Collection[str] = (),
    reviewed: Collection[str] = (),
) -> bytes:
    """One page a language; without a name the bed's number is all that says whose slip it is.

    Times are those of the settings called `supper`, `quiet_from`, `wake_up`, `everybody_out` and `bus`; one
    that the house has not set is left out. `why` are codes of `shelter.offering`: why this bed. Languages in
    `reviewed` were read by a native speaker.
    """
    languages = list(languages)
    pages = [
        partial(
            _draw_page,
            story=story(
                guest_name, bed_label, night, settings, code, code in reviewed, why, level=2 if place else 1
            ),
        )
        for place, code in enumerate(languages)
    ]
    title = f"{SLIP[languages[0]].title} · {night.date:%d.%m.%Y}"
    return leaves(pages, size=A5, title=title, language=languages[0])


def _draw_page(canvas, story):
    """From the top down; a page holds all of its language's words, whatever the bed or the guest is called."""
    top = HEIGHT - MARGIN
    for block in story:
        _width, height = block.wrapOn(canvas, TEXT_WIDTH, HEIGHT)
        top -= height
        block.drawOn(canvas, MARGIN, top)
        top -= block.getSpaceAfter()


def story(guest_name, bed_label, night, settings, language, reviewed, why=(), *, level=1):
    """The blocks of a page; its title is a heading of a level."""
    words = SLIP[language]
    say = partial(Sentence, language=language)
    yield _side_by_side(
        [
            say(words.title, size=16, bold=True, most=1, tag=f"H{level}"),
            say(fill(words.night, language, date=f"{night.date:%d.%m.%Y}"), size=10, most=1, far_side=True),
        ],
        [0.62, 0.38],
        language,
        gap=2 * mm,
    )
    if guest_name:
        yield Sentence(fill("{name}", language, name=guest_name), language, 12, most=1, gap=2 * mm)
    yield _bed(words, bed_label, language)
    said = [BED_REASONS[language][code] for code in why if code in BED_REASONS[language]]
    if said:
        yield Sentence(" ".join(said[:REASONS_SAID]), language, 10, most=2, gap=1 * mm)
    yield _times(words, settings, language)
    yield _rules(words, language)
    yield from _data(words, settings, language)
    yield Sentence(HOUSE if reviewed else f"{HOUSE} · {words.unreviewed}", language, 7.5, most=2, grey=0.35)


def _bed(words, bed_label, language):
    side = "right" if LANGUAGES[language].direction == "rtl" else "left"
    label = [Sentence(words.bed, language, 12, most=1), Line(bed_label, 66, align=side)]
    block = _side_by_side(
        [Pictogram("bed", 22 * mm), label], [0.23, 0.77], language, gap=4 * mm, padding=2 * mm
    )
    block.setStyle([("BOX", (0, 0), (-1, -1), 1.2, "black"), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")])
    return block


def _times(words, settings, language):
    rows = [
        [
            Pictogram(pictogram, 7 * mm),
            Sentence(getattr(words, name), language, 12, most=1),
            Line(f"{time:%H:%M}", 16, align=_far_side(language)),
        ]
        for name, pictogram in TIMES
        if (time := getattr(settings, name, None)) is not None
    ]
    return _rows(rows, [ICON, TEXT_WIDTH - ICON - 26 * mm, 26 * mm], language)


def _rules(words, language):
    rows = [
        [Pictogram(pictogram, 7 * mm), Sentence(rule, language, 11)]
        for pictogram, rule in zip(RULES, words.rules, strict=True)
    ]
    return _rows(rows, [ICON, TEXT_WIDTH - ICON], language)


def _data(words, settings, language):
    small = partial(Sentence, language=language, size=8.8, most=9)
    until = fill(words.until, language, months=settings.retention_months)
    rows = [
        [
            Pictogram("file", 7 * mm),
            [
                Sentence(words.data, language, 10.5, bold=True, most=1),
                *map(small, (words.kept, words.why, until)),
            ],
        ],
        [Pictogram("speech", 7 * mm), small(words.rights)],
    ]
    yield _rows(rows, [ICON, TEXT_WIDTH - ICON], language, valign="TOP")


def _far_side(language):
    return "left" if LANGUAGES[language].direction == "rtl" else "right"


def _rows(rows, widths, language, valign="MIDDLE"):
    """Rows with a thin line below each, turned round for those who read from the right."""
    icons, align = 0, "LEFT"
    if LANGUAGES[language].direction == "rtl":
        rows, widths = [row[::-1] for row in rows], widths[::-1]
        icons, align = -1, "RIGHT"
    commands = [
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 1.6),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.6),
        ("VALIGN", (0, 0), (-1, -1), valign),
        ("ALIGN", (icons, 0), (icons, -1), align),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, "grey"),
    ]
    return Table(rows, colWidths=widths, hAlign="LEFT", spaceAfter=3 * mm, style=commands, renderCB=Layout())


def _side_by_side(cells, shares, language, *, gap, padding=0):
    widths = [share * TEXT_WIDTH for share in shares]
    if LANGUAGES[language].direction == "rtl":
        cells, widths = cells[::-1], widths[::-1]
    return Table(
        [cells],
        colWidths=widths,
        hAlign="LEFT",
        spaceAfter=gap,
        renderCB=Layout(),
        style=[
            ("LEFTPADDING", (0, 0), (-1, -1), padding),
            ("RIGHTPADDING", (0, 0), (-1, -1), padding),
            ("TOPPADDING", (0, 0), (-1, -1), padding),
            ("BOTTOMPADDING", (0, 0), (-1, -1), padding),
            ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
        ],
    )
