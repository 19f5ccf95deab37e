"""Which free places are told to other services now: those of a while ago."""

from datetime import timedelta

from reporting.models import PlacesSeen
from reporting.places import Places
from shelter import clock, queries
from shelter.models import Night
from shelter.queries.house import capacity_by_zone
from shelter.standing import beds_on

OFFERED = (Night.State.LIST_FROZEN, Night.State.DOORS_OPEN)  # when places are still given
STALE = timedelta(minutes=20)  # what was seen so long before is told no more


def told(delay_minutes):
    """Places as they were so many minutes ago; none when no more are given, or nobody has looked since."""
    night = queries.night_of(clock.tonight())
    if night is None or night.state not in OFFERED:
        return []
    until = clock.now() - timedelta(minutes=delay_minutes)
    seen = PlacesSeen.objects.filter(night=night, at__lte=until, at__gt=until - STALE)
    last = seen.order_by("-at").first()
    if last is None:
        return []
    return [Places(row.zone, row.free, row.in_service, row.at) for row in seen.filter(at=last.at)]


def zones():
    """The zones that have beds tonight."""
    return list(capacity_by_zone(beds_on(clock.tonight())))
