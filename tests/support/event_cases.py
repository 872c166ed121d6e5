"""Updates, and what the events made of them show; the same for this library and for Telethon.

`tests/unit/events/known_events.json` holds what Telethon 1.45.0 showed. To make it again::

    PYTHON-WITH-TELETHON tests/support/event_cases.py > tests/unit/events/known_events.json
"""

from __future__ import annotations

import asyncio
import datetime
import json
from collections.abc import Iterator
from typing import Any

DATE = datetime.datetime(2024, 1, 1, 12, 30, tzinfo=datetime.timezone.utc)
SELF_ID = 99

#: The builders that Telethon has, too.
BUILDERS = """
    Album CallbackQuery ChatAction InlineQuery MessageDeleted MessageEdited MessageRead NewMessage Raw UserUpdate
""".split()  # noqa: SIM905

#: What is read of every event that has it.
READ = """
    chat_id sender_id is_private is_group is_channel id text raw_text out via_inline data message_id
    chat_instance user_id user_ids new_photo photo new_pin unpin new_title new_score created user_added
    user_joined user_left user_kicked deleted_id deleted_ids max_id outbox inbox contents message_ids
    action status typing uploading recording playing cancel geo audio video contact document photo
    sticker round last_seen until online recently within_weeks within_months offset query grouped_id
    is_reply chat sender input_chat input_sender user added_by kicked_by users pattern_match data_match
    input_user input_users
""".split()  # noqa: SIM905


class Cache:
    """Stands for what the client knows."""

    hash_map: dict[int, Any] = {}

    def get(self, id: int) -> None:
        return None

    get_min = get


class Client:
    """Stands for the client."""

    _self_id = SELF_ID
    parse_mode = None

    def __init__(self) -> None:
        self._mb_entity_cache = Cache()
        self._albums: dict[Any, Any] = {}
        self._albums_delivered: dict[Any, float] = {}
        self.loop = asyncio.get_running_loop()
        self._event_handler_tasks: set[Any] = set()
        self.dispatched: list[Any] = []

    async def _dispatch_event(self, event: Any) -> None:
        self.dispatched.append(event)


def entities(types: Any) -> dict[int, Any]:
    """The users and chats that come with every update, by marked id."""
    chat = {"photo": types.ChatPhotoEmpty(), "date": DATE}
    return {
        50: types.User(50, access_hash=500, first_name="Bob"),
        60: types.User(60, access_hash=600, first_name="Eve"),
        61: types.User(61, access_hash=610, first_name="Min", min=True),
        -22: types.Chat(22, "group", participants_count=3, version=1, **chat),
        -1000000000007: types.Channel(7, "super", access_hash=70, megagroup=True, **chat),
        -1000000000008: types.Channel(8, "news", access_hash=80, broadcast=True, **chat),
    }


def message(types: Any, id: int = 5, peer: Any = None, **fields: Any) -> Any:
    """A message."""
    defaults = {"date": DATE, "message": "hi **there**"}
    return types.Message(id=id, peer_id=peer or types.PeerUser(50), **{**defaults, **fields})


def service(types: Any, action: Any, peer: Any = None, **fields: Any) -> Any:
    """A service message."""
    defaults = {"from_id": types.PeerUser(60), "date": DATE}
    return types.MessageService(id=5, peer_id=peer or types.PeerChat(22), action=action, **{**defaults, **fields})


def updates(types: Any) -> Iterator[tuple[str, Any]]:
    """Each kind of update that becomes an event, with a name for it."""
    user, chat, channel, news = types.PeerUser(50), types.PeerChat(22), types.PeerChannel(7), types.PeerChannel(8)
    new, new_channel = types.UpdateNewMessage, types.UpdateNewChannelMessage
    yield "private", new(message(types), 1, 1)
    yield "private out", new(message(types, out=True), 1, 1)
    yield "to oneself", new(message(types, peer=types.PeerUser(SELF_ID)), 1, 1)
    yield "group", new(message(types, peer=chat, from_id=user), 1, 1)
    yield "supergroup", new_channel(message(types, peer=channel, from_id=user), 1, 1)
    yield "supergroup anonymous", new_channel(message(types, peer=channel, from_id=channel), 1, 1)
    yield "post", new_channel(message(types, peer=news, post=True), 1, 1)
    yield "min sender", new_channel(message(types, peer=channel, from_id=types.PeerUser(61)), 1, 1)
    yield "unknown sender", new_channel(message(types, peer=channel, from_id=types.PeerUser(62)), 1, 1)
    yield "empty", new(types.MessageEmpty(id=5, peer_id=user), 1, 1)
    yield "part of album", new(message(types, grouped_id=77), 1, 1)
    yield "short", types.UpdateShortMessage(5, 50, "hi", 1, 1, DATE)
    yield "short out", types.UpdateShortMessage(5, 50, "hi", 1, 1, DATE, out=True, silent=True)
    yield "short chat", types.UpdateShortChatMessage(5, 50, 22, "hi", 1, 1, DATE)
    yield "scheduled", types.UpdateNewScheduledMessage(message(types))
    yield "edited", types.UpdateEditMessage(message(types, edit_date=DATE), 1, 1)
    yield "edited post", types.UpdateEditChannelMessage(message(types, peer=news, post=True), 1, 1)
    yield "deleted", types.UpdateDeleteMessages([1, 2], 1, 2)
    yield "deleted nothing", types.UpdateDeleteMessages([], 1, 0)
    yield "deleted in channel", types.UpdateDeleteChannelMessages(7, [3], 1, 1)
    yield "read inbox", types.UpdateReadHistoryInbox(user, 30, 0, 1, 0)
    yield "read outbox", types.UpdateReadHistoryOutbox(chat, 30, 1, 0)
    yield "read channel inbox", types.UpdateReadChannelInbox(7, 30, 2, 1)
    yield "read channel outbox", types.UpdateReadChannelOutbox(7, 30)
    yield "read contents", types.UpdateReadMessagesContents([1, 2], 1, 2)
    yield "read channel contents", types.UpdateChannelReadMessagesContents(7, [4])
    for name, action in actions(types):
        yield f"action {name}", new(service(types, action), 1, 1)
        reply = types.MessageReplyHeader(reply_to_msg_id=3)
        yield f"action {name} in channel", new_channel(service(types, action, channel, reply_to=reply), 1, 1)
    yield "pin without reply", new(service(types, types.MessageActionPinMessage()), 1, 1)
    yield "pinned", types.UpdatePinnedMessages(user, [1, 2], 1, 1, pinned=True)
    yield "unpinned", types.UpdatePinnedMessages(user, [1, 2], 1, 1)
    yield "unpinned in channel", types.UpdatePinnedChannelMessages(7, [1], 1, 1)
    yield "pinned in channel", types.UpdatePinnedChannelMessages(7, [1], 1, 1, pinned=True)
    yield "participant added", types.UpdateChatParticipantAdd(22, 50, 60, DATE, 1)
    yield "participant added by self", types.UpdateChatParticipantAdd(22, 50, 50, DATE, 1)
    yield "participant deleted", types.UpdateChatParticipantDelete(22, 50, 1)
    member, gone = types.ChannelParticipant(50, DATE), types.ChannelParticipantLeft(user)
    rights = types.ChatBannedRights(DATE, view_messages=True)
    banned = types.ChannelParticipantBanned(user, 60, DATE, rights, left=True)
    for name, actor, before, after in (
        ("added", 60, None, member),
        ("joined", 50, None, member),
        ("kicked", 60, member, None),
        ("left", 50, member, None),
        ("banned", 60, member, banned),
        ("unbanned", 60, banned, member),
        ("gone", 50, member, gone),
        ("neither", 50, None, None),
    ):
        update = types.UpdateChannelParticipant(7, DATE, actor, 50, 1, prev_participant=before, new_participant=after)
        yield f"channel participant {name}", update
    yield "chat participant", types.UpdateChatParticipant(22, DATE, 60, 50, 1)
    yield "channel", types.UpdateChannel(7)
    for name, status in (
        ("online", types.UserStatusOnline(DATE)),
        ("offline", types.UserStatusOffline(DATE)),
        ("recently", types.UserStatusRecently()),
        ("week", types.UserStatusLastWeek()),
        ("month", types.UserStatusLastMonth()),
        ("empty", types.UserStatusEmpty()),
    ):
        yield f"status {name}", types.UpdateUserStatus(50, status)
    for cls in (
        types.SendMessageTypingAction,
        types.SendMessageCancelAction,
        types.SendMessageChooseContactAction,
        types.SendMessageChooseStickerAction,
        types.SendMessageGamePlayAction,
        types.SendMessageGeoLocationAction,
        types.SendMessageRecordAudioAction,
        types.SendMessageRecordRoundAction,
        types.SendMessageRecordVideoAction,
    ):
        yield f"typing {cls.__name__}", types.UpdateUserTyping(50, cls())
    for cls in (
        types.SendMessageUploadAudioAction,
        types.SendMessageUploadDocumentAction,
        types.SendMessageUploadPhotoAction,
        types.SendMessageUploadRoundAction,
        types.SendMessageUploadVideoAction,
    ):
        yield f"typing {cls.__name__}", types.UpdateUserTyping(50, cls(30))
    yield "typing in group", types.UpdateChatUserTyping(22, user, types.SendMessageTypingAction())
    yield "typing in channel", types.UpdateChannelUserTyping(7, news, types.SendMessageTypingAction())
    yield "button", types.UpdateBotCallbackQuery(1, 50, channel, 5, 9, data=b"x")
    yield "game button", types.UpdateBotCallbackQuery(1, 50, user, 5, 9, game_short_name="g")
    short, long = types.InputBotInlineMessageID, types.InputBotInlineMessageID64
    yield "inline button", types.UpdateInlineBotCallbackQuery(1, 50, short(2, 5 + (7 << 32), 6), 9, data=b"x")
    yield "inline button here", types.UpdateInlineBotCallbackQuery(1, 50, short(2, 5 + (-7 << 32), 6), 9, data=b"x")
    yield "inline button 64", types.UpdateInlineBotCallbackQuery(1, 50, long(2, -1000000000007, 5, 6), 9, data=b"x")
    yield "inline query", types.UpdateBotInlineQuery(1, 50, "what", "off")
    yield "inline query geo", types.UpdateBotInlineQuery(1, 50, "", "", geo=types.GeoPoint(1.0, 2.0, 3))
    yield "other", types.UpdateConfig()


def actions(types: Any) -> Iterator[tuple[str, Any]]:
    """Each kind of action of a service message that matters, and one that does not."""
    photo = types.Photo(id=4, access_hash=5, file_reference=b"", date=DATE, sizes=[], dc_id=2)
    yield "joined by link", types.MessageActionChatJoinedByLink(60)
    yield "added", types.MessageActionChatAddUser([50, 51])
    yield "added self", types.MessageActionChatAddUser([60])
    yield "added nobody", types.MessageActionChatAddUser([])
    yield "deleted", types.MessageActionChatDeleteUser(50)
    yield "deleted self", types.MessageActionChatDeleteUser(60)
    yield "created", types.MessageActionChatCreate("t", [50, 60])
    yield "channel created", types.MessageActionChannelCreate("t")
    yield "title", types.MessageActionChatEditTitle("t")
    yield "photo", types.MessageActionChatEditPhoto(photo)
    yield "photo deleted", types.MessageActionChatDeletePhoto()
    yield "pin", types.MessageActionPinMessage()
    yield "score", types.MessageActionGameScore(1, 30)
    yield "joined by request", types.MessageActionChatJoinedByRequest()
    yield "history cleared", types.MessageActionHistoryClear()


def _plain(value: Any) -> Any:
    if hasattr(value, "to_dict"):
        return f"<{type(value).__name__} {getattr(value, 'id', '')}>"
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return value


def show(event: Any) -> dict[str, Any]:
    """What an event shows, in plain values."""
    shown: dict[str, Any] = {"name": event.to_dict()["_"], "keys": sorted(event.to_dict())}
    for name in READ:
        try:
            value = getattr(event, name)
        except AttributeError:
            continue
        except Exception as error:
            value = f"{type(error).__name__}"
        if not callable(value):
            shown[name] = _plain(value)
    return shown


async def observe(types: Any, events: Any) -> dict[str, dict[str, Any]]:
    """What each builder makes of each update: by name of the update, by name of the builder."""
    builders = [getattr(events, name) for name in BUILDERS]
    builders = sorted(
        {cls for cls in builders if cls.__name__ not in ("Raw", "EventBuilder")}, key=lambda c: c.__name__
    )
    found: dict[str, dict[str, Any]] = {}
    for name, update in updates(types):
        for cls in builders:
            update._entities = entities(types)
            event = cls.build(update, [update], SELF_ID)
            if event is None:
                continue
            event.original_update = update
            event._entities = update._entities
            try:
                event._set_client(Client())
            except Exception as error:
                found.setdefault(name, {})[cls.__name__] = {"error": type(error).__name__}
                continue
            found.setdefault(name, {})[cls.__name__] = show(event)
    return found


if __name__ == "__main__":
    from telethon import events, types

    shown = asyncio.run(observe(types, events))
    # What says nothing is left out.
    for by_builder in shown.values():
        for one in by_builder.values():
            for key in [key for key, value in one.items() if value is None or value == []]:
                del one[key]
    print(json.dumps(shown, sort_keys=True))
