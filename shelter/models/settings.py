from django.db import models
from django.utils.translation import gettext_lazy as _

from shelter.models.team import Person
from shelter.parameters import PARAMETERS


class SettingQuerySet(models.QuerySet):
    def for_night(self, night):
        """Rows in force on a night, in the order in which they apply (a later row wins)."""
        return self.filter(first_night__lte=night).order_by("first_night", "id")


class Setting(models.Model):
    """A setting's value from a night on, with who set it and why. Rows are added, never changed."""

    key = models.CharField(_("setting"), max_length=40)
    value = models.CharField(_("value"), max_length=120, blank=True)
    first_night = models.DateField(_("from the night of"))
    set_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True)
    set_at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=300)

    objects = SettingQuerySet.as_manager()

    class Meta:
        ordering = ["first_night", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(key__in=list(PARAMETERS)), name="setting_has_a_known_key"
            )
        ]

    def __str__(self):
        return f"{self.key} = {self.value}"
