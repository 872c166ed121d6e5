"""Functions that cannot be handlers are told when they are added."""

from __future__ import annotations

import functools
import logging
from typing import Any
from unittest import mock

import pytest

from telethon import TelegramClient, events
from telethon.client._handlershape import wrong_with


class Bot:
    async def method(self, event: Any) -> None:
        """A handler."""

    async def bare(self) -> None:
        """None."""

    async def __call__(self, event: Any) -> None:
        """A handler as well."""


async def handler(event: Any) -> None:
    """What is wanted."""


async def with_more(event: Any, more: int = 1, *, other: int = 2) -> None:
    """What is not given has a default."""


def decorated(function: Any) -> Any:
    @functools.wraps(function)
    async def inner(event: Any) -> None:
        await function(event, "database")

    return inner


@decorated
async def needs_two(event: Any, database: str) -> None:
    """The decorator gives the second."""


@pytest.mark.parametrize(
    "good",
    [
        handler,
        with_more,
        needs_two,
        Bot().method,
        Bot(),
        functools.partial(with_more, more=2),
        lambda event: None,
        lambda *everything: None,
        print,
        dict,
        mock.Mock(),
        mock.AsyncMock(),
    ],
)
def test_what_takes_an_event(good: Any) -> None:
    assert wrong_with(good) is None


async def nothing() -> None:
    """Takes nothing."""


async def two(event: Any, other: Any) -> None:
    """Takes two."""


@pytest.mark.parametrize(
    ("bad", "takes"),
    [(nothing, "()"), (two, "(event: 'Any', other: 'Any')"), (Bot().bare, "()"), (Bot.method, "(self, ")],
)
def test_what_does_not(bad: Any, takes: str) -> None:
    wrong = wrong_with(bad)
    assert wrong is not None
    assert f"cannot be called with an event alone: it takes {takes}" in wrong


def generator(event: Any) -> Any:
    yield event


async def async_generator(event: Any) -> Any:
    yield event


@pytest.mark.parametrize("bad", [generator, async_generator])
def test_generators_do_nothing(bad: Any) -> None:
    assert "yield" in (wrong_with(bad) or "")


def test_the_client_tells_it_and_adds_the_handler_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    client = TelegramClient(None, 1, "hash")
    with caplog.at_level(logging.WARNING, logger="telethon"):
        client.add_event_handler(handler, events.NewMessage)
        assert caplog.messages == []
        client.on(events.NewMessage)(nothing)
    assert caplog.messages == [
        "Handler nothing cannot be called with an event alone: it takes () -> 'None'. "
        "Write it with one argument, (event)"
    ]
    assert [callback for callback, _ in client.list_event_handlers()] == [handler, nothing]
