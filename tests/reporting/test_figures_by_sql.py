"""Every figure is what its definition says, worked out a second time from the tables of a season left to chance.

Nothing here uses reporting/ but the figures that are asked about: the second way is SQL that both databases read, and
plain Python over its rows where SQL would be absurd.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import pairwise
from random import Random
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from intake.models import Incident, Referral, Tally
from reporting.indicators import INDICATORS
from reporting.models import EmptyBeds, NightWeather
from reporting.queries.facts import window
from reporting.values import Peak, Ratio
from shelter.models import (
    Activation,
    BedNight,
    BedPosition,
    Closure,
    ColdSpell,
    Night,
    Occupant,
    Person,
    Refusal,
    Registration,
    Season,
    Setting,
)
from shelter.queries.house import board_of, capacity_of
from shelter.rota.models import Assignment, Demand, Employment, Plan, Shift, ShiftTemplate, Skill, Worked
from tests.harness import count_queries, same_queries_for

LUXEMBOURG = ZoneInfo("Europe/Luxembourg")
DAY = timedelta(days=1)
RAN = ("doors_open", "doors_closed", "closed", "definitive")

AUTUMN = [date(2026, 11, 15) + number * DAY for number in range(8)]
NEW_YEAR = [date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1)]
SPRING = [date(2027, 3, 26), date(2027, 3, 27), date(2027, 3, 28)]  # the clock changes in the second one
ALL = (AUTUMN[0], SPRING[-1])
WINDOWS = (
    ALL,
    (AUTUMN[3], NEW_YEAR[-1]),
    (NEW_YEAR[-1], SPRING[-1]),
    (AUTUMN[2], AUTUMN[2]),
    (date(2026, 12, 1), date(2026, 12, 5)),  # planned, and never opened
)
LAST_WINTER = [date(2026, 1, 10) + number * DAY for number in range(3)]
NOBODY_HAS_LEFT = SPRING[-1]
FULL = AUTUMN[5]
OPENED_TOO_LATE = SPRING[0]  # a place for which nobody was left
STATES = (
    dict.fromkeys(AUTUMN, "definitive")
    | dict.fromkeys([*AUTUMN[-2:], *NEW_YEAR], "closed")
    | dict(zip(SPRING, ["closed", "doors_closed", "doors_open"], strict=True))
    | {AUTUMN[4]: "open", date(2027, 3, 29): "list_frozen"}
)
STEPS = {  # the time of each step: days after the evening's date, and the local time
    "opened_at": (0, "11:30"), "list_frozen_at": (0, "18:00"), "doors_opened_at": (0, "19:15"),
    "doors_closed_at": (0, "23:00"), "closed_at": (1, "09:00"), "sealed_at": (4, "12:00"),
}  # fmt: skip
FATES = {"slept": 60, "visited": 12, "came_late": 6, "released": 10, "undone": 6, "held": 6}
WEATHER = {  # 0.0 is not cold, -0.1 is; the lowest of autumn twice, the later night noted first
    AUTUMN[5]: "-17.3", AUTUMN[3]: "-17.3", AUTUMN[1]: "0.0", AUTUMN[2]: "-0.1", SPRING[1]: "-40.0",
}  # fmt: skip
NOBODY_LOOKED = AUTUMN[6]
COLD_SPELLS = (  # first night, last night, withdrawn
    (AUTUMN[1], AUTUMN[3], False), (AUTUMN[3], AUTUMN[4], False), (AUTUMN[3], AUTUMN[3], False),
    (AUTUMN[6], NEW_YEAR[0], True), (NEW_YEAR[2], date(2027, 1, 6), False),
)  # fmt: skip
SHIFTS = {
    "evening": ("18:30", "00:30", 0),
    "night": ("22:30", "07:00", 45),
    "morning": ("04:45", "09:30", 15),
}
CREW = (  # by organisation as what; of the last nobody wrote it down, and the figures say employee
    {"HUT": "employee"}, {"HUT": "employee"}, {"HUT": "employee", "CRL": "volunteer"}, {"HUT": "guard"},
    {"CRL": "employee"}, {"CRL": "volunteer"}, {"CRL": "volunteer"}, {"IA": "guard"}, {"IA": "employee"}, {},
)  # fmt: skip
SEALED, SEALED_AGAIN, NEVER_LOOKED_AT = AUTUMN[0], AUTUMN[1], AUTUMN[2]
WHEN_SEALED = {"held": 31, "zone_mismatch": 7, "no_demand": 0}


# A season left to chance.


def at(night, local, *, days=None):
    """A local time of a night as an instant: before noon it is that of the next morning."""
    hour, minute = map(int, local.split(":"))
    day = night + DAY * ((hour < 12) if days is None else days)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LUXEMBOURG)


class Chance:
    """Writes nights as they might have been; what a seed writes, it writes again."""

    def __init__(self, seed, house, season):
        self.dice, self.house, self.season = Random(seed), house, season
        self.extra = {bed.pk for label, bed in house.beds.items() if label.startswith("EX")}
        last_winter = Season.objects.create(name="2025/26")
        for day in LAST_WINTER:
            Night.objects.create(season=last_winter, date=day)
        self.nights = {night.date: night for night in Night.objects.order_by("date")}
        self.people = [self.somebody() for _number in range(34)]
        for alias, counts in zip(self.people[-6:], self.people[:6], strict=True):
            Occupant.objects.filter(pk=alias.pk).update(same_as=counts)
        self.rebuild()

    def likely(self, percent):
        return self.dice.randrange(100) < percent

    def somebody(self):
        return Occupant.objects.create(
            sex=self.dice.choice(Occupant.Sex.values),
            birth_year=self.dice.choice([None, *range(1946, 2012, 3)]),
            origin=self.dice.choice(Occupant.Origin.values),
        )

    def rebuild(self):
        beds, rooms = self.house.beds, self.house.dormitories
        BedPosition.objects.create(bed=beds["MB4"], dormitory=rooms["WO"], first_night=AUTUMN[3])
        BedPosition.objects.create(bed=beds["MA6"], dormitory=None, first_night=NEW_YEAR[1])
        # Of a dormitory and then of a bed in it: the first of them is the reason.
        self.close(dormitory=rooms["WO"], reason="pests", first=AUTUMN[1], last=AUTUMN[3])
        self.close(bed=beds["WO1"], reason="repair", first=AUTUMN[2], last=AUTUMN[5])
        self.close(dormitory=rooms["FA"], reason="hygiene", first=SPRING[0], last=None)
        self.close(dormitory=rooms["MA"], reason="other", first=AUTUMN[0], last=None, withdrawn=True)
        for label in self.dice.sample(["MA1", "MA2", "MB1", "MB2", "DG1", "WK1", "EX1"], 4):
            first = self.dice.choice([*AUTUMN, *NEW_YEAR])
            last = self.dice.choice([None, first, first + 2 * DAY])
            self.close(bed=beds[label], reason=self.dice.choice(Closure.Cause.values), first=first, last=last)
        self.open_places(2, AUTUMN[1], AUTUMN[6], at(AUTUMN[0], "15:00"))
        self.open_places(1, AUTUMN[3], AUTUMN[3], at(AUTUMN[3], "01:30"))
        self.open_places(self.dice.randint(1, 3), NEW_YEAR[0], None, at(NEW_YEAR[0], "16:00"))
        self.open_places(1, OPENED_TOO_LATE, OPENED_TOO_LATE, at(OPENED_TOO_LATE, "23:30"))
        for key, value, first in (
            ("open_places", "15", AUTUMN[1]), ("open_places", "9", AUTUMN[2]), ("open_places", "11", AUTUMN[2]),
            ("open_places", "", AUTUMN[5]), ("open_places", str(self.dice.randint(8, 14)), NEW_YEAR[0]),
            ("age_bands", "18, 30, 60", NEW_YEAR[1]), ("age_bands", "25", SPRING[-1] + DAY),
        ):  # fmt: skip
            Setting.objects.create(
                key=key, value=value, first_night=first, set_at=at(AUTUMN[0], "12:00"), reason="so decided"
            )

    def close(self, *, reason, first, last, withdrawn=False, **what):
        Closure.objects.create(
            **what, reason=reason, first_night=first, last_night=last, closed_at=at(first, "14:00"),
            withdrawn_at=at(first, "15:00") if withdrawn else None,
        )  # fmt: skip

    def open_places(self, number, first, last, decided):
        Activation.objects.create(
            layer="extension", number=number, first_night=first, last_night=last, reason="cold",
            approval="by letter", activated_at=decided,
        )  # fmt: skip

    def live_through(self):
        for day in LAST_WINTER:
            self.sleep_and_go(day, self.dice.sample(self.people[:12], 6))
        for day in STATES:
            night = self.nights[day]
            if STATES[day] in RAN:
                self.at_the_door(day)
            self.around(night)
        for day, state in [*STATES.items(), *dict.fromkeys(LAST_WINTER, "definitive").items()]:
            self.step(day, state)
        self.weather()
        self.rota()
        self.keep(SEALED, self.nights[SEALED].sealed_at)
        self.keep(SEALED_AGAIN, self.nights[SEALED_AGAIN].sealed_at - DAY)
        return self

    def at_the_door(self, day):
        crowd = self.dice.sample(self.people, 30 if day == FULL else self.dice.randint(13, 22))
        if day in AUTUMN:  # some come for the first time after New Year
            crowd = [person for person in crowd if person not in self.people[20:24]]
        if day == NOBODY_HAS_LEFT:
            self.stay_until_now(day, crowd)
        else:
            self.sleep_and_go(day, crowd)

    def beds_of(self, day):
        """The beds that can be taken, and those that cannot but stand in the house; both in any order."""
        board = board_of(self.nights[day])
        free = [bed.id for bed in board if bed.state == "free"]
        shut = [bed.id for bed in board if bed.state != "free"]
        if not board:  # last winter, before the house of these tests was built
            free = sorted(bed.pk for bed in self.house.beds.values())
        self.dice.shuffle(free)
        self.dice.shuffle(shut)
        return free, shut

    def stay_until_now(self, day, crowd):
        free, shut = self.beds_of(day)
        for person in crowd[:-1]:
            if free and self.likely(80):
                self.row(day, person, free.pop(), "in", arrived_at=at(day, "20:30"))
            elif free:
                self.row(day, person, free.pop(), "held", held_at=at(day, "19:00"))
        self.row(day, crowd[-1], shut.pop(), "in", arrived_at=at(day, "21:00"))

    def sleep_and_go(self, day, crowd):
        free, shut = self.beds_of(day)
        if day == OPENED_TOO_LATE:
            free = [bed for bed in free if bed not in self.extra]
        is_over = STATES.get(day, "definitive") in RAN[2:]
        if shut:  # once a night somebody sleeps where nobody should
            person = crowd.pop()
            self.row(day, person, shut.pop(), "left", arrived_at=at(day, "20:00"), left_at=at(day, "07:30"))
        for person in crowd:
            if not free:
                break
            bed = free.pop()
            fate = "slept" if day == FULL else self.dice.choices(list(FATES), list(FATES.values()))[0]
            if fate == "slept" and not is_over and self.likely(60):
                self.row(day, person, bed, "in", arrived_at=at(day, "22:10"))
            elif fate == "slept":
                came = at(day, self.dice.choice(["19:30", "22:45", "01:15", "04:00"]))
                gone = at(day, self.dice.choice(["04:01", "05:30", "08:40"]))
                self.row(day, person, bed, "left", arrived_at=came, left_at=gone)
            elif fate == "visited":
                came = at(day, self.dice.choice(["19:30", "00:10"]))
                gone = at(day, self.dice.choice(["00:10", "03:20", "04:00"]))
                self.row(day, person, bed, "left", arrived_at=came, left_at=gone)
                if self.likely(40):  # somebody else takes the bed
                    free.append(bed)
            elif fate == "came_late":
                came, gone = at(day, "05:10"), at(day, "08:40")
                self.row(day, person, bed, "left", arrived_at=came, left_at=gone)
            elif fate == "undone":
                self.row(day, person, bed, "undone", arrived_at=at(day, "20:00"), ended_at=at(day, "20:05"))
            elif fate == "held" and not is_over:
                self.row(day, person, bed, "held", held_at=at(day, "18:30"))
            else:  # what was kept until the night was closed is released then
                until = "08:50" if fate == "held" else "22:00"
                self.row(day, person, bed, "released", held_at=at(day, "18:30"), ended_at=at(day, until))
                if fate == "released" and self.likely(30):
                    free.append(bed)

    def row(self, day, person, bed, state, **times):
        BedNight.objects.create(occupant=person, bed_id=bed, night=self.nights[day], state=state, **times)

    def around(self, night):
        """Who asked, and what happened: also around nights that never opened."""
        for person in self.dice.sample(self.people, 12):
            for withdrawn in self.dice.choice([[False], [True], [True, False]]):
                Registration.objects.create(
                    occupant=person, night=night, registered_at=at(night.date, "13:00"),
                    withdrawn_at=at(night.date, "17:00") if withdrawn else None,
                )  # fmt: skip
        reasons = [*Refusal.Reason.values, "no_place", "no_suitable_place", "no_suitable_place"]
        for _number in range(self.dice.choice([0, 2, 7, 12])):
            self.refuse(
                night, self.dice.choice([None, *self.dice.sample(self.people, 2)]), self.dice.choice(reasons)
            )
        if self.likely(70):  # somebody asks twice
            person = self.dice.choice(self.people)
            self.refuse(night, person, "no_suitable_place")
            self.refuse(night, person, "no_suitable_place")
        for _number in range(self.dice.randint(0, 3)):
            Incident.objects.create(
                night=night, happened_at=at(night.date, "23:40"), place="door", written_at=at(night.date, "23:50"),
                kind=self.dice.choice(Incident.Kind.values), severity=self.dice.randint(1, 4),
                police=self.likely(30), ambulance=self.likely(30),
            )  # fmt: skip
        for service in self.dice.sample(Tally.Service.values, 8):
            Tally.objects.create(
                day=night.date,
                service=service,
                number=self.dice.randint(0, 40),
                entered_at=at(night.date, "22:00"),
            )
        for _number in range(self.dice.randint(0, 3)):
            Referral.objects.create(
                occupant=self.dice.choice(self.people), target=self.dice.choice(Referral.Target.values),
                made_on=night.date, made_at=at(night.date, "21:00"),
            )  # fmt: skip

    def refuse(self, night, person, reason):
        Refusal.objects.create(
            night=night, occupant=person, reason=reason, asked_before=self.likely(20),
            outcome=self.dice.choice([*Refusal.Outcome.values, "unknown", "unknown"]),
            refused_at=at(night.date, "21:30"),
            withdrawn_at=at(night.date, "21:35") if self.likely(15) else None,
        )  # fmt: skip

    def step(self, day, state):
        taken = list(STEPS)[: Night.STEPS.index(state)]
        times = {name: at(day, STEPS[name][1], days=STEPS[name][0]) for name in taken}
        Night.objects.filter(date=day).update(state=state, **times)
        self.nights[day].refresh_from_db()

    def weather(self):
        """Of most nights, also of those that never opened, and of nights beyond the season."""
        others = [day for day in [*self.nights, SPRING[-1] + 40 * DAY] if day not in WEATHER]
        chosen = {day: f"{Decimal(self.dice.randint(-120, 90)) / 10}" for day in others if self.likely(75)}
        for day, minimum in (WEATHER | chosen).items():
            if day != NOBODY_LOOKED:
                NightWeather.objects.create(
                    night=day, minimum=Decimal(minimum), is_wet=self.dice.choice([True, False, None]),
                    source="Findel", noted_at=at(day, "09:00"),
                )  # fmt: skip
        first = self.dice.choice([*AUTUMN, *NEW_YEAR, *SPRING])
        by_chance = (first, first + self.dice.randint(0, 9) * DAY, False)
        for first, last, withdrawn in (*COLD_SPELLS, by_chance):
            ColdSpell.objects.create(
                first_night=first, last_night=last, declared_at=at(first, "12:30"),
                withdrawn_at=at(first, "14:30") if withdrawn else None,
            )  # fmt: skip

    def rota(self):
        """Shifts around every night, and who was given them by which organisation, drafted, ended and worked."""
        self.duties = [Skill.objects.create(code=code, name=code) for code in ("host", "lead", "helper")]
        self.crew, self.plans = [], {}
        for number, jobs in enumerate(CREW):
            person = Person.objects.create(username=f"crew{number}", name=f"Crew {number}")
            for code, kind in jobs.items():
                Employment.objects.create(
                    person=person, organisation=self.house.organisations[code], kind=kind, weekly_minutes=1200,
                    first_day=AUTUMN[0] - DAY,
                )  # fmt: skip
            self.crew.append((person, list(jobs) or ["HUT"]))
        for code, organisation in self.house.organisations.items():
            self.plans[code] = [
                Plan.objects.create(
                    organisation=organisation, first_day=AUTUMN[0], last_day=SPRING[-1], number=number, state=state,
                    made_at=at(AUTUMN[0], "12:00"),
                    published_at=at(AUTUMN[0], "13:00") if state == "published" else None,
                )
                for number, state in enumerate(("published", "draft"), start=1)
            ]  # fmt: skip
        for letter, (code, (starts, ends, pause)) in zip("SNM", SHIFTS.items(), strict=True):
            kind = ShiftTemplate.objects.create(
                code=code, name=code, letter=letter, starts=starts, ends=ends, break_minutes=pause,
                first_night=AUTUMN[0],
            )  # fmt: skip
            for day in STATES:
                self.shift(day, kind, at(day, starts), at(day, ends))
        for day in STATES:
            self.staff(day)

    def shift(self, day, kind, start, end):
        shift = Shift.objects.create(
            template=kind, night=self.nights[day], start=start, end=end, break_minutes=kind.break_minutes
        )
        for skill in self.dice.sample(self.duties, 2):
            least = self.dice.randint(0, 3)
            Demand.objects.create(
                shift=shift, skill=skill, minimum=least, wished=least + self.dice.randint(0, 3),
                per_guests=self.dice.choice([None, 3, 4, 20]),
            )  # fmt: skip

    def staff(self, day):
        """Nobody is given two shifts of one night."""
        crew = self.dice.sample(self.crew, len(self.crew))
        for shift in Shift.objects.filter(night__date=day).select_related("template").order_by("start"):
            for _number in range(self.dice.randint(0, 4)):
                if not crew:
                    return
                person, employers = crew.pop()
                where = self.dice.choice(employers)
                published, draft = self.plans[where]
                fate = self.dice.choice(
                    ["stands", "stands", "worked", "corrected", "ended", "drafted", "again"]
                )
                given = self.give(shift, person, draft if fate == "drafted" else published,
                                  stands=fate in ("stands", "worked", "corrected"))  # fmt: skip
                if fate in ("worked", "corrected", "again"):
                    self.work(given, is_corrected=fate == "corrected")
                if fate == "again":  # what was worked was written down before it was given to them once more
                    self.give(shift, person, published, stands=True)
                if self.likely(20):  # worked beside the shifts of the rota
                    Worked.objects.create(
                        person=person, organisation=published.organisation, start=shift.start, end=shift.end,
                        recorded_at=shift.end,
                    )  # fmt: skip

    def give(self, shift, person, plan, *, stands):
        return Assignment.objects.create(
            plan=plan, shift=shift, skill=self.dice.choice(self.duties), person=person, start=shift.start,
            end=shift.end, stands=stands,
        )  # fmt: skip

    def work(self, given, *, is_corrected):
        def recorded(**known):
            return Worked.objects.create(
                person=given.person, organisation=given.plan.organisation, recorded_at=given.end,
                start=given.start - timedelta(minutes=self.dice.randint(0, 20)),
                end=given.end + timedelta(minutes=self.dice.randint(-45, 50)),
                break_minutes=self.dice.choice([0, 30, 45]), **known,
            )  # fmt: skip

        if is_corrected:
            counts = recorded()
            recorded(assignment=given, replaced_by=counts)
            Worked.objects.filter(pk=counts.pk).update(assignment=given)
        else:
            recorded(assignment=given)

    def keep(self, day, sealed_at):
        """Other causes of empty beds than the tables say, as they might have been when the night was sealed."""
        for cause, many in WHEN_SEALED.items():
            EmptyBeds.objects.create(night=self.nights[day], sealed_at=sealed_at, cause=cause, number=many)


@pytest.fixture
def left_to_chance(house, season):
    """A season of which a number decides everything: `left_to_chance(seed)`."""

    def lived(seed):
        return Chance(seed, house, season).live_through()

    return lived


# The second way: SQL.

COMMON = """
WITH census(night_id, moment) AS (VALUES {census}),
person AS (
  SELECT one.id, counts.id AS whose, counts.sex, counts.birth_year, counts.origin
    FROM shelter_occupant one JOIN shelter_occupant counts ON counts.id = COALESCE(one.same_as_id, one.id)),
ran AS (
  SELECT id, date, state, doors_closed_at FROM shelter_night
   WHERE state IN ('doors_open', 'doors_closed', 'closed', 'definitive') AND date BETWEEN %(first)s AND %(last)s),
ever AS (
  SELECT DISTINCT row.night_id, night.date, season.name AS season, person.whose, row.bed_id
    FROM shelter_bednight row
    JOIN census ON census.night_id = row.night_id
    JOIN shelter_night night ON night.id = row.night_id
    JOIN shelter_season season ON season.id = night.season_id
    JOIN person ON person.id = row.occupant_id
   WHERE row.state IN ('in', 'left') AND row.arrived_at <= census.moment
     AND (row.left_at IS NULL OR row.left_at > census.moment)),
slept AS (
  SELECT ever.night_id, ever.date, ever.season, ever.whose, ever.bed_id, person.sex, person.birth_year, person.origin
    FROM ever JOIN ran ON ran.id = ever.night_id JOIN person ON person.id = ever.whose),
visited AS (
  SELECT DISTINCT row.night_id, person.whose
    FROM shelter_bednight row
    JOIN ran ON ran.id = row.night_id
    JOIN census ON census.night_id = row.night_id
    JOIN person ON person.id = row.occupant_id
   WHERE row.state = 'left' AND row.left_at <= census.moment
     AND NOT EXISTS (SELECT 1 FROM slept WHERE slept.night_id = row.night_id AND slept.whose = person.whose)),
let_in AS (
  SELECT DISTINCT row.night_id, person.whose
    FROM shelter_bednight row JOIN ran ON ran.id = row.night_id JOIN person ON person.id = row.occupant_id
   WHERE row.state IN ('in', 'left')),
asked AS (
  SELECT refusal.id, refusal.night_id, person.whose, refusal.reason, refusal.outcome, refusal.asked_before
    FROM shelter_refusal refusal
    JOIN ran ON ran.id = refusal.night_id
    LEFT JOIN person ON person.id = refusal.occupant_id
   WHERE refusal.withdrawn_at IS NULL),
outside AS (
  SELECT * FROM asked
   WHERE (whose IS NULL AND NOT asked_before AND reason <> 'offer_declined' AND outcome <> 'arrived')
      OR (whose IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM slept WHERE slept.night_id = asked.night_id AND slept.whose = asked.whose)
          AND NOT EXISTS (SELECT 1 FROM asked other
                           WHERE other.night_id = asked.night_id AND other.whose = asked.whose
                             AND (other.reason = 'offer_declined' OR other.outcome = 'arrived')))),
unhoused AS (
  SELECT DISTINCT night_id, CASE WHEN whose IS NULL THEN -id ELSE whose END AS who FROM outside),
stands AS (
  SELECT ran.id AS night_id, ran.date, bed.id AS bed_id, bed.layer, bed.opening_order, position.dormitory_id,
         EXISTS (SELECT 1 FROM slept WHERE slept.night_id = ran.id AND slept.bed_id = bed.id) AS is_slept_in
    FROM ran CROSS JOIN shelter_bed bed
    JOIN shelter_bedposition position ON position.bed_id = bed.id AND position.first_night =
         (SELECT MAX(first_night) FROM shelter_bedposition earlier
           WHERE earlier.bed_id = bed.id AND earlier.first_night <= ran.date)
   WHERE position.dormitory_id IS NOT NULL),
installed AS (
  SELECT stands.*, CASE WHEN is_slept_in THEN NULL ELSE
         (SELECT reason FROM shelter_closure WHERE id =
           (SELECT MIN(id) FROM shelter_closure closure
             WHERE (closure.bed_id = stands.bed_id OR closure.dormitory_id = stands.dormitory_id)
               AND closure.withdrawn_at IS NULL AND closure.first_night <= stands.date
               AND (closure.last_night IS NULL OR closure.last_night >= stands.date))) END AS closed
    FROM stands
   WHERE layer = 'nominal' OR is_slept_in OR opening_order <=
         (SELECT COALESCE(SUM(number), 0) FROM shelter_activation activation
           WHERE activation.layer = stands.layer AND activation.first_night <= stands.date
             AND (activation.last_night IS NULL OR activation.last_night >= stands.date))),
filled AS (
  SELECT ran.id, ran.date,
         (SELECT COUNT(*) FROM slept WHERE slept.night_id = ran.id) AS slept,
         (SELECT COUNT(*) FROM installed WHERE installed.night_id = ran.id AND closed IS NULL) AS in_service
    FROM ran)
"""


def rows(sql, first, last):
    """The rows of a statement about the nights from first to last; it may name everything in COMMON."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, date FROM shelter_night WHERE state IN ('doors_open', 'doors_closed', 'closed', "
                       "'definitive') ORDER BY id")  # fmt: skip
        told = {"first": first.isoformat(), "last": last.isoformat()}
        for number, day in cursor.fetchall():
            moment = connection.ops.adapt_datetimefield_value(at(as_day(day), "04:00"))
            told |= {f"n{number}": number, f"m{number}": moment}
        census = ", ".join(f"(%(n{name[1:]})s, %({name})s)" for name in told if name.startswith("m"))
        cursor.execute(COMMON.format(census=census) + sql, told)
        return cursor.fetchall()


def as_day(value):
    return value if isinstance(value, date) else date.fromisoformat(value)


def number(sql, first, last):
    return int(rows(sql, first, last)[0][0] or 0)


def quotient(above, below, first, last):
    return (number(above, first, last), number(below, first, last))


def table(sql, first, last):
    return {str(key): int(many) for key, many in rows(sql, first, last) if many}


def peak(first, last):
    found = rows("SELECT slept, date FROM filled ORDER BY slept DESC, date LIMIT 1", first, last)
    return (int(found[0][0]), as_day(found[0][1])) if found else None


SLEPT = "SELECT COUNT(*) FROM slept"
PERSONS = "SELECT COUNT(DISTINCT whose) FROM slept"
NOMINAL = "SELECT COUNT(*) FROM stands WHERE layer = 'nominal'"
IN_SERVICE = "SELECT COUNT(*) FROM installed WHERE closed IS NULL"
OPEN = "SELECT COUNT(*) FROM ran"
TALLIED = "FROM intake_tally tally JOIN ran ON ran.date = tally.day"
HAPPENED = "FROM intake_incident incident JOIN ran ON ran.id = incident.night_id"
LACKED_PLACE = """
EXISTS (SELECT 1 FROM outside WHERE night_id = filled.id AND reason IN ('no_place', 'no_suitable_place'))
"""
COLD = "FROM ran JOIN reporting_nightweather weather ON weather.night = ran.date"
REDIRECTED = "('minor_redirected', 'asylum_applicant_redirected', 'family_redirected')"
REQUESTS = """
SELECT COUNT(*) FROM (
  SELECT night_id, whose FROM let_in UNION
  SELECT night_id, whose FROM asked WHERE whose IS NOT NULL UNION
  SELECT night_id, -id FROM asked WHERE whose IS NULL AND NOT asked_before UNION
  SELECT registration.night_id, person.whose
    FROM shelter_registration registration
    JOIN ran ON ran.id = registration.night_id
    JOIN person ON person.id = registration.occupant_id
   WHERE registration.withdrawn_at IS NULL) request
"""
NEW = """
SELECT COUNT(DISTINCT whose) FROM slept
 WHERE NOT EXISTS (SELECT 1 FROM ever WHERE ever.whose = slept.whose AND ever.date < %(first)s)
"""
RETURNING = """
SELECT COUNT(DISTINCT whose) FROM slept
 WHERE EXISTS (SELECT 1 FROM ever WHERE ever.whose = slept.whose AND ever.season < slept.season)
"""
PAST = """
SELECT past, COUNT(*) FROM (
  SELECT DISTINCT whose, CASE
         WHEN NOT EXISTS (SELECT 1 FROM ever WHERE ever.whose = slept.whose AND ever.date < %(first)s) THEN 'new'
         WHEN EXISTS (SELECT 1 FROM ever
                       WHERE ever.whose = slept.whose AND ever.date < %(first)s AND ever.season < slept.season)
              THEN 'earlier_season'
         ELSE 'this_season' END AS past
    FROM slept) person_once
 GROUP BY past
"""
COLD_SPELL_NIGHTS = f"""
{OPEN} WHERE EXISTS (SELECT 1 FROM shelter_coldspell spell
                      WHERE spell.withdrawn_at IS NULL AND ran.date BETWEEN spell.first_night AND spell.last_night)
"""
WITHOUT_WEATHER = f"""
{OPEN} WHERE NOT EXISTS (SELECT 1 FROM reporting_nightweather weather WHERE weather.night = ran.date)
"""
UNCOVERED = """
SELECT SUM(CASE WHEN needed > there THEN needed - there ELSE 0 END) FROM (
  SELECT there, CASE WHEN by_guests > minimum THEN by_guests ELSE minimum END AS needed FROM (
    SELECT demand.minimum,
           ((SELECT COUNT(*) FROM shelter_registration registration
              WHERE registration.night_id = ran.id AND registration.withdrawn_at IS NULL)
            + demand.per_guests - 1) / demand.per_guests AS by_guests,
           (SELECT COUNT(*) FROM rota_assignment given
             WHERE given.shift_id = shift.id AND given.skill_id = demand.skill_id AND given.stands) AS there
      FROM rota_demand demand
      JOIN rota_shift shift ON shift.id = demand.shift_id
      JOIN ran ON ran.id = shift.night_id) place) wanted
"""
ON_DUTY = """
SELECT employment.kind, given.start, given."end", shift.break_minutes, worked.start, worked."end", worked.break_minutes
  FROM rota_assignment given
  JOIN rota_shift shift ON shift.id = given.shift_id
  JOIN ran ON ran.id = shift.night_id
  JOIN rota_plan plan ON plan.id = given.plan_id
  LEFT JOIN rota_employment employment
    ON employment.person_id = given.person_id AND employment.organisation_id = plan.organisation_id
       AND employment.first_day <= ran.date AND (employment.last_day IS NULL OR employment.last_day >= ran.date)
  LEFT JOIN rota_worked worked
    ON worked.replaced_by_id IS NULL AND worked.person_id = given.person_id
       AND worked.assignment_id IN (SELECT id FROM rota_assignment same WHERE same.shift_id = given.shift_id)
 WHERE given.stands
"""
CALLS = f"""
SELECT 'police', SUM(CASE WHEN police THEN 1 ELSE 0 END) {HAPPENED} UNION
SELECT 'ambulance', SUM(CASE WHEN ambulance THEN 1 ELSE 0 END) {HAPPENED}
"""


# The second way where SQL would be absurd.


def nights_of(first, last):
    """The nights of each person, in order."""
    found = defaultdict(list)
    for whose, day in rows("SELECT DISTINCT whose, date FROM slept ORDER BY date", first, last):
        found[whose].append(as_day(day))
    return found


def came_back(first, last):
    everybody, seasons = nights_of(first, last), {}
    for whose, day, season in rows(
        "SELECT DISTINCT whose, date, season FROM ever ORDER BY date", first, last
    ):
        if as_day(day) <= last:
            seasons.setdefault((whose, season), []).append(as_day(day))
    return len(
        {
            whose
            for (whose, _season), slept in seasons.items()
            for earlier, later in pairwise(slept)
            if (later - earlier).days > 14 and later in everybody[whose]
        }
    )


def middle(first, last):
    return median(map(len, nights_of(first, last).values())) if nights_of(first, last) else None


def lengths(first, last):
    names = ["1", "2-7", "8-30", "31-90", "91-"]
    many = Counter(len(slept) for slept in nights_of(first, last).values())
    found = Counter()
    for length, people in many.items():
        found[names[bisect_right([2, 8, 31, 91], length)]] += people
    return dict(found)


def longest_run(first, last):
    opened = [as_day(day) for (day,) in rows("SELECT date FROM ran ORDER BY date", first, last)]
    longest = 0
    for slept in nights_of(first, last).values():
        marks = "".join("x" if day in slept else " " for day in opened)
        longest = max(longest, *map(len, marks.split(" ")))
    return longest


def setting(key, day):
    """The text of a setting on a night, or None where nobody has set it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT value FROM shelter_setting WHERE key = %s AND first_night <= %s ORDER BY first_night DESC, id DESC",
            [key, day.isoformat()],
        )
        found = cursor.fetchone()
    return found[0] if found else None


def band(day, birth_year):
    if birth_year is None:
        return ""
    edges = [int(edge) for edge in (setting("age_bands", day) or "18, 26, 46, 66").split(",")]
    edges = [0, *edges, None]
    for first, after in pairwise(edges):
        if after is None or day.year - birth_year < after:
            return f"{first}-{'' if after is None else after - 1}"


def ages(first, last, *, of_persons):
    found = rows("SELECT whose, date, birth_year FROM slept ORDER BY date", first, last)
    bands = [(whose, band(as_day(day), birth_year)) for whose, day, birth_year in found]
    return dict(Counter(dict(bands).values() if of_persons else [each for _whose, each in bands]))


def coldest(first, last):
    found = rows(
        f"SELECT weather.minimum, ran.date {COLD} ORDER BY weather.minimum, ran.date LIMIT 1", first, last
    )
    return (round(10 * found[0][0]), as_day(found[0][1])) if found else None


def hours_on_duty(first, last):
    found = defaultdict(timedelta)
    for kind, start, end, pause, came, went, rest in rows(ON_DUTY, first, last):
        if came:
            start, end, pause = came, went, rest
        found[kind or "employee"] += as_instant(end) - as_instant(start) - timedelta(minutes=pause)
    return {kind: round(worked / timedelta(hours=1)) for kind, worked in found.items()}


def empty_beds(first, last):
    found, kept = Counter(), defaultdict(Counter)
    for pk, cause, many in rows(
        "SELECT ran.id, cause, number FROM reporting_emptybeds kept JOIN ran ON ran.id = kept.night_id "
        "JOIN shelter_night night ON night.id = ran.id AND night.sealed_at = kept.sealed_at", first, last
    ):  # fmt: skip
        kept[pk][cause] = many
    for pk, day, closed_at in rows("SELECT id, date, doors_closed_at FROM ran", first, last):
        found += kept.get(pk) or empty_beds_of(
            pk, as_day(day), as_instant(closed_at), partial(rows, first=first, last=last)
        )
    return dict(found)


def as_instant(value):
    return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


def empty_beds_of(pk, day, doors_closed_at, ask):
    census = at(day, "04:00")
    causes, kept, given_up, opened = Counter(), set(), set(), []
    ledger = "SELECT bed_id, state, ended_at FROM shelter_bednight WHERE state IN ('held', 'released') AND night_id = "
    for bed, state, ended_at in ask(f"{ledger} {pk}"):
        (kept if state == "held" or as_instant(ended_at) > census else given_up).add(bed)
    activated = (
        "SELECT number, activated_at, first_night, last_night FROM shelter_activation ORDER BY activated_at"
    )
    for places, decided, begins, ends in ask(activated):
        if as_day(begins) <= day and (ends is None or day <= as_day(ends)):
            opened += [as_instant(decided)] * places
    plain = 0
    for bed, order in ask(f"SELECT bed_id, opening_order FROM installed WHERE closed IS NULL AND NOT is_slept_in "
                          f"AND night_id = {pk}"):  # fmt: skip
        if bed in kept:
            causes["held"] += 1
        elif bed in given_up:
            causes["no_show"] += 1
        elif order and doors_closed_at and opened[order - 1] > doors_closed_at:
            causes["opened_late"] += 1
        else:
            plain += 1
    open_places = setting("open_places", day)
    if open_places:
        ((slept,),) = ask(f"SELECT COUNT(*) FROM slept WHERE night_id = {pk}")
        could_take = max(0, int(open_places) - slept)
        causes["staff_shortage"] = max(0, plain - could_take)
    plain -= causes["staff_shortage"]
    ((unsuited,),) = ask(
        "SELECT COUNT(DISTINCT COALESCE(whose, -id)) FROM asked WHERE reason = 'no_suitable_place' "
        f"AND NOT asked_before AND night_id = {pk}"
    )
    causes["zone_mismatch"] = min(plain, unsuited)
    causes["no_demand"] = plain - causes["zone_mismatch"]
    return causes


def traits_not_known(first, last):
    found = {
        trait: number(f"SELECT COUNT(DISTINCT whose) FROM slept WHERE {missing}", first, last)
        for trait, missing in (
            ("sex", "sex = 'unknown'"), ("age", "birth_year IS NULL"), ("origin", "origin = 'unknown'"),
        )
    }  # fmt: skip
    return {trait: many for trait, many in found.items() if many}


def by(column, source="slept", counted="COUNT(*)"):
    return partial(table, f"SELECT {column}, {counted} FROM {source} GROUP BY {column}")


ORACLES = {
    "nights_open": partial(number, OPEN),
    "nominal_beds": partial(number, NOMINAL),
    "extra_beds": partial(number, "SELECT COUNT(*) FROM installed WHERE layer <> 'nominal'"),
    "installed_beds": partial(number, "SELECT COUNT(*) FROM installed"),
    "closed_beds": by("closed", "installed WHERE closed IS NOT NULL"),
    "beds_in_service": partial(number, IN_SERVICE),
    "empty_beds": empty_beds,
    "bed_nights": partial(number, SLEPT),
    "visits": partial(number, "SELECT COUNT(*) FROM visited"),
    "rate_in_service": partial(quotient, SLEPT, IN_SERVICE),
    "rate_nominal": partial(quotient, SLEPT, NOMINAL),
    "mean_a_night": partial(quotient, SLEPT, OPEN),
    "peak": peak,
    "tense_nights": partial(
        number, "SELECT COUNT(*) FROM filled WHERE in_service > 0 AND slept * 10 >= in_service * 9"
    ),
    "saturated_nights": partial(
        number,
        f"SELECT COUNT(*) FROM filled WHERE (in_service > 0 AND slept * 100 >= in_service * 97) OR {LACKED_PLACE}",
    ),
    "bed_nights_by_dormitory": partial(
        table,
        "SELECT dormitory.code, COUNT(*) FROM slept "
        "JOIN stands ON stands.night_id = slept.night_id AND stands.bed_id = slept.bed_id "
        "JOIN shelter_dormitory dormitory ON dormitory.id = stands.dormitory_id GROUP BY dormitory.code",
    ),
    "persons": partial(number, PERSONS),
    "new_persons": partial(number, NEW),
    "returning_persons": partial(number, RETURNING),
    "reentering_persons": came_back,
    "persons_by_past": partial(table, PAST),
    "nights_a_person": partial(quotient, SLEPT, PERSONS),
    "median_nights": middle,
    "persons_by_length": lengths,
    "longest_run": longest_run,
    "persons_by_sex": by("sex", counted="COUNT(DISTINCT whose)"),
    "persons_by_age": partial(ages, of_persons=True),
    "persons_by_origin": by("origin", counted="COUNT(DISTINCT whose)"),
    "bed_nights_by_sex": by("sex"),
    "bed_nights_by_age": partial(ages, of_persons=False),
    "bed_nights_by_origin": by("origin"),
    "requests": partial(number, REQUESTS),
    "declined": partial(number, "SELECT COUNT(*) FROM asked WHERE reason = 'offer_declined'"),
    "refusals": partial(number, "SELECT COUNT(*) FROM asked WHERE reason <> 'offer_declined'"),
    "refused": by("reason", "asked WHERE reason <> 'offer_declined'"),
    "redirected": partial(number, f"SELECT COUNT(*) FROM asked WHERE reason IN {REDIRECTED}"),
    "without_bed": partial(number, "SELECT COUNT(*) FROM unhoused"),
    "nights_without_bed": partial(number, "SELECT COUNT(DISTINCT night_id) FROM unhoused"),
    "referrals": by("target", "intake_referral referral JOIN ran ON ran.date = referral.made_on"),
    "asylum_applicants": partial(number, f"SELECT SUM(number) {TALLIED} WHERE service = 'asylum'"),
    "meals_derived": partial(number, "SELECT 2 * COUNT(*) FROM slept"),
    "meals_served": partial(
        number, f"SELECT SUM(number) {TALLIED} WHERE service IN ('suppers', 'breakfasts')"
    ),
    "services": partial(table, f"SELECT service, SUM(number) {TALLIED} GROUP BY service"),
    "incidents": partial(table, f"SELECT severity, COUNT(*) {HAPPENED} GROUP BY severity"),
    "emergency_calls": partial(table, CALLS),
    "hours_on_duty": hours_on_duty,
    "uncovered_places": partial(number, UNCOVERED),
    "coldest": coldest,
    "cold_nights": partial(number, f"SELECT COUNT(*) {COLD} WHERE weather.minimum < 0"),
    "wet_nights": partial(number, f"SELECT COUNT(*) {COLD} WHERE weather.is_wet"),
    "cold_spell_nights": partial(number, COLD_SPELL_NIGHTS),
    "nights_without_weather": partial(number, WITHOUT_WEATHER),
    "nights_not_closed": partial(number, f"{OPEN} WHERE state IN ('doors_open', 'doors_closed')"),
    "nights_not_definitive": partial(number, f"{OPEN} WHERE state <> 'definitive'"),
    "traits_not_known": traits_not_known,
}


def plain(value):
    """A figure as numbers, dates and texts."""
    if isinstance(value, Ratio):
        return (value.above, value.below)
    if isinstance(value, Peak):
        return (value.number, value.night)
    return value


def figures(codes, first, last):
    found = window(first, last)
    return {(code, first, last): plain(INDICATORS[code].of(found)) for code in codes}


def worked_out_again(codes, first, last):
    return {(code, first, last): ORACLES[code](first, last) for code in codes}


def test_every_figure_is_worked_out_a_second_time():
    assert set(ORACLES) == set(INDICATORS)


@pytest.mark.parametrize("seed", range(4))
def test_figures_are_what_the_tables_say(left_to_chance, seed):
    left_to_chance(seed)

    for first, last in WINDOWS:
        assert figures(ORACLES, first, last) == worked_out_again(ORACLES, first, last)


def test_chance_leaves_something_of_everything(left_to_chance):
    left_to_chance(1)
    found = worked_out_again(ORACLES, *ALL)

    assert [code for (code, *_nights), value in found.items() if not value] == []
    assert len(ORACLES["empty_beds"](*ALL)) == 6
    assert len(ORACLES["refused"](*ALL)) == len(Refusal.Reason.values) - 1
    assert set(ORACLES["persons_by_past"](*WINDOWS[1])) == {"new", "earlier_season", "this_season"}
    assert set(ORACLES["hours_on_duty"](*ALL)) == set(Employment.Kind.values)
    assert ORACLES["coldest"](AUTUMN[0], AUTUMN[-1]) == (-173, AUTUMN[3])
    assert set(NightWeather.objects.filter(night__range=ALL).values_list("is_wet", flat=True)) == {
        True, False, None
    }  # fmt: skip


def test_every_different_person_is_on_exactly_one_line_of_their_past(left_to_chance):
    left_to_chance(1)

    for first, last in WINDOWS:
        lines = figures(["persons_by_past"], first, last)["persons_by_past", first, last]
        assert sum(lines.values()) == ORACLES["persons"](first, last)


def empty_beds_now(day):
    return figures(["empty_beds"], day, day)["empty_beds", day, day]


def worked_out_anew(day):
    """The causes of one night from the tables, whatever was kept."""
    ask = partial(rows, first=day, last=day)
    ((pk, closed_at),) = ask("SELECT id, doors_closed_at FROM ran")
    return dict(+empty_beds_of(pk, day, as_instant(closed_at), ask))


def test_a_sealed_night_has_the_causes_that_were_kept(left_to_chance):
    season = left_to_chance(1)
    kept = {cause: many for cause, many in WHEN_SEALED.items() if many}

    assert empty_beds_now(SEALED) == kept != worked_out_anew(SEALED)
    assert empty_beds_now(SEALED_AGAIN) == worked_out_anew(SEALED_AGAIN) != kept
    assert empty_beds_now(NEVER_LOOKED_AT) == worked_out_anew(NEVER_LOOKED_AT)

    Setting.objects.create(  # a later change of what the house would take that night
        key="open_places",
        value="5",
        first_night=SEALED,
        set_at=at(SPRING[-1], "12:00"),
        reason="found out later",
    )
    assert empty_beds_now(SEALED) == kept
    Night.objects.filter(date=SEALED).update(sealed_at=season.nights[SEALED].sealed_at + DAY)
    assert empty_beds_now(SEALED) == worked_out_anew(SEALED)
    assert worked_out_anew(SEALED)["staff_shortage"] > 0


def test_what_was_kept_of_a_full_house_are_no_causes(left_to_chance):
    night = left_to_chance(1).nights[NEVER_LOOKED_AT]
    assert worked_out_anew(night.date)
    EmptyBeds.objects.create(night=night, sealed_at=night.sealed_at, cause="no_demand", number=0)

    assert empty_beds_now(night.date) == {}


def test_hours_are_those_of_the_employment_of_the_night(left_to_chance):
    season = left_to_chance(1)
    before = figures(["hours_on_duty"], *ALL)
    person, _employers = season.crew[0]
    person.employments.update(last_day=SPRING[-1] + DAY)
    Employment.objects.create(
        person=person, organisation=season.house.organisations["HUT"], kind="volunteer",
        first_day=SPRING[-1] + 2 * DAY,
    )  # fmt: skip

    assert worked_out_again(["hours_on_duty"], *ALL) == before
    assert figures(["hours_on_duty"], *ALL) == before


def test_places_left_empty_in_a_past_night_are_the_same_on_any_day(left_to_chance, clock_at):
    night = left_to_chance(1).nights[NEW_YEAR[1]]
    Registration.objects.filter(night=night).delete()
    Demand.objects.filter(shift__night=night).update(per_guests=1)
    clock_at("2027-01-02 10:00")
    soon = figures(["uncovered_places"], night.date, night.date)
    clock_at("2027-02-20 10:00")

    assert figures(["uncovered_places"], night.date, night.date) == soon


def test_a_summer_is_no_absence(left_to_chance):
    left_to_chance(1)
    two_seasons = (LAST_WINTER[0], AUTUMN[2])

    assert figures(["reentering_persons"], *two_seasons) == worked_out_again(
        ["reentering_persons"], *two_seasons
    )


@pytest.mark.parametrize("seed", range(4))
def test_while_nobody_has_left_a_report_has_the_capacity_of_the_board(left_to_chance, seed):
    night = left_to_chance(seed).nights[NOBODY_HAS_LEFT]
    board = capacity_of(board_of(night))
    (facts,) = window(night.date, night.date).nights

    assert (facts.nominal, facts.nominal + facts.extra, sum(facts.closed.values()), facts.in_service) == (
        board.nominal, board.installed, board.out_of_service, board.in_service
    )  # fmt: skip
    assert (facts.slept, facts.empty["held"]) == (board.occupied, board.held)


def test_more_nights_take_no_more_queries(left_to_chance):
    left_to_chance(1)
    window(*ALL)
    with count_queries() as few:
        three = window(AUTUMN[0], AUTUMN[2])
    with count_queries() as many:
        ten = window(AUTUMN[0], NEW_YEAR[-1])

    assert (len(three.nights), len(ten.nights)) == (3, 10)
    same_queries_for(few, many)
