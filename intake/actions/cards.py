"""Cards: issued, revoked and replaced, and read at the door."""

import re
from secrets import choice

from django.db import transaction

from intake.errors import CardRevoked, CardUnknown
from intake.log import Verb
from intake.models import Card, Guest
from shelter import clock
from shelter.log import record

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that looks or sounds like another
CODE_LENGTH = 6
ON_A_CARD = re.compile(rf"^\s*(\d{{4,11}})-([{LETTERS}]{{{CODE_LENGTH}}})\s*$", re.IGNORECASE)


@transaction.atomic(savepoint=False)
def issue_card(*, guest, by, why=Card.Why.REPLACED):
    """A card for this guest; one they had before is revoked with the reason."""
    guest = (
        Guest.objects.select_for_update(no_key=True, of=("self",)).select_related("occupant").get(pk=guest.pk)
    )
    for old in guest.cards.filter(revoked_at__isnull=True):
        revoke_card(card=old, why=why, by=by)
    code = "".join(choice(LETTERS) for _place in range(CODE_LENGTH))
    card = Card.objects.create(guest=guest, code=code, issued_at=clock.now(), issued_by=by.person)
    record(Verb.CARD_ISSUED, by=by, occupant=guest.occupant, card=card.pk)
    return card


@transaction.atomic(savepoint=False)
def revoke_card(*, card, why, by):
    """From now on the card opens nothing; revoked twice, the first reason stands."""
    card = (
        Card.objects.select_for_update(no_key=True, of=("self",))
        .select_related("guest__occupant")
        .get(pk=card.pk)
    )
    if card.revoked_at is None:
        card.revoked_at, card.revoked_because = clock.now(), why
        card.save(update_fields=["revoked_at", "revoked_because"])
        record(Verb.CARD_REVOKED, by=by, occupant=card.guest.occupant, card=card.pk, why=why)
    return card


def read_card(*, text, by):
    """The guest whose card was scanned, or None when the text is no card at all.

    A forged or revoked card is refused, and the refusal leaves a line in the log.
    """
    found = ON_A_CARD.match(text)
    if found is None:
        return None
    number, code = int(found[1]), found[2].upper()
    card = (
        Card.objects.filter(guest__occupant=number, code=code)
        .select_related("guest__occupant")
        .order_by("-id")
        .first()
    )
    if card is None:
        record(Verb.CARD_REFUSED, by=by, number=number, why="unknown")
        raise CardUnknown()
    if card.revoked_at is not None:
        why = card.get_revoked_because_display()
        record(Verb.CARD_REFUSED, by=by, occupant=card.guest.occupant, card=card.pk, why=card.revoked_because)
        raise CardRevoked(why=why)
    return card.guest
