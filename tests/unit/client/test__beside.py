"""Tasks beside the wheel, and their reports."""

from __future__ import annotations

import asyncio
from typing import Any

from telethon.client._beside import Beside, error_of, now_of
from telethon.testing.clock import run_virtual


def test_tasks_report_when_they_are_asked_to():
    async def main() -> None:
        woken: list[float] = []
        reports: list[Any] = []
        beside = Beside(lambda: woken.append(now_of()))

        async def work(result: Any) -> Any:
            await asyncio.sleep(1)
            if isinstance(result, BaseException):
                raise result
            return result

        def report(task: asyncio.Task[Any], now: float) -> None:
            reports.append((error_of(task) or task.result(), now))

        error = ValueError()
        beside.spawn(lambda: work("done"), report)
        beside.spawn(lambda: work(error), report)
        # Its failure interests nobody.
        beside.spawn(lambda: work(KeyError()))
        start = now_of()
        assert len(beside.tasks) == 3
        await asyncio.sleep(2)
        assert not beside.tasks
        assert woken == [start + 1, start + 1]
        assert beside.has_reports
        beside.take_reports(5.0)
        assert reports == [("done", 5.0), (error, 5.0)]
        assert not beside.has_reports

    run_virtual(main())


def test_what_is_cancelled_before_it_begins_reports_too():
    async def main() -> None:
        reports: list[Any] = []
        beside = Beside(lambda: None)
        task = beside.spawn(lambda: asyncio.sleep(1), lambda task, now: reports.append(error_of(task)))
        task.cancel()
        await asyncio.sleep(0.1)
        beside.take_reports(0.0)
        assert [type(one) for one in reports] == [asyncio.CancelledError]

    run_virtual(main())
