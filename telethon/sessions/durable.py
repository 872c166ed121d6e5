"""What a session needs so that updates survive a crash: `SQLiteSession` has it, others may."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, runtime_checkable

if TYPE_CHECKING:
    from telethon.tl import types

__all__ = ["DurableSession", "StoredUpdate"]


class StoredUpdate(NamedTuple):
    """An update whose handlers have not all returned.

    Attributes:
        id: its number; no other update of this session has or had the same one, and later ones have larger ones.
        body: the update and who is named in it, as the client wrote it. It has the text of messages in it.
        is_handed_out: whether handlers may have begun with it.
    """

    id: int
    body: bytes
    is_handed_out: bool


@runtime_checkable
class DurableSession(Protocol):
    """What `TelegramClient(..., durable_updates=True)` asks of its session, beside what every session has.

    All methods may be asynchronous; the client then awaits them, and handlers begin when `write_updates` is done.
    """

    def get_unfinished_updates(self) -> Iterable[StoredUpdate]:
        """The updates that `write_updates` was given and that are not finished, in the order of their numbers."""
        ...

    def write_updates(
        self,
        states: Iterable[tuple[int, types.updates.State]] = (),
        *,
        new: Iterable[StoredUpdate] = (),
        handed_out: Iterable[int] = (),
        finished: Iterable[int] = (),
    ) -> Any:
        """Write all of this or nothing of it, in one transaction that is over when this returns.

        Args:
            states: how far updates were followed, as `Session.set_update_state` takes it.
            new: updates that begin.
            handed_out: the numbers of updates whose handlers begin now.
            finished: the numbers of updates that are done, and can be forgotten.
        """
        ...

    def finish_update(self, update_id: int, effect: Callable[[Any], Any] | None = None) -> Any:
        """Forget an update, in one transaction with what *effect* does.

        Args:
            update_id: the number of the update.
            effect: called with whatever lets it take part in the transaction, such as an `sqlite3.Connection`. What it
                raises undoes all of it, and is raised.

        Returns:
            What *effect* gave.
        """
        ...
