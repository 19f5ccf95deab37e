from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shelter.models import Occupant


class Guest(models.Model):
    """The name behind the number: what a person chose to say, and nothing that could harm them.

    There is no field for papers, status, health or a picture, and none may be added. An empty answer means
    not asked; unknown and refused are answers.
    """

    class Sleeps(models.TextChoices):
        MEN = "men", _("with the men")
        WOMEN = "women", _("with the women")
        FAMILY = "family", _("with the family")
        ASK = "ask", _("to talk over with staff")

    class Answer(models.TextChoices):
        GIVEN = "given", _("given")
        UNKNOWN = "unknown", _("not known")
        REFUSED = "refused", _("does not wish to say")

    class Situation(models.TextChoices):
        ROUGH = "1", _("outside, in public space")
        SHELTER = "2", _("in a night shelter")
        HOSTEL = "3", _("in a home or hostel")
        INSTITUTION = "4", _("in a hospital or prison")
        MAKESHIFT = "5", _("in a caravan, car or squat")
        FRIENDS = "6", _("with family or friends for a while")

    occupant = models.OneToOneField(Occupant, models.PROTECT, related_name="guest")
    name = models.CharField(_("name as said"), max_length=80)
    family_name = models.CharField(_("family name, if known"), max_length=80, blank=True)
    known_as = models.CharField(_("also known as"), max_length=120, blank=True)
    sleeps = models.CharField(_("where to sleep"), max_length=8, choices=Sleeps)
    birth_answer = models.CharField(max_length=8, choices=Answer, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    birth_month = models.PositiveSmallIntegerField(_("month"), null=True, blank=True)
    birth_day = models.PositiveSmallIntegerField(_("day"), null=True, blank=True)
    age_band = models.CharField(_("age, as a band"), max_length=10, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    # ISO 3166 alpha-2, or "stateless", "unknown", "refused"; for statistics only
    nationality = models.CharField(_("nationality"), max_length=10, blank=True)
    lower_bed = models.BooleanField(_("needs a lower bed"), default=False)
    step_free = models.BooleanField(_("needs step-free access"), default=False)
    dog = models.BooleanField(_("comes with a dog"), default=False)
    works_nights = models.BooleanField(_("works at night"), default=False)
    early_leaver = models.BooleanField(_("leaves early for work"), default=False)
    wakes_at = models.TimeField(_("to be woken at"), null=True, blank=True)
    # ETHOS Light, where the person slept before they came; optional, an answer of theirs
    situation = models.CharField(_("slept before"), max_length=1, choices=Situation, blank=True, default="")
    told_in = models.CharField(_("informed about their data in"), max_length=5, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["family_name", "name", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="guest_has_a_name_as_said"),
            models.CheckConstraint(
                condition=Q(sleeps__in=["men", "women", "family", "ask"]), name="guest_sleeps_somewhere_known"
            ),
        ]

    def __str__(self):
        return self.full_name

    @property
    def full_name(self):
        """Family name first where it is known, as the evening list is sorted."""
        return f"{self.family_name.upper()} {self.name}" if self.family_name else self.name

    @property
    def initials(self):
        """At most three and one letters, for boards that others can see."""
        first = self.family_name or self.name
        return f"{first[:3].upper()}.{self.name[:1].upper()}" if self.family_name else first[:4]

    @property
    def number(self):
        return self.occupant.number

    @property
    def kept(self):
        """The file that counts: this one, or the one it was joined with."""
        same_as = self.occupant.same_as
        return same_as.guest if same_as is not None else self

    @property
    def needs_quiet(self):
        return self.works_nights or self.early_leaver


class NameKey(models.Model):
    """One search key of a guest's names (a trigram, a beginning, a consonant skeleton, a year)."""

    guest = models.ForeignKey(Guest, models.CASCADE, related_name="keys")
    key = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "guest"], name="one_row_per_key_and_guest")]

    def __str__(self):
        return self.key
