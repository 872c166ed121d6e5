"""The answers that the codec benchmarks decode: like what Telegram sends, but made here and the same on every run.

`build()` gives bytes by name; nothing is drawn at random.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

__all__ = ["build"]

TEXT = "the quick brown fox jumps over a lazy dog while rain falls on quiet roofs and nobody minds the noise"
WORDS = TEXT.split()


def _date(offset: int) -> datetime:
    return datetime.fromtimestamp(1_700_000_000 + offset * 61, timezone.utc)


def _words(seed: int, count: int) -> str:
    return " ".join(WORDS[(seed * 7 + step * 3) % len(WORDS)] for step in range(count))


def _hash(seed: int) -> int:
    return ((seed * 6364136223846793005 + 1442695040888963407) & ((1 << 63) - 1)) - (1 << 61)


def _user(types: Any, number: int) -> Any:
    status = [
        types.UserStatusRecently(),
        types.UserStatusOffline(_date(number)),
        types.UserStatusOnline(_date(number)),
        types.UserStatusLastWeek(),
    ][number % 4]
    return types.User(
        id=10_000_000 + number * 977,
        access_hash=_hash(number),
        first_name=_words(number, 1).title(),
        last_name=_words(number + 5, 2).title(),
        username=f"some_user_name_{number}" if number % 4 else None,
        phone=f"4915{number:08d}" if number % 5 == 0 else None,
        photo=types.UserProfilePhoto(photo_id=_hash(number + 1), dc_id=1 + number % 5, stripped_thumb=bytes(range(40)))
        if number % 3
        else None,
        status=status,
        premium=number % 7 == 0,
        contact=number % 4 == 0,
        apply_min_photo=True,
    )


def _channel(types: Any, number: int) -> Any:
    return types.Channel(
        id=1_000_000_000 + number * 31,
        access_hash=_hash(number),
        title=_words(number, 3).title(),
        username=f"channel_{number}",
        photo=types.ChatPhoto(photo_id=_hash(number + 9), dc_id=2, stripped_thumb=bytes(range(30))),
        date=_date(number),
        broadcast=number % 2 == 0,
        megagroup=number % 2 == 1,
        participants_count=1000 + number,
    )


def _photo(types: Any, number: int) -> Any:
    return types.MessageMediaPhoto(
        photo=types.Photo(
            id=_hash(number + 2),
            access_hash=_hash(number + 3),
            file_reference=bytes(range(25)),
            date=_date(number),
            sizes=[
                types.PhotoStrippedSize(type="i", bytes=bytes(range(60))),
                types.PhotoSize(type="m", w=320, h=200, size=12_345 + number),
                types.PhotoSizeProgressive(
                    type="y", w=1280, h=800, sizes=[1000, 5000, 20_000, 60_000, 90_000 + number]
                ),
            ],
            dc_id=2,
        )
    )


def _document(types: Any, number: int) -> Any:
    return types.MessageMediaDocument(
        document=types.Document(
            id=_hash(number + 4),
            access_hash=_hash(number + 5),
            file_reference=bytes(range(25)),
            date=_date(number),
            mime_type="video/mp4",
            size=5_000_000 + number,
            dc_id=4,
            attributes=[
                types.DocumentAttributeVideo(duration=12.5, w=1280, h=720, supports_streaming=True),
                types.DocumentAttributeFilename(file_name=f"video_{number}.mp4"),
            ],
            thumbs=[types.PhotoSize(type="m", w=320, h=180, size=9_876)],
        )
    )


def _message(types: Any, number: int, *, peer: Any = None) -> Any:
    media = None
    if number % 5 == 1:
        media = _photo(types, number)
    elif number % 10 == 3:
        media = _document(types, number)
    entities = None
    if number % 2:
        entities = [types.MessageEntityBold(0, 5), types.MessageEntityTextUrl(6, 4, f"https://example.org/{number}")]
    return types.Message(
        id=50_000 + number,
        peer_id=peer or types.PeerChannel(1_000_000_031),
        from_id=types.PeerUser(10_000_000 + (number % 30) * 977),
        date=_date(number),
        message=_words(number, 20 + number % 21),
        out=number % 3 == 0,
        media=media,
        entities=entities,
        reply_to=types.MessageReplyHeader(reply_to_msg_id=49_000 + number) if number % 3 == 1 else None,
        fwd_from=types.MessageFwdHeader(date=_date(number - 9), from_id=types.PeerUser(10_000_977))
        if number % 10 == 7
        else None,
        views=100 + number if number % 2 == 0 else None,
        forwards=number if number % 2 == 0 else None,
        edit_date=_date(number + 1) if number % 7 == 0 else None,
        reactions=types.MessageReactions(
            results=[
                types.ReactionCount(types.ReactionEmoji("\N{THUMBS UP SIGN}"), 3 + number),
                types.ReactionCount(types.ReactionEmoji("\N{HEAVY BLACK HEART}"), 2),
            ],
            can_see_list=True,
        )
        if number % 4 == 0
        else None,
    )


def _messages100(types: Any) -> Any:
    return types.messages.ChannelMessages(
        pts=123_456,
        count=4_321,
        messages=[_message(types, number) for number in range(100)],
        topics=[],
        chats=[_channel(types, number) for number in range(10)],
        users=[_user(types, number) for number in range(30)],
    )


def _updates_newmsg(types: Any) -> Any:
    return types.Updates(
        updates=[types.UpdateNewChannelMessage(_message(types, 13), pts=1_234, pts_count=1)],
        users=[_user(types, 2)],
        chats=[_channel(types, 1)],
        date=_date(77),
        seq=0,
    )


def _participants200(types: Any) -> Any:
    def participant(number: int) -> Any:
        user_id = 10_000_000 + number * 977
        if number % 20 == 0:
            rights = types.ChatAdminRights(change_info=True, delete_messages=True, ban_users=True, pin_messages=True)
            return types.ChannelParticipantAdmin(
                user_id=user_id, promoted_by=10_000_000, date=_date(number), admin_rights=rights, rank="admin"
            )
        return types.ChannelParticipant(user_id=user_id, date=_date(number))

    return types.channels.ChannelParticipants(
        count=5_000,
        participants=[participant(number) for number in range(200)],
        chats=[],
        users=[_user(types, number) for number in range(200)],
    )


def _dialogs100(types: Any) -> Any:
    def peer(number: int) -> Any:
        return (
            types.PeerUser(10_000_000 + number * 977) if number % 2 else types.PeerChannel(1_000_000_000 + number * 31)
        )

    def dialog(number: int) -> Any:
        return types.Dialog(
            peer=peer(number),
            top_message=50_000 + number,
            read_inbox_max_id=49_990 + number,
            read_outbox_max_id=49_991 + number,
            unread_count=number % 10,
            unread_mentions_count=0,
            unread_reactions_count=0,
            unread_poll_votes_count=0,
            notify_settings=types.PeerNotifySettings(mute_until=_date(9_999) if number % 3 == 0 else None),
            pts=1_000 + number if number % 2 == 0 else None,
            pinned=number < 5,
        )

    return types.messages.DialogsSlice(
        count=345,
        dialogs=[dialog(number) for number in range(100)],
        messages=[_message(types, number, peer=peer(number)) for number in range(100)],
        chats=[_channel(types, number) for number in range(50)],
        users=[_user(types, number) for number in range(100)],
    )


def _uploadfile512k(functions: Any) -> Any:
    part = bytes((index * 131 + (index >> 8) * 17) & 255 for index in range(512 * 1024))
    return functions.upload.SaveBigFilePartRequest(file_id=77, file_part=3, file_total_parts=100, bytes=part)


def build() -> dict[str, bytes]:
    """The payloads by name."""
    from telethon.tl import functions, types

    return {
        "messages100": bytes(_messages100(types)),
        "updates_newmsg": bytes(_updates_newmsg(types)),
        "participants200": bytes(_participants200(types)),
        "dialogs100": bytes(_dialogs100(types)),
        "uploadfile512k": bytes(_uploadfile512k(functions)),
    }
