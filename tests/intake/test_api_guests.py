"""Guest files by API: in, out, found, changed."""

import pytest
from django.urls import reverse

from intake.models import Guest
from shelter.models import LogEntry
from tests.harness import count_queries, same_queries_for

GUESTS = reverse("api:guests")
SHAPE = {
    "id", "number", "name", "family_name", "known_as", "sleeps", "birth_answer", "birth_year", "birth_month",
    "birth_day", "age_band", "languages", "nationality", "lower_bed", "step_free", "dog", "works_nights",
    "early_leaver",
    "wakes_at",
    "situation",
}  # fmt: skip


def file_of(guest):
    return reverse("api:guest", args=[guest.pk])


def test_a_name_and_where_to_sleep_are_enough(night, program):
    answer = program("field_worker")(GUESTS, name="Hibou", sleeps="men")

    guest = Guest.objects.get()
    told = answer.json()
    assert (answer.status_code, set(told)) == (201, SHAPE)
    assert (told["id"], told["number"], told["name"], told["languages"]) == (
        guest.pk,
        guest.number,
        "Hibou",
        [],
    )


def test_every_answer_comes_back_as_it_was_given(night, program):
    given = {
        "name": "Ştefan",
        "sleeps": "family",
        "family_name": "Rândunică",
        "known_as": "Fane",
        "birth_answer": "given",
        "birth_year": 1988,
        "birth_month": 2,
        "birth_day": 29,
        "age_band": "",
        "languages": ["ro", "fr"],
        "nationality": "RO",
        "lower_bed": True,
        "step_free": True,
        "dog": False,
        "works_nights": True,
        "early_leaver": False,
        "wakes_at": None,
        "situation": "",
    }

    told = program("field_worker")(GUESTS, **given).json()

    assert {name: told[name] for name in given} == given


def test_text_is_kept_on_one_line_without_marks_that_turn_it(night, program):
    told = program("field_worker")(GUESTS, name=" Hi\u202ebou\n\tde\x00 nuit ", sleeps="men").json()

    assert told["name"] == "Hibou de nuit"


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "\u202e\u200f\x00"}, "name"),
        ({"name": "a" * 81}, "name"),
        ({"name": None}, "name"),
        ({"name": ["Hibou"]}, "name"),
        ({"sleeps": "attic"}, "sleeps"),
        ({"sleeps": None}, "sleeps"),
        ({"birth_year": 1899}, "birth_year"),
        ({"birth_year": 2027}, "birth_year"),
        ({"birth_month": 5}, "birth_year"),
        ({"birth_year": 1990, "birth_day": 5}, "birth_year"),
        ({"birth_year": 1989, "birth_month": 2, "birth_day": 29}, "birth_year"),
        ({"birth_year": 2026, "birth_month": 11, "birth_day": 22}, "birth_year"),
        ({"nationality": "XX"}, "nationality"),
        ({"languages": ["xx"]}, "languages"),
        ({"languages": "fr"}, "languages"),
        ({"languages": ["fr"] * 13}, "languages"),
        ({"dog": "perhaps"}, "dog"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_by_its_field(night, program, asked, field):
    answer = program("field_worker")(GUESTS, **({"name": "Hibou", "sleeps": "men"} | asked))

    assert (answer.status_code, answer.json()["code"], list(answer.json()["facts"])) == (
        400,
        "invalid",
        [field],
    )
    assert (Guest.objects.count(), LogEntry.objects.filter(verb="guest_added").count()) == (0, 0)


@pytest.mark.parametrize("missing", ["name", "sleeps"])
def test_without_a_name_or_a_place_to_sleep_there_is_no_file(night, program, missing):
    asked = {"name": "Hibou", "sleeps": "men"}
    del asked[missing]

    answer = program("field_worker")(GUESTS, **asked)

    assert (answer.status_code, list(answer.json()["facts"])) == (400, [missing])


def test_reading_a_file_leaves_a_line_in_the_log(night, guest, people, api_as):
    hibou = guest("Hibou")

    told = api_as("nurse").get(file_of(hibou)).json()

    line = LogEntry.objects.get(verb="guest_read")
    assert (told["id"], set(told)) == (hibou.pk, SHAPE)
    assert (line.occupant_id, line.by, line.source) == (hibou.occupant_id, people["nurse"], "api")


def test_one_answer_is_changed_and_the_others_stay(night, guest, program):
    hibou = guest("Hibou", birth_year=1988, languages=["fr"])

    told = program("field_worker")(file_of(hibou), verb="patch", lower_bed=True).json()

    line = LogEntry.objects.get(verb="guest_changed")
    assert (told["lower_bed"], told["birth_year"], told["languages"], told["name"]) == (
        True,
        1988,
        ["fr"],
        "Hibou",
    )
    assert line.facts == {"fields": ["lower_bed"]}


def test_a_changed_name_is_found_and_the_old_one_no_longer(night, guest, program, api_as):
    hibou = guest("Hibou")
    program("field_worker")(file_of(hibou), verb="patch", name="Kestrel")

    client = api_as("field_worker")
    found = {name: client.get(GUESTS, {"q": name}).json()["count"] for name in ("Kestrel", "Hibou")}

    assert found == {"Kestrel": 1, "Hibou": 0}


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"birth_month": 3}, 200),
        ({"birth_month": 2, "birth_day": 30}, 400),
        ({"birth_day": 3}, 400),
        ({"birth_year": None}, 200),
        ({"birth_year": 2026, "birth_month": 12}, 400),
    ],
)
def test_a_change_of_birth_is_held_against_what_the_file_knows(night, guest, program, asked, status):
    hibou = guest("Hibou", birth_year=1988)

    assert program("field_worker")(file_of(hibou), verb="patch", **asked).status_code == status


def test_the_year_of_birth_is_not_taken_away_from_under_its_month(night, guest, program):
    hibou = guest("Hibou", birth_year=1988, birth_month=4)

    answer = program("field_worker")(file_of(hibou), verb="patch", birth_year=None)

    assert (answer.status_code, list(answer.json()["facts"])) == (400, ["birth_year"])


def test_a_search_tells_tonights_state_and_bed(night, house, guest, program, api_as):
    here, unknown = guest("Hibou", family_name="Moyen-Duc"), guest("Hibou", birth_year=1970)
    write = program("night_worker")
    write(reverse("api:registrations", args=[night.date]), guest=here.pk)
    write(reverse("api:check-ins", args=[night.date]), guest=here.pk, bed=house.beds["MA1"].pk)

    told = api_as("nurse").get(GUESTS, {"q": "hibou"}).json()

    assert told["count"] == 2
    assert told["results"][0] == {
        "id": here.pk,
        "number": here.number,
        "name": "Hibou",
        "family_name": "Moyen-Duc",
        "birth_year": None,
        "sleeps": "men",
        "state": "here",
        "bed": "MA1",
        "last_bed": None,
        "last_night": None,
    }
    assert [(hit["id"], hit["state"], hit["bed"]) for hit in told["results"][1:]] == [
        (unknown.pk, "unknown", None)
    ]


@pytest.mark.parametrize(
    "query", ["", "h", " h ", "\x00", "%", "😀", "\u202e", "'; DROP TABLE intake_guest; --"]
)
def test_without_two_characters_of_a_name_nobody_is_listed(night, guest, api_as, query):
    guest("Hibou")

    told = api_as("field_worker").get(GUESTS, {"q": query})

    assert (told.status_code, told.json()["results"]) == (200, [])


def test_more_guests_found_do_not_mean_more_queries(night, guest, api_as):
    client = api_as("field_worker")
    guest("Hibou")
    client.get(GUESTS, {"q": "hibou"})

    with count_queries() as few:
        client.get(GUESTS, {"q": "hibou"})
    for year in range(1970, 1978):
        guest("Hibou", birth_year=year)
    with count_queries() as many:
        found = client.get(GUESTS, {"q": "hibou"}).json()["count"]

    assert found == 9
    same_queries_for(few, many)
