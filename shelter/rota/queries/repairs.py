"""How empty places could be filled: the smallest repair, the cheapest ways, and what each would mean for whom."""

from collections import defaultdict
from dataclasses import dataclass, replace
from time import monotonic

from shelter import clock
from shelter.models import Person
from shelter.rota import law, repairing
from shelter.rota.models import Change, Employment, Shift, Skill, Wish
from shelter.rota.queries.candidates import loads
from shelter.rota.queries.coverage import places
from shelter.rota.queries.plans import first_drafts
from shelter.rota.queries.prices import for_ways
from shelter.rota.queries.timelines import assignments_between, stint_in, stint_of, timelines, under_the_law
from shelter.rota.repairing import NEAR, Colleague, Duty
from shelter.rota.timeline import midnight

SECONDS = 1.4  # for each of two searches: together they answer within three


@dataclass(frozen=True)
class Step:
    """Somebody is given a shift, or gives it up (`is_given` false)."""

    person: Person
    shift: Shift
    skill: Skill
    is_given: bool

    @property
    def code(self):
        """The step as a form sends it back."""
        return f"{'give' if self.is_given else 'take'}:{self.shift.pk}:{self.skill.code}:{self.person.pk}"


@dataclass(frozen=True)
class Asked:
    """What somebody would have to be asked, or the house to allow: a rule, and its sentence."""

    person: Person
    rule: str
    sentence: str
    is_law: bool


@dataclass(frozen=True)
class Remedy:
    """One way, as people read it. `minutes` by person is how their hours change, `wishes` who would lose a wish."""

    steps: tuple[Step, ...]
    empty: tuple[tuple[Shift, Skill], ...]
    asked: tuple[Asked, ...]
    price: int
    minutes: tuple[tuple[Person, int], ...]
    wishes: tuple[Person, ...]

    @property
    def is_whole(self):
        return not self.empty

    @property
    def may_be_done(self):
        """Whether it can be done as it is: somebody moves, and no law is broken."""
        return bool(self.steps) and not any(each.is_law for each in self.asked)


@dataclass(frozen=True)
class Remedies:
    """The smallest repair (None: none was found in time) and the cheapest ways; whether each is proven to be that."""

    smallest: Remedy | None
    is_smallest: bool
    cheapest: tuple[Remedy, ...]
    are_cheapest: bool
    organisations: tuple


def remedies(empty, organisations, *, most=3):
    """Ways to fill empty places [(shift, skill)] with the people of some organisations, as rota and drafts stand."""
    days = [shift.day for shift, _skill in empty]
    first, last = min(days) - NEAR, max(days) + NEAR
    plans = first_drafts(first, last)
    there = places(first, last, plans=plans)
    critical = {(place.shift.pk, place.skill.code) for place in there if place.is_critical}
    spare = {
        (place.shift.pk, place.skill.code): place.there - place.needed
        for place in there
        if place.there > place.needed
    }
    staff = _colleagues(organisations, first, last, min(days), plans, critical)
    duties = [_duty(stint_in(shift, skill), shift.pk, critical) for shift, skill in empty]
    smallest = repairing.ways(duties, staff, spare=spare, go_on=_within(SECONDS))
    cheapest = repairing.ways(
        duties, staff, prices=for_ways(), spare=spare, most=most, go_on=_within(SECONDS)
    )
    told = _teller([*smallest.ways, *cheapest.ways])
    return Remedies(
        smallest=told(smallest.ways[0]) if smallest.ways else None,
        is_smallest=smallest.is_proven,
        cheapest=tuple(map(told, cheapest.ways)),
        are_cheapest=cheapest.is_proven,
        organisations=tuple(organisations),
    )


def _within(seconds):
    until = monotonic() + seconds
    return lambda: monotonic() < until


def _duty(stint, shift, critical):
    return Duty(stint, shift, (shift, stint.role) in critical)


def _colleagues(organisations, first, last, day, plans, critical):
    """Those who may be asked, with what may be taken from them: nothing that has begun, is pinned or others planned."""
    employments: dict[int, list[Employment]] = defaultdict(list)
    for row in (
        Employment.objects.between(first, last)
        .filter(organisation__in=organisations, person__is_active=True)
        .select_related("organisation")
        .order_by("pk")
    ):
        employments[row.person_id].append(row)
    held: dict[int, list[Duty]] = {person: [] for person in employments}
    rows = assignments_between(first, last, plans=plans, people=employments)
    for row in rows.filter(start__gt=clock.now(), is_pinned=False, plan__organisation__in=organisations):
        held[row.person_id].append(_duty(stint_of(row), row.shift_id, critical))
    lines = timelines(employments, first, last, plans=plans, terms_on=day)
    protected = under_the_law(employments, first, last)
    load = loads({person: rows[0] for person, rows in employments.items()}, day, plans)
    return [
        Colleague(
            number=person,
            line=replace(lines[person], qualifications=_while_employed(lines[person].qualifications, theirs)),
            held=tuple(held[person]),
            load=load[person],
            is_protected=person in protected,
        )
        for person, theirs in employments.items()
    ]


def _while_employed(qualifications, employments):
    """What somebody may do, on the days they are employed."""
    return tuple(
        replace(
            held,
            first=max(held.first, row.first_day),
            last=min(filter(None, (held.last, row.last_day)), default=None),
        )
        for held in qualifications
        for row in employments
    )


def _teller(ways):
    """What puts a way into words, having read all people and shifts of these ways at once."""
    duties = {duty for way in ways for _number, duty in (*way.given, *way.taken)}
    duties |= {duty for way in ways for duty in way.empty}
    numbers = {number for way in ways for number in way.people}
    people = Person.objects.in_bulk(numbers)
    shifts = Shift.objects.select_related("template", "night").in_bulk({duty.shift for duty in duties})
    skills = {skill.code: skill for skill in Skill.objects.all()}
    wishes = {
        (wish.person_id, wish.night, wish.template_id): wish
        for wish in Wish.objects.filter(person__in=numbers, is_on=False)
    }

    def step(number, duty, *, is_given):
        return Step(people[number], shifts[duty.shift], skills[duty.skill], is_given)

    def loses_a_wish(each):
        day = each.shift.day
        return any((each.person.pk, day, kind) in wishes for kind in (None, each.shift.template_id))

    def told(way):
        steps = (
            *(step(*each, is_given=False) for each in way.taken),
            *(step(*each, is_given=True) for each in way.given),
        )
        minutes: dict[Person, int] = {}
        for each in steps:
            worked = stint_in(each.shift, each.skill).minutes
            minutes[each.person] = minutes.get(each.person, 0) + (worked if each.is_given else -worked)
        return Remedy(
            steps=tuple(sorted(steps, key=lambda each: (each.shift.start, each.is_given, each.person.pk))),
            empty=tuple((shifts[duty.shift], skills[duty.skill]) for duty in way.empty),
            asked=tuple(
                Asked(
                    people[number],
                    repairing.name_of(finding),
                    law.explain(finding),
                    law.BY_CODE[finding.rule].is_law,
                )
                for number, finding in way.broken
            ),
            price=way.price,
            minutes=tuple(minutes.items()),
            wishes=tuple({each.person: None for each in steps if each.is_given and loses_a_wish(each)}),
        )

    return told


def lost_by(person, day):
    """Places somebody gave up in the days after a day by being away, which nobody has taken: [(shift, skill)]."""
    changes = Change.objects.filter(
        kind=Change.Kind.ABSENCE, before=person, shift__start__gte=max(clock.now(), midnight(day))
    ).select_related("shift__template", "shift__night", "skill")
    if not changes:
        return []
    days = [change.shift.day for change in changes]
    missing = {(place.shift.pk, place.skill.pk): place.missing for place in places(min(days), max(days))}
    lost = {(change.shift_id, change.skill_id): (change.shift, change.skill) for change in changes}
    return sorted(
        (each for key, each in lost.items() if missing.get(key)), key=lambda each: (each[0].start, each[0].pk)
    )
