"""The watch through the night: rounds from bed to bed, who is out for a while, roll calls when it burns."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shelter.models.house import Bed
from shelter.models.ledger import BedNight
from shelter.models.season import Night
from shelter.models.team import Person


class Round(models.Model):
    """One walk past every bed. The one at night is the count that reports use; it is closed by a person."""

    class Kind(models.TextChoices):
        EVENING = "evening", _("evening round")
        CENSUS = "census", _("night round, the count for reports")

    night = models.ForeignKey(Night, models.PROTECT, related_name="rounds")
    kind = models.CharField(max_length=8, choices=Kind)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    counted = models.PositiveIntegerField(_("people counted"), null=True, blank=True)

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["night", "kind"], name="one_round_of_a_kind_a_night"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, counted__isnull=True)
                | Q(closed_at__isnull=False, counted__isnull=False),
                name="a_closed_round_has_counted",
            ),
        ]

    def __str__(self):
        return f"{self.night} {self.get_kind_display()}"


class RoundMark(models.Model):
    """What was seen in one bed; seen again on another phone, the later look counts."""

    class Seen(models.TextChoices):
        EMPTY = "empty", pgettext_lazy("what was seen in a bed", "empty")
        THERE = "there", pgettext_lazy("what was seen in a bed", "there")
        OTHER = "other", pgettext_lazy("what was seen in a bed", "someone else")

    round = models.ForeignKey(Round, models.CASCADE, related_name="marks")
    bed = models.ForeignKey(Bed, models.PROTECT, related_name="+")
    seen = models.CharField(max_length=6, choices=Seen)
    # Who the ledger had in this bed at that moment, if anybody.
    expected = models.ForeignKey(BedNight, models.PROTECT, null=True, blank=True, related_name="+")
    seen_at = models.DateTimeField()
    seen_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["bed__label"]
        constraints = [models.UniqueConstraint(fields=["round", "bed"], name="one_mark_per_round_and_bed")]

    def __str__(self):
        return f"{self.bed} {self.get_seen_display()}"

    @property
    def differs(self):
        """Whether what was seen is not what the ledger says."""
        if self.expected_id is None:
            return self.seen != self.Seen.EMPTY
        return self.seen != self.Seen.THERE


class Outing(models.Model):
    """Somebody here went out for a while and keeps their bed: to smoke, to work, to the hospital."""

    class Kind(models.TextChoices):
        SMOKE = "smoke", _("smoke or fresh air")
        WORK = "work", _("work")
        HOSPITAL = "hospital", _("hospital")
        OTHER = "other", _("something else")

    bed_night = models.ForeignKey(BedNight, models.PROTECT, related_name="outings")
    kind = models.CharField(max_length=8, choices=Kind)
    out_at = models.DateTimeField()
    expected_at = models.DateTimeField(_("back by"), null=True, blank=True)
    back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["out_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["bed_night"], condition=Q(back_at__isnull=True), name="one_outing_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(back_at__isnull=True) | Q(back_at__gte=F("out_at")),
                name="an_outing_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return f"{self.bed_night.occupant} {self.get_kind_display()}"


class RollCall(models.Model):
    """Everybody is outside and counted. Several phones count at once; what one has seen, all have seen."""

    night = models.ForeignKey(Night, models.PROTECT, related_name="roll_calls")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["night"], condition=Q(ended_at__isnull=True), name="one_roll_call_at_a_time"
            )
        ]

    def __str__(self):
        return f"{self.night} {self.started_at:%H:%M}"


class RollCallMark(models.Model):
    """One person was seen safe."""

    roll_call = models.ForeignKey(RollCall, models.CASCADE, related_name="marks")
    bed_night = models.ForeignKey(BedNight, models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()
    seen_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["roll_call", "bed_night"], name="one_mark_per_roll_call_and_person"
            )
        ]

    def __str__(self):
        return f"{self.bed_night_id}"
