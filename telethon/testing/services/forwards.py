"""stats: where posts went, and figures about stories and polls.

Source: https://core.telegram.org/api/stats
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._paging import page_from
from telethon.testing.services._service import serves
from telethon.testing.services.stories import own_book, story_of
from telethon.testing.world.media import PollMedia
from telethon.testing.world.rights import check_admin
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call


def _graph(values: dict[str, int], date: int) -> types.TypeStatsGraph:
    """A graph with one point for each thing that was counted."""
    names = {f"y{place}": name for place, name in enumerate(values)}
    columns: list[list[object]] = [["x", date * 1000]]
    columns.extend([key, values[name]] for key, name in names.items())
    kinds = {"x": "x", **dict.fromkeys(names, "line")}
    return types.StatsGraph(
        types.DataJSON(
            json.dumps({"columns": columns, "types": kinds, "names": names, "colors": {}}, ensure_ascii=False)
        )
    )


@serves(functions.stats.GetMessagePublicForwardsRequest)
def get_message_public_forwards(
    request: functions.stats.GetMessagePublicForwardsRequest, call: Call
) -> types.stats.PublicForwards:
    """In which public channels a post was passed on."""
    channel = call.channel(request.channel, member=True)
    check_admin(channel, call.my_id, "change_info")
    if request.msg_id not in channel.box.letters:
        raise RpcFault(400, "MESSAGE_ID_INVALID")
    found = [
        (letter, other)
        for other in call.world.channels.values()
        if other.username is not None and not other.deleted and other is not channel
        for letter in other.box.letters.values()
        if letter.forward is not None
        and (letter.forward.author, letter.forward.channel_post) == (channel.peer, request.msg_id)
    ]
    page, following = page_from(found, request.offset, request.limit)
    views = call.world.views
    users, chats = call.split({peer for letter, other in page for peer in views.letter_peers(letter, other.peer)})
    shown: list[types.TypePublicForward] = [
        types.PublicForwardMessage(views.message(letter, other.peer, call.my_id)) for letter, other in page
    ]
    return types.stats.PublicForwards(len(found), shown, chats, users, following)


@serves(functions.stats.GetStoryPublicForwardsRequest, who="both")
def get_story_public_forwards(
    request: functions.stats.GetStoryPublicForwardsRequest, call: Call
) -> types.stats.PublicForwards:
    """The same for a story: stories are not passed on here."""
    author, _ = own_book(call, request.peer)
    story_of(call, author, request.id)
    return types.stats.PublicForwards(0, [], [], [])


@serves(functions.stats.GetStoryStatsRequest, who="both")
def get_story_stats(request: functions.stats.GetStoryStatsRequest, call: Call) -> types.stats.StoryStats:
    """How often a story was seen, and how it was reacted to."""
    author, book = own_book(call, request.peer)
    story_of(call, author, request.id)
    sights = book.sights.get(request.id, {})
    liked: Counter[str] = Counter(
        sight.reaction.emoticon for sight in sights.values() if isinstance(sight.reaction, types.ReactionEmoji)
    )
    return types.stats.StoryStats(_graph({"Views": len(sights)}, call.now), _graph(dict(liked), call.now))


@serves(functions.stats.GetPollStatsRequest, who="both")
def get_poll_stats(request: functions.stats.GetPollStatsRequest, call: Call) -> types.stats.PollStats:
    """How the votes of an own poll stand."""
    peer = call.peer(request.peer)
    letter = call.letter(peer, request.msg_id)
    if not isinstance(letter.media, PollMedia):
        raise RpcFault(400, "MESSAGE_ID_INVALID")
    if letter.sender != call.my_id:
        check_admin(call.room(peer), call.my_id, "change_info")
    votes: Counter[bytes] = Counter(option for chosen in letter.media.votes.values() for option in chosen)
    counted = {one.text.text: votes[bytes(getattr(one, "option", b""))] for one in letter.media.poll.answers}
    return types.stats.PollStats(_graph(counted, call.now))
