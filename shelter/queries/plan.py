"""A night as a plan wants it: who is to be placed, with their history, and the house as it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from shelter import offering
from shelter.allocating import House, Person, Weights
from shelter.models import Bed, BedNight, BedPlan, ColdSpell, Draw, KeepApart, LogEntry, Occupant
from shelter.models.ledger import WHOSE
from shelter.offering import Needs
from shelter.queries.house import board_of, places_of
from shelter.queries.ledger import last_bed_of, registered
from shelter.queries.nights import settings_for
from shelter.queries.people import people_tonight

# What changes a night so that a plan made before no longer knows it.
MATTERS = (
    "registered", "registration_withdrawn", "bed_held", "released", "checked_in", "moved", "left", "returned", "undone",
    "bed_closed", "bed_reopened", "places_activated", "zone_changed", "beds_added", "bed_repositioned", "kept_apart",
    "no_longer_apart", "excluded", "exclusion_lifted", "merged", "unmerged", "setting_changed",
)  # fmt: skip


@dataclass(frozen=True)
class ToPlan:
    """What a plan is made from. `excluded` are numbers registered who may not sleep here tonight."""

    house: House
    people: tuple[Person, ...]
    excluded: tuple[int, ...]
    as_of: int


def evening_to_plan(night, needs: Mapping[int, tuple[Needs, bool]], pinned=frozenset()) -> ToPlan:
    """Everybody registered for a night who is not here yet. `needs` has, for each number that counts, what it needs
    and whether the person is older; `pinned` are numbers that stay in the bed kept for them.
    """
    as_of = last_line(night)
    board = board_of(night)
    coming = _coming(night)
    standing = people_tonight(coming, night)
    to_place = {
        number: since
        for number, since in coming.items()
        if number in needs
        and standing[number].state in {"", "held"}
        and standing[number].excluded_until is None
    }
    excluded = [number for number in coming if standing[number].excluded_until and not standing[number].state]
    apart, keep_out = _apart(board, to_place)
    ranks, holds = _ranks(night), _holds(night)
    last = last_bed_of(to_place, night.date)
    rooms: dict[int | None, int] = {bed.id: bed.dormitory_id for bed in board}
    people = []
    for number, since in to_place.items():
        asked, is_older = needs[number]
        last_bed = last[number].bed_id if number in last else None
        people.append(
            Person(
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
                drawn=ranks.get(number, f"~{since.isoformat()}"),
            )
        )
    return ToPlan(_house(night, board, apart), tuple(people), tuple(excluded), as_of)


def last_line(night):
    """The last line of the log that changed what a plan of this night knows; 0 before the first."""
    return _lines(night).order_by("-id").values_list("pk", flat=True).first() or 0


def changes_since(plan):
    """How many things a plan does not know of; beds kept and people let in as it proposed are none of them."""
    proposed = set(plan.lines.filter(bed__isnull=False).values_list("occupant", "bed"))
    rows = _lines(plan.night).filter(pk__gt=plan.as_of).values_list("verb", "occupant", "bed", "facts")
    return sum(
        facts.get("cause") != "plan" and not (verb == "checked_in" and (occupant, bed) in proposed)
        for verb, occupant, bed, facts in rows
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


def _ranks(night):
    """Each number's place in tonight's draw, as text that sorts; joined numbers have the better one."""
    draw = Draw.objects.filter(night=night).first()
    if draw is None or draw.line is None:
        return {}
    joined = _joined()
    ranks: dict[int, str] = {}
    for place, number in enumerate(draw.line):
        ranks.setdefault(joined.get(number, number), f"{place:06d}")
    return ranks


def _joined():
    return dict(Occupant.objects.filter(same_as__isnull=False).order_by("id").values_list("pk", "same_as"))


def _holds(night):
    rows = BedNight.objects.filter(night=night, state=BedNight.State.HELD, kept_for="").annotate(whose=WHOSE)
    return dict(rows.order_by("id").values_list("whose", "bed"))


def _apart(board, numbers):
    """Pairs who are both to be placed; and, of pairs of whom one lies here already, where the other may not."""
    joined = _joined()
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
    closed = [bed.id for bed in board if bed.state == offering.NOT_OPEN]
    inside = sum(bed.state == offering.OCCUPIED for bed in board)
    wishes = {field.name for field in fields(Weights)} - {"stay"}
    return House(
        places=tuple(places_of(board)),
        to_open=tuple(
            Bed.objects.filter(pk__in=closed).order_by("layer", "opening_order").values_list("pk", flat=True)
        ),
        apart=apart,
        places_left=None if settings.open_places is None else max(0, settings.open_places - inside),
        line=settings.line_in_the_cold if is_cold else settings.line,
        weights=Weights(**{name: getattr(settings, f"wish_{name}") for name in wishes}),
    )
