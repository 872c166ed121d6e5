"""stories: posting, seeing and answering them. Whoever has a chat with the account sees them.

Source: https://core.telegram.org/api/stories
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._media import take_media
from telethon.testing.services._service import serves
from telethon.testing.world.peerids import as_peer, is_user
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.testing._call import Call
    from telethon.testing.world.records import Account

_DAY = 24 * 3600


def _author(call: Call, peer: types.TypeInputPeer) -> Account:
    found = call.peer(peer)
    if not is_user(found):
        raise RpcFault(400, "PEER_ID_INVALID")
    return call.world.accounts[found]


def _tell(call: Call, author: Account, story: types.TypeStoryItem) -> None:
    for account in call.world.accounts.values():
        if account.id == author.id or author.id in account.mailbox.dialogs:
            update = types.UpdateStory(as_peer(author.id), story)
            call.delivery.note(account.id, update, (author.id,), lasting=True)


@serves(functions.stories.SendStoryRequest, who="both")
def send_story(request: functions.stories.SendStoryRequest, call: Call) -> types.TypeUpdates:
    """Post a story."""
    author = _author(call, request.peer)
    if author.id != call.my_id:
        raise RpcFault(400, "PEER_ID_INVALID")
    media = take_media(call, request.media)
    if media is None:
        raise RpcFault(400, "MEDIA_EMPTY")
    number = max(author.stories, default=0) + 1
    story = types.StoryItem(
        number,
        call.now,
        call.now + (request.period or _DAY),
        media.tl(call.my_id),
        caption=request.caption,
        entities=request.entities if request.caption is not None else None,
        public=True,
        pinned=request.pinned,
    )
    author.stories[number] = story
    _tell(call, author, story)
    return call.updates()


@serves(functions.stories.DeleteStoriesRequest, who="both")
def delete_stories(request: functions.stories.DeleteStoriesRequest, call: Call) -> list[int]:
    """Delete stories."""
    author = _author(call, request.peer)
    if author.id != call.my_id:
        raise RpcFault(400, "PEER_ID_INVALID")
    gone = [number for number in request.id if author.stories.pop(number, None) is not None]
    for number in gone:
        _tell(call, author, types.StoryItemDeleted(number))
    return gone


def _stories(call: Call, author: Account, found: Iterable[types.StoryItem]) -> types.stories.Stories:
    users, chats = call.split([author.id])
    shown: list[types.TypeStoryItem] = [*found]
    return types.stories.Stories(len(shown), shown, chats, users)


@serves(functions.stories.GetStoriesByIDRequest, who="both")
def get_stories_by_id(request: functions.stories.GetStoriesByIDRequest, call: Call) -> types.stories.Stories:
    """Some stories."""
    author = _author(call, request.peer)
    return _stories(call, author, (author.stories[number] for number in request.id if number in author.stories))


@serves(functions.stories.GetPeerStoriesRequest, who="both")
def get_peer_stories(request: functions.stories.GetPeerStoriesRequest, call: Call) -> types.stories.PeerStories:
    """All stories of somebody."""
    author = _author(call, request.peer)
    found = _stories(call, author, author.stories.values())
    return types.stories.PeerStories(types.PeerStories(as_peer(author.id), found.stories), found.chats, found.users)


@serves(functions.stories.ReadStoriesRequest, who="both")
def read_stories(request: functions.stories.ReadStoriesRequest, call: Call) -> list[int]:
    """Mark stories as seen."""
    author = _author(call, request.peer)
    seen: dict[int, int] = call.me.settings.setdefault("stories_seen", {})
    new = [number for number in author.stories if seen.get(author.id, 0) < number <= request.max_id]
    seen[author.id] = max(seen.get(author.id, 0), request.max_id)
    return new


@serves(functions.stories.SendReactionRequest, who="both")
def send_reaction(request: functions.stories.SendReactionRequest, call: Call) -> types.TypeUpdates:
    """React to a story."""
    author = _author(call, request.peer)
    if request.story_id not in author.stories:
        raise RpcFault(400, "STORY_ID_INVALID")
    peer = as_peer(author.id)
    call.delivery.note(
        call.my_id, types.UpdateSentStoryReaction(peer, request.story_id, request.reaction), (author.id,)
    )
    update = types.UpdateNewStoryReaction(request.story_id, as_peer(call.my_id), request.reaction)
    call.delivery.note(author.id, update, (call.my_id,))
    return call.updates()
