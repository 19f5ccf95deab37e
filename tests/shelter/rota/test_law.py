"""Working time: each rule by example, by a second calculation minute by minute, and with its two faces compared."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from shelter import nights
from shelter.rota import judging, law
from shelter.rota.terms import Terms
from shelter.rota.timeline import Absence, Qualification, Stint, Timeline, midnight

pytestmark = pytest.mark.pure

CALMLY = settings(deadline=None, derandomize=True, max_examples=120)
MONDAY = date(2026, 11, 16)
MINUTE = timedelta(minutes=1)


def at(moment):
    """`"16 21:00"` in November 2026, or a whole `"2027-03-27 21:00"`, on Luxembourg's wall clock."""
    text = moment if moment.count("-") else f"2026-11-{moment}"
    return datetime.fromisoformat(text).replace(tzinfo=nights.LUXEMBOURG).astimezone(UTC)


def stint(start, end, **known):
    return Stint(at(start), at(end), **known)


def timeline(*stints, terms=None, **known):
    usual = {"first": MONDAY, "last": MONDAY + timedelta(days=6)}
    return Timeline(terms=terms or Terms(break_least=None), stints=stints, **usual | known)


def found(line, rule):
    return [law.explain(finding).replace("\u00a0", " ") for finding in law.BY_CODE[rule].check(line)]


@pytest.fixture(autouse=True)
def english():
    from django.utils import translation

    with translation.override("en"):
        yield


# By example.


def test_a_night_of_ten_hours_is_the_most():
    assert found(timeline(stint("16 21:00", "17 07:00")), "day_limit") == []
    assert found(timeline(stint("16 21:00", "17 07:15")), "day_limit") == [
        "10 h 15 of work within 24 hours; at most 10 h 00."
    ]


def test_in_the_night_when_clocks_go_forward_the_same_hours_are_one_less():
    short = stint("2027-03-27 20:30", "2027-03-28 07:00")

    assert short.minutes == 570
    assert short.night_minutes == 7 * 60
    assert found(timeline(short, first=date(2027, 3, 22), last=date(2027, 3, 28)), "day_limit") == []


def test_in_the_night_when_clocks_go_back_they_are_one_more():
    long = stint("2026-10-24 21:00", "2026-10-25 07:00")

    assert found(timeline(long, first=date(2026, 10, 19), last=date(2026, 10, 25)), "day_limit") == [
        "11 h 00 of work within 24 hours; at most 10 h 00."
    ]


def test_two_stints_of_one_day_count_together_and_a_break_does_not():
    halves = timeline(stint("16 08:00", "16 14:00"), stint("16 15:00", "16 19:30"))
    with_break = timeline(stint("16 08:00", "16 18:30", break_minutes=30))

    assert found(halves, "day_limit") == ["10 h 30 of work within 24 hours; at most 10 h 00."]
    assert found(with_break, "day_limit") == []


def test_work_elsewhere_counts_in_every_limit():
    elsewhere = stint("17 08:00", "17 16:00", elsewhere=True)
    line = timeline(stint("16 21:00", "17 07:00"), elsewhere)

    assert set(found(line, "daily_rest")) == {"5 h 00 of rest within 24 hours; at least 11 h 00."}
    assert found(line, "day_limit") != []


def test_forty_eight_hours_a_week_and_not_a_minute_more():
    week = [stint(f"{day} 08:00", f"{day} 17:36") for day in range(16, 21)]

    assert found(timeline(*week), "week_limit") == []
    assert found(timeline(*week, stint("21 10:00", "21 10:30")), "week_limit") == [
        "48 h 30 of work this week; at most 48 h 00."
    ]


def test_a_week_is_judged_whole_though_only_a_day_of_it_is_asked_about():
    """The plan of a month begins on a Tuesday: what was worked on the Monday before belongs to its first week."""
    week = [stint(f"{day} 08:00", f"{day} 17:45") for day in range(16, 21)]

    assert found(timeline(*week, first=date(2026, 11, 17), last=date(2026, 11, 17)), "week_limit") != []


def test_eleven_hours_of_rest():
    assert found(timeline(stint("16 09:00", "16 17:00"), stint("17 04:00", "17 08:00")), "daily_rest") == []
    assert found(timeline(stint("16 09:00", "16 17:30"), stint("17 04:00", "17 09:00")), "daily_rest") == [
        "10 h 30 of rest within 24 hours; at least 11 h 00."
    ]


def test_a_day_in_two_parts_has_its_rest_before_the_next_one():
    parts = [stint("16 08:00", "16 11:00"), stint("16 17:00", "16 21:00")]

    assert found(timeline(*parts), "daily_rest") == []
    assert set(found(timeline(*parts, stint("17 07:00", "17 09:00")), "daily_rest")) == {
        "10 h 00 of rest within 24 hours; at least 11 h 00."
    }


def test_forty_four_hours_of_rest_a_week_may_lie_anywhere_in_it():
    nights_of_work = [stint(f"{day} 21:00", f"{day + 1} 05:00") for day in (16, 17, 18, 19, 20)]

    assert found(timeline(*nights_of_work), "weekly_rest") == ["43 h 00 of rest this week; at least 44 h 00."]
    assert found(timeline(*nights_of_work[:-1]), "weekly_rest") == []
    assert found(timeline(*nights_of_work, stint("22 12:00", "22 13:00")), "weekly_rest") == [
        "31 h 00 of rest this week; at least 44 h 00."
    ]
    assert law.BY_CODE["weekly_rest"].can_be_overridden


def test_more_than_six_hours_have_a_break():
    terms = Terms()
    line = timeline(stint("16 08:00", "16 14:01"), stint("17 08:00", "17 14:00"), terms=terms)

    assert found(line, "break") == ["0 h 00 of break in more than six hours of work; at least 0 h 30."]
    assert found(timeline(stint("16 08:00", "16 14:31", break_minutes=30), terms=terms), "break") == []


def test_what_is_not_known_demands_nothing():
    line = timeline(stint("16 08:00", "16 18:00"))

    for code in ("break", "days_in_a_row", "nights_in_a_row", "monthly_reference"):
        assert found(line, code) == []


def test_night_workers_have_their_mean_and_strain_its_eight_hours():
    ten = [stint(f"{day} 21:00", f"{day + 1} 07:00") for day in range(16, 22)]

    assert found(timeline(*ten), "night_mean") == []
    strict = Terms(break_least=None, is_night_worker=True, is_under_strain=True)
    assert found(timeline(*ten, terms=strict), "night_mean")[0] == (
        "60 h 00 of work within seven days; for night workers at most 56 h 00."
    )
    assert found(timeline(ten[0], terms=strict), "night_under_strain") == [
        "10 h 00 of work around a night under strain; at most 8 h 00."
    ]
    assert found(timeline(stint("16 08:00", "16 18:00"), terms=strict), "night_under_strain") == []


def test_a_months_hours_lie_around_those_of_the_contract():
    november = {"first": date(2026, 11, 1), "last": date(2026, 11, 30)}
    terms = Terms(weekly_minutes=40 * 60)
    week_by_week = [
        stint(f"{day:02d} 08:00", f"{day:02d} 16:00") for day in range(2, 25) if day % 7 not in (1, 0)
    ]

    assert found(timeline(terms=terms, **november), "monthly_reference") == [
        "0 h 00 of work in this reference period; between 154 h 17 and 188 h 34."
    ]
    assert len(week_by_week) == 17
    enough = [
        *week_by_week,
        stint("25 08:00", "25 16:00"),
        stint("26 08:00", "26 16:00"),
        stint("27 08:00", "27 16:00"),
    ]
    assert found(timeline(*enough, terms=terms, **november), "monthly_reference") == []


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (None, "between 154 h 17 and 188 h 34"),
        ("leave", "between 118 h 17 and 144 h 34"),
        ("sick", "between 118 h 17 and 144 h 34"),
        ("training", "between 118 h 17 and 144 h 34"),
        ("unavailable", "between 154 h 17 and 188 h 34"),
    ],
)
def test_a_week_of_leave_illness_or_training_asks_for_no_hours(kind, said):
    """40 hours a week: of 30 days 171.4 hours, of 23 days 131.4; ten of a hundred less and more."""
    away = Absence(midnight(date(2026, 11, 9)), midnight(date(2026, 11, 16)), kind)
    line = timeline(
        terms=Terms(weekly_minutes=40 * 60), first=date(2026, 11, 1), last=date(2026, 11, 30),
        absences=(away,) if kind else (),
    )  # fmt: skip

    assert found(line, "monthly_reference") == [f"0 h 00 of work in this reference period; {said}."]


def test_so_many_weekends_of_a_year_are_free():
    terms = replace(Terms(), free_weekends=50)
    saturdays = [stint("21 22:00", "21 23:00"), stint("29 22:00", "29 23:00")]
    both = timeline(*saturdays, terms=terms, last=date(2026, 11, 29))

    assert found(both, "free_weekends") == []
    assert found(replace(both, weekends_before=1), "free_weekends") == [
        "2 weekends worked; with 50 free ones a year at most 1."
    ]


def test_runs_of_days_and_of_nights():
    terms = Terms(days_in_a_row=2, nights_in_a_row=1, break_least=None)
    line = timeline(
        stint("16 21:00", "17 03:00"),
        stint("17 22:00", "18 03:00"),
        stint("18 12:00", "18 14:00"),
        terms=terms,
    )

    assert found(line, "days_in_a_row") == ["3 days of work in a row; at most 2."]
    assert found(line, "nights_in_a_row") == ["2 nights of work in a row; at most 1."]


def test_nobody_is_in_two_places_nor_at_work_while_away_nor_what_they_are_not():
    leave = Absence(at("16 00:00"), at("17 00:00"), "leave")
    lead = Qualification("lead", date(2020, 1, 1), date(2026, 11, 16))
    line = timeline(
        stint("16 08:00", "16 10:00", role="lead"),
        stint("16 09:00", "16 11:00", elsewhere=True),
        stint("17 08:00", "17 10:00", role="lead"),
        absences=(leave,),
        qualifications=(lead,),
    )

    assert found(line, "overlap") == ["Two stretches of work at the same time."]
    assert [finding.day for finding in law.BY_CODE["absent"].check(line)] == [date(2026, 11, 16)]
    assert [finding.day for finding in law.BY_CODE["qualified"].check(line)] == [date(2026, 11, 17)]


def test_a_stint_that_ends_before_it_begins_is_none():
    with pytest.raises(ValueError, match="ends after"):
        stint("16 08:00", "16 08:00")


def test_every_rule_says_where_it_comes_from_or_that_nobody_has_said():
    assert {rule.code for rule in law.LAW if rule.parameter and not rule.source} == {
        "days_in_a_row",
        "nights_in_a_row",
    }


# By a second calculation, minute by minute, that shares nothing with the first but the stints.

STARTS = [f"{hour:02d}:{minute:02d}" for hour in range(24) for minute in (0, 30)]


def invented(chance, most=8):
    """A week and a half of work by chance, with everything that may be set set to something."""
    stints = {_some_stint(chance) for _stint in range(chance.randint(0, most))}
    terms = Terms(
        weekly_minutes=2400,
        is_night_worker=chance.random() < 0.5,
        is_under_strain=chance.random() < 0.4,
        days_in_a_row=chance.choice([None, 2, 3]),
        nights_in_a_row=chance.choice([None, 1, 2]),
        free_weekends=chance.choice([20, 51, 52]),
        week_most=chance.choice([2880, 1500]),
        night_mean=chance.choice([480, 240]),
        weekly_rest=chance.choice([2640, 6000]),
    )
    away = at(f"{chance.randint(16, 26)} 00:00")
    return Timeline(
        first=MONDAY,
        last=MONDAY + timedelta(days=chance.choice([3, 6, 12])),
        terms=terms,
        stints=tuple(sorted(stints)),  # a set has another order in each process
        absences=(Absence(away, away + timedelta(days=1), "leave"),) if chance.random() < 0.4 else (),
        qualifications=(Qualification("host", date(2020, 1, 1)), Qualification("lead", date(2026, 11, 20))),
        weekends_before=chance.choice([0, 0, 1]),
    )


def _some_stint(chance):
    begin = at(f"{chance.randint(15, 27)} {chance.choice(STARTS)}")
    return Stint(
        begin,
        begin + timedelta(minutes=30 * chance.randint(2, 22)),
        role=chance.choice(["host", "host", "lead"]),
        break_minutes=chance.choice([0, 0, 30]),
        elsewhere=chance.random() < 0.15,
    )


timelines = st.integers(0, 10**9).map(lambda seed: invented(Random(seed)))


def minutes_of(line):
    """Which minutes are worked, and which are spent on duty, counted from a Monday well before."""
    base = midnight(date(2026, 11, 9))
    worked, duty = set(), set()
    for each in line.stints:
        begin, end = ((moment - base) // MINUTE for moment in (each.start, each.end))
        duty.update(range(begin, end))
        middle = (begin + end) / 2
        half = each.break_minutes / 2
        worked.update(minute for minute in range(begin, end) if not middle - half <= minute < middle + half)
    return base, worked, duty


def longest_gap(duty, begin, end):
    longest = run = 0
    for minute in range(begin, end):
        run = 0 if minute in duty else run + 1
        longest = max(longest, run)
    return longest


def without_overlaps(line):
    """What is counted by minutes cannot see two stints in one minute: the rule for that comes first."""
    return not law.BY_CODE["overlap"].check(line)


@CALMLY
@given(timelines)
def test_sums_and_rests_agree_with_minutes_counted_one_by_one(line):
    if not without_overlaps(line):
        return
    base, worked, duty = minutes_of(line)
    starts = sorted({(each.start - base) // MINUTE for each in line.stints})
    day, week = 24 * 60, 7 * 24 * 60

    def sums(begin, length):
        return sum(minute in worked for minute in range(begin, begin + length))

    expected = {
        "day_limit": sum(sums(begin, day) > line.terms.day_most for begin in starts),
        "daily_rest": sum(longest_gap(duty, begin, begin + day) < 660 for begin in starts),
        "night_mean": sum(
            line.terms.is_night_worker and sums(begin, week) > 7 * line.terms.night_mean for begin in starts
        ),
        "week_limit": 0,
        "weekly_rest": 0,
    }
    monday = line.first - timedelta(days=line.first.weekday())
    while monday <= line.last:
        begin = (midnight(monday) - base) // MINUTE
        expected["week_limit"] += sums(begin, week) > line.terms.week_most
        expected["weekly_rest"] += longest_gap(duty, begin, begin + week) < line.terms.weekly_rest
        monday += timedelta(days=7)

    assert {code: len(law.BY_CODE[code].check(line)) for code in expected} == expected


# Two faces.


def accepted(rule, line, present):
    """Whether a program that keeps a rule lets exactly these of the possible stints be."""
    model = cp_model.CpModel()
    taken = {each: model.new_bool_var("") for each in line.stints}
    rule.encode(model, line, taken.__getitem__)
    for each, literal in taken.items():
        model.add(literal == (each in present))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    return solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE)


@pytest.mark.parametrize("rule", law.LAW, ids=lambda rule: rule.code)
def test_a_program_accepts_exactly_what_the_check_accepts(rule):
    both = {True: 0, False: 0}
    for seed in range(150):
        chance = Random(f"{rule.code} {seed}")
        line = invented(chance, most=9)
        if rule.code == "monthly_reference":
            line = replace(line, first=date(2026, 11, 1), last=date(2026, 11, 30),
                           terms=replace(line.terms, weekly_minutes=chance.choice([100, 500, 900])))  # fmt: skip
        present = {each for each in line.stints if chance.random() < 0.7}
        is_fine = not rule.check(replace(line, stints=tuple(present)))
        assert accepted(rule, line, present) == is_fine, seed
        both[is_fine] += 1

    assert min(both.values()) > 0, both  # neither face is asked about one sort only


def test_a_program_finds_a_legal_week_where_there_is_one():
    """Of all the nights on offer as many as the law allows: five, since the rest of the week needs its 44 hours."""
    line = timeline(*(stint(f"{day} 21:30", f"{day + 1} 05:30") for day in range(16, 23)))
    model = cp_model.CpModel()
    taken = {each: model.new_bool_var("") for each in line.stints}
    for rule in law.LAW:
        rule.encode(model, line, taken.__getitem__)
    model.maximize(sum(taken.values()))
    solver = cp_model.CpSolver()
    solver.solve(model)

    chosen = tuple(each for each, literal in taken.items() if solver.value(literal))
    assert len(chosen) == 6
    assert judging.findings(replace(line, stints=chosen)) == []
