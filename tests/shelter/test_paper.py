"""Paper: every letter is drawn, nothing is read as markup, the file is the same each time."""

import unicodedata
from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from reportlab.graphics.shapes import Drawing, String
from reportlab.pdfbase import pdfmetrics
from reportlab.platypus import Table

from shelter.paper import Box, Column, Sheet, Tag, Words, bound, lettering, listing

pytestmark = pytest.mark.pure

SHEET = Sheet(
    title="Presence list",
    subtitle="Night of 21 November",
    notice="Confidential",
    printed_at=datetime(2026, 11, 21, 19, 14, tzinfo=UTC),
    language="fr",
)
NAMES = [
    "Łukasz Świątek",
    "Ștefan Țurcanu",
    "Đặng Thị Ánh",
    "Ağca Yılmaz",
    "Ольга Щербакова",
    "Γιώργος Οικονόμου",
    "ዮናስ ሰሎሞን",
    "გიორგი",
    "Արամ",
    "محمد عبد الله",
    "علاء يوسف",
]


def printed(*flowables, sheet=SHEET):
    return bound(sheet, list(flowables))


def text_of(pdf):
    """The words back from the file; joined Arabic letters as plain ones."""
    pages = PdfReader(BytesIO(pdf)).pages
    return [unicodedata.normalize("NFKC", page.extract_text()) for page in pages]


def drawn(text, size=10):
    """What stands on the paper from left to right, joined letters as they are joined."""
    return "".join(run.text for run in lettering.runs(lettering.clean(text), size))


def fonts_of(pdf):
    """Each font in the file, and whether its outlines are in it too."""
    reader = PdfReader(BytesIO(pdf))
    things = [reader.get_object(number) for number in range(1, reader.trailer["/Size"])]
    fonts = [thing for thing in things if isinstance(thing, dict) and thing.get("/Type") == "/Font"]
    return {
        font["/BaseFont"].split("+")[-1]: "/FontFile2" in font.get("/FontDescriptor", {}) for font in fonts
    }


# Letters.


@pytest.mark.parametrize("name", NAMES)
def test_names_of_many_scripts_come_back_from_the_paper(name):
    (page,) = text_of(printed(Words(name)))

    assert name in page.splitlines()


def test_arabic_letters_are_joined_and_stand_from_right_to_left():
    assert drawn("محمد") == "\ufeaa\ufee4\ufea4\ufee3"  # from the left: last dal, mim, hah, first mim


def test_letters_without_a_code_for_their_joined_form_are_drawn():
    shapes = [pdfmetrics.getFont(lettering.ARABIC).face.charToGlyph[ord(char)] for char in drawn("ښځه")]

    assert (len(shapes), 0 in shapes) == (3, False)


def test_arabic_words_follow_each_other_from_right_to_left_and_brackets_close():
    text = drawn("علي (محمد) ٢٣ يوسف")

    assert [char for char in text if char in "(٢٣)"] == ["٢", "٣", "(", ")"]


def test_a_name_in_two_scripts_begins_at_the_left_like_its_neighbours():
    assert drawn("عبد Jan").endswith("Jan")


def test_accents_without_a_letter_of_their_own_stay_with_their_letter():
    assert drawn("Adébáyọ̀") == "Adébáyọ̀"


@pytest.mark.parametrize("text", ["李", "😀", "𝕊"])
def test_a_character_that_no_font_has_is_drawn_as_a_replacement(text):
    (page,) = text_of(printed(Words(f"a{text}z")))

    assert "a\N{REPLACEMENT CHARACTER}z" in page.splitlines()


def test_signs_that_turn_the_direction_are_not_obeyed():
    assert drawn("\u202eAmsel\u202c Jos\u200e") == "Amsel Jos"


def test_markup_is_printed_as_it_is_written():
    (page,) = text_of(printed(Words('<b>&amp;</b> & "<para>" <img src="x"/>', most=9)))

    assert '<b>&amp;</b> & "<para>" <img src="x"/>' in page.splitlines()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_every_character_drawn_has_a_shape_in_its_font(text):
    without = [
        (run.font, char)
        for run in lettering.runs(lettering.clean(text), 10)
        for char in run.text
        if ord(char) not in pdfmetrics.getFont(run.font).face.charToGlyph
    ]

    assert without == []


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200), st.integers(min_value=8, max_value=80))
def test_no_text_breaks_the_page(text, width):
    pages = PdfReader(BytesIO(printed(listing([Column(text, width)], [(text,)], title=text)))).pages

    assert len(pages) == 1


# Length.


@pytest.mark.parametrize("text", ["M" * 160, "wordy " * 40, "ዮናስ" * 40, "محمد " * 40])
def test_a_text_that_is_too_long_is_cut_and_says_so(text):
    lines = lettering.lines(lettering.clean(text), 200, 11, most=2)

    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert [line for line in lines if lettering.width_of(line, 11) > 200] == []


def test_a_text_that_just_fits_is_not_cut():
    assert lettering.lines("one two three", 40, 10, most=2) == ["one two", "three"]


# The file.


def test_the_same_story_gives_the_same_bytes_whatever_was_printed_before():
    first = printed(Words("ښځه محمد Łukasz"), Box(ticked=True), Tag("HELP", filled=True))
    printed(Words("پښتو ښځې ڼوم ګل"), Words("Ọ̀ṣun ዮናስ"))

    assert printed(Words("ښځه محمد Łukasz"), Box(ticked=True), Tag("HELP", filled=True)) == first


@pytest.mark.parametrize("font", [lettering.REGULAR, lettering.BOLD, *lettering.OTHER_SCRIPTS])
def test_no_joined_form_waits_for_a_code_until_it_is_drawn(font):
    face = pdfmetrics.getFont(font).face

    assert set(range(face.numGlyphs)) - set(face.glyphToChar) == set()


def test_all_fonts_are_in_the_file_also_where_reportlab_chooses_one():
    drawing = Drawing(100, 20)
    drawing.add(String(0, 0, "drawn"))

    fonts = fonts_of(printed(*map(Words, NAMES), Words("bold", bold=True), Table([["plain", ""]]), drawing))

    assert fonts == dict.fromkeys([lettering.REGULAR, lettering.BOLD, *lettering.OTHER_SCRIPTS], True)


def test_file_tells_its_title_language_and_when_it_was_printed():
    reader = PdfReader(BytesIO(printed(Words("x"))))

    assert reader.metadata.title == "Foyer · Presence list · Night of 21 November"
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    assert reader.metadata.creation_date == SHEET.printed_at


def test_every_page_says_what_it_is_when_it_was_printed_and_its_number():
    pages = text_of(printed(listing([Column("No.", 30)], [(f"row {n}",) for n in range(80)], title="Men")))

    said = [
        (
            "Foyer · Presence list" in page and "Night of 21 November" in page and "Confidential" in page,
            "21.11.2026" in page and "20:14" in page,
            f"{number} / \n{len(pages)}" in page,
        )
        for number, page in enumerate(pages, start=1)
    ]
    assert said == [(True, True, True)] * 3


def test_a_listing_says_its_title_and_columns_again_on_each_page():
    pages = text_of(printed(listing([Column("No.", 30)], [(f"row {n}",) for n in range(80)], title="Men A")))

    assert [("Men A" in page, "No." in page) for page in pages] == [(True, True)] * 3
    assert sum(page.count("row ") for page in pages) == 80
