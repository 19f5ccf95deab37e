"""The employer's register: what was worked, with its columns, as a page, as CSV and as XLSX from the same rows."""

import csv
from io import BytesIO, StringIO

import pytest
from django.utils import translation
from openpyxl import load_workbook

from shelter.models import Person
from shelter.rota import sheets
from shelter.rota.actions import recording
from shelter.rota.queries.register import register_of
from tests.conftest import instant
from tests.shelter.rota.conftest import MONDAY, SUNDAY, day


@pytest.fixture
def worked(rota, clock_at):
    """Ana's night from Saturday to Sunday, half an hour longer than planned, and Ben's evening as planned."""
    clock_at("2026-11-02 09:00")
    rota.published("HUT", MONDAY, SUNDAY, ("ana", day(21), "night"), ("ben", day(20), "evening"))
    clock_at("2026-11-23 09:00")
    recording.record_worked(
        assignment=rota.row("ana", day(21), "night"), by=rota.planners["HUT"],
        start=instant("2026-11-21 22:30"), end=instant("2026-11-22 07:30"), note="handover",
    )  # fmt: skip
    return rota


def register(rota, code="HUT"):
    return register_of(rota.organisations[code], MONDAY, SUNDAY)


def test_each_line_has_its_columns_and_what_is_not_recorded_is_named(worked):
    found = register(worked)

    [line] = found.lines
    minutes = (line.hours.worked, line.overtime, line.hours.night, line.hours.sunday, line.hours.holiday)
    assert minutes == (510, 30, 420, 420, 0)
    assert [(row.person.name, row.shift.day) for row in found.unrecorded] == [("Ben", day(20))]
    assert register(worked, "IA").lines == ()


def test_what_was_worked_as_planned_is_recorded_in_one_step(worked):
    recording.record_night(assignments=register(worked).unrecorded, by=worked.planners["HUT"])

    found = register(worked)
    assert [(person.name, hours.worked, over) for person, hours, over in found.totals] == [
        ("Ana", 510, 30), ("Ben", 360, 0),
    ]  # fmt: skip
    assert found.unrecorded == ()


def test_a_correction_takes_the_place_of_the_record_before(worked):
    row = worked.row("ana", day(21), "night")
    recording.record_worked(assignment=row, by=worked.planners["HUT"])

    assert [(line.hours.worked, line.overtime) for line in register(worked).lines] == [(480, 0)]


def test_csv_and_xlsx_say_the_same(worked):
    with translation.override("en"):
        known = register(worked)
        text, content = sheets.as_csv(known), sheets.as_xlsx(known, "HUT 2026-11")

    lines = list(csv.reader(StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    cells = [[str(cell.value) for cell in row] for row in load_workbook(BytesIO(content)).active.rows]
    assert lines == cells
    assert lines[1] == ["Ana", "2026-11-21", "22:30", "07:30", "30", "8:30", "0:30", "7:00", "0:00", "7:00"]


def test_a_name_that_looks_like_a_formula_is_text(worked):
    Person.objects.filter(pk=worked.people["ana"].pk).update(name="=1+1")

    known = register(worked)

    assert list(csv.reader(StringIO(sheets.as_csv(known)), delimiter=";"))[1][0] == "'=1+1"
    cell = load_workbook(BytesIO(sheets.as_xlsx(known, "HUT"))).active["A2"]
    assert (cell.value, cell.data_type) == ("'=1+1", "s")
