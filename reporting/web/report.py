"""One report on a page, the same as on paper: its revisions, its files, and what is done with it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from reporting import reading
from reporting.actions import freezing, noting, scheduling, sending
from reporting.models import Audience, DataSet, Delivery, Period, Report
from reporting.queries import reports as queries
from reporting.telling import account_of
from reporting.web.forms import RemarkForm
from shelter.errors import Refused
from shelter.gate import may


def report(request, pk):
    row = reading.visible(request.actor, pk)
    return _page(request, row.period, row, queries.data_of(row))


def _page(request, period, row, data, form=None, status=200):
    coordinates = may(request.actor, "report-approve", "POST")
    page = {
        "period": period,
        "report": row,
        "account": account_of(data),
        "coordinates": coordinates,
        "revisions": list(reading.readable(request.actor).filter(period=period).order_by("-revision")),
        "papers": list(queries.files_of(row)) if row else [],
        "deliveries": list(_deliveries(row)) if row and coordinates else [],
        "remark_form": form or RemarkForm(initial={"text": (data["remark"] or {}).get("text", "")}),
        "may_remark": coordinates and (row is None or row.state != Report.State.SUPERSEDED),
    }
    return render(request, "reporting/report.html", page, status=status)


def _deliveries(row):
    return Delivery.objects.filter(report=row).select_related("recipient", "report")


def period(request, pk):
    """On the way to the latest revision that may be read; where there is none, the report as it would be now."""
    row = get_object_or_404(Period.objects.select_related("season"), pk=pk)
    made = reading.readable(request.actor).filter(period=row).order_by("-revision").first()
    if made is not None:
        return redirect("report", made.pk)
    if not may(request.actor, "report-approve", "POST"):
        return render(request, "reporting/on_its_way.html", {"period": row})
    return _page(request, row, None, freezing.preview(row))


def paper(request, pk, form, language=""):
    """A file as it was sent, to the byte."""
    return reading.file_of(request.actor, pk, form, language)


def data(request, pk):
    """The data set itself."""
    found = get_object_or_404(DataSet, report=reading.visible(request.actor, pk), audience=Audience.MINISTRY)
    return HttpResponse(found.text, content_type="application/json")


def approve(request, pk):
    row = get_object_or_404(Report, pk=pk)
    sending.approve(report=row, by=request.actor)
    return redirect("report", pk)


def make(request, pk):
    """The report of a period nobody was promised, or not yet."""
    row = get_object_or_404(Period, pk=pk)
    scheduling.ask_for(period=row, by=request.actor)
    return redirect("report-period", pk)


def remark(request, pk):
    row = get_object_or_404(Period.objects.select_related("season"), pk=pk)
    form = RemarkForm(request.POST)
    if form.is_valid():
        try:
            noting.write_remark(period=row, by=request.actor, **form.cleaned_data)
            return redirect("report-period", pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    made = reading.readable(request.actor).filter(period=row).order_by("-revision").first()
    known = queries.data_of(made) if made else freezing.preview(row)
    return _page(request, row, made, known, form, status=422)


def send_again(request, pk):
    row = get_object_or_404(Delivery, pk=pk)
    sending.send_again(delivery=row, by=request.actor)
    return redirect("report", row.report_id)


def came_back(request, pk):
    row = get_object_or_404(Delivery, pk=pk)
    sending.came_back(delivery=row, by=request.actor)
    return redirect("report", row.report_id)
