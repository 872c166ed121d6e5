"""What of following updates outlives the program: how far they were followed, and the entities that came with them.

Writing costs a session file a millisecond or two, so that it is not done for every update; but what is written must be
no older than a second when the program is killed. And it must not run ahead: what is written as done is not told again.
"""

from __future__ import annotations

import asyncio
import datetime
import inspect
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any

from telethon._updates import ChannelState, MessageBox, SessionState
from telethon.client._await import maybe_await
from telethon.tl import types

if TYPE_CHECKING:
    import logging

    from telethon.sessions.durable import StoredUpdate

__all__ = ["UpdateStore"]


class UpdateStore:
    """Reads and writes the state of updates in a session.

    Args:
        session: gives the session; None after logging out.
        log: where to tell of failures.
    """

    def __init__(self, session: Callable[[], Any], log: logging.Logger) -> None:
        self._session = session
        self._log = log
        self._users: dict[int, Any] = {}
        self._chats: dict[int, Any] = {}
        self._states: dict[int, types.updates.State] = {}
        #: What could not be written of updates that are not finished.
        self._kept = _Unfinished()
        #: Whether updates that are not finished are stored, so that no state may be written without them.
        self.is_durable = False
        self._failed = False

    async def load(self, box: MessageBox, now: float) -> bool:
        """Let the box begin where the program ended the last time.

        Returns:
            Whether anything was stored.
        """
        session = self._session()
        if session is None:
            return False
        state: Any = None
        channels: list[tuple[float, ChannelState]] = []
        stored: Iterable[tuple[int, Any]] = await maybe_await(session.get_update_states())
        for entity_id, one in stored:
            if entity_id == 0:
                state = one
            elif one.pts:
                date = one.date.timestamp() if isinstance(one.date, datetime.datetime) else 0.0
                channels.append((date, ChannelState(entity_id, one.pts)))
        if state is None or not state.pts:
            return False
        # The liveliest ones first: they are asked about in this order.
        channels.sort(key=lambda pair: pair[0], reverse=True)
        box.load(state, [channel for _, channel in channels], now)
        return True

    async def input_channel(self, channel_id: int) -> types.TypeInputChannel | None:
        """The input channel of a channel, as far as the session knows it."""
        session = self._session()
        if session is None:
            return None
        try:
            peer = await maybe_await(session.get_input_entity(types.PeerChannel(channel_id)))
        except ValueError:
            return None
        if not isinstance(peer, types.InputPeerChannel):
            return None
        return types.InputChannel(peer.channel_id, peer.access_hash)

    # -- writing -------------------------------------------------------------------------------------------------

    def note_entities(self, users: Iterable[Any], chats: Iterable[Any]) -> None:
        """Remember users and chats for the next time something is written; the newest form of each counts."""
        for user in users:
            self._users[user.id] = user
        for chat in chats:
            self._chats[chat.id] = chat

    def note_self(self, user: types.User) -> None:
        """Remember whose account this is, so that it need not be asked the next time."""
        self._users[user.id] = user
        # Sessions keep the own id as the hash of an entity 0.
        self._users[0] = types.InputPeerUser(0, user.id)

    def knows_user(self, user_id: int) -> bool:
        """Whether the session could name a user in a request."""
        if user_id in self._users:
            return True
        session = self._session()
        if session is None:
            return False
        try:
            found = session.get_input_entity(types.PeerUser(user_id))
        except ValueError:
            return False
        if inspect.iscoroutine(found):
            # It cannot be waited for here.
            found.close()
        return True

    @property
    def has_failed(self) -> bool:
        """Whether the session could not be written the last time."""
        return self._failed

    @property
    def has_entities(self) -> bool:
        """Whether there are users or chats to write."""
        return bool(self._users or self._chats)

    def put(self, state: SessionState | None, channels: Iterable[ChannelState]) -> None:
        """Take what the box says has changed; it is written by the next `write`."""
        if state is not None:
            date = datetime.datetime.fromtimestamp(state.date, datetime.timezone.utc)
            self._states[0] = types.updates.State(state.pts, state.qts, date, state.seq, 0)
        several = list(channels)
        if several:
            date = datetime.datetime.now(datetime.timezone.utc)
            self._states.update((one.channel_id, types.updates.State(one.pts, 0, date, 0, 0)) for one in several)

    async def write(self) -> None:
        """Write what was taken; what cannot be written is kept for the next time."""
        session = self._session()
        if session is None:
            return
        try:
            await self._write(session)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - back ends of others raise what they like; updates must go on
            self._tell_failure(error)
        else:
            # What `write_durably` could not write is no error here.
            self._failed = self._failed and self.is_durable

    def _tell_failure(self, error: Exception) -> None:
        if not self._failed:
            self._log.error("The state of updates cannot be written to the session: %r", error)
        self._failed = True

    async def _write(self, session: Any) -> None:
        users, self._users = self._users, {}
        chats, self._chats = self._chats, {}
        states: dict[int, types.updates.State] = {}
        if not self.is_durable:
            states, self._states = self._states, {}
        try:
            if users or chats:
                # Sessions read the entities out of any answer.
                found = types.contacts.ResolvedPeer(types.PeerUser(0), [*chats.values()], [*users.values()])
                await maybe_await(session.process_entities(found))
            if self.is_durable and (done := self.write_durably()) is not None:
                await done
            for entity_id, state in states.items():
                await maybe_await(session.set_update_state(entity_id, state))
            await maybe_await(session.save())
        except BaseException:
            # Kept for the next time, unless something newer has come meanwhile.
            self._users = {**users, **self._users}
            self._chats = {**chats, **self._chats}
            self._states = {**states, **self._states}
            raise

    # -- updates that are not finished ---------------------------------------------------------------------------------

    async def unfinished(self) -> list[StoredUpdate]:
        """The updates that were not finished the last time."""
        session = self._session()
        return [] if session is None else list(await maybe_await(session.get_unfinished_updates()))

    def write_durably(
        self, new: Iterable[StoredUpdate] = (), handed_out: Iterable[int] = (), finished: Iterable[int] = ()
    ) -> Awaitable[None] | None:
        """Write the state and what becomes of updates, as one; what cannot be written is kept for the next time.

        Args:
            new: updates that begin.
            handed_out: numbers of updates whose handlers begin.
            finished: numbers of updates that are done.

        Returns:
            None when it is written, or what to await until it is.
        """
        self._kept.add(new, handed_out, finished)
        session = self._session()
        if session is None or not (self._states or self._kept):
            return None
        states, self._states = self._states, {}
        kept, self._kept = self._kept, _Unfinished()
        try:
            done = session.write_updates(
                states.items(), new=kept.new, handed_out=kept.handed_out, finished=kept.finished
            )
        except Exception as error:  # noqa: BLE001 - as in `write`
            self._keep(states, kept, error)
            return None
        if done is None:
            self._failed = False
            return None
        return self._finish_writing(done, states, kept)

    async def _finish_writing(
        self, done: Awaitable[Any], states: dict[int, types.updates.State], kept: _Unfinished
    ) -> None:
        try:
            await done
        except asyncio.CancelledError as error:
            self._keep(states, kept, error)
            raise
        except Exception as error:  # noqa: BLE001 - as in `write`
            self._keep(states, kept, error)
        else:
            self._failed = False

    def _keep(self, states: dict[int, types.updates.State], kept: _Unfinished, error: BaseException) -> None:
        self._states = {**states, **self._states}
        kept.add(self._kept.new, self._kept.handed_out, self._kept.finished)
        self._kept = kept
        if isinstance(error, Exception):
            self._tell_failure(error)

    async def finish_update(self, update_id: int, effect: Callable[[Any], Any] | None) -> Any:
        """Forget an update, in one transaction with what *effect* does; see `DurableSession.finish_update`."""
        session = self._session()
        if session is None:
            raise RuntimeError("The client has logged out, and with that forgotten its updates")
        if (done := self.write_durably()) is not None:
            await done
        return await maybe_await(session.finish_update(update_id, effect))

    async def close(self) -> None:
        """Close the session, which somebody used after it had been closed."""
        session = self._session()
        if session is not None:
            await maybe_await(session.close())


class _Unfinished:
    """What is to be written of updates that are not finished."""

    def __init__(self) -> None:
        self.new: list[StoredUpdate] = []
        self.handed_out: list[int] = []
        self.finished: list[int] = []

    def __bool__(self) -> bool:
        return bool(self.new or self.handed_out or self.finished)

    def add(self, new: Iterable[StoredUpdate], handed_out: Iterable[int], finished: Iterable[int]) -> None:
        """Put more to it."""
        self.new.extend(new)
        self.handed_out.extend(handed_out)
        self.finished.extend(finished)
