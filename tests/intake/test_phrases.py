"""What guests are told is there in every language, and every pictogram can be drawn."""

import re
from dataclasses import fields
from io import BytesIO
from xml.etree import ElementTree

import pytest
from reportlab.pdfgen.canvas import Canvas

from intake.paper.pictogram import Pictogram, draw_pictogram
from intake.phrases import LANGUAGES, PHRASES, SLIP, SlipWords, blanks_of, fill, say
from intake.phrases.sentences import SENTENCES
from intake.pictograms import GRID, PICTOGRAMS, STROKE, Arc, Box, Circle, Line, svg
from shelter.paper import lettering

pytestmark = pytest.mark.pure

WANTED = ["fr", "de", "en", "pt", "ar", "ro", "pl", "lb"]
CODES = [phrase.code for phrase in PHRASES]
BLANKS = {
    "your_bed": {"bed"},
    "go_to": {"place"},
    "wake_up": {"time"},
    "quiet_from": {"time"},
    "bus_at": {"time"},
    "everybody_leaves": {"time"},
}
SVG = "{http://www.w3.org/2000/svg}"


def texts_of(words):
    """All texts of a slip by where they stand."""
    for field in fields(SlipWords):
        value = getattr(words, field.name)
        if isinstance(value, str):
            yield field.name, value
        else:
            yield from ((f"{field.name} {place}", text) for place, text in enumerate(value))


# Sentences.


def test_guests_are_spoken_to_in_eight_languages_and_arabic_runs_from_the_right():
    assert list(LANGUAGES) == list(SENTENCES) == list(SLIP) == WANTED
    assert {code: one.direction for code, one in LANGUAGES.items() if one.direction != "ltr"} == {"ar": "rtl"}
    assert LANGUAGES["ar"].endonym == "العربية"


@pytest.mark.parametrize("language", WANTED)
def test_every_phrase_is_there_in_every_language(language):
    assert sorted(SENTENCES[language]) == sorted(CODES)
    assert len(set(SENTENCES[language].values())) == len(CODES) == len(set(CODES))


@pytest.mark.parametrize("language", WANTED)
def test_a_sentence_has_the_same_blanks_in_every_language(language):
    assert {code: set(blanks_of(text)) for code, text in SENTENCES[language].items()} == {
        code: BLANKS.get(code, set()) for code in CODES
    }


@pytest.mark.parametrize("language", WANTED)
def test_the_slip_has_the_same_blanks_in_every_language(language):
    blanks = {place: set(blanks_of(text)) for place, text in texts_of(SLIP[language]) if blanks_of(text)}

    assert blanks == {"night": {"date"}, "until": {"months"}}


@pytest.mark.parametrize("language", WANTED)
def test_no_text_is_empty_or_has_a_letter_that_no_font_draws(language):
    texts = [*SENTENCES[language].items(), *texts_of(SLIP[language])]

    assert [place for place, text in texts if len(text.strip()) < 3 or text != text.strip()] == []
    assert [place for place, text in texts if lettering.REPLACEMENT in lettering.clean(text)] == []


@pytest.mark.parametrize("language", WANTED)
def test_who_answers_for_the_data_is_named_in_every_language(language):
    rights = SLIP[language].rights

    assert ("Dräieck asbl" in rights, "CNPD" in rights) == (True, True)


def test_what_is_known_is_said_and_what_is_not_stays_open():
    assert say("your_bed", "de", bed="MA1", time="07:00") == "Ihr Bett ist MA1."
    assert say("your_bed", "de") == "Ihr Bett ist ___."


def test_a_fact_keeps_its_direction_within_arabic():
    assert say("your_bed", "ar", bed="214-B") == "سريركم هو \u2066214-B\u2069."


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ("{bed} {0} {", "{bed} {0} {"),
        ("%s", "%s"),
        ("<b>&", "<b>&"),
        ("a\u2069\u202eb", "ab"),
        ("a\n b", "a b"),
    ],
)
def test_a_fact_is_said_as_it_is_on_one_line(fact, said):
    assert fill("{bed}", "fr", bed=fact) == said
    assert fill("{bed}", "ar", bed=fact) == f"\u2066{said}\u2069"


# Pictograms.


def test_every_phrase_has_a_pictogram_of_its_own():
    names = [phrase.pictogram for phrase in PHRASES]

    assert [name for name in names if name not in PICTOGRAMS] == []
    assert len(set(names)) == len(names)


def corners(one):
    match one:
        case Line(points, _closed):
            return points
        case Circle(x, y, radius, _):
            return ((x - radius, y - radius), (x + radius, y + radius))
        case Box(x, y, width, height, _):
            return ((x, y), (x + width, y + height))
        case Arc(_x, _y, _radius, start, sweep):
            return tuple(one.point(start + part * sweep / 20) for part in range(21))


@pytest.mark.parametrize("name", PICTOGRAMS)
def test_a_pictogram_keeps_within_its_grid(name):
    numbers = [number for one in PICTOGRAMS[name] for corner in corners(one) for number in corner]

    assert min(numbers) >= STROKE / 2
    assert max(numbers) <= GRID - STROKE / 2


@pytest.mark.parametrize("name", PICTOGRAMS)
def test_a_pictogram_on_a_page_is_plain_drawing_in_the_colour_of_the_text(name):
    picture = ElementTree.fromstring(svg(name, "Bed"))

    shapes = list(picture)[1:]
    assert (picture.get("role"), picture[0].tag, picture[0].text) == ("img", f"{SVG}title", "Bed")
    assert (picture.get("viewBox"), picture.get("stroke"), picture.get("fill")) == (
        "0 0 24 24", "currentColor", "none",
    )  # fmt: skip
    assert len(shapes) == len(PICTOGRAMS[name])
    assert {shape.tag for shape in shapes} <= {
        SVG + tag for tag in "polyline polygon circle rect path".split()
    }


def test_a_pictogram_without_a_title_is_hidden_from_those_who_listen():
    picture = ElementTree.fromstring(svg("bed"))

    assert (picture.get("aria-hidden"), picture.get("role")) == ("true", None)
    assert picture.find(f"{SVG}title") is None


def test_a_title_is_not_read_as_markup():
    picture = ElementTree.fromstring(svg("bed", '</title><script x="1">&'))

    assert picture[0].text == '</title><script x="1">&'
    assert picture.find(f".//{SVG}script") is None


@pytest.mark.parametrize("name", PICTOGRAMS)
def test_a_pictogram_on_paper_has_a_stroke_for_each_of_its_shapes(name):
    canvas = Canvas(BytesIO())

    Pictogram(name, 40).drawOn(canvas, 0, 0)

    painted = re.findall(r"(?:^|\s)(S|s|f\*?)(?=\s|$)", " ".join(canvas._code))
    assert len(painted) == len(PICTOGRAMS[name])


def ends_of(canvas):
    """The points where a curve on the canvas begins and ends."""
    moves = [list(map(float, code.split()[:-1])) for code in canvas._code if code.endswith(" m")]
    curves = [list(map(float, code.split()[:-1])) for code in canvas._code if code.endswith(" c")]
    return moves[0], curves[-1][-2:]


@pytest.mark.parametrize("arc", [Arc(12, 12, 8, 0, 90), Arc(11, 13, 8.4, 80, 270), Arc(9, 9, 4, 180, 180)])
def test_an_arc_on_paper_runs_where_it_runs_on_a_page(arc):
    canvas = Canvas(BytesIO())

    draw_pictogram(canvas, (arc,), 0, 0, GRID)

    assert ends_of(canvas) == (
        pytest.approx(arc.point(arc.start), abs=0.02),
        pytest.approx(arc.point(arc.start + arc.sweep), abs=0.02),
    )
