"""Sees to it that tests touch what they say they are about, and offers people and rooms to work with."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any

import pytest
from reference import noting_failures, watching

from telethon.testing import tiny_png


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "covers(*names): names of the reference that the test is about")
    config.addinivalue_line("markers", "fails(*names): methods whose commonest error the test shows")


@pytest.fixture(autouse=True)
def says_the_truth(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test says it covers it must touch; what it says fails must fail."""
    named = {name for mark in request.node.iter_markers("covers") for name in mark.args}
    failing = {name for mark in request.node.iter_markers("fails") for name in mark.args}
    with ExitStack() as stack:
        touched = stack.enter_context(watching(named))
        stack.enter_context(noting_failures(failing, touched))
        yield
    assert named - touched.names == set(), "these are not touched by the test"
    assert failing - touched.failed == set(), "these did not fail"


@pytest.fixture
async def scene(telegram_server: Any, telegram_clients: Any) -> Any:
    """Ann and Bob with a client each, who know each other; and a supergroup and a channel that Ann made."""
    server = telegram_server
    ann = server.create_user("Ann", "Smith", username="ann_1")
    bob = server.create_user("Bob", username="bob_1")
    group = server.create_channel("Talk", ann, [bob], megagroup=True, username="talk_group")
    channel = server.create_channel("News", ann, [bob], username="news_channel")
    await bob.chat(ann).send("we know each other")
    return SimpleNamespace(
        server=server,
        ann=ann,
        bob=bob,
        group=group,
        channel=channel,
        client=await telegram_clients(ann),
        other=await telegram_clients(bob),
        clients=telegram_clients,
    )


@pytest.fixture
def kept() -> Any:
    """A function that makes a handler which keeps its events in a list."""

    def keep(where: list[Any]) -> Any:
        async def handler(event: Any) -> None:
            where.append(event)

        return handler

    return keep


@pytest.fixture
def picture() -> Any:
    """A function that makes pictures with a name."""

    def make(name: str = "x.png", width: int = 300, height: int = 200) -> io.BytesIO:
        file = io.BytesIO(tiny_png(width, height))
        file.name = name
        return file

    return make
