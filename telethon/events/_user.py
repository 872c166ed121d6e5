"""What events have in common that somebody causes, or that are about one user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from telethon.events.common import E, EventBuilder, EventCommon
from telethon.tl.custom.sendergetter import SenderGetter

if TYPE_CHECKING:
    from telethon.events.common import Chats, Func
    from telethon.tl import types
    from telethon.tl.custom._base import Sender
    from telethon.tl.tlobject import TLRequest

__all__ = ["ActorEvent", "QueryEvent", "UserBuilder", "UserEvent"]


class ActorEvent(EventCommon, SenderGetter):
    """An event that somebody causes.

    Args:
        actor_id: the marked id of who caused it; None when that is not told.
        chat_peer: the chat.
        msg_id: the message it is about.
    """

    def __init__(
        self, actor_id: int | None, chat_peer: types.TypePeer | None = None, msg_id: int | None = None
    ) -> None:
        super().__init__(chat_peer, msg_id=msg_id)
        SenderGetter.__init__(self, actor_id)

    def _set_client(self, client: Any) -> None:
        super()._set_client(client)
        self._sender = self._entities.get(self._sender_id or 0)

    async def _refetch_sender(self) -> None:
        self._input_sender = await self._input_of(self._sender_id)

    async def _input_of(self, marked_id: int | None) -> types.TypeInputPeer | None:
        """The input peer with that id as far as the client knows it."""
        if marked_id is None or self._client is None:
            return None
        try:
            return await self._client.get_input_entity(marked_id)
        except ValueError:
            # Nobody knows them; the caller sees it by the None.
            return None

    async def respond(self, *args: Any, **kwargs: Any) -> types.Message:
        """Send a message to the chat, not as a reply; takes the arguments of `client.send_message` after the chat.

        Network: that of `client.send_message`.
        """
        sent: types.Message = await self.client.send_message(cast("Any", await self.get_input_chat()), *args, **kwargs)
        return sent


class UserEvent(ActorEvent):
    """An event of one user, who is its sender, too."""

    @property
    def user(self) -> Sender | None:
        """Who it is, when it is known; another name of `sender`."""
        return self.sender

    async def get_user(self) -> Sender | None:
        """Who it is; another name of `get_sender`.

        Example:
            >>> user = await event.get_user()

        Network: one request when `user` is not known.
        """
        return await self.get_sender()

    @property
    def input_user(self) -> types.TypeInputPeer | None:
        """The input peer of who it is, when it is known; another name of `input_sender`."""
        return self.input_sender

    async def get_input_user(self) -> types.TypeInputPeer | None:
        """The input peer of who it is; another name of `get_input_sender`.

        Example:
            >>> peer = await event.get_input_user()
        """
        return await self.get_input_sender()

    @property
    def user_id(self) -> int | None:
        """The id of who it is; another name of `sender_id`."""
        return self.sender_id


class QueryEvent(UserEvent):
    """A question of Telegram to a bot, which is answered once.

    Args:
        query: the update.
        user_id: who has caused it.
        chat_peer: where.
    """

    _is_answered = False

    def __init__(self, query: Any, user_id: int, chat_peer: types.TypePeer) -> None:
        super().__init__(user_id, chat_peer)
        self.query = query

    @property
    def id(self) -> int:
        """The id of the query."""
        query_id: int = self.query.query_id
        return query_id

    async def _answer_once(self, request: TLRequest[bool]) -> bool | None:
        """Send the answer, unless there was one; what could not be sent counts as none."""
        if self._is_answered:
            return None
        self._is_answered = True
        try:
            return await self.client(request)
        except BaseException:
            self._is_answered = False
            raise


class UserBuilder(EventBuilder[E]):
    """Makes events of users.

    Args:
        users: whose events are wanted; None for everybody's.
        blacklist_users: whether it is these users whose events are *not* wanted.
        func: only events for which it gives something true are wanted. It may be asynchronous.
    """

    def __init__(self, users: Chats | None = None, *, blacklist_users: bool = False, func: Func | None = None) -> None:
        super().__init__(users, blacklist_chats=blacklist_users, func=func)
