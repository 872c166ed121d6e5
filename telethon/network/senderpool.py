"""Connections to other data centres, shared by everybody who needs one at the same time.

A data centre is connected to once, however many ask for it, and no data centre waits for another. Whoever borrows a
sender gives it back; when nobody has wanted it for a while it is closed.

Source: https://core.telegram.org/api/datacenter#file-access
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import logging

    from telethon.network.mtprotosender import MTProtoSender

__all__ = ["Lease", "SenderPool"]

_KEPT = 60.0
"""Seconds a sender stays connected after it was given back by the last one who had it."""

Place: TypeAlias = "tuple[int, bool]"
"""Number of a data centre, and whether its CDN is meant."""


class Lease:
    """One data centre's sender, and how many have it.

    Attributes:
        borrowed: how many have it now.
        sender: the sender, once it is connected.
    """

    def __init__(self) -> None:
        self.borrowed = 0
        self.sender: MTProtoSender | None = None
        self.opening: asyncio.Task[MTProtoSender] | None = None
        self.expiry: asyncio.TimerHandle | None = None

    @property
    def _n(self) -> int:
        """How many have it, by the name that programs know."""
        return self.borrowed


class SenderPool:
    """Senders by data centre.

    Args:
        open_sender: connects to a data centre, as somebody who is logged in.
        open_cdn: connects to the CDN of a data centre, as nobody.
        patience: gives the seconds that either may take.
        log: where closing is noted.
        kept: seconds a sender stays connected after the last return.
    """

    def __init__(
        self,
        open_sender: Callable[[int], Awaitable[MTProtoSender]],
        open_cdn: Callable[[int], Awaitable[MTProtoSender]],
        *,
        patience: Callable[[], float],
        log: logging.Logger,
        kept: float = _KEPT,
    ) -> None:
        self._open_sender = open_sender
        self._open_cdn = open_cdn
        self._patience = patience
        self._log = log
        self._kept = kept
        self._leases: dict[Place, Lease] = {}
        self._closing: set[asyncio.Task[None]] = set()

    @property
    def senders(self) -> dict[int, tuple[Lease, MTProtoSender]]:
        """The senders that are there now, by data centre, without those of CDNs."""
        return {
            dc_id: (lease, lease.sender)
            for (dc_id, cdn), lease in self._leases.items()
            if lease.sender is not None and not cdn
        }

    async def borrow(self, dc_id: int) -> MTProtoSender:
        """A connected sender to a data centre; give it back with `give_back`.

        Raises:
            ConnectionError: the data centre cannot be reached.
            asyncio.TimeoutError: it does not answer.
            RPCError: it does not let the account in.
        """
        return await self._borrow((dc_id, False))

    async def borrow_cdn(self, dc_id: int) -> MTProtoSender:
        """A connected sender to a CDN; give it back with `give_back`. Raises the same errors as `borrow`."""
        return await self._borrow((dc_id, True))

    async def _borrow(self, place: Place) -> MTProtoSender:
        lease = self._leases.get(place)
        if lease is None:
            lease = self._leases[place] = Lease()
        if lease.expiry is not None:
            lease.expiry.cancel()
            lease.expiry = None
        lease.borrowed += 1
        try:
            sender = lease.sender
            if sender is not None and sender.is_connected():
                return sender
            return await self._opened(place, lease)
        except BaseException:
            self._returned(place, lease)
            raise

    async def _opened(self, place: Place, lease: Lease) -> MTProtoSender:
        """The sender of a lease, as soon as it is connected."""
        if lease.opening is None:
            lease.sender = None
            lease.opening = asyncio.create_task(self._open(place))
            lease.opening.add_done_callback(lambda task: self._on_opened(place, lease, task))
        # Whoever stops waiting must not take the connection from the others who do.
        return await asyncio.shield(lease.opening)

    async def _open(self, place: Place) -> MTProtoSender:
        dc_id, cdn = place
        patience = self._patience()
        try:
            return await asyncio.wait_for((self._open_cdn if cdn else self._open_sender)(dc_id), patience)
        except asyncio.TimeoutError as error:
            what = f"the CDN of data centre {dc_id}" if cdn else f"data centre {dc_id}"
            raise asyncio.TimeoutError(f"Connecting to {what} took longer than {patience:g} s") from error

    def _on_opened(self, place: Place, lease: Lease, task: asyncio.Task[MTProtoSender]) -> None:
        lease.opening = None
        if task.cancelled() or task.exception() is not None:
            if not lease.borrowed and self._leases.get(place) is lease:
                del self._leases[place]
            return
        sender = task.result()
        if self._leases.get(place) is lease:
            lease.sender = sender
            self._expire_later(place, lease)
        else:
            self._close_soon(sender)

    async def give_back(self, sender: MTProtoSender) -> None:
        """Give back a sender. One that was not borrowed here is left alone."""
        for place, lease in self._leases.items():
            if lease.sender is sender and lease.borrowed:
                self._returned(place, lease)
                return

    def _returned(self, place: Place, lease: Lease) -> None:
        lease.borrowed -= 1
        if self._leases.get(place) is not lease:
            return
        if lease.sender is not None:
            self._expire_later(place, lease)
        elif lease.opening is None and not lease.borrowed:
            del self._leases[place]

    def _expire_later(self, place: Place, lease: Lease) -> None:
        if not lease.borrowed and lease.expiry is None:
            loop = asyncio.get_running_loop()
            lease.expiry = loop.call_later(self._kept, self._expire, place, lease)

    def _expire(self, place: Place, lease: Lease) -> None:
        lease.expiry = None
        if self._leases.get(place) is lease and not lease.borrowed:
            del self._leases[place]
            if lease.sender is not None:
                self._log.info("Nobody needs data centre %d any more; disconnecting", place[0])
                self._close_soon(lease.sender)

    def _close_soon(self, sender: MTProtoSender) -> None:
        task = asyncio.ensure_future(sender.disconnect())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """Disconnect all senders, also those that somebody has."""
        leases, self._leases = self._leases, {}
        opening: list[asyncio.Task[MTProtoSender]] = []
        for lease in leases.values():
            if lease.expiry is not None:
                lease.expiry.cancel()
                lease.expiry = None
            if lease.opening is not None:
                lease.opening.cancel()
                opening.append(lease.opening)
            if lease.sender is not None:
                self._close_soon(lease.sender)
        if opening:
            await asyncio.wait(opening)
        while self._closing:
            await asyncio.wait(tuple(self._closing))
