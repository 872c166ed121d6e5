"""`ChaosPipe`: see the head of the package."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Mapping
from random import Random
from typing import Any, Literal

from telethon._core.clock import Clock
from telethon.testing._fault import Fault
from telethon.testing.chaos.conditions import Conditions, Direction, Where, directions
from telethon.testing.chaos.frames import FramePlan
from telethon.testing.chaos.passage import Passage
from telethon.testing.clock import TimerClock, timer_clock
from telethon.testing.server import TelegramServerCore

__all__ = ["ChaosPipe"]

_HOST = "127.0.0.1"
_SEED_BITS = 32

started: deque[int] = deque(maxlen=100)
"""The seeds of the pipes that were started lately, for the report of a test that failed."""


class ChaosPipe:
    """A line to a server on which things go wrong: a proxy for TCP on 127.0.0.1.

    What is left to chance is decided by the seed alone; a pipe with the same seed and the same conditions decides the
    same about the same frames. It does not decide how the kernel cuts bytes, nor in which order two connections speak.

    Args:
        to: a test server that was started, or the host and port of any server, or those by number of data centre.
        seed: what decides everything that is left to chance; by default another one each time. `repr` shows it.
        secret: the secret in any of its forms, when the server is an MTProxy; known of a test server.
        clock: where the time comes from; by default that of the test server, or of the running event loop.
        conditions: for both directions, see `Conditions`. `up` and `down` can be changed later.

    Attributes:
        seed: as given, or made.
        up: what happens to everything that goes to the server.
        down: what happens to everything that comes from it.
        counts: how often what has happened.
        connections: the connections there are.

    Raises:
        TypeError: it is not told in one of these ways where it leads to.
        ValueError: the seed is no whole number, or a condition has a value that it cannot have.

    Example:
        ```python
        async with TelegramTestServer() as server, ChaosPipe(server, seed=7, latency=0.1, split=3) as pipe:
            async with server.client(server.create_user("Ann")) as client:   # goes through the pipe by itself
                pipe.black_hole("down")
                await client.get_me()
        ```
    """

    def __init__(
        self,
        to: TelegramServerCore | tuple[str, int] | Mapping[int, tuple[str, int]],
        *,
        seed: int | None = None,
        secret: str | bytes = b"",
        clock: Clock | None = None,
        **conditions: float,
    ) -> None:
        if seed is not None and not isinstance(seed, int):
            raise ValueError(f"a seed is a whole number, not {seed!r}")
        if conditions and (unknown := [name for name in conditions if name not in Conditions.__dataclass_fields__]):
            raise ValueError(
                f"there is no condition {unknown[0]!r}; there are {', '.join(Conditions.__dataclass_fields__)}"
            )
        self.seed = secrets.randbits(_SEED_BITS) if seed is None else seed
        self.up = Conditions(**conditions)  # type: ignore[arg-type]
        self.down = Conditions(**conditions)  # type: ignore[arg-type]
        self.counts: Counter[str] = Counter()
        self.connections: set[Passage] = set()
        self.faults: list[Fault] = []
        self._server = to if isinstance(to, TelegramServerCore) else None
        self.targets = {} if self._server is not None else _targets(to)
        self.secret = self._server.mtproxy_secret if self._server is not None else secret
        self._given_clock = clock
        self._clock: TimerClock | None = None
        self._listeners: dict[int, asyncio.Server] = {}
        self._welcomes: list[Fault] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._made = 0

    def __repr__(self) -> str:
        return f"ChaosPipe(seed={self.seed}, {len(self.connections)} connections)"

    # -- life --------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Listen, at one port for each data centre; clients of a test server are led here from now on.

        Raises:
            RuntimeError: it was started before, or the test server was not.
        """
        if self._listeners:
            raise RuntimeError("the pipe was started before")
        server = self._server
        if server is not None:
            self.targets = dict(server.addresses)
            if not self.targets:
                raise RuntimeError("start the server before the pipe that leads to it")
            clock: Clock | None = self._given_clock or server.clock
        else:
            clock = self._given_clock
        self._clock = timer_clock(clock)
        loop = asyncio.get_running_loop()
        for dc_id in self.targets:
            self._listeners[dc_id] = await loop.create_server(self._factory(dc_id), _HOST, 0)
        if server is not None:
            server.detours.update(self.addresses)
        started.append(self.seed)

    async def stop(self) -> None:
        """Close everything; clients that a test server makes from now on go straight to it."""
        listeners, self._listeners = list(self._listeners.values()), {}
        if self._server is not None:
            self._server.detours.clear()
        for listener in listeners:
            listener.close()
        for task in list(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        for passage in list(self.connections):
            passage.cut()
        for listener in listeners:
            await listener.wait_closed()
        # Sockets are closed in the next turn of the loop.
        await asyncio.sleep(0)

    async def __aenter__(self) -> ChaosPipe:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def _factory(self, dc_id: int) -> Callable[[], asyncio.Protocol]:
        def make() -> asyncio.Protocol:
            self._made += 1
            self.counts["connections"] += 1
            passage = Passage(self, dc_id, self._made)
            self.connections.add(passage)
            return passage.near

        return make

    # -- how to reach it ---------------------------------------------------------------------------------------------

    def address(self, dc_id: int | None = None) -> tuple[str, int]:
        """Host and port that lead to a data centre; without a number, when there is only one server behind the pipe.

        Raises:
            KeyError: there is no such data centre.
            RuntimeError: the pipe was not started.
        """
        if not self._listeners:
            raise RuntimeError("the pipe was not started; use it with `async with`, or call start")
        if dc_id is None and len(self._listeners) == 1:
            dc_id = next(iter(self._listeners))
        if dc_id is None or dc_id not in self._listeners:
            raise KeyError(f"the pipe does not lead to data centre {dc_id}, only to {tuple(self._listeners)}")
        host, port = self._listeners[dc_id].sockets[0].getsockname()[:2]
        return host, port

    @property
    def addresses(self) -> dict[int, tuple[str, int]]:
        """Host and port by data centre."""
        return {dc_id: self.address(dc_id) for dc_id in self._listeners}

    # -- for the connections -----------------------------------------------------------------------------------------

    @property
    def clock(self) -> TimerClock:
        """The clock in use.

        Raises:
            RuntimeError: the pipe was not started.
        """
        if self._clock is None:
            raise RuntimeError("the pipe was not started")
        return self._clock

    def random_for(self, number: int, what: str) -> Random:
        """What decides for a part of a connection, whatever happens to the others."""
        return Random(f"{self.seed}/{number}/{what}")

    def start_task(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something; it is cancelled when the pipe stops."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def welcome(self, passage: Passage) -> bool:
        """Whether a new connection may stay."""
        stays = True
        for fault in list(self._welcomes):
            stays = fault.strike(passage) and stays
        return stays

    def closed(self, passage: Passage) -> None:
        """A connection is gone."""
        self.connections.discard(passage)

    def tell_server(self, address: tuple[Any, ...], *, altered: bool) -> None:
        """Let the test server know what it cannot blame a client for."""
        if self._server is not None:
            self._server.meddled(address, altered=altered)

    def forget(self, address: tuple[Any, ...]) -> None:
        """A connection to the test server is gone."""
        if self._server is not None:
            self._server.unmeddled(address)

    # -- what lasts --------------------------------------------------------------------------------------------------

    def set(self, direction: Direction = "both", **conditions: float) -> None:
        """Change conditions of one direction, or of both.

        Example:
            ```python
            pipe.set(latency=0.3, jitter=0.1)
            pipe.set("up", bandwidth=20_000)
            ```
        """
        for way in directions(direction):
            for name, value in conditions.items():
                setattr(self.up if way == "up" else self.down, name, value)

    def black_hole(self, direction: Direction = "both", *, new: bool = False) -> Fault | None:
        """Let everything vanish, without anybody being told: neither bytes nor the end of a connection arrive.

        With one direction only, the line is half open.

        Args:
            direction: what vanishes.
            new: whether connections made from now on are the same, until the fault that is then given is stopped.
        """
        ways = directions(direction)

        def effect(passage: Passage) -> bool:
            for way in ways:
                passage.line(way).vanish()
            passage.balance()
            return True

        for passage in self.connections:
            effect(passage)
        return Fault(self._welcomes, None, None, effect) if new else None

    def stall(self, direction: Direction = "both") -> None:
        """Read no more of what is sent: it stays with the sender, whose socket cannot even be closed properly."""
        for passage in self.connections:
            for way in directions(direction):
                passage.stall(way, True)

    def heal(self) -> None:
        """Be a good line again. Connections on which something has vanished end; those that were only slow go on."""
        for conditions in (self.up, self.down):
            for name, value in vars(Conditions()).items():
                setattr(conditions, name, value)
        self.faults.clear()
        self._welcomes.clear()
        for passage in list(self.connections):
            if passage.has_lost:
                passage.cut(True)
            else:
                for way in directions("both"):
                    passage.stall(way, False)

    # -- what happens now --------------------------------------------------------------------------------------------

    def disconnect(self, *, reset: bool = False) -> int:
        """End all connections at once; gives how many that were.

        Args:
            reset: whether both ends see a reset instead of an end.
        """
        passages = list(self.connections)
        for passage in passages:
            passage.cut(reset)
        return len(passages)

    def refuse(self, *, times: int | None = 1) -> Fault:
        """Hang up on new connections; `times` as for `duplicate`."""

        def effect(passage: Passage) -> bool:
            return False

        return Fault(self._welcomes, times, None, effect)

    def inject(self, packet: bytes, direction: Direction = "down") -> int:
        """Add a packet, in the form that the transport of each connection gives it.

        Args:
            packet: what neither end has sent.
            direction: where it goes.

        Returns:
            On how many connections; those whose transport has no frames get nothing.

        Raises:
            LocalProtocolError: the transport cannot carry it; use `inject_bytes`.
        """
        return sum(passage.line(way).inject(packet) for passage in self.connections for way in directions(direction))

    def inject_bytes(self, data: bytes, direction: Direction = "down") -> int:
        """Add bytes, wherever in the stream that is; gives on how many connections."""
        for passage in self.connections:
            for way in directions(direction):
                passage.line(way).meddle(data)
        return len(self.connections)

    # -- what happens to some frames ---------------------------------------------------------------------------------

    def _on_frames(
        self, direction: Direction, times: int | None, change: Callable[[FramePlan], None], *, each: int = 1
    ) -> Fault:
        ways = directions(direction)
        if each < 1:
            raise ValueError(f"the next frame has number 1; there is no number {each}")
        seen = 0

        def applies(way: Literal["up", "down"]) -> bool:
            nonlocal seen
            if way not in ways:
                return False
            seen += 1
            return seen % each == 0

        return Fault(self.faults, times, applies, change)

    def duplicate(self, direction: Direction = "down", *, times: int | None = 1) -> Fault:
        """Let frames arrive twice.

        Args:
            direction: which frames.
            times: how many of the next ones; None for all until the fault that is given is stopped.
        """
        return self._on_frames(direction, times, lambda plan: setattr(plan, "copies", 2))

    def reorder(self, direction: Direction = "down", *, times: int | None = 1) -> Fault:
        """Let frames be overtaken by the one behind them; when none comes within a second, they go. As `duplicate`."""
        return self._on_frames(direction, times, lambda plan: setattr(plan, "late", True))

    def corrupt(self, direction: Direction = "down", *, times: int | None = 1) -> Fault:
        """Change one bit of frames, wherever in them; as `duplicate`."""
        return self._on_frames(direction, times, lambda plan: setattr(plan, "corrupt", True))

    def lose(self, direction: Direction = "down", *, times: int | None = 1) -> Fault:
        """Let frames vanish; as `duplicate`."""
        return self._on_frames(direction, times, lambda plan: setattr(plan, "copies", 0))

    def cut_after(
        self, frames: int = 1, direction: Direction = "down", *, where: Where = "after", times: int | None = 1
    ) -> Fault:
        """End the connection at one of the next frames.

        Args:
            frames: which one; 1 is the next.
            direction: which frames are counted.
            where: `"before"` the frame, so that it is lost; `"inside"` it, at a place left to chance; `"after"` it.
            times: how many times, each after as many frames; None until the fault that is given is stopped.
        """
        if where not in ("before", "inside", "after"):
            raise ValueError(f"a connection ends 'before', 'inside' or 'after' a frame, not {where!r}")
        return self._on_frames(direction, times, lambda plan: setattr(plan, "cut", where), each=frames)


def _targets(to: object) -> dict[int, tuple[str, int]]:
    """Host and port by data centre; 0 is the number of the only one."""
    given: Any = to
    places: dict[int, Any] = dict(given) if isinstance(to, Mapping) else {0: given}
    found: dict[int, tuple[str, int]] = {}
    for dc_id, place in places.items():
        match place:
            case (str(host), int(port)):
                found[dc_id] = host, port
            case _:
                ways = "a TelegramTestServer, to ('host', port), or to those by data centre"
                raise TypeError(f"a pipe leads to {ways}, not to {to!r}")
    return found
