"""Names that the schema had up to layer 227, for programs that still use them.

Mostly kinds of buttons. Since then a button is a `KeyboardButton` or `KeyboardInlineButton` whose ``type`` says what it
does. Calling one of the old classes makes such a button; `isinstance` tells its kind; and the fields of the kind can be
read off the button, as `button.data` of a callback button. `telethon.tl.types` and `telethon.tl.functions.channels`
look here for names that the schema does not have any more, so only programs that use them load this.
"""

from __future__ import annotations

from typing import Any

from telethon.tl import types
from telethon.tl.functions.messages import EditChatCreatorRequest

__all__ = ["OLD_NAMES"]


class _OldButton(type):
    """Stands for the buttons of one kind, and never has objects of its own."""

    button: type[Any]
    kind: type[Any]
    fields: tuple[str, ...]

    def __call__(cls, text: str, *args: Any, style: Any = None, **kwargs: Any) -> Any:
        """The button of today that does the same."""
        if len(args) > len(cls.fields):
            raise TypeError(
                f"{cls.__name__}() takes at most {len(cls.fields) + 1} positional arguments "
                f"({', '.join(('text', *cls.fields))}), not {len(args) + 1}"
            )
        given = dict(zip(cls.fields, args, strict=False))
        twice = sorted(given.keys() & kwargs.keys())
        if twice:
            raise TypeError(f"{cls.__name__}() got {twice[0]!r} twice")
        return cls.button(text, cls.kind(**given, **kwargs), style)

    def __instancecheck__(cls, instance: object) -> bool:
        """Whether it is a button of that kind."""
        return isinstance(instance, cls.button) and isinstance(getattr(instance, "type", None), cls.kind)


_UNDER_MESSAGES = {
    "InputKeyboardButtonUrlAuth": ("InputInlineButtonTypeUrlAuth", "url bot request_write_access fwd_text"),
    "InputKeyboardButtonUserProfile": ("InputInlineButtonTypeUserProfile", "user_id"),
    "KeyboardButtonBuy": ("InlineButtonTypeBuy", ""),
    "KeyboardButtonCallback": ("InlineButtonTypeCallback", "data requires_password"),
    "KeyboardButtonCopy": ("InlineButtonTypeCopy", "copy_text"),
    "KeyboardButtonGame": ("InlineButtonTypeGame", ""),
    "KeyboardButtonSwitchInline": ("InlineButtonTypeSwitchInline", "query same_peer peer_types"),
    "KeyboardButtonUrl": ("InlineButtonTypeUrl", "url"),
    "KeyboardButtonUrlAuth": ("InlineButtonTypeUrlAuth", "url button_id fwd_text"),
    "KeyboardButtonUserProfile": ("InlineButtonTypeUserProfile", "user_id"),
    "KeyboardButtonWebView": ("InlineButtonTypeWebView", "url"),
}
_OF_KEYBOARDS = {
    "InputKeyboardButtonRequestPeer": (
        "InputButtonTypeRequestPeer",
        "button_id peer_type max_quantity name_requested username_requested photo_requested",
    ),
    "KeyboardButtonRequestGeoLocation": ("ButtonTypeRequestGeoLocation", ""),
    "KeyboardButtonRequestPeer": ("ButtonTypeRequestPeer", "button_id peer_type max_quantity"),
    "KeyboardButtonRequestPhone": ("ButtonTypeRequestPhone", ""),
    "KeyboardButtonRequestPoll": ("ButtonTypeRequestPoll", "quiz"),
    "KeyboardButtonSimpleWebView": ("ButtonTypeSimpleWebView", "url"),
}


def _make(name: str, button: type[Any], kind: str, fields: str) -> type[Any]:
    members = {
        "__module__": "telethon.tl.types",
        "__doc__": f"Buttons whose type is `{kind}`, by the name they had before.",
        "button": button,
        "kind": getattr(types, kind),
        "fields": tuple(fields.split()),
    }
    return _OldButton(name, (), members)


def _edit_creator(channel: Any, user_id: Any, password: Any) -> EditChatCreatorRequest:
    """Hand a channel over to somebody else; the request is now that of all chats."""
    return EditChatCreatorRequest(channel, user_id, password)


OLD_NAMES: dict[str, dict[str, Any]] = {
    "telethon.tl.types": {
        **{name: _make(name, types.KeyboardInlineButton, *kind) for name, kind in _UNDER_MESSAGES.items()},
        **{name: _make(name, types.KeyboardButton, *kind) for name, kind in _OF_KEYBOARDS.items()},
    },
    "telethon.tl.functions.channels": {"EditCreatorRequest": _edit_creator},
}
"""Module to old name to what stands for it."""

_FIELDS = frozenset(
    field for _, fields in (*_UNDER_MESSAGES.values(), *_OF_KEYBOARDS.values()) for field in fields.split()
)


def _field_of_kind(self: Any, name: str) -> Any:
    """What the button's type knows, for programs that look for it at the button."""
    if name in _FIELDS:
        kind = self.__dict__.get("type")
        if kind is not None and hasattr(kind, name):
            return getattr(kind, name)
    raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")


_forwarding: Any
for _forwarding in (types.KeyboardInlineButton, types.KeyboardButton):
    _forwarding.__getattr__ = _field_of_kind
