"""What may be set and how a typed value reads. Pure: no database."""

from dataclasses import fields, replace
from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelter import errors
from shelter.parameters import MAY_BE_SUSPENDED, PARAMETERS, HouseSettings, in_force

CALMLY = settings(deadline=None, derandomize=True)  # the same examples each time, however slow

# By hand, from the suggested parameters.
DEFAULTS = {
    "registration_from": "11:30",
    "registration_until": "16:00",
    "list_cutoff": "18:00",
    "doors_open": "19:15",
    "hold_release": "22:00",
    "last_arrival": "23:00",
    "everybody_out": "08:45",
    "supper": "19:30",
    "quiet_from": "22:00",
    "wake_up": "07:00",
    "bus": "09:00",
    "open_places": "",
    "occupancy_alert": "80",
    "occupancy_critical": "90",
    "nights_without_proof": "3",
    "cold_nights_count": "no",
    "cold_suspends": "nights_used_up, not_registered",
    "exclusion_alone_nights": "7",
    "round_evening": "23:30",
    "round_census": "04:00",
    "unclaimed_days": "30",
    "age_bands": "18, 26, 46, 66",
    "nights_until_stay_ends": "3",
    "retention_months": "24",
    "line": "registered, turned_away, needs",
    "line_in_the_cold": "turned_away, needs, registered",
    "older_from": "60",
    "wish_same_bed": "100",
    "wish_same_dormitory": "40",
    "wish_lower_bed": "200",
    "wish_step_free": "400",
    "wish_older_lower": "20",
    "wish_quiet": "50",
    "wish_lower_spared": "5",
    "wish_step_free_spared": "10",
    "wish_closed_dormitory": "150",
    "wish_spare_place": "8",
    "reports_to_approve": "season, note",
    "small_numbers_ministry": "5",
    "small_numbers_public": "10",
    "open_data": "no",
    "places_feed": "no",
    "places_feed_delay": "30",
    "places_feed_from": "5",
}

VALUES = {
    "time": st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    "count": st.integers(0, 10_000),
    "optional_count": st.none() | st.integers(0, 10_000),
    "percent": st.integers(0, 100),
    "flag": st.booleans(),
    "counts": st.sets(st.integers(1, 129), min_size=1, max_size=8).map(lambda edges: tuple(sorted(edges))),
}
keys = st.sampled_from(sorted(PARAMETERS))


def typed(key):
    if PARAMETERS[key].kind == "codes":
        some = st.lists(st.sampled_from(PARAMETERS[key].choices), unique=True)
        return some.map(lambda codes: (key, tuple(codes)))
    return VALUES[PARAMETERS[key].kind].map(lambda value: (key, value))


def test_the_defaults_are_those_of_the_domain():
    assert {key: parameter.write(parameter.default) for key, parameter in PARAMETERS.items()} == DEFAULTS


def test_every_field_of_the_settings_may_be_set_and_nothing_else():
    assert list(PARAMETERS) == [field.name for field in fields(HouseSettings)]


@CALMLY
@given(keys.flatmap(typed))
def test_a_written_value_reads_as_it_was(pair):
    key, value = pair

    assert PARAMETERS[key].read(PARAMETERS[key].write(value)) == value


@CALMLY
@given(keys, st.text(max_size=40))
def test_whatever_is_typed_either_fits_or_is_refused_as_a_value(key, text):
    parameter = PARAMETERS[key]
    try:
        value = parameter.read(text)
    except ValueError:
        return

    again = parameter.read(parameter.write(value))
    shown = value.replace(second=0, microsecond=0, tzinfo=None) if isinstance(value, time) else value
    assert again == shown


@CALMLY
@given(st.lists(keys.flatmap(typed), max_size=12))
def test_of_several_rows_the_last_one_counts(pairs):
    rows = [(key, PARAMETERS[key].write(value)) for key, value in pairs]

    assert in_force(rows) == replace(HouseSettings(), **dict(pairs))


def test_a_setting_no_longer_known_is_passed_over():
    assert in_force([("favourite_soup", "leek"), ("open_places", "250")]) == HouseSettings(open_places=250)


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("doors_open", " 18:30 ", time(18, 30)),
        ("open_places", "", None),
        ("open_places", "  ", None),
        ("open_places", "0", 0),
        ("occupancy_alert", "100", 100),
        ("nights_without_proof", " ", None),
        ("nights_without_proof", "0", 0),
        ("cold_nights_count", " Yes ", True),
        ("cold_nights_count", "no", False),
        ("cold_suspends", "", ()),
        ("cold_suspends", "doors_closed not_registered", ("doors_closed", "not_registered")),
        ("cold_suspends", "nights_used_up,not_registered,", ("nights_used_up", "not_registered")),
        ("age_bands", "18;26, 46 ;66", (18, 26, 46, 66)),
    ],
)
def test_values_are_read_as_people_type_them(key, text, value):
    assert PARAMETERS[key].read(text) == value


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("doors_open", "24:00"),
        ("doors_open", "19h15"),
        ("occupancy_alert", "-1"),
        ("occupancy_alert", "101"),
        ("occupancy_alert", "80 %"),
        ("nights_without_proof", "three"),
        ("cold_nights_count", ""),
        ("cold_nights_count", "1"),
        ("cold_suspends", "excluded"),
        ("cold_suspends", "not_registered, keep_apart"),
        ("exclusion_alone_nights", ""),
        ("retention_months", "10001"),
        ("age_bands", ""),
        ("age_bands", "18,,26"),
        ("age_bands", "46, 26"),
    ],
)
def test_values_that_do_not_fit_are_refused(key, text):
    with pytest.raises(ValueError, match="."):
        PARAMETERS[key].read(text)


def test_the_cold_suspends_no_rule_that_keeps_people_safe():
    starred = {kind.code for kind in errors.Refused.__subclasses__() if kind.overridable_by}

    assert starred - set(MAY_BE_SUSPENDED) == {"excluded", "keep_apart", "wrong_zone"}
    assert set(MAY_BE_SUSPENDED) - starred == set()
