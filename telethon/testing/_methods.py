"""Methods of the schema by name, and answers in the form a method wants them in."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from struct import pack
from typing import Any

from telethon.tl.tlobject import TLObject, TLRequest

__all__ = ["encode_answer", "find_method", "method_name"]

_FUNCTIONS = "telethon.tl.functions"
_SUFFIX = "Request"

_VECTOR = 0x1CB5C415
_VECTOR_OF_INT = 0x5026710F
_VECTOR_OF_LONG = 0x8918E168
_BOOL = 0xF5B399AC
_TRUE = (0x997275B5).to_bytes(4, "little")
_FALSE = (0xBC799737).to_bytes(4, "little")
_ANYTHING = 0xB7B2364B
"""What `SUBCLASS_OF_ID` is for methods that wrap another one."""


def method_name(request: object) -> str:
    """The name of a method in the words of the schema, like `messages.SendMessage`.

    Args:
        request: a request, or its class.
    """
    cls: type[Any] = request if isinstance(request, type) else type(request)
    name = cls.__name__.removesuffix(_SUFFIX)
    package, _, namespace = cls.__module__.rpartition(".")
    return f"{namespace}.{name}" if package == _FUNCTIONS else name


def find_method(method: str | type[TLRequest[Any]]) -> type[TLRequest[Any]]:
    """The class of a method.

    Args:
        method: the class itself, or a name like `messages.SendMessage`, `messages.sendMessage` or
            `messages.SendMessageRequest`.

    Raises:
        ValueError: there is no such method.
    """
    if not isinstance(method, str):
        if isinstance(method, type) and issubclass(method, TLRequest):
            return method
        raise ValueError(f"a method is given by its name or its class, not as {method!r}")
    namespace, _, name = method.rpartition(".")
    name = name[:1].upper() + name[1:].removesuffix(_SUFFIX) + _SUFFIX
    try:
        module = import_module(f"{_FUNCTIONS}.{namespace}" if namespace else _FUNCTIONS)
        found: type[TLRequest[Any]] = getattr(module, name)
    except (ImportError, AttributeError):
        raise ValueError(f"there is no method {method!r} in the schema") from None
    return found


def encode_answer(request: TLRequest[Any], answer: Any) -> bytes:
    """An answer as bytes.

    Args:
        request: the request it answers; its method says what a list holds.
        answer: an object, a list, a boolean, or bytes that are the answer already.

    Raises:
        TypeError: the method is not answered with something like that.
    """
    wanted = request.SUBCLASS_OF_ID
    if isinstance(answer, TLObject):
        if wanted != answer.SUBCLASS_OF_ID and wanted != _ANYTHING:
            raise TypeError(f"{method_name(request)} is not answered with a {type(answer).__name__}")
        return bytes(answer)
    if isinstance(answer, bytes):
        return answer
    if isinstance(answer, bool):
        if wanted != _BOOL:
            raise TypeError(f"{method_name(request)} is not answered with a boolean")
        return _TRUE if answer else _FALSE
    if isinstance(answer, Sequence) and not isinstance(answer, str):
        return _encode_list(wanted, list(answer))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    raise TypeError(f"{method_name(request)} was answered with {type(answer).__name__}, which is no answer")


def _encode_list(wanted: int, items: list[Any]) -> bytes:
    head = pack("<Ii", _VECTOR, len(items))
    if wanted in (_VECTOR_OF_INT, _VECTOR_OF_LONG):
        return head + pack(f"<{len(items)}{'i' if wanted == _VECTOR_OF_INT else 'q'}", *items)
    return head + b"".join(map(bytes, items))
