"""Updates that are not finished, in the file of a session.

They are in a table of their own, which is made when the first one is written, and which Telethon does not look at.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from telethon.sessions._sqliteschema import UNFINISHED, has_unfinished

if TYPE_CHECKING:
    import sqlite3

    from telethon.sessions.durable import StoredUpdate

__all__ = ["Unfinished"]

_T = TypeVar("_T")


class Unfinished:
    """What has to be written about updates that are not finished. It is false when there is nothing."""

    def __init__(self) -> None:
        self._new: dict[int, StoredUpdate] = {}
        self._handed_out: set[int] = set()
        self._finished: set[int] = set()

    def __bool__(self) -> bool:
        return bool(self._new or self._handed_out or self._finished)

    def put(self, new: Iterable[StoredUpdate], handed_out: Iterable[int], finished: Iterable[int]) -> None:
        """Take what is to be written; see `DurableSession.write_updates`."""
        self._new.update((one.id, one) for one in new)
        self._handed_out.update(handed_out)
        self._finished.update(finished)

    def forget(self, update_id: int) -> None:
        """An update is finished, and that is written already."""
        self._new.pop(update_id, None)
        self._handed_out.discard(update_id)

    def clear(self) -> None:
        """All of it is written."""
        self._new.clear()
        self._handed_out.clear()
        self._finished.clear()

    def write(self, conn: sqlite3.Connection) -> None:
        """Write it, in the transaction that is going on.

        Raises:
            sqlite3.OperationalError: somebody else has made a table of this name in another form.
        """
        has_unfinished(conn, make=True)
        # Most are finished before anything was written of them.
        new = [one for one in self._new.values() if one.id not in self._finished]
        conn.executemany(f"insert or replace into {UNFINISHED} (id, body, handed_out) values (?, ?, ?)", new)
        conn.executemany(
            f"update {UNFINISHED} set handed_out = 1 where id = ?",
            [(one,) for one in self._handed_out - self._finished],
        )
        conn.executemany(f"delete from {UNFINISHED} where id = ?", [(one,) for one in self._finished])

    @staticmethod
    def read(conn: sqlite3.Connection) -> list[StoredUpdate]:
        """Those that are in the file."""
        from telethon.sessions.durable import StoredUpdate

        if not has_unfinished(conn):
            return []
        rows = conn.execute(f"select id, body, handed_out from {UNFINISHED} order by id")
        return [StoredUpdate(number, body, bool(handed_out)) for number, body, handed_out in rows]

    @staticmethod
    def finish(
        conn: sqlite3.Connection, update_id: int, effect: Callable[[sqlite3.Connection], _T] | None
    ) -> _T | None:
        """Let *effect* work, and forget an update, in the transaction that is going on.

        Raises:
            TypeError: *effect* is a coroutine function.
            RuntimeError: *effect* ended the transaction.
        """
        result = None
        if effect is not None:
            result = effect(conn)
            if inspect.isawaitable(result):
                if inspect.iscoroutine(result):
                    result.close()
                raise TypeError(
                    "What is done together with acknowledging an update must be a plain function, not a coroutine "
                    "function: while it waits for something else, others would write in the same transaction"
                )
            if not conn.in_transaction:
                raise RuntimeError(
                    "What is done together with acknowledging an update must not commit, roll back or use "
                    "executescript: all of it is committed when it returns"
                )
        if has_unfinished(conn):
            conn.execute(f"delete from {UNFINISHED} where id = ?", (update_id,))
        return result
