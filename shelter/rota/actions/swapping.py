"""Shifts that people give each other: asked, agreed by the other, approved by the planner; both sides checked."""

from django.db import transaction

from shelter import clock
from shelter.log import record
from shelter.refusing import constraints_speak
from shelter.rota import errors, rules
from shelter.rota.actions.changing import follow, plan_of, tell
from shelter.rota.actions.locking import lock_people
from shelter.rota.actions.planning import notice
from shelter.rota.log import Verb
from shelter.rota.models import Assignment, Change, Swap
from shelter.rota.queries.swaps import breaks


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
def agree(*, swap, by):
    """The colleague agrees; until the planner approves, the shift stays whose it is."""
    return _step(swap, Swap.State.ASKED, Swap.State.AGREED, by)


@transaction.atomic
def refuse(*, swap, by):
    return _step(swap, swap.state, Swap.State.REFUSED, by)


@transaction.atomic
def withdraw(*, swap, by):
    return _step(swap, swap.state, Swap.State.WITHDRAWN, by)


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
    """From now on each stands where the other stood; checked again, as things are now."""
    lock_people(swap.giver_id, swap.taker_id)
    swap = _step(swap, Swap.State.AGREED, Swap.State.APPROVED, by)
    rows = _rows(swap)
    people = [swap.taker, swap.giver]
    for row, person in zip(rows, people, strict=False):
        rules.plans_own_people(by, row.plan.organisation)
        rules.plans_own_people(by, plan_of(person, row.shift, row.plan.organisation).organisation)
        _still_stands(row)
    _keeps_the_law(swap.given, swap.taker, swap.taken)
    kind = Change.Kind.SWAP if swap.taken_id else Change.Kind.HANDOVER
    _exchange(list(zip(rows, people, strict=False)), kind, swap.agreed_at, by)
    return swap


@transaction.atomic
def undo(*, swap, by):
    """Everybody stands where they stood before, if that still keeps the law."""
    lock_people(swap.giver_id, swap.taker_id)
    swap = Swap.objects.select_for_update(of=("self",)).get(pk=swap.pk)
    if swap.state != Swap.State.APPROVED:
        raise errors.AlreadyAnswered()
    back = []
    for row, now, then in zip(_rows(swap), (swap.taker, swap.giver), (swap.giver, swap.taker), strict=False):
        rules.plans_own_people(by, row.plan.organisation)
        standing = Assignment.objects.standing().filter(shift=row.shift, person=now).first()
        if standing is None:
            raise errors.NotTheirs(person=now.name)
        back.append((standing, then))
    _keeps_the_law(back[0][0], back[0][1], back[1][0] if len(back) > 1 else None)
    _exchange(back, Change.Kind.UNDONE, None, by)
    swap.state, swap.decided_at, swap.decided_by = Swap.State.UNDONE, clock.now(), by.person
    swap.save()
    record(Verb.SWAP_ANSWERED, by=by, swap=swap.pk, state=swap.state)
    return swap


def _rows(swap):
    wanted = Assignment.objects.select_related(
        "shift__template", "shift__night", "skill", "plan__organisation", "person"
    )
    return [wanted.get(pk=pk) for pk in (swap.given_id, swap.taken_id) if pk]


def _still_stands(row):
    if not Assignment.objects.standing().filter(pk=row.pk).exists():
        raise errors.NotTheirs(person=row.person.name)


def _keeps_the_law(given, taker, taken):
    rules.nothing_is_broken(breaks(given, taker, taken))


def _exchange(rows, kind, consented_at, by):
    """Each of these assignments goes to somebody else, all at once: first all end, then all begin."""
    changes = [
        Change(
            plan=row.plan,
            shift=row.shift,
            skill=row.skill,
            before=row.person,
            after=person,
            kind=kind,
            at=clock.now(),
            by=by.person,
            **notice(row.shift, row.plan.organisation),
            consented_at=consented_at,
            reason=str(Change.Kind(kind).label),
        )
        for row, person in rows
    ]
    Change.objects.bulk_create(changes)
    for (row, _person), written in zip(rows, changes, strict=True):
        Assignment.objects.filter(pk=row.pk).update(stands=False, gone_with=written)
    with constraints_speak(person=rows[0][1].name):
        for (row, person), written in zip(rows, changes, strict=True):
            Assignment.objects.create(
                plan=plan_of(person, row.shift, row.plan.organisation), shift=row.shift, skill=row.skill, person=person,
                start=row.start, end=row.end, stands=True, came_with=written,
            )  # fmt: skip
    follow(changes)
    tell(changes)
