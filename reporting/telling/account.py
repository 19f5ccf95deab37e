"""The parts an account is made of. Pure; all texts are said already, all numbers of charts are plain."""

from dataclasses import dataclass

LONGEST_NUMBER = 14  # letters


@dataclass(frozen=True)
class Tile:
    """One of the four figures that answer in ten seconds; `spark` are its values night by night."""

    label: str
    value: str
    below: tuple[str, ...] = ()
    spark: tuple[float, ...] = ()


@dataclass(frozen=True)
class Table:
    """Rows under heads; the first cell of a row names it. `is_long` may run over pages."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    is_narrow: bool = False  # two of them fit beside each other

    @property
    def of_words(self) -> tuple[int, ...]:
        """The columns that hold words: something in them is longer than a number. The first only names its row."""
        if self.is_narrow:
            return ()
        columns = enumerate(zip(*self.rows, strict=True))
        return tuple(place for place, cells in columns if place and max(map(len, cells)) > LONGEST_NUMBER)


@dataclass(frozen=True)
class Bars:
    """Numbers by category, each with its bar; a hidden number has none. The greatest comes first where that helps."""

    title: str
    rows: tuple[tuple[str, str, float | None], ...]  # label, number as said, length
    note: str = ""


@dataclass(frozen=True)
class Cell:
    """A night in the calendar: who slept, and which of the fixed classes of rate A it falls in (0 to 6)."""

    text: str = ""
    level: int = 0
    is_peak: bool = False
    is_ours: bool = True


@dataclass(frozen=True)
class Calendar:
    """Weeks by seven days, each week with its sums."""

    title: str
    days: tuple[str, ...]
    sums: tuple[str, ...]
    weeks: tuple[tuple[str, tuple[Cell, ...], tuple[str, ...]], ...]
    legend: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class Trend:
    """Nights in order: how many slept of how many places."""

    title: str
    labels: tuple[str, ...]
    slept: tuple[int, ...]
    places: tuple[int, ...]
    alt: str
    marks: tuple[int, ...] = ()  # places in the order of the nights with somebody without a bed
    slept_label: str = ""
    places_label: str = ""
    marks_label: str = ""


@dataclass(frozen=True)
class Ranges:
    """Nights to come: from how many to how many people, the likely number, and the places there are."""

    title: str
    labels: tuple[str, ...]
    ranges: tuple[tuple[int, int, int], ...]  # low, likely, high
    places: tuple[int, ...]
    places_label: str
    alt: str


@dataclass(frozen=True)
class Scatter:
    """One point a night: temperature, rate in percent, wet or not."""

    title: str
    points: tuple[tuple[float, float, bool | None], ...]
    across: str
    up: str
    dry: str
    wet: str
    alt: str
    note: str = ""


@dataclass(frozen=True)
class Multiples:
    """The same small chart for several dormitories: percent of places, week by week, None where hidden or closed."""

    title: str
    panels: tuple[tuple[str, str, tuple[float | None, ...]], ...]  # name, what it says, values
    alt: str


@dataclass(frozen=True)
class Text:
    """Lines under a title, like what somebody found remarkable."""

    title: str
    lines: tuple[str, ...]
    by: str = ""


Block = Table | Bars | Calendar | Trend | Ranges | Scatter | Multiples | Text


@dataclass(frozen=True)
class Section:
    title: str
    blocks: tuple[Block, ...]
    begins_page: bool = False


@dataclass(frozen=True)
class Account:
    """A whole report. `marks` say how far it holds: provisional, late, corrected."""

    title: str
    subtitle: str
    lead: str
    marks: tuple[str, ...]
    tiles: tuple[Tile, ...]
    sections: tuple[Section, ...]
    provenance: str
    subject: str
