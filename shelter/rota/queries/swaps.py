"""Whether people may swap shifts, and who could: each side is judged as it would stand afterwards."""

from dataclasses import dataclass
from datetime import timedelta

from shelter import clock, nights
from shelter.models import Person
from shelter.rota import judging
from shelter.rota.errors import PlaceIsTaken
from shelter.rota.models import Assignment, Employment, Qualification
from shelter.rota.queries.timelines import beginning, stint_of, timelines, under_the_law

AROUND = timedelta(days=14)


def breaks(given, taker, taken=None, known=None):
    """What a swap would break, for either side: `given` goes to the taker, `taken` (if any) to the giver."""
    known = known or _known({given.person_id, taker.pk}, [row for row in (given, taken) if row is not None])
    lines, protected = known
    found = list(_side(lines[taker.pk], taken, given, taker.pk in protected))
    if taken is not None:
        found += _side(lines[given.person_id], given, taken, given.person_id in protected)
    return found


def _known(people, rows):
    """The time of some people over the days of some shifts, and whom of them the law protects."""
    first, last = min(row.shift.day for row in rows), max(row.shift.day for row in rows)
    return timelines(people, first, last), under_the_law(people, first, last)


def _side(line, away, new, is_protected):
    """What a timeline breaks with one stint in place of another that it does not break as it is."""
    rest = line.without(away.start) if away is not None else line
    return judging.against(rest, stint_of(new), is_protected=is_protected)


def partners(given, first, last):
    """Colleagues' shifts from first to last that could lawfully be swapped for this one, the earliest first."""
    rows = list(
        Assignment.objects.standing()
        .filter(beginning(first, last), person__in=_able(given))
        .exclude(shift=given.shift_id)
        .select_related("person", "skill", "shift__template", "shift__night", "plan")
        .order_by("start", "pk")
    )
    known = _known({given.person_id, *(row.person_id for row in rows)}, [given, *rows])
    return [row for row in rows if not breaks(given, row.person, row, known)]


def takers(given):
    """Colleagues who could lawfully take this shift for nothing."""
    people = list(Person.objects.filter(pk__in=_able(given)))
    known = _known({given.person_id, *(person.pk for person in people)}, [given])
    return [person for person in people if not breaks(given, person, known=known)]


def _able(given):
    """Colleagues of the same organisation who can do the duty on that day."""
    held = Qualification.objects.on(given.shift.day).filter(skill=given.skill_id).values("person")
    colleagues = Employment.objects.on(given.shift.day).filter(
        organisation=given.plan.organisation_id, person__in=held, person__is_active=True
    )
    return set(colleagues.exclude(person=given.person_id).values_list("person", flat=True))


@dataclass(frozen=True)
class Swaps:
    """To whom a shift could go: for nothing, or for one of theirs."""

    takers: tuple
    partners: tuple

    def chosen(self, text):
        """The colleague, and their shift if it is a swap, that an answer names (`p7`, `a12`)."""
        by_name = {f"p{person.pk}": (person, None) for person in self.takers}
        by_name |= {f"a{row.pk}": (row.person, row) for row in self.partners}
        if text not in by_name:
            raise PlaceIsTaken()
        return by_name[text]


def swaps_for(given):
    """Within two weeks around the shift, and not before now."""
    today = nights.local(clock.now()).date()
    first, last = max(today, given.shift.day - AROUND), given.shift.day + AROUND
    return Swaps(tuple(takers(given)), tuple(partners(given, first, last)))
