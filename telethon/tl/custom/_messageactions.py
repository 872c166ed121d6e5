"""What can be done with a message: answer it, change it, delete it, and so on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telethon import utils
from telethon.tl import types
from telethon.tl.custom._messageclick import MessageClick
from telethon.tl.custom._messagemedia import MessageMedia

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What a reload of the message may have told anew.
_TOLD_WITH_MESSAGES = (
    "_sender",
    "_input_sender",
    "_chat",
    "_input_chat",
    "_via_bot",
    "_via_input_bot",
    "_forward",
    "_origin",
    "_action_entities",
    "_reply_to_chat",
    "_reply_to_sender",
)


class MessageActions(MessageMedia, MessageClick):
    """A message with the methods of the client that take one.

    They all do nothing and give None for a message that no client got.
    """

    async def respond(self, *args: Any, **kwargs: Any) -> types.Message | None:
        """Send a message to the same chat.

        Args:
            args: as of `send_message` after the chat.
            kwargs: likewise.

        Example:
            >>> await message.respond("Hello!")

        Network: as `send_message`.
        """
        if self._client is None:
            return None
        return await self._client.send_message(await self._where(), *args, **kwargs)

    async def reply(self, *args: Any, **kwargs: Any) -> types.Message | None:
        """Send a message to the same chat, as reply to this one.

        Args:
            args: as of `send_message` after the chat.
            kwargs: likewise, but for ``reply_to``.

        Example:
            >>> await message.reply("You said so!")

        Network: as `send_message`.
        """
        if self._client is None:
            return None
        kwargs["reply_to"] = self.id
        return await self._client.send_message(await self._where(), *args, **kwargs)

    async def forward_to(self, *args: Any, **kwargs: Any) -> Any:
        """Forward the message.

        Args:
            args: as of `forward_messages`: the chat to forward to.
            kwargs: likewise.

        Example:
            >>> await message.forward_to("me")

        Network: as `forward_messages`.
        """
        if self._client is None:
            return None
        kwargs["messages"] = self.id
        kwargs["from_peer"] = await self._where()
        return await self._client.forward_messages(*args, **kwargs)

    async def edit(self, *args: Any, **kwargs: Any) -> types.Message | None:
        """Change the message. What is not named stays: buttons, and whether there is a preview of a link.

        Args:
            args: as of `edit_message` after the chat and the message.
            kwargs: likewise.

        Returns:
            the message as it is now; None when no client got this one.

        Raises:
            MessageNotModifiedError: nothing would change.

        Example:
            >>> await message.edit("Done.")

        Network: as `edit_message`.
        """
        if self._client is None:
            return None
        kwargs.setdefault("link_preview", bool(self.web_preview))
        kwargs.setdefault("buttons", self.reply_markup)
        edited: types.Message | None = await self._client.edit_message(await self._where(), self.id, *args, **kwargs)
        return edited

    async def delete(self, *args: Any, **kwargs: Any) -> list[types.messages.AffectedMessages] | None:
        """Delete the message, for everybody unless told otherwise.

        Args:
            args: as of `delete_messages` after the chat and the messages.
            kwargs: likewise.

        Example:
            >>> await message.delete()

        Network: as `delete_messages`.
        """
        if self._client is None:
            return None
        return await self._client.delete_messages(await self._where(), [self.id], *args, **kwargs)

    async def download_media(self, *args: Any, **kwargs: Any) -> str | bytes | Any | None:
        """Download what the message carries.

        Args:
            args: as of `download_media` of the client after the message.
            kwargs: likewise.

        Returns:
            the path, or what *file* asks for; None when there is nothing to download.

        Example:
            >>> path = await message.download_media()
            >>> data = await message.download_media(file=bytes)

        Network: as `download_media` of the client.
        """
        if self._client is None:
            return None
        return await self._client.download_media(self, *args, **kwargs)

    async def mark_read(self) -> None:
        """Mark the chat as read up to this message.

        Example:
            >>> await message.mark_read()

        Network: one request.
        """
        if self._client is not None:
            await self._client.send_read_acknowledge(await self._where(), max_id=self.id)

    async def pin(self, *, notify: bool = False, pm_oneside: bool = False) -> types.Message | None:
        """Pin the message.

        Args:
            notify: whether the members of the chat are notified.
            pm_oneside: whether a private chat shows it only on the own side.

        Example:
            >>> await message.pin()

        Network: as `pin_message`.
        """
        if self._client is None:
            return None
        pinned: types.Message | None = await self._client.pin_message(
            await self._where(), self.id, notify=notify, pm_oneside=pm_oneside
        )
        return pinned

    async def unpin(self) -> types.messages.AffectedHistory | None:
        """Unpin the message.

        Example:
            >>> await message.unpin()

        Network: as `unpin_message`.
        """
        if self._client is None:
            return None
        unpinned: types.messages.AffectedHistory | None = await self._client.unpin_message(await self._where(), self.id)
        return unpinned

    async def get_reply_message(self) -> types.Message | None:
        """The message that this one replies to; None when it replies to none, or that is gone.

        Example:
            >>> replied = await message.get_reply_message()

        Network: one request the first time, two when the first does not find it.
        """
        header = self.reply_to
        if self._reply_message is None and self._client is not None and isinstance(header, types.MessageReplyHeader):
            # Asking for "what this replies to" also finds messages that are too old to be found by their id.
            chat: Any = await self.get_input_chat() if self.is_channel else None
            self._reply_message = await self._client.get_messages(chat, ids=types.InputMessageReplyTo(self.id))
            if self._reply_message is None and header.reply_to_msg_id:
                if header.reply_to_peer_id is not None:
                    other: Any = utils._get_entity_pair(
                        utils.get_peer_id(header.reply_to_peer_id), {}, self._client._mb_entity_cache
                    )[1]
                    chat = other or header.reply_to_peer_id
                self._reply_message = await self._client.get_messages(chat, ids=header.reply_to_msg_id)
        reply: types.Message | None = self._reply_message
        return reply

    # ---- text

    def get_entities_text(
        self, cls: type[types.TypeMessageEntity] | None = None
    ) -> list[tuple[types.TypeMessageEntity, str]]:
        """The entities of the text, each with the part of the text that it covers.

        Args:
            cls: only those of this class, such as ``MessageEntityCode``.

        Example:
            >>> for entity, text in message.get_entities_text():
            ...     print(type(entity).__name__, text)

        Source: https://core.telegram.org/api/entities
        """
        entities = self.entities or []
        if cls is not None:
            entities = [entity for entity in entities if isinstance(entity, cls)]
        return list(zip(entities, utils.get_inner_text(self.message or "", entities), strict=False))

    # ---- service messages

    @property
    def action_entities(self) -> list[Any] | None:
        """The users and chats that the action of a service message is about, None for those that are not known.

        None for actions that are about nobody else.
        """
        return self._action_entities

    def _finish_action(self, entities: Mapping[int, Any]) -> None:
        action = self.action
        ids: list[int] = []
        if isinstance(action, (types.MessageActionChatAddUser, types.MessageActionChatCreate)):
            ids = list(action.users)
        elif isinstance(action, types.MessageActionChatDeleteUser):
            ids = [action.user_id]
        elif isinstance(action, types.MessageActionChatJoinedByLink):
            ids = [action.inviter_id]
        elif isinstance(action, types.MessageActionChatMigrateTo):
            ids = [utils.get_peer_id(types.PeerChannel(action.channel_id))]
        elif isinstance(action, types.MessageActionChannelMigrateFrom):
            ids = [utils.get_peer_id(types.PeerChat(action.chat_id))]
        if ids:
            self._action_entities = [entities.get(peer_id) for peer_id in ids]

    # ---- asking again

    async def _where(self) -> Any:
        """The chat for a request; the bare peer when its access hash is not known, for the client to look up."""
        return await self.get_input_chat() or self.peer_id

    async def _refetch_sender(self) -> None:
        self._input_sender = self._sender_by_this_message()
        if self._input_sender is None:
            await self._reload_message()
            if self.input_sender is None:
                self._input_sender = self._sender_by_this_message()

    def _sender_by_this_message(self) -> types.TypeInputPeer | None:
        """The input peer of a sender known only in part (`min`), who can be named by a message of theirs.

        Source: https://core.telegram.org/api/min
        """
        sender, chat = self._sender, self.input_chat
        if not getattr(sender, "min", None) or chat is None:
            return None
        if isinstance(sender, types.User):
            return types.InputPeerUserFromMessage(chat, self.id, sender.id)
        return types.InputPeerChannelFromMessage(chat, self.id, sender.id)

    async def _reload_message(self) -> None:
        """Get the message again, which brings its sender and chat with it."""
        if self._client is None:
            return
        try:
            chat = await self.get_input_chat() if self.is_channel else None
            again = await self._client.get_messages(chat, ids=self.id)
        except ValueError:
            # There may be no way to name the chat.
            return
        if again is None:
            return
        for name in _TOLD_WITH_MESSAGES:
            value = getattr(again, name)
            if value is not None:
                setattr(self, name, value)
