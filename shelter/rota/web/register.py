"""Planned against worked: the employer's register of a month, recorded as planned in one step, to be taken along."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shelter import clock, nights
from shelter.errors import Refused
from shelter.models import Organisation
from shelter.rota import paper, rules, sheets
from shelter.rota.actions import recording
from shelter.rota.models import Assignment
from shelter.rota.queries.register import register_of
from shelter.rota.timeline import month_around
from shelter.rota.web.asked import EARLIEST, LATEST, day_asked
from shelter.rota.web.forms import WorkedForm
from shelter.rota.web.grid import own_organisations

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def register(request, form=None, refusal=None):
    """One organisation's month; a post records as planned whatever has no record yet."""
    organisation, first, last = _asked(request)
    if request.method == "POST" and form is None:
        if organisation is None:
            raise Http404
        known = register_of(organisation, first, last)
        recording.record_night(assignments=known.unrecorded, by=request.actor)
        return redirect(_address(organisation, first))
    page = {
        "organisation": organisation,
        "organisations": own_organisations(request.actor, first),
        "first": first,
        "before": month_around(first - nights.ONE_DAY)[0],
        "after": last + nights.ONE_DAY,
        "register": register_of(organisation, first, last) if organisation else None,
        "form": form,
        "refusal": refusal,
    }
    status = refusal.status if refusal else 422 if form is not None else 200
    return render(request, "rota/register.html", page, status=status)


def _asked(request):
    """The organisation (one's own, the first if none is named) and the month."""
    asked = request.POST if request.method == "POST" else request.GET
    day = day_asked(asked.get("month", "")) or nights.local(clock.now()).date()
    first, last = month_around(day)
    own = own_organisations(request.actor, first)
    return next((each for each in own if each.code == asked.get("of")), own[0] if own else None), first, last


def _address(organisation, first):
    return f"{reverse('rota-register')}?of={organisation.code}&month={first}"


def sheet(request, organisation, month, kind):
    """The register as a file."""
    organisation = get_object_or_404(Organisation, code=organisation)
    if kind not in TYPES or not EARLIEST <= month <= LATEST:
        raise Http404
    rules.plans_own_people(request.actor, organisation)
    first, last = month_around(month)
    known = register_of(organisation, first, last)
    content = _as_file(kind, organisation, first, known)
    name = f"register-{organisation.code}-{first:%Y-%m}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=TYPES[kind], headers=headers)


def _as_file(kind, organisation, first, known):
    if kind == "csv":
        return sheets.as_csv(known)
    if kind == "xlsx":
        return sheets.as_xlsx(known, f"{organisation.code} {first:%Y-%m}")
    return paper.statement(organisation, first, known)


def correct(request, pk):
    """What was really worked of one shift."""
    row = get_object_or_404(Assignment.objects.select_related("shift__night", "plan__organisation"), pk=pk)
    form = WorkedForm(request.POST)
    if not form.is_valid():
        return register(request, form=form)
    try:
        recording.record_worked(assignment=row, by=request.actor, **form.instants(row.shift.night.date))
    except Refused as refusal:
        return register(request, form=form, refusal=refusal)
    return redirect(_address(row.plan.organisation, month_around(row.shift.day)[0]))
