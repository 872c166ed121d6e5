"""What msg_id and seq_no of a client must be.

Each check gives the error code of a bad_msg_notification, or 0; what the real server lets pass but a client must not do
is reported beside it.

Source: https://core.telegram.org/mtproto/service_messages_about_messages#notice-of-ignored-error-message
"""

from __future__ import annotations

from collections.abc import Callable

from telethon.mtproto import wire

__all__ = ["CONTENT", "NO_CONTENT", "ClientNumbers"]

_FRACTION = 4294967296.0
_PAST = 300.0
_FUTURE = 30.0
_CLOCK_PATIENCE = 10.0
"""Seconds a client gets to correct its clock."""

TIME_TOO_LOW = 16
TIME_TOO_HIGH = 17
PARITY = 18
CONTAINER_REPEATED = 19
TOO_OLD = 20
SEQ_NO_TOO_LOW = 32
EVEN_EXPECTED = 34
ODD_EXPECTED = 35
SALT = 48
CONTAINER_INVALID = 64

CONTENT = 1
"""The seq_no of such a message must be odd."""
NO_CONTENT = 0
"""It must be even."""
EITHER = -1
"""The pages do not say."""

_RELEVANCE = {
    wire.MSGS_ACK: NO_CONTENT,
    wire.MSG_CONTAINER: NO_CONTENT,
    wire.MSGS_STATE_REQ: EITHER,
    wire.MSGS_STATE_INFO: EITHER,
    wire.MSGS_ALL_INFO: EITHER,
    wire.MSG_DETAILED_INFO: EITHER,
    wire.MSG_NEW_DETAILED_INFO: EITHER,
    wire.MSG_RESEND_REQ: EITHER,
    wire.MSG_RESEND_ANS_REQ: EITHER,
    wire.PING: EITHER,
    wire.PING_DELAY_DISCONNECT: EITHER,
    0x9299359F: EITHER,  # http_wait
}


class ClientNumbers:
    """Follows the numbers of one session.

    Args:
        report: told of a broken rule and how.

    Attributes:
        highest: greatest msg_id seen.
        in_order: whether messages arrive in the order in which they were sent; over several sockets they may not.
    """

    __slots__ = ("_content", "_gap_allowed", "_report", "_told_at", "highest", "in_order")

    def __init__(self, report: Callable[[str, str], None]) -> None:
        self.highest = 0
        self.in_order = True
        self._content = 0
        self._gap_allowed = True
        self._told_at: float | None = None
        self._report = report

    def allow_gap(self) -> None:
        """Something of this client may have been lost or refused, so it may have counted on."""
        self._gap_allowed = True

    def check_time(self, msg_id: int, now: float) -> int:
        """Check the msg_id of a packet: parity, and time of the server."""
        if msg_id & 3:
            self._report("msg_id_parity", f"a msg_id gives {msg_id & 3} when divided by 4")
            return PARITY
        ahead = msg_id / _FRACTION - now
        if -_PAST <= ahead <= _FUTURE:
            self._told_at = None
            return 0
        if self._told_at is None:
            self._told_at = now
        elif now - self._told_at > _CLOCK_PATIENCE:
            self._report(
                "msg_id_time",
                f"a msg_id is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} the clock of the server, "
                f"{now - self._told_at:.0f} s after the client was told",
            )
        return TIME_TOO_HIGH if ahead > 0 else TIME_TOO_LOW

    def check(self, msg_id: int, seq_no: int, constructor: int) -> int:
        """Check a message in the order of arrival: msg_id grows, seq_no counts."""
        if msg_id & 3:
            self._report("msg_id_parity", f"a msg_id in a container gives {msg_id & 3} when divided by 4")
            return PARITY
        odd = seq_no & 1
        relevance = _RELEVANCE.get(constructor, CONTENT)
        if relevance != odd and relevance != EITHER:
            self._report("seq_no", f"seq_no {seq_no} of a message ({constructor:08x}) has the wrong parity")
            return ODD_EXPECTED if relevance else EVEN_EXPECTED
        if not self.in_order:
            self.highest = max(self.highest, msg_id)
            self._content = max(self._content, (seq_no >> 1) + odd)
            return 0
        if msg_id <= self.highest:
            self._report("msg_id_order", "a msg_id is not greater than one that was used before")
            return 0
        self.highest = msg_id
        expected = self._content * 2 + odd
        if seq_no != expected:
            if seq_no < expected:
                self._report("seq_no", f"seq_no {seq_no} came where {expected} was expected")
                return SEQ_NO_TOO_LOW
            if not self._gap_allowed:
                self._report("seq_no", f"seq_no {seq_no} came where {expected} was expected")
        self._content = (seq_no >> 1) + odd
        if odd:
            self._gap_allowed = False
        return 0
