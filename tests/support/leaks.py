"""What a piece of work leaves behind: tasks, file descriptors, timers, and lines in the log."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

__all__ = ["Leaks", "LogCounter", "leaks_of", "open_files"]


def open_files() -> int:
    """How many file descriptors this process has."""
    return len(os.listdir("/proc/self/fd"))


def waiting_timers(loop: Any) -> int:
    """How many timers of the loop are not cancelled."""
    return sum(1 for handle in loop._scheduled if not handle.cancelled())


@dataclass
class Leaks:
    """What was left behind.

    Attributes:
        tasks: tasks that are there now and were not before.
        fds: file descriptors, likewise.
        timers: timers of the loop, likewise.
    """

    tasks: int = 0
    fds: int = 0
    timers: int = 0


@contextmanager
def leaks_of() -> Iterator[Leaks]:
    """Compare what there is before and after a block; leave the loop a few turns at its end."""
    loop = asyncio.get_running_loop()
    gc.collect()
    tasks, fds, timers = len(asyncio.all_tasks()), open_files(), waiting_timers(loop)
    leaks = Leaks()
    yield leaks
    leaks.tasks = len(asyncio.all_tasks()) - tasks
    leaks.fds = open_files() - fds
    leaks.timers = waiting_timers(loop) - timers


class LogCounter(logging.Handler):
    """Counts what the client logs, by level, while it is entered."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.levels: Counter[str] = Counter()
        self.texts: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith("telethon.testing"):
            self.levels[record.levelname] += 1
            self.texts[str(record.msg)] += 1

    def __enter__(self) -> LogCounter:
        self._logger = logging.getLogger("telethon")
        self._level = self._logger.level
        self._logger.setLevel(logging.DEBUG)
        self._logger.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self)
        self._logger.setLevel(self._level)
