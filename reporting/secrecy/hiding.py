"""Withholding numbers from the tables of a report until nothing small can be worked out. Pure.

First every number from 1 to below the threshold; then, as long as `attack.pinned` finds something, the smallest number
that is still to be seen beside it; where none is left, the whole table but its total. At last whatever turns out not to
be needed is shown again, the greatest number first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from reporting.secrecy.attack import PEOPLE, TRAITS, Cell, pinned
from reporting.secrecy.tables import BELOW, SECRET, Counted, Published, Shown


@dataclass
class _Draft:
    """A table on its way: what is counted, and what of it is hidden so far."""

    counted: Counted
    threshold: int
    hidden: dict[str, str] = field(default_factory=dict)
    was_hidden: frozenset[str] = frozenset()  # in an earlier revision
    is_withheld: bool = False
    is_total_hidden: bool = False  # from readers who see more

    def published(self) -> Published:
        counted = self.counted
        cells: dict[str, Shown] = {} if self.is_withheld else {**counted.cells, **self.hidden}
        total = None if self.is_total_small or self.is_total_hidden else counted.total
        return Published(
            counted.indicator, counted.kind, counted.nights, cells, total, self.threshold, self.is_withheld
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
) -> list[Published]:
    """The tables of one report as its readers may see them, in the same order.

    `earlier` is everything of the season that the same readers have seen, earlier revisions of this report among it:
    what was hidden there stays hidden, and what is hidden in `beside`, the same tables for readers who may see more. A
    hidden number of `earlier` that could be worked out before is left as it is.
    """
    drafts = [_draft(counted, [*earlier, *beside], threshold) for counted in tables]
    lost = pinned(earlier)
    while found := _found(earlier, drafts) - lost:
        # One step for each table in which something was found; sorted, so that the same tables hide the same.
        for place in sorted({cell[0] for cell in found}):
            categories = sorted({cell[1] for cell in found if cell[0] == place})
            own = drafts[place - len(earlier)] if place >= len(earlier) else None
            source = own.counted.indicator if own else earlier[place].indicator
            if not _widened(drafts, own, source, categories):
                lost |= {cell for cell in found if cell[0] == place}
    _show_again(drafts, earlier, lost)
    return [draft.published() for draft in drafts]


def _found(earlier: Sequence[Published], drafts: Sequence[_Draft]) -> frozenset[Cell]:
    return pinned([*earlier, *(draft.published() for draft in drafts)])


def _show_again(drafts: Sequence[_Draft], earlier: Sequence[Published], lost: frozenset[Cell]) -> None:
    extra = [
        (draft.counted.cells[category], place, category)
        for place, draft in enumerate(drafts)
        for category, mark in draft.hidden.items()
        if mark == SECRET and category not in draft.was_hidden and not draft.is_withheld
    ]
    for _number, place, category in sorted(extra, reverse=True):
        mark = drafts[place].hidden.pop(category)
        if _found(earlier, drafts) - lost:
            drafts[place].hidden[category] = mark


def _draft(counted: Counted, earlier: Iterable[Published], threshold: int) -> _Draft:
    draft = _Draft(counted, threshold)
    for category, number in counted.cells.items():
        if number < threshold:
            draft.hide(category)
    draft.is_withheld = draft.is_total_small
    for before in earlier:
        if (before.indicator, before.nights) == (counted.indicator, counted.nights):
            draft.is_withheld |= before.is_withheld
            draft.is_total_hidden |= before.total is None
            draft.was_hidden |= before.hidden
    for category in sorted(draft.was_hidden):
        draft.hide(category)
    return draft


def _widened(drafts: Sequence[_Draft], own: _Draft | None, indicator: str, categories: Sequence[str]) -> bool:
    """Hide one number more, as near as possible to what could be worked out; whether there was one."""
    if own is not None and own.hide_smallest():
        return True
    akin = [draft for draft in drafts if TRAITS[draft.counted.indicator] == TRAITS[indicator]]
    akin.sort(key=lambda draft: draft.counted.indicator != indicator)  # the same count first
    for draft in akin:
        if any(draft.hide(category) for category in categories):
            return True
    return any(draft.hide_smallest() for draft in akin) or any(draft.withhold() for draft in akin)
