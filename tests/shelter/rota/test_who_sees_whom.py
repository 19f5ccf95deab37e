"""Whose name who reads: one's own people, and who is on duty with them; of the others role and coverage only.

Why somebody is away is known to their own organisation alone. Every stranger's name, address and remark begins with
the same word, which no answer to somebody of HUT may contain: on the page, in an attribute, in a file or in JSON.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader
from rest_framework.test import APIClient

from shelter import clock
from shelter.actions import team
from shelter.models import Role
from shelter.rota.actions import (
    calendars,
    covering,
    people,
    planning,
    proposing,
    recording,
    shifts,
    swapping,
    volunteering,
)
from shelter.rota.models import Absence, Call, Invitation, OpenShift, Proposal
from shelter.rota.timeline import midnight
from tests.conftest import BUILDER
from tests.shelter.rota.conftest import LONG_AGO, MONDAY, SUNDAY, colleague, day, employed, everything

SECRET = "Xylozz"
# Name, organisation, kind, minutes a week, skills.
STRANGERS = (
    ("Ada", "IA", "employee", 2400, ("host", "lead")),
    ("Bo", "IA", "employee", 1800, ("host",)),
    ("Cy", "CRL", "employee", 2400, ("host", "lead")),
    ("Di", "CRL", "volunteer", None, ("host",)),
)
OURS = ("Ana", "Ben", "Cleo", "Gus")
EVERYBODY = (*OURS, "Dana", "Emil", "Vera")
PLANNER, LEAD, COORDINATOR = "HUT", "lead", "coordinator"


@dataclass
class World:
    rota: object
    rows: dict = field(default_factory=dict)

    def __getattr__(self, name):
        return self.rows[name]

    def person(self, name):
        return self.rota.people[name]

    def shift(self, number, kind="evening"):
        return self.rota.shift(day(number), kind)


@pytest.fixture
def world(rota, clock_at):
    """It is 18 November. Emil of IA and Dana of CRL share Ana's evening of the 16th; strangers none of HUT's."""
    for name, code, kind, minutes, skills in STRANGERS:
        row = colleague(f"{SECRET} {name}", email=f"{SECRET}.{name}@example.org".lower(), skills=skills)
        employed(row, rota.organisations[code], kind=kind, minutes=minutes)
        people.qualify(
            person=row,
            skill=rota.skills["first_aid"],
            first_day=LONG_AGO,
            proof=f"{SECRET} proof",
            by=BUILDER,
        )
        rota.people[name.lower()] = row
    rota.published(
        "HUT", MONDAY, SUNDAY,
        ("ana", day(16)), ("ben", day(18)), ("ana", day(24)), ("ben", day(26)), ("cleo", day(28)),
    )  # fmt: skip
    rota.published(
        "IA", MONDAY, SUNDAY,
        ("emil", day(16)), ("ada", day(17)), ("ada", day(19)), ("bo", day(25)), ("emil", day(27)),
    )  # fmt: skip
    rota.published(
        "CRL", MONDAY, SUNDAY,
        ("dana", day(16)), ("cy", day(20)), ("cy", day(21)), ("di", day(22), "morning"), ("vera", day(29)),
    )  # fmt: skip
    made = World(rota)
    made.rows = _away(rota) | _exchanged(rota) | _drafted(rota) | _volunteers(rota) | _proposals(rota)
    clock_at("2026-11-18 12:00")
    made.rows["worked"] = recording.record_worked(
        assignment=rota.row("ada", day(17)), note=f"{SECRET} note", by=rota.planners["IA"]
    )
    return made


def away(rota, name, first, last, kind):
    return people.block(
        person=rota.people[name], kind=kind, start=midnight(first), end=midnight(last + timedelta(days=1)),
        by=BUILDER,
    )  # fmt: skip


def _away(rota):
    """Why whom is away: Dana, whom HUT knows by name that week, is in training; Ben of HUT has leave."""
    covering.fall_out(
        person=rota.people["cy"], start=midnight(day(21)), end=midnight(day(22)), reason=f"{SECRET} appendix",
        by=rota.planners["CRL"],
    )  # fmt: skip
    return {
        "dana_away": away(rota, "dana", day(17), day(18), Absence.Kind.TRAINING),
        "emil_away": away(rota, "emil", day(20), day(21), Absence.Kind.SICK),
        "ada_away": away(rota, "ada", day(20), day(22), Absence.Kind.SICK),
        "ben_away": away(rota, "ben", day(20), day(21), Absence.Kind.LEAVE),
        "leave": people.ask_leave(
            person=rota.people["cy"], first_day=day(5, 12), last_day=day(6, 12), by=rota.himself("cy")
        ),
    }


def _exchanged(rota):
    for name in ("ada", "cy", "ben"):
        people.wish(person=rota.people[name], night=day(23), by=rota.himself(name))
    swap = swapping.ask(given=rota.row("bo", day(25)), taker=rota.people["ada"], by=rota.himself("bo"))
    asked = swapping.ask(given=rota.row("ben", day(26)), taker=rota.people["cleo"], by=rota.himself("ben"))
    theirs, ours = _offered(rota, "IA", 25), _offered(rota, "HUT", 27)
    covering.log_call(place=theirs, person=rota.people["ada"], answer=Call.Answer.NO, by=rota.planners["IA"])
    return {
        "swap": swapping.agree(swap=swap, by=rota.himself("ada")),
        "own_swap": asked,
        "their_place": theirs,
        "our_place": ours,
    }


def _offered(rota, code, number):
    """A night on offer by an organisation; nobody was asked yet."""
    return OpenShift.objects.create(
        shift=rota.shift(day(number), "night"), skill=rota.skills["host"], organisation=rota.organisations[code],
        opened_at=clock.now(),
    )  # fmt: skip


def _drafted(rota):
    """New versions: IA's puts Ada into a shift while she is ill, HUT's gives Ana two shifts too near each other."""
    theirs = rota.draft("IA", MONDAY, SUNDAY, ("ada", day(20)))
    planning.set_aside_rule(
        organisation=rota.organisations["IA"], person=rota.people["bo"], rule="weekly_rest", day=MONDAY,
        reason=f"{SECRET} reason", by=rota.planners["IA"],
    )  # fmt: skip
    return {
        "their_draft": theirs,
        "their_row": theirs.assignments.get(person=rota.people["ada"], shift=rota.shift(day(20))),
        "our_draft": rota.draft("HUT", MONDAY, SUNDAY, ("ana", day(24), "morning")),
    }


def _volunteers(rota):
    rota.skills["helper"] = shifts.add_skill(code="helper", name="Helper", for_volunteers=True, by=BUILDER)
    for number in (26, 27):
        shifts.set_demand(
            shift=rota.shift(day(number)), skill=rota.skills["helper"], minimum=1, wished=2, by=BUILDER
        )
    secrets = {
        code: volunteering.invite(
            organisation=rota.organisations[code], last_day=day(31, 12), by=rota.planners[code]
        )
        for code in ("CRL", "HUT")
    }
    offer = volunteering.sign_up(
        invitation=volunteering.of_secret(secrets["CRL"]), name=f"{SECRET} Offer", language="fr",
        email=f"{SECRET.lower()}@example.org", speaks=f"{SECRET} language",
        chosen=[(rota.shift(day(26)), rota.skills["helper"])],
    )  # fmt: skip
    return {
        "offer": offer,
        "secrets": secrets,
        "their_invitation": Invitation.objects.get(organisation=rota.organisations["CRL"]),
    }


def _proposals(rota):
    found = {}
    for name, code in (("their_proposal", "IA"), ("house_proposal", None), ("our_proposal", "HUT")):
        row = proposing.ask(
            first_day=MONDAY, last_day=SUNDAY, seconds=20, organisation=code and rota.organisations[code],
            by=rota.planners[code] if code else rota.coordinator,
        )  # fmt: skip
        cells = [[rota.people["ada"].pk, rota.shift(day(23)).pk, "host"]]
        Proposal.objects.filter(pk=row.pk).update(
            state=Proposal.State.DONE, total=7, bound=5, cells=cells, history=[[1.0, 7, 5]],
            price={"under": 7, "over": 0, "requests": 0, "balances": 0, "mixes": 0, "taken_out": 0},
        )  # fmt: skip
        found[name] = row
    return found


# Who asks.


@pytest.fixture
def person_who(rota):
    """Who asks: who plans an organisation (by its code), a night lead of HUT, the coordinator, or somebody by name."""

    def found(who):
        if who in rota.planners:
            return rota.planners[who].person
        role, code, row = {
            LEAD: (Role.NIGHT_LEAD, "HUT", None), COORDINATOR: (Role.COORDINATOR, "HUT", rota.coordinator.person),
            "vera": (Role.VOLUNTEER, "CRL", rota.people["vera"]),
        }.get(who, (Role.WORKER, "HUT", rota.people.get(who)))  # fmt: skip
        row = row or colleague("Nightlead")
        team.give_role(
            person=row, organisation=rota.organisations[code], role=role, first_day=LONG_AGO, by=BUILDER
        )
        return row

    return found


@pytest.fixture
def screen(person_who):
    known = {}

    def of(who):
        if who not in known:
            known[who] = Client(headers={"Accept-Language": "en"})
            known[who].force_login(person_who(who), backend="django.contrib.auth.backends.ModelBackend")
        return known[who]

    return of


@pytest.fixture
def program(person_who):
    known = {}

    def of(who):
        if who not in known:
            known[who] = APIClient(headers={"Accept-Language": "en"})
            token = team.issue_token(person=person_who(who), by=BUILDER)
            known[who].credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return known[who]

    return of


def words(answer):
    """Everything an answer says, whatever it is written in."""
    kind = answer.headers.get("Content-Type", "")
    if kind == "application/pdf":
        reader = PdfReader(BytesIO(answer.content))
        return " ".join([f"{reader.metadata}", *(page.extract_text() for page in reader.pages)])
    if "spreadsheetml" in kind:
        sheets = load_workbook(BytesIO(answer.content)).worksheets
        return " ".join(
            f"{cell}" for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row
        )
    return answer.content.decode()


def tells(answer):
    """Whether a stranger is named anywhere in it, in its headers too."""
    return SECRET.lower() in f"{words(answer)} {dict(answer.headers)}".lower()


def named(answer, *names):
    """Which of some names stand in an answer as words."""
    text = words(answer)
    return [name for name in names if re.search(rf"\b{name}\b", text)]


# Every page and address that shows people: who may read it, what it asks for, and whether it names strangers to those
# who may know all.

WEEK, NEXT_WEEK = f"week={MONDAY}", f"week={day(23)}"
BOTH, PLANNERS = (PLANNER, LEAD), (PLANNER,)


def page(name, *rows, query=""):
    path = reverse(name, args=[getattr(row, "pk", row) for row in rows])
    return f"{path}?{query}" if query else path


PAGES = {
    "week": (BOTH, lambda w: page("rota", query=WEEK), True),
    "next week": (BOTH, lambda w: page("rota", query=NEXT_WEEK), True),
    "two weeks": (BOTH, lambda w: page("rota", query=f"{WEEK}&weeks=2"), True),
    "month": (BOTH, lambda w: page("rota", query=f"{WEEK}&weeks=month"), True),
    "week before": (BOTH, lambda w: page("rota", query=f"week={day(9)}"), True),
    "own cell": (BOTH, lambda w: page("rota-cell", w.person("ana"), day(16)), False),
    "own cell of two shifts": (BOTH, lambda w: page("rota-cell", w.person("ana"), day(24)), False),
    "cell of who is on duty with us": (BOTH, lambda w: page("rota-cell", w.person("dana"), day(16)), False),
    "shared place": (BOTH, lambda w: page("rota-place", w.shift(16), "host"), True),
    "empty place": (BOTH, lambda w: page("rota-place", w.shift(23), "host"), True),
    "offered place": (BOTH, lambda w: page("rota-place", w.shift(27, "night"), "host"), True),
    "outlook": (BOTH, lambda w: page("rota-outlook"), False),
    "wall": (BOTH, lambda w: page("rota-wall", MONDAY), True),
    "kinds": (PLANNERS, lambda w: page("rota-kinds"), False),
    "terms": (PLANNERS, lambda w: page("rota-terms"), False),
    "prices": (PLANNERS, lambda w: page("rota-prices"), False),
    "our publication": (PLANNERS, lambda w: page("rota-publish", w.our_draft), False),
    "their publication": (PLANNERS, lambda w: page("rota-publish", w.their_draft), True),
    "register": (PLANNERS, lambda w: page("rota-register", query=f"month={MONDAY}"), False),
    "their register": (PLANNERS, lambda w: page("rota-register", query=f"of=IA&month={MONDAY}"), True),
    "register as csv": (PLANNERS, lambda w: page("rota-sheet", "HUT", MONDAY, "csv"), False),
    "register as xlsx": (PLANNERS, lambda w: page("rota-sheet", "HUT", MONDAY, "xlsx"), False),
    "register as pdf": (PLANNERS, lambda w: page("rota-sheet", "HUT", MONDAY, "pdf"), False),
    "their csv": (PLANNERS, lambda w: page("rota-sheet", "IA", MONDAY, "csv"), True),
    "their xlsx": (PLANNERS, lambda w: page("rota-sheet", "IA", MONDAY, "xlsx"), True),
    "their pdf": (PLANNERS, lambda w: page("rota-sheet", "IA", MONDAY, "pdf"), True),
    "fairness": (PLANNERS, lambda w: page("rota-fairness"), True),
    "own person": (PLANNERS, lambda w: page("rota-person", w.person("cleo")), False),
    "stranger": (PLANNERS, lambda w: page("rota-person", w.person("ada")), True),
    "stranger's cell": (BOTH, lambda w: page("rota-cell", w.person("ada"), day(17)), True),
    "stranger's empty cell": (BOTH, lambda w: page("rota-cell", w.person("cy"), day(24)), True),
    "volunteers": (PLANNERS, lambda w: page("rota-volunteers"), True),
    "proposals": (PLANNERS, lambda w: page("rota-propose"), False),
    "our proposal": (PLANNERS, lambda w: page("rota-proposal", w.our_proposal), False),
    "their proposal": (PLANNERS, lambda w: page("rota-proposal", w.their_proposal), False),
    "the house's proposal": (PLANNERS, lambda w: page("rota-proposal", w.house_proposal), False),
    "own repair": (PLANNERS, lambda w: page("rota-repair", w.person("ana"), day(24)), False),
}
API = {
    "shifts": (BOTH, lambda w: page("api:rota-shifts"), False),
    "assignments": (BOTH, lambda w: page("api:rota-assignments"), True),
    "assignments that stand": (BOTH, lambda w: page("api:rota-assignments", query="stands=true"), True),
    "stranger's assignments": (
        BOTH, lambda w: page("api:rota-assignments", query=f"person={w.person('ada').pk}"), True,
    ),
    "their draft": (BOTH, lambda w: page("api:rota-assignments", query=f"plan={w.their_draft.pk}"), True),
    "plans": (BOTH, lambda w: page("api:rota-plans"), False),
    "their plan": (BOTH, lambda w: page("api:rota-plan", w.their_draft), False),
    "wishes": (BOTH, lambda w: page("api:rota-wishes"), True),
    "stranger's wishes": (BOTH, lambda w: page("api:rota-wishes", query=f"person={w.person('cy').pk}"), True),
    "swaps": (BOTH, lambda w: page("api:rota-swaps"), True),
    "absences": (PLANNERS, lambda w: page("api:rota-absences"), True),
    "stranger's absences": (
        PLANNERS, lambda w: page("api:rota-absences", query=f"person={w.person('ada').pk}"), True,
    ),
    "candidates": (PLANNERS, lambda w: page("api:rota-candidates", w.shift(23), query="skill=host"), True),
    "our violations": (PLANNERS, lambda w: page("api:rota-violations", w.our_draft), False),
    "their violations": (PLANNERS, lambda w: page("api:rota-violations", w.their_draft), True),
    "our solve": (PLANNERS, lambda w: page("api:rota-solve", w.our_draft), False),
    "their solve": (PLANNERS, lambda w: page("api:rota-solve", w.their_draft), False),
}  # fmt: skip
REFUSED = {
    "their csv",
    "their xlsx",
    "their pdf",
    "stranger",
    "stranger's cell",
    "stranger's empty cell",
    "their solve",
}


def readable(table, who):
    return {
        name: path for name, (readers, path, _tells) in table.items() if who in readers or who == COORDINATOR
    }


PARTS = (
    "week", "next week", "month", "own cell", "own cell of two shifts", "cell of who is on duty with us",
    "stranger's cell", "their proposal", "the house's proposal",
)  # fmt: skip


@pytest.mark.parametrize("who", BOTH)
def test_no_page_and_no_part_of_a_page_names_a_stranger(world, screen, who):
    paths = {name: path(world) for name, path in readable(PAGES, who).items()}
    answers = {name: screen(who).get(path) for name, path in paths.items()}
    script = {"HX-Request": "true", "HX-Target": "grid"}
    parts = {name: screen(who).get(path, headers=script) for name, path in paths.items() if name in PARTS}

    assert [name for name, answer in answers.items() if tells(answer)] == []
    assert [name for name, answer in parts.items() if tells(answer)] == []
    refused = {name: answer.status_code in (403, 404) for name, answer in answers.items()}
    assert refused == {name: name in REFUSED for name in answers}


@pytest.mark.parametrize("who", BOTH)
def test_no_address_names_a_stranger(world, program, who):
    answers = {name: program(who).get(path(world)) for name, path in readable(API, who).items()}

    assert [name for name, answer in answers.items() if tells(answer)] == []
    refused = {name: answer.status_code in (403, 404) for name, answer in answers.items()}
    assert refused == {name: name in REFUSED for name in answers}


def test_the_coordinator_knows_everybody(world, screen, program):
    told = {name: tells(screen(COORDINATOR).get(path(world))) for name, (_who, path, _tells) in PAGES.items()}
    by_api = {
        name: tells(program(COORDINATOR).get(path(world))) for name, (_who, path, _tells) in API.items()
    }

    assert told == {name: tells for name, (_who, _path, tells) in PAGES.items()}
    assert by_api == {name: tells for name, (_who, _path, tells) in API.items()}


# Named are one's own and who is on duty with them.


def test_who_is_on_duty_with_ones_own_people_is_named_in_that_week_only(world, screen):
    for who in BOTH:
        week, next_week, month = (
            named(screen(who).get(page("rota", query=asked)), *EVERYBODY)
            for asked in (WEEK, NEXT_WEEK, f"{WEEK}&weeks=month")
        )
        assert week == month == [*OURS, "Dana", "Emil"]
        assert next_week == list(OURS)
        assert named(screen(who).get(page("rota-wall", MONDAY)), *EVERYBODY) == month


def test_it_is_the_same_the_other_way_round(world, screen):
    answer = screen("IA").get(page("rota", query=WEEK))

    assert named(answer, *EVERYBODY) == ["Ana", "Dana", "Emil"]
    assert named(answer, f"{SECRET} Ada", f"{SECRET} Bo", f"{SECRET} Cy") == [f"{SECRET} Ada", f"{SECRET} Bo"]


def test_ways_to_fill_a_place_move_ones_own_people_only(world, screen):
    ana = world.person("ana")
    covering.fall_out(
        person=ana, start=midnight(day(24)), end=midnight(day(25)), by=world.rota.planners["HUT"]
    )

    for path in (page("rota-ways", world.shift(24), "host"), page("rota-repair", ana, day(24))):
        answer = screen(PLANNER).get(path)
        moved = set(named(answer, *EVERYBODY)) - {"Ana"}
        assert (answer.status_code, tells(answer)) == (200, False)
        assert moved and moved <= set(OURS)


def test_in_the_shared_shift_and_no_other_they_are_named_by_api(world, program):
    for who in BOTH:
        rows = program(who).get(page("api:rota-assignments", query="stands=true")).json()["results"]
        others = {(row["person"]["name"], row["shift"]) for row in rows if row["organisation"] != "HUT"}
        assert others == {("Emil", world.shift(16).pk), ("Dana", world.shift(16).pk)}
        assert {row["person"]["name"] for row in rows if row["organisation"] == "HUT"} == {
            "Ana",
            "Ben",
            "Cleo",
        }
        drafted = program(who).get(page("api:rota-assignments", query="stands=false")).json()["results"]
        assert {(row["organisation"], row["plan"]) for row in drafted} == {("HUT", world.our_draft.pk)}


def test_what_others_lack_and_have_is_seen_without_their_names(world, program, screen):
    shift = program(PLANNER).get(page("api:rota-shift", world.shift(17))).json()
    week = words(screen(PLANNER).get(page("rota", query=WEEK)))

    assert [place["there"] for place in shift["places"] if place["skill"] == "host"] == [1]
    assert marks(week, "IA", day(19)) == ["·", "E", "·"]
    assert len(re.findall(r'"who stripe IA"><span>employee<', week)) == 2


def test_a_row_without_a_name_has_no_number_of_its_person(world, screen):
    week = words(screen(PLANNER).get(page("rota", query=NEXT_WEEK)))

    emil = world.person("emil")
    assert f'data-person="{emil.pk}"' not in week
    assert [pk for pk in emil.employments.values_list("pk", flat=True) if f'"row-{pk}"' in week] == []
    assert '<tr><th scope="row" class="who stripe IA">' in week


def test_a_place_that_strangers_fill_alone_names_nobody(world, screen):
    """On the 19th what stands, on the 20th what IA has only drafted."""
    paths = [page("rota-place", world.shift(number), "host") for number in (19, 20)]

    assert [(who, path) for who in BOTH for path in paths if tells(screen(who).get(path))] == []


def test_who_was_asked_to_step_in_is_named_to_their_own_only(world, screen):
    covering.log_call(
        place=world.our_place,
        person=world.person("ada"),
        answer=Call.Answer.ASKED,
        by=world.rota.planners["HUT"],
    )
    path = page("rota-place", world.shift(27, "night"), "host")

    assert [who for who in BOTH if tells(screen(who).get(path))] == []


def test_the_page_of_ones_people_names_no_others(world, screen):
    assert not tells(screen(PLANNER).get(page("rota-people")))


def test_nobody_reads_that_a_stranger_cannot_come(world, screen):
    answer = screen(PLANNER).get(page("rota-repair", world.person("cy"), day(21)))

    assert (answer.status_code in (403, 404), tells(answer)) == (True, False)


# Why somebody is away.


def marks(text, code, night):
    """What is read in the cells of a day in the rows of an organisation, from top to bottom."""
    rows = re.findall(rf'<tr[^>]*><th scope="row" class="who stripe {code}">.*?</tr>', text, re.DOTALL)
    cell = rf'data-day="{night}"[^>]*><a [^>]*>([^<]*)'
    return [re.search(cell, row).group(1) for row in rows]


def test_why_somebody_else_is_away_is_not_told(world, screen):
    """Dana in training, whom HUT knows by name that week; Emil, whom it knows too, Ada and Cy ill."""
    for weeks in ("1", "2", "month"):
        told = {
            who: words(screen(who).get(page("rota", query=f"{WEEK}&weeks={weeks}")))
            for who in (PLANNER, LEAD, COORDINATOR)
        }
        for who in BOTH:
            assert marks(told[who], "CRL", day(17)) == ["·", "–", "·", "·", "·"]
            assert marks(told[who], "CRL", day(21)) == ["·", "·", "–", "·", "·"]
            assert marks(told[who], "IA", day(21)) == ["–", "–", "·"]
        assert marks(told[COORDINATOR], "CRL", day(17)) == ["·", "T", "·", "·", "·"]
        assert marks(told[COORDINATOR], "CRL", day(21)) == ["·", "·", "X", "·", "·"]
        assert marks(told[COORDINATOR], "IA", day(21)) == ["X", "X", "·"]
        assert marks(told[PLANNER], "HUT", day(21)) == ["·", "L", "·", "·"]


def test_nor_in_the_details_of_a_day(world, screen):
    told = {
        who: words(screen(who).get(page("rota-cell", world.person("dana"), day(17)))).lower()
        for who in (PLANNER, LEAD, COORDINATOR)
    }

    assert {who: "training" in text for who, text in told.items()} == {
        PLANNER: False, LEAD: False, COORDINATOR: True,
    }  # fmt: skip
    assert "not available" in told[PLANNER]


def test_absences_are_told_of_ones_own_people(world, program):
    told = {
        who: {row["person"]["name"] for row in program(who).get(page("api:rota-absences")).json()["results"]}
        for who in (PLANNER, COORDINATOR)
    }

    assert told == {PLANNER: {"Ben"}, COORDINATOR: {"Ben", "Dana", "Emil", f"{SECRET} Ada", f"{SECRET} Cy"}}


def test_why_who_left_for_another_organisation_is_away_is_theirs(world, program):
    eve = colleague(f"{SECRET} Eve", skills=("host",))
    employed(eve, world.rota.organisations["HUT"], minutes=1200, last_day=day(31, 10))
    employed(eve, world.rota.organisations["IA"], minutes=1200, first_day=day(1))
    world.rota.people["eve"] = eve
    away(world.rota, "eve", day(23), day(24), Absence.Kind.SICK)

    assert not tells(program(PLANNER).get(page("api:rota-absences")))


# Whom somebody plans is a matter of the role in which they are there, not of being there.


@pytest.fixture
def also_a_worker(world):
    """The planner of HUT works now and then for IA and CRL."""
    for code in ("IA", "CRL"):
        for role in (Role.WORKER, Role.VOLUNTEER):
            team.give_role(
                person=world.rota.planners["HUT"].person, organisation=world.rota.organisations[code], role=role,
                first_day=LONG_AGO, by=BUILDER,
            )  # fmt: skip


def test_a_planner_who_works_elsewhere_knows_no_more(world, also_a_worker, screen, program):
    pages = [
        name for name, path in readable(PAGES, PLANNER).items() if tells(screen(PLANNER).get(path(world)))
    ]
    api = [name for name, path in readable(API, PLANNER).items() if tells(program(PLANNER).get(path(world)))]

    assert (pages, api) == ([], [])


# Nobody changes anything of another organisation's people by asking for them directly.


def _step(verb, w, name, shift, skill="host"):
    return f"{verb}:{shift.pk}:{skill}:{w.person(name).pk}"


DATES = {"first_day": "2026-12-01", "last_day": "2026-12-02"}
WRITES = {
    "qualify": (
        lambda w: page("rota-qualify", w.person("ada")),
        lambda w: {"skill": w.rota.skills["first_aid"].pk, "first_day": "2026-12-01"},
    ),
    "absence": (lambda w: page("rota-absence", w.person("ada")), lambda w: {"kind": "leave"} | DATES),
    "absence ill typed": (lambda w: page("rota-absence", w.person("ada")), lambda w: {}),
    "end of an absence": (lambda w: page("rota-end-absence", w.ada_away), lambda w: {}),
    "end of an employment": (
        lambda w: page("rota-end-employment", w.person("ada").employments.get()),
        lambda w: {"last_day": "2026-12-01"},
    ),
    "a shift": (lambda w: page("rota-cell", w.person("ada"), day(24)), lambda w: {"letter": "E"}),
    "no shift": (lambda w: page("rota-cell", w.person("bo"), day(25)), lambda w: {"letter": ""}),
    "a shift of who is on duty with us": (
        lambda w: page("rota-cell", w.person("emil"), day(24)), lambda w: {"letter": "E"},
    ),
    "cannot come": (lambda w: page("rota-absent", w.person("bo"), day(25)), lambda w: {"days": "1"}),
    "set aside": (
        lambda w: page("rota-set-aside", w.person("bo")),
        lambda w: {"rule": "weekly_rest", "day": f"{day(23)}", "reason": "x"},
    ),
    "call with a yes": (lambda w: page("rota-call", w.our_place, w.person("ada")), lambda w: {"answer": "yes"}),
    "call for their place": (
        lambda w: page("rota-call", w.their_place, w.person("ana")), lambda w: {"answer": "no"},
    ),
    "yes to their place": (
        lambda w: page("rota-call", w.their_place, w.person("gus")), lambda w: {"answer": "yes"},
    ),
    "leave granted": (lambda w: page("rota-leave", w.leave), lambda w: {"grant": "yes"}),
    "leave refused": (lambda w: page("rota-leave", w.leave), lambda w: {"refuse": "yes"}),
    "swap approved": (lambda w: page("rota-swap", w.swap), lambda w: {"verb": "approve"}),
    "swap refused": (lambda w: page("rota-swap", w.swap), lambda w: {"verb": "refuse"}),
    "hours worked": (
        lambda w: page("rota-worked", w.rota.row("ada", day(17))),
        lambda w: {"starts": "18:30", "ends": "23:30", "break_minutes": "0"},
    ),
    "publication": (lambda w: page("rota-publish", w.their_draft), lambda w: {"reason": "x"}),
    "dropped": (lambda w: page("rota-drop", w.their_draft), lambda w: {}),
    "calendar of the team": (lambda w: page("rota-team-calendar", "IA"), lambda w: {}),
    "end of the calendar": (lambda w: page("rota-team-calendar", "IA"), lambda w: {"revoke": "yes"}),
    "invitation ended": (lambda w: page("rota-end-invitation", w.their_invitation), lambda w: {}),
    "volunteer welcomed": (lambda w: page("rota-offer-to-help", w.offer), lambda w: {"confirm": "yes"}),
    "volunteer declined": (lambda w: page("rota-offer-to-help", w.offer), lambda w: {"decline": "yes"}),
    "given by a way": (
        lambda w: page("rota-carry-out"), lambda w: {"step": [_step("give", w, "ada", w.shift(28))], "reason": "x"},
    ),
    "taken by a way": (
        lambda w: page("rota-carry-out"),
        lambda w: {
            "step": [_step("give", w, "gus", w.shift(25)), _step("take", w, "bo", w.shift(25))], "reason": "x",
        },
    ),
    "proposal for them": (lambda w: page("rota-proposal", w.their_proposal), lambda w: {}),
    "proposal for all": (lambda w: page("rota-proposal", w.house_proposal), lambda w: {}),
}  # fmt: skip


def test_no_page_changes_anything_of_a_stranger(world, screen):
    client, told, before = screen(PLANNER), {}, everything()

    for name, (path, form) in WRITES.items():
        answer = client.post(path(world), form(world))
        told[name] = (answer.status_code in (403, 404), tells(answer), everything() == before)

    assert told == dict.fromkeys(WRITES, (True, False, True))


def test_a_night_lead_changes_nothing_at_all(world, screen):
    client, before = screen(LEAD), everything()

    told = {name: client.post(path(world), form(world)).status_code for name, (path, form) in WRITES.items()}

    assert (told, everything() == before) == (dict.fromkeys(WRITES, 403), True)


def test_the_forms_offer_no_other_organisation(world, screen):
    client, before = screen(PLANNER), everything()
    theirs = world.rota.organisations["IA"].pk
    asked = {
        "rota-people": {
            "person": world.person("gus").pk, "organisation": theirs, "kind": "guard", "reference": "month",
            "first_day": "2026-12-01",
        },
        "rota-terms": {"key": "day_most", "organisation": theirs, "value": "540", "first_day": "2026-12-01"},
        "rota-invite": {"organisation": theirs, "last_day": "2026-12-31"},
    }  # fmt: skip

    told = {name: client.post(page(name), form).status_code for name, form in asked.items()}

    assert (set(told.values()) <= {403, 404, 422}, everything() == before) == (True, True)


def test_a_planner_sets_terms_of_ones_own_organisation(world, screen):
    form = {"key": "day_most", "organisation": world.rota.organisations["HUT"].pk, "value": "540"}

    answer = screen(PLANNER).post(page("rota-terms"), form | {"first_day": "2026-12-01"})

    assert (answer.status_code, world.rota.organisations["HUT"].terms.count()) == (302, 1)


def test_no_planner_sets_the_terms_of_the_whole_house(world, screen):
    before = everything()

    answer = screen(PLANNER).post(
        page("rota-terms"), {"key": "day_most", "value": "540", "first_day": "2026-12-01"}
    )

    assert (answer.status_code in (403, 404, 422), everything() == before) == (True, True)


def test_no_call_of_a_stranger_is_written_down(world, screen):
    path, before = page("rota-call", world.our_place, world.person("ada")), everything()

    told = [screen(PLANNER).post(path, {"answer": answer}, follow=True) for answer in ("no", "nobody")]

    assert {(answer.status_code in (403, 404), tells(answer)) for answer in told} == {(True, False)}
    assert everything() == before


def test_nobody_stops_the_search_for_another_organisation(world, screen):
    Proposal.objects.filter(pk=world.their_proposal.pk).update(state=Proposal.State.RUNNING)
    before = everything()

    answer = screen(PLANNER).post(page("rota-proposal", world.their_proposal), {"stop": "yes"})

    assert (answer.status_code in (403, 404), everything() == before) == (True, True)


# What names a stranger because something else is asked before whose person it is.


def _december(w):
    """A place of HUT's on a day for which nobody has a plan."""
    return covering.offer(
        shift=w.rota.shift(day(5, 12)), skill=w.rota.skills["host"], organisation=w.rota.organisations["HUT"],
        by=w.rota.planners["HUT"],
    )  # fmt: skip


TOLD_TOO_MUCH = {
    "yes where they have no plan": lambda w: (
        page("rota-call", _december(w), w.person("ada")), {"answer": "yes"},
    ),
    "given where they have no plan": lambda w: (
        page("rota-carry-out"), {"step": [_step("give", w, "ada", w.rota.shift(day(5, 12)))], "reason": "x"},
    ),
    "given while away": lambda w: (
        page("rota-carry-out"), {"step": [_step("give", w, "ada", w.shift(22))], "reason": "x"},
    ),
    "taken what they do not have": lambda w: (
        page("rota-carry-out"),
        {"step": [_step("give", w, "gus", w.shift(25)), _step("take", w, "ada", w.shift(25))], "reason": "x"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TOLD_TOO_MUCH)
def test_of_a_stranger_nothing_is_told_by_a_refusal(world, screen, name):
    path, form = TOLD_TOO_MUCH[name](world)

    answer = screen(PLANNER).post(path, form)

    assert (answer.status_code in (403, 404), tells(answer)) == (True, False)


# The same by API.

INSTANTS = {"start": "2026-12-01T00:00:00Z", "end": "2026-12-02T00:00:00Z"}
API_WRITES = {
    "put into their draft": lambda w: (
        "post", "assignments", (),
        {"plan": w.their_draft.pk, "shift": w.shift(24).pk, "skill": "host", "person": w.person("ada").pk},
    ),
    "pin": lambda w: ("patch", "assignment", (w.their_row,), {"is_pinned": True}),
    "take out": lambda w: ("delete", "assignment", (w.their_row,), {}),
    "absence": lambda w: ("post", "absences", (), {"person": w.person("ada").pk, "kind": "sick"} | INSTANTS),
    "end of an absence": lambda w: ("delete", "absence", (w.ada_away,), {}),
    "swap for them": lambda w: (
        "post", "swaps", (), {"given": w.rota.row("bo", day(25)).pk, "taker": w.person("ana").pk},
    ),
    "agree": lambda w: ("patch", "swap", (w.swap,), {"verb": "agree"}),
    "refuse": lambda w: ("patch", "swap", (w.swap,), {"verb": "refuse"}),
    "withdraw": lambda w: ("patch", "swap", (w.swap,), {"verb": "withdraw"}),
    "approve": lambda w: ("patch", "swap", (w.swap,), {"verb": "approve"}),
    "undo": lambda w: ("patch", "swap", (w.swap,), {"verb": "undo"}),
    "open": lambda w: (
        "post", "plans", (), {"organisation": "IA", "first_day": "2026-12-01", "last_day": "2026-12-20"},
    ),
    "publish": lambda w: ("post", "publish", (w.their_draft,), {"reason": "x"}),
    "drop": lambda w: ("delete", "plan", (w.their_draft,), {}),
    "solve": lambda w: ("post", "solve", (w.their_draft,), {}),
}  # fmt: skip


def test_no_address_changes_anything_of_a_stranger(world, program):
    client, told = program(PLANNER), {}
    before = everything()

    for name, write in API_WRITES.items():
        method, address, rows, body = write(world)
        answer = getattr(client, method)(page(f"api:rota-{address}", *rows), body, format="json")
        told[name] = (answer.status_code in (403, 404), tells(answer), everything() == before)

    assert told == dict.fromkeys(API_WRITES, (True, False, True))


def test_a_stranger_put_into_ones_own_draft_is_not_named(world, program):
    body = {
        "plan": world.our_draft.pk, "shift": world.shift(24).pk, "skill": "host", "person": world.person("ada").pk,
    }  # fmt: skip

    answer = program(PLANNER).post(page("api:rota-assignments"), body, format="json")

    assert (answer.status_code in (403, 404), tells(answer)) == (True, False)


@pytest.mark.parametrize("wanted", [None, "ben"])
def test_only_a_colleague_is_asked_to_swap(world, program, wanted):
    """For nothing, and for a shift that is not theirs."""
    body = {"given": world.rota.row("ana", day(24)).pk, "taker": world.person("ada").pk}
    body |= {"taken": world.rota.row(wanted, day(26)).pk} if wanted else {}
    askers = [program(who) for who in (PLANNER, "ana")]
    before = everything()

    told = [tells(client.post(page("api:rota-swaps"), body, format="json")) for client in askers]

    assert (told, everything() == before) == ([False, False], True)


# Workers, volunteers, and whoever has a link.


def test_pages_for_planning_are_closed_to_who_is_planned(world, screen, program):
    for who in ("ana", "vera"):
        answers = [screen(who).get(path(world)) for _who, path, _tells in PAGES.values()]
        answers += [
            program(who).get(path(world))
            for name, (_who, path, _tells) in API.items()
            if "wishes" not in name and "swaps" not in name
        ]
        assert {(answer.status_code, tells(answer)) for answer in answers} == {(403, False)}


def others_named(answer, me):
    return [name for name in named(answer, *EVERYBODY) if name.lower() != me]


def test_who_is_planned_reads_of_themselves_and_whom_they_swap_with_only(world, screen, program):
    for who in ("ana", "vera"):
        answers = [
            screen(who).get(page("my-shifts")), screen(who).get(page("my-share")),
            program(who).get(page("api:rota-wishes")), program(who).get(page("api:rota-swaps")),
            program(who).get(page("api:rota-wishes", query=f"person={world.person('ben').pk}")),
        ]  # fmt: skip
        told = {(answer.status_code, tells(answer), *others_named(answer, who)) for answer in answers}
        assert told == {(200, False)}
    with_a_swap = [screen("cleo").get(page("my-shifts")), program("cleo").get(page("api:rota-swaps"))]
    assert [others_named(answer, "cleo") for answer in with_a_swap] == [["Ben"], ["Ben"]]


def test_for_a_swap_colleagues_of_the_same_organisation_are_offered(world, screen):
    row = world.rota.row("ana", day(24))

    for query in ("", "rounds=yes"):
        answer = screen("ana").get(page("my-swap", row, query=query))
        offered = set(others_named(answer, "ana"))
        assert (answer.status_code, tells(answer)) == (200, False)
        assert {"Ben"} <= offered <= set(OURS)


def test_nobody_gives_away_or_answers_what_is_somebody_elses(world, screen):
    client, before = screen("ana"), everything()
    theirs = [
        (world.rota.row("ben", day(26)), world.own_swap), (world.rota.row("bo", day(25)), world.swap),
    ]  # fmt: skip

    for row, swap in theirs:
        answers = [
            client.get(page("my-swap", row)),
            client.post(page("my-swap", row), {"with": f"p{row.person_id}"}),
            *(
                client.post(page("my-swap-answer", swap), {"verb": verb})
                for verb in ("agree", "refuse", "withdraw")
            ),
        ]
        told = {(answer.status_code, tells(answer), *others_named(answer, "ana")) for answer in answers}
        assert told == {(409, False)}
    assert everything() == before


def _without_password(world, name):
    """A volunteer who signed up by a link: their own page is for those who cannot sign in."""
    person = world.person(name)
    person.set_unusable_password()
    person.save()
    return person


def test_a_volunteers_own_page_and_calendar_name_nobody(world, screen):
    secret = calendars.issue(person=_without_password(world, "vera"), by=BUILDER)
    paths = [
        page("volunteer-shifts", secret),
        page("rota-calendar", secret),
        page("api:rota-calendar", secret),
    ]

    answers = [Client().get(path) for path in paths]

    assert [(answer.status_code, tells(answer), others_named(answer, "vera")) for answer in answers] == [
        (200, False, [])
    ] * 3


def test_a_volunteer_gives_back_only_their_own_shift(world):
    secret = calendars.issue(person=_without_password(world, "vera"), by=BUILDER)
    before = everything()

    answer = Client().post(
        page("volunteer-shifts", secret), {"shift": world.rota.row("di", day(22), "morning").pk}
    )

    assert (answer.status_code, everything() == before) == (404, True)


def test_whoever_has_a_link_reads_no_name(world):
    team_calendar = calendars.issue(organisation=world.rota.organisations["IA"], by=BUILDER)
    paths = [page("volunteer", secret) for secret in world.secrets.values()]

    answers = [Client().get(path) for path in (*paths, page("rota-calendar", team_calendar))]

    assert [(answer.status_code, tells(answer), named(answer, *EVERYBODY)) for answer in answers] == [
        (200, False, [])
    ] * 3
