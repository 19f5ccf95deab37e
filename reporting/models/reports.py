from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reporting.models.noted import DefinitionsVersion
from shelter.models import Night, Person, Season


class Audience(models.TextChoices):
    MINISTRY = "ministry", _("ministry edition")
    PUBLIC = "public", _("public edition")


class Period(models.Model):
    """A set of nights that a report is about, and when that report is due. `key` is its name for ever."""

    class Kind(models.TextChoices):
        FLASH = "flash", pgettext_lazy("kind of report", "daily flash")
        WEEKLY = "weekly", pgettext_lazy("kind of report", "weekly report")
        MONTHLY = "monthly", pgettext_lazy("kind of report", "monthly report")
        SEASON = "season", pgettext_lazy("kind of report", "season report")
        NOTE = "note", pgettext_lazy("kind of report", "note for parliament")
        ALERT = "alert", pgettext_lazy("kind of report", "alert")

    ON_TIME = (Kind.FLASH, Kind.WEEKLY, Kind.MONTHLY, Kind.SEASON)
    # Somebody reads these before they leave the house.
    ASKS_FOR_APPROVAL = (Kind.SEASON, Kind.NOTE)

    kind = models.CharField(_("report"), max_length=8, choices=Kind)
    key = models.CharField(max_length=32)
    season = models.ForeignKey(Season, models.PROTECT, related_name="report_periods")
    nights = models.ManyToManyField(Night, related_name="report_periods")
    first = models.DateField()
    last = models.DateField()
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField()  # what was due before that nobody has promised
    asked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=60, blank=True)  # codes: what an alert is about

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="one_period_of_a_kind_and_name"),
            models.CheckConstraint(
                condition=Q(last__gte=F("first")), name="report_period_ends_after_it_begins"
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.key}"


class Report(models.Model):
    """One revision of the report on a period. Its data are frozen once; a correction is the next revision."""

    class State(models.TextChoices):
        WANTED = "wanted", pgettext_lazy("state of a report", "wanted")
        FROZEN = "frozen", pgettext_lazy("state of a report", "figures frozen")
        RENDERED = "rendered", pgettext_lazy("state of a report", "waiting for approval")
        APPROVED = "approved", pgettext_lazy("state of a report", "being sent")
        SENT = "sent", pgettext_lazy("state of a report", "sent")
        SUPERSEDED = "superseded", pgettext_lazy("state of a report", "replaced by a later revision")

    OUT = (State.APPROVED, State.SENT)  # readers have it, and it holds

    period = models.ForeignKey(Period, models.PROTECT, related_name="reports")
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    state = models.CharField(max_length=10, choices=State, default=State.WANTED)
    definitions = models.ForeignKey(DefinitionsVersion, models.PROTECT, null=True, related_name="+")
    source_sha256 = models.CharField(max_length=64, blank=True)  # of the figures before anything was hidden
    is_provisional = models.BooleanField(default=False)  # a night was not closed when the figures were frozen
    is_late = models.BooleanField(default=False)
    wanted_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True)  # the cut-off of the data
    rendered_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # None: the clock
    sent_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)  # all nights definitive, and the same figures
    look_again_at = models.DateTimeField(null=True)  # whether the figures are still these

    class Meta:
        ordering = ["period", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["period", "revision"], name="one_report_per_period_and_revision"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="revisions_count_from_one"),
            models.CheckConstraint(
                condition=Q(state="wanted", frozen_at=None)
                | (~Q(state="wanted") & Q(frozen_at__isnull=False)),
                name="a_report_is_wanted_until_it_is_frozen",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(rendered_at__isnull=False, approved_at__isnull=False),
                name="what_is_sent_was_rendered_and_approved",
            ),
        ]
        indexes = [
            models.Index(
                fields=["look_again_at"], condition=~Q(state="superseded"), name="reports_to_look_at"
            )
        ]

    def __str__(self):
        return f"{self.period} r{self.revision}"


class DataSet(models.Model):
    """The frozen figures of a report for one audience: canonical JSON, written once."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="data_sets")
    audience = models.CharField(max_length=8, choices=Audience)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["report", "audience"]
        constraints = [
            models.UniqueConstraint(fields=["report", "audience"], name="one_data_set_for_each_audience")
        ]

    def __str__(self):
        return f"{self.report} {self.audience}"


class Paper(models.Model):
    """A file made from a data set: the bytes as they were sent, and by which they are known again."""

    class Form(models.TextChoices):
        PDF = "pdf", "PDF"
        CSV = "csv", "CSV"

    data_set = models.ForeignKey(DataSet, models.PROTECT, related_name="papers")
    form = models.CharField(max_length=4, choices=Form)
    language = models.CharField(max_length=2)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64, db_index=True)

    class Meta:
        ordering = ["data_set", "form", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["data_set", "form", "language"], name="one_paper_of_a_form_and_language"
            )
        ]

    def __str__(self):
        return f"{self.data_set} {self.form} {self.language}"
