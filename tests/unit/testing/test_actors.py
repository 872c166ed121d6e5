from __future__ import annotations

import asyncio

import pytest
import worldkit

from telethon.testing import RpcFault, tiny_png
from telethon.tl import functions, types


@pytest.fixture
def server():
    return worldkit.make_server()


@pytest.fixture
def ann(server):
    return server.create_user("Ann")


@pytest.fixture
def bob(server):
    return server.create_user("Bob")


async def test_two_people_talk(ann, bob):
    chat, theirs = ann.chat(bob), bob.chat(ann)
    sent = await chat.send("question")
    heard = await theirs.expect_reply()
    assert (heard.text, heard.sender_id) == ("question", ann.id)
    await theirs.send("answer", reply_to=heard)
    reply = await chat.expect_reply()
    assert (reply.text, reply.reply_to_id) == ("answer", sent.id)
    await chat.edit(sent, "other question")
    changed = await theirs.expect_edit()
    assert (changed.text, changed.edited, changed.id) == ("other question", True, heard.id)
    await chat.delete(sent)
    assert heard.deleted
    await chat.expect_silence(0.01)


async def test_waiting_ends_when_something_comes_or_time_is_over(ann, bob):
    chat, theirs = ann.chat(bob), bob.chat(ann)
    waiting = asyncio.ensure_future(theirs.expect_reply(5))
    await asyncio.sleep(0)
    await chat.send("here")
    assert (await waiting).text == "here"
    with pytest.raises(TimeoutError, match="no reply came"):
        await theirs.expect_reply(0.01)
    await chat.send("too much")
    with pytest.raises(AssertionError, match="a message came"):
        await theirs.expect_silence(0.01)


async def test_replies_are_given_out_in_order_and_once(ann, bob):
    chat, theirs = ann.chat(bob), bob.chat(ann)
    for number in range(3):
        await chat.send(str(number))
    assert [(await theirs.expect_reply()).text for _ in range(3)] == ["0", "1", "2"]


async def test_files_and_pictures(tmp_path, ann, bob):
    path = tmp_path / "notes.txt"
    path.write_bytes(b"notes")
    theirs = bob.chat(ann)
    await ann.chat(bob).send_file(path, "look")
    seen = await theirs.expect_reply()
    assert (seen.file, seen.file_name, seen.text) == (b"notes", "notes.txt", "look")
    await ann.chat(bob).send_file(tiny_png())
    seen = await theirs.expect_reply()
    assert isinstance(seen.media, types.MessageMediaPhoto)
    assert (seen.file, seen.file_name) == (tiny_png(), None)
    await ann.chat(bob).send_file(tiny_png(), name="x.png", as_document=True)
    assert (await theirs.expect_reply()).media.document.mime_type == "image/png"


async def test_buttons_of_both_kinds(server, ann):
    bot = server.create_bot()
    device = worldkit.Device(server, bot)
    chat = ann.chat(bot)
    await chat.send("/start")
    inline = types.KeyboardInlineButton("Yes", types.InlineButtonTypeCallback(b"y"))
    link = types.KeyboardInlineButton("Open", types.InlineButtonTypeUrl("https://example.com"))
    rows = [types.KeyboardInlineButtonRow([inline, link])]
    send = functions.messages.SendMessageRequest
    device(send(device.peer(ann), "choose", random_id=1, reply_markup=types.ReplyInlineMarkup(rows)))
    seen = await chat.expect_reply()
    assert [[button.text for button in row] for row in seen.buttons] == [["Yes", "Open"]]
    assert seen.buttons[0][1].url == "https://example.com"
    for way in ("Yes", b"y"):
        device.updates()
        pressed = asyncio.ensure_future(chat.press(way))
        await asyncio.sleep(0)
        (query,) = device.updates()
        device(functions.messages.SetBotCallbackAnswerRequest(query.query_id, 0, message="ok"))
        assert (await pressed).message == "ok"
    with pytest.raises(LookupError, match=r"no message here has a button .*; there are 'Open', 'Yes'"):
        await chat.press("No")
    with pytest.raises(LookupError, match="does not ask the bot"):
        await chat.press("Open")
    keys = [types.KeyboardButtonRow([types.KeyboardButton("Menu", types.ButtonTypeDefault())])]
    device(send(device.peer(ann), "keys", random_id=2, reply_markup=types.ReplyKeyboardMarkup(keys)))
    assert (await chat.press("Menu")).text == "Menu"


async def test_inline_results(server, ann, bob):
    bot = server.create_bot()
    device = worldkit.Device(server, bot)
    asked = asyncio.ensure_future(ann.chat(bob).inline("cats", bot=bot))
    await asyncio.sleep(0)
    (query,) = device.updates()
    assert (query.query, query.peer_type) == ("cats", types.InlineQueryPeerTypePM())
    result = types.InputBotInlineResult("1", "article", types.InputBotInlineMessageText("meow"), title="A cat")
    device(functions.messages.SetInlineBotResultsRequest(query.query_id, [result], 0))
    results = await asked
    assert (len(results), results.titles) == (1, ["A cat"])
    assert (await results.send()).text == "meow"
    assert (await bob.chat(ann).expect_reply()).raw.via_bot_id == bot.id


async def test_groups_and_channels(server, ann, bob):
    group = server.create_group("Group", ann, [bob])
    mine, theirs = ann.chat(group), bob.chat(group)
    await mine.send("hello all")
    assert (await theirs.expect_reply()).text == "hello all"
    channel = server.create_channel("News", ann, username="news_1")
    reader = await bob.join(channel)
    await ann.chat(channel).send("post")
    assert (await reader.expect_reply()).text == "post"
    assert [seen.text for seen in reader.messages()] == ["", "post"]
    with pytest.raises(RpcFault, match="CHAT_ADMIN_REQUIRED"):
        await reader.send("no")
    await ann.chat(channel).delete(reader.last())
    assert len(reader.messages()) == 1


async def test_reading_typing_and_reacting_are_told(server, ann, bob):
    device = worldkit.Device(server, ann)
    await ann.chat(bob).send("hi")
    device.updates()
    await bob.chat(ann).read()
    await bob.chat(ann).typing()
    await bob.chat(ann).react(1, "👍")
    assert [type(update).__name__ for update in device.updates()] == [
        "UpdateReadHistoryOutbox",
        "UpdateUserTyping",
        "UpdateMessageReactions",
    ]


async def test_X5_nothing_secret_is_shown(server, ann, bob):
    bot = server.create_bot()
    assert bot.token not in repr(bot)
    seen = await ann.chat(bob).send("private words")
    assert "private" not in repr(seen)


@pytest.mark.parametrize("other", ["ann", None, object()])
def test_a_chat_with_what_is_nobody(ann, other):
    with pytest.raises(TypeError, match=f"not {type(other).__name__}$"):
        ann.chat(other)


async def test_what_is_no_text_cannot_be_written(ann, bob):
    with pytest.raises(TypeError, match="must be str, not bytes; files go with send_file"):
        await ann.chat(bob).send(b"hello")
