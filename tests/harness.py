"""How strictly the tests look. An early plugin (`-p tests.harness`): it speaks before the settings are read.

By itself it notices an ERROR in the log, a template variable that is not there, and code that counts on the
order of an unordered query. Tests ask it whether more rows mean more queries. Browser tests come last but for
the races; what was left out is said aloud, and with NOTHING_LEFT_OUT=1 it fails the run.
"""

import atexit
import logging
import os
import random
import shutil
import tempfile
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.template.base import Node
from django.test.utils import CaptureQueriesContext

FOLDER = Path(tempfile.mkdtemp(prefix="foyer-tests-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
os.environ["DEMO"] = "1"
os.environ.setdefault("DATA_DIR", str(FOLDER))
for name in ("REDIS_URL", "CLOCK_SHIFT", "SECRET_KEY", "ALLOWED_HOSTS", "EMAIL_URL"):
    os.environ.pop(name, None)

NOTHING_LEFT_OUT = os.environ.get("NOTHING_LEFT_OUT") == "1"
LAST = ("browser", "races")
NO_CHROMIUM = "no Chromium on this machine"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FILLED_BY_MIGRATIONS = {"shelter_publishedtotal"}


def pytest_configure():
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STATIC_ROOT = tempfile.mkdtemp(dir=FOLDER)  # nothing is collected; finders serve what there is
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined()
    default = settings.DATABASES["default"]
    default["CONN_MAX_AGE"] = 0
    if default["ENGINE"].endswith("sqlite3"):
        # A file, as in the house: in memory all threads would share one connection.
        default.setdefault("TEST", {})["NAME"] = str(FOLDER / "test.sqlite3")
    Node.render_annotated = _saying_where(Node.render_annotated)
    QuerySet._fetch_all = _shuffling(QuerySet._fetch_all)
    operations = type(connection.ops)
    operations.sql_flush = _sparing_what_migrations_filled(operations.sql_flush)
    if connection.vendor == "sqlite":
        operations.execute_sql_flush = _past_the_guards(operations.execute_sql_flush)


# An ERROR in the log fails the test, unless it asks for `expected_errors`.


class Ear(logging.Handler):
    def __init__(self):
        super().__init__(logging.ERROR)
        self.records = []

    def emit(self, record):
        self.records.append(record)


EAR = pytest.StashKey[Ear]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    DICE.seed(item.nodeid)
    item.stash[EAR] = Ear()
    kept_apart = [
        logger
        for logger in logging.root.manager.loggerDict.values()
        if isinstance(logger, logging.Logger) and not logger.propagate
    ]
    for logger in (logging.root, *kept_apart):
        logger.addHandler(item.stash[EAR])
    try:
        return (yield)
    finally:
        for logger in (logging.root, *kept_apart):
            logger.removeHandler(item.stash[EAR])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    result = yield
    _no_error_was_logged(item)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    result = yield
    _no_error_was_logged(item)
    return result


def _no_error_was_logged(item):
    heard = item.stash[EAR].records
    if heard and "expected_errors" not in item.fixturenames:
        lines = [logging.Formatter("%(levelname)s %(name)s: %(message)s").format(record) for record in heard]
        heard.clear()
        pytest.fail("This was logged:\n" + "\n".join(lines), pytrace=False)


@pytest.fixture
def expected_errors(request):
    """The records of level ERROR logged so far; a test that asks for them must say which it expects."""
    return request.node.stash[EAR].records


# A template variable that is not there may be asked for and defaulted, but not shown.


class UndefinedVariable(Exception):
    silent_variable_failure = True  # asking a missing variable for its parts is only asking


class Undefined(str):
    """Stands in for a missing variable: as false as nothing, equal only to itself, and it cannot be shown."""

    def __bool__(self):
        return False

    def __contains__(self, part):  # the translation tags ask for "%s" before they put the name in
        return part == "%s"

    def __eq__(self, other):
        return self is other

    __hash__ = str.__hash__

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        self._refuse(name)

    def _refuse(self, variable="This variable", *_anything):
        raise UndefinedVariable(f"{variable} is not there.")

    def _refuse_to_show(self, *_anything):
        self._refuse()

    __mod__ = _refuse
    __str__ = __html__ = __format__ = __len__ = __iter__ = __add__ = _refuse_to_show


def _saying_where(render_annotated):
    def annotated(self, context):
        try:
            return render_annotated(self, context)
        except UndefinedVariable as error:
            if not hasattr(error, "__notes__"):
                error.add_note(f"{self.origin}, line {self.token.lineno}: {self.token.contents}")
            raise

    return annotated


# Rows of a queryset without an order come back in any order but the one in which they came.

DICE = random.Random()  # thrown anew for each test, so that a failure comes back


def _shuffling(fetch_all):
    def shuffled(self):
        is_new = self._result_cache is None
        fetch_all(self)
        if is_new and len(self._result_cache) > 1 and not self.ordered:
            self._result_cache = _in_another_order(self._result_cache)

    return shuffled


def _in_another_order(rows):
    straight = list(range(len(rows)))
    order = straight
    while order == straight:
        order = DICE.sample(straight, len(rows))
    return [rows[number] for number in order]


# More rows must not mean more queries.


@contextmanager
def count_queries():
    """Yields the queries made meanwhile: `with count_queries() as few: …`, then `len(few)`."""
    with CaptureQueriesContext(connection) as queries:
        yield queries


def same_queries_for(few, many):
    """Fails when the same question took another number of queries with many rows than with few.

    Ask the question once before counting: what is remembered from the first time would count as few.
    """
    if len(few) != len(many):
        told = "\n".join(query["sql"][:300] for query in many.captured_queries)
        pytest.fail(f"{len(few)} queries for few rows, {len(many)} for many:\n{told}", pytrace=False)


# Emptying the tables between tests that commit.


def _sparing_what_migrations_filled(sql_flush):
    def spared(self, style, tables, **options):
        emptied = [name for name in tables if name not in FILLED_BY_MIGRATIONS]
        return sql_flush(self, style, emptied, **options)

    return spared


def _past_the_guards(execute_sql_flush):
    """On SQLite emptying is deleting, which the guards of the log and of sealed nights would refuse."""

    def lifted(self, sql_list):
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            guards = dict(cursor.fetchall())
        lift = [f'DROP TRIGGER "{name}"' for name in guards]
        execute_sql_flush(self, [*lift, *sql_list, *guards.values()])

    return lifted


# What runs last, and what was left out.


def chromium():
    """The path of a Chromium on this machine; None when there is none."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def pytest_itemcollected(item):
    for mark in LAST:
        if ("tests", mark) in pairwise(item.path.parts):
            item.add_marker(mark)
    if item.get_closest_marker("browser") and chromium() is None:
        item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if item.get_closest_marker("pure") and "_django_db_helper" in item.fixturenames:
            raise pytest.UsageError(f"{item.nodeid} is marked as pure and asks for a database.")
    items.sort(key=lambda item: [item.get_closest_marker(mark) is not None for mark in reversed(LAST)])


def pytest_sessionfinish(session):
    if NOTHING_LEFT_OUT and _left_out(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    left_out = _left_out(config)
    browser = [report for report in left_out if NO_CHROMIUM in str(report.longrepr)]
    if browser:
        said = f"{NO_CHROMIUM}: {len(browser)} browser tests were left out"
        terminalreporter.write_sep("!", said, red=True)
    if left_out and NOTHING_LEFT_OUT:
        terminalreporter.write_sep("!", f"NOTHING_LEFT_OUT: {len(left_out)} tests were left out", red=True)


def _left_out(config):
    """What was skipped; a process that only runs its share of the tests leaves telling to the one that leads."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return reporter.stats.get("skipped", []) if reporter else []
