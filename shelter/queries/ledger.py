"""Who is expected, who slept where, who was refused: by number."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, OuterRef, Q, Subquery, Value, When

from shelter import given
from shelter.models import Bed, BedNight, Merge, Night, Occupant, Refusal, Registration
from shelter.models.ledger import WHOSE

# Of two bed-nights of one person on one night, which counts.
INSIDE_FIRST = ("in", "held", "left")
_INSIDE_FIRST = Case(*(When(state=state, then=Value(place)) for place, state in enumerate(INSIDE_FIRST)))


def numbers_of(occupant):
    """The number of a person and those merged into it; takes a number, a row, or a reference."""
    return Occupant.objects.filter(Q(pk=getattr(occupant, "pk", occupant)) | Q(same_as=occupant)).order_by()


def joined_numbers(at=None) -> dict[int, int]:
    """Each number that is merged into another, and the one that counts; at an earlier instant, as it was then."""
    if at is None:
        rows = Occupant.objects.exclude(same_as=None).order_by("id").values_list("pk", "same_as")
        return {number: whose for number, whose in rows if whose is not None}
    merges = Merge.objects.filter(merged_at__lte=at).exclude(undone_at__lte=at)
    found = dict(merges.order_by("id").values_list("gone", "kept"))
    return {number: found.get(whose, whose) for number, whose in found.items()}


def nights_of_occupant(occupant):
    """Nights that block or were slept, the latest first, with bed and night; those of merged numbers too.

    Where two numbers were joined that both have a bed tonight, the one they are in comes first.
    """
    return (
        BedNight.objects.filter(occupant__in=numbers_of(occupant), state__in=BedNight.BLOCKS_THE_PERSON)
        .select_related("bed", "night")
        .order_by("-night__date", _INSIDE_FIRST, "-id")
    )


def bed_nights_by_number(night, numbers=None) -> dict[int, BedNight]:
    """The bed-night that counts on a night of each number that counts, with its bed; None asks for everybody's."""
    rows = BedNight.objects.filter(night=night, state__in=BedNight.BLOCKS_THE_PERSON).annotate(whose=WHOSE)
    if numbers is not None:
        rows = rows.filter(whose__in=numbers)
    found: dict[int, BedNight] = {}
    for row in rows.select_related("bed", "occupant", "night").order_by(_INSIDE_FIRST, "-id"):
        found.setdefault(row.whose, row)
    return found


def held_of_numbers(night, numbers):
    """Every bed kept on a night for these numbers that count; two joined numbers may have one each."""
    rows = BedNight.objects.filter(night=night, state=BedNight.State.HELD).annotate(whose=WHOSE)
    return rows.filter(whose__in=numbers).select_related("bed", "occupant", "night").order_by("id")


_LATEST = """
SELECT slept.*, bed.label AS bed_label, night.date AS night_date
  FROM shelter_bednight slept CROSS JOIN shelter_night night CROSS JOIN shelter_bed bed
 WHERE slept.occupant_id IN (SELECT id FROM shelter_occupant WHERE id = %(occupant)s OR same_as_id = %(occupant)s)
   AND slept.state IN ('held', 'in', 'left')
   AND night.id = slept.night_id AND night.date <= %(until)s AND bed.id = slept.bed_id
 ORDER BY night.date DESC, CASE slept.state WHEN 'in' THEN 0 WHEN 'held' THEN 1 ELSE 2 END, slept.id DESC
 LIMIT 3
"""


def latest_of_occupant(occupant, night) -> list[BedNight]:
    """The first three of `nights_of_occupant` until a night, each with its bed's label and its night's date.

    In SQL because every registration and every check-in asks for them.
    """
    rows: list[Any] = list(
        BedNight.objects.raw(_LATEST, {"occupant": occupant.pk, "until": night.date.isoformat()})
    )
    for row in rows:
        row.bed = Bed(pk=row.bed_id, label=row.bed_label)
        row.night = Night(pk=row.night_id, date=given.day(row.night_date))
    return rows


def last_bed_of(occupant_ids, before: date) -> dict[int, BedNight]:
    """For each occupant the bed-night last slept before a date, with its bed and night."""
    latest = (
        BedNight.objects.filter(
            occupant__in=numbers_of(OuterRef(OuterRef("pk"))),
            state__in=BedNight.SLEPT,
            night__date__lt=before,
        )
        .order_by("-night__date", "-id")
        .values("pk")[:1]
    )
    last = (
        Occupant.objects.filter(pk__in=occupant_ids).order_by().annotate(last=Subquery(latest)).values("last")
    )
    rows = BedNight.objects.filter(pk__in=last).select_related("bed", "night", "occupant").order_by("id")
    return {row.occupant.same_as_id or row.occupant_id: row for row in rows}


def present(night):
    """Who is inside now, by bed."""
    return (
        BedNight.objects.filter(night=night, state=BedNight.State.IN)
        .select_related("bed", "occupant", "night")
        .order_by("bed__label")
    )


def placed(night):
    """Everybody with a bed tonight: expected, here, or gone again."""
    return (
        BedNight.objects.filter(night=night, state__in=BedNight.BLOCKS_THE_PERSON)
        .select_related("bed", "occupant", "night")
        .order_by("id")
    )


def registered(night):
    """Tonight's registrations that stand."""
    return Registration.objects.filter(night=night, withdrawn_at__isnull=True).order_by("id")


def numbers_registered(night) -> list[int]:
    """The numbers that count of everybody registered for a night, the lowest first."""
    return sorted(set(registered(night).annotate(whose=WHOSE).values_list("whose", flat=True)))


def refused(night):
    """Those refused tonight, and offers declined, that stand."""
    return Refusal.objects.filter(night=night, withdrawn_at__isnull=True)


@dataclass(frozen=True)
class NightCounts:
    """How an evening stands, in people."""

    registered: int
    arrived: int
    expected: int
    present: int
    refused: int
    declined: int


def counts_of(night) -> NightCounts:
    expected_ids = set(numbers_registered(night))
    states = dict(
        BedNight.objects.filter(night=night, state__in=BedNight.BLOCKS_THE_PERSON, kept_for="")
        .annotate(whose=WHOSE)
        .order_by("id")
        .values_list("whose", "state")
    )
    came = {occupant for occupant, state in states.items() if state in BedNight.SLEPT}
    reasons = list(refused(night).order_by("id").values_list("reason", flat=True))
    declined = sum(reason == Refusal.Reason.OFFER_DECLINED for reason in reasons)
    return NightCounts(
        registered=len(expected_ids),
        arrived=len(came),
        expected=len(expected_ids - came),
        present=sum(state == BedNight.State.IN for state in states.values()),
        refused=len(reasons) - declined,
        declined=declined,
    )
