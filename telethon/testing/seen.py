"""What simulated people see: messages with their buttons and files, and results of inline queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telethon.testing.world.media import DocumentMedia, PhotoMedia
from telethon.testing.world.post import box_number
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing.actors import SimulatedChat
    from telethon.testing.world.letters import Letter
    from telethon.testing.world.world import World

__all__ = ["InlineResults", "SeenButton", "SeenMessage"]


@dataclass(frozen=True)
class SeenButton:
    """A button.

    Attributes:
        text: what stands on it.
        data: what the bot gets when it is pressed, if it asks the bot.
        url: what it opens, if anything.
        kind: the type of an inline button; None for one of a reply keyboard.
    """

    text: str
    data: bytes | None = None
    url: str | None = None
    kind: types.TypeInlineButtonType | None = None


class SeenMessage:
    """A message as somebody sees it now.

    Args:
        world: where it is.
        letter: the message.
        viewer: who looks.
        peer: the chat, as the viewer sees it.

    Attributes:
        id: its number for the viewer.
        text: its text.
        entities: its formatting.
        sender_id: who wrote it.
        buttons: rows of buttons.
    """

    def __init__(self, world: World, letter: Letter, viewer: int, peer: int) -> None:
        self._world = world
        self._letter = letter
        self._viewer = viewer
        self._peer = peer
        self.id = box_number(letter, viewer)
        self.text = letter.text
        self.entities = list(letter.entities or ())
        self.sender_id = letter.author
        self.date = letter.date
        self.edited = letter.edit_date is not None
        self.buttons = _buttons(letter.markup)

    def __repr__(self) -> str:
        return f"SeenMessage(id={self.id}, sender_id={self.sender_id}, {len(self.text)} characters)"

    @property
    def raw(self) -> types.TypeMessage:
        """The object of the schema."""
        owner = self._peer if self._peer < 0 and self._letter.copies.get(self._peer) else self._viewer
        return self._world.views.message(self._letter, owner, self._viewer)

    @property
    def media(self) -> types.TypeMessageMedia | None:
        """What is attached, as an object of the schema."""
        return self._letter.media.tl(self._viewer) if self._letter.media is not None else None

    @property
    def file(self) -> bytes | None:
        """The bytes of the attached file or picture, if there is one."""
        media = self._letter.media
        if isinstance(media, DocumentMedia):
            return media.document.data
        if isinstance(media, PhotoMedia):
            return media.photo.sizes[-1][3]
        return None

    @property
    def file_name(self) -> str | None:
        """The name of the attached file, if it has one."""
        media = self._letter.media
        if isinstance(media, DocumentMedia):
            for attribute in media.document.attributes:
                if isinstance(attribute, types.DocumentAttributeFilename):
                    return attribute.file_name
        return None

    @property
    def reply_to_id(self) -> int | None:
        """The number of the message that it answers, if it answers one."""
        quote = self._letter.quote
        return box_number(quote.letter, self._viewer) or None if quote is not None else None

    @property
    def deleted(self) -> bool:
        """Whether the viewer's copy is gone."""
        return not box_number(self._letter, self._viewer)


def _buttons(markup: types.TypeReplyMarkup | None) -> list[list[SeenButton]]:
    if isinstance(markup, types.ReplyInlineMarkup):
        return [
            [
                SeenButton(
                    button.text, getattr(button.type, "data", None), getattr(button.type, "url", None), button.type
                )
                for button in row.buttons
            ]
            for row in markup.rows
        ]
    if isinstance(markup, types.ReplyKeyboardMarkup):
        return [[SeenButton(button.text) for button in row.buttons] for row in markup.rows]
    return []


class InlineResults:
    """What a bot offers.

    Args:
        chat: where the query was made.
        answer: what the bot answered.

    Attributes:
        answer: as given.
    """

    def __init__(self, chat: SimulatedChat, answer: types.messages.BotResults) -> None:
        self._chat = chat
        self.answer = answer

    def __len__(self) -> int:
        return len(self.answer.results)

    @property
    def titles(self) -> list[str]:
        """The titles of the results."""
        return [getattr(result, "title", None) or "" for result in self.answer.results]

    async def send(self, index: int = 0) -> SeenMessage:
        """Send one of them in the chat.

        Args:
            index: which one, counted from 0.

        Raises:
            RpcFault: the server refuses.
        """
        chat = self._chat
        request = functions.messages.SendInlineBotResultRequest(
            chat.user.input_peer(chat.peer),
            query_id=self.answer.query_id,
            id=self.answer.results[index].id,
            random_id=self.answer.query_id ^ index,
        )
        await chat.user.call(request)
        return chat.last()
