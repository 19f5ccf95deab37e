"""Takes the locks that keep two tablets polite; the constraints are what keeps the promise.

SQLite ignores row locks: there every transaction already waits for the one before it (IMMEDIATE).
"""

from django.db.models import OuterRef, Subquery

from shelter.models import BedNight, Night, Setting


def lock_night(night):
    """The night's row as it is now, locked until the end of the transaction.

    Only the date of `night` counts. The setting that limits the number of people comes along as
    `open_places`, as it was typed: counting under this lock is what keeps the limit.
    """
    limit = Setting.objects.filter(key="open_places", first_night__lte=OuterRef("date")).order_by(
        "-first_night", "-id"
    )
    return (
        Night.objects.select_for_update(no_key=True, of=("self",))
        .annotate(open_places=Subquery(limit.values("value")[:1]))
        .get(date=night.date)
    )


def lock_bed_night(bed_night):
    """Night first, then the bed-night as it is now, with its bed and occupant."""
    night = lock_night(bed_night.night)
    fresh = BedNight.objects.select_related("bed", "occupant").get(pk=bed_night.pk)
    fresh.night = night
    return fresh
