"""Plans of one organisation for a period, version by version, and everything that changed after publication."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shelter.models import Organisation, Person
from shelter.rota.models.shifts import Shift, Skill


class Plan(models.Model):
    """One version. A draft is worked on; published it stands as it was and later changes are written down."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("state of a plan", "draft")
        PROPOSED = "proposed", pgettext_lazy("state of a plan", "proposed")
        PUBLISHED = "published", pgettext_lazy("state of a plan", "published")
        REPLACED = "replaced", pgettext_lazy("state of a plan", "replaced")
        DROPPED = "dropped", pgettext_lazy("state of a plan", "dropped")

    OPEN = (State.DRAFT, State.PROPOSED)

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="plans")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["first_day", "organisation", "number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="plan_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["organisation", "first_day", "number"], name="one_plan_per_period_and_number"
            ),
            models.UniqueConstraint(
                fields=["organisation", "first_day"],
                condition=Q(state__in=["draft", "proposed"]),
                name="one_open_plan_per_period",
            ),
            models.UniqueConstraint(
                fields=["organisation", "first_day"],
                condition=Q(state="published"),
                name="one_published_plan_per_period",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "proposed", "dropped"], published_at__isnull=True)
                | Q(state__in=["published", "replaced"], published_at__isnull=False),
                name="a_published_plan_has_its_date",
            ),
        ]

    def __str__(self):
        return f"{self.organisation.code} {self.first_day:%d.%m.%Y} v{self.number}"

    @property
    def is_open(self):
        return self.state in self.OPEN


class AssignmentQuerySet(models.QuerySet):
    def standing(self):
        """What people are to work: published and not changed since."""
        return self.filter(stands=True)


class Assignment(models.Model):
    """Somebody does a duty in a shift. `stands` once published, until a change ends it; drafts never stand.

    Start and end are the shift's, so that the database itself can promise that nobody stands in two places at once.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="assignments")
    shift = models.ForeignKey(Shift, models.PROTECT, related_name="assignments")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="assignments")
    start = models.DateTimeField()
    end = models.DateTimeField()
    stands = models.BooleanField(default=False)
    is_pinned = models.BooleanField(default=False)
    # The changes after publication that brought it and ended it; what was first published came with none.
    came_with = models.ForeignKey("Change", models.PROTECT, null=True, blank=True, related_name="brought")
    gone_with = models.ForeignKey("Change", models.PROTECT, null=True, blank=True, related_name="ended")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["start", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="assignment_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["shift", "person"], condition=Q(stands=True), name="nobody_stands_twice_in_one_shift"
            ),
        ]
        indexes = [models.Index(fields=["person", "start"], name="assignment_by_person")]

    def __str__(self):
        return f"{self.person} {self.shift}"


class Change(models.Model):
    """One change of a published plan: who stood there before and who stands there now, with notice and reason."""

    class Kind(models.TextChoices):
        PUBLICATION = "publication", _("new version")
        SWAP = "swap", _("swap")
        HANDOVER = "handover", pgettext_lazy("kind of change in the rota", "handed over")
        COVER = "cover", _("replacement")
        ABSENCE = "absence", _("absence")
        CLAIM = "claim", _("open shift taken")
        CORRECTION = "correction", _("correction")
        UNDONE = "undone", pgettext_lazy("kind of change in the rota", "taken back")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="changes")
    shift = models.ForeignKey(Shift, models.PROTECT, related_name="changes")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    before = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    after = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    notice_days = models.SmallIntegerField(_("notice (days)"))
    is_short = models.BooleanField(default=False)  # by the terms of that day
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    consented_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(before__isnull=False) | Q(after__isnull=False), name="a_change_is_about_somebody"
            )
        ]

    def __str__(self):
        return f"{self.shift}: {self.before or '–'} → {self.after or '–'}"


class Override(models.Model):
    """A rule that somebody let be broken, with the reason and what is owed for it."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="overrides")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    rule = models.CharField(max_length=30)
    day = models.DateField()
    facts = models.JSONField(default=dict)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "person", "rule", "day"], name="one_override_per_rule_and_day"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="an_override_has_a_reason"),
        ]

    def __str__(self):
        return f"{self.person} {self.rule} {self.day:%d.%m.%Y}"


class Proposal(models.Model):
    """A rota to be worked out by the machine, for one organisation or all; what came of it, and how good it is.

    `gaps`, `wishes` and the like stand in `price`; `bound` is proven: no rota costs less. Seed, versions and the hash
    of what was asked make it possible to work out the same again.
    """

    class State(models.TextChoices):
        WANTED = "wanted", pgettext_lazy("state of a proposal", "waiting")
        RUNNING = "running", pgettext_lazy("state of a proposal", "being worked out")
        DONE = "done", pgettext_lazy("state of a proposal", "ready")
        FAILED = "failed", pgettext_lazy("state of a proposal", "failed")

    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    state = models.CharField(max_length=8, choices=State, default=State.WANTED)
    seconds = models.PositiveSmallIntegerField(_("seconds"))
    seed = models.PositiveIntegerField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    stop_asked = models.BooleanField(default=False)
    input_hash = models.CharField(max_length=64, blank=True)
    versions = models.JSONField(default=dict)
    cells = models.JSONField(default=list)  # [person, shift, skill] of each assignment proposed
    price = models.JSONField(default=dict)
    total = models.PositiveIntegerField(null=True, blank=True)
    bound = models.PositiveIntegerField(null=True, blank=True)
    history = models.JSONField(default=list)  # [seconds, total, bound] as it got better
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="running"), name="one_proposal_is_worked_out_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(total__isnull=True) | Q(bound__isnull=True) | Q(bound__lte=F("total")),
                name="no_proposal_is_better_than_its_bound",
            ),
        ]

    def __str__(self):
        return f"#{self.pk} {self.first_day:%d.%m.%Y}"
