"""A server of its own for each test, and a program that runs steps against it with either library.

The names: `server` is the server, `world` what all data centres share, `ours` and `anchor` start the program with this
package and with the real Telethon 1.45.0, and `player` is each of both in turn.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from independent.server import Server
from independent.world import World

RUNNER = Path(__file__).with_name("runner.py")
PACKAGE = Path(__file__).resolve().parents[3]


class StepFailed(AssertionError):
    """A step raised; `error` is the name of the class."""

    def __init__(self, error: str, text: str, trace: str, log: list[str]) -> None:
        super().__init__("\n".join([f"{error}: {text}", trace, *log[-15:]]))
        self.error = error
        self.text = text


class Program:
    """An interpreter that runs steps."""

    def __init__(self, name: str, python: str, path: str) -> None:
        self.name = name
        self.python = python
        self.path = path
        self.process: asyncio.subprocess.Process | None = None
        self.log: list[str] = []
        self.errors = b""
        self._reading: asyncio.Future[bytes] | None = None

    @property
    def is_ours(self) -> bool:
        """Whether it is this package."""
        return self.name == "ours"

    async def start(self, server: Server) -> None:
        """Start it."""
        self.process = await asyncio.create_subprocess_exec(
            self.python,
            str(RUNNER),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={key: value for key, value in os.environ.items() if not key.startswith("PYTHON")},
            cwd="/",
            limit=1 << 22,
        )
        assert self.process.stderr
        self._reading = asyncio.ensure_future(self.process.stderr.read())
        info = {"port": server.port, "dc": server.dc_id, "keys": [key.pem() for key in server.rsa_keys]}
        self._write({**info, "path": self.path})

    def _write(self, what: dict[str, Any]) -> None:
        assert self.process
        assert self.process.stdin
        self.process.stdin.write(json.dumps(what).encode() + b"\n")

    async def run(self, code: str, seconds: float = 15) -> Any:
        """Run the body of a coroutine; gives what it returns."""
        assert self.process
        assert self.process.stdout
        self._write({"code": code, "seconds": seconds})
        try:
            line = await asyncio.wait_for(self.process.stdout.readline(), seconds + 10)
        except asyncio.TimeoutError:
            raise StepFailed("Hangs", f"the program said nothing for {seconds + 10} s", "", self.log) from None
        if not line:
            raise StepFailed("Died", "the program ended", "", self.log)
        said = json.loads(line)
        self.log = said["log"]
        if not said["ok"]:
            raise StepFailed(said["error"], said.get("text", ""), said.get("trace", ""), said["log"])
        return said["value"]

    async def attempt(self, code: str, seconds: float = 15) -> Any:
        """The same, but an error is given as a text instead of being raised."""
        try:
            return await self.run(code, seconds)
        except StepFailed as error:
            return f"{error.error}: {error.text}"

    async def stop(self) -> None:
        """End it."""
        if self.process and self._reading:
            if self.process.returncode is None:
                self.process.kill()
            await self.process.wait()
            self.errors = await self._reading


@pytest.fixture
def world() -> World:
    """What all data centres share, with somebody in it."""
    made = World()
    made.user(100, phone="4915100000", first_name="Ann")
    made.user(200, phone="4915200000", first_name="Bob")
    made.everyone_is = 100
    return made


@pytest.fixture
async def server(world: World) -> AsyncIterator[Server]:
    """The server of data centre 2."""
    made = Server(world)
    world.servers[2] = made
    await made.start()
    yield made
    await asyncio.gather(*(one.stop() for one in world.servers.values()))
    failures = [failure for one in world.servers.values() for failure in one.failures]
    assert not failures, [repr(one) for one in failures]


@pytest.fixture
async def ours(server: Server) -> AsyncIterator[Program]:
    """A program with this package."""
    made = Program("ours", sys.executable, str(PACKAGE))
    await made.start(server)
    yield made
    await made.stop()


@pytest.fixture
async def anchor(server: Server, anchor_python: str) -> AsyncIterator[Program]:
    """A program with the real Telethon 1.45.0."""
    made = Program("anchor", anchor_python, "")
    await made.start(server)
    yield made
    await made.stop()


@pytest.fixture(params=["ours", "anchor"])
def player(request: pytest.FixtureRequest) -> Program:
    """Each of both programs."""
    return request.getfixturevalue(request.param)


@pytest.fixture(autouse=True)
def clean(request: pytest.FixtureRequest) -> Any:
    """This package must do nothing the server holds against it, except where a test expects that."""
    yield
    server = request.node.funcargs.get("server")
    if server is None or request.node.get_closest_marker("blamed"):
        return
    playing = request.node.funcargs.get("player") or request.node.funcargs.get("ours")
    if playing and playing.is_ours:
        blamed = [one for one in server.world.servers.values() if one.violations]
        assert not blamed, [one.violations[:5] for one in blamed]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "blamed: the server may hold something against the client")
    config.addinivalue_line("markers", "anchor_fails(reason): Telethon 1.45.0 does not pass, and why")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        marker = item.get_closest_marker("anchor_fails")
        params = getattr(getattr(item, "callspec", None), "params", {})
        if marker and params.get("player") == "anchor":
            item.add_marker(pytest.mark.xfail(reason=marker.args[0], strict=True))
