"""stories: albums of the profile, and public stories by hashtag or place.

Source: https://core.telegram.org/api/stories#story-albums
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._paging import page_from
from telethon.testing.services._service import serves
from telethon.testing.services.contacts import list_hash
from telethon.testing.services.stories import author_of, own_book, story_of
from telethon.testing.services.story_views import several
from telethon.testing.world.peerids import as_peer
from telethon.testing.world.storybook import Album, StoryBook, shown
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.records import Account, Channel

_MAX_ALBUMS = 100
_PAGE = 100


def _check_title(title: str) -> str:
    if not 0 < len(title.strip()) <= 12:
        raise RpcFault(400, "TITLE_INVALID")
    return title.strip()


def _find(book: StoryBook, number: int) -> Album:
    album = book.albums.get(number)
    if album is None:
        raise RpcFault(400, "ID_INVALID")
    return album


def _shown(book: StoryBook, album: Album) -> types.StoryAlbum:
    """An album with the picture of its first story."""
    photo: types.TypePhoto | None = None
    video: types.TypeDocument | None = None
    first = book.stories.get(album.stories[0]) if album.stories else None
    if first is not None and isinstance(first.media, types.MessageMediaPhoto):
        photo = first.media.photo
    elif first is not None and isinstance(first.media, types.MessageMediaDocument):
        video = first.media.document
    return types.StoryAlbum(album.id, album.title, photo, video)


@serves(functions.stories.CreateAlbumRequest, who="both")
def create_album(request: functions.stories.CreateAlbumRequest, call: Call) -> types.StoryAlbum:
    """Put stories together."""
    author, book = own_book(call, request.peer)
    title = _check_title(request.title)
    if len(book.albums) >= _MAX_ALBUMS:
        raise RpcFault(400, "STORIES_TOO_MUCH")
    stories = [story_of(call, author, number).id for number in request.stories]
    number = max(book.albums, default=0) + 1
    album = book.albums[number] = Album(number, title, stories)
    return _shown(book, album)


@serves(functions.stories.UpdateAlbumRequest, who="both")
def update_album(request: functions.stories.UpdateAlbumRequest, call: Call) -> types.StoryAlbum:
    """Change an album."""
    author, book = own_book(call, request.peer)
    album = _find(book, request.album_id)
    if request.title is not None:
        album.title = _check_title(request.title)
    kept = [number for number in album.stories if number not in (request.delete_stories or ())]
    for number in request.add_stories or ():
        if story_of(call, author, number).id not in kept:
            kept.append(number)
    first = [number for number in request.order or () if number in kept]
    album.stories = [*first, *(number for number in kept if number not in first)]
    return _shown(book, album)


@serves(functions.stories.ReorderAlbumsRequest, who="both")
def reorder_albums(request: functions.stories.ReorderAlbumsRequest, call: Call) -> bool:
    """Put the albums into another order."""
    _, book = own_book(call, request.peer)
    first = [_find(book, number).id for number in request.order]
    ordered = [*first, *(number for number in book.albums if number not in first)]
    book.albums = {number: book.albums[number] for number in ordered}
    return True


@serves(functions.stories.DeleteAlbumRequest, who="both")
def delete_album(request: functions.stories.DeleteAlbumRequest, call: Call) -> bool:
    """Throw an album away; its stories stay."""
    _, book = own_book(call, request.peer)
    del book.albums[_find(book, request.album_id).id]
    return True


@serves(functions.stories.GetAlbumsRequest, who="both")
def get_albums(request: functions.stories.GetAlbumsRequest, call: Call) -> types.stories._TypeAlbums:
    """The albums of somebody."""
    book = author_of(call, request.peer).book
    value = list_hash(number for album in book.albums.values() for number in (album.id, len(album.stories)))
    if request.hash and request.hash == value:
        return types.stories.AlbumsNotModified()
    return types.stories.Albums(value, [_shown(book, album) for album in book.albums.values()])


@serves(functions.stories.GetAlbumStoriesRequest, who="both")
def get_album_stories(request: functions.stories.GetAlbumStoriesRequest, call: Call) -> types.stories.Stories:
    """The stories of an album."""
    author = author_of(call, request.peer)
    numbers = _find(author.book, request.album_id).stories
    start = max(0, request.offset)
    page = numbers[start : start + max(0, min(request.limit or _PAGE, _PAGE))]
    return several(call, author, page, len(numbers))


@serves(functions.stories.SearchPostsRequest, who="both")
def search_posts(request: functions.stories.SearchPostsRequest, call: Call) -> types.stories.FoundStories:
    """Public stories with a hashtag or an area, of everybody or of one."""
    if not request.hashtag and request.area is None:
        raise RpcFault(400, "HASHTAG_INVALID")
    tag = f"#{request.hashtag.lstrip('#')}".lower() if request.hashtag else None
    area = bytes(request.area) if request.area is not None else None
    world = call.world
    authors: list[Account | Channel] = (
        [author_of(call, request.peer)]
        if request.peer is not None
        else [*world.accounts.values(), *(one for one in world.channels.values() if not one.deleted)]
    )
    found: list[tuple[int, types.StoryItem]] = []
    for author in authors:
        for story in author.book.active(call.now):
            tags = re.findall(r"#\w+", (story.caption or "").lower())
            areas = [bytes(one) for one in story.media_areas or ()]
            if story.public and author.username and (tag in tags or (area is not None and area in areas)):
                found.append((author.peer, shown(author.book, story, call.my_id, False)))
    page, following = page_from(found, request.offset, request.limit)
    users, chats = call.split({peer for peer, _ in page})
    stories: list[types.TypeFoundStory] = [types.FoundStory(as_peer(peer), story) for peer, story in page]
    return types.stories.FoundStories(len(found), stories, chats, users, following)
