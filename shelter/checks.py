"""What must be true before the house opens: asked once at start-up."""

from django.core.checks import Error, Tags, register
from django.db import connections


@register(Tags.database)
def embedded_database_keeps_its_promises(databases=None, **kwargs):
    """SQLite only with immediate transactions, a write-ahead log and foreign keys; anything else loses writes."""
    found = []
    for alias in databases or []:
        connection = connections[alias]
        if connection.vendor != "sqlite":
            continue
        if connection.settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE":
            found.append(Error("SQLite must use transaction_mode IMMEDIATE.", id="shelter.E001"))
        with connection.cursor() as cursor:
            journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
            foreign_keys = cursor.execute("PRAGMA foreign_keys").fetchone()[0]
        if journal not in {"wal", "memory"}:
            found.append(Error("SQLite must keep a write-ahead log (journal_mode=WAL).", id="shelter.E002"))
        if not foreign_keys:
            found.append(Error("SQLite must enforce foreign keys.", id="shelter.E003"))
    return found
