"""The encrypted session: requests in, packets out; packets in, events out."""

from __future__ import annotations

from telethon._core.clock import Instant
from telethon._core.rand import RandomBytes
from telethon.mtproto.events import Event, Token
from telethon.mtproto.limits import Limits
from telethon.mtproto.state import MTProtoState

__all__ = ["MTProtoEngine"]


class MTProtoEngine:
    """One session of a client over one connection after another.

    Args:
        state: key, salt, session_id and clock.
        rand: where random bytes come from.
        limits: sizes and periods.

    The owner calls `packets_to_send` after anything else it called (also after `on_timeout`) and writes what comes out.
    """

    def __init__(self, state: MTProtoState, *, rand: RandomBytes, limits: Limits | None = None) -> None:
        self.state = state

    def submit(self, body: bytes, *, token: Token, after: Token | None = None) -> None:
        """Queue a serialised request.

        Args:
            body: the request, at most `limits.message_bytes`.
            token: handle under which its answer is reported.
            after: token of a request that the server must finish first.

        Raises:
            LocalProtocolError: the token is pending already, or the body is no serialised request.
        """
        raise NotImplementedError

    def cancel(self, token: Token) -> bool:
        """Give up a request: forget it, or tell the server to drop the answer when it was sent; False if not pending."""
        raise NotImplementedError

    def packets_to_send(self, now: Instant) -> list[bytes]:
        """Encrypted packets to write now, in order; empty while disconnected."""
        raise NotImplementedError

    def receive_packet(self, packet: bytes, now: Instant) -> list[Event]:
        """Take one packet of the transport.

        Raises:
            RemoteProtocolError: the packet is refused and nothing of it was used: drop the connection and connect again.
        """
        raise NotImplementedError

    def next_deadline(self) -> float | None:
        """When to call `on_timeout` at the latest, in monotonic seconds; None: never."""
        raise NotImplementedError

    def on_timeout(self, now: Instant) -> list[Event]:
        """Do what is due: pings, state requests, noticing a dead connection (`Closed`). Calling it early does no harm."""
        raise NotImplementedError

    def on_connected(self, now: Instant) -> None:
        """A (new) connection is there: ask the server what became of the requests sent over the last one."""
        raise NotImplementedError

    def on_disconnected(self, now: Instant) -> None:
        """The connection is gone: keep session and requests for the next one."""
        raise NotImplementedError

    def note_progress(self, now: Instant) -> None:
        """Optional: a part of a packet has arrived, so a slow answer is under way."""
        raise NotImplementedError

    def pending(self) -> list[Token]:
        """Tokens of all requests that were neither answered nor cancelled."""
        raise NotImplementedError

    def close(self) -> list[Token]:
        """Forget everything; gives the tokens of the requests that will not be answered."""
        raise NotImplementedError
