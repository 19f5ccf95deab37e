"""Transactions inside a test's own: what the house undoes is undone, what a test only tries is taken back."""

from contextlib import contextmanager
from unittest import mock

from django.db import transaction


@contextmanager
def taken_back():
    """What happens within it is undone at its end; the house within it cannot tell it from no transaction."""
    outermost = transaction.atomic()
    outermost._from_testcase = True
    with outermost:
        yield
        transaction.set_rollback(True)


@contextmanager
def house_is_outermost():
    """The first transaction the house opens can be undone without the test's own, as if there were none.

    The verbs of the door make no savepoint, since they are the outermost transaction; inside that of a test a
    refusal would leave nothing to go on with.
    """
    enter = transaction.Atomic.__enter__

    def entered(self):
        around = transaction.get_connection(self.using).atomic_blocks
        is_first = bool(around) and all(block._from_testcase for block in around)
        with mock.patch.object(self, "savepoint", self.savepoint or is_first):
            return enter(self)

    with mock.patch.object(transaction.Atomic, "__enter__", entered):
        yield
