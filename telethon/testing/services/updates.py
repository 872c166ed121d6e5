"""updates: the state, and everything that happened since another one.

Source: https://core.telegram.org/api/updates#recovering-gaps
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.world.boxes import Arrival, Event
from telethon.testing.world.rights import in_channel
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.records import Channel


def state_of(call: Call, pts: int | None = None, qts: int | None = None) -> types.updates.State:
    """The state of the account, or one on the way to it."""
    mailbox = call.me.mailbox
    return types.updates.State(
        pts=mailbox.pts if pts is None else pts,
        qts=mailbox.qts if qts is None else qts,
        date=call.now,
        seq=call.auth.data.get("seq", 0),
        unread_count=sum(1 for dialog in mailbox.dialogs.values() if dialog.unread),
    )


@serves(functions.updates.GetStateRequest, who="both")
def get_state(request: functions.updates.GetStateRequest, call: Call) -> types.updates.State:
    """The state of the account."""
    return state_of(call)


def _render(call: Call, events: list[Event]) -> tuple[list[types.TypeMessage], list[types.TypeUpdate], set[int]]:
    """New messages, other updates and the peers in them."""
    views = call.world.views
    messages: list[types.TypeMessage] = []
    others: list[types.TypeUpdate] = []
    peers: set[int] = set()
    for event in events:
        if isinstance(event, Arrival):
            if event.owner not in event.letter.copies:
                continue
            messages.append(views.message(event.letter, event.owner, call.my_id))
        else:
            update = views.update(event, call.my_id)
            if update is None:
                continue
            others.append(update)
        peers.update(views.event_peers(event))
    return messages, others, peers


@serves(functions.updates.GetDifferenceRequest, who="both")
def get_difference(request: functions.updates.GetDifferenceRequest, call: Call) -> types.updates._TypeDifference:
    """What happened to the account since a state."""
    mailbox, options = call.me.mailbox, call.world.options
    if request.pts <= 0:
        raise RpcFault(400, "PERSISTENT_TIMESTAMP_EMPTY")
    if request.pts > mailbox.pts:
        raise RpcFault(400, "PERSISTENT_TIMESTAMP_INVALID")
    missed = mailbox.pts - request.pts
    total = request.pts_total_limit or options.difference_too_long
    if missed > min(total, options.difference_too_long) or request.pts < mailbox.floor:
        return types.updates.DifferenceTooLong(mailbox.pts)
    events = mailbox.since(request.pts)
    lasting = [*_lasting_since(call, request.date), *_moved_channels(call, request.date)]
    news: list[Event] = [notice for qts, notice in mailbox.news if qts > request.qts]
    if not events and not lasting and not news:
        return types.updates.DifferenceEmpty(call.now, call.auth.data.get("seq", 0))
    limit = min(request.pts_limit or options.difference_limit, options.difference_limit)
    page = events[:limit]
    messages, others, peers = _render(call, page)
    if len(page) < len(events):
        users, chats = call.split(peers)
        return types.updates.DifferenceSlice(
            messages, [], others, chats, users, state_of(call, page[-1].pts, request.qts)
        )
    _, told, named = _render(call, news)
    secret = [update.message for update in told if isinstance(update, types.UpdateNewEncryptedMessage)]
    others.extend(update for update in told if not isinstance(update, types.UpdateNewEncryptedMessage))
    others.extend(lasting)
    peers.update(named)
    peers.update(_channels_of(lasting))
    users, chats = call.split(peers)
    return types.updates.Difference(messages, secret, others, chats, users, state_of(call))


def _lasting_since(call: Call, date: object) -> list[types.TypeUpdate]:
    """Updates without `pts` that were told since a date."""
    from telethon.testing.world.rights import unix

    since = unix(date)
    log: list[tuple[int, int, types.TypeUpdate]] = call.auth.data.get("seq_log", [])
    return [update for _, told, update in log if told >= since]


def _moved_channels(call: Call, date: object) -> list[types.TypeUpdate]:
    """That there is something new in channels, whose events have to be asked for by themselves.

    Source: https://core.telegram.org/constructor/updateChannelTooLong
    """
    from telethon.testing.world.rights import unix

    since = unix(date)
    found: list[types.TypeUpdate] = []
    for channel in call.world.channels.values():
        newest = channel.box.letters.get(channel.box.last_id)
        if newest is None or newest.date < since or channel.deleted:
            continue
        try:
            in_channel(channel, call.my_id)
        except RpcFault:
            continue
        found.append(types.UpdateChannelTooLong(channel.id, channel.box.pts))
    return found


def _channels_of(updates: list[types.TypeUpdate]) -> set[int]:
    from telethon.testing.world.peerids import channel_peer

    found: set[int] = set()
    for update in updates:
        channel_id = getattr(update, "channel_id", None)
        if isinstance(channel_id, int):
            found.add(channel_peer(channel_id))
    return found


@serves(functions.updates.GetChannelDifferenceRequest, who="both")
def get_channel_difference(
    request: functions.updates.GetChannelDifferenceRequest, call: Call
) -> types.updates._TypeChannelDifference:
    """What happened in a channel since a state."""
    channel = call.channel(request.channel)
    box, options = channel.box, call.world.options
    if channel.username is None:
        in_channel(channel, call.my_id)
    if request.pts <= 0:
        raise RpcFault(400, "PERSISTENT_TIMESTAMP_EMPTY")
    if request.pts > box.pts:
        raise RpcFault(400, "PERSISTENT_TIMESTAMP_INVALID")
    if request.limit <= 0:
        raise RpcFault(400, "PERSISTENT_TIMESTAMP_INVALID")
    if box.pts - request.pts > options.channel_too_long or request.pts < box.floor:
        return _too_long(call, channel)
    events = box.since(request.pts)
    if not events:
        return types.updates.ChannelDifferenceEmpty(box.pts, final=True, timeout=30)
    page = events[: min(request.limit, options.difference_limit)]
    messages, others, peers = _render(call, page)
    final = len(page) == len(events)
    users, chats = call.split({*peers, channel.peer})
    return types.updates.ChannelDifference(
        pts=box.pts if final else page[-1].pts,
        new_messages=messages,
        other_updates=others,
        chats=chats,
        users=users,
        final=final,
        timeout=30,
    )


def _too_long(call: Call, channel: Channel) -> types.updates.ChannelDifferenceTooLong:
    """The end of the history, when there is too much to tell it all."""
    views, box = call.world.views, channel.box
    letters = [box.letters[number] for number in box.ids[-10:]][::-1]
    peers = {channel.peer}
    for letter in letters:
        peers.update(views.letter_peers(letter, channel.peer))
    users, chats = call.split(peers)
    return types.updates.ChannelDifferenceTooLong(
        dialog=views.dialog(call.me.mailbox.dialog(channel.peer), call.my_id),
        messages=[views.message(letter, channel.peer, call.my_id) for letter in letters],
        chats=chats,
        users=users,
        final=True,
        timeout=30,
    )
