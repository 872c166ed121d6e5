"""Albums: gathering their messages, and what can be done with them."""

from __future__ import annotations

from typing import Any

import event_cases
import pytest

from telethon import events
from telethon.testing.clock import run_virtual
from telethon.tl import types

Album = events.Album
BOB = types.InputPeerUser(50, 500)


def part(msg_id: int, grouped_id: int | None = 77, **fields: Any) -> Any:
    return types.UpdateNewMessage(event_cases.message(types, id=msg_id, grouped_id=grouped_id, **fields), 1, 1)


def ids(event: Any) -> list[int]:
    return [message.id for message in event]


def test_parts_of_albums():
    assert ids(Album.build(part(1), None, 9)) == [1]
    assert Album.build(part(1, None), None, 9) is None
    assert Album.build(types.UpdateEditMessage(part(1).message, 1, 1), None, 9) is None
    assert Album.build(types.UpdateNewMessage(types.MessageEmpty(id=1, peer_id=None), 1, 1), None, 9) is None


def test_an_album_is_handed_over_half_a_second_after_its_last_message(client, build):
    async def run() -> None:
        import asyncio

        loop = asyncio.get_running_loop()
        start = loop.time()
        first = build(Album, part(3))
        await asyncio.sleep(0.4)
        build(Album, part(1))
        await asyncio.sleep(0.4)
        build(Album, part(2))
        # The same message once more, as after a gap.
        build(Album, part(2))
        another = build(Album, part(9, 88))
        assert set(client._albums) == {77, 88}
        assert client.dispatched == []
        while len(client.dispatched) < 2:
            await asyncio.sleep(0.05)
        assert 1.3 <= loop.time() - start < 1.5
        assert client.dispatched == [first, another]
        assert ids(first) == [1, 2, 3]
        assert ids(another) == [9]
        assert client._albums == {}
        assert client._event_handler_tasks == set()

    run_virtual(run())


def test_gathering_ends_with_the_client(client, build):
    async def run() -> None:
        import asyncio

        build(Album, part(1))
        [task] = client._event_handler_tasks
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        assert client._albums == {}
        assert client.dispatched == []

    run_virtual(run())


@pytest.fixture
def album(client: Any) -> Any:
    messages = [part(1, message="").message, part(2, message="caption").message, part(3, message="more").message]
    event = Album.Event(messages)
    event._entities = event_cases.entities(types)
    event._set_client(client)
    return event


def test_like_a_list(album):
    assert (len(album), ids(album), album[0].id, ids(album[1:])) == (3, [1, 2, 3], 1, [2, 3])
    assert (album.grouped_id, album.is_reply, album.forward) == (77, False, None)
    assert (album.raw_text, album.text) == ("caption", "caption")
    assert (album.chat.id, album.sender.id) == (50, 50)


def test_no_text(client):
    event = Album.Event([part(1, message="").message, part(2, message="").message])
    assert (event.text, event.raw_text) == ("", "")
    assert list(event.to_dict()) == ["original_update", "messages", "_"]


def test_only_whole_albums_are_wanted(album):
    builder = Album()
    builder.resolved = True
    assert builder.filter(album) is True
    assert builder.filter(Album.Event(album.messages[:1])) is None


def test_parts_are_not_wanted_while_more_is_waited_for(client, build):
    async def run() -> None:
        import asyncio

        builder = Album()
        builder.resolved = True
        first, second = build(Album, part(1)), build(Album, part(2))
        assert ids(first) == [1, 2]
        assert builder.filter(first) is None
        assert builder.filter(second) is None
        await asyncio.sleep(1)
        assert builder.filter(first) is True

    run_virtual(run())


async def test_calls(album, client):
    await album.respond("t")
    await album.reply("t")
    await album.forward_to(5)
    await album.edit("t")
    await album.delete(revoke=False)
    await album.mark_read()
    await album.pin(notify=True)
    assert await album.get_reply_message() is None
    named = [(name, args[:2]) for name, args, _ in client.calls]
    assert named == [
        ("send_message", (BOB, "t")),
        ("send_message", (BOB, "t")),
        ("forward_messages", (5,)),
        ("edit_message", (BOB, 2)),
        ("delete_messages", (BOB, album.messages)),
        ("send_read_acknowledge", (BOB,)),
        ("pin_message", (BOB, 1)),
    ]
    options = [kwargs for _, _, kwargs in client.calls]
    assert options[1] == {"reply_to": 1}
    assert options[2] == {"messages": album.messages, "from_peer": BOB}
    assert options[5] == {"max_id": 3}
    assert options[6]["notify"] is True


async def test_edit_without_any_text(client):
    event = Album.Event([part(1, message="").message, part(2, message="").message])
    event._entities = event_cases.entities(types)
    event._set_client(client)
    await event.edit("t")
    assert client.calls[0][1][1] == 1
