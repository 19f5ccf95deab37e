"""SQLite whose writers queue: Django's backend, and one lock on a file beside the database.

SQLite lets a writer who finds another at work sleep for up to a tenth of a second and look again, so that with
twenty tablets the database stands idle for half of the time and some wait a second. In front of this lock the
kernel wakes the next one at once. It only keeps order: what is safe is still safe by SQLite's own lock.
"""

import fcntl
import os

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A transaction takes its turn before it begins and passes it on when it has ended, however it ends."""

    _turn: int | None = None

    def _start_transaction_under_autocommit(self):
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._pass_turn()
            raise

    def _commit(self):
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            self._pass_turn()

    def _rollback(self):
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._pass_turn()

    def _close(self):
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._pass_turn()

    def _take_turn(self):
        if self._turn is None and not self.is_in_memory_db():
            self._turn = os.open(
                f"{self.settings_dict['NAME']}-turn", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600
            )
            fcntl.flock(self._turn, fcntl.LOCK_EX)

    def _pass_turn(self):
        if self._turn is not None:
            turn, self._turn = self._turn, None
            os.close(turn)
