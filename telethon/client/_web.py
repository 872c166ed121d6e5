"""Fetching the few files that are on the web and not on the servers."""

from __future__ import annotations

from typing import Final

#: Seconds to wait for the web server.
_TIMEOUT: Final = 60
#: Servers say how many bytes there are; a few more may come, since pages change.
_MARGIN: Final = 1024 * 1024


def fetch(url: str, size: int) -> bytes:
    """The bytes at *url*, over HTTP or over HTTPS with the certificate checked. Blocks: call it in a thread.

    Args:
        url: the address.
        size: how many bytes there should be.

    Raises:
        ValueError: when the address is of another kind, or there are far more bytes.
        OSError: when the web server cannot be reached or refuses.
    """
    from urllib.request import Request, urlopen

    if not url.lower().startswith(("http://", "https://")):
        raise ValueError("web documents can only be downloaded over HTTP or HTTPS")
    limit = size + _MARGIN
    with urlopen(Request(url, headers={"User-Agent": "Mozilla/5.0"}), timeout=_TIMEOUT) as response:
        data: bytes = response.read(limit + 1)
    if len(data) > limit:
        raise ValueError(f"the web document has more than the {size} bytes it should have")
    return data
