"""Who works which shift on which day: the problem as any house could state it, and what a roster costs. Pure.

Days are counted from 0, which is a Monday. Everybody works at most one shift a day. What must hold is in `Worker` and
`ShiftType`; what is paid for is in `Cover`, `Request`, `Balance` and `Mix`. Before the first and after the last day
lies nothing: a run of days that touches an end is never too short, and days beyond it are free for the longest run.
The rules, cover and requests are those of the public shift scheduling instances (schedulingbenchmarks.org, 1 to 24).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby, pairwise

SATURDAY, SUNDAY = 5, 6

Roster = Mapping[tuple[str, int], str]  # (worker, day): shift; days off are left out


@dataclass(frozen=True)
class ShiftType:
    """`minutes` of work; none of the shifts in `not_before` may follow on the next day."""

    code: str
    minutes: int
    not_before: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Worker:
    """One person. `most_of` limits how often each shift may be worked (0: never), minutes are those of all days."""

    name: str
    most_of: Mapping[str, int]
    least_minutes: int
    most_minutes: int
    shortest_run: int
    longest_run: int
    shortest_rest: int  # days off in a row
    most_weekends: int
    days_off: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Cover:
    """So many people wanted in a shift of a day; each one missing costs `under`, each one too many `over`."""

    day: int
    shift: str
    wanted: int
    under: int
    over: int


@dataclass(frozen=True)
class Request:
    """Somebody wants to work a shift on a day (`is_on`), or not to; not granted it costs its weight."""

    worker: str
    day: int
    shift: str
    weight: int
    is_on: bool


@dataclass(frozen=True)
class Balance:
    """A sum over cells (worker, day, shift) that should lie between `least` and `most`; each unit outside costs."""

    kind: str
    weights: Mapping[tuple[str, int, str], int]
    least: int
    most: int
    under: int
    over: int


@dataclass(frozen=True)
class Mix:
    """Of these groups of cells at least so many should have somebody in them; each one missing costs."""

    groups: tuple[frozenset[tuple[str, int, str]], ...]
    least: int
    price: int


@dataclass(frozen=True)
class Problem:
    days: int
    shifts: Mapping[str, ShiftType]
    workers: Mapping[str, Worker]
    cover: tuple[Cover, ...]
    requests: tuple[Request, ...] = ()
    balances: tuple[Balance, ...] = ()
    mixes: tuple[Mix, ...] = ()

    def days_of(self, roster: Roster, worker: str) -> list[str]:
        """The shift of each day, empty for a day off."""
        return [roster.get((worker, day), "") for day in range(self.days)]


@dataclass(frozen=True)
class Price:
    """What a roster costs: people missing, people too many, requests not granted, sums out of balance, teams alike."""

    under: int
    over: int
    requests: int
    balances: int = 0
    mixes: int = 0

    @property
    def total(self) -> int:
        return self.under + self.over + self.requests + self.balances + self.mixes


@dataclass(frozen=True)
class Proposed:
    """A roster with its price and a lower bound that was proven: no roster costs less than that."""

    roster: Roster
    price: Price
    bound: int | None  # None where no time was left to prove one
    seconds: float = field(default=0.0, compare=False)

    @property
    def gap(self) -> float | None:
        """How far above the bound the price lies at most, in hundredths of the price."""
        if self.bound is None:
            return None
        return 100 * (self.price.total - self.bound) / self.price.total if self.price.total else 0.0


def price(problem: Problem, roster: Roster) -> Price:
    there: dict[tuple[int, str], int] = {}
    for (_worker, day), shift in roster.items():
        there[day, shift] = there.get((day, shift), 0) + 1
    missing = {
        (cover.day, cover.shift): cover.wanted - there.get((cover.day, cover.shift), 0)
        for cover in problem.cover
    }
    cells = {(worker, day, shift) for (worker, day), shift in roster.items()}
    return Price(
        under=sum(cover.under * max(0, missing[cover.day, cover.shift]) for cover in problem.cover),
        over=sum(cover.over * max(0, -missing[cover.day, cover.shift]) for cover in problem.cover),
        requests=sum(
            request.weight
            for request in problem.requests
            if ((request.worker, request.day, request.shift) in cells) != request.is_on
        ),
        balances=sum(price_of_balance(balance, cells) for balance in problem.balances),
        mixes=sum(
            mix.price * max(0, mix.least - sum(not group.isdisjoint(cells) for group in mix.groups))
            for mix in problem.mixes
        ),
    )


def price_of_balance(balance: Balance, cells: Collection[tuple[str, int, str]]) -> int:
    total = sum(balance.weights.get(cell, 0) for cell in cells)
    return balance.under * max(0, balance.least - total) + balance.over * max(0, total - balance.most)


def breaches(problem: Problem, roster: Roster) -> Iterator[tuple[str, str]]:
    """Worker and code of every rule that a roster breaks."""
    for worker in problem.workers.values():
        for code in _breaches_of(problem, worker, problem.days_of(roster, worker.name)):
            yield worker.name, code


def _breaches_of(problem: Problem, worker: Worker, days: list[str]) -> Iterator[str]:
    worked = [shift for shift in days if shift]
    minutes = sum(problem.shifts[shift].minutes for shift in worked)
    if not worker.least_minutes <= minutes <= worker.most_minutes:
        yield "minutes"
    if any(worked.count(shift) > worker.most_of.get(shift, 0) for shift in set(worked)):
        yield "too_often"
    if any(days[day] for day in worker.days_off):
        yield "day_off"
    if any(shift in problem.shifts[before].not_before for before, shift in pairwise(days) if before):
        yield "succession"
    weekends = sum(any(days[monday + SATURDAY : monday + SUNDAY + 1]) for monday in range(0, len(days), 7))
    if weekends > worker.most_weekends:
        yield "weekends"
    yield from _runs(worker, days)


def _runs(worker: Worker, days: list[str]) -> Iterable[str]:
    day = 0
    for is_work, run in groupby(days, key=bool):
        length = len(list(run))
        touches_an_end = day == 0 or day + length == len(days)
        if is_work and length > worker.longest_run:
            yield "run_too_long"
        if is_work and length < worker.shortest_run and not touches_an_end:
            yield "run_too_short"
        if not is_work and length < worker.shortest_rest and not touches_an_end:
            yield "rest_too_short"
        day += length
