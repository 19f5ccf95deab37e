"""The catalogues of this house are whole, and the command that says so finds whatever could be wrong."""

import re
import shutil
from io import StringIO
from types import SimpleNamespace

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.utils.translation import gettext, trans_real

from config.management.commands import check_catalogues

NAME = "shelter/locale/fr/LC_MESSAGES/django.po"
SOURCE = """
from django.utils.translation import gettext as _, ngettext, pgettext

WORDS = [_("Bed %(bed)s is taken."), ngettext("%(n)s bed", "%(n)s beds", 2), pgettext("mark", "ADDED")]
"""
TEMPLATE = '{% load i18n %}{% translate "Good evening." %}'
WHOLE = """
msgid ""
msgstr ""
"Language: fr\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "Bed %(bed)s is taken."
msgstr "Le lit %(bed)s est pris."

msgid "%(n)s bed"
msgid_plural "%(n)s beds"
msgstr[0] "%(n)s lit"
msgstr[1] "%(n)s lits"

msgctxt "mark"
msgid "ADDED"
msgstr "AJOUT"

msgid "Good evening."
msgstr "Bonsoir."
"""
# What somebody did to the catalogue, and what is said about it.
FAULTS = {
    "a translation taken out": (
        ('msgstr "Bonsoir."', 'msgstr ""'),
        "untranslated: “Good evening.”",
    ),
    "a translation in one form only": (
        ('msgstr[1] "%(n)s lits"', 'msgstr[1] ""'),
        "untranslated: “%(n)s bed”",
    ),
    "a guess that nobody confirmed": (
        ('msgctxt "mark"', '#, fuzzy\nmsgctxt "mark"'),
        "fuzzy: “ADDED” (mark)",
    ),
    "a heading that nobody confirmed": (
        ('msgid ""\nmsgstr ""\n', '#, fuzzy\nmsgid ""\nmsgstr ""\n'),
        "fuzzy: “the heading”",
    ),
    "an entry kept though its words are gone": (
        ('msgstr "Bonsoir."\n', 'msgstr "Bonsoir."\n\n#~ msgid "Good night."\n#~ msgstr "Bonne nuit."\n'),
        "obsolete: “Good night.”",
    ),
    "a placeholder with another name": (
        ("Le lit %(bed)s", "Le lit %(lit)s"),
        "other placeholders: “Bed %(bed)s is taken.”",
    ),
    "a placeholder of another kind": (
        ("Le lit %(bed)s", "Le lit %(bed)d"),
        "other placeholders: “Bed %(bed)s is taken.”",
    ),
    "a placeholder left out": (
        ("Le lit %(bed)s", "Ce lit"),
        "other placeholders: “Bed %(bed)s is taken.”",
    ),
    "a placeholder left out in the plural": (
        ("%(n)s lits", "des lits"),
        "other placeholders: “%(n)s bed”",
    ),
    "a percent sign that would be read as a placeholder": (
        ("est pris.", "est pris à 100 %."),
        "other placeholders: “Bed %(bed)s is taken.”",
    ),
}


def checked(root=settings.BASE_DIR, **options):
    """What the command says: its lines, its loud word, its exit."""
    said, loud, code = StringIO(), StringIO(), 0
    try:
        call_command("check_catalogues", root=root, stdout=said, stderr=loud, **options)
    except SystemExit as end:
        code = end.code
    return SimpleNamespace(lines=said.getvalue().splitlines(), loud=loud.getvalue(), code=code)


@pytest.fixture
def tree(tmp_path, settings):
    """A storey with four things to say in French, and a catalogue that says them."""
    settings.LANGUAGES = [("fr", "Français"), ("en", "English")]
    (tmp_path / "shelter" / "templates").mkdir(parents=True)
    (tmp_path / "shelter" / "words.py").write_text(SOURCE)
    (tmp_path / "shelter" / "templates" / "page.html").write_text(TEMPLATE)
    (tmp_path / NAME).parent.mkdir(parents=True)
    put(tmp_path, WHOLE)
    return tmp_path


def put(root, text):
    """A catalogue with its compiled twin."""
    po = root / NAME
    po.write_text(text)
    with po.open("rb") as file:
        po.with_suffix(".mo").write_bytes(check_catalogues.compiled(read_po(file)))


@pytest.fixture
def no_gettext(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("NOTHING_LEFT_OUT", raising=False)


@pytest.fixture
def with_gettext():
    if shutil.which("xgettext") is None:
        pytest.skip("no gettext on this machine")


def test_the_catalogues_of_this_house_are_whole():
    answer = checked()

    assert (answer.lines, answer.code) == (["Every catalogue is whole."], 0)


@pytest.mark.parametrize(("change", "finding"), FAULTS.values(), ids=FAULTS)
def test_a_fault_in_a_catalogue_is_named(tree, no_gettext, change, finding):
    assert checked(tree).code == 0

    put(tree, WHOLE.replace(*change))

    answer = checked(tree)
    assert (answer.lines, answer.code) == ([f"{NAME}: {finding}"], 1)


def test_a_translation_changed_without_compiling_is_named(tree, no_gettext):
    (tree / NAME).write_text(WHOLE.replace("Bonsoir.", "Bonsoir !"))

    assert checked(tree).lines == [f"{NAME}: its .mo says something else"]


def test_another_rule_for_plurals_than_the_compiled_one_is_named(tree, no_gettext):
    (tree / NAME).write_text(WHOLE.replace("(n > 1)", "(n != 1)"))

    assert checked(tree).lines == [f"{NAME}: its .mo says something else"]


def test_a_compiled_catalogue_that_is_none_is_named(tree, no_gettext):
    (tree / NAME).with_suffix(".mo").write_bytes(b"these are twenty bytes and no words")

    assert checked(tree).lines == [f"{NAME}: its .mo says something else"]


def test_a_compiled_catalogue_that_is_not_there_is_named(tree, no_gettext):
    (tree / NAME).with_suffix(".mo").unlink()

    assert checked(tree).lines == [f"{NAME}: its .mo is not there"]


def test_new_words_and_words_no_longer_said_are_named(tree, with_gettext):
    (tree / "shelter" / "words.py").write_text(SOURCE.replace("is taken", "is free"))
    (tree / "shelter" / "templates" / "page.html").write_text(TEMPLATE.replace("evening", "night"))

    assert checked(tree).lines == [
        f"{NAME}: missing: “Good night.”",
        f"{NAME}: missing: “Bed %(bed)s is free.”",
        f"{NAME}: no source says this: “Bed %(bed)s is taken.”",
        f"{NAME}: no source says this: “Good evening.”",
    ]


def test_words_that_got_a_plural_count_as_new(tree, with_gettext):
    put(tree, WHOLE.replace('msgid_plural "%(n)s beds"\nmsgstr[0]', "msgstr").replace("msgstr[1]", "#"))

    assert checked(tree).lines == [
        f"{NAME}: missing: “%(n)s bed”",
        f"{NAME}: no source says this: “%(n)s bed”",
    ]


def test_a_storey_with_words_and_no_catalogue_is_named(tree, with_gettext):
    (tree / NAME).unlink()

    assert checked(tree).lines == [f"{NAME}: there is no such catalogue"]


def test_writing_keeps_what_is_translated_asks_for_what_is_new_and_drops_the_rest(tree, with_gettext):
    (tree / "shelter" / "templates" / "page.html").write_text(TEMPLATE.replace("evening", "night"))

    answer = checked(tree, write=True)

    with (tree / NAME).open("rb") as file:
        written = {message.id: message.string for message in read_po(file) if message.id}
    assert written == {
        "Bed %(bed)s is taken.": "Le lit %(bed)s est pris.",
        ("%(n)s bed", "%(n)s beds"): ("%(n)s lit", "%(n)s lits"),
        "ADDED": "AJOUT",
        "Good night.": "",
    }
    assert answer.lines == [f"{NAME}: untranslated: “Good night.”"]


def test_writing_again_changes_no_byte(tree, with_gettext):
    files = [tree / NAME, (tree / NAME).with_suffix(".mo")]
    checked(tree, write=True)
    first = [file.read_bytes() for file in files]

    answer = checked(tree, write=True)

    assert [file.read_bytes() for file in files] == first
    assert answer.lines == ["Every catalogue is whole."]


def test_without_gettext_it_is_said_aloud_what_was_left_out(tree, no_gettext):
    answer = checked(tree)

    assert answer.loud == f"{check_catalogues.LEFT_OUT}\n"
    assert (answer.lines, answer.code) == (["Every catalogue is whole."], 0)


def test_where_nothing_may_be_left_out_a_missing_gettext_fails(tree, no_gettext, monkeypatch):
    monkeypatch.setenv("NOTHING_LEFT_OUT", "1")

    answer = checked(tree)

    assert (answer.lines, answer.code) == ([check_catalogues.LEFT_OUT], 1)


def french_entries():
    """Every entry of the house's French with the key and the text of each of its forms."""
    for po in settings.BASE_DIR.glob("*/locale/fr/LC_MESSAGES/django.po"):
        with po.open("rb") as file:
            for message in filter(lambda message: message.id, read_po(file)):
                plural = isinstance(message.id, tuple)
                text = message.id[0] if plural else message.id
                text = f"{message.context}\x04{text}" if message.context else text
                if plural:
                    yield from (((text, form), string) for form, string in enumerate(message.string))
                else:
                    yield text, message.string


def test_no_other_catalogue_speaks_over_ours():
    ours = dict(french_entries())
    spoken = trans_real.translation("fr")._catalog

    assert {key: spoken.get(key) for key in ours} == ours
    assert gettext("Check in to %(bed)s") == "Enregistrer en %(bed)s"


def test_french_never_breaks_a_line_before_its_punctuation():
    loose = [text for _key, text in french_entries() if re.search(r" [:;!?»]| %(?![(sd])|« |'", text)]

    assert loose == []
