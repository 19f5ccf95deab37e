"""Calendar addresses: a secret shown once, kept as a digest, one at a time, and taken back at any time."""

import hashlib
from itertools import chain

import pytest
from django.apps import apps

from shelter import clock
from shelter.rota import errors
from shelter.rota.actions import calendars
from shelter.rota.models import CalendarAddress
from tests.shelter.rota.conftest import lines, refused


@pytest.fixture
def issue(rota):
    """A secret of Ana's own, or of a team: `issue()`, `issue("HUT")`."""

    def issued(code=None):
        if code is None:
            return calendars.issue(person=rota.people["ana"], by=rota.himself("ana"))
        return calendars.issue(organisation=rota.organisations[code], by=rota.planners[code])

    return issued


def test_a_secret_opens_the_address_of_who_got_it(rota, issue):
    secret = issue()

    address = calendars.of_secret(secret)
    assert (address.person, address.organisation, address.revoked_at) == (rota.people["ana"], None, None)
    assert (address.created_at, address.created_by) == (clock.now(), rota.people["ana"])


def test_a_team_has_an_address_too(rota, issue):
    address = calendars.of_secret(issue("HUT"))

    assert (address.person, address.organisation) == (None, rota.organisations["HUT"])
    assert address.created_by == rota.planners["HUT"].person


@pytest.mark.parametrize("wrong", ["", "x", "None"])
def test_any_other_secret_opens_nothing(issue, wrong):
    issue()

    assert calendars.of_secret(wrong) is None


def test_neither_does_its_digest_nor_a_part_of_it(issue):
    secret = issue()

    others = [calendars.digest_of(secret), secret[:-1], secret.swapcase(), f"{secret} "]
    assert [calendars.of_secret(other) for other in others] == [None] * 4


def test_only_the_digest_is_kept_anywhere(issue):
    secret = issue()

    written = {
        str(value)
        for model in apps.get_models()
        for value in chain.from_iterable(model._default_manager.order_by("pk").values_list())
    }
    digest = hashlib.sha256(secret.encode()).hexdigest()
    assert (digest in written, [text for text in written if secret in text]) == (True, [])


def test_a_secret_is_long_and_no_two_are_the_same(issue):
    secrets = {issue() for _time in range(5)}

    assert (len(secrets), min(map(len, secrets)) >= 32) == (5, True)


def test_a_new_address_ends_the_one_before(rota, issue, clock_at):
    first = issue()
    clock_at("2026-11-03 09:00")

    second = issue()

    assert (calendars.of_secret(first), calendars.of_secret(second).person) == (None, rota.people["ana"])
    ended = CalendarAddress.objects.get(digest=calendars.digest_of(first))
    assert ended.revoked_at == clock.now()


def test_addresses_of_others_go_on(rota, issue):
    bens = calendars.issue(person=rota.people["ben"], by=rota.himself("ben"))
    secrets = [issue("HUT"), issue("CRL"), bens]

    issue()
    calendars.revoke(person=rota.people["ana"], by=rota.himself("ana"))

    assert [calendars.of_secret(secret) is None for secret in secrets] == [False] * 3


def test_an_address_is_taken_back_at_any_time(rota, issue):
    secret, teams = issue(), issue("HUT")

    calendars.revoke(person=rota.people["ana"], by=rota.himself("ana"))
    calendars.revoke(organisation=rota.organisations["HUT"], by=rota.planners["HUT"])

    assert [calendars.of_secret(each) for each in (secret, teams)] == [None, None]
    assert set(CalendarAddress.objects.values_list("revoked_at", flat=True)) == {clock.now()}


def test_when_an_address_was_taken_back_does_not_change(rota, issue, clock_at):
    issue()
    calendars.revoke(person=rota.people["ana"], by=rota.himself("ana"))
    then = clock.now()
    clock_at("2026-11-03 09:00")

    calendars.revoke(person=rota.people["ana"], by=rota.himself("ana"))

    assert CalendarAddress.objects.get().revoked_at == then
    assert len(lines("calendar_revoked")) == 1


@pytest.mark.parametrize("act", [calendars.issue, calendars.revoke])
def test_only_the_planner_of_a_team_has_its_address(rota, issue, act):
    issue("HUT")

    for by in (rota.planners["CRL"], rota.himself("ana")):
        refused(errors.NotYourPeople, lambda by=by: act(organisation=rota.organisations["HUT"], by=by))


def test_the_log_says_that_an_address_was_issued_and_not_which(rota, issue):
    issue()
    issue("HUT")

    assert lines("calendar_issued") == [{"person": rota.people["ana"].pk}, {"person": None}]
