"""Questions to intake: who is this, who is expected, who looks alike."""

from intake.queries.guests import WITH_KEPT, guests_by_occupant, kept_of, nights_slept, readers_of
from intake.queries.night import (
    Point,
    handover_figures,
    open_points,
    reviewed_languages,
    things_kept,
    to_wake,
    unclaimed,
    unread_points,
    with_names,
)
from intake.queries.offers import bare_needs, best_offer, needs_tonight, offers_for
from intake.queries.plan import (
    Proposed,
    evening_to_suppose,
    needs_of_tonight,
    proposed_by_bed,
    proposed_in,
    reasons_for_bed,
)
from intake.queries.search import STRONG_MATCH, look_alikes, search, words_of
from intake.queries.tonight import (
    Hit,
    expected,
    guests_registered,
    hit_of,
    hits_of,
    present_by_dormitory,
    to_renew,
)

__all__ = [
    "STRONG_MATCH",
    "WITH_KEPT",
    "Hit",
    "Point",
    "Proposed",
    "bare_needs",
    "best_offer",
    "evening_to_suppose",
    "expected",
    "guests_by_occupant",
    "guests_registered",
    "handover_figures",
    "hit_of",
    "hits_of",
    "kept_of",
    "look_alikes",
    "needs_of_tonight",
    "needs_tonight",
    "nights_slept",
    "offers_for",
    "open_points",
    "present_by_dormitory",
    "proposed_by_bed",
    "proposed_in",
    "readers_of",
    "reasons_for_bed",
    "reviewed_languages",
    "search",
    "things_kept",
    "to_renew",
    "to_wake",
    "unclaimed",
    "unread_points",
    "with_names",
    "words_of",
]
