"""What the programs in this folder share; it runs with either library.

The server's data comes as one line of JSON on standard input; every line that goes to standard output is JSON, too.
"""

import asyncio
import json
import sys
import traceback

INFO = json.loads(sys.stdin.readline())

from telethon import TelegramClient, events, functions  # noqa: E402
from telethon.crypto import rsa  # noqa: E402
from telethon.sessions import MemorySession  # noqa: E402

rsa.add_key(INFO["public_key_pem"], old=False)
ANN, BOT = INFO["user"], INFO["bot"]


def say(**line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def ask_code():
    say(ask="code", phone=ANN["phone"])
    return json.loads(sys.stdin.readline())["code"]


def settings(session=None):
    session = MemorySession() if session is None else session
    if not session.auth_key:
        session.set_dc(INFO["default_dc"], *INFO["addresses"][str(INFO["default_dc"])])
    return session, INFO["api_id"], INFO["api_hash"]


async def wait_for(condition, seconds=15.0):
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen in time")


async def bot_of(cls=TelegramClient, session=None, **options):
    """A client of the bot that follows updates, and what its handler got."""
    client = await cls(*settings(session), **options).start(bot_token=BOT["token"])
    got = []
    client.add_event_handler(
        lambda event: got.append(event.raw_text) or asyncio.sleep(0), events.NewMessage(incoming=True)
    )
    await settle(client)
    return client, got


async def settle(client):
    await client(functions.updates.GetStateRequest())
    await asyncio.sleep(0.7)


async def log_in_ann(cls=TelegramClient):
    """A client of a person who is logged in."""
    client = cls(*settings())
    await client.start(phone=lambda: ANN["phone"], password=lambda: ANN["password"], code_callback=ask_code)
    return client


async def run(steps):
    """Take one step after the other; each gets what the earlier ones left, and gives what to tell of it."""
    state = {}
    for step in steps:
        try:
            detail = await asyncio.wait_for(step(state), 60)
        except Exception as error:
            lines = [f"{one.lineno}" for one in traceback.extract_tb(error.__traceback__) if "interop" in one.filename]
            say(step=step.__name__, ok=False, detail=f"lines {lines}: {type(error).__name__}: {error}")
        else:
            say(step=step.__name__, ok=True, detail=detail)
    await state["client"].disconnect()
    say(done=True)
