"""Who works for whom, as what, and when not; what they ask for and wish."""

from contextlib import suppress
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from shelter import clock, nights
from shelter.errors import Incomplete
from shelter.log import record
from shelter.rota import errors, rules
from shelter.rota.log import Verb
from shelter.rota.models import Absence, Employment, LeaveRequest, Qualification, Term, Wish
from shelter.rota.queries.terms import terms_of
from shelter.rota.terms import SOURCES
from shelter.rota.timeline import midnight


@transaction.atomic
def employ(*, person, organisation, first_day, by, kind=Employment.Kind.EMPLOYEE, last_day=None, **known):
    rules.plans_own_people(by, organisation)
    if kind == Employment.Kind.EMPLOYEE and not known.get("weekly_minutes"):
        raise Incomplete(what=Employment._meta.get_field("weekly_minutes").verbose_name)
    _in_order(first_day, last_day)
    there = Employment.objects.filter(person=person, organisation=organisation)
    if there.between(first_day, last_day or date.max).exists():
        raise Incomplete(what=_("Employed here at this time already."))
    record(Verb.EMPLOYED, by=by, person=person.pk, organisation=organisation.code, kind=kind)
    return Employment.objects.create(
        person=person, organisation=organisation, kind=kind, first_day=first_day, last_day=last_day, **known
    )


def _in_order(first_day, last_day):
    if last_day is not None and last_day < first_day:
        raise Incomplete(what=Employment._meta.get_field("last_day").verbose_name)


@transaction.atomic
def end_employment(*, employment, last_day, by):
    rules.plans_own_people(by, employment.organisation)
    employment.last_day = max(last_day, employment.first_day)
    employment.save()
    record(Verb.EMPLOYMENT_ENDED, by=by, person=employment.person_id, last=f"{employment.last_day}")


@transaction.atomic
def qualify(*, person, skill, first_day, by, last_day=None, proof=""):
    rules.plans_person(by, person)
    _in_order(first_day, last_day)
    record(Verb.QUALIFIED, by=by, person=person.pk, skill=skill.code)
    return Qualification.objects.create(
        person=person, skill=skill, first_day=first_day, last_day=last_day, proof=proof
    )


@transaction.atomic
def block(*, person, kind, start, end, by, request=None):
    """Time in which somebody is not to be planned. What stands in it stays and is found by the checks."""
    if end <= start:
        raise Incomplete(what=Absence._meta.get_field("end").verbose_name)
    rules.plans_person(by, person)
    first, last = (nights.local(instant).date() for instant in (start, end))
    record(Verb.ABSENT, by=by, person=person.pk, start=f"{first}", end=f"{last}")
    return Absence.objects.create(
        person=person,
        kind=kind,
        start=start,
        end=end,
        request=request,
        entered_at=clock.now(),
        entered_by=by.person,
    )


@transaction.atomic
def unblock(*, absence, by):
    """Somebody is there after all. Leave that was granted is taken back by whoever grants it."""
    rules.plans_person(by, absence.person)
    record(Verb.ABSENCE_ENDED, by=by, person=absence.person_id)
    absence.delete()


@transaction.atomic
def ask_leave(*, person, first_day, last_day, by):
    """Ask to be away for whole days; the answer is due after the days the organisation has set for it."""
    if last_day < first_day:
        raise Incomplete(what=LeaveRequest._meta.get_field("last_day").verbose_name)
    now = clock.now()
    employment = Employment.objects.on(first_day).filter(person=person).select_related("organisation").first()
    days = terms_of(employment.organisation, first_day).leave_answer_days if employment else None
    record(Verb.LEAVE_ASKED, by=by, person=person.pk, first=f"{first_day}", last=f"{last_day}")
    return LeaveRequest.objects.create(
        person=person,
        first_day=first_day,
        last_day=last_day,
        asked_at=now,
        answer_due_at=now + timedelta(days=days) if days is not None else midnight(first_day),
    )


@transaction.atomic
def answer_leave(*, request, granted, by):
    """Granted leave blocks its days at once."""
    request = LeaveRequest.objects.select_for_update().select_related("person").get(pk=request.pk)
    rules.plans_person(by, request.person)
    if request.state != LeaveRequest.State.ASKED:
        raise errors.AlreadyAnswered()
    request.state = LeaveRequest.State.GRANTED if granted else LeaveRequest.State.REFUSED
    request.answered_at, request.answered_by = clock.now(), by.person
    request.save()
    record(Verb.LEAVE_ANSWERED, by=by, person=request.person_id, granted=granted, request=request.pk)
    if granted:
        block(
            person=request.person,
            kind=Absence.Kind.LEAVE,
            start=midnight(request.first_day),
            end=midnight(request.last_day + nights.ONE_DAY),
            request=request,
            by=by,
        )
    return request


@transaction.atomic
def withdraw_leave(*, request, by):
    request = LeaveRequest.objects.select_for_update().get(pk=request.pk)
    if request.state != LeaveRequest.State.ASKED:
        raise errors.AlreadyAnswered()
    request.state, request.answered_at = LeaveRequest.State.WITHDRAWN, clock.now()
    request.save()
    record(Verb.LEAVE_ANSWERED, by=by, person=request.person_id, granted=False, request=request.pk)


def let_silence_consent(by):
    """Requests nobody answered in time are granted; for the tick, each in a transaction of its own."""
    due = LeaveRequest.objects.filter(state=LeaveRequest.State.ASKED, answer_due_at__lte=clock.now())
    for request in due.order_by("pk"):
        with suppress(errors.AlreadyAnswered):  # by somebody, in this moment
            answer_leave(request=request, granted=True, by=by)


@transaction.atomic
def wish(*, person, night, by, template=None, is_on=False, weight=1):
    """To work or not to work on a day; weight 0 takes the wish back."""
    if weight not in range(4):
        raise Incomplete(what=Wish._meta.get_field("weight").verbose_name)
    same = Wish.objects.filter(person=person, night=night).filter(
        Q(template=template) if template else Q(template__isnull=True)
    )
    same.delete()
    if weight:
        return Wish.objects.create(
            person=person, night=night, template=template, is_on=is_on, weight=weight, made_at=clock.now()
        )
    return None


@transaction.atomic
def set_term(*, key, value, first_day, by, organisation=None, source=None, confirmed_by=""):
    """A figure of working time from a day on; None says that it is not known."""
    if key not in SOURCES:
        raise Incomplete(what=Term._meta.get_field("key").verbose_name)
    if organisation is not None:
        rules.plans_own_people(by, organisation)
    else:
        rules.may_set_for_all(by)
    record(Verb.TERM_SET, by=by, key=key, value=value, first=f"{first_day}")
    return Term.objects.create(
        organisation=organisation,
        key=key,
        value=value,
        first_day=first_day,
        source=SOURCES[key] if source is None else source,
        confirmed_by=confirmed_by,
        set_at=clock.now(),
        set_by=by.person,
    )
