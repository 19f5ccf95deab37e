"""Reports: promised from the calendar, frozen once, put on paper, let go, sent once to each, and corrected aloud.

The winter of most tests has eight nights, from Monday the 16th to Monday the 23rd of November, that of some only the
weekend between; twelve men sleep in twenty beds unless a test says otherwise. Papers are short texts here, but where a
test asks for `real_papers`.
"""

import json
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count
from random import Random
from smtplib import SMTPException, SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import override

from reporting import dataset, errors, indicators, paper, secrecy, tasks
from reporting.actions import freezing, noting, rendering, scheduling, sending, watching
from reporting.models import (
    DataSet,
    DefinitionsVersion,
    Delivery,
    EmptyBeds,
    Paper,
    Period,
    Recipient,
    Remark,
    Report,
)
from reporting.queries import measuring, reports
from reporting.secrecy import WITHHELD
from reporting.secrecy.tables import TRAITS
from reporting.telling.kinds import WHY
from shelter import clock
from shelter.actions import closing, merging, planning, posting, stepping
from shelter.models import BedNight, LogEntry, Night, Registration, Setting
from shelter.queries import settings_for
from tests.conftest import BUILDER, instant
from tests.reporting.conftest import DAY, LAST, NIGHT, SATURDAY, SUNDAY, WEEK, WEEKEND, at, step

MINUTE = timedelta(minutes=1)
KEY, WEEK_KEY, MONTH_KEY, SEASON_KEY = "2026-11-16", "2026-W47", "2026-11", "2026/27"
MONDAY = "2026-11-23 10:00"  # when the report of the week is due
AFTER_ALL = "2026-12-08 10:00"  # when that of a season is that ends with this week


class Killed(BaseException):
    """The process died here."""


# The winter, and what happens in it.


@pytest.fixture(autouse=True)
def papers(request, monkeypatch):
    """Short papers, which are drawn at once; the real ones where a test asks for them."""
    if "real_papers" not in request.fixturenames:
        monkeypatch.setattr(
            paper, "report_pdf", lambda _data, digest, language: f"%PDF {language} {digest}".encode()
        )


@pytest.fixture
def real_papers():
    """The papers are drawn as in the house."""


@pytest.fixture
def reader(db):
    """Somebody who receives reports: `reader("weekly", "a@state.example", language="de")`."""

    def added(kind="flash", email="reader@state.example", language="fr", **more):
        return sending.add_recipient(
            kind=kind, name="Reader", email=email, language=language, by=BUILDER, **more
        )

    return added


@pytest.fixture
def server(monkeypatch):
    """The mail server: `server(SMTPException("451"))` breaks it, `server(None)` mends it."""
    trouble, send = [None], EmailMessage.send

    def answering(message):
        if trouble[0] is not None:
            raise trouble[0]
        return send(message)

    def made(error):
        trouble[0] = error

    monkeypatch.setattr(EmailMessage, "send", answering)
    return made


def morning(day, local="09:30"):
    """A local time of the morning on which a night ends."""
    return f"{day + DAY} {local}"


def period_of(kind, key):
    return Period.objects.get(kind=kind, key=key)


def report_of(kind="flash", key=KEY, revision=1):
    return Report.objects.select_related("period").get(period=period_of(kind, key), revision=revision)


def states(kind="flash", key=KEY):
    """Of a period the state of each revision, in their order."""
    return list(
        Report.objects.filter(period__kind=kind, period__key=key)
        .order_by("revision")
        .values_list("state", flat=True)
    )


def data_of(report, audience="ministry"):
    return json.loads(DataSet.objects.get(report=report, audience=audience).text)


def everything_kept():
    """All that reports have left behind, to the byte."""
    return (
        list(Report.objects.order_by("id").values_list("id", "revision", "state")),
        list(DataSet.objects.order_by("id").values_list("id", "text", "sha256")),
        [(*row[:-1], bytes(row[-1])) for row in Paper.objects.order_by("id").values_list("id", "content")],
        list(Delivery.objects.order_by("id").values_list("id", "sent_at", "tries")),
        ids_sent(),
    )


def bytes_of(report):
    return (
        list(DataSet.objects.filter(report=report).order_by("id").values_list("text", "sha256")),
        [
            (form, language, bytes(content), digest)
            for form, language, content, digest in Paper.objects.filter(data_set__report=report)
            .order_by("id")
            .values_list("form", "language", "content", "sha256")
        ],
    )


def calendar():
    return [
        (*row, list(Night.objects.filter(report_periods=row[0]).order_by("date").values_list("date")))
        for row in Period.objects.order_by("id").values_list(
            "id", "kind", "key", "first", "last", "due_at", "settled_at"
        )
    ]


def ids_sent():
    return [message.extra_headers["Message-ID"] for message in mail.outbox]


def correct(day, by, clock_at, moment):
    """In a sealed night somebody turns out not to have been here; it is closed and sealed again."""
    clock_at(moment)
    lead, night = by("coordinator"), Night.objects.get(date=day)
    stepping.step(night=night, to=Night.State.DOORS_CLOSED, by=lead, reason="a bed was empty")
    row = BedNight.objects.filter(night=night, state="left").order_by("id").first()
    closing.was_not_here(bed_night=row, by=lead, reason="nobody had seen him")
    stepping.step(night=night, to=Night.State.DEFINITIVE, by=lead)


# What a season promises.


def utc(*moment):
    return datetime(*moment, tzinfo=UTC)


DUE = [
    ("flash", "2026-11-15", utc(2026, 11, 16, 8, 30), 1),
    ("flash", "2027-03-26", utc(2027, 3, 27, 8, 30), 1),
    ("flash", "2027-03-27", utc(2027, 3, 28, 7, 30), 1),  # the clocks went forward in between
    ("flash", "2027-04-15", utc(2027, 4, 16, 7, 30), 1),
    ("weekly", "2026-W46", utc(2026, 11, 16, 9), 1),
    ("weekly", "2026-W53", utc(2027, 1, 4, 9), 7),
    ("weekly", "2027-W15", utc(2027, 4, 19, 8), 4),
    ("monthly", "2026-11", utc(2026, 12, 3, 9), 16),
    ("monthly", "2026-12", utc(2027, 1, 6, 9), 31),  # New Year and a week-end
    ("monthly", "2027-04", utc(2027, 5, 5, 8), 15),
    ("season", "2026/27", utc(2027, 5, 1, 8), 152),
]


def test_a_season_promises_every_report_from_the_start(season, clock_at):
    """Each is due by the clock on the wall, and the instant is in UTC."""
    clock_at("2026-10-01 09:00")
    scheduling.settle()

    numbers = {kind: Period.objects.filter(kind=kind).count() for kind in Period.Kind.values}
    assert numbers == {"flash": 152, "weekly": 23, "monthly": 6, "season": 1, "note": 0, "alert": 0}
    found = {(row.kind, row.key): row for row in Period.objects.all()}
    assert [
        (kind, key, found[kind, key].due_at, found[kind, key].nights.count()) for kind, key, *_rest in DUE
    ] == DUE
    assert {row.due_at.utcoffset() for row in found.values()} == {timedelta(0)}
    assert {row.settled_at for row in found.values()} == {clock.now()}
    assert (Report.objects.count(), list(reports.due())) == (0, [])


def test_settling_again_changes_nothing(winter, clock_at):
    before = calendar()
    clock_at("2026-11-02 09:00")

    scheduling.settle()
    scheduling.settle()
    scheduling._settle(winter)  # also when it is not seen that there is nothing to do
    tasks.tick()

    assert calendar() == before


def test_settling_that_was_interrupted_is_done_anew(house, clock_at, monkeypatch):
    clock_at("2026-11-01 09:00")
    planning.add_period(service="night", first_date=NIGHT, last_date=LAST, by=BUILDER)
    die(monkeypatch, Period.objects, "get_or_create", 5)
    with pytest.raises(Killed):
        tasks.tick()
    assert Period.objects.count() == 0

    monkeypatch.undo()
    scheduling.settle()

    assert (Period.objects.count(), period_of("season", SEASON_KEY).nights.count()) == (12, 8)


def test_an_extension_adds_its_nights_and_moves_what_is_due(winter, clock_at):
    before = {(row.kind, row.key): row for row in Period.objects.all()}
    clock_at("2026-11-20 12:00")
    planning.add_period(
        service="night", first_date=LAST + DAY, last_date=date(2026, 12, 2), by=BUILDER, kind="extension"
    )
    scheduling.settle()

    after = {(row.kind, row.key): row for row in Period.objects.all()}
    assert {name: after[name].pk for name in before} == {name: row.pk for name, row in before.items()}
    numbers = {kind: Period.objects.filter(kind=kind).count() for kind in Period.ON_TIME}
    assert numbers == {"flash": 17, "weekly": 3, "monthly": 2, "season": 1}
    grown = {name: (row.nights.count(), row.last, row.due_at) for name, row in after.items()}
    assert grown["weekly", "2026-W48"] == (7, date(2026, 11, 29), utc(2026, 11, 30, 9))
    assert grown["monthly", MONTH_KEY] == (15, date(2026, 11, 30), utc(2026, 12, 3, 9))
    assert grown["season", SEASON_KEY] == (17, date(2026, 12, 2), utc(2026, 12, 18, 9))
    assert grown["weekly", WEEK_KEY] == (7, WEEK[-1], utc(2026, 11, 23, 9))
    assert after["season", SEASON_KEY].settled_at == before["season", SEASON_KEY].settled_at
    settled = calendar()
    scheduling.settle()
    assert calendar() == settled


def test_a_season_that_goes_on_after_its_report_is_told_again(weekend, lived, by, tick_at, clock_at):
    lived(*WEEKEND, men=9, state="definitive")
    tick_at(AFTER_ALL, "2026-12-08 10:30")
    sending.approve(report=report_of("season", SEASON_KEY), by=by("coordinator"))
    later = [date(2026, 12, 12), date(2026, 12, 13)]
    clock_at("2026-12-11 12:00")
    planning.add_period(
        service="night", first_date=later[0], last_date=later[1], by=BUILDER, kind="extension"
    )
    tick_at("2026-12-11 12:01")
    lived(*later, men=11, state="definitive")
    due = period_of("season", SEASON_KEY).due_at

    tick_at("2026-12-14 10:30")
    assert states("season", SEASON_KEY) == ["sent"]
    tick_at(due)
    assert (due, states("season", SEASON_KEY)) == (utc(2026, 12, 29, 9), ["sent", "rendered"])
    sending.approve(report=report_of("season", SEASON_KEY, 2), by=by("coordinator"))
    tick_at(due + timedelta(minutes=1))

    assert states("season", SEASON_KEY) == ["superseded", "sent"]
    told = data_of(report_of("season", SEASON_KEY, 2))
    assert (told["figures"]["nights_open"], told["figures"]["bed_nights"]) == (4, 2 * 9 + 2 * 11)
    assert ["figures/bed_nights", 18, 40] in told["changed"]


def test_nights_between_two_openings_are_in_no_report(winter, clock_at):
    clock_at("2026-11-20 12:00")
    planning.add_period(
        service="night", first_date=date(2026, 11, 28), last_date=date(2026, 11, 29), by=BUILDER
    )
    scheduling.settle()

    week = period_of("weekly", "2026-W48")
    assert list(week.nights.order_by("date").values_list("date", flat=True)) == [
        date(2026, 11, 23), date(2026, 11, 28), date(2026, 11, 29),
    ]  # fmt: skip
    assert not Period.objects.filter(kind="flash", key="2026-11-25").exists()


def test_a_second_season_has_reports_of_its_own(winter, clock_at):
    before = calendar()
    clock_at("2026-11-20 12:00")
    other = planning.add_period(
        service="night", first_date=date(2027, 11, 15), last_date=date(2027, 11, 16), by=BUILDER
    ).season
    scheduling.settle()

    assert calendar()[: len(before)] == before
    assert sorted(other.report_periods.values_list("kind", "key")) == [
        ("flash", "2027-11-15"), ("flash", "2027-11-16"), ("monthly", "2027-11"), ("season", "2027/28"),
        ("weekly", "2027-W46"),
    ]  # fmt: skip


@pytest.fixture
def long_ago(house, lived, clock_at):
    """A season that was entered when it was long over, its nights lived and sealed."""
    clock_at("2027-06-01 12:00")
    season = planning.add_period(service="night", first_date=NIGHT, last_date=LAST, by=BUILDER).season
    lived(*WEEK, LAST, state="definitive")
    return season


def test_an_old_season_promises_nothing(long_ago, reader, tick_at):
    reader()
    tick_at("2027-06-01 12:00", "2027-06-01 12:01", "2027-06-02 12:00")

    assert Period.objects.filter(season=long_ago).count() == 12
    assert (list(reports.due()), list(reports.overdue())) == ([], [])
    assert (Report.objects.count(), mail.outbox) == (0, [])


@pytest.mark.parametrize(("kind", "key"), [("flash", KEY), ("weekly", WEEK_KEY), ("monthly", MONTH_KEY)])
def test_a_report_of_an_old_season_can_be_asked_for(long_ago, by, tick_at, kind, key):
    tick_at("2027-06-01 12:00")
    period = period_of(kind, key)

    asked = [scheduling.ask_for(period=period, by=by("coordinator")) for _time in range(2)]
    tick_at("2027-06-01 12:01", "2027-06-01 12:02")

    assert asked[0] == asked[1] == Report.objects.get()
    assert (states(kind, key), list(reports.overdue())) == (["sent"], [])
    assert data_of(asked[0])["figures"]["bed_nights"] == 12 * period.nights.count()


def test_a_report_nobody_was_promised_is_not_late(long_ago, by, tick_at):
    tick_at("2027-06-01 12:00")
    scheduling.ask_for(period=period_of("weekly", WEEK_KEY), by=by("coordinator"))
    tick_at("2027-06-01 12:01")

    report = report_of("weekly", WEEK_KEY)
    assert (report.is_late, data_of(report)["is_late"]) == (False, False)


def test_a_season_settled_in_its_middle_promises_what_comes_after(house, lived, tick_at):
    with clock.at(instant("2026-11-10 12:00")):
        planning.add_period(service="night", first_date=NIGHT, last_date=LAST, by=BUILDER)
    lived(*WEEK[:3])
    tick_at("2026-11-18 21:00", "2026-11-19 09:30")

    assert list(Report.objects.values_list("period__key", flat=True)) == ["2026-11-18"]
    assert set(Period.objects.filter(reports.PROMISED).values_list("key", flat=True)) == {
        "2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23",
        WEEK_KEY, "2026-W48", MONTH_KEY, SEASON_KEY,
    }  # fmt: skip


def test_a_period_of_which_no_night_ran_cannot_be_asked_for(winter, by, clock_at):
    clock_at("2026-11-16 12:00")

    with pytest.raises(errors.NothingToReport):
        scheduling.ask_for(period=period_of("flash", KEY), by=by("coordinator"))
    assert Report.objects.count() == 0


def test_a_report_asked_for_before_it_is_due_is_provisional(winter, lived, by, tick_at):
    lived(*WEEK[:2])
    tick_at("2026-11-18 12:00")
    scheduling.ask_for(period=period_of("weekly", WEEK_KEY), by=by("coordinator"))
    tick_at("2026-11-18 12:01")

    assert data_of(report_of("weekly", WEEK_KEY))["figures"]["nights_open"] == 2
    assert report_of("weekly", WEEK_KEY).is_provisional


def test_a_report_asked_for_too_early_is_whole_when_it_was_promised(winter, lived, by, tick_at):
    lived(*WEEK[:2])
    tick_at("2026-11-18 12:00")
    scheduling.ask_for(period=period_of("weekly", WEEK_KEY), by=by("coordinator"))
    tick_at("2026-11-18 12:01")
    lived(*WEEK[2:])
    tick_at(MONDAY, "2026-11-23 10:15")

    latest = reports.latest(Report.objects.filter(period__kind="weekly")).get()
    assert data_of(latest)["figures"]["nights_open"] == 7


# From wanted to sent.


def test_a_flash_goes_through_its_steps_by_itself(winter, lived, reader, clock_at):
    reader()
    lived(NIGHT)
    clock_at(morning(NIGHT, "09:29"))
    scheduling.want_due()
    assert states() == []

    clock_at(morning(NIGHT))
    scheduling.want_due()
    scheduling.want_due()
    assert (states(), DataSet.objects.count()) == (["wanted"], 0)

    assert freezing.freeze(report_of())
    assert (states(), DataSet.objects.count(), Paper.objects.count()) == (["frozen"], 1, 0)

    assert rendering.render(report_of())
    assert (states(), Paper.objects.count(), Delivery.objects.count()) == (["approved"], 3, 1)
    assert mail.outbox == []

    sending.send_due()
    report = report_of()
    assert (states(), len(mail.outbox)) == (["sent"], 1)
    assert {report.frozen_at, report.rendered_at, report.approved_at, report.sent_at} == {clock.now()}
    assert (report.approved_by, report.is_late, report.is_provisional) == (None, False, False)


def test_a_step_that_was_made_is_not_made_again(winter, lived, clock_at):
    lived(NIGHT)
    clock_at(morning(NIGHT))
    scheduling.want_due()
    wanted = report_of()
    assert [freezing.freeze(wanted), freezing.freeze(wanted)] == [True, False]
    frozen = report_of()
    assert [rendering.render(frozen), rendering.render(frozen), freezing.freeze(wanted)] == [
        True, False, False,
    ]  # fmt: skip
    assert (DataSet.objects.count(), Paper.objects.count(), states()) == (1, 3, ["approved"])


def test_the_ministry_and_the_public_have_editions_of_their_own(weekend, lived, tick_at):
    lived(*WEEKEND)
    tick_at(MONDAY)

    def made(kind, key):
        return list(
            DataSet.objects.filter(report=report_of(kind, key)).values_list("audience", "papers__form")
        )

    assert sorted(made("flash", "2026-11-21")) == [
        ("ministry", "csv"),
        ("ministry", "pdf"),
        ("ministry", "pdf"),
    ]
    assert sorted(made("weekly", WEEK_KEY)) == [
        (audience, form) for audience in ("ministry", "public") for form in ("csv", "pdf", "pdf")
    ]


def test_the_report_of_a_season_waits_until_somebody_lets_it_go(weekend, lived, reader, by, tick_at):
    reader("season")
    lived(*WEEKEND)
    tick_at(AFTER_ALL, "2026-12-08 10:30")
    assert (states("season", SEASON_KEY), mail.outbox) == (["rendered"], [])
    assert Delivery.objects.count() == 0
    assert set(Report.objects.exclude(period__kind="season").values_list("state", flat=True)) == {"sent"}

    approved = sending.approve(report=report_of("season", SEASON_KEY), by=by("coordinator"))
    assert (approved.state, approved.approved_at) == ("approved", clock.now())
    assert approved.approved_by == by("coordinator").person

    tick_at("2026-12-08 10:31")
    assert (states("season", SEASON_KEY), len(mail.outbox)) == (["sent"], 1)
    assert report_of("season", SEASON_KEY).approved_by == by("coordinator").person


def test_what_is_not_ready_cannot_be_approved(winter, lived, by, clock_at):
    lived(NIGHT)
    clock_at("2026-11-18 11:00")
    report = scheduling.ask_for_note(first=NIGHT, last=NIGHT, by=by("coordinator"))

    for make in (None, freezing.freeze):
        if make is not None:
            assert make(report)
        with pytest.raises(errors.NotReady):
            sending.approve(report=report, by=by("coordinator"))

    Report.objects.update(state="superseded")
    with pytest.raises(errors.NotReady):
        sending.approve(report=report, by=by("coordinator"))
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("is_sent", [False, True])
def test_approving_twice_changes_nothing(winter, lived, reader, by, tick_at, clock_at, is_sent):
    reader("note")
    lived(NIGHT)
    clock_at("2026-11-18 11:00")
    report = scheduling.ask_for_note(first=NIGHT, last=NIGHT, by=by("coordinator"))
    tick_at("2026-11-18 11:01")
    sending.approve(report=report, by=by("coordinator"))
    if is_sent:
        tick_at("2026-11-18 11:02")
    before = (Report.objects.filter(pk=report.pk).values().get(), everything_kept(), LogEntry.objects.count())

    clock_at("2026-11-18 11:03")
    again = sending.approve(report=report, by=by("ministry"))

    assert again.approved_by == by("coordinator").person
    assert before == (
        Report.objects.filter(pk=report.pk).values().get(), everything_kept(), LogEntry.objects.count(),
    )  # fmt: skip


def test_the_house_sets_which_reports_wait_for_approval(winter, lived, reader, by, tick_at, clock_at):
    clock_at("2026-11-16 12:00")
    planning.change_setting(
        key="reports_to_approve", value="flash", first_night=WEEK[1], by=by("coordinator"), reason="decided"
    )
    assert settings_for(WEEK[1]).reports_to_approve == ("flash",)
    lived(*WEEK[:2])
    tick_at(morning(NIGHT), morning(WEEK[1]))
    report = scheduling.ask_for_note(first=NIGHT, last=WEEK[1], by=by("coordinator"))
    tick_at(morning(WEEK[1], "09:40"))

    assert (states(), states("flash", "2026-11-17")) == (["sent"], ["rendered"])
    assert Report.objects.get(pk=report.pk).state == "sent"


# The data set.


def test_a_data_set_is_written_in_one_way_and_known_by_its_digest(weekend, lived, tick_at):
    lived(*WEEKEND)
    tick_at(MONDAY)

    for each in DataSet.objects.all():
        assert each.text == dataset.canonical(json.loads(each.text))
        assert each.sha256 == sha256(each.text.encode()).hexdigest()
    for each in Paper.objects.all():
        assert each.sha256 == sha256(bytes(each.content)).hexdigest()


def test_a_data_set_says_what_it_is(winter, lived, tick_at):
    lived(NIGHT)
    tick_at(morning(NIGHT, "09:31"))

    report, version = report_of(), DefinitionsVersion.objects.get()
    data = data_of(report)
    told = {name: data[name] for name in ("kind", "key", "season", "nights", "revision", "audience")}
    assert told == {
        "kind": "flash", "key": KEY, "season": "2026/27", "nights": [KEY], "revision": 1, "audience": "ministry",
    }  # fmt: skip
    assert datetime.fromisoformat(data["cut_off"]) == report.frozen_at == clock.now()
    assert data["definitions"] == {"number": 1, "digest": indicators.definitions()}
    assert (report.definitions, version.digest) == (version, indicators.definitions())
    assert (data["changed"], data["remark"], data["is_provisional"], data["is_late"]) == (
        None, None, False, False,
    )  # fmt: skip
    assert data["figures"]["bed_nights"] == 12
    assert data["figures"]["rate_in_service"] == {"above": 12, "below": 20}


def test_the_same_nights_measured_twice_are_the_same(weekend, lived, tick_at):
    lived(*WEEKEND, men=14, women=5, unlodged=2)
    tick_at(MONDAY)

    for report in Report.objects.select_related("period__season"):
        nights = report.period.nights.order_by("date").values_list("date", flat=True)
        measured = [measuring.measure(report.period, alone=alone) for alone in (True, False, True)]
        assert {measuring.source_of(each, nights) for each in measured} == {report.source_sha256}


def test_a_night_that_is_not_closed_makes_a_report_provisional(winter, lived, tick_at):
    lived(NIGHT, state="doors_closed")
    tick_at(morning(NIGHT))

    assert (report_of().is_provisional, data_of(report_of())["is_provisional"]) == (True, True)
    assert states() == ["sent"]


def test_a_provisional_report_is_made_again_when_the_night_is_closed(winter, lived, reader, tick_at):
    reader()
    lived(NIGHT, state="doors_closed")
    tick_at(morning(NIGHT))
    first, kept = report_of(), bytes_of(report_of())
    step(NIGHT, "closed")

    tick_at(morning(NIGHT, "12:00"))
    assert states() == ["sent"]  # not looked at before the next morning

    tick_at(morning(WEEK[1]), morning(WEEK[1], "09:31"))
    second = report_of(revision=2)
    assert states() == ["superseded", "sent"]
    assert (second.is_provisional, second.is_late, data_of(second)["is_provisional"]) == (False,) * 3
    assert data_of(second)["revision"] == 2
    assert bytes_of(first) == kept
    flashes = [each for each in ids_sent() if KEY in each]
    assert len(flashes) == len(set(flashes)) == 2


def test_a_provisional_report_waits_as_long_as_the_night_is_open(winter, lived, tick_at):
    lived(NIGHT, state="doors_closed")
    tick_at(*(morning(day) for day in WEEK[:4]))

    assert states() == ["sent"]
    assert report_of().look_again_at > clock.now()


@pytest.mark.parametrize(
    ("kind", "key", "due"),
    [("flash", "2026-11-21", morning(SATURDAY)), ("weekly", WEEK_KEY, MONDAY)],
)
def test_a_report_is_confirmed_when_its_nights_become_definitive(weekend, lived, tick_at, kind, key, due):
    lived(*WEEKEND)
    tick_at(due)
    step(*WEEKEND, "definitive")
    tick_at("2026-11-24 09:30", "2026-11-25 09:30", "2026-11-26 09:30")

    assert states(kind, key) == ["sent"]
    assert report_of(kind, key).confirmed_at is not None


def test_a_report_on_sealed_nights_is_confirmed_at_the_next_look(winter, lived, tick_at):
    lived(NIGHT, state="definitive")
    tick_at(morning(NIGHT))
    assert report_of().confirmed_at is None

    tick_at(morning(WEEK[1]))
    confirmed_at = report_of().confirmed_at
    assert confirmed_at == clock.now()

    tick_at(morning(WEEK[2]), morning(WEEK[3]))
    assert (states(), report_of().confirmed_at) == (["sent"], confirmed_at)


def test_files_joined_later_make_the_next_revision(weekend, lived, crowd, reader, by, tick_at, clock_at):
    reader("weekly")
    lived(*WEEKEND, men=12, women=7, state="definitive")
    tick_at(MONDAY)
    first, kept = report_of("weekly", WEEK_KEY), bytes_of(report_of("weekly", WEEK_KEY))
    assert data_of(first)["figures"]["persons"] == 19

    clock_at("2026-11-24 08:00")
    merging.merge(kept=crowd["woman"][0], gone=crowd["woman"][1], by=by("coordinator"))
    tick_at("2026-11-24 09:30", "2026-11-24 09:31")

    second = report_of("weekly", WEEK_KEY, 2)
    assert states("weekly", WEEK_KEY) == ["superseded", "sent"]
    assert ["figures/persons", 19, 18] in data_of(second)["changed"]
    assert ["figures/persons_by_sex/woman", 7, 6] in data_of(second)["changed"]
    assert bytes_of(first) == kept
    assert (data_of(first)["revision"], data_of(second)["revision"]) == (1, 2)
    assert first.source_sha256 != second.source_sha256
    assert ids_sent() == [row.message_id for row in Delivery.objects.order_by("id")]
    assert len(set(ids_sent())) == 2


def test_a_night_opened_again_and_corrected_makes_the_next_revision(winter, lived, by, tick_at, clock_at):
    lived(NIGHT, state="definitive")
    tick_at(morning(NIGHT))
    kept = bytes_of(report_of())

    correct(NIGHT, by, clock_at, "2026-11-18 09:00")
    tick_at("2026-11-18 09:30", "2026-11-18 09:31")

    assert states() == ["superseded", "sent"]
    changed = data_of(report_of(revision=2))["changed"]
    assert ["figures/bed_nights", 12, 11] in changed
    assert ["figures/rate_in_service", {"above": 12, "below": 20}, {"above": 11, "below": 20}] in changed
    assert ["by_night/2026-11-16/slept", 12, 11] in changed
    assert changed == sorted(changed)
    assert bytes_of(report_of()) == kept

    correct(NIGHT, by, clock_at, "2026-11-20 09:00")
    tick_at("2026-11-20 09:30", "2026-11-20 09:31")
    assert states() == ["superseded", "superseded", "sent"]
    assert ["figures/bed_nights", 11, 10] in data_of(report_of(revision=3))["changed"]
    assert bytes_of(report_of()) == kept


def test_a_night_that_is_open_again_is_looked_at_when_it_is_sealed(winter, lived, by, tick_at, clock_at):
    lived(NIGHT, state="definitive")
    tick_at(morning(NIGHT))
    clock_at("2026-11-17 11:00")
    night = Night.objects.get(date=NIGHT)
    stepping.step(night=night, to=Night.State.DOORS_CLOSED, by=by("coordinator"), reason="a bed was empty")
    row = BedNight.objects.filter(night=night).order_by("id").first()
    closing.was_not_here(bed_night=row, by=by("coordinator"), reason="nobody had seen him")
    tick_at(morning(WEEK[1]), morning(WEEK[2]))
    assert states() == ["sent"]

    stepping.step(night=night, to=Night.State.DEFINITIVE, by=by("coordinator"))
    tick_at(morning(WEEK[3]))
    assert states() == ["superseded", "sent"]


def test_what_is_found_after_weeks_is_seen_on_the_next_monday(weekend, lived, by, tick_at, clock_at):
    lived(SATURDAY, state="definitive")
    tick_at(morning(SATURDAY), "2026-12-21 09:30")
    correct(SATURDAY, by, clock_at, "2026-12-22 09:00")

    tick_at("2026-12-22 09:30", "2026-12-27 09:30")
    assert states("flash", "2026-11-21") == ["sent"]
    tick_at("2026-12-28 09:30")
    assert states("flash", "2026-11-21") == ["superseded", "sent"]


def test_a_correction_touches_the_reports_on_its_night_and_no_others(winter, lived, by, tick_at, clock_at):
    lived(*WEEK[:2], state="definitive")
    tick_at(morning(NIGHT), morning(WEEK[1]))
    correct(NIGHT, by, clock_at, "2026-11-19 09:00")
    tick_at("2026-11-19 09:30")

    assert states() == ["superseded", "sent"]
    assert states("flash", "2026-11-17") == ["sent"]


def test_nothing_changes_when_nothing_changed(weekend, lived, reader, tick_at):
    for kind in ("flash", "weekly"):
        reader(kind)
    lived(*WEEKEND, men=14, women=5, unlodged=2, state="definitive")
    tick_at(MONDAY, "2026-11-24 09:30")
    before = everything_kept()

    for moment in ("24 10:00", "25 03:00", "25 09:30", "25 09:30", "26 09:31", "29 12:00", "30 09:30"):
        tick_at(f"2026-11-{moment}")

    assert everything_kept() == before


def test_closed_nights_that_nobody_seals_leave_their_reports_as_they_are(weekend, lived, tick_at):
    lived(*WEEKEND)
    tick_at(MONDAY, "2026-11-24 09:30")
    before = everything_kept()
    tick_at(*(f"2026-11-{day} 09:30" for day in range(25, 29)))

    assert everything_kept() == before


# Small numbers.


def cells(data):
    """Every cell of the tables of people, by (where, code, category); a withheld table is one cell."""
    found = {}
    for where, figures in [("", data["figures"]), *((week["key"], week) for week in data.get("by_week", ()))]:
        for code in TRAITS.keys() & figures.keys():
            value = figures[code]
            rows = value.items() if isinstance(value, dict) else [("", value)]
            found |= {(where, code, category): number for category, number in rows}
    return found


def test_tables_of_people_hide_small_numbers(weekend, lived, tick_at):
    lived(*WEEKEND, men=12, women=7)
    tick_at(MONDAY)
    report = report_of("weekly", WEEK_KEY)

    assert data_of(report, "ministry")["figures"]["persons_by_sex"] == {"man": 12, "woman": 7}
    public = data_of(report, "public")
    assert public["figures"]["persons_by_sex"]["woman"] == "below"
    assert public["figures"]["persons_by_sex"]["man"] == "secret"
    assert (public["threshold"], public["figures"]["persons"]) == (10, 19)


def test_the_number_of_people_itself_is_hidden_when_it_is_small(weekend, lived, tick_at):
    lived(*WEEKEND, men=3)
    tick_at(MONDAY)
    report = report_of("weekly", WEEK_KEY)

    for audience in ("ministry", "public"):
        figures = data_of(report, audience)["figures"]
        assert (figures["persons"], figures["persons_by_sex"]) == ("below", WITHHELD)


@pytest.mark.parametrize("seed", range(2))
def test_the_public_sees_nothing_that_the_ministry_does_not(winter, lived, tick_at, seed):
    chance = Random(seed)
    for day in (*WEEK, LAST):
        lived(day, men=chance.randrange(9), women=chance.randrange(9), unlodged=chance.randrange(4))
    tick_at("2026-11-23 10:00", "2026-12-03 10:00")

    for kind, key in (("weekly", WEEK_KEY), ("weekly", "2026-W48"), ("monthly", MONTH_KEY)):
        ministry, public = (cells(data_of(report_of(kind, key), each)) for each in ("ministry", "public"))
        for numbers, threshold in ((ministry, 5), (public, 10)):
            shown = [number for number in numbers.values() if isinstance(number, int)]
            assert [number for number in shown if 0 < number < threshold] == []
        withheld = {name[:2] for name, number in public.items() if number == WITHHELD}
        open_to_all = {name for name, number in public.items() if isinstance(number, int)}
        hidden = {name for name, number in ministry.items() if isinstance(number, str)}
        assert not {name for name in hidden & open_to_all if name[:2] not in withheld}
        assert {name[:2] for name, number in ministry.items() if number == WITHHELD} <= withheld


def test_what_readers_know_already_is_reckoned_with(winter, lived, tick_at, monkeypatch):
    """The ministry has read every morning's flash; what is hidden from it is hidden from the public too."""
    real, asked = secrecy.hide, []

    def hide(*tables, **known):
        asked.append((known, real(*tables, **known)))
        return asked[-1][1]

    lived(*WEEK, unlodged=2)
    for day in WEEK[:-1]:
        tick_at(morning(day))
    tick_at(morning(SUNDAY, "09:30"))
    monkeypatch.setattr(freezing.secrecy, "hide", hide)
    tick_at(MONDAY)

    (ministry, hidden), (public, _hidden) = asked
    assert ministry["nightly"] == {
        "bed_nights": dict.fromkeys(WEEK, 12), "refusals": dict.fromkeys(WEEK, 2),
    }  # fmt: skip
    assert public["nightly"] == {"bed_nights": dict.fromkeys(WEEK, 12)}
    assert (list(ministry["beside"]), public["beside"]) == ([], hidden)


def test_the_public_is_told_less_than_the_ministry_whatever_is_set(weekend, lived, by, tick_at, clock_at):
    clock_at("2026-11-16 12:00")
    planning.change_setting(
        key="small_numbers_public", value="2", first_night=NIGHT, by=by("coordinator"), reason="decided"
    )
    lived(*WEEKEND, men=4)
    tick_at(MONDAY)
    report = report_of("weekly", WEEK_KEY)

    assert data_of(report, "ministry")["figures"]["persons"] == "below"
    public = data_of(report, "public")
    assert isinstance(public["figures"]["persons"], str)
    assert public["figures"]["persons"] != "below" or public["threshold"] > 4  # "below" names the threshold


def test_what_was_small_once_is_not_called_so_when_it_has_grown(
    weekend, lived, house, crowd, tick_at, by, clock_at
):
    lived(*WEEKEND, men=4, state="definitive")
    tick_at(MONDAY)
    assert data_of(report_of("weekly", WEEK_KEY))["figures"]["persons"] == "below"

    clock_at("2026-11-24 08:00")
    night = Night.objects.get(date=SUNDAY)
    stepping.step(night=night, to=Night.State.DOORS_CLOSED, by=by("coordinator"), reason="two were forgotten")
    for person, bed in ((crowd["man"][4], "MB1"), (crowd["man"][5], "MB2")):
        BedNight.objects.create(
            occupant=person, bed=house.beds[bed], night=night, state="left",
            arrived_at=at(SUNDAY, "20:00"), left_at=at(SUNDAY + DAY, "07:30"),
        )  # fmt: skip
    stepping.step(night=night, to=Night.State.DEFINITIVE, by=by("coordinator"))
    tick_at("2026-11-24 09:30")

    assert data_of(report_of("weekly", WEEK_KEY, 2))["figures"]["persons"] in (6, "secret")


# Remarks.


def test_a_remark_written_before_is_in_the_first_revision(winter, lived, by, tick_at, clock_at):
    lived(NIGHT)
    clock_at(morning(NIGHT, "08:00"))
    for text in ("Quiet.", "Heating failed."):
        noting.write_remark(period=period_of("flash", KEY), text=text, by=by("coordinator"))
    assert states() == []
    tick_at(morning(NIGHT), morning(WEEK[1]))

    remark = data_of(report_of())["remark"]
    assert (remark["text"], remark["by"]) == ("Heating failed.", by("coordinator").person.name)
    assert states() == ["sent"]


def test_a_remark_written_afterwards_makes_the_next_revision(winter, lived, reader, by, tick_at, clock_at):
    reader()
    lived(NIGHT)
    tick_at(morning(NIGHT))
    kept = bytes_of(report_of())
    clock_at(morning(NIGHT, "11:00"))
    noting.write_remark(period=period_of("flash", KEY), text="Heating failed.", by=by("coordinator"))
    tick_at(morning(NIGHT, "11:01"), morning(NIGHT, "11:02"))

    second = data_of(report_of(revision=2))
    assert states() == ["superseded", "sent"]
    assert (second["remark"]["text"], second["changed"]) == ("Heating failed.", [])
    assert bytes_of(report_of()) == kept
    assert data_of(report_of())["remark"] is None
    assert len(set(ids_sent())) == len(mail.outbox) == 2


def test_a_remark_can_be_taken_back(winter, lived, by, tick_at, clock_at):
    lived(NIGHT)
    clock_at(morning(NIGHT, "08:00"))
    noting.write_remark(period=period_of("flash", KEY), text="Heating failed.", by=by("coordinator"))
    tick_at(morning(NIGHT))
    noting.write_remark(period=period_of("flash", KEY), text="", by=by("coordinator"))
    tick_at(morning(NIGHT, "09:31"))

    assert data_of(report_of(revision=2))["remark"] is None


def test_a_remark_is_refused_while_the_figures_are_being_frozen(winter, lived, by, clock_at):
    lived(NIGHT)
    clock_at(morning(NIGHT))
    scheduling.want_due()

    with pytest.raises(errors.NotReady):
        noting.write_remark(period=period_of("flash", KEY), text="Too late.", by=by("coordinator"))
    assert not Remark.objects.exists()


def test_what_changed_is_told_against_what_readers_have(weekend, lived, by, tick_at, clock_at):
    """The season's second revision is corrected before somebody lets it go: the third tells both corrections."""
    lived(*WEEKEND, state="definitive")
    tick_at(AFTER_ALL, "2026-12-08 10:30")
    sending.approve(report=report_of("season", SEASON_KEY), by=by("coordinator"))
    for night, monday in zip(WEEKEND, (14, 21), strict=True):
        correct(night, by, clock_at, f"2026-12-{monday - 5:02d} 11:00")
        tick_at(f"2026-12-{monday} 09:30", f"2026-12-{monday} 09:31")

    assert states("season", SEASON_KEY) == ["sent", "superseded", "rendered"]
    assert ["figures/bed_nights", 24, 22] in data_of(report_of("season", SEASON_KEY, 3))["changed"]


def test_a_remark_takes_the_place_of_a_report_that_nobody_has_approved(winter, lived, by, tick_at, clock_at):
    lived(NIGHT)
    clock_at("2026-11-18 11:00")
    note = scheduling.ask_for_note(first=NIGHT, last=NIGHT, by=by("coordinator"))
    tick_at("2026-11-18 11:01")
    noting.write_remark(period=note.period, text="As asked by the chamber.", by=by("coordinator"))
    tick_at("2026-11-18 11:02")

    assert states("note", note.period.key) == ["superseded", "rendered"]
    assert data_of(report_of("note", note.period.key, 2))["changed"] is None  # nobody has read the first
    with pytest.raises(errors.NotReady):
        sending.approve(report=note, by=by("coordinator"))


# Notes for parliament.


@pytest.fixture
def note(by, clock_at, tick_at):
    """Asks for a note and lets the tick run: `note(NIGHT, LAST, "2026-11-19 11:00")`."""

    def asked(first, last, moment):
        clock_at(moment)
        report = scheduling.ask_for_note(first=first, last=last, by=by("coordinator"))
        tasks.tick()
        return Report.objects.get(pk=report.pk)

    return asked


def test_a_note_is_about_any_nights(winter, lived, note, by):
    lived(*WEEK[:4])
    made = note(date(2026, 10, 1), WEEK[1], "2026-11-20 11:00")

    data = data_of(made)
    assert (made.state, made.period.asked_by) == ("rendered", by("coordinator").person)
    assert (data["key"], data["nights"]) == ("2026-10-01--2026-11-17", [KEY, "2026-11-17"])
    assert data["figures"]["bed_nights"] == 24
    assert not (made.is_late or made.is_provisional)


@pytest.mark.parametrize(
    ("first", "last"), [(date(2025, 1, 1), date(2025, 12, 31)), (WEEK[1], LAST), (LAST, LAST)]
)
def test_nothing_is_noted_of_nights_that_never_ran(winter, lived, note, first, last):
    lived(NIGHT)
    step(WEEK[1], "list_frozen")

    with pytest.raises(errors.NothingToReport):
        note(first, last, "2026-11-17 18:30")
    assert not Period.objects.filter(kind="note").exists()


def test_a_note_tells_of_nobody_among_fewer_than_may_be_told_of(winter, lived, note):
    lived(NIGHT, men=4, state="definitive")
    figures = data_of(note(NIGHT, NIGHT, "2026-11-18 11:00"))["figures"]

    assert (figures["persons"], figures["bed_nights"]) == (secrecy.BELOW, 4)


def test_a_note_asked_for_again_is_the_same_when_nothing_changed(winter, lived, note, by, tick_at):
    lived(*WEEK[:2], state="definitive")
    made = note(NIGHT, WEEK[1], "2026-11-19 11:00")
    sending.approve(report=made, by=by("coordinator"))
    tick_at("2026-11-19 11:01")

    again = [note(NIGHT, WEEK[1], moment) for moment in ("2026-11-19 12:00", "2026-11-25 12:00")]
    assert again == [made, made]
    assert states("note", made.period.key) == ["sent"]
    assert (Period.objects.filter(kind="note").count(), DataSet.objects.filter(report=made).count()) == (1, 1)


def test_a_note_asked_for_again_tells_what_changed(winter, lived, note, by, tick_at, clock_at):
    lived(*WEEK[:2], state="definitive")
    made = note(NIGHT, WEEK[1], "2026-11-19 11:00")
    sending.approve(report=made, by=by("coordinator"))
    tick_at("2026-11-19 11:01")
    kept = bytes_of(made)
    correct(NIGHT, by, clock_at, "2026-11-19 11:30")

    note(NIGHT, WEEK[1], "2026-11-19 12:00")
    second = report_of("note", made.period.key, 2)
    assert note(NIGHT, WEEK[1], "2026-11-19 12:05") == second
    assert states("note", made.period.key) == [
        "sent",
        "rendered",
    ]  # the first stands until the second is let go
    assert ["figures/bed_nights", 24, 23] in data_of(second)["changed"]

    sending.approve(report=second, by=by("coordinator"))
    tick_at("2026-11-19 12:01")
    assert states("note", made.period.key) == ["superseded", "sent"]
    assert bytes_of(made) == kept


def test_a_provisional_note_asked_for_again_is_provisional_no_more(winter, lived, note, tick_at):
    lived(NIGHT, state="doors_closed")
    made = note(NIGHT, NIGHT, morning(NIGHT, "08:00"))
    assert made.is_provisional
    step(NIGHT, "closed")
    tick_at(morning(WEEK[1]))
    assert states("note", made.period.key) == ["rendered"]

    note(NIGHT, NIGHT, morning(WEEK[1], "11:00"))
    assert states("note", made.period.key) == ["superseded", "rendered"]
    assert not report_of("note", made.period.key, 2).is_provisional


def test_a_note_on_nights_to_come_is_written_anew_only_when_asked(winter, lived, note, tick_at):
    lived(NIGHT, state="definitive")
    made = note(NIGHT, LAST, morning(NIGHT, "11:00"))
    lived(WEEK[1], state="definitive")
    tick_at(morning(WEEK[1]), morning(WEEK[1], "09:31"))
    assert states("note", made.period.key) == ["rendered"]

    note(NIGHT, LAST, morning(WEEK[1], "11:00"))
    assert states("note", made.period.key) == ["superseded", "rendered"]


# Alerts.


def alerts():
    return list(Period.objects.filter(kind="alert").order_by("id").values_list("key", flat=True))


def test_two_tense_nights_running_are_an_alert(winter, lived, reader, tick_at):
    reader("alert")
    lived(*WEEK[:2], men=18)
    tick_at(morning(NIGHT, "04:05"), morning(NIGHT), morning(WEEK[1], "04:04"))
    assert alerts() == []

    tick_at(*(morning(WEEK[1], f"{hour:02}:05") for hour in (4, 4, 5, 9, 11, 13, 20)))
    assert alerts() == ["2026-11-17-tense"]
    assert states("alert", "2026-11-17-tense") == ["sent"]
    assert len([each for each in ids_sent() if "alert" in each]) == 1
    assert data_of(report_of("alert", "2026-11-17-tense"))["why"] == "tense"


@pytest.mark.parametrize(("first", "second"), [(17, 20), (20, 17)])
def test_one_tense_night_is_no_alert(winter, lived, tick_at, first, second):
    lived(NIGHT, men=first)
    lived(WEEK[1], men=second)
    tick_at(morning(WEEK[1], "04:30"))

    assert alerts() == []


def test_tense_nights_with_a_night_between_are_no_alert(winter, lived, tick_at):
    lived(NIGHT, WEEK[2], men=20)
    tick_at(morning(WEEK[2], "04:30"))

    assert alerts() == []


def test_each_further_tense_night_is_an_alert_of_its_own(winter, lived, tick_at):
    lived(*WEEK[:3], men=19)
    tick_at(morning(WEEK[1], "04:05"), morning(WEEK[2], "04:05"), morning(WEEK[2], "05:05"))

    assert alerts() == ["2026-11-17-tense", "2026-11-18-tense"]


def test_somebody_without_a_bed_at_four_is_an_alert(winter, lived, tick_at):
    lived(NIGHT, unlodged=2, state="doors_closed")
    tick_at("2026-11-16 23:30", morning(NIGHT, "03:59"), morning(NIGHT, "04:04"))
    assert alerts() == []

    tick_at(morning(NIGHT, "04:05"), morning(NIGHT, "04:06"), morning(NIGHT, "08:00"))
    report = report_of("alert", "2026-11-16-without_bed")
    assert alerts() == ["2026-11-16-without_bed"]
    assert (report.state, report.is_provisional, data_of(report)["figures"]["without_bed"]) == (
        "sent", True, 2,
    )  # fmt: skip


@pytest.fixture
def registered(crowd):
    """So many people are registered for a night."""

    def written(day, number):
        night, people = Night.objects.get(date=day), [*crowd["man"], *crowd["woman"]][:number]
        Registration.objects.bulk_create(
            Registration(occupant=person, night=night, registered_at=at(day, "13:00")) for person in people
        )

    return written


def test_more_registered_than_there_are_places_is_an_alert(winter, registered, reader, tick_at):
    reader("alert")
    registered(NIGHT, 21)
    step(NIGHT, "open")
    tick_at("2026-11-16 15:00")
    assert alerts() == []

    step(NIGHT, "list_frozen")
    tick_at("2026-11-16 18:00", "2026-11-16 18:01", "2026-11-16 19:00")
    step(NIGHT, "doors_open")
    tick_at("2026-11-16 19:20", "2026-11-16 22:00")
    assert alerts() == ["2026-11-16-forecast"]
    assert (states("alert", "2026-11-16-forecast"), len(mail.outbox)) == (["sent"], 1)


def test_as_many_registered_as_there_are_places_is_no_alert(winter, registered, tick_at):
    registered(NIGHT, 20)
    step(NIGHT, "list_frozen")
    tick_at("2026-11-16 18:05")

    assert alerts() == []


def test_somebody_registered_under_two_numbers_is_one(winter, registered, crowd, by, clock_at, tick_at):
    registered(NIGHT, 21)
    clock_at("2026-11-16 13:30")
    merging.merge(kept=crowd["man"][0], gone=crowd["man"][1], by=by("coordinator"))
    step(NIGHT, "list_frozen")
    tick_at("2026-11-16 18:05")

    assert alerts() == []


def test_an_alert_on_a_night_that_has_not_begun_is_provisional(winter, registered, tick_at):
    registered(NIGHT, 21)
    step(NIGHT, "list_frozen")
    tick_at("2026-11-16 18:05")

    assert report_of("alert", "2026-11-16-forecast").is_provisional


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_mail_of_an_alert_says_what_it_is_about(winter, registered, reader, tick_at, language):
    reader("alert", language=language)
    registered(NIGHT, 21)
    step(NIGHT, "list_frozen")
    tick_at("2026-11-16 18:05")

    with override(language):
        assert str(WHY["forecast"]) in mail.outbox[0].subject + mail.outbox[0].body


def test_an_alert_that_is_written_twice_is_one(winter, lived, clock_at):
    lived(NIGHT, unlodged=1)
    clock_at(morning(NIGHT, "04:10"))
    watching.watch()
    watching.watch()

    assert alerts() == ["2026-11-16-without_bed"]
    assert [day.date for day in Period.objects.get(kind="alert").nights.all()] == [NIGHT]


# Delivery.


def test_each_reader_of_the_kind_gets_one_mail(winter, lived, reader, tick_at):
    readers = [reader(email=f"{name}@state.example") for name in "ab"]
    reader("weekly", "c@state.example")
    lived(NIGHT)
    tick_at(morning(NIGHT, "09:31"), morning(NIGHT), morning(NIGHT, "09:31"))

    assert sorted(each.to[0] for each in mail.outbox) == ["a@state.example", "b@state.example"]
    assert sorted(ids_sent()) == sorted(f"<report-flash-{KEY}-r1-{each.pk}@foyer>" for each in readers)
    assert set(Delivery.objects.values_list("recipient", "message_id")) == {
        (each.pk, f"<report-flash-{KEY}-r1-{each.pk}@foyer>") for each in readers
    }
    assert set(Delivery.objects.values_list("tries", "trouble", "sent_at")) == {(1, "", clock.now())}


def test_who_comes_later_gets_the_next_report(winter, lived, reader, tick_at):
    lived(*WEEK[:2])
    tick_at(morning(NIGHT))
    reader()
    tick_at(morning(NIGHT, "10:00"), morning(WEEK[1]))

    assert [row.report.period.key for row in Delivery.objects.select_related("report__period")] == [
        "2026-11-17"
    ]
    assert states() == ["sent"]  # also without anybody to send it to


@pytest.mark.parametrize(("language", "paper_in"), [("fr", "fr"), ("de", "de"), ("lb", "fr"), ("en", "fr")])
def test_a_mail_is_in_the_language_of_its_reader(
    winter, lived, reader, tick_at, real_papers, language, paper_in
):
    reader(language=language)
    lived(NIGHT)
    tick_at(morning(NIGHT))

    (message,) = mail.outbox
    with override(language):
        assert message.subject.startswith(capfirst(str(Period.Kind.FLASH.label)))
    kept = {(row.form, row.language): bytes(row.content) for row in Paper.objects.all()}
    files = [(each[0], each[2]) for each in message.attachments]
    assert files == [
        (f"flash-{KEY}-r1-{paper_in}.pdf", "application/pdf"), (f"flash-{KEY}-r1.csv", "text/csv"),
    ]  # fmt: skip
    pdf, table = (each[1].encode() if isinstance(each[1], str) else each[1] for each in message.attachments)
    assert (pdf, table) == (kept["pdf", paper_in], kept["csv", ""])
    assert pdf.startswith(b"%PDF-")
    assert sha256(pdf).hexdigest() in message.body
    assert reverse("report", args=[report_of().pk]) in message.body


def test_the_same_data_set_gives_the_same_papers(winter, lived, tick_at, real_papers):
    lived(NIGHT)
    tick_at(morning(NIGHT))

    for each in DataSet.objects.all():
        again = {(form, language): content for form, language, content in rendering._drawn(each)}
        assert again == {(row.form, row.language): bytes(row.content) for row in each.papers.all()}


def test_who_wants_only_a_link_gets_no_files(winter, lived, reader, tick_at):
    reader(by_link=True)
    lived(NIGHT)
    tick_at(morning(NIGHT))

    (message,) = mail.outbox
    assert message.attachments == []
    assert reverse("report", args=[report_of().pk]) in message.body


def test_a_mail_that_was_not_sent_is_tried_again_with_growing_patience(
    winter, lived, reader, server, clock_at
):
    reader(email="secret.name@state.example")
    lived(NIGHT)
    server(SMTPRecipientsRefused({"secret.name@state.example": (550, b"no secret.name@state.example here")}))
    begun, tried = instant(morning(NIGHT)), []
    for minutes in range(64):
        clock_at(begun + minutes * MINUTE)
        before = Delivery.objects.values_list("tries", flat=True).first() or 0
        if minutes == 0:
            tasks.tick()
        else:
            sending.send_due()
        if Delivery.objects.get().tries > before:
            tried.append(minutes)

    row = Delivery.objects.get()
    assert tried == [0, 2, 6, 14, 30, 62]
    assert (row.trouble, row.sent_at, states()) == ("SMTPRecipientsRefused 550", None, ["approved"])
    assert not reports.undelivered().exists()
    server(None)
    clock_at(begun + 130 * MINUTE)
    tasks.tick()
    tasks.tick()

    assert (ids_sent(), states()) == ([row.message_id], ["sent"])
    assert Delivery.objects.filter(trouble="", sent_at=clock.now(), message_id=row.message_id).exists()


def test_one_reader_who_cannot_be_reached_does_not_keep_the_others(
    winter, lived, reader, tick_at, monkeypatch
):
    for name in ("a", "b", "c"):
        reader(email=f"{name}@state.example")
    lived(NIGHT)
    send = EmailMessage.send

    def choosy(message):
        if message.to == ["b@state.example"]:
            raise SMTPException("451")
        return send(message)

    monkeypatch.setattr(EmailMessage, "send", choosy)
    tick_at(morning(NIGHT))

    assert sorted(each.to[0] for each in mail.outbox) == ["a@state.example", "c@state.example"]
    assert states() == ["approved"]
    monkeypatch.undo()
    tick_at(morning(NIGHT, "09:33"))
    assert (len(mail.outbox), states()) == (3, ["sent"])


def test_a_mail_that_was_given_up_is_shown_and_can_be_sent_again(winter, lived, reader, server, by, clock_at):
    reader()
    lived(NIGHT)
    server(SMTPException("451"))
    clock_at(morning(NIGHT))
    tasks.tick()
    while (waiting := Delivery.objects.get()).tries < posting.MOST_TRIES:
        clock_at(waiting.send_after)
        sending.send_due()
    assert list(reports.undelivered()) == [waiting]
    assert states() == ["sent"]  # none of its deliveries waits any more

    server(None)
    clock_at(clock.now() + DAY)
    sending.send_due()
    assert mail.outbox == []

    sending.send_again(delivery=waiting, by=by("coordinator"))
    assert not reports.undelivered().exists()
    sending.send_due()
    sending.send_due()
    assert (ids_sent(), states()) == ([waiting.message_id], ["sent"])
    assert not reports.undelivered().exists()


def test_a_mail_that_came_back_is_shown_and_can_be_sent_again(winter, lived, reader, by, tick_at):
    reader()
    lived(NIGHT)
    tick_at(morning(NIGHT))
    row = Delivery.objects.get()
    for _time in range(2):
        sending.came_back(delivery=row, by=by("coordinator"))
    assert list(reports.undelivered()) == [row]

    sending.send_again(delivery=row, by=by("coordinator"))
    tick_at(morning(NIGHT, "10:00"), morning(NIGHT, "10:01"))
    assert ids_sent() == [row.message_id] * 2
    assert not reports.undelivered().exists()


def test_nothing_is_sent_again_to_who_was_taken_off_or_of_a_report_that_was_replaced(
    winter, lived, reader, by, tick_at
):
    gone, stays = reader(), reader(email="b@state.example")
    lived(NIGHT)
    tick_at(morning(NIGHT))
    rows = {row.recipient: row for row in Delivery.objects.select_related("recipient")}
    for row in rows.values():
        sending.came_back(delivery=row, by=by("coordinator"))
    sending.end_recipient(recipient=gone, by=BUILDER)
    assert list(reports.undelivered()) == [rows[stays]]
    with pytest.raises(errors.NotReady):
        sending.send_again(delivery=rows[gone], by=by("coordinator"))

    noting.write_remark(period=period_of("flash", KEY), text="Heating failed.", by=by("coordinator"))
    tick_at(morning(NIGHT, "09:40"))
    with pytest.raises(errors.NotReady):
        sending.send_again(delivery=rows[stays], by=by("coordinator"))
    assert not reports.undelivered().exists()


def test_who_was_taken_off_gets_nothing_more(winter, lived, reader, tick_at):
    gone, _stays = reader(), reader(email="b@state.example")
    lived(*WEEK[:2])
    tick_at(morning(NIGHT))
    for _time in range(2):
        sending.end_recipient(recipient=gone, by=BUILDER)
    tick_at(morning(WEEK[1]))

    assert sorted(each.to[0] for each in mail.outbox) == ["b@state.example"] * 2 + ["reader@state.example"]
    assert Delivery.objects.filter(recipient=gone).count() == 1


def test_who_was_taken_off_does_not_get_what_was_waiting(winter, lived, reader, server, tick_at):
    gone = reader()
    lived(NIGHT)
    server(SMTPException("451"))
    tick_at(morning(NIGHT))
    sending.end_recipient(recipient=gone, by=BUILDER)
    server(None)
    tick_at(morning(NIGHT, "10:00"))

    assert (mail.outbox, states()) == ([], ["sent"])


def test_what_has_been_corrected_meanwhile_is_not_sent_any_more(
    winter, lived, reader, server, by, tick_at, clock_at
):
    reader()
    lived(NIGHT)
    server(SMTPException("451"))
    tick_at(morning(NIGHT), morning(NIGHT, "09:33"))
    noting.write_remark(period=period_of("flash", KEY), text="Heating failed.", by=by("coordinator"))
    server(None)
    tick_at(morning(NIGHT, "09:34"), morning(NIGHT, "10:30"))

    assert ids_sent() == [Delivery.objects.get(report=report_of(revision=2)).message_id]


@pytest.mark.parametrize("email", ["reader@state.example", " Reader@State.Example "])
def test_an_address_receives_a_kind_once(winter, reader, email):
    first = reader()
    with pytest.raises(errors.AlreadyRecipient):
        reader(email=email)
    reader("weekly")
    sending.end_recipient(recipient=first, by=BUILDER)
    reader(email=email)

    assert Recipient.objects.filter(kind="flash").count() == 2
    assert set(Recipient.objects.values_list("email", flat=True)) == {"reader@state.example"}


# Late.


def test_reports_missed_for_three_days_are_made_one_by_one_and_say_that_they_are_late(
    winter, lived, reader, tick_at
):
    reader()
    lived(*WEEK[:4])
    tick_at(morning(NIGHT))
    tick_at("2026-11-20 10:30")

    made = [report_of("flash", day.isoformat()) for day in WEEK[:4]]
    assert [report.is_late for report in made] == [False, True, True, True]
    assert [data_of(report)["is_late"] for report in made] == [False, True, True, True]
    assert {report.state for report in made} == {"sent"}
    in_order = DataSet.objects.order_by("id").values_list("report__period__key", flat=True)
    assert list(in_order) == [day.isoformat() for day in WEEK[:4]]
    assert [each.split("-r1-")[0] for each in ids_sent()] == [f"<report-flash-{day}" for day in WEEK[:4]]
    before = data_of(made[3])["compared"]["previous"]
    assert (before["key"], before["figures"]["bed_nights"]) == ("2026-11-18", 12)


@pytest.mark.parametrize(("local", "is_late"), [("09:30", False), ("09:45", False), ("09:46", True)])
def test_a_report_is_late_a_quarter_of_an_hour_after_it_was_due(winter, lived, tick_at, local, is_late):
    lived(NIGHT)
    tick_at(morning(NIGHT, local))

    assert report_of().is_late == is_late


def test_a_report_that_is_not_ready_is_overdue_after_a_quarter_of_an_hour(winter, lived, clock_at):
    lived(NIGHT)

    def overdue(local):
        clock_at(morning(NIGHT, local))
        return [period.key for period in reports.overdue()]

    assert (overdue("09:31"), overdue("09:45"), overdue("09:46")) == ([], [], [KEY])
    scheduling.want_due()
    assert overdue("09:47") == [KEY]
    freezing.freeze(report_of())
    assert overdue("09:48") == [KEY]
    rendering.render(report_of())
    assert overdue("09:49") == []


def test_a_correction_that_is_not_made_is_overdue_too(winter, lived, by, tick_at, clock_at):
    lived(NIGHT)
    tick_at(morning(NIGHT))
    noting.write_remark(period=period_of("flash", KEY), text="The bus was late.", by=by("coordinator"))
    clock_at(morning(NIGHT, "09:45"))
    assert list(reports.overdue()) == []

    clock_at(morning(NIGHT, "09:46"))
    assert [period.key for period in reports.overdue()] == [KEY]


def test_a_report_that_waits_for_approval_is_not_overdue(weekend, lived, tick_at):
    lived(*WEEKEND)
    tick_at(AFTER_ALL, "2026-12-09 10:00")

    assert states("season", SEASON_KEY) == ["rendered"]
    assert not reports.overdue().exists()


def test_the_longest_overdue_comes_first(winter, lived, clock_at):
    lived(*WEEK)
    clock_at("2026-11-23 11:00")

    assert [period.key for period in reports.overdue()] == [*(day.isoformat() for day in WEEK), WEEK_KEY]


# Definitions.


def test_the_same_definitions_keep_their_number(winter, lived, tick_at, monkeypatch):
    lived(*WEEK[:3])
    tick_at(morning(NIGHT))
    known = indicators.definitions()
    monkeypatch.setattr(indicators, "definitions", lambda: "f" * 16)
    tick_at(morning(WEEK[1]))
    monkeypatch.setattr(indicators, "definitions", lambda: known)
    tick_at(morning(WEEK[2]))

    assert list(DefinitionsVersion.objects.values_list("number", "digest")) == [(1, known), (2, "f" * 16)]
    made = [report_of("flash", day.isoformat()) for day in WEEK[:3]]
    assert [report.definitions.number for report in made] == [1, 2, 1]
    assert [data_of(report)["definitions"]["number"] for report in made] == [1, 2, 1]
    words = DefinitionsVersion.objects.get(number=1).text
    assert set(words) == {"fr", "de", "lb", "en"}
    assert words["en"]["bed_nights"]["name"] == "Nights slept"


def test_a_report_is_not_looked_at_under_other_definitions(winter, lived, by, tick_at, clock_at, monkeypatch):
    lived(NIGHT, state="definitive")
    tick_at(morning(NIGHT))
    kept = bytes_of(report_of())
    with monkeypatch.context() as later:
        later.setattr(indicators, "definitions", lambda: "f" * 16)
        correct(NIGHT, by, clock_at, "2026-11-18 09:00")
        tick_at("2026-11-18 09:30", "2026-11-19 09:30")
        assert (states(), report_of().confirmed_at) == (["sent"], None)

    tick_at("2026-11-20 09:30")
    assert states() == ["superseded", "sent"]
    assert bytes_of(report_of()) == kept


def test_a_provisional_report_is_made_whole_also_under_other_definitions(winter, lived, tick_at, monkeypatch):
    lived(NIGHT, state="doors_closed")
    tick_at(morning(NIGHT))
    assert report_of().is_provisional
    step(NIGHT, "closed")
    monkeypatch.setattr(indicators, "definitions", lambda: "f" * 16)
    tick_at("2026-11-18 09:30", "2026-11-18 09:31")

    assert states() == ["superseded", "sent"]
    numbers = [data_of(report_of(revision=number))["definitions"]["number"] for number in (1, 2)]
    assert numbers == [1, 2]


# Why beds stood empty.


def kept_causes(day=NIGHT):
    return dict(EmptyBeds.objects.filter(night__date=day).values_list("cause", "number"))


def figures_of(kind, key):
    return measuring.measure(period_of(kind, key))["figures"]


def test_why_beds_stood_empty_is_kept_when_a_night_is_sealed(winter, lived, tick_at):
    lived(NIGHT, state="definitive")
    lived(WEEK[1])
    tick_at(morning(WEEK[1]))
    assert (kept_causes(), kept_causes(WEEK[1])) == ({"no_demand": 8}, {})

    Setting.objects.create(
        key="open_places", value="12", first_night=NIGHT, set_at=clock.now(), reason="decided"
    )
    assert figures_of("flash", "2026-11-17")["empty_beds"] == {"staff_shortage": 8}
    assert figures_of("flash", KEY)["empty_beds"] == {"no_demand": 8}
    assert figures_of("weekly", WEEK_KEY)["empty_beds"] == {"no_demand": 8, "staff_shortage": 8}


def test_what_is_kept_is_kept_once(winter, lived, tick_at):
    lived(NIGHT, state="definitive")
    lived(WEEK[1], men=20, state="definitive")
    tick_at(morning(WEEK[1]))
    before = list(EmptyBeds.objects.order_by("id").values())
    assert {row["night_id"] for row in before} == {
        night.pk for night in Night.objects.filter(date__in=WEEK[:2])
    }
    tick_at(morning(WEEK[1], "09:31"), morning(WEEK[2]))

    assert list(EmptyBeds.objects.order_by("id").values()) == before
    assert sum(kept_causes(WEEK[1]).values()) == 0  # a full house
    assert figures_of("flash", "2026-11-17")["empty_beds"] == {}


def test_what_is_kept_is_replaced_when_a_night_is_sealed_again(winter, lived, by, tick_at, clock_at):
    lived(NIGHT, state="definitive")
    tick_at(morning(NIGHT))
    correct(NIGHT, by, clock_at, "2026-11-18 09:00")
    assert figures_of("flash", KEY)["empty_beds"] == {"no_demand": 9}  # what was kept no longer counts
    tick_at("2026-11-18 09:05")

    assert kept_causes() == {"no_demand": 9}
    assert set(EmptyBeds.objects.values_list("sealed_at", flat=True)) == {
        Night.objects.get(date=NIGHT).sealed_at
    }


# A process that dies.


def die(monkeypatch, where, name, at=1, *, after=False):
    """The process dies the so many-th time something is called, before it is done or after."""
    real, calls = getattr(where, name), count(1)

    def called(*asked, **more):
        number = next(calls)
        if number == at and not after:
            raise Killed
        answer = real(*asked, **more)
        if number == at:
            raise Killed
        return answer

    monkeypatch.setattr(where, name, called)


DEATHS = {
    "before a report is wanted": (scheduling, "want", 2, False),
    "after the figures were worked out": (freezing, "_editions", 2, True),
    "after the state was written": (dataset, "digest", 2, False),
    "between two data sets": (DataSet.objects, "create", 4, False),
    "after both data sets": (freezing, "record", 3, False),
    "between two papers": (paper, "report_pdf", 4, False),
    "after all papers were drawn": (Paper.objects, "bulk_create", 3, False),
    "after the papers were kept": (Paper.objects, "bulk_create", 3, True),
    "before a report is let go": (rendering, "let_go", 3, False),
    "after a report was let go": (rendering, "let_go", 3, True),
    "before a mail was written": (sending, "_mail", 2, False),
    "before a mail was handed over": (posting, "hand_over", 2, False),
    "after a mail was noted": (posting, "hand_over", 2, True),
    "before looking again": (freezing, "look_again", 1, False),
}


@pytest.mark.parametrize("death", DEATHS)
def test_whatever_a_process_died_over_is_done_once(weekend, lived, reader, clock_at, monkeypatch, death):
    reader()
    reader("weekly", "b@state.example")
    lived(*WEEKEND, state="definitive")
    clock_at(MONDAY)
    where, name, number, after = DEATHS[death]
    with monkeypatch.context() as patched:
        die(patched, where, name, number, after=after)
        with pytest.raises(Killed):
            tasks.tick()
    for minutes in (1, 3, 6):
        clock_at(instant(MONDAY) + minutes * MINUTE)
        tasks.tick()

    assert set(Report.objects.values_list("revision", "state")) == {(1, "sent")}
    assert Report.objects.count() == 3
    assert (DataSet.objects.count(), Paper.objects.count()) == (4, 12)
    assert Delivery.objects.filter(sent_at__isnull=False).count() == Delivery.objects.count() == 3
    assert sorted(ids_sent()) == sorted(Delivery.objects.values_list("message_id", flat=True))
    assert LogEntry.objects.filter(verb="report_frozen").count() == 3


def test_a_mail_over_which_a_process_died_goes_again_under_the_same_name(
    winter, lived, reader, clock_at, monkeypatch
):
    reader()
    lived(NIGHT)
    clock_at(morning(NIGHT))
    with monkeypatch.context() as patched:
        die(patched, EmailMessage, "send", after=True)
        with pytest.raises(Killed):
            tasks.tick()
    assert (len(mail.outbox), states()) == (1, ["approved"])

    clock_at(morning(NIGHT, "09:31"))
    tasks.tick()
    assert len(mail.outbox) == 1  # not before the time that the first had
    clock_at(morning(NIGHT, "09:33"))
    tasks.tick()
    tasks.tick()
    assert ids_sent() == [Delivery.objects.get().message_id] * 2
    assert states() == ["sent"]


def test_one_report_that_cannot_be_drawn_does_not_keep_the_others(
    winter, lived, reader, tick_at, monkeypatch, expected_errors
):
    reader()
    lived(*WEEK[:2])
    draw = paper.report_pdf

    def choosy(data, *more):
        if data["key"] == KEY:
            raise RuntimeError("a glyph is missing")
        return draw(data, *more)

    monkeypatch.setattr(paper, "report_pdf", choosy)
    tick_at(morning(WEEK[1]))

    assert states("flash", "2026-11-17") == ["sent"]
    assert len(mail.outbox) == 1
    assert {record.exc_info[0] for record in expected_errors} == {RuntimeError}


def test_one_report_that_cannot_be_looked_at_again_does_not_keep_the_others(
    winter, lived, by, clock_at, tick_at, monkeypatch, expected_errors
):
    lived(*WEEK[:2], state="definitive")
    tick_at(morning(NIGHT), morning(WEEK[1]))
    correct(WEEK[1], by, clock_at, "2026-11-18 10:00")
    measure = measuring.measure

    def choosy(period, **more):
        if period.key == KEY:
            raise RuntimeError("cannot be counted")
        return measure(period, **more)

    monkeypatch.setattr(measuring, "measure", choosy)
    tick_at(morning(WEEK[2]), morning(WEEK[2], "09:31"))

    assert (states(), states("flash", "2026-11-17")) == (["sent"], ["superseded", "sent"])
    assert {record.exc_info[0] for record in expected_errors} == {RuntimeError}


@pytest.mark.parametrize("step_of", ["settle", "want_due"])
def test_a_step_of_the_tick_that_breaks_does_not_keep_the_others(
    winter, lived, by, clock_at, monkeypatch, expected_errors, step_of
):
    lived(NIGHT)
    clock_at(morning(NIGHT))
    made = scheduling.ask_for(period=period_of("flash", KEY), by=by("coordinator"))

    def breaking():
        raise RuntimeError("a season nobody thought of")

    monkeypatch.setattr(scheduling, step_of, breaking)
    tasks.tick()

    assert Report.objects.get(pk=made.pk).state == "sent"
    assert [record.args[0] for record in expected_errors] == ["breaking"]


def test_a_mail_that_nobody_could_foresee_to_break_is_tried_again(
    winter, lived, reader, server, tick_at, expected_errors
):
    reader()
    lived(NIGHT)
    server(UnicodeEncodeError("ascii", "reader@state.example", 0, 1, "a password with an accent"))
    tick_at(morning(NIGHT))
    assert Delivery.objects.get().trouble == "UnicodeEncodeError"
    assert "example" not in " ".join(record.getMessage() for record in expected_errors)

    server(None)
    tick_at(morning(NIGHT, "09:40"))
    assert (states(), len(mail.outbox)) == (["sent"], 1)


def test_a_correction_over_which_a_process_died_is_one_revision(
    winter, lived, by, clock_at, tick_at, monkeypatch
):
    lived(NIGHT, state="definitive")
    tick_at(morning(NIGHT))
    correct(NIGHT, by, clock_at, "2026-11-18 09:00")
    clock_at("2026-11-18 09:40")
    with monkeypatch.context() as patched:
        die(patched, freezing, "revise", after=True)
        with pytest.raises(Killed):
            tasks.tick()
    tick_at("2026-11-18 09:41", "2026-11-18 09:42")

    assert states() == ["superseded", "sent"]
    assert DataSet.objects.filter(report=report_of(revision=2)).count() == 1
