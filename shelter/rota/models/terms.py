from django.db import models
from django.utils.translation import gettext_lazy as _

from shelter.models import Organisation, Person
from shelter.rota.pricing import PRICES
from shelter.rota.terms import LABELS, SOURCES


class Term(models.Model):
    """One figure of working time from a day on, for one organisation or all, with its source and who confirmed it.

    Rows are added, never changed. An empty value means: not known; nothing is calculated from it.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="terms"
    )
    key = models.CharField(_("term"), max_length=30)
    value = models.PositiveIntegerField(_("value"), null=True, blank=True)
    first_day = models.DateField(_("first day"))
    source = models.CharField(_("source"), max_length=200, blank=True)
    confirmed_by = models.CharField(_("confirmed by"), max_length=120, blank=True)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["first_day", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(key__in=list(SOURCES)), name="term_has_a_known_key")
        ]

    def __str__(self):
        return f"{self.key} = {self.value}"

    @property
    def label(self):
        return LABELS[self.key]


class Price(models.Model):
    """What a proposal or a way out pays for something, in points, where it is not the usual. Empty: it may not be."""

    key = models.CharField(_("price"), max_length=30, unique=True)
    points = models.PositiveIntegerField(_("points"), null=True, blank=True)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(condition=models.Q(key__in=list(PRICES)), name="price_has_a_known_key")
        ]

    def __str__(self):
        return f"{self.key} = {self.points}"
