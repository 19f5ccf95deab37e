"""Approving reports, and sending them: one delivery for each recipient, with one Message-ID for every try."""

import re

from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import translation

from reporting import errors, paper, telling
from reporting.log import Verb
from reporting.models import Delivery, Paper, Period, Recipient, Report
from reporting.queries import reports
from shelter import addresses, clock
from shelter.actions import posting
from shelter.actor import CLOCK
from shelter.gate import roles_allowed
from shelter.log import record
from shelter.models import Membership


@transaction.atomic
def approve(*, report, by):
    """Somebody with a name lets a report go out."""
    fresh = (
        Report.objects.select_for_update(no_key=True, of=("self",)).select_related("period").get(pk=report.pk)
    )
    if fresh.state in Report.OUT:
        return fresh
    if fresh.state != Report.State.RENDERED:
        raise errors.NotReady()
    let_go(fresh, by=by.person)
    record(Verb.REPORT_APPROVED, by=by, kind=fresh.period.kind, key=fresh.period.key, revision=fresh.revision)
    return fresh


def let_go(report, *, by):
    """From here on the report is out: its deliveries are written, and what it corrects is replaced."""
    report.state, report.approved_at, report.approved_by = Report.State.APPROVED, clock.now(), by
    report.save(update_fields=["state", "approved_at", "approved_by"])
    report.period.reports.filter(revision__lt=report.revision).update(state=Report.State.SUPERSEDED)
    Delivery.objects.bulk_create(
        Delivery(
            report=report,
            recipient=recipient,
            message_id=_message_id(report, recipient),
            send_after=clock.now(),
        )
        for recipient in Recipient.objects.filter(kind=report.period.kind, ended_at=None).order_by("id")
    )


def _message_id(report, recipient):
    period = report.period
    key = re.sub(r"[^A-Za-z0-9-]", "-", period.key)
    return f"<report-{period.kind}-{key}-r{report.revision}-{recipient.pk}@foyer>"


def send_due():
    """Send the deliveries that are due; a report is sent when none of its deliveries waits any more."""
    wanted = reports.standing()
    for delivery in list(posting.due(wanted.select_related("recipient", "report__period__season"))):
        if posting.claimed(delivery):
            posting.hand_over(delivery, _mail(delivery))
    waiting = wanted.filter(report=OuterRef("pk"), sent_at=None, tries__lt=posting.MOST_TRIES)
    Report.objects.filter(~Exists(waiting), state=Report.State.APPROVED).update(
        state=Report.State.SENT, sent_at=clock.now()
    )


def _mail(delivery):
    """The mail of a delivery: the account in short, with the files or with a link that needs sign-in."""
    recipient, report = delivery.recipient, delivery.report
    address = addresses.whole(reverse("report", args=[report.pk]))
    with translation.override(recipient.language):
        subject, text = telling.letter(reports.data_of(report), address, _hashes(report))
    mail = EmailMessage(subject, text, to=[recipient.email], headers={"Message-ID": delivery.message_id})
    if not recipient.by_link:
        for each in _files(report, recipient.language):
            mail.attach(name_of(each), bytes(each.content), TYPES[each.form])
    return mail


TYPES = {Paper.Form.PDF: "application/pdf", Paper.Form.CSV: "text/csv"}


def name_of(each):
    """What a file of a report is called."""
    report = each.data_set.report
    language = f"-{each.language}" if each.language else ""
    return f"{paper.file_name(report.period.kind, report.period.key, report.revision)}{language}.{each.form}"


def _files(report, language):
    """The PDF in the reader's language, else in French, and the CSV."""
    papers = list(reports.papers_of(report))
    chosen = {each.language: each for each in papers if each.form == Paper.Form.PDF}
    yield chosen.get(language) or chosen["fr"]
    yield from (each for each in papers if each.form == Paper.Form.CSV)


def _hashes(report):
    rows = reports.papers_of(report).order_by("form", "language")
    return list(rows.values_list("form", "language", "sha256"))


@transaction.atomic
def send_again(*, delivery, by):
    """Try a delivery that was given up, or that came back, once more; the Message-ID stays.

    Only of a report that holds, and to somebody who still receives such reports.
    """
    if not reports.standing().filter(pk=delivery.pk).exists():
        raise errors.NotReady()
    Delivery.objects.filter(pk=delivery.pk).update(
        sent_at=None, tries=0, trouble="", returned_at=None, send_after=clock.now()
    )
    record(Verb.REPORT_SENT_AGAIN, by=by, delivery=delivery.pk, report=delivery.report_id)


@transaction.atomic
def came_back(*, delivery, by):
    """Somebody saw the mail come back."""
    Delivery.objects.filter(pk=delivery.pk, returned_at=None).update(returned_at=clock.now())
    record(Verb.REPORT_RETURNED, by=by, delivery=delivery.pk, report=delivery.report_id)


@transaction.atomic
def add_recipient(*, kind, name, email, language, by, duty="", by_link=False, person=None):
    """From now on somebody receives every report of a kind."""
    email = email.strip().lower()
    try:
        with transaction.atomic():
            row = Recipient.objects.create(
                kind=kind, name=name, duty=duty, email=email, language=language, by_link=by_link,
                person=person, since=clock.now(),
            )  # fmt: skip
    except IntegrityError as error:
        raise errors.AlreadyRecipient() from error
    record(Verb.RECIPIENT_ADDED, by=by, kind=kind, recipient=row.pk)
    return row


@transaction.atomic
def end_recipient(*, recipient, by):
    """They receive no further reports; what was sent stays written down."""
    if Recipient.objects.filter(pk=recipient.pk, ended_at=None).update(ended_at=clock.now()):
        record(Verb.RECIPIENT_ENDED, by=by, kind=recipient.kind, recipient=recipient.pk)


def end_subscriptions():
    """Whoever has an account and may read reports no more receives none."""
    may_read = Membership.objects.now().filter(
        role__in=roles_allowed("report", "GET"), person__is_active=True
    )
    subscribed = Recipient.objects.filter(ended_at=None, person__isnull=False)
    for recipient in subscribed.exclude(person__in=may_read.values("person")):
        end_recipient(recipient=recipient, by=CLOCK)


@transaction.atomic
def subscribe(*, person, kinds, by):
    """What somebody with an account wants to receive at the address they have now, and nothing else."""
    if kinds and not person.email:
        raise errors.NoAddress()
    mine = {row.kind: row for row in Recipient.objects.filter(person=person, ended_at=None)}
    for kind in Period.Kind.values:
        row = mine.get(kind)
        if row is not None and (kind not in kinds or row.email != person.email):
            end_recipient(recipient=row, by=by)
            row = None
        if kind in kinds and row is None:
            add_recipient(
                kind=kind,
                name=person.name,
                email=person.email,
                language=person.language,
                person=person,
                by=by,
            )
