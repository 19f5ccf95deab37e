"""The whole night's plan: propose, read why, keep all the beds or some, fix one, swap two."""

from itertools import groupby

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from intake import queries
from intake.actions import plan as verbs
from intake.web.showing import evening
from shelter import queries as house
from shelter.actions import allotting
from shelter.errors import Refused
from shelter.gate import may
from shelter.standing import LARGEST_ID


def plan(request, refusal=None, not_kept=()):
    """`not_kept` are lines of the plan whose beds were not to be had, each with what spoke against it."""
    night = evening()
    if request.method == "POST" and refusal is None and not not_kept:
        try:
            allotting.keep_plan(verbs.work_out(night), by=request.actor)
            return redirect("plan")
        except Refused as caught:
            refusal = caught
    latest = house.latest_plan(night)
    rows = queries.proposed_in(latest) if latest else []
    page = {
        "night": night,
        "plan": latest,
        "draw": house.draw_of(night),
        "changes": house.changes_since(latest) if latest else 0,
        "without": [row for row in rows if row.line.bed_id is None and row.is_to_come],
        "changed": [row for row in rows if row.has_changed],
        "rooms": _rooms(night, rows),
        "open": sum(row.may_be_kept for row in rows),
        "swapping": _swapping(request, rows),
        "refusal": refusal,
        "not_kept": not_kept,
        "may_plan": may(request.actor, "plan", "POST"),
    }
    return render(request, "intake/plan.html", page, status=refusal.status if refusal else 200)


def _rooms(night, rows):
    """Dormitories in the order of a walk, each with its people: first those whose bed is still to be kept."""
    board = {bed.id: bed for bed in house.board_of(night)}
    order = {pk: place for place, pk in enumerate(board)}
    placed = sorted(
        (row for row in rows if row.bed and row.bed.pk in board), key=lambda row: order[row.bed.pk]
    )
    rooms = groupby(placed, key=lambda row: board[row.bed.pk].dormitory_id)
    return [
        (board[people[0].bed.pk], sorted(people, key=lambda row: (not row.may_be_kept, not row.is_to_come)))
        for people in (list(here) for _room, here in rooms)
    ]


def _swapping(request, rows):
    """The person whose bed is to be swapped, once another one is chosen."""
    asked = _number(request.GET.get("swap", ""))
    return next((row for row in rows if row.line.occupant_id == asked and row.is_to_come and row.bed), None)


def apply(request):
    """Keep the planned beds of those ticked, or of everybody; what could not be kept is named."""
    ticked = [number for text in request.POST.getlist("number") if (number := _number(text)) is not None]
    try:
        asked = _plan_asked(request)
        done = verbs.apply(plan=asked, by=request.actor, numbers=None if "all" in request.POST else ticked)
    except Refused as refusal:
        return plan(request, refusal=refusal)
    if done.refused:
        rows = [row for row in queries.proposed_in(asked) if row.line.occupant_id in done.refused]
        return plan(request, not_kept=[(row, done.refused[row.line.occupant_id]) for row in rows])
    return _back(request)


def pin(request):
    """Fix somebody in a bed, or let the next plan decide again."""
    number, bed = (_number(request.POST.get(name, "")) for name in ("number", "bed"))
    try:
        if "off" in request.POST:
            allotting.unpin(plan=_plan_asked(request), number=number, by=request.actor)
        else:
            verbs.pin(plan=_plan_asked(request), number=number, bed=bed, by=request.actor)
    except Refused as refusal:
        return plan(request, refusal=refusal)
    return _back(request, number)


def swap(request):
    """Keep for each of two people the bed of the other one."""
    one, other = (_number(request.POST.get(name, "")) for name in ("one", "other"))
    try:
        verbs.swap(plan=_plan_asked(request), one=one, other=other, by=request.actor)
    except Refused as refusal:
        return plan(request, refusal=refusal)
    return _back(request, one)


def _plan_asked(request):
    """The plan that was on the screen; without one to act upon, 404."""
    latest = house.latest_plan(evening())
    if latest is None:
        raise Http404
    return verbs.still_the_latest(latest, _number(request.POST.get("plan", "")))


def _back(request, number=None):
    """To where it was asked, the plan at the person it was about."""
    if request.POST.get("next") == "board":
        return redirect("board")
    return redirect(reverse("plan") + (f"#n{number}" if number else ""))


def _number(text):
    """The number asked about; None where what was sent is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len(str(LARGEST_ID)) else None
