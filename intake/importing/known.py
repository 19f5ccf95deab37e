"""What the house knows already, as far as a file can touch it: plain facts, without a database."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class KnownBed:
    """A bed of the house; `first_night` is the first on which it stands, `rooms` where it ever did."""

    id: int
    level: str
    step_free: bool
    first_night: date
    rooms: frozenset[str]


@dataclass(frozen=True)
class KnownRoom:
    """A dormitory of the house, with the zones it ever served; `key` is the one it goes by."""

    id: int
    key: str
    first_night: date
    first_zone: str
    zones: frozenset[str]


@dataclass(frozen=True)
class House:
    """What the house knows, as far as a file can touch it. Beds and rooms by key; numbers are ids."""

    tonight: date
    beds: dict[str, KnownBed] = field(default_factory=dict)
    rooms: dict[str, KnownRoom] = field(default_factory=dict)
    in_service: dict[date, frozenset[int]] = field(default_factory=dict)
    taken_beds: set[tuple[date, int]] = field(default_factory=set)
    placed_people: set[tuple[date, int]] = field(default_factory=set)
    definitive: list[date] = field(default_factory=list)  # rising
    unfinished: frozenset[date] = frozenset()
    numbers: frozenset[int] = frozenset()
    people: frozenset[tuple[str, str, int | None]] = frozenset()
