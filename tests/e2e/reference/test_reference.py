"""Everything that the reference of users names exists, explains itself, and is touched by a test here."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from reference import APART, FULL, NAMES, found, named_in

HERE = Path(__file__).parent

# They cannot go wrong: what they say or do needs neither the network nor anything of the caller.
CANNOT_FAIL = {
    "client.catch_up": "it only asks the client to ask, and does nothing when there is no connection",
    "client.disconnect": "a client that is not connected has nothing to end",
    "client.disconnected": "a future that ends when the connection does",
    "client.is_connected": "a question about the client itself",
    "client.list_event_handlers": "a question about the client itself",
    "client.loop": "the loop that runs, or a new one",
    "client.remove_event_handler": "what is not there is not removed, and 0 says so",
}

# Made when an object is, and so no part of its class.
OF_INSTANCES = {
    "telethon.events.newmessage.NewMessage.Event.message",
    "telethon.events.messagedeleted.MessageDeleted.Event.deleted_id",
    "telethon.events.messagedeleted.MessageDeleted.Event.deleted_ids",
    "telethon.events.newmessage.NewMessage.Event.pattern_match",
    "telethon.errors.FloodWaitError.seconds",
}


def value_of(name: str) -> Any:
    holder, attribute = found(name)
    return inspect.getattr_static(holder, attribute) if isinstance(holder, type) else getattr(holder, attribute, holder)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in OF_INSTANCES])
def test_it_exists_and_explains_itself(name: str) -> None:
    value = value_of(name)
    value = getattr(value, "__func__", value)
    if isinstance(value, str):
        # A constant: the class explains it.
        holder, attribute = found(name)
        assert attribute in (holder.__doc__ or ""), name
        return
    doc = inspect.getdoc(value)
    assert doc, name
    assert doc.splitlines()[0].rstrip().endswith((".", ":", "?")), name


@pytest.mark.parametrize("name", sorted(OF_INSTANCES))
def test_what_only_instances_have_is_explained_by_their_class(name: str) -> None:
    holder, attribute = found(name)
    assert attribute in (holder.__doc__ or ""), name


def test_names_that_change_a_process_exist_in_one_of_their_own() -> None:
    assert APART == ["telethon.sync", "telethon.sync.TelegramClient"]
    code = (
        "import inspect, telethon, telethon.sync as sync; assert inspect.getdoc(sync); "
        "assert sync.TelegramClient is telethon.TelegramClient; "
        "assert not inspect.iscoroutinefunction(sync.TelegramClient.get_me)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=50)
    # Scripts that use it are in tests/unit/test_sync.py.
    assert "telethon.sync" not in sys.modules


def test_each_name_is_covered_by_a_test() -> None:
    covered = named_in(HERE, "covers")
    assert sorted(covered - FULL.keys()) == [], "the reference names no such things"
    assert sorted(FULL.keys() - covered) == []


def test_each_method_of_the_client_is_shown_to_fail() -> None:
    methods = {name for name in FULL if name.startswith("client.")}
    failing = named_in(HERE, "fails")
    assert sorted(failing - methods) == []
    assert sorted(methods - failing - CANNOT_FAIL.keys()) == []
    assert sorted(failing & CANNOT_FAIL.keys()) == []
