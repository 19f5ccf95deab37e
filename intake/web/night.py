"""The night's own pages: its tools, rounds, who is out, incidents, handover, things kept, numbers."""

from datetime import date, timedelta

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from intake import queries
from intake.access import TALLIES
from intake.actions import night as verbs
from intake.models import Belonging, Handover, Incident, Tally, Task
from intake.web import night_forms as forms
from intake.web.showing import answers_of, evening
from shelter import clock, nights
from shelter import queries as house
from shelter.actions import placing, registering, watching
from shelter.errors import Refused
from shelter.gate import may
from shelter.models import Bed, BedNight, Outing, Refusal, Round, RoundMark

# The tools of the night: route, what it is for.
TOOLS = (
    "plan",
    "round",
    "outings",
    "presence",
    "incidents",
    "handover",
    "belongings",
    "tallies",
    "sheets",
    "phrases",
)
SHOWN = 60


def tools(request):
    night = evening()
    unread = queries.unread_points().count()
    without = house.without_bed(night)
    page = {
        "night": night,
        "tools": [name for name in TOOLS if may(request.actor, name)],
        "unread": unread,
        "out": house.out_now(night).count(),
        "without": without.people,
        "spell": house.cold_spells_of(night.date).first(),
        "may_see_cold": may(request.actor, "cold"),
    }
    return render(request, "intake/night.html", page)


# Rounds.


def rounds(request):
    """Both rounds of tonight: to begin, to go on with, or as they ended."""
    night = evening()
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        row = watching.start_round(
            night=night, kind=kind if kind in Round.Kind.values else Round.Kind.EVENING, by=request.actor
        )
        return redirect("round-walk", row.pk)
    settings = house.settings_for(night.date)
    page = {
        "night": night,
        "rounds": {row.kind: row for row in Round.objects.filter(night=night)},
        "kinds": [
            {"kind": Round.Kind.EVENING, "label": Round.Kind.EVENING.label, "at": settings.round_evening},
            {"kind": Round.Kind.CENSUS, "label": Round.Kind.CENSUS.label, "at": settings.round_census},
        ],
    }
    for row in page["kinds"]:
        row["round"] = page["rounds"].get(row["kind"])
    return render(request, "intake/rounds.html", page)


def walk(request, pk):
    """The walking list, room by room; once the round is closed, what differed and how to mend it."""
    row = get_object_or_404(Round.objects.select_related("night"), pk=pk)
    rooms = house.walk_of(row)
    everybody = [look for _room, looks in rooms for look in looks]
    guests = queries.guests_by_occupant([look.bed.occupant for look in everybody if look.bed.occupant])
    page = {
        "round": row,
        "night": row.night,
        "rooms": [
            {
                "name": name,
                "looks": [_look(look, guests) for look in looks],
                "left": sum(look.mark is None for look in looks),
            }
            for name, looks in rooms
        ],
        "seen": sum(look.mark is not None for look in everybody),
        "total": len(everybody),
        "inside": sum(look.bed.state == "occupied" for look in everybody),
        "differences": _with_guests(house.differences_of(row)) if row.closed_at else [],
        "choices": RoundMark.Seen.choices,
    }
    return render(request, "intake/walk.html", page)


def _look(look, guests):
    guest = guests.get(look.bed.occupant or 0) if look.bed.state == "occupied" else None
    return {"bed": look.bed, "mark": look.mark, "guest": guest}


def _with_guests(marks):
    guests = queries.guests_by_occupant([mark.expected.occupant_id for mark in marks if mark.expected])
    return [
        {"mark": mark, "guest": guests.get(mark.expected.occupant_id) if mark.expected else None}
        for mark in marks
    ]


def mark(request, pk, bed):
    """What was seen in one bed; with htmx only its row comes back."""
    row = get_object_or_404(Round.objects.select_related("night"), pk=pk)
    seen = request.POST.get("seen", "")
    if seen in RoundMark.Seen.values:
        watching.mark_bed(round=row, bed=get_object_or_404(Bed, pk=bed), seen=seen, by=request.actor)
    if not request.htmx:
        return redirect(f"{reverse('round-walk', args=[pk])}#bed-{bed}")
    look = next(look for _room, looks in house.walk_of(row) for look in looks if look.bed.id == bed)
    guests = queries.guests_by_occupant([look.bed.occupant] if look.bed.occupant else [])
    page = {"look": _look(look, guests), "round": row, "choices": RoundMark.Seen.choices}
    return render(request, "intake/_walk_row.html", page)


def close_round(request, pk):
    row = get_object_or_404(Round.objects.select_related("night"), pk=pk)
    watching.close_round(round=row, by=request.actor)
    return redirect("round-walk", pk)


# Out for a while, and whom to wake.


def outings(request):
    """Who is out and who is late, who is to be woken when, and everybody inside to send out from here."""
    night = evening()
    inside = list(house.present(night))
    page = {
        "night": night,
        "out": queries.with_names(list(_outings(night))),
        "wake": queries.to_wake([row.occupant_id for row in inside]),
        "early": [guest for guest in _guests(inside) if guest.early_leaver and guest.wakes_at is None],
        "now": clock.now(),
    }
    return render(request, "intake/outings.html", page)


def _outings(night):
    for outing in house.out_now(night):
        outing.occupant_id = outing.bed_night.occupant_id
        yield outing


def _guests(rows):
    guests = queries.guests_by_occupant([row.occupant_id for row in rows])
    return sorted(set(guests.values()), key=lambda guest: guest.full_name)


def go_out(request, pk):
    row = get_object_or_404(BedNight.objects.select_related("night"), pk=pk)
    asked = answers_of(forms.OutingForm(request.POST))
    back_at = asked["back_at"]
    watching.go_out(
        bed_night=row, kind=asked["kind"], by=request.actor,
        expected_at=nights.instant_of(row.night.date, back_at) if back_at else None,
    )  # fmt: skip
    guest = queries.guests_by_occupant([row.occupant_id]).get(row.occupant_id)
    return redirect("door-guest", guest.pk) if guest else redirect("outings")


def come_in(request, pk):
    outing = get_object_or_404(Outing.objects.select_related("bed_night__night"), pk=pk)
    watching.come_in(outing=outing, by=request.actor)
    return redirect((request.POST.get("next") == "door" and "door") or "outings")


# Beds kept for services, and what became of those sent elsewhere.


def keep_for_service(request, pk):
    asked = answers_of(forms.KeepForServiceForm(request.POST))
    bed = get_object_or_404(Bed, pk=pk)
    placing.keep_for_service(service=asked["service"], bed=bed, night=evening(), by=request.actor)
    return redirect("board-bed", pk)


def release_kept(request, pk):
    row = get_object_or_404(BedNight.objects.select_related("night").exclude(kept_for=""), pk=pk)
    placing.release(bed_night=row, by=request.actor, cause="by_hand")
    return redirect("board")


def turned_away(request):
    """Tonight's refusals: what became of whom, who waits for a place, who was without one at 04:00."""
    night = evening()
    rows = list(house.refused(night).order_by("-refused_at", "-id"))
    page = {
        "night": night,
        "rows": queries.with_names(rows),
        "waiting": _in_line(night),
        "without": house.without_bed(night),
        "outcomes": Refusal.Outcome.choices,
    }
    return render(request, "intake/turned_away.html", page)


def _in_line(night):
    line = house.waiting_line(night)
    guests = queries.guests_by_occupant(line)
    return [guests[number] for number in line if number in guests]


def refusal_outcome(request, pk):
    refusal = get_object_or_404(Refusal.objects.select_related("night"), pk=pk)
    asked = answers_of(forms.RefusalOutcomeForm(request.POST))
    registering.note_outcome(refusal=refusal, outcome=asked["outcome"], by=request.actor)
    return redirect("turned-away")


# Incidents.


def incidents(request):
    """What happened, the latest first; reading it leaves a line."""
    night = evening()
    verbs.note_reading_of_incidents(night=night, by=request.actor)
    rows = Incident.objects.select_related("night", "dormitory", "written_by", "led_to").prefetch_related(
        "people__occupant"
    )[:SHOWN]
    page = {"night": night, "rows": rows, "measures": dict(Incident.Measure.choices)}
    return render(request, "intake/incidents.html", page)


def incident_new(request):
    night = evening()
    form = forms.IncidentForm(request.POST or None, initial={"involved": request.GET.get("guest", "")[:9]})
    if request.method == "POST" and form.is_valid():
        _write(request, night, form.cleaned_data)
        return redirect("incidents" if may(request.actor, "incidents") else "night")
    page = {"form": form, "night": night, "inside": _guests(house.present(night))}
    return render(request, "intake/incident_form.html", page, status=422 if form.errors else 200)


def _write(request, night, answers):
    for name in forms.IncidentForm.PARTS:
        answers.pop(name)
    at = answers.pop("at")
    happened_at = nights.instant_of(night.date, at) if at else clock.now()
    verbs.write_incident(night=night, by=request.actor, happened_at=min(happened_at, clock.now()), **answers)


def incident_followed_up(request, pk):
    verbs.follow_up(
        incident=get_object_or_404(Incident.objects.select_related("night"), pk=pk), by=request.actor
    )
    return redirect("incidents")


# Handover.


def handover(request):
    """What the next shift must know, filled in; and what of earlier handovers nobody has read yet."""
    night = evening()
    form = forms.HandoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        verbs.hand_over(night=night, words=form.cleaned_data["words"], by=request.actor)
        return redirect("handover")
    unread = list(queries.unread_points())
    page = {
        "night": night,
        "form": form,
        "points": queries.with_names(queries.open_points(night)),
        "figures": queries.handover_figures(night),
        "unread": queries.with_names(unread),
        "last": Handover.objects.select_related("written_by", "night").first(),
        "tasks": Task.objects.filter(done_at__isnull=True),
        "task_form": forms.TaskForm(),
        "may_write": may(request.actor, "handover", "POST"),
    }
    return render(request, "intake/handover.html", page, status=422 if form.errors else 200)


def acknowledge(request):
    items = [int(pk) for pk in request.POST.getlist("item") if pk.isdecimal() and len(pk) < 18]
    verbs.acknowledge(items=items, by=request.actor)
    return redirect("handover")


def task_new(request):
    verbs.add_task(what=answers_of(forms.TaskForm(request.POST))["what"], by=request.actor)
    return redirect("handover")


def task_done(request, pk):
    verbs.finish_task(task=get_object_or_404(Task, pk=pk), by=request.actor)
    return redirect("handover")


# Things kept.


def belongings(request):
    form = forms.BelongingForm(request.POST or None, initial={"guest": request.GET.get("guest", "")[:9]})
    refusal = None
    if request.method == "POST" and form.is_valid():
        asked = dict(form.cleaned_data)
        guest = asked.pop("guest")
        try:
            verbs.keep_thing(occupant=guest.occupant, by=request.actor, **asked)
            return redirect("belongings")
        except Refused as caught:
            refusal = caught
    kept, unclaimed = list(queries.things_kept()), {row.pk for row in queries.unclaimed()}
    page = {
        "form": form,
        "refusal": refusal,
        "things": [(row, guest, row.pk in unclaimed) for row, guest in queries.with_names(kept)],
        "unclaimed": len(unclaimed),
        "inside": _guests(house.present(evening())),
    }
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "intake/belongings.html", page, status=status)


def hand_back(request, pk):
    verbs.hand_back(belonging=get_object_or_404(Belonging, pk=pk), by=request.actor)
    return redirect("belongings")


# Numbers of services.


def tallies(request, day=None):
    """Numbers of one day, for those who render the services; the others are shown."""
    day = day or clock.tonight()
    if day in (date.min, date.max):  # there is no day before, or after
        raise Http404
    mine = [name for name in Tally.Service.values if request.actor.has_any(TALLIES[name])]
    numbers = dict(Tally.objects.filter(day=day).values_list("service", "number"))
    form = forms.tally_form(mine, request.POST or None, initial=numbers)
    if request.method == "POST" and form.is_valid():
        verbs.enter_tallies(day=day, numbers=form.cleaned_data, by=request.actor)
        return redirect("tallies-day", day)
    night = house.night_of(day)
    nuitees = house.slept_at_the_census(night).count() if night else 0
    page = {
        "day": day,
        "form": form,
        "others": [
            (Tally.Service(name).label, number)
            for name, number in sorted(numbers.items())
            if name not in mine
        ],
        "derived": 2 * nuitees,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
    }
    return render(request, "intake/tallies.html", page, status=422 if form.errors else 200)
