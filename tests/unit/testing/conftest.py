from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import rawclient


@pytest.fixture
async def serve() -> AsyncIterator[Callable[..., Awaitable[Any]]]:
    """Start servers whose clock stands still; they are stopped after the test."""
    servers = []

    async def start(*args: Any, **kwargs: Any) -> Any:
        server = rawclient.make_server(*args, **kwargs)
        await server.start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        await server.stop()


@pytest.fixture
async def server(serve: Any) -> Any:
    return await serve()


@pytest.fixture
async def client(server: Any) -> Any:
    """A client that has introduced itself and owes nothing."""
    raw = rawclient.RawClient(server)
    await raw.begin()
    return raw
