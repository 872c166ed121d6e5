"""Clients whose clock is wrong, or is set while they work: every request is answered, with one refusal at most."""

from __future__ import annotations

import asyncio

from telethon.network.connection.tcpabridged import ConnectionTcpAbridged
from telethon.network.connection.tcpfull import ConnectionTcpFull
from telethon.network.connection.tcpobfuscated import ConnectionTcpObfuscated
from telethon.testing import TelegramTestServer, VirtualTimeLoop, run_virtual
from telethon.tl import functions

from .figure import Row, Size, at_most, counted

TITLE = "clocks that are wrong"
OFFSETS = (0, 20, -20, 60, -60, 290, -290, 400, -400, 86_400, -86_400)
JUMPS = (0, 60, -60, 3_600, -3_600, 86_400)
REQUESTS = 12
WRONG_SALT = 48
TRANSPORTS = {
    "gate": (ConnectionTcpFull,),
    "nightly": (ConnectionTcpFull, ConnectionTcpAbridged, ConnectionTcpObfuscated),
}


async def cell(offset: float, jump: float, transport: type) -> tuple[int, int]:
    """A client whose clock is *offset* seconds ahead and is set by *jump* seconds halfway: answers and refusals."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualTimeLoop)
    answered = 0
    async with TelegramTestServer(dcs=(2,)) as server:
        # It does not know its clock from a key exchange: it has had its key for long.
        client = server.client(server.create_user("Ann"), connection=transport)
        server.faults.clock_skew(-offset)
        await client.connect()
        for number in range(REQUESTS):
            if number == REQUESTS // 2:
                loop.clock.jump(jump)
                server.faults.clock_skew(server.skew - jump)
            try:
                await asyncio.wait_for(client(functions.help.GetNearestDcRequest()), 120)
            except asyncio.TimeoutError:
                continue
            answered += 1
            await asyncio.sleep(3)
        await client.disconnect()
        # It does not know its salt either (48), which has nothing to do with clocks.
        refused = sum(count for code, count in server.stats.bad_messages.items() if code != WRONG_SALT)
    return answered, refused


def measure(size: Size) -> list[Row]:
    """See the head of this module."""
    cells = answered = full = 0
    most = 0
    for transport in TRANSPORTS[size]:
        for offset in OFFSETS:
            for jump in JUMPS:
                found, refused = run_virtual(cell(offset, jump, transport))
                cells += 1
                answered += found
                full += found == REQUESTS
                most = max(most, refused)
    return [
        counted("cells in which all is answered", full, cells),
        counted("requests answered", answered, cells * REQUESTS),
        at_most("most refusals in a cell (bad_msg_notification)", most, 1),
    ]
