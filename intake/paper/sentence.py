"""A sentence for guests on paper: it begins at the side where its language begins."""

import re
import unicodedata

from reportlab.platypus import Flowable

from intake.phrases import LANGUAGES, LEFT_TO_RIGHT_ISOLATE, POP_ISOLATE
from shelter.paper import Words, lettering
from shelter.paper.structure import tagged
from shelter.paper.words import LINE, draw_line

# What the layout of a line here understands in the place of isolates, and what turns a whole line round.
LEFT_TO_RIGHT, RIGHT_TO_LEFT, POP = "\u202a", "\u202b", "\u202c"
ARABIC_SCALE = 1.15  # its letters are smaller than Latin ones of the same size
_MARKS = {LEFT_TO_RIGHT_ISOLATE: LEFT_TO_RIGHT, POP_ISOLATE: POP}
_MARK_APART = re.compile(" [?!:;]")
_NO_MARKS = dict.fromkeys(map(ord, LEFT_TO_RIGHT + RIGHT_TO_LEFT + POP))


class Sentence(Words):
    """Words of a guest's language, from the right where it is read from the right; or up to the other side.

    Only the marks that `phrases.fill` puts around a fact are obeyed.
    """

    def __init__(self, text, language, size=9, *, far_side=False, **more):
        self.backwards = LANGUAGES[language].direction == "rtl"
        align = "right" if self.backwards != far_side else "left"
        super().__init__(
            text, size * ARABIC_SCALE if self.backwards else size, align=align, language=language, **more
        )
        self.text = _clean(str(text)) if self.backwards else self.text

    def wrap(self, width, height):
        if width != self._set_for:
            super().wrap(width, height)
            if _MARK_APART.search(self.text):
                self._lines = list(self._lines_with_marks(width))
                self.height = self.size * LINE * len(self._lines)
        return self.width, self.height

    def _lines_with_marks(self, width):
        """French sets a space before `?` and `:`; no line begins with one, it takes the word before it along."""
        rest = self.text
        for _place in range(self.most - 1):
            line, *after = lettering.lines(rest, width, self.size, self.bold, 2) or [""]
            if after and _MARK_APART.match(f" {after[0]}") and " " in line:
                line = line.rpartition(" ")[0]
            yield line
            rest = rest[len(line) :].strip()
            if not rest:
                return
        yield from lettering.lines(rest, width, self.size, self.bold, 1)

    def draw(self):
        if self.backwards:
            self._draw(list(_turned_round(self._lines)), is_joined=False)
        else:
            super().draw()


class Line(Flowable):
    """Clean words on one line, as large as fit in it; smaller than `least` they are cut."""

    def __init__(self, text, most, least=12, *, align="left"):
        super().__init__()
        self.text, self.most, self.least, self.align = lettering.clean(text), most, least, align

    def wrap(self, width, _height):
        self.width = width
        at_most = width / (lettering.width_of(self.text, 1, True) or 1)
        self.size = max(self.least, min(self.most, at_most * 0.999))
        self.line = (lettering.lines(self.text, width, self.size, True, 1) or [""])[0]
        self.height = self.most * 1.05
        return self.width, self.height

    def draw(self):
        x = {"left": 0, "centre": self.width / 2, "right": self.width}[self.align]
        foot = (self.height - self.size * 0.72) / 2
        with tagged(self.canv, "P"):
            draw_line(self.canv, self.line, x, foot, self.size, bold=True, align=self.align)


def _clean(text):
    """Like any text on paper, but with the marks around what was filled in."""
    return " ".join("".join(map(_clean_part, re.split(r"([\u2066\u2069])", word))) for word in text.split())


def _clean_part(part):
    return _MARKS.get(part) or lettering.clean(part)


def _turned_round(lines):
    """Lines ready to draw from the right; what was filled in keeps its direction over the end of a line."""
    within = False
    for line in lines:
        whole = LEFT_TO_RIGHT + line if within else line
        within = whole.count(LEFT_TO_RIGHT) > whole.count(POP)
        plain = whole.translate(_NO_MARKS)
        yield f"{RIGHT_TO_LEFT}{whole}{POP}" if any(map(_is_backwards, plain)) else plain


def _is_backwards(char):
    return unicodedata.bidirectional(char) in ("R", "AL")
