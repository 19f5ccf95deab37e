"""Charts as plain shapes, the same for paper and for pages. Pure.

Lengths are points, (0, 0) is the lower left corner. A shade is a name: `ink`, `soft`, `hair`, `accent`, and `level0` to
`level6` from light to dark; whoever paints says what they look like. Bars begin at zero, and what is said by a shade is
said by a word or a place too.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

from reporting.telling.account import Multiples, Ranges, Scatter, Trend

BIG, SMALL = 7.5, 6.5  # sizes of letters
DARK = 4  # the level bars are drawn in


@dataclass(frozen=True)
class Rect:
    x: float
    y: float
    width: float
    height: float
    shade: str


@dataclass(frozen=True)
class Line:
    points: tuple[tuple[float, float], ...]
    shade: str
    width: float = 0.6


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    radius: float
    shade: str
    is_filled: bool = True


@dataclass(frozen=True)
class Label:
    x: float
    y: float
    text: str
    size: float = SMALL
    align: str = "left"  # left, centre, right
    is_bold: bool = False
    shade: str = "ink"


Shape = Rect | Line | Dot | Label


@dataclass(frozen=True)
class Picture:
    width: float
    height: float
    shapes: tuple[Shape, ...]


def spark(values: Sequence[float], width: float = 96, height: float = 18) -> Picture:
    """A line without axes from zero up, with a dot at its end."""
    if len(values) < 2:
        return Picture(width, height, ())
    top = max(*values, 1e-9)
    step = (width - 6) / (len(values) - 1)
    points = tuple((2 + step * place, 2 + (height - 5) * value / top) for place, value in enumerate(values))
    return Picture(width, height, (Line(points, "soft", 1), Dot(*points[-1], 1.8, "accent")))


def round_top(value: float) -> float:
    """The least even number of one figure and noughts that is not below a value, so that half of it is whole."""
    if value <= 2:
        return 2
    power = 10 ** floor(log10(value))
    return next(power * times for times in range(1, 11) if power * times >= value and power * times % 2 == 0)


def trend(block: Trend, width: float, height: float = 120) -> Picture:
    """A bar for each night, a line for the places there were, a dot over a night with somebody without a bed."""
    left, foot, head = 26.0, 14.0, 24.0
    top = round_top(max(*block.slept, *block.places, 1))
    high, step = height - foot - head, (width - left) / max(1, len(block.slept))
    shapes: list[Shape] = list(_ruled(left, foot, width, high, top))
    for place, slept in enumerate(block.slept):
        shapes.append(
            Rect(left + step * (place + 0.12), foot, step * 0.76, high * slept / top, f"level{DARK}")
        )
    shapes.append(Line(tuple(_steps(block.places, left, foot, step, high / top)), "ink", 1))
    for place in block.marks:
        shapes.append(Dot(left + step * (place + 0.5), foot + high + 5, 2.2, "accent"))
    every = ceil(len(block.labels) / max(1, int((width - left) / 26)))
    for place in range(len(block.labels) - 1, -1, -every):
        shapes.append(Label(left + step * (place + 0.5), 3, block.labels[place], SMALL, "centre"))
    most = max(range(len(block.slept)), key=lambda place: block.slept[place])
    at = left + step * (most + 0.5), foot + high * block.slept[most] / top
    shapes.append(Label(at[0], at[1] + 2, str(block.slept[most]), BIG, "centre", is_bold=True))
    shapes.append(Label(width, height - 8, f"{block.places_label} {block.places[-1]}", BIG, "right"))
    if block.marks:
        shapes += [
            Dot(left + 3, height - 6, 2.2, "accent"),
            Label(left + 9, height - 8, block.marks_label, BIG),
        ]
    return Picture(width, height, tuple(shapes))


def _ruled(left: float, foot: float, width: float, high: float, top: float) -> Iterator[Shape]:
    for part in (0.0, 0.5, 1.0):
        y = foot + high * part
        yield Line(((left, y), (width, y)), "hair", 0.4)
        yield Label(left - 3, y - 2, f"{top * part:g}", SMALL, "right", shade="soft")


def _steps(
    values: Iterable[float], left: float, foot: float, step: float, scale: float
) -> Iterator[tuple[float, float]]:
    for place, value in enumerate(values):
        yield left + step * place, foot + scale * value
        yield left + step * (place + 1), foot + scale * value


def ranges(block: Ranges, width: float, height: float = 250) -> Picture:
    """A bar from the least to the most of each night, a dot where it is likely, a line for the places there are."""
    left, foot, head = 26.0, 14.0, 24.0
    top = round_top(max(*block.places, *(most for _least, _likely, most in block.ranges), 1))
    step, scale = (width - left) / max(1, len(block.ranges)), (height - foot - head) / top
    shapes: list[Shape] = list(_ruled(left, foot, width, scale * top, top))
    for place, (least, likely, most) in enumerate(block.ranges):
        middle = left + step * (place + 0.5)
        wide = min(step * 0.4, 28)
        shapes += [
            Rect(
                middle - wide / 2,
                foot + scale * least,
                wide,
                max(1.0, scale * (most - least)),
                f"level{DARK}",
            ),
            Dot(middle, foot + scale * likely, 2.6, "ink"),
            Label(middle + wide / 2 + 3, foot + scale * likely - 2.5, str(likely), BIG, is_bold=True),
            Label(middle, 3, block.labels[place], SMALL, "centre"),
        ]
    shapes.append(Line(tuple(_steps(block.places, left, foot, step, scale)), "ink", 1))
    shapes.append(Label(width, height - 8, f"{block.places_label} {block.places[-1]}", BIG, "right"))
    return Picture(width, height, tuple(shapes))


def scatter(block: Scatter, width: float, height: float = 190) -> Picture:
    """A point for each night; wet ones are filled, so that they can be told apart without colour."""
    left, foot, head = 26.0, 26.0, 14.0
    across = [point[0] for point in block.points]
    low, high = 5 * floor(min(across) / 5), 5 * ceil(max(across) / 5 + 1e-9)
    top = max(100.0, 10 * ceil(max(point[1] for point in block.points) / 10))
    scale_x, scale_y = (width - left - 6) / max(5, high - low), (height - foot - head) / top
    shapes: list[Shape] = list(_ruled(left, foot, width, height - foot - head, top))
    for degree in range(low, high + 1, 5):
        text = f"{degree}".replace("-", "\N{MINUS SIGN}")
        shapes.append(Label(left + 3 + scale_x * (degree - low), foot - 9, text, SMALL, "centre"))
    for temperature, rate, is_wet in block.points:
        x, y = left + 3 + scale_x * (temperature - low), foot + scale_y * rate
        shapes.append(Dot(x, y, 2.2, f"level{DARK + 1}" if is_wet else "ink", is_filled=bool(is_wet)))
    shapes += [
        Label(width, 2, block.across, BIG, "right"),
        Label(0, height - 8, block.up, BIG),
        Dot(width - 122, height - 5, 2.2, f"level{DARK + 1}"),
        Label(width - 117, height - 8, block.wet, BIG),
        Dot(width - 206, height - 5, 2.2, "ink", is_filled=False),
        Label(width - 201, height - 8, block.dry, BIG),
    ]
    return Picture(width, height, tuple(shapes))


def multiples(block: Multiples, width: float, across: int = 4) -> Picture:
    """Small charts of one scale, in rows."""
    room, high, gap = (width - 10 * (across - 1)) / across, 34.0, 26.0
    rows = ceil(len(block.panels) / across)
    height = rows * (high + gap)
    shapes: list[Shape] = []
    top = max(
        (value for _name, _said, values in block.panels for value in values if value is not None), default=100
    )
    scale = high / max(100.0, top)
    for place, (name, said, values) in enumerate(block.panels):
        left, foot = (place % across) * (room + 10), height - (place // across + 1) * (high + gap) + 4
        shapes += [
            Label(left, foot + high + 6, name if len(name) <= 18 else f"{name[:17]}…", BIG),
            Label(left + room, foot + high + 6, said, BIG, "right", is_bold=True),
            Line(((left, foot), (left + room, foot)), "hair", 0.4),
            Line(((left, foot + 100 * scale), (left + room, foot + 100 * scale)), "hair", 0.4),
        ]
        shapes += _broken_line(values, left, foot, room, scale)
    return Picture(width, height, tuple(shapes))


def _broken_line(
    values: Sequence[float | None], left: float, foot: float, room: float, scale: float
) -> Iterator[Shape]:
    step = room / max(1, len(values) - 1)
    points = [
        None if value is None else (left + step * place, foot + scale * value)
        for place, value in enumerate(values)
    ]
    for one, other in pairwise(points):
        if one and other:
            yield Line((one, other), f"level{DARK + 1}", 1.1)
    for before, point, after in zip([None, *points], points, [*points[1:], None], strict=False):
        if point and not before and not after:
            yield Dot(*point, 1.2, f"level{DARK + 1}")
