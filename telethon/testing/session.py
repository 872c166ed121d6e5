"""A session of a client, from the server's side.

    ServerConnection ---> receive ---> checks ---> service messages (_service) or requests (_requests)
                                                                |
    ServerConnection <--- flush <--- packing, resending (_output)

Every packet is looked at the way the pages tell a client to build it; what breaks a rule is answered as the real server
answers it, and written down (see `telethon.testing._strict`).

Source: https://core.telegram.org/mtproto/description
"""

from __future__ import annotations

from struct import error as StructError
from struct import pack
from typing import TYPE_CHECKING

from telethon.errors.common import RemoteProtocolError
from telethon.mtproto import wire
from telethon.mtproto.cipher import HEADER
from telethon.mtproto.packed import unpack_body
from telethon.mtproto.packer import CONTAINER, MESSAGE
from telethon.testing import _duties
from telethon.testing._duties import ClientNumbers
from telethon.testing._requests import SessionRequests
from telethon.testing._service import CONFIRMED, HANDLERS, SIZES, Received

if TYPE_CHECKING:
    from telethon.testing._keys import KnownKey
    from telethon.testing.connection import ServerConnection
    from telethon.testing.server import TelegramServerCore

__all__ = ["ServerSession"]

_BODY = HEADER.size
_MOST_MESSAGES = 1024
_ALLOWED_MESSAGES = 1020
_ALLOWED_BYTES = 1 << 15
_REMEMBERED = 4096
_SALT_PATIENCE = 10.0
"""Seconds a client gets to use the salt it was told."""
_UINT = wire.UINT
_GZIP_MAGIC = b"\x1f\x8b"


class _Refused(Exception):
    """A message is refused; the whole packet is, when it is the outer one.

    Args:
        code: number for the bad_msg_notification.
    """

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class ServerSession(SessionRequests):
    """One session; see the head of this module.

    Args:
        server: the server.
        key: key the session belongs to.
        session_id: its number.
        dc_id: data centre the client talks to.

    Attributes:
        receives_updates: whether the client made a request here that was not wrapped in `invokeWithoutUpdates`.
        infos: what the client said when it was asked for the state of messages, by msg_id of the question.
        is_closed: whether the session was forgotten.
    """

    def __init__(self, server: TelegramServerCore, key: KnownKey, session_id: int, dc_id: int) -> None:
        super().__init__(server, key, session_id, dc_id)
        self._numbers = ClientNumbers(self._complain)
        self._announced = False
        self._refused: dict[int, None] = {}
        self._salt_told_at: float | None = None

    def __repr__(self) -> str:
        return f"ServerSession({self.who})"

    def close(self) -> None:
        """Close its connection, as a server does with a client that was logged out; the session is forgotten."""
        connection = self._connection
        self.server.forget_session(self.key, self.session_id)
        if connection is not None:
            connection.close()

    def shut(self) -> None:
        """Become unusable, when the server forgets it."""
        self.is_closed = True
        self._cancel_resend()
        self._unacked.clear()
        self._outbox.clear()
        self._acks.clear()
        if self._connection is not None:
            self._connection.detach(self)
            self._connection = None

    # -- packets -----------------------------------------------------------------------------------------------------

    def receive(self, connection: ServerConnection, data: bytes, end: int, salt: int, msg_id: int, seq_no: int) -> None:
        """Take a decrypted packet.

        Args:
            connection: where it came from.
            data: the plaintext.
            end: where in it the body ends.
            salt: the server salt in it.
            msg_id: id of its message.
            seq_no: sequence number of that.
        """
        if connection is not self._connection:
            self._salt_told_at = None
            self._numbers.allow_gap()
            self._numbers.in_order = not connection.is_http
            self.attach(connection)
        self._receiving = True
        try:
            self._receive(connection, data, end, salt, msg_id, seq_no)
        finally:
            self._receiving = False
        if self._resend_wanted and self._connection is not None:
            self._receiving = True
            self._resend()
            self._receiving = False
        if self._outbox or self._acks:
            self.flush()

    def _receive(
        self, connection: ServerConnection, data: bytes, end: int, salt: int, msg_id: int, seq_no: int
    ) -> None:
        server = self.server
        now = server.now()
        faults = server.faults
        if faults.packets and faults.spoil(self, msg_id, seq_no, now):
            return
        if not self.key.salts.accepts(salt, now):
            self._remember_refused(data, end, msg_id)
            self._check_salt(connection, now)
            self.refuse_salt(msg_id, seq_no)
            return
        self._salt_told_at = None
        code = self._numbers.check_time(msg_id, now)
        if code and server.strict:
            self._remember_refused(data, end, msg_id)
            self.refuse(msg_id, seq_no, code)
            return
        constructor = _UINT.unpack_from(data, _BODY)[0]
        if constructor != wire.MSG_CONTAINER:
            if not self._announced:
                self._announce_session(msg_id)
            self._take(data, msg_id, seq_no, _BODY, end)
            return
        try:
            messages = self._open_container(data, end, msg_id, seq_no)
        except _Refused as refused:
            self.refuse(msg_id, seq_no, refused.code)
            return
        if not self._announced:
            self._announce_session(min((message[0] for message in messages), default=msg_id))
        for inner_id, inner_seq_no, start, inner_end in messages:
            self._take(data, inner_id, inner_seq_no, start, inner_end)
            if connection.is_closed or self.is_closed:
                return
        self._take_container(msg_id, seq_no)

    def _announce_session(self, first_msg_id: int) -> None:
        """Tell the client that this session is new to us.

        Source: https://core.telegram.org/mtproto/service_messages#new-session-creation-notification
        """
        self._announced = True
        self._forgotten = first_msg_id - 1
        unique_id = int.from_bytes(self.server.rand(8), "little", signed=True)
        salt = self.key.salts.at(self.server.now())
        self._send_content(pack("<Iqqq", wire.NEW_SESSION_CREATED, first_msg_id, unique_id, salt))

    # -- containers --------------------------------------------------------------------------------------------------

    def _open_container(self, data: bytes, end: int, msg_id: int, seq_no: int) -> list[tuple[int, int, int, int]]:
        """The messages of a container: msg_id, seq_no, where the body begins and ends.

        Source: https://core.telegram.org/mtproto/service_messages#containers
        """
        strict = self.server.strict
        if msg_id in self._received:
            self._complain("msg_id_repeated", "the msg_id of a container is that of a message before it")
            raise _Refused(_duties.CONTAINER_REPEATED)
        if seq_no & 1:
            self._complain("seq_no", f"seq_no {seq_no} of a container is odd")
            if strict:
                raise _Refused(_duties.EVEN_EXPECTED)
        offset = _BODY + CONTAINER.size
        count = CONTAINER.unpack_from(data, _BODY)[1] if offset <= end else -1
        if not 0 <= count <= _MOST_MESSAGES:
            self._complain("container", f"a container holds {count} messages")
            raise _Refused(_duties.CONTAINER_INVALID)
        messages: list[tuple[int, int, int, int]] = []
        for _ in range(count):
            start = offset + MESSAGE.size
            if start > end:
                break
            inner_id, inner_seq_no, length = MESSAGE.unpack_from(data, offset)
            offset = start + length
            if length < 4 or length % 4 or offset > end:
                break
            if inner_id >= msg_id:
                self._complain("msg_id_order", "a message has a greater msg_id than the container it is in")
            messages.append((inner_id, inner_seq_no, start, offset))
        if len(messages) != count or offset != end:
            self._complain("container", "count and lengths of a container do not fit it")
            raise _Refused(_duties.CONTAINER_INVALID)
        self._check_container(data, messages)
        return messages

    def _check_container(self, data: bytes, messages: list[tuple[int, int, int, int]]) -> None:
        if len(messages) > _ALLOWED_MESSAGES:
            self._complain("container", f"a container holds {len(messages)} messages")
        if len(messages) > 1:
            last = messages[-1]
            size = last[2] - MESSAGE.size - messages[0][2] + MESSAGE.size
            if size > _ALLOWED_BYTES:
                self._complain("container", f"a container had {size} bytes before its last message was added")
        for message in messages:
            if _UINT.unpack_from(data, message[2])[0] == wire.MSG_CONTAINER:
                self._complain("container", "a container holds another container")
                raise _Refused(_duties.CONTAINER_INVALID)

    def _take_container(self, msg_id: int, seq_no: int) -> None:
        """Count a container itself, after what it holds."""
        code = self._numbers.check(msg_id, seq_no, wire.MSG_CONTAINER)
        if code and self.server.strict:
            self.refuse(msg_id, seq_no, code)
            return
        self._keep(msg_id, Received(False))

    # -- messages ----------------------------------------------------------------------------------------------------

    def _take(self, data: bytes, msg_id: int, seq_no: int, start: int, end: int) -> None:
        """Take one message."""
        known = self._received.get(msg_id)
        if known is not None:
            self._on_repeated(msg_id, known)
            return
        if msg_id in self._refused:
            self._complain_of_repetition("a message that was refused came again with the same msg_id")
        if msg_id <= self._forgotten:
            self.refuse(msg_id, seq_no, _duties.TOO_OLD)
            return
        try:
            constructor = _UINT.unpack_from(data, start)[0]
            if constructor == wire.GZIP_PACKED:
                data = self._unpack(data, start, end)
                start, end = 0, len(data)
                constructor = _UINT.unpack_from(data)[0]
            code = self._numbers.check(msg_id, seq_no, constructor)
            if code and self.server.strict:
                self.refuse(msg_id, seq_no, code)
                return
            received = Received(seq_no & 1 == 1)
            self._keep(msg_id, received)
            handler = HANDLERS.get(constructor)
            if handler is None:
                self._on_request(msg_id, received, data, start, end)
            elif SIZES.get(constructor, end - start) != end - start:
                raise RemoteProtocolError(f"{constructor:08x} cannot have {end - start} bytes")
            else:
                handler(self, msg_id, data, start, end)
        except (StructError, RemoteProtocolError) as error:
            self._complain("service", f"a message cannot be read: {error}")
            self.drop_connection()

    def _unpack(self, data: bytes, start: int, end: int) -> bytes:
        body = unpack_body(data, start, end, self.server.limits, any_form=True)
        # The length of what is packed takes one byte, or four. Some clients send this one.
        packed = start + (5 if data[start + 4] < 254 else 8)
        if not data.startswith(_GZIP_MAGIC, packed):
            self._complain("gzip", "what is packed is a zlib stream, not one of gzip")
        if len(body) < 4 or _UINT.unpack_from(body)[0] in (wire.GZIP_PACKED, wire.MSG_CONTAINER):
            self._complain("gzip", "gzip_packed holds nothing, another gzip_packed, or a container")
            raise RemoteProtocolError("what is packed is no message")
        return body

    def _keep(self, msg_id: int, received: Received) -> None:
        self._received[msg_id] = received
        if msg_id > self._highest:
            self._highest = msg_id
        if len(self._received) > _REMEMBERED:
            oldest = next(iter(self._received))
            del self._received[oldest]
            self._forgotten = max(self._forgotten, oldest)

    def _on_repeated(self, msg_id: int, known: Received) -> None:
        """A message came that was taken before: nothing is done twice, but the client gets its answer again."""
        self.server.stats.repeated += 1
        self._complain_of_repetition("a message came a second time with the same msg_id")
        if known.answer is None:
            if known.content_related:
                self._acks.append(msg_id)
                if known.state == CONFIRMED:
                    self._tell_states(msg_id, (msg_id,))
        elif len(known.answer.body) >= self.server.detailed_info_bytes:
            self._announce(known.answer)
        else:
            self._send_again(known.answer)

    def _complain_of_repetition(self, detail: str) -> None:
        connection = self._connection
        if connection is None or not connection.replaying:
            self._complain("msg_id_repeated", detail)

    def _remember_refused(self, data: bytes, end: int, msg_id: int) -> None:
        """Know the messages of a packet that is refused as a whole: they may only come again under other numbers."""
        self._refused[msg_id] = None
        offset = _BODY + CONTAINER.size
        if _UINT.unpack_from(data, _BODY)[0] == wire.MSG_CONTAINER:
            while offset + MESSAGE.size <= end:
                inner_id, _, length = MESSAGE.unpack_from(data, offset)
                if length < 0:
                    break
                self._refused[inner_id] = None
                offset += MESSAGE.size + length
        while len(self._refused) > _REMEMBERED:
            del self._refused[next(iter(self._refused))]

    def _check_salt(self, connection: ServerConnection, now: float) -> None:
        if self._salt_told_at is None:
            self._salt_told_at = now
        elif now - self._salt_told_at > _SALT_PATIENCE and connection.lossless:
            self._complain("salt", f"a salt is not valid, {now - self._salt_told_at:.0f} s after the client was told")

    # -- refusing ----------------------------------------------------------------------------------------------------

    def refuse(self, msg_id: int, seq_no: int, code: int) -> None:
        """Answer with a bad_msg_notification."""
        self._numbers.allow_gap()
        self.server.stats.count_bad_message(code)
        self._send_service(pack("<Iqii", wire.BAD_MSG_NOTIFICATION, msg_id, seq_no, code))

    def refuse_salt(self, msg_id: int, seq_no: int) -> None:
        """Answer with a bad_server_salt."""
        self._numbers.allow_gap()
        self.server.stats.count_bad_message(_duties.SALT)
        salt = self.key.salts.at(self.server.now())
        self._send_service(pack("<Iqiiq", wire.BAD_SERVER_SALT, msg_id, seq_no, _duties.SALT, salt))
