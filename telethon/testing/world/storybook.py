"""Stories of an account or channel, who saw them, and how they are put together.

Source: https://core.telegram.org/api/stories
"""

from __future__ import annotations

from dataclasses import dataclass, field

from telethon.testing.world.rights import unix
from telethon.tl import types

__all__ = ["Album", "Sight", "StoryBook", "shown"]


@dataclass(slots=True)
class Sight:
    """That somebody saw a story, and what it thought of it."""

    date: int
    reaction: types.TypeReaction | None = None


@dataclass(slots=True, eq=False)
class Album:
    """Stories that were put together, in order."""

    id: int
    title: str
    stories: list[int] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class StoryBook:
    """All stories of one peer, by number.

    Attributes:
        stories: the stories as everybody sees them; they stay here when their day is over.
        rules: who sees a story, when that is not everybody.
        sights: who saw a story, in order.
        top: stories that are pinned to the top of the profile.
        albums: in order.
        last: the highest number that was ever given.
    """

    stories: dict[int, types.StoryItem] = field(default_factory=dict)
    rules: dict[int, list[types.TypePrivacyRule]] = field(default_factory=dict)
    sights: dict[int, dict[int, Sight]] = field(default_factory=dict)
    top: list[int] = field(default_factory=list)
    albums: dict[int, Album] = field(default_factory=dict)
    last: int = 0

    def active(self, now: int) -> list[types.StoryItem]:
        """Those whose time is not over, oldest first."""
        return [story for story in self.stories.values() if unix(story.expire_date) > now]

    def pinned(self) -> list[int]:
        """The numbers of those that stay in the profile: first those at the top, then the newest."""
        kept = [number for number, story in self.stories.items() if story.pinned and number not in self.top]
        return [*(number for number in self.top if number in self.stories), *sorted(kept, reverse=True)]

    def drop(self, number: int) -> bool:
        """Throw a story away; whether there was one."""
        if self.stories.pop(number, None) is None:
            return False
        self.rules.pop(number, None)
        self.sights.pop(number, None)
        if number in self.top:
            self.top.remove(number)
        for album in self.albums.values():
            if number in album.stories:
                album.stories.remove(number)
        return True

    def views(self, number: int, named: bool) -> types.StoryViews:
        """How often a story was seen and liked.

        Args:
            number: the story.
            named: whether it is said who it was.
        """
        sights = self.sights.get(number, {})
        counts: dict[bytes, types.ReactionCount] = {}
        for sight in sights.values():
            if sight.reaction is not None:
                key = bytes(sight.reaction)
                counts.setdefault(key, types.ReactionCount(sight.reaction, 0)).count += 1
        return types.StoryViews(
            len(sights),
            has_viewers=named and bool(sights),
            forwards_count=0,
            reactions=list(counts.values()) or None,
            reactions_count=sum(one.count for one in counts.values()),
            recent_viewers=list(sights)[-3:] if named and sights else None,
        )


def shown(book: StoryBook, story: types.StoryItem, viewer: int, own: bool) -> types.StoryItem:
    """A story as an account sees it.

    Args:
        book: the stories it is one of.
        story: the story.
        viewer: the account.
        own: whether the account may see who has seen it.
    """
    fields = {name: getattr(story, name) for name in story.to_dict() if name != "_"}
    sight = book.sights.get(story.id, {}).get(viewer)
    fields["out"] = own
    fields["views"] = book.views(story.id, own)
    fields["privacy"] = book.rules.get(story.id) if own else None
    fields["sent_reaction"] = sight.reaction if sight is not None else None
    fields["albums"] = [album.id for album in book.albums.values() if story.id in album.stories] or None
    return types.StoryItem(**fields)
