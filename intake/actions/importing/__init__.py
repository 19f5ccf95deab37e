"""Bringing in the nights that a shelter kept in a spreadsheet, all or nothing.

This is the one place that writes past rooms, beds, nights and bed-nights as rows. The actions in the house
and at the door refuse the past on purpose: there somebody might be correcting what has been counted. Here the
past is what is brought in, none of it has been counted yet, and a definitive night still stays as it is.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from intake import countries
from intake.actions.importing import writing
from intake.actions.importing.looking import house_behind
from intake.importing.judging import judge
from intake.importing.lines import read_book
from intake.importing.reading import read
from shelter import clock
from shelter.log import Verb, record
from shelter.models import Night


def unwatched(things, what):
    return things


def open_book(file, *, watch=unwatched):
    """What a file says, without a look at the house; and the names of its columns that are not read.

    `file` is open for bytes; `watch(things, what)` passes things on and may count them. Raises
    Incomplete when the file as a whole cannot be read.
    """
    table = read(file)
    book = read_book(
        watch(table, _("lines")),
        columns=table.columns,
        tonight=clock.tonight(),
        is_nationality=countries.is_known,
    )
    return book, table.ignored


def try_season(*, book):
    """What would be written, and every bad line; nothing is written."""
    return judge(book, house_behind(book))


@transaction.atomic
def import_season(*, book, by, watch=unwatched):
    """Write what a book says if none of its lines is bad; the plan that comes back tells.

    A night that is not there is made, closed, with the evening's usual times. One that was planned or opened
    and never closed is closed if nobody is inside or expected, as it would be in the morning.
    """
    _lock_nights(book)
    plan = try_season(book=book)
    if plan.bad:
        return plan
    writing.write(plan, watch=watch)
    dates = plan.dates
    facts = {"first": dates[0].isoformat(), "last": dates[-1].isoformat()} if dates else {}
    record(Verb.SEASON_IMPORTED, by=by, **plan.counts, **facts)
    return plan


def _lock_nights(book):
    dates = {stay.night for stay in book.stays}
    if dates:
        touched = Night.objects.filter(date__range=(min(dates), max(dates)))
        list(touched.select_for_update(no_key=True).order_by("id").values_list("pk"))
