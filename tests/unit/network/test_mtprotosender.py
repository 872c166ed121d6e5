"""The sender as programs use it."""

from __future__ import annotations

import asyncio
import struct
import warnings

import pytest
from fakeserver import KEY, auth_key, request_id
from sendersetup import NEAREST, GetNearestDc

from telethon import errors
from telethon.crypto import AuthKey
from telethon.mtproto import wire
from telethon.network import ConnectionTcpFull, MTProtoSender
from telethon.network.mtprotostate import MTProtoState
from telethon.tl import functions, types


async def test_request_and_answer(setup):
    async with setup() as made:
        await made.connect()
        assert await made.ask() == NEAREST
        assert made.sender.is_connected()
        assert made.sender._transport_connected()
        assert made.sender.auth_key == AuthKey(KEY)
        (_, _, body) = made.server.requests[0]
        assert body == bytes(GetNearestDc())
    assert not made.sender.is_connected()
    assert not made.sender._transport_connected()


async def test_second_connect_finds_everything_done(setup):
    async with setup() as made:
        await made.connect()
        assert await made.sender.connect(made.connection()) is False
        assert made.server.accepted == 1


async def test_not_connected(setup):
    made = setup()
    with pytest.raises(ConnectionError, match="Cannot send requests while disconnected"):
        made.sender.send(GetNearestDc())
    await made.sender.disconnected
    await made.sender.disconnect()


async def test_requests_without_an_answer_can_be_seen(setup):
    async with setup() as made:
        assert made.sender._send_queue == []
        await made.connect()
        made.server.answer = lambda body: None
        futures = made.sender.send([GetNearestDc(), GetNearestDc()])
        assert made.sender._send_queue == futures


async def test_list_of_requests(setup):
    async with setup() as made:
        await made.connect()
        futures = made.sender.send([GetNearestDc(), GetNearestDc()])
        assert isinstance(futures, list)
        assert await asyncio.gather(*futures) == [NEAREST, NEAREST]
        assert made.sender.send([]) == []


async def test_ordered_requests_name_the_one_before(setup):
    async with setup() as made:
        await made.connect()
        await asyncio.gather(*made.sender.send([GetNearestDc() for _ in range(3)], ordered=True))
        ids = [msg_id for _, msg_id, _ in made.server.requests]
        first, *rest = (body for _, _, body in made.server.requests)
        assert first == bytes(GetNearestDc())
        assert [request_id(body) for body in rest] == [wire.INVOKE_AFTER_MSG] * 2
        assert [struct.unpack_from("<q", body, 4)[0] for body in rest] == ids[:2]


async def test_disconnect_twice_and_connect_again(setup):
    async with setup() as made:
        await made.connect()
        first = made.sender._state.id
        await made.ask()
        await asyncio.gather(made.sender.disconnect(), made.sender.disconnect())
        await made.sender.disconnect()
        await made.connect()
        assert await made.ask() == NEAREST
        assert made.sender._state.id != first
        assert [type(update) for update in made.taken()] == [types.UpdatesTooLong], "updates may have been missed"


async def test_auth_key_may_be_taken_away(setup):
    made = setup()
    made.sender.auth_key = None
    assert isinstance(made.sender.auth_key, AuthKey)
    assert not made.sender.auth_key
    made.sender.auth_key = KEY
    assert made.sender.auth_key == auth_key()


async def test_state_can_be_replaced(setup):
    async with setup() as made:
        mine = MTProtoState(auth_key(), made.loggers)
        await made.connect()
        made.sender._state = mine
        assert made.sender._state is mine
        assert await made.ask() == NEAREST
        assert made.server.requests[-1][0] == mine.id


async def test_request_that_is_no_request_fails_at_once(setup):
    async with setup() as made:
        await made.connect()
        with pytest.raises(TypeError):
            made.sender.send(5)
        with pytest.raises(errors.LocalProtocolError):
            made.sender.send(functions.upload.SaveFilePartRequest(1, 1, bytes(2_000_000)))
        assert await made.ask() == NEAREST


# -- the well-known recipe ---------------------------------------------------------------------------------------------


async def test_sender_made_by_hand(setup, loggers):
    """What parallel transfers of many programs do."""
    async with setup() as made:
        sender = MTProtoSender(auth_key(), loggers=loggers)
        await sender.connect(ConnectionTcpFull(made.server.host, made.server.port, 2, loggers=loggers, proxy=None))
        init = functions.InitConnectionRequest(1, "a", "b", "c", "d", "", "en", query=GetNearestDc())
        assert await sender.send(functions.InvokeWithLayerRequest(1, init)) == NEAREST
        await sender.disconnect()


def test_can_be_made_outside_of_a_loop(loggers):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sender = MTProtoSender(None, loggers=loggers)
    assert not sender.is_connected()
