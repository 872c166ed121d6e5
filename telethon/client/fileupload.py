"""Putting files on the servers, and making of anything sendable the media that a request takes."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, cast

from telethon import helpers, utils
from telethon.client import _media, _parts
from telethon.client.messageparse import MessageParseMethods
from telethon.tl import types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telethon import hints

__all__ = ["FileUploadMethods"]


class FileUploadMethods(MessageParseMethods):
    """The methods that upload; `UploadMethods` has them too."""

    async def upload_file(
        self,
        file: hints.FileLike,
        *,
        part_size_kb: float | None = None,
        file_size: int | None = None,
        file_name: str | None = None,
        use_cache: type | None = None,
        key: bytes | None = None,
        iv: bytes | None = None,
        progress_callback: hints.ProgressCallback | None = None,
    ) -> types.TypeInputFile:
        """Put a file on the servers, to be used in a request within the next hours.

        Args:
            file: a path, bytes, or a stream open for reading bytes. Its size need not be known.
            part_size_kb: kibibytes in each part, at most 512, and a divisor of 512 when there are several parts; chosen
                by size when left out.
            file_size: how many bytes there are, when the stream cannot tell.
            file_name: the name the file gets, instead of its own.
            use_cache: has no effect.
            key: encrypts the parts with this key, for secret chats.
            iv: the initialisation vector that goes with *key*.
            progress_callback: called with the bytes sent and the bytes there are, after each part; may be a coroutine
                function.

        Returns:
            an ``InputFileBig`` above ten megabytes, else an ``InputSizedFile``, which is an ``InputFile``.

        Raises:
            ValueError: when the part size is not possible, or the file ends before *file_size*.
            TypeError: when *file* gives something other than bytes.

        Example:
            >>> photo = await client.upload_file("photo.jpg")
            >>> await client.send_file("lonami", photo)
            >>> await client.send_file("telegram", photo)

        Network: ``upload.saveFilePart`` or ``upload.saveBigFilePart``, a few at once.

        Source: https://core.telegram.org/api/files#uploading-files
        """
        if isinstance(file, (types.InputFile, types.InputFileBig)):
            return file

        async with _media.FileSource(file, file_size) as source:
            await source.learn_size(_media.BIG_FILE + 1)
            size = source.size
            part_size = _parts.part_size_for(size, part_size_kb)
            file_id = helpers.generate_random_long()
            name = file_name or source.name or str(file_id)
            if not os.path.splitext(name)[1]:
                # Photos are refused without an extension, whatever is in them.
                name += utils._get_extension(file)
            is_big = size is None or size > _media.BIG_FILE
            sending = _parts.PartSender(self, source, file_id, part_size, is_big=is_big, key=key, iv=iv)
            count = await sending.run(progress_callback)

        if is_big:
            return types.InputFileBig(file_id, count, name)
        from telethon.tl.custom.inputsizedfile import InputSizedFile

        return cast("types.TypeInputFile", InputSizedFile(file_id, count, name, md5=sending.md5, size=size or 0))

    async def _file_to_media(
        self,
        file: Any,
        force_document: bool = False,
        file_size: int | None = None,
        progress_callback: hints.ProgressCallback | None = None,
        attributes: Sequence[types.TypeDocumentAttribute] | None = None,
        thumb: hints.FileLike | None = None,
        allow_cache: bool = True,
        voice_note: bool = False,
        video_note: bool = False,
        supports_streaming: bool = False,
        mime_type: str | None = None,
        as_image: bool | None = None,
        ttl: int | None = None,
        nosound_video: bool | None = None,
    ) -> tuple[types.TypeInputFile | None, types.TypeInputMedia | None, bool | None]:
        """The uploaded file (if one was needed), the input media, and whether it is a photo, for anything sendable."""
        if not file:
            return None, None, None
        if isinstance(file, os.PathLike):
            file = _absolute(cast("os.PathLike[str]", file))
        is_image = utils.is_image(file)
        if as_image is None:
            as_image = is_image and not force_document

        is_uploaded = isinstance(file, (types.InputFile, types.InputFileBig))
        if not isinstance(file, (str, bytes)) and not is_uploaded and not hasattr(file, "read"):
            # Something that holds media, or is media already.
            try:
                media = utils.get_input_media(
                    file,
                    is_photo=as_image,
                    attributes=attributes,
                    force_document=force_document,
                    voice_note=voice_note,
                    video_note=video_note,
                    supports_streaming=supports_streaming,
                    ttl=ttl,
                )
            except TypeError:
                return None, None, as_image
            return None, media, as_image

        handle: types.TypeInputFile | None = None
        found: types.TypeInputMedia | None = None
        if is_uploaded:
            handle = cast("types.TypeInputFile", file)
        elif not isinstance(file, str) or _is_file(file):
            small = await _media.small_photo(file, as_image)
            handle = await self.upload_file(small, file_size=file_size, progress_callback=progress_callback)
        elif re.match("https?://", file):
            found = (
                types.InputMediaPhotoExternal(file, ttl_seconds=ttl)
                if as_image
                else types.InputMediaDocumentExternal(file, ttl_seconds=ttl)
            )
        else:
            bot_file = utils.resolve_bot_file_id(file)
            found = utils.get_input_media(bot_file, ttl=ttl) if bot_file else None

        if found:
            return handle, found, as_image
        if not handle:
            raise ValueError(
                f"Failed to convert {file} to media. Not an existing file, an HTTP URL or a valid bot-API-like file ID"
            )
        if as_image:
            return handle, types.InputMediaUploadedPhoto(handle, ttl_seconds=ttl), as_image

        # What is a picture goes as a document only when asked to, and then needs no flag to stay one.
        force_file = force_document and not is_image
        all_attributes, mime_type = utils.get_attributes(
            file,
            mime_type=mime_type,
            attributes=attributes,
            force_document=force_file,
            voice_note=voice_note,
            video_note=video_note,
            supports_streaming=supports_streaming,
            thumb=thumb,
        )
        is_video = mime_type.startswith("video/")
        document = types.InputMediaUploadedDocument(
            file=handle,
            mime_type=mime_type,
            attributes=all_attributes,
            thumb=await self.upload_file(thumb) if thumb else None,
            force_file=force_file,
            ttl_seconds=ttl,
            # It keeps silent videos from becoming GIFs, and means nothing for the rest.
            nosound_video=nosound_video if is_video else None,
        )
        return handle, document, as_image


def _absolute(path: os.PathLike[str]) -> str:
    return os.path.abspath(os.fspath(path))


def _is_file(path: str) -> bool:
    return os.path.isfile(path)
