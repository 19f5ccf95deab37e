"""A small rota, for tests that ask every address and every page: a week of shifts, a few people, a draft and a plan."""

from datetime import date, time, timedelta

from shelter import clock
from shelter.actor import actor_for
from shelter.models import Organisation, Person, Role
from shelter.rota.actions import (
    calendars,
    covering,
    people,
    planning,
    proposing,
    repairing,
    shifts,
    swapping,
    volunteering,
)
from shelter.rota.models import Assignment, Employment, Invitation, MixRule, Shift
from shelter.rota.timeline import midnight
from tests.conftest import BUILDER

MONDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 29)
SINCE = date(2026, 9, 1)


def things_of_the_rota(team):
    """By kind, as rows. `team` are people by role; the worker and the lead are HUT's, the volunteer CRL's."""
    hut, crl = (Organisation.objects.get(code=code) for code in ("HUT", "CRL"))
    host, lead = (shifts.add_skill(code=code, name=code, by=BUILDER) for code in ("host", "lead"))
    evening = shifts.set_template(
        code="evening", name="Soirée", letter="S", starts=time(18, 30), ends=time(0, 30), first_night=SINCE, by=BUILDER,
        demands=[{"skill": host, "minimum": 2, "wished": 2}, {"skill": lead, "minimum": 1, "wished": 1}],
    )  # fmt: skip
    shifts.set_template(
        code="night", name="Nuit", letter="N", starts=time(22, 30), ends=time(7), break_minutes=30, first_night=SINCE,
        demands=[{"skill": host, "minimum": 1, "wished": 1}], by=BUILDER,
    )  # fmt: skip
    shifts.add_mix_rule(least=2, first_night=SINCE, by=BUILDER)
    shifts.lay_out(first_night=MONDAY - timedelta(days=7), last_night=SUNDAY, by=BUILDER)
    for role, organisation, held in (
        (Role.WORKER, hut, (host,)), (Role.NIGHT_LEAD, hut, (host, lead)), (Role.VOLUNTEER, crl, (host,)),
    ):  # fmt: skip
        kind = "volunteer" if role == Role.VOLUNTEER else "employee"
        people.employ(
            person=team[role], organisation=organisation, kind=kind, first_day=SINCE, by=BUILDER,
            weekly_minutes=None if kind == "volunteer" else 2400,
        )  # fmt: skip
        for skill in held:
            people.qualify(person=team[role], skill=skill, first_day=SINCE, by=BUILDER)
    with clock.at(clock.now() - timedelta(days=30)):
        plan = planning.open_draft(organisation=hut, first_day=MONDAY, last_day=SUNDAY, by=BUILDER)
        for day in range(6):
            shift = Shift.objects.get(template=evening, night__date=MONDAY + timedelta(days=day))
            planning.assign(plan=plan, shift=shift, skill=host, person=team[Role.WORKER], by=BUILDER)
        planning.unassign(assignment=plan.assignments.order_by("start").last(), by=BUILDER)
        planning.publish(plan=plan, by=BUILDER)
    draft = planning.open_draft(organisation=hut, first_day=MONDAY, last_day=SUNDAY, by=BUILDER)
    night = Shift.objects.get(template__code="night", night__date=MONDAY)
    planning.assign(plan=draft, shift=night, skill=host, person=team[Role.NIGHT_LEAD], by=BUILDER)
    helper = shifts.add_skill(code="helper", name="helper", for_volunteers=True, by=BUILDER)
    shifts.add_skill(code="arabic", name="arabic", is_duty=False, for_volunteers=True, by=BUILDER)
    shifts.set_template(
        code="kitchen", name="Cuisine", letter="K", starts=time(17), ends=time(21), first_night=SINCE, by=BUILDER,
        demands=[{"skill": helper, "minimum": 1, "wished": 2}],
    )  # fmt: skip
    shifts.lay_out(first_night=MONDAY, last_night=SUNDAY, by=BUILDER)
    invited = volunteering.invite(organisation=hut, last_day=SUNDAY, by=BUILDER)
    kitchen = Shift.objects.get(template__code="kitchen", night__date=MONDAY)
    offer = volunteering.sign_up(
        invitation=volunteering.of_secret(invited), name="Lou", email="lou@example.org", language="fr",
        chosen=[(kitchen, helper)],
    )  # fmt: skip
    absent = people.block(
        person=team[Role.WORKER], kind="training", start=midnight(SUNDAY), end=midnight(SUNDAY) + timedelta(hours=9),
        by=BUILDER,
    )  # fmt: skip
    aide = _aide(hut, helper)
    given = Assignment.objects.standing().filter(person=team[Role.WORKER]).earliest("start")
    evening_shift = Shift.objects.get(template=evening, night__date=MONDAY)
    return {
        "given": given,
        "swap": swapping.ask(given=given, taker=team[Role.NIGHT_LEAD], by=BUILDER),
        "leave": people.ask_leave(person=team[Role.WORKER], first_day=SUNDAY, last_day=SUNDAY, by=BUILDER),
        "shift": evening_shift,
        "rota_plan": draft,
        "rota_worker": team[Role.WORKER],
        "open_shift": covering.offer(shift=night, skill=host, organisation=hut, by=BUILDER),
        "proposal": proposing.ask(
            first_day=MONDAY, last_day=SUNDAY, seconds=20, by=_asker(team), organisation=hut
        ),
        "secret": calendars.issue(by=BUILDER, person=team[Role.WORKER]),
        "invited": invited,
        "own_secret": calendars.issue(by=BUILDER, person=aide),
        "own_row": Assignment.objects.standing().get(person=aide),
        "invitation": Invitation.objects.get(),
        "offer": offer,
        "open_place": f"{kitchen.pk}:helper",
        "absence": absent,
        "rota_employment": Employment.objects.get(person=team[Role.WORKER]),
        "mix_rule": MixRule.objects.get(),
        "wish": people.wish(person=team[Role.COORDINATOR], night=SUNDAY, by=_asker(team)),
        "give": f"give:{evening_shift.pk}:host:{team[Role.NIGHT_LEAD].pk}",
        "drafted": draft.assignments.earliest("start"),
    }


def _aide(organisation, skill):
    """A volunteer without an account, with one shift."""
    aide = Person(username="aide", name="Aide")
    aide.set_unusable_password()
    aide.save()
    people.employ(person=aide, organisation=organisation, kind="volunteer", first_day=SINCE, by=BUILDER)
    people.qualify(person=aide, skill=skill, first_day=SINCE, by=BUILDER)
    kitchen = Shift.objects.get(template__code="kitchen", night__date=MONDAY + timedelta(days=3))
    repairing.carry_out(given=[(kitchen, skill, aide)], taken=[], by=BUILDER, reason="x")
    return aide


def _asker(team):
    return actor_for(team[Role.COORDINATOR], day=clock.tonight(), source="tests")


def addresses_of_the_rota(found):
    """By route what its path asks for."""
    worker, plan = found["rota_worker"].pk, found["rota_plan"].pk
    return {
        "rota-cell": {"person": worker, "day": MONDAY},
        "rota-set-aside": {"person": worker},
        "rota-publish": {"plan": plan},
        "rota-drop": {"plan": plan},
        "rota-place": {"shift": found["shift"].pk, "skill": "host"},
        "rota-proposal": {"pk": found["proposal"].pk},
        "rota-absent": {"person": worker, "day": MONDAY},
        "rota-offer": {"shift": found["shift"].pk, "skill": "host"},
        "rota-call": {"pk": found["open_shift"].pk, "person": worker},
        "rota-leave": {"pk": found["leave"].pk},
        "rota-swap": {"pk": found["swap"].pk},
        "rota-sheet": {"organisation": "HUT", "month": MONDAY, "kind": "csv"},
        "rota-worked": {"pk": found["given"].pk},
        "my-swap": {"pk": found["given"].pk},
        "my-swap-answer": {"pk": found["swap"].pk},
        "my-take": {"pk": found["open_shift"].pk},
        "rota-calendar": {"secret": found["secret"]},
        "rota-ways": {"shift": found["shift"].pk, "skill": "host"},
        "rota-demand": {"shift": found["shift"].pk, "skill": "host"},
        "rota-repair": {"person": worker, "day": MONDAY},
        "rota-person": {"pk": worker},
        "rota-qualify": {"pk": worker},
        "rota-absence": {"pk": worker},
        "rota-end-employment": {"pk": found["rota_employment"].pk},
        "rota-end-absence": {"pk": found["absence"].pk},
        "rota-team-calendar": {"organisation": "HUT"},
        "rota-kind": {"code": "evening"},
        "rota-end-mix": {"pk": found["mix_rule"].pk},
        "rota-wall": {"day": MONDAY},
        "rota-end-invitation": {"pk": found["invitation"].pk},
        "rota-offer-to-help": {"pk": found["offer"].pk},
        "volunteer": {"secret": found["invited"]},
        "volunteer-shifts": {"secret": found["own_secret"]},
        "api:rota-shift": {"pk": found["shift"].pk},
        "api:rota-candidates": {"pk": found["shift"].pk},
        "api:rota-assignment": {"pk": found["drafted"].pk},
        "api:rota-absence": {"pk": found["absence"].pk},
        "api:rota-wish": {"pk": found["wish"].pk},
        "api:rota-plan": {"pk": plan},
        "api:rota-solve": {"pk": plan},
        "api:rota-violations": {"pk": plan},
        "api:rota-publish": {"pk": plan},
        "api:rota-swap": {"pk": found["swap"].pk},
        "api:rota-calendar": {"secret": found["secret"]},
    }
