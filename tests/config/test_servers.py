"""Background work through real brokers: a task is run once by a real worker, with Redis and without."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
import redis
from django.conf import settings

from config.celery import app
from tests import servers

SECONDS_TO_WORK = 60


@app.task(name="tests.write_line")
def write_line(path, line):
    """Run by the worker of these tests: adds one line to a file."""
    with Path(path).open("a") as file:
        file.write(f"{line}\n")


@pytest.fixture(scope="module")
def redis_url():
    with servers.redis_server() as url:
        yield url


def test_the_redis_server_keeps_what_it_is_told(redis_url):
    with redis.Redis.from_url(redis_url, decode_responses=True) as client:
        client.set("bed", "MA1")

        assert (client.get("bed"), client.ttl("bed")) == ("MA1", -1)


def test_the_redis_server_is_gone_afterwards():
    with servers.redis_server() as url, redis.Redis.from_url(url) as client:
        assert client.ping() is True

    with pytest.raises(redis.ConnectionError), redis.Redis.from_url(url) as client:
        client.ping()


def test_postgresql_answers_under_its_url_and_is_gone_afterwards():
    with servers.postgresql() as url:
        folder = parse_qs(urlsplit(url).query)["host"][0]
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT current_database(), current_user").fetchone()

    assert row == ("foyer", "postgres")
    assert not Path(folder).exists()


def test_a_task_sent_through_redis_is_run_once_by_a_worker(redis_url, tmp_path):
    environment = surroundings(tmp_path, REDIS_URL=redis_url)

    assert lines_written(environment, tmp_path) == ["first", "second"]
    with redis.Redis.from_url(redis_url) as client:
        assert (client.llen("celery"), client.hlen("unacked")) == (0, 0)


def test_a_task_sent_without_any_broker_server_is_run_once_by_a_worker(tmp_path):
    environment = surroundings(tmp_path)

    assert lines_written(environment, tmp_path) == ["first", "second"]
    assert [file.name for file in (tmp_path / "queue").iterdir()] == []


def surroundings(folder, **more):
    """The environment of a demo that has its data in a folder of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    return inherited | {"DEMO": "1", "DATA_DIR": str(folder)} | more


def lines_written(environment, folder):
    """Send two tasks, then let a worker run until two lines are there; what its log says if none are."""
    path = folder / "lines"
    sending = f"""from tests.config.test_servers import write_line
for line in ("first", "second"):
    write_line.delay({str(path)!r}, line)"""
    subprocess.run([sys.executable, "-c", sending], cwd=settings.BASE_DIR, env=environment, check=True)
    with worker(environment, folder):
        give_up = time.monotonic() + SECONDS_TO_WORK
        while time.monotonic() < give_up and not (path.exists() and path.read_text().count("\n") >= 2):
            time.sleep(0.1)
    return path.read_text().splitlines() if path.exists() else (folder / "worker.log").read_text()


@contextmanager
def worker(environment, folder):
    """A Celery worker as in the house, which also knows the task of these tests."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "config",
        "worker",
        "--pool",
        "solo",
        "--loglevel",
        "INFO",
    ]
    with (folder / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--include", "tests.config.test_servers"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=SECONDS_TO_WORK)
            finally:
                process.kill()
