from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from telethon.sessions import SQLiteSession
from telethon.tl import types


@pytest.fixture
def open_session(tmp_path: Any) -> Iterator[Callable[..., SQLiteSession]]:
    """Opens session files in a folder of their own, and closes them at the end."""
    opened: list[SQLiteSession] = []

    def open_it(name: str = "name", **kwargs: Any) -> SQLiteSession:
        session = SQLiteSession(str(tmp_path / name), **kwargs)
        opened.append(session)
        return session

    yield open_it
    for session in opened:
        session.close()


@pytest.fixture
def user() -> Callable[..., types.User]:
    """Makes a user that can be stored."""

    def make(id: int, access_hash: int | None = None, username: str | None = None, **kwargs: Any) -> types.User:
        kwargs.setdefault("first_name", f"User {id}")
        return types.User(id, access_hash=id * 11 if access_hash is None else access_hash, username=username, **kwargs)

    return make
