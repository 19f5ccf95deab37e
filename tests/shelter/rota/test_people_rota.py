"""Who works for whom and as what, leave that is asked for, wishes, and the dated terms of working time."""

from datetime import timedelta

import pytest

from shelter import clock
from shelter.errors import Incomplete
from shelter.rota import errors, law, tasks
from shelter.rota.actions import people
from shelter.rota.models import Absence, Employment, LeaveRequest, Qualification, Term, Wish
from shelter.rota.queries.plans import findings_for
from shelter.rota.queries.terms import terms_by_organisation, terms_of
from shelter.rota.queries.timelines import timelines, under_the_law
from shelter.rota.terms import SOURCES, Terms
from shelter.rota.timeline import midnight
from tests.conftest import BUILDER
from tests.shelter.rota.conftest import MONDAY, SUNDAY, colleague, day, employed, lines, refused

FIRST, FRIDAY, LAST_DAY = day(1), day(20), day(22)

# Employments.


def test_somebody_is_employed_from_a_day_on(rota):
    nina = colleague("Nina")

    row = employed(
        nina, rota.organisations["IA"], minutes=1200, first_day=day(20), by=rota.planners["IA"],
        is_night_worker=True,
    )  # fmt: skip

    assert (row.weekly_minutes, row.first_day, row.last_day, row.is_night_worker, row.is_under_strain) == (
        1200, day(20), None, True, False,
    )  # fmt: skip
    assert (row.reference, row.is_under_the_law) == ("month", True)
    assert lines("employed")[-1] == {
        "person": nina.pk, "organisation": "IA", "kind": "employee",
    }  # fmt: skip


@pytest.mark.parametrize(("kind", "protected"), [("employee", True), ("volunteer", False), ("guard", False)])
def test_the_law_protects_employees_only(rota, kind, protected):
    nina = colleague("Nina")

    row = employed(nina, rota.organisations["IA"], kind=kind, minutes=1200)

    assert row.is_under_the_law == protected
    assert under_the_law([nina.pk], MONDAY, SUNDAY) == ({nina.pk} if protected else set())


@pytest.mark.parametrize("minutes", [None, 0])
def test_an_employee_has_weekly_hours(rota, minutes):
    nina = colleague("Nina")

    refused(Incomplete, lambda: employed(nina, rota.organisations["IA"], minutes=minutes))


@pytest.mark.parametrize("code", ["HUT", "CRL"])
def test_only_its_own_planner_employs_somebody_for_an_organisation(rota, code):
    nina = colleague("Nina")

    refused(
        errors.NotYourPeople,
        lambda: employed(nina, rota.organisations["IA"], minutes=60, by=rota.planners[code]),
    )


def test_an_employment_ends_after_its_last_day(rota):
    row = Employment.objects.get(person=rota.people["ana"])

    people.end_employment(employment=row, last_day=day(20), by=rota.planners["HUT"])

    on = [
        Employment.objects.on(date).filter(person=rota.people["ana"]).exists() for date in (day(20), day(21))
    ]
    assert on == [True, False]
    assert lines("employment_ended") == [{"person": rota.people["ana"].pk, "last": "2026-11-20"}]


def test_an_employment_does_not_end_before_it_began(rota):
    row = employed(colleague("Nina"), rota.organisations["IA"], minutes=60, first_day=day(20))

    people.end_employment(employment=row, last_day=day(1), by=rota.planners["IA"])

    row.refresh_from_db()
    assert (row.first_day, row.last_day) == (day(20), day(20))


def test_only_its_own_planner_ends_an_employment(rota):
    row = Employment.objects.get(person=rota.people["ana"])

    refused(
        errors.NotYourPeople,
        lambda: people.end_employment(employment=row, last_day=day(20), by=rota.planners["CRL"]),
    )


def test_who_works_on_a_day_and_in_a_period(rota):
    row = employed(
        colleague("Nina"), rota.organisations["IA"], minutes=60, first_day=day(18), last_day=day(20)
    )
    days = [day(number) for number in (17, 18, 20, 21)]
    periods = [(16, 17), (16, 18), (19, 19), (20, 25), (21, 25)]

    on = [Employment.objects.on(date).filter(pk=row.pk).exists() for date in days]
    between = [
        Employment.objects.between(day(first), day(last)).filter(pk=row.pk).exists()
        for first, last in periods
    ]

    assert on == [False, True, True, False]
    assert between == [False, True, True, True, False]


# Qualifications.


@pytest.mark.parametrize(
    ("night", "may"), [(day(17), False), (day(18), True), (day(20), True), (day(21), False)]
)
def test_a_qualification_holds_from_its_first_day_to_its_last(rota, night, may):
    ben = rota.people["ben"]
    people.qualify(
        person=ben, skill=rota.skills["lead"], first_day=day(18), last_day=day(20), by=BUILDER, proof="card"
    )
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ben", night, "evening", "lead"))

    found = findings_for([ben.pk], MONDAY, SUNDAY, plans=[plan])[ben.pk]

    assert [finding.rule for finding in found] == ([] if may else ["qualified"])
    assert Qualification.objects.on(night).filter(person=ben, skill__code="lead").exists() == may


def test_a_qualification_keeps_the_proof_that_was_seen(rota):
    row = people.qualify(
        person=rota.people["ben"], skill=rota.skills["first_aid"], first_day=day(1), by=BUILDER,
        proof="card of 2026",
    )  # fmt: skip

    assert (row.proof, row.last_day) == ("card of 2026", None)
    assert lines("qualified")[-1] == {
        "person": rota.people["ben"].pk, "skill": "first_aid",
    }  # fmt: skip


# Leave.


@pytest.fixture
def request_of(rota):
    """Ana asks to be away: `request_of()` from the 20th to the 22nd."""

    def asked(name="ana", first=FRIDAY, last=LAST_DAY):
        return people.ask_leave(
            person=rota.people[name], first_day=first, last_day=last, by=rota.himself(name)
        )

    return asked


def state_of(request):
    fresh = LeaveRequest.objects.get(pk=request.pk)
    return (fresh.state, fresh.answered_at, fresh.answered_by, fresh.by_silence)


def test_the_answer_to_a_request_is_due_after_the_days_that_are_set(rota, request_of):
    request = request_of()

    assert (request.state, request.asked_at) == ("asked", clock.now())
    assert request.answer_due_at == clock.now() + timedelta(days=14)


def test_an_organisation_may_answer_sooner(rota, request_of):
    people.set_term(
        key="leave_answer_days", value=7, first_day=day(1), by=rota.planners["HUT"],
        organisation=rota.organisations["HUT"],
    )  # fmt: skip

    due = {name: request_of(name).answer_due_at - clock.now() for name in ("ana", "dana")}

    assert due == {"ana": timedelta(days=7), "dana": timedelta(days=14)}


def test_where_no_days_are_set_the_answer_is_due_when_the_leave_begins(rota, request_of):
    people.set_term(key="leave_answer_days", value=None, first_day=day(1), by=BUILDER)

    assert request_of().answer_due_at == midnight(day(20))


def test_leave_is_asked_for_from_a_day_to_the_same_or_a_later_one(rota, request_of):
    refused(Incomplete, lambda: request_of(first=day(22), last=day(21)))

    assert request_of(first=day(22), last=day(22)).pk


def test_granted_leave_blocks_its_days_at_once(rota, request_of):
    request = request_of()

    people.answer_leave(request=request, granted=True, by=rota.planners["HUT"])

    absence = Absence.objects.get()
    assert (absence.person, absence.kind, absence.request) == (rota.people["ana"], "leave", request)
    assert (absence.start, absence.end) == (midnight(day(20)), midnight(day(23)))
    assert state_of(request) == ("granted", clock.now(), rota.planners["HUT"].person, False)


def test_refused_leave_blocks_nothing(rota, request_of):
    request = request_of()

    people.answer_leave(request=request, granted=False, by=rota.planners["HUT"])

    assert state_of(request) == ("refused", clock.now(), rota.planners["HUT"].person, False)
    assert Absence.objects.count() == 0


def test_a_request_is_answered_once(rota, request_of):
    request = request_of()
    people.answer_leave(request=request, granted=False, by=rota.planners["HUT"])

    refused(
        errors.AlreadyAnswered,
        lambda: people.answer_leave(request=request, granted=True, by=rota.planners["HUT"]),
    )


@pytest.mark.parametrize(("now", "state"), [("2026-11-16 08:59", "asked"), ("2026-11-16 09:00", "granted")])
def test_silence_is_consent_when_the_answer_is_due(rota, request_of, clock_at, now, state):
    request = request_of()

    clock_at(now)
    tasks.tick()

    assert LeaveRequest.objects.get(pk=request.pk).state == state
    assert Absence.objects.filter(request=request).exists() == (state == "granted")


def test_who_consented_by_silence_is_nobody(rota, request_of, clock_at):
    request = request_of()

    clock_at("2026-11-17 12:00")
    tasks.tick()
    tasks.tick()

    assert state_of(request) == ("granted", clock.now(), None, True)
    assert (Absence.objects.count(), Absence.objects.get().entered_by) == (1, None)


def test_silence_does_not_change_what_was_answered_or_withdrawn(rota, request_of, clock_at):
    no, gone = request_of(), request_of("ben")
    people.answer_leave(request=no, granted=False, by=rota.planners["HUT"])
    people.withdraw_leave(request=gone, by=rota.himself("ben"))

    clock_at("2026-12-10 12:00")
    tasks.tick()

    assert [state_of(request)[0] for request in (no, gone)] == ["refused", "withdrawn"]
    assert Absence.objects.count() == 0


def test_a_request_may_be_withdrawn_until_it_is_answered(rota, request_of):
    request, other = request_of(), request_of("ben")
    people.withdraw_leave(request=request, by=rota.himself("ana"))
    answered = people.answer_leave(request=other, granted=True, by=rota.planners["HUT"])

    assert state_of(request) == ("withdrawn", clock.now(), None, False)
    for done in (request, answered):
        refused(
            errors.AlreadyAnswered,
            lambda done=done: people.withdraw_leave(request=done, by=rota.himself("ana")),
        )


def test_an_absence_is_taken_back(rota):
    absence = people.block(
        person=rota.people["ana"], kind=Absence.Kind.TRAINING, start=midnight(day(20)),
        end=midnight(day(21)), by=rota.planners["HUT"],
    )  # fmt: skip

    people.unblock(absence=absence, by=rota.planners["HUT"])

    assert Absence.objects.count() == 0
    assert [len(lines(verb)) for verb in ("absence_entered", "absence_ended")] == [1, 1]


def test_the_log_does_not_say_why_somebody_is_away(rota):
    people.block(
        person=rota.people["ana"], kind=Absence.Kind.SICK, start=midnight(day(20)), end=midnight(day(21)),
        by=rota.planners["HUT"],
    )  # fmt: skip

    (facts,) = lines("absence_entered")
    assert sorted(facts) == ["end", "person", "start"]


# Wishes.


def wished(rota, **asked):
    usual = {"person": rota.people["ana"], "night": day(20), "by": rota.himself("ana")}
    return people.wish(**usual | asked)


def wishes():
    return [
        (wish.night, wish.template and wish.template.code, wish.is_on, wish.weight)
        for wish in Wish.objects.select_related("template").order_by("night", "template__code")
    ]


def test_a_wish_is_for_a_day_or_for_one_kind_of_shift_of_it(rota):
    wished(rota)
    wished(rota, template=rota.templates["night"], is_on=True, weight=3)

    assert sorted(wishes(), key=str) == sorted(
        [(day(20), None, False, 1), (day(20), "night", True, 3)], key=str
    )


def test_a_later_wish_replaces_the_one_before(rota):
    for template in (None, rota.templates["night"]):
        wished(rota, template=template)
        wished(rota, template=template, is_on=True, weight=2)

    assert {row[2:] for row in wishes()} == {(True, 2)}
    assert len(wishes()) == 2


def test_a_wish_without_weight_takes_it_back(rota):
    wished(rota)
    wished(rota, template=rota.templates["night"])

    assert wished(rota, weight=0) is None
    assert wishes() == [(day(20), "night", False, 1)]


# Terms.


def set_term(rota, value, first=FIRST, *, code=None, key="day_most", by=BUILDER, **told):
    return people.set_term(
        key=key, value=value, first_day=first, by=by, organisation=code and rota.organisations[code], **told
    )


def of(rota, code, date, key="day_most"):
    return getattr(terms_of(rota.organisations[code], date), key)


def test_where_nothing_is_set_the_house_has_its_start_values(rota):
    assert terms_of(rota.organisations["HUT"], day(20)) == Terms()


def test_a_term_holds_from_its_day_on(rota):
    set_term(rota, 540, day(20))
    set_term(rota, 480, day(25))

    assert [of(rota, "HUT", day(number)) for number in (19, 20, 24, 25)] == [600, 540, 540, 480]


def test_of_two_terms_from_one_day_the_later_written_holds(rota):
    set_term(rota, 540)
    set_term(rota, 480)

    assert of(rota, "HUT", day(1)) == 480


def test_what_an_organisation_has_set_wins_over_the_house(rota):
    set_term(rota, 480, day(10), code="HUT")
    set_term(rota, 540, day(20))

    assert [of(rota, code, day(25)) for code in ("HUT", "CRL")] == [480, 540]


def test_what_an_organisation_does_not_know_wins_over_the_house_too(rota):
    set_term(rota, 25, key="night_premium")
    set_term(rota, None, key="night_premium", code="HUT")

    assert [of(rota, code, day(20), "night_premium") for code in ("HUT", "CRL")] == [None, 25]


def test_terms_of_several_organisations_are_known_at_once(rota):
    set_term(rota, 540)
    set_term(rota, 480, code="HUT")
    hut, crl = (rota.organisations[code].pk for code in ("HUT", "CRL"))

    assert terms_by_organisation([hut, crl], day(20)) == {hut: {"day_most": 480}, crl: {"day_most": 540}}


def test_a_term_keeps_its_source_and_who_confirmed_it(rota):
    known = set_term(rota, 540, source="agreement of 2025, art. 9", confirmed_by="HR of HUT")
    unknown = set_term(rota, 540)

    assert (known.source, known.confirmed_by) == ("agreement of 2025, art. 9", "HR of HUT")
    assert (unknown.source, unknown.confirmed_by) == (SOURCES["day_most"], "")
    assert Term.objects.count() == 2


def test_there_are_no_other_terms_than_those_with_a_source(rota):
    refused(Incomplete, lambda: set_term(rota, 1, key="favourite_soup"))


def test_only_its_own_planner_sets_the_terms_of_an_organisation(rota):
    refused(errors.NotYourPeople, lambda: set_term(rota, 480, code="HUT", by=rota.planners["CRL"]))

    assert set_term(rota, 480, code="HUT", by=rota.planners["HUT"]).set_by == rota.planners["HUT"].person


NOT_KNOWN = [  # those that may be left empty, with what the law would find of Ana's week if they were 1
    "break_least", "days_in_a_row", "nights_in_a_row", "tolerance_percent", "free_weekends", "day_most",
    "week_most",
]  # fmt: skip


@pytest.mark.parametrize("key", NOT_KNOWN)
def test_what_is_not_known_demands_nothing_of_a_plan(rota, key):
    set_term(rota, None, code="HUT", key=key)
    ana = rota.people["ana"]
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ana", day(17)), ("ana", day(20), "night"))

    found = findings_for([ana.pk], MONDAY, SUNDAY, plans=[plan])[ana.pk]

    rules = {rule.code for rule in law.LAW if rule.parameter == key}
    assert [finding for finding in found if finding.rule in rules] == []


def test_a_stricter_term_finds_what_the_law_does_not(rota):
    set_term(rota, 300, code="HUT")
    ana, dana = rota.people["ana"], rota.people["dana"]
    plans = [
        rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16))),
        rota.draft("CRL", MONDAY, SUNDAY, ("dana", day(16))),
    ]

    found = findings_for([ana.pk, dana.pk], MONDAY, SUNDAY, plans=plans)

    assert [finding.rule for finding in found[ana.pk]] == ["day_limit"]
    assert found[dana.pk] == []


def test_with_two_employers_hours_add_up_and_the_flags_of_either_hold(rota):
    cleo = rota.people["cleo"]
    Employment.objects.filter(person=cleo, organisation__code="HUT").update(is_night_worker=True)
    Employment.objects.filter(person=cleo, organisation__code="CRL").update(is_under_strain=True)

    terms = timelines([cleo.pk], MONDAY, SUNDAY)[cleo.pk].terms

    assert (terms.weekly_minutes, terms.is_night_worker, terms.is_under_strain) == (2160, True, True)


def test_a_timeline_holds_everything_the_law_asks_of_somebody(rota):
    ana = rota.people["ana"]
    rota.published("HUT", MONDAY, day(22), ("ana", day(16)), ("ana", day(18), "night"))
    draft = rota.draft("HUT", day(23), SUNDAY, ("ana", day(23)))
    for kind, number in ((Absence.Kind.ELSEWHERE, 20), (Absence.Kind.LEAVE, 26)):
        people.block(
            person=ana, kind=kind, start=midnight(day(number)), end=midnight(day(number + 1)), by=BUILDER
        )

    line = timelines([ana.pk], MONDAY, SUNDAY, plans=[draft])[ana.pk]
    without_draft = timelines([ana.pk], MONDAY, SUNDAY)[ana.pk]

    assert [(stint.day, stint.role, stint.break_minutes, stint.elsewhere) for stint in line.ordered] == [
        (day(16), "host", 0, False), (day(18), "host", 30, False), (day(20), "", 0, True),
        (day(23), "host", 0, False),
    ]  # fmt: skip
    assert len(without_draft.stints) == 3
    assert [(absence.kind, absence.start) for absence in line.absences] == [("leave", midnight(day(26)))]
    assert {held.role for held in line.qualifications} == {"host", "lead"}
    assert line.terms.weekly_minutes == 2400
