"""The docstrings of generated classes, made when somebody reads one.

    >>> help(functions.messages.SendMessageRequest)

tells who may call the method, what its parameters are, which errors it may give, and where Telegram describes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

__all__ = ["LazyDocstring", "docstring_of", "types_of"]

_ENTITIES: Final = ("TypeInputPeer", "TypeInputUser", "TypeInputChannel")
_ANY_ENTITY: Final = "whatever stands for one will do, such as a username, an ID or an object"
_MEANINGS: Final[dict[str, str]] = {
    "access_hash": "what makes the ID good for this account",
    "channel_id": "ID without the -100 in front",
    "chat_id": "ID without the minus in front",
    "dc_id": "number of the data centre",
    "entities": "formatting",
    "file_reference": "what shows where the file was seen; it expires",
    "limit": "how many at most",
    "no_webpage": "whether links get no preview",
    "noforwards": "whether it can be neither forwarded nor saved",
    "offset_date": "only what is older than that moment",
    "q": "what to look for",
    "random_id": "by which Telegram knows a repetition; a random number when it is left out",
    "reply_markup": "buttons",
    "revoke": "whether it goes for everybody",
    "schedule_date": "when to send it; a span counts from now",
    "send_as": "in whose name",
    "silent": "whether nobody is alerted",
}
_FEW: Final = 4
_LONG: Final = 24
"""Types with more constructors than that are not told as a list."""


class LazyDocstring:
    """Stands as ``__doc__`` in generated classes, for all of them."""

    def __get__(self, instance: object, owner: type[Any]) -> str | None:
        """The docstring of the class in which it is."""
        return docstring_of(owner)


def docstring_of(cls: type[Any]) -> str | None:
    """What `help` shows of a generated class; None for one that the schema does not know.

    Args:
        cls: the class.
    """
    from telethon.tl._generated_docs import CLASSES

    place = f"{cls.__module__.removeprefix('telethon.tl.')}.{cls.__name__}"
    found = CLASSES.get(place)
    if found is None:
        return None
    name, result, usability, errors = found
    is_method = place.startswith("functions.")
    lines = [_first_line(name, result, usability, is_method), ""]
    lines += _section("Args", _parameters(cls, is_method))
    if is_method and result:
        lines += ["Returns:", f"    {_answer(result)}", ""]
    lines += _section("Raises", map(_error, errors.split()))
    if is_method and usability != "service":
        lines += ["Example:", f"    >>> answer = await client({place}({', '.join(_required(cls))}))", ""]
    lines.append(f"Source: https://core.telegram.org/{_page(name, usability, is_method)}")
    return "\n".join(lines)


def _first_line(name: str, result: str, usability: str, is_method: bool) -> str:
    if is_method:
        who = f", {usability}" if usability and usability != "service" else ""
        return f"Method `{name}`{who}."
    others = _constructors(result)
    rest = "the only one" if len(others) == 1 else f"one of {len(others)}"
    listed = f": {', '.join(others)}" if 1 < len(others) <= _LONG else ""
    return f"Constructor `{name}` of the type `{result}`, {rest}{listed}."


def _constructors(result: str) -> list[str]:
    """The places of the constructors of a type."""
    from telethon.tl._generated_docs import CLASSES

    return [place for place, row in CLASSES.items() if row[1] == result and place.startswith("types.")]


def _answer(result: str) -> str:
    """What a method gives, as classes where these are few."""
    bare = result.removeprefix("list[").removesuffix("]")
    kinds = _constructors(bare)
    if not kinds or result == "bool":
        return result
    text = " | ".join(kinds) if len(kinds) <= _FEW else f"types.Type{bare.rpartition('.')[2]}"
    return f"list[{text}]" if result.startswith("list[") else text


def _page(name: str, usability: str, is_method: bool) -> str:
    if usability == "service":
        return "mtproto"
    return f"{'method' if is_method else 'constructor'}/{name}"


def _section(title: str, entries: Iterator[str]) -> list[str]:
    lines = [f"    {entry}" for entry in entries]
    return [f"{title}:", *lines, ""] if lines else []


def _parameters(cls: type[Any], is_method: bool) -> Iterator[str]:
    required = _required(cls)
    for name, kind in types_of(cls).items():
        meaning = _MEANINGS.get(name, "")
        if is_method and kind.removeprefix("list[").removesuffix("]") in _ENTITIES:
            meaning = f"{meaning}; {_ANY_ENTITY}" if meaning else _ANY_ENTITY
        yield f"{name} ({kind}{'' if name in required else ', optional'})" + (meaning and f": {meaning}")


def _hints(cls: type[Any]) -> dict[str, Any]:
    # Those without parameters have no constructor of their own.
    return getattr(cls.__init__, "__annotations__", {})


def types_of(cls: type[Any]) -> dict[str, str]:
    """The types of the parameters of a generated class, as one would write them."""
    return {name: _text(hint) for name, hint in _hints(cls).items()}


def _required(cls: type[Any]) -> list[str]:
    names = list(_hints(cls))
    return names[: len(names) - len(getattr(cls.__init__, "__defaults__", None) or ())]


def _text(hint: Any) -> str:
    """A type as one would write it: ``Optional[List[ForwardRef('TypeUser')]]`` is ``list[TypeUser]``."""
    kind = hint if isinstance(hint, str) else hint.__name__ if isinstance(hint, type) else str(hint)
    kind = re.sub(r"typing\.|datetime\.|ForwardRef\('([\w.]+)'\)", r"\1", kind).replace("List[", "list[")
    return re.sub(r"^(?:Optional|Union)\[(.*?)(?:, NoneType)?\]$", r"\1", kind)


def _error(text: str) -> str:
    from telethon.errors import rpcerrorlist

    known = rpcerrorlist.CLASS_OF_TEXT.get(text.upper())
    # Where a number belongs, the table of methods has an X.
    sample = text.upper().replace("_X", "_1")
    kinds: list[type[Any]] = [getattr(rpcerrorlist, known)] if known is not None else []
    kinds += [kind for pattern, kind in rpcerrorlist.rpc_errors_re if re.fullmatch(pattern, sample)]
    if kinds:
        return f"{kinds[0].__name__}: {(kinds[0].__doc__ or '').removesuffix('.')} [{text}]"
    sentence = rpcerrorlist.SENTENCES.get(text.upper())
    return f"RPCError: {sentence} [{text}]" if sentence else f"RPCError: [{text}]"
