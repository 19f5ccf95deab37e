"""What the night asks of the team: incidents, handovers, things kept, numbers of services, ways onward."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shelter.models import Dormitory, Exclusion, Night, Occupant, Person


class Incident(models.Model):
    """Something happened: when, where, what kind, how bad, what was done. Read by those who lead the night."""

    class Kind(models.TextChoices):
        VIOLENCE = "violence", _("violence")
        THREAT = "threat", _("threats")
        QUARREL = "quarrel", _("quarrel")
        THEFT = "theft", _("theft")
        WEAPON = "weapon", _("weapon found")
        DAMAGE = "damage", _("damage")
        ACCIDENT = "accident", _("accident or fall")
        ILLNESS = "illness", _("somebody unwell")
        FIRE = "fire", _("fire or smoke")
        INTRUSION = "intrusion", _("somebody from outside")
        OTHER = "other", _("something else")

    class Place(models.TextChoices):
        DOOR = "door", _("door and yard")
        DORMITORY = "dormitory", _("dormitory")
        SANITARY = "sanitary", _("showers and toilets")
        CANTEEN = "canteen", _("dining room")
        BUS = "bus", _("bus")
        OTHER = "other", _("elsewhere")

    class Measure(models.TextChoices):
        TALKED = "talked", _("talked it over")
        SEPARATED = "separated", _("separated")
        FIRST_AID = "first_aid", _("first aid")
        MOVED = "moved", _("moved to another bed")
        SENT_OUT = "sent_out", _("sent out tonight")
        EXCLUDED = "excluded", _("excluded")

    SEVERITIES = [
        (1, _("1 slight")),
        (2, _("2 noticeable")),
        (3, _("3 serious")),
        (4, _("4 grave")),
    ]

    night = models.ForeignKey(Night, models.PROTECT, related_name="incidents")
    happened_at = models.DateTimeField(_("when"))
    place = models.CharField(_("where"), max_length=10, choices=Place)
    dormitory = models.ForeignKey(Dormitory, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    severity = models.PositiveSmallIntegerField(
        _("how bad"), choices=SEVERITIES, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    account = models.CharField(_("in a few words"), max_length=600, blank=True)
    measures = models.JSONField(_("measures"), default=list, blank=True)
    police = models.BooleanField(_("police called"), default=False)
    ambulance = models.BooleanField(_("ambulance called"), default=False)
    follow_up = models.CharField(_("to be followed up"), max_length=300, blank=True)
    followed_up_at = models.DateTimeField(null=True, blank=True)
    led_to = models.ForeignKey(Exclusion, models.PROTECT, null=True, blank=True, related_name="incidents")
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-happened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(severity__gte=1, severity__lte=4), name="incident_has_a_severity"
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.happened_at:%d.%m.%Y %H:%M}"


class IncidentPerson(models.Model):
    """Somebody in an incident, by role."""

    class Part(models.TextChoices):
        INVOLVED = "involved", _("involved")
        HARMED = "harmed", _("harmed")
        WITNESS = "witness", _("witness")

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="people")
    occupant = models.ForeignKey(Occupant, models.PROTECT, related_name="incidents")
    part = models.CharField(max_length=8, choices=Part)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "occupant"], name="one_part_per_person_and_incident")
        ]

    def __str__(self):
        return f"{self.occupant} {self.get_part_display()}"


class Task(models.Model):
    """Something left to do, until somebody has done it."""

    what = models.CharField(_("to do"), max_length=200)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return self.what


class Handover(models.Model):
    """One shift to the next: a few sentences, and points that filled themselves in."""

    night = models.ForeignKey(Night, models.PROTECT, related_name="handovers")
    words = models.CharField(_("for those who come"), max_length=1000, blank=True)
    figures = models.JSONField(default=dict)
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return f"{self.night} {self.written_at:%H:%M}"


class HandoverItem(models.Model):
    """One open point of a handover; it stays on the screen until somebody of the next shift has read it."""

    class Kind(models.TextChoices):
        EXCLUSION_ENDS = "exclusion_ends", _("exclusion ends")
        COLD_DECISION = "cold_decision", _("to decide in the cold")
        KEPT_APART = "kept_apart", _("kept apart, both here")
        DEFECT = "defect", _("out of service")
        BELONGING = "belonging", _("things to hand back")
        TASK = "task", _("to do")
        EXPECTED_BACK = "expected_back", _("expected back")
        FOLLOW_UP = "follow_up", _("incident to follow up")
        WAKE_UP = "wake_up", _("to wake")

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="items")
    kind = models.CharField(max_length=16, choices=Kind)
    occupant = models.ForeignKey(Occupant, models.PROTECT, null=True, blank=True, related_name="+")
    detail = models.CharField(max_length=200, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.detail}"


class Belonging(models.Model):
    """Something the house keeps for somebody: in a locker, as luggage, an animal, or taken away at the door."""

    class Kind(models.TextChoices):
        LOCKER = "locker", _("locker")
        LUGGAGE = "luggage", _("luggage")
        PET = "pet", _("animal")
        SEIZED = "seized", _("taken away, against receipt")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    number = models.CharField(_("number"), max_length=12)
    occupant = models.ForeignKey(Occupant, models.PROTECT, related_name="belongings")
    what = models.CharField(_("what it is"), max_length=80, blank=True)
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    until = models.DateField(_("until"), null=True, blank=True)
    handed_back_at = models.DateTimeField(null=True, blank=True)
    handed_back_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["kind", "number", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number"],
                condition=Q(handed_back_at__isnull=True),
                name="one_number_keeps_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(handed_back_at__isnull=True) | Q(handed_back_at__gte=F("kept_at")),
                name="handed_back_after_it_was_kept",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.number}"


class Tally(models.Model):
    """How often a service was rendered on a day: a number, tied to nobody."""

    class Service(models.TextChoices):
        SUPPERS = "suppers", _("suppers served")
        BREAKFASTS = "breakfasts", _("breakfasts served")
        SHOWERS = "showers", _("showers")
        KITS = "kits", _("hygiene kits")
        ASYLUM = "asylum", _("asylum applicants tonight")
        WARDROBE_VISITS = "wardrobe_visits", _("wardrobe visits")
        WARDROBE_ITEMS = "wardrobe_items", _("wardrobe items")
        FOLLOW_UPS = "follow_ups", _("social follow-ups")
        NURSE = "nurse", _("nurse consultations")
        DOCTOR = "doctor", _("doctor consultations")
        DAY_PRESENCES = "day_presences", _("day shelter presences")
        LUNCHES = "lunches", _("lunches")

    day = models.DateField(_("day"))
    service = models.CharField(max_length=16, choices=Service)
    number = models.PositiveIntegerField()
    entered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["-day", "service"]
        constraints = [
            models.UniqueConstraint(fields=["day", "service"], name="one_tally_per_day_and_service")
        ]

    def __str__(self):
        return f"{self.day} {self.get_service_display()}: {self.number}"


class Referral(models.Model):
    """Somebody was shown a way onward: a coded target, the same day or as part of a case."""

    class Target(models.TextChoices):
        HALTE = "halte", _("night stop (halte de nuit)")
        WOMEN = "women", _("women's shelter")
        FAMILY = "family", _("family service")
        HOSPITAL = "hospital", _("hospital or doctor")
        HOUSING = "housing", _("housing")
        SOCIAL = "social", _("social office")
        ADDICTION = "addiction", _("addiction service")
        ASYLUM = "asylum", _("reception of asylum applicants")
        HOME = "home", _("return journey")
        OTHER = "other", _("another service")

    class Outcome(models.TextChoices):
        UNKNOWN = "unknown", _("not known")
        ARRIVED = "arrived", _("arrived there")
        NOT_ARRIVED = "not_arrived", _("did not arrive")

    occupant = models.ForeignKey(Occupant, models.PROTECT, related_name="referrals")
    target = models.CharField(_("where to"), max_length=10, choices=Target)
    same_day = models.BooleanField(_("the same day"), default=True)
    outcome = models.CharField(_("and then"), max_length=12, choices=Outcome, default=Outcome.UNKNOWN)
    made_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self):
        return self.get_target_display()


class PaperSheet(models.Model):
    """An evening list as it was printed, so that what was written on it can be entered line by line."""

    night = models.ForeignKey(Night, models.PROTECT, related_name="paper_sheets")
    printed_at = models.DateTimeField()
    printed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    # [{"occupant": 17, "bed": 4}, …] in the order of the printed lines, then that many blank ones
    lines = models.JSONField(default=list)
    blank_lines = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return f"{self.night} {self.pk}"


class PhraseReview(models.Model):
    """A native speaker has read the phrases of a language."""

    language = models.CharField(max_length=3, unique=True)
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    def __str__(self):
        return self.language
