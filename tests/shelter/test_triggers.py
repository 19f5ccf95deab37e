"""What only the database can promise: a definitive night stays as it is, the log is never rewritten."""

import pytest
from django.db import IntegrityError, connection, transaction

from shelter import clock, errors, nights, offering
from shelter.actions import placing, registering, stepping
from shelter.models import BedNight, LogEntry, Night, Refusal, Registration
from shelter.refusing import broken_constraint, constraints_speak
from tests.conftest import BUILDER

MAN = offering.Needs(sleeps="men")
LEDGER = (BedNight, Registration, Refusal)
TABLES = [model._meta.db_table for model in LEDGER]


@pytest.fixture
def other_night(season):
    """The night before, its doors still open."""
    row = Night.objects.get(date="2026-11-20")
    with clock.at(nights.instant_of(row.date, nights.NOON)):
        return stepping.step(night=row, to=Night.State.DOORS_OPEN, by=BUILDER)


@pytest.fixture
def fill(house, occupant, by, clock_at):
    """Writes one bed-night, one registration and one refusal into a night and returns them by table."""

    def filled(night):
        clock_at(f"{night.date} 20:14")
        person, worker = occupant(), by("night_worker")
        registration = registering.register(occupant=person, night=night, by=worker, needs=MAN)
        row = placing.check_in(occupant=person, bed=house.beds["MA1"], night=night, by=worker, needs=MAN)
        placing.leave(bed_night=row, by=worker)
        refusal = registering.turn_away(night=night, reason="no_place", by=worker)
        return dict(zip(TABLES, (row, registration, refusal), strict=True))

    return filled


@pytest.fixture
def sealed(night, fill, by):
    """Tonight's rows by table; tonight is definitive."""
    rows = fill(night)
    stepping.step(night=night, to=Night.State.DEFINITIVE, by=by("night_lead"))
    return rows


def everything():
    return [list(model.objects.order_by("id").values()) for model in LEDGER]


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def erase(rows):
    """Delete without asking the models first whether something still points here."""
    rows._raw_delete(rows.db)


def copy_of(table, pk, night):
    """Raw SQL that inserts a row once more, into a night."""
    model = next(model for model in LEDGER if model._meta.db_table == table)
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    chosen = ", ".join("%s" if column == "night_id" else column for column in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {chosen} FROM {table} WHERE id = %s", night, pk


# A definitive night.


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("verb", ["insert", "update", "delete"])
def test_a_definitive_night_refuses_to_be_written_whatever_writes(sealed, night, table, verb):
    pk, before = sealed[table].pk, everything()
    statement = {
        "insert": copy_of(table, pk, night.pk),
        "update": (f"UPDATE {table} SET night_id = night_id WHERE id = %s", pk),
        "delete": (f"DELETE FROM {table} WHERE id = %s", pk),
    }[verb]

    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        run(*statement)

    assert (broken_constraint(broken.value), everything()) == ("night_is_sealed", before)


@pytest.mark.parametrize("table", TABLES)
def test_models_may_not_write_into_a_definitive_night_either(sealed, table):
    row, before = sealed[table], everything()
    model = type(row)

    for write in (row.save, lambda: erase(model.objects.filter(pk=row.pk)), lambda: _copied(row).save()):
        with pytest.raises(errors.NightSealed), transaction.atomic(), constraints_speak():
            write()

    assert everything() == before


def _copied(row):
    fresh = type(row).objects.get(pk=row.pk)
    fresh.pk, fresh._state.adding = None, True
    return fresh


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_moved_into_a_definitive_night_or_out_of_it(sealed, other_night, night, fill, table):
    outside = fill(other_night)[table]
    before = everything()

    for pk, to in ((outside.pk, night.pk), (sealed[table].pk, other_night.pk)):
        with pytest.raises(IntegrityError) as broken, transaction.atomic():
            run(f"UPDATE {table} SET night_id = %s WHERE id = %s", to, pk)
        assert broken_constraint(broken.value) == "night_is_sealed"

    assert everything() == before


def test_many_rows_at_once_are_refused_when_one_of_them_is_sealed(sealed, other_night, fill):
    fill(other_night)
    before = everything()

    for model in LEDGER:
        for write in (lambda rows: rows.update(night=other_night), erase):
            with pytest.raises(errors.NightSealed), transaction.atomic(), constraints_speak():
                write(model.objects.all())

    assert everything() == before


@pytest.mark.parametrize("state", [state for state in Night.STEPS if state != "definitive"])
def test_the_seal_holds_definitive_nights_only(night, fill, by, state):
    rows = fill(night)
    stepping.step(night=night, to=Night.State(state), by=by("night_lead"), reason="for the test")

    touched = [type(row).objects.filter(pk=row.pk).update(night=night) for row in rows.values()]

    assert touched == [1, 1, 1]


def test_other_nights_may_be_written_while_one_is_sealed(sealed, other_night, fill):
    rows = fill(other_night)

    assert [row.night_id for row in rows.values()] == [other_night.pk] * 3


# The log.


@pytest.mark.parametrize(
    "verb", ["UPDATE shelter_logentry SET reason = 'better'", "DELETE FROM shelter_logentry"]
)
def test_the_log_is_never_rewritten_whatever_writes(sealed, verb):
    before = list(LogEntry.objects.order_by("id").values())

    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        run(f"{verb} WHERE id = %s", LogEntry.objects.order_by("id").last().pk)

    assert broken_constraint(broken.value) == "log_is_append_only"
    assert list(LogEntry.objects.order_by("id").values()) == before


def test_models_may_not_rewrite_the_log_either(sealed):
    line = LogEntry.objects.order_by("id").last()
    before = list(LogEntry.objects.order_by("id").values())
    line.reason = "better"

    for write in (line.save, line.delete, lambda: erase(LogEntry.objects.all())):
        with pytest.raises(IntegrityError) as broken, transaction.atomic():
            write()
        assert broken_constraint(broken.value) == "log_is_append_only"

    assert list(LogEntry.objects.order_by("id").values()) == before


def test_lines_are_added_to_the_log_of_a_definitive_night(sealed, night, by):
    stepping.step(night=night, to=Night.State.CLOSED, by=by("night_lead"), reason="a name was mixed up")

    assert LogEntry.objects.filter(night=night).order_by("id").last().verb == "night_stepped_back"


# Migrations that rebuild a table on SQLite would drop its triggers without a word.


def triggers():
    sql = {
        "sqlite": "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger"
        " WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def guarded(prefix):
    """Which tables of a storey are guarded against which verbs."""
    return {
        (table, verb)
        for table, text in triggers()
        for verb in ("INSERT", "UPDATE", "DELETE")
        if table.startswith(prefix) and verb in text.partition(" ON ")[0].partition("BEFORE")[2]
    }


def test_after_all_migrations_each_table_is_guarded_against_each_verb(db):
    assert guarded("shelter_") == {
        (table, verb) for table in TABLES for verb in ("INSERT", "UPDATE", "DELETE")
    } | {
        ("shelter_logentry", "UPDATE"), ("shelter_logentry", "DELETE"),
        ("shelter_draw", "UPDATE"), ("shelter_draw", "DELETE"),
    }  # fmt: skip


def test_no_other_storey_has_guards_than_those_that_demand_them(db):
    assert {table.partition("_")[0] for table, _text in triggers()} == {"shelter", "rota"}
