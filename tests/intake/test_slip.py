"""What guests are handed says what was meant: the slip, the card, the phrase sheet."""

import re
import unicodedata
from collections import Counter
from datetime import date, time
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.utils import translation
from pypdf import PdfReader
from reportlab.lib.pagesizes import A4, A5
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from intake import paper
from intake.actions.cards import issue_card
from intake.models import Card
from intake.paper.cards import code_of
from intake.paper.sentence import Sentence
from intake.paper.slip import TIMES
from intake.phrases import BED_REASONS, LANGUAGES, PHRASES, SLIP, fill, say
from shelter.paper import lettering
from shelter.parameters import HouseSettings
from shelter.wishing import TOLD, WISHES
from tests.harness import count_queries, same_queries_for

FROM_THE_LEFT = [code for code, one in LANGUAGES.items() if one.direction == "ltr"]
TONIGHT = SimpleNamespace(date=date(2026, 11, 21))
HOURS = {
    "supper": time(19, 30),
    "quiet_from": time(22),
    "wake_up": time(7),
    "everybody_out": time(8, 45),
    "bus": time(9),
}
SETTINGS = SimpleNamespace(**HOURS, retention_months=24)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def pages_of(pdf):
    return PdfReader(BytesIO(pdf)).pages


def plain(text):
    """The words of a text on one line, joined Arabic letters and spaces of every kind as plain ones."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def text_of(page):
    return plain(page.extract_text())


def words_of(text):
    """The words of a text without the marks between them, in no order."""
    plain = unicodedata.normalize("NFKC", re.sub("[\u2066\u2069]", "", text))
    return Counter(re.findall(r"[\w\-@/]+", re.sub("[\u064b-\u0652]", "", plain)))


def places_of(page):
    """Where each run of text begins: text, x, y in points."""
    runs = []

    def see(text, matrix, text_matrix, _font, _size):
        if text.strip():
            x = text_matrix[4] + matrix[4]
            runs.append((unicodedata.normalize("NFKC", text.strip()), x, text_matrix[5] + matrix[5]))

    page.extract_text(visitor_text=see)
    return runs


def slip(name=None, bed="B-214", settings=SETTINGS, languages=("fr",), **more):
    return paper.guest_slip(name, bed, TONIGHT, settings, languages, **more)


def meant(language, bed="B-214"):
    """All that a slip should say, from the top down."""
    words = SLIP[language]
    yield from (words.title, fill(words.night, language, date="21.11.2026"), words.bed, bed)
    for name, _pictogram in TIMES:
        yield from (getattr(words, name), f"{HOURS[name]:%H:%M}")
    yield from (*words.rules, words.data, words.kept, words.why, fill(words.until, language, months=24))
    yield from (words.rights, f"Foyer · {words.unreviewed}")


# The slip.


@pytest.mark.parametrize("language", FROM_THE_LEFT)
def test_a_slip_says_all_that_was_meant_in_its_order(language):
    (page,) = pages_of(slip(languages=[language]))

    assert text_of(page) == " ".join(" ".join(meant(language)).split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_slip_says_why_this_bed_and_still_fits(language):
    wordiest = sorted(BED_REASONS[language], key=lambda code: len(BED_REASONS[language][code]))[-2:]

    (page,) = pages_of(slip(languages=[language], why=["held_for_you", *wordiest]))

    said = " ".join(BED_REASONS[language][code] for code in wordiest)
    assert words_of(said) <= words_of(text_of(page))
    assert min(y for _text, _x, y in places_of(page)) >= 8 * mm


def test_every_reason_of_a_plan_can_be_said_in_every_language():
    of_a_plan = {wish.code for wish in WISHES if wish.is_said} | {*TOLD, "right_zone"}
    unsaid = {"held_for_you", "lower_unmet", "step_free_unmet"}

    assert {code: set(said) for code, said in BED_REASONS.items()} == dict.fromkeys(
        LANGUAGES, of_a_plan - unsaid
    )


def test_a_slip_in_arabic_says_all_that_was_meant():
    (page,) = pages_of(slip(languages=["ar"]))

    assert words_of(text_of(page)) == words_of(" ".join(meant("ar")))


def test_a_slip_in_arabic_is_turned_round():
    french, arabic = pages_of(slip(languages=["fr", "ar"]))

    times = [next(x for text, x, _y in places_of(page) if text == "19:30") for page in (french, arabic)]
    titles = [
        next(x for text, x, _y in places_of(page) if text == SLIP[code].title)
        for page, code in ((french, "fr"), (arabic, "ar"))
    ]

    assert [x > A5[0] / 2 for x in times] == [True, False]
    assert [x > A5[0] / 2 for x in titles] == [False, True]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_slip_fits_its_page_whatever_the_guest_is_called(language):
    (page,) = pages_of(slip(name="Wolfeschlegelsteinhausen " * 9, bed="W" * 200, languages=[language]))

    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(A5, abs=0.01)
    assert min(y for _text, _x, y in places_of(page)) >= 8 * mm
    assert [text for text, x, _y in places_of(page) if not 8 * mm <= x <= A5[0] - 8 * mm] == []


def test_there_is_a_page_for_each_language_in_the_order_asked():
    pages = pages_of(slip(languages=["pl", "ar", "fr"]))

    texts = [text_of(page) for page in pages]
    assert [SLIP[code].title in text for code, text in zip(("pl", "ar", "fr"), texts, strict=True)] == [
        True
    ] * 3


def test_a_slip_has_a_name_only_where_one_is_given():
    named, nameless = (text_of(pages_of(slip(name=name))[0]) for name in ("Ștefan <b>&", None))

    assert (named.count("Ștefan <b>&"), nameless.count("Ștefan")) == (1, 0)
    assert named.replace("Ștefan <b>& ", "") == nameless


@pytest.mark.parametrize(
    "label", ["<b>&amp;</b>", "{bed} %s {", "Łóżko 7", "ዮናስ 3", "214-B", "B\u202e-214\x00"]
)
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_bed_is_called_as_it_is_called(label, language):
    (page,) = pages_of(slip(bed=label, languages=[language]))

    assert lettering.clean(label) in text_of(page)


def test_a_label_too_long_for_any_line_is_cut_and_says_so():
    (page,) = pages_of(slip(bed="W" * 200))

    assert re.search(r"W{9,}\.\.\.", text_of(page)) is not None


def test_a_time_that_the_house_has_not_set_is_not_on_the_slip():
    settings = SimpleNamespace(everybody_out=time(8, 45), bus=None, retention_months=24)

    text = text_of(pages_of(slip(settings=settings))[0])

    assert re.findall(r"\d\d:\d\d", text) == ["08:45"]
    assert [name for name, _pictogram in TIMES if getattr(SLIP["fr"], name) in text] == ["everybody_out"]


def test_the_settings_of_a_night_are_those_of_its_slip():
    text = text_of(pages_of(slip(settings=HouseSettings(everybody_out=time(9, 5), retention_months=18)))[0])

    assert ("Tout le monde part 09:05" in text, "18 mois" in text) == (True, True)


def test_a_language_that_was_reviewed_no_longer_says_that_it_was_not():
    pages = pages_of(slip(languages=["fr", "de"], reviewed={"de"}))

    assert [
        SLIP[code].unreviewed in text_of(page) for code, page in zip(("fr", "de"), pages, strict=True)
    ] == [
        True,
        False,
    ]


# Sentences on paper.


def drawn(sentence):
    """The runs of one sentence on paper from left to right."""
    paper = BytesIO()
    canvas = Canvas(paper, initialFontName=lettering.REGULAR, invariant=1)
    sentence.wrapOn(canvas, 400, 100)
    sentence.drawOn(canvas, 0, 100)
    canvas.save()
    runs = places_of(pages_of(paper.getvalue())[0])
    return [text for text, _x, _y in sorted(runs, key=lambda run: run[1])]


def test_a_bed_keeps_its_direction_in_the_middle_of_arabic():
    runs = drawn(Sentence(say("your_bed", "ar", bed="214-B"), "ar", 10))

    assert "".join(runs).replace(" ", "") == ".214-Bسريركم هو".replace(" ", "")


@pytest.mark.parametrize("text", [SLIP["fr"].rights, "Vous pouvez aller ici\u00a0: là", "Oui\u00a0?"])
def test_a_line_never_begins_with_the_mark_that_belongs_to_the_word_before(text):
    sentence = Sentence(text, "fr", 10, most=99)

    for width in range(70, 300):
        sentence.wrap(width, 100)
        lines = sentence._lines
        assert " ".join(lines) == lettering.clean(text)
        assert [line for line in lines if line[0] in "?:" or lettering.width_of(line, 10) > width] == []


def test_a_sentence_too_long_is_cut_and_says_so():
    sentence = Sentence("Vous pouvez aller ici\u00a0: là\u00a0: ou là", "fr", 10, most=2)

    sentence.wrap(60, 100)

    assert sentence._lines == ["Vous pouvez", "aller ici\u00a0: là…"]


# Cards.


@pytest.fixture
def issued(guest, by):
    """Cards of so many guests, as a page would load them."""

    def of(number, name="Ousmane Wolfeschlegel"):
        pks = [issue_card(guest=guest(name), by=by("coordinator")).pk for _ in range(number)]
        return Card.objects.select_related("guest__occupant").filter(pk__in=pks).order_by("pk")

    return of


def test_a_card_says_number_and_check_code_and_nobodys_name(issued):
    (card,) = issued(1)
    pdf = paper.card_sheet([card])

    (page,) = pages_of(pdf)

    assert text_of(page) == f"Foyer · Guest cards Foyer {card.guest.number} Check code {card.code}"
    assert [name for name in (b"Ousmane", b"Wolfeschlegel") if name in pdf] == []


def test_the_code_on_a_card_holds_what_a_scanner_types(issued):
    (card,) = issued(1)

    code = code_of(card)

    assert (code.value, code.barLevel, code.barBorder) == (card.text, "M", 4)
    assert code.value == f"{card.guest.number}-{card.code}"


def test_the_code_is_drawn_whole_in_squares_that_a_scanner_can_tell_apart(issued):
    (card,) = issued(1)
    (page,) = pages_of(paper.card_sheet([card]))

    code = code_of(card)
    dark = [shape for shape in code.draw().contents if shape.fillColor is not None]

    assert page.get_contents().get_data().count(b" re f*") == len(dark)
    assert code.barWidth / (code.qr.getModuleCount() + 2 * code.barBorder) > 1 * mm


def test_ten_cards_stand_on_a_sheet_and_none_over_another(issued):
    cards = list(issued(11))

    pages = pages_of(paper.card_sheet(cards))

    numbers = [card.guest.number for card in cards]
    places = [[(x, y) for text, x, y in places_of(page) if text in numbers] for page in pages]
    assert [(float(page.mediabox.width), float(page.mediabox.height)) for page in pages] == [
        pytest.approx(A4, abs=0.01)
    ] * 2
    assert [len(set(some)) for some in places] == [10, 1]
    across, down = ({round(place[side], 1) for place in places[0]} for side in (0, 1))
    assert (len(across), len(down)) == (2, 5)
    assert max(across) - min(across) == pytest.approx(85.6 * mm, abs=0.2)
    assert max(down) - min(down) == pytest.approx(4 * 54 * mm, abs=0.2)


def test_a_houses_name_stands_on_the_card_as_it_is(issued):
    (card,) = issued(1)

    (page,) = pages_of(paper.card_sheet([card], house="<b>Findel</b> & Co"))

    assert text_of(page).startswith("Foyer · Guest cards <b>Findel</b> & Co ")


def test_more_cards_ask_no_more_questions(issued):
    few_cards, many_cards = issued(1), issued(12)
    with count_queries() as few:
        paper.card_sheet(few_cards)
    with count_queries() as many:
        paper.card_sheet(many_cards)

    same_queries_for(few, many)


# The phrase sheet.


def test_all_phrases_stand_on_the_sheet_in_every_language():
    pages = pages_of(paper.phrase_sheet(list(LANGUAGES)))

    blanks = dict.fromkeys(("bed", "place", "time"), "________")
    sides = [
        [say(phrase.code, code, **blanks) for code in codes for phrase in PHRASES]
        + [text for code in codes for text in (LANGUAGES[code].endonym, SLIP[code].unreviewed)]
        + [say(phrase.code, "en") for phrase in PHRASES]
        for codes in (["fr", "de", "en", "pt"], ["ar", "ro", "pl", "lb"])
    ]
    missing = [
        words_of(" ".join(side)) - words_of(text_of(page)) for side, page in zip(sides, pages, strict=True)
    ]
    assert missing == [Counter(), Counter()]


def test_a_phrase_in_one_column_reads_as_it_is():
    (page,) = pages_of(paper.phrase_sheet(["ro"]))

    text = text_of(page)
    blanks = dict.fromkeys(("bed", "place", "time"), "________")
    assert [phrase.code for phrase in PHRASES if say(phrase.code, "ro", **blanks) not in text] == []


def test_a_reviewed_language_has_no_warning_on_the_phrase_sheet():
    (page,) = pages_of(paper.phrase_sheet(["pl", "ro"], reviewed=["pl"]))

    text = text_of(page)
    assert [code for code in ("pl", "ro") if SLIP[code].unreviewed in text] == ["ro"]


@pytest.mark.parametrize("reader", ["fr", "de", "lb", "en"])
def test_the_phrase_sheet_tells_staff_what_they_point_at(reader):
    with translation.override(reader):
        (page,) = pages_of(paper.phrase_sheet(["pt"]))

    text = text_of(page)
    said = {phrase.code: plain(say(phrase.code, reader)) for phrase in PHRASES}
    assert [code for code, sentence in said.items() if sentence not in text] == []


# All three.


def make_all(cards):
    yield slip(name="Awa", languages=list(LANGUAGES))
    yield paper.card_sheet(cards)
    yield paper.phrase_sheet(list(LANGUAGES))


def test_the_same_facts_give_the_same_bytes(issued, clock_at):
    cards = issued(3)
    clock_at("2026-11-21 20:14")

    assert list(make_all(cards)) == list(make_all(cards))


def test_all_fonts_are_in_the_files(issued):
    loose = []
    for pdf in make_all(issued(1)):
        reader = PdfReader(BytesIO(pdf))
        things = [reader.get_object(number) for number in range(1, reader.trailer["/Size"])]
        fonts = [thing for thing in things if isinstance(thing, dict) and thing.get("/Type") == "/Font"]
        loose += [font["/BaseFont"] for font in fonts if "/FontFile2" not in font.get("/FontDescriptor", {})]

    assert loose == []
