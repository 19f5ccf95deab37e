"""Which font draws which letter: the fonts of the house, and text cut into what each of them can draw.

reportlab leaves out, without a word, a character that the font lacks, and does not change fonts by itself.
So every text passes here: put in the order in which it is seen, cut by font, joined where a script joins
its letters; a character that no font has becomes a replacement mark. Sizes and widths are in points.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bidi.algorithm import get_display  # the faster one of this package leaves brackets unmirrored
from reportlab import rl_config
from reportlab.graphics import shapes
from reportlab.lib.abag import ABag
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont, shapeFragWord
from reportlab.platypus import tables

from shelter.text import one_line

FOLDER = Path(__file__).parent / "fonts"
REGULAR, BOLD = "NotoSans-Regular", "NotoSans-Bold"
ARABIC = "NotoSansArabic-Regular"
# Asked in this order for a character that the Latin, Greek and Cyrillic letters do not have.
OTHER_SCRIPTS = (ARABIC, "NotoSansEthiopic-Regular", "NotoSansGeorgian-Regular", "NotoSansArmenian-Regular")
# The fonts have no glyph of its own for the first, and one that looks much the same for the second.
_DRAWN_ALIKE = (("\N{MINUS SIGN}", "\N{EN DASH}"), ("\N{ALMOST EQUAL TO}", "~"))
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
CUT = "…"
_JOINING = {"kern": True, "liga": True, "dlig": False}  # whole words drawn as one ornament are hard to read
_HELD_TOGETHER = re.compile("([\u00a0\u202f])")  # spaces at which no line is broken
_JUST_HINTS = dict.fromkeys(range(0xFE00, 0xFE10))  # which of two pictures is wanted; nothing to draw


@dataclass(frozen=True)
class Run:
    """A piece of one line in one font, ready to draw."""

    font: str
    text: str
    width: float


def _register(name):
    """Make a font known and return what it can draw.

    Joined forms that have no code of their own get one here, all at once: reportlab would hand them out
    as they turn up, and the same page would be other bytes after another page had been printed.
    """
    font = TTFont(name, str(FOLDER / f"{name}.ttf"))
    face, shaper = font.face, font.hbFont()
    for char, alike in _DRAWN_ALIKE:
        face.charToGlyph.setdefault(ord(char), face.charToGlyph.get(ord(alike), 0))
        face.charWidths.setdefault(ord(char), face.charWidths.get(ord(alike), 0))
    letters = frozenset(map(chr, face.charToGlyph))
    free = (code for code in range(0xE000, 0xF900) if code not in face.charToGlyph)
    unnamed = [glyph for glyph in range(face.numGlyphs) if glyph not in face.glyphToChar]
    for glyph, code in zip(unnamed, free, strict=False):
        face.charToGlyph[code] = glyph
        face.glyphToChar[glyph] = [code]
        face.charWidths[code] = font.pdfScale(shaper.get_glyph_h_advance(glyph))
    pdfmetrics.registerFont(font)
    return letters


def _settle_defaults():
    """No table, chart or paragraph falls back on Helvetica, which would not be embedded.

    Some of reportlab's defaults were copied when its modules were loaded, which may have been before.
    """
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    rl_config.canvas_basefontname = rl_config.defaultGraphicsFontName = REGULAR
    shapes.STATE_DEFAULTS["fontName"] = tables.CellStyle.fontname = REGULAR
    rl_config.invariant = 1


_LETTERS = {name: _register(name) for name in (REGULAR, BOLD, *OTHER_SCRIPTS)}
_settle_defaults()


def clean(text: object) -> str:
    """The text on one line, every character one that some font here can draw."""
    parts = _HELD_TOGETHER.split(str(text).translate(_JUST_HINTS))
    line = "".join(part if _HELD_TOGETHER.fullmatch(part) else _blanks_kept(part) for part in parts).strip()
    return "".join(char if _has(char) else REPLACEMENT for char in line)


def _blanks_kept(part: str) -> str:
    """One line, with the blanks at its ends where a space that holds together stood beside it."""
    line = one_line(part)
    return f"{' ' if part[:1] == ' ' and line else ''}{line}{' ' if part[-1:] == ' ' and line else ''}"


def runs(text: str, size: float, bold: bool = False) -> list[Run]:
    """One clean line cut into runs, from left to right as it is seen."""
    # Names stand in columns that are read from the left, also those that begin with an Arabic word.
    seen = get_display(text, base_dir="L") if any(map(_is_backwards, text)) else text
    return [_run(font, piece, size, backwards) for font, backwards, piece in _by_font(seen, bold)]


def _by_font(seen: str, bold: bool) -> Iterator[tuple[str, bool, str]]:
    """Pieces of one font and direction; a space keeps to the piece before it."""
    font, backwards, piece = "", False, ""
    for char in seen:
        if char == " " and piece:
            piece += char
            continue
        its = _font_of(char, BOLD if bold else REGULAR), _is_backwards(char)
        if its != (font, backwards) and piece:
            yield font, backwards, piece
            piece = ""
        (font, backwards), piece = its, piece + char
    if piece:
        yield font, backwards, piece


def width_of(text: str, size: float, bold: bool = False) -> float:
    return sum(run.width for run in runs(text, size, bold))


def lines(text: str, width: float, size: float, bold: bool = False, most: int = 2) -> list[str]:
    """Clean text in at most so many lines, broken between words where it can be; the rest is cut off."""
    kept: list[str] = []
    narrowest = size * 0.2  # no letter takes less room, so that more than this is cut off in any case
    for piece in _pieces(text[: most * int(width / narrowest + 2)], width, size, bold):
        if kept and width_of(f"{kept[-1]} {piece}", size, bold) <= width:
            kept[-1] = f"{kept[-1]} {piece}"
        elif len(kept) < most:
            kept.append(piece)
        else:
            kept[-1] = _cut(kept[-1], width, size, bold)
            break
    return kept


def _pieces(text: str, width: float, size: float, bold: bool) -> Iterator[str]:
    """The words; one that is wider than the line in as many pieces as it needs."""
    for word in filter(None, text.split(" ")):
        while len(word) > 1 and width_of(word, size, bold) > width:
            end = _longest(word, width, size, bold)
            yield word[:end]
            word = word[end:]
        yield word


def _cut(line: str, width: float, size: float, bold: bool) -> str:
    """The line with the sign that something is missing, and without what that sign needs room for."""
    if width_of(line + CUT, size, bold) <= width:
        return line + CUT
    end = _longest(line, width - width_of(CUT, size, bold), size, bold)
    return line[:end].rstrip() + CUT


def _longest(text: str, width: float, size: float, bold: bool) -> int:
    """How many characters from the beginning fit; one at least, and never an accent without its letter."""
    fits, too_many = 1, len(text)
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if width_of(text[:middle], size, bold) <= width:
            fits = middle
        else:
            too_many = middle
    while 1 < fits < len(text) and unicodedata.combining(text[fits]):
        fits -= 1
    return fits


def _run(font: str, text: str, size: float, backwards: bool) -> Run:
    if backwards:
        text = text[::-1]  # the shaper wants letters as they are spoken, and turns them round itself
    if not backwards and not any(map(unicodedata.combining, text)):
        return Run(font, text, pdfmetrics.stringWidth(text, font, size))
    piece = (ABag(fontName=font, fontSize=size), text)
    _width, (_font, shaped) = shapeFragWord([0, piece], _JOINING, force=True)
    return Run(font, shaped, sum(one.x_advance for one in shaped.__shapeData__) * size / 1000)


@cache
def _font_of(char: str, main: str) -> str:
    return next((font for font in (main, *OTHER_SCRIPTS, REGULAR) if char in _LETTERS[font]), main)


@cache
def _has(char: str) -> bool:
    return any(char in letters for letters in _LETTERS.values())


@cache
def _is_backwards(char: str) -> bool:
    direction = unicodedata.bidirectional(char)
    return direction in ("R", "AL") or (direction == "NSM" and char in _LETTERS[ARABIC])
