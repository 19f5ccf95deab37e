"""Nouns of the ground floor."""

from shelter.models.admission import ColdDecision, ColdSpell, Exclusion, KeepApart, Merge, Proof
from shelter.models.answers import StoredAnswer
from shelter.models.draw import Draw
from shelter.models.house import Activation, Bed, BedPosition, Closure, Dormitory, Site, Zoning
from shelter.models.ledger import BedNight, Move, Occupant, Refusal, Registration
from shelter.models.log import LogEntry
from shelter.models.plan import BedPlan, PlannedBed
from shelter.models.post import Letter, Outgoing
from shelter.models.season import Night, OpeningPeriod, PublishedTotal, Season
from shelter.models.settings import Setting
from shelter.models.team import Membership, Organisation, Person, Role, Token
from shelter.models.watch import Outing, RollCall, RollCallMark, Round, RoundMark

__all__ = [
    "Activation",
    "Bed",
    "BedNight",
    "BedPlan",
    "BedPosition",
    "Closure",
    "ColdDecision",
    "ColdSpell",
    "Dormitory",
    "Draw",
    "Exclusion",
    "KeepApart",
    "Letter",
    "LogEntry",
    "Membership",
    "Merge",
    "Move",
    "Night",
    "Occupant",
    "OpeningPeriod",
    "Organisation",
    "Outgoing",
    "Outing",
    "Person",
    "PlannedBed",
    "Proof",
    "PublishedTotal",
    "Refusal",
    "Registration",
    "Role",
    "RollCall",
    "RollCallMark",
    "Round",
    "RoundMark",
    "Season",
    "Setting",
    "Site",
    "StoredAnswer",
    "Token",
    "Zoning",
]
