"""Moving a night from step to step, by hand or by the clock, and back only with a reason."""

from django.db import transaction

from shelter import clock, errors, nights, queries, rules
from shelter.actions import drawing
from shelter.actions.locking import lock_night
from shelter.actions.placing import let_go_unclaimed
from shelter.actor import CLOCK
from shelter.log import Verb, record
from shelter.models import BedNight, Night

ONLY_PEOPLE = (Night.State.CLOSED, Night.State.DEFINITIVE)


@transaction.atomic(savepoint=False)
def step(*, night, to, by, reason=""):
    """Move a night forward to a step, through those between; or back to one, with a written reason."""
    night = lock_night(night)
    if night.state == to:
        return night
    steps = list(Night.STEPS)
    here, there = steps.index(night.state), steps.index(to)
    if there < here:
        return _step_back(night, to, by, reason)
    for state in steps[here + 1 : there + 1]:
        _step_forward(night, state, by, reason)
    return night


def _step_forward(night, state, by, reason):
    if by.is_clock and state in ONLY_PEOPLE:
        raise errors.NotAllowed()
    if state == Night.State.CLOSED:
        everybody_is_accounted_for(night)
    was = night.state
    night.state = state
    setattr(night, Night.TIMES[state], clock.now())
    night.held_back_at = None
    night.save()
    record(Verb.NIGHT_STEPPED, by=by, night=night, reason=reason, was=was, to=state)
    if state == Night.State.OPEN:
        drawing.fix_seed(night, by=by)
    elif state == Night.State.LIST_FROZEN:
        drawing.draw_line(night, by=by)


def _step_back(night, to, by, reason):
    rules.reason_is_written(reason)
    was = night.state
    steps = list(Night.STEPS)
    for state in steps[steps.index(to) + 1 :]:
        setattr(night, Night.TIMES[state], None)
    night.state = to
    night.held_back_at = clock.now()
    night.save()
    record(Verb.NIGHT_STEPPED_BACK, by=by, night=night, reason=reason, was=was, to=to)
    return night


def everybody_is_accounted_for(night):
    """A night closes when nobody is inside and no bed is kept any more."""
    rows = BedNight.objects.filter(night=night, state__in=BedNight.BLOCKS_THE_BED).order_by("id")
    states = list(rows.values_list("state", flat=True))
    if states:
        present = states.count(BedNight.State.IN)
        raise errors.Unresolved(present=present, expected=len(states) - present)


def tick(now=None):
    """What time does: open registration, freeze the list, open and close doors, release unclaimed beds.

    Safe to lose, double or run late; it never closes or seals a night. Returns the number of steps made.
    """
    now = now or clock.now()
    done = 0
    due = Night.objects.filter(
        state__in=[Night.State.PLANNED, Night.State.OPEN, Night.State.LIST_FROZEN, *Night.AT_THE_DOOR],
        date__lte=nights.local(now).date(),
    )
    for night in due.order_by("date"):
        done += _tick_night(night, now)
    return done


def _tick_night(night, now):
    schedule = queries.schedule_of(night.date, queries.settings_for(night.date))
    done = 0
    if night.held_back_at is None and now < nights.bounds(night.date)[1]:
        for state, at in (
            (Night.State.OPEN, schedule.opened),
            (Night.State.LIST_FROZEN, schedule.list_frozen),
            (Night.State.DOORS_OPEN, schedule.doors_opened),
            (Night.State.DOORS_CLOSED, schedule.doors_closed),
        ):
            done += at <= now and _advance(night, state)
    if now >= schedule.holds_released:
        done += release_unclaimed(night=night, held_before=schedule.holds_released)
    return done


@transaction.atomic
def _advance(night, state):
    """One step by the clock; False when the night is already there, or somebody holds it back."""
    fresh = lock_night(night)
    if Night.STEPS.index(fresh.state) + 1 != Night.STEPS.index(state) or fresh.held_back_at is not None:
        return False
    _step_forward(fresh, state, CLOCK, "")
    return True


@transaction.atomic
def release_unclaimed(*, night, held_before):
    """Release the beds of people who have not come; each release is its own line. Returns how many."""
    night = lock_night(night)
    if night.state not in Night.AT_THE_DOOR:
        return 0
    unclaimed = list(
        BedNight.objects.filter(night=night, state=BedNight.State.HELD, held_at__lt=held_before)
        .select_related("bed", "occupant", "night")
        .order_by("id")
    )
    for row in unclaimed:
        let_go_unclaimed(row, by=CLOCK)
    return len(unclaimed)
