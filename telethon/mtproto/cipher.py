"""Encrypted packets, MTProto 2.0.

    0         8                  24
    +---------+------------------+------------------------------------------------------------------+
    | auth_   | msg_key          | AES-256-IGE of the plaintext                                     |
    | key_id  |                  |                                                                  |
    +---------+------------------+------------------------------------------------------------------+

    plaintext:
    0       8            16       24       28       32            32 + length
    +-------+------------+--------+--------+--------+-------------+-------------------------+
    | salt  | session_id | msg_id | seq_no | length | body        | padding, 12..1024 bytes |
    +-------+------------+--------+--------+--------+-------------+-------------------------+

`msg_key` is the middle of a SHA-256 over a part of the key and the whole plaintext, and the AES key comes from it. So
it is checked over everything before a single field is looked at, in constant time, and whatever is wrong until then
gives one and the same error.

Source: https://core.telegram.org/mtproto/description#protocol-description
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from hmac import compare_digest
from struct import Struct
from typing import NamedTuple

from telethon._core.rand import RandomBytes
from telethon.crypto.aes import AES
from telethon.crypto.kdf import aes_key_iv_v2, msg_key_v2
from telethon.errors.common import RemoteProtocolError
from telethon.mtproto.side import Side

__all__ = ["HEADER", "Decrypted", "decrypt", "encrypt", "open_packet", "seal_packet"]

HEADER = Struct("<qqqii")
"""salt, session_id, msg_id, seq_no, length: what stands before the body."""

_MIN_PADDING = 12
_MAX_PADDING = 1024
_HEADER_SIZE = HEADER.size


class Decrypted(NamedTuple):
    """One message taken out of its envelope.

    Attributes:
        salt: server salt the sender used.
        session_id: session it belongs to; the receiver has to compare it.
        msg_id: its id.
        seq_no: its sequence number.
        body: what it says, without padding.
    """

    salt: int
    session_id: int
    msg_id: int
    seq_no: int
    body: bytes

    def __repr__(self) -> str:
        return f"Decrypted(msg_id={self.msg_id}, seq_no={self.seq_no}, body=<{len(self.body)} bytes>)"


def _auth_key_id(auth_key: bytes) -> bytes:
    return hashlib.sha1(auth_key).digest()[12:]


def encrypt(auth_key: bytes, inner: bytes, side: Side, rand: RandomBytes) -> bytes:
    """The packet for a message.

    Args:
        auth_key: the 256 bytes of the key.
        inner: header (see `HEADER`) and body.
        side: who sends it.
        rand: where the padding comes from.
    """
    return seal_packet(auth_key, _auth_key_id(auth_key), (inner,), len(inner), side.x, rand)


def decrypt(auth_key: bytes, packet: bytes, side: Side) -> Decrypted:
    """The message in a packet.

    Args:
        auth_key: the 256 bytes of the key.
        packet: what came from the transport.
        side: who sent it.

    Raises:
        RemoteProtocolError: it was not made with this key for this direction, or its form is not allowed.
    """
    plaintext, end, salt, session_id, msg_id, seq_no = open_packet(auth_key, _auth_key_id(auth_key), packet, side.x)
    return Decrypted(salt, session_id, msg_id, seq_no, plaintext[_HEADER_SIZE:end])


def seal_packet(
    auth_key: bytes, auth_key_id: bytes, inner: Iterable[bytes], size: int, x: int, rand: RandomBytes
) -> bytes:
    """`encrypt` for those who know the id of their key and the number of their side, and have the message in pieces.

    Args:
        auth_key: the 256 bytes of the key.
        auth_key_id: its id.
        inner: header and body, in any number of pieces.
        size: bytes in all pieces.
        x: number of the sender's side.
        rand: where the padding comes from.
    """
    padded = b"".join((*inner, rand(_MIN_PADDING + (-size - _MIN_PADDING) % 16)))
    msg_key = msg_key_v2(auth_key, padded, x)
    key, iv = aes_key_iv_v2(auth_key, msg_key, x)
    return auth_key_id + msg_key + AES.encrypt_ige(padded, key, iv)


def open_packet(auth_key: bytes, auth_key_id: bytes, packet: bytes, x: int) -> tuple[bytes, int, int, int, int, int]:
    """`decrypt` without a copy of the body.

    Returns:
        The plaintext, where in it the body ends (it begins at `HEADER.size`), salt, session_id, msg_id and seq_no.

    Raises:
        RemoteProtocolError: as `decrypt`.
    """
    size = len(packet)
    # The shape comes first: no backend ever sees a block that is not whole.
    if size < 24 + _HEADER_SIZE + 16 or (size - 24) % 16 or not compare_digest(packet[:8], auth_key_id):
        raise _not_ours()
    msg_key = packet[8:24]
    key, iv = aes_key_iv_v2(auth_key, msg_key, x)
    plaintext = AES.decrypt_ige(packet[24:], key, iv)
    if not compare_digest(msg_key, msg_key_v2(auth_key, plaintext, x)):
        raise _not_ours()
    salt, session_id, msg_id, seq_no, length = HEADER.unpack_from(plaintext)
    padding = len(plaintext) - _HEADER_SIZE - length
    if length < 0 or length % 4 or not _MIN_PADDING <= padding <= _MAX_PADDING:
        raise RemoteProtocolError(
            f"a message says it is {length} bytes long, which does not fit its packet of {size} bytes; it is not used"
        )
    return plaintext, _HEADER_SIZE + length, salt, session_id, msg_id, seq_no


def _not_ours() -> RemoteProtocolError:
    return RemoteProtocolError(
        "a packet was not made with the key of this session, or was changed on its way; it is not used"
    )
