from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from intake.models.guest import Guest
from shelter.models import Person


class Card(models.Model):
    """A guest's card: their number and a check code, no name. A lost one is revoked and replaced."""

    class Why(models.TextChoices):
        LOST = "lost", _("lost")
        STOLEN = "stolen", _("stolen")
        DAMAGED = "damaged", _("damaged")
        REPLACED = "replaced", _("replaced")

    guest = models.ForeignKey(Guest, models.CASCADE, related_name="cards")
    code = models.CharField(max_length=8)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_because = models.CharField(max_length=8, choices=Why, blank=True, default="")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["guest"], condition=Q(revoked_at__isnull=True), name="one_card_in_force_per_guest"
            )
        ]

    def __str__(self):
        return self.text

    @property
    def text(self):
        """What the QR code holds and a scanner types."""
        return f"{self.guest.number}-{self.code}"
