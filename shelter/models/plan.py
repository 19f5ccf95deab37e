"""Plans of a whole night: what was proposed to whom and why, kept as it was said."""

from django.db import models
from django.db.models import Q

from shelter.models.house import Bed
from shelter.models.ledger import Occupant
from shelter.models.season import Night
from shelter.models.team import Person
from shelter.offering import Reason


class BedPlan(models.Model):
    """One proposal for everybody of a night. `as_of` is the last line of the log it knew; where `objective` and
    `bound` are equal, no better one exists.
    """

    night = models.ForeignKey(Night, models.PROTECT, related_name="bed_plans")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    as_of = models.PositiveBigIntegerField()
    objective = models.BigIntegerField()
    bound = models.BigIntegerField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(objective__lte=models.F("bound")), name="no_plan_is_better_than_its_bound"
            )
        ]

    def __str__(self):
        return f"{self.night} #{self.pk}"

    @property
    def is_proven(self):
        """Whether no better plan for these people exists."""
        return self.objective == self.bound


class PlannedBed(models.Model):
    """One person in a plan: the bed and the reasons for it, or the rule that bound and what would help.

    `before` is what they could have been told until then; who is pinned stays in the bed kept for them whatever the
    next plan finds. Reasons are codes with facts, `[["same_bed", {}]]`; the reader's language makes sentences of them.
    """

    plan = models.ForeignKey(BedPlan, models.CASCADE, related_name="lines")
    occupant = models.ForeignKey(Occupant, models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()  # in line, from 1
    bed = models.ForeignKey(Bed, models.PROTECT, null=True, blank=True, related_name="+")
    before = models.ForeignKey(Bed, models.PROTECT, null=True, blank=True, related_name="+")
    is_pinned = models.BooleanField(default=False)
    reasons = models.JSONField(default=list)
    change = models.JSONField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "occupant"], name="one_line_per_person_and_plan"),
            models.UniqueConstraint(fields=["plan", "bed"], name="one_person_per_bed_and_plan"),
        ]

    def __str__(self):
        return f"{self.occupant} {self.bed}"

    @property
    def why(self):
        """The reasons for the bed, or the rule that bound."""
        return tuple(_reason(*told) for told in self.reasons)

    @property
    def remedy(self):
        """What would help somebody without a bed, if anything."""
        return _reason(*self.change) if self.change else None


def _reason(code, facts):
    return Reason(code, tuple(facts.items()))
