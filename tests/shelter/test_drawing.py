"""The fair draw: fixed before it can be known, made once, made again by anybody."""

from hashlib import sha256
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from shelter import drawing, offering, queries
from shelter.actions import merging, registering, stepping
from shelter.models import Draw, LogEntry, Night, Registration
from tests.conftest import BUILDER, TONIGHT

MAN = offering.Needs(sleeps="men")


@pytest.fixture
def tonight(season, clock_at):
    """Tonight before registration has opened."""
    clock_at(f"{TONIGHT} 11:00")
    return Night.objects.get(date=TONIGHT)


@pytest.fixture
def move(tonight):
    def moved(to, **asked):
        return stepping.step(night=tonight, to=to, by=BUILDER, **asked)

    return moved


@pytest.fixture
def register(tonight, by, occupant):
    def registered(*people):
        for somebody in people:
            registering.register(occupant=somebody, night=tonight, by=by("field_worker"), needs=MAN)

    return registered


def verified():
    said = StringIO()
    try:
        call_command("verify_draw", f"{TONIGHT}", stdout=said)
    except SystemExit as end:
        return end.code, said.getvalue()
    return 0, said.getvalue()


def test_a_ticket_is_what_a_pencil_and_sha_256_make_of_it():
    assert drawing.ticket("lantern", 417) == sha256(b"lantern:0417").hexdigest()
    assert drawing.digest_of("lantern") == sha256(b"lantern").hexdigest()
    tickets = {number: sha256(f"lantern:{number:04d}".encode()).hexdigest() for number in range(1, 60)}
    assert drawing.line("lantern", range(1, 60)) == sorted(tickets, key=tickets.get)


def test_the_order_in_which_numbers_are_told_makes_no_difference():
    assert drawing.line("lantern", [5, 3, 9, 1]) == drawing.line("lantern", [9, 1, 5, 3])


def test_the_digest_is_fixed_when_registration_opens_and_the_seed_stays_unknown(move):
    move("open")

    draw = Draw.objects.get()
    assert draw.digest == drawing.digest_of(draw.seed)
    assert (draw.shown_seed, draw.line) == (None, None)
    told = LogEntry.objects.get(verb="seed_fixed")
    assert told.facts == {"digest": draw.digest}


def test_everybody_registered_is_drawn_when_the_list_is_frozen(move, register, occupant):
    move("open")
    people = [occupant() for _number in range(6)]
    register(*people)
    registering.withdraw_registration(registration=Registration.objects.first(), by=BUILDER)
    move("list_frozen")

    draw = Draw.objects.get()
    assert draw.line == drawing.line(draw.seed, [somebody.pk for somebody in people[1:]])
    assert draw.shown_seed == draw.seed
    assert LogEntry.objects.get(verb="line_drawn").facts == {"seed": draw.seed, "people": 5}


def test_there_is_one_draw_whatever_steps_the_night_takes(move, register, occupant):
    move("open")
    register(occupant(), occupant())
    move("list_frozen")
    before = Draw.objects.values().get()
    move("open", reason="frozen too early")
    register(occupant())
    move("list_frozen")

    assert Draw.objects.values().get() == before
    assert LogEntry.objects.filter(verb__in=["seed_fixed", "line_drawn"]).count() == 2


@pytest.mark.parametrize(
    "change",
    [{"seed": "another"}, {"digest": "0" * 64}, {"line": [1]}, {"drawn_at": Now()}],
    ids=lambda change: next(iter(change)),
)
def test_the_database_refuses_to_change_what_was_drawn(move, register, occupant, change):
    move("open")
    register(occupant(), occupant())
    move("list_frozen")

    with pytest.raises(IntegrityError, match="draw_is_fixed"), transaction.atomic():
        Draw.objects.update(**change)


def test_the_database_refuses_to_take_a_draw_away_or_change_its_seed_before(move):
    move("open")

    with pytest.raises(IntegrityError, match="draw_is_fixed"), transaction.atomic():
        Draw.objects.all().delete()
    with pytest.raises(IntegrityError, match="draw_is_fixed"), transaction.atomic():
        Draw.objects.update(seed="another", digest=drawing.digest_of("another"))


def test_a_draw_is_made_again_from_its_numbers(move, register, occupant):
    move("open")
    register(*[occupant() for _number in range(5)])
    move("list_frozen")

    code, said = verified()
    assert code == 0
    assert "5 numbers drawn, all as they must be." in said
    assert Draw.objects.get().seed in said


def test_a_line_that_was_not_drawn_so_is_told(move, register, occupant, monkeypatch):
    move("open")
    register(*[occupant() for _number in range(5)])
    monkeypatch.setattr(drawing, "line", lambda seed, numbers: sorted(numbers))
    move("list_frozen")
    monkeypatch.undo()

    code, said = verified()
    assert code == 1
    assert "was drawn," in said


def test_a_seed_other_than_the_one_shown_is_told(move, monkeypatch):
    monkeypatch.setattr(drawing, "digest_of", lambda seed: "0" * 64)
    move("list_frozen")
    monkeypatch.undo()

    code, said = verified()
    assert code == 1
    assert "not the one whose digest was shown" in said


def test_somebody_left_out_of_the_draw_is_told(move, register, occupant, clock_at):
    move("open")
    register(occupant(), occupant())
    clock_at(f"{TONIGHT} 18:00")
    move("list_frozen")
    left_out = occupant()
    clock_at(f"{TONIGHT} 17:00")
    register(left_out)

    code, said = verified()
    assert code == 1
    assert f"{left_out.pk:04d} was registered and not drawn." in said


@pytest.mark.parametrize(("night", "told"), [("tomorrow", "no date"), ("2030-01-01", "No seed")])
def test_a_night_that_is_none_is_told(season, night, told):
    with pytest.raises(CommandError, match=told):
        call_command("verify_draw", night)


def test_before_the_draw_only_the_digest_is_told(move):
    move("open")

    with pytest.raises(CommandError) as refused:
        call_command("verify_draw", f"{TONIGHT}")

    draw = Draw.objects.get()
    assert draw.digest in str(refused.value)
    assert draw.seed not in str(refused.value)


def test_the_api_shows_the_digest_at_once_and_the_seed_after_the_draw(move, api_as):
    client = api_as("night_lead")
    assert client.get(f"/api/v1/nights/{TONIGHT}/").json()["draw"] is None
    move("open")
    draw = Draw.objects.get()
    assert client.get(f"/api/v1/nights/{TONIGHT}/").json()["draw"] == {"digest": draw.digest, "seed": None}
    move("list_frozen")
    assert client.get(f"/api/v1/nights/{TONIGHT}/").json()["draw"] == {
        "digest": draw.digest,
        "seed": draw.seed,
    }


def test_files_joined_and_taken_apart_since_change_nothing_about_a_draw(season, occupant, by, clock_at):
    clock_at(f"{TONIGHT} 13:00")
    night = stepping.step(night=Night.objects.get(date=TONIGHT), to=Night.State.OPEN, by=BUILDER)
    people = [occupant() for _number in range(6)]
    for somebody in people:
        registering.register(occupant=somebody, night=night, by=by("field_worker"), needs=MAN)
    joined = merging.merge(kept=people[2], gone=people[1], by=by("coordinator"))
    clock_at(f"{TONIGHT} 18:00")
    stepping.step(night=night, to=Night.State.LIST_FROZEN, by=BUILDER)
    clock_at(f"{TONIGHT} 18:30")
    merging.unmerge(merge=joined, by=by("coordinator"))
    merging.merge(kept=people[4], gone=people[5], by=by("coordinator"))

    draw = queries.draw_of(night)
    numbers = [somebody.pk for somebody in people]
    ranks = queries.ranks_of(draw, set(numbers) - {numbers[5]})

    assert list(queries.differences_of_draw(draw)) == []
    assert ranks[numbers[1]] == ranks[numbers[2]] == draw.line.index(numbers[2])
    assert ranks[numbers[4]] == min(draw.line.index(numbers[4]), draw.line.index(numbers[5]))
