"""A sender and the server that it talks to, for tests of the sender."""

from __future__ import annotations

import asyncio
from typing import Any

from fakeserver import FakeServer, auth_key, rsa_keys

from telethon.network import ConnectionTcpFull, MTProtoSender
from telethon.tl import functions, types

__all__ = ["NEAREST", "GetNearestDc", "Setup", "nearest"]

GetNearestDc = functions.help.GetNearestDcRequest
NEAREST = types.NearestDc("xx", 1, 2)


def nearest(body: bytes) -> bytes:
    """The answer to everything."""
    return bytes(NEAREST)


class Setup:
    """A sender and the server that it talks to."""

    def __init__(self, loggers: Any, **options: Any) -> None:
        self.loggers = loggers
        self.server = FakeServer(nearest)
        self.updates: asyncio.Queue[Any] = asyncio.Queue()
        self.sender = MTProtoSender(
            options.pop("key", auth_key()), loggers=loggers, updates_queue=self.updates, **options
        )
        self.sender.rsa_keys = rsa_keys()

    def connection(self, cls: Any = ConnectionTcpFull) -> Any:
        return cls(self.server.host, self.server.port, 2, loggers=self.loggers)

    async def __aenter__(self) -> Setup:
        await self.server.start()
        return self

    async def connect(self) -> Setup:
        assert await self.sender.connect(self.connection())
        return self

    async def ask(self) -> Any:
        return await self.sender.send(GetNearestDc())

    def taken(self) -> list[Any]:
        found = []
        while not self.updates.empty():
            found.append(self.updates.get_nowait())
        return found

    async def __aexit__(self, *args: object) -> None:
        await self.sender.disconnect()
        await self.server.stop()
        assert self.sender._timer is None
        assert self.sender._flush_handle is None
        assert not [handle for handle in asyncio.get_running_loop()._scheduled if not handle.cancelled()] or args[0]
