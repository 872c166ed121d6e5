"""The few TL pieces that the protocol core reads and writes by itself: ids, byte strings, vectors of long.

Service messages are small and few, and one of them comes with nearly every packet, so they are read straight from the
buffer. Whatever does not fit raises `struct.error` or `RemoteProtocolError`; the engine turns both into the latter.

Source: https://core.telegram.org/mtproto/serialize
"""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct, pack, unpack_from

from telethon.errors.common import RemoteProtocolError

__all__ = ["INT", "LONG", "UINT", "long_vector", "read_bytes", "read_long_vector", "write_bytes"]

INT = Struct("<i")
UINT = Struct("<I")
LONG = Struct("<q")

VECTOR = 0x1CB5C415

# Service messages, in the order of the pages about them.
RPC_RESULT = 0xF35C6D01
RPC_ERROR = 0x2144CA19
RPC_DROP_ANSWER = 0x58E4A740
RPC_ANSWER_UNKNOWN = 0x5E2AD36E
RPC_ANSWER_DROPPED_RUNNING = 0xCD78E586
RPC_ANSWER_DROPPED = 0xA43AD8B7
GET_FUTURE_SALTS = 0xB921BD04
FUTURE_SALTS = 0xAE500895
PING = 0x7ABE77EC
PONG = 0x347773C5
PING_DELAY_DISCONNECT = 0xF3427B8C
DESTROY_SESSION = 0xE7512126
DESTROY_SESSION_OK = 0xE22045FC
DESTROY_SESSION_NONE = 0x62D350C9
NEW_SESSION_CREATED = 0x9EC20908
MSG_CONTAINER = 0x73F1F8DC
GZIP_PACKED = 0x3072CFA1
MSGS_ACK = 0x62D6B459
HTTP_WAIT = 0x9299359F
BAD_MSG_NOTIFICATION = 0xA7EFF811
BAD_SERVER_SALT = 0xEDAB447B
MSGS_STATE_REQ = 0xDA69FB52
MSGS_STATE_INFO = 0x04DEB57D
MSGS_ALL_INFO = 0x8CC0D131
MSG_DETAILED_INFO = 0x276D3EC6
MSG_NEW_DETAILED_INFO = 0x809DB6DF
MSG_RESEND_REQ = 0x7D861A08
MSG_RESEND_ANS_REQ = 0x8610BAEB
DESTROY_AUTH_KEY = 0xD1435160
DESTROY_AUTH_KEY_OK = 0xF660E1D4
DESTROY_AUTH_KEY_NONE = 0x0A9F2259
DESTROY_AUTH_KEY_FAIL = 0xEA109B13

INVOKE_AFTER_MSG = 0xCB9F372D
UPLOAD_SAVE_FILE_PART = 0xB304A621
UPLOAD_SAVE_BIG_FILE_PART = 0xDE7B673D


def write_bytes(value: bytes) -> bytes:
    """A `bytes` value: its length, itself, and zeros up to a multiple of 4."""
    size = len(value)
    if size < 254:
        return bytes((size,)) + value + bytes(-(size + 1) % 4)
    return b"\xfe" + size.to_bytes(3, "little") + value + bytes(-size % 4)


def read_bytes(data: bytes, offset: int, end: int) -> tuple[bytes, int]:
    """A `bytes` value and where what follows it begins.

    Raises:
        RemoteProtocolError: it does not end before `end`.
    """
    if offset < end:
        size = data[offset]
        start = offset + 1
        if size == 254:
            start = offset + 4
            size = int.from_bytes(data[offset + 1 : start], "little")
        stop = start + size
        after = stop + (offset - stop) % 4
        if after <= end and data[offset] != 255:
            return data[start:stop], after
    raise RemoteProtocolError("a byte string does not end where its message ends")


def long_vector(constructor: int, values: Sequence[int]) -> bytes:
    """An object that consists of one `Vector<long>`."""
    return pack(f"<IIi{len(values)}q", constructor, VECTOR, len(values), *values)


def read_long_vector(data: bytes, offset: int, end: int) -> tuple[tuple[int, ...], int]:
    """A boxed `Vector<long>` and where what follows it begins.

    Raises:
        RemoteProtocolError: it is none, or does not end before `end`.
    """
    if end - offset >= 8:
        constructor, count = unpack_from("<Ii", data, offset)
        after = offset + 8 + 8 * count
        if constructor == VECTOR and count >= 0 and after <= end:
            return unpack_from(f"<{count}q", data, offset + 8), after
    raise RemoteProtocolError("a list of numbers does not fit its message")
