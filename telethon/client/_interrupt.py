"""Ending on Ctrl-C, wherever the program is at that moment."""

from __future__ import annotations

import asyncio
import signal
import threading
from types import FrameType
from typing import Any

__all__ = ["run_until_interrupted"]


def run_until_interrupted(loop: asyncio.AbstractEventLoop, task: asyncio.Task[Any]) -> Any:
    """Run a loop until a task is done, and let the task be cancelled by Ctrl-C.

    By itself, Python raises `KeyboardInterrupt` in the middle of whatever runs, be it a handler of the program or the
    reading of a packet, which is left half done. Here only the task hears of it. When Ctrl-C is pressed again, Python
    does as it does by itself.

    Args:
        loop: the loop, which does not run.
        task: a task in it.

    Returns:
        What the task gives; None when it was interrupted.
    """
    interrupted = False

    def on_interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal interrupted
        interrupted = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
        # Only this wakes a loop that waits for packets.
        loop.call_soon_threadsafe(task.cancel)

    # A program that handles the signal itself goes on doing so, and only the main thread may change that.
    is_ours = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
    if is_ours:
        signal.signal(signal.SIGINT, on_interrupt)
    try:
        return loop.run_until_complete(task)
    except KeyboardInterrupt:
        # The loop was left in the middle of something. It runs once more, until all is put away.
        task.cancel()
        loop.run_until_complete(asyncio.wait([task]))
        return None
    except asyncio.CancelledError:
        if interrupted:
            return None
        raise
    finally:
        if is_ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)
