"""The console issues a bearer token that opens the API, for accounts that are open and no others."""

from hashlib import sha256
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from shelter.models import LogEntry, Token


def printed(*arguments):
    said = StringIO()
    call_command("issue_token", *arguments, stdout=said)
    return said.getvalue()


def test_the_token_printed_opens_the_api_in_the_name_of_its_person(night, people):
    text = printed("night_worker").removesuffix("\n")

    answer = APIClient().get("/api/v1/nights/tonight/", headers={"Authorization": f"Bearer {text}"})
    assert (answer.status_code, answer.json()["night"]) == (200, "2026-11-21")
    assert Token.objects.get().person == people["night_worker"]


def test_only_a_digest_of_the_token_is_kept_and_the_log_tells_of_it(people):
    text = printed("night_worker", "--device", "tablet 1").strip()

    token = Token.objects.get()
    assert (token.device, token.digest) == ("tablet 1", sha256(text.encode()).hexdigest())
    line = LogEntry.objects.get(verb="token_issued")
    assert (line.source, line.facts) == (
        "console",
        {"person": people["night_worker"].pk, "token": token.pk},
    )


def test_nobody_by_that_name_is_told_in_one_line(people):
    with pytest.raises(CommandError, match=r"^There is no account named 'nobody'\.$"):
        printed("nobody")


def test_a_closed_account_gets_no_token(people):
    people["night_worker"].is_active = False
    people["night_worker"].save()

    with pytest.raises(CommandError, match=r"^The account 'night_worker' is closed\.$"):
        printed("night_worker")
    assert Token.objects.count() == 0
