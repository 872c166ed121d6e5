"""What goes with keys, in the file of a session: salts and time, and the keys of other data centres.

Each is in a table of its own, which is made when there is something to keep, and which Telethon does not look at. What
makes no sense there is as good as nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from struct import Struct
from typing import TYPE_CHECKING, Final

from telethon.sessions._sqliteschema import KEY_SIZE, KEY_STATES, OTHER_KEYS, has_key_states, has_other_keys

if TYPE_CHECKING:
    from sqlite3 import Connection

    from telethon.crypto import AuthKey
    from telethon.mtproto.salts import KeyState

__all__ = ["read_key_state", "read_other_key", "write_key_states", "write_other_keys"]

#: How each future salt is stored.
_SALT: Final = Struct("<qqq")


def read_key_state(conn: Connection, dc_id: int) -> KeyState | None:
    """The salts and the time that go with the key of a data centre."""
    if not has_key_states(conn):
        return None
    columns = "auth_key_id, salt, future_salts, time_offset"
    row = conn.execute(f"select {columns} from {KEY_STATES} where dc_id = ?", (dc_id,)).fetchone()
    return _key_state(*row) if row else None


def write_key_states(conn: Connection, states: Mapping[int, KeyState]) -> None:
    """Keep salts and times by data centre, in the transaction that is going on."""
    if states and has_key_states(conn, make=True):
        conn.executemany(
            f"insert or replace into {KEY_STATES} (dc_id, auth_key_id, salt, future_salts, time_offset) "
            "values (?, ?, ?, ?, ?)",
            [(dc_id, *_key_state_row(state)) for dc_id, state in states.items()],
        )


def read_other_key(conn: Connection, dc_id: int) -> tuple[int | None, AuthKey | None]:
    """The key with another data centre, behind the id of the key of the session that vouched for it."""
    if not has_other_keys(conn):
        return None, None
    row = conn.execute(f"select home_key_id, auth_key from {OTHER_KEYS} where dc_id = ?", (dc_id,)).fetchone()
    if not row or not isinstance(row[0], bytes) or not isinstance(row[1], bytes) or len(row[1]) != KEY_SIZE:
        return None, None
    from telethon.crypto import AuthKey

    return int.from_bytes(row[0], "little"), AuthKey(row[1])


def write_other_keys(conn: Connection, keys: Mapping[int, tuple[int | None, AuthKey | None]]) -> None:
    """Keep the keys with other data centres, or that there is none, in the transaction that is going on."""
    if keys and has_other_keys(conn, make=True):
        conn.executemany(
            f"insert or replace into {OTHER_KEYS} (dc_id, auth_key, home_key_id) values (?, ?, ?)",
            [
                (dc_id, key.key if key else None, (home_key_id or 0).to_bytes(8, "little"))
                for dc_id, (home_key_id, key) in keys.items()
            ],
        )


def _key_state_row(state: KeyState) -> tuple[bytes, int, bytes, float]:
    future = b"".join(_SALT.pack(*salt) for salt in state.future_salts)
    return state.auth_key_id.to_bytes(8, "little"), state.salt, future, state.time_offset


def _key_state(key_id: object, salt: object, future: object, time_offset: object) -> KeyState | None:
    """A stored state; None for one that makes no sense, since it can be done without."""
    from telethon.mtproto.salts import FutureSalt, KeyState

    if not isinstance(key_id, bytes) or not isinstance(salt, int) or not isinstance(future, bytes):
        return None
    if len(key_id) != 8 or len(future) % _SALT.size or not isinstance(time_offset, float):
        return None
    salts = tuple(FutureSalt(*numbers) for numbers in _SALT.iter_unpack(future))
    return KeyState(int.from_bytes(key_id, "little"), salt, salts, time_offset)
