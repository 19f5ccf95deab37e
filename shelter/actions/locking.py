"""Takes the locks that keep two tablets polite; the constraints are what keeps the promise.

SQLite ignores row locks: there every transaction already waits for the one before it (IMMEDIATE).
"""

from django.db import connection

from shelter.models import BedNight, Night

# In SQL, because every verb begins with it: the ORM takes ten times as long to write it as it takes to run.
_NIGHT = """
SELECT night.*, (SELECT setting.value FROM shelter_setting setting
                  WHERE setting.key = 'open_places' AND setting.first_night <= night.date
                  ORDER BY setting.first_night DESC, setting.id DESC LIMIT 1) AS open_places
  FROM shelter_night night WHERE night.date = %s
"""
LOCKED = " FOR NO KEY UPDATE OF night"


def lock_night(night):
    """The night's row as it is now, locked until the end of the transaction.

    Only the date of `night` counts. The setting that limits the number of people comes along as
    `open_places`, as it was typed: counting under this lock is what keeps the limit.
    """
    sql = _NIGHT + (LOCKED if connection.features.has_select_for_no_key_update else "")
    rows = list(Night.objects.raw(sql, [f"{night.date:%Y-%m-%d}"]))
    if not rows:
        raise Night.DoesNotExist
    return rows[0]


def lock_nights(first_night, last_night=None):
    """Every night from a date on, until a date or without end, locked until the end of the transaction.

    For what changes the house under people who may be coming in: a bed is not put away while it is given.
    """
    nights = Night.objects.select_for_update(no_key=True).filter(date__gte=first_night).order_by("date")
    if last_night is not None:
        nights = nights.filter(date__lte=last_night)
    list(nights.values_list("pk"))


def lock_bed_night(bed_night):
    """Night first, then the bed-night as it is now, with its bed and occupant."""
    night = lock_night(bed_night.night)
    fresh = BedNight.objects.select_related("bed", "occupant").get(pk=bed_night.pk)
    fresh.night = night
    return fresh
