"""Where volunteers are welcome, who has offered to help, and which links are open."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from shelter import clock, nights
from shelter.rota.models import ChosenShift, Invitation, SignUp, Skill
from shelter.rota.queries.coverage import Place, places, teams
from shelter.rota.queries.plans import first_drafts

AHEAD = timedelta(days=42)


def open_places(organisation, *, skills=(), kinds=()):
    """Places of the next six weeks that volunteers may take: fewer there than would be good, in order of time.

    `skills` and `kinds` (codes) keep only such duties and kinds of shift. Places somebody else has offered to take
    stay open until that is confirmed.
    """
    today = nights.local(clock.now()).date()
    return [
        place
        for place in places(today, today + AHEAD, plans=first_drafts(today, today + AHEAD))
        if place.skill.for_volunteers
        and place.shift.start > clock.now()
        and place.there < max(place.needed, place.wished)
        and (not skills or place.skill.code in skills)
        and (not kinds or place.shift.template.code in kinds)
    ]


def brought():
    """What new volunteers may bring beside a duty: languages, first aid."""
    return Skill.objects.filter(for_volunteers=True, is_duty=False)


@dataclass(frozen=True)
class Opening:
    """An open place, and which of what somebody brings the night's team lacks."""

    place: Place
    lacks: tuple[Skill, ...] = ()


def openings(organisation, *, brings=(), **wanted):
    """Open places in order of time, first those of nights whose team lacks what somebody brings (codes)."""
    lacking = _lacking(brings) if brings else {}
    found = [
        Opening(place, tuple(lacking.get(place.shift.night.date, ())))
        for place in open_places(organisation, **wanted)
    ]
    return sorted(found, key=lambda opening: not opening.lacks)


def _lacking(brings):
    """By the date of each night of these weeks the qualifications (of these codes) its team lacks."""
    today = nights.local(clock.now()).date()
    lacking: dict[date, list[Skill]] = defaultdict(list)
    for team in teams(today, today + AHEAD, plans=first_drafts(today, today + AHEAD)):
        if team.rule.skill_id and team.rule.skill.code in brings:
            lacking[team.night.date].append(team.rule.skill)
    return lacking


@dataclass(frozen=True)
class Offer:
    """Somebody's offer with the places they chose, each with whether it is free still."""

    sign_up: SignUp
    chosen: tuple[tuple[ChosenShift, bool], ...]


def offers(organisations):
    """What waits for an answer, the oldest first."""
    waiting = (
        SignUp.objects.filter(organisation__in=organisations, state=SignUp.State.ASKED)
        .select_related("organisation")
        .prefetch_related("chosen__shift__template", "chosen__shift__night", "chosen__skill", "brings")
    )
    free = {(place.shift.pk, place.skill.pk) for place in open_places(None)} if waiting else set()
    return [
        Offer(
            sign_up=row,
            chosen=tuple((each, (each.shift_id, each.skill_id) in free) for each in row.chosen.all()),
        )
        for row in waiting
    ]


def invitations(organisations):
    """Links that are open still."""
    today = nights.local(clock.now()).date()
    return Invitation.objects.filter(
        organisation__in=organisations, revoked_at=None, last_day__gte=today
    ).select_related("organisation")
