"""Every route, with every method, asked by everybody: what the table declares is what happens."""

from datetime import date

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from rest_framework.test import APIClient

from intake.actions import door, plan
from intake.actions.guests import add_guest
from shelter import clock
from shelter.access import PUBLIC
from shelter.actions import allotting, housekeeping, placing, team
from shelter.gate import declared
from shelter.models import LogEntry, Organisation, Role, Token
from tests.conftest import BUILDER, PASSWORD, TONIGHT
from tests.night_things import addresses_of_the_night, things_of_the_night
from tests.report_things import addresses_of_the_reports, things_of_the_reports
from tests.rota_things import addresses_of_the_rota, things_of_the_rota

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
LET_IN, NOT_YOURS, NOTHING_HERE, NO_SUCH_VERB = "let in", "not yours", "nothing here", "no such verb"
WHO_ARE_YOU, SIGN_IN = "who are you", "sign in first"
WORDS = {401: WHO_ARE_YOU, 403: NOT_YOURS, 404: NOTHING_HERE, 405: NO_SUCH_VERB}
STRANGER, ANONYMOUS = "stranger", "anonymous"


def routes(resolver=None, namespace=""):
    """Every address of the house: its name as the table knows it, and its pattern."""
    found = {}
    for entry in (resolver or get_resolver()).url_patterns:
        if hasattr(entry, "url_patterns"):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            found |= routes(entry, inner)
        else:
            found[f"{namespace}{entry.name}"] = entry
    return found


ROUTES = routes()


def is_api(name):
    return name.startswith("api:")


@pytest.fixture
def things(night, house, people):
    """Something real behind every path: by route, what its path and its form ask for."""
    clock.leave_mark()
    here, expected = (add_guest(by=BUILDER, name=name, sleeps="men") for name in ("Hibou", "Chouette"))
    for guest in (here, expected):
        door.register_for_tonight(guest=guest, night=night, by=BUILDER)
    bed_night = door.check_in(guest=here, night=night, by=BUILDER, bed=house.beds["MA1"])
    entry = LogEntry.objects.get(verb="checked_in")
    gone = door.check_in(guest=expected, night=night, by=BUILDER, bed=house.beds["MB1"])
    placing.leave(bed_night=gone, by=BUILDER)
    coming = add_guest(by=BUILDER, name="Grue", sleeps="men")
    registration = door.register_for_tonight(guest=coming, night=night, by=BUILDER)
    kept = placing.hold(occupant=coming.occupant, bed=house.beds["MB2"], night=night, by=BUILDER)
    closure = housekeeping.close_bed(
        bed=house.beds["MA2"], reason="repair", by=BUILDER, first_night=TONIGHT, last_night=date(2026, 11, 23)
    )
    bed = house.beds["MA3"]
    behind = {
        "bed": ("api:bed", "api:closures", "board-bed", "board-close"),
        "closure": ("api:closure", "house-reopen", "board-reopen"),
        "here": ("api:bed-night", "api:check-out", "api:move", "api:undo", "door-leave", "board-move"),
        "gone": ("api:return", "door-return"),
        "kept": ("api:release",),
        "guest": ("api:guest", "desk-register", "door-guest", "door-check-in", "guest", "guest-change"),
    }
    found = {"bed": bed, "closure": closure, "here": bed_night, "gone": gone, "kept": kept, "guest": coming}
    paths = {name: {"pk": found[kind].pk} for kind, names in behind.items() for name in names}
    paths |= {
        "api:dormitory": {"pk": house.dormitories["MA"].pk},
        "desk-withdraw": {"pk": registration.pk},
        "team-person": {"pk": people[Role.WORKER].pk},
    }
    row = door.check_in(guest=add_guest(by=BUILDER, name="Pic", sleeps="men"), night=night, by=BUILDER,
                        bed=house.beds["MB3"], override_reason="first night")  # fmt: skip
    left_behind = things_of_the_night(night=night, bed_night=row, bed=house.beds["MB4"])
    paths |= addresses_of_the_night(left_behind, here=bed_night, bed=bed)
    rota = things_of_the_rota(people)
    paths |= addresses_of_the_rota(rota)
    paths |= addresses_of_the_reports(things_of_the_reports())
    allotting.keep_plan(plan.work_out(night), by=BUILDER)
    forms = {
        "door-undo": {"entry": entry.pk},
        "board-move": {"bed": bed.pk},
        "night-step": {"to": "doors_closed"},
        "guest-cold-decision": {"admitted": "yes", "risk_note": "watched over"},
        "guest-exclusion-lift": {"reason": "reviewed"},
        "guest-referral-outcome": {"outcome": "arrived"},
        "guest-card-revoke": {"why": "lost"},
        "round-mark": {"seen": "empty"},
        "handover-acknowledge": {"item": left_behind["item"].pk},
        "plan-pin": {"number": coming.occupant_id},
        "plan-swap": {"one": coming.occupant_id, "other": coming.occupant_id},
        "rota-cell": {"letter": "N"},
        "rota-call": {"answer": "nobody"},
        "rota-carry-out": {"step": rota["give"]},
        "volunteer-shifts": {"shift": rota["own_row"].pk},
    }
    return paths, forms


@pytest.fixture
def caller(people):
    """How somebody asks: a page with a session, the API with a token; each question leaves nothing behind."""

    def asking(who):
        person = people.get(who)
        if who == STRANGER:
            person = team.add_person(username="passer-by", name="Passer-by", password=PASSWORD, by=BUILDER)
        program, browser = APIClient(), Client()
        if person:
            token = team.issue_token(person=person, by=BUILDER)
            program.credentials(HTTP_AUTHORIZATION=f"Bearer {token}", HTTP_IDEMPOTENCY_KEY="one")
            browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        session = {name: morsel.value for name, morsel in browser.cookies.items()}

        def ask(name, method, path, form):
            with transaction.atomic():
                if is_api(name):
                    answer = program.generic(method, path, b"{}", content_type="application/json")
                else:
                    browser.cookies.load(session)
                    answer = getattr(browser, method.lower())(path, form)
                transaction.set_rollback(True)
            return answer

        return ask

    return asking


def outcome(answer):
    if answer.status_code == 302 and answer.url.startswith(f"{reverse('sign-in')}?next="):
        return SIGN_IN
    if answer.status_code >= 500:
        return f"broken: {answer.status_code}"
    return WORDS.get(answer.status_code, LET_IN)


def declared_outcome(name, method, who):
    allowed = declared()[name].get(method)
    if allowed is None:
        return NO_SUCH_VERB
    if allowed == PUBLIC:
        return LET_IN
    if who == ANONYMOUS:
        return WHO_ARE_YOU if is_api(name) else SIGN_IN
    if who == STRANGER:
        return NOTHING_HERE
    return LET_IN if who in allowed else NOT_YOURS


@pytest.mark.parametrize("who", [*Role.values, STRANGER, ANONYMOUS])
def test_everybody_gets_from_every_address_what_the_table_declares(who, things, caller):
    paths, forms = things
    ask = caller(who)

    told, expected = {}, {}
    for name, pattern in ROUTES.items():
        asked = pattern.pattern.converters
        arguments = paths.get(name, {}) | ({"night": TONIGHT} if "night" in asked else {})
        for method in METHODS:
            path = reverse(name, kwargs=arguments)
            told[name, method] = outcome(ask(name, method, path, forms.get(name, {})))
            expected[name, method] = declared_outcome(name, method, who)

    assert told == expected


def test_every_address_has_a_line_and_every_line_an_address():
    assert sorted(ROUTES) == sorted(declared())


def test_no_storey_declares_an_address_of_another():
    tables = [__import__(name, fromlist=["ACCESS"]).ACCESS for name in settings.ACCESS_TABLES]

    assert sum(len(table) for table in tables) == len(declared())


def test_an_api_view_offers_the_verbs_that_are_declared_and_no_other():
    offered = {
        name: {method for method in METHODS if hasattr(pattern.callback.cls, method.lower())}
        for name, pattern in ROUTES.items()
        if is_api(name)
    }

    assert offered == {name: set(declared()[name]) - {"HEAD"} for name in offered}


def test_a_verb_nobody_declared_is_refused_even_if_a_view_has_it(night, api_as, monkeypatch):
    view = ROUTES["api:night"].callback.cls
    monkeypatch.setattr(view, "delete", view.get, raising=False)

    answer = api_as("coordinator").delete(reverse("api:night", args=[TONIGHT]))

    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_a_page_asked_for_by_a_script_says_401_and_where_to_sign_in(night):
    answer = Client().get(reverse("door"), headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, reverse("sign-in"))


def test_after_signing_in_somebody_sees_the_page_they_wanted(night, people):
    browser = Client()
    wanted = f"{reverse('search')}?q=Hibou"

    to_sign_in = browser.get(wanted)
    signed_in = browser.post(to_sign_in.url, {"username": "night_lead", "password": PASSWORD, "next": wanted})

    assert (signed_in.status_code, signed_in.url) == (302, wanted)


# Roles have dates: whoever held one is a stranger afterwards.

DOOR, NIGHTS = reverse("door"), reverse("api:nights")


@pytest.fixture
def statuses(people):
    """How the door's page and the API answer the night worker just now."""

    def now():
        person = people[Role.NIGHT_WORKER]
        browser, program = Client(), APIClient()
        browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        token = team.issue_token(person=person, by=BUILDER)
        program.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return browser.get(DOOR).status_code, program.get(NIGHTS).status_code

    return now


def test_a_role_ends_with_the_night_of_its_last_day(night, people, statuses, clock_at):
    membership = people[Role.NIGHT_WORKER].memberships.get()
    team.end_role(membership=membership, last_day=TONIGHT, by=BUILDER)

    answers = []
    for moment in ("2026-11-21 23:59", "2026-11-22 11:59", "2026-11-22 12:00"):
        clock_at(moment)
        answers.append(statuses())

    assert answers == [(200, 200), (200, 200), (404, 404)]


def test_a_role_ends_with_the_organisation_it_is_of(night, people, statuses, clock_at):
    Organisation.objects.filter(code="HUT").update(last_day=TONIGHT)

    answers = []
    for moment in ("2026-11-22 11:59", "2026-11-22 12:00"):
        clock_at(moment)
        answers.append(statuses())

    assert answers == [(200, 200), (404, 404)]


def test_a_role_holds_from_the_morning_of_its_first_day(night, people, statuses, clock_at):
    people[Role.NIGHT_WORKER].memberships.update(first_day=date(2026, 11, 22))

    answers = []
    for moment in ("2026-11-21 23:59", "2026-11-22 00:00"):
        clock_at(moment)
        answers.append(statuses())

    assert answers == [(404, 404), (200, 200)]


def test_a_revoked_token_is_nobody(night, people, api_as):
    program = api_as("night_worker")
    before = program.get(NIGHTS).status_code

    team.revoke_token(token=Token.objects.get(), by=BUILDER)
    after = program.get(NIGHTS)

    assert (before, after.status_code, after.headers["WWW-Authenticate"]) == (200, 401, "Bearer")


def test_a_closed_account_is_nobody_on_pages_and_api(night, people, client_as, api_as):
    browser, program = client_as("night_worker"), api_as("night_worker")
    before = (browser.get(DOOR).status_code, program.get(NIGHTS).status_code)

    team.change_person(person=people[Role.NIGHT_WORKER], is_active=False, by=BUILDER)
    page, session, token = browser.get(DOOR), browser.get(NIGHTS), program.get(NIGHTS)

    assert before == (200, 200)
    assert (outcome(page), outcome(session), outcome(token)) == (SIGN_IN, WHO_ARE_YOU, WHO_ARE_YOU)


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer foyer_guessed", "Bearer \x00", "Basic bm9ib2R5"]
)
def test_a_token_that_was_never_issued_is_nobody(night, header):
    answer = APIClient().get(NIGHTS, headers={"Authorization": header})

    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")


def test_a_page_session_may_read_the_api_but_writes_only_with_its_csrf_token(night, people):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(people[Role.FIELD_WORKER], backend="django.contrib.auth.backends.ModelBackend")
    browser.get(reverse("guest-new"))
    guests, body = reverse("api:guests"), '{"name": "Hibou", "sleeps": "men"}'
    csrf = {"X-CSRFToken": browser.cookies["csrftoken"].value}

    read = browser.get(guests, {"q": "Hibou"})
    without = browser.post(guests, body, content_type="application/json")
    with_token = browser.post(guests, body, content_type="application/json", headers=csrf)

    assert (read.status_code, without.status_code, with_token.status_code) == (200, 403, 201)
