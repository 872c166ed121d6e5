"""A Telegram server within your tests: strict, offline, in memory.

    from telethon.testing import TelegramTestServer

    async with TelegramTestServer() as server:
        bot = server.create_bot("Echo", "echo_bot")
        client = server.client(bot)          # the program under test
        ...
        chat = server.create_user("Ann").chat(bot)
        await chat.send("/start")            # somebody who talks to it
        reply = await chat.expect_reply()

It speaks the real protocol over loopback, so any client can use it, and it complains when one breaks the rules.
``python -m telethon.testing`` starts one by itself. Nothing in it is ever sent to Telegram.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing._rpc import RpcContext, RpcFault
    from telethon.testing._strict import ProtocolViolations, Violation
    from telethon.testing.actors import SimulatedBot, SimulatedChat, SimulatedUser
    from telethon.testing.chaos import ChaosPipe, Conditions
    from telethon.testing.clock import ManualClock, VirtualTimeLoop, run_virtual
    from telethon.testing.dispatcher import LoggedRequest
    from telethon.testing.seen import InlineResults, SeenButton, SeenMessage
    from telethon.testing.server import TelegramServerCore
    from telethon.testing.telegramserver import ConnectionInfo, TelegramTestServer
    from telethon.testing.transcript import Transcript
    from telethon.testing.world.pictures import tiny_png
    from telethon.testing.world.world import Options, World

__all__ = [
    "Call",
    "ChaosPipe",
    "Conditions",
    "ConnectionInfo",
    "InlineResults",
    "LoggedRequest",
    "ManualClock",
    "Options",
    "ProtocolViolations",
    "RpcContext",
    "RpcFault",
    "SeenButton",
    "SeenMessage",
    "SimulatedBot",
    "SimulatedChat",
    "SimulatedUser",
    "TelegramServerCore",
    "TelegramTestServer",
    "Transcript",
    "Violation",
    "VirtualTimeLoop",
    "World",
    "run_virtual",
    "tiny_png",
]

_PLACES = {
    "Call": "_call",
    "ChaosPipe": "chaos.pipe",
    "Conditions": "chaos.conditions",
    "ConnectionInfo": "telegramserver",
    "InlineResults": "seen",
    "LoggedRequest": "dispatcher",
    "ManualClock": "clock",
    "Options": "world.world",
    "ProtocolViolations": "_strict",
    "RpcContext": "_rpc",
    "RpcFault": "_rpc",
    "SeenButton": "seen",
    "SeenMessage": "seen",
    "SimulatedBot": "actors",
    "SimulatedChat": "actors",
    "SimulatedUser": "actors",
    "TelegramServerCore": "server",
    "TelegramTestServer": "telegramserver",
    "Transcript": "transcript",
    "Violation": "_strict",
    "VirtualTimeLoop": "clock",
    "World": "world.world",
    "run_virtual": "clock",
    "tiny_png": "world.pictures",
}


def __getattr__(name: str) -> Any:
    place = _PLACES.get(name)
    if place is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{place}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
