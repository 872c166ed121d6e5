"""Making buttons for messages and keyboards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telethon import utils
from telethon.tl import types

if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    Style: TypeAlias = "Literal['primary', 'danger', 'success'] | types.KeyboardButtonStyle | None"

__all__ = ["Button"]

#: Bytes that a button may send to its bot.
_MOST_DATA = 64


class Button:
    """Makes buttons; the methods say which.

    Buttons under a message (`inline`, `url`, `switch_inline`, `auth`, `buy`, `game`) belong to that message. The other
    ones replace the keyboard of whoever reads the message, or give it another form. Only bots may send buttons.

    All of them take ``style``, the colour: ``"primary"`` (blue), ``"danger"`` (red) or ``"success"`` (green); and
    ``icon``, the id of a custom emoji that stands before the text. Those of the keyboard take options for the whole of
    it, and the last button that says something counts: ``resize`` (no higher than needed), ``single_use`` (gone after
    the first press), ``selective`` (only for those mentioned or replied to), ``persistent`` (always shown) and
    ``placeholder`` (shown in the empty input field).

    Attributes:
        button: the ``KeyboardButton`` made.
        resize: see above, as the others.
        single_use: see above.
        selective: see above.
        persistent: see above.
        placeholder: see above.

    Example:
        >>> await client.send_message(chat, "Pick one", buttons=[
        ...     [Button.inline("Left"), Button.inline("Right", b"r")],
        ...     [Button.url("Look it up", "https://example.com")],
        ... ])
        >>> await client.send_message(chat, "Where are you?", buttons=Button.request_location("Here", resize=True))

    Source: https://core.telegram.org/api/bots/buttons
    """

    def __init__(
        self,
        button: types.KeyboardButton,
        *,
        resize: bool | None,
        single_use: bool | None,
        selective: bool | None,
        persistent: bool | None,
        placeholder: str | None,
    ) -> None:
        self.button = button
        self.resize = resize
        self.single_use = single_use
        self.selective = selective
        self.persistent = persistent
        self.placeholder = placeholder

    @staticmethod
    def _is_inline(button: object) -> bool:
        """Whether the button belongs under a message."""
        return isinstance(button, types.KeyboardInlineButton)

    @staticmethod
    def _get_style(style: Style, icon: int | None) -> types.KeyboardButtonStyle:
        if isinstance(style, types.KeyboardButtonStyle):
            return style
        if style not in (None, "primary", "danger", "success"):
            raise ValueError(
                "Invalid value. Must be either one of 'primary' (blue) , 'danger' (red) and 'success' (green) , or None"
            )
        return types.KeyboardButtonStyle(
            bg_primary=style == "primary" or None,
            bg_danger=style == "danger" or None,
            bg_success=style == "success" or None,
            icon=icon,
        )

    # ---- under a message

    @staticmethod
    def inline(
        text: str, data: str | bytes | None = None, style: Style = None, icon: int | None = None
    ) -> types.KeyboardInlineButton:
        """A button that sends *data* to the bot, which gets an `events.CallbackQuery`.

        Args:
            text: what it shows.
            data: at most 64 bytes; the text when left out.
            style: its colour.
            icon: the custom emoji before the text.

        Raises:
            ValueError: there is too much data.

        Example:
            >>> await bot.send_message(chat, "Sure?", buttons=[Button.inline("Yes", b"y"), Button.inline("No", b"n")])
        """
        if not data:
            data = text.encode("utf-8")
        elif not isinstance(data, (bytes, bytearray, memoryview)):
            data = str(data).encode("utf-8")
        if len(data) > _MOST_DATA:
            raise ValueError(f"Too many bytes for the data: a button can hold {_MOST_DATA}, and this has {len(data)}")
        return _inline(text, types.InlineButtonTypeCallback(bytes(data)), style, icon)

    @staticmethod
    def switch_inline(
        text: str, query: str = "", same_peer: bool = False, style: Style = None, icon: int | None = None
    ) -> types.KeyboardInlineButton:
        """A button that begins an inline query to the bot.

        Args:
            text: what it shows.
            query: the text of the query after the name of the bot.
            same_peer: whether it is put in the chat where the button is; else the user picks one.
            style: its colour.
            icon: the custom emoji before the text.

        Example:
            >>> await bot.send_message(chat, "Choose", buttons=Button.switch_inline("Share", "cats"))
        """
        return _inline(text, types.InlineButtonTypeSwitchInline(query, same_peer), style, icon)

    @staticmethod
    def url(
        text: str, url: str | None = None, style: Style = None, icon: int | None = None
    ) -> types.KeyboardInlineButton:
        """A button that opens a link.

        Args:
            text: what it shows.
            url: the link; the text when left out.
            style: its colour.
            icon: the custom emoji before the text.

        Example:
            >>> await bot.send_message(chat, "Choose", buttons=Button.url("Look it up", "https://example.com"))
        """
        return _inline(text, types.InlineButtonTypeUrl(url or text), style, icon)

    @staticmethod
    def auth(
        text: str,
        url: str | None = None,
        style: Style = None,
        icon: int | None = None,
        *,
        bot: Any = None,
        write_access: bool = False,
        fwd_text: str | None = None,
    ) -> types.KeyboardInlineButton:
        """A button that logs in at a website with the Telegram account.

        Args:
            text: what it shows.
            url: the page to open; the text when left out. It must be of the domain that the bot is set up for.
            style: its colour.
            icon: the custom emoji before the text.
            bot: the bot that stands for the website, as an input user or user; the one that sends by default.
            write_access: whether the bot asks to be allowed to write to the user.
            fwd_text: what it shows when the message is forwarded.

        Example:
            >>> await bot.send_message(chat, "Choose", buttons=Button.auth("Log in", "https://example.com/login"))

        Source: https://core.telegram.org/api/url-authorization
        """
        kind = types.InputInlineButtonTypeUrlAuth(
            url=url or text,
            request_write_access=write_access,
            fwd_text=fwd_text,
            bot=utils.get_input_user(bot or types.InputUserSelf()),
        )
        return _inline(text, kind, style, icon)

    @staticmethod
    def buy(text: str, style: Style = None, icon: int | None = None) -> types.KeyboardInlineButton:
        """A button that pays the invoice in the message; it must be the first of them.

        Args:
            text: what it shows.
            style: its colour.
            icon: the custom emoji before the text.

        Example:
            >>> button = Button.buy("Pay")

        Source: https://core.telegram.org/api/payments
        """
        return _inline(text, types.InlineButtonTypeBuy(), style, icon)

    @staticmethod
    def game(text: str, style: Style = None, icon: int | None = None) -> types.KeyboardInlineButton:
        """A button that starts the game in the message; it must be the first of them.

        Args:
            text: what it shows.
            style: its colour.
            icon: the custom emoji before the text.

        Example:
            >>> button = Button.game("Play")

        Source: https://core.telegram.org/api/bots/games
        """
        return _inline(text, types.InlineButtonTypeGame(), style, icon)

    # ---- on the keyboard

    @classmethod
    def text(
        cls,
        text: str,
        *,
        resize: bool | None = None,
        single_use: bool | None = None,
        selective: bool | None = None,
        persistent: bool | None = None,
        placeholder: str | None = None,
        style: Style = None,
        icon: int | None = None,
    ) -> Button:
        """A key that sends its text as a message. Options: see the class.

        Args:
            text: what it shows, and sends.
            resize: whether the keyboard is no higher than needed.
            single_use: whether it goes away after the first press.
            selective: whether only those see it who are mentioned or replied to.
            persistent: whether it is always shown.
            placeholder: what the empty input field shows.
            style: its colour.
            icon: the custom emoji before the text.

        Example:
            >>> await bot.send_message(chat, "What?", buttons=[Button.text("Tea", resize=True), Button.text("Coffee")])
        """
        return cls(
            types.KeyboardButton(text, types.ButtonTypeDefault(), cls._get_style(style, icon)),
            resize=resize,
            single_use=single_use,
            selective=selective,
            persistent=persistent,
            placeholder=placeholder,
        )

    @classmethod
    def request_location(
        cls,
        text: str,
        style: Style = None,
        icon: int | None = None,
        *,
        resize: bool | None = None,
        single_use: bool | None = None,
        selective: bool | None = None,
        persistent: bool | None = None,
        placeholder: str | None = None,
    ) -> Button:
        """A key that sends where the user is, once they agree. Options: see the class.

        Args:
            text: what it shows.
            style: its colour.
            icon: the custom emoji before the text.
            resize: whether the keyboard is no higher than needed.
            single_use: whether it goes away after the first press.
            selective: whether only those see it who are mentioned or replied to.
            persistent: whether it is always shown.
            placeholder: what the empty input field shows.

        Example:
            >>> await bot.send_message(chat, "Choose", buttons=Button.request_location("Where I am", single_use=True))
        """
        return cls(
            types.KeyboardButton(text, types.ButtonTypeRequestGeoLocation(), cls._get_style(style, icon)),
            resize=resize,
            single_use=single_use,
            selective=selective,
            persistent=persistent,
            placeholder=placeholder,
        )

    @classmethod
    def request_phone(
        cls,
        text: str,
        style: Style = None,
        icon: int | None = None,
        *,
        resize: bool | None = None,
        single_use: bool | None = None,
        selective: bool | None = None,
        persistent: bool | None = None,
        placeholder: str | None = None,
    ) -> Button:
        """A key that sends the phone number of the user, once they agree. Options: see the class.

        Args:
            text: what it shows.
            style: its colour.
            icon: the custom emoji before the text.
            resize: whether the keyboard is no higher than needed.
            single_use: whether it goes away after the first press.
            selective: whether only those see it who are mentioned or replied to.
            persistent: whether it is always shown.
            placeholder: what the empty input field shows.

        Example:
            >>> await bot.send_message(chat, "Choose", buttons=Button.request_phone("My number", single_use=True))
        """
        return cls(
            types.KeyboardButton(text, types.ButtonTypeRequestPhone(), cls._get_style(style, icon)),
            resize=resize,
            single_use=single_use,
            selective=selective,
            persistent=persistent,
            placeholder=placeholder,
        )

    @classmethod
    def request_poll(
        cls,
        text: str,
        style: Style = None,
        icon: int | None = None,
        *,
        force_quiz: bool = False,
        resize: bool | None = None,
        single_use: bool | None = None,
        selective: bool | None = None,
        persistent: bool | None = None,
        placeholder: str | None = None,
    ) -> Button:
        """A key that lets the user make a poll, which is then sent. Options: see the class.

        Args:
            text: what it shows.
            style: its colour.
            icon: the custom emoji before the text.
            force_quiz: whether it must be a quiz, with one right answer.
            resize: as the following: see the class.
            single_use: see the class.
            selective: see the class.
            persistent: see the class.
            placeholder: see the class.

        Example:
            >>> await bot.send_message(chat, "Choose", buttons=Button.request_poll("Ask the others"))
        """
        return cls(
            types.KeyboardButton(text, types.ButtonTypeRequestPoll(force_quiz), cls._get_style(style, icon)),
            resize=resize,
            single_use=single_use,
            selective=selective,
            persistent=persistent,
            placeholder=placeholder,
        )

    # ---- instead of a keyboard

    @staticmethod
    def clear(selective: bool | None = None) -> types.ReplyKeyboardHide:
        """What takes a keyboard away. It stands alone.

        Args:
            selective: whether only for those mentioned or replied to.

        Example:
            >>> await bot.send_message(chat, "Choose", buttons=Button.clear())
        """
        return types.ReplyKeyboardHide(selective=selective)

    @staticmethod
    def force_reply(
        single_use: bool | None = None, selective: bool | None = None, placeholder: str | None = None
    ) -> types.ReplyKeyboardForceReply:
        """What makes the input field reply to the message. It stands alone.

        Args:
            single_use: whether only the next message replies.
            selective: whether only for those mentioned or replied to.
            placeholder: shown in the empty input field.

        Example:
            >>> await bot.send_message(chat, "Choose", buttons=Button.force_reply(placeholder="Your name"))
        """
        return types.ReplyKeyboardForceReply(single_use=single_use, selective=selective, placeholder=placeholder)


def _inline(text: str, kind: types.TypeInlineButtonType, style: Style, icon: int | None) -> types.KeyboardInlineButton:
    return types.KeyboardInlineButton(text, kind, Button._get_style(style, icon))
