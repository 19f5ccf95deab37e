"""The nights ahead: who is missing, how many guests are expected, and how many those on duty can look after."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from shelter.models import Night
from shelter.queries import board_of, capacity_of
from shelter.rota.models import Demand
from shelter.rota.queries.coverage import expected_guests, places

AHEAD = 14  # nights


@dataclass(frozen=True)
class Ahead:
    """One night: beds in service, guests expected, places short of people, and what limits the house, if anything.

    `limit` is (place, guests): with those on duty in that place only so many guests can be looked after.
    """

    night: Night
    in_service: int
    expected: int
    short: tuple
    limit: tuple | None

    @property
    def missing(self):
        return sum(place.missing for place in self.short)

    @property
    def cannot_open(self):
        """Whether a place is short without which the house cannot open."""
        return any(place.is_critical for place in self.short)

    @property
    def is_fine(self):
        return not self.short and self.limit is None


def outlook(first, *, nights=AHEAD, plans=()):
    """The next fourteen nights (or so many) that are planned, from a night on."""
    last = first + timedelta(days=nights - 1)
    by_night = defaultdict(list)
    for place in places(first, last + timedelta(days=1), plans=plans):
        by_night[place.shift.night_id].append(place)
    guests = expected_guests(first, last)
    ratios = {
        (shift, skill): per_guests
        for shift, skill, per_guests in Demand.objects.filter(
            shift__night__date__range=(first, last), per_guests__isnull=False
        ).values_list("shift", "skill", "per_guests")
    }
    return [
        _ahead(night, guests.get(night.date, 0), by_night[night.pk], ratios)
        for night in Night.objects.filter(date__range=(first, last)).order_by("date")
    ]


def _ahead(night, expected, here, ratios):
    limits = [
        (place, place.there * ratios[place.shift.pk, place.skill.pk])
        for place in here
        if (place.shift.pk, place.skill.pk) in ratios
    ]
    tightest = min(limits, key=lambda limit: limit[1], default=None)
    return Ahead(
        night=night,
        in_service=capacity_of(board_of(night)).in_service,
        expected=expected,
        short=tuple(place for place in here if place.missing),
        limit=tightest if tightest and tightest[1] < expected else None,
    )
