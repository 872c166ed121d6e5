"""Whose usernames were asked for lately, so that Telegram need not be asked again.

Telegram lets an account look up few usernames in a day, while whether a user that is known still has one costs nothing.

Source: https://core.telegram.org/method/contacts.resolveUsername
"""

from __future__ import annotations

from typing import Any, Final

from telethon import utils
from telethon.tl import types

__all__ = ["Usernames", "has_username", "usable_peer"]

_SECONDS: Final = 3600.0
_MOST: Final = 1_000


class Usernames:
    """Input peers by username, in lower case, for some time.

    Args:
        seconds: how long.
        most: of how many; the oldest is forgotten first.
    """

    def __init__(self, seconds: float = _SECONDS, most: int = _MOST) -> None:
        self._seconds = seconds
        self._most = most
        self._known: dict[str, tuple[float, types.TypeInputPeer]] = {}

    def __len__(self) -> int:
        return len(self._known)

    def get(self, username: str, now: float) -> types.TypeInputPeer | None:
        """Whose username that is, if it was asked for lately."""
        found = self._known.get(username)
        if found is None:
            return None
        if now - found[0] >= self._seconds:
            del self._known[username]
            return None
        return found[1]

    def put(self, username: str, entity: Any, now: float) -> None:
        """Note whose username that is; not by an entity of which too little is told to name it in a request."""
        peer = usable_peer(entity)
        if peer is None:
            return
        self._known.pop(username, None)
        self._known[username] = (now, peer)
        if len(self._known) > self._most:
            del self._known[next(iter(self._known))]

    def drop(self, username: str) -> None:
        """Forget whose username that is."""
        self._known.pop(username, None)


def usable_peer(entity: Any) -> types.InputPeerUser | types.InputPeerChannel | None:
    """The input peer of a user or channel; `None` when too little is told, or for anything else."""
    try:
        peer = utils.get_input_peer(entity, allow_self=False)
    except TypeError:
        return None
    return peer if isinstance(peer, (types.InputPeerUser, types.InputPeerChannel)) else None


def has_username(entity: Any, username: str) -> bool:
    """Whether that, in lower case, is a username of a user or channel."""
    names = [entity.username] if getattr(entity, "username", None) else []
    names += [one.username for one in getattr(entity, "usernames", None) or () if one.active]
    return any(name.lower() == username for name in names)
