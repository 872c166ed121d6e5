"""When the state of updates is written: soon, not too often, and never before the handlers have had their turn."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from telethon._updates import EntityCache, MessageBox
from telethon.client._beside import error_of, now_of

if TYPE_CHECKING:
    import logging

    from telethon.client._beside import Beside
    from telethon.client._dispatch import Dispatcher
    from telethon.client._updateline import Changes, UpdateLine
    from telethon.client._updatestore import UpdateStore

__all__ = ["Saver"]

#: Seconds between writing the state; more when writing takes long.
_MIN_SAVE: Final = 0.02
_MAX_SAVE: Final = 0.5
#: Writing may take this part of the time: the shorter the pauses, the less is told again after a crash.
_SAVE_SHARE: Final = 20
#: Seconds that it takes to wait for one handler.
_WAITING: Final = 5e-6
#: Seconds to wait for handlers before their updates count as handled: a handler may run for hours.
_PATIENCE: Final = 0.4


class Saver:
    """Writes the state of a message box now and then.

    Args:
        store: keeps the state in the session.
        box: gives the message box.
        beside: runs the writing.
        dispatcher: knows the handlers that run.
        cache: gives the access hashes in memory.
        limit: how many of them to keep there.
        log: where to tell of what goes wrong.
        is_running: says whether updates are followed still.

    Attributes:
        line: the updates that wait for their handlers, in sequential mode.
        is_patient: whether to wait for the handlers that run; not when unfinished updates are stored themselves.
        unsaved_since: when the first change came that is not written yet; None when everything is.
    """

    def __init__(
        self,
        store: UpdateStore,
        box: Callable[[], MessageBox],
        beside: Beside,
        dispatcher: Dispatcher,
        cache: Callable[[], EntityCache],
        limit: int,
        log: logging.Logger,
        is_running: Callable[[], bool],
    ) -> None:
        self._store = store
        self._box = box
        self._beside = beside
        self._dispatcher = dispatcher
        self._cache = cache
        self._limit = limit
        self._log = log
        self._is_running = is_running
        self.line: UpdateLine | None = None
        self.is_patient = True
        self.unsaved_since: float | None = None
        self._is_saving = False
        self._save_after = 0.0

    @property
    def _is_held_up(self) -> bool:
        """Whether updates stand in line, so that what the box knows now is not handled yet."""
        return self.line is not None and self.is_patient and self.line.is_waiting

    @property
    def deadline(self) -> float | None:
        """When to call `save_if_due` next; None when there is nothing to write."""
        if self._is_saving or not (self._box().has_changes or (self._store.has_entities and not self._is_held_up)):
            return None
        return self._save_after

    def save_if_due(self, now: float) -> None:
        """Write what has changed, if it is time.

        Args:
            now: the current moment.
        """
        deadline = self.deadline
        if self.unsaved_since is None and (deadline is not None or self._box().has_changes):
            self.unsaved_since = now
        if deadline is None or now < deadline:
            return
        self._save_after = now + _MAX_SAVE
        changes = self._box().take_changes()
        if self.line is not None and self._is_held_up:
            # It holds when those in line have been handled.
            self.line.add_state(changes)
        else:
            self.on_state(changes)

    def on_state(self, changes: Changes) -> None:
        """All that a state tells of has been handled: write it."""
        self._store.put(*changes)
        if not self._is_saving:
            self._is_saving = True
            self._beside.spawn(self._write).add_done_callback(self._on_done)

    async def save_now(self) -> None:
        """Write everything: the end has come."""
        self._is_saving = False
        await self.save()

    async def save(self) -> None:
        """Write everything that may be written now."""
        if not self._is_held_up:
            # Otherwise what stands in line is told again the next time.
            self._store.put(*self._box().take_changes())
        await self._store.write()

    async def _write(self) -> float:
        """Write what the store has; the seconds of work that were."""
        running = list(self._dispatcher.running) if self.is_patient else []
        if running:
            # What is being handled counts as handled when it is done.
            await asyncio.wait(running, timeout=_PATIENCE)
        # Time in which the machine does something else is no reason to write less often.
        start = time.thread_time()
        await self._store.write()
        return time.thread_time() - start + len(running) * _WAITING

    def _on_done(self, task: asyncio.Task[Any]) -> None:
        # Not as a report, because after most of the writing there is nothing for the wheel to do.
        self._on_written(task, now_of())
        if self.deadline is not None:
            self._beside.wake()

    def _on_written(self, task: asyncio.Task[Any], now: float) -> None:
        self._is_saving = False
        error = error_of(task)
        if error is not None and (not self._is_running() or isinstance(error, KeyboardInterrupt)):
            # It was given up, be it because the program is ended with Ctrl-C, and is done once more at the end.
            return
        if error is not None:
            self._log.error("Unexpected error while storing the state of updates: %s", type(error).__name__)
            self._save_after = now + _MAX_SAVE
            return
        if not self._store.has_failed and not self._is_held_up:
            self.unsaved_since = now if self._box().has_changes else None
        self._save_after = now + min(max(_MIN_SAVE, task.result() * _SAVE_SHARE), _MAX_SAVE)
        self._forget_entities()

    def _forget_entities(self) -> None:
        """The session has them all now; memory keeps only those that are needed often."""
        cache = self._cache()
        if len(cache) > self._limit:
            box = self._box()
            cache.retain(lambda id: id == cache.self_id or box.channel_pts(id) is not None)
