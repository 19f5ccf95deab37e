"""Two ticks, or a tick and a person, at the same moment: everything is done once, and nothing is lost.

Where a lock keeps order the race is run twice: without it harm is done, so the race is real; with it none is.
"""

import threading
from datetime import timedelta

import pytest
from django.core import mail

from reporting import indicators, paper, periods, tasks
from reporting.actions import defining, freezing, noting, rendering, scheduling, sending, watching
from reporting.models import DataSet, DefinitionsVersion, Delivery, EmptyBeds, Paper, Period, Report
from reporting.queries import measuring
from shelter import clock, offering
from shelter.actions import placing, planning, posting
from shelter.models import BedNight, LogEntry, Night
from tests.at_once import GUARDS, SECONDS, kinds, may_do_harm, wait_at
from tests.conftest import BUILDER
from tests.reporting import test_reports as one_by_one
from tests.reporting.test_reports import (
    KEY,
    LAST,
    MONDAY,
    MONTH_KEY,
    NIGHT,
    WEEK,
    WEEK_KEY,
    correct,
    data_of,
    ids_sent,
    morning,
    period_of,
    report_of,
    states,
    step,
)

pytestmark = pytest.mark.django_db(transaction=True)

papers, reader = one_by_one.papers, one_by_one.reader
LONG = 20.0  # seconds nobody waits unless something is wrong


@pytest.fixture
def together(monkeypatch):
    """Makes two acts meet where something is called: before it is done, or after."""

    def meet(where, name, *, after=False):
        barrier, real = threading.Barrier(2), getattr(where, name)

        def called(*asked, **more):
            if not after:
                wait_at(barrier)
            answer = real(*asked, **more)
            if after:
                wait_at(barrier)
            return answer

        monkeypatch.setattr(where, name, called)

    return meet


@pytest.fixture
def wanted(winter, lived, reader, clock_at):
    """The report of the first night, due and wanted; somebody receives it."""
    reader()
    lived(NIGHT)
    clock_at(morning(NIGHT))
    scheduling.want_due()
    return report_of()


def test_two_ticks_settle_a_season_once(house, clock_at, together, at_once):
    clock_at("2026-11-01 09:00")
    planning.add_period(service="night", first_date=NIGHT, last_date=LAST, by=BUILDER)
    together(periods, "periods_of")

    answers = at_once(scheduling.settle, scheduling.settle)

    assert answers == [None, None]
    assert Period.objects.count() == 12
    assert period_of("weekly", WEEK_KEY).nights.count() == 7
    assert period_of("season", "2026/27").nights.count() == 8


def test_two_ticks_freeze_a_report_once(wanted, together, at_once):
    """Both have worked out the figures before either writes."""
    together(freezing, "_editions", after=True)

    answers = at_once(lambda: freezing.freeze(wanted), lambda: freezing.freeze(wanted))

    assert sorted(answers) == [False, True]
    assert (DataSet.objects.count(), states()) == (1, ["frozen"])
    assert LogEntry.objects.filter(verb="report_frozen").count() == 1


@pytest.mark.parametrize("guard", GUARDS)
def test_a_report_is_not_frozen_without_regard_to_another(
    winter, lived, by, clock_at, guard, guarded, at_once, monkeypatch
):
    """What the one shows the other may have to hide: the second is left for the next time."""
    lived(*WEEK)
    clock_at(MONDAY)
    both = [
        scheduling.ask_for(period=period_of(*name), by=by("coordinator"))
        for name in (("weekly", WEEK_KEY), ("monthly", MONTH_KEY))
    ]
    barrier, real, asked = threading.Barrier(2), measuring.last_made, threading.local()

    def last_made():
        answer = real()
        if getattr(asked, "before", False):
            wait_at(barrier)
        asked.before = True
        return answer

    monkeypatch.setattr(measuring, "last_made", last_made)
    guarded(guard)

    answers = at_once(*(lambda report=report: freezing.freeze(report) for report in both))

    assert sorted(answers) == ([True, True] if may_do_harm(guard) else [False, True])
    monkeypatch.undo()
    tasks.make_wanted()
    assert DataSet.objects.filter(report__in=both).count() == 4


def test_two_ticks_draw_a_report_once(wanted, together, at_once):
    assert freezing.freeze(wanted)
    frozen = report_of()
    together(paper, "report_csv", after=True)

    answers = at_once(lambda: rendering.render(frozen), lambda: rendering.render(frozen))

    assert sorted(answers) == [False, True]
    assert (Paper.objects.count(), Delivery.objects.count(), states()) == (3, 1, ["approved"])


@pytest.mark.parametrize("guard", GUARDS)
def test_two_people_approve_a_report_once(
    winter, lived, reader, by, clock_at, guard, guarded, together, at_once
):
    reader("note")
    lived(NIGHT)
    clock_at("2026-11-18 11:00")
    note = scheduling.ask_for_note(first=NIGHT, last=NIGHT, by=by("coordinator"))
    tasks.make_wanted()
    one, other = by("coordinator"), by("admin")
    together(sending, "let_go")
    guarded(guard)

    answers = at_once(
        lambda: sending.approve(report=note, by=one), lambda: sending.approve(report=note, by=other)
    )

    assert kinds(answers) == (["IntegrityError", "Report"] if may_do_harm(guard) else ["Report", "Report"])
    assert states("note", note.period.key) == ["approved"]
    assert (Delivery.objects.count(), LogEntry.objects.filter(verb="report_approved").count()) == (1, 1)
    approved = {answer.approved_by_id for answer in answers if isinstance(answer, Report)}
    assert approved == {Report.objects.get(pk=note.pk).approved_by_id}


@pytest.mark.parametrize("guard", ["claimed", "unclaimed"])
def test_a_mail_that_two_ticks_have_before_them_is_sent_by_one(wanted, monkeypatch, at_once, guard):
    tasks.make_wanted()
    barrier, claimed = threading.Barrier(2), posting.claimed

    def both_first(row):
        wait_at(barrier)
        return claimed(row) if guard == "claimed" else True

    monkeypatch.setattr(posting, "claimed", both_first)

    assert at_once(sending.send_due, sending.send_due) == [None, None]

    assert len(mail.outbox) == (1 if guard == "claimed" else 2)
    assert set(ids_sent()) == {Delivery.objects.get().message_id}


def test_two_ticks_make_a_morning_of_reports_once(winter, lived, reader, clock_at, at_once):
    """From the calendar to the mail: what the one leaves the other or the next tick does."""
    for kind in ("flash", "weekly", "alert"):
        reader(kind, f"{kind}@state.example")
    lived(*WEEK, unlodged=1)
    clock_at(MONDAY)

    answers = at_once(tasks.tick, tasks.tick)
    for minutes in (1, 3):
        clock_at(clock.now() + timedelta(minutes=minutes))
        tasks.tick()

    assert answers == [None, None]
    assert set(Report.objects.values_list("revision", "state")) == {(1, "sent")}
    kinds_made = sorted(Report.objects.values_list("period__kind", flat=True))
    assert kinds_made == ["alert", *["flash"] * 7, "weekly"]
    assert (DataSet.objects.count(), Paper.objects.count()) == (10, 30)
    assert sorted(ids_sent()) == sorted(Delivery.objects.values_list("message_id", flat=True))
    assert len(mail.outbox) == 9


def test_two_ticks_write_an_alert_once(winter, lived, clock_at, together, at_once):
    lived(NIGHT, unlodged=1)
    clock_at(morning(NIGHT, "04:05"))
    together(watching, "alert")

    assert at_once(watching.watch, watching.watch) == [None, None]

    [alert] = Period.objects.filter(kind="alert")
    assert [night.date for night in alert.nights.all()] == [NIGHT]


@pytest.mark.parametrize("guard", GUARDS)
def test_two_ticks_keep_the_causes_of_a_sealed_night_once(
    winter, lived, clock_at, together, guard, guarded, at_once
):
    lived(NIGHT, state="definitive")
    clock_at(morning(NIGHT))
    together(EmptyBeds.objects, "bulk_create")
    guarded(guard)

    answers = at_once(noting.keep_causes, noting.keep_causes)

    assert kinds(answers) == (["IntegrityError", "NoneType"] if may_do_harm(guard) else ["NoneType"] * 2)
    assert EmptyBeds.objects.filter(night__date=NIGHT).count() == 1


def test_two_ticks_find_a_correction_once(winter, lived, by, clock_at, tick_at, together, at_once):
    lived(NIGHT, state="definitive")
    tick_at(morning(NIGHT))
    correct(NIGHT, by, clock_at, "2026-11-18 09:00")
    clock_at("2026-11-18 09:30")
    together(freezing, "revise")

    assert at_once(freezing.look_again, freezing.look_again) == [None, None]

    assert states() == ["sent", "wanted"]


def test_definitions_used_twice_at_once_have_one_number(db, together, at_once):
    together(indicators, "in_words")

    one, other = at_once(defining.definitions_in_force, defining.definitions_in_force)

    assert one == other == DefinitionsVersion.objects.get()
    assert one.number == 1


def test_a_note_asked_for_by_two_is_one(winter, lived, by, clock_at, together, at_once):
    lived(*WEEK[:2])
    clock_at("2026-11-18 11:00")
    people = [by("coordinator"), by("admin")]
    together(scheduling, "want")

    one, other = at_once(
        *(lambda who=who: scheduling.ask_for_note(first=NIGHT, last=WEEK[1], by=who) for who in people)
    )

    assert one == other == Report.objects.get()
    assert one.period.nights.count() == 2


def test_a_remark_written_while_the_figures_are_frozen_is_not_lost(
    winter, lived, by, clock_at, at_once, monkeypatch
):
    """It is in the revision that is being made, or it makes the next."""
    lived(NIGHT)
    clock_at(morning(NIGHT))
    coordinator, period = by("coordinator"), period_of("flash", KEY)
    written, frozen, write_down = threading.Event(), threading.Event(), noting.record

    def later(*asked, **more):
        written.set()
        frozen.wait(timeout=SECONDS)
        write_down(*asked, **more)

    monkeypatch.setattr(noting, "record", later)

    def freeze():
        assert written.wait(timeout=LONG)
        scheduling.want_due()
        tasks.make_wanted()
        frozen.set()

    answers = at_once(
        lambda: noting.write_remark(period=period, text="Heating failed.", by=coordinator), freeze
    )
    assert kinds(answers) == ["NoneType", "Remark"]
    tasks.make_wanted()

    latest = Report.objects.filter(period=period).latest("revision")
    assert data_of(latest)["remark"]["text"] == "Heating failed."


@pytest.fixture
def meanwhile(monkeypatch):
    """Lets something happen while a report is worked out: when its first look at the database has been taken."""
    looked, done, real = threading.Event(), threading.Event(), measuring.last_made

    def slowly():
        answer = real()
        if not looked.is_set():
            looked.set()
            assert done.wait(timeout=LONG), "It waited for the report."
        return answer

    monkeypatch.setattr(measuring, "last_made", slowly)

    def coming(act):
        def come():
            assert looked.wait(timeout=LONG)
            try:
                return act()
            finally:
                done.set()

        return come

    return coming


def test_the_door_lets_people_in_while_a_report_is_worked_out(
    wanted, occupant, by, clock_at, at_once, meanwhile
):
    clock_at("2026-11-17 20:14")
    step(WEEK[1], "doors_open")
    somebody, worker, tonight = occupant(), by("night_worker"), Night.objects.get(date=WEEK[1])
    needs = offering.Needs(sleeps="men")

    answers = at_once(
        lambda: freezing.freeze(wanted),
        meanwhile(
            lambda: placing.check_in(
                occupant=somebody, night=tonight, by=worker, needs=needs, is_registered=True
            )
        ),
    )

    assert kinds(answers) == ["BedNight", "bool"]
    assert states() == ["frozen"]


def test_figures_are_those_of_one_moment(wanted, house, occupant, at_once, meanwhile):
    """Who is written down while the figures are worked out is in none of them."""
    person, night = occupant(sex="man"), Night.objects.get(date=NIGHT)

    def written_down():
        came, gone = (clock.now() - timedelta(hours=hours) for hours in (12, 2))
        return BedNight.objects.create(
            occupant=person, bed=house.beds["IS1"], night=night, state="left", arrived_at=came, left_at=gone
        )

    answers = at_once(lambda: freezing.freeze(wanted), meanwhile(written_down))

    assert kinds(answers) == ["BedNight", "bool"]
    data = data_of(report_of())
    assert data["figures"]["bed_nights"] == data["by_night"][-1]["slept"] == 12
    assert measuring.measure(wanted.period)["figures"]["bed_nights"] == 13


def test_a_night_closed_while_the_figures_are_worked_out_leaves_them_provisional(
    winter, lived, clock_at, at_once, meanwhile
):
    """What the row says of the figures is what the figures say of themselves."""
    lived(NIGHT, state="doors_closed")
    clock_at(morning(NIGHT))
    scheduling.want_due()
    report = report_of()

    at_once(lambda: freezing.freeze(report), meanwhile(lambda: step(NIGHT, "closed")))

    assert (report_of().is_provisional, data_of(report_of())["is_provisional"]) == (True, True)
