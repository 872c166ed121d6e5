"""The choice between the implementations of AES."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("cryptg")

from telethon.crypto import _backends, _cryptg, _pyaes, libssl


@pytest.fixture(autouse=True)
def choose_anew() -> Iterator[None]:
    _backends.ige.cache_clear()
    _backends.ctr.cache_clear()
    yield
    _backends.ige.cache_clear()
    _backends.ctr.cache_clear()


def hide(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Make modules impossible to import."""
    for name in names:
        monkeypatch.setitem(sys.modules, f"telethon.crypto.{name}", None)


def test_the_fastest_is_taken() -> None:
    assert _backends.ige() is _cryptg
    assert _backends.ctr() is libssl


def test_without_cryptg_openssl_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch, "_cryptg")
    assert _backends.ige() is libssl


def test_without_both_pyaes_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch, "_cryptg", "libssl")
    assert _backends.ige() is _pyaes
    assert _backends.ctr() is _pyaes


def test_without_any_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch, "_cryptg", "libssl", "_pyaes")
    with pytest.raises(RuntimeError, match="install cryptg or pyaes"):
        _backends.ige()
    with pytest.raises(RuntimeError, match="install cryptg or pyaes"):
        _backends.ctr()


@pytest.mark.parametrize("function", ["encrypt_ige", "decrypt_ige"])
def test_X12_one_that_gives_wrong_bytes_is_not_trusted(monkeypatch: pytest.MonkeyPatch, function: str) -> None:
    monkeypatch.setattr(_cryptg, function, lambda data, key, iv: bytes(len(data)))
    # The plaintext of the known answer consists of zeros, so a decryption that gives zeros needs another fault.
    if function == "decrypt_ige":
        monkeypatch.setattr(_cryptg, function, lambda data, key, iv: b"\1" * len(data))
    assert _backends.ige() is libssl


def test_X12_counter_mode_that_gives_wrong_bytes_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libssl, "ctr", lambda key, iv: lambda data: data)
    assert _backends.ctr() is _pyaes


@pytest.mark.parametrize("error", [RuntimeError("refused"), OSError("not for this machine"), ImportError("broken")])
def test_X12_one_that_cannot_run_is_passed_over(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*args: Any) -> bytes:
        raise error

    monkeypatch.setattr(_cryptg, "encrypt_ige", fail)
    assert _backends.ige() is libssl


def test_the_choice_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = _backends.ige()
    hide(monkeypatch, "_cryptg")
    assert _backends.ige() is first


@pytest.mark.parametrize(
    ("hidden", "text"),
    [
        ((), "cryptg is used for encryption"),
        (("_cryptg",), "libssl is used for encryption; installing cryptg would make it faster"),
        (("_cryptg", "libssl"), "pyaes is used for encryption; this is very slow"),
    ],
)
def test_the_log_says_it_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, hidden: tuple[str, ...], text: str
) -> None:
    hide(monkeypatch, *hidden)
    with caplog.at_level(logging.INFO, "telethon.crypto.aes"):
        _backends.ige()
        _backends.ige()
    assert [record.getMessage().startswith(text) for record in caplog.records] == [True]
    assert caplog.records[0].name == "telethon.crypto.aes"


def test_importing_loads_nothing() -> None:
    code = (
        "import sys, telethon.crypto, telethon.crypto.aes, telethon.crypto.aesctr, telethon.crypto.kdf\n"
        "import telethon.crypto.libssl, telethon.crypto.rsa, telethon.crypto.authkey, telethon.mtproto.keyexchange\n"
        "print([n for n in ('cryptg', 'pyaes', 'rsa', 'ctypes', 'asyncio', 'ssl', 'socket', 'subprocess', 'threading',"
        " 'telethon.tl.types', 'telethon.client') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
