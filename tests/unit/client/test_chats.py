"""Members, logs, photos, actions and statistics, against scripted answers."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

import pytest
from chatkit import (
    CHANNEL,
    DATE,
    GROUP,
    GROUP_OF_THREE,
    USER,
    channel,
    full_channel,
    full_group,
    knowing,
    members,
    sent,
    users,
)

from telethon import errors
from telethon.client.chats import ChatMethods
from telethon.tl import functions, types


@pytest.fixture
def make(scripted: Callable[..., Any]) -> Callable[..., Any]:
    return lambda **answers: knowing(scripted(answers))


# ---- members


async def test_members_of_a_channel(make: Any) -> None:
    client = make(GetParticipants=members)
    found = await client.get_participants(CHANNEL)
    assert ([user.id for user in found], found.total) == ([1, 2, 3], 4)
    assert isinstance(found[2].participant, types.ChannelParticipantBanned)
    assert sent(client)[0].filter == types.ChannelParticipantsSearch("")


async def test_a_limit(make: Any) -> None:
    client = make(GetParticipants=members, GetFullChannel=full_channel())
    assert [user.id for user in await client.get_participants(CHANNEL, 1)] == [1]
    assert sent(client)[0].limit == 1
    found = await client.get_participants(CHANNEL, 0)
    assert (list(found), found.total) == ([], 3)


async def test_filters_and_searches_ask_for_the_total_apart(make: Any) -> None:
    client = make(GetParticipants=members)
    iterator = client.iter_participants(CHANNEL, filter=types.ChannelParticipantsKicked, search="thr")
    assert [user.id async for user in iterator] == [3]
    first, second = sent(client)[:2]
    assert isinstance(first.filter, types.ChannelParticipantsRecent)
    assert second.filter == types.ChannelParticipantsKicked("")
    assert iterator.total == 4
    await client.get_participants(CHANNEL, search="Tw")
    assert sent(client)[-1].filter == types.ChannelParticipantsSearch("Tw")


async def test_members_of_a_group(make: Any) -> None:
    client = make(GetFullChat=full_group(*GROUP_OF_THREE))
    found = await client.get_participants(GROUP)
    assert ([user.id for user in found], found.total) == ([1, 2, 3], 3)
    assert isinstance(found[0].participant, types.ChatParticipantCreator)
    assert [user.id for user in await client.get_participants(GROUP, 2)] == [1, 2]
    assert [user.id for user in await client.get_participants(GROUP, search="SECOND")] == [2]
    hidden = full_group()
    hidden.full_chat.participants = types.ChatParticipantsForbidden(9)  # type: ignore[union-attr]
    assert list(await make(GetFullChat=hidden).get_participants(GROUP)) == []


async def test_a_private_chat_has_one_member(make: Any) -> None:
    client = make(GetUsers=[[users()[1]]])
    found = await client.get_participants(USER)
    assert ([user.id for user in found], found.total) == ([2], 1)
    assert list(await client.get_participants(USER, 0)) == []


# ---- the log


async def test_the_admin_log(make: Any) -> None:
    edited = types.Message(id=4, peer_id=types.PeerChannel(7), date=DATE, message="x")

    def answer(request: Any) -> Any:
        ids = [i for i in (9, 8, 7) if not request.max_id or i < request.max_id][: request.limit]
        found = [
            types.ChannelAdminLogEvent(i, DATE, 2, types.ChannelAdminLogEventActionDeleteMessage(edited)) for i in ids
        ]
        return types.channels.AdminLogResults(events=found, chats=[channel()], users=users())

    client = make(GetAdminLog=answer)
    found = await client.get_admin_log(CHANNEL, admins=[2, "me"], search="q", ban=True, restrict=True)
    assert [(event.id, event.user_id, event.user.id) for event in found] == [(9, 2, 2), (8, 2, 2), (7, 2, 2)]
    request = sent(client)[0]
    assert (request.q, request.admins) == ("q", [types.InputUser(2, 20), types.InputUserSelf()])
    assert request.events_filter == types.ChannelAdminLogEventsFilter(kick=True, ban=True)
    assert edited.client is client  # type: ignore[attr-defined]
    await client.get_admin_log(CHANNEL, join=False)
    assert sent(client)[-1].events_filter is None


# ---- photos


def photo(photo_id: int) -> types.Photo:
    return types.Photo(photo_id, 2, b"r", DATE, [], 4)


async def test_photos_of_a_user(make: Any) -> None:
    def answer(request: Any) -> Any:
        ids = range(5)[request.offset : request.offset + min(request.limit, 2)]
        request.limit = len(ids) or 1
        return types.photos.PhotosSlice(count=5, photos=[photo(i + 1) for i in ids], users=[])

    client = make(GetUserPhotos=answer)
    found = await client.get_profile_photos(USER, offset=1)
    assert ([one.id for one in found], found.total) == ([2, 3, 4, 5], 5)
    assert (await client.get_profile_photos(USER, 0)).total == 5


@pytest.mark.parametrize(("chat", "ids"), [(CHANNEL, [10, 9, 8]), (GROUP, [9, 8])])
async def test_photos_of_a_chat(make: Any, chat: Any, ids: list[int]) -> None:
    found = [
        types.MessageService(
            id=i, peer_id=types.PeerChannel(7), date=DATE, action=types.MessageActionChatEditPhoto(photo(i))
        )
        for i in (9, 8)
    ]
    answer = types.messages.ChannelMessages(pts=1, count=2, messages=found, topics=[], chats=[], users=[])
    client = make(Search=answer, GetFullChannel=full_channel(photo(10)))
    assert [one.id for one in await client.get_profile_photos(chat)] == ids


# ---- actions


async def give_way(_seconds: float) -> None:
    await asyncio.sleep(0)


async def test_an_action_is_repeated_until_the_block_ends(make: Any) -> None:
    told = asyncio.Event()
    kinds: list[str] = []

    def answer(request: Any) -> Any:
        kinds.append(type(request.action).__name__)
        if len(kinds) == 2:
            told.set()
        return True

    client = make(SetTyping=answer)
    client._sleep = give_way
    async with client.action(USER, "document", delay=0) as action:
        action.progress(1, 3)
        await told.wait()
    assert kinds[0] == "SendMessageUploadDocumentAction"
    assert kinds[-1] == "SendMessageCancelAction"
    assert sent(client)[0].action.progress == 33


async def test_an_action_may_fade(make: Any) -> None:
    client = make(SetTyping=True)
    client._sleep = give_way
    async with client.action(USER, "typing", auto_cancel=False):
        await asyncio.sleep(0)
    assert not any(isinstance(request.action, types.SendMessageCancelAction) for request in sent(client))


async def test_cancelling_an_action(make: Any) -> None:
    client = make(SetTyping=True)
    assert await client.action(USER, "cancel") is True
    assert await client.action(USER, types.SendMessageCancelAction()) is True


@pytest.mark.parametrize("action", ["nope", 5, types.SendMessageTypingAction, types.PeerUser(1)])
async def test_what_is_no_action(make: Any, action: Any) -> None:
    with pytest.raises(ValueError, match=r"action|instance"):
        make().action(USER, action)


# ---- statistics


async def test_statistics(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client = make(
        GetBroadcastStats=[errors.BroadcastRequiredError, errors.StatsMigrateError(None, capture=4), "channel"],
        GetMegagroupStats="group",
        GetMessageStats="message",
    )
    events: list[Any] = []

    async def borrow(dc_id: int) -> Any:
        events.append(dc_id)
        return client._sender

    async def give_back(sender: Any) -> None:
        events.append("back")

    monkeypatch.setattr(client, "_borrow_exported_sender", borrow)
    monkeypatch.setattr(client, "_return_exported_sender", give_back)
    assert await client.get_stats(CHANNEL) == "group"
    assert await client.get_stats(CHANNEL) == "channel"
    assert events == [4, "back"]
    assert await client.get_stats(CHANNEL, 5) == "message"
    assert isinstance(sent(client)[-1], functions.stats.GetMessageStatsRequest)
    with pytest.raises(TypeError, match="channel entity"):
        await client.get_stats(USER)


@pytest.mark.parametrize("name", ["participants", "admin_log", "profile_photos"])
def test_signatures_of_iterators_are_published(name: str) -> None:
    published = inspect.signature(getattr(ChatMethods, "get_" + name))
    assert published == inspect.signature(getattr(ChatMethods, "iter_" + name))
