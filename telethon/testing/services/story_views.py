"""stories: looking at them, who did, and what it thought.

Source: https://core.telegram.org/api/stories#watching-stories
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._paging import page_from
from telethon.testing.services._service import serves
from telethon.testing.services.reactions import EMOJI
from telethon.testing.services.stories import author_of, may_see, own_book, owns, story_of
from telethon.testing.world.peerids import as_peer, is_user
from telethon.testing.world.records import Account, Channel
from telethon.testing.world.storybook import Sight, shown
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.testing._call import Call

_PAGE = 100
_STEALTH = 25 * 60
_COOLDOWN = 3 * 3600
_PAST = 5 * 60


def _items(call: Call, author: Account | Channel, found: Iterable[types.StoryItem]) -> list[types.TypeStoryItem]:
    own = owns(call, author)
    return [shown(author.book, story, call.my_id, own) for story in found if may_see(call, author, story.id)]


def several(
    call: Call, author: Account | Channel, numbers: Iterable[int], count: int | None = None
) -> types.stories.Stories:
    """Chosen stories of somebody as the answer.

    Args:
        call: the request.
        author: whose.
        numbers: which; those that are gone are left out.
        count: how many there are in all, when these are not all.
    """
    book = author.book
    items = _items(call, author, [book.stories[number] for number in numbers if number in book.stories])
    users, chats = call.split([author.peer])
    return types.stories.Stories(
        len(items) if count is None else count, items, chats, users, pinned_to_top=list(book.top) or None
    )


def _read(call: Call) -> dict[int, int]:
    read: dict[int, int] = call.me.settings.setdefault("stories_seen", {})
    return read


def _of(call: Call, author: Account | Channel) -> types.PeerStories:
    items = _items(call, author, author.book.active(call.now))
    return types.PeerStories(as_peer(author.peer), items, _read(call).get(author.peer))


def _stealth(call: Call) -> types.StoriesStealthMode:
    mode: types.StoriesStealthMode = call.me.settings.get("stealth", types.StoriesStealthMode())
    return mode


# -- reading ---------------------------------------------------------------------------------------------------------


@serves(functions.stories.GetStoriesByIDRequest, who="both")
def get_stories_by_id(request: functions.stories.GetStoriesByIDRequest, call: Call) -> types.stories.Stories:
    """Some stories."""
    return several(call, author_of(call, request.peer), request.id)


@serves(functions.stories.GetPeerStoriesRequest, who="both")
def get_peer_stories(request: functions.stories.GetPeerStoriesRequest, call: Call) -> types.stories.PeerStories:
    """All stories of somebody whose time is not over."""
    author = author_of(call, request.peer)
    users, chats = call.split([author.peer])
    return types.stories.PeerStories(_of(call, author), chats, users)


@serves(functions.stories.GetPinnedStoriesRequest, who="both")
def get_pinned_stories(request: functions.stories.GetPinnedStoriesRequest, call: Call) -> types.stories.Stories:
    """The stories in somebody's profile."""
    author = author_of(call, request.peer)
    kept = author.book.pinned()
    rest = kept
    if request.offset_id:
        rest = kept[kept.index(request.offset_id) + 1 :] if request.offset_id in kept else []
    return several(call, author, rest[: max(0, min(request.limit or _PAGE, _PAGE))], len(kept))


@serves(functions.stories.GetStoriesArchiveRequest, who="both")
def get_stories_archive(request: functions.stories.GetStoriesArchiveRequest, call: Call) -> types.stories.Stories:
    """All own stories, the newest first."""
    author, book = own_book(call, request.peer)
    numbers = sorted(book.stories, reverse=True)
    rest = [number for number in numbers if not request.offset_id or number < request.offset_id]
    return several(call, author, rest[: max(0, min(request.limit or _PAGE, _PAGE))], len(numbers))


def _authors(call: Call) -> list[Account | Channel]:
    """Everybody with stories whom the account knows, itself first."""
    found: list[Account | Channel] = [call.me]
    for peer in call.me.mailbox.dialogs:
        if is_user(peer):
            found.append(call.world.accounts[peer])
        else:
            room = call.room(peer)
            if isinstance(room, Channel) and call.my_id in room.present():
                found.append(room)
    unique = list(dict.fromkeys(found))
    return [one for one in unique if _items(call, one, one.book.active(call.now))]


@serves(functions.stories.GetAllStoriesRequest, who="both")
def get_all_stories(request: functions.stories.GetAllStoriesRequest, call: Call) -> types.stories._TypeAllStories:
    """The stories to be shown above the list of chats, or those that were hidden from there."""
    hidden = call.me.profile.hidden_stories
    authors = [one for one in _authors(call) if (one.peer in hidden) == bool(request.hidden)]
    state = ",".join(f"{one.peer}:{one.book.last}" for one in authors) or "none"
    if request.state == state or request.next:
        return types.stories.AllStoriesNotModified(state, _stealth(call))
    users, chats = call.split(one.peer for one in authors)
    stories: list[types.TypePeerStories] = [_of(call, one) for one in authors]
    return types.stories.AllStories(len(authors), state, stories, chats, users, _stealth(call))


@serves(functions.stories.GetPeerMaxIDsRequest, who="both")
def get_peer_max_ids(request: functions.stories.GetPeerMaxIDsRequest, call: Call) -> list[types.RecentStory]:
    """The newest story of each."""
    found: list[types.RecentStory] = []
    for peer in request.id:
        author = author_of(call, peer)
        visible = [story.id for story in author.book.active(call.now) if may_see(call, author, story.id)]
        found.append(types.RecentStory(max_id=max(visible, default=None)))
    return found


@serves(functions.stories.ReadStoriesRequest, who="both")
def read_stories(request: functions.stories.ReadStoriesRequest, call: Call) -> list[int]:
    """Mark stories as seen."""
    author = author_of(call, request.peer)
    if request.max_id > author.book.last:
        raise RpcFault(400, "MAX_ID_INVALID")
    seen, read = _read(call), _read(call).get(author.peer, 0)
    new = [number for number in author.book.stories if read < number <= request.max_id]
    seen[author.peer] = max(read, request.max_id)
    _note_sights(call, author, new)
    update = types.UpdateReadStories(as_peer(author.peer), seen[author.peer])
    call.delivery.note(call.my_id, update, (author.peer,), lasting=True)
    return new


def _note_sights(call: Call, author: Account | Channel, numbers: Iterable[int]) -> None:
    hidden = _stealth(call).active_until_date
    from telethon.testing.world.rights import unix

    if author is call.me or (hidden is not None and unix(hidden) > call.now):
        return
    for number in numbers:
        if number in author.book.stories and may_see(call, author, number):
            author.book.sights.setdefault(number, {}).setdefault(call.my_id, Sight(call.now))


@serves(functions.stories.IncrementStoryViewsRequest, who="both")
def increment_story_views(request: functions.stories.IncrementStoryViewsRequest, call: Call) -> bool:
    """Say that stories were seen that need not be marked: pinned ones."""
    author = author_of(call, request.peer)
    if not request.id:
        raise RpcFault(400, "STORY_ID_EMPTY")
    for number in request.id:
        story_of(call, author, number)
    _note_sights(call, author, request.id)
    return True


@serves(functions.stories.GetAllReadPeerStoriesRequest, who="both")
def get_all_read_peer_stories(request: functions.stories.GetAllReadPeerStoriesRequest, call: Call) -> types.TypeUpdates:
    """Up to where the stories of everybody were seen."""
    read = _read(call)
    updates: list[types.TypeUpdate] = [types.UpdateReadStories(as_peer(peer), number) for peer, number in read.items()]
    return call.updates(updates, read)


@serves(functions.stories.TogglePeerStoriesHiddenRequest, who="both")
def toggle_peer_stories_hidden(request: functions.stories.TogglePeerStoriesHiddenRequest, call: Call) -> bool:
    """Show somebody's stories above the list of chats, or in the archive."""
    author = author_of(call, request.peer)
    hidden = call.me.profile.hidden_stories
    (hidden.add if request.hidden else hidden.discard)(author.peer)
    update: types.TypeUpdate = types.UpdateUser(author.id)
    if isinstance(author, Channel):
        update = types.UpdateChannel(author.id)
    call.delivery.note(call.my_id, update, (author.peer,))
    return True


@serves(functions.stories.ToggleAllStoriesHiddenRequest, who="both")
def toggle_all_stories_hidden(request: functions.stories.ToggleAllStoriesHiddenRequest, call: Call) -> bool:
    """Whether stories are shown above the list of chats at all."""
    call.me.settings["stories hidden"] = request.hidden
    return True


@serves(functions.stories.ActivateStealthModeRequest, who="both")
def activate_stealth_mode(request: functions.stories.ActivateStealthModeRequest, call: Call) -> types.TypeUpdates:
    """Be in nobody's list of those who saw a story: for the next minutes, for the last ones, or both."""
    from telethon.testing.world.rights import unix

    if not call.me.premium:
        raise RpcFault(403, "PREMIUM_ACCOUNT_REQUIRED")
    before = _stealth(call)
    if unix(before.cooldown_until_date) > call.now:
        raise RpcFault(420, f"FLOOD_WAIT_{unix(before.cooldown_until_date) - call.now}")
    if request.past:
        for account in call.world.accounts.values():
            for sights in account.book.sights.values():
                if call.my_id in sights and sights[call.my_id].date >= call.now - _PAST:
                    del sights[call.my_id]
    until = call.now + _STEALTH if request.future else None
    mode = types.StoriesStealthMode(until, call.now + _COOLDOWN)
    call.me.settings["stealth"] = mode
    call.delivery.note(call.my_id, types.UpdateStoriesStealthMode(mode))
    return call.updates()


# -- reactions -------------------------------------------------------------------------------------------------------


@serves(functions.stories.SendReactionRequest, who="both")
def send_reaction(request: functions.stories.SendReactionRequest, call: Call) -> types.TypeUpdates:
    """React to a story, or take that back."""
    author = author_of(call, request.peer)
    story_of(call, author, request.story_id)
    chosen = request.reaction
    if isinstance(chosen, types.ReactionEmoji) and chosen.emoticon.rstrip("\ufe0f") not in EMOJI:
        raise RpcFault(400, "REACTION_INVALID")
    sights = author.book.sights.setdefault(request.story_id, {})
    sight = sights.setdefault(call.my_id, Sight(call.now))
    sight.reaction = None if isinstance(chosen, types.ReactionEmpty) else chosen
    peer = as_peer(author.peer)
    call.delivery.note(
        call.my_id, types.UpdateSentStoryReaction(peer, request.story_id, request.reaction), (author.peer,)
    )
    if isinstance(author, Account) and author is not call.me:
        update = types.UpdateNewStoryReaction(request.story_id, as_peer(call.my_id), request.reaction)
        call.delivery.note(author.id, update, (call.my_id,))
    return call.updates()


@serves(functions.stories.GetStoryReactionsListRequest, who="both")
def get_story_reactions_list(
    request: functions.stories.GetStoryReactionsListRequest, call: Call
) -> types.stories.StoryReactionsList:
    """Who reacted to an own story, and how."""
    author, book = own_book(call, request.peer)
    story_of(call, author, request.id)
    wanted = bytes(request.reaction) if request.reaction is not None else None
    found = [
        (user_id, sight.date, sight.reaction)
        for user_id, sight in book.sights.get(request.id, {}).items()
        if sight.reaction is not None and wanted in (None, bytes(sight.reaction))
    ]
    page, following = page_from(found, request.offset, request.limit)
    users, chats = call.split(user_id for user_id, _, _ in page)
    shown_ones: list[types.TypeStoryReaction] = [
        types.StoryReaction(as_peer(user_id), date, reaction) for user_id, date, reaction in page
    ]
    return types.stories.StoryReactionsList(len(found), shown_ones, chats, users, following)


@serves(functions.stories.GetStoryViewsListRequest, who="both")
def get_story_views_list(
    request: functions.stories.GetStoryViewsListRequest, call: Call
) -> types.stories.StoryViewsList:
    """Who saw an own story."""
    author, book = own_book(call, request.peer)
    story_of(call, author, request.id)
    sights = list(book.sights.get(request.id, {}).items())
    words = (request.q or "").lower()
    found = [
        (user_id, sight)
        for user_id, sight in sights[::-1]
        if (not request.just_contacts or user_id in call.me.contacts)
        and (not words or words in call.world.accounts[user_id].name.lower())
    ]
    if request.reactions_first:
        found.sort(key=lambda entry: entry[1].reaction is None)
    page, following = page_from(found, request.offset, request.limit)
    users, chats = call.split(user_id for user_id, _ in page)
    views: list[types.TypeStoryView] = [
        types.StoryView(user_id, sight.date, blocked=user_id in call.me.blocked, reaction=sight.reaction)
        for user_id, sight in page
    ]
    reactions = sum(sight.reaction is not None for _, sight in sights)
    return types.stories.StoryViewsList(len(found), len(sights), 0, reactions, views, chats, users, following)


@serves(functions.stories.GetStoriesViewsRequest, who="both")
def get_stories_views(request: functions.stories.GetStoriesViewsRequest, call: Call) -> types.stories.StoryViews:
    """How often own stories were seen."""
    author, book = own_book(call, request.peer)
    views = [book.views(story_of(call, author, number).id, named=True) for number in request.id]
    users, _ = call.split({user_id for one in views for user_id in one.recent_viewers or ()})
    return types.stories.StoryViews([*views], users)


@serves(functions.stories.ExportStoryLinkRequest, who="both")
def export_story_link(request: functions.stories.ExportStoryLinkRequest, call: Call) -> types.ExportedStoryLink:
    """The address of a story of somebody with a username."""
    author = author_of(call, request.peer)
    story_of(call, author, request.id)
    if author.username is None:
        raise RpcFault(400, "USER_PUBLIC_MISSING")
    return types.ExportedStoryLink(f"https://t.me/{author.username}/s/{request.id}")
