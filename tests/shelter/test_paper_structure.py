"""Papers as those read them who do not see them: every mark on a page has a name in the tree, or is said to mean nothing.

The tree is read back from the finished file by a reader of its own here, which knows nothing of the code that wrote it:
`tree_of` for the elements with their words, `faults_of` for what does not fit between pages and tree, `unlike_speech`
for headings, tables and figures that would be read aloud badly.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache
from io import BytesIO
from itertools import pairwise
from types import SimpleNamespace

import pikepdf
import pytest
from django.utils import translation
from pikepdf.pdfa import validate_written
from reportlab.lib import colors
from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, PageBreak, Spacer, Table

from intake.paper import evening, phrase_sheet, presence
from intake.paper.furniture import sheet as sheet_of_a_night
from shelter.paper import Attached, Box, Column, Sheet, Tag, Words, bound, lettering, listing
from shelter.paper.structure import TableTags
from shelter.rota.paper import statement, wall
from tests.shelter.test_paper import NAMES

KINDS = frozenset(
    "Document Part Sect Div P H1 H2 H3 H4 Table Caption TR TH TD Figure L LI LBody Link Span".split()
)
ARTIFACT = "Artifact"
PAINTING = frozenset("S s f F f* B B* b b* sh Do Tj TJ ' \" INLINE IMAGE".split())
SHOWING = frozenset(["Tj", "TJ", "'", '"'])
CODES = re.compile(r"<([0-9A-Fa-f]{2,4})>\s*<([0-9A-Fa-f]+)>")
RANGES = re.compile(r"<([0-9A-Fa-f]{2})>\s*<([0-9A-Fa-f]{2})>\s*\[([^\]]*)\]")
SHEET = Sheet(
    title="Presence list",
    subtitle="Night of 21 November",
    notice="Confidential",
    printed_at=datetime(2026, 11, 21, 19, 14, tzinfo=UTC),
    language="fr",
)


# A reader of finished files.


@dataclass
class Node:
    """An element of the tree; `text` is what is drawn for it and for those within, a space between things drawn."""

    kind: str
    alt: str = ""
    scope: str = ""
    span: int = 1
    box: list | None = None
    kids: list = field(default_factory=list)  # nodes, or (page, number)
    words: list = field(default_factory=list)

    def all(self, *kinds):
        """This and those within, in the order of reading."""
        if not kinds or self.kind in kinds:
            yield self
        for kid in self.kids:
            if isinstance(kid, Node):
                yield from kid.all(*kinds)

    @property
    def text(self):
        return " ".join(self.words)

    @property
    def pages(self):
        found = {kid[0] for node in self.all() for kid in node.kids if not isinstance(kid, Node)}
        return sorted(found)


@dataclass
class Drawn:
    """What stands in one stretch of marked content: its tag, its number (None of an artifact), its words."""

    tag: str
    number: int | None
    words: str = ""
    paints: int = 0


def opened(pdf):
    return pikepdf.open(BytesIO(pdf))


@cache
def _characters(to_unicode):
    """The characters of a font by the code they are shown with."""
    found = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", to_unicode, re.S):
        for code, char in CODES.findall(block):
            found[int(code, 16)] = bytes.fromhex(char).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", to_unicode, re.S):
        for first, _last, chars in RANGES.findall(block):
            for place, char in enumerate(re.findall(r"<([0-9A-Fa-f]+)>", chars)):
                found[int(first, 16) + place] = bytes.fromhex(char).decode("utf-16-be")
    return found


def _shown(operands, characters):
    strings = operands[0] if isinstance(operands[0], pikepdf.Array) else operands[-1:]
    codes = b"".join(bytes(each) for each in strings if isinstance(each, pikepdf.String))
    return "".join(characters.get(code, "\N{REPLACEMENT CHARACTER}") for code in codes)


def _fonts(resources):
    fonts = resources.get("/Font", {})
    return {
        name: _characters(font.ToUnicode.read_bytes().decode("latin-1")) if "/ToUnicode" in font else {}
        for name, font in fonts.items()
    }


def walked(page):
    """Each stretch of marked content of a page in the order in which it is drawn, and what is wrong with them."""
    fonts, font = _fonts(page.Resources), {}
    drawn, open_, faults, texts, saved, unmarked = [], [], [], 0, 0, Counter()
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in ("BDC", "BMC"):
            properties = operands[1] if name == "BDC" else pikepdf.Dictionary()
            number = properties.get("/MCID") if isinstance(properties, pikepdf.Dictionary) else None
            drawn.append(Drawn(str(operands[0])[1:], None if number is None else int(number)))
            if open_:
                faults.append(f"{drawn[-1].tag} within {open_[-1][0].tag}")
            open_.append((drawn[-1], texts))
        elif name == "EMC":
            if not open_:
                faults.append("EMC without a beginning")
                continue
            begun, depth = open_.pop()
            if depth != texts:
                faults.append(f"{begun.tag} ends in another text object")
        elif name in ("BT", "ET"):
            texts += 1 if name == "BT" else -1
        elif name in ("q", "Q"):
            saved += 1 if name == "q" else -1
            if saved < 0:
                faults.append("Q without q")
        elif name == "Tf":
            font = fonts[str(operands[0])]
        if name in PAINTING:
            if open_:
                open_[-1][0].paints += 1
            else:
                unmarked[name] += 1
        if name in SHOWING and open_:
            open_[-1][0].words += _shown(operands, font)
    faults += [f"unmarked {name} × {times}" for name, times in sorted(unmarked.items())]
    faults += [f"{one.tag} never ends" for one, _texts in open_]
    if texts or saved:
        faults.append(f"unbalanced: BT {texts}, q {saved}")
    faults += [
        f"{one.tag} neither has a number nor is an artifact"
        for one in drawn
        if (one.number is None) != (one.tag == ARTIFACT)
    ]
    return drawn, faults


def tree_of(pdf):
    """The tree as a `Node` with everything within."""
    with opened(pdf) as document:
        places = {page.obj.objgen: place for place, page in enumerate(document.pages)}
        words = {
            (place, one.number): one.words
            for place, page in enumerate(document.pages)
            for one in walked(page)[0]
        }
        (root,) = document.Root.StructTreeRoot.K
        return _node(root, document.Root.StructTreeRoot, places, words)


def _node(element, parent, places, words):
    assert element.P.objgen == parent.objgen
    node = Node(str(element.S)[1:], alt=str(element.get("/Alt", "")))
    for attributes in element.get("/A", ()):
        node.scope = str(attributes.get("/Scope", "/"))[1:] or node.scope
        node.span = int(attributes.get("/ColSpan", node.span))
        node.box = [float(side) for side in attributes.get("/BBox", ())] or node.box
    own = element.get("/Pg")
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            node.kids.append((places[own.objgen], kid))
        elif kid.get("/Type") == pikepdf.Name.MCR:
            node.kids.append((places[kid.get("/Pg", own).objgen], int(kid.MCID)))
        else:
            node.kids.append(_node(kid, element, places, words))
    for kid in node.kids:
        node.words += kid.words if isinstance(kid, Node) else [words.get(kid, "")]
    return node


def faults_of(pdf):
    """What does not fit between the pages, the tree, and the lists that lead from one to the other."""
    faults = []
    with opened(pdf) as document:
        root = document.Root.StructTreeRoot
        numbers = list(root.ParentTree.Nums)
        by_page = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
        if sorted(by_page) != list(range(len(document.pages))):
            faults.append(f"parents of pages {sorted(by_page)}")
        for place, page in enumerate(document.pages):
            drawn, wrong = walked(page)
            faults += [f"page {place + 1}: {each}" for each in wrong]
            faults += [f"page {place + 1}: {each}" for each in _faults_of_forms(page)]
            faults += [
                f"page {place + 1}: {each}" for each in _faults_of_parents(page, drawn, by_page, place)
            ]
        seen = [(place, one.number) for place, page in enumerate(document.pages) for one in walked(page)[0]]
    told = Counter(
        kid for node in tree_of(pdf).all() for kid in node.kids if not isinstance(kid, Node)
    )  # fmt: skip
    drawn = Counter(each for each in seen if each[1] is not None)
    faults += [f"{each} stands {times} times in the tree" for each, times in told.items() if times != 1]
    faults += [f"{each} is drawn {times} times" for each, times in drawn.items() if times != 1]
    faults += [f"{each} is in the tree alone" for each in sorted(told.keys() - drawn.keys())]
    faults += [f"{each} is drawn and not in the tree" for each in sorted(drawn.keys() - told.keys())]
    return faults


def _faults_of_parents(page, drawn, by_page, place):
    """The list of parents of a page names for each number the element that has it."""
    if int(page.obj.get("/StructParents", -1)) != place:
        yield "does not say which list of parents is its own"
    parents = by_page.get(place, [])
    numbers = sorted(one.number for one in drawn if one.number is not None)
    if numbers != list(range(len(parents))):
        yield f"numbers {numbers} for {len(parents)} parents"
        return
    for one in drawn:
        if one.number is not None and str(parents[one.number].S)[1:] != one.tag:
            yield f"{one.tag} {one.number} is a {parents[one.number].S}"


def _faults_of_forms(page):
    """Drawings used by a page bring no numbers of their own."""
    for name, form in page.Resources.get("/XObject", {}).items():
        if form.get("/Subtype") == pikepdf.Name.Form:
            operators = [str(operator) for _operands, operator in pikepdf.parse_content_stream(form)]
            if "BDC" in operators:
                yield f"numbers within {name}"


def unlike_speech(tree):
    """What would be read aloud badly: kinds nobody knows, headings and tables that do not hold together."""
    yield from (f"a {node.kind}" for node in tree.all() if node.kind not in KINDS)
    yield from (
        f"a figure without words: {node.text!r}" for node in tree.all("Figure") if not node.alt.strip()
    )
    for table in tree.all("Table"):
        yield from _unlike_a_table(table)


def _unlike_a_table(table):
    name = f"table of {table.text[:30]!r}"
    rows = rows_of(table)
    yield from (f"{name}: a {node.kind} in it" for node in table.kids if node.kind != "TR")
    yield from (
        f"{name}: a {cell.kind} in a row" for row in rows for cell in row if cell.kind not in ("TH", "TD")
    )
    yield from (
        f"{name}: a head without scope"
        for row in rows
        for cell in row
        if cell.kind == "TH" and not cell.scope
    )
    widths = {sum(cell.span for cell in row) for row in rows}
    if len(widths) != 1:
        yield f"{name}: rows of {sorted(widths)} cells"


def rows_of(table):
    return [row.kids for row in table.kids]


def words_in(table):
    return [[cell.text for cell in row] for row in rows_of(table)]


def headings(tree):
    return [int(node.kind[1]) for node in tree.all("H1", "H2", "H3", "H4")]


def headless(tree):
    """Tables none of whose cells heads a row or a column."""
    return [table.text[:40] for table in tree.all("Table") if not any(table.all("TH"))]


def leaps(levels):
    """Where a heading is more than one level below the one before it."""
    return [(one, other) for one, other in pairwise([0, *levels]) if other > one + 1]


def findings(pdf):
    """What the validator has against a file as PDF/A-3b."""
    report = validate_written(BytesIO(pdf), "3b")
    return [] if report.passed and not report.findings else [report.passed, *map(str, report.findings)]


def fonts_of(document):
    """Each font of a file with its kind, and whether its outlines are in it."""
    return {
        str(thing.BaseFont)[1:].split("+")[-1]: (
            str(thing.Subtype)[1:],
            "/FontFile2" in thing.get("/FontDescriptor", {}),
        )
        for thing in document.objects
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == pikepdf.Name.Font
    }


def fit_for_an_archive(pdf, language):
    """What an archive and a screen reader ask of any paper of the house; nothing where all is well."""
    faults = findings(pdf)
    with opened(pdf) as document:
        root = document.Root
        if not root.get("/MarkInfo", {}).get("/Marked", False):
            faults.append("not said to be tagged")
        if str(root.get("/Lang", "")) != language:
            faults.append(f"language {root.get('/Lang')}")
        if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
            faults.append("the title does not stand in the window")
        if not str(document.docinfo.get("/Title", "")).strip():
            faults.append("no title")
        faults += [
            f"font {name}: {how}"
            for name, how in fonts_of(document).items()
            if how != ("TrueType", True) or not name.startswith("Noto")
        ]
        faults += [
            f"page {number}: no order of tabs"
            for number, page in enumerate(document.pages, 1)
            if page.obj.get("/Tabs") != pikepdf.Name.S
        ]
    return faults
