"""The real client over lines on which everything goes wrong: nothing is lost, done twice, left behind or stuck."""

from __future__ import annotations

import asyncio
import logging
import time
from itertools import pairwise
from struct import pack

import chaos_load
import pytest
from chaos_links import dead_link
from leaks import LogCounter, leaks_of
from looplag import best_lag
from slow import SLOW

from telethon import events
from telethon.mtproto import wire
from telethon.network import (
    ConnectionHttp,
    ConnectionTcpAbridged,
    ConnectionTcpFull,
    ConnectionTcpIntermediate,
    ConnectionTcpObfuscated,
)
from telethon.testing import ChaosPipe, TelegramTestServer, run_virtual
from telethon.tl import functions

CONNECTIONS = 10_000 if SLOW else 500
CALLS = 100_000 if SLOW else 1_000
LAG = 0.05
Numbered = chaos_load.Numbered
pytestmark = pytest.mark.timeout(3_000 if SLOW else 60)


def server_with_a_pipe(**chaos):
    """A strict server and a pipe to it, for `async with`."""

    class Both:
        async def __aenter__(self):
            self.server = TelegramTestServer(dcs=(2,), strict_handshake=True, init_per_session=True)
            await self.server.start()
            self.pipe = ChaosPipe(self.server, seed=1, **chaos)
            await self.pipe.start()
            return self.server, self.pipe

        async def __aexit__(self, kind, *_):
            await self.pipe.stop()
            await self.server.stop()
            if kind is None:
                self.server.violations.check()

    return Both()


# -- nothing is lost, nothing is done twice ----------------------------------------------------------------------------


async def test_R2_S8_I25_reconnects_under_load():
    counts = await chaos_load.reconnect_storm(CONNECTIONS, seed=2)
    assert counts.connections >= CONNECTIONS
    assert counts.calls > CONNECTIONS
    assert (counts.lost, counts.repeated, counts.errors) == (0, 0, {})
    assert (counts.leaked_tasks, counts.leaked_fds, counts.leaked_timers) == (0, 0, 0)
    assert counts.violations == 0
    assert counts.sessions == 1, "the session is kept, whatever happens to connections"
    assert counts.is_good
    # Budget of the log (I37): what a connection is worth, and no warning about what was repaired.
    assert counts.warnings == 0
    assert counts.lines <= 5 * counts.connections


@pytest.mark.parametrize("seed", range(20 if SLOW else 2))
def test_R2_S8_reconnects_under_load_in_virtual_time(seed):
    counts = run_virtual(
        chaos_load.reconnect_storm(60, seed, chaos={"cut": 0.2, "latency": 0.05, "jitter": 0.2, "split": 50})
    )
    assert counts.is_good, counts
    assert counts.connections >= 60


@pytest.mark.parametrize(
    "chaos",
    [{"corrupt": 0.05}, {"lose": 0.05}, {"duplicate": 0.3}, {"reorder": 0.3}, {"split": 1}, {"bandwidth": 3000.0}],
    ids=lambda chaos: next(iter(chaos)),
)
@pytest.mark.parametrize(
    "connection",
    [ConnectionTcpFull, ConnectionTcpAbridged, ConnectionTcpIntermediate, ConnectionTcpObfuscated, ConnectionHttp],
)
def test_R2_S8_S14_whatever_a_line_does_every_call_is_answered_and_executed_once(connection, chaos):
    async def main():
        executed = []
        async with server_with_a_pipe() as (server, pipe):

            @server.on(Numbered)
            def execute(request, call):
                executed.append(request.pending_updates_count)
                return True

            client = server.client(server.create_user("Ann"), connection=connection, connection_retries=-1)
            async with client:
                pipe.set(**chaos)
                for start in range(0, 36, 6):
                    calls = [client(Numbered(pending_updates_count=start + n, message="")) for n in range(6)]
                    assert await asyncio.wait_for(asyncio.gather(*calls), 1_000) == [True] * 6
                pipe.heal()
            assert sorted(executed) == list(range(36)), pipe

    run_virtual(main())


def test_I3_S8_M5_many_clients_reconnect_many_times_without_a_warning():
    clients, times = (100, 100) if SLOW else (10, 20)

    async def main():
        async with server_with_a_pipe() as (server, pipe):
            with LogCounter() as log:
                made = [server.client(server.create_user("Ann"), connection_retries=-1) for _ in range(clients)]
                await asyncio.gather(*(client.connect() for client in made))
                for _ in range(times):
                    calls = [client(functions.help.GetNearestDcRequest()) for client in made]
                    waiting = asyncio.gather(*calls)
                    await asyncio.sleep(0)
                    pipe.disconnect()
                    assert len(await asyncio.wait_for(waiting, 100)) == clients
                assert pipe.counts["connections"] >= clients * times
                assert log.levels["WARNING"] == log.levels["ERROR"] == 0
                assert server.stats.sessions == clients
                await asyncio.gather(*(client.disconnect() for client in made))

    run_virtual(main())


@pytest.mark.parametrize("lost", range(1, 6))
def test_I22_S14_a_call_is_answered_although_the_answers_about_its_state_are_lost(lost):
    async def main():
        executed = []
        async with server_with_a_pipe() as (server, pipe):

            @server.on(Numbered)
            def execute(request, call):
                executed.append(request.pending_updates_count)
                return True

            async with server.client(server.create_user("Ann")) as client:
                await client(functions.help.GetNearestDcRequest())
                pipe.cut_after(1, "down", where="before")
                calling = asyncio.ensure_future(client(Numbered(pending_updates_count=1, message="")))
                while pipe.counts["connections"] < 2:
                    await asyncio.sleep(0.01)
                pipe.lose("down", times=lost)
                assert await asyncio.wait_for(calling, 400) is True
                assert client._sender._send_queue == []
            assert executed == [1]

    run_virtual(main())


# -- what no server says ----------------------------------------------------------------------------------------------

UNKNOWN = pack("<Iq", 0x12345678, 5)
NESTED = pack("<Ii", wire.MSG_CONTAINER, 1) + pack("<qii", 5, 0, 8) + pack("<Ii", wire.MSG_CONTAINER, 0)
FORGERIES = {
    "M2 another key": {"body": UNKNOWN, "auth_key_id": b"otherkey"},
    "M4 a length that is no multiple of 4": {"body": UNKNOWN, "length": 11},
    "M4 a negative length": {"body": UNKNOWN, "length": -4},
    "M4 a length beyond the packet": {"body": UNKNOWN, "length": 2**30},
    "M4 too little padding": {"body": UNKNOWN, "padding": 4},
    "M4 too much padding": {"body": UNKNOWN, "padding": 1028 + 4 * 4},
    "M5 another session": {"body": UNKNOWN, "session_id": 77},
    "M6 an even msg_id": {"body": UNKNOWN, "msg_id": 1 << 62},
    "M9 a msg_id of long ago": {"body": UNKNOWN, "msg_id": 1},
    "M12 a container in a container": {"body": NESTED},
    "M12 a count that is not true": {"body": pack("<Ii", wire.MSG_CONTAINER, 2**31 - 1)},
    "M13 no gzip": {"body": pack("<I", wire.GZIP_PACKED) + wire.write_bytes(bytes(8))},
    "M14 half an answer": {"body": pack("<I", wire.RPC_RESULT)},
    "M15 an unknown constructor": {"body": UNKNOWN},
    "S1 a salt for nothing": {"body": pack("<Iqiiq", wire.BAD_SERVER_SALT, 4, 1, 48, 99)},
    "S2 a refusal of nothing": {"body": pack("<Iqii", wire.BAD_MSG_NOTIFICATION, 4, 1, 32)},
    "S9 an answer to nothing": {"body": pack("<IqqII", wire.MSG_DETAILED_INFO, 4, 9, 8, 0)},
}


@pytest.mark.parametrize("name", FORGERIES)
def test_M2_M4_M5_M6_M12_M13_M14_M15_S1_S2_S9_what_no_server_says_harms_nobody(name):
    async def main():
        loop = asyncio.get_running_loop()
        executed = []
        async with server_with_a_pipe() as (server, _):

            @server.on(Numbered)
            async def execute(request, call):
                executed.append(request.pending_updates_count)
                await asyncio.sleep(0.2)
                return True

            async with server.client(server.create_user("Ann")) as client:
                await client.get_me()
                calls = [asyncio.ensure_future(client(Numbered(pending_updates_count=n, message=""))) for n in range(5)]
                await asyncio.sleep(0.1)
                forged = dict(FORGERIES[name])
                refused = dict(server.stats.bad_messages)
                began = loop.time()
                assert server.faults.forge(forged.pop("body"), **forged) == 1
                assert await asyncio.gather(*calls) == [True] * 5
                assert (await client.get_me()).first_name == "Ann"
                assert loop.time() - began < 3
                assert server.stats.bad_messages == refused, "what was forged changes neither salt nor numbers"
            assert sorted(executed) == list(range(5))

    run_virtual(main())


@pytest.mark.parametrize("seed", [None, 1, 2])
def test_M7_M8_a_recorded_session_that_is_played_again_does_nothing(seed):
    async def main():
        heard = []
        async with server_with_a_pipe() as (server, pipe):
            ann, bob = server.create_user("Ann"), server.create_user("Bob")
            async with server.client(ann) as client:

                @client.on(events.NewMessage(incoming=True))
                async def hear(event):
                    heard.append(event.raw_text)

                await client.get_me()
                recording = server.faults.record()
                for number in range(20):
                    await bob.chat(ann).send(f"number {number}")
                    await client(functions.help.GetNearestDcRequest())
                await asyncio.sleep(2)
                recording.stop()
                assert len(recording.packets) >= 20
                assert recording.replay(seed) == len(recording.packets)
                await client.get_me()
                await asyncio.sleep(2)
            assert heard == [f"number {number}" for number in range(20)]
            assert pipe.counts["connections"] == 1

    run_virtual(main())


# -- dead lines --------------------------------------------------------------------------------------------------------


async def test_R9_S13_dead_links_of_every_kind_are_noticed_in_time():
    found = await chaos_load.dead_links()
    assert 0 < found.main_traffic <= 30
    assert 0 < found.media_traffic <= 30
    assert 0 < found.cdn_traffic <= 30
    assert 0 < found.main_idle <= 90
    assert 0 < found.media_idle <= 90
    assert 0 < found.cdn_idle <= 90
    assert found.is_good


def test_I16_S13_a_server_that_speaks_but_does_not_hear():
    assert 0 < run_virtual(dead_link("main", "up", busy=True)) <= 30


@pytest.mark.parametrize("connection", [ConnectionTcpObfuscated, ConnectionHttp])
def test_S13_R9_dead_links_are_noticed_over_other_transports(connection):
    assert 0 < run_virtual(dead_link("main", "both", busy=True, connection=connection)) <= 30
    assert 0 < run_virtual(dead_link("main", "both", busy=False, connection=connection)) <= 90


def test_S13_a_server_that_is_gone_for_hours_is_found_again():
    async def main():
        loop = asyncio.get_running_loop()
        async with (
            server_with_a_pipe() as (server, pipe),
            server.client(server.create_user("Ann"), connection_retries=-1) as client,
        ):
            hole = pipe.black_hole(new=True)
            calling = asyncio.ensure_future(client(functions.help.GetNearestDcRequest()))
            await asyncio.sleep(3 * 3600)
            assert not calling.done()
            hole.stop()
            began = loop.time()
            await asyncio.wait_for(calling, 120)
            assert loop.time() - began < 60

    run_virtual(main())


def test_T9_ten_minutes_of_refusals():
    async def main():
        loop = asyncio.get_running_loop()
        moments = []
        async with (
            server_with_a_pipe() as (server, pipe),
            server.client(server.create_user("Ann"), connection_retries=-1, retry_delay=1) as client,
        ):
            await client.get_me()
            welcome = pipe.welcome
            pipe.welcome = lambda passage: moments.append(loop.time()) or welcome(passage)
            fault = pipe.refuse(times=None)
            pipe.disconnect()
            await asyncio.sleep(600)
            assert 15 <= len(moments) <= 60
            pauses = [after - before for before, after in pairwise(moments)]
            assert min(pauses) >= 0.5
            assert max(pauses) <= 40
            fault.stop()
            await asyncio.wait_for(client.get_me(), 45)
            # All is well again, so the next loss is repaired at once.
            moments.clear()
            pipe.disconnect()
            began = loop.time()
            await client.get_me()
            assert loop.time() - began < 1

    run_virtual(main())


# -- the end -----------------------------------------------------------------------------------------------------------


async def test_R8_S15_I6_every_call_around_the_end_of_a_client_ends():
    counts = await chaos_load.disconnect_storm(CALLS, seed=3)
    assert counts.calls == CALLS
    assert (counts.unresolved, counts.kept) == (0, 0)
    assert (counts.leaked_tasks, counts.leaked_fds, counts.leaked_timers) == (0, 0, 0)
    assert set(counts.outcomes) == {"ConnectionError", "cancelled", "answered"}
    assert counts.is_good


async def test_I4_a_close_that_never_completes_delays_nobody():
    def part(number):
        return functions.upload.SaveBigFilePartRequest(1, number, 40, bytes(512 * 1024))

    async with server_with_a_pipe() as (server, pipe):
        client = server.client(server.create_user("Ann"))
        with leaks_of() as leaks:
            await client.connect()
            await client.get_me()
            pipe.stall("both")
            # More than all buffers on the way take, so the socket could only be closed when somebody read it.
            big = asyncio.gather(*(client(part(number)) for number in range(40)))
            await asyncio.sleep(0.1)
            assert client._sender._connection._writer.transport.get_write_buffer_size() > 0
            stuck = next(iter(pipe.connections))
            began = time.perf_counter()
            await client._sender._reconnect(ConnectionError("as if it had been noticed"))
            assert time.perf_counter() - began < 1
            assert await asyncio.wait_for(big, 20) == [True] * 40
            assert stuck not in pipe.connections or stuck.stalled
            pipe.stall("both")
            again = asyncio.gather(*(client(part(number)) for number in range(40)))
            await asyncio.sleep(0.1)
            began = time.perf_counter()
            await client.disconnect()
            assert time.perf_counter() - began < 1
            with pytest.raises(ConnectionError):
                await again
            pipe.disconnect()
            await asyncio.sleep(0.05)
        assert (leaks.tasks, leaks.fds, leaks.timers) == (0, 0, 0)


@pytest.mark.parametrize(
    "state", ["idle", "calling", "reconnecting", "refused", "black hole", "stalled", "handler", "given up"]
)
async def test_I24_after_disconnect_there_is_nothing_left(state):
    async with server_with_a_pipe() as (server, pipe):
        ann, bob = server.create_user("Ann"), server.create_user("Bob")

        @server.on(Numbered)
        async def never(request, call):
            await asyncio.sleep(3600)

        with leaks_of() as leaks:
            client = server.client(ann, connection_retries=1 if state == "given up" else -1, retry_delay=0.01)
            await client.connect()
            await client.get_me()
            calls = [asyncio.ensure_future(client(Numbered(pending_updates_count=n, message=""))) for n in range(20)]
            await asyncio.sleep(0.02)
            entered = asyncio.Event()
            if state == "idle":
                for call in calls:
                    call.cancel()
                await asyncio.wait(calls)
            elif state == "reconnecting":
                pipe.disconnect()
                await asyncio.sleep(0)
            elif state in ("refused", "given up"):
                pipe.refuse(times=None)
                pipe.disconnect(reset=True)
                await asyncio.sleep(0.1)
            elif state == "black hole":
                pipe.black_hole(new=True)
                await asyncio.sleep(0.05)
            elif state == "stalled":
                pipe.stall("both")
            elif state == "handler":

                @client.on(events.NewMessage)
                async def wait(event):
                    entered.set()
                    await asyncio.sleep(3600)

                await bob.chat(ann).send("hello")
                await asyncio.wait_for(entered.wait(), 5)
            began = time.perf_counter()
            await client.disconnect()
            assert time.perf_counter() - began < 2
            await asyncio.wait(calls, timeout=1)
            assert all(call.done() for call in calls)
            assert all(call.cancelled() or isinstance(call.exception(), ConnectionError) for call in calls)
            pipe.disconnect()
            await asyncio.sleep(0.05)
            del calls
            # What the server itself keeps doing for those calls is not ours.
            for task in list(server._tasks):
                task.cancel()
            await asyncio.sleep(0.01)
            connections = pipe.counts["connections"]
            await asyncio.sleep(0.2)
            assert pipe.counts["connections"] == connections, "nobody connects behind the back of the program"
        assert (leaks.tasks, leaks.fds, leaks.timers) == (0, 0, 0)


# -- nothing stands still ----------------------------------------------------------------------------------------------


async def test_I15_bounded_queues_under_cross_traffic():
    messages, workers = 300, 10
    async with server_with_a_pipe(split=2000, jitter=0.002) as (server, pipe):
        ann, bob = server.create_user("Ann"), server.create_user("Bob")
        heard, answered = [], []
        async with server.client(ann, sequential_updates=True) as client:

            @client.on(events.NewMessage(incoming=True))
            async def hear(event):
                # The handler needs the connection that brings it the next one.
                await client(functions.help.GetNearestDcRequest())
                heard.append(event.raw_text)

            await client.get_me()
            await bob.chat(ann).send("first")
            while not heard:
                await asyncio.sleep(0.01)

            async def work():
                while len(heard) < messages:
                    await client(functions.help.GetConfigRequest())
                    answered.append(None)

            async def talk():
                for number in range(1, messages):
                    await bob.chat(ann).send(f"number {number}")
                    if number % 20 == 0:
                        await asyncio.sleep(0)
                    if number % 150 == 149:
                        pipe.disconnect()

            busy = asyncio.gather(talk(), *(work() for _ in range(workers)))
            seen = 0, 0
            while not busy.done():
                # The watchdog: within five seconds both directions have to get on.
                await asyncio.wait((busy,), timeout=5)
                now = len(heard), len(answered)
                assert busy.done() or (now[0] > seen[0] and now[1] > seen[1]), f"stuck at {now}"
                seen = now
            await busy
        assert heard == ["first", *(f"number {number}" for number in range(1, messages))]
        assert len(answered) > messages


async def test_R14_nothing_keeps_the_loop_from_its_work():
    found = await chaos_load.loop_lag()
    assert found.handshake_ms < 50
    assert found.srp_ms < 50
    assert found.upload_ms < 50
    assert found.hashing_ms < 50
    assert found.chaos_ms < 50
    assert found.is_good


async def test_I36_R14_the_loop_goes_on_during_chaos():
    async with server_with_a_pipe() as (server, pipe):
        client = server.client(server.create_user("Ann"), connection_retries=1000, retry_delay=0.01)
        async with client:

            async def chaos():
                until = time.perf_counter() + (60 if SLOW else 1.5)
                pipe.set(jitter=0.005, split=100, cut=0.1, duplicate=0.1)
                while time.perf_counter() < until:
                    await asyncio.gather(*(client(functions.help.GetNearestDcRequest()) for _ in range(20)))
                pipe.heal()

            assert await best_lag(chaos, LAG) < LAG
        assert pipe.counts["cut"] > 10


def test_I37_hours_of_bad_connections_fit_into_the_log():
    hours = 24 if SLOW else 4

    async def main():
        async with server_with_a_pipe() as (server, pipe):
            with LogCounter() as log:
                async with server.client(server.create_user("Ann"), connection_retries=-1) as client:
                    for _ in range(hours):
                        pipe.disconnect()
                        await client(functions.help.GetNearestDcRequest())
                        hole = pipe.black_hole(new=True)
                        calling = asyncio.ensure_future(client(functions.help.GetNearestDcRequest()))
                        await asyncio.sleep(1_800)
                        hole.stop()
                        await calling
                        await asyncio.sleep(1_800)
            shown = {level: log.levels[level] for level in ("INFO", "WARNING", "ERROR")}
            # Half an hour without network is some sixty tries, each of which is worth two lines.
            assert shown["WARNING"] <= hours * 60
            assert shown["ERROR"] == 0
            assert sum(shown.values()) <= hours * 200
            assert pipe.counts["connections"] > hours * 20

    logging.getLogger("telethon").setLevel(logging.NOTSET)
    run_virtual(main())
