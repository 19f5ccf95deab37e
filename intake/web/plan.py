"""The whole night's plan: propose, read why, keep all the beds or some of them."""

from itertools import groupby

from django.http import Http404
from django.shortcuts import redirect, render

from intake import queries
from intake.actions import plan as verbs
from intake.web.showing import evening
from shelter import queries as house
from shelter.actions import allotting
from shelter.errors import Refused
from shelter.gate import may
from shelter.models import Draw


def plan(request, refusal=None):
    night = evening()
    if request.method == "POST" and refusal is None:
        try:
            verbs.propose(night=night, by=request.actor)
            return redirect("plan")
        except Refused as caught:
            refusal = caught
    latest = house.latest_plan(night)
    rows = queries.proposed_in(latest) if latest else []
    page = {
        "night": night,
        "plan": latest,
        "draw": Draw.objects.filter(night=night).first(),
        "changes": house.changes_since(latest) if latest else 0,
        "without": [row for row in rows if row.line.bed is None],
        "rooms": _rooms(night, rows),
        "open": sum(row.state in {"open", "elsewhere"} for row in rows if row.line.bed is not None),
        "refusal": refusal,
        "may_plan": may(request.actor, "plan", "POST"),
    }
    return render(request, "intake/plan.html", page, status=refusal.status if refusal else 200)


def _rooms(night, rows):
    """Dormitories in the order of a walk, each with its planned beds."""
    board = {bed.id: bed for bed in house.board_of(night)}
    order = {pk: place for place, pk in enumerate(board)}
    placed = sorted((row for row in rows if row.line.bed_id in board), key=lambda row: order[row.line.bed_id])
    rooms = groupby(placed, key=lambda row: board[row.line.bed_id].dormitory_id)
    return [(board[people[0].line.bed_id], people) for people in (list(here) for _room, here in rooms)]


def apply(request):
    """Keep the planned beds of those ticked, or of everybody."""
    night = evening()
    latest = house.latest_plan(night)
    if latest is None:
        raise Http404
    ticked = [int(text) for text in request.POST.getlist("number") if text.isdecimal() and len(text) < 18]
    try:
        allotting.apply(plan=latest, by=request.actor, numbers=None if "all" in request.POST else ticked)
    except Refused as refusal:
        return plan(request, refusal=refusal)
    return redirect("plan")
