"""The data centres of Telegram: the addresses the library is born with, and choosing among those Telegram names.

Source: https://core.telegram.org/api/datacenter
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

__all__ = [
    "DEFAULT_DC_ID",
    "DEFAULT_PORT",
    "PRODUCTION",
    "TEST",
    "DcAddress",
    "builtin",
    "candidates",
    "from_options",
    "is_test",
    "places",
]

DEFAULT_DC_ID = 2
"""Where a client without an account begins."""

DEFAULT_PORT = 443
"""Telegram listens on other ports as well; this one is blocked least often."""

_OTHER_PORTS = (80, 5222)


class DcAddress(NamedTuple):
    """One way to reach a data centre.

    Attributes:
        dc_id: number of the data centre.
        host: its address, as digits.
        port: its port.
        ipv6: whether the address is one of IPv6.
        media_only: whether it only serves files.
        cdn: whether it is a CDN, which holds public files only and has keys of its own.
        tcpo_only: whether it only understands obfuscated connections.
        static: whether it stays the same even where Telegram is blocked.
        secret: what obfuscation there must be keyed with, if anything.
    """

    dc_id: int
    host: str
    port: int = DEFAULT_PORT
    ipv6: bool = False
    media_only: bool = False
    cdn: bool = False
    tcpo_only: bool = False
    static: bool = False
    secret: bytes | None = None

    def __repr__(self) -> str:
        host = f"[{self.host}]" if self.ipv6 else self.host
        kinds = [name for name in ("media_only", "cdn", "tcpo_only", "static") if getattr(self, name)]
        return f"DcAddress({self.dc_id}, {host}:{self.port}{', ' if kinds else ''}{', '.join(kinds)})"


class DcOptionLike(Protocol):
    """What is needed of `telethon.tl.types.DcOption`."""

    id: int
    ip_address: str
    port: int
    ipv6: bool | None
    media_only: bool | None
    tcpo_only: bool | None
    cdn: bool | None
    static: bool | None
    secret: bytes | None


def _both(dc_id: int, ipv4: str, ipv6: str) -> tuple[DcAddress, DcAddress]:
    return DcAddress(dc_id, ipv4), DcAddress(dc_id, ipv6, ipv6=True)


PRODUCTION: tuple[DcAddress, ...] = (
    *_both(1, "149.154.175.53", "2001:b28:f23d:f001::a"),
    *_both(2, "149.154.167.51", "2001:67c:4e8:f002::a"),
    *_both(3, "149.154.175.100", "2001:b28:f23d:f003::a"),
    *_both(4, "149.154.167.91", "2001:67c:4e8:f004::a"),
    *_both(5, "91.108.56.130", "2001:b28:f23f:f005::a"),
)
"""Where the five data centres are, for when Telegram could not be asked yet."""

TEST: tuple[DcAddress, ...] = (
    *_both(1, "149.154.175.10", "2001:b28:f23d:f001::e"),
    *_both(2, "149.154.167.40", "2001:67c:4e8:f002::e"),
    *_both(3, "149.154.175.117", "2001:b28:f23d:f003::e"),
)
"""The data centres of the test environment, which has its own accounts."""


def builtin(dc_id: int, *, ipv6: bool = False, test: bool = False) -> DcAddress:
    """The built-in address of a data centre.

    Raises:
        ValueError: there is no such data centre.
    """
    known = TEST if test else PRODUCTION
    for address in known:
        if address.dc_id == dc_id and address.ipv6 == ipv6:
            return address
    numbers = sorted({address.dc_id for address in known})
    raise ValueError(f"there is no built-in {'test ' if test else ''}data centre {dc_id}; known are {numbers}")


def is_test(host: str) -> bool:
    """Whether an address belongs to the test environment."""
    return any(address.host == host for address in TEST)


def places(
    host: str,
    port: int,
    dc_id: int,
    options: Iterable[DcAddress] = (),
    *,
    ipv6: bool = False,
    obfuscated: bool = False,
) -> list[tuple[str, int]]:
    """Where to look for the data centre of a session: first where it was last, then wherever else it can be.

    An address that is not one of Telegram's own was chosen by the user, and nothing else is ever tried then.

    Args:
        host: where the session says it is.
        port: likewise.
        dc_id: its number.
        options: what Telegram has named, see `from_options`.
        ipv6: whether IPv6 is wanted.
        obfuscated: whether the connection is obfuscated.
    """
    here = (host, port)
    known = next((group for group in (PRODUCTION, TEST) if any(address.host == host for address in group)), ())
    found = candidates((*options, *known), dc_id, ipv6=ipv6, obfuscated=obfuscated) if known else []
    others = [(address.host, address.port) for address in found]
    if found:
        others += [(found[0].host, other) for other in _OTHER_PORTS]
    return list(dict.fromkeys((here, *others)))


def from_options(options: Iterable[DcOptionLike]) -> list[DcAddress]:
    """The addresses in the ``dc_options`` of an answer to `help.getConfig`.

    Source: https://core.telegram.org/constructor/dcOption
    """
    return [
        DcAddress(
            dc_id=option.id,
            host=option.ip_address,
            port=option.port,
            ipv6=bool(option.ipv6),
            media_only=bool(option.media_only),
            cdn=bool(option.cdn),
            tcpo_only=bool(option.tcpo_only),
            static=bool(option.static),
            secret=option.secret,
        )
        for option in options
    ]


def candidates(
    addresses: Sequence[DcAddress],
    dc_id: int,
    *,
    ipv6: bool = False,
    media: bool = False,
    cdn: bool = False,
    obfuscated: bool = False,
) -> list[DcAddress]:
    """The addresses to try for one purpose, best first; empty when none serves it.

    The wanted address family comes first and the other one after it, for networks that have lost one of them. Files
    are fetched from the places made for them before the ordinary ones; nothing else is ever asked of those.

    Args:
        addresses: what is known, see `from_options` and `PRODUCTION`.
        dc_id: the data centre.
        ipv6: whether IPv6 is wanted.
        media: whether only files will be transferred.
        cdn: whether its CDN is meant. A CDN is never offered otherwise.
        obfuscated: whether the connection is obfuscated, so that places which ask for that are fine.
    """
    fitting = [
        address
        for address in addresses
        if address.dc_id == dc_id
        and address.cdn == cdn
        and (media or not address.media_only)
        and (obfuscated or not address.tcpo_only)
    ]
    return sorted(fitting, key=lambda address: (address.ipv6 != ipv6, media and not address.media_only, address.static))
