"""One connection of a client: bytes to packets, packets to sessions and back.

Source: https://core.telegram.org/mtproto/mtproto-transports
"""

from __future__ import annotations

import asyncio
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from telethon.errors.common import InvalidBufferError, InvalidChecksumError, RemoteProtocolError
from telethon.mtproto import plain
from telethon.mtproto.cipher import HEADER, open_packet
from telethon.mtproto.side import Side
from telethon.testing.keyexchange import HandshakeError, ServerKeyExchange
from telethon.testing.transport import ServerTransport

if TYPE_CHECKING:
    from telethon.testing._keys import KnownKey
    from telethon.testing._output import SessionOutput
    from telethon.testing.clock import Timer
    from telethon.testing.server import TelegramServerCore
    from telethon.testing.session import ServerSession

__all__ = ["ServerConnection"]

_CLIENT = Side.CLIENT.x
_NO_KEY = bytes(8)
_SMALLEST = HEADER.size + 4
_KEY_UNKNOWN = 404
_WRONG_DC = 444
_HTTP_MAX_WAIT = 25.0


class ServerConnection(asyncio.Protocol):
    """One connection.

    Args:
        server: the server.
        dc_id: data centre whose port the client called.

    Attributes:
        dc_id: data centre it talks to.
        packets: how many packets have come.
        is_closed: whether nothing more can be sent.
        lossless: whether all that either end wrote arrived, as far as we know.
        altered: whether what arrives here may not be what the client has sent.
        replaying: whether what comes now is repeated by a fault of ours.
        deaf: whether what comes is thrown away.
        mute: whether what should be sent is thrown away.
        break_next: whether the next packet ends in its middle, and with it the connection.
        close_next: whether the connection ends behind the next packet.
    """

    def __init__(self, server: TelegramServerCore, dc_id: int) -> None:
        self.server = server
        self.dc_id = dc_id
        self.packets = 0
        self.is_closed = False
        self.lossless = True
        self.altered = False
        self.peer: object = None
        self.replaying = False
        self.deaf = False
        self.mute = False
        self.break_next = False
        self.close_next = False
        self.wire = ServerTransport(server.rand, server.mtproxy_secret, now=server.now)
        self._transport: asyncio.Transport | None = None
        self._exchange: ServerKeyExchange | None = None
        self._key: KnownKey | None = None
        self._session: ServerSession | None = None
        self._sessions: list[SessionOutput] = []
        self._close_timer: Timer | None = None
        self._http_requests = 0
        self._http_session: ServerSession | None = None
        self._http_packets: list[bytes] = []
        self._http_max_wait = _HTTP_MAX_WAIT
        self._http_timer: Timer | None = None
        self._number = 0
        self._detected = False

    def __repr__(self) -> str:
        return f"ServerConnection({self.who}, {self.wire.name or 'transport unknown'})"

    @property
    def who(self) -> str:
        """A name for messages about this connection."""
        return f"connection {self._number} to dc {self.dc_id}"

    @property
    def is_http(self) -> bool:
        """Whether packets can only be sent as answers to requests."""
        return self.wire.is_http

    def meddled(self, *, altered: bool) -> None:
        """Somebody on the way loses what is sent; `altered`: and changes what arrives here."""
        self.lossless = False
        self.altered = self.altered or altered

    def _complain(self, rule: str, detail: str) -> None:
        self.server.complain(rule, detail, self.who, excused=self.altered)

    @property
    def sessions(self) -> list[Any]:
        """The sessions that use it."""
        return list(self._sessions)

    # -- asyncio -----------------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the event loop."""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a connection needs a transport of a stream")
        self._transport = transport
        self.peer = transport.get_extra_info("peername")
        self._number = self.server.connected(self)
        if self.server.faults.connects:
            self.server.faults.welcome(self)

    def data_received(self, data: bytes) -> None:
        """Called by the event loop."""
        if self.deaf or self.is_closed:
            return
        try:
            packets = self.wire.feed(data)
            self.write(self.wire.greeting())
        except (InvalidBufferError, InvalidChecksumError, RemoteProtocolError) as error:
            self._on_bad_stream(error)
            return
        if not self._detected and self.wire.name:
            self._on_detected()
        if packets and self.server.faults.incoming:
            packets = self.server.faults.receive(self, packets)
        for packet in packets:
            if self.is_closed or self.deaf:
                return
            if self.wire.is_http:
                self._http_requests += 1
            self._on_packet(packet)
        if self.wire.error is not None:
            self._on_bad_stream(self.wire.error)
        elif self._http_requests:
            self._http_wait()

    def _on_detected(self) -> None:
        """It is known which transport the client speaks."""
        self._detected = True
        if not self.wire.header_allowed:
            self._complain("transport", "an obfuscated connection begins like another transport")
        if self.server.mtproxy_secret:
            self.dc_id = abs(self.wire.dc_id) % 10000
            if self.dc_id not in self.server.dcs:
                self.refuse(_WRONG_DC)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the event loop."""
        self._end()

    def _on_bad_stream(self, error: Exception) -> None:
        self._complain("transport", str(error))
        self.close()

    # -- packets that come -------------------------------------------------------------------------------------------

    def _on_packet(self, packet: bytes) -> None:
        self.packets += 1
        key = self._key
        auth_key_id = packet[:8]
        if key is None or key.auth_key_id != auth_key_id or key.record.expires_at is not None or key.is_forgotten:
            if auth_key_id == _NO_KEY:
                self._on_plain(packet)
                return
            self._key = key = self.server.find_key(self.dc_id, auth_key_id)
            if key is None:
                self.refuse(_KEY_UNKNOWN)
                return
        try:
            data, end, salt, session_id, msg_id, seq_no = open_packet(key.auth_key, auth_key_id, packet, _CLIENT)
        except RemoteProtocolError as error:
            self._complain("packet", str(error))
            self.refuse(_KEY_UNKNOWN)
            return
        if end < _SMALLEST:
            self._complain("packet", "a message is empty")
            self.refuse(_KEY_UNKNOWN)
            return
        if self.wire.quick_ack_wanted:
            digest = sha256(key.auth_key[88:120] + data).digest()
            self.write(self.wire.encode_quick_ack(int.from_bytes(digest[:4], "little")))
        session = self._session
        if session is None or session.session_id != session_id or session.key is not key or session.is_closed:
            session = self._open_session(key, session_id)
            if session is None:
                return
        self._http_session = session if self.wire.is_http else None
        session.receive(self, data, end, salt, msg_id, seq_no)

    def _open_session(self, key: KnownKey, session_id: int) -> ServerSession | None:
        if session_id == 0:
            self._complain("session_id", "session_id is 0")
            self.refuse(_KEY_UNKNOWN)
            return None
        self._session = self.server.session(key, session_id)
        return self._session

    def _on_plain(self, packet: bytes) -> None:
        """Take a step of the key exchange."""
        server = self.server
        exchange = self._exchange
        if exchange is None:
            exchange = self._exchange = server.new_exchange(self)
        try:
            _, body = plain.unpack(packet, Side.CLIENT)
            answer, key = exchange.feed(body)
        except (HandshakeError, RemoteProtocolError) as error:
            rule = error.rule if isinstance(error, HandshakeError) else "handshake"
            self._complain(rule, str(error))
            self.refuse(_KEY_UNKNOWN)
            return
        if key is not None:
            server.add_key(self.dc_id, key)
        if answer is not None:
            self.send_packet(plain.pack(answer, server.plain_msg_id()))

    # -- packets that go ---------------------------------------------------------------------------------------------

    def send_packet(self, packet: bytes) -> None:
        """Send a packet, unless a fault has other plans for it."""
        faults = self.server.faults
        if faults.outgoing:
            faults.send(self, packet)
        else:
            self.write_packet(packet)

    def write_packet(self, packet: bytes) -> None:
        """Write a packet."""
        if self.wire.is_http:
            self._http_packets.append(packet)
            self._http_pump()
            return
        data = self.wire.encode(packet)
        if self.break_next:
            self.write(data[: len(data) // 2])
            self.close()
            return
        self.write(data)
        if self.close_next:
            self.close()

    def write(self, data: bytes) -> None:
        """Write bytes."""
        if self._transport is not None and not self.is_closed and not self.mute and data:
            self._transport.write(data)

    def refuse(self, code: int) -> None:
        """Send a transport error and hang up.

        Args:
            code: its positive number.

        Source: https://core.telegram.org/mtproto/mtproto-transports#transport-errors
        """
        self.server.stats.count_transport_error(code)
        self.write(self.wire.encode_error(code))
        self.close()

    # -- HTTP --------------------------------------------------------------------------------------------------------

    def http_wait(self, seconds: float) -> None:
        """The client says how long its requests may wait.

        Source: https://core.telegram.org/mtproto/service_messages#http-wait-long-poll
        """
        self._http_max_wait = seconds

    def _http_pump(self) -> None:
        """Answer requests with what there is to say, also those of the session that came over other connections."""
        lines = [self]
        if self._http_session is not None:
            session = self._http_session
            lines += [line for line in self.server.connections if line is not self and line._http_session is session]
        for line in lines:
            while line._http_packets:
                other = next((other for other in lines if other._http_requests), None)
                if other is None:
                    return
                other._http_requests -= 1
                other.write(other.wire.encode(line._http_packets.pop(0)))
        if self.close_next and not self._http_packets:
            self.close()

    def _http_wait(self) -> None:
        self._http_pump()
        if self._http_requests and self._http_timer is None:
            self._http_timer = self.server.call_later(self._http_max_wait, self._http_give_up)

    def _http_give_up(self) -> None:
        self._http_timer = None
        session = self._http_session
        if self._http_requests and session is not None and not session.is_closed:
            self._http_packets.append(session.empty_packet())
            self._http_wait()

    # -- sessions ----------------------------------------------------------------------------------------------------

    def attach(self, session: SessionOutput) -> None:
        """A session uses this connection."""
        self._sessions.append(session)

    def detach(self, session: SessionOutput) -> None:
        """A session uses another one now."""
        if session in self._sessions:
            self._sessions.remove(session)
        if self._session is session:
            self._session = None

    # -- the end -----------------------------------------------------------------------------------------------------

    def close_later(self, delay: float) -> None:
        """Hang up after so many seconds, unless told again."""
        if self._close_timer is not None:
            self._close_timer.cancel()
        self._close_timer = self.server.call_later(delay, self.close)

    def close(self) -> None:
        """Hang up; what was written still arrives."""
        if self._transport is not None and not self.is_closed:
            self._transport.close()
        self._end()

    def abort(self) -> None:
        """Hang up at once."""
        if self._transport is not None and not self.is_closed:
            self._transport.abort()
        self._end()

    def _end(self) -> None:
        if self.is_closed:
            return
        self.is_closed = True
        for timer in (self._close_timer, self._http_timer):
            if timer is not None:
                timer.cancel()
        self._http_packets.clear()
        sessions, self._sessions = self._sessions, []
        self._session = None
        for session in sessions:
            session.detached(self)
        self.server.disconnected(self)
