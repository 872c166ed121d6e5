"""What is known of a file without downloading it."""

from __future__ import annotations

import os.path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from telethon import utils
from telethon.tl import types

if TYPE_CHECKING:
    FileMedia: TypeAlias = "types.Photo | types.Document | types.WebDocument | types.WebDocumentNoProxy"

__all__ = ["File"]

A = TypeVar("A")


class File:
    """The file of a message: its name, size, kind and, as far as it has them, dimensions, duration, and so on.

    Attributes:
        media: the ``Photo`` or ``Document`` described.

    Example:
        >>> if message.file and message.file.size < 1024 * 1024:
        ...     await message.download_media()

    Source: https://core.telegram.org/api/files
    """

    def __init__(self, media: FileMedia | Any) -> None:
        self.media = media

    @property
    def id(self) -> str | None:
        """The file id in the form that the Bot API had first; None for photos, which have no such form any more.

        Bots could send the file again by it; new code should send the media itself.
        """
        return utils.pack_bot_file_id(self.media)

    @property
    def name(self) -> str | None:
        """The file name that the sender gave, if any."""
        attribute = self._attribute(types.DocumentAttributeFilename)
        return None if attribute is None else attribute.file_name

    @property
    def ext(self) -> str | None:
        """The extension with its dot, by the kind of file, else by its name; None when neither tells."""
        from telethon.utils._filekind import guess_extension

        kind = self.mime_type
        name = self.name
        return (guess_extension(kind) if kind else None) or (os.path.splitext(name)[1] if name else None) or None

    @property
    def mime_type(self) -> str | None:
        """The kind of file, such as ``video/mp4``, as the sender gave it. Photos are always ``image/jpeg``."""
        if isinstance(self.media, types.Photo):
            return "image/jpeg"
        kind: str | None = getattr(self.media, "mime_type", None)
        return kind

    @property
    def width(self) -> int | None:
        """The width in pixels of a photo (the largest there is), image or video."""
        return self._dimension("w")

    @property
    def height(self) -> int | None:
        """The height in pixels of a photo (the largest there is), image or video."""
        return self._dimension("h")

    @property
    def duration(self) -> float | None:
        """The duration in seconds of audio or video."""
        attribute: Any = self._attribute(types.DocumentAttributeAudio, types.DocumentAttributeVideo)
        return None if attribute is None else attribute.duration

    @property
    def title(self) -> str | None:
        """The title of a song."""
        attribute = self._attribute(types.DocumentAttributeAudio)
        return None if attribute is None else attribute.title

    @property
    def performer(self) -> str | None:
        """The performer of a song."""
        attribute = self._attribute(types.DocumentAttributeAudio)
        return None if attribute is None else attribute.performer

    @property
    def emoji(self) -> str | None:
        """The emoji that a sticker stands for."""
        attribute = self._attribute(types.DocumentAttributeSticker)
        return None if attribute is None else attribute.alt

    @property
    def sticker_set(self) -> types.TypeInputStickerSet | None:
        """The set that a sticker is from."""
        attribute = self._attribute(types.DocumentAttributeSticker)
        return None if attribute is None else attribute.stickerset

    @property
    def size(self) -> int | None:
        """The size in bytes; that of the largest form of a photo. None when it is not known."""
        if isinstance(self.media, types.Photo):
            counts = (utils._photo_size_byte_count(size) for size in self.media.sizes)
            return max((count for count in counts if count), default=None)
        size: int | None = getattr(self.media, "size", None)
        return size

    def _dimension(self, name: str) -> int | None:
        if isinstance(self.media, types.Photo):
            return max((getattr(size, name, 0) for size in self.media.sizes), default=None)
        attribute: Any = self._attribute(types.DocumentAttributeImageSize, types.DocumentAttributeVideo)
        return None if attribute is None else getattr(attribute, name)

    def _attribute(self, *kinds: type[A]) -> A | None:
        """The first attribute of a document that is of one of these kinds."""
        for attribute in getattr(self.media, "attributes", None) or ():
            if isinstance(attribute, kinds):
                return attribute
        return None
