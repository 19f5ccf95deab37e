"""Nouns of the ground floor."""

from shelter.models.answers import StoredAnswer
from shelter.models.house import Activation, Bed, BedPosition, Closure, Dormitory, Site, Zoning
from shelter.models.ledger import BedNight, Move, Occupant, Refusal, Registration
from shelter.models.log import LogEntry
from shelter.models.season import Night, OpeningPeriod, PublishedTotal, Season
from shelter.models.settings import Setting
from shelter.models.team import Membership, Organisation, Person, Role, Token

__all__ = [
    "Activation",
    "Bed",
    "BedNight",
    "BedPosition",
    "Closure",
    "Dormitory",
    "LogEntry",
    "Membership",
    "Move",
    "Night",
    "Occupant",
    "OpeningPeriod",
    "Organisation",
    "Person",
    "PublishedTotal",
    "Refusal",
    "Registration",
    "Role",
    "Season",
    "Setting",
    "Site",
    "StoredAnswer",
    "Token",
    "Zoning",
]
