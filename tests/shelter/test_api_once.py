"""An Idempotency-Key: however often it is asked, it is done once and answered the same."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from shelter import clock
from shelter.actions.once import KEPT_FOR, forget_old_answers
from shelter.models import Dormitory, LogEntry, StoredAnswer
from tests.conftest import TONIGHT

DORMITORIES = reverse("api:dormitories")
WOMEN_B = {"code": "WB", "name": "Women B", "zone": "women", "first_night": TONIGHT.isoformat()}


@pytest.fixture
def add(night, api_as):
    """Adds a dormitory under a key: `add("k")`, `add("k", who="coordinator", code="WC")`."""
    clients = {}

    def adding(key, who="coordinator", **body):
        clients[who] = client = clients.get(who) or api_as(who)
        headers = {"Idempotency-Key": key} if key is not None else {}
        return client.post(DORMITORIES, WOMEN_B | body, format="json", headers=headers)

    return adding


def test_the_same_key_and_body_give_the_same_answer_and_one_effect(add):
    first = add("one")
    lines = LogEntry.objects.count()

    second = add("one")

    assert (first.status_code, second.status_code) == (201, 201)
    assert (second.json(), LogEntry.objects.count()) == (first.json(), lines)
    assert Dormitory.objects.filter(code="WB").count() == 1


def test_the_order_of_the_fields_does_not_matter(add, api_as):
    client = api_as("coordinator")
    bodies = [json.dumps(WOMEN_B), json.dumps(dict(reversed(WOMEN_B.items())))]

    answers = [
        client.post(DORMITORIES, body, content_type="application/json", headers={"Idempotency-Key": "one"})
        for body in bodies
    ]

    assert [answer.status_code for answer in answers] == [201, 201]


def test_the_same_key_with_another_body_is_refused(add):
    add("one")

    answer = add("one", code="WC")

    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")
    assert list(Dormitory.objects.filter(code__in=["WB", "WC"]).values_list("code", flat=True)) == ["WB"]


def test_the_same_key_at_another_address_is_refused(add, house, api_as):
    add("one")

    answer = api_as("coordinator").patch(
        reverse("api:dormitory", args=[house.dormitories["MA"].pk]),
        WOMEN_B,
        format="json",
        headers={"Idempotency-Key": "one"},
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")


def test_the_same_key_of_somebody_else_is_another_key(add, api_as, house):
    path, body = reverse("api:closures", args=[house.beds["MA1"].pk]), {"reason": "repair"}
    header = {"Idempotency-Key": "one"}

    ids = [
        api_as(who).post(path, body, format="json", headers=header).json()["id"]
        for who in ("night_lead", "coordinator", "night_lead")
    ]

    assert (ids[0] == ids[2], ids[0] == ids[1]) == (True, False)


def test_a_refusal_is_not_kept_so_that_the_same_key_may_succeed_later(add):
    before = add("one", zone="attic")

    after = add("one")

    assert (before.status_code, after.status_code) == (400, 201)


def test_without_a_key_nothing_is_kept_where_none_is_needed(add):
    assert (add(None).status_code, add(None).status_code) == (201, 400)
    assert StoredAnswer.objects.count() == 0


@pytest.mark.parametrize("key", ["k" * 201, "one\x00", "one\ntwo", "\x7f"])
def test_a_key_that_cannot_be_kept_is_refused(add, key):
    answer = add(key)

    assert (answer.status_code, list(answer.json()["facts"])) == (400, ["Idempotency-Key"])
    assert Dormitory.objects.filter(code="WB").count() == 0


@pytest.mark.parametrize("key", ["k" * 200, "é", "a key with spaces", "'; DROP TABLE"])
def test_any_other_key_will_do(add, key):
    assert (add(key).status_code, add(key).status_code) == (201, 201)


def test_keys_are_forgotten_after_two_days(add):
    add("one")

    with clock.at(clock.now() + KEPT_FOR):
        forget_old_answers()
        kept = StoredAnswer.objects.count()
    with clock.at(clock.now() + KEPT_FOR + timedelta(seconds=1)):
        forget_old_answers()

    assert (kept, StoredAnswer.objects.count()) == (1, 0)
