"""The API describes itself without a gap, and behaves as it says under a rain of generated requests."""

import io
from datetime import date
from html.parser import HTMLParser

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application
from intake.actions import door
from intake.actions.guests import add_guest
from shelter.actions import housekeeping, placing, team
from shelter.models import Role
from tests.conftest import BUILDER, PASSWORD, TONIGHT
from tests.night_things import things_of_the_night

AT_THE_DOOR = {
    "/api/v1/nights/{night}/registrations/",
    "/api/v1/nights/{night}/check-ins/",
    "/api/v1/nights/{night}/refusals/",
    *(f"/api/v1/bed-nights/{{id}}/{verb}/" for verb in ("check-out", "move", "return", "release", "undo")),
}


@pytest.fixture(scope="module")
def operations():
    """Every operation by path and verb, as the schema tells of it."""
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    return {(path, verb): operation for path, found in paths.items() for verb, operation in found.items()}


def test_the_schema_is_made_without_a_warning(capfd):
    told = io.StringIO()

    call_command("spectacular", fail_on_warn=True, validate=True, stdout=told)

    assert told.getvalue().startswith("openapi: 3.0")
    assert capfd.readouterr().err == ""


def test_every_operation_tells_of_its_refusals(operations):
    on_reading, on_writing = {"400", "401", "403", "404", "406"}, {"409", "413", "415", "422"}

    untold = {
        (path, verb): (on_reading if verb == "get" else on_reading | on_writing) - set(operation["responses"])
        for (path, verb), operation in operations.items()
    }

    assert set(map(frozenset, untold.values())) == {frozenset()}


def test_every_refusal_is_told_of_as_a_problem(operations):
    refusals = [
        answer["content"]
        for operation in operations.values()
        for status, answer in operation["responses"].items()
        if status >= "400"
    ]

    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}
    assert [content for content in refusals if content != problem] == []


def test_every_write_takes_a_key_and_at_the_door_it_must_have_one(operations):
    told = {
        (path, verb): [
            parameter.get("required", False)
            for parameter in operation["parameters"]
            if parameter["name"] == "Idempotency-Key"
        ]
        for (path, verb), operation in operations.items()
    }

    assert told == {(path, verb): [] if verb == "get" else [path in AT_THE_DOOR] for path, verb in told}


def test_every_operation_asks_for_a_token_or_the_session_of_the_pages(operations):
    asked_for = [operation["security"] for operation in operations.values()]

    assert [security for security in asked_for if security != [{"token": []}, {"page": []}]] == []


# The pages that show the schema: the house lets no script run that stands in a page.


class Inline(HTMLParser):
    """Collects what a strict content security policy would stop: scripts and styles written into a page."""

    def __init__(self, page):
        super().__init__()
        self.found, self.sources = [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        held = dict(attributes)
        if tag == "script" and "src" in held:
            self.sources.append(held["src"])
        elif tag in {"script", "style"} or "style" in held or any(name.startswith("on") for name in held):
            self.found.append(self.get_starttag_text())


def test_the_pages_of_the_schema_need_no_exception_from_the_content_security_policy(db, client_as):
    client = client_as("worker")

    page = client.get(reverse("api:docs"))
    inside = Inline(page.content.decode())
    scripts = [client.get(source) for source in inside.sources]

    assert "script-src 'self';" in page.headers["Content-Security-Policy"] + ";"
    assert inside.found == []
    assert [script.status_code for script in scripts] == [200, 200]
    assert [script.headers["Content-Type"].partition(";")[0] for script in scripts] == [
        "text/javascript",
        "application/javascript",
    ]
    assert reverse("api:schema") in scripts[1].content.decode()


# The rain.

REAL = "real"
RAIN = settings(
    max_examples=8, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
RESOURCES = (
    "bed-nights",
    "beds",
    "belongings",
    "capacity-activations",
    "closures",
    "cold-spells",
    "dormitories",
    "guests",
    "handovers",
    "incidents",
    "nights",
    "opening-periods",
)


@pytest.fixture
def one_connection(db):
    """A real server closes a connection left in a transaction; here the test's own transaction must outlive it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def described(one_connection, night, organisations):
    """The API behind its schema, asked by somebody who is coordinator, night lead and administrator."""
    everybody = team.add_person(username="all", name="All", password=PASSWORD, by=BUILDER)
    for role in (Role.COORDINATOR, Role.NIGHT_LEAD, Role.ADMIN):
        team.give_role(
            person=everybody,
            organisation=organisations["HUT"],
            role=role,
            first_day=date(2020, 1, 1),
            by=BUILDER,
        )
    token = team.issue_token(person=everybody, by=BUILDER)
    headers = {"Authorization": f"Bearer {token}"}
    schema = schemathesis.openapi.from_wsgi(
        f"{reverse('api:schema')}?format=json", application, headers=headers
    )
    return schema, headers


@pytest.fixture
def ids(night, house):
    """Something real for every path and for what a body names: a guest, a bed, a merge, an exclusion."""
    guests = [add_guest(by=BUILDER, name=name, sleeps="men") for name in ("Hibou", "Chouette", "Grue")]
    here = door.check_in(
        guest=guests[0], night=night, by=BUILDER, bed=house.beds["MA1"], override_reason="first night"
    )
    kept = placing.hold(occupant=guests[1].occupant, bed=house.beds["MA2"], night=night, by=BUILDER)
    row = door.check_in(
        guest=add_guest(by=BUILDER, name="Pic", sleeps="men"),
        night=night,
        by=BUILDER,
        bed=house.beds["MA4"],
        override_reason="first night",
    )
    left_behind = things_of_the_night(night=night, bed_night=row, bed=house.beds["MA5"])
    closure = housekeeping.close_bed(bed=house.beds["MA3"], reason="repair", by=BUILDER, first_night=TONIGHT)
    return {
        "bed-nights": [here.pk, kept.pk],
        "beds": [house.beds["MA1"].pk, house.beds["WO1"].pk],
        "closures": [closure.pk],
        "dormitories": [house.dormitories["MA"].pk],
        "guests": [*(guest.pk for guest in guests), left_behind["barred"].pk],
        "belongings": [left_behind["belonging"].pk],
        "cold-spells": [left_behind["spell"].pk],
        "incidents": [left_behind["incident"].pk],
        "merge": [left_behind["merge"].pk],
        "exclusion": [left_behind["exclusion"].pk],
        "nights": ["tonight", "2026-11-22", "2026-07-14"],
    }


@pytest.mark.parametrize("resource", RESOURCES)
def test_generated_requests_are_answered_as_the_schema_says(resource, described, ids):
    schema, headers = described
    asked = []

    for result in schema.include(path_regex=rf"^/api/v1/{resource}/").get_all_operations():
        operation = result.ok()
        asked.append(operation.label)
        _let_it_rain(operation, headers, ids, ids.get(resource, [0]))

    assert asked != []


def _let_it_rain(operation, headers, ids, own_ids):
    @RAIN
    @given(
        case=st.one_of(operation.as_strategy(mode) for mode in GenerationMode),
        own=st.sampled_from([*own_ids, None]),
        guest=st.sampled_from([*ids["guests"], None]),
        bed=st.sampled_from([*ids["beds"], None]),
        merge=st.sampled_from([*ids["merge"], None]),
        exclusion=st.sampled_from([*ids["exclusion"], None]),
    )
    def ask(case, own, guest, **named):
        for name in case.path_parameters if own is not None else ():
            case.path_parameters[name] = own
        for name, real in (named | {"guest": guest, "other": guest}).items():
            for part in (case.body, case.query):
                if real is not None and isinstance(part, dict) and name in part:
                    part[name] = real
        with transaction.atomic():
            case.call_and_validate(headers=headers, checks=CHECKS)
            transaction.set_rollback(True)

    ask()
