"""channels and messages: topics of a forum.

Source: https://core.telegram.org/api/forum
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.admin_log import note_change
from telethon.testing.world import post
from telethon.testing.world.letters import Draft, Quote
from telethon.testing.world.peerids import as_peer, bare_id, is_channel
from telethon.testing.world.records import Topic
from telethon.testing.world.rights import check_admin, check_may_post, has_right
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.testing._call import Call
    from telethon.testing.world.letters import Letter
    from telethon.testing.world.records import Channel

__all__ = ["in_topic", "open_general"]

_GENERAL = 1
_COLOURS = (0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)
_MAX_TITLE = 128


def in_topic(call: Call, channel: Channel, top: Letter) -> bool:
    """Whether a message that opens a thread is a topic in which the account may write.

    Raises:
        RpcFault: TOPIC_CLOSED or TOPIC_DELETED.
    """
    if not channel.forum:
        return False
    topic = channel.topics.get(top.copies.get(channel.peer, 0))
    if topic is None:
        if isinstance(top.action, types.MessageActionTopicCreate):
            raise RpcFault(400, "TOPIC_DELETED")
        return False
    if topic.closed and topic.creator != call.my_id and not has_right(channel, call.my_id, "manage_topics"):
        raise RpcFault(400, "TOPIC_CLOSED")
    return True


def open_general(channel: Channel) -> None:
    """Give a forum the topic in which everything is that has no other."""
    channel.topics.setdefault(_GENERAL, Topic(_GENERAL, channel.creator, channel.date, "General", _COLOURS[0]))


def _forum(call: Call, peer: types.TypeInputPeer) -> Channel:
    room = call.peer(peer)
    if not is_channel(room) or not call.world.channels[bare_id(room)].forum:
        raise RpcFault(400, "CHANNEL_FORUM_MISSING")
    channel = call.world.channels[bare_id(room)]
    if call.my_id not in channel.present() and channel.username is None:
        raise RpcFault(400, "CHANNEL_PRIVATE")
    return channel


def _topic(channel: Channel, number: int) -> Topic:
    topic = channel.topics.get(number)
    if topic is None:
        raise RpcFault(400, "TOPIC_ID_INVALID")
    return topic


def _check_may_change(call: Call, channel: Channel, topic: Topic) -> None:
    if topic.creator != call.my_id:
        check_admin(channel, call.my_id, "manage_topics")


def _messages_in(channel: Channel, topic: Topic) -> list[int]:
    """The numbers of the messages of a topic, its own one first."""
    found: list[int] = []
    for number in channel.box.ids:
        letter = channel.box.letters[number]
        top = letter.quote.top or letter.quote.letter if letter.quote is not None else letter
        place = top.copies.get(channel.peer, 0)
        if (place if place in channel.topics else _GENERAL) == topic.id:
            found.append(number)
    return found


def _shown(call: Call, channel: Channel, topic: Topic) -> types.ForumTopic:
    numbers = _messages_in(channel, topic)
    dialog = call.me.mailbox.dialogs.get(channel.peer)
    read = dialog.read_in if dialog is not None else 0
    letters = channel.box.letters
    return types.ForumTopic(
        id=topic.id,
        date=topic.date,
        peer=as_peer(channel.peer),
        title=topic.title,
        icon_color=topic.icon_color,
        top_message=numbers[-1] if numbers else 0,
        read_inbox_max_id=read,
        read_outbox_max_id=channel.box.read_out,
        unread_count=sum(1 for number in numbers if number > read and letters[number].sender != call.my_id),
        unread_mentions_count=0,
        unread_reactions_count=0,
        unread_poll_votes_count=0,
        from_id=as_peer(topic.creator),
        notify_settings=types.PeerNotifySettings(),
        my=topic.creator == call.my_id,
        closed=topic.closed,
        pinned=topic.pinned,
        hidden=topic.hidden,
        icon_emoji_id=topic.icon_emoji_id,
    )


def _answer(
    call: Call, channel: Channel, topics: Iterable[types.TypeForumTopic], count: int
) -> types.messages.ForumTopics:
    shown = list(topics)
    peers: set[int] = {channel.peer}
    messages: list[types.TypeMessage] = []
    for topic in shown:
        letter = channel.box.letters.get(getattr(topic, "top_message", 0))
        if letter is not None:
            messages.append(call.world.views.message(letter, channel.peer, call.my_id))
            peers.update(call.world.views.letter_peers(letter, channel.peer))
    users, chats = call.split(peers)
    return types.messages.ForumTopics(count, shown, messages, chats, users, channel.box.pts)


@serves(functions.channels.ToggleForumRequest, who="both")
def toggle_forum(request: functions.channels.ToggleForumRequest, call: Call) -> types.TypeUpdates:
    """Make a supergroup a forum, or an ordinary one again."""
    channel = call.channel(request.channel, member=True)
    if channel.creator != call.my_id:
        raise RpcFault(400, "CHAT_ADMIN_REQUIRED")
    if not channel.megagroup:
        raise RpcFault(400, "CHANNEL_INVALID")
    if channel.linked is not None:
        raise RpcFault(400, "CHAT_DISCUSSION_UNALLOWED")
    if channel.forum == bool(request.enabled):
        raise RpcFault(400, "CHAT_NOT_MODIFIED")
    channel.forum = bool(request.enabled)
    if channel.forum:
        open_general(channel)
    note_change(call, channel, types.ChannelAdminLogEventActionToggleForum(channel.forum))
    for user_id in channel.present():
        call.delivery.note(user_id, types.UpdateChannel(channel.id), (channel.peer,))
    return call.updates(peers=[channel.peer])


@serves(functions.messages.CreateForumTopicRequest, who="both")
def create_forum_topic(request: functions.messages.CreateForumTopicRequest, call: Call) -> types.TypeUpdates:
    """Open a topic."""
    channel = _forum(call, request.peer)
    title = request.title.strip()
    if not title or len(title) > _MAX_TITLE:
        raise RpcFault(400, "TOPIC_TITLE_EMPTY")
    if not has_right(channel, call.my_id, "manage_topics"):
        check_may_post(channel, call.my_id, "manage_topics", call.now)
    colour = request.icon_color if request.icon_color in _COLOURS else _COLOURS[len(channel.topics) % len(_COLOURS)]
    action = types.MessageActionTopicCreate(title, colour, icon_emoji_id=request.icon_emoji_id)
    letter = post.service(call.world, call.delivery, call.me, channel.peer, action)
    number = letter.copies[channel.peer]
    topic = channel.topics[number] = Topic(number, call.my_id, call.now, title, colour, request.icon_emoji_id)
    note_change(call, channel, types.ChannelAdminLogEventActionCreateTopic(_shown(call, channel, topic)))
    return call.updates([types.UpdateMessageID(number, request.random_id)] if request.random_id else ())


@serves(functions.messages.EditForumTopicRequest, who="both")
def edit_forum_topic(request: functions.messages.EditForumTopicRequest, call: Call) -> types.TypeUpdates:
    """Change a topic, close it, or open it again."""
    channel = _forum(call, request.peer)
    topic = _topic(channel, request.topic_id)
    _check_may_change(call, channel, topic)
    before = _shown(call, channel, topic)
    for name in ("title", "icon_emoji_id", "closed", "hidden"):
        value = getattr(request, name)
        if value is not None:
            setattr(topic, name, value)
    after = _shown(call, channel, topic)
    if bytes(before) == bytes(after):
        raise RpcFault(400, "TOPIC_NOT_MODIFIED")
    note_change(call, channel, types.ChannelAdminLogEventActionEditTopic(before, after))
    action = types.MessageActionTopicEdit(request.title, request.icon_emoji_id, request.closed, request.hidden)
    opening = channel.box.letters.get(topic.id)
    quote = Quote(opening, forum_topic=True) if opening is not None and topic.id != _GENERAL else None
    draft = Draft(action=action, quote=quote)
    post.deposit(call.world, call.delivery, post.compose(call.world, call.me, channel.peer, draft))
    return call.updates(peers=[channel.peer])


@serves(functions.messages.UpdatePinnedForumTopicRequest, who="both")
def update_pinned_forum_topic(
    request: functions.messages.UpdatePinnedForumTopicRequest, call: Call
) -> types.TypeUpdates:
    """Keep a topic at the top, or no longer."""
    channel = _forum(call, request.peer)
    check_admin(channel, call.my_id, "manage_topics")
    topic = _topic(channel, request.topic_id)
    if topic.pinned == bool(request.pinned):
        raise RpcFault(400, "PINNED_TOPIC_NOT_MODIFIED")
    topic.pinned = bool(request.pinned)
    update = types.UpdatePinnedForumTopic(as_peer(channel.peer), topic.id, pinned=topic.pinned)
    for user_id in channel.present():
        call.delivery.note(user_id, update, (channel.peer,))
    return call.updates(peers=[channel.peer])


@serves(functions.messages.DeleteTopicHistoryRequest, who="both")
def delete_topic_history(
    request: functions.messages.DeleteTopicHistoryRequest, call: Call
) -> types.messages.AffectedHistory:
    """Delete a topic with all that was written in it."""
    channel = _forum(call, request.peer)
    topic = _topic(channel, request.top_msg_id)
    check_admin(channel, call.my_id, "delete_messages")
    if topic.id == _GENERAL:
        raise RpcFault(400, "TOPIC_ID_INVALID")
    note_change(call, channel, types.ChannelAdminLogEventActionDeleteTopic(_shown(call, channel, topic)))
    numbers = _messages_in(channel, topic)
    del channel.topics[topic.id]
    pts, count = post.erase_in_channel(call.world, call.delivery, channel, numbers)
    call.delivery.answered()
    return types.messages.AffectedHistory(pts, count, 0)


@serves(functions.messages.GetForumTopicsRequest, who="both")
def get_forum_topics(request: functions.messages.GetForumTopicsRequest, call: Call) -> types.messages.ForumTopics:
    """The topics, pinned ones first, then those in which somebody wrote last."""
    channel = _forum(call, request.peer)
    words = (request.q or "").lower()
    shown = [_shown(call, channel, topic) for topic in channel.topics.values() if words in topic.title.lower()]
    shown.sort(key=lambda topic: (not topic.pinned, -topic.top_message))
    places = [place for place, topic in enumerate(shown) if request.offset_topic and topic.id == request.offset_topic]
    start = places[0] + 1 if places else 0
    return _answer(call, channel, shown[start : start + max(0, min(request.limit, 100))], len(shown))


@serves(functions.messages.GetForumTopicsByIDRequest, who="both")
def get_forum_topics_by_id(
    request: functions.messages.GetForumTopicsByIDRequest, call: Call
) -> types.messages.ForumTopics:
    """Some of them; what is gone says so."""
    channel = _forum(call, request.peer)
    found: list[types.TypeForumTopic] = [
        _shown(call, channel, channel.topics[number]) if number in channel.topics else types.ForumTopicDeleted(number)
        for number in request.topics
    ]
    return _answer(call, channel, found, len(found))
