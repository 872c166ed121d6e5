"""Keyboards for messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from telethon import utils
from telethon._core.oldnames import old_names
from telethon.client.users import UserMethods
from telethon.tl import types

if TYPE_CHECKING:
    from telethon import hints
else:
    __getattr__ = old_names(__name__)

_OPTIONS: Final = ("resize", "single_use", "selective", "persistent", "placeholder")


class ButtonMethods(UserMethods):
    """Building the markup that goes with a message."""

    @staticmethod
    def build_reply_markup(buttons: hints.MarkupLike | None) -> types.TypeReplyMarkup | None:
        """The reply markup that *buttons* stand for.

        Args:
            buttons: one button, a row of buttons, a list of rows, or a markup, which is given back as it is. `None`
                means no markup.

        Raises:
            ValueError: when buttons under the message are mixed with those of the keyboard.
            TypeError: when something among them is not a button.

        Example:
            >>> markup = client.build_reply_markup(Button.inline("hi"))
            >>> await client.send_message(chat, "click me", buttons=markup)

        Source: https://core.telegram.org/type/ReplyMarkup
        """
        if buttons is None:
            return None
        if isinstance(buttons, types.ReplyInlineMarkup):
            return _with_inline_rows(buttons)
        if isinstance(buttons, _markup_classes()):
            return cast("types.TypeReplyMarkup", buttons)

        keyboard: list[types.KeyboardButtonRow] = []
        inline: list[types.KeyboardInlineButtonRow] = []
        options: dict[str, Any] = {}
        for row in _rows_of(buttons):
            normal_row: list[types.TypeKeyboardButton] = []
            inline_row: list[types.TypeKeyboardInlineButton] = []
            for item in row:
                _take_options(item, options)
                button = getattr(item, "button", item)
                if button is None or isinstance(button, _markup_classes()):
                    continue
                _place(button, normal_row, inline_row)
            if normal_row:
                keyboard.append(types.KeyboardButtonRow(normal_row))
            if inline_row:
                inline.append(types.KeyboardInlineButtonRow(inline_row))

        if keyboard and inline:
            raise ValueError("You cannot mix inline with normal buttons")
        if inline:
            return types.ReplyInlineMarkup(inline)
        return types.ReplyKeyboardMarkup(keyboard, **options)


def _with_inline_rows(markup: types.ReplyInlineMarkup) -> types.ReplyInlineMarkup:
    """The markup, or one like it when its rows are of the class that once served keyboards and messages alike."""
    rows = cast("list[types.KeyboardButtonRow | types.KeyboardInlineButtonRow]", markup.rows)
    if not any(isinstance(row, types.KeyboardButtonRow) for row in rows):
        return markup
    return types.ReplyInlineMarkup([types.KeyboardInlineButtonRow(cast("Any", row.buttons)) for row in rows])


def _markup_classes() -> tuple[type[Any], ...]:
    return (
        types.ReplyKeyboardMarkup,
        types.ReplyInlineMarkup,
        types.ReplyKeyboardHide,
        types.ReplyKeyboardForceReply,
    )


def _rows_of(buttons: Any) -> list[list[Any]]:
    items: list[Any] = list(buttons) if utils.is_list_like(buttons) else [buttons]
    rows: list[list[Any]] = []
    if not any(_is_row(item) for item in items):
        return [items]
    for item in items:
        if not _is_row(item):
            rows.append([item])
        else:
            rows.append(list(getattr(item, "buttons", item)))
    return rows


def _is_row(item: Any) -> bool:
    return utils.is_list_like(item) or isinstance(item, (types.KeyboardButtonRow, types.KeyboardInlineButtonRow))


def _take_options(item: Any, options: dict[str, Any]) -> None:
    """Keep what a button says about the whole keyboard; the last one to say something wins."""
    for name in _OPTIONS:
        value = getattr(item, name, None)
        if value is not None:
            options[name] = value


def _place(button: Any, normal: list[types.TypeKeyboardButton], inline: list[types.TypeKeyboardInlineButton]) -> None:
    if isinstance(button, types.KeyboardInlineButton):
        inline.append(button)
    elif isinstance(button, types.KeyboardButton):
        normal.append(button)
    else:
        raise TypeError(
            "buttons must be made with Button or be TL buttons, such as Button.inline('Yes') or Button.text('Yes'), "
            f"not {type(button).__name__}"
        )
