"""The examples in the docstrings, run against the test server.

Each has a world of its own, in which the names that examples use stand for something. A handler that an example
defines must be called, and must not fail.
"""

from __future__ import annotations

import ast
import asyncio
import importlib
import inspect
import logging
from pathlib import Path
from typing import Any

import pytest
import reference
from docstrings import Example, examples
from exampleworld import PREPARED, let_something_happen, seed

from telethon import TelegramClient, events
from telethon.testing import TelegramTestServer
from telethon.tl.tlobject import TLObject

EXAMPLES = {example.name: example for example in examples()}

NOT_RUN = {
    "client.connecting.ConnectionMethods.loop": "it blocks; tests/unit/test_sync.py has scripts like it",
    "client.updates.UpdateMethods.run_until_disconnected": "it blocks; tests/unit/test_sync.py has scripts like it",
    "client.connecting.ConnectionMethods.disconnected": "it waits until the connection ends",
    "crypto.cdndecrypter.CdnDecrypter": "it needs a CDN; tests/unit/crypto has one made for it",
    "mtproto.keyexchange.KeyExchange": "the other side is tests/unit/mtproto, which plays it byte by byte",
    "mtproto.tempkey.TemporaryKey": "a part of an engine; tests/unit/mtproto drives it",
    "mtproto.tempkey.TemporaryKey.request": "a part of an engine; tests/unit/mtproto drives it",
    "events.common.EventCommon.acknowledge": "it needs a durable session; tests/unit/events/test_delivery.py has one",
    "events.delivery.Delivery.acknowledge": "it needs a durable session; tests/unit/events/test_delivery.py has one",
    "events.joinrequest.JoinRequestEvent.approve": "tests/e2e/test_events.py has somebody who asks to join",
    "events.joinrequest.JoinRequestEvent.decline": "tests/e2e/test_events.py has somebody who asks to join",
    "events.precheckoutquery.PreCheckoutQueryEvent.answer": "tests/e2e/test_events.py has somebody who pays",
    "events.shippingquery.ShippingQueryEvent.answer": "tests/e2e/test_events.py has somebody who pays",
}
"""Examples that cannot run here, with the reason."""

PREFIXES_NOT_RUN = {
    "testing.": "examples of the test server are those of docs/testing.rst, which tests/docs/test_scripts.py runs",
    "network.": "connections by hand need the other side at hand; tests/unit/network plays it",
    "sync.": "importing it changes classes for the whole process; tests/unit/test_sync.py runs scripts",
    "sessions.": "sessions by hand need files of other programs; tests/unit/sessions has them",
}

ONLY_DEFINED = {
    "events.botstopped.BotStopped",
    "events.businessconnection.BusinessConnection",
    "events.businessmessage.BusinessMessage",
    "events.businessmessage.BusinessMessageDeleted",
    "events.businessmessage.BusinessMessageEdited",
    "events.chatboost.ChatBoost",
    "events.chatmember.ChatMember",
    "events.draftupdate.DraftUpdate",
    "events.joinrequest.JoinRequest",
    "events.messagereaction.MessageReaction",
    "events.payment.Payment",
    "events.pollupdate.PollUpdate",
    "events.pollvote.PollVote",
    "events.precheckoutquery.PreCheckoutQuery",
    "events.shippingquery.ShippingQuery",
    "events.story.Story",
}
"""Handlers of events that need more than two people who write; tests/e2e/test_events.py lets them happen."""


def runs(name: str) -> bool:
    return name not in NOT_RUN and not any(name.startswith(prefix) for prefix in PREFIXES_NOT_RUN)


def test_what_is_not_run_exists() -> None:
    assert NOT_RUN.keys() | ONLY_DEFINED <= EXAMPLES.keys()


async def run(example: Example, names: dict[str, Any]) -> Any:
    """Run the code, which may await as if it stood in a coroutine; gives what its last expression does."""
    tree = ast.parse(example.code)
    last: ast.expr | None = None
    if isinstance(tree.body[-1], ast.Expr):
        last = tree.body.pop().value  # type: ignore[attr-defined]
    parts: list[Any] = [tree] if tree.body else []
    for part in [*parts, *([ast.Expression(last)] if last is not None else [])]:
        mode = "eval" if isinstance(part, ast.Expression) else "exec"
        code = compile(part, example.path, mode, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        result = eval(code, names)
        if inspect.isawaitable(result):
            result = await result
    # What gives something to await is shown as it is handed on, and awaited here.
    return await result if inspect.isawaitable(result) else result


async def prepare(world: Any, module: str) -> None:
    for name, value in vars(importlib.import_module(module)).items():
        if not name.startswith("__"):
            world.names.setdefault(name, value)
    fitting = [prefix for prefix in PREPARED if world.name.startswith(prefix)]
    if fitting:
        await PREPARED[max(fitting, key=len)](world)


@pytest.mark.parametrize("name", sorted(filter(runs, EXAMPLES)))
async def test_example(
    name: str,
    telegram_server: TelegramTestServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.chdir(tmp_path)
    example = EXAMPLES[name]
    world = await seed(telegram_server, tmp_path)
    world.name = name
    try:
        await prepare(world, example.path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
        clients = {id(one): one for one in (world.client, world.names["client"])}
        before = {id(one): len(one.list_event_handlers()) for one in clients.values()}
        with caplog.at_level(logging.ERROR, logger="telethon"):
            shown = await asyncio.wait_for(run(example, world.names), 30)
            if example.wanted:
                assert show(shown) == example.wanted.strip()
            called: list[str] = []
            handlers = 0
            for one in clients.values():
                for place, (builder, callback) in enumerate(list(one._event_builders)):
                    if place >= before[id(one)]:
                        handlers += 1
                        one._event_builders[place] = (builder, noting(callback, called))
            if handlers and name not in ONLY_DEFINED and not name.startswith("events.delivery"):
                await let_something_happen(world)
                for _ in range(300):
                    if called:
                        break
                    await asyncio.sleep(0.01)
                assert called, "the handler of the example was never called"
                await asyncio.sleep(0.1)
        assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
    finally:
        conversation = world.names.get("conversation")
        if conversation is not None:
            conversation.cancel()
        for one in world.clients:
            await one.disconnect()
        extra = world.names.get("client")
        if isinstance(extra, TelegramClient):
            await extra.disconnect()


def show(value: Any) -> str:
    """What an interpreter shows, with the content of objects of the schema."""
    if isinstance(value, list):
        return f"[{', '.join(map(show, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(show, value))})"
    return str(value) if isinstance(value, TLObject) else repr(value)


def noting(callback: Any, called: list[str]) -> Any:
    async def noted(event: Any) -> None:
        called.append(type(event).__name__)
        await callback(event)

    return noted


WITHOUT = {"flood_sleep_threshold", "request_timeout", "sign_up"}
"""Two settings, and a method that only says that there is no signing up any more."""


def test_there_are_examples_of_everything_that_people_call() -> None:
    """Each method of the client has one, each kind of event, and each class and method that the reference names."""
    missing = []
    for attribute in dir(TelegramClient):
        value = inspect.getattr_static(TelegramClient, attribute)
        function = getattr(value, "__func__", getattr(value, "fget", value))
        if attribute.startswith("_") or not inspect.isfunction(function) or attribute in WITHOUT:
            continue
        if ">>> " not in (inspect.getdoc(function) or ""):
            missing.append(attribute)
    for attribute in dir(events):
        value = getattr(events, attribute)
        if inspect.isclass(value) and hasattr(value, "Event") and ">>> " not in (inspect.getdoc(value) or ""):
            missing.append(attribute)
    for name in reference.FULL.values():
        holder, attribute = reference.found(name)
        value = inspect.getattr_static(holder, attribute, None)
        value = getattr(value, "__func__", value)
        generated = getattr(value, "__module__", "").startswith(("telethon.errors", "telethon.tl.functions"))
        called = inspect.isfunction(value) or inspect.isclass(value)
        if called and not generated and ">>> " not in (inspect.getdoc(value) or ""):
            missing.append(name)
    assert missing == []
