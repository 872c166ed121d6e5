"""Watches the way of updates: counts them, notices when they wait too long, and when Telegram stops to send them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable

    from telethon._updates import MessageBox, Wanted

__all__ = ["Watch"]

#: Seconds that updates may wait for their handlers before that is told, and between two such lines.
_LONG_LAG: Final = 5.0
_SILENT: Final = 60.0
#: After so many questions that found what should have been sent, a new connection is made.
_STALLS: Final = 2


class Watch:
    """Counts, and what follows from them.

    Args:
        log: where to tell of what a user should know.
        reconnect: makes a new connection.

    Attributes:
        received: how many containers came.
        handed_out: how many updates were given to handlers.
        questions: how often something was asked for.
        failed: how often that failed.
        missed: how many events cannot be had any more.
        floods: how often there was more than fits.
        stalls: how often what should have been sent was found by asking.
        worst_lag: the most seconds an update has waited.
        newest: the container that came last, and when.
    """

    def __init__(self, log: logging.Logger, reconnect: Callable[[], None]) -> None:
        self._log = log
        self._reconnect = reconnect
        self.received = 0
        self.handed_out = 0
        self.questions = 0
        self.failed = 0
        self.missed = 0
        self.floods = 0
        self.stalls = 0
        self.worst_lag = 0.0
        self.newest: tuple[Any, float] | None = None
        self._quiet_until = 0.0
        self._stalls_in_a_row = 0
        self._received_at_stall = 0

    def waited(self, lag: float, now: float, waiting: int, running: int) -> None:
        """Note for how long the update had to wait whose turn it is.

        Args:
            lag: the seconds.
            now: the current moment.
            waiting: how many others wait.
            running: how many updates are being handled.
        """
        self.worst_lag = max(self.worst_lag, lag)
        if lag > _LONG_LAG and now >= self._quiet_until:
            self._quiet_until = now + _SILENT
            self._log.warning(
                "Updates wait %.0f s for their handlers; %d more wait, and %d are being handled. Handlers take too "
                "long, or something in them blocks the event loop",
                lag,
                waiting,
                running,
            )

    def answered(self, wanted: Wanted, found: int, box: MessageBox, now: float) -> None:
        """Notice when a question that was only asked because nothing came finds something.

        Args:
            wanted: the question.
            found: how many updates the answer brought.
            box: the message box, which asks sooner from then on.
            now: the current moment.
        """
        if wanted.reason != "silence" or wanted.channel_id is not None:
            return
        if not found:
            self._stalls_in_a_row = 0
            return
        self.stalls += 1
        if self.received > self._received_at_stall:
            self._stalls_in_a_row = 0
        self._received_at_stall = self.received
        self._stalls_in_a_row += 1
        box.distrust(now)
        if self._stalls_in_a_row < _STALLS:
            self._log.warning(
                "Telegram had stopped to send updates; %d were fetched. It is asked every minute until they come again",
                found,
            )
            return
        self._stalls_in_a_row = 0
        self._log.warning(
            "Telegram does not send updates over this connection (%d were fetched); a new one is made", found
        )
        self._reconnect()
