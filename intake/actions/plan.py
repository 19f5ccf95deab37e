"""The night's plan for people with needs; see `shelter.actions.allotting`."""

from intake import queries
from shelter.actions import allotting


def work_out(night):
    """A plan for everybody registered, not kept yet."""
    return allotting.work_out(night=night, needs=queries.needs_of_tonight(night))


def apply(*, plan, by, numbers=None):
    return allotting.apply(plan=plan, needs=_needs(plan), by=by, numbers=numbers)


def pin(*, plan, number, by):
    allotting.pin(plan=plan, number=number, needs=_needs(plan), by=by)


def swap(*, plan, one, other, by):
    allotting.swap(plan=plan, one=one, other=other, needs=_needs(plan), by=by)


def _needs(plan):
    return queries.needs_of_tonight(plan.night)
