"""The guard around cryptg; its bytes are compared in `test_aes`."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("cryptg")

from telethon.crypto import _cryptg


def test_M1_X12_cryptg_itself_never_sees_a_bad_length(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def note(data: bytes, key: bytes, iv: bytes) -> bytes:
        seen.append(len(data))
        return data

    monkeypatch.setattr(_cryptg.cryptg, "encrypt_ige", note)
    monkeypatch.setattr(_cryptg.cryptg, "decrypt_ige", note)
    functions: list[Any] = [_cryptg.encrypt_ige, _cryptg.decrypt_ige]
    for function in functions:
        for size in range(100):
            if size % 16:
                with pytest.raises(ValueError):
                    function(bytes(size), bytes(32), bytes(32))
            else:
                function(bytes(size), bytes(32), bytes(32))
    assert seen == list(range(0, 100, 16)) * 2


def test_it_has_a_name() -> None:
    assert _cryptg.NAME == "cryptg"
