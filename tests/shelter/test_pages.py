"""The pages of the ground floor: season, house, settings, team, and what stands on every page."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

from shelter import clock, queries
from shelter.actions import housekeeping, stepping, team
from shelter.models import (
    Activation,
    Bed,
    Closure,
    Dormitory,
    LogEntry,
    Membership,
    Night,
    OpeningPeriod,
    Person,
    Role,
    Setting,
    Token,
)
from shelter.standing import bed_on
from tests.conftest import BUILDER, PASSWORD, TONIGHT
from tests.harness import count_queries, same_queries_for
from tests.plain_browser import PlainBrowser
from tests.transactions import house_is_outermost

TOMORROW = TONIGHT + timedelta(days=1)


@pytest.fixture(autouse=True)
def outermost():
    with house_is_outermost():
        yield


@pytest.fixture
def screen(night, people):
    """The coordinator's screen without scripts; `screen("admin")` is the administrator's."""

    def of(role="coordinator", language="en"):
        return PlainBrowser(people[Role(role)], language)

    return of


# The way in.


@pytest.mark.parametrize(
    ("role", "room"),
    [
        ("field_worker", "desk"),
        ("night_worker", "door"),
        ("night_lead", "door"),
        ("coordinator", "season"),
        ("admin", "team"),
        ("ministry", "season"),
        ("volunteer", "season"),
    ],
)
def test_everybody_lands_where_their_evening_begins(screen, role, room):
    assert screen(role).open("/").at == reverse(room)


def test_signing_in_and_out(night, people):
    Person.objects.filter(username="night_lead").update(language="en")
    browser = PlainBrowser().open(reverse("sign-in"))

    browser.press("Sign in", username="night_lead", password=PASSWORD)
    inside = (browser.at, browser.sees("Night_Lead"))
    browser.press("Sign out")

    assert inside == (reverse("door"), True)
    assert (browser.at, browser.open(reverse("door")).at) == (reverse("sign-in"), "/sign-in/?next=/door/")


def test_a_wrong_password_keeps_the_name_and_says_no_more_than_it_must(night, people):
    browser = PlainBrowser().open(reverse("sign-in"))

    told = [
        browser.press("Sign in", username=username, password="wrong").sees("do not fit together")
        for username in ("night_lead", "nobody")
    ]

    assert (browser.status, told, browser.answers("Sign in")["username"]) == (422, [True, True], ["nobody"])


def test_after_eight_wrong_passwords_the_door_of_this_account_stays_shut_for_a_while(night, people):
    browser = PlainBrowser().open(reverse("sign-in"))

    statuses = [
        browser.press("Sign in", username="night_lead", password="wrong").status for _time in range(7)
    ]
    locked = browser.press("Sign in", username="night_lead", password="wrong")

    assert (statuses, locked.status, locked.sees("Too many attempts")) == ([422] * 7, 429, True)


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"]
)
def test_nobody_is_led_elsewhere_after_signing_in_or_choosing_a_language(night, people, target):
    client = Client()

    chosen = client.post(reverse("language"), {"language": "en", "next": target})
    signed_in = client.post(
        reverse("sign-in"), {"username": "night_lead", "password": PASSWORD, "next": target}
    )

    assert (chosen.url, signed_in.url) == ("/", "/")


def test_a_fresh_house_opens_its_pages_before_anything_stands_in_it(people, clock_at):
    clock_at("2026-10-01 09:00")
    coordinator, admin = PlainBrowser(people[Role.COORDINATOR]), PlainBrowser(people[Role.ADMIN])

    told = [coordinator.open(reverse(name)).status for name in ("season", "house", "settings", "help")]

    assert (told, admin.open(reverse("team")).status) == ([200] * 4, 200)


def test_alive_and_ready(db):
    client = Client()
    clock.leave_mark()

    alive, ready = client.get("/healthz"), client.get("/readyz")

    assert (alive.status_code, alive.content) == (200, b"ok")
    assert (ready.status_code, ready.json()) == (200, {"database": True, "migrations": True, "tick": True})


def test_not_ready_when_the_minute_tick_has_stopped(db, settings, tmp_path, expected_errors):
    settings.DATA_DIR = tmp_path

    ready = Client().get("/readyz")

    assert (ready.status_code, ready.json()["tick"]) == (503, False)


# What stands on every page.


def test_every_page_carries_the_house_policy(screen, client_as):
    answer = client_as("coordinator").get(reverse("season"))

    policy = dict(
        part.strip().split(" ", 1)
        for part in answer.headers["Content-Security-Policy"].split(";")
        if part.strip()
    )
    assert policy == {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "style-src": "'self'",
        "script-src": "'self'",
        "object-src": "'none'",
        "frame-ancestors": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
    }
    kept = ("X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy", "Content-Language")
    assert [answer.headers[name] for name in kept] == ["DENY", "nosniff", "same-origin", "fr"]


def test_no_page_holds_a_script_or_a_style_of_its_own(screen, client_as):
    client = client_as("coordinator")
    addresses = [
        "season",
        "house",
        "settings",
        "door",
        "desk",
        "board",
        "presence",
        "search",
        "guest-new",
        "help",
    ]

    pages = {name: client.get(reverse(name)).content.decode() for name in addresses}

    inline = (" style=", "<style", "<script>", " onclick=", "javascript:")
    assert {name: mark for name, page in pages.items() for mark in inline if mark in page} == {}


def test_the_session_cookie_is_no_business_of_scripts_or_other_sites(night, people):
    client = Client()

    client.post(reverse("sign-in"), {"username": "night_lead", "password": PASSWORD})

    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 14 * 3600)


@pytest.mark.parametrize(("secure", "kept"), [(False, ""), (True, True)])
def test_language_and_theme_are_kept_on_the_device_for_a_year(db, secure, kept):
    client = Client()

    client.post(reverse("language"), {"language": "en", "next": "/help/"}, secure=secure)
    client.post(reverse("theme"), {"theme": "dark", "next": "/help/"}, secure=secure)

    found = [client.cookies[name] for name in ("django_language", "theme")]
    assert [cookie.value for cookie in found] == ["en", "dark"]
    assert [
        (cookie["max-age"], cookie["httponly"], cookie["samesite"], cookie["secure"]) for cookie in found
    ] == [(365 * 24 * 3600, True, "Lax", kept)] * 2


def test_a_language_and_a_theme_that_do_not_exist_are_not_kept(db):
    client = Client()

    client.post(reverse("language"), {"language": "tlh"})
    client.post(reverse("theme"), {"theme": "neon"})

    assert sorted(client.cookies) == []


@pytest.mark.parametrize(
    ("cookie", "accepted", "spoken"),
    [
        ("", "", "fr"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "tlh", "fr"),
        ("fr", "en", "fr"),
        ("tlh", "en", "en"),
    ],
)
def test_a_page_speaks_the_language_chosen_then_the_one_asked_for(db, cookie, accepted, spoken):
    client = Client()
    if cookie:
        client.cookies["django_language"] = cookie

    answer = client.get(reverse("help"), headers={"Accept-Language": accepted} if accepted else {})

    assert (answer.headers["Content-Language"], f'<html lang="{spoken}"' in answer.content.decode()) == (
        spoken,
        True,
    )


def test_signing_in_brings_the_language_of_the_colleague(night, people):
    Person.objects.filter(username="night_lead").update(language="en")
    client = Client()

    client.post(reverse("sign-in"), {"username": "night_lead", "password": PASSWORD})

    assert client.cookies["django_language"].value == "en"


@pytest.mark.parametrize(
    ("moment", "chosen", "theme"),
    [
        ("2026-11-21 19:59", "", "light"),
        ("2026-11-21 20:00", "", "dark"),
        ("2026-11-22 06:59", "auto", "dark"),
        ("2026-11-22 07:00", "auto", "light"),
        ("2026-11-22 12:00", "dark", "dark"),
        ("2026-11-22 02:00", "light", "light"),
    ],
)
def test_pages_are_dark_at_night_unless_somebody_chose_otherwise(db, clock_at, moment, chosen, theme):
    clock_at(moment)
    client = Client()
    if chosen:
        client.cookies["theme"] = chosen

    assert f'data-theme="{theme}"' in client.get(reverse("help")).content.decode()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_not_there_and_what_is_not_yours_is_said_in_words(screen, language):
    browser = screen("volunteer", language)

    with override(language):
        words = [gettext("Not found"), gettext("Not yours to open")]

    told = [
        (browser.open(path).status, browser.sees(word))
        for path, word in zip(["/attic/", reverse("team")], words, strict=True)
    ]

    assert told == [(404, True), (403, True)]


# The season.


def test_a_period_is_opened_and_its_nights_are_planned(screen):
    browser = screen().open(reverse("season"))

    browser.press(
        "Open this period",
        service="night",
        kind="reopening",
        first_date="2027-04-20",
        last_date="2027-04-22",
        reason="cold spell",
    )

    assert (browser.at, OpeningPeriod.objects.latest("id").reason) == (reverse("season"), "cold spell")
    assert Night.objects.filter(date__gte="2027-04-20").count() == 3


def test_a_period_that_overlaps_is_sent_back_with_what_was_typed(screen):
    browser = screen().open(reverse("season"))

    browser.press(
        "Open this period", service="night", first_date="2026-12-01", last_date="2026-12-02", reason="again"
    )

    assert (browser.status, browser.sees("These dates overlap another opening period")) == (422, True)
    assert browser.answers("Open this period")["reason"] == ["again"]


def test_the_night_is_moved_on_and_back_from_its_log(screen, night):
    browser = screen("night_lead").open(reverse("night-log", args=[TONIGHT]))

    browser.press("Move on: doors closed")
    closed = Night.objects.get(pk=night.pk).state
    browser.press("Move back", to="doors_open", reason="Bus was late")

    assert (closed, Night.objects.get(pk=night.pk).state) == ("doors_closed", "doors_open")
    assert (browser.at, browser.sees("Bus was late")) == (reverse("night-log", args=[TONIGHT]), True)


def test_back_without_a_reason_is_refused_and_nothing_changes(screen, night):
    browser = screen("night_lead").open(reverse("night-log", args=[TONIGHT]))

    browser.press("Move back", to="open", reason="  ")

    assert (browser.status, browser.sees("This step needs a written reason")) == (422, True)
    assert (browser.sees("Nothing was changed"), Night.objects.get(pk=night.pk).state) == (True, "doors_open")


def test_who_may_only_read_sees_no_buttons(screen):
    worker = screen("worker")

    told = {
        name: worker.open(reverse(name)).may_press(button)
        for name, button in (
            ("season", "Open this period"),
            ("house", "Add these beds"),
            ("settings", "Set from that night on"),
        )
    }

    assert told == {"season": False, "house": False, "settings": False}


def test_more_nights_do_not_mean_more_queries(screen, client_as, by):
    client, lead = client_as("coordinator"), by("coordinator")

    def run(first, last):
        for row in Night.objects.filter(date__gte=first, date__lte=last):
            stepping.step(night=row, to="closed", by=lead)

    run("2026-11-15", "2026-11-16")
    client.get(reverse("season"))
    with count_queries() as few:
        client.get(reverse("season"))
    run("2026-11-17", "2026-11-20")
    with count_queries() as many:
        client.get(reverse("season"))

    same_queries_for(few, many)


# The house.


def test_beds_are_added_and_stand_from_that_night_on(screen):
    browser = screen().open(reverse("house"))

    browser.press(
        "Add these beds",
        code="MC",
        name="Men C",
        zone="men",
        number="4",
        levels="2",
        layer="nominal",
        first_night=TOMORROW.isoformat(),
    )

    beds = list(Bed.objects.filter(label__startswith="MC-").values_list("label", "level"))
    assert (browser.at, browser.status) == (reverse("house"), 200)
    assert beds == [("MC-01", "bottom"), ("MC-02", "top"), ("MC-03", "bottom"), ("MC-04", "top")]
    assert [bed_on(day, Bed.objects.get(label="MC-01").pk) is None for day in (TONIGHT, TOMORROW)] == [
        True,
        False,
    ]


def test_more_beds_are_labelled_on_from_the_last(screen, house):
    browser = screen().open(reverse("house"))
    answers = {
        "code": "MC",
        "zone": "men",
        "levels": "1",
        "layer": "overflow",
        "first_night": TONIGHT.isoformat(),
    }

    browser.press("Add these beds", number="2", **answers)
    browser.press("Add these beds", number="1", **answers)

    beds = Bed.objects.filter(label__startswith="MC-").values_list("label", "opening_order")
    assert list(beds) == [("MC-01", 1), ("MC-02", 2), ("MC-03", 3)]
    assert Dormitory.objects.filter(code="MC").count() == 1


def test_extra_places_are_opened(screen):
    browser = screen().open(reverse("house"))

    browser.press(
        "Open these places",
        layer="extension",
        number="2",
        first_night=TONIGHT.isoformat(),
        reason="cold",
        approval="MIN-7",
    )

    assert (browser.sees("MIN-7"), Activation.objects.get().number) == (True, 2)
    assert queries.capacity_of(queries.board_of(Night.objects.get(date=TONIGHT))).installed == 22


@pytest.mark.parametrize(
    ("change", "answers", "told"),
    [
        ("zone", {"zone": "women"}, ("women", None, "Men B")),
        ("close", {"closed_for": "pests"}, ("men", "pests", "Men B")),
        ("split", {"beds": "MB1, MB2", "target": "MA"}, ("men", None, "Men A")),
    ],
)
def test_a_dormitory_is_changed_closed_or_split(screen, house, change, answers, told):
    rooms = house.dormitories
    browser = screen().open(reverse("house"))
    if "target" in answers:
        answers = answers | {"target": str(rooms["MA"].pk)}

    browser.press(
        "Make this change",
        dormitory=str(rooms["MB"].pk),
        change=change,
        first_night=TONIGHT.isoformat(),
        **answers,
    )

    bed = bed_on(TONIGHT, house.beds["MB1"].pk)
    assert (browser.status, (bed.zone, bed.closed_for, bed.dormitory)) == (200, told)


@pytest.mark.parametrize(
    ("change", "answers", "sentence"),
    [
        ("zone", {"zone": ""}, "This is needed for the change you chose"),
        ("split", {"beds": "MB1 ATTIC1", "target": "MA"}, "Not in this dormitory: ATTIC1"),
        ("close", {"closed_for": "pests", "first_night": "2026-11-20"}, "must not lie in the past"),
    ],
)
def test_a_change_that_cannot_be_made_is_sent_back_in_words(screen, house, change, answers, sentence):
    rooms = house.dormitories
    if "target" in answers:
        answers = answers | {"target": str(rooms["MA"].pk)}
    asked = {"dormitory": str(rooms["MB"].pk), "change": change, "first_night": TONIGHT.isoformat()}
    lines = LogEntry.objects.count()

    browser = screen().open(reverse("house")).press("Make this change", **(asked | answers))

    assert (browser.status, browser.sees(sentence), LogEntry.objects.count()) == (422, True, lines)
    assert browser.answers("Make this change")["change"] == [change]


def test_a_bed_out_of_service_is_put_back_from_the_page_of_the_house(screen, house):
    housekeeping.close_bed(
        bed=house.beds["MA1"], reason="repair", by=BUILDER, first_night=TONIGHT, note="slats"
    )
    browser = screen("night_lead").open(reverse("house"))
    seen = browser.sees("slats")

    browser.press("Back in service")

    assert (seen, browser.at, Closure.objects.on(TONIGHT).count()) == (True, reverse("house"), 0)


# Settings.


def test_a_setting_is_changed_from_a_night_on_with_its_reason(screen):
    browser = screen().open(reverse("settings"))

    browser.press(
        "Set from that night on",
        key="last_arrival",
        value="23:30",
        first_night=TOMORROW.isoformat(),
        reason="Bus comes later",
    )

    in_force = [queries.settings_for(day).last_arrival.isoformat("minutes") for day in (TONIGHT, TOMORROW)]
    assert (in_force, browser.sees("Bus comes later")) == (["23:00", "23:30"], True)


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("last_arrival", "25:00", "This value does not fit the setting"),
        ("last_arrival", "19:00", "The times of an evening must follow one another"),
        ("occupancy_alert", "101", "This value does not fit the setting"),
        ("age_bands", "30, 20", "This value does not fit the setting"),
    ],
)
def test_a_setting_that_cannot_be_is_sent_back_in_words(screen, key, value, sentence):
    browser = screen().open(reverse("settings"))

    browser.press("Set from that night on", key=key, value=value, reason="test")

    held = browser.answers("Set from that night on")
    assert (browser.status, browser.sees(sentence), Setting.objects.count()) == (422, True, 0)
    assert (held["value"], held["key"]) == ([value], [key])


# The team.


def test_a_colleague_is_added_with_a_role(screen):
    browser = screen("admin").open(reverse("team"))

    browser.press(
        "Add", username="marie", name="Marie", password=PASSWORD, organisation="CRL", role="volunteer"
    )

    added = Person.objects.get(username="marie")
    assert (browser.at, browser.sees("Marie")) == (reverse("team-person", args=[added.pk]), True)
    assert list(added.memberships.values_list("organisation__code", "role")) == [("CRL", "volunteer")]


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"username": "WORKER"}, "This user name is taken"),
        ({"password": "marie"}, "too short"),
        ({"role": "king"}, "Select a valid choice"),
    ],
)
def test_a_colleague_who_cannot_be_added_is_sent_back_in_words(screen, answers, sentence):
    usual = {
        "username": "marie",
        "name": "Marie",
        "password": PASSWORD,
        "organisation": "CRL",
        "role": "worker",
    }
    people = Person.objects.count()

    browser = screen("admin").open(reverse("team")).press("Add", **(usual | answers))

    held = browser.answers("Add")
    assert (browser.status, browser.sees(sentence), Person.objects.count()) == (422, True, people)
    assert (held["name"], held["password"]) == (["Marie"], [""])


def test_a_role_is_given_and_ended(screen, people, house):
    worker = people[Role.WORKER]
    browser = screen("admin").open(reverse("team-person", args=[worker.pk]))

    browser.press("Give this role", organisation=str(house.organisations["CRL"].pk), role="night_worker")
    given = set(Membership.objects.now().filter(person=worker).values_list("role", flat=True))
    browser.press("End")
    browser.press("End")

    assert given == {"worker", "night_worker"}
    assert Membership.objects.on(TOMORROW).filter(person=worker).count() == 0


def test_a_token_is_shown_once_and_revoked(screen, people):
    browser = screen("admin").open(reverse("team-person", args=[people[Role.WORKER].pk]))

    browser.press("Issue a token", device="Tablet at the door")
    shown = browser.sees("foyer_")
    browser.open(browser.at)
    again = (browser.sees("foyer_"), browser.sees("Tablet at the door"))
    browser.press("Revoke")

    assert (shown, again) == (True, (False, True))
    assert Token.objects.filter(revoked_at__isnull=True).count() == 0


def test_an_account_is_closed_and_opened_again(screen, people):
    worker = people[Role.WORKER]
    browser = screen("admin").open(reverse("team-person", args=[worker.pk]))

    told = []
    for button in ("Close the account", "Re-open the account"):
        browser.press(button)
        told.append(Person.objects.get(pk=worker.pk).is_active)

    assert told == [False, True]


def test_a_new_password_opens_and_a_weak_one_is_refused(screen, people):
    worker = people[Role.WORKER]
    browser = screen("admin").open(reverse("team-person", args=[worker.pk]))

    weak = browser.press("Set password", password="1234567890")
    refused = (weak.status, weak.sees("too common") or weak.sees("entirely numeric"))
    browser.press("Set password", password="a second lantern")

    assert refused == (422, True)
    assert Person.objects.get(pk=worker.pk).check_password("a second lantern") is True


def test_more_colleagues_do_not_mean_more_queries(screen, house, client_as):
    client = client_as("admin")

    def join(number):
        added = team.add_person(username=f"c{number}", name=f"C {number}", password=PASSWORD, by=BUILDER)
        team.give_role(
            person=added,
            organisation=house.organisations["CRL"],
            role="worker",
            first_day=TONIGHT,
            by=BUILDER,
        )

    join(0)
    client.get(reverse("team"))
    with count_queries() as few:
        client.get(reverse("team"))
    for number in range(1, 6):
        join(number)
    with count_queries() as many:
        client.get(reverse("team"))

    same_queries_for(few, many)


def test_more_settings_and_closures_do_not_mean_more_queries(screen, house, client_as):
    client, browser = client_as("coordinator"), screen()

    def change(number, bed):
        browser.open(reverse("settings")).press(
            "Set from that night on", key="occupancy_alert", value=str(number), reason="test"
        )
        housekeeping.close_bed(bed=house.beds[bed], reason="repair", by=BUILDER, first_night=TONIGHT)

    change(70, "MA1")
    paths = [reverse("settings"), reverse("house")]
    for path in paths:
        client.get(path)
    with count_queries() as few:
        assert [client.get(path).status_code for path in paths] == [200, 200]
    for number, bed in ((71, "MA2"), (72, "MA3"), (73, "MB1")):
        change(number, bed)
    with count_queries() as many:
        assert [client.get(path).status_code for path in paths] == [200, 200]

    same_queries_for(few, many)
