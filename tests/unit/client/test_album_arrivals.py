"""Albums are whole and happen once, in whatever way their messages arrive."""

from __future__ import annotations

import asyncio
import datetime
import random
from typing import Any

import pytest

from telethon import TelegramClient, events
from telethon.testing.clock import run_virtual
from telethon.tl import types

DATE = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
USER, CHANNEL = types.PeerUser(50), types.PeerChannel(7)
USERS = {50: types.User(50, access_hash=500, first_name="Bob")}
CHATS = {-1000000000007: types.Channel(7, "news", types.ChatPhotoEmpty(), DATE, access_hash=70, broadcast=True)}


class World:
    """Messages of two chats, albums among them, and the times at which updates tell of them.

    Args:
        rand: what decides.
        knows: whether Telegram can be asked for messages that are on their way; otherwise they exist when they arrive.
    """

    def __init__(self, rand: random.Random, knows: bool) -> None:
        self.knows = knows
        self.messages: dict[tuple[Any, int], Any] = {}
        self.albums: dict[int, list[int]] = {}
        self.arrivals: list[tuple[float, Any]] = []
        self.arrived: set[tuple[Any, int]] = set()
        self.requests = 0
        moment = 0.0
        next_id = {50: 1, 7: 1}
        for grouped_id in rand.sample(range(1, 10_000), rand.randint(1, 4)):
            peer = rand.choice((USER, CHANNEL))
            box = 50 if peer is USER else 7
            count = rand.randint(2, 10)
            at = moment
            for _ in range(count):
                if rand.random() < 0.1:
                    # Somebody writes something else meanwhile.
                    self._add(rand, peer, box, next_id, None, at)
                self._add(rand, peer, box, next_id, grouped_id, at)
                at += self._pause(rand)
            moment += rand.choice((0.0, 0.2, 3.0))
        rand.shuffle(self.arrivals)
        self.arrivals.sort(key=lambda one: one[0])

    def _pause(self, rand: random.Random) -> float:
        if self.knows and rand.random() < 0.1:
            return rand.uniform(0.9, 11.0)
        return rand.choice((0.0, 0.0, 0.05, rand.uniform(0.0, 0.9), 0.9))

    def _add(self, rand: random.Random, peer: Any, box: int, ids: dict[int, int], album: int | None, at: float) -> None:
        number = ids[box]
        ids[box] += 1
        message = types.Message(
            id=number, peer_id=peer, date=DATE, message=f"{number}", grouped_id=album, out=False, post=peer is CHANNEL
        )
        self.messages[box, number] = message
        if album is not None:
            self.albums.setdefault(album, []).append(number)
        kind = types.UpdateNewMessage if peer is USER else types.UpdateNewChannelMessage
        edit = types.UpdateEditMessage if peer is USER else types.UpdateEditChannelMessage
        self.arrivals.append((at, kind(message, number, 1)))
        if rand.random() < 0.1:
            self.arrivals.append((at + rand.random(), edit(message, number, 1)))
        if rand.random() < 0.05:
            # A second time, as after a gap.
            self.arrivals.append((at + rand.uniform(0, 20), kind(message, number, 1)))

    async def get_messages(self, chat: Any, *, ids: list[int]) -> list[Any]:
        self.requests += 1
        await asyncio.sleep(0.05)
        box = 50 if chat is None else 7
        known = self.messages if self.knows else {key: self.messages[key] for key in self.arrived}
        return [known.get((box, number)) for number in ids]


async def run(world: World) -> list[list[tuple[int, list[int]]]]:
    """What each of three handlers gets: the albums with the ids of their messages."""
    client = TelegramClient(None, 1, "hash")
    client.get_messages = world.get_messages
    for message in world.messages.values():
        message._finish_init(client, {**USERS, **CHATS}, None)
    got: list[list[tuple[int, list[int]]]] = [[], [], []]
    client.add_event_handler(lambda event: got[0].append(seen(event)), events.Album)
    client.add_event_handler(lambda event: None, events.NewMessage)
    client.add_event_handler(lambda event: got[1].append(seen(event)), events.Album(chats=[50, -1000000000007]))

    async def slow(event: Any) -> None:
        got[2].append(seen(event))
        await asyncio.sleep(100)

    client.add_event_handler(slow, events.Album(func=lambda event: len(event) > 1))
    begun = asyncio.get_running_loop().time()
    for at, update in world.arrivals:
        wait = begun + at - asyncio.get_running_loop().time()
        if wait > 0:
            await asyncio.sleep(wait)
        update._entities = {**USERS, **CHATS}
        if isinstance(update, (types.UpdateNewMessage, types.UpdateNewChannelMessage)):
            peer = update.message.peer_id
            world.arrived.add((50 if isinstance(peer, types.PeerUser) else 7, update.message.id))
        client._engine.dispatcher.dispatch(update)
    await asyncio.sleep(200)
    assert not client._event_handler_tasks
    return got


def seen(event: Any) -> tuple[int, list[int]]:
    return event.grouped_id, [message.id for message in event]


@pytest.mark.parametrize("knows", [True, False], ids=["asked", "only what came"])
def test_a_thousand_random_arrivals_make_exactly_the_albums_that_were_sent(knows: bool) -> None:
    wrong = []
    for seed in range(1_000):
        world = World(random.Random(f"{seed} {knows}"), knows)
        for got in run_virtual(run(world)):
            if sorted(got) != sorted(world.albums.items()):
                wrong.append(seed)
    assert wrong == []
