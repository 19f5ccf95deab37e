"""Takes the locks that keep two tablets polite; the constraints are what keeps the promise.

SQLite ignores row locks: there every transaction already waits for the one before it (IMMEDIATE).
"""

from shelter.models import BedNight, Night


def lock_night(night):
    """The night's row as it is now, locked until the end of the transaction."""
    return Night.objects.select_for_update(no_key=True).get(pk=night.pk)


def lock_bed_night(bed_night):
    """Night first, then the bed-night as it is now, with its bed and occupant."""
    night = lock_night(bed_night.night)
    fresh = BedNight.objects.select_related("bed", "occupant").get(pk=bed_night.pk)
    fresh.night = night
    return fresh
