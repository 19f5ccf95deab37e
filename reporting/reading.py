"""Who may read which report, and its files as they were sent; the same for pages and the API."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from reporting.actions import sending
from reporting.models import Paper, Report
from reporting.queries import reports
from shelter.gate import may

UNSEEN = (Report.State.WANTED, Report.State.FROZEN)
NOT_OUT = (*UNSEEN, Report.State.RENDERED)


def hidden_states(actor):
    """The states in which a report is not shown: the coordination reads it before it is out."""
    return UNSEEN if may(actor, "report-approve", "POST") else NOT_OUT


def visible(actor, pk):
    """A report that somebody may read, also one replaced later; one that never was out only the coordination."""
    row = get_object_or_404(
        Report.objects.select_related("period__season", "definitions", "approved_by"), pk=pk
    )
    hidden = hidden_states(actor)
    if row.state in hidden or (hidden is NOT_OUT and row.approved_at is None):
        raise Http404(_("This report is not out yet."))
    return row


def file_of(actor, pk, form, language=""):
    """A file of a report that somebody may read; kept by no browser."""
    response = answer(get_object_or_404(reports.papers_of(visible(actor, pk)), form=form, language=language))
    response["Cache-Control"] = "no-store"
    return response


def answer(paper):
    """A file of a report as it was sent, to the byte."""
    response = HttpResponse(bytes(paper.content), content_type=sending.TYPES[Paper.Form(paper.form)])
    response["Content-Disposition"] = f'inline; filename="{sending.name_of(paper)}"'
    return response
