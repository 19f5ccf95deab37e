"""A night as a plan wants it: who is to be placed, with their history, and the house as it stands."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from types import MappingProxyType

from shelter import nights, offering
from shelter.models import Bed, BedNight, BedPlan, ColdSpell, KeepApart, LogEntry, Night
from shelter.models.ledger import WHOSE
from shelter.offering import Needs, Reason
from shelter.queries.draw import draw_of, ranks_of
from shelter.queries.house import board_of, places_of
from shelter.queries.ledger import (
    bed_nights_by_number,
    joined_numbers,
    last_bed_of,
    refused,
    registered,
)
from shelter.queries.nights import settings_for
from shelter.queries.people import people_tonight
from shelter.standing import BedOnBoard
from shelter.wishing import House, Person

# What changes a night so that a plan made before no longer knows it: what happens in it or to the house …
IN_THE_NIGHT = (
    "registered", "registration_withdrawn", "bed_held", "released", "checked_in", "moved", "left", "returned", "undone",
    "refused", "bed_closed", "bed_reopened", "places_activated", "line_drawn",
)  # fmt: skip
# … what is told of one person …
OF_SOMEBODY = (
    "kept_apart", "no_longer_apart", "excluded", "exclusion_lifted", "cold_decided", "merged", "unmerged",
    "guest_changed", "proof_seen",
)  # fmt: skip
# … and what holds from some night on.
OF_THE_HOUSE = (
    "zone_changed", "beds_added", "bed_repositioned", "cold_declared", "cold_ended", "setting_changed",
)  # fmt: skip
# Causes of what is done with a plan in hand, or what goes without saying when somebody is registered.
FOLLOWS = ("plan", "swapped", "same_bed", "withdrawn", "refused", "bed_closed")
SETTINGS = ("open_places", "older_from", "nights_without_proof")


@dataclass(frozen=True)
class ToPlan:
    """What a plan is made from: everybody registered, by what is to be done about them.

    `people` are still to come and are given a bed; `barred` would not be let in tonight, each with why; `inside` are
    here, registered or not, and lie in the bed they hold. `as_of` is the last line of the log that this knows.
    """

    night: Night
    board: tuple[BedOnBoard, ...]
    house: House
    people: tuple[Person, ...]
    barred: tuple[tuple[Person, Reason], ...]
    inside: tuple[Person, ...]
    as_of: int

    @property
    def excluded(self) -> tuple[Person, ...]:
        """Those barred by an exclusion, which could be lifted."""
        return tuple(person for person, why in self.barred if why.code == "excluded")


def evening_to_plan(
    night,
    needs: Mapping[int, tuple[Needs, bool]],
    *,
    as_of: int = 0,
    pinned: Set[int] = frozenset(),
    planned: Mapping[int, int] = MappingProxyType({}),
    like: Night | None = None,
) -> ToPlan:
    """Everybody registered for a night, and the house.

    `needs` has, for each number that counts of those registered or here, what it needs and whether the person is
    older; `as_of` is the last line of the log when it was read. `pinned` are numbers that stay in the bed kept for
    them, `planned` the beds of the plan before. For a night nobody is registered for yet, `like` is one whose people
    are expected again.
    """
    board, settings = board_of(night), settings_for(night.date)
    is_cold = ColdSpell.objects.on(night.date).exists()
    rows = bed_nights_by_number(night, needs)
    here = {number for number, row in rows.items() if row.state == BedNight.State.IN}
    coming = {number: since for number, since in _coming(like or night).items() if number in needs}
    to_place = {
        number for number in coming if number not in rows or rows[number].state == BedNight.State.HELD
    }
    everybody = coming.keys() | here
    standing, joined = people_tonight(everybody, night), joined_numbers()
    apart, keep_out = _apart(board, to_place | here, joined)
    ranks, last = ranks_of(draw_of(night), coming.keys()), _last_beds(everybody, night, settings)
    rooms: dict[int | None, int] = {bed.id: bed.dormitory_id for bed in board}

    def person(number: int) -> Person:
        asked, is_older = needs[number]
        holds = (
            rows[number].bed_id if number in rows and rows[number].state in BedNight.BLOCKS_THE_BED else None
        )
        return Person(
            number=number,
            needs=replace(
                asked,
                last_bed=last.get(number),
                last_dormitory=rooms.get(last.get(number)),
                holds_bed=holds,
                keep_out=frozenset(keep_out.get(number, ())),
            ),
            is_older=is_older,
            is_pinned=number in pinned and holds is not None,
            is_on_time=not standing[number].is_late,
            was_turned_away=standing[number].was_turned_away,
            drawn=f"{ranks[number]:06d}" if number in ranks else f"~{coming.get(number, '')}",
            planned=planned.get(number),
        )

    turned_away = set() if like else refused_tonight(night)
    gives_way = settings.cold_suspends if is_cold else ()
    barred = {}
    for number in coming:
        if number in to_place and (why := _barred(number, standing[number], turned_away, gives_way)):
            barred[number] = why
    return ToPlan(
        night=night,
        board=tuple(board),
        house=_house(board, apart, settings, is_cold),
        people=tuple(person(number) for number in coming if number in to_place and number not in barred),
        barred=tuple((person(number), why) for number, why in barred.items()),
        inside=tuple(person(number) for number in sorted(here)),
        as_of=as_of or last_line(night),
    )


def _barred(number, standing, turned_away, gives_way):
    """Why somebody registered would not be let in tonight, if so."""
    if number in turned_away:
        return Reason("refused_tonight")
    if standing.excluded_until is not None:
        return Reason("excluded")
    if standing.nights_are_used_up and "nights_used_up" not in gives_way:
        return Reason("nights_used_up")
    return None


def last_line(night):
    """The last line of the log that changed what a plan of this night knows; 0 before the first."""
    return _lines(night).order_by("-id").values_list("pk", flat=True).first() or 0


def changes_since(plan):
    """How many things a plan does not know of; beds kept and people let in as it proposed are none of them."""
    rows = list(_lines(plan.night).filter(pk__gt=plan.as_of).values_list("verb", "occupant", "bed", "facts"))
    if not rows:
        return 0
    joined, beds = joined_numbers(), dict(plan.lines.values_list("occupant", "bed"))

    def matters(verb, number, bed, facts):
        whose = joined.get(number, number)
        if facts.get("cause") in FOLLOWS or (verb == "checked_in" and bed and beds.get(whose) == bed):
            return False
        if verb in OF_SOMEBODY:
            return whose in beds or number in beds
        begins = facts.get("first_night") or facts.get("first", "")
        if verb == "setting_changed":
            key = facts["key"]
            return (
                key in SETTINGS or key.startswith(("wish_", "line"))
            ) and begins <= plan.night.date.isoformat()
        return verb in IN_THE_NIGHT or begins <= plan.night.date.isoformat()

    return sum(matters(*row) for row in rows)


def _lines(night):
    everywhere = LogEntry.objects.filter(verb__in=(*OF_SOMEBODY, *OF_THE_HOUSE), night__isnull=True)
    return LogEntry.objects.filter(verb__in=(*IN_THE_NIGHT, *OF_SOMEBODY), night=night) | everywhere


def is_decided_since(line, row) -> bool:
    """Whether the bed-night `row` keeps another bed for somebody than their line of a plan proposes or knew of."""
    if row is None or row.state != BedNight.State.HELD:
        return False
    return row.bed_id not in (line.bed_id, line.before_id)


def latest_plan(night) -> BedPlan | None:
    return BedPlan.objects.filter(night=night).select_related("night", "made_by").first()


def _coming(night):
    """Numbers that count, of everybody registered, each with the moment of the first registration."""
    rows = registered(night).annotate(whose=WHOSE).order_by("-registered_at", "-id")
    return dict(rows.values_list("whose", "registered_at"))


def _last_beds(numbers, night, settings):
    """The bed each of these slept in lately: a stay that has ended leaves no claim."""
    since = night.date - nights.ONE_DAY * (settings.nights_until_stay_ends + 1)
    rows = last_bed_of(numbers, night.date)
    return {number: row.bed_id for number, row in rows.items() if row.night.date >= since}


def refused_tonight(night) -> set[int]:
    """Numbers that were refused tonight, or declined an offer, and are not here all the same."""
    rows = refused(night).filter(occupant__isnull=False).annotate(whose=WHOSE)
    return set(rows.values_list("whose", flat=True))


def _apart(board, numbers, joined):
    """Pairs who are both to be placed; and, of pairs of whom one lies here already, where the other may not."""
    rooms = {
        joined.get(bed.occupant, bed.occupant): bed.dormitory_id
        for bed in board
        if bed.state == offering.OCCUPIED
    }
    pairs: set[frozenset[int]] = set()
    keep_out: dict[int, set[int]] = {}
    for first, second in KeepApart.objects.standing().order_by("id").values_list("first", "second"):
        one, other = joined.get(first, first), joined.get(second, second)
        for me, them in ((one, other), (other, one)):
            if them in rooms:
                keep_out.setdefault(me, set()).add(rooms[them])
        if one in numbers and other in numbers and one != other:
            pairs.add(frozenset((one, other)))
    return frozenset(pairs), keep_out


def _house(board, apart, settings, is_cold):
    """The house as it stands; beds that are out of service open no place when they are opened."""
    not_open = [bed.id for bed in board if bed.state == offering.NOT_OPEN and bed.closed_for is None]
    inside = sum(bed.state == offering.OCCUPIED for bed in board)
    to_open = Bed.objects.filter(pk__in=not_open).order_by("layer", "opening_order")
    return House(
        places=tuple(places_of(board)),
        to_open=tuple(to_open.values_list("pk", flat=True)),
        apart=apart,
        places_left=None if settings.open_places is None else max(0, settings.open_places - inside),
        line=settings.line_in_the_cold if is_cold else settings.line,
        weights=settings.wishes,
    )
