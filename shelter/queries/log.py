"""What was done in a night, and what of it may still be taken back."""

from django.db.models import Q

from shelter.models import BedNight, LogEntry

UNDOABLE = ("checked_in", "moved", "left", "returned", "released", "refused")


def undoable(night, *, limit=5):
    """The last acts at the door that may still be taken back, the latest first."""
    return (
        LogEntry.objects.filter(
            Q(bed_night__isnull=False) | Q(verb="refused"),
            night=night,
            verb__in=UNDOABLE,
            undone_by__isnull=True,
        )
        .exclude(bed_night__state=BedNight.State.UNDONE)
        .select_related("bed", "occupant", "bed_night")
        .order_by("-id")[:limit]
    )


def log_of(night):
    return (
        LogEntry.objects.filter(night=night)
        .select_related("by", "on_behalf_of", "occupant", "bed", "night")
        .order_by("-id")
    )
