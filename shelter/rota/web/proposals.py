"""Proposals: ask for one, watch it get better, read how good it is, take it over."""

from datetime import timedelta

from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shelter import clock, nights
from shelter.errors import Refused
from shelter.models import Organisation, Role
from shelter.rota import tasks
from shelter.rota.actions import proposing
from shelter.rota.models import Plan, Proposal
from shelter.rota.web.asked import day_asked
from shelter.rota.web.forms import ProposeForm


def propose(request, refusal=None):
    form = ProposeForm(request.POST or None, initial=_next_month(request))
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("rota-proposal", _ask(form.cleaned_data, request.actor).pk)
        except Refused as caught:
            refusal = caught
    page = {
        "form": form,
        "proposals": Proposal.objects.select_related("organisation")[:10],
        "refusal": refusal,
    }
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "rota/propose.html", page, status=status)


def _ask(given, by):
    """For one's own people; the coordinator asks for everybody's."""
    planned = by.organisations_as({Role.PLANNER})
    own = None if by.has_any({Role.COORDINATOR}) else Organisation.objects.get(code=min(planned))
    proposal = proposing.ask(
        first_day=given["first_day"],
        last_day=given["last_day"],
        seconds=int(given["seconds"]),
        organisation=own,
        by=by,
    )
    transaction.on_commit(tasks.work_out_next.delay)
    return proposal


def _next_month(request):
    day = day_asked(request.GET.get("week", "")) or nights.local(clock.now()).date()
    draft = Plan.objects.filter(state__in=Plan.OPEN, last_day__gte=day).order_by("first_day").first()
    first = draft.first_day if draft else (day.replace(day=1) + timedelta(days=31)).replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return {"first_day": first, "last_day": last, "seconds": 60}


def proposal(request, pk):
    """How far it is and how good; a post stops it, or takes it over into the drafts."""
    row = get_object_or_404(Proposal.objects.select_related("organisation"), pk=pk)
    refusal = None
    if request.method == "POST":
        try:
            if "stop" in request.POST:
                proposing.stop(proposal=row, by=request.actor)
                return redirect("rota-proposal", row.pk)
            proposing.take_over(proposal=row, organisation=row.organisation, by=request.actor)
            return redirect(f"{reverse('rota')}?week={row.first_day}")
        except Refused as caught:
            refusal = caught
    page = {
        "proposal": row,
        "refusal": refusal,
        "is_running": row.state in (Proposal.State.WANTED, Proposal.State.RUNNING),
        "seconds_spent": row.history[-1][0] if row.history else 0,
        "gap": _gap(row),
        "people": len({person for person, _shift, _skill in row.cells}),
    }
    template = "rota/_proposal.html" if request.htmx else "rota/proposal.html"
    return render(request, template, page, status=refusal.status if refusal else 200)


def _gap(row):
    """In percent of the price, how much better another plan could be at most; None where nothing is proven."""
    if row.total is None or row.bound is None:
        return None
    return round(100 * (row.total - row.bound) / row.total, 1) if row.total else 0
