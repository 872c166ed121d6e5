"""File identifiers of the Bot API, as far as they can be read without asking a server.

Such an identifier is a packed structure whose runs of zero bytes are shortened, in URL-safe base 64. Its last byte is
the version. Today's are read and written, see `telethon.utils._fileidnow`, and so are those of the time before file
references, of which servers may want a fresh reference before they send the file.
"""

from __future__ import annotations

import struct
from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from typing import TYPE_CHECKING, Final

from telethon.tl import types

if TYPE_CHECKING:
    from telethon.utils import _fileidnow

_PROFILE_PHOTO, _PHOTO = 1, 2
_VOICE, _VIDEO, _FILE, _STICKER, _AUDIO, _ANIMATION, _VIDEO_NOTE = 3, 4, 5, 8, 9, 10, 13
_OLD: Final = 2
_OLD_WITH_SECRET: Final = 4
_MAX_RUN: Final = 255


def _rle_decode(data: bytes) -> bytes:
    """*data* with each pair of a zero byte and a count turned back into that many zero bytes."""
    result = bytearray()
    after_zero = False
    for byte in data:
        if after_zero:
            result += bytes(byte)
            after_zero = False
        elif byte == 0:
            after_zero = True
        else:
            result.append(byte)
    if after_zero:
        result.append(0)
    return bytes(result)


def _rle_encode(string: bytes) -> bytes:
    """*string* with each run of zero bytes as a zero byte and the length of the run."""
    result = bytearray()
    run = 0
    for byte in string:
        if byte == 0 and run < _MAX_RUN:
            run += 1
            continue
        if run:
            result += bytes((0, run))
            run = 0
        if byte == 0:
            run = 1
        else:
            result.append(byte)
    if run:
        result += bytes((0, run))
    return bytes(result)


def _decode_telegram_base64(string: str) -> bytes | None:
    """The bytes of URL-safe base 64 without padding; `None` when it is not that."""
    try:
        return a2b_base64(string.replace("-", "+").replace("_", "/") + "=" * (-len(string) % 4))
    except (Base64Error, ValueError, AttributeError, TypeError):
        return None


def _encode_telegram_base64(string: bytes) -> str:
    """*string* in URL-safe base 64 without padding."""
    return b2a_base64(string, newline=False).decode("ascii").rstrip("=").replace("+", "-").replace("/", "_")


def resolve_bot_file_id(file_id: str) -> types.Document | types.Photo | None:
    """The document or photo a file identifier of the Bot API stands for.

    Args:
        file_id: the identifier, in today's form or in that of the time before file references.

    Returns:
        a `Document` or `Photo` that can be sent again or downloaded, with only the fields the identifier tells. That of
        a thumbnail gives the document with only this thumbnail. `None` for pictures of chats, files on the web and
        anything else.

    Example:
        >>> document = utils.resolve_bot_file_id(file_id_from_a_bot)
        >>> await bot.send_file(chat, document)
    """
    packed = _decode_telegram_base64(file_id)
    data = _rle_decode(packed) if packed else b""
    if not data:
        return None
    from telethon.utils import _fileidnow

    version, body = data[-1], data[:-1]
    now = _fileidnow.unpack(data)
    if now is not None:
        return _as_object(now)
    if version == _OLD and len(body) == 24:
        kind, dc_id, document_id, access_hash = struct.unpack("<iiqq", body)
        return types.Document(
            id=document_id,
            access_hash=access_hash,
            date=None,
            mime_type="",
            size=0,
            thumbs=None,
            dc_id=dc_id,
            attributes=_attributes_of_kind(kind),
            file_reference=b"",
        )
    if (version, len(body)) in ((_OLD, 44), (_OLD_WITH_SECRET, 49)):
        # The rest is the volume and secret of a location that servers no longer use.
        _kind, dc_id, photo_id, access_hash = struct.unpack_from("<iiqq", body)
        return types.Photo(
            id=photo_id,
            access_hash=access_hash,
            file_reference=b"",
            date=None,
            sizes=[types.PhotoSize(type="s", w=0, h=0, size=0)],
            dc_id=dc_id,
            has_stickers=None,
        )
    return None


def _attributes_of_kind(kind: int) -> list[types.TypeDocumentAttribute]:
    if kind in (_VOICE, _AUDIO):
        return [types.DocumentAttributeAudio(duration=0, voice=kind == _VOICE)]
    if kind in (_VIDEO, _VIDEO_NOTE):
        return [types.DocumentAttributeVideo(duration=0, w=0, h=0, round_message=kind == _VIDEO_NOTE)]
    if kind == _STICKER:
        return [types.DocumentAttributeSticker(alt="", stickerset=types.InputStickerSetEmpty())]
    if kind == _ANIMATION:
        return [types.DocumentAttributeAnimated()]
    return []


def _as_object(file: _fileidnow.FileId) -> types.Document | types.Photo | None:
    sizes: list[types.TypePhotoSize] = [types.PhotoSize(type=file.size_type, w=0, h=0, size=0)]
    if file.source in (_PHOTO, _PROFILE_PHOTO):
        return types.Photo(
            id=file.id,
            access_hash=file.access_hash,
            file_reference=file.reference,
            date=None,
            sizes=sizes,
            dc_id=file.dc_id,
            has_stickers=None,
        )
    return types.Document(
        id=file.id,
        access_hash=file.access_hash,
        date=None,
        mime_type="",
        size=0,
        thumbs=None if file.source is None else sizes,
        dc_id=file.dc_id,
        attributes=_attributes_of_kind(file.kind if file.source is None else file.source),
        file_reference=file.reference,
    )


def pack_bot_file_id(file: object, *, current: bool = False) -> str | None:
    """The file identifier of a document in a form of the Bot API.

    Args:
        file: a document, or the media that holds one; with *current* also a photo.
        current: whether the identifier has today's form, which bots of the same account take. Otherwise it has the form
            of the time before file references, as ``message.file.id`` does.

    Returns:
        the identifier, or `None` for anything else. Without *current* that includes photos, whose old form needs a
        location servers no longer send.

    Example:
        >>> utils.pack_bot_file_id(message.media, current=True)
    """
    from telethon.utils import _fileidnow

    if isinstance(file, types.MessageMediaDocument):
        file = file.document
    if current and isinstance(file, types.MessageMediaPhoto):
        file = file.photo
    if current and isinstance(file, types.Photo):
        letter = _largest(file.sizes)
        if letter is None:
            return None
        known = _fileidnow.FileId(_PHOTO, file.dc_id, file.file_reference, file.id, file.access_hash, letter, _PHOTO)
        return _encode_telegram_base64(_rle_encode(_fileidnow.pack(known)))
    if not isinstance(file, types.Document):
        return None
    if current:
        known = _fileidnow.FileId(_kind_of(file), file.dc_id, file.file_reference, file.id, file.access_hash)
        return _encode_telegram_base64(_rle_encode(_fileidnow.pack(known)))
    packed = struct.pack("<iiqqb", _kind_of(file), file.dc_id, file.id, file.access_hash, _OLD)
    return _encode_telegram_base64(_rle_encode(packed))


def _largest(sizes: list[types.TypePhotoSize]) -> str | None:
    """The letter of the largest size that is on the servers."""
    usable = [one for one in sizes if isinstance(one, (types.PhotoSize, types.PhotoSizeProgressive))]
    return max(usable, key=lambda one: one.w * one.h).type if usable else None


def _kind_of(document: types.Document) -> int:
    for attribute in document.attributes:
        if isinstance(attribute, types.DocumentAttributeAudio):
            return _VOICE if attribute.voice else _AUDIO
        if isinstance(attribute, types.DocumentAttributeVideo):
            return _VIDEO_NOTE if attribute.round_message else _VIDEO
        if isinstance(attribute, types.DocumentAttributeSticker):
            return _STICKER
        if isinstance(attribute, types.DocumentAttributeAnimated):
            return _ANIMATION
    return _FILE
