"""Which transport a client speaks: seen from the first bytes it sends.

    first bytes                          transport
    ef                                   abridged
    ee ee ee ee                          intermediate
    dd dd dd dd                          padded intermediate
    "POST", "GET ", "HEAD", "OPTI"       HTTP
    ?? ?? ?? ?? 00 00 00 00              full: the number of its first packet is 0
    anything else                        obfuscated: 64 bytes, then one of the first three

Source: https://core.telegram.org/mtproto/mtproto-transports
"""

from __future__ import annotations

from typing import Protocol

from telethon._core.rand import RandomBytes
from telethon.mtproto.codecs.abridged import AbridgedCodec
from telethon.mtproto.codecs.base import Codec
from telethon.mtproto.codecs.full import FullCodec
from telethon.mtproto.codecs.http import HttpCodec
from telethon.mtproto.codecs.intermediate import IntermediateCodec
from telethon.mtproto.codecs.obfuscated import HEADER_SIZE, ObfuscatedCodec, is_allowed_header
from telethon.mtproto.codecs.padded import PaddedIntermediateCodec
from telethon.mtproto.side import Side

__all__ = ["ServerTransport"]

_NAMES = {
    AbridgedCodec.obfuscated_tag: "abridged",
    IntermediateCodec.obfuscated_tag: "intermediate",
    PaddedIntermediateCodec.obfuscated_tag: "padded intermediate",
}
_HTTP_WORDS = frozenset((b"POST", b"GET ", b"HEAD", b"OPTI"))


class _AnyCodec(Protocol):
    def encode(self, packet: bytes) -> bytes: ...

    def feed(self, data: bytes) -> list[bytes]: ...


class ServerTransport:
    """The transport of one connection, found out from what the client sends.

    Args:
        rand: where padding comes from.
        secret: the 16 bytes of an MTProxy's secret; the server then acts as an MTProxy that only lets those in who have
            it.

    Attributes:
        name: what the client speaks, like `"abridged"` or `"obfuscated intermediate"`; empty before it is known.
        is_http: whether packets can only be sent as answers to requests.
        dc_id: data centre named in an obfuscated header; 0 when there is none.
        header_allowed: whether an obfuscated header begins as it may.
    """

    def __init__(self, rand: RandomBytes, secret: bytes = b"") -> None:
        self.name = ""
        self.is_http = False
        self.dc_id = 0
        self.header_allowed = True
        self._rand = rand
        self._secret = secret
        self._codec: _AnyCodec | None = None
        self._inner: Codec | None = None
        self._start = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The packets that what has arrived completes.

        Raises:
            InvalidBufferError: it is no transport, or a length cannot be right.
            InvalidChecksumError: a packet was damaged on its way.
        """
        codec = self._codec
        if codec is None:
            self._start += data
            codec = self._detect(self._start)
            if codec is None:
                return []
            data = self._start
            self._start = b""
        return codec.feed(data) if data else []

    def encode(self, packet: bytes) -> bytes:
        """The bytes that carry a packet; empty before the transport of the client is known."""
        codec = self._codec
        return b"" if codec is None else codec.encode(packet)

    def encode_error(self, code: int) -> bytes:
        """The bytes that carry a transport error.

        Args:
            code: its positive number.

        Source: https://core.telegram.org/mtproto/mtproto-transports#transport-errors
        """
        if self.is_http:
            reason = {403: "Forbidden", 404: "Not Found", 429: "Too Many Requests"}.get(code, "Error")
            return f"HTTP/1.1 {code} {reason}\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n".encode("ascii")
        return self.encode((-code).to_bytes(4, "little", signed=True))

    @property
    def error(self) -> Exception | None:
        """Why nothing more can be read, if so."""
        return None if self._inner is None else self._inner.error

    @property
    def quick_ack_wanted(self) -> bool:
        """Whether the client asked for a quick acknowledgement of the last packet."""
        return self._inner is not None and self._inner.quick_ack_wanted

    def encode_quick_ack(self, token: int) -> bytes:
        """The bytes that carry the token of a quick acknowledgement, empty where the transport knows none.

        Source: https://core.telegram.org/mtproto/mtproto-transports#quick-ack
        """
        inner, codec = self._inner, self._codec
        if not isinstance(inner, (AbridgedCodec, IntermediateCodec)):
            return b""
        word = (token | 0x80000000).to_bytes(4, "big" if isinstance(inner, AbridgedCodec) else "little")
        return codec.encode_raw(word) if isinstance(codec, _Obfuscated) else word

    # -- detection ---------------------------------------------------------------------------------------------------

    def _detect(self, start: bytes) -> _AnyCodec | None:
        """The codec for a connection that begins so, or None while too little is known; eats a tag."""
        if self._secret:
            return self._detect_obfuscated(start)
        if start[0] == AbridgedCodec.tag[0]:
            return self._use("abridged", AbridgedCodec(Side.SERVER), start[1:])
        if len(start) < 4:
            return None
        word = start[:4]
        if word == IntermediateCodec.tag:
            return self._use("intermediate", IntermediateCodec(Side.SERVER), start[4:])
        if word == PaddedIntermediateCodec.tag:
            return self._use("padded intermediate", PaddedIntermediateCodec(self._rand, Side.SERVER), start[4:])
        if word in _HTTP_WORDS:
            self.is_http = True
            return self._use("http", HttpCodec(side=Side.SERVER), start)
        if len(start) < 8:
            return None
        if start[4:8] == bytes(4):
            return self._use("full", FullCodec(Side.SERVER), start)
        return self._detect_obfuscated(start)

    def _detect_obfuscated(self, start: bytes) -> _AnyCodec | None:
        if len(start) < HEADER_SIZE:
            return None
        inner: dict[bytes, Codec] = {
            AbridgedCodec.obfuscated_tag: AbridgedCodec(Side.SERVER),
            IntermediateCodec.obfuscated_tag: IntermediateCodec(Side.SERVER),
            PaddedIntermediateCodec.obfuscated_tag: PaddedIntermediateCodec(self._rand, Side.SERVER),
        }
        self.header_allowed = is_allowed_header(start)
        codec = _Obfuscated.accept(start[:HEADER_SIZE], inner, secret=self._secret)
        self.dc_id = codec.dc_id
        self._use("obfuscated " + _NAMES[codec.inner.obfuscated_tag], codec.inner, start[HEADER_SIZE:])
        self._codec = codec
        return codec

    def _use(self, name: str, codec: Codec, rest: bytes) -> _AnyCodec:
        self.name = name
        self._codec = self._inner = codec
        self._start = rest
        return codec


class _Obfuscated(ObfuscatedCodec):
    def encode_raw(self, data: bytes) -> bytes:
        """Bytes that are no packet."""
        return self._encrypt.encrypt(data)
