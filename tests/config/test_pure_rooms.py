"""Pure rooms calculate: they reach for no database, no clock and no settings."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PURE = [
    "shelter/nights.py",
    "shelter/parameters.py",
    "shelter/offering.py",
    "shelter/wishing.py",
    "shelter/binding.py",
    "shelter/allocating.py",
    "shelter/supposing.py",
    "shelter/solving.py",
    "shelter/drawing.py",
    "shelter/errors.py",
    "shelter/text.py",
    "shelter/rota/timeline.py",
    "shelter/rota/terms.py",
    "shelter/rota/demands.py",
    "shelter/rota/law.py",
    "intake/matching.py",
    "reporting/facts.py",
    "reporting/values.py",
    "reporting/standing.py",
    "reporting/emptiness.py",
    "reporting/periods.py",
    "reporting/indicators/registry.py",
    "reporting/indicators/people.py",
]
# Words of a page may be translated; nothing else of the framework is needed to calculate.
ALLOWED = ("django.utils.translation", "django.utils.functional")


@pytest.mark.parametrize("path", PURE)
def test_a_pure_room_imports_nothing_of_the_framework_but_words(path):
    assert [name for name in imported(path) if name.startswith("django") and name not in ALLOWED] == []


@pytest.mark.parametrize("path", PURE)
def test_a_pure_room_asks_no_clock(path):
    calls = {
        node.attr
        for node in ast.walk(ast.parse((ROOT / path).read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"now", "today", "utcnow"}
    }

    assert calls == set()


def imported(path):
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
