"""Words on paper: a text as it is, broken into lines, cut when it is too long."""

from reportlab.platypus import Flowable

from shelter.paper import lettering
from shelter.paper.structure import tagged

LINE, BASELINE = 1.32, 0.32  # of the size: the height of a line, and how far above its foot letters stand


class Words(Flowable):
    """A text of at most so many lines. No markup is read: `<b>&` is printed as four signs.

    `tag` is what it is to who has it read aloud: a paragraph, or a heading (`H1` to `H3`); `language` is a code where
    it is not that of the paper.
    """

    def __init__(self, text, size=9, *, bold=False, align="left", most=2, gap=0, grey=0.0, tag="P",
                 language=""):  # fmt: skip
        super().__init__()
        self.text = lettering.clean(text)
        self.size, self.bold, self.align, self.most, self.grey = size, bold, align, most, grey
        self.spaceAfter, self.tag, self.language = gap, tag, language
        self._lines, self._set_for = [], None

    def wrap(self, width, _height):
        if width != self._set_for:
            self._lines = lettering.lines(self.text, width, self.size, self.bold, self.most)
            self._set_for = self.width = width
            self.height = self.size * LINE * max(1, len(self._lines))
        return self.width, self.height

    def draw(self):
        if self._lines:
            self._draw(self._lines)

    def _draw(self, lines, *, is_joined=True):
        """Lines from the top down; where they are joined, a blank stands between two for whoever hears them."""
        with tagged(self.canv, self.tag, language=self.language):
            foot = self.height
            for number, line in enumerate(lines, 1):
                foot -= self.size * LINE
                draw_line(
                    self.canv, line, self._start, foot + self.size * BASELINE, self.size,
                    bold=self.bold, align=self.align, grey=self.grey, goes_on=is_joined and number < len(lines),
                )  # fmt: skip

    @property
    def _start(self):
        return {"left": 0, "centre": self.width / 2, "right": self.width}[self.align]


def draw_line(canvas, text, x, y, size, *, bold=False, align="left", grey=0.0, goes_on=False):
    """Clean text on a canvas, from, around or up to `x`; a blank after it where the next line goes on."""
    runs = lettering.runs(text, size, bold)
    x -= {"left": 0, "centre": 0.5, "right": 1}[align] * sum(run.width for run in runs)
    canvas.setFillGray(grey)
    for run in runs:
        canvas.setFont(run.font, size)
        canvas.drawString(x, y, run.text)
        x += run.width
    if goes_on:
        canvas.drawString(x, y, " ")
