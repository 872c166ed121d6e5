"""What calls record: for each, what the server was asked and what came of it. Runs with either library.

A line to the server marks the beginning and the end of each call, so that requests belong to a call by their order. The
same line asks for what others shall do meanwhile. It is a method of the API that programs never use.
"""

import asyncio
import json
import sys

INFO = json.loads(sys.stdin.readline())

import normalise  # noqa: E402
from normalise import told  # noqa: E402

from telethon import TelegramClient, __version__, functions  # noqa: E402
from telethon.crypto import rsa  # noqa: E402
from telethon.sessions import MemorySession, StringSession  # noqa: E402

normalise.began = INFO["began"]
rsa.add_key(INFO["public_key_pem"], old=False)


def say(**line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def make_client(who=None, session=None, **options):
    """A client of somebody who is logged in already; of nobody without a name."""
    if session is None:
        if who is None:
            session = MemorySession()
            dc = INFO["default_dc"]
            session.set_dc(dc, *INFO["addresses"][str(dc)])
        else:
            session = StringSession(INFO["sessions"][who])
    options = {"timeout": 5, "retry_delay": 0.1, "request_retries": 2, **options}
    return TelegramClient(session, INFO["api_id"], INFO["api_hash"], **options)


def line(*words):
    """The request that tells the server something."""
    return functions.langpack.GetLanguageRequest("golden", json.dumps(words))


def heard(answer):
    return json.loads(answer.name)


def brief(value):
    """An argument, as it is told in the name of a call."""
    if hasattr(value, "CONSTRUCTOR_ID"):
        # Only numbers of messages are short and the same each time.
        number = getattr(value, "id", None)
        short = isinstance(number, int) and 0 < number < 1 << 30
        return f"<{type(value).__name__} {number}>" if short else f"<{type(value).__name__}>"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(brief(one) for one in value)}]"
    if value is None or isinstance(value, (str, int, float, type)):
        text = value.__name__ if isinstance(value, type) else repr(value)
        return text if len(text) < 60 else text[:57] + "..."
    return f"<{type(value).__name__}>"


def called(name, arguments, options):
    words = [brief(one) for one in arguments] + [f"{key}={brief(one)}" for key, one in options.items()]
    return f"{name}({', '.join(words)})"


class Recorder:
    """Makes calls and says what came of them.

    Args:
        control: a client for the line to the server.
    """

    def __init__(self, control):
        self.control = control
        self.names = {}

    async def server(self, *words):
        """Let something happen on the server."""
        return heard(await self.control(line(*words)))

    def named(self, name):
        self.names[name] = self.names.get(name, 0) + 1
        return name if self.names[name] == 1 else f"{name} #{self.names[name]}"

    async def __call__(self, name, work, wait=20):
        """Do something, and say what it gave. What it gives comes back, None after an error."""
        name = self.named(name)
        await self.server("begin", name)
        value = None
        try:
            value = work()
            if hasattr(value, "__await__"):
                value = await asyncio.wait_for(value, wait)
            found = told(value)
        except (Exception, asyncio.CancelledError) as problem:
            found = told(problem)
        await self.server("end", name)
        say(step=name, ok=True, detail=found)
        return value

    async def call(self, owner, method, *arguments, **options):
        """Call a method, which names the case as well."""
        return await self(called(method, arguments, options), lambda: getattr(owner, method)(*arguments, **options))

    async def collect(self, owner, method, *arguments, **options):
        """Everything that an iterating method gives."""

        async def work():
            return [one async for one in getattr(owner, method)(*arguments, **options)]

        return await self(called(method, arguments, options), work)

    async def hear(self, name, client, builder, trigger, count=1, patience=2.0, take=None):
        """The events that something leads to, or what *take* makes of each.

        With a *count* of 0 none are expected: the case ends after a moment in which they could have come.
        """

        async def work():
            events = []
            enough = asyncio.Event()

            async def handler(event):
                try:
                    events.append(event if take is None else await take(event))
                except Exception as problem:
                    events.append(problem)
                if len(events) >= count > 0:
                    enough.set()

            client.add_event_handler(handler, builder)
            try:
                done = trigger()
                if hasattr(done, "__await__"):
                    await done
                try:
                    await asyncio.wait_for(enough.wait(), patience if count else 0.15)
                except asyncio.TimeoutError:
                    pass
            finally:
                client.remove_event_handler(handler)
            return events

        return await self(name, work)


async def connected(who=None, **options):
    """A client that has asked what it asks by itself at the beginning."""
    client = make_client(who, **options)
    await client.connect()
    if who is not None:
        # What is asked for at the beginning is not what a call asks for.
        await client.get_me()
        await asyncio.sleep(0.2)
    return client


async def run(suite):
    """Play a suite; it gets a recorder."""
    control = make_client(receive_updates=False)
    await control.connect()
    say(step="version", ok=True, detail=__version__)
    try:
        await suite(Recorder(control))
    finally:
        await control.disconnect()
    say(done=True)
