"""A season is a set of opening periods; its nights are rows; settings change from a night on."""

from datetime import date, time

import pytest
from django.db import transaction

from shelter import clock, errors, nights, parameters, queries
from shelter.actions import planning, stepping
from shelter.models import LogEntry, Night, OpeningPeriod, Season, Setting
from tests.conftest import BUILDER, TONIGHT, instant

NIGHT, DAY = OpeningPeriod.Service.NIGHT, OpeningPeriod.Service.DAY
Kind = OpeningPeriod.Kind


@pytest.fixture
def autumn(db, clock_at):
    """It is October 2023: nothing is planned yet."""
    clock_at("2023-10-02 09:00")


def open_from(first, last, *, service=NIGHT, kind=Kind.REGULAR, reason=""):
    return planning.add_period(
        service=service, kind=kind, first_date=first, last_date=last, by=BUILDER, reason=reason
    )


def run(*days):
    for day in days:
        night = Night.objects.get(date=day)
        with clock.at(nights.instant_of(day, time(19, 15))):
            stepping.step(night=night, to=Night.State.DOORS_OPEN, by=BUILDER)


# Periods and nights.


def test_each_night_of_a_period_becomes_a_row(autumn):
    open_from(date(2023, 11, 15), date(2024, 4, 15))

    planned = list(Night.objects.order_by("date").values_list("date", "state"))
    assert planned == [(day, "planned") for day in nights.between(date(2023, 11, 15), date(2024, 4, 15))]
    assert len(planned) == 153  # with the evening of 15 April, which in 2024 was not slept


def test_a_season_with_a_re_opening_counts_the_nights_that_ran(autumn):
    season = open_from(date(2023, 11, 15), date(2024, 4, 14)).season
    open_from(date(2024, 4, 23), date(2024, 4, 27), kind=Kind.REOPENING, reason="cold in April")

    run(*Night.objects.order_by("date").values_list("date", flat=True))

    assert Season.objects.get() == season
    assert queries.nights_run(season).count() == 152 + 5
    assert (date(2024, 4, 27) - date(2023, 11, 15)).days + 1 == 165  # what a difference of dates would say


def test_nights_that_are_only_planned_or_registered_for_have_not_run(autumn):
    season = open_from(date(2023, 11, 15), date(2023, 11, 18)).season
    run(date(2023, 11, 15), date(2023, 11, 16))
    night = Night.objects.get(date=date(2023, 11, 17))
    stepping.step(night=night, to=Night.State.LIST_FROZEN, by=BUILDER)

    ran = queries.nights_run(season).order_by("date").values_list("date", flat=True)
    assert list(ran) == [date(2023, 11, 15), date(2023, 11, 16)]


def test_early_opening_night_only_and_extension_lie_side_by_side(autumn):
    open_from(date(2023, 11, 2), date(2023, 11, 14), kind=Kind.NIGHT_ONLY, reason="curfew")
    open_from(date(2023, 11, 15), date(2024, 4, 15))
    open_from(date(2024, 4, 16), date(2024, 6, 30), kind=Kind.EXTENSION, reason="Covid")

    dates = list(Night.objects.order_by("date").values_list("date", flat=True))
    assert dates == list(nights.between(date(2023, 11, 2), date(2024, 6, 30)))
    assert set(Night.objects.values_list("season__name", flat=True)) == {"2023/24"}


def test_the_day_shelter_has_its_own_dates_and_no_nights(autumn):
    open_from(date(2021, 11, 23), date(2021, 12, 31))
    open_from(date(2021, 11, 24), date(2022, 4, 15), service=DAY)

    assert Night.objects.count() == 39
    assert list(OpeningPeriod.objects.order_by("service").values_list("service", "first_date")) == [
        ("day", date(2021, 11, 24)), ("night", date(2021, 11, 23)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2023, 11, 1), date(2023, 11, 15)),  # ends on the first night
        (date(2024, 4, 15), date(2024, 4, 30)),  # begins on the last
        (date(2023, 12, 1), date(2023, 12, 31)),  # lies within
        (date(2023, 10, 1), date(2024, 5, 31)),  # lies around
        (date(2023, 11, 15), date(2024, 4, 15)),  # is the same
    ],
)
def test_periods_of_one_service_do_not_overlap(autumn, first, last):
    open_from(date(2023, 11, 15), date(2024, 4, 15))

    with pytest.raises(errors.Incomplete), transaction.atomic():
        open_from(first, last, kind=Kind.EXTENSION)

    assert (OpeningPeriod.objects.count(), Night.objects.count()) == (1, 153)


def test_periods_may_follow_one_another_without_a_gap(autumn):
    open_from(date(2023, 11, 15), date(2023, 11, 30))

    open_from(date(2023, 12, 1), date(2023, 12, 31))
    open_from(date(2023, 11, 1), date(2023, 11, 14))

    assert Night.objects.count() == 61


def test_a_period_that_ends_before_it_begins_is_refused(autumn):
    with pytest.raises(errors.Incomplete), transaction.atomic():
        open_from(date(2023, 11, 15), date(2023, 11, 14))

    assert OpeningPeriod.objects.count() == 0


@pytest.mark.parametrize("last", [date(2024, 11, 30), date(2203, 11, 15)])
def test_a_period_of_more_than_a_year_is_refused(autumn, last):
    with pytest.raises(errors.Incomplete), transaction.atomic():
        open_from(date(2023, 11, 15), last)

    assert (OpeningPeriod.objects.count(), Night.objects.count()) == (0, 0)


def test_a_period_of_one_night_is_one_night(autumn):
    open_from(date(2023, 12, 24), date(2023, 12, 24))

    assert Night.objects.get().date == date(2023, 12, 24)


def test_a_period_keeps_its_kind_and_reason_and_the_log_tells_it(autumn):
    period = open_from(date(2023, 11, 2), date(2023, 11, 14), kind=Kind.EARLY, reason="early frost")

    line = LogEntry.objects.get(verb="period_added")
    assert (period.kind, period.reason, line.reason) == ("early", "early frost", "early frost")
    assert line.facts == {
        "service": "night", "kind": "early", "first": "2023-11-02", "last": "2023-11-14",
    }  # fmt: skip


def test_a_summer_between_two_seasons_belongs_to_neither(autumn):
    first = open_from(date(2024, 4, 1), date(2024, 6, 30)).season
    second = open_from(date(2024, 11, 15), date(2025, 4, 15)).season

    assert (first.name, second.name) == ("2023/24", "2024/25")


# Settings.


@pytest.fixture
def today(season, clock_at):
    """It is nine in the morning of 21 November 2026."""
    clock_at(f"{TONIGHT} 09:00")


def change(key, value, first_night=date(2026, 12, 1), reason="agreed with the team", by=BUILDER):
    return planning.change_setting(key=key, value=value, first_night=first_night, by=by, reason=reason)


def test_the_house_begins_with_the_defaults(season):
    assert queries.settings_for(TONIGHT) == parameters.HouseSettings()


def test_a_setting_counts_from_its_night_on_and_earlier_nights_keep_theirs(today):
    days = (TONIGHT, date(2026, 11, 30), date(2026, 12, 1), date(2027, 4, 15))

    change("doors_open", "18:30")

    assert [queries.settings_for(day).doors_open for day in days] == [
        time(19, 15), time(19, 15), time(18, 30), time(18, 30),
    ]  # fmt: skip


def test_only_the_setting_that_was_changed_is_changed(today):
    before = queries.settings_for(date(2026, 12, 1))

    change("open_places", "250")

    after = queries.settings_for(date(2026, 12, 1))
    assert {name for name in parameters.PARAMETERS if getattr(before, name) != getattr(after, name)} == {
        "open_places"
    }


def test_of_two_changes_for_the_same_night_the_later_written_counts_and_both_are_kept(today):
    for value in ("200", "180"):
        change("open_places", value)

    assert queries.settings_for(date(2026, 12, 1)).open_places == 180
    assert list(Setting.objects.order_by("id").values_list("value", flat=True)) == ["200", "180"]


def test_a_change_written_later_for_an_earlier_night_does_not_undo_one_to_come(today):
    change("open_places", "180", first_night=date(2027, 1, 1))
    change("open_places", "250", first_night=date(2026, 12, 1))

    days = (date(2026, 12, 31), date(2027, 1, 1))
    assert [queries.settings_for(day).open_places for day in days] == [250, 180]


def test_a_change_keeps_who_when_and_why(today, by, people):
    setting = change("occupancy_alert", "85", by=by("coordinator"), reason="the ministry asks")

    line = LogEntry.objects.get(verb="setting_changed")
    assert (setting.set_by, setting.set_at, setting.reason) == (
        people["coordinator"], clock.now(), "the ministry asks",
    )  # fmt: skip
    assert (line.by, line.reason, line.facts) == (
        people["coordinator"], "the ministry asks",
        {"key": "occupancy_alert", "value": "85", "first": "2026-12-01"},
    )  # fmt: skip


def test_no_setting_changes_without_a_reason(today):
    with pytest.raises(errors.ReasonNeeded), transaction.atomic():
        change("open_places", "250", reason=" ")

    assert Setting.objects.count() == 0


def test_nights_that_are_past_keep_their_settings(today):
    with pytest.raises(errors.Incomplete), transaction.atomic():
        change("open_places", "250", first_night=date(2026, 11, 19))

    assert queries.settings_for(date(2026, 11, 19)).open_places is None


@pytest.mark.parametrize("state", ["closed", "definitive"])
def test_a_night_that_is_over_keeps_its_settings_though_it_is_still_tonight(today, by, clock_at, state):
    night = Night.objects.get(date=TONIGHT)
    clock_at("2026-11-22 08:50")
    stepping.step(night=night, to=Night.State(state), by=by("night_lead"))

    with pytest.raises(errors.Refused), transaction.atomic():
        change("open_places", "250", first_night=TONIGHT)

    assert queries.settings_for(TONIGHT).open_places is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("favourite_soup", "leek"),
        ("doors_open", "seven"),
        ("doors_open", "25:00"),
        ("doors_open", ""),
        ("open_places", "-1"),
        ("open_places", "many"),
        ("occupancy_alert", "101"),
        ("nights_without_proof", "none"),
        ("cold_nights_count", "maybe"),
        ("cold_suspends", "excluded"),
        ("exclusion_alone_nights", ""),
        ("age_bands", "26, 18"),
        ("age_bands", "18, 18"),
        ("age_bands", "0, 18"),
        ("age_bands", "18, 130"),
        ("age_bands", ", ".join(str(edge) for edge in range(1, 130))),  # longer than its column
    ],
)
def test_a_value_that_does_not_fit_is_refused(today, key, value):
    with pytest.raises(errors.Incomplete), transaction.atomic():
        change(key, value)

    assert Setting.objects.count() == 0


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("list_cutoff", "19:16"),  # after the doors open
        ("list_cutoff", "11:29"),  # before registration opens
        ("list_cutoff", "11:45"),  # would be the next morning, long after the doors have closed
        ("doors_open", "17:59"),  # before the list is frozen
        ("doors_open", "22:01"),  # after unclaimed beds are released
        ("hold_release", "19:00"),
        ("hold_release", "23:01"),
        ("last_arrival", "21:59"),
        ("registration_from", "18:30"),
    ],
)
def test_the_hours_of_an_evening_follow_one_another(today, key, value):
    with pytest.raises(errors.Incomplete), transaction.atomic():
        change(key, value)

    assert Setting.objects.count() == 0


@pytest.mark.parametrize(
    ("key", "value"),
    [("last_arrival", "00:30"), ("hold_release", "23:00"), ("doors_open", "18:00"), ("list_cutoff", "19:15")],
)
def test_hours_may_meet_and_may_lie_after_midnight(today, key, value):
    change(key, value)

    schedule = queries.schedule_of(date(2026, 12, 1), queries.settings_for(date(2026, 12, 1)))
    evening = [
        schedule.opened, schedule.list_frozen, schedule.doors_opened, schedule.holds_released,
        schedule.doors_closed, schedule.everybody_out,
    ]  # fmt: skip
    assert evening == sorted(evening)


def test_the_hours_follow_one_another_on_every_later_night_too(today):
    change("doors_open", "18:30", first_night=date(2027, 1, 1))

    with pytest.raises(errors.Incomplete), transaction.atomic():
        change("list_cutoff", "18:45", first_night=date(2026, 12, 1))  # fits until the end of the year

    assert queries.settings_for(date(2026, 12, 1)).list_cutoff == time(18, 0)


def test_the_schedule_of_a_night_is_its_hours_on_the_wall(season):
    schedule = queries.schedule_of(TONIGHT, queries.settings_for(TONIGHT))

    assert schedule == queries.Schedule(
        opened=instant("2026-11-21 11:30"),
        list_frozen=instant("2026-11-21 18:00"),
        doors_opened=instant("2026-11-21 19:15"),
        holds_released=instant("2026-11-21 22:00"),
        doors_closed=instant("2026-11-21 23:00"),
        everybody_out=instant("2026-11-22 08:45"),
    )
