"""The rota's part of the demo season: an invented team named after rivers, its shifts, and a published plan.

Shift times are assumptions: the shelter's own are not published. Plans are the first that the proposal finds, so that
the same seed gives the same season.
"""

from datetime import time, timedelta
from itertools import count
from random import Random

from django.utils.text import slugify

from shelter import clock, nights
from shelter.actions import team
from shelter.demo import BY, person
from shelter.models import Organisation, Person, Role
from shelter.rota import judging, rostering, staffing
from shelter.rota.actions import people, planning, shifts
from shelter.rota.models import Absence, Assignment, Employment, Plan, Shift, ShiftTemplate, Skill
from shelter.rota.queries.cases import case_of
from shelter.rota.queries.timelines import beginning, time_around
from shelter.rota.timeline import Stint, midnight

RIVERS = (
    "Alzette Sûre Moselle Attert Wiltz Our Clerve Ernz Syre Mamer Eisch Pétrusse Chiers Blees Wark Gander Drosbach "
    "Rhin Loire Seine Rhône Garonne Meuse Escaut Danube Elbe Oder Vistule Tage Douro Tibre Pô Arno Volga Dniepr Tamise "
    "Ombre Niger Sénégal Nil Jourdain Tigre Euphrate"
).split()
FIRST_NAMES = (
    "Anne Marc Lena Tom Sonia Luc Nadia Paul Rita Guy Joëlle Max Tania Ben Carla Yves Mia Jo Eva Rui".split()
)
# code, name, is a duty
SKILLS = (
    ("lead", "Responsable de nuit", True), ("social", "Assistant social", True), ("educator", "Éducateur", True),
    ("host", "Accueil", True), ("helper", "Bénévole", True), ("guard", "Agent de sécurité", True),
    ("first_aid", "Secouriste", False), ("women", "Dortoir des femmes", False), ("arabic", "Arabe", False),
)  # fmt: skip
# code, name, letter, starts, ends, break, demands: skill, at least, better, critical, one per so many guests
SHIFTS = (
    ("day", "Foyer de jour", "J", time(10, 30), time(17, 0), 30, (("educator", 3, 3, False, None),)),
    ("evening", "Soirée", "S", time(18, 30), time(0, 30), 0,
     (("social", 1, 1, False, None), ("educator", 3, 4, False, 80), ("helper", 1, 3, False, None),
      ("guard", 1, 1, True, None))),
    ("night", "Nuit", "N", time(22, 30), time(7, 0), 30,
     (("lead", 1, 1, True, None), ("educator", 3, 3, False, None), ("guard", 1, 1, True, None))),
    ("morning", "Matin", "M", time(5, 45), time(10, 0), 0, (("host", 2, 3, False, None),)),
)  # fmt: skip
OTHERS = (("first_aid", 0.5), ("women", 0.4), ("arabic", 0.2))  # and how many of a hundred have it
# organisation, how many, kind, hours a week, skills
TEAM = (
    ("HUT", 6, "employee", (40, 40, 30, 30, 30, 20), ("lead", "educator")),
    ("HUT", 5, "employee", (40, 30, 30, 30, 20), ("educator", "host")),
    ("CRL", 5, "employee", (40, 30, 30, 20, 20), ("educator", "host")),
    ("IA", 4, "employee", (30, 30, 20, 20), ("social", "host")),
    ("IA", 3, "employee", (30, 20, 20), ("social", "educator")),
    ("CRL", 70, "volunteer", (0,) * 70, ("helper",)),
    ("HUT", 25, "volunteer", (0,) * 25, ("helper",)),
    ("IA", 15, "volunteer", (0,) * 15, ("helper",)),
    ("DRA", 3, "guard", (0,) * 3, ("guard",)),
)
ROUNDS = 1500  # of the search for the demo's plans: counted, not timed, so that they come again; none for months past


def build(first, last, tonight, seed):
    """Team, shifts of the whole season, every month up to now as published and the next one as a draft."""
    settle(first, last, seed)
    this_month, month = tonight.replace(day=1), first.replace(day=1)
    while month <= this_month:
        with clock.at(midnight(min(first, month) - timedelta(days=9))):
            _plan(month, is_published=True, rounds=ROUNDS if month == this_month else 0)
        month = _next(month)
    month = this_month
    with clock.at(midnight(tonight)):
        _plan(_next(month), is_published=False)
        _problems(_next(month))


def settle(first, last, seed):
    """The team and the shifts of the season; nobody is planned."""
    with clock.at(nights.instant_of(first - timedelta(days=1), nights.NOON)):
        _shifts(first, last)
        _team(first, seed)


def _next(month):
    return (month + timedelta(days=31)).replace(day=1)


def _shifts(first, last):
    skills = {
        code: shifts.add_skill(
            code=code, name=name, is_duty=is_duty, for_volunteers=code in ("helper", "arabic"), by=BY
        )
        for code, name, is_duty in SKILLS
    }
    for code, name, letter, starts, ends, pause, demands in SHIFTS:
        shifts.set_template(
            code=code, name=name, letter=letter, starts=starts, ends=ends, break_minutes=pause, first_night=first,
            demands=[
                {"skill": skills[skill], "minimum": least, "wished": better, "per_guests": per_guests,
                 "priority": 2 if is_critical else 1}
                for skill, least, better, is_critical, per_guests in demands
            ],
            by=BY,
        )  # fmt: skip
    shifts.add_mix_rule(least=2, first_night=first, by=BY)
    shifts.add_mix_rule(least=1, skill=skills["first_aid"], first_night=first, by=BY)
    shifts.lay_out(first_night=first, last_night=last, by=BY)
    for key, value in (("days_in_a_row", 5), ("nights_in_a_row", 4)):
        people.set_term(key=key, value=value, first_day=first - timedelta(days=60), by=BY)


def _team(first, seed):
    chance = Random(seed)
    skills = {skill.code: skill for skill in Skill.objects.all()}
    names = (
        f"{FIRST_NAMES[(7 * number + number // len(RIVERS)) % len(FIRST_NAMES)]} {RIVERS[number % len(RIVERS)]}"
        for number in count()
    )
    for code, number, kind, hours, held in TEAM:
        organisation = Organisation.objects.get(code=code)
        for place in range(number):
            member = _member(next(names), code, kind, place, organisation, first)
            people.employ(
                person=member, organisation=organisation, kind=kind, first_day=first - timedelta(days=60),
                weekly_minutes=hours[place] * 60 or None, is_night_worker="lead" in held, by=BY,
            )  # fmt: skip
            others = [other for other, share in OTHERS if chance.random() < share]
            for skill in (*held, *others):
                people.qualify(
                    person=member, skill=skills[skill], first_day=first - timedelta(days=60), by=BY
                )
            if kind == Employment.Kind.EMPLOYEE and chance.random() < 0.25:
                _away(member, first + timedelta(days=chance.randrange(20)), chance.choice([2, 4, 7]))


def _member(name, code, kind, place, organisation, first):
    """The demo's own accounts are the first of their kind; the others cannot sign in."""
    known = {("HUT", Employment.Kind.EMPLOYEE): "worker", ("CRL", Employment.Kind.VOLUNTEER): "volunteer"}
    username = known.get((code, kind))
    if username and place == 0 and not Employment.objects.filter(person__username=username).exists():
        return person(username)
    role = Role.VOLUNTEER if kind == Employment.Kind.VOLUNTEER else Role.WORKER
    member = Person.objects.create_user(slugify(name), None, name=name)
    team.give_role(
        person=member, organisation=organisation, role=role, first_day=first - timedelta(days=30), by=BY
    )
    return member


def _away(member, first, days):
    people.block(
        person=member,
        kind=Absence.Kind.LEAVE,
        start=midnight(first),
        end=midnight(first + timedelta(days=days)),
        by=BY,
    )


def _plan(first, *, is_published, rounds=ROUNDS):
    """A lawful plan of a month for everybody: employees as proposed, volunteers and guards in turn."""
    last = _next(first) - timedelta(days=1)
    case = case_of(first, last)
    compiled = staffing.compiled(case)
    asked = count()
    found = rostering.solve(
        compiled.problem,
        seconds=300,
        stop=lambda: next(asked) > rounds,
        personal=compiled.workforce,
        is_bounded=False,
    )
    there, _out = staffing.lawful(case, staffing.places_of(case, found.roster))
    plans = {
        organisation.code: planning.open_draft(
            organisation=organisation, first_day=first, last_day=last, by=BY
        )
        for organisation in Organisation.objects.filter(code__in=("HUT", "CRL", "IA", "DRA"))
    }
    by_pk = Person.objects.in_bulk()
    employed = {
        row.person_id: row.organisation.code for row in Employment.objects.select_related("organisation")
    }
    dated = {shift.pk: shift for shift in Shift.objects.select_related("template", "night")}
    skills = {skill.code: skill for skill in Skill.objects.all()}
    for name, place in there:
        planning.assign(
            plan=plans[employed[int(name)]], shift=dated[place.shift], skill=skills[place.skill],
            person=by_pk[int(name)], by=BY,
        )  # fmt: skip
    _in_turn(plans, first, last, by_pk, employed, skills)
    if is_published:
        for plan in plans.values():
            planning.publish(plan=plan, by=BY)


def _problems(first):
    """Three things to solve in the draft: a night without a lead, too short a rest, somebody planned while on leave."""
    drafted = Assignment.objects.filter(
        beginning(first, first + timedelta(days=20)), plan__state=Plan.State.DRAFT
    )
    lead = drafted.filter(skill__code="lead", start__gte=midnight(first + timedelta(days=4))).first()
    if lead is not None:
        planning.unassign(assignment=lead, by=BY)
    _too_short_a_rest(drafted.filter(shift__template__code="evening", skill__code="educator"))
    away = drafted.filter(shift__template__code="night", skill__code="educator").last()
    if away is not None:
        _away(away.person, away.shift.day, 2)


def _too_short_a_rest(evenings):
    """A morning after an evening, for whoever can do both, is free in that morning and breaks least by it."""
    able = []
    for row in evenings.select_related("person", "shift", "plan"):
        morning = Shift.objects.filter(template__code="morning", night=row.shift.night).first()
        if morning is None:
            continue
        is_host = row.person.qualifications.filter(skill__code="host").exists()
        busy = row.plan.assignments.filter(beginning(morning.day, morning.day), person=row.person)
        if is_host and not busy.exists():
            line = time_around([row.person_id], [morning.day], plans=[row.plan])[row.person_id]
            broken = judging.against(line, Stint(morning.start, morning.end, "host"), is_protected=True)
            able.append((len(broken), row.pk, row, morning))
    if able:
        _breaks, _pk, row, morning = min(able, key=lambda each: each[:2])
        host = Skill.objects.get(code="host")
        planning.assign(plan=row.plan, shift=morning, skill=host, person=row.person, by=BY)


def _in_turn(plans, first, last, by_pk, employed, skills):
    """Guards every night one after the other, and two volunteers an evening."""
    for skill, kinds, at_once in (("guard", ("evening", "night"), 1), ("helper", ("evening",), 2)):
        able = sorted(pk for pk in employed if by_pk[pk].qualifications.filter(skill__code=skill).exists())
        templates = ShiftTemplate.objects.filter(code__in=kinds)
        there = Shift.objects.filter(beginning(first, last), template__in=templates).order_by("start")
        for number, shift in enumerate(shift for shift in there for _place in range(at_once)):
            pk = able[(number + at_once * first.toordinal()) % len(able)]  # goes on from month to month
            planning.assign(
                plan=plans[employed[pk]], shift=shift, skill=skills[skill], person=by_pk[pk], by=BY
            )
