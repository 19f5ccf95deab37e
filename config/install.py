"""Puts the locked dependencies in place; runs on a bare Python, before anything is installed.

`run` and `dev` fill `.venv` with that part of `requirements.lock`; `here` fills the interpreter it runs on
(for an image); `lock` makes the lock and keeps the versions it names, `lock upgrade` takes newer ones.
What is in place is left alone without a look at the network.
"""

import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
HEADER = "# Made by `make lock`, not by hand. What running needs:\n"
DIVIDER = "# What testing and checking needs in addition:\n"


class Obstacle(Exception):
    """What only the person at the keyboard can put right; the text says how."""


def main(words):
    verbs = {
        ("run",): lambda: fill_venv("run"),
        ("dev",): lambda: fill_venv("dev"),
        ("here",): fill_this_interpreter,
        ("lock",): make_lock,
        ("lock", "upgrade"): lambda: make_lock("--upgrade"),
    }
    try:
        check_python()
        verbs.get(tuple(words), explain)()
    except Obstacle as obstacle:
        sys.exit(f"Foyer: {obstacle}")


def explain():
    raise Obstacle("say `python config/install.py run`, `dev`, `here`, `lock` or `lock upgrade`.")


def check_python():
    if sys.version_info < OLDEST:
        raise Obstacle(
            "Python {}.{} or newer is needed, and {} is {}.{}. "
            "Name a newer one: make PYTHON=python3.11 ...".format(
                *OLDEST, sys.executable, *sys.version_info[:2]
            )
        )


# The lock: one file, two parts.


def parts_of_lock():
    """The text to install for each part; `dev` is all of it, because a test run also runs."""
    text = LOCK.read_text() if LOCK.exists() else ""
    return {"run": text.partition(DIVIDER)[0], "dev": text}


def requirements_in(text):
    """Each requirement with its hashes, as the lines it is written in."""
    return re.findall(r"^[a-z0-9].*\n(?:[ \t].*\n)*", text, flags=re.MULTILINE)


def make_lock(*options):
    with tempfile.TemporaryDirectory() as folder:
        run, dev = Path(folder, "run.txt"), Path(folder, "dev.txt")
        run.write_text(parts_of_lock()["run"])
        dev.write_text(parts_of_lock()["dev"])
        compile_lock(run, *options)
        compile_lock(dev, "--extra", "dev", "--constraint", run, *options)
        needed_to_run = requirements_in(run.read_text())
        needed_besides = [one for one in requirements_in(dev.read_text()) if one not in needed_to_run]
    LOCK.write_text("".join([HEADER, *needed_to_run, DIVIDER, *needed_besides]))


def compile_lock(target, *options):
    """The output file is read first: versions it names stay unless `--upgrade` is among the options."""
    uv = locked_uv() or shutil.which("uv")
    if not uv:
        raise Obstacle("making the lock needs uv: run `make test` once, or put uv on the PATH.")
    plain = ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet"]
    everywhere = ["--universal", "--python-version", "{}.{}".format(*OLDEST), "--generate-hashes"]
    command = [uv, "pip", "compile", "pyproject.toml", *everywhere, *plain, *options, "--output-file", target]
    if not succeeds(command):
        raise Obstacle("the lock could not be made; what is said above tells why.")


# The environment.


def fill_venv(part):
    if is_in_place(part):
        return
    if not venv_is_sound():
        make_venv()
    say(f"Foyer: installing the locked dependencies ({part}) into .venv; this is done once.")
    install(part, ways_to_fill_venv)
    for done in ("run", "dev") if part == "dev" else ("run",):
        stamp_of(done).write_text(fingerprint(done))


def is_in_place(part):
    stamp = stamp_of(part)
    return VENV_PYTHON.exists() and stamp.exists() and stamp.read_text() == fingerprint(part)


def stamp_of(part):
    return VENV / f"installed-{part}"


def fingerprint(part):
    """Names the folder too: an environment that was moved looks complete and does not work."""
    return hashlib.sha256(f"{VENV}\n{parts_of_lock()[part]}".encode()).hexdigest()


def venv_is_sound():
    activate = VENV / "bin" / "activate"
    if not activate.exists() or str(VENV) not in activate.read_text():
        return False
    question = f"import sys; sys.exit(sys.version_info < {OLDEST})"
    return VENV_PYTHON.exists() and succeeds([VENV_PYTHON, "-c", question])


def make_venv():
    for command in ways_to_make_a_venv():
        shutil.rmtree(VENV, ignore_errors=True)
        if succeeds([*command, VENV]):
            return
    raise Obstacle(
        "this Python cannot make a virtual environment. On Debian and Ubuntu `apt-get install python3-venv` "
        "(as root) puts that right; `virtualenv` or `uv` on the PATH does as well."
    )


def ways_to_make_a_venv():
    # Debian ships venv without the ensurepip it needs, so that `-m venv` exists and fails.
    if importlib.util.find_spec("ensurepip"):
        yield [sys.executable, "-m", "venv"]
    if shutil.which("virtualenv"):
        yield ["virtualenv", "--quiet", "--python", sys.executable]
    if shutil.which("uv"):
        yield ["uv", "venv", "--quiet", "--python", sys.executable]


def install(part, ways):
    if not LOCK.exists():
        raise Obstacle(f"{LOCK.name} is missing.")
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder, "wanted.txt")
        wanted.write_text(parts_of_lock()[part])
        for command in ways():
            if succeeds([*command, "--require-hashes", "--requirement", wanted]):
                return
            say("Foyer: that way was barred; trying another if there is one.")
    raise Obstacle("the locked dependencies could not be installed; is the network there?")


def ways_to_fill_venv():
    """uv first, because it takes a quarter of the time; then pip, because it obeys local pip settings."""
    uv = locked_uv() or fetched_uv() or shutil.which("uv")
    if uv:
        yield [uv, "pip", "install", "--quiet", "--python", VENV_PYTHON]
    yield pip_of(VENV_PYTHON)


def locked_uv():
    uv = VENV / "bin" / "uv"
    return uv if uv.exists() else None


def fetched_uv():
    """uv is locked among the tools for checking; its lines alone are taken from there."""
    if not (VENV / "bin" / "pip").exists():
        return None
    lines = "".join(one for one in requirements_in(parts_of_lock()["dev"]) if one.startswith("uv=="))
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder, "uv.txt")
        wanted.write_text(lines)
        succeeds([*pip_of(VENV_PYTHON), "--require-hashes", "--requirement", wanted])
    return locked_uv()


def fill_this_interpreter():
    install("run", lambda: [[*pip_of(sys.executable), "--no-cache-dir", "--root-user-action=ignore"]])


def pip_of(python):
    return [python, "-m", "pip", "--disable-pip-version-check", "install", "-qq"]


def succeeds(command):
    return subprocess.run([str(word) for word in command], cwd=ROOT, check=False).returncode == 0


def say(line):
    print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
