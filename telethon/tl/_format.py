"""How an object looks as text, and what to say when it cannot be serialised."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeGuard, cast

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

__all__ = ["pretty_format", "serialization_error"]


def pretty_format(obj: object, indent: int | None = None) -> str:
    """Text like the call that makes the object; see `TLObject.pretty_format`."""
    parts: list[str] = []
    (_one_line if indent is None else _indented)(obj, parts.append, indent or 0)
    return "".join(parts)


_PLAIN = frozenset({bool, int, float, str, bytes, datetime, type(None)})
"""What is shown as Python shows it; most values are one of these."""

_SECRET = frozenset({
    "M1", "api_hash", "bot_auth_token", "code", "encryption_key", "future_auth_token", "google_token",
    "ios_push_secret", "new_password_hash", "phone_code", "phone_code_hash", "play_integrity_token", "pnv_token",
    "safety_net_token", "secret", "secure_secret", "tmp_password", "web_auth_token",
})  # fmt: skip
"""Attributes with which somebody could log in or read along, whatever object has them."""

_SECRET_IN = frozenset({
    ("AcceptLoginTokenRequest", "token"),
    ("EmailVerificationApple", "token"),
    ("EmailVerificationGoogle", "token"),
    ("ExportedAuthorization", "bytes"),
    ("ImportAuthorizationRequest", "bytes"),
    ("ImportLoginTokenRequest", "token"),
    ("LoginToken", "token"),
    ("LoginTokenMigrateTo", "token"),
    ("PhoneConnectionWebrtc", "password"),
})  # fmt: skip
"""The same where the name means something harmless in other objects."""


def _plain(owner: object, name: str, value: object) -> str:
    """A value as text, unless it is a secret: texts of objects end up in logs."""
    if value and isinstance(value, (str, bytes)) and (name in _SECRET or (owner, name) in _SECRET_IN):
        return "<hidden>"
    return repr(value)


# Values can be anything, so the two functions below are typed for what they look into only.


def _one_line(obj: Any, out: Callable[[str], object], _: int) -> None:
    if _is_object(obj):
        obj = obj.to_dict()
    if isinstance(obj, dict):
        items = cast("dict[str, Any]", obj)
        out(f"{items.get('_', 'dict')}(")
        separator = ""
        for name, value in items.items():
            if name == "_":
                continue
            if value.__class__ in _PLAIN:
                out(f"{separator}{name}={_plain(items.get('_'), name, value)}")
            else:
                out(f"{separator}{name}=")
                _one_line(value, out, 0)
            separator = ", "
        out(")")
    elif _is_sequence(obj):
        out("[")
        for number, item in enumerate(obj):
            if number:
                out(", ")
            _one_line(item, out, 0)
        out("]")
    else:
        out(repr(obj))


def _indented(obj: Any, out: Callable[[str], object], indent: int) -> None:
    if _is_object(obj):
        obj = obj.to_dict()
    if isinstance(obj, dict):
        content = cast("dict[str, Any]", obj)
        out(f"{content.get('_', 'dict')}(")
        if content:
            start = "\n" + "\t" * (indent + 1)
            separator = start
            for name, value in content.items():
                if name == "_":
                    continue
                if value.__class__ in _PLAIN:
                    out(f"{separator}{name}={_plain(content.get('_'), name, value)}")
                else:
                    out(f"{separator}{name}=")
                    _indented(value, out, indent + 1)
                separator = "," + start
            out("\n" + "\t" * indent)
        out(")")
    elif _is_sequence(obj):
        out("[\n")
        start = "\t" * (indent + 1)
        for item in obj:
            out(start)
            _indented(item, out, indent + 1)
            out(",\n")
        out("\t" * indent + "]")
    else:
        out(repr(obj))


def _is_object(value: object) -> TypeGuard[TLObject]:
    # Not by its class: that module loads this one.
    return hasattr(type(value), "CONSTRUCTOR_ID")


def _is_sequence(value: object) -> TypeGuard[Iterable[Any]]:
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes))


def serialization_error(obj: TLObject, error: Exception) -> Exception:
    """An error like `error` that also names the innermost object that cannot become bytes, and the types it holds."""
    for child in _children(obj):
        try:
            child._bytes()
        except (AttributeError, TypeError, OverflowError, ValueError, struct.error) as inner:
            return inner
    held = ", ".join(f"{name}: {type(getattr(obj, name, None)).__name__}" for name in getattr(obj, "_FIELDS", ()))
    if isinstance(error, AttributeError):
        error = TypeError("a TLObject was expected but found something else")
    misfits = "".join(f"; {one}" for one in _misfits(obj))
    return type(error)(f"{error}{misfits} (while serialising {type(obj).__name__}, which holds {held})")


def _misfits(obj: TLObject) -> Iterable[str]:
    """What an object holds in the place of another one, in words."""
    from telethon.tl._docs import types_of

    for name, wanted in types_of(type(obj)).items():
        value: Any = getattr(obj, name, None)
        several = wanted.startswith("list[")
        kind = wanted.removeprefix("list[").removesuffix("]")
        # Of numbers, texts and dates the error speaks already.
        if kind.startswith("Type"):
            items = cast("Iterable[Any]", value if several and isinstance(value, (list, tuple)) else (value,))
            wrong = next((item for item in items if item is not None and not _is_object(item)), None)
            if wrong is not None:
                yield f"{name} must be {wanted}, not {'list of ' if wrong is not value else ''}{type(wrong).__name__}"


def _children(obj: TLObject) -> Iterable[TLObject]:
    for name in getattr(obj, "_FIELDS", ()):
        value: Any = getattr(obj, name, None)
        for item in cast("Iterable[Any]", value if isinstance(value, (list, tuple)) else (value,)):
            if _is_object(item):
                yield item
