"""Accounts, roles and tokens of colleagues and devices."""

import hashlib
import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from shelter import clock, errors
from shelter.log import Verb, record
from shelter.models import Membership, Organisation, Person, Token

TOKEN_PREFIX = "foyer_"  # noqa: S105 (how every token begins, so that a leaked one is recognised)


def digest_of(token):
    """Tokens are long and random: a plain digest keeps them as safe as a slow one would."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def add_person(*, username, name, password, by, language="fr", email=""):
    if Person.objects.filter(username__iexact=username).exists():
        raise errors.Incomplete(what=_("This user name is taken."))
    person = Person(username=username, name=name, language=language, email=_address(email))
    _password_is_good(password, person)
    person.set_password(password)
    person.save()
    record(Verb.PERSON_ADDED, by=by, person=person.pk)
    return person


@transaction.atomic
def change_person(*, person, by, is_active=None, password=None, email=None):
    """Close or re-open an account (its tokens end with it), set a new password, or an address ("" takes it away)."""
    if is_active is not None:
        person.is_active = is_active
        if not is_active:
            person.tokens.filter(revoked_at__isnull=True).update(revoked_at=clock.now())
    if password:
        _password_is_good(password, person)
        person.set_password(password)
    if email is not None:
        person.email = _address(email)
    person.save()
    record(Verb.PERSON_CHANGED, by=by, person=person.pk, active=person.is_active)
    return person


@transaction.atomic
def add_organisation(*, code, name, first_day, by):
    organisation, created = Organisation.objects.get_or_create(
        code=code, defaults={"name": name, "first_day": first_day}
    )
    if created:
        record(Verb.PERSON_CHANGED, by=by, organisation=code)
    return organisation


@transaction.atomic
def give_role(*, person, organisation, role, first_day, by, last_day=None):
    """A role from a day on; asked twice for the same role it answers with the one that stands."""
    if last_day is not None and last_day < first_day:
        raise errors.Incomplete(what=_("The last day must not come before the first."))
    standing = Membership.objects.on(first_day).filter(person=person, organisation=organisation, role=role)
    membership = standing.first()
    if membership is None:
        membership = Membership.objects.create(
            person=person, organisation=organisation, role=role, first_day=first_day, last_day=last_day
        )
        record(Verb.ROLE_GIVEN, by=by, person=person.pk, role=role, organisation=organisation.code)
    return membership


@transaction.atomic
def end_role(*, membership, last_day, by):
    """The role ends after a day; one that would end before it began is taken back whole."""
    record(Verb.ROLE_ENDED, by=by, person=membership.person_id, role=membership.role)
    if last_day < membership.first_day:
        membership.delete()
    else:
        membership.last_day = min(last_day, membership.last_day or last_day)
        membership.save()


@transaction.atomic
def issue_token(*, person, by, device=""):
    """A new bearer token; the text returned is shown once and kept nowhere."""
    text = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(person=person, device=device, digest=digest_of(text), created_at=clock.now())
    record(Verb.TOKEN_ISSUED, by=by, person=person.pk, token=token.pk)
    return text


@transaction.atomic
def revoke_token(*, token, by):
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save()
        record(Verb.TOKEN_REVOKED, by=by, person=token.person_id, token=token.pk)
    return token


def _address(email):
    try:
        return Person._meta.get_field("email").clean(email.strip().lower(), None)
    except ValidationError as error:
        raise errors.Incomplete(what=" ".join(error.messages)) from error


def _password_is_good(password, person):
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise errors.Incomplete(what=" ".join(error.messages)) from error
