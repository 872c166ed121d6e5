"""What of following updates outlives the program: how far they were followed, and the entities that came with them.

Writing costs a session file a millisecond or two, so that it is not done for every update; but what is written must be
no older than a second when the program is killed. And it must not run ahead: what is written as done is not told again.
"""

from __future__ import annotations

import asyncio
import datetime
import inspect
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from telethon._updates import ChannelState, MessageBox, SessionState
from telethon.client._await import maybe_await
from telethon.tl import types

if TYPE_CHECKING:
    import logging

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
        self._state: SessionState | None = None
        self._channels: dict[int, int] = {}
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
        channels: list[ChannelState] = []
        stored: Iterable[tuple[int, Any]] = await maybe_await(session.get_update_states())
        for entity_id, one in stored:
            if entity_id == 0:
                state = one
            elif one.pts:
                channels.append(ChannelState(entity_id, one.pts))
        if state is None or not state.pts:
            return False
        box.load(state, channels, now)
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
    def has_entities(self) -> bool:
        """Whether there are users or chats to write."""
        return bool(self._users or self._chats)

    def put(self, state: SessionState | None, channels: Iterable[ChannelState]) -> None:
        """Take what the box says has changed; it is written by the next `write`."""
        self._state = state or self._state
        self._channels.update((one.channel_id, one.pts) for one in channels)

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
            if not self._failed:
                self._log.error("The state of updates cannot be written to the session: %r", error)
            self._failed = True
        else:
            self._failed = False

    async def _write(self, session: Any) -> None:
        users, self._users = self._users, {}
        chats, self._chats = self._chats, {}
        state, self._state = self._state, None
        channels, self._channels = self._channels, {}
        try:
            if users or chats:
                # Sessions read the entities out of any answer.
                found = types.contacts.ResolvedPeer(types.PeerUser(0), [*chats.values()], [*users.values()])
                await maybe_await(session.process_entities(found))
            if state is not None:
                date = datetime.datetime.fromtimestamp(state.date, datetime.timezone.utc)
                stored = types.updates.State(state.pts, state.qts, date, state.seq, 0)
                await maybe_await(session.set_update_state(0, stored))
            date = datetime.datetime.now(datetime.timezone.utc)
            for channel_id, pts in channels.items():
                await maybe_await(session.set_update_state(channel_id, types.updates.State(pts, 0, date, 0, 0)))
            await maybe_await(session.save())
        except BaseException:
            # Kept for the next time, unless something newer has come meanwhile.
            self._users = {**users, **self._users}
            self._chats = {**chats, **self._chats}
            self._state = self._state or state
            self._channels = {**channels, **self._channels}
            raise
