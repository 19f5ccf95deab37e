"""Drafts of a rota, cell by cell or week by week, and their publication."""

from collections import Counter
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from shelter import clock, nights
from shelter.actions import posting
from shelter.errors import Incomplete
from shelter.log import record
from shelter.models import Organisation
from shelter.refusing import constraints_speak
from shelter.rota import errors, law, letters, rules
from shelter.rota.actions.locking import lock_people
from shelter.rota.log import Verb
from shelter.rota.models import Absence, Assignment, Change, Employment, Override, Plan, Qualification, Shift
from shelter.rota.queries.plans import blocking, findings_for, open_plans, plan_for, season_around, set_aside
from shelter.rota.queries.terms import terms_of
from shelter.rota.queries.timelines import assignments_between, beginning
from shelter.rota.timeline import month_around


@transaction.atomic
def open_draft(*, organisation, first_day, last_day, by):
    """The draft of a period; where none is open, a new version that begins as what stands."""
    rules.plans_own_people(by, organisation)
    if last_day < first_day:
        raise Incomplete(what=Plan._meta.get_field("last_day").verbose_name)
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    periods = Plan.objects.filter(organisation=organisation, first_day__lte=last_day, last_day__gte=first_day)
    others = periods.exclude(state=Plan.State.DROPPED).exclude(first_day=first_day, last_day=last_day)
    if others.exists():
        raise Incomplete(what=_("Another plan overlaps this period."))
    plan = periods.filter(state__in=Plan.OPEN).first()
    if plan is None:
        number = max(periods.values_list("number", flat=True), default=0) + 1
        plan = Plan.objects.create(
            organisation=organisation, first_day=first_day, last_day=last_day, number=number,
            made_at=clock.now(), made_by=by.person,
        )  # fmt: skip
        standing = Assignment.objects.standing().filter(
            beginning(first_day, last_day), plan__organisation=organisation
        )
        Assignment.objects.bulk_create(_copy(assignment, plan) for assignment in standing)
        record(Verb.PLAN_OPENED, by=by, plan=plan.pk, organisation=organisation.code)
    return plan


@transaction.atomic
def draft_of(*, organisation, day, by):
    """The draft a day belongs to: that of the plan which covers it, or of what other plans leave of its month."""
    known = _covering(organisation, day).exclude(state=Plan.State.DROPPED).order_by("-number").first()
    first, last = (known.first_day, known.last_day) if known else _free_month(organisation, day)
    return open_draft(organisation=organisation, first_day=first, last_day=last, by=by)


def _covering(organisation, day):
    return Plan.objects.filter(organisation=organisation, first_day__lte=day, last_day__gte=day)


def _free_month(organisation, day):
    first, last = month_around(day)
    others = Plan.objects.filter(organisation=organisation).exclude(state=Plan.State.DROPPED)
    before = others.filter(last_day__gte=first, last_day__lt=day).order_by("-last_day").first()
    after = others.filter(first_day__gt=day, first_day__lte=last).order_by("first_day").first()
    return (
        before.last_day + nights.ONE_DAY if before else first,
        after.first_day - nights.ONE_DAY if after else last,
    )


def _copy(assignment, plan):
    return Assignment(
        plan=plan, shift_id=assignment.shift_id, skill_id=assignment.skill_id, person_id=assignment.person_id,
        start=assignment.start, end=assignment.end, is_pinned=assignment.is_pinned,
    )  # fmt: skip


def _locked(plan, by):
    """The plan as it is now, locked; only a draft of one's own organisation."""
    plan = Plan.objects.select_for_update(no_key=True).select_related("organisation").get(pk=plan.pk)
    rules.plans_own_people(by, plan.organisation)
    rules.plan_is_open(plan)
    return plan


@transaction.atomic
def assign(*, plan, shift, skill, person, by, is_pinned=False):
    """Put somebody into a shift of a draft. What the law says of it is found, not forbidden: it is a draft."""
    plan = _locked(plan, by)
    if not plan.first_day <= shift.day <= plan.last_day:
        raise Incomplete(what=_("This shift lies outside the plan."))
    rules.plans_person(by, person)
    _works_for(plan.organisation, person, shift.day)
    assignment, created = plan.assignments.get_or_create(
        shift=shift,
        person=person,
        defaults={"skill": skill, "start": shift.start, "end": shift.end, "is_pinned": is_pinned},
    )
    if not created and (assignment.skill_id, assignment.is_pinned) != (skill.pk, is_pinned):
        assignment.skill, assignment.is_pinned = skill, is_pinned
        assignment.save()
    return assignment


@transaction.atomic
def unassign(*, assignment, by):
    _locked(assignment.plan, by)
    assignment.delete()


@transaction.atomic
def give(*, organisation, person, day, template, by):
    """What one key in the grid does: this person works this kind of shift on this day, and nothing else; None clears.

    The duty is one the person may do, that which misses most people first. Where no draft is open, one begins.
    """
    plan = _locked(draft_of(organisation=organisation, day=day, by=by), by)
    plan.assignments.filter(beginning(day, day), person=person).delete()
    if template is None:
        return None
    shift = Shift.objects.filter(beginning(day, day), template=template).first()
    if shift is None:
        raise errors.NightsAreMissing()
    return assign(plan=plan, shift=shift, skill=_best_skill(shift, person, day), person=person, by=by)


def _best_skill(shift, person, day):
    held = set(
        Qualification.objects.on(day)
        .filter(person=person, skill__is_duty=True)
        .values_list("skill", flat=True)
    )
    rows = assignments_between(day, day, plans=open_plans(day, day)).filter(shift=shift).order_by()
    there = Counter(rows.values_list("skill", flat=True))
    demands = sorted(
        shift.demands.select_related("skill"), key=lambda demand: there[demand.skill_id] - demand.minimum
    )
    for demand in demands:
        if demand.skill_id in held:
            return demand.skill
    if not demands:
        raise Incomplete(what=_("Nobody is needed in this shift."))
    return demands[0].skill


def _works_for(organisation, person, day):
    if not Employment.objects.on(day).filter(person=person, organisation=organisation).exists():
        raise errors.NotEmployed(person=person.name, organisation=organisation.name)


@transaction.atomic
def copy_week_of_all(*, organisations, source, target, by):
    """The same for several organisations: for all of them or for none."""
    done = [copy_week(organisation=each, source=source, target=target, by=by) for each in organisations]
    return tuple(map(sum, zip(*done, strict=True))) if done else (0, 0)


@transaction.atomic
def copy_week(*, organisation, source, target, by):
    """Repeat a week (its Monday) in another; who is away or has something there already is left out.

    How many shifts were copied, and how many were not.
    """
    plan = _locked(draft_of(organisation=organisation, day=target, by=by), by)
    apart = target - source
    week = Assignment.objects.filter(beginning(source, source + timedelta(days=6)))
    rows = list(week.filter(plan=plan).select_related("shift", "person", "skill")) or list(
        week.standing()
        .filter(plan__organisation=plan.organisation)
        .select_related("shift", "person", "skill")
    )
    there = {
        (shift.template_id, shift.day): shift
        for shift in Shift.objects.filter(beginning(target, target + timedelta(days=6)))
        if plan.first_day <= shift.day <= plan.last_day
    }
    busy = {
        (person, nights.local(start).date())
        for person, start in plan.assignments.values_list("person", "start")
    }
    away = list(Absence.objects.filter(person__in={row.person_id for row in rows}))
    employed = list(
        Employment.objects.between(target, target + timedelta(days=6)).filter(organisation=organisation)
    )
    copied = []
    for row in rows:
        shift = there.get((row.shift.template_id, row.shift.day + apart))
        if shift is None or (row.person_id, shift.day) in busy or _is_away(row.person_id, shift, away):
            continue
        if not any(each.person_id == row.person_id and each.holds_on(shift.day) for each in employed):
            continue
        copied.append(
            Assignment(
                plan=plan,
                shift=shift,
                skill_id=row.skill_id,
                person_id=row.person_id,
                start=shift.start,
                end=shift.end,
            )
        )
    Assignment.objects.bulk_create(copied)
    return len(copied), len(rows) - len(copied)


def _is_away(person, shift, absences):
    return any(
        absence.person_id == person and absence.start < shift.end and shift.start < absence.end
        for absence in absences
    )


@transaction.atomic
def set_aside_rule(*, organisation, person, rule, day, reason, by):
    """Let a rule be broken that the law compensates; the reason stays, and what is owed is counted."""
    rules.there_is_a_reason(reason)
    rules.plans_own_people(by, organisation)
    if rule not in law.BY_CODE or not law.BY_CODE[rule].can_be_overridden:
        raise errors.CannotBeOverridden()
    known = _covering(organisation, day)
    plan = known.filter(state__in=Plan.OPEN).first() or plan_for(organisation, day)
    plan = plan or draft_of(organisation=organisation, day=day, by=by)
    override, created = Override.objects.get_or_create(
        plan=plan,
        person=person,
        rule=rule,
        day=day,
        defaults={"reason": reason.strip(), "by": by.person, "at": clock.now()},
    )
    if created:
        record(Verb.OVERRIDDEN, by=by, person=person.pk, rule=rule, day=f"{day}", plan=plan.pk)
    return override


@transaction.atomic
def drop(*, plan, by):
    """Give a draft up; what stands goes on standing."""
    plan = _locked(plan, by)
    plan.assignments.all().delete()
    plan.state = Plan.State.DROPPED
    plan.save()
    record(Verb.PLAN_DROPPED, by=by, plan=plan.pk)


@transaction.atomic
def publish(*, plan, by, reason=""):
    """What the draft says stands from now on. Refused if it breaks the law anywhere in the season.

    What differs from the version before is written down as changes with their notice, and told to those concerned.
    """
    lock_people(*plan.assignments.values_list("person", flat=True))
    plan = _locked(plan, by)
    drafted = list(plan.assignments.select_related("shift", "skill", "person"))
    _keeps_the_law(plan, {row.person_id for row in drafted})
    before = Plan.objects.filter(
        organisation=plan.organisation, first_day=plan.first_day, state=Plan.State.PUBLISHED
    ).first()
    changes = _replace(before, plan, drafted, reason, by) if before else []
    plan.state, plan.published_at, plan.published_by = Plan.State.PUBLISHED, clock.now(), by.person
    plan.save()
    with constraints_speak(person=plan.organisation.name):
        plan.assignments.update(stands=True)
    record(
        Verb.PLAN_PUBLISHED, by=by, plan=plan.pk, organisation=plan.organisation.code, changes=len(changes)
    )
    _tell(plan, drafted, changes, is_first=before is None)
    return changes


def _keeps_the_law(plan, people):
    first, last = season_around(plan.first_day, plan.last_day)
    found = blocking(findings_for(people, first, last, plans=[plan]), set_aside(people, first, last))
    if found:
        sentences = {law.explain(finding) for theirs in found.values() for finding in theirs}
        raise errors.BreaksRules(
            findings=" ".join(sorted(sentences)[:3]), number=sum(map(len, found.values()))
        )


def _replace(before, plan, drafted, reason, by):
    """The version before gives way: one change for each place that somebody else has now, or nobody, or anew."""
    standing = list(before.assignments.standing().select_related("shift", "skill"))
    then = {(row.shift_id, row.skill_id, row.person_id): row for row in standing}
    now = {(row.shift_id, row.skill_id, row.person_id): row for row in drafted}
    changes = [
        Change(
            plan=plan,
            shift=row.shift,
            skill=row.skill,
            kind=Change.Kind.PUBLICATION,
            at=clock.now(),
            by=by.person,
            before_id=row.person_id if key in then else None,
            after_id=row.person_id if key in now else None,
            **notice(row.shift, plan.organisation),
            reason=reason.strip(),
        )
        for key, row in sorted((then | now).items())
        if (key in then) != (key in now)
    ]
    if any(change.is_short for change in changes):
        rules.there_is_a_reason(reason)
    before.assignments.update(stands=False)
    before.state = Plan.State.REPLACED
    before.save()
    return Change.objects.bulk_create(changes)


def notice(shift, organisation):
    """Whole days between now and the beginning of a shift (below 0 when it has begun), and whether these are few."""
    days = nights.elapsed(clock.now(), shift.start) // timedelta(days=1)
    least = terms_of(organisation, shift.day).notice_days
    return {"notice_days": days, "is_short": least is not None and days < least}


def _tell(plan, drafted, changes, *, is_first):
    """Each person is told of their own shifts: all of them the first time, then what has changed."""
    concerned = {row.person: [] for row in drafted} if is_first else letters.by_person(changes)
    for person, theirs in concerned.items():
        posting.write(
            key=f"rota-{plan.pk}-{person.pk}",
            to=person,
            subject=partial(letters.published_subject, plan),
            text=partial(letters.published, theirs),
        )
