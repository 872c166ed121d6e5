"""All back ends, each forced."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from telethon.crypto import _pyaes, libssl

try:
    from telethon.crypto import _cryptg
except ImportError:  # it is optional
    _cryptg = None  # type: ignore[assignment]

NAMES = ("cryptg", "libssl", "libssl without AES_ige_encrypt", "pyaes")


@pytest.fixture(params=NAMES)
def backend(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    if request.param == NAMES[2]:
        monkeypatch.setattr(libssl._library(), "has_ige", False)
    if request.param == "cryptg" and _cryptg is None:
        pytest.skip("cryptg is not installed")
    return {"cryptg": _cryptg, "pyaes": _pyaes}.get(request.param, libssl)


@pytest.fixture
def all_backends() -> Iterator[list[Any]]:
    """The same four side by side; `decrypt_ige` of the third takes the way without `AES_ige_encrypt`."""
    library = libssl._library()

    def without(cipher_text: bytes, key: bytes, iv: bytes) -> bytes:
        library.has_ige = False
        try:
            return libssl.decrypt_ige(cipher_text, key, iv)
        finally:
            library.has_ige = True

    slow = SimpleNamespace(NAME=NAMES[2], encrypt_ige=libssl.encrypt_ige, decrypt_ige=without)
    assert library.has_ige
    yield [_cryptg or libssl, libssl, slow, _pyaes]
    assert library.has_ige
