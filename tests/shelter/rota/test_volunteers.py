"""Volunteers: invited by a link, signed up by themselves, welcomed or declined, and the letters nobody asks for."""

import hashlib
from itertools import chain

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from shelter import clock
from shelter import tasks as house_tasks
from shelter.actions import posting, team
from shelter.errors import Incomplete
from shelter.models import Letter, Membership, Person, Role
from shelter.rota import errors, letters, tasks
from shelter.rota.actions import calendars, people, shifts, volunteering
from shelter.rota.models import (
    Absence,
    Assignment,
    CalendarAddress,
    Call,
    Change,
    Demand,
    Employment,
    Invitation,
    OpenShift,
    Plan,
    Qualification,
    SignUp,
)
from shelter.rota.queries.volunteers import invitations, offers, open_places
from shelter.rota.timeline import midnight
from tests.conftest import BUILDER, PASSWORD
from tests.shelter.rota.conftest import (
    LONG_AGO,
    MONDAY,
    SUNDAY,
    cells,
    day,
    employed,
    letters_to,
    lines,
    refused,
    standing,
)

HOME = "https://foyer.example/"
EVENING = (day(18), "evening", "host")
NORA = {"name": "Nora Weber", "email": "nora@example.org", "language": "de"}


@pytest.fixture(autouse=True)
def hosts_are_welcome(rota):
    """New volunteers may be hosts, and nothing else."""
    shifts.add_skill(code="host", name="Host", is_duty=True, for_volunteers=True, by=BUILDER)


@pytest.fixture
def stands(rota):
    """Plans of all three organisations that stand; nobody is planned."""
    for code in ("HUT", "CRL", "IA"):
        rota.published(code)
    Letter.objects.all().delete()


def browser(person=None, language="en"):
    """A browser in a language, signed in as somebody or as nobody."""
    client = Client(headers={"accept-language": language})
    if person is not None:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def secret_of(rota, code="CRL", last=None):
    return volunteering.invite(
        organisation=rota.organisations[code], last_day=last or day(2, 12), by=rota.planners[code]
    )


def places_of(rota, chosen):
    return [(rota.shift(night, kind), rota.skills[skill]) for night, kind, skill in chosen]


def offered(rota, *chosen, code="CRL", **told):
    """Somebody's offer; Nora's for the evening of the 18th, if nothing else is told."""
    invitation = volunteering.of_secret(secret_of(rota, code))
    return volunteering.sign_up(
        invitation=invitation, chosen=places_of(rota, chosen or (EVENING,)), **NORA | told
    )


def welcomed(rota, offer, by=None):
    """Welcome somebody; answers what could not be given."""
    left = volunteering.confirm(
        offer=offer, by=by or rota.planners[offer.organisation.code], address_of=lambda secret: HOME + secret
    )
    return [(each.shift.night.date, each.shift.template.code) for each in left]


def nora():
    return Person.objects.get(email=NORA["email"])


def written():
    """Everything that is kept anywhere, as text."""
    return {
        str(value)
        for model in apps.get_models()
        for value in chain.from_iterable(model._default_manager.order_by("pk").values_list())
    }


def told(kind):
    """To whom letters of a kind were written, in order."""
    rows = Letter.objects.filter(key__startswith=f"{kind}-").order_by("to__name", "id")
    return list(rows.values_list("to__name", flat=True))


def reachable(*people_):
    for person in people_:
        person.email = f"{person.username}@work.example"
        person.save()


# Invitations.


def test_an_invitation_opens_until_the_end_of_its_last_day(rota, clock_at):
    secret = secret_of(rota, last=day(20))

    opened = []
    for moment in ("2026-11-02 09:00", "2026-11-20 23:59", "2026-11-21 00:00"):
        clock_at(moment)
        found = volunteering.of_secret(secret)
        opened.append(found and found.organisation.code)

    assert opened == ["CRL", "CRL", None]
    assert lines("volunteers_invited") == [{"organisation": "CRL", "last": "2026-11-20"}]


def test_an_invitation_that_is_revoked_opens_no_longer(rota, clock_at):
    secret, other = secret_of(rota), secret_of(rota)
    row = volunteering.of_secret(secret)

    volunteering.revoke(invitation=row, by=rota.planners["CRL"])
    then = clock.now()
    clock_at("2026-11-03 09:00")
    volunteering.revoke(invitation=row, by=rota.planners["CRL"])

    row.refresh_from_db()
    assert (volunteering.of_secret(secret), row.revoked_at) == (None, then)
    assert list(invitations([rota.organisations["CRL"]])) == [volunteering.of_secret(other)]


def test_any_other_secret_opens_nothing(rota):
    secret = secret_of(rota)

    wrong = ["", "x", "None", secret[:-1], hashlib.sha256(secret.encode()).hexdigest()]
    assert [volunteering.of_secret(each) for each in wrong] == [None] * 5


def test_of_a_secret_only_the_digest_is_kept(rota):
    secret = secret_of(rota)

    kept = written()
    assert [text for text in kept if secret in text] == []
    assert hashlib.sha256(secret.encode()).hexdigest() in kept


def test_nobody_is_invited_for_a_day_that_is_over(rota):
    refused(Incomplete, lambda: secret_of(rota, last=day(1)))

    assert volunteering.of_secret(secret_of(rota, last=day(2)))


def test_only_its_own_planner_invites_for_an_organisation_and_ends_a_link(rota):
    row = volunteering.of_secret(secret_of(rota))

    for by in (rota.planners["HUT"], rota.planners["IA"], rota.himself("vera")):
        for act in (
            lambda by=by: volunteering.invite(
                organisation=rota.organisations["CRL"], last_day=day(20), by=by
            ),
            lambda by=by: volunteering.revoke(invitation=row, by=by),
        ):
            refused(errors.NotYourPeople, act)
    volunteering.revoke(invitation=row, by=rota.coordinator)


def test_a_link_is_shown_once_and_ended_on_the_page(rota):
    planner = browser(rota.planners["CRL"].person)
    asked = {"organisation": rota.organisations["CRL"].pk, "last_day": "2026-11-20"}

    address = planner.post(reverse("rota-invite"), asked).context["address"]
    again = planner.get(reverse("rota-volunteers"))

    assert browser().get(address).status_code == 200
    assert address.rstrip("/").rsplit("/", 1)[1] not in again.content.decode()
    (row,) = again.context["invitations"]
    planner.post(reverse("rota-end-invitation", args=[row.pk]))
    assert browser().get(address).status_code == 404


def test_on_the_page_nobody_invites_for_others_or_ends_their_links(rota):
    secret = secret_of(rota)
    planner = browser(rota.planners["HUT"].person)
    asked = {"organisation": rota.organisations["CRL"].pk, "last_day": "2026-11-20"}

    answers = [
        planner.post(reverse("rota-invite"), asked),
        planner.post(reverse("rota-end-invitation", args=[Invitation.objects.get().pk])),
    ]

    assert [answer.status_code for answer in answers] == [422, 403]
    assert volunteering.of_secret(secret) and list(answers[1].context["invitations"]) == []


# Signing up.


def test_somebody_signs_up_in_another_language_without_an_account(rota):
    address = reverse("volunteer", args=[secret_of(rota)])
    client, place = browser(language="de"), rota.shift(day(18))
    typed = {"name": " Nora Weber ", "email": "nora@example.org", "speaks": "Deutsch, Farsi"}

    page = client.get(address)
    thanks = client.post(address, typed | {"places": f"{place.pk}:host"})

    with translation.override("de"):
        heading = translation.gettext("Help in the shelter")
    assert (page.status_code, page.headers["Content-Language"]) == (200, "de")
    assert heading in page.content.decode()
    assert (thanks.status_code, "Croix-Rouge" in thanks.content.decode()) == (200, True)
    offer = SignUp.objects.get()
    assert (offer.name, offer.email, offer.language, offer.speaks) == (
        "Nora Weber", "nora@example.org", "de", "Deutsch, Farsi",
    )  # fmt: skip
    assert (offer.organisation, offer.state, offer.asked_at) == (
        rota.organisations["CRL"], "asked", clock.now(),
    )  # fmt: skip
    assert list(offer.chosen.values_list("shift", "skill__code")) == [(place.pk, "host")]


def test_signing_up_makes_nobody_a_colleague_and_is_logged_without_a_name(rota):
    before = Person.objects.count()

    offered(rota)

    assert (Person.objects.count(), Letter.objects.count()) == (before, 0)
    assert lines("volunteer_signed_up") == [{"organisation": "CRL"}]


def test_open_are_coming_places_for_volunteers_where_more_would_be_good(rota, clock_at):
    rota.published(
        "HUT", MONDAY, SUNDAY, ("ana", day(18)), ("ben", day(18)), ("ana", day(20)), ("ben", day(20))
    )
    rota.published("CRL", MONDAY, SUNDAY, ("dana", day(20)))
    clock_at("2026-11-16 18:30")

    found = [
        (place.shift.night.date, place.shift.template.code, place.skill.code) for place in open_places(None)
    ]

    assert {skill for *_place, skill in found} == {"host"}
    assert found[:2] == [(day(16), "night", "host"), (day(16), "morning", "host")]
    assert (day(18), "evening", "host") in found  # two of two needed, three would be better
    assert (day(20), "evening", "host") not in found
    assert [night for night, *_place in found] == sorted(night for night, *_place in found)


def test_places_are_open_six_weeks_ahead(rota):
    assert max(place.shift.day for place in open_places(None)) == day(14, 12)


@pytest.mark.parametrize(
    ("chosen", "wrong", "kind"),
    [
        ((), {}, Incomplete),
        ((EVENING,), {"name": "  "}, Incomplete),
        ((EVENING,), {"email": ""}, Incomplete),
        (((day(20), "evening", "host"),), {}, errors.PlaceIsTaken),
        (((day(17), "morning", "host"),), {}, errors.PlaceIsTaken),
        (((day(20), "evening", "lead"),), {}, errors.PlaceIsTaken),
        ((EVENING, (day(20), "evening", "host")), {}, errors.PlaceIsTaken),
        (((day(15, 12), "evening", "host"),), {}, errors.PlaceIsTaken),
        ([(day(n), "night", "host") for n in range(16, 29)], {}, Incomplete),
    ],
    ids=["nothing", "name", "address", "full", "past", "lead", "one full", "too far", "too many"],
)
def test_an_offer_that_cannot_be_is_refused(rota, clock_at, chosen, wrong, kind):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(20)), ("ben", day(20)))
    rota.published("CRL", MONDAY, SUNDAY, ("dana", day(20)))
    invitation = volunteering.of_secret(secret_of(rota))
    clock_at("2026-11-18 06:00" if chosen == ((day(17), "morning", "host"),) else "2026-11-02 09:00")

    refused(
        kind,
        lambda: volunteering.sign_up(invitation=invitation, chosen=places_of(rota, chosen), **NORA | wrong),
    )


def test_twelve_places_may_be_chosen(rota):
    offer = offered(rota, *[(day(number), "night", "host") for number in range(16, 28)])

    assert offer.chosen.count() == 12


def test_what_is_typed_wrong_comes_back_to_be_mended(rota):
    address, pk = reverse("volunteer", args=[secret_of(rota)]), rota.shift(day(18)).pk
    right = {"name": "Nora", "email": "nora@example.org", "places": f"{pk}:host"}
    wrong = [
        {"places": f"{pk}:lead"}, {"places": ""}, {"places": "0:host"}, {"places": "x"}, {"email": "nobody"},
        {"name": " "}, {"name": "n" * 61},
    ]  # fmt: skip

    pages = [browser().post(address, right | each) for each in wrong]

    assert [page.status_code for page in pages] == [422] * 7
    assert SignUp.objects.count() == 0


def test_a_place_taken_while_somebody_typed_is_not_offered_any_longer(rota, stands, monkeypatch):
    address = reverse("volunteer", args=[secret_of(rota)])
    monkeypatch.setattr(volunteering, "open_places", lambda _organisation: [])

    page = browser().post(
        address,
        {"name": "Nora", "email": "nora@example.org", "places": f"{rota.shift(day(18)).pk}:host"},
    )

    assert (page.status_code, page.context["refusal"].code) == (409, "place_is_taken")
    assert SignUp.objects.count() == 0


def test_who_chooses_two_duties_of_one_shift_is_answered(rota, expected_errors):
    shifts.add_skill(code="lead", name="Lead", is_duty=True, for_volunteers=True, by=BUILDER)
    pk = rota.shift(day(18)).pk

    page = browser().post(
        reverse("volunteer", args=[secret_of(rota)]),
        {"name": "Nora", "email": "nora@example.org", "places": [f"{pk}:host", f"{pk}:lead"]},
    )

    assert (page.status_code in (200, 409, 422), expected_errors) == (True, [])


def test_who_sends_a_place_twice_is_answered(rota, expected_errors):
    place = f"{rota.shift(day(18)).pk}:host"

    page = browser().post(
        reverse("volunteer", args=[secret_of(rota)]),
        {"name": "Nora", "email": "nora@example.org", "places": [place, place]},
    )

    assert (page.status_code in (200, 409, 422), expected_errors) == (True, [])


def test_the_same_address_again_replaces_what_it_had_asked(rota):
    first, others, elsewhere = (
        offered(rota),
        offered(rota, email="other@example.org"),
        offered(rota, code="HUT"),
    )

    again = offered(rota, (day(20), "night", "host"), email="NORA@Example.org", name="Nora W.")

    assert set(SignUp.objects.all()) == {others, elsewhere, again} and first != again
    assert [each.shift for each in again.chosen.all()] == [rota.shift(day(20), "night")]


def test_an_offer_that_was_answered_is_not_replaced(rota):
    first = offered(rota)
    welcomed(rota, first)

    again = offered(rota, (day(20), "night", "host"))

    assert list(SignUp.objects.order_by("pk").values_list("pk", "state")) == [
        (first.pk, "confirmed"), (again.pk, "asked"),
    ]  # fmt: skip


def test_what_is_refused_replaces_nothing(rota):
    offer, invitation = offered(rota), volunteering.of_secret(secret_of(rota))

    refused(
        errors.PlaceIsTaken,
        lambda: volunteering.sign_up(
            invitation=invitation, chosen=places_of(rota, [(day(18), "evening", "lead")]), **NORA
        ),
    )
    assert list(SignUp.objects.all()) == [offer]


def test_too_many_open_offers_are_refused_until_some_are_answered(rota, monkeypatch):
    monkeypatch.setattr(volunteering, "MOST_OPEN", 2)
    first, _second = offered(rota, email="a@example.org"), offered(rota, email="b@example.org")
    address = reverse("volunteer", args=[secret_of(rota)])
    invitation = volunteering.of_secret(address.rstrip("/").rsplit("/", 1)[1])
    typed = {"name": "Nora", "email": "nora@example.org", "places": f"{rota.shift(day(18)).pk}:host"}

    refused(
        errors.TooManyOffers,
        lambda: volunteering.sign_up(invitation=invitation, chosen=places_of(rota, [EVENING]), **NORA),
    )
    assert browser().post(address, typed).status_code == 429
    assert offered(rota, email="A@example.org").pk != first.pk  # who waits already may change their mind
    assert offered(rota, code="HUT").pk
    volunteering.decline(offer=SignUp.objects.get(email="b@example.org"), by=rota.planners["CRL"])
    assert offered(rota).pk


def test_places_are_filtered_by_skill_and_by_kind_of_shift(rota):
    shifts.add_skill(code="lead", name="Lead", is_duty=True, for_volunteers=True, by=BUILDER)
    address = reverse("volunteer", args=[secret_of(rota)])

    def found(asked):
        page = browser().get(address, asked)
        shown = {(each.place.shift.template.code, each.place.skill.code) for each in page.context["openings"]}
        return sorted(shown), page.content.decode().count('name="places"') == len(page.context["openings"])

    assert found({}) == (
        [("evening", "host"), ("evening", "lead"), ("morning", "host"), ("night", "host"), ("night", "lead")],
        True,
    )
    assert found({"skills": "lead"}) == ([("evening", "lead"), ("night", "lead")], True)
    assert found({"kinds": ["night", "morning"]}) == (
        [("morning", "host"), ("night", "host"), ("night", "lead")], True,
    )  # fmt: skip
    assert found({"skills": "lead", "kinds": "night"}) == ([("night", "lead")], True)
    assert found({"skills": "lead", "kinds": "morning"}) == ([], True)
    assert found({"skills": "cook"}) == ([], True)


def test_nights_that_lack_what_somebody_brings_come_first(rota):
    arabic = shifts.add_skill(code="arabic", name="Arabic", is_duty=False, for_volunteers=True, by=BUILDER)
    ben = rota.people["ben"]
    rota.published(
        "HUT", MONDAY, SUNDAY, ("ben", day(18), "night", "host"), ("ben", day(20), "night", "host")
    )
    people.qualify(person=ben, skill=arabic, first_day=day(18), last_day=day(18), by=rota.planners["HUT"])
    shifts.add_mix_rule(least=1, skill=arabic, first_night=MONDAY, by=BUILDER)
    address = reverse("volunteer", args=[secret_of(rota)])

    def found(asked):
        page = browser().get(address, asked)
        told = [each for each in page.context["openings"] if each.lacks]
        assert page.context["openings"][: len(told)] == told
        assert page.content.decode().count("Arabic is wanted this night") == len(told)
        return {each.place.shift.night.date for each in told}

    assert found({}) == set()
    assert found({"brings": "arabic"}) == {
        day(20)
    }  # on the 18th Ben speaks it; on other nights nobody is there yet
    assert found({"brings": ["host", "\0", "nothing"]}) == set()


def test_what_a_volunteer_brings_is_recognised_or_not(rota, stands):
    for code in ("arabic", "first_aid"):
        shifts.add_skill(code=code, name=code.title(), is_duty=False, for_volunteers=True, by=BUILDER)
    address = reverse("volunteer", args=[secret_of(rota)])
    typed = {"name": "Nora", "email": NORA["email"], "places": f"{rota.shift(day(18), 'evening').pk}:host"}

    assert browser().post(address, typed | {"brings": "lead"}).status_code == 422
    assert SignUp.objects.count() == 0
    browser().post(address, typed | {"brings": ["arabic", "first_aid"]})
    planner = browser(rota.planners["CRL"].person)
    page = planner.get(reverse("rota-volunteers")).content.decode()
    assert page.count('name="recognised"') == 2
    offer = SignUp.objects.get()
    planner.post(
        reverse("rota-offer-to-help", args=[offer.pk]), {"confirm": "yes", "recognised": ["arabic", "lead"]}
    )

    assert sorted(nora().qualifications.values_list("skill__code", flat=True)) == ["arabic", "host"]


def test_an_offer_is_sent_from_a_filtered_page_too(rota):
    address = reverse("volunteer", args=[secret_of(rota)]) + "?kinds=night"
    pk = rota.shift(day(18), "night").pk

    browser().post(address, {"name": "Nora", "email": "nora@example.org", "places": f"{pk}:host"})

    assert [each.shift_id for each in SignUp.objects.get().chosen.all()] == [pk]


# Welcomed.


def test_who_is_welcomed_becomes_a_volunteer_without_a_password(rota, stands):
    offer = offered(rota)

    assert welcomed(rota, offer) == []

    person = nora()
    assert (person.name, person.username, person.language, person.is_active) == (
        "Nora Weber", "nora.weber", "de", True,
    )  # fmt: skip
    assert person.has_usable_password() is False
    assert [(row.role, row.organisation.code) for row in Membership.objects.filter(person=person)] == [
        (Role.VOLUNTEER, "CRL")
    ]
    work = Employment.objects.get(person=person)
    assert (work.organisation.code, work.kind, work.weekly_minutes, work.first_day, work.last_day) == (
        "CRL", "volunteer", None, day(2), None,
    )  # fmt: skip
    held = Qualification.objects.get(person=person)
    assert (held.skill.code, held.first_day, held.last_day) == ("host", day(18), None)
    offer.refresh_from_db()
    assert (offer.state, offer.person, offer.answered_at, offer.answered_by) == (
        "confirmed", person, clock.now(), rota.planners["CRL"].person,
    )  # fmt: skip
    assert lines("volunteer_confirmed") == [{"person": person.pk, "shifts": 1}]


def test_in_a_published_plan_the_shifts_stand_at_once(rota, stands):
    welcomed(rota, offered(rota, EVENING, (day(20), "night", "host")))

    assert standing() == [("nora weber", day(18), "evening"), ("nora weber", day(20), "night")]
    assert {row.plan.organisation.code for row in Assignment.objects.standing()} == {"CRL"}
    assert (
        list(Change.objects.order_by("shift__start").values_list("kind", "before", "after"))
        == [("cover", None, nora().pk)] * 2
    )


def test_where_nothing_is_published_the_shifts_are_drafted(rota):
    welcomed(rota, offered(rota))

    assert (standing(), cells(Assignment.objects.all())) == ([], [("nora weber", day(18), "evening")])
    plan = Plan.objects.get()
    assert (plan.organisation.code, plan.state, plan.first_day, plan.last_day) == (
        "CRL", "draft", day(1), day(30),
    )  # fmt: skip


def test_in_a_draft_that_is_open_the_shifts_are_put_too(rota):
    plan = rota.draft("CRL", MONDAY, SUNDAY, ("dana", day(20)))

    welcomed(rota, offered(rota, EVENING, (day(2, 12), "night", "host")))

    assert cells(plan.assignments.all()) == [
        ("nora weber", day(18), "evening"), ("dana", day(20), "evening"),
    ]  # fmt: skip
    assert cells(Assignment.objects.exclude(plan=plan)) == [("nora weber", day(2, 12), "night")]


def test_with_little_notice_nobody_is_asked_why(rota, stands, clock_at):
    clock_at("2026-11-18 12:00")

    assert welcomed(rota, offered(rota)) == []
    assert Change.objects.get().is_short


def test_the_letter_has_the_shifts_and_the_address_of_their_page_in_their_language(rota, stands):
    welcomed(rota, offered(rota, (day(20), "night", "host"), EVENING))

    letter = Letter.objects.get(key__startswith="welcome-")
    *told_, address = letter.text.splitlines()
    assert (letter.to, [line for line in told_ if "November" in line]) == (
        nora(), ["Mi 18 November 18:30–00:30 Evening", "Fr 20 November 22:30–07:00 Night"],
    )  # fmt: skip
    with translation.override("de"):
        assert letter.subject == letters.welcome_subject()
    with translation.override("en"):
        assert letter.subject != letters.welcome_subject()
    assert calendars.of_secret(address.removeprefix(HOME)).person == nora()


def test_of_the_address_of_a_page_only_the_digest_is_kept_beside_the_letter(rota, stands):
    welcomed(rota, offered(rota))
    letter = Letter.objects.get(key__startswith="welcome-")
    secret = letter.text.splitlines()[-1].removeprefix(HOME)

    letter.delete()

    assert [text for text in written() if secret in text] == []
    assert CalendarAddress.objects.get(person=nora()).digest == calendars.digest_of(secret)


def test_the_page_of_offers_welcomes_and_its_letter_leads_to_their_own_page(rota, stands):
    offer, planner = offered(rota), browser(rota.planners["CRL"].person)
    page = planner.get(reverse("rota-volunteers"))

    answer = planner.post(reverse("rota-offer-to-help", args=[offer.pk]), {"confirm": "yes"})

    assert [each.sign_up for each in page.context["offers"]] == [offer]
    assert (answer.status_code, answer.url) == (302, reverse("rota-volunteers"))
    address = Letter.objects.get(key__startswith="welcome-").text.splitlines()[-1]
    own = browser(language="de").get(address)
    assert (own.status_code, [row.shift for row in own.context["mine"]]) == (200, [rota.shift(day(18))])
    assert planner.get(reverse("rota-volunteers")).context["offers"] == []


def test_two_volunteers_of_one_name_are_two_people(rota, stands):
    welcomed(rota, offered(rota))
    welcomed(rota, offered(rota, email="another.nora@example.org"))

    names = Person.objects.filter(name="Nora Weber").order_by("pk").values_list("username", flat=True)
    assert list(names) == ["nora.weber", "nora.weber.2"]


def test_a_name_in_another_script_gets_an_account_too(rota, stands):
    welcomed(rota, offered(rota, name="نورا"))

    assert nora().username == "volunteer"


def test_a_known_volunteer_is_not_made_twice(rota, stands):
    vera, before = rota.people["vera"], Person.objects.count()

    left = welcomed(rota, offered(rota, email="VERA@crl.example", name="V. Benevol"))

    assert (left, standing()) == ([], [("vera", day(18), "evening")])
    assert Person.objects.count() == before
    assert (Employment.objects.filter(person=vera).count(), vera.qualifications.count()) == (1, 1)
    vera.refresh_from_db()
    assert (vera.name, vera.language, vera.has_usable_password()) == ("Vera", "fr", True)
    assert SignUp.objects.get().person == vera


def test_who_comes_again_is_the_volunteer_of_the_first_time(rota, stands):
    welcomed(rota, offered(rota))
    welcomed(rota, offered(rota, (day(20), "night", "host")))

    assert standing() == [("nora weber", day(18), "evening"), ("nora weber", day(20), "night")]
    assert Employment.objects.filter(person=nora()).count() == 1
    assert CalendarAddress.objects.filter(person=nora(), revoked_at=None).count() == 1


def test_an_employee_with_the_same_address_is_not_made_a_volunteer(rota, stands):
    ana = rota.people["ana"]

    welcomed(rota, offered(rota, email=ana.email))

    assert list(ana.employments.values_list("kind", flat=True)) == ["employee"]
    assert Person.objects.filter(email=ana.email).count() == 2


def test_an_account_that_was_closed_is_not_opened_by_an_offer(rota, stands):
    vera = rota.people["vera"]
    team.change_person(person=vera, is_active=False, by=BUILDER)

    welcomed(rota, offered(rota, email=vera.email))

    vera.refresh_from_db()
    assert (vera.is_active, SignUp.objects.get().person == vera) == (False, False)


def test_a_volunteer_of_another_organisation_works_for_this_one_too(rota):
    rota.published("HUT")

    assert welcomed(rota, offered(rota, code="HUT", email="vera@crl.example")) == []

    works = rota.people["vera"].employments.order_by("organisation__code")
    assert list(works.values_list("organisation__code", "kind")) == [
        ("CRL", "volunteer"), ("HUT", "volunteer"),
    ]  # fmt: skip
    assert rota.row("vera", day(18)).plan.organisation.code == "HUT"


def test_a_volunteer_of_two_organisations_is_booked_on_the_one_they_offered_to(rota, stands):
    welcomed(rota, offered(rota, code="HUT", email="vera@crl.example"))

    assert rota.row("vera", day(18)).plan.organisation.code == "HUT"


def test_the_coordinator_welcomes_a_volunteer_of_another_organisation(rota):
    offer = offered(rota, code="HUT", email="vera@crl.example")

    assert welcomed(rota, offer, by=rota.coordinator) == []

    assert [row.plan.organisation.code for row in Assignment.objects.all()] == ["HUT"]


def test_a_place_taken_meanwhile_is_left_out_and_told(rota, stands):
    offer = offered(rota, EVENING, (day(20), "night", "host"))
    for name in ("ana", "ben", "cleo"):
        rota.put(rota.draft("HUT"), name, day(18))
    rota.publish(Plan.objects.get(organisation__code="HUT", state="draft"))
    Letter.objects.all().delete()
    planner = browser(rota.planners["CRL"].person)

    listed = offers([rota.organisations["CRL"]])
    page = planner.post(reverse("rota-offer-to-help", args=[offer.pk]), {"confirm": "yes"})

    assert [is_free for _each, is_free in listed[0].chosen] == [False, True]
    assert [each.shift for each in page.context["left"]] == [rota.shift(day(18))]
    assert [cell for cell in standing() if cell[0] == "nora weber"] == [("nora weber", day(20), "night")]
    welcome = Letter.objects.get(key__startswith="welcome-").text
    assert ("20 November" in welcome, "18 November" in welcome) == (True, False)


def test_the_last_place_goes_to_whoever_is_welcomed_first(rota, stands):
    Demand.objects.filter(shift=rota.shift(day(18)), skill__code="host").update(
        minimum=1, wished=1, per_guests=None
    )
    first, second = offered(rota), offered(rota, email="other@example.org", name="Other")

    assert [welcomed(rota, first), welcomed(rota, second)] == [[], [(day(18), "evening")]]
    assert standing() == [("nora weber", day(18), "evening")]


def test_the_last_place_of_a_draft_goes_to_whoever_is_welcomed_first(rota):
    Demand.objects.filter(shift=rota.shift(day(18)), skill__code="host").update(
        minimum=1, wished=1, per_guests=None
    )
    first, second = offered(rota), offered(rota, email="other@example.org", name="Other")

    assert [welcomed(rota, first), welcomed(rota, second)] == [[], [(day(18), "evening")]]


def test_of_two_shifts_at_one_time_the_first_is_given(rota, stands):
    assert welcomed(rota, offered(rota, EVENING, (day(18), "night", "host"))) == [(day(18), "night")]

    assert standing() == [("nora weber", day(18), "evening")]


def test_a_known_volunteer_gets_no_shift_while_they_are_away(rota, stands):
    people.block(
        person=rota.people["vera"], kind=Absence.Kind.UNAVAILABLE, start=midnight(day(18)),
        end=midnight(day(19)), by=rota.planners["CRL"],
    )  # fmt: skip

    left = welcomed(rota, offered(rota, EVENING, (day(20), "night", "host"), email="vera@crl.example"))

    assert (left, standing()) == ([(day(18), "evening")], [("vera", day(20), "night")])


def test_a_known_volunteer_whose_time_ends_before_the_shift_can_be_welcomed(rota, stands):
    Employment.objects.filter(person=rota.people["vera"]).update(last_day=day(17))

    left = welcomed(rota, offered(rota, EVENING, (day(17), "evening", "host"), email="vera@crl.example"))

    assert left in ([], [(day(18), "evening")])
    assert ("vera", day(17), "evening") in standing()


def test_only_its_own_planner_answers_an_offer(rota, stands):
    offer = offered(rota)

    for by in (rota.planners["HUT"], rota.planners["IA"], rota.himself("vera")):
        refused(errors.NotYourPeople, lambda by=by: welcomed(rota, offer, by=by))
        refused(errors.NotYourPeople, lambda by=by: volunteering.decline(offer=offer, by=by))
    assert welcomed(rota, offer, by=rota.coordinator) == []


def test_on_the_page_only_their_own_planners_see_and_answer_offers(rota, stands):
    offer = offered(rota)
    planner = browser(rota.planners["HUT"].person)

    page = planner.get(reverse("rota-volunteers"))
    answers = [
        planner.post(reverse("rota-offer-to-help", args=[offer.pk]), {verb: "yes"})
        for verb in ("confirm", "decline")
    ]

    assert (page.context["offers"], "Nora" in page.content.decode()) == ([], False)
    assert [(each.status_code, "Nora" in each.content.decode()) for each in answers] == [(403, False)] * 2
    assert browser(rota.people["vera"]).get(reverse("rota-volunteers")).status_code == 404
    offer.refresh_from_db()
    assert offer.state == "asked"


def test_a_planner_who_helps_in_another_organisation_does_not_plan_it(rota, stands):
    planner = rota.planners["HUT"].person
    team.give_role(
        person=planner, organisation=rota.organisations["CRL"], role=Role.VOLUNTEER, first_day=LONG_AGO,
        by=BUILDER,
    )  # fmt: skip
    offer = offered(rota)

    page = browser(planner).get(reverse("rota-volunteers"))
    browser(planner).post(reverse("rota-offer-to-help", args=[offer.pk]), {"confirm": "yes"})

    offer.refresh_from_db()
    assert (page.context["offers"], offer.state) == ([], "asked")


@pytest.mark.parametrize("first", ["confirm", "decline"])
def test_an_offer_is_answered_once(rota, stands, first):
    offer, by = offered(rota), rota.planners["CRL"]
    if first == "confirm":
        welcomed(rota, offer)
    else:
        volunteering.decline(offer=SignUp.objects.get(pk=offer.pk), by=by)

    for act in (lambda: welcomed(rota, offer), lambda: volunteering.decline(offer=offer, by=by)):
        refused(errors.AlreadyAnswered, act)
    page = browser(by.person).post(reverse("rota-offer-to-help", args=[offer.pk]), {"confirm": "yes"})
    assert page.status_code == (409 if first == "confirm" else 404)


# Declined, or forgotten.


def test_who_is_declined_is_written_to_and_nothing_else_is_kept(rota):
    offer = offered(rota, speaks="Farsi")

    browser(rota.planners["CRL"].person).post(
        reverse("rota-offer-to-help", args=[offer.pk]), {"decline": "yes"}
    )

    letter = Letter.objects.get()
    with translation.override("de"):
        assert (letter.to, letter.address, letter.subject) == (
            None, "nora@example.org", letters.declined_subject(),
        )  # fmt: skip
    assert letter.text.splitlines()[-1] == "Croix-Rouge"
    kept = " ".join(sorted(written() - {letter.address, letter.text}))
    assert [word for word in ("Nora", "nora@", "Farsi") if word in kept] == []
    assert lines("volunteer_declined") == [{"organisation": "CRL"}]


def test_a_letter_to_an_address_is_sent_there_and_not_kept(rota):
    volunteering.decline(offer=offered(rota), by=rota.planners["CRL"])

    posting.send_due()

    (message,) = mail.outbox
    assert (message.to, Letter.objects.exists()) == (["nora@example.org"], False)


@pytest.mark.parametrize(("now", "is_kept"), [("2026-12-02 09:00", True), ("2026-12-02 09:01", False)])
def test_an_offer_nobody_answers_is_forgotten_after_thirty_days(rota, clock_at, now, is_kept):
    offered(rota, (day(14, 12), "evening", "host"))

    clock_at(now)
    tasks.tick()

    assert SignUp.objects.exists() == is_kept
    assert any("nora@example.org" in text for text in written()) == is_kept


@pytest.mark.parametrize(("now", "left"), [("2026-11-20 22:29", 2), ("2026-11-20 22:30", 1)])
def test_an_offer_is_forgotten_when_the_last_of_its_shifts_has_begun(rota, clock_at, now, left):
    offered(rota, EVENING, (day(20), "night", "host"))
    offered(rota, (day(18), "evening", "host"), (day(25), "night", "host"), email="later@example.org")

    clock_at(now)
    tasks.tick()

    assert SignUp.objects.count() == left
    assert SignUp.objects.filter(email="later@example.org").exists()


def test_what_was_answered_is_not_forgotten(rota, stands, clock_at):
    welcomed(rota, offered(rota))

    clock_at("2027-01-20 09:00")
    volunteering.forget_unanswered()

    assert SignUp.objects.get().state == "confirmed"


# A volunteer's own page.


@pytest.fixture
def own(rota, stands):
    """Nora has the evening of the 18th and the night of the 20th; the address of her page. Dana works that evening."""
    welcomed(rota, offered(rota, (day(20), "night", "host"), EVENING))
    secret = Letter.objects.get(key__startswith="welcome-").text.splitlines()[-1].removeprefix(HOME)
    plan = rota.draft("CRL")
    rota.put(plan, "dana", day(18))
    rota.publish(plan)
    Letter.objects.all().delete()
    return reverse("volunteer-shifts", args=[secret])


def row_of_nora(night=None, kind="evening"):
    return Assignment.objects.standing().get(
        person=nora(), shift__night__date=night or day(18), shift__template__code=kind
    )


def test_the_own_page_lists_the_coming_shifts_and_nobody_elses(rota, own, clock_at):
    client = browser(language="de")
    pages = []
    for moment in ("2026-11-18 20:00", "2026-11-19 00:30"):
        clock_at(moment)
        pages.append(client.get(own))

    shown = [[(row.person.name, row.shift.template.code) for row in page.context["mine"]] for page in pages]
    assert shown == [[("Nora Weber", "evening"), ("Nora Weber", "night")], [("Nora Weber", "night")]]
    assert [page.content.decode().count('name="shift"') for page in pages] == [2, 1]
    assert ("Dana" in pages[0].content.decode(), pages[0].headers["Content-Language"]) == (False, "de")
    feed = client.get(pages[0].context["calendar"])
    assert (feed.status_code, feed.content.count(b"BEGIN:VEVENT")) == (200, 2)


def test_who_cannot_come_gives_the_shift_back_and_it_is_offered_to_others(rota, own):
    reachable(rota.planners["CRL"].person, rota.planners["HUT"].person)

    answer = browser().post(own, {"shift": row_of_nora().pk})

    assert (answer.status_code, answer.url) == (302, own)
    assert [cell for cell in standing() if cell[0] == "nora weber"] == [("nora weber", day(20), "night")]
    change = Change.objects.latest("pk")
    assert (change.kind, change.before, change.after, change.by) == ("absence", nora(), None, nora())
    place = OpenShift.objects.get()
    assert (place.shift, place.skill.code, place.organisation.code, place.closed_at) == (
        rota.shift(day(18)), "host", "CRL", None,
    )  # fmt: skip
    asked = set(Call.objects.filter(open_shift=place).values_list("person__name", flat=True))
    assert len(asked) == 4 and asked <= {"Ana", "Ben", "Cleo", "Emil", "Vera", "Gus"}


def test_who_cannot_come_is_away_for_that_time_only(rota, own):
    row = row_of_nora()

    volunteering.cannot_come(assignment=row)

    absence = Absence.objects.get()
    assert (absence.person, absence.kind, absence.start, absence.end) == (
        nora(), "unavailable", row.start, row.end,
    )  # fmt: skip


def test_their_planners_and_no_others_are_told_who_cannot_come(rota, own):
    second = team.add_person(username="second", name="Second", password=PASSWORD, by=BUILDER)
    team.give_role(
        person=second,
        organisation=rota.organisations["CRL"],
        role=Role.PLANNER,
        first_day=LONG_AGO,
        by=BUILDER,
    )
    reachable(second, rota.planners["CRL"].person, rota.planners["HUT"].person)

    browser().post(own, {"shift": row_of_nora().pk})

    assert told("away") == ["Planner CRL", "Second"]
    (text,) = letters_to(second)
    assert text == ["mer 18 novembre 18:30–00:30 Evening"]
    assert "Nora Weber" in Letter.objects.get(to=second).text


def test_an_hour_before_no_reason_is_asked(rota, own, clock_at):
    clock_at("2026-11-18 18:29")

    assert browser().post(own, {"shift": row_of_nora().pk}).status_code == 302
    assert Change.objects.latest("pk").is_short


def test_a_shift_that_has_begun_is_not_given_back(rota, own, clock_at):
    clock_at("2026-11-18 18:30")

    page = browser().post(own, {"shift": row_of_nora().pk})

    assert (page.status_code, page.context["refusal"].code) == (409, "shift_is_over")
    assert row_of_nora().stands
    refused(errors.ShiftIsOver, lambda: volunteering.cannot_come(assignment=row_of_nora()))


def test_nobody_gives_back_what_is_not_theirs(rota, own):
    named = ["", "x", "0", "-1", "9" * 20, rota.row("dana", day(18)).pk]

    assert [browser().post(own, {"shift": each}).status_code for each in named] == [404] * 6
    assert len(standing()) == 3


def test_a_wrong_secret_opens_no_page(rota, own):
    teams = calendars.issue(organisation=rota.organisations["CRL"], by=rota.planners["CRL"])
    wrong = ["x", teams, own.rstrip("/").rsplit("/", 1)[1][:-1], secret_of(rota)]
    addresses = [reverse("volunteer-shifts", args=[secret]) for secret in wrong]

    assert [browser().get(address).status_code for address in addresses] == [404] * 4
    assert browser().post(addresses[1], {"shift": row_of_nora().pk}).status_code == 404
    calendars.revoke(person=nora(), by=rota.planners["CRL"])
    assert browser().get(own).status_code == 404


def test_the_secret_of_a_page_is_no_invitation(rota, own):
    secret = own.rstrip("/").rsplit("/", 1)[1]

    assert browser().get(reverse("volunteer", args=[secret])).status_code == 404


def test_the_calendar_secret_of_an_employee_opens_no_page(rota, own):
    secret = calendars.issue(person=rota.people["dana"], by=rota.himself("dana"))

    address = reverse("volunteer-shifts", args=[secret])

    answers = [browser().get(address), browser().post(address, {"shift": rota.row("dana", day(18)).pk})]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert ("dana", day(18), "evening") in standing()


# Letters nobody asked for.


@pytest.fixture
def evening(rota):
    """Vera, Gus and Ben stand in evenings: the volunteer and the guard on the 18th, the employee on the 20th."""
    reachable(rota.people["gus"])
    rota.published("CRL", MONDAY, SUNDAY, ("vera", day(18)))
    rota.published("HUT", MONDAY, SUNDAY, ("gus", day(18)), ("ben", day(20)))
    Letter.objects.all().delete()


def test_volunteers_are_thanked_within_a_day_after_their_shift_and_nobody_else(rota, evening, clock_at):
    thanked = []
    for moment in ("19 00:29", "19 00:30", "20 00:29", "20 00:30", "21 00:31"):
        clock_at(f"2026-11-{moment}")
        volunteering.say_thanks()
        thanked.append(told("thanks"))
        Letter.objects.all().delete()

    assert thanked == [[], ["Vera"], ["Vera"], [], []]


def test_thanks_are_written_once_for_each_shift(rota, evening, clock_at):
    for moment in ("2026-11-19 00:30", "2026-11-19 00:31", "2026-11-19 20:00"):
        clock_at(moment)
        tasks.tick()

    assert told("thanks") == ["Vera"]
    letter = Letter.objects.get(key__startswith="thanks-")
    assert "mer 18 novembre" in letter.text


def test_who_gave_the_shift_back_is_not_thanked(rota, evening, clock_at):
    volunteering.cannot_come(assignment=rota.row("vera", day(18)))

    clock_at("2026-11-19 01:00")
    volunteering.say_thanks()

    assert told("thanks") == []


def test_an_employee_who_was_a_volunteer_once_is_not_thanked(rota, evening, clock_at):
    employed(rota.people["ben"], rota.organisations["CRL"], kind="volunteer", last_day=day(1, 11))

    clock_at("2026-11-21 01:00")
    volunteering.say_thanks()

    assert told("thanks") == []


def test_everybody_is_reminded_within_twenty_hours_before(rota, evening, clock_at):
    reminded = []
    for moment in ("17 22:29", "17 22:30", "18 18:29", "18 18:30", "19 22:30"):
        clock_at(f"2026-11-{moment}")
        tasks.tick()
        reminded.append(told("reminder"))
        Letter.objects.all().delete()

    assert reminded == [[], ["Gus", "Vera"], ["Gus", "Vera"], [], ["Ben"]]


def test_nobody_is_reminded_twice_or_without_an_address_or_of_a_draft(rota, evening, clock_at):
    rota.people["gus"].email = ""
    rota.people["gus"].save()
    rota.put(rota.draft("HUT"), "ana", day(18))

    for moment in ("2026-11-17 22:30", "2026-11-17 22:31", "2026-11-18 12:00"):
        clock_at(moment)
        tasks.tick()

    assert told("reminder") == ["Vera"]
    assert letters_to(rota.people["vera"]) == [["mer 18 novembre 18:30–00:30 Evening"]]


def test_who_comes_into_a_shift_late_is_reminded_too(rota, evening, clock_at):
    clock_at("2026-11-18 12:00")
    tasks.tick()
    welcomed(rota, offered(rota))
    tasks.tick()

    assert told("reminder") == ["Gus", "Nora Weber", "Vera"]


@pytest.fixture
def planners(rota):
    """The planners of HUT and CRL and the coordinator have addresses; the planner of IA has none."""
    team.give_role(
        person=rota.coordinator.person, organisation=rota.organisations["HUT"], role=Role.COORDINATOR,
        first_day=LONG_AGO, by=BUILDER,
    )  # fmt: skip
    reachable(rota.coordinator.person, rota.planners["HUT"].person, rota.planners["CRL"].person)


def test_planners_hear_of_a_night_that_comes_within_fourteen_nights(rota, planners, clock_at):
    heard = []
    for moment in ("02 11:59", "02 12:00", "03 11:59", "03 12:00"):
        clock_at(f"2026-11-{moment}")
        tasks.tick()
        heard.append(sorted({key[:18] for key in Letter.objects.values_list("key", flat=True)}))

    first, second = "missing-2026-11-15", "missing-2026-11-16"
    assert heard == [[], [first], [first], [first, second]]
    assert told("missing") == ["Chief"] * 2 + ["Planner CRL"] * 2 + ["Planner HUT"] * 2


def test_each_night_is_told_once_and_says_what_is_missing(rota, planners, clock_at):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(16), "evening", "lead"), ("ben", day(16)))
    Letter.objects.all().delete()

    for moment in ("2026-11-03 12:00", "2026-11-03 12:01", "2026-11-04 11:59"):
        clock_at(moment)
        tasks.tick()

    assert told("missing") == ["Chief", "Planner CRL", "Planner HUT"]
    text = Letter.objects.get(to=rota.planners["HUT"].person).text.splitlines()
    assert text[1:] == ["Evening · Host 1/2", "Night · Lead 0/1", "Night · Host 0/1", "Morning · Host 0/1"]


def test_of_a_night_that_lacks_nobody_nothing_is_told(rota, planners, clock_at):
    Demand.objects.filter(shift__night__date=day(16)).update(minimum=0, wished=2, per_guests=None)

    clock_at("2026-11-03 12:00")
    tasks.tick()

    assert told("missing") == []


def test_letters_sent_long_ago_are_forgotten_and_unsent_ones_are_not(rota, clock_at):
    ana = rota.people["ana"]
    for key in ("sent", "later"):
        posting.write(key=key, to=ana, subject=lambda: "Rota", text=lambda: "Your shifts")
    Letter.objects.filter(key="sent").update(sent_at=clock.now())
    Letter.objects.filter(key="later").update(tries=posting.MOST_TRIES)

    kept = []
    for moment in ("2027-01-01 09:00", "2027-01-01 09:01"):
        clock_at(moment)
        house_tasks.tick()
        kept.append(sorted(Letter.objects.values_list("key", flat=True)))

    assert kept == [["later", "sent"], ["later"]]
