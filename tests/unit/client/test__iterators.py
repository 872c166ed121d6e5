"""The names under which other modules know the iterators."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("module", "name", "where"),
    [
        ("messages", "_IDsIter", "messages"),
        ("messages", "_MessagesIter", "messages"),
        ("chats", "_AdminLogIter", "adminlog"),
        ("chats", "_ParticipantsIter", "participants"),
        ("chats", "_ProfilePhotoIter", "profilephotos"),
        ("dialogs", "_DialogsIter", "dialogs"),
        ("dialogs", "_DraftsIter", "dialogs"),
    ],
)
def test_classes_have_their_old_names(module: str, name: str, where: str) -> None:
    found: Any = getattr(import_module(f"telethon.client.{module}"), name)
    assert found is getattr(import_module(f"telethon.client._iterators.{where}"), name.removeprefix("_"))


@pytest.mark.parametrize("module", ["messages", "chats", "dialogs"])
def test_other_names_are_unknown(module: str) -> None:
    with pytest.raises(AttributeError, match=f"module 'telethon.client.{module}' has no attribute '_nothing'"):
        _ = import_module(f"telethon.client.{module}")._nothing


def test_P5_they_are_loaded_when_they_are_needed() -> None:
    code = "import sys; from telethon import TelegramClient; print(*(n for n in sys.modules if '._iterators.' in n))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    # Those of files are not among them: what sends and takes files needs them all the same.
    assert set(found) <= {"telethon.client._iterators.downloads"}
