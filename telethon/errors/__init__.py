"""Every exception of the library in one place.

`RPCError` and its families (`BadRequestError`, `FloodError` ...) are what Telegram answers; each known answer has a
class of its own, such as `FloodWaitError`. The others come from the library itself.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from telethon._core.oldnames import old_names, star_names
from telethon.errors.common import (
    AlreadyInConversationError as AlreadyInConversationError,
)
from telethon.errors.common import (
    AuthKeyNotFound as AuthKeyNotFound,
)
from telethon.errors.common import (
    BadMessageError as BadMessageError,
)
from telethon.errors.common import (
    CdnFileTamperedError as CdnFileTamperedError,
)
from telethon.errors.common import (
    InvalidBufferError as InvalidBufferError,
)
from telethon.errors.common import (
    InvalidChecksumError as InvalidChecksumError,
)
from telethon.errors.common import (
    LocalProtocolError as LocalProtocolError,
)
from telethon.errors.common import (
    MultiError as MultiError,
)
from telethon.errors.common import (
    ReadCancelledError as ReadCancelledError,
)
from telethon.errors.common import (
    RemoteProtocolError as RemoteProtocolError,
)
from telethon.errors.common import (
    RequestTimeoutError as RequestTimeoutError,
)
from telethon.errors.common import (
    RequestUncertainError as RequestUncertainError,
)
from telethon.errors.common import (
    SecurityError as SecurityError,
)
from telethon.errors.common import (
    TLDecodeError as TLDecodeError,
)
from telethon.errors.common import (
    TypeNotFoundError as TypeNotFoundError,
)
from telethon.errors.lookup import rpc_message_to_error as rpc_message_to_error
from telethon.errors.rpcbaseerrors import (
    AuthKeyError as AuthKeyError,
)
from telethon.errors.rpcbaseerrors import (
    BadRequestError as BadRequestError,
)
from telethon.errors.rpcbaseerrors import (
    BotTimeout as BotTimeout,
)
from telethon.errors.rpcbaseerrors import (
    FloodError as FloodError,
)
from telethon.errors.rpcbaseerrors import (
    ForbiddenError as ForbiddenError,
)
from telethon.errors.rpcbaseerrors import (
    InvalidDCError as InvalidDCError,
)
from telethon.errors.rpcbaseerrors import (
    NotFoundError as NotFoundError,
)
from telethon.errors.rpcbaseerrors import (
    RPCError as RPCError,
)
from telethon.errors.rpcbaseerrors import (
    ServerError as ServerError,
)
from telethon.errors.rpcbaseerrors import (
    TimedOutError as TimedOutError,
)
from telethon.errors.rpcbaseerrors import (
    UnauthorizedError as UnauthorizedError,
)
from telethon.errors.rpcbaseerrors import (
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
    "RequestTimeoutError",
    "RequestUncertainError",
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
    if name == "lookup":
        return import_module("telethon.errors.lookup")
    if name.startswith("__") and name != "__all__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    known = import_module("telethon.errors.rpcerrorlist")
    if name == "__all__":
        return star_names(__name__, [*_HERE, *known.__all__])
    try:
        value = getattr(known, name)
    except AttributeError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    globals()[name] = value
    return value


if not TYPE_CHECKING:
    __getattr__ = old_names(__name__, __getattr__)


def __dir__() -> list[str]:
    known = import_module("telethon.errors.rpcerrorlist")
    return sorted({*globals(), *known.__all__})
