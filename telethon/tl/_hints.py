"""What the parameters of a constructor may be, for programs that ask while they run.

Some make objects of text or JSON by it, others describe requests to whoever may choose one. The types are only worked
out when somebody asks: there are thousands of parameters, and few programs want to know.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, KeysView, ValuesView
from typing import Any, Final

__all__ = ["Hints"]

_PLAIN: Final[dict[str, type[Any]]] = {"int": int, "str": str, "bytes": bytes, "bool": bool, "float": float}


class Hints(dict[str, Any]):
    """The annotations of a constructor.

    Args:
        text: each parameter as ``name:type``; ``*`` before the type stands for a list of it, and ``?`` before both for
            what may be missing. The type is a plain one, ``datetime``, or the name of a type of the schema.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text: str | None = text

    def _made(self) -> dict[str, Any]:
        text, self._text = self._text, None
        if text is not None:
            for entry in text.split():
                name, _, hint = entry.partition(":")
                super().__setitem__(name, _typed(hint))
        return self

    def __getitem__(self, name: str) -> Any:
        return super().__getitem__(name) if self._text is None else self._made()[name]

    def get(self, name: str, default: Any = None) -> Any:
        self._made()
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self._made()
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        self._made()
        return super().__iter__()

    def __len__(self) -> int:
        self._made()
        return super().__len__()

    def keys(self) -> KeysView[str]:  # type: ignore[override]  # the views of dictionaries are narrower
        self._made()
        return super().keys()

    def values(self) -> ValuesView[Any]:  # type: ignore[override]
        self._made()
        return super().values()

    def items(self) -> ItemsView[str, Any]:  # type: ignore[override]
        self._made()
        return super().items()

    def copy(self) -> dict[str, Any]:
        self._made()
        return super().copy()

    def __eq__(self, other: object) -> bool:
        self._made()
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None

    def __repr__(self) -> str:
        self._made()
        return super().__repr__()


def _typed(hint: str) -> Any:
    """The type that an entry stands for."""
    # As Telethon writes them, because programs compare.
    import typing

    bare = hint.lstrip("?*")
    kind: Any
    if bare == "datetime":
        from datetime import datetime

        kind = datetime
    else:
        kind = _PLAIN.get(bare, bare)
    if "*" in hint:
        kind = typing.List[kind]  # noqa: UP006
    return typing.Optional[kind] if hint.startswith("?") else kind  # noqa: UP045
