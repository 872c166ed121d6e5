"""Where the frames of a connection begin and end, without changing a byte of it.

The stream of a client tells its transport with its first bytes. From then on both directions are cut into frames by the
codecs of the library, below the obfuscation if there is one, so that whole frames can be repeated, exchanged or added.
What nobody can cut, like HTTP, fake TLS or a broken stream, just goes on as bytes.

Source: https://core.telegram.org/mtproto/mtproto-transports
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import Protocol
from zlib import crc32

from telethon._core.rand import RandomBytes
from telethon.errors.common import InvalidBufferError, InvalidChecksumError, RemoteProtocolError
from telethon.mtproto.codecs.abridged import AbridgedCodec
from telethon.mtproto.codecs.base import Codec
from telethon.mtproto.codecs.full import FullCodec
from telethon.mtproto.codecs.intermediate import IntermediateCodec
from telethon.mtproto.codecs.obfuscated import ObfuscatedCodec
from telethon.mtproto.codecs.padded import PaddedIntermediateCodec
from telethon.mtproto.codecs.secret import parse_secret
from telethon.mtproto.side import Side
from telethon.testing.transport import ServerTransport

__all__ = ["Detector", "Framing", "Leg"]

_NUMBER = Struct("<i")
_CRC = Struct("<I")
_SMALLEST_NUMBERED = 12


class _Cipher(Protocol):
    def encrypt(self, data: bytes) -> bytes: ...


class _Streams(ObfuscatedCodec):
    """An end of an obfuscated connection whose two key streams can be used by themselves."""

    @property
    def of_client(self) -> _Cipher:
        return self._decrypt

    @property
    def of_server(self) -> _Cipher:
        return self._encrypt


class Leg:
    """The frames of one direction.

    Args:
        reader: a codec as the receiving end has it.
        writer: one as the sending end has it.
        decipher: takes the obfuscation away; None where there is none.
        cipher: puts it back, at a place of its own in the key stream.

    Attributes:
        inside: whether a frame has begun that has not ended.
        broken: whether the frames cannot be told apart any more.
    """

    def __init__(
        self, reader: Codec, writer: Codec, decipher: _Cipher | None = None, cipher: _Cipher | None = None
    ) -> None:
        self.inside = False
        self.broken = False
        self._reader = reader
        self._writer = writer
        self._decipher = decipher
        self._cipher = cipher
        self._numbered = isinstance(reader, FullCodec)
        self._number = 0
        self._shifted = False

    @property
    def renumbers(self) -> bool:
        """Whether frames have to be whole from now on, because the numbers in them are others than they were."""
        return self._shifted

    def reveal(self, data: bytes) -> bytes:
        """What arrived, without obfuscation."""
        return data if self._decipher is None else self._decipher.encrypt(data)

    def hide(self, data: bytes) -> bytes:
        """What leaves, with it."""
        return data if self._cipher is None else self._cipher.encrypt(data)

    def cut(self, data: bytes) -> Iterator[tuple[bytes, bool]]:
        """Pieces of which none reaches beyond a frame, and whether a frame ends with it."""
        position = 0
        while position < len(data):
            if self.broken:
                yield data[position:], False
                return
            piece = data[position : position + self._reader.missing]
            position += len(piece)
            try:
                packets = self._reader.feed(piece)
            except (InvalidBufferError, InvalidChecksumError):
                self.broken = True
                packets = []
            ends = bool(packets or self._reader.quick_acks)
            self._reader.quick_acks.clear()
            self.inside = not ends
            yield piece, ends

    def encode(self, packet: bytes) -> bytes:
        """A frame for a packet."""
        return self._writer.encode(packet)

    def skipped(self) -> None:
        """A frame that came does not leave."""
        self._shifted = self._numbered

    def passed(self) -> None:
        """A frame left as it came."""
        self._number += 1

    def number(self, frame: bytes) -> bytes:
        """A frame with the number that is due, where the transport has numbers."""
        if not self._numbered or len(frame) < _SMALLEST_NUMBERED:
            return frame
        number = _NUMBER.pack(self._number)
        self._number += 1
        if frame[4:8] == number:
            return frame
        self._shifted = True
        frame = frame[:4] + number + frame[8:-4]
        return frame + _CRC.pack(crc32(frame))


class Framing:
    """How a connection is cut into frames.

    Args:
        name: the transport, as `ServerTransport` names it; empty for one without frames.
        up: the frames of the client.
        down: those of the server.
    """

    def __init__(self, name: str, up: Leg | None = None, down: Leg | None = None) -> None:
        self.name = name
        self.up = up
        self.down = down


class Detector:
    """Finds out which transport a client speaks.

    Args:
        rand: where padding of added frames comes from.
        secret: an MTProxy's secret in any of its forms, when the server acts as one.
    """

    def __init__(self, rand: RandomBytes, secret: str | bytes = b"") -> None:
        self._rand = rand
        self._secret = parse_secret(secret) if secret else None
        self._probe = ServerTransport(rand, secret)
        self._start = b""

    @property
    def start(self) -> bytes:
        """What has come so far."""
        return self._start

    def feed(self, data: bytes) -> tuple[Framing, bytes, bytes] | None:
        """Take what the client has sent.

        Returns:
            None while too little is known; else the framing, what stands before the first frame, and what follows.
        """
        if self._secret is not None and self._secret.domain:
            return Framing(""), b"", data
        for position in range(len(data)):
            byte = data[position : position + 1]
            self._start += byte
            try:
                self._probe.feed(byte)
            except (InvalidBufferError, InvalidChecksumError, RemoteProtocolError):
                return Framing(""), self._start, data[position + 1 :]
            if self._probe.name:
                return self._found(self._probe.name, data[position + 1 :])
        return None

    def _found(self, name: str, rest: bytes) -> tuple[Framing, bytes, bytes]:
        start = self._start
        if name == "full":
            return Framing(name, *_legs(FullCodec(Side.SERVER), FullCodec())), b"", start + rest
        if name == "http":
            return Framing(""), start, rest
        obfuscated = name.startswith("obfuscated ")
        at_server, at_client = self._codecs(name.removeprefix("obfuscated "))
        up, down = _legs(at_server, at_client)
        if obfuscated:
            codecs = {at_server.obfuscated_tag: at_server}
            secret = b"" if self._secret is None else self._secret.key
            near = _Streams.accept(start, codecs, secret=secret)
            far = _Streams.accept(start, codecs, secret=secret)
            if isinstance(near, _Streams) and isinstance(far, _Streams):
                up = Leg(at_server, at_client, near.of_client, far.of_client)
                down = Leg(at_client, at_server, far.of_server, near.of_server)
        return Framing(name, up, down), start, rest

    def _codecs(self, name: str) -> tuple[Codec, Codec]:
        if name == "abridged":
            return AbridgedCodec(Side.SERVER), AbridgedCodec()
        if name == "intermediate":
            return IntermediateCodec(Side.SERVER), IntermediateCodec()
        return PaddedIntermediateCodec(self._rand, Side.SERVER), PaddedIntermediateCodec(self._rand)


def _legs(at_server: Codec, at_client: Codec) -> tuple[Leg, Leg]:
    return Leg(at_server, at_client), Leg(at_client, at_server)
