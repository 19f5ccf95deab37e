"""What changes after publication: each change keeps who stood there before and after, the notice, reason, consent."""

from dataclasses import dataclass
from functools import cached_property, partial

from django.db import transaction

from shelter import clock
from shelter.actions import posting
from shelter.log import record
from shelter.models import Organisation, Person
from shelter.refusing import constraints_speak
from shelter.rota import errors, judging, letters, rules
from shelter.rota.actions.locking import lock_people
from shelter.rota.actions.planning import notice
from shelter.rota.log import Verb
from shelter.rota.models import Assignment, Change, Employment, Plan, Shift, Skill
from shelter.rota.queries.plans import plan_for
from shelter.rota.queries.timelines import stint_in, time_around, under_the_law


@transaction.atomic
def change(*, shift, skill, kind, by, before=None, after=None, reason="", consented_at=None, prefer=None):
    """Somebody else stands in a shift from now on: `before` no longer, `after` instead; one of them may be nobody.

    Refused if it breaks the law for who comes in. Short notice needs a reason. Both are told. Who has two employers is
    booked on the one whose place it was, or on `prefer`.
    """
    lock_people(before and before.pk, after and after.pk)
    given_up = _standing(shift, before) if before else None
    prefer = prefer or (given_up.plan.organisation if given_up else None)
    plan = plan_of(after, shift, prefer) if after else None
    home = given_up.plan if given_up else plan
    if home is None:
        raise errors.NotTheirs(person="–")
    written = Change(
        plan=home, shift=shift, skill=skill, before=before, after=after, kind=kind,
        at=clock.now(), by=by.person, reason=reason.strip(), consented_at=consented_at,
        **notice(shift, home.organisation),
    )  # fmt: skip
    if written.is_short:
        rules.there_is_a_reason(reason)
    if after:
        fits(after, shift, skill, without=given_up)
    written.save()
    if given_up:
        Assignment.objects.filter(pk=given_up.pk).update(stands=False, gone_with=written)
    if after:
        with constraints_speak(person=after.name):
            Assignment.objects.create(
                plan=plan or home, shift=shift, skill=skill, person=after, start=shift.start,
                end=shift.end, stands=True, came_with=written,
            )  # fmt: skip
    record(
        Verb.CHANGED, by=by, night=shift.night, kind=kind, shift=shift.pk,
        before=before and before.pk, after=after and after.pk, notice=written.notice_days,
    )  # fmt: skip
    follow([written])
    tell([written])
    return written


@dataclass(frozen=True)
class Move:
    """A place changes hands: `row` is the assignment that ends (None: none), `after` who stands there then (or nobody).

    Who has two employers is booked on `prefer`, or where the place was.
    """

    row: Assignment | None
    shift: Shift
    skill: Skill
    after: Person | None
    prefer: Organisation | None = None

    @cached_property
    def plan(self):
        """The published plan of whoever stands there then."""
        return plan_of(self.after, self.shift, self.prefer or (self.row and self.row.plan.organisation))


def rearrange(moves, *, kind, by, reason="", consented_at=None):
    """Several at once: first all that end, then all that begin. The law is judged by whoever calls.

    Whoever is given a shift is booked where they are planned; all concerned are told once.
    """
    changes = [
        Change(
            plan=home, shift=move.shift, skill=move.skill, kind=kind, before=move.row and move.row.person,
            after=move.after, at=clock.now(), by=by.person, **notice(move.shift, home.organisation),
            consented_at=consented_at, reason=reason.strip() or str(Change.Kind(kind).label),
        )
        for move, home in [(move, move.row.plan if move.row else move.plan) for move in moves]
    ]  # fmt: skip
    Change.objects.bulk_create(changes)
    for move, written in zip(moves, changes, strict=True):
        if move.row is not None:
            Assignment.objects.filter(pk=move.row.pk).update(stands=False, gone_with=written)
    for move, written in zip(moves, changes, strict=True):
        if move.after is not None:
            with constraints_speak(person=move.after.name):
                Assignment.objects.create(
                    plan=move.plan, shift=move.shift, skill=move.skill, person=move.after, start=move.shift.start,
                    end=move.shift.end, stands=True, came_with=written,
                )  # fmt: skip
    for written in changes:
        record(
            Verb.CHANGED, by=by, night=written.shift.night, kind=kind, shift=written.shift_id,
            before=written.before_id, after=written.after_id, notice=written.notice_days,
        )  # fmt: skip
    follow(changes)
    tell(changes)
    return changes


def follow(changes):
    """Open drafts copy what has changed since they were opened, so that their publication does not undo it."""
    for written in changes:
        if written.before_id:
            Assignment.objects.filter(
                plan__in=_drafts(written), shift=written.shift, person=written.before_id, skill=written.skill
            ).delete()
    for written in changes:
        brought = Assignment.objects.filter(came_with=written).select_related("plan").first()
        draft = (
            _drafts(written).filter(organisation=brought.plan.organisation_id).first() if brought else None
        )
        if brought and draft:
            draft.assignments.get_or_create(
                shift=written.shift,
                person_id=brought.person_id,
                defaults={"skill": written.skill, "start": brought.start, "end": brought.end},
            )


def _drafts(written):
    day = written.shift.day
    return Plan.objects.filter(state__in=Plan.OPEN, first_day__lte=day, last_day__gte=day)


def _standing(shift, person):
    rows = Assignment.objects.standing().filter(shift=shift, person=person)
    row = rows.select_related("plan__organisation").first()
    if row is None:
        raise errors.NotTheirs(person=person.name)
    return row


def plan_of(person, shift, prefer=None):
    """The published plan a person's shift belongs to: that of who they work for on its day, of two the preferred."""
    employments = Employment.objects.on(shift.day).filter(person=person).select_related("organisation")
    for employment in sorted(employments, key=lambda each: each.organisation != prefer):
        plan = plan_for(employment.organisation, shift.day)
        if plan is not None:
            return plan
    for employment in employments:
        raise errors.PlanIsMissing(person=person.name, organisation=employment.organisation.name)
    raise errors.NotEmployed(person=person.name, organisation=prefer.name if prefer else "–")


def fits(person, shift, skill, *, without=None):
    """Refuse a shift that breaks a rule for somebody, as they would stand without another one they give up."""
    rules.nothing_is_broken(hindrances(person, shift, skill, without=without))


def hindrances(person, shift, skill, *, without=None):
    """What of the law a further shift would break for somebody."""
    line = time_around([person.pk], [shift.day])[person.pk]
    if without is not None and without.person_id == person.pk:
        line = line.without(without.start)
    is_protected = bool(under_the_law([person.pk], shift.day, shift.day))
    return judging.against(line, stint_in(shift, skill), is_protected=is_protected)


def tell(changes):
    """Each person concerned hears of what was taken from them and what was given."""
    for person, theirs in letters.by_person(changes).items():
        posting.write(
            key=f"change-{changes[0].pk}-{person.pk}",
            to=person,
            subject=letters.changed_subject,
            text=partial(letters.published, theirs),
        )


def correct(*, shift, skill, by, before=None, after=None, reason):
    """A planner changes a published shift by hand."""
    own = _standing(shift, before).plan.organisation if before else None
    if own:
        rules.plans_own_people(by, own)
    if after:
        rules.plans_own_people(by, plan_of(after, shift, own).organisation)
    return change(
        shift=shift,
        skill=skill,
        kind=Change.Kind.CORRECTION,
        before=before,
        after=after,
        reason=reason,
        by=by,
    )
