"""A place in a shift: who is in it, who could be, and what stops each of the others."""

from django.shortcuts import get_object_or_404, render

from shelter.gate import may
from shelter.rota.models import Call, OpenShift, Shift, Skill
from shelter.rota.queries.candidates import candidates, why_not
from shelter.rota.queries.plans import open_plans
from shelter.rota.queries.scarcity import scarcity
from shelter.rota.queries.timelines import assignments_between


def place(request, shift, skill, refusal=None):
    shift = get_object_or_404(Shift.objects.select_related("template", "night"), pk=shift)
    skill = get_object_or_404(Skill, code=skill)
    plans = open_plans(shift.day, shift.day)
    there = assignments_between(shift.day, shift.day, plans=plans).filter(shift=shift, skill=skill)
    found = candidates(shift, skill, plans=plans)
    inside = {row.person_id for row in there}
    found = [each for each in found if each.person.pk not in inside]
    page = {
        "shift": shift,
        "skill": skill,
        "there": list(there.select_related("person", "plan__organisation")),
        "able": [each for each in found if each.may],
        "stopped": [each for each in found if not each.may],
        "why": why_not([each for each in found if not each.may]),
        "week": scarcity(shift, skill),
        "open": OpenShift.objects.filter(shift=shift, skill=skill, closed_at=None).first(),
        "calls": Call.objects.filter(open_shift__shift=shift, open_shift__skill=skill).select_related(
            "person"
        ),
        "may_plan": may(request.actor, "rota-offer", "POST"),
        "refusal": refusal,
    }
    return render(request, "rota/place.html", page, status=refusal.status if refusal else 200)
