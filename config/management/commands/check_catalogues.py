"""Holds the catalogues of words against the sources: a line per problem, exit 1 if there is any.

`APP/locale/LANGUAGE/LC_MESSAGES/django.po` must say all that the app's sources say, and nothing else. Its
compiled twin, the `.mo`, is committed as well: a machine without gettext speaks every language.
"""

import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from babel.messages import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

SOURCE_LANGUAGE = "en"
READ_FOR_WORDS = (".py", ".html", ".txt")
EXTRACTION = ("makemessages", "--locale", SOURCE_LANGUAGE, "--add-location", "file", "--verbosity", "0")
GETTEXT_TOOLS = ("xgettext", "msguniq", "msgmerge")
LEFT_OUT = "!!! EXTRACTION LEFT OUT: no gettext on this machine; words in no catalogue were not looked for"
# What a translation must carry over: a value to fill in, a percent sign to print, a tag of HTML.
PLACEHOLDER = re.compile(r"%\(\w+\)[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]|%%|%[sdr]?|</?\w+[^>]*>")
HEADING = "# `manage.py check_catalogues --write` keeps this in step with the sources; the words are ours."
SHOWN = 70


class Command(BaseCommand):
    help = "Look for words that a language lacks, has in excess, or has wrong."

    def add_arguments(self, parser):
        parser.add_argument(
            "--write", action="store_true", help="bring the .po and .mo files up to date first"
        )
        parser.add_argument("--root", default=settings.BASE_DIR, type=Path, help="the tree to look at")

    def handle(self, *, root, write, **options):
        can_extract = all(map(shutil.which, GETTEXT_TOOLS))
        findings = []
        for app in apps_in(root):
            template = template_of(app) if can_extract else None
            for po in catalogues_of(app, template):
                if write:
                    refresh(po, template)
                findings += [f"{po.relative_to(root)}: {problem}" for problem in problems_of(po, template)]
        if not can_extract:
            self.stderr.write(LEFT_OUT)
            findings += [LEFT_OUT] if os.environ.get("NOTHING_LEFT_OUT") == "1" else []
        for finding in findings:
            self.stdout.write(finding)
        if findings:
            raise SystemExit(1)
        self.stdout.write("Every catalogue is whole.")


def apps_in(root):
    """The storeys; an app inside another one has its words in the outer one's catalogue."""
    return [root / name for name in settings.INSTALLED_APPS if (root / name).is_dir()]


def catalogues_of(app, template):
    """Where the app's words stand in each language, or should; nowhere if it has none."""
    languages = [code for code, _name in settings.LANGUAGES if code != SOURCE_LANGUAGE]
    paths = [catalogue_in(app, code) for code in languages]
    return [po for po in paths if template or po.exists()]


def catalogue_in(app, language):
    return app / "locale" / language / "LC_MESSAGES" / "django.po"


def template_of(app):
    """What the sources say, without any translation. Extracted in a copy: nothing in the tree is touched."""
    with TemporaryDirectory() as folder:
        copy = Path(folder, app.name)
        shutil.copytree(app, copy, ignore=_what_says_nothing)
        (copy / "locale").mkdir()
        # Without settings, for with them the words would go to LOCALE_PATHS; -P hides the app's own modules.
        surroundings = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        told = subprocess.run(  # noqa: S603
            [sys.executable, "-P", "-m", "django", *EXTRACTION],
            cwd=copy, env=surroundings, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if told.returncode:
            raise CommandError(f"{app.name}: no words could be extracted.\n{told.stderr}")
        extracted = catalogue_in(copy, SOURCE_LANGUAGE)
        return _read(extracted) if extracted.exists() else Catalog()


def _what_says_nothing(folder, names):
    return [
        name
        for name in names
        if name in {"locale", "__pycache__"}
        or not (name.endswith(READ_FOR_WORDS) or Path(folder, name).is_dir())
    ]


def _read(path):
    with path.open("rb") as file:
        return read_po(file)


# What can be wrong


def problems_of(po, template):
    """Everything wrong with one catalogue; without a template, only what its own two files tell."""
    if not po.exists():
        yield "there is no such catalogue"
        return
    catalogue = _read(po)
    if template is not None:
        yield from _against_sources(catalogue, template)
    for message in catalogue.obsolete.values():
        yield _about("obsolete", message)
    for message in catalogue:
        if message.fuzzy:
            yield _about("fuzzy", message)
        if message.id:
            yield from _in_translation(message)
    yield from _in_compiled(po.with_suffix(".mo"), catalogue)


def _against_sources(catalogue, template):
    said, wanted = _by_key(catalogue), _by_key(template)
    for key, message in wanted.items():
        if key not in said:
            yield _about("missing", message)
    for key, message in said.items():
        if key not in wanted:
            yield _about("no source says this", message)


def _by_key(catalogue):
    return {(message.context, _forms(message.id)): message for message in catalogue if message.id}


def _in_translation(message):
    forms = _forms(message.string)
    if not all(forms):
        yield _about("untranslated", message)
    elif any(_placeholders(form) not in _allowed(message, index) for index, form in enumerate(forms)):
        yield _about("other placeholders", message)


def _allowed(message, index):
    """A singular may leave the number out where the source's singular does; other forms may not."""
    first, last = _forms(message.id)[0], _forms(message.id)[-1]
    return [_placeholders(last)] if index else [_placeholders(first), _placeholders(last)]


def _placeholders(text):
    return sorted(PLACEHOLDER.findall(text))


def _forms(texts):
    return tuple(texts) if isinstance(texts, tuple | list) else (texts,)


def _in_compiled(mo, catalogue):
    if not mo.exists():
        yield "its .mo is not there"
        return
    with suppress(OSError), mo.open("rb") as file:  # OSError: not a compiled catalogue at all
        spoken = read_mo(file)
        if (_texts(spoken), spoken.plural_forms) == (_texts(_again(catalogue)), catalogue.plural_forms):
            return
    yield "its .mo says something else"


def _again(catalogue):
    """Through a `.mo` and back, so that what is alike reads alike."""
    return read_mo(BytesIO(compiled(catalogue)))


def _texts(catalogue):
    return {key: _forms(message.string) for key, message in _by_key(catalogue).items()}


def _about(what, message):
    text = _forms(message.id)[0] or "the heading"
    context = f" ({message.context})" if message.context else ""
    return f"{what}: “{text[:SHOWN]}{'…' * (len(text) > SHOWN)}”{context}"


# Bringing up to date


class Words(Catalog):
    """Its heading holds no dates and no people, so that the same words are the same bytes."""

    def _heading(self):
        return [
            ("Project-Id-Version", "Foyer"),
            ("Language", str(self.locale_identifier)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", f"text/plain; charset={self.charset}"),
            ("Content-Transfer-Encoding", "8bit\n"),
        ]

    mime_headers = property(_heading, Catalog._set_mime_headers)


def refresh(po, template):
    """Write the catalogue anew: translations of what the sources still say, empty entries for what is new."""
    kept = _read(po) if po.exists() else Catalog()
    words = Words(locale=po.parts[-3], header_comment=HEADING, fuzzy=False)
    for message in kept if template is None else template:
        if message.id:
            _add(words, message, kept.get(message.id, message.context))
    po.parent.mkdir(parents=True, exist_ok=True)
    with po.open("wb") as file:
        write_po(file, words, width=100)
    po.with_suffix(".mo").write_bytes(compiled(words))


def _add(words, message, old):
    """A translation stays only where its source has the same forms."""
    known = old if old is not None and old.id == message.id else None
    words.add(
        message.id,
        known.string if known else "",
        context=message.context,
        locations=message.locations,
        flags=message.flags | (known.flags & {"fuzzy"} if known else set()),
        auto_comments=message.auto_comments,
        user_comments=known.user_comments if known else (),
    )


def compiled(catalogue):
    """The `.mo` of a catalogue, as bytes: the translations that are whole and certain."""
    words = Words(locale=catalogue.locale_identifier)
    for message in catalogue:
        if message.id and not message.fuzzy and all(_forms(message.string)):
            words.add(message.id, message.string, context=message.context)
    paper = BytesIO()
    write_mo(paper, words)
    return paper.getvalue()
