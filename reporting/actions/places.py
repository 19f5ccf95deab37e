"""Keeping what free places there were, for the feed that tells other services of them with a delay."""

from datetime import timedelta

from reporting.models import PlacesSeen
from reporting.queries.places import OFFERED
from shelter import clock, queries
from shelter.queries.house import board_of, capacity_by_zone

EVERY = timedelta(minutes=5)
KEPT = timedelta(days=1)


def keep_places():
    """Tonight's places by zone, every five minutes while they are given, if the house tells of them at all."""
    now = clock.now()
    PlacesSeen.objects.filter(at__lt=now - KEPT).delete()
    night = queries.night_of(clock.tonight())
    if night is None or night.state not in OFFERED or not queries.settings_for(night.date).places_feed:
        return
    if PlacesSeen.objects.filter(night=night, at__gt=now - EVERY).exists():
        return
    PlacesSeen.objects.bulk_create(
        [
            PlacesSeen(night=night, at=now, zone=zone, free=capacity.free, in_service=capacity.in_service)
            for zone, capacity in capacity_by_zone(board_of(night)).items()
        ],
        ignore_conflicts=True,  # two ticks at once
    )
