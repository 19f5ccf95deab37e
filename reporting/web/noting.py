"""Pages on which something is entered for the reports: weather, recipients; and the one that knows a file again."""

from datetime import timedelta
from hashlib import sha256

from django.shortcuts import get_object_or_404, redirect, render

from reporting.actions import noting, sending
from reporting.models import NightWeather, Paper, Recipient
from reporting.web.forms import RecipientForm, VerifyForm, WeatherForm
from shelter import clock
from shelter.errors import Refused

SOURCE = "MeteoLux, Findel"
SHOWN = 60


def weather(request):
    first = {"night": clock.tonight() - timedelta(days=1), "source": SOURCE}
    form = WeatherForm(request.POST or None, request.FILES or None, initial=first)
    if request.method == "POST" and form.is_valid():
        noting.note_weather(
            rows=form.cleaned_data["rows"], source=form.cleaned_data["source"], by=request.actor
        )
        return redirect("report-weather")
    page = {
        "form": form,
        "nights": NightWeather.objects.select_related("noted_by").order_by("-night")[:SHOWN],
    }
    return render(request, "reporting/weather.html", page, status=422 if form.errors else 200)


def recipients(request):
    form = RecipientForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            sending.add_recipient(by=request.actor, **form.cleaned_data)
            return redirect("report-recipients")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    page = {
        "form": form,
        "recipients": Recipient.objects.filter(ended_at=None).order_by("kind", "name", "id"),
    }
    return render(request, "reporting/recipients.html", page, status=422 if form.errors else 200)


def end_recipient(request, pk):
    sending.end_recipient(recipient=get_object_or_404(Recipient, pk=pk), by=request.actor)
    return redirect("report-recipients")


def verify(request):
    """Which report a file is, told by its bytes alone. Anybody may ask; nothing of the file is kept."""
    form = VerifyForm(request.POST or None, request.FILES or None)
    page: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        digest = sha256()
        for part in form.cleaned_data["file"].chunks():
            digest.update(part)
        found = (
            Paper.objects.filter(sha256=digest.hexdigest())
            .select_related("data_set__report__period")
            .defer("content", "data_set__text")
            .order_by("-data_set__report__revision", "data_set__audience")
            .first()
        )
        page |= {"digest": digest.hexdigest(), "found": found, "asked": True}
        if found is not None:
            out = found.data_set.report.period.reports.filter(approved_at__isnull=False)
            page["latest"] = out.order_by("-revision").first() or found.data_set.report
    return render(request, "reporting/verify.html", page, status=422 if form.errors else 200)
