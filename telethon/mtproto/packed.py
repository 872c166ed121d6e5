"""gzip_packed: bodies that travel compressed.

Source: https://core.telegram.org/mtproto/service_messages#packed-object
"""

from __future__ import annotations

import zlib

from telethon.errors.common import RemoteProtocolError
from telethon.mtproto.limits import Limits
from telethon.mtproto.wire import (
    GZIP_PACKED,
    UINT,
    UPLOAD_SAVE_BIG_FILE_PART,
    UPLOAD_SAVE_FILE_PART,
    read_bytes,
    write_bytes,
)

__all__ = ["pack_body", "unpack_body"]

_GZIP = 31
"""The `wbits` for which zlib reads and writes a gzip header."""

_GZIP_OR_ZLIB = 47
"""Those for which it takes either."""

_LEVEL = 3
_SAMPLE_LEVEL = 1
_PIECE = 1 << 17
_KEPT = 1 << 20
"""Bytes of what was unpacked that may be there in pieces: what is larger must not be there twice."""
_SLICE = 1 << 16
_PREFIX = UINT.pack(GZIP_PACKED)
_NEVER = frozenset((UINT.pack(UPLOAD_SAVE_FILE_PART), UINT.pack(UPLOAD_SAVE_BIG_FILE_PART)))


def pack_body(body: bytes, limits: Limits) -> bytes:
    """The body, compressed when that makes it smaller and is likely to.

    Parts of files are left alone, and so is what does not shrink in a sample: media is compressed already.
    """
    size = len(body)
    if size < limits.gzip_min_bytes or body[:4] in _NEVER:
        return body
    sample = limits.gzip_sample_bytes
    if size > sample:
        middle = (size - sample) // 2
        if len(zlib.compress(body[middle : middle + sample], _SAMPLE_LEVEL)) > sample * 0.9:
            return body
    compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    packed = _PREFIX + write_bytes(compressor.compress(body) + compressor.flush())
    return packed if len(packed) < size else body


def unpack_body(data: bytes, start: int, end: int, limits: Limits, *, any_form: bool = False) -> bytes:
    """What a gzip_packed object holds.

    Args:
        data: buffer it is in.
        start: where its constructor id is.
        end: where its message ends.
        limits: how much it may become.
        any_form: whether it may also be a zlib stream, which some clients send in its place.

    Raises:
        RemoteProtocolError: it is damaged, or becomes too large.
    """
    packed, _ = read_bytes(data, start + 4, end)
    most = min(limits.gzip_max_bytes, len(packed) * limits.gzip_max_ratio)
    wbits = _GZIP_OR_ZLIB if any_form else _GZIP
    try:
        pieces, size = _pieces(packed, zlib.decompressobj(wbits), most)
        # What is large is unpacked once more in one go: joining the pieces would need its size twice.
        return zlib.decompress(packed, wbits, size) if size > _KEPT else b"".join(pieces)
    except zlib.error:
        raise RemoteProtocolError("a compressed object is damaged; it is not used") from None


def _pieces(packed: bytes, inflater: zlib._Decompress, most: int) -> tuple[list[bytes], int]:
    """The pieces of what was packed, unless that is much, and its size."""
    pieces: list[bytes] = []
    size = 0
    # Piece by piece on both sides: all at once, zlib needs twice the memory before it says that it is too much, and
    # it copies all that it did not use yet.
    for place in range(0, len(packed), _SLICE):
        part = packed[place : place + _SLICE]
        while not inflater.eof:
            piece = inflater.decompress(part, _PIECE)
            part = inflater.unconsumed_tail
            if not piece and not part:
                break
            size += len(piece)
            if size > most:
                raise RemoteProtocolError(f"a compressed object becomes larger than {most} bytes; it is not used")
            if size <= _KEPT:
                pieces.append(piece)
            else:
                pieces.clear()
        if inflater.eof:
            return pieces, size
    raise RemoteProtocolError("a compressed object has no end; it is not used")
