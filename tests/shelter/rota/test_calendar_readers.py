"""Feeds of shifts as three programs read them that do not know one another: icalendar, vobject and ical."""

from datetime import UTC, datetime, time
from random import Random

import pytest
import vobject
from django.test import Client
from django.urls import reverse
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from shelter import nights
from shelter.actions import planning as seasons
from shelter.models import OpeningPeriod, Person
from shelter.rota.actions import calendars, changing, shifts
from shelter.rota.models import Assignment, Plan, Shift, ShiftTemplate
from tests.conftest import BUILDER, instant
from tests.shelter.rota.conftest import MONDAY, SUNDAY, day

AUTUMN, SPRING = day(24, 10), day(27, 3)  # the nights in which the clocks change
HOMES = {"ana": "HUT", "ben": "HUT", "cleo": "HUT", "gus": "HUT", "dana": "CRL", "vera": "CRL", "emil": "IA"}
ROUTES = ("rota-calendar", "api:rota-calendar")


# What each program makes of it: (uid, begin, end, what it is called, where).


def by_icalendar(feed):
    calendar = Calendar.from_ical(feed)
    assert [calendar.errors, *(each.errors for each in calendar.walk("VEVENT"))] == [
        [] for _part in calendar.walk()
    ]
    return [
        (
            str(event["UID"]), event["DTSTART"].dt, event["DTEND"].dt, str(event["SUMMARY"]),
            str(event["LOCATION"]),
        )
        for event in calendar.walk("VEVENT")
    ]  # fmt: skip


def by_vobject(feed):
    calendar = vobject.readOne(feed.decode())
    return [
        (
            event.uid.value, event.dtstart.value, event.dtend.value, event.summary.value, event.location.value
        )
        for event in calendar.contents.get("vevent", ())
    ]  # fmt: skip


def by_ical(feed):
    return [
        (event.uid, event.dtstart, event.dtend, event.summary, event.location)
        for event in IcsCalendarStream.calendar_from_ics(feed.decode()).events
    ]


READERS = {"icalendar": by_icalendar, "vobject": by_vobject, "ical": by_ical}


def read(feed):
    """The events as all three read them, which must be the same, in the order of time."""
    found = {
        name: sorted(map(in_utc, reader(feed)), key=lambda event: event[1:])
        for name, reader in READERS.items()
    }
    assert found["vobject"] == found["icalendar"]
    assert found["ical"] == found["icalendar"]
    return found["icalendar"]


def in_utc(event):
    uid, start, end, *words = event
    assert start.utcoffset() is not None
    assert end.utcoffset() is not None
    return uid, start.astimezone(UTC), end.astimezone(UTC), *words


# Feeds.


def address_of(rota, name=None, code=None):
    if name is not None:
        return calendars.issue(person=rota.people[name], by=rota.himself(name))
    return calendars.issue(organisation=rota.organisations[code], by=rota.planners[code])


def answer_to(secret, route=ROUTES[0], language="en"):
    return Client(headers={"Accept-Language": language}).get(reverse(route, args=[secret]))


def feed_of(rota, name=None, code=None):
    answer = answer_to(address_of(rota, name, code))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return answer.content


def stand(plan, person, shift, skill):
    return Assignment.objects.create(
        plan=plan, shift=shift, skill=skill, person=person, start=shift.start, end=shift.end, stands=True
    )


@pytest.fixture
def scene(rota):
    """By chance who stands where in two weeks, no two shifts at once; and drafts that nobody is to read of."""

    def invented(seed):
        chance = Random(seed)
        for code in ("HUT", "CRL", "IA"):
            plan = rota.published(code, MONDAY, SUNDAY)
            everything = list(
                Shift.objects.filter(start__gte=instant("2026-11-16 00:00")).order_by("pk")[:40]
            )
            for name in (each for each, home in HOMES.items() if home == code):
                taken = []
                for shift in chance.sample(everything, chance.randint(4, 20)):
                    if not any(shift.start < end and start < shift.end for start, end in taken):
                        taken.append((shift.start, shift.end))
                        stand(plan, rota.people[name], shift, rota.skills["host"])
        rota.draft("HUT", MONDAY, SUNDAY).assignments.all().delete()
        rota.draft("CRL", day(30), day(13, 12), ("dana", day(1, 12)), ("vera", day(2, 12)))

    return invented


@pytest.fixture
def clock_changes(rota):
    """Gives Ana shifts of the nights in which the clocks change and of those beside them; one begins at 02:30."""
    seasons.add_period(
        service=OpeningPeriod.Service.NIGHT, first_date=day(20, 10), last_date=day(28, 10), by=BUILDER
    )
    shifts.set_template(
        code="watch", name="Watch", letter="W", starts=time(2, 30), ends=time(4), first_night=day(20, 10),
        demands=[{"skill": rota.skills["host"], "minimum": 1, "wished": 1}], by=BUILDER,
    )  # fmt: skip
    ShiftTemplate.objects.update(first_night=day(20, 10))
    shifts.lay_out(first_night=day(23, 10), last_night=day(26, 10), by=BUILDER)
    shifts.lay_out(first_night=day(26, 3), last_night=day(29, 3), by=BUILDER)
    plans = {
        AUTUMN: rota.published("HUT", day(20, 10), day(31, 10)), SPRING: rota.published("HUT", day(1, 3), day(31, 3)),
    }  # fmt: skip

    def given(night, template):
        stand(
            plans[AUTUMN if night.month == 10 else SPRING], rota.people["ana"], rota.shift(night, template),
            rota.skills["host"],
        )  # fmt: skip

    return given


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# The same events for all.


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ones_own_feed_has_each_shift_one_is_to_work(rota, scene, seed):
    scene(seed)
    for name in ("ana", "gus", "vera", "cleo"):
        rows = Assignment.objects.filter(stands=True, person=rota.people[name]).select_related(
            "shift__template"
        )
        expected = [
            (row.shift.start, row.shift.end, row.shift.template.name, "Findel")
            for row in rows.order_by("shift__start")
        ]

        found = read(feed_of(rota, name))

        assert [event[1:] for event in found] == expected
        assert len({event[0] for event in found}) == len(expected)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_teams_feed_has_each_shift_of_theirs_once(rota, scene, seed):
    scene(seed)
    for code in ("HUT", "CRL", "IA"):
        mine = [rota.people[name].pk for name, home in HOMES.items() if home == code]
        rows = Shift.objects.filter(assignments__stands=True, assignments__person__in=mine).distinct()
        expected = [
            (shift.start, shift.end, shift.template.name, "Findel")
            for shift in rows.select_related("template").order_by("start", "end")
        ]

        found = read(feed_of(rota, code=code))

        assert sorted(event[1:] for event in found) == sorted(expected)
        assert len({event[0] for event in found}) == len(expected)


def test_a_feed_without_any_shift_can_be_read_too(rota):
    assert (read(feed_of(rota, "ana")), read(feed_of(rota, code="IA"))) == ([], [])


@pytest.mark.parametrize(
    ("now", "number"),
    [
        ("2026-12-18 18:29", 1),  # thirty days after it began
        ("2026-12-18 18:31", 0), ("2026-05-02 20:30", 1), ("2026-05-02 17:30", 0),  # two hundred days before
    ],
)  # fmt: skip
def test_a_feed_reaches_a_month_back_and_a_season_ahead(rota, clock_at, now, number):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18)))
    clock_at(now)

    assert [len(read(feed_of(rota, "ana"))), len(read(feed_of(rota, code="HUT")))] == [number] * 2


def test_what_changed_after_publication_is_in_the_feeds(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18)), ("ana", day(20)))
    changing.correct(
        shift=rota.shift(day(18)), skill=rota.skills["host"], before=rota.people["ana"], after=rota.people["ben"],
        by=rota.planners["HUT"], reason="ill",
    )  # fmt: skip

    days = [
        [nights.local(event[1]).date() for event in read(feed)]
        for feed in (feed_of(rota, "ana"), feed_of(rota, "ben"), feed_of(rota, code="HUT"))
    ]

    assert days == [[day(20)], [day(18)], [day(18), day(20)]]


# The nights in which the clocks change.


@pytest.mark.parametrize(
    ("night", "template", "start", "end"),
    [
        (day(23, 10), "night", "2026-10-23 20:30", "2026-10-24 05:00"),
        (AUTUMN, "evening", "2026-10-24 16:30", "2026-10-24 22:30"),
        (AUTUMN, "night", "2026-10-24 20:30", "2026-10-25 06:00"),  # an hour longer
        (AUTUMN, "watch", "2026-10-25 00:30", "2026-10-25 03:00"),  # from the first half past two
        (AUTUMN, "morning", "2026-10-25 04:45", "2026-10-25 09:00"),
        (day(25, 10), "night", "2026-10-25 21:30", "2026-10-26 06:00"),
        (day(26, 3), "night", "2027-03-26 21:30", "2027-03-27 06:00"),
        (SPRING, "evening", "2027-03-27 17:30", "2027-03-27 23:30"),
        (SPRING, "night", "2027-03-27 21:30", "2027-03-28 05:00"),  # an hour shorter
        (SPRING, "watch", "2027-03-28 01:30", "2027-03-28 02:00"),  # there is no half past two
        (SPRING, "morning", "2027-03-28 03:45", "2027-03-28 08:00"),
        (day(28, 3), "night", "2027-03-28 20:30", "2027-03-29 05:00"),
    ],
)
def test_the_instants_are_right_when_the_clocks_change(rota, clock_changes, night, template, start, end):
    clock_changes(night, template)

    found = [read(feed_of(rota, "ana")), read(feed_of(rota, code="HUT"))]

    assert [[event[1:3] for event in feed] for feed in found] == [[(utc(start), utc(end))]] * 2


# Who an event is.


def uids(feed):
    return [event[0] for event in read(feed)]


def test_events_keep_who_they_are_from_one_reading_to_the_next(rota, scene, clock_at):
    scene(1)
    before = uids(feed_of(rota, "ana")), uids(feed_of(rota, code="HUT"))
    clock_at("2026-11-30 09:00")

    assert (uids(feed_of(rota, "ana")), uids(feed_of(rota, code="HUT"))) == before


def test_an_event_of_a_team_stays_the_same_whoever_works_and_in_the_next_version(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18)))
    before = uids(feed_of(rota, code="HUT"))
    changing.correct(
        shift=rota.shift(day(18)), skill=rota.skills["host"], before=rota.people["ana"], after=rota.people["ben"],
        by=rota.planners["HUT"], reason="ill",
    )  # fmt: skip
    changed = uids(feed_of(rota, code="HUT"))
    rota.publish(rota.draft("HUT"))

    assert (changed, uids(feed_of(rota, code="HUT")), len(before)) == (before, before, 1)


def test_ones_own_event_stays_the_same_in_the_next_version_of_the_plan(rota):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18)))
    before = read(feed_of(rota, "ana"))

    rota.publish(rota.draft("HUT"))

    assert read(feed_of(rota, "ana")) == before


# What is in it, and what not.


def plain_lines(feed):
    return feed.decode().replace("\r\n ", "").split("\r\n")


def test_nobody_is_named_in_a_feed(rota, scene):
    scene(2)

    feeds = [
        feed_of(rota, "ana"),
        feed_of(rota, "vera"),
        *(feed_of(rota, code=code) for code in ("HUT", "CRL", "IA")),
    ]

    known = [
        word
        for person in Person.objects.order_by("pk")
        for word in (person.name, person.username, person.email)
        if word
    ]
    for feed in feeds:
        text = "\n".join(plain_lines(feed)).casefold()
        assert [word for word in known if word.casefold() in text] == []
        properties = {line.split(":")[0].split(";")[0] for line in plain_lines(feed) if line}
        assert properties == {
            "BEGIN", "END", "VERSION", "PRODID", "X-WR-CALNAME", "REFRESH-INTERVAL", "UID", "DTSTAMP", "DTSTART",
            "DTEND", "SUMMARY", "LOCATION",
        }  # fmt: skip


def test_the_lines_are_as_long_and_end_as_the_standard_says(rota, scene):
    """RFC 5545, 3.1: at most 75 octets and CRLF; 3.6: a product and the version."""
    ShiftTemplate.objects.filter(code="night").update(name="Nuit à l’accueil, côté cour — " * 2)
    scene(3)

    feed = feed_of(rota, code="HUT")

    assert feed.endswith(b"END:VCALENDAR\r\n")
    assert feed.count(b"\n") == feed.count(b"\r") == feed.count(b"\r\n")
    assert max(map(len, feed.split(b"\r\n"))) <= 75
    for line in feed.split(b"\r\n"):
        line.decode()  # no sign is cut in two
    assert plain_lines(feed)[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Foyer//rota//FR"]
    assert {line[-1] for line in plain_lines(feed) if line.startswith("DTSTAMP:")} == {"Z"}


@pytest.mark.parametrize(
    "name",
    [
        "Soir, nuit; matin",
        'C:\\new\\"quoted": fin',
        "a\\nb \\, c \\; d\\",
        "one\ntwo",
        "END:VEVENT",
        "Gäscht & <b>Owend</b> 😀 محمد",
        "é" * 60,
        "x;y=z:1,2^n^'",
    ],
)
def test_signs_with_a_meaning_of_their_own_come_back_as_they_were(rota, name):
    ShiftTemplate.objects.filter(code="evening").update(name=name)
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18)), ("ana", day(20)))

    for feed in (feed_of(rota, "ana"), feed_of(rota, code="HUT")):
        assert [event[3] for event in read(feed)] == [name, name]


@pytest.mark.parametrize("between", ["\r\n", "\n", "\r", "\u2028"])
def test_no_name_brings_an_event_of_its_own(rota, between):
    lines = ["Evening", "END:VEVENT", "BEGIN:VEVENT", "UID:other", "SUMMARY:other"]
    ShiftTemplate.objects.filter(code="evening").update(name=between.join(lines))
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18)))

    feed = feed_of(rota, "ana")

    assert [str(event["UID"]) == "other" for event in Calendar.from_ical(feed).walk("VEVENT")] == [False]
    assert feed.count(b"\r\nBEGIN:VEVENT") == 1
    assert len(by_vobject(feed)) == len(by_ical(feed)) == 1


@pytest.mark.parametrize("language", ["fr", "de", "lb", "en"])
def test_a_feed_is_read_in_each_language(rota, language):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18)))

    answer = answer_to(address_of(rota, "ana"), language=language)

    assert len(read(answer.content)) == 1
    assert str(Calendar.from_ical(answer.content)["X-WR-CALNAME"]).startswith("Foyer")


# The address.


@pytest.mark.parametrize("route", ROUTES)
def test_whoever_has_the_address_reads_without_an_account_until_it_is_taken_back(rota, route):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18)))
    mine, teams = address_of(rota, "ana"), address_of(rota, code="HUT")
    before = [answer_to(secret, route).status_code for secret in (mine, teams)]

    calendars.revoke(person=rota.people["ana"], by=rota.himself("ana"))
    after = [answer_to(secret, route).status_code for secret in (mine, teams)]
    calendars.revoke(organisation=rota.organisations["HUT"], by=rota.planners["HUT"])

    assert (before, after) == ([200, 200], [404, 200])
    assert [answer_to(secret, route).status_code for secret in (mine, teams)] == [404, 404]


@pytest.mark.parametrize("route", ROUTES)
def test_a_new_address_ends_the_one_before_and_no_other_text_opens_any(rota, route):
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(18)))
    first, second = address_of(rota, "ana"), address_of(rota, "ana")
    wrong = [first, second[:-1], calendars.digest_of(second), "x", f"{Plan.objects.get().pk}"]

    answers = [answer_to(secret, route) for secret in wrong]

    assert [answer.status_code for answer in answers] == [404] * len(wrong)
    assert [b"BEGIN:VCALENDAR" in answer.content for answer in answers] == [False] * len(wrong)
    assert answer_to(second, route).status_code == 200


def test_both_addresses_give_the_same_events(rota, scene):
    scene(1)
    secret = address_of(rota, "ana")

    one, other = (read(answer_to(secret, route).content) for route in ROUTES)

    assert one == other != []
