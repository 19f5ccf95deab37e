"""Somebody falls out: their shifts are offered, people are called one after the other, one of them takes it."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from shelter import nights
from shelter.errors import Refused
from shelter.models import Person
from shelter.rota.actions import covering, people, swapping
from shelter.rota.models import Call, LeaveRequest, OpenShift, Shift, Swap
from shelter.rota.timeline import midnight
from shelter.rota.web.grid import DAYS_AWAY, employment_of, own_organisations, rota
from shelter.rota.web.place import place


def absent(request, person, day):
    """Away for one day or more; on to what has to be filled."""
    person = get_object_or_404(Person, pk=person)
    employment_of(request.actor, person, day)  # only who is employed on that day
    days = _days(request.POST.get("days", ""))
    try:
        offered = covering.fall_out(
            person=person,
            start=covering.away_from(person, day),
            end=midnight(day + days * nights.ONE_DAY),
            by=request.actor,
        )
    except Refused as refusal:
        return rota(request, refusal=refusal)
    if len(offered) > 1:
        return redirect("rota-repair", person.pk, day)
    if offered:
        return redirect("rota-place", offered[0].shift_id, offered[0].skill.code)
    return redirect(f"{reverse('rota')}?week={day}")


def _days(text):
    """How long somebody is away; a day where nothing sensible is said."""
    return int(text) if text in map(str, DAYS_AWAY) else 1


def offer(request, shift, skill):
    """Offer a place that nobody has; the first few who may take it are asked at once."""
    asked = get_object_or_404(Shift, pk=shift)
    demand = get_object_or_404(asked.demands.select_related("shift__night", "skill"), skill__code=skill)
    own = own_organisations(request.actor, demand.shift.day)
    if not own:
        raise Http404
    covering.offer(shift=demand.shift, skill=demand.skill, organisation=own[0], by=request.actor)
    return redirect("rota-place", shift, skill)


def call(request, pk, person):
    """Somebody was called: no answer, no, or yes, and then it is theirs."""
    row = get_object_or_404(OpenShift.objects.select_related("shift__night", "skill", "organisation"), pk=pk)
    person = get_object_or_404(Person, pk=person)
    answer = request.POST.get("answer", "")
    if answer not in (Call.Answer.NOBODY, Call.Answer.NO, Call.Answer.YES):
        raise Http404
    try:
        covering.answer_call(place=row, person=person, answer=answer, by=request.actor)
    except Refused as refusal:
        return place(request, row.shift_id, row.skill.code, refusal=refusal)
    return redirect("rota-place", row.shift_id, row.skill.code)


def answer_leave(request, pk):
    row = get_object_or_404(LeaveRequest.objects.select_related("person"), pk=pk)
    try:
        people.answer_leave(request=row, granted="grant" in request.POST, by=request.actor)
    except Refused as refusal:
        return rota(request, refusal=refusal)
    return redirect("rota")


def decide_swap(request, pk):
    """Approve a swap both have agreed on, refuse it, or take an approved one back."""
    row = get_object_or_404(Swap.objects.select_related("given__plan__organisation"), pk=pk)
    verb = {"approve": swapping.approve, "undo": swapping.undo}.get(
        request.POST.get("verb", ""), swapping.refuse
    )
    try:
        verb(swap=row, by=request.actor)
    except Refused as refusal:
        return rota(request, refusal=refusal)
    return redirect("rota")
