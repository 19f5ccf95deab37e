"""Withholding numbers from the tables of a report until nothing small can be worked out. Pure.

First every number from 1 to below the threshold; then, as long as a reader works something out, one number more, as
near to it as possible; where none is left, a whole table but its total. At last whatever turns out not to be needed is
shown again, the greatest number first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from reporting.secrecy.attack import fits, worked_out
from reporting.secrecy.tables import (
    BELOW,
    PEOPLE,
    SECRET,
    TRAITS,
    Beside,
    Counted,
    Number,
    Published,
    Shown,
)


@dataclass(eq=False)
class _Draft:
    """A table on its way: what is counted, and what of it is hidden so far."""

    counted: Counted
    threshold: int
    hidden: dict[str, str] = field(default_factory=dict)
    was_hidden: frozenset[str] = frozenset()  # in an earlier revision, or from readers who see more
    was_withheld: bool = False
    was_total_hidden: bool = False
    is_withheld: bool = False

    def published(self) -> Published:
        counted = self.counted
        cells: dict[str, Shown] = {} if self.is_withheld else {**counted.cells, **self.hidden}
        total = None if self.is_total_small or self.was_total_hidden else counted.total
        return Published(
            counted.indicator, counted.kind, counted.nights, cells, total, self.threshold, self.is_withheld
        )

    def in_full(self) -> Published:
        counted = self.counted
        return Published(
            counted.indicator, counted.kind, counted.nights, counted.cells, counted.total, self.threshold
        )

    @property
    def is_total_small(self) -> bool:
        """Whether so few people are counted that their number is hidden too."""
        total = self.counted.total
        return self.counted.indicator in PEOPLE and total is not None and 0 < total < self.threshold

    def hide(self, category: str) -> bool:
        """Whether there was something to hide under this category."""
        number = self.counted.cells.get(category, 0)
        if not number or category in self.hidden or self.is_withheld:
            return False
        self.hidden[category] = BELOW if number < self.threshold else SECRET
        return True

    def hide_smallest(self) -> bool:
        seen = [category for category in self.counted.cells if category not in self.hidden]
        seen.sort(key=lambda category: (self.counted.cells[category], category))
        return any(self.hide(category) for category in seen)

    def hide_all(self) -> None:
        for category in sorted(self.counted.cells):
            self.hide(category)

    def withhold(self) -> bool:
        if self.is_withheld or not self.counted.cells:
            return False
        self.is_withheld = True
        return True


def hide(
    tables: Sequence[Counted],
    earlier: Sequence[Published] = (),
    *,
    threshold: int,
    beside: Sequence[Published] = (),
    nightly: Mapping[str, Mapping[date, int]] | None = None,
) -> list[Published]:
    """The tables of one report as its readers may see them, in the same order.

    `earlier` is everything of the season that the same readers have seen, in the order in which they saw it, earlier
    revisions of this report among it: what was hidden there stays hidden, and what is hidden in `beside`, the same
    tables for readers who may see more. `nightly` are totals that the readers know night by night (`tables.Beside`).
    What could be worked out from `earlier` alone is left as it is.
    """
    drafts = [_draft(counted, [*earlier, *beside], threshold) for counted in tables]
    told: list[Counted | Published] = [*earlier, *tables]
    slept = {
        table.nights: table.total
        for table in told
        if table.indicator.startswith("bed_nights_by_") and table.total is not None
    }
    for trait in sorted({TRAITS[counted.indicator] for counted in tables}):
        own = [draft for draft in drafts if TRAITS[draft.counted.indicator] == trait]
        known = [table for table in earlier if TRAITS[table.indicator] == trait]
        _Trait(own, known, Beside(slept, nightly or {})).settle()
    return [draft.published() for draft in drafts]


def _draft(counted: Counted, earlier: Iterable[Published], threshold: int) -> _Draft:
    draft = _Draft(counted, threshold)
    for before in earlier:
        if (before.indicator, before.nights) == (counted.indicator, counted.nights):
            draft.was_withheld |= before.is_withheld
            draft.was_total_hidden |= before.total is None
            draft.was_hidden |= before.hidden
    for category, number in sorted(counted.cells.items()):
        if number < threshold or category in draft.was_hidden:
            draft.hide(category)
    draft.is_withheld = draft.was_withheld or draft.is_total_small
    return draft


class _Trait:
    """The drafts of one trait among what readers know of it."""

    def __init__(self, drafts: Sequence[_Draft], earlier: Sequence[Published], beside: Beside) -> None:
        self.drafts, self.beyond_help = drafts, set[Number]()
        without = Beside(beside.slept)  # what is told night by night may be what was corrected
        if not fits([draft.in_full() for draft in drafts], beside):
            beside = without
        self.readings = _readings(drafts, earlier, beside)
        if beside.nightly and any(len(each.known) < len(earlier) for each in self.readings):
            self.readings += _readings(drafts, earlier, without)

    def settle(self) -> None:
        while found := self._found():
            number = min(found, key=lambda number: (number[0], sorted(number[1]), number[2]))
            if not self._widened(number):
                self.beyond_help |= found  # all is withheld, and they follow from what was told before
        for draft in self.drafts:
            self._take_back(draft)
        self._show_again()

    def _found(self) -> set[Number]:
        found: set[Number] = set()
        for reading in self.readings:
            told = worked_out(
                [*reading.known, *(draft.published() for draft in reading.drafts)], reading.beside
            )
            if told:
                found |= told - reading.lost
        return found - self.beyond_help

    def _widened(self, number: Number) -> bool:
        """Hide one number more, as near as possible to what could be worked out; whether there was one."""
        indicator, nights, category = number

        def distance(draft: _Draft) -> tuple[bool, bool]:
            return draft.counted.indicator != indicator, draft.counted.nights.isdisjoint(nights)

        near = sorted(self.drafts, key=distance)
        same = [draft for draft in near if draft.counted.indicator == indicator]
        return (
            any(draft.hide(category) for draft in same)
            or any(draft.hide_smallest() for draft in same)
            or any(draft.hide(category) for draft in near)
            or any(draft.hide_smallest() for draft in near)
            or any(draft.withhold() for draft in near)
        )

    def _take_back(self, draft: _Draft) -> None:
        """Where the marks alone betray nothing, the table need not be withheld."""
        if draft.is_withheld and not draft.was_withheld and not draft.is_total_small:
            draft.is_withheld = False
            draft.hide_all()
            draft.is_withheld = bool(self._found())

    def _show_again(self) -> None:
        extra = [
            (draft.counted.cells[category], place, category)
            for place, draft in enumerate(self.drafts)
            for category, mark in draft.hidden.items()
            if mark == SECRET and category not in draft.was_hidden and not draft.is_withheld
        ]
        for _number, place, category in sorted(extra, reverse=True):
            mark = self.drafts[place].hidden.pop(category)
            if self._found():
                self.drafts[place].hidden[category] = mark


@dataclass(eq=False)
class _Reading:
    """Tables told before, and drafts, that can be true together, with what is known beside them."""

    known: Sequence[Published]
    drafts: Sequence[_Draft]
    beside: Beside

    @cached_property
    def lost(self) -> set[Number]:
        """What could be worked out before the drafts."""
        return worked_out(self.known, self.beside) if self.known else set()


def _readings(drafts: Sequence[_Draft], earlier: Sequence[Published], beside: Beside) -> list[_Reading]:
    """The tables in sets that can be true together, so that every one is in some set; only those with a draft.

    A correction makes tables that contradict those told before. Readers do not know which hold; around each table that
    no set has yet they trust first what was told before it, the latest first, then what was told later.
    """
    tables = [*earlier, *(draft.in_full() for draft in drafts)]
    readings: list[_Reading] = []
    left = list(range(len(tables)))
    while left:
        last = left[-1]
        together = _together([*range(last, -1, -1), *range(last + 1, len(tables))], tables, beside)
        left = [place for place in left if place not in together]
        own = [draft for place, draft in enumerate(drafts, len(earlier)) if place in together]
        if own:
            known = [tables[place] for place in sorted(together) if place < len(earlier)]
            readings.append(_Reading(known, own, beside))
    return readings


def _together(order: Sequence[int], tables: Sequence[Published], beside: Beside) -> set[int]:
    """As many as can be true together, those that come first before the others; the first in any case."""
    kept, order = list(order[:1]), order[1:]
    while order:
        good, bad = 0, len(order) + 1  # so many of those that follow can be added, so many not
        middle = len(order)
        while bad - good > 1:
            if fits([tables[place] for place in (*kept, *order[:middle])], beside):
                good = middle
            else:
                bad = middle
            middle = (good + bad) // 2
        kept += order[:good]
        order = order[good + 1 :]
    return set(kept)
