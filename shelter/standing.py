"""Which beds stand where on a date: the one place that reads the dated rows of the house.

One statement for the whole house or for one bed. It is written in SQL because it runs at every check-in and
the same sentence built by the ORM costs twenty times as much to build as to run.
"""

from datetime import date
from typing import NamedTuple

from django.db import connection

from shelter import given, offering

_BEDS = """
WITH latest_position AS (SELECT bed_id, MAX(first_night) AS first_night FROM shelter_bedposition
                          WHERE first_night <= %(night)s GROUP BY bed_id),
latest_zoning AS (SELECT dormitory_id, MAX(first_night) AS first_night FROM shelter_zoning
                   WHERE first_night <= %(night)s GROUP BY dormitory_id)
SELECT bed.id, bed.label, bed.level, bed.step_free, bed.layer,
       dormitory.id, dormitory.name,
       COALESCE(zoning.zone, ''),
       CASE WHEN taker.state = 'in' THEN 'occupied'
            WHEN taker.state = 'held' THEN 'held'
            WHEN bed.layer <> 'nominal' AND bed.opening_order > COALESCE(
                   (SELECT SUM(activation.number) FROM shelter_activation activation
                     WHERE activation.layer = bed.layer AND activation.first_night <= %(night)s
                       AND (activation.last_night IS NULL OR activation.last_night >= %(night)s)), 0)
            THEN 'not_open'
            WHEN closure.id IS NOT NULL THEN 'closed'
            ELSE 'free' END,
       closure.reason, closure.last_night,
       taker.id, taker.occupant_id,
       CASE WHEN taker.state = 'held' THEN taker.kept_for ELSE '' END
  FROM shelter_bed bed
  JOIN latest_position ON latest_position.bed_id = bed.id
  JOIN shelter_bedposition stands ON stands.bed_id = bed.id AND stands.first_night = latest_position.first_night
  JOIN shelter_dormitory dormitory ON dormitory.id = stands.dormitory_id
  LEFT JOIN latest_zoning ON latest_zoning.dormitory_id = dormitory.id
  LEFT JOIN shelter_zoning zoning ON zoning.dormitory_id = dormitory.id
        AND zoning.first_night = latest_zoning.first_night
  LEFT JOIN shelter_closure closure ON closure.id =
       (SELECT MIN(running.id) FROM shelter_closure running
         WHERE (running.bed_id = bed.id OR running.dormitory_id = dormitory.id)
           AND running.withdrawn_at IS NULL AND running.first_night <= %(night)s
           AND (running.last_night IS NULL OR running.last_night >= %(night)s))
  LEFT JOIN shelter_bednight taker ON taker.bed_id = bed.id AND taker.state IN ('held', 'in')
       AND taker.night_id = (SELECT night.id FROM shelter_night night WHERE night.date = %(night)s)
"""
LARGEST_ID = 2**63 - 1  # beyond it the databases refuse to look
_IN_WALKING_ORDER = " ORDER BY dormitory.position, dormitory.id, bed.label"


class BedOnBoard(NamedTuple):
    """One bed as it stands on a night, as the statement tells it: who lies in it counts first, then whether
    it is opened, then whether it is in service. `state` is one of offering.FREE, HELD, OCCUPIED, CLOSED, NOT_OPEN;
    `bed_night` and `occupant` are ids, of the row that blocks the bed.
    """

    id: int
    label: str
    level: str
    step_free: bool
    layer: str
    dormitory_id: int
    dormitory: str
    zone: str
    state: str
    closed_for: str | None
    closed_until: date | None
    bed_night: int | None
    occupant: int | None
    kept_for: str = ""

    @property
    def counts_as_installed(self):
        return self.state != offering.NOT_OPEN

    @property
    def is_in_service(self):
        return self.state not in (offering.NOT_OPEN, offering.CLOSED)


def beds_on(day: date) -> list[BedOnBoard]:
    """Every bed standing in the house on the night of a date, in the order of a walk through it."""
    return _read(_BEDS + _IN_WALKING_ORDER, {"night": day.isoformat()})


def bed_on(day: date, bed_id: int) -> BedOnBoard | None:
    """One bed; None when it does not stand in the house on that night."""
    if not 0 < bed_id <= LARGEST_ID:
        return None
    found = _read(_BEDS + " WHERE bed.id = %(bed)s", {"night": day.isoformat(), "bed": bed_id})
    return found[0] if found else None


def _read(sql, values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [_bed(*row) for row in cursor.fetchall()]


def _bed(
    pk, label, level, step_free, layer, dormitory_id, dormitory, zone, state, closed_for, closed_until, *taker
):  # fmt: skip
    return BedOnBoard(
        pk, label, level, bool(step_free), layer, dormitory_id, dormitory, zone, state, closed_for,
        given.day(closed_until), *taker,
    )  # fmt: skip
