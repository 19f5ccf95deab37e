"""Whether people may swap shifts, and who could: each side is judged as it would stand afterwards."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from shelter import clock, nights
from shelter.models import Person
from shelter.rota import judging
from shelter.rota.errors import PlaceIsTaken
from shelter.rota.models import Assignment, Employment, Qualification
from shelter.rota.queries.timelines import beginning, stint_of, time_around, under_the_law

AROUND = timedelta(days=14)
MOST_ROUNDS = 6


def breaks(given, taker, taken=None, known=None):
    """What a swap would break, for either side: `given` goes to the taker, `taken` (if any) to the giver."""
    moves = [(given, taker)] if taken is None else [(given, taker), (taken, given.person)]
    return breaks_round(moves, known)


def breaks_round(moves, known=None):
    """What exchanges [(assignment, who has it then)] would break for anybody, all made at once."""
    lines, protected = known or _known({person.pk for _row, person in moves}, [row for row, _person in moves])
    given_up = {row.person_id: row for row, _person in moves}
    return [
        finding
        for row, person in moves
        for finding in _side(lines[person.pk], given_up.get(person.pk), row, person.pk in protected)
    ]


def _known(people, rows):
    """The time of some people over the days of some shifts, and whom of them the law protects."""
    first, last = min(row.shift.day for row in rows), max(row.shift.day for row in rows)
    return time_around(people, [first, last]), under_the_law(people, first, last)


def _side(line, away, new, is_protected):
    """What a timeline breaks with one stint in place of another that it does not break as it is."""
    rest = line.without(away.start) if away is not None else line
    return judging.against(rest, stint_of(new), is_protected=is_protected)


def partners(given, first, last):
    """Colleagues' shifts from first to last that could lawfully be swapped for this one, the earliest first."""
    rows = list(
        Assignment.objects.standing()
        .filter(beginning(first, last), person__in=_able(given), start__gt=clock.now())
        .exclude(shift=given.shift_id)
        .select_related("person", "skill", "shift__template", "shift__night", "plan")
        .order_by("start", "pk")
    )
    known = _known({given.person_id, *(row.person_id for row in rows)}, [given, *rows])
    return [row for row in rows if not breaks(given, row.person, row, known)]


def rounds(given, first, last, most=MOST_ROUNDS):
    """Rounds of three: this shift to a colleague, theirs to another, and that one's to who gives. The first few found.

    Each is (their shift, the other one's shift): lawful for all three, where no single exchange need be.
    """
    rows = list(
        Assignment.objects.standing()
        .filter(beginning(first, last), person__in=_colleagues(given), start__gt=clock.now())
        .exclude(shift=given.shift_id)
        .select_related("person", "skill", "shift__template", "shift__night", "plan")
        .order_by("start", "pk")
    )
    known = _known({given.person_id, *(row.person_id for row in rows)}, [given, *rows])
    lines, protected = known

    def fits(person, away, new):
        return not _side(lines[person], away, new, person in protected)

    first_legs = [row for row in rows if fits(row.person_id, row, given)]
    last_legs = [row for row in rows if fits(given.person_id, given, row)]
    found = (
        (theirs, others)
        for theirs in first_legs
        for others in last_legs
        if others.person_id != theirs.person_id
        and (others.shift_id, others.skill_id) != (theirs.shift_id, theirs.skill_id)
        and fits(others.person_id, others, theirs)
    )
    return list(islice(found, most))


def _colleagues(given):
    """Of the same organisation, whatever they can do: what each is given is judged."""
    rows = Employment.objects.on(given.shift.day).filter(
        organisation=given.plan.organisation_id, person__is_active=True
    )
    return set(rows.exclude(person=given.person_id).values_list("person", flat=True))


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
    rounds: tuple = ()

    def chosen(self, text):
        """The colleagues and shifts an answer names (`p7`, `a12`, `r12-15`): who takes it, what for, and of whom."""
        by_name = {f"p{person.pk}": (person, None, None) for person in self.takers}
        by_name |= {f"a{row.pk}": (row.person, row, None) for row in self.partners}
        by_name |= {f"r{one.pk}-{other.pk}": (one.person, one, other) for one, other in self.rounds}
        if text not in by_name:
            raise PlaceIsTaken()
        return by_name[text]


def swaps_for(given, *, with_rounds=False):
    """Within two weeks around the shift, and not before now. Rounds of three take longer to find."""
    today = nights.local(clock.now()).date()
    first, last = max(today, given.shift.day - AROUND), given.shift.day + AROUND
    return Swaps(
        takers=tuple(takers(given)),
        partners=tuple(partners(given, first, last)),
        rounds=tuple(rounds(given, first, last)) if with_rounds else (),
    )
