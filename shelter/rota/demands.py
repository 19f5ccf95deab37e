"""What rules ask of a timeline, in four shapes, each with two faces: is it so, and make a program keep it so. Pure.

A demand names stints that are there or could be. `is_met` looks at those that are; `encode` tells a constraint
program (OR-Tools' `CpModel`, or anything with its methods) about those that could be, each by a literal that says
whether it is. Both faces read the same demand, so that what the one accepts the other does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shelter.rota.timeline import Span, Stint

Literal = Any  # a boolean of the program
Taken = Callable[[Stint], Literal]


@dataclass(frozen=True)
class Together:
    """At most `most` minutes in sum, and no fewer than `least`; asked only if all `anchors` are there."""

    minutes: Mapping[Stint, int]
    most: int | None = None
    least: int | None = None
    anchors: tuple[Stint, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def is_met(self, present: frozenset[Stint]) -> bool:
        if not present.issuperset(self.anchors):
            return True
        total = self.total(present)
        return (self.most is None or total <= self.most) and (self.least is None or total >= self.least)

    def total(self, present: frozenset[Stint]) -> int:
        return sum(minutes for stint, minutes in self.minutes.items() if stint in present)

    def told(self, present: frozenset[Stint]) -> dict[str, Any]:
        return {"minutes": self.total(present), "most": self.most, "least": self.least}

    def encode(self, model: Any, taken: Taken) -> None:
        total = sum(minutes * taken(stint) for stint, minutes in self.minutes.items())
        for demand in (
            *([total <= self.most] if self.most is not None else []),
            *([total >= self.least] if self.least is not None else []),
        ):
            _add(model, demand, [taken(anchor) for anchor in self.anchors])


@dataclass(frozen=True)
class Rest:
    """Somewhere in a span of time nobody calls for so many minutes; asked only if all `anchors` are there.

    It is enough to look from the beginning of the span and from the end of each stint: a rest that begins later
    lies in one that begins there.
    """

    span: Span
    minutes: int
    stints: Sequence[Stint]
    anchors: tuple[Stint, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def is_met(self, present: frozenset[Stint]) -> bool:
        if not present.issuperset(self.anchors):
            return True
        return self.longest(present) >= self.minutes

    def longest(self, present: frozenset[Stint]) -> int:
        """The longest rest in the span, in minutes."""
        free_from, longest = self.span[0], 0.0
        for stint in sorted(present.intersection(self.stints)):
            if stint.touches(self.span):
                longest = max(longest, (min(stint.start, self.span[1]) - free_from).total_seconds())
                free_from = max(free_from, stint.end)
        return int(max(longest, (self.span[1] - free_from).total_seconds()) // 60)

    def told(self, present: frozenset[Stint]) -> dict[str, Any]:
        return {"minutes": self.longest(present), "least": self.minutes}

    def encode(self, model: Any, taken: Taken) -> None:
        rests = []
        for begin in sorted({self.span[0], *(stint.end for stint in self.stints)}):
            if begin < self.span[0] or _minutes(begin, self.span[1]) < self.minutes:
                continue
            rest_of_it = (begin, begin + timedelta(minutes=self.minutes))
            in_the_way = [stint for stint in self.stints if stint.touches(rest_of_it)]
            rest = model.new_bool_var("")
            for stint in in_the_way:
                model.add_implication(rest, ~taken(stint))
            rests.append(rest)
        _any(model, rests, [taken(anchor) for anchor in self.anchors])


@dataclass(frozen=True)
class Groups:
    """Of these groups (days, nights, weekends) at most `most` have a stint in them."""

    groups: Sequence[Sequence[Stint]]
    most: int
    facts: Mapping[str, Any] = field(default_factory=dict)

    def is_met(self, present: frozenset[Stint]) -> bool:
        return self.total(present) <= self.most

    def total(self, present: frozenset[Stint]) -> int:
        return sum(not present.isdisjoint(group) for group in self.groups)

    def told(self, present: frozenset[Stint]) -> dict[str, Any]:
        return {"number": self.total(present), "most": self.most}

    def encode(self, model: Any, taken: Taken) -> None:
        used = []
        for group in self.groups:
            if group:
                any_of_it = model.new_bool_var("")
                for stint in group:
                    model.add_implication(taken(stint), any_of_it)
                used.append(any_of_it)
        model.add(sum(used) <= self.most)


@dataclass(frozen=True)
class NotAll:
    """These stints are not all there: one that may not be, or two that exclude each other."""

    stints: tuple[Stint, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)

    def is_met(self, present: frozenset[Stint]) -> bool:
        return not present.issuperset(self.stints)

    def told(self, present: frozenset[Stint]) -> dict[str, Any]:
        return {}

    def encode(self, model: Any, taken: Taken) -> None:
        model.add_bool_or([~taken(stint) for stint in self.stints])


Demand = Together | Rest | Groups | NotAll


def _add(model: Any, demand: Any, only_if: list[Literal]) -> None:
    """Add a linear demand; one without any literal is a plain truth or a contradiction."""
    if demand is True:
        return
    if demand is False:
        _any(model, [], only_if)
    else:
        model.add(demand).only_enforce_if(only_if)


def _any(model: Any, literals: list[Literal], only_if: list[Literal]) -> None:
    model.add_bool_or([*literals, *(~literal for literal in only_if)])


def _minutes(begin: datetime, end: datetime) -> int:
    return int((end - begin).total_seconds() // 60)
