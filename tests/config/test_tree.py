"""What must not stand in any file of the tree, and what must stand in the lock.

The needles are put together from pieces, so that this file does not find itself.
"""

import re
import subprocess
import tomllib

import pytest
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from config import install

ROOT = settings.BASE_DIR
NOT_OURS = {".git", ".venv", "var", "staticfiles", "__pycache__", ".hypothesis"} | {
    f".{tool}_cache" for tool in ("mypy", "ruff", "pytest", "import_linter")
}
REGISTRIES = [
    ".".join(labels)
    for labels in (
        ("pypi", "org"),
        ("pypi", "python"),
        ("python" + "hosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("deb", "debian"),
        ("security", "debian"),
        ("crates", "io"),
        ("proxy", "golang"),
        ("maven", "org"),
    )
]
FORBIDDEN = {
    "a registry's host": "|".join(re.escape(host) for host in REGISTRIES),
    "an index of packages": r"--(?:extra-)?index" + r"-url|(?:^|_)index" + r"_url\s*=|--find" + r"-links",
    "a path of one machine": r"(?<![\w.})>*])/" + r"(?:home|root|work)/",
    "a private key": "-----BEGIN [A-Z ]*PRIVATE" + " KEY-----",
    "somebody's token": r"\b(?:AK" + r"IA[0-9A-Z]{16}|gh" + r"[pousr]_\w{36}|xox" + r"[abprs]-[\w-]{10,})",
}


def files():
    """Every file that is or could be committed; without git, every file outside the folders git ignores."""
    try:
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        found = [ROOT / name for name in told.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        found = [path for path in ROOT.rglob("*") if not NOT_OURS & set(path.relative_to(ROOT).parts)]
    return sorted(path for path in found if path.is_file())


def texts():
    for path in files():
        try:
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture, a font, a compiled catalogue


def found_in(text):
    """The forbidden things in a text, each with the line it stands in."""
    return [
        (what, number)
        for number, line in enumerate(text.splitlines(), start=1)
        for what, needle in FORBIDDEN.items()
        if re.search(needle, line)
    ]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("https://" + "pypi" + ".org/simple", "a registry's host"),
        ("--extra-index" + "-url https://somewhere", "an index of packages"),
        ("index" + "_url = https://somewhere", "an index of packages"),
        ("open('/" + "home/anna/list')", "a path of one machine"),
        ("# made in /" + "work/tree", "a path of one machine"),
        ("-----BEGIN RSA PRIVATE" + " KEY-----", "a private key"),
        ("token = '" + "gh" + "p_" + "a1" * 18 + "'", "somebody's token"),
    ],
)
def test_the_search_finds(line, what):
    assert found_in(f"first\n{line}\n") == [(what, 2)]


def test_no_file_names_a_registry_a_machine_or_a_secret():
    found = {str(path): found_in(text) for path, text in texts()}

    assert {path: what for path, what in found.items() if what} == {}
    assert "requirements.lock" in found


def test_every_locked_requirement_has_a_version_and_a_hash():
    lock = install.LOCK.read_text()
    requirements = install.requirements_in(lock)
    form = r"[a-z0-9.\-\[\],]+==[\w.!+]+(?: ; [^\\]+)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+\n"

    assert [one for one in requirements if not re.fullmatch(form, one)] == []
    assert lock.count("\n") == sum(one.count("\n") for one in requirements) + 2  # and the two headings


def test_the_lock_answers_every_wish_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    parts = install.parts_of_lock()
    wishes = {"run": project["dependencies"], "dev": project["optional-dependencies"]["dev"]}

    unanswered = [
        wish
        for part, listed in wishes.items()
        for wish in map(Requirement, listed)
        if not answered(wish, parts[part])
    ]
    assert unanswered == []


def answered(wish, text):
    versions = dict(re.findall(r"^([a-z0-9.\-]+)==([\w.!+]+)", text, flags=re.MULTILINE))
    version = versions.get(canonicalize_name(wish.name))
    return version is not None and version in wish.specifier
