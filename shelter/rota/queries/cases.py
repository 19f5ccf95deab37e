"""What a proposal is made from, read from the database: people, places, what is fixed, what is due to each."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta

from shelter import clock, nights
from shelter.rota import sharing
from shelter.rota.models import Employment, MixRule, Wish
from shelter.rota.queries.coverage import places
from shelter.rota.queries.plans import open_plans
from shelter.rota.queries.prices import for_proposals
from shelter.rota.queries.timelines import assignments_between, timelines
from shelter.rota.staffing import Case, Place, Staff, Team, Wanted
from shelter.rota.timeline import Stint

BEFORE = timedelta(days=14)  # how far back runs of days are looked for


def case_of(first, last, organisations=None, owed=None, *, with_drafts=True):
    """The case of a period for the employees of some organisations, or of all. `owed` is what was unfair before.

    What is pinned, has begun or lies outside the period stays; places that others fill are no longer wanted.
    """
    plans = open_plans(first, last) if with_drafts else []
    monday = first - timedelta(days=first.weekday())
    sunday = last + timedelta(days=6 - last.weekday())
    employments = _employments(first, last, organisations)
    rows = list(assignments_between(monday, sunday, plans=plans).select_related("plan__organisation"))
    fixed = _fixed(rows, employments, first, last)
    lines = timelines(employments, monday - BEFORE, sunday, plans=plans)
    wishes = _wishes(employments, first, last)
    wanted = tuple(_places(monday, sunday, rows, employments, plans))
    staff = [
        _staff(rows_of, lines[person], fixed[person], wishes[person], monday, first, last)
        for person, rows_of in employments.items()
    ]
    teams = tuple(
        Team(rule.least, rule.skill.code if rule.skill else "")
        for rule in MixRule.objects.filter(first_night__lte=last).select_related("skill")
    )
    within = [place for place in wanted if first <= place.day <= last]
    return Case(first, last, wanted, sharing.with_shares(staff, within, owed), teams, for_proposals())


def _employments(first, last, organisations):
    rows = Employment.objects.between(first, last).filter(
        kind=Employment.Kind.EMPLOYEE, person__is_active=True
    )
    if organisations is not None:
        rows = rows.filter(organisation__in=organisations)
    employments: dict[int, list[Employment]] = defaultdict(list)
    for row in rows.select_related("organisation", "person").order_by("person", "first_day", "pk"):
        employments[row.person_id].append(row)
    return employments


def _fixed(rows, employments, first, last):
    """By person what stays: pinned, begun, or outside the period; by day the kind of shift and the duty."""
    now = clock.now()
    fixed: dict[int, dict] = defaultdict(dict)
    for row in rows:
        day = row.shift.day
        if row.person_id in employments and (row.is_pinned or row.start <= now or not first <= day <= last):
            fixed[row.person_id][day] = (row.shift.template.code, row.skill.code)
    return fixed


def _places(first, last, rows, employments, plans):
    """Every place, with those already filled by others (volunteers, guards, other organisations) taken off."""
    others = Counter((row.shift_id, row.skill_id) for row in rows if row.person_id not in employments)
    for place in places(first, last, plans=plans):
        there = others[place.shift.pk, place.skill.pk]
        yield Place(
            shift=place.shift.pk,
            kind=place.shift.template.code,
            skill=place.skill.code,
            day=place.shift.day,
            stint=Stint(place.shift.start, place.shift.end, break_minutes=place.shift.break_minutes),
            minimum=max(0, place.needed - there),
            wished=max(0, max(place.needed, place.wished) - there),
            is_critical=place.is_critical,
        )


def _wishes(people, first, last):
    wishes = defaultdict(list)
    for wish in Wish.objects.filter(person__in=people, night__range=(first, last)).select_related("template"):
        kind = wish.template.code if wish.template else ""
        wishes[wish.person_id].append(Wanted(wish.night, kind, wish.is_on, wish.weight))
    return wishes


def _staff(employments, line, fixed, wishes, monday, first, last):
    """Somebody with all their employments: a renewed contract goes on, two employers add up."""
    skills: dict[str, tuple] = defaultdict(tuple)
    for employment in employments:
        for held in line.qualifications:
            skills[held.role] += (
                (max(held.first, employment.first_day), _earlier(held.last, employment.last_day)),
            )
    latest = {employment.organisation_id: employment for employment in employments}
    return Staff(
        name=str(employments[-1].person_id),
        organisation=employments[-1].organisation.code,
        terms=replace(line.terms, weekly_minutes=sum(each.weekly_minutes for each in latest.values())),
        skills=dict(skills),
        absences=line.absences,
        elsewhere=tuple(stint for stint in line.stints if stint.elsewhere),
        history=tuple(stint for stint in line.stints if stint.day < monday and not stint.elsewhere),
        fixed=fixed,
        wishes=tuple(wishes),
        minutes_due=round(sum(_minutes_due(each, line, first, last) for each in employments)),
    )


def _earlier(one, other):
    return min(filter(None, (one, other)), default=None)


def _minutes_due(employment, line, first, last):
    """What the contract gives for the days of a period, without those of leave, illness and training."""
    begin, end = max(first, employment.first_day), _earlier(last, employment.last_day)
    days = sum(not line.is_paid_away(day) for day in nights.between(begin, end))
    return employment.weekly_minutes * days / 7
