"""The best way to give beds, proven: a mixed integer program, solved by OR-Tools.

People who are alike for the solver are counted, not named, and so are beds: a bed in the same dormitory, on the
same level and with the same access is worth the same to anybody but those who lay in it or have it kept. What
remains is a flow of people through few arcs (a bed of one's own, one's old dormitory, any other), with two
things that a flow cannot say: pairs that must lie apart, and dormitories that are worth something while closed.
Three hundred people and three hundred and thirty beds make some thirteen hundred variables instead of a hundred
thousand, and the relaxation is nearly always whole by itself.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

SOLVER = "SCIP"  # of those in OR-Tools the one that proves these programs fastest and prints nothing
TINY = 1e-3  # what a solver that counts in fractions may be off
PATIENCE = 60  # seconds; what is best by then is taken, and its bound says how much better another could be


@dataclass(frozen=True)
class Asker:
    """One person who must get a bed. `claims` says what beds of their own are worth to them; `profile` is what
    decides the worth of any other bed, `near` the dormitory where those are worth more. Who is `fixed` takes a
    claim or nothing.
    """

    number: int
    profile: Hashable
    claims: Mapping[int, int]
    near: int | None = None
    is_fixed: bool = False


@dataclass(frozen=True)
class Room:
    """A dormitory: its beds by kind, each kind's in the order in which they are given."""

    dormitory: int
    kinds: Mapping[Any, Sequence[int]]
    is_open: bool

    @property
    def size(self) -> int:
        return sum(map(len, self.kinds.values()))


@dataclass(frozen=True)
class Problem:
    """`worth(profile, kind)` is what a bed of a kind is worth to people of a profile, None where it is forbidden;
    `near` what one's old dormitory adds. An unused room that is not open is worth `closed`; each of the first
    `spare_places` free places in a used or open one is worth `spare`.
    """

    askers: Sequence[Asker]
    rooms: Sequence[Room]
    apart: Sequence[tuple[int, int]]
    worth: Callable[[Any, Any], int | None]
    near: int
    closed: int
    spare: int
    spare_places: int


@dataclass(frozen=True)
class Found:
    """Each number's bed, what that is worth, and the most that anything could be worth."""

    beds: dict[int, int]
    objective: int
    bound: int


def best(problem: Problem) -> Found | None:
    """The best way to give every asker a bed; None where there is no way."""
    program = _Program(problem)
    if not program.solve():
        return None
    return Found(program.beds(), program.objective, program.bound)


@dataclass
class _Row:
    """A sum of columns that lies between two bounds."""

    terms: dict[int, int]
    low: float
    high: float


class _Program:
    """Columns (how many people take a way) and rows (what must hold), by names that say what they stand for."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.columns: list[tuple[int, int]] = []  # worth, most
        self.rows: dict[Hashable, _Row] = {}
        self.kinds = {kind: room for room in problem.rooms for kind in room.kinds}
        self.kind_of = {
            bed: kind for room in problem.rooms for kind in room.kinds for bed in room.kinds[kind]
        }
        self.claimed: dict[int, dict[int, int]] = {}  # number: bed: column
        self.own: dict[int, dict[Hashable, int]] = {}  # number: kind: column, of people counted alone
        self.groups: dict[tuple[Hashable, int | None], list[Asker]] = defaultdict(list)
        self.near: dict[tuple[Hashable, int | None], dict[Hashable, int]] = {}
        self.anywhere: dict[Hashable, dict[Hashable, int]] = {}
        self._people()
        self._rooms()
        self._apart()

    def _column(self, worth: int, most: int) -> int:
        self.columns.append((worth, most))
        return len(self.columns) - 1

    def _row(self, name: Hashable, low: float = float("-inf"), high: float = float("inf")) -> dict[int, int]:
        """The terms of a row, which is made with these bounds when it is first asked for."""
        return self.rows.setdefault(name, _Row({}, low, high)).terms

    def _people(self) -> None:
        alone = {number for pair in self.problem.apart for number in pair}
        for asker in self.problem.askers:
            self._claims(asker)
            if asker.is_fixed or asker.number in alone:
                self._alone(asker)
            else:
                self.groups[asker.profile, asker.near].append(asker)
        for (profile, near), askers in self.groups.items():
            self._group(profile, near, askers)

    def _claims(self, asker: Asker) -> None:
        self.claimed[asker.number] = {}
        for bed, worth in asker.claims.items():
            column = self._column(worth, 1)
            self.claimed[asker.number][bed] = column
            self._row(("bed", bed), high=1)[column] = 1
            self._use(column, self.kind_of[bed])

    def _use(self, column: int, kind: Hashable) -> None:
        """One bed of this kind, in its room."""
        room = self.kinds[kind]
        self._row(("kind", kind), high=len(room.kinds[kind]))[column] = 1
        self._room(room)[column] = 1

    def _room(self, room: Room) -> dict[int, int]:
        return self._row(("room", room.dormitory), high=room.size if room.is_open else 0)

    def _alone(self, asker: Asker) -> None:
        self.own[asker.number] = {}
        bed_of_theirs = self._row(("alone", asker.number), 1, 1)
        bed_of_theirs.update(dict.fromkeys(self.claimed[asker.number].values(), 1))
        if asker.is_fixed:
            return
        for kind, worth in self._worths(asker.profile):
            extra = self.problem.near if self.kinds[kind].dormitory == asker.near else 0
            column = self._column(worth + extra, 1)
            self.own[asker.number][kind] = column
            bed_of_theirs[column] = 1
            self._use(column, kind)

    def _worths(self, profile: Hashable) -> list[tuple[Hashable, int]]:
        """The kinds this profile may have, each with its worth."""
        worths = ((kind, self.problem.worth(profile, kind)) for kind in self.kinds)
        return [(kind, worth) for kind, worth in worths if worth is not None]

    def _group(self, profile: Hashable, near: int | None, askers: list[Asker]) -> None:
        """People alike: each takes a claim, a bed in their old dormitory, or goes into the pool of the profile."""
        size = len(askers)
        everybody = self._row(("group", profile, near), size, size)
        for asker in askers:
            columns = dict.fromkeys(self.claimed[asker.number].values(), 1)
            everybody.update(columns)
            self._row(("one claim", asker.number), high=1).update(columns)
        self._pool(profile)
        self.near[profile, near] = {}
        for kind, worth in self._worths(profile):
            if self.kinds[kind].dormitory == near:
                column = self._column(worth + self.problem.near, size)
                self.near[profile, near][kind] = column
                everybody[column] = 1
                self._use(column, kind)
        elsewhere = self._column(0, size)
        everybody[elsewhere] = 1
        self._row(("pool", profile))[elsewhere] = 1

    def _pool(self, profile: Hashable) -> None:
        """Whoever goes into the pool comes out of it into a bed of any kind."""
        if profile in self.anywhere:
            return
        self.anywhere[profile] = {}
        pool = self._row(("pool", profile), 0, 0)
        for kind, worth in self._worths(profile):
            column = self._column(worth, len(self.kinds[kind].kinds[kind]))
            self.anywhere[profile][kind] = column
            pool[column] = -1
            self._use(column, kind)

    def _rooms(self) -> None:
        """Used and spare places fit into a room that is open; to leave it closed is worth something."""
        for room in self.problem.rooms:
            spare = self._column(self.problem.spare, min(self.problem.spare_places, room.size))
            self._room(room)[spare] = 1
            if not room.is_open:
                opened = self._column(-self.problem.closed, 1)
                self._room(room)[opened] = -room.size

    def _apart(self) -> None:
        for one, other in self.problem.apart:
            if one not in self.own or other not in self.own:
                continue
            rooms = [self._columns_by_room(number) for number in (one, other)]
            for dormitory in rooms[0].keys() & rooms[1].keys():
                columns = (*rooms[0][dormitory], *rooms[1][dormitory])
                self._row(("apart", one, other, dormitory), high=1).update(dict.fromkeys(columns, 1))

    def _columns_by_room(self, number: int) -> dict[int, list[int]]:
        found = defaultdict(list)
        for kind, column in self.own[number].items():
            found[self.kinds[kind].dormitory].append(column)
        for bed, column in self.claimed[number].items():
            found[self.kinds[self.kind_of[bed]].dormitory].append(column)
        return found

    def solve(self) -> bool:
        # Imported here: it takes a second and a hundred megabytes, which no page should pay for.
        from ortools.linear_solver.python import model_builder

        model = model_builder.Model()
        columns = [model.new_int_var(0, most, "") for _worth, most in self.columns]
        for row in self.rows.values():
            if row.low > 0 and not row.terms:
                return False
            taken = [columns[number] for number in row.terms]
            total = model_builder.LinearExpr.weighted_sum(taken, list(row.terms.values()))
            model.add_linear_constraint(total, row.low, row.high)
        model.maximize(
            model_builder.LinearExpr.weighted_sum(columns, [worth for worth, _most in self.columns])
        )
        solver = model_builder.Solver(SOLVER)
        solver.set_time_limit_in_seconds(PATIENCE)
        status = solver.solve(model)
        if status == model_builder.SolveStatus.INFEASIBLE:
            return False
        if status not in (model_builder.SolveStatus.OPTIMAL, model_builder.SolveStatus.FEASIBLE):
            raise RuntimeError(f"{SOLVER} ended with {status}.")
        constant = sum(self.problem.closed for room in self.problem.rooms if not room.is_open)
        self.objective = constant + round(solver.objective_value)
        self.bound = constant + floor(solver.best_objective_bound + TINY)
        self.values = [round(solver.value(column)) for column in columns]
        return True

    def beds(self) -> dict[int, int]:
        """Names for what was counted: claims first, then by number, each kind's beds in their order."""
        beds = {
            number: bed
            for number, claims in self.claimed.items()
            for bed, column in claims.items()
            if self.values[column]
        }
        left = {
            kind: iter([bed for bed in room.kinds[kind] if bed not in set(beds.values())])
            for room in self.problem.rooms
            for kind in room.kinds
        }
        for number, kinds in self.own.items():
            for kind, column in kinds.items():
                if self.values[column]:
                    beds[number] = next(left[kind])
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        for group, askers in self.groups.items():
            rest = [asker.number for asker in askers if asker.number not in beds]
            for kind, column in self.near[group].items():
                for _place in range(self.values[column]):
                    beds[rest.pop(0)] = next(left[kind])
            waiting[group[0]] += rest
        for profile, rest in waiting.items():
            for kind, column in self.anywhere[profile].items():
                for _place in range(self.values[column]):
                    beds[rest.pop(0)] = next(left[kind])
        return beds
