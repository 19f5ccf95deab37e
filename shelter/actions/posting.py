"""Letters to colleagues: written beside the act that asks for them, sent by the tick, tried again with more patience.

A letter that went out while the process died may go out twice, with the same Message-ID: better twice than never.
"""

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.utils import translation

from shelter import clock
from shelter.models import Letter, Person

MOST_TRIES = 8
PATIENCE = timedelta(minutes=2)  # doubled with each try
AT_A_TIME = 50
KEPT = timedelta(days=60)  # a letter that was sent

logger = logging.getLogger(__name__)


def write(*, key, to, subject, text, send_after=None):
    """Leave a letter to be sent; the same key again changes nothing. Who has no address gets none.

    `to` is a colleague, or anybody with an `email` and a `language`; `subject` and `text` are called in that language.
    """
    if not to.email:
        return
    whom = {"to": to} if isinstance(to, Person) else {"address": to.email}
    with translation.override(to.language):
        letter = {"subject": subject(), "text": text(), "send_after": send_after or clock.now(), **whom}
    Letter.objects.get_or_create(key=key, defaults=letter)


def send_due():
    """Send what is due. A letter is claimed first, so that nothing is locked while the mail server thinks."""
    due = Letter.objects.filter(sent_at=None, tries__lt=MOST_TRIES, send_after__lte=clock.now())
    for letter in list(due.select_related("to").order_by("send_after", "id")[:AT_A_TIME]):
        if _claimed(letter):
            _send(letter)


def forget_sent():
    """Letters that went out long ago are not kept."""
    Letter.objects.filter(sent_at__lt=clock.now() - KEPT).delete()


def _claimed(letter):
    """Whether this process may send it; if it dies over it, the letter is due again later."""
    later = clock.now() + PATIENCE * 2**letter.tries
    as_it_was = Letter.objects.filter(pk=letter.pk, sent_at=None, tries=letter.tries)
    return bool(as_it_was.update(tries=letter.tries + 1, send_after=later))


def _send(letter):
    headers = {"Message-ID": f"<letter-{letter.pk}@foyer>"}
    try:
        EmailMessage(
            letter.subject, letter.text, to=[letter.address or letter.to.email], headers=headers
        ).send()
    except (OSError, SMTPException) as error:
        logger.warning("letter %s was not sent: %s", letter.pk, type(error).__name__)
        Letter.objects.filter(pk=letter.pk).update(trouble=type(error).__name__)
    else:
        Letter.objects.filter(pk=letter.pk).update(sent_at=clock.now(), trouble="")
        if letter.address:
            Letter.objects.filter(pk=letter.pk).delete()  # nothing is kept of who has no account
