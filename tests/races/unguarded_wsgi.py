"""The same house with its locks taken away, to show that the races are real. Only for tests.

No row is locked any more. SQLite serialises whole transactions, which is its lock: there each statement
commits by itself. The unique constraints are taken out of the database by the test.
"""

from django.conf import settings
from django.db.models import QuerySet
from django.db.transaction import Atomic

from config.wsgi import application
from shelter.actions import locking

__all__ = ["application"]

QuerySet.select_for_update = lambda self, **kwargs: self.all()
locking.LOCKED = ""

if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    Atomic.__enter__ = lambda self: None
    Atomic.__exit__ = lambda self, *exc: None
