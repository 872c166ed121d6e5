"""Whole clients by HTTP: the server speaks only when it is asked, and yet updates come at once."""

from __future__ import annotations

import asyncio
import io

import pytest

from telethon import events
from telethon.network import ConnectionHttp
from telethon.network.connection import http
from telethon.testing import TelegramTestServer
from telethon.testing.clock import run_virtual


@pytest.fixture
async def client(telegram_clients, telegram_user):
    return await telegram_clients(telegram_user, connection=ConnectionHttp, retry_delay=0)


async def test_logging_in_sending_and_receiving(telegram_server, telegram_clients, eventually):
    ann = telegram_server.create_user("Ann")
    bob = telegram_server.create_user("Bob", username="bob_b")
    client = await telegram_clients(connection=ConnectionHttp)
    await client.send_code_request(ann.phone)
    assert (await client.sign_in(ann.phone, ann.login_code())).id == ann.id
    seen = []

    @client.on(events.NewMessage(incoming=True))
    async def note(event):
        seen.append(event.raw_text)
        await event.reply("answer to " + event.raw_text)

    sent = await client.send_message("bob_b", "hello")
    assert sent.text == "hello"
    for number in range(5):
        await bob.chat(ann).send(f"message {number}")
        await eventually(lambda number=number: len(seen) == number + 1)
    assert seen == [f"message {number}" for number in range(5)]
    await eventually(lambda: "answer to message 4" in [message.text for message in bob.chat(ann).messages()])
    assert {connection.wire.name for connection in telegram_server.connections} == {"http"}


async def test_the_server_always_owes_an_answer(telegram_server, client):
    for _ in range(3):
        await client.get_me()
        await asyncio.sleep(0)
        connection = client._sender._connection
        assert connection._owed or connection._owed_elsewhere() or connection._queued


async def test_many_requests_at_once_use_few_sockets(telegram_server, client):
    found = await asyncio.gather(*(client.get_me() for _ in range(50)))
    assert len({me.id for me in found}) == 1
    assert 1 <= len(telegram_server.connections) <= http._MAX_SOCKETS


async def test_large_files_there_and_back(client):
    data = bytes(range(256)) * 4096
    sent = await client.send_file("me", io.BytesIO(data), force_document=True)
    assert await client.download_media(sent, bytes) == data


async def test_a_broken_socket_is_replaced(telegram_server, client, eventually):
    await client.get_me()
    for connection in list(telegram_server.connections):
        connection.abort()
    assert (await client.get_me()).first_name == "Test"


async def test_nothing_is_left(telegram_server, client, eventually):
    await asyncio.gather(*(client.get_me() for _ in range(20)))
    await client.disconnect()
    await eventually(lambda: not telegram_server.connections)
    assert client._sender._connection is None or not client._sender._connection._lines


def test_S13_an_hour_of_silence_costs_little_and_delays_nothing():
    async def main():
        async with TelegramTestServer() as server:
            ann, bob = server.create_user("Ann"), server.create_user("Bob")
            client = server.client(ann, connection=ConnectionHttp)
            loop = asyncio.get_running_loop()
            seen = []

            @client.on(events.NewMessage(incoming=True))
            async def note(event):
                seen.append(loop.time())

            async with client:
                await client.get_me()
                await asyncio.sleep(60)
                calls, requests = server._connected, sum(one.packets for one in server.connections)
                await asyncio.sleep(3600)
                # One for each 25 seconds that the server may wait, and what keeps an idle session alive beside that.
                asked = sum(one.packets for one in server.connections) - requests
                assert 3600 / 25 - 2 <= asked <= 2 * 3600 / 25 + 120
                assert server._connected == calls
                for _ in range(3):
                    before = loop.time()
                    await bob.chat(ann).send("hello")
                    while len(seen) == 0 or seen[-1] < before:
                        await asyncio.sleep(0.01)
                    assert seen[-1] - before < 1
                    await asyncio.sleep(300)
            server.violations.check()

    run_virtual(main())
