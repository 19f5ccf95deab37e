"""Ways to fill what stands empty: the smallest repair, the cheapest ways with their prices, and one of them done."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shelter.errors import Refused
from shelter.gate import may
from shelter.models import Person
from shelter.rota.actions import pricing, repairing
from shelter.rota.models import Employment, Shift, Skill
from shelter.rota.pricing import PRICES
from shelter.rota.queries.prices import points
from shelter.rota.queries.repairs import lost_by, remedies
from shelter.rota.web.asked import EARLIEST, LATEST
from shelter.rota.web.forms import PricesForm
from shelter.rota.web.grid import own_organisations
from shelter.text import one_line

MOST_STEPS = 40


def ways(request, shift, skill, refusal=None):
    """What could fill one place, with everything else free to move a little."""
    shift = get_object_or_404(Shift.objects.select_related("template", "night"), pk=shift)
    skill = get_object_or_404(Skill, code=skill)
    page = {
        "shift": shift,
        "skill": skill,
        "found": remedies([(shift, skill)], own_organisations(request.actor, shift.day)),
        "at": f"{shift.pk}:{skill.code}",
        "back_to": reverse("rota-place", args=[shift.pk, skill.code]),
        "refusal": refusal,
    }
    template = "rota/_ways.html" if request.htmx else "rota/ways.html"
    return render(request, template, page, status=refusal.status if refusal else 200)


def repair(request, person, day, refusal=None):
    """What somebody who cannot come leaves empty, and the smallest change that fills it."""
    person = get_object_or_404(Person, pk=person)
    if not EARLIEST <= day <= LATEST:
        raise Http404
    lost = lost_by(person, day)
    own = own_organisations(request.actor, day)
    if not Employment.objects.on(day).filter(person=person, organisation__in=own).exists():
        raise Http404
    page = {
        "person": person,
        "day": day,
        "lost": lost,
        "found": remedies(lost, own) if lost else None,
        "at": f"{lost[0][0].pk}:{lost[0][1].code}" if lost else "",
        "refusal": refusal,
    }
    return render(request, "rota/repair.html", page, status=refusal.status if refusal else 200)


def carry_out(request):
    """Do what a way says, step by step as its form tells it, or nothing of it; back to the place it was looked for."""
    steps = [_step(text.replace("\0", "")) for text in request.POST.getlist("step")]
    given = [step[1:] for step in steps if step[0] == "give"]
    taken = [step[1:] for step in steps if step[0] == "take"]
    if not given or len(steps) > MOST_STEPS:
        raise Http404
    shift, skill = _place(request.POST.get("at", "").replace("\0", "")) or given[0][:2]
    try:
        repairing.carry_out(
            given=given,
            taken=taken,
            by=request.actor,
            reason=one_line(request.POST.get("reason", "")[:300])[:300],
        )
    except Refused as refusal:
        return ways(request, shift.pk, skill.code, refusal=refusal)
    return redirect("rota-place", shift.pk, skill.code)


def _place(text):
    """The shift and the skill a form names, if it does."""
    shift, _colon, skill = text.partition(":")
    if not shift.isdecimal() or len(shift) > 9:
        return None
    found = Shift.objects.filter(pk=int(shift)).first(), Skill.objects.filter(code=skill).first()
    return found if all(found) else None


def _step(text):
    """What to do, the shift, the skill and the person of a step as the form names them."""
    verb, *names = text.split(":")
    if verb not in ("give", "take") or len(names) != 3 or not (names[0].isdecimal() and names[2].isdecimal()):
        raise Http404
    return (
        verb,
        get_object_or_404(Shift.objects.select_related("template", "night"), pk=int(names[0])),
        get_object_or_404(Skill, code=names[1]),
        get_object_or_404(Person, pk=int(names[2])),
    )


def prices(request):
    """What is worth how much; the coordinator sets it."""
    form = PricesForm(request.POST or None, initial=points())
    if request.method == "POST" and form.is_valid():
        pricing.set_prices(points=form.cleaned_data, by=request.actor)
        return redirect("rota-prices")
    page = {
        "form": form,
        "rows": [(PRICES[key].label, value) for key, value in points().items()],
        "may_set": may(request.actor, "rota-prices", "POST"),
    }
    return render(request, "rota/prices.html", page, status=422 if form.errors else 200)
