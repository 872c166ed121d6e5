"""The sender against a small server on loopback; where time matters it is virtual."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import itertools
import logging
import random
import struct
import warnings
from typing import Any

import pytest
from fakeserver import KEY, FakeServer, auth_key, request_id, rsa_keys

from telethon import errors
from telethon.crypto import AuthKey
from telethon.mtproto import wire
from telethon.network import ConnectionTcpAbridged, ConnectionTcpFull, MTProtoSender
from telethon.network.mtprotostate import MTProtoState
from telethon.tl import functions, types

GetNearestDc = functions.help.GetNearestDcRequest
NEAREST = types.NearestDc("xx", 1, 2)


def nearest(body: bytes) -> bytes:
    return bytes(NEAREST)


class Setup:
    """A sender and the server that it talks to."""

    def __init__(self, loggers: Any, **options: Any) -> None:
        self.loggers = loggers
        self.server = FakeServer(nearest)
        self.updates: asyncio.Queue[Any] = asyncio.Queue()
        self.sender = MTProtoSender(
            options.pop("key", auth_key()), loggers=loggers, updates_queue=self.updates, **options
        )
        self.sender.rsa_keys = rsa_keys()

    def connection(self, cls: Any = ConnectionTcpFull) -> Any:
        return cls(self.server.host, self.server.port, 2, loggers=self.loggers)

    async def __aenter__(self) -> Setup:
        await self.server.start()
        return self

    async def connect(self) -> Setup:
        assert await self.sender.connect(self.connection())
        return self

    async def ask(self) -> Any:
        return await self.sender.send(GetNearestDc())

    def taken(self) -> list[Any]:
        found = []
        while not self.updates.empty():
            found.append(self.updates.get_nowait())
        return found

    async def __aexit__(self, *args: object) -> None:
        await self.sender.disconnect()
        await self.server.stop()
        assert self.sender._timer is None
        assert self.sender._flush_handle is None
        assert not [handle for handle in asyncio.get_running_loop()._scheduled if not handle.cancelled()] or args[0]


@pytest.fixture
def setup(loggers: Any) -> Any:
    return lambda **options: Setup(loggers, **options)


# -- requests ----------------------------------------------------------------------------------------------------------


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


async def test_gathered_requests_share_a_packet(setup):
    async with setup() as made:
        await made.connect()
        await made.ask()
        del made.server.packets[:]
        assert await asyncio.gather(*(made.ask() for _ in range(100))) == [NEAREST] * 100
        assert made.server.packets[0] >= 100


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


async def test_error_answer(setup):
    async with setup() as made:
        await made.connect()
        made.server.answer = lambda body: (420, "FLOOD_WAIT_17")
        with pytest.raises(errors.FloodWaitError) as caught:
            await made.ask()
        assert caught.value.seconds == 17
        assert type(caught.value.request) is GetNearestDc


async def test_I7_answer_that_cannot_be_read_reaches_who_asked(setup):
    async with setup() as made:
        await made.connect()
        answers = iter((struct.pack("<I", 0xDEADBEEF), bytes(NEAREST)[:8], bytes(NEAREST)))
        made.server.answer = lambda body: next(answers)
        unknown, short, fine = made.sender.send([GetNearestDc() for _ in range(3)])
        with pytest.raises(errors.TypeNotFoundError):
            await unknown
        with pytest.raises(errors.TLDecodeError):
            await short
        assert await fine == NEAREST
        assert made.server.accepted == 1


async def test_E7_unreadable_answer_makes_the_next_request_introduce_us(setup):
    async with setup() as made:
        await made.connect()
        assert not made.sender.needs_introduction
        made.server.answer = lambda body: struct.pack("<I", 0xDEADBEEF)
        with pytest.raises(errors.TypeNotFoundError):
            await made.ask()
        assert made.sender.needs_introduction


async def test_request_that_is_no_request_fails_at_once(setup):
    async with setup() as made:
        await made.connect()
        with pytest.raises(TypeError):
            made.sender.send(5)
        with pytest.raises(errors.LocalProtocolError):
            made.sender.send(functions.upload.SaveFilePartRequest(1, 1, bytes(2_000_000)))
        assert await made.ask() == NEAREST


async def test_S11_cancelled_requests_are_dropped(setup):
    async with setup() as made:
        await made.connect()
        made.server.answer = lambda body: None
        sent = made.sender.send([GetNearestDc() for _ in range(50)])
        while len(made.server.requests) < 50:
            await asyncio.sleep(0.001)
        queued = made.sender.send(GetNearestDc())
        for future in (*sent, queued):
            future.cancel()
        assert made.sender._engine.pending() == []
        while sum(number == wire.RPC_DROP_ANSWER for number, _ in made.server.services) < 50:
            await asyncio.sleep(0.001)
        assert len(made.server.requests) == 50, "what had not left is not sent"


async def test_S11_cancelling_the_task_that_waits_counts_too(setup):
    async with setup() as made:
        await made.connect()
        made.server.answer = lambda body: None
        task = asyncio.ensure_future(made.ask())
        while not made.server.requests:
            await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert made.sender._engine.pending() == []


async def test_large_requests_wait_for_room_in_the_socket(setup):
    async with setup() as made:
        await made.connect()
        part = functions.upload.SaveFilePartRequest(1, 1, bytes(512 * 1024))
        made.server.answer = lambda body: struct.pack("<I", 0x997275B5)
        assert await asyncio.gather(*made.sender.send([part] * 20)) == [True] * 20


async def test_other_connection_classes(setup):
    async with setup() as made:
        assert await made.sender.connect(made.connection(ConnectionTcpAbridged))
        assert await made.ask() == NEAREST


async def test_connection_that_reads_and_writes_in_its_own_way(setup):
    seen: list[int] = []

    class Own(ConnectionTcpFull):
        async def recv(self) -> bytes:
            packet = await super().recv()
            seen.append(len(packet))
            return packet

        def send(self, data: bytes) -> Any:
            seen.append(-len(data))
            return super().send(data)

    async with setup() as made:
        assert await made.sender.connect(made.connection(Own))
        assert await asyncio.gather(*(made.ask() for _ in range(3))) == [NEAREST] * 3
        assert min(seen) < 0 < max(seen)
        made.server.drop_all()
        assert await made.ask() == NEAREST


async def test_answers_wake_their_tasks_in_one_turn_of_the_loop(setup):
    async with setup() as made:
        await made.connect()
        await made.ask()
        turns = 0
        loop = asyncio.get_running_loop()

        async def ask_many() -> int:
            before = turns
            for _ in range(50):
                assert await made.ask() == NEAREST
            return turns - before

        original = loop._run_once

        def count() -> None:
            nonlocal turns
            turns += 1
            original()

        loop._run_once = count
        assert await asyncio.ensure_future(ask_many()) <= 150, "client and server share the loop here"


async def test_debug_mode_and_other_ways_of_waiting(setup):
    async with setup() as made:
        await made.connect()
        loop = asyncio.get_running_loop()
        for debug in (False, True):
            loop.set_debug(debug)
            try:
                assert await asyncio.wait_for(made.ask(), 5) == NEAREST
                assert await asyncio.shield(made.sender.send(GetNearestDc())) == NEAREST
                done, _ = await asyncio.wait({made.sender.send(GetNearestDc())}, timeout=5)
                assert [future.result() for future in done] == [NEAREST]
                future = made.sender.send(GetNearestDc())
                both = await asyncio.gather(future, made.ask())
                assert both == [NEAREST, NEAREST]
            finally:
                loop.set_debug(False)


async def test_who_got_an_answer_may_do_anything_with_the_sender(setup):
    async with setup() as made:
        await made.connect()
        other = made.sender.send(GetNearestDc())

        async def leave() -> None:
            await made.ask()
            await made.sender.disconnect()
            await made.connect()

        async def fail() -> None:
            await made.ask()
            raise ZeroDivisionError

        results = await asyncio.gather(leave(), fail(), made.ask(), other, return_exceptions=True)
        assert results[0] is None
        assert isinstance(results[1], ZeroDivisionError)
        assert {type(result) for result in results[2:]} <= {types.NearestDc, ConnectionError}
        assert await made.ask() == NEAREST


def test_program_that_is_being_ended(loggers):
    """Who got an answer in the same moment still gets it."""
    got: list[Any] = []

    async def main() -> None:
        server = await FakeServer(nearest).start()
        sender = MTProtoSender(auth_key(), loggers=loggers)
        await sender.connect(ConnectionTcpFull(server.host, server.port, 2, loggers=loggers))
        await sender.send(GetNearestDc())

        async def leave() -> None:
            await sender.send(GetNearestDc())
            raise SystemExit(3)

        async def stay() -> None:
            try:
                got.append(await sender.send(GetNearestDc()))
            finally:
                await sender.disconnect()
                await server.stop()

        await asyncio.gather(leave(), stay(), return_exceptions=True)

    with pytest.raises(SystemExit):
        asyncio.run(main())
    assert got in ([NEAREST], []), "depends on whether both came in one packet"


async def test_callback_that_fails_is_told_to_the_loop(setup):
    told: list[Any] = []
    async with setup() as made:
        await made.connect()
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda loop, context: told.append(context["exception"]))

        def wrong(future: Any) -> None:
            raise ZeroDivisionError

        future = made.sender.send(GetNearestDc())
        future.add_done_callback(wrong, context=contextvars.copy_context())
        assert await made.ask() == NEAREST
        assert [type(error) for error in told] == [ZeroDivisionError]


async def test_fault_while_packing_costs_the_connection_only(setup, caplog):
    async with setup(delay=0) as made:
        await made.connect()
        await made.ask()
        engine = made.sender._engine
        right = engine.packets_to_send

        def wrong(now: Any) -> Any:
            engine.packets_to_send = right
            raise ZeroDivisionError

        engine.packets_to_send = wrong
        with caplog.at_level(logging.ERROR):
            assert await asyncio.wait_for(made.ask(), 5) == NEAREST
        assert "could not be packed" in caplog.text


# -- updates -----------------------------------------------------------------------------------------------------------

CONFIG = types.UpdateShort(types.UpdateConfig(), None)


async def test_updates_go_to_the_queue(setup):
    async with setup() as made:
        await made.connect()
        await made.ask()
        made.server.peers[0].send(bytes(CONFIG))
        update = await asyncio.wait_for(made.updates.get(), 5)
        assert isinstance(update.update, types.UpdateConfig)
        assert not getattr(update, "_self_outgoing", False)


async def test_M15_unreadable_update_asks_for_the_difference(setup):
    async with setup() as made:
        await made.connect()
        await made.ask()
        made.server.peers[0].send(struct.pack("<II", 0xDEADBEEF, 1))
        assert isinstance(await asyncio.wait_for(made.updates.get(), 5), types.UpdatesTooLong)
        assert await made.ask() == NEAREST
        assert made.server.accepted == 1


async def test_what_is_no_update_is_ignored(setup, caplog):
    async with setup() as made:
        await made.connect()
        await made.ask()
        with caplog.at_level(logging.INFO):
            made.server.peers[0].send(bytes(NEAREST))
            assert await made.ask() == NEAREST
        assert made.taken() == []
        assert "NearestDc is not an update" in caplog.text


async def test_S7_only_a_later_session_asks_for_the_difference(setup):
    async with setup() as made:
        await made.connect()
        await made.ask()
        assert made.taken() == []
        peer = made.server.peers[0]
        for unique_id, expected in ((1, 1), (1, 0), (2, 1)):
            peer.send(struct.pack("<Iqqq", wire.NEW_SESSION_CREATED, 0, unique_id, 5))
            assert await made.ask() == NEAREST
            assert [type(update) for update in made.taken()] == [types.UpdatesTooLong] * expected


async def test_own_updates_in_answers(setup):
    async with setup() as made:
        await made.connect()
        made.server.answer = lambda body: bytes(CONFIG)
        answer = await made.sender.send(functions.updates.GetStateRequest())
        (own,) = made.taken()
        assert own is answer
        assert own._self_outgoing


async def test_updates_are_not_even_read_without_a_queue(setup):
    async with setup() as made:
        made.sender._updates_queue = None
        await made.connect()
        await made.ask()
        made.server.peers[0].send(bytes(CONFIG))
        made.server.peers[0].send(struct.pack("<II", 0xDEADBEEF, 1))
        assert await made.ask() == NEAREST


async def test_U9_full_queue_becomes_a_difference(setup):
    async with setup() as made:
        made.sender._updates_queue = made.updates = asyncio.Queue(2)
        await made.connect()
        await made.ask()
        peer = made.server.peers[0]
        for _ in range(5):
            peer.send(bytes(CONFIG))
        await made.ask()
        assert len(made.taken()) == 2
        peer.send(bytes(CONFIG))
        await made.ask()
        assert [type(update) for update in made.taken()] == [types.UpdatesTooLong, types.UpdateShort]


async def test_replaced_update_handler_is_asked(setup):
    async with setup() as made:
        seen = []

        async def handle(message: Any) -> None:
            seen.append(message.obj)
            raise ValueError("a fault of the handler is only logged")

        made.sender._handle_update = handle
        await made.connect()
        await made.ask()
        made.server.peers[0].send(bytes(CONFIG))
        await made.ask()
        await asyncio.sleep(0)
        assert [type(update) for update in seen] == [types.UpdateShort]
        assert made.taken() == []


async def test_update_handler_takes_messages(setup):
    made = setup()

    class Message:
        obj = CONFIG

    await made.sender._handle_update(Message())
    assert made.taken() == [CONFIG]


# -- losing the connection ---------------------------------------------------------------------------------------------


async def test_S8_reconnect_keeps_session_and_requests(setup):
    async with setup(delay=0) as made:
        await made.connect()
        await made.ask()
        made.server.answer = lambda body: None
        waiting = made.sender.send(GetNearestDc())
        while len(made.server.requests) < 2:
            await asyncio.sleep(0.001)
        made.server.answer = nearest
        made.server.drop_all()
        assert await asyncio.wait_for(waiting, 5) == NEAREST
        assert made.server.accepted == 2
        assert len({session for session, _, _ in made.server.requests}) == 1
        assert [type(update) for update in made.taken()] == [types.UpdatesTooLong]


async def test_reconnect_calls_back(setup):
    called = asyncio.Event()

    async def back() -> None:
        assert await made.ask() == NEAREST
        called.set()
        raise ValueError("a fault of the callback is only logged")

    async with setup(delay=0, auto_reconnect_callback=back) as made:
        await made.connect()
        await made.ask()
        made.server.drop_all()
        await asyncio.wait_for(called.wait(), 5)
        assert await made.ask() == NEAREST


async def test_callback_may_disconnect(setup):
    async def back() -> None:
        await made.sender.disconnect()
        done.set()

    done = asyncio.Event()
    async with setup(delay=0, auto_reconnect_callback=back) as made:
        await made.connect()
        made.server.drop_all()
        await asyncio.wait_for(done.wait(), 5)
        assert not made.sender.is_connected()


async def test_requests_made_while_reconnecting_wait(setup):
    async with setup(delay=0) as made:
        await made.connect()
        await made.ask()
        made.server.drop_all()
        while made.sender._transport_connected():
            await asyncio.sleep(0)
        assert made.sender.is_connected()
        assert await asyncio.wait_for(made.ask(), 5) == NEAREST


async def test_reconnect_on_demand(setup):
    async with setup(delay=0) as made:
        await made.connect()
        await made.ask()
        await made.sender._reconnect(None)
        assert made.server.accepted == 2
        assert await made.ask() == NEAREST


async def test_without_auto_reconnect_it_ends(setup):
    async with setup(auto_reconnect=False) as made:
        await made.connect()
        made.server.answer = lambda body: None
        waiting = made.sender.send(GetNearestDc())
        while not made.server.requests:
            await asyncio.sleep(0.001)
        ended = made.sender.disconnected
        made.server.drop_all()
        with pytest.raises(ConnectionError):
            await waiting
        with pytest.raises(ConnectionError):
            await ended
        assert not made.sender.is_connected()
        assert made.server.accepted == 1


def test_T9_refused_connections_are_tried_with_growing_pauses(setup, virtual):
    async def main() -> None:
        async with setup(retries=None, delay=1) as made:
            await made.connect()
            await made.ask()
            loop = asyncio.get_running_loop()
            times: list[float] = []

            def hang_up(peer: Any) -> None:
                times.append(loop.time())
                peer.drop()

            made.server.on_accept = hang_up
            made.server.drop_all()
            await asyncio.sleep(600)
            assert 15 <= len(times) <= 60
            assert min(after - before for before, after in itertools.pairwise(times[1:])) >= 0.5
            made.server.on_accept = None
            before = loop.time()
            assert await made.ask() == NEAREST
            assert loop.time() - before <= 40
            made.server.drop_all()
            before = loop.time()
            assert await made.ask() == NEAREST
            assert loop.time() - before < 1, "after a success the pauses begin anew"

    virtual(main)


def test_I24_a_server_that_hangs_up_at_once_is_not_called_without_end(setup, virtual):
    async def main() -> None:
        async with setup(retries=3, delay=1) as made:
            made.server.on_accept = lambda peer: peer.drop()
            await made.connect()
            ended = made.sender.disconnected
            waiting = made.sender.send(GetNearestDc())
            with pytest.raises(ConnectionError, match="failed 3 time"):
                await ended
            with pytest.raises(ConnectionError):
                await waiting
            assert made.server.accepted <= 5

    virtual(main)


def test_R8_nothing_waits_after_a_failed_reconnect(setup, virtual):
    async def main() -> None:
        async with setup(retries=2, delay=1) as made:
            await made.connect()
            await made.ask()
            await made.server.stop()
            waiting = [made.sender.send(GetNearestDc()) for _ in range(500)]
            await asyncio.sleep(0.5)
            waiting += [made.sender.send(GetNearestDc()) for _ in range(500)]
            results = await asyncio.gather(*waiting, return_exceptions=True)
            assert {type(result) for result in results} == {ConnectionError}
            assert not made.sender.is_connected()
            await made.server.start()

    virtual(main)


def test_S15_storm_of_requests_around_disconnecting(setup, virtual):
    async def main() -> None:
        rand = random.Random(5)
        for _ in range(10):
            async with setup(retries=1, delay=0) as made:
                await made.connect()
                futures: list[Any] = []

                async def ask_some(made: Any = made, futures: list[Any] = futures) -> None:
                    for _ in range(100):
                        try:
                            futures.append(made.sender.send(GetNearestDc()))
                        except ConnectionError:
                            return
                        if rand.random() < 0.3:
                            await asyncio.sleep(0)

                asking = asyncio.ensure_future(ask_some())
                for _ in range(rand.randrange(20)):
                    await asyncio.sleep(0)
                if rand.random() < 0.5:
                    made.server.drop_all()
                for _ in range(rand.randrange(20)):
                    await asyncio.sleep(0)
                await made.sender.disconnect()
                await asking
                results = await asyncio.wait_for(asyncio.gather(*futures, return_exceptions=True), 1)
                assert {type(result) for result in results} <= {ConnectionError, types.NearestDc}

    virtual(main)


async def test_S15_I6_disconnecting_fails_what_waits(setup):
    async with setup() as made:
        await made.connect()
        made.server.answer = lambda body: None
        sent = made.sender.send(GetNearestDc())
        while not made.server.requests:
            await asyncio.sleep(0.001)
        queued = made.sender.send(GetNearestDc())
        await made.sender.disconnect()
        for future in (sent, queued):
            with pytest.raises(ConnectionError, match="closed before the answer"):
                await future


async def test_nobody_is_told_of_answers_that_nobody_waits_for(setup):
    told: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: told.append(context))
    async with setup() as made:
        await made.connect()
        made.sender.send(GetNearestDc())
        await made.sender.disconnect()
    del made
    gc.collect()
    assert told == []


def test_I25_many_reconnects_leave_nothing(setup, virtual):
    async def main() -> None:
        async with setup(delay=0) as made:
            await made.connect()
            await made.ask()
            for _ in range(100):
                made.server.drop_all()
                assert await made.ask() == NEAREST
            assert made.server.accepted == 101
            assert len(made.server.peers) == 1
            assert made.sender._callbacks == set()
            assert made.sender._link._tasks == set()

    virtual(main)


def test_S13_I16_a_black_hole_is_noticed(setup, virtual):
    async def main() -> None:
        async with setup(delay=0) as made:
            await made.connect()
            await made.ask()
            loop = asyncio.get_running_loop()
            made.server.deaf = True
            before = loop.time()
            waiting = made.sender.send(GetNearestDc())
            while made.server.accepted == 1:
                await asyncio.sleep(0.1)
            assert loop.time() - before <= 30, "a request is waiting"
            made.server.deaf = False
            made.server.drop_all()
            assert await waiting == NEAREST

            made.server.deaf = True
            accepted = made.server.accepted
            before = loop.time()
            while made.server.accepted == accepted:
                await asyncio.sleep(0.1)
            assert loop.time() - before <= 90, "idle"
            made.server.deaf = False

    virtual(main)


def test_S13_an_idle_connection_stays(setup, virtual):
    async def main() -> None:
        async with setup() as made:
            await made.connect()
            await asyncio.sleep(3600)
            assert made.server.accepted == 1
            pings = [number for number, _ in made.server.services if number == wire.PING_DELAY_DISCONNECT]
            assert 55 <= len(pings) <= 65

    virtual(main)


async def test_I4_a_socket_that_never_closes_is_thrown_away(setup):
    class Stubborn(ConnectionTcpFull):
        async def disconnect(self) -> None:
            await asyncio.sleep(1000)

    async with setup(delay=0) as made:
        await made.sender.connect(made.connection(Stubborn))
        await made.ask()
        loop = asyncio.get_running_loop()
        before = loop.time()
        writer = made.sender._connection._writer
        made.sender._on_lost(ConnectionError("test"))
        assert await asyncio.wait_for(made.ask(), 5) == NEAREST
        assert loop.time() - before < 2
        assert writer.transport.is_closing()
        for _ in range(100):
            if len(made.server.peers) == 1:
                break
            await asyncio.sleep(0.001)
        assert len(made.server.peers) == 1


async def test_M1_broken_packet_costs_the_connection_only(setup):
    async with setup(delay=0) as made:
        await made.connect()
        await made.ask()
        made.server.peers[0].send_packet(made.sender._engine.state.auth_key_id + bytes(20))
        while made.server.accepted < 2:
            await asyncio.sleep(0.001)
        assert await asyncio.wait_for(made.ask(), 5) == NEAREST


async def test_fault_of_the_engine_does_not_stop_everything(setup, caplog):
    async with setup(delay=0) as made:
        await made.connect()
        await made.ask()
        right = made.sender._engine.receive_packet

        def wrong(packet: bytes, now: Any) -> Any:
            made.sender._engine.receive_packet = right
            raise ZeroDivisionError

        made.sender._engine.receive_packet = wrong
        with caplog.at_level(logging.ERROR):
            assert await asyncio.wait_for(made.ask(), 5) == NEAREST
        assert "could not be handled" in caplog.text
        assert made.server.accepted == 2


# -- transport errors --------------------------------------------------------------------------------------------------


async def test_T7_one_forged_404_changes_nothing(setup):
    async with setup(delay=0) as made:
        await made.connect()
        await made.ask()
        made.server.peers[0].transport_error(404)
        while made.server.accepted < 2:
            await asyncio.sleep(0.001)
        assert await asyncio.wait_for(made.ask(), 5) == NEAREST
        assert made.sender.auth_key == auth_key()
        assert made.sender._connection.error_code == 404


def test_T7_repeated_404_means_that_the_key_is_gone(setup, virtual):
    async def main() -> None:
        async with setup(key=AuthKey(bytes(256)), delay=0) as made:
            await made.connect()
            loop = asyncio.get_running_loop()
            before = loop.time()
            ended = made.sender.disconnected
            with pytest.raises(errors.AuthKeyNotFound):
                await made.ask()
            assert 60 <= loop.time() - before < 120
            assert 3 <= made.server.accepted <= 6
            with pytest.raises(errors.AuthKeyNotFound):
                await ended

    virtual(main)


def test_T8_busy_server_is_left_alone(setup, virtual):
    async def main() -> None:
        async with setup(retries=None, delay=0) as made:
            await made.connect()
            await made.ask()
            right = made.server.on_packet
            made.server.on_packet = lambda peer, packet: peer.transport_error(429)
            accepted = made.server.accepted
            waiting = made.sender.send(GetNearestDc())
            await asyncio.sleep(600)
            assert 5 <= made.server.accepted - accepted <= 4 * 10
            made.server.on_packet = right
            assert await waiting == NEAREST

    virtual(main)


def test_T8_wrong_data_centre_ends_it(setup, virtual):
    async def main() -> None:
        async with setup(delay=0) as made:
            await made.connect()
            made.server.on_packet = lambda peer, packet: peer.transport_error(444)
            with pytest.raises(ConnectionError, match="444"):
                await made.ask()
            assert made.server.accepted == 1

    virtual(main)


async def test_E5_duplicated_key_ends_it(setup):
    async with setup(delay=0) as made:
        await made.connect()
        made.server.answer = lambda body: None
        other = made.sender.send(GetNearestDc())
        while not made.server.requests:
            await asyncio.sleep(0.001)
        made.server.answer = lambda body: (406, "AUTH_KEY_DUPLICATED")
        ended = made.sender.disconnected
        with pytest.raises(errors.AuthKeyDuplicatedError):
            await made.ask()
        with pytest.raises(errors.AuthKeyDuplicatedError):
            await ended
        with pytest.raises(errors.AuthKeyDuplicatedError):
            await other
        assert not made.sender.is_connected()
        assert made.server.accepted == 1


# -- connecting --------------------------------------------------------------------------------------------------------


def test_connecting_is_tried_again(setup, virtual):
    async def main() -> None:
        async with setup(retries=3, delay=2) as made:
            await made.server.stop()
            loop = asyncio.get_running_loop()
            before = loop.time()
            with pytest.raises(ConnectionError, match=r"Connection to Telegram failed 3 time\(s\)"):
                await made.connect()
            assert 6 <= loop.time() - before <= 8
            assert not made.sender.is_connected()
            await made.server.start()
            await made.connect()
            assert await made.ask() == NEAREST

    virtual(main)


def test_disconnecting_while_connecting(setup, virtual):
    async def main() -> None:
        async with setup(retries=None, delay=2) as made:
            await made.server.stop()
            connecting = asyncio.ensure_future(made.connect())
            await asyncio.sleep(100)
            await made.sender.disconnect()
            with pytest.raises(ConnectionError, match="disconnected while it was connecting"):
                await connecting
            await made.server.start()
            await made.connect()
            assert await made.ask() == NEAREST

    virtual(main)


def test_cancelled_connecting_leaves_nothing(setup, virtual):
    async def main() -> None:
        async with setup(retries=None, delay=2) as made:
            await made.server.stop()
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(made.connect(), 50)
            assert made.sender._work is None
            await made.server.start()

    virtual(main)


def test_I24_disconnecting_while_reconnecting(setup, virtual):
    async def main() -> None:
        async with setup(retries=None, delay=2) as made:
            await made.connect()
            await made.ask()
            await made.server.stop()
            await asyncio.sleep(100)
            assert made.sender.is_connected()
            ended = made.sender.disconnected
            await made.sender.disconnect()
            assert await ended is None
            assert made.sender._work is None
            await made.server.start()

    virtual(main)


def test_T10_next_address_is_used_when_the_first_is_dead(setup, virtual):
    async def main() -> None:
        async with setup(connect_timeout=10) as made:
            tried = []

            class Dead(ConnectionTcpFull):
                async def _connect(self, timeout: Any = None, ssl: Any = None) -> None:
                    tried.append(self._ip)
                    if self._ip != made.server.host:
                        await asyncio.sleep(timeout)
                        raise asyncio.TimeoutError
                    await super()._connect(timeout, ssl)

            made.sender.addresses = lambda: [("192.0.2.1", 443), (made.server.host, made.server.port)]
            loop = asyncio.get_running_loop()
            before = loop.time()
            await made.sender.connect(made.connection(Dead))
            assert loop.time() - before < 5
            assert tried == ["192.0.2.1", made.server.host]
            assert await made.ask() == NEAREST

    virtual(main)


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


# -- keys --------------------------------------------------------------------------------------------------------------


async def test_a_key_is_made_when_there_is_none(setup):
    kept: list[AuthKey] = []

    async def keep(key: AuthKey) -> None:
        kept.append(key)

    async with setup(key=None, auth_key_callback=keep) as made:
        assert not made.sender.auth_key
        await made.connect()
        assert kept == [made.sender.auth_key]
        assert len(made.sender.auth_key.key) == 256
        assert await made.ask() == NEAREST
        assert made.server.new_keys[made.sender._engine.state.auth_key_id] == made.sender.auth_key.key
        await made.sender.disconnect()
        await made.connect()
        assert await made.ask() == NEAREST
        assert len(made.server.new_keys) == 1


async def test_callback_for_keys_may_be_a_function(setup):
    kept: list[AuthKey] = []
    async with setup(key=None, auth_key_callback=kept.append) as made:
        await made.connect()
        assert kept == [made.sender.auth_key]


async def test_H14_first_salt_and_clock_come_from_the_exchange(setup):
    async with setup(key=None) as made:
        await made.connect()
        assert made.sender._state.salt != 0
        assert abs(made.sender._state.time_offset) < 2


async def test_test_environment_is_named_in_the_exchange(setup):
    async with setup(key=None) as made:
        made.sender.is_test = True
        seen = []
        from telethon.network import authenticator

        async def look(sender: Any, *, dc_id: int, **options: Any) -> Any:
            seen.append(dc_id)
            raise ConnectionError

        original, authenticator.exchange_keys = authenticator.exchange_keys, look
        made.sender._retries = 0
        try:
            with pytest.raises(ConnectionError):
                await made.connect()
        finally:
            authenticator.exchange_keys = original
        assert seen == [10002]


@pytest.mark.parametrize("silent_step", ["res_pq", "server_dh_params", "dh_gen"])
def test_H15_each_step_of_the_exchange_has_a_deadline(setup, virtual, silent_step):
    async def main() -> None:
        async with setup(key=None, connect_timeout=3, retries=0) as made:
            made.server.edit = lambda step, answer: None if step == silent_step else answer
            loop = asyncio.get_running_loop()
            before = loop.time()
            with pytest.raises(ConnectionError) as caught:
                await made.connect()
            assert isinstance(caught.value.__cause__, asyncio.TimeoutError)
            assert loop.time() - before <= 3.5
            made.server.edit = lambda step, answer: answer
            await made.connect()
            assert await made.ask() == NEAREST

    virtual(main)


async def test_H1_wrong_nonce_ends_the_exchange(setup):
    def wrong(step: str, answer: Any) -> Any:
        if step == "res_pq":
            answer.nonce ^= 1
        return answer

    async with setup(key=None, delay=0) as made:
        made.server.edit = wrong
        with pytest.raises(errors.SecurityError):
            await made.connect()
        assert not made.sender.auth_key
        assert not made.sender.is_connected()
        assert made.server.accepted == 2, "an accident is possible once"


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
