"""Pictures drawn on paper."""

from reportlab.lib.colors import Color, HexColor, black
from reportlab.platypus import Flowable

from reporting.telling import picture
from shelter.paper import lettering
from shelter.paper.structure import tagged
from shelter.paper.words import draw_line

# One hue, each darker than the one before also in black and white; dark letters on the first five, white on the others.
LEVELS = tuple(map(HexColor, ("#F1F6FB", "#D9E7F5", "#B9D3EA", "#8FB9DC", "#639FCB", "#2F74B0", "#08306B")))
WHITE_FROM = 5
GREYS = {"ink": 0.0, "soft": 0.38}
INKS = {
    "ink": black,
    "soft": Color(0.38, 0.38, 0.38),
    "hair": Color(0.72, 0.72, 0.72),
    "accent": HexColor("#B3261E"),
} | {f"level{place}": colour for place, colour in enumerate(LEVELS)}


class Painted(Flowable):
    """A picture with the words that stand for it; without words it only decorates what is said beside it."""

    def __init__(self, drawn, alt="", gap=0):
        super().__init__()
        self.drawn, self.alt = drawn, lettering.clean(alt)
        self.width, self.height, self.spaceAfter = drawn.width, drawn.height, gap

    def wrap(self, _width, _height):
        return self.width, self.height

    def draw(self):
        if not self.drawn.shapes:
            return
        with tagged(self.canv, "Figure", alt=self.alt, box=self._box()):
            for shape in self.drawn.shapes:
                paint(self.canv, shape)

    def _box(self):
        left, foot = self.canv.absolutePosition(0, 0)
        return left, foot, left + self.width, foot + self.height


def paint(canvas, shape):
    ink = INKS[shape.shade]
    canvas.setFillColor(ink)
    canvas.setStrokeColor(ink)
    if isinstance(shape, picture.Rect):
        canvas.rect(shape.x, shape.y, shape.width, shape.height, stroke=0, fill=1)
    elif isinstance(shape, picture.Line):
        canvas.setLineWidth(shape.width)
        path = canvas.beginPath()
        path.moveTo(*shape.points[0])
        for point in shape.points[1:]:
            path.lineTo(*point)
        canvas.drawPath(path)
    elif isinstance(shape, picture.Dot):
        canvas.setLineWidth(0.6)
        canvas.circle(shape.x, shape.y, shape.radius, stroke=1, fill=int(shape.is_filled))
    else:
        _write(canvas, shape)


def _write(canvas, label):
    draw_line(
        canvas, lettering.clean(label.text), label.x, label.y, label.size,
        bold=label.is_bold, align=label.align, grey=GREYS[label.shade],
    )  # fmt: skip
