"""A place in a shift: who is in it, who could be, and what stops each of the others."""

from django.shortcuts import get_object_or_404, render

from shelter.gate import may
from shelter.rota.models import Call, Employment, OpenShift, Shift, Skill
from shelter.rota.queries.candidates import candidates, why_not
from shelter.rota.queries.plans import open_plans
from shelter.rota.queries.scarcity import scarcity
from shelter.rota.queries.timelines import assignments_between
from shelter.rota.web.seeing import sees


def place(request, shift, skill, refusal=None, form=None):
    shift = get_object_or_404(Shift.objects.select_related("template", "night"), pk=shift)
    skill = get_object_or_404(Skill, code=skill)
    plans = open_plans(shift.day, shift.day)
    there = assignments_between(shift.day, shift.day, plans=plans).filter(shift=shift, skill=skill)
    knows = sees(request.actor)
    found = candidates(shift, skill, plans=plans, knows=knows)
    inside = {row.person_id for row in there}
    found = [each for each in found if each.person.pk not in inside]
    elsewhere = sum(each.may for each in found if not knows(each.employment.organisation))
    found = [each for each in found if knows(each.employment.organisation)]
    page = {
        "shift": shift,
        "skill": skill,
        "there": list(there.select_related("person", "plan__organisation")),
        "is_named": any(knows(row.plan.organisation) for row in _in_the_shift(shift, plans)),
        "able": [each for each in found if each.may],
        "stopped": [each for each in found if not each.may],
        "elsewhere": elsewhere,
        "why": why_not([each for each in found if not each.may]),
        "week": scarcity(shift, skill),
        "open": OpenShift.objects.filter(shift=shift, skill=skill, closed_at=None).first(),
        "calls": _calls(shift, skill, knows),
        "may_plan": may(request.actor, "rota-offer", "POST"),
        "demand": shift.demands.filter(skill=skill).first(),
        "may_set": may(request.actor, "rota-demand", "POST"),
        "form": form,
        "refusal": refusal,
    }
    status = refusal.status if refusal else 422 if form else 200
    return render(request, "rota/place.html", page, status=status)


def _in_the_shift(shift, plans):
    """Everybody in a shift, whatever their duty: who works with one's own people is known by name."""
    rows = assignments_between(shift.day, shift.day, plans=plans).filter(shift=shift)
    return rows.select_related("plan__organisation")


def _calls(shift, skill, knows):
    """Who of those one knows was asked for a place."""
    calls = Call.objects.filter(open_shift__shift=shift, open_shift__skill=skill).select_related("person")
    homes = Employment.objects.on(shift.day).filter(person__in=calls.values("person"))
    known = {row.person_id for row in homes.select_related("organisation") if knows(row.organisation)}
    return [call for call in calls if call.person_id in known]
