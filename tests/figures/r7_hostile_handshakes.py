"""Key exchanges that are wrong in one place, over every transport: refused, nothing sent after it, no key kept."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from fakeserver import Peer
from fuzztargets.choices import load
from sendersetup import Setup

from telethon import network
from telethon.errors import SecurityError

from .figure import Row, Size, at_least, counted, exactly

TITLE = "hostile key exchanges"
TRANSPORTS = {
    "full": network.ConnectionTcpFull,
    "abridged": network.ConnectionTcpAbridged,
    "intermediate": network.ConnectionTcpIntermediate,
    "obfuscated": network.ConnectionTcpObfuscated,
    "http": network.ConnectionHttp,
}


async def attack(hostile: Any, fault: tuple[str, Any], transport: Any, loggers: Any) -> tuple[bool, bool, bool]:
    """One connection: whether it was refused, whether anything was sent after it, and whether a key was kept."""
    kept: list[Any] = []
    late: list[bytes] = []
    async with Setup(loggers, key=None, delay=0, retries=1, auth_key_callback=kept.append) as made:
        made.sender.rsa_keys = hostile.KEYS
        made.server.obfuscated = transport is TRANSPORTS["obfuscated"]
        server = hostile.Hostile(made.server, *fault)
        received = Peer.data_received

        def watch(self: Peer, data: bytes) -> None:
            if self in server.spoiled:
                late.append(data)
            received(self, data)

        Peer.data_received = watch  # type: ignore[method-assign]
        try:
            await asyncio.wait_for(made.sender.connect(made.connection(transport)), 20)
        except SecurityError:
            refused = bool(server.spoiled)
        except (ConnectionError, asyncio.TimeoutError):
            refused = False
        else:
            refused = False
        finally:
            Peer.data_received = received  # type: ignore[method-assign]
        return refused, bool(late), bool(kept or made.sender.auth_key)


def measure(size: Size) -> list[Row]:
    """See the head of this module."""
    hostile = load("conformance/test_handshake.py")
    faults = list(hostile.FAULTS.values())
    logging.getLogger("telethon").setLevel(logging.CRITICAL)
    quiet = logging.getLogger("figures.r7")
    quiet.setLevel(logging.CRITICAL)
    loggers: Any = type("Loggers", (dict,), {"__missing__": lambda self, name: quiet})()
    refused = late = kept = tried = 0
    for place, fault in enumerate(faults):
        names = list(TRANSPORTS)
        chosen = names if size == "nightly" else [names[place % len(names)]]
        for name in chosen:
            found = asyncio.run(attack(hostile, fault, TRANSPORTS[name], loggers))
            tried += 1
            refused += found[0]
            late += found[1]
            kept += found[2]
    return [
        at_least("faults", len(faults), 50),
        counted("refused", refused, tried),
        exactly("answered although something was wrong", late, 0),
        exactly("keys kept", kept, 0),
    ]
