"""The pairs of `tests/names.py`, typed into the real search; `make bench` does so among thousands of guests."""

import pytest

from intake import queries
from intake.matching import resemblance, sound, suggestion, words
from intake.queries.search import GOOD_MATCH, STRONG_MATCH
from tests.bench import crowd
from tests.names import DIFFERENT, SAME


@pytest.fixture
def guests(night):
    """The guests of all pairs, in order, among a few hundred others."""
    crowd.welcome(crowd.people(strangers=200, namesakes=200))
    return crowd.welcome([*crowd.named(SAME), *crowd.named(DIFFERENT)])


def share(found):
    return sum(found) / len(found)


def test_there_are_many_pairs_and_none_twice():
    pairs = {(pair.name, pair.family_name, pair.typed) for pair in (*SAME, *DIFFERENT)}

    assert (len(SAME) >= 170, len(DIFFERENT) >= 70, len(pairs)) == (True, True, len(SAME) + len(DIFFERENT))


def test_of_a_hundred_guests_ninety_seven_are_found_by_another_spelling(guests, night):
    found = [guest in crowd.suggestions(pair.typed, night) for pair, guest in zip(SAME, guests, strict=False)]

    assert share(found) >= 0.97


def test_of_four_other_people_with_a_like_name_one_at_most_is_asked_about(guests):
    others = zip(DIFFERENT, guests[len(SAME) :], strict=True)

    assert share([crowd.is_asked_about(guest, pair.typed) for pair, guest in others]) <= 0.25


def test_of_five_people_written_down_anew_four_are_recognised(guests):
    same = zip(SAME, guests, strict=False)

    assert share([crowd.is_asked_about(guest, pair.typed) for pair, guest in same]) >= 0.8


def test_never_more_than_ten_are_suggested(guests, night):
    texts = ["mo", "ma", "mohamed", "ali", "ahmed 87", *(pair.typed for pair in DIFFERENT)]
    counts = {len(found(text)) for found in (search_in(night), queries.look_alikes) for text in texts}

    assert max(counts) == 10


def search_in(night):
    return lambda text: queries.search(text, night)


# What the pairs are told apart by.


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("mohamed", "muhammad", True), ("mohamed", "mahmoud", False), ("djamel", "jamal", True),
        ("hassan", "hussein", False), ("said", "saad", False), ("omar", "amar", False), ("ouattara", "wattara", True),
    ],
)  # fmt: skip
def test_a_sound_keeps_the_vowels_that_a_skeleton_leaves_out(one, other, alike):
    assert (sound(one) == sound(other)) is alike


@pytest.mark.parametrize(
    ("one", "other"),
    [("Mohamed Benali", "Mahmoud Benali"), ("Karim Saïdi", "Karima Saïdi"), ("Ali Hamidi", "Ali Hamdaoui")],
)
def test_a_name_in_common_does_not_make_two_people_one(one, other):
    assert resemblance(words(one), words(other)) < STRONG_MATCH


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohamed Benali", "BENALI Muhammad"), ("Ousmane Diallo", "Usman"),
        ("Jean-Pierre Kasongo", "Jeanpierre Kasongo"), ("Ștefan Țurcanu", "Stefan Turkanu"),
    ],
)  # fmt: skip
def test_one_person_is_recognised_either_way_round(one, other):
    there, back = resemblance(words(one), words(other)), resemblance(words(other), words(one))

    assert (there >= STRONG_MATCH, round(there - back, 9)) == (True, 0)


def test_who_is_known_by_one_name_is_meant_rather_than_who_has_another_second_one():
    asked = words("Yannick Mbemba")
    bare, other = suggestion(asked, ["yannick"]), suggestion(asked, ["yannick", "magalhaes"])

    assert (bare > other, bare > GOOD_MATCH) == (True, True)


def test_a_name_of_no_words_resembles_nobody():
    assert (resemblance([], ["ali"]), resemblance(["ali"], []), suggestion([], ["ali"]), suggestion(["ali"], [])) == (
        0.0, 0.0, 0.0, 0.0,
    )  # fmt: skip
