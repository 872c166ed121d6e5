"""What the server sends in a session: numbering, packing, and sending again until it is acknowledged.

Source: https://core.telegram.org/mtproto/service_messages_about_messages
"""

from __future__ import annotations

from collections.abc import Iterable
from struct import Struct, pack
from typing import TYPE_CHECKING

from telethon.mtproto import wire
from telethon.mtproto.cipher import HEADER, seal_packet
from telethon.mtproto.packed import pack_body
from telethon.mtproto.packer import CONTAINER, MESSAGE
from telethon.mtproto.side import Side
from telethon.testing._keys import KnownKey

if TYPE_CHECKING:
    from telethon.testing.clock import Timer
    from telethon.testing.connection import ServerConnection
    from telethon.testing.layers.dialect import Dialect
    from telethon.testing.server import TelegramServerCore
    from telethon.tl.tlobject import TLObject

__all__ = ["Sent", "SessionOutput"]

_FRACTION = 4294967296.0
_SERVER = Side.SERVER.x
_SESSION = Struct("<qq")
_CONTAINER_MESSAGES = 1000
_CONTAINER_BYTES = 1 << 19
_ACK_TIME = 60.0
"""Seconds within which a client has to acknowledge."""
_ACK_PACKETS = 64
"""Packets of a client after which it should have acknowledged what it had before them."""
_UPDATES_TOO_LONG = pack("<I", 0xE317AF7E)


class Sent:
    """A content-related message of the server that is not acknowledged yet.

    Attributes:
        msg_id: its id.
        seq_no: its sequence number.
        body: what it says.
        req_msg_id: the request it answers, or 0.
        connection: the connection it was last written to, None while it waits for one.
        sent_at: server time at which that was.
        packets: how many packets had come over that connection by then.
        order: its number among all that was sent.
        kept_back: whether the client was only told that it exists.
        reported: whether it is known already that the client failed to acknowledge it.
    """

    __slots__ = (
        "body",
        "connection",
        "kept_back",
        "msg_id",
        "order",
        "packets",
        "reported",
        "req_msg_id",
        "sent_at",
        "seq_no",
    )

    def __init__(self, msg_id: int, seq_no: int, body: bytes, req_msg_id: int) -> None:
        self.msg_id = msg_id
        self.seq_no = seq_no
        self.body = body
        self.req_msg_id = req_msg_id
        self.connection: ServerConnection | None = None
        self.sent_at = 0.0
        self.packets = 0
        self.order = 0
        self.kept_back = False
        self.reported = False


class SessionOutput:
    """The sending half of a session.

    Args:
        server: the server.
        key: key the session belongs to.
        session_id: its number.
        dc_id: data centre the client talks to.
    """

    def __init__(self, server: TelegramServerCore, key: KnownKey, session_id: int, dc_id: int) -> None:
        self.server = server
        self.key = key
        self.session_id = session_id
        self.dc_id = dc_id
        self.is_closed = False
        self._connection: ServerConnection | None = None
        self._last_msg_id = 0
        self._content_sent = 0
        self._order = 0
        self._acked_order = 0
        self._outbox: list[tuple[int, int, bytes]] = []
        self._unacked: dict[int, Sent] = {}
        self._acks: list[int] = []
        self._receiving = False
        self._flush_scheduled = False
        self._old_messages = False
        self._resend_wanted = False
        self._resend_timer: Timer | None = None
        self._lost_updates = False

    @property
    def who(self) -> str:
        """A name for messages about this session, without anything secret."""
        return f"session {self.session_id & 0xFFFFFFFF:08x} at dc {self.dc_id}"

    @property
    def dialect(self) -> Dialect | None:
        """How the client speaks, when it is not as the server does."""
        return None

    @property
    def is_connected(self) -> bool:
        """Whether there is a connection."""
        return self._connection is not None

    @property
    def connection(self) -> ServerConnection | None:
        """The connection that was used last, while it lasts."""
        return self._connection

    # -- numbers -----------------------------------------------------------------------------------------------------

    def _new_msg_id(self, reply: bool) -> int:
        msg_id = int(self.server.now() * _FRACTION) & -4
        if msg_id <= self._last_msg_id:
            msg_id = self._last_msg_id + 4
        self._last_msg_id = msg_id
        return msg_id | 1 if reply else msg_id | 3

    # -- queue -------------------------------------------------------------------------------------------------------

    def next_msg_id(self) -> int:
        """The msg_id for a message that answers nothing."""
        return self._new_msg_id(False)

    def _send_service(self, body: bytes, *, reply: bool = True) -> int:
        """Queue a message that is not acknowledged; gives its msg_id."""
        msg_id = self._new_msg_id(reply)
        self._outbox.append((msg_id, self._content_sent * 2, body))
        self._wake()
        return msg_id

    def _send_content(self, body: bytes, *, req_msg_id: int = 0, keep_back: bool = False) -> Sent:
        """Queue a message that is sent until it is acknowledged."""
        sent = Sent(self._new_msg_id(req_msg_id != 0), self._content_sent * 2 + 1, body, req_msg_id)
        self._content_sent += 1
        self._unacked[sent.msg_id] = sent
        if self._connection is not None:
            if keep_back:
                sent.kept_back = True
                self._announce(sent)
            else:
                self._queue(sent)
        return sent

    def _queue(self, sent: Sent) -> None:
        self._stamp(sent)
        self._outbox.append((sent.msg_id, sent.seq_no, sent.body))
        self._wake()

    def _stamp(self, sent: Sent) -> None:
        connection = self._connection
        self._order += 1
        sent.order = self._order
        sent.connection = connection
        sent.sent_at = self.server.now()
        sent.packets = 0 if connection is None else connection.packets
        if self._resend_timer is None and connection is not None:
            self._resend_timer = self.server.call_later(self.server.resend_after, self._on_resend_timer)

    def _announce(self, sent: Sent) -> None:
        """Tell the client that a message exists, instead of sending it.

        Source: https://core.telegram.org/mtproto/service_messages_about_messages#extended-voluntary-communication-of-status-of-one-message
        """
        self._stamp(sent)
        size = len(sent.body)
        if sent.req_msg_id:
            body = pack("<Iqqii", wire.MSG_DETAILED_INFO, sent.req_msg_id, sent.msg_id, size, 0)
        else:
            body = pack("<Iqii", wire.MSG_NEW_DETAILED_INFO, sent.msg_id, size, 0)
        self._send_service(body)

    def push(self, updates: TLObject) -> None:
        """Send an object of type Updates; it is sent again until the client acknowledges it.

        Without a connection it waits for the next one. When too much waits, the client is told `updatesTooLong`.
        """
        if self.is_closed:
            return
        if self._connection is None and len(self._unacked) >= self.server.max_waiting:
            self._lost_updates = True
            return
        dialect = self.dialect
        body = bytes(updates) if dialect is None else dialect.encode_updates(updates)
        self._send_content(pack_body(body, self.server.limits))

    def push_result(self, req_msg_id: int, result: TLObject) -> None:
        """Send an rpc_result that may be for a request nobody made here."""
        self._send_content(pack("<Iq", wire.RPC_RESULT, req_msg_id) + bytes(result), req_msg_id=req_msg_id)

    # -- packets -----------------------------------------------------------------------------------------------------

    def _wake(self) -> None:
        """See to it that what is queued leaves soon; all that happens in one turn of the loop goes together."""
        if not self._receiving and not self._flush_scheduled:
            self._flush_scheduled = True
            self.server.call_soon(self._scheduled_flush)

    def _scheduled_flush(self) -> None:
        self._flush_scheduled = False
        self.flush()

    def flush(self) -> None:
        """Send what is queued."""
        if self._acks:
            body = wire.long_vector(wire.MSGS_ACK, self._acks)
            self._acks = []
            self._outbox.append((self._new_msg_id(True), self._content_sent * 2, body))
        outbox = self._outbox
        if not outbox:
            return
        self._outbox = []
        connection = self._connection
        if connection is None:
            return
        old, self._old_messages = self._old_messages, False
        if len(outbox) == 1 and not old:
            self._seal(connection, *outbox[0])
            return
        start = 0
        while start < len(outbox):
            start = self._send_container(connection, outbox, start)

    def _send_container(self, connection: ServerConnection, outbox: list[tuple[int, int, bytes]], start: int) -> int:
        pieces: list[bytes] = []
        size = 0
        end = start
        for msg_id, seq_no, body in outbox[start : start + _CONTAINER_MESSAGES]:
            if size and size + len(body) > _CONTAINER_BYTES:
                break
            pieces += (MESSAGE.pack(msg_id, seq_no, len(body)), body)
            size += MESSAGE.size + len(body)
            end += 1
        content = CONTAINER.pack(wire.MSG_CONTAINER, end - start) + b"".join(pieces)
        msg_id = self._new_msg_id(True)
        self._seal(connection, msg_id, self._content_sent * 2, content)
        return end

    def _seal(self, connection: ServerConnection, msg_id: int, seq_no: int, body: bytes) -> None:
        key = self.key
        salt = key.salts.at(self.server.now())
        header = HEADER.pack(salt, self.session_id, msg_id, seq_no, len(body))
        size = HEADER.size + len(body)
        connection.send_packet(
            seal_packet(key.auth_key, key.auth_key_id, (header, body), size, _SERVER, self.server.rand)
        )

    def empty_packet(self) -> bytes:
        """A packet that says nothing, for an HTTP request that has waited long enough."""
        body = CONTAINER.pack(wire.MSG_CONTAINER, 0)
        header = HEADER.pack(
            self.key.salts.at(self.server.now()),
            self.session_id,
            self._new_msg_id(True),
            self._content_sent * 2,
            len(body),
        )
        key = self.key
        return seal_packet(
            key.auth_key, key.auth_key_id, (header, body), HEADER.size + len(body), _SERVER, self.server.rand
        )

    # -- connections -------------------------------------------------------------------------------------------------

    def attach(self, connection: ServerConnection) -> None:
        """Use another connection from now on; what is not acknowledged is sent again over it."""
        old, self._connection = self._connection, connection
        if old is not None:
            old.detach(self)
        connection.attach(self)
        self._resend_wanted = bool(self._unacked) or self._lost_updates

    def detached(self, connection: ServerConnection) -> None:
        """A connection is gone."""
        if self._connection is connection:
            self._connection = None
            self._outbox.clear()
            self._cancel_resend()

    def _resend(self) -> None:
        """Send again what did not go over this connection yet."""
        self._resend_wanted = False
        connection = self._connection
        for sent in list(self._unacked.values()):
            if sent.connection is connection:
                continue
            if sent.kept_back or (sent.connection is not None and len(sent.body) >= self.server.detailed_info_bytes):
                sent.kept_back = True
                self._announce(sent)
            else:
                self._old_messages = True
                self._queue(sent)
        if self._lost_updates:
            self._lost_updates = False
            self._send_content(_UPDATES_TOO_LONG)

    def _send_again(self, sent: Sent) -> None:
        """Send a message that the client asked for."""
        sent.kept_back = False
        self._old_messages = True
        self._queue(sent)

    def _on_resend_timer(self) -> None:
        self._resend_timer = None
        now = self.server.now()
        period = self.server.resend_after
        for sent in list(self._unacked.values()):
            if sent.connection is self._connection and now - sent.sent_at >= period - 0.001:
                self._report_if_overdue(sent, now)
                if sent.kept_back:
                    self._announce(sent)
                else:
                    self._old_messages = True
                    self._queue(sent)
        if self._unacked and self._resend_timer is None:
            oldest = min(sent.sent_at for sent in self._unacked.values())
            self._resend_timer = self.server.call_later(max(0.001, oldest + period - now), self._on_resend_timer)

    def _cancel_resend(self) -> None:
        if self._resend_timer is not None:
            self._resend_timer.cancel()
            self._resend_timer = None

    # -- acknowledgements --------------------------------------------------------------------------------------------

    def _on_acked(self, msg_ids: Iterable[int]) -> None:
        unknown = 0
        for msg_id in msg_ids:
            sent = self._unacked.get(msg_id)
            if sent is not None:
                if sent.kept_back:
                    self._complain("ack", "a message was acknowledged that the client was only told of")
                    continue
                del self._unacked[msg_id]
                if sent.order > self._acked_order:
                    self._acked_order = sent.order
                if sent.req_msg_id:
                    self._answer_acked(sent.req_msg_id)
            elif not msg_id & 1 or msg_id > max(self._last_msg_id + 3, self.server.now() * _FRACTION):
                unknown += 1
        if unknown:
            self._complain("ack", f"{unknown} messages were acknowledged that this session never had")

    def _answer_acked(self, req_msg_id: int) -> None:
        """The answer to a request has arrived."""

    def _report_if_overdue(self, sent: Sent, now: float) -> None:
        connection = sent.connection
        if sent.reported or connection is None or connection is not self._connection or not connection.lossless:
            return
        if now - sent.sent_at >= _ACK_TIME:
            reason = f"for {now - sent.sent_at:.0f} s"
        elif connection.packets - sent.packets >= _ACK_PACKETS:
            reason = f"while {connection.packets - sent.packets} packets came"
        elif sent.order < self._acked_order:
            reason = "although a later one was"
        else:
            return
        sent.reported = True
        self._complain("ack", f"a message of {len(sent.body)} bytes was not acknowledged {reason}")

    def check_acks(self) -> None:
        """Report what the client should have acknowledged by now."""
        now = self.server.now()
        for sent in self._unacked.values():
            if not sent.kept_back:
                self._report_if_overdue(sent, now)

    def _complain(self, rule: str, detail: str) -> None:
        connection = self._connection
        self.server.complain(rule, detail, self.who, excused=connection is not None and connection.altered)
