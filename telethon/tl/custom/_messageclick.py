"""The buttons of messages, and choosing one of them to press."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from telethon import utils
from telethon.tl import functions, types
from telethon.tl.custom._messagebase import MessageBase
from telethon.tl.custom.messagebutton import MessageButton, ask_bot

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from telethon.tl.custom.messagebutton import Phone, Place

    TextChoice: TypeAlias = "str | Callable[[str], object]"

_WITH_BUTTONS = (types.ReplyInlineMarkup, types.ReplyKeyboardMarkup)


class MessageClick(MessageBase):
    """A message with its buttons."""

    _buttons: list[list[MessageButton]] | None = None
    _buttons_flat: list[MessageButton] | None = None
    _buttons_count: int | None = None

    @property
    def buttons(self) -> list[list[MessageButton]] | None:
        """The buttons by rows; None when there are none, or not enough is known: see `get_buttons`.

        Example:
            >>> await message.buttons[0][0].click()
        """
        if self._buttons is None and self.reply_markup and (chat := self.input_chat) is not None:
            try:
                bot = self._needed_markup_bot()
            except ValueError:
                return None
            self._set_buttons(chat, bot)
        return self._buttons

    async def get_buttons(self) -> list[list[MessageButton]] | None:
        """The buttons by rows; None when there are none.

        Example:
            >>> buttons = await message.get_buttons()

        Network: nothing when `buttons` are known, else one request, or two.
        """
        if not self.buttons and self.reply_markup:
            chat = await self.get_input_chat()
            if chat is None:
                return None
            bot: types.TypeInputPeer | None = None
            try:
                bot = self._needed_markup_bot()
            except ValueError:
                await self._reload_message()
                try:
                    bot = self._needed_markup_bot()
                except ValueError:
                    # All but the buttons that begin an inline query work without it.
                    pass
            self._set_buttons(chat, bot)
        return self._buttons

    @property
    def button_count(self) -> int:
        """How many buttons there are."""
        if self._buttons_count is None:
            markup = self.reply_markup
            rows: Sequence[Any] = markup.rows if isinstance(markup, _WITH_BUTTONS) else ()
            self._buttons_count = sum(len(row.buttons) for row in rows)
        return self._buttons_count

    def _set_buttons(self, chat: types.TypeInputPeer, bot: types.TypeInputPeer | None) -> None:
        markup = self.reply_markup
        if self._client is None or not isinstance(markup, _WITH_BUTTONS):
            return
        rows: Sequence[Any] = markup.rows
        self._buttons = [
            [MessageButton(self._client, button, chat, bot, self.id) for button in row.buttons] for row in rows
        ]
        self._buttons_flat = [button for row in self._buttons for button in row]

    def _needed_markup_bot(self) -> types.TypeInputPeer | None:
        """The bot that answers the inline queries which buttons begin; None when there are no such buttons.

        Raises:
            ValueError: it is not known.
        """
        markup = self.reply_markup
        if not isinstance(markup, types.ReplyInlineMarkup):
            return None
        for row in markup.rows:
            for button in row.buttons:
                if isinstance(button.type, types.InlineButtonTypeSwitchInline):
                    # What was sent through a bot has the user as sender, and the buttons of the bot.
                    bot = self._input_peer_of_via_bot() if self.via_bot_id else self.input_sender
                    if bot is None:
                        raise ValueError("No input sender")
                    return bot
        return None

    def _input_peer_of_via_bot(self) -> types.TypeInputPeer | None:
        if self._via_input_bot is None and self._client is not None and self.via_bot_id:
            known = self._client._mb_entity_cache.get(self.via_bot_id)
            self._via_input_bot = None if known is None else known._as_input_peer()
        return self._via_input_bot

    async def click(
        self,
        i: int | Sequence[int] | None = None,
        j: int | None = None,
        *,
        text: TextChoice | None = None,
        filter: Callable[[Any], object] | None = None,
        data: bytes | str | None = None,
        share_phone: Phone = None,
        share_geo: Place = None,
        password: str | None = None,
        open_url: bool | None = None,
    ) -> Any:
        """Press a button, or vote in a poll.

        Without a choice, the first button is pressed; in a poll, the vote is taken back.

        Args:
            i: the number of the button, counted from 0 and row by row; with *j*, the number of the row. In a poll, the
                number of the answer, or a list of them.
            j: the number of the button in the row.
            text: the text of the button or answer, or a function that says of a text whether it is the one.
            filter: a function that says of a `MessageButton` (of a ``PollAnswer`` in a poll) whether it is the one.
            data: what to send to the bot, as if a button with this data had been there to press.
            share_phone: see `MessageButton.click`, as the following.
            share_geo: see there.
            password: see there.
            open_url: see there.

        Returns:
            what `MessageButton.click` gives, or for polls the ``Updates``; None when no button or answer is the one.

        Raises:
            ValueError: more than one of *i*, *text* and *filter* is given.
            IndexError: there is no button or answer with that number.

        Example:
            >>> await message.click(0)
            >>> await message.click(text="Yes")
            >>> await message.click(filter=lambda button: button.data == b"yes")

        Network: one request, mostly.
        """
        client = self._client
        if client is None:
            return None
        if data is not None:
            chat = await self.get_input_chat()
            if chat is None:
                return None
            sent = data.encode("utf-8") if isinstance(data, str) else data
            return await ask_bot(client, chat, self.id, data=sent, password=password)
        if sum(choice is not None for choice in (i, text, filter)) > 1:
            raise ValueError("You can only set either of i, text or filter")
        if isinstance(self.media, types.MessageMediaPoll):
            return await self._vote(self.media.poll.answers, i, text, filter)
        if not await self.get_buttons():
            return None
        button = self._choose(i, j, text, filter)
        if button is None:
            return None
        return await button.click(share_phone, share_geo, password=password, open_url=open_url)

    def _choose(
        self, i: Any, j: int | None, text: TextChoice | None, filter: Callable[[Any], object] | None
    ) -> MessageButton | None:
        buttons, flat = self._buttons or [], self._buttons_flat or []
        if text is not None:
            return next((button for button in flat if _is_text(button.text, text)), None)
        if filter is not None:
            return next((button for button in flat if filter(button)), None)
        number: int = 0 if i is None else i
        return flat[number] if j is None else buttons[number][j]

    async def _vote(
        self,
        answers: Sequence[Any],
        i: int | Sequence[int] | None,
        text: TextChoice | None,
        filter: Callable[[Any], object] | None,
    ) -> types.TypeUpdates | None:
        """Vote for the answers chosen; for none of them when nothing is chosen.

        Source: https://core.telegram.org/method/messages.sendVote
        """
        options: list[bytes]
        if text is not None or filter is not None:
            fits: Callable[[Any], object] = filter or (lambda answer: _is_text(answer.text.text, text or ""))
            options = [answer.option for answer in answers if fits(answer)][:1]
            if not options:
                return None
        else:
            numbers: Sequence[int] = i if utils.is_list_like(i) else () if i is None else (i,)  # type: ignore[assignment]
            options = [answers[number].option for number in numbers]
        client, peer = self._client, await self.get_input_chat()
        if client is None or peer is None:
            return None
        return await client(functions.messages.SendVoteRequest(peer=peer, msg_id=self.id, options=options))

    async def _reload_message(self) -> None:
        """Get the message again, for the users and chats that come with it; for classes that can."""


def _is_text(found: str, wanted: TextChoice) -> bool:
    return bool(wanted(found)) if callable(wanted) else found == wanted
