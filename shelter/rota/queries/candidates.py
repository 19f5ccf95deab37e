"""Who could take a place in a shift, and what stops each: without any solver, quick enough for a hover."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from shelter import nights
from shelter.models import Person
from shelter.rota import law
from shelter.rota.models import Call, Employment
from shelter.rota.queries.timelines import timelines
from shelter.rota.timeline import Stint, Timeline

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
    timeline: Timeline

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


def candidates(shift, skill, *, plans=()):
    """Everybody who could be asked, those who may first, the least loaded first, who was asked least of all first."""
    day = shift.day
    employments = (
        Employment.objects.on(day)
        .filter(person__is_active=True, person__qualifications__skill=skill)
        .exclude(person__assignments__shift=shift, person__assignments__stands=True)
        .select_related("person", "organisation")
        .distinct()
    )
    by_person = {employment.person_id: employment for employment in employments}
    lines = timelines(by_person, day - LOAD_OVER, day + LOAD_OVER, plans=plans)
    asked = Counter(
        Call.objects.filter(person__in=by_person, at__gte=shift.start - 2 * LOAD_OVER).values_list(
            "person", flat=True
        )
    )
    stint = Stint(shift.start, shift.end, role=skill.code, break_minutes=shift.break_minutes)
    found = [
        Candidate(
            person=employment.person,
            employment=employment,
            findings=_against(lines[person], stint, employment),
            load=_load(lines[person], employment),
            asked=asked[person],
            timeline=lines[person],
        )
        for person, employment in by_person.items()
    ]
    return sorted(found, key=lambda each: (not each.may, each.load, each.asked, each.person.pk))


def _against(line, stint, employment):
    known = law.LAW if employment.is_under_the_law else law.FOR_EVERYBODY
    return tuple(law.against(law.around(line, stint), stint, [rule for rule in known if rule.is_law]))


def _load(line, employment):
    worked = sum(stint.minutes for stint in line.stints)
    due = (employment.weekly_minutes or 0) * (nights.elapsed(*line.span) / timedelta(days=7))
    return worked / due if due else 0.0


def why_not(found):
    """How many of the candidates each first hindrance stops: (rule or None, number), most first."""
    return Counter(each.hindrance for each in found).most_common()
