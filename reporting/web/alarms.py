"""What must not be overlooked by the coordination, on whatever page they are."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reporting.queries import reports
from shelter.actor import Actor
from shelter.gate import may


def alarms(request):
    """A line for the top of every page when a report is overdue."""
    actor = getattr(request, "actor", Actor())
    if actor.person is None or not may(actor, "report-approve", "POST"):
        return {"alarms": []}
    number = reports.overdue().count()
    if not number:
        return {"alarms": []}
    words = ngettext("%(number)s report is overdue.", "%(number)s reports are overdue.", number)
    return {
        "alarms": [{"text": words % {"number": number}, "url": reverse("reports"), "label": _("Reports")}]
    }
