"""Who could take a place, who could swap, who is there and who is missing: each reckoned again in a plainer way."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from shelter import clock, nights
from shelter.models import Bed, BedNight, Night, Occupant, Person, Registration
from shelter.rota import law, timeline
from shelter.rota.actions import changing, covering, people, shifts
from shelter.rota.errors import PlaceIsTaken
from shelter.rota.models import (
    Absence,
    Assignment,
    Call,
    Demand,
    Employment,
    MixRule,
    Plan,
    Qualification,
    Shift,
)
from shelter.rota.queries import coverage
from shelter.rota.queries.candidates import candidates, why_not
from shelter.rota.queries.plans import findings_for
from shelter.rota.queries.swaps import breaks, partners, swaps_for, takers
from shelter.rota.queries.terms import terms_of
from shelter.rota.timeline import midnight
from tests.conftest import BUILDER
from tests.harness import count_queries, same_queries_for
from tests.shelter.rota.conftest import MONDAY, SUNDAY, colleague, day, employed

SEEDS = range(1, 9)
LAWS = [rule for rule in law.LAW if rule.is_law]
FOR_ALL = list(law.FOR_EVERYBODY)
HOME = {"ana": "HUT", "ben": "HUT", "gus": "HUT", "dana": "CRL", "vera": "CRL", "emil": "IA"}


@pytest.fixture
def scene(rota):
    """By chance: shifts that stand (lawful or not), drafts, absences, a lapsed qualification, calls."""

    def invented(seed):
        chance = Random(seed)
        plans = {code: rota.published(code) for code in ("HUT", "CRL", "IA")}
        for name in HOME:
            _stand(rota, chance, plans[HOME[name]], name)
            if chance.random() < 0.4:
                _away(rota, chance, name)
        lapsed = rota.people[chance.choice(list(HOME))]
        Qualification.objects.filter(person=lapsed, skill__code="host").update(last_day=day(21))
        return chance

    return invented


def _stand(rota, chance, plan, name):
    """A few shifts in two weeks, no two at once."""
    taken = []
    for shift in chance.sample(list(_shifts()), chance.randint(0, 8)):
        if any(shift.start < end and start < shift.end for start, end in taken):
            continue
        taken.append((shift.start, shift.end))
        Assignment.objects.create(
            plan=plan, shift=shift, skill=rota.skills["host"], person=rota.people[name], start=shift.start,
            end=shift.end, stands=True,
        )  # fmt: skip


def _away(rota, chance, name):
    begin = midnight(day(chance.randint(17, 26))) + timedelta(hours=chance.randint(0, 23))
    people.block(
        person=rota.people[name], kind=chance.choice(Absence.Kind.values), start=begin,
        end=begin + timedelta(hours=chance.randint(4, 60)), by=BUILDER,
    )  # fmt: skip


def _shifts():
    return Shift.objects.filter(night__date__range=(MONDAY, day(28))).select_related("template", "night")


# Reckoned again: everything there is of somebody, read row by row.


def everything_of(person, on, rows):
    """The whole timeline of somebody; `rows` are the assignments that count."""
    away = list(Absence.objects.filter(person=person).order_by("id"))
    employment = Employment.objects.on(on).filter(person=person).order_by("id").first()
    terms = replace(terms_of(employment.organisation, on), weekly_minutes=employment.weekly_minutes)
    return timeline.Timeline(
        first=on,
        last=on,
        terms=terms,
        stints=tuple(
            [stint_of(row) for row in rows if row.person_id == person.pk]
            + [
                timeline.Stint(row.start, row.end, elsewhere=True)
                for row in away
                if row.kind == Absence.Kind.ELSEWHERE
            ]
        ),
        absences=tuple(
            timeline.Absence(row.start, row.end, row.kind)
            for row in away
            if row.kind != Absence.Kind.ELSEWHERE
        ),
        qualifications=tuple(
            timeline.Qualification(held.skill.code, held.first_day, held.last_day)
            for held in Qualification.objects.filter(person=person).select_related("skill").order_by("id")
        ),
    )


def stint_of(row):
    return timeline.Stint(row.start, row.end, role=row.skill.code, break_minutes=row.shift.break_minutes)


def rules_for(person):
    kinds = Employment.objects.filter(person=person).order_by("id").values_list("kind", flat=True)
    return LAWS if "employee" in kinds else FOR_ALL


def newly_broken(person, before, after):
    """The rules that find something in a time, or find it worse, which they did not find so in another."""
    rules = rules_for(person)
    known, found = (
        Counter(
            (rule.code, finding.day, str(finding.facts)) for rule in rules for finding in rule.check(when)
        )
        for when in (before, after)
    )
    return {rule for rule, _day, _facts in found - known}


def standing_rows():
    return list(
        Assignment.objects.filter(stands=True)
        .select_related("shift", "skill", "plan", "person")
        .order_by("id")
    )


# Candidates.


@pytest.mark.parametrize("seed", SEEDS)
def test_candidates_are_those_who_can_do_the_duty_each_with_what_stops_them(rota, scene, seed):
    chance = scene(seed)
    shift, rows = chance.choice(list(_shifts())), standing_rows()
    there = {row.person_id for row in rows if row.shift_id == shift.pk}
    new = timeline.Stint(shift.start, shift.end, role="host", break_minutes=shift.break_minutes)
    expected = {}
    for name in HOME:
        person = rota.people[name]
        if person.pk not in there:
            before = everything_of(person, shift.day, rows)
            after = replace(before, stints=(*before.stints, new))
            expected[person.name] = newly_broken(person, before, after)

    found = candidates(shift, rota.skills["host"])

    assert {
        each.person.name: {finding.rule for finding in each.findings}
        for each in found
        if each.person.name != "Cleo"
    } == expected
    assert [each.may for each in found] == sorted((each.may for each in found), reverse=True)


@pytest.mark.parametrize("seed", SEEDS)
def test_who_may_take_a_place_is_not_refused_it_and_the_others_are(rota, scene, seed):
    chance = scene(seed)
    shift, host = chance.choice(list(_shifts())), rota.skills["host"]

    for each in candidates(shift, host):
        hindrances = changing.hindrances(each.person, shift, host)
        assert {finding.rule for finding in hindrances} == {finding.rule for finding in each.findings}


@pytest.mark.parametrize("seed", SEEDS)
def test_loads_are_hours_of_four_weeks_in_parts_of_the_contract(rota, scene, seed):
    scene(seed)
    shift, rows = rota.shift(day(22)), standing_rows()  # all of them lie within two weeks of it
    elsewhere = list(Absence.objects.filter(kind="elsewhere").order_by("id"))
    weekly = {"Ana": 2400, "Ben": 1800, "Dana": 2400, "Emil": 2400}
    expected = {}
    for name in HOME:
        person = rota.people[name]
        worked = sum(stint_of(row).minutes for row in rows if row.person_id == person.pk)
        worked += sum(
            (row.end - row.start) // timedelta(minutes=1) for row in elsewhere if row.person_id == person.pk
        )
        due = weekly.get(person.name, 0) * 29 / 7
        expected[person.name] = pytest.approx(worked / due if due else 0.0)

    found = {each.person.name: each.load for each in candidates(shift, rota.skills["host"])}

    assert found == {name: load for name, load in expected.items() if name in found} | {
        "Cleo": found.get("Cleo", 0.0)
    }


def test_the_least_loaded_are_first_and_of_them_those_who_were_asked_least(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ana", day(18)), ("ben", day(18)))
    for code in ("CRL", "IA"):
        rota.published(code)
    place = covering.offer(
        shift=rota.shift(day(28)),
        skill=rota.skills["host"],
        organisation=rota.organisations["HUT"],
        by=BUILDER,
    )
    Call.objects.all().delete()
    for name in ("cleo", "dana", "dana", "vera"):
        covering.log_call(place=place, person=rota.people[name], answer="no", by=BUILDER)

    found = candidates(rota.shift(day(25)), rota.skills["host"])

    assert [each.person.name for each in found] == ["Emil", "Gus", "Cleo", "Vera", "Dana", "Ben", "Ana"]
    assert [each.asked for each in found] == [0, 0, 1, 1, 2, 0, 0]


def test_calls_of_long_ago_are_forgotten(rota, clock_at):
    place = covering.offer(
        shift=rota.shift(day(17, 12)), skill=rota.skills["host"], organisation=rota.organisations["HUT"],
        by=BUILDER,
    )  # fmt: skip
    Call.objects.all().delete()
    for moment in ("2026-11-19 18:29", "2026-11-19 18:30"):
        clock_at(moment)
        covering.log_call(place=place, person=rota.people["emil"], answer="no", by=BUILDER)

    (emil,) = [
        each
        for each in candidates(rota.shift(day(17, 12)), rota.skills["host"])
        if each.person == rota.people["emil"]
    ]
    assert emil.asked == 1


def names(found):
    return sorted(each.person.name for each in found)


EVERYBODY = ["Ana", "Ben", "Cleo", "Dana", "Emil", "Gus", "Vera"]


def test_who_cannot_do_the_duty_is_no_candidate(rota):
    shift = rota.shift(day(16))

    assert names(candidates(shift, rota.skills["host"])) == EVERYBODY
    assert names(candidates(shift, rota.skills["lead"])) == ["Ana", "Emil"]
    assert names(candidates(shift, rota.skills["first_aid"])) == ["Dana"]


def test_who_has_gone_or_is_there_is_no_candidate(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)))
    Person.objects.filter(pk=rota.people["ben"].pk).update(is_active=False)
    people.end_employment(
        employment=Employment.objects.get(person=rota.people["emil"]), last_day=day(15), by=BUILDER
    )

    assert names(candidates(rota.shift(day(16)), rota.skills["host"])) == ["Cleo", "Dana", "Gus", "Vera"]


def test_who_could_once_is_a_candidate_who_is_stopped(rota):
    Qualification.objects.filter(person=rota.people["ben"]).update(last_day=day(15))

    (ben,) = [
        each
        for each in candidates(rota.shift(day(16)), rota.skills["host"])
        if each.person == rota.people["ben"]
    ]
    assert (ben.may, ben.hindrance, ben.sentences) == (
        False, "qualified", ["No valid qualification for this."],
    )  # fmt: skip


def test_an_open_draft_counts_where_it_is_shown(rota):
    draft = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16), "night"))
    shift, host = rota.shift(day(16)), rota.skills["host"]

    stopped = [
        names(each for each in candidates(shift, host, plans=plans) if not each.may)
        for plans in ((), (draft,))
    ]

    assert stopped == [[], ["Ana"]]


def test_why_nobody_comes_is_counted_by_what_stops_each_first(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16), "night"), ("ben", day(16), "morning"))
    for name in ("cleo", "dana", "emil"):
        people.block(
            person=rota.people[name], kind=Absence.Kind.LEAVE, start=midnight(day(16)),
            end=midnight(day(18)), by=BUILDER,
        )  # fmt: skip

    found = candidates(rota.shift(day(16)), rota.skills["host"])

    assert sorted(why_not(found), key=str) == sorted(
        [("absent", 3), (None, 2), ("overlap", 1), ("day_limit", 1)], key=str
    )
    assert [number for _rule, number in why_not(found)] == [3, 2, 1, 1]


# Swaps.


@pytest.mark.parametrize("seed", SEEDS)
def test_partners_are_the_shifts_that_could_lawfully_be_had_in_exchange(rota, scene, seed):
    chance = scene(seed)
    rows = standing_rows()
    given = chance.choice([row for row in rows if rota.shift(day(20)).start < row.start] or rows)
    expected = [
        row.pk
        for row in sorted(rows, key=lambda row: (row.start, row.pk))
        if row.person_id != given.person_id and row.shift_id != given.shift_id and may_swap(given, row, rows)
    ]

    found = partners(given, MONDAY, SUNDAY)

    assert [row.pk for row in found] == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_takers_are_colleagues_who_could_lawfully_have_it_for_nothing(rota, scene, seed):
    chance = scene(seed)
    rows = standing_rows()
    given = chance.choice(rows)
    expected = set()
    for person in rota.people.values():
        if person != given.person and can_do(person, given):
            before = everything_of(person, given.shift.day, rows)
            after = replace(before, stints=(*before.stints, stint_of(given)))
            if not newly_broken(person, before, after):
                expected.add(person.name)

    assert {person.name for person in takers(given)} == expected


def test_who_answers_names_a_colleague_or_one_of_their_shifts(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(25)))
    ben, row = rota.people["ben"], rota.row("ben", day(25))

    shown = swaps_for(rota.row("ana", day(16)))

    assert (shown.chosen(f"p{ben.pk}"), shown.chosen(f"a{row.pk}")) == ((ben, None, None), (ben, row, None))
    for wrong in ("", "p", f"a{ben.pk + 10_000}", f"p{rota.people['ana'].pk}", f"p{rota.people['dana'].pk}"):
        with pytest.raises(PlaceIsTaken):
            shown.chosen(wrong)


@pytest.mark.parametrize(("number", "is_shown"), [(18, False), (19, True), (30, True), (31, False)])
def test_a_swap_lies_within_two_weeks_and_not_before_today(rota, clock_at, number, is_shown):
    night = day(number) if number < 31 else day(1, 12)
    rota.published("HUT", MONDAY, day(13, 12), ("ana", day(16)), ("ben", night))
    clock_at("2026-11-19 09:00")

    shown = swaps_for(rota.row("ana", day(16)))

    assert [row.person.name for row in shown.partners] == (["Ben"] if is_shown else [])


def may_swap(given, other, rows):
    """Both have as they would stand afterwards nothing that they had not before, and may do what they get."""
    if not can_do(other.person, given):
        return False
    for person, gone, new in ((given.person, given, other), (other.person, other, given)):
        days = sorted(row.shift.day for row in (given, other))
        before = replace(everything_of(person, days[0], rows), last=days[1])
        kept = tuple(stint for stint in before.stints if stint.start != gone.start)
        if newly_broken(person, before, replace(before, stints=(*kept, stint_of(new)))):
            return False
    return True


def can_do(person, row):
    """Whether somebody of the same organisation may do a duty on its day."""
    held = Qualification.objects.on(row.shift.day).filter(person=person, skill=row.skill)
    works = Employment.objects.on(row.shift.day).filter(
        person=person, organisation=row.plan.organisation_id, person__is_active=True
    )
    return held.exists() and works.exists()


def test_partners_are_looked_for_between_two_nights(rota):
    cells = [("ben", day(number)) for number in (17, 20, 26)]
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)), *cells)

    found = partners(rota.row("ana", day(16)), day(18), day(25))

    assert [(row.person.name, row.shift.night.date) for row in found] == [("Ben", day(20))]


def test_what_a_hand_over_breaks_is_what_the_taker_would_have_too_much(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(16), "morning"))
    given = rota.row("ana", day(16))

    assert {finding.rule for finding in breaks(given, rota.people["ben"])} == {"day_limit", "daily_rest"}
    assert breaks(given, rota.people["gus"]) == []


# Coverage.


def guests(night, number):
    """So many people are registered for a night."""
    row = Night.objects.get(date=night)
    crowd = Occupant.objects.bulk_create(Occupant() for _somebody in range(number))
    Registration.objects.bulk_create(
        Registration(occupant=somebody, night=row, registered_at=clock.now()) for somebody in crowd
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_places_are_what_is_asked_of_each_shift_and_who_is_there(rota, scene, seed):
    scene(seed)
    guests(day(18), 120)
    rows = standing_rows()
    expected = []
    for demand in Demand.objects.select_related("shift__night", "shift__template", "skill").order_by(
        "shift__start", "shift__template__position", "skill__position"
    ):
        if not MONDAY <= nights.local(demand.shift.start).date() <= SUNDAY:
            continue
        many = demand.shift.night.date == day(18) and demand.per_guests
        there = sum(row.shift_id == demand.shift_id and row.skill_id == demand.skill_id for row in rows)
        needed = 3 if many else demand.minimum  # 120 guests, one for each fifty
        expected.append((demand.shift_id, demand.skill.code, needed, there, max(0, needed - there)))

    found = coverage.places(MONDAY, SUNDAY)

    assert [
        (place.shift.pk, place.skill.code, place.needed, place.there, place.missing) for place in found
    ] == expected
    assert {place.is_critical for place in found if place.skill.code == "lead"} == {True}
    assert {place.is_critical for place in found if place.skill.code == "host"} == {False}


def place_of(found, night, code="evening", skill="host"):
    return next(
        place
        for place in found
        if (place.shift.night.date, place.shift.template.code, place.skill.code) == (night, code, skill)
    )


@pytest.mark.parametrize(("number", "needed"), [(0, 2), (100, 2), (101, 3), (150, 3), (151, 4)])
def test_one_more_is_needed_for_each_so_many_guests(rota, number, needed):
    guests(day(18), number)

    assert place_of(coverage.places(day(18), day(18)), day(18)).needed == needed


def test_where_nobody_is_registered_yet_as_many_are_expected_as_slept_at_most_in_a_week(rota, clock_at):
    """Of a night that is over it is those who were there, whatever the week was like."""
    clock_at("2026-11-20 12:00")
    bed = Bed.objects.create(label="MA1", level="bottom")
    for date, state in ((day(12), "left"), (day(17), "left"), (day(18), "released")):
        times = {"arrived_at": clock.now(), "left_at": clock.now()} if state == "left" else {}
        BedNight.objects.create(
            occupant=Occupant.objects.create(), bed=bed, night=_night(date), state=state,
            **times | ({} if times else {"ended_at": clock.now()}),
        )  # fmt: skip
    guests(day(19), 7)

    assert coverage.expected_guests(day(18), day(20)) == {day(18): 0, day(19): 7, day(20): 1}


def _night(date):
    return Night.objects.filter(date=date).first() or Night.objects.create(
        date=date, season=Night.objects.first().season
    )


def test_who_withdrew_is_not_expected(rota):
    guests(day(18), 151)
    Registration.objects.update(withdrawn_at=clock.now())

    assert place_of(coverage.places(day(18), day(18)), day(18)).needed == 2


def test_drafts_are_counted_in_place_of_what_stands_for_their_organisation_only(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(16)))
    rota.published("CRL", MONDAY, SUNDAY, ("dana", day(16)))
    draft = rota.draft("HUT")
    rota.take_out(draft, "ben", day(16))

    there = [
        place_of(coverage.places(MONDAY, SUNDAY, plans=plans), day(16)).there for plans in ((), (draft,))
    ]

    assert there == [3, 2]


def test_a_demand_may_be_other_than_usual_in_one_shift(rota):
    shifts.set_demand(shift=rota.shift(day(18)), skill=rota.skills["host"], minimum=5, wished=1, by=BUILDER)

    place = place_of(coverage.places(day(17), day(18)), day(18))
    assert (place.needed, place.wished) == (5, 5)
    assert place_of(coverage.places(day(17), day(18)), day(17)).needed == 2


@pytest.mark.parametrize("seed", SEEDS)
def test_a_team_lacks_what_the_mix_asks_of_its_night(rota, scene, seed):
    scene(seed)
    rules = [
        shifts.add_mix_rule(least=2, first_night=day(18), by=BUILDER),
        shifts.add_mix_rule(
            least=1, skill=rota.skills["first_aid"], first_night=MONDAY, last_night=day(22), by=BUILDER
        ),
    ]
    teams = {}
    for row in standing_rows():
        teams.setdefault(row.shift.night.date, []).append(row)
    expected = {}
    for night, rows in teams.items():
        organisations = len({row.plan.organisation_id for row in rows})
        aiders = len({row.person_id for row in rows} & {rota.people["dana"].pk})
        if night >= day(18) and organisations < 2:
            expected[rules[0].pk, night] = (organisations, 2 - organisations)
        if night <= day(22) and not aiders:
            expected[rules[1].pk, night] = (0, 1)

    found = coverage.teams(MONDAY, day(30))

    assert {(team.rule.pk, team.night.date): (team.there, team.missing) for team in found} == expected


# Laying out.


def test_shifts_laid_out_again_are_only_those_that_are_missing(rota):
    before = set(Shift.objects.order_by("id").values_list("pk", flat=True))
    Shift.objects.filter(night__date=day(18), template__code="night").delete()

    made = shifts.lay_out(first_night=MONDAY, last_night=SUNDAY, by=BUILDER)

    assert [(shift.template.code, shift.night.date) for shift in made] == [("night", day(18))]
    assert Shift.objects.count() == len(before)
    assert Counter(made[0].demands.values_list("skill__code", "minimum")) == {("lead", 1): 1, ("host", 1): 1}


def test_a_shift_has_the_hours_of_the_wall_when_the_clocks_change(rota):
    shifts.lay_out(first_night=day(27, 3), last_night=day(28, 3), by=BUILDER)

    short, usual = (rota.shift(day(number, 3), "night") for number in (27, 28))
    minutes = timedelta(minutes=1)
    assert ((short.end - short.start) // minutes, (usual.end - usual.start) // minutes) == (450, 510)


# More people do not mean more queries.


@pytest.fixture
def crowd(rota):
    """Twelve employees more, each with a shift, an absence and a call; called again, twelve others."""
    place = covering.offer(
        shift=rota.shift(day(19, 12)),
        skill=rota.skills["host"],
        organisation=rota.organisations["HUT"],
        by=BUILDER,
    )

    def more(first):
        for number in range(first, first + 12):
            somebody = colleague(f"Colleague {number}", skills=("host", "lead"))
            employed(somebody, rota.organisations["HUT"], minutes=1200)
            shift = rota.shift(day(17 + number % 12))
            Assignment.objects.create(
                plan=Plan.objects.get(organisation__code="HUT"), shift=shift, skill=rota.skills["host"],
                person=somebody, start=shift.start, end=shift.end, stands=True,
            )  # fmt: skip
            people.block(
                person=somebody, kind=Absence.Kind.ELSEWHERE, start=midnight(day(30)),
                end=midnight(day(30)) + timedelta(hours=8), by=BUILDER,
            )  # fmt: skip
            covering.log_call(place=place, person=somebody, answer="no", by=BUILDER)

    return more


@pytest.mark.parametrize("question", ["candidates", "places", "teams", "findings"])
def test_more_people_do_not_mean_more_queries(rota, crowd, question):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)))
    shift = rota.shift(day(16), "night")
    MixRule.objects.create(least=2, first_night=MONDAY)
    MixRule.objects.create(least=9, first_night=MONDAY, skill=rota.skills["lead"])

    def ask():
        return {
            "candidates": lambda: [
                (each.sentences, each.load) for each in candidates(shift, rota.skills["host"])
            ],
            "places": lambda: [
                (f"{place.shift}", place.missing) for place in coverage.places(MONDAY, SUNDAY)
            ],
            "teams": lambda: [(f"{team.rule}", team.missing) for team in coverage.teams(MONDAY, SUNDAY)],
            "findings": lambda: findings_for(
                Person.objects.order_by("pk").values_list("pk", flat=True), MONDAY, SUNDAY
            ),
        }[question]()

    crowd(1)
    ask()
    with count_queries() as few:
        first = ask()
    crowd(100)
    with count_queries() as many:
        then = ask()

    same_queries_for(few, many)
    assert (len(first) <= len(then), first == then) == (True, False)
