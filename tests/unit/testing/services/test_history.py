from __future__ import annotations

import pytest
import worldkit
from hypothesis import given, settings
from hypothesis import strategies as st

from telethon.testing import RpcFault, tiny_png
from telethon.testing.services.history import page_of
from telethon.tl import functions, types


@pytest.fixture
def server():
    return worldkit.make_server()


@pytest.fixture
def ann(server):
    return worldkit.Device(server, server.create_user("Ann"))


@pytest.fixture
def bob(server):
    return worldkit.Device(server, server.create_user("Bob"))


def history(device, peer, **kwargs):
    filled = {"offset_id": 0, "offset_date": None, "add_offset": 0, "limit": 100, "max_id": 0, "min_id": 0, "hash": 0}
    return device(functions.messages.GetHistoryRequest(device.peer(peer), **{**filled, **kwargs}))


def ids(answer) -> list[int]:
    return [message.id for message in answer.messages]


async def fill(server, ann, bob, count=10):
    chat = ann.user.chat(bob.user)
    for number in range(count):
        await chat.send(f"text {number}")
        server._given_clock.advance(10)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.integers(1, 60), unique=True, max_size=40).map(sorted),
    st.integers(0, 65),
    st.integers(-12, 12),
    st.integers(1, 12),
    st.integers(0, 65),
    st.integers(0, 65),
)
def test_pages_are_as_the_documentation_defines_them(numbers, offset_id, add_offset, limit, max_id, min_id):
    newest_first = numbers[::-1]
    start = sum(1 for number in newest_first if offset_id and number >= offset_id) + add_offset
    window = [newest_first[place] for place in range(max(0, start), max(0, start + limit)) if place < len(newest_first)]
    expected = [number for number in window if (not max_id or number < max_id) and (not min_id or number > min_id)]
    assert page_of(numbers, offset_id, add_offset, limit, max_id, min_id) == expected


async def test_a_page_of_a_chat_newest_first(server, ann, bob):
    await fill(server, ann, bob)
    answer = history(ann, bob.user, limit=3)
    assert (ids(answer), answer.count) == ([10, 9, 8], 10)
    assert {user.id for user in answer.users} == {ann.user.id, bob.user.id}
    assert isinstance(history(ann, bob.user), types.messages.Messages)
    assert ids(history(ann, bob.user, offset_id=8, limit=2)) == [7, 6]
    assert ids(history(ann, bob.user, offset_id=5, add_offset=-2, limit=2)) == [6, 5]
    assert ids(history(ann, bob.user, min_id=8)) == [10, 9]
    assert ids(history(ann, bob.user, max_id=3)) == [2, 1]
    assert history(ann, bob.user, limit=0).count == 10


async def test_a_page_by_date(server, ann, bob):
    start = server.world.now()
    await fill(server, ann, bob)
    assert ids(history(ann, bob.user, offset_date=start + 30, limit=2)) == [3, 2]
    assert ids(history(ann, bob.user, offset_date=start + 10_000, limit=2)) == [10, 9]


async def test_messages_by_number(server, ann, bob):
    await fill(server, ann, bob, 3)
    await bob.user.chat(ann.user).send("reply", reply_to=2)
    answer = ann(
        functions.messages.GetMessagesRequest(
            [types.InputMessageID(2), types.InputMessageID(99), types.InputMessageReplyTo(4)]
        )
    )
    assert [type(message).__name__ for message in answer.messages] == ["Message", "MessageEmpty", "Message"]
    assert ids(answer) == [2, 99, 2]


async def test_search_by_words_writer_and_kind(server, ann, bob):
    await fill(server, ann, bob)
    await bob.user.chat(ann.user).send("text of Bob")
    await ann.user.chat(bob.user).send_file(tiny_png(), "a picture")
    await ann.user.chat(bob.user).send_file(b"data", "a file", name="x.bin")

    def search(q="", chosen=None, **kwargs):
        filled = {"offset_id": 0, "add_offset": 0, "limit": 50, "max_id": 0, "min_id": 0, "hash": 0, **kwargs}
        chosen = chosen or types.InputMessagesFilterEmpty()
        request = functions.messages.SearchRequest(
            ann.peer(bob.user), q, filter=chosen, min_date=None, max_date=None, **filled
        )
        return [message.message for message in ann(request).messages]

    assert search("text 7") == ["text 7"]
    assert search("TEXT", limit=2) == ["text of Bob", "text 9"]
    assert search(from_id=ann.peer(bob.user)) == ["text of Bob"]
    assert search(chosen=types.InputMessagesFilterPhotos()) == ["a picture"]
    assert search(chosen=types.InputMessagesFilterDocument()) == ["a file"]
    assert search(chosen=types.InputMessagesFilterVoice()) == []
    counters = ann(functions.messages.GetSearchCountersRequest(ann.peer(bob.user), [types.InputMessagesFilterPhotos()]))
    assert counters[0].count == 1
    found = ann(
        functions.messages.SearchGlobalRequest(
            "of bob", types.InputMessagesFilterEmpty(), None, None, 0, types.InputPeerEmpty(), 0, 10
        )
    )
    assert [message.message for message in found.messages] == ["text of Bob"]


async def test_reading_is_told_to_both_sides(server, ann, bob):
    await fill(server, ann, bob, 3)
    ann.updates()
    bob.updates()
    second = worldkit.Device(server, bob.user)
    affected = bob(functions.messages.ReadHistoryRequest(bob.peer(ann.user), 2))
    assert affected.pts_count == 1
    (outbox,) = ann.updates()
    assert (type(outbox), outbox.max_id) == (types.UpdateReadHistoryOutbox, 2)
    (inbox,) = second.updates()
    assert (type(inbox), inbox.max_id, inbox.still_unread_count) == (types.UpdateReadHistoryInbox, 2, 1)
    assert bob(functions.messages.ReadHistoryRequest(bob.peer(ann.user), 1)).pts_count == 0


async def test_clearing_a_chat(server, ann, bob):
    await fill(server, ann, bob, 5)
    request = functions.messages.DeleteHistoryRequest(ann.peer(bob.user), 3)
    assert ann(request).pts_count == 3
    assert ids(history(ann, bob.user)) == [5, 4]
    assert len(bob.user.chat(ann.user).messages()) == 5
    ann(functions.messages.DeleteHistoryRequest(ann.peer(bob.user), 0, revoke=True))
    assert len(bob.user.chat(ann.user).messages()) == 3
    assert ids(history(ann, bob.user)) == []


async def test_a_private_channel_shows_nothing_to_others(server, ann, bob):
    channel = server.create_channel("Secret", ann.user)
    with pytest.raises(RpcFault, match="CHANNEL_PRIVATE"):
        history(bob, channel)
    public = server.create_channel("Public", ann.user, username="public_one")
    assert ids(history(bob, public)) == [1]


async def test_differences_refuse_states_that_cannot_be(server, ann, bob):
    await fill(server, ann, bob, 3)
    for pts, error in ((0, "PERSISTENT_TIMESTAMP_EMPTY"), (999, "PERSISTENT_TIMESTAMP_INVALID")):
        with pytest.raises(RpcFault, match=error):
            ann(functions.updates.GetDifferenceRequest(pts, 0, 0))


async def test_U4_too_much_is_told_as_too_long(server, ann, bob):
    server.world.options.difference_too_long = 3
    server.world.options.channel_too_long = 3
    await fill(server, ann, bob, 5)
    answer = ann(functions.updates.GetDifferenceRequest(1, 0, 0))
    assert isinstance(answer, types.updates.DifferenceTooLong)
    assert answer.pts == ann.user.account.mailbox.pts
    channel = server.create_channel("Talk", ann.user, [bob.user], megagroup=True)
    for number in range(6):
        await ann.user.chat(channel).send(f"post {number}")
    answer = bob(
        functions.updates.GetChannelDifferenceRequest(
            bob.user.input_channel(channel), types.ChannelMessagesFilterEmpty(), 1, 100
        )
    )
    assert isinstance(answer, types.updates.ChannelDifferenceTooLong)
    assert answer.dialog.pts == channel.box.pts
    assert answer.messages[0].message == "post 5"


async def test_the_list_of_chats_page_by_page(server, ann):
    others = [server.create_user(f"User {number}") for number in range(7)]
    for other in others:
        await other.chat(ann.user).send("hello")
        server._given_clock.advance(1)
    channel = server.create_channel("News", ann.user)

    def page(**kwargs):
        filled = {"offset_date": None, "offset_id": 0, "offset_peer": types.InputPeerEmpty(), "limit": 3, "hash": 0}
        return ann(functions.messages.GetDialogsRequest(**{**filled, **kwargs}))

    first = page()
    assert first.count == 8
    assert first.dialogs[0].peer == types.PeerChannel(channel.id)
    assert first.dialogs[0].pts == channel.box.pts
    seen = [dialog.peer for dialog in first.dialogs]
    answer = first
    while answer.dialogs:
        last = answer.dialogs[-1]
        top = next(message for message in answer.messages if message.peer_id == last.peer)
        answer = page(offset_date=top.date, offset_id=top.id, offset_peer=ann.peer(last.peer.user_id))
        seen += [dialog.peer for dialog in answer.dialogs]
    assert seen[1:] == [types.PeerUser(other.id) for other in others[::-1]]
    assert isinstance(page(limit=100), types.messages.Dialogs)
    ann(functions.messages.ToggleDialogPinRequest(types.InputDialogPeer(ann.peer(others[0])), pinned=True))
    assert page().dialogs[0].peer == types.PeerUser(others[0].id)
    assert page(exclude_pinned=True, limit=100).dialogs[0].peer != types.PeerUser(others[0].id)
    assert len(ann(functions.messages.GetPinnedDialogsRequest(0)).dialogs) == 1
    ann(functions.folders.EditPeerFoldersRequest([types.InputFolderPeer(ann.peer(others[1]), 1)]))
    assert [dialog.peer for dialog in page(folder_id=1).dialogs] == [types.PeerUser(others[1].id)]
    unread = {bytes(dialog.peer): dialog.unread_count for dialog in page(limit=100).dialogs}
    assert unread.pop(bytes(types.PeerChannel(channel.id))) == 0
    assert set(unread.values()) == {1}
