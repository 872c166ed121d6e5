"""What has to stay as it is for as long as a program runs: memory, sockets, tasks, and the patience of the loop."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import struct
import sys
import tracemalloc
import weakref
from collections import defaultdict
from typing import Any

import pytest
from fakeserver import FakeServer
from looplag import best_lag
from mtproto_model import Link, request
from sendersetup import NEAREST, GetNearestDc, Setup
from slow import SLOW

from telethon.mtproto.events import ResultReceived
from telethon.network import MTProtoSender
from telethon.network.proxy import open_proxy_socket, parse_proxy
from telethon.testing import TelegramTestServer
from telethon.testing.clock import run_virtual
from telethon.tl import functions, types

LOGGERS: Any = defaultdict(lambda: logging.getLogger("telethon.test"))
CONFIG = types.UpdateShort(types.UpdateConfig(), None)
LAG = 0.05


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0


# -- memory ------------------------------------------------------------------------------------------------------------


async def day(made: Setup, rounds: int) -> None:
    """Requests, updates, an error, a cancelled call, a cut: some of everything, again and again."""
    for number in range(rounds):
        made.server.requests.clear()
        made.server.services.clear()
        made.server.packets.clear()
        await asyncio.gather(*(made.ask() for _ in range(20)))
        cancelled = made.sender.send(GetNearestDc())
        cancelled.cancel()
        for _ in range(20):
            made.server.peers[0].send(bytes(CONFIG))
        await made.ask()
        made.taken()
        if number % 10 == 9:
            made.server.drop_all()
            await made.ask()


@pytest.mark.timeout(900 if SLOW else 60)
async def test_I23_R6_memory_does_not_grow_with_what_was_done() -> None:
    async with Setup(LOGGERS, delay=0) as made:
        await made.connect()
        # Until the lists that are bounded are full.
        await day(made, 150)
        gc.collect()
        tracemalloc.start()
        try:
            await day(made, 20)
            gc.collect()
            before = tracemalloc.get_traced_memory()[0]
            tasks = len(asyncio.all_tasks())
            await day(made, 2000 if SLOW else 200)
            gc.collect()
            grown = tracemalloc.get_traced_memory()[0] - before
        finally:
            tracemalloc.stop()
        assert len(asyncio.all_tasks()) == tasks
        assert made.sender._engine.pending() == []
        # Less than a word for each message that went over the wire.
        assert grown < 50_000


async def test_I23_a_client_that_is_gone_leaves_nothing() -> None:
    async with TelegramTestServer() as server:
        user = server.create_user("Ann")
        made: list[weakref.ref[object]] = []

        async def use() -> None:
            client = server.client(user)
            await client.connect()
            made.extend([weakref.ref(client), weakref.ref(client._sender)])
            await client.send_message("me", "hello")
            await client.disconnect()

        await use()
        gc.collect()
        before, sockets = len(gc.get_objects()), descriptors()
        tasks = len(asyncio.all_tasks())
        for _ in range(10):
            await use()
        gc.collect()
        await asyncio.sleep(0)
        assert len(asyncio.all_tasks()) <= tasks
        assert descriptors() <= sockets + 1
        # The server keeps the messages and sessions, which are some hundred objects each.
        assert len(made) == 22
        assert [one() for one in made if one() is not None] == []
        assert len(gc.get_objects()) - before < 20_000


# -- connections -------------------------------------------------------------------------------------------------------


@pytest.mark.timeout(900 if SLOW else 60)
async def test_I25_R2_connecting_again_and_again_leaves_no_socket_and_no_task() -> None:
    async with Setup(LOGGERS, delay=0) as made:
        made.server.keeps_requests = False
        await made.connect()
        await made.ask()
        sockets, tasks = descriptors(), len(asyncio.all_tasks())
        count = 10_000 if SLOW else 500
        for _ in range(count):
            made.server.drop_all()
            assert await made.ask() == NEAREST
        for _ in range(20):
            await asyncio.sleep(0.001)
        assert made.server.accepted == count + 1
        assert descriptors() <= sockets
        assert len(asyncio.all_tasks()) <= tasks


@pytest.mark.timeout(900 if SLOW else 60)
async def test_I3_many_clients_that_connect_again_are_never_in_the_wrong_session(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clients, times = (100, 100) if SLOW else (20, 20)
    server = await FakeServer(lambda body: bytes(NEAREST)).start()
    made = Setup(LOGGERS)
    made.server = server
    senders = [MTProtoSender(made.sender.auth_key, loggers=LOGGERS, delay=0, retries=None) for _ in range(clients)]
    with caplog.at_level(logging.WARNING):
        try:
            for sender in senders:
                await sender.connect(made.connection())
                await sender.send(GetNearestDc())
            for _ in range(times):
                waiting = [sender.send(GetNearestDc()) for sender in senders]
                server.drop_all()
                assert await asyncio.wait_for(asyncio.gather(*waiting), 30) == [NEAREST] * clients
            assert sum(sender._engine.ignored for sender in senders) == 0
        finally:
            for sender in senders:
                await sender.disconnect()
            await server.stop()
    assert len({session for session, _, _ in server.requests}) == clients
    assert [record for record in caplog.records if "session" in record.getMessage()] == []


async def test_I27_five_hundred_failed_tries_by_a_proxy_leave_no_socket() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 403 Forbidden\r\n\r\n")
        writer.close()

    proxy = await asyncio.start_server(refuse, "127.0.0.1", 0)
    settings = parse_proxy(("http", "127.0.0.1", proxy.sockets[0].getsockname()[1]))

    async def fail() -> None:
        with pytest.raises(ConnectionError):
            await open_proxy_socket(settings, "192.0.2.1", 443, timeout=5)

    await fail()
    before = descriptors()
    for _ in range(500):
        await fail()
    for _ in range(50):
        await asyncio.sleep(0.001)
    assert descriptors() <= before + 1
    proxy.close()
    await proxy.wait_closed()


def test_S13_I16_a_server_that_only_speaks_and_does_not_listen_is_left_within_30_seconds() -> None:
    async def main() -> None:
        async with Setup(LOGGERS, delay=0) as made:
            await made.connect()
            await made.ask()
            loop = asyncio.get_running_loop()
            speaking = made.server.peers[0]
            made.server.deaf = True
            before = loop.time()
            waiting = made.sender.send(GetNearestDc())
            while made.server.accepted == 1:
                if not speaking.closed:
                    speaking.send(bytes(CONFIG))
                await asyncio.sleep(0.5)
                assert loop.time() - before <= 30
            made.server.deaf = False
            made.server.drop_all()
            assert await waiting == NEAREST

    run_virtual(main())


def test_S13_a_dead_connection_for_files_is_left_too() -> None:
    async def main() -> None:
        async with TelegramTestServer() as server:
            client = server.client(server.create_user("Ann"))
            await client.connect()
            sender = await client._borrow_exported_sender(4)
            try:
                await sender.send(functions.help.GetNearestDcRequest())
                loop = asyncio.get_running_loop()
                before = loop.time()
                server.faults.black_hole(dc_id=4)
                await asyncio.wait_for(sender.send(functions.help.GetNearestDcRequest()), 60)
                assert loop.time() - before <= 31
                assert await client.get_me(), "the main connection is another one"
            finally:
                await client._return_exported_sender(sender)
                await client.disconnect()

    run_virtual(main())


def test_I17_a_key_of_another_environment_is_one_clear_error() -> None:
    from telethon.errors import AuthKeyNotFound

    async def main() -> None:
        async with Setup(LOGGERS, delay=1, retries=None) as made:
            exchanges: list[bytes] = []
            made.server.on_plain = lambda peer, packet: exchanges.append(packet)
            made.server.on_packet = lambda peer, packet: peer.transport_error(404)  # type: ignore[method-assign]
            await made.connect()
            ended = made.sender.disconnected
            waiting = made.sender.send(GetNearestDc())
            with pytest.raises(AuthKeyNotFound):
                await asyncio.wait_for(waiting, 1000)
            with pytest.raises(AuthKeyNotFound):
                await ended
            assert exchanges == [], "no key is made in place of the one that is not known"
            accepted = made.server.accepted
            assert accepted <= 10
            await asyncio.sleep(1000)
            assert made.server.accepted == accepted
            assert made.sender.auth_key.key, "and the key is still there"

    run_virtual(main())


@pytest.mark.timeout(900 if SLOW else 60)
async def test_I36_R14_the_loop_goes_on_while_there_is_no_network() -> None:
    seconds = 60.0 if SLOW else 1.0

    async def chaos(made: Setup) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        waiting: list[Any] = []
        times = 0
        while loop.time() < until:
            times += 1
            waiting += [made.sender.send(GetNearestDc()) for _ in range(5)]
            if times % 3 == 0:
                await made.server.stop()
                await asyncio.sleep(0.05)
                await made.server.start(made.server.port)
            elif times % 3 == 1:
                made.server.drop_all()
            else:
                for peer in list(made.server.peers):
                    peer.transport.write(os.urandom(100))
            await asyncio.sleep(0.02)
        assert await asyncio.wait_for(asyncio.gather(*waiting), 30) == [NEAREST] * len(waiting)

    async with Setup(LOGGERS, delay=0.01, retries=1000) as made:
        await made.connect()
        await made.ask()
        assert await best_lag(lambda: chaos(made), LAG) < LAG
        assert made.server.accepted > 10


# -- storms ------------------------------------------------------------------------------------------------------------


def test_S3_S4_I33_a_storm_of_refusals_after_a_reconnection_is_over_at_once() -> None:
    link = Link()
    link.engine.submit(request(900), token=900)
    link.settle()
    for number in range(50):
        link.engine.submit(request(number), token=number)
    link.engine.packets_to_send(link.now)
    link.reconnect()
    link.server.refuse = [20] * 3
    before = link.server.packets
    found = link.settle()
    assert sorted(event.token for event in found if isinstance(event, ResultReceived)) == list(range(50))  # type: ignore[type-var]
    assert link.server.executed == {**dict.fromkeys(range(50), 1), 900: 1}
    assert link.connections == 2
    assert link.server.packets - before <= 60


async def test_S7_I9_R2_a_forgotten_session_costs_one_difference_and_loses_nothing() -> None:
    from telethon import events

    async with TelegramTestServer() as server:
        user, other = server.create_user("Ann"), server.create_user("Bob", username="bob_1")
        client = server.client(user)
        heard: list[str] = []
        client.add_event_handler(lambda event: _keep(heard, event.raw_text), events.NewMessage(incoming=True))
        await client.connect()
        await client.get_dialogs()
        await other.chat(user).send("before")
        while not heard:
            await asyncio.sleep(0.005)
        release = asyncio.Event()

        @server.on(functions.help.GetNearestDcRequest)
        async def slowly(request: Any, call: Any) -> Any:
            await release.wait()
            return NEAREST

        waiting = [asyncio.ensure_future(client(functions.help.GetNearestDcRequest())) for _ in range(50)]
        await asyncio.sleep(0.05)
        asked = sum(entry.method == "updates.getDifference" for entry in server.requests)
        sessions, server.world.sessions_of = server.world.sessions_of, lambda user_id: ()
        await other.chat(user).send("meanwhile")
        server.world.sessions_of = sessions
        server.faults.forget_sessions()
        server.faults.disconnect()
        release.set()
        assert await asyncio.wait_for(asyncio.gather(*waiting), 20) == [NEAREST] * 50
        while len(heard) < 2:
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.7)
        assert heard == ["before", "meanwhile"]
        assert sum(entry.method == "updates.getDifference" for entry in server.requests) - asked == 1
        await client.disconnect()


async def _keep(heard: list[str], text: str) -> None:
    heard.append(text)


def test_I26_numbers_below_zero_are_transport_errors_on_every_transport() -> None:
    from telethon.mtproto.codecs.abridged import AbridgedCodec
    from telethon.mtproto.codecs.full import FullCodec
    from telethon.mtproto.codecs.intermediate import IntermediateCodec

    for code in (-404, -429, -444):
        word = struct.pack("<i", code)
        assert FullCodec().feed(word) == [word]
        assert IntermediateCodec().feed(struct.pack("<i", 4) + word) == [word]
        assert AbridgedCodec().feed(b"\x01" + word) == [word]


async def test_I15_full_queues_on_both_sides_never_wait_for_each_other() -> None:
    """Whoever takes updates makes requests, while more updates come than fit and the requests are large."""
    async with Setup(LOGGERS) as made:
        made.sender._updates_queue = made.updates = asyncio.Queue(4)
        await made.connect()
        await made.ask()
        taken = 0

        async def take() -> None:
            nonlocal taken
            while True:
                await made.updates.get()
                taken += 1
                # Waits for an answer that comes behind the updates that do not fit.
                await made.ask()

        async def speak() -> None:
            for number in range(2000):
                made.server.peers[0].send(bytes(CONFIG) + bytes(4000))
                if number % 50 == 0:
                    await asyncio.sleep(0)

        takers = [asyncio.ensure_future(take()) for _ in range(3)]
        large = functions.upload.SaveFilePartRequest(5, 6, os.urandom(100_000))
        try:
            asked = [made.sender.send(large if number % 3 else GetNearestDc()) for number in range(300)]
            speaking = asyncio.ensure_future(speak())
            assert await asyncio.wait_for(asyncio.gather(*asked), 5) == [NEAREST] * 300
            await asyncio.wait_for(speaking, 5)
            assert await asyncio.wait_for(made.ask(), 5) == NEAREST
        finally:
            for taker in takers:
                taker.cancel()
            await asyncio.gather(*takers, return_exceptions=True)
        assert taken > 4
        assert made.server.accepted == 1
