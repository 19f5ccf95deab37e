from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Season(models.Model):
    name = models.CharField(_("season"), max_length=9, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class OpeningPeriod(models.Model):
    """Dates on which one service runs: a season is a set of these, not a beginning and an end."""

    class Service(models.TextChoices):
        NIGHT = "night", _("night shelter")
        DAY = "day", _("day shelter")

    class Kind(models.TextChoices):
        REGULAR = "regular", _("regular")
        EARLY = "early", _("early opening")
        NIGHT_ONLY = "night_only", _("night only")
        EXTENSION = "extension", pgettext_lazy("kind of opening period", "extension")
        REOPENING = "reopening", _("re-opening")

    season = models.ForeignKey(Season, models.PROTECT, related_name="periods")
    service = models.CharField(_("service"), max_length=8, choices=Service)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.REGULAR)
    first_date = models.DateField(_("first date"))
    last_date = models.DateField(_("last date"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["first_date", "service"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_date__gte=F("first_date")), name="period_ends_after_it_begins"
            ),
            models.UniqueConstraint(fields=["service", "first_date"], name="one_period_begins_on_a_date"),
        ]

    def __str__(self):
        return f"{self.get_service_display()} {self.first_date:%d.%m.%Y} – {self.last_date:%d.%m.%Y}"


def _times_agree(steps, times):
    """The condition that a night at a step has the times of the steps so far, and no others."""
    condition = Q()
    for reached, state in enumerate(steps):
        at_this_step = Q(state=state)
        for index, name in enumerate(times, 1):
            at_this_step &= Q(**{f"{name}__isnull": index > reached})
        condition |= at_this_step
    return condition


class Night(models.Model):
    """One night of the shelter, a row as soon as it is planned; keyed by the date of its evening."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        OPEN = "open", _("registration open")
        LIST_FROZEN = "list_frozen", _("list frozen")
        DOORS_OPEN = "doors_open", _("doors open")
        DOORS_CLOSED = "doors_closed", _("doors closed")
        CLOSED = "closed", _("closed (provisional)")
        DEFINITIVE = "definitive", _("definitive")

    STEPS = (
        State.PLANNED, State.OPEN, State.LIST_FROZEN, State.DOORS_OPEN, State.DOORS_CLOSED, State.CLOSED,
        State.DEFINITIVE,
    )  # fmt: skip
    TIMES = {
        State.OPEN: "opened_at",
        State.LIST_FROZEN: "list_frozen_at",
        State.DOORS_OPEN: "doors_opened_at",
        State.DOORS_CLOSED: "doors_closed_at",
        State.CLOSED: "closed_at",
        State.DEFINITIVE: "sealed_at",
    }
    TAKES_REGISTRATIONS = (State.OPEN, State.LIST_FROZEN, State.DOORS_OPEN, State.DOORS_CLOSED)
    AT_THE_DOOR = (State.DOORS_OPEN, State.DOORS_CLOSED)
    RAN = (State.DOORS_OPEN, State.DOORS_CLOSED, State.CLOSED, State.DEFINITIVE)

    season = models.ForeignKey(Season, models.PROTECT, related_name="nights")
    date = models.DateField(_("night of"), unique=True)
    state = models.CharField(_("step"), max_length=14, choices=State, default=State.PLANNED)
    opened_at = models.DateTimeField(null=True, blank=True)
    list_frozen_at = models.DateTimeField(null=True, blank=True)
    doors_opened_at = models.DateTimeField(null=True, blank=True)
    doors_closed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    # Set when somebody moved the night back: from then on the clock leaves it to people to move it on.
    held_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["date"]
        constraints = [
            models.CheckConstraint(
                name="night_state_and_times_agree",
                condition=_times_agree(
                    ["planned", "open", "list_frozen", "doors_open", "doors_closed", "closed", "definitive"],
                    [
                        "opened_at",
                        "list_frozen_at",
                        "doors_opened_at",
                        "doors_closed_at",
                        "closed_at",
                        "sealed_at",
                    ],
                ),
            )
        ]

    def __str__(self):
        return f"{self.date:%d.%m.%Y}"

    @property
    def has_open_doors(self):
        return self.state in self.AT_THE_DOOR


class PublishedTotal(models.Model):
    """What was published about an earlier season; a gap in the sources stays a gap here."""

    season = models.CharField(_("season"), max_length=9, unique=True)
    nights_open = models.PositiveIntegerField(null=True, blank=True)
    nights_open_note = models.CharField(max_length=60, blank=True)
    persons = models.PositiveIntegerField(null=True, blank=True)
    persons_note = models.CharField(max_length=60, blank=True)
    bed_nights = models.PositiveIntegerField(null=True, blank=True)
    bed_nights_note = models.CharField(max_length=60, blank=True)
    mean = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    mean_note = models.CharField(max_length=60, blank=True)
    peak = models.PositiveIntegerField(null=True, blank=True)
    peak_note = models.CharField(max_length=60, blank=True)
    men_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    men_note = models.CharField(max_length=60, blank=True)
    luxembourg_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    eu_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    third_country_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        ordering = ["season"]

    def __str__(self):
        return self.season
