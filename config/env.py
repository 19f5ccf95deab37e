"""What the environment may say, read in one place.

`VARIABLES` is the whole list; a test compares it with docker-compose.yml and the README.
"""

import os
from pathlib import Path
from typing import NoReturn
from urllib.parse import parse_qsl, unquote, urlsplit

VARIABLES = (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "EMAIL_URL",
    "DATA_DIR",
    "PORT",
    "DEMO",
    "CLOCK_SHIFT",
)

# Seconds. Also for SQLite: opening its file, teaching it Django's functions and reading the schema cost more
# than a check-in does.
KEEP_CONNECTIONS_FOR = 600

NOBODY = "foyer@localhost"  # whom letters come from that leave no house

BASE_DIR = Path(__file__).resolve().parent.parent


def stop(why) -> NoReturn:
    """A start that cannot go on ends with one line for whoever reads the console, not with a traceback."""
    raise SystemExit(why)


def text(name, default=None):
    """The variable's value; without a default a missing one stops the start with its name."""
    value = os.environ.get(name, "")
    if value:
        return value
    if default is None:
        stop(f"Foyer cannot start: set the environment variable {name}.")
    return default


def flag(name):
    return text(name, "0").lower() in {"1", "true", "yes", "on"}


def database(url):
    """A Django database setting from `sqlite:///path` or `postgres://user:password@host/name?option=…`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "config.queueing_sqlite3",
            "NAME": unquote(parts.path[1:]),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
            "CONN_MAX_AGE": KEEP_CONNECTIONS_FOR,
        }
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            # Plans of the house's long statements are made once per connection, not at every check-in.
            "OPTIONS": {"server_side_binding": True, "prepare_threshold": 3, **dict(parse_qsl(parts.query))},
            "CONN_MAX_AGE": KEEP_CONNECTIONS_FOR,
        }
    stop(f"DATABASE_URL: {parts.scheme!r} is neither sqlite nor postgres.")


def email(url):
    """Django mail settings from `file:///folder`, `console:` or `smtp[s]://user:password@host:port`.

    Letters come from `?from=`, else from the user where that is an address.
    """
    parts = urlsplit(url)
    backends = "django.core.mail.backends"
    if parts.scheme == "file":
        return {"EMAIL_BACKEND": f"{backends}.filebased.EmailBackend", "EMAIL_FILE_PATH": unquote(parts.path)}
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": f"{backends}.console.EmailBackend"}
    if parts.scheme in {"smtp", "smtps"}:
        return {
            "EMAIL_BACKEND": f"{backends}.smtp.EmailBackend",
            "EMAIL_HOST": parts.hostname or "",
            "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": parts.scheme == "smtps",
            "DEFAULT_FROM_EMAIL": _sender(parts),
        }
    stop(f"EMAIL_URL: {parts.scheme!r} is not one of file, console, smtp, smtps.")


def _sender(parts):
    user = unquote(parts.username or "")
    return dict(parse_qsl(parts.query)).get("from") or (user if "@" in user else NOBODY)
