"""How many people are wanted in each place of each shift, how many are there, and what that means for the house."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta

from shelter import clock, nights
from shelter.models import BedNight, Night, Registration
from shelter.rota.models import Demand, MixRule, Qualification, Shift, Skill
from shelter.rota.queries.timelines import assignments_between, beginning

WEEK_BEFORE = timedelta(days=7)


@dataclass(frozen=True)
class Place:
    """A duty in a shift: so many needed, wished and there."""

    shift: Shift
    skill: Skill
    needed: int
    wished: int
    there: int
    is_critical: bool

    @property
    def missing(self):
        return max(0, self.needed - self.there)


def expected_guests(first, last):
    """By the date of each night how many people are expected: those registered, else as many as last slept.

    Of a night that is over without a registration it is those who were there: the past does not depend on today.
    """
    registered = Counter(
        Registration.objects.filter(night__date__range=(first, last), withdrawn_at=None).values_list(
            "night__date", flat=True
        )
    )
    slept = Counter(
        BedNight.objects.filter(
            night__date__range=(clock.tonight() - WEEK_BEFORE, clock.tonight()), state__in=("in", "left")
        ).values_list("night__date", flat=True)
    )
    usual = max(slept.values(), default=0)
    came = Counter(
        BedNight.objects.filter(
            night__date__range=(first, min(last, clock.tonight() - timedelta(days=1))),
            state__in=("in", "left"),
        ).values_list("night__date", flat=True)
    )
    return {
        day: registered.get(day) or (usual if day >= clock.tonight() else came[day])
        for day in Night.objects.filter(date__range=(first, last)).values_list("date", flat=True)
    }


def places(first, last, *, plans=()):
    """Every place of the shifts that begin from first to last, in order of time and duty."""
    guests = expected_guests(first - timedelta(days=1), last)
    there = Counter(assignments_between(first, last, plans=plans).order_by().values_list("shift", "skill"))
    demands = (
        Demand.objects.filter(shift__in=Shift.objects.filter(beginning(first, last)))
        .select_related("shift__template", "shift__night", "skill")
        .order_by("shift__start", "shift__template__position", "skill__position")
    )
    return [
        Place(
            shift=demand.shift,
            skill=demand.skill,
            needed=demand.needed(guests.get(demand.shift.night.date, 0)),
            wished=demand.wished,
            there=there[demand.shift_id, demand.skill_id],
            is_critical=demand.priority == Demand.Priority.CRITICAL,
        )
        for demand in demands
    ]


@dataclass(frozen=True)
class Team:
    """What a mix rule found of a night: so many wanted, so many there."""

    rule: MixRule
    night: Night
    there: int

    @property
    def missing(self):
        return max(0, self.rule.least - self.there)


def teams(first, last, *, plans=()):
    """What each night's team lacks of the mix that is wanted; nights without anybody are left out."""
    rows = assignments_between(first, last + 2 * nights.ONE_DAY, plans=plans).filter(
        shift__night__date__gte=first, shift__night__date__lte=last
    )
    by_night = defaultdict(list)
    for row in rows:
        by_night[row.shift.night].append(row)
    found = []
    for rule in MixRule.objects.select_related("skill"):
        for night, here in sorted(by_night.items(), key=lambda item: item[0].date):
            if rule.first_night <= night.date and (rule.last_night is None or night.date <= rule.last_night):
                found.append(Team(rule, night, _count(rule, night, here)))
    return [team for team in found if team.missing]


def _count(rule, night, rows):
    if rule.skill_id is None:
        return len({row.plan.organisation_id for row in rows})
    able = set(
        Qualification.objects.on(night.date).filter(skill=rule.skill_id).values_list("person", flat=True)
    )
    return len({row.person_id for row in rows} & able)
