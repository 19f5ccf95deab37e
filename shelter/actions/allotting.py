"""Proposing a plan for a whole night, and giving the beds that people accept of it."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from shelter import allocating, clock, errors, queries, rules
from shelter.actions.giving import Given, give
from shelter.actions.locking import lock_night
from shelter.log import Verb, record
from shelter.models import Bed, BedNight, BedPlan, Occupant, PlannedBed


@dataclass(frozen=True)
class Proposal:
    """A plan that has been worked out and is not kept yet, with the evening it was made from, the plan before, and the
    beds and the fixed people which that had.
    """

    evening: queries.ToPlan
    plan: allocating.Plan
    before: BedPlan | None
    planned: dict[int, int]
    fixed: set[int]


def work_out(*, night, needs, as_of=0) -> Proposal:
    """Plan a night. It reads and calculates, for a second or so: nobody waits for it, and nothing is written.

    `needs` and `as_of` as in `queries.evening_to_plan`. Who was fixed in the plan before stays in the bed kept for
    them, and of plans that are worth the same one is made that changes least.
    """
    rules.night_takes_registrations(night)
    before = queries.latest_plan(night)
    lines = dict(before.lines.filter(bed__isnull=False).values_list("occupant", "bed")) if before else {}
    fixed = _fixed_in(before)
    evening = queries.evening_to_plan(night, needs, as_of=as_of, pinned=fixed, planned=lines)
    return Proposal(evening, allocating.plan(evening.house, evening.people), before, lines, fixed)


@transaction.atomic(savepoint=False)
def keep_plan(proposal, *, by) -> BedPlan:
    """Write a proposal down as it was said; nothing else changes. What was fixed meanwhile is not lost: it is
    refused, and to be worked out anew.
    """
    night, plan = lock_night(proposal.evening.night), proposal.plan
    if queries.latest_plan(night) != proposal.before or _fixed_in(proposal.before) != proposal.fixed:
        raise errors.StaleVersion()
    fixed = {person.number for person in proposal.evening.people if person.is_pinned}
    row = BedPlan.objects.create(
        night=night, made_at=clock.now(), made_by=by.person, as_of=proposal.evening.as_of,
        objective=plan.objective, bound=plan.bound,
    )  # fmt: skip
    known = (*proposal.evening.people, *(person for person, _why in proposal.evening.barred))
    held = {person.number: person.needs.holds_bed for person in known}
    before = proposal.planned | {number: bed for number, bed in held.items() if bed}
    lines = list(_lines(proposal))
    PlannedBed.objects.bulk_create(
        PlannedBed(
            plan=row,
            position=position,
            occupant_id=number,
            bed_id=bed,
            before_id=before.get(number),
            is_pinned=number in fixed,
            reasons=[_plain(reason) for reason in reasons],
            change=_plain(change) if change else None,
        )
        for position, (number, bed, reasons, change) in enumerate(lines, 1)
    )
    record(Verb.PLAN_MADE, by=by, night=night, people=len(plan.given), without=len(lines) - len(plan.given))
    return row


def _fixed_in(plan) -> set[int]:
    return set(plan.lines.filter(is_pinned=True).values_list("occupant", flat=True)) if plan else set()


def _lines(proposal):
    """Number, bed, reasons and what would help, of everybody in line."""
    for number, bed, reasons in proposal.plan.given:
        yield number, bed, reasons, None
    for number, bound_by, change in proposal.plan.without:
        yield number, None, [bound_by], change
    for person, why in proposal.evening.barred:
        yield person.number, None, [why], None


def _plain(reason):
    return [reason.code, dict(reason.facts)]


@transaction.atomic(savepoint=False)
def apply(*, plan, needs, by, numbers=None) -> Given:
    """Keep the planned beds for these people, or for all whose bed nobody has decided since; see `giving.give`.

    Who is fixed is left alone; who was given another bed by hand since the plan was made, unless named.
    """
    night = _locked(plan)
    lines = plan.lines.filter(bed__isnull=False, is_pinned=False)
    if numbers is not None:
        lines = lines.filter(occupant__in=numbers)
    now = queries.bed_nights_by_number(night)
    wanted = {
        line.occupant_id: line.bed_id
        for line in lines
        if numbers is not None or not queries.is_decided_since(line, now.get(line.occupant_id))
    }
    given = give(night=night, wanted=wanted, needs=needs, by=by, cause="plan")
    accepted = wanted.keys() - given.refused.keys()
    plan.lines.filter(occupant__in=accepted, accepted_at__isnull=True).update(accepted_at=clock.now())
    record(
        Verb.PLAN_APPLIED, by=by, night=night,
        plan=plan.pk, people=len(given.held), refused=len(given.refused),
    )  # fmt: skip
    return given


@transaction.atomic(savepoint=False)
def pin(*, plan, number, needs, by, bed=None):
    """Keep a bed for somebody (an id; None: the one they have, or else the planned one), and leave them in it whatever
    the next plan finds.
    """
    night = _locked(plan)
    if bed is None:
        bed = _bed_of(plan, night, number)
    else:
        _still_to_come(night, number)
    _give_or_refuse({number: bed}, night, needs, by, "plan")
    if plan.lines.filter(occupant=number, is_pinned=False).update(is_pinned=True):
        record(Verb.BED_PINNED, by=by, night=night, occupant=Occupant(pk=number), bed=Bed(pk=bed))


@transaction.atomic(savepoint=False)
def unpin(*, plan, number, by):
    """Let the next plan decide again; the bed stays kept until then."""
    night = _locked(plan)
    if plan.lines.filter(occupant=number, is_pinned=True).update(is_pinned=False):
        record(Verb.BED_UNPINNED, by=by, night=night, occupant=Occupant(pk=number))


@transaction.atomic(savepoint=False)
def swap(*, plan, one, other, needs, by):
    """Keep for each of two people the bed of the other one; both stay there whatever the next plan finds."""
    night = _locked(plan)
    beds = _bed_of(plan, night, one), _bed_of(plan, night, other)
    _give_or_refuse({one: beds[1], other: beds[0]}, night, needs, by, "swapped")
    plan.lines.filter(occupant__in=(one, other)).update(is_pinned=True)


def _locked(plan):
    """The night, locked; a plan that another one has replaced is not acted upon."""
    night = lock_night(plan.night)
    rules.night_takes_registrations(night)
    if queries.latest_plan(night) != plan:
        raise errors.StaleVersion()
    return night


def _still_to_come(night, number):
    """The bed-night kept for somebody, if any; who is here, or has been, cannot be planned any more."""
    row = queries.bed_nights_by_number(night, [number]).get(number)
    if row is not None and row.state != BedNight.State.HELD:
        raise errors.AlreadyPlaced(bed=row.bed.label)
    return row


def _bed_of(plan, night, number):
    """The bed of somebody still to come: the one kept for them, or the one planned."""
    row, line = _still_to_come(night, number), plan.lines.filter(occupant=number).first()
    bed = row.bed_id if row else (line and line.bed_id)
    if line is None or bed is None:
        raise errors.Incomplete(what=_("No bed is planned for this person."))
    return bed


def _give_or_refuse(wanted, night, needs, by, cause):
    given = give(night=night, wanted=wanted, needs=needs, by=by, cause=cause)
    for refusal in given.refused.values():
        raise refusal
