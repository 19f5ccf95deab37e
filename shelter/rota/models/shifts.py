"""What has to be done: kinds of shift, the dated shifts made from them, and who is needed in each."""

from datetime import timedelta

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shelter import nights
from shelter.models import Night


class Skill(models.Model):
    """What somebody can be asked for. A duty is demanded in shifts; others (first aid, a language) only of a night."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    is_duty = models.BooleanField(_("a duty in shifts"), default=True)
    for_volunteers = models.BooleanField(_("open to new volunteers"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self):
        return self.name


class ShiftTemplate(models.Model):
    """A kind of shift: local times within a night (noon to noon), from a night until a night."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    letter = models.CharField(_("letter"), max_length=1, unique=True)  # the key that gives it in the grid
    starts = models.TimeField(_("starts"))
    ends = models.TimeField(_("ends"))
    break_minutes = models.PositiveSmallIntegerField(_("unpaid break (minutes)"), default=0)
    first_night = models.DateField(_("from the night of"))
    last_night = models.DateField(_("until the night of"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_night__isnull=True) | Q(last_night__gte=F("first_night")),
                name="shift_template_ends_after_it_begins",
            )
        ]

    def __str__(self):
        return self.name

    def hours_on(self, night):
        """First and last instant of this kind of shift in the night of a date, whatever the clocks do."""
        start = nights.instant_of(night, self.starts)
        end = nights.instant_of(night, self.ends)
        return start, end if end > start else nights.instant_of(night + timedelta(days=1), self.ends)


class DemandFields(models.Model):
    """So many people with a skill: at least, better, and perhaps one per so many guests expected."""

    class Priority(models.IntegerChoices):
        USUAL = 1, _("usual")
        CRITICAL = 2, _("the house cannot open without")

    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    minimum = models.PositiveSmallIntegerField(_("at least"))
    wished = models.PositiveSmallIntegerField(_("better"))
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.USUAL)
    per_guests = models.PositiveSmallIntegerField(
        _("one per so many guests expected"), null=True, blank=True, validators=[MinValueValidator(1)]
    )

    class Meta:
        abstract = True

    def needed(self, expected):
        """How many people a night with so many guests expected needs at least."""
        by_guests = -(-expected // self.per_guests) if self.per_guests else 0
        return max(self.minimum, by_guests)


class TemplateDemand(DemandFields):
    template = models.ForeignKey(ShiftTemplate, models.CASCADE, related_name="demands")

    class Meta:
        ordering = ["template", "skill__position"]
        constraints = [
            models.UniqueConstraint(fields=["template", "skill"], name="one_demand_per_template_and_skill"),
            models.CheckConstraint(
                condition=Q(wished__gte=F("minimum")), name="template_demand_wishes_no_less_than_it_needs"
            ),
        ]

    def __str__(self):
        return f"{self.template} {self.skill} {self.minimum}"


class Shift(models.Model):
    """A shift of one night, with its instants; a night's shifts serve it also when they end in its morning."""

    template = models.ForeignKey(ShiftTemplate, models.PROTECT, related_name="shifts")
    night = models.ForeignKey(Night, models.PROTECT, related_name="shifts")
    start = models.DateTimeField(_("starts"))
    end = models.DateTimeField(_("ends"))
    break_minutes = models.PositiveSmallIntegerField(_("unpaid break (minutes)"), default=0)

    class Meta:
        ordering = ["start", "template__position"]
        constraints = [
            models.UniqueConstraint(fields=["template", "night"], name="one_shift_per_template_and_night"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="shift_ends_after_it_begins"),
        ]

    def __str__(self):
        return f"{self.template} {self.night}"

    @property
    def day(self):
        """The local date on which it begins: the column it stands in."""
        return nights.local(self.start).date()


class Demand(DemandFields):
    shift = models.ForeignKey(Shift, models.CASCADE, related_name="demands")

    class Meta:
        ordering = ["shift", "skill__position"]
        constraints = [
            models.UniqueConstraint(fields=["shift", "skill"], name="one_demand_per_shift_and_skill"),
            models.CheckConstraint(
                condition=Q(wished__gte=F("minimum")), name="demand_wishes_no_less_than_it_needs"
            ),
        ]

    def __str__(self):
        return f"{self.shift} {self.skill} {self.minimum}"


class MixRule(models.Model):
    """What the team of each night should be like: so many organisations, or so many people with a skill."""

    skill = models.ForeignKey(Skill, models.PROTECT, null=True, blank=True, related_name="+")
    least = models.PositiveSmallIntegerField(_("at least"))
    first_night = models.DateField(_("from the night of"))
    last_night = models.DateField(_("until the night of"), null=True, blank=True)

    class Meta:
        ordering = ["first_night", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_night__isnull=True) | Q(last_night__gte=F("first_night")),
                name="mix_rule_ends_after_it_begins",
            )
        ]

    def __str__(self):
        return f"{self.skill or _('organisations')} ≥ {self.least}"
