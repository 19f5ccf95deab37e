"""The names behind numbers, and what a guest card shows."""

from intake.models import Guest
from shelter.models import BedNight, LogEntry


def guests_by_occupant(occupant_ids) -> dict[int, Guest]:
    return {
        guest.occupant_id: guest
        for guest in Guest.objects.filter(occupant__in=occupant_ids).select_related("occupant").order_by("id")
    }


def nights_slept(guest):
    """The guest's nights, the latest first."""
    return (
        BedNight.objects.filter(occupant=guest.occupant_id, state__in=BedNight.SLEPT)
        .select_related("bed", "night")
        .order_by("-night__date")
    )


def readers_of(guest, since):
    """How many colleagues opened this file since an instant."""
    return (
        LogEntry.objects.filter(occupant=guest.occupant_id, verb="guest_read", at__gte=since)
        .order_by("by")
        .values("by")
        .distinct()
        .count()
    )
