"""People of the rota: for whom they work, what they may do, when they are away; the calendar of a team."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shelter import clock, nights
from shelter.errors import Refused
from shelter.models import Organisation, Person
from shelter.rota import rules
from shelter.rota.actions import calendars, people
from shelter.rota.models import Absence, Employment
from shelter.rota.queries.staff import of_person, staff_of
from shelter.rota.web.forms import AbsenceForm, EmployForm, LastDayForm, QualifyForm
from shelter.rota.web.grid import own_organisations, plannable


def staff(request, refusal=None, address="", of=None):
    """Everybody employed now or later by whom one plans; a post enters somebody."""
    today = nights.local(clock.now()).date()
    mine = plannable(request.actor)
    form = EmployForm(
        request.POST if request.method == "POST" and not (refusal or address) else None,
        organisations=mine,
        people=_known(request.actor, mine),
        initial={"first_day": today, "organisation": mine.first()},
    )
    if form.is_bound and form.is_valid():
        try:
            employed = people.employ(by=request.actor, **form.given())
            return redirect("rota-person", employed.person_id)
        except Refused as caught:
            form.add_error(None, str(caught))
    page = {
        "groups": staff_of(mine, today),
        "form": form,
        "organisations": mine,
        "address": address,
        "address_of": of,
        "refusal": refusal,
    }
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "rota/people.html", page, status=status)


def _known(by, organisations):
    """Who may be entered: those with an account in one's own organisations; of all who coordinates."""
    known = Person.objects.filter(is_active=True)
    if not rules.sees_all(by):
        known = known.filter(memberships__organisation__in=organisations)
    return known.distinct().order_by("name", "pk")


def team_calendar(request, organisation):
    """A new calendar address of a team's shifts, shown once; or the end of the one there is."""
    organisation = get_object_or_404(Organisation, code=organisation)
    try:
        if "revoke" in request.POST:
            calendars.revoke(organisation=organisation, by=request.actor)
            return redirect("rota-people")
        secret = calendars.issue(organisation=organisation, by=request.actor)
    except Refused as refusal:
        return staff(request, refusal=refusal)
    address = request.build_absolute_uri(reverse("rota-calendar", args=[secret]))
    return staff(request, address=address, of=organisation)


def person(request, pk, refusal=None, **forms):
    """One person: employments, qualifications, absences, each with its form."""
    row = get_object_or_404(Person, pk=pk)
    known = of_person(row)
    own = set(own_organisations(request.actor, None))
    today = nights.local(clock.now()).date()
    theirs = [each for each in known.employments if each.last_day is None or each.last_day >= today]
    if not any(employment.organisation in own for employment in theirs):
        raise Http404
    page = {
        "person": row,
        "known": known,
        "own": own,
        "today": today,
        "qualify_form": QualifyForm(auto_id="qualify_%s", initial={"first_day": today}),
        "absence_form": AbsenceForm(auto_id="absence_%s", initial={"first_day": today, "last_day": today}),
        "refusal": refusal,
    } | forms
    status = refusal.status if refusal else 422 if forms else 200
    return render(request, "rota/person.html", page, status=status)


def end_employment(request, pk):
    row = get_object_or_404(Employment.objects.select_related("organisation"), pk=pk)
    form = LastDayForm(request.POST)
    if not form.is_valid():
        return person(request, row.person_id, wrong_form=form)
    try:
        people.end_employment(employment=row, last_day=form.cleaned_data["last_day"], by=request.actor)
    except Refused as refusal:
        return person(request, row.person_id, refusal=refusal)
    return redirect("rota-person", row.person_id)


def qualify(request, pk):
    row = get_object_or_404(Person, pk=pk)
    form = QualifyForm(request.POST, auto_id="qualify_%s")
    if not form.is_valid():
        return person(request, pk, qualify_form=form)
    try:
        people.qualify(person=row, by=request.actor, **form.cleaned_data)
    except Refused as refusal:
        return person(request, pk, refusal=refusal, qualify_form=form)
    return redirect("rota-person", pk)


def absence(request, pk):
    row = get_object_or_404(Person, pk=pk)
    form = AbsenceForm(request.POST, auto_id="absence_%s")
    if not form.is_valid():
        return person(request, pk, absence_form=form)
    try:
        people.block(person=row, kind=form.cleaned_data["kind"], by=request.actor, **form.instants())
    except Refused as refusal:
        return person(request, pk, refusal=refusal, absence_form=form)
    return redirect("rota-person", pk)


def end_absence(request, pk):
    row = get_object_or_404(Absence.objects.select_related("person"), pk=pk)
    try:
        people.unblock(absence=row, by=request.actor)
    except Refused as refusal:
        return person(request, row.person_id, refusal=refusal)
    return redirect("rota-person", row.person_id)
