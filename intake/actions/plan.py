"""The night's plan for people with needs; see `shelter.actions.allotting`."""

from intake import queries
from shelter import errors
from shelter import queries as house
from shelter.actions import allotting


def work_out(night):
    """A plan for everybody registered, not kept yet. What happens while it is read counts as happened since."""
    as_of = house.last_line(night)
    return allotting.work_out(night=night, needs=queries.needs_of_tonight(night), as_of=as_of)


def still_the_latest(plan, asked):
    """The latest plan, if it is the one that was read (its id; None: whichever it is)."""
    if asked not in (None, plan.pk):
        raise errors.StaleVersion()
    return plan


def apply(*, plan, by, numbers=None):
    return allotting.apply(plan=plan, needs=_needs(plan), by=by, numbers=numbers)


def pin(*, plan, number, by, bed=None):
    allotting.pin(plan=plan, number=number, bed=bed, needs=_needs(plan), by=by)


def swap(*, plan, one, other, by):
    allotting.swap(plan=plan, one=one, other=other, needs=_needs(plan), by=by)


def _needs(plan):
    return queries.needs_of_tonight(plan.night)
