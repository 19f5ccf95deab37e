"""Who could take a place in a shift, and what stops each: without any solver, quick enough for a hover."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from shelter.models import Person
from shelter.rota import judging, law
from shelter.rota.models import Call, Employment
from shelter.rota.queries.timelines import stint_in, time_around, timelines, under_the_law

LOAD_OVER = timedelta(days=14)  # before and after: the time over which hours are compared


@dataclass(frozen=True)
class Candidate:
    """Somebody who can do the duty: what stops them (nothing: they may), and how much they have to do already.

    `load` is minutes around the shift in parts of what their contract gives; volunteers and guards have none.
    """

    person: Person
    employment: Employment
    findings: tuple[law.Finding, ...]
    load: float
    asked: int  # how often of late they were asked to step in

    @property
    def may(self):
        return not self.findings

    @property
    def hindrance(self):
        """What stops them first; None where nothing does."""
        return self.findings[0].rule if self.findings else None

    @property
    def sentences(self):
        return [law.explain(finding) for finding in self.findings]


def candidates(shift, skill, *, plans=(), knows=lambda organisation: True):
    """Everybody who could be asked, those who may first, the least loaded first, who was asked least of all first.

    Of two employers of somebody the one counts that the reader `knows`.
    """
    day = shift.day
    employments = (
        Employment.objects.on(day)
        .filter(person__is_active=True, person__qualifications__skill=skill)
        .exclude(person__assignments__shift=shift, person__assignments__stands=True)
        .select_related("person", "organisation")
        .distinct()
    )
    by_person = {
        employment.person_id: employment
        for employment in sorted(employments, key=lambda each: knows(each.organisation))
    }
    lines = time_around(by_person, [day], plans=plans)
    protected = under_the_law(by_person, day, day)
    load = loads(by_person, day, plans)
    asked = Counter(
        Call.objects.filter(person__in=by_person, at__gte=shift.start - 2 * LOAD_OVER).values_list(
            "person", flat=True
        )
    )
    stint = stint_in(shift, skill)
    found = [
        Candidate(
            person=employment.person,
            employment=employment,
            findings=_against(lines[person], stint, person in protected),
            load=load[person],
            asked=asked[person],
        )
        for person, employment in by_person.items()
    ]
    return sorted(found, key=lambda each: (not each.may, each.load, each.asked, each.person.pk))


def _against(line, stint, is_protected):
    """What stops somebody, in the order in which the law is told."""
    order = {rule.code: place for place, rule in enumerate(law.LAW)}
    found = judging.against(line, stint, is_protected=is_protected)
    return tuple(sorted(found, key=lambda finding: order[finding.rule]))


def loads(employments, day, plans):
    """By person the minutes of two weeks before and after a day, in parts of what the contract gives for them."""
    lines = timelines(employments, day - LOAD_OVER, day + LOAD_OVER, plans=plans)
    weeks = (2 * LOAD_OVER.days + 1) / 7
    return {
        person: sum(stint.minutes_in(lines[person].span) for stint in lines[person].stints)
        / (employment.weekly_minutes * weeks)
        if employment.weekly_minutes
        else 0.0
        for person, employment in employments.items()
    }


def why_not(found):
    """How many of the candidates each first hindrance stops: (rule or None, number), most first."""
    return Counter(each.hindrance for each in found).most_common()
