"""What the templates of the reports ask of an account: which part it is, and its picture."""

from typing import Any

from django import template
from django.utils.translation import get_language

from reporting.telling import account, picture, saying
from reporting.web.svg import WIDTH, svg

register = template.Library()
DRAWN: dict[type, Any] = {
    account.Trend: picture.trend,
    account.Ranges: picture.ranges,
    account.Scatter: picture.scatter,
    account.Multiples: picture.multiples,
}


@register.filter
def name(period):
    return saying.name_of(period)


@register.filter
def part(block):
    """`table`, `bars`, `calendar`, `text`, or `chart`."""
    return "chart" if type(block) in DRAWN else type(block).__name__.lower()


@register.filter
def drawn(block):
    return svg(DRAWN[type(block)](block, WIDTH), block.alt)


@register.filter
def spark(tile):
    return svg(picture.spark(tile.spark), tile.label) if len(tile.spark) > 1 else ""


@register.filter
def degrees(celsius):
    return saying.degrees(celsius * 10)


@register.filter
def longest(bars):
    """The length that a full bar stands for."""
    return max((length for _label, _said, length in bars.rows if length), default=1)


@register.filter
def in_my_language(said):
    """Of a text in every language the reader's."""
    return said[get_language()]
