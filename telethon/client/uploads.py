"""Sending files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, cast, overload

from telethon import errors, utils
from telethon._core.oldnames import old_names
from telethon.client import _albums, _media, _parts, _send
from telethon.client.buttons import ButtonMethods
from telethon.client.fileupload import FileUploadMethods
from telethon.client.messageparse import input_reply
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telethon import hints
    from telethon.tl.patched import Message
else:
    __getattr__ = old_names(__name__)

_ALBUM: Final = 10


class UploadMethods(ButtonMethods, FileUploadMethods):
    """Files: putting them on the servers, and sending them."""

    @overload
    async def send_file(
        self,
        entity: hints.EntityLike,
        file: list[Any] | tuple[Any, ...] | set[Any],
        *,
        caption: str | Sequence[str] | None = None,
        force_document: bool = False,
        mime_type: str | None = None,
        file_size: int | None = None,
        clear_draft: bool = False,
        progress_callback: hints.ProgressCallback | None = None,
        reply_to: hints.MessageIDLike | None = None,
        attributes: Sequence[types.TypeDocumentAttribute] | None = None,
        thumb: hints.FileLike | None = None,
        allow_cache: bool = True,
        parse_mode: object = (),
        formatting_entities: Sequence[Any] | None = None,
        voice_note: bool = False,
        video_note: bool = False,
        buttons: hints.MarkupLike | None = None,
        silent: bool | None = None,
        background: bool | None = None,
        supports_streaming: bool = False,
        schedule: hints.DateLike = None,
        comment_to: int | types.Message | None = None,
        ttl: int | None = None,
        nosound_video: bool | None = None,
        send_as: hints.EntityLike | None = None,
        message_effect_id: int | None = None,
        split: bool = False,
        link_preview: bool = True,
        **kwargs: Any,
    ) -> list[Message]: ...

    @overload
    async def send_file(
        self,
        entity: hints.EntityLike,
        file: Any,
        *,
        caption: str | Sequence[str] | None = None,
        force_document: bool = False,
        mime_type: str | None = None,
        file_size: int | None = None,
        clear_draft: bool = False,
        progress_callback: hints.ProgressCallback | None = None,
        reply_to: hints.MessageIDLike | None = None,
        attributes: Sequence[types.TypeDocumentAttribute] | None = None,
        thumb: hints.FileLike | None = None,
        allow_cache: bool = True,
        parse_mode: object = (),
        formatting_entities: Sequence[Any] | None = None,
        voice_note: bool = False,
        video_note: bool = False,
        buttons: hints.MarkupLike | None = None,
        silent: bool | None = None,
        background: bool | None = None,
        supports_streaming: bool = False,
        schedule: hints.DateLike = None,
        comment_to: int | types.Message | None = None,
        ttl: int | None = None,
        nosound_video: bool | None = None,
        send_as: hints.EntityLike | None = None,
        message_effect_id: int | None = None,
        split: Literal[False] = ...,
        link_preview: bool = True,
        **kwargs: Any,
    ) -> Message: ...

    @overload
    async def send_file(
        self,
        entity: hints.EntityLike,
        file: Any,
        *,
        caption: str | Sequence[str] | None = None,
        force_document: bool = False,
        mime_type: str | None = None,
        file_size: int | None = None,
        clear_draft: bool = False,
        progress_callback: hints.ProgressCallback | None = None,
        reply_to: hints.MessageIDLike | None = None,
        attributes: Sequence[types.TypeDocumentAttribute] | None = None,
        thumb: hints.FileLike | None = None,
        allow_cache: bool = True,
        parse_mode: object = (),
        formatting_entities: Sequence[Any] | None = None,
        voice_note: bool = False,
        video_note: bool = False,
        buttons: hints.MarkupLike | None = None,
        silent: bool | None = None,
        background: bool | None = None,
        supports_streaming: bool = False,
        schedule: hints.DateLike = None,
        comment_to: int | types.Message | None = None,
        ttl: int | None = None,
        nosound_video: bool | None = None,
        send_as: hints.EntityLike | None = None,
        message_effect_id: int | None = None,
        split: Literal[True],
        link_preview: bool = True,
        **kwargs: Any,
    ) -> list[Message]: ...

    async def send_file(
        self,
        entity: hints.EntityLike,
        file: Any,
        *,
        caption: str | Sequence[str] | None = None,
        force_document: bool = False,
        mime_type: str | None = None,
        file_size: int | None = None,
        clear_draft: bool = False,
        progress_callback: hints.ProgressCallback | None = None,
        reply_to: hints.MessageIDLike | None = None,
        attributes: Sequence[types.TypeDocumentAttribute] | None = None,
        thumb: hints.FileLike | None = None,
        allow_cache: bool = True,
        parse_mode: object = (),
        formatting_entities: Sequence[Any] | None = None,
        voice_note: bool = False,
        video_note: bool = False,
        buttons: hints.MarkupLike | None = None,
        silent: bool | None = None,
        background: bool | None = None,
        supports_streaming: bool = False,
        schedule: hints.DateLike = None,
        comment_to: int | types.Message | None = None,
        ttl: int | None = None,
        nosound_video: bool | None = None,
        send_as: hints.EntityLike | None = None,
        message_effect_id: int | None = None,
        split: bool = False,
        link_preview: bool = True,
        **kwargs: Any,
    ) -> Message | list[Message]:
        """Send a file with a caption, or several files as albums.

        Args:
            entity: the chat.
            file: a path, an ``http`` link, bytes, a stream open for reading bytes, a file id of the Bot API, the
                result of `upload_file`, anything with media (a message, a photo, a document), an input media such as
                ``types.InputMediaPoll``; or a list of them, which is sent in albums of ten.
            caption: the caption, or one for each file of an album.
            force_document: whether pictures and videos are sent as plain files.
            mime_type: the type of the file, instead of the one its name has.
            file_size: how many bytes the file has, when it cannot be told from it.
            clear_draft: whether to clear the draft in the chat.
            progress_callback: called with the bytes sent and the bytes there are, after each part; may be a coroutine
                function. For albums: with the number of files sent (with fractions) and the number of files.
            reply_to: the message to reply to, or its id.
            attributes: attributes that replace the ones told from the file, kind by kind.
            thumb: a JPEG of at most 200 KB and 320 pixels to show in place of a document.
            allow_cache: has no effect; servers keep no cache that can be asked.
            parse_mode: how the caption is formatted, instead of what the client's `parse_mode` says.
            formatting_entities: the entities of the caption, or a list of them for each file of an album.
            voice_note: whether it is sent as a voice note.
            video_note: whether it is sent as a round video.
            buttons: buttons; not possible with albums.
            silent: whether to notify nobody.
            background: whether it is sent in the background.
            supports_streaming: whether a video may be played before it is there in full.
            schedule: when to send it, instead of now.
            comment_to: the post of a channel to comment on, or its id. It overrides *reply_to*.
            ttl: seconds after which a photo or video is deleted once seen, in private chats.
            nosound_video: whether a video without sound stays a video instead of becoming a GIF.
            send_as: the channel to send it as, in groups that allow it.
            message_effect_id: an animated effect, in private chats.
            split: whether a caption that is too long goes on in further messages. They follow the file, and the last
                one has the buttons. See `split_message <telethon.extensions.splitting.split_message>`.
            link_preview: whether a link in those messages may get a preview.

        Returns:
            the message sent, or a list of them when *file* is a list; with *split* always a list.

        Raises:
            TypeError: when *file* is nothing that can be sent; *split* with a list of captions.
            ValueError: when *file* is text that is no existing path, link or file id.

        Example:
            >>> await client.send_file(chat, "me.jpg", caption="It's me!")
            >>> await client.send_file(chat, ["holidays1.jpg", "holidays2.jpg"], caption="Lovely")
            >>> await client.send_file(chat, "song.ogg", voice_note=True)

        Network: ``upload.saveFilePart`` or ``upload.saveBigFilePart`` for each part, ``messages.sendMedia``;
        ``messages.uploadMedia`` and ``messages.sendMultiMedia`` for albums.

        Source: https://core.telegram.org/api/files
        """
        if kwargs:
            # Taken without a word for ages, so that programs may well have some.
            self._log[__name__].warning("send_file knows no %s, and ignores it", ", ".join(sorted(kwargs)))
        if not file:
            raise TypeError(f"Cannot use {file!r} as file: there is nothing in it to send")
        if split:
            if utils.is_list_like(caption):
                raise TypeError("with split there can be one caption for all files, not one for each")
            return await _send.send_split(
                self,
                entity,
                cast("str", caption or ""),
                parse_mode,
                # An empty list is none, as below.
                formatting_entities or None,
                file=file,
                buttons=buttons,
                first={
                    "force_document": force_document,
                    "mime_type": mime_type,
                    "file_size": file_size,
                    "clear_draft": clear_draft,
                    "progress_callback": progress_callback,
                    "attributes": attributes,
                    "thumb": thumb,
                    "allow_cache": allow_cache,
                    "voice_note": voice_note,
                    "video_note": video_note,
                    "supports_streaming": supports_streaming,
                    "ttl": ttl,
                    "nosound_video": nosound_video,
                    "message_effect_id": message_effect_id,
                },
                each={
                    "reply_to": reply_to,
                    "link_preview": link_preview,
                    "silent": silent,
                    "background": background,
                    "schedule": schedule,
                    "comment_to": comment_to,
                    "send_as": send_as,
                },
            )
        peer = await self.get_input_entity(entity)
        reply_id: int | None
        if comment_to is not None:
            peer, reply_id = await self._get_comment_data(peer, comment_to)
        else:
            reply_id = utils.get_message_id(reply_to)

        if utils.is_list_like(file):
            return await self._send_albums(
                peer,
                list(file),
                caption=caption,
                formatting_entities=formatting_entities,
                progress_callback=progress_callback,
                reply_to=reply_id,
                parse_mode=parse_mode,
                silent=silent,
                schedule=schedule,
                supports_streaming=supports_streaming,
                clear_draft=clear_draft,
                force_document=force_document,
                background=background,
                ttl=ttl,
                send_as=send_as,
                message_effect_id=message_effect_id,
            )

        if formatting_entities:
            text, entities = cast("str", caption or ""), list(formatting_entities)
        else:
            text, entities = await self._parse_message_text(cast("str", caption or ""), parse_mode)
        start = await _media.position_of(file)
        handle, media, is_image = await self._file_to_media(
            file,
            force_document=force_document,
            mime_type=mime_type,
            file_size=file_size,
            progress_callback=progress_callback,
            attributes=attributes,
            allow_cache=allow_cache,
            thumb=thumb,
            voice_note=voice_note,
            video_note=video_note,
            supports_streaming=supports_streaming,
            ttl=ttl,
            nosound_video=nosound_video,
        )
        if not media:
            # Such as the preview of a web page.
            raise TypeError(f"Cannot use {file!r} as file: Telegram does not let it be sent on its own")

        request = functions.messages.SendMediaRequest(
            peer=peer,
            media=media,
            reply_to=input_reply(reply_id),
            message=text,
            entities=entities,
            reply_markup=self.build_reply_markup(buttons),
            silent=silent,
            schedule_date=schedule,
            clear_draft=clear_draft,
            background=background,
            send_as=await self._send_as(send_as),
            effect=message_effect_id,
        )
        again = _parts.Again(file, start, bool(is_image))
        result = await self._send_with_parts(request, handle, again)
        return cast("Message", self._get_response_message(request, result, peer))

    async def _send_with_parts(self, request: Any, handle: types.TypeInputFile | None, again: _parts.Again) -> Any:
        """What *request* gives, after sending again the parts of a file that servers have lost meanwhile."""
        lost: set[int] = set()
        while True:
            try:
                return await self(request)
            except (errors.FilePart0MissingError, errors.FilePartMissingError) as error:
                index = error.which if isinstance(error, errors.FilePartMissingError) else 0
                if handle is None or again.start is None or index in lost:
                    raise
            lost.add(index)
            self._log[__name__].info("Servers lost part %d of a file; sending it again", index)
            await _parts.save(self, again.request(handle, index, await again.part(index)), index)

    async def _send_albums(
        self,
        peer: types.TypeInputPeer,
        files: list[Any],
        *,
        caption: str | Sequence[str] | None,
        formatting_entities: Sequence[Any] | None,
        progress_callback: hints.ProgressCallback | None,
        **options: Any,
    ) -> list[Message]:
        captions = _albums.as_list(caption or "")
        entities = _albums.entity_lists(formatting_entities)
        total = len(files)
        sent: list[Message] = []
        for start in range(0, total, _ALBUM):
            album = slice(start, start + _ALBUM)
            sent += await self._send_album(
                peer,
                files[album],
                caption=captions[album],
                formatting_entities=entities[album],
                progress_callback=_albums.shifted(progress_callback, start, total),
                **options,
            )
        return sent

    async def _send_album(
        self,
        entity: hints.EntityLike,
        files: Sequence[Any],
        caption: str | Sequence[str] = "",
        formatting_entities: Sequence[Any] | None = None,
        progress_callback: hints.ProgressCallback | None = None,
        reply_to: hints.MessageIDLike | None = None,
        parse_mode: object = (),
        silent: bool | None = None,
        schedule: hints.DateLike = None,
        supports_streaming: bool | None = None,
        clear_draft: bool | None = None,
        force_document: bool = False,
        background: bool | None = None,
        ttl: int | None = None,
        send_as: hints.EntityLike | None = None,
        message_effect_id: int | None = None,
    ) -> list[Message]:
        """Send up to ten files as one album."""
        peer = await self.get_input_entity(entity)
        captions = _albums.as_list(caption)
        given = _albums.entity_lists(formatting_entities)

        media: list[types.InputSingleMedia] = []
        for index, file in enumerate(files):
            text = captions[index] if index < len(captions) else ""
            if given:
                entities: list[types.TypeMessageEntity] | None = given[index] if index < len(given) else None
            elif index < len(captions):
                text, entities = await self._parse_message_text(text or "", parse_mode)
            else:
                entities = None
            start = await _media.position_of(file)
            handle, item, is_image = await self._file_to_media(
                file,
                supports_streaming=bool(supports_streaming),
                force_document=force_document,
                ttl=ttl,
                progress_callback=_albums.per_file(progress_callback, index, len(files)),
                nosound_video=True,
            )
            if not item:
                raise TypeError(f"Cannot use {file!r} as file")
            media.append(
                types.InputSingleMedia(
                    await self._album_media(
                        peer, item, bool(supports_streaming), handle, _parts.Again(file, start, bool(is_image))
                    ),
                    message=text or "",
                    entities=entities,
                )
            )

        request = functions.messages.SendMultiMediaRequest(
            peer,
            reply_to=input_reply(utils.get_message_id(reply_to)),
            multi_media=media,
            silent=silent,
            schedule_date=schedule,
            clear_draft=clear_draft,
            background=background,
            send_as=await self._send_as(send_as),
            effect=message_effect_id,
        )
        random_ids = [item.random_id for item in media]
        return cast("list[Message]", self._get_response_message(random_ids, await self(request), peer))

    async def _album_media(
        self,
        peer: types.TypeInputPeer,
        media: types.TypeInputMedia,
        supports_streaming: bool,
        handle: types.TypeInputFile | None,
        again: _parts.Again,
    ) -> types.TypeInputMedia:
        """*media* as albums take it: what was only just uploaded has to be made a photo or document first."""
        if isinstance(media, (types.InputMediaUploadedPhoto, types.InputMediaPhotoExternal)):
            request = functions.messages.UploadMediaRequest(peer, media=media)
            stored = await self._send_with_parts(request, handle, again)
            return _albums.again(utils.get_input_media(stored.photo), media)
        if isinstance(media, (types.InputMediaUploadedDocument, types.InputMediaDocumentExternal)):
            request = functions.messages.UploadMediaRequest(peer, media=media)
            stored = await self._send_with_parts(request, handle, again)
            return _albums.again(utils.get_input_media(stored.document, supports_streaming=supports_streaming), media)
        return media
