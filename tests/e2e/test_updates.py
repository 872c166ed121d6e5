"""Updates through everything that a connection may do: what happened arrives, in order, and once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Any

import pytest

from telethon import events
from telethon.testing import TelegramTestServer
from telethon.tl import functions


async def until(condition: Callable[[], Any], seconds: float = 10.0) -> None:
    """Wait until something is true, and fail when that takes too long."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not condition():
        assert loop.time() < end, "it did not happen"
        await asyncio.sleep(0.01)


class Reader:
    """A client that notes the texts that arrive."""

    def __init__(self, server: TelegramTestServer, user: Any, session: Any = None, **options: Any) -> None:
        self.client = server.client(user, session=session or server.client_session(user), **options)
        self.texts: list[str] = []
        self.client.add_event_handler(self._note, events.NewMessage(incoming=True))

    async def _note(self, event: Any) -> None:
        self.texts.append(event.raw_text)

    async def __aenter__(self) -> Reader:
        await self.client.connect()
        await until(lambda: not self.client._engine._box.is_empty)
        return self

    async def __aexit__(self, *_: Any) -> None:
        await self.client.disconnect()


@pytest.fixture
async def people(telegram_server: TelegramTestServer) -> Any:
    """The server, two users, and a supergroup that they share."""
    ann, bob = telegram_server.create_user("Ann"), telegram_server.create_user("Bob")
    group = telegram_server.create_channel("Group", ann, [bob], megagroup=True)
    return telegram_server, ann, bob, group


async def test_I9_what_was_sent_while_there_was_no_connection_arrives(people):
    server, ann, bob, _ = people
    async with Reader(server, bob) as reader:
        await ann.chat(bob).send("before")
        await until(lambda: reader.texts == ["before"])
        server.faults.refuse_connections(times=3)
        server.faults.disconnect()
        for number in range(3):
            await ann.chat(bob).send(f"meanwhile {number}")
        await until(lambda: len(reader.texts) == 4)
        assert reader.texts == ["before", "meanwhile 0", "meanwhile 1", "meanwhile 2"]


async def test_U5_what_was_sent_to_a_session_that_is_forgotten_arrives(people):
    server, ann, bob, _ = people
    async with Reader(server, bob) as reader:
        server.faults.forget_sessions()
        server.faults.disconnect()
        await ann.chat(bob).send("forgotten")
        await until(lambda: reader.texts == ["forgotten"])
        await ann.chat(bob).send("after")
        await until(lambda: reader.texts == ["forgotten", "after"])


async def test_U1_lost_packets_are_noticed_by_the_next_one(people):
    server, ann, bob, group = people
    async with Reader(server, bob) as reader:
        await ann.chat(group).send("first in group")
        await until(lambda: len(reader.texts) == 1)
        server.faults.swallow()
        # What happens in one turn of the loop goes in one packet.
        await ann.chat(bob).send("lost")
        await ann.chat(group).send("lost in group")
        await asyncio.sleep(0.1)
        await ann.chat(bob).send("next")
        await ann.chat(group).send("next in group")
        await until(lambda: len(reader.texts) == 5)
        private = [text for text in reader.texts if "group" not in text]
        shared = [text for text in reader.texts if "group" in text]
        assert (private, shared) == (["lost", "next"], ["first in group", "lost in group", "next in group"])


async def test_I11_what_a_client_sends_is_an_event_for_its_other_clients_only(people):
    server, ann, bob, _ = people
    async with Reader(server, bob) as first, Reader(server, bob) as second:
        got: list[tuple[str, str, bool]] = []

        async def note(event: Any) -> None:
            got.append(("first" if event.client is first.client else "second", event.raw_text, event.out))

        await ann.chat(bob).send("so that they know her")
        await until(lambda: first.texts and second.texts)
        first.client.add_event_handler(note, events.NewMessage)
        second.client.add_event_handler(note, events.NewMessage)
        await first.client.send_message(bob.input_peer(ann.id), "hello")
        await until(lambda: got)
        await asyncio.sleep(0.2)
        assert got == [("second", "hello", True)]
        # Its own count has gone on as well: nothing is missing, and nothing is asked for.
        server.requests.clear()
        await ann.chat(bob).send("hi")
        await until(lambda: len(got) == 3)
        assert not [one for one in server.requests if "Difference" in str(one)]


async def test_U6_I10_restarts_lose_nothing_and_repeat_nothing(people):
    server, ann, bob, group = people
    rand = random.Random(5)
    session = server.client_session(bob)
    truth: dict[str, list[str]] = {"private": [], "group": []}
    texts: list[str] = []

    async def say(count: int) -> None:
        for _ in range(count):
            where = rand.choice(("private", "group"))
            text = f"{where} {len(truth[where])}"
            truth[where].append(text)
            await ann.chat(bob if where == "private" else group).send(text)

    for run in range(12):
        reader = Reader(server, bob, session, catch_up=True)
        reader.texts = texts
        await reader.client.connect()
        if run == 0:
            # Where it begins, and that there is a group, has to be known before anything can be missed.
            await until(lambda reader=reader: not reader.client._engine._box.is_empty)
            await say(1)
            await ann.chat(group).send("group 0" if not truth["group"] else f"group {len(truth['group'])}")
            truth["group"].append(f"group {len(truth['group'])}")
            await until(lambda: len(texts) == 2)
        for _ in range(3):
            await say(rand.randrange(4))
            trouble = rand.randrange(3)
            if trouble == 0:
                server.faults.disconnect()
            elif trouble == 1:
                server.faults.swallow(times=1)
            await asyncio.sleep(rand.random() * 0.05)
        await reader.client.disconnect()
        server.faults.clear()
        await say(rand.randrange(4))

    async with Reader(server, bob, session, catch_up=True) as reader:
        reader.texts = texts
        await until(lambda: len(texts) >= sum(map(len, truth.values())))
        await asyncio.sleep(0.3)
    for where, said in truth.items():
        assert [text for text in texts if text.startswith(where)] == said


async def test_updates_can_be_switched_off_and_on(people):
    server, ann, bob, _ = people
    reader = Reader(server, bob, receive_updates=False)
    await reader.client.connect()
    await ann.chat(bob).send("not heard of")
    await asyncio.sleep(0.2)
    assert reader.texts == []
    assert not [one for one in server.requests if "Difference" in str(one) or "GetState" in str(one)]
    await reader.client.set_receive_updates(True)
    await ann.chat(bob).send("heard of")
    await until(lambda: reader.texts)
    assert reader.texts[-1] == "heard of"
    await reader.client.disconnect()


async def test_a_program_that_ends_leaves_nothing_behind(people):
    server, ann, bob, _ = people
    before = asyncio.all_tasks()
    async with Reader(server, bob) as reader:
        await ann.chat(bob).send("hi")
        await until(lambda: reader.texts)
        await reader.client(functions.help.GetNearestDcRequest())
    await asyncio.sleep(0.05)
    left = [task for task in asyncio.all_tasks() - before if "telethon.client" in repr(task)]
    assert left == []
