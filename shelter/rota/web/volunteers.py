"""Volunteers: the public page behind an invitation, their own page, and the answers of whoever plans them."""

from datetime import timedelta

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language

from shelter import clock, nights
from shelter.errors import Refused
from shelter.rota.actions import calendars, volunteering
from shelter.rota.models import Assignment, Invitation, ShiftTemplate, SignUp, Skill
from shelter.rota.queries.volunteers import brought, invitations, offers, openings
from shelter.rota.web.forms import InviteForm, SignUpForm
from shelter.rota.web.grid import plannable

WEEKS_OPEN = timedelta(days=60)


def volunteers(request, refusal=None, address="", left=()):
    """Who has offered to help, and the links that invite."""
    mine = plannable(request.actor)
    today = nights.local(clock.now()).date()
    page = {
        "offers": offers(mine),
        "invitations": invitations(mine),
        "form": InviteForm(
            organisations=mine, initial={"organisation": mine.first(), "last_day": today + WEEKS_OPEN}
        ),
        "address": address,
        "left": left,
        "refusal": refusal,
    }
    return render(request, "rota/volunteers.html", page, status=refusal.status if refusal else 200)


def invite(request):
    """Make a link, shown once."""
    form = InviteForm(request.POST, organisations=plannable(request.actor))
    if not form.is_valid():
        page = {"offers": [], "invitations": [], "form": form}
        return render(request, "rota/volunteers.html", page, status=422)
    try:
        secret = volunteering.invite(by=request.actor, **form.cleaned_data)
    except Refused as refusal:
        return volunteers(request, refusal=refusal)
    return volunteers(request, address=request.build_absolute_uri(reverse("volunteer", args=[secret])))


def end_invitation(request, pk):
    row = get_object_or_404(Invitation.objects.select_related("organisation"), pk=pk)
    try:
        volunteering.revoke(invitation=row, by=request.actor)
    except Refused as refusal:
        return volunteers(request, refusal=refusal)
    return redirect("rota-volunteers")


def answer(request, pk):
    """Welcome somebody, or say no."""
    row = get_object_or_404(SignUp, pk=pk)

    def address_of(secret):
        return request.build_absolute_uri(reverse("volunteer-shifts", args=[secret]))

    try:
        if "decline" in request.POST:
            volunteering.decline(offer=row, by=request.actor)
            return redirect("rota-volunteers")
        left = volunteering.confirm(
            offer=row, by=request.actor, address_of=address_of, recognised=request.POST.getlist("recognised")
        )
    except Refused as refusal:
        return volunteers(request, refusal=refusal)
    return volunteers(request, left=left) if left else redirect("rota-volunteers")


def sign_up(request, secret):
    """The page behind an invitation: choose where to help, leave a name and an address."""
    invitation = volunteering.of_secret(secret)
    if invitation is None:
        raise Http404
    wanted = {name: tuple(request.GET.getlist(name)) for name in ("skills", "kinds")}
    brings = list(brought())
    mine = {skill.code for skill in brings} & set(request.GET.getlist("brings"))
    open_now = openings(invitation.organisation, brings=mine, **wanted)
    form = SignUpForm(request.POST or None, places=[each.place for each in open_now], brings=brings)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            volunteering.sign_up(invitation=invitation, language=get_language()[:2], **form.given())
            return render(request, "rota/thank_you.html", {"organisation": invitation.organisation})
        except Refused as caught:
            refusal = caught
    page = {
        "organisation": invitation.organisation,
        "form": form,
        "openings": open_now,
        "skills": Skill.objects.filter(for_volunteers=True, is_duty=True),
        "brought": brings,
        "brings": request.POST.getlist("brings") if request.method == "POST" else mine,
        "kinds": ShiftTemplate.objects.filter(demands__skill__for_volunteers=True).distinct(),
        "wanted": wanted,
        "chosen": request.POST.getlist("places"),
        "refusal": refusal,
    }
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "rota/sign_up.html", page, status=status)


def own_shifts(request, secret):
    """A volunteer's shifts, behind their own secret; a post gives one back."""
    address = calendars.of_secret(secret)
    person = address.person if address else None
    if person is None or not person.is_active or person.has_usable_password():
        raise Http404  # who has an account uses it: their calendar's address is read by others
    mine = (
        Assignment.objects.standing()
        .filter(person=address.person, end__gt=clock.now())
        .select_related("shift__template", "shift__night", "skill", "person")
        .order_by("start")
    )
    refusal = None
    if request.method == "POST":
        named = request.POST.get("shift", "")
        row = get_object_or_404(mine, pk=int(named) if named.isdecimal() and len(named) < 10 else 0)
        try:
            volunteering.cannot_come(assignment=row)
            return redirect("volunteer-shifts", secret)
        except Refused as caught:
            refusal = caught
    page = {
        "person": address.person,
        "mine": mine,
        "calendar": request.build_absolute_uri(reverse("rota-calendar", args=[secret])),
        "refusal": refusal,
    }
    return render(request, "rota/own_shifts.html", page, status=refusal.status if refusal else 200)
