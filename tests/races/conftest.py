"""A database of each kind for a house of its own."""

import pytest

from tests.races import server


@pytest.fixture(params=server.DATABASES)
def url(request, tmp_path):
    """The DATABASE_URL of an empty database, SQLite and PostgreSQL in turn."""
    with server.database(request.param, tmp_path) as found:
        yield found
