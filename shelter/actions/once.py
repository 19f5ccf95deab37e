"""Doing a thing once however often it is asked: the answer is kept with the effect, in one transaction."""

import hashlib
from datetime import timedelta

from django.db import IntegrityError, transaction

from shelter import clock, errors
from shelter.models import StoredAnswer
from shelter.refusing import broken_constraint

KEPT_FOR = timedelta(days=2)


def digest(*parts):
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def once(*, person, key, request, act):
    """Run `act()` and keep its `(status, body)` under the person's key; asked again, answer the same.

    `request` is a digest of what was asked: the same key with another digest is refused (`KeyReused`). Two
    at once: the second one is refused or rolled back whole, then answers as the first. Refusals are not kept.
    """
    stored = _stored(person, key, request)
    if stored is not None:
        return stored
    try:
        with transaction.atomic():
            status, body = act()
            StoredAnswer.objects.create(
                person=person, key=key, request=request, status=status, body=body, stored_at=clock.now()
            )
            return status, body
    except IntegrityError as error:
        if broken_constraint(error) != "one_answer_per_person_and_key":
            raise
    except errors.Refused:
        # What speaks against it may be that the first of two taps has just done it.
        if _stored(person, key, request) is None:
            raise
    return _stored(person, key, request)


def forget_old_answers():
    """Keys are for retries within hours; afterwards the answers (which may hold a name) go."""
    StoredAnswer.objects.filter(stored_at__lt=clock.now() - KEPT_FOR).delete()


def _stored(person, key, request):
    row = StoredAnswer.objects.filter(person=person, key=key).first()
    if row is None:
        return None
    if row.request != request:
        raise errors.KeyReused()
    return row.status, row.body
