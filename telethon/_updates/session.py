"""What is remembered of peers and of the progress of updates, in forms that fit in a file."""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import Final

from telethon.tl import types

__all__ = ["ChannelState", "Entity", "EntityType", "MinEntity", "SessionState"]

_FORM: Final = struct.Struct("<Bqq")


class EntityType(IntEnum):
    """What an id belongs to; the value is the letter it has in a file."""

    USER = ord("U")
    BOT = ord("B")
    GROUP = ord("G")
    CHANNEL = ord("C")
    MEGAGROUP = ord("M")
    GIGAGROUP = ord("E")
    COMMUNITY = ord("N")


class SessionState:
    """How far the updates of an account were followed, and whose account it is.

    Args:
        user_id: the id of the account; 0 when it is not known.
        dc_id: the data centre it lives in.
        bot: whether it is a bot.
        pts: number of events in the account's own box.
        qts: number of events in its second box (secret chats; many events of bots).
        date: Unix time of the newest change known.
        seq: number of the last numbered container of updates.
        takeout_id: the takeout that is going on, if any.

    Source: https://core.telegram.org/api/updates#update-sequence
    """

    __slots__ = ("bot", "date", "dc_id", "pts", "qts", "seq", "takeout_id", "user_id")

    def __init__(
        self,
        user_id: int,
        dc_id: int,
        bot: bool,
        pts: int,
        qts: int,
        date: int,
        seq: int,
        takeout_id: int | None,
    ) -> None:
        self.user_id = user_id
        self.dc_id = dc_id
        self.bot = bot
        self.pts = pts
        self.qts = qts
        self.date = date
        self.seq = seq
        self.takeout_id = takeout_id

    def __repr__(self) -> str:
        return repr({name: getattr(self, name) for name in self.__slots__})


class ChannelState:
    """How far the updates of one channel were followed.

    Args:
        channel_id: its bare id.
        pts: number of events in its box.
    """

    __slots__ = ("channel_id", "pts")

    def __init__(self, channel_id: int, pts: int) -> None:
        self.channel_id = channel_id
        self.pts = pts

    def __repr__(self) -> str:
        return repr({"channel_id": self.channel_id, "pts": self.pts})


class Entity:
    """Enough of a user, chat or channel to name it in a request.

    Args:
        ty: what it is.
        id: its bare id.
        hash: its ``access_hash``; 0 for a small group, which has none.

    Source: https://core.telegram.org/api/peers#access-hash
    """

    __slots__ = ("hash", "id", "ty")

    def __init__(self, ty: EntityType, id: int, hash: int) -> None:
        self.ty = ty
        self.id = id
        self.hash = hash

    @property
    def is_user(self) -> bool:
        """Whether it is a person or a bot."""
        return self.ty in (EntityType.USER, EntityType.BOT)

    @property
    def is_group(self) -> bool:
        """Whether many can write in it: a small group or a megagroup."""
        return self.ty in (EntityType.GROUP, EntityType.MEGAGROUP)

    @property
    def is_broadcast(self) -> bool:
        """Whether few write in it and many read."""
        return self.ty in (EntityType.CHANNEL, EntityType.GIGAGROUP)

    @classmethod
    def from_str(cls, string: str) -> Entity:
        """The entity of which ``str()`` is *string*.

        Raises:
            ValueError: it is no such text.
        """
        try:
            letter, bare_id, access_hash = string.split(".")
            kind, number, secret = ord(letter), int(bare_id), int(access_hash)
        except (ValueError, TypeError):
            raise ValueError(f"malformed entity str (must be T.id.hash), got {string!r}") from None
        return Entity(EntityType(kind), number, secret)

    @classmethod
    def from_bytes(cls, blob: bytes) -> Entity:
        """The entity of which ``bytes()`` is *blob*.

        Raises:
            ValueError: they are no such bytes.
        """
        try:
            kind, bare_id, access_hash = _FORM.unpack(blob)
        except struct.error:
            raise ValueError(f"malformed entity data, got {blob!r}") from None
        return Entity(EntityType(kind), bare_id, access_hash)

    def __str__(self) -> str:
        return f"{chr(self.ty)}.{self.id}.{self.hash}"

    def __repr__(self) -> str:
        # The access_hash is left out: it opens the way to a person, and this text ends up in logs.
        return f"{type(self).__name__}({EntityType(self.ty).name}, {self.id})"

    def __bytes__(self) -> bytes:
        return _FORM.pack(self.ty, self.id, self.hash)

    def _as_input_peer(self) -> types.TypeInputPeer:
        """The input peer that requests need."""
        if self.is_user:
            return types.InputPeerUser(self.id, self.hash)
        if self.ty == EntityType.GROUP:
            return types.InputPeerChat(self.id)
        return types.InputPeerChannel(self.id, self.hash)


class MinEntity(Entity):
    """A user or channel of which only a "min" form was seen: its hash is worth nothing, but the message is.

    Args:
        ty: what it is.
        id: its bare id.
        where: the chat in which it was seen.
        msg_id: the message there that names it.

    Source: https://core.telegram.org/api/min
    """

    __slots__ = ("msg_id", "where")

    def __init__(self, ty: EntityType, id: int, where: Entity, msg_id: int) -> None:
        super().__init__(ty, id, 0)
        self.where = where
        self.msg_id = msg_id

    def _as_input_peer(self) -> types.TypeInputPeer:
        peer = self.where._as_input_peer()
        if self.is_user:
            return types.InputPeerUserFromMessage(peer, self.msg_id, self.id)
        return types.InputPeerChannelFromMessage(peer, self.msg_id, self.id)
