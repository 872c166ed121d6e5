"""Unencrypted messages: only the key exchange uses them.

    0              8         16        20
    +--------------+---------+---------+----------------+
    | auth_key_id  | msg_id  | length  | body           |
    | = 0          |         |         |                |
    +--------------+---------+---------+----------------+

Source: https://core.telegram.org/mtproto/description#unencrypted-message
"""

from __future__ import annotations

from struct import Struct

from telethon.errors.common import RemoteProtocolError
from telethon.mtproto.side import Side

__all__ = ["is_plain", "pack", "unpack"]

_HEADER = Struct("<qqi")
_NO_KEY = bytes(8)


def is_plain(packet: bytes) -> bool:
    """Whether a packet claims to be unencrypted."""
    return packet[:8] == _NO_KEY


def pack(body: bytes, msg_id: int) -> bytes:
    """The packet for a body."""
    return _HEADER.pack(0, msg_id, len(body)) + body


def unpack(packet: bytes, side: Side = Side.SERVER) -> tuple[int, bytes]:
    """The msg_id and the body of a packet.

    Args:
        packet: what came from the transport.
        side: who sent it.

    Raises:
        RemoteProtocolError: it is encrypted, its length is wrong, or its msg_id is not one of that side.
    """
    if len(packet) < _HEADER.size or not is_plain(packet):
        raise RemoteProtocolError("an encrypted or broken packet came where an unencrypted one must be; it is not used")
    _, msg_id, length = _HEADER.unpack_from(packet)
    if length < 4 or length % 4 or length != len(packet) - _HEADER.size:
        raise RemoteProtocolError(f"an unencrypted message says it is {length} bytes long, which is not what came")
    if (msg_id & 1 if side is Side.SERVER else not msg_id & 3) and msg_id > 0:
        return msg_id, packet[_HEADER.size :]
    raise RemoteProtocolError("the msg_id of an unencrypted message is not one that its sender may use")
