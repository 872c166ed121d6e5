"""Connecting, and what happens when the connection is lost; where time matters it is virtual."""

from __future__ import annotations

import asyncio
import gc
import itertools
import logging
import random
from typing import Any

import pytest
from fakeserver import auth_key
from sendersetup import NEAREST, GetNearestDc, nearest

from telethon import errors
from telethon.crypto import AuthKey
from telethon.mtproto import wire
from telethon.network import ConnectionTcpFull, MTProtoSender
from telethon.tl import types

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
        assert loop.time() - before < 1
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
            told = r"Connection to Telegram failed 3 time\(s\); the last time with ConnectionRefusedError: "
            with pytest.raises(ConnectionError, match=told):
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


async def test_S6_salts_are_kept_for_their_key(setup):
    from telethon.mtproto.salts import FutureSalt

    async with setup() as made:
        await made.connect()
        salts = [FutureSalt(0, 2_000_000_000, 5)]
        made.sender._engine.salts.learn(salts)
        await made.sender.disconnect()
        await made.connect()
        assert list(made.sender._engine.salts.known()) == salts
        await made.sender.disconnect()
        made.sender.auth_key = None
        await made.connect()
        assert list(made.sender._engine.salts.known()) == []


async def test_a_connection_is_needed(setup):
    made = setup()
    with pytest.raises(ConnectionError, match="without a connection"):
        await made.sender._establish()
    with pytest.raises(ConnectionError, match="without a connection"):
        await made.sender._open()


def test_a_long_connection_is_not_one_of_a_row_of_failed_tries(setup, virtual):
    async def main() -> None:
        async with setup(retries=1, delay=1) as made:
            made.server.on_packet = lambda peer, packet: None
            await made.connect()
            for _ in range(5):
                await asyncio.sleep(50)
                made.server.drop_all()
            await asyncio.sleep(1)
            assert made.sender.is_connected()
            assert made.server.accepted == 6

    virtual(main)


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


# -- what is kept with the key -----------------------------------------------------------------------------------------


async def test_S6_H14_salt_and_time_go_to_who_keeps_them_and_come_back(setup):
    kept = []
    async with setup(key=None) as made:
        made.sender.on_key_state = kept.append
        await made.connect()
        # Right after the exchange, so that a crash does not lose it.
        assert kept[-1].auth_key_id == made.sender.auth_key.key_id
        assert kept[-1].salt == made.sender._engine.state.salt != 0
        await made.ask()
        await made.sender.disconnect()
        last = kept[-1]._replace(time_offset=100.0)
        again = MTProtoSender(made.sender.auth_key, loggers=made.loggers)
        again.key_state = last
        await again.connect(made.connection())
        assert again._state.salt == last.salt
        assert again._state.time_offset == 100.0
        await again.disconnect()
        # Of another key it says nothing.
        other = MTProtoSender(AuthKey(bytes(256)), loggers=made.loggers)
        other.key_state = last
        await other.connect(made.connection())
        assert other._state.salt == 0
        assert other._state.time_offset == 0
        await other.disconnect()


async def test_S6_who_keeps_it_may_take_their_time(setup):
    kept = []

    async def keep(state):
        await asyncio.sleep(0.05)
        kept.append(state)

    async with setup() as made:
        made.sender.on_key_state = keep
        await made.connect()
        await made.ask()
        await made.sender.disconnect()
        assert kept
        assert not made.sender._storing


@pytest.mark.parametrize("is_async", [False, True])
async def test_S6_a_fault_of_who_keeps_it_is_only_logged(setup, caplog, is_async):
    def fail(state):
        raise OSError("no room")

    async def fail_later(state):
        raise OSError("no room")

    async with setup() as made:
        made.sender.on_key_state = fail_later if is_async else fail
        await made.connect()
        assert await made.ask() == NEAREST
        await made.sender.disconnect()
        assert made.server.accepted == 1
    assert "could not be kept: OSError: no room" in caplog.text


async def test_another_key_does_not_lose_the_requests_that_wait(setup):
    async with setup(delay=0) as made:
        await made.connect()
        await made.ask()
        made.server.answer = lambda body: None
        waiting = made.sender.send(GetNearestDc())
        await asyncio.sleep(0.02)
        made.server.answer = nearest
        made.sender.auth_key = None
        made.server.drop_all()
        assert await asyncio.wait_for(waiting, 5) == NEAREST


async def test_S12_who_connects_again_lets_the_server_forget_the_session_before(setup):
    async with setup() as made:

        def destroyed() -> list[int]:
            return [
                int.from_bytes(body[4:], "little", signed=True)
                for constructor, body in made.server.services
                if constructor == wire.DESTROY_SESSION
            ]

        await made.connect()
        await made.ask()
        first = made.sender._engine.state.session_id
        await made.sender.disconnect()
        await made.connect()
        await made.ask()
        assert made.sender._engine.state.session_id != first
        assert destroyed() == [first]
        # Nobody can ask for that with another key.
        second = made.sender._engine.state.session_id
        await made.sender.disconnect()
        assert made.sender._abandoned == (auth_key().key, second)
        made.sender.auth_key = None
        await made.connect()
        await made.ask()
        assert destroyed() == [first]
        assert made.sender._abandoned is None
