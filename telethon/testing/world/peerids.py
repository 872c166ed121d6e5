"""Users, basic groups and channels under one kind of number, as Telethon marks them.

A peer id is positive for a user, a small negative number for a basic group, and below -1000000000000 for a channel or
supergroup. The world uses these numbers as keys; the objects of the schema are made from them at the edge.

Source: https://core.telegram.org/api/bots/ids
"""

from __future__ import annotations

from telethon.tl import types

__all__ = [
    "TELEGRAM",
    "as_peer",
    "bare_id",
    "channel_peer",
    "from_peer",
    "group_peer",
    "is_channel",
    "is_group",
    "is_user",
]

_CHANNELS = 1_000_000_000_000

TELEGRAM = 777000
"""The account that log-in codes and notices come from."""


def group_peer(chat_id: int) -> int:
    """The peer id of a basic group."""
    return -chat_id


def channel_peer(channel_id: int) -> int:
    """The peer id of a channel or supergroup."""
    return -(_CHANNELS + channel_id)


def is_user(peer: int) -> bool:
    """Whether the number stands for a user or bot."""
    return peer > 0


def is_group(peer: int) -> bool:
    """Whether the number stands for a basic group."""
    return -_CHANNELS < peer < 0


def is_channel(peer: int) -> bool:
    """Whether the number stands for a channel or supergroup."""
    return peer <= -_CHANNELS


def bare_id(peer: int) -> int:
    """The id of the schema: always positive."""
    if peer > 0:
        return peer
    return -peer if peer > -_CHANNELS else -peer - _CHANNELS


def as_peer(peer: int) -> types.TypePeer:
    """The `Peer` for a number."""
    if peer > 0:
        return types.PeerUser(peer)
    if peer > -_CHANNELS:
        return types.PeerChat(-peer)
    return types.PeerChannel(-peer - _CHANNELS)


def from_peer(peer: types.TypePeer) -> int:
    """The number for a `Peer`."""
    if isinstance(peer, types.PeerUser):
        return peer.user_id
    if isinstance(peer, types.PeerChat):
        return group_peer(peer.chat_id)
    return channel_peer(peer.channel_id)
