"""The season: opening periods, nights and their steps, earlier seasons' published totals."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shelter import clock, log, queries
from shelter.actions import planning, stepping
from shelter.errors import Refused
from shelter.gate import may
from shelter.models import BedNight, Closure, Night, OpeningPeriod, PublishedTotal, Refusal, Season
from shelter.web.forms import PeriodForm, StepForm
from shelter.web.furniture import room_of

# Rooms of the storey above that a season leads to.
FIGURES = (("figures", gettext_lazy("Figures")), ("figures-definitions", gettext_lazy("Definitions")))


def season(request):
    form = PeriodForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            planning.add_period(by=request.actor, **form.cleaned_data)
            return redirect("season")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    page = _season_page(form) | {
        "may_plan": may(request.actor, "season", "POST"),
        "may_step": may(request.actor, "night-step", "POST"),
        "may_read_log": may(request.actor, "night-log"),
        "to_figures": [(name, label) for name, label in FIGURES if may(request.actor, name)],
    }
    return render(request, "shelter/season.html", page, status=422 if form.errors else 200)


def _season_page(form):
    tonight = queries.night_of(clock.tonight())
    current = tonight.season if tonight else Season.objects.order_by("-name").first()
    return {
        "form": form,
        "season": current,
        "tonight": tonight,
        "step_night": tonight,
        "steps": steps_of(tonight) if tonight else [],
        "capacity": queries.capacity_of(queries.board_of(tonight)) if tonight else None,
        "counts": queries.counts_of(tonight) if tonight else None,
        "periods": OpeningPeriod.objects.filter(season=current).order_by("first_date", "service"),
        "summary": summary_of(current) if current else None,
        "nights": list(_nights_with_people(current)[:60]) if current else [],
        "published": PublishedTotal.objects.order_by("-season"),
    }


@dataclass(frozen=True)
class SeasonSummary:
    """The running season so far, beside what was published about earlier ones."""

    nights: int
    bed_nights: int
    persons: int
    mean: float | None
    peak: int | None
    peak_on: object


def summary_of(season):
    nights = list(_nights_with_people(season).filter(state__in=[Night.State.CLOSED, Night.State.DEFINITIVE]))
    slept = BedNight.objects.filter(night__in=[night.pk for night in nights], state__in=BedNight.SLEPT)
    total = sum(night.people for night in nights)
    peak = max(nights, key=lambda night: night.people, default=None)
    return SeasonSummary(
        nights=len(nights),
        bed_nights=total,
        persons=slept.order_by().values("occupant").distinct().count(),
        mean=round(total / len(nights), 1) if nights else None,
        peak=peak.people if peak else None,
        peak_on=peak.date if peak else None,
    )


def _nights_with_people(season):
    slept = Count("bed_nights", filter=Q(bed_nights__state__in=BedNight.SLEPT))
    return Night.objects.filter(season=season, state__in=Night.RAN).annotate(people=slept).order_by("-date")


def steps_of(night):
    """Every step of a night with when it was reached, and which may be asked for next."""
    here = Night.STEPS.index(night.state)
    return [
        {
            "state": state,
            "label": state.label,
            "at": getattr(night, Night.TIMES[state]) if state in Night.TIMES else None,
            "is_here": index == here,
            "is_next": index == here + 1,
            "is_past": index < here,
        }
        for index, state in enumerate(Night.STEPS)
    ]


def step(request, night):
    row = get_object_or_404(Night, date=night)
    form = StepForm(request.POST)
    if not form.is_valid() or form.cleaned_data["to"] not in Night.State.values:
        raise Http404(_("There is no such step."))
    stepping.step(night=row, by=request.actor, **form.cleaned_data)
    return redirect(reverse("night-log", args=[night]))


def night_log(request, night):
    row = get_object_or_404(Night, date=night)
    page = {
        "night": row,
        "lines": _lines(row),
        "steps": steps_of(row),
        "step_night": row,
        "may_step": may(request.actor, "night-step", "POST"),
    }
    return render(request, "shelter/night_log.html", page)


LINES_SHOWN = 600
OVERRIDDEN = {
    "wrong_zone": gettext_lazy("another zone"),
    "doors_closed": gettext_lazy("doors closed"),
    "not_registered": gettext_lazy("not registered"),
}


def _lines(night):
    """The log of a night in words; times' own acts stand under "the clock"."""
    words = log.words()
    return [
        {
            "entry": entry,
            "word": words.get(entry.verb, entry.verb),
            "detail": ", ".join(_detail(entry.facts)),
            "clock": _("the clock"),
            "source": room_of(entry.source),
        }
        for entry in queries.log_of(night)[:LINES_SHOWN]
    ]


def _detail(facts):
    """What a line's codes say, where they say something to a reader."""
    if "to" in facts:
        yield str(Night.State(facts["to"]).label)
    for name, words in _words_of_facts():
        if facts.get(name):
            yield str(words.get(facts[name], facts[name]))
    for code in facts.get("overridden", ()):
        yield _("overridden: %(code)s") % {"code": OVERRIDDEN.get(code, code)}


def _words_of_facts():
    yield "why", dict(Closure.Cause.choices) | dict(Refusal.Reason.choices)
    yield "referral", dict(Refusal.Referral.choices)
    yield "cause", log.CAUSES
    yield "verb_undone", log.words()
