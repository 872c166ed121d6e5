"""A user, a group and a channel, and what servers answer about them; for tests of the methods about chats."""

from __future__ import annotations

import datetime
from typing import Any

from telethon.tl import types

DATE = datetime.datetime(2024, 5, 6, 7, 8, 9, tzinfo=datetime.timezone.utc)
USER, CHANNEL, GROUP = types.InputPeerUser(2, 20), types.InputPeerChannel(7, 70), types.InputPeerChat(9)
SETTINGS = types.PeerNotifySettings()


def users() -> list[Any]:
    return [
        types.User(1, is_self=True, access_hash=10, first_name="Me"),
        types.User(2, access_hash=20, first_name="Two", username="second"),
        types.User(3, access_hash=30, first_name="Three"),
    ]


def channel(**fields: Any) -> types.Channel:
    fields = {"id": 7, "title": "c", "photo": types.ChatPhotoEmpty(), "date": DATE, "access_hash": 70, **fields}
    return types.Channel(**fields)


def group() -> types.Chat:
    return types.Chat(id=9, title="g", photo=types.ChatPhotoEmpty(), participants_count=3, date=DATE, version=1)


def updates(*found: Any) -> types.Updates:
    return types.Updates(updates=list(found), users=users(), chats=[channel()], date=DATE, seq=0)


def full_channel(photo: Any = None) -> types.messages.ChatFull:
    full = types.ChannelFull(
        id=7,
        about="",
        read_inbox_max_id=0,
        read_outbox_max_id=0,
        unread_count=0,
        chat_photo=photo or types.PhotoEmpty(0),
        notify_settings=SETTINGS,
        bot_info=[],
        pts=1,
        participants_count=3,
    )
    rights = types.ChatBannedRights(None, send_polls=True)
    return types.messages.ChatFull(full, [channel(id=8), channel(default_banned_rights=rights)], users())


def full_group(*participants: Any) -> types.messages.ChatFull:
    members: Any = types.ChatParticipants(9, list(participants), 1)
    full = types.ChatFull(id=9, about="", participants=members, notify_settings=SETTINGS)
    return types.messages.ChatFull(full, [group()], users())


GROUP_OF_THREE = (
    types.ChatParticipantCreator(1),
    types.ChatParticipantAdmin(2, 1, DATE),
    types.ChatParticipant(3, 1, DATE),
)


def members(request: Any) -> Any:
    everybody: list[Any] = [
        types.ChannelParticipant(1, DATE),
        types.ChannelParticipant(2, DATE),
        types.ChannelParticipantBanned(types.PeerUser(3), 1, DATE, types.ChatBannedRights(DATE)),
        types.ChannelParticipantBanned(types.PeerChannel(8), 1, DATE, types.ChatBannedRights(DATE)),
    ]
    page = everybody[request.offset : request.offset + min(request.limit, 2)]
    return types.channels.ChannelParticipants(count=4, participants=page, chats=[], users=users())


def sent(client: Any) -> list[Any]:
    """The requests that a scripted client has sent."""
    found: list[Any] = client._sender.sent
    return found


def knowing(client: Any) -> Any:
    """The client, to which they are no strangers."""
    client._mb_entity_cache.set_self_user(1, False, 10)
    known = types.contacts.ResolvedPeer(types.PeerUser(2), [channel()], users())
    client.session.process_entities(known)
    return client
