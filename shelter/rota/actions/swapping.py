"""Shifts that people give each other: asked, agreed by the other, approved by the planner; both sides checked."""

from django.db import transaction
from django.db.models import Q

from shelter import clock
from shelter.log import record
from shelter.rota import errors, rules
from shelter.rota.actions.changing import Move, plan_of, rearrange
from shelter.rota.actions.locking import lock_people
from shelter.rota.log import Verb
from shelter.rota.models import Assignment, Change, Swap
from shelter.rota.queries.swaps import breaks, breaks_round


@transaction.atomic
def ask(*, given, taker, by, taken=None):
    """Ask a colleague to take a shift, for one of theirs (`taken`) or for nothing."""
    Assignment.objects.select_for_update(of=("self",)).get(pk=given.pk)
    _still_stands(given)
    if taken is not None:
        _still_stands(taken)
        if taken.person_id != taker.pk:
            raise errors.NotTheirs(person=taker.name)
    _keeps_the_law(given, taker, taken)
    if Swap.objects.filter(given=given, state__in=Swap.OPEN).exists():
        raise errors.AlreadyAnswered()
    record(Verb.SWAP_ASKED, by=by, giver=given.person_id, taker=taker.pk, shift=given.shift_id)
    return Swap.objects.create(
        given=given, taken=taken, giver=given.person, taker=taker, asked_at=clock.now()
    )


@transaction.atomic
def ask_round(*, given, theirs, others, by):
    """A round of three: one's shift to who has `theirs`, theirs to who has `others`, others' to oneself.

    It is asked as three swaps that stand or fall together; whoever asks agrees to their own.
    """
    legs = [(given, theirs.person), (theirs, others.person), (others, given.person)]
    list(
        Assignment.objects.select_for_update(of=("self",))
        .filter(pk__in=[row.pk for row, _person in legs])
        .order_by("pk")
    )
    for row, _person in legs:
        _still_stands(row)
    _round_keeps_the_law(legs)
    if Swap.objects.filter(given__in=[row for row, _person in legs], state__in=Swap.OPEN).exists():
        raise errors.AlreadyAnswered()
    head = None
    for row, person in legs:
        agreed = person == given.person
        leg = Swap.objects.create(
            given=row, giver=row.person, taker=person, chain=head, asked_at=clock.now(),
            state=Swap.State.AGREED if agreed else Swap.State.ASKED, agreed_at=clock.now() if agreed else None,
        )  # fmt: skip
        head = head or leg
        record(Verb.SWAP_ASKED, by=by, giver=row.person_id, taker=person.pk, shift=row.shift_id)
    return head


@transaction.atomic
def agree(*, swap, by):
    """The colleague agrees; until the planner approves, the shift stays whose it is."""
    return _step(swap, Swap.State.ASKED, Swap.State.AGREED, by)


@transaction.atomic
def refuse(*, swap, by):
    """The colleague does not want it, or their planner; with one swap of a round all of it ends."""
    if by.person != swap.taker:
        rules.plans_own_people(by, swap.given.plan.organisation)
    return _end(swap, Swap.State.REFUSED, by)


@transaction.atomic
def withdraw(*, swap, by):
    return _end(swap, Swap.State.WITHDRAWN, by)


def _end(swap, state, by):
    legs = _legs(swap)
    for leg in legs:
        _step(leg, leg.state, state, by)
    return next(leg for leg in _legs(swap) if leg.pk == swap.pk)


def _legs(swap):
    """A swap alone, or all those of its round, its first one first."""
    head = swap.chain_id or swap.pk
    return list(
        Swap.objects.filter(Q(pk=head) | Q(chain=head))
        .select_related("giver", "taker", "chain")
        .order_by("pk")
    )


def _step(swap, before, after, by):
    swap = Swap.objects.select_for_update(of=("self",)).get(pk=swap.pk)
    if swap.state != before or swap.state not in Swap.OPEN:
        raise errors.AlreadyAnswered()
    swap.state = after
    if after == Swap.State.AGREED:
        swap.agreed_at = clock.now()
    else:
        swap.decided_at, swap.decided_by = clock.now(), by.person
    swap.save()
    record(Verb.SWAP_ANSWERED, by=by, swap=swap.pk, state=after)
    return swap


@transaction.atomic
def approve(*, swap, by):
    """From now on each stands where the other stood; checked again, as things are now. A round goes as a whole."""
    legs = _legs(swap)
    lock_people(*(person.pk for leg in legs for person in (leg.giver, leg.taker)))
    legs = [_step(leg, Swap.State.AGREED, Swap.State.APPROVED, by) for leg in legs]
    moves = [move for leg in legs for move in _moves(leg)]
    for row, person in moves:
        rules.plans_own_people(by, row.plan.organisation)
        rules.plans_own_people(by, plan_of(person, row.shift, row.plan.organisation).organisation)
        _still_stands(row)
        rules.is_not_over(row.shift)
    _round_keeps_the_law(moves)
    kind = Change.Kind.SWAP if len(moves) > 1 else Change.Kind.HANDOVER
    rearrange(_as_moves(moves), kind=kind, consented_at=legs[0].agreed_at, by=by)
    return next(leg for leg in legs if leg.pk == swap.pk)


@transaction.atomic
def undo(*, swap, by):
    """Everybody stands where they stood before, if that still keeps the law."""
    legs = _legs(swap)
    lock_people(*(person.pk for leg in legs for person in (leg.giver, leg.taker)))
    back = []
    for leg in legs:
        leg = Swap.objects.select_for_update(of=("self",)).get(pk=leg.pk)
        if leg.state != Swap.State.APPROVED:
            raise errors.AlreadyAnswered()
        for row, now in _moves(leg):
            rules.plans_own_people(by, row.plan.organisation)
            standing = Assignment.objects.standing().filter(shift=row.shift, person=now).first()
            if standing is None:
                raise errors.NotTheirs(person=now.name)
            back.append((standing, row.person))
        leg.state, leg.decided_at, leg.decided_by = Swap.State.UNDONE, clock.now(), by.person
        leg.save()
        record(Verb.SWAP_ANSWERED, by=by, swap=leg.pk, state=leg.state)
    _round_keeps_the_law(back)
    rearrange(_as_moves(back), kind=Change.Kind.UNDONE, by=by)
    swap.refresh_from_db()
    return swap


def _moves(swap):
    """Which assignment goes to whom: [(assignment, person)]."""
    wanted = Assignment.objects.select_related(
        "shift__template", "shift__night", "skill", "plan__organisation", "person"
    )
    moves = [(_as_it_stands(wanted, swap.given_id), swap.taker)]
    return [*moves, (_as_it_stands(wanted, swap.taken_id), swap.giver)] if swap.taken_id else moves


def _as_it_stands(wanted, pk):
    """An assignment, or its copy in a newer version that left it alone."""
    row = wanted.get(pk=pk)
    return (
        row if row.stands else wanted.filter(stands=True, shift=row.shift, person=row.person).first() or row
    )


def _as_moves(moves):
    """The same as `rearrange` takes it."""
    return [Move(row, row.shift, row.skill, person) for row, person in moves]


def _still_stands(row):
    if not Assignment.objects.standing().filter(pk=row.pk).exists():
        raise errors.NotTheirs(person=row.person.name)


def _keeps_the_law(given, taker, taken):
    rules.nothing_is_broken(breaks(given, taker, taken))


def _round_keeps_the_law(moves):
    rules.nothing_is_broken(breaks_round(moves))
