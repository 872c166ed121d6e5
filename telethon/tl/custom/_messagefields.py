"""The fields of the three kinds of message, so that every message has all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from telethon.tl import types

__all__ = ["MessageFields"]


class MessageFields:
    """What a message holds, with what it is when the bytes do not carry it.

    Ordinary messages, service messages and empty messages are three constructors of one type, each with some of these
    fields. Classes put this last among their bases: what the schema says of a constructor comes first.

    Source: https://core.telegram.org/constructor/message
    """

    id: int
    peer_id: types.TypePeer = None  # type: ignore[assignment]  # only empty messages lack it
    date: datetime | None = None
    message: str | None = None
    out: bool | None = False
    mentioned: bool | None = None
    media_unread: bool | None = None
    silent: bool | None = None
    post: bool | None = None
    from_scheduled: bool | None = None
    legacy: bool | None = None
    edit_hide: bool | None = None
    pinned: bool | None = None
    noforwards: bool | None = None
    invert_media: bool | None = None
    offline: bool | None = None
    video_processing_pending: bool | None = None
    paid_suggested_post_stars: bool | None = None
    paid_suggested_post_ton: bool | None = None
    from_id: types.TypePeer | None = None
    from_boosts_applied: int | None = None
    from_rank: str | None = None
    saved_peer_id: types.TypePeer | None = None
    fwd_from: types.TypeMessageFwdHeader | None = None
    via_bot_id: int | None = None
    via_business_bot_id: int | None = None
    guestchat_via_from: types.TypePeer | None = None
    reply_to: types.TypeMessageReplyHeader | None = None
    media: types.TypeMessageMedia | None = None
    reply_markup: types.TypeReplyMarkup | None = None
    entities: list[types.TypeMessageEntity] | None = None
    views: int | None = None
    forwards: int | None = None
    replies: types.TypeMessageReplies | None = None
    edit_date: datetime | None = None
    post_author: str | None = None
    grouped_id: int | None = None
    reactions: types.TypeMessageReactions | None = None
    restriction_reason: list[types.TypeRestrictionReason] | None = None
    ttl_period: int | None = None
    quick_reply_shortcut_id: int | None = None
    effect: int | None = None
    factcheck: types.TypeFactCheck | None = None
    report_delivery_until_date: datetime | None = None
    paid_message_stars: int | None = None
    suggested_post: types.TypeSuggestedPost | None = None
    schedule_repeat_period: int | None = None
    summary_from_language: str | None = None
    rich_message: types.TypeRichMessage | None = None
    action: types.TypeMessageAction | None = None
    reactions_are_possible: bool | None = None
