"""Accounts, roles with dates, tokens that are shown once."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from shelter import clock, errors
from shelter.actions import team
from shelter.actor import actor_for
from shelter.models import LogEntry, Membership, Organisation, Person, Token
from tests.conftest import BUILDER, PASSWORD

DAY = timedelta(days=1)
FIRST, LAST = date(2026, 11, 15), date(2026, 12, 31)


@pytest.fixture
def ana(organisations, clock_at):
    """Ana has an account and no role yet."""
    clock_at("2026-11-21 20:14")
    return team.add_person(username="ana", name="Ana", password=PASSWORD, by=BUILDER)


@pytest.fixture
def hut(organisations):
    return organisations["HUT"]


def roles_on(person, day):
    return set(actor_for(person, day=day, source="tests").roles)


def last_line():
    return LogEntry.objects.order_by("id").last()


# Accounts.


def test_a_new_colleague_can_sign_in_and_may_do_nothing_yet(ana):
    assert (ana.check_password(PASSWORD), ana.is_active, roles_on(ana, FIRST)) == (True, True, set())
    assert (last_line().verb, last_line().facts) == ("person_added", {"person": ana.pk})


@pytest.mark.parametrize("username", ["ana", "ANA", "Ana"])
def test_a_user_name_is_given_once(ana, username):
    with pytest.raises(errors.Incomplete), transaction.atomic():
        team.add_person(username=username, name="Another", password=PASSWORD, by=BUILDER)

    assert Person.objects.count() == 1


@pytest.mark.parametrize("password", ["short", "password123", "ana-username1", ""])
def test_a_weak_password_is_refused(organisations, password):
    with pytest.raises(errors.Incomplete), transaction.atomic():
        team.add_person(username="ana-username", name="Ana", password=password, by=BUILDER)

    assert Person.objects.count() == 0


def test_a_new_password_replaces_the_old_one(ana):
    team.change_person(person=ana, password="another lantern over the door", by=BUILDER)

    fresh = Person.objects.get(pk=ana.pk)
    assert (fresh.check_password(PASSWORD), fresh.check_password("another lantern over the door")) == (
        False, True,
    )  # fmt: skip


def test_a_weak_new_password_leaves_the_old_one(ana):
    with pytest.raises(errors.Incomplete), transaction.atomic():
        team.change_person(person=ana, password="short", by=BUILDER)

    assert Person.objects.get(pk=ana.pk).check_password(PASSWORD) is True


def test_a_closed_account_ends_its_tokens_and_may_be_opened_again(ana):
    team.issue_token(person=ana, by=BUILDER, device="tablet 1")

    team.change_person(person=ana, is_active=False, by=BUILDER)
    closed = Person.objects.get(pk=ana.pk).is_active
    team.change_person(person=ana, is_active=True, by=BUILDER)

    assert (closed, Person.objects.get(pk=ana.pk).is_active) == (False, True)
    assert Token.objects.get().revoked_at == clock.now()


def test_no_password_is_written_into_the_log(ana):
    team.change_person(person=ana, password="another lantern over the door", by=BUILDER)

    told = " ".join(str((line.facts, line.reason)) for line in LogEntry.objects.all())
    assert [word for word in ("lantern", ana.password, "Ana") if word in told] == []


# Roles.


def test_a_role_holds_from_its_first_day_to_its_last(ana, hut):
    team.give_role(
        person=ana, organisation=hut, role="night_worker", first_day=FIRST, last_day=LAST, by=BUILDER
    )

    days = (FIRST - DAY, FIRST, LAST, LAST + DAY)
    assert [roles_on(ana, day) for day in days] == [set(), {"night_worker"}, {"night_worker"}, set()]
    assert last_line().facts == {"person": ana.pk, "role": "night_worker", "organisation": "HUT"}


def test_roles_add_up_and_organisations_too(ana, organisations):
    for code, role in (("HUT", "night_worker"), ("CRL", "nurse")):
        team.give_role(person=ana, organisation=organisations[code], role=role, first_day=FIRST, by=BUILDER)

    acting = actor_for(ana, day=FIRST, source="tests")
    assert acting.roles == {"night_worker", "nurse"}
    assert acting.held == {("night_worker", "HUT"), ("nurse", "CRL")}
    assert acting.organisations_as({"nurse"}) == {"CRL"}


def test_a_role_given_twice_is_one_role(ana, hut):
    given = {"person": ana, "organisation": hut, "role": "night_worker", "first_day": FIRST, "by": BUILDER}

    first, again = team.give_role(**given), team.give_role(**given | {"first_day": FIRST + DAY})

    assert (again.pk, Membership.objects.count()) == (first.pk, 1)
    assert LogEntry.objects.filter(verb="role_given").count() == 1


def test_a_role_that_ended_may_be_given_again(ana, hut):
    given = {"person": ana, "organisation": hut, "role": "night_worker", "by": BUILDER}
    team.give_role(**given, first_day=FIRST, last_day=LAST)

    team.give_role(**given, first_day=LAST + 7 * DAY)

    days = (LAST, LAST + DAY, LAST + 7 * DAY)
    assert [roles_on(ana, day) for day in days] == [{"night_worker"}, set(), {"night_worker"}]


def test_a_role_cannot_end_before_it_begins(ana, hut):
    with pytest.raises(errors.Incomplete), transaction.atomic():
        team.give_role(
            person=ana, organisation=hut, role="nurse", first_day=FIRST, last_day=FIRST - DAY, by=BUILDER
        )

    assert Membership.objects.count() == 0


def test_a_role_ends_after_the_day_named(ana, hut):
    membership = team.give_role(person=ana, organisation=hut, role="nurse", first_day=FIRST, by=BUILDER)

    team.end_role(membership=membership, last_day=LAST, by=BUILDER)

    assert [roles_on(ana, day) for day in (LAST, LAST + DAY)] == [{"nurse"}, set()]
    assert last_line().verb == "role_ended"


def test_a_role_that_would_end_before_it_began_is_taken_back_whole(ana, hut):
    membership = team.give_role(person=ana, organisation=hut, role="nurse", first_day=FIRST, by=BUILDER)

    team.end_role(membership=membership, last_day=FIRST - DAY, by=BUILDER)

    assert (Membership.objects.count(), last_line().verb) == (0, "role_ended")


def test_ending_a_role_never_makes_it_longer(ana, hut):
    membership = team.give_role(
        person=ana, organisation=hut, role="nurse", first_day=FIRST, last_day=FIRST + DAY, by=BUILDER
    )

    team.end_role(membership=membership, last_day=LAST, by=BUILDER)

    assert roles_on(ana, LAST) == set()


def test_roles_end_with_their_organisation(ana, hut):
    team.give_role(person=ana, organisation=hut, role="nurse", first_day=FIRST, by=BUILDER)

    Organisation.objects.filter(pk=hut.pk).update(last_day=LAST)

    assert [roles_on(ana, day) for day in (LAST, LAST + DAY)] == [{"nurse"}, set()]


def test_a_last_day_ends_with_its_night_and_not_at_midnight(ana, hut, clock_at):
    team.give_role(
        person=ana, organisation=hut, role="night_worker", first_day=FIRST, last_day=date(2026, 11, 21),
        by=BUILDER,
    )  # fmt: skip
    seen = []
    for moment in ("2026-11-21 23:59", "2026-11-22 03:00", "2026-11-22 11:59", "2026-11-22 12:00"):
        clock_at(moment)
        seen.append(Membership.objects.now().filter(person=ana).exists())

    assert seen == [True, True, True, False]


def test_a_first_day_begins_with_its_date(ana, hut, clock_at):
    team.give_role(
        person=ana, organisation=hut, role="field_worker", first_day=date(2026, 11, 22), by=BUILDER
    )
    seen = []
    for moment in ("2026-11-21 23:59", "2026-11-22 00:00", "2026-11-22 11:30"):
        clock_at(moment)
        seen.append(Membership.objects.now().filter(person=ana).exists())

    assert seen == [False, True, True]


def test_an_organisation_is_added_once(organisations):
    again = team.add_organisation(code="HUT", name="Something else", first_day=FIRST, by=BUILDER)

    assert (again, again.name) == (organisations["HUT"], "Hëllef um Terrain")


# Tokens.


def test_a_token_is_shown_once_and_only_its_digest_is_kept(ana):
    text = team.issue_token(person=ana, by=BUILDER, device="tablet 1")

    token = Token.objects.get()
    assert (token.person, token.device, token.revoked_at) == (ana, "tablet 1", None)
    assert token.digest == team.digest_of(text)
    assert [value for value in (token.digest, token.device, str(last_line().facts)) if text in value] == []


def test_no_two_tokens_are_alike(ana):
    texts = {team.issue_token(person=ana, by=BUILDER) for _token in range(20)}

    assert len(texts) == Token.objects.count() == 20


def test_a_token_is_revoked_once(ana, clock_at):
    team.issue_token(person=ana, by=BUILDER)
    first = team.revoke_token(token=Token.objects.get(), by=BUILDER).revoked_at
    clock_at("2026-11-21 21:00")

    again = team.revoke_token(token=Token.objects.get(), by=BUILDER).revoked_at

    assert (again, LogEntry.objects.filter(verb="token_revoked").count()) == (first, 1)
