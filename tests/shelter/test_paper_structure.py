"""Papers as they are read by whoever does not see them: what is drawn has a name in the tree, or means nothing.

The tree is read back from the finished file by a reader that knows nothing of the code which wrote it. `reading` gives
the tree with its words and what does not fit between pages and tree; `unlike_speech` says what of a tree would be read
aloud badly, `unfit` what an archive would not take.
"""

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from importlib import import_module
from io import BytesIO
from itertools import pairwise
from types import SimpleNamespace

import pikepdf
import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf.pdfa import validate_written
from reportlab.graphics.shapes import Drawing, String
from reportlab.lib.pagesizes import A3, landscape
from reportlab.platypus import KeepTogether, PageBreak, Spacer, Table

from intake.paper import card_sheet, evening, guest_slip, phrase_sheet, presence
from intake.phrases import LANGUAGES
from shelter.paper import Attached, Box, Column, Tag, Words, bound, lettering, listing
from shelter.paper.structure import TableTags
from shelter.rota.paper import wall
from tests.shelter.test_paper import NAMES
from tests.shelter.test_paper import SHEET as LIST_SHEET

pytestmark = pytest.mark.pure

SHEET = replace(
    LIST_SHEET, is_heading=False
)  # the stories here begin with a heading of their own where they have one

KINDS = frozenset(("Document", "P", "H1", "H2", "H3", "Table", "Caption", "TR", "TH", "TD", "Figure"))
SHOWING = frozenset(("Tj", "TJ", "'", '"'))
PAINTING = SHOWING | frozenset(("S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "INLINE IMAGE"))
LOOKED_AT = " ".join((*sorted(PAINTING), "BI ID EI BDC BMC EMC BT ET q Q Tf"))
MARKUP = '<b>&amp;</b> & "<para>" <img src="x"/>'
HOSTILE = (
    MARKUP,
    "]]>--><!--{{ 7 }}{% x %}",
    "محمد \u202eAmsel\u202c (يوسف) \u0627\u064e\u0651",
    "e" + "\u0301\u0323" * 40,
    "😀 李 𝕊 \ue000 \uffff",
    "a\x00b\x0b\x1b\x7f\tc\nd\r\x85\u2028e",
    "=1+1",
    "@SUM(A1)",
    "wordy " * 833,
    "M" * 5_000,
)


# A reader of finished files.


@dataclass
class Node:
    """An element of the tree; `words` are those drawn for it and for those within, by stretch."""

    kind: str
    alt: str = ""
    scope: str = ""
    span: int = 1
    box: tuple = ()
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
    def marks(self):
        """Where it and those within are drawn: (page, number)."""
        return [kid for node in self.all() for kid in node.kids if not isinstance(kid, Node)]

    @property
    def pages(self):
        return sorted({page for page, _number in self.marks})


@dataclass
class Stretch:
    """Marked content on a page: its tag, its number (None of an artifact), and each string that is shown in it."""

    tag: str
    number: int | None
    shown: list = field(default_factory=list)


@dataclass(frozen=True)
class Reading:
    tree: Node
    faults: tuple[str, ...]  # between pages, tree, and the lists that lead from one to the other
    pages: tuple[tuple[Stretch, ...], ...]

    def aside(self, page):
        """The words of a page that mean nothing to its tree."""
        return " ".join("".join(one.shown) for one in self.pages[page] if one.tag == "Artifact")


@lru_cache(maxsize=128)
def reading(pdf):
    with pikepdf.open(BytesIO(pdf)) as document:
        faults, pages = [], []
        root = document.Root.StructTreeRoot
        listed = list(root.ParentTree.Nums)
        parents = dict(zip(map(int, listed[::2]), listed[1::2], strict=True))
        for place, page in enumerate(document.pages):
            stretches, wrong = _walked(page)
            wrong += _faults_of_forms(page)
            wrong += _faults_of_parents(page, stretches, parents.get(place, ()), place)
            faults += [f"page {place + 1}: {each}" for each in wrong]
            pages.append(tuple(stretches))
        if sorted(parents) != list(range(len(pages))):
            faults.append(f"lists of parents for pages {sorted(parents)} of {len(pages)}")
        places = {page.obj.objgen: place for place, page in enumerate(document.pages)}
        words = {
            (place, one.number): "".join(one.shown)
            for place, stretches in enumerate(pages)
            for one in stretches
            if one.number is not None
        }
        (top,) = root.K
        tree = _node(top, root, places, words)
        drawn = Counter(
            (place, one.number) for place, page in enumerate(pages) for one in page if one.number is not None
        )
        told = Counter(tree.marks)
        faults += [f"{mark} stands {times} times in the tree" for mark, times in told.items() if times > 1]
        faults += [f"{mark} is drawn {times} times" for mark, times in drawn.items() if times > 1]
        faults += [f"{mark} is in the tree alone" for mark in sorted(told.keys() - drawn.keys())]
        faults += [f"{mark} is on the page alone" for mark in sorted(drawn.keys() - told.keys())]
    return Reading(tree, tuple(faults), tuple(pages))


def _walked(page):
    """The stretches of a page in the order in which they are drawn, and what is wrong with them."""
    fonts = {name: _characters(font) for name, font in page.Resources.get("/Font", {}).items()}
    stretches, open_, faults, unmarked = [], [], [], Counter()
    characters, texts, saved = {}, 0, 0
    for operands, operator in pikepdf.parse_content_stream(page, LOOKED_AT):
        name = str(operator)
        if name in ("BDC", "BMC"):
            stretches.append(Stretch(str(operands[0])[1:], _number(operands)))
            if open_:
                faults.append(f"{stretches[-1].tag} within {open_[-1][0].tag}")
            open_.append((stretches[-1], texts))
        elif name == "EMC" and not open_:
            faults.append("an end without a beginning")
        elif name == "EMC":
            stretch, begun_in = open_.pop()
            if begun_in != texts:
                faults.append(f"{stretch.tag} begins and ends in different text objects")
        elif name in ("BT", "ET"):
            texts += 1 if name == "BT" else -1
        elif name in ("q", "Q"):
            saved += 1 if name == "q" else -1
        elif name == "Tf":
            characters = fonts[str(operands[0])]
        if name in PAINTING and not open_:
            unmarked[name] += 1
        elif name in SHOWING:
            open_[-1][0].shown.append(_shown(operands, characters))
        if saved < 0 or texts not in (0, 1):
            faults.append(f"{name} out of turn")
    faults += [f"{name} outside of any stretch, {times} times" for name, times in sorted(unmarked.items())]
    faults += [f"{stretch.tag} never ends" for stretch, _texts in open_]
    faults += [f"{saved} states saved and {texts} text objects open at the end"] * bool(saved or texts)
    faults += [
        f"{one.tag} has number {one.number}"
        for one in stretches
        if (one.number is None) != (one.tag == "Artifact")
    ]
    return stretches, faults


def _number(operands):
    properties = operands[1] if len(operands) > 1 else None
    number = properties.get("/MCID") if isinstance(properties, pikepdf.Dictionary) else None
    return None if number is None else int(number)


def _shown(operands, characters):
    strings = operands[0] if isinstance(operands[0], pikepdf.Array) else operands[-1:]
    codes = b"".join(bytes(each) for each in strings if isinstance(each, pikepdf.String))
    return "".join(characters.get(code, lettering.REPLACEMENT) for code in codes)


def _characters(font):
    """The characters of a font by the code they are shown with."""
    return _codes(font.ToUnicode.read_bytes()) if "/ToUnicode" in font else {}


@cache
def _codes(to_unicode):
    assert b"beginbfrange" not in to_unicode
    return {
        int(code, 16): bytes.fromhex(char.decode()).decode("utf-16-be")
        for code, char in re.findall(rb"<([0-9A-F]{2})> <([0-9A-F]{4,})>\n", to_unicode)
        if int(char, 16)
    }


def _faults_of_parents(page, stretches, parents, place):
    """The list of parents of a page names, for each number on it, the element that it belongs to."""
    if page.obj.get("/StructParents") != place:
        return [f"has the list of parents {page.obj.get('/StructParents')}"]
    numbers = sorted(one.number for one in stretches if one.number is not None)
    if numbers != list(range(len(parents))):
        return [f"numbers {numbers} for {len(parents)} parents"]
    return [
        f"{one.tag} {one.number} belongs to a {parents[one.number].S}"
        for one in stretches
        if one.number is not None and str(parents[one.number].S)[1:] != one.tag
    ]


def _faults_of_forms(page):
    """Drawings that a page refers to bring no numbers of their own."""
    return [
        f"numbers within {name}"
        for name, form in page.Resources.get("/XObject", {}).items()
        if any(str(operator) == "BDC" for _operands, operator in pikepdf.parse_content_stream(form))
    ]


def _node(element, parent, places, words):
    assert element.P.objgen == parent.objgen, f"{element.S} has another parent than it says"
    node = Node(str(element.S)[1:], alt=str(element.get("/Alt", "")))
    for attributes in element.get("/A", ()):
        node.scope = str(attributes.get("/Scope", f"/{node.scope}"))[1:]
        node.span = int(attributes.get("/ColSpan", node.span))
        node.box = tuple(map(float, attributes.get("/BBox", node.box)))
    for kid in element.get("/K", ()):
        if isinstance(kid, int):
            node.kids.append((places[element.Pg.objgen], kid))
        elif kid.get("/Type") == "/MCR":
            node.kids.append((places[kid.Pg.objgen], int(kid.MCID)))
        else:
            node.kids.append(_node(kid, element, places, words))
    for kid in node.kids:
        node.words += kid.words if isinstance(kid, Node) else [words.get(kid, "")]
    return node


def rows_of(table):
    return [row.kids for row in table.kids]


def words_in(table):
    return [[cell.text for cell in row] for row in rows_of(table)]


def headings(tree):
    """The levels of the headings in their order."""
    return [int(node.kind[1]) for node in tree.all("H1", "H2", "H3")]


def leaps(tree):
    """Headings more than one level below the one before them."""
    return [pair for pair in pairwise([0, *headings(tree)]) if pair[1] > pair[0] + 1]


def headless(tree):
    """Tables in which nothing heads a row or a column."""
    return [table.text[:40] for table in tree.all("Table") if not any(table.all("TH"))]


def unlike_speech(tree):
    """What would be read aloud badly: kinds nobody knows, figures without words, tables that do not hold together."""
    faults = [f"a {node.kind}" for node in tree.all() if node.kind not in KINDS]
    faults += ["a figure without words" for node in tree.all("Figure") if not node.alt.strip()]
    for table in tree.all("Table"):
        name, rows = f"table {table.text[:30]!r}", rows_of(table)
        faults += [f"{name}: a {node.kind} between the rows" for node in table.kids if node.kind != "TR"]
        faults += [
            f"{name}: a {cell.kind} of scope {cell.scope!r} in a row"
            for cell in (cell for row in rows for cell in row)
            if (cell.kind, cell.scope) not in (("TH", "Column"), ("TH", "Row"), ("TD", ""))
        ]
        widths = sorted({sum(cell.span for cell in row) for row in rows})
        faults += [f"{name}: rows of {widths} cells"] * (len(widths) != 1)
    return faults


def fonts_of(document):
    """Each font of a file with its kind, and whether its outlines are in it."""
    return {
        str(thing.BaseFont).split("+")[-1]: (
            str(thing.Subtype),
            "/FontFile2" in thing.get("/FontDescriptor", {}),
        )
        for thing in document.objects
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font"
    }


def unfit(pdf, language):
    """What an archive or a screen reader would not take of a paper; nothing where all is well."""
    report = validate_written(BytesIO(pdf), "3b")
    faults = [*map(str, report.findings), *(["not PDF/A-3b"] if not report.passed else [])]
    with pikepdf.open(BytesIO(pdf)) as document:
        root = document.Root
        told = {
            "tagged": bool(root.get("/MarkInfo", {}).get("/Marked", False)),
            "language": root.get("/Lang") == language,
            "title in the window": bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)),
            "title": bool(str(document.docinfo.get("/Title", "")).strip()),
            "order of tabs": all(page.obj.get("/Tabs") == "/S" for page in document.pages),
            "fonts of the house": {how for how in fonts_of(document).values()} == {("/TrueType", True)},
        }
    return faults + [name for name, holds in told.items() if not holds]


# The reader itself.


def test_reader_finds_what_is_drawn_past_the_tree():
    drawing = Drawing(100, 20)
    drawing.add(String(0, 0, "drawn"))

    (fault,) = reading(bound(SHEET, [Words("said"), drawing])).faults

    assert fault.startswith("page 1: Tj outside")


def test_reader_finds_a_thing_of_which_the_tree_does_not_tell():
    with pikepdf.open(BytesIO(bound(SHEET, [Words("one"), Words("two")]))) as document:
        del document.Root.StructTreeRoot.K[0].K[1]
        broken = BytesIO()
        document.save(broken)

    assert reading(broken.getvalue()).faults == ("(0, 1) is on the page alone",)


def test_reader_finds_rows_that_do_not_fit_each_other():
    cells = [[Words("a"), Words("b")], [Words("c"), Words("d")]]
    tree = reading(bound(SHEET, [Table(cells, renderCB=TableTags(1))])).tree
    (table,) = tree.all("Table")
    del table.kids[1].kids[1]
    table.kids[0].kids[0].scope = ""

    assert unlike_speech(tree) == [
        "table 'a b c d': a TH of scope '' in a row",
        "table 'a b c d': rows of [1, 2] cells",
    ]


# Stories.


def read_back(*story, **sheet):
    """The tree of a story, read back; a paper with faults is none."""
    pdf = bound(replace(SHEET, **sheet), list(story))
    assert (unfit(pdf, SHEET.language), list(reading(pdf).faults)) == ([], [])
    assert unlike_speech(reading(pdf).tree) == []
    return reading(pdf).tree


def numbered(rows, **more):
    columns = [Column("No.", 20), Column("Name", 60), Column("", 10)]
    return listing(columns, [(f"row {n}", f"Amsel {n}", Box(ticked=n % 2 == 0)) for n in range(rows)], **more)


def test_words_are_read_in_the_order_of_the_story_with_their_kinds():
    tree = read_back(
        Words("House", tag="H1"),
        Words("Beds", tag="H2"),
        Tag("late", filled=True),
        Words("Men A", tag="H3"),
        Words("twelve"),
    )

    assert [(kid.kind, kid.text) for kid in tree.kids] == [
        ("H1", "House"), ("H2", "Beds"), ("P", "late"), ("H3", "Men A"), ("P", "twelve"),
    ]  # fmt: skip


def test_nothing_to_read_is_not_in_the_tree():
    assert read_back(Words(""), Spacer(0, 9), Words("\u200e"), Words("x")).text == "x"


def test_names_of_many_scripts_are_read_from_their_element():
    tree = read_back(*(Words(name) for name in NAMES[:8]))

    assert [kid.text for kid in tree.kids] == NAMES[:8]


def test_words_of_two_lines_do_not_run_together():
    assert read_back(Words("four hundred " * 20, 20, most=9)).text.split() == ["four", "hundred"] * 20


@pytest.mark.parametrize("number", ["4\u202f245", "90\u00a0%", "‹\u202f5"])
def test_a_number_is_not_torn_apart_at_the_end_of_a_line(number):
    widths = range(30, 140)
    lines = [
        lettering.lines(lettering.clean(f"slept {number} nights"), width, 10, most=9) for width in widths
    ]

    whole = " ".join(number.split())
    assert [each for each in lines if not any(whole in " ".join(line.split()) for line in each)] == []


def test_boxes_say_whether_they_are_ticked():
    tree = read_back(Box(), Box(ticked=True))

    assert [(kid.kind, kid.alt) for kid in tree.kids] == [("Figure", Box.EMPTY), ("Figure", Box.TICKED)]


def test_a_listing_over_pages_is_one_table_with_its_heads_once():
    tree = read_back(numbered(90, title="Men A"))

    (table,) = tree.all("Table")
    assert table.pages == [0, 1, 2]
    title, heads, *rows = rows_of(table)
    assert [(cell.kind, cell.scope, cell.span, cell.text) for cell in title] == [("TH", "Column", 3, "Men A")]
    assert [(cell.kind, cell.scope, cell.text) for cell in heads] == [
        ("TH", "Column", "No."), ("TH", "Column", "Name"), ("TH", "Column", ""),
    ]  # fmt: skip
    assert [[cell.text for cell in row[:2]] for row in rows] == [
        [f"row {n}", f"Amsel {n}"] for n in range(90)
    ]
    assert {cell.kind for row in rows for cell in row} == {"TD"}
    assert [row[2].kids[0].kind for row in rows] == ["Figure"] * 90


def test_what_is_printed_again_on_the_next_page_is_not_read_again():
    read = reading(bound(SHEET, [numbered(90, title="Men A")]))

    assert [read.aside(page).count("Men A") for page in range(3)] == [0, 1, 1]
    assert read.tree.text.count("Men A") == 1


def test_two_listings_on_a_page_are_two_tables():
    tree = read_back(numbered(3, title="Men A"), Words("between"), numbered(2))

    assert [(kid.kind, len(kid.kids)) for kid in tree.kids] == [("Table", 5), ("P", 1), ("Table", 3)]


def test_a_listing_that_is_kept_with_its_heading_and_still_breaks_is_one_table():
    tree = read_back(Spacer(0, 300), KeepTogether([Words("Beds", tag="H1"), numbered(90)]), Words("end"))

    assert [kid.kind for kid in tree.kids] == ["H1", "Table", "P"]
    assert [row[0].text for row in rows_of(tree.kids[1])] == ["No.", *(f"row {n}" for n in range(90))]


def test_a_cell_with_several_things_is_read_from_above():
    cells = [[[Words("18"), Words("nights"), Box()], Words("x")], ["", Words("y")]]
    tree = read_back(Table(cells, renderCB=TableTags(1, row_heads=True)))

    first, second = rows_of(tree.kids[0])
    assert [(cell.kind, cell.scope, cell.text) for cell in (*first, *second)] == [
        ("TH", "Column", "18 nights "), ("TH", "Column", "x"), ("TH", "Row", ""), ("TD", "", "y"),
    ]  # fmt: skip


def test_cells_that_span_columns_count_as_so_many():
    cells = [[Words("a"), "", Words("c")], [Words("d"), Words("e"), ""]]
    style = [("SPAN", (0, 0), (1, 0)), ("SPAN", (1, 1), (-1, 1))]
    tree = read_back(Table(cells, renderCB=TableTags(1), style=style))

    assert [[(cell.text, cell.span) for cell in row] for row in rows_of(tree.kids[0])] == [
        [("a", 2), ("c", 1)],
        [("d", 1), ("e", 2)],
    ]


def test_head_and_foot_of_a_page_stand_on_each_and_are_read_on_none():
    read = reading(
        bound(replace(SHEET, code="https://foyer.example/"), [Words("one"), PageBreak(), Words("two")])
    )

    assert read.faults == ()
    for page in (0, 1):
        for words in (SHEET.title, SHEET.subtitle, SHEET.notice, "21.11.2026", f"{page + 1} / "):
            assert words in read.aside(page)
    assert read.tree.text == "one two"


def test_pages_are_numbered_to_the_last_one_also_with_three_figures():
    flowables = [flowable for n in range(101) for flowable in (Words(f"page {n}"), PageBreak())]
    read = reading(bound(SHEET, flowables))

    assert (len(read.pages), read.faults) == (101, ())
    assert "101 / " in read.aside(100)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_breaks_neither_tree_nor_archive(text):
    columns = [Column(text, 60), Column("b", 20)]

    tree = read_back(
        Words(text, tag="H1"), Tag(text[:50]), listing(columns, [(text, text)], title=text),
        title=text, subtitle=text, notice=text, foot=text,
    )  # fmt: skip

    assert text != MARKUP or tree.kids[0].text == MARKUP


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=80))
def test_any_text_leaves_a_paper_that_can_be_kept(text):
    read_back(Words(text, tag="H1"), Tag(text), listing([Column(text, 40)], [(text,), (Box(),)], title=text))


# What travels inside, and the bytes.


def test_files_travel_inside_with_what_they_are():
    files = [
        Attached("figures.csv", "scope,café\r\n".encode(), "text/csv", "The figures"),
        Attached("Überblick.txt", b"\x00\xff", "text/plain", "<b>&"),
    ]

    pdf = bound(SHEET, [Words("x")], files)

    assert unfit(pdf, "fr") == []
    with pikepdf.open(BytesIO(pdf)) as document:
        found = [document.attachments[each.name] for each in files]
        inside = [
            (spec.filename, spec.get_file().read_bytes(), spec.get_file().mime_type, spec.description)
            for spec in found
        ]
        assert inside == [(each.name, each.content, each.mime, each.description) for each in files]
        assert [spec.relationship for spec in found] == ["/Data"] * 2
        assert sorted(str(spec.UF) for spec in document.Root.AF) == sorted(each.name for each in files)


def a_paper(text="Łukasz ښځه"):
    attached = [Attached("a.csv", text.encode(), "text/csv", "a")]
    return bound(SHEET, [Words(text, tag="H1"), numbered(60, title=text), Box()], attached)


def test_the_same_paper_is_the_same_bytes_also_after_another():
    first = a_paper()
    other = a_paper("پښتو ڼوم Ọ̀ṣun")

    assert a_paper() == first
    assert a_paper("پښتو ڼوم Ọ̀ṣun") == other != first


# The papers of the house.


def a_presence_list(people=70):
    sleepers = [
        presence.Sleeper(f"A-{n}", f"{n:04d}", f"Amsel {n}", "1970", "no stairs" if n % 9 == 0 else "")
        for n in range(people)
    ]
    rooms = [presence.Room("Men A", tuple(sleepers)), presence.Room("Women", tuple(sleepers[:3]))]
    return presence.story(rooms if people else [])


def an_evening_list():
    callers = [
        evening.Caller(f"{n:04d}", f"Amsel {n}", "1970", "men", "MA1", "", "dog", n % 3 == 0, "expected", "")
        for n in range(70)
    ]
    return evening.story(evening.Evening(tuple(callers), (("men", ("MA1", "MA2")), ("women", ("WO1",)))))


def a_statement(people=12):
    lines, totals = [], []
    for number in range(people):
        person = SimpleNamespace(name=f"Ana {number}")
        sums = SimpleNamespace(worked=480, sunday=0, holiday=60, night=120)
        totals.append((person, sums, 15))
        for day in range(1, 9):
            worked = SimpleNamespace(
                person=person, person_id=number, break_minutes=30,
                start=datetime(2026, 11, day, 20, tzinfo=UTC), end=datetime(2026, 11, day, 23, tzinfo=UTC),
            )  # fmt: skip
            lines.append(SimpleNamespace(worked=worked, hours=sums, overtime=15))
    register = SimpleNamespace(lines=lines, totals=totals, unrecorded=[1, 2])
    return import_module("shelter.rota.paper.statement").story(register)


def a_wall_plan(people=60):
    november = range(1, 31)
    columns = [SimpleNamespace(day=date(2026, 11, day), holiday="") for day in november]
    cells = [SimpleNamespace(letters="EN" * (day % 3 == 0), shifts=day % 3 == 0) for day in november]
    rows = [
        SimpleNamespace(person=SimpleNamespace(name=f"Ana {n}"), is_named=True, cells=cells, planned=480)
        for n in range(people)
    ]
    organisation = SimpleNamespace(code="HUT", name="Hëllef um Terrain")
    plan = SimpleNamespace(
        organisation=organisation, number=2, published_at=datetime(2026, 11, 2, 8, tzinfo=UTC)
    )
    template = SimpleNamespace(letter="E", name="Evening", starts=time(18, 30), ends=time(0, 30))
    places = [None, *(SimpleNamespace(there=1, needed=2, missing=1) for _day in november[1:])]
    grid = SimpleNamespace(
        columns=columns, templates=[template],
        groups=[SimpleNamespace(plan=plan, organisation=organisation, rows=rows)] if people else [],
        lines=[SimpleNamespace(template=template, skill=SimpleNamespace(name="host"), places=places)],
    )  # fmt: skip
    return wall.story(grid, [plan], A3_SHEET.text_width)


def a_slip(*languages):
    times = ("supper", "quiet_from", "wake_up", "everybody_out", "bus")
    settings = SimpleNamespace(retention_months=12, **dict.fromkeys(times, time(19, 30)))
    night = SimpleNamespace(date=date(2026, 11, 21))
    return guest_slip("Amsel", "MA1", night, settings, languages, why=("lower",), reviewed=("fr",))


def a_card(number):
    guest = SimpleNamespace(number=f"{number:04d}")
    return SimpleNamespace(guest=guest, code=f"K{number:03d}", text=f"foyer:{number:04d}:K{number:03d}")


A3_SHEET = replace(LIST_SHEET, size=landscape(A3), code="https://foyer.example/rota/?week=2026-11-01")
PAPERS = {
    "presence list": lambda: bound(LIST_SHEET, a_presence_list()),
    "presence list of nobody": lambda: bound(LIST_SHEET, a_presence_list(0)),
    "tonight's list": lambda: bound(LIST_SHEET, an_evening_list()),
    "statement of hours": lambda: bound(LIST_SHEET, a_statement()),
    "statement of nothing": lambda: bound(LIST_SHEET, a_statement(0)),
    "wall plan": lambda: bound(A3_SHEET, a_wall_plan()),
    "wall plan of nothing": lambda: bound(A3_SHEET, a_wall_plan(0)),
    "phrase sheet": lambda: phrase_sheet(list(LANGUAGES)),
    "guest slip": lambda: a_slip("fr"),
    "guest slip in every language": lambda: a_slip("fr", *(code for code in LANGUAGES if code != "fr")),
    "guest cards": lambda: card_sheet(
        map(a_card, range(23)), house="Abri de nuit du Findel, bâtiment du fond"
    ),
    "sheet without cards": lambda: card_sheet([]),
}


@cache
def printed(name):
    with translation.override("fr"):
        return PAPERS[name]()


each_paper = pytest.mark.parametrize("name", PAPERS)


@each_paper
def test_every_paper_is_fit_for_an_archive(name):
    assert unfit(printed(name), "fr") == []


@each_paper
def test_everything_on_a_paper_has_a_name_or_means_nothing(name):
    assert reading(printed(name)).faults == ()


@each_paper
def test_tables_and_figures_of_a_paper_hold_together(name):
    assert unlike_speech(reading(printed(name)).tree) == []
    assert headless(reading(printed(name)).tree) == []


@each_paper
def test_a_paper_has_one_title_and_its_headings_are_in_order(name):
    tree = reading(printed(name)).tree

    assert (headings(tree)[:1], headings(tree).count(1), leaps(tree)) == ([1], 1, [])


def test_the_wall_plan_is_a_table_of_people_by_days():
    tables = [len(rows_of(table)) for table in reading(printed("wall plan")).tree.all("Table")]

    assert tables == [1 + 60 + 1]


@pytest.mark.parametrize(
    ("name", "expected"), [("presence list", [3, 72, 5]), ("tonight's list", [72, 71, 3, 21])]
)
def test_each_list_of_a_paper_is_one_table_however_long(name, expected):
    tables = list(reading(printed(name)).tree.all("Table"))

    assert [len(rows_of(table)) for table in tables] == expected


def test_everybody_on_a_list_is_read_once():
    words = Counter(reading(printed("presence list")).tree.words)

    assert [words[f"Amsel {n}"] for n in range(3, 70)] == [1] * 67


def test_each_card_is_headed_by_its_number():
    tree = reading(printed("guest cards")).tree

    assert [node.text for node in tree.all("H2")] == [f"{number:04d}" for number in range(23)]
    assert {f"Code de contrôle K{number:03d}" for number in range(23)} <= {
        node.text for node in tree.all("P")
    }


def test_hours_of_each_person_are_a_table_under_their_name():
    sums, *others = reading(printed("statement of hours")).tree.all("Table")

    assert len(rows_of(sums)) == 1 + 12 + 1
    assert [words_in(table)[0] for table in others] == [[f"Ana {n}"] for n in sorted(range(12), key=str)]
    assert {len(rows_of(table)) for table in others} == {2 + 8}
