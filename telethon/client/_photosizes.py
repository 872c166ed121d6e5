"""The sizes of a photo: which one is meant, how big it is, and the file reference that goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telethon import utils
from telethon.tl import types

if TYPE_CHECKING:
    from collections.abc import Sequence


def byte_count(size: Any) -> int | None:
    """How many bytes a size of a photo or video has."""
    if isinstance(size, types.VideoSize):
        return size.size
    return utils._photo_size_byte_count(size)


def _order(size: Any) -> tuple[int, int]:
    """Pictures by how many bytes they have, then videos; what has no bytes first."""
    if isinstance(size, types.VideoSize):
        return 2, size.size
    if isinstance(size, (types.PhotoStrippedSize, types.PhotoCachedSize)):
        return 1, len(size.bytes)
    if isinstance(size, (types.PhotoSize, types.PhotoSizeProgressive)):
        return 1, byte_count(size) or 0
    return 0, 0


def choose(sizes: Sequence[Any], wanted: Any) -> Any:
    """The size meant by *wanted*.

    Args:
        sizes: the sizes there are. Outlines of stickers are no pictures, and left out.
        wanted: `None` for the biggest, an index from smallest to biggest, the ``type`` of a size, or a size.

    Returns:
        the size, or `None` when there is none of that type.

    Raises:
        IndexError: when the index is out of range.
    """
    # Servers do not always send them in order.
    ordered = sorted((size for size in sizes if not isinstance(size, types.PhotoPathSize)), key=_order)
    if not ordered:
        return None
    if wanted is None:
        return ordered[-1]
    if isinstance(wanted, int):
        return ordered[wanted]
    if isinstance(wanted, str):
        return next((size for size in ordered if getattr(size, "type", None) == wanted), None)
    kinds = (
        types.PhotoSize,
        types.PhotoCachedSize,
        types.PhotoStrippedSize,
        types.PhotoSizeProgressive,
        types.VideoSize,
    )
    return wanted if isinstance(wanted, kinds) else None


def file_reference_in(message: Any, file_id: int) -> bytes | None:
    """The file reference that *message* has for the photo or document with this id; `None` when it has it no more."""
    media = getattr(message, "media", None)
    page = getattr(media, "webpage", None)
    action = getattr(message, "action", None)
    for holder in (media, page, action, getattr(media, "game", None), getattr(media, "extended_media", None)):
        for name in ("document", "photo", "video"):
            file = getattr(holder, name, None)
            if isinstance(file, (types.Document, types.Photo)) and file.id == file_id:
                return file.file_reference
    return None
