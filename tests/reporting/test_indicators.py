"""What the definitions say, on nights small enough to count by hand."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from reporting.facts import Asked, Before, Happened, NightFacts, Stay, Window
from reporting.indicators import EXAMPLE, INDICATORS, SUBJECTS, digest
from reporting.values import Peak, Ratio, as_json

pytestmark = pytest.mark.pure

FIRST = date(2026, 11, 15)


def stay(night, person, bed=None, **traits):
    known = {"dormitory": "MA", "sex": "man", "age": "26", "origin": "eu"} | traits
    return Stay(night=FIRST + timedelta(night), person=person, bed=bed or person, **known)


def night(number, *people, **facts):
    """The night so many nights after the first, in which these people slept."""
    stays = tuple(each if isinstance(each, Stay) else stay(number, each) for each in people)
    known = {"night": FIRST + timedelta(number), "nominal": 10, "beds": {"MA": 10}, "stays": stays}
    known["let_in"] = frozenset(each.person for each in stays)
    return NightFacts(**known | facts)


def of(code, *nights, before=None):
    return INDICATORS[code].of(Window(nights, before or {}))


def test_rates_are_quotients_of_sums_and_never_means_of_rates():
    one, other = night(0, *range(10)), night(1, 1, nominal=100, beds={"MA": 90})

    assert of("rate_in_service", one, other) == Ratio(11, 100)
    assert of("rate_nominal", one, other) == Ratio(11, 110)
    assert Ratio(11, 110).percent == 10.0


def test_rate_b_may_exceed_a_hundred():
    assert of("rate_nominal", night(0, *range(12), extra=5, beds={"MA": 15})).percent == 120.0


def test_a_rate_over_nothing_is_not_known():
    assert of("rate_in_service").percent is None
    assert (of("peak"), of("median_nights"), of("longest_run")) == (None, None, 0)


def test_of_equal_peaks_the_first_is_told():
    assert of("peak", night(0, 1), night(1, 1, 2), night(2, 3, 4)) == Peak(2, FIRST + timedelta(1))


@pytest.mark.parametrize(("slept", "tense", "saturated"), [(89, 0, 0), (90, 1, 0), (96, 1, 0), (97, 1, 1)])
def test_a_night_is_tense_from_90_and_saturated_from_97_of_100(slept, tense, saturated):
    full = night(0, *range(slept), beds={"MA": 100})

    assert (of("tense_nights", full), of("saturated_nights", full)) == (tense, saturated)


def test_a_night_on_which_somebody_lacked_a_place_is_saturated_and_one_on_which_somebody_was_excluded_is_not():
    assert of("saturated_nights", night(0, 1, without_bed=1, lacked_place=1)) == 1
    assert of("saturated_nights", night(0, 1, without_bed=1)) == 0


def test_different_people_are_counted_once():
    assert of("persons", night(0, 1, 2), night(1, 2, 3)) == 3
    assert of("bed_nights", night(0, 1, 2), night(1, 2, 3)) == 4
    assert of("nights_a_person", night(0, 1, 2), night(1, 2, 3)) == Ratio(4, 3)


def test_new_returning_and_reentering_people():
    before = {
        2: Before(earlier_season=True),
        3: Before(last_night=FIRST - timedelta(1)),
        4: Before(last_night=FIRST - timedelta(15)),
        5: Before(last_night=FIRST - timedelta(14)),
    }
    known = night(0, 1, 2, 3, 4, 5)

    assert of("new_persons", known, before=before) == 1
    assert of("returning_persons", known, before=before) == 1
    assert of("reentering_persons", known, before=before) == 1  # fourteen nights lie between, not thirteen


def test_who_stays_away_for_fourteen_nights_within_the_nights_has_come_back():
    assert of("reentering_persons", night(0, 1, 2), night(14, 1), night(15, 2)) == 1


def test_people_by_nights_slept():
    nights = [
        night(number, *([1] if number else [1, 2]), *([3] if number < 7 else [])) for number in range(31)
    ]

    assert of("persons_by_length", *nights) == {"1": 1, "2-7": 1, "31-90": 1}
    assert of("median_nights", *nights) == 7


def test_a_run_goes_on_over_nights_on_which_the_house_was_not_open():
    assert of("longest_run", night(0, 1), night(1, 1), night(5, 1), night(6, 2), night(7, 1)) == 3


def test_one_night_in_two_beds_is_one_night_of_a_person():
    twice = night(0, stay(0, 1, bed=1), stay(0, 1, bed=2))

    assert (of("bed_nights", twice), of("median_nights", twice), of("longest_run", twice)) == (2, 1, 1)


def test_traits_of_a_person_are_those_of_the_last_night():
    birthday = night(0, stay(0, 1, age="18")), night(1, stay(1, 1, age="26"))

    assert of("persons_by_age", *birthday) == {"26": 1}
    assert of("bed_nights_by_age", *birthday) == {"18": 1, "26": 1}


def test_what_is_not_known_stands_on_a_line_of_its_own():
    nobody = night(0, stay(0, 1, sex="unknown", age="", origin="unknown"), 2)

    assert of("persons_by_sex", nobody) == {"man": 1, "unknown": 1}
    assert of("traits_not_known", nobody) == {"age": 1, "origin": 1, "sex": 1}


def test_whoever_asks_in_several_ways_asked_once_that_night():
    asked = (
        Asked(1, "no_place"),
        Asked(3, "excluded"),
        Asked(None, "no_place"),
        Asked(None, "no_place", is_repeated=True),
    )

    assert of("requests", night(0, 1, registered=frozenset({1, 2}), asked=asked), night(1, 1)) == 5


def test_an_offer_declined_is_no_refusal():
    asked = (Asked(1, "offer_declined"), Asked(2, "no_place"), Asked(3, "minor_redirected"))

    assert of("declined", night(0, asked=asked)) == 1
    assert of("refused", night(0, asked=asked)) == {"minor_redirected": 1, "no_place": 1}
    assert of("redirected", night(0, asked=asked)) == 1


def test_meals_derived_and_served_stand_apart():
    served = night(0, 1, 2, services={"suppers": 3, "breakfasts": 2, "showers": 9})

    assert (of("meals_derived", served), of("meals_served", served)) == (4, 5)


def test_incidents_are_counts():
    happened = (
        Happened("quarrel", 1, False, False),
        Happened("theft", 3, True, True),
        Happened("fire", 3, True, False),
    )

    assert of("incidents", night(0, incidents=happened)) == {"1": 1, "3": 2}
    assert of("emergency_calls", night(0, incidents=happened)) == {"ambulance": 1, "police": 2}


def test_every_indicator_works_without_nights_and_can_be_kept():
    assert [
        code
        for code, each in INDICATORS.items()
        if as_json(each.of(Window(()))) not in (0, None, {}, {"above": 0, "below": 0})
    ] == []


def test_every_indicator_has_one_code_a_name_a_definition_and_sources():
    assert len(INDICATORS) == sum(len(subject.INDICATORS) for subject in SUBJECTS)
    assert [each.code for each in INDICATORS.values() if not (str(each.name) and each.sources)] == []
    assert [each.code for each in INDICATORS.values() if not str(each.definition).endswith((".", "%"))] == []


def test_tables_of_people_add_up_to_the_people():
    window = Window((night(0, 1, stay(0, 2, sex="woman")), night(1, stay(1, 3, origin="lu"), 1)))
    tables = [each for each in INDICATORS.values() if each.code.startswith("persons_by_")]

    assert len(tables) == 5
    assert [
        each.code for each in tables if sum(each.of(window).values()) != INDICATORS["persons"].of(window)
    ] == []


def test_whatever_changes_a_definition_changes_the_digest():
    first, *rest = INDICATORS.values()
    told = digest([first, *rest], {"tense": 90}, EXAMPLE)

    assert told == digest(INDICATORS.values(), {"tense": 90}, EXAMPLE)
    assert told != digest([replace(first, definition="Something else."), *rest], {"tense": 90}, EXAMPLE)
    assert told != digest([first, *rest], {"tense": 91}, EXAMPLE)
    assert told != digest(rest, {"tense": 90}, EXAMPLE)
    assert told != digest([replace(first, of=lambda window: 1), *rest], {"tense": 90}, EXAMPLE)
