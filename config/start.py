"""`make run`: installs what is missing, prepares the demo house, opens web and worker, stops both together.

Runs on a bare Python, so nothing is imported from the house or its dependencies.
"""

import contextlib
import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv" / "bin" / "python"
ADDRESS = "127.0.0.1"
ACCOUNTS = (
    ("at the door", "field, night, lead, nurse"),
    ("in the office", "coordinator, planner-hut, planner-crl, planner-ia, ministry, admin"),
    ("on the rota", "worker, volunteer"),
)
# A container's root may run the demo; Celery's page of warning would hide the address.
QUIET_ABOUT_ROOT = "ignore:You're running the worker"
# Static files are served from where they are written; the folder for collected ones is not there.
QUIET_ABOUT_STATIC_FILES = "ignore:No directory at"
SECONDS_TO_OPEN = 90
SECONDS_TO_CLOSE = 20


def main():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    port = wanted_port()
    run_or_leave(sys.executable, ROOT / "config" / "install.py", "run")
    prepare_demo_house()
    children = {}
    try:
        children["web server"] = start(*web(port))
        children["worker"] = start(*worker())
        wait_until_it_answers(port, children)
        announce(port)
        name = first_to_end(children)
        sys.exit(f"Foyer: the {name} ended by itself ({children[name].returncode}); stopping the rest.")
    finally:
        stop(children)


def leave(number, frame):
    """A signal becomes an exit, so that `finally` runs and a command in hand is ended."""
    sys.exit(0)


def wanted_port():
    """The port from PORT, tried out at once: a taken one is told before anything is installed or migrated."""
    said = os.environ.get("PORT") or "8000"
    if not said.isdigit():
        sys.exit(f"Foyer: PORT must be a number, not {said!r}.")
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((ADDRESS, int(said)))
        except (OSError, OverflowError) as error:
            sys.exit(f"Foyer: port {said} cannot be used ({error}). Choose another: make run PORT=8001")
    return int(said)


def prepare_demo_house():
    os.chdir(ROOT)
    os.environ.setdefault("DEMO", "1")
    os.environ["DATA_DIR"] = str(Path(os.environ.get("DATA_DIR") or "var").resolve())
    run_or_leave(PYTHON, "manage.py", "migrate", "--verbosity", "0")
    os.environ["CLOCK_SHIFT"] = said_by(PYTHON, "manage.py", "demo", "--nights", "12", "--shift")


def run_or_leave(*command):
    code = subprocess.run(command, check=False).returncode
    if code:
        sys.exit(code)


def said_by(*command):
    answer = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    if answer.returncode:
        sys.exit(answer.returncode)
    return answer.stdout.strip()


def web(port):
    yield from (PYTHON, "-W", QUIET_ABOUT_STATIC_FILES, "-m", "gunicorn", "config.wsgi:application")
    yield from ("--bind", f"{ADDRESS}:{port}")
    yield from ("--preload", "--worker-class", "gthread", "--workers", "4", "--threads", "2")
    # A connection that stays open stays with its process, and most tablets would end up at one of them.
    yield from ("--keep-alive", "0")
    yield from ("--log-level", "warning", "--graceful-timeout", "10", "--no-control-socket")


def worker():
    """One process for tasks (`solo`) and the beat beside it: nothing here is in a hurry."""
    yield from (PYTHON, "-W", QUIET_ABOUT_ROOT, "-m", "celery", "--app", "config", "--quiet")
    yield from ("worker", "--beat", "--pool", "solo", "--concurrency", "1")
    yield from ("--without-gossip", "--without-mingle", "--loglevel", "ERROR")


def start(*command):
    """In a session of its own: Ctrl-C reaches this launcher alone, which asks each main process to end."""
    return subprocess.Popen(command, start_new_session=True, preexec_fn=end_with_the_launcher)


def end_with_the_launcher():
    """Where the kernel can (Linux), a launcher that is killed outright leaves nobody behind on the port."""
    if sys.platform == "linux":
        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGTERM)


def wait_until_it_answers(port, children):
    deadline = time.monotonic() + SECONDS_TO_OPEN
    while not answers(port):
        name = ended(children)
        if name:
            sys.exit(f"Foyer: the {name} could not start; what is said above tells why.")
        if time.monotonic() > deadline:
            sys.exit(f"Foyer: no answer from /healthz after {SECONDS_TO_OPEN} seconds.")
        time.sleep(0.2)


def answers(port):
    connection = http.client.HTTPConnection("localhost", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def announce(port):
    lines = ["", f"  Foyer is open: http://localhost:{port}", ""]
    lines += [f"  {where + ':':<15}{names}" for where, names in ACCOUNTS]
    lines += ["", "  Every account has the password foyer-demo. Ctrl-C closes the house.", ""]
    print("\n".join(lines), flush=True)


def first_to_end(children):
    while not ended(children):
        time.sleep(0.5)
    return ended(children)


def ended(children):
    return next((name for name, child in children.items() if child.poll() is not None), None)


def stop(children):
    """TERM to the main processes only: sent to a whole group it kills their own and leaves them hanging."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for child in children.values():
        child.terminate()
    deadline = time.monotonic() + SECONDS_TO_CLOSE
    for child in children.values():
        try:
            child.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
        end_whoever_is_left(child)


def end_whoever_is_left(child):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


if __name__ == "__main__":
    main()
