"""Beds of many nights at once: where they stood, which were opened, which were closed. Pure.

The same rules as for one night on the board: the latest dated row on or before a night counts, extra places open in
their order, a bed or its dormitory may be closed.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

NOMINAL = "nominal"


@dataclass(frozen=True)
class Bed:
    id: int
    layer: str
    order: int | None  # the number as which an extra place is opened


@dataclass(frozen=True)
class Closing:
    """A bed or a dormitory (the other is None) out of service, from a night until a night (None: without end)."""

    bed: int | None
    dormitory: int | None
    reason: str
    first: date
    last: date | None


@dataclass(frozen=True)
class Opening:
    """So many places of a layer opened, from a night until a night (None: without end)."""

    layer: str
    number: int
    first: date
    last: date | None
    decided_at: datetime


@dataclass(frozen=True)
class Standing:
    """One bed in one night. `closed` is the reason for which it is out of service, or ""."""

    bed: int
    layer: str
    dormitory: int
    closed: str
    opened_at: datetime | None  # when the place was opened that it needed, where it is an extra one


@dataclass(frozen=True)
class Grounds:
    """The house as dated rows: positions by bed, as (first night, dormitory) in order of nights.

    Closings are in the order in which they were decided: of two that hold, the first counts.
    """

    beds: Sequence[Bed]
    positions: Mapping[int, Sequence[tuple[date, int | None]]]
    closings: Sequence[Closing] = ()
    openings: Sequence[Opening] = ()

    def on(self, night: date, slept_in: frozenset[int] = frozenset()) -> list[Standing]:
        """The installed beds of a night. A bed somebody slept in was opened and was not closed, whatever is written."""
        opened = self._opened(night)
        closed = self._closed(night)
        found = []
        for bed in self.beds:
            dormitory = _latest(self.positions.get(bed.id, ()), night)
            if dormitory is None:
                continue
            at = None
            if bed.layer != NOMINAL:
                places = opened[bed.layer]
                if bed.order is None or bed.order > len(places):
                    if bed.id not in slept_in:
                        continue
                else:
                    at = places[bed.order - 1]
            reason = min(
                (closed[key] for key in (("bed", bed.id), ("dormitory", dormitory)) if key in closed),
                default=(0, ""),
            )[1]
            found.append(Standing(bed.id, bed.layer, dormitory, "" if bed.id in slept_in else reason, at))
        return found

    def _opened(self, night: date) -> Mapping[str, list[datetime]]:
        """By layer, place by place, when it was decided to open it."""
        opened: dict[str, list[datetime]] = defaultdict(list)
        for opening in sorted(_running(self.openings, night), key=lambda each: each.decided_at):
            opened[opening.layer] += [opening.decided_at] * opening.number
        return opened

    def _closed(self, night: date) -> Mapping[tuple[str, int], tuple[int, str]]:
        """Of each bed and dormitory the reason for which it was closed first, and which closing in order that was."""
        closed: dict[tuple[str, int], tuple[int, str]] = {}
        for place, each in enumerate(_running(self.closings, night)):
            key = ("bed", each.bed) if each.bed is not None else ("dormitory", each.dormitory or 0)
            closed.setdefault(key, (place, each.reason))
        return closed


def _running(rows: Iterable, night: date) -> Iterable:
    return (row for row in rows if row.first <= night and (row.last is None or night <= row.last))


def _latest(rows: Sequence[tuple[date, object]], night: date):
    place = bisect_right(rows, night, key=lambda row: row[0])
    return rows[place - 1][1] if place else None
