"""The season so far, as its frozen flash reports tell it, and what can be counted without naming anybody."""

from datetime import date, timedelta

from reporting import ahead
from reporting.queries.facts import CLOSED, is_there
from reporting.queries.reports import flashes_of
from shelter import clock
from shelter.models import BedNight, Night
from shelter.models.ledger import WHOSE
from shelter.queries.house import board_of, capacity_of
from shelter.queries.watch import census_moment


def nights_told(season):
    """Every night of a season that a flash has told of, as it stands in the latest revision."""
    found = {}
    for data in flashes_of(season):
        for row in data["by_night"]:
            if row["night"] == data["last"]:
                found[row["night"]] = row
    return [found[night] for night in sorted(found)]


def nights_ahead(season, told):
    """What may come tonight and in the nights after it, judged by those that were told of."""
    first = clock.tonight()
    coming = Night.objects.filter(
        season=season, date__gte=first, date__lt=first + timedelta(days=ahead.NIGHTS)
    )
    return ahead.expected(
        {date.fromisoformat(row["night"]): row["slept"] for row in told},
        {night.date: capacity_of(board_of(night)).in_service for night in coming},
    )


def people_so_far(season):
    """How many different people slept in the closed nights of a season."""
    closed = dict(Night.objects.filter(season=season, state__in=CLOSED).values_list("pk", "date"))
    slept = set()
    rows = (
        BedNight.objects.filter(night__in=closed, state__in=BedNight.SLEPT).annotate(whose=WHOSE).order_by()
    )
    moments = {pk: census_moment(day) for pk, day in closed.items()}
    for night, whose, arrived_at, left_at in rows.values_list("night", "whose", "arrived_at", "left_at"):
        if is_there(moments[night], arrived_at, left_at):
            slept.add(whose)
    return len(slept)
