"""Builds a rota of 60 people and a month, types letters into its grid, and prints how long each answer took, as JSON.

A program of its own (`python -m tests.bench.rota_grid`). The baseline is the act alone: one shift given, no page drawn.
"""

import json
import time
from datetime import date
from datetime import time as hours

from tests.bench import wsgi  # isort: skip # sets the applications up

import shelter.demo  # isort: skip
import shelter.rota.demo  # isort: skip
from django.core.management import call_command  # isort: skip
from django.test import Client  # isort: skip

from shelter import clock, nights  # isort: skip
from shelter.actions import team  # isort: skip
from shelter.demo import BY  # isort: skip
from shelter.models import Organisation, Person, Role  # isort: skip
from shelter.rota.actions import people, planning, shifts  # isort: skip
from shelter.rota.models import ShiftTemplate  # isort: skip

FIRST, LAST = date(2026, 11, 15), date(2027, 1, 31)
MONTH, LAST_DAY = date(2026, 12, 1), date(2026, 12, 31)
PEOPLE, KEYS = 60, 40
assert wsgi


def main():
    call_command("migrate", verbosity=0)
    shelter.demo.build(FIRST, LAST, winter=FIRST)
    shelter.rota.demo.settle(FIRST, LAST, seed=1)
    with clock.at(nights.instant_of(date(2026, 11, 20), hours(12))):
        staff = [row.person for row in _staff()]
        plan = _filled(staff)
        pages, bare = [], []
        browser = Client()
        browser.force_login(
            Person.objects.get(username="coordinator"), backend="django.contrib.auth.backends.ModelBackend"
        )
        for number in range(KEYS):
            person, day = staff[number % len(staff)], date(2026, 12, 2 + number % 25)
            pages.append(_timed(lambda p=person, d=day, n=number: _typed(browser, p, d, "SN"[n % 2])))
            bare.append(_timed(lambda p=person, d=day: _given(plan, p, d)))
    print(json.dumps({"pages": pages[2:], "bare": bare[2:]}))


def _staff():
    """So many people of HUT beside those the demo has, so that 60 are employed."""
    hut, known = (
        Organisation.objects.get(code="HUT"),
        people.Employment.objects.filter(kind="employee").count(),
    )
    skills = list(shifts.Skill.objects.filter(code__in=("educator", "host")))
    for number in range(PEOPLE - known):
        person = Person.objects.create_user(f"river-{number}", None, name=f"River {number}")
        team.give_role(person=person, organisation=hut, role=Role.WORKER, first_day=FIRST, by=BY)
        people.employ(person=person, organisation=hut, first_day=FIRST, weekly_minutes=1200, by=BY)
        for skill in skills:
            people.qualify(person=person, skill=skill, first_day=FIRST, by=BY)
    return list(people.Employment.objects.filter(organisation=hut, kind="employee").select_related("person"))


def _filled(staff):
    """A draft of the month with every third cell given."""
    hut = Organisation.objects.get(code="HUT")
    plan = planning.draft_of(organisation=hut, day=MONTH, by=BY)
    skill = shifts.Skill.objects.get(code="educator")
    for place, shift in enumerate(
        shifts.Shift.objects.filter(
            night__date__range=(MONTH, LAST_DAY), template__code__in=("evening", "night")
        ).select_related("night")
    ):
        for number in range(6):
            person = staff[(place * 7 + number * 5) % len(staff)]
            planning.assign(plan=plan, shift=shift, skill=skill, person=person, by=BY)
    return plan


def _typed(browser, person, day, letter):
    answer = browser.post(
        f"/rota/people/{person.pk}/{day}/",
        {"letter": letter, "week": f"{MONTH}", "weeks": "month"},
        headers={"HX-Request": "true", "HX-Target": "grid"},
        HTTP_HOST="localhost",
    )
    assert answer.status_code == 200, answer.status_code


def _given(plan, person, day):
    template = ShiftTemplate.objects.get(code="night")
    planning.give(organisation=plan.organisation, person=person, day=day, template=template, by=BY)


def _timed(act):
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
