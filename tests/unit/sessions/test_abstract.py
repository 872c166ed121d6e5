from __future__ import annotations

from typing import Any

import pytest

from telethon.crypto import AuthKey
from telethon.mtproto.salts import KeyState
from telethon.sessions import Session

#: What back ends had to write so far. One more would break all of them.
ABSTRACT = {
    "auth_key", "cache_file", "dc_id", "delete", "get_file", "get_input_entity", "get_update_state",
    "get_update_states", "port", "process_entities", "save", "server_address", "set_dc", "set_update_state",
    "takeout_id",
}  # fmt: skip


def test_what_a_back_end_has_to_write_does_not_grow() -> None:
    assert Session.__abstractmethods__ == ABSTRACT
    with pytest.raises(TypeError):
        Session()  # type: ignore[abstract]


class _Old(Session):
    """A back end written before temporary keys were known, which does not call the constructor of its base."""

    dc_id = 2
    server_address = "149.154.167.51"
    port = 443
    auth_key = None  # type: ignore[assignment]
    takeout_id = None  # type: ignore[assignment]

    def __init__(self) -> None:
        pass

    def _nothing(self, *args: Any) -> Any:
        return None

    set_dc = get_update_state = set_update_state = get_update_states = save = delete = _nothing  # type: ignore[assignment]
    process_entities = get_input_entity = cache_file = get_file = _nothing  # type: ignore[assignment]


def test_an_old_back_end_gets_what_came_later_by_inheritance() -> None:
    session = _Old()
    assert session.tmp_auth_key is None
    session.tmp_auth_key = AuthKey(b"t" * 256)
    assert session.tmp_auth_key.key == b"t" * 256
    assert _Old().tmp_auth_key is None
    session.close()
    assert isinstance(session.clone(), _Old)
    assert session.clone(session) is session
    assert _Old.list_sessions() == []


def test_S6_a_back_end_need_not_keep_salts() -> None:
    session = _Old()
    session.set_key_state(2, KeyState(1, 2))
    assert session.get_key_state(2) is None
    session.set_other_key(4, AuthKey(bytes(256)))
    assert session.get_other_key(4) is None
