"""Requests to join a chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

from telethon import utils
from telethon.events._user import UserEvent
from telethon.events.common import EventBuilder, name_inner_event
from telethon.tl import functions, types

if TYPE_CHECKING:
    import datetime

    from telethon.hints import EntityLike

    Asked: TypeAlias = "types.UpdateBotChatInviteRequester | types.UpdatePendingJoinRequests"

__all__ = ["JoinRequest", "JoinRequestEvent"]


class JoinRequestEvent(UserEvent):
    """Somebody asks to join a chat.

    Bots hear of each request by itself, with its text and link. Users hear how many are waiting, and who the latest
    are: `user` is the first of these.

    Args:
        update: the update.
    """

    def __init__(self, update: Asked) -> None:
        several = [update.user_id] if isinstance(update, types.UpdateBotChatInviteRequester) else []
        if isinstance(update, types.UpdatePendingJoinRequests):
            several = list(update.recent_requesters)
        super().__init__(several[0] if several else None, update.peer)
        self._update = update
        self._user_ids = several

    @property
    def user_ids(self) -> list[int]:
        """The ids of those who ask; only the latest ones when there are many."""
        return list(self._user_ids)

    @property
    def pending(self) -> int | None:
        """How many requests are waiting in the chat; only users are told."""
        return getattr(self._update, "requests_pending", None)

    @property
    def about(self) -> str | None:
        """What the user says of itself in its profile; only bots are told."""
        return getattr(self._update, "about", None)

    @property
    def invite(self) -> types.TypeExportedChatInvite | None:
        """The link by which the user came; only bots are told."""
        return getattr(self._update, "invite", None)

    @property
    def date(self) -> datetime.datetime | None:
        """When the user asked; only bots are told."""
        return getattr(self._update, "date", None)

    # -- answering -----------------------------------------------------------------------------------------------

    async def approve(self, user: EntityLike | None = None) -> None:
        """Let a user in.

        Args:
            user: who; None for everybody in `user_ids`.

        Example:
            >>> await event.approve()

        Network: one request for each user.
        Source: https://core.telegram.org/method/messages.hideChatJoinRequest
        """
        await self._decide(user, approved=True)

    async def decline(self, user: EntityLike | None = None) -> None:
        """Do not let a user in; it may ask again.

        Args:
            user: who; None for everybody in `user_ids`.

        Example:
            >>> await event.decline()

        Network: one request for each user.
        Source: https://core.telegram.org/method/messages.hideChatJoinRequest
        """
        await self._decide(user, approved=False)

    async def _decide(self, user: EntityLike | None, approved: bool) -> None:
        chat = cast("types.TypeInputPeer", await self.get_input_chat())
        for one in self._user_ids if user is None else [user]:
            peer = utils.get_input_user(await self.client.get_input_entity(one))
            await self.client(functions.messages.HideChatJoinRequestRequest(chat, peer, approved=approved))

    async def approve_all(self, link: str | None = None) -> None:
        """Let everybody in who is waiting, also those who are not in `user_ids`. Bots cannot.

        Args:
            link: only those who came by this link; None for all.

        Network: one request.
        Source: https://core.telegram.org/method/messages.hideAllChatJoinRequests
        """
        chat = cast("types.TypeInputPeer", await self.get_input_chat())
        await self.client(functions.messages.HideAllChatJoinRequestsRequest(chat, approved=True, link=link))

    async def decline_all(self, link: str | None = None) -> None:
        """Let nobody in who is waiting, also those who are not in `user_ids`. Bots cannot.

        Args:
            link: only those who came by this link; None for all.

        Network: one request.
        Source: https://core.telegram.org/method/messages.hideAllChatJoinRequests
        """
        chat = cast("types.TypeInputPeer", await self.get_input_chat())
        await self.client(functions.messages.HideAllChatJoinRequestsRequest(chat, approved=False, link=link))


@name_inner_event
class JoinRequest(EventBuilder[JoinRequestEvent]):
    """Happens when somebody asks to join a chat of which one is an administrator who may invite users.

    Args:
        chats: the chats whose events are wanted; None for all.
        blacklist_chats: whether it is these chats whose events are *not* wanted.
        func: only events for which it gives something true are wanted. It may be asynchronous.

    Example:
        >>> @client.on(events.JoinRequest)
        ... async def handler(event):
        ...     await event.approve()

    Source: https://core.telegram.org/api/invites#join-requests
    """

    Event: TypeAlias = JoinRequestEvent

    @classmethod
    def build(cls, update: Any, others: list[Any] | None = None, self_id: int | None = None) -> JoinRequestEvent | None:
        """The event of a request to join; None for other updates, and when nobody is waiting any more."""
        if isinstance(update, types.UpdateBotChatInviteRequester):
            return cls.Event(update)
        if isinstance(update, types.UpdatePendingJoinRequests) and update.recent_requesters:
            return cls.Event(update)
        return None
