"""A web server on loopback, with TLS or without, in a thread of its own."""

from __future__ import annotations

import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# For localhost, signed by itself, and good for a hundred years. It protects nothing.
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgIULd7D4zdRqWASFZram1gokANraeswCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDIzNTgxMVoYDzIxMjYxMDMx
MjM1ODExWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASafOKkQApxUaKPPOI1Zqb/KscH0GhpVz1u+Cfj82MhWtnPv7oYKgim
+Bgm9ik9pCNCQ+cs60ysXmYKFZAdZJW5o2kwZzAdBgNVHQ4EFgQUw7A5ip5y6+gk
F5jZxEypfDo5DZswHwYDVR0jBBgwFoAUw7A5ip5y6+gkF5jZxEypfDo5DZswDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SAAwRQIgJYX5w2vV7FLAGX5CUrn2I7EE8HvEn1i6esxYmBmn/z4CIQCxfiA+ihT3
YurtdyfZnyurVWrGocsAC+ZdkDo2UxrKcQ==
-----END CERTIFICATE-----
"""
_PRIVATE_KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgBucClNKIcu03mFCR
ZeSogOJ1nHi4rXUkwhsGX7awjKOhRANCAASafOKkQApxUaKPPOI1Zqb/KscH0Ghp
Vz1u+Cfj82MhWtnPv7oYKgim+Bgm9ik9pCNCQ+cs60ysXmYKFZAdZJW5
-----END PRIVATE KEY-----
"""


class _Handler(BaseHTTPRequestHandler):
    pages: dict[str, bytes | str]

    def do_GET(self) -> None:
        page = self.pages.get(self.path)
        if page is None:
            self.send_error(404)
            return
        if isinstance(page, str):
            self.send_response(302)
            self.send_header("Location", page)
            self.end_headers()
            return
        self.send_response(200)
        # Without a length, so that only reading tells how much there is.
        self.end_headers()
        try:
            self.wfile.write(page)
        except OSError:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def web_server(pages: dict[str, bytes | str], *, tls: bool = False) -> Iterator[int]:
    """Serve pages by their path, or redirect where a page is text; gives the port on 127.0.0.1."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"pages": pages}))
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            chain = Path(folder) / "chain.pem"
            chain.write_text(CERTIFICATE + _PRIVATE_KEY)
            context.load_cert_chain(chain)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
