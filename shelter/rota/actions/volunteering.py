"""Volunteers: invited by a link, signed up by themselves, confirmed by whoever plans their organisation."""

import secrets
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from shelter import clock, nights
from shelter.actions import posting, team
from shelter.actor import Actor
from shelter.errors import Incomplete, Refused
from shelter.log import record
from shelter.models import Person, Role
from shelter.rota import errors, letters, rules
from shelter.rota.actions import calendars, covering, people, planning, repairing
from shelter.rota.actions.locking import lock_people
from shelter.rota.log import Verb
from shelter.rota.models import (
    Absence,
    Assignment,
    ChosenShift,
    Employment,
    Invitation,
    Plan,
    Qualification,
    SignUp,
)
from shelter.rota.queries.volunteers import open_places

KEPT = timedelta(days=30)  # an offer to help that nobody has answered
MOST_OPEN = 300  # unanswered offers of an organisation, beyond which a link is being misused
MOST_CHOSEN = 12


@transaction.atomic
def invite(*, organisation, last_day, by):
    """A link that lets people sign up until a day. The secret is shown once and kept nowhere."""
    rules.plans_own_people(by, organisation)
    if last_day < nights.local(clock.now()).date():
        raise Incomplete(what=Invitation._meta.get_field("last_day").verbose_name)
    secret = secrets.token_urlsafe(12)
    Invitation.objects.create(
        organisation=organisation, digest=team.digest_of(secret), last_day=last_day, made_at=clock.now(),
        made_by=by.person,
    )  # fmt: skip
    record(Verb.INVITED, by=by, organisation=organisation.code, last=f"{last_day}")
    return secret


@transaction.atomic
def revoke(*, invitation, by):
    rules.plans_own_people(by, invitation.organisation)
    Invitation.objects.filter(pk=invitation.pk, revoked_at=None).update(revoked_at=clock.now())


def of_secret(secret):
    """The invitation a secret opens, or None."""
    today = nights.local(clock.now()).date()
    return (
        Invitation.objects.filter(digest=team.digest_of(secret), revoked_at=None, last_day__gte=today)
        .select_related("organisation")
        .first()
    )


@transaction.atomic
def sign_up(*, invitation, name, email, language, chosen, speaks="", brings=()):
    """Offer to help in some places [(shift, skill)]; the same address again replaces what it had asked for."""
    if not name.strip() or not email:
        raise Incomplete(what=SignUp._meta.get_field("name").verbose_name)
    chosen = list(dict.fromkeys(chosen))
    if not 1 <= len(chosen) <= MOST_CHOSEN:
        raise Incomplete(what=ChosenShift._meta.get_field("shift").verbose_name)
    there = {(place.shift.pk, place.skill.pk) for place in open_places(invitation.organisation)}
    if any((shift.pk, skill.pk) not in there for shift, skill in chosen):
        raise errors.PlaceIsTaken()
    if len({shift.pk for shift, _skill in chosen}) < len(chosen):
        raise errors.HasAnotherShift(person=name.strip())
    waiting = SignUp.objects.filter(organisation=invitation.organisation, state=SignUp.State.ASKED)
    waiting.filter(email__iexact=email).delete()
    if waiting.count() >= MOST_OPEN:
        raise errors.TooManyOffers()
    offer = SignUp.objects.create(
        organisation=invitation.organisation, name=name.strip(), email=email, language=language, speaks=speaks,
        asked_at=clock.now(),
    )  # fmt: skip
    ChosenShift.objects.bulk_create(
        ChosenShift(sign_up=offer, shift=shift, skill=skill) for shift, skill in chosen
    )
    offer.brings.set(brings)
    record(Verb.SIGNED_UP, by=Actor(source="volunteer"), organisation=invitation.organisation.code)
    return offer


@transaction.atomic
def confirm(*, offer, by, address_of, recognised=()):
    """Whoever offered becomes a volunteer with an account, has the shifts that are free still, and is told.

    `address_of` makes the address of their own page from its secret; `recognised` of what they bring (codes) is entered
    as their qualification. What could not be given is returned.
    """
    offer = _locked(offer)
    rules.plans_own_people(by, offer.organisation)
    chosen = list(offer.chosen.select_related("shift__template", "shift__night", "skill"))
    first_day = min((each.shift.day for each in chosen), default=nights.local(clock.now()).date())
    person = _person(offer, min(first_day, nights.local(clock.now()).date()), by)
    for skill in {each.skill for each in chosen} | set(offer.brings.filter(code__in=recognised)):
        held = Qualification.objects.on(first_day).filter(person=person, skill=skill)
        if not held.exists():
            people.qualify(person=person, skill=skill, first_day=first_day, by=by)
    given: list[ChosenShift] = []
    left: list[ChosenShift] = []
    still = {(place.shift.pk, place.skill.pk) for place in open_places(offer.organisation)}
    for each in chosen:
        is_free = (each.shift_id, each.skill_id) in still
        (given if is_free and _given(each, person, offer.organisation, by) else left).append(each)
    offer.state, offer.person, offer.answered_at, offer.answered_by = (
        SignUp.State.CONFIRMED, person, clock.now(), by.person,
    )  # fmt: skip
    offer.save()
    secret = calendars.issue(person=person, by=by)
    posting.write(
        key=f"welcome-{offer.pk}", to=person, subject=letters.welcome_subject,
        text=partial(letters.welcome, [each.shift for each in given], address_of(secret)),
    )  # fmt: skip
    record(Verb.VOLUNTEER_CONFIRMED, by=by, person=person.pk, shifts=len(given))
    return left


def _given(each, person, organisation, by):
    """Whether somebody could be given a place they chose."""
    plans = Plan.objects.filter(
        organisation=organisation, first_day__lte=each.shift.day, last_day__gte=each.shift.day
    )
    if not plans.filter(state__in=(*Plan.OPEN, Plan.State.PUBLISHED)).exists():
        planning.draft_of(organisation=organisation, day=each.shift.day, by=by)
    try:
        with transaction.atomic():
            repairing.carry_out(
                given=[(each.shift, each.skill, person)],
                taken=[],
                by=by,
                reason=str(Verb.SIGNED_UP.label),
                prefer=organisation,
            )
    except Refused:  # what somebody else has, what breaks a rule: the planner is told
        return False
    return True


def _person(offer, first_day, by):
    """The volunteer of this address who is known already, or a new one, employed as such."""
    person = (
        Person.objects.filter(
            email__iexact=offer.email, is_active=True, employments__kind=Employment.Kind.VOLUNTEER
        )
        .order_by("pk")
        .first()
    )
    if person is None:
        person = Person(
            username=_free_name(offer.name), name=offer.name, language=offer.language, email=offer.email
        )
        person.set_unusable_password()
        person.save()
        team.give_role(
            person=person, organisation=offer.organisation, role=Role.VOLUNTEER, first_day=first_day, by=by
        )
    employed = Employment.objects.between(first_day, first_day).filter(
        person=person, organisation=offer.organisation
    )
    if not employed.exists():
        people.employ(
            person=person, organisation=offer.organisation, kind=Employment.Kind.VOLUNTEER, first_day=first_day,
            by=by,
        )  # fmt: skip
    lock_people(person.pk)
    return person


def _free_name(name):
    base = (slugify(name).replace("-", ".") or "volunteer")[:40]
    taken = set(Person.objects.filter(username__istartswith=base).values_list("username", flat=True))
    number = 1
    while (made := base if number == 1 else f"{base}.{number}") in taken:
        number += 1
    return made


@transaction.atomic
def decline(*, offer, by):
    """Thank them and say no; nothing of the offer is kept."""
    offer = _locked(offer)
    rules.plans_own_people(by, offer.organisation)
    posting.write(
        key=f"declined-{offer.pk}", to=offer, subject=letters.declined_subject,
        text=partial(letters.declined, offer.organisation),
    )  # fmt: skip
    record(Verb.VOLUNTEER_DECLINED, by=by, organisation=offer.organisation.code)
    offer.delete()


def _locked(offer):
    found = (
        SignUp.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .filter(pk=offer.pk)
        .first()
    )
    if found is None or found.state != SignUp.State.ASKED:
        raise errors.AlreadyAnswered()
    return found


@transaction.atomic
def cannot_come(*, assignment):
    """A volunteer gives a shift of theirs back, from their own page; whoever plans them is told."""
    by = Actor(person=assignment.person, source="volunteer")
    if assignment.start <= clock.now():
        raise errors.ShiftIsOver()
    return covering.fall_out(
        person=assignment.person,
        start=assignment.start,
        end=assignment.end,
        kind=Absence.Kind.UNAVAILABLE,
        by=by,
    )


def say_thanks():
    """Each volunteer whose shift ended in the last day is thanked once; for the tick."""
    ended = Assignment.objects.standing().filter(
        end__lte=clock.now(), end__gt=clock.now() - timedelta(days=1)
    )
    for row in ended.select_related("person", "plan", "shift__template").order_by("pk"):
        helped = Employment.objects.on(row.shift.day).filter(
            person=row.person, organisation=row.plan.organisation_id, kind=Employment.Kind.VOLUNTEER
        )
        if not helped.exists():
            continue
        posting.write(
            key=f"thanks-{row.pk}", to=row.person, subject=letters.thanks_subject,
            text=partial(letters.thanks, row.shift),
        )  # fmt: skip


def forget_unanswered():
    """Offers nobody has answered for long, or whose shifts are all over, are not kept; for the tick."""
    waiting = SignUp.objects.filter(state=SignUp.State.ASKED)
    over = waiting.exclude(chosen__shift__start__gt=clock.now())
    waiting.filter(Q(asked_at__lt=clock.now() - KEPT) | Q(pk__in=over.values("pk"))).delete()
