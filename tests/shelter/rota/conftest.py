"""Three organisations with their people, planners and shifts for five weeks, built through the actions."""

from dataclasses import dataclass
from datetime import date, time

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import translation

from shelter.actions import planning as seasons
from shelter.actions import team
from shelter.actor import Actor
from shelter.models import Letter, LogEntry, OpeningPeriod, Role
from shelter.rota.actions import people, planning, shifts
from shelter.rota.models import Assignment, Employment, Plan, Shift, Skill
from tests.conftest import BUILDER, FIRST_NIGHT, LAST_NIGHT, PASSWORD

LONG_AGO = date(2026, 1, 1)
MONDAY = date(2026, 11, 16)
SUNDAY = date(2026, 11, 29)
LAID_OUT_UNTIL = date(2026, 12, 20)

# Code, letter, from, until, minutes of break: six hours, eight hours, four and a quarter.
TEMPLATES = (
    ("evening", "E", time(18, 30), time(0, 30), 0),
    ("night", "N", time(22, 30), time(7, 0), 30),
    ("morning", "M", time(5, 45), time(10, 0), 0),
)
# Skill, needed, wished, priority, one per so many guests.
DEMANDS = {
    "evening": (("lead", 1, 1, 2, None), ("host", 2, 3, 1, 50)),
    "night": (("lead", 1, 1, 2, None), ("host", 1, 2, 1, None)),
    "morning": (("host", 1, 2, 1, None),),
}
# Name, language, e-mail, skills; then for each employment the organisation, the kind and the minutes a week.
PEOPLE = (
    ("Ana", "fr", "ana@hut.example", ("host", "lead"), (("HUT", "employee", 2400),)),
    ("Ben", "de", "ben@hut.example", ("host",), (("HUT", "employee", 1800),)),
    ("Cleo", "en", "cleo@hut.example", ("host",), (("CRL", "employee", 960), ("HUT", "employee", 1200))),
    ("Dana", "fr", "", ("host", "first_aid"), (("CRL", "employee", 2400),)),
    ("Emil", "lb", "emil@ia.example", ("host", "lead"), (("IA", "employee", 2400),)),
    ("Vera", "fr", "vera@crl.example", ("host",), (("CRL", "volunteer", None),)),
    ("Gus", "fr", "", ("host",), (("HUT", "guard", None),)),
)


def day(number, month=11):
    """A date of the winter 2026/27: `day(16)` in November, `day(3, 12)` in December, `day(4, 1)` in January."""
    return date(2026 if month > 6 else 2027, month, number)


@dataclass(frozen=True)
class Rota:
    organisations: dict  # by code
    skills: dict  # by code
    templates: dict  # by code
    people: dict  # by name in lower letters
    planners: dict  # actors by the code of their organisation
    coordinator: Actor

    def shift(self, night, code="evening"):
        return Shift.objects.select_related("template", "night").get(night__date=night, template__code=code)

    def himself(self, name):
        """Somebody who acts for themselves: an account without any role of planning."""
        return Actor(person=self.people[name], roles=frozenset({"worker"}), source="tests")

    def draft(self, code="HUT", first=MONDAY, last=SUNDAY, *cells):
        """An open draft with cells: who, the night, the kind of shift (evening if not told), the duty (host)."""
        plan = planning.open_draft(
            organisation=self.organisations[code], first_day=first, last_day=last, by=self.planners[code]
        )
        for cell in cells:
            self.put(plan, *cell)
        return plan

    def put(self, plan, name, night, template="evening", skill="host"):
        return planning.assign(
            plan=plan, shift=self.shift(night, template), skill=self.skills[skill], person=self.people[name],
            by=self.planners[plan.organisation.code],
        )  # fmt: skip

    def take_out(self, plan, name, night, template="evening"):
        row = plan.assignments.get(person=self.people[name], shift=self.shift(night, template))
        planning.unassign(assignment=row, by=self.planners[plan.organisation.code])

    def publish(self, plan, **told):
        return planning.publish(plan=plan, by=self.planners[plan.organisation.code], **told)

    def published(self, code="HUT", first=MONDAY, last=SUNDAY, *cells):
        """A plan that stands, with its cells."""
        plan = self.draft(code, first, last, *cells)
        self.publish(plan)
        return Plan.objects.select_related("organisation").get(pk=plan.pk)

    def row(self, name, night, template="evening"):
        """Somebody's assignment that stands."""
        return (
            Assignment.objects.standing()
            .select_related("shift__template", "shift__night", "skill", "plan__organisation", "person")
            .get(person=self.people[name], shift=self.shift(night, template))
        )


def standing():
    """Who is to work when: (name, night, kind of shift), in the order of time."""
    return cells(Assignment.objects.standing())


def cells(rows):
    return [
        (name.lower(), night, code)
        for name, night, code in rows.order_by("start", "person__name").values_list(
            "person__name", "shift__night__date", "shift__template__code"
        )
    ]


def everything():
    """All rows of the rota, the letters and the log."""
    models = [*apps.get_app_config("rota").get_models(), Letter, LogEntry]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def refused(kind, act):
    """The refusal of an act, which must leave everything as it was."""
    before = everything()
    with pytest.raises(kind) as refusal, transaction.atomic():
        act()
    assert everything() == before
    return refusal.value


def said(refusal):
    """What a refusal says, with plain blanks in its hours."""
    return str(refusal).replace("\xa0", " ")


def lines(verb):
    """The facts of the log's lines with a verb."""
    return list(LogEntry.objects.filter(verb=verb).order_by("id").values_list("facts", flat=True))


def letters_to(person):
    """The lines of each letter to somebody, without the first."""
    texts = Letter.objects.filter(to=person).order_by("id").values_list("text", flat=True)
    return [text.splitlines()[1:] for text in texts]


def employed(person, organisation, *, kind="employee", minutes=None, by=BUILDER, **known):
    return people.employ(
        person=person, organisation=organisation, kind=Employment.Kind(kind), weekly_minutes=minutes,
        first_day=known.pop("first_day", LONG_AGO), by=by, **known,
    )  # fmt: skip


def colleague(name, *, language="fr", email="", skills=()):
    """Somebody with an account who may do these duties."""
    person = team.add_person(
        username=name.lower(), name=name, password=PASSWORD, language=language, by=BUILDER
    )
    person.email = email
    person.save()
    for code in skills:
        people.qualify(
            person=person, skill=Skill.objects.get(code=code), first_day=LONG_AGO, by=BUILDER, proof="seen"
        )
    return person


@pytest.fixture
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def rota(organisations, clock_at, english):
    """It is 2 November 2026, 9 o'clock: shifts are laid out from 15 November to 20 December, nothing is planned."""
    clock_at("2026-11-02 09:00")
    seasons.add_period(
        service=OpeningPeriod.Service.NIGHT, first_date=FIRST_NIGHT, last_date=LAST_NIGHT, by=BUILDER
    )
    skills = {
        code: shifts.add_skill(code=code, name=name, is_duty=code != "first_aid", by=BUILDER)
        for code, name in (("lead", "Lead"), ("host", "Host"), ("first_aid", "First aid"))
    }
    templates = {row[0]: _template(*row, skills=skills) for row in TEMPLATES}
    shifts.lay_out(first_night=FIRST_NIGHT, last_night=LAID_OUT_UNTIL, by=BUILDER)
    return Rota(
        organisations=organisations,
        skills=skills,
        templates=templates,
        people={row[0].lower(): _person(*row, organisations=organisations) for row in PEOPLE},
        planners={code: _planner(code, organisations) for code in organisations},
        coordinator=Actor(
            person=team.add_person(username="chief", name="Chief", password=PASSWORD, by=BUILDER),
            roles=frozenset({Role.COORDINATOR.value}),
            source="tests",
        ),
    )


def _template(code, letter, starts, ends, break_minutes, *, skills):
    names = ("skill", "minimum", "wished", "priority", "per_guests")
    demands = [dict(zip(names, (skills[asked], *figures), strict=True)) for asked, *figures in DEMANDS[code]]
    return shifts.set_template(
        code=code, name=code.title(), letter=letter, starts=starts, ends=ends, break_minutes=break_minutes,
        first_night=FIRST_NIGHT, demands=demands, by=BUILDER,
    )  # fmt: skip


def _person(name, language, email, skills, employments, *, organisations):
    person = colleague(name, language=language, email=email, skills=skills)
    for code, kind, minutes in employments:
        employed(person, organisations[code], kind=kind, minutes=minutes)
    return person


def _planner(code, organisations):
    person = team.add_person(
        username=f"planner-{code.lower()}", name=f"Planner {code}", password=PASSWORD, by=BUILDER
    )
    team.give_role(
        person=person, organisation=organisations[code], role=Role.PLANNER, first_day=LONG_AGO, by=BUILDER
    )
    return Actor(
        person=person,
        roles=frozenset({Role.PLANNER.value}),
        held=frozenset({(Role.PLANNER.value, code)}),
        source="tests",
    )
