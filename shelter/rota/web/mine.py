"""My shifts: what comes next, how my hours stand, wishes and leave, places on offer, my calendar address."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shelter import errors as house_errors
from shelter.errors import Refused
from shelter.rota import errors
from shelter.rota.actions import calendars, covering, people, swapping
from shelter.rota.calendar import as_ical
from shelter.rota.models import Assignment, OpenShift, Swap
from shelter.rota.queries.mine import mine
from shelter.rota.queries.swaps import swaps_for
from shelter.rota.web.forms import LeaveForm, WishForm


def my_shifts(request, refusal=None, address="", wish_form=None, leave_form=None):
    person = request.actor.person
    page = {
        "mine": mine(person),
        "wish_form": wish_form or WishForm(auto_id="wish_%s", initial={"weight": 1, "is_on": "no"}),
        "leave_form": leave_form or LeaveForm(auto_id="leave_%s"),
        "address": address,
        "refusal": refusal,
    }
    wrong = refusal.status if refusal else 422 if wish_form or leave_form else 200
    return render(request, "rota/my_shifts.html", page, status=wrong)


def wish(request):
    form = WishForm(request.POST, auto_id="wish_%s")
    if not form.is_valid():
        return my_shifts(request, wish_form=form)
    given = form.cleaned_data
    people.wish(
        person=request.actor.person, night=given["night"], is_on=given["is_on"] == "yes",
        weight=int(given["weight"]), by=request.actor,
    )  # fmt: skip
    return redirect("my-shifts")


def leave(request):
    form = LeaveForm(request.POST, auto_id="leave_%s")
    if not form.is_valid():
        return my_shifts(request, leave_form=form)
    try:
        people.ask_leave(person=request.actor.person, by=request.actor, **form.cleaned_data)
    except house_errors.Incomplete as wrong:
        form.add_error("last_day", str(wrong))
        return my_shifts(request, leave_form=form)
    return redirect("my-shifts")


def take(request, pk):
    place = get_object_or_404(OpenShift, pk=pk)
    try:
        covering.take(place=place, person=request.actor.person, by=request.actor)
    except Refused as refusal:
        return my_shifts(request, refusal=refusal)
    return redirect("my-shifts")


def swap(request, pk):
    """One of my shifts: to whom it could go, for nothing or for one of theirs; a post asks."""
    given = get_object_or_404(
        Assignment.objects.select_related("shift__template", "shift__night", "skill", "person", "plan"), pk=pk
    )
    if not given.stands or given.person != request.actor.person:
        return my_shifts(request, refusal=errors.NotTheirs(person=request.actor.person.name))
    asked = request.POST if request.method == "POST" else request.GET
    with_rounds = "rounds" in asked
    shown = swaps_for(given, with_rounds=with_rounds)
    refusal = None
    if request.method == "POST":
        try:
            taker, taken, others = shown.chosen(request.POST.get("with", ""))
            if others is not None:
                swapping.ask_round(given=given, theirs=taken, others=others, by=request.actor)
            else:
                swapping.ask(given=given, taker=taker, taken=taken, by=request.actor)
            return redirect("my-shifts")
        except Refused as caught:
            refusal = caught
    page = {"given": given, "shown": shown, "with_rounds": with_rounds, "refusal": refusal}
    return render(request, "rota/swap.html", page, status=refusal.status if refusal else 200)


def answer_swap(request, pk):
    """Agree to what a colleague asks, or not; or take one's own question back."""
    me, row = request.actor.person, get_object_or_404(Swap, pk=pk)
    verb = request.POST.get("verb", "")
    allowed = {"agree": row.taker_id, "refuse": row.taker_id, "withdraw": row.giver_id}
    if allowed.get(verb) != me.pk:
        return my_shifts(request, refusal=errors.AlreadyAnswered())
    verbs = {"agree": swapping.agree, "refuse": swapping.refuse, "withdraw": swapping.withdraw}
    try:
        verbs[verb](swap=row, by=request.actor)
    except Refused as refusal:
        return my_shifts(request, refusal=refusal)
    return redirect("my-shifts")


def calendar_address(request):
    """A new address, shown once; or none any longer."""
    person = request.actor.person
    if "revoke" in request.POST:
        calendars.revoke(person=person, by=request.actor)
        return redirect("my-shifts")
    secret = calendars.issue(person=person, by=request.actor)
    return my_shifts(request, address=request.build_absolute_uri(reverse("rota-calendar", args=[secret])))


def calendar(request, secret):
    """Whoever has the address reads the shifts, without an account; places and hours, nothing else."""
    address = calendars.of_secret(secret)
    if address is None:
        raise Http404
    return HttpResponse(as_ical(address), content_type="text/calendar; charset=utf-8")
