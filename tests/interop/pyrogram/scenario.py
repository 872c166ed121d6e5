"""What Pyrogram, a client of another code base, and its descendants do against the test server.

It runs in an environment of its own.

It talks as the scenario for Telethon does: JSON lines, the server's data first on standard input.
"""

import asyncio
import inspect
import io
import json
import os
import sys
import traceback
from base64 import b64decode


def say(**line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def ask(**question):
    say(**question)
    return json.loads(sys.stdin.readline())


INFO = json.loads(sys.stdin.readline())

from pyrogram import Client, __version__, filters  # noqa: E402
from pyrogram.connection import connection  # noqa: E402
from pyrogram.connection.connection import Connection  # noqa: E402
from pyrogram.crypto import rsa  # noqa: E402
from pyrogram.errors import PhoneCodeInvalid, SessionPasswordNeeded  # noqa: E402
from pyrogram.handlers import CallbackQueryHandler, MessageHandler  # noqa: E402
from pyrogram.types import InlineKeyboardButton, InlineKeyboardMarkup  # noqa: E402


def modulus(pem):
    """The modulus in a PKCS#1 public key: a sequence of two integers."""
    der = b64decode("".join(line for line in pem.splitlines() if not line.startswith("-")))
    # SEQUENCE, two bytes of length; INTEGER, two bytes of length, a zero and the 256 bytes.
    return int.from_bytes(der[8 : 8 + 257], "big")


rsa.server_public_keys[INFO["fingerprint"]] = rsa.PublicKey(modulus(INFO["public_key_pem"]), 65537)


def address(dc_id):
    """Where the test server is, whatever address is asked for: nothing ever leaves this machine."""
    return tuple(INFO["addresses"][str(dc_id)])


class Loopback(Connection):
    def __init__(self, **kwargs):
        kwargs["server_address"], kwargs["port"] = address(kwargs["dc_id"])
        super().__init__(**kwargs)


def make_client(name, **kwargs):
    if "connection_factory" in inspect.signature(Client).parameters:
        kwargs.update(connection_factory=Loopback, skip_updates=False)
    else:
        # The older way: the address is looked up by the connection itself.
        connection.DataCenter = lambda dc_id, *more: address(dc_id)
    return Client(name, INFO["api_id"], INFO["api_hash"], in_memory=True, no_updates=False, **kwargs)


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
    """A person with phone, code and password."""
    user = state["user"] = make_client("user")
    await user.connect()
    phone = INFO["user"]["phone"]
    sent = await user.send_code(phone)
    try:
        await user.sign_in(phone, sent.phone_code_hash, "00000")
    except PhoneCodeInvalid:
        pass
    else:
        raise AssertionError("a wrong code was accepted")
    code = ask(ask="code", phone=phone)["code"]
    try:
        await user.sign_in(phone, sent.phone_code_hash, code)
    except SessionPasswordNeeded:
        pass
    else:
        raise AssertionError("no password was asked for")
    me = await user.check_password(INFO["user"]["password"])
    assert me.id == INFO["user"]["id"]
    await user.initialize()
    user.me = await user.get_me()
    assert user.me.first_name == INFO["user"]["first_name"]


async def log_in_bot(state):
    bot = state["bot"] = make_client("bot", bot_token=INFO["bot"]["token"])
    await bot.start()
    assert (await bot.get_me()).is_bot


async def ten_messages(state):
    """Ten messages, ten events at the other end, ten answers."""
    user, bot = state["user"], state["bot"]
    heard = []
    answers = []

    async def echo(client, message):
        heard.append(message.text)
        await message.reply(f"echo {message.text}")

    async def answered(client, message):
        answers.append(message.text)

    handler = bot.add_handler(MessageHandler(echo, filters.private & filters.regex("^number")))
    own = user.add_handler(MessageHandler(answered, filters.incoming))
    await asyncio.sleep(0.1)
    for number in range(10):
        await user.send_message(INFO["bot"]["username"], f"number {number}")
    # This client fetches a difference for each short update and hands out all that is in it, so some come twice.
    expected = {f"number {number}" for number in range(10)}
    await wait_for(lambda: set(heard) >= expected and set(answers) >= {f"echo {text}" for text in expected})
    assert set(heard) == expected, heard
    assert set(answers) == {f"echo {text}" for text in expected}, answers
    bot.remove_handler(*handler)
    user.remove_handler(*own)


async def history(state):
    user = state["user"]
    texts = [message.text async for message in user.get_chat_history(INFO["bot"]["username"], limit=50)]
    assert [text for text in texts if text.startswith("number")] == [
        f"number {number}" for number in reversed(range(10))
    ]
    dialogs = [dialog async for dialog in user.get_dialogs()]
    assert any(dialog.chat.username == INFO["bot"]["username"] for dialog in dialogs)


async def edit_and_delete(state):
    user = state["user"]
    message = await user.send_message("me", "before")
    changed = await message.edit("after **bold**")
    assert changed.text == "after bold"
    assert await user.delete_messages("me", message.id)
    gone = await user.get_messages("me", message.id)
    assert gone is None or gone.empty


async def button(state):
    user, bot = state["user"], state["bot"]

    async def offer(client, message):
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])
        await message.reply("choose", reply_markup=keyboard)

    async def pressed(client, query):
        await query.answer(f"you said {query.data}")

    bot.add_handler(MessageHandler(offer, filters.command("choose")))
    bot.add_handler(CallbackQueryHandler(pressed))
    await asyncio.sleep(0.1)
    await user.send_message(INFO["bot"]["username"], "/choose")
    found = []

    async def offered():
        async for message in user.get_chat_history(INFO["bot"]["username"], limit=1):
            if message.reply_markup is not None:
                found.append(message)

    for _ in range(200):
        await offered()
        if found:
            break
        await asyncio.sleep(0.05)
    answer = await user.request_callback_answer(found[0].chat.id, found[0].id, "yes")
    assert answer.message == "you said yes"


async def file(state):
    user = state["user"]
    content = os.urandom(3 * 1024 * 1024 + 77)
    data = io.BytesIO(content)
    data.name = "data.bin"
    message = await user.send_document("me", data)
    assert message.document.file_size == len(content)
    assert message.document.file_name == "data.bin"
    back = await user.download_media(message, in_memory=True)
    assert bytes(back.getbuffer()) == content


STEPS = [log_in, log_in_bot, ten_messages, history, edit_and_delete, button, file]


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
                if step in STEPS[:2]:
                    break
            else:
                say(step=step.__name__, ok=True)
    finally:
        for client in state.values():
            if client.is_connected:
                await client.stop()
    say(done=True, failed=failed)
    return failed


if __name__ == "__main__":
    sys.tracebacklimit = 0
    sys.exit(1 if asyncio.run(main()) else 0)
