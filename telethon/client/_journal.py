"""Updates that survive a crash: each is stored with the state that counts it as known, and forgotten when it is done.

What a turn of the wheel hands out is written, together with how far updates were followed, before the first handler
begins. When the handlers of an update have returned, it is deleted. So after a crash the session has exactly those
updates whose handlers had not returned: they are delivered again, and all others are not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from telethon.client._dispatch import EventBuilderDict
from telethon.client._storedupdates import pack, unpack
from telethon.events.delivery import Delivery
from telethon.sessions.durable import StoredUpdate

if TYPE_CHECKING:
    import logging

    from telethon._core.clock import Clock
    from telethon.client._dispatch import Dispatcher
    from telethon.client._updateline import Changes, UpdateLine
    from telethon.client._updatestore import UpdateStore

__all__ = ["Journal"]

_MICROSECONDS: Final = 1_000_000


class Journal:
    """Hands updates to the handlers of a client, and notes what is not finished.

    Args:
        store: writes to the session.
        dispatcher: calls the handlers.
        line: where updates wait for their turn; None when they need not.
        clock: numbers updates, so that those of a later run have larger numbers.
        log: where to tell of what goes wrong.

    Attributes:
        is_begun: whether what earlier runs did not finish is handed out.
        redelivered: how many updates were delivered again.
    """

    def __init__(
        self, store: UpdateStore, dispatcher: Dispatcher, line: UpdateLine | None, clock: Clock, log: logging.Logger
    ) -> None:
        self._store = store
        self._dispatcher = dispatcher
        self._line = line
        self._clock = clock
        self._log = log
        self._last_id = 0
        #: Updates that are not finished, by number.
        self._open: dict[int, Delivery] = {}
        self._new: list[StoredUpdate] = []
        self._handed_out: list[int] = []
        self._finished: list[int] = []
        self._flush_is_due = False
        self._writing: asyncio.Task[None] | None = None
        self._is_stopped = False
        self._beginning = asyncio.Lock()
        self.is_begun = False
        self.redelivered = 0

    def __len__(self) -> int:
        return len(self._open)

    @property
    def is_dirty(self) -> bool:
        """Whether `flush` has something to write."""
        return bool(self._new or self._handed_out or self._finished)

    # -- handing out -------------------------------------------------------------------------------------------------

    def hand_out(self, updates: list[Any]) -> None:
        """Let the handlers have updates; `flush` must be called before any task gets its turn."""
        for update in updates:
            self._last_id = number = max(self._last_id + 1, int(self._clock.now().wall * _MICROSECONDS))
            delivery = Delivery(self, number)
            update._delivery = delivery
            built = self._dispatcher.prepare(update, updates)
            if self._start(delivery, built):
                self._new.append(StoredUpdate(number, self._pack(update), self._line is None))
                self._open[number] = delivery

    def _start(self, delivery: Delivery, built: EventBuilderDict) -> bool:
        """Call the handlers, or put them in line; whether anybody wants the update."""
        if self._line is None:
            self._dispatcher.start(built)
            return delivery.is_held
        is_wanted = self._dispatcher.plan(built) is not None
        if is_wanted:
            self._line.put(built)
        return is_wanted or delivery.is_held

    def _pack(self, update: Any) -> bytes:
        try:
            return pack(update)
        except Exception:  # noqa: BLE001 - classes of programs may stand in the place of ours, and fail as they like
            self._log.exception("A %s cannot be stored, and would be lost in a crash", type(update).__name__)
            return b""

    async def deliver_again(self) -> None:
        """Hand out what earlier runs did not finish, if that was not done already."""
        async with self._beginning:
            if not self.is_begun:
                try:
                    await self._deliver_again()
                finally:
                    self.is_begun = True

    async def _deliver_again(self) -> None:
        self._is_stopped = False
        stored = await self._store.unfinished()
        if stored and not self._dispatcher.client._event_builders:
            self._last_id = max(one.id for one in stored)
            self._log.warning(
                "%d updates were not finished the last time, and no handler could have them. They are kept for the "
                "next run; add handlers before connecting",
                len(stored),
            )
            return
        again: list[tuple[StoredUpdate, Any]] = []
        for one in stored:
            self._last_id = max(self._last_id, one.id)
            if one.id in self._open:
                continue
            try:
                again.append((one, unpack(one.body)))
            except Exception as error:  # noqa: BLE001 - the others must not be lost because of one
                self._log.error("A stored update cannot be read (%s); it is left out", type(error).__name__)
                self._finished.append(one.id)
        if again:
            self._log.info("%d updates were not finished the last time; they are delivered again", len(again))
        for one, update in again:
            delivery = update._delivery = Delivery(self, one.id, one.is_handed_out)
            # Conversations that might wait for it have ended with the run in which it came.
            built = EventBuilderDict(self._dispatcher.client, update, [update])
            if not self._start(delivery, built):
                self._finished.append(one.id)
                continue
            self._open[one.id] = delivery
            self.redelivered += one.is_handed_out
            if self._line is None and not one.is_handed_out:
                self._handed_out.append(one.id)
        self.flush()

    def on_turn(self, built: EventBuilderDict) -> None:
        """In line: the turn of an update has come."""
        delivery: Delivery | None = getattr(built.update, "_delivery", None)
        if delivery is not None and delivery.id in self._open:
            self._handed_out.append(delivery.id)
            self.flush()

    # -- finishing ---------------------------------------------------------------------------------------------------

    def finished(self, delivery: Delivery) -> None:
        """The handlers of an update have returned."""
        if self._open.pop(delivery.id, None) is None:
            return
        self._finished.append(delivery.id)
        if not self._flush_is_due:
            # Many may end in the same turn of the loop.
            self._flush_is_due = True
            asyncio.get_running_loop().call_soon(self._flush_due)

    def abandoned(self, delivery: Delivery) -> None:
        """The handlers of an update were cancelled: it stays in the session, to be delivered again."""
        self._open.pop(delivery.id, None)

    def _flush_due(self) -> None:
        self._flush_is_due = False
        self.flush()

    async def acknowledge(self, delivery: Delivery, effect: Callable[[Any], Any] | None) -> Any:
        """See `Delivery.acknowledge`."""
        result = await self._store.finish_update(delivery.id, effect)
        self._open.pop(delivery.id, None)
        return result

    # -- writing -----------------------------------------------------------------------------------------------------

    def flush(self, changes: Changes | None = None) -> None:
        """Write what is handed out and what is finished, in one transaction.

        Args:
            changes: how far updates were followed; what was handed out belongs to it.
        """
        if changes is not None:
            self._store.put(*changes)
        if self._writing is not None or not self.is_dirty:
            return
        new, self._new = self._new, []
        handed_out, self._handed_out = self._handed_out, []
        finished, self._finished = self._finished, []
        done = self._store.write_durably(new, handed_out, finished)
        if done is None and not self._is_stopped:
            return
        self._writing = task = asyncio.get_running_loop().create_task(self._finish_writing(done))
        if done is not None:
            for number in (*(one.id for one in new), *handed_out):
                if (delivery := self._open.get(number)) is not None:
                    delivery.written = asyncio.shield(task)

    async def _finish_writing(self, done: Any) -> None:
        try:
            if done is not None:
                await done
            if self._is_stopped:
                await self._store.close()
        finally:
            self._writing = None
            self.flush()

    async def stop(self) -> None:
        """Write everything; what is finished later is written then, and the session is closed after it."""
        self.is_begun = False
        if self._line is not None:
            # It is read again from the session when there is a new connection.
            self._line.clear()
        self.flush()
        while self._writing is not None:
            await asyncio.wait([self._writing])
        # Those that were in line are as if they had never been read.
        self._open = {number: delivery for number, delivery in self._open.items() if delivery.is_held}
        self._is_stopped = True
