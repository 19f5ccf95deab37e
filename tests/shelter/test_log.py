"""The log: a closed vocabulary, one way to write a line, no names in it."""

import pytest
from django.db import transaction

from shelter import clock, errors, offering, queries
from shelter.actions import placing, registering, undoing
from shelter.actor import CLOCK, Actor, actor_for
from shelter.log import Verb, Vocabulary, record, words
from shelter.models import LogEntry
from tests.conftest import TONIGHT

MAN = offering.Needs(sleeps="men")


@pytest.fixture
def evening(clock_at):
    clock_at(f"{TONIGHT} 20:14")


def test_a_line_keeps_who_did_what_when_and_from_where(evening, night, people, house, occupant):
    person = occupant()
    acting = Actor(person=people["night_worker"], source="tablet 3", on_behalf_of=people["night_lead"])

    line = record(
        Verb.BED_HELD, by=acting, night=night, occupant=person, bed=house.beds["MA1"], reason="asked by phone",
        cause="same_bed",
    )  # fmt: skip

    kept = LogEntry.objects.get(pk=line.pk)
    assert (kept.verb, kept.at, kept.source) == ("bed_held", clock.now(), "tablet 3")
    assert (kept.by, kept.on_behalf_of) == (people["night_worker"], people["night_lead"])
    assert (kept.night, kept.occupant, kept.bed) == (night, person, house.beds["MA1"])
    assert (kept.reason, kept.facts) == ("asked by phone", {"cause": "same_bed"})


def test_what_the_clock_did_has_no_person(evening, db):
    line = record(Verb.NIGHT_STEPPED, by=CLOCK)

    assert (line.by, line.source) == (None, "tick")


@pytest.mark.parametrize("word", ["checked_in", "burned the soup", None, 7])
def test_a_word_outside_the_vocabulary_is_not_written(evening, db, word):
    with pytest.raises(TypeError):
        record(word, by=CLOCK)

    assert LogEntry.objects.count() == 0


def test_a_line_is_written_with_its_act_or_not_at_all(night, house, occupant, by):
    lines = LogEntry.objects.count()

    with pytest.raises(errors.NotRegistered), transaction.atomic():
        placing.check_in(
            occupant=occupant(), bed=house.beds["MA1"], night=night, by=by("night_worker"), needs=MAN
        )

    assert LogEntry.objects.count() == lines


def test_every_word_of_every_storey_is_known_once_and_has_a_label(db):
    every = [word.value for vocabulary in Vocabulary.__subclasses__() for word in vocabulary]

    assert sorted(every) == sorted(set(every))
    assert set(words()) == set(every)
    assert [word for word, label in words().items() if not str(label).strip()] == []


def test_words_fit_into_their_column(db):
    longest = LogEntry._meta.get_field("verb").max_length

    assert [word for word in words() if len(word) > longest] == []


def test_what_may_be_taken_back_are_words_of_the_log():
    assert [word for word in queries.UNDOABLE if word not in set(Verb.values)] == []
    assert set(undoing._BACK) | {Verb.REFUSED} == set(queries.UNDOABLE)


def test_the_log_of_a_night_shows_its_lines_the_latest_first(night, house, occupant, by):
    person = occupant()
    registering.register(occupant=person, night=night, by=by("field_worker"), needs=MAN)
    placing.check_in(occupant=person, bed=house.beds["MA1"], night=night, by=by("night_worker"), needs=MAN)

    told = [line.verb for line in queries.log_of(night)]

    stepped = ["night_stepped", "line_drawn", "night_stepped", "seed_fixed", "night_stepped"]
    assert told == ["checked_in", "registered", *stepped]


def test_an_actor_has_the_roles_of_the_day(people, organisations):
    acting = actor_for(people["nurse"], day=TONIGHT, source="tests")

    assert (acting.roles, acting.held, acting.is_clock) == ({"nurse"}, {("nurse", "CRL")}, False)
    assert (acting.has_any({"nurse", "admin"}), acting.has_any({"admin"}), acting.has_any(())) == (
        True, False, False,
    )  # fmt: skip
