"""A client that does exactly what it is told, right or wrong, against the protocol half of the test server.

It uses a connection in memory and a clock that stands still, so a test sees all that is sent after a few turns of the
event loop.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from struct import pack, unpack_from
from typing import Any, NamedTuple

from telethon._core.rand import system_random
from telethon.mtproto import plain, wire
from telethon.mtproto.cipher import HEADER, decrypt, encrypt
from telethon.mtproto.codecs.base import Codec
from telethon.mtproto.codecs.intermediate import IntermediateCodec
from telethon.mtproto.limits import Limits
from telethon.mtproto.packed import unpack_body
from telethon.mtproto.side import Side
from telethon.testing.clock import ManualClock
from telethon.testing.keyexchange import NewKey
from telethon.testing.server import TelegramServerCore
from telethon.tl import functions, types
from telethon.tl.functions.help import GetNearestDcRequest

AUTH_KEY = bytes(range(256))
SALT = 0x1122334455667788
SESSION = 0x0101010101010101


class Message(NamedTuple):
    """A message that came, out of its container."""

    msg_id: int
    seq_no: int
    constructor: int
    body: bytes


class _Collector(asyncio.StreamReader):
    def __init__(self, client: RawClient) -> None:
        super().__init__()
        self._client = client

    def feed_data(self, data: bytes) -> None:
        self._client.on_data(data)

    def feed_eof(self) -> None:
        self._client.ended = True
        super().feed_eof()

    def set_exception(self, exc: Exception) -> None:
        self._client.ended = True
        super().set_exception(exc)


class RawClient:
    """See the head of this module."""

    def __init__(self, server: TelegramServerCore, dc_id: int = 2, auth_key: bytes = AUTH_KEY) -> None:
        self.server = server
        self.dc_id = dc_id
        self.auth_key = auth_key
        self.salt = SALT
        self.session_id = SESSION
        self.content_sent = 0
        self.last_msg_id = 0
        self.messages: list[Message] = []
        self.packets: list[bytes] = []
        self.plain: list[bytes] = []
        self.errors: list[int] = []
        self.ended = False
        self.codec: Any = IntermediateCodec()
        self._writer: asyncio.StreamWriter | None = None

    def know_key(self, expires_in: int | None = None) -> None:
        """Let the server know the key without a key exchange."""
        self.server.add_key(
            self.dc_id, NewKey(self.auth_key, hashlib.sha1(self.auth_key).digest()[12:], SALT, expires_in)
        )

    def connect(self, codec: Any = None) -> None:
        """Make a connection, with a codec of its own."""
        self.codec = codec or IntermediateCodec()
        self.ended = False
        _, self._writer = self.server.connect_in_memory(self.dc_id, _Collector(self))
        if self.codec.tag:
            self._writer.write(self.codec.tag)

    def close(self) -> None:
        """Hang up."""
        assert self._writer is not None
        self._writer.close()

    # -- sending -----------------------------------------------------------------------------------------------------

    def new_msg_id(self) -> int:
        msg_id = int(self.server.clock.now().wall * 4294967296) & -4
        self.last_msg_id = max(msg_id, self.last_msg_id + 4)
        return self.last_msg_id

    def next_seq_no(self, content: bool) -> int:
        seq_no = self.content_sent * 2 + content
        self.content_sent += content
        return seq_no

    def write(self, data: bytes) -> None:
        assert self._writer is not None
        self._writer.write(data)

    def send_plain(self, body: bytes, msg_id: int | None = None) -> None:
        self.write(self.codec.encode(plain.pack(body, self.new_msg_id() if msg_id is None else msg_id)))

    def send_inner(self, inner: bytes) -> None:
        """Encrypt and send: salt, session_id, msg_id, seq_no, length, body."""
        self.write(self.codec.encode(encrypt(self.auth_key, inner, Side.CLIENT, system_random)))

    def send(
        self,
        body: object,
        *,
        msg_id: int | None = None,
        seq_no: int | None = None,
        content: bool = True,
        salt: int | None = None,
        session_id: int | None = None,
    ) -> int:
        """Send one message; gives its msg_id."""
        data = bytes(body)  # type: ignore[call-overload]
        if msg_id is None:
            msg_id = self.new_msg_id()
        if seq_no is None:
            seq_no = self.next_seq_no(content)
        salt = self.salt if salt is None else salt
        session_id = self.session_id if session_id is None else session_id
        self.send_inner(HEADER.pack(salt, session_id, msg_id, seq_no, len(data)) + data)
        return msg_id

    def pack(
        self, body: object, *, msg_id: int | None = None, seq_no: int | None = None, content: bool = True
    ) -> bytes:
        """A message for a container."""
        data = bytes(body)  # type: ignore[call-overload]
        if msg_id is None:
            msg_id = self.new_msg_id()
        if seq_no is None:
            seq_no = self.next_seq_no(content)
        return pack("<qii", msg_id, seq_no, len(data)) + data

    def send_container(self, *messages: bytes, count: int | None = None, **kwargs: Any) -> int:
        """Send messages made by `pack` in one container; gives the msg_id of that."""
        body = pack("<Ii", wire.MSG_CONTAINER, len(messages) if count is None else count) + b"".join(messages)
        return self.send(body, content=False, **kwargs)

    def ack(self, *msg_ids: int) -> None:
        self.send(wire.long_vector(wire.MSGS_ACK, msg_ids), content=False)

    def ack_all(self) -> None:
        self.ack(*(message.msg_id for message in self.messages if message.seq_no & 1))

    # -- receiving ---------------------------------------------------------------------------------------------------

    def on_data(self, data: bytes) -> None:
        for packet in self.codec.feed(data):
            if len(packet) == 4:
                self.errors.append(-int.from_bytes(packet, "little", signed=True))
            elif plain.is_plain(packet):
                self.plain.append(plain.unpack(packet)[1])
            else:
                self.packets.append(packet)
                self._take(*decrypt(self.auth_key, packet, Side.SERVER))

    def _take(self, salt: int, session_id: int, msg_id: int, seq_no: int, body: bytes) -> None:
        assert session_id == self.session_id
        (constructor,) = unpack_from("<I", body)
        if constructor != wire.MSG_CONTAINER:
            self.messages.append(Message(msg_id, seq_no, constructor, body))
            return
        offset = 8
        for _ in range(unpack_from("<i", body, 4)[0]):
            inner_id, inner_seq_no, length = unpack_from("<qii", body, offset)
            assert inner_id < msg_id
            offset += 16
            inner = body[offset : offset + length]
            offset += length
            self.messages.append(Message(inner_id, inner_seq_no, unpack_from("<I", inner)[0], inner))
        assert offset == len(body)

    async def turn(self) -> list[Message]:
        """Let the loop turn until nothing is on its way; gives all messages so far."""
        for _ in range(12):
            await asyncio.sleep(0)
        return self.messages

    def take(self) -> list[Message]:
        """The messages so far, which are then forgotten."""
        messages, self.messages = self.messages, []
        return messages

    def of(self, constructor: int) -> list[Message]:
        return [message for message in self.messages if message.constructor == constructor]

    def results(self) -> dict[int, bytes]:
        """Answers by req_msg_id, unpacked."""
        found: dict[int, bytes] = {}
        for message in self.of(wire.RPC_RESULT):
            (req_msg_id,) = unpack_from("<q", message.body, 4)
            result = message.body[12:]
            if result[:4] == pack("<I", wire.GZIP_PACKED):
                result = unpack_body(result, 0, len(result), Limits())
            found[req_msg_id] = result
        return found

    def error(self, req_msg_id: int) -> tuple[int, str] | None:
        """The rpc_error a request was answered with."""
        result = self.results()[req_msg_id]
        if result[:4] != pack("<I", wire.RPC_ERROR):
            return None
        return unpack_from("<i", result, 4)[0], wire.read_bytes(result, 8, len(result))[0].decode()

    def bad(self) -> list[tuple[int, int]]:
        """bad_msg_id and code of each refusal."""
        return [
            (unpack_from("<q", message.body, 4)[0], unpack_from("<i", message.body, 16)[0])
            for message in self.messages
            if message.constructor in (wire.BAD_MSG_NOTIFICATION, wire.BAD_SERVER_SALT)
        ]

    def init(self, query: Any = None, layer: int = 229) -> Any:
        """A request with all that the first one of a session needs."""
        query = GetNearestDcRequest() if query is None else query
        init = functions.InitConnectionRequest(
            api_id=1,
            device_model="device",
            system_version="1",
            app_version="1",
            system_lang_code="en",
            lang_pack="",
            lang_code="en",
            query=query,
        )
        return functions.InvokeWithLayerRequest(layer, init)

    async def begin(self) -> None:
        """Connect with a known key, introduce ourselves, and acknowledge what came."""
        self.know_key()
        self.connect()
        self.send(self.init())
        await self.turn()
        self.ack_all()
        await self.turn()
        self.messages.clear()


NEAREST = types.NearestDc("NL", 2, 2)


def answer_nearest(request: Any, context: Any) -> Any:
    """A handler that knows one method."""
    assert isinstance(request, GetNearestDcRequest)
    return NEAREST


def make_server(handler: Callable[..., Any] = answer_nearest, **kwargs: Any) -> TelegramServerCore:
    """A server whose clock stands still."""
    return TelegramServerCore(handler, clock=ManualClock(), **kwargs)


__all__ = ["AUTH_KEY", "NEAREST", "SALT", "SESSION", "Codec", "Message", "RawClient", "answer_nearest", "make_server"]
