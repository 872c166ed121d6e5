"""Links that are dead without anybody having said so: how long it takes a client to notice."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from telethon.errors import RPCError
from telethon.testing import ChaosPipe, TelegramTestServer, VirtualTimeLoop, run_virtual
from telethon.tl import functions

__all__ = ["LinkSeconds", "dead_link", "dead_links"]

HOME, MEDIA, CDN = 2, 4, 203
_TRAFFIC_LIMIT = 30.0
_IDLE_LIMIT = 90.0
_STEP = 0.5


@dataclass
class LinkSeconds:
    """The longest time until a dead link was noticed, in virtual seconds; in each case over all ways to be dead.

    Attributes:
        main_traffic: the connection of the account, with a request waiting.
        main_idle: the same, with nothing to do.
        media_traffic: a borrowed connection to another data centre, with a request waiting.
        media_idle: the same, with nothing to do.
        cdn_traffic: a borrowed connection to a CDN, with a request waiting.
        cdn_idle: the same, with nothing to do.
    """

    main_traffic: float = 0.0
    main_idle: float = 0.0
    media_traffic: float = 0.0
    media_idle: float = 0.0
    cdn_traffic: float = 0.0
    cdn_idle: float = 0.0

    @property
    def is_good(self) -> bool:
        """Whether all of them were noticed in time."""
        traffic = max(self.main_traffic, self.media_traffic, self.cdn_traffic)
        return 0 < traffic <= _TRAFFIC_LIMIT and 0 < max(self.main_idle, self.media_idle, self.cdn_idle) <= _IDLE_LIMIT


async def dead_links() -> LinkSeconds:
    """Let links of every kind die in every way, with and without a request waiting; takes no real time to speak of."""
    if not isinstance(asyncio.get_running_loop(), VirtualTimeLoop):
        return await asyncio.to_thread(lambda: run_virtual(dead_links()))
    found = LinkSeconds()
    for kind in ("main", "media", "cdn"):
        for busy in (True, False):
            name = f"{kind}_{'traffic' if busy else 'idle'}"
            for direction in ("both", "up", "down"):
                seconds = await dead_link(kind, direction, busy=busy)
                setattr(found, name, max(getattr(found, name), seconds))
    return found


async def dead_link(kind: str, direction: Any, *, busy: bool, seed: int = 1, **client_options: Any) -> float:
    """Seconds of the loop until a dead link was replaced.

    Args:
        kind: `"main"`, `"media"` or `"cdn"`.
        direction: what vanishes: `"up"`, `"down"` or `"both"`. When only what goes up does, news still come.
        busy: whether a request is waiting.
        seed: that of the pipe.
        client_options: of the client.
    """
    loop = asyncio.get_running_loop()
    async with TelegramTestServer(dcs=(HOME, MEDIA), cdn_dcs=(CDN,)) as server, ChaosPipe(server, seed=seed) as pipe:
        ann = server.create_user("Ann")
        bob = server.create_user("Bob")
        async with server.client(ann, **client_options) as client:
            sender = await _sender(client, kind)
            await _ask(sender, client, kind)
            await asyncio.sleep(1)
            before = pipe.counts["connections"]
            passages = [
                one for one in pipe.connections if one.dc_id == {"main": HOME, "media": MEDIA, "cdn": CDN}[kind]
            ]
            assert passages
            for way in ("up", "down") if direction == "both" else (direction,):
                for passage in passages:
                    passage.line(way).vanish()
            began = loop.time()
            asking = asyncio.ensure_future(_ask(sender, client, kind)) if busy else None
            # Who asks must have been answered by then; who does not must at least have connected again.
            while pipe.counts["connections"] == before if asking is None else not asking.done():
                assert loop.time() - began < 1_000, "nobody has noticed"
                await asyncio.sleep(_STEP)
                if kind == "main" and direction == "up" and int(loop.time() - began) % 5 == 0:
                    await bob.chat(ann).send("I can be heard")
            seconds = loop.time() - began
            if asking is not None:
                await asking
            else:
                await asyncio.wait_for(_ask(sender, client, kind), _TRAFFIC_LIMIT)
            if kind != "main":
                await client._return_exported_sender(sender)
        server.violations.check()
    return seconds


async def _sender(client: Any, kind: str) -> Any:
    if kind == "main":
        return client._sender
    if kind == "media":
        return await client._borrow_exported_sender(MEDIA)
    return await client._pool.borrow_cdn(CDN)


async def _ask(sender: Any, client: Any, kind: str) -> None:
    request = functions.help.GetNearestDcRequest()
    try:
        await (client(request) if kind == "main" else client._call(sender, request))
    except RPCError:
        # A CDN has nothing to say to that, but it says so.
        if kind != "cdn":
            raise
