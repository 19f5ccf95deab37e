"""The rota as a grid: people as rows, days as columns, who is wanted below, and what is to be solved."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from shelter import nights
from shelter.models import Organisation, Person
from shelter.rota import hours, judging, law
from shelter.rota.models import Absence, Employment, Plan, ShiftTemplate
from shelter.rota.queries import coverage
from shelter.rota.queries.plans import blocking, findings_for, open_days, open_plans, set_aside
from shelter.rota.queries.timelines import assignments_between, stint_of
from shelter.rota.timeline import midnight

VOLUNTEERS_SHOWN = (
    12  # with more of them, those of an organisation who have no shift in these days are folded away
)


@dataclass(frozen=True)
class Column:
    day: date
    holiday: str  # its name, if it is one
    is_today: bool


@dataclass(frozen=True)
class Cell:
    """One person on one day: shifts (assignments), why they are away if that is so, what breaks a rule."""

    day: date
    shifts: tuple
    absence: str = ""
    findings: tuple = ()
    differs: bool = False  # from what is published

    @property
    def letters(self):
        return "".join(assignment.shift.template.letter for assignment in self.shifts)


@dataclass(frozen=True)
class Row:
    person: Person
    employment: Employment
    cells: tuple[Cell, ...]
    is_named: bool  # whether the reader may know who it is
    planned: int  # minutes of these days
    balance: (
        int | None
    )  # minutes from the plan's first day to the last of these, against those of the contract


@dataclass(frozen=True)
class Group:
    organisation: Organisation
    plan: Plan | None
    rows: tuple[Row, ...]
    may_edit: bool
    changes: int = 0
    folded: int = 0  # volunteers without a shift in these days, not shown


@dataclass(frozen=True)
class Problem:
    """Something to be solved: whose, on which day, in words, and whether it forbids a publication."""

    person: Person
    organisations: frozenset[Organisation]
    finding: law.Finding
    is_law: bool

    @property
    def sentence(self):
        return law.explain(self.finding)

    @property
    def may_be_set_aside(self):
        return law.BY_CODE[self.finding.rule].can_be_overridden


@dataclass(frozen=True)
class Line:
    """One duty in one kind of shift, day by day; None where there is no such shift."""

    template: ShiftTemplate
    skill: object
    places: tuple


@dataclass(frozen=True)
class Grid:
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...] = ()
    teams: tuple = ()
    templates: tuple = ()
    nights: tuple[date, ...] = ()  # whose teams were looked at

    @property
    def to_be_solved(self):
        return len(self.problems) + len(self.teams)

    @property
    def problems_by_person(self):
        """For each person of the rows what is to be solved."""
        found: dict[int, list[Problem]] = {
            row.person.pk: [] for group in self.groups for row in group.rows if row.is_named
        }
        for problem in self.problems:
            found[problem.person.pk].append(problem)
        return found.items()

    @property
    def teams_by_night(self):
        found: dict[date, list] = {night: [] for night in self.nights}
        for team in self.teams:
            found[team.night.date].append(team)
        return found.items()

    @property
    def missing(self):
        return sum(place.missing for line in self.lines for place in line.places if place)


def grid(
    first, last, *, may_edit=lambda organisation: False, sees=None, today=None, with_drafts=True, shown=None,
    only=None, nights_of=None,
):  # fmt: skip
    """The grid of the days from first to last. Drafts show in place of what stands, with what differs marked.

    `sees` says of which organisations the reader knows all people by name (None: of all); of the others only those are
    named who share a shift with these. With people (ids) to be `shown`, of many volunteers only these and
    those who have a shift get a row. With `only` somebody the reader plans (an id), nobody else is looked at;
    the teams are those of `nights_of` (first and last; usually all).
    """
    plans = open_plans(first, last) if with_drafts else []
    whose, nights_of = None if only is None else [only], nights_of or (first, last)
    rows = list(assignments_between(first, last, plans=plans, people=whose))
    employed = (
        Employment.objects.between(first, last)
        .filter(person__is_active=True, **({} if only is None else {"person": only}))
        .select_related("person", "organisation")
        .order_by("organisation__code", "kind", "person__name", "first_day", "pk")
    )
    # A renewed contract makes no second row.
    employments = list({(row.organisation_id, row.person_id): row for row in employed}.values())
    people = {employment.person_id: employment.person for employment in employments}
    homes: dict[int, set] = defaultdict(set)
    for employment in employments:
        homes[employment.person_id].add(employment.organisation)
    found = findings_for(people, *open_days(first, last), plans=plans)
    overridden = set_aside(people, first, last)
    found = {
        person: judging.told_once(
            [each for each in theirs if (person, each.rule, each.day) not in overridden]
        )
        for person, theirs in found.items()
    }
    blocks = blocking(found, overridden)
    named = _named(employments, rows, sees)
    folded = [] if shown is None else _idle_volunteers(employments, rows, shown)
    return Grid(
        columns=tuple(Column(day, hours.name_of(day), day == today) for day in nights.between(first, last)),
        groups=tuple(_groups(employments, folded, rows, plans, found, first, last, may_edit, named)),
        lines=tuple(_lines(first, last, plans)),
        problems=tuple(
            Problem(people[person], frozenset(homes[person]), finding, finding in blocks.get(person, ()))
            for person, theirs in found.items()
            if person in named
            for finding in theirs
        ),
        nights=tuple(nights.between(*nights_of)),
        teams=tuple(coverage.teams(*nights_of, plans=plans)),
        templates=tuple(ShiftTemplate.objects.order_by("position", "code")),
    )


def _named(employments, rows, sees):
    """Whom (ids) the reader knows by name: their own people, and who is on duty with them."""
    if sees is None:
        return {employment.person_id for employment in employments}
    own = {employment.person_id for employment in employments if sees(employment.organisation)}
    shared = {row.shift_id for row in rows if row.person_id in own}
    return own | {row.person_id for row in rows if row.shift_id in shared}


def _idle_volunteers(employments, rows, shown):
    """Volunteers without a shift here, of organisations that have many; not those who are to be shown."""
    volunteers = [row for row in employments if row.kind == Employment.Kind.VOLUNTEER]
    many = Counter(row.organisation_id for row in volunteers)
    busy = {row.person_id for row in rows} | set(shown)
    return [
        row
        for row in volunteers
        if many[row.organisation_id] > VOLUNTEERS_SHOWN and row.person_id not in busy
    ]


def _groups(employments, folded, rows, plans, found, first, last, may_edit, named):
    by_person = defaultdict(list)
    for row in rows:
        by_person[row.person_id].append(row)
    standing = _by_day(assignments_between(first, last)) if plans else {}
    changes = _changes(plans, standing, first, last)
    absences = defaultdict(list)
    for absence in Absence.objects.filter(
        person__in={employment.person_id for employment in employments},
        start__lt=midnight(last + nights.ONE_DAY),
        end__gt=midnight(first),
    ):
        absences[absence.person_id].append(absence)
    drafts = {plan.organisation_id: plan for plan in plans}
    published = {
        plan.organisation_id: plan
        for plan in Plan.objects.filter(state=Plan.State.PUBLISHED, first_day__lte=last, last_day__gte=first)
    }
    balances = _balances(employments, {**published, **drafts}, plans, last)
    grouped = defaultdict(list)
    for employment in employments:
        grouped[employment.organisation].append(employment)
    for organisation, members in grouped.items():
        is_own, draft = may_edit(organisation), drafts.get(organisation.pk)
        shown = [
            _row(
                employment, by_person[employment.person_id], absences[employment.person_id],
                found[employment.person_id], standing if draft else None, first, last, is_own,
                balances.get(employment.pk), employment.person_id in named,
            )
            for employment in members
            if employment not in folded
        ]  # fmt: skip
        yield Group(
            organisation=organisation,
            plan=draft or published.get(organisation.pk),
            rows=tuple(shown),
            may_edit=is_own,
            changes=changes[organisation.pk],
            folded=len(members) - len(shown),
        )


def _changes(plans, standing, first, last):
    """By organisation on how many days of how many people a draft differs from what is published."""
    drafted = _by_day(assignments_between(first, last, plans=plans)) if plans else {}
    drafts = {plan.organisation_id for plan in plans}
    return Counter(
        key[0]
        for key in standing.keys() | drafted.keys()
        if key[0] in drafts and standing.get(key) != drafted.get(key)
    )


def _by_day(rows):
    """By organisation, person and day the shifts and duties."""
    found = defaultdict(set)
    for organisation, person, start, shift, skill in rows.order_by().values_list(
        "plan__organisation", "person", "shift__start", "shift", "skill"
    ):
        found[organisation, person, nights.local(start).date()].add((shift, skill))
    return dict(found)


def _row(employment, rows, absences, found, standing, first, last, is_own, balance, is_named):
    mine = [row for row in rows if row.plan.organisation_id == employment.organisation_id]
    return Row(
        person=employment.person,
        employment=employment,
        cells=tuple(
            _cell(employment, day, mine, absences, found, standing, is_own)
            for day in nights.between(first, last)
        ),
        is_named=is_named,
        planned=sum(stint_of(row).minutes for row in mine),
        balance=balance if is_own else None,
    )


def _cell(employment, day, mine, absences, found, standing, is_own):
    here = tuple(row for row in mine if row.shift.day == day)
    away = [
        each for each in absences if each.start < midnight(day + nights.ONE_DAY) and midnight(day) < each.end
    ]
    now = {(row.shift_id, row.skill_id) for row in here}
    return Cell(
        day=day,
        shifts=here,
        absence=(away[0].kind if is_own else Absence.Kind.UNAVAILABLE) if away else "",
        findings=tuple(finding for finding in found if finding.day == day) if is_own else (),
        differs=standing is not None
        and now != standing.get((employment.organisation_id, employment.person_id, day), set()),
    )


def _balances(employments, plans, drafts, last):
    """By employment the minutes planned since its plan began, against those of the contract for these days."""
    periods = {
        row: plans[row.organisation_id]
        for row in employments
        if row.organisation_id in plans and row.weekly_minutes
    }
    if not periods:
        return {}
    worked: dict[tuple[int, int], int] = defaultdict(int)
    begin = min(plan.first_day for plan in periods.values())
    days = {plan.pk: open_days(plan.first_day, plan.last_day) for plan in set(periods.values())}
    mine = {row.person_id for row in periods}
    for row in assignments_between(begin, last, plans=drafts, people=mine):
        if row.shift.day >= plans.get(row.plan.organisation_id, row.plan).first_day:
            worked[row.person_id, row.plan.organisation_id] += stint_of(row).minutes
    return {
        row.pk: worked[row.person_id, row.organisation_id]
        - round(row.weekly_minutes * max(0, (min(last, days[plan.pk][1]) - days[plan.pk][0]).days + 1) / 7)
        for row, plan in periods.items()
    }


def _lines(first, last, plans):
    places: dict[tuple, dict] = defaultdict(dict)
    for place in coverage.places(first, last, plans=plans):
        places[place.shift.template, place.skill][place.shift.day] = place
    for (template, skill), by_day in sorted(
        places.items(), key=lambda item: (item[0][0].position, item[0][1].position)
    ):
        yield Line(template, skill, tuple(by_day.get(day) for day in nights.between(first, last)))


def week_of(day, weeks=1):
    """First and last day of the week (or so many) that a day lies in."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=7 * weeks - 1)
