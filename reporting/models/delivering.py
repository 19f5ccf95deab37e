from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reporting.models.reports import Period, Report
from shelter.models import Outgoing, Person


class Recipient(models.Model):
    """Somebody who receives every report of a kind; `person` where they have an account."""

    kind = models.CharField(_("report"), max_length=8, choices=Period.Kind)
    name = models.CharField(_("name"), max_length=80)
    duty = models.CharField(_("office or role"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    by_link = models.BooleanField(_("a link that needs sign-in, no files"), default=False)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["kind", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "email"], condition=Q(ended_at=None), name="nobody_receives_a_kind_twice"
            )
        ]

    def __str__(self):
        return self.name


class Delivery(Outgoing):
    """One report to one recipient: written once, with a Message-ID of its own that every try carries."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="deliveries")
    recipient = models.ForeignKey(Recipient, models.PROTECT, related_name="deliveries")
    message_id = models.CharField(max_length=120, unique=True)
    returned_at = models.DateTimeField(null=True)  # somebody saw it come back

    class Meta:
        ordering = ["report", "recipient"]
        constraints = [
            models.UniqueConstraint(fields=["report", "recipient"], name="a_report_goes_to_each_once")
        ]
        indexes = [
            models.Index(
                fields=["send_after"], condition=Q(sent_at__isnull=True), name="deliveries_to_be_made"
            )
        ]

    def __str__(self):
        return self.message_id

    @property
    def is_standing(self):
        """Whether the report holds and the recipient still receives such reports."""
        return self.recipient.ended_at is None and self.report.state in Report.OUT
