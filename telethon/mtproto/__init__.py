"""The protocol as a value-in, value-out machine: encrypted session, key exchange and transport codecs.

Nothing in here opens a socket, waits, or asks the system for the time: bytes, moments and random bytes are
arguments, packets and events are results. `telethon.network` is the shell that gives it a socket.

What the engine returns is in `telethon.mtproto.events`, the transports are in `telethon.mtproto.codecs`.

Source: https://core.telegram.org/mtproto
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telethon.mtproto.cipher import decrypt, encrypt
    from telethon.mtproto.engine import MTProtoEngine
    from telethon.mtproto.keyexchange import Finished, KeyExchange
    from telethon.mtproto.limits import Limits
    from telethon.mtproto.side import Side
    from telethon.mtproto.state import MTProtoState

__all__ = ["Finished", "KeyExchange", "Limits", "MTProtoEngine", "MTProtoState", "Side", "decrypt", "encrypt"]

_HOME = {
    "Finished": "telethon.mtproto.keyexchange",
    "KeyExchange": "telethon.mtproto.keyexchange",
    "Limits": "telethon.mtproto.limits",
    "MTProtoEngine": "telethon.mtproto.engine",
    "MTProtoState": "telethon.mtproto.state",
    "Side": "telethon.mtproto.side",
    "decrypt": "telethon.mtproto.cipher",
    "encrypt": "telethon.mtproto.cipher",
}


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
