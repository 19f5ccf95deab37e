"""A pictogram on paper: the same primitives as on a page, drawn on the canvas."""

from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from intake.pictograms import GRID, PICTOGRAMS, STROKE, Arc, Box, Circle, Line, Primitive
from shelter.paper.structure import artifact


class Pictogram(Flowable):
    """One of the house's pictograms as a square; `size` is in points."""

    def __init__(self, name: str, size: float = 8 * mm, *, grey: float = 0.0):
        super().__init__()
        self.shapes = PICTOGRAMS[name]
        self.width = self.height = size
        self.grey = grey

    def wrap(self, _width, _height):
        return self.width, self.height

    def draw(self):
        with artifact(self.canv):  # what it shows is said beside it
            draw_pictogram(self.canv, self.shapes, 0, 0, self.width, grey=self.grey)


def draw_pictogram(canvas, shapes: tuple[Primitive, ...], x, y, size, *, grey=0.0):
    """Shapes in a square on a canvas, whose lower left corner is at `x`, `y`."""
    canvas.saveState()
    canvas.translate(x, y + size)
    canvas.scale(size / GRID, -size / GRID)
    canvas.setStrokeGray(grey)
    canvas.setFillGray(grey)
    canvas.setLineWidth(STROKE)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    for one in shapes:
        _draw(canvas, one)
    canvas.restoreState()


def _draw(canvas, one):
    match one:
        case Line(points, closed):
            path = canvas.beginPath()
            path.moveTo(*points[0])
            for point in points[1:]:
                path.lineTo(*point)
            if closed:
                path.close()
            canvas.drawPath(path)
        case Circle(x, y, radius, filled):
            canvas.circle(x, y, radius, stroke=int(not filled), fill=int(filled))
        case Box(x, y, width, height, rounding):
            canvas.roundRect(x, y, width, height, rounding)
        case Arc(x, y, radius, start, sweep):
            # The canvas is upside down here, so angles run the other way round.
            canvas.arc(x - radius, y - radius, x + radius, y + radius, -start, -sweep)
