"""Who may read which report, and its files as they were sent; the same for pages and the API."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from reporting.actions import sending
from reporting.models import Paper, Report
from reporting.queries import reports
from shelter.gate import may


def readable(actor):
    """Reports that somebody may read, also those replaced later; what never was out only the coordination."""
    made = Report.objects.exclude(state__in=[Report.State.WANTED, Report.State.FROZEN])
    return made if may(actor, "report-approve", "POST") else made.filter(approved_at__isnull=False)


def visible(actor, pk):
    """One of them."""
    found = readable(actor).select_related("period__season", "definitions", "approved_by")
    row = found.filter(pk=pk).first()
    if row is None:
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
