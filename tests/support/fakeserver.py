"""A small server on loopback that knows one key, for tests of the network shell.

It answers each request through a function, and does what a test tells it: says nothing, hangs up, refuses, repeats.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from typing import Any

from telethon._core.clock import SystemClock
from telethon._core.rand import system_random
from telethon.crypto import AuthKey
from telethon.mtproto import plain, wire
from telethon.mtproto.cipher import HEADER, decrypt, encrypt
from telethon.mtproto.codecs.abridged import AbridgedCodec
from telethon.mtproto.codecs.full import FullCodec
from telethon.mtproto.codecs.intermediate import IntermediateCodec
from telethon.mtproto.codecs.obfuscated import HEADER_SIZE, ObfuscatedCodec
from telethon.mtproto.codecs.padded import PaddedIntermediateCodec
from telethon.mtproto.packer import is_container, unpack_container
from telethon.mtproto.side import Side
from telethon.mtproto.state import MTProtoState

KEY = bytes(range(256))
SALT = 1234567

Answer = Any
"""bytes: the serialised result; (code, text): an error; None: no answer at all."""


def request_id(body: bytes) -> int:
    return int.from_bytes(body[:4], "little")


class Peer(asyncio.Protocol):
    """One connection of a client."""

    def __init__(self, server: FakeServer) -> None:
        self.server = server
        self.transport: Any = None
        self.codec: Any = None
        self.head = b""
        self.session_id = 0
        self.state: MTProtoState | None = None
        self.exchange: Any = None
        self.closed = False

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.server.accepted += 1
        self.server.peers.append(self)
        if self.server.on_accept is not None:
            self.server.on_accept(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        self.server.peers.remove(self)

    def drop(self) -> None:
        """Hang up at once."""
        self.transport.abort()

    def data_received(self, data: bytes) -> None:
        if self.server.deaf:
            return
        if self.codec is None:
            self.head += data
            data = self._recognise()
            if self.codec is None:
                return
        for packet in self.codec.feed(data):
            self.server.on_packet(self, packet)

    def _recognise(self) -> bytes:
        """Find out which codec the client speaks."""
        head = self.head
        if self.server.secret is not None or self.server.obfuscated:
            if len(head) < HEADER_SIZE:
                return b""
            codecs: Any = {
                b"\xef" * 4: AbridgedCodec(Side.SERVER),
                b"\xee" * 4: IntermediateCodec(Side.SERVER),
                b"\xdd" * 4: PaddedIntermediateCodec(system_random, Side.SERVER),
            }
            self.codec = ObfuscatedCodec.accept(head[:HEADER_SIZE], codecs, secret=self.server.secret or b"")
            return head[HEADER_SIZE:]
        if head[:1] == b"\xef":
            self.codec = AbridgedCodec(Side.SERVER)
            return head[1:]
        if len(head) < 4:
            return b""
        if head[:4] == b"\xee" * 4:
            self.codec = IntermediateCodec(Side.SERVER)
            return head[4:]
        if head[:4] == b"\xdd" * 4:
            self.codec = PaddedIntermediateCodec(system_random, Side.SERVER)
            return head[4:]
        if head[:4] == b"POST":
            from telethon.mtproto.codecs.http import HttpCodec

            self.codec = HttpCodec(side=Side.SERVER)
            return head
        self.codec = FullCodec(Side.SERVER)
        return head

    # -- sending -----------------------------------------------------------------------------------------------------

    def send_packet(self, packet: bytes) -> None:
        """A packet as it is."""
        self.transport.write(self.codec.encode(packet))

    def transport_error(self, code: int) -> None:
        self.send_packet(struct.pack("<i", -code))

    def send(self, body: bytes, *, reply: bool = False, content_related: bool = True) -> int:
        """An encrypted message."""
        state = self.state
        assert state is not None
        msg_id = state.new_msg_id(self.server.clock.now(), reply=reply)
        inner = HEADER.pack(SALT, self.session_id, msg_id, state.next_seq_no(content_related), len(body)) + body
        self.send_packet(encrypt(self.server.key_of(self), inner, Side.SERVER, system_random))
        return msg_id

    def send_result(self, msg_id: int, answer: Answer) -> None:
        if isinstance(answer, tuple):
            code, text = answer
            answer = wire.UINT.pack(wire.RPC_ERROR) + wire.INT.pack(code) + wire.write_bytes(text.encode())
        self.send(wire.UINT.pack(wire.RPC_RESULT) + wire.LONG.pack(msg_id) + answer, reply=True)


class FakeServer:
    """Listens on loopback.

    Attributes:
        answer: what to answer a request with; it gets the request's bytes.
        accepted: how many connections there were.
        peers: those that are open.
        requests: what was asked, in order, as (session_id, msg_id, bytes).
        services: service messages that came, by constructor id.
        deaf: whether nothing is read.
        on_accept: called with every new connection.
        on_plain: called with connection and packet instead of taking part in a key exchange.
        on_request: called with connection, msg_id and bytes instead of answering.
        obfuscated: whether connections are obfuscated.
        secret: that of an MTProxy, if this stands for one.
    """

    def __init__(self, answer: Callable[[bytes], Answer] | None = None) -> None:
        self.answer = answer or (lambda body: struct.pack("<I", 0x997275B5))
        self.clock = SystemClock()
        self.accepted = 0
        self.peers: list[Peer] = []
        self.sessions: dict[int, MTProtoState] = {}
        self.requests: list[tuple[int, int, bytes]] = []
        self.services: list[tuple[int, bytes]] = []
        self.packets: list[int] = []
        self.keeps_requests = True
        self.deaf = False
        self.on_accept: Callable[[Peer], None] | None = None
        self.on_request: Callable[[Peer, int, bytes], None] | None = None
        self.obfuscated = False
        self.secret: bytes | None = None
        self.dc_id = 2
        self.edit: Callable[[str, Any], Any] = lambda step, answer: answer
        self.new_keys: dict[bytes, bytes] = {}
        self.on_plain: Callable[[Peer, bytes], None] | None = None
        self.plain_id = 0
        self.answers_pings = True
        self.announces_sessions = True
        self.host = "127.0.0.1"
        self.port = 0
        self._server: Any = None

    async def start(self, port: int = 0) -> FakeServer:
        loop = asyncio.get_running_loop()
        self.clock = getattr(loop, "clock", self.clock)
        self._server = await loop.create_server(lambda: Peer(self), self.host, port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        self._server.close()
        for peer in list(self.peers):
            peer.drop()
        for _ in range(20):
            if not self.peers:
                break
            await asyncio.sleep(0.001)

    def drop_all(self) -> None:
        for peer in list(self.peers):
            peer.drop()

    def key_of(self, peer: Peer) -> bytes:
        assert peer.state is not None
        return peer.state.auth_key

    # -- what comes --------------------------------------------------------------------------------------------------

    def on_packet(self, peer: Peer, packet: bytes) -> None:
        if plain.is_plain(packet):
            self._exchange(peer, packet)
            return
        key = KEY if packet[:8] == key_id(KEY) else self.new_keys.get(packet[:8])
        if key is None:
            peer.transport_error(404)
            return
        message = decrypt(key, packet, Side.CLIENT)
        peer.session_id = message.session_id
        is_new = message.session_id not in self.sessions
        if is_new:
            self.sessions[message.session_id] = MTProtoState(key, rand=system_random, side=Side.SERVER)
        peer.state = self.sessions[message.session_id]
        inner: list[tuple[int, bytes]]
        if is_container(message.body, 0, len(message.body)):
            # A client's ids are even, which the function for those of a server does not like.
            inner = list(_client_container(message.body))
        else:
            inner = [(message.msg_id, message.body)]
        if self.keeps_requests:
            self.packets.append(len(inner))
        if is_new and self.announces_sessions:
            first = min(msg_id for msg_id, _ in inner)
            peer.send(struct.pack("<Iqqq", wire.NEW_SESSION_CREATED, first, message.session_id, SALT))
        for msg_id, body in inner:
            self._on_message(peer, msg_id, body)

    def _on_message(self, peer: Peer, msg_id: int, body: bytes) -> None:
        constructor = request_id(body)
        if constructor in _SERVICE:
            self.services.append((constructor, body))
            if constructor == wire.PING_DELAY_DISCONNECT and self.answers_pings:
                (ping_id,) = struct.unpack_from("<q", body, 4)
                peer.send(struct.pack("<Iqq", wire.PONG, msg_id, ping_id), reply=True, content_related=False)
            elif constructor == wire.MSGS_STATE_REQ:
                ids, _ = wire.read_long_vector(body, 4, len(body))
                # Not received: send it again.
                info = b"\x02" * len(ids)
                peer.send(
                    struct.pack("<Iq", wire.MSGS_STATE_INFO, msg_id) + wire.write_bytes(info),
                    reply=True,
                    content_related=False,
                )
            return
        if self.keeps_requests:
            self.requests.append((peer.session_id, msg_id, body))
        if self.on_request is not None:
            self.on_request(peer, msg_id, body)
            return
        answer = self.answer(body)
        if answer is not None:
            peer.send_result(msg_id, answer)

    def _exchange(self, peer: Peer, packet: bytes) -> None:
        if self.on_plain is not None:
            self.on_plain(peer, packet)
            return
        if peer.exchange is None:
            from telethon.testing._rsakey import TEST_KEY
            from telethon.testing.keyexchange import ServerKeyExchange

            peer.exchange = ServerKeyExchange(
                TEST_KEY,
                self.dc_id,
                rand=system_random,
                now=lambda: int(self.clock.now().wall),
                strict=True,
                edit=self.edit,
            )
        _, body = plain.unpack(packet, Side.CLIENT)
        answer, made = peer.exchange.feed(body)
        if made is not None:
            self.new_keys[made.auth_key_id] = made.auth_key
        if answer is not None:
            self.send_plain(peer, answer)

    def send_plain(self, peer: Peer, body: bytes) -> None:
        self.plain_id += 4
        msg_id = (int(self.clock.now().wall * 2**32) & -4) + self.plain_id | 1
        peer.send_packet(plain.pack(body, msg_id))


def _client_container(body: bytes) -> Any:
    (count,) = struct.unpack_from("<i", body, 4)
    offset = 8
    for _ in range(count):
        msg_id, _, length = struct.unpack_from("<qii", body, offset)
        offset += 16
        yield msg_id, body[offset : offset + length]
        offset += length


_SERVICE = frozenset(
    (
        wire.MSGS_ACK,
        wire.PING_DELAY_DISCONNECT,
        wire.MSGS_STATE_REQ,
        wire.GET_FUTURE_SALTS,
        wire.RPC_DROP_ANSWER,
        wire.DESTROY_SESSION,
        wire.MSG_RESEND_REQ,
        wire.MSGS_STATE_INFO,
    )
)


def key_id(key: bytes) -> bytes:
    from hashlib import sha1

    return sha1(key).digest()[12:]


def rsa_keys() -> dict[int, Any]:
    """What a client must trust to make a key with this server."""
    from telethon.crypto.rsa import ServerKey
    from telethon.testing._rsakey import TEST_KEY

    return {TEST_KEY.fingerprint: ServerKey.from_pem(TEST_KEY.pem)}


def auth_key() -> AuthKey:
    return AuthKey(KEY)


__all__ = ["KEY", "SALT", "FakeServer", "Peer", "auth_key", "key_id", "request_id", "rsa_keys", "unpack_container"]
