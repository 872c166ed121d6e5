"""Messages that were read."""

from __future__ import annotations

import pytest

from telethon import events
from telethon.tl import types


@pytest.mark.parametrize(("inbox", "wanted"), [(False, "read outbox"), (True, "read inbox")])
def test_wanted_side(build, inbox, wanted):
    builder = events.MessageRead(inbox=inbox)
    builder.resolved = True
    assert builder.filter(build(events.MessageRead, wanted))
    assert not builder.filter(build(events.MessageRead, {"read inbox": "read outbox"}.get(wanted, "read inbox")))


def test_what_was_read(build):
    event = build(events.MessageRead, "read inbox")
    message = types.Message(id=30, peer_id=types.PeerUser(50), date=None, message="")
    assert event.is_read(30)
    assert not event.is_read(31)
    assert event.is_read(message)
    assert event.is_read([29, 31]) == [True, False]
    assert 5 in event
    assert [5, 31] not in event
    assert [5, message] in event


def test_nothing_was_read():
    event = events.MessageRead.Event(contents=True)
    assert (event.max_id, event.message_ids) == (None, [])
    assert not event.is_read(1)


async def test_messages(build, client):
    event = build(events.MessageRead, "read channel contents")
    client.gives["get_messages"] = ["message"]
    assert await event.get_messages() == ["message"]
    assert await event.get_messages() == ["message"]
    assert client.calls == [("get_messages", (types.InputPeerChannel(7, 70),), {"ids": [4]})]


async def test_messages_of_no_known_chat(build, client):
    event = build(events.MessageRead, "read contents")
    assert await event.get_messages() == []
    assert client.calls == []
