"""The examples in the docstrings of events: each one makes a handler of the events that it is about."""

from __future__ import annotations

import ast
import doctest
import inspect
from typing import Any

import pytest

import telethon
from telethon import TelegramClient, events, types
from telethon.events.common import EventBuilder

BUILDERS = [name for name in events.__all__ if EventBuilder in getattr(getattr(events, name), "__mro__", ())]


@pytest.mark.parametrize("name", BUILDERS)
async def test_the_example_of_each_event_makes_a_handler_of_it(name: str) -> None:
    builder = getattr(events, name)
    examples = doctest.DocTestParser().get_examples(inspect.getdoc(builder) or "")
    assert examples
    client = TelegramClient(None, 1, "hash")
    names: dict[str, Any] = {"client": client, "events": events, "types": types, "telethon": telethon}
    for example in examples:
        code = compile(example.source, f"{name} example", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        result = eval(code, names)
        if inspect.isawaitable(result):
            await result
    [(callback, made)] = client.list_event_handlers()
    assert type(made) is builder
    assert inspect.iscoroutinefunction(callback)


def examples_of(name: str) -> list[tuple[str, str]]:
    """The examples of the methods of an event, by the name of the method."""
    event = getattr(events, name).Event
    found = []
    for method, function in inspect.getmembers(event, inspect.iscoroutinefunction):
        found.extend(
            (method, one.source) for one in doctest.DocTestParser().get_examples(inspect.getdoc(function) or "")
        )
    return found


@pytest.mark.parametrize("name", [name for name in BUILDERS if name != "Raw"])
def test_the_examples_of_methods_are_python(name: str) -> None:
    for method, source in examples_of(name):
        assert compile(source, f"{name}.{method}", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
