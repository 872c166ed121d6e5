"""One message inside a container."""

from __future__ import annotations

from typing import Any

from telethon.tl.tlobject import TLObject

__all__ = ["TLMessage"]


class TLMessage(TLObject):
    """An object with the id and sequence number it was sent under.

    | msg_id (8) | seq_no (4) | length (4) | object (length) |

    Args:
        msg_id: identifier of the message.
        seq_no: its sequence number.
        obj: what it carries.

    Source: https://core.telegram.org/mtproto/service_messages#simple-container
    """

    SIZE_OVERHEAD = 12

    def __init__(self, msg_id: int, seq_no: int, obj: Any) -> None:
        self.msg_id = msg_id
        self.seq_no = seq_no
        self.obj = obj

    def to_dict(self) -> dict[str, Any]:
        """The message as a dictionary; the object in it stays what it is."""
        return {"_": "TLMessage", "msg_id": self.msg_id, "seq_no": self.seq_no, "obj": self.obj}
