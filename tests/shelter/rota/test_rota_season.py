"""A winter of the rota lived through by chance, then counted again from the tables without the house's own law.

ROTA_ACTS says how many things happen, ROTA_SEED which; ROTA_TELL=1 says afterwards what happened how often.
"""

import os
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import groupby, pairwise
from time import monotonic
from zoneinfo import ZoneInfo

import pytest

from shelter import clock
from shelter.models import Night, Organisation, Person
from shelter.rota import errors
from shelter.rota.actions import changing, covering, planning, recording, repairing, shifts, swapping
from shelter.rota.consistency import CHECKS
from shelter.rota.models import (
    Absence,
    Assignment,
    Change,
    Employment,
    OpenShift,
    Override,
    Plan,
    Qualification,
    Shift,
    Swap,
    Worked,
)
from shelter.rota.queries.fairness import ledger
from shelter.rota.queries.grid import grid
from shelter.rota.queries.mine import mine
from shelter.rota.queries.register import register_of
from tests.conftest import BUILDER
from tests.shelter.rota.conftest import cells, day, refused, standing
from tests.shelter.rota.rota_season import FIRST, LATER, Season, moment, month_of

ACTS = int(os.environ.get("ROTA_ACTS", "1000"))
SEED = int(os.environ.get("ROTA_SEED", "7"))
LOOKS = (date(2027, 1, 5), date(2027, 3, 29), LATER)
LUXEMBOURG = ZoneInfo("Europe/Luxembourg")
HOLIDAYS = {date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1), date(2027, 3, 29)}
COLUMNS = ("worked", "night", "sunday", "holiday")
HOUR, WEEK = 60, timedelta(days=7)
# Every one of these must have been done.
KINDS = {
    "swap approved", "hand-over approved", "round approved", "swap undone", "hand-over undone", "swap refused",
    "swap withdrawn", "fell out", "reported away", "fell out as a volunteer", "place offered", "called",
    "place claimed", "place given", "repaired in one step", "repaired in more steps", "replaced by hand",
    "added by hand", "taken away by hand", "leave asked", "leave granted", "leave by silence", "leave refused",
    "leave withdrawn", "freed for leave", "wished", "draft opened", "given in a draft", "put into a draft",
    "taken out of a draft", "published again", "draft dropped", "rule set aside", "recorded as planned",
    "recorded otherwise", "tick",
}  # fmt: skip


# Time in minutes, counted from instants; a stretch of work is (from, until, minutes of break in its middle).


def minute(instant):
    return round(instant.timestamp()) // 60


def midnight(date_):
    return minute(datetime.combine(date_, time(0), tzinfo=LUXEMBOURG))


def local_day(instant):
    return instant.astimezone(LUXEMBOURG).date()


def worked(start, end, pause):
    """Each minute of work: what lies before the break and after it."""
    middle = (start + end) // 2
    return [*range(start, middle - pause // 2), *range(middle + pause // 2, end)]


@cache
def columns_of(start, end, pause):
    """Minutes of a stretch of work: all, and those in the dark, on Sundays, on public holidays."""
    walls = [datetime.fromtimestamp(each * 60, tz=LUXEMBOURG) for each in worked(start, end, pause)]
    return {
        "worked": len(walls),
        "night": sum(wall.hour >= 22 or wall.hour < 6 for wall in walls),
        "sunday": sum(wall.weekday() == 6 for wall in walls),
        "holiday": sum(wall.date() in HOLIDAYS for wall in walls),
    }


def between(minutes, begin, until):
    return bisect_left(minutes, until) - bisect_left(minutes, begin)


def longest_rest(spans, begin, until):
    free, longest = begin, 0
    for start, end, _pause in spans:
        if start < until and begin < end:
            longest, free = max(longest, start - free), max(free, end)
    return max(longest, until - free)


# The tables as they are, read once for all questions.


@dataclass(frozen=True)
class Row:
    """An assignment that stands."""

    pk: int
    person: int
    name: str
    organisation: int
    shift: int
    skill: int
    start: datetime
    end: datetime
    pause: int

    @property
    def span(self):
        return minute(self.start), minute(self.end), self.pause

    @property
    def minutes(self):
        start, end, pause = self.span
        return end - start - pause

    @property
    def month(self):
        return local_day(self.start).replace(day=1)


class Tables:
    def __init__(self):
        known = Assignment.objects.filter(stands=True).order_by("start", "pk")
        self.rows = [
            Row(*values)
            for values in known.values_list(
                "pk", "person", "person__name", "plan__organisation", "shift", "skill", "start", "end",
                "shift__break_minutes",
            )
        ]  # fmt: skip
        self.employees = set(
            Employment.objects.filter(kind="employee").order_by("person").values_list("person", flat=True)
        )
        self.names = dict(Person.objects.order_by("pk").values_list("pk", "name"))
        self.nights = list(Night.objects.order_by("date").values_list("date", flat=True))
        self.months = sorted(set(Plan.objects.order_by("pk").values_list("first_day", flat=True)))
        self.spans = defaultdict(list)
        for row in self.rows:
            self.spans[row.person].append(row.span)
        for person, start, end in _absences(kind="elsewhere"):
            self.spans[person].append((minute(start), minute(end), 0))
        for spans in self.spans.values():
            spans.sort()

    def protected(self):
        """Name, spans and minutes of work of each whom the law of working time protects."""
        for person in sorted(self.employees):
            spans = self.spans[person]
            yield self.names[person], spans, sorted(each for span in spans for each in worked(*span))

    def weeks(self):
        monday = FIRST - timedelta(days=FIRST.weekday())
        while monday <= LATER:
            yield monday, midnight(monday), midnight(monday + WEEK)
            monday += WEEK

    def by_month(self, of):
        """What is counted of the rows, by person, organisation and the first day of the month."""
        counted = defaultdict(Counter)
        for row in self.rows:
            counted[row.person, row.organisation, row.month].update(of(row))
        return counted


def _absences(**asked):
    rows = Absence.objects.filter(**asked).order_by("pk")
    return rows.values_list("person", "start", "end")


# Questions; each yields a sentence for whatever is wrong.


def the_checks_of_the_house(tables):
    for check in CHECKS:
        yield from check()


def two_shifts_at_once(tables):
    for person, spans in tables.spans.items():
        for one, other in pairwise(spans):
            if other[0] < one[1]:
                yield f"{tables.names[person]}: {one}, {other}"


def more_than_ten_hours_in_a_day(tables):
    for name, spans, minutes in tables.protected():
        for start, _end, _pause in spans:
            if between(minutes, start, start + 24 * HOUR) > 10 * HOUR:
                yield f"{name}: from {start}"


def more_than_48_hours_in_a_week(tables):
    for name, _spans, minutes in tables.protected():
        for monday, begin, until in tables.weeks():
            if between(minutes, begin, until) > 48 * HOUR:
                yield f"{name}: in the week of {monday}"


def less_than_eleven_hours_of_rest(tables):
    for name, spans, _minutes in tables.protected():
        for start, _end, _pause in spans:
            if longest_rest(spans, start, start + 24 * HOUR) < 11 * HOUR:
                yield f"{name}: from {start}"


def less_than_44_hours_of_rest_in_a_week(tables):
    overrides = Override.objects.filter(rule="weekly_rest").order_by("pk")
    overridden = set(overrides.values_list("person__name", "day"))
    for name, spans, _minutes in tables.protected():
        for monday, begin, until in tables.weeks():
            if longest_rest(spans, begin, until) < 44 * HOUR and (name, monday) not in overridden:
                yield f"{name}: in the week of {monday}"


def planned_while_away(tables):
    away = defaultdict(list)
    for kind in set(Absence.Kind.values) - {"elsewhere"}:
        for person, start, end in _absences(kind=kind):
            away[person].append((start, end))
    for row in tables.rows:
        if any(start < row.end and row.start < end for start, end in away[row.person]):
            yield f"{row.name}: {row.start}"


def planned_without_the_skill(tables):
    held = defaultdict(list)
    for row in Qualification.objects.order_by("pk"):
        held[row.person_id, row.skill_id].append((row.first_day, row.last_day or date.max))
    for row in tables.rows:
        if not any(first <= local_day(row.start) <= last for first, last in held[row.person, row.skill]):
            yield f"{row.name}: {row.start}"


def a_history_that_leads_elsewhere(tables):
    """What was first published, changed as the changes say, is what stands. Of one act what ends ends first."""
    published = Plan.objects.exclude(published_at=None).order_by("number")
    first = {(plan.organisation_id, plan.first_day): plan.pk for plan in reversed(published)}
    begun = Assignment.objects.filter(plan__in=first.values(), came_with=None).order_by("pk")
    stands = set(begun.values_list("shift", "person", "skill"))
    for _act, changes in groupby(Change.objects.order_by("at", "pk"), key=lambda each: (each.at, each.kind)):
        changes = list(changes)
        for change in changes:
            key = change.shift_id, change.before_id, change.skill_id
            if change.before_id and key not in stands:
                yield f"change {change.pk} ({change.kind}) ends what did not stand: {key}"
            stands.discard(key)
        for change in changes:
            key = change.shift_id, change.after_id, change.skill_id
            if change.after_id and key in stands:
                yield f"change {change.pk} ({change.kind}) brings what stood already: {key}"
            if change.after_id:
                stands.add(key)
    now = {(row.shift, row.person, row.skill) for row in tables.rows}
    for key in sorted(stands ^ now):
        yield f"{key} {'does not stand' if key in stands else 'stands'}, against its history"


def changes_that_name_somebody_else(tables):
    """Who came with a change is named in it, and who went with one."""
    for row in Assignment.objects.select_related("came_with", "gone_with").order_by("pk"):
        came, gone, own = row.came_with, row.gone_with, (row.person_id, row.shift_id, row.skill_id)
        if came and (came.after_id, came.shift_id, came.skill_id) != own:
            yield f"assignment {row.pk} came with change {came.pk}"
        if gone and (gone.before_id, gone.shift_id, gone.skill_id) != own:
            yield f"assignment {row.pk} went with change {gone.pk}"
        if gone and row.stands:
            yield f"assignment {row.pk} stands though it went with change {gone.pk}"


def hours_in_the_grid(tables):
    """What is planned in each month; and the balance, but where the nights end before the month does."""
    counted = tables.by_month(lambda row: {"minutes": row.minutes})
    for first in tables.months:
        last = month_of(first)[1]
        days = [each for each in tables.nights if first <= each <= last]
        shown = grid(first, last, may_edit=lambda organisation: True, with_drafts=False)
        for row in (row for group in shown.groups for row in group.rows):
            minutes = counted[row.person.pk, row.employment.organisation_id, first]["minutes"]
            if row.planned != minutes:
                yield f"{row.person} in {first}: {row.planned}, not {minutes}"
            weekly = row.employment.weekly_minutes
            balance = minutes - round(weekly * ((last - days[0]).days + 1) / 7) if weekly else None
            if days[-1] == last and row.balance != balance:
                yield f"{row.person} in {first}: balance {row.balance}, not {balance}"


def hours_of_ones_own(tables):
    """What each sees of March, with its change of the clocks, and of April."""
    counted = tables.by_month(lambda row: columns_of(*row.span))
    for first in tables.months[-2:]:
        with clock.at(moment(first, 12)):
            for person in Person.objects.filter(pk__in=tables.spans).order_by("pk"):
                for period in mine(person).periods:
                    columns = counted[person.pk, period.plan.organisation_id, first]
                    told = {name: getattr(period.hours, name) for name in COLUMNS}
                    if period.planned != columns["worked"] or told != {
                        each: columns[each] for each in COLUMNS
                    }:
                        yield f"{person} in {first}: {period.planned}, {told}, not {columns}"


def hours_in_the_ledger(tables):
    """Of the days from the first night to the last one behind."""
    last = max(each for each in tables.nights if each < local_day(clock.now()))
    minutes = Counter()
    for row in tables.rows:
        minutes[row.person] += row.minutes if local_day(row.start) <= last else 0
    entries = ledger(local_day(clock.now())).entries
    if {entry.person.pk for entry in entries} != tables.employees:
        yield "not of all employees"
    for entry in entries:
        if entry.minutes != minutes[entry.person.pk]:
            yield f"{entry.person}: {entry.minutes}, not {minutes[entry.person.pk]}"


def hours_in_the_register(tables):
    counted = defaultdict(Counter)
    live = Worked.objects.filter(replaced_by=None).order_by("pk")
    for row in live:
        span = minute(row.start), minute(row.end), row.break_minutes
        counted[row.person_id, row.organisation_id, local_day(row.start).replace(day=1)].update(
            columns_of(*span)
        )
    recorded = set(live.values_list("person", "assignment__shift"))
    for organisation in Organisation.objects.order_by("pk"):
        for first in tables.months:
            known = register_of(organisation, first, month_of(first)[1])
            told = {
                person.pk: {each: getattr(hours, each) for each in COLUMNS}
                for person, hours, _over in known.totals
            }
            here = {
                person: dict(columns)
                for (person, home, month), columns in counted.items()
                if (home, month) == (organisation.pk, first)
            }
            if told != here:
                yield f"{organisation} in {first}: {told}, not {here}"
            left = {
                row.pk
                for row in tables.rows
                if (row.organisation, row.month) == (organisation.pk, first)
                and row.end <= clock.now()
                and (row.person, row.shift) not in recorded
            }
            if left != {row.pk for row in known.unrecorded}:
                yield f"{organisation} in {first}: not recorded are {left}, it says {known.unrecorded}"


ALWAYS = (
    the_checks_of_the_house, two_shifts_at_once, more_than_ten_hours_in_a_day, more_than_48_hours_in_a_week,
    less_than_eleven_hours_of_rest, less_than_44_hours_of_rest_in_a_week, planned_while_away,
    planned_without_the_skill, a_history_that_leads_elsewhere, changes_that_name_somebody_else,
)  # fmt: skip
AT_THE_END = (hours_in_the_grid, hours_of_ones_own, hours_in_the_ledger, hours_in_the_register)


@pytest.mark.django_db
def test_a_winter_leaves_nothing_to_find(english):
    season, found, began = Season(seed=SEED, acts=ACTS, looks=LOOKS), defaultdict(list), monotonic()
    season.build()
    for date_ in season.live():
        with clock.at(moment(date_ + timedelta(days=1), 8, 30)):
            tables = Tables()
            for question in (*ALWAYS, *(AT_THE_END if date_ == LATER else ())):
                said = [f"{date_}: {sentence}" for sentence in question(tables)]
                found[question.__name__] += said
    if os.environ.get("ROTA_TELL"):
        print(f"\n{monotonic() - began:.0f} seconds\n{season.done}\n{season.refused}")

    assert {question: said for question, said in found.items() if said} == {}
    assert ACTS <= season.acts < ACTS + 20
    if ACTS >= 1000:
        assert [kind for kind in sorted(KINDS) if not season.done[kind]] == []
    assert _is_whole()


def _is_whole():
    """The night of the clock change has an hour less, the nights of the extension have people."""
    short = Shift.objects.get(template__code="night", night__date=date(2027, 3, 27))
    later = Assignment.objects.standing().filter(shift__night__date__gt=date(2027, 4, 15))
    long_ago = Assignment.objects.standing().filter(shift__night__date=FIRST)
    return short.end - short.start == timedelta(hours=7.5) and later.count() > 60 and long_ago.count() > 5


# Found on the way, each as small as it can be told.


def test_a_sunday_night_is_judged_in_the_week_in_which_it_ends_as_well(rota):
    """Ana rests from Monday to Tuesday night; with the night before only 39 and a half hours are left of it."""
    rota.published(
        "HUT",
        day(16),
        day(29),
        ("ana", day(24), "night"),
        *(("ana", day(number)) for number in (26, 27, 28, 29)),
    )

    refused(
        errors.BreaksRules,
        lambda: changing.correct(
            shift=rota.shift(day(22), "night"), skill=rota.skills["host"], after=rota.people["ana"], reason="ill",
            by=rota.planners["HUT"],
        ),
    )  # fmt: skip


def test_what_is_recorded_is_not_asked_for_again_after_a_new_version(rota, clock_at):
    rota.published("HUT", day(16), day(29), ("ana", day(16)))
    clock_at("2026-11-18 09:00")
    hut, planner = rota.organisations["HUT"], rota.planners["HUT"]
    recording.record_night(assignments=[rota.row("ana", day(16))], by=planner)

    rota.publish(planning.draft_of(organisation=hut, day=day(20), by=planner))

    assert register_of(hut, day(16), day(29)).unrecorded == ()


def test_two_people_can_be_taken_from_one_shift(rota):
    rota.published("HUT", day(16), day(29), ("ana", day(16)), ("ben", day(16)))
    evening, morning, host = rota.shift(day(16)), rota.shift(day(20), "morning"), rota.skills["host"]
    both = rota.people["ana"], rota.people["ben"]

    repairing.carry_out(
        given=[(morning, host, person) for person in both], taken=[(evening, host, person) for person in both],
        by=rota.planners["HUT"], reason="ill",
    )  # fmt: skip

    assert standing() == [("ana", day(20), "morning"), ("ben", day(20), "morning")]


def test_a_swap_can_be_approved_after_a_new_version_that_leaves_it_alone(rota):
    rota.published("HUT", day(16), day(29), ("ana", day(20)), ("ben", day(21)))
    swap = swapping.ask(
        given=rota.row("ana", day(20)), taker=rota.people["ben"], taken=rota.row("ben", day(21)),
        by=rota.himself("ana"),
    )  # fmt: skip
    swapping.agree(swap=swap, by=rota.himself("ben"))
    planner = rota.planners["HUT"]

    rota.publish(planning.draft_of(organisation=rota.organisations["HUT"], day=day(20), by=planner))
    swapping.approve(swap=swap, by=planner)

    assert standing() == [("ben", day(20), "evening"), ("ana", day(21), "evening")]


def test_a_draft_follows_a_round_of_which_two_changes_are_in_one_shift(rota):
    """Ben's evening goes to Cleo, hers to Ana who is there already, and Ana's place to Ben."""
    rota.published("HUT", day(16), day(29), ("ben", day(20)), ("cleo", day(21)), ("ana", day(21)))
    planner = rota.planners["HUT"]
    draft = planning.draft_of(organisation=rota.organisations["HUT"], day=day(20), by=planner)
    swap = swapping.ask_round(
        given=rota.row("ben", day(20)), theirs=rota.row("cleo", day(21)), others=rota.row("ana", day(21)),
        by=rota.himself("ben"),
    )  # fmt: skip
    for leg in Swap.objects.filter(state=Swap.State.ASKED).order_by("pk"):
        swapping.agree(swap=leg, by=rota.himself(leg.taker.name.lower()))

    swapping.approve(swap=swap, by=planner)

    assert standing() == [
        ("cleo", day(20), "evening"),
        ("ana", day(21), "evening"),
        ("ben", day(21), "evening"),
    ]
    assert cells(draft.assignments.all()) == standing()


def test_the_balance_in_the_grid_is_that_which_each_sees(rota, clock_at):
    first, last = date(2027, 4, 1), date(2027, 4, 30)
    shifts.lay_out(first_night=first, last_night=date(2027, 4, 15), by=BUILDER)
    rota.published("HUT", first, last, ("ana", date(2027, 4, 5)))
    clock_at("2027-04-05 12:00")

    shown = grid(first, last, may_edit=lambda organisation: True)

    rows = [row for group in shown.groups for row in group.rows if row.person == rota.people["ana"]]
    assert [row.balance for row in rows] == [period.balance for period in mine(rota.people["ana"]).periods]


def test_a_night_that_is_over_is_not_given_up(rota, clock_at):
    """In the afternoon Ana is entered as ill for the whole day, as the page does it."""
    rota.published("HUT", day(16), day(29), ("ana", day(16), "night"))
    clock_at("2026-11-17 15:00")

    covering.fall_out(
        person=rota.people["ana"], start=moment(day(17), 0), end=moment(day(18), 0), by=rota.planners["HUT"]
    )

    assert standing() == [("ana", day(16), "night")]
    assert not OpenShift.objects.exists()
