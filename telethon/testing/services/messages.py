"""messages: writing, changing, forwarding and deleting.

Source: https://core.telegram.org/api/updates
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services import _scheduled as scheduled
from telethon.testing.services._changing import change
from telethon.testing.services._charging import charge
from telethon.testing.services._media import take_media
from telethon.testing.services._sent import sent
from telethon.testing.services._service import serves
from telethon.testing.services._text import MAX_CAPTION, MAX_TEXT, clean_markup, clean_text, markup_under
from telethon.testing.services.admin_log import note_change
from telethon.testing.services.quick_replies import keep
from telethon.testing.services.topics import in_topic
from telethon.testing.services.web_pages import preview
from telethon.testing.world import post
from telethon.testing.world.letters import Draft, Forward, Quote
from telethon.testing.world.peerids import as_peer, bare_id, is_channel, is_group, is_user
from telethon.testing.world.rights import check_admin, has_right
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.letters import Letter

_EDIT_TIME = 172_800


# -- sending ---------------------------------------------------------------------------------------------------------


def take_quote(call: Call, peer: int, reply_to: types.TypeInputReplyTo | None) -> Quote | None:
    """What a message answers.

    Raises:
        RpcFault: REPLY_MESSAGE_ID_INVALID.
    """
    if not isinstance(reply_to, types.InputReplyToMessage) or not reply_to.reply_to_msg_id:
        return None
    room = call.peer(reply_to.reply_to_peer_id) if reply_to.reply_to_peer_id is not None else peer
    answered = call.letter(room, reply_to.reply_to_msg_id, "REPLY_MESSAGE_ID_INVALID")
    top = None
    if reply_to.top_msg_id and room == peer:
        top = call.letter(room, reply_to.top_msg_id, "TOPIC_ID_INVALID")
    elif answered.quote is not None and room == peer and is_channel(peer):
        top = answered.quote.top or answered.quote.letter
    return Quote(
        answered,
        top,
        reply_to.quote_text,
        list(reply_to.quote_entities or ()) or None,
        reply_to.quote_offset,
        forum_topic=is_channel(room) and in_topic(call, call.world.channels[bare_id(room)], top or answered),
    )


def take_send_as(call: Call, peer: int, send_as: types.TypeInputPeer | None) -> int | None:
    """Under whose name a message is written, if not the account's own.

    Raises:
        RpcFault: SEND_AS_PEER_INVALID.
    """
    if send_as is None:
        dialog = call.me.mailbox.dialogs.get(peer)
        return dialog.send_as if dialog is not None and call.me.bot is None else None
    chosen = call.peer(send_as)
    if chosen == call.my_id:
        return None
    if not is_channel(chosen) or not is_channel(peer):
        raise RpcFault(400, "SEND_AS_PEER_INVALID")
    if not has_right(call.world.channels[bare_id(chosen)], call.my_id, "post_messages"):
        raise RpcFault(400, "SEND_AS_PEER_INVALID")
    return chosen


def clear_draft(call: Call, peer: int) -> None:
    """Forget what was half written in a chat."""
    dialog = call.me.mailbox.dialogs.get(peer)
    if dialog is not None and dialog.draft is not None:
        dialog.draft = None
        update = types.UpdateDraftMessage(as_peer(peer), types.DraftMessageEmpty(call.now))
        call.delivery.note(call.my_id, update, (peer,), lasting=True)


@serves(functions.messages.SendMessageRequest, who="both")
def send_message(request: functions.messages.SendMessageRequest, call: Call) -> types.TypeUpdates:
    """Write a text."""
    peer = call.peer(request.peer)
    if not request.message.strip():
        raise RpcFault(400, "MESSAGE_EMPTY")
    text, entities = clean_text(call, request.message, request.entities, MAX_TEXT, "MESSAGE_TOO_LONG")
    draft = Draft(
        text,
        entities,
        None if request.no_webpage else preview(call, text, entities),
        markup=clean_markup(call, request.reply_markup) if request.reply_markup is not None else None,
        quote=take_quote(call, peer, request.reply_to) if request.reply_to is not None else None,
        silent=bool(request.silent),
        noforwards=bool(request.noforwards),
        invert_media=bool(request.invert_media),
        effect=request.effect,
        send_as=take_send_as(call, peer, request.send_as),
        random_id=request.random_id,
    )
    if request.quick_reply_shortcut is not None:
        return keep(call, draft, request.quick_reply_shortcut)
    if request.schedule_date is not None:
        return scheduled.put_off(call, peer, draft, request.schedule_date)
    charge(call, peer, request.allow_paid_stars, [draft])
    letter = post.send(call.world, call.delivery, call.me, peer, draft)
    if request.clear_draft:
        clear_draft(call, peer)
    if draft.quote is None:
        short = call.delivery.short_answer(call.my_id)
        if short is not None:
            return short
    return sent(call, [(letter, request.random_id)])


@serves(functions.messages.SendMediaRequest, who="both")
def send_media(request: functions.messages.SendMediaRequest, call: Call) -> types.TypeUpdates:
    """Send a file, a place, a poll or the like."""
    peer = call.peer(request.peer)
    text, entities = clean_text(call, request.message, request.entities, MAX_CAPTION, "MEDIA_CAPTION_TOO_LONG")
    media = take_media(call, request.media)
    if media is None:
        raise RpcFault(400, "MEDIA_EMPTY")
    draft = Draft(
        text,
        entities,
        media,
        markup_under(call, media, request.reply_markup),
        quote=take_quote(call, peer, request.reply_to),
        silent=bool(request.silent),
        noforwards=bool(request.noforwards),
        invert_media=bool(request.invert_media),
        effect=request.effect,
        send_as=take_send_as(call, peer, request.send_as),
        random_id=request.random_id,
    )
    if request.quick_reply_shortcut is not None:
        return keep(call, draft, request.quick_reply_shortcut)
    if request.schedule_date is not None:
        return scheduled.put_off(call, peer, draft, request.schedule_date)
    charge(call, peer, request.allow_paid_stars, [draft])
    letter = post.send(call.world, call.delivery, call.me, peer, draft)
    if request.clear_draft:
        clear_draft(call, peer)
    return sent(call, [(letter, request.random_id)])


@serves(functions.messages.SendMultiMediaRequest, who="both")
def send_multi_media(request: functions.messages.SendMultiMediaRequest, call: Call) -> types.TypeUpdates:
    """Send an album."""
    peer = call.peer(request.peer)
    if not 1 <= len(request.multi_media) <= 10:
        raise RpcFault(400, "MULTI_MEDIA_TOO_LONG")
    grouped = call.world.new_id() if len(request.multi_media) > 1 else None
    quote = take_quote(call, peer, request.reply_to)
    drafts: list[tuple[Draft, int]] = []
    for single in request.multi_media:
        if isinstance(single.media, (types.InputMediaUploadedPhoto, types.InputMediaUploadedDocument)):
            # An album is only made of what was stored by messages.uploadMedia before.
            raise RpcFault(400, "MEDIA_INVALID")
        media = take_media(call, single.media)
        if media is None or not media.kinds & {"photo", "video", "document", "audio", "gif"}:
            raise RpcFault(400, "MEDIA_INVALID")
        text, entities = clean_text(call, single.message, single.entities, MAX_CAPTION, "MEDIA_CAPTION_TOO_LONG")
        draft = Draft(
            text,
            entities,
            media,
            quote=quote,
            grouped_id=grouped,
            silent=bool(request.silent),
            noforwards=bool(request.noforwards),
            invert_media=bool(request.invert_media),
            send_as=take_send_as(call, peer, request.send_as),
            random_id=single.random_id,
        )
        drafts.append((draft, single.random_id))
    charge(call, peer, request.allow_paid_stars, [draft for draft, _ in drafts])
    letters = [(post.send(call.world, call.delivery, call.me, peer, draft), number) for draft, number in drafts]
    return sent(call, letters)


@serves(functions.messages.UploadMediaRequest, who="both")
def upload_media(request: functions.messages.UploadMediaRequest, call: Call) -> types.TypeMessageMedia:
    """Store a file without sending it."""
    call.peer(request.peer)
    media = take_media(call, request.media)
    return types.MessageMediaEmpty() if media is None else media.tl(call.my_id)


@serves(functions.messages.ForwardMessagesRequest, who="both")
def forward_messages(request: functions.messages.ForwardMessagesRequest, call: Call) -> types.TypeUpdates:
    """Send messages on to another chat."""
    source, target = call.peer(request.from_peer), call.peer(request.to_peer)
    if len(request.id) != len(request.random_id):
        raise RpcFault(400, "RANDOM_ID_INVALID")
    if not request.id:
        raise RpcFault(400, "MESSAGE_IDS_EMPTY")
    room = call.room(source) if source < 0 else None
    if room is not None and room.noforwards:
        raise RpcFault(400, "CHAT_FORWARDS_RESTRICTED")
    albums: dict[int, int] = {}
    letters: list[tuple[Letter, int]] = []
    charge(call, target, request.allow_paid_stars, [Draft() for _ in request.id])
    for number, random_id in zip(request.id, request.random_id, strict=True):
        letter = post.find(call.world, call.me, source, number)
        if letter is None or letter.action is not None:
            continue
        if letter.noforwards:
            raise RpcFault(400, "CHAT_FORWARDS_RESTRICTED")
        grouped = letter.grouped_id
        if grouped is not None:
            grouped = albums.setdefault(grouped, call.world.new_id())
        draft = Draft(
            "" if request.drop_media_captions and letter.media is not None else letter.text,
            letter.entities,
            letter.media,
            forward=None if request.drop_author else _origin(call, letter, source, number, target),
            via_bot=letter.via_bot,
            markup=letter.markup if isinstance(letter.markup, types.ReplyInlineMarkup) else None,
            grouped_id=grouped,
            silent=bool(request.silent),
            noforwards=bool(request.noforwards),
            send_as=take_send_as(call, target, request.send_as),
            random_id=random_id,
        )
        if letter.forwards is not None:
            letter.forwards += 1
        letters.append((post.send(call.world, call.delivery, call.me, target, draft), random_id))
    if not letters:
        raise RpcFault(400, "MESSAGE_ID_INVALID")
    return sent(call, letters)


def _origin(call: Call, letter: Letter, source: int, number: int, target: int) -> Forward:
    """Where a forwarded message says it comes from: always the first place."""
    if letter.forward is not None:
        first = letter.forward
        forward = Forward(first.date, first.author, first.name, first.channel_post, first.post_author)
    else:
        forward = Forward(
            letter.date,
            letter.author,
            channel_post=number if letter.post else None,
            post_author=letter.post_author,
        )
    if target == call.my_id:
        forward.saved_from, forward.saved_from_id = source, number
    return forward


# -- changing --------------------------------------------------------------------------------------------------------


@serves(functions.messages.EditMessageRequest, who="both")
def edit_message(request: functions.messages.EditMessageRequest, call: Call) -> types.TypeUpdates:
    """Change a message."""
    peer = call.peer(request.peer)
    if request.schedule_date is not None:
        return scheduled.edit(call, peer, request)
    letter = call.letter(peer, request.id)
    check_may_edit(call, letter, peer)
    before = _shown(call, letter, peer)
    change(call, letter, request.message, request.entities, request.media, request.reply_markup)
    if request.media is None and (letter.media is None or "url" in letter.media.kinds):
        letter.media = None if request.no_webpage else preview(call, letter.text, letter.entities)
    post.edited(call.world, call.delivery, letter)
    if is_channel(peer):
        channel = call.world.channels[bare_id(peer)]
        after = _shown(call, letter, peer)
        closing = isinstance(request.media, types.InputMediaPoll) and request.media.poll.closed
        note_change(
            call,
            channel,
            types.ChannelAdminLogEventActionStopPoll(after)
            if closing
            else types.ChannelAdminLogEventActionEditMessage(before, after),
        )
    return call.updates()


def _shown(call: Call, letter: Letter, peer: int) -> types.TypeMessage:
    return call.world.views.message(letter, call.owner(peer), call.my_id)


def check_may_edit(call: Call, letter: Letter, peer: int) -> None:
    """Raise what the server says to those who may not change a message.

    Raises:
        RpcFault: MESSAGE_ID_INVALID, MESSAGE_AUTHOR_REQUIRED or MESSAGE_EDIT_TIME_EXPIRED.
    """
    if letter.action is not None:
        raise RpcFault(400, "MESSAGE_ID_INVALID")
    mine = letter.sender == call.my_id
    if letter.post:
        mine = mine or has_right(call.room(peer), call.my_id, "edit_messages")
    if not mine:
        raise RpcFault(403, "MESSAGE_AUTHOR_REQUIRED")
    if letter.forward is not None and not letter.post:
        raise RpcFault(403, "MESSAGE_AUTHOR_REQUIRED")
    free = call.me.bot is not None or peer == call.my_id or letter.post
    if not free and call.now - letter.date > _EDIT_TIME:
        raise RpcFault(400, "MESSAGE_EDIT_TIME_EXPIRED")


@serves(functions.messages.GetMessageEditDataRequest)
def get_message_edit_data(
    request: functions.messages.GetMessageEditDataRequest, call: Call
) -> types.messages.MessageEditData:
    """Whether a message can be changed."""
    peer = call.peer(request.peer)
    letter = call.letter(peer, request.id)
    check_may_edit(call, letter, peer)
    return types.messages.MessageEditData(caption=letter.media is not None)


# -- deleting --------------------------------------------------------------------------------------------------------


@serves(functions.messages.DeleteMessagesRequest, who="both")
def delete_messages(request: functions.messages.DeleteMessagesRequest, call: Call) -> types.messages.AffectedMessages:
    """Delete messages of private chats and basic groups."""
    for number in request.id:
        letter = call.me.mailbox.letters.get(number)
        others = letter is not None and letter.sender != call.my_id and is_group(letter.room)
        if letter is None or not (others and request.revoke):
            continue
        if not has_right(call.room(letter.room), call.my_id, "delete_messages"):
            raise RpcFault(403, "MESSAGE_DELETE_FORBIDDEN")
    return call.affected(*post.erase(call.world, call.delivery, call.me, request.id, bool(request.revoke)))


# -- pins and typing -------------------------------------------------------------------------------------------------


@serves(functions.messages.UpdatePinnedMessageRequest, who="both")
def update_pinned_message(request: functions.messages.UpdatePinnedMessageRequest, call: Call) -> types.TypeUpdates:
    """Pin a message, or take the pin away."""
    peer = call.peer(request.peer)
    letter = call.letter(peer, request.id)
    _check_may_pin(call, peer)
    if bool(request.unpin) != (call.owner(peer) in letter.pinned_for):
        raise RpcFault(400, "CHAT_NOT_MODIFIED")
    post.pin(call.world, call.delivery, call.me, [letter], pinned=not request.unpin, one_side=bool(request.pm_oneside))
    if is_channel(peer):
        pinned = types.ChannelAdminLogEventActionUpdatePinned(_shown(call, letter, peer))
        note_change(call, call.world.channels[bare_id(peer)], pinned)
    if not request.unpin and not request.pm_oneside:
        draft = Draft(action=types.MessageActionPinMessage(), quote=Quote(letter), silent=bool(request.silent))
        post.deposit(call.world, call.delivery, post.compose(call.world, call.me, peer, draft))
    return call.updates(peers=[peer])


def _check_may_pin(call: Call, peer: int) -> None:
    if peer > 0:
        return
    room = call.room(peer)
    member = room.members.get(call.my_id)
    if member is None or not member.present:
        raise RpcFault(400, "CHAT_ADMIN_REQUIRED")
    if getattr(room, "broadcast", False):
        check_admin(room, call.my_id, "edit_messages")
        return
    everybody = not (room.default_banned is not None and room.default_banned.pin_messages)
    if not everybody or is_channel(peer):
        check_admin(room, call.my_id, "pin_messages")


@serves(functions.messages.UnpinAllMessagesRequest, who="both")
def unpin_all_messages(
    request: functions.messages.UnpinAllMessagesRequest, call: Call
) -> types.messages.AffectedHistory:
    """Take all pins of a chat away."""
    peer = call.peer(request.peer)
    _check_may_pin(call, peer)
    owner = call.owner(peer)
    box = call.world.channels[bare_id(peer)].box if is_channel(peer) else call.me.mailbox
    pinned = [
        letter for letter in box.letters.values() if owner in letter.pinned_for and letter.peer_for(owner) == peer
    ]
    if pinned:
        post.pin(call.world, call.delivery, call.me, pinned, pinned=False)
    call.delivery.answered()
    return types.messages.AffectedHistory(box.pts, len(pinned), 0)


@serves(functions.messages.SetTypingRequest, who="both")
def set_typing(request: functions.messages.SetTypingRequest, call: Call) -> bool:
    """Say that one is writing."""
    peer = call.peer(request.peer)
    me = call.my_id
    if is_user(peer):
        if peer != me:
            call.delivery.note(peer, types.UpdateUserTyping(me, request.action), (me,))
        return True
    room = call.room(peer)
    if me not in room.present():
        raise RpcFault(403, "CHAT_WRITE_FORBIDDEN")
    if getattr(room, "broadcast", False):
        return True
    update: types.TypeUpdate
    if is_channel(peer):
        update = types.UpdateChannelUserTyping(room.id, as_peer(me), request.action, top_msg_id=request.top_msg_id)
    else:
        update = types.UpdateChatUserTyping(room.id, as_peer(me), request.action)
    for user_id in room.present():
        if user_id != me:
            call.delivery.note(user_id, update, (me, peer))
    return True
