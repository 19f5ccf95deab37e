"""The arithmetic of scarcity, to be checked by hand: so many shifts of a duty in a week, so many people for them."""

from dataclasses import dataclass
from datetime import timedelta

from shelter import nights
from shelter.rota.models import Absence, Employment, Qualification, Skill
from shelter.rota.queries.coverage import places
from shelter.rota.queries.terms import terms_of
from shelter.rota.timeline import midnight

DAYS_A_WEEK = 6  # at most, where nothing else is set: the weekly rest takes one


@dataclass(frozen=True)
class Scarcity:
    """`wanted` shifts of a duty in the week of a Monday; `people` who can do it and are there, `days` they have."""

    skill: Skill
    wanted: int
    people: int
    days: int

    @property
    def short(self):
        return max(0, self.wanted - self.days)


def scarcity(shift, skill):
    """The sum for the week of a shift. Each person is counted with the days they are there, at most so many a week."""
    monday = shift.day - timedelta(days=shift.day.weekday())
    sunday = monday + timedelta(days=6)
    able = Qualification.objects.between(monday, sunday).filter(skill=skill).values("person")
    employments = {
        row.person_id: row
        for row in Employment.objects.between(monday, sunday)
        .filter(person__in=able, person__is_active=True)
        .select_related("organisation")
    }
    absences = list(
        Absence.objects.filter(
            person__in=employments, start__lt=midnight(sunday + nights.ONE_DAY), end__gt=midnight(monday)
        )
    )
    most = {
        row.organisation_id: terms_of(row.organisation, monday).days_in_a_row or DAYS_A_WEEK
        for row in employments.values()
    }
    days = [
        min(most[row.organisation_id], _days_there(person, absences, monday, sunday))
        for person, row in employments.items()
    ]
    return Scarcity(
        skill=skill,
        wanted=sum(place.needed for place in places(monday, sunday) if place.skill.pk == skill.pk),
        people=sum(1 for each in days if each),
        days=sum(days),
    )


def _days_there(person, absences, first, last):
    mine = [absence for absence in absences if absence.person_id == person]
    return sum(
        not any(
            absence.start < midnight(day + nights.ONE_DAY) and midnight(day) < absence.end for absence in mine
        )
        for day in nights.between(first, last)
    )
