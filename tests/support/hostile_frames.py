"""A session with five requests that wait, good bodies of each kind, changed bodies, and a receiver that is checked."""

from __future__ import annotations

import random
import struct
import time
from collections.abc import Iterator

from mtproto_model import (
    ALL_INFO,
    BAD_MSG,
    BAD_SALT,
    DESTROYED,
    DETAILED,
    KEY,
    NEW_DETAILED,
    NEW_SESSION,
    PONG,
    RESEND,
    RESEND_ANSWERS,
    RPC_ERROR,
    RPC_RESULT,
    SALTS,
    STATE_INFO,
    STATE_REQ,
    Link,
    gzipped,
    longs,
    request,
    tl_bytes,
)

from telethon.errors import RemoteProtocolError
from telethon.mtproto import cipher
from telethon.mtproto.events import Closed, Event, Unreadable
from telethon.mtproto.side import Side

__all__ = ["INTERESTING", "bodies_for", "check", "corpus", "mutate", "opened", "receive", "sealed"]

INTERESTING = [0, 1, 2, 3, 4, 252, 253, 254, 255, 2**15, 2**31 - 1, -(2**31), -1, 0x1CB5C415, 0x73F1F8DC]
"""Numbers at which code breaks."""


def opened() -> Link:
    """A session whose five requests were not answered yet."""
    link = Link()
    link.server.hold = set(range(5))
    for number in range(5):
        link.engine.submit(request(number), token=number)
    link.settle()
    return link


def corpus(link: Link) -> Iterator[bytes]:
    """One good body of each kind."""
    return bodies_for(list(link.engine._inflight.sent))


def bodies_for(ids: list[int]) -> Iterator[bytes]:
    """The same for messages of these ids, of which there must be four."""
    yield struct.pack("<Iq", RPC_RESULT, ids[0]) + bytes(40)
    yield struct.pack("<IqIi", RPC_RESULT, ids[1], RPC_ERROR, 420) + tl_bytes(b"FLOOD_WAIT_5")
    yield struct.pack("<Iq", RPC_RESULT, ids[2]) + gzipped(bytes(400))
    yield gzipped(struct.pack("<Iq", RPC_RESULT, ids[3]) + bytes(40))
    yield struct.pack("<Iqiiiiq", SALTS, 5, 0, 1, 10, 20, 30)
    yield struct.pack("<Iqq", PONG, ids[0], 7)
    yield struct.pack("<Iq", DESTROYED, 7)
    yield struct.pack("<Iqqq", NEW_SESSION, ids[2], 7, 8)
    yield longs(0x62D6B459, ids)
    yield struct.pack("<IqIi", BAD_MSG, ids[0], 1, 20)
    yield struct.pack("<IqIiq", BAD_SALT, ids[0], 1, 48, 9)
    yield longs(STATE_REQ, ids)
    yield struct.pack("<Iq", STATE_INFO, ids[0]) + tl_bytes(bytes(5))
    yield longs(ALL_INFO, ids) + tl_bytes(bytes([4] * len(ids)))
    yield struct.pack("<Iqqii", DETAILED, ids[0], 5, 100, 0)
    yield struct.pack("<Iqii", NEW_DETAILED, 5, 100, 0)
    yield longs(RESEND, ids)
    yield longs(RESEND_ANSWERS, ids)
    yield struct.pack("<Ii", 0x55555555, 7) + bytes(100)
    messages = [(1 + 4 * place, 1, body) for place, body in enumerate((bytes(8), longs(0x62D6B459, ids), bytes(20)))]
    container = struct.pack("<Ii", 0x73F1F8DC, len(messages))
    yield container + b"".join(struct.pack("<qii", one, seq, len(body)) + body for one, seq, body in messages)


def mutate(rand: random.Random, body: bytes) -> bytes:
    """The body with one to four changes; it stays whole words."""
    data = bytearray(body)
    for _ in range(rand.randint(1, 4)):
        place = rand.randrange(len(data) // 4) * 4 if len(data) >= 4 else 0
        match rand.randrange(6):
            case 0:
                data[place : place + 4] = struct.pack("<I", rand.choice(INTERESTING) & 0xFFFFFFFF)
            case 1:
                data[place : place + 4] = rand.randbytes(4)
            case 2:
                del data[place:]
            case 3:
                data += rand.randbytes(4 * rand.randint(1, 40))
            case 4:
                del data[place : place + 4]
            case _:
                data[place:place] = data[: rand.randint(0, 20) * 4]
    return bytes(data[: len(data) // 4 * 4])


def sealed(session_id: int, msg_id: int, body: bytes, rand: random.Random | None = None) -> bytes:
    """A packet of the server, right in everything but perhaps its body."""
    inner = struct.pack("<qqqii", 1, session_id, msg_id, 1, len(body)) + body
    return cipher.encrypt(KEY, inner, Side.SERVER, rand.randbytes if rand is not None else bytes)


def check(link: Link, packet: bytes) -> list[Event]:
    """Receive a packet: only one error may come out, and not late."""
    start = time.process_time()
    try:
        found = link.engine.receive_packet(packet, link.now)
    except RemoteProtocolError:
        found = []
    assert time.process_time() - start < 0.5
    for event in found:
        if isinstance(event, Unreadable):
            assert isinstance(event.error, RemoteProtocolError)
    assert not any(isinstance(event, Closed) for event in found[:-1])
    return found


def receive(link: Link, body: bytes) -> list[Event]:
    """Receive a body as the next message of the server, and see that what is answered is sound."""
    found = check(link, sealed(link.state.session_id, link.server.msg_id(link.now.mono, 3), body))
    for packet in link.engine.packets_to_send(link.now):
        cipher.decrypt(KEY, packet, Side.CLIENT)
    if found and isinstance(found[-1], Closed):
        link.reconnect()
    return found
