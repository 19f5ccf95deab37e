"""Letters to be sent: written with the act that asks for them, sent by the tick, kept until they have gone."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shelter.models.team import Person


class Outgoing(models.Model):
    """Something to be sent by mail: when, since when it has gone, how often it was tried and what went wrong."""

    send_after = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


class Letter(Outgoing):
    """One mail to one colleague, or to an address. `key` says what it is about: the same is never written twice."""

    key = models.CharField(max_length=120, unique=True)
    to = models.ForeignKey(Person, models.CASCADE, null=True, related_name="letters")
    address = models.EmailField(_("e-mail"), blank=True)  # of somebody who has no account
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))

    class Meta:
        ordering = ["send_after", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to__isnull=False, address="") | (Q(to__isnull=True) & ~Q(address="")),
                name="a_letter_goes_somewhere",
            )
        ]
        indexes = [
            models.Index(fields=["send_after"], condition=Q(sent_at__isnull=True), name="letters_to_be_sent")
        ]

    def __str__(self):
        return self.subject
