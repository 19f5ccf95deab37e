"""What a second look found: each test names one thing that once went wrong, with the least that shows it."""

import threading
from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace

import pytest

from shelter import clock
from shelter.errors import Refused
from shelter.rota import errors
from shelter.rota.actions import calendars, changing, covering, people, planning, recording, shifts, swapping
from shelter.rota.hours import hours_of
from shelter.rota.models import Absence, Assignment, Employment, OpenShift, Plan
from shelter.rota.queries import coverage
from shelter.rota.queries.candidates import candidates
from shelter.rota.queries.plans import findings_for
from shelter.rota.queries.swaps import partners, takers
from shelter.rota.timeline import Stint, midnight
from tests.at_once import kinds, wait_at
from tests.conftest import BUILDER, instant
from tests.harness import count_queries, same_queries_for
from tests.shelter.rota.conftest import MONDAY, SUNDAY, colleague, day, employed, lines, refused, standing


def away(rota, name, first, last=None, kind=Absence.Kind.LEAVE):
    people.block(
        person=rota.people[name], kind=kind, start=midnight(first),
        end=midnight((last or first) + timedelta(days=1)), by=BUILDER,
    )  # fmt: skip


def correct(rota, before, after, night, template="evening", *, skill="host", by="HUT", reason=""):
    return changing.correct(
        shift=rota.shift(night, template), skill=rota.skills[skill], before=rota.people.get(before),
        after=rota.people.get(after), by=rota.planners.get(by, rota.coordinator), reason=reason,
    )  # fmt: skip


# 1. What is broken already hides what a further shift breaks: `law.findings` tells of a run of days once, and
#    `law.against` compares by rule and day only.


def test_a_second_day_of_absence_forbids_a_shift_though_on_the_first_one_stands_already(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(17)), ("ben", day(18)))
    away(rota, "ana", day(17), day(20))

    found = candidates(rota.shift(day(18)), rota.skills["host"])

    assert [each.may for each in found if each.person == rota.people["ana"]] == [False]
    refused(errors.BreaksRules, lambda: correct(rota, "ben", "ana", day(18)))


def test_who_is_away_gets_no_other_shift_of_that_day_for_the_one_they_have(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(16), "night"))
    away(rota, "ana", day(16), day(17))

    refused(
        errors.BreaksRules,
        lambda: swapping.ask(
            given=rota.row("ana", day(16)), taken=rota.row("ben", day(16), "night"),
            taker=rota.people["ben"], by=rota.himself("ana"),
        ),
    )  # fmt: skip


# 2. Who has two employers is always booked on the first by code (`changing.plan_of`).


def test_who_has_two_employers_is_booked_on_the_one_whose_place_it_is(rota):
    for code in ("HUT", "CRL"):
        rota.published(code, MONDAY, SUNDAY, *([("ben", day(18))] if code == "HUT" else []))
    place = covering.offer(
        shift=rota.shift(day(20)), skill=rota.skills["host"], organisation=rota.organisations["HUT"],
        by=rota.planners["HUT"],
    )  # fmt: skip

    covering.take(place=place, person=rota.people["cleo"], by=rota.himself("cleo"))

    assert rota.row("cleo", day(20)).plan.organisation.code == "HUT"


def test_a_planner_puts_somebody_of_theirs_into_a_shift_though_they_work_elsewhere_too(rota):
    for code in ("HUT", "CRL"):
        rota.published(code, MONDAY, SUNDAY, *([("ben", day(18))] if code == "HUT" else []))

    correct(rota, "ben", "cleo", day(18), by="HUT")

    assert rota.row("cleo", day(18)).plan.organisation.code == "HUT"


def test_a_swap_within_one_organisation_stays_within_it(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ben", day(18)), ("cleo", day(24)))
    rota.published("CRL")
    swap = swapping.ask(
        given=rota.row("ben", day(18)), taken=rota.row("cleo", day(24)), taker=rota.people["cleo"],
        by=rota.himself("ben"),
    )  # fmt: skip
    swapping.agree(swap=swap, by=rota.himself("cleo"))

    swapping.approve(swap=swap, by=rota.planners["HUT"])

    assert rota.row("cleo", day(18)).plan.organisation.code == "HUT"


# 3. Two places of one shift and duty are offered as one (`covering.offer`).


def test_when_two_hosts_of_one_shift_fall_ill_two_places_are_offered(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18)), ("ben", day(18)))

    for name in ("ana", "ben"):
        covering.fall_out(
            person=rota.people[name], start=midnight(day(18)), end=midnight(day(19)),
            by=rota.planners["HUT"],
        )  # fmt: skip

    assert OpenShift.objects.filter(closed_at=None).count() == 2


# 4. The shifts of somebody who has left cannot be taken from them (`change` asks for a plan of `before`).


@pytest.mark.parametrize("verb", ["correct", "fall out"])
def test_the_shifts_of_who_no_longer_works_here_can_be_given_up(rota, verb):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18)))
    people.end_employment(
        employment=Employment.objects.get(person=rota.people["ana"]), last_day=day(16),
        by=rota.planners["HUT"],
    )  # fmt: skip

    if verb == "correct":
        correct(rota, "ana", None, day(18))
    else:
        covering.fall_out(
            person=rota.people["ana"], start=midnight(day(17)), end=midnight(day(30)),
            by=rota.planners["HUT"], kind=Absence.Kind.UNAVAILABLE,
        )  # fmt: skip

    assert standing() == []


# 5. Between two organisations only the coordinator decides; a hand-over asks the giver's planner alone.


def test_a_hand_over_to_another_organisation_is_for_the_coordinator(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ben", day(18)))
    rota.published("CRL")
    swap = swapping.ask(given=rota.row("ben", day(18)), taker=rota.people["dana"], by=rota.himself("ben"))
    swapping.agree(swap=swap, by=rota.himself("dana"))

    refused(errors.NotYourPeople, lambda: swapping.approve(swap=swap, by=rota.planners["HUT"]))


# 6. A swap takes the shift of somebody who was never asked.


def test_in_a_swap_everybody_gives_their_own_shift(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(18)), ("gus", day(20)))

    refused(
        Refused,
        lambda: swapping.ask(
            given=rota.row("ana", day(16)), taken=rota.row("gus", day(20)), taker=rota.people["ben"],
            by=rota.himself("ana"),
        ),
    )  # fmt: skip


# 7. A request that was granted meanwhile is withdrawn, and its absence stays (`withdraw_leave` does not look again).


def test_a_request_granted_meanwhile_is_not_withdrawn(rota):
    request = people.ask_leave(
        person=rota.people["ana"], first_day=day(20), last_day=day(22), by=rota.himself("ana")
    )
    people.answer_leave(request=request, granted=True, by=rota.planners["HUT"])

    refused(errors.AlreadyAnswered, lambda: people.withdraw_leave(request=request, by=rota.himself("ana")))


# 8. A copied week holds people who do not work there any longer.


def test_who_has_left_is_left_out_of_a_copied_week(rota):
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(16)))
    people.end_employment(
        employment=Employment.objects.get(person=rota.people["ana"]), last_day=day(20),
        by=rota.planners["HUT"],
    )  # fmt: skip

    counts = planning.copy_week(
        organisation=rota.organisations["HUT"], source=MONDAY, target=day(23), by=rota.planners["HUT"]
    )

    names = plan.assignments.filter(start__gte=midnight(day(23))).values_list("person__name", flat=True)
    assert (counts, list(names)) == ((1, 1), ["Ben"])


# 9. A shift outside the period of a plan is put into it.


def test_a_plan_holds_only_shifts_of_its_period(rota):
    plan = rota.draft()

    refused(Refused, lambda: rota.put(plan, "ana", day(10, 12)))


# 10. A draft opened before a change undoes it when it is published, and nobody is asked.


def test_a_swap_approved_after_a_draft_was_opened_is_not_lost_with_its_publication(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18)))
    draft = rota.draft()
    rota.put(draft, "gus", day(24))
    correct(rota, "ana", "ben", day(18))

    with suppress(Refused):
        rota.publish(draft)

    assert ("ben", day(18), "evening") in standing()


# 11. The terms of a season are those of its first day, whenever the shift is.


def test_the_terms_of_the_day_of_a_shift_hold(rota):
    people.set_term(key="day_most", value=300, first_day=day(1, 12), by=BUILDER)
    draft = rota.draft("HUT", day(7, 12), day(13, 12), ("ana", day(8, 12)))

    refused(errors.BreaksRules, lambda: rota.publish(draft))


# 12. Some figures that may be left empty break the rule that reads them.


@pytest.mark.parametrize("key", ["daily_rest", "weekly_rest", "break_after", "night_mean"])
def test_a_figure_that_is_not_known_demands_nothing(rota, key):
    ana = rota.people["ana"]
    people.set_term(key=key, value=None, first_day=day(1), by=BUILDER)
    Employment.objects.filter(person=ana).update(is_night_worker=True, is_under_strain=True)
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16), "night"))

    assert findings_for([ana.pk], MONDAY, SUNDAY, plans=[plan])[ana.pk] == []


# 13. The days before a change with short notice are a term of each organisation, and three are fixed in the code.


def test_how_short_notice_is_follows_the_terms(rota, clock_at):
    people.set_term(key="notice_days", value=5, first_day=day(1), by=BUILDER)
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18)))
    clock_at("2026-11-14 09:00")  # four days before

    refused(errors.ReasonIsMissing, lambda: correct(rota, "ana", "ben", day(18)))


# 14. The team of a night is all who serve it, also after midnight; at the edge of a period half of it is missing.


def test_the_morning_after_the_last_day_belongs_to_the_team_of_its_night(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18)))
    rota.published("IA", MONDAY, SUNDAY, ("emil", day(18), "morning"))
    shifts.add_mix_rule(least=2, first_night=MONDAY, by=BUILDER)

    assert [team.night.date for team in coverage.teams(day(18), day(18))] == []


def test_the_morning_of_the_first_day_does_not_make_a_team_of_the_night_before(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18)))
    rota.published("IA", MONDAY, SUNDAY, ("emil", day(18), "morning"))
    shifts.add_mix_rule(least=2, first_night=MONDAY, by=BUILDER)

    assert [team.night.date for team in coverage.teams(day(19), day(20))] == []


# 15. A minute is lost where a break begins or ends at half a minute: 6 h 15 with a break of 30 are 345 minutes.


@pytest.mark.parametrize(("minutes", "rest", "worked"), [(375, 30, 345), (515, 30, 485)])
def test_minutes_before_and_after_a_break_add_up(minutes, rest, worked):
    start = instant("2026-11-18 18:30")
    stint = Stint(start, start + timedelta(minutes=minutes), break_minutes=rest)

    assert (stint.minutes, hours_of(stint).worked) == (worked, worked)


# 16. The load of a candidate counts three weeks and more on each side, and divides by two.


def test_the_load_of_a_candidate_is_that_of_two_weeks_before_and_after(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)))

    (ana,) = [
        each
        for each in candidates(rota.shift(day(5, 12)), rota.skills["host"])  # nineteen days later
        if each.person == rota.people["ana"]
    ]

    assert ana.load == 0.0


# 17. Candidates are told other than what is refused then.


def test_who_is_employed_here_and_a_volunteer_there_is_protected_as_a_candidate_too(rota):
    employed(rota.people["ana"], rota.organisations["IA"], kind="volunteer")
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18), "morning"))

    shift, host = rota.shift(day(18)), rota.skills["host"]
    (ana,) = [each for each in candidates(shift, host) if each.person == rota.people["ana"]]

    assert bool(changing.hindrances(ana.person, shift, host)) is True
    assert ana.may is False


def test_the_weekends_worked_of_late_count_for_a_candidate(rota):
    people.set_term(key="free_weekends", value=51, first_day=day(1), by=BUILDER)  # one of 52 may be worked
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(21)))

    shift, host = rota.shift(day(28)), rota.skills["host"]
    (ana,) = [each for each in candidates(shift, host) if each.person == rota.people["ana"]]

    assert bool(changing.hindrances(ana.person, shift, host)) is True
    assert ana.may is False


# 18. Which duty misses most people is counted twice where a draft copies what is published.


def test_what_is_published_and_copied_into_a_draft_is_there_once(rota):
    evening = rota.shift(day(18))
    shifts.set_demand(shift=evening, skill=rota.skills["host"], minimum=4, wished=4, by=BUILDER)
    rota.published("HUT", MONDAY, SUNDAY, ("ben", day(18)), ("gus", day(18)))
    rota.draft()

    row = planning.give(
        organisation=rota.organisations["HUT"], person=rota.people["ana"], day=day(18),
        template=rota.templates["evening"], by=rota.planners["HUT"],
    )  # fmt: skip

    assert row.skill.code == "host"  # two of four hosts are missing, and one of one lead


# 19. A plan of some weeks shuts the keys of the rest of its months.


def test_a_day_beside_a_plan_can_be_given_by_a_key(rota):
    rota.draft("HUT", MONDAY, SUNDAY)

    row = planning.give(
        organisation=rota.organisations["HUT"], person=rota.people["ana"], day=day(30),
        template=rota.templates["evening"], by=rota.planners["HUT"],
    )  # fmt: skip

    assert row.plan.first_day <= day(30) <= row.plan.last_day


# 20. A rule set aside in a week that lies in two plans opens a new draft of the one that stands.


def test_to_set_a_rule_aside_opens_no_draft_of_what_stands(rota):
    rota.published("HUT", MONDAY, day(2, 12), ("ana", day(30)))
    rota.draft("HUT", day(3, 12), day(20, 12))

    planning.set_aside_rule(
        organisation=rota.organisations["HUT"], person=rota.people["ana"], rule="weekly_rest", day=day(30),
        reason="illness of three", by=rota.planners["HUT"],
    )  # fmt: skip

    assert Plan.objects.filter(state__in=Plan.OPEN).count() == 1


# 21. What cannot be is refused with words, not by a broken constraint.


WRONG = {
    "employed backwards": lambda rota: employed(
        rota.people["ana"], rota.organisations["IA"], minutes=60, first_day=day(2), last_day=day(1)
    ),
    "qualified backwards": lambda rota: people.qualify(
        person=rota.people["ana"], skill=rota.skills["lead"], first_day=day(2), last_day=day(1), by=BUILDER
    ),
    "away for no time": lambda rota: people.block(
        person=rota.people["ana"], kind="sick", start=clock.now(), end=clock.now(), by=BUILDER
    ),
    "a wish of four": lambda rota: people.wish(
        person=rota.people["ana"], night=day(20), weight=4, by=rota.himself("ana")
    ),
    "a plan backwards": lambda rota: rota.draft("HUT", SUNDAY, MONDAY),
    "a calendar of nobody": lambda rota: calendars.issue(by=rota.himself("ana")),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_be_is_refused_with_words(rota, wrong):
    with pytest.raises(Refused):
        WRONG[wrong](rota)


# 22. A shift that is over is still taken.


def test_nobody_takes_a_shift_that_is_over(rota, clock_at):
    rota.published("HUT")
    place = covering.offer(
        shift=rota.shift(day(18)), skill=rota.skills["host"], organisation=rota.organisations["HUT"],
        by=rota.planners["HUT"],
    )  # fmt: skip
    clock_at("2026-11-19 12:00")

    refused(Refused, lambda: covering.take(place=place, person=rota.people["ana"], by=rota.himself("ana")))


# 23. The log says from when to when somebody is away on the clock of Greenwich: a day too early.


def test_the_log_says_the_days_of_an_absence_as_they_are_here(rota):
    away(rota, "ana", day(20))

    assert lines("absence_entered")[0]["start"] == "2026-11-20"


# 24. More colleagues mean more queries when a swap is looked for.


@pytest.mark.parametrize("question", [lambda row: partners(row, MONDAY, SUNDAY), takers])
def test_more_colleagues_do_not_mean_more_queries_for_a_swap(rota, question):
    plan = rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)))
    given = rota.row("ana", day(16))

    def more(numbers):
        for number in numbers:
            somebody = colleague(f"Colleague {number}", skills=("host",))
            employed(somebody, rota.organisations["HUT"], minutes=1200)
            shift = rota.shift(day(20))
            Assignment.objects.create(
                plan=plan, shift=shift, skill=rota.skills["host"], person=somebody, start=shift.start,
                end=shift.end, stands=True,
            )  # fmt: skip

    more(range(2))
    question(given)
    with count_queries() as few:
        question(given)
    more(range(2, 8))
    with count_queries() as many:
        question(given)

    same_queries_for(few, many)


# 25. Two phones at once: one of them is answered with a broken constraint instead of a word (PostgreSQL only).


@pytest.fixture
def meet_at_the_clock(monkeypatch):
    """Whoever asks a module of actions for the time waits until the other does, before either writes."""

    def meet(module):
        barrier = threading.Barrier(2)

        def now():
            wait_at(barrier)
            return clock.now()

        monkeypatch.setattr(module, "clock", SimpleNamespace(now=now))

    return meet


@pytest.mark.django_db(transaction=True)
def test_two_phones_record_the_work_of_one_shift(rota, at_once, meet_at_the_clock):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)))
    row = rota.row("ana", day(16))
    meet_at_the_clock(recording)

    answers = at_once(
        *(
            lambda by=by: recording.record_worked(assignment=row, by=by)
            for by in (rota.himself("ana"), rota.planners["HUT"])
        )
    )

    assert "IntegrityError" not in kinds(answers)


@pytest.mark.django_db(transaction=True)
def test_one_shift_is_offered_to_two_colleagues_at_once(rota, at_once, meet_at_the_clock):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)))
    row = rota.row("ana", day(16))
    meet_at_the_clock(swapping)

    answers = at_once(
        *(
            lambda name=name: swapping.ask(given=row, taker=rota.people[name], by=rota.himself("ana"))
            for name in ("ben", "gus")
        )
    )

    assert kinds(answers) == ["AlreadyAnswered", "Swap"]
