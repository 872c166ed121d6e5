"""Fetching the few files that are on the web and not on the servers."""

from __future__ import annotations

from typing import Any, Final

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
        OSError: when the web server cannot be reached or refuses, has no valid certificate, or sends the reader from
            HTTPS to an address of another kind.
    """
    from urllib.request import Request, build_opener

    if not url.lower().startswith(("http://", "https://")):
        raise ValueError("web documents can only be downloaded over HTTP or HTTPS")
    limit = size + _MARGIN
    opener = build_opener(_safe_redirects())
    with opener.open(Request(url, headers={"User-Agent": "Mozilla/5.0"}), timeout=_TIMEOUT) as response:
        data: bytes = response.read(limit + 1)
    if len(data) > limit:
        raise ValueError(f"the web document has more than the {size} bytes it should have")
    return data


def _safe_redirects() -> Any:
    """What follows redirects, but neither to another protocol nor away from encryption."""
    from urllib.error import URLError
    from urllib.request import HTTPRedirectHandler

    class SafeRedirects(HTTPRedirectHandler):
        def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
            allowed = ("https://",) if req.full_url.lower().startswith("https://") else ("http://", "https://")
            if not newurl.lower().startswith(allowed):
                raise URLError(f"the web server sends its readers from {req.type} to another kind of address")
            return super().redirect_request(req, fp, code, msg, headers, newurl)

    return SafeRedirects()
