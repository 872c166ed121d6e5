"""A client of Telegram for asyncio.

Everything is loaded when it is first used, so that importing one part does not load the others.

Example:
    ::

        from telethon import TelegramClient, events

        client = TelegramClient("name", api_id, api_hash)

        @client.on(events.NewMessage(pattern="(?i)hello"))
        async def answer(event):
            await event.reply("Hello!")

        client.start()
        client.run_until_disconnected()

Source: https://core.telegram.org/api
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from telethon.version import __version__ as __version__

if TYPE_CHECKING:
    from telethon import custom, errors, events, functions, types, utils
    from telethon.client.telegramclient import TelegramClient
    from telethon.network import connection
    from telethon.tl.custom.button import Button

__all__ = ["Button", "TelegramClient", "connection", "custom", "errors", "events", "functions", "types", "utils"]

#: Where names of this module come from that are not modules in it.
_ELSEWHERE = {
    "Button": "telethon.tl.custom.button",
    "TelegramClient": "telethon.client.telegramclient",
}
#: Modules one may use after ``import telethon``. `sync` and `testing` are not among them: importing the first changes
#: classes, so it has to be asked for by an import of its own.
_MODULES = frozenset(
    (
        "client",
        "crypto",
        "custom",
        "errors",
        "events",
        "extensions",
        "functions",
        "helpers",
        "hints",
        "network",
        "password",
        "requestiter",
        "sessions",
        "tl",
        "types",
        "utils",
    )
)


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name == "connection":
        value = import_module("telethon.network.connection")
    elif name in _ELSEWHERE:
        value = getattr(import_module(_ELSEWHERE[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_MODULES})
