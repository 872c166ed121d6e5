"""Stories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

from telethon import utils
from telethon.events._user import ActorEvent
from telethon.events.common import EventBuilder, name_inner_event
from telethon.tl import functions, types

if TYPE_CHECKING:
    import datetime

__all__ = ["Story", "StoryEvent"]


class StoryEvent(ActorEvent):
    """A story was posted, changed or deleted. Chat and sender are whoever posted it.

    Args:
        update: the update.

    Attributes:
        story: the story, as far as it is told.
    """

    story: types.TypeStoryItem

    def __init__(self, update: types.UpdateStory) -> None:
        super().__init__(utils.get_peer_id(update.peer), update.peer)
        self.story = update.story

    @property
    def story_id(self) -> int:
        """The id of the story; each chat counts its own."""
        return self.story.id

    @property
    def deleted(self) -> bool:
        """Whether the story was deleted, or has come to its end."""
        return isinstance(self.story, types.StoryItemDeleted)

    @property
    def edited(self) -> bool:
        """Whether the story was changed after it was posted."""
        return bool(getattr(self.story, "edited", None))

    @property
    def is_complete(self) -> bool:
        """Whether everything of the story is told; otherwise `get_story` gets it."""
        return isinstance(self.story, types.StoryItem) and not self.story.min

    @property
    def raw_text(self) -> str:
        """The caption without formatting."""
        return getattr(self.story, "caption", None) or ""

    @property
    def text(self) -> str:
        """The caption, formatted in the parse mode of the client."""
        mode: Any = self.client.parse_mode
        raw = self.raw_text
        return mode.unparse(raw, getattr(self.story, "entities", None) or []) if mode and raw else raw

    @property
    def media(self) -> types.TypeMessageMedia | None:
        """The photo or video; None when it is not told."""
        return getattr(self.story, "media", None)

    @property
    def date(self) -> datetime.datetime | None:
        """When it was posted; None for deleted ones."""
        return getattr(self.story, "date", None)

    @property
    def expires(self) -> datetime.datetime | None:
        """Until when everybody can see it; None for deleted ones."""
        return getattr(self.story, "expire_date", None)

    async def get_story(self) -> types.StoryItem | None:
        """The whole story; None when it is not there any more.

        Network: one request when the story is not complete.
        """
        if not self.is_complete and not self.deleted:
            peer = cast("types.TypeInputPeer", await self.get_input_chat())
            found = await self.client(functions.stories.GetStoriesByIDRequest(peer, [self.story_id]))
            self.story = next(iter(found.stories), types.StoryItemDeleted(self.story_id))
        return self.story if isinstance(self.story, types.StoryItem) else None

    async def download_media(self, *args: Any, **kwargs: Any) -> Any:
        """Download the photo or video; takes the arguments of `client.download_media` after the message.

        Returns:
            What `client.download_media` gives; None when there is nothing to download.

        Network: that of `client.download_media`, and one request when the story is not complete.
        """
        story = await self.get_story()
        return (
            await cast("Any", self.client).download_media(story.media, *args, **kwargs) if story is not None else None
        )

    async def react(self, emoji: str | None) -> None:
        """React to the story.

        Args:
            emoji: with what; None takes it back.

        Network: one request.
        Source: https://core.telegram.org/method/stories.sendReaction
        """
        peer = cast("types.TypeInputPeer", await self.get_input_chat())
        reaction = types.ReactionEmoji(emoji) if emoji is not None else types.ReactionEmpty()
        await self.client(functions.stories.SendReactionRequest(peer, self.story_id, reaction))

    async def mark_read(self) -> None:
        """Mark this story and the earlier ones of the chat as seen.

        Network: one request.
        Source: https://core.telegram.org/method/stories.readStories
        """
        peer = cast("types.TypeInputPeer", await self.get_input_chat())
        await self.client(functions.stories.ReadStoriesRequest(peer, self.story_id))


@name_inner_event
class Story(EventBuilder[StoryEvent]):
    """Happens when somebody whose stories one sees posts a story, changes one or deletes it.

    Args:
        chats: whose stories are wanted; None for everybody's.
        blacklist_chats: whether it is these whose stories are *not* wanted.
        func: only events for which it gives something true are wanted. It may be asynchronous.

    Example:
        >>> @client.on(events.Story)
        ... async def handler(event):
        ...     if not event.deleted:
        ...         await event.download_media("stories/")

    Source: https://core.telegram.org/api/stories
    """

    Event: TypeAlias = StoryEvent

    @classmethod
    def build(cls, update: Any, others: list[Any] | None = None, self_id: int | None = None) -> StoryEvent | None:
        """The event of a story; None for other updates."""
        return cls.Event(update) if isinstance(update, types.UpdateStory) else None
