"""What the client asks of a session."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.crypto import AuthKey
    from telethon.mtproto.salts import KeyState
    from telethon.tl import types

__all__ = ["Session"]


class Session(ABC):
    """Remembers one login: data centre, key, entities met on the way, and how far updates were handled.

    A subclass may keep these where it likes. Its methods may be asynchronous; the client then awaits them. Properties
    are always read and assigned directly.
    """

    _tmp_auth_key: AuthKey | None = None

    def __init__(self) -> None:  # noqa: B027 - subclasses call it, though there is nothing to do
        pass

    def clone(self, to_instance: Session | None = None) -> Any:
        """A new session without a login, with the same settings.

        Args:
            to_instance: take this one instead of making one of the same class.
        """
        return type(self)() if to_instance is None else to_instance

    @abstractmethod
    def set_dc(self, dc_id: int, server_address: str | None, port: int | None) -> None:
        """Set the data centre to connect to from now on.

        Args:
            dc_id: its number.
            server_address: the IP address, version 4 or 6.
            port: the port there.
        """
        raise NotImplementedError

    @property
    @abstractmethod
    def dc_id(self) -> int:
        """The number of the data centre of this login; 0 when there is none yet."""
        raise NotImplementedError

    @property
    @abstractmethod
    def server_address(self) -> str | None:
        """The IP address of the data centre."""
        raise NotImplementedError

    @property
    @abstractmethod
    def port(self) -> int | None:
        """The port of the data centre."""
        raise NotImplementedError

    @property
    @abstractmethod
    def auth_key(self) -> AuthKey | None:
        """The authorization key with the data centre, or `None`. Assigning stores it."""
        raise NotImplementedError

    @auth_key.setter
    @abstractmethod
    def auth_key(self, value: AuthKey | None) -> None:
        raise NotImplementedError

    @property
    def tmp_auth_key(self) -> AuthKey | None:
        """The temporary key bound to `auth_key`, or `None`. Unless a subclass does more, it is kept in memory only."""
        return self._tmp_auth_key

    @tmp_auth_key.setter
    def tmp_auth_key(self, value: AuthKey | None) -> None:
        self._tmp_auth_key = value

    def get_key_state(self, dc_id: int) -> KeyState | None:
        """What was kept with the key of a data centre, or `None`.

        With it the first message of a run has the right salt and the right time; without it the server corrects both.
        Subclasses need not have this method: the one here knows nothing.

        Args:
            dc_id: the data centre.
        """
        return None

    def set_key_state(self, dc_id: int, state: KeyState) -> None:  # noqa: B027 - it need not be kept
        """Keep salts and time with the key of a data centre; *dc_id* as in `get_key_state`.

        A salt alone opens nothing, yet it belongs to the key and is to be kept as secret.

        Args:
            dc_id: the data centre.
            state: what to keep.
        """

    def get_other_key(self, dc_id: int) -> AuthKey | None:
        """The key with another data centre than that of the session, as whoever has `auth_key`; or `None`.

        With it, files that are there can be had in a later run without another key exchange. Subclasses need not have
        this method: the one here knows nothing.

        Args:
            dc_id: the data centre.
        """
        return None

    def set_other_key(self, dc_id: int, key: AuthKey | None) -> None:  # noqa: B027 - it need not be kept
        """Keep the key with another data centre, or forget it; *dc_id* as in `get_other_key`.

        It opens the account as `auth_key` does, and is worth nothing once there is another `auth_key`.

        Args:
            dc_id: the data centre.
            key: the key; None to forget it.
        """

    @property
    @abstractmethod
    def takeout_id(self) -> int | None:
        """The id of the takeout that was begun and not ended, or `None`. Assigning stores it."""
        raise NotImplementedError

    @takeout_id.setter
    @abstractmethod
    def takeout_id(self, value: int | None) -> None:
        raise NotImplementedError

    @abstractmethod
    def get_update_state(self, entity_id: int) -> types.updates.State | None:
        """How far updates were handled.

        Args:
            entity_id: the marked id of a channel, or 0 for the account.
        """
        raise NotImplementedError

    @abstractmethod
    def set_update_state(self, entity_id: int, state: types.updates.State) -> None:
        """Store how far updates were handled; *entity_id* as in `get_update_state`.

        Args:
            entity_id: the marked ID of a channel, or 0 for the account.
            state: how far.
        """
        raise NotImplementedError

    @abstractmethod
    def get_update_states(self) -> Iterable[tuple[int, types.updates.State]]:
        """Pairs of all ids with a stored state, and that state."""
        raise NotImplementedError

    def close(self) -> None:  # noqa: B027 - not every session has something to close
        """Let go of files and the like. The session may be used again, which opens them again."""

    @abstractmethod
    def save(self) -> None:
        """Make sure that all that was set so far is stored."""
        raise NotImplementedError

    @abstractmethod
    def delete(self) -> Any:
        """Remove what is stored, for example after logging out."""
        raise NotImplementedError

    @classmethod
    def list_sessions(cls) -> list[str]:
        """The names of stored sessions of this kind, as far as it can tell."""
        return []

    @abstractmethod
    def process_entities(self, tlo: Any) -> None:
        """Remember the users, groups and channels in an answer of the servers.

        Args:
            tlo: an object with ``users`` or ``chats``, or a list of entities.
        """
        raise NotImplementedError

    @abstractmethod
    def get_input_entity(self, key: Any) -> types.TypeInputPeer | types.TypeInputUser | types.TypeInputChannel:
        """The input peer of an entity that was met before.

        Args:
            key: an id, a username, phone number, link or name, a peer, or the entity itself.

        Raises:
            ValueError: there is no such entity here.
        """
        raise NotImplementedError

    @abstractmethod
    def cache_file(self, md5_digest: bytes, file_size: int, instance: Any) -> None:
        """Remember that a file with this content was sent.

        Args:
            md5_digest: of the content.
            file_size: in bytes.
            instance: an `InputPhoto` or `InputDocument`.
        """
        raise NotImplementedError

    @abstractmethod
    def get_file(self, md5_digest: bytes, file_size: int, cls: type[Any]) -> Any:
        """The file of class *cls* that was remembered by `cache_file`, or `None`.

        Args:
            md5_digest: MD5 of the file.
            file_size: bytes of the file.
            cls: what it shall be.
        """
        raise NotImplementedError
