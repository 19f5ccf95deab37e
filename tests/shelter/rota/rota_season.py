"""A season of the rota lived through by chance, from one seed, through the actions only.

Sixteen people of three organisations, their plans month by month, and what becomes of these from day to day. What the
house refuses is counted; anything else that goes wrong comes out as it is.
"""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import count
from random import Random
from unittest import mock

from django.db import connection, transaction

from shelter import clock, nights
from shelter.actions import planning as seasons
from shelter.actions import team
from shelter.actor import CLOCK, Actor
from shelter.errors import Refused
from shelter.models import OpeningPeriod, Role
from shelter.rota import rostering, staffing
from shelter.rota.actions import (
    changing,
    covering,
    people,
    planning,
    recording,
    reminding,
    repairing,
    shifts,
    swapping,
    volunteering,
)
from shelter.rota.errors import BreaksRules
from shelter.rota.models import (
    Absence,
    Assignment,
    Call,
    Employment,
    LeaveRequest,
    OpenShift,
    Plan,
    Shift,
    ShiftTemplate,
    Swap,
)
from shelter.rota.queries import repairs, swaps
from shelter.rota.queries.candidates import candidates
from shelter.rota.queries.cases import case_of
from shelter.rota.queries.coverage import places
from shelter.rota.queries.mine import offers_for
from shelter.rota.queries.plans import blocking, findings_for, season_around, set_aside
from shelter.rota.queries.register import register_of
from shelter.rota.queries.waiting import waiting_for
from tests.conftest import BUILDER, ORGANISATIONS, PASSWORD

FIRST, LAST, LATER = date(2026, 11, 15), date(2027, 4, 15), date(2027, 4, 28)
EXTENDED_ON = date(2027, 4, 7)
LONG_AGO = date(2026, 1, 1)
ROUNDS = 30  # of the search for each plan: counted, not timed, so that they come again
LOOKED_AT = 250  # ways tried for a repair, for the same reason

# Code, letter, from, until, minutes of break; then skill, needed, wished, priority.
TEMPLATES = (
    ("evening", "E", time(18, 30), time(0, 30), 0,
     (("lead", 1, 1, 2), ("host", 2, 3, 1), ("helper", 0, 1, 1), ("guard", 1, 1, 2))),
    ("night", "N", time(22, 30), time(7, 0), 30, (("lead", 1, 1, 2), ("host", 1, 2, 1), ("guard", 1, 1, 2))),
    ("morning", "M", time(5, 45), time(10, 0), 0, (("host", 1, 2, 1),)),
)  # fmt: skip
# Name, skills, then for each employment the organisation, the kind and the hours a week.
TEAM = (
    ("Ana", ("lead", "host"), (("HUT", "employee", 40),)),
    ("Ben", ("lead", "host"), (("HUT", "employee", 40),)),
    ("Carl", ("lead", "host"), (("HUT", "employee", 30),)),
    ("Dora", ("host",), (("HUT", "employee", 40),)),
    ("Finn", ("lead", "host"), (("HUT", "employee", 40),)),
    ("Mona", ("host",), (("CRL", "employee", 16), ("HUT", "employee", 20))),
    ("Gina", ("lead", "host"), (("CRL", "employee", 40),)),
    ("Hugo", ("host",), (("CRL", "employee", 30),)),
    ("Jana", ("lead", "host"), (("IA", "employee", 40),)),
    ("Kurt", ("host",), (("IA", "employee", 30),)),
    ("Lena", ("host",), (("IA", "employee", 20),)),
    ("Vera", ("helper",), (("CRL", "volunteer", 0),)),
    ("Will", ("helper",), (("CRL", "volunteer", 0),)),
    ("Gus", ("guard",), (("HUT", "guard", 0),)),
    ("Otto", ("guard",), (("HUT", "guard", 0),)),
    ("Paul", ("guard",), (("HUT", "guard", 0),)),
)

# Who does not hold the whole winter: employed, or able to do a duty, only from a day until a day.
EMPLOYED_FROM = {"Finn": date(2027, 1, 1)}
HELD = {
    ("Ben", "lead"): ((LONG_AGO, date(2027, 3, 31)),),
    ("Lena", "host"): ((LONG_AGO, date(2027, 2, 28)), (date(2027, 3, 15), None)),
}
ELSEWHERE = "Kurt"  # works for somebody else on Wednesday afternoons
# What may happen, and how often beside the others.
ACTS = {
    "swap": 8, "handover": 4, "round": 3, "swap answered": 18, "swap decided": 16, "swap undone": 4, "fell out": 5.5,
    "place taken": 8, "called": 3, "repaired": 5, "corrected": 6, "offered": 2, "leave asked": 5,
    "leave answered": 3, "wished": 6, "draft opened": 3, "draft changed": 11, "draft ended": 1.2, "recorded": 6,
    "set aside": 1, "tick": 2,
}  # fmt: skip
REASON = "as it came"


def moment(day, hour, minute=0):
    return datetime.combine(day, time(hour, minute), tzinfo=nights.LUXEMBOURG).astimezone(UTC)


def month_of(day):
    """First and last day of the month of a day."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - nights.ONE_DAY


class Season:
    """One winter. `live` goes from day to day and yields each day at whose end somebody may look."""

    def __init__(self, *, seed, acts, looks=()):
        self.chance, self.wanted, self.looks = Random(seed), acts, frozenset(looks)
        self.done: Counter = Counter()
        self.refused: Counter = Counter()
        self.came_about: Counter = Counter()
        self.acts = 0

    # The house before the winter.

    def build(self):
        with clock.at(moment(date(2026, 11, 2), 9)):
            self._house()
            self._shifts()
            self._team()
        with clock.at(moment(date(2026, 11, 3), 9)):
            self._draft(*month_of(FIRST))
            self._publish_all(FIRST)

    def _house(self):
        self.organisations = {
            code: team.add_organisation(code=code, name=name, first_day=LONG_AGO, by=BUILDER)
            for code, name in ORGANISATIONS.items()
        }
        self.planners = {code: self._planner(code) for code in self.organisations}
        self.coordinator = Actor(
            person=team.add_person(username="chief", name="Chief", password=PASSWORD, by=BUILDER),
            roles=frozenset({Role.COORDINATOR.value}),
            source="tests",
        )
        self._open(FIRST, LAST, OpeningPeriod.Kind.REGULAR)

    def _planner(self, code):
        person = team.add_person(
            username=f"planner-{code.lower()}", name=f"Planner {code}", password=PASSWORD, by=BUILDER
        )
        team.give_role(
            person=person,
            organisation=self.organisations[code],
            role=Role.PLANNER,
            first_day=LONG_AGO,
            by=BUILDER,
        )
        return Actor(
            person=person,
            roles=frozenset({Role.PLANNER.value}),
            held=frozenset({(Role.PLANNER.value, code)}),
            source="tests",
        )

    def _open(self, first, last, kind):
        seasons.add_period(
            service=OpeningPeriod.Service.NIGHT, first_date=first, last_date=last, kind=kind, by=BUILDER
        )
        self.last = last

    def _shifts(self):
        self.skills = {
            code: shifts.add_skill(code=code, name=code.title(), by=BUILDER)
            for code in ("lead", "host", "helper", "guard")
        }
        for code, letter, starts, ends, pause, demands in TEMPLATES:
            shifts.set_template(
                code=code, name=code.title(), letter=letter, starts=starts, ends=ends, break_minutes=pause,
                first_night=FIRST, by=BUILDER,
                demands=[
                    {"skill": self.skills[skill], "minimum": least, "wished": better, "priority": priority}
                    for skill, least, better, priority in demands
                ],
            )  # fmt: skip
        shifts.lay_out(first_night=FIRST, last_night=LAST, by=BUILDER)
        for code in ("CRL", "IA"):  # where nobody is asked a second time
            people.set_term(
                key="wave_minutes",
                value=None,
                organisation=self.organisations[code],
                first_day=LONG_AGO,
                by=BUILDER,
            )

    def _team(self):
        self.people = {}
        for name, skills, employments in TEAM:
            person = self.people[name] = team.add_person(
                username=name.lower(), name=name, password=PASSWORD, by=BUILDER
            )
            person.email = f"{name.lower()}@hut.example" if len(self.people) % 3 == 0 else ""
            person.save()
            for code, kind, hours in employments:
                people.employ(
                    person=person, organisation=self.organisations[code], kind=kind, weekly_minutes=hours * 60 or None,
                    first_day=EMPLOYED_FROM.get(name, LONG_AGO), is_night_worker="lead" in skills, by=BUILDER,
                )  # fmt: skip
            for skill in skills:
                for first, last in HELD.get((name, skill), ((LONG_AGO, None),)):
                    people.qualify(
                        person=person, skill=self.skills[skill], first_day=first, last_day=last, by=BUILDER
                    )
        self.homes = {
            self.people[name].pk: [code for code, _kind, _hours in employments]
            for name, _, employments in TEAM
        }
        self.himself = {
            person.pk: Actor(person=person, roles=frozenset({"worker"}), source="tests")
            for person in self.people.values()
        }
        for day in nights.between(FIRST, LATER):
            if day.weekday() == 2:
                people.block(
                    person=self.people[ELSEWHERE], kind=Absence.Kind.ELSEWHERE, start=moment(day, 13),
                    end=moment(day, 17), by=self.planners["IA"],
                )  # fmt: skip

    # Plans of a month.

    def _draft(self, first, last):
        """A lawful draft for everybody: employees as proposed, volunteers and guards in turn.

        What other drafts hold in the weeks around it is put in order first: nobody can be planned beside what breaks
        the law.
        """
        week = timedelta(days=7)
        open_plans = Plan.objects.filter(
            state__in=Plan.OPEN, last_day__gt=first - week, first_day__lt=last + week
        )
        for plan in open_plans.select_related("organisation").order_by("pk"):
            self._settle(plan)
        case = case_of(first, last)
        compiled, asked = staffing.compiled(case), count()
        found = rostering.solve(
            compiled.problem, seconds=600, stop=lambda: next(asked) > ROUNDS, personal=compiled.workforce,
            is_bounded=False,
        )  # fmt: skip
        there, _out = staffing.lawful(case, staffing.places_of(case, found.roster))
        by_pk = {person.pk: person for person in self.people.values()}
        dated = {shift.pk: shift for shift in Shift.objects.order_by("pk")}
        plans = {
            code: planning.open_draft(
                organisation=organisation, first_day=month_of(first)[0], last_day=month_of(first)[1],
                by=self.planners[code],
            )
            for code, organisation in self.organisations.items()
        }  # fmt: skip
        for name, place in there:
            shift, person = dated[place.shift], by_pk[int(name)]
            self._put(plans, shift, place.skill, person)
        self._in_turn(plans, [shift for shift in dated.values() if first <= shift.day <= last])

    def _put(self, plans, shift, skill, person):
        code = self.chance.choice(self.homes[person.pk])
        planning.assign(
            plan=plans[code], shift=shift, skill=self.skills[skill], person=person, by=self.planners[code]
        )

    def _in_turn(self, plans, dated):
        """Volunteers and guards: who has had least, is there, and has nothing else at this time."""
        skills = {name: skills for name, skills, _employments in TEAM}
        busy = {
            name: [(row.start, row.end) for row in (*person.absences.all(), *person.assignments.all())]
            for name, person in self.people.items()
        }
        for shift in sorted(dated, key=lambda each: (each.start, each.pk)):
            for code in shift.demands.order_by("pk").values_list("skill__code", flat=True):
                able = [
                    name
                    for name in self.people
                    if code in ("helper", "guard")
                    and code in skills[name]
                    and not any(start < shift.end and shift.start < end for start, end in busy[name])
                ]
                if able:
                    name = min(able, key=lambda each: len(busy[each]))
                    busy[name].append((shift.start, shift.end))
                    self._put(plans, shift, code, self.people[name])

    def _publish_all(self, day):
        for code, organisation in self.organisations.items():
            plan = Plan.objects.get(
                organisation=organisation, first_day=day.replace(day=1), state__in=Plan.OPEN
            )
            try:
                planning.publish(plan=plan, by=self.planners[code], reason=REASON)
            except BreaksRules:
                self._settle(plan)
                planning.publish(plan=plan, by=self.planners[code], reason=REASON)

    def _settle(self, plan):
        """Take out of a draft what forbids its publication."""
        first, last = season_around(plan.first_day, plan.last_day)
        while True:
            concerned = set(plan.assignments.order_by().values_list("person", flat=True))
            found = blocking(
                findings_for(concerned, first, last, plans=[plan]), set_aside(concerned, first, last)
            )
            if not found:
                return
            for person, findings in sorted(found.items()):
                self._take_out(plan, person, findings[0].day)

    def _take_out(self, plan, person, day):
        mine = plan.assignments.filter(person=person).select_related("plan").order_by("start", "pk")
        near = [row for row in mine if row.start >= moment(day, 0) - timedelta(days=1)]
        week = [row for row in near if row.start < moment(day, 0) + timedelta(days=7)]
        found = [*near[:1], *week] or list(
            mine
        )  # a row of days or nights may end before the day it is found on
        planning.unassign(assignment=found[-1], by=self._planner_of(plan))

    def _planner_of(self, plan):
        return self.planners[plan.organisation.code]

    # From day to day.

    def live(self):
        days = list(nights.between(date(2026, 11, 10), LATER))
        seconds = count(step=1.4 / LOOKED_AT)
        for number, day in enumerate(days, 1):
            with mock.patch.object(repairs, "monotonic", lambda: next(seconds)):
                with clock.at(moment(day, 9)):
                    self._morning(day)
                self._day(day, self.wanted * number // len(days))
            if day in self.looks:
                yield day

    def _morning(self, day):
        if day.day == 15 and day < LAST.replace(day=1):
            first, last = month_of(day + timedelta(days=20))
            self._draft(first, last)
        if day.day == 20 and day < LAST.replace(day=1):
            self._publish_all(day + timedelta(days=15))
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")  # nobody else looks into the tables of a transaction
        if day == EXTENDED_ON:
            self._extend()
        self.tick(is_act=False)

    def _extend(self):
        """The season is made longer: its nights, their shifts, and a new version of April."""
        first = LAST + nights.ONE_DAY
        self._open(first, LATER, OpeningPeriod.Kind.EXTENSION)
        shifts.lay_out(first_night=first, last_night=LATER, by=BUILDER)
        self._draft(first, month_of(LAST)[1])
        self._publish_all(LAST)

    def _day(self, day, until):
        minutes = sorted(self.chance.sample(range(5, 23 * 60), k=max(0, until - self.acts)))
        for minute in minutes:
            if self.acts < until:
                with clock.at(moment(day, 9) + timedelta(minutes=minute)):
                    self._something()

    def _something(self):
        """One of the things that may happen now; what has hardly ever come about is tried more often."""
        before, done = self.acts, sum(self.done.values())
        while self.acts == before:
            weights = [weight * (1 if self.came_about[kind] > 4 else 4) for kind, weight in ACTS.items()]
            (kind,) = self.chance.choices(list(ACTS), weights)
            getattr(self, kind.replace(" ", "_"))()
        self.came_about[kind] += sum(self.done.values()) > done

    def do(self, kind, act, /, **known):
        """One act; what it gave, or None where the house refused."""
        self.acts += 1
        try:
            with transaction.atomic():
                given = act(**known)
        except Refused as refusal:
            self.refused[kind, refusal.code] += 1
            return None
        self.done[kind] += 1
        return True if given is None else given

    def _which(self, kinds):
        """One of these kinds of act by their weight, but first what was hardly ever done."""
        rare = [kind for kind in kinds if self.done[kind] < 4]
        return self.chance.choice(rare) if rare else self.chance.choices(list(kinds), kinds.values())[0]

    def _one_of(self, rows):
        """One of the rows of a query, by chance; None where there is none."""
        found = list(rows.order_by("pk").values_list("pk", flat=True))
        return rows.get(pk=self.chance.choice(found)) if found else None

    def _ahead(self, days=20, **more):
        """What people are to work in the days to come."""
        return Assignment.objects.standing().filter(
            start__gt=clock.now(), start__lt=clock.now() + timedelta(days=days), **more
        ).select_related("shift__template", "shift__night", "skill", "plan__organisation", "person")  # fmt: skip

    def _today(self):
        return nights.local(clock.now()).date()

    # People among themselves.

    def swap(self):
        given = self._one_of(self._ahead())
        other = given and self._one_of(self._ahead().exclude(person=given.person_id))
        if other is None:
            return
        if self.chance.random() < 0.8:
            around = swaps.partners(given, *self._around(given, 3))
            other = self.chance.choice(around) if around else other
        self.do(
            "swap asked", swapping.ask, given=given, taker=other.person, taken=other,
            by=self.himself[given.person_id],
        )  # fmt: skip

    def _around(self, row, days):
        return max(self._today(), row.shift.day - timedelta(days=days)), row.shift.day + timedelta(days=days)

    def handover(self):
        given = self._one_of(self._ahead())
        takers = given and swaps.takers(given)
        if takers:
            self.do(
                "hand-over asked", swapping.ask, given=given, taker=self.chance.choice(takers),
                by=self.himself[given.person_id],
            )  # fmt: skip

    def round(self):
        given = self._one_of(self._ahead())
        rounds = given and swaps.rounds(given, *self._around(given, 3))
        if rounds:
            theirs, others = self.chance.choice(rounds)
            self.do(
                "round asked", swapping.ask_round, given=given, theirs=theirs, others=others,
                by=self.himself[given.person_id],
            )  # fmt: skip

    def swap_answered(self):
        swap = self._one_of(Swap.objects.filter(state=Swap.State.ASKED))
        if swap is None:
            return
        kind = self._which({"swap agreed": 10, "swap refused": 1, "swap withdrawn": 1})
        act = {"swap agreed": swapping.agree, "swap refused": swapping.refuse}.get(kind, swapping.withdraw)
        who = swap.giver_id if kind == "swap withdrawn" else swap.taker_id
        self.do(kind, act, swap=swap, by=self.himself[who])

    def swap_decided(self):
        waiting = waiting_for(list(self.organisations.values())).swaps
        if not waiting:
            return
        swap = self.chance.choice(waiting)
        by = self._decides(swap)
        kind = f"{self._kind_of(swap)} approved"
        if self.chance.random() > 0.9 or self.do(kind, swapping.approve, swap=swap, by=by) is None:
            self.do("swap refused", swapping.refuse, swap=swap, by=by)

    def _decides(self, swap):
        return self.chance.choice([self._planner_of(swap.given.plan), self.coordinator])

    def _kind_of(self, swap):
        return "round" if swap.links.exists() else "swap" if swap.taken_id else "hand-over"

    def swap_undone(self):
        swap = self._one_of(
            Swap.objects.filter(
                state=Swap.State.APPROVED, chain=None, decided_at__gt=clock.now() - timedelta(days=10)
            )
        )
        if swap is not None:
            self.do(f"{self._kind_of(swap)} undone", swapping.undo, swap=swap, by=self._decides(swap))

    # Somebody is away, somebody else steps in.

    def fell_out(self):
        row = self._one_of(self._ahead(days=3))
        if row is None:
            return
        person, day, chance = row.person, row.shift.day, self.chance.random()
        if row.skill.code == "helper":
            self.do("fell out as a volunteer", volunteering.cannot_come, assignment=row)
        elif chance < 0.6:
            end = moment(day + timedelta(days=self.chance.choice([1, 1, 2, 3])), 0)
            self.do(
                "fell out", covering.fall_out, person=person, start=clock.now(), end=end,
                by=self.himself[person.pk],
            )  # fmt: skip
        else:
            end = moment(day + timedelta(days=self.chance.choice([1, 1, 2, 3])), 0)
            kind = self.chance.choice([Absence.Kind.SICK, Absence.Kind.TRAINING, Absence.Kind.UNAVAILABLE])
            self.do(
                "reported away", covering.fall_out, person=person, start=moment(day, 0), end=end, kind=kind,
                by=self._planner_of(row.plan),
            )  # fmt: skip

    def _open_place(self):
        return self._one_of(
            OpenShift.objects.filter(closed_at=None, shift__end__gt=clock.now()).select_related(
                "shift__night", "shift__template", "skill", "organisation"
            )
        )

    def place_taken(self):
        place = self._open_place()
        able = candidates(place.shift, place.skill) if place else []
        if not able:
            return
        may = [each.person for each in able if each.may]
        person = self.chance.choice(may or [each.person for each in able])
        if self.chance.random() < 0.5 and place in offers_for(person):
            self.do("place claimed", covering.take, place=place, person=person, by=self.himself[person.pk])
        else:
            by = self.chance.choice([self.planners[place.organisation.code], *[self.coordinator] * 2])
            self.do(
                "place given", covering.answer_call, place=place, person=person, answer=Call.Answer.YES, by=by
            )

    def called(self):
        place = self._open_place()
        able = candidates(place.shift, place.skill) if place else []
        if able:
            answer = self.chance.choice([Call.Answer.NO, Call.Answer.NOBODY])
            by = self.planners[place.organisation.code]
            self.do(
                "called", covering.answer_call, place=place, person=self.chance.choice(able).person,
                answer=answer, by=by,
            )  # fmt: skip

    def _missing(self, days):
        return [
            place
            for place in places(self._today(), self._today() + timedelta(days=days))
            if place.missing and place.shift.start > clock.now()
        ]

    def repaired(self):
        missing = self._missing(7)
        if not missing:
            return
        some = self.chance.sample(missing, k=min(len(missing), self.chance.choice([1, 1, 2])))
        code = self.chance.choice(list(self.organisations))
        own, by = [self.organisations[code]], self.planners[code]
        if self.chance.random() < 0.6:
            own, by = list(self.organisations.values()), self.coordinator
        found = repairs.remedies([(place.shift, place.skill) for place in some], own)
        ways = [way for way in (found.smallest, *found.cheapest) if way and way.may_be_done]
        if ways:
            way = self.chance.choice(ways)
            steps = [(step.shift, step.skill, step.person, step.is_given) for step in way.steps]
            kind = "repaired in one step" if len(steps) == 1 else "repaired in more steps"
            self.do(
                kind, repairing.carry_out, reason=REASON, by=by,
                given=[step[:3] for step in steps if step[3]], taken=[step[:3] for step in steps if not step[3]],
            )  # fmt: skip

    def offered(self):
        missing = self._missing(10)
        if missing:
            place = self.chance.choice(missing)
            code = self.chance.choice(list(self.organisations))
            self.do(
                "place offered", covering.offer, shift=place.shift, skill=place.skill,
                organisation=self.organisations[code], by=self.planners[code],
            )  # fmt: skip

    # What planners do by hand.

    def corrected(self):
        chance = self.chance.random()
        missing = self._missing(12) if chance < 0.35 else []
        if missing:
            place = self.chance.choice(missing)
            self._correct("added by hand", place.shift, place.skill, None)
            return
        row = self._one_of(self._ahead())
        if row is not None and chance < 0.8:
            self._correct("replaced by hand", row.shift, row.skill, row)
        elif row is not None:
            self.do(
                "taken away by hand", changing.correct, shift=row.shift, skill=row.skill, before=row.person,
                reason=self.chance.choice([REASON, REASON, ""]), by=self._planner_of(row.plan),
            )  # fmt: skip

    def _correct(self, kind, shift, skill, row):
        able = candidates(shift, skill)
        may = [each.person for each in able if each.may] or [each.person for each in able]
        if may:
            code = row.plan.organisation.code if row else self.chance.choice(list(self.organisations))
            by = self.chance.choice([self.planners[code], self.coordinator])
            self.do(
                kind, changing.correct, shift=shift, skill=skill, before=row and row.person,
                after=self.chance.choice(may), reason=REASON, by=by,
            )  # fmt: skip

    def draft_opened(self):
        code = self.chance.choice(list(self.organisations))
        day = self._today() + timedelta(days=self.chance.randrange(3, 25))
        if day <= self.last and self._is_published(code, day):
            self.do(
                "draft opened", planning.draft_of, organisation=self.organisations[code], day=day,
                by=self.planners[code],
            )  # fmt: skip

    def _is_published(self, code, day):
        return Plan.objects.filter(
            organisation=self.organisations[code], state=Plan.State.PUBLISHED, first_day__lte=day, last_day__gte=day
        ).exists()  # fmt: skip

    def _open_draft(self, *, first_too=False):
        drafts = Plan.objects.filter(state__in=Plan.OPEN, last_day__gt=self._today())
        if not first_too:
            drafts = drafts.filter(number__gt=1)
        return self._one_of(drafts.select_related("organisation"))

    def draft_changed(self):
        plan = self._open_draft(first_too=True)
        if plan is None:
            return
        first, last = (
            max(plan.first_day, FIRST, self._today() + nights.ONE_DAY),
            min(plan.last_day, self.last),
        )
        if first > last:
            return
        by, chance = self._planner_of(plan), self.chance.random()
        day = first + timedelta(days=self.chance.randrange((last - first).days + 1))
        row = self._one_of(plan.assignments.filter(start__gt=clock.now()).select_related("plan"))
        if chance < 0.3 and row is not None:
            self.do("taken out of a draft", planning.unassign, assignment=row, by=by)
            return
        employment = self._one_of(
            Employment.objects.on(day).filter(organisation=plan.organisation).select_related("person")
        )
        person = employment.person
        if chance < 0.75:
            kinds = [*ShiftTemplate.objects.order_by("pk"), None]
            self.do(
                "given in a draft", planning.give, organisation=plan.organisation, person=person, day=day,
                template=self.chance.choice(kinds), by=by,
            )  # fmt: skip
        else:
            shift = self._one_of(Shift.objects.filter(night__date=day).select_related("template", "night"))
            skill = self.chance.choice(list(shift.demands.order_by("pk").select_related("skill"))).skill
            self.do(
                "put into a draft", planning.assign, plan=plan, shift=shift, skill=skill, person=person, by=by
            )

    def draft_ended(self):
        plan = self._open_draft()
        if plan is None:
            return
        if self._which({"published again": 6, "draft dropped": 1}) == "published again":
            self._publish_again(plan)
        else:
            self.do("draft dropped", planning.drop, plan=plan, by=self._planner_of(plan))

    def _publish_again(self, plan):
        publish = partial(self.do, "published again", planning.publish, plan=plan, by=self._planner_of(plan))
        if publish(reason=self.chance.choice([REASON, ""])) is None:
            self._settle(plan)
            publish(reason=REASON)

    def set_aside(self):
        """Somebody works so much in a week that no long rest is left, and the planner says why."""
        monday = self._today() + timedelta(days=7 - self._today().weekday())
        monday += timedelta(days=7 * self.chance.randrange(2))
        code = self.chance.choice(list(self.organisations))
        sunday = monday + timedelta(days=6)
        if sunday > self.last or monday.month != sunday.month or not self._is_published(code, monday):
            return
        organisation, by = self.organisations[code], self.planners[code]
        hosts = Employment.objects.on(monday).filter(organisation=organisation, kind="employee")
        person = self._one_of(hosts.select_related("person")).person
        plan = self.do("draft opened", planning.draft_of, organisation=organisation, day=monday, by=by)
        if self._without_rest(plan, person, monday, sunday):
            self.do("published again", planning.publish, plan=plan, reason=REASON, by=by)
            rule = self.chance.choice(["weekly_rest"] * 4 + ["daily_rest"])
            self.do(
                "rule set aside", planning.set_aside_rule, organisation=organisation, person=person, rule=rule,
                day=monday, reason=REASON, by=by,
            )  # fmt: skip
        self._publish_again(plan)

    def _without_rest(self, plan, person, monday, sunday):
        """Put mornings into a draft until nothing but the long rest of the week is broken."""
        for shift in Shift.objects.filter(template__code="morning", start__gte=moment(monday, 0)).order_by(
            "start"
        ):
            if shift.day > sunday:
                return False
            if plan.assignments.filter(person=person, shift=shift).exists():
                continue
            row = planning.assign(
                plan=plan, shift=shift, skill=self.skills["host"], person=person, by=self._planner_of(plan)
            )
            found = blocking(findings_for([person.pk], monday, sunday, plans=[plan]), ()).get(person.pk, [])
            rules = {finding.rule for finding in found}
            if rules - {"weekly_rest"}:
                planning.unassign(assignment=row, by=self._planner_of(plan))
            elif rules:
                return True
        return False

    # Time off, wishes, and what was worked.

    def leave_asked(self):
        person = self.chance.choice(list(self.people.values()))
        first = self._today() + timedelta(days=self.chance.randrange(17, 45))
        last = first + timedelta(days=self.chance.randrange(-1 if self.chance.random() < 0.1 else 0, 5))
        self.do(
            "leave asked", people.ask_leave, person=person, first_day=first, last_day=last,
            by=self.himself[person.pk],
        )  # fmt: skip

    def leave_answered(self):
        request = self._one_of(
            LeaveRequest.objects.filter(state=LeaveRequest.State.ASKED).select_related("person")
        )
        if request is None:
            return
        person = request.person
        kind = self._which({"leave granted": 3, "leave refused": 1, "leave withdrawn": 1})
        if kind == "leave withdrawn":
            self.do(kind, people.withdraw_leave, request=request, by=self.himself[person.pk])
            return
        granted, by = kind == "leave granted", self.planners[self.homes[person.pk][0]]
        answered = self.do(kind, people.answer_leave, request=request, granted=granted, by=by)
        if answered is not None and granted:
            self._free(request)

    def _free(self, request):
        """Whoever has leave gives their shifts of these days up."""
        away = request.absence
        lost = self._ahead(days=60, person=request.person_id).filter(start__lt=away.end, end__gt=away.start)
        for row in lost.order_by("start"):
            self.do(
                "freed for leave", changing.correct, shift=row.shift, skill=row.skill, before=row.person,
                reason=REASON, by=self._planner_of(row.plan),
            )  # fmt: skip

    def tick(self, *, is_act=True):
        """What the clock does by itself."""
        silent = LeaveRequest.objects.filter(state=LeaveRequest.State.ASKED, answer_due_at__lte=clock.now())
        due = list(silent.order_by("pk"))
        if is_act:
            self.do("tick", self._clock_acts)
        else:
            self._clock_acts()
        for request in due:
            request.refresh_from_db()
            if request.by_silence:
                self.done["leave by silence"] += 1
                self._free(request)

    def _clock_acts(self):
        people.let_silence_consent(CLOCK)
        covering.widen(CLOCK)
        reminding.remind()
        volunteering.say_thanks()

    def wished(self):
        person = self.chance.choice(list(self.people.values()))
        night = self._today() + timedelta(days=self.chance.randrange(1, 50))
        template = self.chance.choice([None, *ShiftTemplate.objects.order_by("pk")])
        self.do(
            "wished", people.wish, person=person, night=night, template=template, weight=self.chance.randrange(5),
            is_on=self.chance.random() < 0.3, by=self.himself[person.pk],
        )  # fmt: skip

    def recorded(self):
        code = self.chance.choice(list(self.organisations))
        if self.chance.random() < 0.35:
            first = (self._today() - timedelta(days=12)).replace(day=1)
            known = register_of(self.organisations[code], first, self._today())
            if known.unrecorded:
                self.do(
                    "recorded as planned", recording.record_night, assignments=known.unrecorded,
                    by=self.planners[code],
                )  # fmt: skip
            return
        row = self._one_of(
            Assignment.objects.standing()
            .filter(end__lte=clock.now(), end__gt=clock.now() - timedelta(days=9))
            .select_related("plan__organisation", "person")
        )
        if row is not None:
            by = self.chance.choice([self.himself[row.person_id], self._planner_of(row.plan)])
            self.do(
                "recorded otherwise", recording.record_worked, assignment=row, by=by, note="as it was",
                start=row.start + timedelta(minutes=10 * self.chance.randrange(-3, 4)),
                end=row.end + timedelta(minutes=10 * self.chance.randrange(-3, 7)),
                break_minutes=self.chance.choice([None, 0, 20]),
            )  # fmt: skip
