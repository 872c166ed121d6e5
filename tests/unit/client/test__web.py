"""Files on the web: fetched with the certificate checked, and never more than there should be."""

from __future__ import annotations

import pathlib
import ssl
import urllib.error

import pytest
from webserver import CERTIFICATE, web_server

from telethon.client import _web

PAGE = b"x" * 5000


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    """The certificate of the test server counts as one of the machine's."""
    path = tmp_path / "certificates.pem"
    path.write_text(CERTIFICATE)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


def test_F9_pages_are_fetched_over_http() -> None:
    with web_server({"/a": PAGE}) as port:
        assert _web.fetch(f"http://127.0.0.1:{port}/a", len(PAGE)) == PAGE


def test_F9_a_certificate_nobody_vouches_for_is_refused() -> None:
    with web_server({"/a": PAGE}, tls=True) as port, pytest.raises(urllib.error.URLError) as caught:
        _web.fetch(f"https://localhost:{port}/a", len(PAGE))
    assert isinstance(caught.value.reason, ssl.SSLCertVerificationError)


@pytest.mark.usefixtures("trusted")
def test_F9_a_certificate_that_is_known_and_for_that_host_is_taken() -> None:
    with web_server({"/a": PAGE}, tls=True) as port:
        assert _web.fetch(f"https://localhost:{port}/a", len(PAGE)) == PAGE
        with pytest.raises(urllib.error.URLError) as caught:
            _web.fetch(f"https://127.0.0.1:{port}/a", len(PAGE))
    assert isinstance(caught.value.reason, ssl.SSLCertVerificationError)


@pytest.mark.parametrize("too_many", [1, 10 << 20])
def test_F9_a_page_that_does_not_end_is_given_up(too_many: int) -> None:
    with web_server({"/a": bytes((1 << 20) + 100 + too_many)}) as port:
        with pytest.raises(ValueError, match="more than the 100 bytes"):
            _web.fetch(f"http://127.0.0.1:{port}/a", 100)
        assert len(_web.fetch(f"http://127.0.0.1:{port}/a", 100 + too_many)) == (1 << 20) + 100 + too_many


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/a", "file:///etc/passwd", "/etc/passwd", "data:,x", ""])
def test_F9_only_the_web_is_asked(url: str) -> None:
    with pytest.raises(ValueError, match="over HTTP or HTTPS"):
        _web.fetch(url, 100)


@pytest.mark.usefixtures("trusted")
def test_F9_redirects_do_not_lead_away_from_encryption_or_the_web() -> None:
    pages: dict[str, bytes | str] = {"/ftp": "ftp://127.0.0.1/a", "/a": PAGE}
    with web_server(pages) as plain:
        pages["/down"] = f"http://127.0.0.1:{plain}/a"
        pages["/on"] = f"http://127.0.0.1:{plain}/a"
        assert _web.fetch(f"http://127.0.0.1:{plain}/on", len(PAGE)) == PAGE
        with pytest.raises(urllib.error.URLError, match="another kind of address"):
            _web.fetch(f"http://127.0.0.1:{plain}/ftp", len(PAGE))
        refused = pytest.raises(urllib.error.URLError, match="another kind of address")
        with web_server(pages, tls=True) as port, refused:
            _web.fetch(f"https://localhost:{port}/down", len(PAGE))
