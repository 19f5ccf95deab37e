"""Site, dormitories, beds, and what is true of them from a date on.

Facts that change are dated rows (`Zoning`, `BedPosition`): the latest one on or before a night counts, so a
dormitory can be split, emptied or change zone without rewriting a past night. Nothing counts beds but a query.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shelter.models.team import Person
from shelter.offering import BOTTOM, MIDDLE, TOP


class Zone(models.TextChoices):
    MEN = "men", _("men")
    WOMEN = "women", _("women")
    FAMILIES = "families", _("families")
    WORKERS = "workers", _("workers")
    DOGS = "dogs", _("people with dogs")
    ISOLATION = "isolation", _("isolation")


class Layer(models.TextChoices):
    NOMINAL = "nominal", _("nominal")
    EXTENSION = "extension", _("extension")
    OVERFLOW = "overflow", _("overflow")


class Site(models.Model):
    name = models.CharField(_("name"), max_length=80)
    address = models.CharField(_("address"), max_length=160, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return self.name


class Dormitory(models.Model):
    site = models.ForeignKey(Site, models.PROTECT, related_name="dormitories")
    code = models.CharField(_("code"), max_length=8, unique=True)
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("order in the house"), default=0)

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("dormitory")

    def __str__(self):
        return self.name


class Zoning(models.Model):
    """The zone of a dormitory from a night on."""

    dormitory = models.ForeignKey(Dormitory, models.PROTECT, related_name="zonings")
    zone = models.CharField(_("zone"), max_length=10, choices=Zone)
    first_night = models.DateField(_("from the night of"))

    class Meta:
        ordering = ["dormitory", "first_night"]
        constraints = [
            models.UniqueConstraint(
                fields=["dormitory", "first_night"], name="one_zone_per_dormitory_and_night"
            ),
            models.CheckConstraint(condition=Q(zone__in=Zone.values), name="zoning_has_a_known_zone"),
        ]

    def __str__(self):
        return f"{self.dormitory}: {self.get_zone_display()} ({self.first_night:%d.%m.%Y})"


class Bed(models.Model):
    class Level(models.TextChoices):
        BOTTOM = BOTTOM, _("bottom")
        MIDDLE = MIDDLE, _("middle")
        TOP = TOP, _("top")

    label = models.CharField(_("bed"), max_length=12, unique=True)
    level = models.CharField(_("level"), max_length=6, choices=Level, default=BOTTOM)
    step_free = models.BooleanField(_("step-free access"), default=False)
    layer = models.CharField(_("layer"), max_length=10, choices=Layer, default=Layer.NOMINAL)
    opening_order = models.PositiveSmallIntegerField(
        _("opened as number"), null=True, blank=True
    )  # only extension and overflow places are opened one after the other

    class Meta:
        ordering = ["label"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=[BOTTOM, MIDDLE, TOP]), name="bed_has_a_known_level"
            ),
            models.CheckConstraint(
                condition=Q(layer=Layer.NOMINAL, opening_order__isnull=True)
                | Q(layer__in=[Layer.EXTENSION, Layer.OVERFLOW], opening_order__isnull=False),
                name="only_extra_beds_have_an_opening_order",
            ),
            models.UniqueConstraint(fields=["layer", "opening_order"], name="extra_beds_open_one_by_one"),
        ]

    def __str__(self):
        return self.label


class BedPosition(models.Model):
    """Where a bed stands from a night on; without a dormitory it has left the house."""

    bed = models.ForeignKey(Bed, models.PROTECT, related_name="positions")
    dormitory = models.ForeignKey(Dormitory, models.PROTECT, null=True, blank=True, related_name="positions")
    first_night = models.DateField(_("from the night of"))

    class Meta:
        ordering = ["bed", "first_night"]
        constraints = [
            models.UniqueConstraint(fields=["bed", "first_night"], name="one_position_per_bed_and_night")
        ]

    def __str__(self):
        return f"{self.bed}: {self.dormitory or '–'} ({self.first_night:%d.%m.%Y})"


class DatedQuerySet(models.QuerySet):
    def on(self, night):
        return self.filter(Q(last_night__isnull=True) | Q(last_night__gte=night), first_night__lte=night)


class Closure(models.Model):
    """A bed or a whole dormitory out of service, for one reason, from a night until a night."""

    class Cause(models.TextChoices):
        REPAIR = "repair", _("repair")
        PESTS = "pests", _("pests")
        HYGIENE = "hygiene", _("hygiene")
        ISOLATION = "isolation", _("isolation")
        STAFFING = "staffing", _("staffing")
        OTHER = "other", _("other")

    bed = models.ForeignKey(Bed, models.PROTECT, null=True, blank=True, related_name="closures")
    dormitory = models.ForeignKey(Dormitory, models.PROTECT, null=True, blank=True, related_name="closures")
    reason = models.CharField(_("reason"), max_length=10, choices=Cause)
    note = models.CharField(_("note"), max_length=200, blank=True)
    first_night = models.DateField(_("from the night of"))
    last_night = models.DateField(_("until the night of"), null=True, blank=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Kept(DatedQuerySet):
        def on(self, night):
            return super().on(night).filter(withdrawn_at__isnull=True)

    objects = Kept.as_manager()

    class Meta:
        ordering = ["first_night", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(bed__isnull=False, dormitory__isnull=True)
                | Q(bed__isnull=True, dormitory__isnull=False),
                name="closure_is_of_a_bed_or_a_dormitory",
            ),
            models.CheckConstraint(
                condition=Q(last_night__isnull=True) | Q(last_night__gte=F("first_night")),
                name="closure_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["repair", "pests", "hygiene", "isolation", "staffing", "other"]),
                name="closure_has_one_known_reason",
            ),
        ]

    def __str__(self):
        return f"{self.bed or self.dormitory}: {self.get_reason_display()}"


class Activation(models.Model):
    """So many places of a layer opened from a night until a night, with who approved it."""

    layer = models.CharField(
        _("layer"), max_length=10, choices=[choice for choice in Layer.choices if choice[0] != Layer.NOMINAL]
    )
    number = models.PositiveSmallIntegerField(_("places"))
    first_night = models.DateField(_("from the night of"))
    last_night = models.DateField(_("until the night of"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    approval = models.CharField(_("approval reference"), max_length=80)
    activated_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    activated_at = models.DateTimeField()

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["first_night", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_night__isnull=True) | Q(last_night__gte=F("first_night")),
                name="activation_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="activation_opens_a_place"),
            models.CheckConstraint(
                condition=Q(layer__in=[Layer.EXTENSION, Layer.OVERFLOW]),
                name="activation_is_of_an_extra_layer",
            ),
        ]

    def __str__(self):
        return f"{self.get_layer_display()}: {self.number}"
