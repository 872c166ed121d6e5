"""Reading, sending and forwarding messages; what changes those that are there stands in `messagechanges`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast, overload

from telethon import helpers, utils
from telethon._core.oldnames import old_names
from telethon.client import _send
from telethon.client._iterators import names_of
from telethon.client._signatures import same_signature_as
from telethon.client.messagechanges import MessageChangeMethods
from telethon.client.messageparse import input_reply
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telethon import hints
    from telethon.client._iterators.messages import FilterLike
    from telethon.client._iterators.messages import IDsIter as _IDsIter
    from telethon.client._iterators.messages import MessagesIter as _MessagesIter
    from telethon.tl.patched import Message
else:
    __getattr__ = old_names(
        __name__, names_of(__name__, _IDsIter="messages.IDsIter", _MessagesIter="messages.MessagesIter")
    )


class MessageMethods(MessageChangeMethods):
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
        from telethon.client._iterators.messages import IDsIter, MessagesIter

        if ids is not None:
            wanted = cast("Sequence[int]", ids if utils.is_list_like(ids) else [ids])
            return IDsIter(
                client=self, limit=len(wanted), reverse=reverse, wait_time=wait_time, entity=entity, ids=wanted
            )
        return MessagesIter(
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

    @overload
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
        split: Literal[False] = ...,
    ) -> Message: ...

    @overload
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
        split: Literal[True],
    ) -> list[Message]: ...

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
        split: bool = False,
    ) -> Message | list[Message]:
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
            split: whether text that is too long for one message is sent in several. It is cut between paragraphs, lines
                or words, see `split_message <telethon.extensions.splitting.split_message>`. The file goes with the
                first message, the buttons with the last.

        Returns:
            the message sent; with *split* always a list of messages, even of one.

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
            # Only when asked for, because programs have a `send_file` of their own that does not know it.
            splitting: dict[str, Any] = {"split": split, "link_preview": link_preview} if split else {}
            # Which overload it is depends on `split`.
            files: Any = self
            sent: Message | list[Message] = await files.send_file(
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
                **splitting,
            )
            return sent
        if split:
            first = {"clear_draft": clear_draft, "message_effect_id": message_effect_id}
            each: dict[str, Any] = {
                "reply_to": reply_to,
                "link_preview": link_preview,
                "silent": silent,
                "background": background,
                "schedule": schedule,
                "comment_to": comment_to,
                "send_as": send_as,
            }
            if isinstance(message, types.Message):
                # It fitted into one message before.
                return [await cast("Any", self).send_message(entity, message, buttons=buttons, **first, **each)]
            return await _send.send_split(
                self, entity, message, parse_mode, formatting_entities, buttons=buttons, first=first, each=each
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
            short = types.Message(
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
            short._finish_init(self, {}, peer)
            return short
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


def _reply_header(reply_id: int | None) -> types.MessageReplyHeader | None:
    return None if reply_id is None else types.MessageReplyHeader(reply_to_msg_id=reply_id)
