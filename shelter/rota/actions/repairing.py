"""A way to fill empty places, carried out: all its steps or none, in drafts and in what is published."""

from collections import Counter, defaultdict

from django.db import transaction

from shelter import clock
from shelter.errors import Incomplete
from shelter.refusing import constraints_speak
from shelter.rota import errors, judging, rules
from shelter.rota.actions.changing import Move, plan_of, rearrange
from shelter.rota.actions.locking import lock_people
from shelter.rota.models import Assignment, Change, Employment, OpenShift
from shelter.rota.queries.plans import first_drafts, plan_for
from shelter.rota.queries.timelines import stint_in, time_around, under_the_law
from shelter.rota.repairing import NEAR


@transaction.atomic
def carry_out(*, given, taken, by, reason="", prefer=None):
    """Take shifts from people and give others to them: each step is (shift, skill, person).

    Each person must keep the law as they stand afterwards; everybody concerned must be one's own. Who has two employers
    is booked on the one planned here, or on `prefer`.
    """
    people = {person.pk: person for _shift, _skill, person in (*given, *taken)}
    if not people:
        raise Incomplete(what=Change._meta.verbose_name)
    for person in people.values():
        rules.plans_person(by, person)
    lock_people(*people)
    away = [_held(*step) for step in taken]
    _keeps_the_law(given, away)
    for shift, _skill, _person in given:
        rules.is_not_over(shift)
    gone = defaultdict(list)
    for row in away:
        rules.plans_own_people(by, row.plan.organisation)
        if row.stands:
            gone[row.shift_id, row.skill_id].append(row)
        else:
            row.delete()
    moves = []
    for shift, skill, person in given:
        employment = _employment(person, shift, by, prefer)
        draft = _draft(employment.organisation, shift.day)
        if draft is not None:
            with constraints_speak(person=person.name):
                draft.assignments.create(
                    shift=shift, skill=skill, person=person, start=shift.start, end=shift.end
                )
        else:
            if plan_for(employment.organisation, shift.day) is None:
                raise errors.PlanIsMissing(person=person.name, organisation=employment.organisation.name)
            left = gone[shift.pk, skill.pk]
            row = left.pop() if left else None
            moves.append(Move(row, shift, skill, person, employment.organisation))
    moves += [Move(row, row.shift, row.skill, None) for left in gone.values() for row in left]
    if moves:
        written = rearrange(moves, kind=Change.Kind.COVER, by=by, reason=reason)
        if any(change.is_short for change in written):
            rules.there_is_a_reason(reason)
    _close_offers(given, taken)


def _held(shift, skill, person):
    """The assignment somebody is to give up: one that stands, or where nothing is published one of the draft."""
    rows = Assignment.objects.filter(shift=shift, skill=skill, person=person).select_related(
        "plan__organisation", "shift__template", "shift__night", "skill", "person"
    )
    drafts = first_drafts(shift.day, shift.day)
    row = rows.filter(stands=True).first() or rows.filter(plan__in=drafts).first()
    if row is None:
        raise errors.NotTheirs(person=person.name)
    if row.start <= clock.now():
        raise errors.ShiftIsOver()
    return row


def _keeps_the_law(given, away):
    """Each as they would stand: without what they give up, with each shift they get beside the others they get."""
    gone, got = defaultdict(set), defaultdict(list)
    for row in away:
        gone[row.person_id].add(row.start)
    for shift, skill, person in given:
        got[person.pk].append((shift, skill))
    for person, duties in got.items():
        days = [shift.day for shift, _skill in duties]
        plans = first_drafts(min(days) - NEAR, max(days) + NEAR)
        line = time_around([person], days, plans=plans)[person]
        for start in gone[person]:
            line = line.without(start)
        is_protected = bool(under_the_law([person], min(days), max(days)))
        for shift, skill in duties:
            stint = stint_in(shift, skill)
            rules.nothing_is_broken(judging.against(line, stint, is_protected=is_protected))
            line = line.beside(stint)


def _draft(organisation, day):
    drafts = first_drafts(day, day)
    return next((plan for plan in drafts if plan.organisation_id == organisation.pk), None)


def _employment(person, shift, by, prefer):
    """For whom somebody would work a shift: of two employers the one whose people are planned here."""
    rows = Employment.objects.on(shift.day).filter(person=person).select_related("organisation")
    for employment in sorted(
        rows, key=lambda each: (each.organisation != prefer, not _has_plan(each, shift))
    ):
        try:
            rules.plans_own_people(by, employment.organisation)
        except errors.NotYourPeople:
            continue
        return employment
    rules.plans_own_people(by, plan_of(person, shift).organisation)
    raise errors.NotEmployed(person=person.name, organisation="–")


def _has_plan(employment, shift):
    organisation = employment.organisation
    return plan_for(organisation, shift.day) is not None or _draft(organisation, shift.day) is not None


def _close_offers(given, taken):
    """Each place that somebody has in addition ends one offer of it; who only follows somebody ends none."""
    followed = Counter((shift.pk, skill.pk) for shift, skill, _person in taken)
    for shift, skill, person in given:
        if followed[shift.pk, skill.pk]:
            followed[shift.pk, skill.pk] -= 1
            continue
        place = OpenShift.objects.filter(shift=shift, skill=skill, closed_at=None).order_by("pk").first()
        if place is not None:
            place.taken_by, place.closed_at = person, clock.now()
            place.save()
