"""One bomb: `python -m tests.figures.bomb NAME` prints whether it was refused, the memory it took, and the time."""

from __future__ import annotations

import gzip
import json
import struct
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from hostile_frames import opened, sealed
from mtproto_model import CONTAINER, GZIP, RPC_RESULT, VECTOR, Link, tl_bytes

from telethon.errors import InvalidBufferError, RemoteProtocolError, TLDecodeError, TypeNotFoundError
from telethon.extensions.binaryreader import BinaryReader
from telethon.mtproto.codecs.abridged import AbridgedCodec
from telethon.mtproto.codecs.full import FullCodec
from telethon.mtproto.codecs.http import HttpCodec
from telethon.mtproto.codecs.intermediate import IntermediateCodec
from telethon.mtproto.events import Closed, ResultReceived, Unreadable, UpdatesReceived

from .figure import forget_peak, peak_memory

UPDATES = 0x74AE4240
UNREADABLE = (TLDecodeError, TypeNotFoundError)


def stream(mebibytes: int) -> bytes:
    """So many mebibytes of zeros in a kilobyte each."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = squeeze.compress(bytes(1 << 20)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    block = squeeze.compress(bytes(1 << 20)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    return struct.pack("<I", GZIP) + tl_bytes(head + block * (mebibytes - 1))


def zeros(mebibytes: int) -> bytes:
    """A whole gzip_packed of so many mebibytes, which are not too much for its own size."""
    return struct.pack("<I", GZIP) + tl_bytes(gzip.compress(bytes(mebibytes << 20), 1))


def nested(times: int) -> bytes:
    """Compressed again and again."""
    body = zeros(20)
    for _ in range(times):
        body = struct.pack("<I", GZIP) + tl_bytes(gzip.compress(body))
    return body


def container(*bodies: bytes, count: int | None = None, base: int = 0) -> bytes:
    """Several messages in one."""
    data = struct.pack("<Ii", CONTAINER, len(bodies) if count is None else count)
    for place, body in enumerate(bodies):
        data += struct.pack("<qii", base + 4 * place + 1, 2 * place + 1, len(body)) + body
    return data


def deep(times: int) -> bytes:
    """Containers in containers."""
    body = struct.pack("<I", 0x55555555)
    for _ in range(times):
        body = struct.pack("<Iiqii", CONTAINER, 1, 1, 0, len(body)) + body
    return body


def received(make: Callable[[Link], bytes]) -> Callable[[], bool]:
    """A message of the server that the client receives."""
    link = opened()
    msg_id = link.server.msg_id(link.now.mono, 3)
    packet = sealed(link.state.session_id, msg_id, make(link))

    def bomb() -> bool:
        try:
            events = link.engine.receive_packet(packet, link.now)
        except RemoteProtocolError:
            return True
        for event in events:
            if isinstance(event, UpdatesReceived):
                try:
                    BinaryReader(event.body).tgread_object()
                except UNREADABLE:
                    return True
        if any(isinstance(event, (Closed, Unreadable)) for event in events):
            return True
        return not any(isinstance(event, (UpdatesReceived, ResultReceived)) for event in events)

    return bomb


def read(data: bytes) -> Callable[[], bool]:
    """An object that is read."""

    def bomb() -> bool:
        try:
            BinaryReader(data).tgread_object()
        except UNREADABLE:
            return True
        return False

    return bomb


def announced(http: bool) -> Callable[[], bool]:
    """A transport that is told of a gibibyte, and then gets 300 mebibytes."""
    length = (1 << 30).to_bytes(4, "little")
    heads = {FullCodec: length, IntermediateCodec: length, AbridgedCodec: b"\x7f\xff\xff\xff"}
    codecs = [(HttpCodec(), b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n")] if http else []
    codecs += [] if http else [(cls(), head) for cls, head in heads.items()]
    piece = bytes(1 << 20)

    def bomb() -> bool:
        refused = 0
        for codec, head in codecs:
            for data in (head, *[piece] * (300 // len(codecs))):
                try:
                    codec.feed(data)
                except InvalidBufferError:
                    refused += 1
        return refused == len(codecs) * (300 // len(codecs) + 1)

    return bomb


def of_container(*bodies: bytes) -> Callable[[Link], bytes]:
    """A container whose messages are new."""
    return lambda link: container(*bodies, base=int((link.server.time(link.now.mono) - 1) * (1 << 32)) & -4)


def answer(link: Link, body: bytes) -> bytes:
    """The answer to a request that waits."""
    return struct.pack("<Iq", RPC_RESULT, next(iter(link.engine._inflight.sent))) + body


def of_updates(count: int) -> bytes:
    """Updates, each of which is compressed."""
    one = zeros(30)
    return struct.pack("<IIi", UPDATES, VECTOR, count) + one * count


MAKERS: dict[str, Callable[[], Callable[[], bool]]] = {
    "announced-gibibyte": lambda: announced(False),
    "announced-gibibyte-http": lambda: announced(True),
    "gzip-200-mebibytes": lambda: received(lambda link: stream(200)),
    "gzip-10-gibibytes": lambda: received(lambda link: answer(link, stream(10_240))),
    "gzip-20-times": lambda: received(lambda link: nested(20)),
    "gzip-many-in-a-container": lambda: received(of_container(*[zeros(30)] * 20)),
    "gzip-many-in-an-update": lambda: received(lambda link: of_updates(20)),
    "containers-10000-deep": lambda: received(lambda link: deep(10_000)),
    "container-of-2147483647": lambda: received(lambda link: container(bytes(4), count=2**31 - 1)),
    "vectors-900-deep": lambda: read(struct.pack("<Ii", VECTOR, 1) * 900 + struct.pack("<Ii", VECTOR, 0)),
    "vector-of-2147483647": lambda: read(struct.pack("<Ii", VECTOR, 2**31 - 1) + bytes(100)),
}


def warm_up() -> None:
    """What it takes to decrypt and read ten megabytes of anything is not meant."""
    received(lambda link: struct.pack("<I", 0x55555555) + bytes(10 << 20))()
    read(bytes(10))()


def main() -> None:
    """The command."""
    warm_up()
    bomb = MAKERS[sys.argv[1]]()
    before = forget_peak()
    start = time.process_time()
    refused = bomb()
    seconds = time.process_time() - start
    print(json.dumps({"refused": refused, "memory": max(0.0, peak_memory() - before), "seconds": seconds}))


if __name__ == "__main__":
    main()
