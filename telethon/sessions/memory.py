"""A session that lives as long as the object, and the base of those that store it somewhere."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import TYPE_CHECKING, Any
from zlib import crc32

from telethon import utils
from telethon._core.oldnames import old_names, star_names
from telethon.sessions._entityrows import EntityRow, EntityRows
from telethon.sessions._seen import HOLDS_NONE, SeenEntities, entities_in
from telethon.sessions.abstract import Session
from telethon.tl import types

if TYPE_CHECKING:
    from telethon.crypto import AuthKey
    from telethon.mtproto.salts import KeyState

__all__ = ["MemorySession"]

if not TYPE_CHECKING:
    __getattr__ = old_names(__name__)
    __all__ = star_names(__name__, __all__)


class _SentFileType(Enum):
    """The kinds of files that `cache_file` remembers; the numbers are stored."""

    DOCUMENT = 0
    PHOTO = 1

    @staticmethod
    def from_type(cls: type[Any]) -> _SentFileType:  # pyright: ignore[reportSelfClsParameterName]
        """The kind of objects of class *cls*."""
        if cls is types.InputDocument:
            return _SentFileType.DOCUMENT
        if cls is types.InputPhoto:
            return _SentFileType.PHOTO
        raise ValueError("The cls must be either InputDocument/InputPhoto")


class MemorySession(Session):
    """Keeps everything in memory, so the login is lost with the object.

    Back ends that store sessions elsewhere are usually subclasses of this one.
    """

    def __init__(self) -> None:
        super().__init__()
        self._dc_id = 0
        self._server_address: str | None = None
        self._port: int | None = None
        self._auth_key: AuthKey | None = None
        self._tmp_auth_key: AuthKey | None = None
        self._takeout_id: int | None = None
        self._key_states: dict[int, KeyState] = {}
        self._other_keys: dict[int, tuple[int | None, AuthKey | None]] = {}
        self._files: dict[tuple[bytes, int, _SentFileType], tuple[int, int]] = {}
        self._rows = EntityRows()
        self._seen = SeenEntities()
        self._update_states: dict[int, types.updates.State] = {}

    def set_dc(self, dc_id: int, server_address: str | None, port: int | None) -> None:  # noqa: D102 - inherited
        self._dc_id = dc_id or 0
        self._server_address = server_address
        self._port = port

    @property
    def dc_id(self) -> int:  # noqa: D102
        return self._dc_id

    @property
    def server_address(self) -> str | None:  # noqa: D102
        return self._server_address

    @property
    def port(self) -> int | None:  # noqa: D102
        return self._port

    @property
    def auth_key(self) -> AuthKey | None:  # noqa: D102
        return self._auth_key

    @auth_key.setter
    def auth_key(self, value: AuthKey | None) -> None:
        self._auth_key = value

    @property
    def takeout_id(self) -> int | None:  # noqa: D102
        return self._takeout_id

    @takeout_id.setter
    def takeout_id(self, value: int | None) -> None:
        self._takeout_id = value

    def get_key_state(self, dc_id: int) -> KeyState | None:  # noqa: D102
        return self._key_states.get(dc_id)

    def set_key_state(self, dc_id: int, state: KeyState) -> None:  # noqa: D102
        self._key_states[dc_id] = state

    def get_other_key(self, dc_id: int) -> AuthKey | None:  # noqa: D102
        home_key_id, key = self._other_keys.get(dc_id, (None, None))
        return key if self._is_home_key(home_key_id) else None

    def set_other_key(self, dc_id: int, key: AuthKey | None) -> None:  # noqa: D102
        self._other_keys[dc_id] = (self._home_key_id, key)

    @property
    def _home_key_id(self) -> int | None:
        """The id of the key of this session."""
        return getattr(self._auth_key, "key_id", None)

    def _is_home_key(self, key_id: int | None) -> bool:
        """Whether the key of this session has that id."""
        return key_id is not None and key_id == self._home_key_id

    def get_update_state(self, entity_id: int) -> types.updates.State | None:  # noqa: D102
        return self._update_states.get(entity_id)

    def set_update_state(self, entity_id: int, state: types.updates.State) -> None:  # noqa: D102
        self._update_states[entity_id] = state

    def get_update_states(self) -> Iterable[tuple[int, types.updates.State]]:  # noqa: D102
        return self._update_states.items()

    def close(self) -> None:
        """Nothing, since nothing is open."""

    def save(self) -> None:
        """Nothing, since nothing is stored."""

    def delete(self) -> Any:
        """Nothing, since nothing is stored."""

    # -- entities

    @property
    def _entities(self) -> EntityRows:
        """The rows of all entities, as a set. Assigning any iterable of rows replaces them."""
        return self._rows

    @_entities.setter
    def _entities(self, rows: Iterable[EntityRow]) -> None:
        # ``_entities |= rows`` assigns the set to itself in the end.
        if rows is not self._rows:
            self._rows = EntityRows(rows)
        self._seen.clear()

    @staticmethod
    def _entity_values_to_row(
        id: int, hash: int, username: str | None, phone: str | None, name: str | None
    ) -> EntityRow:
        """A row out of its values; back ends with rows of another kind override this."""
        return id, hash, username, phone, name

    def _entity_to_row(self, e: Any) -> EntityRow | None:
        """The row of an entity, or `None` when it cannot be used as an input peer later on."""
        if getattr(e, "SUBCLASS_OF_ID", None) is None:
            return None
        try:
            # This refuses those without an access hash, or with the one of a `min` object, which is good for less.
            peer = utils.get_input_peer(e, allow_self=False)
            marked_id = utils.get_peer_id(peer)
        except TypeError:
            return None
        if isinstance(peer, (types.InputPeerUser, types.InputPeerChannel)):
            access_hash = peer.access_hash
        elif isinstance(peer, types.InputPeerChat):
            access_hash = 0
        else:
            return None

        username = getattr(e, "username", None)
        if not username:
            # Those bought as collectibles are in a list, even when there is only one.
            username = next((name.username for name in getattr(e, "usernames", None) or () if name.active), None)
        phone = getattr(e, "phone", None)
        name = utils.get_display_name(e) or None
        return self._entity_values_to_row(marked_id, access_hash, username.lower() if username else None, phone, name)

    def _entities_to_rows(self, tlo: Any) -> list[EntityRow]:
        """The rows of all entities in an answer of the servers, or in a list of entities."""
        rows = map(self._entity_to_row, entities_in(tlo))
        return [row for row in rows if row]

    def _changed_rows(self, tlo: Any) -> list[EntityRow]:
        """Those of `_entities_to_rows` that are not known to be stored with these values."""
        rows: list[EntityRow] = []
        for entity in self._seen.changed(entities_in(tlo)):
            row = self._entity_to_row(entity)
            # An input peer has no names. It must not replace a row that has.
            if row and not (_is_input(entity) and self.get_entity_rows_by_id(row[0]) == (row[0], row[1])):
                rows.append(row)
        return rows

    def process_entities(self, tlo: Any) -> None:  # noqa: D102
        if tlo.__class__ not in HOLDS_NONE:
            for row in self._changed_rows(tlo):
                self._add_row(row)

    def _add_row(self, row: EntityRow) -> None:
        loser = self._rows.put(row)
        if loser is not None:
            self._seen.forget(loser)

    def get_entity_rows_by_phone(self, phone: str) -> Any:
        """(marked id, access hash) of the user with this phone number, digits only; `None` when unknown."""
        return _key(self._rows.with_phone(str(phone)))

    def get_entity_rows_by_username(self, username: str) -> Any:
        """(marked id, access hash) of the entity with this username, in lower case; `None` when unknown."""
        return _key(self._rows.with_username(username))

    def get_entity_rows_by_name(self, name: str) -> Any:
        """(marked id, access hash) of the entity that is shown under this name; `None` when unknown."""
        return _key(self._rows.with_name(name))

    def get_entity_rows_by_id(self, id: int, exact: bool = True) -> Any:
        """(marked id, access hash) of the entity with this id; `None` when unknown.

        Args:
            id: the id.
            exact: whether it is a marked id. Otherwise a positive one may be that of a user, a group or a channel.
        """
        by_id = self._rows.by_id
        for marked_id in (id,) if exact else _marked_ids(id):
            if marked_id in by_id:
                return _key(by_id[marked_id])
        return None

    def get_input_entity(  # noqa: D102
        self, key: Any
    ) -> types.TypeInputPeer | types.TypeInputUser | types.TypeInputChannel:
        exact = False
        wanted = key
        if getattr(key, "SUBCLASS_OF_ID", None) is not None:
            if _is_input(key):
                return key  # type: ignore[no-any-return]
            try:
                return utils.get_input_peer(key)
            except TypeError:
                # It has no access hash, yet it may have been met before, with one.
                pass
            try:
                wanted = utils.get_peer_id(key)
                exact = True
            except TypeError:
                raise _not_found(key) from None

        row: Any = None
        if isinstance(wanted, str):
            row = self._row_of_text(wanted)
        elif isinstance(wanted, int):
            row = self.get_entity_rows_by_id(wanted, exact)
        if not row:
            raise _not_found(wanted)

        marked_id, access_hash = row
        entity_id, kind = utils.resolve_id(marked_id)
        if kind is types.PeerUser:
            return types.InputPeerUser(entity_id, access_hash)
        if kind is types.PeerChat:
            return types.InputPeerChat(entity_id)
        return types.InputPeerChannel(entity_id, access_hash)

    def _row_of_text(self, text: str) -> Any:
        row: Any = None
        phone = utils.parse_phone(text)
        if phone:
            row = self.get_entity_rows_by_phone(phone)
        else:
            username, is_invite = utils.parse_username(text)
            if username and not is_invite:
                row = self.get_entity_rows_by_username(username)
            elif is_invite:
                _, chat_id, _ = utils.resolve_invite_link(text)
                if chat_id:
                    row = self.get_entity_rows_by_id(chat_id, False)
        return row or self.get_entity_rows_by_name(text)

    # -- files

    def cache_file(self, md5_digest: bytes, file_size: int, instance: Any) -> None:  # noqa: D102
        kind = _file_kind(instance)
        self._files[md5_digest, file_size, kind] = (instance.id, instance.access_hash)

    def get_file(self, md5_digest: bytes, file_size: int, cls: type[Any]) -> Any:
        """The file of class *cls* that was remembered by `cache_file`, or `None`.

        File references are not remembered, since they do not last; the one of the object given is empty.
        """
        found = self._files.get((md5_digest, file_size, _SentFileType.from_type(cls)))
        return cls(found[0], found[1], b"") if found else None


def _file_kind(instance: Any) -> _SentFileType:
    if not isinstance(instance, (types.InputDocument, types.InputPhoto)):
        raise TypeError(f"Cannot cache {type(instance)!r} instance")
    return _SentFileType.from_type(type(instance))


#: `SUBCLASS_OF_ID` of what is an input form already: the CRC-32 of the names of the boxed types.
_INPUTS = frozenset(map(crc32, (b"InputPeer", b"InputUser", b"InputChannel")))


def _is_input(entity: Any) -> bool:
    return getattr(entity, "SUBCLASS_OF_ID", None) in _INPUTS


def _key(row: EntityRow | None) -> tuple[int, int] | None:
    return row[:2] if row else None


def _marked_ids(entity_id: int) -> tuple[int, ...]:
    """The marked ids that a number given by a user may stand for, the most likely first."""
    if entity_id <= 0:
        return (entity_id,)
    return entity_id, -entity_id, -(10**12) - entity_id


def _not_found(key: Any) -> ValueError:
    return ValueError(f"Could not find input entity with key {key!r}")
