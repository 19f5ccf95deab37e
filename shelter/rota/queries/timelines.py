"""The time of people as the law sees it: shifts of drafts and published plans, work elsewhere, absences, terms."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

from django.db.models import Q

from shelter.rota import timeline
from shelter.rota.law import SATURDAY
from shelter.rota.models import Absence, Assignment, Employment, Qualification
from shelter.rota.queries.terms import terms_by_organisation
from shelter.rota.terms import Terms
from shelter.rota.timeline import Stint, Timeline, midnight

AROUND = timedelta(days=8)  # a week's rest and a run of days reach so far beyond a period


def assignments_between(first, last, *, plans=(), people=None):
    """Assignments that begin on days from first to last: those that stand, but within open `plans` theirs instead."""
    chosen = Q(stands=True)
    for plan in plans:
        theirs = Q(plan__organisation=plan.organisation_id) & beginning(plan.first_day, plan.last_day)
        chosen = chosen & ~theirs | Q(plan=plan)
    rows = Assignment.objects.filter(chosen).filter(beginning(first, last))
    if people is not None:
        rows = rows.filter(person__in=people)
    return rows.select_related("shift__template", "shift__night", "skill", "plan")


def beginning(first, last):
    """The condition that something begins on a local day from first to last."""
    return Q(start__gte=midnight(first), start__lt=midnight(last + timedelta(days=1)))


def stint_in(shift, skill):
    """A duty in a shift as a stretch of work."""
    return Stint(shift.start, shift.end, role=skill.code, break_minutes=shift.break_minutes)


def stint_of(assignment):
    """The hours somebody was given, which a shift moved behind their back would not change."""
    return replace(stint_in(assignment.shift, assignment.skill), start=assignment.start, end=assignment.end)


def stint_worked(record):
    """The hours that were recorded as worked."""
    return Stint(record.start, record.end, break_minutes=record.break_minutes)


def time_around(people, days, *, plans=()):
    """Timelines to judge shifts of some days by: a night reaches into the next day, and so perhaps into its week."""
    return timelines(people, min(days), max(days) + timedelta(days=1), plans=plans)


def timelines(people, first, last, *, plans=(), terms_on=None):
    """By person's id the timeline from first to last, with what lies around it, under the terms of its first day (or
    of `terms_on`). `people` are ids.
    """
    people = list(people)
    stints, absences, held = defaultdict(list), defaultdict(list), defaultdict(list)
    for assignment in assignments_between(first - AROUND, last + AROUND, plans=plans, people=people):
        stints[assignment.person_id].append(stint_of(assignment))
    span = midnight(first - AROUND), midnight(last + AROUND)
    for absence in Absence.objects.filter(person__in=people, start__lt=span[1], end__gt=span[0]):
        if absence.kind == Absence.Kind.ELSEWHERE:
            stints[absence.person_id].append(Stint(absence.start, absence.end, elsewhere=True))
        else:
            absences[absence.person_id].append(timeline.Absence(absence.start, absence.end, absence.kind))
    for row in Qualification.objects.filter(person__in=people).select_related("skill"):
        held[row.person_id].append(timeline.Qualification(row.skill.code, row.first_day, row.last_day))
    terms, weekends = _terms(people, first, last, terms_on or first), _weekends_before(people, first)
    return {
        person: Timeline(
            first=first,
            last=last,
            terms=terms.get(person, Terms()),
            stints=tuple(stints[person]),
            absences=tuple(absences[person]),
            qualifications=tuple(held[person]),
            weekends_before=weekends.get(person, 0),
        )
        for person in people
    }


def under_the_law(people, first, last):
    """Those of these people (ids) whom the law of working time protects: employees of any organisation."""
    return set(
        Employment.objects.between(first, last)
        .filter(person__in=people, kind=Employment.Kind.EMPLOYEE)
        .values_list("person", flat=True)
    )


def _terms(people, first, last, day):
    """Each person's limits; with two employers hours add up, and what protects more holds."""
    rows = list(Employment.objects.between(first, last).filter(person__in=people).order_by("first_day", "id"))
    known = terms_by_organisation({row.organisation_id for row in rows}, day)
    terms: dict[int, Terms] = {}
    for row in rows:
        own = {
            "weekly_minutes": row.weekly_minutes,
            "is_night_worker": row.is_night_worker,
            "is_under_strain": row.is_under_strain,
            "reference": row.reference,
        }
        if row.person_id in terms:
            before = terms[row.person_id]
            both = (before.weekly_minutes or 0) + (row.weekly_minutes or 0)
            own |= {
                "weekly_minutes": both or None,
                "is_night_worker": before.is_night_worker or row.is_night_worker,
                "is_under_strain": before.is_under_strain or row.is_under_strain,
            }
            terms[row.person_id] = Terms(**vars(before) | own)
        else:
            terms[row.person_id] = Terms(**known[row.organisation_id] | own)
    return terms


def _weekends_before(people, first):
    """How many weekends of the year each person worked before the week of a date."""
    new_year, monday = date(first.year, 1, 1), first - timedelta(days=first.weekday())
    weekends = defaultdict(set)
    rows = Assignment.objects.standing().filter(
        person__in=people, end__gt=midnight(new_year), start__lt=midnight(monday)
    )
    for person, start, end in rows.order_by().values_list("person", "start", "end"):
        saturday = _saturday_touched(start, end)
        if saturday is not None and saturday >= new_year:
            weekends[person].add(saturday)
    return {person: len(found) for person, found in weekends.items()}


def _saturday_touched(start, end):
    """The Saturday of the weekend that a stretch of work touches; None on other days."""
    day = timeline.Stint(start, end).day
    saturday = day + timedelta(days=(SATURDAY - day.weekday()) % 7)
    if day.weekday() == SATURDAY + 1:
        saturday = day - timedelta(days=1)
    touches = start < midnight(saturday + timedelta(days=2)) and midnight(saturday) < end
    return saturday if touches else None
