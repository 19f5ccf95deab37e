"""What a page says to whoever cannot see it: headings, paragraphs, tables and figures in the order of reading.

reportlab draws; it knows nothing of this. While it draws, the flowables of this room name what they draw (`tagged`,
`artifact`), and `finished` adds the tree of names to the file afterwards, with the language, the files that travel
inside, and what an archive asks for. It is checked by the validator of pikepdf and by reading the tree back; nothing
more than that is claimed.
"""

from collections import defaultdict
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from pikepdf.pdfa import prepare, resolve_save_kwargs
from reportlab.platypus.tables import TableRenderCB

ARCHIVE = "3b"
HOLDS_WORDS = frozenset({"TH", "TD", "Caption"})  # words in these need no paragraph around them


@dataclass
class Element:
    """A node of the tree: its kind, and its kids in order: other nodes, or (page, number) of something drawn."""

    kind: str
    alt: str = ""
    scope: str = ""
    span: int = 1
    box: tuple[float, ...] = ()
    language: str = ""  # where it is not that of the paper
    kids: list = field(default_factory=list)


class Structure:
    """The tree of one document while its pages are drawn on a canvas."""

    def __init__(self, canvas):
        self.canvas = canvas
        self.root = Element("Document")
        self.open = [self.root]
        self.drawn = defaultdict(list)  # by page, from 0: the element of each thing drawn, by its number
        self.is_aside = False  # inside an artifact

    @contextmanager
    def inside(self, element, *, is_new=True):
        if is_new:
            self.open[-1].kids.append(element)
        self.open.append(element)
        try:
            yield element
        finally:
            self.open.pop()

    @contextmanager
    def content(self):
        """What is drawn within belongs to the innermost open element."""
        page, element = self.canvas.getPageNumber() - 1, self.open[-1]
        number = len(self.drawn[page])
        self.drawn[page].append(element)
        element.kids.append((page, number))
        self.canvas.addLiteral(f"/{element.kind} <</MCID {number}>> BDC")
        yield
        self.canvas.addLiteral("EMC")

    @contextmanager
    def aside(self):
        """What is drawn within means nothing: rules, shading, what stands on every page."""
        if self.is_aside:
            yield
            return
        self.is_aside = True
        self.canvas.addLiteral("/Artifact BMC")
        yield
        self.canvas.addLiteral("EMC")
        self.is_aside = False


@contextmanager
def tagged(canvas, kind, **more):
    """Draw something of a kind (`P`, `H1`, `Figure` …); on a canvas without structure just draw it."""
    structure = getattr(canvas, "structure", None)
    if structure is None or structure.is_aside:
        yield
    elif kind == "P" and structure.open[-1].kind in HOLDS_WORDS and not more.get("language"):
        with structure.content():
            yield
    else:
        with structure.inside(Element(kind, **more)), structure.content():
            yield


def artifact(canvas):
    structure = getattr(canvas, "structure", None)
    return nullcontext() if structure is None else structure.aside()


class TableTags(TableRenderCB):
    """Names the rows and cells of a table while it is drawn; one table, however many pages it runs over.

    `heads` rows at the top head their columns, and with `row_heads` the first cell of each row heads it.
    """

    def __init__(self, heads=1, row_heads=False):
        self.heads, self.row_heads = heads, row_heads
        self.element = Element("Table")
        self.is_begun = self.is_continued = False
        self.open = []

    def _enter(self, *managers):
        scope = ExitStack()
        for manager in managers:
            scope.enter_context(manager)
        self.open.append(scope)

    def _leave(self, _table):
        self.open.pop().close()

    def startTable(self, table):
        structure = getattr(table.canv, "structure", None)
        self.is_continued = self.is_begun
        self.is_begun = structure is not None
        self._enter(
            structure.inside(self.element, is_new=not self.is_continued) if structure else nullcontext()
        )

    def startBG(self, table):
        self._enter(artifact(table.canv))

    def startRow(self, table, row):
        """The names of the columns are said once, however often they are printed."""
        structure = getattr(table.canv, "structure", None)
        if structure is None:
            self._enter()
        elif self.is_continued and row < self.heads:
            self._enter(structure.aside())
        else:
            self._enter(structure.inside(Element("TR")))

    def startCell(self, table, row, column, value, _style, _position, _size):
        structure = getattr(table.canv, "structure", None)
        if structure is None or structure.is_aside:
            self._enter()
            return
        scope = "Column" if row < self.heads else "Row" if self.row_heads and column == 0 else ""
        cell = Element("TH" if scope else "TD", scope=scope, span=_span(table, row, column))
        # A text that is not a flowable is an empty one.
        self._enter(structure.inside(cell), structure.aside() if isinstance(value, str) else nullcontext())

    endTable = endBG = endRow = endCell = _leave
    startLines, endLines = startBG, _leave


class Layout(TableTags):
    """A table that only puts things in their places: what it holds is read in order, and nothing of rows."""

    def startTable(self, _table):
        self._enter()

    def startRow(self, _table, _row):
        self._enter()

    def startCell(self, table, _row, _column, value, _style, _position, _size):
        self._enter(artifact(table.canv) if isinstance(value, str) else nullcontext())


def _span(table, row, column):
    for _kind, (first, top), (last, bottom) in getattr(table, "_spanCmds", ()):
        if top <= row <= bottom and first == column:
            return last - first + 1 if last >= 0 else table._ncols + last - first + 1
    return 1


@dataclass(frozen=True)
class Attached:
    """A file that travels inside the document; `content` are its bytes."""

    name: str
    content: bytes
    mime: str
    description: str


def finished(paper: bytes, structure, sheet, attachments=()) -> bytes:
    """The document with its tree, for an archive (PDF/A-3b); the same bytes for the same document."""
    with pikepdf.open(BytesIO(paper)) as pdf:
        _grow(pdf, structure)
        for page in pdf.pages:
            page.obj.Tabs = Name.S
            if Name.Trans in page.obj:
                del page.obj[Name.Trans]
        for each in attachments:
            spec = pikepdf.AttachedFileSpec(
                pdf, each.content, filename=each.name, mime_type=each.mime, description=each.description,
                creation_date=_stamp(sheet), mod_date=_stamp(sheet),
            )  # fmt: skip
            spec.relationship = Name.Data
            pdf.attachments[each.name] = spec
        prepare(pdf, ARCHIVE)
        with pdf.open_metadata(set_pikepdf_as_editor=False) as about:
            about["xmp:MetadataDate"] = about["xmp:ModifyDate"] = about["xmp:CreateDate"]
            about["dc:language"] = {sheet.language}
        done = BytesIO()
        pdf.save(done, **resolve_save_kwargs(ARCHIVE, deterministic_id=True))
        return done.getvalue()


def _stamp(sheet):
    return sheet.printed_at.strftime("D:%Y%m%d%H%M%SZ")


def _grow(pdf, structure):
    """Write the tree, and for each page which element each of its things belongs to."""
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    objects: dict[int, pikepdf.Object] = {}
    pages = [page.obj for page in pdf.pages]
    root.K = Array([_branch(pdf, structure.root, root, pages, objects)])
    numbers = Array()
    for place, page in enumerate(pages):
        page.StructParents = place
        numbers.append(place)
        numbers.append(
            pdf.make_indirect(Array([objects[id(element)] for element in structure.drawn.get(place, ())]))
        )
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=numbers))
    root.ParentTreeNextKey = len(pages)
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)


def _branch(pdf, element, parent, pages, objects):
    node = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{element.kind}"), P=parent))
    objects[id(element)] = node
    if element.language:
        node.Lang = String(element.language)
    if element.alt:
        node.Alt = String(element.alt)
    attributes = Array()
    if element.scope or element.span > 1:
        table = Dictionary(O=Name.Table)
        if element.scope:
            table.Scope = Name(f"/{element.scope}")
        if element.span > 1:
            table.ColSpan = element.span
        attributes.append(table)
    if element.box:
        attributes.append(Dictionary(O=Name.Layout, BBox=Array([round(side, 2) for side in element.box])))
    if len(attributes):
        node.A = attributes
    first = next((kid[0] for kid in element.kids if isinstance(kid, tuple)), None)
    if first is not None:
        node.Pg = pages[first]
    kids = Array()
    for kid in element.kids:
        if isinstance(kid, Element):
            kids.append(_branch(pdf, kid, node, pages, objects))
        elif kid[0] == first:
            kids.append(kid[1])
        else:
            kids.append(Dictionary(Type=Name.MCR, Pg=pages[kid[0]], MCID=kid[1]))
    node.K = kids
    return node
