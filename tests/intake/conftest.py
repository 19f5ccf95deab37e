"""Somebody at the door, for tests of intake."""

import pytest

from intake.actions.guests import add_guest
from tests.conftest import BUILDER


@pytest.fixture
def guest(db):
    """Somebody with a file: `guest()`, `guest("Awa", sleeps="women")`."""

    def known(name="Ousmane", sleeps="men", **answers):
        return add_guest(by=BUILDER, name=name, sleeps=sleeps, **answers)

    return known
