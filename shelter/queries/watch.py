"""Rounds and what they found, who is out, who was without a bed, who waits for one."""

from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Exists, OuterRef, Q

from shelter import nights, offering
from shelter.models import BedNight, Outing, Refusal, RoundMark
from shelter.models.ledger import WHOSE
from shelter.queries.admission import turned_away_last_night
from shelter.queries.house import board_of
from shelter.queries.ledger import nights_of_occupant, refused
from shelter.standing import BedOnBoard

CENSUS = time(4, 0)


def census_moment(day) -> datetime:
    """04:00 local time of the morning after the evening of a date."""
    return nights.instant_of(day, CENSUS)


@dataclass(frozen=True)
class Look:
    """One bed on a round: as the ledger has it, and the mark made, if any."""

    bed: BedOnBoard
    mark: RoundMark | None


def walk_of(round) -> list[tuple[str, list[Look]]]:
    """Every bed in service by dormitory, in the order of a walk, with the marks made so far."""
    marks = {mark.bed_id: mark for mark in round.marks.select_related("expected").order_by("id")}
    rooms: dict[int, tuple[str, list[Look]]] = {}
    for bed in board_of(round.night):
        if bed.state == offering.NOT_OPEN or (bed.state == offering.CLOSED and bed.id not in marks):
            continue
        rooms.setdefault(bed.dormitory_id, (bed.dormitory, []))[1].append(Look(bed, marks.get(bed.id)))
    return list(rooms.values())


def differences_of(round) -> list[RoundMark]:
    """The marks that are not what the ledger said, by bed."""
    marks = round.marks.select_related("bed", "expected__occupant").order_by("bed__label")
    return [mark for mark in marks if mark.differs]


def out_now(night):
    """Who went out for a while and is not back, the longest overdue first."""
    return (
        Outing.objects.filter(
            bed_night__night=night, back_at__isnull=True, bed_night__state=BedNight.State.IN
        )
        .select_related("bed_night__bed", "bed_night__occupant")
        .order_by("expected_at", "out_at", "id")
    )


def slept_at_the_census(night):
    """Bed-nights with somebody in the house at 04:00: these are the nuitées."""
    at = census_moment(night.date)
    return BedNight.objects.filter(
        Q(left_at__isnull=True) | Q(left_at__gt=at), night=night, state__in=BedNight.SLEPT, arrived_at__lte=at
    )


@dataclass(frozen=True)
class WithoutBed:
    """People without a bed at 04:00: those with a file, each once, and those without, repeats left out."""

    known: frozenset[int]
    unknown: int

    @property
    def people(self):
        return len(self.known) + self.unknown


def without_bed(night) -> WithoutBed:
    """Distinct people who asked for a place for this night and had none at 04:00 (reports, 1.3).

    Left out are who slept here, who declined an offer, and who is known to have arrived elsewhere.
    """
    rows = refused(night).annotate(whose=WHOSE)
    slept = slept_at_the_census(night).annotate(whose=WHOSE)
    helped = rows.filter(
        Q(reason=Refusal.Reason.OFFER_DECLINED) | Q(outcome=Refusal.Outcome.ARRIVED), whose__isnull=False
    )
    known = (
        rows.filter(whose__isnull=False)
        .exclude(whose__in=slept.values("whose"))
        .exclude(whose__in=helped.order_by().values("whose"))
    )
    unknown = rows.filter(whose__isnull=True, asked_before=False).exclude(
        Q(reason=Refusal.Reason.OFFER_DECLINED) | Q(outcome=Refusal.Outcome.ARRIVED)
    )
    return WithoutBed(frozenset(known.order_by().values_list("whose", flat=True)), unknown.count())


def waiting_line(night) -> list[int]:
    """Numbers of those refused tonight for lack of a place who have none yet, in the order of their turn.

    First those who had none last night either, then those registered for tonight, then by the time they asked.
    """
    placed = BedNight.objects.filter(night=night, state__in=BedNight.BLOCKS_THE_PERSON).annotate(whose=WHOSE)
    asked: dict[int, datetime] = {}
    rows = (
        refused(night)
        .filter(reason__in=Refusal.FOR_LACK_OF_PLACE, occupant__isnull=False)
        .annotate(whose=WHOSE)
        .exclude(Exists(placed.filter(whose=OuterRef("whose"))))
        .order_by("refused_at", "id")
    )
    for row in rows:
        asked.setdefault(row.whose, row.refused_at)
    again = set(turned_away_last_night(night, list(asked)))
    registered = set(
        night.registrations.filter(withdrawn_at__isnull=True)
        .annotate(whose=WHOSE)
        .filter(whose__in=asked)
        .values_list("whose", flat=True)
    )
    return sorted(asked, key=lambda pk: (pk not in again, pk not in registered, asked[pk], pk))


def conflicts_of(occupant) -> list[list[BedNight]]:
    """Nights that stand twice in the histories of numbers joined into one: each as its rows."""
    by_night: dict[int, list[BedNight]] = {}
    for row in nights_of_occupant(occupant).select_related("bed", "night", "occupant"):
        by_night.setdefault(row.night_id, []).append(row)
    return [rows for rows in by_night.values() if len(rows) > 1]
