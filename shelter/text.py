"""Text from people, made safe to keep on one line: nothing is translated, judged or shortened silently."""

import unicodedata

# Marks that turn the reading direction of what follows; a name that needs none stays readable without them.
_DIRECTION_MARKS = dict.fromkeys(
    map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
)


# No field takes so much; composing long runs of accents costs the square of their length.
LONGEST = 5_000


def one_line(text: str) -> str:
    """The text in composed form, without control and direction marks, runs of white space as one space.

    A text too long for any field comes back as it is, for the field to refuse.
    """
    if len(text) > LONGEST:
        return text
    composed = unicodedata.normalize("NFC", text).translate(_DIRECTION_MARKS)
    kept = (char if not unicodedata.category(char).startswith("C") else " " for char in composed)
    return " ".join("".join(kept).split())
