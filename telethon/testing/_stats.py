"""What happened at a server, in numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["ServerStats"]


@dataclass
class ServerStats:
    """Counters; all of them only grow.

    Attributes:
        connections: connections that were made.
        keys: key exchanges that ended with a key.
        sessions: sessions that were begun.
        requests: requests that were executed.
        repeated: messages that came again under the same msg_id, and were not executed again.
        bad_messages: refused packets and messages, by code; 48 is a wrong salt.
        transport_errors: transport errors that were sent, by code.
    """

    connections: int = 0
    keys: int = 0
    sessions: int = 0
    requests: int = 0
    repeated: int = 0
    bad_messages: dict[int, int] = field(default_factory=dict)
    transport_errors: dict[int, int] = field(default_factory=dict)

    def count_bad_message(self, code: int) -> None:
        """A bad_msg_notification, or bad_server_salt, was sent."""
        self.bad_messages[code] = self.bad_messages.get(code, 0) + 1

    def count_transport_error(self, code: int) -> None:
        """A transport error was sent."""
        self.transport_errors[code] = self.transport_errors.get(code, 0) + 1
