"""Buttons: up to layer 227 each kind was a constructor of its own, later ones have a button and, in it, its kind."""

from __future__ import annotations

from typing import Any

from telethon.tl import types

__all__ = ["ROW", "new_button", "new_row", "old_name"]

ROW = "keyboardButtonRow#77608b83 buttons:Vector<KeyboardButton> = KeyboardButtonRow;"
"""Its number stayed, but only rows outside of messages have it now."""

_BELOW_MESSAGES = {
    "keyboardButtonUrl": "InlineButtonTypeUrl",
    "keyboardButtonCallback": "InlineButtonTypeCallback",
    "keyboardButtonSwitchInline": "InlineButtonTypeSwitchInline",
    "keyboardButtonGame": "InlineButtonTypeGame",
    "keyboardButtonBuy": "InlineButtonTypeBuy",
    "keyboardButtonUrlAuth": "InlineButtonTypeUrlAuth",
    "inputKeyboardButtonUrlAuth": "InputInlineButtonTypeUrlAuth",
    "keyboardButtonUserProfile": "InlineButtonTypeUserProfile",
    "inputKeyboardButtonUserProfile": "InputInlineButtonTypeUserProfile",
    "keyboardButtonWebView": "InlineButtonTypeWebView",
    "keyboardButtonCopy": "InlineButtonTypeCopy",
}
_OF_KEYBOARDS = {
    "keyboardButton": "ButtonTypeDefault",
    "keyboardButtonRequestPhone": "ButtonTypeRequestPhone",
    "keyboardButtonRequestGeoLocation": "ButtonTypeRequestGeoLocation",
    "keyboardButtonRequestPoll": "ButtonTypeRequestPoll",
    "keyboardButtonRequestPeer": "ButtonTypeRequestPeer",
    "inputKeyboardButtonRequestPeer": "InputButtonTypeRequestPeer",
    "keyboardButtonSimpleWebView": "ButtonTypeSimpleWebView",
}
_OLD_NAMES = {
    **{kind: name for name, kind in _BELOW_MESSAGES.items()},
    **{kind: name for name, kind in _OF_KEYBOARDS.items()},
    # Nothing happens when it is pressed, and nothing else was said of it then.
    "InlineButtonTypeDisabled": "keyboardButton",
}


def old_name(kind: object) -> str:
    """The constructor that a button of that kind had.

    Raises:
        KeyError: there was none.
    """
    return _OLD_NAMES[type(kind).__name__]


def new_button(name: str, values: dict[str, Any]) -> Any:
    """The button that an old constructor stands for, or None when it stands for no button.

    Args:
        name: of the constructor.
        values: its fields.
    """
    kind = _BELOW_MESSAGES.get(name) or _OF_KEYBOARDS.get(name)
    if kind is None:
        return None
    text, style = values.pop("text"), values.pop("style", None)
    made = getattr(types, kind)(**values)
    if name in _BELOW_MESSAGES:
        return types.KeyboardInlineButton(text, made, style)
    return types.KeyboardButton(text, made, style)


def new_row(buttons: list[Any]) -> Any:
    """A row of buttons; those below messages have rows of their own now."""
    if buttons and all(isinstance(button, types.KeyboardInlineButton) for button in buttons):
        return types.KeyboardInlineButtonRow(buttons)
    return types.KeyboardButtonRow(buttons)
