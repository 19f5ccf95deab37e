"""What reports are made from: each night in numbers, each stay with the traits that are counted. Pure.

A night is the date of its evening. People are the numbers that count after files were joined; `before` tells of each
what came before the nights that are looked at, so that whoever is new can be told from whoever came back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property


@dataclass(frozen=True)
class Stay:
    """Somebody slept in a bed: they were in the house at 04:00 (a nuitée)."""

    night: date
    person: int
    bed: int
    dormitory: str
    sex: str
    age: str  # the band on that night, like `18-25` or `66-`; "" where it is not known
    origin: str


@dataclass(frozen=True)
class Asked:
    """Somebody was not let in, or was offered a bed and said no. `person` is None for somebody without a file."""

    person: int | None
    reason: str
    outcome: str = "unknown"
    is_repeated: bool = False  # counted already that night


@dataclass(frozen=True)
class Happened:
    """An incident, as reports count it."""

    kind: str
    severity: int
    police: bool
    ambulance: bool


@dataclass(frozen=True)
class NightFacts:
    """One night that ran. Beds are counted at 04:00.

    `beds` are those in service by dormitory; `closed` those out of service by reason; `empty` those in service in which
    nobody slept, by cause. `work` are minutes on duty by kind of employment.
    """

    night: date
    is_closed: bool = True
    is_definitive: bool = True
    nominal: int = 0
    extra: int = 0  # extension and overflow places that were opened
    beds: Mapping[str, int] = field(default_factory=dict)
    closed: Mapping[str, int] = field(default_factory=dict)
    empty: Mapping[str, int] = field(default_factory=dict)
    stays: tuple[Stay, ...] = ()
    let_in: frozenset[int] = frozenset()  # everybody who came, until the morning
    visits: int = 0  # people who came and had left before 04:00
    registered: frozenset[int] = frozenset()
    asked: tuple[Asked, ...] = ()
    without_bed: int = 0
    lacked_place: int = 0  # of them those for whom there was no place, or none that was suitable
    referrals: Mapping[str, int] = field(default_factory=dict)
    incidents: tuple[Happened, ...] = ()
    services: Mapping[str, int] = field(default_factory=dict)
    work: Mapping[str, int] = field(default_factory=dict)
    uncovered: int = 0  # places of shifts below their minimum
    minimum: int | None = None  # between 18:00 and 08:00, in tenths of a degree Celsius
    is_wet: bool | None = None
    is_cold_spell: bool = False  # declared by a person

    @property
    def in_service(self) -> int:
        return sum(self.beds.values())

    @property
    def slept(self) -> int:
        return len(self.stays)


@dataclass(frozen=True)
class Before:
    """What came before the first night for one person: an earlier season, and their last night of this one."""

    earlier_season: bool = False
    last_night: date | None = None


@dataclass(frozen=True)
class Window:
    """A set of nights in order, with what came before for the people in them."""

    nights: tuple[NightFacts, ...]
    before: Mapping[int, Before] = field(default_factory=dict)

    @cached_property
    def stays(self) -> tuple[Stay, ...]:
        return tuple(stay for night in self.nights for stay in night.stays)

    @cached_property
    def by_person(self) -> Mapping[int, tuple[Stay, ...]]:
        """The stays of each person, in the order of the nights."""
        found: dict[int, list[Stay]] = {}
        for stay in self.stays:
            found.setdefault(stay.person, []).append(stay)
        return {person: tuple(stays) for person, stays in found.items()}

    @cached_property
    def nights_of(self) -> Mapping[int, tuple[date, ...]]:
        """The nights of each person, in order; one night in two beds, as joined files may have it, is one."""
        return {
            person: tuple(dict.fromkeys(stay.night for stay in stays))
            for person, stays in self.by_person.items()
        }

    def asked(self) -> Iterator[Asked]:
        for night in self.nights:
            yield from night.asked
