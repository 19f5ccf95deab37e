from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shelter.models import Organisation, Person
from shelter.rota.models.plans import Assignment


class Worked(models.Model):
    """Time actually worked, as the register of the employer has it (L.211-29); a correction replaces the row."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="worked")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, blank=True, related_name="worked")
    start = models.DateTimeField(_("start"))
    end = models.DateTimeField(_("end"))
    break_minutes = models.PositiveSmallIntegerField(_("unpaid break (minutes)"), default=0)
    note = models.CharField(_("note"), max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    replaced_by = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaces")

    class Meta:
        ordering = ["start", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="work_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(replaced_by__isnull=True), name="one_record_per_assignment"
            ),
        ]

    def __str__(self):
        return f"{self.person} {self.start:%d.%m.%Y %H:%M}"
