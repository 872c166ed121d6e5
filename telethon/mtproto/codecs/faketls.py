"""A stream that looks like TLS 1.3, as MTProxies whose secret begins with ee want it.

    client                                          proxy
    ClientHello, 517 bytes                  ->
      random: HMAC-SHA256(secret, ClientHello with a random of zeros),
              its last 4 bytes combined with the time by exclusive or
                                            <-      ServerHello
                                                      random: HMAC-SHA256(secret, random of the client + answer
                                                              with a random of zeros)
                                                    ChangeCipherSpec, ApplicationData with random bytes
    ChangeCipherSpec, ApplicationData ...   <->     ApplicationData ...

Nothing of this is encrypted; inside the records travels the obfuscated stream of another codec. A record:

    0        1           3          5
    +--------+-----------+----------+---------+
    | type   | 03 03     | length   | data    |
    +--------+-----------+----------+---------+

Each end proves to the other that it knows the secret: a proxy answers everybody else as the real server of the domain
would, and a client believes nobody else.

Source: https://datatracker.ietf.org/doc/html/rfc8446#section-4.1.2 (what the bytes pretend to be)
"""

from __future__ import annotations

import hmac
from hmac import compare_digest
from typing import Protocol

from telethon._core.rand import RandomBytes
from telethon.errors.common import LocalProtocolError, RemoteProtocolError
from telethon.mtproto.codecs.base import FrameError
from telethon.mtproto.codecs.secret import MAX_DOMAIN
from telethon.mtproto.codecs.x25519 import public_key

__all__ = ["HELLO_SIZE", "FakeTls", "FakeTlsCodec"]

HELLO_SIZE = 517
"""Bytes of a ClientHello; proxies look at it."""

_MAX_RECORD = 2878
"""Most bytes put into one record."""
_MAX_RECEIVED = 16384 + 256
_RANDOM = slice(11, 43)
"""Where both kinds of Hello carry their random."""

_HANDSHAKE = 0x16
_CHANGE_CIPHER_SPEC = 0x14
_ALERT = 0x15
_APPLICATION_DATA = 0x17
_CHANGE = b"\x14\x03\x03\x00\x01\x01"
_HELLO_START = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"

_CIPHER_SUITES = bytes.fromhex("130113021303c02bc02fc02cc030cca9cca8c013c014009c009d002f0035")
_SIGNATURE_ALGORITHMS = bytes.fromhex("0403080404010503080505010806 0601")
_GROUPS = bytes.fromhex("001d00170018")


class FakeTls:
    """One end of the stream; the client makes it, the proxy gets it from `accept`.

    Args:
        secret: the 16 bytes of the proxy's secret.
        domain: name of the server to pretend to talk to.
        rand: where everything random comes from.
        now: the time, in Unix seconds; a proxy refuses who is too far off.

    Attributes:
        hello: what the client sends before anything else.
        is_ready: whether the other end has proved that it knows the secret; nothing can be sent before.

    Raises:
        ValueError: the domain is too long, or no name.
    """

    def __init__(self, secret: bytes, domain: str, *, rand: RandomBytes, now: float) -> None:
        hello = _client_hello(domain, rand)
        digest = hmac.digest(secret, hello, "sha256")
        self._random = digest[:28] + _xor(digest[28:], int(now).to_bytes(4, "little"))
        self.hello = hello[: _RANDOM.start] + self._random + hello[_RANDOM.stop :]
        self.is_ready = False
        self._secret = secret
        self._buffer = bytearray()
        self._before = _CHANGE

    @classmethod
    def accept(
        cls, hello: bytes, secret: bytes, *, rand: RandomBytes, now: float, tolerance: float = 120.0
    ) -> tuple[FakeTls, bytes]:
        """The proxy's end, and what it answers.

        Args:
            hello: the first `HELLO_SIZE` bytes that came.
            secret: as the client has it.
            rand: where everything random comes from.
            now: the time, in Unix seconds.
            tolerance: seconds the clock of the client may be off.

        Raises:
            RemoteProtocolError: the client does not know the secret, or its clock is wrong.
        """
        digest = hmac.digest(secret, _without_random(hello), "sha256")
        random = hello[_RANDOM]
        is_hello = len(hello) == HELLO_SIZE and hello.startswith(_HELLO_START)
        if not is_hello or not compare_digest(digest[:28], random[:28]):
            raise RemoteProtocolError("what came is not the greeting of a client that knows the secret")
        sent = int.from_bytes(_xor(digest[28:], random[28:]), "little")
        if abs(sent - now) > tolerance:
            raise RemoteProtocolError(
                f"the clock of the client is off by {sent - now:.0f} s, allowed are {tolerance:.0f}"
            )
        self = cls.__new__(cls)
        self.hello = b""
        self.is_ready = True
        self._secret = secret
        self._random = random
        self._buffer = bytearray()
        self._before = b""
        session_id = hello[44:76]
        body = b"\x03\x03" + bytes(32) + b"\x20" + session_id + b"\x13\x01\x00"
        body += _block(_extension(0x33, b"\x00\x1d" + _block(public_key(rand(32)))) + _extension(0x2B, b"\x03\x04"))
        noise = rand(1024 + rand(1)[0] * 8)
        answer = _record(_HANDSHAKE, b"\x02" + _block(body, 3)) + _CHANGE + _record(_APPLICATION_DATA, noise)
        proof = hmac.digest(secret, random + answer, "sha256")
        return self, answer[: _RANDOM.start] + proof + answer[_RANDOM.stop :]

    def wrap(self, data: bytes) -> bytes:
        """The records that carry some bytes.

        Raises:
            LocalProtocolError: the other end has not answered yet.
        """
        if not self.is_ready:
            raise LocalProtocolError("nothing can be sent before the proxy has answered the greeting")
        before, self._before = self._before, b""
        parts = (data[start : start + _MAX_RECORD] for start in range(0, len(data), _MAX_RECORD))
        return before + b"".join(_record(_APPLICATION_DATA, part) for part in parts)

    def unwrap(self, data: bytes) -> bytes:
        """Take what has arrived and give the bytes that the records carry.

        What is wrong is raised after everything before it was given out, by the next call if need be.

        Raises:
            RemoteProtocolError: the other end does not know the secret.
            InvalidBufferError: it is not TLS, or it ends the connection.
        """
        buffer = self._buffer
        buffer += data
        found: list[bytes] = []
        if not self.is_ready and not self._check_answer():
            return b""
        position = 0
        try:
            while (end := _end_of_record(buffer, position)) is not None:
                kind = buffer[position]
                if kind == _APPLICATION_DATA:
                    found.append(bytes(buffer[position + 5 : end]))
                elif kind == _ALERT:
                    raise FrameError("the other end of the connection that looks like TLS gave it up with an alert")
                elif bytes(buffer[position:end]) != _CHANGE:
                    raise FrameError(f"a record of type {kind} came where only data is expected")
                position = end
        except FrameError:
            # What came before is given out first. The fault stays where it is, so the next call meets it again.
            if not found:
                raise
        del buffer[:position]
        return b"".join(found)

    def _check_answer(self) -> bool:
        """Whether the proxy has answered; its answer is taken out of the buffer."""
        buffer = self._buffer
        end = 0
        for kind in (_HANDSHAKE, _CHANGE_CIPHER_SPEC, _APPLICATION_DATA):
            if end < len(buffer) and buffer[end] != kind:
                raise FrameError("what answers is not the proxy: its greeting does not look like TLS")
            after = _end_of_record(buffer, end)
            if after is None:
                return False
            end = after
        answer = bytes(buffer[:end])
        if len(answer) < _RANDOM.stop:
            raise FrameError("what answers is not the proxy: its greeting is too short")
        proof = hmac.digest(self._secret, self._random + _without_random(answer), "sha256")
        if not compare_digest(proof, answer[_RANDOM]):
            raise RemoteProtocolError(
                "what answers does not know the secret of the proxy; the secret is wrong, or somebody is in between"
            )
        del buffer[:end]
        self.is_ready = True
        return True


class InnerCodec(Protocol):
    """What a `FakeTlsCodec` needs of the codec inside."""

    tag: bytes

    def encode(self, packet: bytes) -> bytes:
        """The bytes to write for a packet."""
        ...

    def feed(self, data: bytes) -> list[bytes]:
        """Take what has arrived and give the packets that it completes."""
        ...


class FakeTlsCodec:
    """An obfuscated codec inside such a stream, for the client.

    The client writes `tag`, reads until `is_ready`, and then uses it as any other codec.

    Args:
        inner: the obfuscated codec; secrets that begin with ee want the padded intermediate one in it.
        tls: the stream.

    Attributes:
        inner: as given.
        tag: what is written before anything else.
    """

    def __init__(self, inner: InnerCodec, tls: FakeTls) -> None:
        self.inner = inner
        self.tag = tls.hello
        self._tls = tls
        self._before = inner.tag

    @property
    def is_ready(self) -> bool:
        """Whether the proxy has answered, so that packets can be sent."""
        return self._tls.is_ready

    def encode(self, packet: bytes) -> bytes:
        """The bytes to write for a packet; as `FakeTls.wrap`."""
        data = self._tls.wrap(self._before + self.inner.encode(packet))
        self._before = b""
        return data

    def feed(self, data: bytes) -> list[bytes]:
        """Take what has arrived and give the packets that it completes; errors as `FakeTls.unwrap`."""
        return self.inner.feed(self._tls.unwrap(data))


def _client_hello(domain: str, rand: RandomBytes) -> bytes:
    """A ClientHello as browsers send it, with a random of zeros."""
    name = domain.encode("ascii", "replace")
    if not 0 < len(name) <= MAX_DOMAIN or b"?" in name:
        raise ValueError(f"the domain name in an MTProxy secret has 1 to {MAX_DOMAIN} characters, all of them ASCII")
    # Values that mean nothing, which browsers put in so that servers stay used to unknown ones.
    grease = [bytes((value & 0xF0 | 0x0A,)) * 2 for value in rand(5)]
    if grease[2] == grease[3]:
        grease[3] = bytes((grease[3][0] ^ 0x10,)) * 2
    suites, group, first, last, version = grease
    key_share = group + b"\x00\x01\x00" + b"\x00\x1d" + _block(public_key(rand(32)))
    extensions = b"".join(
        (
            first + b"\x00\x00",
            _extension(0x00, _block(b"\x00" + _block(name))),
            _extension(0x17, b""),
            _extension(0xFF01, b"\x00"),
            _extension(0x0A, _block(group + _GROUPS)),
            _extension(0x0B, b"\x01\x00"),
            _extension(0x23, b""),
            _extension(0x10, _block(_block(b"h2", 1) + _block(b"http/1.1", 1))),
            _extension(0x05, b"\x01\x00\x00\x00\x00"),
            _extension(0x0D, _block(_SIGNATURE_ALGORITHMS)),
            _extension(0x12, b""),
            _extension(0x33, _block(key_share)),
            _extension(0x2D, b"\x01\x01"),
            _extension(0x2B, _block(version + b"\x03\x04\x03\x03", 1)),
            _extension(0x1B, b"\x02\x00\x02"),
            last + b"\x00\x01\x00",
        )
    )
    start = _HELLO_START + bytes(32) + _block(rand(32), 1) + _block(suites + _CIPHER_SUITES) + b"\x01\x00"
    padding = HELLO_SIZE - len(start) - 2 - len(extensions) - 4
    return start + _block(extensions + _extension(0x15, bytes(padding)))


def _block(data: bytes, size: int = 2) -> bytes:
    """Some bytes behind their length."""
    return len(data).to_bytes(size, "big") + data


def _extension(kind: int, data: bytes) -> bytes:
    return kind.to_bytes(2, "big") + _block(data)


def _record(kind: int, data: bytes) -> bytes:
    return bytes((kind, 3, 3)) + _block(data)


def _end_of_record(buffer: bytearray, position: int) -> int | None:
    """Where a record ends, or None when it is not whole."""
    if len(buffer) - position < 5:
        return None
    size = int.from_bytes(buffer[position + 3 : position + 5], "big")
    if bytes(buffer[position + 1 : position + 3]) != b"\x03\x03" or size > _MAX_RECEIVED:
        raise FrameError("what came does not look like TLS")
    end = position + 5 + size
    return end if end <= len(buffer) else None


def _without_random(hello: bytes) -> bytes:
    return hello[: _RANDOM.start] + bytes(32) + hello[_RANDOM.stop :]


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other))  # noqa: B905 - both have 4 bytes
