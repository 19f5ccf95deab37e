"""What is noted for reports beside the life of the house: weather, causes kept at sealing, remarks, definitions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shelter.models import Night, Person
from shelter.models.house import Zone


class NightWeather(models.Model):
    """The weather of one night, 18:00 to 08:00 at the Findel station; a later note replaces an earlier one."""

    night = models.DateField(_("night of"), unique=True)
    minimum = models.DecimalField(_("night minimum (°C)"), max_digits=4, decimal_places=1)
    is_wet = models.BooleanField(_("rain or snow"), null=True)
    source = models.CharField(_("source"), max_length=80)
    noted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["night"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minimum__gte=-40, minimum__lte=40), name="a_night_minimum_is_one_of_this_earth"
            )
        ]

    def __str__(self):
        return f"{self.night:%d.%m.%Y}: {self.minimum} °C"


class EmptyBeds(models.Model):
    """How many beds in service stood empty on a night for one cause, as it was when the night was sealed."""

    night = models.ForeignKey(Night, models.CASCADE, related_name="empty_beds")
    sealed_at = models.DateTimeField()
    cause = models.CharField(max_length=16)
    number = models.PositiveIntegerField()

    class Meta:
        ordering = ["night", "cause"]
        constraints = [
            models.UniqueConstraint(fields=["night", "cause"], name="one_number_of_empty_beds_for_each_cause")
        ]

    def __str__(self):
        return f"{self.night}: {self.number} {self.cause}"


class PlacesSeen(models.Model):
    """Places of one zone as they were at a moment: kept for a day, for the feed that tells of them later."""

    night = models.ForeignKey(Night, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    zone = models.CharField(max_length=10, choices=Zone)
    free = models.PositiveSmallIntegerField()
    in_service = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["at", "zone"]
        constraints = [
            models.UniqueConstraint(fields=["at", "zone"], name="places_of_a_zone_are_seen_once_at_a_time")
        ]

    def __str__(self):
        return f"{self.zone} {self.at:%d.%m.%Y %H:%M}: {self.free}"


class DefinitionsVersion(models.Model):
    """All definitions as they stood when figures were first made with them; `text` are their words by language."""

    number = models.PositiveSmallIntegerField(unique=True)
    digest = models.CharField(max_length=16, unique=True)
    text = models.JSONField()
    first_used_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]

    def __str__(self):
        return f"v{self.number}"


class Remark(models.Model):
    """What stands out in a period, in a few sentences by somebody with a name; a later one replaces an earlier one."""

    LONGEST = 500

    period = models.ForeignKey("reporting.Period", models.PROTECT, related_name="remarks")
    text = models.CharField(_("text"), max_length=LONGEST, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self):
        return self.text[:40]
