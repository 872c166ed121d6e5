"""The numbers of one encrypted session: salt, session_id, msg_id, seq_no and the clock of the server.

A msg_id is the time of the server in units of 2^-32 seconds; its two low bits say who sends:

    client -> server              ....00
    server -> client, an answer   ....01
    server -> client, other       ....11

The clock of the server is followed by the monotonic clock of this machine plus an offset. Messages take some time to
arrive, so the largest offset seen is the best one; setting the wall clock of the machine changes nothing. The wall
clock is only the first guess, and a second opinion after the machine slept.

Invariants: within a session each new msg_id is greater than all before it, whatever any clock does; session_id is
never 0.

Source: https://core.telegram.org/mtproto/description
"""

from __future__ import annotations

import hashlib
from hmac import compare_digest

from telethon._core.clock import Instant
from telethon._core.rand import RandomBytes
from telethon.errors.common import LocalProtocolError
from telethon.mtproto.side import Side

__all__ = ["MTProtoState", "msg_id_time"]

_FRACTION = 4294967296.0


def msg_id_time(msg_id: int) -> float:
    """The time of the server, in Unix seconds, at which a message got its msg_id."""
    return msg_id / _FRACTION


class MTProtoState:
    """What both ends must agree on to understand each other.

    Args:
        auth_key: the 256 bytes of the authorization key.
        rand: where random bytes come from.
        side: which end we are.
        salt: current server salt, as a signed number.
        session_id: number of the session; by default a new random one.
        time_offset: seconds to add to the wall clock to get the server's time, as far as known.

    Raises:
        LocalProtocolError: the key does not have 256 bytes.
    """

    __slots__ = (
        "_content_sent",
        "_last_msg_id",
        "_mono_offset",
        "_rand",
        "_synchronised",
        "_wall_offset",
        "auth_key",
        "auth_key_id",
        "salt",
        "session_id",
        "side",
    )

    def __init__(
        self,
        auth_key: bytes,
        *,
        rand: RandomBytes,
        side: Side = Side.CLIENT,
        salt: int = 0,
        session_id: int | None = None,
        time_offset: float = 0.0,
    ) -> None:
        if len(auth_key) != 256:
            raise LocalProtocolError(f"an auth_key has 256 bytes, this one has {len(auth_key)}")
        self.auth_key = auth_key
        self.auth_key_id = hashlib.sha1(auth_key).digest()[12:]
        self.side = side
        self.salt = salt
        self._rand = rand
        self._last_msg_id = 0
        self._content_sent = 0
        self._mono_offset: float | None = None
        self._wall_offset = time_offset
        self._synchronised = False
        self.session_id = self.renew_session() if session_id is None else session_id

    def __repr__(self) -> str:
        return f"MTProtoState({self.side.name.lower()}, auth_key_id={self.auth_key_id.hex()})"

    # -- session -----------------------------------------------------------------------------------------------------

    def is_for(self, auth_key: bytes | None) -> bool:
        """Whether that is the key of this session."""
        return auth_key is not None and compare_digest(self.auth_key, auth_key)

    def renew_session(self) -> int:
        """Begin a new session: new session_id, seq_no from 0, msg_id from the current time."""
        session_id = 0
        while session_id == 0:
            session_id = int.from_bytes(self._rand(8), "little", signed=True)
        self.session_id = session_id
        self._content_sent = 0
        self._last_msg_id = 0
        return session_id

    def new_msg_id(self, now: Instant, *, reply: bool = False) -> int:
        """A msg_id for the next message.

        Args:
            now: the current moment.
            reply: only for the server: the message answers a request.
        """
        msg_id = int(self.server_time(now) * _FRACTION) & -4
        if msg_id <= self._last_msg_id:
            msg_id = self._last_msg_id + 4
        self._last_msg_id = msg_id
        if self.side is Side.SERVER:
            return msg_id | (1 if reply else 3)
        return msg_id

    def next_seq_no(self, content_related: bool) -> int:
        """The seq_no of the next message: twice the number of content-related ones before it, plus one if it is one.

        Source: https://core.telegram.org/mtproto/description#message-sequence-number-msg-seqno
        """
        if content_related:
            seq_no = self._content_sent * 2 + 1
            self._content_sent += 1
            return seq_no
        return self._content_sent * 2

    def content_numbers(self, now: Instant, count: int) -> tuple[range, range]:
        """The msg_ids and seq_nos of that many content-related messages of a client, sent at the same moment."""
        first = self.new_msg_id(now)
        self._last_msg_id = first + 4 * (count - 1)
        seq_no = self._content_sent * 2 + 1
        self._content_sent += count
        return range(first, first + 4 * count, 4), range(seq_no, seq_no + 2 * count, 2)

    # -- clock -------------------------------------------------------------------------------------------------------

    @property
    def time_offset(self) -> float:
        """Seconds to add to the wall clock of this machine to get the time of the server, as last learnt."""
        return self._wall_offset

    @property
    def synchronised(self) -> bool:
        """Whether the clock of the server was learnt from a message."""
        return self._synchronised

    def server_time(self, now: Instant) -> float:
        """The time of the server in Unix seconds, as well as we know it."""
        offset = self._mono_offset
        if offset is None:
            offset = self._mono_offset = now.wall + self._wall_offset - now.mono
        return now.mono + offset

    def observe(self, msg_id: int, now: Instant) -> bool:
        """Learn the clock of the server from an authentic message that has just arrived.

        Returns:
            Whether the clock moved by a second or more.
        """
        offset = msg_id / _FRACTION - now.mono
        known = self._mono_offset
        if self._synchronised and known is not None and offset <= known:
            return False
        return self.resync(msg_id, now)

    def resync(self, msg_id: int, now: Instant) -> bool:
        """Set the clock of the server by a message, forward or back.

        Returns:
            Whether the clock moved by a second or more.
        """
        before = self.server_time(now)
        after = msg_id / _FRACTION
        self._mono_offset = after - now.mono
        self._wall_offset = after - now.wall
        self._synchronised = True
        return abs(after - before) >= 1.0

    def is_timely(self, msg_id: int, now: Instant, past: float, future: float) -> bool:
        """Whether a message is neither too old nor from the future; always true before the clock is known.

        Args:
            msg_id: of the message.
            now: the current moment.
            past: seconds it may lie behind the clock of the server.
            future: seconds it may lie ahead of it.
        """
        if not self._synchronised:
            return True
        sent = msg_id / _FRACTION
        if -past <= sent - self.server_time(now) <= future:
            return True
        # The monotonic clock may stand still while the machine sleeps; the wall clock does not.
        return -past <= sent - (now.wall + self._wall_offset) <= future
