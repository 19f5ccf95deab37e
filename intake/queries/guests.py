"""The names behind numbers, and what a guest card shows."""

from intake.models import Guest
from shelter.models import BedNight, LogEntry
from shelter.queries import numbers_of

# What it takes to follow a file to the one it was joined with without asking again.
WITH_KEPT = ("occupant__same_as__guest__occupant",)


def guests_by_occupant(occupant_ids) -> dict[int, Guest]:
    """The guest behind each number; behind a number joined with another, the guest of that one."""
    guests = Guest.objects.filter(occupant__in=occupant_ids).select_related(*WITH_KEPT).order_by("id")
    return {guest.occupant_id: guest.kept for guest in guests}


def kept_of(guests) -> list[Guest]:
    """These files, each followed to the one it was joined with, each once, in order."""
    return list({guest.kept.pk: guest.kept for guest in guests}.values())


def nights_slept(guest):
    """The guest's nights, the latest first."""
    return (
        BedNight.objects.filter(occupant__in=numbers_of(guest.occupant), state__in=BedNight.SLEPT)
        .select_related("bed", "night")
        .order_by("-night__date", "-id")
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
