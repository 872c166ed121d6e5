"""Fixtures for pytest: a test server, and clients that use it.

Installed with the library, so there is nothing to switch on:

    async def test_greeting(telegram_server, telegram_clients, telegram_bot):
        client = await telegram_clients(telegram_bot)
        register_handlers(client)                      # the program under test
        chat = telegram_server.create_user("Ann").chat(telegram_bot)
        await chat.send("/start")
        assert (await chat.expect_reply()).text == "Hello Ann"

It needs a plugin that runs coroutines, pytest-asyncio (or anyio's), and nothing else.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator

    from telethon.client.telegramclient import TelegramClient
    from telethon.testing.actors import SimulatedBot, SimulatedUser
    from telethon.testing.chaos import ChaosPipe
    from telethon.testing.telegramserver import TelegramTestServer

__all__ = [
    "pytest_addoption",
    "pytest_configure",
    "pytest_runtest_makereport",
    "pytest_runtest_setup",
    "telegram_bot",
    "telegram_chaos",
    "telegram_client",
    "telegram_clients",
    "telegram_server",
    "telegram_server_options",
    "telegram_user",
]

_ADVICE = (
    "the telegram_* fixtures are coroutines and need pytest-asyncio: pip install pytest-asyncio, "
    'and mark the test with @pytest.mark.asyncio or set asyncio_mode = "auto"'
)


_SEED_OPTION = "telegram_chaos_seed"
_PIPES = "telethon.testing.chaos.pipe"
_PIPE = pytest.StashKey["ChaosPipe"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run repeat what a `ChaosPipe` did in another one."""
    parser.addoption(
        "--telegram-chaos-seed",
        dest=_SEED_OPTION,
        type=int,
        default=None,
        metavar="SEED",
        help="seed of the fixture telegram_chaos, as the report of a failed test shows it",
    )


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Forget the pipes of the test before."""
    # Whoever has not loaded it has no pipes.
    if _PIPES in sys.modules:
        sys.modules[_PIPES].started.clear()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
    """Show with a test that failed which seeds its pipes had."""
    outcome = yield
    report = outcome.get_result()
    if report.failed and _PIPES in sys.modules and sys.modules[_PIPES].started:
        lines = "\n".join(f"ChaosPipe(seed={seed})" for seed in sys.modules[_PIPES].started)
        if _PIPE in item.stash:
            lines += f"\nrepeat what telegram_chaos did with --telegram-chaos-seed={item.stash[_PIPE].seed}"
        report.sections.append(("seeds of chaos", lines))


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker of this plugin."""
    config.addinivalue_line(
        "markers",
        "telegram_violations(*rules): rules of the protocol that clients may break in this test; without names all",
    )


def _async_fixture() -> Callable[..., Any]:
    """What makes a coroutine a fixture; where nothing can run one, the fixture says what to install."""
    try:
        import pytest_asyncio
    except ImportError:
        return _explain
    fixture: Callable[..., Any] = pytest_asyncio.fixture
    return fixture


def _explain(function: Callable[..., Any]) -> Any:
    def missing() -> Iterator[None]:
        pytest.fail(_ADVICE, pytrace=False)
        yield

    missing.__name__ = function.__name__
    missing.__doc__ = function.__doc__
    return pytest.fixture(missing)


_fixture = _async_fixture()


@pytest.fixture
def telegram_server_options() -> dict[str, Any]:
    """Keyword arguments for `TelegramTestServer`; override it in a module or class to change the server.

    Example:
        ```python
        @pytest.fixture
        def telegram_server_options():
            return {"dcs": (2,), "options": Options(short_updates=False)}
        ```
    """
    return {}


@_fixture
async def telegram_server(
    request: pytest.FixtureRequest, telegram_server_options: dict[str, Any]
) -> AsyncIterator[TelegramTestServer]:
    """A server for one test. When a client has broken rules of the protocol, the test fails."""
    from telethon.testing.telegramserver import TelegramTestServer

    server = TelegramTestServer(**telegram_server_options)
    marker = request.node.get_closest_marker("telegram_violations")
    if marker is not None and marker.args:
        server.violations.tolerate(*marker.args)
    async with server:
        if "telegram_chaos" in request.fixturenames:
            from telethon.testing.chaos import ChaosPipe

            seed = request.config.getoption(_SEED_OPTION, None)
            # It has to be there before the first client, in whatever order a test names its fixtures.
            async with ChaosPipe(server, seed=seed) as pipe:
                request.node.stash[_PIPE] = pipe
                yield server
        else:
            yield server
    if marker is None or marker.args:
        server.violations.check()


@_fixture
async def telegram_chaos(request: pytest.FixtureRequest, telegram_server: TelegramTestServer) -> ChaosPipe:
    """A line between the clients of a test and `telegram_server`, good until the test makes it bad.

    A test that fails shows the seed; `--telegram-chaos-seed` repeats what the line did.
    """
    pipe: ChaosPipe = request.node.stash[_PIPE]
    return pipe


@_fixture
async def telegram_clients(
    telegram_server: TelegramTestServer,
) -> AsyncIterator[Callable[..., Awaitable[TelegramClient]]]:
    """A function that makes clients: `await telegram_clients(user)`. They are disconnected after the test.

    It takes what `TelegramTestServer.client` takes, and `connect=False` for a client that is not connected yet.
    """
    made: list[TelegramClient] = []

    async def make(user: SimulatedUser | None = None, *, connect: bool = True, **kwargs: Any) -> TelegramClient:
        client = telegram_server.client(user, **kwargs)
        made.append(client)
        if connect:
            await client.connect()
        return client

    yield make
    for client in made:
        done = client.disconnect()
        if done is not None:
            await done


@_fixture
async def telegram_client(
    telegram_clients: Callable[..., Awaitable[TelegramClient]], telegram_user: SimulatedUser
) -> TelegramClient:
    """A connected client that is logged in as `telegram_user`."""
    return await telegram_clients(telegram_user)


@_fixture
async def telegram_user(telegram_server: TelegramTestServer) -> SimulatedUser:
    """A person named Test User."""
    return telegram_server.create_user("Test", "User", username="test_user")


@_fixture
async def telegram_bot(telegram_server: TelegramTestServer) -> SimulatedBot:
    """A bot named Test Bot."""
    return telegram_server.create_bot("Test Bot", "test_robot")
