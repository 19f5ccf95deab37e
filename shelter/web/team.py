"""Accounts, roles and tokens."""

from datetime import timedelta

from django.shortcuts import get_object_or_404, redirect, render

from shelter import clock, nights
from shelter.actions import team
from shelter.errors import Refused
from shelter.models import Membership, Person, Token
from shelter.web.forms import Line, PersonForm, RoleForm


def people(request):
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("team-person", _add(form.cleaned_data, request.actor).pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    page = {
        "form": form,
        "memberships": Membership.objects.now()
        .select_related("person", "organisation")
        .order_by("organisation__code", "person__name", "id"),
        "closed": Person.objects.filter(is_active=False).order_by("name", "id"),
    }
    return render(request, "shelter/team.html", page, status=422 if form.errors else 200)


def person(request, pk):
    row = get_object_or_404(Person, pk=pk)
    form, token = RoleForm(), ""
    if request.method == "POST":
        try:
            form, token = _change(request, row)
        except Refused as refusal:
            form.add_error(None, str(refusal)) if form.is_bound else None
            return _person_page(request, row, form, refusal=refusal, status=refusal.status)
        if not token and not form.errors:
            return redirect("team-person", pk)
    return _person_page(request, row, form, token=token, status=422 if form.errors else 200)


def _person_page(request, row, form, *, token="", refusal=None, status=200):
    page = {
        "person": row,
        "form": form,
        "token": token,
        "refusal": refusal,
        "memberships": row.memberships.select_related("organisation").order_by("-first_day", "id"),
        "tokens": row.tokens.filter(revoked_at__isnull=True).order_by("-created_at", "-id"),
    }
    return render(request, "shelter/person.html", page, status=status)


def _add(data, by):
    today = nights.local(clock.now()).date()
    added = team.add_person(
        username=data["username"], name=data["name"], password=data["password"], email=data["email"], by=by
    )
    organisation = team.add_organisation(
        code=data["organisation"], name=data["organisation"], first_day=today, by=by
    )
    team.give_role(person=added, organisation=organisation, role=data["role"], first_day=today, by=by)
    return added


def _change(request, row):
    """One of the page's forms, told by its button; returns the role form and a fresh token, if any."""
    verb, by = request.POST.get("verb", ""), request.actor
    today = nights.local(clock.now()).date()
    if verb == "give_role":
        form = RoleForm(request.POST)
        if form.is_valid():
            team.give_role(person=row, first_day=today, by=by, **form.cleaned_data)
        return form, ""
    if verb == "end_role":
        membership = get_object_or_404(row.memberships, pk=_number(request.POST.get("membership")))
        team.end_role(membership=membership, last_day=today - timedelta(days=1), by=by)
    elif verb == "password":
        team.change_person(person=row, password=request.POST.get("password", ""), by=by)
    elif verb == "address":
        team.change_person(person=row, email=request.POST.get("email", ""), by=by)
    elif verb in {"close", "reopen"}:
        team.change_person(person=row, is_active=verb == "reopen", by=by)
    elif verb == "revoke":
        token = get_object_or_404(Token, person=row, pk=_number(request.POST.get("token")))
        team.revoke_token(token=token, by=by)
    elif verb == "issue":
        device = Line(max_length=60, required=False).clean(request.POST.get("device", ""))
        return RoleForm(), team.issue_token(person=row, device=device, by=by)
    return RoleForm(), ""


def _number(text):
    return int(text) if text and text.isdecimal() and len(text) < 18 else 0
