"""What the house says to guests, in their languages: phrase cards, and the words of the guest slip.

Plain data and no catalogue: a guest's language is not the reader's, and a native speaker reviews each
language as a whole. Sentences are short and polite; what changes stands in named blanks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from intake.languages import ENDONYMS, RIGHT_TO_LEFT
from intake.phrases.beds import BED_REASONS
from intake.phrases.sentences import SENTENCES
from intake.phrases.slip import SLIP, SlipWords
from shelter.text import one_line

__all__ = [
    "BED_REASONS",
    "BLANK",
    "LANGUAGES",
    "LEFT_TO_RIGHT_ISOLATE",
    "PHRASES",
    "POP_ISOLATE",
    "SLIP",
    "Language",
    "Phrase",
    "SlipWords",
    "blanks_of",
    "fill",
    "say",
]

BLANK = "___"
# Around what is filled in: "214-B" would be read as "B-214" in the middle of an Arabic sentence.
LEFT_TO_RIGHT_ISOLATE, POP_ISOLATE = "\u2066", "\u2069"


@dataclass(frozen=True)
class Language:
    """A language with phrases; `direction` is what the attribute `dir` of a page takes."""

    code: str
    endonym: str
    direction: str


@dataclass(frozen=True)
class Phrase:
    """A phrase card: the code of its sentences and the name of its pictogram."""

    code: str
    pictogram: str


LANGUAGES: Mapping[str, Language] = {
    code: Language(code, ENDONYMS[code], "rtl" if code in RIGHT_TO_LEFT else "ltr") for code in SENTENCES
}

# In the order of an evening.
PHRASES: tuple[Phrase, ...] = (
    Phrase("welcome", "house"),
    Phrase("please_wait", "hourglass"),
    Phrase("show_card", "card"),
    Phrase("your_bed", "bed"),
    Phrase("women_this_way", "woman"),
    Phrase("men_this_way", "man"),
    Phrase("dogs", "dog"),
    Phrase("full_tonight", "no_bed"),
    Phrase("go_to", "signpost"),
    Phrase("hurt", "plaster"),
    Phrase("nurse_tomorrow", "stethoscope"),
    Phrase("no_alcohol", "no_alcohol"),
    Phrase("lockers", "padlock"),
    Phrase("showers", "shower"),
    Phrase("meals", "meal"),
    Phrase("quiet_from", "quiet"),
    Phrase("wake_up", "alarm"),
    Phrase("everybody_leaves", "door_out"),
    Phrase("bus_at", "bus"),
    Phrase("good_night", "moon"),
)


def say(code: str, language: str, **facts: object) -> str:
    """The sentence of a phrase; a blank for which no fact is given stays open as `___`.

    Facts the sentence has no blank for are passed over. KeyError where code or language is not known.
    """
    return fill(SENTENCES[language][code], language, **facts)


def fill(sentence: str, language: str, **facts: object) -> str:
    """A sentence with its blanks filled; what is filled in is one line, and keeps its own direction."""
    given = {blank: one_line(str(facts.get(blank, BLANK))) for blank in blanks_of(sentence)}
    if LANGUAGES[language].direction == "rtl":
        given = {blank: f"{LEFT_TO_RIGHT_ISOLATE}{fact}{POP_ISOLATE}" for blank, fact in given.items()}
    return sentence.format(**given)


def blanks_of(sentence: str) -> frozenset[str]:
    """The names of a sentence's blanks: `{bed}`, `{place}`, `{time}`."""
    return frozenset(name for _text, name, _spec, _conversion in Formatter().parse(sentence) if name)
