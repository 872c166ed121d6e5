"""Reading, sending, editing, forwarding, deleting and pinning messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast, overload

from telethon import helpers, utils
from telethon.client import _send
from telethon.client._iterators.messages import IDsIter as _IDsIter
from telethon.client._iterators.messages import MessagesIter as _MessagesIter
from telethon.client._signatures import same_signature_as
from telethon.client.messageparse import input_reply
from telethon.client.uploads import UploadMethods
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telethon import hints
    from telethon.client._iterators.messages import FilterLike
    from telethon.tl.patched import Message


class MessageMethods(UploadMethods):
    """Messages: the methods that read, send, change and remove them."""

    # ---- reading

    @overload
    def iter_messages(
        self,
        entity: hints.EntityLike | None,
        limit: float | None = None,
        *,
        offset_date: hints.DateLike = None,
        offset_id: int = 0,
        max_id: int = 0,
        min_id: int = 0,
        add_offset: int = 0,
        search: str | None = None,
        filter: FilterLike = None,
        from_user: hints.EntityLike | None = None,
        wait_time: float | None = None,
        ids: None = None,
        reverse: bool = False,
        reply_to: int | None = None,
        scheduled: bool = False,
    ) -> _MessagesIter: ...

    @overload
    def iter_messages(
        self,
        entity: hints.EntityLike | None,
        limit: float | None = None,
        *,
        offset_date: hints.DateLike = None,
        offset_id: int = 0,
        max_id: int = 0,
        min_id: int = 0,
        add_offset: int = 0,
        search: str | None = None,
        filter: FilterLike = None,
        from_user: hints.EntityLike | None = None,
        wait_time: float | None = None,
        ids: int | types.TypeInputMessage | Sequence[int | types.TypeInputMessage],
        reverse: bool = False,
        reply_to: int | None = None,
        scheduled: bool = False,
    ) -> _IDsIter: ...

    def iter_messages(
        self,
        entity: hints.EntityLike | None,
        limit: float | None = None,
        *,
        offset_date: hints.DateLike = None,
        offset_id: int = 0,
        max_id: int = 0,
        min_id: int = 0,
        add_offset: int = 0,
        search: str | None = None,
        filter: FilterLike = None,
        from_user: hints.EntityLike | None = None,
        wait_time: float | None = None,
        ids: int | types.TypeInputMessage | Sequence[int | types.TypeInputMessage] | None = None,
        reverse: bool = False,
        reply_to: int | None = None,
        scheduled: bool = False,
    ) -> _MessagesIter | _IDsIter:
        """The messages of a chat, newest first.

        Args:
            entity: the chat; `None` searches in all of them, or, with *ids*, in private chats and groups.
            limit: how many messages at most; `None` for all.
            offset_date: only messages before this moment (after it, with *reverse*).
            offset_id: only messages before this one (after it, with *reverse*).
            max_id: only messages with lower ids.
            min_id: only messages with higher ids.
            add_offset: messages to skip from where the offsets say (negative goes to newer ones).
            search: only messages that contain these words.
            filter: only messages of this kind, such as ``types.InputMessagesFilterPhotos``.
            from_user: only messages that this user or channel sent.
            wait_time: seconds between requests, 100 messages each. By default 1 from 3000 messages on, else 0; 10 for
                more than 300 *ids*.
            ids: the messages with exactly these ids, in their order, `None` for those that do not exist. Other
                arguments but *reverse* have no effect then.
            reverse: from old to new.
            reply_to: only replies to the message with this id: comments of a post, or the messages of a topic.
            scheduled: messages that wait to be sent.

        Returns:
            an asynchronous iterator of messages, with ``collect()`` and, once it has begun, ``total``.

        Raises:
            ValueError: for *reverse* without *entity*.

        Example:
            >>> async for message in client.iter_messages(chat, 100, search="hello"):
            ...     print(message.id, message.text)

        Network: ``messages.getHistory``, ``messages.search``, ``messages.searchGlobal``, ``messages.getReplies``,
        ``messages.getScheduledHistory``, ``messages.getMessages`` or ``channels.getMessages``, one for each 100.

        Source: https://core.telegram.org/api/offsets
        """
        if ids is not None:
            wanted = cast("Sequence[int]", ids if utils.is_list_like(ids) else [ids])
            return _IDsIter(
                client=self, limit=len(wanted), reverse=reverse, wait_time=wait_time, entity=entity, ids=wanted
            )
        return _MessagesIter(
            client=self,
            limit=limit,
            reverse=reverse,
            wait_time=wait_time,
            entity=entity,
            offset_id=offset_id,
            min_id=min_id,
            max_id=max_id,
            from_user=from_user,
            offset_date=offset_date,
            add_offset=add_offset,
            filter=filter,
            search=search,
            reply_to=reply_to,
            scheduled=scheduled,
        )

    @overload
    async def get_messages(
        self,
        entity: hints.EntityLike | None,
        limit: float | None = ...,
        *,
        offset_date: hints.DateLike = ...,
        offset_id: int = ...,
        max_id: int = ...,
        min_id: int = ...,
        add_offset: int = ...,
        search: str | None = ...,
        filter: FilterLike = ...,
        from_user: hints.EntityLike | None = ...,
        wait_time: float | None = ...,
        ids: None = ...,
        reverse: bool = ...,
        reply_to: int | None = ...,
        scheduled: bool = ...,
    ) -> helpers.TotalList[Message]: ...

    @overload
    async def get_messages(
        self,
        entity: hints.EntityLike | None,
        *,
        wait_time: float | None = ...,
        ids: int | types.TypeInputMessage,
        reverse: bool = ...,
    ) -> Message | None: ...

    @overload
    async def get_messages(
        self,
        entity: hints.EntityLike | None,
        *,
        wait_time: float | None = ...,
        ids: Sequence[int | types.TypeInputMessage],
        reverse: bool = ...,
    ) -> helpers.TotalList[Message | None]: ...

    @same_signature_as(iter_messages)
    async def get_messages(self, *args: Any, **kwargs: Any) -> Any:
        """As `iter_messages`, all at once.

        Without *limit* this is the newest message only, or all of them when both *min_id* and *max_id* are given.

        Returns:
            a list with ``total``, the number of messages there are; with one id in *ids*, one message or `None`.

        Example:
            >>> photos = await client.get_messages(chat, None, filter=types.InputMessagesFilterPhotos)
            >>> print(photos.total)
            >>> message = await client.get_messages(chat, ids=10)
        """
        if len(args) == 1 and "limit" not in kwargs:
            has_range = "min_id" in kwargs and "max_id" in kwargs
            kwargs["limit"] = None if has_range else 1

        iterator = self.iter_messages(*args, **kwargs)
        ids = kwargs.get("ids")
        if ids is not None and not utils.is_list_like(ids):
            async for message in iterator:
                return message
            return None
        return await iterator.collect()

    # ---- sending

    async def send_message(
        self,
        entity: hints.EntityLike,
        message: hints.MessageLike = "",
        *,
        reply_to: int | types.Message | None = None,
        attributes: Sequence[types.TypeDocumentAttribute] | None = None,
        parse_mode: object = (),
        formatting_entities: list[types.TypeMessageEntity] | None = None,
        link_preview: bool = True,
        file: hints.FileLike | Sequence[hints.FileLike] | None = None,
        thumb: hints.FileLike | None = None,
        force_document: bool = False,
        clear_draft: bool = False,
        buttons: hints.MarkupLike | None = None,
        silent: bool | None = None,
        background: bool | None = None,
        supports_streaming: bool = False,
        schedule: hints.DateLike = None,
        comment_to: int | types.Message | None = None,
        nosound_video: bool | None = None,
        send_as: hints.EntityLike | None = None,
        message_effect_id: int | None = None,
    ) -> Message:
        """Send text, a copy of a message, or a file with a caption.

        Args:
            entity: the chat.
            message: the text, formatted as *parse_mode* says, or a message to copy, with its media and buttons.
            reply_to: the message to reply to, or its id.
            attributes: of the file, see `send_file`.
            parse_mode: how the text is formatted, instead of what the client's `parse_mode` says; `None` for plain.
            formatting_entities: the entities of the text, which is then taken as it is.
            link_preview: whether a link in the text may get a preview.
            file: a file to send; the text becomes its caption. See `send_file`.
            thumb: of the file, see `send_file`.
            force_document: of the file, see `send_file`.
            clear_draft: whether to clear the draft in the chat.
            buttons: buttons under the message (bots) or instead of the keyboard: one button, a row, rows or a markup.
            silent: whether to notify nobody.
            background: whether it is sent in the background, which servers may delay.
            supports_streaming: of the file, see `send_file`.
            schedule: when to send it, instead of now.
            comment_to: the post of a channel to comment on, or its id. It overrides *reply_to*.
            nosound_video: of the file, see `send_file`.
            send_as: the channel to send it as, in groups that allow it.
            message_effect_id: an animated effect, in private chats.

        Returns:
            the message sent.

        Raises:
            ValueError: when there is neither text nor file.

        Example:
            >>> await client.send_message("me", "Hello **world**!")
            >>> await client.send_message(chat, "Pick one", buttons=[Button.inline("Left"), Button.inline("Right")])

        Network: ``messages.sendMessage``, or what `send_file` needs.

        Source: https://core.telegram.org/method/messages.sendMessage
        """
        if isinstance(message, (types.MessageService, types.MessageEmpty)):
            raise TypeError(f"only ordinary messages can be sent again, not {type(message).__name__}")
        if file is not None:
            if isinstance(message, types.Message):
                formatting_entities = formatting_entities or message.entities
                message = message.message
            return await self.send_file(
                entity,
                file,
                caption=message,
                reply_to=reply_to,
                attributes=attributes,
                parse_mode=parse_mode,
                force_document=force_document,
                thumb=thumb,
                buttons=buttons,
                clear_draft=clear_draft,
                silent=silent,
                schedule=schedule,
                supports_streaming=supports_streaming,
                formatting_entities=formatting_entities,
                comment_to=comment_to,
                background=background,
                nosound_video=nosound_video,
                send_as=send_as,
                message_effect_id=message_effect_id,
            )

        peer = await self.get_input_entity(entity)
        reply_id: int | None
        if comment_to is not None:
            peer, reply_id = await self._get_comment_data(peer, comment_to)
        else:
            reply_id = utils.get_message_id(reply_to)

        markup = self.build_reply_markup(buttons)
        if isinstance(message, types.Message):
            if buttons is None:
                markup = message.reply_markup
            if silent is None:
                silent = message.silent
            if _send.has_file(message):
                return await self.send_file(
                    peer,
                    message.media,
                    caption=message.message,
                    silent=silent,
                    background=background,
                    reply_to=reply_id,
                    buttons=markup,
                    clear_draft=clear_draft,
                    parse_mode=None,
                    formatting_entities=message.entities,
                    schedule=schedule,
                    send_as=send_as,
                    message_effect_id=message_effect_id,
                )
            text: str = message.message or ""
            formatting_entities = message.entities
            # A preview the original does not have was not wanted there either.
            link_preview = isinstance(message.media, types.MessageMediaWebPage)
        elif formatting_entities is None:
            text, formatting_entities = await self._parse_message_text(message, parse_mode)
        else:
            text = message
        if not text:
            raise ValueError("The message cannot be empty unless a file is provided")

        request = functions.messages.SendMessageRequest(
            peer=peer,
            message=text,
            entities=formatting_entities,
            no_webpage=not link_preview,
            reply_to=input_reply(reply_id),
            clear_draft=clear_draft,
            silent=silent,
            background=background,
            reply_markup=markup,
            schedule_date=schedule,
            send_as=await self._send_as(send_as),
            effect=message_effect_id,
        )
        result = await self(request)
        if isinstance(result, types.UpdateShortSentMessage):
            sent = types.Message(
                id=result.id,
                peer_id=await self._get_peer(peer),
                message=text,
                date=result.date,
                out=result.out,
                media=result.media,
                entities=result.entities,
                reply_markup=markup,
                ttl_period=result.ttl_period,
                reply_to=_reply_header(reply_id),
            )
            sent._finish_init(self, {}, peer)
            return sent
        return cast("Message", self._get_response_message(request, result, peer))

    @overload
    async def forward_messages(
        self,
        entity: hints.EntityLike,
        messages: hints.MessageIDLike,
        from_peer: hints.EntityLike | None = None,
        *,
        background: bool | None = None,
        with_my_score: bool | None = None,
        silent: bool | None = None,
        as_album: bool | None = None,
        schedule: hints.DateLike = None,
        drop_author: bool | None = None,
        drop_media_captions: bool | None = None,
    ) -> Message | None: ...

    @overload
    async def forward_messages(
        self,
        entity: hints.EntityLike,
        messages: Sequence[hints.MessageIDLike],
        from_peer: hints.EntityLike | None = None,
        *,
        background: bool | None = None,
        with_my_score: bool | None = None,
        silent: bool | None = None,
        as_album: bool | None = None,
        schedule: hints.DateLike = None,
        drop_author: bool | None = None,
        drop_media_captions: bool | None = None,
    ) -> list[Message | None]: ...

    async def forward_messages(
        self,
        entity: hints.EntityLike,
        messages: hints.MessageIDLike | Sequence[hints.MessageIDLike],
        from_peer: hints.EntityLike | None = None,
        *,
        background: bool | None = None,
        with_my_score: bool | None = None,
        silent: bool | None = None,
        as_album: bool | None = None,
        schedule: hints.DateLike = None,
        drop_author: bool | None = None,
        drop_media_captions: bool | None = None,
    ) -> Message | list[Message | None] | None:
        """Forward messages to another chat.

        Args:
            entity: the chat to forward to.
            messages: one message or id, or several, in the order they should have.
            from_peer: the chat they are in. It may only be left out when all of them are messages.
            background: whether they are sent in the background.
            with_my_score: whether the own score in games goes with them.
            silent: whether to notify nobody.
            as_album: has no effect any more; albums stay together.
            schedule: when to send them, instead of now.
            drop_author: whether to hide where they come from.
            drop_media_captions: whether to leave out captions; hides where they come from too.

        Returns:
            the new message, or a list of them when several were given. `None` stands for those that servers left out.

        Raises:
            ValueError: when *from_peer* is needed and missing.
            TypeError: when something is not a message.

        Example:
            >>> await client.forward_messages("me", message)
            >>> await client.forward_messages("me", [10, 11], from_peer=chat)

        Network: ``messages.forwardMessages``, one for each run of messages of one chat.

        Source: https://core.telegram.org/method/messages.forwardMessages
        """
        if as_album is not None:
            import warnings

            warnings.warn("the as_album argument is deprecated and no longer has any effect", stacklevel=2)
        is_single = not utils.is_list_like(messages)
        wanted = cast("Sequence[Any]", (messages,) if is_single else messages)

        to_peer = await self.get_input_entity(entity)
        source: types.TypeInputPeer | None = None
        source_id: int | None = None
        if from_peer:
            source = await self.get_input_entity(from_peer)
            source_id = await self.get_peer_id(source)

        sent: list[Message | None] = []
        for run in _send.group_by_chat(wanted, source_id):
            request = functions.messages.ForwardMessagesRequest(
                from_peer=source or await self._chat_of(run[0]),
                id=[item if isinstance(item, int) else item.id for item in run],
                to_peer=to_peer,
                silent=silent,
                background=background,
                with_my_score=with_my_score,
                schedule_date=schedule,
                drop_author=drop_author,
                drop_media_captions=drop_media_captions,
            )
            answer = self._get_response_message(request, await self(request), to_peer)
            sent.extend(answer if answer is not None else [None] * len(run))
        return sent[0] if is_single else sent

    async def _chat_of(self, message: Any) -> types.TypeInputPeer:
        """The input peer of the chat of *message*: what it carries, else what is known about it."""
        found = getattr(message, "input_chat", None)
        return cast("types.TypeInputPeer", found) if found else await self.get_input_entity(message.peer_id)

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
        _, media, _ = await self._file_to_media(
            file,
            supports_streaming=supports_streaming,
            thumb=thumb,
            attributes=attributes,
            force_document=force_document,
        )

        if isinstance(message, (types.InputBotInlineMessageID, types.InputBotInlineMessageID64)):
            inline = functions.messages.EditInlineBotMessageRequest(
                id=message,
                message=new_text,
                no_webpage=not link_preview,
                entities=formatting_entities,
                media=media,
                reply_markup=self.build_reply_markup(buttons),
            )
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
        return cast("Message", self._get_response_message(request, await self(request), peer))

    async def _invoke_in(self, dc_id: int, request: Any) -> Any:
        """What *request* gives when it is made in the data centre *dc_id*."""
        if self.session is None or self.session.dc_id == dc_id:
            return await self(request)
        sender = await self._borrow_exported_sender(dc_id)
        try:
            return await self._call(sender, request)
        finally:
            await self._return_exported_sender(sender)

    # ---- removing, reading, pinning

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


def _reply_header(reply_id: int | None) -> types.MessageReplyHeader | None:
    return None if reply_id is None else types.MessageReplyHeader(reply_to_msg_id=reply_id)


def _id_to_delete(item: Any) -> int:
    if isinstance(item, (types.Message, types.MessageService, types.MessageEmpty)):
        return item.id
    return int(item)


def _read_id(item: Any) -> int:
    message_id = utils.get_message_id(item)
    if message_id is None:
        raise TypeError("a message to read up to must be a message or its id, not None")
    return message_id
