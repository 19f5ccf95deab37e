"""The harness itself: each strictness must bite, and only where it should."""

import os
import subprocess
import sys
from textwrap import dedent

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Prefetch
from django.db.utils import DatabaseError
from django.template import engines

from shelter import clock, rules
from shelter.actions import housekeeping
from shelter.models import BedPosition, Dormitory, LogEntry, Night, PublishedTotal
from shelter.models.house import Zone
from tests.conftest import BUILDER, TONIGHT, instant
from tests.harness import UndefinedVariable, count_queries, same_queries_for

pytest_plugins = ["pytester"]

# One small suite run on its own, with what becomes of each of its tests.
SUITE = """
    import logging
    import pytest

    def test_logs_an_error():
        logging.getLogger("foyer.somewhere").error("the roof is off")

    def test_logs_an_error_where_nobody_else_listens():
        logging.getLogger("django.server").error("the roof is off")

    def test_logs_a_warning():
        logging.getLogger("foyer.somewhere").warning("the roof is old")

    def test_expects_the_error_it_logs(expected_errors):
        logging.getLogger("foyer.somewhere").error("the roof is off")
        assert [record.getMessage() for record in expected_errors] == ["the roof is off"]

    @pytest.mark.skip(reason="left out")
    def test_is_left_out():
        pass
"""


@pytest.fixture
def suite(pytester, monkeypatch):
    """Runs small test files in a process and a project of their own, under the real harness."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("NOTHING_LEFT_OUT", raising=False)
    pytester.makeini(
        "[pytest]\nDJANGO_SETTINGS_MODULE = config.settings\nmarkers = browser\n    races\n    pure\n"
    )

    def run(*options, **files):
        for path, text in files.items():
            file = pytester.path / (path.replace("__", "/") + ".py")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(dedent(text))
        return pytester.runpytest_subprocess("-p", "pytest_django.plugin", "-p", "tests.harness", *options)

    return run


def test_an_error_in_the_log_fails_the_test_unless_it_was_expected(suite):
    result = suite(test_suite=SUITE)

    result.assert_outcomes(failed=2, passed=2, skipped=1)
    result.stdout.fnmatch_lines(
        ["ERROR foyer.somewhere: the roof is off", "ERROR django.server: the roof is off"]
    )


def test_a_skipped_test_fails_the_run_when_nothing_may_be_left_out(suite, monkeypatch):
    only_left_out = ("-k", "warning or left_out")
    tolerant = suite(*only_left_out, test_suite=SUITE)
    monkeypatch.setenv("NOTHING_LEFT_OUT", "1")
    strict = suite(*only_left_out, test_suite=SUITE)

    assert (tolerant.ret, strict.ret) == (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
    strict.stdout.fnmatch_lines(["*NOTHING_LEFT_OUT: 1 tests were left out*"])


def test_browser_and_races_run_last_and_carry_their_marks(suite):
    files = dict.fromkeys(
        ("tests__races__test_r", "tests__browser__test_b", "tests__zebra__test_z"), "def test_one(): pass"
    )

    everything = suite("--collect-only", "-q", **files)
    marked = suite("--collect-only", "-q", "-m", "browser or races")

    assert everything.outlines[:3] == [
        "tests/zebra/test_z.py::test_one",
        "tests/browser/test_b.py::test_one",
        "tests/races/test_r.py::test_one",
    ]
    assert marked.outlines[:3] == [*everything.outlines[1:3], ""]


def test_without_chromium_browser_tests_are_left_out_loudly(suite, monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")

    result = suite(tests__browser__test_b="def test_one(): pass")

    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*no Chromium on this machine: 1 browser tests were left out*"])


def test_a_pure_test_asks_for_no_database(suite):
    result = suite(
        "--collect-only",
        test_pure="""
            import pytest
            pytestmark = pytest.mark.pure

            def test_one(db):
                pass
        """,
    )

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*test_one is marked as pure and asks for a database*"])


def render(text, **context):
    return engines["django"].from_string(text).render(context)


@pytest.mark.parametrize(
    "text",
    [
        "{{ guest }}",
        "{{ night.weather }}",
        "{{ guest|upper }}",
        "{{ guest|date:'H:i' }}",
        "{{ guest|length }}",
        "{{ guest|default_if_none:'nobody' }}",
        "{% autoescape off %}{{ guest }}{% endautoescape %}",
        "{% with name=guest %}{{ name }}{% endwith %}",
        "{% with name=guest %}{{ name.first }}{% endwith %}",
        "{% load i18n %}{% blocktranslate %}for {{ guest }}{% endblocktranslate %}",
        "{% load i18n %}{% blocktranslate with name=guest %}for {{ name }}{% endblocktranslate %}",
    ],
)
def test_a_template_variable_that_is_not_there_cannot_be_shown(text):
    with pytest.raises(UndefinedVariable):
        render(text, night={"state": "open"})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{ guest|default:'nobody' }}", "nobody"),
        ("{% if guest %}somebody{% else %}nobody{% endif %}", "nobody"),
        ("{% if guest == 'Ana' %}Ana{% endif %}.", "."),
        ("{% for guest in guests %}{{ guest }}{% empty %}nobody{% endfor %}", "nobody"),
        ("{% with name=guest %}{% if name.first %}{{ name }}{% endif %}{% endwith %}.", "."),
        ("{% firstof guest 'nobody' %}", "nobody"),
        ("{{ empty }}.", "."),
    ],
)
def test_a_template_variable_that_is_not_there_may_be_asked_for(text, shown):
    assert render(text, empty="") == shown


def test_a_missing_template_variable_says_where_it_is_missing():
    with pytest.raises(UndefinedVariable) as failure:
        render("\n{% if True %}{{ guest.nmae }}{% endif %}", guest={"name": "Ana"})

    assert failure.value.__notes__ == ["<unknown source>, line 2: guest.nmae"]


def test_rows_without_an_order_never_come_as_they_lie_in_the_table(house):
    straight = sorted(house.dormitories.values(), key=lambda room: room.pk)

    unordered = [list(Dormitory.objects.order_by()) for _time in range(20)]

    assert straight not in unordered
    assert [sorted(rows, key=lambda room: room.pk) for rows in unordered] == [straight] * 20


def test_values_and_prefetched_rows_without_an_order_are_shuffled_too(house):
    unordered = Prefetch("positions", BedPosition.objects.order_by())
    room = Dormitory.objects.prefetch_related(unordered).get(code="MA")

    ids = [each.pk for each in house.dormitories.values()]
    assert list(Dormitory.objects.order_by().values_list("pk", flat=True)) != ids
    assert list(room.positions.all()) != list(room.positions.order_by("pk"))


def test_rows_with_an_order_keep_it(house):
    assert [room.code for room in Dormitory.objects.order_by("code")] == sorted(house.dormitories)
    assert [room.code for room in Dormitory.objects.all()] == list(house.dormitories)


def test_a_question_that_asks_again_for_each_row_is_found_out(house):
    def sites(number):
        with count_queries() as queries:
            assert {room.site.name for room in Dormitory.objects.all()[:number]} == {"Findel"}
        return queries

    with pytest.raises(pytest.fail.Exception, match=r"3 queries for few rows, 6 for many"):
        same_queries_for(sites(2), sites(5))


def test_a_question_asked_once_for_all_rows_passes(house):
    def sites(number):
        with count_queries() as queries:
            assert {room.site.name for room in Dormitory.objects.select_related("site")[:number]} == {
                "Findel"
            }
        return queries

    same_queries_for(sites(2), sites(5))


def test_the_fixtures_stand_for_one_night_with_open_doors(house, night, by, occupant):
    rules.night_is_at_the_door(night)

    assert (night.date, clock.now()) == (TONIGHT, instant("2026-11-21 20:14"))
    assert Night.objects.count() == 152
    assert len(house.beds) == 24
    assert by("night_lead").roles == {"night_lead"}
    assert occupant(sex="woman").sex == "woman"


@pytest.mark.django_db(transaction=True)
def test_emptying_the_tables_spares_what_migrations_filled_and_puts_the_guards_back(house):
    totals = PublishedTotal.objects.count()

    call_command("flush", interactive=False, verbosity=0)

    assert (LogEntry.objects.count(), PublishedTotal.objects.count()) == (0, totals)
    with clock.at(instant("2026-11-21 20:14")):
        housekeeping.add_dormitory(
            site=house.site.__class__.objects.create(name="Findel"),
            code="MA",
            name="Men A",
            zone=Zone.MEN,
            first_night=TONIGHT,
            by=BUILDER,
        )
    with pytest.raises(DatabaseError, match="log_is_append_only"), transaction.atomic():
        LogEntry.objects.update(reason="rewritten")


def test_the_database_is_the_one_that_was_asked_for():
    asked_for = os.environ.get("DATABASE_URL", "sqlite").partition(":")[0]

    assert connection.vendor.startswith(asked_for)


def test_a_missing_server_package_says_what_to_install():
    program = "from tests import servers; servers._inside('no_such_package', 'bin')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert done.stderr.strip().splitlines()[-1] == (
        "tests.servers.ServerMissing: The package no_such_package is missing: "
        "install the development packages ([dev])."
    )
