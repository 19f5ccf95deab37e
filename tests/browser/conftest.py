"""A real Chromium in front of the real house, the evening built once and put back for each test.

Whatever a page complains about (an error on the console, something its content policy forbids, an answer of
500) fails the test that opened it, without being asked.
"""

import os
import sqlite3
from contextlib import closing

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from shelter.models import Role
from tests.browser import evening as lived
from tests.browser.counting import Counter
from tests.conftest import instant
from tests.harness import FOLDER, chromium

FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
TABLET, UPRIGHT = {"width": 1180, "height": 820}, {"width": 820, "height": 1180}
PC, PHONE = {"width": 1440, "height": 900}, {"width": 320, "height": 640}
PATIENCE = 20_000  # milliseconds; other work may share the machine
expect.set_options(timeout=PATIENCE)
KEPT = FOLDER / "evening.sqlite3"
SESSIONS = {}  # the key of everybody's session, by role
# A search that the next key, or the next page, overtakes: htmx speaks of each as of an error.
OVERTAKEN = ("htmx:afterRequest", "htmx:sendAbort")
AN_ANSWER = "Failed to load resource: the server responded with a status of 4"


@pytest.fixture(scope="session", autouse=True)
def orm_beside_the_browser():
    """Playwright keeps an event loop in this thread; Django would refuse to ask the database beside it."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {"executable_path": chromium(), "args": FLAGS}


@pytest.fixture
def evening(live_server, transactional_db, set_clock):
    """The house at 20:14, for this thread and for the server's; both count on from there."""
    if connection.vendor == "sqlite" and KEPT.exists():
        _copy(to_file=False)
    else:
        lived.build()
        SESSIONS.update({role: _session_of(role) for role in Role.values})
        if connection.vendor == "sqlite":
            _copy(to_file=True)
    set_clock(f"{lived.TONIGHT} 20:14")
    return lived


def _copy(*, to_file):
    """The database of the tests into a file, or back: rows, guards and all."""
    connection.ensure_connection()
    with closing(sqlite3.connect(KEPT)) as file:
        source, target = (connection.connection, file) if to_file else (file, connection.connection)
        source.backup(target)


@pytest.fixture
def set_clock(settings):
    """Sets the house's clock, the server's too: `set_clock("2026-11-21 23:05")`."""

    def moved(moment):
        settings.CLOCK_SHIFT = instant(moment) - timezone.now()

    return moved


@pytest.fixture
def opened(evening, live_server, new_context):
    """A device with a colleague signed in: `opened("night_worker", "/door/")` gives its page."""
    complaints = []

    def page(role=None, at="/", **device):
        sheet = take(new_context, live_server.url, role, **device)
        listen(sheet, complaints)
        sheet.goto(at)
        return sheet

    yield page
    assert complaints == []


@pytest.fixture
def looking(evening, live_server, browser, devices):
    """The same for those who only look; devices stay signed in from test to test, which is quicker."""

    def page(role=None, **device):
        key = (role, *sorted(map(str, device.items())))
        if key not in devices:
            complaints = []
            devices[key] = take(browser.new_context, live_server.url, role, **device), complaints
            listen(*devices[key])
        return devices[key][0]

    yield page
    assert [line for _page, complaints in devices.values() for line in complaints] == []


@pytest.fixture(scope="session")
def devices(browser):
    taken = {}
    yield taken
    for page, _complaints in taken.values():
        page.context.close()


def take(new_context, url, role, *, size=TABLET, language="en", theme="dark", touch=True, javascript=True):
    """A device of its own: what it remembers, and who is signed in."""
    context = new_context(
        base_url=url, viewport=size, has_touch=touch, reduced_motion="reduce", locale=language,
        java_script_enabled=javascript,
    )  # fmt: skip
    context.set_default_timeout(PATIENCE)
    cookies = {"theme": theme, django_settings.LANGUAGE_COOKIE_NAME: language}
    if role:
        cookies[django_settings.SESSION_COOKIE_NAME] = SESSIONS[role]
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
    return context.new_page()


@pytest.fixture
def counted(opened):
    """The same device in the hands of somebody whose taps and keys are counted."""

    def hands(*args, **kwargs):
        return Counter(opened(*args, **kwargs))

    return hands


def _session_of(role):
    client = Client()
    client.force_login(lived.person(role), backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[django_settings.SESSION_COOKIE_NAME].value


def listen(page, complaints):
    """Hear what a page complains about. A refusal (4xx) is an answer, though Chromium calls it an error."""

    def heard(message):
        is_answer = message.text.startswith(AN_ANSWER) and "/static/" not in message.location["url"]
        is_fault = message.type in {"error", "warning"} and not message.text.startswith(OVERTAKEN)
        if is_fault and not is_answer:
            complaints.append(f"{page.url}: {message.text}")

    def answered(response):
        if response.status >= 500:
            complaints.append(f"{response.url}: {response.status}")

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("response", answered)
