"""What all data centres share: people, what happened to them, and files."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from independent.schema import both
from independent.tl import Object

if TYPE_CHECKING:
    from independent.server import Server


@dataclass
class Box:
    """Events with a number each: an account's, or a channel's."""

    pts: int = 1
    log: list[tuple[int, Object]] = field(default_factory=list)
    """The pts after each event, and its update."""

    def add(self, update: Object) -> Object:
        """Give an update its pts and keep it."""
        self.pts += 1
        update = {**update, "pts": self.pts, "pts_count": 1}
        self.log.append((self.pts, update))
        return update

    def since(self, pts: int) -> list[tuple[int, Object]]:
        """What happened after that pts."""
        return [one for one in self.log if one[0] > pts]


@dataclass
class User:
    """A person, or a bot."""

    id: int
    phone: str = ""
    first_name: str = "Somebody"
    token: str = ""
    dc_id: int = 2
    access_hash: int = field(default_factory=lambda: secrets.randbits(63))
    box: Box = field(default_factory=Box)
    qts: int = 0
    seq: int = 0

    def object(self, *, is_self: bool = False) -> Object:
        """The user as TL."""
        return {
            "_": "user",
            "id": self.id,
            "access_hash": self.access_hash,
            "first_name": self.first_name,
            "phone": self.phone if is_self else None,
            "self": is_self,
            "bot": bool(self.token),
            "bot_info_version": 1 if self.token else None,
        }


@dataclass
class Channel:
    """A channel everybody is in."""

    id: int
    title: str = "News"
    access_hash: int = field(default_factory=lambda: secrets.randbits(63))
    box: Box = field(default_factory=Box)

    def object(self) -> Object:
        """The channel as TL."""
        return {
            "_": "channel",
            "id": self.id,
            "access_hash": self.access_hash,
            "title": self.title,
            "broadcast": True,
            "photo": {"_": "chatPhotoEmpty"},
            "date": 1_700_000_000,
        }


class World:
    """Everything there is."""

    def __init__(self) -> None:
        self.users: dict[int, User] = {}
        self.channels: dict[int, Channel] = {}
        self.servers: dict[int, Server] = {}
        self.parts: dict[tuple[int, int], bytes] = {}
        self.files: dict[int, bytes] = {}
        self.exported: dict[tuple[int, bytes], int] = {}
        self.calls: list[tuple[int, str]] = []
        """The data centre and the method of every request there was, without wrappers."""
        self.counts: Counter[str] = Counter()
        self.everyone_is = 0
        """Who every new key is logged in as; nobody for 0."""
        self.messages: list[Object] = []

    def user(self, user_id: int, **given: str | int) -> User:
        """Add a person."""
        made = self.users[user_id] = User(user_id, **given)  # type: ignore[arg-type]
        return made

    def channel(self, channel_id: int) -> Channel:
        """Add a channel."""
        made = self.channels[channel_id] = Channel(channel_id)
        return made

    def number(self, name: str) -> int:
        """The number of a method."""
        return both().functions[name].number

    def count(self, name: str) -> None:
        """A service message came that is no request."""
        self.counts[name] += 1

    def named(self) -> list[str]:
        """The methods that were asked for, in order."""
        return [name for _, name in self.calls]

    def message(self, text: str, from_id: int, *, channel: Channel | None = None, out: bool = False) -> Object:
        """A new message as TL."""
        number = len(self.messages) + 1
        peer: Object = {"_": "peerUser", "user_id": from_id}
        if channel:
            number = channel.box.pts
            peer = {"_": "peerChannel", "channel_id": channel.id}
        made = {
            "_": "message",
            "id": number,
            "peer_id": peer,
            "date": int(time.time()),
            "message": text,
            "out": out,
            "post": bool(channel),
        }
        self.messages.append(made)
        return made

    def event(self, user: User, text: str, from_id: int = 0) -> Object:
        """A message for a user happened: gives the update, which nobody was told of yet."""
        message = self.message(text, from_id or user.id)
        return user.box.add({"_": "updateNewMessage", "message": message})

    def channel_event(self, channel: Channel, text: str) -> Object:
        """A post in a channel happened: gives the update, which nobody was told of yet."""
        message = self.message(text, 0, channel=channel)
        return channel.box.add({"_": "updateNewChannelMessage", "message": message})

    def around(self, *updates: Object, seq: int = 0) -> Object:
        """Updates together with the people and channels they speak of."""
        return {
            "_": "updates",
            "updates": list(updates),
            "users": [one.object() for one in self.users.values()],
            "chats": [one.object() for one in self.channels.values()],
            "date": int(time.time()),
            "seq": seq,
        }
