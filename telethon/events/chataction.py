"""Things that happen to a chat: people come and go, titles, photos and pins change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

from telethon import utils
from telethon.events.common import EventBuilder, EventCommon, name_inner_event
from telethon.tl import types

if TYPE_CHECKING:
    Where: TypeAlias = "types.TypePeer | types.MessageService"

__all__ = ["ChatAction", "ChatActionEvent"]


class ChatActionEvent(EventCommon):
    """Something that happened to a chat.

    Args:
        where: the chat, or the service message that tells of it.
        new_photo: the new photo; True when it was taken away.
        added_by: who added the users; True when they came by themselves.
        kicked_by: who removed the user; True when it left by itself.
        created: whether the chat was just made.
        users: whom it is about.
        new_title: the new title.
        pin_ids: the messages that were pinned or unpinned.
        pin: False when they were unpinned.
        new_score: the new score in a game.

    Attributes:
        action_message: the service message, when there is one.
        new_pin: whether a message was pinned, or unpinned.
        new_photo: whether there is another photo, or none any more.
        photo: the new photo.
        user_added: whether somebody was added by another.
        user_joined: whether somebody came by itself.
        user_left: whether somebody left by itself.
        user_kicked: whether somebody was removed by another.
        created: whether the chat was just made.
        new_title: the new title.
        new_score: the new score in a game.
        unpin: whether a message was unpinned.
    """

    _SHOWN = (
        "action_message", "original_update", "new_pin", "new_photo", "photo", "user_added", "user_joined", "user_left",
        "user_kicked", "unpin", "created", "new_title", "new_score",
    )  # fmt: skip

    action_message: types.MessageService | None
    new_pin: bool
    new_photo: bool
    photo: types.Photo | None
    user_added: bool
    user_joined: bool
    user_left: bool
    user_kicked: bool
    created: bool
    new_title: str | None
    new_score: int | None
    unpin: bool

    def __init__(
        self,
        where: Where,
        new_photo: Any = None,
        added_by: Any = None,
        kicked_by: Any = None,
        created: bool | None = None,
        users: Any = None,
        new_title: str | None = None,
        pin_ids: list[int] | None = None,
        pin: bool | None = None,
        new_score: int | None = None,
    ) -> None:
        if isinstance(where, types.MessageService):
            self.action_message = where
            peer: types.TypePeer = where.peer_id
            msg_id: int | None = where.id
        else:
            self.action_message = None
            peer = where
            msg_id = pin_ids[0] if pin_ids else None
        super().__init__(chat_peer=peer, msg_id=msg_id)

        self.new_pin = pin_ids is not None
        self.unpin = pin is False
        self._pin_ids = pin_ids
        self._pinned_messages: list[types.Message] | None = None

        self.new_photo = new_photo is not None
        self.photo = new_photo if isinstance(new_photo, types.Photo) else None

        self._added_by: Any = None if added_by is True else added_by
        self.user_joined = added_by is True
        self.user_added = bool(self._added_by)
        self._kicked_by: Any = None if kicked_by is True else kicked_by
        self.user_left = kicked_by is True
        self.user_kicked = bool(self._kicked_by)

        self.created = bool(created)
        several: list[Any] = users if isinstance(users, list) else [users] if users else []  # pyright: ignore[reportUnknownVariableType]
        self._user_ids: list[int] = [one if isinstance(one, int) else utils.get_peer_id(one) for one in several]
        self._users: list[types.User] | None = None
        self._input_users: list[types.TypeInputPeer] | None = None
        self.new_title = new_title
        self.new_score = new_score

    def _set_client(self, client: Any) -> None:
        super()._set_client(client)
        if self.action_message is not None:
            cast("Any", self.action_message)._finish_init(client, self._entities, None)

    # -- answering -----------------------------------------------------------------------------------------------

    async def respond(self, *args: Any, **kwargs: Any) -> types.Message:
        """Send a message to the chat, not as a reply; takes the arguments of `client.send_message` after the chat.

        Example:
            >>> await event.respond("Welcome!")

        Network: that of `client.send_message`.
        """
        sent: types.Message = await self.client.send_message(cast("Any", await self.get_input_chat()), *args, **kwargs)
        return sent

    async def reply(self, *args: Any, **kwargs: Any) -> types.Message:
        """Reply to the service message, or send a message when there is none; otherwise as `respond`.

        Example:
            >>> await event.reply("Welcome!")
        """
        if self.action_message is not None:
            kwargs["reply_to"] = self.action_message.id
        return await self.respond(*args, **kwargs)

    async def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Delete the service message, if there is one; takes the arguments of `client.delete_messages` after it.

        Example:
            >>> await event.delete()

        Network: that of `client.delete_messages`.
        """
        if self.action_message is None:
            return None
        chat = await self.get_input_chat()
        return await self.client.delete_messages(chat, [self.action_message], *args, **kwargs)

    # -- pins ----------------------------------------------------------------------------------------------------

    async def get_pinned_message(self) -> types.Message | None:
        """The message that was pinned or unpinned, the first one when there are several.

        Example:
            >>> message = await event.get_pinned_message()

        Network: one request the first time.
        """
        found = await self.get_pinned_messages()
        return found[0] if found else None

    async def get_pinned_messages(self) -> list[types.Message] | None:
        """The messages that were pinned or unpinned; None when the event is about something else.

        Network: one request the first time.
        """
        if self._pin_ids is None:
            return None
        if self._pinned_messages is None:
            found = await self.client.get_messages(cast("Any", await self.get_input_chat()), ids=self._pin_ids)
            self._pinned_messages = [one for one in cast("list[types.Message | None]", found) if one is not None]
        return self._pinned_messages

    # -- who -----------------------------------------------------------------------------------------------------

    def _known(self, who: Any) -> Any:
        """A user or peer or id as far as its entity came with the event."""
        if who is None or isinstance(who, (types.User, types.Channel)):
            return who
        return self._entities.get(who if isinstance(who, int) else utils.get_peer_id(who))

    async def _fetch(self, who: Any) -> Any:
        known = self._known(who)
        if who is not None and (known is None or getattr(known, "min", False)):
            known = await cast("Any", self.client).get_entity(who)
        return known

    @property
    def added_by(self) -> types.User | None:
        """Who added the users, when it is known."""
        return cast("types.User | None", self._known(self._added_by))

    async def get_added_by(self) -> types.User | None:
        """Who added the users.

        Example:
            >>> inviter = await event.get_added_by()

        Network: one request when `added_by` is not known.
        """
        self._added_by = await self._fetch(self._added_by)
        return cast("types.User | None", self._added_by)

    @property
    def kicked_by(self) -> types.User | None:
        """Who removed the user, when it is known."""
        return cast("types.User | None", self._known(self._kicked_by))

    async def get_kicked_by(self) -> types.User | None:
        """Who removed the user.

        Example:
            >>> admin = await event.get_kicked_by()

        Network: one request when `kicked_by` is not known.
        """
        self._kicked_by = await self._fetch(self._kicked_by)
        return cast("types.User | None", self._kicked_by)

    @property
    def user(self) -> types.User | None:
        """The first user it is about, when it is known."""
        users = self.users
        return users[0] if users else None

    async def get_user(self) -> types.User | None:
        """The first user it is about.

        Example:
            >>> user = await event.get_user()
            >>> print(utils.get_display_name(user))

        Network: one request when `user` is not known.
        """
        users = self.users or await self.get_users()
        return users[0] if users else None

    @property
    def input_user(self) -> types.TypeInputPeer | None:
        """The input peer of the first user it is about, when it is known."""
        peers = self.input_users
        return peers[0] if peers else None

    async def get_input_user(self) -> types.TypeInputPeer | None:
        """The input peer of the first user it is about.

        Example:
            >>> peer = await event.get_input_user()

        Network: one request when `input_user` is not known.
        """
        peers = self.input_users or await self.get_input_users()
        return peers[0] if peers else None

    @property
    def user_id(self) -> int | None:
        """The id of the first user it is about."""
        return self._user_ids[0] if self._user_ids else None

    @property
    def users(self) -> list[types.User]:
        """The users it is about, as far as they are known."""
        if self._users is None:
            known = (self._entities.get(one) for one in self._user_ids)
            self._users = [one for one in known if one is not None]
        return self._users

    async def get_users(self) -> list[types.User]:
        """All users it is about.

        Example:
            >>> for user in await event.get_users():
            ...     print(user.id)

        Network: one request when some are not known.
        """
        users = self.users
        complete = {one.id for one in users if not getattr(one, "min", False)}
        missing = [one for one in self._user_ids if utils.resolve_id(one)[0] not in complete]
        if missing:
            if len(self.input_users) < len(self._user_ids):
                await self._refetch()
            peers = [one for one in self.input_users if utils.get_peer_id(one) in missing]
            fetched: list[Any] = await cast("Any", self.client).get_entity(peers) if peers else []
            found = {utils.get_peer_id(one): one for one in [*users, *fetched]}
            self._users = [found[one] for one in self._user_ids if one in found]
        return self.users

    @property
    def input_users(self) -> list[types.TypeInputPeer]:
        """The input peers of the users it is about, as far as they are known."""
        if self._input_users is None:
            cache: Any = {} if self._client is None else self._client._mb_entity_cache
            peers = (self._input_peer_of(one, cache) for one in self._user_ids)
            self._input_users = [peer for peer in peers if peer is not None]
        return self._input_users

    def _input_peer_of(self, user_id: int, cache: Any) -> types.TypeInputPeer | None:
        known, peer = utils._get_entity_pair(user_id, self._entities, cache)
        # The own account is named as such.
        return types.InputPeerSelf() if getattr(known, "is_self", False) else peer

    async def get_input_users(self) -> list[types.TypeInputPeer]:
        """The input peers of all users it is about; those whom nothing is known of are left out.

        Example:
            >>> peers = await event.get_input_users()

        Network: one request when some are not known and the client is connected: it gets the service message again.
        """
        if len(self.input_users) < len(self._user_ids) and self._client is not None and self.client.is_connected():
            await self._refetch()
        return self.input_users

    @property
    def user_ids(self) -> list[int] | None:
        """The ids of the users it is about; None when it is about nobody."""
        return list(self._user_ids) or None

    async def _refetch(self) -> None:
        """Get the service message again: its users come with it."""
        if self.action_message is None or self._client is None:
            return
        chat = await self.get_input_chat() if self.is_channel else None
        again: Any = await self.client.get_messages(cast("Any", chat), ids=self.action_message.id)
        entities = getattr(again, "_action_entities", None)
        if entities:
            self._entities = {**self._entities, **{utils.get_peer_id(one): one for one in entities if one is not None}}
            self._users = self._input_users = None


@name_inner_event
class ChatAction(EventBuilder[ChatActionEvent]):
    """Happens when people come to a chat or leave it, or when its title, photo or pinned message changes.

    Telegram does not tell of everything in big groups and in channels that one does not administer.

    Args:
        chats: the chats whose events are wanted; None for all.
        blacklist_chats: whether it is these chats whose events are *not* wanted.
        func: only events for which it gives something true are wanted. It may be asynchronous.

    Example:
        >>> @client.on(events.ChatAction)
        ... async def handler(event):
        ...     if event.user_joined:
        ...         await event.reply("Welcome to the group!")

    Source: https://core.telegram.org/type/MessageAction
    """

    Event: TypeAlias = ChatActionEvent

    @classmethod
    def build(cls, update: Any, others: list[Any] | None = None, self_id: int | None = None) -> ChatActionEvent | None:
        """The event of what happened to a chat; None for other updates."""
        if isinstance(update, (types.UpdateNewMessage, types.UpdateNewChannelMessage)):
            message = update.message
            return cls._of_message(message) if isinstance(message, types.MessageService) else None
        if isinstance(update, types.UpdatePinnedMessages):
            # Pinning is told by a service message, too; taking the pin away is not.
            return None if update.pinned else cls.Event(update.peer, pin_ids=update.messages, pin=False)
        if isinstance(update, types.UpdatePinnedChannelMessages):
            peer = types.PeerChannel(update.channel_id)
            return None if update.pinned else cls.Event(peer, pin_ids=update.messages, pin=False)
        if isinstance(update, types.UpdateChatParticipantAdd):
            return cls.Event(types.PeerChat(update.chat_id), added_by=update.inviter_id or True, users=update.user_id)
        if isinstance(update, types.UpdateChatParticipantDelete):
            return cls.Event(types.PeerChat(update.chat_id), kicked_by=True, users=update.user_id)
        if isinstance(update, types.UpdateChannelParticipant):
            return cls._of_participant(update)
        return None

    @classmethod
    def _of_participant(cls, update: types.UpdateChannelParticipant) -> ChatActionEvent | None:
        peer = types.PeerChannel(update.channel_id)
        if update.new_participant and not update.prev_participant:
            return cls.Event(peer, added_by=update.actor_id, users=update.user_id)
        if update.prev_participant and not update.new_participant:
            by_itself = update.actor_id == update.user_id
            return cls.Event(peer, kicked_by=True if by_itself else update.actor_id, users=update.user_id)
        return None

    @classmethod
    def _of_message(cls, message: types.MessageService) -> ChatActionEvent | None:
        action: Any = message.action
        sender = message.from_id
        if isinstance(action, types.MessageActionChatJoinedByLink):
            return cls.Event(message, added_by=True, users=sender)
        if isinstance(action, types.MessageActionChatAddUser):
            # One who adds itself has joined.
            by_itself = [message.sender_id] == action.users
            return cls.Event(message, added_by=True if by_itself else sender or True, users=action.users)
        if isinstance(action, types.MessageActionChatDeleteUser):
            by_itself = message.sender_id == action.user_id
            kicked_by = True if by_itself else utils.get_peer_id(sender) if sender else True
            return cls.Event(message, kicked_by=kicked_by, users=action.user_id)
        if isinstance(action, types.MessageActionChatCreate):
            return cls.Event(message, users=action.users, created=True, new_title=action.title)
        if isinstance(action, types.MessageActionChannelCreate):
            return cls.Event(message, created=True, users=sender, new_title=action.title)
        if isinstance(action, types.MessageActionChatEditTitle):
            return cls.Event(message, users=sender, new_title=action.title)
        if isinstance(action, types.MessageActionChatEditPhoto):
            return cls.Event(message, users=sender, new_photo=action.photo)
        if isinstance(action, types.MessageActionChatDeletePhoto):
            return cls.Event(message, users=sender, new_photo=True)
        if isinstance(action, types.MessageActionPinMessage) and message.reply_to:
            return cls.Event(message, pin_ids=[cast("Any", message.reply_to).reply_to_msg_id])
        if isinstance(action, types.MessageActionGameScore):
            return cls.Event(message, new_score=action.score)
        return None
