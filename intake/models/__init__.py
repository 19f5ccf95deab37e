"""Nouns of intake."""

from intake.models.cards import Card
from intake.models.guest import Guest, NameKey
from intake.models.night import (
    Belonging,
    Handover,
    HandoverItem,
    Incident,
    IncidentPerson,
    PaperSheet,
    PhraseReview,
    Referral,
    Tally,
    Task,
)

__all__ = [
    "Belonging",
    "Card",
    "Guest",
    "Handover",
    "HandoverItem",
    "Incident",
    "IncidentPerson",
    "NameKey",
    "PaperSheet",
    "PhraseReview",
    "Referral",
    "Tally",
    "Task",
]
