"""The search at the door: two letters are enough, the likeliest first, expected guests before others."""

from datetime import timedelta

import pytest

from intake import queries
from intake.actions import guests
from intake.queries.search import ENOUGH
from shelter import clock
from shelter.actions import housekeeping, placing, registering, stepping
from shelter.models import Bed, Night
from tests.conftest import BUILDER, TONIGHT, instant
from tests.harness import count_queries, same_queries_for


@pytest.fixture
def known(night):
    """Somebody with a file: `known("Ali", birth_year=1987)`."""

    def guest(name, sleeps="men", **answers):
        return guests.add_guest(by=BUILDER, name=name, sleeps=sleeps, **answers)

    return guest


@pytest.fixture
def expected(known, night):
    """Somebody registered for tonight."""

    def guest(name, **answers):
        found = known(name, **answers)
        registering.register(
            occupant=found.occupant, night=night, by=BUILDER, needs=queries.bare_needs(found)
        )
        return found

    return guest


def sleep(guest, bed, *, nights_ago):
    day = TONIGHT - timedelta(days=nights_ago)
    with clock.at(instant(f"{day} 21:00")):
        night = Night.objects.get(date=day)
        if night.state == "planned":
            stepping.step(night=night, to=Night.State.DOORS_OPEN, by=BUILDER)
        row = placing.check_in(
            occupant=guest.occupant, bed=bed, night=night, by=BUILDER, needs=queries.bare_needs(guest),
            is_registered=True,
        )  # fmt: skip
        placing.leave(bed_night=row, by=BUILDER)


def found(text, night):
    return [hit.guest for hit in queries.search(text, night)]


# By name.


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("Mohamed", "Muhammad"), ("Muhammad", "mouhamed"), ("محمد", "mohamed"), ("Mohamed", "محمد"),
        ("Youssef", "yusuf"), ("Djamel", "jamal"), ("Khaled", "haled"), ("Ștefan", "stefan"),
        ("Łukasz", "lukasz"), ("Иван", "ivan"), ("Ivan", "ИВАН"), ("Saïd", "SAID"), ("Ousmane", "usman"),
    ],
)  # fmt: skip
def test_a_guest_is_found_by_another_spelling(known, night, name, asked):
    guest = known(name)
    for other in ("Zbigniew", "Teodora", "Pascal"):
        known(other)

    assert found(asked, night) == [guest]


def test_family_name_and_alias_are_searched_too(known, night):
    guest = known("Ousmane", family_name="Diallo", known_as="Papis")

    assert [found(text, night) for text in ("diallo", "papis", "ousmane diallo", "diallo ousmane")] == [
        [guest]
    ] * 4


def test_two_letters_are_enough_and_one_is_not(known, night):
    guest = known("Ousmane")

    assert (found("ou", night), found("o", night), found("o ", night), found(" ", night)) == (
        [guest], [], [], [],
    )  # fmt: skip


def test_the_beginning_of_any_of_the_names_is_enough(known, night):
    guest = known("Ousmane", family_name="Diallo")

    assert (found("dia", night), found("ous", night), found("di", night)) == ([guest], [guest], [guest])


def test_letters_that_begin_nobody_s_name_find_nobody(known, night):
    known("Ousmane")

    assert (found("zz", night), found("xylophone", night)) == ([], [])


def test_the_name_itself_comes_before_names_that_look_like_it(known, night):
    alike, exact = known("Alina"), known("Ali")

    assert found("ali", night) == [exact, alike]


def test_who_changed_their_name_is_found_by_the_new_one_only(known, night):
    guest = guests.change_guest(guest=known("Zbigniew"), by=BUILDER, name="Pascal")

    assert (found("zbigniew", night), found("pascal", night)) == ([], [guest])


# Who comes first.


def test_among_equals_who_is_expected_comes_first_then_who_slept_here_lately(known, expected, night, house):
    stranger = known("Ali", family_name="Aaa")
    lately = known("Ali", family_name="Bbb")
    long_ago = known("Ali", family_name="Ccc")
    awaited = expected("Ali", family_name="Ddd")
    sleep(lately, house.beds["MA1"], nights_ago=2)

    assert found("ali", night) == [awaited, lately, stranger, long_ago]


def test_all_else_being_equal_the_name_decides(known, night):
    second, first = known("Ali", family_name="Zidane"), known("Ali", family_name="Amrani")

    assert found("ali", night) == [first, second]


def test_who_is_expected_on_another_night_comes_no_earlier(known, night):
    first, second = known("Ali", family_name="Aaa"), known("Ali", family_name="Bbb")
    tomorrow = stepping.step(
        night=Night.objects.get(date=TONIGHT + timedelta(days=1)), to=Night.State.OPEN, by=BUILDER
    )
    registering.register(occupant=second.occupant, night=tomorrow, by=BUILDER)

    assert (found("ali", night), found("ali", tomorrow)) == ([first, second], [second, first])


def test_who_called_off_comes_no_earlier(known, expected, night):
    other, gone = known("Ali", family_name="Aaa"), expected("Ali", family_name="Bbb")
    registering.withdraw_registration(registration=gone.occupant.registrations.get(night=night), by=BUILDER)

    assert found("ali", night) == [other, gone]


def test_no_more_are_shown_than_fit(known, night):
    for number in range(ENOUGH + 3):
        known("Ali", family_name=f"Number {number}")

    assert len(found("ali", night)) == ENOUGH


def test_somebody_expected_is_shown_among_ever_so_many_of_the_same_name(known, expected, night):
    for number in range(70):
        known("Ali", family_name=f"Aa{number}")
    awaited = expected("Ali", family_name="Zz")

    assert [found(text, night)[0] for text in ("ali", "al")] == [awaited, awaited]


# Year of birth, bed, number.


def test_a_year_of_birth_brings_the_right_one_of_two_to_the_top(known, night):
    older, younger = known("Ali", birth_year=1962), known("Ali", birth_year=1987)

    assert [found(text, night)[0] for text in ("ali 87", "ali 1987", "62 ali", "ali 1962")] == [
        younger, younger, older, older,
    ]  # fmt: skip


def test_a_year_of_birth_finds_the_right_one_among_ever_so_many(known, night):
    for number in range(70):
        known("Ali", family_name=f"Aa{number}", birth_year=1962)
    younger = known("Ali", family_name="Zz", birth_year=1987)

    assert found("ali 87", night)[0] == younger


def test_a_year_of_birth_alone_finds_who_was_born_in_it(known, night):
    guest, _other = known("Ali", birth_year=1987), known("Omar", birth_year=1962)

    assert (found("1987", night), found("87", night)) == ([guest], [guest])


def test_the_digits_of_a_bed_find_who_lies_there_tonight(known, night, house):
    bed = Bed(label="B-214")
    housekeeping.add_beds(dormitory=house.dormitories["MB"], beds=[bed], first_night=night.date, by=BUILDER)
    guest = known("Ousmane")
    placing.check_in(
        occupant=guest.occupant, bed=bed, night=night, by=BUILDER, needs=queries.bare_needs(guest),
        is_registered=True,
    )  # fmt: skip

    assert [found(text, night) for text in ("214", "B-214", "b 214", "B 214")] == [[guest]] * 4
    assert found("214", Night.objects.get(date="2026-11-20")) == []


def test_the_number_of_a_guest_finds_them_with_or_without_its_zeros(known, night):
    known("Omar")
    guest = known("Ousmane")

    assert guest in found(guest.number, night)
    assert [hit for hit in found(guest.number, night) if hit != guest] == []


# What a hit shows.


def test_a_hit_shows_tonight_s_bed_and_state_and_the_bed_before(known, expected, night, house):
    guest = expected("Ousmane")
    sleep(guest, house.beds["MB2"], nights_ago=1)
    states = []

    def look():
        [hit] = queries.search("ousmane", night)
        states.append((hit.state, hit.is_expected, hit.is_here))
        return hit

    before = look()
    row = placing.check_in(
        occupant=guest.occupant, bed=house.beds["MA1"], night=night, by=BUILDER,
        needs=queries.bare_needs(guest),
    )  # fmt: skip
    inside = look()
    placing.leave(bed_night=row, by=BUILDER)
    look()

    assert (before.tonight.last_bed, before.tonight.bed_night, inside.tonight.bed) == ("MB2", None, "MA1")
    assert states == [("expected", True, False), ("here", False, True), ("left", False, False)]


def test_somebody_nobody_expects_is_unknown_tonight(known, night):
    known("Ousmane")

    [hit] = queries.search("ousmane", night)

    assert (hit.state, hit.is_expected, hit.tonight.registration) == ("unknown", False, None)


@pytest.mark.parametrize(
    "text",
    [
        "%",
        "__",
        "' OR 1=1 --",
        "\\",
        "\x00\x00",
        "\u202eali",
        "🛏️🛏️",
        "9" * 40,
        "ali " * 5000,
        "٣٤٥",
        "½½",
        "²²",
    ],
)
def test_whatever_is_typed_gets_an_answer(known, night, text):
    guest = known("Ali")

    assert [hit for hit in found(text, night) if hit != guest] == []


def test_more_guests_do_not_mean_more_questions(known, expected, night):
    known("Ali")
    queries.search("ali", night)
    with count_queries() as few:
        queries.search("ali", night)
    for number in range(6):
        expected("Ali", family_name=f"Number {number}")
    with count_queries() as many:
        queries.search("ali", night)

    same_queries_for(few, many)


# Look-alikes of somebody new.


def test_look_alikes_are_shown_the_likeliest_first(known):
    sound, exact, _other = known("Muhammad"), known("Mohamed"), known("Teodora")

    alike = queries.look_alikes("Mohamed")

    assert [guest for guest, _likeness in alike] == [exact, sound]
    assert alike[0][1] >= queries.STRONG_MATCH


def test_one_of_two_names_is_enough_to_look_alike(known):
    guest = known("Ousmane", family_name="Diallo")

    assert [each for each, _likeness in queries.look_alikes("Ousmane")] == [guest]
    assert [each for each, _likeness in queries.look_alikes("Papa Ousmane", "Diallo")] == [guest]


def test_another_year_of_birth_makes_less_alike(known):
    known("Ousmane", birth_year=1962)

    same, unknown, other = (
        queries.look_alikes("Ousmane", birth_year=year)[0][1] for year in (1962, None, 1987)
    )

    assert same > unknown > other


def test_a_guest_is_not_their_own_look_alike(known):
    guest = known("Ousmane")

    assert queries.look_alikes("Ousmane", besides=guest) == []


@pytest.mark.parametrize("name", ["", "  ", "Al", "…", "7"])
def test_too_little_of_a_name_looks_like_nobody(known, name):
    known("Alina")

    assert queries.look_alikes(name) == []


# Lists of the evening.


def test_the_expected_are_listed_by_name_whatever_its_accents(expected, known, night):
    names = ["Zoé", "Émile", "Ala", "Œuvre", "Иван"]
    guests_of_tonight = {name: expected(name) for name in names}
    known("Nobody")

    listed = [hit.guest for hit in queries.expected(night)]

    assert listed == [guests_of_tonight[name] for name in ("Ala", "Émile", "Иван", "Œuvre", "Zoé")]


def test_guests_of_the_last_nights_may_be_renewed_until_they_are_registered(known, night, house):
    yesterday, four_ago, five_ago = known("Ala"), known("Bela"), known("Cyril")
    for guest, label, nights_ago in ((yesterday, "MA1", 1), (four_ago, "MA2", 4), (five_ago, "MA3", 5)):
        sleep(guest, house.beds[label], nights_ago=nights_ago)
    before = [hit.guest for hit in queries.to_renew(night)]

    registering.register(occupant=yesterday.occupant, night=night, by=BUILDER)

    assert before == [yesterday, four_ago]
    assert [hit.guest for hit in queries.to_renew(night)] == [four_ago]


def test_who_is_inside_is_listed_by_dormitory_in_the_order_of_a_walk(known, night, house):
    people = {}
    for name, label in (("Ala", "MB1"), ("Bela", "MA2"), ("Cyril", "MA1")):
        people[label] = known(name)
        placing.check_in(
            occupant=people[label].occupant, bed=house.beds[label], night=night, by=BUILDER,
            needs=queries.bare_needs(people[label]), is_registered=True,
        )  # fmt: skip

    rooms = [
        (room, [(bed.label, guest) for bed, guest in inside])
        for room, inside in queries.present_by_dormitory(night)
    ]

    assert rooms == [
        ("Men A", [("MA1", people["MA1"]), ("MA2", people["MA2"])]), ("Men B", [("MB1", people["MB1"])]),
    ]  # fmt: skip
