"""The cheapest way to fill places that stand empty, found by trying way after way under the law itself. Pure.

A way gives an empty place to somebody, with nothing else changed, or takes one or two of their other shifts away so
that they may have it; a place so taken is empty in turn. Ways are looked at in the order of what they cost at least
(A*), so that the first one that is whole is a cheapest one, and is proven to be: everything cheaper was tried.
Nobody's own shifts are taken away more than two for one place; what is proven is proven among such ways.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from heapq import heappop, heappush
from itertools import combinations, count

from shelter.rota import judging, law
from shelter.rota.law import Finding
from shelter.rota.timeline import Stint, Timeline

HOUSE_RULES = ("days_in_a_row", "nights_in_a_row")  # agreed in the house; the law does not forbid more
JUDGED = (*law.STRICT, *(law.BY_CODE[code] for code in HOUSE_RULES))
NEAR = timedelta(days=8)  # a week's rest and a run of days reach so far
MOST_AWAY = 2  # shifts taken from somebody for one that they are given


@dataclass(frozen=True, order=True)
class Duty:
    """A place in a dated shift: its stretch of work (whose role is the skill), and the shift's number."""

    stint: Stint
    shift: int
    is_critical: bool = field(default=False, compare=False)

    @property
    def skill(self) -> str:
        return self.stint.role


@dataclass(frozen=True)
class Colleague:
    """Somebody who may be asked: their whole time as it stands, and which of their duties may be taken from them.

    The time reaches a week beyond any place in question on both sides. `load` orders people: of two ways that cost the
    same the one for whoever has less to do comes first.
    """

    number: int
    line: Timeline = field(compare=False)
    held: tuple[Duty, ...] = field(default=(), compare=False)
    load: float = field(default=0.0, compare=False)
    is_protected: bool = field(default=True, compare=False)

    def may(self, duty: Duty) -> bool:
        return any(
            held.role == duty.skill and held.holds_on(duty.stint.day) for held in self.line.qualifications
        )


@dataclass(frozen=True)
class Prices:
    """In points: a place left empty, a shift given, a shift taken away; by rule what it costs to let it be broken.

    Rules without a price may not be broken. `absent` is asked for with its kind, as `absent.leave`.
    """

    gap: int = 100_000
    critical_gap: int = 100_000
    give: int = 1_000
    take: int = 1_000
    rules: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(HOUSE_RULES, 100))

    def of(self, findings: Iterable[Finding]) -> int | None:
        """What it costs to let these be; None where one of them may not."""
        total = 0
        for finding in findings:
            price = self.rules.get(name_of(finding))
            if price is None:
                return None
            total += price
        return total


SMALLEST = (
    Prices()
)  # as few places empty as can be, then as few changes, then as few rules of the house broken


@dataclass(frozen=True)
class Way:
    """Who is given what, from whom it is taken, what stays empty, and which rules are let be broken, with its price."""

    given: tuple[tuple[int, Duty], ...]
    taken: tuple[tuple[int, Duty], ...]
    empty: tuple[Duty, ...]
    broken: tuple[tuple[int, Finding], ...]
    price: int

    @property
    def people(self) -> frozenset[int]:
        return frozenset(number for number, _duty in (*self.given, *self.taken))


@dataclass(frozen=True)
class Found:
    """The cheapest ways in order; `is_proven` if no other costs less; `tried` is how many were looked at."""

    ways: tuple[Way, ...]
    is_proven: bool
    tried: int


def name_of(finding: Finding) -> str:
    """What a finding is called where rules have prices."""
    return f"absent.{finding.facts['kind']}" if finding.rule == "absent" else finding.rule


def ways(
    empty: Sequence[Duty],
    colleagues: Sequence[Colleague],
    *,
    prices: Prices = SMALLEST,
    spare: Mapping[tuple[int, str], int] | None = None,
    most: int = 1,
    go_on: Callable[[], bool] = lambda: True,
) -> Found:
    """The `most` cheapest ways to fill empty places. `spare` says by shift and skill how many are there beyond need."""
    search = _Search(colleagues, prices, dict(spare or {}))
    return search.run(tuple(sorted(empty)), most, go_on)


Broken = tuple[Finding, ...]


@dataclass(frozen=True)
class _State:
    """A way half gone: what is empty still, and what was done so far."""

    empty: tuple[Duty, ...]
    given: frozenset[tuple[int, Duty]] = frozenset()
    taken: frozenset[tuple[int, Duty]] = frozenset()
    left: tuple[Duty, ...] = ()
    broken: Mapping[int, Broken] = field(
        default_factory=dict
    )  # by number what of the rules somebody would break
    price: int = 0

    @property
    def key(self) -> object:
        return self.empty, self.given, self.taken, self.left

    def way(self) -> Way:
        return Way(
            given=tuple(sorted(self.given, key=_in_order)),
            taken=tuple(sorted(self.taken, key=_in_order)),
            empty=self.left,
            broken=tuple((number, each) for number, found in sorted(self.broken.items()) for each in found),
            price=self.price,
        )


Heap = list[tuple[int, int, int, int, _State]]


class _Search:
    def __init__(
        self, colleagues: Sequence[Colleague], prices: Prices, spare: dict[tuple[int, str], int]
    ) -> None:
        self.colleagues = sorted(colleagues, key=lambda each: (each.load, each.number))
        self.prices, self.spare = prices, spare
        self.least = min(prices.give, prices.gap, prices.critical_gap)
        self.judged: dict[object, Broken] = {}

    def run(self, empty: tuple[Duty, ...], most: int, go_on: Callable[[], bool]) -> Found:
        order, tried = count(), 0
        heap: Heap = []
        self._push(heap, order, _State(empty))
        found: list[Way] = []
        known: set[object] = set()
        while heap and len(found) < most and go_on():
            _least, _open, _order, away, state = heappop(heap)
            tried += 1
            if not state.empty:
                if state.key not in known:
                    known.add(state.key)
                    found.append(state.way())
                continue
            if away == 0:
                if state.key in known:
                    continue
                known.add(state.key)
                self._push(heap, order, self._left_empty(state))
            for each in self._filled(state, away):
                self._push(heap, order, each)
            if away < MOST_AWAY:
                self._push(heap, order, state, away + 1)
        return Found(tuple(found), len(found) == most or not heap, tried)

    def _push(self, heap: Heap, order: Iterator[int], state: _State, away: int = 0) -> None:
        """Of ways that cost the same at least, the one that is nearest to its end is looked at first."""
        each = self.prices.take + (0 if self.spare else self.least)
        least = state.price + self.least * len(state.empty) + away * each
        heappush(heap, (least, len(state.empty), next(order), away, state))

    def _left_empty(self, state: _State) -> _State:
        first, *rest = state.empty
        return replace(
            state,
            empty=tuple(rest),
            left=tuple(sorted((*state.left, first))),
            price=state.price + (self.prices.critical_gap if first.is_critical else self.prices.gap),
        )

    def _filled(self, state: _State, away: int) -> Iterator[_State]:
        """The first empty place given to each who may have it once so many of their own are taken away."""
        duty, *rest = state.empty
        for colleague in self.colleagues:
            if not colleague.may(duty) or (colleague.number, duty) in state.taken:
                continue
            for gone in self._fewest(colleague, duty, state, away):
                broken = self._broken(colleague, state, gone, duty)
                price = self.prices.of(broken)
                if price is not None:
                    before = self.prices.of(state.broken.get(colleague.number, ())) or 0
                    yield self._with(state, colleague, duty, gone, broken, tuple(rest), price - before)

    def _fewest(
        self, colleague: Colleague, duty: Duty, state: _State, away: int
    ) -> Iterator[tuple[Duty, ...]]:
        """So many duties that may be taken, none of which could stay."""
        if away == 0:
            yield ()
            return
        mine = [
            held
            for held in colleague.held
            if (colleague.number, held) not in state.taken
            and held != duty
            and abs(held.stint.start - duty.stint.start) <= NEAR
        ]
        for gone in combinations(mine, away):
            if all(
                self._broken(colleague, state, fewer, duty)
                for many in range(away)
                for fewer in combinations(gone, many)
            ):
                yield gone

    def _broken(self, colleague: Colleague, state: _State, gone: tuple[Duty, ...], duty: Duty) -> Broken:
        """What somebody would break with a duty, as they stand in a state and without what is gone."""
        number = colleague.number
        given = tuple(sorted([duty, *(each for mine, each in state.given if mine == number)]))
        taken = tuple(sorted([*gone, *(each for mine, each in state.taken if mine == number)]))
        key = number, given, taken
        if key not in self.judged:
            known = Counter(map(judging.as_found, self._found(colleague, (), taken)))
            now = self._found(colleague, given, taken)
            worse = Counter(map(judging.as_found, now)) - known
            new = {(each.rule, each.day): each for each in now if worse[judging.as_found(each)]}
            self.judged[key] = tuple(new.values())
        return self.judged[key]

    def _found(self, colleague: Colleague, given: tuple[Duty, ...], taken: tuple[Duty, ...]) -> Broken:
        """Everything found in somebody's time with what is given and without what is taken."""
        key = colleague.number, given, taken, "all"
        if key not in self.judged:
            away = {each.stint.start for each in taken}
            stints = [stint for stint in colleague.line.stints if stint.elsewhere or stint.start not in away]
            line = replace(colleague.line, stints=(*stints, *(each.stint for each in given)))
            rules = JUDGED if colleague.is_protected else law.FOR_EVERYBODY
            self.judged[key] = tuple(judging.findings(line, rules))
        return self.judged[key]

    def _with(
        self,
        state: _State,
        colleague: Colleague,
        duty: Duty,
        gone: tuple[Duty, ...],
        broken: Broken,
        rest: tuple[Duty, ...],
        price: int,
    ) -> _State:
        mine = colleague.number
        taken = state.taken | {(mine, each) for each in gone}
        empty = (*rest, *(each for each in gone if self._is_missed(each, taken)))
        return _State(
            empty=tuple(sorted(empty)),
            given=state.given | {(mine, duty)},
            taken=taken,
            left=state.left,
            broken={**state.broken, mine: broken},
            price=state.price + self.prices.give + self.prices.take * len(gone) + price,
        )

    def _is_missed(self, duty: Duty, taken: frozenset[tuple[int, Duty]]) -> bool:
        """Whether a place must be filled again once it was taken from so many."""
        gone = sum(each == duty for _number, each in taken)
        return gone > self.spare.get((duty.shift, duty.skill), 0)


def _in_order(each: tuple[int, Duty]) -> tuple[Duty, int]:
    return each[1], each[0]
