"""Two taps of one finger reach the house at the same moment: one effect, and the same answer to both."""

import threading
from contextvars import copy_context
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from rest_framework.test import APIClient

from intake.actions import door
from intake.models import Guest
from shelter.actions import once, team
from shelter.models import BedNight, LogEntry, Refusal, Role, StoredAnswer
from tests.conftest import BUILDER


@pytest.fixture
def at_once(transactional_db, people, monkeypatch):
    """Posts the same twice at the same moment; returns both answers.

    Both have looked whether the key is known before either writes, where the database lets two in at once
    (SQLite lets in the second when the first has gone).
    """
    token = team.issue_token(person=people[Role.NIGHT_LEAD], by=BUILDER)
    both_have_looked, looking = threading.Barrier(2), once._stored
    has_looked = threading.local()

    def look(*asked):
        found = looking(*asked)
        if not hasattr(has_looked, "once"):
            has_looked.once = True
            _wait_for_the_other(both_have_looked)
        return found

    def post(path, keys, body, answers):
        client = APIClient(headers={"Authorization": f"Bearer {token}", "Idempotency-Key": keys.pop()})
        try:
            answers.append(client.post(path, body, format="json"))
        finally:
            connection.close()

    def twice(path, *, keys=("tap", "tap"), **body):
        keys, answers = list(keys), []
        monkeypatch.setattr(once, "_stored", look)
        threads = [
            threading.Thread(target=copy_context().run, args=(post, path, keys, body, answers))
            for _tap in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers

    return twice


def _wait_for_the_other(barrier):
    try:
        barrier.wait(timeout=0.5 if connection.vendor == "sqlite" else 5)
    except threading.BrokenBarrierError:
        assert connection.vendor == "sqlite"


@pytest.fixture
def hibou(night, guest):
    known = guest("Hibou")
    door.register_for_tonight(guest=known, night=night, by=BUILDER)
    return known


def both(answers):
    return [answer.status_code for answer in answers], answers[0].json() == answers[1].json()


def test_one_is_let_in(at_once, hibou):
    answers = at_once(reverse("api:check-ins", args=["tonight"]), guest=hibou.pk)

    assert both(answers) == ([201, 201], True)
    assert (BedNight.objects.count(), LogEntry.objects.filter(verb="checked_in").count()) == (1, 1)
    assert StoredAnswer.objects.count() == 1


def test_one_file_is_begun(at_once, night):
    answers = at_once(reverse("api:guests"), name="Hibou", sleeps="men")

    assert both(answers) == ([201, 201], True)
    assert (Guest.objects.count(), LogEntry.objects.filter(verb="guest_added").count()) == (1, 1)


def test_one_refusal_is_written(at_once, night):
    answers = at_once(reverse("api:refusals", args=["tonight"]), reason="no_place")

    assert (both(answers), Refusal.objects.count()) == (([201, 201], True), 1)


def test_one_act_is_taken_back(at_once, hibou, night):
    row = door.check_in(guest=hibou, night=night, by=BUILDER)

    answers = at_once(reverse("api:undo", args=[row.pk]))

    assert both(answers) == ([200, 200], True)
    assert LogEntry.objects.filter(verb="undone").count() == 1


def test_with_two_keys_they_are_two_refusals(at_once, night):
    answers = at_once(
        reverse("api:refusals", args=["tonight"]), keys=(uuid4().hex, uuid4().hex), reason="other"
    )

    assert (both(answers), Refusal.objects.count()) == (([201, 201], False), 2)
