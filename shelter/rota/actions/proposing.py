"""Proposals: asked for as a row, worked out by a process of their own, one at a time, taken over into drafts."""

import hashlib
import platform
from dataclasses import asdict
from datetime import timedelta
from importlib.metadata import version

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shelter import clock
from shelter.errors import Incomplete
from shelter.log import record
from shelter.models import Night, Organisation
from shelter.refusing import broken_constraint
from shelter.rota import errors, rostering, rules, staffing
from shelter.rota.actions import planning
from shelter.rota.log import Verb
from shelter.rota.models import Assignment, Employment, Plan, Proposal, Shift, Skill
from shelter.rota.queries.cases import case_of
from shelter.rota.queries.fairness import owed_before

MOST_SECONDS = 600
LONGEST = timedelta(days=70)
PATIENCE = timedelta(seconds=60)  # beyond its seconds, until a proposal counts as lost


@transaction.atomic
def ask(*, first_day, last_day, seconds, by, organisation=None, seed=1):
    """Ask for a proposal for one's own people, or (the coordinator) for everybody's."""
    if organisation is not None:
        rules.plans_own_people(by, organisation)
    if not first_day <= last_day <= first_day + LONGEST:
        raise Incomplete(what=_("A proposal is for one day to ten weeks."))
    if not Night.objects.filter(date__range=(first_day, last_day)).exists():
        raise errors.NightsAreMissing()
    proposal = Proposal.objects.create(
        organisation=organisation, first_day=first_day, last_day=last_day, seconds=min(seconds, MOST_SECONDS),
        seed=seed, asked_at=clock.now(), asked_by=by.person,
    )  # fmt: skip
    record(Verb.PROPOSAL_ASKED, by=by, proposal=proposal.pk, first=f"{first_day}", last=f"{last_day}")
    return proposal


@transaction.atomic
def stop(*, proposal, by):
    """End the search with the best so far."""
    rules.may_stop(by, proposal)
    Proposal.objects.filter(pk=proposal.pk, state__in=(Proposal.State.WANTED, Proposal.State.RUNNING)).update(
        stop_asked=True
    )


def claim(pk):
    """Whether this process may work a proposal out: it waits, and no other is being worked out."""
    try:
        with transaction.atomic():
            waiting = Proposal.objects.filter(pk=pk, state=Proposal.State.WANTED)
            return bool(waiting.update(state=Proposal.State.RUNNING, started_at=clock.now()))
    except IntegrityError as error:
        if broken_constraint(error) != "one_proposal_is_worked_out_at_a_time":
            raise
        return False


def give_up_lost():
    """Proposals whose process has died are failed, so that the next one may begin."""
    for proposal in Proposal.objects.filter(state=Proposal.State.RUNNING, started_at__isnull=False):
        if (proposal.started_at or clock.now()) + timedelta(
            seconds=proposal.seconds
        ) + PATIENCE < clock.now():
            _end(proposal.pk, state=Proposal.State.FAILED, trouble="lost")


def work_out(pk):
    """Work a claimed proposal out, telling on the way how far it is; then have it checked by the law itself."""
    proposal = Proposal.objects.select_related("organisation").get(pk=pk)
    case = case_of(
        proposal.first_day,
        proposal.last_day,
        [proposal.organisation] if proposal.organisation_id else None,
        owed_before(proposal.first_day),
    )
    Proposal.objects.filter(pk=pk).update(
        input_hash=hashlib.sha256(repr(case).encode()).hexdigest(),
        versions={
            "python": platform.python_version(),
            "ortools": version("ortools"),
            "numpy": version("numpy"),
        },
    )
    try:
        _search(proposal, case)
    except rostering.Unsolvable as trouble:
        _end(pk, state=Proposal.State.FAILED, trouble=f"{trouble}"[:300])


def _search(proposal, case):
    compiled = staffing.compiled(case)
    history = []

    def tell(progress):
        history.append([round(progress.seconds, 1), progress.price, progress.bound])
        Proposal.objects.filter(pk=proposal.pk).update(
            history=history, total=progress.price, bound=progress.bound, cells=_cells(case, progress.roster)
        )

    found = rostering.solve(
        compiled.problem,
        seconds=proposal.seconds,
        seed=proposal.seed,
        tell=tell,
        stop=lambda: Proposal.objects.filter(pk=proposal.pk, stop_asked=True).exists(),
        personal=compiled.workforce,
    )
    kept, taken_out = staffing.lawful(case, staffing.places_of(case, found.roster))
    _end(
        proposal.pk,
        state=Proposal.State.DONE,
        cells=[[int(name), place.shift, place.skill] for name, place in kept],
        price=asdict(found.price) | {"taken_out": taken_out},
        total=found.price.total,
        bound=found.bound,
    )


def _cells(case, roster):
    return [[int(name), place.shift, place.skill] for name, place in staffing.places_of(case, roster)]


def _end(pk, **known):
    Proposal.objects.filter(pk=pk, state=Proposal.State.RUNNING).update(ended_at=clock.now(), **known)


@transaction.atomic
def take_over(*, proposal, by, organisation=None):
    """Put a proposal into the drafts of its period: of one organisation, or of all whose people are in it."""
    if proposal.state != Proposal.State.DONE:
        raise errors.AlreadyAnswered()
    people = {person for person, _shift, _skill in proposal.cells}
    employments = Employment.objects.between(proposal.first_day, proposal.last_day).filter(person__in=people)
    home = dict(employments.values_list("person", "organisation"))
    wanted = {organisation.pk} if organisation else set(home.values())
    plans = {}
    for owner in Organisation.objects.filter(pk__in=wanted).order_by("pk"):
        rules.plans_own_people(by, owner)
        plan = planning.open_draft(
            organisation=owner, first_day=proposal.first_day, last_day=proposal.last_day, by=by
        )
        plan.assignments.filter(is_pinned=False, start__gt=clock.now()).delete()
        plan.state = Plan.State.PROPOSED
        plan.save()
        plans[owner.pk] = plan
    _fill(plans, proposal, home)
    record(Verb.PROPOSAL_TAKEN, by=by, proposal=proposal.pk)
    return list(plans.values())


def _fill(plans, proposal, home):
    shifts = Shift.objects.in_bulk({shift for _person, shift, _skill in proposal.cells})
    skills = {skill.code: skill for skill in Skill.objects.all()}
    there = set(Assignment.objects.filter(plan__in=plans.values()).values_list("person", "shift"))
    Assignment.objects.bulk_create(
        Assignment(
            plan=plans[home[person]],
            shift=shifts[shift],
            skill=skills[skill],
            person_id=person,
            start=shifts[shift].start,
            end=shifts[shift].end,
        )
        for person, shift, skill in proposal.cells
        if home[person] in plans and (person, shift) not in there
    )
