"""What events show, compared with what those of Telethon 1.45.0 show for the same updates."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import event_cases
import pytest

from telethon import events
from telethon.tl import types

KNOWN: dict[str, dict[str, dict[str, Any]]] = json.loads((Path(__file__).parent / "known_events.json").read_text())

#: Where Telethon is wrong, and what is shown here.
CORRECTED: dict[tuple[str, str], dict[str, Any]] = {
    # The chat of an inline message is told by the longer form of its id as well.
    ("inline button 64", "CallbackQuery"): {
        "chat_id": -1000000000007,
        "chat": "<Channel 7>",
        "input_chat": "<InputPeerChannel >",
        "is_channel": True,
        "is_group": True,
        "is_private": False,
    },
    # Who sent what one sent oneself is known.
    ("private out", "NewMessage"): {"sender_id": event_cases.SELF_ID},
}
#: Only these take a pin away, which Telethon says of everything.
UNPINNED = {"unpinned", "unpinned in channel"}


def expected(name: str, builder: str) -> dict[str, Any]:
    shown = {**KNOWN[name][builder], **CORRECTED.get((name, builder), {})}
    if builder == "ChatAction":
        shown["unpin"] = name in UNPINNED
    if builder == "UserUpdate" and name.startswith("typing Send"):
        # Somebody types in a private chat.
        shown["is_private"] = True
    return shown


OURS = asyncio.run(event_cases.observe(types, events))


def test_the_same_updates_become_events():
    assert {name: set(found) for name, found in OURS.items()} == {name: set(found) for name, found in KNOWN.items()}


@pytest.mark.parametrize(("name", "builder"), [(name, builder) for name, found in KNOWN.items() for builder in found])
def test_events_show_the_same(name, builder):
    shown = {key: value for key, value in OURS[name][builder].items() if value is not None and value != []}
    assert shown == expected(name, builder)
