"""stories: posting, changing and deleting them.

Source: https://core.telegram.org/api/stories
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._media import take_media
from telethon.testing.services._service import serves
from telethon.testing.services._text import MAX_CAPTION, clean_text
from telethon.testing.services.privacy import kept_rule, rules_allow
from telethon.testing.world.peerids import as_peer, is_channel, is_user
from telethon.testing.world.records import Account, Channel
from telethon.testing.world.rights import has_right, unix
from telethon.testing.world.storybook import StoryBook, shown
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.testing._call import Call

__all__ = ["author_of", "may_see", "own_book", "story_of", "tell_story"]

_DAY = 24 * 3600
_PERIODS = (6 * 3600, 12 * 3600, _DAY, 2 * _DAY)
_PER_DAY = 100


def author_of(call: Call, peer: types.TypeInputPeer) -> Account | Channel:
    """Who has the stories that a request speaks of.

    Raises:
        RpcFault: PEER_ID_INVALID.
    """
    found = call.peer(peer)
    if is_user(found):
        return call.world.accounts[found]
    room = call.room(found)
    if isinstance(room, Channel):
        return room
    raise RpcFault(400, "PEER_ID_INVALID")


def owns(call: Call, author: Account | Channel, right: str = "edit_stories") -> bool:
    """Whether the account may change these stories."""
    if isinstance(author, Channel):
        return has_right(author, call.my_id, right)
    return author.id == call.my_id


def own_book(call: Call, peer: types.TypeInputPeer, right: str = "edit_stories") -> tuple[Account | Channel, StoryBook]:
    """Stories that the account may change.

    Raises:
        RpcFault: PEER_ID_INVALID or CHAT_ADMIN_REQUIRED.
    """
    author = author_of(call, peer)
    if not owns(call, author, right):
        raise RpcFault(400, "CHAT_ADMIN_REQUIRED" if isinstance(author, Channel) else "PEER_ID_INVALID")
    return author, author.book


def may_see(call: Call, author: Account | Channel, number: int) -> bool:
    """Whether the account gets to see a story."""
    if owns(call, author) or isinstance(author, Channel):
        return True
    if call.my_id in author.blocked or call.my_id in author.settings.get("stories blocked", ()):
        return False
    return rules_allow(author.book.rules.get(number, ()), author, call.me)


def story_of(call: Call, author: Account | Channel, number: int) -> types.StoryItem:
    """One story, as it is kept.

    Raises:
        RpcFault: STORY_ID_INVALID.
    """
    story = author.book.stories.get(number)
    if story is None or not may_see(call, author, number):
        raise RpcFault(400, "STORY_ID_INVALID")
    return story


def tell_story(call: Call, author: Account | Channel, number: int) -> None:
    """Let those who may see a story know of it, or that it is gone; the others do not hear of it."""
    world, story = call.world, author.book.stories.get(number)
    for account in list(world.accounts.values()):
        mine = account is author
        if not mine and author.peer not in account.mailbox.dialogs:
            continue
        if isinstance(author, Channel) and account.id not in author.present():
            continue
        item: types.TypeStoryItem = types.StoryItemDeleted(number)
        if story is not None:
            rules = author.book.rules.get(number, ())
            if not mine and isinstance(author, Account) and not rules_allow(rules, author, account):
                continue
            named = mine or (isinstance(author, Channel) and has_right(author, account.id, "edit_stories"))
            item = shown(author.book, story, account.id, named)
        update = types.UpdateStory(as_peer(author.peer), item)
        call.delivery.note(account.id, update, (author.peer,), lasting=True)


@serves(functions.stories.CanSendStoryRequest, who="both")
def can_send_story(request: functions.stories.CanSendStoryRequest, call: Call) -> types.stories.CanSendStoryCount:
    """How many more stories can be posted today."""
    author, book = own_book(call, request.peer, "post_stories")
    if isinstance(author, Channel) and not author.boosts:
        raise RpcFault(400, "BOOSTS_REQUIRED")
    today = sum(unix(story.date) > call.now - _DAY for story in book.stories.values())
    if today >= _PER_DAY:
        raise RpcFault(400, "STORIES_TOO_MUCH")
    return types.stories.CanSendStoryCount(_PER_DAY - today)


def _rules(call: Call, given: Iterable[types.TypeInputPrivacyRule]) -> list[types.TypePrivacyRule]:
    return [kept_rule(call, rule) for rule in given]


def _mark(story: types.StoryItem, rules: list[types.TypePrivacyRule]) -> None:
    """Say in short for whom a story is."""
    kinds = {type(rule) for rule in rules}
    story.public = not rules or types.PrivacyValueAllowAll in kinds
    story.close_friends = types.PrivacyValueAllowCloseFriends in kinds
    story.contacts = types.PrivacyValueAllowContacts in kinds
    story.selected_contacts = types.PrivacyValueAllowUsers in kinds


@serves(functions.stories.SendStoryRequest, who="both")
def send_story(request: functions.stories.SendStoryRequest, call: Call) -> types.TypeUpdates:
    """Post a story."""
    author, book = own_book(call, request.peer, "post_stories")
    used = call.world.random_ids.setdefault(call.my_id, set())
    if request.random_id in used:
        raise RpcFault(500, "RANDOM_ID_DUPLICATE")
    period = request.period or _DAY
    if period not in _PERIODS:
        raise RpcFault(400, "STORY_PERIOD_INVALID")
    media = take_media(call, request.media)
    if media is None:
        raise RpcFault(400, "MEDIA_EMPTY")
    rules = _rules(call, request.privacy_rules)
    caption, entities = None, None
    if request.caption is not None:
        caption, entities = clean_text(call, request.caption, request.entities, MAX_CAPTION, "MEDIA_CAPTION_TOO_LONG")
    used.add(request.random_id)
    book.last += 1
    number = book.last
    story = types.StoryItem(
        number,
        call.now,
        call.now + period,
        media.tl(call.my_id),
        caption=caption,
        entities=entities,
        media_areas=request.media_areas,
        pinned=request.pinned,
        noforwards=request.noforwards,
        from_id=as_peer(call.my_id) if isinstance(author, Channel) and author.signatures else None,
    )
    _mark(story, rules)
    book.stories[number], book.rules[number] = story, rules
    for album_id in request.albums or ():
        if album_id in book.albums:
            book.albums[album_id].stories.append(number)
    tell_story(call, author, number)
    return call.updates([types.UpdateStoryID(number, request.random_id)])


@serves(functions.stories.EditStoryRequest, who="both")
def edit_story(request: functions.stories.EditStoryRequest, call: Call) -> types.TypeUpdates:
    """Change a story."""
    author, book = own_book(call, request.peer)
    story = story_of(call, author, request.id)
    if request.media is None and request.caption is None and request.privacy_rules is None:
        raise RpcFault(400, "STORY_NOT_MODIFIED")
    if request.media is not None:
        media = take_media(call, request.media)
        if media is None:
            raise RpcFault(400, "MEDIA_EMPTY")
        story.media = media.tl(call.my_id)
    if request.caption is not None:
        story.caption, story.entities = clean_text(
            call, request.caption, request.entities, MAX_CAPTION, "MEDIA_CAPTION_TOO_LONG"
        )
    if request.media_areas is not None:
        story.media_areas = request.media_areas
    if request.privacy_rules is not None:
        book.rules[story.id] = _rules(call, request.privacy_rules)
        _mark(story, book.rules[story.id])
    if request.media is not None or request.caption is not None:
        story.edited = True
    tell_story(call, author, story.id)
    return call.updates()


@serves(functions.stories.DeleteStoriesRequest, who="both")
def delete_stories(request: functions.stories.DeleteStoriesRequest, call: Call) -> list[int]:
    """Delete stories."""
    author, book = own_book(call, request.peer, "delete_stories")
    gone = [number for number in request.id if book.drop(number)]
    for number in gone:
        tell_story(call, author, number)
    return gone


@serves(functions.stories.TogglePinnedRequest, who="both")
def toggle_pinned(request: functions.stories.TogglePinnedRequest, call: Call) -> list[int]:
    """Keep stories in the profile when their time is over, or do not; gives those that changed."""
    author, book = own_book(call, request.peer)
    changed: list[int] = []
    for number in request.id:
        story = story_of(call, author, number)
        if bool(story.pinned) != request.pinned:
            story.pinned = request.pinned
            if not request.pinned and number in book.top:
                book.top.remove(number)
            changed.append(number)
            tell_story(call, author, number)
    return changed


@serves(functions.stories.TogglePinnedToTopRequest, who="both")
def toggle_pinned_to_top(request: functions.stories.TogglePinnedToTopRequest, call: Call) -> bool:
    """Put stories of the profile to its top, just those."""
    author, book = own_book(call, request.peer)
    if len(request.id) > 3:
        raise RpcFault(400, "STORY_ID_INVALID")
    for number in request.id:
        if not story_of(call, author, number).pinned:
            raise RpcFault(400, "STORY_ID_INVALID")
    book.top = list(request.id)
    return True


@serves(functions.stories.GetChatsToSendRequest, who="both")
def get_chats_to_send(request: functions.stories.GetChatsToSendRequest, call: Call) -> types.messages.Chats:
    """The channels in whose name the account can post stories."""
    found = [
        channel.peer
        for channel in call.world.channels.values()
        if not channel.deleted and has_right(channel, call.my_id, "post_stories") and is_channel(channel.peer)
    ]
    _, chats = call.split(found)
    return types.messages.Chats(chats)
