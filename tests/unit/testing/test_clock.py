from __future__ import annotations

import asyncio
import datetime as dt
import threading
import time
from collections.abc import Iterator

import pytest

from telethon._core.clock import Instant, SystemClock
from telethon._core.clock import ManualClock as PlainClock
from telethon.testing import TelegramTestServer
from telethon.testing.clock import LoopClock, ManualClock, VirtualTimeLoop, run_virtual, timer_clock
from telethon.tl._codec import unix_time

# -- ManualClock -----------------------------------------------------------------------------------------------------


def test_timers_fire_in_order_and_at_their_time() -> None:
    clock = ManualClock(100.0, 10.0)
    fired: list[tuple[str, float]] = []

    def note(name: str) -> None:
        fired.append((name, clock.now().mono))

    clock.call_later(5, lambda: note("b"))
    clock.call_later(1, lambda: note("a"))
    clock.call_later(5, lambda: note("c"))
    cancelled = clock.call_later(2, lambda: note("never"))
    cancelled.cancel()
    clock.call_later(5.5, lambda: note("later"))
    assert clock.advance(5) == Instant(105.0, 15.0)
    assert fired == [("a", 11.0), ("b", 15.0), ("c", 15.0)]


def test_a_timer_may_start_another() -> None:
    clock = ManualClock()
    fired: list[float] = []

    def again() -> None:
        fired.append(clock.now().mono)
        clock.call_later(10, again)

    clock.call_later(10, again)
    clock.advance(35)
    assert fired == [1010.0, 1020.0, 1030.0]


def test_a_timer_of_the_past_fires_at_once() -> None:
    clock = ManualClock()
    fired: list[int] = []
    clock.call_later(-5, lambda: fired.append(1))
    clock.advance(0)
    assert fired == [1]


def test_jumps_move_no_timer() -> None:
    clock = ManualClock(100.0, 10.0)
    fired: list[int] = []
    clock.call_later(5, lambda: fired.append(1))
    assert clock.jump(-50) == Instant(50.0, 10.0)
    assert fired == []
    with pytest.raises(ValueError, match="negative"):
        clock.advance(-1)


# -- VirtualTimeLoop -------------------------------------------------------------------------------------------------


def test_hours_pass_at_once() -> None:
    async def main() -> tuple[float, float]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        before = loop.clock.now()
        await asyncio.gather(asyncio.sleep(3600), asyncio.sleep(7200))
        after = loop.clock.now()
        return after.wall - before.wall, after.mono - before.mono

    started = time.monotonic()
    assert run_virtual(main()) == pytest.approx((7200, 7200))
    assert time.monotonic() - started < 2


def test_the_clock_starts_where_it_is_told() -> None:
    async def main() -> float:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        loop.clock.jump(10)
        return loop.clock.now().wall

    assert run_virtual(main(), wall=500.0) == 510.0


def test_timers_fire_in_order() -> None:
    async def main() -> list[int]:
        loop = asyncio.get_running_loop()
        fired: list[int] = []
        for delay in (3, 1, 2):
            loop.call_later(delay, fired.append, delay)
        await asyncio.sleep(2.5)
        return fired

    assert run_virtual(main()) == [1, 2]


def test_timeouts_strike_in_virtual_time() -> None:
    async def main() -> float:
        loop = asyncio.get_running_loop()
        started = loop.time()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 86400)
        return loop.time() - started

    assert run_virtual(main()) == pytest.approx(86400)


def test_bytes_on_their_way_come_before_time_passes() -> None:
    async def main() -> float:
        loop = asyncio.get_running_loop()

        async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while data := await reader.read(100):
                writer.write(data)
            writer.close()

        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
        started = loop.time()
        for _ in range(50):
            writer.write(b"ping")
            assert await asyncio.wait_for(reader.readexactly(4), 10) == b"ping"
        passed = loop.time() - started
        writer.close()
        await writer.wait_closed()
        server.close()
        await server.wait_closed()
        return passed

    assert run_virtual(main()) == 0


def test_time_stands_still_while_a_thread_works() -> None:
    async def main() -> float:
        loop = asyncio.get_running_loop()
        go = threading.Event()
        loop.call_later(60, go.set)  # would let the thread go on if time did not stand still
        started = loop.time()
        work = loop.run_in_executor(None, go.wait, 0.1)
        assert await work is False
        return loop.time() - started

    assert run_virtual(main()) == 0


def test_time_can_be_held() -> None:
    async def main() -> float:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        started = loop.time()
        done = asyncio.Event()
        thread = threading.Thread(target=lambda: loop.call_soon_threadsafe(done.set))
        with loop.held():
            loop.call_later(60, done.set)
            thread.start()
            await done.wait()
        thread.join()
        assert loop.holds == 0
        return loop.time() - started

    assert run_virtual(main()) == 0


def test_tasks_that_are_left_are_cancelled() -> None:
    ended: list[bool] = []

    async def left() -> None:
        try:
            await asyncio.sleep(1e9)
        finally:
            ended.append(True)

    async def main() -> asyncio.Task[None]:
        task = asyncio.create_task(left())
        await asyncio.sleep(0)
        return task

    assert run_virtual(main()).cancelled()
    assert ended == [True]


# -- timer_clock -----------------------------------------------------------------------------------------------------


async def test_the_machines_clock_is_the_default() -> None:
    clock = timer_clock(None)
    assert isinstance(clock, SystemClock)
    assert abs(clock.now().wall - time.time()) < 5
    fired = asyncio.Event()
    clock.call_later(0, fired.set)
    await fired.wait()


def test_a_virtual_loop_brings_its_clock() -> None:
    async def main() -> bool:
        return timer_clock(None) is getattr(asyncio.get_running_loop(), "clock", None)

    assert run_virtual(main())


async def test_a_clock_with_timers_is_used_as_it_is() -> None:
    clock = ManualClock()
    assert timer_clock(clock) is clock


async def test_a_clock_without_timers_gets_those_of_the_loop() -> None:
    plain = PlainClock(5.0, 6.0)
    clock = timer_clock(plain)
    assert clock.now() == Instant(5.0, 6.0)
    fired = asyncio.Event()
    clock.call_later(0, fired.set)
    await fired.wait()


@pytest.fixture
def loop() -> Iterator[VirtualTimeLoop]:
    loop = VirtualTimeLoop()
    yield loop
    loop.close()


def test_a_loop_clock_follows_any_loop(loop: VirtualTimeLoop) -> None:
    clock = LoopClock(loop, 100.0)
    assert clock.now().wall == 100.0
    loop.skip(5)
    assert clock.now() == Instant(105.0, loop.time())


def test_spans_from_now_count_from_the_time_of_the_loop() -> None:
    hour = dt.timedelta(hours=1)

    async def main() -> None:
        clock = getattr(asyncio.get_running_loop(), "clock")  # noqa: B009 - loops of others have none
        assert unix_time(hour) == int(clock.now().wall) + 3600
        await asyncio.sleep(100)
        assert unix_time(hour) == int(clock.now().wall) + 3600

    run_virtual(main(), wall=1_000_000.0)
    assert abs(unix_time(hour) - 3600 - time.time()) < 5


def test_a_message_is_scheduled_in_virtual_time() -> None:
    async def main() -> None:
        async with TelegramTestServer() as server:
            ann, bob = server.create_user("Ann"), server.create_user("Bob", username="bob_to_be")
            async with server.client(ann) as client:
                await client.send_message("bob_to_be", "an hour later", schedule=dt.timedelta(hours=1))
                assert bob.chat(ann).messages() == []
                await asyncio.sleep(3700)
                server.deliver_scheduled()
                assert (await bob.chat(ann).expect_reply()).text == "an hour later"

    run_virtual(main())
