"""Downloading the media of messages and the photos of chats; `filedownload` gets the bytes of them."""

from __future__ import annotations

import datetime
import os
from typing import TYPE_CHECKING, Any, cast, overload

from telethon import errors, helpers, utils
from telethon._core.oldnames import old_names
from telethon.client import _contact, _filenames, _photosizes
from telethon.client._iterators import names_of
from telethon.client._replaced import is_replaced
from telethon.client._sink import Sink
from telethon.client.filedownload import MAX_CHUNK_SIZE, MIN_CHUNK_SIZE, FileDownloadMethods
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telethon import hints
    from telethon.client._filereader import TIMED_OUT_SLEEP
    from telethon.client.filedownload import Refresh
    from telethon.tl.tlobject import TLObject
else:
    # Programs know them by these names.
    __getattr__ = old_names(
        __name__,
        names_of(
            __name__,
            _DirectDownloadIter="downloads.DirectDownloadIter",
            _GenericDownloadIter="downloads.GenericDownloadIter",
            TIMED_OUT_SLEEP="downloads.TIMED_OUT_SLEEP",
        ),
    )

__all__ = ["MAX_CHUNK_SIZE", "MIN_CHUNK_SIZE", "TIMED_OUT_SLEEP", "DownloadMethods"]


class DownloadMethods(FileDownloadMethods):
    """Files: getting them from the servers."""

    @overload
    async def download_profile_photo(
        self, entity: hints.EntityLike, file: type[bytes], *, download_big: bool = True
    ) -> bytes | None: ...

    @overload
    async def download_profile_photo(
        self, entity: hints.EntityLike, file: str | os.PathLike[str] | None = None, *, download_big: bool = True
    ) -> str | None: ...

    @overload
    async def download_profile_photo(
        self, entity: hints.EntityLike, file: Any, *, download_big: bool = True
    ) -> Any: ...

    async def download_profile_photo(
        self, entity: hints.EntityLike, file: Any = None, *, download_big: bool = True
    ) -> Any:
        """Download the profile photo of a user, chat or channel.

        Args:
            entity: whose photo.
            file: where to save it: a path, a folder, a stream open for writing bytes, ``bytes`` to get the bytes, or
                `None` for the current folder under a fitting name.
            download_big: whether the big form is downloaded.

        Returns:
            the path (or the stream), or the bytes for ``bytes``; `None` when there is no photo.

        Raises:
            ValueError: nobody knows *entity*.
            OSError: the file cannot be written.

        Example:
            >>> path = await client.download_profile_photo("me")
            >>> print(path)

        Network: ``upload.getFile`` for each part.
        Source: https://core.telegram.org/api/files#downloading-files
        """
        holder: Any = entity
        if not hasattr(holder, "SUBCLASS_OF_ID") or _is_input_or_peer(holder):
            holder = await self.get_entity(entity)
        thumb = -1 if download_big else 0

        if isinstance(holder, (types.UserFull, types.ChatFull, types.ChannelFull)):
            shown = holder.profile_photo if isinstance(holder, types.UserFull) else holder.chat_photo
            return await self._download_photo(shown, file, None, thumb, None, self._full_refresher(holder))
        if not isinstance(holder, (types.User, types.Chat, types.Channel)):
            return None
        photo = holder.photo
        if not isinstance(photo, (types.UserProfilePhoto, types.ChatPhoto)):
            return None

        names = [getattr(holder, name, None) for name in ("username", "first_name", "title")]
        path = self._get_proper_filename(file, "profile_photo", ".jpg", possible_names=names)
        # Profile photos may be asked for with the access hash of a `min` user.
        location = types.InputPeerPhotoFileLocation(
            peer=utils.get_input_peer(holder, check_hash=False), photo_id=photo.photo_id, big=download_big
        )
        try:
            result = await self._download_file(location, path, dc_id=photo.dc_id)
        except errors.LocationInvalidError:
            # Some channels only give it through their full form.
            peer = await self.get_input_entity(cast("hints.EntityLike", holder))
            if helpers._entity_type(peer) != helpers._EntityType.CHANNEL:
                return None
            full: Any = await self(functions.channels.GetFullChannelRequest(utils.get_input_channel(peer)))
            holder = full.full_chat
            return await self._download_photo(holder.chat_photo, file, None, thumb, None, self._full_refresher(holder))
        return result if file is bytes else path

    @overload
    async def download_media(
        self,
        message: hints.MessageLike | TLObject,
        file: type[bytes],
        *,
        thumb: int | str | types.TypePhotoSize | types.TypeVideoSize | None = None,
        progress_callback: hints.ProgressCallback | None = None,
    ) -> bytes | None: ...

    @overload
    async def download_media(
        self,
        message: hints.MessageLike | TLObject,
        file: str | os.PathLike[str] | None = None,
        *,
        thumb: int | str | types.TypePhotoSize | types.TypeVideoSize | None = None,
        progress_callback: hints.ProgressCallback | None = None,
    ) -> str | None: ...

    @overload
    async def download_media(
        self,
        message: hints.MessageLike | TLObject,
        file: Any,
        *,
        thumb: int | str | types.TypePhotoSize | types.TypeVideoSize | None = None,
        progress_callback: hints.ProgressCallback | None = None,
    ) -> Any: ...

    async def download_media(
        self,
        message: Any,
        file: Any = None,
        *,
        thumb: int | str | types.TypePhotoSize | types.TypeVideoSize | None = None,
        progress_callback: hints.ProgressCallback | None = None,
    ) -> Any:
        """Download the media of a message.

        Args:
            message: a message, a media, photo or document, or a file id of the Bot API.
            file: where to save it: a path, a folder, a stream open for writing bytes, ``bytes`` to get the bytes, or
                `None` for the current folder under a fitting name.
            thumb: a thumbnail instead of the file: an index from smallest to biggest (-1 is the biggest), the
                ``type`` of a size, or a size. Of a photo, the size wanted; the biggest when left out.
            progress_callback: called with the bytes there and the bytes to come, after each part; may be a coroutine
                function.

        Returns:
            the path (or the stream), or the bytes for ``bytes``; `None` when there is nothing to download.

        Raises:
            OSError: the file cannot be written.
            FileReferenceExpiredError: what shows where the file was seen is too old, and it cannot be told where to get
                it anew; fetch the message again.

        Example:
            >>> path = await client.download_media(message)
            >>> await client.download_media(message, "downloads/")
            >>> data = await message.download_media(bytes)

        Network: ``upload.getFile`` for each part, a few at once.
        Source: https://core.telegram.org/api/files#downloading-files
        """
        date: datetime.datetime | None = None
        origin: tuple[Any, int] | None = None
        media: Any = message
        if isinstance(message, (types.Message, types.MessageService)):
            date = message.date
            input_chat: Any = getattr(message, "input_chat", None)
            # With it, the message can be fetched again when its file reference becomes too old on the way.
            origin = (input_chat, message.id) if input_chat else None
            media = getattr(message, "media", None)
            if isinstance(message, types.MessageService):
                action = message.action
                media = action.photo if isinstance(action, types.MessageActionChatEditPhoto) else None
        elif isinstance(message, str):
            media = utils.resolve_bot_file_id(message)

        if isinstance(media, types.MessageMediaWebPage):
            page = media.webpage
            media = (page.document or page.photo) if isinstance(page, types.WebPage) else None

        if isinstance(media, (types.MessageMediaPhoto, types.Photo)):
            if is_replaced(self, "_download_photo", _OWN_PHOTO):
                # A program's own method may know of no more than these.
                return await self._download_photo(media, file, date, thumb, progress_callback)
            return await self._download_photo(media, file, date, thumb, progress_callback, origin)
        if isinstance(media, (types.MessageMediaDocument, types.Document)):
            return await self._download_document(media, file, date, thumb, progress_callback, origin)
        if isinstance(media, types.MessageMediaContact) and thumb is None:
            return await self._download_contact(media, file)
        if isinstance(media, (types.WebDocument, types.WebDocumentNoProxy)) and thumb is None:
            return await self._download_web_document(media, file, progress_callback)
        return None

    def _full_refresher(self, holder: types.UserFull | types.ChatFull | types.ChannelFull) -> Refresh:
        """What finds a new file reference of the photo of a user, group or channel."""

        async def refresh(location: Any) -> bytes | None:
            photo: Any
            if isinstance(holder, types.UserFull):
                user = await self.get_input_entity(types.PeerUser(holder.id))
                found: Any = await self(functions.users.GetFullUserRequest(utils.get_input_user(user)))
                photo = found.full_user.profile_photo
            elif isinstance(holder, types.ChatFull):
                found = await self(functions.messages.GetFullChatRequest(holder.id))
                photo = found.full_chat.chat_photo
            else:
                channel = await self.get_input_entity(types.PeerChannel(holder.id))
                found = await self(functions.channels.GetFullChannelRequest(utils.get_input_channel(channel)))
                photo = found.full_chat.chat_photo
            # Another one may have taken its place meanwhile.
            return photo.file_reference if isinstance(photo, types.Photo) and photo.id == location.id else None

        return refresh

    async def _download_photo(
        self,
        photo: Any,
        file: Any,
        date: datetime.datetime | None,
        thumb: Any,
        progress_callback: hints.ProgressCallback | None,
        msg_data: tuple[Any, int] | Refresh | None = None,
    ) -> Any:
        """Save a photo; what `download_media` gives."""
        if isinstance(photo, types.MessageMediaPhoto):
            photo = photo.photo
        if not isinstance(photo, types.Photo):
            return None
        size = self._get_thumb([*photo.sizes, *(photo.video_sizes or ())], thumb)
        if size is None or isinstance(size, types.PhotoSizeEmpty):
            return None
        is_video = isinstance(size, types.VideoSize)
        path = self._get_proper_filename(
            file, "video" if is_video else "photo", ".mp4" if is_video else ".jpg", date=date
        )
        if isinstance(size, (types.PhotoCachedSize, types.PhotoStrippedSize)):
            return await self._save_cached(size, path)
        location = types.InputPhotoFileLocation(
            id=photo.id, access_hash=photo.access_hash, file_reference=photo.file_reference, thumb_size=size.type
        )
        result = await self._download_file(
            location,
            path,
            dc_id=photo.dc_id,
            file_size=_photosizes.byte_count(size),
            progress_callback=progress_callback,
            msg_data=msg_data,
        )
        return result if file is bytes else path

    async def _download_document(
        self,
        document: Any,
        file: Any,
        date: datetime.datetime | None,
        thumb: Any,
        progress_callback: hints.ProgressCallback | None,
        msg_data: tuple[Any, int] | Refresh | None,
    ) -> Any:
        """Save a document or its thumbnail; what `download_media` gives."""
        if isinstance(document, types.MessageMediaDocument):
            document = document.document
        if not isinstance(document, types.Document):
            return None
        size: Any = None
        if thumb is None:
            kind, names = _filenames.kind_and_names(document.attributes)
            path = self._get_proper_filename(file, kind, utils.get_extension(document), date=date, possible_names=names)
        else:
            size = self._get_thumb([*(document.thumbs or ()), *(document.video_thumbs or ())], thumb)
            if size is None or isinstance(size, types.PhotoSizeEmpty):
                return None
            is_video = isinstance(size, types.VideoSize)
            path = self._get_proper_filename(
                file, "video" if is_video else "photo", ".mp4" if is_video else ".jpg", date=date
            )
            if isinstance(size, (types.PhotoCachedSize, types.PhotoStrippedSize)):
                return await self._save_cached(size, path)
        location = types.InputDocumentFileLocation(
            id=document.id,
            access_hash=document.access_hash,
            file_reference=document.file_reference,
            thumb_size=size.type if size else "",
        )
        result = await self._download_file(
            location,
            path,
            dc_id=document.dc_id,
            file_size=_photosizes.byte_count(size) if size else document.size,
            progress_callback=progress_callback,
            msg_data=msg_data,
        )
        return result if file is bytes else path

    async def _save_cached(self, size: types.PhotoCachedSize | types.PhotoStrippedSize, path: Any) -> Any:
        """Save a thumbnail whose bytes came with the message."""
        data = utils.stripped_photo_to_jpg(size.bytes) if isinstance(size, types.PhotoStrippedSize) else size.bytes
        return await self._save_bytes(data, path)

    async def _save_bytes(self, data: bytes, path: Any) -> Any:
        async with Sink(path) as sink:
            await sink.write(data)
        return sink.value if path is bytes else path

    async def _download_contact(self, contact: types.MessageMediaContact, file: Any) -> Any:
        """Save a contact as a card."""
        path = self._get_proper_filename(
            file,
            "contact",
            ".vcard",
            possible_names=[contact.first_name, contact.phone_number, contact.last_name],
        )
        return await self._save_bytes(_contact.vcard(contact).encode(), path)

    async def _download_web_document(
        self,
        document: types.WebDocument | types.WebDocumentNoProxy,
        file: Any,
        progress_callback: hints.ProgressCallback | None,
    ) -> Any:
        """Save a file that is on the web and not on the servers."""
        import asyncio

        from telethon.client import _web

        kind, names = _filenames.kind_and_names(document.attributes)
        path = self._get_proper_filename(file, kind, utils.get_extension(document), possible_names=names)
        data = await asyncio.to_thread(_web.fetch, document.url, document.size)
        if progress_callback:
            await helpers._maybe_await(progress_callback(len(data), document.size))
        return await self._save_bytes(data, path)

    @staticmethod
    def _get_thumb(thumbs: Sequence[Any] | None, thumb: Any) -> Any:
        """The size that *thumb* names among *thumbs*; the biggest for `None`."""
        return _photosizes.choose(thumbs or (), thumb)

    @staticmethod
    def _get_kind_and_names(attributes: Sequence[types.TypeDocumentAttribute]) -> tuple[str, list[str]]:
        return _filenames.kind_and_names(attributes)

    @staticmethod
    def _get_proper_filename(
        file: Any,
        kind: str,
        extension: str,
        date: datetime.datetime | None = None,
        possible_names: Sequence[str | None] | None = None,
    ) -> Any:
        """The path to save at; see `_filenames.file_name_for`."""
        return _filenames.file_name_for(file, kind, extension, date, possible_names)


def _is_input_or_peer(entity: object) -> bool:
    """Whether *entity* only names a user, chat or channel."""
    name = type(entity).__name__
    return name.startswith(("InputPeer", "InputUser", "InputChannel")) or name in (
        "PeerUser",
        "PeerChat",
        "PeerChannel",
    )


_OWN_PHOTO: Any = DownloadMethods.__dict__["_download_photo"]
