from django.db import models
from django.utils.translation import gettext_lazy as _

from shelter.models.house import Bed
from shelter.models.ledger import BedNight, Occupant
from shelter.models.season import Night
from shelter.models.team import Person


class LogEntry(models.Model):
    """One line of the house log: who did what, where, on whose behalf. Never a name, never rewritten."""

    at = models.DateTimeField(_("at"))
    verb = models.CharField(_("what"), max_length=40)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    on_behalf_of = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(_("from"), max_length=40)
    night = models.ForeignKey(Night, models.PROTECT, null=True, blank=True, related_name="log")
    occupant = models.ForeignKey(Occupant, models.PROTECT, null=True, blank=True, related_name="log")
    bed = models.ForeignKey(Bed, models.PROTECT, null=True, blank=True, related_name="+")
    bed_night = models.ForeignKey(BedNight, models.PROTECT, null=True, blank=True, related_name="log")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    facts = models.JSONField(default=dict)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["night", "-id"], name="log_of_a_night")]
        verbose_name_plural = _("log entries")

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"
