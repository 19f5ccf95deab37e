"""What one colleague sees of the rota: their own shifts and balances, and what is on offer to them."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q

from shelter import clock, nights
from shelter.rota.hours import Hours, hours_of
from shelter.rota.models import Assignment, Change, Employment, LeaveRequest, OpenShift, Plan, Swap, Wish
from shelter.rota.queries.plans import open_days, plan_for
from shelter.rota.queries.timelines import beginning, stint_of

AHEAD = timedelta(days=42)


@dataclass(frozen=True)
class Period:
    """The hours of one's plan: planned and due in minutes (None: no contract), and the columns of what is planned."""

    plan: Plan
    planned: int
    due: int | None
    hours: Hours

    @property
    def balance(self):
        return None if self.due is None else self.planned - self.due


@dataclass(frozen=True)
class Mine:
    upcoming: tuple
    periods: tuple[Period, ...]
    changes: tuple
    offers: tuple
    wishes: tuple
    requests: tuple
    swaps: tuple
    has_calendar: bool

    @property
    def next_one(self):
        return self.upcoming[0] if self.upcoming else None


def mine(person):
    now = clock.now()
    rows = Assignment.objects.standing().filter(person=person, end__gt=now, start__lt=now + AHEAD)
    return Mine(
        upcoming=tuple(rows.select_related("shift__template", "shift__night", "skill").order_by("start")),
        periods=tuple(_periods(person, nights.local(now).date())),
        changes=tuple(
            Change.objects.filter(at__gte=now - AHEAD)
            .filter(Q(before=person) | Q(after=person))
            .select_related("shift__template", "before", "after")[:10]
        ),
        offers=tuple(offers_for(person)),
        wishes=tuple(
            Wish.objects.filter(person=person).select_related("template").order_by("-night", "-pk")[:10]
        ),
        requests=tuple(LeaveRequest.objects.filter(person=person).order_by("-asked_at", "-pk")[:5]),
        swaps=tuple(
            Swap.objects.filter(Q(giver=person) | Q(taker=person), state__in=Swap.OPEN)
            .select_related("giver", "taker", "given__shift__template", "taken__shift__template")
            .prefetch_related("links")
            .order_by("pk")
        ),
        has_calendar=person.calendars.filter(revoked_at=None).exists(),
    )


def _periods(person, today):
    for employment in Employment.objects.on(today).filter(person=person).select_related("organisation"):
        plan = plan_for(employment.organisation, today)
        if plan is None:
            continue
        rows = Assignment.objects.standing().filter(
            beginning(plan.first_day, plan.last_day), person=person, plan=plan
        )
        stints = [stint_of(row) for row in rows.select_related("shift", "skill").order_by("start")]
        first, last = open_days(plan.first_day, plan.last_day)
        days = (last - first).days + 1
        yield Period(
            plan=plan,
            planned=sum(stint.minutes for stint in stints),
            due=round(employment.weekly_minutes * days / 7) if employment.weekly_minutes else None,
            hours=sum(map(hours_of, stints), Hours()),
        )


def offers_for(person):
    """Places on offer that this person has the skill for and was asked about, or that everybody may take by now."""
    return (
        OpenShift.objects.filter(closed_at=None, shift__start__gt=clock.now())
        .filter(skill__qualifications__person=person)
        .select_related("shift__template", "shift__night", "skill")
        .distinct()
        .order_by("shift__start", "pk")
    )
