"""A night as a plan wants it: who is to be placed, with their history, and the house as it stands."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace

from shelter import offering
from shelter.models import Bed, BedNight, BedPlan, ColdSpell, KeepApart, LogEntry, Night
from shelter.models.ledger import WHOSE
from shelter.offering import Needs
from shelter.queries.draw import draw_of
from shelter.queries.house import board_of, places_of
from shelter.queries.ledger import bed_nights_by_number, joined_numbers, last_bed_of, registered
from shelter.queries.nights import settings_for
from shelter.queries.people import people_tonight
from shelter.standing import BedOnBoard
from shelter.wishing import House, Person

# What changes a night so that a plan made before no longer knows it.
MATTERS = (
    "registered", "registration_withdrawn", "bed_held", "released", "checked_in", "moved", "left", "returned", "undone",
    "bed_closed", "bed_reopened", "places_activated", "zone_changed", "beds_added", "bed_repositioned", "kept_apart",
    "no_longer_apart", "excluded", "exclusion_lifted", "merged", "unmerged", "setting_changed",
)  # fmt: skip
# Causes of what is done with a plan in hand.
BY_PLAN = ("plan", "swapped")


@dataclass(frozen=True)
class ToPlan:
    """What a plan is made from: everybody registered, by what is to be done about them.

    `people` are still to come and are given a bed; `excluded` may not sleep here tonight; `inside` are here, registered
    or not, and lie in the bed they hold. `as_of` is the last line of the log that this knows.
    """

    night: Night
    board: tuple[BedOnBoard, ...]
    house: House
    people: tuple[Person, ...]
    excluded: tuple[Person, ...]
    inside: tuple[Person, ...]
    as_of: int


def evening_to_plan(
    night, needs: Mapping[int, tuple[Needs, bool]], pinned: Set[int] = frozenset(), like: Night | None = None
) -> ToPlan:
    """Everybody registered for a night, and the house.

    `needs` has, for each number that counts of those registered or here, what it needs and whether the person is
    older; `pinned` are numbers that stay in the bed kept for them. For a night nobody is registered for yet, `like`
    is one whose people are expected again.
    """
    as_of = last_line(night)
    board = board_of(night)
    coming = {number: since for number, since in _coming(like or night).items() if number in needs}
    here = {
        number for number, row in bed_nights_by_number(night, needs).items() if row.state == BedNight.State.IN
    }
    standing = people_tonight(coming.keys() | here, night)
    joined = joined_numbers()
    to_place = {number for number in coming if standing[number].state in {"", "held"}}
    apart, keep_out = _apart(board, to_place, joined)
    ranks, holds = _ranks(night, joined), _holds(night, coming.keys() | here)
    last = last_bed_of(coming.keys() | here, night.date)
    rooms: dict[int | None, int] = {bed.id: bed.dormitory_id for bed in board}

    def person(number: int) -> Person:
        asked, is_older = needs[number]
        last_bed = last[number].bed_id if number in last else None
        return Person(
            number=number,
            needs=replace(
                asked,
                last_bed=last_bed,
                last_dormitory=rooms.get(last_bed),
                holds_bed=holds.get(number),
                keep_out=frozenset(keep_out.get(number, ())),
            ),
            is_older=is_older,
            is_pinned=number in pinned and number in holds,
            is_on_time=not standing[number].is_late,
            was_turned_away=standing[number].was_turned_away,
            drawn=ranks.get(number, f"~{coming[number].isoformat() if number in coming else ''}"),
        )

    excluded = {number for number in to_place if standing[number].excluded_until is not None}
    return ToPlan(
        night=night,
        board=tuple(board),
        house=_house(night, board, apart),
        people=tuple(person(number) for number in coming if number in to_place - excluded),
        excluded=tuple(person(number) for number in coming if number in excluded),
        inside=tuple(person(number) for number in sorted(here)),
        as_of=as_of,
    )


def last_line(night):
    """The last line of the log that changed what a plan of this night knows; 0 before the first."""
    return _lines(night).order_by("-id").values_list("pk", flat=True).first() or 0


def changes_since(plan):
    """How many things a plan does not know of; beds kept and people let in as it proposed are none of them."""
    proposed = set(plan.lines.filter(bed__isnull=False).values_list("occupant", "bed"))
    rows = list(_lines(plan.night).filter(pk__gt=plan.as_of).values_list("verb", "occupant", "bed", "facts"))
    joined = joined_numbers() if rows else {}
    return sum(
        facts.get("cause") not in BY_PLAN
        and not (verb == "checked_in" and (joined.get(number, number), bed) in proposed)
        for verb, number, bed, facts in rows
    )


def _lines(night):
    everywhere = LogEntry.objects.filter(verb__in=MATTERS, night__isnull=True)
    return LogEntry.objects.filter(verb__in=MATTERS, night=night) | everywhere


def latest_plan(night) -> BedPlan | None:
    return BedPlan.objects.filter(night=night).select_related("night", "made_by").first()


def _coming(night):
    """Numbers that count, of everybody registered, each with the moment of the first registration."""
    rows = registered(night).annotate(whose=WHOSE).order_by("-registered_at", "-id")
    return dict(rows.values_list("whose", "registered_at"))


def _ranks(night, joined):
    """Each number's place in tonight's draw, as text that sorts; joined numbers have the better one."""
    draw = draw_of(night)
    ranks: dict[int, str] = {}
    for place, number in enumerate((draw and draw.line) or []):
        ranks.setdefault(joined.get(number, number), f"{place:06d}")
    return ranks


def _holds(night, numbers):
    """The bed kept for each of these numbers, or the one they lie in."""
    rows = bed_nights_by_number(night, numbers)
    return {number: row.bed_id for number, row in rows.items() if row.state in BedNight.BLOCKS_THE_BED}


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


def _house(night, board, apart):
    settings = settings_for(night.date)
    is_cold = ColdSpell.objects.on(night.date).exists()
    not_open = [bed.id for bed in board if bed.state == offering.NOT_OPEN]
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
