"""How the API says no: always a problem with a stable code, in the caller's language."""

import json

import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils.translation import override
from rest_framework.test import APIClient

from shelter import errors
from shelter.actions import housekeeping, placing
from shelter.models import Dormitory
from tests.conftest import BUILDER

DORMITORIES = reverse("api:dormitories")
WOMEN_B = {"code": "WB", "name": "Women B", "zone": "women", "first_night": "2026-11-21"}


@pytest.fixture
def taken(night, house, occupant):
    """A bed somebody lies in, with the path that would close it."""
    placing.check_in(
        occupant=occupant(), bed=house.beds["MA1"], night=night, by=BUILDER, override_reason="police"
    )
    return reverse("api:closures", args=[house.beds["MA1"].pk])


def test_a_refusal_by_a_rule_has_type_title_status_detail_code_and_facts(taken, api_as):
    answer = api_as("night_lead").post(
        taken, {"reason": "repair"}, format="json", headers={"Accept-Language": "en"}
    )

    assert (answer.status_code, answer.headers["Content-Type"]) == (409, "application/problem+json")
    assert answer.json() == {
        "type": "urn:foyer:problem:bed_taken",
        "title": "Bed MA1 is already taken for this night.",
        "status": 409,
        "detail": "Bed MA1 is already taken for this night.",
        "code": "bed_taken",
        "facts": {"bed": "MA1"},
    }


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_sentence_comes_in_the_language_asked_for(taken, api_as, language):
    client = api_as("night_lead")

    answer = client.post(
        taken, {"reason": "repair"}, format="json", headers={"Accept-Language": f"{language}-BE"}
    )

    with override(language):
        sentence = str(errors.BedTaken(bed="MA1"))
    assert (answer.json()["detail"], answer.headers["Content-Language"]) == (sentence, language)


def test_a_field_that_cannot_be_used_is_named(night, api_as):
    answer = api_as("coordinator").post(
        DORMITORIES, WOMEN_B | {"zone": "attic"}, format="json", headers={"Accept-Language": "fr"}
    )

    assert answer.json()["facts"] == {"zone": ["«\xa0attic\xa0» n'est pas un choix valide."]}
    assert answer.json()["detail"] == "zone: «\xa0attic\xa0» n'est pas un choix valide."


@pytest.mark.parametrize(
    ("who", "verb", "name", "status", "code"),
    [
        (None, "get", "nights", 401, "not_authenticated"),
        ("night_worker", "post", "dormitories", 403, "not_allowed"),
        ("coordinator", "delete", "dormitories", 405, "method_not_allowed"),
    ],
)
def test_who_may_not_is_told_so(night, api_as, who, verb, name, status, code):
    client = api_as(who) if who else APIClient()

    answer = getattr(client, verb)(reverse(f"api:{name}"))

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    ["/api/v1/dormitories/0/", "/api/v1/dormitories/-1/", "/api/v1/attic/", "/api/v1/nights/2026-02-31/"],
)
def test_what_is_not_there_is_a_problem_too(night, api_as, path):
    answer = api_as("coordinator").get(path)

    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["code"] == "not_found"


def test_a_form_the_api_does_not_speak_is_refused(night, api_as):
    client = api_as("coordinator")

    asked_for = client.get(DORMITORIES, headers={"Accept": "text/csv"})
    sent = client.post(DORMITORIES, "code=WB", content_type="application/x-www-form-urlencoded")

    assert (asked_for.status_code, asked_for.json()["code"]) == (406, "not_acceptable")
    assert (sent.status_code, sent.json()["code"]) == (415, "unsupported_media_type")


def with_name(name):
    return json.dumps(WOMEN_B)[:-1].encode() + b', "name": ' + name + b"}"


UNREADABLE = {
    "not JSON": b"{",
    "nothing but a word": b"bonjour",
    "not UTF-8": with_name(b'"\xff\xfe"'),
    "another charset": json.dumps(WOMEN_B | {"name": "Frauen Süd"}, ensure_ascii=False).encode("utf-16"),
    "half a character": with_name(rb'"\ud83d"'),
    "no number": with_name(b"NaN"),
    "a number without end": with_name(b"1e400"),
    "a number of 5000 digits": with_name(b"1" * 5000),
    "nested without end": with_name(b"[" * 100_000 + b"]" * 100_000),
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_refused_and_nothing_is_written(night, api_as, body):
    before = Dormitory.objects.count()

    answer = api_as("coordinator").post(DORMITORIES, body, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")
    assert Dormitory.objects.count() == before


@pytest.mark.parametrize("charset", ["utf-8", "latin-1", "rot13", "nonsense"])
def test_json_is_read_as_utf_8_whatever_charset_is_named(night, api_as, charset):
    body = json.dumps(WOMEN_B | {"name": "Frauen Süd"}, ensure_ascii=False).encode()

    answer = api_as("coordinator").post(
        DORMITORIES, body, content_type=f"application/json; charset={charset}"
    )

    assert (answer.status_code, answer.json()["name"]) == (201, "Frauen Süd")


@pytest.mark.parametrize("body", ["[]", "null", '"WB"', "7", "true"])
def test_what_is_no_object_is_refused(night, api_as, body):
    answer = api_as("coordinator").post(DORMITORIES, body, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_too_much_at_once_is_refused(night, api_as, settings):
    body = with_name(b'"' + b"a" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE + b'"')

    answer = api_as("coordinator").post(DORMITORIES, body, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_database_that_is_busy_with_the_same_key_says_so(night, api_as, monkeypatch):
    def busy(**_asked):
        raise OperationalError("database is locked")

    monkeypatch.setattr(housekeeping, "add_dormitory", busy)

    answer = api_as("coordinator").post(
        DORMITORIES, WOMEN_B, format="json", headers={"Idempotency-Key": "one"}
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "key_in_flight")


def test_what_breaks_is_a_problem_without_a_word_of_what_broke(night, api_as, monkeypatch, expected_errors):
    def broken(**_asked):
        raise RuntimeError("the name of somebody")

    monkeypatch.setattr(housekeeping, "add_dormitory", broken)
    client = api_as("coordinator")
    client.raise_request_exception = False

    answer = client.post(DORMITORIES, WOMEN_B, format="json")

    assert (answer.status_code, answer.json()["code"], answer.json()["facts"]) == (500, "broken", {})
    assert "somebody" not in answer.content.decode()
    assert [record.getMessage() for record in expected_errors] == [
        "Internal Server Error: /api/v1/dormitories/"
    ]
