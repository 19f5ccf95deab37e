"""The ledger: who was expected, who slept in which bed, who was refused. People are numbers here."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from shelter.models.house import Bed
from shelter.models.season import Night


class Occupant(models.Model):
    """A person as the house counts them: a number and the few traits that statistics need.

    The name behind the number is `intake.Guest`; when it is forgotten, this row and every night stay.
    """

    class Sex(models.TextChoices):
        WOMAN = "woman", _("woman")
        MAN = "man", _("man")
        OTHER = "other", _("other")
        UNKNOWN = "unknown", _("not known")

    class Origin(models.TextChoices):
        LUXEMBOURG = "lu", _("Luxembourg")
        EU = "eu", _("other EU country")
        THIRD = "third", _("third country")
        UNKNOWN = "unknown", _("not known")

    sex = models.CharField(max_length=8, choices=Sex, default=Sex.UNKNOWN)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.UNKNOWN)
    # The number this one turned out to be as well; see `Merge`, which can take it back.
    same_as = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="aliases")

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return self.number

    @property
    def number(self):
        return f"{self.pk:04d}"


# Of a row about an occupant: the number that counts, where two numbers were joined.
WHOSE = Coalesce("occupant__same_as", "occupant")


class Registration(models.Model):
    """One person expected tonight: asked for by day, renewed every day."""

    occupant = models.ForeignKey(Occupant, models.PROTECT, related_name="registrations")
    night = models.ForeignKey(Night, models.PROTECT, related_name="registrations")
    registered_at = models.DateTimeField()
    late = models.BooleanField(_("after the list was frozen"), default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["occupant", "night"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_registration_per_occupant_and_night",
            )
        ]

    def __str__(self):
        return f"{self.occupant} {self.night}"


class BedNight(models.Model):
    """One person, one bed, one night: the unit that everything counts."""

    class State(models.TextChoices):
        HELD = "held", _("expected")
        IN = "in", _("here")
        LEFT = "left", _("left")
        RELEASED = "released", _("released")
        UNDONE = "undone", _("undone")

    class KeptFor(models.TextChoices):
        """Services that may bring somebody until the hour at which kept beds are released."""

        FIRST_CALL = "first_call", _("Premier Appel")
        POLICE = "police", _("police")
        HOSPITAL = "hospital", _("hospital")
        STREETWORK = "streetwork", _("streetwork")

    BLOCKS_THE_BED = ("held", "in")
    BLOCKS_THE_PERSON = ("held", "in", "left")
    SLEPT = ("in", "left")

    occupant = models.ForeignKey(Occupant, models.PROTECT, related_name="bed_nights")
    bed = models.ForeignKey(Bed, models.PROTECT, related_name="bed_nights")
    night = models.ForeignKey(Night, models.PROTECT, related_name="bed_nights")
    state = models.CharField(max_length=8, choices=State)
    # A bed kept for whomever a service brings; its occupant is a number nobody stands behind yet.
    kept_for = models.CharField(_("kept for"), max_length=10, choices=KeptFor, blank=True, default="")
    held_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["bed", "night"], condition=Q(state__in=["held", "in"]), name="one_occupant_per_bed_and_night"
            ),
            models.UniqueConstraint(
                fields=["occupant", "night"],
                condition=Q(state__in=["held", "in", "left"]),
                name="one_bed_per_occupant_and_night",
            ),
            models.CheckConstraint(
                name="bed_night_state_and_times_agree",
                condition=Q(
                    state="held", held_at__isnull=False, arrived_at__isnull=True, left_at__isnull=True,
                    ended_at__isnull=True,
                )
                | Q(state="in", arrived_at__isnull=False, left_at__isnull=True, ended_at__isnull=True)
                | Q(
                    state="left", arrived_at__isnull=False, left_at__isnull=False, ended_at__isnull=True,
                    left_at__gte=F("arrived_at"),
                )
                | Q(state="released", arrived_at__isnull=True, left_at__isnull=True, ended_at__isnull=False)
                | Q(state="undone", ended_at__isnull=False),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["night", "state"], name="bed_nights_of_a_night")]

    def __str__(self):
        return f"{self.occupant} {self.bed} {self.night} {self.state}"


class Move(models.Model):
    """A change of bed within one night."""

    bed_night = models.ForeignKey(BedNight, models.PROTECT, related_name="moves")
    from_bed = models.ForeignKey(Bed, models.PROTECT, related_name="+")
    to_bed = models.ForeignKey(Bed, models.PROTECT, related_name="+")
    moved_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(from_bed=F("to_bed")), name="a_move_changes_the_bed")
        ]

    def __str__(self):
        return f"{self.from_bed} → {self.to_bed}"


class Refusal(models.Model):
    """Somebody was not let in, for exactly one main reason; or was offered a place and said no."""

    class Reason(models.TextChoices):
        NO_PLACE = "no_place", _("no place")
        NO_SUITABLE_PLACE = "no_suitable_place", _("no suitable place")
        MINOR_REDIRECTED = "minor_redirected", _("minor, redirected")
        EXCLUDED = "excluded", _("excluded")
        BEHAVIOUR_TONIGHT = "behaviour_tonight", _("behaviour tonight")
        AFTER_DOORS_CLOSED = "after_doors_closed", _("after doors closed")
        NIGHTS_USED_UP = "nights_used_up", _("nights without proof used up")
        ASYLUM_APPLICANT_REDIRECTED = "asylum_applicant_redirected", _("asylum applicant, redirected")
        FAMILY_REDIRECTED = "family_redirected", _("family, redirected")
        OTHER = "other", _("other reason")
        OFFER_DECLINED = "offer_declined", _("offer declined by the guest")

    class Referral(models.TextChoices):
        NONE = "", _("nowhere")
        HALTE = "halte", _("night stop (halte de nuit)")
        WOMEN = "women", _("women's shelter")
        FAMILY = "family", _("family service")
        MINORS = "minors", _("service for minors")
        HOSPITAL = "hospital", _("hospital")
        ASYLUM = "asylum", _("reception of asylum applicants")
        STREETWORK = "streetwork", _("streetwork, Premier Appel")
        POLICE = "police", _("police")
        OTHER = "other", _("elsewhere")

    class Sex(models.TextChoices):
        WOMAN = "woman", _("woman")
        MAN = "man", _("man")
        UNKNOWN = "unknown", _("not known")

    class Age(models.TextChoices):
        MINOR = "minor", _("under 18")
        YOUNG = "young", _("18 to 25")
        MIDDLE = "middle", _("26 to 45")
        OLDER = "older", _("46 to 65")
        OLD = "old", _("over 65")

    class Outcome(models.TextChoices):
        ARRIVED = "arrived", _("arrived there")
        NOT_ARRIVED = "not_arrived", _("did not arrive")
        UNKNOWN = "unknown", _("not known")

    FOR_LACK_OF_PLACE = ("no_place", "no_suitable_place")

    night = models.ForeignKey(Night, models.PROTECT, related_name="refusals")
    occupant = models.ForeignKey(Occupant, models.PROTECT, null=True, blank=True, related_name="refusals")
    reason = models.CharField(_("reason"), max_length=30, choices=Reason)
    referral = models.CharField(_("sent to"), max_length=12, choices=Referral, blank=True, default="")
    outcome = models.CharField(_("and then"), max_length=12, choices=Outcome, default=Outcome.UNKNOWN)
    # Of somebody without a file only what can be seen is written down, as a band; never a name.
    seen_sex = models.CharField(_("as seen"), max_length=8, choices=Sex, blank=True, default="")
    seen_age = models.CharField(_("age as seen"), max_length=8, choices=Age, blank=True, default="")
    asked_before = models.BooleanField(_("was counted tonight already"), default=False)
    description = models.CharField(_("in a few words"), max_length=80, blank=True)
    refused_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-refused_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    reason__in=[
                        "no_place", "no_suitable_place", "minor_redirected", "excluded", "behaviour_tonight",
                        "after_doors_closed", "nights_used_up", "asylum_applicant_redirected",
                        "family_redirected", "other", "offer_declined",
                    ]
                ),
                name="refusal_has_one_known_reason",
            )
        ]  # fmt: skip

    def __str__(self):
        return f"{self.night} {self.get_reason_display()}"
