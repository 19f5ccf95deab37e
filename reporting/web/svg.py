"""Pictures on pages: the shapes that are drawn on paper, as SVG that follows the page's colours."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from reporting.telling import picture

WIDTH = 720.0
ANCHORS = {"left": "start", "centre": "middle", "right": "end"}


def svg(drawn, alt):
    shapes = mark_safe("".join(_shape(shape, drawn.height) for shape in drawn.shapes))  # noqa: S308 (each is escaped)
    return format_html(
        '<svg class="picture" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        _n(drawn.width), _n(drawn.height), alt, shapes,
    )  # fmt: skip


def _n(value):
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _shape(shape, height):
    if isinstance(shape, picture.Rect):
        return format_html(
            '<rect class="fill {}" x="{}" y="{}" width="{}" height="{}"/>',
            shape.shade, _n(shape.x), _n(height - shape.y - shape.height), _n(shape.width), _n(shape.height),
        )  # fmt: skip
    if isinstance(shape, picture.Line):
        points = format_html_join(" ", "{},{}", ((_n(x), _n(height - y)) for x, y in shape.points))
        return format_html(
            '<polyline class="stroke {}" points="{}" stroke-width="{}"/>',
            shape.shade,
            points,
            _n(shape.width),
        )
    if isinstance(shape, picture.Dot):
        return format_html(
            '<circle class="{} {}" cx="{}" cy="{}" r="{}"/>',
            "fill" if shape.is_filled else "stroke", shape.shade, _n(shape.x), _n(height - shape.y),
            _n(shape.radius),
        )  # fmt: skip
    return format_html(
        '<text class="fill {}{}" x="{}" y="{}" font-size="{}" text-anchor="{}">{}</text>',
        shape.shade, " bold" if shape.is_bold else "", _n(shape.x), _n(height - shape.y), _n(shape.size),
        ANCHORS[shape.align], shape.text,
    )  # fmt: skip
