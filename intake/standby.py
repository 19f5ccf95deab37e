"""The presence list as a file on the server's disk, for the evening on which the network fails.

While people are in the house it is never older than a quarter of an hour; in the morning it goes.
"""

import os
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import translation

from intake import paper
from shelter import clock, queries

NO_OLDER_THAN = timedelta(minutes=15)
LANGUAGE = "fr"


def path() -> Path:
    return Path(settings.DATA_DIR) / "paper" / "presence.pdf"


def keep_presence_on_paper():
    """Write the list anew while doors are open or people sleep here, or take it away; returns its path."""
    night = queries.evening()
    if night is None or not night.has_open_doors:
        path().unlink(missing_ok=True)
        return None
    with translation.override(LANGUAGE):
        content = paper.presence_list(night)
    path().parent.mkdir(mode=0o700, exist_ok=True)
    fresh = path().with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    fresh.replace(path())
    moment = clock.now().timestamp()
    os.utime(path(), (moment, moment))
    return path()


def is_fresh():
    """Whether the file may be relied on now."""
    age = clock.now().timestamp() - path().stat().st_mtime if path().exists() else None
    return age is not None and age <= NO_OLDER_THAN.total_seconds()
