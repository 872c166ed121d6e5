"""File identifiers as the Bot API gives them today: version 4, which has the file reference.

All numbers are little-endian: the kind of file with flags, the data centre, the file reference as a TL string, the id
and the access hash; for photos then which of its sizes it is. Then comes the version of the layout, and last a 4.

There is no page on this: the identifiers of the Bot API are meant to be opaque. This is what they are seen to hold.
"""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

__all__ = ["VERSION", "FileId", "pack", "unpack"]

VERSION: Final = 4

#: The layout that is written: the oldest servers that know it are those of 2023.
_LAYOUT: Final = 47
#: From this one on, photos have neither volume nor local id.
_WITHOUT_VOLUME: Final = 32
_WITH_SOURCE: Final = 22
_IN_WEB: Final = 1 << 24
_WITH_REFERENCE: Final = 1 << 25

_THUMBNAIL, _PROFILE, _PHOTO = 0, 1, 2
_ENCRYPTED_THUMBNAIL, _WALLPAPER, _PHOTO_STORY = 11, 12, 20
#: Kinds that are photos, or sizes of something.
_PHOTOS: Final = frozenset((_THUMBNAIL, _PROFILE, _PHOTO, _ENCRYPTED_THUMBNAIL, _WALLPAPER, _PHOTO_STORY))
_FROM_THUMBNAIL: Final = 1

_HEAD = struct.Struct("<Ii")
_FILE = struct.Struct("<qq")
_SOURCE = struct.Struct("<iiI")


class FileId(NamedTuple):
    """What an identifier tells.

    Attributes:
        kind: the kind of file, as a number of the Bot API.
        dc_id: the data centre.
        reference: the file reference, or nothing.
        id: of the document or photo.
        access_hash: of the document or photo.
        size_type: the letter of the size, for photos and thumbnails.
        source: the kind of what it is a size of; `None` for whole files.
    """

    kind: int
    dc_id: int
    reference: bytes
    id: int
    access_hash: int
    size_type: str = ""
    source: int | None = None


def unpack(data: bytes) -> FileId | None:
    """What the bytes of an identifier tell; `None` for files on the web, pictures of chats and anything else.

    Args:
        data: as it is after the runs of zeros have been restored, with the version at the end.
    """
    if len(data) < _HEAD.size + 2 or data[-1] != VERSION:
        return None
    layout, body = data[-2], data[:-2]
    flags, dc_id = _HEAD.unpack_from(body)
    if flags & _IN_WEB:
        return None
    kind = flags & ~_WITH_REFERENCE
    place, reference = _HEAD.size, b""
    if flags & _WITH_REFERENCE:
        found = _tl_bytes(body, place)
        if found is None:
            return None
        reference, place = found
    rest = body[place:]
    if kind not in _PHOTOS:
        if len(rest) != _FILE.size:
            return None
        file_id, access_hash = _FILE.unpack(rest)
        return FileId(kind, dc_id, reference, file_id, access_hash)
    if layout < _WITH_SOURCE:
        return None
    file, source = rest[: _FILE.size], rest[_FILE.size :]
    if layout < _WITHOUT_VOLUME:
        source = source[8:-4]
    if len(file) < _FILE.size or len(source) != _SOURCE.size:
        return None
    origin, of_kind, letter = _SOURCE.unpack(source)
    if origin != _FROM_THUMBNAIL or not 0 < letter < 128:
        return None
    file_id, access_hash = _FILE.unpack(file)
    return FileId(kind, dc_id, reference, file_id, access_hash, chr(letter), of_kind)


def pack(file: FileId) -> bytes:
    """The bytes of an identifier, before runs of zeros are shortened."""
    data = _HEAD.pack(file.kind | (_WITH_REFERENCE if file.reference else 0), file.dc_id)
    if file.reference:
        size = len(file.reference)
        head = bytes((size,)) if size < 254 else b"\xfe" + size.to_bytes(3, "little")
        data += head + file.reference + bytes(-(len(head) + size) % 4)
    data += _FILE.pack(file.id, file.access_hash)
    if file.source is not None:
        data += _SOURCE.pack(_FROM_THUMBNAIL, file.source, ord(file.size_type))
    return data + bytes((_LAYOUT, VERSION))


def _tl_bytes(data: bytes, place: int) -> tuple[bytes, int] | None:
    """A string of the TL language, and where it ends."""
    if place >= len(data):
        return None
    size, head = data[place], 1
    if size == 254:
        size, head = int.from_bytes(data[place + 1 : place + 4], "little"), 4
    end = place + head + size
    if size == 255 or end > len(data):
        return None
    return data[place + head : end], end + -(head + size) % 4
