"""Cold spells: declared, ended, and what was decided about each excluded person."""

from django.shortcuts import get_object_or_404, redirect, render

from intake import queries
from intake.web import night_forms as forms
from intake.web.showing import answers_of
from shelter import clock
from shelter import queries as house
from shelter.actions import admission
from shelter.errors import Refused
from shelter.gate import may
from shelter.models import ColdSpell, Exclusion

SHOWN = 20


def cold(request, refusal=None):
    day = clock.tonight()
    form = forms.ColdSpellForm(request.POST or None, initial={"first_night": day, "last_night": day})
    if request.method == "POST" and refusal is None and form.is_valid():
        try:
            admission.declare_cold_spell(by=request.actor, **form.cleaned_data)
            return redirect("cold")
        except Refused as caught:
            refusal = caught
    spell = house.cold_spells_of(day).first()
    page = {
        "form": form,
        "refusal": refusal,
        "day": day,
        "spell": spell,
        "spells": ColdSpell.objects.select_related("declared_by").order_by("-first_night", "-id")[:SHOWN],
        "excluded": _excluded(day, spell),
        "suspends": house.settings_for(day).cold_suspends,
        "may_declare": may(request.actor, "cold", "POST"),
    }
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "intake/cold.html", page, status=status)


def _excluded(day, spell):
    """Everybody excluded tonight, each with the decision for this cold spell, if there is one."""
    rows = list(Exclusion.objects.on(day).prefetch_related("cold_decisions").order_by("last_night", "id"))
    decided = {
        row.pk: next(
            (each for each in row.cold_decisions.all() if spell and each.cold_spell_id == spell.pk), None
        )
        for row in rows
    }
    return [(row, guest, decided[row.pk]) for row, guest in queries.with_names(rows)]


def end(request, pk):
    spell = get_object_or_404(ColdSpell, pk=pk)
    asked = answers_of(forms.ColdEndForm(request.POST))
    admission.end_cold_spell(cold_spell=spell, last_night=asked["last_night"], by=request.actor)
    return redirect("cold")
