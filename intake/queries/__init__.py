"""Questions to intake: who is this, who is expected, who looks alike."""

from intake.queries.guests import guests_by_occupant, nights_slept, readers_of
from intake.queries.offers import bare_needs, best_offer, needs_tonight, offers_for
from intake.queries.search import STRONG_MATCH, look_alikes, search, words_of
from intake.queries.tonight import Hit, expected, hit_of, hits_of, present_by_dormitory, to_renew

__all__ = [
    "STRONG_MATCH",
    "Hit",
    "bare_needs",
    "best_offer",
    "expected",
    "guests_by_occupant",
    "hit_of",
    "hits_of",
    "look_alikes",
    "needs_tonight",
    "nights_slept",
    "offers_for",
    "present_by_dormitory",
    "readers_of",
    "search",
    "to_renew",
    "words_of",
]
