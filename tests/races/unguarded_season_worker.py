"""The same background work without the claim on a letter: then two workers do send one twice. Only for tests."""

from tests.races.season_worker import app  # isort: skip # sets the applications up

from shelter.actions import posting  # isort: skip

__all__ = ["app"]

posting.claimed = lambda row: True
