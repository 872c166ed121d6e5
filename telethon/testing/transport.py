"""Which transport a client speaks: seen from the first bytes it sends.

    first bytes                          transport
    ef                                   abridged
    ee ee ee ee                          intermediate
    dd dd dd dd                          padded intermediate
    "POST", "GET ", "HEAD", "OPTI"       HTTP
    ?? ?? ?? ?? 00 00 00 00              full: the number of its first packet is 0
    anything else                        obfuscated: 64 bytes, then one of the first three

A server that acts as an MTProxy takes obfuscated connections only, and when its secret begins with ee, only those that
look like TLS.

Source: https://core.telegram.org/mtproto/mtproto-transports
"""

from __future__ import annotations

from collections.abc import Callable
from time import time
from typing import Protocol

from telethon._core.rand import RandomBytes
from telethon.mtproto.codecs.abridged import AbridgedCodec
from telethon.mtproto.codecs.base import Codec
from telethon.mtproto.codecs.faketls import HELLO_SIZE, FakeTls
from telethon.mtproto.codecs.full import FullCodec
from telethon.mtproto.codecs.http import HttpCodec
from telethon.mtproto.codecs.intermediate import IntermediateCodec
from telethon.mtproto.codecs.obfuscated import HEADER_SIZE, ObfuscatedCodec, is_allowed_header
from telethon.mtproto.codecs.padded import PaddedIntermediateCodec
from telethon.mtproto.codecs.secret import ProxySecret, parse_secret
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
        secret: an MTProxy's secret in any of its forms; the server then acts as an MTProxy that only lets those in who
            have it, and who do what it asks for.
        now: tells the time, in Unix seconds; needed for secrets that begin with ee.

    Attributes:
        name: what the client speaks, like `"abridged"` or `"obfuscated intermediate"`; empty before it is known.
        is_http: whether packets can only be sent as answers to requests.
        dc_id: data centre named in an obfuscated header; 0 when there is none.
        header_allowed: whether an obfuscated header begins as it may.
    """

    def __init__(self, rand: RandomBytes, secret: str | bytes = b"", now: Callable[[], float] = time) -> None:
        self.name = ""
        self.is_http = False
        self.dc_id = 0
        self.header_allowed = True
        self._rand = rand
        self._secret = parse_secret(secret) if secret else None
        self._now = now
        self._tls: FakeTls | None = None
        self._greeting = b""
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
        if self._tls is not None:
            data = self._tls.unwrap(data)
        if codec is None:
            self._start += data
            codec = self._detect(self._start)
            if codec is None:
                return []
            data = self._start
            self._start = b""
        return codec.feed(data) if data else []

    def greeting(self) -> bytes:
        """What must be written before anything else; it is given once."""
        greeting, self._greeting = self._greeting, b""
        return greeting

    def encode(self, packet: bytes) -> bytes:
        """The bytes that carry a packet; empty before the transport of the client is known."""
        codec = self._codec
        return b"" if codec is None else self._wrap(codec.encode(packet))

    def _wrap(self, data: bytes) -> bytes:
        return data if self._tls is None else self._tls.wrap(data)

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
        if isinstance(inner, PaddedIntermediateCodec):
            word = inner.encode_quick_ack(word)
        return self._wrap(codec.encode_raw(word)) if isinstance(codec, _Obfuscated) else word

    # -- detection ---------------------------------------------------------------------------------------------------

    def _detect(self, start: bytes) -> _AnyCodec | None:
        """The codec for a connection that begins so, or None while too little is known; eats a tag."""
        if self._secret is not None:
            if self._secret.domain and self._tls is None:
                return self._detect_tls(start, self._secret)
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

    def _detect_tls(self, start: bytes, secret: ProxySecret) -> _AnyCodec | None:
        if len(start) < HELLO_SIZE:
            return None
        hello = start[:HELLO_SIZE]
        self._tls, self._greeting = FakeTls.accept(hello, secret.key, rand=self._rand, now=self._now())
        self._start = b""
        rest = self._tls.unwrap(start[HELLO_SIZE:])
        self._start = rest
        return self._detect_obfuscated(rest) if rest else None

    def _detect_obfuscated(self, start: bytes) -> _AnyCodec | None:
        if len(start) < HEADER_SIZE:
            return None
        inner: dict[bytes, Codec] = {
            AbridgedCodec.obfuscated_tag: AbridgedCodec(Side.SERVER),
            IntermediateCodec.obfuscated_tag: IntermediateCodec(Side.SERVER),
            PaddedIntermediateCodec.obfuscated_tag: PaddedIntermediateCodec(self._rand, Side.SERVER),
        }
        self.header_allowed = is_allowed_header(start)
        secret = self._secret
        if secret is not None and secret.padded:
            # Such a secret asks for this one, and proxies refuse the others.
            inner = {tag: codec for tag, codec in inner.items() if isinstance(codec, PaddedIntermediateCodec)}
        codec = _Obfuscated.accept(start[:HEADER_SIZE], inner, secret=b"" if secret is None else secret.key)
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
