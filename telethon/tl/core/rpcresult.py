"""The answer to a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telethon.tl.core.gzippacked import GzipPacked
from telethon.tl.tlobject import TLObject

if TYPE_CHECKING:
    from telethon.extensions.binaryreader import BinaryReader

__all__ = ["RpcResult"]

_RPC_ERROR = 0x2144CA19


class RpcResult(TLObject):
    """The answer to a request: bytes that only the request can read, or an error.

    | 0xf35c6d01 (4) | req_msg_id (8) | result or rpc_error or gzip_packed |

    Args:
        req_msg_id: identifier of the message that carried the request.
        body: the answer, unpacked; None when there is an error.
        error: the error, or None.

    Source: https://core.telegram.org/mtproto/service_messages#response-to-an-rpc-query
    """

    CONSTRUCTOR_ID = 0xF35C6D01

    def __init__(self, req_msg_id: int, body: bytes | None, error: Any) -> None:
        self.req_msg_id = req_msg_id
        self.body = body
        self.error = error

    @classmethod
    def from_reader(cls, reader: BinaryReader) -> RpcResult:
        """Read an answer; everything up to the end of the reader belongs to it."""
        req_msg_id = reader.read_long()
        inner_id = reader.read_int(signed=False)
        if inner_id == _RPC_ERROR:
            reader.seek(-4)
            return cls(req_msg_id, None, reader.tgread_object())
        if inner_id == GzipPacked.CONSTRUCTOR_ID:
            return cls(req_msg_id, GzipPacked.from_reader(reader).data, None)
        reader.seek(-4)
        return cls(req_msg_id, bytes(reader.read()), None)

    def to_dict(self) -> dict[str, Any]:
        """The answer as a dictionary; body and error stay what they are."""
        return {"_": "RpcResult", "req_msg_id": self.req_msg_id, "body": self.body, "error": self.error}
