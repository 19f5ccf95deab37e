"""Somebody at the door, for tests of intake."""

from uuid import uuid4

import pytest

from intake.actions.guests import add_guest
from tests.conftest import BUILDER


@pytest.fixture
def guest(db):
    """Somebody with a file: `guest()`, `guest("Awa", sleeps="women")`."""

    def known(name="Ousmane", sleeps="men", **answers):
        return add_guest(by=BUILDER, name=name, sleeps=sleeps, **answers)

    return known


@pytest.fixture
def program(api_as):
    """What a program of a role writes: `program("night_worker")(path, guest=4)`, with a fresh key unless given."""

    def of(role):
        client = api_as(role)

        def write(path, *, verb="post", key=None, **body):
            headers = {"Idempotency-Key": key or uuid4().hex}
            return getattr(client, verb)(path, body, format="json", headers=headers)

        return write

    return of
