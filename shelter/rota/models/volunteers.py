"""People who offer to help: invited by a link, they sign up for shifts, and somebody of the house says yes or no."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shelter.models import Organisation, Person
from shelter.rota.models.shifts import Shift, Skill


class Invitation(models.Model):
    """A link that lets whoever has it sign up as a volunteer of an organisation. Only the digest is kept."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    last_day = models.DateField(_("valid until"))
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self):
        return f"{self.organisation.code} {self.last_day:%d.%m.%Y}"


class SignUp(models.Model):
    """Somebody offers to help, with shifts they chose. Declined or never answered, nothing of them is kept."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("state of a sign-up", "waits for an answer")
        CONFIRMED = "confirmed", pgettext_lazy("state of a sign-up", "confirmed")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="sign_ups")
    name = models.CharField(_("name"), max_length=60)
    email = models.EmailField(_("e-mail"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    speaks = models.CharField(_("languages you speak"), max_length=120, blank=True)
    brings = models.ManyToManyField(Skill, related_name="+", blank=True)  # languages and the like; no duties
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="sign_ups")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="asked", person__isnull=True)
                | Q(state="confirmed", person__isnull=False, answered_at__isnull=False),
                name="a_confirmed_volunteer_is_a_person",
            )
        ]

    def __str__(self):
        return self.name


class ChosenShift(models.Model):
    """A place a volunteer would like to take."""

    sign_up = models.ForeignKey(SignUp, models.CASCADE, related_name="chosen")
    shift = models.ForeignKey(Shift, models.CASCADE, related_name="+")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["shift__start", "id"]
        constraints = [
            models.UniqueConstraint(fields=["sign_up", "shift"], name="one_choice_per_sign_up_and_shift")
        ]

    def __str__(self):
        return f"{self.sign_up} {self.shift}"
