"""Who may sleep here, and next to whom: proofs of presence, exclusions, cold spells, people kept apart.

All of it is about numbers (`Occupant`); the reasons behind a pair kept apart are written nowhere.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shelter.models.ledger import Occupant
from shelter.models.season import Season
from shelter.models.team import Person


class ColdSpellQuerySet(models.QuerySet):
    def on(self, night):
        """The cold spells that hold on the night of a date."""
        return self.filter(first_night__lte=night, last_night__gte=night, withdrawn_at__isnull=True)


class ColdSpell(models.Model):
    """Nights declared bitterly cold by a person: rules of admission named in the settings give way on them."""

    first_night = models.DateField(_("from the night of"))
    last_night = models.DateField(_("until the night of"))
    forecast = models.SmallIntegerField(_("lowest temperature forecast (°C)"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    declared_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    declared_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ColdSpellQuerySet.as_manager()

    class Meta:
        ordering = ["first_night", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_night__gte=F("first_night")), name="cold_spell_ends_after_it_begins"
            )
        ]

    def __str__(self):
        return f"{self.first_night:%d.%m.%Y} – {self.last_night:%d.%m.%Y}"


class Proof(models.Model):
    """Somebody saw a proof of presence in the country: its kind, a yes or no, who and when; never a copy."""

    class Kind(models.TextChoices):
        HOUSING = "housing", _("lease or registration with a commune")
        WORK = "work", _("work or training")
        SERVICE = "service", _("letter of a social service")
        HEALTH = "health", _("health insurance or care")
        NIGHTS = "nights", _("nights in shelters of the country")
        OTHER = "other", _("another proof")

    occupant = models.ForeignKey(Occupant, models.PROTECT, related_name="proofs")
    season = models.ForeignKey(Season, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind of proof"), max_length=8, choices=Kind)
    accepted = models.BooleanField(_("accepted"))
    seen_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-seen_at", "-id"]
        indexes = [models.Index(fields=["occupant", "season"], name="proofs_of_a_person")]

    def __str__(self):
        return self.get_kind_display()


class ExclusionQuerySet(models.QuerySet):
    def on(self, night):
        """Exclusions that run on the night of a date: begun, not over, not lifted."""
        return self.filter(first_night__lte=night, last_night__gte=night, lifted_at__isnull=True)


class Exclusion(models.Model):
    """Somebody may not sleep here from one night to another; it ends by itself and may be lifted before."""

    class Category(models.TextChoices):
        VIOLENCE = "violence", _("violence")
        THREAT = "threat", _("threats")
        WEAPON = "weapon", _("weapon")
        THEFT = "theft", _("theft")
        DEALING = "dealing", _("dealing")
        DAMAGE = "damage", _("damage")
        RULES = "rules", _("house rules broken again and again")

    class Notice(models.TextChoices):
        NONE = "", _("not yet told")
        FR = "fr", "français"
        DE = "de", "Deutsch"
        LB = "lb", "Lëtzebuergesch"
        EN = "en", "English"
        PT = "pt", "português"
        RO = "ro", "română"
        PL = "pl", "polski"
        AR = "ar", "العربية"

    occupant = models.ForeignKey(Occupant, models.PROTECT, related_name="exclusions")
    category = models.CharField(_("category"), max_length=10, choices=Category)
    first_night = models.DateField(_("from the night of"))
    last_night = models.DateField(_("until the night of"))
    review_on = models.DateField(_("to be reviewed on"), null=True, blank=True)
    notice_in = models.CharField(
        _("the person was told in"), max_length=2, choices=Notice, blank=True, default=""
    )
    advice = models.CharField(_("what to do at the door"), max_length=200, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()
    seconded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_because = models.CharField(max_length=300, blank=True)

    objects = ExclusionQuerySet.as_manager()

    class Meta:
        ordering = ["-first_night", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_night__gte=F("first_night")), name="exclusion_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(seconded_by__isnull=True) | ~Q(seconded_by=F("decided_by")),
                name="exclusion_is_seconded_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_because="")
                | (Q(lifted_at__isnull=False) & ~Q(lifted_because="")),
                name="exclusion_is_lifted_with_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.get_category_display()} {self.first_night:%d.%m.%Y} – {self.last_night:%d.%m.%Y}"


class ColdDecision(models.Model):
    """What was decided about one excluded person for one cold spell, weighing the risk; the latest counts."""

    exclusion = models.ForeignKey(Exclusion, models.PROTECT, related_name="cold_decisions")
    cold_spell = models.ForeignKey(ColdSpell, models.PROTECT, related_name="decisions")
    admitted = models.BooleanField(_("let in all the same"))
    risk_note = models.CharField(_("risk, and what is done about it"), max_length=300)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(risk_note=""), name="cold_decision_weighs_the_risk")
        ]

    def __str__(self):
        return f"{self.exclusion} {self.cold_spell}"


class KeepApartQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(ended_at__isnull=True)


class KeepApart(models.Model):
    """Two people who should not lie in one dormitory. Why is nobody's business but theirs."""

    first = models.ForeignKey(Occupant, models.PROTECT, related_name="+")
    second = models.ForeignKey(Occupant, models.PROTECT, related_name="+")
    since = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = KeepApartQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="a_pair_is_written_lower_number_first"
            ),
            models.UniqueConstraint(
                fields=["first", "second"],
                condition=Q(ended_at__isnull=True),
                name="a_pair_is_kept_apart_once",
            ),
        ]

    def __str__(self):
        return f"{self.first} | {self.second}"


class Merge(models.Model):
    """Two numbers that turned out to be one person. Both histories stay as they are; `undone_at` takes it back."""

    kept = models.ForeignKey(Occupant, models.PROTECT, related_name="merges")
    gone = models.ForeignKey(Occupant, models.PROTECT, related_name="merged_by")
    merged_at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="a_merge_joins_two_numbers"),
            models.UniqueConstraint(
                fields=["gone"], condition=Q(undone_at__isnull=True), name="a_number_is_merged_once"
            ),
        ]

    def __str__(self):
        return f"{self.gone} → {self.kept}"
