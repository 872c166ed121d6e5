"""Temporary keys of a sender by itself; with a client around it, they are tested in tests/e2e/test_pfs.py."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from rawclient import NEAREST, answer_nearest

from telethon.crypto import AuthKey
from telethon.crypto.rsa import ServerKey
from telethon.mtproto.salts import KeyState
from telethon.network import ConnectionTcpFull, MTProtoSender
from telethon.testing import TelegramServerCore
from telethon.testing.keyexchange import NewKey
from telethon.tl.functions.help import GetNearestDcRequest

KEY = bytes(range(256))


def introduced() -> Any:
    from telethon.tl.alltlobjects import LAYER
    from telethon.tl.functions import InitConnectionRequest, InvokeWithLayerRequest

    init = InitConnectionRequest(1, "device", "system", "app", "en", "", "en", GetNearestDcRequest())
    return InvokeWithLayerRequest(LAYER, init)


class Pair:
    def __init__(self, loggers: Any, **options: Any) -> None:
        self.loggers = loggers
        self.server = TelegramServerCore(answer_nearest, strict_handshake=True)
        self.updates: asyncio.Queue[Any] = asyncio.Queue()
        self.sender = MTProtoSender(
            AuthKey(KEY), loggers=loggers, delay=0.01, connect_timeout=5, updates_queue=self.updates, **options
        )
        self.sender.use_pfs = True
        self.sender.hello = introduced
        key = ServerKey.from_pem(self.server.public_key_pem)
        self.sender.rsa_keys = {key.fingerprint: key}

    async def connect(self) -> None:
        await self.sender.connect(ConnectionTcpFull(*self.server.address(2), 2, loggers=self.loggers))
        await self.sender.send(introduced())


@pytest.fixture
async def pair(loggers: Any) -> AsyncIterator[Any]:
    made: list[Pair] = []

    async def make(**options: Any) -> Pair:
        one = Pair(loggers, **options)
        await one.server.start()
        one.server.add_key(2, NewKey(KEY, hashlib.sha1(KEY).digest()[12:], 5, None))
        made.append(one)
        return one

    yield make
    for one in made:
        await one.sender.disconnect()
        await one.server.stop()
        one.server.violations.check()
        assert one.sender._renewal is None


async def test_H17_a_forgotten_key_is_replaced_even_where_lost_connections_are_not_made_again(pair: Any) -> None:
    made = await pair(auto_reconnect=False)
    await made.connect()
    made.server.faults.forget_temporary_keys()
    assert await made.sender.send(GetNearestDcRequest()) == NEAREST
    await made.sender._renew()
    assert await made.sender.send(GetNearestDcRequest()) == NEAREST
    assert made.server.stats.connections == 3
    assert made.sender.auth_key == AuthKey(KEY)


async def test_H17_T7_a_server_that_forgets_every_key_is_not_asked_for_ever(pair: Any) -> None:
    made = await pair(retries=3)
    await made.connect()
    made.server.faults.transport_error(404, times=None)
    with pytest.raises(ConnectionError):
        await made.sender.send(GetNearestDcRequest())
    assert made.server.stats.connections <= 6
    made.server.faults.clear()


async def test_H17_a_key_belongs_to_its_permanent_key(pair: Any) -> None:
    made = await pair()
    await made.connect()
    first = made.sender._temporary.auth_key
    await made.sender.disconnect()
    other = bytes(256)
    made.server.add_key(2, NewKey(other, hashlib.sha1(other).digest()[12:], 5, None))
    made.sender.auth_key = AuthKey(other)
    await made.connect()
    assert made.sender._temporary.auth_key != first
    assert {auth.permanent.auth_key for auth in made.server.auth_keys() if auth.is_temporary} == {KEY, other}


async def test_H17_the_key_is_used_again_after_disconnecting_and_begins_with_the_right_salt(pair: Any) -> None:
    made = await pair()
    await made.connect()
    made.server.faults.bad_salt()
    assert await made.sender.send(GetNearestDcRequest()) == NEAREST
    before = dict(made.server.stats.bad_messages)
    await made.sender.disconnect()
    await made.connect()
    assert made.server.stats.keys == 2
    assert made.server.stats.bad_messages == before


async def test_H17_one_renewal_at_a_time_and_none_without_a_connection(pair: Any) -> None:
    made = await pair()
    await made.sender._renew()
    made.sender._begin_renewal()
    await made.connect()
    made.sender._begin_renewal()
    await asyncio.sleep(0)
    made.sender._begin_renewal()
    while made.server.stats.connections < 2:
        await asyncio.sleep(0.005)
    assert await made.sender.send(GetNearestDcRequest()) == NEAREST
    assert made.server.stats.keys == 3


async def waiting_for_a_slow_answer(made: Pair) -> tuple[Any, asyncio.Event]:
    """A request that the server has and answers later."""
    ended = asyncio.Event()
    came = asyncio.Event()

    async def slow(request: Any, context: Any) -> Any:
        came.set()
        await ended.wait()
        return NEAREST

    made.server.handler = slow
    waiting = made.sender.send(GetNearestDcRequest())
    await came.wait()
    made.server.handler = answer_nearest
    return waiting, ended


async def test_H17_a_connection_lost_during_a_renewal_loses_nothing(pair: Any) -> None:
    made = await pair()
    await made.connect()
    waiting, ended = await waiting_for_a_slow_answer(made)
    renewing = asyncio.ensure_future(made.sender._renew())
    while made.sender._drained is None:
        await asyncio.sleep(0.005)
    later = made.sender.send(GetNearestDcRequest())
    made.server.faults.disconnect()
    assert await asyncio.wait_for(later, 5) == NEAREST
    ended.set()
    assert await asyncio.wait_for(waiting, 5) == NEAREST
    await renewing
    # The session went on, and so did its key.
    assert len({session.key for session in made.server.sessions()}) == 1
    # The binding, the introduction, and those two: none was made twice.
    assert made.server.stats.requests == 2 + 2


async def test_H17_disconnecting_during_a_renewal(pair: Any) -> None:
    made = await pair()
    await made.connect()
    waiting, _ = await waiting_for_a_slow_answer(made)
    made.sender._begin_renewal()
    while made.sender._drained is None:
        await asyncio.sleep(0.005)
    await made.sender.disconnect()
    with pytest.raises(ConnectionError):
        await waiting


async def test_H17_an_introduction_that_is_refused_does_not_matter(pair: Any) -> None:
    made = await pair()
    await made.connect()
    made.server.faults.rpc_error("help.GetNearestDc", 500, "BUSY")
    made.server.faults.forget_temporary_keys()
    assert await made.sender.send(GetNearestDcRequest()) == NEAREST


async def test_S6_what_is_known_of_a_temporary_key_is_not_kept(pair: Any) -> None:
    made = await pair()
    kept: list[KeyState] = []
    made.sender.on_key_state = kept.append
    await made.connect()
    made.server.faults.bad_salt()
    await made.sender.send(GetNearestDcRequest())
    await made.sender.disconnect()
    assert kept == []
