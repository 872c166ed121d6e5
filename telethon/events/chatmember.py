"""What somebody is in a chat: member, administrator, restricted, gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from telethon import utils
from telethon.events._user import ActorEvent
from telethon.events.common import EventBuilder, name_inner_event
from telethon.tl import types

if TYPE_CHECKING:
    import datetime

    from telethon.tl.custom._base import Sender

    Changed: TypeAlias = "types.UpdateChannelParticipant | types.UpdateChatParticipant"
    Participant: TypeAlias = "types.TypeChannelParticipant | types.TypeChatParticipant"

__all__ = ["ChatMember", "ChatMemberEvent"]

#: What takes part in a chat.
_INSIDE: Final = frozenset({"creator", "admin", "member", "restricted"})


class ChatMemberEvent(ActorEvent):
    """Somebody became something else in a chat: `user` is whom it is about, `sender` who did it.

    Args:
        update: the update.
        self_id: the id of the own account.

    Attributes:
        old: what the user was before; None for nothing.
        new: what the user is now; None for nothing.
        user_id: the id of whom it is about.
        is_self: whether it is about the own account.
    """

    old: Participant | None
    new: Participant | None
    user_id: int
    is_self: bool

    def __init__(self, update: Changed, self_id: int | None = None) -> None:
        if isinstance(update, types.UpdateChannelParticipant):
            peer: types.TypePeer = types.PeerChannel(update.channel_id)
        else:
            peer = types.PeerChat(update.chat_id)
        super().__init__(update.actor_id, peer)
        self._update = update
        self._user: Any = None
        self.old = update.prev_participant
        self.new = update.new_participant
        self.user_id = update.user_id
        self.is_self = update.user_id == self_id

    # -- who -----------------------------------------------------------------------------------------------------

    @property
    def user(self) -> Sender | None:
        """Whom it is about, when it is known."""
        return cast("Sender | None", self._user or self._entities.get(self.user_id))

    async def get_user(self) -> Sender | None:
        """Whom it is about.

        Network: one request when `user` is not known.
        """
        user = self.user
        if user is None or getattr(user, "min", False):
            peer = await self._input_of(self.user_id)
            user = self._user = cast("Any", await self.client.get_entity(peer)) if peer is not None else user
        return user

    @property
    def input_user(self) -> types.TypeInputPeer | None:
        """The input peer of whom it is about, when it is known."""
        cache: Any = {} if self._client is None else self._client._mb_entity_cache
        peer: types.TypeInputPeer | None = utils._get_entity_pair(self.user_id, self._entities, cache)[1]
        return peer

    async def get_input_user(self) -> types.TypeInputPeer | None:
        """The input peer of whom it is about; None when nobody knows it."""
        return self.input_user or await self._input_of(self.user_id)

    # -- what happened -------------------------------------------------------------------------------------------

    @property
    def date(self) -> datetime.datetime | None:
        """When it happened."""
        return self._update.date

    @property
    def invite(self) -> types.TypeExportedChatInvite | None:
        """The link by which the user came, if it did."""
        return self._update.invite

    @property
    def old_status(self) -> str:
        """What the user was: ``creator``, ``admin``, ``member``, ``restricted``, ``left`` or ``banned``."""
        return _status(self.old)

    @property
    def new_status(self) -> str:
        """What the user is now, as `old_status`. Who is restricted may be in the chat or not."""
        return _status(self.new)

    @property
    def was_inside(self) -> bool:
        """Whether the user took part in the chat before."""
        return _is_inside(self.old)

    @property
    def is_inside(self) -> bool:
        """Whether the user takes part in the chat now."""
        return _is_inside(self.new)

    @property
    def joined(self) -> bool:
        """Whether the user has come by itself."""
        return self.is_inside and not self.was_inside and self.user_id == self.sender_id

    @property
    def added(self) -> bool:
        """Whether the user was brought in, or let in, by another."""
        return self.is_inside and not self.was_inside and self.user_id != self.sender_id

    @property
    def left(self) -> bool:
        """Whether the user has left by itself."""
        return self.was_inside and not self.is_inside and self.user_id == self.sender_id

    @property
    def kicked(self) -> bool:
        """Whether the user was thrown out, and may come back or not: see `banned`."""
        return self.was_inside and not self.is_inside and self.user_id != self.sender_id

    @property
    def banned(self) -> bool:
        """Whether the user may not come in from now on."""
        return self.new_status == "banned" != self.old_status

    @property
    def unbanned(self) -> bool:
        """Whether the user may come in again from now on."""
        return self.old_status == "banned" != self.new_status

    @property
    def restricted(self) -> bool:
        """Whether there are things that the user may not do from now on, or other ones than before."""
        return self.new_status == "restricted" and not _are_equal(self.old, self.new)

    @property
    def promoted(self) -> bool:
        """Whether the user became an administrator, or the owner."""
        return self.new_status in ("admin", "creator") and self.old_status not in ("admin", "creator")

    @property
    def demoted(self) -> bool:
        """Whether the user is no administrator any more."""
        return self.old_status in ("admin", "creator") and self.new_status not in ("admin", "creator")


@name_inner_event
class ChatMember(EventBuilder[ChatMemberEvent]):
    """Happens when somebody comes, goes, is promoted or restricted. Only bots that are administrators get it.

    Bots also get it for themselves everywhere. `ChatAction` is what users get, and tells less.

    Args:
        chats: the chats whose events are wanted; None for all.
        blacklist_chats: whether it is these chats whose events are *not* wanted.
        func: only events for which it gives something true are wanted. It may be asynchronous.

    Example:
        >>> @client.on(events.ChatMember)
        ... async def handler(event):
        ...     if event.promoted:
        ...         await event.respond("We have another administrator!")

    Source: https://core.telegram.org/constructor/updateChannelParticipant
    """

    Event: TypeAlias = ChatMemberEvent

    @classmethod
    def build(cls, update: Any, others: list[Any] | None = None, self_id: int | None = None) -> ChatMemberEvent | None:
        """The event of what somebody became; None for other updates."""
        if isinstance(update, (types.UpdateChannelParticipant, types.UpdateChatParticipant)):
            return cls.Event(update, self_id)
        return None


def _status(participant: Participant | None) -> str:
    if participant is None or isinstance(participant, types.ChannelParticipantLeft):
        return "left"
    if isinstance(participant, (types.ChannelParticipantCreator, types.ChatParticipantCreator)):
        return "creator"
    if isinstance(participant, (types.ChannelParticipantAdmin, types.ChatParticipantAdmin)):
        return "admin"
    if isinstance(participant, types.ChannelParticipantBanned):
        return "banned" if participant.banned_rights.view_messages else "restricted"
    return "member"


def _is_inside(participant: Participant | None) -> bool:
    if isinstance(participant, types.ChannelParticipantBanned) and participant.left:
        return False
    return _status(participant) in _INSIDE


def _are_equal(one: Participant | None, other: Participant | None) -> bool:
    rights = [getattr(participant, "banned_rights", None) for participant in (one, other)]
    return bool(rights[0] == rights[1])
