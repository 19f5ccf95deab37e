"""What people settle among themselves: swaps, hand-overs, open shifts, calls; and their calendar addresses."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from shelter.models import Organisation, Person
from shelter.rota.models.plans import Assignment
from shelter.rota.models.shifts import Shift, Skill


class Swap(models.Model):
    """One gives a shift to another, for one of theirs or for nothing; it stands when both and the planner agree."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("state of a swap", "asked")
        AGREED = "agreed", pgettext_lazy("state of a swap", "agreed, waits for approval")
        APPROVED = "approved", pgettext_lazy("state of a swap", "approved")
        REFUSED = "refused", pgettext_lazy("state of a swap", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("state of a swap", "withdrawn")
        UNDONE = "undone", pgettext_lazy("state of a swap", "taken back")

    OPEN = (State.ASKED, State.AGREED)

    given = models.ForeignKey(Assignment, models.PROTECT, related_name="swaps_away")
    taken = models.ForeignKey(Assignment, models.PROTECT, null=True, blank=True, related_name="swaps_for")
    giver = models.ForeignKey(Person, models.PROTECT, related_name="+")
    taker = models.ForeignKey(Person, models.PROTECT, related_name="+")
    # A chain goes round three people: each gives one shift and takes another. Its first swap stands for all.
    chain = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="links")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["given"],
                condition=Q(state__in=["asked", "agreed"]),
                name="one_open_swap_per_assignment",
            ),
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="a_swap_has_two_people"),
        ]

    def __str__(self):
        return f"{self.giver} → {self.taker}"


class OpenShift(models.Model):
    """A place in a shift nobody has, asked for in waves: first a few, then more, then the coordinator is told."""

    shift = models.ForeignKey(Shift, models.PROTECT, related_name="open_places")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    wave = models.PositiveSmallIntegerField(default=1)
    next_wave_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["shift__start", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_by__isnull=True) | Q(closed_at__isnull=False),
                name="a_taken_place_is_closed",
            )
        ]

    def __str__(self):
        return f"{self.shift} {self.skill}"


class Call(models.Model):
    """Somebody was asked to step in; each answer is written down, so that the same people are not always asked."""

    class Answer(models.TextChoices):
        ASKED = "asked", pgettext_lazy("answer to a call", "asked")
        NOBODY = "nobody", pgettext_lazy("answer to a call", "no answer")
        YES = "yes", pgettext_lazy("answer to a call", "yes")
        NO = "no", pgettext_lazy("answer to a call", "no")

    open_shift = models.ForeignKey(OpenShift, models.CASCADE, related_name="calls")
    person = models.ForeignKey(Person, models.PROTECT, related_name="calls")
    at = models.DateTimeField()
    answer = models.CharField(max_length=6, choices=Answer)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self):
        return f"{self.person} {self.get_answer_display()}"


class CalendarAddress(models.Model):
    """A secret address under which a calendar reads somebody's shifts, or a team's. Only the digest is kept."""

    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="calendars")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation__isnull=True)
                | Q(person__isnull=True, organisation__isnull=False),
                name="a_calendar_is_a_persons_or_a_teams",
            )
        ]

    def __str__(self):
        return f"{self.person or self.organisation}"
