"""A shelter's spreadsheet becomes its past nights, or nothing at all and a reason for each bad line."""

import io
from datetime import date, time, timedelta

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.actions.guests import add_guest, keys
from intake.actions.importing import open_book
from intake.importing import judging, lines
from intake.importing.known import House
from intake.management.commands.import_season import Command
from intake.models import Guest
from shelter import clock, nights
from shelter.actions import placing, stepping
from shelter.errors import Incomplete
from shelter.models import (
    Bed,
    BedNight,
    BedPosition,
    Dormitory,
    LogEntry,
    Night,
    OpeningPeriod,
    Season,
    Zoning,
)
from shelter.models.house import Zone
from shelter.standing import beds_on
from tests.conftest import BUILDER, FIRST_NIGHT, LAST_NIGHT, TONIGHT, instant

HEADER = "kind;bed;dormitory;zone;level;step_free;ref;name;family_name;sleeps;birth_year;nationality;left_on"
HEADER += ";date;arrived;left"
GOOD = f"""{HEADER}
bed;A1;Attic;men;bottom;yes
bed;A2;Attic;;top;no
bed;W1;Women of the house;women
guest;;;;;;g1;Ion;Vrabie;men;1987;RO
guest;;;;;;g2;Élise;;women;;;02.12.2025
guest;;;;;;g3;Modou
night;A1;;;;;g1;;;;;;;2025-11-29
night;A2;;;;;g3;;;;;;;29.11.2025;22:15;06:30
night;W1;;;;;g2;;;;;;;01/12/2025;19h45;7.00
night;A1;;;;;g1;;;;;;;2025-12-01;;
"""
AHEAD = "is tonight or later; only past nights are brought in"
QUOTES = "a quotation mark is not closed, or stands in the middle of a cell"
SAVE = "Save the sheet as “CSV UTF-8” and bring in that file."
SPOILERS = [b'"', b";", b"\n", b"\r\n", b"=", b"-", b"\0", b"A1", b"g1", b"night;"]
BEDS_ONLY = GOOD.partition("guest;")[0]


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def today(db, clock_at):
    clock_at(f"{TONIGHT} 12:30")


@pytest.fixture
def bring_in(tmp_path, capsys):
    """Runs the command on a text (or bytes) as a file; the lines it says."""

    def run(content, *options):
        path = tmp_path / "season.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        call_command("import_season", str(path), *options)
        return capsys.readouterr().out.splitlines()

    return run


@pytest.fixture
def refused(bring_in, capsys):
    """What the command says of a file that it must refuse; nothing may have been written."""

    def run(content, *options):
        before = census()
        with pytest.raises(CommandError) as refusal:
            bring_in(content, *options)
        assert census() == before
        return [*capsys.readouterr().out.splitlines(), str(refusal.value)]

    return run


@pytest.fixture
def bad_lines(refused):
    """Only the bad lines, without the sentence that counts them."""

    def run(*content):
        return refused("\n".join(content), "--all")[:-1]

    return run


def census():
    """How many rows each table holds."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def ledger():
    rows = BedNight.objects.select_related("bed", "night", "occupant__guest").order_by(
        "night__date", "bed__label"
    )
    return [
        (
            f"{row.night}",
            row.bed.label,
            row.occupant.guest.name,
            row.state,
            f"{nights.local(row.arrived_at):%d.%m. %H:%M}",
            f"{nights.local(row.left_at):%d.%m. %H:%M}",
        )
        for row in rows
    ]


def night_line(bed="A1", ref="g1", day="2025-11-29", arrived="", left=""):
    return f"night;{bed};;;;;{ref};;;;;;;{day};{arrived};{left}"


# A good file


def test_a_good_file_becomes_exactly_its_ledger(bring_in):
    told = bring_in(GOOD)

    assert told == ["Written: guests 3, dormitories 2, beds 3, nights 2, bed-nights 4."]
    assert ledger() == [
        ("29.11.2025", "A1", "Ion", "left", "29.11. 19:30", "30.11. 08:00"),
        ("29.11.2025", "A2", "Modou", "left", "29.11. 22:15", "30.11. 06:30"),
        ("01.12.2025", "A1", "Ion", "left", "01.12. 19:30", "02.12. 08:00"),
        ("01.12.2025", "W1", "Élise", "left", "01.12. 19:45", "02.12. 07:00"),
    ]


def test_guests_are_counted_and_found_like_any_other(bring_in):
    bring_in(GOOD)

    guests = Guest.objects.select_related("occupant").order_by("pk")
    answers = Guest.objects.order_by("pk").values_list(
        "name", "family_name", "sleeps", "birth_year", "birth_answer"
    )
    assert list(answers) == [
        ("Ion", "Vrabie", "men", 1987, "given"),
        ("Élise", "", "women", None, ""),
        ("Modou", "", "ask", None, ""),
    ]
    assert [(guest.occupant.sex, guest.occupant.birth_year, guest.occupant.origin) for guest in guests] == [
        ("man", 1987, "eu"), ("woman", None, "unknown"), ("unknown", None, "unknown"),
    ]  # fmt: skip
    for guest in guests:
        assert sorted(guest.keys.order_by().values_list("key", flat=True)) == keys(guest)


def test_nights_are_closed_at_the_evening_s_usual_times(bring_in):
    bring_in(GOOD)

    night = Night.objects.get(date=date(2025, 11, 29))
    assert night.state == Night.State.CLOSED
    names = list(Night.TIMES.values())[:-1]
    assert [f"{nights.local(getattr(night, name)):%d.%m. %H:%M}" for name in names] == [
        "29.11. 11:30", "29.11. 18:00", "29.11. 19:15", "29.11. 23:00", "30.11. 08:45",
    ]  # fmt: skip
    assert night.sealed_at is None


def test_a_night_closes_when_the_last_has_left(bring_in):
    bring_in(f"{BEDS_ONLY}guest;;;;;;g1;Ion\n{night_line(left='10:20')}")

    assert Night.objects.get().closed_at == nights.instant_of(date(2025, 11, 29), time(10, 20))


def test_the_season_has_a_period_for_each_run_of_nights(bring_in):
    days = ["2025-11-29", "2025-11-30", "2025-12-02", "2026-06-30", "2026-07-01"]
    bring_in("\n".join([BEDS_ONLY.strip(), "guest;;;;;;g1;Ion", *(night_line(day=day) for day in days)]))

    periods = OpeningPeriod.objects.order_by("first_date").values_list(
        "season__name", "service", "first_date", "last_date"
    )
    assert list(periods) == [
        ("2025/26", "night", date(2025, 11, 29), date(2025, 11, 30)),
        ("2025/26", "night", date(2025, 12, 2), date(2025, 12, 2)),
        ("2025/26", "night", date(2026, 6, 30), date(2026, 6, 30)),
        ("2026/27", "night", date(2026, 7, 1), date(2026, 7, 1)),
    ]
    assert list(Season.objects.order_by("name").values_list("name", flat=True)) == ["2025/26", "2026/27"]


def test_a_room_and_its_beds_stand_from_the_first_night_on_which_the_room_is_used(bring_in):
    bring_in(GOOD)

    assert beds_on(date(2025, 11, 28)) == []
    standing = beds_on(date(2025, 11, 29))
    assert [(bed.label, bed.dormitory, bed.zone, bed.level, bed.step_free) for bed in standing] == [
        ("A1", "Attic", "men", "bottom", True), ("A2", "Attic", "men", "top", False),
    ]  # fmt: skip
    assert [bed.label for bed in beds_on(date(2025, 12, 1))] == ["A1", "A2", "W1"]
    assert list(Dormitory.objects.order_by("position").values_list("code", "name")) == [
        ("Attic", "Attic"), ("D1", "Women of the house"),
    ]  # fmt: skip


def test_a_bed_may_say_itself_from_when_until_when_it_stood(bring_in):
    bring_in(f"{HEADER}\nbed;A1;Attic;men;;;;;;;;;2026-01-10;2025-11-15\nguest;;;;;;g1;Ion\n{night_line()}")

    standing = [date(2025, 11, 14), date(2025, 11, 15), date(2026, 1, 9), date(2026, 1, 10)]
    assert [len(beds_on(day)) for day in standing] == [0, 1, 1, 0]


def test_one_line_of_the_log_tells_of_it_and_by_whom(bring_in, people):
    bring_in(GOOD, "--by", "coordinator")

    entry = LogEntry.objects.get(verb="season_imported")
    assert (entry.by.username, entry.source) == ("coordinator", "import")
    assert entry.facts == {
        "guests": 3, "dormitories": 2, "beds": 3, "nights": 2, "bed_nights": 4, "first": "2025-11-29",
        "last": "2025-12-01",
    }  # fmt: skip
    assert LogEntry.objects.filter(pk__gte=entry.pk).count() == 1


def test_somebody_who_has_no_account_cannot_have_done_it(refused):
    assert refused(GOOD, "--by", "nobody") == ["There is no account “nobody”."]


def test_a_plain_list_of_nights_brings_its_guests_with_it(bring_in, house):
    told = bring_in(
        "Date,Bed,Name,Family Name,Birth-Year,Remarks\n"
        "2026-11-01,MA1,Ion,Vrabie,1987,snores\n"
        "2026-11-02,ma2,ION,vrabie,1987,\n"
        "2026-11-02,MA1,Ion,Vrabie,1990,\n"
    )

    assert told == [
        "Columns not read: Remarks",
        "Written: guests 2, dormitories 0, beds 0, nights 2, bed-nights 3.",
    ]
    assert [row[:3] for row in ledger()] == [
        ("01.11.2026", "MA1", "Ion"), ("02.11.2026", "MA1", "Ion"), ("02.11.2026", "MA2", "Ion"),
    ]  # fmt: skip
    assert Guest.objects.filter(birth_year=1987).get().occupant.bed_nights.count() == 2


def test_a_bare_reference_may_come_before_the_night_that_says_the_name(bring_in, house):
    bring_in("date,bed,ref,name\n2026-11-01,MA1,7,\n2026-11-02,MA1,7,Ion\n")

    assert Guest.objects.get().occupant.bed_nights.count() == 2


def test_a_night_may_name_a_guest_of_the_file_instead_of_the_reference(bring_in):
    bring_in(f"{BEDS_ONLY}guest;;;;;;g1;Ion;;men;1987\nnight;A1;;;;;;ion;;;;;;2025-11-29")

    assert [row[2] for row in ledger()] == ["Ion"]
    assert Guest.objects.count() == 1


def test_the_file_number_of_a_guest_adds_nights_to_their_file(bring_in, house):
    guest = add_guest(by=BUILDER, name="Ion", sleeps="men")

    bring_in(f"date,bed,guest_number\n2026-11-01,MA1,{guest.number}\n")

    assert Guest.objects.get() == guest
    assert [row.occupant_id for row in BedNight.objects.all()] == [guest.occupant_id]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_separators_line_ends_and_the_mark_of_spreadsheets_make_no_difference(bring_in, separator, ending):
    text = GOOD.replace("yes", '"yes"').replace(";", separator).replace("\n", ending)

    assert bring_in(b"\xef\xbb\xbf" + text.encode()) == [
        "Written: guests 3, dormitories 2, beds 3, nights 2, bed-nights 4."
    ]


def test_columns_and_lines_may_stand_in_any_order(bring_in):
    rows = [line.split(";") for line in GOOD.splitlines()]
    rows = [row + [""] * (len(rows[0]) - len(row)) for row in rows]
    turned = [rows[0], *reversed(rows[1:])]
    text = (
        "\n".join(";".join(reversed(row)) for row in turned).replace("kind", "Kind").replace("bed;", "LABEL;")
    )

    assert bring_in(text) == ["Written: guests 3, dormitories 2, beds 3, nights 2, bed-nights 4."]


def test_empty_lines_and_lone_dashes_say_nothing(bring_in):
    text = GOOD.replace("guest;;;;;;g3;Modou", "\n;;;;\nguest;-;;;;;g3;Modou;–;-")

    assert bring_in(text)[-1] == "Written: guests 3, dormitories 2, beds 3, nights 2, bed-nights 4."


@pytest.mark.parametrize(
    ("arrived", "left", "times"),
    [
        ("", "19:00", ("19:00", "19:00")),
        ("09:00", "", ("09:00", "09:00")),
        ("00:10", "", ("00:10", "08:00")),
        ("13:00", "11:59", ("13:00", "11:59")),
    ],
)
def test_a_time_left_out_never_contradicts_the_one_given(bring_in, arrived, left, times):
    bring_in(f"{BEDS_ONLY}guest;;;;;;g1;Ion\n{night_line(arrived=arrived, left=left)}")

    row = BedNight.objects.get()
    assert tuple(f"{nights.local(at):%H:%M}" for at in (row.arrived_at, row.left_at)) == times


def test_in_the_night_of_the_clock_change_the_hours_are_real_ones(bring_in):
    bring_in(f"{BEDS_ONLY}guest;;;;;;g1;Ion\n{night_line(day='2026-03-28')}")

    row = BedNight.objects.get()
    assert row.left_at - row.arrived_at == timedelta(hours=11, minutes=30)


# A dry run


def test_a_dry_run_says_the_same_and_writes_nothing(bring_in):
    before = census()

    told = bring_in(GOOD, "--dry-run")

    assert told == [
        "Would be written: guests 3, dormitories 2, beds 3, nights 2, bed-nights 4. Nothing was written."
    ]
    assert census() == before


def test_a_dry_run_names_bad_lines_too(refused):
    assert refused(GOOD.replace("2025-11-29", "2025-11-31"), "--dry-run") == [
        "line 8: date: 2025-11-31 is a date that does not exist",
        "Bad lines: 1. Nothing was written.",
    ]


# Bad lines


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("room;A9", "kind: “room” is not one of: bed, guest, night"),
        (";A9", "kind: missing"),
        ("bed;;Attic", "bed: missing"),
        ("bed;A1234567890123;Attic", "bed: longer than 12 characters"),
        ("bed;A9", "dormitory: missing"),
        ("bed;A9;Cellar", "zone: missing, for the first bed of a dormitory that the house does not know"),
        ("bed;A9;Attic;women", "another zone than on line 2, for the same dormitory"),
        ("bed;A9;Attic;Mars", "zone: “Mars” is not one of: men, women, families, workers, dogs, isolation"),
        ("bed;A9;Attic;;sky", "level: “sky” is not one of: bottom, middle, top"),
        ("bed;A9;Attic;;;perhaps", "step_free: “perhaps” is neither yes nor no"),
        ("bed;a1;Attic", "bed a1 stands on line 2 already"),
        ("bed;A9;Attic;;;;;;;;;;2025-11-29", "the bed was gone before it came"),
        ("guest;;;;;;g9", "name: missing"),
        ("guest;;;;;;G1;Ana", "this guest stands on line 5 already (two people of one name need a ref each)"),
        ("guest;;;;;;g9;" + "a" * 81, "name: longer than 80 characters"),
        ("guest;;;;;;" + "g" * 41 + ";Ana", "ref: longer than 40 characters"),
        ("guest;;;;;;g9;Ana;;sofa", "sleeps: “sofa” is not one of: men, women, family, ask"),
        ("guest;;;;;;g9;Ana;;;87", "birth_year: “87” is not a year of birth (write 1987)"),
        ("guest;;;;;;g9;Ana;;;2027", "birth_year: “2027” is not a year of birth (write 1987)"),
        ("guest;;;;;;g9;Ana;;;;Romania", "nationality: “Romania” is not a country code (write RO)"),
        ("guest;;;;;;g9;Ana;;;;;30.02.2026", "left_on: 30.02.2026 is a date that does not exist"),
        (night_line(day=""), "date: missing"),
        (night_line(bed=""), "bed: missing"),
        (night_line(ref=""), "ref: missing"),
        (night_line(day="31.02.2026"), "date: 31.02.2026 is a date that does not exist"),
        (night_line(day="2026-13-01"), "date: 2026-13-01 is a date that does not exist"),
        (night_line(day="yesterday"), "date: “yesterday” is not a date (write 2026-01-31 or 31.01.2026)"),
        (night_line(day="٢٠٢٦-٠١-٠١"), "date: “٢٠٢٦-٠١-٠١” is not a date (write 2026-01-31 or 31.01.2026)"),
        (night_line(day="1926-01-05"), "date: 1926-01-05 lies too far back to be believed"),
        (night_line(day="2026-11-21"), f"date: 2026-11-21 {AHEAD}"),
        (night_line(day="01.02.2027"), f"date: 01.02.2027 {AHEAD}"),
        (night_line(day="2025-12-24", bed="A9"), "unknown bed “A9”"),
        (night_line(day="2025-12-24", ref="g9"), "unknown guest “g9”"),
        (night_line(day="2025-12-24", arrived="25:00"), "arrived: “25:00” is not a time (write 19:30)"),
        (night_line(day="2025-12-24", left="late"), "left: “late” is not a time (write 19:30)"),
        (night_line(day="2025-12-24", arrived="23:00", left="22:00"), "left before arriving"),
        (night_line(day="2025-12-02", ref="g2"), "a night on or after leaving (02.12.2025, line 6)"),
        (night_line(day="2025-12-03", ref="g2"), "a night on or after leaving (02.12.2025, line 6)"),
        (night_line(bed="A1", ref="g2"), "bed A1 has a guest on this night already (line 8)"),
        (night_line(bed="W1", ref="g1"), "this guest has another bed on this night already (line 8)"),
        (night_line(bed="a1", ref="G1"), "the same as line 8"),
        ("night;A1;;;;;g1;Ana;;;;;;2025-12-24", "line 5 gives this guest another name"),
        ("night;A1;;;;;;Ana;;;;;;2025-12-24", "unknown guest “Ana”"),
        ("guest;;;;;;g9;=cmd()", "name: “=cmd()” begins like a formula"),
        (night_line(bed="@A1", day="2025-12-24"), "bed: “@A1” begins like a formula"),
        ("guest;;;;;;g9;An\0a", "a character that is not text"),
        ("guest;;;;;;g9;An\x1ba", "a character that is not text"),
        ('guest;;;;;;g9;"Ana', QUOTES),
        (night_line(day="2025-12-24") + ";;more", "more cells than the first line has columns"),
        ("guest;;;;;;g9;" + "a" * 200_000, "longer than 20000 characters"),
    ],
)  # fmt: skip
def test_each_bad_line_is_named_with_its_number_and_reason(bad_lines, line, reason):
    assert bad_lines(GOOD.strip(), line) == [f"line 12: {reason}"]


def test_a_line_in_another_encoding_is_named(refused):
    assert refused(GOOD.encode() + "guest;;;;;;g9;Ana;Müller".encode("latin-1")) == [
        "line 12: not UTF-8 text (save the sheet as “CSV UTF-8”)",
        "Bad lines: 1. Nothing was written.",
    ]


def test_a_value_given_in_two_columns_must_be_the_same(bad_lines):
    assert bad_lines("date,bed,label,name", "2026-11-01,A1,A2,Ion") == [
        "line 2: bed: given twice, and not the same",
        "line 2: unknown bed “A1”",
    ]


def test_all_bad_lines_come_at_once_by_number(bad_lines):
    assert bad_lines(
        HEADER,
        night_line(bed="A9"),
        "bed;A1;Attic;men",
        "guest;;;;;;g1;Ion;;;;;2025-12-20",
        "guest;;;;;;g2;Ana;;;;XX",
        night_line(),
        night_line(ref="g2"),
        night_line(day="2025-02-29"),
        night_line(day="2025-12-20", left="17:00", arrived="18:00"),
    ) == [
        "line 2: unknown bed “A9”",
        "line 5: nationality: “XX” is not a country code (write RO)",
        "line 6: this guest has another bed on this night already (line 2)",
        "line 7: bed A1 has a guest on this night already (line 6)",
        "line 8: date: 2025-02-29 is a date that does not exist",
        "line 9: a night on or after leaving (20.12.2025, line 4)",
        "line 9: left before arriving",
    ]


def test_nobody_sleeps_in_a_bed_before_it_came_or_from_the_day_it_was_gone(bad_lines):
    days = ["2025-11-19", "2025-11-20", "2025-11-30", "2025-12-01"]

    assert bad_lines(
        HEADER,
        "bed;A1;Attic;men;;;;;;;;;2025-12-01;2025-11-20",
        "guest;;;;;;g1;Ion",
        *(night_line(day=day) for day in days),
    ) == [
        "line 4: a night before the bed came (line 2)",
        "line 7: a night on or after the bed was gone (line 2)",
    ]


def test_two_guests_of_one_name_must_be_told_apart(bad_lines):
    assert bad_lines(
        BEDS_ONLY.strip(), "guest;;;;;;g1;Ion", "guest;;;;;;g2;ion", "guest;;;;;;;Ana", "guest;;;;;;;Ana",
        "night;A1;;;;;;Ion;;;;;;2025-11-29",
    ) == [
        "line 8: this guest stands on line 7 already (two people of one name need a ref each)",
        "line 9: more than one guest is called so; give the ref",
    ]  # fmt: skip


def test_only_the_first_bad_lines_are_shown_unless_all_are_asked_for(refused):
    text = "\n".join([HEADER, *(f"guest;;;;;;g{number};=1" for number in range(60))])

    few, every = refused(text), refused(text, "--all")

    assert few[49:] == [
        "line 51: name: “=1” begins like a formula",
        "… and 10 more (--all names them)",
        "Bad lines: 60. Nothing was written.",
    ]
    assert len(every) == 61


# What the house knows


def test_the_same_file_again_is_refused_night_by_night(bring_in, bad_lines):
    bring_in(GOOD)

    assert bad_lines(GOOD) == [
        "line 8: bed A1 is taken on this night already",
        "line 9: bed A2 is taken on this night already",
        "line 10: bed W1 is taken on this night already",
        "line 11: bed A1 is taken on this night already",
    ]


def test_the_next_month_may_repeat_the_lines_of_its_beds(bring_in):
    bring_in(GOOD)

    told = bring_in(f"{BEDS_ONLY}guest;;;;;;x;Ion;Vrabie;;1987\n{night_line(ref='x', day='2025-12-02')}")

    assert told == [
        "Lines whose guest is called as somebody the house knows (a guest_number would join them): 5",
        "Written: guests 1, dormitories 0, beds 0, nights 1, bed-nights 1.",
    ]
    assert BedPosition.objects.count() == 3


def test_a_guest_with_a_bed_on_that_night_is_not_given_another(bring_in, bad_lines):
    bring_in(GOOD)
    ion = Guest.objects.get(name="Ion")

    assert bad_lines("date,bed,guest_number", f"2025-11-29,A2,{ion.number}", "2025-12-24,A1,9999") == [
        "line 2: bed A2 is taken on this night already",
        "line 2: this guest has a bed on this night already",
        "line 3: no guest file has the number 9999",
    ]


def test_a_definitive_night_stays_as_it_is(bring_in, bad_lines, by):
    bring_in(GOOD)
    stepping.step(
        night=Night.objects.get(date=date(2025, 12, 1)), to=Night.State.DEFINITIVE, by=by("coordinator")
    )

    assert bad_lines("date,bed,name", "2025-12-01,A2,Ana", "2025-12-02,A2,Ana") == [
        "line 2: the night of 01.12.2025 is definitive"
    ]


def test_a_new_bed_does_not_slip_into_a_definitive_night(bring_in, bad_lines, by):
    bring_in(GOOD)
    stepping.step(
        night=Night.objects.get(date=date(2025, 12, 1)), to=Night.State.DEFINITIVE, by=by("coordinator")
    )
    guest = "guest;;;;;;g1;Ana"

    assert bad_lines(HEADER, "bed;B1;Attic;men", guest, night_line(bed="B1", day="2025-11-29")) == [
        "line 2: the bed would also stand in the definitive night of 01.12.2025;"
        " say in left_on when it was gone"
    ]
    bring_in(
        "\n".join(
            [HEADER, "bed;B1;Attic;men;;;;;;;;;2025-12-01", guest, night_line(bed="B1", day="2025-11-29")]
        )
    )
    assert [bed.label for bed in beds_on(date(2025, 12, 1))] == ["A1", "A2", "W1"]


def test_the_house_and_the_file_must_agree_about_a_bed(bring_in, bad_lines):
    bring_in(GOOD)

    assert bad_lines(
        HEADER, "bed;A1;Attic;;top", "bed;A2;Women of the house", "bed;W9;Attic;women", night_line(bed="W9")
    ) == [
        "line 2: the house knows bed A1 otherwise (level, step-free access)",
        "line 3: the house knows bed A2 in another dormitory",
        "line 4: the house knows this dormitory with another zone",
        "line 5: unknown guest “g1”",
    ]


def test_a_bed_known_only_since_later_needs_a_line_for_the_nights_before(house, bring_in, bad_lines):
    nights_before = ["guest;;;;;;g1;Ion", night_line(bed="WO1", day="2026-01-15")]

    assert bad_lines(HEADER, *nights_before) == [
        "line 3: the house knows bed WO1 only from 30.09.2026; a line for the bed would say more"
    ]
    bring_in("\n".join([HEADER, "bed;WO1;WO", *nights_before]))
    assert [(bed.label, bed.dormitory, bed.zone) for bed in beds_on(date(2026, 1, 15))] == [
        ("WO1", "Women", "women")
    ]
    assert Bed.objects.count() == len(house.beds)
    assert Zoning.objects.filter(dormitory=house.dormitories["WO"]).count() == 2


def test_code_and_name_of_a_dormitory_mean_the_same_room(house, bring_in):
    bring_in(
        "\n".join(
            [
                HEADER, "bed;MA1;MA", "bed;MA2;men a", "guest;;;;;;g1;Ion", "guest;;;;;;g2;Ana",
                night_line(bed="MA1"), night_line(bed="MA2", ref="g2"),
            ]
        )
    )  # fmt: skip

    assert [bed.label for bed in beds_on(date(2025, 11, 29))] == ["MA1", "MA2"]


def test_a_bed_out_of_service_is_not_slept_in(house, bad_lines):
    assert bad_lines("date,bed,name", "2026-11-01,EX1,Ion") == [
        "line 2: bed EX1 was not in service on this night"
    ]


def test_a_planned_night_of_the_past_is_closed_and_its_period_kept(season, bring_in):
    bring_in(f"date,bed,name\n{FIRST_NIGHT},MA1,Ion\n{FIRST_NIGHT - nights.ONE_DAY},MA1,Ion\n")

    found = (
        Night.objects.filter(date__lte=FIRST_NIGHT).order_by("date").values_list("date", "state", "season")
    )
    assert list(found) == [
        (FIRST_NIGHT - nights.ONE_DAY, "closed", season.pk), (FIRST_NIGHT, "closed", season.pk),
    ]  # fmt: skip
    assert list(OpeningPeriod.objects.order_by("first_date").values_list("first_date", "last_date")) == [
        (FIRST_NIGHT - nights.ONE_DAY, FIRST_NIGHT - nights.ONE_DAY), (FIRST_NIGHT, LAST_NIGHT),
    ]  # fmt: skip


def test_times_of_a_night_that_was_opened_stay(season, bring_in):
    night = Night.objects.get(date=FIRST_NIGHT)
    with clock.at(instant(f"{FIRST_NIGHT} 19:40")):
        stepping.step(night=night, to=Night.State.DOORS_OPEN, by=BUILDER)

    bring_in(f"date,bed,name\n{FIRST_NIGHT},MA1,Ion\n")

    night.refresh_from_db()
    assert night.doors_opened_at == instant(f"{FIRST_NIGHT} 19:40")
    assert night.doors_closed_at == instant(f"{FIRST_NIGHT} 23:00")


def test_a_night_with_somebody_still_inside_must_be_closed_first(season, occupant, bad_lines, house):
    night = Night.objects.get(date=FIRST_NIGHT)
    with clock.at(instant(f"{FIRST_NIGHT} 20:00")):
        stepping.step(night=night, to=Night.State.DOORS_OPEN, by=BUILDER)
        placing.check_in(
            occupant=occupant(), night=night, by=BUILDER, bed=house.beds["MA1"], is_registered=True
        )

    assert bad_lines("date,bed,name", f"{FIRST_NIGHT},MA2,Ion") == [
        "line 2: the night of 15.11.2026 is not closed yet: somebody is still inside or expected"
    ]


# All or nothing


def test_when_the_database_refuses_in_the_middle_nothing_is_written(refused, monkeypatch):
    monkeypatch.setattr(judging, "_twice", lambda *_lines: ())

    assert refused(GOOD + night_line(bed="W1", ref="g1")) == [
        "The database refused (one_bed_per_occupant_and_night). Nothing was written."
    ]


def test_the_refused_file_would_have_been_written_up_to_there(monkeypatch, bring_in, refused):
    """Negative control: guests, beds and nights go in before the first bed-night does."""
    seen = []
    monkeypatch.setattr(judging, "_twice", lambda *_lines: ())
    write = BedNight.objects.bulk_create

    def spying(rows):
        seen.append((Guest.objects.count(), Bed.objects.count(), Night.objects.count()))
        return write(rows)

    monkeypatch.setattr(BedNight.objects, "bulk_create", spying)
    refused(GOOD + night_line(bed="W1", ref="g1"))

    assert seen == [(3, 3, 2)]


# Files that are none


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf\r\n\r\n", "The file is empty."),
        (HEADER.encode(), "There is no line below the first one."),
        (HEADER.encode() + b"\n;;;\n\n", "There is no line below the first one."),
        (b"PK\x03\x04" + bytes(3000), f"This is a workbook. {SAVE}"),
        (GOOD.encode("utf-16"), f"This text is UTF-16. {SAVE}"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "This is not a text file."),
        (b"a;b;c\n1;2;3\n",
         "The first line must name the columns, at least: date, bed, ref. It reads: “a;b;c”."),
        (b"kind;bed;date;date\n", "The first line names the column “date” twice."),
        ("kind;bed;ré\n".encode("latin-1"),
         "The first line cannot be read: not UTF-8 text (save the sheet as “CSV UTF-8”)."),
        (b"kind;" + b"x" * 200_000, "The first line cannot be read: longer than 20000 characters."),
        (b'"kind;bed\n', f"The first line cannot be read: {QUOTES}."),
        (GOOD.encode("utf-16-le"), "This is not a text file."),
    ],
)  # fmt: skip
def test_a_file_that_is_no_such_table_is_refused_as_a_whole(refused, content, reason):
    assert refused(content) == [reason]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, len(GOOD)), st.binary(max_size=6) | st.sampled_from(SPOILERS)), max_size=8
    )
)
def test_whatever_a_file_holds_it_is_read_or_refused(spoilt):
    content = bytearray(GOOD.encode())
    for place, put_in in spoilt:
        content[place : place + len(put_in)] = put_in

    try:
        book, _ignored = open_book(io.BufferedReader(io.BytesIO(bytes(content))))
    except Incomplete:
        return
    plan = judging.judge(book, House(tonight=TONIGHT))

    assert {bad.line for bad in plan.bad} <= {*range(2, content.count(b"\n") + content.count(b"\r") + 2)}


@pytest.mark.parametrize(
    ("path", "reason"), [("nowhere.csv", "No such file or directory"), (".", "Is a directory")]
)
def test_a_path_without_a_file_is_said_plainly(tmp_path, path, reason):
    with pytest.raises(CommandError) as refusal:
        call_command("import_season", str(tmp_path / path))

    assert str(refusal.value) == f"The file cannot be read: {reason}"


# The command


def test_its_help_documents_the_format():
    told = Command().create_parser("manage.py", "import_season").format_help()

    assert "kind `night`: one person in one bed for one night.\n  date (or night)" in told


def test_a_progress_bar_comes_when_asked_for(bring_in, tmp_path, capsys):
    (tmp_path / "season.csv").write_text(GOOD)

    call_command("import_season", str(tmp_path / "season.csv"), "--progress")

    drawn = capsys.readouterr().err.splitlines()
    assert list(dict.fromkeys(line.partition(":")[0] for line in drawn if line)) == [
        "lines",
        "guests",
        "bed-nights",
    ]


def test_the_words_of_a_file_are_those_of_the_house():
    assert list(lines.ZONES) == Zone.values
    assert list(lines.LEVELS) == Bed.Level.values
    assert list(lines.SLEEPS) == Guest.Sleeps.values


def test_what_a_file_may_say_fits_the_tables():
    fields = [(Bed, "label"), (Dormitory, "name"), (Guest, "name"), (Guest, "family_name")]

    assert [model._meta.get_field(name).max_length for model, name in fields] == [
        lines.LONGEST_LABEL, lines.LONGEST_ROOM, lines.LONGEST_NAME, lines.LONGEST_NAME,
    ]  # fmt: skip
