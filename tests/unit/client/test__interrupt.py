"""Ctrl-C: who hears of it, and what is as before afterwards."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from telethon.client._interrupt import run_until_interrupted

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    made.close()


class Work:
    """Something that runs until it is cancelled, and then puts things away."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.is_put_away = False
        self.task = loop.create_task(self._run())

    async def _run(self) -> None:
        try:
            await asyncio.sleep(100)
        finally:
            await asyncio.sleep(0.01)
            self.is_put_away = True


def press() -> None:
    signal.raise_signal(signal.SIGINT)


def test_only_the_task_hears_of_it(loop):
    work = Work(loop)
    heard = []

    async def handler() -> None:
        try:
            press()
            await asyncio.sleep(0)
        except BaseException as error:
            heard.append(error)
            raise

    other = loop.create_task(handler())
    assert run_until_interrupted(loop, work.task) is None
    assert work.is_put_away
    assert heard == []
    assert other.done()
    assert other.exception() is None


def test_a_loop_that_waits_is_woken(loop):
    work = Work(loop)
    timer = threading.Timer(0.1, lambda: signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT))
    timer.start()
    begun = loop.time()
    assert run_until_interrupted(loop, work.task) is None
    assert loop.time() - begun < 10
    assert work.is_put_away
    timer.join()


def test_the_second_time_it_does_as_python_does(loop):
    handlers = []

    async def stubborn() -> str:
        press()
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError:
            handlers.append(signal.getsignal(signal.SIGINT))
        return "not now"

    assert run_until_interrupted(loop, loop.create_task(stubborn())) == "not now"
    assert handlers == [signal.default_int_handler]


def test_results_and_errors_are_those_of_the_task(loop):
    async def give(what: Any) -> Any:
        if isinstance(what, BaseException):
            raise what
        return what

    assert run_until_interrupted(loop, loop.create_task(give(5))) == 5
    with pytest.raises(ValueError, match="wrong"):
        run_until_interrupted(loop, loop.create_task(give(ValueError("wrong"))))
    with pytest.raises(asyncio.CancelledError):
        run_until_interrupted(loop, loop.create_task(give(asyncio.CancelledError())))


def test_a_program_that_handles_the_signal_itself_goes_on_doing_so(loop):
    pressed = []
    before = signal.signal(signal.SIGINT, lambda number, frame: pressed.append(number))
    try:
        task = loop.create_task(asyncio.sleep(0.05, "done"))
        loop.call_soon(press)
        assert run_until_interrupted(loop, task) == "done"
        assert pressed == [signal.SIGINT]
    finally:
        signal.signal(signal.SIGINT, before)


def test_other_threads_cannot_hear_of_it():
    got = []

    def run() -> None:
        loop = asyncio.new_event_loop()
        got.append(run_until_interrupted(loop, loop.create_task(asyncio.sleep(0, "done"))))
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert got == ["done"]
