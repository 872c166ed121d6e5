"""Several messages in one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from telethon.errors.common import TLDecodeError
from telethon.tl.core.gzippacked import MAXIMUM_UNPACKED, GzipPacked
from telethon.tl.core.tlmessage import TLMessage
from telethon.tl.tlobject import TLObject

if TYPE_CHECKING:
    from telethon.extensions.binaryreader import BinaryReader

__all__ = ["MessageContainer"]

_CONTAINER = b"\xdc\xf8\xf1\x73"


class MessageContainer(TLObject):
    """Several messages in one.

    | 0x73f1f8dc (4) | count (4) | message ... |

    Args:
        messages: the messages, oldest first.

    Source: https://core.telegram.org/mtproto/service_messages#containers
    """

    CONSTRUCTOR_ID = 0x73F1F8DC

    MAXIMUM_SIZE = 1044456 - 8
    """How many bytes the messages of one container may take; a little below the limit of Telegram."""

    MAXIMUM_LENGTH = 100
    """How many messages one container may hold when it is sent (Telegram accepts 1,020)."""

    def __init__(self, messages: Sequence[TLMessage]) -> None:
        self.messages = messages

    def to_dict(self) -> dict[str, Any]:
        """The container as a dictionary."""
        return {"_": "MessageContainer", "messages": [message.to_dict() for message in self.messages]}

    @classmethod
    def from_reader(cls, reader: BinaryReader) -> MessageContainer:
        """Read the messages; each ends where its length says, whatever the object in it takes.

        Raises:
            TLDecodeError: the count or a length does not fit the bytes that are left, a container is within it, or
                what is compressed becomes too large.
        """
        count = reader.read_int()
        left = len(reader.stream) - reader.tell_position()
        if not 0 <= count * 16 <= left:
            raise TLDecodeError(f"A container of {count} messages cannot fit the bytes that are left")
        messages: list[TLMessage] = []
        unpacked = 0
        for _ in range(count):
            msg_id = reader.read_long()
            seq_no = reader.read_int()
            length = reader.read_int()
            before = reader.tell_position()
            if not 0 <= length <= len(reader.stream) - before:
                raise TLDecodeError(f"A message of {length} bytes cannot fit its container")
            if reader.stream[before : before + 4] == _CONTAINER:
                raise TLDecodeError("A container is nested within another one")
            obj = reader.tgread_object()
            if isinstance(obj, GzipPacked):
                unpacked += len(obj.data)
                if unpacked > MAXIMUM_UNPACKED:
                    raise TLDecodeError(f"What a container holds unpacks to more than {MAXIMUM_UNPACKED} bytes")
            reader.set_position(before + length)
            messages.append(TLMessage(msg_id, seq_no, obj))
        return cls(messages)
