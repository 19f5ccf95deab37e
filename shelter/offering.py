"""Which bed to propose to one person, and why: pure calculation on beds as they stand.

Input is what the board knows; output is every bed ranked, each with the reasons that decided. Reasons are
codes with facts; `sentence()` says them in the reader's language. Staff decide; this only proposes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MEN, WOMEN, FAMILIES, WORKERS, DOGS, ISOLATION = "men", "women", "families", "workers", "dogs", "isolation"
BOTTOM, MIDDLE, TOP = "bottom", "middle", "top"
FREE, HELD, OCCUPIED, CLOSED, NOT_OPEN = "free", "held", "occupied", "closed", "not_open"


_HOME = {"men": MEN, "women": WOMEN, "family": FAMILIES}


@dataclass(frozen=True)
class Needs:
    """What one person needs of a bed. `sleeps` is men, women, family or ask (to be talked over)."""

    sleeps: str = "ask"
    lower_bed: bool = False
    step_free: bool = False
    dog: bool = False
    quiet: bool = False
    last_bed: int | None = None
    last_dormitory: int | None = None
    holds_bed: int | None = None
    keep_out: frozenset[int] = frozenset()  # dormitories where somebody lies who is kept apart from them

    @cached_property
    def zones(self) -> frozenset[str]:
        """Zones where this person may sleep without anybody's override."""
        if self.dog:
            return frozenset({DOGS})
        if self.sleeps == "men":
            return frozenset({MEN, WORKERS}) if self.quiet else frozenset({MEN})
        if self.sleeps == "women":
            return frozenset({WOMEN})
        if self.sleeps == "family":
            return frozenset({FAMILIES})
        return frozenset({MEN, WOMEN, FAMILIES})

    @property
    def main_zone(self) -> str:
        """The zone that says where this person belongs; empty while that is to be talked over."""
        return DOGS if self.dog else _HOME.get(self.sleeps, "")


class Place(NamedTuple):
    """One bed as it stands tonight; `order` is its place in the walk through the house."""

    bed: int
    label: str
    dormitory: int
    zone: str
    level: str
    step_free: bool
    state: str
    order: int
    crowding: float = 0.0  # share of the dormitory's beds already taken


class Reason(NamedTuple):
    code: str
    facts: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        facts = dict(self.facts)
        if "zone" in facts:
            facts["zone"] = _ZONES[facts["zone"]]()
        counted = _COUNTED.get(self.code)
        return (counted(facts["number"]) if counted else _SENTENCES[self.code]()) % facts


class Offer(NamedTuple):
    place: Place
    usable: bool
    reasons: tuple[Reason, ...]


_SENTENCES = {
    "held_for_you": lambda: _("Kept for this person tonight."),
    "same_bed": lambda: _("Same bed as last time."),
    "same_dormitory": lambda: _("Same dormitory as last time."),
    "lower_met": lambda: _("Lower bunk, as needed."),
    "step_free_met": lambda: _("Step-free, as needed."),
    "dog_met": lambda: _("Dogs are welcome here."),
    "quiet_met": lambda: _("Quiet dormitory for working people."),
    "right_zone": lambda: _("Free in the right zone."),
    "to_agree": lambda: _("To be agreed with the person."),
    "lower_unmet": lambda: _("Not a lower bunk."),
    "step_free_unmet": lambda: _("Not step-free."),
    "wrong_zone": lambda: _("Another zone (%(zone)s)."),
    "keep_apart": lambda: _("Better in another dormitory tonight."),
    "held": lambda: _("Kept for somebody else."),
    "occupied": lambda: _("Taken."),
    "closed": lambda: _("Out of service."),
    "not_open": lambda: _("These places are not opened tonight."),
    # Of a plan for everybody: what decided, what bound, and what would help.
    "by_hand": lambda: _("Chosen by hand."),
    "older_lower": lambda: _("Lower bunk, in view of their age."),
    "limit_reached": lambda: _("As many people are expected as may be let in."),
    "kept_apart": lambda: _("No bed is left in a dormitory that suits."),
    "no_place_in_zone": lambda: _("No place is left (%(zone)s)."),
    "house_full": lambda: _("No place is left."),
    "excluded": lambda: _("Excluded tonight; to be decided at the door."),
    "refused_tonight": lambda: _("Refused tonight."),
    "nights_used_up": lambda: _("No night without proof of presence is left; to be decided at the door."),
    "other_zone": lambda: _("Would help: a place in another zone (%(zone)s), if they agree."),
}

# Those that count something.
_COUNTED = {
    "raise_limit": lambda n: ngettext(
        "Would help: letting in %(number)s person more.", "Would help: letting in %(number)s people more.", n
    ),
    "reopen": lambda n: ngettext(
        "Would help: %(number)s bed back in service.", "Would help: %(number)s beds back in service.", n
    ),
    "open_places": lambda n: ngettext(
        "Would help: opening %(number)s more place.", "Would help: opening %(number)s more places.", n
    ),
}

_ZONES = {
    MEN: lambda: _("men"),
    WOMEN: lambda: _("women"),
    FAMILIES: lambda: _("families"),
    WORKERS: lambda: _("workers"),
    DOGS: lambda: _("people with dogs"),
    ISOLATION: lambda: _("isolation"),
}

_BLOCKING_STATES = {HELD: "held", OCCUPIED: "occupied", CLOSED: "closed", NOT_OPEN: "not_open"}
_NEVER = {OCCUPIED, CLOSED, NOT_OPEN}  # nobody's bed tonight, whoever asks


def offers(needs: Needs, places: Iterable[Place]) -> list[Offer]:
    """Every place as an offer, the best first, then those that cannot be used, each with its reasons.

    The order is total and depends on nothing but the input: wishes met, then lower and step-free beds are
    spared for those who need them, then the emptier dormitory is left alone, then the walk through the house.
    """
    judged = sorted((_judge(needs, place) for place in places), key=partial(_rank, needs))
    return [offer for _weight, offer in judged]


def best(needs: Needs, places: Iterable[Place]) -> Offer | None:
    """The bed to propose, or None: no bed is usable, or where to sleep must be talked over first."""
    if needs.sleeps == "ask" and not needs.dog and needs.holds_bed is None:
        return None
    zones = needs.zones
    judged = (
        _judge(needs, place)
        for place in places
        if place.state not in _NEVER and (place.zone in zones or place.bed == needs.holds_bed)
    )
    _weight, offer = min(judged, key=partial(_rank, needs), default=(0, None))
    return offer if offer and offer.usable else None


def _rank(needs: Needs, judged: tuple[int, Offer]) -> tuple[bool, int, int, float, int]:
    weight, (place, usable, _reasons) = judged
    return not usable, -weight, _spends_what_others_need(needs, place), -place.crowding, place.order


def _spends_what_others_need(needs: Needs, place: Place) -> int:
    return (place.level == BOTTOM and not needs.lower_bed) + (place.step_free and not needs.step_free)


def _judge(needs: Needs, place: Place) -> tuple[int, Offer]:
    mine = place.bed == needs.holds_bed
    blocked = None if mine and place.state == HELD else _BLOCKING_STATES.get(place.state)
    if blocked:
        return 0, Offer(place, False, (Reason(blocked),))
    if place.zone not in needs.zones and not mine:
        return 0, Offer(place, False, (Reason("wrong_zone", (("zone", place.zone),)),))
    if place.dormitory in needs.keep_out:
        return 0, Offer(place, False, (Reason("keep_apart"),))
    weight, reasons = 0, []
    for points, code in _points(needs, place, mine):
        weight += points
        reasons.append(Reason(code))
    if not reasons:
        reasons = [Reason("to_agree" if needs.sleeps == "ask" else "right_zone")]
    return weight, Offer(place, True, tuple(reasons))


def _points(needs: Needs, place: Place, mine: bool) -> Iterable[tuple[int, str]]:
    if mine:
        yield 10_000, "held_for_you"
    if place.bed == needs.last_bed:
        yield 100, "same_bed"
    elif place.dormitory == needs.last_dormitory:
        yield 20, "same_dormitory"
    if needs.lower_bed:
        yield (200, "lower_met") if place.level == BOTTOM else (-200, "lower_unmet")
    if needs.step_free:
        yield (400, "step_free_met") if place.step_free else (-400, "step_free_unmet")
    if needs.dog and place.zone == DOGS:
        yield 50, "dog_met"
    if needs.quiet and place.zone == WORKERS:
        yield 50, "quiet_met"
