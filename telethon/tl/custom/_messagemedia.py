"""Views of what a message carries: photos, files, places, polls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from telethon.tl import types
from telethon.tl.custom._messagebase import MessageBase

if TYPE_CHECKING:
    from telethon.tl.custom.file import File

    Attribute = types.TypeDocumentAttribute


class MessageMedia(MessageBase):
    """A message with its media. Every property is None when the message carries nothing of the kind.

    Source: https://core.telegram.org/type/MessageMedia
    """

    _file: File | None = None

    @property
    def photo(self) -> types.Photo | None:
        """The photo: sent as such, shown in the preview of a link, or new as the photo of the chat."""
        media = self.media
        if isinstance(media, types.MessageMediaPhoto):
            return media.photo if isinstance(media.photo, types.Photo) else None
        if isinstance(self.action, types.MessageActionChatEditPhoto):
            return cast("types.Photo | None", self.action.photo)
        preview = self.web_preview
        return preview.photo if preview is not None and isinstance(preview.photo, types.Photo) else None

    @property
    def document(self) -> types.Document | None:
        """The file of any kind that is not a photo: sent as such, or shown in the preview of a link."""
        media = self.media
        if isinstance(media, types.MessageMediaDocument):
            return media.document if isinstance(media.document, types.Document) else None
        preview = self.web_preview
        return preview.document if preview is not None and isinstance(preview.document, types.Document) else None

    @property
    def web_preview(self) -> types.WebPage | None:
        """The preview of a link, when it is loaded."""
        media = self.media
        if isinstance(media, types.MessageMediaWebPage) and isinstance(media.webpage, types.WebPage):
            return media.webpage
        return None

    @property
    def audio(self) -> types.Document | None:
        """The file, when it is audio but no voice message."""
        return self._document_by_attribute(types.DocumentAttributeAudio, "voice", False)

    @property
    def voice(self) -> types.Document | None:
        """The file, when it is a voice message."""
        return self._document_by_attribute(types.DocumentAttributeAudio, "voice", True)

    @property
    def video(self) -> types.Document | None:
        """The file, when it is a video of any kind."""
        return self._document_by_attribute(types.DocumentAttributeVideo)

    @property
    def video_note(self) -> types.Document | None:
        """The file, when it is a round video message."""
        return self._document_by_attribute(types.DocumentAttributeVideo, "round_message", True)

    @property
    def gif(self) -> types.Document | None:
        """The file, when it is an animation: a video without sound, mostly."""
        return self._document_by_attribute(types.DocumentAttributeAnimated)

    @property
    def sticker(self) -> types.Document | None:
        """The file, when it is a sticker."""
        return self._document_by_attribute(types.DocumentAttributeSticker)

    @property
    def contact(self) -> types.MessageMediaContact | None:
        """The contact."""
        return self.media if isinstance(self.media, types.MessageMediaContact) else None

    @property
    def game(self) -> types.Game | None:
        """The game."""
        return self.media.game if isinstance(self.media, types.MessageMediaGame) else None

    @property
    def geo(self) -> types.TypeGeoPoint | None:
        """The place, be it a fixed one, a venue's or a live location."""
        kinds = (types.MessageMediaGeo, types.MessageMediaGeoLive, types.MessageMediaVenue)
        return self.media.geo if isinstance(self.media, kinds) else None

    @property
    def invoice(self) -> types.MessageMediaInvoice | None:
        """The invoice."""
        return self.media if isinstance(self.media, types.MessageMediaInvoice) else None

    @property
    def poll(self) -> types.MessageMediaPoll | None:
        """The poll with its results so far."""
        return self.media if isinstance(self.media, types.MessageMediaPoll) else None

    @property
    def venue(self) -> types.MessageMediaVenue | None:
        """The venue."""
        return self.media if isinstance(self.media, types.MessageMediaVenue) else None

    @property
    def dice(self) -> types.MessageMediaDice | None:
        """The dice, darts or other thing with a random ``value``."""
        return self.media if isinstance(self.media, types.MessageMediaDice) else None

    @property
    def file(self) -> File | None:
        """The `File` that describes `photo` or `document`.

        Example:
            >>> print(message.file.name, message.file.size)
        """
        if self._file is None:
            media = self.photo or self.document
            if media is not None:
                from telethon.tl.custom.file import File

                self._file = File(media)
        return self._file

    def _document_by_attribute(
        self, kind: type[Any], flag: str | None = None, wanted: bool = True
    ) -> types.Document | None:
        """The file, when it has an attribute of that kind whose *flag* is as wanted."""
        document = self.document
        if document is not None:
            for attribute in document.attributes:
                if isinstance(attribute, kind) and (flag is None or bool(getattr(attribute, flag)) is wanted):
                    return document
        return None
