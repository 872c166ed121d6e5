"""The client against the test server, over loopback. Violations of the protocol fail a test."""

from __future__ import annotations

import asyncio

import pytest

# Named here so that they are found whether the library is installed with its plugin or not.
from telethon.testing.pytest_plugin import (  # noqa: F401
    pytest_configure,
    telegram_bot,
    telegram_client,
    telegram_clients,
    telegram_server,
    telegram_user,
)
from telethon.tl import functions


@pytest.fixture
def telegram_server_options():
    """The server is as strict with the library as it can be."""
    return {"strict_handshake": True, "init_per_session": True}


@pytest.fixture
def eventually():
    """A function that waits until something is so."""

    async def wait(condition, seconds: float = 5.0) -> None:
        deadline = asyncio.get_running_loop().time() + seconds
        while not condition():
            assert asyncio.get_running_loop().time() < deadline, "it did not happen in time"
            await asyncio.sleep(0.005)

    return wait


@pytest.fixture
def settled(eventually):
    """A function that waits until a client follows the updates of its account."""

    async def wait(server, client) -> None:
        # Right after connecting a client asks where its account stands; what it sends itself only counts from then on.
        await eventually(lambda: any(entry.method == "updates.getState" for entry in server.requests))
        await client(functions.updates.GetStateRequest())
        await asyncio.sleep(0.6)

    return wait
