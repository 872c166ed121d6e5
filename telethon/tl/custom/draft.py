"""What was written in a chat and not sent yet."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from telethon import utils
from telethon.tl import functions, types
from telethon.tl.custom.chatgetter import _known_input_peer
from telethon.tl.tlobject import TLObject

if TYPE_CHECKING:
    from telethon.tl.custom._base import Chat, Client

__all__ = ["Draft"]


class Draft:
    """The draft of a chat, which all applications of the account share.

    Attributes:
        date: when it was changed last; None when it is empty.
        link_preview: whether the message will show the preview of a link.
        reply_to_msg_id: the message it replies to.

    Example:
        >>> async for draft in client.iter_drafts():
        ...     print(draft.text)

    Source: https://core.telegram.org/api/drafts
    """

    def __init__(self, client: Any, entity: Any, draft: types.TypeDraftMessage | None) -> None:
        self._client: Client = client
        self._peer: types.TypePeer = utils.get_peer(entity)
        self._entity: Any = None if isinstance(entity, (types.PeerUser, types.PeerChat, types.PeerChannel)) else entity
        self._input_entity: types.TypeInputPeer | None = None
        self._text: str = ""
        self._raw_text: str = ""
        self.date: datetime.datetime | None = None
        self.link_preview: bool | None = True
        self.reply_to_msg_id: int | None = None
        if isinstance(draft, types.DraftMessage):
            mode = client.parse_mode
            self._raw_text = draft.message
            self._text = mode.unparse(draft.message, draft.entities or []) if mode else draft.message
            self.date = draft.date
            self.link_preview = not draft.no_webpage
            self.reply_to_msg_id = getattr(draft.reply_to, "reply_to_msg_id", None)

    @property
    def entity(self) -> Chat | None:
        """The `User`, `Chat` or `Channel` where the draft is, when it is known."""
        chat: Chat | None = self._entity
        return chat

    @property
    def input_entity(self) -> types.TypeInputPeer | None:
        """The input peer of the chat, when its access hash is known."""
        if self._input_entity is None:
            self._input_entity = _known_input_peer(self._client, utils.get_peer_id(self._peer), self._entity)
        return self._input_entity

    async def get_entity(self) -> Chat | None:
        """The chat, asked for when it is not known.

        Example:
            >>> chat = await draft.get_entity()

        Network: nothing when `entity` is known, else one request.
        """
        if not self.entity and self.input_entity is not None:
            try:
                self._entity = await self._client.get_entity(self.input_entity)
            except ValueError:
                # Nobody can name it any more.
                pass
        return self.entity

    async def get_input_entity(self) -> types.TypeInputPeer | None:
        """The input peer of the chat, as `input_entity`. Nothing is asked for.

        Example:
            >>> peer = await draft.get_input_entity()
        """
        return self.input_entity

    @property
    def text(self) -> str:
        """The text with its formatting, in the parse mode of the client; empty for an empty draft."""
        return self._text

    @property
    def raw_text(self) -> str:
        """The text without formatting."""
        return self._raw_text

    @property
    def is_empty(self) -> bool:
        """Whether there is no text."""
        return not self._text

    async def set_message(
        self,
        text: str | None = None,
        reply_to: int | types.Message | None = 0,
        parse_mode: Any = (),
        link_preview: bool | None = None,
    ) -> bool:
        """Change the draft. What is not named stays.

        Args:
            text: the new text; empty to delete the draft.
            reply_to: the message to reply to, or its id; None for none, 0 to leave it.
            parse_mode: how the text is formatted; that of the client by default.
            link_preview: whether the message shows the preview of a link.

        Returns:
            whether the draft was saved.

        Example:
            >>> await draft.set_message("To be continued")

        Network: one request.
        """
        if text is None:
            text = self._text
        answered = self.reply_to_msg_id if reply_to == 0 else utils.get_message_id(reply_to)
        if link_preview is None:
            link_preview = self.link_preview
        raw_text, entities = await self._client._parse_message_text(text, parse_mode)
        saved = await self._client(
            functions.messages.SaveDraftRequest(
                peer=self._where(),
                message=raw_text,
                no_webpage=not link_preview,
                reply_to=None if answered is None else types.InputReplyToMessage(answered),
                entities=entities,
            )
        )
        if saved:
            self._text = text
            self._raw_text = raw_text
            self.link_preview = link_preview
            self.reply_to_msg_id = answered
            self.date = datetime.datetime.now(tz=datetime.timezone.utc)
        return saved

    async def send(self, clear: bool = True, parse_mode: Any = ()) -> None:
        """Send the draft as a message.

        Args:
            clear: whether the draft is gone afterwards.
            parse_mode: how the text is formatted; that of the client by default.

        Example:
            >>> await draft.send()

        Network: as `send_message`.
        """
        await self._client.send_message(
            self._where(),
            self.text,
            reply_to=self.reply_to_msg_id,
            link_preview=self.link_preview,
            parse_mode=parse_mode,
            clear_draft=clear,
        )

    async def delete(self) -> bool:
        """Delete the draft.

        Returns:
            whether it was deleted.

        Example:
            >>> await draft.delete()

        Network: one request.
        """
        return await self.set_message(text="")

    def _where(self) -> Any:
        """The chat for a request; the bare peer when its access hash is not known, for the client to look up."""
        return self.input_entity or self._peer

    def to_dict(self) -> dict[str, Any]:
        """The most telling attributes, by name."""
        return {
            "_": "Draft",
            "text": self.text,
            "entity": self.entity,
            "date": self.date,
            "link_preview": self.link_preview,
            "reply_to_msg_id": self.reply_to_msg_id,
        }

    def __str__(self) -> str:
        return TLObject.pretty_format(self.to_dict())

    def stringify(self) -> str:
        """The draft as indented text."""
        return TLObject.pretty_format(self.to_dict(), indent=0)
