"""Making an authorization key with a server.

Source: https://core.telegram.org/mtproto/auth_key
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from telethon.network.system import RANDOM

if TYPE_CHECKING:
    from telethon.crypto import AuthKey
    from telethon.mtproto.keyexchange import Finished
    from telethon.network.mtprotoplainsender import MTProtoPlainSender

__all__ = ["do_authentication", "exchange_keys", "get_int"]


async def do_authentication(sender: MTProtoPlainSender) -> tuple[AuthKey, float]:
    """Make a key over an open connection.

    Args:
        sender: sends unencrypted messages.

    Returns:
        The key, and the seconds to add to the clock of this machine to get the server's time.

    Raises:
        SecurityError: the server broke a rule of the exchange; there is no key.
    """
    from telethon.crypto import AuthKey

    dc_id: int = getattr(getattr(sender, "_connection", None), "_dc_id", 0) or 0
    made = await exchange_keys(sender, dc_id=dc_id)
    return AuthKey(made.auth_key), made.time_offset


async def exchange_keys(
    sender: MTProtoPlainSender,
    *,
    dc_id: int,
    patience: float | None = None,
    keys: Mapping[int, Any] | None = None,
    expires_in: int | None = None,
) -> Finished:
    """Make a key over an open connection.

    Args:
        sender: sends unencrypted messages.
        dc_id: number of the data centre, which becomes part of the exchange.
        patience: seconds the server may take for each of its three answers; None for no limit.
        keys: the RSA keys to trust instead of those of Telegram, by fingerprint.
        expires_in: seconds after which the key ends, for a temporary one; None for a permanent key.

    Raises:
        SecurityError: the server broke a rule of the exchange; there is no key.
        asyncio.TimeoutError: it did not answer in time.

    Network: three requests of the key exchange.
    """
    from telethon.mtproto.keyexchange import KeyExchange

    options: dict[str, Any] = {} if keys is None else {"keys": keys}
    exchange = KeyExchange(dc_id=dc_id, rand=RANDOM, expires_in=expires_in, **options)
    loop = asyncio.get_running_loop()
    body = exchange.start()
    while True:
        try:
            answer = await asyncio.wait_for(sender.exchange(body), patience)
        except asyncio.TimeoutError as error:
            raise asyncio.TimeoutError(
                f"The server did not answer within {patience} s during the key exchange"
            ) from error
        # In a thread, because the mathematics take a while.
        step = await loop.run_in_executor(None, exchange.feed, answer, sender.clock.now())
        if not isinstance(step, bytes):
            return step
        body = step


def get_int(byte_array: bytes, signed: bool = True) -> int:
    """The number that bytes stand for, most significant byte first."""
    return int.from_bytes(byte_array, byteorder="big", signed=signed)
