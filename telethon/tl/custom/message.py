"""Messages: what is sent, received, and everything that can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon._core.oldnames import old_names, star_names
from telethon.tl import types
from telethon.tl.custom._messageactions import MessageActions

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Message"]

if not TYPE_CHECKING:
    __getattr__ = old_names(__name__)
    __all__ = star_names(__name__, __all__)


class Message(MessageActions):
    """A message.

    Messages of the client, of events and inside the answers to raw requests are all of this class; `isinstance` with
    ``types.Message`` and ``types.MessageService`` tells ordinary messages and service messages apart. Beside what is
    described here, a message has the fields of the constructor: ``id``, ``date``, ``message``, ``media`` and so on.

    Example:
        >>> async for message in client.iter_messages(chat, limit=10):
        ...     print(message.id, message.sender_id, message.text)

    Source: https://core.telegram.org/constructor/message
    """

    def __init__(
        self,
        id: int,
        peer_id: types.TypePeer,
        date: datetime | None = None,
        message: str | None = None,
        out: bool | None = None,
        mentioned: bool | None = None,
        media_unread: bool | None = None,
        silent: bool | None = None,
        post: bool | None = None,
        from_scheduled: bool | None = None,
        legacy: bool | None = None,
        edit_hide: bool | None = None,
        pinned: bool | None = None,
        noforwards: bool | None = None,
        invert_media: bool | None = None,
        offline: bool | None = None,
        video_processing_pending: bool | None = None,
        paid_suggested_post_stars: bool | None = None,
        paid_suggested_post_ton: bool | None = None,
        from_id: types.TypePeer | None = None,
        from_boosts_applied: int | None = None,
        from_rank: str | None = None,
        saved_peer_id: types.TypePeer | None = None,
        fwd_from: types.TypeMessageFwdHeader | None = None,
        via_bot_id: int | None = None,
        via_business_bot_id: int | None = None,
        guestchat_via_from: types.TypePeer | None = None,
        reply_to: types.TypeMessageReplyHeader | None = None,
        media: types.TypeMessageMedia | None = None,
        reply_markup: types.TypeReplyMarkup | None = None,
        entities: list[types.TypeMessageEntity] | None = None,
        views: int | None = None,
        forwards: int | None = None,
        replies: types.TypeMessageReplies | None = None,
        edit_date: datetime | None = None,
        post_author: str | None = None,
        grouped_id: int | None = None,
        reactions: types.TypeMessageReactions | None = None,
        restriction_reason: list[types.TypeRestrictionReason] | None = None,
        ttl_period: int | None = None,
        quick_reply_shortcut_id: int | None = None,
        effect: int | None = None,
        factcheck: types.TypeFactCheck | None = None,
        report_delivery_until_date: datetime | None = None,
        paid_message_stars: int | None = None,
        suggested_post: types.TypeSuggestedPost | None = None,
        schedule_repeat_period: int | None = None,
        summary_from_language: str | None = None,
        rich_message: types.TypeRichMessage | None = None,
        action: types.TypeMessageAction | None = None,
        reactions_are_possible: bool | None = None,
    ) -> None:
        self.id = id
        self.peer_id = peer_id
        self.date = date
        self.message = message
        self.out = bool(out)
        self.mentioned = mentioned
        self.media_unread = media_unread
        self.silent = silent
        self.post = post
        self.from_scheduled = from_scheduled
        self.legacy = legacy
        self.edit_hide = edit_hide
        self.pinned = pinned
        self.noforwards = noforwards
        self.invert_media = invert_media
        self.offline = offline
        self.video_processing_pending = video_processing_pending
        self.paid_suggested_post_stars = paid_suggested_post_stars
        self.paid_suggested_post_ton = paid_suggested_post_ton
        self.from_id = from_id
        self.from_boosts_applied = from_boosts_applied
        self.from_rank = from_rank
        self.saved_peer_id = saved_peer_id
        self.fwd_from = fwd_from
        self.via_bot_id = via_bot_id
        self.via_business_bot_id = via_business_bot_id
        self.guestchat_via_from = guestchat_via_from
        self.reply_to = reply_to
        self.media = None if isinstance(media, types.MessageMediaEmpty) else media
        self.reply_markup = reply_markup
        self.entities = entities
        self.views = views
        self.forwards = forwards
        self.replies = replies
        self.edit_date = edit_date
        self.post_author = post_author
        self.grouped_id = grouped_id
        self.reactions = reactions
        self.restriction_reason = restriction_reason
        self.ttl_period = ttl_period
        self.quick_reply_shortcut_id = quick_reply_shortcut_id
        self.effect = effect
        self.factcheck = factcheck
        self.report_delivery_until_date = report_delivery_until_date
        self.paid_message_stars = paid_message_stars
        self.suggested_post = suggested_post
        self.schedule_repeat_period = schedule_repeat_period
        self.summary_from_language = summary_from_language
        self.rich_message = rich_message
        self.action = action
        self.reactions_are_possible = reactions_are_possible
