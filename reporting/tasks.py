"""Background work of the reports. A tick may be lost, doubled or late; what is due is read from rows."""

import logging

from celery import shared_task

from reporting.actions import freezing, noting, places, rendering, scheduling, sending, watching
from reporting.models import Report

logger = logging.getLogger(__name__)


@shared_task(name="reporting.tick")
def tick():
    each_apart(make_due, sending.send_due, look_again, sending.send_due, places.keep_places)


def each_apart(*steps):
    """One after the other; a step that breaks does not keep the others, and is tried at the next tick."""
    for step in steps:
        try:
            step()
        except Exception:
            logger.exception("%s broke off", step.__name__)


def make_due():
    """Make what is due, up to the point from which it only has to be sent."""
    each_apart(
        scheduling.settle,
        sending.end_subscriptions,
        noting.keep_causes,
        watching.watch,
        scheduling.want_due,
        make_wanted,
    )


def look_again():
    """Make the revisions that corrections call for."""
    freezing.look_again()
    make_wanted()


def make_wanted():
    """Take every unfinished report as far as it goes without a person, the longest due first."""
    steps = ((Report.State.WANTED, freezing.freeze), (Report.State.FROZEN, rendering.render))
    while True:
        done = False
        for state, step in steps:
            unfinished = Report.objects.filter(state=state).select_related("period__season")
            for report in unfinished.order_by("period__due_at", "period_id", "revision"):
                done |= _stepped(step, report)
        if not done:
            return


def _stepped(step, report):
    """Whether a step was made; a report that breaks over it does not keep the others, and is tried at the next tick."""
    try:
        return step(report)
    except Exception:
        logger.exception("report %s could not be made", report.pk)
        return False
