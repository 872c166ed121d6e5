"""Is anybody there? Pings, and how a dead connection is noticed.

A ping leaves every `ping_period`; it tells the server to hang up when it hears nothing for `ping_disconnect_delay`.
When a request is waiting and nothing has shown for `probe_delay` that our packets arrive, a ping leaves out of turn.
What comes from the server unasked shows nothing of the kind: only pongs, answers and acknowledgements do. Without any
for `ping_timeout` after a ping the connection is dead.

Source: https://core.telegram.org/mtproto/service_messages#deferred-connection-closure-ping
"""

from __future__ import annotations

from telethon.mtproto.limits import Limits

__all__ = ["Liveness"]

_GRACE = 2.0
"""Who looks at the clock this much too late was busy; what has arrived meanwhile gets as long to be read."""


class Liveness:
    """All times are monotonic seconds.

    Args:
        limits: the periods.
    """

    __slots__ = ("_graced", "_limits", "_ping_at", "_pong_at", "_proven_at", "_unproven_since", "ping_sent_at")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._graced = False
        self._ping_at: float | None = None
        self._pong_at: float | None = None
        self._proven_at = 0.0
        self._unproven_since: float | None = None
        self.ping_sent_at = 0.0
        """When the last ping left."""

    def connected(self, mono: float) -> None:
        """A connection is there."""
        self._ping_at = mono + self._limits.ping_period
        self._pong_at = None
        self._unproven_since = None

    def disconnected(self) -> None:
        """It is gone; nothing is due until the next one."""
        self._ping_at = self._pong_at = self._unproven_since = None

    def request_sent(self, mono: float) -> None:
        """A request left and waits for its answer."""
        if self._unproven_since is None:
            self._unproven_since = mono

    def proven(self, mono: float, waiting: bool) -> None:
        """Something came that answers what we sent; `waiting`: other requests are still unanswered."""
        self._unproven_since = mono if waiting else None
        if self._pong_at is not None:
            self._proven_at = mono
            self._pong_at = mono + self._limits.ping_timeout

    def progress(self, mono: float) -> None:
        """A part of a packet came: the pong may be behind it, unless that has been so for too long."""
        if self._pong_at is not None and mono - self._proven_at < self._limits.progress_timeout:
            self._pong_at = mono + self._limits.ping_timeout

    def probe(self, mono: float) -> None:
        """A ping is to leave at once, unless the answer to one is awaited."""
        if self._pong_at is None:
            self._ping_at = mono

    def ping_sent(self, mono: float) -> None:
        """A ping left."""
        self.ping_sent_at = mono
        self._graced = False
        self._ping_at = mono + self._limits.ping_period
        if self._pong_at is None:
            self._proven_at = mono
            self._pong_at = mono + self._limits.ping_timeout

    def pong_received(self, mono: float, waiting: bool) -> None:
        """The answer to a ping came."""
        self._pong_at = None
        self._unproven_since = mono if waiting else None

    def _next_ping(self) -> float | None:
        if self._unproven_since is not None and self._pong_at is None:
            probe = self._unproven_since + self._limits.probe_delay
            return probe if self._ping_at is None else min(probe, self._ping_at)
        return self._ping_at

    def is_ping_due(self, mono: float) -> bool:
        """Whether a ping should leave now."""
        ping_at = self._next_ping()
        return ping_at is not None and mono >= ping_at

    def is_dead(self, mono: float) -> bool:
        """Whether a pong is overdue."""
        if self._pong_at is None or mono < self._pong_at:
            return False
        if mono - self._pong_at > _GRACE and not self._graced:
            self._graced = True
            self._pong_at = mono + _GRACE
            return False
        return True

    def deadline(self) -> float | None:
        """When something is to be done next."""
        ping_at = self._next_ping()
        if ping_at is None or (self._pong_at is not None and self._pong_at < ping_at):
            return self._pong_at
        return ping_at
