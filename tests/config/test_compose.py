"""The files for a real house: whole, without ready-made secrets, of one mind with what the settings read."""

import os
import re
import subprocess
import sysconfig
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from config import env
from config.env import VARIABLES

COMPOSE = settings.BASE_DIR / "docker-compose.yml"
DOCKERFILE = settings.BASE_DIR / "Dockerfile"
PARSER = Path(sysconfig.get_path("scripts"), "docker-compose")
OF_THE_DATABASE = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"}
OF_PYTHON = {"PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
DEMO_ONLY = {"DEMO", "CLOCK_SHIFT", "PORT"}  # PORT also says where the web is published
GIVEN = {
    "SECRET_KEY": "a long random text",
    "POSTGRES_PASSWORD": "another",
    "ALLOWED_HOSTS": "foyer.example",
    "EMAIL_URL": "smtp://mail.example",
}


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load(COMPOSE.read_text())


def environments(compose):
    return {name: service.get("environment", {}) for name, service in compose["services"].items()}


def asked_of_the_shell(text):
    """What is to come from outside, with what follows each name: `:?` demands a value, `:-` has a default."""
    return set(re.findall(r"(?<!\$)\$\{?([A-Z_]+)((?::?[-?+])?)", text))


def test_a_real_house_has_web_worker_beat_database_queue_and_a_step_that_migrates(compose):
    assert set(compose["services"]) == {"migrate", "web", "worker", "beat", "db", "redis"}


def test_every_service_that_stays_is_asked_how_it_is(compose):
    asked = {name for name, service in compose["services"].items() if "test" in service["healthcheck"]}
    asked_by_the_image = {"web"} if "\nHEALTHCHECK " in DOCKERFILE.read_text() else set()

    assert asked | asked_by_the_image == set(compose["services"]) - {"migrate"}


def test_the_house_opens_after_the_migrations_and_when_its_servers_are_well(compose):
    waits = {
        name: {other: said["condition"] for other, said in compose["services"][name]["depends_on"].items()}
        for name in ("web", "worker", "beat", "migrate")
    }

    after_all = {
        "migrate": "service_completed_successfully",
        "db": "service_healthy",
        "redis": "service_healthy",
    }
    assert waits == {
        "web": after_all,
        "worker": after_all,
        "beat": after_all,
        "migrate": {"db": "service_healthy"},
    }


def test_whoever_keeps_something_keeps_it_in_a_volume_of_its_own(compose):
    kept = {name: service["volumes"] for name, service in compose["services"].items()}

    app = ["data:/data"]
    assert kept == {
        "migrate": app,
        "web": app,
        "worker": app,
        "beat": app,
        "db": ["database:/var/lib/postgresql"],
        "redis": ["queue:/data"],
    }
    assert set(compose["volumes"]) == {"data", "database", "queue"}


def test_what_must_stay_secret_comes_from_outside_and_has_no_default(compose):
    said = [pair for environment in environments(compose).values() for pair in environment.items()]
    written_down = {
        name
        for name, value in said
        if re.search("PASSWORD|SECRET|KEY|TOKEN", name) and not re.fullmatch(r"\$\{\w+:\?[^}]+\}", value)
    }
    outside = re.compile(r"\$\{.*?\}")
    in_an_address = {name for name, value in said if re.search(r"://\w*:[^@]+@", outside.sub("", value))}

    assert (written_down, in_an_address) == (set(), set())
    assert asked_of_the_shell(COMPOSE.read_text()) == {(name, ":?") for name in GIVEN} | {("PORT", ":-")}


def test_compose_and_settings_name_the_same_variables(compose):
    named = set().union(*environments(compose).values())

    assert named - OF_THE_DATABASE == set(VARIABLES) - DEMO_ONLY


def test_the_image_sets_no_variable_that_the_settings_do_not_read():
    text = re.sub(r"#.*|\\\n", "", DOCKERFILE.read_text())
    lines = re.findall(r"^(?:ENV|ARG|RUN) .*", text, flags=re.MULTILINE)
    named = {name for line in lines for name in re.findall(r"\b([A-Z][A-Z_]+)=", line)}

    assert named == OF_PYTHON | {"DATA_DIR", "DEMO"}
    assert "DEMO" not in "".join(line for line in lines if not line.startswith("RUN"))


def test_the_real_parser_accepts_the_file():
    said = parsed(GIVEN)

    assert (said.stderr, said.returncode) == ("", 0)


@pytest.mark.parametrize("missing", sorted(GIVEN))
def test_the_real_parser_refuses_the_file_without(missing):
    said = parsed({name: value for name, value in GIVEN.items() if name != missing})

    assert (f"required variable {missing} is missing a value" in said.stderr, said.returncode) == (True, 1)


def parsed(given):
    """What Docker Compose says to the file when nothing but these variables is known to it."""
    command = [PARSER, "--file", COMPOSE, "--env-file", os.devnull, "config", "--quiet"]
    return subprocess.run(command, env=given, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("smtps://user:secret@mail.example?from=foyer@example.org", "foyer@example.org"),
        ("smtps://foyer%40example.org:secret@mail.example", "foyer@example.org"),
        ("smtp://mail.example", env.NOBODY),
    ],
)
def test_letters_come_from_somebody(url, sender):
    assert env.email(url)["DEFAULT_FROM_EMAIL"] == sender
