"""The house's own pictograms: calm outlines of one thickness on a grid of 24 by 24, from the top left.

Made of four primitives, so that a page and a sheet of paper draw the same picture. None shows a red cross,
which is a protected emblem.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, radians, sin

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

GRID, STROKE = 24, 1.6


@dataclass(frozen=True)
class Line:
    """Straight from point to point, and back to the first where it is closed."""

    points: tuple[tuple[float, float], ...]
    closed: bool = False


@dataclass(frozen=True)
class Circle:
    x: float
    y: float
    radius: float
    filled: bool = False


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    rounding: float = 0


@dataclass(frozen=True)
class Arc:
    """Part of a circle, in degrees against the clock; 0 is at the right, 90 at the top."""

    x: float
    y: float
    radius: float
    start: float
    sweep: float

    def point(self, angle: float) -> tuple[float, float]:
        return (
            self.x + self.radius * cos(radians(angle)),
            self.y - self.radius * sin(radians(angle)),
        )


Primitive = Line | Circle | Box | Arc


def _line(*numbers: float, closed: bool = False) -> Line:
    return Line(tuple(zip(numbers[::2], numbers[1::2], strict=True)), closed)


def _forbidden(*things: Primitive) -> tuple[Primitive, ...]:
    """In the ring with a bar that is known everywhere."""
    return (*things, Circle(12, 12, 10), _line(4.9, 4.9, 19.1, 19.1))


_AHEAD = (_line(19, 20.5, 19, 6), _line(15.8, 9.4, 19, 6, 22.2, 9.4))
_LEGS = (_line(7, 16.5, 7, 21.2), _line(10, 16.5, 10, 21.2))

PICTOGRAMS: Mapping[str, tuple[Primitive, ...]] = {
    "house": (
        _line(2.5, 11.5, 12, 3, 21.5, 11.5),
        _line(5, 9.6, 5, 21, 19, 21, 19, 9.6),
        _line(9.5, 21, 9.5, 14.5, 14.5, 14.5, 14.5, 21),
    ),
    "bed": (
        _line(2.5, 6, 2.5, 19.5),
        _line(2.5, 16.2, 21.5, 16.2),
        Circle(6.6, 12.2, 2),
        _line(10.8, 16.2, 10.8, 10.2, 18.3, 10.2),
        Arc(18.3, 13.4, 3.2, 0, 90),
        _line(21.5, 13.4, 21.5, 19.5),
    ),
    "no_bed": (
        _line(2.5, 10.5, 2.5, 21.5),
        _line(2.5, 19, 21.5, 19),
        Circle(6.3, 15.6, 1.7),
        _line(10, 19, 10, 14.2, 18.9, 14.2),
        Arc(18.9, 16.8, 2.6, 0, 90),
        _line(21.5, 16.8, 21.5, 21.5),
        _line(11, 3, 18, 10),
        _line(18, 3, 11, 10),
    ),
    "card": (
        Box(2, 5, 20, 14, 2),
        Box(5.2, 8.6, 5.4, 5.4),
        _line(13.8, 9.2, 18.8, 9.2),
        _line(13.8, 13.2, 18.8, 13.2),
    ),
    "woman": (Circle(8.5, 4.6, 2.2), _line(8.5, 8.4, 12.8, 16.5, 4.2, 16.5, closed=True), *_LEGS, *_AHEAD),
    "man": (Circle(8.5, 4.6, 2.2), Box(4.9, 8.6, 7.2, 7.9, 1.8), *_LEGS, *_AHEAD),
    "signpost": (
        _line(11.5, 2.2, 11.5, 5),
        _line(4, 5, 17, 5, 20.8, 8.5, 17, 12, 4, 12, closed=True),
        _line(11.5, 12, 11.5, 21.5),
        _line(8, 21.5, 15, 21.5),
    ),
    "alarm": (
        Circle(12, 13, 7.5),
        _line(12, 8.8, 12, 13, 15, 14.8),
        _line(2.8, 6.6, 6.6, 3.2),
        _line(21.2, 6.6, 17.4, 3.2),
        _line(6.6, 18.6, 4.8, 21.2),
        _line(17.4, 18.6, 19.2, 21.2),
    ),
    "hourglass": (
        _line(5.5, 2.8, 18.5, 2.8),
        _line(5.5, 21.2, 18.5, 21.2),
        _line(7.2, 2.8, 7.2, 7, 12, 12, 16.8, 7, 16.8, 2.8),
        _line(7.2, 21.2, 7.2, 17, 12, 12, 16.8, 17, 16.8, 21.2),
        _line(9.8, 18.2, 14.2, 18.2),
    ),
    "plaster": (
        Box(1.8, 7.6, 20.4, 8.8, 4.4),
        _line(8, 7.6, 8, 16.4),
        _line(16, 7.6, 16, 16.4),
        *(Circle(x, y, 0.7, filled=True) for x in (10.6, 13.4) for y in (10.6, 13.4)),
    ),
    "stethoscope": (
        _line(6.4, 3, 4.6, 3, 4.6, 8.6),
        _line(11.8, 3, 13.6, 3, 13.6, 8.6),
        Arc(9.1, 8.6, 4.5, 180, 180),
        _line(9.1, 13.1, 9.1, 16.2),
        Arc(13.9, 16.2, 4.8, 180, 180),
        _line(18.7, 16.2, 18.7, 13.4),
        Circle(18.7, 11, 2.4),
    ),
    "no_alcohol": _forbidden(
        _line(10.6, 5.6, 13.4, 5.6, 13.4, 9, 15, 11.2, 15, 18.4, 9, 18.4, 9, 11.2, 10.6, 9, closed=True),
    ),
    "no_smoking": _forbidden(
        Box(5.4, 13, 13.2, 2.8, 0.4),
        _line(15.4, 13, 15.4, 15.8),
        _line(17.4, 10.6, 16.4, 9.2, 17.4, 7.8),
    ),
    "no_weapon": _forbidden(
        _line(6.6, 17.4, 10.4, 13.6),
        _line(9.4, 12.4, 16.6, 5.4, 17, 8.6, 11.6, 14.6, closed=True),
    ),
    "padlock": (
        Box(4.5, 10.5, 15, 11, 2),
        _line(7.8, 10.5, 7.8, 7),
        Arc(12, 7, 4.2, 0, 180),
        _line(16.2, 7, 16.2, 10.5),
        Circle(12, 15, 1.2, filled=True),
        _line(12, 15, 12, 18),
    ),
    "shower": (
        _line(4, 21.5, 4, 6.2),
        Arc(8, 6.2, 4, 0, 180),
        _line(12, 6.2, 12, 7.8),
        Arc(12, 12.3, 4.5, 0, 180),
        _line(7, 12.3, 17, 12.3),
        *(_line(x, 15, x, 16.2) for x in (9, 12, 15)),
        *(_line(x, 19.2, x, 20.6) for x in (8.2, 12, 15.8)),
    ),
    "meal": (
        _line(2.5, 12, 21.5, 12),
        Arc(12, 12, 8, 180, 180),
        _line(8.5, 21.2, 15.5, 21.2),
        *(_line(x, 9, x - 0.9, 7.2, x + 0.9, 5, x, 3.2) for x in (8.5, 12, 15.5)),
    ),
    "quiet": (
        _line(2.8, 9.2, 7, 9.2, 12, 5, 12, 19, 7, 14.8, 2.8, 14.8, closed=True),
        _line(15.6, 9, 21.4, 15),
        _line(21.4, 9, 15.6, 15),
    ),
    "bus": (
        Box(2.5, 4, 19, 13, 2.2),
        _line(2.5, 11, 21.5, 11),
        _line(8.8, 4, 8.8, 11),
        _line(15.2, 4, 15.2, 11),
        Circle(7, 18.8, 1.9),
        Circle(17, 18.8, 1.9),
    ),
    "door_out": (
        _line(13.5, 2.8, 3.5, 2.8, 3.5, 21.2, 13.5, 21.2),
        _line(8.5, 12, 21.3, 12),
        _line(17.2, 7.8, 21.3, 12, 17.2, 16.2),
    ),
    "dog": (
        _line(
            2.5, 8, 5, 11.4, 13.6, 11.4, 14.4, 5.2, 17, 7.2, 19.2, 7.6, 22, 10.4, 21, 12.4, 17.8, 13, 17.8, 21,
            15.2, 21, 15.2, 16.6, 7.8, 16.6, 7.8, 21, 5.2, 21, 5.2, 14, 2.5, 8,
        ),
        Circle(17.4, 9.8, 0.8, filled=True),
    ),
    "moon": (
        Arc(11, 13, 8.4, 80, 270),
        Arc(18.04, 8.07, 6.51, 149.1, 131.8),
        _line(19.6, 2.6, 19.6, 6),
        _line(17.9, 4.3, 21.3, 4.3),
    ),
    "file": (
        _line(4.8, 2.5, 14, 2.5, 19.2, 7.7, 19.2, 21.5, 4.8, 21.5, closed=True),
        _line(14, 2.5, 14, 7.7, 19.2, 7.7),
        Circle(12, 12, 1.9),
        Arc(12, 18.8, 3.6, 0, 180),
    ),
    "speech": (
        _line(2.5, 4, 21.5, 4, 21.5, 16.5, 12.5, 16.5, 7, 21.5, 7, 16.5, 2.5, 16.5, closed=True),
        *(Circle(x, 10.2, 0.9, filled=True) for x in (7.5, 12, 16.5)),
    ),
}  # fmt: skip


def svg(name: str, title: str = "") -> SafeString:
    """The pictogram for a page, in the colour of the text around it.

    With a title it is an image of that name; without one it is hidden from those who listen to the page.
    """
    shapes = format_html_join("", "{}", ((_element(one),) for one in PICTOGRAMS[name]))
    role = (
        format_html('role="img"><title>{}</title>', title)
        if title
        else SafeString('aria-hidden="true" focusable="false">')
    )
    return format_html(
        '<svg class="pictogram" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {grid} {grid}" fill="none" '
        'stroke="currentColor" stroke-width="{stroke}" stroke-linecap="round" stroke-linejoin="round" '
        "{role}{shapes}</svg>",
        grid=GRID, stroke=STROKE, role=role, shapes=shapes,
    )  # fmt: skip


def _element(one: Primitive) -> SafeString:
    match one:
        case Line(points, closed):
            place = " ".join(f"{x:g},{y:g}" for x, y in points)
            return format_html('<{} points="{}"/>', "polygon" if closed else "polyline", place)
        case Circle(x, y, radius, filled):
            paint = SafeString(' fill="currentColor" stroke="none"') if filled else ""
            return format_html('<circle cx="{}" cy="{}" r="{}"{}/>', x, y, radius, paint)
        case Box(x, y, width, height, rounding):
            return format_html(
                '<rect x="{}" y="{}" width="{}" height="{}" rx="{}"/>', x, y, width, height, rounding
            )
        case Arc(_x, _y, radius, start, sweep):
            (x1, y1), (x2, y2) = one.point(start), one.point(start + sweep)
            path = f"M{x1:.2f} {y1:.2f}A{radius:g} {radius:g} 0 {int(sweep > 180)} 0 {x2:.2f} {y2:.2f}"
            return format_html('<path d="{}"/>', path)
