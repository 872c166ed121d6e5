"""Albums: gathering their messages, and what can be done with them."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import event_cases
import pytest

from telethon import events
from telethon.testing.clock import run_virtual
from telethon.tl import types

Album = events.Album
BOB = types.InputPeerUser(50, 500)
SUPER = types.InputPeerChannel(7, 70)


def part(msg_id: int, grouped_id: int | None = 77, **fields: Any) -> Any:
    return types.UpdateNewMessage(event_cases.message(types, id=msg_id, grouped_id=grouped_id, **fields), 1, 1)


def ids(event: Any) -> list[int]:
    return [message.id for message in event]


def test_parts_of_albums():
    assert ids(Album.build(part(1), None, 9)) == [1]
    assert Album.build(part(1, None), None, 9) is None
    assert Album.build(types.UpdateEditMessage(part(1).message, 1, 1), None, 9) is None
    assert Album.build(types.UpdateNewMessage(types.MessageEmpty(id=1, peer_id=None), 1, 1), None, 9) is None


async def until_dispatched(client: Any, count: int = 1) -> float:
    """Wait until albums are handed over, and tell when."""
    while len(client.dispatched) < count:
        await asyncio.sleep(0.05)
    return asyncio.get_running_loop().time()


def test_an_album_is_handed_over_a_second_after_its_last_message(client, build):
    async def run() -> None:
        client.gives["get_messages"] = []
        start = asyncio.get_running_loop().time()
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
        assert 1.8 <= await until_dispatched(client) - start < 2
        assert list(map(ids, client.dispatched)) == [[1, 2, 3]]
        assert ids(first) == [1, 2, 3]
        # There is no album of one; this one is waited for longer.
        assert 15 <= await until_dispatched(client, 2) - start < 25
        assert ids(another) == [9]
        assert client._albums == {}
        assert client._event_handler_tasks == set()

    run_virtual(run())


@pytest.mark.parametrize("seconds", [0, 0.5])
def test_U6_an_album_that_was_cut_off_is_gathered_again(client, build, seconds):
    """As with updates that are stored: what no handler has had comes once more after connecting again."""

    async def run() -> None:
        client.gives["get_messages"] = []
        build(Album, part(1))
        if seconds:
            await asyncio.sleep(seconds)
        cut = list(client._event_handler_tasks)
        for task in cut:
            task.cancel()
        await asyncio.wait(cut)
        assert client._albums == {}
        build(Album, part(1))
        build(Album, part(2))
        await until_dispatched(client)
        assert list(map(ids, client.dispatched)) == [[1, 2]]

    run_virtual(run())


def test_U6_an_album_whose_handlers_were_cut_off_is_gathered_again(client, build):
    async def run() -> None:
        client.gives["get_messages"] = []
        begun: list[Any] = []

        async def endless(event: Any) -> None:
            begun.append(event)
            await asyncio.sleep(3600)

        handed, client._dispatch_event = client._dispatch_event, endless
        build(Album, part(1))
        build(Album, part(2))
        while not begun:
            await asyncio.sleep(0.1)
        cut = list(client._event_handler_tasks)
        for task in cut:
            task.cancel()
        await asyncio.wait(cut)
        client._dispatch_event = handed
        build(Album, part(1))
        build(Album, part(2))
        await until_dispatched(client)
        assert list(map(ids, client.dispatched)) == [[1, 2]]

    run_virtual(run())


def test_ten_messages_are_an_album_without_waiting(client, build):
    async def run() -> None:
        start = asyncio.get_running_loop().time()
        first = build(Album, part(1))
        for number in range(2, 11):
            build(Album, part(number))
        assert await until_dispatched(client) - start < 0.1
        assert ids(first) == list(range(1, 11))
        assert client.calls == []

    run_virtual(run())


def test_slow_messages_are_waited_for_longer(client, build):
    async def run() -> None:
        client.gives["get_messages"] = []
        first = build(Album, part(1))
        for number in range(2, 5):
            await asyncio.sleep(2.4)
            build(Album, part(number))
        last = asyncio.get_running_loop().time()
        assert 4.8 <= await until_dispatched(client) - last < 5.2
        assert ids(first) == [1, 2, 3, 4]
        assert len(client.dispatched) == 1

    run_virtual(run())


@pytest.mark.parametrize("where", [types.PeerUser(50), types.PeerChannel(7)])
def test_messages_that_did_not_come_are_asked_for(client, build, where):
    async def run() -> None:
        others = [
            part(11, peer=where).message,
            part(14, peer=where).message,
            part(15, 78, peer=where).message,
            part(16, peer=types.PeerUser(60)).message,
            None,
        ]
        for one in others[:-1]:
            one._finish_init(client, {}, None)
        client.gives["get_messages"] = others
        first = build(Album, part(13, peer=where))
        await until_dispatched(client)
        assert ids(first) == [11, 13, 14]
        [(name, args, kwargs)] = client.calls
        assert name == "get_messages"
        assert args == ((SUPER if isinstance(where, types.PeerChannel) else None),)
        assert kwargs == {"ids": [*range(1, 13), *range(14, 34)]}

    run_virtual(run())


@pytest.mark.parametrize(
    ("chats", "blacklist", "resolved", "asks"),
    [
        (None, False, True, True),
        ({50}, False, True, True),
        ({60}, False, True, False),
        ({50}, True, True, False),
        ({60}, True, True, True),
        ({60}, False, False, True),
    ],
)
def test_nothing_is_asked_for_when_nobody_wants_the_album(client, build, chats, blacklist, resolved, asks):
    async def run() -> None:
        client.gives["get_messages"] = []
        wanted = Album(chats, blacklist_chats=blacklist)
        wanted.resolved = resolved
        client._event_builders = [(events.NewMessage(), None), (wanted, None)]
        build(Album, part(1))
        build(Album, part(2))
        await until_dispatched(client)
        assert bool(client.calls) == asks

    run_virtual(run())


def test_what_came_is_handed_over_when_nothing_can_be_asked_for(client, build):
    async def run() -> None:
        client.gives["get_messages"] = ConnectionError("no connection")
        client._log = {"telethon.events.album": logging.getLogger("test")}
        first = build(Album, part(1))
        build(Album, part(2))
        await until_dispatched(client)
        assert ids(first) == [1, 2]

    run_virtual(run())


def test_messages_that_come_too_late_are_no_other_album(client, build):
    async def run() -> None:
        client.gives["get_messages"] = []
        build(Album, part(1))
        build(Album, part(2))
        await until_dispatched(client)
        build(Album, part(3))
        assert client._albums == {}
        await asyncio.sleep(60)
        assert len(client.dispatched) == 1

    run_virtual(run())


def test_gathering_ends_with_the_client(client, build):
    async def run() -> None:
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
        builder = Album()
        builder.resolved = True
        first, second = build(Album, part(1)), build(Album, part(2))
        assert ids(first) == [1, 2]
        assert builder.filter(first) is None
        assert builder.filter(second) is None
        client.gives["get_messages"] = []
        await asyncio.sleep(1.1)
        # What is handed over is another event: whoever looks at those of the parts only now does not get it twice.
        assert builder.filter(first) is None
        assert builder.filter(second) is None
        assert list(map(builder.filter, client.dispatched)) == [True]
        assert list(map(ids, client.dispatched)) == [[1, 2]]
        assert client.dispatched[0].original_update is first.original_update

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
