"""The transports as the server sees them: told apart by what comes first, then packets both ways.

Source: https://core.telegram.org/mtproto/mtproto-transports
"""

from __future__ import annotations

import secrets
import struct
import zlib
from typing import ClassVar

from independent.ciphers import Ctr, sha256


class BadStream(ValueError):
    """Bytes that no client may send."""


class Codec:
    """Packets of one connection. What is left of the stream stays in `buffer`."""

    name: ClassVar[str] = ""

    def __init__(self) -> None:
        self.buffer = bytearray()

    def feed(self, data: bytes) -> list[tuple[bytes, bool]]:
        """Take bytes; give the packets that are complete, each with whether a quick ack is asked for."""
        self.buffer += data
        found: list[tuple[bytes, bool]] = []
        while (one := self.next()) is not None:
            found.append(one)
        return found

    def next(self) -> tuple[bytes, bool] | None:
        """The next packet, when it is complete."""
        raise NotImplementedError

    def take(self, head: int, length: int) -> bytes | None:
        """That many bytes after the head, when they are there."""
        if len(self.buffer) < head + length:
            return None
        data = bytes(self.buffer[head : head + length])
        del self.buffer[: head + length]
        return data

    def frame(self, payload: bytes) -> bytes:
        """A packet for the client."""
        raise NotImplementedError

    def quick_ack(self, token: bytes) -> bytes:
        """The answer to a packet that asked for a quick ack."""
        raise NotImplementedError


class Abridged(Codec):
    """One byte of length, or four."""

    name = "abridged"

    def next(self) -> tuple[bytes, bool] | None:
        if not self.buffer:
            return None
        quick, length, head = self.buffer[0] >> 7 == 1, self.buffer[0] & 0x7F, 1
        if length == 0x7F:
            if len(self.buffer) < 4:
                return None
            length, head = int.from_bytes(self.buffer[1:4], "little"), 4
        data = self.take(head, length * 4)
        return None if data is None else (data, quick)

    def frame(self, payload: bytes) -> bytes:
        if len(payload) % 4:
            raise ValueError("this transport carries words only")
        words = len(payload) // 4
        return (bytes([words]) if words < 127 else b"\x7f" + words.to_bytes(3, "little")) + payload

    def quick_ack(self, token: bytes) -> bytes:
        return token[::-1]


class Intermediate(Codec):
    """Four bytes of length."""

    name = "intermediate"

    def next(self) -> tuple[bytes, bool] | None:
        if len(self.buffer) < 4:
            return None
        length = int.from_bytes(self.buffer[:4], "little")
        data = self.take(4, length & 0x7FFFFFFF)
        return None if data is None else (data, length >> 31 == 1)

    def frame(self, payload: bytes) -> bytes:
        return struct.pack("<I", len(payload)) + payload

    def quick_ack(self, token: bytes) -> bytes:
        return token


class Padded(Intermediate):
    """Four bytes of length, and up to 15 bytes of padding."""

    name = "padded"
    padding: int | None = None
    """Bytes of padding, for tests that want a certain number."""

    def next(self) -> tuple[bytes, bool] | None:
        found = super().next()
        if found is None:
            return None
        data, quick = found
        if data[:8] == bytes(8) and len(data) >= 20:
            # Not encrypted: its own length tells.
            return data[: 20 + int.from_bytes(data[16:20], "little")], quick
        return data[: len(data) - (len(data) - 24) % 16] if len(data) > 24 else data, quick

    def frame(self, payload: bytes) -> bytes:
        count = secrets.randbelow(16) if self.padding is None else self.padding
        return super().frame(payload + secrets.token_bytes(count))

    def quick_ack(self, token: bytes) -> bytes:
        return Intermediate.frame(self, b"\xff" * 4 + token + secrets.token_bytes(secrets.randbelow(9)))


class Full(Codec):
    """Length, number and checksum."""

    name = "full"

    def __init__(self) -> None:
        super().__init__()
        self.received = 0
        self.sent = 0

    def next(self) -> tuple[bytes, bool] | None:
        if len(self.buffer) < 4:
            return None
        length = int.from_bytes(self.buffer[:4], "little")
        if length < 12:
            raise BadStream(f"a packet of {length} bytes")
        if len(self.buffer) < length:
            return None
        data = self.take(0, length) or b""
        if zlib.crc32(data[:-4]) != int.from_bytes(data[-4:], "little"):
            raise BadStream("the checksum is wrong")
        if int.from_bytes(data[4:8], "little") != self.received:
            raise BadStream("the number of the packet is wrong")
        self.received += 1
        return data[8:-4], False

    def frame(self, payload: bytes) -> bytes:
        data = struct.pack("<II", len(payload) + 12, self.sent) + payload
        self.sent += 1
        return data + struct.pack("<I", zlib.crc32(data))


PLAIN: dict[bytes, type[Codec]] = {
    b"\xef\xef\xef\xef": Abridged,
    b"\xee\xee\xee\xee": Intermediate,
    b"\xdd\xdd\xdd\xdd": Padded,
}
HTTP_WORDS = (b"POST", b"GET ", b"HEAD", b"OPTI")


class Obfuscation:
    """The cipher around a transport, from the 64 bytes the client begins with."""

    def __init__(self, start: bytes, secret: bytes = b"") -> None:
        turned = start[::-1]
        keys = [one[8:40] for one in (start, turned)]
        if secret:
            keys = [sha256(key, secret) for key in keys]
        self.decrypt = Ctr(keys[0], start[40:56])
        self.encrypt = Ctr(keys[1], turned[40:56])
        opened = self.decrypt(start)
        self.protocol = opened[56:60]
        self.dc_id = int.from_bytes(opened[60:62], "little", signed=True)


class Stream:
    """One connection's bytes: which transport it is, and whether it is obfuscated."""

    def __init__(self, secret: bytes = b"") -> None:
        self.codec: Codec | None = None
        self.obfuscation: Obfuscation | None = None
        self.is_http = False
        self.first = bytearray()
        self.secret = secret

    @property
    def name(self) -> str:
        """What the client speaks."""
        kind = "http" if self.is_http else self.codec.name if self.codec else "nothing yet"
        return f"obfuscated {kind}" if self.obfuscation else kind

    def feed(self, data: bytes) -> list[tuple[bytes, bool]]:
        """Take bytes; give the packets that are complete."""
        if self.codec is None:
            self.first += data
            data = self._choose()
            if self.codec is None:
                return []
        elif self.obfuscation:
            data = self.obfuscation.decrypt(data)
        return self.codec.feed(data)

    def _choose(self) -> bytes:
        first = self.first
        if not self.secret:
            if first[:1] == b"\xef":
                return self._is(Abridged, 1)
            if len(first) >= 4 and bytes(first[:4]) in PLAIN:
                return self._is(PLAIN[bytes(first[:4])], 4)
            if bytes(first[:4]) in HTTP_WORDS:
                self.is_http = True
                return b""
            if len(first) >= 8 and first[4:8] == bytes(4):
                return self._is(Full, 0)
        if len(first) < 64:
            return b""
        self.obfuscation = Obfuscation(bytes(first[:64]), self.secret)
        kind = PLAIN.get(self.obfuscation.protocol)
        if kind is None:
            raise BadStream(f"no transport is named {self.obfuscation.protocol.hex()}")
        return self.obfuscation.decrypt(self._is(kind, 64))

    def _is(self, kind: type[Codec], head: int) -> bytes:
        self.codec = kind()
        return bytes(self.first[head:])

    def out(self, data: bytes) -> bytes:
        """What goes over the wire for bytes of the transport."""
        return self.obfuscation.encrypt(data) if self.obfuscation else data

    def frame(self, payload: bytes) -> bytes:
        """A packet, ready to be written."""
        if self.codec is None:
            raise BadStream("the client said nothing yet")
        return self.out(self.codec.frame(payload))
