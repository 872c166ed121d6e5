"""Reading, sending, changing and removing messages, against scripted answers."""

from __future__ import annotations

import datetime
import inspect
from collections.abc import Callable
from typing import Any

import pytest

from telethon import errors
from telethon.client.messages import MessageMethods
from telethon.tl import functions, types

DATE = datetime.datetime(2024, 5, 6, 7, 8, 9, tzinfo=datetime.timezone.utc)
USER, CHANNEL, GROUP = types.InputPeerUser(2, 20), types.InputPeerChannel(7, 70), types.InputPeerChat(9)
ENTITIES: dict[str, Any] = {
    "users": [types.User(1, is_self=True, access_hash=10), types.User(2, access_hash=20, username="two")],
    "chats": [
        types.Channel(id=7, title="c", photo=types.ChatPhotoEmpty(), date=DATE, access_hash=70),
        types.Channel(id=8, title="g", photo=types.ChatPhotoEmpty(), date=DATE, access_hash=80, megagroup=True),
    ],
}


def peer_of(peer: Any) -> Any:
    if isinstance(peer, types.InputPeerUser):
        return types.PeerUser(peer.user_id)
    return types.PeerChannel(peer.channel_id) if isinstance(peer, types.InputPeerChannel) else types.PeerChat(9)


def message(message_id: int, peer: Any = None, **fields: Any) -> types.Message:
    fields.setdefault("message", f"m{message_id}")
    return types.Message(id=message_id, peer_id=peer or types.PeerUser(2), date=DATE, **fields)


def history(count: int) -> Callable[[Any], Any]:
    """A chat with messages 1 to *count*; every fiftieth is empty."""

    def answer(request: Any) -> Any:
        ids = list(range(count, 0, -1))
        offset = request.offset_id or 0
        start = next((place for place, found in enumerate(ids) if found < offset), len(ids)) if offset else 0
        start += request.add_offset
        wanted = [ids[place] for place in range(start, start + request.limit) if 0 <= place < len(ids)]
        peer = peer_of(request.peer)
        found: list[Any] = [message(i, peer) if i % 50 else types.MessageEmpty(i, peer) for i in wanted]
        return types.messages.MessagesSlice(count=count, messages=found, topics=[], **ENTITIES)

    return answer


def by_ids(request: Any) -> Any:
    found: list[Any] = []
    for item in request.id:
        if item.id >= 400:
            continue
        found.append(message(item.id, types.PeerUser(3 if item.id == 13 else 2)))
    return types.messages.Messages(messages=found, topics=[], **ENTITIES)


def updates(*found: Any) -> types.Updates:
    return types.Updates(updates=list(found), date=DATE, seq=0, **ENTITIES)


def new(request: Any) -> Any:
    return updates(
        types.UpdateMessageID(50, request.random_id), types.UpdateNewMessage(message(50, peer_of(request.peer)), 1, 1)
    )


@pytest.fixture
def make(scripted: Callable[..., Any]) -> Callable[..., Any]:
    def made(**answers: Any) -> Any:
        client = scripted(answers)
        client._mb_entity_cache.set_self_user(1, False, 10)
        known = types.contacts.ResolvedPeer(types.PeerUser(2), ENTITIES["chats"], ENTITIES["users"])
        client.session.process_entities(known)
        return client

    return made


def sent(client: Any) -> list[Any]:
    found: list[Any] = client._sender.sent
    return found


# ---- reading


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ({}, [i for i in range(120, 0, -1) if i % 50]),
        ({"limit": 3}, [120, 119, 118]),
        ({"reverse": True}, [i for i in range(1, 121) if i % 50]),
        ({"min_id": 110}, list(range(120, 110, -1))),
        ({"max_id": 5}, [4, 3, 2, 1]),
        ({"min_id": 10, "max_id": 14}, [13, 12, 11]),
        ({"min_id": 10, "max_id": 14, "reverse": True}, [11, 12, 13]),
        ({"min_id": 10, "max_id": 11}, []),
        ({"offset_id": 4}, [3, 2, 1]),
        ({"offset_id": 117, "reverse": True}, [118, 119, 120]),
        ({"limit": 2, "add_offset": 3}, [117, 116]),
        ({"limit": 3, "offset_id": 20, "reverse": True}, [21, 22, 23]),
    ],
)
async def test_walking_through_a_chat(make: Any, options: dict[str, Any], ids: list[int]) -> None:
    client = make(GetHistory=history(120))
    walked = [found.id async for found in client.iter_messages(USER, wait_time=0, **options)]
    assert walked == ids


async def test_messages_know_their_client_and_chat(make: Any) -> None:
    client = make(GetHistory=history(3))
    (found,) = await client.get_messages("two")
    assert (found.id, found.client, found.input_chat) == (3, client, USER)


async def test_pages_have_a_hundred_messages(make: Any) -> None:
    asked: list[tuple[int, int]] = []
    answer = history(249)

    def remember(request: Any) -> Any:
        asked.append((request.limit, request.offset_id))
        return answer(request)

    iterator = make(GetHistory=remember).iter_messages(USER, wait_time=0)
    assert len(await iterator.collect()) == 245
    assert iterator.total == 249
    assert asked == [(100, 0), (100, 151), (100, 51)]


async def test_a_limit_of_nothing_still_tells_the_total(make: Any) -> None:
    client = make(GetHistory=history(7))
    found = await client.get_messages(USER, 0)
    assert (list(found), found.total) == ([], 7)


async def test_how_many_messages_by_default(make: Any) -> None:
    client = make(GetHistory=history(30))
    assert [found.id for found in await client.get_messages(USER)] == [30]
    assert len(await client.get_messages(USER, None)) == 30
    assert [found.id for found in await client.get_messages(USER, min_id=1, max_id=4)] == [3, 2]


async def test_repeated_and_unordered_messages_end_the_walk(make: Any) -> None:
    page = types.messages.MessagesSlice(
        count=500, messages=[message(300), message(299), message(299)], topics=[], **ENTITIES
    )
    client = make(GetHistory=page)
    assert [found.id async for found in client.iter_messages(USER)] == [300, 299]


async def test_searches(make: Any) -> None:
    client = make(Search=history(10), GetHistory=history(10))
    assert len(await client.get_messages(CHANNEL, None, search="word")) == 10
    assert sent(client)[-1].q == "word"
    assert isinstance(sent(client)[-1].filter, types.InputMessagesFilterEmpty)
    await client.get_messages(CHANNEL, 1, filter=types.InputMessagesFilterPhotos)
    assert isinstance(sent(client)[-1].filter, types.InputMessagesFilterPhotos)
    await client.get_messages(CHANNEL, 1, from_user="two")
    assert sent(client)[-1].from_id == USER


async def test_a_filter_with_a_date_starts_from_an_id(make: Any) -> None:
    dates: list[Any] = []

    def remember(request: Any) -> Any:
        dates.append(request.max_date)
        return history(10)(request)

    client = make(Search=remember, GetHistory=history(10))
    found = await client.get_messages(CHANNEL, 2, filter=types.InputMessagesFilterPhotos, offset_date=DATE)
    first = sent(client)[0]
    assert isinstance(first, functions.messages.GetHistoryRequest)
    assert (first.limit, first.offset_date) == (1, DATE)
    assert dates == [DATE]
    assert [one.id for one in found] == [10, 9]


async def test_senders_in_private_chats_are_checked_here(make: Any) -> None:
    def answer(request: Any) -> Any:
        found = [message(3), message(2, from_id=types.PeerUser(1)), message(1)] if not request.offset_id else []
        return types.messages.Messages(messages=found, topics=[], **ENTITIES)

    client = make(Search=answer)
    assert [found.id async for found in client.iter_messages(USER, from_user="me")] == [2]
    assert sent(client)[0].from_id is None


async def test_no_more_of_the_sender_than_wanted(make: Any) -> None:
    client = make(Search=types.messages.Messages(messages=[message(3), message(2), message(1)], topics=[], **ENTITIES))
    assert [found.id for found in await client.get_messages(USER, 2, from_user=2)] == [3, 2]


async def test_pages_without_anything_of_the_sender_end_nothing(make: Any) -> None:
    def answer(request: Any) -> Any:
        ids = range((request.offset_id or 301) - 1, 0, -1)[: request.limit]
        found = [message(one, from_id=types.PeerUser(1 if one in (3, 300) else 2)) for one in ids]
        return types.messages.MessagesSlice(count=300, messages=found, topics=[], **ENTITIES)

    client = make(Search=answer)
    assert [found.id for found in await client.get_messages(USER, 2, from_user="me")] == [300, 3]
    assert [request.limit for request in sent(client)] == [100, 100, 100]


async def test_searching_everywhere(make: Any) -> None:
    def answer(request: Any) -> Any:
        found = [message(9, types.PeerChannel(7)), message(80)] if not request.offset_id else []
        return types.messages.MessagesSlice(count=2, messages=found, topics=[], next_rate=5, **ENTITIES)

    client = make(SearchGlobal=answer)
    assert [found.id async for found in client.iter_messages(None, search="x")] == [9, 80]
    with pytest.raises(ValueError, match="Cannot reverse global search"):
        await client.get_messages(None, search="x", reverse=True)


async def test_searching_everywhere_for_what_somebody_sent(make: Any) -> None:
    def answer(request: Any) -> Any:
        ids = range(20, 10, -1) if not request.offset_id else range(10, 0, -1)
        found = [message(one, from_id=types.PeerUser(1 if one % 4 == 0 else 2)) for one in ids]
        return types.messages.MessagesSlice(count=20, messages=found, topics=[], next_rate=5, **ENTITIES)

    client = make(SearchGlobal=answer)
    assert [found.id for found in await client.get_messages(None, 4, from_user="me")] == [20, 16, 12, 8]
    # There are few of them on a page, so pages are not cut to what is left.
    assert [request.limit for request in sent(client)] == [100, 100]


async def test_replies_and_scheduled_messages(make: Any) -> None:
    scheduled = types.messages.Messages(messages=[message(3), message(2)], topics=[], **ENTITIES)
    client = make(GetReplies=history(4), GetScheduledHistory=scheduled)
    assert len(await client.get_messages(CHANNEL, None, reply_to=5)) == 4
    assert sent(client)[0].msg_id == 5
    assert [found.id async for found in client.iter_messages(USER, scheduled=True)] == [3, 2]
    assert len(sent(client)) == 2
    # They come all at once, and all of them are given.
    assert [found.id for found in await client.get_messages(USER, scheduled=True)] == [3, 2]


@pytest.mark.parametrize(("ids", "expected"), [([5, 404, 6], [5, None, 6]), ([13, 5], [None, 5]), ([], [])])
async def test_messages_by_ids(make: Any, ids: list[int], expected: list[int | None]) -> None:
    client = make(GetMessages=by_ids)
    found = await client.get_messages(USER, ids=ids)
    assert [one and one.id for one in found] == expected
    found = await client.get_messages(USER, ids=ids, reverse=True)
    assert [one and one.id for one in found] == expected[::-1]


async def test_one_message_by_id(make: Any) -> None:
    client = make(GetMessages=by_ids)
    assert (await client.get_messages(USER, ids=5)).id == 5
    assert await client.get_messages(USER, ids=404) is None
    assert (await client.get_messages(None, ids=13)).id == 13


async def test_ids_that_do_not_exist_in_a_channel(make: Any) -> None:
    client = make(GetMessages=errors.MessageIdsEmptyError)
    assert list(await client.get_messages(CHANNEL, ids=[1, 2])) == [None, None]


def test_the_signature_of_the_iterator_is_published() -> None:
    published = inspect.signature(MessageMethods.get_messages)
    assert published == inspect.signature(MessageMethods.iter_messages)
    assert list(published.parameters)[:3] == ["self", "entity", "limit"]


# ---- sending


async def test_sending_to_a_user(make: Any) -> None:
    client = make(SendMessage=types.UpdateShortSentMessage(id=60, pts=1, pts_count=1, date=DATE, out=True))
    found = await client.send_message(USER, "hi **b**", reply_to=5, link_preview=False)
    (request,) = sent(client)
    assert (request.message, request.no_webpage, request.reply_to.reply_to_msg_id) == ("hi b", True, 5)
    assert request.entities == [types.MessageEntityBold(3, 1)]
    assert (found.id, found.message, found.out, found.client) == (60, "hi b", True, client)
    assert found.reply_to.reply_to_msg_id == 5
    assert bytes(found)


async def test_sending_to_a_channel(make: Any) -> None:
    client = make(SendMessage=new)
    found = await client.send_message(
        CHANNEL, "<b>x</b>", parse_mode="html", silent=True, schedule=DATE, send_as=CHANNEL, message_effect_id=4
    )
    (request,) = sent(client)
    assert (request.message, request.silent, request.schedule_date, request.effect) == ("x", True, DATE, 4)
    assert request.send_as == CHANNEL
    assert found.id == 50


async def test_sending_nothing(make: Any) -> None:
    with pytest.raises(ValueError, match="cannot be empty"):
        await make().send_message(USER, "")


async def test_copying_a_message(make: Any) -> None:
    markup = types.ReplyKeyboardHide()
    client = make(SendMessage=new, SendMedia=new)
    original = message(4, entities=[types.MessageEntityBold(0, 1)], silent=True, reply_markup=markup)
    await client.send_message(USER, original)
    (request,) = sent(client)
    assert (request.message, request.entities, request.silent) == ("m4", original.entities, True)
    assert (request.reply_markup, request.no_webpage) == (markup, True)
    photo = types.Photo(1, 2, b"r", DATE, [], 4)
    await client.send_message(USER, message(5, media=types.MessageMediaPhoto(photo=photo)))
    assert sent(client)[1].media == types.InputMediaPhoto(types.InputPhoto(1, 2, b"r"))
    assert sent(client)[1].message == "m5"


async def test_commenting_a_post(make: Any) -> None:
    discussion = types.messages.DiscussionMessage(
        messages=[message(91, types.PeerChannel(8)), message(90, types.PeerChannel(8))], unread_count=0, **ENTITIES
    )
    client = make(GetDiscussionMessage=discussion, SendMessage=new)
    await client.send_message(CHANNEL, "hi", comment_to=5)
    assert sent(client)[0].msg_id == 5
    assert sent(client)[1].peer == types.InputPeerChannel(8, 80)
    assert sent(client)[1].reply_to.reply_to_msg_id == 90


def forwarded(request: Any) -> Any:
    found: list[Any] = []
    for place, (source, random_id) in enumerate(zip(request.id, request.random_id, strict=True)):
        if source != 99:
            found += [
                types.UpdateMessageID(20 + place, random_id),
                types.UpdateNewMessage(message(20 + place, message=f"f{source}"), 1, 1),
            ]
    return updates(*found)


async def test_forwarding(make: Any) -> None:
    client = make(ForwardMessages=forwarded)
    assert (await client.forward_messages(USER, 5, CHANNEL)).message == "f5"
    found = await client.forward_messages(USER, [5, 99, 6], CHANNEL, silent=True, drop_author=True)
    assert [one and one.message for one in found] == ["f5", None, "f6"]
    assert (sent(client)[1].silent, sent(client)[1].drop_author) == (True, True)


async def test_forwarding_from_several_chats(make: Any) -> None:
    client = make(ForwardMessages=forwarded)
    sources = [message(5, types.PeerChannel(7)), message(6, types.PeerChannel(8)), message(7, types.PeerChannel(8))]
    found = await client.forward_messages(USER, sources)
    assert [one.message for one in found] == ["f5", "f6", "f7"]
    assert [request.id for request in sent(client)] == [[5], [6, 7]]
    assert await client.forward_messages(USER, []) == []


@pytest.mark.parametrize(("messages", "error"), [(5, ValueError), ("x", TypeError)])
async def test_forwarding_what_tells_no_chat(make: Any, messages: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        await make().forward_messages(USER, messages)


def edited(request: Any) -> Any:
    return updates(types.UpdateEditMessage(message(request.id, message="new"), 1, 1))


async def test_editing(make: Any) -> None:
    client = make(EditMessage=edited)
    assert (await client.edit_message(USER, 5, "**t**")).id == 5
    await client.edit_message(message(6), "t2")
    await client.edit_message(USER, message(7), text="t3", link_preview=False, schedule=DATE)
    await client.edit_message(USER, 8)
    first, second, third, fourth = sent(client)
    assert (first.peer, first.id, first.message) == (USER, 5, "t")
    assert (second.peer, second.id, second.message) == (USER, 6, "t2")
    assert (third.id, third.no_webpage, third.schedule_date) == (7, True, DATE)
    assert fourth.message is None


async def test_editing_inline_messages_goes_to_their_data_centre(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client = make(EditInlineBotMessage=True)
    borrowed: list[Any] = []

    async def borrow(dc_id: int) -> Any:
        borrowed.append(dc_id)
        return client._sender

    async def give_back(sender: Any) -> None:
        borrowed.append(sender)

    monkeypatch.setattr(client, "_borrow_exported_sender", borrow)
    monkeypatch.setattr(client, "_return_exported_sender", give_back)
    elsewhere = client.session.dc_id + 1
    assert await client.edit_message(types.InputBotInlineMessageID(elsewhere, 1, 2), "t") is True
    assert borrowed == [elsewhere, client._sender]
    assert sent(client)[0].message == "t"


async def test_parts_that_servers_lost_before_an_edit_are_sent_again(make: Any) -> None:
    data = bytes(range(256)) * 1200
    lost = errors.FilePartMissingError(None, capture=1)
    client = make(
        SaveFilePart=True,
        EditMessage=[lost, lambda request: updates(types.UpdateEditMessage(message(request.id), 1, 1))],
        EditInlineBotMessage=[lost, True],
    )
    client.session.set_dc(2, "127.0.0.1", 443)
    assert (await client.edit_message(USER, 5, file=data)).id == 5
    assert await client.edit_message(types.InputBotInlineMessageID(2, 1, 2), "t", file=data) is True
    parts = [request for request in sent(client) if isinstance(request, functions.upload.SaveFilePartRequest)]
    assert [part.file_part for part in parts] == [0, 1, 2, 1] * 2
    assert parts[3].bytes == data[131072:262144]
    assert {part.file_id for part in parts[:4]} == {parts[0].file_id}


async def test_parts_that_stay_lost_before_an_edit_are_an_error(make: Any) -> None:
    client = make(SaveFilePart=True, EditMessage=errors.FilePartMissingError(None, capture=0))
    with pytest.raises(errors.FilePartMissingError):
        await client.edit_message(USER, 5, file=b"data")


# ---- removing, reading, pinning


async def test_deleting(make: Any) -> None:
    client = make(DeleteMessages=types.messages.AffectedMessages(1, 1))
    assert len(await client.delete_messages(USER, list(range(250)))) == 3
    await client.delete_messages(CHANNEL, [message(5), 6])
    await client.delete_messages(None, "7", revoke=False)
    requests = sent(client)
    assert [len(request.id) for request in requests[:3]] == [100, 100, 50]
    assert isinstance(requests[3], functions.channels.DeleteMessagesRequest)
    assert (requests[3].id, requests[4].id, requests[4].revoke) == ([5, 6], [7], False)


@pytest.mark.parametrize(
    ("arguments", "options", "max_id"),
    [((), {}, 0), ((5,), {}, 5), ((message(6),), {}, 6), (([3, message(9)],), {}, 9), ((), {"max_id": 4}, 4)],
)
async def test_reading(make: Any, arguments: tuple[Any, ...], options: dict[str, Any], max_id: int) -> None:
    client = make(ReadHistory=True)
    assert await client.send_read_acknowledge(CHANNEL, *arguments, **options)
    assert sent(client)[0].max_id == max_id


async def test_reading_mentions_and_reactions(make: Any) -> None:
    affected = types.messages.AffectedHistory(1, 1, 0)
    client = make(ReadHistory=True, ReadMentions=affected, ReadReactions=affected)
    await client.send_read_acknowledge(USER, clear_mentions=True, clear_reactions=True)
    assert client._sender.names == ["ReadMentions", "ReadReactions", "ReadHistory"]


async def test_pinning(make: Any) -> None:
    told = message(70)
    client = make(
        UpdatePinnedMessage=[updates(types.UpdateNewMessage(told, 1, 1)), updates()],
        UnpinAllMessages=types.messages.AffectedHistory(1, 1, 0),
    )
    assert await client.pin_message(USER, 5, notify=True, pm_oneside=True) is told
    assert await client.pin_message(USER, message(6)) is None
    await client.unpin_message(USER, 5)
    await client.unpin_message(USER)
    first, second, third, fourth = sent(client)
    assert (first.id, first.silent, first.unpin, first.pm_oneside) == (5, False, False, True)
    assert (second.id, second.silent) == (6, True)
    assert (third.id, third.unpin) == (5, True)
    assert isinstance(fourth, functions.messages.UnpinAllMessagesRequest)


# ---- long text


async def test_long_text_is_sent_in_several_messages(make: Any) -> None:
    client = make(SendMessage=new)
    text = "word **bold** " * 600
    found = await client.send_message("two", text, split=True, reply_to=4, clear_draft=True, silent=True,
                                      message_effect_id=5, buttons=types.ReplyKeyboardHide())  # fmt: skip
    requests = [one for one in sent(client) if isinstance(one, functions.messages.SendMessageRequest)]
    assert [one.id for one in found] == [50] * len(requests)
    assert " ".join(one.message for one in requests) == ("word bold " * 600).rstrip()
    assert [len(one.entities) for one in requests] == [100] * 6
    assert [one.clear_draft for one in requests] == [True, *[False] * (len(requests) - 1)]
    assert [one.effect for one in requests] == [5, *[None] * (len(requests) - 1)]
    assert [one.reply_markup for one in requests[:-1]] == [None] * (len(requests) - 1)
    assert isinstance(requests[-1].reply_markup, types.ReplyKeyboardHide)
    assert all(one.reply_to.reply_to_msg_id == 4 and one.silent for one in requests)


async def test_short_text_gives_a_list_with_split_too(make: Any) -> None:
    client = make(SendMessage=new)
    assert [one.id for one in await client.send_message("two", "hi", split=True)] == [50]
    assert [one.id for one in await client.send_message("two", message(3), split=True)] == [50]
    with pytest.raises(ValueError, match="cannot be empty"):
        await client.send_message("two", "", split=True)


async def test_entities_given_are_split_too(make: Any) -> None:
    client = make(SendMessage=new)
    bold = types.MessageEntityBold(0, 5000)
    await client.send_message("two", "a" * 5000, formatting_entities=[bold], split=True)
    requests = [one for one in sent(client) if isinstance(one, functions.messages.SendMessageRequest)]
    assert [one.entities for one in requests] == [[types.MessageEntityBold(0, 4096)], [types.MessageEntityBold(0, 904)]]


async def test_a_method_to_send_files_of_the_program_gets_all_that_was_given(make: Any) -> None:
    given = {
        name: number
        for number, name in enumerate(inspect.signature(MessageMethods.send_message).parameters)
        if name not in {"self", "entity", "message", "file"}
    }
    seen: dict[str, Any] = {}

    async def send_file(entity: Any, file: Any, **kwargs: Any) -> Any:
        seen.update(kwargs, entity=entity, file=file)
        return sent

    client = make()
    client.send_file = send_file
    assert await client.send_message("two", "text", file="a.png", **given) is sent
    assert seen == {**given, "entity": "two", "file": "a.png", "caption": "text"}


async def test_a_method_to_send_files_of_the_program_need_not_know_split(make: Any) -> None:
    async def send_file(entity: Any, file: Any, *, caption: str, **kwargs: Any) -> Any:
        return sorted(kwargs)

    client = make()
    client.send_file = send_file
    known = await client.send_message("two", "text", file="a.png")
    assert not {"split", "link_preview"} & set(known)


async def test_methods_can_be_tried_without_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    async def send_file(self: Any, *args: Any, **kwargs: Any) -> Any:
        return self, args

    monkeypatch.setattr(MessageMethods, "send_file", send_file)
    methods: Any = MessageMethods()  # pyright: ignore[reportAbstractUsage, reportCallIssue]
    assert await methods.send_message("two", "text", file="a.png") == (methods, ("two", "a.png"))
