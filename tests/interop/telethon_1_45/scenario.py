"""What the real Telethon 1.45 does against the test server. It runs in an environment of its own.

The server's data comes as one line of JSON on standard input; every line that goes to standard output is JSON, too:
``{"step": ..., "ok": true}`` for something that worked, ``{"ask": "code", "phone": ...}`` when a log-in code is needed,
which then comes as the next line of input.
"""

import asyncio
import hashlib
import io
import json
import os
import random
import struct
import sys
import traceback
import zlib


def say(**line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def ask(**question):
    say(**question)
    return json.loads(sys.stdin.readline())


INFO = json.loads(sys.stdin.readline())

from telethon import Button, TelegramClient, __version__, errors, events, functions, types  # noqa: E402
from telethon.crypto import rsa  # noqa: E402
from telethon.sessions import MemorySession  # noqa: E402

rsa.add_key(INFO["public_key_pem"], old=False)


def make_client():
    session = MemorySession()
    dc = INFO["default_dc"]
    session.set_dc(dc, *INFO["addresses"][str(dc)])
    return TelegramClient(session, INFO["api_id"], INFO["api_hash"], timeout=5, retry_delay=0.2)


def png(width=320, height=200):
    row = b"\0" + bytes(random.randrange(256) for _ in range(width * 3))
    body = zlib.compress(row * height)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def where():
    """The error, and the lines of this file that led to it."""
    _, error, trace = sys.exc_info()
    lines = [
        f"line {frame.lineno}: {frame.line}" for frame in traceback.extract_tb(trace, 99) if frame.filename == __file__
    ]
    return "; ".join([*lines, f"{type(error).__name__}: {error}"])


async def wait_for(condition, seconds=20.0):
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen in time")


async def log_in(state):
    """A person with phone, code and password; the wrong ones first."""
    user = state["user"] = make_client()
    await user.connect()
    assert not await user.is_user_authorized()
    phone = INFO["user"]["phone"]
    await user.send_code_request(phone)
    try:
        await user.sign_in(phone, "00000")
    except errors.PhoneCodeInvalidError:
        pass
    else:
        raise AssertionError("a wrong code was accepted")
    code = ask(ask="code", phone=phone)["code"]
    try:
        await user.sign_in(phone, code)
    except errors.SessionPasswordNeededError:
        pass
    else:
        raise AssertionError("no password was asked for")
    try:
        await user.sign_in(password="wrong")
    except errors.PasswordHashInvalidError:
        pass
    else:
        raise AssertionError("a wrong password was accepted")
    me = await user.sign_in(password=INFO["user"]["password"])
    assert me.id == INFO["user"]["id"], me
    me = await user.get_me()
    assert me.first_name == INFO["user"]["first_name"]
    assert me.is_self


async def log_in_elsewhere(state):
    """A person whose account lives in another data centre."""
    other = state["other"] = make_client()
    phone = INFO["other"]["phone"]
    await other.start(phone=lambda: phone, code_callback=lambda: ask(ask="code", phone=phone)["code"])
    assert other.session.dc_id == INFO["other"]["dc_id"], other.session.dc_id
    assert (await other.get_me()).id == INFO["other"]["id"]


async def log_in_bot(state):
    bot = state["bot"] = make_client()
    await bot.start(bot_token=INFO["bot"]["token"])
    assert (await bot.get_me()).bot


async def message_life(state):
    """Send, edit, reply, forward, pin and delete."""
    user, other = state["user"], state["other"]
    got = []
    edited = []
    deleted = []
    other.add_event_handler(lambda event: _add(got, event), events.NewMessage(incoming=True))
    other.add_event_handler(lambda event: _add(edited, event), events.MessageEdited)
    other.add_event_handler(lambda event: _add(deleted, event), events.MessageDeleted)
    entity = await user.get_entity(INFO["other"]["username"])
    sent = await user.send_message(entity, "**bold** and [link](https://example.com)")
    assert sent.raw_text == "bold and link"
    assert len(sent.entities) == 2
    await wait_for(lambda: got)
    assert got[0].raw_text == "bold and link"
    assert got[0].text == "**bold** and [link](https://example.com)"
    await sent.edit("changed")
    await wait_for(lambda: edited)
    assert edited[0].raw_text == "changed"
    reply = await got[0].reply("answer")
    assert reply.reply_to_msg_id == got[0].id
    forwarded = await user.forward_messages("me", sent)
    assert forwarded.fwd_from is not None
    await user.pin_message(entity, sent)
    full = await user.get_messages(entity, ids=types.InputMessagePinned())
    assert full is None or full.id == sent.id
    await user.delete_messages(entity, [sent.id])
    await wait_for(lambda: deleted)
    assert got[0].id in deleted[0].deleted_ids


async def _add(where, event):
    where.append(event)


async def hundred_messages(state):
    """100 messages, 100 events at the other end, in order."""
    user, other = state["user"], state["other"]
    got = []
    builder = events.NewMessage(incoming=True, pattern="number ")
    handler = lambda event: _add(got, event)  # noqa: E731
    other.add_event_handler(handler, builder)
    for number in range(100):
        await user.send_message(INFO["other"]["username"], f"number {number}")
    await wait_for(lambda: len(got) >= 100)
    assert [event.raw_text for event in got] == [f"number {number}" for number in range(100)]
    other.remove_event_handler(handler, builder)


async def history(state):
    user = state["user"]
    entity = await user.get_input_entity(INFO["other"]["username"])
    texts = [message.raw_text async for message in user.iter_messages(entity, limit=150)]
    assert texts[:100] == [f"number {number}" for number in reversed(range(100))], texts[:5]
    forward = [message.raw_text async for message in user.iter_messages(entity, search="number 1", reverse=True)]
    assert forward[0] == "number 1"
    assert "number 10" in forward
    total = (await user.get_messages(entity, limit=0)).total
    assert total == len(await user.get_messages(entity, limit=None))
    dialogs = await user.get_dialogs()
    assert any(dialog.entity.id == INFO["other"]["id"] for dialog in dialogs)
    assert dialogs.total >= len(dialogs)


async def buttons(state):
    """An inline button of a bot, pressed by a person, answered by the bot."""
    user, bot = state["user"], state["bot"]

    async def greet(event):
        await event.respond("choose", buttons=[[Button.inline("Yes", b"yes"), Button.inline("No", b"no")]])

    async def pressed(event):
        assert event.data == b"yes"
        await event.answer("you said yes", alert=True)
        await event.edit("thanks")

    bot.add_event_handler(greet, events.NewMessage(pattern="/start"))
    bot.add_event_handler(pressed, events.CallbackQuery)
    got = []
    edits = []
    user.add_event_handler(
        lambda event: _add(got, event), events.NewMessage(from_users=INFO["bot"]["id"], incoming=True)
    )
    user.add_event_handler(lambda event: _add(edits, event), events.MessageEdited(chats=INFO["bot"]["id"]))
    await user.send_message(INFO["bot"]["username"], "/start")
    await wait_for(lambda: got)
    answer = await got[0].message.click(text="Yes")
    assert answer.message == "you said yes"
    assert answer.alert
    await wait_for(lambda: edits)
    assert edits[0].raw_text == "thanks"


async def inline(state):
    user, bot = state["user"], state["bot"]

    async def answer(event):
        builder = event.builder
        await event.answer([builder.article(f"Say {event.text}", text=f"I say {event.text}")])

    bot.add_event_handler(answer, events.InlineQuery)
    results = await user.inline_query(INFO["bot"]["username"], "hello")
    assert results[0].title == "Say hello"
    message = await results[0].click("me")
    assert message.raw_text == "I say hello"
    assert message.via_bot_id == INFO["bot"]["id"]


async def files(state):
    """5 MB up and down again, and a photo."""
    user, other = state["user"], state["other"]
    content = os.urandom(5 * 1024 * 1024 + 123)
    file = io.BytesIO(content)
    file.name = "big.bin"
    seen = []
    message = await user.send_file(
        INFO["other"]["username"],
        file,
        caption="a file",
        progress_callback=lambda done, total: seen.append((done, total)),
    )
    assert seen[-1] == (len(content), len(content))
    assert message.file.size == len(content)
    assert message.file.name == "big.bin"
    back = await user.download_media(message, bytes)
    assert hashlib.sha256(back).digest() == hashlib.sha256(content).digest()
    # The receiver's account lives elsewhere, so the file has to be fetched from another data centre.
    theirs = (await other.get_messages(INFO["user"]["username"], limit=1))[0]
    assert theirs.file.name == "big.bin"
    assert await other.download_media(theirs, bytes) == content
    picture = io.BytesIO(png())
    picture.name = "picture.png"
    photo = await user.send_file(INFO["other"]["username"], picture)
    assert photo.photo is not None
    assert len(await user.download_media(photo, bytes)) > 0
    album = await user.send_file("me", [png_file(number) for number in range(3)])
    assert len({one.grouped_id for one in album}) == 1
    assert len(album) == 3


def png_file(number):
    file = io.BytesIO(png(100 + number, 100))
    file.name = f"{number}.png"
    return file


async def channels(state):
    """Make a channel, post, join it, read it, leave it."""
    user, other = state["user"], state["other"]
    made = await user(functions.channels.CreateChannelRequest("News", "all of it", broadcast=True))
    channel = made.chats[0]
    await user(functions.channels.UpdateUsernameRequest(channel, "interop_news"))
    await user.send_message(channel, "first post")
    got = []
    other.add_event_handler(lambda event: _add(got, event), events.NewMessage(chats="interop_news"))
    await other(functions.channels.JoinChannelRequest("interop_news"))
    posts = await other.get_messages("interop_news")
    assert posts[0].raw_text == "first post"
    assert posts[0].post
    await user.send_message(channel, "second post")
    await wait_for(lambda: got)
    assert got[0].raw_text == "second post"
    full = await user(functions.channels.GetFullChannelRequest(channel))
    assert full.full_chat.participants_count == 2
    members = await user.get_participants(channel)
    assert {member.id for member in members} == {INFO["user"]["id"], INFO["other"]["id"]}
    await other.delete_dialog("interop_news")
    assert len(await user.get_participants(channel)) == 1
    group = await user(functions.channels.CreateChannelRequest("Talk", "", megagroup=True))
    talk = group.chats[0]
    await user(functions.channels.InviteToChannelRequest(talk, [INFO["other"]["username"]]))
    await user.edit_permissions(talk, INFO["other"]["username"], send_messages=False)
    await other.get_dialogs()
    try:
        await other.send_message(types.PeerChannel(talk.id), "hi")
    except errors.UserBannedInChannelError:
        pass
    else:
        raise AssertionError("a muted member could write")
    permissions = await user.get_permissions(talk, INFO["other"]["username"])
    assert permissions.is_banned
    log = [entry async for entry in user.iter_admin_log(talk)]
    assert log


async def catching_up(state):
    """A client that was away gets what it missed."""
    user, other = state["user"], state["other"]
    await other.disconnect()
    for number in range(5):
        await user.send_message(INFO["other"]["username"], f"missed {number}")
    got = []
    other.add_event_handler(lambda event: _add(got, event), events.NewMessage(incoming=True, pattern="missed"))
    await other.connect()
    await other.catch_up()
    await wait_for(lambda: len(got) >= 5)
    assert [event.raw_text for event in got] == [f"missed {number}" for number in range(5)]


async def log_out(state):
    bot = state.pop("bot")
    assert await bot.log_out()


STEPS = [
    log_in,
    log_in_elsewhere,
    log_in_bot,
    message_life,
    hundred_messages,
    history,
    buttons,
    inline,
    files,
    channels,
    catching_up,
    log_out,
]


async def main():
    state = {}
    failed = 0
    say(step="version", ok=True, detail=__version__)
    try:
        for step in STEPS:
            try:
                await asyncio.wait_for(step(state), 60)
            except Exception:
                failed += 1
                say(step=step.__name__, ok=False, detail=where())
                if step in STEPS[:3]:
                    break
            else:
                say(step=step.__name__, ok=True)
    finally:
        for client in state.values():
            await client.disconnect()
    say(done=True, failed=failed)
    return failed


if __name__ == "__main__":
    sys.tracebacklimit = 0
    sys.exit(1 if asyncio.run(main()) else 0)
