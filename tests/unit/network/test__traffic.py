"""Requests, answers and updates over a connection, against a small server on loopback."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import struct
from typing import Any

import pytest
from fakeserver import FakeServer, auth_key
from sendersetup import NEAREST, GetNearestDc, nearest

from telethon import errors
from telethon.mtproto import wire
from telethon.mtproto.events import SessionCreated
from telethon.network import ConnectionTcpAbridged, ConnectionTcpFull, MTProtoSender
from telethon.tl import functions, types

# -- requests ----------------------------------------------------------------------------------------------------------


async def test_gathered_requests_share_a_packet(setup):
    async with setup() as made:
        await made.connect()
        await made.ask()
        del made.server.packets[:]
        assert await asyncio.gather(*(made.ask() for _ in range(100))) == [NEAREST] * 100
        assert made.server.packets[0] >= 100


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


async def test_S7_whoever_forgot_the_session_is_told_again_who_is_asking(setup):
    async with setup() as made:
        await made.connect()
        await made.ask()
        # The server told of the session when it began, and does so again now.
        assert not made.sender.needs_introduction
        made.sender._on_other(SessionCreated(8, 2))
        assert made.sender.needs_introduction


async def test_answer_to_a_wrapped_request_is_read_as_that_to_the_request_in_it(setup):
    async with setup() as made:
        await made.connect()
        made.server.answer = lambda body: struct.pack("<Iiii", 0x1CB5C415, 2, 7, 8)
        numbers = functions.contacts.GetContactIDsRequest(0)
        wrapped = functions.InvokeWithLayerRequest(1, functions.InvokeWithoutUpdatesRequest(numbers))
        assert await made.sender.send(wrapped) == [7, 8]
        assert await made.sender.send(numbers) == [7, 8]
        made.server.answer = lambda body: bytes(NEAREST)
        assert await made.sender.send(functions.InvokeWithLayerRequest(1, GetNearestDc())) == NEAREST

        class Own(functions.InvokeWithoutUpdatesRequest):
            @staticmethod
            def read_result(reader):
                return "own"

        assert await made.sender.send(Own(numbers)) == "own"


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
