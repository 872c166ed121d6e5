"""How long the event loop stands still while the client has much to compute, or much goes wrong."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from looplag import best_lag

from telethon.testing import ChaosPipe, TelegramTestServer
from telethon.tl import functions

__all__ = ["LagMilliseconds", "ServerThread", "loop_lag"]

_LIMIT = 50.0
_UPLOAD = 64 * 1024 * 1024
_HASHED = 10 * 1024 * 1024 - 1
_PASSWORD = "correct horse"


@dataclass
class LagMilliseconds:
    """The longest pause of the loop, in the quietest of some attempts.

    Attributes:
        handshake_ms: while a key is made.
        srp_ms: while a password is proven.
        upload_ms: while a large file is read and sent.
        hashing_ms: while the largest file that has a hash is.
        chaos_ms: while connections break all the time under load.
    """

    handshake_ms: float = 0.0
    srp_ms: float = 0.0
    upload_ms: float = 0.0
    hashing_ms: float = 0.0
    chaos_ms: float = 0.0

    @property
    def is_good(self) -> bool:
        """Whether no pause was long enough to be felt."""
        return max(vars(self).values()) < _LIMIT


class ServerThread:
    """A test server in a thread and a loop of its own, so that its work is no pause of ours.

    Args:
        make: makes what shall run there besides, and gives it.
    """

    def __init__(self, make: Callable[[TelegramTestServer], Coroutine[Any, Any, Any]]) -> None:
        self._make = make
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    async def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run something in the loop of the server."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def __aenter__(self) -> tuple[TelegramTestServer, Any]:
        self._thread.start()
        self.server = TelegramTestServer(dcs=(2,))
        await self.run(self.server.start())
        return self.server, await self.run(self._make(self.server))

    async def __aexit__(self, *_: object) -> None:
        await self.run(self.server.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        await asyncio.to_thread(self._thread.join)
        self._loop.close()


async def loop_lag(attempts: int = 5) -> LagMilliseconds:
    """Measure all of them.

    Args:
        attempts: how often, unless there is a good one before.
    """
    found = LagMilliseconds()

    async def measure(make: Callable[[], Awaitable[Any]]) -> float:
        return round(await best_lag(make, _LIMIT / 1000, attempts) * 1000, 1)

    async def people(server: TelegramTestServer) -> Any:
        @server.on(functions.upload.SaveBigFilePartRequest)
        def thrown_away(request: Any, call: Any) -> bool:
            return True

        return server.create_user("Ann"), server.create_user("Bob", phone="+999662001", password=_PASSWORD)

    async with ServerThread(people) as (server, (ann, bob)):

        async def handshake() -> None:
            client = server.client()
            await client.connect()
            await client.disconnect()

        async def prove() -> None:
            client = server.client()
            await client.connect()
            await client.start(phone=bob.phone, code_callback=bob.login_code, password=_PASSWORD)
            await client.disconnect()

        async def upload(size: int) -> None:
            client = server.client(ann)
            await client.connect()
            await client.upload_file(_Zeros(size), file_size=size, file_name="zeros.bin")
            await client.disconnect()

        found.handshake_ms = await measure(handshake)
        found.srp_ms = await measure(prove)
        found.upload_ms = await measure(lambda: upload(_UPLOAD))
        found.hashing_ms = await measure(lambda: upload(_HASHED))
    found.chaos_ms = await measure(_chaos)
    return found


class _Zeros(io.RawIOBase):
    """A large file that takes no space."""

    name = "zeros.bin"

    def __init__(self, size: int) -> None:
        self._left = size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        taken = self._left if size < 0 else min(size, self._left)
        self._left -= taken
        return bytes(taken)


async def _chaos(seconds: float = 2.0) -> None:
    """Every fault of a line at once, and calls all the while."""
    async with TelegramTestServer(dcs=(2,)) as server, ChaosPipe(server, seed=1) as pipe:
        client = server.client(server.create_user("Ann"), connection_retries=100_000, retry_delay=0.01)
        await client.connect()
        pipe.set(jitter=0.01, split=200, cut=0.05, duplicate=0.1)
        pipe.set("down", corrupt=0.05, reorder=0.1)
        until = asyncio.get_running_loop().time() + seconds

        async def work() -> None:
            while asyncio.get_running_loop().time() < until:
                await client(functions.help.GetNearestDcRequest())

        await asyncio.gather(*(work() for _ in range(10)))
        await client.disconnect()
