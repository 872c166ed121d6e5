"""Obfuscation: the stream of another codec, made to look random.

    header, 64 bytes:
    0          8          40      56           60       62      64
    +----------+----------+-------+------------+--------+-------+
    | random   | key      | iv    | tag of the | dc_id  | random|
    |          |          |       | codec      |        |       |
    +----------+----------+-------+------------+--------+-------+

Everything is encrypted with AES-256-CTR, the header too, but of it only the last 8 bytes are sent encrypted. The
answers use key and iv taken from the same 48 bytes read backwards. An MTProxy also mixes its secret into both keys.
The first bytes must not look like another transport.

Source: https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from telethon._core.rand import RandomBytes
from telethon.crypto.aesctr import AESModeCTR
from telethon.errors.common import LocalProtocolError
from telethon.mtproto.codecs.base import Codec, FrameError

__all__ = ["HEADER_SIZE", "ObfuscatedCodec", "is_allowed_header", "obfuscate"]

HEADER_SIZE = 64

_FORBIDDEN_STARTS = frozenset(
    (
        b"HEAD",
        b"POST",
        b"GET ",
        b"OPTI",
        b"\x16\x03\x01\x02",
        b"\xdd\xdd\xdd\xdd",
        b"\xee\xee\xee\xee",
    )
)


def is_allowed_header(header: bytes) -> bool:
    """Whether random bytes may begin an obfuscated connection: they look like no other transport."""
    return header[0] != 0xEF and header[:4] not in _FORBIDDEN_STARTS and header[4:8] != bytes(4)


class ObfuscatedCodec:
    """A codec around another one; the client makes it, the server gets it from `accept`.

    Args:
        inner: codec of the packets.
        rand: where the header comes from.
        secret: the 16 bytes of an MTProxy's secret, or nothing.
        dc_id: data centre the MTProxy shall connect to, negative for media; 0 says nothing.

    Attributes:
        inner: codec of the packets.
        tag: the header, which the client sends before the first packet.
        dc_id: data centre named in the header.

    Raises:
        LocalProtocolError: the inner codec cannot be obfuscated.
    """

    def __init__(self, inner: Codec, *, rand: RandomBytes, secret: bytes = b"", dc_id: int = 0) -> None:
        if not inner.obfuscated_tag:
            raise LocalProtocolError(f"{type(inner).__name__} cannot be obfuscated")
        self.inner = inner
        self.dc_id = dc_id
        self.tag, self._encrypt, self._decrypt = obfuscate(inner.obfuscated_tag, rand=rand, secret=secret, dc_id=dc_id)

    @classmethod
    def accept(cls, header: bytes, codecs: Mapping[bytes, Codec], *, secret: bytes = b"") -> ObfuscatedCodec:
        """The server's end of a connection.

        Args:
            header: the first 64 bytes that came.
            codecs: what can stand inside, by `obfuscated_tag`.
            secret: as the client has it.

        Raises:
            InvalidBufferError: the header names none of these codecs, or is too short or long.
        """
        if len(header) != HEADER_SIZE:
            raise FrameError(
                f"the header of an obfuscated connection has {HEADER_SIZE} bytes, this one has {len(header)}"
            )
        self = cls.__new__(cls)
        self._decrypt, self._encrypt = _ciphers(header, secret)
        plain = self._decrypt.encrypt(header)
        inner = codecs.get(plain[56:60])
        if inner is None:
            raise FrameError("the header of an obfuscated connection names no known transport")
        self.inner = inner
        self.dc_id = int.from_bytes(plain[60:62], "little", signed=True)
        self.tag = b""
        return self

    def encode(self, packet: bytes) -> bytes:
        """The bytes to write for a packet."""
        return self._encrypt.encrypt(self.inner.encode(packet))

    def feed(self, data: bytes) -> list[bytes]:
        """As `Codec.feed`."""
        return self.inner.feed(self._decrypt.encrypt(data))


def obfuscate(
    obfuscated_tag: bytes, *, rand: RandomBytes, secret: bytes = b"", dc_id: int = 0
) -> tuple[bytes, AESModeCTR, AESModeCTR]:
    """The header that a client sends, the cipher of what follows it, and the cipher of what comes back.

    Args:
        obfuscated_tag: that of the codec inside.
        rand: where the header comes from.
        secret: the 16 bytes of an MTProxy's secret, or nothing.
        dc_id: as for `ObfuscatedCodec`.
    """
    start = rand(HEADER_SIZE)
    while not is_allowed_header(start):
        start = rand(HEADER_SIZE)
    header = start[:56] + obfuscated_tag
    header += (dc_id.to_bytes(2, "little", signed=True) if dc_id else start[60:62]) + start[62:]
    encrypt, decrypt = _ciphers(header, secret)
    return header[:56] + encrypt.encrypt(header)[56:], encrypt, decrypt


def _ciphers(header: bytes, secret: bytes) -> tuple[AESModeCTR, AESModeCTR]:
    """Those of the client's and of the server's bytes."""
    material = header[8:56]
    return _cipher(material, secret), _cipher(material[::-1], secret)


def _cipher(material: bytes, secret: bytes) -> AESModeCTR:
    key = material[:32]
    if secret:
        key = hashlib.sha256(key + secret).digest()
    return AESModeCTR(key, material[32:])
