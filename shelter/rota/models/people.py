"""Who can work, for whom, as what, and when not."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shelter.models import Organisation, Person
from shelter.rota.models.shifts import ShiftTemplate, Skill


class HeldQuerySet(models.QuerySet):
    def on(self, day):
        return self.filter(Q(last_day__isnull=True) | Q(last_day__gte=day), first_day__lte=day)

    def from_day(self, day):
        """What holds on a day or later."""
        return self.filter(Q(last_day__isnull=True) | Q(last_day__gte=day))

    def between(self, first, last):
        """What holds on any day from first to last, both included."""
        return self.filter(Q(last_day__isnull=True) | Q(last_day__gte=first), first_day__lte=last)


class Employment(models.Model):
    """Works for an organisation from a day until a day. Volunteers and guards count in the house, not in the law."""

    class Kind(models.TextChoices):
        EMPLOYEE = "employee", _("employee")
        VOLUNTEER = "volunteer", _("volunteer")
        GUARD = "guard", _("guard")

    class Reference(models.TextChoices):
        MONTH = "month", _("calendar month")
        FOUR_WEEKS = "four_weeks", _("four weeks")

    person = models.ForeignKey(Person, models.PROTECT, related_name="employments")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="employments")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.EMPLOYEE)
    weekly_minutes = models.PositiveSmallIntegerField(_("minutes a week"), null=True, blank=True)
    reference = models.CharField(
        _("reference period"), max_length=10, choices=Reference, default=Reference.MONTH
    )
    is_night_worker = models.BooleanField(_("works at night"), default=False)
    is_under_strain = models.BooleanField(_("special risks or heavy strain"), default=False)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"), null=True, blank=True)

    objects = HeldQuerySet.as_manager()

    class Meta:
        ordering = ["organisation__code", "person__name", "first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
                name="employment_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(kind="employee") | Q(weekly_minutes__gt=0), name="employee_has_weekly_hours"
            ),
        ]

    def __str__(self):
        return f"{self.person} · {self.organisation.code}"

    def holds_on(self, day):
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    @property
    def is_under_the_law(self):
        """Whether the law of working time and the balances apply."""
        return self.kind == self.Kind.EMPLOYEE


class Qualification(models.Model):
    person = models.ForeignKey(Person, models.PROTECT, related_name="qualifications")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="qualifications")
    first_day = models.DateField(_("valid from"))
    last_day = models.DateField(_("valid until"), null=True, blank=True)
    proof = models.CharField(_("proof seen"), max_length=120, blank=True)

    objects = HeldQuerySet.as_manager()

    class Meta:
        ordering = ["person", "skill__position", "first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
                name="qualification_ends_after_it_begins",
            )
        ]

    def __str__(self):
        return f"{self.person} · {self.skill}"


class LeaveRequest(models.Model):
    """Somebody asks to be away. Unanswered when the answer is due, it counts as granted."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("answer to a request for leave", "asked")
        GRANTED = "granted", pgettext_lazy("answer to a request for leave", "granted")
        REFUSED = "refused", pgettext_lazy("answer to a request for leave", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("answer to a request for leave", "withdrawn")

    person = models.ForeignKey(Person, models.PROTECT, related_name="leave_requests")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    answer_due_at = models.DateTimeField(_("answer due"))
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["answer_due_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="leave_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", answered_at__isnull=True)
                | (~Q(state="asked") & Q(answered_at__isnull=False)),
                name="an_answered_request_has_its_time",
            ),
        ]

    def __str__(self):
        return f"{self.person} {self.first_day:%d.%m.%Y} – {self.last_day:%d.%m.%Y}"

    @property
    def by_silence(self):
        return self.state == self.State.GRANTED and self.answered_by_id is None


class Absence(models.Model):
    """Time in which somebody is not to be planned. Only their own organisation sees why."""

    class Kind(models.TextChoices):
        LEAVE = "leave", _("leave")
        SICK = "sick", _("ill")
        TRAINING = "training", _("training")
        ELSEWHERE = "elsewhere", _("works elsewhere")
        UNAVAILABLE = "unavailable", _("not available")

    person = models.ForeignKey(Person, models.PROTECT, related_name="absences")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    start = models.DateTimeField(_("begins"))
    end = models.DateTimeField(_("ends"))
    request = models.OneToOneField(
        LeaveRequest, models.PROTECT, null=True, blank=True, related_name="absence"
    )
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["start", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="absence_ends_after_it_begins")
        ]

    def __str__(self):
        return f"{self.person} {self.get_kind_display()}"


class Wish(models.Model):
    """To work a kind of shift on a night, or any; or not to work it. Weight 1 is nice, 3 matters much."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="wishes")
    night = models.DateField(_("night of"))
    template = models.ForeignKey(
        ShiftTemplate, models.PROTECT, null=True, blank=True, related_name="+"
    )  # none: the whole day
    is_on = models.BooleanField(_("wants to work"), default=False)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["night", "id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "night", "template"], name="one_wish_per_shift"),
            models.UniqueConstraint(
                fields=["person", "night"], condition=Q(template__isnull=True), name="one_wish_per_whole_day"
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=3), name="a_wish_weighs_one_to_three"
            ),
        ]

    def __str__(self):
        return f"{self.person} {self.night:%d.%m.%Y}"
