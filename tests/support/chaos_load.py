"""Loads on the real client over a bad line: how many calls were lost or repeated, and what was left behind.

Each function may be run in any event loop, a virtual one included, and gives what it has counted. Nothing is judged
here; tests and figures do that.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from chaos_lag import loop_lag
from chaos_links import dead_links
from leaks import LogCounter, leaks_of

from telethon.testing import ChaosPipe, RpcFault, TelegramTestServer
from telethon.tl import functions

__all__ = ["DisconnectCounts", "StormCounts", "dead_links", "disconnect_storm", "loop_lag", "reconnect_storm"]

Numbered = functions.help.SetBotUpdatesStatusRequest
"""A request with a number in it, so that it can be told how often each of them was executed."""

_WORKERS = 12
_MOST_SECONDS = 1_000.0


@dataclass
class StormCounts:
    """What became of the calls of a client whose connection kept breaking.

    Attributes:
        seed: of all that was left to chance.
        connections: how many connections there were.
        calls: how many calls were made.
        lost: calls without an answer, or with a wrong one.
        repeated: calls that were executed more than once.
        errors: what calls have raised, by kind.
        violations: rules of the protocol that the client broke.
        sessions: how many sessions the server has seen.
        leaked_tasks: tasks left behind.
        leaked_fds: file descriptors left behind.
        leaked_timers: timers left behind.
        warnings: lines of level WARNING or higher.
        lines: lines of level INFO or higher.
    """

    seed: int
    connections: int = 0
    calls: int = 0
    lost: int = 0
    repeated: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    violations: int = 0
    sessions: int = 0
    leaked_tasks: int = 0
    leaked_fds: int = 0
    leaked_timers: int = 0
    warnings: int = 0
    lines: int = 0

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost, repeated or left behind."""
        bad = (self.lost, self.repeated, self.leaked_tasks, self.leaked_fds, self.leaked_timers, self.violations)
        return not any(bad) and self.calls > 0


async def reconnect_storm(
    connections: int, seed: int, *, clients: int = 1, chaos: dict[str, float] | None = None
) -> StormCounts:
    """Calls of clients while their connections are cut before, during and after the work of the server.

    Args:
        connections: how many connections there shall be altogether.
        seed: decides everything that is left to chance.
        clients: how many clients of one account there are.
        chaos: conditions of the line.
    """
    counts = StormCounts(seed)
    rand = random.Random(seed)
    executed: Counter[int] = Counter()
    with LogCounter() as log, leaks_of() as leaks:
        async with TelegramTestServer(dcs=(2,)) as server:

            @server.on(Numbered)
            async def execute(request: Any, call: Any) -> bool:
                executed[request.pending_updates_count] += 1
                if request.pending_updates_count % 3 == 0:
                    await asyncio.sleep(rand.random() * 0.01)
                if request.pending_updates_count % 50 == 49:
                    raise RpcFault(400, "NUMBER_INVALID")
                return True

            user = server.create_user("Ann")
            async with ChaosPipe(server, seed=seed) as pipe:
                made = [
                    server.client(user, connection_retries=100_000, retry_delay=0.001, receive_updates=False)
                    for _ in range(clients)
                ]
                for client in made:
                    await client.connect()
                pipe.set(**(chaos or {"cut": 0.15}))
                work = [
                    asyncio.ensure_future(_keep_calling(client, pipe, connections, counts))
                    for client in made
                    for _ in range(_WORKERS // clients or 1)
                ]
                await asyncio.wait_for(asyncio.gather(*work), _MOST_SECONDS)
                counts.connections = pipe.counts["connections"]
                pipe.set(**dict.fromkeys(chaos or {"cut": 0.0}, 0.0))
                for client in made:
                    await client.disconnect()
            counts.violations = len(server.violations)
            counts.sessions = server.stats.sessions
    counts.repeated = sum(1 for times in executed.values() if times > 1)
    counts.lost += sum(1 for number in range(1, counts.calls + 1) if not executed[number])
    counts.leaked_tasks, counts.leaked_fds, counts.leaked_timers = leaks.tasks, leaks.fds, leaks.timers
    counts.warnings = sum(log.levels[level] for level in ("WARNING", "ERROR", "CRITICAL"))
    counts.lines = counts.warnings + log.levels["INFO"]
    return counts


async def _keep_calling(client: Any, pipe: ChaosPipe, connections: int, counts: StormCounts) -> None:
    from telethon.errors import BadRequestError

    while pipe.counts["connections"] < connections:
        counts.calls += 1
        number = counts.calls
        size = 3000 if number % 7 == 0 else 0
        try:
            answer = await client(Numbered(pending_updates_count=number, message="x" * size))
        except BadRequestError as error:
            if number % 50 != 49:
                counts.errors[type(error).__name__] += 1
                counts.lost += 1
        except Exception as error:
            counts.errors[type(error).__name__] += 1
            counts.lost += 1
        else:
            if answer is not True or number % 50 == 49:
                counts.errors["wrong answer"] += 1
                counts.lost += 1


@dataclass
class DisconnectCounts:
    """What became of calls around the end of a client.

    Attributes:
        seed: of all that was left to chance.
        calls: how many were made.
        unresolved: calls that still waited a second after their client had ended.
        outcomes: what the others gave or raised, by kind.
        kept: entries of calls that senders still had.
        leaked_tasks: tasks left behind.
        leaked_fds: file descriptors left behind.
        leaked_timers: timers left behind.
    """

    seed: int
    calls: int = 0
    unresolved: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    leaked_tasks: int = 0
    leaked_fds: int = 0
    leaked_timers: int = 0

    @property
    def is_good(self) -> bool:
        """Whether every call has ended, and nothing was left behind."""
        bad = (self.unresolved, self.kept, self.leaked_tasks, self.leaked_fds, self.leaked_timers)
        return not any(bad) and self.calls > 0


_ENDS = ("disconnect", "failed reconnect", "cancel storm", "disconnect while reconnecting", "stalled")
_BATCH = 50


async def disconnect_storm(calls: int, seed: int) -> DisconnectCounts:
    """Calls at random moments around `disconnect`, a reconnect that fails, and a storm of cancellations.

    Args:
        calls: how many calls, in batches of 50, each with a client of its own.
        seed: decides everything that is left to chance.
    """
    counts = DisconnectCounts(seed)
    rand = random.Random(seed)
    with leaks_of() as leaks:
        async with TelegramTestServer(dcs=(2,)) as server:

            @server.on(Numbered)
            async def execute(request: Any, call: Any) -> bool:
                # A third of them is never answered.
                await asyncio.sleep(3600 if request.pending_updates_count % 3 == 0 else rand.random() * 0.02)
                return True

            user = server.create_user("Ann")
            turn = 0
            while counts.calls < calls:
                how = _ENDS[turn % len(_ENDS)]
                turn += 1
                async with ChaosPipe(server, seed=seed + turn) as pipe:
                    await _end_one(server, pipe, user, how, rand, min(_BATCH, calls - counts.calls), counts)
    counts.leaked_tasks, counts.leaked_fds, counts.leaked_timers = leaks.tasks, leaks.fds, leaks.timers
    return counts


async def _end_one(
    server: TelegramTestServer,
    pipe: ChaosPipe,
    user: Any,
    how: str,
    rand: random.Random,
    calls: int,
    counts: DisconnectCounts,
) -> None:
    client = server.client(user, connection_retries=2, retry_delay=0.01, receive_updates=False)
    await client.connect()
    sender = client._sender

    async def call(number: int, moment: float) -> None:
        await asyncio.sleep(moment)
        await client(Numbered(pending_updates_count=number, message=""))

    first = counts.calls
    counts.calls += calls
    tasks = [asyncio.ensure_future(call(first + n, rand.random() * 0.04)) for n in range(calls)]
    await asyncio.sleep(rand.random() * 0.03)
    if how == "failed reconnect":
        pipe.refuse(times=None)
        pipe.disconnect(reset=True)
        await asyncio.sleep(0.1)
    elif how == "disconnect while reconnecting":
        pipe.black_hole(new=True)
        pipe.disconnect()
        await asyncio.sleep(rand.random() * 0.02)
        await client.disconnect()
    elif how == "cancel storm":
        for task in rand.sample(tasks, len(tasks)):
            if rand.random() < 0.3:
                await asyncio.sleep(0)
            task.cancel()
        await asyncio.sleep(0.01)
        counts.kept += len(sender._send_queue)
        await client.disconnect()
    else:
        if how == "stalled":
            pipe.stall("both")
            tasks.append(asyncio.ensure_future(client(Numbered(pending_updates_count=0, message="x" * 500_000))))
        await client.disconnect()
    _, unresolved = await asyncio.wait(tasks, timeout=1.0)
    counts.unresolved += len(unresolved)
    for task in tasks:
        if task in unresolved:
            task.cancel()
        elif task.cancelled():
            counts.outcomes["cancelled"] += 1
        else:
            error = task.exception()
            counts.outcomes["answered" if error is None else type(error).__name__] += 1
    if unresolved:
        await asyncio.wait(unresolved)
    await client.disconnect()
    counts.kept += len(sender._send_queue)
