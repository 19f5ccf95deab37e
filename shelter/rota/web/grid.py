"""The grid: look at a week, give shifts key by key, repeat a week, publish."""

from datetime import timedelta

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django_htmx.http import reswap

from shelter import clock, nights
from shelter.errors import Refused
from shelter.gate import may
from shelter.models import Organisation, Person, Role
from shelter.rota import errors, rules
from shelter.rota.actions import planning
from shelter.rota.models import Employment, Plan, ShiftTemplate
from shelter.rota.queries.grid import grid, week_of
from shelter.rota.queries.terms import terms_of
from shelter.rota.queries.waiting import waiting_for
from shelter.rota.timeline import month_around
from shelter.rota.web.asked import EARLIEST, LATEST, day_asked
from shelter.rota.web.forms import ReasonForm, SetAsideForm
from shelter.rota.web.seeing import sees

WEEKS = {"1": 1, "2": 2}
MONTH = "month"
DAYS_AWAY = (1, 2, 3, 5, 7, 14)


def rota(request, refusal=None, typed=None):
    """The week (or two) around a day; the same view gives the whole page, the grid alone, and what a key changed.

    `typed` is the cell that was typed into: the person's id and the day.
    """
    first, last = _days(request)
    is_month = _asked(request).get("weeks") == MONTH
    everybody = _asked(request).get("everybody") == "yes"
    kept = {request.resolver_match.kwargs.get("person")}  # their row stays when their last shift has gone
    only, nights_of = (typed[0], _nights_of(typed[1], first, last)) if typed else (None, None)
    shown = grid(
        first, last, may_edit=_edits(request.actor), sees=sees(request.actor),
        today=nights.local(clock.now()).date(), shown=None if everybody else kept, only=only,
        nights_of=nights_of,
    )  # fmt: skip
    page = {
        "first": first,
        "last": last,
        "grid": shown,
        "everybody": everybody,
        "before": first - nights.ONE_DAY if is_month else first - timedelta(days=7),
        "after": last + nights.ONE_DAY if is_month else first + timedelta(days=7),
        "weeks": MONTH if is_month else (last - first).days // 7 + 1,
        "refusal": refusal,
        "may_edit": may(request.actor, "rota-cell", "POST"),
    }
    if typed:
        return render(request, "rota/_typed.html", page)
    page["waiting"] = waiting_for(own_organisations(request.actor, first))
    template = "rota/_grid.html" if request.htmx and request.htmx.target == "grid" else "rota/grid.html"
    answer = render(request, template, page, status=refusal.status if refusal else 200)
    return reswap(answer, "outerHTML") if request.htmx else answer


def _asked(request):
    return request.POST if request.method == "POST" else request.GET


def _days(request):
    asked = _asked(request)
    day = day_asked(asked.get("week", "")) or nights.local(clock.now()).date()
    if asked.get("weeks") == MONTH:
        return month_around(day)
    return week_of(day, WEEKS.get(asked.get("weeks", ""), 1))


def _nights_of(day, first, last):
    """Of the nights shown those that a shift of a day may serve, from one to the other."""
    return max(first, day - nights.ONE_DAY), min(last, day)


def _edits(by):
    """Which organisations' people somebody plans."""

    def edits(organisation):
        if not by.has_any({Role.PLANNER, Role.COORDINATOR}):
            return False
        try:
            rules.plans_own_people(by, organisation)
        except Refused:
            return False
        return True

    return edits


def cell(request, person, day):
    """One person on one day: what could be given, and what stands in the way; a post gives it."""
    person = get_object_or_404(Person, pk=person)
    employment = employment_of(request.actor, person, day)
    if request.method == "POST":
        return _give(request, person, day, employment)
    first, last = week_of(day)
    shown = grid(first, last, may_edit=_edits(request.actor), sees=sees(request.actor))
    page = {
        "person": person,
        "day": day,
        "employment": employment,
        "cell": _cell_of(shown, employment, day),
        "problems": [problem for problem in shown.problems if problem.person.pk == person.pk],
        "templates": shown.templates,
        "may_edit": _edits(request.actor)(employment.organisation),
        "days_away": DAYS_AWAY,
    }
    return render(request, "rota/_cell.html" if request.htmx else "rota/cell.html", page)


def _cell_of(shown, employment, day):
    for group in shown.groups:
        for row in group.rows:
            if row.employment.pk == employment.pk and row.is_named:
                return next(cell for cell in row.cells if cell.day == day)
    raise Http404


def _give(request, person, day, employment):
    letter = request.POST.get("letter", "")
    template = next((each for each in ShiftTemplate.objects.all() if each.letter == letter), None)
    if letter and template is None:
        raise Http404
    try:
        planning.give(
            organisation=employment.organisation, person=person, day=day, template=template, by=request.actor
        )
    except Refused as refusal:
        return rota(request, refusal=refusal)
    return rota(request, typed=(person.pk, day)) if request.htmx else redirect(_address(request))


def employment_of(by, person, day):
    """For whom a person works on a day: of several employers the one whose people are planned here."""
    if not EARLIEST <= day <= LATEST:
        raise Http404
    employments = list(Employment.objects.on(day).filter(person=person).select_related("organisation"))
    own = [employment for employment in employments if _edits(by)(employment.organisation)]
    if not employments:
        raise Http404
    return (own or employments)[0]


def copy(request):
    """Repeat the week before in this one, for each organisation one plans."""
    first, _last = _days(request)
    try:
        planning.copy_week_of_all(
            organisations=own_organisations(request.actor, first),
            source=first - timedelta(days=7),
            target=first,
            by=request.actor,
        )
    except Refused as refusal:
        return rota(request, refusal=refusal)
    return redirect(_address(request))


def own_organisations(by, day):
    """Those one plans who have anybody employed on a day (None: ever)."""
    employed = Employment.objects.on(day) if day else Employment.objects.all()
    return list(plannable(by).filter(pk__in=employed.values("organisation")))


def plannable(by):
    """Organisations whose people one plans."""
    today = nights.local(clock.now()).date()
    rows = Organisation.objects.filter(
        Q(last_day=None) | Q(last_day__gte=today), first_day__lte=today
    ).order_by("code")
    return rows.filter(pk__in=[each.pk for each in rows if _edits(by)(each)])


def publish(request, plan):
    """What would change for whom, then the publication."""
    plan = get_object_or_404(Plan.objects.select_related("organisation"), pk=plan)
    form = ReasonForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            planning.publish(plan=plan, by=request.actor, reason=form.cleaned_data["reason"])
            return redirect(f"{reverse('rota')}?week={plan.first_day}")
        except Refused as caught:
            refusal = caught
    shown = grid(plan.first_day, plan.last_day, may_edit=_edits(request.actor), sees=sees(request.actor))
    people = {
        row.person.pk
        for group in shown.groups
        if group.organisation == plan.organisation
        for row in group.rows
    }
    page = {
        "plan": plan,
        "form": form,
        "refusal": refusal,
        "problems": [problem for problem in shown.problems if problem.person.pk in people],
        "missing": shown.missing,
        "clear_days": (plan.first_day - nights.local(clock.now()).date()).days - 1,
        "least_days": terms_of(plan.organisation, plan.first_day).publish_days or 0,
    }
    return render(request, "rota/publish.html", page, status=refusal.status if refusal else 200)


def drop(request, plan):
    plan = get_object_or_404(Plan, pk=plan)
    try:
        planning.drop(plan=plan, by=request.actor)
    except Refused as refusal:
        return rota(request, refusal=refusal)
    return redirect(f"{reverse('rota')}?week={plan.first_day}")


def set_aside(request, person):
    """Let a rule be broken that the law compensates, with a reason."""
    person, form = get_object_or_404(Person, pk=person), SetAsideForm(request.POST)
    if not form.is_valid():
        return rota(request, refusal=errors.ReasonIsMissing())
    given = form.cleaned_data
    organisation = employment_of(request.actor, person, given["day"]).organisation
    try:
        planning.set_aside_rule(organisation=organisation, person=person, by=request.actor, **given)
    except Refused as refusal:
        return rota(request, refusal=refusal)
    return redirect(f"{reverse('rota')}?week={given['day']}")


def _address(request):
    first, last = _days(request)
    weeks = MONTH if _asked(request).get("weeks") == MONTH else (last - first).days // 7 + 1
    everybody = "&everybody=yes" if _asked(request).get("everybody") == "yes" else ""
    return f"{reverse('rota')}?week={first}&weeks={weeks}{everybody}"
