"""Dates as a language writes them out."""

from django import template
from django.utils.formats import date_format

from shelter.days import WITH_YEAR, WITHOUT_YEAR

register = template.Library()


@register.filter
def day_in_words(day):
    """„Samstag, 21. November“, “Saturday 21 November”."""
    return date_format(day, str(WITHOUT_YEAR))


@register.filter
def date_in_words(day):
    """The same with its year."""
    return date_format(day, str(WITH_YEAR))
