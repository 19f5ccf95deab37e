"""The page of figures: any nights, each figure beside what it means; small numbers for the coordination only."""

import pytest
from django.urls import reverse

from reporting.indicators import INDICATORS
from shelter.actions import placing, registering
from shelter.models import Role

FIGURES, DEFINITIONS = reverse("figures"), reverse("figures-definitions")


@pytest.fixture
def slept(night, house, occupant, by, clock_at):
    """Two men and a woman came on the evening of the 21st and are in the house at four."""
    for sex, bed in (("man", "MA1"), ("man", "MA4"), ("woman", "WO1")):
        somebody = occupant(sex=sex)
        registering.register(occupant=somebody, night=night, by=by("field_worker"))
        placing.check_in(occupant=somebody, bed=house.beds[bed], night=night, by=by("night_lead"))
    clock_at("2026-11-22 07:00")


def shown(page):
    """By code what the page says, in a line or in the lines of a table."""
    return {
        figure.indicator.code: list(figure.lines) or figure.said
        for _heading, figures in page.context["subjects"]
        for figure in figures
    }


def test_the_figures_of_a_night_are_shown_beside_their_definitions(slept, client_as):
    page = client_as("coordinator").get(FIGURES, {"first": "2026-11-21", "last": "2026-11-21"})
    told = shown(page)

    assert list(told) == list(INDICATORS)
    assert (told["nights_open"], told["bed_nights"], told["persons"]) == ("1", "3", "3")
    assert told["rate_in_service"] == "15\u00a0% (3 / 20)"
    assert told["peak"] == "3 (21.11.2026)"
    assert [number for _sex, number in told["persons_by_sex"]] == ["1", "2"]
    assert page.context["is_provisional"]
    assert all(str(each.definition) in page.text for each in [INDICATORS["bed_nights"], INDICATORS["visits"]])


def test_nights_that_did_not_run_are_none(season, client_as, clock_at):
    clock_at("2026-11-21 12:30")

    told = shown(client_as("coordinator").get(FIGURES))

    assert (told["nights_open"], told["bed_nights"], told["rate_in_service"], told["peak"]) == (
        "0",
        "0",
        "–",
        "–",
    )


@pytest.mark.parametrize(
    "asked",
    [
        {"first": "2026-11-21", "last": "2026-11-20"},
        {"first": "2026-11-21", "last": "2028-11-20"},
        {"first": "soon", "last": "2026-11-20"},
        {"first": "2026-11-21"},
        {"first": "2026-11-\0", "last": "9999-12-31"},
    ],
)
def test_nights_that_cannot_be_are_refused_in_words(night, client_as, asked):
    page = client_as("coordinator").get(FIGURES, asked)

    assert page.status_code == 422
    assert page.context["form"].errors
    assert "subjects" not in page.context


def test_small_numbers_are_for_the_coordination_only(slept, client_as):
    answers = {role: client_as(role).get(FIGURES).status_code for role in Role.values}

    assert answers == {role: 200 if role == "coordinator" else 403 for role in Role.values}


def test_the_ministry_reads_what_every_figure_means(season, client_as):
    page = client_as("ministry").get(DEFINITIONS)

    assert page.status_code == 200
    assert [code for code in INDICATORS if f'id="{code}"' not in page.text] == []
    assert DEFINITIONS in client_as("ministry").get(reverse("season")).text
    assert f'"{FIGURES}"' not in client_as("ministry").get(reverse("season")).text


def test_each_language_has_its_own_words_and_the_same_digest(season, client_as):
    client = client_as("ministry")
    pages = {
        code: client.get(DEFINITIONS, headers={"accept-language": code}) for code in ("fr", "de", "lb", "en")
    }

    assert len({page.context["definitions"] for page in pages.values()}) == 1
    assert len({page.text for page in pages.values()}) == 4
