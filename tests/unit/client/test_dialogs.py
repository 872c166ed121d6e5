"""Dialogs, drafts and folders, against scripted answers."""

from __future__ import annotations

import datetime
import inspect
from collections.abc import Callable
from typing import Any

import pytest

from telethon import errors
from telethon.client.dialogs import DialogMethods
from telethon.tl import types

DATE = datetime.datetime(2024, 5, 6, 7, 8, 9, tzinfo=datetime.timezone.utc)
USER, CHANNEL, GROUP = types.InputPeerUser(2, 20), types.InputPeerChannel(7, 70), types.InputPeerChat(9)
PEERS: list[Any] = [types.PeerUser(2), types.PeerChannel(7), types.PeerChat(9), types.PeerUser(3)]
TOPS = [50, 40, 30, 20]


def entities() -> dict[str, Any]:
    users = [
        types.User(1, is_self=True, access_hash=10),
        types.User(2, access_hash=20, first_name="Two"),
        types.User(3, access_hash=30, first_name="Three"),
    ]
    chats = [
        types.Channel(id=7, title="Channel", photo=types.ChatPhotoEmpty(), date=DATE, access_hash=70),
        types.Chat(
            id=9,
            title="Group",
            photo=types.ChatPhotoEmpty(),
            participants_count=2,
            date=DATE,
            version=1,
            migrated_to=types.InputChannel(7, 70),
        ),
    ]
    return {"users": users, "chats": chats}


def dialog(place: int) -> types.Dialog:
    counts = (
        "unread_count",
        "unread_mentions_count",
        "unread_reactions_count",
        "unread_poll_votes_count",
        "read_inbox_max_id",
        "read_outbox_max_id",
    )
    return types.Dialog(
        peer=PEERS[place],
        top_message=TOPS[place],
        notify_settings=types.PeerNotifySettings(),
        pinned=place == 0,
        **dict.fromkeys(counts, 0),
    )


def message(place: int) -> types.Message:
    day = DATE - datetime.timedelta(days=place)
    return types.Message(id=TOPS[place], peer_id=PEERS[place], date=day, message="")


def pages(size: int) -> Callable[[Any], Any]:
    """A list of four dialogs, never more than *size* on a page."""

    def answer(request: Any) -> Any:
        start = TOPS.index(request.offset_id) + 1 if request.offset_id else 0
        wanted = range(start, min(len(PEERS), start + min(size, request.limit)))
        return types.messages.DialogsSlice(
            count=len(PEERS), dialogs=[dialog(i) for i in wanted], messages=[message(i) for i in wanted], **entities()
        )

    return answer


@pytest.fixture
def make(scripted: Callable[..., Any]) -> Callable[..., Any]:
    def made(**answers: Any) -> Any:
        client = scripted(answers)
        client._mb_entity_cache.set_self_user(1, False, 10)
        return client

    return made


def sent(client: Any) -> list[Any]:
    found: list[Any] = client._sender.sent
    return found


async def test_dialogs_have_their_names_and_messages(make: Any) -> None:
    client = make(GetDialogs=pages(100))
    iterator = client.iter_dialogs()
    found = await iterator.collect()
    assert [(one.name, one.id, one.message.id) for one in found] == [
        ("Two", 2, 50),
        ("Channel", -1000000000007, 40),
        ("Group", -9, 30),
        ("Three", 3, 20),
    ]
    assert iterator.total == found.total == 4


async def test_chats_of_dialogs_are_known_to_later_updates(make: Any) -> None:
    client = make(GetDialogs=pages(100))
    await client.get_dialogs()
    cache = client._mb_entity_cache
    assert [cache.get(one)._as_input_peer() for one in (2, 7)] == [USER, CHANNEL]


async def test_communities_are_dialogs_without_messages(make: Any) -> None:
    community = types.CommunityForbidden(id=12, access_hash=120, title="Community")
    line = types.DialogCommunity(community_id=12, notify_settings=types.PeerNotifySettings())
    known = entities()
    known["chats"].append(community)
    answer = types.messages.Dialogs(dialogs=[line, dialog(0)], messages=[message(0)], **known)
    found = await make(GetDialogs=answer).get_dialogs()
    assert [(one.name, one.id, one.is_community, one.message and one.message.id) for one in found] == [
        ("Community", -1000000000012, True, None),
        ("Two", 2, False, 50),
    ]


async def test_drafts_of_chats_that_did_not_come_with_them(make: Any) -> None:
    update = types.UpdateDraftMessage(types.PeerUser(99), types.DraftMessage("text", DATE))
    answer = types.Updates(updates=[update], users=[], chats=[], date=DATE, seq=0)
    [draft] = await make(GetAllDrafts=answer).get_drafts()
    assert (draft.text, draft.entity, draft.input_entity) == ("text", None, None)


async def test_pages_follow_each_other(make: Any) -> None:
    offsets: list[Any] = []

    def answer(request: Any) -> Any:
        offsets.append((request.offset_id, request.exclude_pinned, request.limit))
        return pages(request.limit)(request)

    client = make(GetDialogs=answer)
    assert len(await client.get_dialogs(3)) == 3
    assert offsets == [(0, False, 3)]


async def test_options(make: Any) -> None:
    client = make(GetDialogs=pages(100))
    await client.get_dialogs(archived=True)
    await client.get_dialogs(archived=False, ignore_pinned=True)
    await client.get_dialogs(folder=1)
    assert [(request.folder_id, request.exclude_pinned) for request in sent(client)] == [
        (1, False),
        (0, True),
        (1, False),
    ]
    assert [one.id for one in await client.get_dialogs(ignore_migrated=True)] == [2, -1000000000007, 3]
    before = DATE - datetime.timedelta(days=1)
    assert [one.id for one in await client.get_dialogs(offset_date=before)] == [-1000000000007, -9, 3]


async def test_a_limit_of_nothing_still_tells_the_total(make: Any) -> None:
    found = await make(GetDialogs=pages(100)).get_dialogs(0)
    assert (list(found), found.total) == ([], 4)


async def test_a_page_without_what_is_wanted_does_not_end_the_walk(make: Any) -> None:
    def answer(request: Any) -> Any:
        request_limit, request.limit = request.limit, 1
        found = pages(1)(request)
        # As a server that fills pages: as many as were asked for.
        request.limit = request_limit if not found.dialogs else len(found.dialogs)
        return found

    client = make(GetDialogs=answer)
    before = DATE - datetime.timedelta(days=2)
    assert [one.id for one in await client.get_dialogs(offset_date=before)] == [-9, 3]


async def test_drafts(make: Any) -> None:
    drafts = types.Updates(
        updates=[
            types.UpdateDraftMessage(types.PeerUser(2), types.DraftMessage("draft", DATE)),
            types.UpdateDraftMessage(types.PeerChannel(7), types.DraftMessageEmpty()),
        ],
        date=DATE,
        seq=0,
        **entities(),
    )
    of_one = types.messages.PeerDialogs(
        dialogs=[dialog(0)], messages=[], state=types.updates.State(1, 1, DATE, 1, 0), **entities()
    )
    client = make(GetAllDrafts=drafts, GetPeerDialogs=of_one)
    found = await client.get_drafts()
    assert [one.text for one in found] == ["draft", ""]
    assert (await client.get_drafts(USER)).is_empty
    assert len(await client.get_drafts([USER])) == 1
    assert sent(client)[-1].peers == [types.InputDialogPeer(USER)]


async def test_folders(make: Any) -> None:
    done = types.Updates(updates=[], users=[], chats=[], date=DATE, seq=0)
    client = make(EditPeerFolders=done, GetDialogs=pages(100))
    await client.edit_folder(USER, 1)
    await client.edit_folder([USER, CHANNEL], 0)
    await client.edit_folder((peer for peer in (USER, CHANNEL)), [0, 1])
    await client.edit_folder(unpack=1)
    moved = [
        [(item.peer, item.folder_id) for item in request.folder_peers]
        for request in sent(client)
        if hasattr(request, "folder_peers")
    ]
    assert moved[:3] == [[(USER, 1)], [(USER, 0), (CHANNEL, 0)], [(USER, 0), (CHANNEL, 1)]]
    assert [folder for _, folder in moved[3]] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("arguments", "options", "text"),
    [
        ((USER,), {}, "You must specify a folder"),
        ((USER, 1), {"unpack": 1}, "either entities or unpack"),
        ((), {}, "either entities or unpack"),
        (([USER, CHANNEL], [1]), {}, "does not match"),
    ],
)
async def test_folders_that_make_no_sense(make: Any, arguments: Any, options: Any, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        await make().edit_folder(*arguments, **options)


async def test_deleting_dialogs(make: Any) -> None:
    done = types.Updates(updates=[], users=[], chats=[], date=DATE, seq=0)
    affected = types.messages.AffectedHistory(1, 1, 0)
    client = make(LeaveChannel=done, DeleteChatUser=[done, errors.PeerIdInvalidError], DeleteHistory=affected)
    assert await client.delete_dialog(CHANNEL) is done
    assert await client.delete_dialog(USER, revoke=True) is None
    assert sent(client)[-1].revoke is True
    assert await client.delete_dialog(GROUP) is done
    assert await client.delete_dialog(GROUP) is None
    assert client._sender.names == [
        "LeaveChannel",
        "DeleteHistory",
        "DeleteChatUser",
        "DeleteHistory",
        "DeleteChatUser",
        "DeleteHistory",
    ]


async def test_a_group_out_of_use_is_not_left(make: Any) -> None:
    client = make(DeleteHistory=types.messages.AffectedHistory(1, 1, 0))
    chat = types.Chat(
        id=9,
        title="x",
        photo=types.ChatPhotoEmpty(),
        participants_count=1,
        date=DATE,
        version=1,
        deactivated=True,
    )
    assert await client.delete_dialog(chat) is None
    assert client._sender.names == ["DeleteHistory"]


def test_the_signature_of_the_iterator_is_published() -> None:
    published = inspect.signature(DialogMethods.get_dialogs)
    assert published == inspect.signature(DialogMethods.iter_dialogs)
