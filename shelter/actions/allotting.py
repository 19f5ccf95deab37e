"""Proposing a plan for a whole night, and giving the beds that people accept of it."""

from dataclasses import dataclass

from django.db import transaction

from shelter import allocating, clock, errors, queries, rules
from shelter.actions.locking import lock_night
from shelter.actions.placing import admission_of, keep, let_go
from shelter.log import Verb, record
from shelter.models import BedNight, BedPlan, Occupant, PlannedBed
from shelter.models.ledger import WHOSE

CAUSE = "plan"


def propose(*, night, needs, by, pinned=frozenset()) -> BedPlan:
    """Plan a night and keep the plan; nothing else changes. `needs` as in `queries.evening_to_plan`.

    Nobody waits for it: the house is read, the plan is made without any lock, and its lines are written down.
    """
    rules.night_takes_registrations(night)
    evening = queries.evening_to_plan(night, needs, pinned)
    plan = allocating.plan(evening.house, evening.people)
    return _write(plan, evening, night, by, pinned)


@transaction.atomic
def _write(plan, evening, night, by, pinned):
    row = BedPlan.objects.create(
        night=night, made_at=clock.now(), made_by=by.person, as_of=evening.as_of,
        objective=plan.objective, bound=plan.bound,
    )  # fmt: skip
    lines = [
        *(
            {"occupant_id": number, "bed_id": bed, "reasons": _plain(reasons)}
            for number, bed, reasons in plan.given
        ),
        *(
            {
                "occupant_id": number,
                "reasons": _plain([bound_by]),
                "change": _plain([change])[0] if change else None,
            }
            for number, bound_by, change in plan.without
        ),
        *({"occupant_id": number, "reasons": [["excluded", {}]]} for number in evening.excluded),
    ]
    PlannedBed.objects.bulk_create(
        PlannedBed(plan=row, position=position, is_pinned=line["occupant_id"] in pinned, **line)
        for position, line in enumerate(lines, 1)
    )
    record(Verb.PLAN_MADE, by=by, night=night, people=len(plan.given), without=len(lines) - len(plan.given))
    return row


def _plain(reasons):
    return [[reason.code, dict(reason.facts)] for reason in reasons]


@dataclass(frozen=True)
class Applied:
    """What became of the lines that were accepted: numbers with a bed now, and numbers with the code that refused."""

    held: tuple[int, ...]
    refused: dict[int, str]


@transaction.atomic(savepoint=False)
def apply(*, plan, by, numbers=None) -> Applied:
    """Keep the planned beds for these people (None: for all). Who is here, or has come and gone, is left alone.

    All beds that change hands are let go first, so that two people can swap. A bed that is no longer to be had is
    refused by itself, with its code; the bed kept until then stays kept if it is still free.
    """
    night = lock_night(plan.night)
    rules.night_takes_registrations(night)
    lines = plan.lines.filter(bed__isnull=False).select_related("bed", "occupant").order_by("position")
    if numbers is not None:
        lines = lines.filter(occupant__in=numbers)
    lines = list(lines)
    now = _bed_nights(night, [line.occupant_id for line in lines])
    to_change = [line for line in lines if _changes(now.get(line.occupant_id), line)]
    before = {}
    for line in to_change:
        row = now.get(line.occupant_id)
        if row is not None:
            before[line.occupant_id] = row.bed_id
            let_go(row, by=by, cause=CAUSE)
    held, refused = [], {}
    for line in to_change:
        try:
            _keep(line, night, by)
            held.append(line.occupant_id)
        except errors.Refused as refusal:
            refused[line.occupant_id] = refusal.code
    for number in refused:
        _keep_as_before(number, before.get(number), night, by)
    accepted = [line.pk for line in lines if line.occupant_id not in refused]
    PlannedBed.objects.filter(pk__in=accepted).update(accepted_at=clock.now())
    record(Verb.PLAN_APPLIED, by=by, night=night, plan=plan.pk, people=len(held), refused=len(refused))
    return Applied(tuple(held), refused)


def _bed_nights(night, numbers):
    """The bed-night that counts tonight of each number, joined ones included."""
    rows = BedNight.objects.filter(night=night, state__in=BedNight.BLOCKS_THE_PERSON).annotate(whose=WHOSE)
    found: dict[int, BedNight] = {}
    for row in rows.filter(whose__in=numbers).select_related("bed", "occupant", "night").order_by("id"):
        if row.whose not in found or row.state != BedNight.State.HELD:
            found[row.whose] = row
    return found


def _changes(row, line):
    """Whether following the plan would change anything for somebody who is still to come."""
    return row is None or (row.state == BedNight.State.HELD and row.bed_id != line.bed_id)


def _keep(line, night, by):
    admission = admission_of(line.occupant, night)
    place = queries.bed_on_board(night, line.bed_id)
    if place is None or not place.is_in_service:
        raise errors.BedOutOfService(bed=line.bed.label)
    if place.bed_night is not None:
        raise errors.BedTaken(bed=line.bed.label)
    if place.dormitory_id in admission.rooms_to_avoid:
        raise errors.KeptApart(dormitory=place.dormitory)
    if not admission.is_registered:
        raise errors.NotRegistered()
    keep(occupant=line.occupant, place=place, night=night, by=by, cause=CAUSE)


def _keep_as_before(number, bed_id, night, by):
    place = queries.bed_on_board(night, bed_id) if bed_id else None
    if place is not None and place.is_in_service and place.bed_night is None:
        keep(occupant=Occupant(pk=number), place=place, night=night, by=by, cause=CAUSE)
