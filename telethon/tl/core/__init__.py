"""The objects of MTProto that frame others, and that the schema language cannot describe.

Source: https://core.telegram.org/mtproto/service_messages
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon._core.oldnames import star_names
from telethon.tl.core.gzippacked import GzipPacked
from telethon.tl.core.messagecontainer import MessageContainer
from telethon.tl.core.rpcresult import RpcResult
from telethon.tl.core.tlmessage import TLMessage

__all__ = ["GzipPacked", "MessageContainer", "RpcResult", "TLMessage", "core_objects"]

if not TYPE_CHECKING:
    __all__ = star_names(__name__, __all__)

core_objects = {cls.CONSTRUCTOR_ID: cls for cls in (GzipPacked, MessageContainer, RpcResult)}
