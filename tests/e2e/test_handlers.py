"""The events that every program knows, with all that they show, and how handlers are chosen and called."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Any

import pytest

from telethon import Button, TelegramClient, errors, events, functions, types
from telethon.sessions import SQLiteSession
from telethon.testing import TelegramTestServer, tiny_png


class Scene:
    """Ann with a client, Bob who acts without one, and a supergroup of both."""

    def __init__(self, server: TelegramTestServer, **options: Any) -> None:
        self.server = server
        self.ann, self.bob = server.create_user("Ann", username="ann_1"), server.create_user("Bob", username="bob_1")
        self.group = server.create_channel("Group", self.ann, [self.bob], megagroup=True)
        self.client = server.client(self.ann, **options)
        self.chat = self.bob.chat(self.ann)
        self.shared = self.bob.chat(self.group)

    def note(self, builder: Any, into: list[Any] | None = None, what: Any = lambda event: event) -> list[Any]:
        """Note all events of a kind, or something of each."""
        got: list[Any] = [] if into is None else into

        async def handler(event: Any) -> None:
            got.append(what(event))

        self.client.add_event_handler(handler, builder)
        return got


@pytest.fixture
async def scene(telegram_server: TelegramTestServer, settled: Any, request: Any) -> Any:
    made = Scene(telegram_server, **getattr(request, "param", {}))
    await made.client.connect()
    await settled(telegram_server, made.client)
    yield made
    await made.client.disconnect()


# -- what events show --------------------------------------------------------------------------------------------------


async def test_a_chat_from_its_beginning_to_its_end(scene, eventually):
    got = scene.note(events.ChatAction)
    server, ann, bob = scene.server, scene.ann, scene.bob
    eve = server.create_user("Eve")
    other = server.client(bob)
    async with other:
        made = await other(functions.messages.CreateChatRequest([bob.input_user(ann)], "Small"))
        chat_id = made.updates.chats[0].id
        peer = types.InputPeerChat(chat_id)
        await other(functions.messages.EditChatTitleRequest(chat_id, "Smaller"))
        photo = types.InputChatUploadedPhoto(file=await other.upload_file(tiny_png(), file_name="photo.png"))
        await other(functions.messages.EditChatPhotoRequest(chat_id, photo))
        await other(functions.messages.EditChatPhotoRequest(chat_id, types.InputChatPhotoEmpty()))
        await other(functions.messages.AddChatUserRequest(chat_id, bob.input_user(eve), 0))
        said = await other.send_message(peer, "pin this")
        await other.pin_message(peer, said)
        await other.unpin_message(peer, said)
        await other(functions.messages.DeleteChatUserRequest(chat_id, bob.input_user(eve)))
        await other(functions.messages.DeleteChatUserRequest(chat_id, "me"))
        await eventually(lambda: len(got) == 9)
    created, renamed, shown, hidden, added, pinned, unpinned, kicked, left = got
    assert {event.chat_id for event in got} == {-chat_id}
    assert (created.created, created.new_title, created.user_ids) == (True, "Small", [ann.id])
    assert (renamed.new_title, renamed.created, renamed.user_id) == ("Smaller", False, bob.id)
    assert (shown.new_photo, isinstance(shown.photo, types.Photo)) == (True, True)
    assert (hidden.new_photo, hidden.photo) == (True, None)
    assert (added.user_added, added.user_joined, added.user_id, added.added_by.id) == (True, False, eve.id, bob.id)
    assert (await added.get_user()).first_name == (await added.get_users())[0].first_name == "Eve"
    assert (await added.get_added_by()).first_name == "Bob"
    assert (await added.get_input_user()).user_id == added.input_users[0].user_id == eve.id
    assert (pinned.new_pin, pinned.unpin) == (True, False)
    assert (await pinned.get_pinned_message()).raw_text == "pin this"
    assert [one.raw_text for one in await pinned.get_pinned_messages()] == ["pin this"]
    assert (unpinned.new_pin, unpinned.unpin, unpinned.action_message) == (True, True, None)
    assert (kicked.user_kicked, kicked.user_left, kicked.user_id) == (True, False, eve.id)
    assert (await kicked.get_kicked_by()).first_name == kicked.kicked_by.first_name == "Bob"
    assert (left.user_left, left.user_kicked, left.user_id, left.kicked_by) == (True, False, bob.id, None)
    assert all(event.is_group and not event.is_private and not event.is_channel for event in got)
    assert (await renamed.get_chat()).title == "Smaller"
    # Bob is gone, so that Ann is alone with what she says.
    answer = await renamed.reply("hm")
    assert answer.reply_to_msg_id == renamed.action_message.id
    assert (await renamed.respond("so")).raw_text == "so"
    await renamed.delete(revoke=False)
    assert await scene.client.get_messages(-chat_id, ids=renamed.action_message.id) is None


async def test_somebody_joins_by_a_link(scene, eventually):
    got = scene.note(events.ChatAction(scene.group.peer))
    eve = scene.server.create_user("Eve")
    invite = await scene.ann.call(functions.messages.ExportChatInviteRequest(scene.ann.input_peer(scene.group.peer)))
    await eve.call(functions.messages.ImportChatInviteRequest(invite.link.rpartition("+")[2]))
    await eventually(lambda: got)
    assert (got[0].user_joined, got[0].user_added, got[0].user_id) == (True, False, eve.id)
    assert got[0].added_by is None


async def test_what_people_do(scene, eventually):
    await scene.chat.send("hi")
    got = scene.note(events.UserUpdate)
    actions: list[tuple[Any, str]] = [
        (types.SendMessageTypingAction(), "typing"),
        (types.SendMessageUploadPhotoAction(5), "uploading photo"),
        (types.SendMessageUploadDocumentAction(5), "uploading document"),
        (types.SendMessageRecordAudioAction(), "recording audio"),
        (types.SendMessageUploadRoundAction(5), "uploading round"),
        (types.SendMessageRecordVideoAction(), "recording video"),
        (types.SendMessageGamePlayAction(), "playing"),
        (types.SendMessageGeoLocationAction(), "geo"),
        (types.SendMessageChooseContactAction(), "uploading contact"),
        (types.SendMessageChooseStickerAction(), "uploading sticker"),
        (types.SendMessageCancelAction(), "cancel"),
    ]
    for action, _ in actions:
        await scene.chat.typing(action)
    await scene.shared.typing()
    await eventually(lambda: len([event for event in got if event.action]) == len(actions) + 1)
    done = [event for event in got if event.action]
    names = ["typing", "uploading", "recording", "playing", "cancel", "geo", "audio"]
    names += ["round", "video", "contact", "document", "sticker", "photo"]
    shown = [{name for name in names if getattr(event, name)} for event in done]
    assert shown == [*(set(words.split()) for _, words in actions), {"typing"}]
    assert {event.user_id for event in done} == {scene.bob.id}
    assert (await done[0].get_user()).first_name == done[0].user.first_name == "Bob"
    assert done[0].input_user.user_id == (await done[0].get_input_user()).user_id == scene.bob.id
    assert [event.chat_id for event in done[-2:]] == [scene.bob.id, scene.group.peer]
    got.clear()
    await scene.bob.call(functions.account.UpdateStatusRequest(offline=False))
    await scene.bob.call(functions.account.UpdateStatusRequest(offline=True))
    await eventually(lambda: len(got) >= 2)
    online, offline = got[0], got[-1]
    assert (online.online, online.recently, online.typing) == (True, True, None)
    assert online.until is not None
    assert (offline.online, offline.within_weeks, offline.within_months) == (False, True, True)
    assert offline.last_seen is not None


async def test_what_was_read_and_deleted(scene, eventually):
    theirs, ours = scene.note(events.MessageRead), scene.note(events.MessageRead(inbox=True))
    deleted = scene.note(events.MessageDeleted)
    in_group = scene.note(events.MessageDeleted(chats=scene.group.peer))
    first = await scene.client.send_message("bob_1", "one")
    second = await scene.client.send_message("bob_1", "two")
    await scene.chat.read()
    await eventually(lambda: theirs)
    event = theirs[0]
    assert (event.outbox, event.inbox, event.contents, event.max_id) == (True, False, False, second.id)
    assert event.is_read(first)
    assert event.is_read([first, second.id, second.id + 1]) == [True, True, False]
    assert [first, second] in event
    assert event.message_ids == []
    await scene.chat.send("three")
    await scene.ann.chat(scene.bob).read()
    await eventually(lambda: ours)
    assert (ours[0].inbox, ours[0].outbox, ours[0].chat_id) == (True, False, scene.bob.id)
    said = await scene.shared.send("shared")
    await scene.shared.delete(said)
    await scene.ann.chat(scene.bob).delete(second.id)
    await eventually(lambda: len(deleted) == 2)
    assert [(one.deleted_id, one.deleted_ids, one.chat_id) for one in deleted] == [
        (said.id, [said.id], scene.group.peer),
        (second.id, [second.id], None),
    ]
    assert [one.deleted_ids for one in in_group] == [[said.id]]


async def test_a_message_and_its_edit_show_all_that_the_message_has(scene, eventually):
    got = scene.note(events.NewMessage(incoming=True))
    edited = scene.note(events.MessageEdited(chats="bob_1"))
    first = await scene.client.send_message("bob_1", "question")
    sent = await scene.chat.send("**no** markup", reply_to=scene.chat.last())
    await scene.chat.edit(sent, "changed")
    await eventually(lambda: got and edited)
    event = got[0]
    assert (event.raw_text, event.is_reply, event.is_private, event.out) == ("**no** markup", True, True, False)
    assert (event.sender_id, event.chat_id, event.id) == (scene.bob.id, scene.bob.id, event.message.id)
    assert (await event.get_reply_message()).id == first.id
    assert (await event.get_sender()).username == "bob_1"
    assert (await event.get_chat()).id == scene.bob.id
    assert isinstance(event.original_update, types.UpdateShortMessage)
    assert event.client is scene.client
    assert "raw" not in event.to_dict()
    assert event.to_dict()["_"] == "NewMessage.Event"
    assert event.stringify().startswith("NewMessage.Event(")
    assert edited[0].raw_text == "changed"
    assert edited[0].edit_date is not None
    await event.mark_read()
    forwarded = await event.forward_to("me")
    assert forwarded.forward.sender_id == scene.bob.id
    answer = await event.reply("**bold**")
    assert [type(one) for one in answer.entities] == [types.MessageEntityBold]
    await event.delete()
    assert [one.text for one in scene.chat.messages()] == ["question", "bold"]


async def test_buttons_and_inline_queries_of_bots(telegram_server, telegram_bot, telegram_clients, settled, eventually):
    client = await telegram_clients(telegram_bot)
    await settled(telegram_server, client)
    chat = telegram_server.create_user("Ann").chat(telegram_bot)
    pressed: list[Any] = []

    @client.on(events.NewMessage(pattern="/start"))
    async def start(event: Any) -> None:
        await event.respond("choose", buttons=[Button.inline("One", b"item 1"), Button.inline("Two", b"item 2")])

    @client.on(events.CallbackQuery(pattern=rb"item (\d)"))
    async def item(event: events.CallbackQuery.Event) -> None:
        pressed.append(event)
        assert event.data_match is not None
        await event.answer(f"number {event.data_match[1].decode()}")
        await event.reply("chosen")

    @client.on(events.InlineQuery(pattern="(?i)no"))
    async def nothing(event: events.InlineQuery.Event) -> None:
        await event.answer([], switch_pm="Ask", switch_pm_param="ask")
        raise events.StopPropagation

    @client.on(events.InlineQuery)
    async def query(event: events.InlineQuery.Event) -> None:
        pressed.append(event)
        await event.answer([event.builder.article("A", text="from inline", buttons=Button.inline("Go", b"go"))])

    @client.on(events.CallbackQuery(data="go", func=lambda event: event.via_inline))
    async def go(event: events.CallbackQuery.Event) -> None:
        pressed.append(event)
        with pytest.raises(TypeError, match="Inline messages cannot be deleted"):
            await event.delete()
        await event.edit("gone on")

    await chat.send("/start")
    offered = await chat.expect_reply()
    assert (await chat.press("Two")).message == "number 2"
    reply = await chat.expect_reply()
    assert (reply.text, reply.reply_to_id) == ("chosen", offered.id)
    event = pressed.pop()
    assert (event.data, event.via_inline) == (b"item 2", False)
    assert event.sender_id == event.chat_id == chat.user.id
    assert (await event.get_message()).raw_text == "choose"
    assert event.message_id == (await event.get_message()).id
    assert event.id == event.query.query_id
    assert isinstance(event.chat_instance, int)
    assert (await event.get_sender()).first_name == "Ann"
    assert (await chat.inline("nothing")).titles == []
    results = await chat.inline("some", offset="7")
    asked = pressed.pop()
    assert (asked.text, asked.offset, asked.geo, asked.sender_id) == ("some", "7", None, chat.user.id)
    assert asked.id == asked.query.query_id
    sent = await results.send()
    await chat.press("Go", sent)
    assert pressed.pop().via_inline
    await eventually(lambda: chat.message(sent.id).text == "gone on")


# -- who is called -----------------------------------------------------------------------------------------------------


async def test_filters(scene, eventually):
    async def only_short(event: Any) -> bool:
        await asyncio.sleep(0)
        return len(event.raw_text) < 4

    def text(event: Any) -> str:
        return event.raw_text

    new = events.NewMessage
    got = {
        "incoming": scene.note(new(incoming=True), what=text),
        "outgoing": scene.note(new(outgoing=True), what=text),
        "both": scene.note(new(incoming=True, outgoing=True), what=text),
        "not outgoing": scene.note(new(outgoing=False), what=text),
        "chat by name": scene.note(new(chats="bob_1"), what=text),
        "chats mixed": scene.note(new(chats=["@bob_1", scene.group.peer, types.PeerUser(5)]), what=text),
        "all but a chat": scene.note(new(chats=[scene.group.peer], blacklist_chats=True), what=text),
        "from": scene.note(new(from_users=["bob_1"]), what=text),
        "from self": scene.note(new(from_users="me"), what=text),
        "forwards": scene.note(new(forwards=True), what=text),
        "no forwards": scene.note(new(forwards=False, chats="bob_1"), what=text),
        "pattern": scene.note(new(pattern="a.c"), what=text),
        "compiled": scene.note(new(pattern=re.compile("A", re.I)), what=text),
        "function": scene.note(new(pattern=lambda words: words.endswith("d")), what=text),
        "func": scene.note(new(func=lambda event: event.is_group), what=text),
        "async func": scene.note(new(func=only_short), what=text),
        "raw": scene.note(events.Raw([types.UpdateNewMessage, types.UpdateNewChannelMessage]), what=lambda one: 1),
    }
    await scene.chat.send("abcd")
    await scene.shared.send("in group")
    other = scene.server.client(scene.ann)
    async with other:
        await other.send_message("bob_1", "own")
    async with scene.server.client(scene.bob) as bob:
        await bob.get_dialogs()
        said = await bob.get_messages("ann_1", limit=1)
        await bob.forward_messages("ann_1", said)
    await eventually(lambda: len(got["both"]) == 4)
    await asyncio.sleep(0.1)
    heard = {name: [one for one in texts if one != 1] for name, texts in got.items()}
    assert heard == {
        "incoming": ["abcd", "in group", "own"],
        "outgoing": ["own"],
        "both": ["abcd", "in group", "own", "own"],
        "not outgoing": ["abcd", "in group", "own"],
        "chat by name": ["abcd", "own", "own"],
        "chats mixed": ["abcd", "in group", "own", "own"],
        "all but a chat": ["abcd", "own", "own"],
        "from": ["abcd", "in group", "own"],
        "from self": ["own"],
        "forwards": ["own"],
        "no forwards": ["abcd", "own"],
        "pattern": ["abcd"],
        "compiled": ["abcd"],
        "function": ["abcd"],
        "func": ["in group"],
        "async func": ["own", "own"],
        "raw": [],
    }
    with pytest.raises(ValueError, match="neither incoming nor outgoing"):
        new(incoming=False, outgoing=False)


async def test_order_and_stopping(scene, eventually):
    order: list[str] = []

    @events.register(events.NewMessage(pattern="stop"))
    @events.register(events.MessageEdited)
    async def first(event: Any) -> None:
        order.append(f"first {event.raw_text}")
        raise events.StopPropagation

    @scene.client.on(events.NewMessage)
    async def fails(event: Any) -> None:
        order.append(f"fails {event.raw_text}")
        raise ValueError("on purpose")

    scene.client.add_event_handler(first)
    scene.client.list_event_handlers()
    # What was registered later is called later.
    last = scene.note(events.NewMessage, order, lambda event: f"last {event.raw_text}")
    await scene.chat.send("stop")
    await scene.chat.send("go on")
    await eventually(lambda: len(order) == 4)
    by_text = {text: [line.split()[0] for line in order if line.endswith(text)] for text in ("stop", "go on")}
    assert by_text == {"stop": ["fails", "first"], "go on": ["fails", "last"]}
    assert last is order
    assert scene.client.remove_event_handler(first, events.MessageEdited) == 1
    assert scene.client.remove_event_handler(first) == 1
    assert events.is_handler(first)


@pytest.mark.parametrize("scene", [{"sequential_updates": True}], indirect=True)
async def test_one_after_the_other(scene, eventually):
    order: list[str] = []

    @scene.client.on(events.NewMessage(incoming=True))
    async def slow(event: Any) -> None:
        order.append(f"begin {event.raw_text}")
        await asyncio.sleep(0.03)
        order.append(f"end {event.raw_text}")

    for number in range(5):
        await scene.chat.send(f"{number}")
    await eventually(lambda: len(order) == 10)
    assert order == [f"{word} {number}" for number in range(5) for word in ("begin", "end")]


# -- conversations -----------------------------------------------------------------------------------------------------


async def test_everything_a_conversation_waits_for(scene):
    async with scene.client.conversation("bob_1", timeout=5) as conversation:
        first = await conversation.send_message("one")
        second = await conversation.send_message("two")
        theirs = {message.text: message for message in scene.chat.messages()}
        await scene.chat.send("reply to one", reply_to=theirs["one"])
        answer = await scene.chat.send("answer")
        assert (await conversation.get_response(second)).raw_text == "reply to one"
        assert (await conversation.get_reply(first)).raw_text == "reply to one"
        assert (await conversation.get_response()).raw_text == "answer"
        await scene.chat.edit(answer, "changed")
        assert (await conversation.get_edit()).raw_text == "changed"
        reading = asyncio.ensure_future(conversation.wait_read(second))
        await scene.chat.read()
        await reading
        waiting = asyncio.ensure_future(
            conversation.wait_event(events.UserUpdate(scene.bob.id, func=lambda event: event.typing))
        )
        await asyncio.sleep(0.05)
        await scene.chat.typing()
        assert (await waiting).user_id == scene.bob.id
        await conversation.mark_read()
        with pytest.raises(errors.AlreadyInConversationError):
            async with scene.client.conversation("bob_1"):
                pass
        with pytest.raises(asyncio.TimeoutError):
            await conversation.get_response(timeout=0.05)
        await scene.chat.send("in the end")
        assert (await conversation.get_response()).raw_text == "in the end"


async def test_a_conversation_that_is_ended(scene):
    async with scene.client.conversation("bob_1", exclusive=False) as conversation:
        await conversation.send_message("hi")
        asyncio.get_running_loop().call_later(0.05, conversation.cancel)
        with pytest.raises(asyncio.CancelledError):
            await conversation.get_response()
    async with scene.client.conversation("bob_1", total_timeout=0.2) as conversation:
        await conversation.send_message("hi")
        with pytest.raises(asyncio.TimeoutError):
            await conversation.get_response(timeout=10)


# -- updates on and off ------------------------------------------------------------------------------------------------


async def test_catching_up_by_hand(telegram_server, eventually):
    server = telegram_server
    ann, bob = server.create_user("Ann"), server.create_user("Bob")
    client = server.client(ann, receive_updates=False)
    texts: list[str] = []

    async def note(event: Any) -> None:
        texts.append(event.raw_text)

    client.add_event_handler(note, events.NewMessage(incoming=True))
    async with client:
        await bob.chat(ann).send("nobody hears")
        await asyncio.sleep(0.2)
        assert texts == []
        await client.set_receive_updates(True)
        await asyncio.sleep(0.3)
        await bob.chat(ann).send("heard")
        await eventually(lambda: texts[-1:] == ["heard"])
        server.faults.swallow()
        await bob.chat(ann).send("lost on the way")
        await asyncio.sleep(0.1)
        await client.catch_up()
        await eventually(lambda: texts[-1] == "lost on the way")
        assert texts[-2:] == ["heard", "lost on the way"]


# -- the end -----------------------------------------------------------------------------------------------------------


async def test_a_handler_that_waits_for_an_answer_is_cancelled_by_the_end_and_not_finished(
    scene, telegram_server, tmp_path, caplog
):
    def client() -> TelegramClient:
        session = SQLiteSession(str(tmp_path / "ann"))
        if session.auth_key is None:
            known = telegram_server.client_session(scene.ann)
            session.set_dc(known.dc_id, known.server_address, known.port)
            session.auth_key = known.auth_key
        return telegram_server.client(session=session, durable_updates=True)

    never = asyncio.Event()
    telegram_server.on(functions.messages.SetTypingRequest)(lambda request, call: never.wait())
    ended: list[str] = []
    asking = asyncio.Event()
    first, second = client(), client()

    @first.on(events.NewMessage(pattern="/order"))
    async def waits(event: Any) -> None:
        asking.set()
        try:
            await first(functions.messages.SetTypingRequest("bob_1", types.SendMessageTypingAction()))
        except BaseException as error:
            ended.append(type(error).__name__)
            raise

    async with first:
        await scene.chat.send("/order")
        await asking.wait()
        await asyncio.sleep(0.1)
    assert ended == ["CancelledError"]

    again: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    @second.on(events.NewMessage(pattern="/order"))
    async def answers(event: Any) -> None:
        again.set_result(event.is_redelivered)

    async with second:
        assert await asyncio.wait_for(again, 5) is True
    never.set()
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []
