"""The rota by API: shifts, assignments, absences, wishes, plans and swaps; what is refused is told by its code."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from shelter.actions import team
from shelter.models import Letter, Role
from shelter.rota import tasks
from shelter.rota.actions import calendars, covering, people, planning, swapping
from shelter.rota.models import Absence, Assignment, Change, Demand, Plan, Proposal, Shift, Swap, Wish
from shelter.rota.timeline import midnight
from tests.conftest import BUILDER, instant
from tests.harness import count_queries, same_queries_for
from tests.shelter.rota.conftest import (
    LONG_AGO,
    MONDAY,
    SUNDAY,
    cells,
    colleague,
    day,
    employed,
    everything,
    lines,
    standing,
)

LISTS = ("shifts", "assignments", "absences", "wishes", "plans", "swaps")
CHIEF = "chief"


@pytest.fixture
def program(rota):
    """A program of somebody: `program("ana")`, `program("HUT")` (who plans its people), `program("chief")`."""
    clients = {}

    def of(who):
        if who not in clients:
            clients[who] = APIClient(headers={"Accept-Language": "en"})
            token = team.issue_token(person=_somebody(rota, who), by=BUILDER)
            clients[who].credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return clients[who]

    return of


def _somebody(rota, who):
    if who in rota.planners:
        return rota.planners[who].person
    person, role, code = rota.coordinator.person, Role.COORDINATOR, "HUT"
    if who != CHIEF:
        person, role = rota.people[who], Role.WORKER
        code = person.employments.order_by("-organisation").first().organisation.code
    team.give_role(
        person=person, organisation=rota.organisations[code], role=role, first_day=LONG_AGO, by=BUILDER
    )
    return person


@pytest.fixture
def ask(program):
    """One call: `ask("HUT", "get", "plans", state="draft")`, `ask("ana", "patch", "swap", swap, verb="agree")`."""

    def asking(who, method, name, /, *rows, under=None, **body):
        path = reverse(f"api:rota-{name}", args=[getattr(row, "pk", row) for row in rows])
        client = program(who)
        if method == "get":
            return client.get(path, body)
        headers = {"Idempotency-Key": under} if under else {}
        return getattr(client, method)(path, body, format="json", headers=headers)

    return asking


@pytest.fixture
def read(ask):
    """The rows of a list: `read("HUT", "plans", state="draft")`."""

    def reading(who, name, /, *rows, **asked):
        answer = ask(who, "get", name, *rows, **asked)
        assert answer.status_code == 200
        return answer.json()["results"]

    return reading


@pytest.fixture
def refused(ask, program):
    """What a call is refused with, as status and code; it must leave everything as it was."""

    def refusing(who, *asked, **body):
        program(who)
        before = everything()
        answer = ask(who, *asked, **body)
        assert everything() == before
        return problem(answer)

    return refusing


def problem(answer):
    told = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert set(told) == {"type", "title", "status", "detail", "code", "facts"}
    assert (told["status"], told["type"]) == (answer.status_code, f"urn:foyer:problem:{told['code']}")
    assert told["title"] and told["detail"]
    return answer.status_code, told["code"]


def who(rota, name):
    return {"id": rota.people[name].pk, "name": rota.people[name].name}


def plan_body(code="HUT", first=MONDAY, last=SUNDAY):
    return {"organisation": code, "first_day": f"{first}", "last_day": f"{last}"}


def put_body(rota, plan, name, night, template="evening", skill="host"):
    return {
        "plan": plan.pk, "shift": rota.shift(night, template).pk, "skill": skill, "person": rota.people[name].pk,
    }  # fmt: skip


def away(rota, name, first, last=None, kind=Absence.Kind.LEAVE):
    return people.block(
        person=rota.people[name], kind=kind, start=midnight(first),
        end=midnight((last or first) + timedelta(days=1)), by=BUILDER,
    )  # fmt: skip


# What all lists have in common.


@pytest.fixture
def lived_in(rota):
    """A plan that stands, a draft over it, and one or more rows in every list. Asked again there are more."""
    numbers = iter(range(16, 26))

    def grown():
        number = next(numbers)
        plan = Plan.objects.filter(state=Plan.State.DRAFT).first() or rota.draft()
        rota.put(plan, "ana", day(number))
        rota.put(plan, "ben", day(number), "night")
        rota.publish(plan)
        rota.draft()
        for name in ("ana", "ben", "cleo"):
            away(rota, name, day(number, 12))
            people.wish(person=rota.people[name], night=day(number), by=rota.himself(name))
        swapping.ask(given=rota.row("ana", day(number)), taker=rota.people["cleo"], by=rota.himself("ana"))

    grown()
    return grown


def test_lists_come_in_pages(lived_in, ask):
    lived_in()

    for name in LISTS:
        whole = ask(CHIEF, "get", name).json()
        first = ask(CHIEF, "get", name, page_size=1).json()
        second = ask(CHIEF, "get", name, page_size=1, page=2).json()
        assert set(whole) == set(first) == {"count", "next", "previous", "results"}
        assert whole["count"] == first["count"] == second["count"] >= 2
        assert (whole["previous"], first["previous"]) == (None, None)
        assert (first["results"], second["results"]) == (whole["results"][:1], whole["results"][1:2])
        assert "page=2" in urlsplit(first["next"]).query
        assert urlsplit(second["previous"]).path == reverse(f"api:rota-{name}")


def test_beyond_the_last_page_there_is_nothing(lived_in, refused):
    told = {name: refused(CHIEF, "get", name, page=99) for name in LISTS}

    assert told == dict.fromkeys(LISTS, (404, "not_found"))


@pytest.mark.parametrize("name", [name for name in LISTS if name != "shifts"])
def test_more_rows_do_not_mean_more_queries(lived_in, ask, name):
    before = ask(CHIEF, "get", name).json()["count"]

    with count_queries() as few:
        ask(CHIEF, "get", name)
    for _time in range(3):
        lived_in()
    with count_queries() as many:
        after = ask(CHIEF, "get", name).json()["count"]

    assert after >= before + 3
    same_queries_for(few, many)


def test_more_shifts_on_a_page_do_not_mean_more_queries(lived_in, ask):
    ask("HUT", "get", "shifts", page_size=2)
    with count_queries() as few:
        ask("HUT", "get", "shifts", page_size=2)
    with count_queries() as many:
        ask("HUT", "get", "shifts", page_size=80)

    same_queries_for(few, many)


def test_more_candidates_do_not_mean_more_queries(rota, ask):
    shift, asked = rota.shift(day(16)), {"skill": "host"}
    away(rota, "ana", day(16))
    ask("HUT", "get", "candidates", shift, **asked)

    with count_queries() as few:
        ask("HUT", "get", "candidates", shift, **asked)
    for name in ("Nina", "Odo", "Pia", "Quim"):
        rota.people[name] = colleague(name, skills=("host",))
        employed(rota.people[name], rota.organisations["HUT"], minutes=2400)
        away(rota, name, day(16))
    with count_queries() as many:
        told = ask("HUT", "get", "candidates", shift, **asked).json()

    assert (told["count"], sum(not row["may"] for row in told["results"])) == (8, 5)
    same_queries_for(few, many)


def test_more_violations_do_not_mean_more_queries(rota, ask):
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ana", day(16), "morning"))
    few_found = ask("HUT", "get", "violations", plan).json()["count"]

    with count_queries() as few:
        ask("HUT", "get", "violations", plan)
    for name, number in (("ana", 20), ("ben", 18), ("ben", 22), ("cleo", 24)):
        rota.put(plan, name, day(number))
        rota.put(plan, name, day(number), "morning")
    with count_queries() as many:
        many_found = ask("HUT", "get", "violations", plan).json()["count"]

    assert many_found >= few_found + 6
    same_queries_for(few, many)


VERBS = {
    "shift": ("get", "patch"), "assignment": ("patch", "delete"), "absence": ("delete",), "wish": ("delete",),
    "plan": ("get", "delete"), "solve": ("get", "post"), "violations": ("get",), "publish": ("post",),
    "swap": ("patch",), "candidates": ("get",),
}  # fmt: skip
BODIES = {
    "shift": {"skill": "host", "minimum": 1}, "assignment": {"is_pinned": True}, "swap": {"verb": "agree"},
}  # fmt: skip


@pytest.mark.parametrize("number", [0, 10**30])
def test_what_is_not_there_is_404(rota, refused, number):
    asked = [(name, verb) for name, verbs in VERBS.items() for verb in verbs]

    told = {
        (name, verb): refused(CHIEF, verb, name, number, **(BODIES.get(name, {}) if verb == "patch" else {}))
        for name, verb in asked
    }

    assert told == dict.fromkeys(asked, (404, "not_found"))


INCOMPLETE = {
    "shifts": {"first_night", "last_night"},
    "assignments": {"plan", "shift", "skill", "person"},
    "absences": {"person", "kind", "start", "end"},
    "wishes": {"night"},
    "plans": {"organisation", "first_day", "last_day"},
    "swaps": {"given", "taker"},
}


def test_what_is_missing_in_a_write_is_named(rota, refused, ask):
    told = {name: refused(CHIEF, "post", name) for name in LISTS}
    named = {name: set(ask(CHIEF, "post", name).json()["facts"]) for name in LISTS}

    assert told == dict.fromkeys(LISTS, (400, "invalid"))
    assert named == INCOMPLETE


UNUSABLE = [
    ("shifts", "night", "soon"), ("assignments", "person", "Ana"), ("assignments", "plan", "0"),
    ("absences", "kind", "moon"), ("absences", "start__lte", "soon"), ("wishes", "person", "x"),
    ("plans", "state", "moon"), ("swaps", "state", "moon"),
]  # fmt: skip


def test_a_filter_that_cannot_be_used_is_named(rota, refused, ask):
    told = [refused(CHIEF, "get", name, **{field: value}) for name, field, value in UNUSABLE]
    named = [
        list(ask(CHIEF, "get", name, **{field: value}).json()["facts"]) for name, field, value in UNUSABLE
    ]

    assert told == [(400, "invalid")] * len(UNUSABLE)
    assert named == [[field] for _name, field, _value in UNUSABLE]


def test_what_is_no_object_is_refused(rota, program):
    client = program(CHIEF)

    for name in LISTS:
        for text in ("[]", '"x"', "7", "{", "null"):
            answer = client.post(reverse(f"api:rota-{name}"), text, content_type="application/json")
            assert problem(answer)[0] == 400


def test_without_a_token_nothing_is_told(rota):
    answers = [APIClient().get(reverse(f"api:rota-{name}")) for name in LISTS]

    assert [problem(answer) for answer in answers] == [(401, "not_authenticated")] * len(LISTS)


# The same key twice.


def _published(rota):
    return rota.published(
        "HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(18)), ("ana", day(24)), ("cleo", day(26))
    )


def _drafted(rota):
    plan = rota.draft("CRL", MONDAY, SUNDAY, ("dana", day(20)))
    return plan, plan.assignments.get()


def _swap(rota, *steps):
    _published(rota)
    row = swapping.ask(given=rota.row("ana", day(16)), taker=rota.people["cleo"], by=rota.himself("ana"))
    for step in steps:
        row = step(swap=row, by=rota.planners["HUT"])
    return row


def _open(code):
    return lambda rota: (code, "post", "plans", (), plan_body(code))


def _wished(rota):
    return people.wish(person=rota.people["ana"], night=day(16), by=rota.himself("ana"))


WRITES = {
    "lay out": lambda rota: (
        CHIEF, "post", "shifts", (), {"first_night": f"{day(21, 12)}", "last_night": f"{day(22, 12)}"},
    ),
    "demand": lambda rota: (CHIEF, "patch", "shift", (rota.shift(day(16)),), {"skill": "host", "minimum": 5}),
    "open": _open("IA"),
    "assign": lambda rota: ("CRL", "post", "assignments", (), put_body(rota, _drafted(rota)[0], "dana", day(22))),
    "pin": lambda rota: ("CRL", "patch", "assignment", (_drafted(rota)[1],), {"is_pinned": True}),
    "take out": lambda rota: ("CRL", "delete", "assignment", (_drafted(rota)[1],), {}),
    "publish": lambda rota: ("CRL", "post", "publish", (_drafted(rota)[0],), {}),
    "drop": lambda rota: ("CRL", "delete", "plan", (_drafted(rota)[0],), {}),
    "solve": lambda rota: ("CRL", "post", "solve", (_drafted(rota)[0],), {}),
    "absence": lambda rota: (
        "HUT", "post", "absences", (), {
            "person": rota.people["ana"].pk, "kind": "sick", "start": "2026-11-16T00:00:00+01:00",
            "end": "2026-11-18T00:00:00+01:00",
        },
    ),
    "back": lambda rota: ("HUT", "delete", "absence", (away(rota, "ana", day(16)),), {}),
    "wish": lambda rota: ("ana", "post", "wishes", (), {"night": f"{day(16)}", "weight": 2}),
    "wish no longer": lambda rota: ("ana", "delete", "wish", (_wished(rota),), {}),
    "swap": lambda rota: (
        _published(rota) and "ana", "post", "swaps", (),
        {"given": rota.row("ana", day(16)).pk, "taker": rota.people["cleo"].pk},
    ),
    "agree": lambda rota: ("cleo", "patch", "swap", (_swap(rota),), {"verb": "agree"}),
    "refuse": lambda rota: ("cleo", "patch", "swap", (_swap(rota),), {"verb": "refuse"}),
    "withdraw": lambda rota: ("ana", "patch", "swap", (_swap(rota),), {"verb": "withdraw"}),
    "approve": lambda rota: ("HUT", "patch", "swap", (_swap(rota, swapping.agree),), {"verb": "approve"}),
    "undo": lambda rota: (
        "HUT", "patch", "swap", (_swap(rota, swapping.agree, swapping.approve),), {"verb": "undo"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("write", WRITES)
def test_the_same_key_twice_does_it_once_and_answers_the_same(rota, ask, program, write):
    asker, method, name, rows, body = WRITES[write](rota)
    program(asker)
    before = everything()

    first = ask(asker, method, name, *rows, under="once", **body)
    after = everything()
    second = ask(asker, method, name, *rows, under="once", **body)

    assert first.status_code in (200, 201, 202, 204)
    told = [(answer.status_code, answer.json() if answer.content else None) for answer in (first, second)]
    assert told[0] == told[1]
    assert before != after == everything()


def test_the_same_key_for_something_else_is_refused(rota, ask, refused):
    ask("HUT", "post", "plans", under="once", **plan_body())

    assert refused("HUT", "post", "plans", under="once", **plan_body(last=day(30))) == (422, "key_reused")
    assert refused("HUT", "post", "wishes", under="once", night="2026-11-16") == (422, "key_reused")


def test_the_key_of_a_refusal_is_free_for_the_second_try(rota, ask, refused):
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ana", day(16), "morning"))
    first = refused("HUT", "post", "publish", plan, under="once")
    rota.take_out(plan, "ana", day(16), "morning")

    answer = ask("HUT", "post", "publish", plan, under="once")

    assert (first, answer.status_code) == ((409, "breaks_rules"), 200)


# Shifts.


def test_a_shift_tells_its_hours_and_its_places(rota, read):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16), "evening", "lead"), ("ben", day(16)))

    row = read("HUT", "shifts", night=f"{day(16)}")[0]

    assert row == {
        "id": rota.shift(day(16)).pk,
        "night": "2026-11-16",
        "kind": "evening",
        "name": "Evening",
        "start": "2026-11-16T18:30:00+01:00",
        "end": "2026-11-17T00:30:00+01:00",
        "break_minutes": 0,
        "places": [
            {"skill": "lead", "needed": 1, "wished": 1, "there": 1, "missing": 0},
            {"skill": "host", "needed": 2, "wished": 3, "there": 1, "missing": 1},
        ],
    }


def test_one_shift_is_read_as_in_the_list(rota, ask, read):
    rows = read("HUT", "shifts", night=f"{day(17)}")

    assert [ask("HUT", "get", "shift", row["id"]).json() for row in rows] == rows


def test_what_is_drafted_fills_no_place(rota, ask):
    rota.draft("HUT", MONDAY, SUNDAY, ("ben", day(16)))

    places = ask("HUT", "get", "shift", rota.shift(day(16))).json()["places"]

    assert [place["there"] for place in places] == [0, 0]


def test_shifts_come_in_order_of_time(rota, read):
    rows = read("HUT", "shifts", night_after=f"{day(16)}", night_before=f"{day(17)}")

    assert [(row["night"], row["kind"]) for row in rows] == [
        (f"{day(number)}", kind) for number in (16, 17) for kind in ("evening", "night", "morning")
    ]


def test_shifts_of_one_kind(rota, ask):
    told = ask("HUT", "get", "shifts", kind="morning", page_size=1).json()

    assert (told["count"], told["results"][0]["kind"]) == (36, "morning")


AS_DESCRIBED = [
    (
        "shifts",
        [{"night": "2026-11-16"}, {"night_after": "2026-12-19"}, {"night_before": "2026-11-15"}],
        [3, 6, 3],
    ),
    ("assignments", [{"night": "2026-11-16"}], [1]),
    ("plans", [{"organisation": "CRL"}], [1]),
]


@pytest.mark.parametrize(("name", "filters", "numbers"), AS_DESCRIBED)
def test_a_filter_is_called_as_the_description_says(rota, ask, name, filters, numbers):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(18)))
    rota.draft("CRL")

    assert [ask(CHIEF, "get", name, **asked).json()["count"] for asked in filters] == numbers


def test_shifts_are_laid_out_for_nights_that_have_none(rota, ask):
    span = {"first_night": f"{day(20, 12)}", "last_night": f"{day(22, 12)}"}

    first, again = ask(CHIEF, "post", "shifts", **span), ask(CHIEF, "post", "shifts", **span)

    new = Shift.objects.filter(night__date__in=[day(21, 12), day(22, 12)])
    assert (first.status_code, again.status_code, again.json()) == (201, 201, [])
    assert sorted(row["id"] for row in first.json()) == sorted(new.values_list("pk", flat=True))
    assert {(row["night"], row["kind"]) for row in first.json()} == {
        (f"{night}", kind) for night in (day(21, 12), day(22, 12)) for kind in ("evening", "night", "morning")
    }
    assert {len(row["places"]) for row in first.json()} == {1, 2}
    assert [facts["number"] for facts in lines("shifts_laid_out")][-2:] == [6, 0]


def test_where_no_night_is_planned_nothing_is_laid_out(rota, refused):
    span = {"first_night": "2027-06-01", "last_night": "2027-06-02"}

    assert refused(CHIEF, "post", "shifts", **span) == (409, "nights_are_missing")


def test_one_shift_needs_more_than_usual(rota, ask):
    shift = rota.shift(day(16))

    answer = ask(CHIEF, "patch", "shift", shift, skill="host", minimum=4)

    assert answer.status_code == 200
    assert answer.json()["places"][1] == {
        "skill": "host", "needed": 4, "wished": 4, "there": 0, "missing": 4,
    }  # fmt: skip
    assert shift.demands.get(skill__code="host").minimum == 4
    assert Demand.objects.filter(minimum=4).count() == 1
    assert lines("demand_set")[-1] == {"skill": "host", "minimum": 4}


def test_one_shift_needs_less_than_usual_and_as_many_as_ever_would_be_better(rota, ask):
    answer = ask(CHIEF, "patch", "shift", rota.shift(day(16)), skill="host", minimum=1)

    assert answer.json()["places"][1] == {
        "skill": "host", "needed": 1, "wished": 3, "there": 0, "missing": 1,
    }  # fmt: skip


def test_a_demand_that_cannot_be_is_refused(rota, refused):
    for wrong in ({"minimum": -1}, {"minimum": 301}, {"minimum": "many"}, {"skill": "moon"}):
        asked = {"skill": "host", "minimum": 2} | wrong
        assert refused(CHIEF, "patch", "shift", rota.shift(day(16)), **asked) == (400, "invalid")


def test_only_the_coordinator_says_what_has_to_be_done(rota, refused):
    assert refused("HUT", "post", "shifts") == (403, "not_allowed")
    assert refused("HUT", "patch", "shift", rota.shift(day(16))) == (403, "not_allowed")


# Candidates.


def test_candidates_come_the_least_loaded_first_and_each_of_the_others_with_reasons(rota, ask):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(23)))
    away(rota, "ben", day(16))

    told = ask("HUT", "get", "candidates", rota.shift(day(16)), skill="host").json()

    assert told["count"] == len(told["results"]) == 4
    assert [(row["person"], row["may"], row["reasons"]) for row in told["results"]] == [
        (who(rota, "cleo"), True, []),
        (who(rota, "gus"), True, []),
        (who(rota, "ana"), True, []),
        (who(rota, "ben"), False, ["Planned while away."]),
    ]
    assert set(told["results"][0]) == {"person", "organisation", "may", "reasons", "load", "asked"}
    assert {(row["organisation"], row["asked"]) for row in told["results"]} == {("HUT", 0)}
    loads = [row["load"] for row in told["results"]]
    assert loads[:2] == [0, 0] and loads[2] == pytest.approx(360 / (2400 * 29 / 7)) and loads[3] == 0


def test_who_is_in_the_shift_already_is_no_candidate(rota, read):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)))

    rows = read("HUT", "candidates", rota.shift(day(16)), skill="host")

    assert "Ana" not in [row["person"]["name"] for row in rows]


def test_only_who_can_do_the_duty_is_a_candidate(rota, read):
    rows = read("HUT", "candidates", rota.shift(day(16)), skill="lead")

    assert [row["person"]["name"] for row in rows] == ["Ana"]


def test_a_draft_counts_for_candidates(rota, read):
    rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16), "night"))

    rows = {
        row["person"]["name"]: row for row in read("HUT", "candidates", rota.shift(day(16)), skill="host")
    }

    assert (rows["Ana"]["may"], rows["Ben"]["may"]) == (False, True)
    assert "Two stretches of work at the same time." in rows["Ana"]["reasons"]


def test_who_was_asked_before_is_counted(rota, read):
    place = covering.offer(
        shift=rota.shift(day(17)),
        skill=rota.skills["host"],
        organisation=rota.organisations["HUT"],
        by=BUILDER,
    )
    asked = set(place.calls.values_list("person__name", flat=True))

    rows = read("HUT", "candidates", rota.shift(day(16)), skill="host")

    assert {row["person"]["name"] for row in rows if row["asked"]} == asked & {"Ana", "Ben", "Cleo", "Gus"}


def test_candidates_are_for_a_duty(rota, refused, ask):
    for asked in ({}, {"skill": ""}, {"skill": "moon"}):
        assert refused("HUT", "get", "candidates", rota.shift(day(16)), **asked) == (400, "invalid")
        answer = ask("HUT", "get", "candidates", rota.shift(day(16)), **asked)
        assert list(answer.json()["facts"]) == ["skill"]


def test_who_has_two_employers_is_a_candidate_for_both(rota, read):
    found = {
        code: "Cleo" in [row["person"]["name"] for row in read(code, "candidates", rota.shift(day(16)), skill="host")]
        for code in ("HUT", "CRL")
    }  # fmt: skip

    assert found == {"HUT": True, "CRL": True}


# Plans.


def test_a_plan_is_opened_as_a_draft(rota, ask, read):
    answer = ask("HUT", "post", "plans", **plan_body())

    plan = Plan.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "id": plan.pk,
        "organisation": "HUT",
        "first_day": "2026-11-16",
        "last_day": "2026-11-29",
        "number": 1,
        "state": "draft",
        "made_at": "2026-11-02T09:00:00+01:00",
        "published_at": None,
    }
    assert (plan.made_by, lines("rota_opened")) == (
        rota.planners["HUT"].person, [{"plan": plan.pk, "organisation": "HUT"}],
    )  # fmt: skip
    assert read("HUT", "plans") == [answer.json()] == [ask("HUT", "get", "plan", plan).json()]


def test_a_plan_that_is_open_is_opened_again(rota, ask):
    ids = [ask("HUT", "post", "plans", **plan_body()).json()["id"] for _time in range(2)]

    assert (ids[0] == ids[1], Plan.objects.count()) == (True, 1)


def test_a_new_version_begins_as_what_stands(rota, ask):
    before = rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(18)))

    told = ask("HUT", "post", "plans", **plan_body()).json()

    plan = Plan.objects.get(pk=told["id"])
    assert (told["number"], told["id"] != before.pk) == (2, True)
    assert cells(plan.assignments) == standing() == [("ana", day(16), "evening"), ("ben", day(18), "evening")]


def test_plans_do_not_overlap_nor_end_before_they_begin(rota, refused):
    rota.draft()

    for span in ((day(20), day(30)), (day(10), day(16)), (SUNDAY, MONDAY)):
        assert refused("HUT", "post", "plans", **plan_body("HUT", *span)) == (422, "invalid")


def test_plans_are_found_by_state_organisation_and_day(rota, ask, read):
    published = rota.published("HUT")
    mine, theirs = rota.draft("HUT"), rota.draft("CRL", day(30), day(6, 12))

    def ids(**asked):
        return [row["id"] for row in read("HUT", "plans", **asked)]

    assert ids() == [published.pk, mine.pk, theirs.pk]
    assert ids(state="draft") == [mine.pk, theirs.pk]
    assert ids(organisation="CRL") == [theirs.pk]
    assert ids(first_day__lte=f"{MONDAY}") == [published.pk, mine.pk]
    assert ids(last_day__gte=f"{day(30)}") == [theirs.pk]


def test_a_draft_is_dropped_and_what_stands_goes_on(rota, ask):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)))
    draft = rota.draft("HUT", MONDAY, SUNDAY, ("ben", day(18)))

    answer = ask("HUT", "delete", "plan", draft)

    draft.refresh_from_db()
    assert (answer.status_code, answer.content) == (204, b"")
    assert (draft.state, draft.assignments.count(), standing()) == (
        "dropped",
        0,
        [("ana", day(16), "evening")],
    )
    assert lines("rota_dropped") == [{"plan": draft.pk}]


def test_what_is_published_is_not_dropped(rota, refused):
    assert refused("HUT", "delete", "plan", rota.published("HUT")) == (409, "plan_is_fixed")


def test_a_draft_is_published_and_everybody_in_it_is_told(rota, ask):
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(18)))

    answer = ask("HUT", "post", "publish", plan)

    assert answer.status_code == 200
    assert answer.json() == ask("HUT", "get", "plan", plan).json() | {
        "state": "published", "published_at": "2026-11-02T09:00:00+01:00",
    }  # fmt: skip
    assert standing() == [("ana", day(16), "evening"), ("ben", day(18), "evening")]
    assert sorted(Letter.objects.values_list("to__name", flat=True)) == ["Ana", "Ben"]
    assert lines("rota_published") == [{"plan": plan.pk, "organisation": "HUT", "changes": 0}]
    assert Plan.objects.get(pk=plan.pk).published_by == rota.planners["HUT"].person


def test_what_is_published_is_not_published_again(rota, refused):
    plan = rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)))

    assert refused("HUT", "post", "publish", plan) == (409, "plan_is_fixed")


def test_what_breaks_the_law_is_not_published_and_the_draft_is_as_it_was(rota, ask, refused):
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ana", day(16), "morning"))

    assert refused("HUT", "post", "publish", plan) == (409, "breaks_rules")
    told = ask("HUT", "post", "publish", plan).json()
    assert "of rest within 24 hours" in told["detail"]
    assert (told["facts"]["findings"] in told["detail"], standing()) == (True, [])


def test_a_change_at_short_notice_is_published_with_a_reason_only(rota, ask, refused, clock_at):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)))
    draft = rota.draft("HUT", MONDAY, SUNDAY, ("ben", day(16)))
    clock_at("2026-11-15 20:00")

    assert refused("HUT", "post", "publish", draft) == (422, "reason_is_missing")
    assert refused("HUT", "post", "publish", draft, reason=" ") == (422, "reason_is_missing")
    assert refused("HUT", "post", "publish", draft, reason="x" * 301) == (400, "invalid")
    assert ask("HUT", "post", "publish", draft, reason="many guests").status_code == 200
    written = Change.objects.get()
    assert (written.after.name, written.reason, written.is_short) == ("Ben", "many guests", True)


def test_each_organisation_plans_for_itself(rota, refused):
    theirs = rota.draft("CRL")

    for method, name in (("delete", "plan"), ("post", "publish"), ("post", "solve"), ("get", "solve")):
        assert refused("HUT", method, name, theirs) == (403, "not_your_people")
    assert refused("HUT", "post", "plans", **plan_body("IA")) == (403, "not_your_people")


# Proposals.


@pytest.fixture
def callbacks(django_capture_on_commit_callbacks):
    """What would be done once all of it is kept; it is not done."""
    with django_capture_on_commit_callbacks() as found:
        yield found


def test_a_proposal_is_asked_for_and_waits(rota, ask, callbacks):
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)))

    answer = ask("HUT", "post", "solve", plan, seconds=20, seed=7)

    row = Proposal.objects.get()
    assert answer.status_code == 202
    assert answer.json() == {
        "id": row.pk,
        "first_day": "2026-11-16",
        "last_day": "2026-11-29",
        "state": "wanted",
        "seconds": 20,
        "seed": 7,
        "total": None,
        "bound": None,
        "price": {},
        "trouble": "",
    }
    assert (row.organisation.code, row.asked_by) == ("HUT", rota.planners["HUT"].person)
    assert cells(plan.assignments) == [("ana", day(16), "evening")]
    assert ask("HUT", "get", "solve", plan).json() == answer.json()


def test_the_work_begins_when_the_question_is_kept(rota, ask, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as found:
        ask("HUT", "post", "solve", rota.draft())

    assert tasks.work_out_next.delay in found


def test_a_proposal_takes_a_minute_unless_told_otherwise(rota, ask, callbacks):
    told = ask("HUT", "post", "solve", rota.draft()).json()

    assert (told["seconds"], told["seed"]) == (60, 1)


def test_the_latest_proposal_of_the_plan_is_told(rota, ask, callbacks):
    plan, other = rota.draft(), rota.draft("CRL")
    for seed in (3, 4):
        ask("HUT", "post", "solve", plan, seed=seed)
    ask("CRL", "post", "solve", other, seed=5)

    assert ask("HUT", "get", "solve", plan).json()["seed"] == 4


def test_where_nothing_was_asked_for_there_is_no_proposal(rota, refused):
    assert refused("HUT", "get", "solve", rota.draft()) == (404, "not_found")


def test_a_proposal_has_its_limits(rota, refused):
    plan = rota.draft()

    for body in ({"seconds": 0}, {"seconds": 601}, {"seed": -1}, {"seed": 2**31}):
        assert refused("HUT", "post", "solve", plan, **body) == (400, "invalid")


def test_a_proposal_is_for_ten_weeks_at_most(rota, refused):
    plan = rota.draft("HUT", MONDAY, MONDAY + timedelta(days=71))

    assert refused("HUT", "post", "solve", plan) == (422, "invalid")


# Violations.


def test_what_the_law_finds_is_told_with_its_sentence_and_whether_it_forbids(rota, ask):
    people.set_term(
        key="days_in_a_row", value=1, first_day=LONG_AGO, organisation=rota.organisations["HUT"], by=BUILDER
    )
    plan = rota.draft(
        "HUT",
        MONDAY,
        SUNDAY,
        ("ana", day(16)),
        ("ana", day(16), "morning"),
        ("ben", day(24)),
        ("ben", day(25)),
    )

    told = ask("HUT", "get", "violations", plan).json()

    found = {(row["person"]["name"], row["rule"]): row for row in told["results"]}
    assert told["count"] == len(told["results"])
    assert found["Ana", "daily_rest"] == {
        "person": who(rota, "ana"),
        "rule": "daily_rest",
        "day": "2026-11-16",
        "sentence": found["Ana", "daily_rest"]["sentence"],
        "forbids": True,
        "law": "Code du travail, L.211-16",
    }
    assert "rest within 24 hours; at least 11" in found["Ana", "daily_rest"]["sentence"]
    assert (found["Ben", "days_in_a_row"]["forbids"], found["Ben", "days_in_a_row"]["law"]) == (False, "")


def test_what_forbids_is_what_a_publication_is_refused_for(rota, ask, read):
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ana", day(16), "morning"))
    forbids = [row["sentence"] for row in read("HUT", "violations", plan) if row["forbids"]]
    told = ask("HUT", "post", "publish", plan).json()

    rota.take_out(plan, "ana", day(16), "morning")

    assert (told["code"], told["facts"]["number"]) == ("breaks_rules", f"{len(forbids)}")
    assert all(sentence in told["detail"] for sentence in forbids)
    assert [row for row in read("HUT", "violations", plan) if row["forbids"]] == []
    assert ask("HUT", "post", "publish", plan).status_code == 200


def test_who_is_planned_while_away_is_found_without_a_word_why(rota, ask):
    away(rota, "ana", day(16), kind=Absence.Kind.SICK)
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)))

    answer = ask("HUT", "get", "violations", plan)

    [row] = [row for row in answer.json()["results"] if row["rule"] == "absent"]
    assert (row["sentence"], row["forbids"]) == ("Planned while away.", True)
    assert b"sick" not in answer.content


def test_what_was_set_aside_with_a_reason_is_not_told_again(rota, read):
    rows = [("ana", day(16) + timedelta(days=number)) for number in range(7)]
    plan = rota.draft("HUT", MONDAY, SUNDAY, *rows)
    before = [row["rule"] for row in read("HUT", "violations", plan)]

    planning.set_aside_rule(
        organisation=rota.organisations["HUT"], person=rota.people["ana"], rule="weekly_rest", day=MONDAY,
        reason="an extra day of leave", by=rota.planners["HUT"],
    )  # fmt: skip

    assert "weekly_rest" in before
    assert "weekly_rest" not in [row["rule"] for row in read("HUT", "violations", plan)]


def test_of_another_organisations_plan_no_stranger_is_told(rota, read):
    plan = rota.draft("IA", MONDAY, SUNDAY, ("emil", day(16)), ("emil", day(16), "morning"))

    told = {code: [row["person"]["name"] for row in read(code, "violations", plan)] for code in ("HUT", "IA")}

    assert (told["HUT"], "Emil" in told["IA"]) == ([], True)


def test_what_forbids_is_told_of_who_has_two_employers(rota, read, refused):
    plan = rota.draft("CRL", MONDAY, SUNDAY, ("cleo", day(16)), ("cleo", day(16), "morning"))
    first = refused("CRL", "post", "publish", plan)

    assert first == (409, "breaks_rules")
    assert "Cleo" in [row["person"]["name"] for row in read("CRL", "violations", plan) if row["forbids"]]


# Assignments.


def test_somebody_is_put_into_a_draft(rota, ask, read):
    plan = rota.draft()

    answer = ask("HUT", "post", "assignments", **put_body(rota, plan, "ana", day(16)))

    row = Assignment.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "id": row.pk,
        "person": who(rota, "ana"),
        "organisation": "HUT",
        "shift": rota.shift(day(16)).pk,
        "skill": "host",
        "start": "2026-11-16T18:30:00+01:00",
        "end": "2026-11-17T00:30:00+01:00",
        "plan": plan.pk,
        "stands": False,
        "is_pinned": False,
    }
    assert read("HUT", "assignments") == [answer.json()]
    assert cells(plan.assignments) == [("ana", day(16), "evening")]


def test_put_in_again_with_another_duty_it_is_the_same_row(rota, ask):
    plan = rota.draft()
    body = put_body(rota, plan, "ana", day(16))
    first = ask("HUT", "post", "assignments", **body).json()

    second = ask("HUT", "post", "assignments", **body | {"skill": "lead", "is_pinned": True}).json()

    assert second == first | {"skill": "lead", "is_pinned": True}


def test_what_breaks_the_law_is_taken_into_a_draft_and_found(rota, ask, read):
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)))

    answer = ask("HUT", "post", "assignments", **put_body(rota, plan, "ana", day(16), "morning"))

    assert answer.status_code == 201
    assert "daily_rest" in [row["rule"] for row in read("HUT", "violations", plan) if row["forbids"]]


def test_somebody_is_put_only_where_they_may_be_planned(rota, refused):
    plan, rota.people["nina"] = rota.draft(), colleague("Nina", skills=("host",))
    employed(rota.people["nina"], rota.organisations["HUT"], minutes=600, first_day=day(1, 12))

    outside, early = put_body(rota, plan, "ana", day(1, 12)), put_body(rota, plan, "nina", day(16))

    assert refused("HUT", "post", "assignments", **outside) == (422, "invalid")
    assert refused("HUT", "post", "assignments", **early) == (409, "not_employed")


def test_nobody_is_put_into_what_is_published_or_another_organisations(rota, refused):
    published, theirs = rota.published("HUT"), rota.draft("CRL")

    assert refused("HUT", "post", "assignments", **put_body(rota, published, "ana", day(16))) == (
        409, "plan_is_fixed",
    )  # fmt: skip
    assert refused("HUT", "post", "assignments", **put_body(rota, theirs, "dana", day(16))) == (
        403, "not_your_people",
    )  # fmt: skip


def test_what_an_assignment_names_must_be_there(rota, refused):
    body = put_body(rota, rota.draft(), "ana", day(16))
    wrong = [(field, value) for field in body for value in (0, 10**30, "x", None, [1])]

    told = {f"{each}": refused("HUT", "post", "assignments", **body | dict([each])) for each in wrong}

    assert told == dict.fromkeys(map(str, wrong), (400, "invalid"))


def test_an_assignment_is_pinned_and_let_go(rota, ask):
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16), "evening", "lead"))
    row = plan.assignments.get()

    pinned = ask("HUT", "patch", "assignment", row, is_pinned=True)
    loose = ask("HUT", "patch", "assignment", row, is_pinned=False)

    assert (pinned.status_code, loose.status_code) == (200, 200)
    assert [answer.json()["is_pinned"] for answer in (pinned, loose)] == [True, False]
    assert pinned.json() | {"is_pinned": False} == loose.json()
    assert (loose.json()["id"], loose.json()["skill"], plan.assignments.count()) == (row.pk, "lead", 1)


def test_somebody_is_taken_out_of_a_draft(rota, ask):
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(18)))

    answer = ask("HUT", "delete", "assignment", plan.assignments.get(person=rota.people["ana"]))

    assert (answer.status_code, answer.content) == (204, b"")
    assert cells(plan.assignments) == [("ben", day(18), "evening")]


def test_what_stands_is_neither_pinned_nor_taken_out(rota, refused):
    _published(rota)
    row = rota.row("ana", day(16))

    assert refused("HUT", "patch", "assignment", row, is_pinned=True) == (409, "plan_is_fixed")
    assert refused("HUT", "delete", "assignment", row) == (409, "plan_is_fixed")


def test_what_others_have_drafted_is_theirs(rota, refused):
    _plan, row = _drafted(rota)

    assert refused("HUT", "patch", "assignment", row, is_pinned=True) == (403, "not_your_people")
    assert refused("HUT", "delete", "assignment", row) == (403, "not_your_people")


def test_assignments_are_found_by_night_person_plan_and_whether_they_stand(rota, read):
    standing_plan = rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(18)))
    draft = rota.draft()

    def found(**asked):
        return [(row["person"]["name"], row["stands"]) for row in read("HUT", "assignments", **asked)]

    assert sorted(found()) == [("Ana", False), ("Ana", True), ("Ben", False), ("Ben", True)]
    assert found(stands="true") == [("Ana", True), ("Ben", True)]
    assert found(plan=draft.pk) == [("Ana", False), ("Ben", False)]
    assert found(plan=standing_plan.pk, person=rota.people["ben"].pk) == [("Ben", True)]
    assert found(night=f"{day(16)}", stands="true") == [("Ana", True)]
    assert found(night_after=f"{day(17)}", stands="true") == [("Ben", True)]
    assert found(night_before=f"{day(17)}", stands="true") == [("Ana", True)]


def test_what_was_dropped_or_replaced_is_no_longer_listed(rota, read):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)))
    rota.publish(rota.draft("HUT", MONDAY, SUNDAY, ("ben", day(18))))
    planning.drop(plan=rota.draft("HUT", MONDAY, SUNDAY, ("ben", day(20))), by=rota.planners["HUT"])

    rows = read("HUT", "assignments")

    assert [(row["person"]["name"], row["stands"]) for row in rows] == [("Ana", True), ("Ben", True)]


# Absences.


def test_an_absence_is_entered(rota, ask, read):
    body = {
        "person": rota.people["ana"].pk, "kind": "leave", "start": "2026-11-16T00:00:00+01:00",
        "end": "2026-11-18T00:00:00+01:00",
    }  # fmt: skip

    answer = ask("HUT", "post", "absences", **body)

    row = Absence.objects.get()
    assert answer.status_code == 201
    assert answer.json() == body | {
        "id": row.pk, "person": who(rota, "ana"), "entered_at": "2026-11-02T09:00:00+01:00",
    }  # fmt: skip
    assert (row.start, row.end) == (instant("2026-11-16 00:00"), instant("2026-11-18 00:00"))
    assert row.entered_by == rota.planners["HUT"].person
    assert read("HUT", "absences") == [answer.json()]
    assert lines("absence_entered") == [
        {"person": rota.people["ana"].pk, "start": "2026-11-16", "end": "2026-11-18"}
    ]  # fmt: skip


def test_shifts_in_an_absence_stay_and_are_found(rota, ask, read):
    plan = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16)))

    ask("HUT", "post", "absences", person=rota.people["ana"].pk, kind="sick", start=f"{day(16)}T00:00:00Z",
        end=f"{day(17)}T00:00:00Z")  # fmt: skip

    assert cells(plan.assignments) == [("ana", day(16), "evening")]
    assert [row["rule"] for row in read("HUT", "violations", plan) if row["forbids"]] == ["absent"]


def test_an_absence_is_taken_back(rota, ask):
    row = away(rota, "ana", day(16))

    answer = ask("HUT", "delete", "absence", row)

    assert (answer.status_code, answer.content, Absence.objects.count()) == (204, b"", 0)
    assert lines("absence_ended") == [{"person": rota.people["ana"].pk}]


def test_absences_are_found_by_person_kind_and_day(rota, read):
    ana, ben = away(rota, "ana", day(16), day(17)), away(rota, "ben", day(20), kind=Absence.Kind.SICK)

    def ids(**asked):
        return [row["id"] for row in read("HUT", "absences", **asked)]

    assert ids() == [ana.pk, ben.pk]
    assert ids(person=rota.people["ben"].pk) == [ben.pk]
    assert ids(kind="leave") == [ana.pk]
    assert ids(start__lte="2026-11-18T00:00:00+01:00") == [ana.pk]
    assert ids(end__gte="2026-11-19T00:00:00+01:00") == [ben.pk]


def test_an_absence_that_cannot_be_is_refused(rota, refused):
    body = {
        "person": rota.people["ana"].pk, "kind": "leave", "start": "2026-11-16T00:00:00+01:00",
        "end": "2026-11-18T00:00:00+01:00",
    }  # fmt: skip
    wrong = [
        ("end", "2026-11-16T00:00:00+01:00"), ("end", "2026-11-15T00:00:00+01:00"), ("kind", "moon"),
        ("person", 0), ("start", "tomorrow"), ("end", "9999-12-31T23:59:59Z"), ("start", "0001-01-01T00:00:00Z"),
    ]  # fmt: skip

    told = [refused("HUT", "post", "absences", **body | dict([each])) for each in wrong]

    assert told == [(422, "invalid")] * 2 + [(400, "invalid")] * 5


def test_others_are_not_sent_away_nor_called_back(rota, refused):
    row = away(rota, "dana", day(16))
    body = {
        "person": rota.people["dana"].pk, "kind": "leave", "start": "2026-12-16T00:00:00Z",
        "end": "2026-12-17T00:00:00Z",
    }  # fmt: skip

    assert refused("HUT", "post", "absences", **body) == (403, "not_your_people")
    assert refused("HUT", "delete", "absence", row) == (403, "not_your_people")


# Wishes.


def test_a_wish_is_made(rota, ask, read):
    answer = ask("ana", "post", "wishes", night="2026-11-16", kind="night", is_on=True, weight=3)

    assert answer.status_code == 201
    assert answer.json() == {
        "id": Wish.objects.get().pk,
        "person": who(rota, "ana"),
        "night": "2026-11-16",
        "kind": "night",
        "is_on": True,
        "weight": 3,
    }
    assert read("ana", "wishes") == [answer.json()]


def test_a_wish_is_to_be_free_all_day_unless_told_otherwise(rota, ask):
    told = ask("ana", "post", "wishes", night="2026-11-16").json()

    assert (told["kind"], told["is_on"], told["weight"]) == (None, False, 1)


def test_the_same_day_and_kind_again_replaces_the_wish(rota, ask, read):
    ask("ana", "post", "wishes", night="2026-11-16", weight=1)
    ask("ana", "post", "wishes", night="2026-11-16", kind="night", weight=1)

    ask("ana", "post", "wishes", night="2026-11-16", is_on=True, weight=2)

    rows = sorted((row["kind"] or "", row["is_on"], row["weight"]) for row in read("ana", "wishes"))
    assert rows == [("", True, 2), ("night", False, 1)]


def test_a_wish_is_taken_back(rota, ask):
    one, other = _wished(rota), people.wish(person=rota.people["ben"], night=day(16), by=rota.himself("ben"))

    answer = ask("ana", "delete", "wish", one)

    assert (answer.status_code, list(Wish.objects.all())) == (204, [other])


def test_nobody_takes_back_a_wish_of_somebody_else(rota, refused):
    row = _wished(rota)

    for somebody_else in ("ben", "HUT", CHIEF):
        assert refused(somebody_else, "delete", "wish", row) == (409, "not_your_own")


def test_a_wish_is_ones_own_whatever_is_asked(rota, ask):
    ask("ana", "post", "wishes", night="2026-11-16", person=rota.people["ben"].pk)

    assert Wish.objects.get().person == rota.people["ana"]


def test_one_sees_ones_own_wishes_and_as_a_planner_those_of_ones_people(rota, read):
    for name in ("ana", "ben", "dana"):
        people.wish(person=rota.people[name], night=day(16), by=rota.himself(name))

    told = {
        asker: [row["person"]["name"] for row in read(asker, "wishes")]
        for asker in ("ana", "HUT", "CRL", "IA", CHIEF)
    }

    assert told == {
        "ana": ["Ana"], "HUT": ["Ana", "Ben"], "CRL": ["Dana"], "IA": [], CHIEF: ["Ana", "Ben", "Dana"],
    }  # fmt: skip


def test_wishes_are_found_by_night_and_person(rota, read):
    for name, number in (("ana", 16), ("ana", 18), ("ben", 20)):
        people.wish(person=rota.people[name], night=day(number), by=rota.himself(name))

    def found(**asked):
        return [(row["person"]["name"], row["night"]) for row in read("HUT", "wishes", **asked)]

    assert found(night="2026-11-16") == [("Ana", "2026-11-16")]
    assert found(night__gte="2026-11-17") == [("Ana", "2026-11-18"), ("Ben", "2026-11-20")]
    assert found(night__lte="2026-11-18") == [("Ana", "2026-11-16"), ("Ana", "2026-11-18")]
    assert found(person=rota.people["ben"].pk) == [("Ben", "2026-11-20")]


def test_a_wish_that_cannot_be_is_refused(rota, refused):
    for wrong in ({"weight": 0}, {"weight": 4}, {"kind": "moon"}, {"night": "soon"}, {"night": "1999-01-01"}):
        assert refused("ana", "post", "wishes", **{"night": "2026-11-16"} | wrong) == (400, "invalid")


# Swaps.


@pytest.fixture
def swap(rota, ask):
    """Ana has asked Cleo to take her evening of the 16th."""
    _published(rota)
    answer = ask("ana", "post", "swaps", given=rota.row("ana", day(16)).pk, taker=rota.people["cleo"].pk)
    assert answer.status_code == 201
    return Swap.objects.get()


def state_of(swap):
    swap.refresh_from_db()
    return swap.state


def test_a_colleague_is_asked_to_take_a_shift(rota, swap, ask, read):
    row = read("ana", "swaps")[0]

    assert row == {
        "id": swap.pk,
        "given": rota.row("ana", day(16)).pk,
        "taken": None,
        "giver": who(rota, "ana"),
        "taker": who(rota, "cleo"),
        "state": "asked",
        "asked_at": "2026-11-02T09:00:00+01:00",
        "agreed_at": None,
        "decided_at": None,
    }
    assert ("ana", day(16), "evening") in standing()
    assert lines("swap_asked") == [
        {"giver": rota.people["ana"].pk, "taker": rota.people["cleo"].pk, "shift": rota.shift(day(16)).pk}
    ]  # fmt: skip


def test_a_shift_goes_to_the_colleague_once_both_and_the_planner_agree_and_comes_back(rota, swap, ask):
    agreed = ask("cleo", "patch", "swap", swap, verb="agree")
    between = standing()
    approved = ask("HUT", "patch", "swap", swap, verb="approve")
    after = standing()
    undone = ask("HUT", "patch", "swap", swap, verb="undo")

    told = [answer.json() for answer in (agreed, approved, undone)]
    assert [row["state"] for row in told] == ["agreed", "approved", "undone"]
    assert (told[0]["agreed_at"], told[0]["decided_at"]) == ("2026-11-02T09:00:00+01:00", None)
    assert told[1]["decided_at"] == "2026-11-02T09:00:00+01:00"
    assert ("ana", day(16), "evening") in between
    assert ("cleo", day(16), "evening") in after and ("ana", day(16), "evening") not in after
    assert standing() == between
    assert [change.kind for change in Change.objects.order_by("pk")] == ["handover", "undone"]


def test_a_shift_goes_for_one_of_theirs(rota, ask):
    _published(rota)
    answer = ask(
        "ana", "post", "swaps", given=rota.row("ana", day(16)).pk, taker=rota.people["cleo"].pk,
        taken=rota.row("cleo", day(26)).pk,
    )  # fmt: skip
    row = answer.json()["id"]
    for asker, verb in (("cleo", "agree"), ("HUT", "approve")):
        assert ask(asker, "patch", "swap", row, verb=verb).status_code == 200

    here = {(name, night) for name, night, _kind in standing()}
    assert {("cleo", day(16)), ("ana", day(26))} <= here
    assert not {("ana", day(16)), ("cleo", day(26))} & here


@pytest.mark.parametrize(("asker", "verb"), [("cleo", "refuse"), ("HUT", "refuse"), ("ana", "withdraw")])
def test_a_swap_ends_by_whom_it_may_and_can_be_asked_for_anew(rota, swap, ask, asker, verb):
    answer = ask(asker, "patch", "swap", swap, verb=verb)

    assert answer.json()["state"] == {"refuse": "refused", "withdraw": "withdrawn"}[verb]
    assert ("ana", day(16), "evening") in standing()
    again = ask("ana", "post", "swaps", given=swap.given_id, taker=swap.taker_id)
    assert (again.status_code, Swap.objects.count()) == (201, 2)


MAY_NOT = {
    "ana": ("agree", "refuse", "approve", "undo"),
    "cleo": ("withdraw", "approve", "undo"),
    "ben": ("agree", "refuse", "withdraw", "approve", "undo"),
    "HUT": ("agree", "withdraw"),
    CHIEF: ("agree", "withdraw"),
    "IA": ("agree", "refuse", "withdraw", "approve", "undo"),
}


def test_a_swap_is_answered_only_by_whom_it_may(rota, swap, refused):
    asked = [(asker, verb) for asker, verbs in MAY_NOT.items() for verb in verbs]

    told = {(asker, verb): refused(asker, "patch", "swap", swap, verb=verb) for asker, verb in asked}

    assert told == dict.fromkeys(asked, (403, "not_your_people"))


def test_what_is_answered_is_not_answered_again(rota, swap, ask, refused):
    steps = [
        ((None, None), [("HUT", "approve"), ("HUT", "undo")]),
        (("cleo", "agree"), [("cleo", "agree"), ("HUT", "undo")]),
        (
            ("HUT", "approve"),
            [("HUT", "approve"), ("ana", "withdraw"), ("cleo", "refuse"), ("cleo", "agree")],
        ),
        (("HUT", "undo"), [("HUT", "undo"), ("HUT", "approve"), ("HUT", "refuse"), ("ana", "withdraw")]),
    ]

    for (asker, verb), too_late in steps:
        assert asker is None or ask(asker, "patch", "swap", swap, verb=verb).status_code == 200
        told = [refused(who_else, "patch", "swap", swap, verb=other) for who_else, other in too_late]
        assert told == [(409, "already_answered")] * len(too_late)


def test_what_was_refused_is_not_agreed_to_later(rota, swap, ask, refused):
    ask("cleo", "patch", "swap", swap, verb="refuse")

    for asker, verb in (("cleo", "agree"), ("HUT", "approve"), ("ana", "withdraw")):
        assert refused(asker, "patch", "swap", swap, verb=verb) == (409, "already_answered")


def test_a_shift_is_not_asked_about_twice_at_once(rota, swap, refused):
    body = {"given": swap.given_id, "taker": rota.people["ben"].pk}

    assert refused("ana", "post", "swaps", **body) == (409, "already_answered")


def test_what_the_law_forbids_is_not_asked_for(rota, refused):
    _published(rota)
    away(rota, "cleo", day(16))
    body = {"given": rota.row("ana", day(16)).pk, "taker": rota.people["cleo"].pk}

    assert refused("ana", "post", "swaps", **body) == (409, "breaks_rules")


def test_an_approval_is_judged_as_things_are_then(rota, swap, ask, refused):
    ask("cleo", "patch", "swap", swap, verb="agree")
    away(rota, "cleo", day(16))

    assert refused("HUT", "patch", "swap", swap, verb="approve") == (409, "breaks_rules")
    assert state_of(swap) == "agreed"


def test_one_asks_with_ones_own_shift_and_for_the_colleagues_own(rota, refused):
    _published(rota)
    ben, cleo = rota.row("ben", day(18)), rota.row("cleo", day(26))

    assert refused("dana", "post", "swaps", given=ben.pk, taker=rota.people["cleo"].pk) == (
        403, "not_your_people",
    )  # fmt: skip
    assert refused("ben", "post", "swaps", given=ben.pk, taker=rota.people["ana"].pk, taken=cleo.pk) == (
        409, "not_theirs",
    )  # fmt: skip


def test_no_worker_asks_in_the_name_of_a_colleague(rota, refused):
    _published(rota)

    body = {"given": rota.row("ben", day(18)).pk, "taker": rota.people["cleo"].pk}

    assert refused("ana", "post", "swaps", **body) == (403, "not_your_people")


def test_a_planner_asks_for_one_of_ones_people(rota, ask):
    _published(rota)

    answer = ask("HUT", "post", "swaps", given=rota.row("ben", day(18)).pk, taker=rota.people["cleo"].pk)

    assert (answer.status_code, answer.json()["giver"]) == (201, who(rota, "ben"))


def test_what_is_only_drafted_is_not_given_away(rota, refused):
    row = rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(16))).assignments.get()

    assert refused("ana", "post", "swaps", given=row.pk, taker=rota.people["ben"].pk) == (400, "invalid")


def test_an_answer_is_one_of_five(rota, swap, refused):
    for body in ({}, {"verb": "moon"}, {"verb": ""}, {"verb": ["agree"]}):
        assert refused("cleo", "patch", "swap", swap, **body) == (400, "invalid")


def test_one_sees_the_swaps_one_is_part_of_and_as_a_planner_those_of_ones_people(rota, swap, read):
    rota.published("CRL", MONDAY, SUNDAY, ("dana", day(20)))
    other = swapping.ask(given=rota.row("dana", day(20)), taker=rota.people["vera"], by=rota.himself("dana"))

    told = {
        asker: sorted(row["id"] for row in read(asker, "swaps"))
        for asker in ("ana", "cleo", "ben", "dana", "vera", "HUT", "CRL", "IA", CHIEF)
    }

    assert told == {
        "ana": [swap.pk], "cleo": [swap.pk], "ben": [], "dana": [other.pk], "vera": [other.pk],
        "HUT": [swap.pk], "CRL": [other.pk], "IA": [], CHIEF: [swap.pk, other.pk],
    }  # fmt: skip


def test_swaps_are_found_by_state_the_latest_first(rota, swap, ask, read, clock_at):
    ask("cleo", "patch", "swap", swap, verb="refuse")
    clock_at("2026-11-02 10:00")
    second = ask("ana", "post", "swaps", given=swap.given_id, taker=swap.taker_id).json()["id"]

    assert [row["id"] for row in read("ana", "swaps")] == [second, swap.pk]
    assert [row["id"] for row in read("ana", "swaps", state="refused")] == [swap.pk]


# The calendar.


def test_whoever_has_the_address_reads_the_shifts_and_nothing_of_people(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16)), ("ben", day(18)))
    secret = calendars.issue(by=rota.himself("ana"), person=rota.people["ana"])

    answer = APIClient().get(reverse("api:rota-calendar", args=[secret]))

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.content.count(b"BEGIN:VEVENT") == 1
    assert b"SUMMARY:Evening" in answer.content
    assert not [name for name in (b"Ana", b"Ben") if name in answer.content]


def test_an_address_that_was_taken_back_leads_nowhere(rota):
    secret = calendars.issue(by=rota.himself("ana"), person=rota.people["ana"])
    calendars.revoke(by=rota.himself("ana"), person=rota.people["ana"])

    for each in (secret, "guessed"):
        answer = APIClient().get(reverse("api:rota-calendar", args=[each]))
        assert problem(answer) == (404, "not_found")
