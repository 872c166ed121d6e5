"""channels: which channels there are for some purpose, and posts of public ones.

Source: https://core.telegram.org/api/channel
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.history import holds, limit_of
from telethon.testing.world.rights import check_admin
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.letters import Letter
    from telethon.testing.world.records import Channel

_UNUSED = 30 * 86_400
_RECOMMENDED = 10
_FREE_SEARCHES = 10
_DAY = 86_400


@serves(functions.channels.GetGroupsForDiscussionRequest)
def get_groups_for_discussion(
    request: functions.channels.GetGroupsForDiscussionRequest, call: Call
) -> types.messages._TypeChats:
    """Groups of the account in which posts of a channel could be talked about."""
    world = call.world
    mine = [one.peer for one in world.groups.values() if one.creator == call.my_id and not one.deactivated]
    mine.extend(
        one.peer
        for one in world.channels.values()
        if one.creator == call.my_id and one.megagroup and one.linked is None and not one.deleted
    )
    _, chats = call.split(mine)
    return types.messages.Chats(chats)


@serves(functions.channels.GetInactiveChannelsRequest)
def get_inactive_channels(
    request: functions.channels.GetInactiveChannelsRequest, call: Call
) -> types.messages.InactiveChats:
    """Channels in which nothing happened for a month."""
    found: list[tuple[int, int]] = []
    for channel in call.world.channels.values():
        if channel.deleted or call.my_id not in channel.present():
            continue
        last = channel.box.letters[channel.box.ids[-1]].date if channel.box.ids else channel.date
        if call.now - last > _UNUSED:
            found.append((last, channel.peer))
    found.sort()
    users, chats = call.split(peer for _, peer in found)
    return types.messages.InactiveChats([date for date, _ in found], chats, users)


@serves(functions.channels.GetChannelRecommendationsRequest, who="both")
def get_channel_recommendations(
    request: functions.channels.GetChannelRecommendationsRequest, call: Call
) -> types.messages._TypeChats:
    """Public channels that share members with one, or with those the account is in; the closest first."""
    own = [one for one in call.world.channels.values() if call.my_id in one.present()]
    start = [call.channel(request.channel)] if request.channel is not None else own
    people = {user_id for one in start for user_id in one.present()} - {call.my_id}

    def shared(channel: Channel) -> int:
        return len(people & set(channel.present()))

    others = [
        one
        for one in call.world.channels.values()
        if one.broadcast and one.username and not one.deleted and one not in start and call.my_id not in one.present()
    ]
    close = sorted((one for one in others if shared(one)), key=lambda one: -shared(one))
    _, chats = call.split(one.peer for one in close[:_RECOMMENDED])
    if len(close) > _RECOMMENDED:
        return types.messages.ChatsSlice(len(close), chats)
    return types.messages.Chats(chats)


@serves(functions.channels.GetMessageAuthorRequest, who="both")
def get_message_author(request: functions.channels.GetMessageAuthorRequest, call: Call) -> types.TypeUser:
    """Who really wrote a message that is in the name of a channel."""
    channel = call.channel(request.channel, member=True)
    check_admin(channel, call.my_id, "post_messages" if channel.broadcast else "ban_users")
    letter = channel.box.letters.get(request.id)
    if letter is None:
        raise RpcFault(400, "MESSAGE_ID_INVALID")
    return call.world.views.user(letter.sender, call.my_id)


@serves(functions.channels.ReportSpamRequest)
def report_spam(request: functions.channels.ReportSpamRequest, call: Call) -> bool:
    """Complain of messages in a supergroup."""
    channel = call.channel(request.channel, member=True)
    check_admin(channel, call.my_id, "ban_users")
    writer = call.peer(request.participant)
    if not request.id:
        raise RpcFault(400, "MESSAGE_ID_INVALID")
    for number in request.id:
        letter = channel.box.letters.get(number)
        if letter is None or letter.author != writer:
            raise RpcFault(400, "MESSAGE_ID_INVALID")
    return True


# -- posts of public channels ----------------------------------------------------------------------------------------


def _searches(call: Call) -> int:
    """How often the account has searched by words today."""
    made: list[int] = call.me.settings.setdefault("post_searches", [])
    made[:] = [date for date in made if date > call.now - _DAY]
    return len(made)


@serves(functions.channels.CheckSearchPostsFloodRequest, who="both")
def check_search_posts_flood(
    request: functions.channels.CheckSearchPostsFloodRequest, call: Call
) -> types.SearchPostsFlood:
    """How many searches are left for today."""
    made: list[int] = call.me.settings.get("post_searches", [])
    left = max(0, _FREE_SEARCHES - _searches(call))
    return types.SearchPostsFlood(
        _FREE_SEARCHES,
        left,
        stars_amount=10,
        query_is_free=left > 0,
        wait_till=made[0] + _DAY if not left else None,
    )


@serves(functions.channels.SearchPostsRequest, who="both")
def search_posts(request: functions.channels.SearchPostsRequest, call: Call) -> types.messages._TypeMessages:
    """Posts of all public channels with a hashtag, or with words; the newest first."""
    if not request.hashtag and not request.query:
        raise RpcFault(400, "SEARCH_QUERY_EMPTY")
    tag = f"#{request.hashtag.lstrip('#')}".lower() if request.hashtag else None
    words = re.findall(r"\w+", (request.query or "").lower())
    if request.query:
        if _searches(call) >= _FREE_SEARCHES:
            raise RpcFault(420, f"FLOOD_WAIT_{_DAY}")
        call.me.settings["post_searches"].append(call.now)
    found: list[tuple[int, int, Channel, Letter]] = []
    for channel in call.world.channels.values():
        if channel.username is None or channel.deleted or channel.megagroup:
            continue
        for number, letter in channel.box.letters.items():
            fits = tag in re.findall(r"#\w+", letter.text.lower()) if tag is not None else holds(letter.text, words)
            if letter.action is None and fits:
                found.append((letter.date, number, channel, letter))
    found.sort(key=lambda entry: (-entry[0], -entry[1]))
    if request.offset_id:
        after = call.peer(request.offset_peer)
        places = [place for place, one in enumerate(found) if (one[1], one[2].peer) == (request.offset_id, after)]
        rest = found[places[0] + 1 :] if places else []
    else:
        rest = found
    page = rest[: limit_of(request.limit)]
    views = call.world.views
    messages = [views.message(letter, channel.peer, call.my_id) for _, _, channel, letter in page]
    peers = {peer for _, _, channel, letter in page for peer in views.letter_peers(letter, channel.peer)}
    users, chats = call.split(peers)
    if len(page) == len(found):
        return types.messages.Messages(messages, [], chats, users)
    return types.messages.MessagesSlice(len(found), messages, [], chats, users)
