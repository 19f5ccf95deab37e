"""Guest files: a name as said and what a bed needs; the number below keeps only what statistics need."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, transaction

from intake import countries, queries, rules
from intake.actions import door, guests
from intake.models import Belonging, Card, Guest, Incident, IncidentPerson, NameKey, Tally
from shelter import clock, errors
from shelter.actions import placing, stepping
from shelter.models import BedNight, LogEntry, Night, Occupant, Refusal
from shelter.refusing import broken_constraint
from tests.conftest import BUILDER, TONIGHT

EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()


@pytest.fixture
def now(db, clock_at):
    clock_at(f"{TONIGHT} 20:14")


@pytest.fixture
def known(now):
    """Somebody with a file: `known("Ousmane", dog=True)`."""

    def guest(name="Ousmane", sleeps="men", **answers):
        return guests.add_guest(by=BUILDER, name=name, sleeps=sleeps, **answers)

    return guest


def last_line():
    return LogEntry.objects.order_by("id").last()


def told():
    """Everything the log says, as text."""
    return " ".join(str((line.facts, line.reason, line.source)) for line in LogEntry.objects.all())


# The file.


def test_a_file_begins_with_a_name_and_a_place_to_sleep(known):
    guest = known("Ousmane", family_name="Diallo")

    kept = Guest.objects.get(pk=guest.pk)
    assert (kept.name, kept.family_name, kept.sleeps) == ("Ousmane", "Diallo", "men")
    assert (kept.created_at, kept.changed_at) == (clock.now(), clock.now())
    assert (kept.full_name, kept.number) == ("DIALLO Ousmane", f"{kept.occupant_id:04d}")


def test_what_was_not_asked_is_empty_and_not_unknown(known):
    guest = known()

    assert (guest.birth_answer, guest.birth_year, guest.nationality, guest.languages) == ("", None, "", [])
    assert (guest.lower_bed, guest.step_free, guest.dog, guest.needs_quiet) == (False, False, False, False)


def test_there_is_no_field_for_what_could_harm_a_person():
    forbidden = (
        "photo", "picture", "document", "id_number", "passport", "status", "permit", "diagnosis", "health",
        "religion", "ethnicity", "notes", "remarks",
    )  # fmt: skip
    there = []
    for model in (Guest, Occupant):
        for name in forbidden:
            try:
                there.append(model._meta.get_field(name).name)
            except FieldDoesNotExist:
                continue

    assert there == []


def test_the_number_below_knows_no_name(known):
    known("Ousmane", family_name="Diallo", known_as="Papis")

    row = Occupant.objects.values().get()
    assert set(row) == {"id", "sex", "birth_year", "origin", "same_as_id"}
    assert [name for name in ("Ousmane", "Diallo", "Papis") if name in f"{row} {told()}"] == []


def test_a_new_file_leaves_a_line_with_the_number(known):
    guest = known()

    assert (last_line().verb, last_line().occupant_id, last_line().facts) == (
        "guest_added", guest.occupant_id, {},
    )  # fmt: skip


def a_file(**answers):
    usual = {"name": "Ousmane", "sleeps": "men", "created_at": clock.now(), "changed_at": clock.now()}
    return Guest.objects.create(occupant=Occupant.objects.create(), **usual | answers)


def a_key_twice():
    guest = a_file()
    for _time in range(2):
        NameKey.objects.create(guest=guest, key="wsmn")


def two_cards_in_force():
    guest = a_file()
    for _time in range(2):
        Card.objects.create(guest=guest, code="K7", issued_at=clock.now())


def an_incident(night, **answers):
    usual = {"happened_at": clock.now(), "place": "door", "kind": "quarrel", "severity": 2}
    return Incident.objects.create(night=night, written_at=clock.now(), **usual | answers)


def two_parts_in_an_incident(night):
    incident, person = an_incident(night), Occupant.objects.create()
    for part in ("involved", "harmed"):
        IncidentPerson.objects.create(incident=incident, occupant=person, part=part)


def kept(number="12", **answers):
    Belonging.objects.create(
        kind="locker", number=number, occupant=Occupant.objects.create(), kept_at=clock.now(), **answers
    )


def two_things_in_a_locker():
    kept()
    kept()


def showers_twice():
    for number in (4, 5):
        Tally.objects.create(day=TONIGHT, service="showers", number=number, entered_at=clock.now())


BREAKERS = {
    "guest_has_a_name_as_said": lambda _night: a_file(name=""),
    "guest_sleeps_somewhere_known": lambda _night: a_file(sleeps="roof"),
    "one_row_per_key_and_guest": lambda _night: a_key_twice(),
    "one_card_in_force_per_guest": lambda _night: two_cards_in_force(),
    "incident_has_a_severity": lambda night: an_incident(night, severity=5),
    "one_part_per_person_and_incident": two_parts_in_an_incident,
    "one_number_keeps_one_thing": lambda _night: two_things_in_a_locker(),
    "handed_back_after_it_was_kept": lambda _night: kept(handed_back_at=clock.now() - timedelta(seconds=1)),
    "one_tally_per_day_and_service": lambda _night: showers_twice(),
}


def test_each_constraint_of_the_first_floor_is_demanded_below():
    models = apps.get_app_config("intake").get_models()
    declared = [constraint.name for model in models for constraint in model._meta.constraints]

    assert sorted(BREAKERS) == sorted(declared)


@pytest.mark.parametrize("name", BREAKERS)
def test_the_database_refuses_what_breaks_a_constraint_and_its_name_is_known(night, name):
    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        BREAKERS[name](night)

    assert broken_constraint(broken.value) == name


def test_a_card_revoked_and_a_thing_handed_back_make_room(now):
    guest = a_file()
    Card.objects.create(guest=guest, code="K7", issued_at=clock.now(), revoked_at=clock.now())
    Card.objects.create(guest=guest, code="M4", issued_at=clock.now())
    kept(handed_back_at=clock.now())
    kept()

    assert (Card.objects.count(), Belonging.objects.count()) == (2, 2)


def test_a_hostile_name_is_kept_as_it_was_said(known):
    name = "<b>ﷺ ﷺ ﷺ 🛏️ O'Brien‐Ştefan " + "x" * 40
    guest = known(name[:80])

    assert Guest.objects.get(pk=guest.pk).name == name[:80]
    assert [key for key in NameKey.objects.values_list("key", flat=True) if len(key) > 40] == []


@pytest.mark.parametrize(
    ("name", "family_name", "initials"),
    [("Ousmane", "Diallo", "DIA.O"), ("Ousmane", "", "Ousm"), ("Al", "", "Al"), ("Émile", "Ö", "Ö.É")],
)
def test_boards_that_others_can_see_show_no_whole_name(name, family_name, initials):
    assert Guest(name=name, family_name=family_name).initials == initials


# Changing and reading.


def test_a_change_tells_which_fields_and_never_what_they_held(known, clock_at):
    guest = known("Ousmane", family_name="Diallo")
    clock_at(f"{TONIGHT} 21:00")

    changed = guests.change_guest(guest=guest, by=BUILDER, name="Usman", dog=True, family_name="Diallo")

    assert (changed.name, changed.dog, changed.changed_at) == ("Usman", True, clock.now())
    assert (last_line().verb, last_line().facts) == ("guest_changed", {"fields": ["dog", "name"]})
    assert [name for name in ("Ousmane", "Usman", "Diallo") if name in told()] == []


def test_a_change_that_changes_nothing_leaves_no_line(known, clock_at):
    guest = known("Ousmane")
    lines = LogEntry.objects.count()
    clock_at(f"{TONIGHT} 21:00")

    same = guests.change_guest(guest=guest, by=BUILDER, name="Ousmane", dog=False)

    assert (same.changed_at, LogEntry.objects.count()) == (guest.changed_at, lines)


def test_search_keys_follow_the_names_and_the_year(known):
    guest = known("Ousmane", birth_year=1987)
    before = set(guest.keys.values_list("key", flat=True))

    guests.change_guest(guest=guest, by=BUILDER, name="Pascal", birth_year=1962)

    after = set(guest.keys.values_list("key", flat=True))
    assert ({"^ous", "y1987"} <= before, {"^pas", "y1962"} <= after) == (True, True)
    assert after & {"^ous", "y1987"} == set()


def test_each_reading_leaves_a_line_with_the_reader(known, people, by):
    guest = known()

    for role in ("night_worker", "nurse", "nurse"):
        guests.note_reading(guest=guest, by=by(role))

    lines = LogEntry.objects.filter(verb="guest_read").order_by("id")
    assert [line.by for line in lines] == [people["night_worker"], people["nurse"], people["nurse"]]
    assert queries.readers_of(guest, since=clock.now()) == 2


# What statistics need.


@pytest.mark.parametrize(
    ("sleeps", "sex"), [("men", "man"), ("women", "woman"), ("family", "unknown"), ("ask", "unknown")]
)
def test_sex_follows_from_where_somebody_sleeps_and_is_not_asked(known, sleeps, sex):
    assert known(sleeps=sleeps).occupant.sex == sex


@pytest.mark.parametrize(
    ("nationality", "origin"),
    [
        ("LU", "lu"), ("RO", "eu"), ("FR", "eu"), ("MA", "third"), ("UA", "third"), ("GB", "third"),
        ("CH", "third"), ("stateless", "third"), ("", "unknown"), ("unknown", "unknown"), ("refused", "unknown"),
    ],
)  # fmt: skip
def test_nationality_is_counted_in_three_groups_and_not_known(known, nationality, origin):
    assert known(nationality=nationality).occupant.origin == origin


def test_the_european_union_has_its_twenty_seven_members():
    assert sorted(countries.EU) == sorted(EU)
    assert len(EU) == 27


def test_every_country_is_offered_once_and_known():
    codes = [code for code, _name in countries.countries()]

    assert len(codes) == len(set(codes))
    assert set(EU) | set(countries.FREQUENT) <= set(codes)
    assert [code for code in codes if not countries.is_known(code)] == []
    assert (countries.is_known("XX"), countries.is_known("lu"), countries.is_known("stateless")) == (
        False, False, True,
    )  # fmt: skip


def test_traits_follow_a_change_of_the_file(known):
    guest = known(sleeps="ask", nationality="unknown")

    guests.change_guest(guest=guest, by=BUILDER, sleeps="women", nationality="RO", birth_year=1987)

    row = Occupant.objects.get(pk=guest.occupant_id)
    assert (row.sex, row.origin, row.birth_year) == ("woman", "eu", 1987)


@pytest.mark.parametrize(
    ("year", "month", "day", "possible"),
    [
        (1987, 2, 28, True), (1987, 2, None, True), (1987, None, None, True), (None, None, None, True),
        (1988, 2, 29, True), (1987, 2, 29, False), (1987, 13, None, False), (1987, None, 3, False),
        (None, 3, 3, False), (None, None, 3, False), (2026, 11, 21, True), (2026, 11, 22, False),
        (2027, None, None, False),
    ],
)  # fmt: skip
def test_a_date_of_birth_may_be_partial_but_must_exist_and_lie_behind_us(now, year, month, day, possible):
    assert rules.birth_is_possible(year, month, day) is possible


# At the desk and the door.


@pytest.fixture
def worker(by, night):
    return by("night_worker")


def test_somebody_new_is_written_down_and_expected_in_one_act(night, worker):
    guest = door.add_and_register(night=night, by=worker, name="Ousmane", sleeps="men")

    assert [hit.guest for hit in queries.expected(night)] == [guest]
    told_of = LogEntry.objects.filter(occupant=guest.occupant).order_by("id")
    assert [line.verb for line in told_of] == ["guest_added", "registered"]


def test_somebody_new_is_not_written_down_when_they_cannot_be_expected(night, worker, by):
    stepping.step(night=night, to=Night.State.CLOSED, by=by("night_lead"))

    with pytest.raises(errors.NightNotOpen), transaction.atomic():
        door.add_and_register(night=night, by=worker, name="Ousmane", sleeps="men")

    assert (Guest.objects.count(), Occupant.objects.count()) == (0, 0)


def test_a_guest_is_let_into_a_bed_that_meets_their_needs(night, worker):
    for answers, label in (
        ({"sleeps": "women"}, "WO1"),
        ({"sleeps": "family"}, "FA1"),
        ({"sleeps": "men", "dog": True}, "DG1"),
        ({"sleeps": "men", "works_nights": True}, "WK1"),
        ({"sleeps": "men", "lower_bed": True}, "MA1"),
        ({"sleeps": "men"}, "MA2"),
    ):
        guest = door.add_and_register(night=night, by=worker, name=label, **answers)

        assert (label, door.check_in(guest=guest, night=night, by=worker).bed.label) == (label, label)


def test_without_a_word_where_to_sleep_nobody_is_given_a_bed_that_nobody_chose(night, worker, house):
    guest = door.add_and_register(night=night, by=worker, name="Sasha", sleeps="ask")

    with pytest.raises(errors.Refused) as refusal, transaction.atomic():
        door.check_in(guest=guest, night=night, by=worker)
    row = door.check_in(guest=guest, night=night, by=worker, bed=house.beds["WO2"])

    assert (refusal.value.code, row.bed.label) == ("where_to_sleep_open", "WO2")


def test_who_wants_to_talk_it_over_may_have_the_bed_kept_for_them(night, worker, house):
    guest = door.add_and_register(night=night, by=worker, name="Sasha", sleeps="ask")
    placing.hold(
        occupant=guest.occupant,
        bed=house.beds["WO2"],
        night=night,
        by=worker,
        needs=queries.bare_needs(guest),
    )

    assert door.check_in(guest=guest, night=night, by=worker).bed.label == "WO2"


def test_a_move_and_a_return_ask_for_the_same_needs(night, worker, house):
    guest = door.add_and_register(night=night, by=worker, name="Awa", sleeps="women")
    row = door.check_in(guest=guest, night=night, by=worker)

    with pytest.raises(errors.WrongZone), transaction.atomic():
        door.move(bed_night=row, bed=house.beds["MA1"], by=worker)
    moved = door.move(bed_night=row, bed=house.beds["WO3"], by=worker)
    placing.leave(bed_night=moved, by=worker)
    placing.hold(
        occupant=Occupant.objects.create(), bed=house.beds["WO3"], night=night, by=worker,
        needs=queries.bare_needs(guest),
    )  # fmt: skip
    back = door.come_back(bed_night=moved, by=worker)

    assert (moved.bed.label, back.bed.label) == ("WO3", "WO1")


def test_a_guest_may_be_turned_away_with_or_without_a_file(night, worker, known):
    guest = known()

    door.turn_away(night=night, reason="behaviour_tonight", by=worker, guest=guest, referral="halte")
    door.turn_away(night=night, reason="no_place", by=worker, description="tall, red hat")

    rows = Refusal.objects.order_by("id").values_list("occupant", "reason", "referral", "description")
    assert list(rows) == [
        (guest.occupant_id, "behaviour_tonight", "halte", ""), (None, "no_place", "", "tall, red hat"),
    ]  # fmt: skip


@pytest.fixture
def slept_in_mb2(night, worker, house, known, clock_at):
    """Somebody who slept in MB2 last night; it is tonight, MB2 is taken, and Men A is the fuller dormitory."""
    guest = known("Ousmane")
    yesterday = Night.objects.get(date="2026-11-20")
    clock_at("2026-11-20 20:00")
    stepping.step(night=yesterday, to=Night.State.DOORS_OPEN, by=BUILDER)
    row = placing.check_in(
        occupant=guest.occupant, bed=house.beds["MB2"], night=yesterday, by=BUILDER,
        needs=queries.bare_needs(guest), is_registered=True,
    )  # fmt: skip
    placing.leave(bed_night=row, by=BUILDER)
    clock_at(f"{TONIGHT} 20:14")
    for label in ("MB2", "MA1", "MA3"):
        placing.hold(
            occupant=Occupant.objects.create(), bed=house.beds[label], night=night, by=worker,
            needs=queries.bare_needs(guest),
        )  # fmt: skip
    door.register_for_tonight(guest=guest, night=night, by=worker)
    return guest


def test_the_dormitory_of_last_night_is_proposed_when_the_bed_is_taken(slept_in_mb2, night):
    offer = queries.best_offer(slept_in_mb2, night)

    assert (offer.place.label[:2], [reason.code for reason in offer.reasons]) == ("MB", ["same_dormitory"])


def test_the_bed_proposed_is_the_bed_given(slept_in_mb2, night, worker):
    proposed = queries.best_offer(slept_in_mb2, night).place.label

    assert door.check_in(guest=slept_in_mb2, night=night, by=worker).bed.label == proposed


def test_a_bed_kept_for_a_guest_is_the_first_of_their_offers(slept_in_mb2, night, worker, house):
    placing.hold(
        occupant=slept_in_mb2.occupant, bed=house.beds["MA6"], night=night, by=worker,
        needs=queries.bare_needs(slept_in_mb2),
    )  # fmt: skip

    first = queries.offers_for(slept_in_mb2, night)[0]

    assert (first.place.label, first.reasons[0].code) == ("MA6", "held_for_you")
    assert BedNight.objects.filter(occupant=slept_in_mb2.occupant, night=night).count() == 1


def test_the_nights_a_guest_slept_are_listed_the_latest_first(slept_in_mb2, night, worker):
    door.check_in(guest=slept_in_mb2, night=night, by=worker)

    slept = [row.night.date.isoformat() for row in queries.nights_slept(slept_in_mb2)]

    assert slept == ["2026-11-21", "2026-11-20"]
