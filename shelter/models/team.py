from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shelter import clock, nights


class Role(models.TextChoices):
    FIELD_WORKER = "field_worker", _("field worker")
    NIGHT_WORKER = "night_worker", _("night worker")
    NIGHT_LEAD = "night_lead", _("night lead")
    PLANNER = "planner", _("planner")
    WORKER = "worker", _("worker")
    VOLUNTEER = "volunteer", _("volunteer")
    NURSE = "nurse", _("nurse")
    COORDINATOR = "coordinator", _("coordinator")
    MINISTRY = "ministry", _("ministry")
    ADMIN = "admin", _("administrator")


class Organisation(models.Model):
    """Who employs or sends people; organisations come and go (HUT took over the night team in 2024)."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=120)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=models.F("first_day")),
                name="organisation_ends_after_it_begins",
            )
        ]

    def __str__(self):
        return self.name


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, username, password=None, **fields):
        person = self.model(username=self.model.normalize_username(username), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """A colleague with an account. What they may do follows from memberships, never from the account."""

    username = models.CharField(_("user name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=5, default="fr")
    email = models.EmailField(_("e-mail"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    objects = PersonManager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self):
        return self.name or self.username


class MembershipQuerySet(models.QuerySet):
    def on(self, day):
        """Memberships that hold on a day, in organisations that exist on it."""
        return self.filter(
            Q(last_day__isnull=True) | Q(last_day__gte=day),
            Q(organisation__last_day__isnull=True) | Q(organisation__last_day__gte=day),
            first_day__lte=day,
            organisation__first_day__lte=day,
        )

    def now(self):
        """Those of today, and of the night still running: a last day ends with its night."""
        return self.filter(
            Q(last_day__isnull=True) | Q(last_day__gte=clock.tonight()),
            Q(organisation__last_day__isnull=True) | Q(organisation__last_day__gte=clock.tonight()),
            first_day__lte=nights.local(clock.now()).date(),
            organisation__first_day__lte=nights.local(clock.now()).date(),
        )


class Membership(models.Model):
    """A person's role in an organisation, from a day until a day."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["person", "organisation", "role", "first_day"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_has_a_known_role"),
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=models.F("first_day")),
                name="membership_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return f"{self.person} · {self.organisation.code} · {self.get_role_display()}"


class Token(models.Model):
    """A bearer token for the API: a person's, or a device's that acts under a person's account.

    Only the digest is kept; the token itself is shown once.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens")
    device = models.CharField(_("device"), max_length=60, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self):
        return self.device or str(self.person)
