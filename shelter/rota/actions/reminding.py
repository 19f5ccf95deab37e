"""Mail without being asked: a reminder before a shift, a word to planners about nights that lack people."""

from datetime import timedelta
from functools import partial

from shelter import clock
from shelter.actions import posting
from shelter.models import Membership, Person, Role
from shelter.rota import letters
from shelter.rota.models import Assignment
from shelter.rota.queries.outlook import AHEAD, outlook

BEFORE = timedelta(hours=20)


def remind():
    """Everybody who is to work within the next twenty hours is reminded once; for the tick."""
    soon = Assignment.objects.standing().filter(start__gt=clock.now(), start__lte=clock.now() + BEFORE)
    for row in (
        soon.exclude(person__email="").select_related("person", "shift__template").order_by("start", "pk")
    ):
        posting.write(
            key=f"reminder-{row.pk}", to=row.person, subject=letters.reminder_subject,
            text=partial(letters.reminder, row.shift),
        )  # fmt: skip


def warn():
    """Planners hear once of each night that comes within fourteen nights and lacks people; for the tick."""
    planners = list(planners_of(None).exclude(email=""))
    if not planners:
        return
    last = clock.tonight() + timedelta(days=AHEAD - 1)
    for ahead in outlook(last, nights=1):
        for person in planners if ahead.short else ():
            posting.write(
                key=f"missing-{ahead.night.date}-{person.pk}", to=person, subject=letters.missing_subject,
                text=partial(letters.missing, ahead.night, ahead.short),
            )  # fmt: skip


def planners_of(organisation):
    """Those who plan an organisation's people today (None: anybody's)."""
    held = Membership.objects.now().filter(role__in=(Role.PLANNER, Role.COORDINATOR))
    if organisation is not None:
        held = held.filter(organisation=organisation)
    return Person.objects.filter(is_active=True, pk__in=held.values("person")).order_by("pk")
