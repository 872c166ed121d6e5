"""One of the results that a bot gives to an inline query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from telethon import utils
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.tl.custom._base import Client

    Result: TypeAlias = "types.BotInlineResult | types.BotInlineMediaResult"

__all__ = ["InlineResult"]


class InlineResult:
    """One result of an inline query, to be shown or sent.

    Attributes:
        result: the ``BotInlineResult`` or ``BotInlineMediaResult`` itself.
        ARTICLE, PHOTO, GIF, VIDEO, VIDEO_GIF, AUDIO, DOCUMENT, LOCATION, VENUE, CONTACT, GAME: what `type` can be.

    Example:
        >>> results = await client.inline_query("gif", "cats")
        >>> await results[0].click("me")

    Source: https://core.telegram.org/api/bots/inline
    """

    ARTICLE: Final = "article"
    PHOTO: Final = "photo"
    GIF: Final = "gif"
    VIDEO: Final = "video"
    VIDEO_GIF: Final = "mpeg4_gif"
    AUDIO: Final = "audio"
    DOCUMENT: Final = "document"
    LOCATION: Final = "location"
    VENUE: Final = "venue"
    CONTACT: Final = "contact"
    GAME: Final = "game"

    def __init__(self, client: Any, original: Result, query_id: int | None = None, *, entity: Any = None) -> None:
        self._client: Client = client
        self.result = original
        self._query_id = query_id
        self._entity = entity

    @property
    def type(self) -> str:
        """What kind of result this is: one of the constants of the class."""
        return self.result.type

    @property
    def message(self) -> types.TypeBotInlineMessage:
        """What is sent when the result is chosen."""
        return self.result.send_message

    @property
    def title(self) -> str | None:
        """The title."""
        return self.result.title

    @property
    def description(self) -> str | None:
        """The text below the title."""
        return self.result.description

    @property
    def url(self) -> str | None:
        """The link of the result; None for those that carry a photo or document of Telegram."""
        return self.result.url if isinstance(self.result, types.BotInlineResult) else None

    @property
    def photo(self) -> types.TypePhoto | types.TypeWebDocument | None:
        """The photo, or the thumbnail of a result that is from the web."""
        return self.result.thumb if isinstance(self.result, types.BotInlineResult) else self.result.photo

    @property
    def document(self) -> types.TypeDocument | types.TypeWebDocument | None:
        """The document, or the content of a result that is from the web."""
        return self.result.content if isinstance(self.result, types.BotInlineResult) else self.result.document

    async def click(
        self,
        entity: Any = None,
        reply_to: int | types.Message | None = None,
        comment_to: int | types.Message | None = None,
        silent: bool = False,
        clear_draft: bool = False,
        hide_via: bool = False,
        background: bool | None = None,
    ) -> types.Message | None:
        """Send the result to a chat.

        Args:
            entity: where to; the chat for which the query was made, if it was made for one.
            reply_to: the message to reply to, or its id.
            comment_to: the post of a channel to comment on, or its id.
            silent: whether nobody is notified.
            clear_draft: whether the draft of the chat is gone afterwards.
            hide_via: whether the message does not show the bot; for certain bots only.
            background: whether it is sent in the background.

        Returns:
            the message sent.

        Raises:
            ValueError: there is no *entity*, and the query was not made for a chat.

        Example:
            >>> await result.click("me")

        Network: one request, more to find the chat or the post.
        """
        if entity:
            peer = await self._client.get_input_entity(entity)
        elif self._entity:
            peer = self._entity
        else:
            raise ValueError("You must provide the entity where the result should be sent to")
        answered = utils.get_message_id(reply_to)
        if comment_to:
            peer, answered = await self._client._get_comment_data(peer, comment_to)
        request = functions.messages.SendInlineBotResultRequest(
            peer=peer,
            query_id=self._query_id or 0,
            id=self.result.id,
            silent=silent,
            background=background,
            clear_draft=clear_draft,
            hide_via=hide_via,
            reply_to=None if answered is None else types.InputReplyToMessage(answered),
        )
        sent: types.Message | None = self._client._get_response_message(request, await self._client(request), peer)
        return sent

    async def download_media(self, *args: Any, **kwargs: Any) -> Any:
        """Download the document, else the photo.

        Args:
            args: as of `download_media` of the client after the media.
            kwargs: likewise.

        Returns:
            the path, or what *file* asks for; None when there is nothing to download.

        Example:
            >>> await result.download_media("result.jpg")

        Network: as `download_media` of the client.
        """
        media = self.document or self.photo
        return await self._client.download_media(media, *args, **kwargs) if media else None
