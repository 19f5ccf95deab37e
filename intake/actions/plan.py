"""Planning a night for people with needs; see `shelter.actions.allotting`."""

from intake import queries
from shelter.actions import allotting


def propose(*, night, by):
    """A plan for everybody registered; who was given a bed by hand keeps it."""
    return allotting.propose(night=night, needs=queries.needs_of_the_registered(night), by=by)
