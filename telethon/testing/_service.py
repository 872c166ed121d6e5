"""The server's answers to service messages, in the order of the official pages.

Sources: https://core.telegram.org/mtproto/service_messages,
https://core.telegram.org/mtproto/service_messages_about_messages
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from struct import pack, unpack_from
from typing import TYPE_CHECKING, TypeAlias

from telethon.errors.common import RemoteProtocolError
from telethon.mtproto import wire
from telethon.testing._output import Sent, SessionOutput

if TYPE_CHECKING:
    from telethon.testing._keys import KnownKey
    from telethon.testing.server import TelegramServerCore

__all__ = [
    "ANSWERED",
    "CONFIRMED",
    "DROPPED",
    "HANDLERS",
    "HTTP_WAIT",
    "PENDING",
    "SIZES",
    "Received",
    "SessionService",
]

HTTP_WAIT = 0x9299359F
_MOST_IDS = 8192
_MOST_SALTS = 64

PENDING = 0
"""A request is being worked on, or a message needs no answer."""
ANSWERED = 1
"""Its answer was made."""
CONFIRMED = 2
"""The client has its answer."""
DROPPED = 3
"""The client does not want its answer."""

_NOT_RECEIVED_TOO_LOW = 1
_NOT_RECEIVED = 2
_NOT_RECEIVED_TOO_HIGH = 3
_RECEIVED = 4
_NO_ACK_NEEDED = 16
_PROCESSING = 32
_ANSWER_MADE = 64


class Received:
    """A message of the client.

    Attributes:
        content_related: whether it wants to be acknowledged.
        is_request: whether it is a request, which has an answer.
        state: how far its answer is.
        failed: whether the answer is an error.
        answer: the answer, until the client has acknowledged it.
        waiters: what is to be done once it is answered.
    """

    __slots__ = ("answer", "content_related", "failed", "is_request", "state", "waiters")

    def __init__(self, content_related: bool) -> None:
        self.content_related = content_related
        self.is_request = False
        self.state = PENDING
        self.failed = False
        self.answer: Sent | None = None
        self.waiters: list[Callable[[], None]] | None = None


class SessionService(SessionOutput):
    """The part of a session that answers service messages; arguments as `SessionOutput`."""

    def __init__(self, server: TelegramServerCore, key: KnownKey, session_id: int, dc_id: int) -> None:
        super().__init__(server, key, session_id, dc_id)
        self.infos: dict[int, bytes] = {}
        """What the client said when it was asked for the state of messages, by msg_id of the question."""
        self._received: dict[int, Received] = {}
        self._forgotten = 0
        self._highest = 0

    # -- acknowledgements --------------------------------------------------------------------------------------------

    def _read_ids(self, data: bytes, start: int, end: int) -> tuple[int, ...]:
        msg_ids, _ = wire.read_long_vector(data, start, end)
        if len(msg_ids) > _MOST_IDS:
            self._complain("ids", f"{len(msg_ids)} msg_ids came in one list")
        return msg_ids

    def _on_msgs_ack(self, msg_id: int, data: bytes, start: int, end: int) -> None:
        self._on_acked(self._read_ids(data, start + 4, end))

    def _answer_acked(self, req_msg_id: int) -> None:
        received = self._received.get(req_msg_id)
        if received is not None and received.state == ANSWERED:
            received.state = CONFIRMED
            received.answer = None

    # -- ping --------------------------------------------------------------------------------------------------------

    def _on_ping(self, msg_id: int, data: bytes, start: int, end: int) -> None:
        (ping_id,) = unpack_from("<q", data, start + 4)
        self._send_service(pack("<Iqq", wire.PONG, msg_id, ping_id))

    def _on_ping_delay_disconnect(self, msg_id: int, data: bytes, start: int, end: int) -> None:
        ping_id, delay = unpack_from("<qi", data, start + 4)
        self._send_service(pack("<Iqq", wire.PONG, msg_id, ping_id))
        if self._connection is not None:
            self._connection.close_later(max(0, delay))

    # -- salts -------------------------------------------------------------------------------------------------------

    def _on_get_future_salts(self, msg_id: int, data: bytes, start: int, end: int) -> None:
        (count,) = unpack_from("<i", data, start + 4)
        if not 1 <= count <= _MOST_SALTS:
            self._complain("service", f"{count} future salts were asked for, allowed are 1 to {_MOST_SALTS}")
        now = self.server.now()
        salts = self.key.salts.future(min(max(count, 1), _MOST_SALTS), now)
        body = pack("<Iqii", wire.FUTURE_SALTS, msg_id, int(now), len(salts))
        self._send_service(body + b"".join(pack("<iiq", *salt) for salt in salts))

    # -- sessions and keys -------------------------------------------------------------------------------------------

    def _on_destroy_session(self, msg_id: int, data: bytes, start: int, end: int) -> None:
        (session_id,) = unpack_from("<q", data, start + 4)
        known = session_id != self.session_id and self.server.forget_session(self.key, session_id)
        self._send_service(pack("<Iq", wire.DESTROY_SESSION_OK if known else wire.DESTROY_SESSION_NONE, session_id))

    def _on_destroy_auth_key(self, msg_id: int, data: bytes, start: int, end: int) -> None:
        self._send_service(pack("<I", wire.DESTROY_AUTH_KEY_OK))
        self.flush()
        self.server.forget_key(self.key)

    # -- answers that are not wanted ---------------------------------------------------------------------------------

    def _on_rpc_drop_answer(self, msg_id: int, data: bytes, start: int, end: int) -> None:
        (req_msg_id,) = unpack_from("<q", data, start + 4)
        received = self._received.get(req_msg_id)
        if received is None or not received.is_request or received.state in (CONFIRMED, DROPPED):
            body = pack("<I", wire.RPC_ANSWER_UNKNOWN)
        elif received.answer is not None:
            answer = received.answer
            received.answer = None
            received.state = DROPPED
            self._unacked.pop(answer.msg_id, None)
            body = pack("<Iqii", wire.RPC_ANSWER_DROPPED, answer.msg_id, answer.seq_no, len(answer.body))
        else:
            received.state = DROPPED
            body = pack("<I", wire.RPC_ANSWER_DROPPED_RUNNING)
        self._send_content(pack("<Iq", wire.RPC_RESULT, msg_id) + body, req_msg_id=msg_id)

    # -- states ------------------------------------------------------------------------------------------------------

    def _state_of(self, msg_id: int) -> int:
        received = self._received.get(msg_id)
        if received is None:
            if msg_id <= self._forgotten:
                return _NOT_RECEIVED_TOO_LOW
            return _NOT_RECEIVED_TOO_HIGH if msg_id > self._highest else _NOT_RECEIVED
        state = _RECEIVED
        if not received.content_related:
            return state | _NO_ACK_NEEDED
        if received.is_request:
            state |= _PROCESSING
            if received.state in (ANSWERED, CONFIRMED):
                state |= _ANSWER_MADE
        return state

    def _tell_states(self, msg_id: int, msg_ids: Iterable[int]) -> None:
        info = wire.write_bytes(bytes(map(self._state_of, msg_ids)))
        self._send_service(pack("<Iq", wire.MSGS_STATE_INFO, msg_id) + info)

    def _on_msgs_state_req(self, msg_id: int, data: bytes, start: int, end: int) -> None:
        self._tell_states(msg_id, self._read_ids(data, start + 4, end))

    def _on_msgs_state_info(self, msg_id: int, data: bytes, start: int, end: int) -> None:
        (req_msg_id,) = unpack_from("<q", data, start + 4)
        self.infos[req_msg_id] = wire.read_bytes(data, start + 12, end)[0]

    def _on_ignored(self, msg_id: int, data: bytes, start: int, end: int) -> None:
        """What a client may tell the server of its own accord."""

    def ask_states(self, msg_ids: Iterable[int]) -> int:
        """Ask the client what it knows of messages; its answer will be in `infos` under the msg_id that is given back.

        Source: https://core.telegram.org/mtproto/service_messages_about_messages#request-for-message-status-information
        """
        return self._send_service(wire.long_vector(wire.MSGS_STATE_REQ, tuple(msg_ids)), reply=False)

    def ask_resend(self, msg_ids: Iterable[int]) -> int:
        """Ask the client to send messages again; gives the msg_id of the question.

        Source: https://core.telegram.org/mtproto/service_messages_about_messages#explicit-request-to-re-send-messages
        """
        return self._send_service(wire.long_vector(wire.MSG_RESEND_REQ, tuple(msg_ids)), reply=False)

    # -- requests to send again --------------------------------------------------------------------------------------

    def _on_msg_resend_req(self, msg_id: int, data: bytes, start: int, end: int) -> None:
        missing: list[int] = []
        for wanted in self._read_ids(data, start + 4, end):
            sent = self._unacked.get(wanted)
            if sent is None:
                missing.append(wanted)
            else:
                self._send_again(sent)
        if missing:
            self._tell_states(msg_id, missing)

    def _on_msg_resend_ans_req(self, msg_id: int, data: bytes, start: int, end: int) -> None:
        missing: list[int] = []
        for wanted in self._read_ids(data, start + 4, end):
            received = self._received.get(wanted)
            if received is None or received.answer is None:
                missing.append(wanted)
            else:
                self._send_again(received.answer)
        if missing:
            self._tell_states(msg_id, missing)

    # -- http_wait ---------------------------------------------------------------------------------------------------

    def _on_http_wait(self, msg_id: int, data: bytes, start: int, end: int) -> None:
        _, _, max_wait = unpack_from("<iii", data, start + 4)
        connection = self._connection
        if connection is None or not connection.is_http:
            raise RemoteProtocolError("http_wait came over a connection that is not HTTP")
        connection.http_wait(max(0, max_wait) / 1000)


_Handler: TypeAlias = Callable[[SessionService, int, bytes, int, int], None]

HANDLERS: dict[int, _Handler] = {
    wire.MSGS_ACK: SessionService._on_msgs_ack,
    wire.PING: SessionService._on_ping,
    wire.PING_DELAY_DISCONNECT: SessionService._on_ping_delay_disconnect,
    wire.GET_FUTURE_SALTS: SessionService._on_get_future_salts,
    wire.DESTROY_SESSION: SessionService._on_destroy_session,
    wire.DESTROY_AUTH_KEY: SessionService._on_destroy_auth_key,
    wire.RPC_DROP_ANSWER: SessionService._on_rpc_drop_answer,
    wire.MSGS_STATE_REQ: SessionService._on_msgs_state_req,
    wire.MSGS_STATE_INFO: SessionService._on_msgs_state_info,
    wire.MSGS_ALL_INFO: SessionService._on_ignored,
    wire.MSG_DETAILED_INFO: SessionService._on_ignored,
    wire.MSG_NEW_DETAILED_INFO: SessionService._on_ignored,
    wire.MSG_RESEND_REQ: SessionService._on_msg_resend_req,
    wire.MSG_RESEND_ANS_REQ: SessionService._on_msg_resend_ans_req,
    HTTP_WAIT: SessionService._on_http_wait,
}
"""What is done about each service message; everything else is a request."""

SIZES = {
    wire.PING: 12,
    wire.PING_DELAY_DISCONNECT: 16,
    wire.GET_FUTURE_SALTS: 8,
    wire.DESTROY_SESSION: 12,
    wire.DESTROY_AUTH_KEY: 4,
    wire.RPC_DROP_ANSWER: 12,
    HTTP_WAIT: 16,
}
"""How many bytes a service message has, where they are always as many."""
