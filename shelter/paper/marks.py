"""Marks on paper, drawn as shapes because no font here has them: boxes to tick, words in a frame."""

from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from shelter.paper import lettering
from shelter.paper.structure import artifact, tagged
from shelter.paper.words import draw_line


class Box(Flowable):
    """A box to tick with a pencil, or ticked already; a wide one to write a number into."""

    TICKED, EMPTY = "☑", "☐"

    def __init__(self, size=4.2 * mm, *, ticked=False, width=None):
        super().__init__()
        self.width, self.height = width or size, size
        self.ticked = ticked

    def wrap(self, _width, _height):
        return self.width, self.height

    def draw(self):
        with tagged(self.canv, "Figure", alt=self.TICKED if self.ticked else self.EMPTY):
            self._draw()

    def _draw(self):
        side, canvas = self.width, self.canv
        canvas.setLineWidth(0.8)
        canvas.rect(0, 0, side, self.height)
        if self.ticked:
            canvas.setLineWidth(1.5)
            canvas.setLineCap(1)
            canvas.lines([(0.2 * side, 0.5 * side, 0.42 * side, 0.22 * side)])
            canvas.lines([(0.42 * side, 0.22 * side, 0.84 * side, 0.84 * side)])


class Tag(Flowable):
    """A word in a frame; a filled one is white on black and cannot be overlooked on any printer."""

    PADDING = 1.2 * mm

    def __init__(self, word, size=7, *, filled=False):
        super().__init__()
        self.word, self.size, self.filled = lettering.clean(word), size, filled
        self.height = size * 1.5

    def wrap(self, width, _height):
        room = width - 2 * self.PADDING
        self.word = (lettering.lines(self.word, room, self.size, True, 1) or [""])[0]
        self.width = lettering.width_of(self.word, self.size, True) + 2 * self.PADDING
        return self.width, self.height

    def draw(self):
        canvas = self.canv
        with artifact(canvas):
            canvas.setLineWidth(0.7)
            canvas.setFillGray(0)
            canvas.roundRect(0, 0, self.width, self.height, 1.2, fill=int(self.filled))
        with tagged(canvas, "P"):
            draw_line(
                canvas, self.word, self.PADDING, self.height * 0.28, self.size,
                bold=True, grey=float(self.filled),
            )  # fmt: skip
