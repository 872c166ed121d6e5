"""What the server keeps of a session: what came, what went, and what was acknowledged.

Sources: https://core.telegram.org/mtproto/service_messages,
https://core.telegram.org/mtproto/service_messages_about_messages
"""

from __future__ import annotations

import gzip
import secrets
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from independent.envelope import AuthKey, seal
from independent.quirks import Quirks
from independent.tl import Object, dump, string

if TYPE_CHECKING:
    from independent.connection import Connection

CONTAINER, GZIP, RPC_RESULT, MESSAGE_COPY = 0x73F1F8DC, 0x3072CFA1, 0xF35C6D01, 0xE06046B2


def packed(body: bytes) -> bytes:
    """The object, as gzip_packed."""
    return struct.pack("<I", GZIP) + string(gzip.compress(body))


@dataclass
class Key:
    """An auth_key the server knows, and who is logged in with it."""

    auth: AuthKey
    salts: list[int]
    user_id: int = 0
    layer: int = 0
    is_temporary: bool = False
    bound_to: Key | None = None
    expires_at: int = 0
    init: Object = field(default_factory=dict)

    @property
    def main(self) -> Key:
        """The permanent key: the one it is bound to, or itself."""
        return self.bound_to or self


@dataclass
class Received:
    """A message of the client."""

    seq_no: int
    body: bytes
    answer: int = 0
    """The msg_id of the answer."""
    is_running: bool = False


@dataclass
class Sent:
    """A message for the client."""

    msg_id: int
    seq_no: int
    body: bytes
    answers: int = 0
    acked: bool = False
    times: int = 0
    at: float = 0.0

    @property
    def needs_ack(self) -> bool:
        """Whether the client must acknowledge it and did not."""
        return bool(self.seq_no & 1) and not self.acked


class Session:
    """One session of a key."""

    def __init__(self, key: Key, session_id: int, quirks: Quirks) -> None:
        self.key = key
        self.id = session_id
        self.quirks = quirks
        self.received: dict[int, Received] = {}
        self.sent: dict[int, Sent] = {}
        self.outbox: list[Sent] = []
        self.links: list[Connection] = []
        self.connections = 0
        self.content = 0
        self.last_id = 0
        self.unique_id = secrets.randbits(63)
        self.first_msg_id = 0
        self.acks: list[int] = []
        self.state_infos: list[Object] = []
        self.wants_updates = True
        self.change: Callable[[Sent], Sent | None] = lambda one: one
        """Called with each message before it goes; what it gives goes instead, and nothing for None."""

    @property
    def connection(self) -> Connection | None:
        """Where to send: the last connection that is still open."""
        self.links = [one for one in self.links if not one.is_closed]
        return self.links[-1] if self.links else None

    def now(self) -> float:
        """The time of the server."""
        return time.time() + self.quirks.clock

    def next_id(self, kind: int) -> int:
        """A msg_id: `kind` is 1 for an answer, 3 for the rest."""
        now = int(self.now() * (1 << 32)) & ~3
        base = now if now > self.last_id else self.last_id - self.last_id % 4 + self.quirks.id_step()
        self.last_id = base + kind
        return self.last_id

    def put(self, body: Any, *, content: bool = True, answers: int = 0) -> Sent:
        """Put an object, or its bytes, where it waits for `flush`."""
        msg_id = self.next_id(1 if answers else 3)
        seq_no = self.content * 2 + (1 if content else 0)
        self.content += content
        one = Sent(msg_id, seq_no, dump(body), answers)
        self.sent[msg_id] = one
        self.outbox.append(one)
        return one

    def answer(self, msg_id: int, result: Any) -> Sent:
        """Put the answer to a request."""
        body = dump(result)
        if self.quirks.gzip_twice:
            body = packed(packed(body))
        elif self.quirks.always_gzip:
            body = packed(body)
        one = self.put(struct.pack("<Iq", RPC_RESULT, msg_id) + body, answers=msg_id)
        if got := self.received.get(msg_id):
            got.answer = one.msg_id
            got.is_running = False
        return one

    def again(self, msg_id: int) -> bool:
        """Put a message that was sent before once more, under the same msg_id."""
        one = self.sent.get(msg_id)
        if one is not None and one not in self.outbox:
            self.outbox.append(one)
        return one is not None

    async def flush(self) -> None:
        """Send what waits."""
        connection = self.connection
        if connection is None or not self.outbox:
            return
        waiting, self.outbox = self.outbox, []
        if self.quirks.answers_last:
            waiting.reverse()
        ready = [changed for one in waiting if (changed := self.change(one)) is not None]
        for one in ready:
            one.times += 1
            one.at = time.monotonic()
        if not ready:
            return
        if len(ready) == 1 and not self.quirks.always_container and not self.quirks.container_with_acks:
            data = self.sealed(ready[0])
        else:
            data = self.sealed(self.container(ready))
        await connection.write(data)
        if self.quirks.twice:
            await connection.write(data)

    def container(self, messages: list[Sent]) -> Sent:
        """A container of them; what was sent before gets in under its old msg_id."""
        if self.quirks.container_with_acks and self.received:
            ack = dump({"_": "msgs_ack", "msg_ids": [max(self.received)]})
            messages = [*messages, Sent(self.next_id(3), self.content * 2, ack)]
        parts = [struct.pack("<qii", one.msg_id, one.seq_no, len(one.body)) + one.body for one in messages]
        body = struct.pack("<Ii", CONTAINER, len(parts)) + b"".join(parts)
        return Sent(self.next_id(1 if any(one.answers for one in messages) else 3), self.content * 2, body)

    def sealed(self, one: Sent) -> bytes:
        """The encrypted packet of a message."""
        salt = self.key.salts[0]
        return seal(self.key.auth, salt, self.id, one.msg_id, one.seq_no, one.body, self.quirks.padding())

    def unacked(self) -> list[Sent]:
        """What the client should have acknowledged by now."""
        return [one for one in self.sent.values() if one.needs_ack and one.times]
