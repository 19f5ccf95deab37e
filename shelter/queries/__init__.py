"""Questions to the ground floor: querysets or frozen rows for one screen or one figure."""

from shelter.queries.house import (
    Capacity,
    bed_on_board,
    board_of,
    capacity_by_zone,
    capacity_of,
    places_of,
)
from shelter.queries.ledger import (
    NightCounts,
    counts_of,
    last_bed_of,
    nights_of_occupant,
    placed,
    present,
    refused,
    registered,
)
from shelter.queries.log import UNDOABLE, log_of, undoable
from shelter.queries.nights import Schedule, evening, night_of, nights_run, schedule_of, settings_for
from shelter.standing import BedOnBoard

__all__ = [
    "UNDOABLE",
    "BedOnBoard",
    "Capacity",
    "NightCounts",
    "Schedule",
    "bed_on_board",
    "board_of",
    "capacity_by_zone",
    "capacity_of",
    "counts_of",
    "evening",
    "last_bed_of",
    "log_of",
    "night_of",
    "nights_of_occupant",
    "nights_run",
    "placed",
    "places_of",
    "present",
    "refused",
    "registered",
    "schedule_of",
    "settings_for",
    "undoable",
]
