"""Messages side by side in one packet.

    msg_container#73f1f8dc, count, then for each message
    0        8        12       16       16 + length
    +--------+--------+--------+--------+
    | msg_id | seq_no | length | body   |
    +--------+--------+--------+--------+

The container is a message itself; its msg_id is greater than those in it. Containers never hold containers.

Source: https://core.telegram.org/mtproto/service_messages#containers
"""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct
from typing import Any, NamedTuple

from telethon.errors.common import RemoteProtocolError
from telethon.mtproto.side import Side
from telethon.mtproto.wire import MSG_CONTAINER, UINT

__all__ = ["CONTAINER", "MESSAGE", "InnerMessage", "is_container", "pack_container", "pack_message", "unpack_container"]

MESSAGE = Struct("<qii")
"""msg_id, seq_no, length: what stands before a body."""

CONTAINER = Struct("<Ii")
"""Constructor id and number of messages."""

_MESSAGE_SIZE = MESSAGE.size
_CONTAINER_ID = UINT.pack(MSG_CONTAINER)
_new: Any = tuple.__new__  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


class InnerMessage(NamedTuple):
    """Where in a container a message is.

    Attributes:
        msg_id: its id.
        seq_no: its sequence number.
        start: offset of its body.
        end: offset behind its body.
    """

    msg_id: int
    seq_no: int
    start: int
    end: int


def pack_message(msg_id: int, seq_no: int, body: bytes) -> bytes:
    """A message as it stands in a container, and in a packet behind salt and session_id."""
    return MESSAGE.pack(msg_id, seq_no, len(body)) + body


def pack_container(messages: Sequence[bytes]) -> bytes:
    """The body of a container that holds messages made by `pack_message`."""
    return CONTAINER.pack(MSG_CONTAINER, len(messages)) + b"".join(messages)


def is_container(data: bytes, start: int, end: int) -> bool:
    """Whether the object between the offsets is a container."""
    return end - start >= 4 and UINT.unpack_from(data, start)[0] == MSG_CONTAINER


def unpack_container(
    data: bytes, start: int, end: int, outer_msg_id: int, sender: Side = Side.SERVER
) -> list[InnerMessage]:
    """The messages of a container, none of them used before all of them are found to be in order.

    Args:
        data: buffer the container is in.
        start: where its constructor id is.
        end: where its body ends.
        outer_msg_id: its own msg_id.
        sender: who made it; that decides which msg_ids are possible.

    Raises:
        RemoteProtocolError: count or lengths do not fit, a msg_id is impossible, or there is a container inside.
    """
    count = CONTAINER.unpack_from(data, start)[1] if end - start >= CONTAINER.size else -1
    offset = start + CONTAINER.size
    # Four bytes is the least a body can have.
    if not 0 <= count <= (end - offset) // (_MESSAGE_SIZE + 4):
        raise RemoteProtocolError(
            f"a container says it holds {count} messages, which does not fit its {end - start} bytes"
        )
    # The server's ids are odd, the client's are divisible by 4.
    mask, expected = (1, 1) if sender is Side.SERVER else (3, 0)
    messages: list[InnerMessage] = []
    for _ in range(count):
        body = offset + _MESSAGE_SIZE
        if body > end:
            raise RemoteProtocolError("the messages of a container do not fit it")
        msg_id, seq_no, length = MESSAGE.unpack_from(data, offset)
        offset = body + length
        if length < 4 or length % 4 or offset > end:
            raise RemoteProtocolError(f"a message in a container says it is {length} bytes long, which does not fit it")
        if msg_id & mask != expected or not 0 < msg_id < outer_msg_id:
            raise RemoteProtocolError("a message in a container has a msg_id that it cannot have")
        if data.startswith(_CONTAINER_ID, body):
            raise RemoteProtocolError("a container holds another container")
        messages.append(_new(InnerMessage, (msg_id, seq_no, body, offset)))
    if offset != end:
        raise RemoteProtocolError("a container has something behind its messages")
    return messages
