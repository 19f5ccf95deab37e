"""Names are found however they were heard or spelled. Pure: no database."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.matching import Query, fold, keys_of, likeness, parse, skeleton, trigrams, words
from intake.queries.search import GOOD_MATCH

pytestmark = pytest.mark.pure

CALMLY = settings(deadline=None, derandomize=True)  # the same examples each time, however slow

THIS_YEAR = 2026
# The same name, written down twice: spelled by another ear, in another script, without its accents.
SAME = [
    ("Mohamed", "Muhammad"), ("Mohamed", "Mouhamed"), ("Mohamed", "Mohammed"), ("Mohamed", "محمد"),
    ("Muhammad", "محمد"), ("Youssef", "Yusuf"), ("Youssef", "Yousef"), ("Youssef", "Iosif"),
    ("Youssef", "يوسف"), ("Djamel", "Jamal"), ("Djamel", "جمال"), ("Khaled", "Haled"), ("Khaled", "Khalid"),
    ("Khaled", "خالد"), ("Ștefan", "Stefan"), ("Ştefan", "Ștefan"), ("Stefan", "Stephan"),
    ("Łukasz", "Lukasz"), ("Łukasz", "Lukas"), ("Иван", "Ivan"), ("Юлия", "Julia"), ("Юлия", "Yulia"),
    ("Сергей", "Sergey"), ("Владимир", "Vladimir"), ("Дмитро", "Dmytro"), ("Андрей", "Andrei"),
    ("Хасан", "Hasan"), ("Ousmane", "Usman"), ("Ousmane", "Osman"), ("Ouattara", "Wattara"),
    ("Diallo", "Dialo"), ("Chérif", "Sherif"), ("Aïcha", "Aisha"), ("Aïcha", "Ayesha"), ("Fatima", "Fatma"),
    ("Abdoulaye", "Abdulai"), ("João", "Joao"), ("Gonçalves", "Goncalves"), ("Müller", "Mueller"),
    ("Müller", "Muller"), ("François", "Francois"), ("Gheorghe", "George"), ("Iulian", "Julian"),
    ("Ahmad", "Ahmed"), ("Hussein", "Hossein"), ("Hussein", "حسين"), ("علي", "Ali"), ("عمر", "Omar"),
    ("Oumar", "Omar"), ("Karim", "Kareem"), ("Rachid", "Rashid"), ("Noureddine", "Nour Eddine"),
    ("Mustapha", "Moustafa"), ("Ibrahim", "Brahim"), ("Kwame", "Kouame"), ("Nguyễn", "Nguyen"),
    ("Øystein", "Oystein"), ("Saïd", "Saeed"), ("Al-Hassan", "Hassan"), ("El Amrani", "Amrani"),
    ("Ben Ali", "Ali"), ("Jean-Pierre", "Jean Pierre"), ("Jean-Pierre", "Jeanpierre"), ("O’Brien", "O'Brien"),
]  # fmt: skip
DIFFERENT = [
    ("Mohamed", "Ivan"), ("Ali", "Omar"), ("Youssef", "Karim"), ("Stefan", "Mustapha"), ("Ana", "Ivan"),
    ("Khaled", "Fatima"), ("Diallo", "Lukasz"),
]  # fmt: skip

names = st.text(st.characters(categories=["L"]), min_size=1, max_size=12)
hostile = st.text(max_size=300) | st.sampled_from(
    [
        "\x00",
        "%",
        "_",
        "' OR 1=1 --",
        "\u202e ali",
        "🛏️" * 50,
        "x" * 10_000,
        "ﷺ" * 20,
        "ß" * 100,
        "٣٤٥",
        "½",
        "²",
    ]
)


def is_found(asked, known):
    """Whether a search brings this name up: it shares a key, and the names are alike enough."""
    query = parse(asked, THIS_YEAR)
    return bool(query.keys & keys_of([known])) and likeness(query.words, words(known)) >= GOOD_MATCH


@pytest.mark.parametrize(("one", "other"), SAME)
def test_a_name_is_found_by_its_other_spelling_and_the_other_way_round(one, other):
    assert (is_found(one, other), is_found(other, one)) == (True, True)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_another_name_is_not_found(one, other):
    assert (is_found(one, other), is_found(other, one)) == (False, False)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ȘTEFAN", "stefan"),
        ("Łukasz", "lukasz"),
        ("Straße", "strasse"),
        ("Æsa Œuvre", "aesa oeuvre"),
        ("Ísak Þór", "isak thor"),
        ("İbrahim", "ibrahim"),
        ("Иван Щедрин", "ivan shtedrin"),
        ("محمد", "mhmd"),
        ("e\u0301", "e"),  # composed or not, it is one letter
        ("ALI", "ali"),
        ("𝐀𝐋𝐈 ＯＭＡＲ", "ali omar"),  # capitals that only look like letters of another kind
        ("", ""),
    ],
)
def test_names_are_folded_to_plain_latin_letters(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Al-Hassan ben Youssef", ["hassan", "youssef"]),
        ("El Ben", ["el", "ben"]),  # nothing else is left
        ("  dos  Santos ", ["santos"]),
        ("O'Brien", ["o", "brien"]),
        ("…", []),
    ],
)
def test_particles_count_only_where_nothing_else_is_left(text, found):
    assert words(text) == found


@CALMLY
@given(names)
def test_case_and_the_way_it_is_encoded_change_nothing(name):
    assert fold(name.casefold()) == fold(name)
    assert fold(fold(name)) == fold(name)
    assert fold(unicodedata.normalize("NFD", name)) == fold(unicodedata.normalize("NFC", name))


@CALMLY
@given(st.text(st.characters(categories=["L"], max_codepoint=0x24F), max_size=12))
def test_accents_of_latin_letters_change_nothing(name):
    decomposed = unicodedata.normalize("NFD", name)

    assert fold("".join(char for char in decomposed if not unicodedata.combining(char))) == fold(name)


@CALMLY
@given(names)
def test_a_name_is_as_like_itself_as_can_be(name):
    assert likeness(words(name), words(name)) == (1.0 if words(name) else 0.0)


@CALMLY
@given(st.lists(names, max_size=4), st.lists(names, max_size=4))
def test_likeness_lies_between_nothing_and_everything(one, other):
    asked, known = words(" ".join(one)), words(" ".join(other))

    assert 0.0 <= likeness(asked, known) <= 1.0


@CALMLY
@given(st.lists(names, min_size=1, max_size=3))
def test_the_order_of_the_words_does_not_matter(parts):
    one, other = words(" ".join(parts)), words(" ".join(reversed(parts)))

    assert round(likeness(one, other), 9) == (1.0 if one else 0.0)
    assert keys_of([" ".join(parts)]) == keys_of([" ".join(reversed(parts))])


@CALMLY
@given(st.lists(names, min_size=1, max_size=3).map(" ".join))
def test_everybody_is_found_by_their_own_name(name):
    query = parse(name, THIS_YEAR)

    if query.words:
        assert query.keys & keys_of([name]) != set()
        assert likeness(query.words, words(name)) == 1.0


@CALMLY
@given(names.filter(lambda name: len(fold(name)) >= 2))
def test_the_first_two_letters_are_enough(name):
    word = words(name)[0] if words(name) else ""

    if len(word) >= 2 and words(word[:2]) == [word[:2]]:
        query = parse(word[:2], THIS_YEAR)
        assert query.keys <= keys_of([name])
        assert likeness(query.words, [word]) >= 0.95


# Whatever is typed.


@CALMLY
@given(hostile, st.integers(2000, 2100))
def test_whatever_is_typed_can_be_taken_apart(text, this_year):
    query = parse(text, this_year)

    assert [len(key) <= 40 for key in query.keys] == [True] * len(query.keys)
    assert query.year is None or this_year - 120 <= query.year <= this_year
    assert query.digits == "" or query.digits.isdecimal()


@CALMLY
@given(st.lists(hostile, max_size=3), st.none() | st.integers(0, 9999))
def test_whatever_the_name_its_keys_fit_into_their_column(texts, year):
    keys = keys_of(texts, year)

    assert [key for key in keys if not 1 < len(key) <= 40] == []


def test_a_name_of_many_long_letters_still_fits():
    keys = keys_of(["x" * 80, "щ" * 80, "ﷺ" * 40])

    assert [key for key in keys if len(key) > 40] == []


# Taking a search apart.


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("ali", Query(("ali",), None, "")),
        ("Ali 87", Query(("ali",), 1987, "87")),
        ("ali 1987", Query(("ali",), 1987, "1987")),
        ("87 ali", Query(("ali",), 1987, "87")),
        ("ali 05", Query(("ali",), 2005, "05")),
        ("ali 16", Query(("ali",), 2016, "16")),
        ("ali 17", Query(("ali",), 1917, "17")),  # nobody of nine comes alone: it was a hundred years before
        ("ali 2027", Query(("ali",), None, "2027")),
        ("ali 1899", Query(("ali",), None, "1899")),
        ("214", Query((), None, "214")),
        ("B-214", Query((), None, "214")),
        ("b 214", Query((), None, "214")),
        ("0417", Query((), None, "0417")),
        ("1987", Query((), 1987, "1987")),
        ("  ali   ben   youssef ", Query(("ali", "youssef"), None, "")),
        ("al", Query(("al",), None, "")),
        ("%", Query((), None, "")),
        ("", Query((), None, "")),
    ],
)
def test_a_search_is_taken_apart_into_words_year_and_digits(text, query):
    assert parse(text, THIS_YEAR) == query


def test_a_search_is_read_up_to_a_length():
    assert parse("ali " * 1000, THIS_YEAR) == Query(("ali",) * 20, None, "")


# The parts it is made of.


@pytest.mark.parametrize(
    ("one", "other"), [("mohamed", "muhammad"), ("djamel", "jamal"), ("youssef", "yusuf"), ("aicha", "aisha")]
)
def test_spellings_of_one_name_share_a_skeleton(one, other):
    assert skeleton(one) == skeleton(other)


def test_a_skeleton_is_for_finding_and_not_for_merging():
    assert skeleton("mohamed") == skeleton("mahmoud")
    assert likeness(["mohamed"], ["mahmoud"]) < likeness(["mohamed"], ["mohamed"])


@CALMLY
@given(names)
def test_a_word_always_has_a_skeleton(name):
    for word in words(name):
        assert len(skeleton(word)) > 0


def test_trigrams_know_where_a_word_begins_and_ends():
    assert trigrams("ali") == {" al", "ali", "li "}


def test_a_year_of_birth_is_a_key_too():
    assert keys_of(["Ali"], 1987) - keys_of(["Ali"]) == {"y1987"}


def test_likeness_ranks_the_whole_name_before_its_beginning_before_its_sound_before_its_look():
    alike = [
        likeness(["ali"], known) for known in (["ali"], ["alina"], ["aly"], ["alojz"])
    ]  # fmt: skip

    assert alike == sorted(alike, reverse=True)
    assert len(set(alike)) == 4


def test_each_word_that_was_asked_for_counts_alike():
    both, one = likeness(["ali", "diallo"], ["ali", "diallo"]), likeness(["ali", "diallo"], ["ali", "traore"])

    assert both == 1.0
    assert 0.5 <= one < 0.8


def test_nothing_is_like_nothing():
    assert (likeness([], ["ali"]), likeness(["ali"], []), likeness([], [])) == (0.0, 0.0, 0.0)
