"""Calendar addresses: secret, one's own or a team's, and taken back at any time."""

import secrets

from django.db import transaction

from shelter import clock
from shelter.actions.team import digest_of
from shelter.errors import Incomplete
from shelter.log import record
from shelter.rota import rules
from shelter.rota.log import Verb
from shelter.rota.models import CalendarAddress


@transaction.atomic
def issue(*, by, person=None, organisation=None):
    """A new address; one before it ends. The secret is shown once and kept nowhere."""
    if organisation is not None:
        rules.plans_own_people(by, organisation)
    if (person is None) == (organisation is None):
        raise Incomplete(what=CalendarAddress._meta.verbose_name)
    CalendarAddress.objects.filter(person=person, organisation=organisation, revoked_at=None).update(
        revoked_at=clock.now()
    )
    secret = secrets.token_urlsafe(24)
    CalendarAddress.objects.create(
        person=person,
        organisation=organisation,
        digest=digest_of(secret),
        created_at=clock.now(),
        created_by=by.person,
    )
    record(Verb.CALENDAR_ISSUED, by=by, person=person and person.pk)
    return secret


@transaction.atomic
def revoke(*, by, person=None, organisation=None):
    if organisation is not None:
        rules.plans_own_people(by, organisation)
    ended = CalendarAddress.objects.filter(person=person, organisation=organisation, revoked_at=None)
    if ended.update(revoked_at=clock.now()):
        record(Verb.CALENDAR_REVOKED, by=by, person=person and person.pk)


def of_secret(secret):
    """The address a secret opens, or None."""
    return CalendarAddress.objects.filter(digest=digest_of(secret), revoked_at=None).first()
