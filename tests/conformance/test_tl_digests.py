"""Every constructor, filled in three ways: bytes and texts are those of Telethon 1.45, and all survive the trip."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from telethon.tl import _format, _registry
from telethon.tl.alltlobjects import tlobjects

from . import make_tl_digests, tl_samples

DIGESTS = Path(__file__).with_name("tl_digests.txt")


@pytest.fixture(scope="module")
def recipes() -> list[tuple[str, list[Any]]]:
    return list(tl_samples.samples())


def test_bytes_and_texts_are_telethons(recipes: list[tuple[str, list[Any]]], monkeypatch: pytest.MonkeyPatch) -> None:
    # Telethon shows what one could log in with; all the rest of the text must be the same.
    monkeypatch.setattr(_format, "_SECRET", frozenset())
    monkeypatch.setattr(_format, "_SECRET_IN", frozenset())
    expected = DIGESTS.read_text(encoding="utf-8").splitlines()
    found = list(make_tl_digests.digest_lines(recipes, tl_samples.build))
    assert len(found) == len(expected)
    wrong = [(mine, theirs) for mine, theirs in zip(found, expected, strict=True) if mine != theirs]
    assert wrong == []


def test_every_object_survives_the_trip(recipes: list[tuple[str, list[Any]]]) -> None:
    for name, fills in recipes:
        for recipe in fills:
            data = bytes(tl_samples.build(recipe, tlobjects))
            first, end = _registry.read(data)
            assert end == len(data), name
            assert bytes(first) == data, name
            second, _ = _registry.read(data)
            assert first == second, name
            assert pickle.loads(pickle.dumps(first)) == first, name


def test_every_truncation_is_noticed(recipes: list[tuple[str, list[Any]]]) -> None:
    """Cut off anywhere, an object is refused, never read as something shorter."""
    from telethon.errors import TypeNotFoundError
    from telethon.errors.common import TLDecodeError

    for _, fills in recipes[::7]:
        data = bytes(tl_samples.build(fills[1], tlobjects))
        for end in range(0, len(data), 4 if len(data) < 400 else 28):
            with pytest.raises((TLDecodeError, TypeNotFoundError)):
                _registry.read(data[:end])
