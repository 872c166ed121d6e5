"""Every exception of the library in one place.

`RPCError` and its families (`BadRequestError`, `FloodError` ...) are what Telegram answers; each known answer has a
class of its own, such as `FloodWaitError`. The others come from the library itself.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from telethon.errors.common import (
    AlreadyInConversationError as AlreadyInConversationError,
    AuthKeyNotFound as AuthKeyNotFound,
    BadMessageError as BadMessageError,
    CdnFileTamperedError as CdnFileTamperedError,
    InvalidBufferError as InvalidBufferError,
    InvalidChecksumError as InvalidChecksumError,
    LocalProtocolError as LocalProtocolError,
    MultiError as MultiError,
    ReadCancelledError as ReadCancelledError,
    RemoteProtocolError as RemoteProtocolError,
    SecurityError as SecurityError,
    TLDecodeError as TLDecodeError,
    TypeNotFoundError as TypeNotFoundError,
)
from telethon.errors.lookup import rpc_message_to_error as rpc_message_to_error
from telethon.errors.rpcbaseerrors import (
    AuthKeyError as AuthKeyError,
    BadRequestError as BadRequestError,
    BotTimeout as BotTimeout,
    FloodError as FloodError,
    ForbiddenError as ForbiddenError,
    InvalidDCError as InvalidDCError,
    NotFoundError as NotFoundError,
    RPCError as RPCError,
    ServerError as ServerError,
    TimedOutError as TimedOutError,
    UnauthorizedError as UnauthorizedError,
    base_errors as base_errors,
)

if TYPE_CHECKING:
    from telethon.errors.rpcerrorlist import *  # noqa: F403

_HERE = [
    "AlreadyInConversationError",
    "AuthKeyError",
    "AuthKeyNotFound",
    "BadMessageError",
    "BadRequestError",
    "BotTimeout",
    "CdnFileTamperedError",
    "FloodError",
    "ForbiddenError",
    "InvalidBufferError",
    "InvalidChecksumError",
    "InvalidDCError",
    "LocalProtocolError",
    "MultiError",
    "NotFoundError",
    "RPCError",
    "ReadCancelledError",
    "RemoteProtocolError",
    "SecurityError",
    "ServerError",
    "TLDecodeError",
    "TimedOutError",
    "TypeNotFoundError",
    "UnauthorizedError",
    "base_errors",
    "rpc_message_to_error",
]


def __getattr__(name: str) -> Any:
    if name == "functions":
        # An accident of the past that programs may rely on; by name, so that this layer depends on nothing above it.
        return import_module("telethon.tl.functions")
    if name in ("common", "rpcbaseerrors", "rpcerrorlist", "lookup"):
        return import_module(f"telethon.errors.{name}")
    if name.startswith("__") and name != "__all__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    known = import_module("telethon.errors.rpcerrorlist")
    if name == "__all__":
        return [*_HERE, *known.__all__]
    try:
        value = getattr(known, name)
    except AttributeError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    known = import_module("telethon.errors.rpcerrorlist")
    return sorted({*globals(), *known.__all__})
