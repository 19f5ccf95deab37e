"""What both lists are made of: the sheet around them, the big number on top, a guest in few words."""

from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from reportlab.lib.units import mm
from reportlab.platypus import Table

from shelter import clock, nights
from shelter.days import WITH_YEAR
from shelter.paper import Sheet, Words
from shelter.paper.sheet import TEXT_WIDTH

NUMBER_WIDTH = 46 * mm


def sheet(title, night):
    return Sheet(
        title=title,
        subtitle=_("Night of %(date)s") % {"date": date_format(night.date, str(WITH_YEAR))},
        notice=_("Confidential: names of guests. Shred it in the morning."),
        printed_at=clock.now(),
        language=get_language() or "fr",
    )


def headline(number, what, more=""):
    """The figure that must be read from two steps away, and what it counts."""
    words = [Words(what, 22, bold=True, most=1), Words(more, 12)]
    block = Table(
        [[Words(number, 64, bold=True, most=1), words]],
        colWidths=[NUMBER_WIDTH, TEXT_WIDTH - NUMBER_WIDTH],
        hAlign="LEFT",
        spaceAfter=3 * mm,
    )
    block.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 0),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
        ]
    )
    return block


def time_of(instant):
    return date_format(nights.local(instant), "H:i")


def year_of(guest):
    """The year of birth, or the age as a band where that is all that is known."""
    return str(guest.birth_year or guest.age_band)


def obstacles_of(guest):
    """What would hinder this guest on the way out, in short words."""
    words = [
        (guest.step_free, pgettext("need, in short", "no stairs")),
        (guest.lower_bed, pgettext("need, in short", "lower bed")),
    ]
    return [word for applies, word in words if applies]


def wishes_of(guest):
    """What else the door keeps in mind when it gives a bed, in short words."""
    words = [
        (guest.dog, pgettext("need, in short", "dog")),
        (guest.works_nights, pgettext("need, in short", "works at night")),
        (guest.early_leaver, pgettext("need, in short", "leaves early")),
    ]
    return [word for applies, word in words if applies]
