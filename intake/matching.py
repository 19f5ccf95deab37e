"""Finding a name however it was heard or spelled: folding, trigrams, a consonant skeleton. Pure.

The skeleton is for finding only, never for merging: Mohamed and Mahmoud share one. It follows how names
from Arabic, Romance, Slavic and West African languages vary when written down by French ears
(ou/w/u, y/i/j, kh/h, ch/sh, doubled letters, al-/el-/ben). Whether two names may be one person's is told by
their sound, which keeps the vowels.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance.Indel import normalized_similarity as ratio

_LETTERS = str.maketrans(
    {
        "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "æ": "ae", "œ": "oe", "ħ": "h",
        "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "ё": "io", "є": "ie", "ж": "j",
        "з": "z", "и": "i", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o",
        "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "tch", "ш": "sh",
        "щ": "sht", "ъ": "a", "ы": "y", "ь": "", "э": "e", "ю": "iu", "я": "ia",
        "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ء": "", "ئ": "", "ؤ": "u", "ب": "b", "ت": "t", "ث": "th",
        "ج": "j", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "س": "s", "ش": "sh", "ص": "s",
        "ض": "d", "ط": "t", "ظ": "z", "ع": "a", "غ": "gh", "ف": "f", "ق": "k", "ك": "k", "ل": "l", "م": "m",
        "ن": "n", "ه": "h", "ة": "a", "و": "ou", "ي": "i", "ى": "a", "پ": "p", "چ": "tch", "ژ": "j", "گ": "g",
        "ک": "k", "ی": "i",
    }
)  # fmt: skip
_PARTICLES = frozenset(
    {"al", "el", "ben", "bin", "ibn", "ould", "ait", "de", "da", "dos", "van", "von", "la", "le"}
)
_CONSONANTS = (
    (r"(?:tch|tsch|sch|sh|ch|sz|cz|sj)", "S"),
    (r"dj|dzh|zh|dg", "j"),
    (r"kh", "h"),
    (r"gh", "g"),
    (r"ph", "f"),
    (r"th", "t"),
    (r"dh", "d"),
    (r"ck|qu|q", "k"),
    (r"c(?=[eiy])", "s"),
    (r"c", "k"),
    (r"x", "ks"),
    (r"z", "s"),
)
_WITHOUT_VOWELS = (
    (r"^(?:y|i|j)(?=[aeou])", "j"),
    (r"(?:ou|u|w)(?=[aeiouy])", "v"),
    (r"w", "v"),
    (r"[aeiouy]", ""),
    (r"h$", ""),
    (r"(.)\1+", r"\1"),
)
_VOWELS = (
    (r"ou|oo|[ouw]", "u"),
    (r"ee|[ae][iy]|[yj]", "i"),
    (r"e$", ""),
    (r"e", "a"),
    (r"(.)\1+", r"\1"),
    (r"h$", ""),
)
_SKELETON, _SOUND = (
    tuple((re.compile(pattern), sound) for pattern, sound in _CONSONANTS + rules)
    for rules in (_WITHOUT_VOWELS, _VOWELS)
)
_WORD = re.compile(r"[^\W_]+")
LONGEST_QUERY = 80
MEMORY = 8_192  # words whose sound is remembered: a search meets the same ones again and again


def fold(text: str) -> str:
    """Lower case without accents, other scripts written in Latin letters."""
    lowered = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    bare = "".join(char for char in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(char))
    # Letters in mathematical dress are only plain capitals once taken apart.
    return bare.casefold().translate(_LETTERS)


def words(text: str) -> list[str]:
    """The words of a name, folded; particles (al, ben, dos) only where nothing else is left."""
    found = _WORD.findall(fold(text))
    return [word for word in found if word not in _PARTICLES] or found


@lru_cache(MEMORY)
def skeleton(word: str) -> str:
    """What remains of a folded word when spelling habits are taken away; its first letter if nothing does."""
    return _rewritten(word, _SKELETON)


@lru_cache(MEMORY)
def sound(word: str) -> str:
    """A folded word as many ears would write it: Mohamed and Muhammad are one, Mahmoud is another."""
    return _rewritten(word, _SOUND)


def _rewritten(word: str, rules: Iterable[tuple[re.Pattern[str], str]]) -> str:
    rewritten = word
    for pattern, replacement in rules:
        rewritten = pattern.sub(replacement, rewritten)
    return rewritten or word[:1]


def trigrams(word: str) -> set[str]:
    padded = f" {word} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


def keys_of(names: Iterable[str], birth_year: int | None = None) -> set[str]:
    """Everything a guest can be found under; each key at most 40 characters."""
    keys = set()
    for word in {word for name in names for word in words(name)}:
        word = word[:36]
        keys |= {f"^{word[:2]}", f"^{word[:3]}", f"~{skeleton(word)[:36]}"}
        keys |= {f"#{gram}" for gram in trigrams(word)}
    if birth_year:
        keys.add(f"y{birth_year}")
    return keys


@dataclass(frozen=True)
class Query:
    """What was typed, taken apart: words of a name, a year of birth, digits of a bed or guest number."""

    words: tuple[str, ...]
    year: int | None
    digits: str

    @property
    def keys(self) -> set[str]:
        """Keys that a guest found by this query shares with it."""
        keys = {f"y{self.year}"} if self.year else set()
        for word in self.words:
            word = word[:36]
            if len(word) <= 2:
                keys.add(f"^{word}")
                continue
            keys |= {f"^{word[:3]}", f"~{skeleton(word)[:36]}"}
            keys |= {f"#{gram}" for gram in trigrams(word) if not gram.endswith(" ")}
        return keys


def parse(text: str, this_year: int) -> Query:
    """Take a search apart: `ali 87` is a name and a year, `214` or `B-214` a bed, `0417` a guest."""
    text = text[:LONGEST_QUERY]
    names, year, digits = [], None, ""
    for part in _WORD.findall(fold(text)):
        if part.isdecimal() and part.isascii():
            year, digits = year or _year(part, this_year), digits or part
        else:
            names.append(part)
    if len(names) == 1 and len(names[0]) == 1 and digits:  # a bed label such as B-214
        return Query((), None, digits)
    kept = tuple(word for word in names if word not in _PARTICLES) or tuple(names)
    return Query(kept, year, digits)


def _year(part: str, this_year: int) -> int | None:
    if len(part) == 4 and this_year - 120 <= int(part) <= this_year:
        return int(part)
    if len(part) == 2:
        year = this_year // 100 * 100 + int(part)
        return year if year <= this_year - 10 else year - 100
    return None


def likeness(query: Iterable[str], name: Iterable[str]) -> float:
    """How well the words of a query meet the words of a name, 0 to 1, whatever their order."""
    asked, known = list(query), list(name)
    if not asked or not known:
        return 0.0
    return sum(max(_word_likeness(word, other) for other in known) for word in asked) / len(asked)


def suggestion(query: Iterable[str], name: Iterable[str]) -> float:
    """Like `likeness`, but more may be asked than is known, and words may be joined or parted.

    Whoever is known as Yannick only is meant by Yannick Mbemba rather than another Yannick is.
    """
    asked, known = list(query), list(name)
    score = likeness(asked, known)
    if len(asked) == len(known) or not known:
        return score
    more_asked = 0.9 * likeness(known, asked) if len(asked) > len(known) else 0.0
    return max(score, more_asked, 0.95 * ratio("".join(asked), "".join(known)))


def resemblance(one: Iterable[str], other: Iterable[str]) -> float:
    """How far two whole names may be one person's, 0 to 1; one of them may lack words of the other.

    The worst word counts as much as all together: brothers share a family name to the letter.
    """
    these, those = list(one), list(other)
    if not these or not those:
        return 0.0
    table = [[_same_word(word, another) for another in those] for word in these]
    ways = [[max(row) for row in table], [max(column) for column in zip(*table, strict=True)]]
    joined = 0.0 if len(these) == len(those) else 0.97 * ratio(sound("".join(these)), sound("".join(those)))
    return max(joined, *((sum(way) / len(way) + min(way)) / 2 for way in ways))


def _word_likeness(asked: str, known: str) -> float:
    if asked == known:
        return 1.0
    if known.startswith(asked):
        return 0.95
    same_sound = 0.85 if len(asked) > 2 and skeleton(asked) == skeleton(known) else 0.0
    return max(same_sound, 0.9 * ratio(asked, known))


def _same_word(one: str, other: str) -> float:
    if one == other:
        return 1.0
    heard, also_heard = sorted((sound(one), sound(other)), key=len)
    if heard == also_heard:
        return 0.97
    if also_heard == f"{heard}a":  # a woman's form of a man's name: Karim, Karima
        return 0.6
    return ratio(heard, also_heard)
