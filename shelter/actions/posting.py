"""Letters to colleagues: written beside the act that asks for them, sent by the tick, tried again with more patience.

A letter that went out while the process died may go out twice, with the same Message-ID: better twice than never.
"""

import logging
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

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
    for letter in list(due(Letter.objects.select_related("to"))):
        if claimed(letter):
            _send(letter)


def forget_sent():
    """Letters that went out long ago are not kept."""
    Letter.objects.filter(sent_at__lt=clock.now() - KEPT).delete()


def due(outgoing):
    """Of a query set of something outgoing what is to be sent now, the longest due first."""
    waiting = outgoing.filter(sent_at=None, tries__lt=MOST_TRIES, send_after__lte=clock.now())
    return waiting.order_by("send_after", "id")[:AT_A_TIME]


def claimed(row):
    """Whether this process may send it; if it dies over it, the row is due again later."""
    later = clock.now() + PATIENCE * 2**row.tries
    as_it_was = type(row).objects.filter(pk=row.pk, sent_at=None, tries=row.tries)
    return bool(as_it_was.update(tries=row.tries + 1, send_after=later))


def hand_over(row, mail):
    """Give a mail to the server, and write down beside its row whether it went; True if it did."""
    rows = type(row).objects.filter(pk=row.pk)
    try:
        mail.send()
    except (OSError, SMTPException) as error:
        trouble = _in_short(error)
        logger.warning("%s %s was not sent: %s", type(row).__name__.lower(), row.pk, trouble)
        rows.update(trouble=trouble)
        return False
    except Exception as error:
        trouble = type(error).__name__
        logger.error("%s %s could not be handed over: %s", type(row).__name__.lower(), row.pk, trouble)
        rows.update(trouble=trouble)
        return False
    rows.update(sent_at=clock.now(), trouble="")
    return True


def _in_short(error):
    """What went wrong without anybody's address: its kind, and the server's codes."""
    if isinstance(error, SMTPRecipientsRefused):
        codes = {code for code, _said in error.recipients.values()}
    else:
        codes = {error.smtp_code} if isinstance(error, SMTPResponseException) else set()
    return " ".join([type(error).__name__, *map(str, sorted(codes))])


def _send(letter):
    mail = EmailMessage(
        letter.subject,
        letter.text,
        to=[letter.address or letter.to.email],
        headers={"Message-ID": f"<letter-{letter.pk}@foyer>"},
    )
    if hand_over(letter, mail) and letter.address:
        Letter.objects.filter(pk=letter.pk).delete()  # nothing is kept of who has no account
