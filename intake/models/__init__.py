"""Nouns of intake."""

from intake.models.guest import Guest, NameKey

__all__ = ["Guest", "NameKey"]
