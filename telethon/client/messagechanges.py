"""Editing, deleting, marking as read and pinning messages that are there already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from telethon import helpers, utils
from telethon.client import _media, _parts
from telethon.client.uploads import UploadMethods
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telethon import hints
    from telethon.tl.patched import Message

__all__ = ["MessageChangeMethods"]


class MessageChangeMethods(UploadMethods):
    """The methods that change, remove, read and pin messages; `MessageMethods` has them too."""

    async def edit_message(
        self,
        entity: hints.EntityLike | types.Message | types.TypeInputBotInlineMessageID,
        message: int | types.Message | types.InputMessageID | str | None = None,
        text: str | None = None,
        *,
        parse_mode: object = (),
        attributes: Sequence[types.TypeDocumentAttribute] | None = None,
        formatting_entities: list[types.TypeMessageEntity] | None = None,
        link_preview: bool = True,
        file: hints.FileLike | None = None,
        thumb: hints.FileLike | None = None,
        force_document: bool = False,
        buttons: hints.MarkupLike | None = None,
        supports_streaming: bool = False,
        schedule: hints.DateLike = None,
    ) -> Message:
        """Change the text, the media or the buttons of a message.

        Args:
            entity: the chat of the message; or the message itself, or the id of an inline one, and the text next.
            message: the message, or its id.
            text: the new text; `None` leaves it as it is.
            parse_mode: how the text is formatted, instead of what the client's `parse_mode` says.
            attributes: of the file, see `send_file`.
            formatting_entities: the entities of the text, which is then taken as it is.
            link_preview: whether a link in the text may get a preview.
            file: a file to put in place of the one there.
            thumb: of the file, see `send_file`.
            force_document: of the file, see `send_file`.
            buttons: the new buttons.
            supports_streaming: of the file, see `send_file`.
            schedule: the new moment a scheduled message is sent at.

        Returns:
            the message as it is now; `True` for inline messages.

        Raises:
            MessageAuthorRequiredError: when it is not an own message.
            MessageNotModifiedError: when nothing would change.
            MessageIdInvalidError: when there is no such message.

        Example:
            >>> message = await client.send_message(chat, "hello")
            >>> await client.edit_message(chat, message, "hello!")
            >>> await client.edit_message(message, "hello!!")

        Network: ``messages.editMessage``; for inline messages ``messages.editInlineBotMessage``, asked from the data
        centre that has the message.

        Source: https://core.telegram.org/method/messages.editMessage
        """
        if isinstance(entity, (types.InputBotInlineMessageID, types.InputBotInlineMessageID64)):
            text = text or cast("str | None", message)
            message = cast("Any", entity)
        elif isinstance(entity, types.Message):
            # The text stands where the message would.
            text = cast("str | None", message)
            message = entity
            entity = cast("hints.EntityLike", getattr(entity, "input_chat", None) or entity.peer_id)

        new_text: str | None = text
        if formatting_entities is None:
            parsed, formatting_entities = await self._parse_message_text(text, parse_mode)
            new_text = parsed if text is not None else None
        start = await _media.position_of(file)
        handle, media, is_image = await self._file_to_media(
            file,
            supports_streaming=supports_streaming,
            thumb=thumb,
            attributes=attributes,
            force_document=force_document,
        )
        again = _parts.Again(file, start, bool(is_image))

        if isinstance(message, (types.InputBotInlineMessageID, types.InputBotInlineMessageID64)):
            inline = functions.messages.EditInlineBotMessageRequest(
                id=message,
                message=new_text,
                no_webpage=not link_preview,
                entities=formatting_entities,
                media=media,
                reply_markup=self.build_reply_markup(buttons),
            )
            if self.session is None or self.session.dc_id == message.dc_id:
                return cast("Message", await self._send_with_parts(inline, handle, again))
            return cast("Message", await self._invoke_in(message.dc_id, inline))

        peer = await self.get_input_entity(cast("hints.EntityLike", entity))
        request = functions.messages.EditMessageRequest(
            peer=peer,
            id=cast("int", utils.get_message_id(message)),
            message=new_text,
            no_webpage=not link_preview,
            entities=formatting_entities,
            media=media,
            reply_markup=self.build_reply_markup(buttons),
            schedule_date=schedule,
        )
        result = await self._send_with_parts(request, handle, again)
        return cast("Message", self._get_response_message(request, result, peer))

    async def _invoke_in(self, dc_id: int, request: Any) -> Any:
        """What *request* gives when it is made in another data centre."""
        sender = await self._borrow_exported_sender(dc_id)
        try:
            return await self._call(sender, request)
        finally:
            await self._return_exported_sender(sender)

    async def delete_messages(
        self,
        entity: hints.EntityLike | None,
        message_ids: hints.MessageIDLike | Sequence[hints.MessageIDLike],
        *,
        revoke: bool = True,
    ) -> list[types.messages.AffectedMessages]:
        """Delete messages.

        Args:
            entity: the chat; needed for channels and supergroups, whose ids are their own.
            message_ids: one message or id, or several.
            revoke: whether they are deleted for everyone in private chats and groups. In channels they always are.

        Returns:
            what was affected, one object for each 100 messages.

        Raises:
            ValueError: nobody knows *entity*.
            MessageDeleteForbiddenError: the account may not delete one of them.

        Example:
            >>> await client.delete_messages(chat, [message, other_message])

        Network: ``messages.deleteMessages`` or ``channels.deleteMessages``, one for each 100 messages.
        Source: https://core.telegram.org/method/messages.deleteMessages
        """
        wanted = cast("Sequence[Any]", message_ids if utils.is_list_like(message_ids) else (message_ids,))
        ids = [_id_to_delete(item) for item in wanted]
        if entity:
            peer = await self.get_input_entity(entity)
            if helpers._entity_type(peer) == helpers._EntityType.CHANNEL:
                channel = utils.get_input_channel(peer)
                return list(
                    await self(
                        [functions.channels.DeleteMessagesRequest(channel, list(part)) for part in utils.chunks(ids)]
                    )
                )
        return list(
            await self(
                [functions.messages.DeleteMessagesRequest(list(part), revoke=revoke) for part in utils.chunks(ids)]
            )
        )

    async def send_read_acknowledge(
        self,
        entity: hints.EntityLike,
        message: hints.MessageIDLike | Sequence[hints.MessageIDLike] | None = None,
        *,
        max_id: int | None = None,
        clear_mentions: bool = False,
        clear_reactions: bool = False,
    ) -> types.messages.AffectedMessages | bool:
        """Mark messages as read.

        Args:
            entity: the chat.
            message: the message up to which to read, or several, of which the newest counts. Without it, all.
            max_id: the id up to which to read, instead of *message*.
            clear_mentions: whether unread mentions are cleared too.
            clear_reactions: whether unread reactions are cleared too.

        Returns:
            something true when the history was marked as read.

        Raises:
            ValueError: nobody knows *entity*.

        Example:
            >>> await client.send_read_acknowledge(chat, message)

        Network: ``messages.readHistory`` or ``channels.readHistory``, and ``messages.readMentions`` and
        ``messages.readReactions`` when asked to.
        Source: https://core.telegram.org/method/messages.readHistory
        """
        if max_id is None:
            if not message:
                max_id = 0
            elif utils.is_list_like(message):
                max_id = max(_read_id(item) for item in cast("Sequence[Any]", message))
            else:
                max_id = _read_id(message)

        peer = await self.get_input_entity(entity)
        if clear_mentions:
            await self(functions.messages.ReadMentionsRequest(peer))
        if clear_reactions:
            await self(functions.messages.ReadReactionsRequest(peer))
        if helpers._entity_type(peer) == helpers._EntityType.CHANNEL:
            return await self(functions.channels.ReadHistoryRequest(utils.get_input_channel(peer), max_id=max_id))
        return await self(functions.messages.ReadHistoryRequest(peer, max_id=max_id))

    async def pin_message(
        self,
        entity: hints.EntityLike,
        message: hints.MessageIDLike | None,
        *,
        notify: bool = False,
        pm_oneside: bool = False,
    ) -> Message | None:
        """Pin a message.

        Args:
            entity: the chat.
            message: the message, or its id. `None` unpins all.
            notify: whether members are notified.
            pm_oneside: whether, in a private chat, it is only pinned for oneself.

        Returns:
            the service message that tells about it; `None` when there is none.

        Raises:
            ValueError: nobody knows *entity*.
            ChatAdminRequiredError: the account may not pin messages there.
            MessageIdInvalidError: there is no such message.

        Example:
            >>> message = await client.send_message(chat, "Pinotifying is fun!")
            >>> await client.pin_message(chat, message, notify=True)

        Network: ``messages.updatePinnedMessage``.
        Source: https://core.telegram.org/method/messages.updatePinnedMessage
        """
        return await self._pin(entity, message, unpin=False, notify=notify, pm_oneside=pm_oneside)

    async def unpin_message(
        self,
        entity: hints.EntityLike,
        message: hints.MessageIDLike | None = None,
        *,
        notify: bool = False,
    ) -> None:
        """Unpin a message, or all of them when *message* is left out.

        Args:
            entity: the chat.
            message: the message, or its id.
            notify: whether members are notified.

        Raises:
            ValueError: nobody knows *entity*.
            ChatAdminRequiredError: the account may not pin messages there.

        Example:
            >>> await client.unpin_message(chat)

        Network: ``messages.updatePinnedMessage`` or ``messages.unpinAllMessages``.
        Source: https://core.telegram.org/method/messages.unpinAllMessages
        """
        await self._pin(entity, message, unpin=True, notify=notify)

    async def _pin(
        self,
        entity: hints.EntityLike,
        message: hints.MessageIDLike | None,
        *,
        unpin: bool,
        notify: bool = False,
        pm_oneside: bool = False,
    ) -> Message | None:
        message_id = utils.get_message_id(message) or 0
        peer = await self.get_input_entity(entity)
        if message_id <= 0:
            await self(functions.messages.UnpinAllMessagesRequest(peer))
            return None
        request = functions.messages.UpdatePinnedMessageRequest(
            peer=peer, id=message_id, silent=not notify, unpin=unpin, pm_oneside=pm_oneside
        )
        result = await self(request)
        # Nothing tells about unpinning, nor about pinning what was pinned already or what is only for oneself.
        if unpin or not getattr(result, "updates", None):
            return None
        return cast("Message | None", self._get_response_message(request, result, peer))


def _id_to_delete(item: Any) -> int:
    if isinstance(item, (types.Message, types.MessageService, types.MessageEmpty)):
        return item.id
    return int(item)


def _read_id(item: Any) -> int:
    message_id = utils.get_message_id(item)
    if message_id is None:
        raise TypeError("a message to read up to must be a message or its id, not None")
    return message_id
