"""The objects of MTProto that frame others, and that the schema language cannot describe.

Source: https://core.telegram.org/mtproto/service_messages
"""

from __future__ import annotations

from telethon.tl.core.gzippacked import GzipPacked
from telethon.tl.core.messagecontainer import MessageContainer
from telethon.tl.core.rpcresult import RpcResult
from telethon.tl.core.tlmessage import TLMessage

__all__ = ["GzipPacked", "MessageContainer", "RpcResult", "TLMessage", "core_objects"]

core_objects = {cls.CONSTRUCTOR_ID: cls for cls in (GzipPacked, MessageContainer, RpcResult)}
